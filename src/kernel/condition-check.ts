import { type CalendarDefinition, calendarOf } from './calendar.js'
import { notComparable, ORDERED } from './comparison.js'
import type { Comparison, Condition, Operand } from './condition.js'
import { checkDuration } from './duration.js'
import { checkKeys, fault, unknownName } from './errors.js'
import { calendarFor, type Fact, type FactContext, kindOfChecked, type Measure, measureOf } from './fact.js'
import { checkExact, checkValue } from './facts/scope.js'
import { isNumberLike } from './field.js'
import { own } from './plain.js'
import { parseRatio } from './rational.js'

const DEPTH = 32
const NODES = 1000

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
    const known = typeof node.condition === 'string' ? own(KEYS, node.condition) : undefined
    if (known !== undefined) checkKeys(node, known, at)
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

const KEYS: { readonly [condition: string]: readonly string[] } = {
  gte: ['condition', 'fact', 'value'],
  gt: ['condition', 'fact', 'value'],
  lte: ['condition', 'fact', 'value'],
  lt: ['condition', 'fact', 'value'],
  is: ['condition', 'fact', 'value'],
  in: ['condition', 'fact', 'values'],
  between: ['condition', 'fact', 'low', 'high'],
  all: ['condition', 'of'],
  any: ['condition', 'of'],
  not: ['condition', 'of'],
  'some-of': ['condition', 'k', 'of'],
}
const WORDS = Object.keys(KEYS)

const wrongType = (path: string, value: unknown, expected: string) =>
  fault('wrong-type', path, value, expected)

/** Checks a fact: its names, its filter, its window. @throws DefinitionError */
export function checkFact(fact: Fact, context: FactContext, path: string): void {
  kindOfChecked(fact, context.kinds, path).check(fact, context, path)
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
  if (node.condition === 'in') return node.values.map((value, i) => [`values[${i}]`, value] as const)
  return [['value', node.value]]
}
