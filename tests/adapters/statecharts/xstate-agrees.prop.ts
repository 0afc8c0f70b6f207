// The machine that XState runs and the engine are in the same stage at every instant, since the same instant, with the same facts.
import { DefinitionError, type LifecycleState, type Random, random } from 'liuliang'
import { toXState } from 'liuliang/adapters/statecharts'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { eventBy, lifecycleBy } from './support/random-lifecycles.js'
import { machineOf, VirtualTime } from './support/virtual-time.js'

const EVENTS = 12
const USERS = 5
const DAY = 86_400_000

interface Tally {
  checks: number
  moves: number
  restless: number
  readonly stages: Set<string>
}

/** One lifecycle and its users, compared after every event and at instants between; what differs is told. */
function compare(seed: string, longestDelay: number, tally: Tally): readonly object[] {
  const chance = random(seed)
  const engine = lifecycleBy(chance)
  const machine = machineOf(toXState(engine, { subject: 'ann', longestDelay }))
  return Array.from({ length: USERS }, (_, user) =>
    compareUser(engine, new VirtualTime(machine), chance.fork(user), tally).map((difference) => ({
      seed,
      user,
      definition: engine.definition,
      ...difference,
    })),
  ).flat()
}

function compareUser(
  engine: ReturnType<typeof lifecycleBy>,
  machine: VirtualTime,
  chance: Random,
  tally: Tally,
): readonly object[] {
  const definition = engine.definition as unknown as {
    readonly stages: readonly string[]
    readonly calendar: { readonly zone: string }
  }
  let state = engine.start('ann')
  let last = Date.UTC(2023, chance.integer(0, 11), chance.integer(1, 28), chance.integer(0, 23))
  const differences: object[] = []
  const told: object[] = []
  /** What the machine has to do next, when the engine has done it. */
  let follow = () => {}
  const check = (of: LifecycleState<string>, at: number) => {
    tally.checks += 1
    tally.stages.add(of.stage)
    const { value, context } = machine.state
    const mine = { stage: of.stage, entered: of.since, last: of.activeAt, tracks: of.tracks }
    const theirs = { stage: value, entered: context.entered, last: context.last, tracks: context.tracks }
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) differences.push({ at, mine, theirs, told })
  }
  try {
    for (let i = 0; i < EVENTS && differences.length === 0; i += 1) {
      const event = eventBy(chance, definition.calendar.zone, definition.stages, last, i)
      follow = () => machine.send(event)
      const outcome = engine.decide(state, event as never)
      if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify([event, outcome]))
      tally.moves += outcome.events.length - 1
      told.push(event)
      follow()
      state = outcome.state
      check(state.of, event.occurredAt)
      // Sometimes a later instant, on a local day's edge or anywhere, before the next event.
      last = event.occurredAt
      if (chance.next() < 0.5) continue
      last += chance.next() < 0.5 ? chance.integer(0, 40) * DAY : chance.integer(0, 40 * DAY)
      const until = last
      follow = () => machine.advance(until)
      state = engine.advance(state, last).state
      follow()
      check(state.of, last)
    }
  } catch (error) {
    // Two conditions that hold together never rest: the engine says so, and so does the machine.
    if (!(error instanceof DefinitionError && error.code === 'never-settles')) throw error
    expect(follow).toThrow('never-settles')
    tally.restless += 1
  }
  return differences
}

/** So many checks, from one seed on. */
function compareFrom(seed: number, checks: number, longestDelay: number): Tally {
  const tally: Tally = { checks: 0, moves: 0, restless: 0, stages: new Set() }
  for (let i = seed; tally.checks < checks; i += 1)
    expect(compare(`xstate-${i}`, longestDelay, tally)).toEqual([])
  return tally
}

describe('XState in virtual time agrees with the engine on every random lifecycle and history', () => {
  test('with delays of any length', () => {
    const tally = compareFrom(0, runs(9_000, 100_000), Infinity)
    expect(tally.stages.size).toBe(7)
    // Most of them say something: people move, and few lifecycles turn on the spot.
    expect(tally.moves).toBeGreaterThan(tally.checks / 10)
    expect(tally.restless).toBeLessThan(tally.checks / 20)
  }, 600_000)

  test('with delays of 24.8 days at most, as real timers bear them', () => {
    const tally = compareFrom(1_000_000, runs(1_000, 10_000), 2_147_483_647)
    expect(tally.moves).toBeGreaterThan(tally.checks / 10)
  }, 600_000)
})
