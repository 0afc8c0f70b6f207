import type { ReadColumns } from '../../kernel/columns.js'
import { fault } from '../../kernel/errors.js'
import type { AnyEvent, Instant, Json } from '../../kernel/index.js'
import type { FlowTotals, MoveNote } from './flow-totals.js'

/** What is kept by row. */
export interface Rows {
  /**
   * The number of the stage in the low byte; 255 where the row is nobody's. In the high one what was heard at the last instant and used by
   * no move, where that matters: beside the stage it costs no second look into memory.
   */
  marks: Uint16Array
  /** When it was entered. */
  since: Float64Array
}

/** No stage: nobody has this row. */
export const NOBODY = 255

/** The number of the stage of a row. */
export const stageAt = ({ marks }: Rows, row: number): number => marks[row]! & 255

/** A move that time will make. */
export interface Coming {
  /** The number of the rule; -1 of a move by hand. */
  readonly rule: number
  readonly to: number
  readonly at: Instant
}

/**
 * Follows people through their stages: the engine's `evolve` and `due`, over and over. There are two: one keeps a few numbers a
 * person, the other the engine's own states.
 */
export interface Follower {
  readonly path: 'tables' | 'states'
  noRows(): Rows
  /** Makes room for so many rows. */
  reserve(rows: Rows, count: number): void
  /** The number of a type that is heard, -1 of others. */
  typeOf(type: string): number
  /** Whether such events are read beyond their type. */
  reads(type: number): boolean
  /** The last input of a row. */
  lastOf(rows: Rows, row: number): Instant
  /** What silence is counted from. */
  activeAtOf(rows: Rows, row: number): Instant
  /** Lets time pass for a row. */
  advance(rows: Rows, row: number, until: Instant, totals: FlowTotals, note?: MoveNote): void
  /** An input of `subject`, at or after all that the row heard before: what was due comes first. */
  hear(
    rows: Rows,
    row: number,
    type: number,
    event: AnyEvent,
    subject: string,
    totals: FlowTotals,
    note?: MoveNote,
  ): void
  /** What time brings next, at `at` or later; by then the row was advanced. */
  coming(rows: Rows, row: number, at: Instant): Coming | undefined
  /** Copies of rows, as time leaves them. */
  standing(rows: Rows, count: number, until: Instant, totals: FlowTotals): Rows
  /** Copies a row to where others may go on with it. */
  copyRow(from: Rows, row: number, to: Rows, place: number): void
  /** Makes a row nobody's. */
  clear(rows: Rows, row: number): void
  rowsToJson(rows: Rows, count: number): Json
  rowsFromJson(json: unknown, count: number, path: string): Rows
  /** Refuses rows that were not made here. */
  checkRows(rows: Rows, count: number): void
  /**
   * All rows of columns, where that is faster than one by one; room was made. `codes` are the numbers of types, `rowOf` those of
   * subjects, unless they are the same. The latest instant is returned, -Infinity where nothing was heard.
   */
  hearColumns?: (
    rows: Rows,
    read: ReadColumns,
    rowOf: Int32Array | undefined,
    codes: Int32Array,
    totals: FlowTotals,
  ) => number
}

/** The fault of a row that comes after a later one of the same subject. */
export const outOfOrder = (row: number | undefined, at: Instant) =>
  fault(
    'out-of-range',
    row === undefined ? '$.occurredAt' : `$.occurredAt[${row}]`,
    at,
    'rows of a subject in order of time; sortColumns puts them so',
  )
