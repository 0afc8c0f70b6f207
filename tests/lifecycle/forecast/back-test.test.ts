import { backTestStages, random } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { panelOf, period, recencyPanel, there, turnedPanel, two } from './support/panels.js'

describe('a back-test', () => {
  test('by recency beats the plain stages, no change and the flow of the last period', () => {
    // Many newcomers at once, who will fall silent in time: stages that forget think they leave at the usual rate.
    const world = recencyPanel(random('wave'), 15, 10)
    const test_ = there(
      backTestStages(world, { holdOut: 3, prior: 'jeffreys', random: random(1), draws: 300 }),
    )
    const { model, noChange, plainStages } = test_.errors
    expect(model).toBeLessThan(noChange)
    expect(model).toBeLessThan(plainStages!)
    expect([test_.fitted, test_.heldOut, test_.points.length]).toEqual([12, 3, 6])
    expect(test_.better).toBe(true)
  })

  test('says where the model is worse than no change', () => {
    // Rates turn round in the held-out periods.
    const panel = turnedPanel()
    const found = there(
      backTestStages(panel, { holdOut: 3, prior: 'jeffreys', random: random(1), draws: 300 }),
    )
    expect(found.better).toBe(false)
    expect(found.cautions.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['worse-than-no-change', 'misses-its-interval']),
    )
    expect(found.errors.noChange).toBe(0)
    // The naive rules from the counts themselves: no change from month 9, and the net flow of it again and again.
    const closing = (t: number) =>
      panel.periods[t]!.arrivals.map(
        (count, j) => count + panel.periods[t]!.moves.reduce((sum, row) => sum + row[j]!, 0),
      )
    const [before, cut] = [closing(7), closing(8)]
    for (const [i, { noChange, sameFlow, actual, step }] of found.points.entries()) {
      expect(step).toBe(1 + Math.floor(i / 2))
      expect(actual).toBe(closing(8 + step)[i % 2])
      expect(noChange).toBe(cut[i % 2])
      expect(sameFlow).toBe(Math.max(0, cut[i % 2]! + step * (cut[i % 2]! - before[i % 2]!)))
    }
  })

  test('with known arrivals looks at the rates alone', () => {
    const panel = panelOf({
      states: ['a', 'b'],
      rates: [
        [0.8, 0.2],
        [0.1, 0.9],
      ],
      opening: [500, 500],
      arrivals: (t) => (t < 9 ? [10, 0] : [400, 0]),
      periods: 12,
      random: random('arrivals'),
    })
    const errorOf = (arrivals: 'known' | 'as-seen') =>
      there(backTestStages(panel, { holdOut: 3, prior: 'jeffreys', arrivals, random: random(1), draws: 100 }))
        .errors.model
    expect(errorOf('known')).toBeLessThan(0.1 * errorOf('as-seen'))
  })

  test('needs periods, and somebody in them', () => {
    const how = { prior: 'jeffreys', random: random(1) } as const
    expect(backTestStages(two, { ...how, holdOut: 1 })).toMatchObject({ reason: 'too-few-periods' })
    const empty = {
      ...period(),
      moves: [
        [0, 0],
        [0, 0],
      ],
      arrivals: [0, 0],
    }
    const panel = { ...two, periods: [empty, { ...empty, period: '2024-02' }] }
    expect(backTestStages(panel, { ...how, holdOut: 1 })).toMatchObject({ reason: 'no-moves' })
  })
})
