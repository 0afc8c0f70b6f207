// The laws of a plan: money and people are neither made nor lost, in any currency, shape and pace.
import * as fc from 'fast-check'
import {
  cheapestMoves,
  defineStagePlan,
  expectedStages,
  flowNeeded,
  gapToGoal,
  type Money,
  minorDigits,
  planBudget,
  stagePlanFrom,
  stagePlanRows,
  sumMoney,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { forward } from './support/forward.js'
import { plans, shortPlans } from './support/random.js'

const law = { numRuns: runs(70, 5000) }

test('every margin of a budget adds up to the whole, to the smallest unit', () => {
  fc.assert(
    fc.property(plans, ({ plan, definition }) => {
      const budget = planBudget(plan)
      const { currency } = budget
      const sum = (list: readonly { readonly amount: string }[]) =>
        sumMoney(
          list.map(({ amount }): Money => ({ amount, currency })),
          currency,
        ).amount
      const wholes = definition.years.map((year) => ({ amount: String(definition.budget[year]!.whole) }))
      for (const margin of ['years', 'lines', 'stages', 'owners', 'stageYears', 'cells'] as const)
        expect(sum(budget[margin])).toBe(budget.whole)
      expect(budget.whole).toBe(sum(wholes))
      for (const [i, { year, amount }] of budget.years.entries()) {
        expect(amount).toBe(sum([wholes[i]!]))
        expect(sum(budget.stageYears.filter((one) => one.year === year))).toBe(amount)
        expect(sum(budget.cells.filter((one) => one.year === year))).toBe(amount)
      }
      for (const { line, amount } of budget.lines)
        expect(sum(budget.cells.filter((one) => one.line === line))).toBe(amount)
      for (const { stage, amount } of budget.stages)
        expect(sum(budget.stageYears.filter((one) => one.stage === stage))).toBe(amount)
      for (const { owner, amount } of budget.owners)
        expect(sum(budget.cells.filter((one) => one.owner === owner))).toBe(amount)
      const rows = stagePlanRows(plan)
      const shared = budget.stages.filter(({ stage }) => stage === null)
      expect(sum([...rows.map(({ budget: amount }) => ({ amount })), ...shared])).toBe(budget.whole)
      for (const { amount } of budget.cells) {
        expect(amount).not.toContain('-')
        expect((amount.split('.')[1] ?? '').length).toBe(minorDigits(currency))
      }
    }),
    law,
  )
})

test('the order of keys changes nothing', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, part]) => [key, turned(part)]),
    )
  }
  fc.assert(
    fc.property(plans, ({ plan, opening }) => {
      const other = stagePlanFrom(turned(plan.definition))
      expect(other.hash).toBe(plan.hash)
      expect(planBudget(other)).toEqual(planBudget(plan))
      expect(expectedStages(other, { opening })).toEqual(expectedStages(plan, { opening }))
    }),
    law,
  )
})

test('people are neither made nor lost, and nobody moves who is not there', () => {
  fc.assert(
    fc.property(plans, ({ plan, opening }) => {
      let before = opening
      for (const year of expectedStages(plan, { opening })) {
        expect(year.opening).toEqual(before)
        const all = (counts: Readonly<Record<string, number>>) =>
          Object.values(counts).reduce((sum, one) => sum + one, 0)
        expect(all(year.opening) + year.arrived).toBe(all(year.closing) + year.left)
        for (const stage of plan.stages) {
          const moved = (key: 'from' | 'to') =>
            year.moves.reduce((sum, move) => (move[key] === stage ? sum + move.people : sum), 0)
          expect(year.opening[stage]! + moved('to') - moved('from')).toBe(year.closing[stage])
          expect(year.closing[stage]).toBeGreaterThanOrEqual(0)
        }
        before = year.closing
      }
    }),
    law,
  )
})

test('whole people stay near fractions of people', () => {
  fc.assert(
    fc.property(plans, ({ plan, definition, opening }) => {
      const ends = forward(definition, opening)
      // At most one person a flow is rounded away, each year and on from there.
      const bound = definition.flows.length * definition.years.length * 2
      for (const { year, closing } of expectedStages(plan, { opening }))
        for (const stage of plan.stages)
          expect(Math.abs(closing[stage]! - ends.get(year)![stage]!)).toBeLessThanOrEqual(bound)
    }),
    law,
  )
})

