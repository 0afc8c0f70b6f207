import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  hypergeometric2F1,
  lnBeta,
  lnBetaRegularized,
  lnBetaRegularizedUpper,
} from '../../src/measures/index.js'
import { fallingRule, type PowerRule, peakedRule, powerRule } from '../../src/measures/power-rule.js'
import { runs } from '../support/size.js'

const within = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)
const sum = (rule: PowerRule, f: (t: number) => number = () => 1) => {
  let total = 0
  for (let k = 0; k < rule.count; k++) total += rule.weights[k]! * f(rule.nodes[k]!)
  return total
}

describe('integrals of falling powers', () => {
  test('of one power, to any end: a power less', () => {
    fc.assert(
      fc.property(within(1e-6, 1e6), within(1e-4, 1e6), within(1e-9, 1e9), (scale, power, end) => {
        const rule = powerRule()
        fallingRule(rule, { scaleA: scale, powerA: power, scaleB: 1, powerB: 0, rate: 0 }, end)
        const span = Math.log1p(end / scale)
        const x = (1 - power) * span
        const exact = x === 0 ? scale * span : (scale * Math.expm1(x)) / (1 - power)
        expect(Math.abs(sum(rule) / exact - 1)).toBeLessThan(1e-12)
      }),
      { numRuns: runs(200, 5000) },
    )
  })

  test('of two without end: Gauss’s function, however far apart the scales are', () => {
    fc.assert(
      fc.property(
        within(1e-3, 1e3),
        within(0.01, 50),
        within(1e-3, 1e3),
        within(0.01, 50),
        (scaleA, a, scaleB, b) => {
          const rule = powerRule()
          fallingRule(rule, { scaleA, powerA: a, scaleB, powerB: b + 1, rate: 0, surplus: a + b }, Infinity)
          const [long, power] = scaleA >= scaleB ? [scaleA, a] : [scaleB, b + 1]
          const z = Math.abs(scaleA - scaleB) / long
          if (z > 0.999) return
          const whole = a + b
          const front = Math.min(scaleA, scaleB)
          // Both forms are 2F1(1, power; whole + 1; z) / whole times the smaller scale.
          const exact = (front * hypergeometric2F1(1, power, whole + 1, z)) / whole
          expect(Math.abs(sum(rule) / exact - 1)).toBeLessThan(1e-11)
        },
      ),
      { numRuns: runs(60, 2000) },
    )
  })

  test('means of e^(-rate t) alone', () => {
    fc.assert(
      fc.property(within(1e-6, 1e6), within(1e-6, 1e6), (rate, scale) => {
        const rule = powerRule()
        fallingRule(rule, { scaleA: 1, powerA: 0, scaleB: scale, powerB: 1e-300, rate }, Infinity)
        expect(Math.abs(sum(rule) * rate - 1)).toBeLessThan(1e-12)
        expect(Math.abs(sum(rule, (t) => t) * rate * rate - 1)).toBeLessThan(1e-12)
      }),
      { numRuns: runs(100, 2000) },
    )
  })
})

test('integrals with a peak: the incomplete beta function, also far out in its tail', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      within(1e-3, 1e5),
      within(1e-3, 1e3),
      within(1e-4, 1e6),
      (power, surplus, scaleA, end) => {
        const rule = powerRule()
        peakedRule(rule, power, surplus, { scaleA, scaleB: 1, powerB: 0 }, end)
        const { peak } = rule
        const top = power * Math.log(peak / scaleA) - (power + surplus) * Math.log1p(peak / scaleA)
        // From the end whose distance keeps its digits.
        const share =
          end < scaleA
            ? lnBetaRegularized(end / (scaleA + end), power, surplus)
            : lnBetaRegularizedUpper(scaleA / (scaleA + end), surplus, power)
        const exact = lnBeta(power, surplus) + share
        const ours = top + Math.log(sum(rule))
        expect(Math.abs(ours - exact)).toBeLessThan(1e-12 + 1e-14 * power * Math.abs(Math.log(peak / scaleA)))
      },
    ),
    { numRuns: runs(100, 3000) },
  )
})
