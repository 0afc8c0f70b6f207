// For facts without commands, what an account has earned less what was taken back does not depend on when it was learned.
import fc from 'fast-check'
import { compareEvents, formatMinor, replay } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { tell, utc } from '../support/story.js'
import { account, pointsWith, shop } from './support/shop.js'

const timeout = runs(60_000, 3_600_000)

const engine = pointsWith({
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '0.70', of: 'amount' },
      origin: 'orderId',
      multiply: [{ by: '3/2', when: shop.count('order-paid', { within: { days: 20 } }).gte(3) }],
    },
    {
      rule: 'bonus',
      on: 'order-paid',
      earns: { points: 7 },
      origin: 'orderId',
      when: shop.count('post-published').gte(1),
    },
  ],
  pending: 'until-confirmed',
})
const fact = fc.record({
  what: fc.constantFrom('paid', 'paid', 'paid', 'refunded', 'cancelled', 'received', 'post'),
  order: fc.nat({ max: 4 }),
  minor: fc.integer({ min: 0, max: 9999 }),
  hours: fc.integer({ min: 0, max: 24 * 40 }),
  late: fc.boolean(),
  /** Recorded although it never happened. */
  wrong: fc.boolean(),
})

const told = { order: 3, minor: 4, hours: 0, late: false, wrong: false }
/** What an order brought about was right, and told by the wrong fact. */
const underAnotherFact = [
  { ...told, what: 'post' as const },
  { ...told, what: 'paid' as const, wrong: true },
  { ...told, what: 'paid' as const, late: true },
  { ...told, what: 'post' as const, wrong: true },
]

test('facts that come late, or never were, leave the same sum as the true ones in order', { timeout }, () => {
  let corrected = 0
  fc.assert(
    fc.property(fc.array(fact, { minLength: 1, maxLength: 14 }), (history) => {
      const { paid, refunded, cancelled, received, event } = account()
      const facts = history.map(({ what, order, minor, hours, late, wrong }, i) => {
        const at = utc('2024-01-01') + hours * 3_600_000 + i
        const [id, amount] = [`o${order}`, formatMinor(minor, 2)]
        const made =
          what === 'paid'
            ? paid(at, id, amount)
            : what === 'refunded'
              ? refunded(at, id, amount)
              : what === 'cancelled'
                ? cancelled(at, id)
                : what === 'received'
                  ? received(at, id)
                  : event(at, 'post-published', { likes: 1 })
        return { late, wrong: wrong && !late, made }
      })
      const inOrder = facts.flatMap(({ wrong, made }) => (wrong ? [] : [made])).sort(compareEvents)
      const remove = facts.flatMap(({ wrong, made }) => (wrong ? [made.id] : []))
      const known = facts
        .filter(({ late }) => !late)
        .map(({ made }) => made)
        .sort(compareEvents)
      const add = facts.filter(({ late }) => late).map(({ made }) => made)
      const { log } = tell(engine, known as never)
      const learned = { add: add as never, remove, at: utc('2024-03-01') }
      const replayed = replay(engine, { checkpoint: engine.start('u1'), tail: log }, learned)
      const { state } = tell(engine, inOrder as never)
      const at = Math.max(state.at ?? 0, replayed.state.at ?? 0)
      const net = (from: typeof state) => {
        const { balance, pending, totals } = engine.view(from, at)
        return { net: totals.earned - totals.clawedBack, held: balance + pending }
      }
      expect(net(replayed.state)).toEqual(net(state))
      if (replayed.asserted.length > 0) corrected += 1
    }),
    { numRuns: runs(300, 5000), examples: [[underAnotherFact] as [typeof underAnotherFact]] },
  )
  expect(corrected).toBeGreaterThan(50)
})
