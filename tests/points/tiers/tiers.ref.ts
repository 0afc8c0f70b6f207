import { readFileSync } from 'node:fs'
import { type Instant, instant } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, utc } from '../../support/story.js'
import { account, pointsWith } from '../support/shop.js'

// biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own.
type Case = { readonly id: string; readonly input: any; readonly expected: any }
const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/points-tiers/cases.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }
const seen = new Set<string>()
const found = (id: string) => {
  seen.add(id)
  return cases.find((one) => one.id === id)!
}

const levelsOf = (tiers: Readonly<Record<string, number>>) =>
  Object.entries(tiers).map(([name, from]) => ({ tier: name.toLowerCase(), from }))

type Tiers = NonNullable<NonNullable<Parameters<typeof pointsWith>[0]>['tiers']>

/** One track; accounts in UTC, points by hand. */
const withTrack = (track: Omit<Tiers[number], 'track'>, terms: object = {}) =>
  pointsWith({ tiers: [{ track: 'level', ...track }], ...terms } as never)

type Inputs = readonly ReturnType<ReturnType<typeof account>['event']>[]

const standing = (engine: ReturnType<typeof withTrack>, inputs: Inputs, at: Instant) => {
  const { state } = tell(engine, inputs as never)
  return (engine.view(state, at) as unknown as { tiers: { level: Standing } }).tiers.level
}
interface Standing {
  readonly tier: string | null
  readonly until: Instant | null
  readonly measured: number
  readonly toKeep: { readonly missing: number } | null
}

test('voucherify-balance-immediate', () => {
  const { input, expected } = found('voucherify-balance-immediate')
  const engine = withTrack({ measure: { balance: 'points' }, levels: levelsOf(input.tiers) })
  const { give, redeem } = account()
  const inputs = input.events.map(({ at, delta }: { at: string; delta: number }) =>
    delta > 0 ? give(at, delta) : redeem(at, -delta),
  ) as Inputs
  const tiers = inputs.map((input, i) => standing(engine, inputs.slice(0, i + 1), input.occurredAt).tier)
  expect(tiers).toEqual(expected.tiers.map((tier: string) => tier.toLowerCase()))
})

test('talon-thresholds', () => {
  const { input, expected } = found('talon-thresholds')
  const engine = withTrack({ measure: { balance: 'points' }, levels: levelsOf(input.tiers) })
  const { give, paid, refunded, redeem } = account()
  const tiers = input.balances.map(
    (points: number) => standing(engine, [give('2024-01-01', points)], utc('2024-01-02')).tier,
  )
  expect(tiers).toEqual(expected.tiers.map((tier: string | null) => tier?.toLowerCase() ?? null))
  const owing = [
    paid('2024-01-01', 'o', '300'),
    redeem('2024-01-02', 250),
    refunded('2024-01-03', 'o', '300'),
  ]
  const { tier, measured } = standing(engine, owing, utc('2024-01-04'))
  expect([tier, measured]).toEqual([null, 0])
})

test('voucherify-fixed-30d', () => {
  const { expected } = found('voucherify-fixed-30d')
  const hold = { days: 30, end: true } as const
  const engine = withTrack({ measure: { balance: 'points' }, levels: [{ tier: 'silver', from: 100 }], hold })
  const { give, redeem } = account()
  const inputs = [give('2024-07-20 09:00', 100), redeem('2024-07-25', 50)]
  const end = utc(`2024-${expected.expiresAtStartOf}`)
  expect(standing(engine, inputs, end - 1)).toMatchObject({ tier: 'silver', until: end })
  expect(standing(engine, inputs, end)).toMatchObject({ tier: null, until: null })
})

