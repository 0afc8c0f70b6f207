import type { Comparison, Condition, Operand } from '../../kernel/condition.js'
import type { Duration } from '../../kernel/duration.js'
import type { Fact, FactValue, Scalar } from '../../kernel/fact.js'
import type { Field } from '../../kernel/field.js'
import type { Instant } from '../../kernel/instant.js'
import { furthest, hiddenTimes, isOwn, isShadowed, movedBy, nearest } from './coverage.js'
import { amountIn, calendarOfFact, type OraclePast, pastOf } from './events.js'
import { countedFrom, fieldsOfWord, oracleFact, oracleShare } from './facts.js'

/** Kleene's three values: what nobody knows is neither yes nor no. */
export type OracleTruth = 'yes' | 'no' | 'unknown'

/** Whether a condition holds; a comparison with a missing value does not, and its `not` does. */
export const oracleCondition = (condition: Condition, past: OraclePast, asOf: Instant): boolean =>
  oracleTruth(condition, past, asOf) === 'yes'

/** Whether a condition holds at an instant, or cannot be known. */
export function oracleTruth(condition: Condition, past: OraclePast, asOf: Instant): OracleTruth {
  if ('fact' in condition) return comparisonTruth(condition, past, asOf)
  if (condition.condition === 'not') {
    const inside = oracleTruth(condition.of, past, asOf)
    return inside === 'unknown' ? 'unknown' : inside === 'yes' ? 'no' : 'yes'
  }
  const found = condition.of.map((part) => oracleTruth(part, past, asOf))
  const yes = found.filter((one) => one === 'yes').length
  const possible = found.filter((one) => one !== 'no').length
  const needed = 'k' in condition ? condition.k : condition.condition === 'all' ? found.length : 1
  return yes >= needed ? 'yes' : possible < needed ? 'no' : 'unknown'
}

function comparisonTruth(condition: Comparison, whole: OraclePast, asOf: Instant): OracleTruth {
  const { fact } = condition
  const past = pastOf(fact, whole)
  const value = oracleFact(fact, past, asOf)
  const plain = value !== null && compared(condition, value, past, asOf)
  if (!isShadowed(fact, past, asOf)) return plain ? 'yes' : 'no'
  if (fact.fact === 'time-since') return runningTruth(condition, fact, past, asOf)
  return isSettled(condition, value, past, asOf) ? (plain ? 'yes' : 'no') : 'unknown'
}

function compared(condition: Comparison, value: Scalar, past: OraclePast, asOf: Instant): boolean {
  const { fact } = condition
  if (fact.fact === 'time-since') {
    const [first, second] = reachedIn(condition, value as Instant, past)
    return ordered(condition, (i) => asOf - (i === 0 ? first! : second!))
  }
  if (fact.fact === 'ratio') {
    const [numerator, denominator] = oracleShare(fact, past, asOf)!
    return ordered(condition, (i) => {
      const [above, below] = fractionOf(operandsOf(condition)[i] as string)
      return Number(numerator * below - above * denominator)
    })
  }
  const field = fieldOf(fact, past)
  const isNumber = field === undefined || ['integer', 'money', 'instant'].includes(field.type)
  const same = (operand: Scalar) =>
    isNumber ? BigInt(value as number) === numberIn(field, operand) : value === operand
  if (condition.condition === 'is') return same(condition.value)
  if (condition.condition === 'in') return condition.values.some(same)
  return ordered(condition, (i) => {
    const difference = BigInt(value as number) - numberIn(field, operandsOf(condition)[i]!)
    return Number(difference)
  })
}

/** Answers by the sign of the difference to each operand. */
function ordered({ condition }: Comparison, difference: (operand: number) => number): boolean {
  switch (condition) {
    case 'gte':
      return difference(0) >= 0
    case 'gt':
      return difference(0) > 0
    case 'lte':
      return difference(0) <= 0
    case 'lt':
      return difference(0) < 0
    case 'between':
      return difference(0) >= 0 && difference(1) <= 0
    default:
      return false
  }
}

/** What a comparison compares with. */
export function operandsOf(condition: Comparison): readonly Operand[] {
  if (condition.condition === 'between') return [condition.low, condition.high]
  return condition.condition === 'in' ? condition.values : [condition.value]
}

