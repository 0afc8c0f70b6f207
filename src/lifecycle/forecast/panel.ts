import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { PeriodUnit } from '../../kernel/index.js'
import { periodUnits } from '../../kernel/periods.js'
import { periodNumber, stepOf } from './period-names.js'

/**
 * Where subjects stood at the start and at the end of each period: all that a forecast by transition rates needs.
 *
 * A stage with an inactivity rule is better split by recency, for somebody who is silent for a day and somebody who is
 * silent for a month have other chances: `states` are then `active·0`, `active·1` and so on, and `stageOf` names the stage of
 * each.
 */
export interface StagePanel<State extends string = string> {
  /** Stages, or stages by recency. */
  readonly states: readonly State[]
  /** With states by recency: the stage of each state, in the same order. */
  readonly stageOf?: readonly string[]
  readonly unit: PeriodUnit
  /** Whole periods, ascending, without gaps. */
  readonly periods: readonly PanelPeriod[]
}

/** What happened in one period; who stands where at its end stands there at the start of the next. */
export interface PanelPeriod {
  /** As the calendar's periods are named: `2024-03`, `2024-03-05` (weeks by their first day), `2024-Q1`. */
  readonly period: string
  /** `moves[from][to]`: how many subjects stood in `from` at its start and in `to` at its end; on the diagonal, who stayed. */
  readonly moves: readonly (readonly number[])[]
  /** By state at its end: subjects first seen in it. */
  readonly arrivals: readonly number[]
  /**
   * How many stood in `before` at the start of the period before, in `from` at the start of this one and in `to` at its end, by
   * place in `states`. For the test whether stages have memory; what is not listed is 0.
   */
  readonly triples?: readonly (readonly [before: number, from: number, to: number, count: number])[]
}

/**
 * Refuses a panel whose numbers cannot be: lists of the wrong length, counts that are none, periods out of order or with a gap,
 * and a period that does not begin where the one before has ended. Returns the panel.
 *
 * Everything that takes a panel does this first.
 *
 * @throws DefinitionError `out-of-range` and `wrong-type` for numbers and lists, `duplicate-name` for states, `unknown-name` for
 * a unit, `unknown-key`, `too-large` beyond 200 states, 10,000 periods or 10,000,000 cells.
 * @example
 * checkStagePanel({ states: ['active', 'lapsed'], unit: 'month', periods: [
 *   { period: '2024-01', moves: [[80, 20], [5, 45]], arrivals: [30, 0] },
 *   { period: '2024-02', moves: [[92, 23], [7, 58]], arrivals: [25, 0] },
 * ] }).periods.length // => 2
 */
export function checkStagePanel<State extends string>(panel: StagePanel<State>): StagePanel<State> {
  checkRecord(panel, '$')
  checkKeys(panel, ['states', 'stageOf', 'unit', 'periods'], '$')
  const { states, stageOf, unit, periods } = panel
  checkStates(states, stageOf, '$')
  checkName(periodUnits, unit, '$.unit')
  checkList(periods, '$.periods')
  const n = states.length
  if (periods.length > 10_000 || periods.length * n * n > 10_000_000)
    throw fault('too-large', '$.periods', periods.length, '10,000 periods and 10,000,000 cells at the most')
  let before: { readonly number: number; readonly closing: readonly number[] } | undefined
  for (const [t, one] of periods.entries()) {
    const path = `$.periods[${t}]`
    checkRecord(one, path)
    checkKeys(one, ['period', 'moves', 'arrivals', 'triples'], path)
    const number = periodNumber(one.period, unit)
    if (number === undefined)
      throw fault('out-of-range', `${path}.period`, one.period, `the name of a ${unit}`)
    if (before !== undefined && number !== before.number + stepOf(unit))
      throw fault('out-of-range', `${path}.period`, one.period, `the ${unit} after the one before`)
    checkMoves(one.moves, n, `${path}.moves`)
    checkCounts(one.arrivals, n, `${path}.arrivals`)
    const opening = openingOf(one)
    if (before !== undefined) {
      for (const [i, count] of opening.entries())
        if (count !== before.closing[i])
          throw fault(
            'out-of-range',
            `${path}.moves[${i}]`,
            count,
            'a sum as large as what the period before ended with',
          )
    }
    if (one.triples !== undefined) checkTriples(one.triples, one, periods[t - 1], `${path}.triples`)
    before = { number, closing: closingOf(one) }
    if (!before.closing.every(Number.isSafeInteger))
      throw fault('too-large', path, undefined, 'counts whose sum is below 2^53')
  }
  return panel
}

/**
 * The panel of stages in a panel of states by recency: what the plain chain of stages would see. To compare both, for a chain of
 * stages forgets how long somebody has been silent.
 *
 * A panel without `stageOf` is of stages already, and is returned as it is.
 *
 * @throws DefinitionError as `checkStagePanel`.
 * @example
 * panelByStage({ states: ['active·0', 'active·1'], stageOf: ['active', 'active'], unit: 'month',
 *   periods: [{ period: '2024-01', moves: [[3, 1], [2, 0]], arrivals: [5, 0] }] })
 * // => { states: ['active'], unit: 'month', periods: [{ period: '2024-01', moves: [[6]], arrivals: [5] }] }
 */
