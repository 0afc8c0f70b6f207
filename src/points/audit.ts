import type { AnyEvent, AuditFinding, Instant } from '../kernel/index.js'
import { get, items } from '../kernel/sorted.js'
import { auditBook, auditMoves, type BookInvariant, type Move } from '../ledger/index.js'
import {
  fadingBy,
  lapsedBy,
  originKey,
  originsBy,
  type PointsState,
  redemptionsBy,
  total,
} from './account.js'
import type { ClawedBackData, EarnedData, RedemptionData } from './events.js'
import { byHandEnd, byHandId, bySent, type Holder } from './holders/holder.js'
import type { AdjustedData, HandedOverData } from './holders/holder-events.js'
import { auditRewardEvent, auditRewards, type RewardInvariant } from './rewards/audit.js'
import { isRewardKind } from './rewards/posting.js'
import type { Agreement } from './section.js'

/** What is always true of an account, beside what is of each of its books. */
export type PointsInvariant =
  | BookInvariant
  /** There is a book for each currency, and none besides. */
  | 'books-agreed'
  /** An origin stands under its own name, and no more of it was taken back or refunded than there was. */
  | 'origins-true'
  /** No more of a redemption came back than it took, of points and of money, and its lots are all of it. */
  | 'redemptions-true'
  /** What may be reinstated of a currency is no more than what expired of it, in whole points. */
  | 'lapsed-true'
  /** Where things are forgotten in time, each origin and each redemption is listed to be looked at. */
  | 'fading-listed'
  /** What is remembered of a holder: what was let go is whole, postings by hand are listed by their end, an open account has handed nothing over. */
  | 'holder-true'
  /** What is left over of a rule is less than a point, of a rule that there is. */
  | 'carried-below-a-point'
  /** What is owed to the account is of one instant, not later than the state. */
  | 'owed-in-time'
  /** A move takes no more than there is. */
  | 'moves-possible'
  /** What an event says of points is what its moves say. */
  | 'moves-told'
  /** No id is used twice. */
  | 'once'
  | RewardInvariant

type Finding = AuditFinding<PointsInvariant>

/** What does not hold of an account for which time has passed by an instant. */
export function auditAccount(state: PointsState, at: Instant, agreement: Agreement): readonly Finding[] {
  const findings: Finding[] = []
  const find = (invariant: PointsInvariant, path: string, found: unknown, expected: number | string) => {
    findings.push({ invariant, path, found: typeof found === 'number' ? found : String(found), expected })
  }
  const { books, origins, redemptions, carried, owed, owedAt } = state
  const names = agreement.currencies.map(({ currency }) => currency)
  for (const name of names)
    if (books[name] === undefined) find('books-agreed', '$.books', 'none', name)
    else findings.push(...auditBook(books[name], at, `$.books.${name}`))
  const strangers = Object.keys(books).filter((name) => !names.includes(name)).length
  if (strangers > 0) find('books-agreed', '$.books', strangers, 0)
  let place = 0
  for (const { key, rule, origin, share } of items(originsBy, origins)) {
    const path = `$.origins[${place}]`
    const { base, refunded, earned, clawedBack, expired, excused } = share
    if (key !== originKey(rule, origin))
      find('origins-true', `${path}.key`, 'another key', 'that of its rule and origin')
    for (const [name, part, whole] of [
      ['refunded', refunded, base],
      ['clawedBack', clawedBack, earned],
      ['expired', expired, earned],
      ['excused', excused, expired],
    ] as const)
      if (!(Number.isSafeInteger(part) && part >= 0 && part <= whole))
        find('origins-true', `${path}.share.${name}`, part, `a whole number from 0 to ${whole}`)
    place += 1
  }
  place = 0
  for (const { points, refunded, lots, paid } of items(redemptionsBy, redemptions)) {
    const path = `$.redemptions[${place}]`
    if (!(Number.isSafeInteger(refunded) && refunded >= 0 && refunded <= points))
      find('redemptions-true', `${path}.refunded`, refunded, `a whole number from 0 to ${points}`)
    if (total(lots) !== points) find('redemptions-true', `${path}.lots`, total(lots), points)
    if (paid !== undefined && !(paid.refunded >= 0 && paid.refunded <= paid.total))
      find('redemptions-true', `${path}.paid.refunded`, paid.refunded, `at most ${paid.total}`)
    place += 1
  }
  auditLapsed()
  if (agreement.retention !== undefined) auditFading()
  if (state.holder !== null) auditHolder(state.holder)
  const denominators = new Map(agreement.rules.map(({ rule, denominator }) => [rule, denominator]))
  for (const [rule, over] of Object.entries(carried)) {
    const whole = denominators.get(rule)
    if (whole === undefined || !(Number.isSafeInteger(over) && over >= 0 && over < whole))
      find('carried-below-a-point', '$.carried', over, whole === undefined ? 'a rule' : `below ${whole}`)
  }
  if (owed.length > 0 && !(owedAt !== null && owedAt <= at))
    find('owed-in-time', '$.owedAt', String(owedAt), `at most ${at}`)
  auditRewards(state, at, find)
  return findings

  function auditLapsed(): void {
    for (const [name, tree] of Object.entries(state.lapsed)) {
      const { expired, reinstated } = books[name]?.totals ?? { expired: 0, reinstated: 0 }
      let sum = 0
      let i = 0
      for (const { amount, at: expiredAt } of items(lapsedBy, tree)) {
        if (!(Number.isSafeInteger(amount) && amount > 0 && expiredAt <= at))
          find('lapsed-true', `$.lapsed.${name}[${i}]`, amount, `a whole number above 0, by ${at}`)
        sum += amount
        i += 1
      }
      if (sum > expired - reinstated) find('lapsed-true', `$.lapsed.${name}`, sum, expired - reinstated)
    }
  }

  function auditHolder({ uncollected, due, byHand, byEnd, handed, closedAt, sent }: Holder): void {
    for (const [name, points] of Object.entries(uncollected))
      if (!isWhole(points))
        find('holder-true', `$.holder.uncollected.${name}`, points, 'a whole number from 0')
    for (const [name, { points }] of Object.entries(due))
      if (!isWhole(points)) find('holder-true', `$.holder.due.${name}`, points, 'a whole number from 0')
    const ends = new Map([...items(byHandEnd, byEnd)].map(([until, id]) => [id, until]))
    let i = 0
    for (const { id, until, owed: open, due: inMoney } of items(byHandId, byHand)) {
      const path = `$.holder.byHand[${i}]`
      if ((ends.get(id) ?? null) !== until)
        find('holder-true', `${path}.until`, String(ends.get(id) ?? null), String(until))
      for (const [name, part] of [
        ['owed', open],
        ['due', inMoney],
      ] as const)
        if (!isWhole(part)) find('holder-true', `${path}.${name}`, part, 'a whole number from 0')
      i += 1
    }
    for (const [name, tree] of Object.entries(sent))
      for (const { points } of items(bySent, tree))
        if (!(isWhole(points) && points > 0))
          find('holder-true', `$.holder.sent.${name}`, points, 'a whole number above 0')
    if (handed !== null && closedAt === null)
      find('holder-true', '$.holder.handed', 'an open account', 'a closed one')
  }

  function auditFading(): void {
    const listed = new Set([...items(fadingBy, state.fading)].map(({ what, key }) => `${what} ${key}`))
    for (const { key } of items(originsBy, origins))
      if (!listed.has(`origin ${key}`)) find('fading-listed', '$.fading', 'none', 'each origin')
    for (const { id } of items(redemptionsBy, redemptions))
      if (!listed.has(`redemption ${id}`)) find('fading-listed', '$.fading', 'none', 'each redemption')
  }
}

