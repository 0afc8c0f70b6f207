import type { Duration, Instant } from '../../kernel/index.js'
import type { MoveNote } from './flow-totals.js'
import { nameOf, type People, rowAt, rowsInOrder } from './people.js'
import { stableOrder } from './stable-order.js'
import type { NumberedRule, StageRules } from './stage-rules.js'

/** A move that time will make. */
export interface DueMove<Stage extends string = string> {
  readonly subject: string
  readonly at: Instant
  readonly from: Stage
  readonly to: Stage
  /** Where the rule stands in its definition. */
  readonly rule: string
  readonly because: DueReason
}

/** Why, with the codes of the engine's own reasons. */
export type DueReason =
  | { readonly code: 'inactive' | 'in-stage'; readonly since: Instant; readonly for: Duration }
  | {
      readonly code: 'age-reached'
      readonly attribute: string
      readonly since: Instant
      readonly for: Duration
    }
  | { readonly code: 'condition-held' | 'event-happened' }
  | { readonly code: 'moved-by-hand' }

/** Moves in order: by instant, then by name as in `StandingColumns`, then as they follow one another. */
export interface MoveColumns<Stage extends string = string> {
  readonly length: number
  readonly at: Float64Array
  readonly from: Uint8Array
  readonly to: Uint8Array
  /** Index into `byRule` of the result; -1 by hand. */
  readonly rule: Int32Array
  subject(place: number): string
  /** The moves from one place to another as objects; all unless told. */
  rows(from?: number, to?: number): readonly DueMove<Stage>[]
}

/** A move that was noted, of whom stands in `row`. */
interface NotedMove {
  readonly row: number
  readonly from: number
  readonly to: number
  readonly rule: number
  readonly since: Instant | null
  readonly at: Instant
}

/** Moves as they are noted. */
export function moveList(): { readonly list: readonly NotedMove[]; readonly note: MoveNote } {
  const list: NotedMove[] = []
  return { list, note: (row, from, to, rule, since, at) => list.push({ row, from, to, rule, since, at }) }
}

/** Noted moves in order, of these people. */
export function moveColumns<Stage extends string>(
  list: readonly NotedMove[],
  people: People,
  known: StageRules,
): MoveColumns<Stage> {
  const stages = known.stages as readonly Stage[]
  // By instant, then by name, then as they came.
  const rows = rowsInOrder(people, Int32Array.from(new Set(list.map(({ row }) => row))).sort())
  const ranks = new Int32Array(people.count)
  for (const [rank, row] of rows.entries()) ranks[row] = rank
  const byName = stableOrder(list.map(({ row }) => ranks[row]!))
  const byTime = stableOrder(Float64Array.from(byName, (place) => list[place]!.at))
  const sorted = Array.from(byTime, (place) => list[byName[place]!]!)
  const whose = Int32Array.from(sorted, ({ row }) => row)
  const subject = (place: number) => nameOf(people, rowAt(whose, place))
  return {
    length: sorted.length,
    at: Float64Array.from(sorted, ({ at }) => at),
    from: Uint8Array.from(sorted, ({ from }) => from),
    to: Uint8Array.from(sorted, ({ to }) => to),
    rule: Int32Array.from(sorted, ({ rule }) => rule),
    subject,
    rows: (from = 0, to = sorted.length) =>
      sorted.slice(from, to).map(({ row, from: out, to: into, rule, since, at }) => ({
        subject: nameOf(people, row),
        at,
        from: stages[out]!,
        to: stages[into]!,
        rule: rule < 0 ? 'hand' : known.rules[rule]!.path,
        because: reasonOf(known.rules[rule], since),
      })),
  }
}

function reasonOf(numbered: NumberedRule | undefined, since: Instant | null): DueReason {
  if (numbered === undefined) return { code: 'moved-by-hand' }
  const { rule } = numbered
  if (since !== null && 'inactiveFor' in rule) return { code: 'inactive', since, for: rule.inactiveFor }
  if (since !== null && 'inStageFor' in rule) return { code: 'in-stage', since, for: rule.inStageFor }
  if (since !== null && 'since' in rule)
    return { code: 'age-reached', attribute: rule.since, since, for: rule.reaches }
  return { code: 'on' in rule && rule.when === undefined ? 'event-happened' : 'condition-held' }
}
