import { canonical, digestName } from '../kernel/digest.js'
import { fault, kindOf } from '../kernel/errors.js'
import type { Engine, Instant, Journal, Json, Kinds } from '../kernel/index.js'

/** Kinds of a program that has a part of other kinds. */
type WithPart<Part extends Kinds> = Kinds & {
  readonly state: { readonly [Id in Part['id']]: Part['state'] }
}

/**
 * The state of one part as the whole program has it at an instant: for what reads one engine's state, as `offersFor`, `whyNot`
 * and `quoteBenefits` do. What the parts do to each other until then has been done.
 *
 * It is to be read. What is decided is decided by the program: a part alone does not know which inputs were taken.
 *
 * @throws DefinitionError `unknown-name` for an engine that is no part; `as-of-before-state`; what a state of another definition is told.
 * @example
 * const offers = offersFor(points, partState(program, points, state, now), now)
 */
export function partState<Program extends WithPart<Part>, Part extends Kinds>(
  program: Engine<Program>,
  part: Engine<Part>,
  state: Journal<Program['state']>,
  asOf: Instant,
): Journal<Part['state']> {
  if (typeof program?.advance !== 'function') throw fault('wrong-type', '$.program', program, 'a program')
  if (typeof part?.advance !== 'function') throw fault('wrong-type', '$.part', part, 'an engine')
  const { parts } = program.definition as { readonly parts?: readonly Json[] }
  const isPart = (one: Json) => one === part.definition || digestName(canonical(one)) === part.hash
  if (parts?.some(isPart) !== true)
    throw fault('unknown-name', '$.part', kindOf(part.id), 'an engine of which the program is made')
  const { of, at, version, subject } = program.advance(state, asOf).state
  const own = of[part.id as Part['id']]
  return { ...part.start(subject), at, version, of: own }
}
