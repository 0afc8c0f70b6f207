// Several items at once make the tree that one after another would hold, with nodes that say what is in them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { insert, insertAll, items, type Sorted } from '../../src/kernel/sorted.js'
import { runs } from '../support/size.js'

type Item = readonly [key: number, amount: number]
const order = {
  key: ([key]: Item) => key,
  compare: (a: number, b: number) => a - b,
  amount: ([, amount]: Item) => amount,
}

/** Every node holds at most 32, lies as deep as its sisters, and knows its last key, number and sums. Its depth. */
function checked(tree: Sorted<Item, number>): number {
  const inside = [...items(order, tree)]
  const prefixes: number[] = []
  let sum = 0
  for (const [, amount] of inside) {
    sum += amount
    prefixes.push(sum)
  }
  expect(tree).toMatchObject({
    to: inside.at(-1)![0],
    n: inside.length,
    sum,
    low: Math.min(...prefixes),
    high: Math.max(...prefixes),
  })
  if (tree.items !== undefined) {
    expect(tree.items.length).toBeLessThanOrEqual(32)
    return 0
  }
  expect(tree.kids.length).toBeLessThanOrEqual(32)
  const depths = new Set(tree.kids.map(checked))
  expect(depths.size).toBe(1)
  return 1 + [...depths][0]!
}

test('a batch is its items one after another, whatever stands in the tree', { timeout: 120_000 }, () => {
  const item = fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -9, max: 9 }))
  const batch = fc.uniqueArray(item, { selector: ([key]) => key, maxLength: 400 })
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 8 }), (batches) => {
      let one: Sorted<Item, number> | null = null
      let all: Sorted<Item, number> | null = null
      for (const batch of batches) {
        const sorted = [...batch].sort((a, b) => a[0] - b[0])
        const before = JSON.stringify(all)
        const whole: Sorted<Item, number> | null = insertAll(order, all, sorted)
        expect(JSON.stringify(all)).toBe(before)
        all = whole
        for (const item of batch) one = insert(order, one, item)
        expect([...items(order, all)]).toEqual([...items(order, one)])
        if (all !== null) checked(all)
      }
    }),
    { numRuns: runs(60, 2000) },
  )
})
