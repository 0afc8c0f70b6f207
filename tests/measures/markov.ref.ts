// Chains and a queue from books and exercises. What a source prints is held to its printed digits, what the collection computed
// to 1e-12, or to its own tolerance.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  absorbingChain,
  agentsNeeded,
  chainPower,
  chainValue,
  erlangC,
  projectChain,
  steadyState,
} from '../../src/measures/index.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
const scenario = (name: string) => read(`lifecycle-reference/forecast-${name}`)

/** Every number of one within a tolerance of the other, in the same places. */
function close(actual: unknown, expected: unknown, tolerance: number): void {
  if (typeof expected === 'number') {
    expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(tolerance)
    return
  }
  expect(Array.isArray(actual)).toBe(true)
  expect((actual as unknown[]).length).toBe((expected as unknown[]).length)
  for (const [i, one] of (expected as unknown[]).entries()) close((actual as unknown[])[i], one, tolerance)
}

function ended(given: Parameters<typeof absorbingChain>[0]) {
  const chain = absorbingChain(given)
  if (chain.kind !== 'estimate') throw new Error(chain.reason)
  return chain
}

function valued(given: Parameters<typeof chainValue>[0]) {
  const value = chainValue(given)
  if (value.kind !== 'estimate') throw new Error(value.reason)
  return value.value
}

describe('absorbing chains', () => {
  test.each(['absorbing-climb', 'absorbing-fair-walk', 'receivables-aw', 'lazy-walk'])('%s', (name) => {
    const { Q, R, expect: expected } = scenario(name)
    const chain = ended({ Q, R })
    close(chain.fundamental, expected.fundamental, 1e-12)
    close(chain.expectedSteps, expected.expectedSteps, 1e-12)
    close(chain.absorption, expected.absorption, 1e-12)
  })

  test('the fair walk and the climb as printed', () => {
    const walk = scenario('absorbing-fair-walk')
    const chain = ended({ Q: walk.Q, R: walk.R })
    close(chain.fundamental, walk.source.published.N, 1e-12)
    close(chain.expectedSteps, walk.source.published.steps, 1e-12)
    close(chain.absorption, walk.source.published.absorption, 1e-12)
    const climb = scenario('absorbing-climb')
    close(ended({ Q: climb.Q, R: climb.R }).expectedSteps, climb.source.published.steps, 5e-7)
  })

  test('the lazy walk: three steps, and the same from the whole matrix', () => {
    const { P, Q, R, source, expect: expected } = scenario('lazy-walk')
    close(chainPower(P, 3)[1]![3], expected.threeStep_1_to_3, 1e-12)
    close(chainPower(P, 3)[1]![3], source.published.p3_1to3, 5e-4)
    const whole = ended({ P, absorbing: [0, 3] })
    const parts = ended({ Q, R })
    expect(whole.transient).toEqual([1, 2])
    close(whole.fundamental, parts.fundamental, 0)
    close(whole.expectedSteps[0], source.published.steps, 1e-12)
    close(whole.absorption[0], source.published.absorption, 5e-9)
  })

  test('receivables of 150,000', () => {
    const { Q, R, expect: expected } = scenario('receivables-aw')
    const [paid, bad] = ended({ Q, R }).absorption[0]!
    close(150_000 * paid!, expected.of150000.paid, 1e-9)
    close(150_000 * bad!, expected.of150000.bad, 1e-9)
  })
})

describe('long run', () => {
  test('Company K', () => {
    const { P, start, expect: expected } = scenario('brand-switching')
    const [, second, third] = projectChain({ P, start, steps: 2 })
    close(second, expected.year2, 1e-15)
    close(third, expected.year3, 1e-15)
    const steady = steadyState({ P })
    if (steady.kind !== 'estimate') throw new Error(steady.kind)
    close(steady.distribution, expected.longRun, 1e-15)
    expect(steady.period).toBe(1)
  })

  test('the trap: rows are "from", and the printed answer is that of the transposed matrix', () => {
    const { P, expect: expected, wrongAnswerPrinted } = scenario('steady-state-trap')
    const steady = steadyState({ P })
    if (steady.kind !== 'estimate') throw new Error(steady.kind)
    close(steady.distribution, expected.longRun, 1e-15)
    for (const [i, wrong] of wrongAnswerPrinted.entries())
      expect(Math.abs(steady.distribution[i]! - wrong)).toBeGreaterThan(0.05)
  })
})

