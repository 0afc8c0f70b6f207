import { random } from 'liuliang'
import {
  type CustomerHistory,
  estimateLifetimeValue,
  expectedSpend,
  gammaGamma,
  gammaGammaAnyQ,
  lifetimeValuesOf,
  lifetimeVariance,
  type PredictionInterval,
  parameters,
  paretoNbd,
  predictor,
  valueBy,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { tinyBgNbd, tinyNbd } from './support/tiny.js'

const given = parameters(tinyNbd, { r: 2, alpha: 10 }, { unit: 'week', source: 'a test' })
const spending = parameters(gammaGamma, { p: 6, q: 4, v: 15 }, { source: 'a test' })
const buyer: CustomerHistory = { unit: 'week', repeatCount: 3, lastPurchaseAge: 20, age: 30 }
const { customer, newcomer, ...flat } = predictor(tinyNbd, given)

describe('the predictor', () => {
  test('spans come in any unit of time', () => {
    expect(flat.expectedPurchases(buyer, { weeks: 8 })).toBe(1)
    expect(flat.expectedPurchases(buyer, { days: 56 })).toBe(1)
    expect(flat.expectedPurchases(buyer, { from: { weeks: 8 }, until: { weeks: 24 } })).toBe(2)
    expect(newcomer.expectedPurchases({ weeks: 5 })).toBe(1)
  })

  test('chances are those of the model, and so are their logarithms', () => {
    const none = (40 / 48) ** 5
    expect(flat.noPurchaseFor(buyer, { weeks: 8 })).toBeCloseTo(none, 14)
    expect(flat.chanceOf(buyer, 0, { weeks: 8 })).toBeCloseTo(none, 14)
    expect(flat.chanceOfAtLeast(buyer, 1, { weeks: 8 })).toBeCloseTo(1 - none, 14)
    const one = customer(buyer)
    expect(one.ln.noPurchaseFor({ weeks: 8 })).toBeCloseTo(5 * Math.log(40 / 48), 14)
    expect(one.ln.chanceOf(300, { hours: 1 })).toBeLessThan(-745)
    expect(one.chanceOf(300, { hours: 1 })).toBe(0)
    expect(flat.alive(buyer)).toBe(1)
    expect(flat.aliveAfter(buyer, { years: 1 })).toBe(1)
    expect(flat.rates(buyer)).toEqual({ lambda: { mean: 0.125, variance: 0.003125, in: 'per-time' } })
  })

  test('within no time there is certainty', () => {
    expect(flat.chanceOf(buyer, 0, { weeks: 0 })).toBe(1)
    expect(flat.chanceOf(buyer, 1, { weeks: 0 })).toBe(0)
    expect(flat.chanceOfAtLeast(buyer, 1, { from: { weeks: 3 }, until: { weeks: 3 } })).toBe(0)
    expect(flat.noPurchaseFor(buyer, { weeks: 0 })).toBe(1)
  })

  test('a tenth a year turns into the unit: (1.1)^-t', () => {
    const d = Math.log(1.1) / (8766 / 168)
    const asked = { discount: { rate: 0.1, per: 'year' } } as const
    expect(flat.discountedPurchases(buyer, asked)).toBeCloseTo(0.125 / d, 10)
    const year = { ...asked, horizon: { years: 1 } }
    expect(flat.discountedPurchases(buyer, year)).toBeCloseTo((0.125 / d) * (1 - 1 / 1.1), 12)
    expect(() => flat.discountedPurchases(buyer, { discount: { rate: 0, per: 'year' } })).toThrow('above 0')
  })

  test('by when half of such customers have bought again, or never', () => {
    const half = flat.nextPurchase(buyer, 0.5)
    expect(half.kind === 'estimate' && half.value).toBeCloseTo(40 * (2 ** (1 / 5) - 1), 11)
    const soon = flat.nextPurchase(buyer, 1e-12)
    expect(soon.kind === 'estimate' && soon.value / 8e-12).toBeCloseTo(1, 9)
    const leaving = predictor(
      tinyBgNbd,
      parameters(tinyBgNbd, { r: 0.5, alpha: 5, a: 0.8, b: 2.4 }, { unit: 'week', source: 'a test' }),
    )
    const gone = { unit: 'week', repeatCount: 9, lastPurchaseAge: 20, age: 60 } as const
    const alive = leaving.alive(gone)
    const never = leaving.nextPurchase(gone, 0.5)
    expect(alive).toBeLessThan(0.1)
    expect(never.kind === 'never' && never.reached).toBeCloseTo(alive, 12)
  })

  test('several shares are answered at once, each as by itself', () => {
    const shares = [0.1, 0.9, 0.5]
    const single = shares.map((share) => flat.nextPurchase(buyer, share))
    expect(flat.nextPurchase(buyer, shares)).toEqual(single)
    expect(customer(buyer).nextPurchase(shares)).toEqual(single)
    expect(newcomer.nextPurchase([])).toEqual([])
    expect(() => flat.nextPurchase(buyer, [0.5, 1])).toThrow('$.shares[1]')
  })

  test('variances and logarithms are asked of a history, too', () => {
    const one = customer(buyer)
    const span = { weeks: 8 }
    expect(flat.variancePurchases(buyer, span)).toBe(one.variancePurchases(span))
    expect(flat.ln.alive(buyer)).toBe(one.ln.alive())
    expect(flat.ln.aliveAfter(buyer, span)).toBe(one.ln.aliveAfter(span))
    expect(flat.ln.noPurchaseFor(buyer, span)).toBe(one.ln.noPurchaseFor(span))
    expect(flat.ln.chanceOf(buyer, 400, span)).toBe(one.ln.chanceOf(400, span))
    expect(flat.ln.chanceOfAtLeast(buyer, 2, span)).toBe(one.ln.chanceOfAtLeast(2, span))
    expect(newcomer.variancePurchases(span)).toBeGreaterThan(0)
  })

  test('the variance of counts is that of the model', () => {
    // Negative binomial: mean m, variance m + m²/shape.
    expect(customer(buyer).variancePurchases({ weeks: 80 })).toBeCloseTo(10 + 100 / 5, 8)
  })

  test('columns give what single questions do', () => {
    const table = {
      unit: 'week',
      repeatCount: Float64Array.of(3, 0),
      lastPurchaseAge: Float64Array.of(20, 0),
      age: Float64Array.of(30, 30),
    } as const
    expect([...flat.expectedPurchasesOf(table, { weeks: 8 })]).toEqual([1, 0.4])
    expect([...flat.aliveOf(table)]).toEqual([1, 1])
    const asked = { discount: { rate: 0.1, per: 'year' }, horizon: { weeks: 9 } } as const
    expect(flat.discountedPurchasesOf(table, asked)[0]).toBe(flat.discountedPurchases(buyer, asked))
    const wrong = { ...table, lastPurchaseAge: Float64Array.of(31, 0) }
    expect(() => flat.expectedPurchasesOf(wrong, { weeks: 8 })).toThrow('$.table[0].lastPurchaseAge')
    expect(() => flat.aliveOf({ ...table, unit: 'day' })).toThrow('$.table.unit')
  })

  test('units and models have to agree', () => {
    expect(() => flat.alive({ ...buyer, unit: 'day' })).toThrow(
      'unknown-name at $.history.unit: expected week',
    )
    expect(() => flat.expectedPurchases(buyer, { opportunities: 3 })).toThrow('$.within.opportunities')
    const other: unknown = { ...given, model: 'pareto-nbd' }
    expect(() => predictor(tinyNbd, other as typeof given)).toThrow('$.parameters.model')
    const none: unknown = { kind: 'not-an-optimum', model: 'nbd', reason: 'no-repeat-purchases' }
    expect(() => predictor(tinyNbd, none as typeof given)).toThrow('$.parameters.kind')
    expect(() => predictor(tinyNbd, { ...given, unit: 'opportunity' })).toThrow('a unit of time')
    expect(() => predictor(tinyNbd, { ...given, values: { r: 2, alpha: 0 } })).toThrow(
      '$.parameters.values.alpha',
    )
  })
})

describe('parameters of spend', () => {
  test('have no unit of time, and one that is told changes nothing', () => {
    const weekly = parameters(gammaGamma, spending.values, { unit: 'week', source: 'a test' })
    expect([spending.unit, weekly.unit]).toEqual(['opportunity', 'week'])
    const own = { purchases: 3, mean: 50 }
    expect(expectedSpend(gammaGamma, spending, own)).toEqual(expectedSpend(gammaGamma, weekly, own))
    const told: unknown = { source: 'a test' }
    expect(() => parameters(tinyNbd, given.values, told as { unit: 'week'; source: string })).toThrow(
      '$.told.unit',
    )
    const wrong: unknown = { unit: null, source: 'a test' }
    expect(() => parameters(gammaGamma, spending.values, wrong as { source: string })).toThrow('$.told.unit')
  })
})

describe('lifetime values', () => {
  const terms = {
    model: tinyNbd,
    parameters: given,
    spend: { model: gammaGamma, parameters: spending },
    margin: 0.4,
  } as const
  const spent = { ...buyer, spend: { purchases: 3, mean: 50 } }
  const discount = { rate: 0.1, per: 'year' } as const

  test('purchases, times spend, times margin', () => {
    const estimate = estimateLifetimeValue(terms, spent, { horizon: { weeks: 8 } })
    expect(estimate).toMatchObject({
      kind: 'estimate',
      method: 'nbd × gamma-gamma',
      parts: {
        purchases: 1,
        discountedPurchases: 1,
        margin: 0.4,
        spend: { value: (6 * (15 + 150)) / 21, weight: 18 / 21, population: 30 },
      },
    })
    expect(estimate.kind === 'estimate' && estimate.value).toBeCloseTo(0.4 * ((6 * 165) / 21), 12)
  })

  test('without purchases of their own, or as newcomers, customers spend what all do', () => {
    for (const who of [{ ...buyer, spend: { purchases: 0, mean: null } }, buyer, 'newcomer'] as const) {
      const estimate = estimateLifetimeValue(terms, who, { horizon: { weeks: 8 } })
      expect(estimate.kind === 'estimate' && estimate.parts.spend).toMatchObject({ value: 30, weight: 0 })
    }
  })

  test('a range of the calendar, discounted back to the end of observation', () => {
    const end = Date.UTC(2026, 0, 1)
    const at = (weeks: number) => end + weeks * 7 * 86_400_000
    const range = (from: number, until: number) =>
      estimateLifetimeValue({ ...terms, discount }, spent, {
        from: at(from),
        until: at(until),
        observedUntil: end,
      })
    const [first, second, both] = [range(0, 8), range(8, 24), range(0, 24)].map((one) =>
      one.kind === 'estimate' ? one.value : Number.NaN,
    )
    expect(first! + second!).toBeCloseTo(both!, 10)
    const horizon = estimateLifetimeValue({ ...terms, discount }, spent, { horizon: { weeks: 24 } })
    expect(horizon.kind === 'estimate' && horizon.value).toBeCloseTo(both!, 12)
    expect(() => range(-1, 8)).toThrow('$.period.from')
  })

  test('for ever: only where money later is worth less', () => {
    expect(estimateLifetimeValue(terms, spent, { horizon: 'infinite' })).toMatchObject({
      kind: 'undefined',
      reason: 'infinite-without-discount',
    })
    const whole = estimateLifetimeValue({ ...terms, discount }, spent, { horizon: 'infinite' })
    expect(whole.kind === 'estimate' && whole.parts).not.toHaveProperty('purchases')
  })

  test('what does not exist is no number', () => {
    const heavy = parameters(gammaGammaAnyQ, { p: 0.2, q: 0.7, v: 15 }, { unit: 'week', source: 'a test' })
    const spend = { model: gammaGammaAnyQ, parameters: heavy }
    const value = (who: typeof spent | 'newcomer') =>
      estimateLifetimeValue({ ...terms, spend }, who, { horizon: { weeks: 8 } })
    expect(value('newcomer')).toMatchObject({ kind: 'undefined', reason: 'no-finite-mean-spend' })
    // p x + q is above 1 of three purchases: a mean, though none of all.
    expect(value(spent).kind).toBe('estimate')
    const refunded = { ...buyer, spend: { purchases: 3, mean: -2 } }
    expect(estimateLifetimeValue(terms, refunded, { horizon: { weeks: 8 } })).toMatchObject({
      kind: 'undefined',
      reason: 'negative-spend',
    })
  })

  test('the same amount for each purchase will do', () => {
    const plain = { model: tinyNbd, parameters: given, spend: { perPurchase: 25 } } as const
    const estimate = estimateLifetimeValue(plain, buyer, { horizon: { weeks: 16 } })
    expect(estimate).toMatchObject({ value: 50, method: 'nbd' })
    expect(lifetimeVariance(plain, buyer, { weeks: 8 })).toBeCloseTo(625 * 1.2, 9)
  })

  test('the variance is that of values drawn', () => {
    const chance = random('variance')
    const runs = 6000
    const total = { sum: 0, squares: 0 }
    for (let i = 0; i < runs; i++) {
      // Of purchases, by inversion; of spend by the model, as a newcomer's.
      let n = 0
      let left = chance.next() - newcomer.chanceOf(0, { weeks: 8 })
      while (left > 0 && n < 200) {
        n += 1
        left -= newcomer.chanceOf(n, { weeks: 8 })
      }
      const sum = gammaGamma.draw(spending.values, n, chance).reduce((all, one) => all + one, 0)
      total.sum += sum / runs
      total.squares += (sum * sum) / runs
    }
    const drawn = total.squares - total.sum * total.sum
    const told = lifetimeVariance({ ...terms, margin: 1 }, 'newcomer', { weeks: 8 })
    expect(total.sum).toBeCloseTo(48, -0.5)
    expect(Math.abs(drawn / told - 1)).toBeLessThan(0.15)
  })

  test('terms that cannot be are refused', () => {
    const value = (more: object, period: unknown = { horizon: { weeks: 8 } }) =>
      estimateLifetimeValue({ ...terms, ...more } as typeof terms, spent, period as { horizon: 'infinite' })
    expect(() => value({ margin: 0 })).toThrow('$.terms.margin')
    expect(() => value({ margins: 0.4 })).toThrow('$.terms.margins')
    expect(() => value({ discount: { rate: -0.1, per: 'year' } })).toThrow('$.terms.discount.rate')
    expect(() => value({ spend: { perPurchase: Number.NaN } })).toThrow('$.terms.spend.perPurchase')
    expect(() => value({ spend: { model: gammaGamma, parameters: given } })).toThrow('unknown-name')
    expect(() => value({}, { horizon: { weeks: 8 }, from: 0 })).toThrow('$.period.from')
    expect(() => value({}, { horizon: 'for ever' })).toThrow('$.period.horizon')
  })
})

describe('lifetime values as columns', () => {
  const chance = random('columns')
  const rows = Array.from({ length: 200 }, (_, i) => {
    const repeatCount = i % 7
    const age = 1 + 80 * chance.next()
    const lastPurchaseAge = repeatCount === 0 ? 0 : age * (0.01 + 0.99 * chance.next())
    const own = { purchases: i % 4, mean: i % 4 === 0 ? null : 1 + 200 * chance.next() }
    return { unit: 'week' as const, repeatCount, lastPurchaseAge, age, spend: own }
  })
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of)
  const table = {
    unit: 'week' as const,
    repeatCount: column((row) => row.repeatCount),
    lastPurchaseAge: column((row) => row.lastPurchaseAge),
    age: column((row) => row.age),
    spend: {
      purchases: column((row) => row.spend.purchases),
      mean: column((row) => row.spend.mean ?? Number.NaN),
    },
  }
  const source = 'a test'
  const buying = parameters(paretoNbd, { r: 0.6, alpha: 10, s: 0.6, beta: 12 }, { unit: 'week', source })
  const discount = { rate: 0.1, per: 'year' } as const
  const spend = { model: gammaGamma, parameters: spending }
  const observed = { from: 604_800_000 as never, until: 6_048_000_000 as never, observedUntil: 0 as never }

  test.each([
    ['discounted', { discount }, { horizon: { months: 18 } }],
    ['plain', {}, { horizon: { months: 18 } }],
    ['for ever', { discount }, { horizon: 'infinite' }],
    ['of a calendar range', { discount }, observed],
  ] as const)('are those of the rows, to the bit: %s', (_, more, period) => {
    const terms = { model: paretoNbd, parameters: buying, spend, margin: 0.3, ...more }
    const found = lifetimeValuesOf(terms, table, period)
    if (found.kind !== 'estimate') throw new Error('none')
    for (const [i, row] of rows.entries()) {
      const one = estimateLifetimeValue(terms, row, period)
      if (one.kind !== 'estimate') throw new Error('none')
      expect(found.value[i]).toBe(one.value)
      expect(found.discountedPurchases[i]).toBe(one.parts.discountedPurchases)
      expect(found.purchases?.[i]).toBe(one.parts.purchases)
      expect(found.spend[i]).toBe(one.parts.spend.value)
    }
    const first = estimateLifetimeValue(terms, rows[0]!, period)
    expect(found).toMatchObject({ without: [], margin: 0.3, method: 'pareto-nbd × gamma-gamma' })
    expect(first.kind === 'estimate' && first.assumes).toEqual(found.assumes)
  })

  test('say of which rows there is no value', () => {
    const heavy = parameters(gammaGammaAnyQ, { p: 0.5, q: 0.4, v: 15 }, { source })
    const terms = {
      model: paretoNbd,
      parameters: buying,
      spend: { model: gammaGammaAnyQ, parameters: heavy },
    }
    const found = lifetimeValuesOf(terms, table, { horizon: { weeks: 9 } })
    if (found.kind !== 'estimate') throw new Error('none')
    const none = rows.flatMap(({ spend }, row) => (0.5 * spend.purchases + 0.4 > 1 ? [] : [row]))
    expect(found.without.map(({ row }) => row)).toEqual(none)
    expect(found.without[0]).toMatchObject({ reason: 'no-finite-mean-spend' })
    expect(found.value[none[0]!]).toBe(0)
    expect(lifetimeValuesOf(terms, table, { horizon: 'infinite' })).toMatchObject({
      ...{ kind: 'undefined', reason: 'infinite-without-discount' },
    })
  })

  test('without spend of their own are newcomers to it; what is no table is refused by its path', () => {
    const terms = { model: paretoNbd, parameters: buying, spend }
    const { spend: own, ...bare } = table
    const period = { horizon: { weeks: 9 } }
    const found = lifetimeValuesOf(terms, bare, period)
    const { spend: _, ...history } = rows[5]!
    const one = estimateLifetimeValue(terms, history, period)
    expect(found.kind === 'estimate' && found.value[5]).toBe(one.kind === 'estimate' && one.value)
    const short = { ...table, spend: { ...own, mean: own.mean.slice(1) } }
    expect(() => lifetimeValuesOf(terms, short, period)).toThrow('$.table.spend.mean')
    const wrong = { ...table, spend: { ...own, purchases: own.purchases.map((n, i) => (i === 7 ? 0.5 : n)) } }
    expect(() => lifetimeValuesOf(terms, wrong, period)).toThrow('$.table[7].spend.purchases')
  })
})

