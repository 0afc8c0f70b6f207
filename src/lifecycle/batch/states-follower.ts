import { fault } from '../../kernel/errors.js'
import { type AnyEvent, type Instant, isInstant, type Json } from '../../kernel/index.js'
import { isRecord, likenessTo } from '../../kernel/plain.js'
import type { LifecycleState, StageChanged } from '../lifecycle.js'
import { addStay, type FlowTotals, type MoveNote } from './flow-totals.js'
import { type Follower, NOBODY, type Rows, stageAt } from './follower.js'
import type { StageRules } from './stage-rules.js'

type State = LifecycleState<string>

/** The engine's own state of each person. */
interface StateRows extends Rows {
  marks: Uint16Array
  since: Float64Array
  states: (State | null)[]
  /** The last input. */
  last: Float64Array
  /** The last instant at which something happened, be it a move. */
  reached: Float64Array
}

const CHAIN = 1000

/** Follows people with the states of the engine itself: any lifecycle, at the speed of objects. */
export function statesFollower(known: StageRules, unit: number): Follower {
  const { engine, stages, types, moveSet, changed } = known
  const { model } = engine
  const names = [...types, moveSet]
  const places = new Map(names.map((type, i) => [type, i]))
  const stageNumbers = new Map(stages.map((stage, i) => [stage, i]))
  const isLikeFresh = likenessTo(JSON.parse(JSON.stringify(model.start(''))))

  const noRows = (): StateRows => ({
    marks: new Uint16Array(0),
    since: new Float64Array(0),
    states: [],
    last: new Float64Array(0),
    reached: new Float64Array(0),
  })

  const reserve = (given: Rows, count: number): void => {
    const rows = given as StateRows
    const had = rows.marks.length
    if (count <= had) return
    const size = Math.max(count, 2 * had)
    const grown = (column: Float64Array) => {
      const more = new Float64Array(size)
      more.set(column)
      return more
    }
    const marks = new Uint16Array(size).fill(NOBODY)
    marks.set(rows.marks)
    rows.marks = marks
    rows.since = grown(rows.since)
    rows.last = grown(rows.last)
    rows.reached = grown(rows.reached)
    for (let row = rows.states.length; row < size; row++) rows.states.push(null)
  }

  const settle = (
    rows: StateRows,
    row: number,
    until: Instant,
    subject: string,
    totals: FlowTotals,
    note: MoveNote | undefined,
  ): void => {
    let state = rows.states[row]!
    let at = rows.reached[row]!
    let chained = 0
    for (let due = model.due(state, at); due !== undefined && due.at <= until; due = model.due(state, at)) {
      chained = due.at === at ? chained + 1 : 0
      const { type, data } = due.make()
      if (chained > CHAIN) throw fault('never-settles', engine.id, type, 'rules that rest')
      at = due.at
      if (type === changed) {
        const { from, to, rule, reason } = data as StageChanged<string, string>['data']
        const [out, into] = [stageNumbers.get(from)!, stageNumbers.get(to)!]
        const number = rule === undefined ? -1 : known.numberOf(out, rule)
        if (number < 0) totals.byHand[out * stages.length + into]! += 1
        else totals.moves[number]! += 1
        addStay(totals.stays, out, Math.floor((at - state.since!) / unit))
        note?.(row, out, into, number, 'since' in reason ? reason.since : null, at)
      }
      state = model.evolve(state, { id: '', type, subject, occurredAt: at, data } as AnyEvent, subject)
    }
    keep(rows, row, state, at)
  }

  const keep = (rows: StateRows, row: number, state: State, at: Instant): void => {
    rows.states[row] = state
    rows.reached[row] = at
    rows.marks[row] = stageNumbers.get(state.stage)!
    rows.since[row] = state.since!
  }

  return {
    path: 'states',
    noRows,
    reserve,
    typeOf: (type) => places.get(type) ?? -1,
    reads: () => true,
    lastOf: (rows, row) => (rows as StateRows).last[row]!,
    activeAtOf: (rows, row) => (rows as StateRows).states[row]!.activeAt!,
    advance(given, row, until, totals, note) {
      const rows = given as StateRows
      settle(rows, row, until, '', totals, note)
    },
    hear(given, row, _, event, subject, totals, note) {
      const rows = given as StateRows
      const { occurredAt } = event
      if (rows.marks[row] === NOBODY) rows.states[row] = model.start(subject)
      else settle(rows, row, occurredAt, subject, totals, note)
      const state = model.evolve(rows.states[row]!, event as never, subject)
      rows.last[row] = occurredAt
      keep(rows, row, state, occurredAt)
      settle(rows, row, occurredAt, subject, totals, note)
    },
    coming(given, row, at) {
      const rows = given as StateRows
      let state = rows.states[row]!
      let from = Math.max(at, rows.reached[row]!)
      // Promises that end on the way are no move, and may be followed by one.
      for (let passed = 0; passed < CHAIN; passed++) {
        const due = model.due(state, from)
        if (due === undefined) return undefined
        const { type, data } = due.make()
        if (type === changed) {
          const { from: left, to, rule } = data as StageChanged<string, string>['data']
          const number = rule === undefined ? -1 : known.numberOf(stageNumbers.get(left)!, rule)
          return { rule: number, to: stageNumbers.get(to)!, at: due.at }
        }
        from = due.at
        state = model.evolve(state, { id: '', type, subject: '', occurredAt: from, data } as AnyEvent, '')
      }
      return undefined
    },
    standing(given, count, until, totals) {
      const { marks, since, states, last, reached } = given as StateRows
      const copied: StateRows = {
        marks: marks.slice(),
        since: since.slice(),
        states: states.slice(),
        last,
        reached: reached.slice(),
      }
      for (let row = 0; row < count; row++)
        if (stageAt(copied, row) !== NOBODY) settle(copied, row, until, '', totals, undefined)
      return copied
    },
    copyRow(source, row, target, place) {
      const [from, to] = [source as StateRows, target as StateRows]
      to.states[place] = from.states[row]!
      for (const name of ['marks', 'since', 'last', 'reached'] as const) to[name][place] = from[name][row]!
    },
    clear(given, row) {
      const rows = given as StateRows
      rows.marks[row] = NOBODY
      rows.states[row] = null
      for (const name of ['since', 'last', 'reached'] as const) rows[name][row] = 0
    },
    rowsToJson(given, count): Json {
      const rows = given as StateRows
      return Array.from({ length: count }, (_, row): Json => {
        const state = rows.states[row]!
        return state === null
          ? null
          : ({ last: rows.last[row]!, reached: rows.reached[row]!, state } as never)
      })
    },
    rowsFromJson(json, count, path) {
      if (!Array.isArray(json) || json.length !== count)
        throw fault('wrong-type', path, json, `${count} rows`)
      const rows = noRows()
      reserve(rows, count)
      for (const [row, one] of json.entries()) {
        if (one === null) continue
        if (!isRecord(one)) throw fault('wrong-type', `${path}[${row}]`, one, 'a row that was collected')
        const { last, reached, state } = one
        const fits = isInstant(last) && isInstant(reached) && isState(state)
        if (!fits) throw fault('wrong-type', `${path}[${row}]`, one, 'a row that was collected')
        rows.last[row] = last as number
        keep(rows, row, state as State, reached as number)
      }
      return rows
    },
    checkRows(given, count) {
      const { marks, since, last, reached, states } = given as StateRows
      const holds =
        marks instanceof Uint16Array &&
        Array.isArray(states) &&
        marks.length >= count &&
        states.length >= count &&
        [since, last, reached].every(
          (column) => column instanceof Float64Array && column.length === marks.length,
        )
      if (!holds) throw fault('malformed-state', '$.rows', given, 'rows that were collected')
      for (let row = 0; row < count; row++) {
        const fits = marks[row] === NOBODY ? states[row] === null : isState(states[row])
        if (!fits)
          throw fault('malformed-state', `$.rows.states[${row}]`, states[row], 'a state of the engine')
      }
    },
  }

  function isState(value: unknown): boolean {
    if (!isRecord(value) || !isLikeFresh(value)) return false
    return stageNumbers.has(value['stage'] as string) && isInstant(value['since'])
  }
}
