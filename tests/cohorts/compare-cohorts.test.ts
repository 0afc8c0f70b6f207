import {
  type CompareCohortsOptions,
  type ComparedCell,
  type ComparedRetention,
  compareCohorts,
  compareCurves,
  comparisonRows,
  comparisonSentence,
  curvePairRows,
  curveSentence,
  defineActivitySurvival,
  defineRetention,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, defineEvents, instant, text } from 'liuliang/kernel'
import { adjustedP, logRank, proportionDifference, proportionTest } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'

const cell = (retained: number, eligible: number, more: Partial<ComparedCell> = {}): ComparedCell => ({
  offset: 1,
  n: eligible,
  maturity: 1,
  eligible,
  retained,
  state: 'complete',
  ...more,
})
const triangle = (cells: Readonly<Record<string, ComparedCell>>): ComparedRetention => ({
  cohorts: Object.entries(cells).map(([cohort, one]) => ({ cohort, cells: [one] })),
})
const months = triangle({
  '2024-01': cell(310, 1000),
  '2024-02': cell(300, 1000),
  '2024-03': cell(372, 1000),
})
const pairwise: CompareCohortsOptions = {
  offset: 1,
  between: 'cohorts',
  against: 'all-pairs',
  adjust: 'holm',
}

describe('rates', () => {
  test('of all pairs: Newcombe, the pooled z test and Holm, as the measures give them', () => {
    const compared = compareCohorts(months, pairwise)
    const counts = { a: { successes: 372, trials: 1000 }, b: { successes: 300, trials: 1000 } }
    const last = compared.rows[2]!
    const difference = proportionDifference({ ...counts, level: 0.95, method: 'newcombe' })
    if (last.kind !== 'estimate' || difference.kind !== 'estimate') throw new Error('no estimate')
    expect([last.difference, last.low, last.high]).toEqual([
      difference.value,
      difference.interval.low,
      difference.interval.high,
    ])
    expect(last.test).toEqual(proportionTest(counts))
    const rows = comparisonRows(compared)
    expect(rows.map(({ a, b }) => [a, b])).toEqual([
      ['2024-02', '2024-01'],
      ['2024-03', '2024-01'],
      ['2024-03', '2024-02'],
    ])
    expect(rows.map(({ adjustedP: p }) => p)).toEqual(
      adjustedP(
        rows.map(({ p }) => p!),
        { method: 'holm' },
      ),
    )
    expect([compared.comparisons, compared.test, compared.interval]).toEqual([3, 'pooled-z', 'newcombe'])
    expect(comparisonSentence(compared, 2)).toEqual({
      en: '2024-03 kept 7.2 points more than 2024-02 (3.1 to 11.3), adjusted p 0.002 by Holm among 3 comparisons',
      zh: '2024-03 的留存率比 2024-02 高 7.2 个百分点（3.1 至 11.3），校正 p 0.002（Holm 法，共 3 项比较）',
    })
    expect(comparisonSentence(compared, 0).en).toBe(
      '2024-02 kept 1.0 points less than 2024-01 (-3.0 to 5.0), adjusted p 0.627 by Holm among 3 comparisons',
    )
  })

  test('against a reference, alone, and with intervals that hold together', () => {
    const against = { reference: '2024-02' }
    const each = compareCohorts(months, { ...pairwise, against })
    const together = compareCohorts(months, { ...pairwise, against, intervals: 'simultaneous' })
    expect(comparisonRows(each).map(({ a, b, level }) => [a, b, level])).toEqual([
      ['2024-01', '2024-02', 0.95],
      ['2024-03', '2024-02', 0.95],
    ])
    expect(comparisonRows(together).map(({ level }) => level)).toEqual([0.975, 0.975])
    for (const [i, { low, high }] of comparisonRows(together).entries()) {
      const narrow = comparisonRows(each)[i]!
      expect(low).toBeLessThan(narrow.low!)
      expect(high).toBeGreaterThan(narrow.high!)
    }
    const two = compareCohorts(
      { cohorts: months.cohorts.slice(1) },
      { ...pairwise, intervals: 'simultaneous' },
    )
    expect(comparisonRows(two)[0]?.level).toBe(0.95)
    expect(comparisonSentence(two, 0).en).toMatch(/, p < 0\.001$/)
  })

  test('what is not alike is refused with its reason, and counts among no comparisons', () => {
    const half = { n: 900, maturity: 0.5, state: 'incomplete' } as const
    const uneven = triangle({
      full: cell(300, 1000),
      twin: cell(310, 1000),
      half: cell(150, 450, half),
      // Of everybody, half of whom are too young: no choice makes that comparable.
      hasty: cell(150, 900, half),
      blind: cell(10, 100, { state: 'unobserved' }),
      empty: cell(0, 0),
      later: cell(5, 10, { offset: 2 }),
    })
    const reference = { ...pairwise, against: { reference: 'full' } }
    const refused = compareCohorts(uneven, reference)
    expect(comparisonRows(refused).map(({ a, reason }) => [a, reason])).toEqual([
      ['twin', null],
      ['half', 'not-over'],
      ['hasty', 'not-over'],
      ['blind', 'not-observed'],
      ['empty', 'no-trials'],
      ['later', 'no-cell'],
    ])
    expect(refused.comparisons).toBe(1)
    expect(comparisonSentence(refused, 1).en).toBe(
      'half and full are not compared: of half, its window is not over yet',
    )
    const eligible = compareCohorts(uneven, { ...reference, immature: 'eligible' })
    expect(eligible.comparisons).toBe(2)
    expect(eligible.rows[1]).toMatchObject({ kind: 'estimate', cautions: ['maturity-differs'] })
    expect(comparisonRows(eligible)[2]?.reason).toBe('not-over')
    expect(comparisonSentence(eligible, 1).en).toMatch(/; not everybody is old enough/)
  })

  test('where nothing varies there is no test, and it still counts', () => {
    const zero = triangle({ a: cell(0, 20), b: cell(0, 30), c: cell(15, 30) })
    const compared = compareCohorts(zero, pairwise)
    const [none, , some] = comparisonRows(compared)
    expect([none?.p, none?.adjustedP, none?.difference, compared.comparisons]).toEqual([null, 1, 0, 3])
    expect(comparisonSentence(compared, 0)).toEqual({
      en: 'b kept as many as a (-16.1 to 11.4), no test, as nothing varies; fewer than five expected on one side: the p-value is rough',
      zh: 'b 的留存率与 a 相同（-16.1 至 11.4），无差异可检验；某一侧期望人数不足五人：p 值较粗略',
    })
    expect(some?.adjustedP).toBe(some!.p! * 3)
  })

  test('from retention itself, between cohorts and between the values of a breakdown', () => {
    const events = defineEvents({ paid: { channel: text() } })
    const retention = defineRetention({
      ...{ id: 'r', version: 1, calendar: { zone: 'UTC' }, period: 'month', entry: 'paid', activity: 'paid' },
      events,
      breakdown: { field: 'channel', of: 'entry' },
    })
    const paid = (month: number, person: number): AnyEvent => ({
      id: `${month} ${person}`,
      type: 'paid',
      subject: `${person}`,
      occurredAt: Date.UTC(2024, month, 10),
      data: { channel: person % 2 === 0 ? 'shop' : 'web' },
    })
    const orders = Array.from({ length: 200 }, (_, person) => {
      const month = person < 120 ? 0 : 1
      // Of the shop two in three come back, of the web one in three.
      const back = person % 3 < (person % 2 === 0 ? 2 : 1)
      return [paid(month, person), ...(back ? [paid(month + 1, person)] : [])]
    }).flat()
    const result = retention.result(collect(retention, orders), {
      asOf: instant('2024-04-01T00:00:00Z'),
      until: instant('2024-03-01T00:00:00Z'),
    })
    const values = compareCohorts(result, { ...pairwise, between: 'values' })
    expect(
      comparisonRows(values).map((row) => [row.a, row.eligibleA, row.b, row.eligibleB, row.cautions]),
    ).toEqual([['web', 100, 'shop', 100, 'cohorts-mixed']])
    const february = compareCohorts(result, { ...pairwise, between: 'values', cohort: '2024-02' })
    expect(comparisonRows(february).map((row) => [row.eligibleA, row.eligibleB, row.cautions])).toEqual([
      [40, 40, ''],
    ])
    const shop = compareCohorts(result, { ...pairwise, value: 'shop' })
    // Of March, April is not over.
    expect(comparisonRows(shop).map(({ a, b, reason }) => [a, b, reason])).toEqual([
      ['2024-02', '2024-01', null],
      ['2024-03', '2024-01', 'not-over'],
      ['2024-03', '2024-02', 'not-over'],
    ])
  })

  test('of time that elapsed, the eligible of a half-open cell are those whose own window has passed', () => {
    const defined = (eligibility: 'mature' | 'everybody') =>
      defineRetention({
        ...{
          id: 'e',
          version: 1,
          calendar: { zone: 'UTC' },
          period: 'month',
          entry: 'paid',
          activity: 'paid',
        },
        clock: { elapsed: { hours: 240 } },
        eligibility,
      })
    const events = Array.from({ length: 60 }, (_, person): AnyEvent[] =>
      (person % 3 === 0 ? [0, 15] : [0]).map((later) => ({
        id: `${person} ${later}`,
        type: 'paid',
        subject: `${person}`,
        occurredAt: Date.UTC(2024, person % 2, 1 + Math.floor(person / 2) + later, 12),
        data: {},
      })),
    ).flat()
    const options = { asOf: instant('2024-03-11T00:00:00Z'), until: instant('2024-02-20T00:00:00Z') }
    const read = (eligibility: 'mature' | 'everybody', immature: 'refuse' | 'eligible') =>
      compareCohorts(defined(eligibility).result(collect(defined(eligibility), events), options), {
        ...pairwise,
        immature,
      }).rows[0]
    expect(read('mature', 'refuse')).toMatchObject({ reason: 'not-over', of: '2024-02' })
    const row = read('mature', 'eligible')
    if (row?.kind !== 'estimate') throw new Error(row?.reason)
    // Who came by 19 February had both stretches of ten days by 11 March; the thirtieth of the second came on 1 March.
    expect([row.b.maturity, row.b.eligible]).toEqual([1, 30])
    expect(row.a.eligible).toBe(19)
    expect(row.a.eligible / 29).toBeCloseTo(row.a.maturity, 12)
    expect(row.cautions).toContain('maturity-differs')
    expect(read('everybody', 'eligible')).toMatchObject({ kind: 'undefined', reason: 'not-over' })
  })

  test('overlapping rows are not compared', () => {
    const overlapping = { ...months, warnings: [{ code: 'rows-overlap' }] }
    const compared = compareCohorts(overlapping, pairwise)
    expect(compared.comparisons).toBe(0)
    expect(comparisonRows(compared).map(({ reason }) => reason)).toEqual(Array(3).fill('rows-overlap'))
  })

  test('refuses what does not hold, with its path', () => {
    const ask =
      (changed: object, retention: unknown = months) =>
      () =>
        compareCohorts(retention as never, { ...pairwise, ...changed } as never)
    expect(ask({ offset: -1 })).toThrow('out-of-range at $.offset')
    expect(ask({ adjust: undefined })).toThrow('missing at $.adjust')
    expect(ask({ adjust: 'none' })).toThrow('unknown-name at $.adjust')
    expect(ask({ adjust: 'toString' })).toThrow('unknown-name at $.adjust')
    expect(ask({ against: undefined })).toThrow('missing at $.against')
    expect(ask({ against: '2024-01' })).toThrow('unknown-name at $.against')
    expect(ask({ against: { reference: '2023-01' } })).toThrow('unknown-name at $.against.reference')
    expect(ask({ between: 'rows' })).toThrow('unknown-name at $.between')
    expect(ask({ between: 'values', cohort: '1999' })).toThrow('unknown-name at $.cohort')
    expect(ask({ value: 'web' })).toThrow('unknown-name at $.value')
    expect(ask({ cohort: '2024-01' })).toThrow('unknown-key at $.cohort')
    expect(ask({ level: 1 })).toThrow('out-of-range at $.level')
    expect(ask({ levels: 1 })).toThrow('unknown-key at $.levels')
    expect(ask({}, null)).toThrow('wrong-type at $')
    expect(ask({}, triangle({ a: cell(3, 2) }))).toThrow('out-of-range at $.cohorts[0].cells[0].retained')
    expect(ask({}, triangle({ a: cell(1, 2, { maturity: Number.NaN }) }))).toThrow('maturity')
    expect(ask({}, { cohorts: [...months.cohorts, ...months.cohorts] })).toThrow(
      'duplicate-name at $.cohorts[3]',
    )
    const many = { cohorts: Array.from({ length: 500 }, (_, i) => ({ cohort: `${i}`, cells: [] })) }
    expect(ask({}, many)).toThrow('too-large at $.against')
    const compared = compareCohorts(months, pairwise)
    expect(() => comparisonSentence(compared, 3)).toThrow('out-of-range at $.row')
  })
})

