import type { CalendarDefinition } from '../../kernel/calendar.js'
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

  const instantOf = (wanted: number): Instant => {
    const offsets = new Set<number>()
    for (let probe = wanted - FAR; probe <= wanted + FAR; probe += 3 * HOUR) offsets.add(local(probe) - probe)
    const found = [...offsets].map((offset) => wanted - offset).filter((at) => local(at) === wanted)
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

  const add = (at: Instant, duration: Duration): Instant => {
    if (duration.seconds !== undefined) return at + duration.seconds * SECOND
    if (duration.minutes !== undefined) return at + duration.minutes * 60 * SECOND
    if (duration.hours !== undefined) return at + duration.hours * HOUR
    const here = local(at)
    const day = midnight(here)
    const reached = dayReached(day, duration)
    const clock =
      duration.at === undefined
        ? undefined
        : Number(duration.at.slice(0, 2)) * HOUR + Number(duration.at.slice(3)) * 60 * SECOND
    const moved = reached === day && clock === undefined ? at : instantOf(reached + (clock ?? here - day))
    if (duration.end === undefined) return moved
    return firstReaching(unitAfter(local(moved), duration.end), moved)
  }

  const answers = new Map<string, Map<Instant, Instant>>()
  return {
    local,
    instantOf,
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

function dayReached(day: number, duration: Duration): number {
  if (duration.days !== undefined) return day + duration.days * DAY
  if (duration.weeks !== undefined) return day + duration.weeks * 7 * DAY
  if (duration.next !== undefined) {
    const wanted = duration.next.weekday % 7
    let reached = day + DAY
    while (new Date(reached).getUTCDay() !== wanted) reached += DAY
    return reached
  }
  const date = new Date(day)
  const month = date.getUTCMonth() + (duration.months ?? 12 * (duration.years ?? 0))
  const last = new Date(dateNumber(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return dateNumber(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last))
}

/** The local midnight at which the next day, month, quarter or year begins. */
function unitAfter(local: number, unit: NonNullable<Duration['end']>): number {
  const date = new Date(midnight(local))
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  if (unit === 'year') return dateNumber(year + 1, 0, 1)
  if (unit === 'quarter') return dateNumber(year, month - (month % 3) + 3, 1)
  if (unit === 'month') return dateNumber(year, month + 1, 1)
  return midnight(local) + DAY
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
