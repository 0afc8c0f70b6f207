// Plans that run at the same time, over a stock that both want and two accounts, through crashes and retries at every point.
import * as fc from 'fast-check'
import { defineEvents, definePoints, defineStock, type Plan, planOf, stepId } from 'liuliang'
import { expect, test } from 'vitest'
import { planRunner, stateStore } from '../support/plan-runner.js'
import { runs } from '../support/size.js'

const MINUTE = 60_000
const start = Date.UTC(2024, 2, 1)
const calendar = { zone: 'UTC' } as const
const gift = defineStock({
  id: 'gift',
  version: 1,
  calendar,
  unit: 'pieces',
  limits: [{ limit: 'each', per: 'holder', most: 3 }],
})
const points = definePoints({ id: 'points', version: 1, calendar, events: defineEvents({}), earning: [] })
const engines = { gift, points }

interface Wish {
  readonly who: 'ann' | 'bob'
  readonly pieces: number
  readonly price: number
  /** The gift is taken at once, or reserved and committed last; the latter cannot be taken back. */
  readonly way: 'take' | 'reserve' | 'pay-first'
}

function planFor(id: string, at: number, { who, pieces, price, way }: Wish): Plan {
  const pay = {
    engine: 'points',
    subject: who,
    command: { type: 'points/redeem', data: { points: price } },
    undo: (step: string) => ({ type: 'points/refund', data: { redemption: step } }),
  }
  const get = (type: 'take' | 'reserve') => ({
    engine: 'gift',
    subject: 'mug',
    command: { type: `gift/${type}`, data: { amount: pieces, holder: who } },
    undo: (step: string) =>
      type === 'take'
        ? { type: 'gift/give-back', data: { reservation: step } }
        : { type: 'gift/release', data: { reservation: step } },
  })
  const commit = (step: number) => ({
    engine: 'gift',
    subject: 'mug',
    command: { type: 'gift/commit', data: { reservation: stepId(id, step) } },
  })
  if (way === 'take') return planOf(id, at, [get('take'), pay])
  return planOf(
    id,
    at,
    way === 'reserve' ? [get('reserve'), pay, commit(0)] : [pay, get('reserve'), commit(1)],
  )
}

const wish: fc.Arbitrary<Wish> = fc.record({
  who: fc.constantFrom('ann', 'bob'),
  pieces: fc.integer({ min: 1, max: 3 }),
  price: fc.integer({ min: 1, max: 12 }),
  way: fc.constantFrom('take', 'reserve', 'pay-first'),
})

/** The points of two accounts, the pieces of one stock. */
function world(stockOf: number, balances: Readonly<Record<string, number>>) {
  const store = stateStore(engines)
  const told = (engine: 'gift' | 'points', subject: string, type: string, data: object) =>
    expect(
      store.decide(engine, subject, { id: `0-${subject}`, type, subject, occurredAt: start, data }).outcome,
    ).toBe('accepted')
  told('gift', 'mug', 'gift/restock', { amount: stockOf, reason: 'first' })
  for (const [who, amount] of Object.entries(balances))
    told('points', who, 'points/earn', { points: amount, reason: 'first' })
  let now = start
  const clock = () => {
    now += MINUTE
    return now
  }
  const looks = () => {
    const balance = (who: string) =>
      points.view(store.load('points', who) as ReturnType<typeof points.start>, now + 1000 * MINUTE).balance
    const stock = gift.view(store.load('gift', 'mug') as ReturnType<typeof gift.start>, now + 1000 * MINUTE)
    return { stock, ann: balance('ann'), bob: balance('bob') }
  }
  return { store, clock, looks, now: () => now }
}

/** Whether there is an attempt to make. */
function goesOn(runner: ReturnType<typeof planRunner>, attempts: number): boolean {
  if (attempts > 60) throw new Error('never ends')
  const { next } = runner.next()
  return next === 'do' || next === 'undo'
}

const how = fc.constantFrom('lives', 'lives', 'dies', 'twice' as const) as fc.Arbitrary<
  'lives' | 'dies' | 'twice'
>
const acts = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ plan: fc.nat({ max: 1 }), how }) },
    // Somebody else comes in between, so that the plans' commands are late.
    { weight: 2, arbitrary: fc.record({ other: fc.constantFrom('ann', 'bob', 'mug') }) },
  ),
  { minLength: 4, maxLength: 40, size: 'max' },
)

