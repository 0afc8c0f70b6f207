import { type Pair, plus } from '../../../kernel/double-double.js'
import { expm1, ln, log1p } from '../../../kernel/elementary.js'
import { lnBetaPowers, lnBetaTails } from '../../../measures/beta.js'
import { lnBetaRatio } from '../../../measures/beta-ratio.js'
import { logSumExp } from '../../../measures/log-space.js'
import { lnSmoothSum } from '../../../measures/smooth-sum.js'
import { betaGrid } from './grids.js'

/*
 * What phases in a stretch of time come to. Their number M has a negative binomial distribution, as λ has a gamma one;
 * of M phases floor((done + M) / k) end in a purchase unless the customer left before.
 */

/** A gamma of λ and what it is applied to. */
export interface Stretch {
  readonly k: number
  /** Phases gone through at the start. */
  readonly done: number
  readonly shape: number
  readonly rate: Pair
  readonly time: Pair
}

/** The Beta distribution of p at the start. */
export interface Leaving {
  readonly a: number
  readonly b: number
}

/** ln of the chance that at least `phases` happen. */
export function lnPhasesAtLeast({ shape, rate, time }: Stretch, phases: number): number {
  if (phases <= 0) return 0
  return time.high === 0 ? -Infinity : lnBetaTails(time, rate, phases, shape).lower
}

/** ln of the chance that fewer than `phases` happen. */
export function lnPhasesBelow({ shape, rate, time }: Stretch, phases: number): number {
  if (phases <= 0) return -Infinity
  return time.high === 0 ? 0 : lnBetaTails(time, rate, phases, shape).upper
}

/** ln of the chance of exactly so many phases; between whole numbers it is smooth. */
function lnPhases({ shape, rate, time }: Stretch, phases: number): number {
  if (phases < 0) return -Infinity
  if (time.high === 0) return phases === 0 ? 0 : -Infinity
  if (phases === 0) return -shape * log1p(time.high / rate.high)
  return lnBetaPowers(time, rate, phases, shape) - ln(phases)
}

/** ln of the chance of exactly m purchases of somebody who never leaves: of the k numbers of phases that come to m. */
export function lnPurchases(stretch: Stretch, m: number): number {
  const { k, done, shape, rate, time } = stretch
  const low = m * k - done
  const first = Math.max(0, low)
  if (time.high === 0) return low <= 0 ? 0 : -Infinity
  const share = time.high / (time.high + rate.high)
  let [term, sum] = [1, 1]
  for (let phases = first; phases < low + k - 1; phases++) {
    term *= (share * (shape + phases)) / (phases + 1)
    sum += term
  }
  return lnPhases(stretch, first) + ln(sum)
}

/** Beyond so many phases there is nothing worth while. */
function phasesAtMost({ k, shape, rate, time }: Stretch): number {
  const times = time.high / rate.high
  return shape * times + 10 * Math.sqrt(shape * times * (1 + times)) + 45 * (1 + times) + 2 * k + 10
}

/** ln of the purchases expected of somebody who is a customer at the start. */
export function lnExpected(stretch: Stretch, leaving: Leaving): number {
  if (stretch.time.high === 0) return -Infinity
  const most = phasesAtMost(stretch)
  if (stretch.k === 1 && most > FEW / 10) return ln(expectedOverLeaving(stretch, leaving))
  if (most <= FEW) return lnExpectedByTerms(stretch, leaving)
  const { k, done } = stretch
  const { a, b } = leaving
  return lnSmoothSum((m) => lnPhasesAtLeast(stretch, (m + 1) * k - done) + lnBetaRatio(a, b, m), most / k)
}

