import { type Correction, canonical, type Draft } from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { charging, crediting, planClawback, remainingOf } from '../ledger/index.js'
import {
  differing,
  type Origin,
  originKey,
  originsBy,
  type PointsState,
  pendingUnder,
  sameShare,
  total,
  waitingOrigins,
} from './account.js'
import { type Earning, issuedData } from './earning.js'
import { type ClawedBackData, noShare, type Share } from './events.js'
import { post } from './posting.js'
import { tierCorrections } from './tiers/correction.js'
import type { Tiering } from './tiers/tiering.js'

/** Whose account it is, and under which rules it earns. */
interface Agreement {
  readonly id: string
  readonly rules: readonly Earning[]
  readonly tiering?: Tiering
}

/**
 * What makes up, now, for the difference between what was recorded of each origin and what follows for it: points that
 * were earned or taken back, confirmations that came late, and what is left over of each rule. What was confirmed stays
 * confirmed.
 */
export function compensations(
  recorded: PointsState,
  revised: PointsState,
  correction: Correction,
  { id, rules, tiering }: Agreement,
): readonly Draft[] {
  const { at, subject, since: correctsSince } = correction
  const drafts: Draft[] = []
  let state = recorded
  const add = (kind: string, data: object, original: number) => {
    const draft = {
      type: `${id}/${kind}`,
      data: { ...data, correctsSince },
      effectiveAt: correction.effectiveAt(original),
    }
    const event = { ...draft, id: '', subject, occurredAt: at }
    const posted = post(state, kind, event, state.tracks)
    state = tiering === undefined ? posted : tiering.recorded(state, posted, kind, event)
    drafts.push(draft)
  }
  for (const [was, is] of differing(recorded.origins, revised.origins)) {
    if (sameShare(was?.share ?? noShare, is?.share ?? noShare) && sameUses(was, is)) continue
    const one = (is ?? was)!
    const rule = rules.find((candidate) => candidate.rule === one.rule)
    const carries = revised.carried[one.rule] ?? 0
    const { kind, data } = corrected(state, was, is, carries, rule, correction.effectiveAt(one.at))
    add(kind, data, one.at)
  }
  for (const { rule, origin, currency } of waitingOrigins(state)) {
    const is = get(originsBy, revised.origins, originKey(rule, origin))
    if (is === undefined || pendingUnder(revised, rule, origin).length > 0) continue
    const lots = pendingUnder(state, rule, origin)
    const moves = crediting(state.books[currency]!, 'pending', lots)
    add('confirmed', { points: total(lots), currency, origin, moves }, is.at)
  }
  for (const { rule, currency } of rules) {
    const carries = revised.carried[rule] ?? 0
    if (carries === (state.carried[rule] ?? 0)) continue
    add(
      'earned',
      { points: 0, currency, rule, repaid: 0, moves: [], reason: { code: 'corrected', carries } },
      correctsSince,
    )
  }
  const limitsDiffer = canonical(state.limits) !== canonical(revised.limits)
  if (limitsDiffer || isOwedAgain(state, revised)) {
    const { rule, currency } = rules[0]!
    const reason = { code: 'corrected', carries: state.carried[rule] ?? 0 } as const
    const standing = limitsDiffer ? { standing: revised.limits } : {}
    add('earned', { points: 0, currency, rule, repaid: 0, moves: [], reason, ...standing }, correctsSince)
  }
  if (tiering !== undefined) {
    for (const { kind, data, original } of tierCorrections(tiering, state, revised, correction)) {
      const effectiveAt = correction.effectiveAt(original)
      drafts.push({ type: `${id}/${kind}`, data: { ...data, correctsSince }, effectiveAt })
    }
  }
  return drafts
}

/** Whether late facts would now be paid for although what they bring about is there already, under another fact. */
function isOwedAgain(state: PointsState, revised: PointsState): boolean {
  if (state.owedAt !== revised.owedAt) return false
  const open = new Set(revised.owed.map((one) => canonical(one)))
  return state.owed.some((one) => !open.has(canonical(one)))
}

const sameUses = (was: Origin | undefined, is: Origin | undefined): boolean =>
  was?.uses === is?.uses || canonical(was?.uses ?? []) === canonical(is?.uses ?? [])

/** The posting that makes one origin what it should be. */
function corrected(
  state: PointsState,
  was: Origin | undefined,
  is: Origin | undefined,
  carries: number,
  earning: Earning | undefined,
  effectiveAt: number,
): { readonly kind: string; readonly data: object } {
  const wanted = is?.share ?? noShare
  const had = was?.share ?? noShare
  const { rule, origin, currency } = (is ?? was)!
  const points = wanted.earned - wanted.clawedBack - (had.earned - had.clawedBack)
  const share: Share = { ...wanted, expired: had.expired, excused: had.excused }
  const uses = sameUses(was, is) ? undefined : { uses: is?.uses ?? [] }
  if (points < 0) {
    const taken = takenBack(state, was!, -points, { ...share, clawedBack: wanted.clawedBack + points })
    return { kind: 'clawed-back', data: { ...taken, carries, ...uses } }
  }
  const reason = { code: 'corrected', carries } as const
  const terms = earning?.terms(effectiveAt) ?? { expiresAt: null }
  const data = issuedData(state, { points, currency, rule, origin, share, reason, ...uses }, terms)
  return { kind: 'earned', data }
}

/** A clawback of an origin: what is left of its own lots, then what expired of them unspent, then any points, then debt. */
export function takenBack(
  { books }: PointsState,
  { rule, origin, currency, lots: own }: Origin,
  wanted: number,
  share: Share,
): ClawedBackData {
  const { lots } = books[currency]!
  const left = total(remainingOf(lots, own))
  const excused = Math.min(Math.max(0, wanted - left), share.expired - share.excused)
  const points = wanted - excused
  const parts = planClawback(lots, own, points)
  const after = { ...share, clawedBack: share.clawedBack + wanted, excused: share.excused + excused }
  const moves = charging('clawed-back', parts, points)
  return { points, currency, rule, origin, deficit: points - total(parts), moves, share: after }
}
