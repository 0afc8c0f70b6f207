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

/** All verbs over sequences of one order. */
export const sortedVerbs = <T, K>(order: SortedOrder<T, K>): SortedVerbs<T, K> => ({
  insert: (tree, item, combine) => insert(order, tree, item, combine),
  remove: (tree, key) => remove(order, tree, key),
  get: (tree, key) => get(order, tree, key),
  first,
  after: (tree, key) => after(order, tree, key),
  sumThrough: (tree, key) => sumThrough(order, tree, key),
  firstPrefix: (tree, key, where, low, high) => firstPrefix(order, tree, key, where, low, high),
  items: (tree, key) => items(order, tree, key),
})

// Each verb on its own, so that a bundle holds only those that it uses.

/** Inserts; an item of the same key is replaced by `combine(old, item)`. */
export function insert<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  item: T,
  combine: (old: T, item: T) => T = second,
): Sorted<T, K> {
  if (tree === null) return leaf(order, [item])
  const parts = put(order, tree, item, order.key(item), combine)
  return parts.length === 1 ? parts[0]! : branch(parts)
}

const second = <T>(_old: T, item: T) => item

/** Inserts several at once, in order and with keys that differ; an item of a known key is replaced. Each node on the way is made once. */
export function insertAll<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  sorted: readonly T[],
): Sorted<T, K> | null {
  if (sorted.length === 0) return tree
  let parts = tree === null ? leaves(order, sorted) : putAll(order, tree, sorted)
  while (parts.length > 1) parts = chunked(parts).map(branch)
  return parts[0]!
}

function putAll<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K>,
  sorted: readonly T[],
): readonly Sorted<T, K>[] {
  if ('items' in tree) return leaves(order, merged(order, tree.items, sorted))
  const kids: Sorted<T, K>[] = []
  let from = 0
  for (const [i, kid] of tree.kids.entries()) {
    let to = from
    const isLast = i === tree.kids.length - 1
    while (to < sorted.length && (isLast || order.compare(order.key(sorted[to]!), kid.to) <= 0)) to++
    kids.push(...(to === from ? [kid] : putAll(order, kid, sorted.slice(from, to))))
    from = to
  }
  return chunked(kids).map(branch)
}

/** Two sorted lists as one; where keys meet, the second's item stays. */
function merged<T, K>(
  { key, compare }: SortedOrder<T, K>,
  old: readonly T[],
  sorted: readonly T[],
): readonly T[] {
  const both: T[] = []
  let i = 0
  for (const item of sorted) {
    while (i < old.length && compare(key(old[i]!), key(item)) < 0) both.push(old[i++]!)
    if (i < old.length && compare(key(old[i]!), key(item)) === 0) i++
    both.push(item)
  }
  while (i < old.length) both.push(old[i++]!)
  return both
}

const leaves = <T, K>(order: SortedOrder<T, K>, items: readonly T[]): readonly Sorted<T, K>[] =>
  chunked(items).map((chunk) => leaf(order, chunk))

/** Parts that fit into a node, all about as full. */
function chunked<V>(list: readonly V[]): readonly (readonly V[])[] {
  const count = Math.ceil(list.length / WIDTH)
  if (count === 1) return [list]
  const size = Math.ceil(list.length / count)
  return Array.from({ length: count }, (_, i) => list.slice(i * size, (i + 1) * size))
}

export function remove<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  key: K,
): Sorted<T, K> | null {
  return tree === null ? null : take(order, tree, key)
}

export function get<T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, key: K): T | undefined {
  let node = tree
  while (node !== null && 'kids' in node) node = node.kids[road(order, node.kids, key)]!
  const item = node?.items[place(order, node.items, key)]
  return item !== undefined && order.compare(order.key(item), key) === 0 ? item : undefined
}

export function first<T, K>(tree: Sorted<T, K> | null): T | undefined {
  let node = tree
  while (node !== null && 'kids' in node) node = node.kids[0]!
  return node?.items[0]
}

