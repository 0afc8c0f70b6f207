import { fault } from './errors.js'

const codes = (text: string): ReadonlySet<string> => new Set(text.split(' '))
const NO_DIGITS = /* @__PURE__ */ codes('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF')
const THREE_DIGITS = /* @__PURE__ */ codes('BHD IQD JOD KWD LYD OMR TND')
const FOUR_DIGITS = /* @__PURE__ */ codes('CLF UYW')

/**
 * Digits behind the point in a currency's smallest unit: 2 for CNY, 0 for JPY, 3 for BHD.
 *
 * A code that the table does not name has 2, as most do: a currency younger than this table needs no release.
 *
 * @see ISO 4217, list one, column "minor unit".
 * @example
 * minorDigits('JPY') // => 0
 */
export function minorDigits(currency: string): number {
  if (NO_DIGITS.has(currency)) return 0
  if (THREE_DIGITS.has(currency)) return 3
  return FOUR_DIGITS.has(currency) ? 4 : 2
}

/**
 * A currency as three capital letters, whatever stood there.
 *
 * @throws DefinitionError `wrong-type` at `path` otherwise.
 * @example
 * checkCurrency('CNY', '$.currency') // => 'CNY'
 */
export function checkCurrency(value: unknown, path: string): string {
  if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value
  throw fault('wrong-type', path, value, 'an ISO 4217 code of three capital letters, such as "CNY"')
}
