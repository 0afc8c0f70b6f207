import { type Pair, plus } from '../../../kernel/double-double.js'
import { exp, ln, log1p } from '../../../kernel/elementary.js'
import { lnBetaPowers, lnBetaTails } from '../../../measures/beta.js'
import { lnBetaRatio } from '../../../measures/beta-ratio.js'
import { logSumExp } from '../../../measures/log-space.js'
import { lnSmoothSum } from '../../../measures/smooth-sum.js'
import type { PhaseStanding } from './standing.js'

/*
 * What phases in a stretch of time come to, by negative binomial chances, as λ has a gamma distribution. Phases are counted
 * from the last purchase on: of M of them floor(M / k) end in a purchase unless the customer left before.
 *
 * Where it is not known how many phases were gone through at the start, each number has its own gamma. Chances of the same
 * M differ between them by simple factors, so one incomplete beta function is enough for all of them.
 */

/** From where on, for how long, and what is known then. */
export interface Stretch {
  readonly k: number
  /** Phases that may have been gone through at the start. Shapes of λ are that of none, plus their number. */
  readonly phases: readonly PhaseStanding[]
  /** The shape of λ had no phase been gone through. */
  readonly shape: number
  /** How long nothing was bought before the start, and ln of what the chances of the phases since are over. */
  readonly silence: number
  readonly lnWhole: number
  readonly rate: Pair
  readonly time: Pair
}

/** The Beta distribution of p at the start. */
export interface Leaving {
  readonly a: number
  readonly b: number
}

/** ln of the chance of exactly so many phases from none on; between whole numbers it is smooth. */
function lnPhases(shape: number, rate: Pair, time: Pair, phases: number): number {
  if (time.high === 0) return phases === 0 ? 0 : -Infinity
  if (phases === 0) return -shape * log1p(time.high / rate.high)
  return lnBetaPowers(time, rate, phases, shape) - ln(phases)
}

/** ln of Σ over j of C(phases, j) (silence / time)^j: how many ways lead to so many phases, over those from none. */
function lnWays({ k, silence, time }: Stretch, phases: number): number {
  if (silence === 0) return 0
  const ratio = silence / time.high
  let [term, sum, lnScale] = [1, 1, 0]
  for (let j = 1; j < k && j <= phases; j++) {
    term *= ratio * ((phases - j + 1) / j)
    if (term > 1e200) {
      if (term === Infinity) return lnWaysByLogarithms(k, phases, ratio)
      sum *= 1e-200
      term *= 1e-200
      lnScale += LN_1E200
    }
    sum += term
  }
  return lnScale + ln(sum)
}

function lnWaysByLogarithms(k: number, phases: number, ratio: number): number {
  const terms = [0]
  for (let j = 1; j < k && j <= phases; j++) terms.push(terms[j - 1]! + ln(ratio) + ln((phases - j + 1) / j))
  return logSumExp(terms)
}

/** ln of the chance that at least so many phases are reached, counted from the last purchase; from k on. */
export function lnPhasesAtLeast({ k, phases, shape, silence, rate, time }: Stretch, reached: number): number {
  if (time.high === 0) return -Infinity
  const first = lnBetaTails(time, rate, reached, shape).lower
  if (k === 1 || silence === 0) return first
  // From one number of phases gone through to the next, what is added is a product.
  let lnScale = lnNext(shape, rate, time, reached)
  let step = 1
  let chance = exp(first - lnScale)
  let sum = 0
  for (const { done, weight } of phases) {
    sum += weight * chance
    chance += step
    step *= (rate.high / time.high) * ((reached - done - 1) / (shape + done + 1))
    if (step > 1e200) {
      if (step === Infinity) return lnPhasesAtLeastOneByOne(phases, rate, time, reached)
      sum *= 1e-200
      chance *= 1e-200
      step *= 1e-200
      lnScale += LN_1E200
    }
  }
  if (!(sum > 0 && sum < Infinity)) return lnPhasesAtLeastOneByOne(phases, rate, time, reached)
  return Math.min(0, lnScale + ln(sum))
}

