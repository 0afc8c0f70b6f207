// Random conditions over every fact, window, filter, comparison and combinator, on the shop's catalogue.
import fc from 'fast-check'
import {
  type CalendarUnit,
  type Condition,
  type Fact,
  instant,
  type Tally,
  type Where,
  type Window,
} from 'liuliang/kernel'
import { calendarIn, anyDuration as duration, zone } from './shop.js'

const filters = {
  'order-paid': fc.constantFrom<Where>(
    { channel: 'web' },
    { channel: ['web', 'app'] },
    { channel: { not: 'web' } },
    { coupon: { not: ['X'] } },
    { gift: true },
    { amount: '10' },
    { amount: ['100.00'] },
    { amount: { gte: '99.9' } },
    { amount: { gt: '0', lt: '250.00' } },
    { amount: { lte: '100' } },
    { orderId: ['o1', 'o2'] },
    { store: 'v' },
    { store: { not: 'v' } },
    { items: [1, 2, 3], gift: false },
    { items: { gte: 0, lte: 3 } },
    { items: { gt: 1 } },
  ),
  visited: fc.constantFrom<Where>({ pages: { gte: 1 } }, { pages: [0, 2] }, { pages: { not: 3 } }),
}

const roles = { 'order-paid': ['friend', 'store'], visited: ['friend'] } as const
type Busy = keyof typeof filters

/** Most things happen to orders; what happens often, to visits. */
const busy = fc.constantFrom<Busy>('order-paid', 'order-paid', 'order-paid', 'visited')

const calendars = zone.map((name) => calendarIn(name))
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })
/** Without the keys that have no value. */
const given = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T

const unit = fc.constantFrom<CalendarUnit>(
  'day',
  'day',
  'week',
  'week',
  'month',
  'month',
  'quarter',
  'year',
  'fiscal-month',
  'fiscal-quarter',
  'fiscal-year',
)
const window: fc.Arbitrary<Window | undefined> = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 3 },
  { arbitrary: duration, weight: 5 },
  { arbitrary: unit.map((one) => ({ this: one })), weight: 3 },
  { arbitrary: unit.map((one) => ({ previous: one })), weight: 3 },
)

/** A role in which an event may concern somebody, and the events that know it too. */
const roleOf = (event: Busy) =>
  some(fc.constantFrom(...roles[event])).map((as) => (as === undefined ? {} : { as }))
const known = (as: string | undefined) =>
  as === undefined
    ? (['order-refunded', 'order-delivered', 'visited', 'order-paid', 'attribute-set'] as const)
    : as === 'friend'
      ? (['visited', 'order-paid'] as const)
      : (['order-paid'] as const)

const scopeOf = (event: Busy) =>
  fc
    .tuple(some(filters[event]), roleOf(event), some(calendars))
    .map(([where, role, calendar]) => given({ event, where, ...role, calendar }))
type Scope = ReturnType<typeof scopeOf> extends fc.Arbitrary<infer S> ? S & { readonly as?: string } : never

const scope: fc.Arbitrary<Scope> = busy.chain(scopeOf)
/** A scope, a window, and now and then a `since`. */
const windowed = (event: fc.Arbitrary<Busy>) =>
  event
    .chain(scopeOf)
    .chain((one: Scope) =>
      fc
        .tuple(window, some(fc.constantFrom(...known(one.as))), fc.nat(2))
        .map(([within, since, rarely]) => given({ ...one, within, ...(rarely === 0 && { since }) })),
    )

const order = fc.constant<Busy>('order-paid')
const fact = <F extends object, M extends object>(
  scope: fc.Arbitrary<F>,
  more: fc.Arbitrary<M>,
): fc.Arbitrary<Fact> =>
  fc.tuple(scope, more).map(([one, other]) => given({ ...one, ...other }) as unknown as Fact)
const just = <T>(value: T) => fc.constant(value)

