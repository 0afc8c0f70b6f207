/*
 * The likelihood of histories under Pareto/NBD. With h(t) = (alpha + t)^-(r + x) (beta + t)^-s, somebody lives with
 * chance h(T), or left at t in (t_x, T) with density s h(t) / (beta + t); all is taken in units of h(t_x).
 */
import { exp, ln, log1p } from '../../../kernel/elementary.js'
import { digammaRise } from '../../../measures/beta-ratio.js'
import { stirlingRest } from '../../../measures/gamma.js'
import { lnGammaRise } from '../../../measures/gamma-rise.js'
import { logExcess } from '../../../measures/peak.js'
import type { PowerRule } from '../../../measures/power-rule.js'
import type { CustomerHistory, HistoryTable } from '../../histories/history.js'
import type { Likelihood, Values } from '../../model.js'
import { type LeavingTail, leavingTail, tailSlopes } from '../leaving-tail.js'
import { leavingRule, meanStay } from './customer.js'
import { type ParetoValues, tiltOf } from './sarmanov.js'

/** What the likelihood looks at. */
type Seen = Pick<CustomerHistory, 'repeatCount' | 'lastPurchaseAge' | 'age'>
type SeenTable = Pick<HistoryTable, 'repeatCount' | 'lastPurchaseAge' | 'age'>

/**
 * The likelihood of one history by the integral over when somebody may have left, with the slopes of the rule's own
 * nodes. `slopes`, where given, takes those by r, alpha, s, beta and, where it has a fifth place, m.
 */
export function lnLikelihoodOf(
  values: ParetoValues,
  seen: Seen,
  rule: PowerRule,
  slopes?: Float64Array,
): number {
  const { r, alpha, s, beta, m } = values
  const { repeatCount: x, lastPurchaseAge, age } = seen
  const [scaleA, scaleB] = [alpha + lastPurchaseAge, beta + lastPurchaseAge]
  const n = r + x
  const silence = age - lastPurchaseAge
  const tilt = tiltOf(values)
  leavingRule(rule, values, seen)

  const fall = n * log1p(silence / scaleA) + s * log1p(silence / scaleB)
  const stays = exp(-fall)
  const tilted = (at: number, leaves: number) => tilt.mean(n, scaleA + at, s + leaves, scaleB + at)
  let left = 0
  for (let k = 0; k < rule.count; k += 1) left += rule.weights[k]! * tilted(rule.nodes[k]!, 1)
  const tiltedStays = stays * tilted(silence, 0)
  const total = left + tiltedStays

  if (slopes !== undefined) {
    let [byR, byAlpha, byS, byBeta, byM] = [0, 0, 0, 0, 0]
    const own = ownSlopes(values)
    const add = (at: number, weight: number, leaves: number): void => {
      const [a, b, power] = [scaleA + at, scaleB + at, s + leaves]
      const whole = weight * tilt.mean(n, a, power, b)
      byR -= whole * log1p(at / scaleA)
      byAlpha += whole * n * (at / scaleA / a)
      byS += whole * (leaves / s - log1p(at / scaleB))
      byBeta += whole * (power * (at / scaleB / b) - leaves / scaleB)
      if (slopes.length < 5) return
      const [buying, leaving] = [tilt.buying(n, a), tilt.leaving(power, b)]
      byM += weight * buying * leaving
      if (m === 0) return
      const [here, there] = [log1p(1 / a), log1p(1 / b)]
      const [one, other] = [exp(-n * here), exp(-power * there)]
      byR += weight * m * leaving * (own.r - here * one)
      byAlpha += weight * m * leaving * ((n * one) / a / (a + 1) - own.alpha)
      byS += weight * m * buying * (own.s - there * other)
      byBeta += weight * m * buying * ((power * other) / b / (b + 1) - own.beta)
    }
    for (let k = 0; k < rule.count; k += 1) add(rule.nodes[k]!, rule.weights[k]!, 1)
    add(silence, stays, 0)
    slopes[0] = digammaRise(r, x) - log1p(lastPurchaseAge / alpha) + byR / total
    slopes[1] = (r * (lastPurchaseAge / alpha) - x) / scaleA + byAlpha / total
    slopes[2] = byS / total - log1p(lastPurchaseAge / beta)
    slopes[3] = s * (lastPurchaseAge / beta / scaleB) + byBeta / total
    if (slopes.length > 4) slopes[4] = byM / total
  }

  if (x === 0 && total > 0.5) {
    // Next to 1 by the chance of a purchase, which is what keeps digits.
    let some = 0
    for (let k = 0; k < rule.count; k += 1) {
      const [a, b] = [scaleA + rule.nodes[k]!, scaleB + rule.nodes[k]!]
      some += rule.weights[k]! * (b / a) * tilt.mean(r + 1, a, s, b)
    }
    return log1p(-some * (r / s))
  }
  return (
    lnWays(r, x, alpha) - n * log1p(lastPurchaseAge / alpha) - s * log1p(lastPurchaseAge / beta) + ln(total)
  )
}

