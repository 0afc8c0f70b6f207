import { exp } from '../../kernel/elementary.js'
import { dot } from '../symmetric.js'
import { partialLikelihood, type Ties } from './partial-likelihood.js'
import type { Subjects } from './subjects.js'

/** The hazard of somebody whose covariates are the reference, in one stratum. */
export interface BaselineCurve {
  /** `undefined` without strata. */
  readonly stratum?: string
  /** The times with events, the first first. */
  readonly steps: readonly BaselineStep[]
}

/** What happened at one time. */
export interface BaselineStep {
  readonly time: number
  readonly atRisk: number
  readonly events: number
  /** By how much the cumulative hazard rises. */
  readonly hazard: number
  /** Up to and with this time. */
  readonly cumulativeHazard: number
  /** What this time adds to the variance of the cumulative hazard, the coefficients taken as known. */
  readonly variance: number
  /** Means of the covariates of those at risk, weighted by their hazards. */
  readonly means: readonly number[]
}

/**
 * The hazard at the reference, by the same treatment of ties as the fit: each of the tied events adds one over the weight
 * of those at risk at it.
 *
 * @param at - Coefficients, in units of the columns, as are the means that are the reference.
 * @see Breslow (1974); Therneau & Grambsch (2000), section 10.2 and, for Efron's ties, appendix E.
 */
export function baselineOf(
  subjects: Subjects,
  ties: Ties,
  at: readonly number[],
  reference: readonly number[],
): readonly BaselineCurve[] {
  const { strata, centre, unit } = subjects
  const score = dot(at, reference)
  const found = new Map(strata.map((stratum) => [stratum, [] as Omit<BaselineStep, 'cumulativeHazard'>[]]))
  partialLikelihood(subjects, ties, at, (one) => {
    const factor = exp(score - one.shift)
    found.get(one.stratum)!.push({
      time: one.time,
      atRisk: one.atRisk,
      events: one.events,
      hazard: factor * one.inverse,
      variance: factor * factor * one.inverseSquare,
      means: at.map((_, k) => centre[k]! + unit[k]! * one.mean(k) + 0),
    })
  })
  return strata.map((stratum) => {
    let cumulativeHazard = 0
    const steps = found
      .get(stratum)!
      .reverse()
      .map(({ time, atRisk, events, hazard, variance, means }) => {
        cumulativeHazard += hazard
        return { time, atRisk, events, hazard, cumulativeHazard, variance, means }
      })
    return { ...(stratum.name !== undefined && { stratum: stratum.name }), steps }
  })
}
