import { type AnyEvent, collect } from 'liuliang/kernel'
import { type HistoriesDefinition, summarizeHistories } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { base } from './support/orders.js'

const DAY = 86_400_000
const definition = {
  ...base,
  merge: 'none',
  orders: 'o',
  order: { field: 'no', again: 'once' },
  spend: { currency: 'CNY', amount: 'a', firstOrder: 'in', zero: 'count', negative: 'refund' },
  refunds: { event: 'rf', amount: 'a', order: 'no', does: 'lower' },
} as const satisfies HistoriesDefinition
const at = (type: string, days: number, no: string, a: string): AnyEvent => ({
  id: `${type}${no}`,
  type,
  subject: 's',
  occurredAt: Math.round(days * DAY),
  data: { no, a },
})
const read = (events: readonly AnyEvent[], given: Partial<HistoriesDefinition> = {}) => {
  const aggregate = summarizeHistories({ ...definition, ...given })
  return aggregate.result(collect(aggregate, events), { until: 9 * DAY })
}
const left = (events: readonly AnyEvent[], given: Partial<HistoriesDefinition> = {}) => {
  const { customers, unmatchedRefunds } = read(events, given)
  return [customers[0]!.spend!.total, unmatchedRefunds]
}
const none = { count: 0, amount: '0.00' }

describe('refunds and orders below zero take in the order of time', () => {
  test('a later order below zero takes what a refund by name has left', () => {
    const events = [at('o', 0, 'B', '10.00'), at('o', 0.5, 'A', '10.00')]
    events.push(at('rf', 1, 'A', '10.00'), at('o', 2, 'N', '-10.00'))
    expect(left(events)).toEqual(['0.00', none])
  })

  test('an earlier one takes the latest order, and a refund that names it finds nothing', () => {
    const events = [at('o', 0, 'B', '10.00'), at('o', 0.5, 'A', '10.00')]
    events.push(at('o', 1, 'N', '-10.00'), at('rf', 2, 'A', '10.00'))
    expect(left(events)).toEqual(['10.00', { count: 1, amount: '10.00' }])
  })

  test('at one instant the refund, which may name its order, comes first', () => {
    const events = [at('o', 0, 'B', '10.00'), at('o', 0.5, 'A', '10.00')]
    events.push(at('o', 1, 'N', '-10.00'), at('rf', 1, 'A', '10.00'))
    expect(left(events)).toEqual(['0.00', none])
  })

  test('between orders of one instant and one worth, their numbers decide and not their arrival', () => {
    const [A, B] = [at('o', 0, 'A', '10.00'), at('o', 0, 'B', '10.00')]
    const [R, N] = [at('rf', 1, 'A', '10.00'), at('o', 2, 'N', '-10.00')]
    for (const events of [
      [A, B, R, N],
      [B, A, R, N],
      [N, R, B, A],
    ])
      expect(left(events)).toEqual(['0.00', none])
    const early = at('o', 0.5, 'N', '-10.00')
    expect(read([B, A, early, R])).toEqual(read([A, B, early, R]))
    // Lines of a later day tell the two apart.
    const lines = { ...definition, order: { field: 'no', again: 'add-up' } } as const
    const more = at('o', 3, 'A', '5.00')
    expect(read([B, A, early, more], lines)).toEqual(read([A, B, early, more], lines))
  })

  test('what takes from the latest orders walks over each of them once', () => {
    const many = 60_000
    const sold = Array.from({ length: many }, (_, i) => at('o', i / many, `${i}`, '1.00'))
    const back = (type: string) =>
      Array.from({ length: many }, (_, i) => at(type, 2 + i / many, `b${i}`, type === 'o' ? '-1.00' : '1.00'))
    const refunds = { event: 'rf', amount: 'a', does: 'lower' } as const
    const started = performance.now()
    expect(left([...sold, ...back('o')])).toEqual(['0.00', none])
    expect(left([...sold, ...back('rf')], { refunds })).toEqual(['0.00', none])
    const empty = sold.map((one) => ({ ...one, data: { ...one.data, a: '0.00' } }))
    const missed = { count: many, amount: `${many}.00` }
    expect(left([...empty, ...back('rf')], { refunds })).toEqual(['0.00', missed])
    // Over half a minute by pairs.
    expect(performance.now() - started).toBeLessThan(6000)
  })
})

describe('an order that comes to count later', () => {
  const lines = { ...definition, order: { field: 'no', again: 'add-up' } } as const
  const parts = (events: readonly AnyEvent[], given: Partial<HistoriesDefinition>) => {
    const aggregate = summarizeHistories({ ...lines, ...given })
    const partial = collect(aggregate, events)
    const [split, whole] = [
      aggregate.result(partial, { until: 3 * DAY, holdout: { until: 9 * DAY } }),
      aggregate.result(partial, { until: 9 * DAY }),
    ]
    const [one, all] = [split.customers[0]!, whole.customers[0]!]
    expect(one.repeatCount + one.holdout!.purchases).toBe(all.repeatCount)
    const { total, adjusted } = one.holdout!.spend!
    const sum = Number(one.spend!.total) + Number(total) + Number(adjusted)
    expect(sum).toBeCloseTo(Number(all.spend!.total), 9)
    return { repeats: one.repeatCount, ...one.holdout }
  }
  const A = at('o', 0, 'A', '10.00')

  test.each(['drop', 'refund'] as const)('below zero first, which is to %s', (negative) => {
    const events = [A, at('o', 1, 'B', '-5.00'), at('o', 5, 'B', '20.00')]
    expect(parts(events, { spend: { ...lines.spend, negative } })).toEqual({
      repeats: 0,
      purchases: 1,
      spend: { total: '15.00', mean: 15, adjusted: negative === 'drop' ? '0.00' : '5.00' },
    })
  })

  test('worth nothing first', () => {
    const events = [A, at('o', 1, 'B', '0.00'), at('o', 5, 'B', '20.00'), at('o', 6, 'C', '2.00')]
    expect(parts(events, { spend: { ...lines.spend, zero: 'drop' } })).toMatchObject({
      purchases: 2,
      spend: { total: '22.00', mean: 11, adjusted: '0.00' },
    })
  })

  test('refunded wholly and removed, with a line that follows', () => {
    const events = [A, at('o', 1, 'B', '5.00'), at('rf', 2, 'B', '5.00'), at('o', 5, 'B', '20.00')]
    const refunds = { ...definition.refunds, does: 'remove' } as const
    expect(parts(events, { refunds })).toMatchObject({ purchases: 1, spend: { total: '20.00' } })
  })

  test('before the first of those that counted', () => {
    const events = [at('o', 0, 'B', '-5.00'), at('o', 1, 'C', '1.00'), at('o', 5, 'B', '20.00')]
    expect(parts(events, { spend: { ...lines.spend, negative: 'drop' } })).toMatchObject({ purchases: 1 })
  })

  test('between two that it joins into one: no purchase is less than none', () => {
    const events = [A, at('o', 1, 'B', '-5.00'), at('o', 2, 'C', '1.00'), at('o', 5, 'B', '20.00')]
    const aggregate = summarizeHistories({
      ...lines,
      spend: { ...lines.spend, negative: 'drop' },
      merge: { within: { days: 1 }, since: 'last' },
    })
    const { customers } = aggregate.result(collect(aggregate, events), {
      until: 3 * DAY,
      holdout: { until: 9 * DAY },
    })
    expect(customers[0]).toMatchObject({
      repeatCount: 1,
      holdout: { purchases: 0, spend: { total: '15.00', mean: null } },
    })
  })
})
