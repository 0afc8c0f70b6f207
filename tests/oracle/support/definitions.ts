// Lifecycles, points and programs of both, with random thresholds, durations and zones.
import fc from 'fast-check'
import {
  type AnyEvent,
  all,
  any,
  type Duration,
  defineEvents,
  type Engine,
  not,
  someOf,
} from 'liuliang/kernel'
import { defineLifecycle, promiseEvents, stageEvents } from 'liuliang/lifecycle'
import { definePoints, pointsEvents } from 'liuliang/points'
import { defineProgram } from 'liuliang/program'
import { condition } from './conditions.js'
import { anyLifecycle, engineOf } from './lifecycles.js'
import { anyDuration, type Command, calendarIn, duration, shop } from './shop.js'

/** An engine as this suite drives it. */
export interface Driven {
  readonly engine: Engine<Loose>
  /** What it is told to do. */
  readonly commands: readonly fc.Arbitrary<Command>[]
}

/** Prints an engine as its definition, which is all that a counterexample needs. */
const printed = <T extends { readonly definition: unknown }>(engine: T): T => ({
  ...engine,
  [fc.toStringMethod]: () => JSON.stringify(engine.definition),
})

/** The kinds of any engine, its inputs as they come. */
export interface Loose {
  id: string
  state: unknown
  command: AnyEvent
  hears: AnyEvent
  emits: AnyEvent
  publishes: Readonly<Record<string, never>>
  refusal: { readonly code: string }
  view: unknown
}

const driven = (engine: unknown, commands: readonly fc.Arbitrary<Command>[]): Driven => ({
  engine: printed(engine as Engine<Loose>),
  commands,
})

const moveTo = (id: string, ...stages: readonly string[]): fc.Arbitrary<Command> =>
  fc.constantFrom(...stages).map((to) => ({ type: `${id}/move-set`, data: { to, reason: 'by hand' } }))

const pointsCommands = (id: string): readonly fc.Arbitrary<Command>[] => [
  fc.integer({ min: -1, max: 300 }).map((points) => ({ type: `${id}/redeem`, data: { points } })),
  fc.integer({ min: 1, max: 60 }).map((points) => ({ type: `${id}/redeem`, data: { points } })),
  fc.integer({ min: 0, max: 99 }).map((points) => ({ type: `${id}/earn`, data: { points, reason: 'kind' } })),
  fc.constantFrom('o1', 'o2', 'o3').map((origin) => ({ type: `${id}/confirm`, data: { origin } })),
  fc
    .tuple(
      fc.constantFrom('latest', 'latest', 'latest', 'e2', 'e5'),
      fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    )
    .map(([redemption, points]) => ({
      type: `${id}/refund`,
      data: { redemption, ...(points !== undefined && { points }) },
    })),
]

const stages = ['lead', 'new', 'active', 'loyal', 'lapsed'] as const

/** What the lifecycles and points of this pool are made of. */
interface Terms {
  readonly zone: string
  readonly a: Duration
  readonly b: Duration
  readonly c: Duration
  readonly n: number
  readonly spend: string
}

const termsIn = (zone: string, span: fc.Arbitrary<Duration> = duration): fc.Arbitrary<Terms> =>
  fc.record({
    zone: fc.constant(zone),
    a: span,
    b: span,
    c: span,
    n: fc.integer({ min: 1, max: 3 }),
    spend: fc.constantFrom('50', '100.00', '333.33'),
  })

/** The customer of the design: rules on events, on conditions that time alone changes, on silence. */
const customer = ({ zone, a, b, n, spend }: Terms, events = shop) =>
  defineLifecycle({
    id: 'customer',
    version: 1,
    calendar: calendarIn(zone),
    events,
    activity: ['order-paid', 'visited', { event: 'order-paid', as: 'friend' }],
    stages,
    initial: 'lead',
    rules: {
      lead: [
        { to: 'new', on: 'order-paid' },
        { to: 'lapsed', inactiveFor: b },
      ],
      new: [
        { to: 'loyal', on: 'order-paid', when: events.sum('order-paid', 'amount').gte('300') },
        { to: 'active', when: events.count('order-paid').gte(n + 1) },
        { to: 'lapsed', inactiveFor: a },
      ],
      active: [
        {
          to: 'loyal',
          when: events
            .count('order-paid', { within: b })
            .gte(n + 1)
            .and(events.sum('order-paid', 'amount', { within: a }).gte(spend)),
        },
        { to: 'lapsed', inactiveFor: a },
      ],
      loyal: [
        { to: 'active', when: events.count('order-paid', { within: b }).lte(n) },
        { to: 'lapsed', inStageFor: { months: 6 } },
      ],
      lapsed: [
        { to: 'active', on: 'order-paid', when: events.last('order-paid', 'gift').is(false) },
        { to: 'new', on: { event: 'visited', as: 'friend' } },
      ],
    },
  })

