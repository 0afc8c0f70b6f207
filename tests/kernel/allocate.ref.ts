import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { allocateUnits } from '../../src/kernel/allocate.js'
import { shareOf, stepsIn } from '../../src/kernel/rational.js'

const file = new URL('../fixtures/allotment-rounding/cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  cases: { id: string; input: never; expected: { firstSlot: number[]; largestRemainder: number[] } }[]
}
const find = (id: string) => cases.find((entry) => entry.id === id)!

test('the six cases: four here, two in money.ref.ts', () => {
  expect(cases.map((entry) => entry.id)).toEqual([
    'numscript-allocation',
    'numscript-dynamic',
    'refund-splits-sum',
    'smartstore-1239',
    'float-journal',
    'float-sum',
  ])
})

test.each([['numscript-allocation'], ['numscript-dynamic']])('%s', (id) => {
  const { input, expected } = find(id)
  const { amount, portions } = input as { amount: number; portions: string[] }
  expect(allocateUnits(amount, portions, 'first-slot')).toEqual(expected.firstSlot)
  expect(allocateUnits(amount, portions, 'largest-remainder')).toEqual(expected.largestRemainder)
})

describe('refund-splits-sum', () => {
  const { input, expected } = find('refund-splits-sum')
  const { earned, lineAmounts } = input as { earned: number; lineAmounts: number[] }

  test('the points of an order over its lines', () => {
    const lines = lineAmounts.map((amount) => amount.toFixed(2))
    expect(allocateUnits(earned, lines, 'first-slot')).toEqual(expected.firstSlot)
    expect(allocateUnits(earned, lines, 'largest-remainder')).toEqual(expected.largestRemainder)
  })

  test('clawbacks by cumulative share give back what was earned, in every order', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    const minors = lineAmounts.map((amount) => Math.round(amount * 100))
    for (const order of orders) {
      let refunded = 0
      let back = 0
      for (const line of order) {
        const before = shareOf(earned, refunded, 10_000)
        refunded += minors[line]!
        back += shareOf(earned, refunded, 10_000) - before
      }
      expect(back).toBe(earned)
    }
  })
})

test('smartstore-1239: truncate cancels, floor does not', () => {
  const { input, expected } = find('smartstore-1239') as unknown as {
    input: { pointsPerStep: number; step: number; amounts: number[] }
    expected: { truncate: number[]; floor: number[] }
  }
  const points = (rounding: 'truncate' | 'floor') =>
    input.amounts.map((amount) => stepsIn(amount, input.step, rounding) * input.pointsPerStep)
  expect(points('truncate')).toEqual(expected.truncate)
  expect(points('floor')).toEqual(expected.floor)
})
