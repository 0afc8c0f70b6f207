// For every move that did not happen, what is named as missing makes it happen: in the abstract, and with real events.
import fc from 'fast-check'
import {
  type Condition,
  canonical,
  defineEvents,
  defineLifecycle,
  type Fields,
  integer,
  missing,
  money,
  text,
  type Verdict,
  verdicts,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { tell, utc } from '../support/story.js'

const kinds = ['c0', 'c1', 'c2', 'c3'] as const
const plain = defineEvents(
  Object.fromEntries(kinds.map((name) => [name, {}])) as Record<(typeof kinds)[number], Fields>,
)

/** Trees over a few comparisons, some of them in several places, with answers of each. */
const tree = fc.letrec<{ readonly node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    fc.constantFrom(...kinds).map((name) => ({ ...plain.count(name as never).gte(1) }) as Condition),
    fc
      .tuple(fc.constantFrom('all', 'any'), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
      .map(([condition, of]) => ({ condition, of }) as Condition),
    tie('node').map((of) => ({ condition: 'not', of }) as Condition),
    fc
      .array(tie('node'), { minLength: 1, maxLength: 3 })
      .chain((of) =>
        fc.integer({ min: 1, max: of.length }).map((k) => ({ condition: 'some-of', k, of }) as Condition),
      ),
  ),
})).node

type Answer = boolean | 'unknown'
type Answers = ReadonlyMap<string, Answer>

const nameOf = (condition: Condition): string =>
  'fact' in condition && 'event' in condition.fact ? condition.fact.event : ''

/** Kleene's logic, written down once more. */
function judged(condition: Condition, answers: Answers): Verdict & { readonly answer: Answer } {
  if ('fact' in condition) {
    const answer = answers.get(nameOf(condition))!
    return {
      condition,
      answer,
      holds: answer === true,
      ...(answer === 'unknown' && { notObserved: true }),
      observed: answer === true ? 1 : 0,
    }
  }
  const parts = (condition.condition === 'not' ? [condition.of] : condition.of).map((part) =>
    judged(part, answers),
  )
  const yes = parts.filter(({ answer }) => answer === true).length
  const no = parts.filter(({ answer }) => answer === false).length
  const enough = { all: parts.length, any: 1, not: 1, 'some-of': 'k' in condition ? condition.k : 1 }[
    condition.condition
  ]
  const found: Answer = yes >= enough ? true : parts.length - no < enough ? false : 'unknown'
  const answer = condition.condition !== 'not' ? found : found === 'unknown' ? found : !found
  return {
    condition,
    parts,
    answer,
    holds: answer === true,
    ...(answer === 'unknown' && { notObserved: true }),
  }
}

const everyAnswer: readonly Answers[] = Array.from(
  { length: 2 ** kinds.length },
  (_, bits) => new Map(kinds.map((name, i) => [name, Math.floor(bits / 2 ** i) % 2 === 1])),
)

/** How many comparisons differ. */
const distance = (from: Answers, to: Answers) =>
  kinds.filter((name) => from.get(name) !== to.get(name)).length

const places = (condition: Condition): readonly string[] =>
  'fact' in condition
    ? [nameOf(condition)]
    : (condition.condition === 'not' ? [condition.of] : condition.of).flatMap(places)

test('set to the wanted answers it holds; there is no answer only where there is none; fewest where each stands once', () => {
  const shares = { missing: 0, impossible: 0, single: 0 }
  const answers = fc
    .tuple(...kinds.map(() => fc.constantFrom<Answer>(true, false, false, 'unknown')))
    .map((all): Answers => new Map(kinds.map((name, i) => [name, all[i]!])))
  fc.assert(
    fc.property(tree, answers, (condition, now) => {
      const verdict = judged(condition, now)
      const leaves = missing(verdict)
      const possible = everyAnswer.filter((all) => judged(condition, all).holds)
      if (leaves === undefined) {
        shares.impossible += 1
        expect(possible).toEqual([])
        return
      }
      const then = new Map([...now, ...leaves.map((leaf) => [nameOf(leaf.condition), leaf.needed] as const)])
      expect(judged(condition, then).holds).toBe(true)
      expect(new Set(leaves.map((leaf) => canonical(leaf.condition))).size).toBe(leaves.length)
      if (verdict.holds) expect(leaves).toEqual([])
      else shares.missing += 1
      const names = places(condition)
      if (verdict.holds || new Set(names).size < names.length || [...now.values()].includes('unknown')) return
      shares.single += 1
      expect(leaves.length).toBe(Math.min(...possible.map((all) => distance(now, all))))
    }),
    { numRuns: runs(1000, 100_000) },
  )
  for (const share of Object.values(shares)) expect(share).toBeGreaterThan(20)
})

