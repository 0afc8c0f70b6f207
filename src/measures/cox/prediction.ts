import { exp } from '../../kernel/elementary.js'
import { checkRecord, fault, reading } from '../../kernel/errors.js'
import { normalQuantile } from '../normal.js'
import { checkLevel } from '../proportions.js'
import { dot, type Matrix, times } from '../symmetric.js'
import type { BaselineCurve, BaselineStep } from './baseline.js'
import type { CoxModel } from './cox.js'

/** For whom a curve is predicted. */
export interface CoxSubject {
  /** Those of the model, each by its name. */
  readonly covariates: Readonly<Record<string, number>>
  /** Where the model has strata: in which. */
  readonly stratum?: string
  /** Of the intervals; the model's unless told. */
  readonly level?: number
}

/** From one time with an event in the data to the next: the share expected without the event. */
export interface PredictedSurvival {
  readonly time: number
  readonly cumulativeHazard: number
  /** Of the cumulative hazard: of the coefficients and of the baseline. */
  readonly standardError: number
  readonly survival: number
  /** By the cumulative hazard (the transform `log` of survival), within [0, 1]. */
  readonly interval: { readonly low: number; readonly high: number; readonly level: number }
}

/** What a model expects of somebody. */
export type CoxPrediction =
  | {
      readonly kind: 'estimate'
      /** From the first time with an event; before it the survival is 1. After the last, the model says nothing. */
      readonly steps: readonly PredictedSurvival[]
    }
  | {
      readonly kind: 'undefined'
      /** `beyond-numbers`: the covariates are so far from the reference that the hazard is no number of this machine. */
      readonly reason: 'beyond-numbers'
    }

/**
 * The survival curve that a Cox model expects of somebody with given covariates.
 *
 * Far from the covariates that the model was fitted on it extrapolates, and nothing in the numbers says so.
 *
 * @throws DefinitionError `missing` and `out-of-range` for covariates that are not those of the model; also for
 * a stratum that it has not; `malformed-state` for what is no model.
 * @see Tsiatis (1981), "A Large Sample Study of Cox's Regression Model", for the error.
 * @example
 * coxSurvival(model, { covariates: { coupon: 1 } }) // => { kind: 'estimate', steps: [{ time: 1, survival: 0.7656, … }, …] }
 */
export function coxSurvival(model: CoxModel, subject: CoxSubject): CoxPrediction {
  checkRecord(model, '$.model')
  checkRecord(subject, '$')
  if (model.kind !== 'estimate')
    throw fault('malformed-state', '$.model.kind', model.kind, 'a model that is an estimate')
  const { names, coefficients, baseline, reference, covariance } = reading(
    'malformed-state',
    '$.model',
    model,
    'what fitCox answered',
    () => partsOf(model),
  )
  const { level = model.level } = subject
  checkLevel(level)
  checkRecord(subject.covariates, '$.covariates')
  const values = names.map((name) => {
    const value = Object.hasOwn(subject.covariates, name) ? subject.covariates[name] : undefined
    if (value === undefined) throw fault('missing', `$.covariates.${name}`, value, 'a number')
    if (!(typeof value === 'number' && Math.abs(value) <= 1e100)) {
      throw fault('out-of-range', `$.covariates.${name}`, value, 'a number from -1e100 to 1e100')
    }
    return value
  })
  const curve = baseline.find(({ stratum }) => stratum === subject.stratum)
  if (curve === undefined) {
    throw fault('out-of-range', '$.stratum', subject.stratum, 'a stratum of the model, where it has strata')
  }
  const score = dot(
    coefficients,
    values.map((value, k) => value - reference[k]!),
  )
  const factor = exp(score)
  const z = -normalQuantile((1 - level) / 2)
  // How far the covariates are from those at risk, step by step weighted by the hazard.
  let away: readonly number[] = names.map(() => 0)
  let own = 0
  const steps: PredictedSurvival[] = []
  for (const step of curve.steps) {
    own += step.variance
    away = away.map((sum, k) => sum + (values[k]! - step.means[k]!) * step.hazard)
    const cumulativeHazard = step.cumulativeHazard * factor
    const standardError = factor * Math.sqrt(own + Math.max(0, dot(away, times(covariance, away))))
    if (
      !(
        cumulativeHazard < Infinity &&
        standardError < Infinity &&
        (score > -700 || step.cumulativeHazard === 0)
      )
    ) {
      return { kind: 'undefined', reason: 'beyond-numbers' }
    }
    const survivalAt = (hazard: number) => exp(-Math.max(0, hazard))
    steps.push({
      time: step.time,
      cumulativeHazard,
      standardError,
      survival: survivalAt(cumulativeHazard),
      interval: {
        low: survivalAt(cumulativeHazard + z * standardError),
        high: survivalAt(cumulativeHazard - z * standardError),
        level,
      },
    })
  }
  return { kind: 'estimate', steps }
}

/** What a prediction reads of a model, which may have been stored meanwhile. */
function partsOf(model: CoxModel) {
  const coefficients = model.coefficients.map(({ coefficient }) => numeric(coefficient))
  const p = coefficients.length
  const list = (values: readonly number[]): readonly number[] => {
    if (values.length !== p) throw fault('malformed-state', '$.model', values, 'a number for each covariate')
    return values.map(numeric)
  }
  const baseline: readonly BaselineCurve[] = model.baseline.map(({ stratum, steps }) => ({
    ...(stratum !== undefined && { stratum }),
    steps: steps.map(
      (step): BaselineStep => ({
        ...step,
        time: numeric(step.time),
        hazard: numeric(step.hazard),
        cumulativeHazard: numeric(step.cumulativeHazard),
        variance: numeric(step.variance),
        means: list(step.means),
      }),
    ),
  }))
  const covariance: Matrix = model.covariance.map(list)
  if (covariance.length !== p)
    throw fault('malformed-state', '$.model.covariance', covariance, 'a row for each covariate')
  return {
    names: model.coefficients.map(({ name }) => name),
    coefficients,
    baseline,
    reference: list(model.reference),
    covariance,
  }
}

function numeric(value: number): number {
  if (!Number.isFinite(value)) throw fault('malformed-state', '$.model', value, 'a finite number')
  return value
}
