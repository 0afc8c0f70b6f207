import type { CalendarDefinition } from './calendar.js'
import type { Condition, Operand } from './condition.js'
import { type DoorLimits, type DoorRefusal, readEvent, type StandardSchema } from './door.js'
import type { Duration } from './duration.js'
import { fault, type Lang, reading } from './errors.js'
import type { EventIn } from './event.js'
import type { AnniversaryPolicy, Fact, FactKinds, Scalar, Tally, Window } from './fact.js'
import { factKinds } from './facts/index.js'
import { checkEventNames, type EventSpecs, eventKeys, type FieldsOf, type ValueOf } from './field.js'
import { isRecord, own } from './plain.js'
import { checkStrangers } from './strangers.js'
import type { Vocabulary } from './vocabulary.js'

/**
 * Words of events (`order-paid`), fields (`order-paid.amount`), values (`web`), roles (`friend`), engines (`customer`) and
 * what they say (`customer.stage`). Where two things may stand in one place, their words differ; what has none is said by
 * its identifier.
 */
export type CatalogueWords = { readonly [L in Lang]?: { readonly [name: string]: string } }

/** A condition as it is written: the data itself, with verbs on its prototype, where JSON does not see them. */
export type WrittenCondition = Condition & {
  and(...others: readonly Condition[]): WrittenCondition
  or(...others: readonly Condition[]): WrittenCondition
  not(): WrittenCondition
}

/** A fact with a number: counts, sums, integers, instants; money compares with decimal text. */
export interface NumberFact<V extends Operand> {
  readonly fact: Fact
  gte(value: V): WrittenCondition
  gt(value: V): WrittenCondition
  lte(value: V): WrittenCondition
  lt(value: V): WrittenCondition
  /** Both ends included. */
  between(low: V, high: V): WrittenCondition
  is(value: V & Scalar): WrittenCondition
  in(...values: readonly (V & Scalar)[]): WrittenCondition
}

/** A count or a sum: what a ratio is made of. */
export interface TallyFact<V extends Operand> extends NumberFact<V> {
  readonly fact: Tally
}

/** A fact with a word. */
export interface WordFact<V extends Scalar> {
  readonly fact: Fact
  is(value: V): WrittenCondition
  in(...values: readonly V[]): WrittenCondition
}

/** Time since an event: it runs, so it is only ever compared. */
export interface ElapsedFact {
  readonly fact: Fact
  gte(value: Duration): WrittenCondition
  gt(value: Duration): WrittenCondition
  lte(value: Duration): WrittenCondition
  lt(value: Duration): WrittenCondition
  between(low: Duration, high: Duration): WrittenCondition
}

type FactOf<F> = F extends { readonly type: 'text' | 'ref' | 'boolean' }
  ? WordFact<ValueOf<F> & Scalar>
  : F extends { readonly type: 'money' }
    ? NumberFact<string>
    : NumberFact<number>

/** A share, or an average: it is compared with decimal text or a fraction, `'0.25'` or `'1/3'`. */
export interface RatioFact {
  readonly fact: Fact
  gte(value: string): WrittenCondition
  gt(value: string): WrittenCondition
  lte(value: string): WrittenCondition
  lt(value: string): WrittenCondition
  /** Both ends included. */
  between(low: string, high: string): WrittenCondition
}

type OneOrMore<V> = V | readonly V[]

// What is allowed stands first among the arguments of these names: the compiler's message prints them, and ends.
type FilterOf<V, F> =
  | OneOrMore<V>
  | { readonly not: OneOrMore<V> }
  | (F extends { readonly type: 'integer' | 'money' | 'instant' }
      ? { readonly [S in 'gte' | 'gt' | 'lte' | 'lt']?: V }
      : never)

/** A filter on fields: only those there are, with values that they can have. */
export type WhereOf<Names extends keyof F, F> = {
  readonly [N in Names]?: FilterOf<ValueOf<F[N]> & Scalar, F[N]>
}

type RolesOf<F> = { [N in keyof F]: F[N] extends { readonly role: infer R } ? R : never }[keyof F]

/** Fields whose values facts can read. */
type Readable<F> = Exclude<keyof F & string, FieldsOf<F, 'detail' | 'lines'>>

/** Which events count: a filter, a role, a calendar of its own. */
export interface ScopeOptions<F> {
  readonly where?: WhereOf<keyof F, F>
  /** Count events in which the subject takes part in this role, instead of its own. */
  readonly as?: RolesOf<F> & string
  /** Instead of the definition's. */
  readonly calendar?: CalendarDefinition
}

