// A definition is plain data: what is stored is read back as the same engine, and what is wrong with it is said by place.
import {
  attributes,
  defineBenefits,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  defineStock,
  defineStoredValue,
  lifecycleFrom,
  moment,
  money,
  pointsFrom,
  programFrom,
  ref,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    channel: text('web', 'app'),
    friend: ref('friend').optional(),
  },
  ...attributes({ birthday: moment() }),
})
const calendar = { zone: 'Asia/Shanghai' } as const
const customer = defineLifecycle({
  id: 'customer',
  version: 3,
  calendar,
  events: shop,
  activity: ['order-paid', { event: 'order-paid', as: 'friend' }],
  stages: ['lead', 'active'],
  initial: 'lead',
  rules: {
    lead: [
      {
        to: 'active',
        on: 'order-paid',
        when: shop.count('order-paid', { within: { days: 9 }, where: { channel: ['web'] } }).gte(2),
      },
      { to: 'active', since: 'birthday', reaches: { months: 18, end: true } },
    ],
    active: [
      { to: 'lead', inactiveFor: { days: 30 } },
      { to: 'lead', inStageFor: { next: { weekday: 6 }, at: '09:00' } },
    ],
  },
  idempotencyWindow: { hours: 48 },
})
const points = definePoints({
  id: 'points',
  version: 2,
  calendar,
  events: shop,
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '1', of: 'amount' },
      origin: 'orderId',
      multiply: [{ by: '3/2', when: shop.timeSince('order-paid').lt({ days: 3 }).not() }],
      pending: 'until-confirmed',
      expires: { months: 12, end: true },
    },
  ],
  clawback: [{ on: 'order-paid', origin: 'orderId', of: 'amount' }],
})
const program = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points] })
const gift = defineStock({ id: 'gift', version: 1, calendar, unit: 'pieces', holdFor: { minutes: 15 } })
const wallet = defineStoredValue({
  id: 'wallet',
  version: 1,
  calendar,
  events: shop,
  currency: 'CNY',
  bonus: [{ rule: 'spring', from: '300', percent: '10', when: shop.count('order-paid').gte(1) }],
})
const rights = defineBenefits({
  id: 'benefits',
  version: 1,
  calendar,
  events: shop,
  currency: 'CNY',
  benefits: [
    {
      benefit: 'birthday',
      owner: 'crm',
      funding: { budget: 'budget-2026', costPerIssue: '9' },
      gives: { kind: 'amount-off', off: '9' },
      issue: [{ each: 'year', when: shop.anniversary('birthday').is(true) }],
    },
  ],
})
const all = defineProgram({ id: 'all', version: 1, parts: [program, gift, wallet, rights] })

describe('stored and read back', () => {
  test.each([
    ['a lifecycle', customer, lifecycleFrom],
    ['points', points, pointsFrom],
    ['a program', program, programFrom],
    ['a program of every model', all, programFrom],
  ])('%s has the same definition and the same hash', (_, engine, from) => {
    const stored: unknown = JSON.parse(JSON.stringify(engine.definition))
    const read = from(stored)
    expect(read.definition).toEqual(engine.definition)
    expect(read.hash).toBe(engine.hash)
    // A store may lose the order of keys; the hash does not depend on it.
    const reversed = JSON.parse(JSON.stringify(stored), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as unknown
    expect(from(reversed).hash).toBe(engine.hash)
  })

  test('another version is another hash', () => {
    const hashes = [1, 2].map((version) => defineProgram({ id: 'p', version, parts: [customer] }).hash)
    expect(hashes[0]).not.toBe(hashes[1])
  })
})

/** A copy with one place changed: `['rules', 'lead', 0, 'to']`. */
function changed(definition: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(definition)) as Record<string | number, unknown>
  let place = copy
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>
  if (value === undefined) delete place[path.at(-1)!]
  else place[path.at(-1)!] = value
  return copy
}

type Row = readonly [path: readonly (string | number)[], value: unknown, code: string, at: string]