/**
 * ln of Gamma(r + x) / (Gamma(r) alpha^x). Where everybody buys at about one rate, r / alpha, both parts are huge and cancel,
 * so that only the ratio is taken.
 *
 * @see DLMF 5.11.1, its difference written out.
 */
function lnWays(r: number, x: number, alpha: number): number {
  if (r < 16) return lnGammaRise(r, x) - x * ln(alpha)
  const share = x / r
  const rest = stirlingRest(r + x) - stirlingRest(r)
  return x * ln(r / alpha) + ((x - 0.5) * log1p(share) - r * logExcess(share)) + rest
}

/** How the prior means of e^-λ and e^-μ change with the parameters, -1 times it for r and s. */
function ownSlopes({ r, alpha, s, beta }: ParetoValues) {
  const [here, there] = [log1p(1 / alpha), log1p(1 / beta)]
  const [a, b] = [exp(-r * here), exp(-s * there)]
  return {
    r: here * a,
    alpha: (r * a) / alpha / (alpha + 1),
    s: there * b,
    beta: (s * b) / beta / (beta + 1),
  }
}

/** Whether numbers are parameters at all, and so far from the ends of floats that their ratios to times are floats too. */
export const arePositive = (...values: readonly number[]): boolean =>
  values.every((value) => value > 1e-290 && value < 1e290)

/** The likelihood of a table, for a million rows: series where they are short, the integral elsewhere. */
export function tableLikelihood(table: HistoryTable): Likelihood {
  const groups = groupsOf(table)
  const at = tailSlopes()
  const after = tailSlopes()

  const evaluate = (given: ArrayLike<number>, slopes: Float64Array | undefined): number => {
    const [r, alpha, s, beta] = [given[0]!, given[1]!, given[2]!, given[3]!]
    if (!arePositive(r, alpha, s, beta)) return Number.NaN
    const values = { r, alpha, s, beta, m: 0 }
    slopes?.fill(0)
    let sum = 0
    for (const one of groups) sum += group(values, one, slopes)
    return sum
  }

  const group = (
    values: ParetoValues,
    { x, from, to, earliest, latest }: Group,
    slopes: Float64Array | undefined,
  ): number => {
    const { r, alpha, s, beta } = values
    const n = r + x
    const { count, lastPurchaseAge, age } = table
    const tail = leavingTail(values, {
      repeatCount: x,
      earliest,
      latest,
      times: to - from,
      slopes: slopes !== undefined,
    })
    const rise = lnWays(r, x, alpha)
    let value = 0
    let people = 0
    let [byR, byAlpha, byS, byBeta] = [0, 0, 0, 0]
    let known = -1
    for (let i = from; i < to; i += 1) {
      const times = count[i]!
      const last = lastPurchaseAge[i]!
      const silence = age[i]! - last
      people += times
      const [a, b] = [alpha + last, beta + last]
      const [lnA, lnB] = [log1p(last / alpha), log1p(last / beta)]
      const constant = -n * lnA - s * lnB
      if (silence === 0) {
        value += times * constant
        if (slopes !== undefined) {
          byR -= times * lnA
          byS -= times * lnB
          byAlpha += (times * (r * (last / alpha) - x)) / a
          byBeta += times * s * (last / beta / b)
        }
        continue
      }
      const [fallA, fallB] = [log1p(silence / a), log1p(silence / b)]
      const stays = exp(-n * fallA - s * fallB)
      if (slopes === undefined) {
        if (last !== known) at.value = tail.value(last)
        // Whether anything of it is left beside who has left for certain.
        const later = stays < 1e-18 * s * at.value ? 0 : stays * tail.value(age[i]!)
        value += times * (constant + ln(stays + s * (at.value - later)))
        known = last
        continue
      }
      if (last !== known) tail.slopes(at, last)
      known = last
      let total: number
      let [dR, dAlpha, dS, dBeta] = [0, 0, 0, 0]
      if (stays < 1e-18 * s * at.value) {
        total = s * at.value
      } else {
        tail.slopes(after, age[i]!)
        const live = stays * (1 - s * after.value)
        total = live + s * at.value
        dR = -live * fallA - s * stays * after.byR
        dS = -live * fallB - stays * (s * after.byS + after.value)
        dAlpha = live * n * (silence / a / (a + silence)) - s * stays * after.byAlpha
        dBeta = live * s * (silence / b / (b + silence)) - s * stays * after.byBeta
      }
      const share = times / total
      value += times * (constant + ln(total))
      byR += share * (dR + s * at.byR) - times * lnA
      byAlpha += share * (dAlpha + s * at.byAlpha) + (times * (r * (last / alpha) - x)) / a
      byS += share * (dS + s * at.byS + at.value) - times * lnB
      byBeta += share * (dBeta + s * at.byBeta) + times * s * (last / beta / b)
    }
    if (slopes !== undefined) {
      slopes[0]! += byR + people * digammaRise(r, x)
      slopes[1]! += byAlpha
      slopes[2]! += byS
      slopes[3]! += byBeta
    }
    return value + people * rise
  }

  return {
    value: (given) => evaluate(given, undefined),
    slopes: (given, slopes) => evaluate(given, slopes),
  }
}

