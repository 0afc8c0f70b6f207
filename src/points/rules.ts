import { checkName, checkOwnName, fault } from '../kernel/errors.js'
import {
  type Condition,
  checkCondition,
  checkDuration,
  checkFact,
  type Duration,
  type EventSpecs,
  type FactContext,
  type Field,
  type Fields,
  type FieldsOf,
  minorDigits,
  parseMinor,
  parseRatio,
  type Where,
  type WhereOf,
} from '../kernel/index.js'
import { currenciesOf } from './currency.js'
import type { Agreed } from './definition.js'
import { type Base, checkBase, fieldsOf } from './earning/base.js'
import { type Campaign, checkCampaign } from './earning/campaign.js'
import { checkLines, type LinesOf, lineFields } from './earning/lines.js'
import {
  checkMultipliers,
  MULTIPLYING,
  type MultiplierRule,
  type Multiplying,
} from './earning/multipliers.js'
import { checkExpiry, type LotExpiry } from './lasting/expiry.js'

/**
 * A rate of points: so many per amount of a field, or so many per event. The amount is gross unless `less` takes fields of
 * the same currency off it (discount, tax, what was paid with points); never below zero.
 */
export type EarningRate<F extends string = string> =
  /** `points` for each `per` of the field: `{ points: 1, per: '1', of: 'amount' }`. */
  | ({ readonly points: number; readonly per: string | number } & Base<F>)
  /** `points` for each event; `of` names the field whose refunds take back shares of them. */
  | { readonly points: number; readonly of?: F; readonly less?: readonly F[] }

/** What every earning rule may say, whatever it reads. */
interface EarningTerms<T extends string, C extends string> {
  /** Names the rule in events, states and explanations. */
  readonly rule: string
  readonly on: T
  /** The role in which the subject earns; its own events unless told. */
  readonly as?: string
  /** The currency; the first unless told. */
  readonly in?: C
  /** Judged at the event's instant, with everything that happened and was decided at it. */
  readonly when?: Condition
  /** When it is in force, judged at the event's own instant; always unless told. */
  readonly during?: Campaign
  readonly multiply?: readonly MultiplierRule[]
  /** What becomes of several that hold; `first` unless told. */
  readonly multiplying?: Multiplying
  /**
   * `running` keeps the exact remainder for the next event, so splitting an order never pays more and never loses; `each`
   * pays whole points of each event (of a rule over lines, of each line) and drops the rest. `running` unless told.
   */
  readonly rounding?: RemainderRounding
  /** How long it rests after it has paid. */
  readonly cooldown?: Duration
  /** How long points wait before they can be spent, or `'until-confirmed'`; the definition's unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long they last, counted from the event; the currency's unless told. */
  readonly expires?: LotExpiry
  /** What a point costs the program, in minor units: an exact ratio, `'0.5'` or `'1/3'`; nothing unless told. */
  readonly cost?: string
}

/** What becomes of fractions of a point. */
export type RemainderRounding = 'running' | 'each'

/** What earns points. The exact remainder is kept per rule, so splitting an order never pays more and never loses. */
export interface EarningRule<
  E extends EventSpecs,
  T extends keyof E & string = keyof E & string,
  C extends string = string,
> extends EarningTerms<T, C> {
  readonly each?: never
  readonly line?: never
  readonly where?: FieldFilter<E[T]>
  readonly earns: EarningRate<FieldsOf<E[T], 'money' | 'integer'>>
  /** The field that names what was bought, for confirmations and refunds; the event itself unless told. */
  readonly origin?: FieldsOf<E[T], 'text'>
}

/** A filter on fields; events without any have none. (An empty one would let every name through.) */
type FieldFilter<F> = [keyof F] extends [never] ? never : WhereOf<keyof F, F>

/** Fields of the lines that a field lists. */
type LineOf<F> = F extends { readonly type: 'lines'; readonly of: infer L } ? L : never

/** What earns points line by line: each record of a list of the event is judged and paid on its own. */
export interface LinesEarningRule<
  E extends EventSpecs,
  T extends keyof E & string,
  L extends FieldsOf<E[T], 'lines'>,
  C extends string = string,
> extends EarningTerms<T, C> {
  /** The field that lists the lines. */
  readonly each: L
  /** The field of a line that names it, for refunds by line; lines of one name are one. */
  readonly line: FieldsOf<LineOf<E[T][L]>, 'text'>
  /** Only lines whose fields pass. */
  readonly where?: FieldFilter<LineOf<E[T][L]>>
  /** Of fields of the line. */
  readonly earns: EarningRate<FieldsOf<LineOf<E[T][L]>, 'money' | 'integer'>>
  readonly origin?: FieldsOf<E[T], 'text'>
}