describe('discounted value', () => {
  test('Pfeifer & Carraway, for ever and for four periods', () => {
    const { P, R: rewards, discountRate, expect: expected, extra } = scenario('pfeifer-carraway-2000')
    close(valued({ P, rewards, discountRate }), expected.valueInfiniteHorizon, expected.toleranceAbs)
    close(valued({ P, rewards, discountRate, horizon: 4 }), expected.valueOverT4, expected.toleranceAbs)
    close(valued({ P, rewards, discountRate }), expected.rounded.infinite, 5e-4)
    close(valued({ P, rewards, discountRate, horizon: 4 }), expected.rounded.T4, 5e-4)
    close(ended({ P, absorbing: [4] }).expectedSteps, extra.expectedPeriodsUntilGone, 1e-12)
    expect(valued({ P, rewards, discountRate }).findIndex((value) => value < 0)).toBe(3)
  })

  test('a migration model, as printed', () => {
    const { P, R: rewards, discountRate, expect: expected, source } = scenario('migration-model')
    const value = valued({ P, rewards, discountRate })
    close(value, expected.valueInfiniteHorizon, expected.toleranceAbs)
    close(value, source.published, source.publishedTolerance)
  })
})

describe('Erlang C', () => {
  test('360 calls in half an hour', () => {
    const {
      arrivalsPerSecond,
      handleSeconds,
      agents,
      targetSeconds,
      expect: expected,
    } = scenario('case-staffing-erlang-c')
    const load = { arrivalsPerHour: arrivalsPerSecond * 3600, meanHandlingSeconds: handleSeconds }
    const queue = erlangC({ ...load, agents, withinSeconds: targetSeconds })
    if (queue.kind !== 'estimate') throw new Error(queue.reason)
    close(queue.erlangs, expected.erlangs, 1e-12)
    close(queue.occupancy, expected.occupancy, 1e-12)
    close(queue.probabilityOfWaiting, expected.probabilityOfWaiting, 1e-12)
    close(queue.meanWaitSeconds, expected.meanWaitSeconds, 1e-12)
    close(queue.serviceLevel, expected.serviceLevel, 1e-12)
    const target = { serviceLevel: expected.serviceLevel - 1e-9, withinSeconds: targetSeconds }
    expect(agentsNeeded({ ...load, target })).toMatchObject({ kind: 'estimate', agents })
  })

  test.each(
    (read('markov-forecast/erlang-c').cases as Readonly<Record<string, string>>[]).map(
      (one) => [`${one['erlangs']} erlangs, ${one['agents']} agents`, one] as const,
    ),
  )('%s, to 1 part in 10^11, less where the load is next to the agents', (_, one) => {
    const [erlangs, agents, meanHandlingSeconds, withinSeconds, waiting, meanWait, serviceLevel] = [
      'erlangs',
      'agents',
      'handleSeconds',
      'withinSeconds',
      'waiting',
      'meanWait',
      'serviceLevel',
    ].map((key) => Number(one[key])) as [number, number, number, number, number, number, number]
    const arrivalsPerHour = (erlangs * 3600) / meanHandlingSeconds
    const queue = erlangC({ arrivalsPerHour, meanHandlingSeconds, agents, withinSeconds })
    if (queue.kind !== 'estimate') throw new Error(queue.reason)
    // The load is next to the agents in some, and its rounding is multiplied by what is left.
    const digits = 1e-13 * Math.max(100, erlangs / (agents - erlangs))
    close(queue.probabilityOfWaiting, waiting, digits * waiting + 1e-300)
    close(queue.meanWaitSeconds, meanWait, digits * meanWait + 1e-300)
    close(queue.serviceLevel, serviceLevel, digits)
  })
})
