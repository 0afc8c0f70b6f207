import { DAY, dateText, dayOf, dayOfMonthIndex, pair, two } from './civil.js'
import { DefinitionError } from './errors.js'

/**
 * A moment, as milliseconds since 1970-01-01T00:00Z: a whole number in the years 0001 to 9999 (UTC), never -0, so that
 * it survives JSON and its text always has one length. Leap seconds do not exist.
 */
export type Instant = number

/** 0001-01-01T00:00:00.000Z */
export const firstInstant: Instant = -62_135_596_800_000
/** 9999-12-31T23:59:59.999Z; a sum that would lead past it stays there. */
export const lastInstant: Instant = 253_402_300_799_999

/** Whether a value is an instant: a number, whole, in range, not -0. Texts and `Date` objects are not. */
export function isInstant(value: unknown): value is Instant {
  return (
    typeof value === 'number' &&
    value >= firstInstant &&
    value <= lastInstant &&
    Math.floor(value) === value &&
    !Object.is(value, -0)
  )
}

/**
 * The instant that a text names, for instants written in code. Texts from outside go through `parseInstant`.
 *
 * @throws DefinitionError `invalid-instant` when `parseInstant` reads nothing.
 * @example
 * instant('2024-03-05T09:00:00+08:00') // => 1709600400000
 */
export function instant(text: string): Instant {
  const at = parseInstant(text)
  if (at !== undefined) return at
  throw new DefinitionError({
    code: 'invalid-instant',
    path: '$',
    value: text,
    expected: 'a date and time with an offset, as in 2024-03-05T09:00:00+08:00',
  })
}

/**
 * Reads `YYYY-MM-DDTHH:MM[:SS[.fraction]]` followed by `Z` or `±HH:MM` (ISO 8601, RFC 3339), years 0001 to 9999.
 *
 * What other readers guess is not read: a missing offset, blanks, lower case, 30 February, hour 24, second 60 (a leap
 * second has no instant of its own), more than nine digits of a fraction or digits below the millisecond but zeros.
 *
 * @returns undefined for everything it does not read.
 * @example
 * parseInstant('2024-02-30T00:00:00Z') // => undefined
 */
export function parseInstant(text: string): Instant | undefined {
  if (typeof text !== 'string' || text.length < 17 || text.length > 35) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':') return undefined
  const year = pair(text, 0) * 100 + pair(text, 2)
  const month = pair(text, 5)
  const day = pair(text, 8)
  const minutes = minutesAt(text, 11)
  // What is not a digit is NaN, and no comparison with NaN holds: each check says what has to hold.
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && minutes >= 0)) return undefined
  const days = dayOf(year, month, day)
  if (days >= dayOfMonthIndex(year * 12 + month)) return undefined

  let end = 16
  let milliseconds = 0
  if (text[end] === ':') {
    const seconds = pair(text, 17)
    if (!(seconds <= 59)) return undefined
    milliseconds = seconds * 1000
    end = 19
    if (text[end] === '.') {
      end = 20
      for (let worth = 100; ; end++, worth = Math.floor(worth / 10)) {
        const digit = text.charCodeAt(end) - 48
        if (!(digit >= 0 && digit <= 9)) break
        if (worth === 0 && digit > 0) return undefined
        milliseconds += digit * worth
      }
      if (end === 20 || end > 29) return undefined
    }
  }

  let offset = 0
  if (text[end] !== 'Z') {
    const sign = text[end] === '+' ? 1 : text[end] === '-' ? -1 : Number.NaN
    offset = sign * minutesAt(text, end + 1)
    end += 5
  }
  const at = days * DAY + (minutes - offset) * 60_000 + milliseconds
  return text.length === end + 1 && isInstant(at) ? at : undefined
}

/** Minutes since midnight of `HH:MM` in a text; NaN when it is no clock time from 00:00 to 23:59. */
export function minutesAt(text: string, start: number): number {
  const hours = pair(text, start)
  const minutes = pair(text, start + 3)
  return text[start + 2] === ':' && hours <= 23 && minutes <= 59 ? hours * 60 + minutes : Number.NaN
}

/**
 * An instant as text in UTC, always 24 characters, so texts sort as instants do. The inverse of `instant`.
 *
 * @example
 * formatInstant(1709629200000) // => '2024-03-05T09:00:00.000Z'
 */
export function formatInstant(at: Instant): string {
  const days = Math.floor(at / DAY)
  const left = at - days * DAY
  const minutes = Math.floor(left / 60_000)
  const seconds = Math.floor(left / 1000) % 60
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds)}`
  return `${dateText(days)}T${clock}.${String(left % 1000).padStart(3, '0')}Z`
}
