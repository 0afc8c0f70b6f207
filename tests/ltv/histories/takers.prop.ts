import * as fc from 'fast-check'
import { type AnyEvent, collect } from 'liuliang/kernel'
import { type HistoriesDefinition, summarizeHistories } from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { base } from './support/orders.js'

const HOUR = 3_600_000
const definitions: fc.Arbitrary<HistoriesDefinition> = fc
  .record({
    again: fc.constantFrom('add-up' as const, 'once' as const),
    zero: fc.constantFrom('count' as const, 'count-without-spend' as const, 'drop' as const),
    negative: fc.constantFrom('drop' as const, 'refund' as const),
    named: fc.boolean(),
    does: fc.constantFrom('lower' as const, 'remove' as const),
  })
  .map(({ again, zero, negative, named, does }) => ({
    ...base,
    merge: 'none',
    order: { field: 'no', again },
    spend: { currency: 'CNY', amount: 'a', firstOrder: 'in', zero, negative },
    refunds: { event: 'refund', amount: 'a', does, ...(named && { order: 'no' }) },
  }))
/** Few hours, numbers and amounts, so that many are alike. */
const happened = fc.record({
  hour: fc.integer({ min: 0, max: 6 }),
  no: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
  cents: fc.integer({ min: -2, max: 3 }),
  refund: fc.boolean(),
})
const event = (one: { hour: number; no: string; cents: number; refund: boolean }, i: number): AnyEvent => ({
  id: `${i}`,
  type: one.refund ? 'refund' : 'order',
  subject: 's',
  occurredAt: one.hour * HOUR,
  data: { no: one.no, a: `${one.refund ? Math.abs(one.cents) : one.cents}.00` },
})

test('with refunds and orders below zero at the same instants, arrival says nothing', () => {
  fc.assert(
    fc.property(
      definitions,
      fc
        .array(happened, { minLength: 2, maxLength: 12 })
        .chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
          ),
        ),
      (definition, [list, shuffled]) => {
        const aggregate = summarizeHistories(definition)
        const options = { until: 3 * HOUR, holdout: { until: 9 * HOUR }, purchaseAges: true }
        const read = (events: typeof list) => aggregate.result(collect(aggregate, events.map(event)), options)
        expect(read(shuffled)).toEqual(read(list))
      },
    ),
    { numRuns: runs(400, 20_000) },
  )
})

test('no money is made or lost, and what comes to count is in the holdout', () => {
  fc.assert(
    fc.property(definitions, fc.array(happened, { maxLength: 14 }), (definition, list) => {
      const aggregate = summarizeHistories(definition)
      const partial = collect(aggregate, list.map(event))
      const whole = aggregate.result(partial, { until: 9 * HOUR })
      const split = aggregate.result(partial, { until: 3 * HOUR, holdout: { until: 9 * HOUR } })
      const [one] = split.customers
      if (one === undefined) return
      const [all = { repeatCount: 0, spend: { total: '0' } }] = whole.customers
      const { purchases, spend } = one.holdout!
      const [early, late] = [Number(one.spend!.total), Number(spend!.total) + Number(spend!.adjusted)]
      expect(early + late).toBe(Number(all.spend!.total))
      // Short of those that were taken away since.
      expect(one.repeatCount + purchases).toBeGreaterThanOrEqual(all.repeatCount)
    }),
    { numRuns: runs(400, 20_000) },
  )
})
