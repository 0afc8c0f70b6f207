import { exp, log1p } from '../../kernel/elementary.js'
import type { Random } from '../../kernel/index.js'
import { binomialDraw } from '../../measures/binomial-draw.js'
import { churnTable } from '../../measures/churn-counts.js'
import {
  type CurvePoint,
  leftOf,
  logitVariance,
  type Share,
  shareWithin,
} from '../../measures/churn-curve.js'
import { fitTable } from '../../measures/churn-fit.js'
import { leavingChances, survivorsOf } from '../../measures/churn-simulation.js'
import { type ChurnCohort, type ChurnFit, normalQuantile, quantile } from '../../measures/index.js'
import { predictedCount } from '../../measures/predicted-count.js'

/** A share to come, of the curve that stands for everybody. */
export interface ProjectedShare {
  readonly value: number
  /** For the share itself, by the error of the parameters; a cohort strays further, by chance. */
  readonly interval: { readonly low: number; readonly high: number; readonly level: number }
}

/** The curve after one period. */
export interface ProjectedPoint {
  readonly period: number
  /** Whether nobody has been seen that long: a projection, not a smoothed observation. */
  readonly beyond: boolean
  /** Of everybody at the start, still there after it. */
  readonly survival: ProjectedShare
  /** Of those there before it, those who stay. */
  readonly retention: ProjectedShare
}

/** What is to come of one cohort, from where it stands. */
export interface ProjectedCohort {
  readonly cohort: string
  readonly size: number
  /** How many periods it has lived through. */
  readonly age: number
  readonly alive: number
  readonly points: readonly {
    readonly period: number
    /** Of those alive now, how many are expected to be there after it. */
    readonly expected: number
    /** Where that count is predicted to be, by the error of the parameters and by chance. */
    readonly predicted: { readonly low: number; readonly high: number; readonly level: number }
  }[]
}

/** A model that has parameters. */
export type Fitted = Extract<ChurnFit, { readonly kind: 'estimate' }>

interface Made {
  readonly points: readonly ProjectedPoint[]
  readonly cohorts: readonly ProjectedCohort[]
  readonly replicates?: { readonly drawn: number; readonly fitted: number }
}

/** Carries the covariance of the parameters over to shares, on the logit scale. */
export function byDelta(
  curve: readonly CurvePoint[],
  given: {
    readonly fit: Fitted
    readonly alive: readonly ChurnCohort[]
    readonly level: number
    readonly last: number
  },
): Made {
  const { fit, alive, level, last } = given
  const { covariance } = fit.coordinates
  const tail = (1 - level) / 2
  const z = -normalQuantile(tail)
  const within = (share: Share): ProjectedShare => {
    const [value, low, high] = shareWithin(share, covariance, z)
    return { value, interval: { low, high, level } }
  }
  return {
    points: curve.slice(1).map(({ survival, retention }, i) => ({
      period: i + 1,
      beyond: i + 1 > last,
      survival: within(survival),
      retention: within(retention),
    })),
    cohorts: alive.map((one) =>
      projected(one, curve, (share, n) => ({
        ...predictedCount({ n, lnShare: share.ln, variance: logitVariance(share, covariance), tail, z }),
        level,
      })),
    ),
  }
}

/** A cohort from where it stands to the end of the curve. */
function projected(
  { cohort, survivors }: ChurnCohort,
  curve: readonly CurvePoint[],
  predict: (share: Share, alive: number, period: number) => { low: number; high: number; level: number },
): ProjectedCohort {
  const age = survivors.length - 1
  const n = survivors[age]!
  const now = curve[age]!.survival
  return {
    cohort,
    size: survivors[0]!,
    age,
    alive: n,
    points: curve.slice(age + 1).map(({ survival }, i) => {
      const share = leftOf(survival, now)
      const period = age + 1 + i
      return { period, expected: n * exp(share.ln), predicted: predict(share, n, period) }
    }),
  }
}

/** Draws cohorts from the fit, fits them again, and lets each of these fits draw what is to come. */
export function byBootstrap(
  curve: readonly CurvePoint[],
  given: {
    readonly fit: Fitted
    readonly cohorts: readonly ChurnCohort[]
    readonly alive: readonly ChurnCohort[]
    readonly level: number
    readonly last: number
    readonly random: Random
    readonly replicates: number
  },
): Made | undefined {
  const { fit, cohorts, alive, level, last, random, replicates } = given
  const to = curve.length - 1
  const seen = leavingChances(fit.parameters, last)
  const survivals: number[][] = Array.from({ length: to }, () => [])
  const retentions: number[][] = Array.from({ length: to }, () => [])
  const counts: number[][][] = alive.map(({ survivors }) =>
    Array.from({ length: to - survivors.length + 1 }, () => []),
  )
  let fitted = 0
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const drawn = cohorts.map(({ cohort, survivors }) => ({
      cohort,
      survivors: survivorsOf(survivors[0]!, seen.slice(0, survivors.length - 1), random),
    }))
    const again = refitted(fit, drawn, level)
    if (again === undefined) continue
    fitted += 1
    const chances = leavingChances(again.parameters, to)
    let lnSurvival = 0
    for (const [i, chance] of chances.entries()) {
      lnSurvival += log1p(-chance)
      survivals[i]!.push(exp(lnSurvival))
      retentions[i]!.push(1 - chance)
    }
    for (const [c, { survivors }] of alive.entries()) {
      let left = survivors[survivors.length - 1]!
      for (const [i, list] of counts[c]!.entries()) {
        left -= binomialDraw(left, chances[survivors.length - 1 + i]!, random)
        list.push(left)
      }
    }
  }
  if (fitted < 0.9 * replicates) return undefined
  const tail = (1 - level) / 2
  const between = (values: readonly number[], type: 'type-7' | 'nearest-rank') =>
    [tail, 1 - tail].map((p) => {
      const found = quantile(values, p, { type })
      return found.kind === 'estimate' ? found.value : Number.NaN
    }) as [number, number]
  const within = (share: Share, values: readonly number[]): ProjectedShare => {
    const [low, high] = between(values, 'type-7')
    return { value: exp(share.ln), interval: { low, high, level } }
  }
  return {
    replicates: { drawn: replicates, fitted },
    points: curve.slice(1).map(({ survival, retention }, i) => ({
      period: i + 1,
      beyond: i + 1 > last,
      survival: within(survival, survivals[i]!),
      retention: within(retention, retentions[i]!),
    })),
    cohorts: alive.map((one, c) =>
      projected(one, curve, (_, __, period) => {
        const [low, high] = between(counts[c]![period - one.survivors.length]!, 'nearest-rank')
        return { low, high, level }
      }),
    ),
  }
}

/** Where the drawn people happen not to differ, the model has become the geometric one, whose fit then stands for it. */
function refitted(fit: Fitted, drawn: readonly ChurnCohort[], level: number): Fitted | undefined {
  const table = churnTable(drawn)
  let again = fitTable(fit.model, table, level, fit.coordinates.at)
  if (again.kind === 'undefined' && again.reason === 'not-determined')
    again = fitTable(fit.model, table, level)
  if (
    again.kind === 'undefined' &&
    again.reason === 'no-heterogeneity' &&
    fit.model === 'shifted-beta-geometric'
  )
    again = fitTable('geometric', table, level)
  return again.kind === 'estimate' ? again : undefined
}