test('sums over owners of lifetime values, as they come', () => {
  const terms = { model: tinyNbd, parameters: given, spend: { perPurchase: 25 } } as const
  const rows = [0, 1, 2].map((i) => ({
    customer: `c-${i}`,
    value: estimateLifetimeValue(terms, { ...buyer, repeatCount: i + 1 }, { horizon: { weeks: 16 } }),
    variance: lifetimeVariance(terms, { ...buyer, repeatCount: i + 1 }, { weeks: 16 }),
  }))
  const { groups, total } = valueBy(rows, ({ customer }) => (customer === 'c-0' ? 'north' : 'south'))
  expect(groups.map(({ group, value, customers }) => [group, value, customers])).toEqual([
    ['north', 30, 1],
    ['south', 90, 2],
  ])
  expect(total.value).toBe(120)
  // Purchases of each are 16 weeks of a Gamma(2 + x, 40) rate: mean m, variance m + 0.16 (2 + x).
  const variance = [3, 4, 5].reduce((sum, shape) => sum + 625 * (0.4 * shape + 0.16 * shape), 0)
  expect(total.interval!.high - 120).toBeCloseTo(1.959963984540054 * Math.sqrt(variance), 6)
})

describe('intervals of sums', () => {
  const rows = [
    { customer: 'a', value: 12, variance: 4 },
    { customer: 'b', value: 3, variance: 5 },
  ]
  const all = () => 'all'
  const next = { en: 'ask otherwise', zh: '换个问法' }

  test('take a prediction interval as it is', () => {
    const interval = { low: 1, high: 9, level: 0.95 }
    const known = { kind: 'estimate', value: 15, standardError: 4, interval, method: 'delta' } as const
    const by = (error: number | PredictionInterval) =>
      valueBy(rows, all, { standardErrorOf: () => error }).total
    expect(by(known)).toEqual(by(4))
    expect(by(4).interval!.high - 15).toBeCloseTo(5 * 1.959963984540054, 10)
  })

  test('say by a code why there is none', () => {
    for (const reason of ['not-finite', 'outside-range', 'too-few-runs'] as const) {
      const error = { kind: 'undefined', reason, next } as const
      const { total, groups } = valueBy(rows, all, { standardErrorOf: () => error })
      expect(total).toEqual({ value: 15, customers: 2, withoutValue: 0, withoutInterval: { reason, next } })
      expect(groups[0]!.withoutInterval!.reason).toBe(reason)
    }
    const bare = rows.map(({ customer, value }) => ({ customer, value }))
    expect(valueBy(bare, all, { standardErrorOf: () => 1 }).total.withoutInterval?.reason).toBe(
      'no-variances',
    )
    expect(valueBy(bare, all).total).toEqual({ value: 15, customers: 2, withoutValue: 0 })
  })

  test('refuse what is no standard error by one code', () => {
    for (const error of [NaN, -1, Infinity])
      expect(() => valueBy(rows, all, { standardErrorOf: () => error })).toThrow(
        expect.objectContaining({ code: 'out-of-range', path: '$.options.standardErrorOf' }),
      )
  })
})

test('a group of one customer has the value as it is, and what is added to nothing as well', () => {
  const rows = [0.1, -0, 1e-320, 1e299, -0.3].map((value, i) => ({ customer: `c-${i}`, value, variance: i }))
  const { groups } = valueBy(rows, ({ customer }) => customer)
  expect(groups.map(({ value }) => value)).toEqual([0.1, 0, 1e-320, 1e299, -0.3])
  const pairs = [0.1, -0.1, 0, 0.2, 0.1, 0.2].map((value, i) => ({ customer: `c-${i}`, value }))
  const of = (from: number, to: number) => valueBy(pairs.slice(from, to), () => 'all').total.value
  expect([of(0, 2), of(0, 3), of(2, 4), of(4, 6)]).toEqual([0, 0, 0.2, 0.1 + 0.2])
  expect(of(0, 6)).toBe(0.5)
  const halves = [
    { group: 'a', share: 0.5 },
    { group: 'b', share: 0.5 },
  ]
  expect(valueBy([{ customer: 'x', value: -0 }], () => halves).groups.map(({ value }) => value)).toEqual([
    0, 0,
  ])
})
