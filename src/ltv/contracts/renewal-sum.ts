/*
 * Sums over all renewals to come of a smooth curve. The first terms are added one by one. Once the curve changes little from
 * one renewal to the next, the rest is its integral with Gregory's corrections by differences: exact to the last digits
 * where the curve is smooth over a dozen terms, and a million renewals cost what a thousand do.
 */
import { exp, expm1, ln, log1p } from '../../kernel/elementary.js'
import { fault } from '../../kernel/errors.js'
import { integrate } from '../../measures/quadrature.js'

/** What is added up: e^(lnStay(j) - lnRate (j - paid)), times j where `weighted` (from 1 on), for j from `first` to `last`. */
export interface RenewalSum {
  /** ln of the share there after j renewals, j real from 0. Falls from 0. */
  readonly lnStay: (j: number) => number
  readonly lnRate: number
  readonly first: 0 | 1
  /** Infinity where there is none. */
  readonly last: number
  /** The j whose payment is not discounted. */
  readonly paid: 0 | 1
  readonly weighted: boolean
  /** Renewals that lie behind: the curve is one of past + j. */
  readonly past: number
  /** It is smooth over (past + j)^steepness. */
  readonly steepness: number
  /** In the end it falls as (past + j)^-(1 + excess), to the last digit from e^lnFar on. Above 0 for a sum without end or rate. */
  readonly excess: number
  readonly lnFar: number
}

/** The sum; Infinity where it is beyond the floats. */
export function renewalSum(sum: RenewalSum): number {
  const { lnStay, first, last, lnRate, paid, weighted } = sum
  const lnTerm = (j: number) => lnStay(j) - lnRate * (j - paid) + (weighted ? ln(j) : 0)
  const term = (j: number) => exp(lnTerm(j))
  const share = -expm1(-lnRate)
  /** No less than all terms after one of this value. */
  const later = (value: number) => (value / share) * (weighted ? 1 + 1 / share : 1)
  const least = Math.max(256, Math.ceil(24 * sum.steepness))
  const wholly = last <= least + 4096 || !endsGently(term, last)
  let total = 0
  let before = term(first)
  for (let j = first; j <= last; j += 1) {
    const value = term(j)
    if (!wholly && j >= least && before - value <= 0.1 * before) return total + rest(sum, lnTerm, j, total)
    total += value
    if (lnRate > 0 && later(value) < 1e-18 * total) return total
    // The last who stay of a sum without a rate: what is left of so little is no part of it.
    if (value === 0 && before === 0) return total
    before = value
  }
  return total
}

/** Whether terms are alike where the sum ends. */
function endsGently(term: (j: number) => number, last: number): boolean {
  if (last === Infinity) return true
  const [end, before] = [term(last), term(last - 1)]
  return before - end <= 0.1 * before
}

/** All terms from `from` on, next to a total that is known. */
function rest(sum: RenewalSum, lnTerm: (j: number) => number, from: number, total: number): number {
  const { past, last, lnRate, excess, lnFar } = sum
  const start = past + from
  const lnStart = ln(start)
  const finite = last < Infinity
  const reach = finite
    ? log1p((last - from) / start)
    : lnRate > 0
      ? log1p(80 / lnRate / start)
      : Math.max(0, Math.min(690, lnFar) - lnStart)
  const at = (u: number) => from + start * expm1(u)
  const integrand = (u: number) => exp(lnTerm(at(u)) + lnStart + u)
  const fall = (lnTerm(from) - lnTerm(from + 1)) * start
  let width = Math.min(1, 2 / Math.max(2, fall))
  let integral = 0
  for (let u = 0; u < reach; width = Math.min(2, 2 * width)) {
    const end = Math.min(reach, u + width)
    const known = total + integral
    const piece = integrate(integrand, u, end, { relative: 1e-13, absolute: 1e-17 * known, pieces: 500 })
    if (piece.kind === 'undefined') {
      if (piece.reason === 'not-finite') return Infinity
      throw fault('out-of-range', '$', start, 'parameters whose sum converges')
    }
    integral += piece.value
    if (piece.value < 1e-19 * known && integrand(end) <= integrand(u)) break
    u = end
  }
  if (!finite && lnRate === 0) {
    const beyond = integrand(reach) / excess
    if (lnFar > 690 && beyond > 1e-17 * (total + integral)) return Infinity
    integral += beyond
  }
  const term = (j: number) => exp(lnTerm(j))
  return integral + correction((i) => term(from + i)) + (finite ? correction((i) => term(last - i)) : 0)
}

/** What a sum from 0 on exceeds the integral by, at that end. */
function correction(term: (i: number) => number): number {
  const differences = GREGORY.map((_, i) => term(i))
  let sum = 0
  for (let m = 0; m < GREGORY.length; m += 1) {
    sum += GREGORY[m]! * differences[0]!
    for (let i = 0; i + 1 < GREGORY.length - m; i += 1) differences[i] = differences[i + 1]! - differences[i]!
  }
  return sum
}

/** Coefficients of z / ln(1 + z) from z on. */
const GREGORY = /* @__PURE__ */ gregory(13)

function gregory(count: number): readonly number[] {
  const found = [1]
  for (let n = 1; n <= count; n += 1) {
    let sum = 0
    for (let k = 0; k < n; k += 1) sum -= (found[k]! * ((n - k) % 2 === 0 ? 1 : -1)) / (n - k + 1)
    found.push(sum)
  }
  return found.slice(1)
}
