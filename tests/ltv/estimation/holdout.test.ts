import { collect, instant, random } from 'liuliang'
import {
  chooseModel,
  compareModels,
  fitModel,
  historyTable,
  holdoutOf,
  nbd,
  orderColumns,
  paretoNbd,
  summarizeHistories,
  validate,
} from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'

const day = (n: number) => instant('2024-01-01T00:00:00Z') + n * 86_400_000
const definition = (unit: 'week' | 'opportunity') =>
  summarizeHistories({
    ...{ id: 'buyers', version: 1, calendar: { zone: 'UTC' }, orders: 'order' },
    ...{ unit, merge: { per: 'week' } },
  })
const rows = Array.from({ length: 60 }, (_, i) =>
  Array.from({ length: 1 + (i % 7) ** 2 }, (_, k) => ({ customer: `c-${i}`, at: day(i + 9 * k) })),
).flat()
const buyers = definition('week')
const log = buyers.addColumns(buyers.empty(), orderColumns(rows))
const past = buyers.result(log, { until: day(140), holdout: { until: day(210) } })

test('a reading with a holdout is handed on as it is', () => {
  const held = holdoutOf(past)
  expect(held.histories).toBe(past.customers)
  expect(held.span).toEqual({ weeks: past.holdout!.length })
  expect(held.purchases).toEqual(past.customers.map(({ holdout }) => holdout!.purchases))
  const table = historyTable(held.histories)
  const fit = fitModel(nbd, table)
  const [row] = compareModels([{ model: nbd, fit }], { holdout: held })
  const choice = chooseModel(table, [paretoNbd, nbd], { holdout: held })
  if (fit.kind !== 'fitted' || choice.kind !== 'chosen' || row?.kind !== 'compared') throw new Error('no fit')
  expect(row.holdout).toMatchObject({ customers: 60, actual: past.holdout!.purchases })
  const later = buyers.result(log, { until: day(210), purchaseAges: true })
  const alone = validate(nbd, fit, held)
  expect(alone.errors).toEqual(validate(nbd, fit, { calibration: past }).errors)
  expect(alone.errors.expected).toBeCloseTo(row.holdout!.expected, 9)
  expect(alone.tracking.kind).toBe('undefined')
  expect(validate(nbd, fit, { ...held, holdout: later }).tracking.kind).toBe('tracked')
})

test('opportunities stay whole', () => {
  const read = definition('opportunity')
  const seen = collect(read, [])
  const weekly = read.result(read.addColumns(seen, orderColumns(rows)), {
    ...{ until: day(140), holdout: { until: day(210) } },
  })
  expect(holdoutOf(weekly).span).toEqual({ opportunities: 10 })
})

test('a reading without a holdout is refused', () => {
  const { holdout: _, ...without } = past
  expect(() => holdoutOf(without)).toThrow(expect.objectContaining({ code: 'missing', path: '$.holdout' }))
  const none = { ...past, holdout: { ...past.holdout!, length: 0 } }
  expect(() => holdoutOf(none)).toThrow('$.holdout.length')
  const { holdout: __, ...one } = past.customers[0]!
  expect(() => holdoutOf({ ...past, customers: [one] })).toThrow('$.customers[0].holdout.purchases')
})

test('the bias comes with an interval, and the choice with what to do next', () => {
  const held = holdoutOf(past)
  const fit = fitModel(nbd, historyTable(held.histories))
  const biasAt = (level: number) => {
    const [row] = compareModels([{ model: nbd, fit }], { holdout: held, level })
    if (row?.kind !== 'compared' || row.holdout?.bias.kind !== 'estimate') throw new Error('no bias')
    return row.holdout.bias
  }
  const bias = biasAt(0.9)
  expect(bias.interval!.low).toBeLessThan(bias.value)
  expect(bias.interval!.high).toBeGreaterThan(bias.value)
  expect(biasAt(0.99).interval!.high).toBeGreaterThan(bias.interval!.high)
  expect(biasAt(0.5).interval!.level).toBe(0.5)
  const [none] = compareModels([{ model: nbd, fit }], {
    holdout: { histories: held.histories.slice(0, 1), purchases: [1], span: { weeks: 10 } },
  })
  expect(none).toMatchObject({ holdout: { bias: { kind: 'estimate', value: expect.any(Number) } } })
  expect(JSON.stringify(none)).not.toContain('interval')

  const choice = chooseModel(historyTable(held.histories), [paretoNbd, nbd], { holdout: held })
  if (choice.kind !== 'chosen') throw new Error('no choice')
  expect(choice.cautions.map(({ reason }) => reason)).toEqual(['fitted-without-holdout'])
  expect(choice.why.some(({ en }) => en.includes('% interval from'))).toBe(true)
  expect(choice.why.some(({ zh }) => zh.includes('% 区间'))).toBe(true)
  expect(chooseModel(historyTable(held.histories), [nbd])).toMatchObject({ kind: 'chosen', cautions: [] })
})

test('intervals of the bias hold what it is in the long run', () => {
  // Everybody buys at one rate, which the model knows: no bias but by chance.
  const chance = random('bias')
  const histories = Array.from({ length: 80 }, () => ({
    ...{ unit: 'week' as const, repeatCount: 3, lastPurchaseAge: 5, age: 10 },
  }))
  const found = fitModel(nbd, historyTable(past.customers))
  if (found.kind !== 'fitted') throw new Error('no fit')
  const fit = { ...found, values: { r: 3, alpha: 10 } }
  const sets = runs(400, 4000)
  let held = 0
  const rate = nbd.after(fit.values, histories[0]!).expected(1)
  for (let run = 0; run < sets; run++) {
    // A coin at each of ten moments.
    const purchases = histories.map(() =>
      Array.from({ length: 10 }, () => (chance.next() < rate ? 1 : 0)).reduce<number>(
        (sum, one) => sum + one,
        0,
      ),
    )
    const [row] = compareModels([{ model: nbd, fit }], {
      holdout: { histories, purchases, span: { weeks: 10 } },
    })
    if (row?.kind !== 'compared' || row.holdout?.bias.kind !== 'estimate') throw new Error('no bias')
    const { low, high } = row.holdout.bias.interval!
    if (low <= 0 && high >= 0) held += 1
  }
  const share = held / sets
  expect(Math.abs(share - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / sets))
})

test('instants that are none are not handed on', () => {
  const [first] = past.customers
  const refused = (given: unknown, path: string) =>
    expect(() => holdoutOf(given as typeof past)).toThrow(
      expect.objectContaining({ code: 'invalid-instant', path }),
    )
  for (const none of [Number.NaN, Infinity, undefined]) {
    refused({ ...past, until: none }, '$.until')
    refused({ ...past, holdout: { ...past.holdout!, until: none } }, '$.holdout.until')
    refused({ ...past, customers: [{ ...first!, acquiredAt: none }] }, '$.customers[0].acquiredAt')
  }
})
