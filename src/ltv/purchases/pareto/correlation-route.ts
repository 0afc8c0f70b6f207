import { exp, ln, log1p } from '../../../kernel/elementary.js'
import { sharesOf } from '../../../measures/churn-model.js'
import type { SearchRoute } from '../../model.js'
import { transformOf } from './sarmanov.js'

/**
 * A search for r, alpha, s, beta and m that knows how far m may go: instead of m it has the logit of the share of its
 * range that lies below it. A limit is infinitely far then, as those of all parameters are.
 *
 * Each end of the range is the smaller of two functions of the others and has a bend where they cross, on which the
 * likeliest values with m at its end tend to lie. Here the bend is rounded, at a cost of 0.07 % of the range at most.
 */
export const correlationRoute: SearchRoute = {
  from(parameters) {
    const { least, most } = rangeAt(parameters)
    const m = parameters[4]!
    const all = most.value - least.value
    const [below, above] = [m - least.value, most.value - m].map((part) => Math.max(part, 1e-5 * all))
    return [...parameters.slice(0, 4), ln(below! / above!)]
  },
  to(search) {
    const { least, most } = rangeAt(search)
    const [share, rest] = sharesOf(search[4]!)
    const all = most.value - least.value
    return {
      parameters: [...search.slice(0, 4), rest * least.value + share * most.value],
      moves: [
        ...[0, 1, 2, 3].map((i) => [0, 1, 2, 3, 4].map((j) => (i === j ? 1 : 0))),
        [...least.moves.map((one, j) => rest * one + share * most.moves[j]!), share * rest * all],
      ],
    }
  },
}

/** How sharp the bends are left: the power of the mean that stands for the larger of two. */
const SHARP = 1024

/** An end of the range of m, and how it moves with ln r, ln alpha, ln s and ln beta. */
interface End {
  readonly value: number
  readonly moves: readonly number[]
}

/** As `limitsOfM`, a little further in where two functions cross. */
function rangeAt(at: readonly number[]): { readonly least: End; readonly most: End } {
  const [r, alpha, s, beta] = [exp(at[0]!), exp(at[1]!), exp(at[2]!), exp(at[3]!)]
  const [a, b] = [transformOf(r, alpha), transformOf(s, beta)]
  const [lnA, lnB] = [-r * log1p(1 / alpha), -s * log1p(1 / beta)]
  const [lnRestA, lnRestB] = [ln(a.rest), ln(b.rest)]
  // How the logarithm of 1 less a mean moves with that of the mean.
  const [againstA, againstB] = [-a.value / a.rest, -b.value / b.rest]
  const end = (sign: 1 | -1, one: Product, other: Product): End => {
    const [large, small] = one.ln >= other.ln ? [one, other] : [other, one]
    const near = exp(SHARP * (small.ln - large.ln))
    const value = sign * exp(-large.ln - log1p(near) / SHARP)
    const [byA, byB] = [0, 1].map((k) => (large.by[k]! + near * small.by[k]!) / (1 + near))
    return {
      value,
      moves: [
        -value * byA! * lnA,
        -value * byA! * (r / (alpha + 1)),
        -value * byB! * lnB,
        -value * byB! * (s / (beta + 1)),
      ],
    }
  }
  return {
    least: end(-1, { ln: lnA + lnB, by: [1, 1] }, { ln: lnRestA + lnRestB, by: [againstA, againstB] }),
    most: end(1, { ln: lnA + lnRestB, by: [1, againstB] }, { ln: lnRestA + lnB, by: [againstA, 1] }),
  }
}

/** A product of means, or 1 less them, as a logarithm, and how that moves with those of both means. */
interface Product {
  readonly ln: number
  readonly by: readonly [byA: number, byB: number]
}
