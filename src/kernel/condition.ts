import { type CalendarDefinition, calendarOf } from './calendar.js'
import { minorDigits } from './currency.js'
import { checkDuration, type Duration, exactLength } from './duration.js'
import { fault, unknownName } from './errors.js'
import {
  calendarFor,
  type Fact,
  type FactContext,
  type FactSet,
  type FactValue,
  kindOfFact,
  type Measure,
  measureOf,
  type Scalar,
  type Track,
  type Tracker,
} from './fact.js'
import { reachOf } from './facts/reach.js'
import { checkExact, checkValue } from './facts/scope.js'
import { isNumberLike, valueOfNumber } from './field.js'
import { type Instant, lastInstant } from './instant.js'
import { parseMinor } from './money.js'
import { parseRatio } from './rational.js'

/**
 * What a fact is compared with: a number, decimal text for money, text, true or false, a duration for what takes time,
 * decimal text or a fraction for a share.
 */
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
  /** It does not hold because nobody knows: a gap in tracking could hide what would decide it. */
  readonly notObserved?: true
  /**
   * What the fact said: money as decimal text, `time-since` as the instant it counts from, lengths in milliseconds,
   * `null` when there is none.
   */
  readonly observed?: FactValue
  readonly parts?: readonly Verdict[]
}

/** The leaves of a verdict that decided it, with the numbers read; ten at most. */
export interface ReasonLeaf {
  readonly condition: Comparison
  readonly holds: boolean
  readonly notObserved?: true
  readonly observed: FactValue
}

const LEAVES = 10
const DEPTH = 32
const NODES = 1000

/** Whether a condition holds: no, nobody knows, yes. Of several, all have the least of them, and any the greatest. */
type Truth = 0 | 1 | 2

const NO = 0
const UNKNOWN = 1
const YES = 2

/** A condition, compiled against the tracks of a fact set. */
export interface CompiledCondition {
  readonly condition: Condition
  /** 0 it does not, 1 it is not observed, 2 it does. */
  truth(tracks: readonly Track[], asOf: Instant): Truth
  holds(tracks: readonly Track[], asOf: Instant): boolean
  /** Next instant after `asOf` at which its truth may come to be, or cease to be, `level` or more; 2 unless told. */
  nextStep(tracks: readonly Track[], asOf: Instant, level?: 1 | 2): Instant | undefined
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
  const { truth, nextStep } =
    condition.condition === 'not' ? negated(parts[0]!) : enoughOf(parts, neededOf(condition))
  return {
    condition,
    truth,
    nextStep,
    holds: (tracks, asOf) => truth(tracks, asOf) === YES,
    verdict: (tracks, asOf) => ({
      condition,
      ...said(truth(tracks, asOf)),
      parts: parts.map((part) => part.verdict(tracks, asOf)),
    }),
  }
}

const said = (truth: Truth): Pick<Verdict, 'holds' | 'notObserved'> =>
  truth === UNKNOWN ? { holds: false, notObserved: true } : { holds: truth === YES }

type Joined = Pick<CompiledCondition, 'truth' | 'nextStep'>

const negated = (part: CompiledCondition): Joined => ({
  truth: (tracks, asOf) => (YES - part.truth(tracks, asOf)) as Truth,
  // It holds where its part does not, and is at least unknown where its part does not hold for sure.
  nextStep: (tracks, asOf, level = YES) => part.nextStep(tracks, asOf, level === YES ? UNKNOWN : YES),
})

/** How many have to hold. */
const neededOf = (node: Extract<Condition, { readonly of: readonly Condition[] }>): number =>
  node.condition === 'any' ? 1 : node.condition === 'some-of' ? node.k : node.of.length

