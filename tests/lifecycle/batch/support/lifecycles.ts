// Random lifecycles whose rules need no more than counts and sums, and random lives in them: ties, sub-day offsets, exact days,
// changes of the clock, silence of more than a year.
import fc from 'fast-check'
import {
  type AnyEvent,
  all,
  any,
  type Condition,
  type Duration,
  defineEvents,
  type Engine,
  instant,
  integer,
  not,
  someOf,
  text,
} from 'liuliang/kernel'
import { defineLifecycle, type LifecycleKinds } from 'liuliang/lifecycle'

const shop = defineEvents({
  visit: {},
  order: { amount: integer(), channel: text('web', 'app') },
  letter: { opened: integer().optional() },
  optOut: {},
})

type Shop = typeof shop.events
const stages = ['lead', 'new', 'active', 'loyal', 'gone'] as const
type Stage = (typeof stages)[number]
export type Customer = Engine<LifecycleKinds<'customer', Stage, Shop>>

const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai', 'Pacific/Apia', 'UTC']

const span: fc.Arbitrary<Duration> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 60 }).map((days) => ({ days })) },
  { weight: 2, arbitrary: fc.constantFrom(0, 30, 71, 700, 900).map((hours) => ({ hours })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((months) => ({ months })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((days) => ({ days, end: true as const })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((days) => ({ days, at: '02:30' as const })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 7 }).map((weeks) => ({ weeks })) },
)

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((n) => shop.count('order').gte(n)),
  fc.integer({ min: 0, max: 5 }).map((n) => shop.count('visit').lt(n)),
  fc.integer({ min: 0, max: 5 }).map((n) => shop.count('order', { where: { channel: 'app' } }).in(n, n + 2)),
  fc.integer({ min: -20, max: 90 }).map((n) => shop.sum('order', 'amount').gt(n)),
  fc.integer({ min: 0, max: 5 }).map((n) => shop.sum('letter', 'opened').between(n, n + 3)),
  fc.constant(shop.count('letter').lt(70_000)),
  fc.integer({ min: 1, max: 3 }).map((n) => shop.count('optOut').gte(n)),
)
const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: comparison },
  fc.tuple(comparison, comparison).map(([a, b]) => all(a, b)),
  fc.tuple(comparison, comparison).map(([a, b]) => any(a, not(b))),
  fc.tuple(comparison, comparison, comparison).map((parts) => someOf(2, ...parts)),
)

const heard = fc.constantFrom(
  'visit' as const,
  'order' as const,
  'letter' as const,
  'optOut' as const,
  { event: 'order', where: { channel: 'app' } } as const,
  { event: 'order', where: { amount: { gte: 10 } } } as const,
)

const to = fc.constantFrom(...stages)
const reset = fc.constantFrom(
  undefined,
  undefined,
  [shop.count('order')],
  [shop.sum('order', 'amount'), shop.count('visit')],
)
/** What every lifecycle reads somewhere, so that any rule may let it begin anew. */
const anchor = shop
  .count('order')
  .gte(99)
  .and(shop.sum('order', 'amount').gte(99), shop.count('visit').gte(99))

const rule = fc.oneof(
  { weight: 3, arbitrary: fc.record({ to, on: heard }) },
  { weight: 3, arbitrary: fc.record({ to, on: heard, when: condition }) },
  { weight: 1, arbitrary: fc.record({ to, when: condition }) },
  { weight: 3, arbitrary: fc.record({ to, inactiveFor: span }) },
  { weight: 2, arbitrary: fc.record({ to, inStageFor: span }) },
  { weight: 1, arbitrary: heard.map((ignores) => ({ ignores })) },
)
const withReset = fc
  .tuple(rule, reset)
  .map(([one, facts]) => ('ignores' in one || facts === undefined ? one : { ...one, reset: facts }))

const rules = fc.array(withReset, { maxLength: 4 })

const printed = <T extends { readonly definition: unknown }>(engine: T): T => ({
  ...engine,
  [fc.toStringMethod]: () => JSON.stringify(engine.definition),
})

