// What must not compile: predictions from no fit, or from parameters of another model.
import { estimateLifetimeValue, gammaGamma, parameters, predictor } from 'liuliang/ltv'
import { test } from 'vitest'
import { tinyBgNbd, tinyNbd } from './support/tiny.js'

const nbd = parameters(tinyNbd, { r: 2, alpha: 10 }, { unit: 'week', source: 'a test' })
const bgNbd = parameters(tinyBgNbd, { r: 2, alpha: 10, a: 1, b: 2 }, { unit: 'week', source: 'a test' })
const spend = parameters(gammaGamma, { p: 6, q: 4, v: 15 }, { unit: 'week', source: 'a test' })
const noFit = {
  kind: 'not-an-optimum',
  model: 'nbd',
  reason: 'no-repeat-purchases',
  next: { en: '', zh: '' },
} as const

test('a predictor takes parameters of its own model', () => {
  predictor(tinyNbd, nbd)
  // @ts-expect-error parameters of another model
  predictor(tinyNbd, bgNbd)
  // @ts-expect-error no optimum was found
  predictor(tinyNbd, noFit)
  // @ts-expect-error a model of spend
  predictor(gammaGamma, spend)
  // @ts-expect-error values without a source
  predictor(tinyNbd, { r: 2, alpha: 10 })
})

test('so do lifetime values, of both models', () => {
  const who = 'newcomer'
  const period = { horizon: { months: 24 } } as const
  const flat = { perPurchase: 25 }
  const model = tinyNbd
  const good = { model: gammaGamma, parameters: spend }
  const bad = { model: gammaGamma, parameters: nbd }
  estimateLifetimeValue({ model, parameters: nbd, spend: good }, who, period)
  // @ts-expect-error purchases by another model's parameters
  estimateLifetimeValue({ model, parameters: bgNbd, spend: flat }, who, period)
  // @ts-expect-error no optimum was found
  estimateLifetimeValue({ model, parameters: noFit, spend: flat }, who, period)
  // @ts-expect-error spend by parameters of purchases
  estimateLifetimeValue({ model, parameters: nbd, spend: bad }, who, period)
  // @ts-expect-error a horizon without its unit
  estimateLifetimeValue({ model, parameters: nbd, spend: flat }, who, { horizon: 24 })
  // @ts-expect-error a range without the end of observation
  estimateLifetimeValue({ model, parameters: nbd, spend: flat }, who, { from: 0, until: 1 })
})

test('only spend has no unit', () => {
  parameters(gammaGamma, { p: 6, q: 4, v: 15 }, { source: 'a test' })
  // @ts-expect-error times of which unit?
  parameters(tinyNbd, { r: 2, alpha: 10 }, { source: 'a test' })
})
