// What must not compile: misspelt events, half a definition, a reading without an end, spans without a unit.
import { defineEvents, money } from 'liuliang/kernel'
import { type HistoriesDefinition, summarizeHistories } from 'liuliang/ltv'
import { test } from 'vitest'

const events = defineEvents({
  'order-paid': { amount: money('CNY') },
  'order-refunded': { amount: money('CNY') },
})
const head = { id: 'buyers', version: 1, calendar: { zone: 'UTC' }, unit: 'week' } as const
const whole = { ...head, events, orders: 'order-paid', merge: 'none' } as const

test('definitions', () => {
  summarizeHistories(whole)
  // @ts-expect-error: no such event in the catalogue
  summarizeHistories({ ...whole, orders: 'order-payed' })
  // @ts-expect-error: no such event in the catalogue
  summarizeHistories({ ...whole, entry: ['joined'] })
  // @ts-expect-error: no such event in the catalogue
  summarizeHistories({ ...whole, refunds: { event: 'refunded', does: 'remove' } })
  // @ts-expect-error: the merge rule has to be said
  const bare: HistoriesDefinition = { ...head, orders: 'order' }
  // @ts-expect-error: a unit nobody knows
  summarizeHistories({ ...whole, unit: 'weeks' })
  // @ts-expect-error: a stretch says its unit
  summarizeHistories({ ...whole, merge: { within: 6 } })
  // @ts-expect-error: what becomes of zero and negative orders has to be said
  summarizeHistories({ ...whole, spend: { currency: 'CNY', amount: 'amount', firstOrder: 'out' } })
  return bare
})

test('readings', () => {
  const buyers = summarizeHistories(whole)
  // @ts-expect-error: the end of observation has to be said
  buyers.result(buyers.empty(), {})
  // @ts-expect-error: so has that of the holdout
  buyers.result(buyers.empty(), { until: 0, holdout: {} })
})
