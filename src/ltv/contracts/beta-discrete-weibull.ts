import { expm1, ln, log1p } from '../../kernel/elementary.js'
import { pow } from '../../kernel/power.js'
import { digammaMixed, digammaRise, lnBetaRatio } from '../../measures/beta-ratio.js'
import type { Values } from '../model.js'
import { churnEdge, churnHopeless, churnStarts } from './churn-counts-of.js'
import type { ContractModel, Staying } from './contract-model.js'
import { checkReach, isInReach, type Reach } from './reach.js'
import { checkRenewals, renewalsOf } from './renewals.js'
import { betaKnowledge } from './shifted-beta-geometric.js'
import { type StayCurve, stayLikelihood } from './stay-likelihood.js'
import { tailExcess } from './tail-excess.js'

/** Parameters of BdW. */
export type BdwParameter = 'alpha' | 'beta' | 'c'

/**
 * The beta-discrete-Weibull model of contracts that are renewed or not: as `sbg`, but a customer's own chance to leave may
 * change with tenure. It rises for `c` above 1 and falls below; `c` = 1 is sBG.
 *
 * @see Fader, Hardie, Liu, Davin & Steenburgh (2018), "How to Project Customer Retention Revisited: The Role of Duration
 * Dependence".
 * @example
 * bdw.staying({ alpha: 0.259, beta: 1.722, c: 1.584 }, 0).hazard(1) // => 0.13074204946996466
 */
export const bdw: ContractModel<'bdw', BdwParameter> = {
  name: 'bdw',
  label: { en: 'beta-discrete-Weibull', zh: 'beta 离散 Weibull 模型' },
  time: 'discrete',
  parameters: ['alpha', 'beta', 'c'],
  ranges: { alpha: 'positive', beta: 'positive', c: 'positive' },
  powers: { alpha: 0, beta: 0, c: 0 },
  effects: [
    { parameter: 'alpha', sign: -1 },
    { parameter: 'beta', sign: -1 },
  ],
  likelihood: (data) =>
    stayLikelihood(data, {
      time: 'discrete',
      parameters: ['alpha', 'beta', 'c'],
      curve: (at) => (isInReach(reach, at) ? bdwCurve(at[0]!, at[1]!, at[2]!) : undefined),
    }),
  // One unit is one period: there is no other scale.
  rescaled: (data) => ({ data, by: 1, lnShift: 0 }),
  starts: (data) =>
    churnStarts('beta-discrete-weibull', data).map(({ alpha, beta, shape }) => ({ alpha, beta, c: shape })),
  hopeless: (data) => churnHopeless('beta-discrete-weibull', data),
  edge: (data, values) => churnEdge('beta-discrete-weibull', data, values),
  sizeOf: ({ customers }) => customers,
  staying: bdwStaying,
}

/** Beyond these the formulas are not held to their digits. */
const reach: Reach = { alpha: [1e-15, 1e15], beta: [1e-15, 1e15], c: [1e-15, 40] }

function bdwCurve(alpha: number, beta: number, c: number): StayCurve {
  return {
    lnStay: (from, to) => lnStayOf(alpha, beta, c, from, to),
    staySlopes(from, to) {
      const [before, rise] = [pow(from, c), riseOf(from, to, c)]
      const b = beta + before
      // By what stands inside beta, at the end and at the start.
      const [atEnd, mixed] = [-digammaRise(b + rise, alpha), digammaMixed(b, alpha, rise)]
      const byC =
        to === from
          ? 0
          : atEnd * (rise * ln(to) + (from === 0 ? 0 : before * log1p((to - from) / from))) +
            (from === 0 ? 0 : mixed * before * ln(from))
      return [-digammaRise(alpha + b, rise), mixed, byC]
    },
  }
}

/** ln of B(alpha, beta + to^c) / B(alpha, beta + from^c), also where powers leave the floats. */
function lnStayOf(alpha: number, beta: number, c: number, from: number, to: number): number {
  const before = pow(from, c)
  if (before > 1e60) {
    // So far out the share falls as tenure^(-alpha c).
    const lnRise = c * log1p((to - from) / from)
    return -alpha * (lnRise > 700 ? lnRise : log1p(expm1(lnRise) / (1 + beta / before)))
  }
  const lnEnd = c * ln(to)
  if (lnEnd > 600) return lnBetaRatio(alpha, beta + before, 1e200) - alpha * (lnEnd - ln(1e200))
  return lnBetaRatio(alpha, beta + before, riseOf(from, to, c))
}

/** to^c - from^c. */
function riseOf(from: number, to: number, c: number): number {
  return from === 0 ? pow(to, c) : pow(from, c) * expm1(c * log1p((to - from) / from))
}

function bdwStaying({ alpha, beta, c }: Values<BdwParameter>, tenure: number): Staying {
  checkRenewals(tenure, '$.tenure')
  checkReach(reach, { alpha, beta, c })
  const lived = pow(tenure, c)
  const excess = tailExcess(alpha, c)
  const sums = renewalsOf({
    past: tenure,
    lnStay: (from, to) => lnStayOf(alpha, beta, c, tenure + from, tenure + to),
    steepness: c,
    excess,
    // Where (alpha + beta)^2 beside tenure^c is no digit any more.
    lnFar: (2 * ln(1 + alpha + beta) + 40) / c,
  })
  return {
    ...sums,
    expected: () => (excess > 0 ? sums.discounted('signing', 0, Infinity) : Infinity),
    hasMean: excess > 0,
    discounted: (payments, lnRate, horizon) =>
      lnRate === 0 && horizon === Infinity && !(excess > 0)
        ? Infinity
        : sums.discounted(payments, lnRate, horizon),
    leaving: betaKnowledge(alpha, beta + lived),
  }
}