const ordered = ['gte', 'gt', 'lte', 'lt'] as const

/** Comparisons by order, of facts with operands of their kind. */
function ranged(of: fc.Arbitrary<Fact>, operand: fc.Arbitrary<never | unknown>): fc.Arbitrary<Condition> {
  return fc.oneof(
    { arbitrary: fc.record({ condition: fc.constantFrom(...ordered), fact: of, value: operand }), weight: 4 },
    {
      arbitrary: fc.record({ condition: just('between'), fact: of, low: operand, high: operand }),
      weight: 1,
    },
  ) as fc.Arbitrary<Condition>
}

function named(of: fc.Arbitrary<Fact>, operand: fc.Arbitrary<unknown>): fc.Arbitrary<Condition> {
  return fc.oneof(
    fc.record({ condition: just('is'), fact: of, value: operand }),
    fc.record({ condition: just('in'), fact: of, values: fc.array(operand, { minLength: 1, maxLength: 3 }) }),
  ) as fc.Arbitrary<Condition>
}

const compared = (of: fc.Arbitrary<Fact>, operand: fc.Arbitrary<unknown>): fc.Arbitrary<Condition> =>
  fc.oneof({ arbitrary: ranged(of, operand), weight: 2 }, { arbitrary: named(of, operand), weight: 1 })

const price = fc.constantFrom('0', '10', '99.99', '100', '250.5', '400.00', '-5')
const few = fc.integer({ min: 0, max: 4 })
const items = fc.integer({ min: -3, max: 8 })
const born = fc
  .constantFrom('2023-12-05T03:00:00Z', '2004-02-29T12:00:00Z', '2023-04-01T12:00:00Z')
  .map(instant)
const gap = fc.constantFrom({ minutes: 30 }, { hours: 1 }, { hours: 24 }, { seconds: 90 }, { hours: 100 })
const length = fc.constantFrom(
  { minutes: 30 },
  { hours: 1 },
  { hours: 24 },
  { hours: 40 },
  { hours: 168 },
  { hours: 720 },
  { hours: 2000 },
)

const tally: fc.Arbitrary<Tally> = fc
  .tuple(
    windowed(order),
    fc.constantFrom({ fact: 'count' }, { fact: 'sum', field: 'amount' }, { fact: 'sum', field: 'items' }),
    some(fc.constantFrom('store', 'channel', 'items', 'coupon')),
    some(windowed(fc.constant<Busy>('visited'))),
  )
  .map(
    ([one, other, per, visits]) =>
      (visits && other.fact === 'count'
        ? { ...visits, fact: 'count' }
        : given({ ...one, ...other, per })) as unknown as Tally,
  )
const kindOf = (one: Tally) => (one.fact === 'count' ? 'count' : one.field)

