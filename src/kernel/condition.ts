import { minorDigits } from './currency.js'
import { checkDuration, type Duration } from './duration.js'
import { checkName, fault, unknownName } from './errors.js'
import {
  calendarFor,
  eventsOf,
  type Fact,
  type FactContext,
  type FactSet,
  type FactValue,
  fieldOf,
  type Scalar,
  type Track,
} from './fact.js'
import { type Field, fits, valueOfNumber } from './field.js'
import type { Instant } from './instant.js'
import { parseMinor } from './money.js'

/** What a fact is compared with: a number, decimal text for money, text, true or false, a duration for `time-since`. */
export type Operand = Scalar | Duration

/** A condition as data: stored, compared, explained; never a function. */
export type Condition =
  | { readonly condition: 'gte' | 'gt' | 'lte' | 'lt'; readonly fact: Fact; readonly value: Operand }
  | { readonly condition: 'is'; readonly fact: Fact; readonly value: Scalar }
  | { readonly condition: 'in'; readonly fact: Fact; readonly values: readonly Scalar[] }
  /** Both ends included. */
  | { readonly condition: 'between'; readonly fact: Fact; readonly low: Operand; readonly high: Operand }
  | { readonly condition: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly condition: 'not'; readonly of: Condition }
  | { readonly condition: 'some-of'; readonly k: number; readonly of: readonly Condition[] }

/** A condition that compares one fact. */
export type Comparison = Extract<Condition, { readonly fact: Fact }>

/** Whether a condition holds, and why: the numbers read, and the parts of what is joined. */
export interface Verdict {
  readonly condition: Condition
  readonly holds: boolean
  /** What the fact said: money as decimal text, `time-since` as the instant it counts from, `null` when there is none. */
  readonly observed?: FactValue
  readonly parts?: readonly Verdict[]
}

/** The leaves of a verdict that decided it, with the numbers read; ten at most. */
export interface ReasonLeaf {
  readonly condition: Comparison
  readonly holds: boolean
  readonly observed: FactValue
}

const LEAVES = 10
const DEPTH = 32
const NODES = 1000

/** A condition, compiled against the tracks of a fact set. */
export interface CompiledCondition {
  readonly condition: Condition
  holds(tracks: readonly Track[], asOf: Instant): boolean
  /** Next instant after `asOf` at which one of its comparisons may answer differently. */
  nextStep(tracks: readonly Track[], asOf: Instant): Instant | undefined
  verdict(tracks: readonly Track[], asOf: Instant): Verdict
}

/** The earlier of two instants, where there is one. */
export const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a

/** First instant after `asOf` at which the answer changes if no event comes: exact through all combinators. */
export function nextFlip(
  condition: CompiledCondition,
  tracks: readonly Track[],
  asOf: Instant,
): Instant | undefined {
  const now = condition.holds(tracks, asOf)
  let at = condition.nextStep(tracks, asOf)
  while (at !== undefined && condition.holds(tracks, at) === now) at = condition.nextStep(tracks, at)
  return at
}

/** First instant at or after `from` at which it holds if no event comes. */
export const firstHolding = (
  condition: CompiledCondition,
  tracks: readonly Track[],
  from: Instant,
): Instant | undefined => (condition.holds(tracks, from) ? from : nextFlip(condition, tracks, from))

/** The facts a condition reads. */
export function factsOf(condition: Condition): readonly Fact[] {
  if ('fact' in condition) return [condition.fact]
  return condition.condition === 'not' ? factsOf(condition.of) : condition.of.flatMap(factsOf)
}

