import { DefinitionError } from 'liuliang/kernel'
import {
  aliveOverTime,
  capturedBy,
  chanceCalibration,
  conditionalMeans,
  frequencyFit,
  historyGrid,
  liftTable,
  parameters,
  predictionErrors,
  trackPurchases,
  validate,
  validationRows,
  validationSentences,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { bgNbdOf, reference, shop } from '../support/cdnow-orders.js'
import { bgNbd, nbd } from '../support/tiny-models.js'

const given = parameters(nbd, { r: 2, alpha: 4 }, { unit: 'week', source: 'made up' })
const customer = (age: number, ...purchaseAges: number[]) => ({
  unit: 'week' as const,
  age,
  repeatCount: purchaseAges.filter((at) => at <= age).length,
  lastPurchaseAge: Math.max(0, ...purchaseAges.filter((at) => at <= age)),
  purchaseAges,
})

describe('tracking', () => {
  // One who began first, one a week and a half later; the rate is half a purchase a week.
  const tracked = trackPurchases(nbd, given, [customer(4, 1, 1, 4, 6), customer(2.5, 0.5, 0.6)], {
    period: { weeks: 1 },
    holdout: { weeks: 2.5 },
  })

  test('counts each customer from the own start, borders to the period that ends there', () => {
    expect(tracked.periods.map(({ to }) => to)).toEqual([1, 2, 3, 4, 5, 6, 6.5])
    expect(tracked.periods.map(({ actual }) => actual)).toEqual([2, 1, 1, 1, 0, 1, 0])
    expect(tracked.periods.map(({ expected }) => expected)).toEqual([0.5, 0.75, 1, 1, 1, 1, 0.5])
    expect(tracked.periods.map(({ customers }) => customers)).toEqual([1, 2, 2, 2, 2, 2, 2])
    expect(tracked.periods.map(({ part }) => part)).toEqual([
      ...Array(4).fill('calibration'),
      ...Array(3).fill('holdout'),
    ])
    expect(tracked.totals).toEqual({
      calibration: { actual: 5, expected: 3.25, bias: { kind: 'estimate', value: -0.35 } },
      holdout: { actual: 1, expected: 2.5, bias: { kind: 'estimate', value: 1.5 } },
    })
  })

  test('marks a period in which calibration ends, and the bias of nothing', () => {
    const halves = trackPurchases(nbd, given, [customer(3)], { period: { weeks: 2 }, holdout: { weeks: 1 } })
    expect(halves.periods.map(({ part }) => part)).toEqual(['calibration', 'both'])
    expect(halves.totals.holdout.bias).toEqual({ kind: 'undefined', reason: 'nothing-came' })
  })

  test('of nobody, and of no time', () => {
    const none = trackPurchases(nbd, given, [], { period: { weeks: 1 }, holdout: { weeks: 0 } })
    expect(none.customers).toBe(0)
    expect(none.totals.calibration).toEqual({
      actual: 0,
      expected: 0,
      bias: { kind: 'undefined', reason: 'nothing-came' },
    })
  })
})

test('errors of single customers', () => {
  const errors = predictionErrors({ expected: [0.5, 1.5, 3], actual: [0, 2, 3] })
  expect(errors).toMatchObject({
    customers: 3,
    expected: 5,
    actual: 5,
    bias: { kind: 'estimate', value: 0 },
    rankCorrelation: { kind: 'estimate', value: 1 },
  })
  expect(errors.meanAbsoluteError).toEqual({ kind: 'estimate', value: 1 / 3 })
  expect(errors.rootMeanSquareError).toEqual({ kind: 'estimate', value: Math.sqrt(0.5 / 3) })
  // Ranks 1, 2.5, 2.5 against 2, 1, 3 have a correlation of 0.
  const { rankCorrelation } = predictionErrors({ expected: [1, 5, 5], actual: [2, 1, 3] })
  expect(rankCorrelation.kind === 'estimate' && rankCorrelation.value).toBeCloseTo(0, 15)
})

test('numbers that do not exist say why', () => {
  const none = predictionErrors({ expected: [], actual: [] })
  expect(none.bias).toEqual({ kind: 'undefined', reason: 'nothing-came' })
  expect(none.meanAbsoluteError).toEqual({ kind: 'undefined', reason: 'no-customers' })
  expect(none.correlation).toEqual({ kind: 'undefined', reason: 'too-few-customers' })
  const alike = predictionErrors({ expected: [1, 1], actual: [0, 2] })
  expect(alike.correlation).toEqual({ kind: 'undefined', reason: 'all-expected-alike' })
  const same = predictionErrors({ expected: [0, 2], actual: [1, 1] })
  expect(same.rankCorrelation).toEqual({ kind: 'undefined', reason: 'all-actual-alike' })
  const lift = liftTable({ expected: [1, 2], actual: [0, 0] })
  expect([lift.gini, lift.giniAtBest, lift.giniOfBest]).toEqual(
    Array(3).fill({ kind: 'undefined', reason: 'nothing-came' }),
  )
  expect(liftTable({ expected: [1, 2], actual: [3, 3] }).giniOfBest).toEqual({
    kind: 'undefined',
    reason: 'all-actual-alike',
  })
  expect(chanceCalibration({ chances: [], came: [] }).brier).toEqual({
    kind: 'undefined',
    reason: 'no-customers',
  })
  expect(frequencyFit(nbd, given, [customer(3)]).goodness).toEqual({
    kind: 'undefined',
    reason: 'too-few-bins',
  })
  const means = conditionalMeans(
    [customer(3), customer(3, 1), customer(3, 2)],
    {
      expected: [1, 1, 1],
      actual: [0, 2, 2],
    },
    { by: 'repeat-count' },
  )
  expect(means.bins.map(({ interval }) => interval)).toEqual([
    { kind: 'undefined', reason: 'one-customer' },
    { kind: 'undefined', reason: 'all-alike' },
  ])
})

test('chances: ties stay together, and what lies outside of an interval says so', () => {
  const chances = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9, 0.95]
  const calibration = chanceCalibration({ chances, came: chances.map((chance) => chance < 0.5) }, { bins: 4 })
  expect(calibration.bins.map(({ customers }) => customers)).toEqual([6, 2])
  expect(calibration.bins.map(({ mean }) => mean)).toEqual([0.1, 0.925])
  expect(calibration.bins.map(({ verdict }) => verdict)).toEqual(['chance-too-low', 'chance-too-high'])
  expect(calibration.brierOfBase).toEqual({ kind: 'estimate', value: 0.1875 })
  const { expectedCalibrationError: error } = calibration
  // Six are 0.9 off each, two 0.925.
  expect(error.kind === 'estimate' && error.value).toBeCloseTo((6 * 0.9 + 2 * 0.925) / 8, 15)
})

