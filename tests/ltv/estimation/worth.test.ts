// What a fit is worth: intervals of predictions, tests between models, other units, storage.
import { random } from 'liuliang'
import {
  bgBb,
  bootstrap,
  bootstrapInterval,
  bootstrapSteps,
  type CustomerHistory,
  changeUnit,
  chooseModel,
  compareModels,
  correlatedParetoNbd,
  fitModel,
  fittedFrom,
  gammaGamma,
  historyTable,
  type LikelihoodModel,
  likelihoodRatio,
  type PurchaseModel,
  parameters,
  predictionInterval,
  sbg,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { drawnHistories, plainBgNbd } from '../support/plain-bg-nbd.js'
import { usualTable } from '../support/simulated.js'

const table = usualTable()
const fit = fitModel(plainBgNbd, table)
if (fit.kind !== 'fitted') throw new Error(fit.reason)

/** The mean rate at which customers buy while alive: a prediction whose interval can be worked out by hand. */
const rate = ({ r, alpha }: { readonly r: number; readonly alpha: number }) => r / alpha

describe('the interval of a prediction', () => {
  test('of a ratio is that of a difference of logarithms', () => {
    const found = predictionInterval(plainBgNbd, fit, rate)
    if (found.kind !== 'estimate') throw new Error(found.reason)
    const [rr, ra, aa] = [fit.covariance[0]![0]!, fit.covariance[0]![1]!, fit.covariance[1]![1]!]
    const spread = Math.sqrt(rr - 2 * ra + aa)
    const value = rate(fit.values)
    expect(found.standardError).toBeCloseTo(value * spread, 9)
    expect(found.interval.low).toBeCloseTo(value * Math.exp(-1.959963984540054 * spread), 9)
    expect(found.interval.high).toBeCloseTo(value * Math.exp(1.959963984540054 * spread), 9)
  })

  test('of a parameter is the parameter’s own', () => {
    const found = predictionInterval(plainBgNbd, fit, ({ a }) => a)
    const { standardError, interval } = fit.estimates['a']!
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect(found.standardError).toBeCloseTo(standardError, 6)
    expect(found.interval.low).toBeCloseTo(interval.low, 6)
  })

  test('of a chance stays a chance, and of a certain one is a point', () => {
    const found = predictionInterval(plainBgNbd, fit, ({ a, b }) => a / (a + b), {
      range: 'share',
      level: 0.9999999,
    })
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect(found.interval.low).toBeGreaterThan(0)
    expect(found.interval.high).toBeLessThan(1)
    expect(predictionInterval(plainBgNbd, fit, () => 1, { range: 'share' })).toMatchObject({
      standardError: 0,
      interval: { low: 1, high: 1 },
    })
  })

  test('does not exist where the prediction does not', () => {
    expect(predictionInterval(plainBgNbd, fit, () => Number.NaN)).toMatchObject({ reason: 'not-finite' })
    expect(predictionInterval(plainBgNbd, fit, ({ r }) => -r, { range: 'positive' })).toMatchObject({
      reason: 'outside-range',
    })
  })

  test('is not made from another model', () => {
    expect(() => predictionInterval({ ...plainBgNbd, name: 'nbd' } as never, fit, rate)).toThrow(
      expect.objectContaining({ path: '$.fit.model' }),
    )
  })
})

describe('the bootstrap', () => {
  const some = historyTable(
    drawnHistories(plainBgNbd, () => ({ r: 0.8, alpha: 6, a: 1, b: 3 }), {
      customers: 400,
      until: 60,
      spread: 30,
      random: random(3),
    }),
  )
  const own = fitModel(plainBgNbd, some)
  if (own.kind !== 'fitted') throw new Error(own.reason)

  test('agrees with the delta method where likelihoods are even', () => {
    const drawn = bootstrap(plainBgNbd, own, some, { random: random(1), runs: 60 })
    expect(drawn.runs).toBe(60)
    const failed = Object.values(drawn.failed).reduce((sum, n) => sum + n, 0)
    expect(drawn.found.length + failed).toBe(60)
    const [by, delta] = [bootstrapInterval(drawn, rate), predictionInterval(plainBgNbd, own, rate)]
    if (by.kind !== 'estimate' || delta.kind !== 'estimate') throw new Error('no interval')
    // Sixty runs tell a standard error to about a tenth.
    expect(Math.abs(by.standardError / delta.standardError - 1)).toBeLessThan(0.4)
    expect(by.interval.low).toBeLessThan(by.value)
    expect(by.interval.high).toBeGreaterThan(by.value)
    expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn)
  })

  test('gives the same first runs however many there are, and stops by a signal', () => {
    const few = bootstrap(plainBgNbd, own, some, { random: random(1), runs: 2 })
    const more = bootstrap(plainBgNbd, own, some, { random: random(1), runs: 3 })
    expect(more.found.slice(0, few.found.length)).toEqual(few.found)
    const signal = { aborted: false }
    const steps = bootstrapSteps(plainBgNbd, own, some, { random: random(1), signal })
    expect(steps.next().value).toEqual({ done: 1, of: 200 })
    signal.aborted = true
    expect(steps.next()).toMatchObject({ done: true, value: { runs: 1 } })
    expect(bootstrapInterval(few, rate)).toMatchObject({ reason: 'too-few-runs' })
  })

  test('is of the table that was fitted', () => {
    expect(() => bootstrap(plainBgNbd, own, table, { random: random(1) })).toThrow(
      expect.objectContaining({ path: '$.table' }),
    )
  })
})

