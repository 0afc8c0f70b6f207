import fc from 'fast-check'
import { formatMinor } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const timeout = runs(60_000, 3_600_000)

const rate = fc.record({
  points: fc.integer({ min: 1, max: 20 }),
  per: fc.integer({ min: 1, max: 5000 }).map((minor) => formatMinor(minor, 2)),
})
const parts = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 12 })

test('splitting an order never pays more and never loses', { timeout }, () => {
  fc.assert(
    fc.property(rate, parts, fc.constantFrom('1', '1.5', '4/3', '0.07'), (earns, split, by) => {
      const engine = pointsWith({
        earning: [
          {
            rule: 'purchase',
            on: 'order-paid',
            earns: { ...earns, of: 'amount' },
            multiply: [{ by, when: { condition: 'not', of: never } }],
          },
        ],
      })
      const balance = (amounts: readonly number[]) => {
        const { paid } = account()
        const orders = amounts.map((minor, i) => paid(utc('2024-01-01') + i, `o${i}`, formatMinor(minor, 2)))
        const { state } = tell(engine, orders)
        return engine.view(state, state.at!).balance
      }
      const whole = split.reduce((sum, minor) => sum + minor, 0)
      const expected =
        (BigInt(whole) * BigInt(earns.points) * numerator(by)) / (minorOf(earns.per) * denominator(by))
      expect(balance(split)).toBe(Number(expected))
      expect(balance([whole])).toBe(Number(expected))
    }),
    { numRuns: runs(150, 3000) },
  )
})

const never = { condition: 'gt', fact: { fact: 'count', event: 'order-cancelled' }, value: 0 } as const
const minorOf = (text: string) => BigInt(text.replace('.', ''))
const numerator = (by: string) => ({ '1': 1n, '1.5': 3n, '4/3': 4n, '0.07': 7n })[by]!
const denominator = (by: string) => ({ '1': 1n, '1.5': 2n, '4/3': 3n, '0.07': 100n })[by]!
