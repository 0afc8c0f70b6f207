import type { Shadow } from '../coverage.js'
import type { AnyEvent } from '../event.js'
import {
  calendarFor,
  type FactContext,
  type FactScope,
  type FactWindow,
  type Track,
  type Tracker,
} from '../fact.js'
import { matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import { endOfUnit, spanOf, unitOf } from '../window.js'
import { type Reach, reachOf } from './reach.js'

/** How an event's stay in a window that rolls ends: `calendar.add(occurredAt, within)`. */
export type Leave = Reach

/**
 * One fact in any window. A kind says how it remembers everything, and how it remembers what stays for a span; units of
 * the calendar and windows since an event are made of the first of these.
 */
export function windowed(
  fact: FactWindow & Pick<FactScope, 'as' | 'calendar'>,
  context: FactContext,
  whole: () => Tracker,
  rolling: (leave: Leave) => Tracker,
): Tracker {
  const span = spanOf(fact.within)
  const unit = unitOf(fact.within)
  const inner =
    span !== undefined
      ? rolling(reachOf(span, calendarFor(span, fact.calendar, context)))
      : unit !== undefined
        ? inUnits(whole(), unit, calendarFor(undefined, fact.calendar, context))
        : whole()
  return fact.since === undefined
    ? inner
    : afterLast(inner, fact.since, fact.as, fact.within !== undefined, context)
}

/** Nothing leaves but at the end of a unit: what the running one and the one before it hold. */
interface UnitTrack {
  /** When the unit of `now` ends; `null` before the first event. */
  readonly ends: Instant | null
  readonly now: Track
  /** The unit directly before. */
  readonly before: Track
}

function inUnits(
  { crossing: _, ...inner }: Tracker,
  { unit, back }: NonNullable<ReturnType<typeof unitOf>>,
  calendar: ReturnType<typeof calendarFor>,
): Tracker {
  const endOf = (at: Instant) => endOfUnit(calendar, unit, at)
  /** The track as it stands at an instant. */
  const shifted = (track: UnitTrack, at: Instant): UnitTrack => {
    if (track.ends !== null && at < track.ends) return track
    const ends = endOf(at)
    if (track.ends === null) return { ...track, ends }
    // At the very end of a unit the next one begins; further on, what is before is empty.
    return { ends, now: inner.start, before: endOf(track.ends) === ends ? track.now : inner.start }
  }
  const valueAt = (track: UnitTrack, asOf: Instant) => {
    const { now, before } = shifted(track, asOf)
    return inner.value(back === 0 ? now : before, asOf)
  }
  return {
    ...inner,
    start: { ends: null, now: inner.start, before: inner.start },
    note(track, event, subject) {
      const here = shifted(track as UnitTrack, event.occurredAt)
      const now = inner.note(here.now, event, subject)
      return now === here.now ? track : { ...here, now }
    },
    value: (track, asOf) => valueAt(track as UnitTrack, asOf),
    nextStep(track, asOf) {
      const held = track as UnitTrack
      if (held.ends === null) return undefined
      const value = valueAt(held, asOf)
      // Two ends of units can bring another value: what is now becomes what is before, and that is forgotten.
      let end = endOf(asOf)
      for (let i = 0; i < 2; i++, end = endOf(end)) if (valueAt(held, end) !== value) return end
      return undefined
    },
    shadow(_, { from, to }): Shadow {
      const last = to === Infinity ? to : endOf(to - 1)
      if (back === 0) return [from, last]
      return [endOf(from), to === Infinity ? to : endOf(last)]
    },
    ...forgetting<UnitTrack>(inner, (track, forget) => ({
      ...track,
      now: forget(track.now),
      before: forget(track.before),
    })),
  }
}

interface SinceTrack {
  /** When the window was opened last; `null` before the first time. */
  readonly opened: Instant | null
  readonly inside: Track
}

function afterLast(
  inner: Tracker,
  event: string,
  as: string | undefined,
  leaves: boolean,
  context: FactContext,
): Tracker {
  const opens = matcherOf({ event, ...(as !== undefined && { as }) }, context.events)
  const { hiddenEvents: _, crossing, ...rest } = inner
  return {
    ...rest,
    start: { opened: null, inside: inner.start },
    note(track, happened: AnyEvent, subject) {
      if (opens(happened, subject)) return { opened: happened.occurredAt, inside: inner.start }
      const { opened, inside } = track as SinceTrack
      if (opened === null) return track
      const noted = inner.note(inside, happened, subject)
      return noted === inside ? track : { opened, inside: noted }
    },
    value(track, asOf) {
      const { opened, inside } = track as SinceTrack
      return opened === null ? null : inner.value(inside, asOf)
    },
    nextStep(track, asOf) {
      const { opened, inside } = track as SinceTrack
      return opened === null ? undefined : inner.nextStep(inside, asOf)
    },
    ...(crossing && {
      crossing(track: Track, asOf: Instant, low: number, high: number) {
        const { opened, inside } = track as SinceTrack
        return opened === null ? undefined : crossing(inside, asOf, low, high)
      },
    }),
    shadow(track, gap, type) {
      const { opened, inside } = track as SinceTrack
      if (opened !== null && gap.to <= opened) return undefined
      // A hidden one opens what nothing else opened, and ends what no window does.
      if (type === event && (opened === null || !leaves)) return forEver(track, gap)
      return inner.shadow(inside, gap, type)
    },
    ...forgetting<SinceTrack>(inner, (track, forget) => ({ ...track, inside: forget(track.inside) })),
  }
}

/** How a track around others is forgotten, where there is anything to forget. */
const forgetting = <T extends Track>(
  inner: Pick<Tracker, 'forget'>,
  around: (track: T, forget: (inside: Track) => Track) => T,
): Pick<Tracker, 'forget'> => {
  const { forget } = inner
  return forget === undefined
    ? {}
    : { forget: (track, rename) => around(track as T, (inside) => forget(inside, rename)) }
}

/** Without a window, what a gap hid is hidden for ever. */
export const forEver = (_: Track, { from }: { readonly from: Instant }): Shadow => [from, Infinity]

/** In a window that rolls, what a gap hid has left when its last moment has. */
export const rollingShadow =
  (leave: Leave) =>
  (_: Track, { from, to }: { readonly from: Instant; readonly to: Instant }): Shadow => [
    from,
    to === Infinity ? to : leave.latest(to - 1),
  ]
