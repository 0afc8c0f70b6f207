import { checkKeys, checkPlain } from '../kernel/errors.js'

/**
 * Refuses what is no plain object with these keys. Every key of options may be absent, so that a date, a map or an instance
 * of some class would pass for options that ask for nothing.
 */
export function checkOptions(value: unknown, known: readonly string[], path: string): void {
  checkPlain(value, path)
  checkKeys(value as object, known, path)
}