test('lift: by bin, along the curve, and at the top, where ties share', () => {
  const predictions = { expected: [4, 1, 1, 1], actual: [6, 1, 0, 1] }
  const table = liftTable(predictions, { bins: 2 })
  expect(table.bins.map(({ customers, lift }) => [customers, lift])).toEqual([
    [1, { kind: 'estimate', value: 3 }],
    [3, { kind: 'estimate', value: 1 / 3 }],
  ])
  expect(table.gains.map(({ share, captured }) => [share, captured])).toEqual([
    [0, 0],
    [0.25, 0.75],
    [1, 1],
  ])
  expect(table.gini).toEqual({ kind: 'estimate', value: 0.5 })
  expect(capturedBy(predictions, { top: 0.25 })).toEqual({ kind: 'estimate', value: 0.75 })
  expect(capturedBy(predictions, { top: 0.625 })).toEqual({ kind: 'estimate', value: 0.875 })
  expect(capturedBy(predictions, { top: 0 })).toEqual({ kind: 'estimate', value: 0 })
  expect(capturedBy(predictions, { top: 1 })).toEqual({ kind: 'estimate', value: 1 })
})

test('groups by silence and by age at the last purchase', () => {
  const customers = [customer(10), customer(10, 2), customer(10, 9.5), customer(10, 2.5)]
  const predictions = { expected: [1, 2, 3, 4], actual: [0, 0, 4, 2] }
  const silence = conditionalMeans(customers, predictions, { by: 'silence', edges: [1, 8] })
  expect(silence.bins.map(({ name, customers }) => [name.en, customers])).toEqual([
    ['0–1 weeks', 1],
    ['1–8 weeks', 2],
    ['> 8 weeks', 1],
  ])
  const last = conditionalMeans(customers, predictions, { by: 'last-purchase-age' })
  expect(last.bins.map(({ name, from, to, customers }) => [name.zh, from, to, customers])).toEqual([
    ['无复购', 0, 0, 1],
    ['1–2 周', 1, 2, 1],
    ['2–3 周', 2, 3, 1],
    ['> 9 周', 9, undefined, 1],
  ])
})

