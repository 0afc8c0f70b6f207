// The next turn of any condition, against asking at every instant at which anything can change, and a millisecond around it.
import fc from 'fast-check'
import { all, any, type Condition, defineEvents, integer, not, someOf, text } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { judging } from './support/reading.js'

const timeout = runs(60_000, 3_600_000)

const shop = defineEvents({ noted: { n: integer(), word: text().optional() }, visited: {} })
const spans = [1, 2, 3, 5]
const span = fc.constantFrom(...spans).map((seconds) => ({ seconds }))
const scope = fc.record(
  { within: span, where: fc.constantFrom({ n: [1, -2] }, { word: 'a' }) },
  { requiredKeys: [] },
)
const number = fc.integer({ min: -4, max: 4 })

const fact = fc.oneof(
  scope.map((how) => shop.count('noted', how)),
  scope.map((how) => shop.sum('noted', 'n', how)),
  scope.map((how) => shop.last('noted', 'n', how)),
)
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fact, fc.constantFrom('gte', 'gt', 'lte', 'lt', 'is'), number)
    .map(([one, word, n]) => one[word](n)),
  fc.tuple(fact, number, number).map(([one, a, b]) => one.between(Math.min(a, b), Math.max(a, b))),
  fc.tuple(fact, number, number).map(([one, a, b]) => one.in(a, b)),
  scope.map((how) => shop.last('noted', 'word', how).is('a')),
  fc
    .tuple(fc.constantFrom('gte', 'gt', 'lte', 'lt'), span, fc.boolean())
    .map(([word, reached, anchored]) =>
      shop.timeSince('noted', anchored ? { orSince: 'visited' } : {})[word](reached),
    ),
  fc.tuple(span, span).map(([a, b]) => shop.timeSince('visited').between(a, b)),
)
const condition = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((of) => all(...of)),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((of) => any(...of)),
    tie('node').map((of) => not(of)),
    fc
      .array(tie('node'), { minLength: 2, maxLength: 4 })
      .chain((of) => fc.integer({ min: 1, max: of.length }).map((k) => someOf(k, ...of))),
  ),
})).node

const events = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 1, 500, 999, 1000, 1001, 3000),
      n: number,
      word: fc.constantFrom('a', 'b', undefined),
      type: fc.constantFrom('noted', 'noted', 'visited'),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((steps) => {
    let occurredAt = 0
    return steps.map(({ gap, n, word, type }, i) => {
      occurredAt += gap
      const data = type === 'visited' ? {} : { n, ...(word && { word }) }
      return { id: `e${i}`, type, subject: 'u1', occurredAt, data }
    })
  })

test('nextFlip is the first instant at which the answer differs', { timeout }, () => {
  let turns = 0
  fc.assert(
    fc.property(condition, events, fc.nat({ max: 4000 }), (asked, told, later) => {
      const { holds, nextFlip } = judging(shop.events, asked, told)
      const now = told.at(-1)!.occurredAt
      const from = now + later
      const instants = told
        .flatMap(({ occurredAt }) => [0, ...spans].map((seconds) => occurredAt + seconds * 1000))
        .flatMap((at) => [at - 1, at, at + 1, at + 2])
        .filter((at) => at > from)
        .sort((a, b) => a - b)
      const first = instants.find((at) => holds(at) !== holds(from))
      expect(nextFlip(from)).toBe(first)
      if (first !== undefined) turns += 1
    }),
    { numRuns: runs(2000, 50_000) },
  )
  expect(turns).toBeGreaterThan(runs(200, 5000))
})
