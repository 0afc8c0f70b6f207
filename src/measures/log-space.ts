import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { checkList, checkNumber, fault } from '../kernel/errors.js'

/**
 * ln(e^a + e^b + …) without leaving the range of floats: for sums of likelihoods kept as logarithms.
 *
 * Of an empty list it is -Infinity, the logarithm of the empty sum; -Infinity in the list adds nothing.
 *
 * @throws DefinitionError `out-of-range` for NaN and Infinity.
 * @example
 * logSumExp([-1000, -1000]) // => -999.3068528194401
 */
export function logSumExp(logarithms: readonly number[]): number {
  checkList(logarithms, '$')
  let most = -Infinity
  let at = -1
  for (const [index, value] of logarithms.entries()) {
    checkNumber(value, `$[${index}]`)
    if (!(value < Infinity)) throw fault('out-of-range', `$[${index}]`, value, 'a logarithm below Infinity')
    if (value > most) {
      most = value
      at = index
    }
  }
  if (most === -Infinity) return most
  let others = 0
  for (const [index, value] of logarithms.entries()) if (index !== at) others += exp(value - most)
  return most + log1p(others)
}

/**
 * ln(e^a - e^b), where a is the larger; -Infinity where they are equal.
 *
 * @throws DefinitionError `out-of-range` unless `b <= a`, a below Infinity.
 * @see Mächler (2012), "Accurately computing log(1 - exp(-|a|))".
 * @example
 * logDiffExp(-999.3068528194401, -1000) // => -1000.0000000000001
 */
export function logDiffExp(a: number, b: number): number {
  checkNumber(a, '$.a')
  checkNumber(b, '$.b')
  if (!(a < Infinity)) throw fault('out-of-range', '$.a', a, 'a logarithm below Infinity')
  if (!(b <= a)) throw fault('out-of-range', '$.b', b, 'at most a')
  if (b === -Infinity) return a
  const gap = b - a
  return gap > -Math.LN2 ? a + ln(-expm1(gap)) : a + log1p(-exp(gap))
}
