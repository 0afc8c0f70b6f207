// Members claim out of one stock and one budget, pay, cancel, bring back and let lapse, all at the same time, through
// crashes and retries: what is shared is never below zero, and nobody pays for what is not there.
import * as fc from 'fast-check'
import { audit, defineEvents, definePoints, defineStock, type Plan, rewardPlan, stepId } from 'liuliang'
import { expect, test } from 'vitest'
import { planRunner, stateStore } from '../../support/plan-runner.js'
import { runs } from '../../support/size.js'

const MINUTE = 60_000
const start = Date.UTC(2024, 2, 1)
const calendar = { zone: 'UTC' } as const
const goods = defineStock({ id: 'goods', version: 1, calendar, unit: 'pieces', holdFor: { minutes: 1 } })
const budget = defineStock({ id: 'budget', version: 1, calendar, unit: 'CNY' })
const stock = [
  { engine: 'goods', subject: 'cap' },
  { engine: 'budget', subject: 'spring', each: '1.25' },
] as const
const points = definePoints({
  id: 'points',
  version: 1,
  calendar,
  events: defineEvents({}),
  earning: [],
  rewards: [
    { reward: 'cap', price: { points: 5 }, quantity: 3, stock },
    {
      reward: 'signed-cap',
      price: [
        { option: 'both', points: 3, money: { amount: '9.90', currency: 'CNY' } },
        { option: 'money', money: { amount: '20', currency: 'CNY' } },
      ],
      quantity: 2,
      reserveFor: { minutes: 15 },
      stock,
    },
  ],
})
const engines = { goods, budget, points }
const members = ['ann', 'bob'] as const
type Member = (typeof members)[number]
type State<E extends { start(subject: string): unknown }> = ReturnType<E['start']>

const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      who: fc.constantFrom(...members),
      reward: fc.constantFrom('cap' as const, 'signed-cap' as const, 'signed-cap' as const),
      option: fc.constantFrom('both', 'money'),
      quantity: fc.constantFrom(1, 1, 2),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('pay' as const, 'pay' as const, 'cancel' as const, 'return' as const),
      who: fc.constantFrom(...members),
      which: fc.nat({ max: 3 }),
      aims: fc.constantFrom(true, true, true, false),
      wrong: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('step' as const),
      // Of the newest plans one, so many attempts at once.
      back: fc.oneof(fc.constant(0), fc.nat({ max: 4 })),
      times: fc.integer({ min: 1, max: 4 }),
      how: fc.constantFrom(
        'lives' as const,
        'lives' as const,
        'lives' as const,
        'dies' as const,
        'twice' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 20 }) }),
  },
)

