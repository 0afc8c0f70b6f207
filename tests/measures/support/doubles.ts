import * as fc from 'fast-check'

/** Finite doubles of all magnitudes: random bits, small integers, and what sits at the ends of the range. */
export const doubles: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      -0,
      5e-324,
      -5e-324,
      2 ** -1022,
      2 ** 1023,
      -Number.MAX_VALUE,
      Number.MAX_VALUE,
    ),
  },
)

/** A double as a whole number of 2^-1074. */
export function units(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = (bits >> 52n) & 0x7ffn
  const fraction = bits & 0xfffffffffffffn
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return bits >> 63n === 1n ? -size : size
}

/**
 * Whether a double is the nearest to `numerator / denominator * 2^-scale`, ties to even, by comparing with the
 * midpoints to its neighbours: no rounding of its own.
 */
export function isNearest(found: number, numerator: bigint, denominator: bigint, scale: bigint): boolean {
  // All over one denominator, in units of 2^-(scale + 1), so that midpoints are whole.
  const exact = 2n * numerator
  const at = (value: bigint) => (value * denominator) << (scale - 1074n)
  const here = units(found)
  const [below, above] = [units(neighbour(found, -1)), units(neighbour(found, 1))]
  const [low, high] = [at(here + below), at(here + above)]
  if (exact < low || exact > high) return false
  if (exact !== low && exact !== high) return true
  return (here / spacing(here)) % 2n === 0n
}

function neighbour(value: number, direction: 1 | -1): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigInt64(0)
  const order = bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits
  const moved = order + BigInt(direction)
  view.setBigInt64(0, moved < 0n ? BigInt.asIntN(64, -moved | (1n << 63n)) : moved)
  return view.getFloat64(0)
}

function spacing(here: bigint): bigint {
  const digits = (here < 0n ? -here : here).toString(2).length
  return digits <= 53 ? 1n : 1n << BigInt(digits - 53)
}
