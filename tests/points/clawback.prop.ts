// However an order is refunded, in whatever parts and among whatever else, everything it earned comes back, and no more.
import fc from 'fast-check'
import { allocateUnits, formatMinor } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const timeout = runs(60_000, 3_600_000)

const engine = pointsWith({
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 3, per: '0.70', of: 'amount' },
      origin: 'orderId',
    },
    { rule: 'bonus', on: 'order-paid', earns: { points: 7, of: 'amount' }, origin: 'orderId' },
  ],
})
const order = fc.record({
  minor: fc.integer({ min: 1, max: 100_000 }),
  weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
})

test('refunds of several orders, in any parts and any order, take back exactly what each earned', {
  timeout,
}, () => {
  fc.assert(
    fc.property(
      fc.array(order, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
      fc.nat({ max: 500 }),
      (orders, ranks, spent) => {
        const { paid, refunded, redeem } = account()
        const start = utc('2024-01-01')
        const bought = orders.map(({ minor }, i) => paid(start + i, `o${i}`, formatMinor(minor, 2)))
        const before = tell(engine, bought)
        const { balance } = engine.view(before.state, start + 9)
        const redeemed = spent > 0 && spent <= balance ? [redeem(start + 10, spent)] : []
        const parts = orders
          .flatMap(({ minor, weights }, i) =>
            allocateUnits(minor, weights).map((part) => [`o${i}`, part] as const),
          )
          .map((part, i) => [ranks[i]!, part] as const)
          .sort(([a], [b]) => a - b)
          .map(([, [id, minor]], i) => refunded(start + 100 + i, id, formatMinor(minor, 2)))
        const { state, log } = tell(engine, [...redeemed, ...parts], before.state)
        for (const { id } of bought) {
          const origin = `o${bought.findIndex((one) => one.id === id)}`
          for (const rule of ['purchase', 'bonus']) {
            const sum = (type: string) =>
              [...before.log, ...log].reduce((total, one) => {
                const data = one.data as {
                  readonly origin?: string
                  readonly rule?: string
                  readonly points?: number
                }
                return one.type === type && data.origin === origin && data.rule === rule
                  ? total + data.points!
                  : total
              }, 0)
            expect(sum('points/clawed-back')).toBe(sum('points/earned'))
          }
        }
        expect(engine.view(state, state.at!).balance).toBe(redeemed.length === 0 ? 0 : -spent)
      },
    ),
    { numRuns: runs(150, 3000) },
  )
})

test('two refunds take back the same together, in either order', { timeout }, () => {
  const amount = fc.integer({ min: 0, max: 60_000 })
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const { paid, refunded } = account()
      const start = utc('2024-01-01')
      const left = (first: number, second: number) => {
        const { state } = tell(engine, [
          paid(start, 'o', '1000'),
          refunded(start + 1, 'o', formatMinor(first, 2)),
          refunded(start + 2, 'o', formatMinor(second, 2)),
        ])
        return engine.view(state, state.at!).balance
      }
      expect(left(a, b)).toBe(left(b, a))
    }),
    { numRuns: runs(100, 2000) },
  )
})
