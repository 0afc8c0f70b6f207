import { exp, expm1 } from '../../kernel/elementary.js'
import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import { checkChurnCohorts } from '../../measures/churn-counts.js'
import { checkLevel, type Proportion, wilson } from '../../measures/proportions.js'
import { RunningSum } from '../../measures/running-sum.js'
import type { ContractModel } from '../contracts/contract-model.js'
import { type ContractCohort, checkReadings } from '../contracts/contract-table.js'
import type { TimeUnit } from '../unit.js'
import { type ForecastParameters, ownValues, readParameters } from './forecast.js'
import { type Found, found, missing } from './predictions.js'

/** What a model of contracts is asked here: no likelihood. */
export type ContractForecast<Name extends string = string, P extends string = string> = Pick<
  ContractModel<Name, P>,
  'name' | 'parameters' | 'ranges' | 'time' | 'staying'
>

/** A cohort with all that became of it, and how much of that the parameters know. */
export interface FollowedCohort extends ContractCohort {
  /** The age up to which its counts were fitted to, in the unit: one of its readings. 0 for a cohort that was not. */
  readonly known: number
}

/** A model of contracts beside what came. `contractSentences` reads it out; `contractSurvival` draws it as it is. */
export interface ContractValidation {
  readonly model: string
  readonly unit: TimeUnit
  /** Of each cohort who was still there, and who the model has it that is, of those who signed. */
  readonly lines: readonly ContractLine[]
  /** Readings that the parameters know, and those after. */
  readonly calibration: StayTotal
  readonly holdout: StayTotal
  /** Retention in the holdout from one reading to the next, cohorts of one tenure together. */
  readonly byTenure: readonly TenureBin[]
  /**
   * Mean over the readings of the holdout of how far the number still there is from the projection, per number still there.
   * Readings at which nobody was left are none.
   */
  readonly meanAbsolutePercentageError: {
    /** Projected from those who signed: the curve against the points. */
    readonly fromSigning: Found<'no-holdout'>
    /** Projected from those who were there when calibration ended: what is left to predict then. */
    readonly fromCalibration: Found<'no-holdout'>
  }
}

/** A cohort, drawn. */
export interface ContractLine {
  readonly name: string
  readonly size: number
  /** Age up to which the parameters know it. */
  readonly known: number
  readonly observed: readonly { readonly time: number; readonly survival: number }[]
  readonly projected: readonly { readonly time: number; readonly survival: number }[]
}

/** Customers who could stay or leave between readings, each reading's counted anew. */
export interface StayTotal {
  readonly atRisk: number
  readonly stayed: number
  readonly expected: number
  /** Expected to stay less stayed, per stayed: 0.01 is one percent too many. */
  readonly bias: Found<'nobody-stayed'>
  /** The same of those who left: the errors of a few percent that stay hidden in high retention. */
  readonly biasOfLeaving: Found<'nobody-left'>
}

/** Customers from one tenure to the next reading. */
export interface TenureBin {
  readonly from: number
  readonly to: number
  readonly atRisk: number
  readonly stayed: number
  /** What share stayed, with Wilson's interval. */
  readonly retention: Proportion
  readonly expectedRetention: number
  /** Where the expected one lies. */
  readonly verdict: 'within' | 'retention-too-high' | 'retention-too-low'
}

/**
 * Holds a model of contracts against what came: projected retention beside actual, cohort by cohort and by tenure, with bias and mean
 * absolute percentage error over the readings that the parameters do not know.
 *
 * Fit to the counts up to `known`, hand over all of them. With covariates each cohort is foretold by the own parameters.
 *
 * @throws DefinitionError for counts that rise, a `known` that is no reading; `unknown-name` for parameters of another model or a table
 * in another unit; `missing` for a covariate that the fit knows and a cohort has not.
 * @see Fader & Hardie (2007), "How to Project Customer Retention", table 1 and figure 4.
 * @example
 * const survivors = [1000, 869, 743, 653, 593, 551, 517, 491]
 * const given = parameters(sbg, { alpha: 0.668, beta: 3.806 }, { unit: 'year', source: 'Fader & Hardie 2007' })
 * validateContracts(sbg, given, { unit: 'year', cohorts: [{ cohort: 'high end', survivors, known: 4 }] }).holdout.bias
 * // => { kind: 'estimate', value: -0.01062785902313542 }
 */
