import { ln } from '../../kernel/elementary.js'
import { checkRecord, fault } from '../../kernel/errors.js'
import { checkRandom } from '../../measures/churn-simulation.js'
import { checkLevel } from '../../measures/proportions.js'
import { quantile } from '../../measures/quantile.js'
import { checkHistoryTable } from '../histories/checked-table.js'
import { type CustomerHistory, type HistoryTable, historyTable } from '../histories/history.js'
import type { LikelihoodModel, Values } from '../model.js'
import { checkOptions } from '../options.js'
import type { PurchaseModel } from '../purchases/model.js'
import type { Covariates } from './covariates.js'
import { valuesFor } from './customer.js'
import { dataPrint } from './data-print.js'
import { type CovariateFit, type Fit, type FitOptions, fitModel, type NoFit } from './fit.js'
import { checkFit } from './likelihood-ratio.js'
import type { PredictionInterval } from './prediction-interval.js'

/** Parameters found in customers drawn from a fit, again and again. Plain JSON. */
export interface Bootstrap<Name extends string = string, P extends string = string> {
  readonly kind: 'bootstrap'
  readonly model: Name
  /** The fit that was drawn from. */
  readonly values: Values<P>
  /** One for each set of customers in which parameters were found. With covariates, the coefficients as well. */
  readonly found: readonly { readonly [name: string]: number }[]
  /** How many sets were drawn. */
  readonly runs: number
  /** In how many no parameters were found, by reason. Intervals leave these out. */
  readonly failed: { readonly [reason: string]: number }
}

/** What a bootstrap needs. */
export interface BootstrapOptions<P extends string = string> {
  /** Each set of customers forks it, so that more runs change nothing in the first ones. */
  readonly random: { next(): number; fork(label: string | number): { next(): number } }
  /** 200 unless told. */
  readonly runs?: number
  /** Where the fit had some, the same. */
  readonly priors?: FitOptions<P>['priors']
  readonly signal?: { readonly aborted: boolean }
}

type Drawable<Name extends string, P extends string> = LikelihoodModel<Name, P, HistoryTable> &
  Pick<PurchaseModel<Name, P>, 'draw'>

/**
 * How parameters scatter: sets of customers of the same ages (and covariates) are drawn from the fit and fitted in turn.
 * Slower than the delta method and without its parabola; take it where a fit warns of uneven likelihood.
 *
 * The same generator, the same answer, on every runtime.
 *
 * @throws DefinitionError `wrong-type` where `random` is no generator, `out-of-range` for runs that are none, and for a
 * table that the fit was not made from.
 * @see Efron & Tibshirani (1993), "An Introduction to the Bootstrap", ch. 6 (parametric) and 13 (percentiles).
 * @example
 * const drawn = bootstrap(mbgNbd, fit, table, { random: random('march'), runs: 200 })
 * bootstrapInterval(drawn, (values) => mbgNbd.newcomer(values).expected(52))
 */