/** In which role an account hears what confirms and what takes back. */
interface InRole {
  /**
   * The role that the event has to give the account. Unless told its own events, and those in which it has the role in
   * which a rule earned: a refund that names the referrer takes back what the referrer earned.
   */
  readonly as?: string
}

/** An event that confirms what is pending of one origin. */
export interface ConfirmationRule<E extends EventSpecs, T extends keyof E & string = keyof E & string>
  extends InRole {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
}

/** An event that takes back what an origin earned: the floor of the cumulative exact share, over any number of parts. */
export interface ClawbackRule<E extends EventSpecs, T extends keyof E & string = keyof E & string>
  extends InRole {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
  /**
   * The field that says how much was refunded; all of it unless told. It takes back shares of what was earned for an
   * amount of the same kind and currency; points per event without `of` are taken back by a rule without it.
   */
  readonly of?: FieldsOf<E[T], 'money' | 'integer'>
  /** Taken off it, as in the rule that earned; never below zero. */
  readonly less?: readonly FieldsOf<E[T], 'money' | 'integer'>[]
  readonly each?: never
}

/** A refund that lists lines: of each it takes back the exact share of what that line earned. */
export interface LinesClawbackRule<
  E extends EventSpecs,
  T extends keyof E & string,
  L extends FieldsOf<E[T], 'lines'>,
> extends InRole {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
  readonly each: L
  readonly line: FieldsOf<LineOf<E[T][L]>, 'text'>
  readonly where?: FieldFilter<LineOf<E[T][L]>>
  /**
   * How much of the line was refunded; all of it unless told. Rules that earn for the whole order lose the share of the sum
   * of the lines.
   */
  readonly of?: FieldsOf<LineOf<E[T][L]>, 'money' | 'integer'>
  readonly less?: readonly FieldsOf<LineOf<E[T][L]>, 'money' | 'integer'>[]
}

/** A rule that earns on one of these events. */
export type EarningOf<E extends EventSpecs, C extends string> = {
  [T in keyof E & string]:
    | EarningRule<E, T, C>
    | { [L in FieldsOf<E[T], 'lines'>]: LinesEarningRule<E, T, L, C> }[FieldsOf<E[T], 'lines'>]
}[keyof E & string]
/** A rule that confirms on one of these events. */
export type ConfirmationOf<E extends EventSpecs> = {
  [T in keyof E & string]: ConfirmationRule<E, T>
}[keyof E & string]
/** A rule that takes back on one of these events. */
export type ClawbackOf<E extends EventSpecs> = {
  [T in keyof E & string]:
    | ClawbackRule<E, T>
    | { [L in FieldsOf<E[T], 'lines'>]: LinesClawbackRule<E, T, L> }[FieldsOf<E[T], 'lines'>]
}[keyof E & string]

