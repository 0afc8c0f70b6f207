import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '../../../src/kernel/random.js'
import type { HistoryTable } from '../../../src/ltv/histories/history.js'
import { historyTable } from '../../../src/ltv/histories/history.js'
import type { Values } from '../../../src/ltv/model.js'
import { bgBb } from '../../../src/ltv/purchases/bg-bb/bg-bb.js'
import { ggompertzNbd } from '../../../src/ltv/purchases/gompertz/ggompertz-nbd.js'
import type { Buying, PurchaseModel } from '../../../src/ltv/purchases/model.js'
import { nbd } from '../../../src/ltv/purchases/nbd.js'
import { lnHypergeometric2F1 } from '../../../src/measures/hypergeometric.js'
import { integrate } from '../../../src/measures/quadrature.js'
import { runs } from '../../support/size.js'

const { exp, log: ln, log1p, expm1 } = Math
const size = (low: number, high: number) =>
  fc.double({ min: ln(low), max: ln(high), noNaN: true }).map((x) => exp(x))
const near = (ours: number, exact: number, relative: number) =>
  expect(Math.abs(ours - exact)).toBeLessThanOrEqual(relative * Math.abs(exact))
const integralOf = (f: (t: number) => number, from: number, to: number): number => {
  const found = integrate(f, from, to, { relative: 1e-11, pieces: 3000 })
  if (found.kind !== 'estimate') throw new Error(found.reason)
  return found.value
}
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

const ofNbd = fc.record({ r: size(0.05, 20), alpha: size(0.1, 50) })
const ofBgBb = fc.record({
  alpha: size(0.05, 50),
  beta: size(0.05, 50),
  gamma: size(0.05, 50),
  delta: size(0.05, 50),
})
const ofGompertz = fc.record({
  r: size(0.05, 20),
  alpha: size(0.1, 50),
  b: size(1e-3, 3),
  s: size(0.05, 20),
  beta: size(1e-3, 1e3),
})
const weeks = fc
  .record({ x: fc.integer({ min: 0, max: 30 }), share: size(0.01, 1), T: size(0.5, 100) })
  .map(({ x, share, T }) => ({
    unit: 'week' as const,
    repeatCount: x,
    lastPurchaseAge: x === 0 ? 0 : T * share,
    age: T,
  }))
const opportunities = fc
  .record({ x: fc.nat(12), more: fc.nat(12), silent: fc.nat(12) })
  .map(({ x, more, silent }) => ({
    unit: 'opportunity' as const,
    repeatCount: x,
    lastPurchaseAge: x === 0 ? 0 : x + more,
    age: (x === 0 ? 0 : x + more) + silent,
  }))

/** What every way of buying has, whatever the model. */
function lawsOf(buying: Buying, times: readonly number[], most: number): void {
  for (const to of times) {
    const from = times[0]!
    const chances = upTo(most + 1).map((n) => exp(buying.lnChanceOf(n, from, to)))
    const rest = exp(buying.lnChanceOfAtLeast(most + 1, from, to))
    near(sum(chances) + rest, 1, 1e-11)
    for (const n of [1, 2, 5]) {
      near(exp(buying.lnChanceOfAtLeast(n, from, to)), sum(chances.slice(n)) + rest, 1e-10)
    }
  }
  const later = times.at(-1)!
  expect(buying.lnAlive).toBeLessThanOrEqual(0)
  expect(buying.lnAliveAfter(0)).toBe(buying.lnAlive)
  expect(buying.lnAliveAfter(later)).toBeLessThanOrEqual(buying.lnAlive)
  expect(buying.expected(0)).toBe(0)
  expect(buying.discounted(later, 0)).toBe(buying.expected(later))
  expect(buying.discounted(later, 0.1)).toBeLessThanOrEqual(buying.expected(later))
  near(buying.discounted(later, 1e-9), buying.expected(later), 1e-6)
  near(buying.discounted(100000, 0.1), buying.discounted(Number.POSITIVE_INFINITY, 0.1), 1e-12)
  for (const { mean, variance } of Object.values(buying.rates)) {
    expect(mean).toBeGreaterThan(0)
    expect(variance).toBeGreaterThan(0)
  }
}