/** Deadlines that meet at one instant, elapsed times on either side of their threshold, ages. */
const trial = ({ zone, a, b, c, n }: Terms) =>
  defineLifecycle({
    id: 'trial',
    version: 1,
    calendar: calendarIn(zone),
    events: shop,
    activity: ['visited'],
    stages: ['fresh', 'warm', 'cold', 'grown', 'gone'],
    initial: 'fresh',
    rules: {
      fresh: [
        { to: 'cold', inStageFor: a },
        { to: 'warm', inactiveFor: a },
        { to: 'grown', since: 'born', reaches: c },
        { to: 'warm', when: shop.timeSince('order-paid', { orSince: 'visited' }).gt(b) },
      ],
      warm: [
        { to: 'gone', when: shop.timeSince('order-paid').between(b, a) },
        { to: 'cold', inactiveFor: b },
        { to: 'fresh', on: 'order-refunded' },
      ],
      cold: [
        { to: 'warm', on: { event: 'order-paid', as: 'store' } },
        { to: 'grown', when: shop.attribute('level').is('gold') },
      ],
      grown: [
        { to: 'gone', inStageFor: c },
        { to: 'cold', on: 'visited', when: not(shop.timeSince('order-paid').lte(a)) },
      ],
      gone: [
        {
          to: 'fresh',
          on: 'order-paid',
          when: shop.count('order-paid', { where: { channel: 'web' } }).gte(n),
        },
      ],
    },
  })

const ownSteps = defineEvents({ ...shop.events, ...stageEvents('steps', ['one', 'two', 'three', 'four']) })

/** Steps at one instant: each event carries one step on, and conditions carry further. */
const steps = ({ zone, a, n }: Terms) =>
  defineLifecycle({
    id: 'steps',
    version: 1,
    calendar: calendarIn(zone),
    events: ownSteps,
    activity: ['order-delivered'],
    stages: ['one', 'two', 'three', 'four'],
    initial: 'one',
    rules: {
      one: [
        { to: 'three', on: 'order-paid', when: shop.count('visited', { within: a }).gte(1) },
        { to: 'two', on: 'order-paid' },
      ],
      two: [
        { to: 'three', on: 'order-paid' },
        {
          to: 'four',
          when: someOf(2, shop.count('order-paid').gte(n), shop.last('order-paid', 'items').gt(2)),
        },
      ],
      three: [
        {
          to: 'four',
          when: shop.count('order-refunded', { within: a }).is(0).and(shop.count('order-paid').gt(2)),
        },
        { to: 'one', on: 'order-refunded' },
      ],
      four: [
        { to: 'two', when: ownSteps.count('steps/stage-changed').between(3, 5) },
        { to: 'one', inactiveFor: a },
      ],
    },
  })

/** Conditions of any kind, in stages that only lead forward. */
const forward = (zone: string) =>
  fc.tuple(condition, condition, condition, condition, duration).map(([p, q, r, s, span]) =>
    driven(
      defineLifecycle({
        id: 'forward',
        version: 1,
        calendar: calendarIn(zone),
        events: shop,
        activity: ['order-paid'],
        stages: ['first', 'second', 'third', 'last'],
        initial: 'first',
        rules: {
          first: [
            { to: 'third', when: p },
            { to: 'second', when: q },
          ],
          second: [
            { to: 'third', on: 'order-paid', when: r },
            { to: 'last', when: s },
          ],
          third: [
            { to: 'last', when: q },
            { to: 'last', inStageFor: span },
          ],
          last: [{ to: 'first', on: 'visited' }],
        },
      }),
      [moveTo('forward', 'first', 'third')],
    ),
  )

/** Spans of a clock that can be stopped. */
const clock: fc.Arbitrary<Duration> = fc.oneof(
  fc.integer({ min: 0, max: 72 }).map((hours) => ({ hours })),
  fc.integer({ min: 1, max: 90_000 }).map((seconds) => ({ seconds })),
  fc.integer({ min: 1, max: 40 }).map((workHours) => ({ workHours })),
  fc.integer({ min: 0, max: 900 }).map((workMinutes) => ({ workMinutes })),
)

