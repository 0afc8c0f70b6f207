/*
 * How much of the chance of leaving lies beyond a time: with h(t) = (alpha + t)^-(r + x) (beta + t)^-s, the integral of
 * h(u) / (beta + u) over u from t on, in units of h(t). It depends on the number of purchases and on one time only, which is
 * what makes likelihoods of many customers quick.
 */
import { exp, ln, log1p } from '../../kernel/elementary.js'
import { fallingRule, powerRule } from '../../measures/power-rule.js'
import { sineAndCosine } from '../../measures/sine.js'
import type { Values } from '../model.js'

/** A tail and its slopes by the parameters. */
export interface TailSlopes {
  value: number
  byR: number
  byAlpha: number
  byS: number
  byBeta: number
}

/** All zero, to be filled. */
export const tailSlopes = (): TailSlopes => ({ value: 0, byR: 0, byAlpha: 0, byS: 0, byBeta: 0 })

/** The tails of customers with one number of purchases. */
export interface LeavingTail {
  value(time: number): number
  /** Only where slopes were asked for. */
  slopes(into: TailSlopes, time: number): void
}

/** Which tails are wanted. */
interface Wanted {
  readonly repeatCount: number
  /** The earliest and the latest time that will be asked for. */
  readonly earliest: number
  readonly latest: number
  /** About how many times will be asked for. */
  readonly times: number
  readonly slopes: boolean
}

/**
 * With L the larger of alpha and beta and l the smaller, a power series in z = (L - l) / (L + t), all of one sign, where z
 * is not near 1. Earlier times are led there by the integral; where many are asked for, by a polynomial in ln(l + t), in
 * which tails are analytic up to π from the real line.
 *
 * @see DLMF 15.6.1 and 15.8.1 for the series; Fader & Hardie (2005), note 009; Trefethen (2019), "Approximation Theory and
 * Approximation Practice", theorem 8.2, for the polynomial's degree.
 */
export function leavingTail(values: Values<'r' | 'alpha' | 's' | 'beta'>, wanted: Wanted): LeavingTail {
  const { alpha, beta } = values
  const [long, short] = [Math.max(alpha, beta), Math.min(alpha, beta)]
  const apart = long - short
  const { earliest, latest } = wanted
  // Where z is NEAR, unless nothing so late is asked for.
  const end = Math.min(apart / NEAR - long, latest)
  const count = degreeFor(short + earliest, short + end)
  const smooth = wanted.times > 3 * count && end > earliest + 1e-6 * (short + earliest)
  const limit = smooth ? NEAR : FAR
  const series = seriesOf(values, wanted, Math.min(apart / (long + earliest), limit))
  if (apart <= limit * (long + earliest)) return series
  // From here on the series is short.
  const join = apart / limit - long
  const direct = integralTo(join, values, wanted, series)
  const early = smooth ? polynomialOf(direct, values, wanted, [earliest, end], count) : direct
  return {
    value: (time) => (time < join ? early : series).value(time),
    slopes: (into, time) => (time < join ? early : series).slopes(into, time),
  }
}

/** The largest z of the series, with a polynomial for what lies beyond it and without. */
const NEAR = 0.6
const FAR = 0.85
/** Terms enough for z in each sixty-fourth part from 0 to FAR, and even. */
const LENGTHS: readonly number[] = /* @__PURE__ */ Array.from(
  { length: 56 },
  (_, k) => 2 * Math.ceil(-19 / ln((k + 1) / 64)) + 2,
)
const lengthFor = (z: number): number => LENGTHS[Math.floor(z * 64)]!

/** How many coefficients a polynomial in a logarithm between these needs. */
function degreeFor(from: number, to: number): number {
  if (!(to > from)) return 1
  const steep = (2 * Math.PI) / ln(to / from)
  return Math.ceil(37 / ln(steep + Math.sqrt(steep * steep + 1))) + 3
}