describe('buying of every model', () => {
  const options = { numRuns: runs(25, 500) }
  test('NBD', () => {
    fc.assert(
      fc.property(ofNbd, weeks, (values, history) => {
        lawsOf(nbd.newcomer(values), [0, 3, 11.5], 40)
        lawsOf(nbd.after(values, history), [2, 2.5, 11.5], 40)
      }),
      options,
    )
  })
  test('BG/BB', () => {
    fc.assert(
      fc.property(ofBgBb, opportunities, (values, history) => {
        lawsOf(bgBb.newcomer(values), [0, 3, 11], 11)
        lawsOf(bgBb.after(values, history), [2, 5, 13], 6)
      }),
      options,
    )
  })
  test('GGompertz/NBD', () => {
    fc.assert(
      fc.property(ofGompertz, weeks, (values, history) => {
        lawsOf(ggompertzNbd.newcomer(values), [0, 3, 11.5], 30)
        lawsOf(ggompertzNbd.after(values, history), [2, 2.5, 11.5], 30)
      }),
      options,
    )
  })
})

describe('expected purchases', () => {
  test('are the mean of the chances (BG/BB, where n is bounded)', () => {
    fc.assert(
      fc.property(ofBgBb, opportunities, fc.integer({ min: 1, max: 15 }), (values, history, count) => {
        const after = bgBb.after(values, history)
        const mean = sum(upTo(count + 1).map((n) => n * exp(after.lnChanceOf(n, 0, count))))
        near(after.expected(count), mean, 1e-12)
      }),
      { numRuns: runs(50, 1000) },
    )
  })

  test('are the integral of what is bought while there, discounted or not (GGompertz/NBD)', () => {
    fc.assert(
      fc.property(ofGompertz, weeks, size(0.1, 100), (values, history, span) => {
        const after = ggompertzNbd.after(values, history)
        const rate = (values.r + history.repeatCount) / (values.alpha + history.age)
        const over = (discount: number, to: number) =>
          rate * integralOf((t) => exp(after.lnAliveAfter(t) - discount * t), 0, to)
        near(after.expected(span), over(0, span), 1e-10)
        near(after.discounted(span, 0.05), over(0.05, span), 1e-10)
        near(after.discounted(Number.POSITIVE_INFINITY, 0.5), over(0.5, 100), 1e-10)
      }),
      { numRuns: runs(25, 500) },
    )
  })

  test('with discount for good are the closed form with 2F1 (BG/BB)', () => {
    fc.assert(
      fc.property(ofBgBb, size(1e-6, 3), ({ alpha, beta, gamma, delta }, d) => {
        const exact =
          (alpha / (alpha + beta)) *
          (delta / (gamma + delta)) *
          exp(lnHypergeometric2F1(1, gamma, gamma + delta + 1, -1 / d) - ln(d))
        const newcomer = bgBb.newcomer({ alpha, beta, gamma, delta })
        near(newcomer.discounted(Number.POSITIVE_INFINITY, log1p(d)), exact, 2e-12)
      }),
      { numRuns: runs(50, 1000) },
    )
  })

  test('of many customers are those of each', () => {
    const check = <P extends string>(
      model: PurchaseModel<string, P>,
      values: Values<P>,
      table: HistoryTable,
    ) => {
      const span = 7
      const all = model.expectedOf!(values, table, span)
      for (let i = 0; i < all.length; i++) {
        const history = {
          unit: table.unit,
          repeatCount: table.repeatCount[i]!,
          lastPurchaseAge: table.lastPurchaseAge[i]!,
          age: table.age[i]!,
        }
        near(all[i]!, model.after(values, history).expected(span), 1e-13)
      }
    }
    fc.assert(
      fc.property(
        ofNbd,
        ofBgBb,
        ofGompertz,
        fc.array(weeks, { minLength: 1 }),
        fc.array(opportunities, { minLength: 1 }),
        (a, b, c, w, o) => {
          check(nbd, a, historyTable(w))
          check(bgBb, b, historyTable(o))
          check(ggompertzNbd, c, historyTable(w))
        },
      ),
      { numRuns: runs(10, 200) },
    )
  })
})

