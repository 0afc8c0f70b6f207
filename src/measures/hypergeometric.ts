import {
  exactProduct,
  expPair,
  lnPair,
  minus,
  negative,
  over,
  type Pair,
  pair,
  plus,
  times,
} from '../kernel/double-double.js'
import { timesPowerOfTwo } from '../kernel/elementary.js'
import { checkNumber, fault } from '../kernel/errors.js'
import { lnGammaPair } from './gamma.js'
import { hypergeometricByIntegers } from './hypergeometric-integers.js'
import { logisticExcess, trapezoid } from './peak.js'

/**
 * Gauss's hypergeometric function 2F1(a, b; c; z) of real arguments, to about 1 part in 10^14; 0 where it is too small for a float.
 *
 * Short series of positive terms are summed as floats, Euler's integral is taken where it exists. Others are summed in pairs of floats with a bound on their rounding;
 * where so much cancels that 32 digits do not do, in integers of as many digits as it takes. What cannot be told within
 * reason is refused, never guessed.
 *
 * @param a - At most 1e12 in size, as b and c.
 * @param c - At least 1e-300 in size. Not 0 or a negative integer, unless a or b is an integer from c up to 0 and ends the series first.
 * @param z - Below 1. Next to 1 the function may be very steep: 1 - z carries the digits.
 * @throws DefinitionError `out-of-range` otherwise, where the result leaves the floats (see `lnHypergeometric2F1`), and
 * where cancellation or slow convergence would take more than about a second.
 * @see DLMF 15.8 (Pfaff, Euler); next to 1 the series is carried on by Taylor steps of the differential equation 15.10.1.
 * @example
 * hypergeometric2F1(1, 9.8, 10.4, 0.909) // => 7.922338774917171
 */
export function hypergeometric2F1(a: number, b: number, c: number, z: number): number {
  const { sum, power, ln } = evaluate(a, b, c, z)
  const scale = plus(ln, times(LN2, pair(power)))
  const value = scale.high === 0 ? sum.high : scaled(sum, scale)
  if (!Number.isFinite(value)) throw fault('out-of-range', '$', value, 'arguments whose result is a float')
  return value
}

/**
 * ln 2F1(a, b; c; z) where the function is positive, also where it is no float any more.
 *
 * @throws DefinitionError `out-of-range` as `hypergeometric2F1`, and where the function is not positive.
 * @example
 * lnHypergeometric2F1(5000.5, 5002, 5003, 0.5) // => 3465.3895791157242
 */
export function lnHypergeometric2F1(a: number, b: number, c: number, z: number): number {
  const { sum, power, ln } = evaluate(a, b, c, z)
  if (!(sum.high > 0)) throw fault('out-of-range', '$', sum.high, 'arguments where the function is positive')
  return plus(plus(lnPair(sum), times(LN2, pair(power))), ln).high
}

function scaled(sum: Pair, scale: Pair): number {
  // Through the logarithm only where one of the factors alone leaves the floats.
  if (Math.abs(scale.high) < 600) return times(sum, expPair(scale)).high
  const size = expPair(plus(lnPair(sum.high < 0 ? negative(sum) : sum), scale)).high
  return sum.high < 0 ? -size : size
}

/** A value as sum x 2^power x e^ln, with a bound on the sum's relative error. */
interface Scaled {
  readonly sum: Pair
  readonly power: number
  readonly ln: Pair
  readonly doubt: number
}

/** One way to write the function: (1 - z)^factor F(a, b; c; z), with w = 1 - z to its own digits. */
interface Form {
  readonly a: Pair
  readonly b: Pair
  readonly c: Pair
  readonly z: Pair
  readonly w: Pair
  /** The logarithm of what stands before. */
  readonly ln: Pair
}