describe('the likelihood ratio', () => {
  const histories = drawnHistories(
    plainBgNbd,
    (i) => ({ r: 0.8, alpha: 6 * Math.exp(-0.6 * (i % 2)), a: 1, b: 3 }),
    {
      customers: 600,
      until: 60,
      spread: 30,
      random: random(31),
      covariates: (i) => ({ channel: i % 2, noise: (i >> 1) % 2 }),
    },
  )
  const all = historyTable(histories)
  const of = (covariates: object, equal: readonly string[] = []) => {
    const found = fitModel(plainBgNbd, all, { covariates, equal })
    if (found.kind !== 'fitted-with-covariates') throw new Error(found.reason)
    return found
  }
  const without = fitModel(plainBgNbd, all)
  if (without.kind !== 'fitted') throw new Error(without.reason)
  const channel = of({ buying: ['channel'] })

  test('sees a covariate that counts and none that does not', () => {
    expect(likelihoodRatio(without, channel)).toMatchObject({ degreesOfFreedom: 1, reference: 'inside' })
    const counts = likelihoodRatio(without, channel)
    const noise = likelihoodRatio(channel, of({ buying: ['channel', 'noise'] }))
    if (counts.kind !== 'estimate' || noise.kind !== 'estimate') throw new Error('no ratio')
    expect(counts.p).toBeLessThan(1e-4)
    expect(noise.p).toBeGreaterThan(0.01)
    expect(noise.statistic).toBeGreaterThanOrEqual(0)
  })

  test('takes equal coefficients as a case of unequal ones, and apart as larger than together', () => {
    const both = { buying: ['channel'], leaving: ['channel'] }
    const [equal, unequal, apart] = [of(both, ['channel']), of(both), of({ ...both, apart: true })]
    expect(likelihoodRatio(equal, unequal)).toMatchObject({ kind: 'estimate', degreesOfFreedom: 1 })
    expect(likelihoodRatio(unequal, apart)).toMatchObject({ kind: 'estimate', degreesOfFreedom: 1 })
    expect(likelihoodRatio(apart, unequal)).toMatchObject({ reason: 'not-nested' })
    expect(likelihoodRatio(channel, of({ buying: ['noise'], leaving: ['noise'] }))).toMatchObject({
      reason: 'not-nested',
    })
  })

  test('at a limit halves two chi-squares', () => {
    const [smaller, larger] = (
      [
        ['nbd', -100, 2],
        ['pareto-nbd', -98, 4],
      ] as const
    ).map(([model, logLikelihood, k]) => ({
      ...without,
      model,
      logLikelihood,
      estimates: Object.fromEntries(Object.entries(without.estimates).slice(0, k)),
    })) as unknown as [typeof without, typeof without]
    // (P(chi2_1 > 4) + P(chi2_2 > 4)) / 2
    const found = likelihoodRatio(smaller, larger)
    expect(found).toMatchObject({ statistic: 4, degreesOfFreedom: 2, reference: 'boundary' })
    if (found.kind === 'estimate')
      expect(found.p).toBeCloseTo((0.0455002638963584 + 0.1353352832366127) / 2, 12)
  })

  test('is not taken between different data', () => {
    expect(() => likelihoodRatio(fit, channel)).toThrow(expect.objectContaining({ path: '$.larger.data' }))
  })
})

