import { DAY, dayOfText } from './civil.js'
import { type ClockTime, isClockTime, type Weekday } from './duration.js'
import { checkList, checkRecord, fault } from './errors.js'
import { minutesOf } from './instant.js'

/**
 * The days on which business is done, and its hours. Dates are `YYYY-MM-DD`; none is both closed and opened.
 *
 * @example
 * // China at Spring Festival 2026: nine days off, two weekend days worked for them
 * const office: BusinessDefinition = {
 *   closed: ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-23'],
 *   opened: ['2026-02-14', '2026-02-28'],
 *   hours: [{ from: '09:00', to: '12:00' }, { from: '13:00', to: '18:00' }],
 * }
 */
export interface BusinessDefinition {
  /** Monday to Friday unless told. */
  readonly weekdays?: readonly Weekday[]
  /** Dates that are not worked though their weekday is. */
  readonly closed?: readonly string[]
  /**
   * Dates that are worked though their weekday is not (调休). They keep the hours of their own weekday where `hours` has
   * some for it, and otherwise those of the first of `weekdays` that has any.
   */
  readonly opened?: readonly string[]
  /** What work hours and opening hours are read from; without it there are none to count. */
  readonly hours?: readonly BusinessHours[]
}

/** One stretch of work, `[from, to)` on the local clock, within one day. */
export interface BusinessHours {
  /** Every day that is worked unless told. */
  readonly weekdays?: readonly Weekday[]
  readonly from: ClockTime
  /** Later than `from` in the same day; the time at which days start, or `24:00`, is the day's end. */
  readonly to: ClockTime
}

/** Business days made ready; days are day numbers. */
export interface Business {
  isOpen(day: number): boolean
  /** The n-th open day after a day; with 0 the day itself or, where it is closed, the next open one. */
  after(day: number, n: number): number
  /** Nothing without `hours`. */
  readonly hours: DayHours | undefined
}

/** Hours of a day as milliseconds since its start, as if no clock changed. */
export interface DayHours {
  /** From, to, from, to, …, ascending. */
  of(day: number): readonly number[]
  /** Their sum on the days `[from, until)`. */
  total(from: number, until: number): number
}

const compiled = new WeakMap<BusinessDefinition, { readonly dayStart: number; readonly business: Business }>()

/**
 * Reads a definition once; changed afterwards, it changes nothing.
 *
 * @param dayStart - Milliseconds after midnight at which days start.
 * @throws DefinitionError with a path in `$.calendar.business`.
 */
export function businessOf(definition: BusinessDefinition, dayStart: number): Business {
  checkRecord(definition, root)
  const known = compiled.get(definition)
  if (known?.dayStart === dayStart) return known.business
  const business = compile(definition, dayStart)
  compiled.set(definition, { dayStart, business })
  return business
}

const root = '$.calendar.business'
/** 1970-01-01 was a Thursday: three days after the Monday from which whole weeks are counted. */
const monday = 3
const week = [1, 2, 3, 4, 5, 6, 7] as const
const office: readonly Weekday[] = [1, 2, 3, 4, 5]

