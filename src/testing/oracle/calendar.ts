import type { CalendarDefinition, CalendarUnit } from '../../kernel/calendar.js'
import type { Duration } from '../../kernel/duration.js'
import type { Instant } from '../../kernel/instant.js'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR
const FIRST = -62_135_596_800_000
const LAST = 253_402_300_799_999
/** No instant of a local time is further than this from the same digits read in UTC. */
const FAR = 27 * HOUR

/** Dates the slow way: every local time is read from `Intl`, every instant of one is searched. */
export interface OracleCalendar {
  /** The local clock as a number, read as if it were UTC. */
  local(at: Instant): number
  /** The earlier of two instants of a local time; where clocks skipped it, as much later as they skipped. */
  instantOf(local: number): Instant
  /** What a duration leads to. */
  add(at: Instant, duration: Duration): Instant
  /** The date that an instant belongs to, as the number of its midnight. */
  date(at: Instant): number
  /** The day, week, month, … that runs at an instant: from its first midnight to that of the next one. */
  unit(unit: CalendarUnit, at: Instant): OracleUnit
  /** The first instant of a date, or of the next one that exists. */
  begins(date: number): Instant
  /** Year and number of the week: ISO's, or the one that 1 January lies in where weeks do not begin on Monday. */
  week(at: Instant, weekStart: number): readonly [year: number, week: number]
  /** Year, quarter, month and week of the fiscal calendar. */
  fiscal(at: Instant): readonly [year: number, quarter: number, month: number, week: number]
  /** Whether a date is worked. */
  isBusinessDay(date: number): boolean
  isOpen(at: Instant): boolean
  /** Milliseconds of business hours between two instants, the second not earlier. */
  worked(from: Instant, to: Instant): number
  /** The earliest instant by which so many milliseconds of business hours were worked. */
  addWork(at: Instant, milliseconds: number): Instant
}

/** One unit of a calendar, `[starts, ends)`; `date` is the number of its first date. */
export interface OracleUnit {
  readonly date: number
  readonly starts: Instant
  readonly ends: Instant
}

const calendars = new Map<string, OracleCalendar>()

/**
 * A calendar that shares nothing with the kernel's. Answers are remembered, since the same ones are asked very often.
 *
 * @example
 * oracleCalendar({ zone: 'Asia/Shanghai' }).add(0, { days: 1, end: true }) // => 144000000
 */
export function oracleCalendar(definition: CalendarDefinition): OracleCalendar {
  const key = JSON.stringify(definition)
  const known = calendars.get(key)
  if (known !== undefined) return known
  const made = searching(definition)
  calendars.set(key, made)
  return made
}

