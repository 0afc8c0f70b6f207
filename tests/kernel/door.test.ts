import { attributes, defineEvents, detail, flag, instant, integer, moment, money, ref, text } from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    items: integer().optional(),
    channel: text('web', 'app').optional(),
    paidAt: moment().optional(),
    gift: flag().optional(),
    store: ref('store').optional(),
    note: detail().optional(),
  },
  ...attributes({ birthday: moment() }),
})

const event = {
  id: 'e1',
  type: 'order-paid',
  subject: 'u1',
  occurredAt: '2024-03-05T09:00:00+08:00',
  data: { orderId: 'o1', amount: '199.90' },
}
const withData = (data: object) => ({ ...event, data: { ...event.data, ...data } })
const refusal = (value: unknown, options = {}) => {
  const read = shop.read(value, options)
  return 'refusal' in read ? read.refusal : read
}
const nested = (levels: number) =>
  Array.from({ length: levels }).reduce((inner: unknown) => [inner], 1) as object

describe('what the door lets in', () => {
  test('instants become numbers, amounts become decimal text of the catalogue currency', () => {
    const given = withData({
      amount: { amount: '5', currency: 'CNY' },
      paidAt: '2024-03-05T01:00:00Z',
      items: 3,
    })
    expect(shop.read(given)).toEqual({
      event: {
        ...event,
        occurredAt: instant('2024-03-05T01:00:00Z'),
        data: { orderId: 'o1', amount: '5.00', paidAt: instant('2024-03-05T01:00:00Z'), items: 3 },
      },
    })
  })

  test('the input itself is not touched, however it is frozen', () => {
    const given = Object.freeze({ ...event, data: Object.freeze({ ...event.data }) })
    const before = JSON.stringify(given)
    shop.read(given)
    expect(JSON.stringify(given)).toBe(before)
  })

  test.each([
    ['a refund noted as a negative amount', withData({ amount: '-5.00' })],
    ['an amount of nothing', withData({ amount: '0' })],
    ['an epoch number for an instant', { ...event, occurredAt: 0 }],
    ['an attribute alone', { ...event, type: 'attribute-set', data: {} }],
    ['31 levels of detail', withData({ note: nested(29) })],
  ])('%s', (_, given) => {
    expect(shop.read(given)).toHaveProperty('event')
  })
})

describe('what it refuses, in order of precedence', () => {
  const strange = { secret: 1 }
  const host = {
    '~standard': {
      version: 1,
      vendor: 'here',
      validate: () => ({ issues: [{ message: 'no' }, { message: 'no' }] }),
    },
  }

  test.each<[name: string, value: unknown, expected: object, options?: object]>([
    ['nested too deeply', nested(40), { code: 'nested-too-deeply', limit: 32 }],
    ['a narrower limit', event, { code: 'nested-too-deeply', limit: 1 }, { limits: { depth: 1 } }],
    ['too much of it', Array(10_001).fill(1), { code: 'too-much-data', limit: 10_000 }],
    ['text', 'order-paid', { code: 'not-an-event', got: 'text of 10' }],
    ['nothing', null, { code: 'not-an-event', got: 'null' }],
    ['a list', [event], { code: 'not-an-event', got: 'list of 1' }],
    [
      'a field of the envelope that nobody declared',
      { ...strange, type: 'x' },
      { code: 'unknown-field', in: 'envelope', length: 6 },
    ],
    [
      'a cause, which only engines may name',
      { ...event, cause: { input: 'e0', digest: 1 } },
      { code: 'unknown-field', in: 'envelope', length: 5 },
    ],
    [
      "the host's own schema",
      withData(strange),
      { code: 'schema-mismatch', issues: 2 },
      { schemas: { 'order-paid': host } },
    ],
    [
      'another currency, before fields that are missing',
      { ...event, data: { amount: { amount: '5', currency: 'USD' } } },
      { code: 'other-currency', field: 'amount', expected: 'CNY', got: 'text of 3' },
    ],
    [
      'an amount as a number',
      withData({ amount: 5 }),
      { code: 'malformed-field', field: 'amount', expected: 'decimal text in CNY', got: 'number' },
    ],
    [
      'an amount finer than its currency',
      withData({ amount: '5.001' }),
      { code: 'malformed-field', field: 'amount', expected: 'decimal text in CNY', got: 'text of 5' },
    ],
    ['no id', { ...event, id: undefined }, { code: 'missing-field', field: 'id', expected: 'text' }],
    [
      'an id of no letters',
      { ...event, id: '' },
      { code: 'malformed-field', field: 'id', expected: 'text', got: 'text of 0' },
    ],
    ['no type', { ...event, type: undefined }, { code: 'missing-field', field: 'type', expected: 'text' }],
    ['another type', { ...event, type: 'order-payed' }, { code: 'unknown-type', length: 11 }],
    ['a name that every object has', { ...event, type: 'toString' }, { code: 'unknown-type', length: 8 }],
    [
      'no subject',
      { ...event, subject: undefined },
      { code: 'missing-field', field: 'subject', expected: 'text' },
    ],
    [
      'an instant without an offset',
      { ...event, occurredAt: '2024-03-05T09:00:00' },
      { code: 'malformed-field', field: 'occurredAt', expected: 'instant', got: 'text of 19' },
    ],
    [
      'an instant between milliseconds',
      { ...event, occurredAt: 0.5 },
      { code: 'malformed-field', field: 'occurredAt', expected: 'instant', got: 'fraction' },
    ],
    ['no data', { ...event, data: undefined }, { code: 'missing-field', field: 'data', expected: 'object' }],
    [
      'data that is a list',
      { ...event, data: [] },
      { code: 'malformed-field', field: 'data', expected: 'object', got: 'list of 0' },
    ],
    [
      'a field of the data that nobody declared',
      { ...event, data: strange },
      { code: 'unknown-field', in: 'data', length: 6 },
    ],
    [
      'a field that is missing',
      { ...event, data: { amount: '5' } },
      { code: 'missing-field', field: 'orderId', expected: 'text' },
    ],
    [
      'a word that is none of its words',
      withData({ channel: 'fax' }),
      { code: 'malformed-field', field: 'channel', expected: 'web | app', got: 'text of 3' },
    ],
    [
      'an integer above the safe ones',
      withData({ items: 2 ** 53 }),
      { code: 'malformed-field', field: 'items', expected: 'safe integer', got: 'number' },
    ],
    [
      'true as text',
      withData({ gift: 'true' }),
      { code: 'malformed-field', field: 'gift', expected: 'boolean', got: 'text of 4' },
    ],
    [
      'a reference to nobody',
      withData({ store: '' }),
      { code: 'malformed-field', field: 'store', expected: 'ref', got: 'text of 0' },
    ],
  ])('%s', (_, value, expected, options) => {
    expect(refusal(value, options)).toEqual(expected)
  })

  test("a host's schema that answers later cannot be asked here", () => {
    const later = { '~standard': { ...host['~standard'], validate: () => Promise.resolve({ value: {} }) } }
    expect(refusal(event, { schemas: { 'order-paid': later } })).toEqual({
      code: 'schema-mismatch',
      issues: 0,
    })
  })

  test('keys that belong to prototypes are fields like any other', () => {
    const hostile = JSON.parse(
      '{"id":"e1","type":"order-paid","subject":"u1","occurredAt":0,"data":{"__proto__":{"amount":"9"},"orderId":"o1"}}',
    ) as unknown
    expect(refusal(hostile)).toEqual({ code: 'unknown-field', in: 'data', length: 9 })
    expect({}).not.toHaveProperty('amount')
  })
})