/** ln of what one phase gone through more adds to the chance of at least `reached`, from none on. */
const lnNext = (shape: number, rate: Pair, time: Pair, reached: number): number =>
  reached === 1
    ? lnPhases(shape, rate, time, 0)
    : lnPhases(shape, rate, time, reached - 1) + ln((shape + reached - 1) / shape)

function lnPhasesAtLeastOneByOne(
  phases: readonly PhaseStanding[],
  rate: Pair,
  time: Pair,
  reached: number,
): number {
  return logSumExp(
    phases
      .filter(({ lnWeight }) => lnWeight > -Infinity)
      .map(({ done, lnWeight, shape }) => lnWeight + lnBetaTails(time, rate, reached - done, shape).lower),
  )
}

/** ln of the chance that no purchase is made by somebody who is there. */
export function lnPhasesBelow({ k, phases, rate, time }: Stretch): number {
  if (time.high === 0) return 0
  return logSumExp(
    phases
      .filter(({ lnWeight }) => lnWeight > -Infinity)
      .map(({ done, lnWeight, shape }) => lnWeight + lnBetaTails(time, rate, k - done, shape).upper),
  )
}

/** ln of the chance of exactly m purchases of somebody who never leaves: of the k numbers of phases that come to m. */
export function lnPurchases(stretch: Stretch, m: number): number {
  const { k, shape, rate, time } = stretch
  if (time.high === 0) return m === 0 ? 0 : -Infinity
  const share = time.high / (time.high + rate.high)
  const first = m * k
  if (k === 1) return lnPhases(shape, rate, time, first)
  let [term, lnScale] = [1, 0]
  let [most, sum] = [-Infinity, 0]
  // Counted by how many they are: beyond 2^53 one more phase is no other number.
  for (let i = 0; i < k; i++) {
    const part = lnScale + ln(term) + lnWays(stretch, first + i)
    if (part > most) {
      sum = sum * exp(most - part) + 1
      most = part
    } else sum += exp(part - most)
    term *= (share * (shape + first + i)) / (first + i + 1)
    if (term > 1e200) {
      lnScale += ln(term)
      term = 1
    }
  }
  return lnPhases(shape, rate, time, first) - stretch.lnWhole + (most + ln(sum))
}

/** Beyond so many phases there is nothing worth while. */
export function phasesAtMost({ k, shape: first, rate, time }: Stretch): number {
  const shape = first + k - 1
  const times = time.high / rate.high
  return shape * times + 10 * Math.sqrt(shape * times * (1 + times)) + 45 * (1 + times) + 2 * k + 10
}

/** ln of the chance that who is a customer at the start still is one at the end. */
export function lnStays(stretch: Stretch, { a, b }: Leaving): number {
  if (stretch.time.high === 0) return 0
  return lnSmoothSum((m) => lnPurchases(stretch, m) + lnBetaRatio(a, b, m), phasesAtMost(stretch) / stretch.k)
}

/** ln of the mean of X (X - 1), X the purchases: 2 m for each m from 1 on of which at least m + 1 are made. */
export function lnPairsExpected(stretch: Stretch, { a, b }: Leaving): number {
  if (stretch.time.high === 0) return -Infinity
  const { k } = stretch
  return lnSmoothSum(
    (m) => (m === 0 ? -Infinity : ln(2 * m) + lnPhasesAtLeast(stretch, (m + 1) * k) + lnBetaRatio(a, b, m)),
    phasesAtMost(stretch) / k,
  )
}

/** Chances of 0, 1, 2, … phases times the purchases that so many lead to; all terms are positive. */
export function lnExpectedByTerms(
  k: number,
  { done, shape }: PhaseStanding,
  rate: number,
  time: number,
  { a, b }: Leaving,
): number {
  if (time === 0) return -Infinity
  const share = time / (time + rate)
  let lnScale = -shape * log1p(time / rate)
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
    // Chances below every float: so is what is expected.
    if (term === 0) return lnScale + ln(sum)
    if (term > 1e200) {
      term *= 1e-200
      sum *= 1e-200
      lnScale += LN_1E200
    }
  }
}

