// Lots, reservations and refunds, against figures that others publish.
import { readFileSync } from 'node:fs'
import { defineEvents, definePoints, expiringBy, integer, text } from 'liuliang'
import { openLots } from 'liuliang/ledger'
import { expect, test } from 'vitest'
import { refusalOf, tell, teller, utc } from '../support/story.js'

interface Case {
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
  readonly input: any
  // biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
  readonly expected: any
}
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/points-reference/lots-and-reversals.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }
const done: string[] = []
const check = (id: string, claim: (one: Case) => void) =>
  test(id, () => {
    done.push(id)
    claim(cases.find((one) => one.id === id)!)
  })

const events = defineEvents({
  deed: { worth: integer(), deal: text() },
  undone: { worth: integer(), deal: text() },
})
/** Each deed earns what it is worth, to the date that its rule has. */
const engineOf = (dates: readonly (string | undefined)[] = [undefined]) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events,
    earning: dates.map((date, i) => ({
      rule: `r${i}`,
      on: 'deed' as const,
      where: { deal: `d${i}` },
      earns: { points: 1, per: 1, of: 'worth' as const },
      origin: 'deal' as const,
      // The case says on which midnight they are gone; a date here is the last on which they can be spent.
      ...(date && { expires: { on: new Date(utc(date) - 1).toISOString().slice(0, 10) } }),
    })),
    clawback: [{ on: 'undone', origin: 'deal', of: 'worth' }],
  })
type Step = { earn?: number; burn?: number; clawback?: number; at: string; expires?: string }

/** Tells the steps of a case. */
function story(steps: readonly Step[]) {
  const event = teller()
  const earns = steps.filter(({ earn }) => earn !== undefined)
  const engine = engineOf(earns.map(({ expires }) => expires))
  let nth = 0
  const inputs = steps.flatMap(({ earn, burn, at }): object[] => {
    if (earn !== undefined) return [event(at, 'deed', { worth: earn, deal: `d${nth++}` })]
    if (burn !== undefined) return [event(at, 'points/redeem', { points: burn }, `burn-${at}`)]
    return []
  })
  const { state } = tell(engine, inputs as never)
  const lots = () =>
    [...openLots(state.of.books['points']!.lots)].map(({ remaining, expiresAt }) => [expiresAt, remaining])
  return { engine, state, lots, event }
}

check('sylius-soonest-first', ({ input, expected }) => {
  const { engine, state, lots } = story(input.events)
  expect(engine.view(state, utc('2026-01-03')).balance).toBe(expected.balance)
  expect(lots()).toEqual([[utc('2027-06-01'), expected.remainingByExpiry['2027-06-01']]])
})

check('sylius-never-last', ({ input, expected }) => {
  const { lots } = story(input.events)
  expect(lots()).toEqual([[null, expected.remaining.never]])
})

check('sylius-expire-one-lot', ({ input, expected }) => {
  const { engine, state, event } = story(input.events)
  expect(engine.view(state, utc('2027-01-02')).balance).toBe(expected.balance)
  // The same by hand, a year earlier.
  const early = tell(
    engine,
    [event('2026-01-05', 'points/expire', { lots: [0], reason: 'asked for' })],
    state,
  )
  expect(engine.view(early.state, utc('2026-01-05')).balance).toBe(expected.balance)
})

check('sylius-deficit', ({ input, expected }) => {
  const [first, taken, last] = input.events as readonly Step[]
  const event = teller()
  const engine = engineOf([undefined])
  // What is owed is more than the lot: 30 of it were spent before.
  const { state } = tell(engine, [
    event(first!.at, 'deed', { worth: taken!.clawback!, deal: 'd0' }),
    event(first!.at, 'points/redeem', { points: taken!.clawback! - first!.earn! }, 'spent'),
    event(taken!.at, 'undone', { worth: taken!.clawback!, deal: 'd0' }),
    event(last!.at, 'points/earn', { points: last!.earn!, reason: 'a present' }),
  ])
  expect(engine.view(state, utc(last!.at)).balance).toBe(expected.balance)
  const { lots } = state.of.books['points']!
  expect(lots.deficit).toBe(expected.deficit)
  expect([...openLots(lots)].map(({ remaining }) => remaining)).toEqual(expected.openLots)
})

check('flocafe-balance-collapse', ({ input, expected }) => {
  const { engine, state } = story(input.events)
  const { balance } = engine.view(state, utc(input.asOf))
  expect(balance).toBe(expected.balance)
  expect(balance).not.toBe(expected.naive_unpaired)
})

check('markivo-partial', ({ input, expected }) => {
  const { engine, state } = story(input.events)
  const { balance, totals } = engine.view(state, utc(input.asOf))
  expect({ balance, expired: totals.expired }).toEqual(expected)
})

