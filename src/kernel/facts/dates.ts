import { chineseAnniversaries, gregorianAnniversaries } from '../anniversary.js'
import { civilOf } from '../civil.js'
import { checkName, unknownName } from '../errors.js'
import type { Fact, FactContext, FactKind, Track, Tracker } from '../fact.js'
import { type Instant, lastInstant } from '../instant.js'
import { heardSince, type Said, saidLast } from './ends.js'
import { attributeReader, checkAttribute, PROFILE, profileOf } from './profile.js'
import { checkCount, datesOf, FLAG, INTEGER } from './scope.js'

type AnniversaryFact = Extract<Fact, { readonly fact: 'anniversary' }>
type AgeFact = Extract<Fact, { readonly fact: 'age' }>

const policies = {
  dates: ['gregorian', 'chinese'],
  leapDay: ['feb-28', 'mar-1', 'leap-years-only'],
  leapMonth: ['regular', 'leap-if-present', 'both'],
  shortMonth: ['last', 'next', 'skip'],
} as const

/** Whether a local date lies around an anniversary of the local date in an attribute. */
export const anniversaryKind: FactKind<AnniversaryFact> = {
  keys: ['attribute', 'daysBefore', 'daysAfter', 'dates', 'leapDay', 'leapMonth', 'shortMonth', 'calendar'],
  hears: () => [PROFILE],
  measure: () => FLAG,
  check(fact, context, path) {
    checkAttribute(fact.attribute, ({ type }) => type === 'instant', context, path)
    for (const key of Object.keys(policies) as (keyof typeof policies)[])
      if (fact[key] !== undefined) checkName(policies[key], fact[key], `${path}.${key}`)
    checkCount(fact.daysBefore, 0, `${path}.daysBefore`, 366)
    checkCount(fact.daysAfter, 0, `${path}.daysAfter`, 366)
    datesOf(fact, context)
  },
  compile(fact, context) {
    const { daysBefore = 0, daysAfter = 0, dates = 'gregorian' } = fact
    const { leapDay = 'feb-28', leapMonth = 'regular', shortMonth = 'last' } = fact
    const calendar = datesOf(fact, context)
    /** The local date, as days; the later one where clocks that are set back bring a midnight twice. */
    const dayAt = (at: Instant) => {
      const day = calendar.localDay(at)
      return at < lastInstant && calendar.instantOfDay(day + 1) <= at ? day + 1 : day
    }
    const anniversariesOfBorn = (day: number) =>
      dates === 'chinese'
        ? chineseAnniversaries({ born: day, leapMonth, shortMonth })
        : gregorianAnniversaries({ born: day, leapDay })
    /** The days, first and last, of the next time around an anniversary that has not ended before a day. */
    const next = (born: Instant, day: number): readonly [number, number] | undefined => {
      const found = anniversariesOfBorn(calendar.localDay(born)).next(day - daysAfter)
      return found === undefined ? undefined : [found.day - daysBefore, found.day + daysAfter]
    }
    return onAttribute(fact, context, {
      measure: FLAG,
      value(born, asOf) {
        const day = dayAt(asOf)
        const around = next(born, day)
        return around !== undefined && around[0] <= day
      },
      nextStep(born, asOf) {
        let day = dayAt(asOf)
        let around = next(born, day)
        if (around === undefined) return undefined
        if (day < around[0]) return calendar.instantOfDay(around[0])
        // Around several of them at once it goes on until the last of them has ended.
        while (around !== undefined && around[0] <= day + 1) {
          day = around[1]
          const more = next(born, day + 1)
          if (more === undefined || more[0] > day + 1) break
          around = more
        }
        return calendar.instantOfDay(day + 1)
      },
    })
  },
}

const units = ['days', 'weeks', 'months', 'years'] as const
const lengths = { days: 1, weeks: 7, months: 30.436875, years: 365.2425 }

