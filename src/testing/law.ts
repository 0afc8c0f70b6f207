import { canonical } from '../kernel/index.js'

/** How hard a law is tried. */
export interface LawOptions {
  /** Random cases; 100 unless told. */
  readonly runs?: number
  /** Reproduces a run. */
  readonly seed?: number
}

/** What a law was tried on. */
export interface LawReport {
  readonly runs: number
  /** In which share of the cases each hard thing occurred. */
  readonly shares: { readonly [hardship: string]: number }
}

/** A law with a name, for the test runner of the host's choice. */
export interface Law {
  readonly name: string
  /** @throws Error with the shortest counterexample that was found. */
  check(options?: LawOptions): LawReport
}

/** Throws where two values differ as JSON: the first path, and both sides in brief. */
export function same(found: unknown, expected: unknown, what: string): void {
  if (canonical(found ?? null) === canonical(expected ?? null)) return
  const path = firstDifference(found, expected, '$')
  throw new Error(`${what} differs at ${path}`)
}

function firstDifference(a: unknown, b: unknown, path: string): string {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const [left, right] = [
        (a as Readonly<Record<string, unknown>>)[key],
        (b as Readonly<Record<string, unknown>>)[key],
      ]
      if (canonical(left ?? null) !== canonical(right ?? null))
        return firstDifference(left, right, `${path}.${key}`)
    }
  }
  const brief = (value: unknown) => (JSON.stringify(value) ?? 'undefined').slice(0, 300)
  return `${path}: ${brief(a)} instead of ${brief(b)}`
}

/** Freezes all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) frozen(item)
  }
  return value
}

/** In which share of some cases each flag was up. */
export function sharesOf(cases: readonly object[]): { readonly [flag: string]: number } {
  const names = new Set(cases.flatMap((one) => Object.keys(one)))
  const share = (name: string) =>
    cases.filter((one) => (one as Readonly<Record<string, unknown>>)[name] === true).length / cases.length
  return Object.fromEntries([...names].map((name) => [name, share(name)]))
}