function seriesOf(
  values: Values<'r' | 'alpha' | 's' | 'beta'>,
  wanted: Wanted,
  longest: number,
): LeavingTail {
  const { r, alpha, s, beta } = values
  const n = r + wanted.repeatCount
  const whole = n + s
  const buying = alpha >= beta
  const upper = buying ? n : s + 1
  const [long, apart] = [Math.max(alpha, beta), Math.abs(alpha - beta)]
  const size = lengthFor(longest)
  const terms = new Float64Array(size)
  const byR = new Float64Array(wanted.slopes ? size : 0)
  const byS = new Float64Array(wanted.slopes ? size : 0)
  let term = 1
  let above = 0
  let below = 0
  for (let k = 0; k < size; k += 1) {
    terms[k] = term
    if (wanted.slopes) {
      byR[k] = term * (buying ? above - below : -below)
      byS[k] = term * (buying ? -below : above - below)
      above += 1 / (upper + k)
      below += 1 / (whole + 1 + k)
    }
    term *= (upper + k) / (whole + 1 + k)
  }

  return {
    value(time) {
      const z = apart / (long + time)
      const square = z * z
      // Two sums of half the length, which a processor adds side by side.
      let even = 0
      let odd = 0
      for (let k = Math.min(lengthFor(z), size) - 2; k >= 0; k -= 2) {
        even = even * square + terms[k]!
        odd = odd * square + terms[k + 1]!
      }
      const sum = even + z * odd
      return (buying ? sum : (1 - z) * sum) / whole
    },
    slopes(into, time) {
      const scale = long + time
      const z = apart / scale
      let [sum, sumR, sumS, slope] = [0, 0, 0, 0]
      for (let k = Math.min(lengthFor(z), size) - 1; k >= 0; k -= 1) {
        slope = slope * z + sum
        sum = sum * z + terms[k]!
        sumR = sumR * z + byR[k]!
        sumS = sumS * z + byS[k]!
      }
      const rest = 1 - z
      const front = buying ? 1 : rest
      into.value = (front * sum) / whole
      into.byR = (front * sumR - into.value) / whole
      into.byS = (front * sumS - into.value) / whole
      const byZ = (buying ? slope : rest * slope - sum) / (scale * whole)
      into.byAlpha = buying ? byZ * rest : -byZ
      into.byBeta = buying ? -byZ : byZ * rest
    },
  }
}

/** The integral from a time to `join`, and the tail there. */
function integralTo(
  join: number,
  { r, alpha, s, beta }: Values<'r' | 'alpha' | 's' | 'beta'>,
  wanted: Wanted,
  series: LeavingTail,
): LeavingTail {
  const n = r + wanted.repeatCount
  const rule = powerRule()
  const last = tailSlopes()
  if (wanted.slopes) series.slopes(last, join)
  else last.value = series.value(join)
  const fill = (time: number) =>
    fallingRule(
      rule,
      { scaleA: alpha + time, powerA: n, scaleB: beta + time, powerB: s + 1, rate: 0 },
      join - time,
    )
  return {
    value(time) {
      fill(time)
      let sum = 0
      for (let k = 0; k < rule.count; k += 1) sum += rule.weights[k]!
      const [a, b, rest] = [alpha + time, beta + time, join - time]
      return sum / b + exp(-n * log1p(rest / a) - s * log1p(rest / b)) * last.value
    },
    slopes(into, time) {
      fill(time)
      const [a, b, rest] = [alpha + time, beta + time, join - time]
      let [sum, sumR, sumAlpha, sumS, sumBeta] = [0, 0, 0, 0, 0]
      for (let k = 0; k < rule.count; k += 1) {
        const [node, weight] = [rule.nodes[k]!, rule.weights[k]!]
        sum += weight
        sumR -= weight * log1p(node / a)
        sumS -= weight * log1p(node / b)
        sumAlpha += weight * (node / a / (a + node))
        sumBeta += weight * (node / b / (b + node))
      }
      const [fallA, fallB] = [log1p(rest / a), log1p(rest / b)]
      const share = exp(-n * fallA - s * fallB)
      into.value = sum / b + share * last.value
      into.byR = sumR / b + share * (last.byR - fallA * last.value)
      into.byS = sumS / b + share * (last.byS - fallB * last.value)
      into.byAlpha = (n * sumAlpha) / b + share * (last.byAlpha + n * (rest / a / (a + rest)) * last.value)
      into.byBeta =
        ((s + 1) * sumBeta - sum / b) / b + share * (last.byBeta + s * (rest / b / (b + rest)) * last.value)
    },
  }
}

