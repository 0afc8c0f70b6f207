import { exp } from '../../kernel/elementary.js'
import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { asOfPeriod, checkChurnCohorts, churnTable } from '../../measures/churn-counts.js'
import { churnCurve, leftOf, logitVariance, type Share } from '../../measures/churn-curve.js'
import { fitTable } from '../../measures/churn-fit.js'
import { churnModels } from '../../measures/churn-model.js'
import { type ChurnCohort, type ChurnModel, type NoChurnFit, normalQuantile } from '../../measures/index.js'
import { predictedCount } from '../../measures/predicted-count.js'
import { checkLevel } from '../../measures/proportions.js'

/**
 * What a model has to beat.
 *
 * - `no-change`: nobody leaves any more.
 * - `last-rate`: in every period to come as many of a hundred leave as in the last one seen.
 */
export type Baseline = 'no-change' | 'last-rate'

/** What was projected from an earlier period, and what came of it; of all cohorts that have lived through both. */
export interface BackTestRow {
  /** The fit has seen the periods up to this one. */
  readonly origin: number
  readonly period: number
  /** Cohorts that have lived through `period`. */
  readonly cohorts: number
  /** How many of them were there at the origin. */
  readonly alive: number
  /** How many of those were there after `period`. */
  readonly actual: number
  readonly expected: number
  /** Between which counts it should have been; a baseline has none. */
  readonly predicted?: { readonly low: number; readonly high: number }
}

/** How far off, in shares of those alive at the origin; the mean is over rows, each the same weight. */
export interface BackTestError {
  readonly rows: number
  readonly meanAbsolute: number
  /** Of expected minus actual: above 0 the model hopes for too much. */
  readonly bias: number
  readonly worst: number
  /**
   * The mean standard error that chance alone gives shares of so many people: differences of errors well below it say
   * nothing.
   */
  readonly chance: number
}

/** How many of the counts lay within what was predicted. Rows of one origin go together: it is no sample of independent ones. */
export interface BackTestCoverage {
  readonly inside: number
  readonly of: number
  readonly share: number
}

/** How one model or baseline did. */
export interface TestedModel<M extends ChurnModel | Baseline = ChurnModel | Baseline> {
  readonly model: M
  /** By origin, then period. */
  readonly rows: readonly BackTestRow[]
  /** Origins at which there was no fit, and why. */
  readonly failed: readonly { readonly origin: number; readonly reason: NoChurnFit }[]
  readonly error: BackTestError | undefined
  /** Of the rows. */
  readonly coverage: BackTestCoverage | undefined
  /** Of each cohort on its own, as a projection gives them. */
  readonly cohortCoverage: BackTestCoverage | undefined
}

/** Fits to the past of the data, compared with what followed. */
export interface RetentionBackTest {
  readonly kind: 'back-test'
  readonly level: number
  /** Periods up to which models were fitted; at most twelve, spread evenly. */
  readonly origins: readonly number[]
  /** The last period that somebody was at risk in. */
  readonly last: number
  /** How many periods ahead was tested at the most. */
  readonly furthest: number
  readonly models: readonly TestedModel<ChurnModel>[]
  readonly baselines: readonly TestedModel<Baseline>[]
}

/** What to test. */
export interface BackTestOptions {
  readonly cohorts: readonly ChurnCohort[]
  /** All unless told. */
  readonly models?: readonly ChurnModel[]
  /** How often a predicted count should be within its ends; 0.95 unless told. */
  readonly level?: number
}

/**
 * Fits each model to the first h periods of all cohorts and projects the rest, for one h after another (rolling origin),
 * from 2 to the last but one. What is scored is how many of those there at the origin are still there later, against the
 * predicted count, whose ends hold the error of the parameters and chance; and against two ways to guess.
 *
 * Where there is no third period nothing can be held out, and it is `undefined`.
 *
 * @throws DefinitionError as `fitChurnModel`; `too-large` where cohorts times periods are more than 200,000.
 * @see Tashman (2000), "Out-of-sample tests of forecasting accuracy", for rolling origins.
 * @example
 * const test = backTestRetention({ cohorts: [{ cohort: 'high end', survivors: [1000, 869, 743, 653, 593, 551, 517, 491] }],
 *   models: ['beta-discrete-weibull'] })
 * if (test.kind === 'back-test') test.models[0].error // => { rows: 10, meanAbsolute: 0.0139, bias: -0.0139, … }
 */
export function backTestRetention(
  options: BackTestOptions,
): RetentionBackTest | { readonly kind: 'undefined'; readonly reason: 'nothing-to-hold-out' } {
  checkRecord(options, '$')
  checkKeys(options, ['cohorts', 'models', 'level'], '$')
  const { cohorts, models = churnModels, level = 0.95 } = options
  checkList(models, '$.models')
  checkList(cohorts, '$.cohorts')
  // Counted twice, people would make intervals narrower than they are.
  const names = new Set<unknown>()
  for (const [i, one] of cohorts.entries()) {
    const name = one?.cohort
    if (typeof name === 'string' && names.has(name))
      throw fault('duplicate-name', `$.cohorts[${i}].cohort`, name, 'every cohort once')
    names.add(name)
  }
  if (models.length === 0) throw fault('missing', '$.models', models, 'at least one model')
  for (const [i, model] of models.entries()) {
    checkName(churnModels, model, `$.models[${i}]`)
    if (models.indexOf(model) !== i) throw fault('duplicate-name', `$.models[${i}]`, model, 'each model once')
  }
  checkLevel(level)
  checkChurnCohorts(cohorts, '$.cohorts')
  const last = churnTable(cohorts).periods.length
  if (last < 3) return { kind: 'undefined', reason: 'nothing-to-hold-out' }
  if (cohorts.length * last > 200_000)
    throw fault('too-large', '$.cohorts', cohorts.length * last, 'at most 200000 cohorts times periods')
  const origins = originsTo(last - 1)
  const rowsAt = origins.map((origin) => heldOut(cohorts, origin, last))
  return {
    kind: 'back-test',
    level,
    origins,
    last,
    furthest: last - 2,
    models: models.map((model) => tested(model, { cohorts, origins, rowsAt, level })),
    baselines: (['no-change', 'last-rate'] as const).map((model) =>
      guessed(model, { cohorts, origins, rowsAt }),
    ),
  }
}

