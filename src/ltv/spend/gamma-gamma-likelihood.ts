import { ln, log1p } from '../../kernel/elementary.js'
import { lnBeta } from '../../measures/beta.js'
import { digammaRise } from '../../measures/beta-ratio.js'
import { digamma, lnGamma, stirlingRest } from '../../measures/gamma.js'
import { logExcess } from '../../measures/peak.js'
import type { Likelihood } from '../model.js'
import type { SpendTable } from './spend-table.js'

/**
 * ln m plus the logarithm of the density of a mean m whose purchases come to `total`, given A = p x and B = q.
 *
 * With u = total / (total + v) the density of u is that of Beta(A, B); times u (1 - u) it is that of ln m. It is written as
 * a drop from its peak, in terms of one sign, so that large A and B cost no digits.
 *
 * @see Loader (2000), "Fast and Accurate Computation of Binomial Probabilities", for the form.
 */
export const lnMeanSpend = (A: number, B: number, total: number, v: number): number =>
  peakOf(A, B) - dropOf(A, B, total, v)

/** What depends on A and B alone: where u is their mean. */
const peakOf = (A: number, B: number): number =>
  0.5 * (ln(A) + ln(B / (A + B)) - LN_2_PI) + stirlingOf(A + B) - stirlingOf(A) - stirlingOf(B)

/** How much lower it is elsewhere. */
function dropOf(A: number, B: number, total: number, v: number): number {
  const all = total + v
  const away = (total * B - A * v) / all
  const [share, rest] = [away / A, -away / B]
  const ofShare = near(share) ? logExcess(share) : share - ln((total / all) * (1 + B / A))
  const ofRest = near(rest) ? logExcess(rest) : rest - ln((v / all) * (1 + A / B))
  return A * ofShare + B * ofRest
}

const near = (e: number): boolean => e > -0.4 && e < 0.7

/** What lnGamma(x) has beyond (x - 1/2) ln x - x + ln(2 pi) / 2. */
const stirlingOf = (x: number): number =>
  x >= 10 ? stirlingRest(x) : lnGamma(x) - ((x - 0.5) * ln(x) - x + LN_2_PI / 2)

const LN_2_PI = 1.8378770664093453

/** Up to these sizes of p x and q the plain form loses no digits that matter; it needs one logarithm a row. */
const PLAIN = 500

/** The likelihood of mean spends, with what does not depend on parameters summed once for each number of purchases. */
export function gammaGammaLikelihood({ count, purchases, meanSpend }: SpendTable): Likelihood {
  const rows = count.length
  const total = new Float64Array(rows)
  const groups: { x: number; from: number; to: number; customers: number; lnTotals: number }[] = []
  let lnMeans = 0
  for (let row = 0; row < rows; row++) {
    const [n, x] = [count[row]!, purchases[row]!]
    const lnMean = ln(meanSpend[row]!)
    total[row] = x * meanSpend[row]!
    lnMeans += n * lnMean
    let group = groups[groups.length - 1]
    if (group?.x !== x) {
      group = { x, from: row, to: row, customers: 0, lnTotals: 0 }
      groups.push(group)
    }
    group.to = row + 1
    group.customers += n
    group.lnTotals += n * (lnMean + ln(x))
  }
  const pass = (at: ArrayLike<number>, slopes: Float64Array | undefined): number => {
    const [p, q, v] = [at[0]!, at[1]!, at[2]!]
    if (!(inReach(p) && inReach(q) && inReach(v))) return Number.NaN
    const lnV = ln(v)
    const digammaQ = slopes === undefined ? 0 : digamma(q)
    let sum = 0
    let [byP, byQ, byV] = [0, 0, 0]
    for (const { x, from, to, customers, lnTotals } of groups) {
      const A = p * x
      if (A <= PLAIN && q <= PLAIN) {
        let [lnAll, shares] = [0, 0]
        for (let row = from; row < to; row++) {
          const all = v + total[row]!
          lnAll += count[row]! * ln(all)
          shares += (count[row]! * total[row]!) / all
        }
        sum += customers * (q * lnV - lnBeta(A, q)) + A * lnTotals - (A + q) * lnAll
        if (slopes === undefined) continue
        const digammaBoth = digamma(A + q)
        byP += x * (customers * (digammaBoth - digamma(A)) + lnTotals - lnAll)
        byQ += customers * (digammaBoth - digammaQ + lnV) - lnAll
        byV += ((A + q) * shares - A * customers) / v
      } else {
        const peak = peakOf(A, q)
        for (let row = from; row < to; row++) sum += count[row]! * (peak - dropOf(A, q, total[row]!, v))
        if (slopes === undefined) continue
        const [riseA, riseB] = [digammaRise(A, q), digammaRise(q, A)]
        const [lnA, lnB] = [log1p(q / A), log1p(A / q)]
        for (let row = from; row < to; row++) {
          const [n, s] = [count[row]!, total[row]!]
          const away = (s * q - A * v) / (s + v)
          byP += n * x * (riseA + (near(away / A) ? log1p(away / A) - lnA : -log1p(v / s)))
          byQ += n * (riseB + (near(-away / q) ? log1p(-away / q) - lnB : -log1p(s / v)))
          byV += (n * away) / v
        }
      }
    }
    if (slopes !== undefined) {
      slopes[0] = byP
      slopes[1] = byQ
      slopes[2] = byV
    }
    return sum - lnMeans
  }
  return { value: (at) => pass(at, undefined), slopes: pass }
}

/** Where all parts are floats; a search that leaves it learns so by NaN. */
export const inReach = (value: number): boolean => value > 1e-90 && value < 1e90
