import { type End, FAR } from './descent.js'
import type { Problem } from './objective.js'
import { along } from './symmetric.js'

/** A point with its value. */
export interface Corner {
  readonly at: readonly number[]
  readonly value: number
}

/** Where a simplex ended. */
export interface Lowest extends Corner {
  readonly end: End
}

/** A search for the lowest corner of a simplex: slow, and asks for no slope. */
export function* nelderMead(
  problem: Problem,
  start: Corner,
  { iterations }: { readonly iterations: number },
): Generator<Corner, Lowest> {
  const n = start.at.length
  // In many dimensions smaller changes of the simplex; in two the usual ones, which also serve one.
  const m = Math.max(n, 2)
  const value = (at: readonly number[]) => {
    const found = problem.value(at)
    return Number.isNaN(found) ? Infinity : found
  }
  let best = start
  let left = iterations
  // A second, smaller simplex from where the first one folded up.
  for (const size of [0.1, 0.01]) {
    let corners = [
      best,
      ...best.at.map((x, i) => cornerOf(best.at, i, size * Math.max(Math.abs(x), 1), value)),
    ]
    for (; left > 0; left -= 1) {
      corners = corners
        .map((corner, i) => ({ corner, i }))
        .sort((a, b) => a.corner.value - b.corner.value || a.i - b.i)
        .map(({ corner }) => corner)
      const [lowest, highest] = [corners[0]!, corners[n]!]
      if (lowest.value === -Infinity || lowest.at.some((x) => Math.abs(x) > FAR)) {
        return { ...lowest, end: 'unbounded' }
      }
      best = lowest
      if (folded(corners)) break
      yield best
      const centre = lowest.at.map((_, i) => corners.slice(0, n).reduce((sum, { at }) => sum + at[i]!, 0) / n)
      const away = centre.map((c, i) => c - highest.at[i]!)
      const tried = (t: number) => {
        const at = along(centre, t, away)
        return { at, value: value(at) }
      }
      const reflected = tried(1)
      let next = reflected
      if (reflected.value < lowest.value) {
        const expanded = tried(1 + 2 / m)
        if (expanded.value < reflected.value) next = expanded
      } else if (!(reflected.value < corners[n - 1]!.value)) {
        const inwards = 0.75 - 0.5 / m
        const contracted = tried(reflected.value < highest.value ? inwards : -inwards)
        next = contracted
        if (!(contracted.value < Math.min(reflected.value, highest.value))) {
          const towards = 1 - 1 / m
          corners = corners.map((corner) => {
            if (corner === lowest) return corner
            const at = along(
              lowest.at,
              towards,
              corner.at.map((x, i) => x - lowest.at[i]!),
            )
            return { at, value: value(at) }
          })
          continue
        }
      }
      corners = [...corners.slice(0, n), next]
    }
  }
  return { ...best, end: left > 0 ? 'no-progress' : 'iteration-limit' }
}

function cornerOf(at: readonly number[], i: number, by: number, value: (at: readonly number[]) => number) {
  const corner = at.map((x, j) => (i === j ? x + by : x))
  return { at: corner, value: value(corner) }
}

/** Whether the corners are one point but for a ten-millionth, or their values the same but for rounding. */
function folded(corners: readonly { readonly at: readonly number[]; readonly value: number }[]): boolean {
  const [lowest, highest] = [corners[0]!, corners.at(-1)!]
  const near = corners.every(({ at }) =>
    at.every((x, i) => Math.abs(x - lowest.at[i]!) <= 1e-7 * Math.max(Math.abs(x), 1e-3)),
  )
  return near || highest.value - lowest.value <= 1e-15 * Math.abs(lowest.value)
}