/** What a back-test says of one model on some of its origins. */
export function errorOf(rows: readonly BackTestRow[]): BackTestError | undefined {
  if (rows.length === 0) return undefined
  let [absolute, signed, worst, chance] = [0, 0, 0, 0]
  for (const { alive, actual, expected } of rows) {
    const off = (expected - actual) / alive
    const share = expected / alive
    absolute += Math.abs(off)
    signed += off
    worst = Math.max(worst, Math.abs(off))
    chance += Math.sqrt(Math.max(0, share * (1 - share)) / alive)
  }
  const n = rows.length
  return { rows: n, meanAbsolute: absolute / n, bias: signed / n, worst, chance: chance / n }
}

/** From 2 to the last, at most twelve of them, both ends included. */
function originsTo(last: number): readonly number[] {
  const count = Math.min(last - 1, 12)
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 2 : 2 + Math.round((i * (last - 2)) / (count - 1)),
  )
}

/** A cohort or all of them, at the origin and later. */
interface HeldOut {
  readonly origin: number
  readonly period: number
  readonly alive: number
  readonly actual: number
  readonly each: readonly { readonly alive: number; readonly actual: number }[]
}

/** All periods after the origin in which somebody who was there at the origin was still watched. */
function heldOut(cohorts: readonly ChurnCohort[], origin: number, last: number): readonly HeldOut[] {
  const rows: HeldOut[] = []
  for (let period = origin + 1; period <= last; period += 1) {
    const each = cohorts
      .filter(({ survivors }) => survivors.length > period && survivors[origin]! > 0)
      .map(({ survivors }) => ({ alive: survivors[origin]!, actual: survivors[period]! }))
    const alive = each.reduce((sum, one) => sum + one.alive, 0)
    const actual = each.reduce((sum, one) => sum + one.actual, 0)
    if (alive > 0) rows.push({ origin, period, alive, actual, each })
  }
  return rows
}

function tested(
  model: ChurnModel,
  given: {
    readonly cohorts: readonly ChurnCohort[]
    readonly origins: readonly number[]
    readonly rowsAt: readonly (readonly HeldOut[])[]
    readonly level: number
  },
): TestedModel<ChurnModel> {
  const { cohorts, origins, rowsAt, level } = given
  const tail = (1 - level) / 2
  const z = -normalQuantile(tail)
  const rows: BackTestRow[] = []
  const failed: { readonly origin: number; readonly reason: NoChurnFit }[] = []
  const of = { rows: 0, cohorts: 0 }
  const inside = { rows: 0, cohorts: 0 }
  for (const [i, origin] of origins.entries()) {
    const fit = fitTable(model, churnTable(asOfPeriod(cohorts, origin)), level)
    if (fit.kind === 'undefined') {
      failed.push({ origin, reason: fit.reason })
      continue
    }
    const { at, covariance } = fit.coordinates
    const held = rowsAt[i]!
    const curve = churnCurve(at, held[held.length - 1]?.period ?? origin)
    for (const { period, alive, actual, each } of held) {
      const share: Share = leftOf(curve[period]!.survival, curve[origin]!.survival)
      const spread = { lnShare: share.ln, variance: logitVariance(share, covariance), tail, z }
      const predicted = predictedCount({ n: alive, ...spread })
      rows.push({
        origin,
        period,
        cohorts: each.length,
        alive,
        actual,
        expected: alive * exp(share.ln),
        predicted,
      })
      of.rows += 1
      if (actual >= predicted.low && actual <= predicted.high) inside.rows += 1
      for (const one of each) {
        const { low, high } = each.length === 1 ? predicted : predictedCount({ n: one.alive, ...spread })
        of.cohorts += 1
        if (one.actual >= low && one.actual <= high) inside.cohorts += 1
      }
    }
  }
  return {
    model,
    rows,
    failed,
    error: errorOf(rows),
    coverage: coverageOf(inside.rows, of.rows),
    cohortCoverage: coverageOf(inside.cohorts, of.cohorts),
  }
}

function guessed(
  model: Baseline,
  given: {
    readonly cohorts: readonly ChurnCohort[]
    readonly origins: readonly number[]
    readonly rowsAt: readonly (readonly HeldOut[])[]
  },
): TestedModel<Baseline> {
  const { cohorts, origins, rowsAt } = given
  const rows: BackTestRow[] = []
  for (const [i, origin] of origins.entries()) {
    const { periods } = churnTable(asOfPeriod(cohorts, origin))
    const seen = periods[periods.length - 1]
    const rate = model === 'no-change' || seen === undefined ? 1 : seen.stayed / (seen.left + seen.stayed)
    let share = 1
    let reached = origin
    for (const { period, alive, actual, each } of rowsAt[i]!) {
      for (; reached < period; reached += 1) share *= rate
      rows.push({ origin, period, cohorts: each.length, alive, actual, expected: alive * share })
    }
  }
  return { model, rows, failed: [], error: errorOf(rows), coverage: undefined, cohortCoverage: undefined }
}

function coverageOf(inside: number, of: number): BackTestCoverage | undefined {
  return of === 0 ? undefined : { inside, of, share: inside / of }
}
