import type { AnyEvent } from '../../kernel/event.js'
import type { Instant } from '../../kernel/instant.js'

/** What stands in the log: an input as it came, or what followed, with the oracle's own notes about it. */
export type OracleEntry = Pick<AnyEvent, 'id' | 'type' | 'subject' | 'occurredAt' | 'data'> & {
  readonly note?: OracleNote
}

/** What the oracle writes beside a posting, for itself. */
export interface OracleNote {
  /** Which reaction to which event a posting answers. */
  readonly answers?: string
  /** The exact number of points before rounding, as a fraction. */
  readonly exact?: readonly [numerator: bigint, denominator: bigint]
  /** What was bought, in minor units; and how much of it is refunded so far. */
  readonly base?: bigint
  readonly refunded?: bigint
  /** The share that a refund had to take back, and how much of that had expired unspent. */
  readonly due?: number
  readonly excused?: number
  /** Waits for a confirmation. */
  readonly waits?: boolean
}

/** What follows next. */
export interface OracleNext {
  readonly at: Instant
  readonly type: string
  readonly data: object
  readonly note?: OracleNote
}

/** One part of a program, asked afresh each time: it remembers nothing but its definition. */
export interface OraclePart {
  readonly id: string
  /** What follows next if nothing happens, at or after `from`. */
  next(log: readonly OracleEntry[], from: Instant): OracleNext | undefined
  /** What a command leads to; nothing when it is a command of another part. */
  command(
    log: readonly OracleEntry[],
    input: AnyEvent,
  ): Omit<OracleNext, 'at'> | { readonly refusal: string } | undefined
  view(log: readonly OracleEntry[], asOf: Instant): object
}

/** What an input came to: `accepted`, `repeated`, or the code of its refusal. */
export interface OracleHistory {
  readonly log: readonly OracleEntry[]
  readonly outcomes: readonly string[]
}

const LIMIT = 500

/** The log with all that follows by an instant: earliest first, ties to the earlier part. */
export function passed(
  parts: readonly OraclePart[],
  log: readonly OracleEntry[],
  until: Instant,
  subject: string,
): readonly OracleEntry[] {
  const longer = [...log]
  for (let steps = 0; longer.length > 0; steps++) {
    if (steps > LIMIT) throw new Error('the oracle met rules that never rest')
    const now = longer.at(-1)!.occurredAt
    const [first] = parts
      .flatMap((part) => part.next(longer, now) ?? [])
      .map((next, i) => ({ next, i }))
      .sort((a, b) => a.next.at - b.next.at || a.i - b.i)
    if (first === undefined || first.next.at > until) break
    const { at, type, data, note } = first.next
    longer.push({ id: `oracle-${longer.length}`, type, subject, occurredAt: at, data, ...(note && { note }) })
  }
  return longer
}

/** Takes the inputs one by one: deadlines up to it, then the input, then what it causes. */
export function historyOf(
  parts: readonly OraclePart[],
  inputs: readonly AnyEvent[],
  subject: string,
  window: number,
): OracleHistory {
  let log: readonly OracleEntry[] = []
  const accepted: AnyEvent[] = []
  const outcomes: string[] = []
  for (const input of inputs) {
    const fault = journalFault(accepted, log.at(-1)?.occurredAt ?? input.occurredAt, input, window)
    if (fault !== undefined) {
      outcomes.push(fault)
      continue
    }
    const before = passed(parts, log, input.occurredAt, subject)
    const answers = parts.flatMap((part) => part.command(before, input) ?? [])
    const [answer] = answers
    if (answer !== undefined && 'refusal' in answer) {
      outcomes.push(answer.refusal)
      continue
    }
    const { id, occurredAt } = input
    const entry: OracleEntry =
      answer === undefined ? input : { id: `${id}/0`, subject, occurredAt, ...answer }
    log = passed(parts, [...before, entry], occurredAt, subject)
    accepted.push(input)
    outcomes.push('accepted')
  }
  return { log, outcomes }
}

/** Known id, older than the window, late, another version: in this order. */
function journalFault(
  accepted: readonly AnyEvent[],
  lastAt: Instant,
  input: AnyEvent,
  window: number,
): string | undefined {
  const since = Math.max(lastAt, input.occurredAt) - window
  const known = accepted.filter(({ id, occurredAt }) => id === input.id && occurredAt >= since).at(-1)
  if (known !== undefined) return sameContent(known, input) ? 'repeated' : 'id-conflict'
  if (input.occurredAt < lastAt - window) return 'outside-idempotency-window'
  if (input.occurredAt < lastAt) return 'late'
  if (input.expectedVersion !== undefined && input.expectedVersion !== accepted.length)
    return 'version-conflict'
  return undefined
}

/** Equal in all but when it became known. */
function sameContent(a: AnyEvent, b: AnyEvent): boolean {
  const said = ({ type, subject, occurredAt, effectiveAt, data }: AnyEvent) =>
    JSON.stringify([type, subject, occurredAt, effectiveAt ?? null, sorted(data)])
  return said(a) === said(b)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)])
}
