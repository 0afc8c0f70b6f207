import { readFileSync } from 'node:fs'
import {
  countedHistories,
  estimateRegularity,
  type Histories,
  type HistoriesDefinition,
  historyTable,
  type SummarizedCustomer,
  summarizeHistories,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { absent, linesOf } from '../support/data-sets.js'
import { logOf } from './support/logs.js'
import { base, day, spend } from './support/orders.js'

interface Summary {
  readonly sums: Readonly<Record<string, number>>
  readonly columns: readonly string[]
  readonly customers: readonly (readonly (number | string | null)[])[]
  readonly wheatMorrisonRegularity?: number
}

const peers = JSON.parse(
  readFileSync(new URL('../../fixtures/ltv-histories/peers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Summary>>

const ends = {
  cdnow: { until: day('1997-09-30'), holdout: { until: day('1998-06-30') } },
  apparel: { until: day('2006-12-31'), holdout: { until: day('2010-12-20') } },
}

function read(log: keyof typeof ends, definition: Partial<HistoriesDefinition>): Histories {
  const usd = { ...spend, currency: 'USD' }
  const aggregate = summarizeHistories({ ...base, spend: usd, ...definition })
  return aggregate.result(aggregate.addColumns(aggregate.empty(), logOf(log)), {
    ...ends[log],
    purchaseAges: true,
  })
}

/** Each customer that a peer showed, under the names of its columns, with ours. */
function shown(peer: string, { customers }: Histories) {
  const { columns, customers: rows } = peers[peer]!
  const bySubject = new Map(customers.map((one) => [one.subject, one]))
  expect(rows.length).toBeGreaterThan(15)
  return rows.map((row) => {
    const theirs = Object.fromEntries(columns.map((name, i) => [name, row[i]])) as Readonly<
      Record<string, number>
    >
    return { theirs, ours: bySubject.get(String(theirs['id']))! }
  })
}

const total = (found: Histories, of: (one: SummarizedCustomer) => number) =>
  found.customers.reduce((sum, one) => sum + of(one), 0)

/** Relative to the size, and to 1 near 0. */
const near = (found: number, expected: number, within = 1e-13) =>
  expect(Math.abs(found - expected) / Math.max(1, Math.abs(expected))).toBeLessThanOrEqual(within)

describe.skipIf(absent)('summaries of the order logs (skipped where ../shared/data is absent)', () => {
  test.each([
    ['lifetimesCdnowDays', 'cdnow', 'day'],
    ['lifetimesApparelWeeks', 'apparel', 'week'],
  ] as const)('lifetimes 0.11.3: %s', (peer, log, unit) => {
    const found = read(log, { unit })
    const { sums } = peers[peer]!
    expect(found.totals.repeats).toBe(sums['x'])
    near(
      total(found, ({ lastPurchaseAge }) => lastPurchaseAge),
      sums['tx']!,
    )
    near(
      total(found, ({ age }) => age),
      sums['T']!,
    )
    near(
      total(found, (one) => one.spend!.mean ?? 0),
      sums['zbar']!,
    )
    expect(found.holdout!.purchases).toBe(sums['frequency_holdout'])
    near(found.holdout!.length * found.customers.length, sums['duration_holdout']!)
    let byLine = 0
    for (const { theirs, ours } of shown(peer, found)) {
      expect(ours.repeatCount).toBe(theirs['x'])
      near(ours.lastPurchaseAge, theirs['tx']!)
      near(ours.age, theirs['T']!)
      near(ours.spend!.mean ?? 0, theirs['zbar']!)
      expect(ours.holdout!.purchases).toBe(theirs['frequency_holdout'])
      // lifetimes takes the mean of the holdout over order lines, so that two lines of a day halve it: ours is by purchase.
      const mean = ours.holdout!.spend!.mean ?? 0
      if (Math.abs(mean - theirs['monetary_value_holdout']!) > 1e-9) {
        byLine += 1
        const lines = Number(ours.holdout!.spend!.total) / theirs['monetary_value_holdout']!
        expect(Math.round(lines)).toBeGreaterThan(ours.holdout!.purchases)
        near(lines, Math.round(lines), 1e-9)
      }
    }
    // Customers 157 and 841 of those shown have days with two lines.
    expect(byLine).toBe(log === 'cdnow' ? 2 : 0)
  })

  test('BTYDplus 1.2.0: CDNOW in weeks, with the logarithms of gaps', () => {
    const found = read('cdnow', { unit: 'week' })
    const all = read('cdnow', { unit: 'week', spend: { ...spend, currency: 'USD', firstOrder: 'in' } })
    const { sums } = peers['btydplusCdnowWeeks']!
    expect(found.totals.repeats).toBe(sums['x'])
    near(
      total(found, ({ lastPurchaseAge }) => lastPurchaseAge),
      sums['t.x']!,
      1e-14,
    )
    near(
      total(found, ({ age }) => age),
      sums['T.cal']!,
      1e-14,
    )
    near(
      total(found, ({ sumLnGaps }) => sumLnGaps),
      sums['litt']!,
      1e-13,
    )
    expect(Number(found.totals.spend)).toBe(sums['sales.x'])
    expect(Number(all.totals.spend)).toBe(sums['sales'])
    expect(found.holdout!.purchases).toBe(sums['x.star'])
    expect(Number(found.holdout!.spend)).toBe(sums['sales.star'])
    expect(found.holdout!.length).toBe(39)
    for (const { theirs, ours } of shown('btydplusCdnowWeeks', found)) {
      expect(ours.repeatCount).toBe(theirs['x'])
      near(ours.lastPurchaseAge, theirs['t.x']!)
      near(ours.sumLnGaps, theirs['litt']!)
      near(ours.age, theirs['T.cal']!)
      expect(Number(ours.spend!.total)).toBe(theirs['sales.x'])
      expect(ours.holdout!.purchases).toBe(theirs['x.star'])
      expect(Number(ours.holdout!.spend!.total)).toBe(theirs['sales.star'])
    }
  })

  test.each([
    ['clvtoolsCdnowWeeks', 'cdnow'],
    ['clvtoolsApparelWeeks', 'apparel'],
  ] as const)('CLVTools 0.12.1: %s, with what was bought in the holdout', (peer, log) => {
    const found = read(log, { unit: 'week' })
    const withFirst = read(log, { unit: 'week', spend: { ...spend, currency: 'USD', firstOrder: 'in' } })
    for (const { theirs, ours } of shown(peer, found)) {
      expect(ours.repeatCount).toBe(theirs['x'])
      near(ours.lastPurchaseAge, theirs['tx']!)
      near(ours.age, theirs['T']!)
      expect(ours.holdout!.purchases).toBe(theirs['actualHoldout'])
      if (theirs['zbar'] !== null) near(ours.spend!.mean ?? 0, theirs['zbar']!)
    }
    for (const { theirs, ours } of shown(peer, withFirst)) {
      if (theirs['xWithFirst'] === null) continue
      expect(ours.spend!.purchases).toBe(theirs['xWithFirst'])
      near(ours.spend!.mean!, theirs['zbarWithFirst']!)
    }
  })

  test("Fader & Hardie's table of CDNOW, every customer, to its two decimals", () => {
    const found = read('cdnow', { unit: 'week' })
    const rows = linesOf('clv-cdnow-rfm.csv').map((cells) => cells.map(Number))
    expect(rows.length).toBe(2357)
    const bySubject = new Map(found.customers.map((one) => [one.subject, one]))
    for (const row of rows) {
      const [id, x, tx, T, zbar, held] = row as [number, number, number, number, number, number]
      const one = bySubject.get(String(id))!
      expect(one.repeatCount).toBe(x)
      expect(one.holdout!.purchases).toBe(held)
      expect(Math.abs(one.lastPurchaseAge - tx)).toBeLessThanOrEqual(0.005 + 1e-12)
      expect(Math.abs(one.age - T)).toBeLessThanOrEqual(0.005 + 1e-12)
      expect(Math.abs((one.spend!.mean ?? 0) - zbar)).toBeLessThanOrEqual(0.005 + 1e-12)
    }
  })

  test('weekly cumulative repeats of CDNOW: no week is shifted, none has eight days', () => {
    const aggregate = summarizeHistories(base)
    const { customers } = aggregate.result(aggregate.addColumns(aggregate.empty(), logOf('cdnow')), {
      until: ends.cdnow.holdout.until,
      purchaseAges: true,
    })
    const DAY = 86_400_000
    const start = day('1997-01-01')
    const dates = customers.flatMap(({ acquiredAt, purchaseAges }) =>
      purchaseAges!.map((age) => (acquiredAt - start) / DAY + age),
    )
    const weeks = linesOf('clv-cdnow-weekly-cumulative.csv').map((cells) => cells.map(Number))
    expect(weeks.length).toBe(78)
    for (const [week, cumulative] of weeks) {
      expect(dates.filter((date) => date < 7 * week!).length).toBe(cumulative)
    }
  })

  test('Wheat & Morrison by BTYDplus 1.2.0: the same but for its random numerator', () => {
    const aggregate = summarizeHistories(base)
    const { customers } = aggregate.result(aggregate.addColumns(aggregate.empty(), logOf('cdnow')), {
      until: ends.cdnow.holdout.until,
      purchaseAges: true,
    })
    const found = estimateRegularity(customers)
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect(found.customers).toBe(736)
    // Theirs is the sample variance of M, whose numerator is drawn: its mean is not quite 1/2, and it divides by 735.
    const theirs = peers['btydplusCdnowWeeks']!.wheatMorrisonRegularity!
    expect(Math.abs(found.value - theirs)).toBeLessThan(0.003)
    const variance = 736 / 735 / (4 * (2 * found.value + 1))
    near((1 - 4 * variance) / (8 * variance), theirs, 1e-5)
  })

  test('donations by recency and frequency: 11,104 donors, the zeros among them', () => {
    const rows = linesOf('clv-donations-rf.csv').map((cells) => cells.map(Number))
    const table = countedHistories(
      rows.map(([repeatCount, lastPurchaseAge, age, customers]) => ({
        unit: 'opportunity',
        repeatCount: repeatCount!,
        lastPurchaseAge: lastPurchaseAge!,
        age: age!,
        customers: customers!,
      })),
    )
    expect(table.customers).toBe(11_104)
    expect(table.count.length).toBe(22)
    expect(table.age.every((age) => age === 6)).toBe(true)
  })

  test('2,357 customers of CDNOW are 1,016 rows', () => {
    const { customers } = read('cdnow', { unit: 'week' })
    const table = historyTable(customers)
    expect([table.customers, table.count.length]).toEqual([2357, 1016])
    expect(table.count.reduce((sum, count, i) => sum + count * table.repeatCount[i]!, 0)).toBe(2457)
  })
})