function searching(definition: CalendarDefinition): OracleCalendar {
  const local = localIn(definition)

  /** Every instant at which the local clock says so. */
  const saying = (wanted: number): readonly Instant[] => {
    const offsets = new Set<number>()
    for (let probe = wanted - FAR; probe <= wanted + FAR; probe += 3 * HOUR) offsets.add(local(probe) - probe)
    return [...offsets].map((offset) => wanted - offset).filter((at) => local(at) === wanted)
  }

  const instantOf = (wanted: number): Instant => {
    const found = saying(wanted)
    if (found.length > 0) return Math.min(...found)
    // Skipped: find the last instant before the skip, and read the wanted time with its offset.
    let before = wanted - FAR
    while (local(before + HOUR) < wanted) before += HOUR
    let after = before + HOUR
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (local(middle) < wanted) before = middle
      else after = middle
    }
    return wanted - (local(before) - before)
  }

  /** The first instant after `at` at which the local clock has reached a time that lies ahead of it. */
  const firstReaching = (wanted: number, at: Instant): Instant => {
    let before = Math.max(at, wanted - FAR)
    let after = before + HOUR
    while (local(after) < wanted) {
      before = after
      after += HOUR
    }
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (local(middle) < wanted) before = middle
      else after = middle
    }
    return after
  }

  const starts = clockOf(definition.dayStart ?? '00:00')
  const date = (at: Instant) => midnight(local(at) - starts)

  const reached = new Map<number, Instant>()
  /** The first instant at which the local clock has reached a time. */
  const reach = (wanted: number): Instant => {
    const known = reached.get(wanted)
    if (known !== undefined) return known
    const found = saying(wanted)
    const first = found.length > 0 ? Math.min(...found) : firstReaching(wanted, FIRST)
    reached.set(wanted, first)
    return first
  }

  /** The stretches of work of a date, as instants; those of a date closed are none. */
  const stretches = (day: number): readonly (readonly [Instant, Instant])[] =>
    hoursOn(day, definition).map(([from, to]) => {
      const [begins, ends] = [clockOf(from), clockOf(to)]
      const next = (clock: number) => (clock < starts ? clock + DAY : clock)
      return [reach(day + next(begins)), reach(day + (ends <= starts ? ends + DAY : ends))]
    })

  const add = (at: Instant, duration: Duration): Instant => {
    if (duration.seconds !== undefined) return at + duration.seconds * SECOND
    if (duration.minutes !== undefined) return at + duration.minutes * 60 * SECOND
    if (duration.hours !== undefined) return at + duration.hours * HOUR
    if (duration.workHours !== undefined) return addWork(at, duration.workHours * HOUR)
    if (duration.workMinutes !== undefined) return addWork(at, duration.workMinutes * 60 * SECOND)
    const here = local(at) - starts
    const day = midnight(here)
    const reached = dayReached(day, duration, definition)
    let clock = duration.at === undefined ? undefined : clockOf(duration.at) - starts
    if (clock !== undefined && clock < 0) clock += DAY
    const moved =
      reached === day && clock === undefined ? at : instantOf(reached + (clock ?? here - day) + starts)
    if (duration.end === undefined) return moved
    const ends = unitAfter(date(moved), duration.end, definition) + starts
    const later = saying(ends).filter((one) => one > moved)
    return later.length > 0 ? Math.min(...later) : firstReaching(ends, moved)
  }

  const addWork = (at: Instant, milliseconds: number): Instant => {
    if (milliseconds === 0) return at
    let left = milliseconds
    for (let day = date(at) - DAY; day < LAST; day += DAY) {
      for (const [from, to] of stretches(day)) {
        const begins = Math.max(from, at)
        if (begins >= to) continue
        if (left <= to - begins) return begins + left
        left -= to - begins
      }
    }
    return LAST
  }

  const worked = (from: Instant, to: Instant): number => {
    let sum = 0
    for (let day = date(from) - DAY; day <= date(to) + DAY; day += DAY)
      for (const [begins, ends] of stretches(day))
        sum += Math.max(0, Math.min(ends, to) - Math.max(begins, from))
    return sum
  }

  const running = (unit: CalendarUnit, at: Instant): OracleUnit => {
    const here = date(at)
    const begun = [here - DAY, here, here + DAY]
      .map((day) => firstOf(day, unit, definition))
      .filter((first) => reach(first + starts) <= at)
    const first = Math.max(...begun)
    let next = unitAfter(first, unit, definition)
    // A zone may skip a date whole.
    while (reach(next + starts) <= at) next = unitAfter(next, unit, definition)
    return { date: first, starts: reach(first + starts), ends: reach(next + starts) }
  }

  const units = new Map<string, OracleUnit>()
  const answers = new Map<string, Map<Instant, Instant>>()
  return {
    local,
    instantOf,
    date,
    worked,
    addWork,
    begins: (day) => reach(day + starts),
    unit(unit, at) {
      const known = units.get(`${unit}${at}`) ?? running(unit, at)
      units.set(`${unit}${at}`, known)
      return known
    },
    isBusinessDay: (day) => isWorked(day, definition),
    isOpen: (at) =>
      [-DAY, 0, DAY].some((days) => stretches(date(at) + days).some(([from, to]) => from <= at && at < to)),
    week: (at, weekStart) => weekNumber(date(at), weekStart),
    fiscal(at) {
      const { year, weeks } = fiscalYear(date(at), definition)
      const number = (date(at) - weeks[0]!.starts) / DAY
      const { month, quarter } = weeks[Math.floor(number / 7)]!
      return [year, quarter, month, Math.floor(number / 7) + 1]
    },
    add(at, duration) {
      const key = JSON.stringify(duration)
      const known = answers.get(key) ?? new Map<Instant, Instant>()
      answers.set(key, known)
      const answer = known.get(at) ?? Math.min(Math.max(add(at, duration), FIRST), LAST)
      known.set(at, answer)
      return answer
    },
  }
}

