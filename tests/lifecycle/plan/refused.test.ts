// What is refused, with its code and its place; and what a plan may leave out.
import {
  cheapestMoves,
  compareStagePlan,
  DefinitionError,
  defineStagePlan,
  expectedStages,
  flowNeeded,
  gapToGoal,
  planBudget,
  stagePlanFrom,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { definition, members } from './support/members.js'

type Path = readonly (string | number)[]

/** The definition with one part replaced. */
function changed([key, ...rest]: Path, value: unknown, part: unknown = definition): unknown {
  if (key === undefined) return value
  const inner = changed(rest, value, (part as Record<string | number, unknown>)[key])
  if (Array.isArray(part)) return part.map((one, i) => (i === key ? inner : one))
  return { ...(part as object), [key]: inner }
}

const budget = ['budget', 2026] as const
const flow = ['flows', 1] as const
const goal = ['goals', 'active', 2026] as const

const cases: readonly (readonly [why: string, at: Path, value: unknown, code: string, path: string])[] = [
  ['an id with blanks', ['id'], 'my plan', 'wrong-type', '$.id'],
  ['no version', ['version'], 0, 'out-of-range', '$.version'],
  ['a currency that is none', ['currency'], 'yuan', 'wrong-type', '$.currency'],
  ['no stages', ['stages'], [], 'missing', '$.stages'],
  ['a stage twice', ['stages'], ['lead', 'lead'], 'duplicate-name', '$.stages[1]'],
  ['a stage without a name', ['stages', 1], '', 'wrong-type', '$.stages[1]'],
  ['no years', ['years'], [], 'missing', '$.years'],
  ['a year left out', ['years'], [2026, 2028], 'out-of-range', '$.years[1]'],
  ['half a year', ['years'], [2026.5], 'out-of-range', '$.years[0]'],
  ['a stage without an owner', ['owners'], { lead: 'growth' }, 'missing', '$.owners.active'],
  ['an owner without a name', ['owners', 'lead'], '', 'wrong-type', '$.owners.lead'],
  ['an owner of no stage', ['owners', 'vip'], 'x', 'unknown-name', '$.owners.vip'],
  ['a goal of no stage', ['goals', 'vip'], {}, 'unknown-name', '$.goals.vip'],
  ['a goal in no year', ['goals', 'active', 2027], {}, 'unknown-name', '$.goals.active.2027'],
  [
    'a goal that is not a number',
    [...goal, 'atLeast'],
    Number.NaN,
    'out-of-range',
    '$.goals.active.2026.atLeast',
  ],
  ['a goal below zero', [...goal, 'atLeast'], -1, 'out-of-range', '$.goals.active.2026.atLeast'],
  ['more people than are counted', [...goal, 'atLeast'], 1e13, 'out-of-range', '$.goals.active.2026.atLeast'],
  ['half a person', [...goal, 'atLeast'], 0.5, 'out-of-range', '$.goals.active.2026.atLeast'],
  ['a goal with two bounds', [...goal, 'atMost'], 9000, 'missing', '$.goals.active.2026'],
  ['a goal without a bound', goal, { measure: 'count' }, 'missing', '$.goals.active.2026'],
  ['a measure that is none', [...goal, 'measure'], 'mood', 'unknown-name', '$.goals.active.2026.measure'],
  [
    'a share above 1',
    goal,
    { measure: 'share', atLeast: 1.2 },
    'out-of-range',
    '$.goals.active.2026.atLeast',
  ],
  [
    'a share above 100 %',
    goal,
    { measure: 'share', atMost: '120%' },
    'out-of-range',
    '$.goals.active.2026.atMost',
  ],
  [
    'a rate to nowhere',
    goal,
    { measure: 'rate', to: 'vip', atLeast: 0.5 },
    'unknown-name',
    '$.goals.active.2026.to',
  ],
  [
    'a rate to itself',
    goal,
    { measure: 'rate', to: 'active', atLeast: 0.5 },
    'out-of-range',
    '$.goals.active.2026.to',
  ],
  [
    'a guard on no stage',
    [...goal, 'guards'],
    [{ stage: 'vip', measure: 'share', atMost: 0.2 }],
    'unknown-name',
    '$.goals.active.2026.guards[0].stage',
  ],
  ['no money for a year', ['budget'], {}, 'missing', '$.budget.2026'],
  ['money for no year', ['budget', 2027], {}, 'unknown-name', '$.budget.2027'],
  ['money below zero', [...budget, 'whole'], '-1', 'invalid-amount', '$.budget.2026.whole'],
  ['money as a number', [...budget, 'whole'], 100, 'invalid-amount', '$.budget.2026.whole'],
  ['half a cent', [...budget, 'whole'], '0.005', 'invalid-amount', '$.budget.2026.whole'],
  [
    'money in another currency',
    [...budget, 'whole'],
    { amount: '1', currency: 'USD' },
    'currency-mismatch',
    '$.budget.2026.whole.currency',
  ],
  ['a line that is none', [...budget, 'lines', 'travel'], '1%', 'unknown-name', '$.budget.2026.lines.travel'],
  [
    'portions over 100 %',
    [...budget, 'lines'],
    { segmentation: '40%', content: '61%' },
    'out-of-range',
    '$.budget.2026.lines',
  ],
  [
    'portions under 100 %',
    [...budget, 'lines'],
    { segmentation: '40%', content: '59%' },
    'out-of-range',
    '$.budget.2026.lines',
  ],
  [
    'weights among portions',
    [...budget, 'lines'],
    { segmentation: '40%', content: 3 },
    'out-of-range',
    '$.budget.2026.lines',
  ],
  ['no lines', [...budget, 'lines'], {}, 'out-of-range', '$.budget.2026.lines'],
  [
    'a line for nobody',
    budget,
    { whole: '1', lines: { content: 1 } },
    'missing',
    '$.budget.2026.lines.content',
  ],
  [
    'a line with two owners',
    [...budget, 'lines', 'content'],
    { portion: 'remaining', owner: 'x', stages: { lead: 1 } },
    'wrong-type',
    '$.budget.2026.lines.content',
  ],
  ['a split to no stage', [...budget, 'stages', 'vip'], 1, 'unknown-name', '$.budget.2026.stages.vip'],
  [
    'a split below zero',
    [...budget, 'stages', 'lead'],
    -1,
    'out-of-range',
    '$.budget.2026.lines.segmentation.stages',
  ],
  ['another rounding', ['rounding'], 'up', 'unknown-name', '$.rounding'],
  ['another pace', ['pace'], 'fast', 'unknown-name', '$.pace'],
  ['a flow from no stage', [...flow, 'from'], 'vip', 'unknown-name', '$.flows[1].from'],
  ['a flow to itself', [...flow, 'to'], 'lead', 'out-of-range', '$.flows[1].to'],
  ['a flow twice', ['flows', 0], definition.flows[1], 'duplicate-name', '$.flows[1]'],
  [
    'a share of nobody',
    ['flows', 0],
    { from: null, to: 'lead', share: 0.1 },
    'wrong-type',
    '$.flows[0].share',
  ],
  [
    'from outside to outside',
    ['flows', 0],
    { from: null, to: null, count: 1 },
    'out-of-range',
    '$.flows[0].to',
  ],
  ['neither share nor count', flow, { from: 'lead', to: 'active' }, 'missing', '$.flows[1]'],
  ['a flow in no year', [...flow, 'share'], { 2027: 0.1 }, 'unknown-name', '$.flows[1].share.2027'],
  ['a share that is not a number', [...flow, 'share'], Number.NaN, 'wrong-type', '$.flows[1].share'],
  ['a cost below zero', [...flow, 'cost'], '-2', 'invalid-amount', '$.flows[1].cost'],
  [
    'more than everybody leaves',
    ['flows', 0],
    { from: 'lead', to: null, share: '75.1%' },
    'out-of-range',
    '$.flows',
  ],
  ['more people than there are', ['flows', 0, 'count'], 2e12, 'out-of-range', '$.flows[0].count'],
  ['a misspelt key', ['curency'], 'CNY', 'unknown-key', '$.curency'],
  ['a word for nothing', ['words'], { en: { vip: 'VIP' } }, 'unknown-name', '$.words.en.vip'],
]

const faultOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return [error.code, error.path]
    throw error
  }
  return undefined
}

