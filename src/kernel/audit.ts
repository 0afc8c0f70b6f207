import { canonical } from './digest.js'
import type { Engine, EventOf, Journal } from './engine.js'
import { DefinitionError, fault } from './errors.js'
import { type Instant, isInstant } from './instant.js'
import type { Kinds } from './model.js'
import { isRecord, unlikenessTo } from './plain.js'

/** An invariant that does not hold, where, and what is found there. Numbers and words of the library only: no text of a person. */
export interface AuditFinding<I extends string = string> {
  readonly invariant: I
  /** `$.books.points.lots.spendable[3]`: the place in the state, or in the event. */
  readonly path: string
  readonly found: number | string
  readonly expected: number | string
}

/** What an audit says. */
export interface Audit {
  /** What does not hold of the state. */
  readonly findings: readonly AuditFinding[]
  /** With a log: the first event that could not have been recorded, or after which something does not hold. */
  readonly first?: {
    readonly event: string
    /** Its place in the log. */
    readonly at: number
    readonly findings: readonly AuditFinding[]
  }
}

const DIFFERS: AuditFinding = {
  invariant: 'state-of-log',
  path: '$',
  found: 'another state',
  expected: 'the state that the log restores',
}

/**
 * Whether everything that is always true of a state is: each invariant of its engine by name. With the log of the subject
 * also whether the state is what the log says, and which event broke something first. Cheap enough for production on single
 * accounts: the state alone costs a walk over what is open, a log as much at every event.
 *
 * @param log - Everything recorded of the subject, in order.
 * @param options - `asOf`: by when time has passed for the state; its last instant unless told.
 * @throws DefinitionError `as-of-before-state`, `other-definition`, `newer-format` as `view` does.
 * @example
 * audit(points, account).findings // => []
 */
export function audit<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  log?: readonly EventOf<K>[],
  { asOf }: { readonly asOf?: Instant } = {},
): Audit {
  if (log !== undefined && !Array.isArray(log)) throw fault('wrong-type', '$.log', log, 'a list of events')
  if (asOf !== undefined && !isInstant(asOf))
    throw fault('invalid-instant', '$.options.asOf', asOf, 'an instant')
  const { model } = engine
  const shape = misshape(engine, state, asOf)
  const broken = shape.length === 0 ? auditOf(engine, state, asOf) : whyMisfit(engine, state, shape, asOf)
  const found = broken.length > 0 ? broken : shape
  if (log === undefined) return { findings: found }
  let before = engine.start(state.subject)
  let first: Audit['first']
  for (const [place, event] of log.entries()) {
    const impossible = model.auditEvent?.(before.of, event) ?? []
    before = engine.evolve(before, event)
    // At one instant an event may bring about the next: what comes late and has expired is confirmed, then expires.
    const next = log[place + 1]
    const broken = next === undefined || next.occurredAt > event.occurredAt ? auditOf(engine, before) : []
    if (first === undefined && (impossible.length > 0 || broken.length > 0))
      first = { event: event.id, at: place, findings: [...impossible, ...broken] }
  }
  const findings = canonical(before) === canonical(state) ? found : [...found, DIFFERS]
  return first === undefined ? { findings } : { findings, first }
}

const auditOf = <K extends Kinds>(
  { model }: Engine<K>,
  { of, at }: Journal<K['state']>,
  asOf = at,
): readonly AuditFinding[] => (asOf === null ? [] : (model.audit?.(of, asOf) ?? []))

/**
 * What is wrong with a state all of whose parts are there and that its model finds to be none of its own: what does not add up is
 * named better by an invariant, where there is one for it.
 */
function whyMisfit<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  [shape]: readonly AuditFinding[],
  asOf: Instant | undefined,
): readonly AuditFinding[] {
  const { model } = engine
  try {
    if (unlikenessTo(model.start(state.subject))(state.of) !== undefined) return []
    const rest = model.misfit?.(state.of)
    return rest !== undefined && shape?.path === `$${rest}` ? auditOf(engine, state, asOf) : []
  } catch {
    // Its parts are of no kind that could be looked through.
    return []
  }
}

/** Refuses what is no state of this engine, and a moment before it; what is broken in one is a finding. */
function misshape<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  asOf: Instant | undefined,
): readonly AuditFinding[] {
  try {
    engine.advance(state, asOf ?? state?.at ?? 0)
    return []
  } catch (error) {
    if (!(error instanceof DefinitionError) || error.code !== 'malformed-state') throw error
    // What time would do next trips over what an invariant names better.
    if (error.path === '$.state' && isRecord(state) && isRecord(state.of)) return []
    if (!error.path.startsWith('$.state.of.')) throw error
    const path = `$${error.path.slice('$.state.of'.length)}`
    return [{ invariant: 'well-formed', path, found: 'another kind', expected: 'as in a fresh state' }]
  }
}