describe('a lifecycle, read', () => {
  test.each<Row>([
    [['model'], 'points', 'unknown-name', '$.model'],
    [['id'], 'Customer!', 'wrong-type', '$.id'],
    [['version'], 0, 'out-of-range', '$.version'],
    [['version'], undefined, 'missing', '$.version'],
    [['calendar'], undefined, 'missing', '$.calendar'],
    [['calendar', 'zone'], 'Mars', 'invalid-zone', '$.calendar.zone'],
    [['colour'], 'red', 'unknown-key', '$.colour'],
    [['events', 'order-paid', 'amount', 'type'], 'price', 'unknown-name', '$.events.order-paid.amount.type'],
    [['stages'], [], 'out-of-range', '$.stages'],
    [['stages'], ['lead', 'active', 'lead'], 'duplicate-name', '$.stages[2]'],
    [['initial'], 'leed', 'unknown-name', '$.initial'],
    [['activity', 0], 'order-payed', 'unknown-name', '$.activity[0]'],
    [['activity', 1, 'as'], 'store', 'unknown-name', '$.activity[1].as'],
    [['rules', 'active'], undefined, 'missing', '$.rules.active'],
    [['rules', 'vip'], [], 'unknown-name', '$.rules.vip'],
    [['rules', 'lead', 0, 'to'], 'vip', 'unknown-name', '$.rules.lead[0].to'],
    [['rules', 'lead', 0, 'on'], 'order-payed', 'unknown-name', '$.rules.lead[0].on'],
    [['rules', 'lead', 0, 'inactiveFor'], { days: 3 }, 'wrong-type', '$.rules.lead[0]'],
    [['rules', 'lead', 0, 'when', 'value'], 'two', 'wrong-type', '$.rules.lead[0].when.value'],
    [['rules', 'lead', 0, 'when', 'condition'], 'nor', 'unknown-name', '$.rules.lead[0].when.condition'],
    [
      ['rules', 'lead', 0, 'when', 'fact', 'within'],
      { day: 9 },
      'invalid-duration',
      '$.rules.lead[0].when.fact.within.day',
    ],
    [
      ['rules', 'lead', 0, 'when', 'fact', 'where', 'channel'],
      'fax',
      'unknown-name',
      '$.rules.lead[0].when.fact.where.channel',
    ],
    [['rules', 'lead', 1, 'since'], 'wedding', 'unknown-name', '$.rules.lead[1].since'],
    [['rules', 'lead', 1, 'reaches'], undefined, 'missing', '$.rules.lead[1]'],
    [
      ['rules', 'active', 0, 'inactiveFor'],
      { days: -1 },
      'invalid-duration',
      '$.rules.active[0].inactiveFor.days',
    ],
    [['rules', 'active', 1, 'sometimes'], true, 'unknown-key', '$.rules.active[1].sometimes'],
    [['idempotencyWindow'], { months: 1 }, 'invalid-duration', '$.idempotencyWindow'],
  ])('%j = %j is %s at %s', (path, value, code, at) => {
    expect(() => lifecycleFrom(changed(customer.definition, path, value))).toThrow(
      expect.objectContaining({ code, path: at }),
    )
  })
})

describe('points, read', () => {
  test.each<Row>([
    [['earning', 0, 'on'], 'order-payed', 'unknown-name', '$.earning[0].on'],
    [['earning', 0, 'rule'], '', 'out-of-range', '$.earning[0].rule'],
    [
      ['earning', 1],
      { rule: 'purchase', on: 'order-paid', earns: { points: 1 } },
      'duplicate-name',
      '$.earning[1].rule',
    ],
    [['earning', 0, 'as'], 'store', 'unknown-name', '$.earning[0].as'],
    [['earning', 0, 'where'], { colour: 1 }, 'unknown-name', '$.earning[0].where'],
    [['earning', 0, 'origin'], 'amount', 'unknown-name', '$.earning[0].origin'],
    [['earning', 0, 'earns', 'points'], 1.5, 'out-of-range', '$.earning[0].earns.points'],
    [['earning', 0, 'earns', 'points'], -1, 'out-of-range', '$.earning[0].earns.points'],
    [['earning', 0, 'earns', 'of'], 'channel', 'unknown-name', '$.earning[0].earns.of'],
    [['earning', 0, 'earns', 'per'], '0', 'out-of-range', '$.earning[0].earns.per'],
    [['earning', 0, 'earns', 'per'], '0.001', 'out-of-range', '$.earning[0].earns.per'],
    [['earning', 0, 'multiply', 0, 'by'], 'double', 'wrong-type', '$.earning[0].multiply[0].by'],
    [['earning', 0, 'multiply', 0, 'by'], '-1', 'out-of-range', '$.earning[0].multiply[0].by'],
    [
      ['earning', 0, 'multiply', 0, 'when', 'of', 'value'],
      3,
      'invalid-duration',
      '$.earning[0].multiply[0].when.of.value',
    ],
    [['earning', 0, 'pending'], 'forever', 'unknown-name', '$.earning[0].pending'],
    [['earning', 0, 'expires'], { days: 1, hours: 1 }, 'invalid-duration', '$.earning[0].expires'],
    [['clawback', 0, 'of'], 'channel', 'unknown-name', '$.clawback[0].of'],
    [['clawback', 0, 'origin'], undefined, 'missing', '$.clawback[0].origin'],
    [['refunds'], { grace: 5 }, 'wrong-type', '$.refunds.grace'],
  ])('%j = %j is %s at %s', (path, value, code, at) => {
    expect(() => pointsFrom(changed(points.definition, path, value))).toThrow(
      expect.objectContaining({ code, path: at }),
    )
  })
})

describe('a program, read', () => {
  test.each<Row>([
    [['parts', 0, 'parts', 0, 'model'], 'badges', 'unknown-name', '$.parts[0].parts[0].model'],
    [['parts', 0, 'parts', 1, 'id'], 'customer', 'duplicate-name', '$.parts[0].parts[1].id'],
    [['parts', 0, 'parts', 0, 'initial'], 'leed', 'unknown-name', '$.parts[0].parts[0].initial'],
    [['parts', 1, 'unit'], '', 'wrong-type', '$.parts[1].unit'],
    [['parts', 2, 'bonus', 0, 'percent'], '0', 'out-of-range', '$.parts[2].bonus[0].percent'],
    [['parts', 3, 'benefits', 0, 'owner'], '', 'missing', '$.parts[3].benefits[0].owner'],
    [['parts'], {}, 'wrong-type', '$.parts'],
  ])('%j = %j is %s at %s', (path, value, code, at) => {
    expect(() => programFrom(changed(all.definition, path, value))).toThrow(
      expect.objectContaining({ code, path: at }),
    )
  })

  test.each([[null], ['loyalty'], [[]], [5]])('%j is no program', (value) => {
    expect(() => programFrom(value)).toThrow(expect.objectContaining({ path: '$' }))
  })
})
