import { along, dot, eigen } from '../symmetric.js'
import { scoresOf } from './partial-likelihood.js'
import { ranksOf, sortedBy } from './ranks.js'
import type { Stratum, Subjects } from './subjects.js'

/** What scores along a direction that was computed may differ by and still be level, as a share of what they are sums of. */
const ROUNDING = 1e-12

/**
 * A direction along which whoever has an event ranks highest, or level with the highest, among those at risk, every
 * time: along it the likelihood rises for ever, and there is no maximum.
 *
 * Of the covariates alone first, then of the directions offered, the last first; covariates without which it stays such a
 * direction are left out. `undefined` where none is.
 *
 * @see Bryson & Johnson (1981), "The Incidence of Monotone Likelihood in the Cox Model".
 */
export function separation(
  subjects: Subjects,
  offered: readonly (readonly number[])[],
): readonly number[] | undefined {
  const p = subjects.names.length
  for (let k = 0; k < p; k += 1) {
    for (const sign of [1, -1]) {
      const alone = Array.from({ length: p }, (_, l) => (k === l ? sign : 0))
      if (separates(subjects, alone, 0)) return alone
    }
  }
  const found = firstOf([...offered].reverse(), subjects)
  if (found === undefined) return undefined
  const smallest = [...found]
  for (const k of found.keys()) {
    const without = smallest.map((part, l) => (k === l ? 0 : part))
    if (without.some((part) => part !== 0) && separates(subjects, without, ROUNDING)) smallest[k] = 0
  }
  return smallest
}

/** The last steps of a climb lead along the direction but for rounding, so each is tried with what is nearly level made level. */
function firstOf(offered: readonly (readonly number[])[], subjects: Subjects): readonly number[] | undefined {
  for (const direction of offered) {
    for (const near of [1e-3, 1e-5, 1e-7, 0]) {
      const levelled = near > 0 ? levelling(subjects, direction, near) : direction
      if (levelled.some((part) => part !== 0) && separates(subjects, levelled, ROUNDING)) return levelled
    }
  }
  return undefined
}

/** A direction without its part along differences of subjects whose scores are nearly the same. */
function levelling(subjects: Subjects, direction: readonly number[], near: number): readonly number[] {
  const p = direction.length
  const { x } = subjects
  const gram = direction.map(() => new Array<number>(p).fill(0))
  for (const [j, i] of neighbours(subjects, direction, near)) {
    let size = 0
    for (let k = 0; k < p; k += 1) size = Math.max(size, Math.abs(x[i * p + k]! - x[j * p + k]!))
    if (size === 0) continue
    for (let k = 0; k < p; k += 1) {
      const part = (x[i * p + k]! - x[j * p + k]!) / size
      for (let l = 0; l < p; l += 1) gram[k]![l]! += (part * (x[i * p + l]! - x[j * p + l]!)) / size
    }
  }
  const { values, vectors } = eigen(gram)
  let left = [...direction]
  for (const [k, vector] of vectors.entries()) {
    if (values[k]! > 1e-10 * values.at(-1)!) left = along(left, -dot(left, vector), vector)
  }
  const most = left.reduce((size, part) => Math.max(size, Math.abs(part)), 0)
  const before = direction.reduce((size, part) => Math.max(size, Math.abs(part)), 0)
  // What is left of rounding is no direction.
  return left.map((part) => (most > 1e-6 * before && Math.abs(part) > 1e-12 * most ? part / most : 0))
}

function separates(subjects: Subjects, direction: readonly number[], near: number): boolean {
  const { time, entry, event } = subjects
  const ranks = levelsOf(subjects, direction, near)
  let differs = false
  for (const stratum of subjects.strata) {
    const highest = new Highest(stratum, entry)
    let least = Infinity
    for (let i = stratum.from; i < stratum.to; ) {
      const t = time[i]!
      let to = i
      for (; to < stratum.to && time[to] === t; to += 1) {
        highest.add(to, ranks[to]!)
        least = Math.min(least, ranks[to]!)
      }
      let most: number | undefined
      for (let j = i; j < to; j += 1) {
        if (event[j] === 0) continue
        most ??= highest.before(t)
        if (ranks[j]! < most) return false
        differs ||= most > least
      }
      i = to
    }
  }
  return differs
}

/** Ranks of the scores along a direction; what differs by rounding only ranks level. */
function levelsOf(subjects: Subjects, direction: readonly number[], near: number): Float64Array {
  const { order, level } = sorted(subjects, direction, near)
  const ranks = new Float64Array(order.length)
  let rank = 0
  for (let at = 0; at < order.length; at += 1) {
    if (at > 0 && level[at] === 0) rank += 1
    ranks[order[at]!] = rank
  }
  return ranks
}

/** Subjects next to one another along a direction whose scores are nearly the same. */
function* neighbours(subjects: Subjects, direction: readonly number[], near: number) {
  const { order, level } = sorted(subjects, direction, near)
  for (let at = 1; at < order.length; at += 1) {
    if (level[at] === 1) yield [order[at - 1]!, order[at]!] as const
  }
}

/** Subjects by their scores, and which of them stand level with the one before, but for a share of what the scores are sums of. */
function sorted(subjects: Subjects, direction: readonly number[], near: number) {
  const scores = scoresOf(subjects, direction)
  const p = direction.length
  const size = (i: number) => {
    let sum = 0
    for (let k = 0; k < p; k += 1) sum += Math.abs(direction[k]! * subjects.x[i * p + k]!)
    return sum
  }
  const { ranks, distinct } = ranksOf(scores)
  const order = sortedBy(
    ranks,
    distinct,
    ranks.map((_, i) => i),
  )
  const level = new Uint8Array(scores.length)
  for (let at = 1; at < order.length; at += 1) {
    const [before, i] = [order[at - 1]!, order[at]!]
    if (scores[i]! - scores[before]! <= near * Math.max(size(i), size(before))) level[at] = 1
  }
  return { order, level }
}

/** The highest rank among those come so far who were watched before a time: a tree of maxima by entry. */
class Highest {
  private readonly tree: Float64Array
  private readonly place: Int32Array
  private readonly entries: Float64Array

  constructor(
    private readonly stratum: Stratum,
    entry: Float64Array,
  ) {
    const { from, to, late } = stratum
    const n = late.length
    // Those watched from the beginning stand at place 1, the late ones after it, the first first.
    this.place = new Int32Array(to - from).fill(1)
    this.entries = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      const j = late[n - 1 - i]!
      this.place[j - from] = i + 2
      this.entries[i] = entry[j]!
    }
    this.tree = new Float64Array(n + 2).fill(-1)
  }

  add(j: number, rank: number): void {
    const { tree } = this
    for (let i = this.place[j - this.stratum.from]!; i < tree.length; i += i & -i) {
      tree[i] = Math.max(tree[i]!, rank)
    }
  }

  before(t: number): number {
    let [low, high] = [0, this.entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.entries[middle]! < t) low = middle + 1
      else high = middle
    }
    let most = -1
    for (let i = low + 1; i > 0; i -= i & -i) most = Math.max(most, this.tree[i]!)
    return most
  }
}
