import { canonical, type Duration, type Json } from '../../kernel/index.js'
import type { ChangeEffect, DefinitionChangeCode, PlainChange } from './change.js'
import { orderOf } from './longer.js'

export type Touches = PlainChange['touches']
/** Notes a change. */
export type Put = (
  code: DefinitionChangeCode,
  path: string,
  of: string | null,
  before: unknown,
  after: unknown,
  effect: ChangeEffect,
  touches: Touches,
) => void

export const json = (value: unknown): Json => (value ?? null) as Json
export const same = (a: unknown, b: unknown): boolean => canonical(json(a)) === canonical(json(b))

export const pick = <Code>(effect: ChangeEffect, better: Code, worse: Code, otherwise: Code): Code =>
  effect === 'better' ? better : effect === 'worse' ? worse : otherwise

export const flipped = (effect: ChangeEffect): ChangeEffect =>
  effect === 'better' ? 'worse' : effect === 'worse' ? 'better' : effect

/** What a longer length is better for; without one it is for ever, or none at all. */
export function lengthEffect(before: unknown, after: unknown, without: 0 | 'for-ever'): ChangeEffect {
  if (same(before, after)) return 'neither'
  if (before === undefined) return without === 0 ? 'better' : 'worse'
  if (after === undefined) return without === 0 ? 'worse' : 'better'
  const order = orderOf(before as Duration, after as Duration)
  return order === 'longer'
    ? 'better'
    : order === 'shorter'
      ? 'worse'
      : order === 'same'
        ? 'neither'
        : 'unknown'
}

/** What a larger number is better for. */
export const numberEffect = (before: number, after: number): ChangeEffect =>
  after > before ? 'better' : after < before ? 'worse' : 'neither'

/** Several changes at once: where one is worse and another better, nobody can say. */
export function together(effects: readonly ChangeEffect[]): ChangeEffect {
  const found = new Set(effects.filter((effect) => effect !== 'neither'))
  if (found.size === 0) return 'neither'
  return found.size === 1 ? [...found][0]! : 'unknown'
}

/** What more entries are better for. */
export function membersEffect(before: readonly unknown[], after: readonly unknown[]): ChangeEffect {
  const among = (list: readonly unknown[]) => (one: unknown) => list.some((each) => same(each, one))
  const [keeps, adds] = [before.every(among(after)), !after.every(among(before))]
  return keeps ? (adds ? 'better' : 'neither') : adds ? 'unknown' : 'worse'
}

export const putRow = ({ code, path, of, before, after, effect, touches }: PlainChange, put: Put): void =>
  put(code, path, of, before, after, effect, touches)
