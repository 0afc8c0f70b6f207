import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  betaQuantile,
  betaQuantileUpper,
  betaRegularized,
  betaRegularizedUpper,
  digamma,
  gammaP,
  gammaPInverse,
  gammaQ,
  gammaQInverse,
  hypergeometric2F1,
  lnBeta,
  lnBetaRegularized,
  lnGamma,
  lnGammaQ,
  lnTricomiU,
  logDiffExp,
  logSumExp,
  tricomiU,
  trigamma,
} from '../../src/measures/index.js'
import { runs } from '../support/size.js'

/** A number whose power of ten is drawn evenly. */
const between = (low: number, high: number) =>
  fc.double({ min: low, max: high, noNaN: true }).map((power) => 10 ** power)
const share = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
const check = (many: number, property: fc.IProperty<never> | fc.IPropertyWithHooks<never>) =>
  fc.assert(property as fc.IProperty<never>, { numRuns: runs(many, many * 40) })
const law = <T extends [unknown, ...unknown[]]>(
  many: number,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  holds: (...values: T) => void,
) => check(many, fc.property(...arbitraries, holds) as never)

/** How far two numbers are apart, against `size`, which is what rounding the arguments alone may move them by. */
const near = (x: number, y: number, size: number) => expect(Math.abs(x - y)).toBeLessThanOrEqual(size)

test('Gamma grows by its argument: lnGamma, digamma and trigamma at x + 1', { timeout: 600_000 }, () => {
  law(500, [between(-8, 10)], (x) => {
    const next = x + 1 // rounded: the arguments are next and next - 1
    const here = next - 1
    if (here === 0) return
    const size = Math.abs(lnGamma(next)) + Math.abs(Math.log(here))
    near(lnGamma(next), lnGamma(here) + Math.log(here), 4e-15 * size)
    near(digamma(next), digamma(here) + 1 / here, 4e-15 * (Math.abs(digamma(here)) + 1 / here))
    near(trigamma(here), trigamma(next) + 1 / here / here, 4e-15 * trigamma(here))
  })
})

test('the beta function is symmetric and what its gammas say', { timeout: 600_000 }, () => {
  law(500, [between(-4, 6), between(-4, 6)], (a, b) => {
    expect(lnBeta(a, b)).toBe(lnBeta(b, a))
    const parts = [lnGamma(a), lnGamma(b), -lnGamma(a + b)] as const
    near(
      lnBeta(a, b),
      parts[0] + parts[1] + parts[2],
      4e-15 * (1 + a + b + parts.reduce((s, x) => s + Math.abs(x), 0)),
    )
  })
})

test('tails add up to 1, grow with x, and mirror each other', { timeout: 600_000 }, () => {
  law(300, [between(-4, 7), fc.double({ min: -1, max: 1, noNaN: true })], (a, power) => {
    const x = a * 10 ** power
    near(gammaP(a, x) + gammaQ(a, x), 1, 1e-14)
    // One part in 10^15 is less than roundings move the tail by.
    expect(gammaP(a, x * 1.001)).toBeGreaterThanOrEqual(gammaP(a, x) * (1 - 1e-13))
  })
  law(300, [between(-4, 7), between(-4, 7), share], (a, b, x) => {
    near(betaRegularized(x, a, b) + betaRegularizedUpper(x, a, b), 1, 1e-14)
    const y = 1 - x
    near(betaRegularized(1 - y, a, b), betaRegularizedUpper(y, b, a), 1e-14 + 2e-16 * (a + b))
  })
})

test('quantiles are where the tails say', { timeout: 600_000 }, () => {
  law(150, [between(-2, 8), fc.double({ min: -200, max: -0.4, noNaN: true })], (a, lnShare) => {
    const p = Math.exp(lnShare)
    const [low, high] = [gammaPInverse(a, p), gammaQInverse(a, p)]
    // What one rounding of x moves the tail by grows like x and the shape.
    if (low > 1e-290) near(gammaP(a, low) / p, 1, 1e-13 + 4e-16 * (a - lnShare) * 3)
    near(lnGammaQ(a, high), lnShare, 1e-13 * -lnShare + 4e-16 * (a - lnShare) * 3)
  })
  law(
    150,
    [between(-2, 5), between(-2, 5), fc.double({ min: -100, max: -0.4, noNaN: true })],
    (a, b, lnShare) => {
      const p = Math.exp(lnShare)
      const x = betaQuantile(p, a, b)
      const slack = 1e-12 * (1 - lnShare) + 1e-15 * (a + b)
      if (x > 0 && x < 1 - 1e-6) near(lnBetaRegularized(x, a, b), lnShare, slack)
      const y = betaQuantileUpper(p, a, b)
      if (y > 1e-6 && y < 1 - 1e-6) near(Math.log(betaRegularizedUpper(y, a, b)), lnShare, slack * 100)
    },
  )
})

/** DLMF 15.5.12 in the form (c - a) F(a-1) + (2a - c - a z + b z) F + a (z - 1) F(a+1) = 0. */
test('2F1 follows its contiguous relation', { timeout: 600_000 }, () => {
  // Multiples of 1/64, so that a - 1 and a + 1 are exact: next to c = a the function is steep in a.
  const parameter = fc.integer({ min: 1, max: 4000 }).map((count) => count / 64)
  law(
    80,
    [parameter, parameter, parameter, fc.double({ min: -20, max: 0.99, noNaN: true })],
    (a, b, c, z) => {
      const coefficients = [c - a, 2 * a - c - a * z + b * z, a * (z - 1)] as const
      const values = [-1, 0, 1].map((shift) => hypergeometric2F1(a + shift, b, c, z))
      // The middle coefficient is rounded itself.
      const size =
        Math.abs(coefficients[0] * values[0]!) + (3 * a + c + (a + b) * Math.abs(z)) * Math.abs(values[1]!)
      const terms = coefficients.map((coefficient, k) => coefficient * values[k]!)
      near(terms[0]! + terms[1]! + terms[2]!, 0, 1e-13 * (size + Math.abs(terms[2]!)))
    },
  )
})

test('U obeys Kummer, and its recurrence in b: U(a, b) = U(a, b - 1) + a U(a + 1, b)', {
  timeout: 600_000,
}, () => {
  law(80, [between(-3, 2), fc.double({ min: -20, max: 20, noNaN: true }), between(-3, 2)], (a, b, z) => {
    const ln = lnTricomiU(a, b, z)
    near(
      ln,
      logSumExp([lnTricomiU(a, b - 1, z), Math.log(a) + lnTricomiU(a + 1, b, z)]),
      1e-12 * (1 + Math.abs(ln)),
    )
    const other = a - b + 1
    if (other > 0.01) {
      near(ln, (1 - b) * Math.log(z) + lnTricomiU(other, 2 - b, z), 1e-11 * (1 + Math.abs(ln)))
    }
    if (Math.abs(ln) < 700) near(Math.log(tricomiU(a, b, z)), ln, 1e-14 * (1 + Math.abs(ln)))
  })
})

test('sums and differences of logarithms undo each other', { timeout: 600_000 }, () => {
  const logarithm = fc.double({ min: -1000, max: 1000, noNaN: true })
  law(500, [logarithm, fc.double({ min: -30, max: -0.01, noNaN: true })], (a, gap) => {
    near(logDiffExp(logSumExp([a, a + gap]), a + gap), a, 1e-12 * Math.max(1, Math.abs(a)))
  })
})