/** Compiles to closures once; `facts` has to hold every fact that the condition reads. */
export function compileCondition(
  condition: Condition,
  facts: FactSet,
  context: FactContext,
): CompiledCondition {
  if ('fact' in condition) return compileComparison(condition, facts, context)
  const parts = (condition.condition === 'not' ? [condition.of] : condition.of).map((part) =>
    compileCondition(part, facts, context),
  )
  const enough =
    condition.condition === 'any' ? 1 : condition.condition === 'some-of' ? condition.k : parts.length
  const holds =
    condition.condition === 'not'
      ? (tracks: readonly Track[], asOf: Instant) => !parts[0]!.holds(tracks, asOf)
      : (tracks: readonly Track[], asOf: Instant) => {
          let held = 0
          for (let i = 0; i < parts.length; i++) {
            if (held + parts.length - i < enough) return false
            if (parts[i]!.holds(tracks, asOf)) held += 1
            if (held >= enough) return true
          }
          return held >= enough
        }
  return {
    condition,
    holds,
    nextStep(tracks, asOf) {
      let least: Instant | undefined
      for (const part of parts) least = earlier(least, part.nextStep(tracks, asOf))
      return least
    },
    verdict: (tracks, asOf) => ({
      condition,
      holds: holds(tracks, asOf),
      parts: parts.map((part) => part.verdict(tracks, asOf)),
    }),
  }
}

function compileComparison(condition: Comparison, facts: FactSet, context: FactContext): CompiledCondition {
  const { fact } = condition
  const place = facts.place(fact)
  const tracker = facts.trackers[place]!
  const { field } = tracker
  const observed = (tracks: readonly Track[], asOf: Instant) => tracker.value(tracks[place]!, asOf)
  const test = fact.fact === 'time-since' ? sinceTest(condition, fact, context) : valueTest(condition, field)
  const holds = (tracks: readonly Track[], asOf: Instant) => {
    const value = observed(tracks, asOf)
    return value !== null && test.holds(value, asOf)
  }
  return {
    condition,
    holds,
    nextStep(tracks, asOf) {
      const track = tracks[place]!
      let least: Instant | undefined
      if (test.steps) {
        const value = tracker.value(track, asOf)
        if (value === null) return undefined
        for (const at of test.steps(value as Instant)) if (at > asOf) least = earlier(least, at)
        return least
      }
      if (test.intervals === undefined) return tracker.nextStep(track, asOf)
      for (const [low, high] of test.intervals)
        least = earlier(least, tracker.crossing(track, asOf, low, high))
      return least
    },
    verdict(tracks, asOf) {
      const value = observed(tracks, asOf)
      const shown = typeof value === 'number' ? valueOfNumber(field, value) : value
      return { condition, holds: value !== null && test.holds(value, asOf), observed: shown }
    },
  }
}

interface Test {
  holds(value: Scalar, asOf: Instant): boolean
  /** Values for which it holds, as closed intervals of integers. */
  readonly intervals?: readonly (readonly [number, number])[]
  /** Instants at which the answer may change, for what runs. */
  steps?(value: Instant): readonly Instant[]
}

function sinceTest(
  condition: Comparison,
  fact: Extract<Fact, { fact: 'time-since' }>,
  context: FactContext,
): Test {
  const reached = (operand: Operand) => {
    const duration = operand as Duration
    return calendarFor(duration, fact.calendar, context).adder(duration)
  }
  if (condition.condition === 'between') {
    const low = reached(condition.low)
    const high = reached(condition.high)
    return {
      holds: (value, asOf) => asOf >= low(value as Instant) && asOf <= high(value as Instant),
      steps: (value) => [low(value), high(value) + 1],
    }
  }
  if (condition.condition === 'is' || condition.condition === 'in') throw notComparable(condition)
  const { condition: sign } = condition
  const at = reached(condition.value)
  // `gt` and `lte` turn a millisecond after the instant itself.
  const late = sign === 'gt' || sign === 'lte' ? 1 : 0
  const afterwards = sign === 'gte' || sign === 'gt'
  return {
    holds: (value, asOf) => asOf >= at(value as Instant) + late === afterwards,
    steps: (value) => [at(value) + late],
  }
}

