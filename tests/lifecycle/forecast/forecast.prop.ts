import * as fc from 'fast-check'
import {
  assumeTransitions,
  changeRates,
  type ElasticityTarget,
  fitTransitions,
  forecastStages,
  type RateChange,
  random,
  rateElasticities,
  type StagePanel,
  simulateStages,
  stageAbsorption,
  stageValues,
  type TransitionModel,
  type TransitionPrior,
  testMarkov,
  whatIf,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { panelOf, shopPanel, shopRates, there } from './support/panels.js'

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const rows = (n: number) =>
  fc
    .array(fc.array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: n, maxLength: n }), {
      minLength: n,
      maxLength: n,
    })
    .map((matrix) =>
      matrix.map((row) => {
        const sum = row.reduce((a, b) => a + b, 0)
        return row.map((part) => part / sum)
      }),
    )
const model: fc.Arbitrary<TransitionModel> = fc.integer({ min: 2, max: 6 }).chain((n) =>
  fc
    .record({
      rates: rows(n),
      closing: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: n, maxLength: n }),
    })
    .map((given) =>
      assumeTransitions({ states: names.slice(0, n), unit: 'month', after: '2024-12', ...given }),
    ),
)
const counts = (n: number) => fc.array(fc.integer({ min: 0, max: 40 }), { minLength: n, maxLength: n })
/** A few months in which everybody who is somewhere goes on from there. */
const panel: fc.Arbitrary<StagePanel> = fc
  .record({ n: fc.integer({ min: 1, max: 5 }), periods: fc.integer({ min: 1, max: 5 }), seed: fc.nat() })
  .chain(({ n, periods, seed }) =>
    fc
      .record({ rates: rows(n), opening: counts(n), arrivals: counts(n) })
      .map(({ rates, opening, arrivals }) =>
        panelOf({
          states: names.slice(0, n),
          rates,
          opening,
          arrivals: () => arrivals,
          periods,
          random: random(seed),
        }),
      ),
  )
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
const relative = (one: number, other: number) => Math.abs(one - other) / (Math.abs(other) + 1e-12)

describe('counted rates', () => {
  test('rows sum to 1, means lie within their intervals, and the model survives JSON', () => {
    fc.assert(
      fc.property(
        panel,
        fc.constantFrom<TransitionPrior>('jeffreys', 'uniform', { alpha: 0.01 }),
        (given, prior) => {
          const found = fitTransitions(given, { prior })
          if (found.kind === 'undefined') {
            expect(found.reason).toBe('no-moves')
            return
          }
          for (const [i, row] of found.rows.entries()) {
            expect([0, 1].some((one) => Math.abs(sum(found.rates[i]!) - one) < 1e-12)).toBe(true)
            if (row.kind !== 'estimate') continue
            expect(sum(row.rates.map(({ value }) => value))).toBeCloseTo(1, 12)
            expect(sum(row.rates.map(({ count }) => count))).toBe(row.subjects)
            for (const { value, interval } of row.rates) {
              expect(interval.low).toBeLessThanOrEqual(interval.high)
              expect(value).toBeGreaterThanOrEqual(0)
              // With a prior next to nothing a mean may lie above most of its distribution.
              if (prior !== 'jeffreys' && prior !== 'uniform') continue
              expect(interval.low).toBeLessThanOrEqual(value)
              expect(interval.high).toBeGreaterThanOrEqual(value)
            }
          }
          expect(JSON.parse(JSON.stringify(found))).toEqual(found)
        },
      ),
      { numRuns: runs(25, 1000) },
    )
  })

  test('the order of states changes neither rates nor tests nor what follows', () => {
    fc.assert(
      fc.property(panel, fc.infiniteStream(fc.nat()), (given, picks) => {
        const left = given.states.map((_, i) => i)
        const order: number[] = []
        while (left.length > 0) order.push(...left.splice(picks.next().value! % left.length, 1))
        const at = (i: number) => order.indexOf(i)
        const other: StagePanel = {
          ...given,
          states: order.map((i) => given.states[i]!),
          periods: given.periods.map((one) => ({
            ...one,
            moves: order.map((i) => order.map((j) => one.moves[i]![j]!)),
            arrivals: order.map((i) => one.arrivals[i]!),
            triples: one.triples!.map(([b, f, t, count]) => [at(b), at(f), at(t), count] as const),
          })),
        }
        const [first, second] = [given, other].map((one) => fitTransitions(one, { prior: 'jeffreys' }))
        if (first!.kind === 'undefined' || second!.kind === 'undefined') {
          expect(second).toEqual(first)
          return
        }
        const [one, two] = [first!, second!]
        for (const [k, i] of order.entries())
          for (const [l, j] of order.entries()) expect(two.rates[k]![l]).toBe(one.rates[i]![j])
        for (const key of ['dependence', 'memory', 'constancy'] as const) {
          const [a, b] = [testMarkov(given)[key], testMarkov(other)[key]]
          expect(b.kind).toBe(a.kind)
          if (a.kind !== 'estimate' || b.kind !== 'estimate') continue
          expect(b.degreesOfFreedom).toBe(a.degreesOfFreedom)
          expect(Math.abs(b.g2 - a.g2)).toBeLessThan(1e-9 * (1 + a.g2))
        }
        const chance = { random: random(1), draws: 100 }
        const [ahead, aheadOther] = [one, two].map((its) =>
          forecastStages(its, { periods: 4, arrivals: 'as-seen', ...chance }),
        )
        expect(aheadOther!.kind).toBe(ahead!.kind)
        if (ahead!.kind === 'forecast' && aheadOther!.kind === 'forecast')
          for (const [t, { stages }] of ahead!.periods.entries())
            for (const { stage, expected } of stages)
              expect(aheadOther!.periods[t]!.stages.find((its) => its.stage === stage)!.expected).toBeCloseTo(
                expected,
                9,
              )
        const terms = { margins: { a: 5 }, discountRate: 0.1 }
        const [worth, worthOther] = [one, two].map((its) => stageValues(its, terms, chance))
        expect(worthOther!.kind).toBe(worth!.kind)
        if (worth!.kind === 'estimate' && worthOther!.kind === 'estimate')
          for (const { state, value } of worth!.states)
            expect(worthOther!.states.find((its) => its.state === state)!.value).toBeCloseTo(value, 9)
      }),
      { numRuns: runs(15, 500) },
    )
  })

  test('intervals of rates cover the true rates as often as they say', () => {
    let [covered, all] = [0, 0]
    const worlds = runs(25, 600)
    for (let i = 0; i < worlds; i += 1) {
      const { rows: found } = there(
        fitTransitions(shopPanel(random(`rates ${i}`), 3), { prior: 'jeffreys', level: 0.9 }),
      )
      for (const [k, row] of found.entries()) {
        if (row.kind !== 'estimate') continue
        for (const [j, { interval }] of row.rates.entries()) {
          const rate = shopRates[k]![j]!
          // An interval of equal tails never reaches a rate of 0.
          if (rate === 0) continue
          all += 1
          if (interval.low <= rate && rate <= interval.high) covered += 1
        }
      }
    }
    // Seven rates a world, of which four are free.
    const spread = Math.sqrt((0.9 * 0.1) / (4 * worlds))
    expect(Math.abs(covered / all - 0.9)).toBeLessThan(3.5 * spread)
  })
})