function evaluate(a: number, b: number, c: number, z: number): Scaled {
  for (const [name, value] of [
    ['a', a],
    ['b', b],
    ['c', c],
  ] as const) {
    checkNumber(value, `$.${name}`)
    if (!(Math.abs(value) <= 1e12)) throw fault('out-of-range', `$.${name}`, value, 'from -1e12 to 1e12')
  }
  checkNumber(z, '$.z')
  if (!(z < 1 && z > -1e100)) throw fault('out-of-range', '$.z', z, 'below 1, above -1e100')
  // A pole is near, and as integers such numbers have more digits than there is time for.
  if (c !== 0 && Math.abs(c) < 1e-300) throw fault('out-of-range', '$.c', c, '1e-300 or more in size')
  const ends = endOf(pair(a), pair(b))
  if (c <= 0 && Number.isInteger(c) && !(ends <= -c)) {
    throw fault('out-of-range', '$.c', c, 'not 0 or a negative integer')
  }
  if (z === 0 || a === 0 || b === 0) return { sum: ONE, power: 0, ln: ZERO, doubt: 0 }
  for (const way of waysOf(a, b, c, z)) {
    const found = way()
    if (found !== undefined && found.doubt < 1e-14) return found
  }
  const exact = hypergeometricByIntegers(a, b, c, z)
  if (exact !== undefined) return { ...exact, doubt: 0 }
  throw fault('out-of-range', '$', [a, b, c, z], 'arguments that cancel less or converge faster')
}

/** The ways to the value, the quick ones first. */
function waysOf(a: number, b: number, c: number, z: number): readonly (() => Scaled | undefined)[] {
  const forms = formsOf(a, b, c, z)
  const [first] = forms
  const whole = c <= 0 && Number.isInteger(c)
  return [
    () => (isPositive(first!) && !whole ? positiveSeries(first!) : undefined),
    () => (b >= 1 && c - b >= 1 ? eulerIntegral(a, b, c, z) : undefined),
    () => (a >= 1 && c - a >= 1 ? eulerIntegral(b, a, c, z) : undefined),
    ...forms.map((form) => () => sumOf(form)),
  ]
}

/** The forms of this function: those that end first, then those whose terms are all positive. */
function formsOf(a: number, b: number, c: number, z: number): readonly Form[] {
  const [A, B, C, Z] = [pair(a), pair(b), pair(c), pair(z)]
  const w = minus(ONE, Z)
  const itself: Form = { a: A, b: B, c: C, z: Z, w, ln: ZERO }
  if (c <= 0 && Number.isInteger(c)) return [itself]
  const [restA, restB] = [minus(C, A), minus(C, B)]
  const lnW = lnPair(w)
  const forms = [itself]
  if (z > 0) forms.push({ ...itself, a: restA, b: restB, ln: times(minus(restA, B), lnW) })
  else {
    // Pfaff: z / (z - 1) lies between 0 and 1, and 1 minus it is 1 / (1 - z).
    const moved = { c: C, z: over(negative(Z), w), w: over(ONE, w) }
    forms.push({ ...moved, a: A, b: restB, ln: negative(times(A, lnW)) })
    forms.push({ ...moved, a: B, b: restA, ln: negative(times(B, lnW)) })
  }
  const rank = (form: Form) =>
    Math.min(
      endOf(form.a, form.b),
      isPositive(form) ? 1e9 + form.a.high * form.b.high : 1e30 + Math.abs(form.z.high),
    )
  return forms
    .filter((form) => form.z.high > -0.75 || Number.isFinite(endOf(form.a, form.b)))
    .sort((x, y) => rank(x) - rank(y))
}

const isPositive = ({ a, b, c, z }: Form) => a.high > 0 && b.high > 0 && c.high > 0 && z.high > 0

/** After how many terms the series ends by itself. */
function endOf(a: Pair, b: Pair): number {
  const end = (x: Pair) => (x.low === 0 && x.high <= 0 && Number.isInteger(x.high) ? -x.high : Infinity)
  return Math.min(end(a), end(b))
}

function sumOf(form: Form): Scaled | undefined {
  if (Number.isFinite(endOf(form.a, form.b)) || form.z.high <= 0.5) return pairSeries(form, form.z)?.value
  const carried = continued(form)
  if ((carried !== undefined && carried.doubt < 1e-14) || form.z.high > 0.999) return carried
  return pairSeries(form, form.z)?.value
}

/**
 * Euler's integral for b, c - b >= 1, over the logarithm of the odds of its variable t: whatever their size,
 * t^b (1 - t)^(c - b) (1 - z t)^-a has one peak and falls by terms of known sign.
 */
