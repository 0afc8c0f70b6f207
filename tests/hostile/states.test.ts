// States as a database may give them back: dropped, retyped, broken or swapped values at every place of a journal. Each
// verb answers or says with a typed error that the state is none; none of them hangs, writes into it or makes a number that
// does not exist out of one that JSON can hold.
import * as library from 'liuliang'
import { afterAll, describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { day, historyOf, order, programOf } from './support/program.mjs'
import { mutantsOf } from './support/states.mjs'
import { typedBy } from './support/typed.mjs'

const { isTyped } = typedBy(library)
const specimens = programOf(library)
const counts: object[] = []

describe.each(['lifecycle', 'points', 'program'] as const)('a broken state of a %s', (name) => {
  const engine = specimens[name] as library.Engine<library.Kinds>
  const { state: whole } = historyOf(engine)
  const at = whole.at + 3 * day
  const input = order({ id: 'new', occurredAt: at })
  const verbs: Readonly<Record<string, (state: never) => unknown>> = {
    decide: (state) => engine.decide(state, input),
    evolve: (state) => engine.evolve(state, input),
    advance: (state) => engine.advance(state, at + 400 * day),
    view: (state) => engine.view(state, at),
    nextChange: (state) => engine.nextChange(state, at),
    verdicts: (state) => library.verdicts(engine, state, at),
    forget: (state) => library.forget(engine, state, [], 'u1'),
  }

  test('is answered, or refused with a typed error', () => {
    const faults: string[] = []
    const tally = { mutants: 0, calls: 0, refused: 0, answered: 0 }
    const mutants = [...mutantsOf(whole)]
    const every = runs(name === 'lifecycle' ? 3 : 9, 1)
    for (const { path, how, state } of mutants.filter((_, i) => i % every === 0)) {
      tally.mutants += 1
      const before = JSON.stringify(state)
      for (const [verb, ask] of Object.entries(verbs)) {
        tally.calls += 1
        try {
          const answer = ask(state as never)
          const refused = (answer as { outcome?: string } | undefined)?.outcome === 'refused'
          tally[refused ? 'refused' : 'answered'] += 1
        } catch (error) {
          tally.refused += 1
          if (!isTyped(error)) faults.push(`${verb} ${path} ${how}: ${String(error)}`)
        }
      }
      if (JSON.stringify(state) !== before) faults.push(`${path} ${how}: written into`)
    }
    counts.push({ name, ...tally })
    expect(faults).toEqual([])
    expect(tally.mutants).toBeGreaterThan(runs(400, 1400))
  }, 60_000)

  test('is refused where its head is broken', () => {
    const heads = [...mutantsOf({ ...whole, ids: undefined, of: undefined })].filter(
      ({ path, how }) => /^\$\.(format|definition|subject|at|version)$/.test(path) && how !== 'one more',
    )
    const kept = heads.filter(({ path, how, state }) => {
      const broken = { ...(state as object), ids: whole.ids, of: whole.of } as never
      if (engine.decide(broken, input).outcome === 'refused') return false
      // What is another value of the right kind cannot be told from the true one.
      return !(path === '$.version' && how === 'a number') && !(path === '$.at' && /number|null/.test(how))
    })
    expect(heads.length).toBeGreaterThan(50)
    expect(kept.map(({ path, how }) => `${path} ${how}`)).toEqual([])
  })
})

afterAll(() => console.table(counts))
