import { checkKeys, checkRecord, fault } from '../kernel/errors.js'
import { type Engine, type Instant, isInstant, type Journal } from '../kernel/index.js'
import { agreedOf, rulesByStage, type StageKinds, type StageOf, settledBy } from './agreed.js'
import { type ComingMove, coming } from './next-move.js'

/** A window `[from, until)`. */
export interface DueListOptions {
  readonly from: Instant
  readonly until: Instant
  /** Of one subject no more than so many moves; 100 unless told. */
  readonly most?: number
}

/** Who moves, when and why, if nothing happens. */
export interface DueRow<Stage extends string = string> extends ComingMove<Stage> {
  readonly subject: string
}

/**
 * Who moves in a window if nothing happens, subject by subject in the order of the states: one pass that keeps nothing, over
 * any number of them. A subject that moves on from where it has moved to is listed for both moves. What time had done before
 * the window is taken as done.
 *
 * @throws DefinitionError `other-definition`, `malformed-state` for a state that is not of this engine; `invalid-instant`,
 * `out-of-range` for the window.
 * @example
 * for (const { subject, to, at } of dueMoves(customer, states, { from, until })) queue.add(subject, to, at)
 */
export function* dueMoves<K extends StageKinds>(
  engine: Engine<K>,
  states: Iterable<Journal<K['state']>>,
  options: DueListOptions,
): Generator<DueRow<StageOf<K>>> {
  checkRecord(options, '$.options')
  checkKeys(options, ['from', 'until', 'most'], '$.options')
  const { from, until, most = 100 } = options
  for (const key of ['from', 'until'] as const)
    if (!isInstant(options[key]))
      throw fault('invalid-instant', `$.options.${key}`, options[key], 'an instant')
  if (until < from) throw fault('out-of-range', '$.options.until', until, `${from} or later`)
  if (!Number.isSafeInteger(most) || most < 1)
    throw fault('out-of-range', '$.options.most', most, 'a whole number from 1')
  const paths = rulesByStage(agreedOf(engine))
  if (typeof states !== 'object' || states === null || !(Symbol.iterator in states))
    throw fault('wrong-type', '$.states', states, 'states')
  for (const given of states) {
    const state = settledBy(engine, given, from - 1)
    if (state.at === null) continue
    // Most deadlines are not in the window: they are looked at, and no event is made of them.
    const due = engine.model.due(state.of, state.at)
    if (due === undefined || due.at >= until) continue
    let listed = 0
    for (const move of coming(engine, state, paths)) {
      if (move.at >= until) break
      yield { subject: state.subject, ...move } as DueRow<StageOf<K>>
      listed += 1
      if (listed === most) break
    }
  }
}

/**
 * Who moves in a window if nothing happens, in the order of the instants; at one instant by subject. It keeps the moves that
 * it finds, and only those.
 *
 * @throws DefinitionError as `dueMoves`.
 * @example
 * dueList(customer, states, { from, until }).map(({ subject, to }) => `${subject} to ${to}`)
 */
export function dueList<K extends StageKinds>(
  engine: Engine<K>,
  states: Iterable<Journal<K['state']>>,
  options: DueListOptions,
): readonly DueRow<StageOf<K>>[] {
  const moves = [...dueMoves(engine, states, options)]
  const order = (a: DueRow, b: DueRow) =>
    a.at - b.at || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)
  return moves.sort(order)
}