/**
 * How many whole units have passed since the moment in an attribute. A month or a year is whole on the same day of the
 * month, or, where a month does not have it, on the first of the next: who was born on the 31st of January is a month old on
 * the first of March, and who was born on 29 February comes of age on the first. (Temporal counts dates so.)
 */
export const ageKind: FactKind<AgeFact> = {
  keys: ['attribute', 'unit', 'calendar'],
  hears: () => [PROFILE],
  measure: () => INTEGER,
  check(fact, context, path) {
    checkAttribute(fact.attribute, ({ type }) => type === 'instant', context, path)
    if (!units.includes(fact.unit)) throw unknownName(`${path}.unit`, fact.unit, units)
    datesOf(fact, context)
  },
  compile(fact, context) {
    const { unit } = fact
    const calendar = datesOf(fact, context)
    const most = Math.floor(lengths.years / lengths[unit]) * 10_000
    const byMonths = unit === 'months' || unit === 'years'
    const dayOfMonth = (at: Instant) => civilOf(calendar.localDay(at)).day
    /** When so many have passed; never, where no calendar goes so far. */
    const reached = (born: Instant, count: number) => {
      if (count > most) return Infinity
      const at = calendar.adder({ [unit]: count } as never)(born)
      const isShort = byMonths && dayOfMonth(at) < dayOfMonth(born)
      return isShort ? calendar.adder({ days: 1 })(at) : at
    }
    const stepAfter = (born: Instant, asOf: Instant) => {
      const at = reached(born, count(born, asOf) + 1)
      return at > asOf ? at : undefined
    }
    const count = (born: Instant, asOf: Instant): number => {
      let whole = Math.max(0, Math.floor((asOf - born) / (lengths[unit] * 86_400_000)) - 1)
      // The last millisecond of the calendar is the end of all units.
      for (let next = reached(born, whole + 1); next <= asOf; next = reached(born, whole + 1)) {
        if (next === lastInstant) break
        whole += 1
      }
      return whole
    }
    return onAttribute(fact, context, {
      measure: INTEGER,
      value: (born, asOf) => (born > asOf ? null : count(born, asOf)),
      nextStep: (born, asOf) => (born > asOf ? born : stepAfter(born, asOf)),
      crossing(born, asOf, low, high) {
        if (born > asOf) return born
        const now = count(born, asOf)
        // It only grows: beyond the interval it comes back no more.
        if (now > high || (now >= low && high === Infinity)) return undefined
        const at = reached(born, now < low ? low : high + 1)
        return at > asOf ? at : undefined
      },
    })
  },
}

/** A fact that is computed from the moment in an attribute. */
function onAttribute(
  fact: AnniversaryFact | AgeFact,
  context: FactContext,
  {
    measure,
    value,
    nextStep,
    crossing,
  }: {
    readonly measure: Tracker['measure']
    value(born: Instant, asOf: Instant): number | boolean | null
    nextStep(born: Instant, asOf: Instant): Instant | undefined
    crossing?(born: Instant, asOf: Instant, low: number, high: number): Instant | undefined
  },
): Tracker {
  const field = profileOf(context.events)[fact.attribute]!
  const said = saidLast(attributeReader(fact.attribute, field), { fact, measure: field })
  const bornOf = (track: unknown) => (track as Said).value as Instant | null
  return {
    ...said,
    measure,
    value(track, asOf) {
      const born = bornOf(track)
      return born === null ? null : value(born, asOf)
    },
    nextStep(track, asOf) {
      const born = bornOf(track)
      return born === null ? undefined : nextStep(born, asOf)
    },
    ...(crossing && {
      stays: true,
      crossing(track: Track, asOf: Instant, low: number, high: number) {
        const born = bornOf(track)
        return born === null ? undefined : crossing(born, asOf, low, high)
      },
    }),
    shadow: (track, gap) => heardSince((track as Said).at, gap),
  }
}