function enoughOf(parts: readonly CompiledCondition[], enough: number): Joined {
  return {
    truth(tracks, asOf) {
      let held = 0
      let unknown = 0
      for (let i = 0; i < parts.length; i++) {
        if (held + unknown + parts.length - i < enough) return NO
        const truth = parts[i]!.truth(tracks, asOf)
        if (truth === YES) held += 1
        else if (truth === UNKNOWN) unknown += 1
        if (held >= enough) return YES
      }
      return held + unknown >= enough ? UNKNOWN : NO
    },
    /**
     * Where too few parts hold, so many more have to step; where enough do, all but too few. A birthday that comes
     * every year is not looked at while another part cannot hold.
     */
    nextStep(tracks, asOf, level = YES) {
      const holding = parts.map((part) => part.truth(tracks, asOf) >= level)
      const held = holding.filter((one) => one).length
      const holds = held >= enough
      const needed = holds ? held - enough + 1 : enough - held
      const steps: Instant[] = []
      const moving = parts.filter((_, i) => holding[i] === holds)
      for (let i = 0; i < moving.length; i++) {
        const step = moving[i]!.nextStep(tracks, asOf, level)
        if (step !== undefined) steps.push(step)
        else if (moving.length - (i + 1 - steps.length) < needed) return undefined
      }
      return steps.sort((a, b) => a - b)[needed - 1]
    },
  }
}

function compileComparison(condition: Comparison, facts: FactSet, context: FactContext): CompiledCondition {
  const { fact } = condition
  const place = facts.place(fact)
  const tracker = facts.trackers[place]!
  const test = testOf(condition, tracker, context)
  const plainly = (track: Track, asOf: Instant): Truth => {
    const value = tracker.value(track, asOf)
    return value !== null && test.holds(value, asOf, track) ? YES : NO
  }
  const truth = (tracks: readonly Track[], asOf: Instant): Truth => {
    const found = plainly(tracks[place]!, asOf)
    const hiding = facts
      .shadows(place, tracks)
      ?.filter(({ shadow: [from, until] }) => from <= asOf && asOf < until)
    if (hiding === undefined || hiding.length === 0) return found
    // Events that nobody saw may still be of no account.
    const track = tracks[place]!
    const value = tracker.value(track, asOf)
    if (test.always !== undefined) {
      // The last one may be any that a gap hid; where its own event was seen, none before that.
      const least = value === null || tracker.eitherWay?.(track) ? hiding.map(({ gap }) => gap.from) : []
      const seen = value === null ? [] : [value as Instant]
      const most = Math.max(...seen, ...hiding.map(({ gap }) => gap.to - 1))
      const answer = test.always(Math.min(...seen, ...least), most, asOf)
      return answer === undefined || (value === null && answer) ? UNKNOWN : answer ? YES : NO
    }
    return value !== null && test.settled?.(value, asOf) ? found : UNKNOWN
  }
  return {
    condition,
    truth,
    holds: (tracks, asOf) => truth(tracks, asOf) === YES,
    nextStep(tracks, asOf) {
      const track = tracks[place]!
      let least: Instant | undefined
      const step = (at: Instant | undefined) => {
        if (at !== undefined && at > asOf && at < Infinity) least = earlier(least, at)
      }
      const shadows = facts.shadows(place, tracks) ?? []
      for (const { shadow } of shadows) for (const at of shadow) step(at)
      if (test.steps) {
        const value = tracker.value(track, asOf)
        if (value !== null) for (const at of test.steps(value as Instant)) step(at)
        // Over gaps it changes where all that they could hide is reached, or the first of it.
        const seen = value === null ? [] : [value as Instant]
        const firsts = [...seen, ...shadows.map(({ gap }) => gap.from)]
        const lasts = [...seen, ...shadows.map(({ gap }) => Math.min(gap.to - 1, lastInstant))]
        if (shadows.length > 0)
          for (const from of firsts)
            for (const to of lasts) for (const at of test.bounds?.(from, to) ?? []) step(at)
      } else if (test.intervals === undefined || tracker.crossing === undefined || shadows.length > 0) {
        // Over gaps it matters also whether there is a value at all.
        step(tracker.nextStep(track, asOf))
      } else for (const [low, high] of test.intervals) step(tracker.crossing(track, asOf, low, high))
      return least
    },
    verdict(tracks, asOf) {
      const value = tracker.value(tracks[place]!, asOf)
      return { condition, ...said(truth(tracks, asOf)), observed: shownOf(tracker.measure, value) }
    },
  }
}

/** A value as people read it. */
const shownOf = (measure: Measure, value: FactValue): FactValue =>
  measure.type === 'money' && typeof value === 'number' ? valueOfNumber(measure, value) : value

