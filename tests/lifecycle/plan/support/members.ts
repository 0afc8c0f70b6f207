// A plan small enough to work out by hand.
import { defineStagePlan, type PlanFlow, type StagePlanDefinition } from 'liuliang'

export const definition = {
  id: 'members',
  version: 1,
  currency: 'CNY',
  pace: 'several-moves-a-year',
  stages: ['lead', 'active'],
  years: [2026],
  lines: ['segmentation', 'content'],
  owners: { lead: 'growth', active: 'members' },
  goals: { active: { 2026: { measure: 'count', atLeast: 3000 } } },
  budget: {
    2026: {
      whole: '100000',
      lines: { segmentation: '40%', content: 'remaining' },
      stages: { lead: 1, active: 1 },
    },
  },
  flows: [
    { from: null, to: 'lead', count: 10_000 },
    { from: 'lead', to: 'active', share: '25%', cost: '12.50' },
  ],
} as const satisfies StagePlanDefinition

export const members = defineStagePlan(definition)

/** A plan of three stages and two years with other goals and flows; one line, no money. */
export const small = (change: {
  readonly goals?: StagePlanDefinition<'a' | 'b' | 'c', 'all', 2026 | 2027>['goals']
  readonly flows?: readonly PlanFlow<'a' | 'b' | 'c', 2026 | 2027>[]
  readonly pace?: StagePlanDefinition['pace']
  readonly whole?: string
}) => {
  const nothing = { whole: change.whole ?? '0', lines: { all: 1 }, stages: { a: 1, b: 1, c: 1 } }
  return defineStagePlan({
    ...{ id: 'small', version: 1, currency: 'CNY', pace: change.pace ?? 'several-moves-a-year' },
    ...{ stages: ['a', 'b', 'c'], years: [2026, 2027], lines: ['all'] },
    owners: { a: 'one', b: 'two', c: 'three' },
    goals: change.goals ?? {},
    budget: { 2026: nothing, 2027: nothing },
    flows: change.flows ?? [],
  })
}
