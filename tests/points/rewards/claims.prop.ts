// The engine and a naive recomputation from all that was told agree after each of many random commands: what is accepted,
// the code of each refusal, balances, what is held, open claims and what counts under every limit.
import * as fc from 'fast-check'
import { audit, defineEvents, definePoints, pointsEvents, type RewardDefinition } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { type OracleInput, type OracleReward, oracleOf } from './support/oracle.js'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const start = Date.UTC(2024, 0, 30)
const events = defineEvents({ ...pointsEvents('points') })

/** A reward for the engine, from what the oracle reads. */
const definitionOf = (one: OracleReward): RewardDefinition<string, 'points'> => {
  const prices = one.prices.map(({ option, points, cents }) => {
    const money = { amount: (cents / 100).toFixed(2), currency: 'CNY' }
    const price = cents === 0 ? { points } : points === 0 ? { money } : { points, money }
    return option === undefined ? price : { option, ...price }
  })
  const text = (at: number) => new Date(at).toISOString()
  const during = {
    ...(one.from !== undefined && { from: text(one.from) }),
    ...(one.until !== undefined && { until: text(one.until) }),
  }
  return {
    reward: one.reward,
    price: (prices.length === 1 && one.prices[0]!.option === undefined ? prices[0] : prices) as never,
    quantity: one.quantity,
    limits: one.limits.map(({ limit, most, within }) => ({
      limit,
      most,
      ...(within !== undefined && { within: within === 'month' ? { this: 'month' } : within }),
    })),
    ...(one.waits !== undefined && { reserveFor: { minutes: one.waits / MINUTE } }),
    ...(one.waits !== undefined && { unpaid: one.unpaid ? 'frees-limits' : 'uses-limits' }),
    returned: one.returned ? 'frees-limits' : 'uses-limits',
    keep: { days: one.keep / DAY },
    ...(Object.keys(during).length > 0 && { during }),
    ...(one.given !== undefined && { when: events.sum('points/earned', 'points').gte(one.given) }),
  }
}

/** Once in five times. */
const rarely = (value: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const price = fc.record({
  points: fc.integer({ min: 0, max: 60 }),
  cents: fc.constantFrom(0, 100, 990),
})
const within = fc.constantFrom(undefined, 'month' as const, { days: 1 }, { days: 9 })
const limit = fc.record({ most: fc.integer({ min: 1, max: 7 }), within })
const terms = fc.record({
  prices: fc.array(price, { minLength: 1, maxLength: 2 }),
  quantity: fc.integer({ min: 1, max: 3 }),
  limits: fc.array(limit, { maxLength: 2 }),
  waits: fc.constantFrom(5, 2880, 20_000).map((minutes) => minutes * MINUTE),
  unpaid: fc.boolean(),
  returned: fc.boolean(),
  keep: fc.constantFrom(3, 30, 90).map((days) => days * DAY),
  from: rarely(fc.integer({ min: 0, max: 20 })),
  until: rarely(fc.integer({ min: 21, max: 60 })),
  given: rarely(fc.integer({ min: 1, max: 90 })),
})
const catalogue = fc.array(terms, { minLength: 1, maxLength: 3 }).map((all) =>
  all.map((one, i): OracleReward => {
    const { waits, from, until, given, ...others } = one
    const isOne = one.prices.length === 1
    return {
      ...others,
      reward: `reward-${i}`,
      prices: one.prices.map((each, k) => (isOne ? each : { ...each, option: `option-${k}` })),
      limits: one.limits.map((each, k) => ({
        limit: `limit-${k}`,
        most: each.most,
        ...(each.within && { within: each.within }),
      })),
      ...(one.prices.some(({ cents }) => cents > 0) && { waits }),
      ...(from !== undefined && { from: start + from * DAY }),
      ...(until !== undefined && { until: start + until * DAY }),
      ...(given !== undefined && { given }),
    }
  }),
)
const step = fc.record({
  wait: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
    { weight: 3, arbitrary: fc.integer({ min: 5, max: 2000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 3000, max: 40_000 }) },
    // To the end of the claim that lapses next, to the millisecond.
    { weight: 1, arbitrary: fc.constant('lapse' as const) },
  ),
  what: fc.constantFrom(
    ...([
      'give',
      'give',
      'redeem',
      'claim',
      'claim',
      'claim',
      'claim',
      'pay',
      'pay',
      'pay',
      'cancel',
      'return',
      'return',
    ] as const),
  ),
  points: fc.integer({ min: 1, max: 150 }),
  which: fc.nat({ max: 9 }),
  quantity: fc.integer({ min: -1, max: 4 }),
  odd: fc.nat({ max: 9 }),
})

