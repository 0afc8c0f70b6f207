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

// Each says what it has not, so that they are told apart by reading a property: 'in' takes ten times as long.
interface SortedLeaf<T, K> extends SortedNode<K> {
  readonly items: readonly T[]
  readonly kids?: undefined
}

interface SortedBranch<T, K> extends SortedNode<K> {
  readonly kids: readonly Sorted<T, K>[]
  readonly items?: undefined
}

/** How the items of one sequence are ordered and what they weigh. */
export interface SortedOrder<T, K> {
  key(item: T): K
  compare(a: K, b: K): number
  /** Whether an item stands before a key: `compare(key(item), key) < 0`, where that can be told without making its key. */
  before?(item: T, key: K): boolean
  /** Whether a key stands before another: `compare(a, b) < 0`, where that is told sooner. */
  precedes?(a: K, b: K): boolean
  /** Nothing weighs anything unless told. */
  amount?(item: T): number
  /** Whether no amount is below zero: then the first prefix sum is the smallest, and all of them the largest. */
  readonly rises?: true
}

/** Keys that are texts, by code unit. */
export const byCodeUnit = {
  compare: (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0),
  precedes: (a: string, b: string): boolean => a < b,
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
  const put = putInto(order, tree, item, order.key(item), combine)
  return isSplit(put) ? branch(put.parts) : put
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
  if (tree.items !== undefined) return leaves(order, merged(order, tree.items, sorted))
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
  return tree === null ? null : take(order, tree, key, nothing)
}

const nothing = () => null

/** Changes the item of a key, which stays what it is, or removes it where `change` gives `null`; the same sequence where there is none. */
export function change<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  key: K,
  change: (item: T) => T | null,
): Sorted<T, K> | null {
  return tree === null ? null : take(order, tree, key, change)
}

export function get<T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, key: K): T | undefined {
  let node = tree
  while (node !== null && node.kids !== undefined) node = node.kids[road(order, node.kids, key)]!
  const item = node?.items[place(order, node.items, key)]
  return item !== undefined && order.compare(order.key(item), key) === 0 ? item : undefined
}

export function first<T, K>(tree: Sorted<T, K> | null): T | undefined {
  let node = tree
  while (node !== null && node.kids !== undefined) node = node.kids[0]!
  return node?.items[0]
}

