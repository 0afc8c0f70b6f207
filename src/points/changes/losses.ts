import type { Sentence } from '../../kernel/errors.js'
import { type Engine, type Instant, type Journal, migrateState } from '../../kernel/index.js'
import { get, items } from '../../kernel/sorted.js'
import { type Book, heldIn, type LotPart, type Lots, openLots, openReservations } from '../../ledger/index.js'
import { endIn } from '../../ledger/lots.js'
import { originKey, originsBy, type PointsState } from '../account.js'
import type { OutstandingLot } from '../accounting/rows.js'
import { openClaims } from '../rewards/claims.js'
import type { Ladder } from '../tiers/ladder.js'
import type { TierState } from '../tiers/state.js'
import { type Carrying, carried } from './carry.js'
import type { AccountKinds, Program } from './compiled.js'

/** What somebody may lose. */
export type RightsLossCode = keyof typeof lossSentences

/** What one account loses by a new definition; a flat row. */
export interface RightsLoss {
  readonly code: RightsLossCode
  readonly subject: string
  /** Of which currency, rule or ladder of tiers. */
  readonly of: string
  /** Whole points; 0 for tiers and for what is less than a point. */
  readonly points: number
  /** By how many days an end comes earlier, begun days counted whole. */
  readonly days: number
  /** The tier that is lost, and the one in its place; `null` for none. */
  readonly tier: string | null
  readonly to: string | null
  /** From when on. */
  readonly at: Instant
}

/** How losses are said. */
export const lossSentences = {
  'currency-lost': {
    en: '{subject} loses {points} {of:word} on {at:instant}: the currency ends',
    zh: '{subject}于{at:instant}失去{points}{of:word}：该积分种类取消',
  },
  'not-spendable': {
    en: '{subject} can no longer spend {points} {of:word} from {at:instant} on',
    zh: '{subject}自{at:instant}起不能再使用{points}{of:word}',
  },
  'above-bound': {
    en: '{subject} holds {points} {of:word} above the new bound and earns none from {at:instant} on until they are spent',
    zh: '{subject}超出新上限{points}{of:word}，自{at:instant}起用掉前不再获得',
  },
  'must-enrol': {
    en: '{subject} can do nothing with {points} {of:word} from {at:instant} on without enrolling',
    zh: '{subject}自{at:instant}起须先入会，才能使用{points}{of:word}',
  },
  'claim-ended': {
    en: 'what {subject} claimed of {of:word} ends on {at:instant}; {points} points are free again',
    zh: '{subject}对“{of:word}”的兑换于{at:instant}终止，退回{points}分',
  },
  'waiting-lost': {
    en: '{subject} is not paid {points} points that wait for room under {of:word}, from {at:instant} on',
    zh: '{subject}在“{of:word}”下等待额度的{points}分自{at:instant}起不再发放',
  },
  unconfirmable: {
    en: '{subject} has {points} points under {of:word} that nothing confirms any more from {at:instant} on',
    zh: '{subject}在“{of:word}”下的{points}分自{at:instant}起无法再确认',
  },
  'fraction-lost': {
    en: '{subject} loses what is left over under {of:word}, less than a point, on {at:instant}',
    zh: '{subject}于{at:instant}失去“{of:word}”下不足1分的零头',
  },
  'expires-earlier': {
    en: '{points} {of:word} of {subject} end {days} days earlier, on {at:instant}',
    zh: '{subject}的{points}{of:word}提前{days}天到期：{at:instant}',
  },
  'tier-lost': {
    en: '{subject} loses {tier:word} ({of:word}) on {at:instant}',
    zh: '{subject}于{at:instant}失去{tier:word}（{of:word}）',
  },
  'tier-lowered': {
    en: '{subject} has {to:word} instead of {tier:word} ({of:word}) from {at:instant} on',
    zh: '{subject}自{at:instant}起由{tier:word}降为{to:word}（{of:word}）',
  },
} as const satisfies { readonly [code: string]: Sentence }

/** Two definitions side by side, and the instant at which one takes the other's place. */
export interface Comparing<A extends AccountKinds, B extends AccountKinds> {
  readonly before: Engine<A>
  readonly after: Engine<B>
  readonly carrying: Carrying
  readonly at: Instant
}

/** One account on both sides of a change. */
export interface Compared {
  readonly losses: readonly RightsLoss[]
  readonly before: readonly OutstandingLot[]
  readonly after: readonly OutstandingLot[]
}

