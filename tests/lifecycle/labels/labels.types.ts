import { defineEvents } from 'liuliang/kernel'
import { defineDailyStates, defineIntervalLabels, posthogLifecycle } from 'liuliang/lifecycle'
import { expectTypeOf, test } from 'vitest'

const events = defineEvents({ 'order-paid': {}, 'signed-up': {} })
const head = { id: 'x', version: 1, calendar: { zone: 'UTC' }, events } as const

test('events of the catalogue, and no others, are activity and first seen', () => {
  const labels = defineIntervalLabels({
    ...head,
    period: 'week',
    activity: ['order-paid'],
    firstSeen: { event: 'signed-up' },
    dormantAs: 'count',
  })
  expectTypeOf(labels.result).returns.toHaveProperty('intervals')
  defineIntervalLabels({
    ...head,
    period: 'week',
    // @ts-expect-error: a misspelt event
    activity: 'order-payed',
    firstSeen: 'first-activity',
    dormantAs: 'count',
  })
  defineIntervalLabels({
    ...head,
    period: 'week',
    activity: 'order-paid',
    // @ts-expect-error: a misspelt event
    firstSeen: { event: 'sign-up' },
    dormantAs: 'count',
  })
  // @ts-expect-error: what new goes by is not said
  defineIntervalLabels({ ...head, period: 'week', activity: 'order-paid', dormantAs: 'count' })
  // @ts-expect-error: a misspelt event
  posthogLifecycle({ ...head, period: 'week', activity: 'order-payed' })
})

test('states are of days, and windows say their days', () => {
  const shared = { ...head, activity: 'order-paid', windows: { week: 7, month: 30 } } as const
  defineDailyStates({ ...shared, period: 'day', windowIncludes: 'today' })
  // @ts-expect-error: states are of days
  defineDailyStates({ ...shared, period: 'week', windowIncludes: 'today' })
  // @ts-expect-error: which days a window has is not said
  defineDailyStates({ ...shared, period: 'day' })
})