/** For k = 1 in one step: of p it is (1 - (1 + p time / rate)^-shape) / p, which is smooth and finite also where p is 0. */
function expectedOverLeaving({ shape, rate, time }: Stretch, { a, b }: Leaving): number {
  const times = time.high / rate.high
  let [sum, whole] = [0, 0]
  for (const { at, weight } of betaGrid(a, b, 1 / (1 + (shape + 1) * times))) {
    whole += weight
    sum += at < 1e-290 ? weight * shape * times : (weight * -expm1(-shape * log1p(at * times))) / at
  }
  return sum / whole
}

/** ln of the chance that who is a customer at the start still is one at the end. */
export function lnStays(stretch: Stretch, leaving: Leaving): number {
  if (stretch.time.high === 0) return 0
  if (phasesAtMost(stretch) <= FEW) return lnStaysByTerms(stretch, leaving)
  const { a, b } = leaving
  return lnSmoothSum((m) => lnPurchases(stretch, m) + lnBetaRatio(a, b, m), phasesAtMost(stretch) / stretch.k)
}

/** Chances of 0, 1, 2, … phases times the purchases that so many lead to; all terms are positive. */
function lnExpectedByTerms(stretch: Stretch, { a, b }: Leaving): number {
  const { k, done, shape, rate, time } = stretch
  const share = time.high / (time.high + rate.high)
  let lnScale = -shape * log1p(time.high / rate.high)
  let term = 1
  let purchases = 0
  let next = 1 // the chance to be there for the next purchase
  let m = 0
  let sum = 0
  let toGo = k - done
  for (let phases = 0; ; phases++) {
    const ratio = (share * (shape + phases)) / (phases + 1)
    term *= ratio
    if (--toGo === 0) {
      purchases += next
      next *= (b + m) / (a + b + m)
      m++
      toGo = k
    }
    sum += term * purchases
    // Later ones fall at least so fast.
    const falls = Math.max(share, ratio) * (1 + 1 / (m + 1))
    if (falls < 1 && m > 0 && term * purchases * falls < 1e-17 * sum * (1 - falls)) return lnScale + ln(sum)
    if (term > 1e200) {
      term *= 1e-200
      sum *= 1e-200
      lnScale += LN_1E200
    }
  }
}

function lnStaysByTerms(stretch: Stretch, { a, b }: Leaving): number {
  const { k, done, shape, rate, time } = stretch
  const share = time.high / (time.high + rate.high)
  let lnScale = -shape * log1p(time.high / rate.high)
  let term = 1
  let m = 0
  let sum = 1
  let toGo = k - done
  for (let phases = 0; ; phases++) {
    const ratio = (share * (shape + phases)) / (phases + 1)
    term *= ratio
    if (--toGo === 0) {
      term *= (b + m) / (a + b + m)
      m++
      toGo = k
    }
    sum += term
    const falls = Math.max(share, ratio)
    if (falls < 1 && term * falls < 1e-17 * sum * (1 - falls)) return lnScale + ln(sum)
    if (sum > 1e200) {
      term *= 1e-200
      sum *= 1e-200
      lnScale += LN_1E200
    }
  }
}

/**
 * ln of the sum over all states at the end of `first` (m purchases by then, `done` phases since the last) of their chance,
 * had nobody left, times e^lnRest: what is made of the time after, of which λ is known better by then.
 */
export function lnOverStates(
  first: Stretch,
  rest: Pair,
  lnRest: (m: number, later: Stretch) => number,
): number {
  const { k, done, shape, rate, time } = first
  const laterRate = plus(rate, time)
  return logSumExp(
    Array.from({ length: k }, (_, phase) =>
      lnSmoothSum((m) => {
        const phases = m * k + phase - done
        if (phases < 0) return -Infinity
        const later = { k, done: phase, shape: shape + phases, rate: laterRate, time: rest }
        const lnChance = lnPhases(first, phases)
        return lnChance === -Infinity ? lnChance : lnChance + lnRest(m, later)
      }, phasesAtMost(first) / k),
    ),
  )
}

/** Whole numbers of phases up to which terms are added one by one. */
const FEW = 30_000
const LN_1E200 = 460.51701859880916
