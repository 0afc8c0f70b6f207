/*
 * Integrals over times against products of powers (1 + t/A)^-a (1 + t/B)^-b, as rules of nodes and weights: what is
 * averaged over them is evaluated by who asks. Weights are positive, and written as how much the logarithm dropped.
 */
import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { logisticExcess } from './peak.js'
import { gaussLegendre } from './quadrature.js'

/** (1 + t/A)^-a (1 + t/B)^-b e^(-rate t). Scales A and B above 0, the exponents and the rate from 0 on. */
export interface Powers {
  readonly scaleA: number
  readonly powerA: number
  readonly scaleB: number
  readonly powerB: number
  readonly rate: number
  /** a + b - 1 where the powers themselves have lost its digits: how fast the integral without end converges. */
  readonly surplus?: number
}

/**
 * Nodes t and their weights, the first `count` of each; the integral of the weight function times f is its value at
 * `peak` times the sum of weight times f(node). Filled anew for each integral, so that a million of them make no garbage.
 */
export interface PowerRule {
  count: number
  peak: number
  nodes: Float64Array
  weights: Float64Array
}

/** An empty rule, to be filled. */
export const powerRule = (): PowerRule => ({
  count: 0,
  peak: 0,
  nodes: new Float64Array(64),
  weights: new Float64Array(64),
})

/** Nodes of one piece. */
const PIECE = 16
/** Pieces of logarithmic time: singularities are π away from the real line. */
const LONGEST = 2.5
/** How much the logarithm may change within a piece. */
const STEEPEST = 9
/** Below the largest by this much nothing counts. */
const NOTHING = 44

/**
 * The rule for the integral over t from 0 to `end` of the powers; Infinity where the integral converges.
 *
 * In v = ln(m + t), m the smaller scale, where the logarithm of the weight is concave and analytic up to π from the line.
 */
export function fallingRule(rule: PowerRule, powers: Powers, end: number): void {
  const { scaleA, powerA, scaleB, powerB, rate, surplus = powerA + powerB - 1 } = powers
  rule.count = 0
  rule.peak = 0
  if (end === 0) return
  // A factor that is not there puts no singularity anywhere.
  const m = powerA === 0 ? scaleB : powerB === 0 ? scaleA : Math.min(scaleA, scaleB)
  const far = Math.max(powerA === 0 ? m : scaleA, powerB === 0 ? m : scaleB)
  const reach = end === Infinity ? Infinity : log1p(end / m)
  const slope = (t: number): number => (m + t) * (powerA / (scaleA + t) + powerB / (scaleB + t) + rate) - 1
  const { nodes, weights } = gaussLegendre(PIECE)
  let v = 0
  let steep = Math.abs(slope(0))
  let least = 0
  while (v < reach) {
    if (reach === Infinity && rate === 0 && v > log1p(far / m) + 45) {
      // So far beyond both scales all that follows is one power, and what is averaged no longer changes.
      const node = m * expm1(v)
      const drop = powerA * log1p(node / scaleA) + powerB * log1p(node / scaleB) - v
      makeRoom(rule)
      rule.nodes[rule.count] = node
      rule.weights[rule.count] = (m * exp(-drop)) / surplus
      rule.count += 1
      return
    }
    // Far beyond both scales the weight is a plain power, and pieces may grow.
    let h = Math.min(STEEPEST / steep, Math.max(LONGEST, rate === 0 ? 0.5 * (v - log1p(far / m)) : 0))
    let t = m * expm1(v + h)
    let next = Math.abs(slope(t))
    while (next * h > 2 * STEEPEST) {
      h /= 2
      t = m * expm1(v + h)
      next = Math.abs(slope(t))
    }
    // What little would be left over is taken along.
    if (v + 1.05 * h >= reach) {
      h = reach - v
      t = end
    }
    makeRoom(rule)
    let lowest = Infinity
    for (let k = 0; k < PIECE; k += 1) {
      const at = v + (h / 2) * (1 + nodes[k]!)
      const node = m * expm1(at)
      const drop = powerA * log1p(node / scaleA) + powerB * log1p(node / scaleB) + rate * node - at
      rule.nodes[rule.count] = node
      rule.weights[rule.count] = weights[k]! * (h / 2) * m * exp(-drop)
      rule.count += 1
      if (drop < lowest) lowest = drop
    }
    if (lowest < least) least = lowest
    // Concave: once it has fallen this far it only falls faster.
    if (lowest > least + NOTHING) return
    v += h
    steep = Math.abs(slope(t))
  }
}

