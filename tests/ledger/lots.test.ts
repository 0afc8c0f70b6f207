import {
  confirm,
  expiresNextAt,
  giveBack,
  issue,
  type Lots,
  noLots,
  openLots,
  planSpending,
  spendableIn,
  take,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const lot = (lot: number, amount: number, expiresAt: number | null = null) => ({ lot, amount, expiresAt })
const with3 = [lot(0, 5), lot(1, 5, 20), lot(2, 5, 10)].reduce(issue, noLots as Lots)
const left = (lots: Lots) => [...openLots(lots)].map(({ lot, remaining }) => [lot, remaining])

test('what expires first is spent first, what never expires last', () => {
  expect(planSpending(with3, 12)).toEqual([lot(2, 5, 10), lot(1, 5, 20), lot(0, 2)])
  expect(expiresNextAt(with3)).toBe(10)
})

test('a plan takes no more than there is, and planning takes nothing', () => {
  expect(planSpending(with3, 99).reduce((sum, { amount }) => sum + amount, 0)).toBe(15)
  expect(spendableIn(with3)).toBe(15)
})

describe('taking what is no longer there', () => {
  const taken = take(with3, [lot(2, 8, 10)])

  test('leaves it owed', () => {
    expect([taken.deficit, spendableIn(taken)]).toEqual([3, 10])
  })

  test('which the next units repay first, be they new, given back or confirmed', () => {
    const owing = take(noLots, [lot(0, 5)])
    expect(left(issue(owing, lot(1, 7)))).toEqual([[1, 2]])
    expect(left(giveBack(owing, [lot(1, 7)]))).toEqual([[1, 2]])
    const waiting = issue(owing, { ...lot(1, 7), confirmsAt: null })
    expect([waiting.deficit, left(waiting)]).toEqual([5, [[1, 7]]])
    expect(left(confirm(waiting, [{ ...lot(1, 7), confirmsAt: null }]))).toEqual([[1, 2]])
  })
})

test('a lot of nothing is issued, and not kept', () => {
  expect(issue(noLots, lot(0, 0))).toEqual({ ...noLots, issued: 1 })
})

test('what is given back joins its lot', () => {
  const spent = take(with3, planSpending(with3, 12))
  expect(left(giveBack(spent, [lot(0, 2), lot(2, 1, 10)]))).toEqual([
    [2, 1],
    [0, 5],
  ])
})

test('confirming what is no longer pending changes nothing', () => {
  expect(confirm(with3, [{ ...lot(2, 5, 10), confirmsAt: 3 }])).toBe(with3)
})
