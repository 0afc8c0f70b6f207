// Periods as Intl prints local dates, found by looking at every quarter of an hour: shares nothing with the library.
import type { Instant } from 'liuliang/kernel'

const QUARTER = 900_000
const DAY = 86_400_000

export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'

const formats = new Map<string, Intl.DateTimeFormat>()

/** `YYYY-MM-DD` on the wall. */
function dateOf(zone: string, at: Instant): string {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      calendar: 'gregory',
    })
  formats.set(zone, format)
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
}

/** The text of the period in which the local date lies; texts of one unit sort as periods do. Weeks begin on Monday. */
export function slowPeriod(zone: string, unit: Unit, at: Instant): string {
  return named(unit, dateOf(zone, at))
}

function named(unit: Unit, date: string): string {
  if (unit === 'day') return date
  if (unit === 'month') return date.slice(0, 7)
  if (unit === 'year') return date.slice(0, 4)
  if (unit === 'quarter') return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7
  return new Date(midnight - sinceMonday * DAY).toISOString().slice(0, 10)
}

/** Texts from one period to another, none left out. */
export function slowThrough(unit: Unit, from: string, to: string): readonly string[] {
  const found: string[] = []
  const start = unit === 'quarter' ? `${from.slice(0, 4)}-${two(3 * Number(from.slice(6)) - 2)}` : from
  const first = Date.parse(`${`${start}-01-01`.slice(0, 10)}T00:00:00Z`)
  for (let at = first; ; at += DAY) {
    const text = named(unit, new Date(at).toISOString().slice(0, 10))
    if (text > to) return found
    if (found.at(-1) !== text) found.push(text)
  }
}

const two = (value: number) => String(value).padStart(2, '0')

const edges = new Map<string, readonly [first: Instant, gone: Instant]>()

/** The first instant at which the wall shows a period or a later one, and from which on it never shows it again. */
export function slowEdges(zone: string, unit: Unit, text: string): readonly [first: Instant, gone: Instant] {
  const key = `${zone} ${unit} ${text}`
  const known = edges.get(key)
  if (known !== undefined) return known
  const day = unit === 'quarter' ? `${text.slice(0, 4)}-${two(3 * Number(text.slice(6)) - 2)}` : text
  const about = Date.parse(`${`${day}-01-01`.slice(0, 10)}T00:00:00Z`)
  const length = { day: 1, week: 7, month: 31, quarter: 92, year: 366 }[unit]
  let first: Instant | undefined
  for (let at = about - 2 * DAY; first === undefined; at += QUARTER) {
    if (slowPeriod(zone, unit, at) >= text) first = at
  }
  let gone = about + (length + 2) * DAY
  while (slowPeriod(zone, unit, gone - QUARTER) > text) gone -= QUARTER
  edges.set(key, [first, gone])
  return [first, gone]
}
