// Whatever came late or never was: once corrected, stages and points are those of the true facts in order.
import fc from 'fast-check'
import {
  compareEvents,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  formatMinor,
  money,
  replay,
  restore,
  stageEvents,
  text,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { tell, teller, utc } from '../support/story.js'

const timeout = runs(60_000, 3_600_000)
const stages = ['lead', 'active', 'loyal', 'lapsed'] as const
const shop = defineEvents({
  paid: { orderId: text(), amount: money('CNY') },
  refunded: { orderId: text(), amount: money('CNY') },
  visited: {},
  ...stageEvents('customer', stages),
})
const calendar = { zone: 'America/New_York' } as const
const spent = shop.sum('paid', 'amount', { within: { days: 20 } })
const is = (stage: 'active' | 'loyal') => shop.last('customer/stage-changed', 'to').is(stage)
const program = defineProgram({
  id: 'loyalty',
  version: 1,
  parts: [
    defineLifecycle({
      id: 'customer',
      version: 1,
      calendar,
      events: shop,
      activity: ['paid', 'visited'],
      stages,
      initial: 'lead',
      rules: {
        lead: [{ to: 'active', on: 'paid' }],
        active: [
          { to: 'loyal', when: spent.gte('100') },
          { to: 'lapsed', inactiveFor: { days: 10 } },
        ],
        loyal: [
          { to: 'active', when: spent.lt('100') },
          { to: 'lapsed', inactiveFor: { days: 10 } },
        ],
        lapsed: [
          { to: 'active', on: 'visited' },
          { to: 'loyal', on: 'paid' },
        ],
      },
    }),
    definePoints({
      id: 'points',
      version: 1,
      calendar,
      events: shop,
      earning: [
        {
          rule: 'purchase',
          on: 'paid',
          earns: { points: 1, per: '0.70', of: 'amount' },
          origin: 'orderId',
          multiply: [{ by: '2', when: is('loyal') }],
        },
        { rule: 'visit', on: 'visited', earns: { points: 2 }, when: is('active') },
      ],
      clawback: [{ on: 'refunded', origin: 'orderId', of: 'amount' }],
    }),
  ],
})

const fact = fc.record({
  type: fc.constantFrom('paid', 'paid', 'refunded', 'visited'),
  order: fc.nat({ max: 4 }),
  minor: fc.integer({ min: 0, max: 9999 }),
  // From three weeks before the clocks change in New York to five after.
  hours: fc.integer({ min: 0, max: 24 * 60 }),
  known: fc.constantFrom('in time', 'in time', 'late', 'wrongly'),
})

test('a corrected program stands where the true facts lead', { timeout }, () => {
  let corrected = 0
  fc.assert(
    fc.property(fc.array(fact, { minLength: 1, maxLength: 14, size: 'max' }), (told) => {
      const event = teller()
      const facts = told.map(({ type, order, minor, hours, known }, i) => {
        const data = type === 'visited' ? {} : { orderId: `o${order}`, amount: formatMinor(minor, 2) }
        return { known, made: event(utc('2024-02-20') + hours * 3_600_000 + i, type, data) }
      })
      const some = (...which: readonly string[]) =>
        facts.flatMap(({ known, made }) => (which.includes(known) ? [made] : [])).sort(compareEvents)
      const at = utc('2024-06-01')
      const checkpoint = program.start('u1')
      const { log } = tell(program, some('in time', 'wrongly') as never)
      const change = { add: some('late') as never, remove: some('wrongly').map(({ id }) => id), at }
      const replayed = replay(program, { checkpoint, tail: log }, change)
      const { state } = tell(program, some('in time', 'late') as never)

      const seen = (from: typeof state) => {
        const { customer, points } = program.view(from, at)
        return { customer, net: points.totals.earned - points.totals.clawedBack, balance: points.balance }
      }
      expect(seen(replayed.state)).toEqual(seen(state))
      expect(restore(program, 'u1', replayed.log)).toEqual(replayed.state)
      const again = replay(program, { checkpoint, tail: replayed.log })
      expect([again.asserted, again.retracted]).toEqual([[], []])
      if (replayed.asserted.length > 0) corrected += 1
    }),
    { numRuns: runs(150, 3000) },
  )
  expect(corrected).toBeGreaterThan(runs(80, 1600))
})
