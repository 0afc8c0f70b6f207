import { Decimal } from 'decimal.js'
import { expect, test } from 'vitest'
import { exp, ln } from '../../src/kernel/elementary.js'
import { random } from '../../src/kernel/random.js'
import { runs } from '../support/size.js'

/**
 * decimal.js at 40 digits. Tolerance 1 ulp of the exact result, as fdlibm claims (0.85 was the most seen). Points: all binary exponents evenly,
 * the neighbourhood of 1 (where the logarithm vanishes), subnormals, and for exp its whole range.
 */
const Precise = Decimal.clone({ precision: 40, defaults: true })
const count = runs(10_000, 100_000)

/** How far `value` is from `exact`, in units of the last digit of a float of that size. */
function ulps(value: number, exact: Decimal): number {
  const size = Math.abs(exact.toNumber())
  const digit = Math.max(2 ** (Math.floor(Math.log2(size)) - 52), Number.MIN_VALUE)
  return exact.minus(precise(value)).abs().div(digit).toNumber()
}

/** The float itself: the text that prints it is only near it, off by up to half an ulp. */
function precise(x: number): Decimal {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))) - 53, -1074)
  const mantissa = exponent < -1000 ? x * 2 ** 1000 * 2 ** (-exponent - 1000) : x * 2 ** -exponent
  return new Precise(2).pow(exponent).times(new Precise(BigInt(mantissa).toString()))
}

function worst(
  points: readonly number[],
  ours: (x: number) => number,
  exact: (x: Decimal) => Decimal,
): number {
  return points.reduce((most, x) => Math.max(most, ulps(ours(x), exact(precise(x)))), 0)
}

const generator = random('elementary')
const points = (size: number, point: () => number) => Array.from({ length: size }, point)

test('ln within 1 ulp', { timeout: 600_000 }, () => {
  const anywhere = () => (1 + generator.next()) * 2 ** generator.integer(-1022, 1023)
  const nearOne = () => 1 + (generator.next() - 0.5) * 2 ** -generator.integer(0, 50)
  const subnormal = () => generator.integer(1, 2 ** 52) * Number.MIN_VALUE
  const list = [
    ...points(count * 0.5, anywhere),
    ...points(count * 0.4, nearOne),
    ...points(count * 0.1, subnormal),
  ]
  expect(
    worst(
      list.filter((x) => x !== 1),
      ln,
      (x) => x.ln(),
    ),
  ).toBeLessThan(1)
})

test('exp within 1 ulp', { timeout: 600_000 }, () => {
  const anywhere = () => -745 + generator.next() * 1454.7
  const nearZero = () => (generator.next() - 0.5) * 2 ** -generator.integer(0, 50)
  const list = [...points(count * 0.5, anywhere), ...points(count * 0.5, nearZero)]
  expect(worst(list, exp, (x) => x.exp())).toBeLessThan(1)
})
