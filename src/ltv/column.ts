import { fault } from '../kernel/errors.js'
import { isRecord } from '../kernel/plain.js'

/**
 * Refuses what is no column of floats, or not of so many rows.
 *
 * Tables hold typed arrays, of which JSON makes objects with a key for each row, and of Infinity null: `back` says how such
 * a column comes to be one again.
 */
export function checkColumn(
  column: unknown,
  path: string,
  rows?: number,
  back = 'Float64Array.from(Object.values(column))',
): asserts column is Float64Array {
  if (!(column instanceof Float64Array)) throw fault('wrong-type', path, column, wanted(column, back))
  if (rows !== undefined && column.length !== rows)
    throw fault('out-of-range', path, column.length, `${rows} rows, as the table has`)
}

function wanted(column: unknown, back: string): string {
  if (Array.isArray(column)) return 'a Float64Array: Float64Array.from(list)'
  if (!isRecord(column) || !Object.keys(column).every((key, i) => key === String(i))) return 'a Float64Array'
  return `a Float64Array, of which JSON has made an object: ${back} is the column again, or make the table anew from what it was made of`
}
