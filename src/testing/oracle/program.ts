import type { AnyEvent } from '../../kernel/event.js'
import type { Instant } from '../../kernel/instant.js'
import { historyOf, type OracleEntry, type OraclePart, passed } from './log.js'
import { type OracleAgreement, pointsPart } from './points.js'
import type { OraclePromise } from './promises.js'
import { movesIn, type OracleMove, type OracleStages, stagesPart } from './stages.js'

/** What an engine follows, as its `definition` says it. */
type OracleDefinition =
  | OracleStages
  | OracleAgreement
  | { readonly model: 'program'; readonly id: string; readonly parts: readonly OracleDefinition[] }

/** What a lifecycle has come to. */
export interface OracleStage {
  readonly stage: string
  readonly since: Instant | null
  readonly next: { readonly to: string; readonly at: Instant } | null
  /** By name, where it has promises; `null` for one that has never begun. */
  readonly promises?: { readonly [name: string]: OraclePromise | null }
}

/** What an account has come to; it knows one currency, and nothing that is reserved. */
export interface OraclePoints {
  readonly balance: number
  readonly pending: number
  readonly reserved: number
  readonly next: {
    readonly what: 'confirms' | 'expires'
    readonly at: Instant
    readonly points: number
  } | null
  readonly totals: {
    readonly earned: number
    readonly redeemed: number
    readonly refunded: number
    readonly expired: number
    readonly reinstated: number
    readonly clawedBack: number
    readonly received: number
    readonly sent: number
    readonly added: number
    readonly removed: number
    readonly forfeited: number
  }
}

/** What the oracle is asked about: an engine's `definition`, and every input in the order in which it came. */
export interface OracleQuestion {
  /** The `definition` of an engine: of a lifecycle, of points, or of a program of both. */
  readonly definition: unknown
  /** Facts and commands. Refused and repeated ones may be among them: the oracle judges each by itself. */
  readonly inputs: readonly AnyEvent[]
  readonly subject: string
  readonly asOf: Instant
}

/** Everything a program has come to. */
export interface OracleProgram {
  /** By id of the part, as its engine's view shows it. */
  readonly views: { readonly [part: string]: OracleStage | OraclePoints }
  /** The inputs and all that followed from them, in order. */
  readonly log: readonly OracleEntry[]
  /** What each input came to: `accepted`, `repeated`, or the code of its refusal. */
  readonly outcomes: readonly string[]
}

const THIRTY_DAYS = 30 * 86_400_000

/** What a program has come to at an instant, told from the start; a single engine is a program of one part. */
export function oracleProgram({ definition, inputs, subject, asOf }: OracleQuestion): OracleProgram {
  const parts = partsOf(definition, subject)
  const { log, outcomes } = historyOf(parts, inputs, subject, windowOf(definition))
  const then = passed(parts, log, asOf, subject)
  return { views: viewsOf(parts, then, asOf), log: then, outcomes }
}

/** When a view changes next if nothing happens: the first instant after `asOf` at which it is another. */
export function oracleNextChange(question: OracleQuestion): Instant | undefined {
  const { definition, subject, asOf } = question
  const parts = partsOf(definition, subject)
  let { log } = oracleProgram(question)
  const seen = JSON.stringify(viewsOf(parts, log, asOf))
  for (let now = asOf; ; ) {
    const next = Math.min(...parts.map((part) => part.next(log, now)?.at ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY) return undefined
    log = passed(parts, log, next, subject)
    if (JSON.stringify(viewsOf(parts, log, next)) !== seen) return next
    now = next
  }
}

/** Where a subject stands in a lifecycle at an instant, since when, where it goes next, and all its moves so far. */
export function oracleLifecycle(
  question: OracleQuestion,
): OracleStage & { readonly moves: readonly OracleMove[] } {
  const { id } = question.definition as OracleStages
  const { views, log } = oracleProgram(question)
  return { ...(views[id] as OracleStage), moves: movesIn(log, id) }
}

/** What an account holds at an instant, and what each input came to. */
export function oraclePoints(
  question: OracleQuestion,
): OraclePoints & { readonly outcomes: readonly string[] } {
  const { id } = question.definition as OracleAgreement
  const { views, outcomes } = oracleProgram(question)
  return { ...(views[id] as OraclePoints), outcomes }
}

function partsOf(definition: unknown, subject: string): readonly OraclePart[] {
  const given = definition as OracleDefinition
  if (given.model === 'lifecycle') return [stagesPart(given, subject)]
  if (given.model === 'points') return [pointsPart(given, subject)]
  return given.parts.flatMap((part) => partsOf(part, subject))
}

/** How long ids are remembered, in milliseconds. */
function windowOf(definition: unknown): number {
  const { idempotencyWindow: window } = definition as {
    readonly idempotencyWindow?: {
      readonly hours?: number
      readonly minutes?: number
      readonly seconds?: number
    }
  }
  if (window === undefined) return THIRTY_DAYS
  const { hours = 0, minutes = 0, seconds = 0 } = window
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}

const viewsOf = (parts: readonly OraclePart[], log: readonly OracleEntry[], asOf: Instant) =>
  Object.fromEntries(parts.map((part) => [part.id, part.view(log, asOf)])) as OracleProgram['views']