function valueTest(condition: Comparison, field: Field): Test {
  const number = (operand: Operand): number =>
    field.type === 'money' ? parseMinor(operand as string, minorDigits(field.currency))! : (operand as number)
  const within = (low: number, high: number): Test => ({
    holds: (value) => (value as number) >= low && (value as number) <= high,
    intervals: [[low, high]],
  })
  switch (condition.condition) {
    case 'gte':
      return within(number(condition.value), Number.POSITIVE_INFINITY)
    case 'gt':
      return within(number(condition.value) + 1, Number.POSITIVE_INFINITY)
    case 'lte':
      return within(Number.NEGATIVE_INFINITY, number(condition.value))
    case 'lt':
      return within(Number.NEGATIVE_INFINITY, number(condition.value) - 1)
    case 'between':
      return within(number(condition.low), number(condition.high))
    case 'is':
    case 'in': {
      const given = condition.condition === 'is' ? [condition.value] : condition.values
      const values = given.map((one) => (isNumberLike(field) ? number(one) : one))
      const holds = (value: Scalar) => values.includes(value)
      return isNumberLike(field)
        ? { holds, intervals: values.map((one) => [one as number, one as number]) }
        : { holds }
    }
  }
}

const isNumberLike = (field: Field) =>
  field.type === 'integer' || field.type === 'money' || field.type === 'instant'

const notComparable = ({ condition }: Comparison, path = '$') =>
  fault('wrong-type', path, condition, ORDERED.join(' | '))

/** The comparisons that made a verdict what it is, ten at most. */
export function leavesOf(verdict: Verdict): readonly ReasonLeaf[] {
  const leaves: ReasonLeaf[] = []
  const walk = ({ condition, holds, observed = null, parts = [] }: Verdict, wanted: boolean): void => {
    if (leaves.length === LEAVES) return
    if ('fact' in condition) leaves.push({ condition, holds, observed })
    const inside = condition.condition === 'not' ? !wanted : wanted
    const deciding = parts.filter((part) => part.holds === inside)
    for (const part of deciding) walk(part, inside)
  }
  walk(verdict, verdict.holds)
  return leaves
}

/**
 * What a type or a schema cannot know: names that exist, operands that fit, sizes. Checked for typed callers and for
 * JSON alike, without recursion deeper than the limit.
 *
 * @throws DefinitionError at the first thing that is wrong, with its path.
 */
export function checkCondition(condition: Condition, context: FactContext, path: string): void {
  let nodes = 0
  const walk = (node: Condition, at: string, depth: number): void => {
    nodes += 1
    if (depth > DEPTH) throw fault('too-deep', at, depth, `${DEPTH} levels`)
    if (nodes > NODES) throw fault('too-large', path, nodes, `${NODES} nodes`)
    if (typeof node !== 'object' || node === null) throw wrongType(at, node, 'a condition')
    if ('fact' in node) checkComparison(node, context, at)
    else
      for (const [i, part] of partsOf(node, at).entries())
        walk(part, `${at}.of${node.condition === 'not' ? '' : `[${i}]`}`, depth + 1)
  }
  walk(condition, path, 0)
}

function partsOf(node: Exclude<Condition, Comparison>, path: string): readonly Condition[] {
  if (node.condition === 'not') return [node.of]
  if (!['all', 'any', 'some-of'].includes(node.condition))
    throw unknownName(`${path}.condition`, node.condition, WORDS)
  if (!Array.isArray(node.of) || node.of.length === 0)
    throw wrongType(`${path}.of`, node.of, 'one condition or more')
  if (
    node.condition === 'some-of' &&
    !(Number.isSafeInteger(node.k) && node.k >= 1 && node.k <= node.of.length)
  ) {
    throw fault('out-of-range', `${path}.k`, node.k, `1 to ${node.of.length}`)
  }
  return node.of
}

