// Any life of deferred points, against big integers that only know sums to date.
import * as fc from 'fast-check'
import {
  allocateRevenue,
  type DeferralChange,
  type DeferralMovement,
  journalEntries,
  moveDeferral,
  openDeferral,
  type PointsBooking,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'

const sale = fc
  .tuple(
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })),
  )
  .map(([price, goods, granted, rate, [above, below]]) => ({
    currency: 'JPY',
    price: `${price}`,
    goods: [...goods.map(String), '1'],
    points: { granted, expected: Math.floor(granted * rate), perPoint: `${above}/${below}` },
  }))
const moves = fc.array(
  fc.tuple(
    fc.constantFrom('redeemed', 'returned', 'expired', 'estimate', 'refund'),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { maxLength: 25 },
)
const amounts = ['cash', 'goods', 'redemption', 'breakage', 'liability'] as const
const chart = { cash: 'a', goods: 'b', redemption: 'c', breakage: 'd', liability: 'e' }

/** Half up, of big integers. */
const nearest = (above: bigint, below: bigint) => (2n * above + below) / (2n * below)

test('liability and revenue are the allocation, every entry balances, and sums to date are those of the rule', () => {
  fc.assert(
    fc.property(sale, moves, (given, drawn) => {
      const allocation = allocateRevenue(given)
      const parts = [...allocation.goods, allocation.points].reduce((sum, part) => sum + BigInt(part), 0n)
      expect(parts).toBe(BigInt(given.price))

      const opened = openDeferral(allocation)
      let deferral = opened.deferral
      const bookings: PointsBooking[] = [{ id: 'sale', at: 0, movement: opened.movement }]
      const total = { cash: 0n, goods: 0n, redemption: 0n, breakage: 0n, liability: 0n }
      const count = (movement: DeferralMovement) => {
        for (const key of amounts) total[key] += BigInt(movement[key])
      }
      count(opened.movement)
      // What the oracle knows: counts of points, the estimate, and what was paid back.
      let [granted, redeemed, expired, expected, refunded] = [
        given.points.granted,
        0,
        0,
        given.points.expected,
        0,
      ]
      for (const [i, [kind, share, other]] of drawn.entries()) {
        const open = granted - redeemed - expired
        const pick = (most: number) => Math.floor(share * most)
        const estimate = (least: number, most: number) => least + Math.floor(other * (most - least))
        let change: DeferralChange
        if (kind === 'redeemed') {
          redeemed += pick(open)
          expected = estimate(redeemed, granted - expired)
          change = { kind, points: pick(open), expected }
        } else if (kind === 'returned') {
          change = { kind, points: pick(redeemed) }
          redeemed -= pick(redeemed)
        } else if (kind === 'expired') {
          expired += pick(open)
          expected = Math.min(expected, granted - expired)
          change = { kind, points: pick(open) }
        } else if (kind === 'estimate') {
          expected = estimate(redeemed, granted - expired)
          change = { kind, expected }
        } else {
          const back = Math.floor(other * (Number(given.price) - refunded))
          refunded += back
          granted -= pick(open)
          expected = estimate(redeemed, granted - expired)
          change = { kind: 'refund', amount: `${back}`, points: pick(open), expected }
        }
        const step = moveDeferral(deferral, change)
        deferral = JSON.parse(JSON.stringify(step.deferral))
        count(step.movement)
        bookings.push({ id: `${i}`, at: i, movement: step.movement })

        const price = BigInt(given.price)
        const inception = BigInt(allocation.points)
        const kept = price === 0n ? inception : inception - (inception * BigInt(refunded)) / price
        const due = redeemed === expected ? kept : nearest(kept * BigInt(redeemed), BigInt(expected))
        expect(total.redemption + total.breakage).toBe(due)
        expect(total.liability).toBe(kept - due)
        expect(BigInt(step.liability)).toBe(kept - due)
        expect(total.liability >= 0n).toBe(true)
        expect(total.cash).toBe(price - BigInt(refunded))
        expect(total.goods + total.redemption + total.breakage + total.liability).toBe(total.cash)
        if (granted === redeemed + expired) expect(total.liability).toBe(0n)
      }
      const books = new Map<string, bigint>()
      for (const { lines } of journalEntries(chart, bookings)) {
        let sum = 0n
        for (const { account, debit, credit } of lines) {
          sum += BigInt(debit) - BigInt(credit)
          books.set(account, (books.get(account) ?? 0n) + BigInt(debit) - BigInt(credit))
          expect(BigInt(debit) >= 0n && BigInt(credit) >= 0n && BigInt(debit) * BigInt(credit) === 0n).toBe(
            true,
          )
        }
        expect(sum).toBe(0n)
        expect(lines.length).toBeGreaterThan(1)
      }
      expect(-(books.get('e') ?? 0n)).toBe(total.liability)
      expect(books.get('a') ?? 0n).toBe(total.cash)
    }),
    { numRuns: runs(300, 20_000) },
  )
})

test('redemptions in any split end with the same sums', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }),
      fc.nat(100_000),
      fc.nat(500),
      (parts, price, more) => {
        const all = parts.reduce((sum, part) => sum + part, 0)
        const { deferral } = openDeferral({
          currency: 'JPY',
          price: `${price}`,
          points: `${price}`,
          granted: all + more,
          expected: all + Math.floor(more / 2),
        })
        const split = parts.reduce(
          (left, points) => moveDeferral(left, { kind: 'redeemed', points }).deferral,
          deferral,
        )
        expect(split).toEqual(moveDeferral(deferral, { kind: 'redeemed', points: all }).deferral)
      },
    ),
    { numRuns: runs(200, 5000) },
  )
})