/** What remains without the items whose key is at or before `key`. */
export function after<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  key: K,
): Sorted<T, K> | null {
  if (tree === null || order.compare(tree.to, key) <= 0) return null
  if ('items' in tree) {
    const at = above(order, tree.items, key)
    return at === 0 ? tree : leaf(order, tree.items.slice(at))
  }
  let at = road(order, tree.kids, key)
  let kid = after(order, tree.kids[at]!, key)
  if (kid === null) {
    at += 1
    kid = tree.kids[at]!
  }
  if (at === 0 && kid === tree.kids[0]) return tree
  return lift([kid, ...tree.kids.slice(at + 1)])
}

/** Sum of the amounts whose key is at or before `key`. */
export function sumThrough<T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, key: K): number {
  let node = tree
  let sum = 0
  while (node !== null && order.compare(node.to, key) > 0) {
    if ('items' in node) {
      // Most are asked about the moment at which they were written, when nothing has left.
      if (order.compare(order.key(node.items[0]!), key) > 0) return sum
      const end = above(order, node.items, key)
      for (let i = 0; i < end; i++) sum += order.amount(node.items[i]!)
      return sum
    }
    const at = road(order, node.kids, key)
    for (let i = 0; i < at; i++) sum += node.kids[i]!.sum
    node = node.kids[at]!
  }
  return node === null ? sum : sum + node.sum
}

/**
 * First item after `key` whose prefix sum (over the whole sequence, itself included) lies inside the closed interval
 * `[low, high]`, or outside it.
 */
export function firstPrefix<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  key: K,
  where: 'inside' | 'outside',
  low: number,
  high: number,
): T | undefined {
  if (tree === null || order.compare(tree.to, key) <= 0) return undefined
  const inside = where === 'inside'
  const possible = inside ? tree.low <= high && tree.high >= low : tree.low < low || tree.high > high
  if (!possible) return undefined
  let sum = 0
  if ('items' in tree) {
    for (const item of tree.items) {
      sum += order.amount(item)
      if (inside === (sum >= low && sum <= high) && order.compare(order.key(item), key) > 0) return item
    }
    return undefined
  }
  for (const kid of tree.kids) {
    const found = firstPrefix(order, kid, key, where, low - sum, high - sum)
    if (found !== undefined) return found
    sum += kid.sum
  }
  return undefined
}

/** The last item whose key is before `key`. */
export function lastBefore<T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, key: K): T | undefined {
  let node = tree
  let left: Sorted<T, K> | null = null
  while (node !== null && 'kids' in node) {
    const at: number = road(order, node.kids, key)
    if (at > 0) left = node.kids[at - 1]!
    node = node.kids[at]!
  }
  const at = node === null ? 0 : place(order, node.items, key)
  return at > 0 ? node!.items[at - 1] : left === null ? undefined : lastOf(left)
}

/** The first item that passes a test that all items after it pass as well. */
export function firstFrom<T, K>(tree: Sorted<T, K> | null, passes: (item: T) => boolean): T | undefined {
  let node = tree
  if (node === null || !passes(lastOf(node))) return undefined
  while ('kids' in node) node = node.kids[firstIndex(node.kids, (kid) => passes(lastOf(kid)))]!
  return node.items[firstIndex(node.items, passes)]
}

function lastOf<T, K>(tree: Sorted<T, K>): T {
  let node = tree
  while ('kids' in node) node = node.kids[node.kids.length - 1]!
  return node.items[node.n - 1]!
}

