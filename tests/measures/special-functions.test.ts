import { describe, expect, test } from 'vitest'
import { DefinitionError } from '../../src/kernel/index.js'
import {
  betaQuantile,
  betaQuantileUpper,
  betaRegularized,
  betaRegularizedUpper,
  digamma,
  erf,
  erfc,
  gammaP,
  gammaPInverse,
  gammaQ,
  gammaQInverse,
  gaussJacobi,
  gaussLegendre,
  hypergeometric2F1,
  integrate,
  lnBeta,
  lnBetaRegularized,
  lnBetaRegularizedUpper,
  lnGamma,
  lnGammaP,
  lnGammaQ,
  lnHypergeometric2F1,
  lnTricomiU,
  logDiffExp,
  logSumExp,
  tricomiU,
  trigamma,
} from '../../src/measures/index.js'

/** The examples of the docstrings, to the last bit: results are the same on every runtime. */
test.each([
  ['lnGamma', () => lnGamma(10), 12.80182748008147],
  ['digamma', () => digamma(10), 2.2517525890667214],
  ['trigamma', () => trigamma(1), 1.6449340668482264],
  ['lnBeta', () => lnBeta(2, 3), -2.4849066497880004],
  ['betaRegularized', () => betaRegularized(0.7, 2, 3), 0.9163],
  ['betaRegularizedUpper', () => betaRegularizedUpper(0.7, 2, 3), 0.08370000000000004],
  ['lnBetaRegularized', () => lnBetaRegularized(1e-3, 500, 2), -3447.6620318923133],
  ['lnBetaRegularizedUpper', () => lnBetaRegularizedUpper(0.5, 1, 2000), -1386.2943611198907],
  ['betaQuantile', () => betaQuantile(0.5, 2, 2), 0.5],
  ['betaQuantileUpper', () => betaQuantileUpper(1e-20, 1, 2), 0.9999999999],
  ['gammaP', () => gammaP(3, 2.5), 0.4561868841166706],
  ['gammaQ', () => gammaQ(3, 100), 1.8976107553682285e-40],
  ['lnGammaP', () => lnGammaP(1000, 1), -5913.127178988828],
  ['lnGammaQ', () => lnGammaQ(1, 5000), -5000],
  ['gammaPInverse', () => gammaPInverse(1, 0.5), 0.6931471805599452],
  ['gammaQInverse', () => gammaQInverse(1, 1e-100), 230.25850929940458],
  ['erf', () => erf(1), 0.842700792949715],
  ['erfc', () => erfc(10), 2.0884875837625443e-45],
  ['hypergeometric2F1', () => hypergeometric2F1(1, 9.8, 10.4, 0.909), 7.922338774917171],
  ['lnHypergeometric2F1', () => lnHypergeometric2F1(5000.5, 5002, 5003, 0.5), 3465.3895791157242],
  ['tricomiU', () => tricomiU(0.606, 0.606, 5), 0.3414061944792602],
  ['lnTricomiU', () => lnTricomiU(1000, 1000, 50), -3915.0666205072744],
  ['logSumExp', () => logSumExp([-1000, -1000]), -999.3068528194401],
  ['logDiffExp', () => logDiffExp(-999.3068528194401, -1000), -1000.0000000000001],
] as const)('%s as its docstring says', (_, run, value) => {
  expect(run()).toBe(value)
})

describe('ends', () => {
  test.each([
    ['P at 0', gammaP(2, 0), 0],
    ['Q at 0', gammaQ(2, 0), 1],
    ['P at Infinity', gammaP(2, Infinity), 1],
    ['Q at Infinity', gammaQ(2, Infinity), 0],
    ['ln P at 0', lnGammaP(2, 0), -Infinity],
    ['ln Q far out', lnGammaQ(0.5, 1e6), -1000007.480118],
    ['I at 0', betaRegularized(0, 2, 3), 0],
    ['I at 1', betaRegularized(1, 2, 3), 1],
    ['1 - I at 1', betaRegularizedUpper(1, 2, 3), 0],
    ['the quantile of nothing', gammaPInverse(3, 0), 0],
    ['the quantile of all', gammaPInverse(3, 1), Infinity],
    ['what all exceed', gammaQInverse(3, 1), 0],
    ['what nothing exceeds', gammaQInverse(3, 0), Infinity],
    ['a quantile below the floats', gammaPInverse(1e-3, 0.5), 0],
    ['the beta quantile of nothing', betaQuantile(0, 2, 3), 0],
    ['the beta quantile of all', betaQuantile(1, 2, 3), 1],
    ['a beta quantile below the floats', betaQuantile(0.7, 1e-4, 1e8), 0],
    ['erf at Infinity', erf(Infinity), 1],
    ['erf at -Infinity', erf(-Infinity), -1],
    ['erf at -0', erf(-0), -0],
    ['erfc at Infinity', erfc(Infinity), 0],
    ['erfc at -Infinity', erfc(-Infinity), 2],
    ['lnGamma at 1', lnGamma(1), 0],
    ['lnGamma at 2', lnGamma(2), 0],
    ['lnBeta at 1, 1', lnBeta(1, 1), 0],
    ['2F1 at 0', hypergeometric2F1(3, 4, 5, 0), 1],
    ['U of a = 0', tricomiU(0, 5, 2), 1],
    ['a sum of nothing', logSumExp([]), -Infinity],
    ['a sum with nothing', logSumExp([-Infinity, 3]), 3],
    ['a difference of equals', logDiffExp(5, 5), -Infinity],
    ['a difference from nothing', logDiffExp(5, -Infinity), 5],
  ] as const)('%s', (_, ours, value) => {
    if (Number.isInteger(value) || !Number.isFinite(value)) expect(ours).toBe(value)
    else expect(ours).toBeCloseTo(value, 5)
  })
})