const desks = ['fresh', 'working', 'waiting', 'solved', 'escalated', 'dropped'] as const
const ownDesk = defineEvents({ ...shop.events, ...promiseEvents('desk', ['reply', 'solution', 'date']) })

/** Promises of every kind of span, kept by events and in stages, paused, dropped, escalated, and told about by their own events. */
const desk = (zone: string) =>
  fc
    .record({ reply: clock, solution: clock, date: duration, a: duration, b: duration, own: fc.boolean() })
    .map(({ reply, solution, date, a, b, own }) => {
      const events = own ? ownDesk : (shop as unknown as typeof ownDesk)
      const engine = defineLifecycle({
        id: 'desk',
        version: 1,
        calendar: calendarIn(zone),
        events,
        activity: ['order-paid', 'visited'],
        stages: desks,
        initial: 'fresh',
        promises: [
          {
            promise: 'reply',
            from: { event: 'order-paid', where: { channel: ['web', 'app'] } },
            within: reply,
            keptBy: 'order-delivered',
            pausedIn: ['waiting', 'dropped'],
          },
          {
            promise: 'solution',
            from: 'order-paid',
            within: solution,
            keptIn: ['solved'],
            pausedIn: ['waiting'],
            droppedIn: ['dropped'],
          },
          { promise: 'date', from: 'visited', within: date, keptBy: 'visited', keptIn: ['waiting'] },
        ],
        rules: {
          fresh: [
            { to: 'escalated', broken: 'reply' },
            { to: 'working', on: 'order-delivered' },
            { to: 'waiting', inStageFor: a },
          ],
          working: [
            { to: 'waiting', on: 'order-refunded' },
            { to: 'solved', on: 'order-delivered', when: shop.count('order-delivered').gte(2) },
            { to: 'escalated', broken: 'solution' },
          ],
          waiting: [
            { to: 'working', on: 'visited' },
            { to: 'escalated', inStageFor: b },
          ],
          solved: [
            { to: 'working', on: 'order-paid' },
            { to: 'dropped', inactiveFor: b },
          ],
          escalated: own
            ? [
                { to: 'dropped', when: ownDesk.count('desk/promise-broken').gte(3) },
                { to: 'working', on: 'visited' },
              ]
            : [
                { to: 'dropped', broken: 'date' },
                { to: 'working', on: 'visited' },
              ],
          dropped: [{ to: 'fresh', on: 'order-paid' }],
        },
      })
      return driven(engine, [
        moveTo('desk', ...desks),
        fc.record({
          type: fc.constant('desk/promise-set'),
          data: fc.record({
            promise: fc.constantFrom('reply', 'solution', 'date'),
            promised: fc.constantFrom(1_709_600_000_000, 1_730_000_000_000),
          }),
        }),
      ])
    })

/** Lifecycles with promises around a zone. */
export const deskIn = (zone: string): fc.Arbitrary<Driven> => desk(zone)

/** Lifecycles around a zone. */
export const lifecycleIn = (zone: string): fc.Arbitrary<Driven> =>
  fc.oneof(
    termsIn(zone).map((terms) => driven(customer(terms), [moveTo('customer', ...stages)])),
    termsIn(zone).map((terms) => driven(trial(terms), [moveTo('trial', 'fresh', 'warm', 'grown')])),
    termsIn(zone).map((terms) => driven(steps(terms), [moveTo('steps', 'one', 'two')])),
    forward(zone),
  )

/** Lifecycles of any shape around a zone. */
export const anyLifecycleIn = (zone: string): fc.Arbitrary<Driven> =>
  anyLifecycle(zone).map((definition) => driven(engineOf(definition), [moveTo('any', ...definition.stages)]))

/** Points that wait, last and are taken back. */
const purchase = ({ zone, a, b, c, n }: Terms) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: calendarIn(zone),
    events: shop,
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: n, per: '3', of: 'amount' },
        origin: 'orderId',
        multiply: [
          { by: '1.5', when: shop.count('order-paid', { within: b }).gte(3) },
          { by: '4/3', when: shop.attribute('level').is('gold') },
        ],
      },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: a,
    expires: c,
  })

