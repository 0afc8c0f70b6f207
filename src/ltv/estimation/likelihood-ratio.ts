import { checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { gammaQ } from '../../measures/incomplete-gamma.js'
import type { Coefficient } from './covariates.js'
import type { CovariateFit, Fit } from './fit.js'

/** How surprising it is that the larger model is so much likelier, were the smaller one right. */
export type LikelihoodRatio =
  | {
      readonly kind: 'estimate'
      /** Twice the difference of the logarithms. */
      readonly statistic: number
      /** Parameters that the larger model has more. */
      readonly degreesOfFreedom: number
      readonly p: number
      /**
       * `inside`: chi-squared. `boundary`: where the smaller model is the larger one with a parameter at its limit, the half
       * and half mixture of chi-squared with one degree less and with all.
       */
      readonly reference: 'inside' | 'boundary'
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'not-nested' | 'with-priors' | 'larger-is-less-likely'
      readonly next: Sentence
    }

/** Which model is a limit of which, or a case of it with a parameter inside its range. */
const nested: readonly {
  readonly smaller: string
  readonly larger: string
  readonly at: 'inside' | 'boundary'
}[] = [
  ...['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'ggompertz-nbd'].map((larger) => ({
    smaller: 'nbd',
    larger,
    at: 'boundary' as const,
  })),
  { smaller: 'pareto-nbd', larger: 'ggompertz-nbd', at: 'boundary' },
  { smaller: 'pareto-nbd', larger: 'correlated-pareto-nbd', at: 'inside' },
  { smaller: 'exponential-gamma', larger: 'weibull-gamma', at: 'inside' },
  ...['sbg', 'shifted-beta-geometric'].flatMap((smaller) =>
    ['bdw', 'beta-discrete-weibull'].map((larger) => ({ smaller, larger, at: 'inside' as const })),
  ),
]

/**
 * Whether a larger model is worth its parameters, by the likelihood ratio of two fits to the same data of which one is a
 * case of the other: without drop-out, without a covariate, with equal coefficients.
 *
 * At a boundary chi-squared does not hold; half and half of two is the textbook answer for one parameter at its limit. Where
 * others lose their meaning there (without drop-out nobody knows how drop-out differs) it is a rough one.
 *
 * @throws DefinitionError `out-of-range` for fits to different data; `wrong-type` for what is no fit.
 * @see Self & Liang (1987), "Asymptotic Properties of Maximum Likelihood Estimators and Likelihood Ratio Tests under
 * Nonstandard Conditions".
 * @example
 * likelihoodRatio(fitOfNbd, fitOfParetoNbd) // => { kind: 'estimate', statistic: 190.2, degreesOfFreedom: 2, p: 3e-42, reference: 'boundary' }
 */
export function likelihoodRatio(smaller: Fit | CovariateFit, larger: Fit | CovariateFit): LikelihoodRatio {
  checkFit(smaller, '$.smaller')
  checkFit(larger, '$.larger')
  if (smaller.data !== larger.data)
    throw fault('out-of-range', '$.larger.data', larger.data, `a fit to the same data, ${smaller.data}`)
  if (smaller.priors.length + larger.priors.length > 0) return not('with-priors')
  const degreesOfFreedom = Object.keys(larger.estimates).length - Object.keys(smaller.estimates).length
  const at =
    smaller.model === larger.model
      ? ('inside' as const)
      : nested.find((pair) => pair.smaller === smaller.model && pair.larger === larger.model)?.at
  const [few, many] = [coefficientsIn(smaller), coefficientsIn(larger)]
  if (at === undefined || degreesOfFreedom < 1 || !isCaseOf(few, many)) return not('not-nested')
  const statistic = 2 * (larger.logLikelihood - smaller.logLikelihood)
  if (statistic < -1e-4) return not('larger-is-less-likely')
  const d = Math.max(statistic, 0)
  const upper = (df: number) => (df === 0 ? (d > 0 ? 0 : 1) : gammaQ(df / 2, d / 2))
  const p =
    at === 'inside' ? upper(degreesOfFreedom) : (upper(degreesOfFreedom - 1) + upper(degreesOfFreedom)) / 2
  return { kind: 'estimate', statistic: d, degreesOfFreedom, p, reference: at }
}

const coefficientsIn = (fit: Fit | CovariateFit): readonly Coefficient[] =>
  fit.kind === 'fitted' ? [] : fit.coefficients

/** Whether every coefficient of the smaller set is one of the larger, or several of them made equal. */
function isCaseOf(few: readonly Coefficient[], many: readonly Coefficient[]): boolean {
  const moves = (coefficients: readonly Coefficient[]) =>
    coefficients.flatMap(({ name, covariate, effects }) =>
      effects.map(({ parameter }) => ({ name, key: JSON.stringify([covariate, parameter]) })),
    )
  const [smaller, larger] = [moves(few), moves(many)]
  const owner = new Map(smaller.map(({ name, key }) => [key, name]))
  const inLarger = new Set(larger.map(({ key }) => key))
  if (!smaller.every(({ key }) => inLarger.has(key))) return false
  return many.every(({ name }) => {
    const owners = new Set(larger.filter((move) => move.name === name).map(({ key }) => owner.get(key)))
    return owners.size <= 1
  })
}

/** Refuses what is no fit. */
export function checkFit(fit: unknown, path: string): void {
  checkRecord(fit, path)
  const { kind, estimates, data, priors, logLikelihood } = fit as Partial<Fit>
  if (!['fitted', 'fitted-with-covariates'].includes(String(kind)))
    throw fault('wrong-type', `${path}.kind`, kind, 'a fit')
  checkRecord(estimates, `${path}.estimates`)
  if (typeof data !== 'string') throw fault('missing', `${path}.data`, data, 'the print of its data')
  if (!Array.isArray(priors)) throw fault('missing', `${path}.priors`, priors, 'the names of its priors')
  if (typeof logLikelihood !== 'number' || !Number.isFinite(logLikelihood))
    throw fault('wrong-type', `${path}.logLikelihood`, logLikelihood, 'a finite number')
}

const not = (reason: Exclude<LikelihoodRatio, { readonly kind: 'estimate' }>['reason']): LikelihoodRatio => ({
  kind: 'undefined',
  reason,
  next: {
    'not-nested': {
      en: 'Neither model is a case of the other: compare AIC or the error on held-out time (compareModels).',
      zh: '两个模型互不包含：请比较 AIC 或留出期误差（compareModels）。',
    },
    'with-priors': {
      en: 'With priors the likelihood is not at its highest: fit without them to test.',
      zh: '使用先验时似然未取最大值：请去掉先验后再检验。',
    },
    'larger-is-less-likely': {
      en: 'The larger model is less likely than a case of itself: its search has missed something. Fit it again from the values of the smaller one.',
      zh: '较大模型的似然低于其特例：搜索有遗漏。请以较小模型的参数为起点重新拟合。',
    },
  }[reason],
})
