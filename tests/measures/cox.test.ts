import { describe, expect, test } from 'vitest'
import { concordance } from '../../src/measures/cox/concordance.js'
import { type CoxModel, type CoxOptions, fitCox } from '../../src/measures/cox/cox.js'
import { coxSurvival } from '../../src/measures/cox/prediction.js'
import { testProportionalHazards } from '../../src/measures/cox/proportionality.js'
import type { CoxRecord } from '../../src/measures/cox/subjects.js'

const one = (time: number, event: boolean, coupon: number): CoxRecord => ({
  time,
  event,
  covariates: { coupon },
})
const six = [
  one(1, true, 1),
  one(2, true, 0),
  one(3, true, 1),
  one(4, true, 1),
  one(5, true, 0),
  one(6, false, 0),
]
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

function fitted(records: readonly CoxRecord[], options?: CoxOptions): CoxModel {
  const answer = fitCox(records, options)
  if (answer.kind !== 'estimate') throw new Error(answer.reason)
  return answer
}

describe('the examples', () => {
  test('fitCox', () => {
    const [coupon] = fitted(six).coefficients
    expect([coupon!.name, coupon!.coefficient.toFixed(4), coupon!.standardError.toFixed(4)]).toEqual([
      'coupon',
      '1.3945',
      '1.1643',
    ])
  })
  test('coxSurvival', () => {
    const found = coxSurvival(fitted(six), { covariates: { coupon: 1 } })
    expect(found.kind === 'estimate' && found.steps[0]!.survival.toFixed(4)).toBe('0.7656')
  })
  test('concordance', () => {
    const records = [
      { time: 1, event: true, score: 3 },
      { time: 2, event: true, score: 1 },
      { time: 3, event: false, score: 2 },
    ]
    expect(concordance(records)).toEqual({
      kind: 'estimate',
      value: 2 / 3,
      standardError: expect.closeTo(0.2722, 4),
      concordant: 2,
      discordant: 1,
      tied: 0,
    })
    expect(concordance([])).toEqual({ kind: 'undefined', reason: 'no-comparable-pairs' })
  })
  test('testProportionalHazards', () => {
    const rows = [
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 1],
      [5, 0],
      [6, 1],
      [7, 0],
      [8, 0],
    ]
    const found = testProportionalHazards(rows.map(([time, coupon]) => one(time!, time !== 7, coupon!)))
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect([found.global.statistic.toFixed(4), found.global.df, found.global.p.toFixed(4)]).toEqual([
      '0.1303',
      1,
      '0.7181',
    ])
  })
})

