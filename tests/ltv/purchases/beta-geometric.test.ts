import { describe, expect, test } from 'vitest'
import { exp } from '../../../src/kernel/elementary.js'
import { random } from '../../../src/kernel/random.js'
import { bgCnbd, bgNbd, type CustomerHistory, historyTable, mbgCnbd, mbgNbd } from '../../../src/ltv/index.js'
import { usualTable } from '../support/simulated.js'
import { fitted, listed, type Model } from './support/beta-geometric.js'

const plain = usualTable()
/** Made-up gaps, as of people who buy nearly evenly. */
const usual = {
  ...plain,
  sumLnGaps: plain.repeatCount.map((x, i) =>
    x === 0 ? 0 : plain.count[i]! * x * (Math.log(plain.lastPurchaseAge[i]! / x) - 0.2),
  ),
}
const cdnowValues = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
const week = (x: number, tx: number, T: number): CustomerHistory => ({
  unit: 'week',
  repeatCount: x,
  lastPurchaseAge: tx,
  age: T,
})

describe('what the models say', () => {
  test('a customer of the paper: two repeats, the last 8.4 weeks ago', () => {
    const buying = bgNbd.after(cdnowValues, week(2, 30.43, 38.86))
    expect(exp(buying.lnAlive)).toBeCloseTo(0.72657857, 8)
    expect(buying.expected(52)).toBeCloseTo(1.5587208, 7)
  })
  test('who never bought again is a customer for certain under BG/NBD, and is not under MBG/NBD', () => {
    expect(bgNbd.after(cdnowValues, week(0, 0, 500)).lnAlive).toBe(0)
    expect(exp(mbgNbd.after(cdnowValues, week(0, 0, 500)).lnAlive)).toBeLessThan(0.5)
    expect(exp(mbgNbd.newcomer(cdnowValues).lnAlive)).toBeCloseTo(2.426 / (0.793 + 2.426), 14)
  })
  test('k = 1 is the model without k', () => {
    for (const [one, other] of [
      [bgCnbd(1), bgNbd],
      [mbgCnbd(1), mbgNbd],
    ] as [Model, Model][]) {
      const history = week(5, 20, 39)
      expect(one.after(cdnowValues, history).expected(52)).toBe(
        other.after(cdnowValues, history).expected(52),
      )
      const at = listed(cdnowValues)
      expect(one.historyLikelihood(history).value(at)).toBe(other.historyLikelihood(history).value(at))
    }
  })
  test('regular buyers who are overdue are given up sooner', () => {
    const values = { r: 2, alpha: 2, a: 0.5, b: 2 }
    const overdue = week(10, 20, 26)
    const alive = [1, 2, 4].map((k) => exp(bgCnbd(k).after({ ...values, alpha: 2 / k }, overdue).lnAlive))
    expect(alive[1]).toBeLessThan(alive[0]!)
    expect(alive[2]).toBeLessThan(alive[1]!)
  })
  test('nothing happens in no time', () => {
    const buying = bgCnbd(2).after(cdnowValues, week(2, 30.43, 38.86))
    expect(buying.expected(0)).toBe(0)
    expect(buying.discounted(0, 0.1)).toBe(0)
    expect(buying.lnAliveAfter(0)).toBe(buying.lnAlive)
    expect(buying.lnChanceOf(0, 0, 0)).toBeCloseTo(0, 14)
    expect(buying.lnChanceOf(1, 3, 3)).toBe(-Infinity)
    expect(buying.lnChanceOfAtLeast(0, 3, 3)).toBe(0)
    expect(buying.lnChanceOfAtLeast(1, 0, 0)).toBe(-Infinity)
  })
  test('without end everybody leaves; purchases in all are finite where a is above 1', () => {
    const buying = bgNbd.after({ ...cdnowValues, a: 2 }, week(2, 30.43, 38.86))
    expect(buying.lnAliveAfter(Infinity)).toBe(-Infinity)
    expect(buying.expected(Infinity)).toBeGreaterThan(buying.expected(1e9))
    expect(buying.expected(1e9) / buying.expected(Infinity)).toBeCloseTo(1, 6)
    expect(bgNbd.newcomer(cdnowValues).expected(Infinity)).toBe(Infinity)
  })
  test('a rate of 0 takes nothing off', () => {
    const buying = mbgNbd.after(cdnowValues, week(2, 30.43, 38.86))
    expect(buying.discounted(52, 0)).toBe(buying.expected(52))
  })
})

