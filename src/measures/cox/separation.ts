import { scoresOf } from './partial-likelihood.js'
import { ranksOf, sortedBy } from './ranks.js'
import type { Stratum, Subjects } from './subjects.js'

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
      if (separates(subjects, alone)) return alone
    }
  }
  const found = [...offered].reverse().find((direction) => separates(subjects, direction))
  if (found === undefined) return undefined
  const smallest = [...found]
  for (const k of found.keys()) {
    const without = smallest.map((part, l) => (k === l ? 0 : part))
    if (without.some((part) => part !== 0) && separates(subjects, without)) smallest[k] = 0
  }
  return smallest
}

function separates(subjects: Subjects, direction: readonly number[]): boolean {
  const { time, entry, event } = subjects
  const ranks = levelsOf(subjects, direction)
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
function levelsOf(subjects: Subjects, direction: readonly number[]): Float64Array {
  const scores = scoresOf(subjects, direction)
  const n = scores.length
  const p = direction.length
  const size = (i: number) => {
    let sum = 0
    for (let k = 0; k < p; k += 1) sum += Math.abs(direction[k]! * subjects.x[i * p + k]!)
    return sum
  }
  const exact = ranksOf(scores)
  const order = sortedBy(
    exact.ranks,
    exact.distinct,
    exact.ranks.map((_, i) => i),
  )
  const ranks = new Float64Array(n)
  let rank = 0
  for (let at = 0; at < n; at += 1) {
    const i = order[at]!
    if (at > 0) {
      const before = order[at - 1]!
      if (scores[i]! - scores[before]! > 1e-9 * Math.max(size(i), size(before))) rank += 1
    }
    ranks[i] = rank
  }
  return ranks
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
