// Rules over the lines of an order: each line is judged, paid and taken back on its own.
import { defineEvents, explain, forget, lines, money, pointsFrom, text } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell } from '../../support/story.js'
import { buyer, pointsIn, pointsOf, postings } from './support/market.js'

const { paid, bought, returned, refunded, cancelled } = buyer()
const at = '2026-03-05'
const food = { sku: 'rice', amount: '10.50', category: 'food' }
const book = { sku: 'novel', amount: '20.70', category: 'books' }
const card = { sku: 'card', amount: '100', category: 'gift-cards' }
const byLine = {
  rule: 'goods',
  on: 'order-paid',
  origin: 'orderId',
  each: 'items',
  line: 'sku',
  where: { category: { not: 'gift-cards' } },
  earns: { points: 1, per: '1', of: 'amount' },
} as const
const engine = pointsOf({ earning: [byLine] })

describe('earning by line', () => {
  test('adds up the lines that pass; what is left over goes from line to line', () => {
    const [one] = postings(engine, [bought(at, 'a', [food, card, book])])
    expect(one).toMatchObject({
      points: 31,
      reason: { code: 'earned-by-line', base: '31.20', lines: 2, carries: 20, of: 100 },
      share: {
        lines: [
          { line: 'rice', base: 1050, earned: 10 },
          { line: 'novel', base: 2070, earned: 21 },
        ],
      },
    })
    expect(explain(engine, one!.reason, 'en')).toBe('lines (2): 31.20 CNY, 1 for each 1 CNY (rule goods)')
  })

  test('with rounding each, every line drops its own', () => {
    expect(
      pointsIn(pointsOf({ earning: [{ ...byLine, rounding: 'each' }] }), [bought(at, 'a', [food, book])]),
    ).toEqual([30])
  })

  test('net of what is taken off each line, and so many per line', () => {
    const net = { ...byLine, earns: { ...byLine.earns, less: ['off'] } } as const
    const gift = { ...byLine, rule: 'gift', where: { category: 'books' }, earns: { points: 7 } } as const
    const order = bought(at, 'a', [
      { ...food, off: '0.50' },
      { ...book, off: '50' },
    ])
    const both = pointsOf({ earning: [net, gift] })
    expect(pointsIn(both, [order])).toEqual([10, 7])
    const { reason } = postings(both, [order])[1]!
    expect(explain(both, reason, 'en')).toBe('7 for each of the lines (1; rule gift)')
    expect(explain(both, reason, 'zh')).toBe('每行积7分，共1行（规则：gift）')
  })

  test('an order without lines that pass earns nothing', () => {
    expect(pointsIn(engine, [paid(at, 'a', '9'), bought(at, 'b', []), bought(at, 'c', [card])])).toEqual([])
  })

  test('lines of one name are one', () => {
    const [one] = postings(engine, [bought(at, 'a', [food, food])])
    expect(one!.share).toMatchObject({ lines: [{ line: 'rice', base: 2100, earned: 21 }] })
  })
})

describe('refunds by line', () => {
  const order = bought(at, 'a', [food, card, book])

  test('take back the exact share of what that line earned, in any parts', () => {
    const parts = ['5.25', '5.24', '0.01'].map((amount) => returned(at, 'a', [{ sku: 'rice', amount }]))
    // 10 points of 1050: half of them, then up to the floor of 1049, then the last one.
    expect(pointsIn(engine, [order, ...parts])).toEqual([31, -5, -4, -1])
    expect(pointsIn(engine, [order, returned(at, 'a', [{ sku: 'novel', amount: '999' }])])).toEqual([31, -21])
  })

  test('a line that earned nothing, or is of another order, takes nothing', () => {
    expect(pointsIn(engine, [order, returned(at, 'a', [card]), returned(at, 'b', [food])])).toEqual([31, -0])
  })

  test('an amount that names no line is spread over what is left of all', () => {
    const inputs = [order, returned(at, 'a', [{ sku: 'rice', amount: '5.25' }]), refunded(at, 'a', '12.975')]
    // 25.95 are left of 31.20: half of them is half of what is left of each.
    inputs[2] = refunded(at, 'a', '12.97')
    const [, , half] = pointsIn(engine, inputs)
    expect(half).toBe(-12)
    expect(pointsIn(engine, [...inputs, refunded(at, 'a', '12.98')]).reduce((a, b) => a + b)).toBe(0)
  })

  test('a cancellation takes back every line, and rules for the whole order lose their share of the sum', () => {
    const whole = {
      rule: 'whole',
      on: 'order-paid',
      origin: 'orderId',
      earns: { points: 1, per: '1', of: 'amount' },
    } as const
    const both = pointsOf({ earning: [byLine, whole] })
    const of131 = { ...order, data: { ...order.data, amount: '131.20' } }
    expect(pointsIn(both, [of131, cancelled(at, 'a')])).toEqual([31, 131, -31, -131])
    expect(pointsIn(both, [of131, returned(at, 'a', [food, card])])).toEqual([31, 131, -10, -110])
  })

  test('without an amount a line is returned whole', () => {
    const sold = pointsOf({
      earning: [{ ...byLine, earns: { points: 7 } }],
      clawback: [{ on: 'order-returned', origin: 'orderId', each: 'items', line: 'sku' }],
    })
    const one = returned(at, 'a', [food])
    expect(pointsIn(sold, [order, one, { ...one, id: 'again' }])).toEqual([14, -7, -0])
  })
})

