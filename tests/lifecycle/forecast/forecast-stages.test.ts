import {
  assumeTransitions,
  fitTransitions,
  forecastStages,
  random,
  stageAbsorption,
  stageValues,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { faultOf, recencyPanel, shopPanel, there, two } from './support/panels.js'

describe('a forecast', () => {
  const model = there(fitTransitions(shopPanel(random('shop')), { prior: 'jeffreys' }))

  test('is the same again, and leaves the generator where it was', () => {
    const chance = random('again')
    const first = forecastStages(model, { periods: 4, arrivals: 'as-seen', random: chance, draws: 200 })
    expect(forecastStages(model, { periods: 4, arrivals: 'as-seen', random: chance, draws: 200 })).toEqual(
      first,
    )
    expect(chance.state()).toEqual(random('again').state())
    const stored = JSON.parse(JSON.stringify(model))
    expect(forecastStages(stored, { periods: 4, arrivals: 'as-seen', random: chance, draws: 200 })).toEqual(
      first,
    )
  })

  test('takes arrivals by list, and everybody stays somewhere', () => {
    const whole = { ...model, stageOf: ['all', 'all', 'all'] }
    const total = model.closing.reduce((a, b) => a + b, 0)
    for (const [arrivals, more] of [
      ['none', [0, 0]],
      [
        [10, 0, 5],
        [15, 30],
      ],
      [
        [
          [10, 0, 0],
          [0, 7, 0],
        ],
        [10, 17],
      ],
    ] as const) {
      const { periods } = there(
        forecastStages(whole, { periods: 2, arrivals, random: random(3), draws: 100 }),
      )
      for (const [t, { stages }] of periods.entries()) {
        const [all] = stages
        expect([all!.low, all!.median, all!.high]).toEqual([
          total + more[t]!,
          total + more[t]!,
          total + more[t]!,
        ])
        expect(all!.expected).toBeCloseTo(total + more[t]!, 8)
      }
    }
  })

  test('begins where it is told', () => {
    const opening = [1000, 0, 0]
    const { periods } = there(forecastStages(model, { periods: 1, opening, random: random(3), draws: 200 }))
    for (const [k, { expected, median }] of periods[0]!.stages.entries()) {
      expect(expected).toBeCloseTo(1000 * model.rates[0]![k]!, 8)
      expect(Math.abs(median - expected)).toBeLessThan(10)
    }
  })

  test('of rates that are unknown is wider than of rates that are assumed', () => {
    const [counted, assumed] = [
      model,
      assumeTransitions({
        states: model.states,
        unit: 'month',
        rates: model.rates,
        after: model.to,
        closing: model.closing,
      }),
    ].map((one) => {
      const { periods } = there(forecastStages(one, { periods: 12, random: random(5), draws: 500 }))
      const [active] = periods[11]!.stages
      return active!.high - active!.low
    })
    expect(assumed!).toBeLessThan(0.95 * counted!)
  })

  test.each([
    ['no periods', { periods: 0 }, 'out-of-range $.periods'],
    ['too few draws', { draws: 10 }, 'out-of-range $.draws'],
    ['too many draws', { draws: 100_000, periods: 1000 }, 'too-large $.draws'],
    ['an opening that is too short', { opening: [1] }, 'out-of-range $.opening'],
    ['arrivals of a word', { arrivals: 'some' }, 'unknown-name $.arrivals'],
    ['arrivals of too few periods', { arrivals: [[1, 0, 0]] }, 'out-of-range $.arrivals'],
    ['no generator', { random: 7 }, 'wrong-type $.random'],
    ['a generator without forks', { random: { next: () => 0.5 } }, 'wrong-type $.random'],
  ])('with %s is refused', (_, over, fault) => {
    const options = { periods: 2, random: random(1), ...over }
    expect(faultOf(() => forecastStages(model, options as never))).toBe(fault)
  })

  test.each([
    ['another kind', { kind: 'other' }, 'unknown-name $.model.kind'],
    ['weights of another size', { weights: [[1]] }, 'out-of-range $.model.weights'],
    [
      'a weight below 0',
      {
        weights: [
          [-1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
      'out-of-range $.model.weights[0][0]',
    ],
    ['no periods of arrivals', { arrivals: [] }, 'out-of-range $.model.arrivals'],
    ['a verdict that is none', { markov: { verdict: 'fine' } }, 'unknown-name $.model.markov.verdict'],
  ])('from a model with %s is refused', (_, over, fault) => {
    const other = { ...model, ...over }
    expect(faultOf(() => forecastStages(other as never, { periods: 1, random: random(1) }))).toBe(fault)
  })
})

describe('values and ends', () => {
  test('a stage by recency is the mean of its states, by who is in them', () => {
    const model = there(fitTransitions(recencyPanel(random('values')), { prior: 'jeffreys' }))
    const found = there(
      stageValues(
        model,
        { margins: { active: 10, dormant·3: -1 }, discountRate: 0.05 },
        { random: random(1), draws: 200 },
      ),
    )
    const [active] = found.stages
    if (active?.kind !== 'estimate') throw new Error('no stage')
    const inActive = model.closing.slice(0, 3)
    const people = inActive.reduce((a, b) => a + b, 0)
    expect(active.subjects).toBe(people)
    expect(active.value).toBeCloseTo(
      inActive.reduce((sum, count, i) => sum + (count / people) * found.states[i]!.value, 0),
      9,
    )
    for (const { value, interval } of found.states) {
      expect(interval.low).toBeLessThan(value)
      expect(interval.high).toBeGreaterThan(value)
    }
  })

  test('a wait of a stage is the mean of its states, by who is in them', () => {
    const model = there(fitTransitions(recencyPanel(random('waits')), { prior: 'jeffreys' }))
    const draws = { random: random(1), draws: 200 }
    const found = there(stageAbsorption(model, { absorbing: ['dormant'], ...draws }))
    const [active] = found.stages
    if (active?.kind !== 'estimate' || found.stages.length > 1) throw new Error('not one stage')
    expect(active.periods.value).toBeCloseTo(
      found.states.reduce(
        (sum, { periods }, i) => sum + (model.closing[i]! / active.subjects) * periods.value,
        0,
      ),
      9,
    )
    expect(active.periods.interval.low).toBeLessThan(active.periods.value)
    const empty = { ...model, closing: [0, 0, 0, 9, 9] }
    expect(there(stageAbsorption(empty, { absorbing: ['dormant'], ...draws })).stages[0]).toMatchObject({
      reason: 'nobody-there',
    })
    expect(there(stageAbsorption(model, { absorbing: ['active', 'dormant'], ...draws }))).toMatchObject({
      states: [],
      stages: [],
    })
  })

  test('nothing discounted and no end: no value', () => {
    const model = there(fitTransitions(two, { prior: 'jeffreys' }))
    const chance = { random: random(1), draws: 100 }
    expect(stageValues(model, { margins: { active: 1 }, discountRate: 0 }, chance)).toMatchObject({
      reason: 'does-not-converge',
    })
    expect(stageValues(model, { margins: { active: 1 }, discountRate: 0, horizon: 12 }, chance).kind).toBe(
      'estimate',
    )
    const nobody = there(stageValues({ ...model, closing: [5, 0] }, { margins: {}, discountRate: 1 }, chance))
    expect(nobody.stages[1]).toMatchObject({ kind: 'undefined', reason: 'nobody-there', stage: 'lapsed' })
    expect(faultOf(() => stageValues(model, { margins: { actve: 1 }, discountRate: 1 }, chance))).toBe(
      'unknown-name $.terms.margins.actve',
    )
  })

  test('what is never reached has no wait', () => {
    const rates = [
      [0.5, 0.5, 0],
      [0.5, 0.5, 0],
      [0.1, 0, 0.9],
    ]
    const model = assumeTransitions({ states: ['a', 'b', 'c'], unit: 'month', rates, after: '2024-01' })
    expect(stageAbsorption(model, { absorbing: ['c'], random: random(1), draws: 100 })).toMatchObject({
      reason: 'never-absorbed',
      states: ['a', 'b'],
    })
    expect(faultOf(() => stageAbsorption(model, { absorbing: ['c', 'c'], random: random(1) }))).toBe(
      'duplicate-name $.absorbing[1]',
    )
  })
})
