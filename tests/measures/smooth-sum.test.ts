import { describe, expect, test } from 'vitest'
import { pair } from '../../src/kernel/double-double.js'
import { ln, log1p } from '../../src/kernel/elementary.js'
import { lnBetaPowers, lnBetaTails } from '../../src/measures/beta.js'
import { lnGamma } from '../../src/measures/gamma.js'
import { lnGammaRise } from '../../src/measures/gamma-rise.js'
import { lnSmoothSum } from '../../src/measures/smooth-sum.js'

/** How many terms were asked for, and the sum. */
function counted(lnTerm: (m: number) => number, most: number) {
  let asked = 0
  const found = lnSmoothSum((m) => {
    asked++
    return lnTerm(m)
  }, most)
  return { found, asked }
}

describe('the sum of very many smooth terms', () => {
  test('a geometric series, short or with a million million terms that count', () => {
    for (const fall of [2, 0.1, 1e-3, 1e-6, 1e-12]) {
      const { found, asked } = counted((m) => -fall * m, 45 / fall)
      // 1 / (1 - e^-fall)
      const exact = fall < 1e-5 ? -ln(fall) + fall / 2 : -ln(-Math.expm1(-fall))
      expect(Math.abs(found - exact)).toBeLessThan(1e-12)
      expect(asked).toBeLessThan(3000)
    }
  })
  test('a Poisson distribution around 10, 10,000 and 10^9 is 1', () => {
    for (const mean of [10, 1e4, 1e9]) {
      const lnRoot = ln(mean)
      const lnChance = (m: number) => {
        // m ln(mean) - mean - lnGamma(m + 1), by what m is away from the mean.
        const away = (m - mean) / mean
        if (m < 20) return m * lnRoot - mean - lnGamma(m + 1)
        const excess = m * log1p(away) - (m - mean)
        return -excess - 0.5 * ln(2 * Math.PI * m) - 1 / (12 * m) + 1 / (360 * m * m * m)
      }
      const { found, asked } = counted(lnChance, 3 * mean)
      expect(Math.abs(found)).toBeLessThan(1e-9 + 1e-15 * mean)
      expect(asked).toBeLessThan(3000)
    }
  })
  test('two peaks, one at the beginning', () => {
    // e^-m and a bell around 100,000 of the same weight.
    const lnTerm = (m: number) => Math.max(-m, -((m - 1e5) * (m - 1e5)) / 2e6 - 200)
    expect(Math.abs(lnSmoothSum(lnTerm, 1e6) + ln(1 - Math.exp(-1)))).toBeLessThan(1e-12)
  })
  test('nothing at all', () => {
    expect(lnSmoothSum(() => -Infinity, 1e6)).toBe(-Infinity)
    expect(lnSmoothSum((m) => (m === 3 ? -2 : -Infinity), 1e6)).toBeCloseTo(-2, 15)
  })
})

/** Own values, 60 digits, by mpmath: x^a (1 - x)^b / B(a, b) and I_x(a, b) as logarithms, x = part / (part + rest). */
test('tails where x is no float', () => {
  const rows: readonly (readonly [number, number, number, number, number, number | undefined])[] = [
    [52.0, 43.364, 3.0, 2.243, -0.8505802972864662, -0.8305377150323979],
    [52.0, 43.364, 400.0, 2.243, -231.029159114289, -236.2288392591186],
    [1000000.0, 1e-6, 0.5, 3.0, -82.95760186892672, -3.1249999999917963e-37],
    [1e-6, 1000000.0, 20.0, 1000000.0, -315.64990634773994, -318.645638573674],
    [39.0, 43.0, 1000000.0, 1000000.0, -2376.7293423762594, undefined],
  ]
  for (const [part, rest, a, b, lnPowers, lnLower] of rows) {
    expect(Math.abs(lnBetaPowers(pair(part), pair(rest), a, b) - lnPowers)).toBeLessThan(
      1e-12 * (1 + Math.abs(lnPowers) / 100),
    )
    if (lnLower === undefined) continue
    expect(Math.abs(lnBetaTails(pair(part), pair(rest), a, b).lower - lnLower)).toBeLessThan(
      1e-12 * (1 + Math.abs(lnLower) / 100),
    )
    expect(lnBetaTails(pair(rest), pair(part), b, a).upper).toBe(
      lnBetaTails(pair(part), pair(rest), a, b).lower,
    )
  }
})

/** Own values, 50 digits, by mpmath. */
test('rises of ln gamma', () => {
  const rows: readonly (readonly [number, number, number])[] = [
    [0.243, 3.0, -0.3893517675749433],
    [1e-6, 10000.0, 82085.90199567191],
    [1000000.0, 0.5, 6.907755153982137],
    [1000000.0, 40.0, 552.6212023083011],
    [2.5, 13.0, 26.252231620642693],
    [12345.678, 100000.0, 1090195.1223832038],
    [0.75, 12.5, 20.417914491270334],
  ]
  for (const [z, x, exact] of rows) expect(Math.abs(lnGammaRise(z, x) / exact - 1)).toBeLessThan(1e-14)
  expect(lnGammaRise(3, 0)).toBe(0)
})
