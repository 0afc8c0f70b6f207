import { exp, expm1, ln, log1p } from '../../kernel/elementary.js'
import { pow } from '../../kernel/power.js'
import { lnTricomiU } from '../../measures/tricomi.js'
import type { Values } from '../model.js'
import type { ContractModel, Staying } from './contract-model.js'
import { checkTenure, lastingEdge, lastingHopeless, leavingRate, rescaledTable } from './lasting.js'
import { checkReach, isInReach, type Reach } from './reach.js'
import { stayIntegral } from './stay-integral.js'
import { type StayCurve, stayLikelihood } from './stay-likelihood.js'

/** Parameters of the exponential-gamma model. */
export type ExponentialGammaParameter = 'r' | 'alpha'

/**
 * The exponential-gamma model of contracts that may end at any time: everybody leaves at a rate λ of their own that never
 * changes; these are Gamma(r, alpha) distributed, alpha being a time. In other fields: Pareto II, Lomax.
 *
 * S(t) = (alpha / (alpha + t))^r. The rate of leaving falls with tenure although nobody changes.
 *
 * @see Hardie, Fader & Wisniewski (1998), "An Empirical Comparison of New Product Trial Forecasting Models".
 * @example
 * exponentialGamma.staying({ r: 2, alpha: 10 }, 5).expected() // => 15
 */
export const exponentialGamma: ContractModel<'exponential-gamma', ExponentialGammaParameter> = {
  name: 'exponential-gamma',
  label: { en: 'exponential-gamma', zh: '指数-gamma 模型' },
  time: 'continuous',
  parameters: ['r', 'alpha'],
  ranges: { r: 'positive', alpha: 'positive' },
  powers: { r: 0, alpha: 1 },
  effects: [{ parameter: 'alpha', sign: -1 }],
  likelihood: (data) =>
    stayLikelihood(data, {
      time: 'continuous',
      parameters: ['r', 'alpha'],
      curve: (at) => (isInReach(reach, at) ? exponentialCurve(at[0]!, at[1]!) : undefined),
    }),
  rescaled: rescaledTable,
  starts(data) {
    const rate = leavingRate(data)
    return [1, 8, 0.25].map((r) => ({ r, alpha: Math.LN2 / (pow(2, 1 / r) - 1) / rate }))
  },
  hopeless(data) {
    const found = lastingHopeless(data, 'one')
    if (found === undefined) return undefined
    const { limit, ...edge } = found
    return limit === undefined ? edge : { ...edge, limit: { r: limit.r, alpha: limit.scale } }
  },
  edge: (data, { r, alpha }, settled = false) => lastingEdge(data, { r, scale: alpha }, settled),
  sizeOf: ({ customers }) => customers,
  staying: exponentialStaying,
}

/** Beyond these the formulas are not held to their digits. */
const reach: Reach = { r: [1e-15, 1e15], alpha: [1e-100, 1e100] }

function exponentialCurve(r: number, alpha: number): StayCurve {
  return {
    lnStay: (from, to) => -r * log1p((to - from) / (alpha + from)),
    staySlopes: (from, to) => [
      -log1p((to - from) / (alpha + from)),
      (r / (alpha + from)) * ((to - from) / (alpha + to)),
    ],
    lnHazard: (t) => ln(r) - ln(alpha + t),
    hazardSlopes: (t) => [1 / r, -1 / (alpha + t)],
  }
}

function exponentialStaying({ r, alpha: first }: Values<ExponentialGammaParameter>, tenure: number): Staying {
  checkTenure(tenure, '$.tenure')
  checkReach(reach, { r, alpha: first })
  // Who stayed has a rate that is Gamma(r, alpha + tenure) distributed.
  const alpha = first + tenure
  const lnSurvival = (time: number) => -r * log1p(time / alpha)
  const integral = (lnRate: number, end: number, weighted: boolean) =>
    stayIntegral({ lnStay: lnSurvival, lnRate, end, weighted, excess: r - 1, lnFar: 690 })
  // U takes parameters up to 1e8 and arguments to 1e-100; the integral is slower and takes all.
  const far = (lnRate: number) => r > 9e7 || !(alpha * lnRate > 1e-90 && alpha * lnRate < 1e90)
  /** The mean of 1 / (λ + lnRate). */
  const endless = (lnRate: number): number => {
    if (lnRate === 0) return r > 1 ? alpha / (r - 1) : Infinity
    if (far(lnRate)) return integral(lnRate, Infinity, false)
    return exp(ln(alpha) + lnTricomiU(1, 2 - r, alpha * lnRate))
  }
  const after = (lnShare: number) => alpha * expm1(-lnShare / r)
  return {
    lnSurvival,
    hazard: (time) => r / (alpha + time),
    retention: (time) => exp(-r * log1p(1 / (alpha + (time - 1)))),
    expected: () => endless(0),
    hasMean: r > 1,
    discounted: (_, lnRate, horizon) =>
      horizon === Infinity ? endless(lnRate) : integral(lnRate, horizon, false),
    elasticity(_, lnRate) {
      const value = endless(lnRate)
      const grown = far(lnRate)
        ? integral(lnRate, Infinity, true)
        : exp(2 * ln(alpha) + lnTricomiU(2, 3 - r, alpha * lnRate))
      return { ofValue: grown / value, ofCustomer: value }
    },
    quantile: (share) => after(log1p(-share)),
    leaving: { symbol: 'λ', in: 'per-time', mean: r / alpha, variance: r / alpha / alpha },
    draw(until, random) {
      const time = after(ln(1 - random.next()))
      return time <= until ? { time, event: true } : { time: until, event: false }
    },
  }
}
