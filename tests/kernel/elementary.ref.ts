import { Decimal } from 'decimal.js'
import { expect, test } from 'vitest'
import { exp, expm1, ln, log1p } from '../../src/kernel/elementary.js'
import { pow } from '../../src/kernel/power.js'
import { random } from '../../src/kernel/random.js'
import { runs } from '../support/size.js'

/**
 * decimal.js at 40 digits. Tolerance 1 ulp of the exact result, as fdlibm claims; the most seen: ln 0.85, exp 0.83,
 * log1p 0.72, expm1 0.74, pow 0.71. Points: all binary exponents evenly, the neighbourhood of 1 (where the logarithm
 * vanishes), subnormals, and for the exponentials their whole range; for powers results over the whole range, subnormal
 * ones included, bases next to 1 with exponents up to 2^60, negative bases.
 */
const Precise = Decimal.clone({ precision: 40, defaults: true })
const count = runs(2_000, 100_000)

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

test('log1p within 1 ulp', { timeout: 600_000 }, () => {
  const anywhere = () => generator.next() * 2 ** generator.integer(-60, 1023)
  const below = () => -generator.next() * 2 ** -generator.integer(0, 60)
  const nearPole = () => -1 + generator.next() * 2 ** -generator.integer(1, 50)
  const list = [
    ...points(count * 0.4, anywhere),
    ...points(count * 0.4, below),
    ...points(count * 0.2, nearPole),
  ]
  expect(
    worst(
      list.filter((x) => x > -1 && x !== 0),
      log1p,
      (x) => Precise.ln(x.plus(1)),
    ),
  ).toBeLessThan(1)
})

test('expm1 within 1 ulp', { timeout: 600_000 }, () => {
  const anywhere = () => -40 + generator.next() * 749.7
  const nearZero = () => (generator.next() - 0.5) * 2 ** -generator.integer(0, 50)
  const small = () => (generator.next() - 0.5) * 8
  const list = [
    ...points(count * 0.2, anywhere),
    ...points(count * 0.4, nearZero),
    ...points(count * 0.4, small),
  ]
  // 60 digits, of which the subtraction takes 16 at most
  const Longer = Decimal.clone({ precision: 60, defaults: true })
  expect(worst(list, expm1, (x) => new Precise(Longer.exp(x).minus(1)))).toBeLessThan(1)
})

test('pow within 1 ulp', { timeout: 600_000 }, () => {
  const Longer = Decimal.clone({ precision: 60, defaults: true })
  const exact = (x: number, y: number) =>
    Longer.exp(Longer.ln(precise(Math.abs(x))).times(precise(y))).times(x < 0 && y % 2 !== 0 ? -1 : 1)
  const base = () => (1 + generator.next()) * 2 ** generator.integer(-1022, 1022)
  const nearOne = () => 1 + (generator.next() - 0.5) * 2 ** -generator.integer(0, 50)
  /** An exponent that takes this base to a result between 2^-1074 and 2^1024. */
  const exponentOf = (x: number) => (-1074 + generator.next() * 2097.9) / Math.log2(x)
  const free = (x: number) => [x, exponentOf(x)] as const
  const pairs = [
    ...Array.from({ length: count * 0.3 }, () => free(base())),
    ...Array.from({ length: count * 0.3 }, () => free(nearOne())),
    ...Array.from(
      { length: count * 0.2 },
      () => [generator.next() * 20, -10 + generator.next() * 20] as const,
    ),
    ...Array.from(
      { length: count * 0.1 },
      () => [-generator.next() * 50, generator.integer(-150, 150)] as const,
    ),
    // results that are subnormal
    ...Array.from({ length: count * 0.1 }, () => {
      const x = base()
      return [x, (-1074 + generator.next() * 52) / Math.log2(x)] as const
    }),
  ].filter(
    ([x, y]) => Math.abs(x) !== 1 && x !== 0 && y !== 0 && Number.isFinite(pow(x, y)) && pow(x, y) !== 0,
  )
  expect(pairs.length).toBeGreaterThan(count * 0.9)
  const most = pairs.reduce((seen, [x, y]) => Math.max(seen, ulps(pow(x, y), exact(x, y))), 0)
  expect(most).toBeLessThan(1)
})