/** Index of the first that passes; the last one is known to. */
function firstIndex<V>(list: readonly V[], passes: (item: V) => boolean): number {
  let low = 0
  let high = list.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (passes(list[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

/** From the first item whose key is after `key`; from the start without one. */
export function* items<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  key?: K,
): IterableIterator<T> {
  if (tree === null || (key !== undefined && order.compare(tree.to, key) <= 0)) return
  if ('items' in tree) {
    for (let i = key === undefined ? 0 : above(order, tree.items, key); i < tree.items.length; i++)
      yield tree.items[i]!
    return
  }
  for (const kid of tree.kids) yield* items(order, kid, key)
}

function leaf<T, K>({ key, amount }: SortedOrder<T, K>, items: readonly T[]): SortedLeaf<T, K> {
  let sum = amount(items[0]!)
  let low = sum
  let high = sum
  for (let i = 1; i < items.length; i++) {
    sum += amount(items[i]!)
    if (sum < low) low = sum
    if (sum > high) high = sum
  }
  return { items, to: key(items[items.length - 1]!), n: items.length, sum, low, high }
}

function branch<T, K>(kids: readonly Sorted<T, K>[]): SortedBranch<T, K> {
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
function place<T, K>({ key: keyOf, compare }: SortedOrder<T, K>, items: readonly T[], key: K): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(keyOf(items[middle]!), key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the first item whose key is after `key`. */
function above<T, K>(order: SortedOrder<T, K>, items: readonly T[], key: K): number {
  const at = place(order, items, key)
  return at < items.length && order.compare(order.key(items[at]!), key) === 0 ? at + 1 : at
}

/** Index of the first kid that may hold `key`; the last when the key is beyond all. */
function road<T, K>({ compare }: SortedOrder<T, K>, kids: readonly Sorted<T, K>[], key: K): number {
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
function put<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K>,
  item: T,
  key: K,
  combine: (old: T, item: T) => T,
): readonly Sorted<T, K>[] {
  if ('items' in tree) return putInLeaf(order, tree, item, key, combine)
  const at = road(order, tree.kids, key)
  const parts = put(order, tree.kids[at]!, item, key, combine)
  const kids = replaced(tree.kids, at, parts)
  if (kids.length <= WIDTH) return [branch(kids)]
  return split(kids, at === tree.kids.length - 1).map(branch)
}

function putInLeaf<T, K>(
  order: SortedOrder<T, K>,
  tree: SortedLeaf<T, K>,
  item: T,
  key: K,
  combine: (old: T, item: T) => T,
): readonly Sorted<T, K>[] {
  const { items, n } = tree
  if (order.compare(tree.to, key) < 0) {
    if (n === WIDTH) return [tree, leaf(order, [item])]
    const sum = tree.sum + order.amount(item)
    const low = Math.min(sum, tree.low)
    const high = Math.max(sum, tree.high)
    return [{ items: [...items, item], to: key, n: n + 1, sum, low, high }]
  }
  const at = place(order, items, key)
  const old = items[at]!
  if (order.compare(order.key(old), key) === 0)
    return [leaf(order, replaced(items, at, [combine(old, item)]))]
  const grown = [...items.slice(0, at), item, ...items.slice(at)]
  return grown.length <= WIDTH ? [leaf(order, grown)] : split(grown, false).map((half) => leaf(order, half))
}

function take<T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K>, key: K): Sorted<T, K> | null {
  if ('items' in tree) {
    const at = place(order, tree.items, key)
    if (at === tree.n || order.compare(order.key(tree.items[at]!), key) !== 0) return tree
    return tree.n === 1 ? null : leaf(order, replaced(tree.items, at, []))
  }
  const at = road(order, tree.kids, key)
  const kid = tree.kids[at]!
  const left = take(order, kid, key)
  if (left === kid) return tree
  if (left !== null) return branch(replaced(tree.kids, at, [left]))
  return tree.kids.length === 1 ? null : lift(replaced(tree.kids, at, []))
}

/** A branch of one is its kid: paths stay as short as the content allows. */
const lift = <T, K>(kids: readonly Sorted<T, K>[]): Sorted<T, K> =>
  kids.length === 1 ? kids[0]! : branch(kids)

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
