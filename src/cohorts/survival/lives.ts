import { fault } from '../../kernel/errors.js'
import type { Instant, Periods } from '../../kernel/index.js'
import { firstInstant } from '../../kernel/instant.js'
import { activityAsOf } from '../../measures/activity/as-of.js'
import type { ActivityPartial, Collected } from '../../measures/activity/collected.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import { ACTIVE, ENTRY, TYPED } from '../../measures/activity/event-choice.js'
import type { SurvivalRecord } from '../../measures/index.js'
import { firstPeriod, lastPeriod, type PeriodSets } from '../../measures/period-sets.js'
import type { Settings } from '../retention/settings.js'
import type { Gap, ReadLifeOptions, ReturnRule } from './definition.js'

const DAY = 86_400_000

/** What one reading of a partial goes by. */
export interface Reading {
  readonly settings: Settings
  readonly gap: Gap
  readonly returning: ReturnRule
  /** The last period that has passed. */
  readonly over: number
  /** Of values by their number: who entered with two at one instant has the first of them. */
  readonly ranks: readonly number[]
  readonly options: ReadLifeOptions
}

/** What can be said at all, of whichever people: the same for every part of a partial. */
export interface Look {
  /** The last period in which an activity can be known to be the last. */
  readonly decidable: number
  /** The period with whose end a silence since a period is a gap; Infinity where that is not over. */
  readonly silentBy: (period: number) => number
  /** The first period of which all activity was tracked. */
  readonly watched: number
  readonly untracked: readonly number[]
}

/** A person's record, or why there is none. */
export interface Found {
  readonly row: number
  readonly cohort: number
  /** The number of the entry's value. */
  readonly value: number
  readonly returned: boolean
  readonly record: SurvivalRecord | 'undecided' | 'unseen'
}

/** Who entered, when. */
interface Arrival {
  readonly cohort: number
  readonly at: Instant
  readonly value: number
}

const mostPeriods = 100_000

/** Works out what can be said as of `asOf`, before anybody is looked at. */
export function lookAt({ all, groups }: ActivityPartial, reading: Reading): Look {
  const { settings, gap, over, options } = reading
  const { periods, agreed } = settings
  const { gaps, tolerance, asOf, watchedSince } = options
  const watched = watchedSince === undefined ? -Infinity : firstWhole(periods, watchedSince)
  if (gap.of === 'time') {
    const decidable = periods.indexOf(Math.max(asOf - gap.length, firstInstant))
    return { decidable, silentBy: () => Infinity, watched, untracked: [] }
  }
  const plainly = (period: number) => (period + gap.periods <= over ? period + gap.periods : Infinity)
  if (gaps.length === 0) return { decidable: over - gap.periods, silentBy: plainly, watched, untracked: [] }

  let first = over + 1
  for (const part of [all, ...groups.map((group) => group.part)]) {
    for (let row = 0; row < rowsOf(part); row++)
      first = Math.min(first, arrivalOf(part, row, reading)?.cohort ?? first)
  }
  if (over - first >= mostPeriods)
    throw fault('too-large', '$.since', over - first, `since, for at most ${mostPeriods} periods`)
  const tracked: number[] = []
  const untracked: number[] = []
  /** How many of the tracked periods come up to each. */
  const upTo = new Int32Array(Math.max(over - first + 1, 0))
  for (let period = first; period <= over; period++) {
    const span = { from: periods.startOf(period), to: periods.endOf(period) }
    const known = 1 - coverageOf(gaps, agreed.activity, span) <= tolerance
    const list = known ? tracked : untracked
    list.push(period)
    upTo[period - first] = tracked.length
  }
  return {
    decidable: (tracked[tracked.length - gap.periods] ?? first) - 1,
    silentBy: (period) => tracked[upTo[period - first]! + gap.periods - 1] ?? Infinity,
    watched,
    untracked,
  }
}

function firstWhole(periods: Periods, at: Instant): number {
  const index = periods.indexOf(at)
  return periods.startOf(index) >= at ? index : index + 1
}

const rowsOf = ({ entries, activity, instants }: Collected): number =>
  instants === null ? (entries ?? activity)!.rows : instants.length

export function* livesOf(collected: Collected, reading: Reading, look: Look): Generator<Found> {
  const sets = reading.gap.of === 'periods' ? wholePeriods(collected, reading) : undefined
  for (let row = 0; row < rowsOf(collected); row++) {
    const arrival = arrivalOf(collected, row, reading)
    if (arrival === undefined) continue
    const { cohort, value } = arrival
    const told =
      sets === undefined
        ? byInstants(collected.instants![row]!, arrival, reading)
        : byPeriods(sets, row, cohort, reading, look)
    yield { row, cohort, value, ...told }
  }
}

const wholePeriods = (collected: Collected, { settings, options }: Reading): PeriodSets =>
  activityAsOf(collected, settings.periods, options.asOf)

