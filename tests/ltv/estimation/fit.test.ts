import { random } from 'liuliang'
import { fitFor, fitModel, fitSteps, historyTable, type LikelihoodModel, nbd, valuesFor } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { drawnHistories, plainBgNbd } from '../support/plain-bg-nbd.js'
import { usualTable } from '../support/simulated.js'

const usual = { r: 0.8, alpha: 6, a: 0.8, b: 2.5 }
const drawn = (seed: number, customers: number, values = usual) =>
  historyTable(
    drawnHistories(plainBgNbd, () => values, { customers, until: 60, spread: 30, random: random(seed) }),
  )

describe('a fit', () => {
  test('is plain JSON and the same every time', () => {
    const fit = fitModel(plainBgNbd, usualTable())
    expect(JSON.parse(JSON.stringify(fit))).toEqual(fit)
    expect(fitModel(plainBgNbd, usualTable())).toEqual(fit)
  })

  test('does not depend on where it starts', () => {
    const table = drawn(1, 400)
    const fit = fitModel(plainBgNbd, table)
    const elsewhere = fitModel(plainBgNbd, table, { starts: [{ r: 20, alpha: 0.1, a: 5, b: 0.2 }] })
    if (fit.kind !== 'fitted' || elsewhere.kind !== 'fitted') throw new Error('no fit')
    for (const name of plainBgNbd.parameters)
      expect(Math.abs(elsewhere.values[name] / fit.values[name] - 1)).toBeLessThan(1e-6)
  })

  test('of a highest point that hardly rises above one rate for all is none', () => {
    // Counts of 1,000 customers, as a Poisson distribution of mean 1 has them; moved a little, the rates do differ.
    const counted = (moved: number) =>
      historyTable(
        [368 + moved, 368 - 2 * moved, 184 + moved, 61, 15, 3, 1].flatMap((customers, repeatCount) =>
          Array.from({ length: customers }, () => ({
            unit: 'week' as const,
            repeatCount,
            lastPurchaseAge: repeatCount === 0 ? 0 : 5,
            age: 10,
          })),
        ),
      )
    const alike = fitModel(nbd, counted(0))
    expect(alike).toMatchObject({ kind: 'not-an-optimum', reason: 'not-determined' })
    const differing = fitModel(nbd, counted(7))
    if (differing.kind !== 'fitted' || alike.kind !== 'not-an-optimum') throw new Error('no fit')
    // Poisson's own likelihood at the mean is what both are held against.
    const poisson = (moved: number) => nbd.likelihood(counted(moved)).value([1e9, (1e9 * 10) / meanOf(moved)])
    expect(alike.seen!.logLikelihood - poisson(0)).toBeLessThan(0.01)
    expect(differing.logLikelihood - poisson(7)).toBeGreaterThan(0.01)
  })

  test('takes few passes over the data', () => {
    expect(fitModel(plainBgNbd, usualTable()).search.passes).toBeLessThan(30)
  })

  test.each([
    ['hour', 168],
    ['day', 7],
    ['year', 168 / 8766],
  ] as const)('is the same in %s', (unit, by) => {
    const fit = fitModel(plainBgNbd, usualTable())
    const other = fitModel(plainBgNbd, usualTable(unit, by))
    if (fit.kind !== 'fitted' || other.kind !== 'fitted') throw new Error('no fit')
    for (const name of plainBgNbd.parameters) {
      const scale = name === 'alpha' ? by : 1
      expect(Math.abs(other.values[name] / scale / fit.values[name] - 1)).toBeLessThan(1e-9)
      const [one, two] = [other, fit].map(({ estimates }) => estimates[name]!.standardError)
      expect(Math.abs(one! / scale / two! - 1)).toBeLessThan(1e-6)
    }
  })

  test('has narrower intervals at a lower level', () => {
    const at = (level: number) => fitModel(plainBgNbd, usualTable(), { level })
    const [wide, narrow] = [at(0.95), at(0.5)]
    if (wide.kind !== 'fitted' || narrow.kind !== 'fitted') throw new Error('no fit')
    const [w, n] = [wide.estimates['a']!, narrow.estimates['a']!]
    expect(n.interval.level).toBe(0.5)
    expect(n.interval.low).toBeGreaterThan(w.interval.low)
    expect(n.interval.high).toBeLessThan(w.interval.high)
    expect(w.interval.low).toBeLessThan(w.value)
  })

  test('comes in steps, which a signal stops', () => {
    const phases = new Set<string>()
    const steps = fitSteps(plainBgNbd, usualTable())
    let step = steps.next()
    for (; !step.done; step = steps.next()) {
      phases.add(step.value.phase)
      expect(Object.keys(step.value.values)).toEqual(['r', 'alpha', 'a', 'b'])
    }
    expect([...phases]).toEqual(['sample', 'search'])
    expect(step.value).toEqual(fitModel(plainBgNbd, usualTable()))
    const stopped = fitModel(plainBgNbd, usualTable(), { signal: { aborted: true } })
    expect(stopped).toMatchObject({ kind: 'not-an-optimum', reason: 'stopped' })
  })

  test('of a few customers comes with cautions', () => {
    const fit = fitModel(plainBgNbd, drawn(4, 90))
    if (fit.kind !== 'fitted') throw new Error(fit.reason)
    expect(fit.cautions.map(({ reason }) => reason)).toContain('few-customers')
    for (const { next } of fit.cautions) expect(next.en !== '' && next.zh !== '').toBe(true)
  })
})

