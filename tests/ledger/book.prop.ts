// Books against plain sums: nothing is made or lost, and what expires first goes first.
import fc from 'fast-check'
import {
  type Book,
  charging,
  crediting,
  emptyBook,
  heldIn,
  type LotPart,
  type Move,
  movesOf,
  nextConfirmation,
  nextExpiry,
  openLots,
  openReservations,
  owedTo,
  planClawback,
  planSpending,
  post,
  spendableIn,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'

const timeout = runs(60_000, 3_600_000)

const sum = (parts: readonly { readonly amount: number }[]) =>
  parts.reduce((total, { amount }) => total + amount, 0)
const instant = fc.option(fc.integer({ min: 1, max: 6 }), { nil: null })
const step = fc.record({
  what: fc.constantFrom(
    'issue',
    'issue',
    'wait',
    'spend',
    'claw-back',
    'confirm',
    'expire',
    'give-back',
    'hold',
    'capture',
    'release',
  ),
  amount: fc.integer({ min: 1, max: 30 }),
  expiresAt: instant,
  confirmsAt: instant,
})

test.each([
  ['by expiry', false],
  ['by a rank of their own', true],
])(
  'lots %s: what comes in is what is there, what went out and what is owed, whatever happens in between',
  { timeout },
  (_, ranked) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        let book: Book = emptyBook
        let held = 0
        let holds = 0
        const spent: LotPart[][] = []
        const issued: LotPart[] = []
        for (const { what, amount, expiresAt, confirmsAt } of steps) {
          const old = book
          const before = JSON.stringify(old)
          const { lots } = book
          let moves: readonly Move[] = []
          if (what === 'issue' || what === 'wait') {
            const rank = ranked ? { rank: (amount * 7) % 5 } : {}
            const lot: LotPart = {
              lot: lots.issued,
              amount,
              expiresAt,
              ...rank,
              ...(what === 'wait' && { confirmsAt }),
            }
            issued.push(lot)
            moves =
              what === 'wait' ? movesOf('issuance', 'pending', [lot]) : crediting(book, 'issuance', [lot])
            held += amount
          } else if (what === 'spend') {
            const parts = planSpending(lots, amount)
            expect(sum(parts)).toBe(Math.min(amount, spendableIn(lots)))
            const order = parts.map((part) => [part.rank ?? part.expiresAt ?? 99, part.lot] as const)
            expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
            moves = movesOf('available', 'redeemed', parts)
            held -= sum(parts)
            spent.push([...parts])
          } else if (what === 'claw-back') {
            const own = issued.slice(-2)
            const parts = planClawback(lots, own, amount)
            const mine = parts.map(({ lot }) => own.some((one) => one.lot === lot))
            expect(mine).toEqual([...mine].sort((a, b) => Number(b) - Number(a)))
            moves = charging('clawed-back', parts, amount)
            held -= amount
          } else if (what === 'confirm') moves = crediting(book, 'pending', nextConfirmation(lots))
          else if (what === 'expire') {
            const parts = nextExpiry(lots)
            expect(new Set(parts.map((part) => part.expiresAt)).size).toBeLessThanOrEqual(1)
            moves = movesOf('available', 'expired', parts)
            held -= sum(parts)
          } else if (what === 'give-back') {
            const parts = spent.pop() ?? []
            moves = crediting(book, 'redeemed', parts)
            held += sum(parts)
          } else if (what === 'hold') {
            holds += 1
            moves = movesOf('available', 'reserved', planSpending(lots, amount), `h${holds % 3}`)
          } else {
            const [hold] = openReservations(book)
            const part = hold?.parts[0]
            if (hold !== undefined && part !== undefined) {
              const parts = [{ ...part, amount: Math.min(part.amount, amount) }]
              moves =
                what === 'capture'
                  ? movesOf('reserved', 'redeemed', parts, hold.id)
                  : crediting(book, 'reserved', parts, hold.id)
              if (what === 'capture') held -= sum(parts)
            }
          }
          book = post(book, moves)
          expect(heldIn(book)).toBe(held)
          expect(owedTo(book.totals)).toBe(held)
          expect(book.lots.deficit === 0 || spendableIn(book.lots) === 0).toBe(true)
          const open = [...openLots(book.lots)]
          expect(open.every(({ remaining }) => remaining > 0)).toBe(true)
          const ending = open.filter((lot) => lot.confirmsAt === undefined && lot.expiresAt !== null)
          const soonest = Math.min(...ending.map((lot) => lot.expiresAt!))
          expect(sum(nextExpiry(book.lots))).toBe(
            ending.reduce((sum, lot) => (lot.expiresAt === soonest ? sum + lot.remaining : sum), 0),
          )
          expect(JSON.stringify(old)).toBe(before)
        }
      }),
      { numRuns: runs(150, 5000) },
    )
  },
)
