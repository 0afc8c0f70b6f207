import { exp } from '../kernel/elementary.js'
import { checkRecord, fault } from '../kernel/errors.js'
import { type Money, toMoney } from '../kernel/index.js'
import type { AttentionInterval, Spread } from './uncertainty.js'

/** What an open is worth and what a publication costs; both, one or neither. */
export interface PausePrices {
  readonly valuePerOpen?: Money
  readonly costPerPublication?: Money
}

/** A number that the parameters leave uncertain; the interval is null where slopes cannot say it. */
export interface OpensEstimate {
  readonly value: number
  readonly interval: AttentionInterval | null
}

/** As `OpensEstimate`, in major units of a currency: an estimate, which `roundToMoney` turns into money. */
export interface PauseMoney extends OpensEstimate {
  readonly currency: string
}

/** From logarithms. Of nothing the interval is nothing. */
export function estimateOf({ value, ends }: Spread, level: number): OpensEstimate {
  const amount = exp(value)
  if (amount === 0) return { value: 0, interval: { low: 0, high: 0, level } }
  const interval = ends && { low: exp(ends.low), high: exp(ends.high), level }
  return { value: amount, interval: interval !== undefined && interval.high < Infinity ? interval : null }
}

/** Prices in major units of their one currency. */
export interface ReadPrices {
  readonly currency: string | undefined
  readonly value: number | undefined
  readonly cost: number | undefined
}

/** How many a publication reaches. */
export function checkAudience(audience: number, path: string): void {
  if (!(Number.isSafeInteger(audience) && audience >= 0 && audience <= 1e12))
    throw fault('out-of-range', path, audience, 'a whole number from 0 to 10^12')
}

/** PausePrices in major units: estimates are made of them, not postings. */
export function readPrices({ valuePerOpen, costPerPublication }: PausePrices): ReadPrices {
  const value = priceOf(valuePerOpen, '$.valuePerOpen')
  const cost = priceOf(costPerPublication, '$.costPerPublication')
  const [a, b] = [valuePerOpen?.currency, costPerPublication?.currency]
  if (a !== undefined && b !== undefined && a !== b)
    throw fault('currency-mismatch', '$.costPerPublication.currency', b, a)
  return { currency: a ?? b, value, cost }
}

function priceOf(price: Money | undefined, path: string): number | undefined {
  if (price === undefined) return undefined
  checkRecord(price, path)
  const amount = Number(toMoney(price.amount, price.currency, { digits: 8 }).amount)
  if (amount < 0) throw fault('out-of-range', path, amount, 'an amount from 0')
  return amount
}
