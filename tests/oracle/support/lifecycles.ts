// Lifecycles of any shape: events in roles and with fields, rules everywhere, final and forward-only stages, facts that
// begin anew, answers to every event.
import fc from 'fast-check'
import {
  canonical,
  type Duration,
  defineEvents,
  type EventSpecs,
  type Fact,
  factsOf,
  not,
} from 'liuliang/kernel'
import {
  defineLifecycle,
  type Heard,
  type LifecycleDefinition,
  type Rule,
  stageEvents,
} from 'liuliang/lifecycle'
import { condition } from './conditions.js'
import { anyDuration, calendarIn, shop } from './shop.js'

const names = ['a', 'b', 'c', 'd', 'e'] as const

/** What is heard by a lifecycle of so many stages, its own moves among them. */
const worlds = names.map((_, i) =>
  defineEvents({ ...shop.events, ...stageEvents('any', names.slice(0, i + 1)) }),
)
const moves = worlds.at(-1)!

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** Events by themselves, in roles, and with fields as they have to be. */
const heard: fc.Arbitrary<Heard> = fc.oneof(
  { weight: 4, arbitrary: some<Heard>('order-paid', 'visited', 'order-refunded', 'attribute-set') },
  {
    weight: 3,
    arbitrary: fc
      .record(
        {
          event: fc.constant('order-paid'),
          as: some('store', 'friend'),
          where: fc.record(
            {
              channel: some<unknown>('web', ['web', 'app'], { not: 'store' }),
              amount: some<unknown>({ gte: '100' }, { lt: '99.9' }, '10.00', { gt: '0', lte: '300' }),
              items: some<unknown>({ gte: 2 }, { not: 0 }, [1, 2, 3]),
              gift: fc.boolean(),
              coupon: some<unknown>('X', { not: 'X' }),
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: ['event'] },
      )
      .map((one) => one as unknown as Heard),
  },
  {
    weight: 1,
    arbitrary: fc
      .record(
        {
          event: fc.constant('visited'),
          as: fc.constant('friend'),
          where: fc.record({ pages: some<unknown>({ gte: 1 }, 0, { not: [1, 2] }) }),
        },
        { requiredKeys: ['event'] },
      )
      .map((one) => one as unknown as Heard),
  },
  {
    weight: 1,
    arbitrary: some<unknown>(
      { event: 'club/ranked', where: { rank: 'gold' } },
      { event: 'attribute-set', where: { level: { not: 'silver' } } },
      'coverage-changed',
      'club/left',
    ).map((one) => one as Heard),
  },
)

const when = fc.oneof(
  { weight: 6, arbitrary: condition },
  {
    weight: 1,
    arbitrary: some(
      moves.count('any/stage-changed').gte(3),
      moves.count('any/stage-changed', { within: { days: 10 } }).lt(2),
      not(moves.last('any/stage-changed', 'to').is('a')),
    ),
  },
)

/** A rule as it is drawn: which stages it may lead to is settled where it stands. */
interface Drawn {
  readonly kind: 'on' | 'when' | 'inactiveFor' | 'inStageFor' | 'since' | 'back' | 'ignores'
  readonly on: Heard
  readonly when: Rule extends infer R ? (R extends { readonly when: infer C } ? C : never) : never
  readonly isGuarded: boolean
  readonly span: Duration
  readonly leap: number
  /** Which of the facts that are read begin anew. */
  readonly reset: readonly number[]
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: some<Drawn['kind']>(
    'on',
    'on',
    'on',
    'when',
    'when',
    'inactiveFor',
    'inStageFor',
    'since',
    'back',
    'ignores',
  ),
  on: heard,
  when,
  isGuarded: fc.boolean(),
  span: anyDuration,
  leap: fc.nat(9),
  reset: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(20), { maxLength: 3 }) },
  ),
})

/** What follows from time alone leads forward, or rests for half a year: no rules that never rest. */
const isForward = ({ kind }: Drawn) => kind !== 'on' && kind !== 'back'