function eulerIntegral(a: number, b: number, c: number, z: number): Scaled | undefined {
  const [A, B, C] = [pair(a), pair(b), pair(c)]
  const [restA, restB] = [minus(C, A), minus(C, B)]
  const w = minus(ONE, pair(z))
  // The positive root of (c - b) w o^2 - (b w + a z - (c - b)) o - b, without cancellation.
  const middle = minus(plus(times(B, w), exactProduct(a, z)), restB).high
  const root = Math.sqrt(middle * middle + 4 * restB.high * w.high * b)
  const odds = middle > 0 ? (middle + root) / (2 * restB.high * w.high) : (2 * b) / (root - middle)
  if (!(odds > 1e-200 && odds < 1e200)) return undefined
  const whole = plus(ONE, pair(odds))
  const [t, rest] = [over(pair(odds), whole), over(ONE, whole)]
  const under = plus(rest, times(w, t)) // 1 - z t
  const r = over(times(w, t), under)
  // What rounding the odds leaves of the slope at the peak.
  const residue = minus(minus(B, times(restA, t)), times(A, r)).high
  const [tRest, rRest] = [rest.high, over(rest, under).high]
  const drop = (v: number) =>
    restA.high * logisticExcess(t.high, tRest, v) + a * logisticExcess(r.high, rRest, v) - residue * v
  const parts = [restA.high * t.high * tRest, a * r.high * rRest] as const
  const curvature = parts[0] + parts[1]
  const doubt = (2e-15 * (Math.abs(parts[0]) + Math.abs(parts[1]))) / curvature
  if (!(curvature > 0 && doubt < 1e-14)) return undefined
  const height = minus(plus(times(B, lnPair(t)), times(restB, lnPair(rest))), times(A, lnPair(under)))
  const lnBeta = minus(plus(lnGammaPair(B), lnGammaPair(restB)), lnGammaPair(C))
  const factor = trapezoid(drop, Math.min(0.5, 0.8 / Math.sqrt(curvature)))
  return { sum: pair(factor), power: 0, ln: minus(height, lnBeta), doubt }
}

/** A short series of positive terms in floats: every term is off by three roundings a step, no more. */
function positiveSeries({ a, b, c, z, ln }: Form): Scaled | undefined {
  let term = 1
  let sum = 0
  if (z.high > 0.9) return undefined
  for (let n = 0; n < 300; n++) {
    const ratio = (((a.high + n) / (c.high + n)) * (b.high + n) * z.high) / (n + 1)
    term *= ratio
    sum += term
    if (sum > 1e280) return undefined
    if (ratio < 0.95 && term < 1e-18 * sum && beyond(a.high, b.high, c.high, z.high, n) < 0.95) {
      return { sum: plus(ONE, pair(sum)), power: 0, ln, doubt: 0 }
    }
  }
  return undefined
}

/** The most that any later term can be of the one before it: each quotient only approaches 1 from there. */
function beyond(a: number, b: number, c: number, z: number, n: number): number {
  if (n < -a || n < -b || n < -c) return Infinity
  const [first, second] = [Math.max(1, (a + n) / (c + n)), Math.max(1, (b + n) / (n + 1))]
  const [third, fourth] = [Math.max(1, (b + n) / (c + n)), Math.max(1, (a + n) / (n + 1))]
  return Math.abs(z) * Math.min(first * second, third * fourth)
}

interface Series {
  readonly value: Scaled
  /** The derivative by z, in the scale of the value. */
  readonly slope: Pair
}

/** The series in pairs at z, with its derivative; undefined where it is too long. */
function pairSeries({ a, b, c, ln }: Form, z: Pair): Series | undefined {
  const ends = endOf(a, b)
  let term = ONE
  let sum = ONE
  let slope = ZERO // times z
  let error = 0
  let power = 0
  for (let n = 0; n < 100_000; n++) {
    if (n >= ends) return series(0)
    const above = times(times(plus(a, pair(n)), plus(b, pair(n))), z)
    term = times(term, over(above, times(plus(c, pair(n)), pair(n + 1))))
    sum = plus(sum, term)
    slope = plus(slope, times(term, pair(n + 1)))
    error += Math.abs(term.high) * (n + 2) * ROUNDING
    if (Math.abs(term.high) > 1e150 || Math.abs(sum.high) > 1e150) {
      ;[term, sum, slope] = [smaller(term), smaller(sum), smaller(slope)]
      error *= SMALLER
      power += SHIFT
    }
    const ratio = beyond(a.high, b.high, c.high, z.high, n)
    if (ratio < 0.95 && Math.abs(term.high) * (n + 2) <= 1e-31 * Math.abs(sum.high))
      return series(Math.abs(term.high) * 20)
    if (ratio < 0.95 && Math.abs(term.high) * (n + 2) <= error) return series(Math.abs(term.high) * 20)
  }
  return undefined

  /** With a bound on the terms left out. */
  function series(tail: number): Series {
    const whole = error + Math.abs(sum.high) * ROUNDING + tail
    return {
      value: { sum, power, ln, doubt: whole / Math.abs(sum.high) },
      slope: over(slope, z),
    }
  }
}