describe('likelihoods', () => {
  test('of all histories of BG/BB sum to 1', () => {
    const ways = (n: number, k: number): number => (k === 0 ? 1 : (ways(n - 1, k - 1) * n) / k)
    fc.assert(
      fc.property(ofBgBb, fc.integer({ min: 0, max: 8 }), (values, n) => {
        const chance = (x: number, tx: number) =>
          exp(
            bgBb
              .historyLikelihood({ unit: 'opportunity', repeatCount: x, lastPurchaseAge: tx, age: n })
              .value([values.alpha, values.beta, values.gamma, values.delta]),
          )
        let total = chance(0, 0)
        for (let tx = 1; tx <= n; tx++)
          for (let x = 1; x <= tx; x++) total += ways(tx - 1, x - 1) * chance(x, tx)
        near(total, 1, 1e-13)
      }),
      { numRuns: runs(50, 500) },
    )
  })

  test('of GGompertz/NBD are the integral over the time of leaving', () => {
    fc.assert(
      fc.property(ofGompertz, weeks, (values, history) => {
        const { r, alpha, b, s, beta } = values
        const { repeatCount: x, lastPurchaseAge: tx, age: T } = history
        const stays = (t: number) => exp(-s * log1p(expm1(b * t) / beta))
        const left = (t: number) => stays(t) * ((s * b * exp(b * t)) / (beta + expm1(b * t)))
        const bought = (t: number) => exp(-(r + x) * log1p(t / alpha))
        const total = stays(T) * bought(T) + (T > tx ? integralOf((t) => left(t) * bought(t), tx, T) : 0)
        // Here the definition is in floats, which run out below.
        fc.pre(total > 1e-250)
        let rising = 0
        for (let i = 0; i < x; i++) rising += ln((r + i) / alpha)
        const ours = ggompertzNbd.historyLikelihood(history).value([r, alpha, b, s, beta])
        expect(Math.abs(ours - (rising + ln(total)))).toBeLessThan(1e-9)
      }),
      { numRuns: runs(30, 500) },
    )
  })

  test('have the slopes they tell, row by row and in a table', () => {
    const check = <P extends string>(
      model: PurchaseModel<string, P>,
      values: Values<P>,
      histories: readonly Parameters<typeof model.historyLikelihood>[0][],
    ) => {
      const at = model.parameters.map((name) => values[name])
      const table = historyTable(histories)
      const likelihood = model.likelihood(table)
      const slopes = new Float64Array(at.length)
      const value = likelihood.slopes(at, slopes)
      expect(value).toBe(likelihood.value(at))
      const rows = histories.map((history) => model.historyLikelihood(history))
      near(sum(rows.map((row) => row.value(at))), value, 1e-12)
      const own = new Float64Array(at.length)
      for (const [k, parameter] of at.entries()) {
        const h = 3e-4 * parameter
        const shifted = (by: number) => likelihood.value(at.map((x, i) => (i === k ? x + by * h : x)))
        // Six points: what is left is rounding.
        const difference =
          (45 * (shifted(1) - shifted(-1)) - 9 * (shifted(2) - shifted(-2)) + (shifted(3) - shifted(-3))) /
          (60 * h)
        const doubt = ((1e-11 * Math.max(1, Math.abs(value))) / h) * parameter
        expect(Math.abs(slopes[k]! - difference) * parameter).toBeLessThanOrEqual(
          1e-8 * Math.abs(slopes[k]! * parameter) + doubt,
        )
        let alone = 0
        for (const row of rows) {
          row.slopes(at, own)
          alone += own[k]!
        }
        expect(Math.abs(alone - slopes[k]!)).toBeLessThanOrEqual(1e-9 * Math.abs(value / parameter) + 1e-9)
      }
    }
    const few = { minLength: 1, maxLength: 4 }
    const wide = size(1e-4, 1e4)
    fc.assert(
      fc.property(
        fc.oneof(ofNbd, fc.record({ r: wide, alpha: wide })),
        fc.oneof(ofBgBb, fc.record({ alpha: wide, beta: wide, gamma: wide, delta: wide })),
        fc.oneof(ofGompertz, fc.record({ r: wide, alpha: wide, b: size(1e-6, 10), s: wide, beta: wide })),
        fc.array(weeks, few),
        fc.array(opportunities, few),
        (a, b, c, w, o) => {
          check(nbd, a, w)
          check(bgBb, b, o)
          check(ggompertzNbd, c, w)
        },
      ),
      { numRuns: runs(50, 2000) },
    )
  })

  test('are never above what data allow, however odd the parameters', () => {
    const odd = size(1e-150, 1e150)
    const histories = [
      { unit: 'opportunity' as const, repeatCount: 3, lastPurchaseAge: 4, age: 9 },
      { unit: 'opportunity' as const, repeatCount: 0, lastPurchaseAge: 0, age: 9 },
    ]
    const timed = [
      { unit: 'week' as const, repeatCount: 3, lastPurchaseAge: 4, age: 9 },
      { unit: 'week' as const, repeatCount: 0, lastPurchaseAge: 0, age: 9 },
    ]
    // Three purchases in nine weeks are likeliest at their own rate, 3 ln(3 / 9) - 3; one who left at 4 does better.
    const most = 3 * ln(3 / 4) - 3
    fc.assert(
      fc.property(odd, odd, odd, odd, odd, (a, b, c, d, e) => {
        for (const history of histories) {
          expect(bgBb.historyLikelihood(history).value([a, b, c, d]) > 1e-12).toBe(false)
        }
        for (const [i, history] of timed.entries()) {
          const limit = (i === 0 ? most : 0) + 1e-12
          expect(nbd.historyLikelihood(history).value([a, b]) > limit).toBe(false)
          expect(ggompertzNbd.historyLikelihood(history).value([a, b, c, d, e]) > limit).toBe(false)
        }
      }),
      { numRuns: runs(200, 5000) },
    )
  })
})

