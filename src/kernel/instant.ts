import { DAY, dateText, dayOf, two } from './civil.js'
import { fault } from './errors.js'

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

/** Refuses what is no instant. */
export function checkInstant(value: unknown, path: string): asserts value is Instant {
  if (!isInstant(value)) throw fault('invalid-instant', path, value, 'milliseconds since 1970')
}

/** Refuses options that look at no moment, or from a later one on than they look at. */
export function checkAsOf({ asOf, since }: { readonly asOf: unknown; readonly since?: unknown }): void {
  checkInstant(asOf, '$.asOf')
  if (since === undefined) return
  checkInstant(since, '$.since')
  if (since > asOf) throw fault('out-of-range', '$.since', since, 'at or before asOf')
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
  throw fault('invalid-instant', '$', text, 'a date and time with an offset, as in 2024-03-05T09:00:00+08:00')
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
  const read = typeof text === 'string' ? WRITTEN.exec(text) : null
  if (read === null) return undefined
  const [, date = '', clock = '', seconds = '', fraction = '', sign, offset = '00:00'] = read
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const days = dayOf(year, month, day)
  // A date that no calendar has reads back as another one.
  if (year === 0 || dateText(days) !== date) return undefined
  const minutes = minutesOf(clock) - (sign === '-' ? -1 : 1) * minutesOf(offset)
  const at = days * DAY + minutes * 60_000 + Number(seconds) * 1000 + Number(fraction.padEnd(3, '0'))
  return isInstant(at) ? at : undefined
}

const WRITTEN =
  /^(\d{4}-\d\d-\d\d)T([01]\d:[0-5]\d|2[0-3]:[0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3})0{0,6})?)?(?:Z|([+-])([01]\d:[0-5]\d|2[0-3]:[0-5]\d))$/

/** Minutes since midnight of a clock time `HH:MM`. */
export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/**
 * An instant as text in UTC, always 24 characters, so texts sort as instants do. The inverse of `instant`.
 *
 * @example
 * formatInstant(1709629200000) // => '2024-03-05T09:00:00.000Z'
 */
export function formatInstant(at: Instant): string {
  if (!isInstant(at))
    throw fault('invalid-instant', '$', at, 'milliseconds since 1970 in the years 0001 to 9999')
  const days = Math.floor(at / DAY)
  const left = at - days * DAY
  const minutes = Math.floor(left / 60_000)
  const seconds = Math.floor(left / 1000) % 60
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds)}`
  return `${dateText(days)}T${clock}.${String(left % 1000).padStart(3, '0')}Z`
}
