import { canonical } from './digest.js'
import type { Engine, Journal, Outcome } from './engine.js'
import { reading } from './errors.js'
import type { Instant } from './instant.js'
import type { Kinds, PendingRule } from './model.js'
import { isRecord } from './plain.js'

/** One leaf of a view that an input changes. */
export interface ViewChange {
  /** `points.balance` */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** What would become of an input, with the view before and after it. */
export type Preview<K extends Kinds> = Outcome<K> & {
  readonly before: K['view']
  readonly after: K['view']
  readonly changed: readonly ViewChange[]
}

/**
 * What an input would do, with everything that follows from it at that instant: a tier-up that changes the multiplier,
 * points that make a tier. Nothing is changed; `decide` gives the same answer.
 *
 * @throws DefinitionError `other-definition`, `newer-format` for a state that is not of this engine: it has no view.
 */
export function preview<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  input: K['command'] | K['hears'],
): Preview<K> {
  const outcome = engine.decide(state, input)
  if (outcome.outcome !== 'accepted') {
    const before = engine.view(state, state?.at ?? 0)
    return { ...outcome, before, after: before, changed: [] }
  }
  const { state: reached, events } = outcome
  const before = engine.view(state, input.occurredAt)
  const after = engine.view(reached, input.occurredAt)
  const changed = changesBetween(before, after)
  return { outcome: 'accepted', state: reached, events, before, after, changed }
}

/** The leaves in which two views differ; what is nowhere on one side is `null` there. */
export function changesBetween(before: unknown, after: unknown): readonly ViewChange[] {
  const changes: ViewChange[] = []
  collect(before, after, '', changes)
  return changes
}

function collect(before: unknown, after: unknown, path: string, changes: ViewChange[]): void {
  if (before === after) return
  const left = branchOf(before)
  const right = branchOf(after)
  const isBranch = left === undefined ? right && isNone(before) : right !== undefined || isNone(after)
  if (!isBranch) {
    if (
      isScalar(before) && isScalar(after)
        ? isNone(before) && isNone(after)
        : canonicalOf(before) === canonicalOf(after)
    )
      return
    changes.push({ path, before: before ?? null, after: after ?? null })
    return
  }
  const at = path === '' ? '' : `${path}.`
  const names = left === undefined ? [] : Object.keys(left)
  for (const name of names) {
    const was = left![name]
    const is = right?.[name]
    // Most leaves stay: their paths need not be made.
    if (was !== is) collect(was, is, at + name, changes)
  }
  if (right === undefined) return
  const others = Object.keys(right)
  for (let i = 0; i < others.length; i++) {
    const name = others[i]!
    if (names[i] !== name && (left === undefined || !Object.hasOwn(left, name)))
      collect(undefined, right[name], at + name, changes)
  }
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null
const canonicalOf = (value: unknown): string => canonical(value ?? null)

/** The rules that have not fired by `asOf`, each with the tree of what it still waits for. */
export function verdicts<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  asOf: Instant,
): readonly PendingRule[] {
  const { of } = engine.advance(state, asOf).state
  const expected = 'a state that this definition made'
  return reading('malformed-state', engine.id, state, expected, () => engine.model.pending?.(of, asOf) ?? [])
}

const isNone = (value: unknown): boolean => value === null || value === undefined

const branchOf = (value: unknown) => (isRecord(value) ? value : undefined)