/** An earning rule as plain data. */
export type AgreedEarning = EarningTerms<string, string> & {
  readonly where?: Where
  readonly earns: EarningRate
  readonly origin?: string
  readonly each?: string
  readonly line?: string
}
/** A confirmation rule as plain data. */
export interface AgreedConfirmation extends InRole {
  readonly on: string
  readonly origin: string
}
/** A clawback rule as plain data. */
export interface AgreedClawback extends InRole {
  readonly on: string
  readonly origin: string
  readonly of?: string
  readonly less?: readonly string[]
  readonly each?: string
  readonly line?: string
  readonly where?: Where
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

/** What a type or a schema cannot know of rules. */
export function checkRules(agreed: Agreed, context: FactContext): void {
  const { events } = context
  const currencies = currenciesOf(agreed).map(({ currency }) => currency)
  const fieldIs = (type: string, kinds: readonly Field['type'][], name: string | undefined, path: string) => {
    if (name !== undefined) checkName(fieldsOf(events[type]!, kinds), name, path)
  }
  const duration = (value: Duration | 'until-confirmed' | undefined, path: string) => {
    if (value !== undefined && value !== 'until-confirmed') checkDuration(value, path)
  }
  for (const [i, rule] of agreed.earning.entries()) {
    const path = `$.earning[${i}]`
    checkOwnName(rule.rule, `${path}.rule`)
    if (agreed.earning.findIndex(({ rule: name }) => name === rule.rule) !== i)
      throw fault('duplicate-name', `${path}.rule`, rule.rule, 'each rule once')
    checkName(Object.keys(events), rule.on, `${path}.on`)
    checkScope(rule, context, path)
    fieldIs(rule.on, ['text'], rule.origin, `${path}.origin`)
    if (rule.in !== undefined) checkName(currencies, rule.in, `${path}.in`)
    checkRate(rule.earns, readFrom(rule, events), `${path}.earns`)
    if (rule.when) checkCondition(rule.when, context, `${path}.when`)
    if (rule.during !== undefined) checkCampaign(rule.during, agreed.calendar, `${path}.during`)
    checkMultipliers(rule.multiply ?? [], context, `${path}.multiply`)
    if (rule.multiplying !== undefined) checkName(MULTIPLYING, rule.multiplying, `${path}.multiplying`)
    if (rule.rounding !== undefined) checkName(ROUNDING, rule.rounding, `${path}.rounding`)
    duration(rule.cooldown as Duration | undefined, `${path}.cooldown`)
    duration(rule.pending, `${path}.pending`)
    if (rule.expires !== undefined)
      checkExpiry(rule.expires, `${path}.expires`, { events, id: agreed.id }, 'rule')
    if (rule.cost !== undefined) checkCost(rule.cost, `${path}.cost`)
  }
  for (const list of ['confirmation', 'clawback'] as const) {
    for (const [i, rule] of (agreed[list] ?? []).entries()) {
      const path = `$.${list}[${i}]`
      checkName(Object.keys(events), rule.on, `${path}.on`)
      if (rule.as !== undefined) checkFact({ fact: 'count', event: rule.on, as: rule.as }, context, path)
      fieldIs(rule.on, ['text'], rule.origin, `${path}.origin`)
    }
  }
  for (const [i, rule] of (agreed.clawback ?? []).entries()) {
    const path = `$.clawback[${i}]`
    if (rule.each !== undefined || rule.where !== undefined) checkScope(rule, context, path)
    checkBase(readFrom(rule, events), rule, path)
  }
}

const ROUNDING: readonly RemainderRounding[] = ['running', 'each']

/** The fields that a rule reads: of the event, or of its lines. */
export function readFrom(
  { on, each }: { readonly on: string; readonly each?: string },
  events: EventSpecs,
): Fields {
  return each === undefined ? events[on]! : lineFields(events, on, each, '$')
}

/** Checks what a rule hears: the role and the filter of an event, or the lines in it. */
function checkScope(rule: AgreedEarning | AgreedClawback, context: FactContext, path: string): void {
  const { on, as, each, line, where } = rule
  const count = { fact: 'count', event: on, ...(as !== undefined && { as }) } as const
  if (each === undefined) {
    if (line !== undefined) throw fault('missing', `${path}.each`, each, 'the field that lists the lines')
    checkFact({ ...count, ...(where && { where }) }, context, path)
    return
  }
  checkFact(count, context, path)
  const fields = lineFields(context.events, on, each, path)
  checkLines(fields, { each, line: line!, ...(rule as AgreedClawback) } as LinesOf, path)
  if (where !== undefined)
    checkFact({ fact: 'count', event: on, where }, { ...context, events: { [on]: fields } }, path)
}

function checkRate(earns: EarningRate, fields: Fields, path: string): void {
  if (!(Number.isSafeInteger(earns.points) && earns.points >= 0))
    throw fault('out-of-range', `${path}.points`, earns.points, 'a whole number of points, 0 or more')
  if ('per' in earns && !('of' in earns))
    throw fault('missing', `${path}.of`, undefined, 'the field that per is of')
  checkBase(fields, earns, path)
  if (earns.of === undefined || !('per' in earns)) return
  const field = fields[earns.of]!
  const per = perOf(field, earns.per)
  const expected =
    field.type === 'money' ? `decimal text in ${field.currency}, above 0` : 'a whole number above 0'
  if (!(Number.isSafeInteger(per) && per > 0)) throw fault('out-of-range', `${path}.per`, earns.per, expected)
}

/** Costs of which the quotients are in order as the ratios are, and equal only where these are. */
function checkCost(cost: string, path: string): void {
  const { numerator, denominator } = parseRatio(cost, path)
  if (!(numerator >= 0 && numerator <= 67_108_864 && denominator <= 67_108_864))
    throw fault('out-of-range', path, cost, 'a ratio of 0 or more, of numbers up to 67108864')
}
