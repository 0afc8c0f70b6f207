import { exp, log1p } from '../kernel/elementary.js'
import { checkKeys, checkRecord, fault, unknownName } from '../kernel/errors.js'
import type { Random, Sentence } from '../kernel/index.js'
import { binomialDraw } from '../measures/binomial-draw.js'
import { churnTable } from '../measures/churn-counts.js'
import {
  type CurvePoint,
  churnCurve,
  leftOf,
  logitVariance,
  type Share,
  shareWithin,
} from '../measures/churn-curve.js'
import { fitTable } from '../measures/churn-fit.js'
import { churnModels } from '../measures/churn-model.js'
import { checkRandom, leavingChances, survivorsOf } from '../measures/churn-simulation.js'
import {
  type ChurnCohort,
  type ChurnFit,
  type ChurnModel,
  fitChurnModel,
  gammaQ,
  type NoChurnFit,
  normalQuantile,
  quantile,
} from '../measures/index.js'
import { predictedCount } from '../measures/predicted-count.js'
import { backTestRetention, type RetentionBackTest } from './back-test.js'
import {
  chooseRetentionModel,
  guessOn,
  type NoChoice,
  noChoice,
  type RetentionChoice,
} from './model-choice.js'

/** What to project, how far, and how. */
export interface ProjectionOptions {
  readonly cohorts: readonly ChurnCohort[]
  /** How many periods beyond the last one in which somebody was at risk; from 1 to 1,000. */
  readonly horizon: number
  /** `choose` unless told: by `chooseRetentionModel`. */
  readonly model?: ChurnModel | 'choose'
  /** Of the intervals and of the back-test; 0.95 unless told. */
  readonly level?: number
  /**
   * `delta` unless told: normal on the logit scale, with the covariance of the fit. With a generator by parametric
   * bootstrap: cohorts are drawn from the fit and fitted again, 500 times unless told (100 to 10,000).
   */
  readonly intervals?: 'delta' | { readonly random: Random; readonly replicates?: number }
}

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

/** Why a projection should be read with care. */
export type ProjectionCaution =
  | 'beyond-back-test'
  | 'worse-than-no-change'
  | 'worse-than-last-rate'
  | 'predictions-missed'
  | 'curve-does-not-fit'
  | 'cohorts-differ'

/** What each caution means. */
export const cautionSentences: { readonly [C in ProjectionCaution]: Sentence } = {
  'beyond-back-test': {
    en: 'It reaches further ahead than any test of it did.',
    zh: '外推的期数超过了回测检验过的期数。',
  },
  'worse-than-no-change': {
    en: 'On held-out periods it was no better than to say that nobody leaves any more.',
    zh: '在留出周期上，它并不优于"不再有人流失"的假设。',
  },
  'worse-than-last-rate': {
    en: 'On held-out periods it was no better than to go on with the last rate seen.',
    zh: '在留出周期上，它并不优于"沿用最近一期留存率"的假设。',
  },
  'predictions-missed': {
    en: 'Held-out counts of cohorts lay outside what was predicted more often than the level allows by a tenth.',
    zh: '留出期各同期群人数落在预测区间之外的比例，比置信水平允许的高出一成以上。',
  },
  'curve-does-not-fit': {
    en: 'The counts seen so far are further from the curve than chance explains (p below 0.01).',
    zh: '已观测人数与曲线的偏离超出随机波动（p 小于 0.01）。',
  },
  'cohorts-differ': {
    en: 'Cohorts differ more than chance explains (p below 0.001): one curve does not stand for all of them; project them apart.',
    zh: '各同期群之间的差异超出随机波动（p 小于 0.001）：一条曲线不能代表全部，请分别外推。',
  },
}

