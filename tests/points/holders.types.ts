// What an account does not take of its holders.
import { definePoints } from 'liuliang'
import { test } from 'vitest'
import { shop } from './support/shop.js'

const base = { id: 'points', version: 1, calendar: { zone: 'UTC' }, events: shop, earning: [] } as const

test('events, currencies, policies and commands are checked', () => {
  // @ts-expect-error no event
  definePoints({ ...base, enrolment: { on: 'order-payd' } })
  // @ts-expect-error no policy
  definePoints({ ...base, enrolment: { before: 'earned' } })
  // @ts-expect-error no policy
  definePoints({ ...base, negative: { clawback: 'unlimited' } })
  // @ts-expect-error a ratio is text
  definePoints({ ...base, negative: { clawback: 'money-due', perPoint: { currency: 'CNY', ratio: 0.01 } } })
  const currencies = [{ currency: 'miles', kind: 'spendable' }] as const
  // @ts-expect-error no currency
  definePoints({ ...base, currencies, negative: { byCurrency: { mile: {} } } })
  // @ts-expect-error no currency
  definePoints({ ...base, currencies, transfers: { currencies: ['mile'] } })
  // @ts-expect-error no policy
  definePoints({ ...base, transfers: { expiry: 'renewed' } })

  const points = definePoints({ ...base, currencies })
  const told = { id: 'x', subject: 'ann', occurredAt: 0 } as const
  // @ts-expect-error neither
  points.decide(points.start('ann'), { ...told, type: 'points/close', data: { reason: 'x', points: 'lose' } })
  // @ts-expect-error by whom
  points.decide(points.start('ann'), { ...told, type: 'points/adjust', data: { points: 1, reason: 'x' } })
})