/** Where other programs answer NaN, Infinity or something else (design of this part, §3). */
describe('where others fail', () => {
  test('a = 1, and a + b + x at most 1: expected purchases', () => {
    for (const values of [
      { r: 1, alpha: 10, a: 1, b: 2 },
      { r: 0.5, alpha: 5, a: 0.4, b: 0.6 },
      { r: 0.02, alpha: 30, a: 0.05, b: 0.3 },
    ]) {
      const near = { ...values, a: values.a * (1 + 1e-9) }
      for (const model of [bgNbd, mbgNbd, bgCnbd(2)] as Model[]) {
        const [found, beside] = [values, near].map((one) => model.newcomer(one).expected(52))
        expect(Math.abs(found! / beside! - 1)).toBeLessThan(1e-8)
        expect(found).toBeGreaterThan(0)
      }
    }
  })
  test('n = 200 and 5,000: chances of many purchases, and their tails', () => {
    const newcomer = bgNbd.newcomer({ r: 5, alpha: 100, a: 3, b: 8 })
    expect(newcomer.lnChanceOf(200, 0, 52)).toBeGreaterThan(-300)
    // 5,000 purchases in a week: the chance has 7,100 zeros, and its logarithm all its digits.
    const [exactly, atLeast] = [newcomer.lnChanceOf(5000, 0, 1), newcomer.lnChanceOfAtLeast(5000, 0, 1)]
    expect(exactly).toBeLessThan(-16_000)
    expect(atLeast).toBeGreaterThan(exactly)
    expect(newcomer.lnChanceOfAtLeast(5001, 0, 1)).toBeLessThan(exactly)
  })
  test('1,200 simulated customers on whom an overflow was taken for an optimum', () => {
    const chance = random('1200 customers')
    for (let set = 0; set < 3; set++) {
      const table = simulated(bgNbd, cdnowValues, 1200, chance)
      const { found, values, logLikelihood } = fitted(bgNbd, table)
      expect(found.kind).toBe('optimum')
      expect(values.r).toBeGreaterThan(0.15)
      expect(values.r).toBeLessThan(0.4)
      const likelihood = bgNbd.likelihood(table)
      // Where the other search ended, and further out: never above the optimum.
      for (const at of [
        [6.9e19, 1e46, 1, 4e59],
        [1e-90, 1e46, 1e-90, 4e59],
        [1e90, 1e90, 1e90, 1e90],
        [1e90, 1e-90, 1e-90, 1e-90],
        [1e200, 1, 1, 1],
        [Number.NaN, 1, 1, 1],
        [-1, 1, 1, 1],
        [0, 1, 1, 1],
        [Infinity, 1, 1, 1],
      ]) {
        const value = likelihood.value(at)
        expect(value <= logLikelihood || Number.isNaN(value)).toBe(true)
      }
    }
  })
})

/** Own values, 60 digits, by mpmath. */
test('who is gone for certain has a likelihood to the last digits, however alike customers buy', () => {
  const at = [130479.94955592166, 1, 1, 1]
  const value = (x: number, tx: number, T: number) => mbgNbd.historyLikelihood(week(x, tx, T)).value(at)
  expect(Math.abs(value(0, 0, 54.598150031936115) + Math.LN2)).toBeLessThan(1e-15)
  expect(Math.abs(value(2, 0.001, 1) + 109.34370132695526)).toBeLessThan(1e-13)
})

