import { civilOf, dayOf, dayOfText } from '../../kernel/civil.js'
import { checkKeys, checkName, fault } from '../../kernel/errors.js'
import {
  type Calendar,
  checkDuration,
  type Duration,
  type EventSpecs,
  type Fact,
  type FactSet,
  gregorianAnniversaries,
  type Instant,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { PointsState } from '../account.js'

/**
 * How long points of one lot last. Its end is set when they are earned, as an instant: from it on they can no longer be
 * spent, and no later definition moves it.
 *
 * - A duration rolls: `{ months: 12 }`. With `end` it goes on to the end of a day, month, quarter or year:
 *   `{ months: 1, end: 'month' }` of 31 January is 28 February (no such day: the last), then the midnight that ends
 *   February. `{ months: 3, end: 'quarter' }` is the end of the next quarter.
 * - `on` is the last date on which they can be spent. What is earned later than that expires as it is earned.
 * - `every` is such a date of each year, month and day; `atLeast` is how long they last in any case. 29 February is the
 *   28th in other years.
 * - `anniversary` is the next day of the year of a moment: of enrolment (the first posting, until somebody is enrolled),
 *   or of a moment in the profile (of enrolment, while the profile does not say it). The day itself is the first on which
 *   they are gone. `atLeast` as above; 29 February is the 28th in other years.
 * - `'never'` is for ever.
 */
export type LotExpiry =
  | 'never'
  | Duration
  | { readonly on: string }
  | { readonly every: string; readonly atLeast?: Duration }
  | {
      readonly anniversary: 'enrolment' | { readonly attribute: string }
      readonly atLeast?: Duration
    }

/** Points that last while there is activity: all of the currency are put off together by each. */
export interface InactivityExpiry<T extends string = string> {
  /** How long after the last activity they end; a lot's own first term is the least. */
  readonly inactive: Duration
  /** Events of the catalogue, or of the account itself: `<id>/earned`, `<id>/redeemed`. */
  readonly activity: readonly T[]
  /** Whether what earned no points is activity; it is unless told. */
  readonly countsZeroPoints?: boolean
  /** The first term of a lot, where that is not `inactive`. */
  readonly first?: Duration
}

/** When points end: lot by lot, or together when nothing happens. */
export type Expiry<T extends string = string> = LotExpiry | InactivityExpiry<T>

/** When a lot earned at an instant ends; `null` for never. */
export type LotTerm = (state: PointsState, at: Instant) => Instant | null

/** What terms are compiled against. */
export interface TermContext {
  readonly zone: Calendar
  readonly facts: FactSet
}

const SHAPES: readonly (readonly string[])[] = [
  ['on'],
  ['every', 'atLeast'],
  ['anniversary', 'atLeast'],
  ['inactive', 'activity', 'countsZeroPoints', 'first'],
]

/** What a type cannot know of an end. Inactivity is of whole currencies: no rule has it. */
export function checkExpiry(
  value: unknown,
  path: string,
  { events, id }: { readonly events: EventSpecs; readonly id: string },
  of: 'currency' | 'rule',
): void {
  if (value === 'never') return
  const shape = isRecord(value) ? SHAPES.find(([head]) => Object.hasOwn(value, head!)) : undefined
  if (!isRecord(value) || shape === undefined) {
    checkDuration(value, path)
    return
  }
  const stranger = Object.keys(value).find((key) => !shape.includes(key))
  if (stranger !== undefined) throw fault('unknown-key', `${path}.${stranger}`, stranger, shape.join(' | '))
  const { on, every, anniversary, activity, countsZeroPoints } = value
  if ('on' in value && dayOfText(on) === undefined)
    throw fault('out-of-range', `${path}.on`, on, 'a date, as in 2027-12-31')
  if ('every' in value && dayOfText(`2024-${String(every)}`) === undefined)
    throw fault('out-of-range', `${path}.every`, every, 'a month and a day, as in 12-31')
  if ('anniversary' in value && anniversary !== 'enrolment') {
    if (!isRecord(anniversary) || !Object.hasOwn(anniversary, 'attribute'))
      throw fault('wrong-type', `${path}.anniversary`, anniversary, "'enrolment' or { attribute }")
    checkKeys(anniversary, ['attribute'], `${path}.anniversary`)
    const profile = events['attribute-set'] ?? {}
    const moments = Object.keys(profile).filter((name) => profile[name]!.type === 'instant')
    checkName(moments, anniversary['attribute'], `${path}.anniversary.attribute`)
  }
  for (const key of ['atLeast', 'inactive', 'first'])
    if (value[key] !== undefined) checkDuration(value[key], `${path}.${key}`)
  if (!('inactive' in value)) return
  if (of === 'rule')
    throw fault('unknown-key', `${path}.inactive`, 'inactive', 'inactivity on the currency, not on a rule')
  if (!Array.isArray(activity) || activity.length === 0)
    throw fault('missing', `${path}.activity`, activity, 'events that are activity')
  const known = [...Object.keys(events), `${id}/earned`, `${id}/redeemed`]
  for (const [i, type] of activity.entries()) {
    checkName(known, type, `${path}.activity[${i}]`)
    if (activity.indexOf(type) !== i)
      throw fault('duplicate-name', `${path}.activity[${i}]`, type, 'each event once')
  }
  if (countsZeroPoints !== undefined && typeof countsZeroPoints !== 'boolean')
    throw fault('wrong-type', `${path}.countsZeroPoints`, countsZeroPoints, 'true or false')
}

/** The end of lots, compiled. */
export function compileExpiry(expiry: Expiry | undefined, { zone, facts }: TermContext): LotTerm {
  if (expiry === undefined || expiry === 'never') return () => null
  if ('on' in expiry) {
    const end = zone.instantOfDay(dayOfText(expiry.on)! + 1)
    return () => end
  }
  if ('every' in expiry) return yearly(expiry.every, leastOf(expiry.atLeast, zone), zone)
  if ('anniversary' in expiry) {
    const from = anniversaryOf(expiry.anniversary, facts)
    const least = leastOf(expiry.atLeast, zone)
    return (state, at) => nextAnniversary(from(state, at), least(at), zone)
  }
  const add = zone.adder('inactive' in expiry ? (expiry.first ?? expiry.inactive) : expiry)
  return (_, at) => add(at)
}

/** The facts that an end depends on. */
export const factsOfExpiry = (expiry: Expiry | undefined): readonly Fact[] =>
  typeof expiry === 'object' && 'anniversary' in expiry && expiry.anniversary !== 'enrolment'
    ? [{ fact: 'attribute', attribute: expiry.anniversary.attribute }]
    : []

/** Whether an end depends on when somebody came. */
export const needsEnrolment = (expiry: Expiry | undefined): boolean =>
  typeof expiry === 'object' && 'anniversary' in expiry

/** The first instant at which points may end: later than they begin. */
function leastOf(atLeast: Duration | undefined, zone: Calendar): (at: Instant) => Instant {
  if (atLeast === undefined) return (at) => at + 1
  const add = zone.adder(atLeast)
  return (at) => Math.max(at + 1, add(at))
}

function yearly(every: string, least: (at: Instant) => Instant, zone: Calendar): LotTerm {
  const { month, day } = civilOf(dayOfText(`2024-${every}`)!)
  const dayIn = (year: number) => {
    const found = dayOf(year, month, day)
    return civilOf(found).month === month ? found : found - 1
  }
  return (_, at) => {
    const from = least(at)
    // The end of a last day may lie in the next year.
    for (let year = civilOf(zone.localDay(from)).year - 1; year < 9999; year++) {
      const end = zone.instantOfDay(dayIn(year) + 1)
      if (end >= from) return end
    }
    return null
  }
}

/** The moment whose day comes again. */
function anniversaryOf(
  of: 'enrolment' | { readonly attribute: string },
  facts: FactSet,
): (state: PointsState, at: Instant) => Instant {
  const enrolled = (state: PointsState, at: Instant) => state.holder?.enrolledAt ?? state.firstAt ?? at
  if (of === 'enrolment') return enrolled
  const place = facts.place({ fact: 'attribute', attribute: of.attribute })
  const tracker = facts.trackers[place]!
  return (state, at) => (tracker.value(state.tracks[place]!, at) as Instant | null) ?? enrolled(state, at)
}

function nextAnniversary(moment: Instant, from: Instant, zone: Calendar): Instant | null {
  const days = gregorianAnniversaries({ born: zone.localDay(moment), leapDay: 'feb-28' })
  const day = zone.localDay(from)
  const found = days.next(day)
  if (found === undefined) return null
  const end = zone.instantOfDay(found.day)
  if (end >= from) return end
  const later = days.next(day + 1)
  return later === undefined ? null : zone.instantOfDay(later.day)
}
