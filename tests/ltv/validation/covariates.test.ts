// Fits whose parameters differ by customer, held against what came: as any other, each customer by the own parameters.
import { type AnyEvent, collect, DefinitionError, instant, random } from 'liuliang/kernel'
import {
  aliveOverTime,
  bgNbd,
  type CovariateFit,
  type Fit,
  fitModel,
  frequencyFit,
  historyGrid,
  historyTable,
  summarizeHistories,
  trackPurchases,
  validate,
  validationRows,
  validationSentences,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { shop } from '../support/cdnow-orders.js'

type Parameter = (typeof bgNbd)['parameters'][number]

const fitted = <F extends { readonly kind: string }>(
  fit: F,
): Exclude<F, { readonly kind: 'not-an-optimum' }> => {
  if (fit.kind === 'not-an-optimum') throw new Error('no fit')
  return fit as never
}

/** The plain fit with coefficients beside it. */
function withCoefficients(
  plain: Fit<'bg-nbd', Parameter>,
  coefficients: { readonly [name: string]: number },
): CovariateFit<'bg-nbd', Parameter> {
  const { r } = plain.estimates
  const effects = { buying: [{ parameter: 'alpha', sign: -1 as const }], leaving: [] }
  return {
    ...plain,
    kind: 'fitted-with-covariates',
    coefficients: Object.keys(coefficients).map((covariate) => ({
      name: `buying:${covariate}`,
      covariate,
      effects: effects.buying,
    })),
    estimates: {
      ...plain.estimates,
      ...Object.fromEntries(
        Object.entries(coefficients).map(([name, value]) => [`buying:${name}`, { ...r!, value }]),
      ),
    },
  }
}

describe('coefficients of 0', () => {
  const plain = fitted(fitModel(bgNbd, historyTable(shop.calibration.customers)))
  const zero = withCoefficients(plain, { channel: 0, visits: 0 })
  const moved = <C extends object>(customers: readonly C[]) =>
    customers.map((one, i) => ({ ...one, covariates: { channel: i % 2, visits: i / 7, more: 3 } }))
  const calibration = { ...shop.calibration, customers: moved(shop.calibration.customers) }
  const data = { calibration, holdout: shop.holdout }

  test('validate to the very numbers of the plain model', () => {
    const [with0, without] = [validate(bgNbd, zero, data), validate(bgNbd, plain, shop)]
    const { goodness, ...frequency } = with0.frequency
    const { goodness: plainly, ...frequencyWithout } = without.frequency
    expect({ ...with0, frequency }).toEqual({ ...without, frequency: frequencyWithout })
    if (goodness.kind !== 'estimate' || plainly.kind !== 'estimate') throw new Error('no chi-squared')
    // Two more numbers were fitted, whatever they came to.
    expect(goodness).toMatchObject({
      statistic: plainly.statistic,
      bins: plainly.bins,
      pAtMost: plainly.pAtMost,
      degreesOfFreedom: plainly.degreesOfFreedom - 2,
    })
    expect(validationRows(with0)).toEqual(validationRows(without))
    expect(validationSentences(with0)).toEqual(validationSentences(without))
  })

  test('the other verbs too', () => {
    const { customers } = shop.holdout
    const periods = { period: { weeks: 4 }, holdout: { weeks: 0 } }
    const tracked = customers.map((one) => ({ ...one, purchaseAges: one.purchaseAges! }))
    expect(trackPurchases(bgNbd, zero, moved(tracked), periods)).toEqual(
      trackPurchases(bgNbd, plain, tracked, periods),
    )
    const { bins } = frequencyFit(bgNbd, zero, moved(customers), { orMore: 12 })
    expect(bins).toEqual(frequencyFit(bgNbd, plain, customers, { orMore: 12 }).bins)
    const covariates = { channel: 1, visits: 2 }
    const asked = { until: { weeks: 30 }, step: { weeks: 1 } }
    expect(aliveOverTime(bgNbd, zero, [2, 9], { ...asked, covariates })).toEqual(
      aliveOverTime(bgNbd, plain, [2, 9], asked),
    )
    const over = { age: { weeks: 30 }, horizon: { weeks: 10 } }
    expect(historyGrid(bgNbd, zero, { ...over, covariates })).toEqual(historyGrid(bgNbd, plain, over))
  })

  test('other coefficients move what they are said to move', () => {
    const one = withCoefficients(plain, { channel: Math.LN2 })
    // alpha is halved by the covariate, so that a customer buys as one of half the age in twice the time.
    const grid = historyGrid(bgNbd, one, {
      age: { weeks: 10 },
      horizon: { weeks: 5 },
      covariates: { channel: 1 },
    })
    const slow = historyGrid(bgNbd, plain, { age: { weeks: 20 }, horizon: { weeks: 10 } })
    for (const [i, { alive, expected }] of grid.cells.entries()) {
      expect(alive).toBeCloseTo(slow.cells[i]!.alive, 12)
      expect(expected).toBeCloseTo(slow.cells[i]!.expected, 11)
    }
  })

  const nothing = shop.calibration.customers.slice(0, 3)
  const failing: readonly (readonly [string, () => unknown])[] = [
    ['missing $.histories[0].covariates.channel', () => frequencyFit(bgNbd, zero, nothing)],
    [
      'missing $.histories[1].covariates.visits',
      () =>
        frequencyFit(bgNbd, zero, [
          { ...nothing[0]!, covariates: { channel: 1, visits: 2 } },
          { ...nothing[1]!, covariates: { channel: 1, visit: 2 } },
        ]),
    ],
    ['missing $.data.calibration.customers[0].covariates.channel', () => validate(bgNbd, zero, shop)],
    [
      'out-of-range $.data.holdout.customers[4].covariates.channel',
      () =>
        validate(bgNbd, zero, {
          calibration,
          holdout: {
            ...shop.holdout,
            customers: shop.holdout.customers.map((one, i) => ({
              ...one,
              covariates: { channel: i === 4 ? 7 : i % 2 },
            })),
          },
        }),
    ],
    [
      'missing $.customers[0].covariates.channel',
      () =>
        trackPurchases(bgNbd, zero, [{ ...nothing[0]!, purchaseAges: [] }], {
          period: { weeks: 1 },
          holdout: { weeks: 1 },
        }),
    ],
    [
      'missing $.asked.covariates.channel',
      () => historyGrid(bgNbd, zero, { age: { weeks: 1 }, horizon: { weeks: 1 } }),
    ],
    [
      'missing $.asked.covariates.visits',
      () =>
        aliveOverTime(bgNbd, zero, [], {
          until: { weeks: 1 },
          step: { weeks: 1 },
          covariates: { channel: 0 },
        }),
    ],
    [
      'out-of-range $.histories[0].covariates',
      () =>
        frequencyFit(bgNbd, withCoefficients(plain, { visits: 1 }), [
          { ...nothing[0]!, covariates: { visits: 1e5 } },
        ]),
    ],
    [
      'unknown-name $.parameters.coefficients[0].effects[0].parameter',
      () => {
        const [first] = zero.coefficients
        const effects = [{ parameter: 'beta', sign: 1 as const }]
        return frequencyFit(bgNbd, { ...zero, coefficients: [{ ...first!, effects }] }, nothing)
      },
    ],
  ]
  test.each(failing)('%s', (expected, call) => {
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
})

describe('a strong covariate', () => {
  // Half of the customers buy three times as often, and leave half as easily.
  const DAY = 86_400_000
  const opened = instant('2024-01-01T00:00:00Z')
  const chance = random('two channels')
  const buyers = summarizeHistories({
    id: 'buyers',
    version: 1,
    calendar: { zone: 'UTC' },
    unit: 'week',
    orders: 'order-paid',
    merge: 'none',
  })
  const orders = Array.from({ length: 2000 }, (_, i): readonly AnyEvent[] => {
    const app = i % 2
    const won = opened + Math.floor(90 * chance.next()) * DAY
    const truth = app ? { r: 0.7, alpha: 3, a: 0.5, b: 2.5 } : { r: 0.7, alpha: 9, a: 1, b: 2.5 }
    return [0, ...bgNbd.draw(truth, 104, chance)].map((age, k) => ({
      id: `${i}/${k}`,
      type: 'order-paid',
      subject: String(i).padStart(5, '0'),
      occurredAt: instant(new Date(won + Math.round(age * 7 * DAY)).toISOString()),
      data: {},
    }))
  }).flat()
  const [mid, end] = [instant('2024-12-01T00:00:00Z'), instant('2025-06-01T00:00:00Z')]
  const log = collect(buyers, orders)
  const people = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [String(i).padStart(5, '0'), { covariates: { app: i % 2 } }]),
  )
  const calibration = buyers.result(log, { until: mid, holdout: { until: end }, people })
  const holdout = buyers.result(log, { until: end, purchaseAges: true })
  const table = historyTable(calibration.customers)
  const own = fitted(
    fitModel(bgNbd, table, { covariates: { buying: ['app'], leaving: ['app'], apart: true } }),
  )
  const same = fitted(fitModel(bgNbd, table))
  const of = (app: number) => ({
    calibration: {
      ...calibration,
      customers: calibration.customers.filter(({ covariates }) => covariates!['app'] === app),
    },
    holdout,
  })

  test.each([0, 1])('is calibrated in group %i, where one set of parameters for all is not', (app) => {
    const group = validate(bgNbd, own, of(app))
    const { meanError, bias } = group.errors
    if (meanError.kind !== 'estimate' || bias.kind !== 'estimate') throw new Error('no errors')
    expect(meanError.interval.low).toBeLessThan(0)
    expect(meanError.interval.high).toBeGreaterThan(0)
    const { tracking, buying } = group
    if (tracking.kind !== 'tracked') throw new Error('not tracked')
    for (const { bias } of Object.values(tracking.totals))
      expect(Math.abs(bias.kind === 'estimate' ? bias.value : 1)).toBeLessThan(0.06)
    const goodnessOf = (fit: typeof own | typeof same) => {
      const { goodness } = frequencyFit(bgNbd, fit, of(app).calibration.customers, { orMore: 12 })
      return goodness.kind === 'estimate' ? goodness.pAtMost : Number.NaN
    }
    expect(goodnessOf(own)).toBeGreaterThan(0.01)
    expect(goodnessOf(same)).toBeLessThan(1e-6)
    expect(buying.bins.filter(({ verdict }) => verdict !== 'within').length).toBeLessThanOrEqual(1)

    const mixed = validate(bgNbd, same, of(app))
    if (mixed.tracking.kind !== 'tracked') throw new Error('not tracked')
    const { bias: off } = mixed.tracking.totals.holdout
    // Too many for those who buy seldom, too few for the others.
    expect(off.kind === 'estimate' && (app === 0 ? off.value > 0.5 : off.value < -0.2)).toBe(true)
  })
})
