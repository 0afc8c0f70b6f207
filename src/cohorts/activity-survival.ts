import { checkDuration, exactLength } from '../kernel/duration.js'
import { fault } from '../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  canonical,
  type Duration,
  digestName,
  type EventSpecs,
  type Instant,
  isInstant,
  type Periods,
  type PeriodUnit,
  plain,
  type Sentence,
  type Where,
  zoneFingerprint,
} from '../kernel/index.js'
import { isRecord } from '../kernel/plain.js'
import {
  defineSurvival,
  type SurvivalCurve,
  type SurvivalPartial,
  type SurvivalRecord,
  type SurvivalTransform,
} from '../measures/index.js'
import { firstPeriod, lastPeriod, type PeriodSets } from '../measures/period-sets.js'
import { type ActivityAggregate, atLeastOne, checkHead, one, verbsOf } from './activity-definition.js'
import { activityAsOf, horizonOf, type ReadingOptions, type ReadReading, readReading } from './as-of.js'
import { type ActivityPartial, type Collected, collectorOf, type Keep, nameOf } from './collected.js'
import { coverageOf } from './coverage.js'
import { ACTIVE, ENTRY, type EventChoice, TYPED } from './event-choice.js'
import { byUnits, compareGroupValues, type GroupValue, ranksOf } from './group-value.js'
import {
  type EntryRule,
  type RetentionBreakdown,
  type RetentionDefinition,
  readSettings,
  type Settings,
} from './retention-settings.js'

/**
 * How long a silence has to be for somebody to count as gone.
 *
 * - `{ periods: n }`: n whole periods of the calendar without activity, all of them over.
 * - an exact duration, `{ hours: 720 }`: so much time after an activity without another; one at its very end comes too late.
 *
 * Dates are said as periods (`{ periods: 30 }` with period `day`). A duration of dates is refused: a month after 30 January 23:00
 * is later than a month after 31 January 01:00, so that nobody could say which activities are old enough to be judged.
 */
export type InactivityGap = { readonly periods: number } | Duration

/**
 * What a return after a gap means.
 *
 * - `first-lapse`: the first gap ends it, whatever comes later. What is decided stays decided as time goes on. Who paused and
 *   came back counts as gone, so that the curve lies below the share of those who will be seen again.
 * - `last-activity`: only the silence that lasts until now ends it; who came back was there all along. Gaps of long ago had the
 *   time to be forgiven and those of lately had not, so that the curve falls too fast near its end, and rises there when it is asked
 *   again later. Younger cohorts are hit sooner.
 *
 * `returned` says how many people are counted otherwise by the other rule.
 */
export type ReturnRule = 'first-lapse' | 'last-activity'

/** Who enters, what shows that they are there, and when they count as gone. Plain data but for the catalogue. */
export interface ActivitySurvivalDefinition<E extends EventSpecs = EventSpecs> {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  readonly calendar: CalendarDefinition
  /** Needed by filters and breakdowns, which read fields. */
  readonly events?: Catalogue<E>
  readonly where?: Where
  /** Cohorts are the people who entered in one period; with a gap of periods, times are counted in them. */
  readonly period: PeriodUnit
  readonly entry: EventChoice<NoInfer<keyof E & string>>
  /** As in retention, `first-matching` unless told; `recurring` is refused, as one person has one life. */
  readonly entryRule?: Exclude<EntryRule, 'recurring'>
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  readonly gap: InactivityGap
  readonly returning: ReturnRule
  readonly breakdown?: RetentionBreakdown
  /** What to remember; as little as the settings need unless told. */
  readonly keep?: Keep
}

/** As of when, and whose lives. */
export interface LifeOptions extends Omit<ReadingOptions, 'interval' | 'level'> {
  /** The last cohort is that of the period in which this lies. */
  readonly until?: Instant
  /**
   * Since when activity was tracked, where entries reach further back. Who entered before counts as at risk from the first whole
   * period after it (of elapsed time: from this instant) on, if they were active then or later (left truncation); of the others
   * nothing is known. With `last-activity` only: whether somebody lapsed before it cannot be seen.
   */
  readonly watchedSince?: Instant
}

/** As of when, and how curves are drawn. Gaps in tracking are no silence; with a gap of periods only. */
export interface ActivitySurvivalOptions extends LifeOptions {
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** On which scale intervals are made; as in `kaplanMeier`, there is no default. */
  readonly transform: SurvivalTransform
}

