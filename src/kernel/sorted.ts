/**
 * A persistent sorted sequence as plain JSON: changing it copies one path, so old states stay whole, a state survives
 * `JSON.stringify`, and the cost of a change does not grow with what is kept (DESIGN §2: 10^5 open entries cost at most
 * three times what 10^3 do). Every node carries the sum of its amounts and the extremes of its prefix sums, so "how much
 * is left after this instant" and "when does the sum cross a bound" are walks down one path.
 */
export type Sorted<T, K> = SortedLeaf<T, K> | SortedBranch<T, K>

interface SortedNode<K> {
  /** Largest key inside. */
  readonly to: K
  /** How many items. */
  readonly n: number
  /** Sum of all amounts. */
  readonly sum: number
  /** Smallest and largest sum of a non-empty prefix. */
  readonly low: number
  readonly high: number
}

interface SortedLeaf<T, K> extends SortedNode<K> {
  readonly items: readonly T[]
}

interface SortedBranch<T, K> extends SortedNode<K> {
  readonly kids: readonly Sorted<T, K>[]
}

/** How the items of one sequence are ordered and what they weigh. */
export interface SortedOrder<T, K> {
  key(item: T): K
  compare(a: K, b: K): number
  amount(item: T): number
}

const WIDTH = 32

/** The verbs over sequences of one order. An empty sequence is `null`. */
export interface SortedVerbs<T, K> {
  /** Inserts; an item of the same key is replaced by `combine(old, item)`. */
  insert(tree: Sorted<T, K> | null, item: T, combine?: (old: T, item: T) => T): Sorted<T, K>
  remove(tree: Sorted<T, K> | null, key: K): Sorted<T, K> | null
  get(tree: Sorted<T, K> | null, key: K): T | undefined
  first(tree: Sorted<T, K> | null): T | undefined
  /** What remains without the items whose key is at or before `key`. */
  after(tree: Sorted<T, K> | null, key: K): Sorted<T, K> | null
  /** Sum of the amounts whose key is at or before `key`. */
  sumThrough(tree: Sorted<T, K> | null, key: K): number
  /**
   * First item after `key` whose prefix sum (over the whole sequence, itself included) lies inside the closed interval
   * `[low, high]`, or outside it.
   */
  firstPrefix(
    tree: Sorted<T, K> | null,
    key: K,
    where: 'inside' | 'outside',
    low: number,
    high: number,
  ): T | undefined
  /** From the first item whose key is after `key`; from the start without one. */
  items(tree: Sorted<T, K> | null, key?: K): IterableIterator<T>
}