/**
 * The rule for the integral over t from 0 to `end` of t^power dt/t times the powers (their rate is not used), where
 * `powerA` is `power` + `surplus`; weights are in units of the largest, at the rule's `peak`. `power` is from 1 on.
 *
 * In w = ln t, from the largest weight outwards: the logarithm of the weight is concave there too.
 */
export function peakedRule(
  rule: PowerRule,
  power: number,
  surplus: number,
  powers: Omit<Powers, 'powerA' | 'rate' | 'surplus'>,
  end: number,
): void {
  const { scaleA, scaleB, powerB } = powers
  const powerA = power + surplus
  rule.count = 0
  rule.peak = 0
  if (end === 0) return
  const peak = Math.min(end, peakOf(power, surplus, powers))
  const [pA, qA] = [peak / (scaleA + peak), scaleA / (scaleA + peak)]
  const [pB, qB] = [peak / (scaleB + peak), scaleB / (scaleB + peak)]
  // What slope is left at the end, where the weight still grows, and rounding elsewhere; from the parts that cancel less.
  const residue = (pA < 0.5 ? power - powerA * pA : powerA * qA - surplus) - powerB * pB
  const drop = (v: number): number =>
    powerA * logisticExcess(pA, qA, v) + powerB * logisticExcess(pB, qB, v) - residue * v
  rule.peak = peak
  const curvature = powerA * pA * qA + powerB * pB * qB
  const first = Math.min(LONGEST, 3 / Math.sqrt(curvature), STEEPEST / Math.abs(residue))
  side(rule, drop, first, -Infinity, 0)
  if (peak < end) {
    const behind = Math.max(0, ln(Math.max(scaleA, scaleB) / peak))
    side(rule, drop, first, end === Infinity ? Infinity : ln(end / peak), behind)
  }
}

/** Pieces from the peak to `limit`, below 0 or above, or to where nothing is left. From `behind` on nothing bends any more. */
function side(
  rule: PowerRule,
  drop: (v: number) => number,
  first: number,
  limit: number,
  behind: number,
): void {
  const { nodes, weights } = gaussLegendre(PIECE)
  const sign = limit < 0 ? -1 : 1
  const reach = Math.abs(limit)
  let v = 0
  let here = 0
  let h = first
  while (v < reach && here < NOTHING) {
    let there = drop(sign * (v + h))
    while (there - here > 2 * STEEPEST) {
      h /= 2
      there = drop(sign * (v + h))
    }
    if (v + 1.05 * h >= reach) h = reach - v
    makeRoom(rule)
    for (let k = 0; k < PIECE; k += 1) {
      const at = sign * (v + (h / 2) * (1 + nodes[k]!))
      rule.nodes[rule.count] = rule.peak * exp(at)
      rule.weights[rule.count] = weights[k]! * (h / 2) * exp(-drop(at))
      rule.count += 1
    }
    v += h
    here = there
    h = Math.min(2 * h, sign > 0 ? Math.max(LONGEST, 0.5 * (v - behind)) : LONGEST)
  }
}

/** Where the weight is largest: its logarithm is concave in ln t. Infinity where it grows for ever. */
function peakOf(
  power: number,
  surplus: number,
  { scaleA, scaleB, powerB }: Pick<Powers, 'scaleA' | 'scaleB' | 'powerB'>,
): number {
  // (a + b - k) t^2 + (a B + b A - k (A + B)) t - k A B = 0, where a - k is the surplus, in units of A.
  const ratio = scaleB / scaleA
  const square = surplus + powerB
  if (!(square > 0)) return Infinity
  const linear = surplus * ratio + powerB - power
  const root = Math.sqrt(linear * linear + 4 * square * power * ratio)
  return scaleA * (linear > 0 ? (2 * power * ratio) / (linear + root) : (root - linear) / (2 * square))
}

function makeRoom(rule: PowerRule): void {
  if (rule.count + PIECE <= rule.nodes.length) return
  const more = 2 * rule.nodes.length
  for (const name of ['nodes', 'weights'] as const) {
    const grown = new Float64Array(more)
    grown.set(rule[name])
    rule[name] = grown
  }
}