/** A run of rows with the same number of purchases, and between which times they lie. */
interface Group {
  readonly x: number
  readonly from: number
  to: number
  earliest: number
  latest: number
}

function groupsOf({ repeatCount, lastPurchaseAge, age }: SeenTable): readonly Group[] {
  const groups: Group[] = []
  for (let i = 0; i < repeatCount.length; i += 1) {
    const [x, earliest, latest] = [repeatCount[i]!, lastPurchaseAge[i]!, age[i]!]
    const last = groups.at(-1)
    if (last?.x === x) {
      last.to = i + 1
      last.earliest = Math.min(last.earliest, earliest)
      last.latest = Math.max(last.latest, latest)
    } else groups.push({ x, from: i, to: i + 1, earliest, latest })
  }
  return groups
}

/** Expected purchases in `span` units for every row of a table in any order. */
export function expectedOfRows(
  values: Values<'r' | 'alpha' | 's' | 'beta'>,
  table: SeenTable,
  span: number,
): Float64Array {
  const { r, alpha, s, beta } = values
  const { repeatCount, lastPurchaseAge, age } = table
  const rowsOf = rowsByCount(repeatCount)
  let latest = 0
  for (let i = 0; i < age.length; i += 1) latest = Math.max(latest, age[i]!)
  const tails = new Map<number, LeavingTail>()
  const expected = new Float64Array(repeatCount.length)
  let tail: LeavingTail | undefined
  let [known, knownLast, atLast] = [-1, -1, 0]
  for (let i = 0; i < expected.length; i += 1) {
    const [x, last, end] = [repeatCount[i]!, lastPurchaseAge[i]!, age[i]!]
    const n = r + x
    const silence = end - last
    const worth = (n / (alpha + end)) * meanStay(s, beta + end, span)
    if (silence === 0) {
      expected[i] = worth
      continue
    }
    if (tail === undefined || x !== known) {
      tail = tails.get(x)
      if (tail === undefined) {
        const times = x < rowsOf.length ? rowsOf[x]! : 1
        tail = leavingTail(values, { repeatCount: x, earliest: 0, latest, times, slopes: false })
        // A bounded number of them: counts beyond have few rows each.
        if (tails.size < 10000) tails.set(x, tail)
      }
      known = x
      knownLast = -1
    }
    if (last !== knownLast) {
      atLast = tail.value(last)
      knownLast = last
    }
    const stays = exp(-n * log1p(silence / (alpha + last)) - s * log1p(silence / (beta + last)))
    const left = s * (atLast - stays * tail.value(end))
    expected[i] = (stays / (stays + left)) * worth
  }
  return expected
}

/** How many rows have each number of purchases, of the small ones. */
function rowsByCount(counts: ArrayLike<number>): Uint32Array {
  const rows = new Uint32Array(1024)
  for (let i = 0; i < counts.length; i += 1) if (counts[i]! < rows.length) rows[counts[i]!]! += 1
  return rows
}