/** A comparison, made ready. */
export interface Test {
  holds(value: Scalar, asOf: Instant, track: Track): boolean
  /** Values for which it holds, as closed intervals of integers. */
  readonly intervals?: readonly (readonly [number, number])[]
  /** Instants at which the answer may change, for what runs. */
  steps?(value: Instant): readonly Instant[]
  /** Whether no event that nobody saw could turn the answer. */
  settled?(value: Scalar, asOf: Instant): boolean
  /** Of what runs: the answer for every instant from one to another that it may count from, where it is one. */
  always?(from: Instant, to: Instant, asOf: Instant): boolean | undefined
  /** And when that may change. */
  bounds?(from: Instant, to: Instant): readonly Instant[]
}

function testOf(condition: Comparison, tracker: Tracker, context: FactContext): Test {
  const { fact, measure, hiddenEvents } = tracker
  if (fact.fact === 'time-since') return sinceTest(condition, fact, context)
  if (measure.type === 'ratio') return ratioTest(condition, tracker)
  const test = valueTest(condition, measure)
  // Both answers will do: no birthday ever changes that.
  if (fact.fact === 'anniversary' && test.holds(true, 0, 0) && test.holds(false, 0, 0))
    return { ...test, steps: () => [] }
  if (hiddenEvents === undefined || test.intervals === undefined) return test
  // Of what can only grow, what is above every bound stays there, and so does what is between a bound and no other.
  const intervals = test.intervals.filter(([low, high]) => low <= high)
  const settled =
    hiddenEvents === 'raise'
      ? (value: Scalar) =>
          intervals.every(
            ([low, high]) => (value as number) > high || (high === Infinity && (value as number) >= low),
          )
      : (value: Scalar) =>
          intervals.every(
            ([low, high]) => (value as number) < low || (low === -Infinity && (value as number) <= high),
          )
  return { ...test, intervals, settled }
}

function sinceTest(
  condition: Comparison,
  fact: Extract<Fact, { fact: 'time-since' }>,
  context: FactContext,
): Test {
  const reached = (operand: Operand) => {
    const duration = operand as Duration
    return reachOf(duration, calendarFor(duration, fact.calendar, context))
  }
  if (condition.condition === 'between') {
    const low = reached(condition.low)
    const high = reached(condition.high)
    return {
      holds: (value, asOf) => asOf >= low(value as Instant) && asOf <= high(value as Instant),
      steps: (value) => [low(value), high(value) + 1],
      bounds: (from, to) => [
        low.earliest(from),
        low.latest(to),
        high.earliest(from) + 1,
        high.latest(to) + 1,
      ],
      always(from, to, asOf) {
        if (asOf < low.earliest(from)) return false
        // While a gap is open, the last one may be of this moment.
        if (to === Infinity) return undefined
        if (asOf > high.latest(to)) return false
        return asOf >= low.latest(to) && asOf <= high.earliest(from) ? true : undefined
      },
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
    bounds: (from, to) => [at.earliest(from) + late, at.latest(to) + late],
    always(from, to, asOf) {
      if (asOf < at.earliest(from) + late) return !afterwards
      return to < Infinity && asOf >= at.latest(to) + late ? afterwards : undefined
    },
  }
}

/** Compares a share with a fraction by multiplying crosswise, so that nothing is rounded. */
function ratioTest(condition: Comparison, { parts }: Tracker): Test {
  const against = (operand: Operand) => {
    const { numerator, denominator } = parseRatio(operand as string, '$.value')
    return ([of, to]: readonly [number, number]) => {
      const difference = BigInt(of) * BigInt(denominator) - BigInt(numerator) * BigInt(to)
      const sign = difference > 0n ? 1 : difference < 0n ? -1 : 0
      return to < 0 ? -sign : sign
    }
  }
  const test = (holds: (both: readonly [number, number]) => boolean): Test => ({
    holds: (_, asOf, track) => holds(parts!(track, asOf)!),
  })
  switch (condition.condition) {
    case 'between': {
      const low = against(condition.low)
      const high = against(condition.high)
      return test((both) => low(both) >= 0 && high(both) <= 0)
    }
    case 'is':
    case 'in':
      throw notComparable(condition)
  }
  const compare = against(condition.value)
  switch (condition.condition) {
    case 'gte':
      return test((both) => compare(both) >= 0)
    case 'gt':
      return test((both) => compare(both) > 0)
    case 'lte':
      return test((both) => compare(both) <= 0)
    case 'lt':
      return test((both) => compare(both) < 0)
  }
}

/** What a comparison with a value means. */
export function valueTest(condition: Comparison, measure: Measure): Test {
  const number = (operand: Operand): number =>
    measure.type === 'money'
      ? parseMinor(operand as string, minorDigits(measure.currency))!
      : measure.type === 'span'
        ? exactLength(operand as Duration)!
        : (operand as number)
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
      const values = given.map((one) => (isNumberLike(measure) ? number(one) : one))
      const holds = (value: Scalar) => values.includes(value)
      return isNumberLike(measure)
        ? { holds, intervals: values.map((one) => [one as number, one as number]) }
        : { holds }
    }
  }
}

