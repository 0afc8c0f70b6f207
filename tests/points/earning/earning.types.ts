// What must not compile: whatever a misspelling would make of rules, caps, groups, campaigns and lines.
import { type DataOf, defineEvents, definePoints, integer, lines, money, type ref, text } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    discount: money('CNY'),
    items: lines({
      sku: text(),
      amount: money('CNY'),
      count: integer(),
      category: text('food', 'books').optional(),
    }),
  },
  'order-returned': { orderId: text(), items: lines({ sku: text(), amount: money('CNY') }) },
  'checked-in': {},
})
const base = { id: 'points', version: 1, calendar: { zone: 'UTC' }, events: shop } as const
const rule = { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' } } as const
const byLine = {
  rule: 'goods',
  on: 'order-paid',
  each: 'items',
  line: 'sku',
  earns: { points: 1, per: '1', of: 'amount' },
} as const

test('the data of lines is a list of records', () => {
  expectTypeOf<DataOf<(typeof shop.events)['order-paid']>['items']>().toEqualTypeOf<
    readonly DataOf<(typeof shop.events)['order-paid']['items']['of']>[]
  >()
  const read = (data: DataOf<(typeof shop.events)['order-paid']>) => data.items[0]!
  expectTypeOf<ReturnType<typeof read>['count']>().toEqualTypeOf<number>()
  expectTypeOf<ReturnType<typeof read>['category']>().toEqualTypeOf<'food' | 'books' | undefined>()
  // @ts-expect-error lines of lines
  lines({ inner: lines({ sku: text() }) })
  // @ts-expect-error a person in a line
  lines({ friend: {} as ReturnType<typeof ref<'friend'>> })
})

test('what is taken off names amounts of the event', () => {
  definePoints({ ...base, earning: [{ ...rule, earns: { ...rule.earns, less: ['discount'] } }] })
  // @ts-expect-error a misspelt field
  definePoints({ ...base, earning: [{ ...rule, earns: { ...rule.earns, less: ['discuont'] } }] })
  // @ts-expect-error a field that is no amount
  definePoints({ ...base, earning: [{ ...rule, earns: { ...rule.earns, less: ['orderId'] } }] })
  const earns = { points: 1 }
  definePoints({
    ...base,
    earning: [{ rule: 'x', on: 'order-paid', earns, where: { amount: { gte: '9' } } }],
  })
  // @ts-expect-error a filter on a misspelt field
  definePoints({ ...base, earning: [{ rule: 'x', on: 'order-paid', earns, where: { amuont: '1' } }] })
})

test('rules over lines name fields of lines', () => {
  const earns = { points: 1, per: '1', of: 'amount' } as const
  definePoints({
    ...base,
    earning: [
      {
        rule: 'goods',
        on: 'order-paid',
        each: 'items',
        line: 'sku',
        earns,
        where: { category: { not: 'books' }, count: { gte: 2 } },
      },
    ],
  })
  // @ts-expect-error a field that lists nothing
  definePoints({ ...base, earning: [{ ...byLine, each: 'amount' }] })
  // @ts-expect-error a misspelt name of lines
  definePoints({ ...base, earning: [{ ...byLine, line: 'suk' }] })
  // @ts-expect-error a field of the event, not of the line
  definePoints({ ...base, earning: [{ ...byLine, earns: { points: 1, per: '1', of: 'discount' } }] })
  const line = { rule: 'goods', each: 'items', line: 'sku' } as const
  // @ts-expect-error a word that there is not
  definePoints({ ...base, earning: [{ ...line, on: 'order-paid', earns, where: { category: 'foot' } }] })
  // @ts-expect-error lines without their name
  definePoints({ ...base, earning: [{ rule: 'x', on: 'order-paid', each: 'items', earns: { points: 1 } }] })
  const back = { on: 'order-returned', origin: 'orderId', each: 'items', line: 'sku', of: 'amount' } as const
  definePoints({ ...base, earning: [byLine], clawback: [back] })
  // @ts-expect-error a misspelt field of a line
  definePoints({ ...base, earning: [byLine], clawback: [{ ...back, of: 'amuont' }] })
})

test('facts do not read lines', () => {
  // @ts-expect-error values of a list
  shop.distinct('order-paid', 'items')
  // @ts-expect-error the last of a list
  shop.last('order-paid', 'items')
})

test('groups and caps name rules and currencies that there are', () => {
  const earning = [rule, byLine] as const
  const cap = { cap: 'daily', atMost: 100, per: { this: 'day' }, overflow: 'truncate' } as const
  definePoints({
    ...base,
    earning,
    stacking: [{ rules: ['goods', 'purchase'], policy: 'best' }],
    caps: [
      cap,
      { ...cap, cap: 'one', rules: ['goods'], per: { hours: 24 }, overflow: 'carry', returns: true },
    ],
  })
  // @ts-expect-error a misspelt rule in a group
  definePoints({ ...base, earning, stacking: [{ rules: ['godos'], policy: 'best' }] })
  // @ts-expect-error a misspelt policy
  definePoints({ ...base, earning, stacking: [{ rules: ['goods'], policy: 'bets' }] })
  // @ts-expect-error a misspelt rule under a cap
  definePoints({ ...base, earning, caps: [{ ...cap, rules: ['purchse'] }] })
  // @ts-expect-error a misspelt way over a cap
  definePoints({ ...base, earning, caps: [{ ...cap, overflow: 'trunkate' }] })
  // @ts-expect-error a misspelt unit
  definePoints({ ...base, earning, caps: [{ ...cap, per: { this: 'dya' } }] })
  // @ts-expect-error a cap without a bound
  definePoints({ ...base, earning, caps: [{ cap: 'daily', per: 'event', overflow: 'truncate' }] })
  const currencies = [{ currency: 'stars', kind: 'status', atMost: 10 }] as const
  definePoints({ ...base, currencies, earning, caps: [{ ...cap, in: 'stars' }] })
  // @ts-expect-error a misspelt currency
  definePoints({ ...base, currencies, earning, caps: [{ ...cap, in: 'starz' }] })
})

test('campaigns, multipliers and rounding', () => {
  const during = { from: '2026-11-11T00:00' }
  definePoints({
    ...base,
    earning: [{ ...rule, during, multiply: [{ by: '2', during }], multiplying: 'sum', rounding: 'each' }],
  })
  // @ts-expect-error a misspelt end
  definePoints({ ...base, earning: [{ ...rule, during: { till: '2026-11-11T00:00' } }] })
  // @ts-expect-error a misspelt policy
  definePoints({ ...base, earning: [{ ...rule, multiplying: 'products' }] })
  // @ts-expect-error a misspelt rounding
  definePoints({ ...base, earning: [{ ...rule, rounding: 'every' }] })
  // @ts-expect-error a cooldown of a misspelt unit
  definePoints({ ...base, earning: [{ ...rule, cooldown: { day: 1 } }] })
})
