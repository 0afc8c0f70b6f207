import { type Correction, canonical, type Draft } from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { crediting, type LotPart, type Lots, openLots, remainingOf } from '../ledger/index.js'
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
import type { Earning } from './earning/earning.js'
import { issuedData } from './earning/issuing.js'
import { type ClawedBackData, noShare, type Share } from './events.js'
import { type Collecting, collect, dueLess } from './holders/negative.js'
import { post } from './posting.js'
import type { Agreement } from './section.js'
import { tierCorrections } from './tiers/correction.js'

/**
 * What makes up, now, for the difference between what was recorded of each origin and what follows for it: points that
 * were earned or taken back, confirmations that came late, and what is left over of each rule. What was confirmed stays
 * confirmed.
 */
export function compensations(
  recorded: PointsState,
  revised: PointsState,
  correction: Correction,
  { id, rules, retention, tiering, negative }: Agreement,
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
  for (const [was, is] of creditedFirst(differing(recorded.origins, revised.origins))) {
    if (sameShare(was?.share ?? noShare, is?.share ?? noShare) && sameUses(was, is)) continue
    const one = (is ?? was)!
    // What is known on one side alone, and may have been forgotten on the other, is no difference. Whether it still is there
    // tells nothing: what is over is removed by and by.
    if (retention !== undefined) {
      const sides = [recorded, revised].filter((side) => retention.knows(side, one.key, at))
      const known = sides.length === 1 ? get(originsBy, sides[0]!.origins, one.key)! : one
      if (sides.length < 2 && retention.isOver({ at: known.at }, at)) continue
    }
    const rule = rules.find((candidate) => candidate.rule === one.rule)
    const carries = revised.carried[one.rule] ?? 0
    const { kind, data } = corrected(
      state,
      was,
      is,
      carries,
      rule,
      correction.effectiveAt(one.at),
      negative(state, one.currency),
    )
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

/** What is credited before what is taken: so what came late is there to be taken, and nothing else is in its place. */
function creditedFirst(pairs: ReturnType<typeof differing>): ReturnType<typeof differing> {
  const isTaken = ([was, is]: (typeof pairs)[number]) => changeOf(was, is) < 0
  return [...pairs.filter((pair) => !isTaken(pair)), ...pairs.filter(isTaken)]
}

/** By how many points an origin has to change. */
function changeOf(was: Origin | undefined, is: Origin | undefined): number {
  const [had, wanted] = [was?.share ?? noShare, is?.share ?? noShare]
  return wanted.earned - wanted.clawedBack - (had.earned - had.clawedBack)
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
  policy: Collecting,
): { readonly kind: string; readonly data: object } {
  const wanted = is?.share ?? noShare
  const had = was?.share ?? noShare
  const { rule, origin, currency } = (is ?? was)!
  const change = changeOf(was, is)
  const share: Share = standingAt(wanted, had)
  const uses = sameUses(was, is) ? undefined : { uses: is?.uses ?? [] }
  if (change < 0) {
    const before = { ...share, clawedBack: wanted.clawedBack + change }
    const taken = takenBack(state, was!, -change, before, policy)
    return { kind: 'clawed-back', data: { ...taken, share: possible(taken.share), carries, ...uses } }
  }
  const reason = { code: 'corrected', carries } as const
  const terms = earning?.terms(state, effectiveAt) ?? { expiresAt: null }
  // What could not be taken back is not given back either: first what is owed in money, then what was let go.
  const { due: dueBefore = 0, uncollected: lost = 0 } = had
  const inMoney = Math.min(change, dueBefore)
  const forgiven = Math.min(change - inMoney, lost)
  const points = change - inMoney - forgiven
  const due = dueLess(state, currency, policy, inMoney)
  const { due: _, uncollected: __, ...settled } = share
  const less: Share = {
    ...possible(settled),
    ...left('due', dueBefore - inMoney),
    ...left('uncollected', lost - forgiven),
  }
  const member = is?.lots.find(({ of }) => of?.[2] !== undefined)?.of?.[2] ?? wanted.member
  const issue = {
    ...{ points, currency, rule, origin, share: less, reason, ...uses },
    ...(due && { due }),
    ...(member !== undefined && { member }),
  }
  const data = issuedData(state, forgiven > 0 ? { ...issue, uncollected: -forgiven } : issue, terms)
  return { kind: 'earned', data }
}

/** A share as it should be, with what time and policy have made of the one that is recorded. */
function standingAt({ due: _, uncollected: __, ...wanted }: Share, had: Share): Share {
  const share = { ...wanted, expired: had.expired, excused: had.excused }
  return { ...share, ...left('due', had.due ?? 0), ...left('uncollected', had.uncollected ?? 0) }
}

/**
 * A share of which no more has expired than it has earned: what was not earned after all, and had expired, has not stood in
 * for a clawback, but has not expired either.
 */
function possible(share: Share): Share {
  const excused = Math.min(share.excused, share.clawedBack)
  return { ...share, excused, expired: Math.min(share.earned, share.expired - share.excused + excused) }
}

const left = (name: 'due' | 'uncollected', points: number) => (points > 0 ? { [name]: points } : {})

/**
 * A clawback of an origin: what is left of its own lots, then what expired of them unspent, then as the negative policy has
 * it: any points, then debt, money, or nothing. In a pool what the same member has there comes before what others have.
 */
export function takenBack(
  state: PointsState,
  { rule, origin, currency, lots: all }: Origin,
  wanted: number,
  share: Share,
  policy: Collecting,
  by?: string,
): ClawedBackData {
  const { lots } = state.books[currency]!
  const member = by ?? all.find(({ of }) => of?.[2] !== undefined)?.of?.[2]
  const own = member === undefined ? all : theirsFirst(all, member)
  const there = total(remainingOf(lots, own))
  // What is not taken although it is there has been charged once, and does not stand before what expired again.
  const charged = policy.clawback === 'pending-only' ? (share.uncollected ?? 0) + (share.due ?? 0) : 0
  const missing = Math.max(0, wanted - Math.max(0, there - charged))
  const excused = Math.min(missing, share.expired - share.excused)
  const next = member === undefined || missing === excused ? [] : spendableOf(lots, member, own)
  const taken = collect(state, currency, policy, own, wanted - excused, 'clawed-back', next)
  const { points, deficit, moves, uncollected, due } = taken
  const after: { -readonly [N in keyof Share]: Share[N] } = {
    ...share,
    clawedBack: share.clawedBack + wanted,
    excused: share.excused + excused,
  }
  const data = { points, currency, rule, origin, deficit, moves, share: after }
  if (uncollected === 0 && due === undefined) return data
  if (uncollected > 0) after.uncollected = (share.uncollected ?? 0) + uncollected
  if (due !== undefined) after.due = (share.due ?? 0) + due.points
  return { ...data, ...(uncollected > 0 && { uncollected }), ...(due && { due }) }
}

/** Parts of a pool's lots, those of a member before the others. */
const theirsFirst = (parts: readonly LotPart[], member: string): readonly LotPart[] =>
  parts.every(({ of }) => of?.[2] === member)
    ? parts
    : [...parts.filter(({ of }) => of?.[2] === member), ...parts.filter(({ of }) => of?.[2] !== member)]

/** What a member can spend in a pool beside some parts, as parts. */
function spendableOf(lots: Lots, member: string, beside: readonly LotPart[]): readonly LotPart[] {
  const parts: LotPart[] = []
  for (const { remaining, ...lot } of openLots(lots))
    if (
      lot.of?.[2] === member &&
      lot.confirmsAt === undefined &&
      !beside.some((one) => one.lot === lot.lot && one.expiresAt === lot.expiresAt)
    )
      parts.push({ ...lot, amount: remaining })
  return parts
}