test('so many more arrivals meet the bound, and one fewer does not', () => {
  let tried = 0
  fc.assert(
    fc.property(fc.oneof(plans, shortPlans), ({ plan, opening }) => {
      const year = plan.years.at(-1)!
      const standingWith = (at: number, entry: string, more: number) => {
        const planned = expectedStages(plan, { opening }).find((one) => one.year === at)!
        const coming: Record<string, number> = {}
        for (const { from, to, people } of planned.moves) if (from === null) coming[to!] = people
        coming[entry] = (coming[entry] ?? 0) + more
        return flowNeeded(plan, { year, opening, arrivals: { [at]: coming } })[0]!
      }
      for (const { arrivals } of flowNeeded(plan, { year, opening }))
        for (const one of arrivals) {
          if (one.kind === 'undefined') continue
          tried += 1
          const enough = standingWith(one.year, one.entry, one.more)
          expect(enough.expected.holds).toBe(true)
          expect(enough.expected.guards.every(({ holds }) => holds)).toBe(one.guardsHold)
          expect(standingWith(one.year, one.entry, one.more - 1).expected.holds).toBe(false)
          expect(one.more).toBeGreaterThan(0)
        }
    }),
    law,
  )
  expect(tried).toBeGreaterThan(law.numRuns / 50)
})

test('a way closes the gap to a person or few, run forwards in fractions of people', () => {
  let tried = 0
  fc.assert(
    fc.property(shortPlans, ({ plan, definition, opening }) => {
      const year = plan.years.at(-1)!
      for (const { stage, goal, ways, expected } of flowNeeded(plan, { year, opening })) {
        if (goal.measure === 'rate') continue
        for (const { from, to, more } of ways) {
          if (more === null) continue
          const flow = definition.flows.findIndex((one) => one.from === from && one.to === to)
          // A move by a count takes who is left, so pushing people into its stage pushes them on.
          if (definition.flows.some((one) => 'count' in one && one.from !== null)) continue
          const end = forward(definition, opening, { year, flow, people: more }).get(year)!
          const all = Object.values(end).reduce((sum, one) => sum + one, 0)
          const value = goal.measure === 'count' ? end[stage]! : end[stage]! / all
          const bound = goal.atLeast ?? goal.atMost!
          const target = typeof bound === 'string' ? Number(bound.slice(0, -1)) / 100 : bound
          const slack = definition.flows.length * definition.years.length * 2 + 1
          const people = (value - target) * (goal.measure === 'count' ? 1 : all)
          expect(Math.abs(people)).toBeLessThanOrEqual(slack)
          expect(expected.holds).toBe(false)
          tried += 1
        }
      }
    }),
    law,
  )
  expect(tried).toBeGreaterThan(law.numRuns / 50)
})

test('what a move brings is what it brings when it is run forwards', () => {
  let tried = 0
  fc.assert(
    fc.property(plans, fc.nat({ max: 4 }), ({ plan, definition, opening }, back) => {
      const year = plan.years.at(-1)!
      const spentIn = Math.max(plan.years[0]!, year - back)
      const stage = plan.stages.at(-1)!
      const goal = definition.goals[stage]![year]!
      const { moves } = cheapestMoves(plan, { stage, year, spentIn, opening })
      if (goal.measure === 'rate' || definition.flows.some((one) => 'count' in one && one.from !== null))
        return
      const bound = goal.atLeast ?? goal.atMost!
      const target = typeof bound === 'string' ? Number(bound.slice(0, -1)) / 100 : 0
      const sign = goal.atLeast === undefined ? -1 : 1
      const reached = (end: Readonly<Record<string, number>>) =>
        end[stage]! - target * Object.values(end).reduce((sum, one) => sum + one, 0)
      const before = reached(forward(definition, opening).get(year)!)
      for (const { from, to, perPerson, perUnit, cost } of moves) {
        const flow = definition.flows.findIndex((one) => one.from === from && one.to === to)
        // As many as there are, so that a fraction is not lost behind large numbers.
        const people = 1000
        const after = reached(forward(definition, opening, { year: spentIn, flow, people }).get(year)!)
        expect(perPerson).toBeCloseTo((sign * (after - before)) / people, 6)
        if (perUnit !== null) expect(perUnit).toBe(perPerson / Number(cost))
        tried += 1
      }
      const units = moves.flatMap(({ perUnit }) => (perUnit === null ? [] : [perUnit]))
      expect(units).toEqual([...units].sort((a, b) => b - a))
    }),
    law,
  )
  expect(tried).toBeGreaterThan(law.numRuns / 4)
})

