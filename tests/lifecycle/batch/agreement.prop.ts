// The batch engine beside the engine itself: every count, every stay, every move and everybody's next one.
import fc from 'fast-check'
import { type AnyEvent, columnsOf, DefinitionError, type Engine, type Kinds } from 'liuliang/kernel'
import { defineStageFlows, type StageFlowsAggregate } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import { lifecycleIn } from '../../oracle/support/definitions.js'
import { trades } from '../../oracle/support/shop.js'
import { runs } from '../../support/size.js'
import { flowsOf, livesOf } from './support/by-engine.js'
import { byTime, later, lifecycles, lives } from './support/lifecycles.js'

const settled = <T>(run: () => T): T | 'never-settles' => {
  try {
    return run()
  } catch (error) {
    if (error instanceof DefinitionError && error.code === 'never-settles') return 'never-settles'
    throw error
  }
}

const collect = <S extends string>(flows: StageFlowsAggregate<S>, events: readonly AnyEvent[]) =>
  events.reduce((partial, event) => flows.add(partial, event), flows.empty())

const latestOf = (events: readonly AnyEvent[]) => Math.max(0, ...events.map(({ occurredAt }) => occurredAt))

function compare(
  engine: Engine<Kinds>,
  path: 'tables' | 'states',
  events: readonly AnyEvent[],
  after: number,
): string {
  const flows = defineStageFlows({ id: 'flows', version: 1, lifecycle: engine as never })
  expect(flows.path).toBe(path)
  const asOf = latestOf(events) + after
  const expected = settled(() => livesOf(engine, events, asOf))
  const ours = settled(() => {
    const partial = collect(flows, events)
    return { partial, result: flows.result(partial, { asOf }) }
  })
  if (expected === 'never-settles' || ours === 'never-settles') {
    expect(ours).toBe(expected)
    return 'never-settles'
  }
  const { stages: names, initial } = engine.definition as {
    readonly stages: readonly string[]
    readonly initial: string
  }
  const wanted = flowsOf(expected, names, initial, asOf, 86_400_000)
  const { result, partial } = ours
  expect(result.people).toBe(wanted.people)
  expect(result.now).toEqual(wanted.now)
  expect(result.moves).toEqual(wanted.moves)
  expect(result.entries).toEqual(wanted.entries)
  expect(
    result.stays.byStage.map(({ times, events: left, censored }) => ({ times, events: left, censored })),
  ).toEqual(wanted.stays)
  const standing = flows.people(partial, { asOf })
  const next = standing.next()
  const found = Array.from({ length: standing.length }, (_, i) => ({
    subject: standing.subject(i),
    stage: names[standing.stage[i]!],
    since: standing.since[i],
    next: next.at[i] === Infinity ? null : { to: names[next.to[i]!], at: next.at[i] },
  }))
  const views = expected.map(({ subject, stage, since, next }) => ({ subject, stage, since, next }))
  const sorted = <T extends { readonly subject: string }>(list: readonly T[]) =>
    [...list].sort((a, b) => (a.subject < b.subject ? -1 : 1))
  expect(sorted(found)).toEqual(sorted(views))
  // Who is behind the moves.
  const told = flows.moves(events, { asOf }).rows()
  const all = expected.flatMap(({ moves }) => moves)
  const shown = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort()
  expect(
    shown(
      told.map(({ subject, at, from, to, because }) => [
        subject,
        at,
        from,
        to,
        because.code,
        'since' in because ? because.since : 0,
      ]),
    ),
  ).toEqual(
    shown(
      all.map(({ subject, at, from, to, reason }) => [subject, at, from, to, reason.code, reason.since ?? 0]),
    ),
  )
  // The same by columns, grouped and by time.
  for (const rows of [events, byTime(events)]) {
    const columns = flows.addColumns(flows.empty(), columnsOf(rows))
    expect(flows.result(columns, { asOf })).toEqual(result)
  }
  return all.length > 0 ? 'moved' : 'stayed'
}

test('tables agree with the engine on any lifecycle of counts, sums and time', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(lifecycles, lives, later, (engine, events, after) => {
      const outcome = compare(engine as never, 'tables', events, after)
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    }),
    { numRuns: runs(150, 20_000) },
  )
  expect(seen.get('moved')).toBeGreaterThan(60)
})

/** Lifecycles with windows, elapsed time, ages and coverage, over the shop of the oracle. */
test('states agree with the engine on any other lifecycle', () => {
  const driven = fc
    .constantFrom('America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe')
    .chain(lifecycleIn)
    .chain(({ engine, commands }) =>
      fc.tuple(fc.constant(engine), fc.array(trades(commands, 10), { maxLength: 3 })),
    )
  fc.assert(
    fc.property(driven, later, ([engine, people], after) => {
      const events = people.flatMap((steps, person) => {
        let at = Date.UTC(2024, 2, 8, 6, 30)
        return steps.map(({ gap, body: { type, data } }, i) => {
          at += gap
          return { id: `${person}-${i}`, type, subject: `p${person}`, occurredAt: at, data }
        })
      })
      compare(engine as never, 'states', events, after)
    }),
    { numRuns: runs(40, 4000) },
  )
})