/** What remains without the items whose key is at or before `key`. */
export function after<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  key: K,
): Sorted<T, K> | null {
  if (tree === null || order.compare(tree.to, key) <= 0) return null
  if (tree.items !== undefined) {
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
    if (node.items !== undefined) {
      // Most are asked about the moment at which they were written, when nothing has left.
      if (order.compare(order.key(node.items[0]!), key) > 0) return sum
      const end = above(order, node.items, key)
      if (order.amount !== undefined) for (let i = 0; i < end; i++) sum += order.amount(node.items[i]!)
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
  if (tree.items !== undefined) {
    for (const item of tree.items) {
      sum += order.amount?.(item) ?? 0
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
  while (node !== null && node.kids !== undefined) {
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
  while (node.kids !== undefined) node = node.kids[firstIndex(node.kids, (kid) => passes(lastOf(kid)))]!
  return node.items[firstIndex(node.items, passes)]
}

function lastOf<T, K>(tree: Sorted<T, K>): T {
  let node = tree
  while (node.kids !== undefined) node = node.kids[node.kids.length - 1]!
  return node.items[node.items.length - 1]!
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
  if (tree.items !== undefined) {
    for (let i = key === undefined ? 0 : above(order, tree.items, key); i < tree.items.length; i++)
      yield tree.items[i]!
    return
  }
  for (const kid of tree.kids) yield* items(order, kid, key)
}

/**
 * Shows the items after a key in their order, from the start without one, until `see` says that it has seen enough: as `items`, where
 * an iterator would cost more than what it shows.
 *
 * @returns whether it has.
 */
export function showItems<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  see: (item: T) => boolean,
  key?: K,
): boolean {
  if (tree === null || (key !== undefined && order.compare(tree.to, key) <= 0)) return false
  if (tree.items !== undefined) {
    const { items } = tree
    for (let i = key === undefined ? 0 : above(order, items, key); i < items.length; i++)
      if (see(items[i]!)) return true
    return false
  }
  for (const kid of tree.kids) if (showItems(order, kid, see, key)) return true
  return false
}

function leaf<T, K>({ key, amount }: SortedOrder<T, K>, items: readonly T[]): SortedLeaf<T, K> {
  const to = key(items[items.length - 1]!)
  if (amount === undefined) return { items, to, n: items.length, sum: 0, low: 0, high: 0 }
  let sum = amount(items[0]!)
  let low = sum
  let high = sum
  for (let i = 1; i < items.length; i++) {
    sum += amount(items[i]!)
    if (sum < low) low = sum
    if (sum > high) high = sum
  }
  return { items, to, n: items.length, sum, low, high }
}

/** A leaf of other items that weigh so much in all. */
function leafOf<T, K>(order: SortedOrder<T, K>, items: readonly T[], sum: number): SortedLeaf<T, K> {
  const { key, amount, rises } = order
  if (amount === undefined || rises === undefined) return leaf(order, items)
  const to = key(items[items.length - 1]!)
  return { items, to, n: items.length, sum, low: amount(items[0]!), high: sum }
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
function place<T, K>(order: SortedOrder<T, K>, items: readonly T[], key: K): number {
  const { before, key: keyOf, compare } = order
  let low = 0
  let high = items.length
  if (before !== undefined) {
    // What comes first is asked for most.
    if (high > 0 && !before(items[0]!, key)) return 0
    while (low < high) {
      const middle = (low + high) >> 1
      if (before(items[middle]!, key)) low = middle + 1
      else high = middle
    }
    return low
  }
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
function road<T, K>({ compare, precedes }: SortedOrder<T, K>, kids: readonly Sorted<T, K>[], key: K): number {
  let low = 0
  let high = kids.length - 1
  if (precedes !== undefined) {
    while (low < high) {
      const middle = (low + high) >> 1
      if (precedes(kids[middle]!.to, key)) low = middle + 1
      else high = middle
    }
    return low
  }
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(kids[middle]!.to, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** What a node has become that had to split. */
interface Split<T, K> {
  readonly parts: readonly Sorted<T, K>[]
}
const isSplit = <T, K>(put: Sorted<T, K> | Split<T, K>): put is Split<T, K> =>
  (put as Partial<Split<T, K>>).parts !== undefined

/** The node with an item. What arrives at the end starts a new node, so growing sequences stay full. */
function putInto<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K>,
  item: T,
  key: K,
  combine: (old: T, item: T) => T,
): Sorted<T, K> | Split<T, K> {
  if (tree.items !== undefined) return putInLeaf(order, tree, item, key, combine)
  const at = road(order, tree.kids, key)
  const put = putInto(order, tree.kids[at]!, item, key, combine)
  if (!isSplit(put)) return withKid(order, tree, at, put)
  const kids = replaced(tree.kids, at, put.parts)
  if (kids.length <= WIDTH) return branch(kids)
  return { parts: split(kids, at === tree.kids.length - 1).map(branch) }
}

/** The branch with another kid at a place: where that can be, without looking at all of them. */
function withKid<T, K>(
  { amount, rises }: SortedOrder<T, K>,
  tree: SortedBranch<T, K>,
  at: number,
  kid: Sorted<T, K>,
): SortedBranch<T, K> {
  const kids = tree.kids.slice()
  const old = kids[at]!
  kids[at] = kid
  if (amount !== undefined && rises === undefined) return branch(kids)
  const sum = tree.sum - old.sum + kid.sum
  const n = tree.n - old.n + kid.n
  return { kids, to: kids[kids.length - 1]!.to, n, sum, low: kids[0]!.low, high: sum }
}

function putInLeaf<T, K>(
  order: SortedOrder<T, K>,
  tree: SortedLeaf<T, K>,
  item: T,
  key: K,
  combine: (old: T, item: T) => T,
): Sorted<T, K> | Split<T, K> {
  const { items } = tree
  // Of what a database gave back, the list says how long it is.
  const n = items.length
  if (order.precedes === undefined ? order.compare(tree.to, key) < 0 : order.precedes(tree.to, key)) {
    if (n === WIDTH) return { parts: [tree, leaf(order, [item])] }
    const sum = order.amount === undefined ? 0 : tree.sum + order.amount(item)
    const low = Math.min(sum, tree.low)
    const high = Math.max(sum, tree.high)
    return { items: [...items, item], to: key, n: n + 1, sum, low, high }
  }
  const at = place(order, items, key)
  const old = items[at]!
  const { amount } = order
  if (order.compare(order.key(old), key) === 0) {
    const next = combine(old, item)
    const copy = items.slice()
    copy[at] = next
    return leafOf(order, copy, amount === undefined ? 0 : tree.sum - amount(old) + amount(next))
  }
  const grown = items.slice()
  grown.push(item)
  for (let i = n; i > at; i--) grown[i] = items[i - 1]!
  grown[at] = item
  if (n < WIDTH) return leafOf(order, grown, amount === undefined ? 0 : tree.sum + amount(item))
  return { parts: split(grown, false).map((half) => leaf(order, half)) }
}

function take<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K>,
  key: K,
  change: (item: T) => T | null,
): Sorted<T, K> | null {
  if (tree.items !== undefined) {
    const at = place(order, tree.items, key)
    if (at === tree.items.length) return tree
    const item = tree.items[at]!
    if (order.compare(order.key(item), key) !== 0) return tree
    const changed = change(item)
    if (changed === null && tree.items.length === 1) return null
    const { amount } = order
    const sum = amount === undefined ? 0 : tree.sum - amount(item)
    if (changed === null) {
      // What comes first goes first, mostly.
      const others = tree.items.slice(at === 0 ? 1 : 0)
      if (at > 0) others.splice(at, 1)
      return leafOf(order, others, sum)
    }
    const items = tree.items.slice()
    items[at] = changed
    return leafOf(order, items, amount === undefined ? 0 : sum + amount(changed))
  }
  const at = road(order, tree.kids, key)
  const kid = tree.kids[at]!
  const left = take(order, kid, key, change)
  if (left === kid) return tree
  if (left !== null) return withKid(order, tree, at, left)
  return tree.kids.length === 1 ? null : lift(replaced(tree.kids, at, []))
}

/** A branch of one is its kid: paths stay as short as the content allows. */
const lift = <T, K>(kids: readonly Sorted<T, K>[]): Sorted<T, K> =>
  kids.length === 1 ? kids[0]! : branch(kids)

function replaced<V>(list: readonly V[], at: number, by: readonly V[]): readonly V[] {
  return [...list.slice(0, at), ...by, ...list.slice(at + 1)]
}

/** Splits in halves, or, where a sequence grows at its end, leaves the full part full. */
function split<V>(list: readonly V[], atEnd: boolean): readonly (readonly V[])[] {
  const cut = atEnd ? list.length - 1 : list.length >> 1
  return [list.slice(0, cut), list.slice(cut)]
}