/** Points that wait for a delivery, beside others that do not. */
const delivered = ({ zone, b, c, n }: Terms) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: calendarIn(zone),
    events: shop,
    earning: [
      {
        rule: 'items',
        on: 'order-paid',
        where: { channel: ['web', 'app'] },
        earns: { points: 7, per: n, of: 'items' },
        origin: 'orderId',
        pending: 'until-confirmed',
      },
      {
        rule: 'visit',
        on: 'visited',
        earns: { points: 5 },
        when: shop.count('visited', { within: b }).lte(3),
      },
      { rule: 'friend', on: 'order-paid', as: 'friend', earns: { points: 2, per: '1.50', of: 'amount' } },
    ],
    confirmation: [{ on: 'order-delivered', origin: 'orderId' }],
    clawback: [{ on: 'order-refunded', origin: 'orderId' }],
    expires: c,
  })

/** Points under several rules of one order, for ever. */
const doubled = ({ zone, a, n }: Terms) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: calendarIn(zone),
    events: shop,
    earning: [
      {
        rule: 'base',
        on: 'order-paid',
        earns: { points: 1, per: '0.70', of: 'amount' },
        origin: 'orderId',
        expires: a,
      },
      {
        rule: 'bonus',
        on: 'order-paid',
        earns: { points: 10, of: 'amount' },
        origin: 'orderId',
        when: any(shop.count('order-paid').gte(n), shop.last('order-paid', 'gift').is(true)),
      },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  })

/** Points that are spent at once, lapse soon and come back with a grace. */
const lapsing = ({ zone, a, b, n }: Terms) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: calendarIn(zone),
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: n, per: '2', of: 'amount' }, origin: 'orderId' },
      { rule: 'visit', on: 'visited', earns: { points: 30 }, expires: { days: 2 } },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    expires: a,
    refunds: { grace: b },
  })

/** Points around a zone. */
export const pointsIn = (zone: string): fc.Arbitrary<Driven> =>
  fc.oneof(
    termsIn(zone, anyDuration).map((terms) => driven(purchase(terms), pointsCommands('points'))),
    termsIn(zone, anyDuration).map((terms) => driven(delivered(terms), pointsCommands('points'))),
    termsIn(zone, anyDuration).map((terms) => driven(doubled(terms), pointsCommands('points'))),
    termsIn(zone, anyDuration).map((terms) => driven(lapsing(terms), pointsCommands('points'))),
  )

/** A stage changes a multiplier, points make a tier. */
function loyalty(terms: Terms, parts: 'stage-first' | 'points-first') {
  const { zone, a, b, n } = terms
  const world = defineEvents({
    ...shop.events,
    ...stageEvents('customer', stages),
    ...pointsEvents('points'),
  })
  const isLoyal = world.last('customer/stage-changed', 'to').in('loyal', 'active')
  const stage = customer(terms)
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: calendarIn(zone),
    events: world,
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
        multiply: [
          { by: '2', when: isLoyal },
          { by: '3/2', when: world.count('customer/stage-changed', { within: b }).gte(n) },
        ],
      },
      {
        rule: 'promoted',
        on: 'customer/stage-changed',
        where: { to: ['loyal', 'lapsed'] },
        earns: { points: 25 },
        when: all(world.count('points/earned').gte(1)),
      },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: a,
    expires: { months: 2, end: 'month' },
  })
  const tiers = defineEvents(pointsEvents('points'))
  const net = tiers.sum('points/earned', 'points', { within: { days: 60, end: true } })
  const tier = defineLifecycle({
    id: 'tier',
    version: 1,
    calendar: calendarIn(zone),
    events: tiers,
    activity: ['points/earned'],
    stages: ['basic', 'silver', 'gold'],
    initial: 'basic',
    rules: {
      basic: [
        { to: 'gold', when: net.gte(300) },
        { to: 'silver', when: net.gte(80) },
      ],
      silver: [
        { to: 'gold', when: net.gte(300) },
        { to: 'basic', when: net.lt(80).or(tiers.count('points/clawed-back').gte(3)).and(net.lt(80)) },
      ],
      gold: [
        { to: 'silver', when: net.lt(300) },
        { to: 'basic', on: 'points/expired' },
      ],
    },
  })
  return parts === 'stage-first'
    ? defineProgram({ id: 'loyalty', version: 1, parts: [stage, points, tier] })
    : defineProgram({ id: 'loyalty', version: 1, parts: [tier, points, stage] })
}

/** Programs around a zone. */
export const programIn = (zone: string): fc.Arbitrary<Driven> =>
  fc
    .tuple(termsIn(zone), fc.constantFrom('stage-first' as const, 'points-first' as const))
    .map(([terms, parts]) =>
      driven(loyalty(terms, parts), [...pointsCommands('points'), moveTo('customer', ...stages)]),
    )
