import { type AnyEvent, type EventSpecs, type Instant, matcherOf } from '../../kernel/index.js'
import { putOff } from '../../ledger/index.js'
import { copied, type PointsState } from '../account.js'
import { currenciesOf, lastingOf } from '../currency.js'
import type { Agreed } from '../definition.js'
import type { Agreement } from '../section.js'
import { needsEnrolment } from './expiry.js'

/** What an account notes of what happens, for the ends of its points: the first posting, and the last activity. */
export interface Activity {
  /** After a fact. */
  heard(state: PointsState, event: AnyEvent, subject: string): PointsState
  /** After a posting of its own. */
  posted(state: PointsState, kind: string, event: AnyEvent): PointsState
}

/** The ends that one kind of event puts off: one instant of the book each, whatever it holds. */
interface PutsOff {
  readonly currency: string
  end(at: Instant): Instant
}

/** What an account notes; nothing where no end depends on it. */
export function activityOf(
  { id, agreed, zone, currencies, rules }: Agreement,
  events: EventSpecs,
): Activity | undefined {
  /** By type of event: at once; and where it counts only if it earned. */
  const atOnce = new Map<string, PutsOff[]>()
  const ifEarned = new Map<string, PutsOff[]>()
  for (const { currency, inactivity } of currencies) {
    if (inactivity === undefined) continue
    const { activity, inactive, countsZeroPoints = true } = inactivity
    const puts = { currency, end: zone.adder(inactive) }
    for (const type of activity) {
      const by = countsZeroPoints || type === `${id}/redeemed` ? atOnce : ifEarned
      by.set(type, [...(by.get(type) ?? []), puts])
    }
  }
  const keeps = keepsFirst(agreed)
  if (!keeps && atOnce.size === 0 && ifEarned.size === 0) return undefined
  // An event in a role in which the account earns is its activity as one of its own is.
  const rolesOf = (type: string) => new Set(rules.flatMap(({ on, as }) => (on === type && as ? [as] : [])))
  const matchers = new Map(
    [...atOnce.keys()].map((event) => [
      event,
      [{ event }, ...[...rolesOf(event)].map((as) => ({ event, as }))].map((one) => matcherOf(one, events)),
    ]),
  )
  const onOf = new Map(rules.map(({ rule, on }) => [rule, on]))

  function put(state: PointsState, puts: readonly PutsOff[] | undefined, at: Instant): PointsState {
    if (puts === undefined) return state
    let { books } = state
    for (const { currency, end } of puts) {
      const book = books[currency]!
      const until = end(at)
      if (book.lots.notBefore !== null && book.lots.notBefore >= until) continue
      books = { ...books, [currency]: { ...book, lots: putOff(book.lots, until) } }
    }
    if (books === state.books) return state
    const after = copied(state)
    after.books = books
    return after
  }

  return {
    heard: (state, event, subject) =>
      matchers.get(event.type)?.some((matches) => matches(event, subject))
        ? put(state, atOnce.get(event.type), event.occurredAt)
        : state,
    posted(state, kind, event) {
      const { occurredAt: at, type, data } = event
      const { points, rule } = data as { readonly points?: number; readonly rule?: string }
      let noted = put(state, atOnce.get(type), at)
      if (kind === 'earned' && points! > 0) {
        noted = put(noted, ifEarned.get(type), at)
        if (rule !== undefined) noted = put(noted, ifEarned.get(onOf.get(rule) ?? ''), at)
      }
      return keeps && noted.firstAt === null && kind !== 'unmatched'
        ? { ...noted, firstAt: event.effectiveAt ?? at }
        : noted
    },
  }
}

/** Whether an end depends on when something was posted first. */
export const keepsFirst = (agreed: Agreed): boolean =>
  currenciesOf(agreed).some((one) => needsEnrolment(lastingOf(agreed, one))) ||
  agreed.earning.some(({ expires }) => needsEnrolment(expires))
