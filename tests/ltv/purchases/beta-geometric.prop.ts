import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exp, ln } from '../../../src/kernel/elementary.js'
import { random } from '../../../src/kernel/random.js'
import { type CustomerHistory, historyTable } from '../../../src/ltv/index.js'
import { runs } from '../../support/size.js'
import { listed, modelOf } from './support/beta-geometric.js'

const around = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map(exp)
const model = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()).map(([k, atOnce]) => modelOf(k, atOnce))
const values = fc.record({ r: around(-3, 2), alpha: around(-1, 3), a: around(-3, 2), b: around(-3, 3) })
const wild = fc.record({ r: around(-13, 13), alpha: around(-13, 13), a: around(-13, 13), b: around(-13, 13) })
const unit = fc.double({ min: 0.001, max: 1, noNaN: true })
const history = fc
  .tuple(fc.integer({ min: 0, max: 40 }), unit, unit, around(-3, 4))
  .map(([repeatCount, share, evenness, age]): CustomerHistory => {
    const lastPurchaseAge = repeatCount === 0 ? 0 : share * age
    // The geometric mean of the gaps is theirs, or less by so much.
    const lnGap = ln((evenness * lastPurchaseAge) / repeatCount)
    return {
      unit: 'week',
      repeatCount,
      lastPurchaseAge,
      age,
      sumLnGaps: repeatCount === 0 ? 0 : repeatCount * (repeatCount === 1 ? ln(lastPurchaseAge) : lnGap),
    }
  })
const time = around(-3, 4)
const near = (one: number, other: number) => Math.abs(one - other) <= 1e-10 * Math.max(1e-12, Math.abs(other))
const size = { numRuns: runs(60, 1000) }