export function sortedVerbs<T, K>(order: SortedOrder<T, K>): SortedVerbs<T, K> {
  type Tree = Sorted<T, K>
  const { key: keyOf, compare, amount } = order

  function leaf(items: readonly T[]): SortedLeaf<T, K> {
    let sum = amount(items[0]!)
    let low = sum
    let high = sum
    for (let i = 1; i < items.length; i++) {
      sum += amount(items[i]!)
      if (sum < low) low = sum
      if (sum > high) high = sum
    }
    return { items, to: keyOf(items[items.length - 1]!), n: items.length, sum, low, high }
  }

  function branch(kids: readonly Tree[]): SortedBranch<T, K> {
    const first = kids[0]!
    let { n, sum, low, high } = first
    for (let i = 1; i < kids.length; i++) {
      const kid = kids[i]!
      if (sum + kid.low < low) low = sum + kid.low
      if (sum + kid.high > high) high = sum + kid.high
      sum += kid.sum
      n += kid.n
    }
    return { kids, to: kids[kids.length - 1]!.to, n, sum, low, high }
  }

  /** Index of the first item whose key is at or after `key`. */
  function place(items: readonly T[], key: K): number {
    let low = 0
    let high = items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(keyOf(items[middle]!), key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Index of the first kid that may hold `key`; the last when the key is beyond all. */
  function road(kids: readonly Tree[], key: K): number {
    let low = 0
    let high = kids.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(kids[middle]!.to, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** One node, or two where it had to split. What arrives at the end starts a new node, so growing sequences stay full. */
  function put(tree: Tree, item: T, key: K, combine: (old: T, item: T) => T): readonly Tree[] {
    if ('items' in tree) return putInLeaf(tree, item, key, combine)
    const at = road(tree.kids, key)
    const parts = put(tree.kids[at]!, item, key, combine)
    const kids = replaced(tree.kids, at, parts)
    if (kids.length <= WIDTH) return [branch(kids)]
    return split(kids, at === tree.kids.length - 1).map(branch)
  }

  function putInLeaf(
    tree: SortedLeaf<T, K>,
    item: T,
    key: K,
    combine: (old: T, item: T) => T,
  ): readonly Tree[] {
    const { items } = tree
    if (compare(tree.to, key) < 0) {
      if (items.length === WIDTH) return [tree, leaf([item])]
      const by = amount(item)
      const sum = tree.sum + by
      return [
        {
          items: [...items, item],
          to: key,
          n: tree.n + 1,
          sum,
          low: Math.min(sum, tree.low),
          high: Math.max(sum, tree.high),
        },
      ]
    }
    const at = place(items, key)
    const old = items[at]!
    if (compare(keyOf(old), key) === 0) return [leaf(replaced(items, at, [combine(old, item)]))]
    const grown = [...items.slice(0, at), item, ...items.slice(at)]
    return grown.length <= WIDTH ? [leaf(grown)] : split(grown, false).map(leaf)
  }

  function take(tree: Tree, key: K): Tree | null {
    if ('items' in tree) {
      const at = place(tree.items, key)
      if (at === tree.items.length || compare(keyOf(tree.items[at]!), key) !== 0) return tree
      return tree.items.length === 1 ? null : leaf(replaced(tree.items, at, []))
    }
    const at = road(tree.kids, key)
    const kid = tree.kids[at]!
    const left = take(kid, key)
    if (left === kid) return tree
    if (left !== null) return branch(replaced(tree.kids, at, [left]))
    return tree.kids.length === 1 ? null : lift(replaced(tree.kids, at, []))
  }

  /** A branch of one is its kid: paths stay as short as the content allows. */
  const lift = (kids: readonly Tree[]): Tree => (kids.length === 1 ? kids[0]! : branch(kids))

  function after(tree: Tree | null, key: K): Tree | null {
    if (tree === null || compare(tree.to, key) <= 0) return null
    if ('items' in tree) {
      const at = above(tree.items, key)
      return at === 0 ? tree : leaf(tree.items.slice(at))
    }
    let at = road(tree.kids, key)
    let kid = after(tree.kids[at]!, key)
    if (kid === null) {
      at += 1
      kid = tree.kids[at]!
    }
    if (at === 0 && kid === tree.kids[0]) return tree
    return lift([kid, ...tree.kids.slice(at + 1)])
  }

  /** Index of the first item whose key is after `key`. */
  function above(items: readonly T[], key: K): number {
    const at = place(items, key)
    return at < items.length && compare(keyOf(items[at]!), key) === 0 ? at + 1 : at
  }

  function firstPrefix(tree: Tree, key: K, inside: boolean, low: number, high: number): T | undefined {
    if (compare(tree.to, key) <= 0) return undefined
    const possible = inside ? tree.low <= high && tree.high >= low : tree.low < low || tree.high > high
    if (!possible) return undefined
    let sum = 0
    if ('items' in tree) {
      for (const item of tree.items) {
        sum += amount(item)
        if (inside === (sum >= low && sum <= high) && compare(keyOf(item), key) > 0) return item
      }
      return undefined
    }
    for (const kid of tree.kids) {
      const found = firstPrefix(kid, key, inside, low - sum, high - sum)
      if (found !== undefined) return found
      sum += kid.sum
    }
    return undefined
  }

  function* items(tree: Tree | null, key?: K): IterableIterator<T> {
    if (tree === null || (key !== undefined && compare(tree.to, key) <= 0)) return
    if ('items' in tree) {
      for (let i = key === undefined ? 0 : above(tree.items, key); i < tree.items.length; i++)
        yield tree.items[i]!
      return
    }
    for (const kid of tree.kids) yield* items(kid, key)
  }

  const second = (_old: T, item: T) => item
  return {
    insert(tree, item, combine = second) {
      if (tree === null) return leaf([item])
      const parts = put(tree, item, keyOf(item), combine)
      return parts.length === 1 ? parts[0]! : branch(parts)
    },
    remove: (tree, key) => (tree === null ? null : take(tree, key)),
    get(tree, key) {
      let node = tree
      while (node !== null && 'kids' in node) node = node.kids[road(node.kids, key)]!
      const item = node?.items[place(node.items, key)]
      return item !== undefined && compare(keyOf(item), key) === 0 ? item : undefined
    },
    first(tree) {
      let node = tree
      while (node !== null && 'kids' in node) node = node.kids[0]!
      return node?.items[0]
    },
    after,
    sumThrough(tree, key) {
      let node = tree
      let sum = 0
      while (node !== null && compare(node.to, key) > 0) {
        if ('items' in node) {
          const end = above(node.items, key)
          for (let i = 0; i < end; i++) sum += amount(node.items[i]!)
          return sum
        }
        const at = road(node.kids, key)
        for (let i = 0; i < at; i++) sum += node.kids[i]!.sum
        node = node.kids[at]!
      }
      return node === null ? sum : sum + node.sum
    },
    firstPrefix: (tree, key, where, low, high) =>
      tree === null ? undefined : firstPrefix(tree, key, where === 'inside', low, high),
    items,
  }
}

function replaced<V>(list: readonly V[], at: number, by: readonly V[]): readonly V[] {
  if (by.length === 1) {
    const copy = list.slice()
    copy[at] = by[0]!
    return copy
  }
  return [...list.slice(0, at), ...by, ...list.slice(at + 1)]
}

/** Splits in halves, or, where a sequence grows at its end, leaves the full part full. */
function split<V>(list: readonly V[], atEnd: boolean): readonly (readonly V[])[] {
  const cut = atEnd ? list.length - 1 : list.length >> 1
  return [list.slice(0, cut), list.slice(cut)]
}
