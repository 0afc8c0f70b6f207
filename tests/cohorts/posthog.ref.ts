import { readFileSync } from 'node:fs'
import { defineRetention, type RetentionDefinition, retentionPreset } from 'liuliang/cohorts'
import {
  type AnyEvent,
  calendarOf,
  collect,
  defineEvents,
  type Instant,
  instant,
  integer,
  type PeriodUnit,
  periodsOf,
  text,
} from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

interface Case {
  readonly id: string
  readonly params: {
    readonly timeZone: string
    readonly period: PeriodUnit
    readonly mode: 'calendar' | 'elapsed24h'
    readonly entry: 'recurring' | 'firstMatching' | 'firstEver'
    readonly measure: 'on' | 'onOrAfter'
    readonly minReturnEvents: number
    readonly start: Pattern
    readonly return: Pattern
    readonly filter?: Readonly<Record<string, string>>
    readonly dateFrom?: string
    readonly dateTo: string
    readonly intervals: number
    readonly eventTimesAreLocal?: boolean
    readonly breakdown?: string
    readonly property?: string
    readonly brackets?: readonly number[]
  }
  readonly events: readonly {
    readonly user: string
    readonly at: string
    readonly event: string
    readonly props?: Readonly<Record<string, string | number>>
  }[]
  readonly expected: {
    readonly counts?: readonly (readonly number[])[]
    readonly firstRow?: string
    readonly byValue?: Readonly<Record<string, readonly (readonly number[])[]>>
    readonly values?: readonly (readonly number[])[]
    readonly cells?: readonly (readonly [number, number, number])[]
    readonly calendarCells?: readonly (readonly [number, number, number])[]
    readonly rows?: Readonly<Record<string, readonly number[]>>
  }
}
interface Pattern {
  readonly event?: string
  readonly props?: Readonly<Record<string, string>>
}

const fixture = new URL('../fixtures/posthog-retention/expected.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { readonly cases: readonly Case[] }

const props = {
  t: text().optional(),
  prop: text().optional(),
  source: text().optional(),
  browser: text().optional(),
  $some_property: text().optional(),
  revenue: integer().optional(),
}
const names = ['$pageview', '$user_signed_up', '$some_event', 'target_event', 'returning_event']
const shop = defineEvents(Object.fromEntries(names.map((name) => [name, props] as const)))

const patternOf = ({ event, props: where }: Pattern) => ({
  ...(event !== undefined && { event }),
  ...(where !== undefined && { where }),
})

/** PostHog's parameters as options of its preset. */
function definitionOf(
  { params }: Case,
  clock: 'calendar' | 'elapsed24h',
): RetentionDefinition<typeof shop.events> {
  const rules = { recurring: 'recurring', firstMatching: 'first-matching', firstEver: 'first-ever' } as const
  const measure = params.measure === 'on' ? 'on' : 'on-or-after'
  return retentionPreset(clock === 'elapsed24h' ? 'posthog-24-hour' : 'posthog', {
    id: 'posthog',
    version: 1,
    calendar: { zone: params.timeZone },
    events: shop,
    period: params.period,
    entry: patternOf(params.start),
    entryRule: rules[params.entry],
    activity: patternOf(params.return),
    minimum: params.minReturnEvents,
    measure: params.brackets === undefined ? measure : { brackets: params.brackets, each: measure },
    ...(params.filter !== undefined && { where: params.filter }),
    ...(params.breakdown !== undefined && { breakdown: params.breakdown }),
    ...(params.property !== undefined && { sum: params.property }),
  })
}

function resultOf(one: Case, clock: 'calendar' | 'elapsed24h') {
  const { params } = one
  const definition = definitionOf(one, clock)
  const retention = defineRetention(definition)
  const calendar = calendarOf(definition.calendar)
  const periods = periodsOf(calendar, params.period)
  const at = (time: string): Instant => {
    const utc = instant(`${time.slice(0, 19)}Z`)
    return params.eventTimesAreLocal === true ? utc - calendar.offsetAt(utc) : utc
  }
  const events = one.events.map(
    (event, i): AnyEvent => ({
      id: String(i),
      type: event.event,
      subject: event.user,
      occurredAt: at(event.at),
      data: event.props ?? {},
    }),
  )
  // Both ends are rounded outwards to whole periods of the team's zone, in which they are given.
  const local = (time: string) => {
    const utc = instant(`${time.slice(0, 19)}Z`)
    return utc - calendar.offsetAt(utc)
  }
  const last = periods.indexOf(local(params.dateTo))
  const first =
    params.dateFrom === undefined ? last - params.intervals + 1 : periods.indexOf(local(params.dateFrom))
  const options = {
    asOf: periods.endOf(last) - 1,
    since: periods.startOf(first),
    upTo: params.brackets === undefined ? params.intervals - 1 : 1000,
  }
  return retention.result(collect(retention, events), options)
}

type Cohorts = ReturnType<typeof resultOf>['cohorts']
const padded = (cohorts: Cohorts, width: number, of: (cell: Cohorts[number]['cells'][number]) => number) =>
  cohorts.map(({ cells }) =>
    Array.from({ length: width }, (_, k) => (cells[k] === undefined ? 0 : of(cells[k]))),
  )

describe('retention as PostHog counts it', () => {
  test('there are 26 cases', () => expect(cases.length).toBe(26))

  test.each(cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const { expected, params } = one
    const { cohorts, groups } = resultOf(one, params.mode)
    const width = params.intervals
    if (expected.counts)
      expect(padded(cohorts, width, ({ seen }) => seen)).toEqual(
        expected.counts.map((row) => [...row, ...Array(width - row.length).fill(0)]),
      )
    if (expected.firstRow)
      expect(cohorts[0]!.cohort).toBe(expected.firstRow.slice(0, cohorts[0]!.cohort.length))
    if (expected.byValue) {
      const found = Object.fromEntries(
        groups.map(({ value, cohorts }) => [String(value), padded(cohorts, width, ({ seen }) => seen)]),
      )
      expect(found).toEqual(expected.byValue)
    }
    if (expected.values)
      expect(padded(cohorts, width, ({ total }) => total as number)).toEqual(expected.values)
    for (const [mode, cells] of [
      [params.mode, expected.cells],
      ['calendar', expected.calendarCells],
    ] as const) {
      if (cells === undefined) continue
      const found = resultOf(one, mode).cohorts.flatMap(({ cells }, row) =>
        cells.flatMap(({ offset, seen }) => (seen > 0 ? [[row, offset, seen]] : [])),
      )
      // The calendar's cells are listed for its first rows only: person2 also starts a row on 12 June.
      const rows = mode === params.mode ? Infinity : Math.max(...cells.map(([row]) => row))
      expect(found.filter(([row]) => row! <= rows)).toEqual(cells.filter(([, , count]) => count > 0))
    }
    for (const [row, counts] of Object.entries(expected.rows ?? {})) {
      expect(cohorts[Number(row)]!.cells.map(({ seen }) => seen)).toEqual(counts)
    }
  })
})
