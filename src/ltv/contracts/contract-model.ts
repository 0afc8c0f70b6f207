import type { Random } from '../../kernel/random.js'
import type { LikelihoodModel, Values } from '../model.js'
import type { Effect } from '../purchases/model.js'
import type { ContractTable } from './contract-table.js'

/**
 * A model of customers whose leaving is seen, because a contract ends: how long they stay.
 *
 * In discrete time a contract runs for one unit and is renewed or not at its end; in continuous time it may end at any
 * moment.
 */
export interface ContractModel<Name extends string = string, P extends string = string>
  extends LikelihoodModel<Name, P, ContractTable> {
  readonly time: 'discrete' | 'continuous'
  /** Which parameters a covariate moves: each is multiplied by exp(sign × coefficient × covariate). */
  readonly effects: readonly Effect<P>[]
  /** What is to come of a customer who has been there for `tenure` units; 0: a new one. */
  staying(values: Values<P>, tenure: number): Staying
}

/**
 * How long a customer stays from one moment on, given that they are there. Times are in the unit of the parameters, counted
 * from that moment, at least 0; in discrete time whole, a renewal each. Infinite where a number does not exist.
 */
export interface Staying {
  /** ln of the chance of still being there `time` later. */
  lnSurvival(time: number): number
  /** In discrete time the chance that who is there after `time - 1` leaves at `time`; in continuous time the rate of leaving at `time`. */
  hazard(time: number): number
  /** Of those there one unit before `time`, the share that still is at `time`; from 1 on. */
  retention(time: number): number
  /** Units until leaving, on average; the renewal at which they leave counts. */
  expected(): number
  /** Whether `expected` exists: an infinite one of those that exist is beyond the floats. */
  readonly hasMean: boolean
  /** What payments of 1 are worth now, each times exp(-lnRate × when). `horizon` units, or Infinity. */
  discounted(payments: Payments, lnRate: number, horizon: number): number
  /** By how many percent `discounted` grows where every retention does by one percent. `lnRate` above 0. */
  elasticity(payments: Payments, lnRate: number): Elasticity
  /** When a share of such customers has left: the first renewal, or the moment. Infinity beyond the floats. */
  quantile(share: number): number
  /** What is known of the customer's own inclination to leave. */
  readonly leaving: LeavingKnowledge
  /** When one of them leaves, or that they have not by `until`. */
  draw(until: number, random: Pick<Random, 'next'>): { readonly time: number; readonly event: boolean }
}

/**
 * When payments fall, one a unit.
 *
 * - `signing`: one now, which is certain, and one at each renewal to come. Of a new customer, discounted, it is DEL, the
 *   discounted expected lifetime.
 * - `about-to-renew`: a renewal is due now and not yet decided; its payment, if it comes, is not discounted. It is DERL of
 *   Fader & Hardie (2010), the discounted expected residual lifetime.
 * - `just-renewed`: the payment of now is made and is not counted; the next renewal is one unit off. DERL / (1 + d).
 *
 * In continuous time money flows evenly, 1 a unit, and all three are the same.
 */
export type Payments = 'signing' | 'about-to-renew' | 'just-renewed'

export const paymentNames: readonly Payments[] = ['signing', 'about-to-renew', 'just-renewed']

/** What retention is worth: percent of value for one percent more of it. */
export interface Elasticity {
  /**
   * Of the value of all such customers together, so that who is worth more counts for more. It is also how many units off the
   * payments are on average, each counted by its present value.
   */
  readonly ofValue: number
  /**
   * The mean over customers of each one's own, as Fader & Hardie (2010) have it: no more than `ofValue`. Not of models in which a
   * customer's own chance changes with time.
   */
  readonly ofCustomer?: number
}

/** Mean and variance of one customer's own inclination to leave, given that they are still there. */
export interface LeavingKnowledge {
  /** In the papers: p or θ, λ. */
  readonly symbol: string
  /**
   * `chance`: to leave at the first renewal of all, and where it does not change at every one. `per-time`: a rate, per unit.
   * `factor`: how many times as fast as the model's base they leave, a pure number.
   */
  readonly in: 'chance' | 'per-time' | 'factor'
  readonly mean: number
  readonly variance: number
}
