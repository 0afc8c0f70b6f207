import { describe, expect, test } from 'vitest'
import { bgBb } from '../../../src/ltv/purchases/bg-bb/bg-bb.js'
import { ggompertzNbd } from '../../../src/ltv/purchases/gompertz/ggompertz-nbd.js'
import type { Buying } from '../../../src/ltv/purchases/model.js'
import { nbd } from '../../../src/ltv/purchases/nbd.js'
import { read } from './support/searched.js'

interface Row {
  readonly case: readonly number[]
  readonly values: Readonly<Record<string, string>>
}

/**
 * Relative errors of numbers, absolute ones of logarithms (which are the relative ones of what they are of) unless a
 * float cannot say the logarithm any better.
 */
function wrong(values: Row['values'], ours: Readonly<Record<string, number>>, tolerance: number) {
  expect(Object.keys(ours)).toEqual(Object.keys(values))
  return Object.entries(values).flatMap(([name, text]) => {
    const exact = Number(text)
    const error = Math.abs(ours[name]! - exact)
    const ofLogarithm = name.startsWith('ln') || name === 'logLikelihood'
    const limit = ofLogarithm ? Math.max(tolerance, 1e-15 * Math.abs(exact)) : tolerance * Math.abs(exact)
    return ours[name] === exact || error <= limit ? [] : [{ name, ours: ours[name], exact, error }]
  })
}

const forGood = (buying: Buying, rate: number) => buying.discounted(Number.POSITIVE_INFINITY, rate)

/** Every quantity at extreme parameters; see SOURCE.md beside the values. */
describe('exact values', () => {
  const { nbd: nbdRows, bgBb: bgBbRows } = read('bg-bb-and-nbd-exact/values.json') as Record<string, Row[]>

  test.each(nbdRows!)('NBD $case', ({ case: [r, alpha, x, T, n, t, d], values }) => {
    const told = { r: r!, alpha: alpha! }
    const history = {
      unit: 'week' as const,
      repeatCount: x!,
      lastPurchaseAge: x! > 0 ? T! / 2 : 0,
      age: T!,
    }
    const after = nbd.after(told, history)
    const ours = {
      logLikelihood: nbd.historyLikelihood(history).value([r!, alpha!]),
      expected: after.expected(t!),
      discounted: after.discounted(t!, d!),
      dert: forGood(after, d!),
      lnChanceOf: after.lnChanceOf(n!, 0, t!),
      lnAtLeast: after.lnChanceOfAtLeast(n!, 0, t!),
      mean: after.rates.lambda!.mean,
      variance: after.rates.lambda!.variance,
    }
    expect(wrong(values, ours, 2e-13)).toEqual([])
  })

  test.each(bgBbRows!)('BG/BB $case', ({ case: given, values }) => {
    const [alpha, beta, gamma, delta, x, tx, n, count, from, to, horizon, rate] = given as number[]
    const told = { alpha: alpha!, beta: beta!, gamma: gamma!, delta: delta! }
    const history = { unit: 'opportunity' as const, repeatCount: x!, lastPurchaseAge: tx!, age: n! }
    const after = bgBb.after(told, history)
    const ours = {
      logLikelihood: bgBb.historyLikelihood(history).value(Object.values(told)),
      lnAlive: after.lnAlive,
      lnAliveAfter: after.lnAliveAfter(to!),
      expected: after.expected(horizon!),
      discounted: after.discounted(horizon!, rate!),
      dert: forGood(after, rate!),
      lnChanceOf: after.lnChanceOf(count!, from!, to!),
      lnAtLeast: after.lnChanceOfAtLeast(count!, from!, to!),
      pMean: after.rates.p!.mean,
      pVariance: after.rates.p!.variance,
      thetaMean: after.rates.theta!.mean,
      thetaVariance: after.rates.theta!.variance,
    }
    expect(wrong(values, ours, 2e-13)).toEqual([])
  })

  test.each(read('ggompertz-exact/values.json') as Row[])(
    'GGompertz/NBD $case',
    ({ case: given, values }) => {
      const [r, alpha, b, s, beta, x, tx, T, n, from, to, span, rate] = given as number[]
      const told = { r: r!, alpha: alpha!, b: b!, s: s!, beta: beta! }
      const history = { unit: 'week' as const, repeatCount: x!, lastPurchaseAge: tx!, age: T! }
      const after = ggompertzNbd.after(told, history)
      const ours = {
        logLikelihood: ggompertzNbd.historyLikelihood(history).value(Object.values(told)),
        lnAlive: after.lnAlive,
        lnAliveAfter: after.lnAliveAfter(to!),
        expected: after.expected(span!),
        discounted: after.discounted(span!, rate!),
        dert: forGood(after, rate!),
        lnChanceOf: after.lnChanceOf(n!, from!, to!),
        lnAtLeast: after.lnChanceOfAtLeast(n!, from!, to!),
        lambdaMean: after.rates.lambda!.mean,
        lambdaVariance: after.rates.lambda!.variance,
        etaMean: after.rates.eta!.mean,
        etaVariance: after.rates.eta!.variance,
      }
      expect(wrong(values, ours, 2e-12)).toEqual([])
    },
  )
})
