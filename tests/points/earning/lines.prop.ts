// Lines against an oracle that counts each of them up again: what an order earns is spread over its lines to the last
// point, and refunds by line, by amount and of everything, in any order, take back exactly.
import fc from 'fast-check'
import { formatMinor } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { tell, utc } from '../../support/story.js'
import { buyer, pointsOf } from './support/market.js'

const timeout = runs(60_000, 3_600_000)
const SKUS = ['rice', 'novel', 'lamp'] as const
const line = fc.record({
  sku: fc.constantFrom(...SKUS),
  cents: fc.integer({ min: 0, max: 9999 }),
  category: fc.constantFrom('food', 'books', 'gift-cards'),
})
const step = fc.record({
  what: fc.constantFrom('pay', 'pay', 'return', 'return', 'refund', 'cancel'),
  origin: fc.constantFrom('o1', 'o2'),
  lines: fc.array(line, { maxLength: 5 }),
  cents: fc.integer({ min: 0, max: 20_000 }),
})

interface OracleLine {
  base: bigint
  refunded: bigint
  earned: bigint
  taken: bigint
}

test('after each input as the oracle counts', { timeout }, () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(33, 70, 100),
      fc.constantFrom('running', 'each'),
      fc.array(step, { minLength: 1, maxLength: 15 }),
      (points, per, rounding, steps) => {
        const engine = pointsOf({
          earning: [
            {
              rule: 'goods',
              on: 'order-paid',
              origin: 'orderId',
              each: 'items',
              line: 'sku',
              where: { category: { not: 'gift-cards' } },
              earns: { points, per: formatMinor(per, 2), of: 'amount' },
              rounding,
            },
          ],
        })
        const { event } = buyer()
        const orders = new Map<string, Map<string, OracleLine>>()
        let carried = 0n
        let balance = 0n
        let state = engine.start('u1')
        for (const [i, { what, origin, lines, cents }] of steps.entries()) {
          const at = utc('2026-03-05') + i
          const items = lines.map(({ sku, cents, category }) => ({
            sku,
            amount: formatMinor(cents, 2),
            category,
          }))
          const amount = formatMinor(cents, 2)
          const input =
            what === 'pay'
              ? event(at, 'order-paid', { orderId: origin, amount, items })
              : what === 'return'
                ? event(at, 'order-returned', { orderId: origin, items })
                : what === 'refund'
                  ? event(at, 'order-refunded', { orderId: origin, amount })
                  : event(at, 'order-cancelled', { orderId: origin })
          state = tell(engine, [input] as never, state).state
          if (what === 'pay') {
            const counted = new Map<string, bigint>()
            for (const { sku, cents, category } of lines)
              if (category !== 'gift-cards') counted.set(sku, (counted.get(sku) ?? 0n) + BigInt(cents))
            if ([...counted.values()].every((base) => base === 0n)) continue
            const order = orders.get(origin) ?? new Map<string, OracleLine>()
            orders.set(origin, order)
            for (const [sku, base] of counted) {
              const exact = base * BigInt(points) + (rounding === 'each' ? 0n : carried)
              if (rounding === 'running') carried = exact % BigInt(per)
              const one = order.get(sku) ?? { base: 0n, refunded: 0n, earned: 0n, taken: 0n }
              order.set(sku, { ...one, base: one.base + base, earned: one.earned + exact / BigInt(per) })
              balance += exact / BigInt(per)
            }
          } else {
            const order = [...(orders.get(origin) ?? new Map<string, OracleLine>())]
            const left = order.map(([, { base, refunded }]) => base - refunded)
            const whole = left.reduce((sum, one) => sum + one, 0n)
            const some = BigInt(cents) < whole ? BigInt(cents) : whole
            let reached = 0n
            for (const [k, [sku, one]] of order.entries()) {
              const before = whole === 0n ? 0n : (some * reached) / whole
              reached += left[k]!
              const spread = whole === 0n ? 0n : (some * reached) / whole - before
              const told = lines
                .filter((other) => other.sku === sku)
                .reduce((sum, other) => sum + BigInt(other.cents), 0n)
              const more = what === 'return' ? told : what === 'refund' ? spread : left[k]!
              const refunded = more > left[k]! ? one.base : one.refunded + more
              const due = one.base === 0n ? 0n : (one.earned * refunded) / one.base
              const take = due > one.taken ? due - one.taken : 0n
              Object.assign(one, { refunded, taken: one.taken + take })
              balance -= take
            }
          }
          expect(engine.view(state, at).balance).toBe(Number(balance))
        }
        const cancelled = ['o1', 'o2'].map((orderId, i) =>
          event(utc('2026-04-05') + i, 'order-cancelled', { orderId }),
        )
        const end = tell(engine, cancelled as never, state).state
        expect(engine.view(end, end.at!).balance).toBe(0)
      },
    ),
    { numRuns: runs(80, 20_000) },
  )
})
