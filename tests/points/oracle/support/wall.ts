// Wall clocks of zones as `Intl` shows them, and what calendars on a wall do with dates. It asks for the offset of both ends of a
// day, and where they differ for each quarter of an hour.
const DAY = 86_400_000
const QUARTER = 900_000

/** So many days or months by the wall, on to the end of a month where told; or so many hours that pass. */
export type Span =
  | { readonly days: number }
  | { readonly months: number; readonly end?: 'month' }
  | { readonly hours: number }

export interface Wall {
  readonly add: (at: number, span: Span) => number
  /** Days from 1970-01-01 to the date on the wall. */
  readonly day: (at: number) => number
  /** The first instant of such a day; of the next one where clocks skipped it. */
  readonly instantOf: (day: number) => number
}

const walls = new Map<string, Wall>()

export function wallOf(zone: string): Wall {
  const known = walls.get(zone)
  if (known !== undefined) return known
  const made = hung(zone)
  walls.set(zone, made)
  return made
}

function hung(zone: string): Wall {
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const seen = new Map<number, number>()
  const look = (at: number): number => {
    const known = seen.get(at)
    if (known !== undefined) return known
    const parts = Object.fromEntries(shown.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year, month, day, hour, minute, second } = parts as Record<string, number>
    const offset = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - at
    seen.set(at, offset)
    return offset
  }
  const offset = (at: number): number => {
    const from = Math.floor(at / DAY) * DAY
    const first = look(from)
    return first === look(from + DAY) ? first : look(Math.floor(at / QUARTER) * QUARTER)
  }
  /** Of two instants the earlier; a time that clocks skipped is as much later as they skipped. */
  const instant = (wall: number): number => {
    const before = wall - offset(wall - 1.1 * DAY)
    const after = wall - offset(wall + 1.1 * DAY)
    const right = [before, after].filter((at) => at + offset(at) === wall)
    return right.length > 0 ? Math.min(...right) : before
  }
  const day = (at: number) => Math.floor((at + offset(at)) / DAY)
  const moved = (at: number, span: Exclude<Span, { readonly hours: number }>): number => {
    const wall = at + offset(at)
    if ('days' in span) return span.days === 0 ? at : instant(wall + span.days * DAY)
    const date = new Date(wall)
    const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + span.months
    const [year, month] = [Math.floor(months / 12), months % 12]
    const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const kept = Date.UTC(year, month, Math.min(date.getUTCDate(), last))
    return instant(kept + (wall - Math.floor(wall / DAY) * DAY))
  }
  const instantOf = (of: number) => instant(of * DAY)
  return {
    day,
    instantOf,
    add(at, span) {
      if ('hours' in span) return at + span.hours * 3_600_000
      const reached = moved(at, span)
      if (!('end' in span) || span.end === undefined) return reached
      const date = new Date(day(reached) * DAY)
      return instantOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY)
    },
  }
}
