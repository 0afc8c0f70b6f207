import { checkKeys } from './errors.js'
import { isRecord, own } from './plain.js'

/** An object as it came. */
type Given = { readonly [key: string]: unknown }
/** What may stand under each key. */
export type Keys = { readonly [key: string]: Known }

/**
 * The keys that a value may have, and what may stand under each: `null` for what has no keys or is looked at elsewhere, a
 * list of one for a list, a function where the keys depend on the value.
 */
export type Known = null | readonly [Known] | ((given: Given) => Keys | null) | Keys

/** Keys of exactly what an interface has: one that is forgotten, or is not there, does not compile. */
export type KnownOf<T> = { readonly [K in keyof T]-?: Known }

/** The keys of what has no parts. */
export const keysOf = (...keys: readonly string[]): Keys => Object.fromEntries(keys.map((key) => [key, null]))

/** Objects by names that are the author's. */
export const byName =
  (known: Known): Known =>
  (given) =>
    Object.fromEntries(Object.keys(given).map((name) => [name, known]))

/**
 * Refuses every key that nobody reads: a misspelt option would change a number unseen, and what was stored could not be
 * read back. Values of the wrong kind are for others to refuse. As deep as what is known, and no deeper.
 *
 * @throws DefinitionError `unknown-key`
 */
export function checkStrangers(value: unknown, known: Known, path: string): void {
  if (known === null) return
  if (isList(known)) {
    if (Array.isArray(value))
      for (const [i, one] of value.entries()) checkStrangers(one, known[0], `${path}[${i}]`)
    return
  }
  if (!isRecord(value)) return
  const keys = typeof known === 'function' ? known(value) : known
  if (keys === null) return
  checkKeys(value, Object.keys(keys), path)
  for (const [key, inside] of Object.entries(keys)) checkStrangers(own(value, key), inside, `${path}.${key}`)
}

const isList = (known: Known): known is readonly [Known] => Array.isArray(known)
