import * as fc from 'fast-check'
import { type AnyEvent, collect } from 'liuliang/kernel'
import { type HistoriesDefinition, historyTable, type MergeRule, summarizeHistories } from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { base, spend } from './support/orders.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const start = Date.UTC(2024, 0, 1)

interface Order {
  readonly subject: string
  /** Hours from the start. */
  readonly hour: number
  readonly cents: number
}

const orders: fc.Arbitrary<readonly Order[]> = fc.array(
  fc.record({
    subject: fc.constantFrom('ann', 'bob', 'cho', 'di'),
    hour: fc.integer({ min: 0, max: 24 * 60 }),
    cents: fc.integer({ min: 1, max: 99_999 }),
  }),
  { maxLength: 40 },
)
const events = (list: readonly Order[]): readonly AnyEvent[] =>
  list.map(({ subject, hour, cents }, i) => ({
    id: `e${i}`,
    type: 'order',
    subject,
    occurredAt: start + hour * HOUR,
    data: { amount: (cents / 100).toFixed(2), no: String(i) },
  }))
const rules: fc.Arbitrary<MergeRule> = fc.constantFrom(
  'none' as const,
  { per: 'day' } as const,
  { per: 'day', dated: 'first-order' } as const,
  { per: 'week' } as const,
  { within: { hours: 30 } } as const,
  { within: { hours: 30 }, since: 'last' } as const,
)
const halves = fc.tuple(fc.integer({ min: 0, max: 24 * 40 }), fc.integer({ min: 1, max: 24 * 30 }))
const check = (property: fc.IPropertyWithHooks<never> | fc.IProperty<never>) =>
  fc.assert(property as fc.IProperty<unknown>, { numRuns: runs(150, 5000) })

test('the summary is that of a plain loop over local days', () => {
  check(
    fc.property(orders, fc.integer({ min: 0, max: 70 }), (list, days) => {
      const aggregate = summarizeHistories({ ...base, spend, unit: 'week' })
      const until = start + days * DAY
      const found = aggregate.result(collect(aggregate, events(list)), { until, purchaseAges: true })
      const expected = ['ann', 'bob', 'cho', 'di'].flatMap((subject) => {
        const byDay = new Map<number, number>()
        for (const one of list)
          if (one.subject === subject && one.hour <= 24 * days)
            byDay.set(Math.floor(one.hour / 24), (byDay.get(Math.floor(one.hour / 24)) ?? 0) + one.cents)
        const dates = [...byDay.keys()].sort((a, b) => a - b)
        const [first] = dates
        if (first === undefined) return []
        const repeats = dates.slice(1)
        const cents = repeats.reduce((sum, date) => sum + byDay.get(date)!, 0)
        return [
          {
            subject,
            repeatCount: repeats.length,
            lastPurchaseAge: (dates.at(-1)! - first) / 7,
            age: (days - first) / 7,
            purchaseAges: repeats.map((date) => (date - first) / 7),
            spend: {
              purchases: repeats.length,
              total: (cents / 100).toFixed(2),
              mean: repeats.length === 0 ? null : cents / (100 * repeats.length),
            },
          },
        ]
      })
      expect(found.customers.length).toBe(expected.length)
      for (const [i, one] of expected.entries()) expect(found.customers[i]).toMatchObject(one)
      const gaps = (ages: readonly number[]) =>
        ages.reduce((sum, age, i) => sum + Math.log(age - (ages[i - 1] ?? 0)), 0)
      for (const { sumLnGaps, purchaseAges } of found.customers)
        expect(sumLnGaps).toBeCloseTo(gaps(purchaseAges!), 9)
    }) as never,
  )
})

test('opportunities are those of a plain loop over months', () => {
  const monthOf = (at: number) => {
    const date = new Date(at)
    return 12 * date.getUTCFullYear() + date.getUTCMonth()
  }
  const aggregate = summarizeHistories({ ...base, unit: 'opportunity', merge: { per: 'month' } })
  check(
    fc.property(orders, halves, (list, [from, length]) => {
      // Ten times as long, so that there are twenty months.
      const slow = list.map((one) => ({ ...one, hour: 10 * one.hour }))
      const [until, end] = [start + 10 * from * HOUR, start + 10 * (from + length) * HOUR]
      const found = aggregate.result(collect(aggregate, events(slow)), { until, holdout: { until: end } })
      const [last, final] = [monthOf(until) - 1, monthOf(end) - 1]
      const expected = ['ann', 'bob', 'cho', 'di'].flatMap((subject) => {
        const months = slow
          .filter((one) => one.subject === subject)
          .map(({ hour }) => monthOf(start + hour * HOUR))
        const seen = [...new Set(months)].sort((a, b) => a - b)
        const [first = Infinity] = seen
        if (first > last) return []
        const within = seen.filter((month) => month > first && month <= last)
        return [
          {
            subject,
            repeatCount: within.length,
            lastPurchaseAge: (within.at(-1) ?? first) - first,
            age: last - first,
            holdout: { purchases: seen.filter((month) => month > last && month <= final).length },
          },
        ]
      })
      expect(found.customers.length).toBe(expected.length)
      for (const [i, one] of expected.entries()) expect(found.customers[i]).toMatchObject(one)
      expect(found.holdout!.length).toBe(final - last)
    }) as never,
  )
})