/** And how long they count. */
export interface WindowOptions<F, E = EventSpecs> extends ScopeOptions<F> {
  /** A span that rolls, `{ this: 'month' }`, or `{ previous: 'month' }`; for ever unless told. */
  readonly within?: Window
  /** Only what came after the last event of this name. */
  readonly since?: keyof E & string
}

/** And of what each is counted on its own. */
export interface TallyOptions<F, E = EventSpecs> extends WindowOptions<F, E> {
  /** Of each value of this field on its own: what the one with the most has. */
  readonly per?: Readable<F>
}

/** One of a list, each with its own fields: a step names an event, or an event and a filter. */
export type StepOf<Names extends keyof E & string, E extends EventSpecs> =
  | Names
  | { [T in Names]: { readonly event: T; readonly where?: WhereOf<keyof E[T], E[T]> } }[Names]

/** Engines of which a catalogue knows what they say. */
type EnginesOf<E> = keyof E extends infer T ? (T extends `${infer Id}/${string}` ? Id : never) : never

type SaidBy<E, Id extends string> = {
  [T in keyof E & `${Id}/${string}`]: {
    [N in keyof E[T]]: E[T][N] extends { readonly says: infer W } ? [W, E[T][N]] : never
  }[keyof E[T]]
}[keyof E & `${Id}/${string}`]

type Profile<E extends EventSpecs> = E extends { readonly 'attribute-set': infer A }
  ? A
  : Record<never, never>

/** What can happen, and the facts that can be read from it. Plain data in `events` and `words`. */
export interface Catalogue<E extends EventSpecs> {
  readonly events: E
  readonly words: CatalogueWords
  /** The kinds of facts that conditions on this catalogue may read. */
  readonly kinds: FactKinds
  /** For `explain(catalogue, condition, lang)`. */
  readonly vocabulary: Vocabulary
  /** The door for data: depth, size, names, kinds, currencies; refuses, never throws, never echoes. */
  read(
    value: unknown,
    options?: {
      /** The host's own checks of `data`, by event: any Standard Schema (zod, valibot, arktype). */
      readonly schemas?: { readonly [T in keyof E]?: StandardSchema }
      readonly limits?: DoorLimits
    },
  ): { readonly event: EventIn<E> } | { readonly refusal: DoorRefusal }
  /** How many. */
  count<T extends keyof E & string>(event: T, options?: TallyOptions<E[T], E>): TallyFact<number>
  /** The sum of a field. */
  sum<T extends keyof E & string, F extends keyof E[T] & FieldsOf<E[T], 'integer' | 'money'>>(
    event: T,
    field: F,
    options?: TallyOptions<E[T], E>,
  ): TallyFact<ValueOf<E[T][F]> & (number | string)>
  /** The smallest value of a field. */
  min<T extends keyof E & string, F extends keyof E[T] & FieldsOf<E[T], 'integer' | 'money' | 'instant'>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T], E>,
  ): NumberFact<ValueOf<E[T][F]> & (number | string)>
  /** The largest value of a field. */
  max<T extends keyof E & string, F extends keyof E[T] & FieldsOf<E[T], 'integer' | 'money' | 'instant'>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T], E>,
  ): NumberFact<ValueOf<E[T][F]> & (number | string)>
  /** How many different values a field had. */
  distinct<T extends keyof E & string, F extends Readable<E[T]>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T], E>,
  ): NumberFact<number>
  /** What the first one in the window said. */
  first<T extends keyof E & string, F extends Readable<E[T]>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T], E>,
  ): FactOf<E[T][F]>
  /** What the last one said. */
  last<T extends keyof E & string, F extends Readable<E[T]>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T], E>,
  ): FactOf<E[T][F]>
  /** Since the last one; `orSince` names an anchor for those who never did it. */
  timeSince<T extends keyof E & string>(
    event: T,
    options?: ScopeOptions<E[T]> & { readonly orSince?: keyof E & string },
  ): ElapsedFact
  /** How many visits: events less than `gap` apart are one. */
  sessions<T extends keyof E & string>(
    event: T,
    options: WindowOptions<E[T], E> & { readonly gap: Duration },
  ): NumberFact<number>
  /** How long the visits lasted together, from first event to last; compared with exact durations. */
  sessionTime<T extends keyof E & string>(
    event: T,
    options: WindowOptions<E[T], E> & { readonly gap: Duration },
  ): ElapsedFact
  /** How long the last wait took, from `event` to the next `until`; compared with exact durations. */
  timeBetween<T extends keyof E & string, U extends keyof E & string>(
    event: T,
    until: U,
    options?: ScopeOptions<E[T]> & { readonly untilWhere?: WhereOf<keyof E[U], E[U]> },
  ): ElapsedFact
  /** Days (weeks, months) in a row with at least `times` of them. */
  streak<T extends keyof E & string>(
    event: T,
    options: ScopeOptions<E[T]> & {
      readonly unit: 'day' | 'week' | 'month'
      readonly times?: number
      readonly freezes?: number
    },
  ): NumberFact<number>
  /** How often these were done in this order, the last one `inside` a span after the first. */
  sequence(
    steps: readonly StepOf<keyof E & string, E>[],
    options?: {
      readonly inside?: Duration
      readonly within?: Window
      readonly since?: keyof E & string
      readonly as?: string
      readonly calendar?: CalendarDefinition
    },
  ): NumberFact<number>
  /** One count or sum divided by another; there is none by 0. */
  ratio(of: TallyFact<number> | TallyFact<string>, to: TallyFact<number> | TallyFact<string>): RatioFact
  /** What the profile says: the fields of `attribute-set`; what it said some time `ago`, or `previous`ly. */
  attribute<A extends keyof Profile<E> & string>(
    attribute: A,
    options?: {
      readonly ago?: Duration
      readonly previous?: true
      readonly calendar?: CalendarDefinition
    },
  ): FactOf<Profile<E>[A]>
  /** Whether today is the anniversary of a moment in the profile, or lies some days before or after it. */
  anniversary<A extends keyof Profile<E> & FieldsOf<Profile<E>, 'instant'>>(
    attribute: A,
    options?: AnniversaryPolicy & {
      readonly daysBefore?: number
      readonly daysAfter?: number
      readonly calendar?: CalendarDefinition
    },
  ): WordFact<boolean>
  /** Whole years (months, …) since a moment in the profile. */
  age<A extends keyof Profile<E> & FieldsOf<Profile<E>, 'instant'>>(
    attribute: A,
    unit: 'days' | 'weeks' | 'months' | 'years',
    options?: { readonly calendar?: CalendarDefinition },
  ): NumberFact<number>
  /** What another engine says: its stage, its balance. */
  says<Id extends EnginesOf<E> & string, W extends SaidBy<E, Id>[0] & string>(
    engine: Id,
    word: W,
  ): FactOf<Extract<SaidBy<E, Id>, readonly [W, unknown]>[1]>
}

