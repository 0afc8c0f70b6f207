import { checkCurrency } from '../../kernel/currency.js'
import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { type Money, unitsOf, writeUnits } from '../../kernel/money.js'
import { nearestFloat } from '../../measures/accumulator.js'
import { assumption, estimateOf, noEstimate, type SimpleEstimate } from './assumptions.js'

/** Customers who came together, and what they brought since. */
export interface CohortMargins {
  readonly cohort: string
  /** All who were won, those who left included. */
  readonly customers: number
  /** Gross margin of each period since, decimal text; below zero where it was a loss. */
  readonly margins: readonly string[]
}

/** What a cohort brought to date. */
export interface HistoricValue {
  readonly cohort: string
  readonly customers: number
  /** Periods so far: cohorts of different age are not alike. */
  readonly periods: number
  /** Exact. */
  readonly total: Money
  readonly perCustomer: SimpleEstimate
}

/** Smallest units in one of a currency, as money counts. */
const UNITS = 100_000_000n

/**
 * Historic lifetime value: what each cohort has brought to date, per customer won. The sums are exact; nothing is forecast.
 *
 * For curves by age, payback and intervals from events see `defineCohortRevenue` in cohorts.
 *
 * @throws DefinitionError `invalid-amount` for text that is no amount; `out-of-range` for a number of customers that is none.
 * @example
 * const [old] = historicValue({ currency: 'CNY', cohorts: [{ cohort: '2023', customers: 40, margins: ['8000.00', '4000.50'] }] })
 * old.total.amount // => '12000.50'
 */
export function historicValue(given: {
  readonly currency: string
  readonly cohorts: readonly CohortMargins[]
}): readonly HistoricValue[] {
  checkRecord(given, '$')
  const currency = checkCurrency(given.currency, '$.currency')
  checkList(given.cohorts, '$.cohorts')
  const assumes = [assumption.noFuture, assumption.grossMargin]
  return given.cohorts.map((one, i) => {
    const path = `$.cohorts[${i}]`
    checkRecord(one, path)
    const { cohort, customers, margins } = one
    if (typeof cohort !== 'string') throw fault('wrong-type', `${path}.cohort`, cohort, 'text')
    checkCustomers(customers, `${path}.customers`)
    checkList(margins, `${path}.margins`)
    let sum = 0n
    for (const [t, amount] of margins.entries()) sum += unitsOf({ amount, currency }, `${path}.margins[${t}]`)
    return {
      cohort,
      customers,
      periods: margins.length,
      total: writeUnits(sum, currency),
      perCustomer: perCustomer(sum, customers, 'margins-to-date', assumes),
    }
  })
}

/**
 * What winning a customer costs (CAC): all that was spent on sales and marketing, by the customers won with it.
 *
 * Spend and customers are of the same campaign or time; where winning takes months, that is not the calendar's.
 *
 * @throws DefinitionError `invalid-amount`; `out-of-range` for spend below zero or a number of customers that is none.
 * @example
 * acquisitionCost({ spend: [{ amount: '1200.00', currency: 'EUR' }], customers: 8 }).value // => 150
 */
export function acquisitionCost(given: {
  readonly spend: readonly Money[]
  readonly customers: number
}): SimpleEstimate {
  checkRecord(given, '$')
  const { spend, customers } = given
  checkList(spend, '$.spend')
  checkCustomers(customers, '$.customers')
  const [first] = spend
  let sum = 0n
  for (const [i, money] of spend.entries()) {
    checkRecord(money, `$.spend[${i}]`)
    const currency = checkCurrency(money.currency, `$.spend[${i}].currency`)
    if (currency !== first!.currency)
      throw fault('currency-mismatch', `$.spend[${i}].currency`, currency, first!.currency)
    const units = unitsOf(money, `$.spend[${i}]`)
    if (units < 0n) throw fault('out-of-range', `$.spend[${i}].amount`, money.amount, 'a cost from zero up')
    sum += units
  }
  return perCustomer(sum, customers, 'spend-by-customers', [])
}

/**
 * LTV:CAC. Both of one customer, in one currency, and the value of gross margin, not of revenue.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`.
 * @example
 * valueToCost({ value: 450, cost: 150 }).value // => 3
 */
export function valueToCost(given: { readonly value: number; readonly cost: number }): SimpleEstimate {
  checkRecord(given, '$')
  const { value, cost } = given
  for (const [name, number] of Object.entries({ value, cost })) {
    if (typeof number !== 'number') throw fault('wrong-type', `$.${name}`, number, 'a number')
    if (!(Number.isFinite(number) && (name === 'value' || number >= 0)))
      throw fault('out-of-range', `$.${name}`, number, name === 'value' ? 'finite' : 'from 0, finite')
  }
  return cost === 0 ? noEstimate('no-cost', []) : estimateOf(value / cost, 'value-by-cost', [])
}

function perCustomer(
  sum: bigint,
  customers: number,
  method: string,
  assumes: Parameters<typeof estimateOf>[2],
): SimpleEstimate {
  if (customers === 0) return noEstimate('no-customers', assumes)
  return estimateOf(nearestFloat(sum, BigInt(customers) * UNITS, 0), method, assumes)
}

function checkCustomers(customers: number, path: string): void {
  if (!(Number.isSafeInteger(customers) && customers >= 0) || Object.is(customers, -0))
    throw fault('out-of-range', path, customers, 'a whole number from 0')
}
