import type { CalendarDefinition } from './calendar.js'
import type { Condition, Operand } from './condition.js'
import { type DoorLimits, type DoorRefusal, readEvent, type StandardSchema } from './door.js'
import type { Duration } from './duration.js'
import { fault, type Lang } from './errors.js'
import type { EventIn } from './event.js'
import type { Fact, Scalar } from './fact.js'
import type { EventSpecs, FieldsOf, ValueOf } from './field.js'
import type { Vocabulary } from './vocabulary.js'

/** Names of events (`order-paid`), fields (`order-paid.amount`) and values (`web`); what has no word shows its identifier. */
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

type WhereOf<F> = {
  readonly [N in keyof F]?: (ValueOf<F[N]> & Scalar) | readonly (ValueOf<F[N]> & Scalar)[]
}

type RolesOf<F> = { [N in keyof F]: F[N] extends { readonly role: infer R } ? R : never }[keyof F]

/** Which events count: a filter, a role, a calendar of its own. */
export interface ScopeOptions<F> {
  readonly where?: WhereOf<F>
  /** Count events in which the subject takes part in this role, instead of its own. */
  readonly as?: RolesOf<F> & string
  /** Instead of the definition's. */
  readonly calendar?: CalendarDefinition
}

/** And how long they count: `[occurredAt, calendar.add(occurredAt, within))`. */
export interface WindowOptions<F> extends ScopeOptions<F> {
  readonly within?: Duration
}

type Profile<E extends EventSpecs> = E extends { readonly 'attribute-set': infer A }
  ? A
  : Record<never, never>

/** What can happen, and the facts that can be read from it. Plain data in `events` and `words`. */
export interface Catalogue<E extends EventSpecs> {
  readonly events: E
  readonly words: CatalogueWords
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
  count<T extends keyof E & string>(event: T, options?: WindowOptions<E[T]>): NumberFact<number>
  sum<T extends keyof E & string, F extends FieldsOf<E[T], 'integer' | 'money'>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T]>,
  ): NumberFact<ValueOf<E[T][F]> & (number | string)>
  /** What the last one said. */
  last<T extends keyof E & string, F extends Exclude<keyof E[T] & string, FieldsOf<E[T], 'detail'>>>(
    event: T,
    field: F,
    options?: WindowOptions<E[T]>,
  ): FactOf<E[T][F]>
  /** Since the last one; `orSince` names an anchor for those who never did it. */
  timeSince<T extends keyof E & string>(
    event: T,
    options?: ScopeOptions<E[T]> & { readonly orSince?: keyof E & string },
  ): ElapsedFact
  /** What the profile says: the fields of `attribute-set`. */
  attribute<A extends keyof Profile<E> & string>(attribute: A): FactOf<Profile<E>[A]>
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
 * @throws DefinitionError `unknown-name` for words of what is not declared.
 * @example
 * const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
 * shop.count('order-paid', { within: { days: 90 } }).gte(3)
 */
export function defineEvents<const E extends EventSpecs>(
  events: E,
  options: { readonly words?: CatalogueWords } = {},
): Catalogue<E> {
  const { words = {} } = options
  checkWords(events, words)
  const scoped = (fact: object, given: object | undefined) => about({ ...fact, ...given } as Fact) as never
  return {
    events,
    words,
    vocabulary: { sentences: {}, words, events },
    read: (value, how) => readEvent(events, value, how as never) as ReturnType<Catalogue<E>['read']>,
    count: (event, given) => scoped({ fact: 'count', event }, given),
    sum: (event, field, given) => scoped({ fact: 'sum', event, field }, given),
    last: (event, field, given) => scoped({ fact: 'last', event, field }, given),
    timeSince: (event, given) => scoped({ fact: 'time-since', event }, given),
    attribute: (attribute) => about({ fact: 'attribute', attribute }) as never,
  }
}

function checkWords(events: EventSpecs, words: CatalogueWords): void {
  const known = new Set<string>()
  for (const [event, fields] of Object.entries(events)) {
    known.add(event)
    for (const [name, field] of Object.entries(fields)) {
      known.add(`${event}.${name}`)
      if (field.type === 'text') for (const value of field.oneOf ?? []) known.add(value)
    }
  }
  for (const [lang, names] of Object.entries(words)) {
    const stranger = Object.keys(names ?? {}).find((name) => !known.has(name))
    const expected = 'an event, an event.field or a value of this catalogue'
    if (stranger !== undefined) throw fault('unknown-name', `$.words.${lang}`, stranger, expected)
  }
}
