// What an order says of itself to be quicker - keys that need not be made, texts compared once, amounts that only rise or that
// there are none of - changes no sequence: node for node it is the one of an order that says nothing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  byCodeUnit,
  change,
  insert,
  items,
  remove,
  type Sorted,
  type SortedOrder,
  showItems,
} from '../../src/kernel/sorted.js'
import { runs } from '../support/size.js'

type Item = readonly [key: string, amount: number]
type Tree = Sorted<Item, string> | null

const bare = { key: ([key]: Item) => key, compare: byCodeUnit.compare }
const quick = { ...bare, ...byCodeUnit, before: ([key]: Item, than: string) => key < than }
const amount = ([, n]: Item) => n

const pairs: readonly (readonly [string, SortedOrder<Item, string>, SortedOrder<Item, string>])[] = [
  ['without weight', { ...bare, amount: () => 0 }, quick],
  ['with amounts that rise', { ...bare, amount }, { ...quick, amount, rises: true }],
  ['with amounts of any sign', { ...bare, amount }, { ...quick, amount }],
]

const key = fc.integer({ min: 0, max: 400 }).map((n) => (n % 7 === 0 ? `键${n}` : `u-${n}`))
const what = fc.constantFrom('insert' as const, 'insert' as const, 'remove' as const, 'change' as const)

test.each(pairs)('%s', (name, slow, fast) => {
  const least = name === 'with amounts of any sign' ? -9 : 0
  const step = fc.tuple(what, key, fc.integer({ min: least, max: 9 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600, size: 'max' }), key, (steps, from) => {
      let [a, b]: [Tree, Tree] = [null, null]
      for (const [what, at, n] of steps) {
        const before: Tree = b
        const was = JSON.stringify(before?.items)
        if (what === 'insert') [a, b] = [insert(slow, a, [at, n]), insert(fast, b, [at, n])]
        else if (what === 'remove') [a, b] = [remove(slow, a, at), remove(fast, b, at)]
        else {
          const next = (item: Item): Item | null => (n === 0 ? null : [item[0], n])
          const known = [...items(slow, a)].some((item) => item[0] === at)
          a = !known ? a : n === 0 ? remove(slow, a, at) : insert(slow, a, [at, n])
          b = change(fast, b, at, next)
          if (!known) expect(b).toBe(before)
        }
        expect(JSON.stringify(before?.items)).toBe(was)
      }
      expect(b).toStrictEqual(a)
      const shown: Item[] = []
      expect(showItems(fast, b, (item) => shown.push(item) > 20, from)).toBe(shown.length > 20)
      expect(shown).toEqual([...items(fast, b, from)].slice(0, 21))
    }),
    { numRuns: runs(60, 3000) },
  )
})
