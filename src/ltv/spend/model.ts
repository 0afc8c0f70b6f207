import type { Sentence } from '../../kernel/errors.js'
import type { LikelihoodModel, Values } from '../model.js'
import type { OwnSpend, SpendTable } from './spend-table.js'

/**
 * A model of what customers spend on a purchase, independently of how often they buy.
 *
 * Parameters measured in money are in the currency of the data: whoever mixes currencies gets nonsense, so keep one model a
 * currency.
 */
export interface SpendModel<Name extends string = string, P extends string = string>
  extends LikelihoodModel<Name, P, SpendTable> {
  /** ln of the density of one customer's mean spend, given how many purchases it is the mean of; 0 of none. */
  lnDensity(values: Values<P>, own: OwnSpend): number
  /**
   * Of customers of whom so many purchases are known, which share has a mean of them up to an amount, and which above it, each to
   * its own last digits. Amounts from 0, purchases from 1.
   */
  sharesOfMeans(
    values: Values<P>,
    purchases: number,
    amount: number,
  ): { readonly upTo: number; readonly above: number }
  /** What is known of a customer's mean spend from purchases so far. */
  after(values: Values<P>, own: OwnSpend): SpendKnowledge
  /** Of a customer of whom no purchase is known. */
  newcomer(values: Values<P>): SpendKnowledge
  /** What one customer spends on each of so many purchases, at most 100,000, drawn from the model. */
  draw(values: Values<P>, purchases: number, random: { next(): number }): readonly number[]
}

/** The distribution of a customer's own mean spend per purchase, given what they spent. */
export interface SpendKnowledge {
  /** Expected spend of a purchase to come; Infinity where the mean does not exist. */
  readonly mean: number
  /** Of the customer's own mean; Infinity where it does not exist. */
  readonly variance: number
  /** Expected square of a single purchase; Infinity where it does not exist. */
  readonly meanSquare: number
  /** Where the mean comes from; none where the population has no mean, or the customer has no purchase with a spend. */
  readonly shrinkage: Shrinkage | undefined
  /** The mean spend that a share of such customers is below. */
  quantile(share: number): number
}

/** The expected spend is `weight` times the customer's `own` mean and 1 - `weight` times that of the `population`. */
export interface Shrinkage {
  readonly weight: number
  readonly own: number
  readonly population: number
}

/** What a customer is expected to spend on a purchase, with how much of that is their own. */
export type SpendEstimate =
  | {
      readonly kind: 'estimate'
      readonly value: number
      /** How much the customer's own purchases count, from 0 (a newcomer) towards 1; none where the population has no mean. */
      readonly weight?: number
      /** The mean over customers to come; none where it does not exist. */
      readonly population?: number
      readonly method: string
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'no-finite-mean-spend' | 'negative-spend'
      readonly next: Sentence
    }