describe('models side by side', () => {
  // Two models that predict without leaving: enough to see the arithmetic.
  const after = ({ r, alpha }: { readonly [name: string]: number }, { repeatCount, age }: CustomerHistory) =>
    ({ expected: (time: number) => ((r! + repeatCount) / (alpha! + age)) * time }) as ReturnType<
      PurchaseModel['after']
    >
  const model = (name: string) =>
    ({ ...plainBgNbd, name, after, newcomer: undefined as never }) as unknown as PurchaseModel
  const other = {
    ...fit,
    model: 'other',
    aic: fit.aic + 2,
    bic: fit.bic + 2,
    logLikelihood: fit.logLikelihood - 1,
  }

  test('are in the order of AIC, with those that have no fit last', () => {
    const none = fitModel(
      plainBgNbd,
      historyTable([{ unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 1 }]),
    )
    const rows = compareModels([
      { model: model('x'), fit: none },
      { model: model('other'), fit: other },
      { model: model('bg-nbd'), fit },
    ])
    expect(rows.map((row) => [row.kind, row.model])).toEqual([
      ['compared', 'bg-nbd'],
      ['compared', 'other'],
      ['not-fitted', 'bg-nbd'],
    ])
    expect(rows[1]).toMatchObject({ aicAbove: 2, bicAbove: 2 })
    const weights = rows.flatMap((row) => (row.kind === 'compared' ? [row.weight] : []))
    expect(weights[0]! + weights[1]!).toBeCloseTo(1, 12)
    expect(weights[0]! / weights[1]!).toBeCloseTo(Math.E, 12)
  })

  test('show how far each was off in time held out', () => {
    const histories = [
      { unit: 'week' as const, repeatCount: 2, lastPurchaseAge: 5, age: 10 },
      { unit: 'week' as const, repeatCount: 0, lastPurchaseAge: 0, age: 20 },
    ]
    const simple = { ...fit, values: { ...fit.values, r: 1, alpha: 10 } }
    const row = compareModels([{ model: model('bg-nbd'), fit: simple }], {
      holdout: { histories, purchases: [2, 0], span: { days: 70 } },
    })[0]!
    // 3 / 20 and 1 / 30 a week, over ten weeks.
    expect(row).toMatchObject({
      holdout: { customers: 2, actual: 2, bias: { kind: 'estimate' } },
    })
    if (row.kind !== 'compared') throw new Error('not compared')
    expect(row.holdout!.expected).toBeCloseTo(1.5 + 1 / 3, 12)
    expect(row.holdout!.meanAbsoluteError).toBeCloseTo((0.5 + 1 / 3) / 2, 12)
    expect(row.holdout!.rootMeanSquareError).toBeCloseTo(Math.sqrt((0.25 + 1 / 9) / 2), 12)
  })

  test('are refused where their data differ', () => {
    const elsewhere = { ...other, data: 'another' }
    expect(() =>
      compareModels([
        { model: model('bg-nbd'), fit },
        { model: model('other'), fit: elsewhere },
      ]),
    ).toThrow(expect.objectContaining({ path: '$.contenders[1].fit.data' }))
  })

  test('chosen from, one in which one-time buyers are alive for certain is not the choice', () => {
    const choice = chooseModel(table, [model('bg-nbd'), model('mbg-nbd')])
    if (choice.kind !== 'chosen') throw new Error('none chosen')
    expect(choice.model.name).toBe('mbg-nbd')
    const said = choice.why.map(({ en }) => en).join(' ')
    expect(said).toContain('one-time buyer')
    expect(choice.why.every(({ zh }) => zh !== '')).toBe(true)
    const allowed = chooseModel(table, [model('bg-nbd'), model('mbg-nbd')], { allow: ['bg-nbd'] })
    expect(allowed.kind === 'chosen' && allowed.model.name).toBe('bg-nbd')
    const alone = chooseModel(table, [model('bg-nbd')])
    expect(alone.kind === 'chosen' && alone.why.map(({ en }) => en).join(' ')).toContain(
      'do not read P(alive)',
    )
  })

  test('of which none has a fit, none is chosen, and each says why', () => {
    const silent = historyTable([{ unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 1 }])
    const choice = chooseModel(silent, [model('bg-nbd'), model('mbg-nbd')])
    expect(choice.kind).toBe('none')
    expect(choice.why.length).toBe(2)
  })
})

