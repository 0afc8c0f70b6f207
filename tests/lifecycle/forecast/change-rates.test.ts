import { assumeTransitions, changeRates, rateElasticities } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { faultOf } from './support/panels.js'

describe('changed rates', () => {
  const rates = [
    [0.6, 0.3, 0.1],
    [0.2, 0.5, 0.3],
    [0, 0, 1],
  ]
  const model = assumeTransitions({
    states: ['a', 'b', 'c'],
    unit: 'month',
    rates,
    after: '2024-01',
    closing: [10, 10, 10],
  })
  const close = (row: readonly number[] | undefined, expected: readonly number[]) => {
    for (const [j, one] of expected.entries()) expect(row![j]).toBeCloseTo(one, 12)
  }

  test('are taken from the others in proportion, or from the one named', () => {
    close(changeRates(model, [{ from: 'a', to: 'b', times: 1.5 }]).rates[0], [
      0.6 * (0.55 / 0.7),
      0.45,
      0.1 * (0.55 / 0.7),
    ])
    close(changeRates(model, [{ from: 'a', to: 'b', plus: 0.1, takenFrom: 'c' }]).rates[0], [0.6, 0.4, 0])
    close(changeRates(model, [{ from: 'a', to: 'b', set: 0 }]).rates[0], [0.6 / 0.7, 0, 0.1 / 0.7])
    close(changeRates(model, [{ from: 'c', to: 'a', set: 0.2 }]).rates[2], [0.2, 0, 0.8])
    close(
      changeRates(changeRates(model, [{ from: 'a', to: 'b', times: 2 }]), [
        { from: 'a', to: 'b', times: 0.5 },
      ]).rates[0],
      [0.6, 0.3, 0.1],
    )
  })

  test('name stages by recency: every state of one, to all states of the other', () => {
    const recency = assumeTransitions({
      states: ['a', 'b·0', 'b·1'],
      stageOf: ['a', 'b', 'b'],
      unit: 'month',
      rates,
      after: '2024-01',
    })
    close(changeRates(recency, [{ from: 'a', to: 'b', times: 1.5 }]).rates[0], [0.4, 0.45, 0.15])
    close(changeRates(recency, [{ from: 'b', to: 'a', set: 0.5 }]).rates[1], [
      0.5,
      0.5 * (0.5 / 0.8),
      0.3 * (0.5 / 0.8),
    ])
  })

  test.each([
    ['more than there is', [{ from: 'a', to: 'b', times: 4 }], 'out-of-range $.changes[0]'],
    [
      'more than the named one has',
      [{ from: 'a', to: 'b', plus: 0.2, takenFrom: 'c' }],
      'out-of-range $.changes[0]',
    ],
    ['less than nothing', [{ from: 'a', to: 'b', plus: -0.4 }], 'out-of-range $.changes[0]'],
    ['two ways at once', [{ from: 'a', to: 'b', plus: 0.1, times: 2 }], 'missing $.changes[0]'],
    ['no way', [{ from: 'a', to: 'b' }], 'missing $.changes[0]'],
    ['a stage that is not there', [{ from: 'a', to: 'd', times: 2 }], 'unknown-name $.changes[0].to'],
    [
      'itself as the source',
      [{ from: 'a', to: 'b', plus: 0.1, takenFrom: 'b' }],
      'out-of-range $.changes[0].takenFrom',
    ],
  ])('by %s are refused', (_, changes, fault) => {
    expect(faultOf(() => changeRates(model, changes as never))).toBe(fault)
  })

  test('elasticities of what does not exist', () => {
    expect(rateElasticities(model, { value: { margins: {}, discountRate: 0.1 } })).toMatchObject({
      reason: 'target-is-zero',
    })
    const apart = assumeTransitions({
      states: ['a', 'b'],
      unit: 'month',
      rates: [
        [1, 0],
        [0, 1],
      ],
      after: '2024-01',
    })
    expect(rateElasticities(apart, { steadyShare: 'a' })).toMatchObject({ reason: 'several-classes' })
    expect(rateElasticities(apart, { share: 'a', periods: 3 })).toMatchObject({ reason: 'target-is-zero' })
  })
})
