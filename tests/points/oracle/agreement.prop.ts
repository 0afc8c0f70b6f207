// The engine and an oracle that lives every point again from the log agree after each of many commands. The workload knows what
// must succeed: a command that is wrongly refused fails as one that is wrongly accepted does.
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import type { Terms } from './support/oracle.js'
import { type Met, story } from './support/workload.js'

const timeout = runs(120_000, 4 * 3_600_000)
const met: Met = new Map()

test('after each of many commands both say the same', { timeout }, () => {
  // A million commands at full size.
  for (let seed = 1; seed <= runs(200, 25_000); seed++) story(seed, 40, met)
})

test('and so they do in long stories', { timeout }, () => {
  for (let seed = 1; seed <= runs(2, 400); seed++) story(1_000_000 + seed, 120, met)
})

test('and so they do where points wait for room', { timeout }, () => {
  // Under every rule there is one cap of which the rest waits; confirmation by hand alone is not beside it.
  const waiting = (terms: Terms): Terms => ({
    ...terms,
    currencies: terms.currencies.map(({ pending, ...one }) =>
      pending === undefined || pending === 'until-confirmed' ? one : { ...one, pending },
    ),
    caps: [
      ...(terms.caps ?? []).filter(({ per }) => per === 'event' || per === 'ever'),
      { cap: 'flow', atMost: 3 + (terms.earning.length % 4), per: per(terms), overflow: 'carry' },
      { cap: 'visits', rules: ['visit'], atMost: 2, per: { hours: 30 }, overflow: 'carry' },
    ],
  })
  const per = ({ zone }: Terms) =>
    zone.startsWith('America')
      ? ({ hours: 50 } as const)
      : zone === 'UTC'
        ? ({ days: 2 } as const)
        : ({ this: 'day' } as const)
  for (let seed = 1; seed <= runs(20, 5000); seed++) story(2_000_000 + seed, 40, met, waiting)
})

test('and so they do where points come from others and go to them', { timeout }, () => {
  const more = ['receive', 'receive', 'receive', 'send', 'extend-lots', 'extend-lots', 'reinstate-lots']
  for (let seed = 1; seed <= runs(30, 5000); seed++) {
    const transfers: Terms['transfers'] = {
      ...(seed % 2 === 0 && { expiry: 'reset' }),
      ...(seed % 3 === 0 && { limit: { points: 6, within: { days: 2 } } }),
    }
    story(3_000_000 + seed, 40, met, (terms) => ({ ...terms, transfers }), more)
  }
})

test('and every outcome was met', () => {
  const outcomes: Readonly<Record<string, string>> = {
    'order-paid': 'accepted repeated',
    'order-received': 'accepted id-conflict',
    'order-refunded': 'accepted',
    'order-cancelled': 'accepted',
    visited: 'accepted late',
    'points/adjust': 'accepted nothing-to-adjust insufficient-points account-closed not-enrolled',
    'points/capture': 'accepted points-not-positive unknown-reservation capture-exceeds-reservation',
    'points/close': 'accepted',
    'points/confirm': 'accepted nothing-pending',
    'points/earn': 'accepted points-not-positive account-closed not-enrolled',
    'points/enrol': 'accepted already-enrolled enrols-later account-closed',
    'points/expire': 'accepted points-not-positive unknown-lot insufficient-points nothing-to-expire',
    'points/extend': 'accepted unknown-lot never-ends end-not-later nothing-to-extend',
    'points/redeem':
      'accepted points-not-positive unknown-lot insufficient-points not-an-amount account-closed repeated',
    'points/refund': [
      ...['accepted', 'points-not-positive', 'unknown-redemption', 'points-or-amount', 'no-payment-recorded'],
      ...['not-an-amount', 'refund-exceeds-payment', 'refund-exceeds-redemption'],
    ].join(' '),
    'points/reinstate': 'accepted points-not-positive unknown-lot end-not-later reinstate-exceeds-expired',
    'points/release': 'accepted unknown-reservation',
    'points/reserve':
      'accepted points-not-positive unknown-lot insufficient-points ends-before-it-begins account-closed',
    'points/reverse': 'accepted unknown-posting already-reversed',
    'points/receive': 'accepted malformed-parts',
    'points/send': 'accepted insufficient-points points-not-positive transfer-limit-exceeded',
  }
  const all = Object.entries(outcomes).flatMap(([type, codes]) =>
    codes.split(' ').map((code) => `${type} ${code}`),
  )
  expect(all.filter((one) => !met.has(one))).toEqual([])
})
