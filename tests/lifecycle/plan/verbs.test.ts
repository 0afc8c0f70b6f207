// Each verb on plans that can be worked out by hand.
import {
  cheapestMoves,
  compareStagePlan,
  defineStagePlan,
  expectedStages,
  explain,
  flowNeeded,
  gapToGoal,
  lintStagePlan,
  type PlanFinding,
  planBudget,
  type StagePlanDefinition,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { planSentences } from '../../../src/lifecycle/plan/sentences.js'
import { definition, members, small } from './support/members.js'

describe('the budget', () => {
  const inCurrency = (currency: string, whole: string, rounding?: StagePlanDefinition['rounding']) =>
    planBudget(
      defineStagePlan({
        ...definition,
        currency,
        ...(rounding && { rounding }),
        stages: ['lead', 'active', 'lapsed'],
        owners: { lead: 'a', active: 'b', lapsed: 'a' },
        flows: [],
        budget: {
          2026: { whole, lines: { content: '100%' }, stages: { lead: 2, active: 2, lapsed: 3 } },
        },
      }),
    ).cells.map(({ amount }) => amount)

  test('splits to the smallest unit of its currency, by the rounding that it names', () => {
    expect(inCurrency('CNY', '0.10')).toEqual(['0.03', '0.03', '0.04'])
    expect(inCurrency('JPY', '100')).toEqual(['29', '28', '43'])
    expect(inCurrency('JPY', '100', 'first-slot')).toEqual(['29', '29', '42'])
    expect(inCurrency('KWD', '1.000')).toEqual(['0.286', '0.286', '0.428'])
  })

  test('sums what one owner has for two stages', () => {
    const { owners, stages } = planBudget(members)
    expect(owners).toEqual([
      { owner: 'growth', amount: '50000.00' },
      { owner: 'members', amount: '50000.00' },
    ])
    expect(stages.at(-1)).toEqual({ stage: null, amount: '0.00' })
  })

  test('takes a fixed amount as a fraction of the whole', () => {
    const { lines } = planBudget(
      defineStagePlan({
        ...definition,
        budget: {
          2026: {
            whole: { amount: '2400000', currency: 'CNY' },
            lines: { segmentation: '500000/2400000', content: 'remaining' },
            stages: { lead: 1, active: 2 },
          },
        },
      }),
    )
    expect(lines.map(({ amount }) => amount)).toEqual(['500000.00', '1900000.00'])
  })
})

describe('expected stages', () => {
  const flows = [
    { from: null, to: 'a', count: 1000, cost: '0.005' },
    { from: 'a', to: 'b', share: '30%', cost: '2' },
    { from: 'b', to: 'c', share: '1/2', cost: '0.125' },
    { from: 'c', to: 'a', share: 0.1 },
  ] as const
  const opening = { a: 0, b: 100, c: 10 }

  test('several moves a year: who comes to a later stage moves on, who goes back waits', () => {
    const [year] = expectedStages(small({ flows }), { opening })
    expect(year).toEqual({
      ...{ year: 2026, opening, arrived: 1000, left: 0 },
      moves: [
        { from: null, to: 'a', people: 1000, missing: 0, cost: '5.00' },
        { from: 'a', to: 'b', people: 300, missing: 0, cost: '600.00' },
        { from: 'b', to: 'c', people: 200, missing: 0, cost: '25.00' },
        { from: 'c', to: 'a', people: 21, missing: 0, cost: null },
      ],
      closing: { a: 721, b: 200, c: 189 },
      cost: '630.00',
    })
  })

  test('one move a year: shares are of who was there when it began', () => {
    const [year, next] = expectedStages(small({ flows, pace: 'one-move-a-year' }), { opening })
    expect(year?.closing).toEqual({ a: 1001, b: 50, c: 59 })
    expect(next?.closing).toEqual({ a: 1001 - 300 + 1000 + 6, b: 50 - 25 + 300, c: 59 - 6 + 25 })
  })

  test('counts take who is left when the shares have gone, in their order, and say who was missing', () => {
    const plan = small({
      flows: [
        { from: 'a', to: 'b', count: 30 },
        { from: 'a', to: null, share: '50%' },
        { from: 'a', to: 'c', count: { 2026: 40 } },
      ],
    })
    const [year, next] = expectedStages(plan, { opening: { a: 100, b: 0, c: 0 } })
    expect(year?.moves.map(({ people, missing }) => [people, missing])).toEqual([
      [30, 0],
      [50, 0],
      [20, 20],
    ])
    expect(year?.left).toBe(50)
    expect(next?.moves).toHaveLength(2)
  })

  test('other arrivals take the place of the plan’s, at its cost, from a later year on', () => {
    const plan = small({ flows })
    const [year, more] = expectedStages(plan, { opening, since: 2027, arrivals: { 2027: { a: 10, b: 5 } } })
    expect(more).toBeUndefined()
    expect(year?.moves.slice(0, 2)).toEqual([
      { from: null, to: 'a', people: 10, missing: 0, cost: '0.05' },
      { from: null, to: 'b', people: 5, missing: 0, cost: null },
    ])
  })
})

describe('the gap', () => {
  const guards = [{ stage: 'c', measure: 'share', atMost: '20%' }] as const
  const plan = small({
    goals: { b: { 2026: { measure: 'share', atLeast: '40%', guards } } },
    flows: [
      { from: 'a', to: 'b', share: '50%' },
      { from: 'a', to: 'c', share: '25%' },
    ],
  })
  const status = (counts: { a: number; b: number; c: number }, at: 'opening' | 'closing' = 'opening') =>
    gapToGoal(plan, { year: 2026, counts, at })[0]!

  test('is exact: 40 % of ten people are four, of eleven five', () => {
    expect(status({ a: 6, b: 4, c: 0 }, 'closing')).toMatchObject({
      status: 'met',
      now: { needed: 4, gap: 0 },
    })
    expect(status({ a: 7, b: 4, c: 0 }, 'closing')).toMatchObject({
      status: 'missed',
      now: { needed: 5, gap: 1 },
    })
  })

  test('is not closed by hurting people', () => {
    const broken = status({ a: 30, b: 45, c: 25 }, 'closing')
    expect(broken.status).toBe('guard-broken')
    expect(broken.now).toMatchObject({ holds: true, met: false, gap: 0 })
    expect(broken.now.guards[0]?.figure).toEqual({ kind: 'share', people: 25, of: 100, value: 0.25 })
    expect(status({ a: 80, b: 10, c: 10 }).status).toBe('guard-at-risk')
  })

  test('says what the expected flows will make of it', () => {
    expect(status({ a: 40, b: 60, c: 0 }).status).toBe('met')
    expect(status({ a: 40, b: 20, c: 0 }).status).toBe('in-reach')
    expect(status({ a: 0, b: 30, c: 70 }).status).toBe('out-of-reach')
    expect(status({ a: 0, b: 0, c: 0 })).toMatchObject({
      status: 'undefined',
      now: { figure: { kind: 'undefined', reason: 'nobody' }, needed: null, gap: null, met: false },
    })
  })

  test('tells a rate from the moves of the year, of whom the pace says', () => {
    const goals = { b: { 2026: { measure: 'rate', to: 'c', atLeast: '1/2' } } } as const
    const flows = [{ from: 'b', to: 'c', share: '50%' }] as const
    const counts = { a: 50, b: 60, c: 60 }
    const moved = [
      { from: 'a', to: 'b', people: 40 },
      { from: 'b', to: 'c', people: 60 },
      { from: 'c', to: 'b', people: 10 },
      { from: null, to: 'b', people: 10 },
    ] as const
    const asked = (pace: StagePlanDefinition['pace']) =>
      gapToGoal(small({ goals, flows, pace }), { year: 2026, counts, at: 'closing', moved })[0]
    // 120 were in b at some time; 10 of them came back from c, and moved on no more.
    expect(asked('several-moves-a-year')?.now.figure).toEqual({
      ...{ kind: 'rate', people: 60, of: 110, value: 60 / 110 },
    })
    expect(asked('one-move-a-year')?.now.figure).toEqual({ kind: 'rate', people: 60, of: 60, value: 1 })
    const plan = small({ goals, flows })
    expect(gapToGoal(plan, { year: 2026, counts })[0]).toMatchObject({
      ...{ now: { figure: { reason: 'not-over' } }, status: 'in-reach' },
    })
    expect(gapToGoal(plan, { year: 2026, counts, at: 'closing' })[0]).toMatchObject({
      ...{ now: { figure: { reason: 'not-counted' } }, because: { code: 'goal-not-counted' } },
    })
  })
})

describe('the flow needed', () => {
  const funnel = [
    { from: null, to: 'a', count: 1000 },
    { from: 'a', to: 'b', share: '30%' },
    { from: 'b', to: 'c', share: '50%' },
  ] as const
  const nobody = { a: 0, b: 0, c: 0 }

  test('is traced back, stage by stage, to new arrivals', () => {
    const plan = small({ goals: { c: { 2026: { measure: 'count', atLeast: 350 } } }, flows: funnel })
    const [needed] = flowNeeded(plan, { year: 2026, opening: nobody })
    expect(needed).toMatchObject({ stage: 'c', short: 200, direction: 'in' })
    expect(needed?.ways).toEqual([
      {
        ...{ from: 'b', to: 'c', of: 300, people: 150, more: 200, spare: 150 },
        rate: { kind: 'undefined', reason: 'rate-over-one' },
      },
    ])
    // 2,329 arrivals: 30 % are 698.7, so 699 move to b; half of them, the odd one first, are 350.
    expect(needed?.arrivals).toEqual([
      {
        ...{ kind: 'arrivals', entry: 'a', year: 2026, more: 1329, guardsHold: true },
        trace: [
          { year: 2026, from: 'b', to: 'c', more: 200 },
          { year: 2026, from: 'a', to: 'b', more: 399 },
        ],
      },
    ])
  })

  test('counts in who moves on before the year ends', () => {
    const plan = small({ goals: { b: { 2026: { measure: 'count', atLeast: 200 } } }, flows: funnel })
    const [way] = flowNeeded(plan, { year: 2026, opening: nobody })[0]!.ways
    // Half of those who come to b are in c when the year ends, so 50 people short are 100 who move.
    expect(way).toMatchObject({ more: 100, rate: { kind: 'rate', expected: 0.3, needed: 0.4 } })
    const passed = small({
      goals: { b: { 2026: { measure: 'count', atLeast: 200 } } },
      flows: [funnel[0], funnel[1], { from: 'b', to: 'c', share: '100%' }],
    })
    const [needed] = flowNeeded(passed, { year: 2026, opening: nobody })
    expect(needed?.ways[0]).toMatchObject({ more: null, rate: { reason: 'no-effect' } })
    expect(needed?.arrivals).toEqual([{ kind: 'undefined', entry: 'a', reason: 'too-late' }])
  })

  test('counts in that who leaves for good is missing from the whole', () => {
    const plan = small({
      goals: { c: { 2026: { measure: 'share', atMost: '20%' } } },
      flows: [
        { from: 'c', to: null, share: 0 },
        { from: 'c', to: 'a', share: 0 },
      ],
    })
    const [needed] = flowNeeded(plan, { year: 2026, opening: { a: 50, b: 0, c: 50 } })
    // 12 of 62 are 19.4 %, 13 of 63 would be 20.6 %.
    expect(needed?.ways.map(({ to, more }) => [to, more])).toEqual([
      [null, 38],
      ['a', 30],
    ])
    expect(needed).toMatchObject({ short: 30, direction: 'out' })
    expect(needed?.arrivals).toEqual([{ kind: 'undefined', entry: 'a', reason: 'not-by-arrivals' }])
  })

  test.each([
    ['no-way-in', { a: { 2026: { measure: 'count', atLeast: 1 } } }, [{ from: null, to: 'b', count: 9 }]],
    ['dilutes', { c: { 2026: { measure: 'share', atLeast: '20%' } } }, funnel],
    ['too-many', { c: { 2026: { measure: 'count', atLeast: 9_000_000_000 } } }, funnel],
  ] as const)('says when arrivals cannot do it: %s', (reason, goals, flows) => {
    const plan = small({ goals, flows })
    const [needed] = flowNeeded(plan, { year: 2026, opening: { a: 0, b: 0, c: 1 } })
    expect(needed?.arrivals[0]).toMatchObject({ kind: 'undefined', reason })
  })

  test('is too late for a stage that takes longer than the year, and begins the year before where there is one', () => {
    const pace = 'one-move-a-year'
    const goals = {
      b: { 2026: { measure: 'count', atLeast: 60 }, 2027: { measure: 'count', atLeast: 600 } },
    } as const
    const plan = small({ goals, flows: funnel, pace })
    const at = (year: 2026 | 2027) => flowNeeded(plan, { year, opening: nobody })[0]!.arrivals
    expect(at(2026)).toEqual([{ kind: 'undefined', entry: 'a', reason: 'too-late' }])
    expect(at(2027)).toMatchObject([{ kind: 'arrivals', year: 2026, more: 999 }])
  })

  test('nobody there is a case of its own, and a goal that is met needs nothing', () => {
    const goals = { c: { 2026: { measure: 'count', atLeast: 5 } } } as const
    const plan = small({ goals, flows: [{ from: 'b', to: 'c', share: '10%' }] })
    const asked = (c: number) => flowNeeded(plan, { year: 2026, opening: { a: 0, b: 0, c } })[0]
    expect(asked(0)?.ways[0]?.rate).toEqual({ kind: 'undefined', reason: 'nobody-there' })
    expect(asked(5)).toMatchObject({ short: 0, ways: [], arrivals: [], because: [] })
  })
})

describe('the cheapest moves', () => {
  const plan = small({
    whole: '3000',
    goals: {
      b: {
        2026: {
          measure: 'count',
          atLeast: 100,
          guards: [{ stage: 'a', measure: 'count', atLeast: 60 }],
        },
      },
      c: { 2026: { measure: 'count', atLeast: 50 } },
    },
    flows: [
      { from: null, to: 'b', count: 10, cost: '30' },
      { from: 'a', to: 'b', share: '10%', cost: '5' },
      { from: 'c', to: 'b', share: '10%', cost: '12' },
      { from: 'a', to: 'c', share: 0, cost: '0' },
      { from: 'b', to: 'c', share: 0 },
    ],
  })
  const opening = { a: 100, b: 20, c: 40 }

  test('are ranked by what a unit of budget brings, and chosen as far as the guards bear', () => {
    const asked = cheapestMoves(plan, { stage: 'b', year: 2026, opening })
    expect(
      asked.moves.map(({ from, to, perUnit, reason, hurts }) => [from, to, perUnit, reason, hurts]),
    ).toEqual([
      ['a', 'c', null, 'free', ['a']],
      ['a', 'b', 1 / 5, null, ['a']],
      ['c', 'b', 1 / 12, null, []],
      [null, 'b', 1 / 30, null, []],
      ['b', 'c', null, 'leads-away', []],
    ])
    // 20 + 10 + 10 + 4 are expected, 56 are short. Of the 90 in a, 30 may go before their guard gives way.
    expect(asked.short).toBe(56)
    expect(asked.chosen).toEqual([
      { from: 'a', to: 'b', people: 30, cost: '150.00' },
      { from: 'c', to: 'b', people: 26, cost: '312.00' },
    ])
    expect(asked).toMatchObject({ unreached: 0, cost: '462.00' })
    // An arrival is paid by the stage it enters, a move by the stage it starts from.
    expect(asked.money).toEqual([
      {
        ...{ stage: 'a', owner: 'one', budget: '1000.00', expected: '50.00', more: '150.00' },
        balance: { kind: 'under', amount: '800.00' },
      },
      {
        ...{ stage: 'b', owner: 'two', budget: '1000.00', expected: '300.00', more: '0.00' },
        balance: { kind: 'under', amount: '700.00' },
      },
      {
        ...{ stage: 'c', owner: 'three', budget: '1000.00', expected: '48.00', more: '312.00' },
        balance: { kind: 'under', amount: '640.00' },
      },
    ])
    expect(asked.total.balance).toEqual({ kind: 'under', amount: '2140.00' })
    // Where a guard does not hold as it is, nothing works against it.
    const broken = cheapestMoves(plan, { stage: 'b', year: 2026, opening: { a: 50, b: 20, c: 90 } })
    expect(broken.chosen.map(({ from }) => from)).toEqual(['c'])
  })

  test('use what is free first, and say what stays short', () => {
    const asked = cheapestMoves(plan, { stage: 'c', year: 2026, opening: { a: 5, b: 0, c: 4 } })
    expect(asked.moves[0]).toMatchObject({ from: 'a', to: 'c', reason: 'free', perUnit: null })
    expect(asked.chosen[0]).toEqual({ from: 'a', to: 'c', people: 4, cost: '0.00' })
    // 46 are short; of those who come to c a tenth goes on to b, so four people are 3.6.
    expect(asked).toMatchObject({ short: 46, unreached: 43 })
  })

  test('look ahead: money of this year for a goal of the next', () => {
    const ahead = small({
      goals: { b: { 2027: { measure: 'count', atLeast: 100 } } },
      flows: [
        { from: 'a', to: 'b', share: '50%', cost: '4' },
        { from: 'b', to: 'c', share: '25%' },
      ],
      pace: 'one-move-a-year',
    })
    const asked = cheapestMoves(ahead, {
      ...{ stage: 'b', year: 2027, spentIn: 2026, opening: { a: 100, b: 0, c: 0 } },
    })
    // In b a year earlier 0.75 stay; in a 0.5 come.
    expect(asked.moves[0]).toMatchObject({ from: 'a', to: 'b', perPerson: 0.25, perUnit: 0.0625 })
  })
})

describe('a plan against what happened', () => {
  const actual = {
    counts: { lead: 7600, active: 2400 },
    moved: [
      { from: null, to: 'lead', people: 10_000 },
      { from: 'lead', to: 'active', people: 2400 },
    ],
    spent: { active: '49999.99' },
  } as const
  const compared = compareStagePlan(members, { year: 2026, opening: { lead: 0, active: 0 }, actual })

  test('in people and money', () => {
    expect(compared.stages[1]).toMatchObject({
      ...{ stage: 'active', owner: 'members' },
      people: { expected: 2500, actual: 2400, variance: -100, relative: { kind: 'share', value: -0.04 } },
      money: { budget: '50000.00', spent: '49999.99', balance: { kind: 'under', amount: '0.01' } },
      goal: { status: 'missed', now: { gap: 600 } },
    })
    expect(compared.stages[0]?.money).toEqual({ budget: '50000.00', spent: null, balance: null })
    expect(compared.moves).toEqual([
      { from: null, to: 'lead', expected: 10_000, actual: 10_000, variance: 0 },
      { from: 'lead', to: 'active', expected: 2500, actual: 2400, variance: -100 },
    ])
  })

  test('in words', () => {
    const say = (lang: 'en' | 'zh') =>
      compared.stages.flatMap(({ because }) => because.map((finding) => explain(members, finding, lang)))
    expect(say('en')).toEqual([
      'lead: 7600 people at the end of 2026, 100 more than the 7500 planned',
      'lead: what was spent in 2026 was not given',
      'active: 2400 people at the end of 2026, 100 fewer than the 2500 planned',
      'active: members spent 49999.99 of 50000.00 CNY in 2026, 0.01 are left',
      'active: the goal of 2026 was missed by 600 people',
    ])
    expect(say('zh')[2]).toBe('active：2026年末2400人，比规划的2500人少100人')
  })

  test('of nobody expected there is no relative difference', () => {
    const { stages } = compareStagePlan(small({}), {
      ...{ year: 2026, opening: { a: 0, b: 0, c: 0 } },
      actual: { counts: { a: 1, b: 0, c: 0 }, spent: { a: '0' } },
    })
    expect(stages[0]?.people.relative).toEqual({ kind: 'undefined', reason: 'nobody-expected' })
    expect(stages[0]?.money.balance).toEqual({ kind: 'even', amount: '0.00' })
  })
})

describe('what is found', () => {
  const goals = {
    a: { 2026: { measure: 'share', atMost: '10%' }, 2027: { measure: 'rate', to: 'c', atLeast: '10%' } },
    b: { 2027: { measure: 'share', atLeast: '10%' } },
  } as const
  const flows = [{ from: 'c', to: 'b', share: { 2026: '10%' } }] as const
  const found = (whole: string) => lintStagePlan(small({ whole, goals, flows }))

  test('in a plan', () => {
    expect(found('3').map(({ code, ...rest }) => [code, 'stage' in rest && rest.stage])).toEqual([
      ['owner-without-goal', 'c'],
      ['no-way-out', 'a'],
      ['budget-without-goal', 'b'],
      ['budget-without-goal', 'c'],
      ['move-without-cost', 'c'],
      ['no-such-flow', 'a'],
      ['no-way-in', 'b'],
      ['budget-without-goal', 'c'],
    ])
    expect(found('0').filter(({ code }) => code === 'goal-without-budget')).toHaveLength(3)
  })

  const codes = (goals: NonNullable<Parameters<typeof small>[0]['goals']>) =>
    lintStagePlan(small({ goals })).filter(({ code }) => /exclude|whole/.test(code))

  test('in goals that exclude each other', () => {
    const most = {
      a: { 2026: { measure: 'share', atLeast: '80%' } },
      b: { 2026: { measure: 'share', atLeast: 0.8 } },
    } as const
    expect(codes(most)).toEqual([
      { code: 'shares-over-whole', stage: 'a', year: 2026, stages: ['a', 'b'], share: '160 %' },
    ])
    // Exactly everybody is no more than everybody.
    const whole = {
      a: { 2026: { measure: 'share', atLeast: '1/3' } },
      b: { 2026: { measure: 'share', atLeast: '2/3' } },
    } as const
    expect(codes(whole)).toEqual([])
    const few = { measure: 'share', atMost: '30%' } as const
    expect(codes({ a: { 2026: few }, b: { 2026: few }, c: { 2026: few } })).toEqual([
      { code: 'shares-under-whole', stage: 'a', year: 2026, stages: ['a', 'b', 'c'], share: '90 %' },
    ])
    expect(codes({ a: { 2026: few }, b: { 2026: few }, c: { 2027: few } })).toEqual([])
  })

  test('in a goal against its own guard, or against that of another', () => {
    const guards = [{ stage: 'a', measure: 'count', atMost: 9 }] as const
    expect(codes({ a: { 2026: { measure: 'count', atLeast: 10, guards } } })).toEqual([
      { code: 'bounds-exclude', stage: 'a', year: 2026, least: '10', leastBy: 'a', most: '9', mostBy: 'a' },
    ])
    expect(codes({ a: { 2026: { measure: 'count', atLeast: 9, guards } } })).toEqual([])
    const rate = {
      measure: 'rate',
      to: 'c',
      atLeast: '5%',
      guards: [{ stage: 'a', measure: 'share', atMost: '10%' }],
    } as const
    const found = codes({ a: { 2026: { measure: 'share', atLeast: '20%' } }, b: { 2026: rate } })
    expect(found).toEqual([
      {
        code: 'bounds-exclude',
        stage: 'a',
        year: 2026,
        least: '20%',
        leastBy: 'a',
        most: '10%',
        mostBy: 'b',
      },
    ])
    expect(explain(small({}), found[0]!, 'en')).toBe(
      'a: in 2026 at least 20% (goal of a) and at most 10% (goal of b) exclude each other',
    )
    // A share and a count are not compared: that takes the number of all people.
    const mixed = [{ stage: 'a', measure: 'share', atMost: '1%' }] as const
    expect(codes({ a: { 2026: { measure: 'count', atLeast: 10, guards: mixed } } })).toEqual([])
  })

  test('is said in both languages, every code of it', () => {
    const arrivals = [
      { from: null, to: 'a', count: 9 },
      { from: 'a', to: 'b', share: '5%' },
    ] as const
    const aims = (
      goal: NonNullable<NonNullable<Parameters<typeof small>[0]['goals']>['b']>[2026],
      some: Parameters<typeof small>[0]['flows'] = arrivals,
      pace: StagePlanDefinition['pace'] = 'several-moves-a-year',
    ) => small({ goals: { b: { 2026: goal! } }, flows: some!, pace })
    const plans = [
      aims({ measure: 'share', atLeast: '40%' }, [{ from: 'a', to: 'b', share: '50%' }]),
      aims({ measure: 'share', atMost: '40%' }, [{ from: 'a', to: 'b', share: '90%' }]),
      aims({ measure: 'share', atLeast: '40%' }, [{ from: 'b', to: 'a', share: '90%' }]),
      aims({ measure: 'rate', to: 'c', atLeast: '40%' }, [{ from: 'b', to: 'c', share: '9%' }]),
      aims({ measure: 'rate', to: 'c', atMost: '5%' }, [{ from: 'b', to: 'c', share: '9%' }]),
      aims({ measure: 'count', atLeast: 5, guards: [{ stage: 'c', measure: 'count', atMost: 3 }] }),
      aims({ measure: 'count', atLeast: 9_000_000_000 }),
      aims({ measure: 'share', atLeast: '40%' }),
      aims({ measure: 'count', atLeast: 99 }, [{ from: null, to: 'c', count: 9 }]),
      aims({ measure: 'count', atLeast: 99 }, arrivals, 'one-move-a-year'),
      small({ whole: '3', goals, flows }),
      small({ goals, flows }),
      small({
        goals: {
          a: {
            2026: {
              measure: 'share',
              atLeast: '80%',
              guards: [{ stage: 'a', measure: 'share', atMost: '9%' }],
            },
          },
          b: { 2026: { measure: 'share', atLeast: '80%' } },
        },
      }),
      small({
        goals: Object.fromEntries(
          ['a', 'b', 'c'].map((stage) => [stage, { 2026: { measure: 'share', atMost: '30%' } }] as const),
        ),
      }),
    ]
    const people = [
      { a: 0, b: 0, c: 0 },
      { a: 60, b: 20, c: 10 },
      { a: 60, b: 60, c: 9 },
      { a: 5, b: 60, c: 2 },
    ]
    const said = new Set<string>()
    for (const plan of plans) {
      const hear = (finding: PlanFinding) => {
        said.add(finding.code)
        for (const lang of ['en', 'zh'] as const) {
          const sentence = explain(plan, finding, lang)
          expect(sentence).not.toMatch(/[{}]|undefined|NaN|null/)
          expect(sentence).not.toBe(finding.code)
        }
      }
      lintStagePlan(plan).forEach(hear)
      for (const counts of people) {
        for (const at of ['opening', 'closing'] as const)
          for (const { because } of gapToGoal(plan, { year: 2026, counts, at })) hear(because)
        for (const { because } of flowNeeded(plan, { year: 2026, opening: counts })) because.forEach(hear)
        for (const spent of [{}, { a: '1', b: '2', c: '0' }])
          for (const reached of people) {
            const actual = { counts: reached, spent }
            const { stages } = compareStagePlan(plan, { year: 2026, opening: counts, actual })
            for (const { because } of stages) because.forEach(hear)
          }
      }
    }
    expect([...said].sort()).toEqual(Object.keys(planSentences).sort())
  })
})
