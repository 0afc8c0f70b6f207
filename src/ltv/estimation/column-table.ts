import { ln } from '../../kernel/elementary.js'

/** Data as columns, alike customers in one row with their number: histories of purchases, tenures of contracts, spend. */
export interface ColumnTable {
  readonly customers: number
  readonly count: Float64Array
  readonly covariates: { readonly [name: string]: Float64Array }
}

/** Whether data are such a table. */
export function isColumnTable(data: unknown): data is ColumnTable {
  if (typeof data !== 'object' || data === null) return false
  const { customers, count, covariates } = data as Partial<ColumnTable>
  return (
    typeof customers === 'number' &&
    count instanceof Float64Array &&
    typeof covariates === 'object' &&
    covariates !== null
  )
}

/** A table of some rows of another. */
export function rowsOf<T extends ColumnTable>(table: T, rows: readonly number[]): T {
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!)
  const picked: Record<string, unknown> = { ...(table as object) }
  for (const [name, column] of Object.entries(table)) {
    if (column instanceof Float64Array) picked[name] = pick(column)
  }
  picked['customers'] = (picked['count'] as Float64Array).reduce((sum, one) => sum + one, 0)
  picked['covariates'] = Object.fromEntries(
    Object.entries(table.covariates).map(([name, column]) => [name, pick(column)]),
  )
  return picked as unknown as T
}

/** Rows enough for a search to come near the answer. */
const ENOUGH = 250

/**
 * Evenly spread rows of a large table, which is sorted: a search over them costs a fraction and ends near the answer.
 * Undefined where it is not worth while.
 */
export function thinned<T extends ColumnTable>(table: T): T | undefined {
  const rows = table.count.length
  const every = Math.floor(rows / Math.max(ENOUGH, Math.sqrt(rows) * 8))
  if (every < 3) return undefined
  const from = every >> 1
  const length = Math.floor((rows - 1 - from) / every) + 1
  return rowsOf(
    table,
    Array.from({ length }, (_, i) => from + i * every),
  )
}

/**
 * What no log-likelihood of histories of purchases can be above; Infinity for other data. In discrete time it is one of
 * chances; else each purchase is at most as dense as at its customer's own mean rate, with e^50 for regularity. What is
 * above comes of overflow.
 */
export function ceilingOf(data: unknown): number {
  const { unit, customers, count, repeatCount, lastPurchaseAge } = data as {
    readonly [name: string]: unknown
  }
  if (
    !(repeatCount instanceof Float64Array) ||
    !(lastPurchaseAge instanceof Float64Array) ||
    !(count instanceof Float64Array)
  )
    return Number.POSITIVE_INFINITY
  if (unit === 'opportunity') return 1e-6 * (customers as number)
  let sum = 0
  for (const [row, x] of repeatCount.entries()) {
    if (x > 0) sum += count[row]! * x * (ln(x / lastPurchaseAge[row]!) + 50)
  }
  return Math.max(sum, 0) + 1
}