describe('curves', () => {
  const staying = (returning: 'first-lapse' | 'last-activity') =>
    defineActivitySurvival({
      ...{ id: 's', version: 1, calendar: { zone: 'UTC' }, period: 'week', entry: 'came', activity: 'came' },
      gap: { periods: 1 },
      returning,
    })
  const week = 7 * 86_400_000
  const start = instant('2024-01-01T00:00:00Z')
  /** Person by person: the week of entry, and how many weeks in a row after it. */
  const history = (people: readonly (readonly [number, number])[]): readonly AnyEvent[] =>
    people.flatMap(([entered, weeks], person) =>
      Array.from({ length: weeks + 1 }, (_, i) => ({
        id: `${person} ${i}`,
        type: 'came',
        subject: `${person}`,
        occurredAt: start + (entered + i) * week,
        data: {},
      })),
    )
  const people = [
    ...[0, 1, 1, 2, 5, 6, 8, 9, 9].map((weeks) => [0, weeks] as const),
    ...[0, 0, 0, 1, 1, 2, 2, 3].map((weeks) => [1, weeks] as const),
    ...[0, 0, 1].map((weeks) => [11, weeks] as const),
  ]
  const options = { asOf: start + 11 * week, transform: 'log-log' } as const
  const read = (returning: 'first-lapse' | 'last-activity') =>
    staying(returning).result(collect(staying(returning), history(people)), options)
  const asked = { between: 'cohorts', test: 'log-rank', against: 'all-pairs', adjust: 'holm' } as const

  test('log-rank by pairs is that of the measures, adjusted; cohorts of different age as far as both go', () => {
    const survival = read('first-lapse')
    const compared = compareCurves(survival, asked)
    const [older, newer] = survival.cohorts.map(({ cohort, counted }) => ({ group: cohort, counted }))
    const found = logRank([newer!, older!])
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect(compared.rows).toEqual([
      {
        kind: 'estimate',
        a: '2024-01-08',
        b: '2024-01-01',
        sooner: 'a',
        observedA: 8,
        expectedA: found.groups[0]!.expected,
        chiSquare: found.chiSquare,
        p: found.p,
        adjustedP: found.p,
        until: 3,
      },
    ])
    expect(found.p).toBeLessThan(0.05)
    expect(curveSentence(compared, 0).en).toMatch(
      /^2024-01-08 left sooner than 2024-01-01 \(log-rank up to week 3\), p 0\.0\d\d$/,
    )
    expect(curveSentence(compared, 0).zh).toMatch(
      /^2024-01-08 比 2024-01-01 流失更快（对数秩检验，至第 3 周），p 0\.0\d\d$/,
    )
    expect(compared.overall).toMatchObject({ chiSquare: expect.closeTo(found.chiSquare, 10) })
    const peto = compareCurves(survival, { ...asked, test: 'peto-peto' })
    expect(peto.overall).toMatchObject({ test: 'peto-peto' })
    expect(peto.rows[0]).not.toEqual(compared.rows[0])
  })

  test('by the last activity there is a caution, and who has nobody is not compared', () => {
    expect(compareCurves(read('last-activity'), asked).cautions).toEqual(['returns-still-open'])
    const later = staying('first-lapse').result(collect(staying('first-lapse'), history(people)), {
      ...options,
      asOf: start + 12 * week,
    })
    const compared = compareCurves(later, asked)
    expect(curvePairRows(compared).map(({ a, b, reason }) => [a, b, reason])).toEqual([
      ['2024-01-08', '2024-01-01', null],
      ['2024-03-18', '2024-01-01', 'nobody'],
      ['2024-03-18', '2024-01-08', 'nobody'],
    ])
    expect(compared.comparisons).toBe(1)
    expect(curveSentence(compared, 1).en).toBe(
      '2024-03-18 and 2024-01-01 are not compared: one of them has nobody to watch',
    )
  })

  test('refuses what does not hold, with its path', () => {
    const survival = read('first-lapse')
    const ask =
      (changed: object, of: unknown = survival) =>
      () =>
        compareCurves(of as never, { ...asked, ...changed } as never)
    expect(ask({ test: 'wilcoxon' })).toThrow('unknown-name at $.test')
    expect(ask({ test: undefined })).toThrow('missing at $.test')
    expect(ask({ between: undefined })).toThrow('missing at $.between')
    expect(ask({ rho: 1 })).toThrow('unknown-key at $.rho')
    expect(ask({ against: { reference: 'x' } })).toThrow('unknown-name at $.against.reference')
    expect(ask({}, { ...survival, returning: 'never' })).toThrow('unknown-name at $.returning')
    expect(ask({}, { ...survival, cohorts: [{ cohort: 'a', counted: 5 }] })).toThrow('wrong-type')
    const [one] = survival.cohorts
    expect(ask({}, { ...survival, cohorts: [one, one] })).toThrow('duplicate-name at $.cohorts[1]')
    const other = { ...one!, cohort: 'other', counted: { ...one!.counted, of: 'other' } }
    expect(ask({}, { ...survival, cohorts: [one, other] })).toThrow('other-definition')
    expect(() => curveSentence(compareCurves(survival, asked), 9)).toThrow('out-of-range at $.row')
  })
})
