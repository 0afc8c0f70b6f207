import { checkName, fault } from '../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type CatalogueWords,
  type Condition,
  checkCondition,
  checkDuration,
  checkFact,
  type Duration,
  type EventSpecs,
  type Field,
  type FieldsOf,
  minorDigits,
  parseMinor,
  parseRatio,
  type Where,
} from '../kernel/index.js'
import { type CurrencyDefinition, checkCurrencies, currenciesOf } from './currency.js'

/** A rate of points: so many per amount of a field, or so many per event. */
export type EarningRate<F extends string = string> =
  /** `points` for each `per` of the field: `{ points: 1, per: '1', of: 'amount' }`. */
  | { readonly points: number; readonly per: string | number; readonly of: F }
  /** `points` for each event; `of` names the field whose refunds take back shares of them. */
  | { readonly points: number; readonly of?: F }

/** What earns points. The exact remainder is kept per rule, so splitting an order never pays more and never loses. */
export interface EarningRule<
  E extends EventSpecs,
  T extends keyof E & string = keyof E & string,
  C extends string = string,
> {
  /** Names the rule in events, states and explanations. */
  readonly rule: string
  readonly on: T
  /** The role in which the subject earns; its own events unless told. */
  readonly as?: string
  readonly where?: Where
  readonly earns: EarningRate<FieldsOf<E[T], 'money' | 'integer'>>
  /** The currency; the first unless told. */
  readonly in?: C
  /** The field that names what was bought, for confirmations and refunds; the event itself unless told. */
  readonly origin?: FieldsOf<E[T], 'text'>
  /** Judged at the event's instant, with everything that happened and was decided at it. */
  readonly when?: Condition
  /** The first that holds multiplies: `by` is an exact ratio, `'1.5'` or `'3/2'`. */
  readonly multiply?: readonly { readonly by: string; readonly when: Condition }[]
  /** How long points wait before they can be spent, or `'until-confirmed'`; the definition's unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long they last, counted from the event; the definition's unless told. */
  readonly expires?: Duration
}

/** An event that confirms what is pending of one origin. */
export interface ConfirmationRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
}

/** An event that takes back what an origin earned: the floor of the cumulative exact share, over any number of parts. */
export interface ClawbackRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
  /**
   * The field that says how much was refunded; all of it unless told. It takes back shares of what was earned for an
   * amount of the same kind and currency; points per event without `of` are taken back by a rule without it.
   */
  readonly of?: FieldsOf<E[T], 'money' | 'integer'>
}

type EarningOf<E extends EventSpecs, C extends string> = {
  [T in keyof E & string]: EarningRule<E, T, C>
}[keyof E & string]
type ConfirmationOf<E extends EventSpecs> = { [T in keyof E & string]: ConfirmationRule<E, T> }[keyof E &
  string]
type ClawbackOf<E extends EventSpecs> = { [T in keyof E & string]: ClawbackRule<E, T> }[keyof E & string]

