import { checkList, fault } from '../../kernel/errors.js'
import type { Matrix } from '../symmetric.js'

/** The most states of a chain; elimination takes the third power of it. */
const mostStates = 500

/** How far the sum of a row may be from 1. */
const tolerance = 1e-9

/**
 * Refuses what is no matrix of chances: square, nothing below 0, every row ("from") summing to 1 within 1e-9.
 *
 * Columns are "to". A matrix that somebody transposed mostly has rows that do not sum to 1, and is refused here.
 */
export function checkStochastic(matrix: unknown, path: string): asserts matrix is Matrix {
  checkRows(matrix, path)
  for (const [i, row] of matrix.entries()) checkChances(row, matrix.length, `${path}[${i}]`)
}

/** Refuses what is no list of one to 500 rows. */
export function checkRows(matrix: unknown, path: string): asserts matrix is readonly unknown[] {
  checkList(matrix, path)
  if (matrix.length === 0) throw fault('out-of-range', path, matrix, 'one state or more')
  if (matrix.length > mostStates)
    throw fault('too-large', path, matrix.length, `${mostStates} states at the most`)
}

/** Refuses a row that does not sum to 1. */
function checkChances(row: unknown, length: number, path: string): asserts row is readonly number[] {
  checkNonNegative(row, length, path)
  checkSum(row, path)
}

/** Refuses chances that do not sum to 1. */
export function checkSum(row: readonly number[], path: string): void {
  let sum = 0
  for (const chance of row) sum += chance
  if (!(Math.abs(sum - 1) <= tolerance))
    throw fault('out-of-range', path, sum, 'chances that sum to 1 within 1e-9; rows are "from"')
}

/** Refuses what is no list of so many finite numbers from 0. */
export function checkNonNegative(
  row: unknown,
  length: number,
  path: string,
): asserts row is readonly number[] {
  checkList(row, path)
  if (row.length !== length)
    throw fault('out-of-range', path, row.length, `${length} numbers, one for each state`)
  for (let j = 0; j < length; j += 1) checkAmount(row[j], `${path}[${j}]`)
}

/** Refuses what is no finite number from 0. */
export function checkAmount(value: unknown, path: string): asserts value is number {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(Number.isFinite(value) && value >= 0)) throw fault('out-of-range', path, value, 'a number from 0')
}

/** Refuses what is no list of so many finite numbers, of either sign. */
export function checkFinite(row: unknown, length: number, path: string): asserts row is readonly number[] {
  checkList(row, path)
  if (row.length !== length)
    throw fault('out-of-range', path, row.length, `${length} numbers, one for each state`)
  for (let j = 0; j < length; j += 1) {
    if (typeof row[j] !== 'number') throw fault('wrong-type', `${path}[${j}]`, row[j], 'a number')
    if (!Number.isFinite(row[j])) throw fault('out-of-range', `${path}[${j}]`, row[j], 'a finite number')
  }
}
