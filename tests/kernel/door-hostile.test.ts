// What the journal has to answer, and never throw at.
import {
  defineEvents,
  defineLifecycle,
  definePoints,
  detail,
  money,
  pointsFrom,
  preview,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { refusalOf, tell, teller } from '../support/story.js'

const shop = defineEvents({
  noted: { note: detail() },
  'order-paid': { orderId: text(), amount: money('CNY') },
})
const define = (version: number, within: number) =>
  defineLifecycle({
    id: 'life',
    version,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: [],
    stages: ['here', 'there'],
    initial: 'here',
    rules: {
      here:
        version === 1
          ? []
          : [{ to: 'there', when: shop.count('noted', { within: { days: within } }).gte(5) }],
      there: [],
    },
  })
const engine = define(1, 1)
const event = teller()
const nested = (levels: number) => Array.from({ length: levels }).reduce((inner: unknown) => [inner], 1)

describe('a detail that is no plain data', () => {
  const rows: readonly (readonly [name: string, note: unknown])[] = [
    ['a number that JSON does not have', { x: Number.NaN }],
    ['a bigint', { x: 1n }],
    ['a function inside', { x: () => 1 }],
    ['fifty thousand brackets', nested(50_000)],
  ]

  test.each(rows)('is refused by decide: %s', (_, note) => {
    const input = event('2024-03-01', 'noted', { note })
    expect(refusalOf(engine, engine.start('u1'), input)).toBeDefined()
  })

  test.each(rows.slice(0, 3))('is refused by the door: %s', (_, note) => {
    expect(shop.read(event('2024-03-01', 'noted', { note }))).toHaveProperty('refusal')
  })
})

test('a state of another definition is refused by decide, and has no view to preview', () => {
  const { state } = tell(engine, [event('2024-03-01', 'noted', { note: 1 })])
  const input = event('2024-03-02', 'noted', { note: 1 })
  const other = define(2, 7)
  expect(refusalOf(other, state, input)).toMatchObject({ code: 'other-definition' })
  for (const look of [() => preview(other, state, input), () => other.view(state, input.occurredAt)]) {
    expect(look).toThrow(expect.objectContaining({ code: 'other-definition', path: 'life' }))
  }
})

const paid = (amount: string) => event('2024-03-01', 'order-paid', { orderId: 'o', amount })
test('a rate per nothing is a mistake of the definition, not of the first order', () => {
  const { definition: none } = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [],
  })
  const definition = {
    ...(none as object),
    earning: [{ rule: 'r', on: 'order-paid', earns: { points: 1, per: 0 } }],
  }
  expect(() => pointsFrom(definition)).toThrow(
    expect.objectContaining({ code: 'missing', path: '$.earning[0].earns.of' }),
  )
})

test('two orders of one origin that add up to more than numbers hold are refused', () => {
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [
      {
        rule: 'r',
        on: 'order-paid',
        earns: { points: 1, per: '100000000', of: 'amount' },
        origin: 'orderId',
      },
    ],
  })
  const { state } = tell(points, [paid('90071992547409.91')])
  expect(refusalOf(points, state, paid('90071992547409.90'))).toEqual({ code: 'sum-out-of-range' })
})
