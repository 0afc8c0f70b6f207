import { gammaQ } from '../../measures/incomplete-gamma.js'
import { RunningSum } from '../../measures/running-sum.js'

/** Pearson's chi-squared over bins of customers. */
export type BinGoodness =
  | {
      readonly kind: 'estimate'
      readonly statistic: number
      /** Bins after pooling. */
      readonly bins: number
      /** Bins less one, less the parameters that were fitted, coefficients of covariates among them. */
      readonly degreesOfFreedom: number
      /** The chance of at least such a distance where the model is right: with those degrees of freedom. */
      readonly p: number
      /**
       * With bins less one. Parameters were fitted to more than the bins, so the chance lies between `p` and this. The same where
       * nothing was fitted.
       */
      readonly pAtMost: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'too-few-bins' }

/** How far bins that hold all customers are apart, those with fewer than 5 expected joined to their neighbours. */
export function goodnessOf(
  bins: readonly { readonly actual: number; readonly expected: number }[],
  fitted: number,
): BinGoodness {
  const pooled: { actual: number; expected: number }[] = []
  let open = { actual: 0, expected: 0 }
  for (const { actual, expected } of bins) {
    open.actual += actual
    open.expected += expected
    if (open.expected < 5) continue
    pooled.push(open)
    open = { actual: 0, expected: 0 }
  }
  const last = pooled[pooled.length - 1]
  if (last !== undefined) {
    last.actual += open.actual
    last.expected += open.expected
  }
  const degreesOfFreedom = pooled.length - 1 - fitted
  if (degreesOfFreedom < 1) return { kind: 'undefined', reason: 'too-few-bins' }
  const sum = new RunningSum()
  for (const { actual, expected } of pooled) sum.add((actual - expected) * ((actual - expected) / expected))
  const statistic = sum.value
  return {
    kind: 'estimate',
    statistic,
    bins: pooled.length,
    degreesOfFreedom,
    p: gammaQ(degreesOfFreedom / 2, statistic / 2),
    pAtMost: gammaQ((pooled.length - 1) / 2, statistic / 2),
  }
}
