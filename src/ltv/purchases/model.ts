import type { CustomerHistory, HistoryTable } from '../histories/history.js'
import type { Likelihood, LikelihoodModel, Values } from '../model.js'

/**
 * A model of repeat purchases of customers who may leave without saying so.
 *
 * Who makes one writes what is here; fitting, intervals, values of customers and charts come from it.
 */
export interface PurchaseModel<Name extends string = string, P extends string = string>
  extends LikelihoodModel<Name, P, HistoryTable> {
  /** In discrete time (`opportunity`) purchases are yes or no at each. */
  readonly time: 'continuous' | 'discrete'
  /**
   * Which parameters a covariate moves: each is multiplied by exp(sign × coefficient × covariate). `buying` and `leaving`
   * may have covariates of their own; none where the papers give no way.
   */
  readonly effects?: {
    readonly buying: readonly Effect<P>[]
    readonly leaving: readonly Effect<P>[]
  }
  /** As `likelihood`, of one history at a time: what covariates need, and what is wanted of single customers. */
  historyLikelihood(history: CustomerHistory): Likelihood
  /** Buying from the end of observation on, given what the customer did until then. */
  after(values: Values<P>, history: CustomerHistory): Buying
  /** Buying from the first purchase on, of a customer of whom nothing is known yet. The first purchase is not counted. */
  newcomer(values: Values<P>): Buying
  /** Expected purchases in `span` units after the end of observation for many customers: what a million predictions use. */
  expectedOf?(
    values: Values<P>,
    table: Pick<HistoryTable, 'repeatCount' | 'lastPurchaseAge' | 'age'>,
    span: number,
  ): Float64Array
  /**
   * One customer's repeat purchases up to an age, in order of time, drawn from the model. One who would make a million and more
   * is refused: `out-of-range`, with about how many they are.
   */
  draw(values: Values<P>, age: number, random: { next(): number }): readonly number[]
}

/** A covariate's coefficient on a parameter: -1 where growth of the covariate makes it smaller. */
export interface Effect<P extends string> {
  readonly parameter: P
  readonly sign: 1 | -1
}

/**
 * Buying from one moment on. Times are in the unit of the parameters, counted from that moment, and checked by who
 * calls: at least 0, `from` at most `to`; n a whole number from 0. Where a chance is too small for a number its logarithm
 * still is exact; -Infinity is a chance of nothing.
 */
export interface Buying {
  /** ln of the chance of still being a customer at the moment. 0 in models without leaving. */
  readonly lnAlive: number
  /** ln of the chance of still being a customer `time` later. */
  lnAliveAfter(time: number): number
  /** Purchases expected in (0, time]. May be infinite only where the model's mean is. */
  expected(time: number): number
  /** Purchases expected in (0, time], each worth exp(-rate × when): DECT, and DERT where time is Infinity. `rate` above 0 there. */
  discounted(time: number, rate: number): number
  /** ln of the chance of exactly n purchases in (from, to]. */
  lnChanceOf(n: number, from: number, to: number): number
  /** ln of the chance of at least n purchases in (from, to]; not by way of 1 - sum where that loses digits. */
  lnChanceOfAtLeast(n: number, from: number, to: number): number
  /**
   * The variance of the purchases in (0, time]; where a model does not say, it is added up from chances. May be infinite only
   * where it is.
   */
  variance?(time: number): number
  /** What is known of the customer's own rates, by the paper's symbol: λ, μ, p … whether alive or not. */
  readonly rates: { readonly [symbol: string]: RateKnowledge }
}

/** Mean and variance of one customer's own rate or chance, given what is known of them. Infinite where they do not exist. */
export interface RateKnowledge {
  readonly mean: number
  readonly variance: number
  /** Its unit: `per-time` is per unit of the parameters; `number` is none (the Gompertz hazard's η). */
  readonly in: 'per-time' | 'chance' | 'number'
}
