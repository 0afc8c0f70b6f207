import fc from 'fast-check'
import type { AnyEvent, Engine, Journal } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { oracleNextChange, oracleProgram } from '../../src/testing/oracle/index.js'
import { runs } from '../support/size.js'
import { HORIZON } from './support/agreement.js'
import {
  anyLifecycleIn,
  type Driven,
  deskIn,
  type Loose,
  lifecycleIn,
  pointsIn,
  programIn,
} from './support/definitions.js'
import { inputsOf, night, passages, trades } from './support/shop.js'

/** What the engine and the oracle are both asked after every input. */
interface Tally {
  runs: number
  checks: number
  changes: number
  repeats: number
  refused: number
  ties: number
  made: number
}

/** An event as both implementations can name it: ids made by time are the engine's own. */
const told = ({ type, occurredAt, data }: Pick<AnyEvent, 'type' | 'occurredAt' | 'data'>) => {
  const { points, to, from, rule, origin, repaid, deficit, promise, due, promised } = data as Readonly<
    Record<string, unknown>
  >
  return {
    type,
    occurredAt,
    points,
    to,
    from,
    rule,
    origin: type.startsWith('points/') ? undefined : origin,
    repaid,
    deficit,
    promise,
    due,
    promised,
  }
}

function agree({ engine, inputs, later }: Run, tally: Tally): void {
  const subject = 'u'
  const { definition } = engine
  let state: Journal<unknown> = engine.start(subject)
  const recorded: AnyEvent[] = []
  const so: AnyEvent[] = []
  tally.runs += 1
  for (const input of inputs) {
    so.push(input)
    if (input.occurredAt === state.at) tally.ties += 1
    const outcome = engine.decide(state, input)
    const code = outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome
    if (outcome.outcome === 'accepted') {
      state = outcome.state
      recorded.push(...(outcome.events as readonly AnyEvent[]))
    } else if (outcome.outcome === 'repeated') tally.repeats += 1
    else tally.refused += 1
    const now = Math.max(state.at ?? input.occurredAt, input.occurredAt)
    const ask = (asOf: number) => ({ definition, inputs: so, subject, asOf })
    const change = inSight(engine.nextChange(state, now)?.at, now)
    expect({ change, so }).toEqual({ change: inSight(oracleNextChange(ask(now)), now), so })
    if (change !== undefined) tally.changes += 1
    const around = change === undefined ? [] : [change - 1, change, change + 1]
    for (const asOf of [now, ...around, ...later.map((after) => now + after)]) {
      const { views, outcomes } = oracleProgram(ask(asOf))
      const view = engine.view(state, asOf)
      const parts =
        (definition as { model: string; id: string }).model === 'program' ? view : { [engine.id]: view }
      expect({ asOf, code, parts: nearby(parts, asOf), so }).toEqual({
        asOf,
        code: outcomes.at(-1),
        parts: nearby(views, asOf),
        so,
      })
      tally.checks += 1
    }
  }
  const end = (state.at ?? 0) + 400 * 86_400_000
  recorded.push(...(engine.advance(state, end).events as readonly AnyEvent[]))
  const { log } = oracleProgram({ definition, inputs, subject, asOf: end })
  expect(recorded.map(told)).toEqual(log.map(told))
  tally.checks += 1
  tally.made += log.filter(({ type }) => Object.hasOwn(engine.publishes, type)).length
}

/** Anniversaries of somebody who is born long after come later than the oracle looks. */
const inSight = (at: number | undefined, now: number) =>
  at !== undefined && at > now + HORIZON ? undefined : at

/** Views without moves that are out of sight. */
const nearby = (parts: unknown, asOf: number) =>
  Object.fromEntries(
    Object.entries(parts as Record<string, { readonly next?: { readonly at: number } | null }>).map(
      ([id, view]) => [
        id,
        view.next && inSight(view.next.at, asOf) === undefined ? { ...view, next: null } : view,
      ],
    ),
  )

interface Run {
  readonly engine: Engine<Loose>
  readonly inputs: readonly AnyEvent[]
  readonly later: readonly number[]
}

/** Runs of an engine from a pool through a history of its own. */
const runOf = (
  pool: (zone: string) => fc.Arbitrary<Driven>,
  most: number,
  history = passages,
): fc.Arbitrary<Run> =>
  night.chain(({ zone, start }) =>
    pool(zone).chain(({ engine, commands }) =>
      fc.record({
        engine: fc.constant(engine),
        inputs: history(commands, most).map((steps) => inputsOf(start, steps)),
        later: fc.array(fc.integer({ min: 1, max: 120 * 86_400_000 }), { minLength: 1, maxLength: 2 }),
      }),
    ),
  )

function holds(
  pool: (zone: string) => fc.Arbitrary<Driven>,
  most: number,
  numRuns: number,
  history = passages,
): void {
  const tally: Tally = { runs: 0, checks: 0, changes: 0, repeats: 0, refused: 0, ties: 0, made: 0 }
  fc.assert(
    fc.property(runOf(pool, most, history), (run) => agree(run, tally)),
    { numRuns },
  )
  console.log(
    Object.entries(tally)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  )
}

const PATIENCE = 1_200_000

describe('a second implementation agrees at every event, and 1 ms either side of every next change', () => {
  test('on lifecycles', () => holds(lifecycleIn, 14, runs(500, 20_000)), PATIENCE)
  test('on lifecycles of any shape', () => holds(anyLifecycleIn, 14, runs(150, 20_000)), PATIENCE)
  test('on promises', () => holds(deskIn, 14, runs(40, 20_000)), PATIENCE)
  test('on points', () => holds(pointsIn, 14, runs(400, 20_000)), PATIENCE)
  test('on busy accounts', () => holds(pointsIn, 24, runs(500, 20_000), trades), PATIENCE)
  test('on programs', () => holds(programIn, 12, runs(150, 6000)), PATIENCE)
})
