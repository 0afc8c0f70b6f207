import fc from 'fast-check'
import {
  type Condition,
  compileCondition,
  compileRules,
  FactSet,
  factKinds,
  factsOf,
  type Track,
} from 'liuliang/kernel'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { condition } from './support/conditions.js'
import { calendarIn, inputsOf, night, passages, shop } from './support/shop.js'

// A catalogue that does not speak of coverage, where rules are judged by cells, and one that does.
const { 'coverage-changed': _, ...observed } = shop.events

test('rules judged together answer as each one alone, at every event and later', () => {
  let checks = 0
  fc.assert(
    fc.property(
      night,
      fc.array(condition, { minLength: 1, maxLength: 8 }),
      passages([], 14),
      fc.boolean(),
      fc.integer({ min: 0, max: 90 * 86_400_000 }),
      ({ zone, start }, drawn, steps, covered, later) => {
        const context = {
          events: covered ? shop.events : observed,
          calendar: calendarIn(zone),
          kinds: factKinds,
        }
        // The same parts again, joined and turned round, so that rules share some.
        const conditions: readonly Condition[] = [
          ...drawn,
          { condition: 'all', of: drawn },
          { condition: 'some-of', k: 1, of: [...drawn, drawn[0]!] },
          { condition: 'not', of: drawn[0]! },
          { condition: 'some-of', k: 2, of: [drawn[0]!, drawn[0]!, { condition: 'not', of: drawn[0]! }] },
        ]
        const rules = compileRules(conditions, context)
        const facts = new FactSet(conditions.flatMap(factsOf), context)
        const alone = conditions.map((one) => compileCondition(one, facts, context))
        let together: readonly Track[] = rules.facts.start
        let tracks: readonly Track[] = facts.start
        for (const event of inputsOf(start, steps)) {
          together = rules.facts.note(together, event, 'u')
          tracks = facts.note(tracks, event, 'u')
          for (const asOf of [event.occurredAt, event.occurredAt + later]) {
            const expected = alone.map((one) => (one.holds(tracks, asOf) ? 1 : 0))
            expect([...rules.holds(together, asOf)]).toEqual(expected)
            // Once more, from what was remembered.
            expect([...rules.holds(together, asOf)]).toEqual(expected)
            expect(rules.verdicts(together, asOf).map(({ holds }) => (holds ? 1 : 0))).toEqual(expected)
            checks += expected.length
          }
        }
      },
    ),
    { numRuns: runs(250, 10_000) },
  )
  expect(checks).toBeGreaterThan(runs(5000, 200_000))
}, 600_000)