type Ending = Pick<Found, 'returned' | 'record'>

function byPeriods(sets: PeriodSets, row: number, cohort: number, reading: Reading, look: Look): Ending {
  const { over, returning } = reading
  const { decidable, silentBy, watched } = look
  const nextOf = (period: number) => {
    const next = row < sets.rows ? firstPeriod(sets, row, period) : undefined
    return next === undefined || next > over ? undefined : next
  }
  const late = cohort < watched
  const begin = late ? nextOf(watched) : cohort
  if (begin === undefined) return { returned: false, record: 'unseen' }
  if (Math.max(cohort, late ? watched : cohort) > decidable) return { returned: false, record: 'undecided' }

  let lapse: number | undefined
  let returned = false
  for (let at = begin; lapse === undefined; ) {
    const next = nextOf(at + 1)
    const silent = silentBy(at)
    if (silent <= over && (next === undefined || next > silent)) {
      lapse = at
      returned = next !== undefined
    } else if (next === undefined) break
    else at = next
  }
  const last =
    returning === 'first-lapse'
      ? lapse
      : Math.max(begin, (row < sets.rows ? lastPeriod(sets, row, over) : undefined) ?? begin)
  const event = last !== undefined && last <= decidable
  const entry = late ? { entry: watched - 1 - cohort } : {}
  return { returned, record: { time: (event ? last : decidable) - cohort, event, ...entry } }
}

function byInstants(own: readonly number[], { at: entered }: Arrival, reading: Reading): Ending {
  const { gap, options, returning } = reading
  const { asOf, watchedSince = -Infinity } = options
  const length = gap.of === 'time' ? gap.length : 0
  const decidable = asOf - length
  const late = entered < watchedSince
  const from = late ? watchedSince : entered
  const signs: number[] = late ? [] : [entered]
  for (let i = 0; i < own.length; i += 3)
    if (own[i]! > from && own[i]! <= asOf && (own[i + 1]! & ACTIVE) !== 0) signs.push(own[i]!)
  signs.sort((a, b) => a - b)
  if (signs.length === 0) return { returned: false, record: 'unseen' }
  if (from > decidable || (late && from === decidable)) return { returned: false, record: 'undecided' }
  let i = 0
  while (i + 1 < signs.length && signs[i + 1]! < signs[i]! + length) i++
  const lapsed = signs[i]! <= decidable
  const last = returning === 'first-lapse' ? signs[i]! : signs.at(-1)!
  const event = last <= decidable
  const entry = late ? { entry: (watchedSince - entered) / DAY } : {}
  return {
    returned: lapsed && i + 1 < signs.length,
    record: { time: ((event ? last : decidable) - entered) / DAY, event, ...entry },
  }
}

/** When a person entered, as retention has it; nobody who entered in a period that is not read. */
function arrivalOf(
  { entries, activity, instants }: Collected,
  row: number,
  reading: Reading,
): Arrival | undefined {
  const { settings, over, gap, options } = reading
  const { entryRule, periods } = settings
  const { asOf, since, until } = options
  const first = since === undefined ? -Infinity : periods.indexOf(since)
  const untilPeriod = until === undefined ? Infinity : periods.indexOf(until)
  const last = gap.of === 'periods' ? Math.min(over, untilPeriod) : untilPeriod
  const within = (arrival: Arrival) =>
    arrival.cohort >= first && arrival.cohort <= last ? arrival : undefined
  if (instants === null) {
    const cohort = firstPeriod(
      (entries ?? activity)!,
      row,
      entryRule === 'first-in-window' ? first : -Infinity,
    )
    return cohort === undefined ? undefined : within({ cohort, at: 0, value: 0 })
  }
  const own = instants[row] ?? []
  let ever = Infinity
  let found: Arrival | undefined
  for (let i = 0; i < own.length; i += 3) {
    const [at, mark] = [own[i]!, own[i + 1]!]
    if (at > asOf) continue
    if ((mark & TYPED) !== 0) ever = Math.min(ever, at)
    if ((mark & ENTRY) === 0) continue
    const arrival = { cohort: periods.indexOf(at), at, value: Math.floor(mark / 8) }
    if (entryRule === 'first-in-window' && arrival.cohort < first) continue
    if (found === undefined || comesBefore(arrival, found, reading)) found = arrival
  }
  if (found === undefined || (entryRule === 'first-ever' && found.at !== ever)) return undefined
  return within(found)
}

/** By the calendar the first period counts: clocks that were set back may have shown it after a later one. */
function comesBefore(a: Arrival, b: Arrival, { gap, ranks, settings }: Reading): boolean {
  const byPeriod = gap.of === 'periods' && settings.entryRule !== 'first-ever'
  if (byPeriod && a.cohort !== b.cohort) return a.cohort < b.cohort
  return a.at !== b.at ? a.at < b.at : ranks[a.value]! < ranks[b.value]!
}
