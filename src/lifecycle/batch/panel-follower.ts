import { fault } from '../../kernel/errors.js'
import type { Instant, Json, Periods } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { addWay, type FlowTotals } from './flow-totals.js'
import { type Follower, NOBODY, type Rows, stageAt } from './follower.js'

/** The states of a panel: stages, or stages by how long nothing was heard. */
export interface PanelStates {
  readonly names: readonly string[]
  /** The stage of each. */
  readonly stageOf: readonly string[]
  /** By stage, the number of its first state, and how many more periods of silence it tells apart. */
  readonly first: readonly number[]
  readonly cap: readonly number[]
}

/** Where somebody stood when the running period began, and when the one before it did. */
interface PanelRows extends Rows {
  readonly inner: Rows
  start: Uint16Array
  before: Uint16Array
}

/** Nobody yet. */
export const NO_STATE = 65_535
const MOST_PERIODS = 200_000

/** Follows people as another follower does, and counts how they go through each period. */
export interface PanelFollower extends Follower {
  /** Goes through all periods that are over by an instant; the rows given stay as they are. */
  close(rows: Rows, count: number, until: Instant, totals: FlowTotals): void
}

/** A person's way through a period as one number. */
const wayOf = (states: number, before: number, from: number, to: number): number => {
  const number = (state: number) => (state === NO_STATE ? 0 : state + 1)
  return (number(before) * (states + 1) + number(from)) * states + to
}

/** The parts of a way. */
export function partsOfWay(states: number, way: number): readonly [before: number, from: number, to: number] {
  const both = Math.floor(way / states)
  const state = (number: number) => (number === 0 ? NO_STATE : number - 1)
  const before = Math.floor(both / (states + 1))
  return [state(before), state(both - before * (states + 1)), way - both * states]
}

export function panelFollower(base: Follower, states: PanelStates, periods: Periods): PanelFollower {
  const { first, cap, names } = states
  const stateAt = (rows: PanelRows, row: number, period: number): number => {
    const stage = stageAt(rows.inner, row)
    const most = cap[stage]!
    if (most === 0) return first[stage]!
    const silent = period - periods.latestBy(base.activeAtOf(rows.inner, row))
    return first[stage]! + Math.min(Math.max(silent, 0), most)
  }

  /** Goes through the periods from the one of the last input up to another. */
  const closed = (rows: PanelRows, row: number, until: number, totals: FlowTotals): void => {
    const from = periods.latestBy(base.lastOf(rows.inner, row))
    if (until - from > MOST_PERIODS)
      throw fault('too-large', '$.period', periods.unit, `up to ${MOST_PERIODS} periods of one person`)
    for (let period = from; period < until; period++) {
      base.advance(rows.inner, row, periods.startOf(period + 1) - 1, totals)
      const state = stateAt(rows, row, period)
      addWay(totals, period, wayOf(names.length, rows.before[row]!, rows.start[row]!, state))
      rows.before[row] = rows.start[row]!
      rows.start[row] = state
    }
  }

  const shown = (rows: PanelRows): PanelRows => {
    rows.marks = rows.inner.marks
    rows.since = rows.inner.since
    return rows
  }
  const around = (inner: Rows, size: number): PanelRows => ({
    inner,
    marks: inner.marks,
    since: inner.since,
    start: new Uint16Array(size).fill(NO_STATE),
    before: new Uint16Array(size).fill(NO_STATE),
  })
  const reserve = (given: Rows, count: number): void => {
    const rows = given as PanelRows
    base.reserve(rows.inner, count)
    shown(rows)
    const size = rows.marks.length
    if (rows.start.length === size) return
    for (const name of ['start', 'before'] as const) {
      const more = new Uint16Array(size).fill(NO_STATE)
      more.set(rows[name])
      rows[name] = more
    }
  }
  const inner = (rows: Rows): Rows => (rows as PanelRows).inner

  return {
    path: base.path,
    noRows: () => around(base.noRows(), 0),
    reserve,
    typeOf: base.typeOf,
    reads: base.reads,
    lastOf: (rows, row) => base.lastOf(inner(rows), row),
    activeAtOf: (rows, row) => base.activeAtOf(inner(rows), row),
    advance: (rows, row, until, totals, note) => base.advance(inner(rows), row, until, totals, note),
    hear(given, row, type, event, subject, totals, note) {
      const rows = given as PanelRows
      if (stageAt(rows, row) !== NOBODY) closed(rows, row, periods.latestBy(event.occurredAt), totals)
      base.hear(rows.inner, row, type, event, subject, totals, note)
      shown(rows)
    },
    coming: (rows, row, at) => base.coming(inner(rows), row, at),
    standing: (rows, count, until, totals) => base.standing(inner(rows), count, until, totals),
    close(given, count, until, totals) {
      const rows = given as PanelRows
      const end = periods.latestBy(until)
      const scratch = around(base.noRows(), 0)
      reserve(scratch, 1)
      for (let row = 0; row < count; row++) {
        if (stageAt(rows, row) === NOBODY) continue
        copyRow(rows, row, scratch, 0)
        closed(scratch, 0, end, totals)
      }
    },
    copyRow,
    clear(given, row) {
      const rows = given as PanelRows
      base.clear(rows.inner, row)
      rows.start[row] = NO_STATE
      rows.before[row] = NO_STATE
    },
    rowsToJson(given, count): Json {
      const { start, before, inner: rows } = given as PanelRows
      const list = (column: Uint16Array) => Array.from(column.subarray(0, count))
      return { rows: base.rowsToJson(rows, count), start: list(start), before: list(before) }
    },
    rowsFromJson(json, count, path) {
      if (!isRecord(json)) throw fault('wrong-type', path, json, 'rows that were collected')
      const rows = around(base.rowsFromJson(json['rows'], count, `${path}.rows`), 0)
      for (const name of ['start', 'before'] as const) {
        const list = json[name]
        if (!Array.isArray(list) || list.length !== count || !list.every(isState))
          throw fault('wrong-type', `${path}.${name}`, list, `${count} states`)
        const column = new Uint16Array(rows.marks.length).fill(NO_STATE)
        column.set(list as number[])
        rows[name] = column
      }
      return rows
    },
    checkRows(given, count) {
      const { inner: rows, start, before, marks, since } = given as PanelRows
      base.checkRows(rows, count)
      const holds =
        [start, before].every((column) => column instanceof Uint16Array && column.length >= count) &&
        marks?.length === rows.marks.length &&
        since?.length === rows.since.length
      if (!holds) throw fault('malformed-state', '$.rows', given, 'rows that were collected')
      // What was cloned holds the same columns twice.
      shown(given as PanelRows)
      for (let row = 0; row < count; row++)
        if (!isState(start[row]) || !isState(before[row]))
          throw fault('malformed-state', `$.rows.start[${row}]`, start[row], 'a state')
    },
  }

  function isState(value: unknown): boolean {
    if (value === NO_STATE) return true
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) < names.length
  }

  function copyRow(source: Rows, row: number, target: Rows, place: number): void {
    const [from, to] = [source as PanelRows, target as PanelRows]
    base.copyRow(from.inner, row, to.inner, place)
    to.start[place] = from.start[row]!
    to.before[place] = from.before[row]!
  }
}