describe('no maximum', () => {
  const with_ = (more: (record: CoxRecord, i: number) => Readonly<Record<string, number>>) =>
    range(40).map((i): CoxRecord => {
      const record = one(1 + ((i * 17) % 23), i % 3 > 0, (i * 7) % 5)
      return { ...record, covariates: { ...record.covariates, ...more(record, i) } }
    })
  const noise = (i: number) => (i * 11) % 7

  test('nobody had the event', () => {
    const records = six.map((record) => ({ ...record, event: false }))
    expect(fitCox(records)).toMatchObject({ kind: 'no-maximum', reason: 'no-events', covariates: [] })
    expect(fitCox([])).toMatchObject({ kind: 'no-maximum', reason: 'no-events', records: 0 })
  })
  test('a covariate that is the same for all, or for all of a stratum', () => {
    expect(fitCox(with_(() => ({ b: 0.1 })))).toMatchObject({ reason: 'constant', covariates: ['b'] })
    const strata = with_((_, i) => ({ b: i % 2 })).map((record) => ({
      ...record,
      stratum: `${record.covariates['b']}`,
    }))
    expect(fitCox(strata)).toMatchObject({ reason: 'constant', covariates: ['b'], direction: { b: 1 } })
  })
  test('covariates that add up', () => {
    const records = with_(({ covariates }, i) => ({ b: noise(i), c: covariates['coupon']! + 2 * noise(i) }))
    const found = fitCox(records)
    expect(found).toMatchObject({ reason: 'collinear', covariates: ['b', 'c', 'coupon'] })
    if (found.kind === 'estimate') throw new Error('collinear')
    const { b, c, coupon } = found.direction
    expect([b! / c!, coupon! / c!]).toEqual([expect.closeTo(-2, 9), expect.closeTo(-1, 9)])
  })
  test('one binary covariate separates: a group in which nobody had the event', () => {
    const records = with_(({ event }, i) => ({ b: event || i % 2 ? 0 : 1 }))
    for (const ties of ['efron', 'breslow'] as const)
      expect(fitCox(records, { ties })).toMatchObject({
        reason: 'monotone',
        covariates: ['b'],
        direction: { b: -1 },
      })
  })
  test('a sum of two separates, neither alone', () => {
    const records = with_(({ event }, i) => ({ b: i % 2, c: (event ? 1 : 0) - (i % 2) }))
    const found = fitCox(records)
    expect(found).toMatchObject({ reason: 'monotone', covariates: ['b', 'c'] })
    if (found.kind === 'estimate') throw new Error('separated')
    expect(found.direction['b']! / found.direction['c']!).toBeCloseTo(1, 9)
    expect(found.next.en).toMatch(/no finite estimate/)
    expect(found.next.zh).toMatch(/单调似然/)
  })
  test('separated at every scale', () => {
    for (const size of [1e-90, 1e-8, 1, 1e8, 1e90]) {
      const records = range(30).map((i) => one(i + 1, true, -i * size))
      expect(fitCox(records)).toMatchObject({
        reason: 'monotone',
        covariates: ['coupon'],
        direction: { coupon: 1 },
      })
    }
    const steep = range(12).map((i) => one(i + 1, true, -(10 ** (i - 6))))
    expect(fitCox(steep)).toMatchObject({ reason: 'monotone' })
  })
  test('nearly separated is finite, and what it is', () => {
    // Fifty events at 1 before all else; at 55, one lower by the gap than the rest at 0.
    const records = (gap: number) => [
      ...range(50).map((i) => one(i + 1, true, 1)),
      one(55, true, -gap),
      ...range(50).map((i) => one(i + 60, false, 0)),
    ]
    for (const gap of [1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10]) {
      const { coefficients } = fitted(records(gap))
      const b = coefficients[0]!.coefficient
      // The slope, term by term: each of the fifty adds what is at risk below it, the last takes the gap.
      const weight = 50 + Math.exp(-b * gap)
      const below = range(50).reduce(
        (sum, i) => sum + (50 + (1 + gap) * Math.exp(-b * gap)) / (weight + (50 - i) * Math.exp(b)),
        0,
      )
      const lost = gap * (1 - Math.exp(-b * gap) / weight)
      // What is left of it, in standard errors.
      expect(Math.abs(below / lost - 1)).toBeLessThan(1e-9 * Math.max(1, coefficients[0]!.standardError))
    }
    // Here rounding decides, and neither is claimed.
    expect(fitCox(records(1e-14))).toMatchObject({ reason: 'undetermined' })
  })
  test('one event: inside the others finite, outside not', () => {
    const others = [one(2, false, 1), one(2, false, 3.5)]
    expect(fitted([one(1, true, 2), ...others]).coefficients[0]!.coefficient).toBeCloseTo(-0.162186, 6)
    expect(fitCox([one(1, true, 4), ...others])).toMatchObject({ reason: 'monotone' })
    expect(fitCox([one(3, true, 4), ...others])).toMatchObject({ reason: 'constant' })
  })
})