describe('at extreme parameters', () => {
  const any = size(1e-6, 1e6)
  const moment = fc.oneof({ arbitrary: fc.constant(0), weight: 1 }, { arbitrary: any, weight: 4 })
  const count = size(1, 1e4).map(Math.floor)
  const lnSum = (a: number, b: number) => Math.max(a, b) + log1p(exp(-Math.abs(a - b)))
  /** Chances of none and of some make 1, those of n and of more make those of at least n, whatever their size. */
  const check = (buying: Buying, n: number, from: number, to: number) => {
    near(exp(buying.lnChanceOf(0, from, to)) + exp(buying.lnChanceOfAtLeast(1, from, to)), 1, 1e-11)
    const whole = buying.lnChanceOfAtLeast(n, from, to)
    const parts = lnSum(buying.lnChanceOf(n, from, to), buying.lnChanceOfAtLeast(n + 1, from, to))
    // Below e^-10^250 nothing is added up any more.
    if (whole > -1e250) expect(Math.abs(parts - whole)).toBeLessThan(1e-10 + 1e-14 * Math.abs(whole))
    const [bought, worth] = [buying.expected(to), buying.discounted(Number.POSITIVE_INFINITY, 1e-3)]
    for (const number of [bought, worth]) {
      expect(number).toBeGreaterThanOrEqual(0)
      expect(number).toBeLessThan(Number.POSITIVE_INFINITY)
    }
    expect(buying.lnAliveAfter(to)).toBeLessThanOrEqual(buying.lnAlive)
    for (const { mean, variance } of Object.values(buying.rates)) {
      expect(mean).toBeGreaterThanOrEqual(0)
      expect(variance).toBeGreaterThanOrEqual(0)
    }
  }
  const slopesOf = <P extends string>(
    model: PurchaseModel<string, P>,
    values: Values<P>,
    history: Parameters<typeof model.historyLikelihood>[0],
  ) => {
    const slopes = new Float64Array(model.parameters.length)
    const at = model.parameters.map((name) => values[name])
    return [model.historyLikelihood(history).slopes(at, slopes), ...slopes]
  }

  test('continuous models have answers that fit together', () => {
    fc.assert(
      fc.property(
        fc.record({ r: any, alpha: any, b: any, s: any, beta: any }),
        fc.record({ x: fc.oneof(fc.constant(0), count), share: size(1e-6, 1), T: moment }),
        fc.tuple(count, moment, any),
        (values, { x, share, T }, [n, from, length]) => {
          const repeatCount = T === 0 ? 0 : x
          const lastPurchaseAge = repeatCount === 0 ? 0 : T * share
          const history = { unit: 'week' as const, repeatCount, lastPurchaseAge, age: T }
          const { r, alpha } = values
          for (const slope of [
            ...slopesOf(ggompertzNbd, values, history),
            ...slopesOf(nbd, { r, alpha }, history),
          ])
            expect(slope).not.toBeNaN()
          check(ggompertzNbd.after(values, history), n, from, from + length)
          check(nbd.after({ r, alpha }, history), n, from, from + length)
        },
      ),
      { numRuns: runs(100, 20_000) },
    )
  })

  test('BG/BB has answers that fit together', () => {
    const many = size(1, 2000).map(Math.floor)
    fc.assert(
      fc.property(
        fc.record({ alpha: any, beta: any, gamma: any, delta: any }),
        fc.tuple(
          many,
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        fc.tuple(many, many, many),
        (values, [age, bought, silent], [n, from, length]) => {
          const repeatCount = Math.floor(age * bought)
          const lastPurchaseAge =
            repeatCount === 0 ? 0 : repeatCount + Math.floor((age - repeatCount) * silent)
          const history = { unit: 'opportunity' as const, repeatCount, lastPurchaseAge, age }
          for (const slope of slopesOf(bgBb, values, history)) expect(slope).not.toBeNaN()
          check(bgBb.after(values, history), Math.min(n, length), from - 1, from - 1 + length)
        },
      ),
      { numRuns: runs(100, 20_000) },
    )
  })
})

describe('draws', () => {
  const check = <P extends string>(model: PurchaseModel<string, P>, values: Values<P>, age: number) => {
    const count = runs(4000, 100_000)
    const seeded = random(model.name)
    const numbers = new Map<number, number>()
    let early = 0
    let ordered = true
    for (let i = 0; i < count; i++) {
      const times = model.draw(values, age, seeded)
      numbers.set(times.length, (numbers.get(times.length) ?? 0) + 1)
      early += times.filter((time) => time <= age / 2).length
      ordered &&= times.every((time, k) => time > (times[k - 1] ?? 0) && time <= age)
    }
    expect(ordered).toBe(true)
    const newcomer = model.newcomer(values)
    for (const n of [0, 1, 2, 3, 6]) {
      const chance = exp(newcomer.lnChanceOf(n, 0, age))
      const spread = Math.sqrt((chance * (1 - chance)) / count)
      expect(Math.abs((numbers.get(n) ?? 0) / count - chance)).toBeLessThan(4.5 * spread)
    }
    near(early / count, newcomer.expected(age / 2), 0.15)
  }
  test('come as often as chances say', () => {
    check(nbd, { r: 0.5, alpha: 10 }, 40)
    check(nbd, { r: 3, alpha: 30 }, 40)
    check(bgBb, { alpha: 1.2, beta: 0.75, gamma: 0.66, delta: 2.8 }, 10)
    check(bgBb, { alpha: 8, beta: 2, gamma: 0.1, delta: 0.3 }, 10)
    check(ggompertzNbd, { r: 1.5, alpha: 8, b: 0.1, s: 2, beta: 6 }, 40)
    check(ggompertzNbd, { r: 0.8, alpha: 5, b: 0.01, s: 0.5, beta: 0.05 }, 40)
  })
})
