// Likelihood ratios of chains and intervals of rates as scipy 1.17.1 has them, to 1 part in 10^10 (p-values: of their logarithm).
import { readFileSync } from 'node:fs'
import { type ChainTest, fitTransitions, type StagePanel, testMarkov } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { there } from './support/panels.js'

interface Expected {
  readonly g2: number
  readonly df: number
  readonly p: number
  readonly cells: number
  readonly belowFive: number
  readonly least: number
}
interface Case {
  readonly name: string
  readonly panel: StagePanel
  readonly dependence: Expected
  readonly memory: Expected
  readonly constancy: Expected
  /** Mean, low and high by row and column. */
  readonly jeffreys: readonly (readonly (readonly [number, number, number])[])[]
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/markov-forecast/chain-tests.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }

function same(found: ChainTest, { g2, df, p, cells, belowFive, least }: Expected) {
  if (found.kind !== 'estimate') throw new Error(found.reason)
  expect(found.degreesOfFreedom).toBe(df)
  expect([found.expected.cells, found.expected.belowFive]).toEqual([cells, belowFive])
  expect(found.expected.least).toBeCloseTo(least, 12)
  expect(Math.abs(found.g2 / g2 - 1)).toBeLessThan(1e-10)
  expect(Math.abs(Math.log(found.p) / Math.log(p) - 1)).toBeLessThan(1e-10)
}

describe.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
  test('the three tests', () => {
    const found = testMarkov(one.panel)
    same(found.dependence, one.dependence)
    same(found.memory, one.memory)
    same(found.constancy, one.constancy)
    expect(found.verdict).toBe(
      { markov: 'markov', memory: 'memory-and-changing', changing: 'changing', sparse: 'markov' }[name],
    )
    expect(found.cautions.some(({ code }) => code === 'few-expected')).toBe(
      name === 'sparse' || name === 'memory',
    )
  })

  test("rates under Jeffreys' prior", () => {
    const { rows } = there(fitTransitions(one.panel, { prior: 'jeffreys' }))
    for (const [i, row] of rows.entries()) {
      if (row.kind !== 'estimate') throw new Error(row.kind)
      for (const [j, { value, interval }] of row.rates.entries()) {
        const [mean, low, high] = one.jeffreys[i]![j]!
        expect(Math.abs(value / mean - 1)).toBeLessThan(1e-12)
        expect(Math.abs(interval.low / low - 1)).toBeLessThan(1e-10)
        expect(Math.abs(interval.high / high - 1)).toBeLessThan(1e-10)
      }
    }
  })
})