/** What was agreed about one account of points per subject. */
export interface PointsDefinition<Id extends string, E extends EventSpecs, C extends string = string> {
  /** Names the engine, its events (`<id>/earned`) and commands (`<id>/redeem`). */
  readonly id: Id
  readonly version: number
  /** In which zone days and months of terms are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** What points there are, the one most ask for first; one spendable currency, `points`, unless told. */
  readonly currencies?: readonly CurrencyDefinition<C>[]
  readonly earning: readonly NoInfer<EarningOf<E, C>>[]
  readonly confirmation?: readonly NoInfer<ConfirmationOf<E>>[]
  readonly clawback?: readonly NoInfer<ClawbackOf<E>>[]
  /** How long earned points wait unless their rule says otherwise; not at all unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long points last unless their rule says otherwise; for ever unless told. */
  readonly expires?: Duration
  /** Points that are given back after they expired last this long, from then on; they expire at once unless told. */
  readonly refundGrace?: Duration
  /** How long reserved points are set aside unless a command says until when; for ever unless told. */
  readonly holdFor?: Duration
  /** Rules in words; no part of the stored definition. */
  readonly words?: CatalogueWords
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** The definition as plain data, without its catalogue. */
export type Agreed = Omit<
  PointsDefinition<string, EventSpecs>,
  'events' | 'earning' | 'confirmation' | 'clawback'
> & {
  readonly earning: readonly AgreedEarning[]
  readonly confirmation?: readonly { readonly on: string; readonly origin: string }[]
  readonly clawback?: readonly { readonly on: string; readonly origin: string; readonly of?: string }[]
}
export type AgreedEarning = Omit<EarningRule<EventSpecs>, 'earns' | 'origin'> & {
  readonly earns: EarningRate
  readonly origin?: string
}

/** The denominator of a rate, in the units that facts count with. */
export function perOf(field: Field, per: string | number): number {
  return field.type === 'money' ? (parseMinor(String(per), minorDigits(field.currency)) ?? 0) : Number(per)
}

/** A product of rates as a safe integer. */
export function safe(value: number, path: string): number {
  if (Number.isSafeInteger(value)) return value
  throw fault('out-of-range', path, value, 'rates whose product fits 2^53 - 1')
}

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkPoints(
  agreed: Agreed,
  { events, kinds: facts }: Pick<Catalogue<EventSpecs>, 'events' | 'kinds'>,
): void {
  const context = { events, calendar: agreed.calendar, kinds: facts }
  const fieldIs = (type: string, kinds: readonly Field['type'][], name: string | undefined, path: string) => {
    if (name !== undefined) checkName(fieldsOf(events, type, kinds), name, path)
  }
  const duration = (value: Duration | 'until-confirmed' | undefined, path: string) => {
    if (value !== undefined && value !== 'until-confirmed') checkDuration(value, path)
  }
  checkCurrencies(agreed)
  const currencies = currenciesOf(agreed).map(({ currency }) => currency)
  for (const key of ['pending', 'expires', 'refundGrace', 'holdFor'] as const)
    duration(agreed[key], `$.${key}`)
  for (const [i, rule] of agreed.earning.entries()) {
    const path = `$.earning[${i}]`
    if (agreed.earning.findIndex(({ rule: name }) => name === rule.rule) !== i)
      throw fault('duplicate-name', `${path}.rule`, rule.rule, 'each rule once')
    checkName(Object.keys(events), rule.on, `${path}.on`)
    checkFact(
      {
        fact: 'count',
        event: rule.on,
        ...(rule.as && { as: rule.as }),
        ...(rule.where && { where: rule.where }),
      },
      context,
      path,
    )
    fieldIs(rule.on, ['text'], rule.origin, `${path}.origin`)
    if (rule.in !== undefined) checkName(currencies, rule.in, `${path}.in`)
    checkRate(rule.earns, rule.on, events, `${path}.earns`)
    if (rule.when) checkCondition(rule.when, context, `${path}.when`)
    for (const [k, { by, when }] of (rule.multiply ?? []).entries()) {
      if (parseRatio(by, `${path}.multiply[${k}].by`).numerator < 0)
        throw fault('out-of-range', `${path}.multiply[${k}].by`, by, '0 or more')
      checkCondition(when, context, `${path}.multiply[${k}].when`)
    }
    duration(rule.pending, `${path}.pending`)
    duration(rule.expires, `${path}.expires`)
  }
  for (const list of ['confirmation', 'clawback'] as const) {
    for (const [i, rule] of (agreed[list] ?? []).entries()) {
      const path = `$.${list}[${i}]`
      checkName(Object.keys(events), rule.on, `${path}.on`)
      fieldIs(rule.on, ['text'], rule.origin, `${path}.origin`)
      if ('of' in rule) fieldIs(rule.on, AMOUNTS, rule.of as string | undefined, `${path}.of`)
    }
  }
}

const AMOUNTS = ['money', 'integer'] as const

/** Names of the fields of these kinds. */
const fieldsOf = (events: EventSpecs, type: string, kinds: readonly Field['type'][]): readonly string[] =>
  Object.keys(events[type]!).filter((name) => kinds.includes(events[type]![name]!.type))

function checkRate(earns: EarningRate, on: string, events: EventSpecs, path: string): void {
  if (!(Number.isSafeInteger(earns.points) && earns.points >= 0))
    throw fault('out-of-range', `${path}.points`, earns.points, 'a whole number of points, 0 or more')
  if ('per' in earns && !('of' in earns))
    throw fault('missing', `${path}.of`, undefined, 'the field that per is of')
  if (earns.of === undefined) return
  checkName(fieldsOf(events, on, AMOUNTS), earns.of, `${path}.of`)
  if (!('per' in earns)) return
  const field = events[on]![earns.of]!
  const per = perOf(field, earns.per)
  const expected =
    field.type === 'money' ? `decimal text in ${field.currency}, above 0` : 'a whole number above 0'
  if (!(Number.isSafeInteger(per) && per > 0)) throw fault('out-of-range', `${path}.per`, earns.per, expected)
}