export function bootstrap<Name extends string, P extends string>(
  model: Drawable<Name, P>,
  fit: Fit<Name, P> | CovariateFit<Name, P>,
  table: HistoryTable,
  options: BootstrapOptions<P>,
): Bootstrap<Name, P> {
  const steps = bootstrapSteps(model, fit, table, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * As `bootstrap`, a set of customers at a time: yields how many are done. What a signal stops has the runs until then.
 */
export function* bootstrapSteps<Name extends string, P extends string>(
  model: Drawable<Name, P>,
  fit: Fit<Name, P> | CovariateFit<Name, P>,
  table: HistoryTable,
  options: BootstrapOptions<P>,
): Generator<{ readonly done: number; readonly of: number }, Bootstrap<Name, P>> {
  checkRecord(model, '$.model')
  checkFit(fit, '$.fit')
  checkHistoryTable(table, '$.table')
  checkOptions(options, ['random', 'runs', 'priors', 'signal'], '$.options')
  const { random, runs = 200, priors, signal } = options
  checkRandom(random as never, '$.options.random')
  if (typeof random.fork !== 'function')
    throw fault('wrong-type', '$.options.random', random, 'a generator: random(seed)')
  if (!(Number.isSafeInteger(runs) && runs >= 1 && runs <= 100_000))
    throw fault('out-of-range', '$.options.runs', runs, 'a whole number from 1 to 100000')
  if (fit.model !== model.name) throw fault('unknown-name', '$.fit.model', fit.model, model.name)
  if (fit.data !== dataPrint(table))
    throw fault('out-of-range', '$.table', table, 'the table that the fit was made from')
  if (fit.priors.length > 0 && priors === undefined)
    throw fault('missing', '$.options.priors', priors, `the priors of the fit: ${fit.priors.join(', ')}`)
  const refit = { starts: [fit.values], ...(priors && { priors }) }
  const told = fit.kind === 'fitted' ? undefined : covariatesOf(fit)
  const found: { readonly [name: string]: number }[] = []
  const failed: Record<string, number> = {}
  let done = 0
  for (; done < runs && !signal?.aborted; done += 1) {
    const drawn = drawnTable(model, fit, table, random.fork(done))
    const again: Fit<Name, P> | CovariateFit<Name, P> | NoFit<Name> =
      told === undefined ? fitModel(model, drawn, refit) : fitModel(model, drawn, { ...refit, ...told })
    if (again.kind === 'not-an-optimum') failed[again.reason] = (failed[again.reason] ?? 0) + 1
    else
      found.push(
        Object.fromEntries(Object.entries(again.estimates).map(([name, { value }]) => [name, value])),
      )
    yield { done: done + 1, of: runs }
  }
  return { kind: 'bootstrap', model: model.name, values: fit.values, found, runs: done, failed }
}

/** How a fit was told of its covariates. */
function covariatesOf({ coefficients }: CovariateFit): {
  readonly covariates: Covariates
  readonly equal: readonly string[]
} {
  const of = (...processes: readonly string[]) =>
    coefficients
      .filter(({ name }) => processes.some((process) => name.startsWith(`${process}:`)))
      .map(({ covariate }) => covariate)
  const known = ['buying', 'leaving', 'both']
  const apart = coefficients.filter(({ name }) => !known.some((process) => name.startsWith(`${process}:`)))
  return {
    covariates: {
      buying: of('buying', 'both'),
      leaving: [...of('leaving', 'both'), ...new Set(apart.map(({ covariate }) => covariate))],
      apart: apart.length > 0,
    },
    equal: of('both'),
  }
}

/** Customers as a fit would have them, of the same ages and covariates. */
function drawnTable<Name extends string, P extends string>(
  model: Drawable<Name, P>,
  fit: Fit<Name, P> | CovariateFit<Name, P>,
  table: HistoryTable,
  random: { next(): number },
): HistoryTable {
  const names = Object.keys(table.covariates)
  const moved = fit.kind === 'fitted' ? [] : [...new Set(fit.coefficients.map(({ covariate }) => covariate))]
  const histories: CustomerHistory[] = []
  for (let row = 0; row < table.count.length; row += 1) {
    const age = table.age[row]!
    const covariates = Object.fromEntries(names.map((name) => [name, table.covariates[name]![row]!]))
    const values =
      fit.kind === 'fitted'
        ? fit.values
        : valuesFor(fit, Object.fromEntries(moved.map((name) => [name, covariates[name]!])))
    for (let i = 0; i < table.count[row]!; i += 1) {
      const times = model.draw(values, age, random)
      const last = times[times.length - 1]
      histories.push({
        unit: table.unit,
        repeatCount: times.length,
        // A first gap too short for a number is still one.
        lastPurchaseAge: last === undefined ? 0 : Math.max(last, Number.MIN_VALUE),
        age,
        ...(table.sumLnGaps && { sumLnGaps: lnGaps(times) }),
        ...(names.length > 0 && { covariates }),
      })
    }
  }
  return historyTable(histories)
}

function lnGaps(times: readonly number[]): number {
  let sum = 0
  for (const [i, time] of times.entries()) sum += ln(Math.max(time - (times[i - 1] ?? 0), Number.MIN_VALUE))
  return sum
}

/**
 * A prediction with its interval by percentiles over the sets of customers of a bootstrap.
 *
 * @throws DefinitionError `wrong-type` where `predict` gives no number.
 * @example
 * bootstrapInterval(drawn, (values) => mbgNbd.newcomer(values).expected(52), { level: 0.9 })
 */
export function bootstrapInterval<P extends string>(
  drawn: Bootstrap<string, P>,
  predict: (values: Values<P>) => number,
  options: { readonly level?: number } = {},
): PredictionInterval {
  checkRecord(drawn, '$.drawn')
  if (drawn.kind !== 'bootstrap' || !Array.isArray(drawn.found))
    throw fault('wrong-type', '$.drawn', drawn, 'what bootstrap gave')
  if (typeof predict !== 'function') throw fault('wrong-type', '$.predict', predict, 'a function of values')
  checkOptions(options, ['level'], '$.options')
  const { level = 0.95 } = options
  checkLevel(level)
  checkRecord(drawn.values, '$.drawn.values')
  const value = predict(drawn.values)
  if (typeof value !== 'number') throw fault('wrong-type', '$.predict', value, 'a number')
  const n = drawn.found.length
  // Beyond the outermost set nothing is known.
  if (!((n * (1 - level)) / 2 >= 1)) {
    const wanted = Math.ceil(2 / (1 - level))
    return {
      kind: 'undefined',
      reason: 'too-few-runs',
      next: {
        en: `An interval of ${level * 100} % wants at least ${wanted} runs with parameters; there are ${n}. Run more.`,
        zh: `${level * 100}% 区间至少需要 ${wanted} 次成功的运行，现有 ${n} 次。请增加运行次数。`,
      },
    }
  }
  for (const [i, values] of drawn.found.entries()) checkRecord(values, `$.drawn.found[${i}]`)
  const all = drawn.found.map((values) => predict(values as Values<P>))
  for (const one of [value, ...all]) {
    if (typeof one !== 'number') throw fault('wrong-type', '$.predict', one, 'a number')
    if (!Number.isFinite(one)) {
      return {
        kind: 'undefined',
        reason: 'not-finite',
        next: {
          en: 'In some sets of customers the prediction is not finite: ask for a chance, a quantile or a shorter horizon.',
          zh: '在部分抽样中预测值不是有限数：请改为查询概率、分位数或更短的期限。',
        },
      }
    }
  }
  const mean = all.reduce((sum, one) => sum + one / n, 0)
  const square = all.reduce((sum, one) => sum + ((one - mean) * (one - mean)) / (n - 1), 0)
  const [low, high] = [(1 - level) / 2, (1 + level) / 2].map((p) => {
    const found = quantile(all, p, { type: 'type-7' })
    return found.kind === 'estimate' ? found.value : Number.NaN
  })
  return {
    kind: 'estimate',
    value,
    standardError: Math.sqrt(square),
    interval: { low: low!, high: high!, level },
    method: 'bootstrap',
  }
}
