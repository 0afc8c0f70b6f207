// Fits against tight optima of a script with no part of the library in it; see fixtures/clv-simulated/SOURCE.md.
import { readFileSync } from 'node:fs'
import {
  bgBb,
  bgNbd,
  fitModel,
  gammaGamma,
  type HistoryTable,
  type LikelihoodModel,
  mbgNbd,
  nbd,
  paretoNbd,
  sbg,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { dataOf, rows } from '../support/simulated.js'

type Numbers = { readonly [name: string]: number }
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/clv-simulated/${name}.json`, import.meta.url), 'utf8'))
const optima = read('values') as {
  readonly [model: string]: {
    readonly params: Numbers
    readonly standardErrors: Numbers
    readonly logLikelihood: number
  }
}

describe('customers drawn from each model', () => {
  test('are those that the script read', () => {
    const data = read('data') as { readonly [model: string]: readonly (readonly number[])[] }
    for (const [name, drawn] of Object.entries(rows)) {
      if (name === 'sbg') {
        expect(drawn()).toEqual(data[name])
        continue
      }
      const counted = new Map<string, number>()
      for (const row of drawn() as readonly (readonly number[])[])
        counted.set(row.join(), (counted.get(row.join()) ?? 0) + 1)
      const theirs = data[name]!.map((row): [string, number] => [row.slice(0, -1).join(), row.at(-1)!])
      expect(counted).toEqual(new Map(theirs))
    }
  })

  test.each(
    [nbd, bgNbd, mbgNbd, paretoNbd, bgBb, gammaGamma, sbg].map((model) => [model.name, model] as const),
  )('%s: the optimum, its height and its errors', (name, model) => {
    const optimum = optima[name]!
    const fit = fitModel(
      model as never as LikelihoodModel<string, string, HistoryTable>,
      dataOf[name]() as HistoryTable,
    )
    if (fit.kind !== 'fitted') throw new Error(fit.reason)
    expect(Math.abs(fit.logLikelihood - optimum.logLikelihood)).toBeLessThan(1e-6)
    expect(Object.keys(fit.estimates)).toEqual(Object.keys(optimum.params))
    for (const [one, { value, standardError }] of Object.entries(fit.estimates)) {
      expect(Math.abs(value / optimum.params[one]! - 1), one).toBeLessThan(1e-4)
      expect(Math.abs(standardError / optimum.standardErrors[one]! - 1), one).toBeLessThan(1e-2)
    }
  })
})