describe('the field', () => {
  const shop = defineEvents({ paid: { items: lines({ sku: text('a', 'b'), amount: money('CNY') }) } })
  const read = (items: unknown) =>
    shop.read({ id: '1', type: 'paid', subject: 'u', occurredAt: 0, data: { items } })

  test('money is read in lines as it is anywhere, and the input is not touched', () => {
    const items = [{ sku: 'a', amount: { amount: '5', currency: 'CNY' } }]
    const frozen = Object.freeze([Object.freeze(items[0])])
    expect(read(frozen)).toMatchObject({ event: { data: { items: [{ sku: 'a', amount: '5.00' }] } } })
  })

  test.each([
    ['no list', { sku: 'a' }, { field: 'items', got: 'object' }],
    ['a line that is none', ['a'], { field: 'items' }],
    ['a word that there is not', [{ sku: 'c', amount: '1' }], { field: 'items.sku', expected: 'a | b' }],
    ['another currency', [{ sku: 'a', amount: { amount: '1', currency: 'USD' } }], { field: 'items.amount' }],
    ['a field too few', [{ sku: 'a' }], { field: 'items.amount' }],
    ['a field too many', [{ sku: 'a', amount: '1', more: 1 }], { field: 'items' }],
    ['too many lines', Array(1001).fill({ sku: 'a', amount: '1' }), { field: 'items' }],
    ['lines in lines', [[{ sku: 'a', amount: '1' }]], { field: 'items' }],
  ])('%s is refused', (_, items, refusal) => {
    expect(read(items)).toMatchObject({ refusal: { code: 'malformed-field', ...refusal } })
  })

  test('facts do not read lines: a filter or a count on them is refused', () => {
    expect(() =>
      pointsOf({
        earning: [
          {
            ...byLine,
            when: {
              condition: 'gte',
              value: 1,
              fact: { fact: 'distinct', event: 'order-paid', field: 'items' },
            },
          },
        ],
      }),
    ).toThrow('unknown-name')
    expect(() =>
      pointsOf({
        earning: [{ rule: 'x', on: 'order-paid', where: { items: 'a' } as never, earns: { points: 1 } }],
      }),
    ).toThrow('unknown-name')
  })

  test('a filter of a rule over lines is on fields of the line', () => {
    const made = () => pointsOf({ earning: [{ ...byLine, where: { channel: 'web' } as never }] })
    expect(made).toThrow('unknown-name at $.earning[0].where')
  })

  test('what lines are named is forgotten with the person', () => {
    const { state, log } = tell(engine, [bought(at, 'a', [food, book]), returned(at, 'a', [food])] as never)
    const after = forget(engine, state, log, 'u1')
    for (const word of ['rice', 'novel', 'u1"']) expect(JSON.stringify(after)).not.toContain(word)
    expect(JSON.stringify(after)).toContain('"books"')
    expect(engine.view(after.state, state.at!)).toEqual(engine.view(state, state.at!))
  })

  test('survives as JSON', () => {
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
  })
})