describe('laws of buying to come', () => {
  test('chances of all numbers of purchases add up to 1, and those from n on to the chance of at least n', () =>
    fc.assert(
      fc.property(model, values, history, time, fc.boolean(), (one, at, known, span, later) => {
        const buying = one.after(at, known)
        const from = later ? span / 3 : 0
        let sum = 0
        for (let n = 0; n < 6; n++) {
          sum += exp(buying.lnChanceOf(n, from, span))
          const rest = exp(buying.lnChanceOfAtLeast(n + 1, from, span))
          expect(Math.abs(sum + rest - 1)).toBeLessThan(1e-11)
        }
      }),
      { numRuns: runs(25, 800) },
    ))

  test('expected purchases are the chances of at least 1, 2, 3, … added up', () =>
    fc.assert(
      fc.property(model, values, history, around(-3, 2), (one, at, known, span) => {
        const buying = one.after(at, known)
        let sum = 0
        for (let n = 1; n < 5000; n++) {
          const chance = exp(buying.lnChanceOfAtLeast(n, 0, span))
          sum += chance
          if (chance < 1e-14 * sum) break
        }
        expect(Math.abs(sum / buying.expected(span) - 1)).toBeLessThan(1e-9)
      }),
      { numRuns: runs(15, 400) },
    ))

  test('more time: more purchases, less chance to be there; discounted less than expected', () =>
    fc.assert(
      fc.property(model, wild, history, time, (one, at, known, span) => {
        const buying = one.after(at, known)
        const [some, more] = [buying.expected(span), buying.expected(1.5 * span)]
        expect(some).toBeGreaterThanOrEqual(0)
        expect(more).toBeGreaterThanOrEqual(some * (1 - 1e-12))
        const [soon, late] = [buying.lnAliveAfter(span), buying.lnAliveAfter(1.5 * span)]
        expect(soon).toBeLessThanOrEqual(buying.lnAlive + 1e-12 * (1 + Math.abs(soon)))
        expect(late).toBeLessThanOrEqual(soon + 1e-12 * (1 + Math.abs(soon)))
        const worth = buying.discounted(span, 0.3 / span)
        expect(worth).toBeLessThanOrEqual(some * (1 + 1e-12))
        expect(worth).toBeGreaterThanOrEqual(some * exp(-0.3) * (1 - 1e-12))
        const ever = buying.discounted(Infinity, 0.3 / span)
        expect(ever).toBeGreaterThanOrEqual(worth * (1 - 1e-11))
        for (const rate of Object.values(buying.rates)) {
          expect(rate.mean).toBeGreaterThan(0)
          expect(rate.variance).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: runs(25, 200) },
    ))

  test('discounted for ever is what discounted for very long comes to', () =>
    fc.assert(
      fc.property(model, values, history, time, (one, at, known, span) => {
        const buying = one.after(at, known)
        expect(near(buying.discounted(60 * span, 1 / span), buying.discounted(Infinity, 1 / span))).toBe(true)
      }),
      { numRuns: runs(30, 500) },
    ))

  test('many customers at once get what each alone gets', () =>
    fc.assert(
      fc.property(
        model,
        wild,
        fc.array(history, { minLength: 1, maxLength: 8 }),
        time,
        (one, at, known, span) => {
          const table = historyTable(known)
          const found = one.expectedOf!(at, table, span)
          for (let i = 0; i < found.length; i++) {
            const alone = one
              .after(at, {
                unit: 'week',
                repeatCount: table.repeatCount[i]!,
                lastPurchaseAge: table.lastPurchaseAge[i]!,
                age: table.age[i]!,
              })
              .expected(span)
            // Each way is held to 1e-11 of values of many digits (beta-geometric.ref.ts); at random places there are none, and
            // two that are right to 1e-11 may be twice that apart: 1.002e-11 was met, at a chance near 1e-279.
            expect(Math.abs(found[i]! - alone)).toBeLessThanOrEqual(2e-11 * alone + 1e-300)
          }
        },
      ),
      size,
    ))
})

describe('the likelihood', () => {
  test('of a table is the sum of those of its histories', () =>
    fc.assert(
      fc.property(model, values, fc.array(history, { minLength: 1, maxLength: 20 }), (one, at, known) => {
        const place = listed(at)
        const whole = one.likelihood(historyTable(known)).value(place)
        const sum = known.reduce((total, next) => total + one.historyLikelihood(next).value(place), 0)
        expect(Math.abs(whole - sum)).toBeLessThan(1e-10 * (1 + Math.abs(sum)))
      }),
      size,
    ))

  test('has the slopes that its differences show, at extreme parameters too', () =>
    fc.assert(
      fc.property(
        model,
        fc.oneof(values, wild),
        fc.array(history, { minLength: 1, maxLength: 5 }),
        (one, at, known) => {
          const likelihood = one.likelihood(historyTable(known))
          const place = listed(at)
          const slopes = new Float64Array(4)
          const value = likelihood.slopes(place, slopes)
          expect(value).toBe(likelihood.value(place))
          for (let i = 0; i < 4; i++) {
            const step = 1e-4
            const moved = (by: number) =>
              likelihood.value(place.map((one, k) => (k === i ? one * exp(by) : one)))
            // By the logarithm, with the error of fourth order.
            const difference =
              (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step)
            const slope = slopes[i]! * place[i]!
            expect(Math.abs(difference - slope)).toBeLessThan(
              1e-6 * Math.abs(slope) + 2e-10 * (1 + Math.abs(value)),
            )
          }
        },
      ),
      size,
    ))

  test('chances to be alive follow from it: alive and gone are its two parts', () =>
    fc.assert(
      fc.property(values, history, (at, known) => {
        if (known.repeatCount === 0) return
        // Without silence nobody can be told gone but by chance: the part of those alive has the same value but for T.
        const one = modelOf(1, false)
        const whole = one.historyLikelihood(known).value(listed(at))
        const { r, alpha, a, b } = at
        const [x, T] = [known.repeatCount, known.age]
        const still = one.historyLikelihood({ ...known, lastPurchaseAge: T }).value(listed(at))
        const aliveOnly = still - ln(1 + a / (b + x - 1))
        expect(Math.abs(one.after(at, known).lnAlive - (aliveOnly - whole))).toBeLessThan(1e-9)
        expect(r + alpha).toBeGreaterThan(0)
      }),
      size,
    ))
})

describe('draws', () => {
  test.each([
    [1, false],
    [1, true],
    [3, true],
  ] as const)(
    'k %i, at once %s: as many purchases as expected, and none as often as the chance says',
    (k, atOnce) => {
      const one = modelOf(k, atOnce)
      const at = { r: 1.5, alpha: 3, a: 1.2, b: 3 }
      const chance = random('draws')
      const [newcomer, span, count] = [one.newcomer(at), 20, runs(8000, 400_000)]
      const seen = [0, 0, 0, 0]
      let [sum, squares] = [0, 0]
      for (let i = 0; i < count; i++) {
        const bought = one.draw(at, span, chance)
        expect([...bought].sort((p, q) => p - q)).toEqual(bought)
        sum += bought.length
        squares += bought.length * bought.length
        if (bought.length < 4) seen[bought.length]! += 1
      }
      const mean = sum / count
      const error = Math.sqrt((squares / count - mean * mean) / count)
      expect(Math.abs(mean - newcomer.expected(span))).toBeLessThan(4.5 * error)
      for (const [n, times] of seen.entries()) {
        const share = exp(newcomer.lnChanceOf(n, 0, span))
        expect(Math.abs(times / count - share)).toBeLessThan(4.5 * Math.sqrt((share * (1 - share)) / count))
      }
    },
  )
  test('the same seed, the same purchases', () => {
    const at = { r: 0.5, alpha: 3, a: 1, b: 3 }
    const draw = () => modelOf(2, true).draw(at, 500, random(5))
    expect(draw()).toEqual(draw())
  })
})
