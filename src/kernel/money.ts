import { checkCurrency, minorDigits } from './currency.js'
import { fault } from './errors.js'

/**
 * An exact amount: decimal text and an ISO 4217 currency, plain JSON. `money` writes it in one way only, so two equal
 * amounts are equal text.
 */
export interface Money {
  /** With the currency's digits behind the point: `'200.00'` in CNY, `'200'` in JPY. Finer amounts carry more, up to 8. */
  readonly amount: string
  readonly currency: string
}

/** How `money` reads an amount. */
export interface MoneyOptions {
  /** Digits behind the point that are accepted, up to 8, for prices finer than the currency's smallest unit. */
  readonly digits?: number
}

/**
 * An amount of money from decimal text, at most 10^24 to either side and 8 digits behind the point.
 *
 * Text is read as written: no exponent, plus, separators, blanks or other digits than 0-9. `'-0'` is zero.
 *
 * @param amount - Decimal text with no more digits behind the point than the currency has.
 * @param options - `digits` admits finer amounts, such as a price per call of 0.00125.
 * @throws DefinitionError `invalid-amount` when the text is none; `wrong-type` when the currency is none.
 * @example
 * toMoney('200', 'CNY') // => { amount: '200.00', currency: 'CNY' }
 */
export function toMoney(amount: string, currency: string, options: MoneyOptions = {}): Money {
  checkCurrency(currency, '$.currency')
  const own = minorDigits(currency)
  const digits = options?.digits ?? own
  checkDigits(digits)
  const minor = digits < own ? undefined : parseMinor(amount, own)
  if (minor !== undefined) return { amount: formatMinor(minor, own), currency }
  const units = readUnits(amount)
  if (units === undefined || units > LARGEST || units < -LARGEST || fractionDigits(amount) > digits) {
    throw invalidAmount(amount, '$.amount', `decimal text with at most ${digits} digits behind the point`)
  }
  return writeUnits(units, currency)
}

/** Whole smallest units as money: 29900 in CNY is 299.00. The way back from an engine's integers. */
export function moneyOf(minor: number | bigint, currency: string): Money {
  checkCurrency(currency, '$.currency')
  const digits = minorDigits(currency)
  if (typeof minor !== 'bigint') return { amount: formatMinor(minor, digits), currency }
  return writeUnits(minor * powerOfTen(SCALE - digits), currency)
}

/**
 * The exact sum, in any order the same. It may outgrow what `money` reads: up to 40 digits before the point.
 *
 * @param currency - Names the sum of nothing; when given, the amounts have to be in it.
 * @throws DefinitionError `currency-mismatch` when two currencies meet; `missing` when nothing is summed in no currency.
 * @example
 * sumMoney([toMoney('0.10', 'CNY'), toMoney('0.20', 'CNY')]) // => { amount: '0.30', currency: 'CNY' }
 */
export function sumMoney(list: readonly Money[], currency: string | undefined = list?.[0]?.currency): Money {
  if (!Array.isArray(list)) throw fault('wrong-type', '$', list, 'a list of amounts')
  if (currency === undefined) {
    throw fault('missing', '$.currency', currency, 'a currency for the sum of no amounts')
  }
  checkCurrency(currency, '$.currency')
  const digits = minorDigits(currency)
  let small = 0
  let units = 0n
  let index = 0
  for (const item of list) {
    if (item?.currency !== currency) throw mismatch(item?.currency, currency, `$[${index}].currency`)
    const minor = parseMinor(item.amount, digits)
    const next = minor === undefined ? undefined : addSafe(small, minor)
    if (next === undefined) units += unitsOf(item, `$[${index}].amount`)
    else small = next
    index += 1
  }
  if (units === 0n) return { amount: formatMinor(small, digits), currency }
  return writeUnits(units + BigInt(small) * powerOfTen(SCALE - digits), currency)
}

/** The exact sum of two. @throws DefinitionError `currency-mismatch`. */
export function addMoney(a: Money, b: Money): Money {
  return sumMoney([a, b])
}

/** The exact difference, below zero where `b` is more. @throws DefinitionError `currency-mismatch`. */
export function subtractMoney(a: Money, b: Money): Money {
  return sumMoney([a, negateMoney(b)])
}

/** The same amount on the other side of zero. */
export function negateMoney(value: Money): Money {
  return writeUnits(-unitsOf(value, '$.amount'), checkCurrency(value?.currency, '$.currency'))
}

/**
 * Negative when `a` is less, 0 when they are equal, positive when `a` is more: made for `sort`.
 *
 * @throws DefinitionError `currency-mismatch`: amounts in two currencies have no order.
 */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  if (a?.currency !== b?.currency)
    throw mismatch(b?.currency, checkCurrency(a?.currency, '$.currency'), '$.currency')
  const x = unitsOf(a, '$.amount')
  const y = unitsOf(b, '$.amount')
  return x < y ? -1 : x > y ? 1 : 0
}