test('P(alive) along the way: before and with each purchase, at steps, and at the end', () => {
  const path = aliveOverTime(bgNbd, bgNbdOf(reference.lifetimes.params), [1.5, 3, 99], {
    until: { weeks: 3.5 },
    step: { weeks: 1 },
  })
  expect(path.points.map(({ age, what, repeatCount }) => `${age} ${what} ${repeatCount}`)).toEqual([
    '0 first-purchase 0',
    '1 step 0',
    '1.5 before 0',
    '1.5 purchase 1',
    '2 step 1',
    '3 before 1',
    '3 purchase 2',
    '3.5 step 2',
  ])
})

test('a grid has every history once', () => {
  const grid = historyGrid(bgNbd, bgNbdOf(reference.lifetimes.params), {
    age: { weeks: 39 },
    horizon: { weeks: 39 },
  })
  expect(grid.cells).toHaveLength(1201)
  expect(grid.cells[0]).toMatchObject({ repeatCount: 0, lastPurchaseAge: 0, alive: 1 })
  expect(new Set(grid.cells.map((cell) => `${cell.repeatCount} ${cell.lastPurchaseAge}`)).size).toBe(1201)
})

describe('a whole validation', () => {
  const model = bgNbdOf(reference.lifetimes.params)
  const validation = validate(bgNbd, model, shop)

  test('is plain JSON and the same again', () => {
    expect(JSON.parse(JSON.stringify(validation))).toEqual(validation)
    expect(validate(bgNbd, model, shop)).toEqual(validation)
  })

  test('does not depend on the order of customers', () => {
    const customers = [...shop.calibration.customers].reverse()
    const other = validate(bgNbd, model, { ...shop, calibration: { ...shop.calibration, customers } })
    expect(other.lift.bins.map(({ customers }) => customers)).toEqual(
      validation.lift.bins.map(({ customers }) => customers),
    )
    expect(other.buying.bins.map(({ came }) => came)).toEqual(validation.buying.bins.map(({ came }) => came))
    expect(other.tracking).toEqual(validation.tracking)
  })

  test('reads out what is wrong and what to do, in both tongues, without a number that is none', () => {
    const shy = bgNbdOf({ ...reference.lifetimes.params, r: 0.2 })
    const low = validate(bgNbd, shy, shop)
    const sentences = validationSentences(low)
    const { expected, actual } = low.errors
    const off = ((100 * (actual - expected)) / actual).toFixed(1)
    const told = (count: number) => Math.round(count).toLocaleString('en')
    expect(sentences[0]!.en).toContain(
      `${told(expected)} purchases in the holdout; ${told(actual)} came: ${off} % too few`,
    )
    expect(sentences[0]!.zh).toContain(`偏少 ${off}%`)
    const once = shop.calibration.customers.filter(({ repeatCount }) => repeatCount === 0).length
    expect(sentences.map(({ en }) => en).join(' ')).toContain(`${told(once)} customers have P(alive) = 1`)
    for (const { en, zh } of sentences) {
      expect(`${en} ${zh}`).not.toMatch(/NaN|undefined|Infinity/)
      expect(zh).toMatch(/[一-鿿]/)
    }
  })

  test('says so where it expects more than came', () => {
    const keen = bgNbdOf({ ...reference.lifetimes.params, r: 0.6 })
    const [first] = validationSentences(validate(bgNbd, keen, { calibration: shop.calibration }))
    expect(first!.en).toMatch(/% too many, more than chance explains\. Do not budget/)
  })

  test('has a row for everything that is drawn', () => {
    const rows = validationRows(validation)
    const parts = new Map<string, number>()
    for (const { part } of rows) parts.set(part, (parts.get(part) ?? 0) + 1)
    expect(parts.get('tracking')).toBe(78)
    expect(parts.get('frequency')).toBe(8)
    expect(parts.get('by-frequency')).toBe(8)
    expect(parts.get('buying')).toBe(validation.buying.bins.length)
    for (const { low, reason } of rows) expect((low === null) === (reason !== null)).toBe(true)
    expect(rows.every(({ low, high }) => (low === null) === (high === null))).toBe(true)
  })

  test('lift by money, where spend was foreseen', () => {
    const customers = shop.calibration.customers.map((one) => ({
      ...one,
      holdout: {
        ...one.holdout!,
        spend: { total: `${one.holdout!.purchases * 20}.00`, mean: null, adjusted: '0.00' },
      },
    }))
    const expectedSpend =
      validation.byFrequency.bins.length > 0 ? customers.map((one) => one.repeatCount) : []
    const { spend } = validate(bgNbd, model, {
      calibration: { ...shop.calibration, customers },
      expectedSpend,
    })
    expect(spend!.lift.actual).toBe(shop.calibration.holdout!.purchases * 20)
    expect(spend!.topTenth).toEqual(
      capturedBy(
        { expected: expectedSpend, actual: customers.map((one) => one.holdout.purchases) },
        { top: 0.1 },
      ),
    )
  })

  test('without a second reading there is no tracking, and a sentence says so', () => {
    const { calibration } = shop
    const less = validate(bgNbd, model, { calibration })
    expect(less.tracking).toEqual({ kind: 'undefined', reason: 'no-purchase-ages' })
    expect(validationSentences(less).some(({ en }) => en.includes('purchaseAges'))).toBe(true)
  })

  test('of nobody', () => {
    const nobody = validate(bgNbd, model, {
      calibration: { ...shop.calibration, customers: [] },
      holdout: shop.holdout,
    })
    expect(nobody.tracking).toEqual({ kind: 'undefined', reason: 'no-customers' })
    expect(validationSentences(nobody)).toHaveLength(1)
    expect(validationRows(nobody).every(({ actual }) => actual === 0)).toBe(true)
  })
})