describe('numbers', () => {
  const records = range(200).map(
    (i): CoxRecord => ({
      time: 1 + ((i * 37) % 41),
      event: i % 4 > 0,
      covariates: { a: ((i * 31) % 17) - 8, b: ((i * 23) % 13) / 3 },
    }),
  )
  const plain = fitted(records)

  test('covariates of sizes 1e8 and 1e-8', () => {
    const sized = fitted(
      records.map(({ covariates, ...rest }) => ({
        ...rest,
        covariates: { a: covariates['a']! * 1e8, b: covariates['b']! * 1e-8 },
      })),
    )
    const [a, b] = plain.coefficients
    expect((sized.coefficients[0]!.coefficient * 1e8) / a!.coefficient).toBeCloseTo(1, 12)
    expect((sized.coefficients[1]!.coefficient * 1e-8) / b!.coefficient).toBeCloseTo(1, 12)
    expect(sized.coefficients[0]!.p).toBeCloseTo(a!.p, 12)
    expect(sized.coefficients[1]!.hazardRatio).toEqual({ kind: 'undefined', reason: 'beyond-numbers' })
    expect(sized.coefficients[0]!.hazardRatio.kind).toBe('estimate')
  })
  test('one record far out, at risk to the end, hides nothing of the others', () => {
    const out = (a: number) =>
      fitted([...records, { time: 100, event: false, covariates: { a, b: 1 } }]).coefficients[1]!.coefficient
    expect(out(1e8)).toBeCloseTo(out(1e5), 4)
  })
  test('in parts of a covariate list, in the order asked for', () => {
    expect(fitted(records, { covariates: ['b', 'a'] }).coefficients.map(({ name }) => name)).toEqual([
      'b',
      'a',
    ])
    expect(fitted(records, { covariates: ['b'] }).coefficients).toHaveLength(1)
  })
  test('one covariate, no ties: the score test is the log-rank test', () => {
    const untied = range(60).map((i) => one(i + 1, i % 5 !== 0, (i * i) % 3 === 0 ? 1 : 0))
    let [excess, variance] = [0, 0]
    for (const { time, event, covariates } of untied) {
      if (!event) continue
      const atRisk = untied.filter((other) => other.time >= time)
      const share = atRisk.filter((other) => other.covariates['coupon'] === 1).length / atRisk.length
      excess += covariates['coupon']! - share
      variance += share * (1 - share)
    }
    expect(fitted(untied).score.statistic).toBeCloseTo((excess * excess) / variance, 10)
  })
  test('all events at one time', () => {
    const at = (ties: 'efron' | 'breslow') =>
      fitted(
        records.map((record) => ({ ...record, time: 1 })),
        { ties },
      )
    expect(at('efron').coefficients[0]!.coefficient).not.toBe(at('breslow').coefficients[0]!.coefficient)
    expect(at('efron').baseline[0]!.steps).toHaveLength(1)
    expect(testProportionalHazards(records.map((record) => ({ ...record, time: 1 })))).toEqual({
      kind: 'undefined',
      reason: 'no-change',
    })
  })
  test('warnings count events by covariate', () => {
    expect(plain.warnings).toEqual([])
    expect(fitted(six).warnings).toMatchObject([
      { code: 'few-events-per-covariate', events: 5, covariates: 1 },
    ])
    const few: readonly CoxRecord[] = [
      { time: 1, event: true, covariates: { a: 0, b: 0 } },
      ...[0, 2, 4].map((turn) => ({
        time: 2,
        event: false,
        covariates: { a: [1, 0, -1][turn / 2]!, b: turn - 1 },
      })),
      { time: 2, event: false, covariates: { a: -1, b: -3 } },
    ]
    expect(fitCox(few)).toMatchObject({
      kind: 'estimate',
      warnings: [{ code: 'fewer-events-than-covariates', events: 1, covariates: 2 }],
    })
  })
  test('ten times as many take about ten times as long, also with late entries', () => {
    const many = (n: number) =>
      range(n).map(
        (i): CoxRecord => ({
          time: ((i * 7919) % n) + 1,
          entry: ((i * 7919) % n) * (((i * 31) % 10) / 10),
          event: i % 3 > 0,
          covariates: { a: ((i * 31) % 17) - 8, b: ((i * 23) % 13) / 3 },
        }),
      )
    const timed = (n: number) => {
      const input = many(n)
      const start = performance.now()
      fitted(input)
      return performance.now() - start
    }
    timed(2_000)
    const best = (n: number) => Math.min(timed(n), timed(n), timed(n))
    // By the square it would be a hundred times.
    expect(best(20_000)).toBeLessThan(40 * Math.max(best(2_000), 5))
  })
})

