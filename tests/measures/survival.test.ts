import { describe, expect, test } from 'vitest'
import { collect } from '../../src/kernel/aggregate.js'
import { gammaQ } from '../../src/measures/incomplete-gamma.js'
import { sineAndCosine } from '../../src/measures/sine.js'
import { restrictedMean, survivalAt, survivalQuantile } from '../../src/measures/survival/curve-reading.js'
import { logRank } from '../../src/measures/survival/log-rank.js'
import { defineSurvival, kaplanMeier } from '../../src/measures/survival/survival.js'
import type { SurvivalTransform } from '../../src/measures/survival/survival-interval.js'
import type { SurvivalRecord } from '../../src/measures/survival-record.js'

const gone = (...times: readonly number[]): readonly SurvivalRecord[] =>
  times.map((time) => ({ time, event: true }))
const stayed = (...times: readonly number[]): readonly SurvivalRecord[] =>
  times.map((time) => ({ time, event: false }))
const curve = (records: readonly SurvivalRecord[], options = {}) =>
  kaplanMeier(records, { unit: 'day', transform: 'log-log', ...options })
const timeOf = (found: { readonly kind: string; readonly time?: number }) => found.time ?? found.kind

describe('a curve', () => {
  test('of nobody has no rows, and nothing can be read from it', () => {
    const none = curve([])
    expect(none).toEqual({
      definition: { id: 'kaplan-meier', version: 1, digest: expect.any(String) },
      unit: 'day',
      transform: 'log-log',
      level: 0.95,
      from: 0,
      n: 0,
      events: 0,
      rows: [],
      gaps: [],
    })
    const reason = { kind: 'undefined', reason: 'no-records' }
    expect(survivalAt(none, 1)).toEqual(reason)
    expect(survivalQuantile(none, 0.5)).toMatchObject({ value: reason, low: reason, high: reason })
    expect(restrictedMean(none, { upTo: 1 })).toEqual(reason)
  })

  test('of one who left at once is 0 from there on', () => {
    const [row, ...rest] = curve(gone(0)).rows
    expect(rest).toEqual([])
    expect(row).toEqual({
      time: 0,
      atRisk: 1,
      events: 1,
      censored: 0,
      entered: 1,
      survival: 0,
      standardError: { kind: 'undefined', reason: 'survival-zero' },
      interval: { kind: 'undefined', reason: 'survival-zero' },
      cumulativeHazard: { value: 1, standardError: 1 },
    })
    expect(survivalAt(curve(gone(0)), 9)).toMatchObject({ kind: 'estimate', value: 0 })
    expect(restrictedMean(curve(gone(0)), { upTo: 9 })).toMatchObject({ value: 0, standardError: 0 })
    expect(restrictedMean(curve(gone(0)), { upTo: 0 })).toMatchObject({ value: 0, standardError: 0 })
  })

  test.each<[SurvivalTransform, object]>([
    ['plain', { kind: 'estimate', low: 1, high: 1 }],
    ['log', { kind: 'estimate', low: 1, high: 1 }],
    ['log-log', { kind: 'undefined', reason: 'survival-one' }],
    ['logit', { kind: 'undefined', reason: 'survival-one' }],
    ['arcsin', { kind: 'undefined', reason: 'survival-one' }],
  ])('where nobody left is 1, with what %s says of it', (transform, interval) => {
    const all = curve(stayed(3, 5), { transform })
    expect(all.rows.map((row) => [row.survival, row.interval])).toEqual([
      [1, interval],
      [1, interval],
    ])
    expect(survivalAt(all, 1)).toMatchObject({ value: 1, interval })
    expect(timeOf(survivalQuantile(all, 0.5).value)).toBe('undefined')
  })

  test('counts who is censored at the time of an event as at risk at it', () => {
    expect(curve([...stayed(2), ...gone(2, 2), ...stayed(4)]).rows.map((row) => row.survival)).toEqual([
      0.5, 0.5,
    ])
  })

  test('counts who enters at the time of an event as at risk only after it', () => {
    const records = [...gone(2, 4), { time: 4, event: false, entry: 2 }]
    expect(curve(records).rows.map(({ atRisk, entered }) => [atRisk, entered])).toEqual([
      [2, 2],
      [2, 1],
    ])
  })

  test('with an entry of 0 is not at risk at 0, without one it is', () => {
    const both = [...gone(0), { time: 1, event: true, entry: 0 }, { time: 1, event: true }]
    expect(curve(both).rows.map(({ atRisk }) => atRisk)).toEqual([2, 2])
  })

  test('says where nobody was watched, and where everybody watched was gone too early', () => {
    const late = [
      { time: 2, event: true, entry: 1 },
      { time: 5, event: true, entry: 3 },
      { time: 8, event: false, entry: 3 },
      { time: 9, event: false, entry: 8.5 },
    ]
    const whole = curve(late)
    expect([whole.from, whole.gaps, whole.emptiedAt]).toEqual([
      1,
      [
        { from: 2, to: 3 },
        { from: 8, to: 8.5 },
      ],
      2,
    ])
    expect(whole.rows.map(({ survival }) => survival)).toEqual([0, 0, 0, 0])
    const since = curve(late, { since: 2 })
    expect([since.from, since.n, since.emptiedAt]).toEqual([3, 3, undefined])
    expect(since.rows.map(({ survival }) => survival)).toEqual([0.5, 0.5, 0.5])
    expect(survivalAt(since, 8)).toMatchObject({ kind: 'estimate', value: 0.5 })
    expect(survivalAt(since, 8.2)).toEqual({ kind: 'undefined', reason: 'nobody-at-risk' })
    expect(survivalAt(since, 2.5)).toEqual({ kind: 'undefined', reason: 'before-observation' })
    expect(survivalAt(since, 9.5)).toEqual({ kind: 'undefined', reason: 'after-follow-up' })
    expect(restrictedMean(since, { upTo: 2 })).toEqual({ kind: 'undefined', reason: 'before-observation' })
    expect(restrictedMean(since, { upTo: 10 })).toEqual({ kind: 'undefined', reason: 'after-follow-up' })
    expect(restrictedMean(since, { upTo: 8 })).toMatchObject({ value: 6.5 })
  })

  test('has no gap where somebody enters as the last one leaves', () => {
    const handed = curve([
      { time: 2, event: false, entry: 1 },
      { time: 5, event: true, entry: 2 },
    ])
    expect([handed.from, handed.gaps]).toEqual([1, []])
    expect(survivalAt(handed, 2)).toMatchObject({ kind: 'estimate', value: 1 })
  })

  test('knows a tenth in whatever way it was come by', () => {
    const ten = curve(gone(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
    for (const p of [0.1, 0.2, 0.3, 0.1 + 0.2, 0.6, 0.7, 0.8, 0.9])
      expect(timeOf(survivalQuantile(ten, p).value)).toBe(Math.round(10 * p) + 0.5)
  })

  test.each<[SurvivalTransform, number, number]>([
    ['plain', 0, 1],
    ['arcsin', 0, 1],
    ['log', 0.001506, 1],
  ])('as sure as can be asked has wide intervals: %s', (transform, low, high) => {
    const [row] = curve([...gone(1), ...stayed(2)], { transform, level: 1 - 2 ** -52 }).rows
    if (row?.interval.kind !== 'estimate') throw new Error('half are left')
    expect(row.interval.low).toBeCloseTo(low, 6)
    expect(row.interval.high).toBe(high)
  })

  test('goes down to the least float and stays a curve', () => {
    const halving = Array.from({ length: 2000 }, (_, i): readonly SurvivalRecord[] => [
      { time: i + 1, event: true, entry: i },
      { time: i + 1.5, event: false, entry: i },
    ]).flat()
    for (const transform of ['plain', 'log', 'log-log', 'logit', 'arcsin'] as const) {
      const numbers = JSON.stringify(curve(halving, { transform }).rows)
      // What is not finite is null in JSON.
      expect(numbers).not.toContain('null')
    }
  })

  test('holds times at the ends of the floats', () => {
    const wide = curve([...gone(5e-324, 1e308), ...stayed(1.7e308)])
    const mean = restrictedMean(wide, { upTo: 1.7e308 })
    if (mean.kind !== 'estimate') throw new Error('it was watched')
    expect(Object.values(mean.interval).every(Number.isFinite)).toBe(true)
    expect(Number.isFinite(mean.value) && Number.isFinite(mean.standardError)).toBe(true)
    expect(timeOf(survivalQuantile(wide, 0.5).value)).toBe(1e308)
  })

  test('of times and a quantile that R has, each with its tie', () => {
    // Its own test of quantiles: survival 6/7 from 1, 18/35 from 6, 9/35 from 9; limits by log.
    const records = [...gone(1, 6, 6, 9), ...stayed(1, 8, 10)]
    const read = curve(records, { transform: 'log' })
    const found = [13 / 14, 6 / 7, 2 / 3, 0.5, 9 / 35, 0.1].map((left) => survivalQuantile(read, 1 - left))
    expect(found.map(({ value }) => timeOf(value))).toEqual([1, 3.5, 6, 9, 9.5, 'undefined'])
    expect(found.map(({ low }) => timeOf(low))).toEqual([1, 1, 1, 6, 6, 9])
    expect(found.map(({ high }) => timeOf(high))).toEqual(Array(6).fill('undefined'))
  })
})

describe('a table', () => {
  const survival = defineSurvival({ id: 'leaving', version: 1, unit: 'day' })

  test('keeps counts by time, and nothing of who was taken out', () => {
    const partial = collect(survival, [...gone(3, 1, 3), { time: 2, event: false, entry: 1 }])
    expect(partial).toMatchObject({ times: [3, 1, 2], events: [2, 1, 0], censored: [0, 0, 1] })
    expect(partial.entered).toEqual([0, 1, 0])
    let left = survival.retract(partial, { time: 1, event: true })
    left = survival.retract(left, { time: 2, event: false, entry: 1 })
    expect(left).toMatchObject({ times: [3], events: [2], censored: [0], entered: [0] })
  })

  test('is merged in the order of times', () => {
    const [a, b] = [collect(survival, gone(5, 1)), collect(survival, gone(3, 5))]
    expect(survival.merge(a, b)).toMatchObject({ times: [1, 3, 5], events: [1, 1, 2] })
  })

  test('from which more was taken than was in it is refused', () => {
    const ask = (records: readonly SurvivalRecord[], taken: SurvivalRecord) => () =>
      survival.result(survival.retract(collect(survival, records), taken), { transform: 'log' })
    expect(ask(gone(1), { time: 2, event: true })).toThrow('out-of-range')
    expect(ask(gone(1, 2), { time: 2, event: false })).toThrow('out-of-range')
    const entered = { time: 3, event: true, entry: 2 }
    expect(ask([entered], { time: 3, event: true })).toThrow('out-of-range')
  })

  test.each([
    [{ times: [1, 1], events: [1, 1], censored: [0, 0], entered: [0, 0] }],
    [{ times: [-1], events: [1], censored: [0], entered: [0] }],
    [{ times: [1], events: [0.5], censored: [0], entered: [0] }],
    [{ times: [1], events: [1], censored: [0], entered: [] }],
    [{ times: 'abc' }],
  ])('that was not collected is refused: %j', (columns) => {
    const partial = { ...survival.empty(), ...columns } as never
    expect(() => survival.result(partial, { transform: 'log' })).toThrow('malformed-state')
    expect(() => survival.merge(survival.empty(), partial)).toThrow('malformed-state')
  })

  test('of another definition is refused', () => {
    const other = defineSurvival({ id: 'leaving', version: 1, unit: 'week' })
    expect(() => survival.merge(survival.empty(), other.empty())).toThrow('other-definition')
    const samples = [survival, other].map((one, i) => ({ group: `${i}`, counted: one.empty() }))
    expect(() => logRank(samples)).toThrow('other-definition')
  })
})

describe('a difference', () => {
  test('of one group, of no events, of groups that never met has a reason', () => {
    const kindOf = (...samples: Parameters<typeof logRank>[0]) => {
      const found = logRank(samples)
      return found.kind === 'undefined' ? found.reason : found.kind
    }
    expect(kindOf()).toBe('one-group')
    expect(kindOf({ group: 'a', records: gone(1, 2) })).toBe('one-group')
    expect(kindOf({ group: 'a', records: stayed(1) }, { group: 'b', records: stayed(2) })).toBe('no-events')
    expect(kindOf({ group: 'a', records: gone(1) }, { group: 'b', records: [] })).toBe('no-overlap')
    // All have the event: nothing is left to chance.
    expect(kindOf({ group: 'a', records: gone(1) }, { group: 'b', records: gone(1) })).toBe('no-overlap')
    const later = [{ time: 5, event: true, entry: 3 }]
    expect(kindOf({ group: 'a', records: gone(1, 2) }, { group: 'b', records: later })).toBe('no-overlap')
    const apart = { group: 'b', stratum: 'y', records: gone(2, 3) }
    expect(kindOf({ group: 'a', stratum: 'x', records: gone(1, 2) }, apart)).toBe('no-overlap')
  })

  test('leaves out a group that meets no other, and its degree of freedom', () => {
    const pair = [
      { group: 'a', records: gone(1, 2, 3) },
      { group: 'b', records: gone(2, 4, 5) },
    ]
    const alone = {
      group: 'c',
      records: [
        { time: 9, event: true, entry: 8 },
        { time: 10, event: true, entry: 8 },
      ],
    }
    const [two, three] = [logRank(pair), logRank([...pair, alone])]
    if (two.kind !== 'estimate' || three.kind !== 'estimate') throw new Error('two of them meet')
    expect([three.chiSquare, three.degreesOfFreedom, three.p]).toEqual([two.chiSquare, 1, two.p])
    expect(three.groups[2]).toEqual({ group: 'c', n: 2, observed: 2, expected: 2 })
  })

  test('is none between copies, and as sure as a float can say between strangers', () => {
    const times = Array.from({ length: 3000 }, (_, i) => i + 1)
    const same = logRank([
      { group: 'a', records: gone(...times) },
      { group: 'b', records: gone(...times) },
    ])
    expect(same).toMatchObject({ chiSquare: 0, p: 1, lnP: 0 })
    const far = logRank([
      { group: 'a', records: gone(...times) },
      { group: 'b', records: gone(...times.map((time) => time + 3000)) },
    ])
    if (far.kind !== 'estimate') throw new Error('they meet')
    expect(far.p).toBe(0)
    expect(far.lnP).toBeLessThan(-3000)
    const near = logRank([
      { group: 'a', records: gone(...times.slice(0, 60)) },
      { group: 'b', records: gone(...times.slice(60, 120)) },
    ])
    if (near.kind !== 'estimate') throw new Error('they meet')
    expect(near.p).toBe(gammaQ(0.5, near.chiSquare / 2))
    expect(near.p).toBeGreaterThan(1e-40)
    expect(near.p).toBeLessThan(1e-20)
  })

  test('takes samples of one group and stratum together', () => {
    const [a, b] = [gone(1, 4, 6), gone(3, 5, 9)]
    const whole = logRank([
      { group: 'a', records: a },
      { group: 'b', records: b },
    ])
    const inParts = logRank([
      { group: 'a', records: a.slice(0, 1) },
      { group: 'b', records: b },
      { group: 'a', records: a.slice(1) },
    ])
    expect(inParts).toEqual(whole)
  })
})

test.each([
  ['missing at $.id', () => defineSurvival({ id: '', version: 1, unit: 'day' })],
  ['out-of-range at $.version', () => defineSurvival({ id: 'a', version: 0, unit: 'day' })],
  ['missing at $.unit', () => defineSurvival({ id: 'a', version: 1 } as never)],
  ['wrong-type at $.unit', () => defineSurvival({ id: 'a', version: 1, unit: 7 } as never)],
  ['unknown-key at $.zone', () => defineSurvival({ id: 'a', version: 1, unit: 'day', zone: 'UTC' } as never)],
  ['out-of-range at $[0].time', () => curve([{ time: -1, event: true }])],
  ['wrong-type at $[0].event', () => curve([{ time: 1, event: 1 } as never])],
  ['out-of-range at $[0].entry', () => curve([{ time: 1, event: true, entry: 1 }])],
  ['wrong-type at $', () => curve('records' as never)],
  ['unknown-name at $.transform', () => curve(gone(1), { transform: 'loglog' })],
  ['out-of-range at $.level', () => curve(gone(1), { level: 1 })],
  ['out-of-range at $.since', () => curve(gone(1), { since: Number.NaN })],
  ['out-of-range at $.time', () => survivalAt(curve(gone(1)), -1)],
  ['malformed-state at $.rows[0]', () => survivalAt({ ...curve(gone(1)), rows: [{}] } as never, 1)],
  ['out-of-range at $.p', () => survivalQuantile(curve(gone(1)), 0)],
  ['out-of-range at $.upTo', () => restrictedMean(curve(gone(1)), { upTo: Infinity })],
  ['wrong-type at $.samples[0].group', () => logRank([{ group: 1, records: [] } as never])],
  [
    'out-of-range at $.samples[0].records[1].time',
    () => logRank([{ group: 'a', records: [...gone(1), { time: Number.NaN, event: true }] }]),
  ],
  ['wrong-type at $.samples[0].records', () => logRank([{ group: 'a', records: 3 } as never])],
  ['out-of-range at $.rho', () => logRank([], { rho: -1 })],
])('refuses with %s', (message, call) => {
  expect(call).toThrow(message)
})

test('sines and cosines are those of the runtime to the last digits', () => {
  for (let i = 0; i <= 2000; i += 1) {
    const angle = (i / 2000) * (Math.PI / 2)
    const { sine, cosine } = sineAndCosine(angle)
    expect(Math.abs(sine - Math.sin(angle))).toBeLessThanOrEqual(4e-16 * Math.sin(angle))
    expect(Math.abs(cosine - Math.cos(angle))).toBeLessThanOrEqual(4e-16 * Math.cos(angle))
  }
})