/**
 * Decimal text as whole smallest units, for the integers inside an engine.
 *
 * @param digits - Digits behind the point of the smallest unit, from `minorDigits`.
 * @returns `undefined` when the text is no amount, is finer than `digits`, or is beyond 2^53 - 1 units.
 * @example
 * parseMinor('19.9', 2) // => 1990
 */
export function parseMinor(text: string, digits: number): number | undefined {
  if (typeof text !== 'string' || text.length > 34 || !isDigits(digits)) return undefined
  const start = text.charCodeAt(0) === 45 ? 1 : 0
  let minor = 0
  let read = 0
  let point = -1
  for (let at = start; at < text.length; at += 1) {
    const unit = text.charCodeAt(at) - 48
    if (unit >= 0 && unit <= 9) {
      minor = minor * 10 + unit
      read += 1
    } else if (unit === -2 && point < 0 && read > 0) {
      point = read
    } else return undefined
  }
  if (read === 0 || point === read) return undefined
  let missing = digits - (point < 0 ? 0 : read - point)
  if (missing < 0) return undefined
  for (; missing > 0; missing -= 1) minor *= 10
  // Too many digits only ever make the float larger, so a sum within the bound was exact all along.
  if (minor > Number.MAX_SAFE_INTEGER) return undefined
  return start === 1 && minor !== 0 ? -minor : minor
}

/**
 * Whole smallest units as decimal text.
 *
 * @throws DefinitionError `out-of-range` unless `minor` is a safe integer and `digits` is from 0 to 8.
 * @example
 * formatMinor(-1990, 2) // => '-19.90'
 */
export function formatMinor(minor: number, digits: number): string {
  if (!Number.isSafeInteger(minor)) {
    throw fault('out-of-range', '$.minor', minor, 'a safe integer')
  }
  checkDigits(digits)
  if (digits === 0) return String(minor)
  const size = Math.abs(minor)
  const scale = SCALES[digits]!
  // Below 2^53 the floor of a correctly rounded quotient is the exact floor.
  const whole = Math.floor(size / scale)
  const rest = String(scale + (size - whole * scale)).slice(1)
  return minor < 0 ? `-${whole}.${rest}` : `${whole}.${rest}`
}

/** Smallest units of one, by digits. */
const SCALES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

const isDigits = (digits: number) => Number.isInteger(digits) && digits >= 0 && digits <= SCALE

function checkDigits(digits: number): void {
  if (!isDigits(digits)) throw fault('out-of-range', '$.digits', digits, '0 to 8')
}

/** The sum of two safe integers, `undefined` when it is none. */
function addSafe(a: number, b: number): number | undefined {
  const sum = a + b
  return Number.isSafeInteger(sum) ? sum : undefined
}

/** Exact amounts are counted in units of 10^-8: fine enough for every currency and every admitted price. */
const SCALE = 8
const LARGEST = 100000000000000000000000000000000n

/**
 * An amount as an integer count of 10^-8, for the kernel's own exact arithmetic.
 *
 * @throws DefinitionError `invalid-amount` at `path`.
 */
export function unitsOf(value: Money, path: string): bigint {
  const units = readUnits(value?.amount)
  if (units === undefined) throw invalidAmount(value?.amount, path, 'decimal text')
  return units
}

/** The money that `unitsOf` counts; digits finer than the currency's are written only where they are not zero. */
export function writeUnits(units: bigint, currency: string): Money {
  const text = (units < 0n ? -units : units).toString().padStart(SCALE + 1, '0')
  if (text.length > 40 + SCALE) {
    throw fault('too-large', '$.amount', text, 'at most 40 digits before the point')
  }
  const least = text.length - SCALE + minorDigits(currency)
  let end = text.length
  while (end > least && text.charCodeAt(end - 1) === 48) end -= 1
  const point = text.length - SCALE
  const amount = end === point ? text.slice(0, point) : `${text.slice(0, point)}.${text.slice(point, end)}`
  return { amount: units < 0n ? `-${amount}` : amount, currency }
}

function readUnits(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || text.length > 50 || !/^-?\d{1,40}(?:\.\d{1,8})?$/.test(text))
    return undefined
  const fraction = fractionDigits(text)
  const count = BigInt((fraction === 0 ? text : text.replace('.', '')) + '0'.repeat(SCALE - fraction))
  return count
}

function fractionDigits(text: string): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`)
}

function invalidAmount(value: unknown, path: string, expected: string) {
  return fault('invalid-amount', path, value, expected)
}

function mismatch(value: unknown, expected: string, path: string) {
  return fault('currency-mismatch', path, value, expected)
}
