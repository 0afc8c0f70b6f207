import type { Correction, Draft } from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { type LotPart, planClawback, remainingOf } from '../ledger/index.js'
import {
  differing,
  type Origin,
  originKey,
  originsBy,
  type PointsState,
  post,
  sameShare,
  total,
  waitingOrigins,
} from './account.js'
import { type Earning, issuedData } from './earning.js'
import { type ClawedBackData, noShare, type Share } from './events.js'

/** Whose account it is, and under which rules it earns. */
interface Agreement {
  readonly id: string
  readonly rules: readonly Earning[]
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
  { id, rules }: Agreement,
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
    state = post(state, kind, { ...draft, id: '', subject, occurredAt: at }, state.tracks)
    drafts.push(draft)
  }
  for (const [was, is] of differing(recorded.origins, revised.origins)) {
    if (sameShare(was?.share ?? noShare, is?.share ?? noShare)) continue
    const one = (is ?? was)!
    const rule = rules.find((candidate) => candidate.rule === one.rule)
    const carries = revised.carried[one.rule] ?? 0
    const { kind, data } = corrected(state, was, is, carries, rule, correction.effectiveAt(one.at))
    add(kind, data, one.at)
  }
  for (const { rule, origin } of waitingOrigins(state)) {
    const is = get(originsBy, revised.origins, originKey(rule, origin))
    if (is === undefined || pendingUnder(revised, rule, origin).length > 0) continue
    const lots = pendingUnder(state, rule, origin)
    add('confirmed', { points: total(lots), origin, lots }, is.at)
  }
  for (const { rule } of rules) {
    const carries = revised.carried[rule] ?? 0
    if (carries === (state.carried[rule] ?? 0)) continue
    add('earned', { points: 0, rule, repaid: 0, reason: { code: 'corrected', carries } }, correctsSince)
  }
  return drafts
}

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
  const { rule, origin } = (is ?? was)!
  const points = wanted.earned - wanted.clawedBack - (had.earned - had.clawedBack)
  const share: Share = { ...wanted, expired: had.expired, excused: had.excused }
  if (points < 0) {
    const taken = takenBack(state, was!, -points, { ...share, clawedBack: wanted.clawedBack + points })
    return { kind: 'clawed-back', data: { ...taken, carries } }
  }
  const terms = earning?.terms(effectiveAt) ?? { expiresAt: null }
  const reason = { code: 'corrected', carries } as const
  return { kind: 'earned', data: issuedData(state, { points, rule, origin, share, reason }, terms) }
}

/** What is still pending of an origin under one rule. */
export function pendingUnder(state: PointsState, rule: string, origin: string): readonly LotPart[] {
  const found = get(originsBy, state.origins, originKey(rule, origin))
  if (found === undefined) return []
  return remainingOf(state.lots, found.lots).filter(({ confirmsAt }) => confirmsAt !== undefined)
}

/** A clawback of an origin: what is left of its own lots, then what expired of them unspent, then any points, then debt. */
export function takenBack(
  state: PointsState,
  { rule, origin, lots: own }: Origin,
  wanted: number,
  share: Share,
): ClawedBackData {
  const left = total(remainingOf(state.lots, own))
  const excused = Math.min(Math.max(0, wanted - left), share.expired - share.excused)
  const points = wanted - excused
  const lots = planClawback(state.lots, own, points)
  const after = { ...share, clawedBack: share.clawedBack + wanted, excused: share.excused + excused }
  return { points, rule, origin, deficit: points - total(lots), lots, share: after }
}