test('two plans keep all totals, and end whole, undone, or saying which part stands', () => {
  const ends: Record<string, number> = {}
  fc.assert(
    fc.property(
      fc.tuple(wish, wish),
      fc.integer({ min: 1, max: 5 }),
      fc.record({ ann: fc.nat({ max: 20 }).map((n) => n + 1), bob: fc.nat({ max: 12 }).map((n) => n + 1) }),
      acts,
      (wishes, stockOf, balances, steps) => {
        const { store, clock, looks, now } = world(stockOf, balances)
        const runners = wishes.map((one, i) => planRunner(store, planFor(`plan-${i}`, start, one), clock))
        let others = 0
        const added: Record<string, number> = { ann: 0, bob: 0, mug: 0 }
        for (const act of steps) {
          if ('plan' in act) {
            runners[act.plan]!.attempt(act.how)
            continue
          }
          const { other } = act
          others += 1
          const isStock = other === 'mug'
          const outcome = store.decide(isStock ? 'gift' : 'points', other, {
            id: `other-${others}`,
            type: isStock ? 'gift/restock' : 'points/earn',
            subject: other,
            occurredAt: clock(),
            data: isStock ? { amount: 1, reason: 'more' } : { points: 1, reason: 'more' },
          })
          if (outcome.outcome === 'accepted') added[other]! += 1
        }
        // Both are carried to their ends, with one more crash at each step.
        for (const runner of runners)
          for (let i = 0; goesOn(runner, i); i++) runner.attempt(i % 2 === 0 ? 'dies' : 'lives')
        const ended = runners.map((runner) => runner.next())
        const whole = wishes.filter((_, i) => ended[i]!.next === 'done')
        const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0)
        const paid = (who: string) => sum(whole.filter((one) => one.who === who).map(({ price }) => price))
        for (const end of ended) ends[end.next] = (ends[end.next] ?? 0) + 1
        // Nothing here can be stuck: what is undone was done by the plan itself.
        expect(ended.every(({ next }) => next === 'done' || next === 'failed')).toBe(true)
        const { stock, ann, bob } = looks()
        expect(stock.reserved).toBe(0)
        expect(stock.committed).toBe(sum(whole.map(({ pieces }) => pieces)))
        expect(stock.available).toBe(stockOf + added['mug']! - stock.committed)
        expect(ann).toBe(balances.ann + added['ann']! - paid('ann'))
        expect(bob).toBe(balances.bob + added['bob']! - paid('bob'))
        expect(now()).toBeGreaterThan(start)
      },
    ),
    { numRuns: runs(150, 10_000) },
  )
  expect(Math.min(ends['done']!, ends['failed']!)).toBeGreaterThan(runs(30, 2000))
}, 600_000)

test('one plan alone ends the same, wherever its runner dies and however often', () => {
  const one: Wish = { who: 'ann', pieces: 2, price: 5, way: 'reserve' }
  for (const [stockOf, balance] of [
    [2, 5],
    [1, 5],
    [2, 4],
  ] as const) {
    const endings = new Set<string>()
    // Which of the first eight attempts lose their report: all ways.
    for (let mask = 0; mask < 256; mask++) {
      const { store, clock, looks } = world(stockOf, { ann: balance, bob: 1 })
      const runner = planRunner(store, planFor('p', start, one), clock)
      for (let i = 0; goesOn(runner, i); i++)
        runner.attempt(i < 8 && Math.floor(mask / 2 ** i) % 2 === 1 ? 'dies' : 'lives')
      const { stock, ann } = looks()
      endings.add(JSON.stringify([runner.next().next, stock.available, stock.reserved, stock.committed, ann]))
    }
    expect([...endings]).toEqual([
      stockOf === 2 && balance === 5 ? '["done",0,0,2,0]' : `["failed",${stockOf},0,0,${balance}]`,
    ])
  }
})

test('what is stuck says which part stands, and goes on when a person has seen to it', () => {
  let stuck = 0
  fc.assert(
    fc.property(wish, fc.integer({ min: 0, max: 8 }), fc.boolean(), (one, after, settles) => {
      const { store, clock, looks } = world(9, { ann: 12, bob: 12 })
      const plan = planFor('p', start, { ...one, way: one.way === 'pay-first' ? 'reserve' : one.way })
      // Somebody releases, or gives back, behind the plan's back; and nobody can pay.
      const runner = planRunner(store, plan, clock)
      const id = stepId('p', 0)
      for (let i = 0; goesOn(runner, i); i++) {
        if (i === after) {
          const type = one.way === 'take' ? 'gift/give-back' : 'gift/release'
          const at = clock()
          store.decide('gift', 'mug', {
            id: 'meddler',
            type,
            subject: 'mug',
            occurredAt: at,
            data: { reservation: id },
          })
          store.decide('points', one.who, {
            id: 'spender',
            type: 'points/redeem',
            subject: one.who,
            occurredAt: at,
            data: { points: 12 },
          })
        }
        runner.attempt('lives')
      }
      const end = runner.next()
      const { stock, ann, bob } = looks()
      const balance = one.who === 'ann' ? ann : bob
      if (end.next === 'stuck') {
        stuck += 1
        expect(end.standing).toContain(end.code === 'undo-refused' ? end.step : 0)
        // What it says stands, stands: the points are only gone with step 1.
        if (end.standing.includes(1)) expect(balance).toBeLessThan(12)
        if (!settles) return
        for (const step of [...end.standing].reverse())
          if (plan.steps[step]!.undo !== null)
            runner.report({ step, part: 'undo', outcome: 'settled', at: clock() })
        expect(runner.next().next).toBe('failed')
      } else if (end.next === 'done') expect(stock.committed + stock.available).toBe(9)
      else expect(end.next).toBe('failed')
    }),
    { numRuns: runs(150, 5000) },
  )
  expect(stuck).toBeGreaterThan(runs(10, 300))
}, 600_000)