/** When the durations of a comparison are reached. */
export const reachedIn = (condition: Comparison, since: Instant, past: OraclePast): readonly Instant[] =>
  operandsOf(condition).map((duration) =>
    calendarOfFact(condition.fact as { calendar?: never }, past).add(since, duration as Duration),
  )

/** An operand as the number that a fact's value is compared with. */
function numberIn(field: Field | undefined, operand: Operand): bigint {
  if (field !== undefined) return amountIn(field, operand)!
  if (typeof operand !== 'object') return BigInt(operand as number)
  const { seconds = 0, minutes = 0, hours = 0 } = operand as { [unit: string]: number }
  return BigInt(((hours * 60 + minutes) * 60 + seconds) * 1000)
}

/** Decimal text or a fraction. */
function fractionOf(text: string): readonly [bigint, bigint] {
  const [above = '', below = '1'] = text.split('/')
  const [whole = '', decimals = ''] = above.split('.')
  return [BigInt(whole + decimals), BigInt(below + '0'.repeat(decimals.length))]
}

/** The field whose values a fact says; `undefined` for numbers that belong to none. */
function fieldOf(fact: Fact, past: OraclePast): Field | undefined {
  const { events } = past.scope
  switch (fact.fact) {
    case 'sum':
    case 'min':
    case 'max':
    case 'first':
    case 'last':
      return events[fact.event]![fact.field]!
    case 'attribute':
      return events['attribute-set']![fact.attribute]!
    case 'anniversary':
      return { type: 'boolean' }
    case 'says':
      return fieldsOfWord(fact, past)[0]![2]
    default:
      return undefined
  }
}

/** Time since what was seen last or what a gap hid: known where it makes no difference which of them it was. */
function runningTruth(
  condition: Comparison,
  fact: Extract<Fact, { fact: 'time-since' }>,
  past: OraclePast,
  asOf: Instant,
): OracleTruth {
  const seen = countedFrom(fact, past)
  const hidden = hiddenTimes(fact, past, asOf)
  const earliest = isOwn(seen, fact, past)
    ? seen!.occurredAt
    : Math.min(seen?.occurredAt ?? Infinity, ...hidden.map(({ first }) => first))
  const latest = Math.max(seen?.occurredAt ?? -Infinity, ...hidden.map(({ last }) => last))
  const calendar = calendarOfFact(fact, past)
  const [first, second] = operandsOf(condition) as readonly Duration[]
  const near = (span: Duration) => nearest(calendar, earliest, span)
  const far = (span: Duration) => furthest(calendar, latest, span)
  const isOpen = hidden.some(({ open }) => open)
  const known = (answer: boolean) => (answer ? (seen === undefined ? 'unknown' : 'yes') : 'no')
  if (condition.condition === 'between') {
    if (asOf < near(first!)) return 'no'
    if (isOpen) return 'unknown'
    if (asOf > far(second!)) return 'no'
    return asOf >= far(first!) && asOf <= near(second!) ? known(true) : 'unknown'
  }
  const isLong = ['gte', 'gt'].includes(condition.condition)
  const strict = ['gt', 'lte'].includes(condition.condition)
  if (strict ? asOf <= near(first!) : asOf < near(first!)) return known(!isLong)
  if (isOpen) return 'unknown'
  return (strict ? asOf > far(first!) : asOf >= far(first!)) ? known(isLong) : 'unknown'
}

/** Whether events that nobody saw could not turn a comparison, though they could move the value. */
function isSettled(condition: Comparison, value: FactValue, past: OraclePast, asOf: Instant): boolean {
  if (value === null) return false
  const { fact } = condition
  const moved = movedBy(fact)
  if (moved === undefined) return false
  const field = fieldOf(fact, past)
  const now = compared(condition, value, past, asOf)
  // The answer changes only at an operand or next to one: so these stand for all values there could be.
  const others = operandsOf(condition).flatMap((operand) => {
    const at = Number(numberIn(field, operand))
    return [at - 1, at, at + 1]
  })
  return others
    .filter((other) => (moved === 'raise' ? other > (value as number) : other < (value as number)))
    .every((other) => compared(condition, other, past, asOf) === now)
}
