import { fault } from '../kernel/errors.js'
import { exactSum } from './exact-sum.js'
import { checkColumn } from './quantile.js'

/**
 * The sum of floats with the error of every addition carried along: as good as if added with twice the digits and
 * rounded at the end, at twice the price of a plain loop.
 *
 * Another order may still change the last digit, and values that cancel to less than 10^-16 of their sizes may leave
 * more than that; where the same bits matter, use `exactSum`. Of nothing it is 0.
 *
 * @throws DefinitionError `out-of-range` where a value is not a finite number; `too-large` when the sum is beyond the
 * largest float. Sums on the way may be.
 * @see Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
 * @example
 * compensatedSum([1, 1e100, 1, -1e100]) // => 2
 */
export function compensatedSum(values: readonly number[] | Float64Array): number {
  checkColumn(values, '$')
  let sum = 0
  let lost = 0
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!
    if (!Number.isFinite(value)) throw fault('out-of-range', `$[${i}]`, value, 'a finite number')
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  const total = sum + lost
  // Beyond the range on the way, the compensation is lost as well.
  return Number.isFinite(total) ? total + 0 : exactSum(values)
}
