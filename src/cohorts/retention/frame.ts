import { fault } from '../../kernel/errors.js'
import type { Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import {
  horizonOf,
  type ReadingOptions,
  type ReadReading,
  readReading,
} from '../../measures/activity/as-of.js'
import type { ActivityPartial, Collected } from '../../measures/activity/collected.js'
import { earliestPeriod } from '../../measures/period-sets.js'
import { elapsedClock } from './elapsed-clock.js'
import type { EntryRule, Settings } from './settings.js'

/** As of when, which part of it, and how sure. `since`: the entry rule `first-in-window` needs it. */
export interface RetentionOptions extends ReadingOptions {
  /** The last cohort is that of the period in which this lies; that of `asOf` unless told. */
  readonly until?: Instant
  /** The last offset that is shown; all there are unless told. */
  readonly upTo?: number
}

/** Options with nothing left open but which part. */
export type ReadOptions = RetentionOptions & ReadReading

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(options: RetentionOptions, entryRule: EntryRule): ReadOptions {
  const read = readReading(options, ['until', 'upTo'])
  const { upTo } = read
  checkCohorts(read, entryRule)
  if (upTo !== undefined && !(Number.isSafeInteger(upTo) && upTo >= 0))
    throw fault('out-of-range', '$.upTo', upTo, 'a whole number from 0')
  return read
}

/** Refuses a range of cohorts that does not hold, or that the entry rule needs and does not get. */
export function checkCohorts(
  { since, until }: Pick<RetentionOptions, 'since' | 'until'>,
  entryRule: EntryRule | undefined,
): void {
  if (until !== undefined) checkInstant(until, '$.until')
  if (until !== undefined && since !== undefined && until < since)
    throw fault('out-of-range', '$.until', until, 'at or after since')
  if (since === undefined && entryRule === 'first-in-window')
    throw fault('missing', '$.since', since, 'where the window of first-in-window begins')
}

/** Which people, which periods, and up to when. */
export interface Frame {
  /** Cohorts, both included. */
  readonly first: number
  readonly last: number
  /** The last period of which events count, and the last that has passed. */
  readonly through: number
  readonly over: number
  readonly asOf: Instant
  readonly columns: readonly Column[]
}

/** What a column of the table spans, as offsets; `to` is Infinity where it never ends. */
export interface Column {
  readonly from: number
  readonly to: number
}

/** More cells are no table; an event dated by mistake is the usual cause. */
const mostCells = 1_000_000

/** Which rows and columns there are; nothing where there is no cohort. */
export function frameOf(
  partial: ActivityPartial,
  settings: Settings,
  options: ReadOptions,
): Frame | undefined {
  const { periods, measure } = settings
  const { asOf, since, until, upTo = Infinity } = options
  const { through, over } = horizonOf(partial, periods, asOf)
  const first = since === undefined ? firstCohort(partial.all, settings, asOf) : periods.indexOf(since)
  if (first === undefined || first > through) return undefined
  const last = Math.min(through, until === undefined ? through : periods.indexOf(until))
  const elapsed = elapsedClock(settings)
  const begun =
    elapsed === undefined ? through - first : elapsed.begunBy(asOf, elapsed.seenBy(periods.startOf(first)))
  const columns = columnsOf(measure, Math.min(Math.max(begun, 0), upTo, mostCells) + 1)
  const cells = (last - first + 1) * columns.length
  if (cells > mostCells)
    throw fault(
      'too-large',
      '$.since',
      since,
      `since, until or upTo, for at most ${mostCells} cells of ${cells}`,
    )
  return { first, last, through, over, asOf, columns }
}

/** The first period in which anybody entered. */
function firstCohort(
  { entries, activity, instants }: Collected,
  { periods }: Settings,
  asOf: Instant,
): number | undefined {
  const sets = entries ?? activity
  if (sets !== null) return earliestPeriod(sets)
  let first = Infinity
  for (const own of instants ?? []) {
    for (let i = 0; i < (own?.length ?? 0); i += 3) {
      if (own[i]! <= asOf && own[i + 1]! % 2 === 1) first = Math.min(first, periods.indexOf(own[i]!))
    }
  }
  return first === Infinity ? undefined : first
}

/** The last offset whose time has come for anybody of a cohort. */
export function lastBegun(cohort: number, settings: Settings, { through, asOf }: Frame): number {
  const elapsed = elapsedClock(settings)
  if (elapsed === undefined) return through - cohort
  return elapsed.begunBy(asOf, elapsed.seenBy(settings.periods.startOf(cohort)))
}

/** The columns of a measure, `count` of them at most. */
function columnsOf(measure: Settings['measure'], count: number): readonly Column[] {
  if (typeof measure !== 'object' || !('brackets' in measure))
    return Array.from({ length: count }, (_, offset) => ({ from: offset, to: offset }))
  const columns = [{ from: 0, to: 0 }]
  let from = 1
  for (const size of measure.brackets) {
    if (from >= count) break
    columns.push({ from, to: from + size - 1 })
    from += size
  }
  return columns
}