test('voucherify-grace', () => {
  const { expected } = found('voucherify-grace')
  const { give, redeem } = account()
  const inputs = [give('2024-07-20', 500), redeem('2024-07-25', 50)]
  const until = (length: { months: 1; end?: 'month' }) => {
    const grace = { length, from: 'entry' } as const
    const engine = withTrack({ measure: { balance: 'points' }, levels: [{ tier: 'gold', from: 500 }], grace })
    const { until } = standing(engine, inputs, utc('2024-07-26'))
    expect(standing(engine, inputs, until! - 1).tier).toBe('gold')
    expect(standing(engine, inputs, until!).tier).toBeNull()
    return until! - 1
  }
  const lastDay = (at: Instant) => new Date(at).toISOString().slice(5, 10)
  expect(lastDay(until({ months: 1 }))).toBe(expected.heldUntilEndOf)
  expect(lastDay(until({ months: 1, end: 'month' }))).toBe(expected.roundUpToMonth)
})

test('yotpo-calendar-rolling', () => {
  const { input, expected } = found('yotpo-calendar-rolling')
  const levels = [{ tier: 'gold', from: 500 }]
  const { give } = account()
  const calendar = withTrack({
    measure: { earned: 'points' },
    window: { this: 'year' },
    levels,
    hold: { untilEndOf: 'year', after: 1 },
  })
  const rolling = withTrack({
    measure: { earned: 'points' },
    window: { rolling: { years: 1 } },
    levels,
    hold: { years: 1, end: true },
  })
  const endOf = (day: string) => instant(`${day}T00:00Z`) + 86_400_000
  const entered = [give(`${input.calendarEntered}-17`, 500)]
  expect(standing(calendar, entered, utc('2019-06-01')).until).toBe(endOf(expected.calendarHeldUntil))
  expect(standing(calendar, entered, endOf(expected.calendarHeldUntil) - 1).tier).toBe('gold')
  expect(standing(calendar, entered, endOf(expected.calendarHeldUntil)).tier).toBeNull()
  const later = [give(`${input.rollingEntered} 15:00`, 500)]
  expect(standing(rolling, later, utc('2019-06-01')).until).toBe(endOf(expected.rollingHeldUntil))
  expect(standing(rolling, later, endOf(expected.rollingHeldUntil)).tier).toBeNull()
})

test('purebaby-jane', () => {
  const { input, expected } = found('purebaby-jane')
  const engine = withTrack({
    measure: { earned: 'points' },
    window: 'term',
    levels: [
      { tier: 'bronze', from: input.bronzeSpend },
      { tier: 'silver', from: input.silverSpend },
    ],
    base: 'member',
    hold: { years: 1 },
  })
  const { give } = account()
  const [first, second, third] = input.spendInYear as [number, number, number]
  const inputs = [give(input.enteredBronze, first), give('2024-06-01', second), give('2025-06-01', third)]
  const asOf = [utc('2024-12-31'), utc('2025-01-01'), utc('2025-06-01')]
  const tiers = [inputs.slice(0, 2), inputs.slice(0, 2), inputs].map(
    (some, i) => standing(engine, some, asOf[i]!).tier ?? 'member',
  )
  expect(tiers).toEqual(expected.after.map((tier: string) => tier.toLowerCase()))
  // Silver begins a term of its own.
  expect(standing(engine, inputs, asOf[2]!).until).toBe(utc('2026-06-01'))
})

test('erpnext-33550', () => {
  const { input, expected } = found('erpnext-33550')
  const voucher = (minor: number) => ({
    condition: 'gte' as const,
    fact: { fact: 'last' as const, event: 'order-paid', field: 'amount' },
    value: String(minor),
  })
  const [low, high] = input.tiers as readonly { readonly minSpend: number; readonly spendPerPoint: number }[]
  const engine = pointsWith({
    earning: [
      {
        rule: 'voucher',
        on: 'order-paid',
        earns: { points: 1, per: String(low!.spendPerPoint), of: 'amount' },
        origin: 'orderId',
        when: voucher(low!.minSpend) as never,
        multiply: [
          { by: `${low!.spendPerPoint}/${high!.spendPerPoint}`, when: voucher(high!.minSpend) as never },
        ],
      },
    ],
  })
  const { paid } = account()
  const { state } = tell(engine, [paid('2024-01-01', 'a', String(input.vouchers[0]))])
  const first = engine.view(state, state.at!).balance
  const { state: after } = tell(engine, [paid('2024-01-02', 'b', String(input.vouchers[1]))] as never, state)
  expect([first, engine.view(after, after.at!).balance - first]).toEqual(expected.points)
})