check('nopcommerce-5595', ({ expected }) => {
  const event = teller()
  const engine = engineOf()
  const { state } = tell(engine, [
    event('2026-01-01', 'points/earn', { points: 50, reason: 'registration' }),
    event(
      '2026-01-02',
      'points/redeem',
      { points: 50, for: { amount: '50.00', currency: 'USD' } },
      'order-1',
    ),
    event('2026-01-03', 'deed', { worth: 21, deal: 'd0' }),
    event('2026-01-04', 'undone', { worth: 21, deal: 'd0' }),
    event('2026-01-05', 'points/refund', { redemption: 'order-1', amount: '50.00' }),
  ])
  expect(engine.view(state, utc('2026-01-05')).balance).toBe(expected.balance)
})

check('odoo-257854-cycle', ({ input, expected }) => {
  const event = teller()
  const engine = engineOf()
  const worth = input.cycle[0].earn
  const deeds = Array.from({ length: input.times }).flatMap((_, i) => [
    event(utc('2026-01-01') + 2 * i, 'deed', { worth, deal: 'd0' }),
    event(utc('2026-01-01') + 2 * i + 1, 'undone', { worth, deal: 'd0' }),
  ])
  const { state } = tell(engine, deeds)
  expect(engine.view(state, utc('2026-01-02')).balance).toBe(expected.balance)
})

const funded = (points: number) => {
  const event = teller()
  const engine = engineOf()
  const { state } = tell(engine, [event('2026-01-01', 'points/earn', { points, reason: 'a present' })])
  return { engine, state, event }
}

check('tb-two-phase-partial', ({ input }) => {
  const { engine, state, event } = funded(500)
  const held = tell(engine, [event('2026-01-02', 'points/reserve', { points: input.pending }, 'p')], state)
  const view = engine.view(held.state, utc('2026-01-02'))
  expect([view.balance, view.reserved, view.totals.redeemed]).toEqual([500 - input.pending, input.pending, 0])
  const capture = event('2026-01-03', 'points/capture', { reservation: 'p', points: input.post })
  const after = engine.view(tell(engine, [capture], held.state).state, utc('2026-01-03'))
  expect([after.balance, after.reserved, after.totals.redeemed]).toEqual([500 - input.post, 0, input.post])
})

check('tb-void', ({ input }) => {
  const { engine, state, event } = funded(500)
  const { state: voided } = tell(
    engine,
    [
      event('2026-01-02', 'points/reserve', { points: input.pending }, 'p'),
      event('2026-01-03', 'points/release', { reservation: 'p' }),
    ],
    state,
  )
  const view = engine.view(voided, utc('2026-01-03'))
  expect([view.balance, view.reserved, view.totals.redeemed]).toEqual([500, 0, 0])
  for (const word of ['capture', 'release'] as const)
    expect(refusalOf(engine, voided, event('2026-01-04', `points/${word}`, { reservation: 'p' }))).toEqual({
      code: 'unknown-reservation',
    })
})

check('tb-pessimistic-pending', ({ input, expected }) => {
  const { engine, state, event } = funded(input.creditsPosted)
  const spent = tell(engine, [event('2026-01-02', 'points/redeem', { points: input.debitsPosted })], state)
  const reserve = event('2026-01-03', 'points/reserve', { points: input.newPendingDebit })
  expect(expected.rejectedAt).toBe('reservation')
  expect(refusalOf(engine, spent.state, reserve)).toEqual({
    code: 'insufficient-points',
    requested: input.newPendingDebit,
    available: input.creditsPosted - input.debitsPosted,
  })
})

check('fuint-71', ({ input, expected }) => {
  const { engine, state, event } = funded(input.balance)
  const [{ gift, copies }] = input.commands
  const { version } = state
  let now = state
  const refusals: string[] = []
  for (let i = 0; i < copies; i++) {
    const gave = { ...event('2026-01-02', 'points/redeem', { points: gift }), expectedVersion: version }
    const outcome = engine.decide(now, gave)
    if (outcome.outcome === 'accepted') now = outcome.state
    else if (outcome.outcome === 'refused') refusals.push(outcome.refusal.code)
  }
  expect(refusals).toEqual(Array(expected.rejected).fill('version-conflict'))
  const { balance, totals } = engine.view(now, utc('2026-01-02'))
  expect([balance, totals.redeemed]).toEqual([expected.senderBalance, expected.totalCredited])
})

check('sylius-expiring-horizon', ({ input, expected }) => {
  const { state } = story(input.events)
  for (const [date, points] of Object.entries(expected.expiringAtOrBefore))
    expect(expiringBy(state.of, 'points', utc(date))).toBe(points)
})

test('every case is here', () => {
  expect([...done].sort()).toEqual(cases.map(({ id }) => id).sort())
})
