import { checkKeys, checkRecord, fault } from '../kernel/errors.js'
import { type Engine, type Instant, isInstant, type Journal } from '../kernel/index.js'
import { lastInstant } from '../kernel/instant.js'
import {
  agreedOf,
  type MoveData,
  moveOf,
  pathOf,
  rulesByStage,
  type StageKinds,
  type StageOf,
} from './agreed.js'
import type { MoveReason } from './lifecycle.js'

/** A move that comes if nothing happens; `explain` says it in words. */
export interface ComingMove<Stage extends string = string> {
  readonly code: 'coming-move'
  readonly from: Stage
  readonly to: Stage
  readonly at: Instant
  /** `$.rules.new[1]`, `$.everywhere[0]`; `null` for a move by hand. */
  readonly rule: string | null
  /** Why, with the numbers as they will be then. */
  readonly reason: MoveReason
}

/**
 * That a subject stays where it is for ever if nothing happens: until the end of the year 9999, where instants end.
 *
 * - `not-begun`: nothing is known of the subject yet; its time has not begun.
 * - `stays-final`: only a move by hand leaves the stage.
 * - `stays-without-rules`: no rule leads on.
 * - `stays-waiting`: rules lead on, and none of them by time alone.
 */
export interface NoMove<Stage extends string = string> {
  readonly code: 'not-begun' | 'stays-final' | 'stays-without-rules' | 'stays-waiting'
  readonly stage: Stage
}

/**
 * When and why a subject moves on if nothing happens, or that it never will. Moves up to `asOf` have been made: the answer is
 * strictly later.
 *
 * @throws DefinitionError `as-of-before-state`; `other-definition` for a state of another engine.
 * @example
 * const next = nextMove(customer, state, asOf)
 * next.code === 'coming-move' ? `${next.to} at ${next.at}` : 'stays'
 */
export function nextMove<K extends StageKinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  asOf: Instant,
): ComingMove<StageOf<K>> | NoMove<StageOf<K>> {
  const { final = [] } = agreedOf(engine)
  const paths = rulesByStage(agreedOf(engine))
  const { state: now } = engine.advance(state, asOf)
  for (const move of coming(engine, now, paths)) return move as ComingMove<StageOf<K>>
  const stage = now.of.stage as StageOf<K>
  if (now.at === null) return { code: 'not-begun', stage }
  if (final.includes(stage)) return { code: 'stays-final', stage }
  const waits = paths.get(stage)!.some((found) => found !== undefined)
  return { code: waits ? 'stays-waiting' : 'stays-without-rules', stage }
}

/** How far moves are followed. */
export interface NextMovesOptions {
  /** Moves before this instant. */
  readonly until: Instant
  /** No more than so many, 100 unless told: stages that take turns every second do so for ever. */
  readonly most?: number
}

/**
 * All moves that come if nothing happens, strictly after `asOf` and before `until`, each from where the one before it led.
 *
 * @throws DefinitionError as `nextMove`; `invalid-instant`, `out-of-range` for the options.
 * @example
 * nextMoves(customer, state, asOf, { until }).map(({ to }) => to) // => ['dormant', 'lapsed']
 */
export function nextMoves<K extends StageKinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  asOf: Instant,
  options: NextMovesOptions,
): readonly ComingMove<StageOf<K>>[] {
  checkRecord(options, '$.options')
  checkKeys(options, ['until', 'most'], '$.options')
  const { until, most = 100 } = options
  if (!isInstant(until)) throw fault('invalid-instant', '$.options.until', until, 'an instant')
  if (!Number.isSafeInteger(most) || most < 1)
    throw fault('out-of-range', '$.options.most', most, 'a whole number from 1')
  const paths = rulesByStage(agreedOf(engine))
  const moves: ComingMove[] = []
  for (const move of coming(engine, engine.advance(state, asOf).state, paths)) {
    if (move.at >= until) break
    moves.push(move)
    if (moves.length === most) break
  }
  return moves as unknown as readonly ComingMove<StageOf<K>>[]
}

type Paths = ReturnType<typeof rulesByStage>

/** Moves in the order in which time brings them, without end where they never rest; what else time brings is passed by. */
export function* coming<K extends StageKinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  paths: Paths,
): Generator<ComingMove> {
  let state = from
  while (state.at !== null) {
    const due = engine.model.due(state.of, state.at)
    // Sums past the year 9999 end at its last millisecond: what is due there never comes.
    if (due === undefined || due.at >= lastInstant) return
    const step = engine.advance(state, due.at)
    for (const event of step.events) {
      const move = moveOf(engine, event)
      if (move !== undefined) yield comingMove(move, event.occurredAt, paths)
    }
    state = step.state
  }
}

const comingMove = (move: MoveData, at: Instant, paths: Paths): ComingMove => ({
  code: 'coming-move',
  from: move.from,
  to: move.to,
  at,
  rule: pathOf(paths, move),
  reason: move.reason,
})
