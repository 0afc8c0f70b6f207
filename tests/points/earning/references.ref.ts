// Caps and tiered rates as other programs state them; origin in tests/fixtures/points-earning/SOURCE.md; exact.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buyer, paidBy, pointsIn, pointsOf, purchase } from './support/market.js'

interface Cases {
  readonly 'erpnext-33550': {
    readonly input: {
      readonly tiers: readonly { readonly minSpend: number; readonly spendPerPoint: number }[]
      readonly vouchers: readonly number[]
    }
    readonly expected: { readonly points: readonly number[] }
  }
  readonly 'voucherify-cap-modes': {
    readonly input: {
      readonly perTransactionMax: number
      readonly perPeriodMax: number
      readonly earnedInPeriod: number
      readonly award: readonly number[]
    }
    readonly expected: { readonly awarded: readonly number[] }
  }
  readonly 'wll-earn-cap': {
    readonly input: { readonly cap: number; readonly earnedInPeriod: number; readonly award: number }
    readonly expected: { readonly awarded: number; readonly forfeited: number }
  }
}
const listed = JSON.parse(readFileSync('tests/fixtures/points-earning/cases.json', 'utf8')) as readonly {
  readonly id: keyof Cases
}[]
const caseOf = <Id extends keyof Cases>(id: Id) => listed.find((one) => one.id === id) as unknown as Cases[Id]

const { paid } = buyer()
const at = '2026-03-05'

test('a tier of rates is judged by each voucher, not by what was spent in all (erpnext 33550)', () => {
  const { input, expected } = caseOf('erpnext-33550')
  const earning = input.tiers.map(({ minSpend, spendPerPoint }, i) => ({
    ...purchase,
    rule: `tier-${i}`,
    where: {
      amount: { gte: `${minSpend}`, ...(input.tiers[i + 1] && { lt: `${input.tiers[i + 1]!.minSpend}` }) },
    },
    earns: { points: 1, per: `${spendPerPoint}`, of: 'amount' },
    rounding: 'each',
  })) as never
  const vouchers = input.vouchers.map((amount, i) => paid(at, `v${i}`, `${amount}`))
  // A voucher below every tier brings nothing about.
  const earned = expected.points.flatMap((points) => (points === 0 ? [] : [points]))
  expect(pointsIn(pointsOf({ earning }), vouchers)).toEqual(earned)
  expect(paidBy(pointsOf({ earning }), [paid(at, 'large', '300000')])).toEqual(['tier-1 333'])
})

test('a cap pays what there is room for and forfeits the rest (White Label Loyalty)', () => {
  const { input, expected } = caseOf('wll-earn-cap')
  const caps = [{ cap: 'monthly', atMost: input.cap, per: { this: 'month' }, overflow: 'truncate' }] as const
  const [, awarded] = pointsIn(pointsOf({ caps }), [
    paid(at, 'a', `${input.earnedInPeriod}`),
    paid(at, 'b', `${input.award}`),
  ])
  expect([awarded, input.award - awarded!]).toEqual([expected.awarded, expected.forfeited])
})

test('a limit per transaction refuses the whole, a limit per period truncates (Voucherify)', () => {
  const { input, expected } = caseOf('voucherify-cap-modes')
  const caps = [
    { cap: 'period', atMost: input.perPeriodMax, per: { this: 'month' }, overflow: 'truncate' },
    {
      cap: 'transaction',
      rules: ['award'],
      atMost: input.perTransactionMax,
      per: 'event',
      overflow: 'refuse',
    },
  ] as const
  const earning = [
    { ...purchase, where: { channel: 'web' } },
    { ...purchase, rule: 'award', where: { channel: 'app' } },
  ] as const
  const before = paid(at, 'before', `${input.earnedInPeriod}`, { channel: 'web' })
  const awards = input.award.map((points, i) => paid(at, `a${i}`, `${points}`, { channel: 'app' }))
  const [, ...awarded] = pointsIn(pointsOf({ caps, earning }), [before, ...awards])
  expect(awarded).toEqual(expected.awarded)
})
