// What is known of orders and redemptions ends with the instant that the definition says, and what is over is forgotten.
import { audit, migratePoints, replay } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { items } from '../../src/kernel/sorted.js'
import { lapsedBy, originsBy, redemptionsBy } from '../../src/points/account.js'
import { runs } from '../support/size.js'
import { refusalOf, tell, teller, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const engine = pointsWith({ keepOrigins: { days: 30 } })

describe('an order', () => {
  const { paid, refunded, event } = account()
  const { state } = tell(engine, [paid('2024-03-01 10:00', 'a', '100')])
  const typesAfter = (at: string) =>
    tell(engine, [refunded(at, 'a', '50')], state).log.map(({ type }) => type)

  test('is known up to, but without, the end of its time', () => {
    expect(typesAfter('2024-03-31 09:59')).toEqual(['order-refunded', 'points/clawed-back'])
    expect(typesAfter('2024-03-31 10:00')).toEqual(['order-refunded', 'points/unmatched'])
  })

  test('of which nothing is known any more is said, and takes nothing', () => {
    const after = tell(engine, [refunded('2024-05-01', 'a', '50')], state)
    expect(after.log[1]!.data).toEqual({ origin: 'a', event: after.log[0]!.id })
    expect(engine.view(after.state, utc('2024-05-01')).balance).toBe(100)
    expect(engine.vocabulary.words.en?.['points/unmatched']).toContain('no longer known')
  })

  test('is known from its last posting on', () => {
    const once = tell(engine, [refunded('2024-03-20', 'a', '50')], state)
    const twice = tell(engine, [refunded('2024-04-15', 'a', '50')], once.state)
    expect(twice.log.map(({ type }) => type)).toEqual(['order-refunded', 'points/clawed-back'])
    expect(engine.view(twice.state, utc('2024-04-15')).balance).toBe(0)
  })

  test('of which something is pending is known as long as that is', () => {
    const waiting = pointsWith({ keepOrigins: { days: 30 }, pending: 'until-confirmed' })
    const { state: held } = tell(waiting, [paid('2024-03-01', 'a', '100')])
    const told = tell(waiting, [refunded('2024-06-01', 'a', '100')], held)
    expect(told.log.map(({ type }) => type)).toEqual(['order-refunded', 'points/clawed-back'])
    const confirmed = tell(waiting, [event('2024-06-01', 'order-received', { orderId: 'a' })], held)
    expect(confirmed.log.map(({ type }) => type)).toEqual(['order-received', 'points/confirmed'])
  })

  test('of which something waits for room under a cap is known as long as that does', () => {
    const capped = pointsWith({
      keepOrigins: { days: 10 },
      caps: [{ cap: 'monthly', atMost: 60, per: { this: 'month' }, overflow: 'carry' }],
    })
    const { state: held } = tell(capped, [paid('2024-03-01', 'a', '100'), paid('2024-03-25', 'b', '1')])
    expect(capped.view(held, utc('2024-03-25')).balance).toBe(60)
    const told = tell(capped, [refunded('2024-04-02', 'a', '50')], held)
    expect(told.log.map(({ type }) => type)).toEqual([
      'points/earned',
      'points/earned',
      'order-refunded',
      'points/clawed-back',
    ])
    expect(capped.view(told.state, utc('2024-04-02')).balance).toBe(51)
  })

  test('begins anew where its name comes again after it is over', () => {
    const again = tell(engine, [paid('2024-05-01', 'a', '10'), refunded('2024-05-02', 'a', '10')], state)
    expect(engine.view(again.state, utc('2024-05-02')).balance).toBe(100)
  })

  test('without a time of keeping is known for ever, and what never was is not said', () => {
    const kept = pointsWith()
    const { state: old } = tell(kept, [paid('2004-03-01', 'a', '100')])
    const told = tell(kept, [refunded('2024-03-01', 'a', '100'), refunded('2024-03-01', 'never', '1')], old)
    expect(told.log.map(({ type }) => type)).toEqual([
      'order-refunded',
      'points/clawed-back',
      'order-refunded',
    ])
  })

  test('that is forgotten is no reason to correct anything', () => {
    const { state: later, log } = tell(engine, [
      paid('2024-01-01', 'old', '70'),
      ...Array.from({ length: 9 }, (_, i) => paid(utc('2024-03-01') + i, `n${i}`, '1')),
    ])
    expect(later.of.origins!.n).toBe(9)
    const late = paid('2024-02-20', 'late', '5')
    const learned = replay(engine, { checkpoint: engine.start('u1'), tail: log }, { add: [late] as never })
    const view = engine.view(learned.state, learned.state.at!)
    expect(view.balance).toBe(70 + 9 + 5)
    const decided = learned.asserted.filter(({ type }) => type.startsWith('points/'))
    expect(decided.map(({ type, data }) => [type, (data as { points: number }).points])).toEqual([
      ['points/earned', 5],
    ])
  })
})

test('a redemption is unknown when its time is over', () => {
  const { give, redeem, refund } = account()
  const { state } = tell(engine, [give('2024-03-01', 100), redeem('2024-03-02', 60, 'r')])
  expect(refusalOf(engine, state, refund('2024-03-31', 'r', 20))).toBeUndefined()
  expect(refusalOf(engine, state, refund('2024-04-01', 'r', 20))).toEqual({ code: 'unknown-redemption' })
  const { state: partly } = tell(engine, [refund('2024-03-31', 'r', 20)], state)
  expect(refusalOf(engine, partly, refund('2024-04-29', 'r', 20))).toBeUndefined()
})

test('an account that is busy for ever stays as large as its time of keeping', {
  timeout: runs(60_000, 3_600_000),
}, () => {
  const total = runs(20_000, 1_000_000)
  const busy = pointsWith({
    keepOrigins: { days: 10 },
    expires: { days: 5 },
    spend: 'oldest',
    refunds: { to: 'fresh-lots' },
    idempotencyWindow: { hours: 48 },
  })
  const event = teller()
  const minute = 60_000
  let at = utc('2024-01-01')
  let state = busy.start('u1')
  const sizes: { origins: number; redemptions: number; lapsed: number; fading: number; lots: number }[] = []
  const spent: number[] = []
  const tenth = total / 10
  /** Of all that is kept, ids of inputs too. */
  const letters: number[] = []
  let began = process.cpuUsage()
  const count = (order: Parameters<typeof items>[0], tree: Parameters<typeof items>[1]) =>
    [...items(order, tree)].length
  for (let i = 0; i < total; i++) {
    at += 7 * minute
    const turn = i % 5
    const input =
      turn < 2
        ? event(at, 'order-paid', { orderId: `o${i}`, amount: `${10 + (i % 90)}.50` })
        : turn === 2
          ? event(at, 'points/redeem', { points: 3 }, `r${i}`)
          : turn === 3
            ? event(at, 'points/refund', { redemption: `r${i - 1}`, points: 2 })
            : event(at, 'order-refunded', { orderId: `o${i - 4}`, amount: '5.00' })
    const outcome = busy.decide(state, input as never)
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    state = outcome.state
    if ((i + 1) % tenth === 0) {
      const { user, system } = process.cpuUsage(began)
      spent.push((user + system) / 1000 / tenth)
      letters.push(JSON.stringify(state).length)
      const { origins, redemptions, lapsed, fading, books } = state.of
      sizes.push({
        origins: count(originsBy as never, origins),
        redemptions: count(redemptionsBy as never, redemptions),
        lapsed: count(lapsedBy as never, lapsed['points'] ?? null),
        fading: fading?.n ?? 0,
        lots: books['points']!.lots.spendable?.n ?? 0,
      })
      began = process.cpuUsage()
    }
  }
  const perDay = (24 * 60) / 7
  // Two origins in five commands, kept ten days after the last posting.
  for (const { origins, redemptions, lapsed, fading, lots } of sizes) {
    expect(origins).toBeLessThan((2 / 5) * 10 * perDay + 10)
    expect(redemptions).toBeLessThan((1 / 5) * 10 * perDay + 10)
    expect(lapsed).toBeLessThan(10 * perDay)
    expect(fading).toBeLessThan((3 / 5) * 10 * perDay + 20)
    expect(lots).toBeLessThan(5 * perDay)
    expect(origins).toBeGreaterThan(500)
  }
  if (total > 20_000)
    console.info(
      'ms of CPU a command by tenth',
      spent.map((ms) => ms.toFixed(4)),
      letters,
      sizes.at(-1),
    )
  for (const size of letters.slice(1)) expect(size).toBeLessThan(1.05 * letters[1]!)
  // Small tenths are noisy: of the last ones the quicker counts, of the second and third the slower.
  expect(Math.min(...spent.slice(total > 20_000 ? 9 : 7))).toBeLessThan(
    1.5 * Math.max(...spent.slice(1, total > 20_000 ? 2 : 4)),
  )
})

describe('a redemption that a claim was paid with', () => {
  const mug = { reward: 'mug', price: { points: 30 }, quantity: 2, keep: { days: 90 } } as const
  const shopWith = (more: object) =>
    pointsWith({ keepOrigins: { days: 60 }, rewards: [mug], ...more } as Parameters<typeof pointsWith>[0])
  const { give, event } = account()
  const claimed = (engine: ReturnType<typeof pointsWith>, more: readonly unknown[] = []) =>
    tell(engine, [
      give('2024-01-01', 100),
      event('2024-01-01', 'points/claim', { reward: 'mug', quantity: 2 }, 'c1'),
      ...more,
    ] as never)
  const back = (at: string, quantity?: number) =>
    event(at, 'points/return', { claim: 'c1', ...(quantity !== undefined && { quantity }) })

  test('is known as long as the claim, whatever is posted in between', () => {
    const engine = shopWith({})
    const { state, log } = claimed(engine, [give('2024-03-10', 1), give('2024-03-11', 1)])
    expect(audit(engine, state, log)).toEqual({ findings: [] })
    const returned = tell(engine, [back('2024-03-12', 1), back('2024-03-30', 1)] as never, state)
    expect(engine.view(returned.state, utc('2024-03-30')).balance).toBe(102)
    expect(audit(engine, returned.state, [...log, ...returned.log])).toEqual({ findings: [] })
    // By the claim alone: what is spent with it is part of it.
    const direct = event('2024-03-12', 'points/refund', { redemption: 'c1' })
    expect(refusalOf(engine, state, direct)).toEqual({ code: 'part-of-a-claim' })
    expect(refusalOf(engine, state, event('2024-03-12', 'points/reverse', { of: 'c1' }))).toEqual({
      code: 'part-of-a-claim',
    })
  })

  test('goes with it', () => {
    const engine = shopWith({})
    const { state } = claimed(engine)
    expect(refusalOf(engine, state, back('2024-03-31'))).toEqual({ code: 'unknown-claim' })
    const later = tell(engine, [give('2024-04-01', 1), give('2024-04-02', 1)], state)
    expect([...items(redemptionsBy, later.state.of.redemptions)]).toEqual([])
    expect(audit(engine, later.state)).toEqual({ findings: [] })
    const whole = tell(engine, [back('2024-02-01'), give('2024-04-03', 1)] as never, state)
    expect([...items(redemptionsBy, whole.state.of.redemptions)]).toEqual([])
  })

  test('also where nothing is kept at all, and under another definition', () => {
    const engine = shopWith({ keepOrigins: { days: 0 } })
    const { state } = claimed(engine, [give('2024-01-01', 1)])
    const returned = tell(engine, [back('2024-01-01')] as never, state)
    expect(engine.view(returned.state, utc('2024-01-01')).balance).toBe(101)
    const next = shopWith({ version: 2 })
    const old = shopWith({})
    const { state: moved } = migratePoints(old, next)(
      claimed(old, [give('2024-03-10', 1)]).state,
      utc('2024-03-11'),
    )
    expect(next.view(tell(next, [back('2024-03-12')] as never, moved).state, utc('2024-03-12')).balance).toBe(
      101,
    )
  })

  test('however many claims there were, only those that are remembered, and the one that ends now', () => {
    const engine = shopWith({ keepOrigins: { days: 1 } })
    const claims = Array.from({ length: 120 }, (_, day) => [
      give(utc('2024-01-01') + day * 86_400_000, 30),
      event(utc('2024-01-01') + day * 86_400_000, 'points/claim', { reward: 'mug' }, `d${day}`),
    ]).flat()
    const { state } = tell(engine, claims as never)
    expect([...items(redemptionsBy, state.of.redemptions)].length).toBe(91)
    expect(audit(engine, state)).toEqual({ findings: [] })
  })
})

describe('an order that goes by the name of one that was forgotten', () => {
  const { paid, refunded, redeem, refund, give, event } = account()
  const shareOf = (engine: ReturnType<typeof pointsWith>, inputs: readonly unknown[], at: string) => {
    const { state, log } = tell(engine, [...inputs, give(at, 1)] as never)
    expect(audit(engine, state, log).findings).toEqual([])
    const [origin] = [...items(originsBy, state.of.origins)]
    return [origin?.share.earned, origin?.share.expired, origin?.share.excused]
  }

  test('is not told what expires of the other', () => {
    const short = pointsWith({ keepOrigins: { days: 30 }, expires: { months: 2 } })
    const twice = [paid('2024-03-11', 'a', '123.45'), paid('2024-05-02', 'a', '1')]
    expect(shareOf(short, twice, '2024-05-12')).toEqual([1, 0, 0])
  })

  test('nor what of it comes back and expires then', () => {
    const short = pointsWith({
      keepOrigins: { days: 30 },
      expires: { months: 3 },
      refunds: { grace: { days: 9 } },
    })
    const twice = [
      paid('2024-03-11', 'a', '100'),
      redeem('2024-05-25', 40, 'r'),
      paid('2024-05-26', 'a', '1'),
      refund('2024-06-12', 'r'),
    ]
    expect(shareOf(short, twice, '2024-06-22')).toEqual([1, 0, 0])
  })

  test('nor what is brought back of it by hand, of which all is free', () => {
    const short = pointsWith({
      keepOrigins: { days: 30 },
      expires: { months: 1 },
      reinstateWithin: { days: 90 },
    })
    const twice = [
      paid('2024-03-11', 'a', '100'),
      paid('2024-05-02', 'a', '1'),
      event('2024-05-03', 'points/reinstate', { until: utc('2024-05-20'), reason: 'a favour' }),
    ]
    const { state } = tell(short, twice)
    expect(short.view(state, utc('2024-05-03')).balance).toBe(101)
    expect(shareOf(short, twice, '2024-05-21')).toEqual([1, 0, 0])
  })

  test('and lots of its own that come back one after the other stay its own', () => {
    const engine = pointsWith({ expires: { months: 1 }, refunds: { grace: { days: 5 } } })
    const told = [
      paid('2024-03-01', 'a', '10'),
      paid('2024-03-02', 'a', '20'),
      redeem('2024-03-03', 10, 'r1'),
      redeem('2024-03-03', 20, 'r2'),
      refund('2024-05-01', 'r2'),
      refund('2024-05-01', 'r1'),
    ]
    expect(shareOf(engine, told, '2024-05-07')).toEqual([30, 30, 0])
    const fresh = pointsWith({ expires: { months: 1 }, refunds: { to: 'fresh-lots' } })
    expect(shareOf(fresh, told, '2024-06-07')).toEqual([30, 30, 0])
    // A refund then takes nothing: what expired stands in for it.
    expect(shareOf(fresh, [...told, refunded('2024-06-07', 'a', '30')], '2024-06-07')).toEqual([30, 30, 30])
  })
})

test('what a correction leaves alone is left alone by the next, also where less of what is over was removed', () => {
  const short = pointsWith({ keepOrigins: { days: 40 } })
  const { paid } = account()
  const [first, again, other] = [
    paid('2024-09-24', 'a', '3'),
    paid('2024-11-02', 'a', '3'),
    paid('2024-11-04', 'b', '3'),
  ]
  const { log } = tell(short, [first, again, other])
  const checkpoint = short.start('u1')
  const at = utc('2024-11-05')
  const once = replay(short, { checkpoint, tail: log }, { remove: [again.id], at })
  const twice = replay(short, { checkpoint, tail: [...once.log] }, { remove: [other.id], at })
  expect(replay(short, { checkpoint, tail: [...twice.log] }, { at }).asserted).toEqual([])
  expect(short.view(twice.state, at).balance).toBe(6)
})
