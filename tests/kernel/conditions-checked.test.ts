// What neither a type nor a schema can know of a condition is said with the place at which it stands.
import {
  attributes,
  type Condition,
  checkCondition,
  DefinitionError,
  defineEvents,
  detail,
  factKinds,
  integer,
  moment,
  money,
  ref,
  text,
} from 'liuliang'
import { expect, test } from 'vitest'

const { events } = defineEvents({
  'order-paid': {
    amount: money('CNY'),
    channel: text('web', 'app'),
    items: integer(),
    note: detail(),
    friend: ref('friend'),
  },
  ...attributes({ birthday: moment() }),
})
const count = { fact: 'count', event: 'order-paid' }
const gte = (fact: object, value: unknown) => ({ condition: 'gte', fact, value })

test.each<[name: string, condition: unknown, code: string, path: string]>([
  ['no condition', null, 'wrong-type', '$.when'],
  ['a word nobody knows', { condition: 'nor', of: [] }, 'unknown-name', '$.when.condition'],
  ['nothing inside', { condition: 'all', of: [] }, 'wrong-type', '$.when.of'],
  ['0 of them', { condition: 'some-of', k: 0, of: [gte(count, 1)] }, 'out-of-range', '$.when.k'],
  ['more than there are', { condition: 'some-of', k: 2, of: [gte(count, 1)] }, 'out-of-range', '$.when.k'],
  ['no fact', gte(5 as never, 1), 'wrong-type', '$.when.fact'],
  [
    'a fact nobody knows',
    gte({ fact: 'median', event: 'order-paid' }, 1),
    'unknown-name',
    '$.when.fact.fact',
  ],
  ['another event', gte({ ...count, event: 'order-payed' }, 1), 'unknown-name', '$.when.fact.event'],
  [
    'another anchor',
    gte({ fact: 'time-since', event: 'order-paid', orSince: 'x' }, { days: 1 }),
    'unknown-name',
    '$.when.fact.orSince',
  ],
  [
    'a sum of text',
    gte({ fact: 'sum', event: 'order-paid', field: 'channel' }, 1),
    'unknown-name',
    '$.when.fact.field',
  ],
  [
    'the last detail',
    gte({ fact: 'last', event: 'order-paid', field: 'note' }, 1),
    'unknown-name',
    '$.when.fact.field',
  ],
  ['another role', gte({ ...count, as: 'store' }, 1), 'unknown-name', '$.when.fact.as'],
  ['a filter on no field', gte({ ...count, where: { colour: 1 } }, 1), 'unknown-name', '$.when.fact.where'],
  [
    'a filter on no word',
    gte({ ...count, where: { channel: ['web', 'fax'] } }, 1),
    'unknown-name',
    '$.when.fact.where.channel',
  ],
  [
    'a window in no unit',
    gte({ ...count, within: { day: 1 } }, 1),
    'invalid-duration',
    '$.when.fact.within.day',
  ],
  [
    'another attribute',
    gte({ fact: 'attribute', attribute: 'city' }, 1),
    'unknown-name',
    '$.when.fact.attribute',
  ],
  ['a fraction of a time', gte(count, 1.5), 'wrong-type', '$.when.value'],
  [
    'money as a number',
    gte({ fact: 'sum', event: 'order-paid', field: 'amount' }, 300),
    'wrong-type',
    '$.when.value',
  ],
  [
    'money too fine',
    gte({ fact: 'sum', event: 'order-paid', field: 'amount' }, '0.001'),
    'wrong-type',
    '$.when.value',
  ],
  [
    'text above something',
    gte({ fact: 'last', event: 'order-paid', field: 'channel' }, 'web'),
    'wrong-type',
    '$.when.condition',
  ],
  [
    'time that is something',
    { condition: 'is', fact: { fact: 'time-since', event: 'order-paid' }, value: 1 },
    'wrong-type',
    '$.when.condition',
  ],
  [
    'time since in no unit',
    gte({ fact: 'time-since', event: 'order-paid' }, 90),
    'invalid-duration',
    '$.when.value',
  ],
  [
    'the second of two, inside a not',
    { condition: 'not', of: { condition: 'any', of: [gte(count, 1), gte(count, '1')] } },
    'wrong-type',
    '$.when.of.of[1].value',
  ],
  [
    'one of many values',
    { condition: 'in', fact: count, values: [1, 'two'] },
    'wrong-type',
    '$.when.values[1]',
  ],
])('%s', (_, condition, code, path) => {
  const check = () =>
    checkCondition(condition as Condition, { events, calendar: { zone: 'UTC' }, kinds: factKinds }, '$.when')
  expect(check).toThrow(DefinitionError)
  expect(check).toThrow(expect.objectContaining({ code, path }))
})

test('a window of days asks in which zone they are counted; hours need none', () => {
  const check = (within: object) =>
    checkCondition(
      gte({ ...count, within }, 1) as Condition,
      { events, calendar: undefined, kinds: factKinds },
      '$',
    )
  expect(() => check({ days: 30 })).toThrow(expect.objectContaining({ code: 'missing', path: '$.calendar' }))
  expect(() => check({ hours: 720 })).not.toThrow()
})

test('a million brackets are an answer, not a stack overflow', () => {
  const deep = Array.from({ length: 1_000_000 }).reduce<object>(
    (of) => ({ condition: 'not', of }),
    gte(count, 1),
  )
  const wide = { condition: 'all', of: Array<unknown>(1_001).fill(gte(count, 1)) }
  const check = (condition: object) =>
    checkCondition(condition as Condition, { events, calendar: undefined, kinds: factKinds }, '$')
  expect(() => check(deep)).toThrow(expect.objectContaining({ code: 'too-deep' }))
  expect(() => check(wide)).toThrow(expect.objectContaining({ code: 'too-large' }))
})
