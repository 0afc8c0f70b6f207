import { expm1, ln } from '../../kernel/elementary.js'
import { digammaMixed, digammaRise, lnBetaRatio } from '../../measures/beta-ratio.js'
import { hypergeometric2F1 } from '../../measures/hypergeometric.js'
import type { Values } from '../model.js'
import { churnEdge, churnHopeless, churnStarts } from './churn-counts-of.js'
import type { ContractModel, LeavingKnowledge, Payments, Staying } from './contract-model.js'
import { checkReach, isInReach, type Reach } from './reach.js'
import { checkRenewals, renewalsOf } from './renewals.js'
import { type StayCurve, stayLikelihood } from './stay-likelihood.js'

/** Parameters of sBG. */
export type SbgParameter = 'alpha' | 'beta'

/**
 * The shifted-beta-geometric model of contracts that are renewed or not at the end of each period: everybody leaves with a
 * chance of their own that never changes; these are Beta(alpha, beta) distributed.
 *
 * Retention rises with tenure although nobody changes: who leaves easily is gone first. `alpha / (alpha + beta)` leave at the
 * first renewal; the smaller `alpha + beta`, the more people differ.
 *
 * @see Fader & Hardie (2007), "How to Project Customer Retention"; (2010), "Customer-Base Valuation in a Contractual
 * Setting". `churnSurvival` and `fitChurnModel` know the same model by its counts alone.
 * @example
 * sbg.staying({ alpha: 0.668, beta: 3.806 }, 0).discounted('signing', Math.log(1.1), Infinity) // => 5.922596407612764
 */
export const sbg: ContractModel<'sbg', SbgParameter> = {
  name: 'sbg',
  label: { en: 'shifted-beta-geometric', zh: '移位 beta 几何模型' },
  time: 'discrete',
  parameters: ['alpha', 'beta'],
  ranges: { alpha: 'positive', beta: 'positive' },
  powers: { alpha: 0, beta: 0 },
  effects: [
    { parameter: 'alpha', sign: -1 },
    { parameter: 'beta', sign: -1 },
  ],
  likelihood: (data) =>
    stayLikelihood(data, {
      time: 'discrete',
      parameters: ['alpha', 'beta'],
      curve: (at) => (isInReach(reach, at) ? sbgCurve(at[0]!, at[1]!) : undefined),
    }),
  // One unit is one period: there is no other scale.
  rescaled: (data) => ({ data, by: 1, lnShift: 0 }),
  starts: (data) => churnStarts('shifted-beta-geometric', data).map(({ alpha, beta }) => ({ alpha, beta })),
  hopeless: (data) => churnHopeless('shifted-beta-geometric', data),
  edge: (data, values) => churnEdge('shifted-beta-geometric', data, values),
  sizeOf: ({ customers }) => customers,
  staying: sbgStaying,
}

/** Beyond these the formulas are not held to their digits. */
const reach: Reach = { alpha: [1e-15, 1e15], beta: [1e-15, 1e15] }

function sbgCurve(alpha: number, beta: number): StayCurve {
  return {
    lnStay: (from, to) => lnBetaRatio(alpha, beta + from, to - from),
    staySlopes(from, to) {
      const [b, x] = [beta + from, to - from]
      return [-digammaRise(alpha + b, x), digammaMixed(b, alpha, x)]
    },
  }
}

function sbgStaying({ alpha, beta: first }: Values<SbgParameter>, tenure: number): Staying {
  checkRenewals(tenure, '$.tenure')
  checkReach(reach, { alpha, beta: first })
  // Who stayed has lived through so many draws: Beta(alpha, beta + tenure).
  const beta = first + tenure
  const both = alpha + beta
  const sums = renewalsOf({
    past: tenure,
    lnStay: (from, to) => lnBetaRatio(alpha, beta + from, to - from),
    steepness: 1,
    excess: alpha - 1,
    lnFar: 2 * ln(1 + both) + 40,
  })
  /** The mean of (1 - p) / (d + p)^k: what renewals to come are worth, and how it grows with retention. */
  const renewing = (d: number, k: 1 | 2): number =>
    (beta / both / (k === 1 ? d : d * d)) * hypergeometric2F1(k, alpha, both + 1, -1 / d)
  /** Of payments at each renewal, the first of them discounted by one period. */
  const renewals = (lnRate: number): number =>
    lnRate === 0 ? (alpha > 1 ? beta / (alpha - 1) : Infinity) : renewing(expm1(lnRate), 1)
  return {
    ...sums,
    // Renewals are counted first: beside one, parameters far below it would lose their digits.
    hazard: (time) => alpha / (both + (time - 1)),
    retention: (time) => (beta + (time - 1)) / (both + (time - 1)),
    expected: () => 1 + renewals(0),
    hasMean: alpha > 1,
    discounted(payments, lnRate, horizon) {
      // 2F1 takes parameters up to 1e12; the sum is slower and takes all.
      if (horizon < Infinity || both > 9e11) return sums.discounted(payments, lnRate, horizon)
      const value = renewals(lnRate)
      if (payments === 'just-renewed') return value
      return payments === 'signing' ? 1 + value : value + expm1(lnRate) * value
    },
    elasticity(payments: Payments, lnRate) {
      if (both > 9e11) return sums.elasticity(payments, lnRate)
      const d = expm1(lnRate)
      const [value, grown] = [renewing(d, 1), (1 + d) * renewing(d, 2)]
      return payments === 'signing'
        ? { ofValue: grown / (1 + value), ofCustomer: value }
        : { ofValue: grown / value, ofCustomer: 1 + value }
    },
    leaving: betaKnowledge(alpha, beta),
  }
}

/** Of a chance that is Beta(a, b) distributed. */
export function betaKnowledge(a: number, b: number): LeavingKnowledge {
  const sum = a + b
  return { symbol: 'p', in: 'chance', mean: a / sum, variance: (a / sum) * (b / sum / (sum + 1)) }
}