describe('another unit', () => {
  test('of published parameters', () => {
    const published = parameters(
      plainBgNbd,
      { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
      { unit: 'week', source: 'Fader, Hardie & Lee 2005' },
    )
    const days = changeUnit(plainBgNbd, published, 'day')
    expect(days).toEqual({ ...published, unit: 'day', values: { ...published.values, alpha: 4.414 * 7 } })
  })

  test('of a fit is the fit in that unit, and back again the fit', () => {
    const days = changeUnit(plainBgNbd, fit, 'day')
    const direct = fitModel(plainBgNbd, usualTable('day', 7))
    if (direct.kind !== 'fitted') throw new Error(direct.reason)
    expect(days.values.alpha).toBeCloseTo(direct.values.alpha, 7)
    expect(days.estimates['alpha']!.interval.high).toBeCloseTo(direct.estimates['alpha']!.interval.high, 5)
    expect(days.covariance).toEqual(fit.covariance)
    expect(changeUnit(plainBgNbd, days, 'week').values.alpha).toBeCloseTo(fit.values.alpha, 12)
    expect(() => changeUnit(plainBgNbd, fit, 'opportunity')).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
  })

  test.each([
    ['discrete time', bgBb, { alpha: 1.2, beta: 0.75, gamma: 0.66, delta: 2.78 }, 'opportunity'],
    ['renewals', sbg, { alpha: 0.7, beta: 1.2 }, 'year'],
    ['spend', gammaGamma, { p: 6.25, q: 3.74, v: 15.44 }, 'week'],
    ['a correlation of rates', correlatedParetoNbd, { r: 1, alpha: 9, s: 1, beta: 9, m: 0 }, 'week'],
  ] as const)('is none of a model of %s', (_, given, values, unit) => {
    const model = given as unknown as LikelihoodModel<string, string, never>
    const published = parameters(model, values, { unit, source: 'a test' })
    expect(() => changeUnit(model, published, 'month')).toThrow(
      expect.objectContaining({ code: 'out-of-range', path: '$.model' }),
    )
  })
})

describe('a fit from storage', () => {
  const stored = () => JSON.parse(JSON.stringify(fit))

  test('is the fit', () => {
    expect(fittedFrom(plainBgNbd, stored())).toEqual(fit)
  })

  test.each([
    [{ model: 'nbd' }, '$.model'],
    [{ unit: 'fortnight' }, '$.unit'],
    [{ values: { r: -1, alpha: 1, a: 1, b: 1 } }, '$.values.r'],
    [{ values: { r: 1, alpha: 1, a: 1, b: 1 } }, '$.estimates.r.value'],
    [{ covariance: [[1]] }, '$.covariance'],
    [{ extra: 1 }, '$.extra'],
  ])('with %j is none', (change, path) => {
    expect(() => fittedFrom(plainBgNbd, { ...stored(), ...change })).toThrow(
      expect.objectContaining({ path }),
    )
  })

  test('with another kind is none', () => {
    expect(() => fittedFrom(plainBgNbd, { kind: 'not-an-optimum', reason: 'x' })).toThrow()
    expect(() => fittedFrom(plainBgNbd, null)).toThrow()
  })
})