/** How long people stayed, as of an instant. */
export interface ActivitySurvival {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  /** Of the definition, what the zone's clocks do, `asOf`, `since`, `until` and `watchedSince`. */
  readonly fingerprint: string
  readonly zone: string
  readonly period: PeriodUnit
  readonly asOf: Instant
  /** In what times are measured: the period, or `day` of 24 hours where the gap is a duration. */
  readonly unit: string
  readonly returning: ReturnRule
  /** The last period that had passed; with a gap of periods nothing later is read. */
  readonly through: string
  /** The last period (of elapsed time: that of the last instant) in which an activity can be known to be somebody's last; `null` where nobody has a record. */
  readonly decidable: string | null
  readonly all: LifeTable
  /** One for each period in which anybody entered, ascending. */
  readonly cohorts: readonly (LifeTable & { readonly cohort: string })[]
  /** With a breakdown: one for each value, ascending, `null` (without one) last. */
  readonly groups: readonly (LifeTable & { readonly value: GroupValue })[]
  readonly warnings: readonly ActivitySurvivalWarning[]
}

/** How long some people stayed. */
export interface LifeTable {
  /** How many entered; `curve.n` of them have a record. */
  readonly entered: number
  /** Entered, or watched, only after the last decidable period: nobody can say yet, so they are in no curve. */
  readonly undecided: number
  /** Entered before `watchedSince` and not seen after it: nobody knows when they left, so they are in no curve. */
  readonly unseen: number
  /** Were silent for a whole gap and came back: gone by `first-lapse`, still there by `last-activity`. */
  readonly returned: number
  /** The records, counted by time: what `logRank` and `compareSurvival` take. */
  readonly counted: SurvivalPartial
  /**
   * The share that is active beyond each time. `survival` after t whole periods is the share active at offset t + 1 or later: within
   * one cohort, with `last-activity` and everything over, unbounded retention at t + 1.
   */
  readonly curve: SurvivalCurve
}

/** One person's life: how long until the last activity, or how long it is known to have been longer. */
export interface Life extends SurvivalRecord {
  readonly subject: string
  readonly cohort: string
  /** With a breakdown. */
  readonly value?: GroupValue
  /** Was silent for a whole gap and came back. */
  readonly returned: boolean
}

/** What a reader of the curves has to know. */
export interface ActivitySurvivalWarning {
  readonly code: ActivitySurvivalWarningCode
  /** The first period it speaks of, where it speaks of one. */
  readonly period?: string
  /** How many people, or periods, it is about. */
  readonly count?: number
}

export type ActivitySurvivalWarningCode =
  | 'nothing-decidable'
  | 'too-young'
  | 'returners-counted-gone'
  | 'returners-counted-there'
  | 'not-seen-since'
  | 'not-tracked'
  | 'first-in-window'

/** The warnings in words. */
export const activitySurvivalWarnings: Readonly<Record<ActivitySurvivalWarningCode, Sentence>> = {
  'nothing-decidable': {
    en: 'the gap reaches back before the first entry: of nobody can it be said whether they left',
    zh: '静默期长于全部观测时间：尚不能判断任何人是否已离开',
  },
  'too-young': {
    en: '{count} people came in {period} or later, too late to say whether they stay: they are in no curve',
    zh: '{count} 人自 {period} 起才进入，时间太短，尚不能判断去留，不计入曲线',
  },
  'returners-counted-gone': {
    en: '{count} people came back after a gap, and count as gone since it',
    zh: '{count} 人在静默期后又回来，按首次静默计为离开',
  },
  'returners-counted-there': {
    en: '{count} people came back after a gap, and count as there all along: late gaps had less time to end, so the end of the curve falls too fast',
    zh: '{count} 人在静默期后又回来，计为一直在：近期的静默还来不及结束，曲线末端下降偏快',
  },
  'not-seen-since': {
    en: '{count} people entered before activity was tracked and were not seen since: they are in no curve',
    zh: '{count} 人在开始采集之前进入，此后未再出现，不计入曲线',
  },
  'not-tracked': {
    en: '{count} periods from {period} on were not tracked: they count neither as activity nor as silence',
    zh: '自 {period} 起有 {count} 个周期未采集：既不算活跃，也不算静默',
  },
  'first-in-window': {
    en: 'who came before the window looks new in it',
    zh: '窗口之前来过的用户在这里也算作新用户',
  },
}

/** What `defineActivitySurvival` makes; its partials are those of retention that looks at the same events. */
export interface ActivitySurvivalAggregate
  extends ActivityAggregate<ActivitySurvivalDefinition, ActivitySurvival, ActivitySurvivalOptions> {
  /** Each person's record, by cohort, name and value. Names of people: whoever passes them on masks them. */
  lives(partial: ActivityPartial, options: LifeOptions): readonly Life[]
}