/** Chebyshev's interpolation of another tail in v = ln(short + time). */
function polynomialOf(
  direct: LeavingTail,
  { r, alpha, s, beta }: Values<'r' | 'alpha' | 's' | 'beta'>,
  wanted: Wanted,
  [from, to]: readonly [number, number],
  count: number,
): LeavingTail {
  const short = Math.min(alpha, beta)
  const [low, high] = [short + from, short + to]
  const half = ln(high / low) / 2
  const middle = ln(low) + half
  const waves = wavesOf(count)
  const width = wanted.slopes ? 3 : 1
  /** Of the value and its slopes by r and s side by side, from the constant up. */
  const coefficients = new Float64Array(count * width)
  const at = tailSlopes()
  for (let j = 0; j < count; j += 1) {
    // Rounding may lead the node a hair out of the range.
    const time = Math.min(Math.max(exp(middle + half * waves[count + j]!) - short, from), to)
    if (wanted.slopes) direct.slopes(at, time)
    else at.value = direct.value(time)
    const row = wanted.slopes ? [at.value, at.byR, at.byS] : [at.value]
    for (let k = 0; k < count; k += 1) {
      const wave = (waves[k * count + j]! * (k === 0 ? 1 : 2)) / count
      for (let f = 0; f < width; f += 1) coefficients[k * width + f]! += wave * row[f]!
    }
  }
  const n = r + wanted.repeatCount
  return {
    value(time) {
      const y = (ln(short + time) - middle) / half
      const twice = 2 * y
      let [one, two] = [0, 0]
      for (let k = count - 1; k > 0; k -= 1) {
        const next = twice * one - two + coefficients[k * width]!
        two = one
        one = next
      }
      return y * one - two + coefficients[0]!
    },
    slopes(into, time) {
      const y = (ln(short + time) - middle) / half
      const twice = 2 * y
      let [a, b, c] = [0, 0, 0]
      let [a2, b2, c2] = [0, 0, 0]
      for (let k = 3 * (count - 1); k > 0; k -= 3) {
        const a3 = twice * a - a2 + coefficients[k]!
        const b3 = twice * b - b2 + coefficients[k + 1]!
        const c3 = twice * c - c2 + coefficients[k + 2]!
        a2 = a
        b2 = b
        c2 = c
        a = a3
        b = b3
        c = c3
      }
      into.value = y * a - a2 + coefficients[0]!
      into.byR = y * b - b2 + coefficients[1]!
      into.byS = y * c - c2 + coefficients[2]!
      // A tail depends on alpha + t and beta + t, in any unit, and what it loses with time is what leaves then.
      const [scaleA, scaleB] = [alpha + time, beta + time]
      const byTime = into.value * (n / scaleA + s / scaleB) - 1 / scaleB
      into.byAlpha = byTime * (scaleB / (beta - alpha))
      into.byBeta = byTime * (scaleA / (alpha - beta))
    },
  }
}

/** T_k at the j-th of `count` Chebyshev points, at k count + j. */
function wavesOf(count: number): Float64Array {
  const kept = waves.get(count)
  if (kept !== undefined) return kept
  const made = new Float64Array(count * count)
  for (let k = 0; k < count; k += 1) {
    // The angle is a whole number of halves of π / count, and is brought into the first turn as one.
    for (let j = 0; j < count; j += 1) {
      made[k * count + j] = cosine((k * (2 * j + 1)) % (4 * count), count)
    }
  }
  waves.set(count, made)
  return made
}

/** Of so many halves of π / count, up to a turn. */
function cosine(halves: number, count: number): number {
  if (halves > 2 * count) return cosine(4 * count - halves, count)
  if (halves > count) return -cosine(2 * count - halves, count)
  return sineAndCosine((halves / (2 * count)) * Math.PI).cosine
}

const waves = /* @__PURE__ */ new Map<number, Float64Array>()