/** What an account has under the old definition when the new one takes its place, if nothing else happens until then, and after it. */
export function compared<A extends AccountKinds, B extends AccountKinds>(
  account: Journal<A['state']>,
  comparing: Comparing<A, B>,
): Compared {
  const { before, after, carrying, at } = comparing
  const { from, to } = carrying
  const old = before.advance(account, at).state
  const convert = (of: PointsState) => carried(of, at, carrying) as B['state']
  const moved = after.advance(migrateState(before, after, convert)(account, at).state, at).state
  const [was, is] = [old.of, moved.of]
  const { subject } = account
  const losses = [...pointLosses(was, is, from, to, at), ...tierLosses({ ...comparing, old, moved })].map(
    (loss): RightsLoss => ({ points: 0, days: 0, tier: null, to: null, at, ...loss, subject }),
  )
  return { losses, before: lotsOf(was, from, at), after: lotsOf(is, to, at) }
}

type Found = Pick<RightsLoss, 'code' | 'of'> & Partial<Omit<RightsLoss, 'subject'>>

function pointLosses(
  was: PointsState,
  is: PointsState,
  from: Program,
  to: Program,
  at: Instant,
): readonly Found[] {
  const found: Found[] = []
  const lose = (code: RightsLoss['code'], of: string, points: number) => {
    if (points > 0) found.push({ code, of, points })
  }
  for (const { currency: of, kind, atMost } of from.currencies) {
    const book = was.books[of]!
    const next = to.currencies.find(({ currency }) => currency === of)
    if (next === undefined) {
      lose('currency-lost', of, lastingIn(book, at))
      continue
    }
    if (kind === 'spendable' && next.kind !== 'spendable') lose('not-spendable', of, lastingIn(book, at))
    if (next.atMost !== undefined && !(atMost !== undefined && atMost <= next.atMost))
      lose('above-bound', of, heldIn(book) - next.atMost)
    found.push(...earlierEnds(of, book, is.books[of]!))
  }
  if (hasToEnrol(was, from, to))
    for (const { currency: of, kind } of to.currencies) {
      const book = was.books[of]
      if (kind === 'spendable' && book !== undefined) lose('must-enrol', of, lastingIn(book, at))
    }
  if (to.agreed.rewards === undefined && was.rewards !== undefined)
    for (const { reward: of, points, quantity } of openClaims(was.rewards))
      found.push({ code: 'claim-ended', of, points: points * quantity })
  const waiting = new Map<string, number>()
  const unconfirmed = new Map<string, number>()
  const plus = (sums: Map<string, number>, rule: string, points: number) =>
    sums.set(rule, (sums.get(rule) ?? 0) + points)
  const isThere = (currency: string) => to.currencies.some((one) => one.currency === currency)
  for (const { rule, currency, share } of items(originsBy, was.origins))
    if (!to.rules.has(rule) && isThere(currency)) plus(waiting, rule, share.waits ?? 0)
  for (const [currency, { lots }] of Object.entries(was.books))
    for (const lot of openLots(lots)) {
      const { of, confirmsAt, remaining } = lot
      if (confirmsAt !== null || of === undefined || to.rules.has(of[0]!)) continue
      if (isThere(currency) && !isOver(lot, lots, at)) plus(unconfirmed, of[0]!, remaining)
    }
  for (const [rule, points] of waiting) lose('waiting-lost', rule, points)
  for (const [rule, points] of unconfirmed) lose('unconfirmable', rule, points)
  for (const [rule, over] of Object.entries(was.carried)) {
    const [a, b] = [from.rules.get(rule), to.rules.get(rule)]
    if (over > 0 && a !== undefined && isLess(over, a.denominator, is.carried[rule], b, to))
      found.push({ code: 'fraction-lost', of: rule })
  }
  return found.map((one) => ({ at, ...one }))
}

/** Whether somebody took part who has to enrol to do so now. */
function hasToEnrol({ holder }: PointsState, from: Program, to: Program): boolean {
  const needs = ({ agreed: { enrolment } }: Program) => enrolment !== undefined && enrolment !== 'at-once'
  if (needs(from) || !needs(to)) return false
  return holder === null || (holder.enrolledAt === null && holder.closedAt === null)
}

/** What waits beyond its end is never spent. */
const isOver = ({ confirmsAt, expiresAt }: Omit<LotPart, 'amount'>, lots: Lots, at: Instant): boolean =>
  confirmsAt !== undefined && (endIn(lots, expiresAt) ?? Infinity) <= at

/** What is held, without what is over. */
function lastingIn(book: Book, at: Instant): number {
  let held = heldIn(book)
  for (const lot of openLots(book.lots)) if (isOver(lot, book.lots, at)) held -= lot.remaining
  return held
}

/** Whether a fraction of a point is less than it was. */
function isLess(
  over: number,
  parts: number,
  now: number | undefined,
  rule: { readonly rule: string; readonly denominator: number } | undefined,
  { agreed }: Program,
): boolean {
  if (rule === undefined || now === undefined) return true
  if (agreed.earning.find((one) => one.rule === rule.rule)?.rounding === 'each') return true
  return BigInt(now) * BigInt(parts) < BigInt(over) * BigInt(rule.denominator)
}

const DAY = 86_400_000

