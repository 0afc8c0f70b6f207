/** The languages in which the library explains itself. */
export type Lang = 'en' | 'zh'

/** One sentence in each language; `{name}` is filled from the numbers that travel with the code. */
export interface Sentence {
  readonly en: string
  readonly zh: string
}

/** Why a definition, or the code around it, has to change. */
export type DefinitionCode =
  | 'unknown-name'
  | 'duplicate-name'
  | 'wrong-type'
  | 'out-of-range'
  | 'missing'
  | 'unknown-key'
  | 'invalid-instant'
  | 'invalid-zone'
  | 'invalid-duration'
  | 'invalid-amount'
  | 'currency-mismatch'
  | 'too-deep'
  | 'too-large'
  | 'not-plain-data'
  | 'never-settles'
  | 'as-of-before-state'
  | 'other-definition'
  | 'newer-format'
  | 'malformed-state'

/** What a `DefinitionError` carries: enough to find the place and to mend it. */
export interface DefinitionFault {
  readonly code: DefinitionCode
  /** Where, as a path from the definition's root: `$.rules.active[0].to`. */
  readonly path: string
  /** What stands there now. */
  readonly value: unknown
  /** What would be right. */
  readonly expected: string
}

/**
 * Somebody must change code or a definition. Data never causes it: what the world sends is refused with an outcome.
 *
 * @example
 * try { defineLifecycle(definition) } catch (error) { if (error instanceof DefinitionError) explainError(error, 'zh') }
 */
export class DefinitionError extends Error implements DefinitionFault {
  override readonly name = 'DefinitionError'
  readonly code: DefinitionCode
  readonly path: string
  /** Not enumerable: what prints or stores an error does not repeat what somebody sent. */
  declare readonly value: unknown
  readonly expected: string

  constructor({ code, path, value, expected }: DefinitionFault) {
    super(`${code} at ${path}: expected ${expected}, found ${brief(value, code)}`)
    this.code = code
    this.path = path
    Object.defineProperty(this, 'value', { value })
    this.expected = expected
  }
}

/** A `DefinitionError` in one line; `throw fault(…)` reads as what it is. */
export const fault = (code: DefinitionCode, path: string, value: unknown, expected: string) =>
  new DefinitionError({ code, path, value, expected })

/**
 * Runs what reads a value that a compiler would have checked. What it trips over is a fault of that value; the first
 * error is its `cause`.
 */
export function reading<T>(
  code: DefinitionCode,
  path: string,
  value: unknown,
  expected: string,
  read: () => T,
): T {
  try {
    return read()
  } catch (error) {
    throw unread(code, path, value, expected, error)
  }
}

/** What to throw for what the reading of a value has tripped over: see `reading`. */
export const unread = (
  code: DefinitionCode,
  path: string,
  value: unknown,
  expected: string,
  error: unknown,
): unknown =>
  error instanceof DefinitionError || error instanceof RangeError
    ? error
    : Object.assign(fault(code, path, value, expected), { cause: error })

/** The fault of a name that is none of these. */
export const unknownName = (path: string, value: unknown, names: readonly string[]) =>
  fault('unknown-name', path, value, names.join(' | ') || 'none here')

/** Refuses a name that is none of these. */
export function checkName(names: readonly string[], value: unknown, path: string): void {
  if (!names.includes(value as string)) throw unknownName(path, value, names)
}

/** What every object answers to: a record that holds nothing would seem to hold something under such a name. */
const TAKEN =
  /^(constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf|__(proto|((define|lookup)(Getter|Setter)))__)$/

/** Refuses a name of the author's that every object has: records are kept by such names. */
export function checkOwnName(name: unknown, path: string): void {
  if (typeof name === 'string' && TAKEN.test(name))
    throw fault('duplicate-name', path, name, 'a name that not every object has')
}

/** Refuses what is no list. */
export function checkList(value: unknown, path: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw fault('wrong-type', path, value, 'a list')
}

/** Refuses what is no number; NaN is one here. Text that reads as a number would be joined where numbers are added. */
export function checkNumber(value: unknown, path: string): void {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
}

/** Refuses what is no object with names. */
export function checkRecord(value: unknown, path: string): void {
  if (kindOf(value) !== 'object') throw fault('wrong-type', path, value, 'an object')
}

/** Refuses what is no plain object: a date, a map, a typed array or an instance of some class. */
export function checkPlain(value: unknown, path: string): void {
  checkRecord(value, path)
  const prototype: unknown = Object.getPrototypeOf(value)
  // That of any realm's plain objects has none above it.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw fault('wrong-type', path, value, 'a plain object, and no date, map or instance of a class')
}

/** A misspelt option would change a number unseen. */
export function checkKeys(value: object, known: readonly string[], path: string): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw fault('unknown-key', `${path}.${key}`, key, known.join(', '))
  }
}

/** Faults of names: only definitions have those. What is wrong with any other text may have come as data. */
const NAMES = /-(name|key|zone|duration|settles)$/

/** A value in at most 60 characters; a shape stands for what is long, nested, or a text that may be somebody's. */
export function brief(value: unknown, code: DefinitionCode): string {
  if (typeof value === 'string' && value.length <= 60 && NAMES.test(code)) return JSON.stringify(value)
  if (Object.is(value, -0)) return kindOf(value)
  return typeof value === 'number' || value === undefined ? String(value) : kindOf(value)
}

/** The kind of a value, for messages about data, which is never echoed. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `list of ${value.length}`
  if (typeof value === 'string') return `text of ${value.length}`
  if (Object.is(value, -0)) return 'negative zero'
  if (typeof value === 'number')
    return Number.isInteger(value) ? 'number' : Number.isFinite(value) ? 'fraction' : 'not a number'
  return typeof value
}
