import { checkKeys, checkRecord, fault, unknownName } from '../../kernel/errors.js'
import type { Random, Sentence } from '../../kernel/index.js'
import { churnCurve } from '../../measures/churn-curve.js'
import { churnModels } from '../../measures/churn-model.js'
import { checkRandom } from '../../measures/churn-simulation.js'
import {
  type ChurnCohort,
  type ChurnFit,
  type ChurnModel,
  fitChurnModel,
  type NoChurnFit,
} from '../../measures/index.js'
import { backTestRetention, type RetentionBackTest } from './back-test.js'
import { cautionSentences, cautionsOf, type ProjectionCaution } from './cautions.js'
import { byBootstrap, byDelta, type ProjectedCohort, type ProjectedPoint } from './intervals.js'
import { chooseRetentionModel, type NoChoice, noChoice, type RetentionChoice } from './model-choice.js'

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
