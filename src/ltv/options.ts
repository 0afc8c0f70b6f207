import { checkKeys, checkRecord, fault } from '../kernel/errors.js'

/**
 * Refuses what is no plain object with these keys. Every key of options may be absent, so that a date, a map or an instance
 * of some class would pass for options that ask for nothing.
 */
export function checkOptions(value: unknown, known: readonly string[], path: string): void {
  checkPlain(value, path)
  checkKeys(value as object, known, path)
}

/** Refuses what is no plain object: a date, a map, a typed array or an instance of some class. */
export function checkPlain(value: unknown, path: string): void {
  checkRecord(value, path)
  const prototype: unknown = Object.getPrototypeOf(value)
  // That of any realm's plain objects has none above it.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw fault('wrong-type', path, value, 'a plain object, and no date, map or instance of a class')
}
