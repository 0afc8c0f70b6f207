import { checkNumber, checkRecord, fault } from '../kernel/errors.js'

/** Nodes in growing order with their weights; the integral is the sum of weight times value at node. */
export interface QuadratureRule {
  readonly nodes: readonly number[]
  readonly weights: readonly number[]
}

/**
 * The Gauss–Legendre rule of `count` nodes on [-1, 1]: exact for polynomials up to degree 2 count - 1.
 *
 * Rules are made once for each count and kept; from 500 nodes on the first call takes a tenth of a second and more.
 *
 * @param count - Whole, from 1 to 2000.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Golub & Welsch (1969), "Calculation of Gauss Quadrature Rules"; nodes are bisected, see `gaussJacobi`.
 * @example
 * gaussLegendre(2).nodes // => [-0.5773502691896257, 0.5773502691896257]
 */
export function gaussLegendre(count: number): QuadratureRule {
  checkCount(count)
  const kept = legendreRules.get(count)
  if (kept !== undefined) return kept
  const { nodes, weights } = jacobiRule(count, 1, 1)
  // Counted from the nearer end, so that both halves mirror each other to the last bit.
  const rule = frozen(
    nodes.map((node, index) => (2 * index + 1 < count ? 2 * node - 1 : 1 - 2 * nodes[count - 1 - index]!)),
    weights.map((_, index) => 2 * weights[Math.min(index, count - 1 - index)]!),
  )
  if (count % 2 === 1) {
    const middle = [...rule.nodes]
    middle[(count - 1) / 2] = 0
    const odd = frozen(middle, rule.weights)
    legendreRules.set(count, odd)
    return odd
  }
  legendreRules.set(count, rule)
  return rule
}

/**
 * The Gauss–Jacobi rule of `count` nodes for the mean under Beta(a, b): nodes in (0, 1), weights that sum to 1.
 *
 * In the classical form on [-1, 1], with weight (1 - t)^alpha (1 + t)^beta: alpha = b - 1, beta = a - 1, t = 2x - 1.
 * Nodes keep their relative digits next to 0, weights wherever they are not tiny. The rules asked for last are kept.
 *
 * @param count - Whole, from 1 to 2000.
 * @param shape - a and b of the Beta distribution, from 1e-300 to 1e12.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Golub & Welsch (1969); Fernando & Parlett (1994) for the quotient differences that keep relative digits.
 * @example
 * gaussJacobi(1, { a: 1, b: 3 }) // => { nodes: [0.25], weights: [1] }
 */
export function gaussJacobi(
  count: number,
  shape: { readonly a: number; readonly b: number },
): QuadratureRule {
  checkCount(count)
  checkRecord(shape, '$')
  const { a, b } = shape
  checkNumber(a, '$.a')
  checkNumber(b, '$.b')
  if (!(a >= 1e-300 && a <= 1e12)) throw fault('out-of-range', '$.a', a, 'from 1e-300 to 1e12')
  if (!(b >= 1e-300 && b <= 1e12)) throw fault('out-of-range', '$.b', b, 'from 1e-300 to 1e12')
  const key = `${count} ${a} ${b}`
  const kept = jacobiRules.get(key)
  if (kept !== undefined) return kept
  const { nodes, weights } = jacobiRule(count, a, b)
  const rule = frozen(nodes, weights)
  // A fit asks for other shapes at every step: only the latest stay.
  if (jacobiRules.size >= 64) jacobiRules.clear()
  jacobiRules.set(key, rule)
  return rule
}

/** What an integral came to, and how far off it may be. */
export type Integral =
  | {
      readonly kind: 'estimate'
      readonly value: number
      /** An estimate of the absolute error, from rules of two sizes; not a bound. */
      readonly error: number
      /** How often the function was asked. */
      readonly evaluations: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'not-finite' | 'not-converged' }

/** How exact, and at what cost. */
export interface IntegrateOptions {
  /** The relative error to reach, 1e-12 unless said. */
  readonly relative?: number
  /** The absolute error that will do as well, 0 unless said. */
  readonly absolute?: number
  /** The most pieces the range is cut into, 1000 unless said. */
  readonly pieces?: number
}

/**
 * The integral of `f` over [from, to], by Gauss–Legendre rules on pieces that are halved where the error is largest.
 *
 * The ends are never asked for, so an integrable pole may stand there; it costs digits. A value that is no number
 * (`not-finite`) or an error that stays too large (`not-converged`) is reported, never passed off as the integral.
 *
 * @throws DefinitionError `out-of-range` for an end that is not finite or a tolerance that is not positive; `wrong-type`
 * for what is no function, or answers with no number.
 * @example
 * integrate((x) => x * x, 0, 3) // => { kind: 'estimate', value: 9.000000000000002, error: 1.8e-15, evaluations: 31 }
 */