/** A projection with what it stands on; there is none without its test. */
export type RetentionProjection =
  | {
      readonly kind: 'projection'
      readonly model: ChurnModel
      readonly fit: Extract<ChurnFit, { readonly kind: 'estimate' }>
      readonly horizon: {
        /** The last period in which somebody was at risk. */
        readonly observed: number
        readonly to: number
        /** How many periods ahead the back-test has looked, at the most, with this model. */
        readonly tested: number
      }
      readonly level: number
      readonly method: 'delta-logit' | 'parametric-bootstrap'
      /** Of a bootstrap: how many of the drawn cohorts had a fit; where people did not differ, the geometric one. */
      readonly replicates?: { readonly drawn: number; readonly fitted: number }
      /** From period 1 on. */
      readonly points: readonly ProjectedPoint[]
      readonly cohorts: readonly ProjectedCohort[]
      /** Of the model and of the others, on the same held-out periods. */
      readonly backTest: RetentionBackTest
      /** Where the model was chosen, on what grounds. */
      readonly choice?: Extract<RetentionChoice, { readonly kind: 'choice' }>
      readonly cautions: readonly { readonly code: ProjectionCaution; readonly says: Sentence }[]
    }
  | NoChoice
  | {
      readonly kind: 'undefined'
      /** Of `not-fitted`, what the fit says; of `bootstrap-failed`, that over a tenth of the drawn cohorts had no fit. */
      readonly reason: 'not-fitted' | 'bootstrap-failed'
      readonly next: Sentence
      readonly fit?: NoChurnFit
    }

/**
 * How many will still be there, for the curve and for each cohort, with intervals and with a back-test of the model on
 * periods held out. Without at least three periods, or where the model could not be tested on any of them, there is no
 * projection but a reason.
 *
 * The curve is one for all cohorts; whether they differ is looked at and said. People are taken not to come back. The
 * intervals hold the error of the parameters if the model is right, and for cohorts chance; that the model may be wrong or
 * the world may change they do not hold: the back-test shows how much that came to so far.
 *
 * @throws DefinitionError as `fitChurnModel`; `out-of-range` for a horizon or number of replicates that is none;
 * `too-large` where cohorts times periods are more than 200,000.
 * @see Fader & Hardie (2007), "How to Project Customer Retention"; Efron & Tibshirani (1993) for the bootstrap.
 * @example
 * const projection = projectRetention({ horizon: 5, model: 'shifted-beta-geometric',
 *   cohorts: [{ cohort: 'regular', survivors: [1000, 631, 468, 382, 326, 289, 262, 241] }] })
 * if (projection.kind === 'projection') projection.points.at(-1).survival
 * // => { value: 0.17, interval: { low: 0.1456, high: 0.1976, level: 0.95 } }
 */
export function projectRetention(options: ProjectionOptions): RetentionProjection {
  checkRecord(options, '$')
  checkKeys(options, ['cohorts', 'horizon', 'model', 'level', 'intervals'], '$')
  const { cohorts, horizon, model = 'choose', level = 0.95, intervals = 'delta' } = options
  if (!(Number.isSafeInteger(horizon) && horizon >= 1 && horizon <= 1000))
    throw fault('out-of-range', '$.horizon', horizon, 'a whole number from 1 to 1000')
  if (model !== 'choose' && !churnModels.includes(model))
    throw unknownName('$.model', model, ['choose', ...churnModels])
  const bootstrap = checkIntervals(intervals)

  const choice = model === 'choose' ? chooseRetentionModel({ cohorts, level }) : undefined
  if (choice?.kind === 'undefined') return choice
  const backTest = choice?.backTest ?? backTestRetention({ cohorts, level })
  if (backTest.kind === 'undefined') return noChoice('nothing-to-hold-out')
  const taken = choice?.model ?? (model as ChurnModel)
  const fit = fitChurnModel({ model: taken, cohorts, level })
  if (fit.kind === 'undefined')
    return { kind: 'undefined', reason: 'not-fitted', next: fit.next, fit: fit.reason }
  const test = backTest.models.find((one) => one.model === taken)!
  if (test.error === undefined) return noChoice('never-tested')

  const to = backTest.last + horizon
  const alive = cohorts.filter(({ survivors }) => survivors[survivors.length - 1]! > 0)
  if (alive.length * to > 200_000)
    throw fault('too-large', '$.horizon', alive.length * to, 'at most 200000 cohorts times periods')
  const curve = churnCurve(fit.coordinates.at, to)
  const last = backTest.last
  const made =
    bootstrap === undefined
      ? byDelta(curve, { fit, alive, level, last })
      : byBootstrap(curve, { fit, cohorts, alive, level, last, ...bootstrap })
  if (made === undefined) return { kind: 'undefined', reason: 'bootstrap-failed', next: bootstrapFailed }
  const tested = test.rows.reduce((most, { origin, period }) => Math.max(most, period - origin), 0)
  const codes = cautionsOf({ fit, backTest, cohorts, horizon, tested })
  return {
    kind: 'projection',
    model: taken,
    fit,
    horizon: { observed: last, to, tested },
    level,
    method: bootstrap === undefined ? 'delta-logit' : 'parametric-bootstrap',
    ...made,
    backTest,
    ...(choice && { choice }),
    cautions: codes.map((code) => ({ code, says: cautionSentences[code] })),
  }
}