/** Misuse, and what no float can hold, is refused by name. */
test.each([
  ['$.x', () => lnGamma(0)],
  ['$.x', () => lnGamma(-1.5)],
  ['$.x', () => lnGamma(Number.NaN)],
  ['$.x', () => lnGamma(1e306)],
  ['$.x', () => digamma(0)],
  ['$.x', () => digamma(Infinity)],
  ['$.x', () => trigamma(1e-200)],
  ['$.a', () => lnBeta(0, 1)],
  ['$.b', () => lnBeta(1, Number.NaN)],
  ['$.x', () => betaRegularized(1.1, 2, 3)],
  ['$.a', () => betaRegularized(0.5, -1, 3)],
  ['$.b', () => betaRegularized(0.5, 1, 1e13)],
  ['$.p', () => betaQuantile(-0.1, 1, 1)],
  ['$.q', () => betaQuantileUpper(Number.NaN, 1, 1)],
  ['$.a', () => gammaP(0, 1)],
  ['$.x', () => gammaP(1, -1)],
  ['$.x', () => gammaQ(1, Number.NaN)],
  ['$.p', () => gammaPInverse(1, 2)],
  ['$.q', () => gammaQInverse(1, -1)],
  ['$.x', () => erf(Number.NaN)],
  ['$.x', () => erfc(Number.NaN)],
  ['$.z', () => hypergeometric2F1(1, 1, 2, 1)],
  ['$.z', () => hypergeometric2F1(1, 1, 2, Number.NaN)],
  ['$.c', () => hypergeometric2F1(1, 1, -3, 0.5)],
  ['$.c', () => hypergeometric2F1(-4, 1, -3, 0.5)],
  ['$.a', () => hypergeometric2F1(Number.NaN, 1, 2, 0.5)],
  ['$', () => hypergeometric2F1(1000, 1000, 2000, 0.9999)], // 10^1200 and more
  ['$', () => hypergeometric2F1(1e5, -1e5 + 0.5, 1e3, 0.5)], // cancels beyond reason
  ['$', () => lnHypergeometric2F1(-1, 3, 1, 0.5)], // negative
  ['$.a', () => tricomiU(-1.5, 2, 1)],
  ['$.z', () => tricomiU(1, 2, 0)],
  ['$', () => tricomiU(5, 500, 1e-3)],
  ['$[1]', () => logSumExp([1, Infinity])],
  ['$[0]', () => logSumExp([Number.NaN])],
  ['$.b', () => logDiffExp(1, 2)],
  ['$.a', () => logDiffExp(Infinity, 2)],
  ['$.count', () => gaussLegendre(0)],
  ['$.count', () => gaussLegendre(2.5)],
  ['$.a', () => gaussJacobi(3, { a: 0, b: 1 })],
  ['$.b', () => gaussJacobi(3, { a: 1, b: Number.NaN })],
  ['$.to', () => integrate((x) => x, 0, Infinity)],
  ['$.relative', () => integrate((x) => x, 0, 1, { relative: 0 })],
] as const)('refuses at %s: %s', (path, run) => {
  let error: unknown
  try {
    run()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(DefinitionError)
  expect(error).toMatchObject({ code: 'out-of-range', path })
})

describe('quadrature', () => {
  test('rules are exact up to their degree, mirrored and kept', () => {
    for (const count of [1, 2, 3, 7, 20, 64]) {
      const { nodes, weights } = gaussLegendre(count)
      expect(gaussLegendre(count).nodes).toBe(nodes)
      expect(nodes).toEqual([...nodes].reverse().map((node) => 0 - node))
      for (let power = 0; power < 2 * count; power += 2) {
        const sum = nodes.reduce((total, node, k) => total + weights[k]! * node ** power, 0)
        expect(Math.abs(sum * (power + 1) - 2)).toBeLessThan(1e-13)
      }
    }
  })

  test('Gauss–Jacobi gives the moments of Beta(a, b)', () => {
    for (const [a, b] of [
      [0.05, 3],
      [1, 1],
      [2.5, 0.01],
      [0.5, 0.5],
      [300, 40],
      [1e-6, 2],
    ] as const) {
      const { nodes, weights } = gaussJacobi(12, { a, b })
      let moment = 1
      for (let power = 0; power < 24; power++) {
        const sum = nodes.reduce((total, node, k) => total + weights[k]! * node ** power, 0)
        expect(Math.abs(sum / moment - 1)).toBeLessThan(2e-13)
        moment *= (a + power) / (a + b + power)
      }
    }
  })

  test('integrate says how far off it may be, and when it does not know', () => {
    const hump = integrate((x) => Math.exp(-x * x), -10, 10)
    expect(hump).toMatchObject({ kind: 'estimate' })
    if (hump.kind === 'estimate') {
      expect(Math.abs(hump.value - Math.sqrt(Math.PI))).toBeLessThanOrEqual(Math.max(hump.error, 1e-15))
      expect(hump.error).toBeLessThan(2e-12)
    }
    expect(integrate((x) => 1 / x, 0, 1)).toEqual({ kind: 'undefined', reason: 'not-converged' })
    expect(integrate(() => Number.NaN, 0, 1)).toEqual({ kind: 'undefined', reason: 'not-finite' })
    expect(integrate(() => 0, 0, 1)).toMatchObject({ kind: 'estimate', value: 0, error: 0 })
    expect(integrate((x) => x, 3, 0)).toMatchObject({ kind: 'estimate', value: -4.5 })
  })

  test('integrate asks as often as it says', () => {
    let asked = 0
    const counted = (x: number) => {
      asked++
      return Math.sqrt(x)
    }
    const root = integrate(counted, 0, 1)
    expect(root).toMatchObject({ kind: 'estimate', evaluations: asked })
  })
})
