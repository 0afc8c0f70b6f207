import { checkName, fault } from '../../kernel/errors.js'
import {
  type AnyEvent,
  type EventSpecs,
  type Fields,
  type LineFields,
  matcherOf,
  SumOutOfRange,
  shareOf,
  type Where,
} from '../../kernel/index.js'
import { AMOUNTS, compileBase, fieldsOf } from './base.js'

/** How much one line of an order is about: what was bought or refunded of it. */
export interface LinePart {
  readonly line: string
  readonly base: number
}

/** Where one line of an origin stands. */
export interface LineShare extends LinePart {
  readonly refunded: number
  /** What it earned, paid or still waiting for room. */
  readonly earned: number
  /** What was taken back of that. */
  readonly taken: number
}

/** What a rule over lines reads of each. */
export interface LinesOf {
  /** The field of the event that lists them. */
  readonly each: string
  /** The field of a line that names it. */
  readonly line: string
  readonly where?: Where
  readonly of?: string
  readonly less?: readonly string[]
}

/** The fields of the lines that an event's field lists; an event that has none is no such event. */
export function lineFields(events: EventSpecs, on: string, each: string, path: string): LineFields {
  const fields = events[on]!
  checkName(fieldsOf(fields, ['lines']), each, `${path}.each`)
  const field = fields[each]!
  return field.type === 'lines' ? field.of : {}
}

/** What a type cannot know of a rule over lines. */
export function checkLines(fields: LineFields, { line, of }: LinesOf, path: string): void {
  if (line === undefined) throw fault('missing', `${path}.line`, line, 'the field that names a line')
  checkName(fieldsOf(fields, ['text']), line, `${path}.line`)
  if (of !== undefined) checkName(fieldsOf(fields, AMOUNTS), of, `${path}.of`)
}

/** Reads the lines of an event that pass; those of one name are one line. */
export function compileLines(
  fields: Fields,
  rule: LinesOf,
  /** What a line counts as where no field says it. */
  otherwise: number,
): (event: AnyEvent) => readonly LinePart[] {
  const { each, line: name, where, of, less } = rule
  const specs: EventSpecs = { line: fields }
  const passes = where === undefined ? undefined : matcherOf({ event: 'line', where }, specs)
  const baseOf = of === undefined ? () => otherwise : compileBase(fields, { of, ...(less && { less }) })
  return (event) => {
    const listed = (event.data as Readonly<Record<string, readonly object[] | undefined>>)[each] ?? []
    const found = new Map<string, number>()
    for (const data of listed) {
      if (passes !== undefined && !passes({ ...event, type: 'line', data }, event.subject)) continue
      const line = (data as Readonly<Record<string, string | undefined>>)[name]
      if (line === undefined) continue
      const base = (found.get(line) ?? 0) + baseOf(data)
      if (!Number.isSafeInteger(base) && of !== undefined) throw new SumOutOfRange(`lines of ${each}`)
      found.set(line, base)
    }
    return [...found].map(([line, base]) => ({ line, base }))
  }
}

/** Lines of an origin after it earned for some: what was paid of them is spread as they earned, to the last point. */
export function withEarned(
  known: readonly LineShare[],
  parts: readonly LinePart[],
  points: readonly number[],
  paid: number,
): readonly LineShare[] {
  const next = new Map(known.map((one) => [one.line, one]))
  const whole = points.reduce((sum, one) => sum + one, 0)
  let reached = 0
  let given = 0
  for (const [i, { line, base }] of parts.entries()) {
    reached += points[i]!
    const upTo = whole === 0 ? 0 : shareOf(paid, reached, whole)
    const old = next.get(line) ?? { line, base: 0, refunded: 0, earned: 0, taken: 0 }
    next.set(line, { ...old, base: old.base + base, earned: old.earned + upTo - given })
    given = upTo
  }
  return [...next.values()]
}

/** Lines of an origin of which points were lost before they were paid: the last that have some lose first. */
export function withLost(known: readonly LineShare[], lost: number): readonly LineShare[] {
  const next = [...known]
  let left = lost
  for (let i = next.length - 1; i >= 0 && left > 0; i--) {
    const one = next[i]!
    const less = Math.min(left, one.earned - one.taken)
    left -= less
    next[i] = { ...one, earned: one.earned - less }
  }
  return next
}

/** Lines refunded, and how many points that takes back of them. */
export interface Refunded {
  readonly lines: readonly LineShare[]
  readonly wanted: number
}

/**
 * What a refund takes back of lines: of each the floor of its cumulative exact share. `all` takes back everything, an
 * amount is spread over what is left of the lines, as they are left.
 */
export function refundLines(
  known: readonly LineShare[],
  refund: readonly LinePart[] | number | 'all',
): Refunded {
  const amounts =
    refund === 'all'
      ? known.map(() => WHOLE)
      : typeof refund === 'number'
        ? spread(known, refund)
        : named(known, refund)
  let wanted = 0
  const lines = known.map((one, i): LineShare => {
    const refunded = Math.min(one.base, one.refunded + amounts[i]!)
    const isWhole = refunded === one.base && (one.base > 0 || amounts[i]! > 0)
    const share = isWhole ? one.earned : one.base === 0 ? 0 : shareOf(one.earned, refunded, one.base)
    const more = Math.max(0, share - one.taken)
    wanted += more
    return { ...one, refunded, taken: one.taken + more }
  })
  return { lines, wanted }
}

/** More than anything: all of a line. */
export const WHOLE = Number.MAX_SAFE_INTEGER

const rest = (known: readonly LineShare[]): readonly number[] =>
  known.map(({ base, refunded }) => base - refunded)

function named(known: readonly LineShare[], parts: readonly LinePart[]): readonly number[] {
  const found = new Map(parts.map(({ line, base }) => [line, base]))
  return known.map(({ line }) => found.get(line) ?? 0)
}

function spread(known: readonly LineShare[], amount: number): readonly number[] {
  const open = rest(known)
  const whole = open.reduce((sum, one) => sum + one, 0)
  const some = Math.min(amount, whole)
  let reached = 0
  let given = 0
  return open.map((one) => {
    reached += one
    const upTo = whole === 0 ? 0 : shareOf(some, reached, whole)
    const part = upTo - given
    given = upTo
    return part
  })
}
