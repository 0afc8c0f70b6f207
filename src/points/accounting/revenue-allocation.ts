import { checkKeys, checkList, fault, unknownName } from '../../kernel/errors.js'
import { allocateUnits, minorDigits, parseRatio } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { amountIn, currencyOf, minorIn } from './exact-shares.js'
import { checkCount } from './rows.js'

/** A sale of goods with points. Amounts are decimal text. */
export interface SaleWithPoints {
  /** ISO 4217. */
  readonly currency: string
  /** What the customer pays for goods and points together, without what is collected for others, such as tax. */
  readonly price: string
  /** Stand-alone selling price of each good; at least one. */
  readonly goods: readonly string[]
  readonly points: {
    /** How many were granted. */
    readonly granted: number
    /** How many of them are expected to be redeemed: from 0 to `granted`. */
    readonly expected: number
    /** What one is worth when it is redeemed, `'0.10'` or `'1/3'` of the currency; the expectation is counted in `expected`. */
    readonly perPoint: string
  }
}

/**
 * Where the one rounding happens. Books of different firms differ here, and both are right; mixing them is not.
 *
 * - `allocation`: shares stay exact, and the amounts are whole smallest units.
 * - `ratio`: the shares themselves have `digits` behind the point (2 is whole percent), and make one together. Amounts
 *   follow from them.
 *
 * What is left over goes to the largest remainders, so parts always add up to the price.
 */
export type RoundingPoint = { readonly at: 'allocation' } | { readonly at: 'ratio'; readonly digits: number }

/** How a price falls on goods and points. Amounts are decimal text; they add up to the price. */
export interface RevenueAllocation {
  readonly currency: string
  readonly price: string
  /** To each of the goods, revenue when they are handed over. */
  readonly goods: readonly string[]
  /** To the points: a contract liability. */
  readonly points: string
  /** Stand-alone selling price of the points, exact: `expected` times `perPoint` of the currency, `'9500'` or `'100/3'`. */
  readonly standAlonePoints: string
  /** The points as they were sold. */
  readonly granted: number
  readonly expected: number
  readonly rounding: RoundingPoint
}

/**
 * Allocates a transaction price to goods and points in proportion to their stand-alone selling prices, exactly, with one
 * rounding where it was said. Breakage is in the price of the points: only those that are expected to be redeemed count.
 *
 * @param options - `rounding` is at the allocation unless told.
 * @throws DefinitionError `invalid-amount` and `out-of-range` for amounts and counts; `out-of-range` also where nothing has a
 * stand-alone price; `unknown-name` for another rounding point.
 * @see IFRS 15.74-80, B39-B42, Illustrative Example 52; ASC 606-10-32-31, 55-41 to 55-45, Example 52.
 * @example
 * allocateRevenue({ currency: 'JPY', price: '100000', goods: ['100000'],
 *   points: { granted: 10_000, expected: 9_500, perPoint: '1' } }).points // => '8676'
 */
export function allocateRevenue(
  sale: SaleWithPoints,
  options: { readonly rounding?: RoundingPoint } = {},
): RevenueAllocation {
  const { currency, price, goods, points, perPoint } = readSale(sale)
  if (!isRecord(options as unknown)) throw fault('wrong-type', '$.options', options, '{ rounding }')
  checkKeys(options, ['rounding'], '$.options')
  const rounding = readRounding(options.rounding)
  const above = BigInt(points.expected) * BigInt(perPoint.numerator)
  const below = BigInt(perPoint.denominator)
  // Prices of goods are brought to the denominator of the points' one.
  const prices = [...goods.map((minor) => BigInt(minor) * below), above * powerOfTen(minorDigits(currency))]
  if (prices.every((one) => one === 0n))
    throw fault('out-of-range', '$.goods', sale.goods, 'a stand-alone price above zero')
  const ratios = rounding.at === 'allocation' ? prices : allocateUnits(powerOfTen(rounding.digits), prices)
  const parts = allocateUnits(BigInt(price), ratios).map((minor) => amountIn(Number(minor), currency))
  return {
    currency,
    price: amountIn(price, currency),
    goods: parts.slice(0, -1),
    points: parts[parts.length - 1]!,
    standAlonePoints: fractionText(above, below),
    granted: points.granted,
    expected: points.expected,
    rounding,
  }
}

const powerOfTen = (digits: number) => BigInt(`1${'0'.repeat(digits)}`)

/** In lowest terms. */
function fractionText(above: bigint, below: bigint): string {
  let [x, y] = [above, below]
  while (y > 0n) [x, y] = [y, x % y]
  return x === below ? `${above / below}` : `${above / x}/${below / x}`
}

function readRounding(rounding: RoundingPoint = { at: 'allocation' }): RoundingPoint {
  const path = '$.options.rounding'
  if (!isRecord(rounding as unknown)) throw fault('wrong-type', path, rounding, "{ at: 'allocation' }")
  if (rounding.at === 'allocation') {
    checkKeys(rounding, ['at'], path)
    return { at: 'allocation' }
  }
  if (rounding.at !== 'ratio')
    throw unknownName(`${path}.at`, (rounding as RoundingPoint).at, ['allocation', 'ratio'])
  checkKeys(rounding, ['at', 'digits'], path)
  const { digits } = rounding
  if (!(Number.isSafeInteger(digits) && digits >= 0 && digits <= 12) || Object.is(digits, -0))
    throw fault('out-of-range', `${path}.digits`, digits, '0 to 12')
  return { at: 'ratio', digits }
}

function readSale(sale: SaleWithPoints) {
  if (!isRecord(sale as unknown)) throw fault('wrong-type', '$', sale, '{ currency, price, goods, points }')
  checkKeys(sale, ['currency', 'price', 'goods', 'points'], '$')
  const currency = currencyOf(sale.currency)
  const price = minorIn(sale.price, currency, '$.price')
  checkList(sale.goods, '$.goods')
  if (sale.goods.length === 0)
    throw fault('missing', '$.goods', sale.goods, 'a stand-alone price for each good')
  if (sale.goods.length > 1000) throw fault('too-large', '$.goods', sale.goods, 'at most 1,000 goods')
  const goods = Array.from(sale.goods, (text, i) => minorIn(text, currency, `$.goods[${i}]`))
  const { points } = sale
  if (!isRecord(points as unknown))
    throw fault('wrong-type', '$.points', points, '{ granted, expected, perPoint }')
  checkKeys(points, ['granted', 'expected', 'perPoint'], '$.points')
  checkCount(points.granted, '$.points.granted')
  checkCount(points.expected, '$.points.expected')
  if (points.expected > points.granted)
    throw fault('out-of-range', '$.points.expected', points.expected, 'at most what was granted')
  const perPoint = parseRatio(points.perPoint, '$.points.perPoint')
  if (perPoint.numerator < 0) throw fault('out-of-range', '$.points.perPoint', points.perPoint, '0 or more')
  return { currency, price, goods, points, perPoint }
}