export function validateContracts<Name extends string, P extends string>(
  model: ContractForecast<Name, P>,
  parameters: ForecastParameters<Name, P>,
  data: { readonly unit: TimeUnit; readonly cohorts: readonly FollowedCohort[] },
  options: { readonly level?: number } = {},
): ContractValidation {
  checkRecord(model, '$.model')
  if (typeof model.staying !== 'function')
    throw fault('wrong-type', '$.model.staying', model.staying, 'a model of contracts')
  const { unit } = readParameters(model, parameters)
  const valuesOf = ownValues(model, parameters)
  checkRecord(data, '$.data')
  checkKeys(data, ['unit', 'cohorts'], '$.data')
  if (data.unit !== unit) throw fault('unknown-name', '$.data.unit', data.unit, `${unit}, as the parameters`)
  checkRecord(options, '$.options')
  checkKeys(options, ['level'], '$.options')
  const { level = 0.95 } = options
  checkLevel(level)
  checkChurnCohorts(data.cohorts, '$.data.cohorts')

  const totals = { calibration: newTotal(), holdout: newTotal() }
  const tenures = new Map<
    string,
    { from: number; to: number; atRisk: number; stayed: number; sum: RunningSum }
  >()
  const off = { fromSigning: new RunningSum(), fromCalibration: new RunningSum(), readings: 0 }
  const lines = data.cohorts.map((cohort, i): ContractLine => {
    const path = `$.data.cohorts[${i}]`
    const { survivors, readings = survivors.map((_, t) => t), known } = cohort
    checkReadings(readings, survivors.length, `${path}.readings`)
    checkKnown(known, readings, model.time, path)
    const stay = model.staying(valuesOf(cohort, path), 0)
    const lnSurvival = (t: number) => (t === 0 ? 0 : stay.lnSurvival(t))
    const atKnown = readings.indexOf(known)
    for (let k = 1; k < readings.length; k += 1) {
      const [from, to, atRisk, stayed] = [readings[k - 1]!, readings[k]!, survivors[k - 1]!, survivors[k]!]
      const lnStay = lnSurvival(to) - lnSurvival(from)
      addTo(to <= known ? totals.calibration : totals.holdout, atRisk, stayed, lnStay)
      if (to <= known) continue
      const key = `${from} ${to}`
      const bin = tenures.get(key) ?? { from, to, atRisk: 0, stayed: 0, sum: new RunningSum() }
      tenures.set(key, bin)
      bin.atRisk += atRisk
      bin.stayed += stayed
      bin.sum.add(atRisk * exp(Math.min(0, lnStay)))
      if (stayed === 0) continue
      off.readings += 1
      const there = survivors[atKnown]! * exp(lnSurvival(to) - lnSurvival(known))
      off.fromSigning.add(Math.abs(survivors[0]! * exp(lnSurvival(to)) - stayed) / stayed)
      off.fromCalibration.add(Math.abs(there - stayed) / stayed)
    }
    const size = survivors[0]!
    return {
      name: cohort.cohort,
      size,
      known,
      observed: size === 0 ? [] : readings.map((time, k) => ({ time, survival: survivors[k]! / size })),
      projected: readings.map((time) => ({ time, survival: exp(Math.min(0, lnSurvival(time))) })),
    }
  })
  const meanOf = (sum: RunningSum) =>
    off.readings > 0 ? found(sum.value / off.readings) : missing('no-holdout' as const)
  return {
    model: model.name,
    unit,
    lines,
    calibration: totalOf(totals.calibration),
    holdout: totalOf(totals.holdout),
    byTenure: [...tenures.values()]
      .filter(({ atRisk }) => atRisk > 0)
      .sort((a, b) => a.from - b.from || a.to - b.to)
      .map((bin) => binOf(bin, level)),
    meanAbsolutePercentageError: {
      fromSigning: meanOf(off.fromSigning),
      fromCalibration: meanOf(off.fromCalibration),
    },
  }
}

function checkKnown(known: unknown, readings: readonly number[], time: string, path: string): void {
  if (typeof known !== 'number') throw fault('wrong-type', `${path}.known`, known, 'an age, in the unit')
  if (!readings.includes(known))
    throw fault('out-of-range', `${path}.known`, known, 'an age at which survivors were counted')
  if (time === 'continuous') return
  for (const [k, age] of readings.entries())
    if (!Number.isSafeInteger(age))
      throw fault('out-of-range', `${path}.readings[${k}]`, age, 'whole periods, one unit each')
}

interface OpenTotal {
  atRisk: number
  stayed: number
  readonly expected: RunningSum
  readonly leaving: RunningSum
}

const newTotal = (): OpenTotal => ({
  atRisk: 0,
  stayed: 0,
  expected: new RunningSum(),
  leaving: new RunningSum(),
})

function addTo(total: OpenTotal, atRisk: number, stayed: number, lnStay: number): void {
  total.atRisk += atRisk
  total.stayed += stayed
  total.expected.add(atRisk * exp(Math.min(0, lnStay)))
  // Of few who leave the difference from 1 would have no digits.
  total.leaving.add(atRisk * -expm1(Math.min(0, lnStay)))
}

function totalOf({ atRisk, stayed, expected, leaving }: OpenTotal): StayTotal {
  const left = atRisk - stayed
  return {
    atRisk,
    stayed,
    expected: expected.value,
    bias: stayed > 0 ? found((expected.value - stayed) / stayed) : missing('nobody-stayed'),
    biasOfLeaving: left > 0 ? found((leaving.value - left) / left) : missing('nobody-left'),
  }
}

function binOf(
  {
    from,
    to,
    atRisk,
    stayed,
    sum,
  }: { from: number; to: number; atRisk: number; stayed: number; sum: RunningSum },
  level: number,
): TenureBin {
  const retention = wilson({ successes: stayed, trials: atRisk, level })
  const expectedRetention = Math.min(1, sum.value / atRisk)
  const verdict =
    retention.kind === 'undefined' ||
    (expectedRetention >= retention.interval.low && expectedRetention <= retention.interval.high)
      ? 'within'
      : expectedRetention > retention.interval.high
        ? 'retention-too-high'
        : 'retention-too-low'
  return { from, to, atRisk, stayed, retention, expectedRetention, verdict }
}
