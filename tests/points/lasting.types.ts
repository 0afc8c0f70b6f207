import { attributes, defineEvents, definePoints, integer, moment, type PointsRefusal } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const events = defineEvents({ deed: { worth: integer() }, ...attributes({ joined: moment() }) })
const shared = {
  id: 'points',
  version: 1,
  calendar: { zone: 'UTC' },
  events,
  earning: [{ rule: 'deed', on: 'deed', earns: { points: 1 } }],
} as const

test('ends are dates, durations, anniversaries, activity or never', () => {
  definePoints({ ...shared, expires: { months: 12, end: 'quarter' } })
  definePoints({ ...shared, expires: { on: '2027-12-31' } })
  definePoints({ ...shared, expires: { every: '12-31', atLeast: { months: 3 } } })
  definePoints({ ...shared, expires: { anniversary: { attribute: 'joined' } } })
  definePoints({ ...shared, expires: { inactive: { months: 6 }, activity: ['deed', 'points/redeemed'] } })
  definePoints({ ...shared, expires: 'never' })
  // @ts-expect-error ends
  definePoints({ ...shared, expires: 'newer' })
  // @ts-expect-error what is activity is an event of the catalogue, or of the account itself
  definePoints({ ...shared, expires: { inactive: { months: 6 }, activity: ['dead'] } })
  // @ts-expect-error half a year is no unit
  definePoints({ ...shared, expires: { months: 6, end: 'half-year' } })
  definePoints({
    ...shared,
    currencies: [
      {
        currency: 'stars',
        kind: 'spendable',
        spend: 'cheapest',
        // @ts-expect-error activity
        expires: { inactive: { months: 6 }, activity: ['dead'] },
      },
    ],
  })
})

test('a rule has no inactivity', () => {
  definePoints({
    ...shared,
    earning: [
      {
        rule: 'deed',
        on: 'deed',
        earns: { points: 1 },
        // @ts-expect-error inactivity is of the whole currency
        expires: { inactive: { months: 6 }, activity: ['deed'] },
      },
    ],
  })
})

test('policies are words', () => {
  // @ts-expect-error orders of spending
  definePoints({ ...shared, spend: 'newest' })
  // @ts-expect-error where refunds go
  definePoints({ ...shared, refunds: { to: 'new-lots' } })
  // @ts-expect-error one way: refunds
  definePoints({ ...shared, refundGrace: { days: 3 } })
})

test('commands have their fields', () => {
  const engine = definePoints({ ...shared, currencies: [{ currency: 'stars', kind: 'spendable' }] })
  const state = engine.start('u1')
  const head = { id: 'a', subject: 'u1', occurredAt: 0 } as const
  engine.decide(state, { ...head, type: 'points/extend', data: { until: 5, reason: 'a mishap' } })
  // @ts-expect-error until
  engine.decide(state, { ...head, type: 'points/extend', data: { reason: 'a mishap' } })
  engine.decide(state, {
    ...head,
    type: 'points/reinstate',
    // @ts-expect-error stars
    data: { until: 5, reason: 'a mishap', currency: 'starts' },
  })
  engine.decide(state, {
    ...head,
    type: 'points/refund',
    data: { redemption: 'r', amount: '5.00', of: 'hat' },
  })
  // @ts-expect-error expire
  engine.decide(state, { ...head, type: 'points/expires', data: { reason: 'a mishap' } })
  expectTypeOf<'end-not-later'>().toExtend<PointsRefusal['code']>()
})
