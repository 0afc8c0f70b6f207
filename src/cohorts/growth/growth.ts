import { fault } from '../../kernel/errors.js'
import type { EventSpecs, Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { type ReadingOptions, readReading, untracked } from '../../measures/activity/as-of.js'
import { type ActivityPartial, nameOf } from '../../measures/activity/collected.js'
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
import { byUnits } from '../../measures/activity/group-value.js'
import { seenBy, shownPeriod, spineOf } from '../../measures/activity/spine.js'
import { one } from '../../measures/definition-head.js'
import { type Proportion, proportion } from '../../measures/index.js'
import { firstPeriod, hasPeriod, type PeriodSets } from '../../measures/period-sets.js'

/**
 * Whose activity is accounted for, in which periods. Plain data but for the catalogue.
 *
 * @example
 * const buyers: GrowthDefinition = {
 *   id: 'buyers', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', activity: 'order-paid',
 *   resurrected: 'counted',
 * }
 */
export interface GrowthDefinition<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** Which events make a person active in a period. */
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** Whether those who come back count as growth in the quick ratio, beside the new; it moves the number, so it is said. */
  readonly resurrected: 'counted' | 'left-out'
}

/** Growth accounting, period by period, as of an instant. */
export interface Growth extends ActivityReading {
  readonly level: number
  /** Every period from the first with anybody in it, those without anybody included. */
  readonly periods: readonly GrowthRow[]
  /** Where `asOf` lies in a period of which only whole periods were kept, it is left out. */
  readonly leftOut: string | null
}

/**
 * Who came, stayed, came back and went. `active = new + retained + resurrected`, and
 * `active = active before + new + resurrected - churned`; both are checked whenever a result is made.
 */
export interface GrowthRow {
  /** `2024-03`, `2024-03-05`. */
  readonly period: string
  readonly active: number
  /** Never active before, in all history. */
  readonly new: number
  /** Active in the period before too. */
  readonly retained: number
  /** Active in some earlier period, but not in the one before. */
  readonly resurrected: number
  /** Active in the period before and not in this one. */
  readonly churned: number
  /**
   * `provisional`: the period has not passed, so that who is missing may still come. `unobserved`: events were not tracked for part
   * of it or of the one before, or clocks skipped it, so that nobody knows who is missing.
   */
  readonly state: 'complete' | 'provisional' | 'unobserved'
  /** The share of the period in which activity was tracked. */
  readonly coverage: number
  /** (new + resurrected) / churned, or new / churned, as the definition says. */
  readonly quickRatio: GrowthQuickRatio
  /** Retained of those active in the period before. */
  readonly grossRetention: Proportion
}

/** People gained for each one lost; of nobody lost there is none. */
export type GrowthQuickRatio =
  | { readonly kind: 'estimate'; readonly value: number; readonly resurrected: 'counted' | 'left-out' }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-churned' }

/** What a person is in a period. */
export type GrowthClass = 'new' | 'retained' | 'resurrected' | 'churned'

/** The classes in words. */
export const growthClasses: Readonly<Record<GrowthClass, Sentence>> = {
  new: { en: 'new', zh: '新增' },
  retained: { en: 'retained', zh: '留存' },
  resurrected: { en: 'resurrected', zh: '回流' },
  churned: { en: 'churned', zh: '流失' },
}

/** A period on one line, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface GrowthTableRow extends Omit<GrowthRow, 'quickRatio' | 'grossRetention'> {
  readonly quickRatio: number | null
  readonly retention: number | null
  readonly low: number | null
  readonly high: number | null
  readonly reason: GrowthReason | null
}

/** Why a number is missing, or not final. */
export type GrowthReason = 'nobody-churned' | 'nobody-before' | 'not-over' | 'not-observed'

/** The reasons in words. */
export const growthReasons: Readonly<Record<GrowthReason, Sentence>> = {
  'nobody-churned': { en: 'nobody was lost, so there is no ratio', zh: '无人流失，比率不存在' },
  'nobody-before': { en: 'nobody was active in the period before', zh: '上一周期没有活跃用户' },
  'not-over': { en: 'the period is not over yet', zh: '该周期尚未结束' },
  'not-observed': { en: 'events were not tracked for part of the period', zh: '该周期内有一段未采集数据' },
}

/** What `defineGrowth` makes; its partials are those of retention with the same activity as entry. */
export interface GrowthAggregate extends ActivityAggregate<GrowthDefinition, Growth, ReadingOptions> {
  /** Who is behind a number. @throws DefinitionError `unknown-name` for a period that the result does not have. */
  people(
    partial: ActivityPartial,
    options: ReadingOptions,
    which: { readonly period: string; readonly class: GrowthClass },
  ): readonly string[]
}

/**
 * Growth accounting: everybody active in a period is new, retained or resurrected, and everybody active before and not now has
 * churned. On a spine without gaps, so that a week in which the shop was closed is a row of zeros and the sums hold.
 *
 * @throws DefinitionError for settings and options that do not hold, with their path; `too-large` for more than 100,000 periods.
 * @example
 * const growth = buyers.result(collect(buyers, orders), { asOf: instant('2024-05-01T00:00:00Z') })
 * growth.periods[1] // => { period: '2024-04', active: 120, new: 40, retained: 70, resurrected: 10, churned: 30, … }
 */
