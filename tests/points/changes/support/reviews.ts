import fc from 'fast-check'
import { defineRightsReview, type Engine, type Journal, type Kinds, type PointsState } from 'liuliang'
import { utc } from '../../../support/story.js'
import { programWith } from './program.js'

type Account = Engine<Kinds & { state: PointsState }>

const terms = {
  changes: { notice: { days: 30 } },
  pending: { days: 3 },
  caps: [{ cap: 'weekly', atMost: 60, per: { this: 'week' }, overflow: 'carry', rules: ['purchase'] }],
} as const
const before = programWith(1, terms as never)
const spend = (before.definition as unknown as { readonly earning: readonly object[] }).earning[1]
const after = programWith(2, {
  ...terms,
  caps: [],
  earning: [spend],
  currencies: [
    { currency: 'points', kind: 'spendable', atMost: 40 },
    { currency: 'status', kind: 'status' },
  ],
  tiers: [
    {
      track: 'level',
      measure: { earned: 'status' },
      levels: [{ tier: 'silver', from: 250 }],
      hold: { months: 12 },
    },
  ],
} as never)

const asOf = utc('2026-03-01')

/** A change that takes something from most. */
export const harshReview = defineRightsReview({
  id: 'rights',
  version: 1,
  before: before as unknown as Account,
  after: after as unknown as Account,
  asOf,
  announcedAt: asOf,
  values: { points: { currency: 'CNY', perPoint: '1/300', rounding: 'half-even' } },
})

/** Accounts of one order each, some of them long gone and some not confirmed yet. */
export const accounts: fc.Arbitrary<Journal<PointsState>> = fc
  .record({
    name: fc.nat({ max: 12 }),
    days: fc.nat({ max: 400 }),
    amount: fc.integer({ min: 1, max: 700 }),
    spent: fc.nat({ max: 90 }),
  })
  .map(({ name, days, amount, spent }) => {
    const subject = `s${name}`
    const at = asOf - days * 86_400_000
    const paid = {
      id: 'e1',
      type: 'order-paid',
      subject,
      occurredAt: at,
      data: { orderId: 'o', amount: `${amount}.00` },
    }
    const gift = { ...paid, id: 'e2', type: 'points/earn', data: { points: 90, reason: 'hello' } }
    const redeem = { ...paid, id: 'e3', type: 'points/redeem', data: { points: spent } }
    let state: Journal<PointsState> = before.start(subject)
    for (const input of [paid, gift, redeem]) {
      const outcome = before.decide(state, input as never)
      if (outcome.outcome === 'accepted') state = outcome.state
    }
    return state
  })