const names = ['a', 'b', 'c', 'd'] as const
const fields = { points: integer(), amount: money('CNY'), channel: text('web', 'app') }
const shop = defineEvents({ a: fields, b: fields, c: fields, d: fields })
type Name = (typeof names)[number]

/** Each comparison about an event of its own, so that what makes one hold leaves the others as they are. */
const leafOn = (name: Name): fc.Arbitrary<Condition> =>
  fc.oneof(
    fc.integer({ min: 1, max: 5 }).map((n) => shop.count(name, { within: { days: 30 } }).gte(n)),
    fc.integer({ min: 1, max: 50 }).map((n) => shop.sum(name, 'points').gt(n)),
    fc.integer({ min: 1, max: 5000 }).map((cents) => shop.sum(name, 'amount').gte((cents / 100).toFixed(2))),
    fc.constantFrom('web' as const, 'app' as const).map((channel) => shop.last(name, 'channel').is(channel)),
    fc
      .constantFrom('web' as const, 'app' as const)
      .map((channel) => shop.last(name, 'channel').is(channel).not()),
  )

const rule = fc.tuple(...names.map(leafOn)).chain(([a, b, c, d]) =>
  fc.constantFrom<Condition>(
    a!,
    { condition: 'all', of: [a!, b!, c!, d!] },
    {
      condition: 'any',
      of: [
        { condition: 'all', of: [a!, b!] },
        { condition: 'all', of: [c!, d!] },
      ],
    },
    { condition: 'some-of', k: 2, of: [a!, { condition: 'any', of: [b!, c!] }, d!] },
    {
      condition: 'not',
      of: {
        condition: 'any',
        of: [
          { condition: 'not', of: a! },
          { condition: 'not', of: b! },
        ],
      },
    },
  ),
)

const history = fc.array(
  fc.record({
    type: fc.constantFrom(...names),
    data: fc.record({
      points: fc.integer({ min: 0, max: 20 }),
      amount: fc.constantFrom('0.5', '9.99', '20'),
      channel: fc.constantFrom('web', 'app'),
    }),
  }),
  { minLength: 1, maxLength: 6 },
)

test('with the events that it names, a move that did not happen happens', () => {
  let moved = 0
  fc.assert(
    fc.property(rule, history, (when, before) => {
      const engine = defineLifecycle({
        id: 'customer',
        version: 1,
        calendar: { zone: 'Asia/Shanghai' },
        events: shop,
        activity: [],
        stages: ['waiting', 'there'],
        initial: 'waiting',
        rules: { waiting: [{ to: 'there', when }], there: [] },
      })
      const start = utc('2024-01-01')
      const input = (i: number, type: Name, data: object) => ({
        id: `e${i}`,
        type,
        subject: 'u',
        occurredAt: start + i * 60_000,
        data,
      })
      const { state } = tell(
        engine,
        before.map(({ type, data }, i) => input(i, type, data)) as never,
        engine.start('u'),
      )
      const asOf = start + 7 * 60_000
      if (engine.view(state, asOf).stage === 'there') return
      const [waiting] = verdicts(engine, state, asOf)
      let i = 10
      const supplied = missing(waiting!.verdict!)!.flatMap(({ condition, needed, by, observed }) => {
        const { fact } = condition
        const about = fact as Extract<typeof fact, { readonly event: string }>
        const zero = { points: 0, amount: '0', channel: 'web' }
        const add = (data: object) => ({ ...input(i, about.event as Name, { ...zero, ...data }) })
        const events: object[] = []
        if (fact.fact === 'count') for (let n = 0; n < (by as number); n++, i++) events.push(add({}))
        else {
          const wanted = 'value' in condition ? condition.value : undefined
          const other = observed === 'web' ? 'app' : 'web'
          const channel = needed ? wanted : other
          const data =
            fact.fact === 'last' ? { channel } : { [(fact as { readonly field: string }).field]: by }
          events.push(add(data))
          i += 1
        }
        return events
      })
      const { state: after } = tell(engine, supplied as never, state)
      expect(engine.view(after, start + 60 * 60_000).stage).toBe('there')
      moved += 1
    }),
    { numRuns: runs(150, 5000) },
  )
  expect(moved).toBeGreaterThan(50)
})