describe('forecasts', () => {
  test('expected counts are those of algebra, and the mean of the draws comes to them', () => {
    fc.assert(
      fc.property(model, fc.integer({ min: 1, max: 6 }), (one, periods) => {
        const arrivals = one.states.map((_, i) => 3 * i)
        const { periods: found } = there(
          forecastStages(one, { periods, arrivals, random: random(1), draws: 100 }),
        )
        let expected: readonly number[] = one.closing
        for (const { expectedStates, stages } of found) {
          expected = expected.map(
            (_, j) => sum(expected.map((count, i) => count * one.rates[i]![j]!)) + arrivals[j]!,
          )
          for (const [j, count] of expected.entries()) {
            expect(expectedStates[j]).toBeCloseTo(count, 8)
            expect(stages[j]!.low).toBeLessThanOrEqual(stages[j]!.median)
            expect(stages[j]!.median).toBeLessThanOrEqual(stages[j]!.high)
            // The median of 100 draws of a count whose variance is below it.
            expect(Math.abs(stages[j]!.median - count)).toBeLessThan(0.8 * Math.sqrt(count) + 2)
          }
        }
      }),
      { numRuns: runs(20, 500) },
    )
  })

  test('intervals cover what comes as often as they say', () => {
    let [covered, all] = [0, 0]
    const worlds = runs(20, 500)
    for (let i = 0; i < worlds; i += 1) {
      const whole = shopPanel(random(`world ${i}`), 12)
      const fitted = there(
        fitTransitions({ ...whole, periods: whole.periods.slice(0, 8) }, { prior: 'jeffreys' }),
      )
      const { periods } = there(
        forecastStages(fitted, { periods: 4, arrivals: 'as-seen', random: random(i), draws: 200 }),
      )
      const last = whole.periods[11]!
      const actual = last.arrivals.map((count, j) => count + sum(last.moves.map((row) => row[j]!)))
      for (const [j, { low, high }] of periods[3]!.stages.entries()) {
        all += 1
        if (low <= actual[j]! && actual[j]! <= high) covered += 1
      }
    }
    // Three stages a world that move together: as if there were one and a half.
    const spread = Math.sqrt((0.8 * 0.2) / (1.5 * worlds))
    expect(Math.abs(covered / all - 0.8)).toBeLessThan(3.5 * spread)
  })

  test('ten times the people, ten times the counts, and a narrower interval beside them', () => {
    const [small, large] = [1, 100].map((size) => {
      const one = assumeTransitions({
        states: ['active', 'dormant', 'lapsed'],
        unit: 'month',
        rates: shopRates,
        after: '2024-12',
        closing: [80 * size, 30 * size, 10 * size],
      })
      return there(forecastStages(one, { periods: 6, random: random(2), draws: 400 })).periods[5]!.stages[0]!
    })
    expect(large!.expected).toBeCloseTo(100 * small!.expected, 6)
    const width = ({ high, low, expected }: { high: number; low: number; expected: number }) =>
      (high - low) / expected
    expect(width(large!) / width(small!)).toBeGreaterThan(0.07)
    expect(width(large!) / width(small!)).toBeLessThan(0.14)
  })
})