describe('limits, each with what to do', () => {
  const edgeOf = (model: Model, values: Partial<typeof cdnowValues>, data = plain) =>
    model.edge(data, { ...cdnowValues, ...values })
  /** Nobody bought a third time. */
  const once = historyTable([week(1, 3, 39), week(1, 12, 30), week(0, 0, 39)])
  test('an ordinary optimum is at none', () => {
    for (const model of [bgNbd, mbgNbd, bgCnbd(3)] as Model[]) expect(edgeOf(model, {})).toBeUndefined()
  })
  test.each([
    ['no-drop-out', { a: 1, b: 1e30 }],
    ['all-leave-at-once', { a: 1e8, b: 0.1 }, once],
    ['all-buy-alike', { r: 1e9, alpha: 1e10 }],
    ['all-leave-alike', { a: 1e9, b: 3e9 }],
    ['leave-at-once-or-never', { a: 1e-60, b: 3e-60 }],
  ])('%s', (reason, values, data = plain) => {
    const edge = edgeOf(bgNbd, values, data)!
    expect(edge.reason).toBe(reason)
    expect(edge.next.en).toMatch(/\w/)
    expect(edge.next.zh).toMatch(/\p{Script=Han}/u)
    expect(edge.instead).toBe(reason === 'no-drop-out' ? 'nbd' : undefined)
  })
  test('data that bear no search', () => {
    const reasonOf = (histories: CustomerHistory[]) => bgNbd.hopeless(historyTable(histories))?.reason
    expect(reasonOf([week(0, 0, 0), week(0, 0, 0)])).toBe('no-time-observed')
    expect(reasonOf([week(0, 0, 20), week(0, 0, 39)])).toBe('no-repeat-purchases')
    expect(reasonOf([week(2, 3, 39)])).toBe('too-few-customers')
    expect(reasonOf([week(2, 3, 39), week(0, 0, 39)])).toBeUndefined()
  })
  test('log-likelihoods of different k may be compared only with the gaps', () => {
    const without = historyTable([week(2, 3, 39), week(0, 0, 39)])
    const known = historyTable([
      { ...week(2, 3, 39), sumLnGaps: 0.8 },
      { ...week(0, 0, 39), sumLnGaps: 0 },
    ])
    expect(bgCnbd(2).incomparable?.(without)?.reason).toBe('gaps-unknown')
    expect(bgCnbd(2).incomparable?.(known)).toBeUndefined()
    expect(bgNbd.incomparable?.(without)).toBeUndefined()
    // (k - 1) times the sum is what they differ by.
    const at = listed(cdnowValues)
    expect(bgCnbd(3).likelihood(known).value(at) - bgCnbd(3).likelihood(without).value(at)).toBeCloseTo(
      1.6,
      12,
    )
  })
})

describe('units', () => {
  test.each([bgNbd, mbgCnbd(3)] as Model[])(
    '$name in another unit is the same but for the scale',
    (model) => {
      const table = usual
      for (const one of [table, { ...table, sumLnGaps: undefined }]) {
        const { data, by, lnShift } = model.rescaled(one)
        const [inWeeks, scaled] = [model.likelihood(one), model.likelihood(data)]
        const { r, alpha, a, b } = cdnowValues
        expect(scaled.value([r, alpha / by, a, b]) - lnShift).toBeCloseTo(inWeeks.value([r, alpha, a, b]), 7)
        expect(data.age.reduce((sum, age, i) => sum + age * data.count[i]!, 0) / data.customers).toBeCloseTo(
          1,
          12,
        )
      }
    },
  )
  test('opportunities are for models in discrete time', () => {
    const opportunity = { ...week(2, 3, 5), unit: 'opportunity' as const }
    expect(() => bgNbd.after(cdnowValues, opportunity)).toThrow('$.history.unit')
    expect(() => bgNbd.historyLikelihood(opportunity)).toThrow('$.history.unit')
    expect(() => bgNbd.likelihood(historyTable([opportunity]))).toThrow('$.unit')
  })
})

describe('refusals', () => {
  test.each([0, -1, 1.5, 31, Number.NaN, Infinity])('k = %s', (k) => {
    expect(() => bgCnbd(k)).toThrow('$.k')
    expect(() => mbgCnbd(k)).toThrow('$.k')
  })
  test.each([0, -1, Number.NaN, Infinity])('a parameter of %s', (r) => {
    expect(() => bgNbd.newcomer({ ...cdnowValues, r })).toThrow('$.values.r')
    expect(() => bgNbd.after({ ...cdnowValues, r }, week(1, 1, 2))).toThrow('$.values.r')
    expect(() => bgNbd.draw({ ...cdnowValues, r }, 1, random(1))).toThrow('$.values.r')
  })
  test('a history that cannot be', () => {
    expect(() => bgNbd.after(cdnowValues, week(1, 3, 2))).toThrow('$.history.lastPurchaseAge')
  })
})

function simulated(model: Model, values: typeof cdnowValues, customers: number, chance: { next(): number }) {
  return historyTable(
    Array.from({ length: customers }, () => {
      const age = 27 + 12 * chance.next()
      const bought = model.draw(values, age, chance)
      return week(bought.length, bought[bought.length - 1] ?? 0, age)
    }),
  )
}
