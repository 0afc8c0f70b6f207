// What the compiler says of a misspelt word: its first line names the word and those that are there.
import { describe, expect, test } from 'vitest'
import { compile } from './support/compile.js'

const catalogue = `import { attributes, defineEvents, flag, integer, moment, money, ref, text } from 'liuliang'
const shop = defineEvents({
  'order-paid': {
    orderId: text(), amount: money('CNY'), items: integer(), channel: text('web', 'app'), gift: flag(), friend: ref('friend'),
  },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  visited: { pages: integer() },
  ...attributes({ birthday: moment(), level: text('gold', 'silver') }),
  'customer/stage-changed': { to: { type: 'text', oneOf: ['lead', 'active'], says: 'stage', initially: 'lead' } },
})
`
const EVENTS = ['order-paid', 'order-refunded', 'visited', 'customer/stage-changed', 'attribute-set']
const FIELDS = ['amount', 'channel', 'friend', 'orderId', 'items', 'gift']

/** By what is misspelt: the code, the word, and the words that are there. */
const cases: readonly (readonly [what: string, code: string, wrong: string, right: readonly string[]])[] = [
  ['event', "shop.count('order-payed')", 'order-payed', EVENTS],
  ['event of a wait', "shop.timeBetween('visited', 'order-payed')", 'order-payed', EVENTS],
  ['field to add up', "shop.sum('order-paid', 'amont')", 'amont', ['amount', 'items']],
  ['field of the last', "shop.last('order-paid', 'chanel')", 'chanel', FIELDS],
  ['field to tell apart', "shop.distinct('order-paid', 'chanel')", 'chanel', FIELDS],
  ['filter field', "shop.count('order-paid', { where: { chanel: 'web' } })", 'chanel', FIELDS],
  ['filter value', "shop.count('order-paid', { where: { channel: 'wep' } })", 'wep', ['web', 'app']],
  [
    'one of several values',
    "shop.count('order-paid', { where: { channel: ['wep'] } })",
    'wep',
    ['web', 'app'],
  ],
  [
    'value left out',
    "shop.count('order-paid', { where: { channel: { not: 'wep' } } })",
    'wep',
    ['web', 'app'],
  ],
  ['attribute', "shop.attribute('levle')", 'levle', ['level', 'birthday']],
  ['value of an attribute', "shop.attribute('level').is('goldd')", 'goldd', ['gold', 'silver']],
  ['date of an anniversary', "shop.anniversary('birthdate')", 'birthdate', ['birthday']],
  ['role', "shop.count('order-paid', { as: 'frend' })", 'frend', ['friend']],
  ['per', "shop.count('order-paid', { per: 'chanel' })", 'chanel', FIELDS],
  ['since', "shop.count('order-paid', { since: 'order-refundet' })", 'order-refundet', EVENTS],
  ['anchor', "shop.timeSince('order-paid', { orSince: 'visitd' })", 'visitd', EVENTS],
  ['engine', "shop.says('custmer', 'stage')", 'custmer', ['customer']],
  ['word of an engine', "shop.says('customer', 'stag')", 'stag', ['stage']],
  ['what an engine says', "shop.says('customer', 'stage').is('leed')", 'leed', ['lead', 'active']],
  ['step', "shop.sequence(['visited', 'order-payed'])", 'order-payed', EVENTS],
  ['event of a step', "shop.sequence(['visited', { event: 'order-payed' }])", 'order-payed', EVENTS],
  [
    'filter field of a step',
    "shop.sequence([{ event: 'order-paid', where: { chanel: 'web' } }])",
    'chanel',
    FIELDS,
  ],
  ['unit of a streak', "shop.streak('order-paid', { unit: 'dya' })", 'dya', ['day', 'week', 'month']],
  ['unit of an age', "shop.age('birthday', 'yeers')", 'yeers', ['days', 'weeks', 'months', 'years']],
  ['compared word', "shop.last('order-paid', 'channel').is('fax')", 'fax', ['web', 'app']],
]