const ORDERED = ['gte', 'gt', 'lte', 'lt', 'between']
const WORDS = [...ORDERED, 'is', 'in', 'all', 'any', 'not', 'some-of']
const FACTS = ['count', 'sum', 'last', 'time-since', 'attribute']

const wrongType = (path: string, value: unknown, expected: string) =>
  fault('wrong-type', path, value, expected)

/** Checks a fact: its event, fields, role, filter and window. */
export function checkFact(fact: Fact, { events, calendar }: FactContext, path: string): void {
  if (fact.fact === 'attribute') {
    const profile = Object.hasOwn(events, 'attribute-set') ? events['attribute-set']! : {}
    checkName(Object.keys(profile), fact.attribute, `${path}.attribute`)
    return
  }
  checkName(FACTS, fact.fact, `${path}.fact`)
  for (const [i, type] of eventsOf(fact).entries())
    checkName(Object.keys(events), type, `${path}.${i === 0 ? 'event' : 'orSince'}`)
  const fields = events[fact.event]!
  const named = Object.keys(fields)
  if ('field' in fact) {
    const wanted = named.filter((name) =>
      fact.fact === 'sum' ? isAmount(fields[name]!) : fields[name]!.type !== 'detail',
    )
    checkName(wanted, fact.field, `${path}.field`)
  }
  if (fact.as !== undefined) {
    for (const type of eventsOf(fact)) {
      const roles = Object.values(events[type]!).flatMap((field) =>
        field.type === 'ref' ? [field.role] : [],
      )
      checkName(roles, fact.as, `${path}.as`)
    }
  }
  for (const [name, value] of Object.entries(fact.where ?? {})) {
    checkName(named, name, `${path}.where`)
    for (const one of Array.isArray(value) ? value : [value])
      checkOperand(fields[name]!, one, `${path}.where.${name}`)
  }
  if ('within' in fact && fact.within !== undefined) {
    const within = checkDuration(fact.within, `${path}.within`)
    calendarFor(within, fact.calendar, { events, calendar })
  }
}

const isAmount = (field: Field) => field.type === 'integer' || field.type === 'money'

function checkComparison(node: Comparison, context: FactContext, path: string): void {
  const { fact } = node
  if (typeof fact !== 'object' || fact === null) throw wrongType(`${path}.fact`, fact, 'a fact')
  checkFact(fact, context, `${path}.fact`)
  const field = fieldOf(fact, context.events)
  const ordered = ORDERED.includes(node.condition)
  if (!ordered && node.condition !== 'is' && node.condition !== 'in')
    throw unknownName(`${path}.condition`, node.condition, WORDS)
  if (fact.fact === 'time-since') {
    if (!ordered) throw notComparable(node, `${path}.condition`)
    for (const [key, duration] of operandsOf(node)) {
      calendarFor(checkDuration(duration, `${path}.${key}`), fact.calendar, context)
    }
    return
  }
  if (ordered && !isNumberLike(field)) throw wrongType(`${path}.condition`, node.condition, 'is | in')
  for (const [key, operand] of operandsOf(node)) checkOperand(field, operand, `${path}.${key}`)
}

function operandsOf(node: Comparison): readonly (readonly [string, Operand])[] {
  if (node.condition === 'between')
    return [
      ['low', node.low],
      ['high', node.high],
    ]
  if (node.condition === 'in') {
    if (!Array.isArray(node.values)) return [['values', node.values as never]]
    return node.values.map((value, i) => [`values[${i}]`, value] as const)
  }
  return [['value', node.value]]
}

function checkOperand(field: Field, operand: Operand, path: string): void {
  if (field.type === 'text' && field.oneOf && typeof operand === 'string' && !field.oneOf.includes(operand)) {
    throw unknownName(path, operand, field.oneOf)
  }
  if (!fits(field, operand)) {
    const expected = field.type === 'money' ? `decimal text in ${field.currency}` : field.type
    throw wrongType(path, operand, expected)
  }
}