describe('no fit', () => {
  test('is said before a search where nobody bought again', () => {
    const table = historyTable([{ unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 9 }])
    expect(fitModel(plainBgNbd, table)).toMatchObject({
      kind: 'not-an-optimum',
      reason: 'no-repeat-purchases',
      search: { passes: 0 },
    })
  })

  test('names the simpler model where nobody leaves', () => {
    const found = fitModel(plainBgNbd, drawn(6, 300, { r: 0.8, alpha: 6, a: 1e-9, b: 3 }))
    expect(found).toMatchObject({ kind: 'not-an-optimum', reason: 'no-drop-out', instead: 'nbd' })
    if (found.kind === 'not-an-optimum') expect(found.seen!.values['r']).toBeGreaterThan(0)
  })

  // A likelihood that overflows: a jump to what no data allow, as a peer reported with success.
  const broken = (
    from: (value: number, at: ArrayLike<number>) => number,
  ): LikelihoodModel<'bg-nbd', 'r' | 'alpha' | 'a' | 'b', ReturnType<typeof usualTable>> => ({
    ...plainBgNbd,
    likelihood(table) {
      const good = plainBgNbd.likelihood(table)
      return {
        value: (at) => from(good.value(at), at),
        slopes: (at, slopes) => from(good.slopes(at, slopes), at),
      }
    },
  })

  test('nor an optimum of what a likelihood overflows to', () => {
    const found = fitModel(
      broken((value, at) => (at[0]! > 50 ? 1.26e9 : value)),
      usualTable(),
      {
        starts: [{ r: 60, alpha: 700, a: 1, b: 3 }],
      },
    )
    expect(found.kind).toBe('fitted')
    const sound = fitModel(plainBgNbd, usualTable())
    if (found.kind !== 'fitted' || sound.kind !== 'fitted') throw new Error('no fit')
    expect(found.logLikelihood).toBeCloseTo(sound.logLikelihood, 6)
  })

  test('where slopes are not those of the value', () => {
    const tilted = broken((value, at) => value - 1000 * Math.log(at[2]!) ** 2)
    expect(fitModel(tilted, usualTable())).toMatchObject({
      kind: 'not-an-optimum',
      reason: 'value-against-slopes',
    })
  })

  test('where the likelihood is not finite anywhere', () => {
    expect(
      fitModel(
        broken(() => Number.NaN),
        usualTable(),
      ),
    ).toMatchObject({
      kind: 'not-an-optimum',
      reason: 'no-value-at-starts',
    })
  })
})

