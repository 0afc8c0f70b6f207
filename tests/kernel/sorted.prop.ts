// The persistent sequence against a plain sorted array, over thousands of changes, with thousands of items inside.
import fc from 'fast-check'
import { type Sorted, sortedVerbs } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

const timeout = runs(60_000, 3_600_000)

type Item = readonly [key: number, amount: number]
type Tree = Sorted<Item, number> | null

const verbs = sortedVerbs<Item, number>({
  key: ([key]) => key,
  compare: (a, b) => a - b,
  amount: ([, n]) => n,
})
const join = (old: Item, more: Item): Item => [old[0], old[1] + more[1]]

/** The slow, obvious one. */
class Plain {
  constructor(readonly items: readonly Item[] = []) {}

  insert(item: Item, combine = (_: Item, more: Item) => more): Plain {
    const old = this.items.find(([key]) => key === item[0])
    const others = this.items.filter(([key]) => key !== item[0])
    return new Plain([...others, old ? combine(old, item) : item].sort((a, b) => a[0] - b[0]))
  }
  remove = (key: number) => new Plain(this.items.filter((item) => item[0] !== key))
  after = (key: number) => new Plain(this.items.filter((item) => item[0] > key))
  sumThrough = (through: number) => this.items.reduce((sum, [key, n]) => (key <= through ? sum + n : sum), 0)
  firstPrefix(after: number, where: 'inside' | 'outside', low: number, high: number): Item | undefined {
    let sum = 0
    return this.items.find(([key, n]) => {
      sum += n
      return key > after && (where === 'inside') === (sum >= low && sum <= high)
    })
  }
}

/** What every node says of itself is what its items say of it. */
function checked(tree: Tree): readonly Item[] {
  if (tree === null) return []
  const items = [...verbs.items(tree)]
  const prefixes = items.map((_, i) => items.slice(0, i + 1).reduce((sum, [, n]) => sum + n, 0))
  const { to, n, sum, low, high } = tree
  expect({ to, n, sum, low, high }).toEqual({
    to: items.at(-1)![0],
    n: items.length,
    sum: prefixes.at(-1),
    low: Math.min(...prefixes),
    high: Math.max(...prefixes),
  })
  return items
}

const key = fc.integer({ min: -60, max: 60 })
const amount = fc.integer({ min: -9, max: 9 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('insert' as const), key, amount) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('join' as const), key, amount) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('remove' as const), key, amount) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('after' as const), key, amount) },
)

test('every change and every question agree with a sorted array; older versions stay whole', {
  timeout,
}, () => {
  const history = fc.array(step, { maxLength: 200, size: 'max' })
  fc.assert(
    fc.property(history, fc.array(fc.tuple(key, amount, amount), { minLength: 5 }), (steps, questions) => {
      let tree: Tree = null
      let plain = new Plain()
      const versions: (readonly [Tree, readonly Item[]])[] = []
      for (const [what, at, n] of steps) {
        versions.push([tree, plain.items])
        if (what === 'insert') [tree, plain] = [verbs.insert(tree, [at, n]), plain.insert([at, n])]
        else if (what === 'join')
          [tree, plain] = [verbs.insert(tree, [at, n], join), plain.insert([at, n], join)]
        else if (what === 'remove') [tree, plain] = [verbs.remove(tree, at), plain.remove(at)]
        else [tree, plain] = [verbs.after(tree, at - 50), plain.after(at - 50)]
      }
      expect(checked(tree)).toEqual(plain.items)
      for (const [at, a, b] of questions) {
        expect(verbs.get(tree, at)).toEqual(plain.items.find((item) => item[0] === at))
        expect(verbs.sumThrough(tree, at)).toBe(plain.sumThrough(at))
        expect([...verbs.items(tree, at)]).toEqual(plain.after(at).items)
        expect(checked(verbs.after(tree, at))).toEqual(plain.after(at).items)
        for (const where of ['inside', 'outside'] as const)
          expect(verbs.firstPrefix(tree, at, where, a, b), `${where} ${a}..${b} after ${at}`).toEqual(
            plain.firstPrefix(at, where, a, b),
          )
      }
      expect(verbs.first(tree)).toEqual(plain.items[0])
      for (const [old, items] of versions) expect([...verbs.items(old)]).toEqual(items)
    }),
    { numRuns: runs(150, 5000) },
  )
})

describe('beyond one level of branches', () => {
  const count = 3000
  const keys = Array.from({ length: count }, (_, i) => i)
  const shuffled = keys.map((i) => (i * 1789) % count)
  const amountOf = (i: number) => (i % 7) - 3

  test.each([
    ['growing at the end', keys],
    ['growing at the front', [...keys].reverse()],
    ['anywhere', shuffled],
  ])('%s', (_, order) => {
    let tree: Tree = null
    for (const at of order) tree = verbs.insert(tree, [at, amountOf(at)])
    const plain = new Plain(keys.map((at) => [at, amountOf(at)]))
    expect(checked(tree)).toEqual(plain.items)
    for (const at of [-1, 0, 31, 32, 1023, 1024, 1025, 2047, 2998, 2999, 5000]) {
      expect(verbs.sumThrough(tree, at)).toBe(plain.sumThrough(at))
      expect([...verbs.items(verbs.after(tree, at))]).toEqual(plain.after(at).items)
      for (const [low, high] of [
        [-2, -1],
        [4, 9],
        [-1000, 1000],
        [1, 0],
      ] as const) {
        expect(verbs.firstPrefix(tree, at, 'inside', low, high)).toEqual(
          plain.firstPrefix(at, 'inside', low, high),
        )
        expect(verbs.firstPrefix(tree, at, 'outside', low, high)).toEqual(
          plain.firstPrefix(at, 'outside', low, high),
        )
      }
    }
    const whole = tree
    for (const at of shuffled) tree = verbs.remove(tree, at)
    expect(tree).toBeNull()
    expect(whole!.n).toBe(count)
  })

  test('a change copies one path: what it did not touch is shared', () => {
    let tree: Tree = null
    for (const at of keys) tree = verbs.insert(tree, [at, 1])
    const changed = verbs.insert(tree, [0, 5])
    if (tree?.kids === undefined || changed.kids === undefined) throw new Error('too small to show it')
    const shared = changed.kids.filter((kid, i) => kid === (tree as { kids: readonly unknown[] }).kids[i])
    expect(shared.length).toBe(changed.kids.length - 1)
    expect(verbs.remove(tree, -1)).toBe(tree)
    expect(verbs.after(tree, -1)).toBe(tree)
  })

  test('it is plain JSON', () => {
    const tree = keys.reduce<Tree>((tree, at) => verbs.insert(tree, [at, 1]), null)
    expect(JSON.parse(JSON.stringify(tree))).toStrictEqual(tree)
  })
})
