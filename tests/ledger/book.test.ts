import {
  type Book,
  charging,
  crediting,
  emptyBook,
  expiresNextAt,
  expiringAt,
  type LotPart,
  type Move,
  movesOf,
  nextExpiry,
  nextRelease,
  openLots,
  openReservations,
  pendingIn,
  planFrom,
  planSpending,
  post,
  putOff,
  reservedIn,
  spendableIn,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const lot = (lot: number, amount: number, expiresAt: number | null = null): LotPart => ({
  lot,
  amount,
  expiresAt,
})
const issued = (...parts: readonly LotPart[]) => post(emptyBook, movesOf('issuance', 'available', parts))
const with3 = issued(lot(0, 5), lot(1, 5, 20), lot(2, 5, 10))
const left = ({ lots }: Book) => [...openLots(lots)].map(({ lot, remaining }) => [lot, remaining])
const spend = (book: Book, amount: number) =>
  post(book, movesOf('available', 'redeemed', planSpending(book.lots, amount)))

test('what expires first is spent first, what never expires last', () => {
  expect(planSpending(with3.lots, 12)).toEqual([lot(2, 5, 10), lot(1, 5, 20), lot(0, 2)])
  expect(expiresNextAt(with3.lots)).toBe(10)
})

test('a plan takes no more than there is, and planning takes nothing', () => {
  expect(planSpending(with3.lots, 99).reduce((sum, { amount }) => sum + amount, 0)).toBe(15)
  expect(spendableIn(with3.lots)).toBe(15)
})

describe('lots with a rank of their own', () => {
  const ranked = issued(
    { ...lot(0, 5, 30), rank: 3 },
    { ...lot(1, 5, 10), rank: 7 },
    { ...lot(2, 5), rank: 1 },
    { ...lot(3, 5, 10), rank: 2 },
  )

  test('are spent by it, and expire when they expire', () => {
    expect(planSpending(ranked.lots, 20).map(({ lot }) => lot)).toEqual([2, 3, 0, 1])
    expect([expiresNextAt(ranked.lots), expiringAt(ranked.lots, 10), expiringAt(ranked.lots, 30)]).toEqual([
      10, 10, 15,
    ])
    expect(nextExpiry(ranked.lots).map(({ lot }) => lot)).toEqual([1, 3])
  })

  test('leave both orders when they are spent', () => {
    expect(nextExpiry(spend(ranked, 9).lots)).toMatchObject([
      { lot: 1, amount: 5 },
      { lot: 3, amount: 1 },
    ])
    expect(nextExpiry(spend(ranked, 10).lots)).toMatchObject([{ lot: 1, amount: 5 }])
    expect(nextExpiry(spend(ranked, 20).lots)).toEqual([])
  })
})

test('the caller may say which lots, in which order; one that is not there is no plan', () => {
  expect(planFrom(with3.lots, [1, 2], 7)).toEqual([lot(1, 5, 20), lot(2, 2, 10)])
  expect(planFrom(with3.lots, [1, 7], 3)).toBeUndefined()
})

test('what is put off expires together, no earlier than that and no earlier than its own end', () => {
  const lots = putOff(with3.lots, 15)
  expect([expiresNextAt(lots), expiringAt(lots, 14), expiringAt(lots, 15), expiringAt(lots, 20)]).toEqual([
    15, 0, 5, 10,
  ])
  expect(nextExpiry(putOff(with3.lots, 40))).toEqual([lot(2, 5, 10), lot(1, 5, 20)])
})

describe('taking what is no longer there', () => {
  const gone = post(with3, movesOf('available', 'clawed-back', [lot(2, 8, 10)]))

  test('takes it from the rest, and leaves owed what that does not cover', () => {
    expect([gone.lots.deficit, left(gone)]).toEqual([
      0,
      [
        [1, 2],
        [0, 5],
      ],
    ])
    const owing = post(with3, movesOf('available', 'clawed-back', [lot(2, 18, 10)]))
    expect([owing.lots.deficit, left(owing)]).toEqual([3, []])
  })

  test('is forgiven to what expires', () => {
    const expired = post(with3, movesOf('available', 'expired', [lot(2, 8, 10)]))
    expect([expired.lots.deficit, left(expired), expired.totals.expired]).toEqual([
      0,
      [
        [1, 5],
        [0, 5],
      ],
      5,
    ])
  })

  const owing = post(emptyBook, charging('clawed-back', [], 5))
  test('is repaid first by the next units, be they new, given back or confirmed', () => {
    expect(owing.lots.deficit).toBe(5)
    const moves = crediting(owing, 'issuance', [lot(1, 7)])
    expect(moves).toEqual([
      { from: 'issuance', to: 'deficit', ...lot(1, 5) },
      { from: 'issuance', to: 'available', ...lot(1, 2) },
    ])
    expect(left(post(owing, moves))).toEqual([[1, 2]])
    expect(left(post(owing, crediting(owing, 'redeemed', [lot(1, 7)])))).toEqual([[1, 2]])
    const waiting = post(owing, movesOf('issuance', 'pending', [{ ...lot(1, 7), confirmsAt: null }]))
    expect([waiting.lots.deficit, left(waiting)]).toEqual([5, [[1, 7]]])
    const confirmed = post(waiting, crediting(waiting, 'pending', [{ ...lot(1, 7), confirmsAt: null }]))
    expect([confirmed.lots.deficit, left(confirmed)]).toEqual([0, [[1, 2]]])
  })
})

test('what is given back joins its lot', () => {
  const spent = spend(with3, 12)
  expect(left(post(spent, crediting(spent, 'redeemed', [lot(0, 2), lot(2, 1, 10)])))).toEqual([
    [2, 1],
    [0, 5],
  ])
})

describe('what is reserved', () => {
  const parts = planSpending(with3.lots, 7)
  const hold = movesOf('available', 'reserved', parts, 'r').map((move): Move => ({ ...move, until: 8 }))
  const held = post(with3, hold)

  test('is there, and can be neither spent nor lost', () => {
    expect([spendableIn(held.lots), reservedIn(held), pendingIn(held.lots)]).toEqual([8, 7, 0])
    expect(nextExpiry(held.lots)).toEqual([lot(1, 3, 20)])
    expect(nextRelease(held)).toEqual({ until: 8, id: 'r' })
  })

  test('is spent in part, and the rest returns to its lots', () => {
    const captured = post(held, movesOf('reserved', 'redeemed', [lot(2, 5, 10), lot(1, 1, 20)], 'r'))
    expect([...openReservations(captured)]).toEqual([
      { id: 'r', until: 8, amount: 1, parts: [lot(1, 1, 20)] },
    ])
    const released = post(captured, crediting(captured, 'reserved', [lot(1, 1, 20)], 'r'))
    expect([left(released), released.deadlines, released.totals.redeemed]).toEqual([
      [
        [1, 4],
        [0, 5],
      ],
      null,
      6,
    ])
  })

  test('that nobody knows is charged to what can be spent', () => {
    expect(spendableIn(post(with3, movesOf('reserved', 'redeemed', [lot(1, 4, 20)], 'x')).lots)).toBe(11)
  })
})

test('a book that did not balance is refused, whatever is posted', () => {
  const broken = { ...with3, totals: { ...with3.totals, earned: 14 } }
  expect(() => spend(broken, 1)).toThrow('malformed-state')
})