test.each<[string, () => unknown]>([
  ['unknown-name $.parameters.model', () => frequencyFit(bgNbd, given as never, [])],
  ['unknown-name $.histories[0].unit', () => frequencyFit(nbd, given, [{ ...customer(3), unit: 'day' }])],
  ['out-of-range $.orMore', () => frequencyFit(nbd, given, [], { orMore: 0 })],
  [
    'out-of-range $.customers[0].purchaseAges[0]',
    () => trackPurchases(nbd, given, [customer(3, 9)], { period: { weeks: 1 }, holdout: { weeks: 1 } }),
  ],
  [
    'out-of-range $.periods.period',
    () => trackPurchases(nbd, given, [customer(3)], { period: { weeks: 0 }, holdout: { weeks: 1 } }),
  ],
  ['out-of-range $.actual', () => predictionErrors({ expected: [1], actual: [] })],
  ['out-of-range $.expected[0]', () => liftTable({ expected: [Number.NaN], actual: [1] })],
  ['out-of-range $.chances[0]', () => chanceCalibration({ chances: [1.1], came: [true] })],
  ['out-of-range $.bins', () => chanceCalibration({ chances: [], came: [] }, { bins: 1 })],
  ['out-of-range $.top', () => capturedBy({ expected: [], actual: [] }, { top: 2 })],
  [
    'out-of-range $.options.edges[1]',
    () => conditionalMeans([], { expected: [], actual: [] }, { by: 'silence', edges: [2, 1] }),
  ],
  [
    'out-of-range $.purchaseAges[1]',
    () => aliveOverTime(nbd, given, [2, 1], { until: { weeks: 3 }, step: { weeks: 1 } }),
  ],
  ['out-of-range $.asked.age', () => historyGrid(nbd, given, { age: { weeks: 0 }, horizon: { weeks: 1 } })],
  [
    'missing $.data.calibration.holdout',
    () => validate(nbd, given, { calibration: { ...shop.calibration, holdout: undefined as never } }),
  ],
  [
    'out-of-range $.data.holdout.until',
    () => validate(nbd, given, { calibration: shop.calibration, holdout: shop.calibration }),
  ],
])('%s', (expected, call) => {
  let found: unknown
  try {
    call()
  } catch (error) {
    found = error
  }
  expect(found).toBeInstanceOf(DefinitionError)
  const { code, path } = found as DefinitionError
  expect(`${code} ${path}`).toBe(expected)
})