/** Lots of which the end comes earlier. */
function earlierEnds(of: string, was: Book, is: Book): readonly Found[] {
  const ends = (book: Book) => {
    const found = new Map<string, { readonly end: number; readonly points: number }>()
    for (const { part, end, place } of partsOf(book)) {
      const key = `${place}/${part.lot}`
      const known = found.get(key)
      found.set(key, {
        end: Math.min(end ?? Infinity, known?.end ?? Infinity),
        points: part.amount + (known?.points ?? 0),
      })
    }
    return found
  }
  const next = ends(is)
  return [...ends(was)].flatMap(([key, { end, points }]): readonly Found[] => {
    const now = next.get(key)
    if (now === undefined || now.end >= end) return []
    const days = end === Infinity ? 0 : Math.ceil((end - now.end) / DAY)
    return [{ code: 'expires-earlier', of, points, days, at: now.end }]
  })
}

/** Everything that is held, with the instant at which it ends. */
function* partsOf(book: Book): IterableIterator<{
  readonly part: LotPart
  readonly end: Instant | null
  /** Which reservation holds it, and until when. */
  readonly place: string
  readonly until?: Instant | null
}> {
  const endOf = (expiresAt: Instant | null) => endIn(book.lots, expiresAt)
  for (const { remaining, ...lot } of openLots(book.lots))
    yield { part: { ...lot, amount: remaining }, end: endOf(lot.expiresAt), place: '' }
  for (const { id, parts, until } of openReservations(book))
    for (const part of parts) yield { part, end: endOf(part.expiresAt), place: id, until }
}

/** What of an account is owed, as accounting reads lots: what can be spent, or will be. */
function lotsOf(state: PointsState, { currencies, rules }: Program, at: Instant): readonly OutstandingLot[] {
  return currencies.flatMap(({ currency, kind }) =>
    kind !== 'spendable'
      ? []
      : [...partsOf(state.books[currency]!)].flatMap(({ part, end, until }): readonly OutstandingLot[] => {
          const { of, amount, confirmsAt } = part
          // What is set aside is there until it is released, whatever its lot says.
          const isKept = until !== undefined && end !== null && end <= at
          // What nothing confirms any more is owed to nobody.
          if (confirmsAt === null && of !== undefined && !rules.has(of[0]!)) return []
          const origin = of && get(originsBy, state.origins, originKey(of[0]!, of[1]!))
          const lot = {
            currency,
            points: amount,
            earnedAt: Math.min(origin?.at ?? at, at),
            expiresAt: isKept ? until : end,
          }
          return [confirmsAt === undefined ? lot : { ...lot, confirmsAt }]
        }),
  )
}

/** Ends of terms that are looked at, one after the other. */
const ENDS = 8

/** Tiers that are lower under the new definition: when it takes over, or when a term or a grace ends later, if nothing else happens. */
function tierLosses<A extends AccountKinds, B extends AccountKinds>({
  before,
  after,
  carrying: { from, to },
  at,
  old,
  moved,
}: Comparing<A, B> & {
  readonly old: Journal<A['state']>
  readonly moved: Journal<B['state']>
}): readonly Found[] {
  const found = new Map<string, Found>()
  if (from.ladders.length === 0) return []
  let [a, b, now]: [Journal<A['state']>, Journal<B['state']>, Instant] = [old, moved, at]
  for (let n = 0; n < ENDS; n++) {
    for (const [i, ladder] of from.ladders.entries()) {
      const { track } = ladder.track
      const k = to.ladders.findIndex((one) => one.track.track === track)
      const was: TierState = (a.of as PointsState).tiers[i]!
      const tier = k < 0 ? null : (b.of as PointsState).tiers[k]!.tier
      if (found.has(track) || was.tier === null) continue
      if (k >= 0 && rankAmong(ladder, to.ladders[k]!, tier) >= ladder.rankOf(was.tier)) continue
      const code = tier === null ? 'tier-lost' : 'tier-lowered'
      found.set(track, { code, of: track, tier: was.tier, to: tier, at: now })
    }
    const next = Math.min(...endsOf(a.of, from, now), ...endsOf(b.of, to, now))
    if (next === Infinity) break
    now = next
    a = before.advance(a, now).state
    b = after.advance(b, now).state
  }
  return [...found.values()]
}

const endsOf = ({ tiers }: PointsState, { ladders }: Program, now: Instant): readonly Instant[] =>
  ladders.flatMap((ladder, i) => {
    const at = ladder.endsAt(tiers[i]!)
    return at !== null && at > now ? [at] : []
  })

/** Where a tier stands among the old ones; one that they do not have stands with the highest whose threshold it has. */
function rankAmong(old: Ladder, next: Ladder, tier: string | null): number {
  if (tier === null) return -1
  const rank = old.rankOf(tier)
  if (rank >= 0) return rank
  return old.reached(next.track.levels[next.rankOf(tier)]!.from)
}
