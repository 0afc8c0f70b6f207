import { Decimal } from 'decimal.js'
import { checkCurrency, minorDigits } from './currency.js'
import { fault } from './errors.js'
import { type Money, toMoney, unitsOf, writeUnits } from './money.js'

/**
 * Where an amount between two smallest units goes.
 *
 * `down` towards zero, `up` away from it, `floor` towards minus infinity, `ceiling` towards plus infinity; `half-up`
 * to the nearer one and a tie away from zero, `half-even` to the nearer one and a tie to the even digit.
 */
export type Rounding = 'down' | 'up' | 'half-even' | 'half-up' | 'floor' | 'ceiling'

/**
 * An estimate becomes money: a decision, in the open, with its rounding named.
 *
 * What is rounded is the shortest decimal text that prints the number, as a reader sees it: 1.005 is a tie in CNY,
 * although the float behind it lies a little below.
 *
 * @param value - In major units, within 10^24 to either side.
 * @throws DefinitionError `out-of-range` when the value is not finite or is larger.
 * @example
 * roundToMoney(49.9961, { currency: 'EUR', rounding: 'down' }) // => { amount: '49.99', currency: 'EUR' }
 */
export function roundToMoney(
  value: number,
  options: { readonly currency: string; readonly rounding: Rounding },
): Money {
  const currency = checkCurrency(options?.currency, '$.currency')
  if (typeof value !== 'number' || !(value >= -1e24 && value <= 1e24)) {
    throw fault('out-of-range', '$.value', value, 'from -10^24 to 10^24')
  }
  return toMoney(new Exact(value).toFixed(minorDigits(currency), modeOf(options.rounding)), currency)
}

/**
 * Money times a rate, exact decimal by decimal, then rounded once to the currency's smallest unit.
 *
 * @param rate - Decimal text with at most 24 digits before the point and 24 behind it.
 * @throws DefinitionError `invalid-amount` when the rate or the amount is none; `too-large` past 40 digits.
 * @example
 * multiplyMoney(toMoney('19.99', 'CNY'), '0.15', 'half-even') // => { amount: '3.00', currency: 'CNY' }
 */
export function multiplyMoney(value: Money, rate: string, rounding: Rounding): Money {
  const currency = checkCurrency(value?.currency, '$.currency')
  unitsOf(value, '$.amount')
  if (typeof rate !== 'string' || rate.length > 50 || !/^-?\d{1,24}(?:\.\d{1,24})?$/.test(rate)) {
    throw fault('invalid-amount', '$.rate', rate, 'decimal text')
  }
  const digits = minorDigits(currency)
  const minor = new Exact(value.amount).times(rate).times(`1e${digits}`).toFixed(0, modeOf(rounding))
  return writeUnits(BigInt(minor) * BigInt(`1${'0'.repeat(8 - digits)}`), currency)
}

/**
 * Our own constructor with every setting given: a host that changes its decimal.js changes nothing here. The widest
 * product is 40 + 8 digits times 24 + 24, so nothing is ever rounded before the named point.
 */
const Exact = /* @__PURE__ */ Decimal.clone({
  precision: 100,
  rounding: 1,
  toExpNeg: -400,
  toExpPos: 200,
  minE: -400,
  maxE: 200,
  modulo: 1,
  crypto: false,
  defaults: true,
})

function modeOf(rounding: Rounding): Decimal.Rounding {
  switch (rounding) {
    case 'up':
      return 0
    case 'down':
      return 1
    case 'ceiling':
      return 2
    case 'floor':
      return 3
    case 'half-up':
      return 4
    case 'half-even':
      return 6
    default:
      throw fault('out-of-range', '$.rounding', rounding, 'down, up, half-even, half-up, floor or ceiling')
  }
}