/**
 * Retention read as survival: how long people stay until they fall silent. Read from what retention and growth accounting collect.
 *
 * A life begins with the entry, which counts as a sign of life, and ends with the last activity before a `gap` of silence. It is
 * an event at that activity, not at the end of the gap, and can be known only up to a gap before `asOf`: who is not known to have left
 * by then is censored there, also if seen later. So everybody of one cohort is censored at the same time, whatever they do.
 *
 * With a gap of periods only whole periods that are over at `asOf` are read, so that everything kept gives the same answer; the
 * open period changes nothing. With a duration every instant is kept, and times are exact, in days of 24 hours.
 *
 * @throws DefinitionError for settings and options that do not hold, with their path; `too-large` where gaps in tracking would be looked
 * up in more than 100,000 periods; `other-definition` for a partial that was collected otherwise.
 * @see Kaplan & Meier (1958), "Nonparametric Estimation from Incomplete Observations".
 * @example
 * const staying = defineActivitySurvival({ id: 'staying', version: 1, calendar: { zone: 'UTC' }, period: 'month',
 *   entry: 'order-paid', activity: 'order-paid', gap: { periods: 2 }, returning: 'first-lapse' })
 * const read = staying.result(partial, { asOf: instant('2024-07-01T00:00:00Z'), transform: 'log-log' })
 * read.all.curve.rows.map(({ time, survival }) => [time, survival]) // => [[0, 0.5], [3, 0.5]]
 */
export function defineActivitySurvival<E extends EventSpecs = EventSpecs>(
  definition: ActivitySurvivalDefinition<E>,
): ActivitySurvivalAggregate {
  const { agreed, settings, gap } = readDefinition(definition as unknown as ActivitySurvivalDefinition)
  const { periods, collection, breakdown } = settings
  const collector = collectorOf(collection)
  const digest = digestName(canonical(agreed))
  const clocks = zoneFingerprint(agreed.calendar)
  const { returning } = agreed
  const unit = gap.of === 'periods' ? agreed.period : 'day'
  const survival = defineSurvival({ id: agreed.id, version: agreed.version, unit })

  const read = (partial: ActivityPartial, options: ReadLifeOptions): Reading => {
    const { over } = horizonOf(collector.own(partial), periods, options.asOf)
    return { settings, gap, returning, over, ranks: ranksOf(partial.values), options }
  }
  /** People of the whole, or of one value where values have people of their own. */
  const walk = (
    partial: ActivityPartial,
    reading: Reading,
    tell: (life: Found, value?: GroupValue) => void,
  ) => {
    const shared = lookAt(partial, reading)
    for (const life of livesOf(partial.all, reading, shared)) {
      tell(life)
      if (breakdown?.of === 'entry') tell(life, partial.values[life.value] ?? null)
    }
    for (const { value, part } of breakdown?.of === 'event' ? partial.groups : [])
      for (const life of livesOf(part, reading, shared)) tell(life, value)
    return shared
  }

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const given = readOptions(options, agreed, ['level', 'transform'])
      const { asOf, since, until, watchedSince, level } = given
      const reading = read(partial, given)
      const all = new Tally(survival)
      const cohorts = new Map<number, Tally>()
      const groups = new Map<GroupValue, Tally>()
      const shared = walk(partial, reading, (life, value) => {
        if (value !== undefined) return tallyOf(groups, value, survival).note(life)
        all.note(life)
        tallyOf(cohorts, life.cohort, survival).note(life)
      })
      const decided = all.entered > all.undecided + all.unseen
      const drawn = (tally: Tally): LifeTable => tally.drawn({ transform: options.transform, level })
      return {
        definition: { id: agreed.id, version: agreed.version, digest },
        fingerprint: digestName(
          canonical({
            digest,
            clocks,
            asOf,
            ...(since !== undefined && { since }),
            ...(until !== undefined && { until }),
            ...(watchedSince !== undefined && { watchedSince }),
          }),
        ),
        zone: agreed.calendar.zone,
        period: agreed.period,
        asOf,
        unit,
        returning,
        through: periods.nameOf(reading.over),
        decidable: decided ? periods.nameOf(shared.decidable) : null,
        all: drawn(all),
        cohorts: [...cohorts]
          .sort(([a], [b]) => a - b)
          .map(([cohort, tally]) => ({ cohort: periods.nameOf(cohort), ...drawn(tally) })),
        groups: [...groups]
          .sort(([a], [b]) => compareGroupValues(a, b))
          .map(([value, tally]) => ({ value, ...drawn(tally) })),
        warnings: warningsOf(all, shared, settings, returning),
      }
    },
    lives(partial, options) {
      const reading = read(partial, readOptions(options, agreed, []))
      const lives: (Life & { readonly order: number })[] = []
      const note = (
        people: Collected['people'],
        { row, cohort, returned, record }: Found,
        value?: GroupValue,
      ) => {
        if (typeof record === 'string') return
        const shown = breakdown === undefined ? {} : { value: value ?? null }
        const name = periods.nameOf(cohort)
        lives.push({
          subject: nameOf(people, row),
          cohort: name,
          ...shown,
          ...record,
          returned,
          order: cohort,
        })
      }
      const shared = lookAt(partial, reading)
      for (const { value, part } of breakdown?.of === 'event' ? partial.groups : [])
        for (const life of livesOf(part, reading, shared)) note(part.people, life, value)
      for (const life of breakdown?.of === 'event' ? [] : livesOf(partial.all, reading, shared))
        note(partial.all.people, life, partial.values[life.value])
      lives.sort(
        (a, b) =>
          a.order - b.order ||
          byUnits(a.subject, b.subject) ||
          compareGroupValues(a.value ?? null, b.value ?? null),
      )
      return lives.map(({ order: _, ...life }) => life)
    },
  }
}

