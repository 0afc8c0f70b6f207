// Random conditions over every fact, comparison and combinator, on the shop's catalogue.
import fc from 'fast-check'
import type { Condition, Fact, Where } from 'liuliang/kernel'
import { calendarIn, anyDuration as duration, zone } from './shop.js'

const where: fc.Arbitrary<Where> = fc.oneof(
  fc.constantFrom<Where>(
    { channel: 'web' },
    { channel: ['web', 'app'] },
    { gift: true },
    { amount: '10' },
    { amount: ['0.010', '100.00'].slice(1) },
    { orderId: ['o1', 'o2'] },
    { store: 'v' },
    { items: [1, 2, 3], gift: false },
  ),
)

const scope = fc.record(
  { where, as: fc.constantFrom('friend', 'store'), calendar: zone.map(calendarIn) },
  { requiredKeys: [] },
)
const within = fc.option(duration, { nil: undefined, freq: 4 })

const windowed = <F extends object>(fact: F) =>
  fc
    .tuple(scope, within)
    .map(
      ([more, span]) =>
        ({ event: 'order-paid', ...fact, ...more, ...(span && { within: span }) }) as unknown as Fact,
    )

const ordered = ['gte', 'gt', 'lte', 'lt'] as const

/** Comparisons of a fact with operands of its kind. */
function compared(fact: fc.Arbitrary<Fact>, operand: fc.Arbitrary<string | number>): fc.Arbitrary<Condition> {
  return fc.oneof(
    fc.record({ condition: fc.constantFrom(...ordered), fact, value: operand }),
    fc.record({ condition: fc.constant('is' as const), fact, value: operand }),
    fc.record({
      condition: fc.constant('in' as const),
      fact,
      values: fc.array(operand, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ condition: fc.constant('between' as const), fact, low: operand, high: operand }),
  )
}

function named(fact: fc.Arbitrary<Fact>, operand: fc.Arbitrary<string | boolean>): fc.Arbitrary<Condition> {
  return fc.oneof(
    fc.record({ condition: fc.constant('is' as const), fact, value: operand }),
    fc.record({
      condition: fc.constant('in' as const),
      fact,
      values: fc.array(operand, { minLength: 1, maxLength: 2 }),
    }),
  )
}

const price = fc.constantFrom('0', '10', '99.99', '100', '250.5', '400.00', '-5')
const count = fc.integer({ min: 0, max: 4 })
const elapsed: fc.Arbitrary<Fact> = fc
  .tuple(scope, fc.option(fc.constantFrom('visited', 'order-refunded', 'attribute-set'), { nil: undefined }))
  .map(([{ as, ...more }, orSince]) => ({
    fact: 'time-since',
    event: 'order-paid',
    ...more,
    // An anchor is heard in the same role; of these events only orders have one.
    ...(orSince ? { orSince } : as && { as }),
  }))

/** One comparison. */
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { arbitrary: compared(windowed({ fact: 'count' }), count), weight: 4 },
  { arbitrary: compared(windowed({ fact: 'sum', field: 'amount' }), price), weight: 3 },
  {
    arbitrary: compared(windowed({ fact: 'sum', field: 'items' }), fc.integer({ min: -3, max: 8 })),
    weight: 2,
  },
  { arbitrary: compared(windowed({ fact: 'last', field: 'amount' }), price), weight: 1 },
  { arbitrary: compared(windowed({ fact: 'last', field: 'items' }), count), weight: 1 },
  {
    arbitrary: named(windowed({ fact: 'last', field: 'channel' }), fc.constantFrom('web', 'app', 'store')),
    weight: 2,
  },
  { arbitrary: named(windowed({ fact: 'last', field: 'gift' }), fc.boolean()), weight: 1 },
  {
    arbitrary: fc.oneof(
      fc.record({ condition: fc.constantFrom(...ordered), fact: elapsed, value: duration }),
      fc.record({ condition: fc.constant('between' as const), fact: elapsed, low: duration, high: duration }),
    ),
    weight: 4,
  },
  {
    arbitrary: compared(fc.constant<Fact>({ fact: 'attribute', attribute: 'score' }), count),
    weight: 1,
  },
  {
    arbitrary: compared(
      fc.constant<Fact>({ fact: 'attribute', attribute: 'wallet' }),
      fc.constantFrom('0', '10', '99'),
    ),
    weight: 1,
  },
  {
    arbitrary: named(
      fc.constant<Fact>({ fact: 'attribute', attribute: 'level' }),
      fc.constantFrom('gold', 'silver'),
    ),
    weight: 1,
  },
)

const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc.record({ condition: fc.constant('not' as const), of: tie('tree') }),
    fc.record({
      condition: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    fc
      .array(tie('tree'), { minLength: 2, maxLength: 3 })
      .chain((of) =>
        fc.integer({ min: 1, max: of.length }).map((k) => ({ condition: 'some-of' as const, k, of })),
      ),
  ),
}))

/** Any condition. */
export const condition: fc.Arbitrary<Condition> = tree
