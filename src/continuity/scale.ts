import { exp, expm1, ln, log1p } from '../kernel/elementary.js'

/**
 * On which scale attention moves in straight lines and exponentials.
 *
 * - `logit`: ln(p / (1 - p)). A day of pause takes the same share of the odds at any level. No rate leaves (0, 1), and it
 *   is the binomial's own parameter. Regaining starts slowly, is fastest half-way and levels off.
 * - `log`: ln p. A day of pause takes the same share of the readers at any level. Below 10 % hardly to be told from `logit`.
 * - `share`: p itself. Every reader stops reading at a constant risk, and while there is something to read everyone lost
 *   comes back at a constant risk: regaining is fastest at first.
 */
export type RateScale = 'logit' | 'log' | 'share'

/** A rate on a scale, and how the two move with one another. */
export interface ScaleOf {
  /** From a rate and what it lacks to 1. */
  of(rate: number, rest: number): number
  /** How much the scale moves with the rate. */
  slope(rate: number, rest: number): number
  /** The rate at a place, written into `into`, with its rest, both logarithms and how much it moves with the place. */
  read(place: number, into: Reading): void
}

/** An open rate in all the forms that a likelihood asks for. */
export interface Reading {
  rate: number
  /** 1 - rate, with digits of its own. */
  rest: number
  lnRate: number
  lnRest: number
  /** Change of the rate for a change of the place. */
  slope: number
}

export const reading = (): Reading => ({ rate: 0, rest: 0, lnRate: 0, lnRest: 0, slope: 0 })

/** Logit of a rate, from it and its rest. */
export const logit = (rate: number, rest: number): number => ln(rate / rest)

/** The rate of a logit. */
export function rateOf(u: number): number {
  const e = exp(-Math.abs(u))
  return u < 0 ? e / (1 + e) : 1 / (1 + e)
}

export const scales: Readonly<Record<RateScale, ScaleOf>> = {
  logit: {
    of: logit,
    slope: (rate, rest) => 1 / rate / rest,
    read(x, into) {
      const e = exp(-Math.abs(x))
      const tail = log1p(e)
      const [less, more] = [e / (1 + e), 1 / (1 + e)]
      into.rate = x < 0 ? less : more
      into.rest = x < 0 ? more : less
      into.lnRate = x < 0 ? x - tail : -tail
      into.lnRest = x < 0 ? -tail : -x - tail
      into.slope = less * more
    },
  },
  log: {
    of: (rate) => ln(rate),
    slope: (rate) => 1 / rate,
    read(x, into) {
      into.rate = exp(x)
      into.rest = -expm1(x)
      into.lnRate = x
      into.lnRest = ln(into.rest)
      into.slope = into.rate
    },
  },
  share: {
    of: (rate) => rate,
    slope: () => 1,
    read(x, into) {
      into.rate = x
      into.rest = 1 - x
      into.lnRate = ln(x)
      into.lnRest = ln(into.rest)
      into.slope = 1
    },
  },
}