describe('priors', () => {
  test('give an answer where data have none, and say so', () => {
    const table = historyTable(
      Array.from({ length: 200 }, (_, i) => ({
        unit: 'week' as const,
        repeatCount: 0,
        lastPurchaseAge: 0,
        age: 20 + (i % 20),
      })),
    )
    const fit = fitModel(plainBgNbd, table, {
      priors: {
        r: { kind: 'log-normal', median: 0.5, sigma: 0.5 },
        alpha: { kind: 'log-normal', median: 6, sigma: 1 },
        a: { kind: 'gamma', shape: 2, mean: 1 },
        b: { kind: 'half-normal', scale: 3 },
      },
    })
    if (fit.kind !== 'fitted') throw new Error(fit.reason)
    expect(fit.cautions[0]!.reason).toBe('known-from-priors-only')
    // Nothing is known of leaving but the priors: a gamma's mode of the logarithm is its mean, a half-normal's its scale.
    expect(fit.values.a).toBeCloseTo(1, 6)
    expect(fit.values.b).toBeCloseTo(3, 6)
  })

  test('pull towards themselves, and the log-likelihood is without them', () => {
    const table = drawn(8, 200)
    const plain = fitModel(plainBgNbd, table)
    const pulled = fitModel(plainBgNbd, table, {
      priors: { r: { kind: 'log-normal', median: 3, sigma: 0.05 } },
    })
    if (plain.kind !== 'fitted' || pulled.kind !== 'fitted') throw new Error('no fit')
    expect(pulled.values.r).toBeGreaterThan(1.5 * plain.values.r)
    expect(pulled.logLikelihood).toBeLessThan(plain.logLikelihood)
    const { r, alpha, a, b } = pulled.values
    expect(pulled.logLikelihood).toBeCloseTo(plainBgNbd.likelihood(table).value([r, alpha, a, b]), 8)
    expect(pulled.priors).toEqual(['r'])
  })

  test('do not depend on the unit', () => {
    const prior = (by: number) => ({
      alpha: { kind: 'log-normal' as const, median: 9 * by, sigma: 0.1 },
      r: { kind: 'gamma' as const, shape: 3, mean: 0.5 },
    })
    const at = (unit: 'week' | 'hour', by: number) =>
      fitModel(plainBgNbd, usualTable(unit, by), { priors: prior(by) })
    const [week, hour] = [at('week', 1), at('hour', 168)]
    if (week.kind !== 'fitted' || hour.kind !== 'fitted') throw new Error('no fit')
    expect(hour.values.alpha / 168 / week.values.alpha).toBeCloseTo(1, 9)
    expect(hour.values.r / week.values.r).toBeCloseTo(1, 9)
  })

  test.each([
    [{ r: { kind: 'normal', mean: 0, sigma: 1 } }, '$.options.priors.r.kind'],
    [{ r: { kind: 'gamma', shape: 0, mean: 1 } }, '$.options.priors.r.shape'],
    [{ r: { kind: 'gamma', shape: 1 } }, '$.options.priors.r.mean'],
    [{ q: { kind: 'ridge', weight: 1 } }, '$.options.priors.q'],
    [{ r: { kind: 'ridge', weight: 1, of: 2 } }, '$.options.priors.r.of'],
  ])('%j is refused at its place', (priors, path) => {
    expect(() => fitModel(plainBgNbd, usualTable(), { priors: priors as never })).toThrow(
      expect.objectContaining({ path }),
    )
  })
})