describe('a definition is refused for', () => {
  test.each(cases)('%s', (_, at, value, code, path) => {
    const given = changed(at, value)
    expect(faultOf(() => defineStagePlan(given as never))).toEqual([code, path])
    // The schema sees many of them first; what it lets through is refused at the same place.
    const stored = faultOf(() => stagePlanFrom(given))
    expect(stored).toBeDefined()
  })

  test('hostile JSON', () => {
    const pollutes = JSON.parse(
      JSON.stringify(definition).replace('"owners":{', '"owners":{"__proto__":"x",'),
    )
    expect(faultOf(() => stagePlanFrom(pollutes))?.[0]).toBe('unknown-key')
    expect(faultOf(() => defineStagePlan(pollutes))?.[0]).toBe('unknown-name')
    let deep: unknown = 1
    for (let i = 0; i < 10_000; i++) deep = { deep }
    expect(faultOf(() => stagePlanFrom(deep))?.[0]).toBe('too-deep')
    const many = Array.from({ length: 300 }, (_, i) => `s${i}`)
    expect(faultOf(() => defineStagePlan(changed(['stages'], many) as never))?.[0]).toBe('too-large')
  })
})

const nobody = { lead: 0, active: 0 }
const asks: readonly (readonly [why: string, ask: () => unknown, code: string, path: string])[] = [
  ['no plan', () => planBudget({} as never), 'wrong-type', '$'],
  ['no people', () => expectedStages(members, {} as never), 'wrong-type', '$.opening'],
  [
    'a stage without a count',
    () => expectedStages(members, { opening: { lead: 1 } as never }),
    'missing',
    '$.opening.active',
  ],
  [
    'a count of no stage',
    () => expectedStages(members, { opening: { ...nobody, vip: 1 } as never }),
    'unknown-name',
    '$.opening.vip',
  ],
  [
    'not a number of people',
    () => expectedStages(members, { opening: { lead: Number.NaN, active: 0 } }),
    'out-of-range',
    '$.opening.lead',
  ],
  [
    'people below zero',
    () => gapToGoal(members, { year: 2026, counts: { lead: -1, active: 0 } }),
    'out-of-range',
    '$.counts.lead',
  ],
  [
    'more people than there are',
    () => expectedStages(members, { opening: { lead: 1e12, active: 1 } }),
    'too-large',
    '$.opening',
  ],
  [
    'arrivals in no year',
    () => expectedStages(members, { opening: nobody, arrivals: { 2027: { lead: 1 } } as never }),
    'unknown-name',
    '$.arrivals.2027',
  ],
  [
    'arrivals at no stage',
    () => expectedStages(members, { opening: nobody, arrivals: { 2026: { vip: 1 } as never } }),
    'unknown-name',
    '$.arrivals.2026.vip',
  ],
  [
    'a misspelt option',
    () => expectedStages(members, { opening: nobody, from: 2026 } as never),
    'unknown-key',
    '$.from',
  ],
  [
    'another year',
    () => gapToGoal(members, { year: 2027 as never, counts: nobody }),
    'out-of-range',
    '$.year',
  ],
  [
    'moves of a year that is not over',
    () => gapToGoal(members, { year: 2026, counts: nobody, moved: [] }),
    'out-of-range',
    '$.moved',
  ],
  [
    'arrivals after the end',
    () => gapToGoal(members, { year: 2026, counts: nobody, at: 'closing', arrivals: {} }),
    'out-of-range',
    '$.arrivals',
  ],
  [
    'more people came from elsewhere than are there',
    () =>
      gapToGoal(members, {
        ...{ year: 2026, counts: nobody, at: 'closing' },
        moved: [{ from: 'active', to: 'lead', people: 1 }],
      }),
    'out-of-range',
    '$.moved',
  ],
  [
    'one move twice',
    () =>
      gapToGoal(members, {
        ...{ year: 2026, counts: { lead: 9, active: 9 }, at: 'closing' },
        moved: [
          { from: 'active', to: 'lead', people: 1 },
          { from: 'active', to: 'lead', people: 1 },
        ],
      }),
    'duplicate-name',
    '$.moved[1]',
  ],
  [
    'no goal to reach',
    () => cheapestMoves(members, { stage: 'lead', year: 2026, opening: nobody }),
    'missing',
    '$.stage',
  ],
  [
    'another since',
    () => flowNeeded(members, { year: 2026, since: 2025 as never, opening: nobody }),
    'out-of-range',
    '$.since',
  ],
  [
    'money in another currency',
    () =>
      compareStagePlan(members, {
        ...{ year: 2026, opening: nobody },
        actual: { counts: nobody, spent: { lead: { amount: '1', currency: 'USD' } } },
      }),
    'currency-mismatch',
    '$.actual.spent.lead.currency',
  ],
  [
    'money below zero',
    () =>
      compareStagePlan(members, {
        ...{ year: 2026, opening: nobody },
        actual: { counts: nobody, spent: { lead: '-1' } },
      }),
    'invalid-amount',
    '$.actual.spent.lead',
  ],
]

test.each(asks)('asked with %s', (_, ask, code, path) => {
  expect(faultOf(ask)).toEqual([code, path])
})