test('a goal is met only with its guards, and nothing that exists is not a number', () => {
  fc.assert(
    fc.property(plans, ({ plan, opening }) => {
      const year = plan.years.at(-1)!
      for (const { now, atYearEnd, status } of gapToGoal(plan, { year, counts: opening }))
        for (const { figure, holds, gap, guards, met } of [now, atYearEnd]) {
          expect(met).toBe(holds && guards.every((guard) => guard.holds))
          expect(gap === null).toBe(figure.kind === 'undefined')
          if (gap !== null) expect(Number.isSafeInteger(gap) && gap >= 0).toBe(true)
          expect(holds).toBe(gap === 0)
          if (figure.kind === 'share' || figure.kind === 'rate')
            expect(figure.value).toBe(figure.people / figure.of)
          if (status === 'met') expect(met).toBe(true)
        }
    }),
    law,
  )
})

test('what is chosen costs what its moves cost, is done by people who are there, and leaves guards that held as they were', () => {
  let [tried, guarded] = [0, 0]
  fc.assert(
    fc.property(shortPlans, ({ plan, definition, opening }) => {
      const [stage, year] = [plan.stages.at(-1)!, plan.years.at(-1)!]
      const asked = cheapestMoves(plan, { stage, year, opening })
      const { moves, chosen, cost, currency, short, unreached, total, money } = asked
      const sum = (list: readonly string[]) =>
        sumMoney(
          list.map((amount): Money => ({ amount, currency })),
          currency,
        ).amount
      expect(sum(chosen.map((one) => one.cost))).toBe(cost)
      for (const key of ['budget', 'expected', 'more'] as const)
        expect(sum(money.map((one) => one[key]))).toBe(total[key])
      let brought = 0
      for (const { from, to, people } of chosen) {
        const move = moves.find((one) => one.from === from && one.to === to)!
        expect(people).toBeGreaterThan(0)
        if (move.spare !== null) expect(people).toBeLessThanOrEqual(move.spare)
        brought += people * move.perPerson
      }
      expect(brought + unreached).toBeGreaterThan((short ?? 0) - 1e-6)
      if (chosen.length > 0 && unreached === 0) expect(brought).toBeLessThan(short! + 1 + 1e-6)

      if (chosen.length === 0 || definition.flows.some((one) => 'count' in one && one.from !== null)) return
      tried += 1
      const pushed = chosen.map(({ from, to, people }) => ({
        ...{ year, people, flow: definition.flows.findIndex((one) => one.from === from && one.to === to) },
      }))
      const guard = (end: Readonly<Record<string, number>>) =>
        0.9 * Object.values(end).reduce((all, one) => all + one, 0) - end[plan.stages[0]!]!
      const before = guard(forward(definition, opening).get(year)!)
      const after = guard(forward(definition, opening, ...pushed).get(year)!)
      if (moves.some(({ hurts }) => hurts.length > 0)) guarded += 1
      const slack = definition.flows.length * definition.years.length * 2
      expect(after).toBeGreaterThan(Math.min(0, before) - slack)
    }),
    law,
  )
  expect(tried).toBeGreaterThan(law.numRuns / 50)
  expect(guarded).toBeGreaterThan(law.numRuns / 50)
})

test('a plan of its definition is the plan', () => {
  fc.assert(
    fc.property(plans, ({ plan, definition }) => {
      expect(stagePlanFrom(JSON.parse(JSON.stringify(plan.definition))).hash).toBe(plan.hash)
      expect(defineStagePlan(definition).definition).toEqual(JSON.parse(JSON.stringify(definition)))
    }),
    law,
  )
})
