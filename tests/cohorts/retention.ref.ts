import { readFileSync } from 'node:fs'
import { defineRetention, type Retention } from 'liuliang/cohorts'
import { collect, instant } from 'liuliang/kernel'
import { expect, test } from 'vitest'
import { absent, purchases } from './support/online-retail.js'

interface Expected {
  readonly cohorts: readonly string[]
  readonly retained: readonly (readonly number[])[]
  readonly percent: readonly (readonly number[])[]
}

const fixture = new URL('../fixtures/cohorts-online-retail-month/expected.json', import.meta.url)
const expected = JSON.parse(readFileSync(fixture, 'utf8')) as Expected

const buyers = defineRetention({
  id: 'buyers',
  version: 1,
  calendar: { zone: 'UTC' },
  entry: 'bought',
  activity: 'bought',
  period: 'month',
})

function measured(asOf: string): Retention {
  const events = purchases()
  expect(events.length).toBe(19_573)
  return buyers.result(collect(buyers, events), { asOf: instant(asOf) })
}

test.skipIf(absent)(
  'Online Retail by month, R cohorts 1.3.0 (skipped where ../shared/data is absent)',
  () => {
    const { cohorts } = measured('2011-12-31T23:59:59Z')
    expect(cohorts.map(({ cohort }) => cohort)).toEqual(expected.cohorts)
    expect(cohorts.map(({ cells }) => cells.map(({ seen }) => seen))).toEqual(expected.retained)
    expect(cohorts.map(({ size }) => size)).toEqual(expected.retained.map(([size]) => size))
    for (const [row, { cells }] of cohorts.entries()) {
      for (const [offset, { n, seen, period, state }] of cells.entries()) {
        expect(Math.abs((100 * seen) / n - expected.percent[row]![offset]!)).toBeLessThanOrEqual(0.05 + 1e-9)
        expect(state).toBe(period === '2011-12' ? 'incomplete' : 'complete')
      }
    }
  },
)

test.skipIf(absent)('its averages follow from the table (skipped where ../shared/data is absent)', () => {
  const { averages } = measured('2012-01-01T00:00:00Z')
  for (const { offset, eligible, retained, cohorts, mean } of averages.slice(0, 13)) {
    const rows = expected.retained.filter((row) => row.length > offset)
    const shares = rows.map((row) => row[offset]! / row[0]!)
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
    expect({ eligible, retained, cohorts }).toEqual({
      eligible: sum(rows.map(([size]) => size!)),
      retained: sum(rows.map((row) => row[offset]!)),
      cohorts: rows.length,
    })
    expect(mean).toMatchObject({ kind: 'estimate', cohorts: rows.length })
    if (mean.kind === 'estimate') expect(mean.value).toBeCloseTo(sum(shares) / shares.length, 12)
  }
})

test.skipIf(absent)('Online Retail by year, R cohorts 1.3.0 (skipped where ../shared/data is absent)', () => {
  const yearly = defineRetention({ ...buyers.definition, period: 'year' })
  const years = JSON.parse(
    readFileSync(new URL('../fixtures/cohorts-online-retail-month/year.json', import.meta.url), 'utf8'),
  ) as { readonly columns: readonly string[]; readonly rows: readonly (readonly (number | null)[])[] }
  const { cohorts } = yearly.result(collect(yearly, purchases()), { asOf: instant('2011-12-31T23:59:59Z') })
  expect(cohorts.map(({ cohort }) => cohort)).toEqual(years.columns)
  const table = cohorts.map(({ cells }, row) => [
    row + 1,
    ...Array.from({ length: row }, () => null),
    ...cells.map(({ seen }) => seen),
  ])
  expect(table).toEqual(years.rows)
})