const joined = (condition: 'all' | 'any') =>
  function (this: Condition, ...others: readonly Condition[]) {
    return writtenCondition({ condition, of: [this, ...others] })
  }

/** Not enumerable, so that schemas and copies see the data alone. */
const verbs = Object.defineProperties(
  {},
  {
    and: { value: joined('all') },
    or: { value: joined('any') },
    not: {
      value(this: Condition) {
        return writtenCondition({ condition: 'not', of: this })
      },
    },
  },
)

/** Gives the verbs `and`, `or` and `not` to a condition that comes as data. */
export const writtenCondition = (condition: Condition): WrittenCondition =>
  Object.assign(Object.create(verbs), condition) as WrittenCondition

/** Holds when all of them hold. */
export const all = (...of: readonly Condition[]): WrittenCondition =>
  writtenCondition({ condition: 'all', of })

/** Holds when one of them holds, or more. */
export const any = (...of: readonly Condition[]): WrittenCondition =>
  writtenCondition({ condition: 'any', of })

/** Holds when it does not. */
export const not = (of: Condition): WrittenCondition => writtenCondition({ condition: 'not', of })

/** Holds when `k` of them hold, or more. */
export const someOf = (k: number, ...of: readonly Condition[]): WrittenCondition =>
  writtenCondition({ condition: 'some-of', k, of })

/** The builder of one fact; which verbs a caller sees is decided by the fact's type. */
function about(fact: Fact): NumberFact<Operand> {
  const compare = (condition: 'gte' | 'gt' | 'lte' | 'lt') => (value: Operand) =>
    writtenCondition({ condition, fact, value })
  return {
    fact,
    gte: compare('gte'),
    gt: compare('gt'),
    lte: compare('lte'),
    lt: compare('lt'),
    between: (low, high) => writtenCondition({ condition: 'between', fact, low, high }),
    is: (value) => writtenCondition({ condition: 'is', fact, value: value as Scalar }),
    in: (...values) => writtenCondition({ condition: 'in', fact, values: values as readonly Scalar[] }),
  }
}

/**
 * Names what can happen. The compiler reads the fields as types, the door reads them as checks.
 *
 * @param events - Fields of each event; `attributes({ … })` and what other engines publish are spread in.
 * @param options - Words for events and fields, for explanations in both languages.
 * @throws DefinitionError `unknown-name` for words of what is not declared; `duplicate-name` where two events, two fields
 * of one event or two values of one field have the same word in one tongue.
 * @example
 * const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
 * shop.count('order-paid', { within: { days: 90 } }).gte(3)
 */
