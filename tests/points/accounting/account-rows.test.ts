// From an account to the books: what was recorded and what is there, as rows that accounting reads.
import {
  collect,
  definePointsDevelopment,
  definePointsLiability,
  ledgerRows,
  outstandingLots,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, utc } from '../../support/story.js'
import { account, pointsWith } from '../support/shop.js'

const engine = pointsWith({ expires: { days: 30 }, pending: { days: 2 }, transfers: {} })
const { paid, refunded, redeem, refund, give, event } = account()
const inputs = [
  paid('2024-01-01', 'o1', '100'),
  give('2024-01-02', 50),
  redeem('2024-01-05', 70, 'mug'),
  refund('2024-01-06', 'mug', 20),
  refunded('2024-01-07', 'o1', '90'),
  event('2024-01-08', 'points/adjust', { points: 30, reason: 'sorry', by: 'desk' }),
  event('2024-01-09', 'points/adjust', { points: -5, reason: 'too many', by: 'desk' }),
  event('2024-01-10', 'points/reserve', { points: 4 }, 'held'),
  paid('2024-01-20', 'o2', '10'),
  event('2024-01-25', 'points/send', { to: 'u2', points: 3, transfer: 't' }),
  give('2024-02-20', 7),
]
const { state, log } = tell(engine, inputs as never)

describe('rows of an account', () => {
  const rows = ledgerRows(engine, log)
  const sum = (kind: string, sign = 0) =>
    rows
      .filter((row) => row.kind === kind && (sign === 0 || Math.sign(row.points) === sign))
      .reduce((all, { points }) => all + points, 0)

  test('add up to the totals of the view', () => {
    const { totals } = engine.view(state, utc('2024-02-20'))
    expect({
      earned: sum('earned'),
      redeemed: sum('redeemed'),
      refunded: sum('returned'),
      clawedBack: sum('clawed-back'),
      expired: sum('expired'),
      sent: -sum('transferred'),
      added: sum('adjusted', 1),
      removed: -sum('adjusted', -1),
    }).toEqual({
      earned: totals.earned,
      redeemed: totals.redeemed,
      refunded: totals.refunded,
      clawedBack: totals.clawedBack,
      expired: totals.expired,
      sent: totals.sent,
      added: totals.added,
      removed: totals.removed,
    })
    expect(totals).toMatchObject({ earned: 167, redeemed: 70, refunded: 20, added: 30, removed: 5, sent: 3 })
  })

  test('say when what moves was earned, and for what', () => {
    const redeemed = rows.filter(({ kind }) => kind === 'redeemed')
    expect(redeemed.reduce((all, { points }) => all + points, 0)).toBe(70)
    expect(redeemed[0]).toMatchObject({ at: utc('2024-01-05'), earnedAt: utc('2024-01-01'), order: 'o1' })
    const expired = rows.filter(({ kind }) => kind === 'expired')
    expect(expired.length).toBeGreaterThan(0)
    for (const { at, earnedAt } of expired) expect(at - earnedAt!).toBe(30 * 86_400_000)
  })

  test('go into the accounts as they are', () => {
    const head = { id: 'd', version: 1, calendar: { zone: 'UTC' } } as const
    const development = definePointsDevelopment({ ...head, currencies: ['points'], dated: 'effective' })
    const months = development.result(collect(development, rows), { asOf: utc('2024-03-01') })
    expect(JSON.stringify(months)).toContain('"points"')
  })
})

describe('lots of an account', () => {
  const lots = outstandingLots(engine, state.of, log)

  test('are what it holds, what is reserved among it', () => {
    const { balance, pending, reserved } = engine.view(state, state.at!)
    expect(lots.reduce((all, { points }) => all + points, 0)).toBe(balance + pending + reserved)
    expect(lots.some(({ points, earnedAt }) => points === 7 && earnedAt === utc('2024-02-20'))).toBe(true)
    expect(reserved).toBe(4)
  })

  test('are the liability', () => {
    const owed = definePointsLiability({
      ...{ id: 'owed', version: 1, calendar: { zone: 'UTC' }, asOf: utc('2024-02-21') },
      currencies: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } },
    })
    const { outstanding, lapsed } = owed.result(collect(owed, lots)).currencies.points
    const { balance, reserved } = engine.view(state, state.at!)
    expect(outstanding.points + lapsed).toBe(balance + reserved)
  })

  test('need the log from its beginning', () => {
    expect(() => outstandingLots(engine, state.of, log.slice(-1))).toThrow('missing at $.log')
    expect(() => ledgerRows(engine, 'log' as never)).toThrow('wrong-type at $.log')
    expect(() => outstandingLots(engine, {} as never, log)).toThrow('wrong-type at $.state')
  })
})

describe('the end of a lot', () => {
  const owed = definePointsLiability({
    ...{ id: 'owed', version: 1, calendar: { zone: 'UTC' }, asOf: utc('2026-08-01') },
    currencies: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } },
  })
  const told = (engine: ReturnType<typeof pointsWith>, more: readonly unknown[] = []) => {
    const { state, log } = tell(engine, [
      paid('2026-01-15', 'o1', '100'),
      paid('2026-06-15', 'o2', '10'),
      ...more,
    ] as never)
    const at = engine.advance(state, utc('2026-08-01')).state
    const { outstanding, lapsed } = owed.result(collect(owed, outstandingLots(engine, at.of, log))).currencies
      .points
    return { outstanding: outstanding.points, lapsed, balance: engine.view(at, utc('2026-08-01')).balance }
  }

  test('is as late as activity has put it off', () => {
    const engine = pointsWith({ expires: { inactive: { months: 6 }, activity: ['order-paid'] } })
    expect(told(engine)).toEqual({ outstanding: 110, lapsed: 0, balance: 110 })
    const { state, log } = tell(engine, [paid('2026-01-15', 'o1', '100'), paid('2026-06-15', 'o2', '10')])
    expect(
      outstandingLots(engine, state.of, log).map(({ points, expiresAt }) => [points, expiresAt]),
    ).toEqual([
      [100, utc('2026-12-15')],
      [10, utc('2026-12-15')],
    ])
  })

  test('is not before the end of the reservation that holds it', () => {
    const engine = pointsWith({ expires: { days: 30 } })
    const held = (data: object) =>
      told(engine, [event('2026-06-20', 'points/reserve', { points: 4, ...data })])
    expect(held({})).toEqual({ outstanding: 4, lapsed: 0, balance: 0 })
    expect(held({ until: utc('2026-08-02') })).toEqual({ outstanding: 4, lapsed: 0, balance: 0 })
    expect(held({ until: utc('2026-07-02') })).toEqual({ outstanding: 0, lapsed: 0, balance: 0 })
  })
})
