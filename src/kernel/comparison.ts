import type { Comparison, Operand } from './condition.js'
import { minorDigits } from './currency.js'
import { type Duration, exactLength } from './duration.js'
import { fault } from './errors.js'
import {
  calendarFor,
  type Fact,
  type FactContext,
  type Measure,
  type Scalar,
  type Track,
  type Tracker,
} from './fact.js'
import { reachOf } from './facts/reach.js'
import { isNumberLike } from './field.js'
import type { Instant } from './instant.js'
import { parseMinor } from './money.js'
import { parseRatio } from './rational.js'

/** Comparisons by size. */
export const ORDERED: readonly string[] = ['gte', 'gt', 'lte', 'lt', 'between']

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

/** What a comparison of a fact means. */
export function testOf(condition: Comparison, tracker: Tracker, context: FactContext): Test {
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
    return ([of, to, unit]: readonly [number, number, number]) => {
      const difference = BigInt(of) * BigInt(denominator) - BigInt(numerator) * BigInt(to) * BigInt(unit)
      const sign = difference > 0n ? 1 : difference < 0n ? -1 : 0
      return to < 0 ? -sign : sign
    }
  }
  const test = (holds: (both: readonly [number, number, number]) => boolean): Test => ({
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

/** The fault of a comparison that does not go with its fact. */
export const notComparable = ({ condition }: Comparison, path = '$') =>
  fault('wrong-type', path, condition, ORDERED.join(' | '))
