import { fault } from '../../kernel/errors.js'
import type { EventSpecs, PeriodUnit } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { type ReadingOptions, readReading, untracked } from '../../measures/activity/as-of.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import {
  type ActivityAggregate,
  type ActivityDefinition,
  type ActivityReading,
  activityCollector,
  headOf,
  readAgreed,
  verbsOf,
} from '../../measures/activity/definition.js'
import type { EventChoice } from '../../measures/activity/event-choice.js'
import { mostPeriods, spineOf } from '../../measures/activity/spine.js'
import { atLeastOne, one } from '../../measures/definition-head.js'
import {
  firstPeriod,
  lastPeriod,
  longestRun,
  type PeriodSets,
  periodsActive,
  runUpTo,
} from '../../measures/period-sets.js'

/**
 * Whose activity is looked at, and over how many periods. Plain data but for the catalogue.
 *
 * @example
 * const readers: StickinessDefinition = {
 *   id: 'readers', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'day', activity: 'post-read',
 *   windows: { week: 7, month: 28 }, windowIncludes: 'the-period',
 * }
 */
export interface StickinessDefinition<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** `day` for DAU, WAU and MAU. */
  readonly period: PeriodUnit
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** Trailing windows by name, in periods: `{ week: 7, month: 28 }`. A month of 30 days is another number than one of 28. */
  readonly windows: { readonly [name: string]: number }
  /** Whether a window ends with the period itself (so that the ratio is a share) or with the one before. */
  readonly windowIncludes: 'the-period' | 'periods-before'
}

/** Who is active how often, as of an instant. */
export interface Stickiness extends ActivityReading {
  /** Every period from the first with anybody in it. */
  readonly periods: readonly StickinessRow[]
  /** At the last period: how many people were active in how many periods of each window that ends with it (L28); who was in none is left out. */
  readonly histograms: { readonly [window: string]: readonly PeopleCount[] }
  /** At the last period: how many periods ago people were last active; 0 is in it. */
  readonly recency: readonly PeopleCount[]
  /** At the last period: how many people are in a run of how many periods that ends with it; who is in none is left out. */
  readonly runs: readonly PeopleCount[]
  /** The longest run of each person up to then. */
  readonly longestRuns: readonly PeopleCount[]
  /** Where `asOf` lies in a period of which only whole periods were kept, it is left out. */
  readonly leftOut: string | null
}

/** So many people at a number of periods. */
export interface PeopleCount {
  readonly periods: number
  readonly people: number
}

/** One period and the windows that end with it. */
export interface StickinessRow {
  /** `2024-03-05`. */
  readonly period: string
  /** How many people were active in it (DAU, where periods are days). */
  readonly active: number
  /** How many were active in each trailing window (WAU, MAU). */
  readonly trailing: { readonly [window: string]: number }
  /** Active in the period of those active in the window (DAU/MAU). */
  readonly ratios: { readonly [window: string]: StickinessRatio }
  /**
   * `provisional`: the period has not passed. `short`: a window begins before anything was seen, so that it may be cut short.
   * `unobserved`: events were not tracked for part of a window.
   */
  readonly state: 'complete' | 'provisional' | 'short' | 'unobserved'
}

/** A share of people; of an empty window there is none. */
export type StickinessRatio =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-active' }

/** What `defineStickiness` makes; its partials are those of growth accounting with the same activity and period. */
export interface StickinessAggregate
  extends ActivityAggregate<StickinessDefinition, Stickiness, ReadingOptions> {}

/**
 * DAU, WAU, MAU and their ratios by trailing windows of stated length, L28, recency and runs: other readings of the same bits as
 * retention and growth.
 *
 * @throws DefinitionError for settings and options that do not hold, with their path; `too-large` for more than 100,000 periods.
 * @example
 * readers.result(collect(readers, events), { asOf }).periods.at(-1)
 * // => { period: '2011-12-09', active: 39, trailing: { week: 507, month: 1580 }, ratios: { … }, state: 'complete' }
 */