const per = some(fc.constantFrom('store', 'channel', 'amount', 'gift'))
/** Facts of every kind, each with what it is compared with. */
const leaves: readonly (readonly [weight: number, fc.Arbitrary<Condition>])[] = [
  [3, compared(fact(windowed(busy), just({ fact: 'count' })), few)],
  [
    1,
    compared(
      fact(
        windowed(order),
        per.map((one) => ({ fact: 'count', per: one })),
      ),
      few,
    ),
  ],
  [
    2,
    compared(
      fact(
        windowed(order),
        per.map((one) => ({ fact: 'sum', field: 'amount', per: one })),
      ),
      price,
    ),
  ],
  [
    1,
    compared(
      fact(
        windowed(order),
        per.map((one) => ({ fact: 'sum', field: 'items', per: one })),
      ),
      items,
    ),
  ],
  [
    2,
    compared(
      fact(
        windowed(order),
        fc.constantFrom('min', 'max').map((kind) => ({ fact: kind, field: 'amount' })),
      ),
      price,
    ),
  ],
  [
    2,
    compared(
      fact(
        windowed(order),
        fc.constantFrom('min', 'max').map((kind) => ({ fact: kind, field: 'items' })),
      ),
      items,
    ),
  ],
  [
    3,
    compared(
      fact(
        windowed(order),
        fc
          .constantFrom('channel', 'store', 'items', 'amount', 'coupon', 'gift')
          .map((field) => ({ fact: 'distinct', field })),
      ),
      few,
    ),
  ],
  [
    2,
    compared(
      fact(
        windowed(order),
        fc.constantFrom('first', 'last').map((kind) => ({ fact: kind, field: 'amount' })),
      ),
      price,
    ),
  ],
  [
    2,
    compared(
      fact(
        windowed(order),
        fc.constantFrom('first', 'last').map((kind) => ({ fact: kind, field: 'items' })),
      ),
      items,
    ),
  ],
  [
    2,
    named(
      fact(
        windowed(order),
        fc.constantFrom('first', 'last').map((kind) => ({ fact: kind, field: 'channel' })),
      ),
      fc.constantFrom('web', 'app', 'store'),
    ),
  ],
  [
    1,
    named(
      fact(
        windowed(order),
        fc.constantFrom('first', 'last').map((kind) => ({ fact: kind, field: 'gift' })),
      ),
      fc.boolean(),
    ),
  ],
  [
    2,
    named(
      fact(
        windowed(order),
        fc.constantFrom('first', 'last').map((kind) => ({ fact: kind, field: 'store' })),
      ),
      fc.constantFrom('u', 'v'),
    ),
  ],
  [
    4,
    ranged(
      scope.chain((one) =>
        some(fc.constantFrom(...known(one.as))).map(
          (orSince) => given({ ...one, fact: 'time-since', orSince }) as unknown as Fact,
        ),
      ),
      duration,
    ),
  ],
  [
    3,
    compared(
      fact(
        windowed(busy),
        gap.map((one) => ({ fact: 'sessions', gap: one })),
      ),
      few,
    ),
  ],
  [
    3,
    ranged(
      fact(
        windowed(busy),
        gap.map((one) => ({ fact: 'session-time', gap: one })),
      ),
      length,
    ),
  ],
  [
    3,
    ranged(
      scope.chain((one) =>
        fc.tuple(fc.constantFrom(...known(one.as)), fc.boolean()).map(
          ([until, filtered]) =>
            given({
              ...one,
              fact: 'time-between',
              until,
              ...(filtered && until === 'visited' && { untilWhere: { pages: { gte: 1 } } }),
            }) as unknown as Fact,
        ),
      ),
      length,
    ),
  ],
  [
    4,
    compared(
      fact(
        scope,
        fc
          .tuple(
            fc.constantFrom('day', 'week', 'month'),
            some(fc.integer({ min: 1, max: 2 })),
            some(fc.integer({ min: 0, max: 3 })),
          )
          .map(([unit, times, freezes]) => given({ fact: 'streak', unit, times, freezes })),
      ),
      few,
    ),
  ],
  [
    4,
    compared(
      fc
        .tuple(
          fc.constantFrom<'friend' | undefined>(undefined, undefined, 'friend'),
          fc.array(fc.tuple(fc.nat(3), fc.boolean()), { minLength: 1, maxLength: 3 }),
          some(duration),
          window,
          some(fc.nat(1)),
          some(calendars),
        )
        .map(([as, steps, inside, within, since, calendar]) => {
          const events =
            as === undefined
              ? (['order-paid', 'visited', 'order-refunded', 'order-delivered'] as const)
              : (['order-paid', 'visited'] as const)
          return given({
            fact: 'sequence',
            as,
            steps: steps.map(([n, filtered]) => {
              const event = events[n % events.length]!
              if (filtered && event === 'order-paid') return { event, where: { items: { gte: 1 } } }
              return { event }
            }),
            inside,
            within,
            since: since === undefined ? undefined : known(as)[since],
            calendar,
          }) as unknown as Fact
        }),
      fc.integer({ min: 0, max: 3 }),
    ),
  ],
  [
    4,
    ranged(
      fc
        .tuple(tally, tally)
        .filter(([of, to]) => kindOf(to) !== 'amount' || kindOf(of) === 'amount')
        .map(([of, to]) => ({ fact: 'ratio', of, to })),
      fc.constantFrom('0.25', '1/3', '1', '0', '1/2', '2', '100', '75.005', '-1', '-0.5', '0.999999'),
    ),
  ],
  ...(
    [
      ['score', compared, few],
      ['wallet', compared, fc.constantFrom('0', '10', '99')],
      ['level', named, fc.constantFrom('gold', 'silver')],
      ['born', compared, born],
    ] as const
  ).map(
    ([attribute, how, operand]) =>
      [
        1,
        how(
          fc.tuple(fc.nat(2), duration, some(calendars)).map(
            ([form, ago, calendar]) =>
              given({
                fact: 'attribute',
                attribute,
                ...(form === 1 && { ago, calendar }),
                ...(form === 2 && { previous: true }),
              }) as unknown as Fact,
          ),
          operand,
        ),
      ] as const,
  ),
  [
    4,
    named(
      fc
        .record(
          {
            fact: just('anniversary'),
            attribute: just('born'),
            dates: fc.constantFrom('gregorian', 'chinese', 'chinese'),
            leapDay: fc.constantFrom('feb-28', 'mar-1', 'leap-years-only'),
            leapMonth: fc.constantFrom('regular', 'leap-if-present', 'both'),
            shortMonth: fc.constantFrom('last', 'next', 'skip'),
            daysBefore: fc.constantFrom(0, 1, 7, 31, 366),
            daysAfter: fc.constantFrom(0, 1, 7, 366),
            calendar: calendars,
          },
          { requiredKeys: ['fact', 'attribute'] },
        )
        .map((one) => one as unknown as Fact),
      fc.boolean(),
    ),
  ],
  [
    1,
    compared(
      some(calendars).map(
        (calendar) => given({ fact: 'age', attribute: 'born', unit: 'years', calendar }) as unknown as Fact,
      ),
      fc.constantFrom(0, 1, 4, 6, 18, 20, 21),
    ),
  ],
  [
    2,
    compared(
      fc
        .tuple(fc.constantFrom('days', 'weeks', 'months'), some(calendars))
        .map(
          ([unit, calendar]) => given({ fact: 'age', attribute: 'born', unit, calendar }) as unknown as Fact,
        ),
      fc.integer({ min: 0, max: 120 }),
    ),
  ],
  [1, named(just<Fact>({ fact: 'says', engine: 'club', word: 'rank' }), fc.constantFrom('none', 'gold'))],
  [1, compared(just<Fact>({ fact: 'says', engine: 'club', word: 'left' }), few)],
  [1, compared(just<Fact>({ fact: 'says', engine: 'club', word: 'purse' }), price)],
]

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  ...leaves.map(([weight, arbitrary]) => ({ weight, arbitrary })),
)

/** A comparison of a fact of these kinds. */
export const comparisonOf = (kinds: readonly string[]): fc.Arbitrary<Condition> =>
  leaf.filter((one) => 'fact' in one && kinds.includes(one.fact.fact))

const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { arbitrary: leaf, weight: 4 },
    { arbitrary: fc.record({ condition: fc.constant('not' as const), of: tie('tree') }), weight: 1 },
    {
      arbitrary: fc.record({
        condition: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      }),
      weight: 2,
    },
    {
      arbitrary: fc
        .array(tie('tree'), { minLength: 2, maxLength: 3 })
        .chain((of) =>
          fc.integer({ min: 1, max: of.length }).map((k) => ({ condition: 'some-of' as const, k, of })),
        ),
      weight: 1,
    },
  ),
}))

/** Any condition. */
export const condition: fc.Arbitrary<Condition> = tree
