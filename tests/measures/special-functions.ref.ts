import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  betaRegularized,
  betaRegularizedUpper,
  digamma,
  gammaP,
  gammaQ,
  hypergeometric2F1,
  lnBeta,
  lnBetaRegularized,
  lnBetaRegularizedUpper,
  lnGamma,
  lnGammaP,
  lnGammaQ,
  lnHypergeometric2F1,
  lnTricomiU,
  tricomiU,
  trigamma,
} from '../../src/measures/index.js'

type Rows = Readonly<Record<string, readonly (readonly number[])[]>>
type Of = (...values: number[]) => number

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8'))

/** The largest relative error, with where it is; where the value is 0 nothing but 0 is right. */
function worst(rows: readonly (readonly number[])[], f: Of, count: number, at = count) {
  let most = { error: 0, row: rows[0] }
  for (const row of rows) {
    const [ours, exact] = [f(...row.slice(0, count)), row[at]!]
    const error = exact === 0 ? (ours === 0 ? 0 : Infinity) : Math.abs(ours / exact - 1)
    if (!(error <= most.error)) most = { error, row }
  }
  return most
}

/** Every value of the file, to 1e-13 relative, exactly where it is 0. See fixtures/clv-special-functions/SOURCE.md. */
describe('values of lifetime value models', () => {
  const values: Rows = Object.fromEntries(
    Object.entries(read('clv-special-functions/values.json') as Record<string, string[][]>).map(
      ([name, rows]) => [name, rows.map((row) => row.map(Number))],
    ),
  )
  const functions: Readonly<Record<string, Of>> = {
    logGamma: lnGamma as Of,
    digamma: digamma as Of,
    trigamma: trigamma as Of,
    logBeta: lnBeta as Of,
    regularizedIncompleteBeta: ((a, b, x) => betaRegularized(x!, a!, b!)) as Of,
    regularizedLowerGamma: gammaP as Of,
    hyp2f1: hypergeometric2F1 as Of,
    tricomiU: tricomiU as Of,
  }
  test('are all there', () => {
    expect(Object.keys(functions)).toEqual(Object.keys(values))
    expect(Object.values(values).flat().length).toBe(71)
  })
  test.each(Object.keys(functions))('%s', (name) => {
    const rows = values[name]!
    expect(worst(rows, functions[name]!, rows[0]!.length - 1).error).toBeLessThan(1e-13)
  })
})

/** mpmath and series written out, over the ranges in fixtures/special-functions/SOURCE.md. Tolerances: 1e-13 relative or less. */
describe('points at large', () => {
  const points: Rows = read('special-functions/points.json')
  test.each([
    ['lnGamma', lnGamma, 1e-15],
    ['digamma', digamma, 2e-15],
    ['trigamma', trigamma, 2e-15],
    ['lnBeta', lnBeta, 1e-14],
    ['hypergeometric2F1', hypergeometric2F1, 5e-14],
    ['tricomiU', tricomiU, 1e-14],
    ['lnTricomiU', lnTricomiU, 1e-14],
  ] as const)('%s', (name, f, tolerance) => {
    const rows = points[name]!
    expect(worst(rows, f as Of, rows[0]!.length - 1).error).toBeLessThan(tolerance)
  })
  test.each([
    ['P', gammaP, 2],
    ['Q', gammaQ, 3],
    ['ln P', lnGammaP, 4],
    ['ln Q', lnGammaQ, 5],
  ] as const)('incomplete gamma, %s', (_, f, at) => {
    expect(worst(points['gammaTails']!, f as Of, 2, at).error).toBeLessThan(1e-14)
  })
  test.each([
    ['I', betaRegularized, 3],
    ['1 - I', betaRegularizedUpper, 4],
    ['ln I', lnBetaRegularized, 5],
    ['ln (1 - I)', lnBetaRegularizedUpper, 6],
  ] as const)('incomplete beta, %s', (_, f, at) => {
    expect(worst(points['betaTails']!, f as Of, 3, at).error).toBeLessThan(2e-14)
  })
  test('ln 2F1 where that is positive', () => {
    const rows = points['hypergeometric2F1']!.filter((row) => row[4]! > 0)
    expect(rows.length).toBeGreaterThan(150)
    for (const [a, b, c, z, value] of rows) {
      expect(Math.abs(lnHypergeometric2F1(a!, b!, c!, z!) - Math.log(value!))).toBeLessThan(
        5e-14 * Math.max(1, Math.abs(Math.log(value!))),
      )
    }
  })
})

/** Closed forms in DLMF 15.4 and 13.6, and values next to zeros. */
describe('closed forms', () => {
  test('of 2F1 next to 1, far below 0 and with parameters that floats alone would not bear', () => {
    const near = 1 - 2 ** -40
    const cases: readonly (readonly [ours: number, exact: number])[] = [
      [hypergeometric2F1(1, 1, 2, near), (40 * Math.LN2) / near],
      [hypergeometric2F1(0.5, 1, 1.5, -1e12), Math.atan(1e6) / 1e6],
      [hypergeometric2F1(3.5, 7, 7, 0.75), 128],
      [lnHypergeometric2F1(1e7, 1e7, 1e7, 0.9), 1e7 * Math.LN10],
      [hypergeometric2F1(1e12, 3, 1e12, 0.3), 0.7 ** -3],
      // The series itself at 60 digits.
      [hypergeometric2F1(1, 1e8, 1e8 + 5, 0.9), 9.999995500002656],
      [hypergeometric2F1(1e10, 0.3, 2e10, 0.5), 1.090138357570532],
      [hypergeometric2F1(-2, 3, -5, 0.5), 1.75],
      [hypergeometric2F1(-1, 2, 1, 0.5), 0],
    ]
    for (const [ours, exact] of cases)
      expect(Math.abs(ours - exact)).toBeLessThanOrEqual(2e-15 * Math.abs(exact))
  })
  test('of U: a power at b = a + 1', () => {
    for (const [a, z] of [
      [0.3, 1e-20],
      [2.5, 40],
      [700, 0.9],
    ] as const) {
      expect(lnTricomiU(a, a + 1, z) / (-a * Math.log(z))).toBeCloseTo(1, 14)
    }
  })
  test('digamma keeps its digits next to its zero: 1.46163214496836234126...', () => {
    // The two floats around it, by mpmath at 40 digits.
    expect(digamma(1.4616321449683622) / -9.241265521729427e-17).toBeCloseTo(1, 14)
    expect(digamma(1.4616321449683625) / 1.224537462200407e-16).toBeCloseTo(1, 14)
  })
  test('lnGamma keeps its digits next to its zeros, and is 0 there', () => {
    expect([lnGamma(1), lnGamma(2)]).toEqual([0, 0])
    expect(lnGamma(1.0000000000000002) / -1.2816762426960008e-16).toBeCloseTo(1, 14)
    expect(lnGamma(1.9999999999999998) / -9.387698065543117e-17).toBeCloseTo(1, 14)
  })
})