/** What was ever recorded, by a store that keeps it. */
function world(pieces: number, money: number, balances: readonly [number, number]) {
  const store = stateStore(engines)
  const logs: Record<Member, { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[]> =
    {
      ann: [],
      bob: [],
    }
  const kept: typeof store = {
    load: store.load,
    decide(engine, subject, input) {
      const outcome = store.decide(engine, subject, input)
      if (outcome.outcome === 'accepted' && engine === 'points')
        logs[subject as Member].push(...(outcome as unknown as { readonly events: never[] }).events)
      looksWell()
      return outcome
    },
  }
  const goodsOf = (at: number) => goods.view(store.load('goods', 'cap') as State<typeof goods>, at)
  const budgetOf = (at: number) => budget.view(store.load('budget', 'spring') as State<typeof budget>, at)
  const looksWell = () => {
    const all = { at: Number.MAX_SAFE_INTEGER }
    const cap = store.load('goods', 'cap') as State<typeof goods>
    const spring = store.load('budget', 'spring') as State<typeof budget>
    for (const { of } of [cap, spring]) {
      const { restocked, withdrawn, reserved, committed } = of
      all.at = Math.min(all.at, restocked - withdrawn - reserved - committed)
    }
    expect(all.at).toBeGreaterThanOrEqual(0)
  }
  const told = (engine: string, subject: string, type: string, data: object) =>
    expect(
      kept.decide(engine, subject, { id: `0-${subject}`, type, subject, occurredAt: start, data }).outcome,
    ).toBe('accepted')
  told('goods', 'cap', 'goods/restock', { amount: pieces, reason: 'first' })
  told('budget', 'spring', 'budget/restock', { amount: `${money}.00`, reason: 'first' })
  members.forEach((who, i) => {
    told('points', who, 'points/earn', { points: balances[i], reason: 'first' })
  })
  return { store: kept, logs, goodsOf, budgetOf }
}

test('stocks and budgets are never below zero, and who paid has it', () => {
  const ends: Record<string, number> = {}
  const count = (what: string) => {
    ends[what] = (ends[what] ?? 0) + 1
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 12 }),
      fc.tuple(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 1, max: 20 })),
      fc.array(act, { minLength: 20, maxLength: 60, size: 'max' }),
      (pieces, money, balances, acts) => {
        const { store, logs, goodsOf, budgetOf } = world(pieces, money, balances)
        let now = start
        const clock = () => {
          now += 1000
          return now
        }
        const stateOf = (who: Member) => store.load('points', who) as State<typeof points>
        const runners: { readonly runner: ReturnType<typeof planRunner>; readonly plan: Plan }[] = []
        const claims: { readonly who: Member; readonly claim: string; readonly quantity: number }[] = []
        const begin = (plan: Plan) => runners.push({ plan, runner: planRunner(store, plan, clock) })
        for (const one of acts) {
          const at = clock()
          if (one.do === 'wait') now += one.minutes * MINUTE
          else if (one.do === 'step')
            for (let i = 0; i < one.times; i++) runners.at(-1 - one.back)?.runner.attempt(one.how)
          else if (one.do === 'claim') {
            const { who, reward, option, quantity } = one
            const priced = reward === 'cap' ? {} : { option }
            const id = `plan-${runners.length}`
            const plan = rewardPlan(
              points,
              stateOf(who),
              { do: 'claim', id, reward, quantity, ...priced },
              at,
            )
            begin(plan)
            claims.push({ who, claim: plan.steps.at(-1)!.command.id, quantity })
          } else {
            // Most often of a claim that stands so; else of any, which may not even be made yet.
            const open = points.view(stateOf(one.who), at).rewards.open
            const isOpen = (claim: string) => open.some((other) => other.claim === claim)
            const isMade = (claim: string) =>
              logs[one.who].some(({ type, data }) => type.includes('reward-') && data['claim'] === claim)
            const fits = (claim: string) => (one.do === 'return' ? isMade(claim) : isOpen(claim))
            const own = claims.filter(({ who, claim }) => who === one.who && (!one.aims || fits(claim)))
            const found = own.at(-1 - (one.which % Math.max(1, own.length)))
            if (found === undefined) continue
            const { claim, quantity } = found
            const id = `plan-${runners.length}`
            const due =
              open.find((other) => other.claim === claim)?.due.amount ?? (quantity === 1 ? '20.00' : '40.00')
            const amount = one.wrong ? '0.01' : due
            const request =
              one.do === 'pay'
                ? ({ do: 'pay', id, claim, payment: id, amount, currency: 'CNY' } as const)
                : ({ do: one.do, id, claim } as const)
            begin(rewardPlan(points, stateOf(one.who), request, at))
          }
        }
        // All are carried to their ends, the last first, with one more crash at each step.
        for (const { runner } of [...runners].reverse()) {
          for (let i = 0; ['do', 'undo'].includes(runner.next().next); i++) {
            if (i > 60) throw new Error('never ends')
            clock()
            runner.attempt(i % 2 === 0 ? 'dies' : 'lives')
          }
        }
        for (const { runner, plan } of runners) {
          const { next } = runner.next()
          count(`${plan.steps.find(({ engine }) => engine === 'points')!.command.type} ${next}`)
          expect(next === 'done' || next === 'failed').toBe(true)
        }
        // What waits has lapsed, and what stands is what members have.
        const later = now + 1000 * MINUTE
        let owned = 0
        members.forEach((who, i) => {
          const state = points.advance(stateOf(who), later).state
          expect(audit(points, state)).toEqual({ findings: [] })
          let spent = 0
          for (const { type, data } of logs[who]) {
            const of = data as unknown as { quantity: number; points: number; money?: object; until?: number }
            if (type === 'points/reward-claimed' && of.until === undefined) owned += of.quantity
            if (type === 'points/reward-paid') owned += of.quantity
            if (type === 'points/reward-returned') owned -= of.quantity
            if (type === 'points/redeemed') spent += of.points
            if (type === 'points/refunded') spent -= of.points
          }
          expect(points.view(state, later)).toMatchObject({ balance: balances[i]! - spent, reserved: 0 })
        })
        const cap = goodsOf(later)
        expect(cap).toMatchObject({ committed: owned, reserved: 0, available: pieces - owned })
        expect(budgetOf(later)).toMatchObject({ committed: (owned * 1.25).toFixed(2), reserved: '0.00' })
        if (owned > 0) count('owned')
      },
    ),
    { numRuns: runs(150, 10_000) },
  )
  for (const word of ['claim', 'pay', 'cancel', 'return']) {
    expect(ends[`points/${word} done`]).toBeGreaterThan(runs(15, 1000))
    expect(ends[`points/${word} failed`]).toBeGreaterThan(runs(15, 1000))
  }
}, 600_000)