export function integrate(
  f: (x: number) => number,
  from: number,
  to: number,
  options: IntegrateOptions = {},
): Integral {
  if (typeof f !== 'function') throw fault('wrong-type', '$.f', f, 'a function')
  checkRecord(options, '$.options')
  const { relative = 1e-12, absolute = 0, pieces = 1000 } = options
  checkNumber(relative, '$.relative')
  checkNumber(absolute, '$.absolute')
  checkNumber(pieces, '$.pieces')
  for (const [name, end] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!Number.isFinite(end)) throw fault('out-of-range', `$.${name}`, end, 'a finite number')
  }
  if (!(relative > 0)) throw fault('out-of-range', '$.relative', relative, 'above 0')
  if (!(absolute >= 0)) throw fault('out-of-range', '$.absolute', absolute, 'from 0')
  if (!(pieces >= 1)) throw fault('out-of-range', '$.pieces', pieces, 'from 1')
  const list = [piece(f, from, to)]
  for (;;) {
    let [value, error, worst] = [0, 0, 0]
    for (const [index, { value: part, error: doubt }] of list.entries()) {
      value += part
      error += doubt
      if (doubt > list[worst]!.error) worst = index
    }
    if (!Number.isFinite(value)) return { kind: 'undefined', reason: 'not-finite' }
    if (error <= Math.max(absolute, relative * Math.abs(value))) {
      return { kind: 'estimate', value, error, evaluations: (2 * list.length - 1) * (FEW + MANY) }
    }
    const { low, high } = list[worst]!
    const middle = low + (high - low) / 2
    if (list.length >= pieces || middle === low || middle === high) {
      return { kind: 'undefined', reason: 'not-converged' }
    }
    list[worst] = piece(f, low, middle)
    list.push(piece(f, middle, high))
  }
}

interface Piece {
  readonly low: number
  readonly high: number
  readonly value: number
  readonly error: number
}

const FEW = 10
const MANY = 21

function piece(f: (x: number) => number, low: number, high: number): Piece {
  const value = by(gaussLegendre(MANY), f, low, high)
  // Rounding alone leaves a few units of the last digit.
  const error = Math.max(Math.abs(value - by(gaussLegendre(FEW), f, low, high)), 2e-16 * Math.abs(value))
  return { low, high, value, error }
}

/** A rule carried over to another range. */
function by({ nodes, weights }: QuadratureRule, f: (x: number) => number, low: number, high: number): number {
  const half = (high - low) / 2
  let sum = 0
  for (let k = 0; k < nodes.length; k++) {
    const value = f(low + half * (1 + nodes[k]!))
    checkNumber(value, '$.f')
    sum += weights[k]! * value
  }
  return sum * half
}

/**
 * Nodes as eigenvalues of the recurrence's matrix, by bisection on how many lie below; weights as what the orthonormal
 * polynomials add up to there. The matrix is kept as its factors (a birth-and-death chain with rates `up` and `down`),
 * which determine even the smallest node to its last digits.
 */
function jacobiRule(count: number, a: number, b: number): { nodes: number[]; weights: number[] } {
  const up: number[] = []
  const down: number[] = []
  const sum = a + b
  for (let n = 0; n < count; n++) {
    // n + a + b - 1 over 2n + a + b - 1 is 1 at n = 0, also where both vanish.
    up.push(n === 0 ? a / sum : ((n + a) / (2 * n + sum)) * ((n - 1 + sum) / (2 * n - 1 + sum)))
    down.push(n === 0 ? 0 : (n / (2 * n - 1 + sum)) * ((n - 1 + b) / (2 * n - 2 + sum)))
  }
  const below = (x: number): number => {
    let found = 0
    let rest = -x
    for (let n = 0; n < count; n++) {
      const pivot = up[n]! + rest
      if (pivot < 0) found++
      if (n + 1 < count) rest = (down[n + 1]! * rest) / (pivot === 0 ? 1e-300 : pivot) - x
    }
    return found
  }
  const nodes: number[] = []
  for (let k = 0; k < count; k++) {
    let low = k === 0 ? 0 : nodes[k - 1]!
    let high = 1
    for (;;) {
      const middle =
        low < high / 16 ? (low === 0 ? high / 16 : Math.sqrt(low * high)) : low + (high - low) / 2
      if (middle <= low || middle >= high || middle < 1e-300) break
      if (below(middle) > k) high = middle
      else low = middle
    }
    nodes.push(high)
  }
  return { nodes, weights: nodes.map((x) => weightAt(x, up, down)) }
}

/** One over the sum of squares of the orthonormal polynomials at x. */
function weightAt(x: number, up: readonly number[], down: readonly number[]): number {
  let before = 0
  let value = 1
  let sum = 1
  let scale = 1
  for (let n = 0; n + 1 < up.length; n++) {
    const next =
      ((x - up[n]! - down[n]!) * value - Math.sqrt(n === 0 ? 0 : up[n - 1]! * down[n]!) * before) /
      Math.sqrt(up[n]! * down[n + 1]!)
    before = value
    value = next
    sum += value * value
    if (sum > 1e200) {
      // Weights below 1e-308 become 0 rather than NaN.
      before *= 1e-100
      value *= 1e-100
      sum *= 1e-200
      scale *= 1e-200
    }
  }
  return scale / sum
}

const frozen = (nodes: readonly number[], weights: readonly number[]): QuadratureRule =>
  Object.freeze({ nodes: Object.freeze(nodes), weights: Object.freeze(weights) })

function checkCount(count: number): void {
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= 2000)) {
    throw fault('out-of-range', '$.count', count, 'a whole number from 1 to 2000')
  }
}

const legendreRules = /* @__PURE__ */ new Map<number, QuadratureRule>()
const jacobiRules = /* @__PURE__ */ new Map<string, QuadratureRule>()