type Fitted = Extract<ChurnFit, { readonly kind: 'estimate' }>

interface Made {
  readonly points: readonly ProjectedPoint[]
  readonly cohorts: readonly ProjectedCohort[]
  readonly replicates?: { readonly drawn: number; readonly fitted: number }
}

function byDelta(
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
function byBootstrap(
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

function cautionsOf(given: {
  readonly fit: Fitted
  readonly backTest: RetentionBackTest
  readonly cohorts: readonly ChurnCohort[]
  readonly horizon: number
  readonly tested: number
}): readonly ProjectionCaution[] {
  const { fit, backTest, cohorts, horizon, tested } = given
  const test = backTest.models.find(({ model }) => model === fit.model)!
  const error = test.error!.meanAbsolute
  const { p } = fit.goodness
  const coverage = test.cohortCoverage
  const all: readonly (readonly [ProjectionCaution, boolean])[] = [
    ['beyond-back-test', horizon > tested],
    ['worse-than-no-change', !(error < guessOn(backTest, 'no-change', test.rows))],
    ['worse-than-last-rate', !(error < guessOn(backTest, 'last-rate', test.rows))],
    ['predictions-missed', coverage !== undefined && coverage.share < backTest.level - 0.1],
    ['curve-does-not-fit', p.kind === 'estimate' && p.value < 0.01],
    ['cohorts-differ', differ(cohorts)],
  ]
  return all.filter(([, holds]) => holds).map(([code]) => code)
}

/** Whether a rate of its own for every cohort and period explains more than chance would. */
function differ(cohorts: readonly ChurnCohort[]): boolean {
  const own = (left: number, stayed: number) =>
    (left > 0 ? -left * log1p(stayed / left) : 0) + (stayed > 0 ? -stayed * log1p(left / stayed) : 0)
  const { periods } = churnTable(cohorts)
  let gain = -periods.reduce((sum, { left, stayed }) => sum + own(left, stayed), 0)
  let cells = 0
  for (const { survivors } of cohorts) {
    for (let t = 1; t < survivors.length && survivors[t - 1]! > 0; t += 1) {
      const { left, stayed } = periods[t - 1]!
      // Where everybody does the same there is nothing to differ in.
      if (left > 0 && stayed > 0) cells += 1
      gain += own(survivors[t - 1]! - survivors[t]!, survivors[t]!)
    }
  }
  const freedom = cells - periods.filter(({ left, stayed }) => left > 0 && stayed > 0).length
  return freedom > 0 && gammaQ(freedom / 2, Math.max(0, gain)) < 0.001
}

const bootstrapFailed: Sentence = {
  en: 'Over a tenth of the cohorts drawn from the fit had no fit of their own: take intervals by delta, or a model with fewer parameters.',
  zh: '由拟合结果抽样得到的同期群中超过一成无法再次拟合：请用 delta 区间，或参数更少的模型。',
}

function checkIntervals(
  intervals: ProjectionOptions['intervals'],
): { readonly random: Random; readonly replicates: number } | undefined {
  if (intervals === 'delta') return undefined
  if (typeof intervals === 'string') throw unknownName('$.intervals', intervals, ['delta', '{ random }'])
  checkRecord(intervals, '$.intervals')
  const { random, replicates = 500 } = intervals!
  checkRandom(random, '$.intervals.random')
  if (!(Number.isSafeInteger(replicates) && replicates >= 100 && replicates <= 10_000))
    throw fault('out-of-range', '$.intervals.replicates', replicates, 'a whole number from 100 to 10000')
  return { random, replicates }
}
