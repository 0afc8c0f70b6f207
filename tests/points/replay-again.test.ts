import { audit, defineEvents, definePoints, instant, money, replay, text } from 'liuliang'
import { describe, expect, test } from 'vitest'

const DAY = 86_400_000
const shop = defineEvents({ paid: { orderId: text(), amount: money('CNY') } })
const points = definePoints({
  id: 'points',
  version: 1,
  calendar: { zone: 'UTC' },
  events: shop,
  earning: [{ rule: 'p', on: 'paid', earns: { points: 1, per: '1', of: 'amount' } }],
})
type Paid = Parameters<typeof points.decide>[1] & { readonly type: 'paid' }
const paid = (id: string, amount: string, day: number): Paid =>
  ({ id, type: 'paid', subject: 'ann', occurredAt: day * DAY, data: { orderId: id, amount } }) as Paid
const checkpoint = points.start('ann')
const live = (orders: readonly Paid[]) => {
  let state = checkpoint
  return orders.flatMap((order) => {
    const outcome = points.decide(state, order)
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
    state = outcome.state
    return outcome.events
  })
}

/** All orders of a list. */
const permutations = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  list.length === 0
    ? [[]]
    : list.flatMap((one, i) =>
        permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]),
      )

const correct = (start: ReturnType<typeof live>, changes: readonly Parameters<typeof replay<never>>[2][]) => {
  let log: ReturnType<typeof live> = start
  let balance = 0
  for (const [i, change] of changes.entries()) {
    const replayed = replay(points, { checkpoint, tail: log }, { ...(change as object), at: (30 + i) * DAY })
    log = [...replayed.log]
    balance = points.view(replayed.state, 400 * DAY).balance
  }
  expect(replay(points, { checkpoint, tail: log }).asserted).toEqual([])
  return balance
}

describe('corrections that are made one after another add up, in whatever order', () => {
  const late = [paid('l1', '100', 5), paid('l2', '700', 13), paid('l3', '400', 17)]
  test.each(permutations(late).map((order) => [order.map(({ id }) => id).join(), order] as const))(
    'late: %s',
    (_, order) => {
      expect(correct(live([paid('m', '900', 18)]), order.map((fact) => ({ add: [fact] })) as never)).toBe(
        2100,
      )
    },
  )

  const orders = [paid('a', '100', 5), paid('b', '700', 10), paid('c', '400', 15), paid('d', '900', 20)]
  test.each(permutations(['a', 'b', 'c']).map((order) => [order.join(), order] as const))(
    'removed: %s',
    (_, order) => {
      expect(correct(live(orders), order.map((id) => ({ remove: [id] })) as never)).toBe(900)
    },
  )
})

test('from a checkpoint behind what was corrected, the correction is taken as it is', () => {
  const first = replay(
    points,
    { checkpoint, tail: live([paid('m', '900', 18)]) },
    { add: [paid('l1', '100', 5)], at: 30 * DAY },
  )
  const later = replay(
    points,
    { checkpoint: first.state, tail: [] },
    { add: [paid('l2', '50', 40)], at: 41 * DAY },
  )
  expect(points.view(later.state, 41 * DAY).balance).toBe(1050)
})

test('facts of somebody else whose ids are taken here are told apart by the name', () => {
  const theirs = { ...paid('m', '40', 3), subject: 'bob' }
  const { state, log } = replay(
    points,
    { checkpoint, tail: live([paid('m', '900', 18)]) },
    { merge: { subject: 'bob', events: [theirs] } },
  )
  expect(points.view(state, 400 * DAY).balance).toBe(940)
  expect(log.some(({ id }) => id === 'bob/m')).toBe(true)
})

