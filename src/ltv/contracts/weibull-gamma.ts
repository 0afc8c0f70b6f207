import { exp, expm1, ln, log1p } from '../../kernel/elementary.js'
import { checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import { pow } from '../../kernel/power.js'
import type { Values } from '../model.js'
import type { ContractModel, Staying } from './contract-model.js'
import { checkTenure, lastingEdge, lastingHopeless, leavingRate, rescaledTable } from './lasting.js'
import { checkReach, isInReach, type Reach } from './reach.js'
import { stayIntegral } from './stay-integral.js'
import { type StayCurve, stayLikelihood } from './stay-likelihood.js'
import { tailExcess } from './tail-excess.js'

/** Parameters of the Weibull-gamma model. */
export type WeibullGammaParameter = 'r' | 'scale' | 'c'

/**
 * The Weibull-gamma model of contracts that may end at any time: everybody's own rate of leaving changes with tenure as
 * tenure^(c - 1), rising for `c` above 1 and falling below, times a factor that is Gamma(r) distributed over customers.
 *
 * S(t) = (1 + (t / scale)^c)^-r. With λ of a Weibull(λ, c) being Gamma(r, alpha) distributed, as the papers write it, `scale`
 * is alpha^(1/c): so it is a time, which can be told in weeks or days. `weibullGammaValues` turns one into the other.
 * In other fields: Burr XII, Singh-Maddala. `c` = 1 is `exponentialGamma`.
 *
 * @see Hardie, Fader & Wisniewski (1998), "An Empirical Comparison of New Product Trial Forecasting Models"; Fader & Hardie
 * (2018) for contracts.
 * @example
 * weibullGamma.staying({ r: 1, scale: 10, c: 2 }, 0).lnSurvival(10) // => -0.6931471805599453
 */
export const weibullGamma: ContractModel<'weibull-gamma', WeibullGammaParameter> = {
  name: 'weibull-gamma',
  label: { en: 'Weibull-gamma', zh: 'Weibull-gamma 模型' },
  time: 'continuous',
  parameters: ['r', 'scale', 'c'],
  ranges: { r: 'positive', scale: 'positive', c: 'positive' },
  powers: { r: 0, scale: 1, c: 0 },
  effects: [{ parameter: 'scale', sign: -1 }],
  likelihood: (data) =>
    stayLikelihood(data, {
      time: 'continuous',
      parameters: ['r', 'scale', 'c'],
      curve: (at) => (isInReach(reach, at) ? weibullCurve(at[0]!, at[1]!, at[2]!) : undefined),
    }),
  rescaled: rescaledTable,
  starts(data) {
    const rate = leavingRate(data)
    const pairs: readonly (readonly [r: number, c: number])[] = [
      [1, 1],
      [1, 1.6],
      [0.5, 0.7],
      [8, 1],
    ]
    return pairs.map(([r, c]) => ({ r, scale: Math.LN2 / rate / pow(pow(2, 1 / r) - 1, 1 / c), c }))
  },
  hopeless: (data) => lastingHopeless(data, 'any'),
  edge: (data, values, settled = false) => lastingEdge(data, values, settled),
  sizeOf: ({ customers }) => customers,
  staying: weibullStaying,
}

/**
 * The values of `weibullGamma` by the letters of the papers: λ of a Weibull(λ, c) is Gamma(r, alpha) distributed, alpha being
 * a time to the power of c.
 *
 * @throws DefinitionError `out-of-range` unless all three are above 0 and finite, and the scale too.
 * @example
 * weibullGammaValues({ r: 1, alpha: 100, c: 2 }) // => { r: 1, scale: 10, c: 2 }
 */
export function weibullGammaValues(letters: {
  readonly r: number
  readonly alpha: number
  readonly c: number
}): Values<WeibullGammaParameter> {
  checkRecord(letters, '$')
  const { r, alpha, c } = letters
  for (const [name, value] of Object.entries({ r, alpha, c })) {
    checkNumber(value, `$.${name}`)
    if (!(value > 0 && value < Infinity)) throw fault('out-of-range', `$.${name}`, value, 'above 0, finite')
  }
  const scale = pow(alpha, 1 / c)
  if (!(scale > 0 && scale < Infinity))
    throw fault('out-of-range', '$.alpha', alpha, 'one whose power 1 / c is a float')
  return { r, scale, c }
}

/** Beyond these the formulas are not held to their digits. */
const reach: Reach = { r: [1e-15, 1e15], scale: [1e-100, 1e100], c: [1e-15, 100] }

function weibullCurve(r: number, scale: number, c: number): StayCurve {
  const lnC = ln(c)
  const lnR = ln(r)
  return {
    lnStay: (from, to) => -r * lnGrowth(from, to - from, scale, c),
    staySlopes(from, to) {
      if (from === to) return [0, 0, 0]
      const growth = lnGrowth(from, to - from, scale, c)
      const [lnTo, after] = [ln(to / scale), goneShare(to, scale, c)]
      // The share y / (1 + y), y = (t / scale)^c, rises from one end to the other by this.
      const rise = from === 0 ? after : -expm1(-growth) / (1 + powerOf(from, scale, c))
      const byC = from === 0 ? after * lnTo : after * log1p((to - from) / from) + rise * ln(from / scale)
      return [-growth, (r * c * rise) / scale, -r * byC]
    },
    lnHazard: (t) => lnR + lnC - ln(t) - softplus(-c * ln(t / scale)),
    hazardSlopes(t) {
      const still = 1 / (1 + powerOf(t, scale, c))
      return [1 / r, (-c * still) / scale, 1 / c + still * ln(t / scale)]
    },
  }
}

/** ln(1 + e^z). */
const softplus = (z: number): number => (z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)))