const DAY = 86_400_000

type ReadLifeOptions = LifeOptions & ReadReading

type Gap =
  | { readonly of: 'periods'; readonly periods: number }
  | { readonly of: 'time'; readonly length: number }

/** What one reading of a partial goes by. */
interface Reading {
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
interface Look {
  /** The last period in which an activity can be known to be the last. */
  readonly decidable: number
  /** The period with whose end a silence since a period is a gap; Infinity where that is not over. */
  readonly silentBy: (period: number) => number
  /** The first period of which all activity was tracked. */
  readonly watched: number
  readonly untracked: readonly number[]
}

/** A person's record, or why there is none. */
interface Found {
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

function lookAt({ all, groups }: ActivityPartial, reading: Reading): Look {
  const { settings, gap, over, options } = reading
  const { periods, agreed } = settings
  const { gaps, tolerance, asOf, watchedSince } = options
  const watched = watchedSince === undefined ? -Infinity : firstWhole(periods, watchedSince)
  if (gap.of === 'time') {
    const decidable = periods.indexOf(Math.max(asOf - gap.length, EARLIEST))
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

/** The first instant there is, so that a gap may be longer than all time. */
const EARLIEST = -62_135_596_800_000

function firstWhole(periods: Periods, at: Instant): number {
  const index = periods.indexOf(at)
  return periods.startOf(index) >= at ? index : index + 1
}

const rowsOf = ({ entries, activity, instants }: Collected): number =>
  instants === null ? (entries ?? activity)!.rows : instants.length

function* livesOf(collected: Collected, reading: Reading, look: Look): Generator<Found> {
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

type Survival = ReturnType<typeof defineSurvival>

/** Counts lives. */
class Tally {
  entered = 0
  undecided = 0
  unseen = 0
  returned = 0
  firstUndecided = Infinity
  private counted: SurvivalPartial

  constructor(private readonly survival: Survival) {
    this.counted = survival.empty()
  }

  note({ cohort, returned, record }: Found): void {
    this.entered += 1
    if (returned) this.returned += 1
    if (record === 'unseen') this.unseen += 1
    else if (record === 'undecided') {
      this.undecided += 1
      this.firstUndecided = Math.min(this.firstUndecided, cohort)
    } else this.counted = this.survival.add(this.counted, record)
  }

  drawn(options: { readonly transform: SurvivalTransform; readonly level: number }): LifeTable {
    const { entered, undecided, unseen, returned } = this
    // In order of time, so that the table has the same bits however people arrived.
    const counted = this.survival.merge(this.survival.empty(), this.counted)
    return { entered, undecided, unseen, returned, counted, curve: this.survival.result(counted, options) }
  }
}

function tallyOf<K>(tallies: Map<K, Tally>, key: K, survival: Survival): Tally {
  const known = tallies.get(key) ?? new Tally(survival)
  tallies.set(key, known)
  return known
}

function warningsOf(
  all: Tally,
  { untracked }: Look,
  { periods, entryRule }: Settings,
  returning: ReturnRule,
): readonly ActivitySurvivalWarning[] {
  const warnings: ActivitySurvivalWarning[] = []
  if (all.entered > 0 && all.undecided + all.unseen === all.entered)
    warnings.push({ code: 'nothing-decidable' })
  if (all.undecided > 0)
    warnings.push({ code: 'too-young', period: periods.nameOf(all.firstUndecided), count: all.undecided })
  if (all.returned > 0) {
    const code = returning === 'first-lapse' ? 'returners-counted-gone' : 'returners-counted-there'
    warnings.push({ code, count: all.returned })
  }
  if (all.unseen > 0) warnings.push({ code: 'not-seen-since', count: all.unseen })
  if (untracked.length > 0)
    warnings.push({ code: 'not-tracked', period: periods.nameOf(untracked[0]!), count: untracked.length })
  if (entryRule === 'first-in-window') warnings.push({ code: 'first-in-window' })
  return warnings
}

const keys: readonly string[] = [
  'id',
  'version',
  'calendar',
  'events',
  'where',
  'period',
  'entry',
  'entryRule',
  'activity',
  'gap',
  'returning',
  'breakdown',
  'keep',
]

function readDefinition(definition: ActivitySurvivalDefinition) {
  if (!isRecord(definition)) throw fault('wrong-type', '$', definition, 'a definition')
  checkHead(definition, keys)
  const { events, ...rest } = definition as unknown as ActivitySurvivalDefinition
  const agreed = plain(rest)
  const { gap: stated, returning, ...like } = agreed
  if (returning === undefined)
    throw fault('missing', '$.returning', undefined, "'first-lapse' or 'last-activity'")
  one(['first-lapse', 'last-activity'], returning, '$.returning')
  one(['first-matching', 'first-ever', 'first-in-window'], agreed.entryRule, '$.entryRule')
  const gap = readGap(stated)
  const settings = readSettings({
    ...like,
    ...(events !== undefined && { events }),
    ...(gap.of === 'time' && { clock: { elapsed: stated as Duration } }),
  } as RetentionDefinition)
  return { agreed, settings, gap }
}

function readGap(gap: InactivityGap): Gap {
  if (gap === undefined) throw fault('missing', '$.gap', gap, '{ periods: 2 }, or { hours: 720 }')
  if (!isRecord(gap)) throw fault('wrong-type', '$.gap', gap, '{ periods: 2 }, or { hours: 720 }')
  if ('periods' in gap) {
    for (const key of Object.keys(gap))
      if (key !== 'periods') throw fault('unknown-key', `$.gap.${key}`, key, 'periods')
    atLeastOne(gap.periods, '$.gap.periods')
    return { of: 'periods', periods: gap.periods as number }
  }
  const duration = gap as unknown as Duration
  checkDuration(duration, '$.gap')
  const length = exactLength(duration)
  if (length === undefined || length <= 0)
    throw fault(
      'invalid-duration',
      '$.gap',
      gap,
      'an exact duration, such as { hours: 720 }, or { periods: 30 }',
    )
  return { of: 'time', length }
}

function readOptions(
  options: LifeOptions,
  { entryRule, returning, gap }: Omit<ActivitySurvivalDefinition, 'events'>,
  more: readonly string[],
): ReadLifeOptions {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf, transform }')
  const known = ['asOf', 'since', 'until', 'watchedSince', 'gaps', 'tolerance', ...more]
  for (const key of Object.keys(options))
    if (!known.includes(key)) throw fault('unknown-key', `$.${key}`, key, known.join(', '))
  const read = readReading(options as unknown as LifeOptions, known)
  const { asOf, since, until, watchedSince, gaps } = read
  if (until !== undefined && !isInstant(until))
    throw fault('invalid-instant', '$.until', until, 'milliseconds since 1970')
  if (until !== undefined && since !== undefined && until < since)
    throw fault('out-of-range', '$.until', until, 'at or after since')
  if (since === undefined && entryRule === 'first-in-window')
    throw fault('missing', '$.since', since, 'where the window of first-in-window begins')
  if (watchedSince !== undefined) {
    if (!isInstant(watchedSince))
      throw fault('invalid-instant', '$.watchedSince', watchedSince, 'milliseconds since 1970')
    if (watchedSince > asOf) throw fault('out-of-range', '$.watchedSince', watchedSince, 'at or before asOf')
    if (returning === 'first-lapse')
      throw fault('out-of-range', '$.watchedSince', watchedSince, "none, unless returning is 'last-activity'")
  }
  if (gaps.length > 0 && !('periods' in gap))
    throw fault('out-of-range', '$.gaps', gaps.length, 'none, unless the gap is one of periods')
  return read
}