test('wix-rolling-window', () => {
  const { input, expected } = found('wix-rolling-window')
  const engine = withTrack({
    measure: { earned: 'points' },
    window: { rolling: { days: 365 } },
    levels: [{ tier: 'gold', from: input.gold }],
  })
  const { give, redeem } = account()
  const inputs = input.events.map(
    ({ at, earn, redeem: spent }: { at: string; earn?: number; redeem?: number }) =>
      earn === undefined ? redeem(at, spent!) : give(at, earn),
  )
  const { state } = tell(engine, inputs)
  const view = engine.view(state, utc(input.asOf)) as unknown as {
    balance: number
    tiers: { level: Standing }
  }
  expect(view.balance).toBe(expected.balance)
  expect(view.tiers.level.measured).toBe(expected.windowPoints)
  expect(view.tiers.level.tier === 'gold').toBe(expected.gold)
})

test('capillary-renewal', () => {
  const { input, expected } = found('capillary-renewal')
  const { give } = account()
  const left = (renew: number, done: number) => {
    const engine = withTrack({
      measure: { earned: 'points' },
      window: { this: 'year' },
      levels: [{ tier: 'gold', from: renew }],
      hold: { untilEndOf: 'year', after: 1 },
    })
    const inputs = [give('2023-05-01', renew), give('2024-05-01', done)]
    return standing(engine, inputs, utc('2024-06-01')).toKeep!.missing
  }
  expect(left(input.renewSpend, input.spend)).toBe(expected.spendToRenew)
  expect(left(input.renewVisits, input.visits)).toBe(expected.visitsToRenew)
})

test('voucherify-autoredeem-shadow', () => {
  const { input, expected } = found('voucherify-autoredeem-shadow')
  const levels = [{ tier: 'x', from: input.tierXAtBalance }]
  const stays = (engine: ReturnType<typeof withTrack>) => {
    const { give, redeem } = account()
    const [first, second] = input.earn as [number, number]
    const inputs = [
      give('2024-01-01', first),
      give('2024-01-02', second),
      redeem('2024-01-02', input.autoRedeemAt),
    ]
    return standing(engine, inputs, utc('2024-01-02')).tier === 'x'
  }
  expect(stays(withTrack({ measure: { balance: 'points' }, levels }))).toBe(expected.tierXReached)
  const earned = { measure: { earned: 'points' }, window: { this: 'year' }, levels } as const
  expect(stays(withTrack(earned))).toBe(expected.withEarnedInPeriodBasis)
})

test('one-down-vs-balance', () => {
  const { input, expected } = found('one-down-vs-balance')
  const { give, redeem } = account()
  const inputs = [give('2024-03-01', 300), redeem('2024-04-01', 300 - input.activeAtReevaluation)]
  const after = (downgrade: 'one-level' | 'full') => {
    const engine = withTrack({
      measure: { balance: 'points' },
      levels: levelsOf(input.tiers),
      hold: { untilEndOf: 'year' },
      downgrade,
    })
    expect(standing(engine, inputs, utc('2024-12-31')).tier).toBe(input.current.toLowerCase())
    return standing(engine, inputs, utc('2025-01-01')).tier
  }
  expect(after('one-level')).toBe(expected.one_down.toLowerCase())
  expect(after('full')).toBe(expected.balance_based.toLowerCase())
})

test('every case is told here', () => {
  expect([...seen].sort()).toEqual(cases.map(({ id }) => id).sort())
})
