// Facts that come late, twice, or from another subject that is the same person: replayed, a lifecycle stands where the
// second implementation puts somebody of whom all of it was known in order.
import fc from 'fast-check'
import { type AnyEvent, compareEvents, type Engine, type Journal, replay } from 'liuliang/kernel'
import { expect, test } from 'vitest'
import { oracleProgram } from '../../src/testing/oracle/index.js'
import { runs } from '../support/size.js'
import { HORIZON } from './support/agreement.js'
import { anyLifecycleIn, type Driven, type Loose, lifecycleIn } from './support/definitions.js'
import { inputsOf, night, passages } from './support/shop.js'

const DAY = 86_400_000

/** A view without a move that is further away than the oracle looks. */
function nearby(view: unknown, asOf: number): unknown {
  const { next } = view as { readonly next: { readonly at: number } | null }
  return next !== null && next.at > asOf + HORIZON ? { ...(view as object), next: null } : view
}

interface Arrival {
  readonly engine: Engine<Loose>
  readonly facts: readonly AnyEvent[]
  /** By fact: how many places later it arrives, whether twice, and whether as another subject's. */
  readonly fates: readonly (readonly [delay: number, twice: boolean, other: boolean])[]
  readonly later: number
}

/** Steps in order, without oddities of their own: what is odd here is how they arrive. */
const arrivals = (pool: (zone: string) => fc.Arbitrary<Driven>): fc.Arbitrary<Arrival> =>
  night.chain(({ zone, start }) =>
    pool(zone).chain(({ engine, commands }) =>
      fc.record({
        engine: fc.constant(engine),
        facts: passages(commands, 12).map((steps) =>
          inputsOf(
            start,
            steps.map(({ gap, body }) => ({ gap, body })),
          ),
        ),
        fates: fc.array(
          fc.tuple(
            fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) }),
            fc.boolean(),
            fc.nat(3).map((n) => n === 0),
          ),
          { minLength: 12, maxLength: 12 },
        ),
        later: fc.integer({ min: 0, max: 200 * DAY }),
      }),
    ),
  )

/** A fact as the other subject's; nothing where it is about somebody else. */
const asOther = (fact: AnyEvent): AnyEvent | undefined =>
  fact.subject === 'u' && !Object.values(fact.data).includes('u')
    ? { ...fact, subject: 'u-other' }
    : undefined

test('late, duplicate and merged facts give what would have followed in order', {
  timeout: 1_200_000,
}, () => {
  const tally = { runs: 0, checks: 0, late: 0, merged: 0, twice: 0, retracted: 0, asserted: 0 }
  const pools = (zone: string) => fc.oneof(lifecycleIn(zone), anyLifecycleIn(zone))
  fc.assert(
    fc.property(arrivals(pools), ({ engine, facts, fates, later }) => {
      const subject = 'u'
      const isOther = (i: number) => i < fates.length && fates[i]![2] && asOther(facts[i]!) !== undefined
      const own = facts.filter((_, i) => !isOther(i))
      const foreign = facts.flatMap((fact, i) => (isOther(i) ? asOther(fact)! : []))
      const arriving = own
        .map((fact, i) => ({ fact, place: i + fates[i % fates.length]![0] * 1.5, i }))
        .sort((a, b) => a.place - b.place || a.i - b.i)
        .flatMap(({ fact, i }) => (fates[i % fates.length]![1] ? [fact, fact] : [fact]))
      let state: Journal<unknown> = engine.start(subject)
      const tail: AnyEvent[] = []
      const taken: AnyEvent[] = []
      const late: AnyEvent[] = []
      for (const fact of arriving) {
        const outcome = engine.decide(state, fact)
        if (outcome.outcome === 'accepted') {
          state = outcome.state
          tail.push(...(outcome.events as readonly AnyEvent[]))
          taken.push(fact)
        } else if (outcome.outcome === 'refused') late.push(fact)
        else tally.twice += 1
      }
      const replayed = replay(
        engine,
        { checkpoint: engine.start(subject), tail },
        { add: late, merge: { subject: 'u-other', events: foreign } },
      )
      // Nothing before the first change is touched: there the order of arrival stays. Without one, all is put in order.
      const news = [...new Map(late.map((fact) => [fact.id, fact])).values(), ...foreign]
      const from =
        news.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...news.map(({ occurredAt }) => occurredAt))
      const before = taken.filter(({ occurredAt }) => occurredAt < from)
      const rest = [
        ...taken.slice(before.length),
        ...news.map((fact) => ({ ...fact, subject: fact.subject === 'u-other' ? 'u' : fact.subject })),
      ]
      const inputs = [...before, ...rest.sort(compareEvents)]
      const now = replayed.state.at!
      for (const asOf of [now, now + later]) {
        const { views, log } = oracleProgram({ definition: engine.definition, inputs, subject, asOf })
        const view = nearby(engine.view(replayed.state, asOf), asOf)
        expect({ view, facts, late, foreign }).toEqual({
          view: nearby(views[engine.id], asOf),
          facts,
          late,
          foreign,
        })
        if (asOf === now) {
          const moved = (events: readonly AnyEvent[]) =>
            events.flatMap(({ type, occurredAt, data }) => {
              const { from, to, rule } = data as Readonly<Record<string, unknown>>
              return type === `${engine.id}/stage-changed` ? [{ occurredAt, from, to, rule }] : []
            })
          expect(moved(replayed.log as readonly AnyEvent[])).toEqual(moved(log))
        }
        tally.checks += 1
      }
      tally.runs += 1
      tally.late += late.length
      tally.merged += foreign.length
      tally.retracted += replayed.retracted.length
      tally.asserted += replayed.asserted.length
    }),
    { numRuns: runs(200, 20_000) },
  )
  expect(Math.min(tally.late, tally.merged, tally.twice, tally.retracted, tally.asserted)).toBeGreaterThan(0)
  console.log(
    Object.entries(tally)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  )
})
