/** The place of each value among the distinct ones, from 0. */
export function ranksOf(values: Float64Array): { readonly ranks: Int32Array; readonly distinct: number } {
  const sorted = values.slice().sort()
  let distinct = 0
  for (const value of sorted) {
    // The part already read is written over.
    if (distinct === 0 || value !== sorted[distinct - 1]) {
      sorted[distinct] = value
      distinct += 1
    }
  }
  const ranks = new Int32Array(values.length)
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!
    let [low, high] = [0, distinct - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]! < value) low = middle + 1
      else high = middle
    }
    ranks[i] = low
  }
  return { ranks, distinct }
}

/** `order` by the rank of what stands there; what ranks level stays as it was. Ranks are below `distinct`. */
export function sortedBy(ranks: Int32Array, distinct: number, order: Int32Array): Int32Array {
  const next = new Int32Array(distinct + 1)
  for (const rank of ranks) next[rank + 1]! += 1
  for (let i = 0; i < distinct; i += 1) next[i + 1]! += next[i]!
  const sorted = new Int32Array(order.length)
  for (const i of order) {
    const rank = ranks[i]!
    sorted[next[rank]!] = i
    next[rank]! += 1
  }
  return sorted
}