/** By what is compared: the code, what stands there, and what has to. */
const operands: readonly (readonly [what: string, code: string, wrong: string, right: string])[] = [
  ['money with a number', "shop.sum('order-paid', 'amount').gte(300)", "'number'", "'string'"],
  ['a count with text', "shop.count('order-paid').gte('3')", "'string'", "'number'"],
  ['elapsed time with a number', "shop.timeSince('order-paid').gte(90)", "'number'", "'Duration'"],
  ['words by size', "shop.last('order-paid', 'channel').gte('web')", "'gte'", '"web" | "app"'],
]

describe('the first line of the compiler names', () => {
  const codes = [
    ...cases.map(([, code]) => code),
    ...operands.map(([, code]) => code),
    "shop.count('order-paid')",
  ]
  const check = compile(codes.map((code) => `${catalogue}export const made = ${code}\n`))
  const firstLine = (i: number) => check(i).messages[0]!.split('\n')[0]!

  test('nothing where nothing is wrong', () => {
    expect(check(codes.length - 1).messages).toEqual([])
  }, 60_000)

  test.each(cases.map((one, i) => [...one, i] as const))('a misspelt %s', (_, __, wrong, right, i) => {
    const line = firstLine(i)
    expect(line).toMatch(new RegExp(`['"]${wrong}['"]`))
    for (const word of right) expect(line).toMatch(new RegExp(`['"]${word}['"]`))
  })

  test.each(operands.map((one, i) => [...one, i + cases.length] as const))(
    'the kind of operand: %s',
    (_, __, wrong, right, i) => {
      expect(firstLine(i)).toContain(wrong)
      expect(firstLine(i)).toContain(right)
    },
  )
})

test('a program of 50 rules is checked quickly', () => {
  const names = Array.from({ length: 10 }, (_, i) => `event-${i}`)
  const stages = ['s0', 's1', 's2', 's3', 's4']
  const condition = (n: number) =>
    [
      `shop.count('${names[n % 10]}', { within: { days: ${n + 1} }, where: { channel: 'web' } }).gte(${n})`,
      `shop.sum('${names[(n + 1) % 10]}', 'amount', { since: '${names[n % 10]}' }).between('1', '${n + 2}')`,
      `shop.timeSince('${names[(n + 2) % 10]}', { orSince: '${names[n % 10]}' }).gte({ days: ${n} })`,
      `shop.last('${names[(n + 3) % 10]}', 'channel').is('app')`,
      `not(shop.sequence(['${names[n % 10]}', { event: '${names[(n + 4) % 10]}', where: { items: { gte: 2 } } }]).gte(1))`,
    ].join(', ')
  const rule = (n: number) => `{ to: '${stages[(n + 1) % 5]}', when: all(${condition(n)}) }`
  const program = (
    rules: number,
  ) => `import { all, defineEvents, defineLifecycle, integer, money, not, ref, text } from 'liuliang'
const shop = defineEvents({
${names.map((name) => `  '${name}': { orderId: text(), amount: money('CNY'), items: integer(), channel: text('web', 'app'), friend: ref('friend') },`).join('\n')}
})
export const customer = defineLifecycle({
  id: 'customer', version: 1, calendar: { zone: 'UTC' }, events: shop, activity: ['event-0'],
  stages: ['s0', 's1', 's2', 's3', 's4'], initial: 's0',
  rules: {
${stages.map((stage, i) => `    ${stage}: [${Array.from({ length: rules / 5 }, (_, j) => rule(5 * j + i)).join(',\n')}],`).join('\n')}
  },
})
`
  const check = compile([program(5), program(50)])
  // The first one makes the compiler read the library's own types.
  const own = check(0)
  const rules = check(1)
  expect([...own.messages, ...rules.messages]).toEqual([])
  console.log(
    `type-check of 50 rules, 250 comparisons: ${rules.milliseconds.toFixed(0)} ms of CPU ` +
      `beside ${own.milliseconds.toFixed(0)} ms for the library's types and 5 rules`,
  )
  expect(rules.milliseconds).toBeLessThan(4000)
}, 60_000)
