import { exp, ln } from '../kernel/elementary.js'
import { fault } from '../kernel/errors.js'

/**
 * ln of the sum of e^lnTerm(m) over m = 0, 1, 2, …, where terms from 16 on are those of a function that is smooth on the
 * scale of m itself or of its own change, has one peak there and falls in the end. Terms far from the peak are not asked
 * for; long stretches between are summed by Gauss's rule for sums, so that 10^12 terms cost a few hundred.
 *
 * @param lnTerm - Of a real m from 0; -Infinity for a term of nothing.
 * Places go beyond 2^53, where not every whole number is a float: the function is smooth there over far more than one.
 *
 * @param most - Where nothing worth while is left; the peak is looked for below.
 * @throws DefinitionError `out-of-range` for what is not smooth, of which too many stretches would have to be summed.
 * @see Gautschi (2004), "Orthogonal Polynomials: Computation and Approximation", 1.4, for the discrete Chebyshev weights.
 */
export function lnSmoothSum(lnTerm: (m: number) => number, most: number): number {
  const head = Array.from({ length: HEAD }, (_, m) => lnTerm(m))
  const peak = peakOf(lnTerm, most)
  const top = Math.max(...head, lnTerm(peak))
  if (top === -Infinity) return top
  let stretches = 0
  let sum = 0
  for (const term of head) sum += exp(term - top)

  /** Sums from `from` in one direction until what is added no longer counts; returns where it stopped. */
  const march = (from: number, end: number, valley = false): number => {
    const up = end > from
    let at = from
    let size = 16
    let near = lnTerm(up ? at : at - 1)
    while (at !== end) {
      if (stretches++ > MOST) throw fault('out-of-range', '$.lnTerm', at, 'a smooth function')
      const room = Math.abs(end - at)
      // Steps that the floats at this place still show.
      const least = Math.max(HEAD, powerOfTwoUpTo(at * SHOWN))
      size = Math.max(least, Math.min(size, Math.max(HEAD, powerOfTwoUpTo(at / 2))))
      while (size > room) size /= 2
      let far = 0
      for (;;) {
        far = lnTerm(up ? at + size : at - size)
        const middle = lnTerm(up ? at + size / 2 : at - size / 2)
        const bends = Math.abs(middle - (near + far) / 2)
        if (size <= least || (Math.abs(far - near) < 5 && bends < 1)) break
        size /= 2
      }
      const low = up ? at : at - size
      let part = 0
      if (size <= 2 * HEAD) for (let i = 0; i < size; i++) part += exp(lnTerm(low + i) - top)
      else {
        const { nodes, weights } = sumRule(size)
        for (let k = 0; k < nodes.length; k++) part += weights[k]! * exp(lnTerm(low + nodes[k]!) - top)
      }
      sum += part
      at = up ? at + size : low
      // What follows falls at least as fast; before a valley it does not count until the other side, which was summed.
      if (part <= 1e-18 * sum && (valley || far < near - 0.7 || far === -Infinity)) break
      if (Math.abs(far - near) < 2.5) size *= 2
      near = far
    }
    return at
  }

  march(peak, Infinity)
  const left = peak > HEAD ? march(peak, HEAD) : HEAD
  // A second, lower peak may stand at the beginning.
  if (left > HEAD) march(HEAD, left, true)
  return top + ln(sum)
}

/** The last place where terms begin to fall, about: within a few units of the logarithm of the highest. */
function peakOf(lnTerm: (m: number) => number, most: number): number {
  let high = Math.max(2 * HEAD, most)
  const rises = (m: number) => lnTerm(m * 1.03125) > lnTerm(m)
  while (high > HEAD && !rises(high)) high /= 2
  if (high <= HEAD) return HEAD
  // Golden sections around the highest.
  let [from, to] = [high, Math.max(high * 2.1, high + 2)]
  let [one, other] = [to - GOLDEN * (to - from), from + GOLDEN * (to - from)]
  let [first, second] = [lnTerm(one), lnTerm(other)]
  for (let step = 0; step < 100 && to - from > 1 && Math.abs(first - second) > 1e-3; step++) {
    if (first < second) {
      from = one
      ;[one, first] = [other, second]
      other = from + GOLDEN * (to - from)
      second = lnTerm(other)
    } else {
      to = other
      ;[other, second] = [one, first]
      one = to - GOLDEN * (to - from)
      first = lnTerm(one)
    }
  }
  return Math.max(HEAD, Math.floor((from + to) / 2))
}

interface SumRule {
  readonly nodes: readonly number[]
  readonly weights: readonly number[]
}

/** Gauss's rule for sums over 0 … size - 1: right for polynomials up to degree 2 NODES - 1. */
function sumRule(size: number): SumRule {
  const kept = rules.get(size)
  if (kept !== undefined) return kept
  // Squares of the recurrence's coefficients, for places from -1/2 to 1/2.
  const beside: number[] = []
  for (let n = 1; n < NODES; n++) {
    const share = n / size
    beside.push((n * n * (1 - share * share)) / (4 * (4 * n * n - 1)))
  }
  const below = (x: number): number => {
    let pivot = -x
    let found = pivot < 0 ? 1 : 0
    for (const square of beside) {
      pivot = -x - square / (pivot === 0 ? 1e-300 : pivot)
      if (pivot < 0) found++
    }
    return found
  }
  const nodes: number[] = []
  const weights: number[] = []
  for (let k = 0; k < NODES; k++) {
    let [low, high] = [-0.5, 0.5]
    for (;;) {
      const middle = (low + high) / 2
      if (middle <= low || middle >= high || high - low < 1e-17) break
      if (below(middle) > k) high = middle
      else low = middle
    }
    let [before, value, squares] = [0, 1, 1]
    for (const [n, square] of beside.entries()) {
      const next = (high * value - (n === 0 ? 0 : Math.sqrt(beside[n - 1]!)) * before) / Math.sqrt(square)
      before = value
      value = next
      squares += value * value
    }
    nodes.push(high * size + (size - 1) / 2)
    weights.push(size / squares)
  }
  const rule = { nodes, weights }
  rules.set(size, rule)
  return rule
}

function powerOfTwoUpTo(x: number): number {
  let power = 1
  while (power * 2 <= x) power *= 2
  return power
}

const HEAD = 16
const NODES = 16
/** So many stretches, each of some dozen terms: none that is smooth has come near it. */
const MOST = 20_000
/** 2^-40. */
const SHOWN = 9.094947017729282e-13
const GOLDEN = 0.6180339887498949
const rules = /* @__PURE__ */ new Map<number, SumRule>()
