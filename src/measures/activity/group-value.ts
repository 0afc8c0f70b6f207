import { fault } from '../../kernel/errors.js'

/** The value of a field by which results are broken down; of events without the field it is `null`. */
export type GroupValue = string | number | boolean | null

/** By code unit, as everywhere. */
export const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** By type and value; what has none comes last. */
export function compareGroupValues(a: GroupValue, b: GroupValue): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a !== typeof b) return byUnits(typeof a, typeof b)
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * For each value its place in the order of results. Values are numbered as they come; what two shards meet in another order they
 * number otherwise, so that ties between values are settled by their ranks.
 */
export function ranksOf(values: readonly GroupValue[]): readonly number[] {
  const sorted = [...values].sort(compareGroupValues)
  const ranks = new Map(sorted.map((value, rank) => [value, rank]))
  return values.map((value) => ranks.get(value)!)
}

/** Refuses what no field of an event holds. */
export function checkGroupValue(value: unknown, path: string): asserts value is GroupValue {
  if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
    throw fault('wrong-type', path, value, 'text, a number, true, false or null')
}
