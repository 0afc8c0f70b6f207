import * as fc from 'fast-check'
import * as liuliang from 'liuliang'
import { aggregateLaws, engineLaws, histories, type LawReport } from 'liuliang/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { customer, otherDefinitions, specimens } from './support/specimens.js'

const RUNS = runs(60, 1000)
const TIMEOUT = runs(60_000, 3_600_000)

const exported = Object.entries(liuliang)
  .filter(([name, value]) => /^(define|summarize)/.test(name) || isAggregate(value))
  .map(([name]) => name)

function isAggregate(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'shard' in value && 'merge' in value
}

test('every exported definition and aggregate has a specimen, and the laws are run on it', () => {
  expect([...Object.keys(specimens), ...otherDefinitions].sort()).toEqual(exported.sort())
})

const reports = new Map<string, LawReport[]>()

for (const [name, made] of Object.entries(specimens)) {
  describe(name, () => {
    for (const specimen of made) {
      if ('engine' in specimen) {
        const { engine, types } = specimen
        for (const law of engineLaws(engine, types ? { types } : {})) {
          test(law.name, { timeout: TIMEOUT }, () => {
            reports.set(engine.id, [...(reports.get(engine.id) ?? []), law.check({ runs: RUNS })])
          })
        }
      } else if ('numbers' in specimen) {
        const { aggregate, options, numbers } = specimen
        const rows = fc.array(numbers, { maxLength: 60 })
        for (const law of aggregateLaws(name, aggregate, { rows, options, subjectOf: String })) {
          test(law.name, { timeout: TIMEOUT }, () =>
            expect(law.check({ runs: RUNS }).runs).toBeGreaterThanOrEqual(RUNS),
          )
        }
      } else if ('records' in specimen) {
        const { aggregate, options, records } = specimen
        const rows = fc.array(records, { maxLength: 60 })
        for (const law of aggregateLaws(name, aggregate, { rows, options, subjectOf: JSON.stringify })) {
          test(law.name, { timeout: TIMEOUT }, () =>
            expect(law.check({ runs: RUNS }).runs).toBeGreaterThanOrEqual(RUNS),
          )
        }
      } else {
        const { aggregate, options } = specimen
        const rows = histories(customer).map(({ inputs }) => inputs)
        const many = fc.array(fc.tuple(rows, fc.nat({ max: 9 })), { maxLength: 6 })
        const laws = aggregateLaws(name, aggregate, {
          rows: many.map((some) =>
            some.flatMap(([inputs, n]) => inputs.map((input) => ({ ...input, subject: `s${n}` }))),
          ),
          columns: (some) => liuliang.columnsOf(some),
          clone: structuredClone,
          options,
          subjectOf: ({ subject }) => subject,
        })
        for (const law of laws) {
          test(law.name, { timeout: TIMEOUT }, () =>
            expect(law.check({ runs: RUNS }).runs).toBeGreaterThanOrEqual(RUNS),
          )
        }
      }
    }
  })
}

test('late, duplicate, tied, refunding and clock-crossing inputs each occur in a tenth of the runs or more', () => {
  for (const [id, some] of reports) {
    const total = some.reduce((sum, report) => sum + report.runs, 0)
    const names = Object.keys(some[0]!.shares)
    const shares = names.map((name) => {
      const share = some.reduce((sum, report) => sum + report.shares[name]! * report.runs, 0) / total
      return [name, Math.round(share * 1000) / 10] as const
    })
    console.log(
      `${id}: ${total} histories; ${shares.map(([name, share]) => `${name} ${share} %`).join(', ')}`,
    )
    for (const [name, share] of shares) {
      const possible = name !== 'refunding' || !['tier', 'gift', 'budget'].includes(id)
      if (possible) expect(share, `${id}: ${name}`).toBeGreaterThanOrEqual(10)
    }
  }
  expect(reports.size).toBe(10)
})

afterAll(() => reports.clear())