function ruleOf(one: Drawn, to: string): Rule {
  switch (one.kind) {
    case 'ignores':
      return { ignores: one.on } as Rule
    case 'on':
      return { to, on: one.on, ...(one.isGuarded && { when: one.when }) } as Rule
    case 'when':
      return { to, when: one.when }
    case 'inactiveFor':
      return { to, inactiveFor: one.span }
    case 'inStageFor':
      return { to, inStageFor: one.span }
    case 'since':
      return { to, since: 'born', reaches: one.span }
    case 'back':
      return { to, inStageFor: { months: 6 } }
  }
}

/** Lets some of the facts that are read begin anew. */
function withResets(rule: Rule, picks: readonly number[], facts: readonly Fact[]): Rule {
  if (!('to' in rule) || picks.length === 0 || facts.length === 0) return rule
  return { ...rule, reset: picks.map((pick) => facts[pick % facts.length]!) }
}

const readBy = (rule: Rule): readonly Fact[] =>
  'since' in rule
    ? [{ fact: 'attribute', attribute: rule.since }]
    : 'when' in rule && rule.when
      ? factsOf(rule.when)
      : []

/** A definition of any shape in a zone. */
export const anyLifecycle = (zone: string): fc.Arbitrary<LifecycleDefinition<'any', string, EventSpecs>> =>
  fc
    .record({
      size: fc.integer({ min: 2, max: names.length }),
      own: fc.array(fc.array(drawn, { maxLength: 3 }), { minLength: names.length, maxLength: names.length }),
      shared: fc.array(drawn, { maxLength: 2 }),
      activity: fc.array(heard, { maxLength: 3 }),
      initial: fc.nat(9),
      final: fc.nat(9),
      forwardOnly: fc.boolean(),
      isExhaustive: fc.boolean(),
    })
    .map(({ size, own, shared, activity, initial, final, forwardOnly, isExhaustive }) => {
      const stages = names.slice(0, size)
      const events = worlds[size - 1]!
      const last = size - 1
      // Of every other lifecycle some stage is left by hand alone.
      const finals = final < size ? [stages[final]!] : []
      const start = initial % size
      const ownOf = (i: number): readonly (readonly [Rule, Drawn])[] =>
        own[i]!.flatMap((one): readonly (readonly [Rule, Drawn])[] => {
          if (one.kind === 'ignores') return [[ruleOf(one, ''), one]]
          const leadsForward = forwardOnly || isForward(one)
          if (leadsForward && i === last) return []
          const to = leadsForward ? i + 1 + (one.leap % (last - i)) : (i + 1 + (one.leap % last)) % size
          return [[ruleOf(one, stages[to]!), one]]
        })
      const sharedRules = shared.map((one): readonly [Rule, Drawn] => {
        const to = forwardOnly || !isForward(one) ? one.leap % size : last
        // What comes back by time alone would go round with what leads forward.
        return [ruleOf(one.kind === 'back' ? { ...one, kind: 'on' } : one, stages[to]!), one]
      })
      const byStage = stages.map((stage, i) => (finals.includes(stage) ? [] : ownOf(i)))
      const everyRule = [...byStage.flat(), ...sharedRules].map(([rule]) => rule)
      const facts = [...new Map(everyRule.flatMap(readBy).map((fact) => [canonical(fact), fact])).values()]
      const finished = (list: readonly (readonly [Rule, Drawn])[]) =>
        list.map(([rule, { reset }]) => withResets(rule, reset, facts))
      const everywhere: readonly Rule[] = [
        ...finished(sharedRules),
        ...(isExhaustive ? Object.keys(events.events).map((event) => ({ ignores: event })) : []),
      ]
      return {
        id: 'any',
        version: 1,
        calendar: calendarIn(zone),
        events,
        activity,
        stages,
        initial: stages[start]!,
        rules: Object.fromEntries(stages.map((stage, i) => [stage, finished(byStage[i]!)])),
        ...(everywhere.length > 0 && { everywhere }),
        ...(finals.length > 0 && { final: finals }),
        ...(forwardOnly && { forwardOnly }),
        ...(isExhaustive && { exhaustive: true }),
      } as unknown as LifecycleDefinition<'any', string, EventSpecs>
    })

/** The engine of a definition that no type has seen. */
export const engineOf = (definition: LifecycleDefinition<'any', string, EventSpecs>) =>
  defineLifecycle(definition as never)
