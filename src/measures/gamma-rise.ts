import { ln, log1p } from '../kernel/elementary.js'
import { stirlingRest } from './gamma.js'

/**
 * lnGamma(z + x) - lnGamma(z) to its own digits, where the difference of two logarithms has none left; z above 0, x not
 * negative. Of a whole x it is the logarithm of z (z + 1) … (z + x - 1).
 *
 * @see DLMF 5.11.1, the difference of two such series written out, from 16 on; 5.5.1 below.
 */
export function lnGammaRise(z: number, x: number): number {
  if (x <= 12 && Number.isInteger(x) && z < 1e20) {
    let product = 1
    for (let i = 0; i < x; i++) product *= z + i
    return ln(product)
  }
  let share = 1
  let from = z
  for (; from < 16; from += 1) share *= from / (from + x)
  const to = from + x
  const rise = (from - 0.5) * log1p(x / from) + x * (ln(to) - 1) + (stirlingRest(to) - stirlingRest(from))
  return share === 1 ? rise : rise + ln(share)
}
