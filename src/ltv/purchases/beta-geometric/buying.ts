import { exactSum, pair } from '../../../kernel/double-double.js'
import { exp, expm1, ln } from '../../../kernel/elementary.js'
import { lnBetaRatio } from '../../../measures/beta-ratio.js'
import { logSumExp } from '../../../measures/log-space.js'
import type { Buying } from '../model.js'
import { discountedForever, discountedUntil } from './discount.js'
import { expectedOfLiving } from './expected.js'
import {
  lnExactly,
  lnOverStates,
  lnPairsExpected,
  lnPhasesAtLeast,
  lnPhasesBelow,
  lnPurchases,
  lnReaching,
  lnStays,
  lnWaiting,
  type Stretch,
} from './series.js'
import type { Standing } from './standing.js'

/**
 * Buying from where a customer stands. Every quantity is a sum of positive terms: what happens without leaving, times the
 * chance B(a, b + n) / B(a, b) to have stayed after n purchases.
 */
export function buyingFrom(standing: Standing): Buying {
  const { k, lnAlive, lnGone, a, b, rates } = standing

  const during = (time: number): Stretch => ({ ...standing, time: pair(time) })
  const lnStaysAfter = (n: number) => lnBetaRatio(a, b, n)
  /** ln of the chance to leave at the n-th purchase, or before. */
  const lnLeavesAt = (n: number) => lnStaysAfter(n - 1) + ln(a / (a + b + (n - 1)))
  const lnLeavesBy = (n: number) => (n === 0 ? -Infinity : ln(-expm1(lnStaysAfter(n))))

  const ofLiving = (time: number): number => expectedOfLiving(during(time), { a, b })
  const expected = (time: number): number => {
    if (time === Infinity) return a > 1 ? exp(lnAlive) * ((a + b - 1) / (a - 1)) : Infinity
    const alive = exp(lnAlive)
    return alive === 0 ? 0 : alive * ofLiving(time)
  }

  return {
    lnAlive,
    rates: { ...rates },
    lnAliveAfter(time) {
      if (time === Infinity) return -Infinity
      return lnAlive + lnStays(during(time), { a, b })
    },
    expected,
    discounted(time, discount) {
      if (discount === 0) return expected(time)
      const alive = exp(lnAlive)
      if (time === 0 || alive === 0) return 0
      const ofAlive =
        time === Infinity
          ? discountedForever(standing, discount)
          : discountedUntil(standing, ofLiving, time, discount)
      return alive * ofAlive
    },
    lnChanceOf(n, from, to) {
      if (from === to) return n === 0 ? 0 : -Infinity
      if (from === 0) {
        // Of a chance next to 1 rounding may leave a logarithm above 0.
        if (n === 0) return Math.min(0, logSumExp([lnGone, lnAlive + lnPhasesBelow(during(to))]))
        const stopped = lnPurchases(during(to), n) + lnStaysAfter(n - 1)
        const left = lnPhasesAtLeast(during(to), (n + 1) * k) + lnLeavesAt(n)
        return lnAlive + logSumExp([stopped, left])
      }
      const rest = exactSum(to, -from)
      if (n === 0) {
        const none = lnOverStates(during(from), rest, (m, later) => {
          const [left, stayed] = [lnLeavesBy(m), lnStaysAfter(m)]
          return lnWaiting(later).map((waits) => logSumExp([left, stayed + waits]))
        })
        return Math.min(0, logSumExp([lnGone, lnAlive + none]))
      }
      const some = lnOverStates(during(from), rest, (m, later) => {
        const [stayed, leaves] = [lnStaysAfter(m + n - 1), lnLeavesAt(m + n)]
        const more = lnReaching(later, (n + 1) * k)
        return lnExactly(later, n).map((exactly, done) => logSumExp([exactly + stayed, more[done]! + leaves]))
      })
      return lnAlive + some
    },
    lnChanceOfAtLeast(n, from, to) {
      if (n === 0) return 0
      if (from === to) return -Infinity
      if (from === 0) return lnAlive + (lnPhasesAtLeast(during(to), n * k) + lnStaysAfter(n - 1))
      const rest = exactSum(to, -from)
      const some = lnOverStates(during(from), rest, (m, later) => {
        const stayed = lnStaysAfter(m + n - 1)
        return lnReaching(later, n * k).map((reaches) => reaches + stayed)
      })
      return lnAlive + some
    },
    variance(time) {
      if (time === 0) return 0
      const [alive, gone] = [exp(lnAlive), exp(lnGone)]
      const mean = ofLiving(time)
      const pairs = exp(lnPairsExpected(during(time), { a, b }))
      return alive * (mean + (pairs - mean * mean)) + alive * mean * (gone * mean)
    },
  }
}