test('a wrong payment leaves what was reserved for the right one', () => {
  const { store, goodsOf } = world(1, 5, [9, 9])
  let now = start
  const run = (
    request: Parameters<typeof rewardPlan<'points', never, never, never, never, 'cap' | 'signed-cap'>>[2],
  ) => {
    now += 1000
    const state = store.load('points', 'ann') as State<typeof points>
    const plan = rewardPlan(points, state, request, now)
    const runner = planRunner(store, plan, () => now)
    while (['do', 'undo'].includes(runner.next().next)) runner.attempt('lives')
    const end = runner.next()
    return end.next === 'failed' ? end.because.refusal.code : end.next
  }
  expect(run({ do: 'claim', id: 'c', reward: 'signed-cap', option: 'both' })).toBe('done')
  const pay = { do: 'pay', claim: 'c#2', payment: 'p', currency: 'CNY' } as const
  expect(run({ ...pay, id: 'p1', amount: '9.09' })).toBe('payment-differs')
  expect(goodsOf(now)).toMatchObject({ reserved: 1, committed: 0 })
  expect(run({ ...pay, id: 'p2', amount: '9.90' })).toBe('done')
  expect(goodsOf(now)).toMatchObject({ reserved: 0, committed: 1 })
  expect(run({ ...pay, id: 'p3', amount: '9.90' })).toBe('claim-completed')
  expect(run({ do: 'return', id: 'r', claim: 'c#2' })).toBe('done')
  expect(goodsOf(now)).toMatchObject({ available: 1 })
})

test('a claim of points takes and claims, one with money reserves until it lapses', () => {
  const state = points.start('ann')
  const steps = (plan: Plan) =>
    plan.steps.map(({ command }) => `${command.type} ${JSON.stringify(command.data)}`)
  expect(
    steps(rewardPlan(points, state, { do: 'claim', id: 'p', reward: 'cap', quantity: 3 }, start)),
  ).toEqual([
    'goods/take {"amount":3,"holder":"ann"}',
    'budget/take {"amount":"3.75","holder":"ann"}',
    'points/claim {"reward":"cap","quantity":3,"stock":"p"}',
  ])
  const until = start + 15 * MINUTE
  const both = { do: 'claim', id: 'p', reward: 'signed-cap', option: 'both' } as const
  expect(steps(rewardPlan(points, state, both, start))).toEqual([
    `goods/reserve {"amount":1,"holder":"ann","until":${until}}`,
    `budget/reserve {"amount":"1.25","holder":"ann","until":${until}}`,
    `points/claim {"reward":"signed-cap","quantity":1,"option":"both","until":${until},"stock":"p"}`,
  ])
  // Of a claim that this state does not know, the command alone, and for this state alone.
  const { steps: unknown } = rewardPlan(
    points,
    state,
    { do: 'cancel', id: 'c', claim: stepId('p', 2) },
    start,
  )
  expect(unknown.map(({ command }) => command.expectedVersion)).toEqual([0])
})

test('requests of what there is not are faults', () => {
  const state = points.start('ann')
  const ask = (request: object) => () => rewardPlan(points, state, request as never, start)
  expect(ask({ do: 'claim', id: 'p', reward: 'mug' })).toThrow('unknown-name at $.request.reward')
  expect(ask({ do: 'claim', id: 'p', reward: 'cap', option: 'a' })).toThrow(
    'unknown-name at $.request.option',
  )
  expect(ask({ do: 'claim', id: 'p', reward: 'cap', quantity: 0 })).toThrow(
    'out-of-range at $.request.quantity',
  )
  expect(ask({ do: 'give', id: 'p' })).toThrow('unknown-name at $.request.do')
  expect(ask({ do: 'cancel', id: 'p', claim: 'c', quantity: 1 })).toThrow('unknown-key')
})