export function defineGrowth<E extends EventSpecs = EventSpecs>(
  definition: GrowthDefinition<E>,
): GrowthAggregate {
  const { agreed, collector, periods } = readGrowth(definition as unknown as GrowthDefinition)
  const head = headOf(agreed)

  const spine = (partial: ActivityPartial, options: ReadingOptions) => {
    const read = readReading(options)
    return { read, ...spineOf(collector.own(partial), periods, read) }
  }

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const { read, horizon, sets, first, length } = spine(partial, options)
      const { level, interval: method } = read
      const counts = account(sets, first, length)
      const seen = seenBy(periods, horizon, read, { activity: agreed.activity, back: 1 })
      const rows = Array.from({ length }, (_, i): GrowthRow => {
        const index = first + i
        const row = {
          period: periods.nameOf(index),
          active: counts.active[i + 1]!,
          new: counts.new[i]!,
          retained: counts.retained[i]!,
          resurrected: counts.resurrected[i]!,
          churned: counts.churned[i]!,
        }
        checkIdentity(row, counts.active[i]!)
        return {
          ...row,
          ...seen(index),
          quickRatio: quickRatioOf(row, agreed.resurrected),
          grossRetention: proportion({ successes: row.retained, trials: counts.active[i]!, level, method }),
        }
      })
      return {
        ...head(read.asOf, untracked(read)),
        level,
        periods: rows,
        leftOut: horizon.blurred ? periods.nameOf(horizon.through + 1) : null,
      }
    },
    people(partial, options, which) {
      const { sets, first, length } = spine(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ period, class }')
      one(['new', 'retained', 'resurrected', 'churned'], which.class, '$.which.class')
      const index = shownPeriod({ first, length }, periods, which.period, {
        path: '$.which.period',
        called: 'a period of the result',
      })
      const names: string[] = []
      for (let row = 0; row < sets.rows; row++) {
        if (classOf(sets, row, index) === which.class) names.push(nameOf(partial.all.people, row))
      }
      return names.sort(byUnits)
    },
  }
}

/**
 * The periods as flat rows: what a table or a chart takes.
 *
 * @example
 * growthRows(growth)[0] // => { period: '2024-03', active: 110, new: 110, …, retention: null, reason: 'nobody-before' }
 */
export function growthRows({ periods }: Pick<Growth, 'periods'>): readonly GrowthTableRow[] {
  return periods.map(({ quickRatio, grossRetention, ...row }): GrowthTableRow => {
    const known = grossRetention.kind === 'estimate'
    return {
      ...row,
      quickRatio: quickRatio.kind === 'estimate' ? quickRatio.value : null,
      retention: known ? grossRetention.value : null,
      low: known ? grossRetention.interval.low : null,
      high: known ? grossRetention.interval.high : null,
      reason:
        row.state === 'unobserved'
          ? 'not-observed'
          : row.state === 'provisional'
            ? 'not-over'
            : !known
              ? 'nobody-before'
              : quickRatio.kind === 'undefined'
                ? quickRatio.reason
                : null,
    }
  })
}

function readGrowth(definition: GrowthDefinition) {
  const { agreed, events } = readAgreed(definition, ['activity', 'resurrected'])
  if (agreed.resurrected === undefined)
    throw fault('missing', '$.resurrected', undefined, "'counted' or 'left-out', for the quick ratio")
  one(['counted', 'left-out'], agreed.resurrected, '$.resurrected')
  return { agreed, ...activityCollector(agreed, events) }
}

/** Counts by period, from what each person did in a period, before it, and ever before. `active` begins one period earlier. */
function account(sets: PeriodSets, first: number, length: number) {
  const [active, newly, retained, resurrected, churned] = Array.from(
    { length: 5 },
    () => new Float64Array(length + 1),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const last = first + length - 1
  for (let row = 0; row < sets.rows && length > 0; row++) {
    const ever = firstPeriod(sets, row)
    if (ever === undefined) continue
    for (
      let p = firstPeriod(sets, row, first - 1);
      p !== undefined && p <= last;
      p = firstPeriod(sets, row, p + 1)
    ) {
      const i = p - first
      active[i + 1]! += 1
      if (p < last && !hasPeriod(sets, row, p + 1)) churned[i + 1]! += 1
      if (i < 0) continue
      const kind = p === ever ? newly : hasPeriod(sets, row, p - 1) ? retained : resurrected
      kind[i]! += 1
    }
  }
  return { active, new: newly, retained, resurrected, churned }
}

function classOf(sets: PeriodSets, row: number, period: number): GrowthClass | undefined {
  const before = hasPeriod(sets, row, period - 1)
  if (!hasPeriod(sets, row, period)) return before ? 'churned' : undefined
  if (before) return 'retained'
  return firstPeriod(sets, row) === period ? 'new' : 'resurrected'
}

function quickRatioOf(
  row: Pick<GrowthRow, 'new' | 'resurrected' | 'churned'>,
  resurrected: GrowthDefinition['resurrected'],
): GrowthQuickRatio {
  if (row.churned === 0) return { kind: 'undefined', reason: 'nobody-churned' }
  const gained = row.new + (resurrected === 'counted' ? row.resurrected : 0)
  return { kind: 'estimate', value: gained / row.churned, resurrected }
}

/** What cannot be: counted by bits and by people, both have to agree. */
function checkIdentity(row: Pick<GrowthRow, 'active' | GrowthClass>, before: number): void {
  const [parts, moved] = [
    row.new + row.retained + row.resurrected,
    before + row.new + row.resurrected - row.churned,
  ]
  if (parts !== row.active || moved !== row.active)
    throw fault('malformed-state', '$', row.active, `${parts} by class, ${moved} by movement`)
}
