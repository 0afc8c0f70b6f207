import type { EventSpecs } from '../../kernel/index.js'
import { horizonOf } from '../../measures/activity/as-of.js'
import { type ActivityPartial, type Collected, nameOf } from '../../measures/activity/collected.js'
import { collectorOf } from '../../measures/activity/collector.js'
import {
  type ActivityAggregate,
  type ActivityReading,
  headOf,
  verbsOf,
} from '../../measures/activity/definition.js'
import { byUnits, compareGroupValues, type GroupValue, ranksOf } from '../../measures/activity/group-value.js'
import { defineSurvival, type SurvivalRecord } from '../../measures/index.js'
import {
  type ActivitySurvivalDefinition,
  type ActivitySurvivalOptions,
  type LifeOptions,
  type ReadLifeOptions,
  type ReturnRule,
  readDefinition,
  readOptions,
} from './definition.js'
import { type LifeTable, Tally, tallyOf } from './life-table.js'
import { type Found, livesOf, lookAt, type Reading } from './lives.js'
import { type ActivitySurvivalWarning, warningsOf } from './warnings.js'

/** How long people stayed, as of an instant. */
export interface ActivitySurvival extends ActivityReading {
  /** Of the definition, what the zone's clocks do, `asOf`, `since`, `until` and `watchedSince`. */
  readonly fingerprint: string
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

/** One person's life: how long until the last activity, or how long it is known to have been longer. */
export interface Life extends SurvivalRecord {
  readonly subject: string
  readonly cohort: string
  /** With a breakdown. */
  readonly value?: GroupValue
  /** Was silent for a whole gap and came back. */
  readonly returned: boolean
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
  const head = headOf(agreed)
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
        ...head(asOf, {
          ...(since !== undefined && { since }),
          ...(until !== undefined && { until }),
          ...(watchedSince !== undefined && { watchedSince }),
        }),
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