export function defineStickiness<E extends EventSpecs = EventSpecs>(
  definition: StickinessDefinition<E>,
): StickinessAggregate {
  const { agreed, collector, periods } = readStickiness(definition as unknown as StickinessDefinition)
  const head = headOf(agreed)
  const windows = Object.entries(agreed.windows)
  const lag = agreed.windowIncludes === 'the-period' ? 0 : 1

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const read = readReading(options)
      const { asOf, gaps, tolerance } = read
      const { horizon, sets, begin, first, length } = spineOf(collector.own(partial), periods, read)
      const { through, over, blurred } = horizon
      const active = reached(sets, first, length, 1, 0)
      const trailing = windows.map(([, size]) => reached(sets, first, length, size, lag))
      const longest = windows.reduce((most, [, size]) => Math.max(most, size), 0)
      const rows = Array.from({ length }, (_, i): StickinessRow => {
        const index = first + i
        const earliest = index - lag - longest + 1
        const span = { from: periods.startOf(earliest), to: Math.min(periods.endOf(index), asOf + 1) }
        const people = trailing.map((counts) => counts[i]!)
        return {
          period: periods.nameOf(index),
          active: active[i]!,
          trailing: named(people),
          ratios: named(people.map((count) => ratioOf(active[i]!, count))),
          state:
            1 - coverageOf(gaps, agreed.activity, span) > tolerance
              ? 'unobserved'
              : index > over
                ? 'provisional'
                : begin === undefined || earliest < begin
                  ? 'short'
                  : 'complete',
        }
      })
      return {
        ...head(asOf, untracked(read)),
        periods: rows,
        histograms: named(
          windows.map(([, size]) =>
            histogram(sets, (row) => periodsActive(sets, row, through - lag - size + 1, through - lag) || -1),
          ),
        ),
        recency: histogram(sets, (row) => {
          const last = lastPeriod(sets, row, through)
          return last === undefined ? -1 : through - last
        }),
        runs: histogram(sets, (row) => runUpTo(sets, row, through) || -1),
        longestRuns: histogram(sets, (row) => longestRun(sets, row, sets.base, through) || -1),
        leftOut: blurred ? periods.nameOf(through + 1) : null,
      }

      function named<T>(values: readonly T[]): { readonly [window: string]: T } {
        return Object.fromEntries(windows.map(([name], i) => [name, values[i]!]))
      }
      function histogram(people: PeriodSets, numberOf: (row: number) => number): readonly PeopleCount[] {
        const counts = new Map<number, number>()
        for (let row = 0; row < people.rows; row++) {
          const number = numberOf(row)
          const here = firstPeriod(people, row)
          if (number < 0 || here === undefined || here > through) continue
          counts.set(number, (counts.get(number) ?? 0) + 1)
        }
        return [...counts]
          .sort((a, b) => a[0] - b[0])
          .map(([count, many]) => ({ periods: count, people: many }))
      }
    },
  }
}

/** One line for each period and window, for tables and charts. */
export interface StickinessTableRow {
  readonly period: string
  readonly window: string
  readonly active: number
  readonly n: number
  readonly value: number | null
  readonly state: StickinessRow['state']
  readonly reason: 'nobody-active' | null
}

/**
 * Periods and windows as flat rows.
 *
 * @example
 * stickinessRows(stickiness)[0] // => { period: '2011-12-09', window: 'month', active: 39, n: 1580, value: 0.0247, … }
 */
export function stickinessRows({ periods }: Pick<Stickiness, 'periods'>): readonly StickinessTableRow[] {
  return periods.flatMap(({ period, active, trailing, ratios, state }) =>
    Object.keys(trailing).map((window): StickinessTableRow => {
      const ratio = ratios[window]!
      const known = ratio.kind === 'estimate'
      const n = trailing[window]!
      return {
        period,
        window,
        active,
        n,
        value: known ? ratio.value : null,
        state,
        reason: known ? null : ratio.reason,
      }
    }),
  )
}

const ratioOf = (active: number, people: number): StickinessRatio =>
  people === 0 ? { kind: 'undefined', reason: 'nobody-active' } : { kind: 'estimate', value: active / people }

/**
 * For each period, how many people were active in the `size` periods that end with it, or `lag` before. Every active period reaches
 * so many periods ahead; what an earlier one reached already is not counted again.
 */
function reached(sets: PeriodSets, first: number, length: number, size: number, lag: number): Float64Array {
  const changes = new Float64Array(length + 1)
  const last = first + length - 1
  for (let row = 0; row < sets.rows; row++) {
    let until = -Infinity
    for (
      let p = firstPeriod(sets, row, first - size - lag);
      p !== undefined && p + lag <= last;
      p = firstPeriod(sets, row, p + 1)
    ) {
      const from = Math.max(p + lag, until, first)
      until = p + lag + size
      if (until <= from) continue
      changes[from - first]! += 1
      if (until <= last) changes[until - first]! -= 1
    }
  }
  let people = 0
  for (let i = 0; i < length; i++) {
    people += changes[i]!
    changes[i] = people
  }
  return changes
}

function readStickiness(definition: StickinessDefinition) {
  const { agreed, events } = readAgreed(definition, ['activity', 'windows', 'windowIncludes'])
  const { windows, windowIncludes } = agreed
  if (!isRecord(windows)) throw fault('wrong-type', '$.windows', windows, '{ week: 7, month: 28 }')
  if (Object.keys(windows).length === 0)
    throw fault('missing', '$.windows', windows, '{ week: 7, month: 28 }')
  for (const [name, size] of Object.entries(windows)) {
    atLeastOne(size, `$.windows.${name}`)
    if ((size as number) > mostPeriods)
      throw fault('out-of-range', `$.windows.${name}`, size, `at most ${mostPeriods}`)
  }
  if (windowIncludes === undefined)
    throw fault('missing', '$.windowIncludes', undefined, "'the-period' or 'periods-before'")
  one(['the-period', 'periods-before'], windowIncludes, '$.windowIncludes')
  return { agreed, ...activityCollector(agreed, events) }
}