test.each([
  ['a key that nobody reads', { adds: [] }, 'unknown-key', '$.adds'],
  ['a policy that is none', { correct: 'zzz' }, 'unknown-name', '$.correct'],
  ['a moment that is none', { at: Number.NaN }, 'invalid-instant', '$.at'],
  ['a correction before the end of the log', { at: 1 }, 'as-of-before-state', '$.at'],
  ['an id that the log does not have', { remove: ['gone'] }, 'unknown-name', '$.remove'],
  ['an id that has other content', { add: [paid('m', '1', 2)] }, 'duplicate-name', '$.add'],
  [
    'a command',
    { add: [{ ...paid('x', '1', 2), type: 'points/redeem', data: { points: 1 } }] },
    'wrong-type',
    '$.add',
  ],
  ["somebody else's fact", { add: [{ ...paid('x', '1', 2), subject: 'bob' }] }, 'wrong-type', '$.add'],
])('%s is a mistake of who asks', (_, change, code, path) => {
  const tail = live([paid('m', '900', 18)])
  expect(() => replay(points, { checkpoint, tail }, change as never)).toThrow(
    expect.objectContaining({ code, path }),
  )
})

test('a confirmation that comes late confirms now, also where nothing else was touched', () => {
  const parcels = defineEvents({
    paid: { orderId: text(), amount: money('CNY') },
    received: { orderId: text() },
  })
  const waiting = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: parcels,
    earning: [
      {
        rule: 'p',
        on: 'paid',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
        pending: 'until-confirmed',
      },
    ],
    confirmation: [{ on: 'received', origin: 'orderId' }],
  })
  const start = waiting.start('ann')
  const bought = waiting.decide(start, paid('o', '100', 1))
  if (bought.outcome !== 'accepted') throw new Error(bought.outcome)
  const received = {
    id: 'r',
    type: 'received',
    subject: 'ann',
    occurredAt: 2 * DAY,
    data: { orderId: 'o' },
  } as const
  const { asserted, state } = replay(
    waiting,
    { checkpoint: start, tail: bought.events },
    { add: [received], at: 9 * DAY },
  )
  expect(asserted.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([['points/confirmed', 9 * DAY]])
  expect(waiting.view(state, 9 * DAY)).toMatchObject({ balance: 100, pending: 0 })
})

describe('what came late and what was late taken back', () => {
  const shop = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    'order-refunded': { orderId: text(), amount: money('CNY') },
  })
  const monthly = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [
      { rule: 'buy', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    expires: { months: 1, end: 'month' },
  })
  const on = (day: string) => instant(`2026-${day}T00:00:00Z`)
  const fact = (id: string, type: 'order-paid' | 'order-refunded', day: string, amount: string, of = id) =>
    ({ id, type, subject: 'ann', occurredAt: on(day), data: { orderId: of, amount } }) as const
  const spent = {
    id: 's',
    type: 'points/redeem',
    subject: 'ann',
    occurredAt: on('02-24'),
    data: { points: 80 },
  } as const
  const a = fact('a', 'order-paid', '01-31', '280')
  const c = fact('c', 'order-paid', '03-10', '130')
  const late = fact('b', 'order-paid', '02-02', '70')
  const back = fact('r', 'order-refunded', '02-26', '230', 'a')
  const start = monthly.start('ann')
  const told = (inputs: readonly Parameters<typeof monthly.decide>[1][]) => {
    let state = start
    const log = inputs.flatMap((input) => {
      const outcome = monthly.decide(state, input)
      if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
      state = outcome.state
      return outcome.events
    })
    return { state, log }
  }
  const corrected = (changes: readonly (readonly (typeof late | typeof back)[])[]) => {
    let { log } = told([a, spent, c])
    let state = start
    for (const add of changes) {
      const replayed = replay(monthly, { checkpoint: start, tail: log }, { add })
      log = [...replayed.log]
      state = replayed.state
      expect(audit(monthly, state, log).findings).toEqual([])
    }
    expect(replay(monthly, { checkpoint: start, tail: log }).asserted).toEqual([])
    return monthly.view(state, on('04-20')).balance
  }

  test('one replay credits before it takes, and ends where the facts in order do', () => {
    const { state } = told([a, late, spent, back, c])
    expect(monthly.view(state, on('04-20')).balance).toBe(130)
    expect(corrected([[late, back]])).toBe(130)
    expect(corrected([[back, late]])).toBe(130)
  })

  test('made one at a time, each takes what is there then', () => {
    expect(corrected([[late], [back]])).toBe(130)
    expect(corrected([[back], [late]])).toBe(100)
  })
})