const midnight = (local: number) => Math.floor(local / DAY) * DAY

/** A date as the number of its midnight; months may be too many, and day 0 is the last of the month before. */
const dateNumber = (year: number, month: number, day: number): number =>
  new Date(0).setUTCFullYear(year, month, day)

const clockOf = (text: string) => Number(text.slice(0, 2)) * HOUR + Number(text.slice(3)) * 60 * SECOND

const textOf = (date: number) => new Date(date).toISOString().slice(0, 10)

/** 1 is Monday, 7 is Sunday. */
const weekdayOf = (date: number) => new Date(date).getUTCDay() || 7

function dayReached(day: number, duration: Duration, definition: CalendarDefinition): number {
  if (duration.days !== undefined) return day + duration.days * DAY
  if (duration.weeks !== undefined) return day + duration.weeks * 7 * DAY
  if (duration.businessDays !== undefined) {
    let reached = day
    if (duration.businessDays === 0) while (!isWorked(reached, definition)) reached += DAY
    for (let found = 0; found < duration.businessDays; ) {
      reached += DAY
      if (isWorked(reached, definition)) found += 1
    }
    return reached
  }
  if (duration.next !== undefined) {
    let reached = day + DAY
    while (weekdayOf(reached) !== duration.next.weekday) reached += DAY
    return reached
  }
  const date = new Date(day)
  const month = date.getUTCMonth() + (duration.months ?? 12 * (duration.years ?? 0))
  const last = new Date(dateNumber(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return dateNumber(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last))
}

function isWorked(day: number, { business = {} }: CalendarDefinition): boolean {
  if (business.closed?.includes(textOf(day))) return false
  if (business.opened?.includes(textOf(day))) return true
  return (business.weekdays ?? [1, 2, 3, 4, 5]).some((weekday) => weekday === weekdayOf(day))
}

/** The hours of a date as they are written. */
function hoursOn(day: number, definition: CalendarDefinition): readonly (readonly [string, string])[] {
  if (!isWorked(day, definition)) return []
  const { weekdays = [1, 2, 3, 4, 5], hours = [] } = definition.business ?? {}
  const of = (weekday: number) =>
    hours.filter((one) => one.weekdays === undefined || one.weekdays.some((other) => other === weekday))
  const weekday = weekdayOf(day)
  const usual = weekdays.some((one) => one === weekday)
  const stand = [...weekdays].sort().find((one) => of(one).length > 0)!
  const kept = usual || of(weekday).length > 0 ? of(weekday) : of(stand)
  return kept.map(({ from, to }) => [from, to])
}

function weekNumber(day: number, weekStart: number): readonly [number, number] {
  /** Where the weeks of a year begin. */
  const begins = (year: number) => {
    // 4 January is always in week 1 of ISO, 1 January in that of others.
    let first = dateNumber(year, 0, weekStart === 1 ? 4 : 1)
    while (weekdayOf(first) !== weekStart) first -= DAY
    return first
  }
  let year = new Date(day).getUTCFullYear() + 1
  while (begins(year) > day) year -= 1
  return [year, Math.floor((day - begins(year)) / (7 * DAY)) + 1]
}

interface FiscalWeek {
  readonly starts: number
  readonly month: number
  readonly quarter: number
}

/** The fiscal year of a date, week by week. */
function fiscalYear(day: number, { fiscal }: CalendarDefinition) {
  if (fiscal === undefined) throw new Error('no fiscal year')
  const { pattern, ends, named } = fiscal
  /** The last day of the year that ends with the month of a calendar year. */
  const lastOf = (year: number): number => {
    const monthEnd = dateNumber(year, ends.month, 0)
    const days = Array.from({ length: 10 }, (_, i) => monthEnd + (3 - i) * DAY)
    const right = days.filter((one) => weekdayOf(one) === ends.weekday)
    return ends.rule === 'last'
      ? Math.max(...right.filter((one) => one <= monthEnd))
      : right.sort((a, b) => Math.abs(a - monthEnd) - Math.abs(b - monthEnd))[0]!
  }
  let closes = new Date(day).getUTCFullYear() - 2
  while (lastOf(closes) < day) closes += 1
  const weeks: FiscalWeek[] = []
  for (let month = 1; month <= 12; month++)
    for (let i = 0; i < Number(pattern.split('-')[(month - 1) % 3]); i++)
      weeks.push({
        starts: lastOf(closes - 1) + DAY + weeks.length * 7 * DAY,
        month,
        quarter: Math.ceil(month / 3),
      })
  const next = lastOf(closes) + DAY
  const after = weeks[0]!.starts + weeks.length * 7 * DAY
  if (after < next) weeks.push({ starts: after, month: 12, quarter: 4 })
  const opens = new Date(dateNumber(closes - 1, ends.month, 1)).getUTCFullYear()
  return { year: named === 'end' ? closes : opens, weeks, next }
}

/** The local midnight at which the next day, week, month, … begins. */
function unitAfter(day: number, unit: NonNullable<Duration['end']>, definition: CalendarDefinition): number {
  const date = new Date(day)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  if (unit === 'year') return dateNumber(year + 1, 0, 1)
  if (unit === 'quarter') return dateNumber(year, month - (month % 3) + 3, 1)
  if (unit === 'month') return dateNumber(year, month + 1, 1)
  if (unit === 'week') {
    let next = day + DAY
    while (weekdayOf(next) !== (definition.weekStart ?? 1)) next += DAY
    return next
  }
  if (unit === true || unit === 'day') return day + DAY
  const { weeks, next } = fiscalYear(day, definition)
  const here = weeks.filter(({ starts }) => starts <= day).at(-1)!
  const later = weeks.find(({ starts, month: of, quarter }) =>
    starts > day && unit === 'fiscal-month'
      ? of !== here.month
      : unit === 'fiscal-quarter' && starts > day && quarter !== here.quarter,
  )
  return later?.starts ?? next
}

/** The first date of the day, week, month, … in which a date lies. */
function firstOf(day: number, unit: CalendarUnit, definition: CalendarDefinition): number {
  const date = new Date(day)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  if (unit === 'day') return day
  if (unit === 'year') return dateNumber(year, 0, 1)
  if (unit === 'quarter') return dateNumber(year, month - (month % 3), 1)
  if (unit === 'month') return dateNumber(year, month, 1)
  if (unit === 'week') {
    let first = day
    while (weekdayOf(first) !== (definition.weekStart ?? 1)) first -= DAY
    return first
  }
  const { weeks } = fiscalYear(day, definition)
  const here = weeks.filter(({ starts }) => starts <= day).at(-1)!
  if (unit === 'fiscal-year') return weeks[0]!.starts
  return weeks.find((week) =>
    unit === 'fiscal-month' ? week.month === here.month : week.quarter === here.quarter,
  )!.starts
}

/** Reads the local clock: from a table of transitions if there is one, else from `Intl`. */
function localIn({ zone, transitions }: CalendarDefinition): (at: Instant) => number {
  if (transitions !== undefined) {
    return (at) => {
      let offset = transitions.initial
      for (const [i, start] of transitions.at.entries()) if (start <= at) offset = transitions.offsets[i]!
      return at + offset
    }
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const read = (name: string) => Number(parts[name])
    const year = parts['era'] === 'BC' ? 1 - read('year') : read('year')
    const clock = (read('hour') * 60 + read('minute')) * 60 + read('second')
    const milliseconds = at - Math.floor(at / SECOND) * SECOND
    return dateNumber(year, read('month') - 1, read('day')) + clock * SECOND + milliseconds
  }
}