export function defineEvents<const E extends EventSpecs>(
  events: E,
  options: { readonly words?: CatalogueWords } = {},
): Catalogue<E> {
  return defineEventsWith(factKinds, events, options)
}

/**
 * `defineEvents` with the named kinds of facts alone, for pages that count bytes; a condition on another is refused
 * where it is defined.
 *
 * @example
 * const kinds = { count: countKind, sum: sumKind }
 * defineEventsWith(kinds, { 'order-paid': { amount: money('CNY') } })
 */
export function defineEventsWith<const E extends EventSpecs>(
  kinds: FactKinds,
  events: E,
  options: { readonly words?: CatalogueWords } = {},
): Catalogue<E> {
  const { words = {} } = options ?? {}
  reading('wrong-type', '$.events', events, 'events with fields, and words', () => checkWords(events, words))
  const scoped = (fact: object, given: object = {}) => about({ ...fact, ...given } as Fact) as never
  return {
    events,
    words,
    kinds,
    vocabulary: { sentences: {}, words, events, kinds },
    read: (value, how) => readEvent(events, value, how as never) as ReturnType<Catalogue<E>['read']>,
    count: (event, given) => scoped({ fact: 'count', event }, given),
    sum: (event, field, given) => scoped({ fact: 'sum', event, field }, given),
    min: (event, field, given) => scoped({ fact: 'min', event, field }, given),
    max: (event, field, given) => scoped({ fact: 'max', event, field }, given),
    distinct: (event, field, given) => scoped({ fact: 'distinct', event, field }, given),
    first: (event, field, given) => scoped({ fact: 'first', event, field }, given),
    last: (event, field, given) => scoped({ fact: 'last', event, field }, given),
    timeSince: (event, given) => scoped({ fact: 'time-since', event }, given),
    sessions: (event, given) => scoped({ fact: 'sessions', event }, given),
    sessionTime: (event, given) => scoped({ fact: 'session-time', event }, given),
    timeBetween: (event, until, given) => scoped({ fact: 'time-between', event, until }, given),
    streak: (event, given) => scoped({ fact: 'streak', event }, given),
    sequence: (steps, given) =>
      scoped(
        {
          fact: 'sequence',
          steps: steps.map((step) => (typeof step === 'string' ? { event: step } : step)),
        },
        given,
      ),
    ratio: (of, to) => scoped({ fact: 'ratio', of: of.fact, to: to.fact }),
    attribute: (attribute, given) => scoped({ fact: 'attribute', attribute }, given),
    anniversary: (attribute, given) => scoped({ fact: 'anniversary', attribute }, given),
    age: (attribute, unit, given) => scoped({ fact: 'age', attribute, unit }, given),
    says: (engine, word) => scoped({ fact: 'says', engine, word }),
  }
}

/** All that events name and that may have a word, by the places where it may stand: events, fields of each, values, engines, roles. */
export function namedPlaces(events: EventSpecs): readonly (readonly string[])[] {
  const places = [Object.keys(events)]
  const engines = new Set<string>()
  const roles = new Set<string>()
  for (const [event, fields] of Object.entries(events)) {
    const [engine, more] = event.split('/')
    if (more !== undefined) engines.add(engine!)
    places.push(Object.keys(fields).map((name) => `${event}.${name}`))
    for (const { says, ...field } of Object.values(fields)) {
      if (says !== undefined) places.push([`${engine}.${says}`])
      if (field.type === 'text') places.push([...(field.oneOf ?? [])])
      if (field.type === 'ref') roles.add(field.role)
    }
  }
  places.push([...engines], [...roles])
  return places
}

/** That words name what is there, and tell apart what may stand in one place. */
function checkWords(events: EventSpecs, words: CatalogueWords): void {
  if (!isRecord(events)) throw new TypeError()
  checkEventNames(events)
  checkStrangers(events, eventKeys, '$.events')
  const places = namedPlaces(events)
  const known = new Set(places.flat())
  for (const [lang, names] of Object.entries(words)) {
    const path = `$.words.${lang}`
    const stranger = Object.keys(names ?? {}).find((name) => !known.has(name))
    const expected =
      'an event, an event.field, a value, a role, an engine or an engine.word of this catalogue'
    if (stranger !== undefined) throw fault('unknown-name', `${path}.${stranger}`, stranger, expected)
    for (const place of places) {
      const first = new Map<string, string>()
      for (const name of place) {
        const word = own(names ?? {}, name)
        if (word === undefined) continue
        const other = first.get(word)
        if (other !== undefined && other !== name)
          throw fault('duplicate-name', `${path}.${name}`, word, `another word than that of ${other}`)
        first.set(word, name)
      }
    }
  }
}
