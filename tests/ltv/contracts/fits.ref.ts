import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { random } from '../../../src/kernel/random.js'
import { bdw, contractTable, exponentialGamma, sbg, weibullGamma } from '../../../src/ltv/index.js'
import { found } from './support/found.js'

// See fixtures/clv-churn/SOURCE.md: survivors of two segments, and independent optima.
const { survivors, published, fits } = JSON.parse(
  readFileSync(new URL('../../fixtures/clv-churn/fits.json', import.meta.url), 'utf8'),
) as {
  readonly survivors: Record<string, readonly number[]>
  readonly published: readonly {
    readonly model: string
    readonly data: string
    readonly values: Record<string, number>
  }[]
  readonly fits: readonly {
    readonly model: string
    readonly segment: string
    readonly yearsUsed: number
    readonly params: Record<string, number>
    readonly logLikelihood: number
    readonly standardErrors: Record<string, number>
    readonly projectedSurvivalPct: readonly number[]
  }[]
}
const models = { sbg, bdw }
const tableOf = (segment: string, years: number) =>
  contractTable({
    unit: 'year',
    cohorts: [{ cohort: segment, survivors: survivors[segment]!.slice(0, years + 1) }],
  })

describe('optima of other programs', () => {
  test.each(fits)('$model of $segment over $yearsUsed years', ({ model, segment, yearsUsed, ...theirs }) => {
    const own = models[model as 'sbg' | 'bdw']
    const table = tableOf(segment, yearsUsed)
    expect(own.hopeless(table)).toBeUndefined()
    const fit = found(own, table)!
    expect(fit.logLikelihood).toBeCloseTo(theirs.logLikelihood, 6)
    for (const [name, value] of Object.entries(theirs.params)) {
      expect(Math.abs(fit.values[name]! / value - 1)).toBeLessThan(1e-4)
      expect(Math.abs(fit.standardErrors[name]! / theirs.standardErrors[name]! - 1)).toBeLessThan(1e-2)
    }
    expect(own.edge(table, fit.values as never)).toBeUndefined()
    const stay = own.staying(theirs.params as never, 0)
    for (const [t, share] of theirs.projectedSurvivalPct.entries())
      expect(100 * Math.exp(stay.lnSurvival(t))).toBeCloseTo(share, 9)
  })

  test('figures of the papers to the printed digits', () => {
    expect(published.length).toBe(3)
    for (const { model, data, values } of published) {
      const [, segment, years] = /\((\w+), years 0-(\d+)/.exec(data)!
      const fit = found(models[model as 'sbg' | 'bdw'], tableOf(segment!, Number(years)))!
      for (const [name, figure] of Object.entries(values)) {
        const ours = name === 'logLikelihood' ? fit.logLikelihood : fit.values[name]!
        const digits = String(figure).split('.')[1]!.length
        // 1.7225514 of BdW is quoted as 1.722, from memory of the paper.
        expect(Math.abs(ours - figure)).toBeLessThan((model === 'bdw' ? 0.6 : 0.5) * 10 ** -digits)
      }
    }
  })
})

describe('parameters that data were drawn from', () => {
  const draw = random('contracts')
  const drawn = (
    stay: { draw(until: number, from: typeof draw): { time: number; event: boolean } },
    n: number,
    until: (i: number) => number,
  ) => Array.from({ length: n }, (_, i) => stay.draw(until(i), draw))

  const within = (fit: ReturnType<typeof found>, truth: Record<string, number>) => {
    for (const [name, value] of Object.entries(truth)) {
      expect(fit!.standardErrors[name]).toBeGreaterThan(0)
      expect(Math.abs(fit!.values[name]! - value) / fit!.standardErrors[name]!).toBeLessThan(3.5)
    }
  }

  test('exponential-gamma and Weibull-gamma, moments seen, watched for different times', () => {
    const plain = drawn(exponentialGamma.staying({ r: 1.4, alpha: 30 }, 0), 2000, (i) => 5 + (i % 60))
    within(found(exponentialGamma, contractTable({ unit: 'week', customers: plain })), { r: 1.4, alpha: 30 })
    const steep = drawn(weibullGamma.staying({ r: 0.9, scale: 20, c: 1.7 }, 0), 2000, (i) => 5 + (i % 60))
    within(found(weibullGamma, contractTable({ unit: 'week', customers: steep })), {
      r: 0.9,
      scale: 20,
      c: 1.7,
    })
  })

  test('Weibull-gamma where only readings tell, far apart', () => {
    const steep = drawn(weibullGamma.staying({ r: 0.9, scale: 20, c: 1.7 }, 0), 6000, () => 120)
    const readings = [0, 4, 8, 13, 26, 52, 104]
    const counts = readings.map((age) => steep.filter(({ time, event }) => !event || time > age).length)
    const table = contractTable({ unit: 'week', cohorts: [{ cohort: 'a', survivors: counts, readings }] })
    within(found(weibullGamma, table), { r: 0.9, scale: 20, c: 1.7 })
  })

  test('sBG of customers who came under observation late', () => {
    const late = Array.from({ length: 6000 }, (_, i) => {
      const entry = i % 4
      const one = sbg.staying({ alpha: 0.8, beta: 2.5 }, entry).draw(6, draw)
      return { time: entry + one.time, event: one.event, entry }
    })
    within(found(sbg, contractTable({ unit: 'month', customers: late })), { alpha: 0.8, beta: 2.5 })
  })
})
