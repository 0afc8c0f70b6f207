import { checkCurrency, minorDigits } from '../../kernel/currency.js'
import { fault } from '../../kernel/errors.js'
import { formatMinor, parseMinor, parseRatio, type Rounding } from '../../kernel/index.js'
import { checkWord } from './rows.js'

/** All ways to round; of what is not below zero some are the same. */
const roundings: readonly Rounding[] = ['down', 'up', 'half-even', 'half-up', 'floor', 'ceiling']

/** `above / below`, neither below zero, rounded once. */
export function rounded(above: bigint, below: bigint, rounding: Rounding): bigint {
  const quotient = above / below
  const rest = above - quotient * below
  if (rest === 0n || rounding === 'down' || rounding === 'floor') return quotient
  if (rounding === 'up' || rounding === 'ceiling') return quotient + 1n
  const twice = 2n * rest
  if (twice !== below) return twice > below ? quotient + 1n : quotient
  return rounding === 'half-up' || quotient % 2n === 1n ? quotient + 1n : quotient
}

/** Refuses a rounding that is none. */
export function checkRounding(value: unknown, path: string): void {
  checkWord(roundings, value, path)
}

/** Smallest units of a currency per point, as an exact fraction. */
export interface PerPoint {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** What a point is worth, `'0.01'` or `'1/3'` of the currency, in its smallest units. */
export function perPointOf(value: unknown, currency: string, path: string): PerPoint {
  const { numerator, denominator } = parseRatio(value, path)
  if (numerator < 0) throw fault('out-of-range', path, value, '0 or more')
  const unit = BigInt(`1${'0'.repeat(minorDigits(currency))}`)
  return { numerator: BigInt(numerator) * unit, denominator: BigInt(denominator) }
}

/** Decimal text in a currency, not below zero, in its smallest units. */
export function minorIn(value: unknown, currency: string, path: string): number {
  const digits = minorDigits(currency)
  const minor = typeof value === 'string' ? parseMinor(value, digits) : undefined
  if (minor === undefined)
    throw fault('invalid-amount', path, value, `decimal text with at most ${digits} digits behind the point`)
  if (minor < 0 || Object.is(minor, -0)) throw fault('out-of-range', path, value, '0 or more')
  return minor
}

/** Smallest units as decimal text. */
export const amountIn = (minor: number, currency: string): string => formatMinor(minor, minorDigits(currency))

/** An ISO currency of a record. */
export const currencyOf = (value: unknown): string => checkCurrency(value, '$.currency')
