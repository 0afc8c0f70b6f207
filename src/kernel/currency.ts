import { DefinitionError } from './errors.js'

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
  switch (currency) {
    case 'BIF':
    case 'CLP':
    case 'DJF':
    case 'GNF':
    case 'ISK':
    case 'JPY':
    case 'KMF':
    case 'KRW':
    case 'PYG':
    case 'RWF':
    case 'UGX':
    case 'UYI':
    case 'VND':
    case 'VUV':
    case 'XAF':
    case 'XOF':
    case 'XPF':
      return 0
    case 'BHD':
    case 'IQD':
    case 'JOD':
    case 'KWD':
    case 'LYD':
    case 'OMR':
    case 'TND':
      return 3
    case 'CLF':
    case 'UYW':
      return 4
    default:
      return 2
  }
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
  throw new DefinitionError({
    code: 'wrong-type',
    path,
    value,
    expected: 'an ISO 4217 code of three capital letters, such as "CNY"',
  })
}
