import { Decimal } from 'decimal.js'
import { expect, test } from 'vitest'
import { expPair, lnPair, over, type Pair, pair, plus, times } from '../../src/kernel/double-double.js'
import { random } from '../../src/kernel/random.js'
import { runs } from '../support/size.js'

/** decimal.js at 60 digits; tolerance 2^-100 relative. Points: positive pairs of 106 random bits from 2^-200 to 2^200. */
const Precise = Decimal.clone({ precision: 60, defaults: true })
const generator = random('double-double')
const tolerance = 2 ** -100

const some = (powers: number): Pair => {
  const high = (1 + generator.next()) * 2 ** generator.integer(-powers, powers)
  return plus(pair(high), pair((high * (generator.next() - 0.5)) / 2 ** 54))
}
/** The float itself, not the shorter text that prints it. */
const float = (x: number) => {
  const power = x === 0 ? 0 : Math.floor(Math.log2(Math.abs(x))) - 53
  return new Precise(2).pow(power).times(new Precise(BigInt(x * 2 ** -power).toString()))
}
const exact = (x: Pair) => float(x.high).plus(float(x.low))
const error = (ours: Pair, value: Decimal) => exact(ours).minus(value).div(value).abs().toNumber()

test('pairs keep 100 bits', () => {
  for (let run = 0; run < runs(1000, 20_000); run++) {
    const [x, y] = [some(200), some(200)]
    expect(error(plus(x, y), exact(x).plus(exact(y)))).toBeLessThan(tolerance)
    expect(error(times(x, y), exact(x).times(exact(y)))).toBeLessThan(tolerance)
    expect(error(over(x, y), exact(x).div(exact(y)))).toBeLessThan(tolerance)
  }
})

test('so do their logarithm, next to 1 too, and exponential', () => {
  for (let run = 0; run < runs(300, 5000); run++) {
    const x = run % 2 === 0 ? some(200) : plus(pair(1), some(30))
    expect(error(lnPair(x), exact(x).ln())).toBeLessThan(tolerance)
    const y = pair((generator.next() - 0.5) * 1000)
    // The reduction is right to 2^-100 of the exponent.
    expect(error(expPair(y), exact(y).exp())).toBeLessThan(tolerance * 100)
  }
})