/** What shows that a posting could not have been decided in this state. */
export function auditPosting(state: PointsState, event: AnyEvent, agreement: Agreement): readonly Finding[] {
  const { id, currencies } = agreement
  if (!event.type.startsWith(`${id}/`)) return []
  const kind = event.type.slice(id.length + 1)
  // What comes with an account that is taken over may go on at once, to what this one owes.
  if (kind === 'handed-over')
    return (event.data as HandedOverData).books.flatMap((one, i) => audited(one, `$.data.books[${i}]`))
  const { moves, currency, points } = event.data as {
    readonly moves?: readonly Move[]
    readonly currency?: string
    readonly points?: number
  }
  const findings: Finding[] = []
  const find = (
    invariant: PointsInvariant,
    path: string,
    found: number | string,
    expected: number | string,
  ) => {
    findings.push({ invariant, path, found, expected })
  }
  if (isRewardKind(kind)) auditRewardEvent(state, kind, event, find)
  if (moves === undefined || currency === undefined) return findings
  findings.push(...audited({ currency, moves }, '$.data'))
  if (state.books[currency] === undefined) return findings
  const said = points === undefined ? undefined : pointsMoved(kind, points, event)
  if (said !== undefined && total(moves) !== said) find('moves-told', '$.data.points', said, total(moves))
  if (kind === 'clawed-back' || kind === 'earned') {
    const { share, rule, origin } = event.data as EarnedData | ClawedBackData
    const known = rule && origin ? get(originsBy, state.origins, originKey(rule, origin)) : undefined
    const earned = (known?.share.earned ?? 0) + (kind === 'earned' && points !== undefined ? points : 0)
    if (share !== undefined && !('correctsSince' in event.data) && share.earned !== earned)
      find('moves-told', '$.data.share.earned', share.earned, earned)
  }
  if (kind === 'redeemed') {
    const { redemption } = event.data as RedemptionData
    if (get(redemptionsBy, state.redemptions, redemption) !== undefined)
      find('once', '$.data.redemption', 'a redemption that was made before', 'a new one')
  }
  return findings

  /** What could not have been moved. */
  function audited(
    { currency, moves }: { readonly currency: string; readonly moves: readonly Move[] },
    path: string,
  ): readonly Finding[] {
    const book = state.books[currency]
    if (book === undefined) {
      const expected = currencies.map((one) => one.currency).join(' | ')
      return [{ invariant: 'books-agreed', path: `${path}.currency`, found: 'no such currency', expected }]
    }
    return auditMoves(book, moves, `${path}.moves`)
  }
}

/** How many points an event moves: what goes out may be told below zero, and what is due in money instead does not move. */
const pointsMoved = (kind: string, points: number, { data }: AnyEvent): number =>
  Math.abs(points) - (kind === 'adjusted' ? ((data as AdjustedData).due?.points ?? 0) : 0)

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