/** Of calm lifecycles: time leads to later stages alone, and nothing but events and time moves anybody, so that all come to rest. */
const calmed = (list: readonly object[], stage: number): readonly object[] =>
  list.flatMap((one) => {
    const { on, to, when } = one as Readonly<Record<string, unknown>>
    if (on !== undefined || to === undefined) return [one]
    return when !== undefined || stage === stages.length - 1 ? [] : [{ ...one, to: stages[stage + 1] }]
  })

const lifecyclesOf = (calm: boolean): fc.Arbitrary<Customer> =>
  fc
    .record({
      zone: fc.constantFrom(...zones),
      dayStart: fc.constantFrom('00:00', '04:00'),
      activity: fc.constantFrom(
        ['visit', 'order'],
        ['visit', 'order', 'letter', 'optOut'],
        [{ event: 'order', where: { channel: 'web' } }, 'visit'],
        [],
      ),
      rules: fc.tuple(rules, rules, rules, rules, rules),
      everywhere: fc.array(withReset, { maxLength: 2 }),
      final: fc.constantFrom([], ['gone']),
    })
    .map(({ zone, dayStart, activity, rules: lists, everywhere, final }) => {
      const byStage = Object.fromEntries(
        stages.map((stage, i) => {
          const list = (final as readonly string[]).includes(stage) ? [] : lists[i]!
          return [stage, calm ? calmed(list, i) : list]
        }),
      )
      return printed(
        defineLifecycle({
          id: 'customer',
          version: 1,
          calendar: { zone, dayStart },
          events: shop,
          activity,
          stages,
          initial: 'lead',
          rules: { ...byStage, new: [...byStage['new']!, { to: 'loyal', when: anchor }] },
          everywhere: calm ? calmed(everywhere, stages.length - 1) : everywhere,
          final,
        } as never),
      ) as unknown as Customer
    })

/** Lifecycles that tables can hold; some of them never settle. */
export const lifecycles = lifecyclesOf(false)

/** Those that come to rest at every instant. */
export const calm = lifecyclesOf(true)

const DAY = 86_400_000
const starts = [
  '2024-03-08T06:30:00Z',
  '2024-11-02T05:30:00Z',
  '2011-12-20T10:00:00Z',
  '2023-01-31T23:59:59Z',
].map(instant)

const gap = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 2 * DAY }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 35 }).map((days) => days * DAY) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1400 }).map((hours) => hours * 3_600_000) },
  { weight: 1, arbitrary: fc.integer({ min: 300 * DAY, max: 400 * DAY }) },
)

const content = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: 'visit', data: {} }) },
  {
    weight: 4,
    arbitrary: fc
      .record({ amount: fc.integer({ min: -5, max: 40 }), channel: fc.constantFrom('web', 'app') })
      .map((data) => ({ type: 'order', data })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom({}, { opened: 1 }, { opened: 3 }).map((data) => ({ type: 'letter', data })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'optOut', data: {} }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...stages).map((stage) => ({
      type: 'customer/move-set',
      data: { to: stage, reason: 'by hand' },
    })),
  },
)

/** One life, in order. */
const life = fc
  .tuple(gap, fc.array(fc.tuple(gap, content), { minLength: 1, maxLength: 12 }))
  .map(([start, steps]) => {
    let at = start
    return steps.map(([after, { type, data }]) => {
      at += after
      return { at, type, data }
    })
  })

/** The lives of up to five people, grouped by person. */
export const lives: fc.Arbitrary<readonly AnyEvent[]> = fc
  .tuple(fc.constantFrom(...starts), fc.array(life, { maxLength: 5 }))
  .map(([start, all]) =>
    all.flatMap((steps, person) =>
      steps.map(({ at, type, data }, i) => ({
        id: `${person}-${i}`,
        type,
        subject: person === 3 ? 'ana' : String(person * 7),
        occurredAt: start + at,
        data,
      })),
    ),
  )

/** The same rows by time, ties as they stood. */
export const byTime = (events: readonly AnyEvent[]): readonly AnyEvent[] =>
  events
    .map((event, i) => [event, i] as const)
    .sort(([a, i], [b, j]) => a.occurredAt - b.occurredAt || i - j)
    .map(([event]) => event)

/** A later moment for questions. */
export const later = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 * DAY }),
  fc.integer({ min: 0, max: 500 }).map((days) => days * DAY),
)