describe('changes', () => {
  const change = fc.record({
    from: fc.nat(),
    to: fc.nat(),
    times: fc.double({ min: 0, max: 1, noNaN: true }),
    taken: fc.option(fc.nat()),
  })
  const written = (
    one: TransitionModel,
    { from, to, times, taken }: { from: number; to: number; times: number; taken: number | null },
  ): RateChange => {
    const n = one.states.length
    const target = to % n
    const other = taken === null ? undefined : one.states[(target + 1 + (taken % (n - 1))) % n]
    return {
      from: one.states[from % n]!,
      to: one.states[target]!,
      times,
      ...(other !== undefined && { takenFrom: other }),
    }
  }

  test('rows still sum to 1; the rate is what was asked; the others keep their proportions, or all but the one named', () => {
    fc.assert(
      fc.property(model, change, (one, drawn) => {
        const asked = written(one, drawn)
        const changed = changeRates(one, [asked])
        const [i, j] = [one.states.indexOf(asked.from), one.states.indexOf(asked.to)]
        for (const [k, row] of changed.rates.entries()) {
          expect(sum(row)).toBeCloseTo(1, 12)
          if (k !== i) expect(row).toEqual(one.rates[k])
        }
        const [before, after] = [one.rates[i]!, changed.rates[i]!]
        expect(after[j]).toBeCloseTo(before[j]! * drawn.times, 12)
        const given = asked.takenFrom === undefined ? -1 : one.states.indexOf(asked.takenFrom)
        for (const [k, rate] of before.entries()) {
          if (k === j || k === given) continue
          if (given >= 0) expect(after[k]).toBe(rate)
          else expect(relative(after[k]! * (1 - before[j]!), rate * (1 - after[j]!))).toBeLessThan(1e-9)
        }
      }),
      { numRuns: runs(150, 3000) },
    )
  })

  /** A target as a number. */
  function targetOf(one: TransitionModel, target: ElasticityTarget): number {
    const found = rateElasticities(one, target)
    if (found.kind !== 'estimate') throw new Error(found.reason)
    return found.target
  }

  test.each<readonly [string, ElasticityTarget]>([
    ['a share after some periods, with arrivals', { share: 'a', periods: 5, arrivals: [9, 4, 1, 3, 0, 2] }],
    ['a share in the long run', { steadyShare: 'b' }],
    ['a value for ever', { value: { margins: { a: 7, b: -2 }, discountRate: 0.08 } }],
    [
      'a value over some periods',
      { value: { margins: { a: 7, b: -2 }, discountRate: 0, horizon: 6, cash: 'end' } },
    ],
  ])('elasticities are what small changes do: %s', (_, target) => {
    fc.assert(
      fc.property(model, (one) => {
        const asked =
          'share' in target
            ? { ...target, arrivals: (target.arrivals as number[]).slice(0, one.states.length) }
            : target
        const found = rateElasticities(one, asked)
        if (found.kind !== 'estimate') throw new Error(found.reason)
        const step = 1e-5
        for (const { from, to, rate, elasticity, perPoint } of found.rates.slice(0, 6)) {
          const [up, down] = [1 + step, 1 - step].map((times) =>
            targetOf(changeRates(one, [{ from, to, times }]), asked),
          )
          const slope = (up! - down!) / (2 * step * found.target)
          expect(Math.abs(elasticity - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)))
          expect(relative(perPoint * 100 * rate, elasticity * found.target)).toBeLessThan(1e-9)
        }
      }),
      { numRuns: runs(20, 500) },
    )
  })

  test('without discounting a value counts the visits that are left', () => {
    const one = assumeTransitions({
      states: ['a', 'b', 'gone'],
      unit: 'month',
      rates: [
        [0.6, 0.3, 0.1],
        [0.2, 0.5, 0.3],
        [0, 0, 1],
      ],
      after: '2024-12',
      closing: [10, 5, 1],
    })
    const target = { value: { margins: { a: 3, b: 1 }, discountRate: 0 } } as const
    const found = rateElasticities(one, target)
    if (found.kind !== 'estimate') throw new Error(found.reason)
    for (const { from, to, elasticity } of found.rates) {
      const step = 1e-5
      const [up, down] = [1 + step, 1 - step].map((times) =>
        targetOf(changeRates(one, [{ from, to, times }]), target),
      )
      expect(elasticity).toBeCloseTo((up! - down!) / (2 * step * found.target), 6)
    }
  })

  test('before and after of a what-if are two forecasts, and the value their difference', () => {
    fc.assert(
      fc.property(model, change, (one, drawn) => {
        const asked = written(one, drawn)
        const value = { margins: { a: 4, b: -1 }, discountRate: 0.03 }
        const setting = { periods: 5, random: random(1), runs: 100, value }
        const found = there(whatIf(one, { by: 'rates', changes: [asked] }, setting))
        const sides = [one, changeRates(one, [asked])].map((its) => ({
          periods: there(forecastStages(its, { periods: 5, random: random(1), draws: 100 })).periods,
          worth: sum(
            there(stageValues(its, { ...value, horizon: 5 }, { random: random(1), draws: 100 })).states.map(
              (state, i) => state.value * one.closing[i]!,
            ),
          ),
        }))
        for (const [t, { stages }] of found.periods.entries()) {
          for (const [k, { before, after, difference }] of stages.entries()) {
            expect(before.value).toBeCloseTo(sides[0]!.periods[t]!.stages[k]!.expected, 8)
            expect(after.value).toBeCloseTo(sides[1]!.periods[t]!.stages[k]!.expected, 8)
            expect(difference.value).toBeCloseTo(after.value - before.value, 8)
          }
        }
        expect(found.value!.before.value).toBeCloseTo(sides[0]!.worth, 6)
        expect(found.value!.after.value).toBeCloseTo(sides[1]!.worth, 6)
      }),
      { numRuns: runs(12, 300) },
    )
  })

  test('a what-if of nothing is exactly nothing, also of rates that are drawn', () => {
    const counted = there(fitTransitions(shopPanel(random('nothing'), 4), { prior: 'jeffreys' }))
    for (const change of [{ times: 1 }, { plus: 0 }] as const) {
      const changes = [{ from: 'active', to: 'dormant', ...change }]
      const found = there(
        whatIf(
          counted,
          { by: 'rates', changes },
          { periods: 3, arrivals: 'as-seen', random: random(1), runs: 100 },
        ),
      )
      for (const { stages } of found.periods)
        for (const { difference, before } of stages) {
          expect([difference.value, difference.interval.low, difference.interval.high]).toEqual([0, 0, 0])
          expect(before.interval.high).toBeGreaterThan(before.interval.low)
        }
    }
  })
})

