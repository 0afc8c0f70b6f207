import { chineseDateOf, chineseMonthLength, chineseYears, dayOfChineseDate } from './chinese.js'
import { civilOf, dayOf } from './civil.js'
import { checkName, checkRecord, fault } from './errors.js'

/** When 29 February is remembered in a year that has none: the day before, the day after, or not at all. */
export type LeapDayPolicy = 'feb-28' | 'mar-1' | 'leap-years-only'

/**
 * When a day of a leap month (闰月) is remembered: in the ordinary month of the same number; in the leap month where a
 * year has it and else in the ordinary one; or in the ordinary one and in the leap month too.
 *
 * Who was born in the ordinary month is remembered in the ordinary month, also in years that have both.
 */
export type LeapMonthPolicy = 'regular' | 'leap-if-present' | 'both'

/** When the 30th is remembered in a month of 29 days: on the 29th, on the first of the next month, or not at all. */
export type ShortMonthPolicy = 'last' | 'next' | 'skip'

/** A day that comes again every year, in days since 1970-01-01, and how it does. */
export type AnniversaryRule =
  | { readonly calendar: 'gregorian'; readonly born: number; readonly leapDay: LeapDayPolicy }
  | {
      readonly calendar: 'chinese'
      readonly born: number
      readonly leapMonth: LeapMonthPolicy
      readonly shortMonth: ShortMonthPolicy
    }

/** One anniversary. */
export interface Anniversary {
  readonly day: number
  /** How many years later; 1 is the first birthday. */
  readonly nth: number
}

/** The anniversaries of a day. The day itself is none. */
export interface Anniversaries {
  /** The first on or after a day; undefined where none is known: after 9999, or outside `chineseYears`. */
  next(day: number): Anniversary | undefined
  /** The days of the n-th: none in a year that has none, two where both months count. */
  nth(n: number): readonly number[]
}

/**
 * The anniversaries of a day, pure and without a clock: days are local dates as numbers, as `localDay` gives them.
 *
 * @throws DefinitionError `wrong-type` for what is not a whole day number, `unknown-name` for a calendar or policy.
 * @example
 * // Born on 29 February 2000
 * anniversariesOf({ calendar: 'gregorian', born: 11_016, leapDay: 'mar-1' }).nth(1) // => [11_382], 1 March 2001
 */
export function anniversariesOf(rule: AnniversaryRule): Anniversaries {
  checkRecord(rule, '$')
  checkName(['gregorian', 'chinese'], rule.calendar, '$.calendar')
  return rule.calendar === 'chinese' ? chineseAnniversaries(rule) : gregorianAnniversaries(rule)
}

/** `anniversariesOf` for Gregorian dates, for pages that do not need the Chinese table. */
export function gregorianAnniversaries(
  rule: Pick<AnniversaryRule & { readonly calendar: 'gregorian' }, 'born' | 'leapDay'>,
): Anniversaries {
  checkRecord(rule, '$')
  const { born, leapDay } = rule
  checkName(['feb-28', 'mar-1', 'leap-years-only'], leapDay, '$.leapDay')
  const { year, month, day } = civilOf(checkBorn(born))
  return repeating(born, {
    first: year,
    last: 9999,
    yearOf: (some) => civilOf(some).year,
    daysIn(other) {
      const same = dayOf(other, month, day)
      if (month !== 2 || day !== 29 || civilOf(same).month === 2) return [same]
      return leapDay === 'leap-years-only' ? [] : [leapDay === 'feb-28' ? same - 1 : same]
    },
  })
}

/** `anniversariesOf` for dates of the Chinese calendar. */
export function chineseAnniversaries(
  rule: Pick<AnniversaryRule & { readonly calendar: 'chinese' }, 'born' | 'leapMonth' | 'shortMonth'>,
): Anniversaries {
  checkRecord(rule, '$')
  const { born, leapMonth, shortMonth } = rule
  checkName(['regular', 'leap-if-present', 'both'], leapMonth, '$.leapMonth')
  checkName(['last', 'next', 'skip'], shortMonth, '$.shortMonth')
  const date = chineseDateOf(checkBorn(born))
  if (date === undefined) return { next: () => undefined, nth: () => [] }
  const { month, day } = date

  /** In one month: no day, or the one that stands for it. */
  const dayIn = (year: number, leap: boolean): readonly number[] => {
    const same = dayOfChineseDate({ year, month, leap, day })
    if (same !== undefined) return [same]
    if (shortMonth === 'skip') return []
    const last = dayOfChineseDate({ year, month, leap, day: 29 }) as number
    return [shortMonth === 'last' ? last : last + 1]
  }

  return repeating(born, {
    first: date.year,
    last: chineseYears.last,
    // What is put off from the end of a year falls into the next.
    yearOf: (some) => (chineseDateOf(some)?.year ?? (some < born ? date.year : chineseYears.last + 2)) - 1,
    daysIn(year) {
      const hasLeap = date.leap && chineseMonthLength({ year, month, leap: true }) !== undefined
      if (!hasLeap || leapMonth === 'regular') return dayIn(year, false)
      return leapMonth === 'leap-if-present'
        ? dayIn(year, true)
        : [...dayIn(year, false), ...dayIn(year, true)]
    },
  })
}

interface Years {
  /** Of the day itself. */
  readonly first: number
  readonly last: number
  /** A year whose anniversaries are not all before a day, though those of the year before are. */
  yearOf(day: number): number
  /** The anniversaries of a year, ascending. */
  daysIn(year: number): readonly number[]
}

function repeating(born: number, { first, last, yearOf, daysIn }: Years): Anniversaries {
  return {
    next(day) {
      if (!Number.isSafeInteger(day)) throw fault('wrong-type', '$', day, 'a day number, whole')
      for (let year = Math.max(yearOf(day), first + 1); year <= last; year++)
        for (const found of daysIn(year))
          if (found >= day && found > born) return { day: found, nth: year - first }
      return undefined
    },
    nth(n) {
      if (!Number.isSafeInteger(n) || n < 1) throw fault('out-of-range', '$', n, 'a whole number from 1')
      return first + n > last ? [] : daysIn(first + n)
    },
  }
}

/** A date that calendars here can have. */
function checkBorn(born: number): number {
  if (!Number.isSafeInteger(born) || civilOf(born).year < 1 || civilOf(born).year > 9999)
    throw fault('wrong-type', '$.born', born, 'a day number in the years 0001 to 9999')
  return born
}
