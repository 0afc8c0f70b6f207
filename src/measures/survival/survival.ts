import type { Aggregate } from '../../kernel/aggregate.js'
import { canonical, digestName, plain } from '../../kernel/digest.js'
import { checkKeys, checkName, checkRecord, DefinitionError, fault } from '../../kernel/errors.js'
import { normalQuantile } from '../normal.js'
import { checkLevel } from '../proportions.js'
import { checkSurvivalRecord, type SurvivalRecord } from '../survival-record.js'
import { curveOf, type SurvivalCurve } from './kaplan-meier.js'
import { type SurvivalTransform, survivalTransforms } from './survival-interval.js'
import { checkTable, count, joined, type SurvivalPartial, ticksOf } from './survival-table.js'

/** What is waited for, and in what time is measured. Plain data. */
export interface SurvivalDefinition {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** In what every time of the records is measured: `day`, `week`, `order`. A word; nothing is converted. */
  readonly unit: string
}

/** How a curve is to be drawn. */
export interface SurvivalOptions {
  /** On which scale intervals are made; there is no default, as programs differ in theirs. */
  readonly transform: SurvivalTransform
  /** Of the intervals, strictly between 0 and 1; 0.95 unless told. */
  readonly level?: number
  /** Only of those who lived beyond this time: survival conditional on it, which begins at 1 there. */
  readonly since?: number
}

/**
 * How long until something happens, of people who are not all watched until it does: the Kaplan–Meier curve with
 * Greenwood's errors, intervals on a named scale, and the Nelson–Aalen hazard.
 *
 * Who is censored at the time of an event is still at risk at it. Who has an `entry` (left truncation) is at risk after
 * it, so that only who lived long enough to be seen is counted from then on; the curve says `from` when it speaks, in
 * which `gaps` nobody was watched, and where it was `emptiedAt`. What is kept are counts by time: any order, sharding and
 * merge tree gives the same bits, and `retract` takes a record out.
 *
 * @throws DefinitionError for another definition (`missing`, `wrong-type`, `out-of-range`, `unknown-key`); from `add` and
 * `retract`, `wrong-type` and `out-of-range` for what is no record; from `result`, `unknown-name` for a transform,
 * `out-of-range` for a level or `since`, and where more was retracted than added; `other-definition` and
 * `malformed-state` for another partial.
 * @see Kaplan & Meier (1958), "Nonparametric Estimation from Incomplete Observations".
 * @example
 * const leaving = defineSurvival({ id: 'leaving', version: 1, unit: 'month' })
 * const partial = collect(leaving, [{ time: 2, event: true }, { time: 3, event: false }, { time: 5, event: true }])
 * leaving.result(partial, { transform: 'log-log' }).rows.map(({ time, survival }) => [time, survival])
 * // => [[2, 0.6666666666666666], [3, 0.6666666666666666], [5, 0]]
 */
export function defineSurvival(definition: SurvivalDefinition): Aggregate<
  SurvivalRecord,
  SurvivalPartial,
  SurvivalCurve,
  SurvivalOptions
> & {
  retract(partial: SurvivalPartial, record: SurvivalRecord): SurvivalPartial
} {
  checkDefinition(definition)
  const { id, version, unit } = definition
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const own = (partial: SurvivalPartial): SurvivalPartial => {
    checkTable(partial, of)
    return partial
  }
  const counted = (partial: SurvivalPartial, record: SurvivalRecord, by: 1 | -1): SurvivalPartial => {
    own(partial)
    checkSurvivalRecord(record, '$')
    count(partial, record, by)
    return partial
  }
  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, times: [], events: [], censored: [], entered: [] }),
    add: (partial, record) => counted(partial, record, 1),
    retract: (partial, record) => counted(partial, record, -1),
    merge: (a, b) => joined(own(a), own(b)),
    result(partial, options) {
      own(partial)
      checkRecord(options, '$')
      checkKeys(options, ['transform', 'level', 'since'], '$')
      const { transform, level = 0.95, since } = options
      checkName(Object.keys(survivalTransforms), transform, '$.transform')
      checkLevel(level)
      if (since !== undefined) checkTime(since, '$.since')
      const after = since === undefined ? undefined : since + 0
      const z = -normalQuantile((1 - level) / 2)
      return curveOf(
        ticksOf(partial),
        { definition: { id, version, digest: of }, unit },
        { transform, level, z, since: after },
      )
    },
  }
}

/**
 * The Kaplan–Meier curve of records that are at hand; what `defineSurvival` gives for them.
 *
 * @throws DefinitionError as `defineSurvival`.
 * @example
 * const curve = kaplanMeier([{ time: 6, event: true }, { time: 6, event: false }, { time: 7, event: true }], {
 *   unit: 'week', transform: 'log',
 * })
 * curve.rows.map(({ atRisk, survival }) => [atRisk, survival]) // => [[3, 0.6666666666666666], [1, 0]]
 */
export function kaplanMeier(
  records: Iterable<SurvivalRecord>,
  options: SurvivalOptions & { readonly unit: string },
): SurvivalCurve {
  checkRecord(options, '$')
  const { unit, ...asked } = options
  const survival = defineSurvival({ id: 'kaplan-meier', version: 1, unit })
  return survival.result(collectRecords(survival, records, '$'), asked)
}

/** Collects records, or says which one is none. */
export function collectRecords(
  survival: ReturnType<typeof defineSurvival>,
  records: Iterable<SurvivalRecord>,
  path: string,
): SurvivalPartial {
  if (typeof records !== 'object' || records === null || !(Symbol.iterator in records))
    throw fault('wrong-type', path, records, 'records in a row')
  let partial = survival.empty()
  let i = 0
  for (const record of records) {
    try {
      partial = survival.add(partial, record)
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error
      throw fault(error.code, `${path}[${i}]${error.path.slice(1)}`, error.value, error.expected)
    }
    i += 1
  }
  return partial
}

/** Refuses what is no time. */
export function checkTime(time: number, path: string): void {
  if (!(Number.isFinite(time) && time >= 0)) throw fault('out-of-range', path, time, 'a finite number from 0')
}

const keys: ReadonlySet<string> = new Set(['id', 'version', 'unit'])

function checkDefinition(definition: SurvivalDefinition): void {
  checkRecord(definition, '$')
  for (const key of Object.keys(definition)) {
    if (!keys.has(key)) throw fault('unknown-key', `$.${key}`, key, [...keys].join(', '))
  }
  for (const key of ['id', 'unit'] as const) {
    const text = definition[key]
    if (text === undefined || text === '') throw fault('missing', `$.${key}`, text, 'a name')
    if (typeof text !== 'string') throw fault('wrong-type', `$.${key}`, text, 'text')
  }
  const { version } = definition
  if (!(Number.isSafeInteger(version) && version >= 1)) {
    throw fault('out-of-range', '$.version', version, 'a whole number from 1')
  }
}
