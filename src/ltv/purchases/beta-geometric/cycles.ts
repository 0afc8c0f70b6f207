import { exp, expm1, ln, log1p } from '../../../kernel/elementary.js'
import { arctangent } from '../../../measures/arctangent.js'
import { sineAndCosineOf } from '../../../measures/sine.js'
import { betaGrid } from './grids.js'
import { type Leaving, lnPhasesAtLeast, type Stretch } from './series.js'

/*
 * Purchases of one with rate λ and chance p to leave at each: phases go round a circle of k, where each round leaves
 * q = 1 - p of them. With z = q^(1/k) and ω running over the k-th roots of 1, somebody with j phases behind is expected to buy
 *
 *   E = z^(j + 1 - k) / k · Σ_ω ω^(j + 1) (1 - e^(-λ t (1 - z ω))) / (1 - z ω)
 *
 * times. The mean over λ puts (1 + (1 - z ω) t / rate)^-shape in the place of the power of e; that over p is a sum over its logit.
 * So the longest time takes no longer than a short one.
 */

/** Whether the roots add up without cancelling: purchases are likely, or times so long that phases are. */
export function goesRound({ k, shape, rate, time }: Stretch): boolean {
  const times = time.high / rate.high
  return shape * times >= k || times >= k
}

/** Below such a chance to stay, few purchases count, and these are counted one by one. */
const FEW_STAY = 0.1
/** Chances to stay for so many are nothing by then. */
const COUNTED = 18

/** Purchases expected of somebody who is a customer at the start, where `goesRound`. */
export function expectedByCycles(stretch: Stretch, { a, b }: Leaving): number {
  const { k, phases, shape, rate, time } = stretch
  const times = time.high / rate.high
  const grid = betaGrid(a, b, 1 / (1 + (shape + k) * times))
  const turns = k === 1 ? undefined : turnsBetween(stretch, times)
  let early: Float64Array | undefined
  let whole = 0
  let sum = 0
  for (const { at: p, rest: q, weight } of grid) {
    whole += weight
    if (k > 1 && q < FEW_STAY) {
      early ??= new Float64Array(COUNTED)
      let stay = weight
      for (let n = 0; n < COUNTED; n++) {
        early[n]! += stay
        stay *= q
      }
      continue
    }
    const lnStay = p < 0.5 ? log1p(-p) : ln(q)
    const leaves = -expm1(lnStay / k)
    if (leaves < 1e-290) {
      for (const { weight: share, shape: own } of phases) sum += (weight * share * own * times) / k
    } else {
      const lnGrowth = log1p(leaves * times)
      // Each phase gone through is one that need not be waited for: it adds a part of what is still to come.
      let came = -expm1(-shape * lnGrowth)
      let still = exp(-shape * lnGrowth)
      const shrinks = 1 / (1 + leaves * times)
      const part = 1 - shrinks > 0.1 ? 1 - shrinks : -expm1(-lnGrowth)
      const z = 1 - leaves
      let power = exp((lnStay * (1 - k)) / k)
      let found = 0
      for (let done = 0; done < phases.length; done++) {
        found += phases[done]!.weight * power * came
        came += still * part
        still *= shrinks
        power *= z
      }
      sum += (weight * (found / leaves)) / k
    }
    if (turns !== undefined) sum += weight * turns(lnStay)
  }
  for (let n = 0; early !== undefined && n < COUNTED; n++) {
    if (early[n]! < 1e-18 * Math.max(early[0]!, whole)) break
    sum += early[n]! * exp(lnPhasesAtLeast(stretch, (n + 1) * k))
  }
  return sum / whole
}

/**
 * What all roots but 1 add, by ln q from ln `FEW_STAY` to 0: a function without edges there, so that few values of it tell all
 * others (Chebyshev's points, and Berrut and Trefethen's barycentric formula).
 */