/** y = (t / scale)^c. Infinity beyond the floats. */
const powerOf = (t: number, scale: number, c: number): number => (t === 0 ? 0 : exp(c * ln(t / scale)))

/** y / (1 + y). */
function goneShare(t: number, scale: number, c: number): number {
  const y = powerOf(t, scale, c)
  return y > 1 ? 1 / (1 + 1 / y) : y / (1 + y)
}

/**
 * ln of 1 + (t / scale)^c at `from` + `by` over that at `from`, also where powers leave the floats, and where `by` is no digit of
 * the sum.
 */
function lnGrowth(from: number, by: number, scale: number, c: number): number {
  if (by === 0) return 0
  const y = powerOf(from, scale, c)
  if (y < 1e-300) return softplus(c * ln((from + by) / scale))
  const lnRise = c * (by < 1e300 * from ? log1p(by / from) : ln(by) - ln(from))
  const share = y > 1 ? 1 / (1 + 1 / y) : y / (1 + y)
  return lnRise < 600 ? log1p(expm1(lnRise) * share) : softplus(lnRise + ln(share))
}

function weibullStaying({ r, scale, c }: Values<WeibullGammaParameter>, tenure: number): Staying {
  checkTenure(tenure, '$.tenure')
  checkReach(reach, { r, scale, c })
  const excess = tailExcess(r, c)
  const lnSurvival = (time: number) => -r * lnGrowth(tenure, time, scale, c)
  const integral = (lnRate: number, end: number, weighted: boolean) =>
    stayIntegral({
      lnStay: lnSurvival,
      lnRate,
      end,
      weighted,
      excess,
      // Where both 1 and the tenure so far are no digit beside the power any more.
      lnFar: Math.max(ln(scale) + (40 + ln(1 + r)) / c, ln(1e-290 + tenure) + 40 + ln(1 + r)),
    })
  const still = 1 / (1 + powerOf(tenure, scale, c))
  const after = (lnShare: number): number => {
    const rise = -lnShare / r
    if (tenure === 0) return scale * pow(expm1(rise), 1 / c)
    const share = goneShare(tenure, scale, c)
    return share > 0 ? tenure * expm1(log1p(expm1(rise) / share) / c) : scale * pow(expm1(rise), 1 / c)
  }
  return {
    lnSurvival,
    hazard(time) {
      const age = tenure + time
      if (age === 0) return c < 1 ? Infinity : c === 1 ? r / scale : 0
      return ((r * c) / age) * goneShare(age, scale, c)
    },
    retention: (time) => exp(-r * lnGrowth(tenure + time - 1, 1, scale, c)),
    expected: () => (excess > 0 ? integral(0, Infinity, false) : Infinity),
    hasMean: excess > 0,
    discounted: (_, lnRate, horizon) =>
      lnRate === 0 && horizon === Infinity && !(excess > 0) ? Infinity : integral(lnRate, horizon, false),
    elasticity: (_, lnRate) => ({
      ofValue: integral(lnRate, Infinity, true) / integral(lnRate, Infinity, false),
    }),
    quantile: (share) => after(log1p(-share)),
    leaving: {
      symbol: 'λ',
      in: 'factor',
      mean: r * still,
      variance: r * still * still,
    },
    draw(until, random) {
      const time = after(ln(1 - random.next()))
      return time <= until ? { time, event: true } : { time: until, event: false }
    },
  }
}