test('who is followed one by one is nowhere twice, and comes to what algebra expects', () => {
  fc.assert(
    fc.property(model, (one) => {
      const setting = { periods: 4, random: random(1), runs: 60, arrivals: one.states.map((_, i) => i) }
      const simulated = there(simulateStages(one, {}, setting))
      const { periods } = there(
        forecastStages(one, { periods: 4, random: random(1), draws: 100, arrivals: setting.arrivals }),
      )
      const newcomers = sum(setting.arrivals)
      for (const [t, { stages }] of simulated.periods.entries()) {
        expect(sum(stages.map(({ value }) => value))).toBeCloseTo(sum(one.closing) + (t + 1) * newcomers, 8)
        for (const [k, { value }] of stages.entries()) {
          const { expected } = periods[t]!.stages[k]!
          expect(Math.abs(value - expected)).toBeLessThan(5 * Math.sqrt(expected / 60) + 0.2)
        }
      }
    }),
    { numRuns: runs(8, 200) },
  )
})

test('waits are longer where less leaves, and their shares sum to 1', () => {
  fc.assert(
    fc.property(model, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (one, times) => {
      const end = one.states[0]!
      const draws = { absorbing: [end], random: random(1), draws: 100 }
      const slower = changeRates(
        one,
        one.states.slice(1).map((from) => ({ from, to: end, times })),
      )
      const [first, second] = [one, slower].map((its) => there(stageAbsorption(its, draws)))
      for (const [i, { periods, ends }] of first!.states.entries()) {
        expect(second!.states[i]!.periods.value).toBeGreaterThan(periods.value)
        expect(sum(ends.map(({ value }) => value))).toBeCloseTo(1, 12)
      }
    }),
    { numRuns: runs(15, 500) },
  )
})