test('a naive recomputation agrees after each command', () => {
  const seen: Record<string, number> = {}
  fc.assert(
    fc.property(catalogue, fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), (rewards, steps) => {
      const engine = definePoints({
        ...{ id: 'points', version: 1, calendar: { zone: 'UTC' }, events, earning: [] },
        ...{ expires: { days: 20 }, refunds: { grace: { days: 5 } } },
        rewards: rewards.map(definitionOf),
      })
      const oracle = oracleOf(rewards, 20 * DAY, 5 * DAY)
      let state = engine.start('ann')
      let now = start
      const log: object[] = []
      const claimed: string[] = []
      for (const [i, { wait, what: asked, points, which, quantity, odd }] of steps.entries()) {
        // The first is rich; of a claim only who made one asks, most often.
        const needsClaim = asked !== 'give' && asked !== 'redeem' && claimed.length === 0 && odd > 0
        const what = i === 0 ? 'give' : needsClaim ? 'claim' : asked
        const lapse = oracle.view(now).open[0]?.until
        now = wait === 'lapse' ? (lapse ?? now) : now + wait * MINUTE
        const id = `c${String(i).padStart(2, '0')}`
        const reward = rewards[which % rewards.length]!
        // Most often of a claim that stands so.
        const claim =
          what === 'pay' || what === 'cancel'
            ? (oracle.view(now).open[which % 3]?.claim ??
              claimed[which % Math.max(1, claimed.length)] ??
              'none')
            : (claimed.at(-1 - (which % 4)) ?? 'none')
        const { option } = reward.prices[odd % reward.prices.length]!
        const cents = oracle.view(now).open.find((one) => one.claim === claim)?.cents ?? 100
        const inputs: Record<typeof what, OracleInput> = {
          give: { do: 'give', id, at: now, points: i === 0 ? 2 * points : points },
          redeem: { do: 'redeem', id, at: now, points },
          claim: {
            ...{ do: 'claim', id, at: now, reward: odd === 9 && which === 9 ? 'none' : reward.reward },
            quantity: odd === 3 || odd === 6 ? quantity : 1,
            ...(odd === 7 ? { option: 'none' } : option !== undefined && { option }),
            ...(odd === 5 && { until: now + quantity * MINUTE }),
          },
          pay: {
            do: 'pay',
            id,
            at: now,
            claim,
            cents: odd === 0 ? cents + 1 : cents,
            currency: odd === 1 ? 'EUR' : 'CNY',
          },
          cancel: { do: 'cancel', id, at: now, claim },
          return: { do: 'return', id, at: now, claim, ...(odd % 2 === 0 && { quantity }) },
        }
        const input = inputs[what]
        const expected = oracle.answer(input)
        const outcome = engine.decide(state, inputOf(input) as never)
        const answered = outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome
        expect(answered).toBe(expected)
        const key = `${what} ${expected}`
        seen[key] = (seen[key] ?? 0) + 1
        if (outcome.outcome === 'accepted') {
          oracle.take(input)
          state = outcome.state
          log.push(...outcome.events)
          if (what === 'claim') claimed.push(id)
        }
        const { open, used, ...wallet } = oracle.view(now)
        const view = engine.view(state, now)
        expect({ balance: view.balance, reserved: view.reserved }).toEqual(wallet)
        expect(
          view.rewards!.open.map((one) => ({
            claim: one.claim,
            until: one.until,
            cents: Number(one.due.amount.replace('.', '')),
          })),
        ).toEqual(open)
        expect(view.rewards!.limits.map((one) => one.used)).toEqual(used)
      }
      expect(audit(engine, state, log as never)).toEqual({ findings: [] })
    }),
    { numRuns: runs(300, 20_000) },
  )
  for (const word of ['claim', 'pay', 'cancel', 'return'])
    expect(seen[`${word} accepted`]).toBeGreaterThan(runs(30, 2500))
  for (const code of ['offer-begins', 'offer-over', 'not-eligible', 'quantity-out-of-range', 'reward-limit'])
    expect(seen[`claim ${code}`]).toBeGreaterThan(runs(8, 900))
  for (const key of [
    'claim unknown-price',
    'claim insufficient-points',
    'pay claim-over',
    'return claim-open',
  ])
    expect(seen[key]).toBeGreaterThan(runs(10, 1200))
}, 3_600_000)

/** What the engine is told. */
function inputOf(input: OracleInput) {
  const { id, at: occurredAt } = input
  const told = (word: string, data: object) => ({
    id,
    type: `points/${word}`,
    subject: 'ann',
    occurredAt,
    data,
  })
  switch (input.do) {
    case 'give':
      return told('earn', { points: input.points, reason: 'r' })
    case 'redeem':
      return told('redeem', { points: input.points })
    case 'pay': {
      const { claim, cents, currency } = input
      return told('pay', { claim, payment: id, amount: (cents / 100).toFixed(2), currency })
    }
    default: {
      const { do: word, id: _, at: __, ...data } = input
      return told(word, data)
    }
  }
}