/** What follows from a state: m purchases and `done` phases since, of somebody whose λ is from this shape on. */
interface StateAfter {
  readonly k: number
  readonly shape: number
  readonly rate: Pair
  readonly time: Pair
}

/**
 * ln of the sum over all states at the end of `first` (m purchases by then, `done` phases since the last) of their chance,
 * had nobody left, times what is made of the time after, of which λ is known better by then.
 *
 * @param lnRests - Its logarithm for each number of phases since the last purchase; λ's shape is that of none, plus their number.
 */
export function lnOverStates(
  first: Stretch,
  rest: Pair,
  lnRests: (m: number, later: StateAfter) => readonly number[],
): number {
  const { k, shape, rate, time } = first
  const laterRate = plus(rate, time)
  const share = time.high / (time.high + rate.high)
  return lnSmoothSum((m) => {
    const rests = lnRests(m, { k, shape: shape + m * k, rate: laterRate, time: rest })
    let lnState = lnPhases(shape, rate, time, m * k) - first.lnWhole
    const parts = rests.map((lnRest, done) => {
      const phases = m * k + done
      const part = lnRest + (lnState + lnWays(first, phases))
      lnState += ln((share * (shape + phases)) / (phases + 1))
      return part
    })
    return logSumExp(parts)
  }, phasesAtMost(first) / k)
}

/** ln of the chance of reaching `reached` phases, from k on, for each number gone through since the last purchase. */
export function lnReaching({ k, shape, rate, time }: StateAfter, reached: number): readonly number[] {
  let lnChance = lnBetaTails(time, rate, reached, shape).lower
  let lnStep = lnNext(shape, rate, time, reached)
  const found: number[] = []
  for (let done = 0; done < k; done++) {
    found.push(lnChance)
    if (done + 1 === k) break
    lnChance = logSumExp([lnChance, lnStep])
    lnStep += ln((rate.high / time.high) * ((reached - done - 1) / (shape + done + 1)))
  }
  return found
}

/** ln of the chance of no purchase, for each number of phases gone through since the last one. */
export function lnWaiting({ k, shape, rate, time }: StateAfter): readonly number[] {
  const found: number[] = Array.from({ length: k })
  // From the last phase back: each has one phase more in which to stay.
  let lnChance = lnPhases(shape + k - 1, rate, time, 0)
  found[k - 1] = lnChance
  for (let done = k - 2; done >= 0; done--) {
    const lnStep = lnPhases(shape + done, rate, time, k - done - 1) + ln((shape + k - 1) / (shape + done))
    lnChance = logSumExp([lnChance, lnStep])
    found[done] = lnChance
  }
  return found
}

/** ln of the chance of exactly n purchases, from 1, had nobody left, for each number of phases gone through since the last. */
export function lnExactly({ k, shape, rate, time }: StateAfter, n: number): readonly number[] {
  const share = time.high / (time.high + rate.high)
  const back = rate.high / time.high
  let lnFirst = lnPhases(shape, rate, time, n * k)
  return Array.from({ length: k }, (_, done) => {
    const first = n * k - done
    const own = shape + done
    const lnHere = lnFirst
    // One phase gone through more is one less to come.
    lnFirst += ln(back * (first / own))
    let [term, sum, lnScale] = [1, 1, 0]
    for (let i = 0; i < k - 1; i++) {
      term *= (share * (own + first + i)) / (first + i + 1)
      sum += term
      if (sum > 1e200) {
        term *= 1e-200
        sum *= 1e-200
        lnScale += LN_1E200
      }
    }
    return lnHere + (lnScale + ln(sum))
  })
}

const LN_1E200 = 460.51701859880916