describe('covariates', () => {
  const truth = { buying: 0.7, leaving: -0.6 }
  const table = (seed: number, customers: number) => {
    const covariatesOf = (i: number) => ({ channel: i % 2, age: 20 + (i % 7) * 10 })
    return historyTable(
      drawnHistories(
        plainBgNbd,
        (i) => {
          const { channel } = covariatesOf(i)
          const [a, b] = [usual.a, usual.b].map((value) => value * Math.exp(truth.leaving * channel))
          return { r: usual.r, alpha: usual.alpha * Math.exp(-truth.buying * channel), a: a!, b: b! }
        },
        { customers, until: 60, spread: 30, random: random(seed), covariates: covariatesOf },
      ),
    )
  }

  test('are found, with the parameters of any customer', () => {
    const fit = fitModel(plainBgNbd, table(11, 4000), {
      covariates: { buying: ['channel', 'age'], leaving: ['channel'] },
    })
    if (fit.kind !== 'fitted-with-covariates') throw new Error(fit.reason)
    const { 'buying:channel': channel, 'buying:age': age, 'leaving:channel': leaving } = fit.estimates
    expect(Object.keys(fit.estimates)).toEqual([
      'r',
      'alpha',
      'a',
      'b',
      'buying:channel',
      'buying:age',
      'leaving:channel',
    ])
    expect(Math.abs(channel!.value - truth.buying)).toBeLessThan(4 * channel!.standardError)
    expect(channel!.standardError).toBeLessThan(0.1)
    expect(Math.abs(age!.value)).toBeLessThan(4 * age!.standardError)
    expect(Math.abs(leaving!.value - truth.leaving)).toBeLessThan(4 * leaving!.standardError)
    const one = valuesFor(fit, { channel: 1, age: 30 })
    expect(one.alpha).toBeCloseTo(fit.values.alpha * Math.exp(-channel!.value - 30 * age!.value), 9)
    expect(one.a / fit.values.a).toBeCloseTo(one.b / fit.values.b, 12)
    const whole = fitFor(plainBgNbd, fit, { channel: 1, age: 30 })
    expect(whole.values).toEqual(one)
    expect(whole.kind).toBe('fitted')
    expect(whole.covariance.length).toBe(4)
    // At the mean of the covariates the parameters are told about as well as without any.
    expect(whole.estimates['r']!.standardError).toBeCloseTo(fit.estimates['r']!.standardError, 12)
  })

  test('are the fit of each group where they tell two groups apart in all', () => {
    const both = table(12, 1500)
    const fit = fitModel(plainBgNbd, both, {
      covariates: { buying: ['channel'], leaving: ['channel'], apart: true },
    })
    if (fit.kind !== 'fitted-with-covariates') throw new Error(fit.reason)
    expect(Object.keys(fit.estimates).slice(4)).toEqual(['buying:channel', 'a:channel', 'b:channel'])
    const likelihood = [0, 1].map((channel) => {
      const { r, alpha, a, b } = valuesFor(fit, { channel })
      return ofChannel(both, channel).value([r, alpha, a, b])
    })
    expect(likelihood[0]! + likelihood[1]!).toBeCloseTo(fit.logLikelihood, 8)
  })

  test('may move buying and leaving alike', () => {
    const fit = fitModel(plainBgNbd, table(13, 800), {
      covariates: { buying: ['channel'], leaving: ['channel'] },
      equal: ['channel'],
    })
    if (fit.kind !== 'fitted-with-covariates') throw new Error(fit.reason)
    expect(Object.keys(fit.estimates)).toEqual(['r', 'alpha', 'a', 'b', 'both:channel'])
  })

  test('that do not differ or go together are said to', () => {
    const histories = drawnHistories(plainBgNbd, () => usual, {
      customers: 200,
      until: 60,
      spread: 30,
      random: random(14),
      covariates: (i) => ({ same: 3, one: i % 2, other: 5 - 2 * (i % 2) }),
    })
    const all = historyTable(histories)
    expect(fitModel(plainBgNbd, all, { covariates: { buying: ['same'] } })).toMatchObject({
      reason: 'constant-covariate',
    })
    expect(fitModel(plainBgNbd, all, { covariates: { buying: ['one', 'other'] } })).toMatchObject({
      reason: 'collinear-covariates',
    })
  })

  test.each([
    [{ covariates: { buying: ['colour'] } }, '$.options.covariates.buying[0]'],
    [{ covariates: { buying: ['channel', 'channel'] } }, '$.options.covariates.buying[1]'],
    [{ covariates: { spending: ['channel'] } }, '$.options.covariates.spending'],
    [{ covariates: { buying: ['channel'] }, equal: ['channel'] }, '$.options.equal[0]'],
    [{ covariates: {} }, '$.options.covariates'],
    [{ equal: ['channel'] }, '$.options.covariates'],
  ])('%j is refused at its place', (options, path) => {
    expect(() => fitModel(plainBgNbd, table(15, 20), options as never)).toThrow(
      expect.objectContaining({ path }),
    )
  })

  test('of a customer are asked for by name', () => {
    const fit = fitModel(plainBgNbd, table(16, 500), { covariates: { buying: ['channel'] } })
    if (fit.kind !== 'fitted-with-covariates') throw new Error(fit.reason)
    expect(() => valuesFor(fit, {})).toThrow(expect.objectContaining({ code: 'missing' }))
    expect(() => valuesFor(fit, { channel: 1, gender: 0 })).toThrow(
      expect.objectContaining({ code: 'unknown-key' }),
    )
  })
})

/** The likelihood of the customers of one channel. */
function ofChannel(table: ReturnType<typeof drawn>, channel: number) {
  const rows = [...table.count.keys()].filter((row) => table.covariates['channel']![row] === channel)
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!)
  return plainBgNbd.likelihood({
    ...table,
    count: pick(table.count),
    repeatCount: pick(table.repeatCount),
    lastPurchaseAge: pick(table.lastPurchaseAge),
    age: pick(table.age),
  })
}

/** How often the customers of the counts above bought, on average. */
const meanOf = (moved: number): number => (368 - 2 * moved + 2 * (184 + moved) + 183 + 60 + 15 + 6) / 1000