test('calibration and holdout add up to the whole, under every merge rule', () => {
  check(
    fc.property(orders, rules, halves, fc.boolean(), (list, merge, [from, length], first) => {
      const given = { ...spend, firstOrder: first ? 'in' : 'out' } as const
      const aggregate = summarizeHistories({ ...base, spend: given, merge })
      const partial = collect(aggregate, events(list))
      const until = start + from * HOUR
      const end = until + length * HOUR
      const split = aggregate.result(partial, { until, holdout: { until: end } })
      const whole = aggregate.result(partial, { until: end })
      // The calibration does not know of the holdout.
      expect(split.customers.map(({ holdout: _, ...rest }) => rest)).toEqual(
        aggregate.result(partial, { until }).customers,
      )
      const cents = (text: string) => Math.round(Number(text) * 100)
      for (const { subject, repeatCount, spend: spent, holdout } of split.customers) {
        const all = whole.customers.find((one) => one.subject === subject)!
        expect(repeatCount + holdout!.purchases).toBe(all.repeatCount)
        // What a first purchase of before goes on to be is not among repeats, but is spent in the holdout.
        const open = cents(spent!.total) + cents(holdout!.spend!.total) + cents(holdout!.spend!.adjusted)
        if (merge === 'none' || first) expect(open).toBe(cents(all.spend!.total))
        else expect(open).toBeGreaterThanOrEqual(cents(all.spend!.total))
      }
    }) as never,
  )
})

test('nothing that happens later changes an earlier reading', () => {
  const definition: HistoriesDefinition = {
    ...base,
    spend: { ...spend, zero: 'drop', negative: 'refund' },
    order: { field: 'no', again: 'add-up' },
    refunds: { event: 'refund', amount: 'amount', order: 'no', does: 'remove' },
  }
  const aggregate = summarizeHistories(definition)
  const late = fc.array(
    fc.record({
      hour: fc.integer({ min: 1, max: 900 }),
      no: fc.nat({ max: 40 }),
      cents: fc.integer({ min: -9999, max: 9999 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  check(
    fc.property(orders, late, rules, (list, more, merge) => {
      const own = summarizeHistories({ ...definition, merge })
      const until = start + 24 * 60 * HOUR
      const after = more.map(
        ({ hour, no, cents }, i): AnyEvent => ({
          id: `l${i}`,
          type: cents < 0 ? 'order' : 'refund',
          subject: list[no % Math.max(1, list.length)]?.subject ?? 'ann',
          occurredAt: until + hour * HOUR,
          data: { amount: (cents / 100).toFixed(2), no: String(no) },
        }),
      )
      const before = own.result(collect(own, events(list)), { until })
      const then = own.result(collect(own, [...events(list), ...after]), { until })
      expect({ ...then, leftOut: before.leftOut }).toEqual(before)
      expect(aggregate.shard).toBe('event')
    }) as never,
  )
})

test('a table has every customer once, sorted, whatever their order', () => {
  const row = fc
    .tuple(
      fc.nat({ max: 3 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 4 }),
      fc.nat({ max: 1 }),
    )
    .map(([x, last, rest, member]) => ({
      unit: 'week' as const,
      repeatCount: x,
      lastPurchaseAge: x === 0 ? 0 : last / 7,
      age: (last + rest) / 7,
      sumLnGaps: x === 0 ? 0 : x * Math.log(last / 7 / x),
      covariates: { member },
    }))
  check(
    fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), fc.integer(), (rows, seed) => {
      const table = historyTable(rows)
      expect(table.customers).toBe(rows.length)
      const shuffled = rows
        .map((one, i) => [Math.sin(seed + i), one] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, one]) => one)
      expect(historyTable(shuffled)).toEqual(table)
      const key = (...parts: readonly number[]) => parts.join()
      const counts = new Map<string, number>()
      for (const one of rows) {
        const name = key(one.repeatCount, one.lastPurchaseAge, one.age, one.covariates.member)
        counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      expect(table.count.length).toBe(counts.size)
      for (const [i, count] of table.count.entries()) {
        const [x, last, age, member] = [
          table.repeatCount[i]!,
          table.lastPurchaseAge[i]!,
          table.age[i]!,
          table.covariates['member']![i]!,
        ]
        expect(count).toBe(counts.get(key(x, last, age, member)))
        expect(table.sumLnGaps![i]).toBeCloseTo(x === 0 ? 0 : count * x * Math.log(last / x), 9)
        if (i === 0) continue
        const differences = [
          x - table.repeatCount[i - 1]!,
          last - table.lastPurchaseAge[i - 1]!,
          age - table.age[i - 1]!,
          member - table.covariates['member']![i - 1]!,
        ]
        expect(differences.find((difference) => difference !== 0)).toBeGreaterThan(0)
      }
    }) as never,
  )
})
