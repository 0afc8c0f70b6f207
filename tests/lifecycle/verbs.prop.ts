// Laws of timelines, next moves and migrations, on lifecycles of any shape and histories through time.
import fc from 'fast-check'
import type { AnyEvent, Engine, Journal } from 'liuliang/kernel'
import { diffLifecycles, migrateLifecycle, nextMove, nextMoves, timeline } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import type { Loose } from '../oracle/support/definitions.js'
import { anyLifecycle, engineOf } from '../oracle/support/lifecycles.js'
import { inputsOf, night, passages } from '../oracle/support/shop.js'
import { runs } from '../support/size.js'

const DAY = 86_400_000
const TIMEOUT = 1_200_000

interface Standing {
  readonly stage: string
  readonly since: number | null
  readonly next: { readonly to: string; readonly at: number } | null
}

/** An engine and what happened to somebody, moves by hand among it. */
const lives = night.chain(({ zone, start }) =>
  anyLifecycle(zone).chain((definition) => {
    const hand = fc
      .constantFrom(...definition.stages)
      .map((to) => ({ type: 'any/move-set', data: { to, reason: 'asked' } }))
    return fc.record({
      engine: fc.constant(engineOf(definition) as unknown as Engine<Loose>),
      inputs: passages([hand], 14).map((steps) => inputsOf(start, steps)),
      later: fc.array(fc.integer({ min: 0, max: 200 * DAY }), { minLength: 1, maxLength: 3 }),
    })
  }),
)

/** Facts, each id once: what is odd about how they arrive has tests of its own. */
const factsOf = (inputs: readonly AnyEvent[]) => [
  ...new Map(inputs.map((input) => [input.id, input])).values(),
]

test('what happens later changes no earlier stay', { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(lives, ({ engine, inputs, later }) => {
      const facts = factsOf(inputs)
      const first = Math.min(...facts.map(({ occurredAt }) => occurredAt))
      const last = Math.max(...facts.map(({ occurredAt }) => occurredAt)) + 200 * DAY
      const tell = (asOf: number) => timeline(engine as never, 'u', facts as never, { asOf })
      const whole = tell(last).stays
      for (const after of later) {
        const asOf = first + after
        const stays = whole.filter(({ from }) => from <= asOf)
        const open = stays.map((stay, i) => (i === stays.length - 1 ? { ...stay, to: null } : stay))
        expect(tell(asOf).stays).toEqual(open)
      }
      // One stay begins where the one before it ends.
      for (const [i, { to }] of whole.slice(0, -1).entries()) expect(whole[i + 1]!.from).toBe(to)
    }),
    { numRuns: runs(60, 10_000) },
  )
})

test('the next move is the one that the view and time itself come to', { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(lives, ({ engine, inputs, later }) => {
      let state: Journal<unknown> = engine.start('u')
      for (const input of inputs) {
        const outcome = engine.decide(state, input)
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        const asOf = state.at! + later[0]!
        const next = nextMove(engine as never, state as never, asOf) as {
          readonly to?: string
          readonly at?: number
        }
        const view = engine.view(state, asOf) as Standing
        expect(next.at === undefined ? null : { to: next.to, at: next.at }).toEqual(view.next)
        const until = asOf + 300 * DAY
        const moves = nextMoves(engine as never, state as never, asOf, { until, most: 1000 })
        const { state: then } = engine.advance(state, asOf)
        const made = (engine.advance(then, until - 1).events as readonly AnyEvent[]).map(
          ({ occurredAt, data }) => ({
            at: occurredAt,
            ...(data as object),
          }),
        )
        expect(made).toMatchObject(moves.map(({ from, to, at, reason }) => ({ from, to, at, reason })))
        expect(made).toHaveLength(moves.length)
      }
    }),
    { numRuns: runs(60, 10_000) },
  )
})

/** What was heard at an earlier instant brings nothing about any more, and is forgotten by a migration. */
const withoutEars = (state: Journal<unknown>) => ({ ...state, of: { ...(state.of as object), heard: [] } })

test('a migration to the same definition changes nothing that follows', { timeout: TIMEOUT }, () => {
  let migrations = 0
  fc.assert(
    fc.property(lives, ({ engine, inputs, later }) => {
      const migrate = migrateLifecycle(
        engine as never,
        engine as never,
        { stages: {} } as never,
      ) as unknown as (
        state: Journal<unknown>,
        at: number,
      ) => { readonly events: readonly AnyEvent[]; readonly state: Journal<unknown> }
      let plain: Journal<unknown> = engine.start('u')
      let moved = plain
      for (const [i, input] of inputs.entries()) {
        if (moved.at !== null && input.occurredAt > moved.at) {
          const at = moved.at + 1 + (later[i % later.length]! % (input.occurredAt - moved.at))
          const { events, state } = migrate(moved, at)
          expect(events).toEqual(engine.advance(moved, at).events)
          expect(engine.view(state, at)).toEqual(engine.view(plain, at))
          moved = state
          migrations += 1
        }
        if (moved.at !== null && input.occurredAt < moved.at) continue
        const [a, b] = [engine.decide(plain, input), engine.decide(moved, input)]
        expect(b.outcome).toBe(a.outcome)
        if (a.outcome === 'accepted' && b.outcome === 'accepted') {
          expect(withoutEars(b.state)).toEqual(withoutEars(a.state))
          plain = a.state
          moved = b.state
        }
      }
    }),
    { numRuns: runs(60, 10_000) },
  )
  expect(migrations).toBeGreaterThan(0)
})

test('a definition does not differ from itself, whoever is asked', { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(lives, ({ engine, inputs }) => {
      const histories = [{ subject: 'u', events: factsOf(inputs) }]
      const asOf = Math.max(...inputs.map(({ occurredAt }) => occurredAt)) + 90 * DAY
      const diff = diffLifecycles(
        engine as never,
        engine as never,
        histories as never,
        { asOf, stages: {} } as never,
      )
      expect(diff).toMatchObject({ subjects: 1, elsewhere: 0, onlyBefore: 0, onlyAfter: 0, moved: [] })
      for (const { before, after } of diff.moves) expect(before).toBe(after)
    }),
    { numRuns: runs(60, 10_000) },
  )
})
