import { canonical, type Duration, type Json } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { TierLevel, TierTrack } from '../tiers/definition.js'
import type { ChangeEffect, DefinitionChangeCode, PlainChange } from './change.js'
import { orderOf } from './longer.js'

/** All that is known of tracks here; other parts are reported as `changed`. */
const KNOWN: readonly string[] = [
  'track',
  'measure',
  'window',
  'levels',
  'base',
  'hold',
  'grace',
  'downgrade',
  'upgrade',
  'renews',
  'reversal',
] satisfies (keyof TierTrack)[]
const LEVEL: readonly string[] = ['tier', 'from', 'keep', 'benefits'] satisfies (keyof TierLevel)[]

const json = (value: unknown): Json => (value ?? null) as Json
const same = (a: unknown, b: unknown) => canonical(json(a)) === canonical(json(b))

/** What differs between the ladders of tiers of two definitions: all of it touches what was earned. */
export function tierChanges(
  before: readonly TierTrack[],
  after: readonly TierTrack[],
): readonly PlainChange[] {
  const changes: PlainChange[] = []
  for (const [i, track] of after.entries()) {
    const old = before.find((one) => one.track === track.track)
    if (old === undefined)
      changes.push(row('track-added', `$.tiers[${i}]`, track.track, null, null, 'better'))
    else changes.push(...trackChanges(old, track, `$.tiers[${i}]`))
  }
  for (const [i, { track }] of before.entries())
    if (!after.some((one) => one.track === track))
      changes.push(row('track-removed', `$.tiers[${i}]`, track, null, null, 'worse'))
  return changes
}

const row = (
  code: DefinitionChangeCode,
  path: string,
  of: string,
  before: unknown,
  after: unknown,
  effect: ChangeEffect,
): PlainChange => ({
  code,
  path,
  of,
  before: json(before),
  after: json(after),
  effect,
  touches: 'earned',
})

function trackChanges(old: TierTrack, next: TierTrack, path: string): readonly PlainChange[] {
  const of = next.track
  const changes: PlainChange[] = []
  const terms = (key: string, before: unknown, after: unknown, effect: ChangeEffect) => {
    const code =
      effect === 'better'
        ? 'tier-terms-better'
        : effect === 'worse'
          ? 'tier-terms-worse'
          : 'tier-terms-changed'
    if (!same(before, after)) changes.push(row(code, `${path}.${key}`, of, before, after, effect))
  }
  terms('measure', old.measure, next.measure, 'unknown')
  terms('window', old.window ?? 'lifetime', next.window ?? 'lifetime', 'unknown')
  const [oldHold, hold] = [old.hold ?? 'none', next.hold ?? 'none']
  terms('hold', oldHold, hold, holdEffect(oldHold, hold))
  terms('grace', old.grace, next.grace, graceEffect(old.grace, next.grace))
  const [fell, falls] = [old.downgrade ?? 'full', next.downgrade ?? 'full']
  terms('downgrade', fell, falls, ranked(['full', 'one-level', 'none'], fell, falls))
  // Who rises earlier begins a term earlier, and ends it earlier.
  terms('upgrade', old.upgrade ?? 'at-once', next.upgrade ?? 'at-once', 'unknown')
  terms('renews', old.renews ?? 'upgrade', next.renews ?? 'upgrade', 'unknown')
  const [undid, undoes] = [old.reversal ?? 'keep-term', next.reversal ?? 'keep-term']
  terms('reversal', undid, undoes, ranked(['re-evaluate', 'keep-term'], undid, undoes))
  if (!same(old.base, next.base))
    changes.push({ ...row('tier-terms-changed', `${path}.base`, of, old.base, next.base, 'neither') })
  changes.push(...unknownParts(old, next, KNOWN, path, of), ...levelChanges(old.levels, next.levels, path))
  return changes
}

/** What stands in two records under names that nobody here knows. */
export const unknownParts = (
  old: object,
  next: object,
  known: readonly string[],
  path: string,
  of: string | null,
): readonly PlainChange[] => {
  const [a, b] = [old, next] as readonly { readonly [key: string]: unknown }[]
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((key): readonly PlainChange[] =>
    known.includes(key) || same(a![key], b![key])
      ? []
      : [
          {
            code: 'changed',
            path: `${path}.${key}`,
            of,
            before: json(a![key]),
            after: json(b![key]),
            effect: 'unknown',
            touches: 'earned',
          },
        ],
  )
}

function levelChanges(
  old: readonly TierLevel[],
  next: readonly TierLevel[],
  path: string,
): readonly PlainChange[] {
  const changes: PlainChange[] = []
  for (const [k, level] of next.entries()) {
    const { tier, from, keep = from, benefits } = level
    const at = `${path}.levels[${k}]`
    const was = old.find((one) => one.tier === tier)
    if (was === undefined) {
      changes.push(row('tier-added', at, tier, null, from, 'better'))
      continue
    }
    const kept = was.keep ?? was.from
    if (from !== was.from) {
      const raised = from > was.from
      const code = raised ? 'threshold-raised' : 'threshold-lowered'
      changes.push(row(code, `${at}.from`, tier, was.from, from, raised ? 'worse' : 'better'))
    }
    if (keep !== kept) {
      const raised = keep > kept
      changes.push(
        row(
          raised ? 'keep-raised' : 'keep-lowered',
          `${at}.keep`,
          tier,
          kept,
          keep,
          raised ? 'worse' : 'better',
        ),
      )
    }
    if (!same(was.benefits, benefits))
      changes.push(row('tier-benefits-changed', `${at}.benefits`, tier, was.benefits, benefits, 'unknown'))
    changes.push(...unknownParts(was, level, LEVEL, at, tier))
  }
  for (const [k, { tier, from }] of old.entries())
    if (!next.some((one) => one.tier === tier))
      changes.push(row('tier-removed', `${path}.levels[${k}]`, tier, from, null, 'worse'))
  return changes
}

const ranked = (worstFirst: readonly string[], before: string, after: string): ChangeEffect => {
  const [a, b] = [worstFirst.indexOf(before), worstFirst.indexOf(after)]
  return a < 0 || b < 0 ? 'unknown' : b > a ? 'better' : 'worse'
}

const lengthEffect = (before: unknown, after: unknown): ChangeEffect => {
  const order = orderOf(before as Duration, after as Duration)
  return order === 'longer'
    ? 'better'
    : order === 'shorter'
      ? 'worse'
      : order === 'same'
        ? 'neither'
        : 'unknown'
}

function holdEffect(before: unknown, after: unknown): ChangeEffect {
  if (before === 'none') return 'better'
  if (after === 'none') return 'worse'
  if (!isRecord(before) || !isRecord(after)) return 'unknown'
  if (!('untilEndOf' in before) && !('untilEndOf' in after)) return lengthEffect(before, after)
  if (before['untilEndOf'] !== after['untilEndOf']) return 'unknown'
  const [a, b] = [before['after'] ?? 0, after['after'] ?? 0]
  return typeof a === 'number' && typeof b === 'number' ? (b > a ? 'better' : 'worse') : 'unknown'
}

function graceEffect(before: TierTrack['grace'], after: TierTrack['grace']): ChangeEffect {
  if (before === undefined) return 'better'
  if (after === undefined) return 'worse'
  return before.from === after.from ? lengthEffect(before.length, after.length) : 'unknown'
}