function compile(definition: BusinessDefinition, dayStart: number): Business {
  const { weekdays = office, hours } = definition
  const open = weekdaysOf(weekdays, `${root}.weekdays`)
  const pattern = week.map((weekday) => open.has(weekday))
  const place = (day: number) => (((day + monday) % 7) + 7) % 7
  const exceptions = exceptionsOf(definition)
  const isOpen = (day: number) => exceptions.get(day) ?? (pattern[place(day)] as boolean)
  // Exceptions that say what the weekday says anyway are none.
  const dates = [...exceptions.keys()]
    .filter((day) => isOpen(day) !== pattern[place(day)])
    .sort((a, b) => a - b)

  /** How much there is on all days before one, counted from an arbitrary day, in steps of whole weeks. */
  const summing = (usual: (place: number) => number, on: (day: number) => number) => {
    const within = [0]
    for (const i of pattern.keys()) within.push((within[i] as number) + (pattern[i] ? usual(i) : 0))
    const moved = [0]
    for (const day of dates)
      moved.push((moved.at(-1) as number) + (isOpen(day) ? on(day) : -usual(place(day))))
    return (day: number): number => {
      let low = 0
      let high = dates.length
      while (low < high) {
        const middle = (low + high) >> 1
        if ((dates[middle] as number) < day) low = middle + 1
        else high = middle
      }
      const weeks = Math.floor((day + monday) / 7)
      return weeks * (within[7] as number) + (within[place(day)] as number) + (moved[low] as number)
    }
  }

  const one = () => 1
  const before = summing(one, one)

  return {
    isOpen,
    after(day, n) {
      const wanted = n === 0 ? before(day) + 1 : before(day + 1) + n
      let low = n === 0 ? day : day + 1
      // Closed dates may all lie ahead.
      let high = low + 7 * (Math.ceil(n / open.size) + dates.length + 1)
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if (before(middle + 1) < wanted) low = middle + 1
        else high = middle
      }
      return low
    },
    hours: hours === undefined ? undefined : hoursOf(hours),
  }

  function hoursOf(given: readonly BusinessHours[]): DayHours {
    const path = `${root}.hours`
    checkList(given, path)
    const shifts: number[][] = week.map(() => [])
    for (const [i, stretch] of given.entries()) {
      const where = `${path}[${i}]`
      checkRecord(stretch, where)
      const { weekdays: some = week, from, to } = stretch
      const start = sinceDayStart(from, `${where}.from`)
      const end = (to === '24:00' ? DAY - dayStart : sinceDayStart(to, `${where}.to`)) || DAY
      if (start >= end) throw fault('out-of-range', `${where}.to`, to, `later than ${from} in the same day`)
      for (const weekday of weekdaysOf(some, `${where}.weekdays`)) {
        const shift = shifts[weekday - 1] as number[]
        for (let j = 0; j < shift.length; j += 2)
          if (start < (shift[j + 1] as number) && (shift[j] as number) < end)
            throw fault('out-of-range', where, stretch, 'hours that do not overlap')
        shift.push(start, end)
        // Pairs that do not overlap are in order when their ends are.
        shift.sort((a, b) => a - b)
      }
    }
    const length = shifts.map((shift) => shift.reduce((sum, time, i) => sum + (i % 2 ? time : -time), 0))
    const first = pattern.findIndex((worked, i) => worked && length[i])
    if (first < 0) throw fault('out-of-range', path, given, 'hours on one of the weekdays')
    const kept = (at: number) => (length[at] ? at : first)
    // Of worked weekdays some may have no hours; only opened dates take those of another.
    const on = (day: number) => (pattern[place(day)] ? place(day) : kept(place(day)))
    const total = summing(
      (i) => length[i] as number,
      (day) => length[on(day)] as number,
    )
    return {
      of: (day) => (isOpen(day) ? (shifts[on(day)] as number[]) : []),
      total: (from, until) => total(until) - total(from),
    }
  }

  function sinceDayStart(clock: unknown, path: string): number {
    if (!isClockTime(clock)) throw fault('out-of-range', path, clock, 'a clock time from 00:00 to 23:59')
    return (minutesOf(clock) * 60_000 - dayStart + DAY) % DAY
  }
}

function weekdaysOf(value: readonly Weekday[], path: string): ReadonlySet<Weekday> {
  checkList(value, path)
  const found = new Set(value)
  if (found.size === 0 || !value.every((weekday) => week.includes(weekday)))
    throw fault('out-of-range', path, value, 'some of 1 (Monday) to 7 (Sunday)')
  return found
}

/** Whether a date is open, for those that are named. */
function exceptionsOf(definition: BusinessDefinition): ReadonlyMap<number, boolean> {
  const found = new Map<number, boolean>()
  for (const kind of ['closed', 'opened'] as const) {
    const { [kind]: dates = [] } = definition
    checkList(dates, `${root}.${kind}`)
    for (const [i, date] of dates.entries()) {
      const day = checkDate(date, `${root}.${kind}[${i}]`)
      if (found.has(day)) throw fault('duplicate-name', `${root}.${kind}[${i}]`, date, 'each date once')
      found.set(day, kind === 'opened')
    }
  }
  return found
}

/** The day number of a date in a definition. */
export function checkDate(date: unknown, path: string): number {
  const day = dayOfText(date)
  if (day === undefined) throw fault('out-of-range', path, date, 'a date as YYYY-MM-DD')
  return day
}