/**
 * From a series on towards z = 1 in steps. How far roundings grow on the way is not bounded usefully, so the way is gone
 * twice, from different points in steps of different lengths: what the two ends differ by is the doubt.
 */
function continued(form: Form): Scaled | undefined {
  const one = carriedOn(form, pair(0.5), pair(0.5))
  const other = one === undefined ? undefined : carriedOn(form, pair(0.625), pair(0.375))
  if (one === undefined || other === undefined) return undefined
  const scaled = timesPowerOfTwo(1, Math.max(-1000, Math.min(1000, other.power - one.power)))
  const apart = minus(one.sum, times(other.sum, pair(scaled))).high
  return { ...one, doubt: Math.abs(apart / one.sum.high) + one.doubt }
}

/**
 * From the series at w = 1 - z = origin by Taylor series of the differential equation, each of which takes w to w (1 - stride): in t, with
 * w = from (1 - t), the function and its slope at one end give all coefficients.
 */
function carriedOn(form: Form, origin: Pair, stride: Pair): Scaled | undefined {
  const start = pairSeries(form, minus(ONE, origin))
  if (start === undefined || !(start.value.doubt < 1e-14)) return undefined
  const { a, b, c, w } = form
  const s = plus(plus(a, b), ONE)
  const other = minus(s, c)
  let { sum: value, power } = start.value
  let from = origin
  let slope = times(start.slope, from) // by t
  let terms = 0
  for (;;) {
    const end = times(from, minus(ONE, stride))
    const last = w.high > end.high
    const t = last ? minus(ONE, over(w, from)) : stride
    const v = minus(ONE, from)
    const linear = times(minus(other, times(s, from)), t)
    const perTerm = times(minus(v, from), t)
    const square = times(times(t, t), from)
    let [before, term] = [value, times(slope, t)]
    let sum = plus(before, term)
    let slopes = term // times t
    for (let n = 0; ; n++) {
      if (++terms > 20_000) return undefined
      const bottom = times(v, pair((n + 1) * (n + 2)))
      const up = over(times(plus(linear, times(perTerm, pair(n))), pair(n + 1)), bottom)
      const upper = over(times(times(plus(a, pair(n)), plus(b, pair(n))), square), bottom)
      const next = plus(times(up, term), times(upper, before))
      before = term
      term = next
      sum = plus(sum, next)
      slopes = plus(slopes, times(next, pair(n + 2)))
      if (Math.max(Math.abs(term.high), Math.abs(sum.high), Math.abs(slopes.high)) > 1e150) {
        ;[before, term, sum, slopes] = [smaller(before), smaller(term), smaller(sum), smaller(slopes)]
        power += SHIFT
      }
      const left = (Math.abs(term.high) + Math.abs(before.high)) * (n + 2)
      const falls = n > -a.high && n > -b.high && Math.abs(up.high) + Math.abs(upper.high) < 0.95
      if (falls && left <= 1e-28 * Math.abs(sum.high)) break
    }
    if (last) return { sum, power, ln: form.ln, doubt: start.value.doubt }
    value = sum
    slope = over(times(slopes, minus(ONE, stride)), stride)
    from = end
  }
}

const smaller = (x: Pair): Pair => ({ high: x.high * SMALLER, low: x.low * SMALLER })

const SHIFT = 400
const SMALLER = 3.872591914849318e-121 // 2^-400
const ROUNDING = 3e-31 // a dozen operations on pairs
const ZERO: Pair = { high: 0, low: 0 }
const ONE: Pair = { high: 1, low: 0 }
const LN2: Pair = { high: Math.LN2, low: 2.3190468138462996e-17 }
