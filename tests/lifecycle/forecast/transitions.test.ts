import {
  fitTransitions,
  forecastStages,
  random,
  rateElasticities,
  type StagePanel,
  simulateStages,
  stageAbsorption,
  stageValues,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { faultOf, next, panelOf, period, recencyPanel, there, two } from './support/panels.js'

describe('rates', () => {
  test('are posterior means, with counts and intervals beside them', () => {
    const model = there(fitTransitions(two, { prior: 'uniform' }))
    expect(model.rates).toEqual([
      [81 / 102, 21 / 102],
      [6 / 52, 46 / 52],
    ])
    const [row] = model.rows
    expect(row).toMatchObject({ kind: 'estimate', state: 'active', subjects: 100 })
    expect(model.closing).toEqual([115, 65])
    expect(model.meanArrivals[0]).toEqual({
      state: 'active',
      mean: 30,
      interval: { kind: 'undefined', reason: 'one-period' },
    })
    // The same in words of the prior.
    expect(there(fitTransitions(two, { prior: { alpha: 1 } })).rates).toEqual(model.rates)
  })

  test('stand beside arrivals, whose mean has an interval by Student', () => {
    const arrivals = [20, 30, 40]
    const panel = panelOf({
      states: ['a'],
      rates: [[1]],
      opening: [5],
      arrivals: (t) => [arrivals[t]!],
      periods: 3,
      random: random(1),
    })
    const [only] = there(fitTransitions(panel, { prior: 'jeffreys' })).meanArrivals
    expect(only!.mean).toBe(30)
    // 30 and 4.302653 times 10 over the root of 3.
    if (only!.interval.kind !== 'estimate') throw new Error('no interval')
    expect(only!.interval.low).toBeCloseTo(30 - 24.84138, 4)
    expect(only!.interval.high).toBeCloseTo(30 + 24.84138, 4)
  })

  test('of periods that are chosen', () => {
    const panel = { ...two, periods: [period(), next] }
    const whole = there(fitTransitions(panel, { prior: 'jeffreys' }))
    expect([whole.from, whole.to]).toEqual(['2024-01', '2024-02'])
    expect(whole.meanArrivals[0]!.interval.kind).toBe('estimate')
    const last = there(fitTransitions(panel, { prior: 'jeffreys', last: 1 }))
    expect(last).toEqual(there(fitTransitions(panel, { prior: 'jeffreys', since: '2024-02' })))
    expect(there(fitTransitions(panel, { prior: 'jeffreys', until: '2024-01' })).to).toBe('2024-01')
    expect(fitTransitions(panel, { prior: 'jeffreys', since: '2025-01' })).toMatchObject({
      reason: 'no-moves',
    })
    expect(fitTransitions({ ...two, periods: [] }, { prior: 'jeffreys' })).toMatchObject({
      reason: 'no-moves',
    })
  })

  test('of a state that nobody was in are unknown, unless the prior may speak', () => {
    const panel: StagePanel = {
      states: ['new', 'active', 'gone', 'never'],
      unit: 'month',
      periods: [
        {
          period: '2024-01',
          moves: [
            [0, 8, 2, 0],
            [0, 5, 5, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
          ],
          arrivals: [10, 0, 0, 0],
        },
      ],
    }
    const model = there(fitTransitions(panel, { prior: 'jeffreys' }))
    expect(model.rows.map(({ kind }) => kind)).toEqual(['estimate', 'estimate', 'undefined', 'undefined'])
    // Nobody was ever in the last one, so that nothing leads there either.
    expect(model.rates.map((row) => row[3])).toEqual([0, 0, 0, 0])
    const chance = { random: random(1), draws: 100 }
    for (const found of [
      forecastStages(model, { periods: 2, ...chance }),
      stageValues(model, { margins: { active: 1 }, discountRate: 0.1 }, chance),
      stageAbsorption(model, { absorbing: ['active'], ...chance }),
      simulateStages(model, {}, { periods: 2, random: random(1) }),
      rateElasticities(model, { share: 'active', periods: 3 }),
      rateElasticities(model, { steadyShare: 'active' }),
    ]) {
      expect(found).toMatchObject({ kind: 'undefined', reason: 'never-seen', states: ['gone'] })
    }
    // Reached for the first time, it need not be known.
    expect(stageAbsorption(model, { absorbing: ['gone'], ...chance }).kind).toBe('estimate')
    const final = there(fitTransitions(panel, { prior: 'jeffreys', final: ['gone'] }))
    expect(final.rates[2]).toEqual([0, 0, 1, 0])
    expect(there(forecastStages(final, { periods: 2, ...chance })).periods).toHaveLength(2)
    const spoken = there(fitTransitions(panel, { prior: 'jeffreys', unseen: 'prior' }))
    expect(spoken.rates[2]!.map((rate) => Math.round(rate * 3))).toEqual([1, 1, 1, 0])
  })

  test('of moves that can be: all, seen or listed', () => {
    const panel: StagePanel = {
      states: ['a', 'b'],
      unit: 'month',
      periods: [
        {
          period: '2024-01',
          moves: [
            [9, 1],
            [0, 10],
          ],
          arrivals: [0, 0],
        },
      ],
    }
    const rate = (possible?: 'all' | 'seen' | [string, string][]) =>
      there(fitTransitions(panel, { prior: 'uniform', ...(possible && { possible }) })).rates[1]![0]
    expect(rate()).toBe(1 / 12)
    expect(rate('all')).toBe(1 / 12)
    expect(rate('seen')).toBe(0)
    expect(
      rate([
        ['a', 'a'],
        ['a', 'b'],
        ['b', 'b'],
      ]),
    ).toBe(0)
    const recency = there(fitTransitions(recencyPanel(random('possible'), 3), { prior: 'uniform' }))
    expect(recency.rates[0]!.map((one) => one > 0)).toEqual([true, true, false, false, false])
  })

  test.each([
    ['a prior of nothing', { prior: { alpha: 0 } }, 'out-of-range $.options.prior.alpha'],
    ['a prior without a name', { prior: 'flat' }, 'unknown-name $.options.prior'],
    ['no prior', {}, 'wrong-type $.options.prior'],
    ['a level of one', { prior: 'uniform', level: 1 }, 'out-of-range $.level'],
    [
      'a final state that is left',
      { prior: 'uniform', final: ['lapsed'] },
      'out-of-range $.options.final[0]',
    ],
    ['a final state that is none', { prior: 'uniform', final: ['gone'] }, 'unknown-name $.options.final[0]'],
    [
      'a move that was seen as impossible',
      { prior: 'uniform', possible: [['active', 'active']] },
      'out-of-range $.options.possible',
    ],
    ['a period of another unit', { prior: 'uniform', since: '2024' }, 'out-of-range $.options.since'],
    ['no periods of the last', { prior: 'uniform', last: 0 }, 'out-of-range $.options.last'],
    ['a misspelt option', { prior: 'uniform', sinse: '2024-01' }, 'unknown-key $.options.sinse'],
  ])('with %s are refused', (_, options, fault) => {
    expect(faultOf(() => fitTransitions(two, options as never))).toBe(fault)
  })
})