const notComparable = ({ condition }: Comparison, path = '$') =>
  fault('wrong-type', path, condition, ORDERED.join(' | '))

/** The comparisons that made a verdict what it is, ten at most. */
export function leavesOf(verdict: Verdict): readonly ReasonLeaf[] {
  const leaves: ReasonLeaf[] = []
  const walk = (
    { condition, holds, notObserved, observed = null, parts = [] }: Verdict,
    wanted: boolean,
  ): void => {
    if (leaves.length === LEAVES) return
    if ('fact' in condition) leaves.push({ condition, holds, ...(notObserved && { notObserved }), observed })
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
  checkShape(condition, path, (node, at) => checkComparison(node, context, at))
}

/** Checks depth, size and what joins; what is compared is for the caller to look at. @throws DefinitionError */
export function checkShape(
  condition: Condition,
  path: string,
  compared: (node: Comparison, path: string) => void,
): void {
  let nodes = 0
  const walk = (node: Condition, at: string, depth: number): void => {
    nodes += 1
    if (depth > DEPTH) throw fault('too-deep', at, depth, `${DEPTH} levels`)
    if (nodes > NODES) throw fault('too-large', path, nodes, `${NODES} nodes`)
    if (typeof node !== 'object' || node === null) throw wrongType(at, node, 'a condition')
    if ('fact' in node) compared(node, at)
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

const wrongType = (path: string, value: unknown, expected: string) =>
  fault('wrong-type', path, value, expected)

/** Checks a fact: its names, its filter, its window. @throws DefinitionError */
export function checkFact(fact: Fact, context: FactContext, path: string): void {
  const kind = kindOfFact(fact, context.kinds, path)
  const strange = Object.keys(fact).find((key) => key !== 'fact' && !kind.keys.includes(key))
  if (strange !== undefined)
    throw fault('unknown-key', `${path}.${strange}`, fact[strange as 'fact'], kind.keys.join(' | '))
  kind.check(fact, context, path)
  const { calendar } = fact as { readonly calendar?: CalendarDefinition }
  if (calendar !== undefined) calendarOf(calendar)
}

function checkComparison(node: Comparison, context: FactContext, path: string): void {
  const { fact } = node
  if (typeof fact !== 'object' || fact === null) throw wrongType(`${path}.fact`, fact, 'a fact')
  checkFact(fact, context, `${path}.fact`)
  const measure = measureOf(fact, context)
  const ordered = ORDERED.includes(node.condition)
  if (!ordered && node.condition !== 'is' && node.condition !== 'in')
    throw unknownName(`${path}.condition`, node.condition, WORDS)
  const compared = fact.fact === 'time-since' || measure.type === 'span' || measure.type === 'ratio'
  if (compared && !ordered) throw notComparable(node, `${path}.condition`)
  if (!compared && ordered && !isNumberLike(measure))
    throw wrongType(`${path}.condition`, node.condition, 'is | in')
  if (node.condition === 'in' && !(Array.isArray(node.values) && node.values.length > 0))
    throw wrongType(`${path}.values`, node.values, 'one value or more')
  for (const [key, operand] of operandsOf(node))
    checkOperand(fact, measure, operand, context, `${path}.${key}`)
}

function checkOperand(
  fact: Fact,
  measure: Measure,
  operand: Operand,
  context: FactContext,
  path: string,
): void {
  if (fact.fact === 'time-since')
    calendarFor(checkDuration(operand, path), fact.calendar as CalendarDefinition | undefined, context)
  else if (measure.type === 'span') checkExact(operand, path)
  else if (measure.type === 'ratio') {
    if (typeof operand !== 'string')
      throw wrongType(path, operand, "decimal text or a fraction, as in '0.25' or '1/3'")
    parseRatio(operand, path)
  } else checkValue(measure, operand, path)
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
