import { fault } from './errors.js'

const CODES: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]
/** Of the currencies that have not two. */
const DIGITS: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ CODES.flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, digits] as const)),
)

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
  return DIGITS.get(currency) ?? 2
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
