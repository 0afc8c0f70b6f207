import { exactSum, pair } from '../../../kernel/double-double.js'
import { exp, expm1, ln } from '../../../kernel/elementary.js'
import { lnBetaRatio } from '../../../measures/beta-ratio.js'
import { logSumExp } from '../../../measures/log-space.js'
import type { Buying } from '../model.js'
import { discountedForever, discountedUntil } from './discount.js'
import {
  lnExpected,
  lnOverStates,
  lnPhasesAtLeast,
  lnPhasesBelow,
  lnPurchases,
  lnStays,
  type Stretch,
} from './series.js'
import type { Standing } from './standing.js'

/**
 * Buying from where a customer stands. Every quantity is a sum of positive terms: what happens without leaving, times the
 * chance B(a, b + n) / B(a, b) to have stayed after n purchases.
 */
export function buyingFrom(standing: Standing): Buying {
  const { k, lnAlive, lnGone, phases, rate, a, b, rates } = standing

  /** ln of the mean over the phases that may have been gone through. */
  const lnMixed = (lnOf: (stretch: Stretch) => number, time: number): number =>
    logSumExp(
      phases.map(({ done, lnWeight, shape }) =>
        lnWeight === -Infinity ? lnWeight : lnWeight + lnOf({ k, done, shape, rate, time: pair(time) }),
      ),
    )
  const lnStaysAfter = (n: number) => lnBetaRatio(a, b, n)
  /** ln of the chance to leave at the n-th purchase, or before. */
  const lnLeavesAt = (n: number) => lnStaysAfter(n - 1) + ln(a / (a + b + (n - 1)))
  const lnLeavesBy = (n: number) => (n === 0 ? -Infinity : ln(-expm1(lnStaysAfter(n))))

  const expected = (time: number): number => {
    if (time === Infinity) return a > 1 ? exp(lnAlive) * ((a + b - 1) / (a - 1)) : Infinity
    return exp(lnAlive + lnMixed((stretch) => lnExpected(stretch, { a, b }), time))
  }

  return {
    lnAlive,
    rates: { ...rates },
    lnAliveAfter(time) {
      if (time === Infinity) return -Infinity
      return lnAlive + lnMixed((stretch) => lnStays(stretch, { a, b }), time)
    },
    expected,
    discounted(time, discount) {
      if (discount === 0) return expected(time)
      if (time === 0) return 0
      if (time === Infinity) return exp(lnAlive) * discountedForever(standing, discount)
      const [slowest] = phases
      return discountedUntil(expected, time, discount, rate.high / (1 + slowest!.shape * (a / (a + b))))
    },
    lnChanceOf(n, from, to) {
      if (from === 0) {
        if (n === 0) {
          return logSumExp([
            lnGone,
            lnAlive + lnMixed((stretch) => lnPhasesBelow(stretch, k - stretch.done), to),
          ])
        }
        const stopped = lnMixed((stretch) => lnPurchases(stretch, n), to) + lnStaysAfter(n - 1)
        const left =
          lnMixed((stretch) => lnPhasesAtLeast(stretch, (n + 1) * k - stretch.done), to) + lnLeavesAt(n)
        return lnAlive + logSumExp([stopped, left])
      }
      const rest = exactSum(to, -from)
      if (n === 0) {
        const none = lnMixed(
          (stretch) =>
            lnOverStates(stretch, rest, (m, later) =>
              logSumExp([lnLeavesBy(m), lnStaysAfter(m) + lnPhasesBelow(later, k - later.done)]),
            ),
          from,
        )
        return logSumExp([lnGone, lnAlive + none])
      }
      const some = lnMixed(
        (stretch) =>
          lnOverStates(stretch, rest, (m, later) =>
            logSumExp([
              lnPurchases(later, n) + lnStaysAfter(m + n - 1),
              lnPhasesAtLeast(later, (n + 1) * k - later.done) + lnLeavesAt(m + n),
            ]),
          ),
        from,
      )
      return lnAlive + some
    },
    lnChanceOfAtLeast(n, from, to) {
      if (n === 0) return 0
      if (from === 0) {
        const time = lnMixed((stretch) => lnPhasesAtLeast(stretch, n * k - stretch.done), to)
        return lnAlive + (time + lnStaysAfter(n - 1))
      }
      const rest = exactSum(to, -from)
      const some = lnMixed(
        (stretch) =>
          lnOverStates(
            stretch,
            rest,
            (m, later) => lnPhasesAtLeast(later, n * k - later.done) + lnStaysAfter(m + n - 1),
          ),
        from,
      )
      return lnAlive + some
    },
  }
}