function turnsBetween(stretch: Stretch, times: number): (lnStay: number) => number {
  const { k, shape } = stretch
  const width = -LN_FEW_STAY
  // How far what is not over yet goes round while q runs through its range: only what is there counts.
  const isLively = shape * log1p(times * rootsOf(k)[0]!.versine) < 45
  const lively = isLively ? (shape * times) / (1 + times) / k : 0
  const count = 20 + 2 * Math.ceil(Math.min(lively, 4 * k))
  const points = new Float64Array(count)
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const lnStay = -width * ((1 - sineAndCosineOf(((2 * i + 1) * Math.PI) / (2 * count)).cosine) / 2)
    const z = exp(lnStay / k)
    const leaves = -expm1(lnStay / k)
    let sum = 0
    for (const root of rootsOf(k)) sum += turning(stretch, times, z, leaves, root)
    points[i] = lnStay
    values[i] = sum / k
  }
  const signed = Float64Array.from(
    { length: count },
    (_, i) => (i % 2 === 0 ? 1 : -1) * sineAndCosineOf(((2 * i + 1) * Math.PI) / (2 * count)).sine,
  )
  return (lnStay) => {
    let [above, below] = [0, 0]
    for (let i = 0; i < count; i++) {
      const away = lnStay - points[i]!
      if (away === 0) return values[i]!
      const share = signed[i]! / away
      above += share * values[i]!
      below += share
    }
    return above / below
  }
}

interface Root {
  readonly cosine: number
  readonly sine: number
  /** 1 - cosine. */
  readonly versine: number
  /** 1, or 2 with its conjugate. */
  readonly many: number
}

/** What one root and its conjugate add. */
function turning(
  { k, phases, shape }: Stretch,
  times: number,
  z: number,
  leaves: number,
  root: Root,
): number {
  const re = leaves + z * root.versine
  const im = -z * root.sine
  const size = re * re + im * im
  // 1 + (1 - z ω) t / rate, as a length and an angle.
  const growRe = 1 + times * re
  const growIm = times * im
  const angle = -shape * arctangent(growIm / growRe)
  const lnLeft = (-shape * log1p(times * (2 * re + times * size))) / 2
  const left = exp(lnLeft)
  const { sine, cosine } = sineAndCosineOf(angle)
  const half = sineAndCosineOf(angle / 2).sine
  // What has not come by then, and what has: 1 less that.
  let stillRe = left * cosine
  let stillIm = left * sine
  let cameRe = 2 * half * half - expm1(lnLeft) * cosine
  let cameIm = -stillIm
  const grown = growRe * growRe + growIm * growIm
  const backRe = growRe / grown
  const backIm = -growIm / grown
  // ω^(j + 1) z^(j + 1 - k).
  let turnRe = root.cosine
  let turnIm = root.sine
  let power = 1
  for (let i = 1; i < k; i++) power /= z
  let sum = 0
  for (let done = 0; done < phases.length; done++) {
    // Over 1 - z ω; the conjugate root makes a real number of it.
    const topRe = turnRe * cameRe - turnIm * cameIm
    const topIm = turnRe * cameIm + turnIm * cameRe
    sum += phases[done]!.weight * power * ((topRe * re + topIm * im) / size)
    const turned = turnRe * root.cosine - turnIm * root.sine
    turnIm = turnRe * root.sine + turnIm * root.cosine
    turnRe = turned
    power *= z
    const fallen = stillRe * backRe - stillIm * backIm
    stillIm = stillRe * backIm + stillIm * backRe
    stillRe = fallen
    cameRe = 1 - stillRe
    cameIm = -stillIm
  }
  return root.many * sum
}

/** The k-th roots of 1 but 1 itself, one of each two conjugates. */
function rootsOf(k: number): readonly Root[] {
  const kept = roots.get(k)
  if (kept !== undefined) return kept
  const made = Array.from({ length: Math.floor(k / 2) }, (_, l) => {
    const angle = (2 * Math.PI * (l + 1)) / k
    const { sine, cosine } = sineAndCosineOf(angle)
    const half = sineAndCosineOf(angle / 2).sine
    const real = 2 * (l + 1) === k
    return { sine: real ? 0 : sine, cosine: real ? -1 : cosine, versine: 2 * half * half, many: real ? 1 : 2 }
  })
  roots.set(k, made)
  return made
}

const LN_FEW_STAY = -Math.LN10
const roots = /* @__PURE__ */ new Map<number, readonly Root[]>()
