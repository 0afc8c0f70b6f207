import { exactProduct } from '../../kernel/double-double.js'

/** shape × power - 1 to its own last digits: a mean exists where it is above 0, and is about one over it. */
export function tailExcess(shape: number, power: number): number {
  const { high, low } = exactProduct(shape, power)
  return high - 1 + low
}