export function panelByStage<State extends string>(panel: StagePanel<State>): StagePanel {
  checkStagePanel(panel)
  if (panel.stageOf === undefined) return panel
  const stages = [...new Set(panel.stageOf)]
  const place = panel.stageOf.map((stage) => stages.indexOf(stage))
  const summed = (counts: readonly number[]) => {
    const sums = stages.map(() => 0)
    for (const [i, count] of counts.entries()) sums[place[i]!]! += count
    return sums
  }
  const periods = panel.periods.map(({ period, moves, arrivals, triples }): PanelPeriod => {
    const joined = stages.map(() => stages.map(() => 0))
    for (const [i, row] of moves.entries())
      for (const [j, count] of row.entries()) joined[place[i]!]![place[j]!]! += count
    const paths = new Map<string, [number, number, number, number]>()
    for (const [b, f, t, count] of triples ?? []) {
      const path = [place[b]!, place[f]!, place[t]!] as const
      const known = paths.get(path.join())
      if (known === undefined) paths.set(path.join(), [...path, count])
      else known[3] += count
    }
    return {
      period,
      moves: joined,
      arrivals: summed(arrivals),
      ...(triples !== undefined && { triples: [...paths.values()] }),
    }
  })
  return { states: stages, unit: panel.unit, periods }
}

/** How many stood in each state at the start of a period. */
export function openingOf({ moves }: PanelPeriod): readonly number[] {
  return moves.map((row) => row.reduce((sum, count) => sum + count, 0))
}

/** How many stood in each state at its end, those first seen in it included. */
export function closingOf({ moves, arrivals }: PanelPeriod): readonly number[] {
  return arrivals.map((count, j) => moves.reduce((sum, row) => sum + row[j]!, count))
}

/** Refuses names of states that are none, stand there twice or stand for a stage of others. */
export function checkStates(states: unknown, stageOf: unknown, path: string): void {
  checkList(states, `${path}.states`)
  if (states.length === 0) throw fault('out-of-range', `${path}.states`, states, 'one state or more')
  if (states.length > 200) throw fault('too-large', `${path}.states`, states.length, '200 states at the most')
  for (const [i, state] of states.entries()) {
    if (typeof state !== 'string' || state === '')
      throw fault('wrong-type', `${path}.states[${i}]`, state, 'a name')
    if (states.indexOf(state) !== i)
      throw fault('duplicate-name', `${path}.states[${i}]`, state, 'every state once')
  }
  if (stageOf === undefined) return
  checkList(stageOf, `${path}.stageOf`)
  if (stageOf.length !== states.length)
    throw fault(
      'out-of-range',
      `${path}.stageOf`,
      stageOf.length,
      `${states.length} stages, one for each state`,
    )
  for (const [i, stage] of stageOf.entries()) {
    if (typeof stage !== 'string' || stage === '')
      throw fault('wrong-type', `${path}.stageOf[${i}]`, stage, 'a name')
    // Else one name would mean two things where rates are changed.
    const state = states.indexOf(stage)
    if (state >= 0 && (state !== i || stageOf.filter((other) => other === stage).length > 1))
      throw fault(
        'duplicate-name',
        `${path}.stageOf[${i}]`,
        stage,
        'a stage that is not the name of another state',
      )
  }
}

/** Refuses what is no square of counts. */
function checkMoves(moves: unknown, n: number, path: string): void {
  checkList(moves, path)
  if (moves.length !== n) throw fault('out-of-range', path, moves.length, `${n} rows, one for each state`)
  for (const [i, row] of moves.entries()) checkCounts(row, n, `${path}[${i}]`)
}

/** Refuses what is no list of so many counts. */
export function checkCounts(counts: unknown, n: number, path: string): asserts counts is readonly number[] {
  checkList(counts, path)
  if (counts.length !== n) throw fault('out-of-range', path, counts.length, `${n} counts, one for each state`)
  for (let i = 0; i < n; i += 1) checkCount(counts[i], `${path}[${i}]`)
}

function checkCount(count: unknown, path: string): void {
  if (typeof count !== 'number') throw fault('wrong-type', path, count, 'a number')
  if (!(Number.isSafeInteger(count) && count >= 0 && count <= 1e12))
    throw fault('out-of-range', path, count, 'a whole number from 0 to 10^12')
}

/** Paths of two steps may not be more than the moves that are their second step, or their first. */
function checkTriples(
  triples: unknown,
  period: PanelPeriod,
  before: PanelPeriod | undefined,
  path: string,
): void {
  checkList(triples, path)
  const n = period.moves.length
  if (triples.length > 1_000_000) throw fault('too-large', path, triples.length, '1,000,000 at the most')
  const first = period.moves.map(() => new Float64Array(n))
  const second = period.moves.map(() => new Float64Array(n))
  for (const [k, triple] of triples.entries()) {
    checkList(triple, `${path}[${k}]`)
    if (triple.length !== 4)
      throw fault('out-of-range', `${path}[${k}]`, triple.length, '[before, from, to, count]')
    const [b, f, t, count] = triple as readonly unknown[]
    for (const [part, state] of [b, f, t].entries()) {
      if (!(Number.isSafeInteger(state) && (state as number) >= 0 && (state as number) < n))
        throw fault('out-of-range', `${path}[${k}][${part}]`, state, `a state from 0 to ${n - 1}`)
    }
    checkCount(count, `${path}[${k}][3]`)
    first[b as number]![f as number]! += count as number
    second[f as number]![t as number]! += count as number
  }
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      if (second[i]![j]! > period.moves[i]![j]!)
        throw fault(
          'out-of-range',
          path,
          second[i]![j],
          `at most the ${period.moves[i]![j]} moves they end with`,
        )
      if (before !== undefined && first[i]![j]! > before.moves[i]![j]!)
        throw fault(
          'out-of-range',
          path,
          first[i]![j],
          `at most the ${before.moves[i]![j]} moves they begin with`,
        )
    }
  }
}
