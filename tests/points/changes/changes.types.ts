import {
  defineEvents,
  definePoints,
  defineRightsReview,
  type Instant,
  migratePoints,
  money,
  text,
} from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
const shared = { id: 'points', calendar: { zone: 'UTC' }, events: shop, earning: [] } as const
const one = definePoints({ ...shared, version: 1, changes: { notice: { days: 90 } } })
const two = definePoints({ ...shared, version: 2, currencies: [{ currency: 'miles', kind: 'spendable' }] })

test('a notice is a duration', () => {
  // @ts-expect-error: `changes` needs its notice
  definePoints({ ...shared, version: 1, changes: {} })
  // @ts-expect-error: a number is no duration
  definePoints({ ...shared, version: 1, changes: { notice: 90 } })
  // @ts-expect-error: it is misspelt
  definePoints({ ...shared, version: 1, changes: { notise: { days: 90 } } })
})

test('a migration takes states of the one and gives states of the other', () => {
  const migrate = migratePoints(one, two, { announcedAt: 0, improve: 'at-once' })
  const { state, events } = migrate(one.start('u1'), 0)
  expectTypeOf(two.view(state, 0).wallets.miles.balance).toEqualTypeOf<number>()
  expectTypeOf(events[0]!.type).toEqualTypeOf<ReturnType<typeof one.advance>['events'][number]['type']>()
  expectTypeOf(migrate.plan.holdsFrom).toEqualTypeOf<Instant | null>()
  // @ts-expect-error: there is no such policy
  migratePoints(one, two, { improve: 'never' })
  // @ts-expect-error: an engine is no definition
  migratePoints(shared, two)
})

test('a review takes accounts', () => {
  const review = defineRightsReview({
    id: 'rights',
    version: 1,
    before: one,
    after: two,
    asOf: 0,
    announcedAt: 0,
    values: { points: 'not-owed', miles: { currency: 'CNY', perPoint: '0.01', rounding: 'down' } },
  })
  review.add(review.empty(), one.start('u1'))
  // @ts-expect-error: an event is no account
  review.add(review.empty(), { id: 'e', type: 'order-paid', subject: 'u1', occurredAt: 0, data: {} })
  // @ts-expect-error: it is misspelt
  review.result(review.empty(), { mots: 5 })
})
