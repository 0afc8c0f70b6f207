import {
  assumeTransitions,
  fitTransitions,
  forecastStages,
  type RateChange,
  random,
  simulateStages,
  type WhatIfSupposition,
  whatIf,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { faultOf, shopPanel, there } from './support/panels.js'

describe('a simulation', () => {
  const model = there(fitTransitions(shopPanel(random('shop')), { prior: 'jeffreys' }))
  const opening = [200, 150, 100]
  const call = {
    id: 'call',
    stages: ['dormant'],
    changes: [{ from: 'dormant', to: 'active', plus: 0.2 }],
    costPerContact: 3,
  } as const
  const setting = { periods: 6, opening, random: random('simulation'), runs: 20 }

  test('without a difference differs by exactly nothing', () => {
    for (const supposed of [
      { by: 'simulation', interventions: [call], against: { interventions: [call] } },
      {
        by: 'simulation',
        interventions: [
          { ...call, changes: [{ from: 'dormant', to: 'active', times: 1 }], costPerContact: 0 },
        ],
      },
      { by: 'simulation', interventions: [{ ...call, limits: { contactsPerPeriod: 0 } }] },
      { by: 'simulation', interventions: [{ ...call, limits: { agents: { count: 3, contactsEach: 0 } } }] },
      { by: 'simulation', interventions: [{ ...call, limits: { budget: 2 } }] },
      { by: 'simulation', interventions: [call], limits: { perSubject: { contacts: 0, periods: 1 } } },
      { by: 'simulation', interventions: [{ ...call, from: 7 }] },
    ] as const) {
      const value = { margins: { active: 10 }, discountRate: 0.01 }
      const found = there(
        whatIf(model, supposed, { ...setting, opening: [60, 50, 30], value, arrivals: 'as-seen' }),
      )
      const all = found.periods.flatMap(({ stages }) => stages.map(({ difference }) => difference))
      for (const { value: mean, interval } of [...all, found.value!.difference])
        expect([mean, interval.low, interval.high]).toEqual([0, 0, 0])
    }
  })

  test('keeps its limits, and says what stood in the way', () => {
    const run = (plan: object) => there(simulateStages(model, plan, setting)).interventions
    const [byContacts] = run({ interventions: [{ ...call, limits: { contactsPerPeriod: 20 } }] })
    expect(byContacts).toMatchObject({ contacts: { value: 120 }, spent: { value: 360 } })
    expect(byContacts!.leftOut.contactsPerPeriod).toBeGreaterThan(0)
    const [byAgents] = run({
      interventions: [{ ...call, limits: { contactsPerPeriod: 20, agents: { count: 2, contactsEach: 4 } } }],
    })
    expect(byAgents!.contacts.value).toBe(48)
    const [byBudget] = run({ interventions: [{ ...call, costPerContact: 0.1, limits: { budget: 0.3 } }] })
    // Three times 0.1 is a little more than 0.3 in floats.
    expect(byBudget!.contacts.value).toBe(3)
    const both = run({
      interventions: [call, { ...call, id: 'mail' }],
      limits: { contactsPerPeriod: 30, budget: 300 },
    })
    expect(both[0]!.contacts.value + both[1]!.contacts.value).toBe(100)
    expect(both[1]!.leftOut.contactedByOther).toBe(both[0]!.contacts.value)
    const shared = run({
      interventions: [
        { ...call, limits: { contactsPerPeriod: 20 } },
        { ...call, id: 'mail' },
      ],
      limits: { contactsPerPeriod: 30 },
    })
    expect(shared.map(({ contacts }) => contacts.value)).toEqual([120, 60])
    const capped = run({ interventions: [call], limits: { perSubject: { contacts: 1, periods: 6 } } })
    expect(capped[0]!.contacts.interval.high).toBeLessThanOrEqual(450)
    expect(capped[0]!.leftOut.contactCap).toBeGreaterThan(0)
    const [early] = run({ interventions: [{ ...call, from: 1, until: 1 }] })
    expect(early!.contacts.value).toBe(150)
  })

  test.each<readonly [string, readonly RateChange[]]>([
    ['one way', call.changes],
    [
      'two ways',
      [
        { from: 'dormant', to: 'active', plus: 0.15, takenFrom: 'dormant' },
        { from: 'dormant', to: 'lapsed', plus: 0.15, takenFrom: 'dormant' },
      ],
    ],
  ])('of a contact with everybody is what the changed rates say, %s', (_, changes) => {
    const assumed = assumeTransitions({
      states: model.states,
      unit: 'month',
      rates: model.rates,
      after: '2024-12',
      closing: opening,
    })
    const all = {
      ...setting,
      runs: 200,
      value: { margins: { active: 10, dormant: -1 }, discountRate: 0.02 },
    } as const
    const simulated = there(
      whatIf(assumed, { by: 'simulation', interventions: [{ ...call, changes, costPerContact: 0 }] }, all),
    )
    const algebra = there(whatIf(assumed, { by: 'rates', changes }, all))
    for (const [t, { stages }] of algebra.periods.entries()) {
      for (const [k, { before, after, difference }] of stages.entries()) {
        const other = simulated.periods[t]!.stages[k]!
        // 200 runs, and a spread of a stage below 12.
        expect(Math.abs(other.before.value - before.value)).toBeLessThan(4 * (12 / 14))
        expect(Math.abs(other.after.value - after.value)).toBeLessThan(4 * (12 / 14))
        expect(Math.abs(other.difference.value - difference.value)).toBeLessThan(4 * (8 / 14))
      }
    }
    const [one, other] = [simulated.value!.difference.value, algebra.value!.difference.value]
    expect(Math.abs(one / other - 1)).toBeLessThan(0.05)
  })

  test('with the same luck tells plans apart much better than with luck of their own', () => {
    const plan = { interventions: [{ ...call, limits: { contactsPerPeriod: 10 } }] }
    const wide = { ...setting, runs: 100, level: 0.95, rates: 'mean' } as const
    const common = there(whatIf(model, { by: 'simulation', ...plan }, wide))
    const width = ({ interval }: { readonly interval: { readonly low: number; readonly high: number } }) =>
      interval.high - interval.low
    const paired = width(common.periods[5]!.stages[0]!.difference)
    const [first, second] = [
      there(simulateStages(model, {}, { ...wide, random: random('one') })),
      there(simulateStages(model, plan, { ...wide, random: random('two') })),
    ].map((found) => width(found.periods[5]!.stages[0]!))
    const apart = Math.sqrt(first! * first! + second! * second!)
    // As variances: a tenth at the most.
    expect((paired / apart) ** 2).toBeLessThan(0.1)
  })

  test.each([
    ['an intervention twice', { interventions: [call, call] }, 'duplicate-name $.plan.interventions[1].id'],
    [
      'a stage that is not there',
      { interventions: [{ ...call, stages: ['gone'] }] },
      'unknown-name $.plan.interventions[0].stages[0]',
    ],
    [
      'a rate that cannot be',
      { interventions: [{ ...call, changes: [{ from: 'dormant', to: 'active', plus: 0.99 }] }] },
      'out-of-range $.plan.interventions[0].changes[0]',
    ],
    [
      'half an agent',
      { interventions: [{ ...call, limits: { agents: { count: 0.5, contactsEach: 1 } } }] },
      'out-of-range $.plan.interventions[0].limits.agents.count',
    ],
    ['a negative budget', { limits: { budget: -1 } }, 'out-of-range $.plan.limits.budget'],
    ['a misspelt limit', { limits: { bugdet: 1 } }, 'unknown-key $.plan.limits.bugdet'],
  ])('of %s is refused', (_, plan, fault) => {
    expect(faultOf(() => simulateStages(model, plan as never, setting))).toBe(fault)
  })

  test.each<readonly [WhatIfSupposition, string]>([
    [{ by: 'rates', changes: [] }, 'missing $.supposed.changes'],
    [{ by: 'simulation' }, 'missing $.supposed.interventions'],
    [{ by: 'simulation', interventions: [], against: {} }, 'missing $.supposed.interventions'],
  ])('of nothing is refused: %j', (supposed, fault) => {
    expect(faultOf(() => whatIf(model, supposed, { ...setting, runs: 100 }))).toBe(fault)
  })

  test('of what is done already supposes that it stops', () => {
    const stop = { by: 'simulation', against: { interventions: [call] } } as const
    expect(there(whatIf(model, stop, setting)).kind).toBe('what-if')
  })

  test('past the year 9999 is refused: no period has such a name', () => {
    const late = assumeTransitions({
      ...{ states: ['a', 'b'], unit: 'month', after: '9999-06', closing: [5, 5] },
      rates: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    })
    const from = (periods: number) => ({ periods, random: random('end') })
    expect(there(forecastStages(late, from(6))).periods.at(-1)!.period).toBe('9999-12')
    const changes = [{ from: 'a', to: 'b', plus: 0.1 }] as const
    for (const run of [
      () => forecastStages(late, from(7)),
      () => simulateStages(late, {}, from(7)),
      () => whatIf(late, { by: 'rates', changes }, from(7)),
    ])
      expect(faultOf(run)).toBe('out-of-range $.periods')
  })

  test('of too many people is refused, and by rates is not', () => {
    const many = { ...setting, opening: [3_000_000, 0, 0] }
    expect(faultOf(() => simulateStages(model, {}, many))).toBe('too-large $.opening')
    const change = [{ from: 'dormant', to: 'active', plus: 0.1 }] as const
    const byRates = whatIf(model, { by: 'rates', changes: change }, { ...many, runs: 100 })
    expect(there(byRates).kind).toBe('what-if')
    expect(faultOf(() => whatIf(model, { by: 'guess' } as never, setting))).toBe('unknown-name $.supposed.by')
  })
})
