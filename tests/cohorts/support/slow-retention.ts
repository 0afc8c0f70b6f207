// Retention from its definition: dates as Intl prints them, everybody and everything filtered again for every cell. It shares
// nothing with the library but the words of the settings.
import type { RetentionDefinition, RetentionMeasure } from 'liuliang/cohorts'
import type { AnyEvent, Instant, PeriodUnit } from 'liuliang/kernel'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** How far the wall is ahead of UTC; found once a minute. */
function offsetOf(zone: string, at: Instant): number {
  const minute = Math.floor(at / MINUTE) * MINUTE
  const key = `${zone} ${minute}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  formats.set(zone, format)
  const part = new Map(format.formatToParts(minute).map(({ type, value }) => [type, Number(value)]))
  const wall = Date.UTC(
    part.get('year')!,
    part.get('month')! - 1,
    part.get('day')!,
    part.get('hour')!,
    part.get('minute')!,
  )
  offsets.set(key, wall - minute)
  return wall - minute
}

interface SlowCalendar {
  readonly zone: string
  readonly dayStart?: string
  readonly weekStart?: number
}

const made = new Map<string, SlowPeriods>()

/** Periods of a wall clock, by number and by name. */
export function slowPeriods(calendar: SlowCalendar, unit: PeriodUnit): SlowPeriods {
  const key = `${JSON.stringify(calendar)} ${unit}`
  const periods = made.get(key) ?? makePeriods(calendar, unit)
  made.set(key, periods)
  return periods
}

type SlowPeriods = ReturnType<typeof makePeriods>

function makePeriods({ zone, dayStart = '00:00', weekStart = 1 }: SlowCalendar, unit: PeriodUnit) {
  const [hours, minutes] = dayStart.split(':').map(Number) as [number, number]
  const lead = unit === 'hour' ? 0 : hours * HOUR + minutes * MINUTE
  /** Of what the wall shows, written as if it were UTC. */
  const ofWall = (wall: number): number => {
    const date = new Date(wall - lead)
    const day = Math.floor((wall - lead) / DAY)
    if (unit === 'hour') return Math.floor(wall / HOUR)
    if (unit === 'day') return day
    if (unit === 'week') return Math.floor((day - sinceWeekStart(day)) / 7)
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth()
    return Math.floor(month / { month: 1, quarter: 3, year: 12 }[unit])
  }
  // 1970-01-01 was a Thursday, the fourth day.
  const sinceWeekStart = (day: number) => (((day + 3 - (weekStart - 1)) % 7) + 7) % 7
  const indexOf = (at: Instant) => ofWall(at + offsetOf(zone, at))
  const wallStart = (index: number): number => {
    if (unit === 'hour') return index * HOUR
    if (unit === 'day') return index * DAY + lead
    if (unit === 'week') {
      let day = index * 7
      while (Math.floor((day - sinceWeekStart(day)) / 7) < index) day++
      return day * DAY + lead
    }
    const month = index * { month: 1, quarter: 3, year: 12 }[unit]
    return Date.UTC(Math.floor(month / 12), month - Math.floor(month / 12) * 12) + lead
  }
  const found = new Map<string, number>()
  /** The first minute from which `holds`, near where the wall shows `wall`: looked for minute by minute. */
  const edge = (key: string, wall: number, last: boolean, holds: (at: Instant) => boolean): Instant => {
    const known = found.get(key)
    if (known !== undefined) return known
    const about = wall - offsetOf(zone, wall)
    // A clock may be a day ahead of what it was; steps of minutes only where quarters of an hour have found it.
    const reach = 27 * HOUR
    let at: Instant
    if (last) {
      at = about + reach
      while (!holds(at - 15 * MINUTE)) at -= 15 * MINUTE
      while (!holds(at - MINUTE)) at -= MINUTE
    } else {
      at = about - reach
      while (!holds(at + 15 * MINUTE - MINUTE) && !holds(at)) at += 15 * MINUTE
      while (!holds(at)) at += MINUTE
    }
    found.set(key, at)
    return at
  }
  return {
    indexOf,
    /** The first instant at which the wall shows this period or a later one. */
    startOf: (index: number): Instant =>
      edge(`start ${index}`, wallStart(index), false, (at) => indexOf(at) >= index),
    /** From when on it never shows it, or an earlier one, again. */
    endOf: (index: number): Instant =>
      edge(`end ${index}`, wallStart(index + 1), true, (at) => indexOf(at) <= index),
    nameOf: (index: number): string => {
      const wall = new Date(wallStart(index))
      const text = wall.toISOString()
      if (unit === 'hour') return text.slice(0, 13)
      if (unit === 'day' || unit === 'week') return text.slice(0, 10)
      if (unit === 'month') return text.slice(0, 7)
      return unit === 'year'
        ? text.slice(0, 4)
        : `${text.slice(0, 4)}-Q${Math.floor(wall.getUTCMonth() / 3) + 1}`
    },
    offsetAt: (at: Instant) => offsetOf(zone, at),
  }
}

interface SlowOptions {
  readonly asOf: Instant
  readonly since?: Instant
  readonly until?: Instant
  readonly upTo?: number
  readonly tolerance?: number
  readonly gaps?: readonly { readonly from: Instant; readonly to?: Instant; readonly event?: string }[]
}
type Data = Readonly<Record<string, string | number | undefined>>
type Value = string | number | boolean | null

interface Pattern {
  readonly event?: string | readonly string[]
  readonly where?: Readonly<Record<string, string>>
}
const patternsOf = (choice: unknown): readonly Pattern[] =>
  (Array.isArray(choice) ? choice : [choice]).map((one) => (typeof one === 'string' ? { event: one } : one))
const typed = ({ event }: Pattern, type: string) => event === undefined || [event].flat().includes(type)
const equal = (where: Readonly<Record<string, string>> | undefined, { data }: AnyEvent) =>
  Object.entries(where ?? {}).every(([field, value]) => (data as Data)[field] === value)
const chosen = (choice: unknown, event: AnyEvent) =>
  patternsOf(choice).some((one) => typed(one, event.type) && equal(one.where, event))

interface Entry {
  readonly subject: string
  readonly cohort: number
  readonly at: Instant
  readonly value: Value
}

const compare = (a: Value, b: Value) =>
  a === b
    ? 0
    : a === null
      ? 1
      : b === null
        ? -1
        : typeof a !== typeof b
          ? typeof a < typeof b
            ? -1
            : 1
          : a < b
            ? -1
            : 1

/** Columns by first and last offset. */
function stretches(measure: RetentionMeasure, last: number): readonly (readonly [number, number])[] {
  if (typeof measure !== 'object' || !('brackets' in measure))
    return Array.from({ length: last + 1 }, (_, offset) => [offset, offset])
  const found: [number, number][] = [[0, 0]]
  for (const size of measure.brackets) {
    const from = found.at(-1)![1] + 1
    if (from <= last) found.push([from, from + size - 1])
    else break
  }
  return found
}

const through = (from: number, to: number) =>
  Array.from({ length: Math.max(to - from + 1, 0) }, (_, i) => from + i)

/** Whether these active offsets are what the measure asks of a column. */
function marks(
  measure: RetentionMeasure,
  active: ReadonlySet<number>,
  [from, to]: readonly [number, number],
) {
  const any = (first: number, last: number) => [...active].some((offset) => offset >= first && offset <= last)
  if (measure === 'on-or-after') return any(from, Infinity)
  if (from === 0 || measure === 'on') return active.has(from)
  if (measure === 'on-or-before') return any(1, from)
  if (measure === 'consecutive') return through(1, from).every((offset) => active.has(offset))
  if ('atLeast' in measure)
    return through(1, from).filter((offset) => active.has(offset)).length >= measure.atLeast
  return any(from, measure.each === 'on-or-after' ? Infinity : to)
}

/** The table that a definition asks for, with the names behind every cell. */
export function slowRetention(
  definition: RetentionDefinition,
  events: readonly AnyEvent[],
  options: SlowOptions,
) {
  const {
    entryRule = 'first-matching',
    measure = 'on',
    minimum = 1,
    clock = 'calendar',
    breakdown,
    sum,
  } = definition
  const { asOf, since, until, upTo = Infinity, gaps = [], tolerance = 0 } = options
  const where = definition.where as Readonly<Record<string, string>> | undefined
  const calendar = definition.calendar as SlowCalendar
  const periods = slowPeriods(calendar, definition.period)
  const days = slowPeriods(calendar, 'day')
  const length = clock === 'calendar' ? 0 : lengthOf(clock.elapsed)
  const truncate: string | undefined = clock === 'calendar' ? undefined : clock.truncate
  const looked = events.filter((event) => equal(where, event))
  const matters = looked.filter(
    (event) => chosen(definition.entry, event) || chosen(definition.activity, event),
  )
  const known = looked.filter(({ occurredAt }) => occurredAt <= asOf)

  const shown = latestShown(periods, asOf)
  let [over, last] = [shown, shown]
  while (periods.endOf(over) > asOf) over--
  // Of whole periods, those that were open when something later came are left out.
  if ((definition.keep ?? 'periods') !== 'instants' && matters.some(({ occurredAt }) => occurredAt > asOf))
    while (periods.endOf(last) - 1 > asOf) last--
  const counted = known.filter(({ occurredAt }) => periods.indexOf(occurredAt) <= last)
  const arrivals = counted.filter((event) => chosen(definition.entry, event))
  const firsts = arrivals.map(({ occurredAt }) => periods.indexOf(occurredAt))
  const first =
    since === undefined ? (firsts.length === 0 ? undefined : Math.min(...firsts)) : periods.indexOf(since)
  if (first === undefined || first > last) return { cohorts: [], groups: [] }
  const end = Math.min(last, until === undefined ? last : periods.indexOf(until))

  const seenBy = (at: Instant) => {
    if (truncate === 'day') return days.indexOf(at) * DAY
    if (truncate === undefined) return at
    const wall = at + periods.offsetAt(at)
    return at - (wall - Math.floor(wall / HOUR) * HOUR)
  }
  const dayOver = () => {
    let day = days.indexOf(asOf)
    while (days.endOf(day) > asOf) day--
    return day
  }
  /** Everything before this, on the scale of `seenBy`, has passed. */
  const passed = truncate === 'day' ? (dayOver() + 1) * DAY : seenBy(asOf)
  const begun = (cohort: number) =>
    clock === 'calendar'
      ? last - cohort
      : Math.floor(
          ((truncate === 'day' ? latestShown(days, asOf) * DAY : seenBy(asOf)) -
            seenBy(periods.startOf(cohort))) /
            length,
        )

  const entriesOf = (within: readonly AnyEvent[]): readonly Entry[] =>
    [...new Set(within.map(({ subject }) => subject))].flatMap((subject) => {
      const own = within
        .filter((event) => event.subject === subject && chosen(definition.entry, event))
        .map((event) => ({
          subject,
          cohort: periods.indexOf(event.occurredAt),
          at: event.occurredAt,
          value: breakdown?.of === 'entry' ? fieldOf(event, breakdown.field) : null,
        }))
        .sort((a, b) => a.at - b.at || compare(a.value, b.value))
      if (entryRule === 'recurring')
        return own.filter((one, i) => own.findIndex(({ cohort }) => cohort === one.cohort) === i)
      const filters = patternsOf(definition.entry).some((one) => one.where !== undefined)
      if (entryRule === 'first-ever' && filters) {
        const ever = within.filter(
          (event) =>
            event.subject === subject && patternsOf(definition.entry).some((one) => typed(one, event.type)),
        )
        const at = Math.min(...ever.map(({ occurredAt }) => occurredAt))
        return own.filter((one) => one.at === at).slice(0, 1)
      }
      const able = own.filter(({ cohort }) => entryRule !== 'first-in-window' || cohort >= first)
      const least = Math.min(...able.map(({ cohort }) => cohort))
      return able.filter(({ cohort }) => clock !== 'calendar' || cohort === least).slice(0, 1)
    })

  const tableOf = (within: readonly AnyEvent[], wanted?: Value) => {
    const entries = entriesOf(within).filter(({ value }) => wanted === undefined || value === wanted)
    return through(first, end).map((cohort) => {
      const members = entries.filter((entry) => entry.cohort === cohort)
      const cells = stretches(measure, Math.min(Math.max(begun(first), 0), upTo)).flatMap(([from, to]) => {
        if (from > begun(cohort)) return []
        const ends = (entry: Entry) =>
          clock === 'calendar' ? cohort + to <= over : seenBy(entry.at) + (to + 1) * length <= passed
        const offsetsOf = (entry: Entry) =>
          within
            .filter((event) => event.subject === entry.subject && chosen(definition.activity, event))
            .filter(({ occurredAt }) => clock === 'calendar' || occurredAt >= entry.at)
            .map((event) => ({
              event,
              offset:
                clock === 'calendar'
                  ? periods.indexOf(event.occurredAt) - cohort
                  : Math.floor((seenBy(event.occurredAt) - seenBy(entry.at)) / length),
            }))
            .filter(({ offset }) => offset >= 0)
        const hit = (entry: Entry) => {
          if (from === 0 && definition.cellZero === 'everybody') return true
          const found = offsetsOf(entry).map(({ offset }) => offset)
          const active = new Set(
            found.filter((offset) => found.filter((one) => one === offset).length >= minimum),
          )
          return marks(measure, active, [from, to])
        }
        const matured = members.filter(ends)
        const hits = members.filter(hit)
        const everybody = definition.eligibility === 'everybody'
        const window = windowOf(cohort, from, to)
        const skipped =
          clock === 'calendar' &&
          measure === 'on' &&
          periods.endOf(cohort + from) <= periods.startOf(cohort + from)
        const coverage = skipped ? 0 : covered(gaps, definition.activity, window)
        const done =
          clock === 'calendar'
            ? cohort + to <= over
            : periods.endOf(cohort) <= asOf &&
              (members.length > 0
                ? matured.length === members.length
                : periods.endOf(cohort) + (to + 1) * length <= asOf)
        const state = 1 - coverage > tolerance ? 'unobserved' : done ? 'complete' : 'incomplete'
        const eligible = everybody ? members : matured
        const retained = eligible.filter((entry) => hits.includes(entry))
        const names = (list: readonly Entry[]) => list.map(({ subject }) => subject).sort()
        return [
          {
            offset: from,
            to,
            period: clock === 'calendar' ? periods.nameOf(cohort + from) : null,
            n: members.length,
            eligible: eligible.length,
            retained: retained.length,
            seen: hits.length,
            state,
            coverage,
            maturity: members.length === 0 ? (state === 'complete' ? 1 : 0) : matured.length / members.length,
            rate:
              state === 'unobserved'
                ? 'not-observed'
                : members.length === 0
                  ? 'no-trials'
                  : eligible.length === 0
                    ? 'not-over'
                    : retained.length / eligible.length,
            ...(sum !== undefined && {
              total: members
                .flatMap((entry) => offsetsOf(entry).filter(({ offset }) => offset === from))
                .reduce((total, { event }) => total + Number((event.data as Data)[sum] ?? 0), 0),
            }),
            people: {
              retained: names(matured.filter((entry) => hits.includes(entry))),
              lost: names(matured.filter((entry) => !hits.includes(entry))),
              early: names(members.filter((entry) => !matured.includes(entry) && hits.includes(entry))),
              pending: names(members.filter((entry) => !matured.includes(entry) && !hits.includes(entry))),
            },
          },
        ]
      })
      return { cohort: periods.nameOf(cohort), size: members.length, cells }
    })
  }
  const windowOf = (cohort: number, offset: number, to: number) => {
    const open =
      measure === 'on-or-after' ||
      (typeof measure === 'object' && 'each' in measure && measure.each === 'on-or-after')
    const cumulative =
      ['on-or-before', 'consecutive'].includes(measure as string) ||
      (typeof measure === 'object' && 'atLeast' in measure)
    const begin = cumulative && offset > 0 ? 1 : offset
    const from =
      clock === 'calendar' ? periods.startOf(cohort + begin) : periods.startOf(cohort) + begin * length
    const to1 = clock === 'calendar' ? periods.endOf(cohort + to) : periods.endOf(cohort) + (to + 1) * length
    return { from, to: open ? Math.max(asOf + 1, from + 1) : Math.min(to1, asOf + 1) }
  }
  const field = breakdown?.field ?? ''
  const values = [
    ...new Set((breakdown === undefined ? [] : counted).map((event) => fieldOf(event, field))),
  ].sort(compare)
  const groups = values.flatMap((value) => {
    const cohorts =
      breakdown!.of === 'entry'
        ? tableOf(counted, value)
        : tableOf(counted.filter((event) => fieldOf(event, field) === value))
    return cohorts.some(({ size }) => size > 0) ? [{ value, cohorts }] : []
  })
  return { cohorts: tableOf(counted), groups }
}

const fieldOf = ({ data }: AnyEvent, field: string): Value => (data as Data)[field] ?? null

function latestShown(periods: ReturnType<typeof slowPeriods>, at: Instant): number {
  let index = periods.indexOf(at)
  while (periods.startOf(index + 1) <= at) index++
  return index
}

function lengthOf(elapsed: object): number {
  const { hours = 0, days = 0, minutes = 0 } = elapsed as Readonly<Record<string, number>>
  return minutes * MINUTE + hours * HOUR + days * DAY
}

/** The share of a window in which nothing that was chosen was lost, piece by piece between all edges. */
function covered(
  gaps: NonNullable<SlowOptions['gaps']>,
  choice: unknown,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const hides = gaps.filter(
    ({ event }) => event === undefined || patternsOf(choice).some((pattern) => typed(pattern, event)),
  )
  const edges = [from, to, ...hides.flatMap((gap) => [gap.from, gap.to ?? to])]
    .filter((edge) => edge >= from && edge <= to)
    .sort((a, b) => a - b)
  let hidden = 0
  for (const [i, edge] of edges.entries()) {
    const next = edges[i + 1] ?? edge
    if (next > edge && hides.some((gap) => gap.from <= edge && (gap.to ?? Infinity) >= next))
      hidden += next - edge
  }
  return hidden === 0 ? 1 : 1 - hidden / (to - from)
}
