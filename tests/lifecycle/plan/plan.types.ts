// What must not compile: whatever a misspelling would make of a plan.
import {
  cheapestMoves,
  compareStagePlan,
  defineStagePlan,
  expectedStages,
  flowNeeded,
  gapToGoal,
  planBudget,
  type StagePlanDefinition,
} from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const parts = {
  id: 'members',
  version: 1,
  currency: 'CNY',
  pace: 'one-move-a-year',
  stages: ['lead', 'active'],
  years: [2026, 2027],
  lines: ['segmentation', 'content'],
  owners: { lead: 'growth', active: 'members' },
  goals: { active: { 2026: { measure: 'count', atLeast: 3000 } } },
  budget: {
    2026: { whole: '1', lines: { segmentation: '40%', content: 'remaining' }, stages: { lead: 1 } },
    2027: { whole: '1', lines: { content: { portion: 1, owner: 'data' } } },
  },
  flows: [{ from: 'lead', to: 'active', share: '25%' }],
} as const satisfies StagePlanDefinition
const plan = defineStagePlan(parts)

test('names of a plan are its own', () => {
  // @ts-expect-error a misspelt stage has an owner
  defineStagePlan({ ...parts, owners: { lead: 'growth', active: 'members', actve: 'x' } })
  // @ts-expect-error a stage without an owner
  defineStagePlan({ ...parts, owners: { lead: 'growth' } })
  // @ts-expect-error a misspelt stage has a goal
  defineStagePlan({ ...parts, goals: { actve: { 2026: { measure: 'count', atLeast: 1 } } } })
  // @ts-expect-error a goal in no year of the plan
  defineStagePlan({ ...parts, goals: { active: { 2062: { measure: 'count', atLeast: 1 } } } })
  // @ts-expect-error a rate to a misspelt stage
  defineStagePlan({ ...parts, goals: { lead: { 2026: { measure: 'rate', to: 'actve', atLeast: 0.1 } } } })
  const guards = [{ stage: 'actve', measure: 'share', atMost: 0.2 }] as const
  // @ts-expect-error a guard on a misspelt stage
  defineStagePlan({ ...parts, goals: { lead: { 2026: { measure: 'count', atLeast: 1, guards } } } })
  // @ts-expect-error a flow from a misspelt stage
  defineStagePlan({ ...parts, flows: [{ from: 'leed', to: 'active', share: 0.1 }] })
  // @ts-expect-error a flow to a misspelt stage
  defineStagePlan({ ...parts, flows: [{ from: 'lead', to: 'actve', share: 0.1 }] })
  // @ts-expect-error a flow in no year of the plan
  defineStagePlan({ ...parts, flows: [{ from: 'lead', to: 'active', share: { 2062: 0.1 } }] })
  const { 2027: later } = parts.budget
  // @ts-expect-error a year without money
  defineStagePlan({ ...parts, budget: { 2026: parts.budget[2026] } })
  const line = { whole: '1', lines: { segmentaton: '40%' }, stages: { lead: 1 } } as const
  // @ts-expect-error a misspelt line
  defineStagePlan({ ...parts, budget: { 2026: line, 2027: later } })
  const falls = { whole: '1', lines: { content: 1 }, stages: { leed: 1 } } as const
  // @ts-expect-error money for a misspelt stage
  defineStagePlan({ ...parts, budget: { 2026: falls, 2027: later } })
  // @ts-expect-error a word for a misspelt stage
  defineStagePlan({ ...parts, words: { zh: { leed: '潜客' } } })
})

test('goals, flows and lines are whole', () => {
  // @ts-expect-error no bound
  defineStagePlan({ ...parts, goals: { active: { 2026: { measure: 'count' } } } })
  const two = { measure: 'count', atLeast: 1, atMost: 2 } as const
  // @ts-expect-error two bounds
  defineStagePlan({ ...parts, goals: { active: { 2026: two } } })
  // @ts-expect-error a count of people is a number
  defineStagePlan({ ...parts, goals: { active: { 2026: { measure: 'count', atLeast: '30%' } } } })
  // @ts-expect-error arrivals are no share of a stage
  defineStagePlan({ ...parts, flows: [{ from: null, to: 'lead', share: 0.1 }] })
  // @ts-expect-error neither a share nor a count
  defineStagePlan({ ...parts, flows: [{ from: 'lead', to: 'active' }] })
  // @ts-expect-error money is decimal text
  defineStagePlan({ ...parts, flows: [{ from: 'lead', to: 'active', share: 0.1, cost: 12.5 }] })
  const both = { portion: 1, owner: 'data', stages: { lead: 1 } } as const
  // @ts-expect-error a line for stages that has an owner of its own
  defineStagePlan({ ...parts, budget: { ...parts.budget, 2027: { whole: '1', lines: { content: both } } } })
  // @ts-expect-error the pace is said
  defineStagePlan({ ...parts, pace: undefined })
})

test('verbs ask about stages and years of the plan', () => {
  const opening = { lead: 1, active: 1 }
  expectedStages(plan, { opening, arrivals: { 2027: { lead: 5 } } })
  // @ts-expect-error a stage without a count
  expectedStages(plan, { opening: { lead: 1 } })
  // @ts-expect-error arrivals at a misspelt stage
  expectedStages(plan, { opening, arrivals: { 2027: { leed: 5 } } })
  // @ts-expect-error a year that the plan does not have
  flowNeeded(plan, { year: 2028, opening })
  // @ts-expect-error a misspelt stage
  cheapestMoves(plan, { stage: 'actve', year: 2027, opening })
  // @ts-expect-error an unknown moment
  gapToGoal(plan, { year: 2026, counts: opening, at: 'now' })
  // @ts-expect-error money for a misspelt stage
  compareStagePlan(plan, { year: 2026, opening, actual: { counts: opening, spent: { leed: '1' } } })
})

test('answers have the names of the plan', () => {
  const [year] = expectedStages(plan, { opening: { lead: 1, active: 1 } })
  expectTypeOf(year!.closing).toEqualTypeOf<{ readonly lead: number; readonly active: number }>()
  expectTypeOf(year!.year).toEqualTypeOf<2026 | 2027>()
  expectTypeOf(planBudget(plan).lines[0]!.line).toEqualTypeOf<'segmentation' | 'content'>()
  expectTypeOf(planBudget(plan).stages[0]!.stage).toEqualTypeOf<'lead' | 'active' | null>()
  const [gap] = gapToGoal(plan, { year: 2026, counts: { lead: 1, active: 1 } })
  // @ts-expect-error there may be no figure
  gap!.now.figure.people
  // @ts-expect-error the gap may not exist
  const people: number = gap!.now.gap
  return people
})
