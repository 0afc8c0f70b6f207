import { checkStagePanel, panelByStage, random, type StagePanel } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { faultOf, next, period, recencyPanel, two } from './support/panels.js'

describe('a panel', () => {
  test('is taken where its numbers fit', () => {
    const panel = { ...two, periods: [period(), next] }
    expect(checkStagePanel(panel)).toBe(panel)
    expect(checkStagePanel({ ...two, periods: [] }).periods).toEqual([])
    const weeks = [period({ period: '2024-12-30' }), { ...next, period: '2025-01-06' }]
    expect(checkStagePanel({ ...two, unit: 'week', periods: weeks }).unit).toBe('week')
    const hours = [period({ period: '2024-02-29T23' }), { ...next, period: '2024-03-01T00' }]
    expect(checkStagePanel({ ...two, unit: 'hour', periods: hours }).unit).toBe('hour')
    const quarters = [period({ period: '2024-Q4' }), { ...next, period: '2025-Q1' }]
    expect(checkStagePanel({ ...two, unit: 'quarter', periods: quarters }).unit).toBe('quarter')
  })

  test.each([
    ['no states', { ...two, states: [] }, 'out-of-range $.states'],
    ['a state twice', { ...two, states: ['a', 'a'] }, 'duplicate-name $.states[1]'],
    ['too few stages', { ...two, stageOf: ['a'] }, 'out-of-range $.stageOf'],
    [
      'a stage with the name of another state',
      { ...two, stageOf: ['lapsed', 'x'] },
      'duplicate-name $.stageOf[0]',
    ],
    ['a unit that is none', { ...two, unit: 'decade' }, 'unknown-name $.unit'],
    ['a misspelt key', { ...two, period: [] }, 'unknown-key $.period'],
    [
      'a name of another unit',
      { ...two, periods: [period({ period: '2024-01-01' })] },
      'out-of-range $.periods[0].period',
    ],
    [
      'a month that is none',
      { ...two, periods: [period({ period: '2024-13' })] },
      'out-of-range $.periods[0].period',
    ],
    [
      'a gap',
      { ...two, periods: [period(), { ...next, period: '2024-03' }] },
      'out-of-range $.periods[1].period',
    ],
    [
      'a period twice',
      { ...two, periods: [period(), { ...next, period: '2024-01' }] },
      'out-of-range $.periods[1].period',
    ],
    [
      'a ragged square',
      { ...two, periods: [period({ moves: [[80], [5, 45]] })] },
      'out-of-range $.periods[0].moves[0]',
    ],
    [
      'a negative count',
      {
        ...two,
        periods: [
          period({
            moves: [
              [-1, 20],
              [5, 45],
            ],
          }),
        ],
      },
      'out-of-range $.periods[0].moves[0][0]',
    ],
    [
      'half a person',
      { ...two, periods: [period({ arrivals: [0.5, 0] })] },
      'out-of-range $.periods[0].arrivals[0]',
    ],
    [
      'NaN',
      { ...two, periods: [period({ arrivals: [Number.NaN, 0] })] },
      'out-of-range $.periods[0].arrivals[0]',
    ],
    [
      'people out of nowhere',
      {
        ...two,
        periods: [
          period(),
          {
            ...next,
            moves: [
              [101, 15],
              [10, 55],
            ],
          },
        ],
      },
      'out-of-range $.periods[1].moves[0]',
    ],
    [
      'people who vanish',
      {
        ...two,
        periods: [
          period(),
          {
            ...next,
            moves: [
              [99, 15],
              [10, 55],
            ],
          },
        ],
      },
      'out-of-range $.periods[1].moves[0]',
    ],
    [
      'a triple of no state',
      { ...two, periods: [period({ triples: [[0, 0, 2, 1]] })] },
      'out-of-range $.periods[0].triples[0][2]',
    ],
    [
      'half a triple',
      { ...two, periods: [period({ triples: [[0, 0]] })] },
      'out-of-range $.periods[0].triples[0]',
    ],
    [
      'more paths than moves',
      { ...two, periods: [period({ triples: [[0, 0, 1, 21]] })] },
      'out-of-range $.periods[0].triples',
    ],
    [
      'more paths than there were before',
      { ...two, periods: [period(), { ...next, triples: [[0, 1, 1, 21]] }] },
      'out-of-range $.periods[1].triples',
    ],
  ])('with %s is refused', (_, panel, fault) => {
    expect(faultOf(() => checkStagePanel(panel as StagePanel))).toBe(fault)
  })

  test('by recency is summed to its stages, paths too', () => {
    const panel = recencyPanel(random('sum'), 6)
    const stages = panelByStage(panel)
    expect(stages.states).toEqual(['active', 'dormant'])
    expect(stages.periods[3]!.moves.flat().reduce((a, b) => a + b, 0)).toBe(
      panel.periods[3]!.moves.flat().reduce((a, b) => a + b, 0),
    )
    const paths = (one: StagePanel) =>
      one.periods.flatMap(({ triples }) => triples!).reduce((sum, [, , , count]) => sum + count, 0)
    expect(paths(stages)).toBe(paths(panel))
    expect(checkStagePanel(stages)).toBe(stages)
    expect(panelByStage(stages)).toBe(stages)
  })
})
