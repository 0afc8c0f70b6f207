import type { Comparison, Condition, Operand } from '../condition.js'

/** What a comparison compares with. */
export function operandsIn(leaf: Comparison): readonly Operand[] {
  if (leaf.condition === 'between') return [leaf.low, leaf.high]
  return leaf.condition === 'in' ? leaf.values : [leaf.value]
}

/** The comparisons of a condition. */
export function comparisonsIn(condition: Condition): readonly Comparison[] {
  if ('fact' in condition) return [condition]
  return condition.condition === 'not' ? comparisonsIn(condition.of) : condition.of.flatMap(comparisonsIn)
}