describe('predictions', () => {
  const strata = [...six, ...six].map((record, i) => ({ ...record, stratum: i < 6 ? 'a' : 'b' }))
  test('by stratum, and refused without', () => {
    const model = fitted(strata)
    const curve = (stratum?: string) =>
      coxSurvival(model, { covariates: { coupon: 0 }, ...(stratum !== undefined && { stratum }) })
    expect(curve('a')).toEqual(curve('b'))
    expect(() => curve()).toThrow(/out-of-range at \$\.stratum/)
    expect(() => curve('c')).toThrow(/out-of-range at \$\.stratum/)
  })
  test('too far away to be a number', () => {
    expect(coxSurvival(fitted(six), { covariates: { coupon: 1e6 } })).toEqual({
      kind: 'undefined',
      reason: 'beyond-numbers',
    })
  })
  test('the same from a model that was stored', () => {
    const model = fitted(six)
    const stored = JSON.parse(JSON.stringify(model)) as CoxModel
    expect(coxSurvival(stored, { covariates: { coupon: 1 } })).toEqual(
      coxSurvival(model, { covariates: { coupon: 1 } }),
    )
  })
})

describe('misuse is refused by code and path', () => {
  const bad = (change: object): readonly CoxRecord[] => [{ ...six[0]!, ...change } as CoxRecord, ...six]
  test.each([
    ['not a list', {}, 'wrong-type at $.records:'],
    ['no covariates', [{ time: 1, event: true, covariates: {} }], 'missing at $.records[0].covariates'],
    [
      'one missing',
      [...six, { time: 1, event: true, covariates: {} }],
      'missing at $.records[6].covariates.coupon',
    ],
    [
      'one more',
      [...six, { time: 1, event: true, covariates: { coupon: 1, x: 1 } }],
      'unknown-key at $.records[6].covariates.x',
    ],
    ['NaN', bad({ covariates: { coupon: Number.NaN } }), 'out-of-range at $.records[0].covariates.coupon'],
    ['text', bad({ covariates: { coupon: '1' } }), 'out-of-range at $.records[0].covariates.coupon'],
    ['too large', bad({ covariates: { coupon: 1e101 } }), 'out-of-range at $.records[0].covariates.coupon'],
    ['time', bad({ time: -1 }), 'out-of-range at $.records[0].time'],
    ['entry', bad({ entry: 1 }), 'out-of-range at $.records[0].entry'],
    ['a stratum in some', bad({ stratum: 'a' }), 'missing at $.records[1].stratum'],
    ['a stratum that is no text', bad({ stratum: 1 }), 'wrong-type at $.records[0].stratum'],
  ])('%s', (_, records, message) => {
    expect(() => fitCox(records as readonly CoxRecord[])).toThrow(message)
  })
  test.each([
    [{ ties: 'exact' }, 'unknown-name at $.options.ties'],
    [{ level: 1 }, 'out-of-range at $.level'],
    [{ covariates: [] }, 'missing at $.options.covariates'],
    [{ covariates: ['coupon', 'coupon'] }, 'duplicate-name at $.options.covariates[1]'],
    [{ covariates: ['other'] }, 'missing at $.records[0].covariates.other'],
  ])('%j', (options, message) => {
    expect(() => fitCox(six, options as CoxOptions)).toThrow(message)
  })
})
