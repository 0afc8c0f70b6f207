/** How deep and how much. */
export interface SizeLimits {
  /** Levels of nesting. */
  readonly depth: number
  /** Values in all; a hundred characters of text count as one more. */
  readonly nodes: number
}

/**
 * What keeps a value from being plain JSON of a reasonable size; without recursion, so that a million brackets are an
 * answer and not a stack overflow.
 */
export function plainFault(
  value: unknown,
  { depth, nodes }: SizeLimits,
): 'too-deep' | 'too-large' | 'not-plain' | undefined {
  if (depth >= SHALLOW && weigh(value, SHALLOW, SMALL) <= nodes) return undefined
  let level: readonly unknown[] = [value]
  let seen = 0
  for (let deep = 0; level.length > 0; deep++) {
    if (!(deep <= depth)) return 'too-deep'
    const below: unknown[] = []
    for (const item of level) {
      seen += 1
      if (typeof item === 'object' && item !== null) {
        const parts: readonly unknown[] = Array.isArray(item) ? item : Object.values(item)
        // Before anything walks it: a list may have a length and next to nothing in it.
        if (Array.isArray(item) && !(seen + item.length <= nodes)) return 'too-large'
        if (!isPlainObject(item)) return 'not-plain'
        if (!(seen + below.length + parts.length <= nodes)) return 'too-large'
        for (const part of parts) below.push(part)
      } else if (typeof item === 'string') seen += item.length / 100
      else if (!isLeaf(item)) return 'not-plain'
    }
    if (!(seen <= nodes)) return 'too-large'
    level = below
  }
  return undefined
}

const SHALLOW = 8
const SMALL = 1000

/** How much a plain value is that is neither deep nor large, as nearly all are; Infinity for what takes a closer look. */
function weigh(value: unknown, depth: number, most: number): number {
  if (typeof value === 'string') return 1 + value.length / 100
  if (typeof value === 'number') return isWritten(value) ? 1 : Number.POSITIVE_INFINITY
  if (typeof value !== 'object' || value === null) return isLeaf(value) ? 1 : Number.POSITIVE_INFINITY
  if (depth === 0) return Number.POSITIVE_INFINITY
  let weight = 1
  if (Array.isArray(value)) {
    if (!isPlainObject(value)) return Number.POSITIVE_INFINITY
    for (let i = 0; i < value.length && weight <= most; i++)
      weight += weigh(value[i], depth - 1, most - weight)
  } else {
    if (Object.getPrototypeOf(value) !== Object.prototype && !isPlainObject(value))
      return Number.POSITIVE_INFINITY
    const parts = value as Readonly<Record<string, unknown>>
    // A list of keys is made faster than one of values.
    for (const key of Object.keys(parts)) {
      const part = parts[key]
      weight += typeof part === 'number' && isWritten(part) ? 1 : weigh(part, depth - 1, most - weight)
      if (weight > most) break
    }
  }
  return weight > most ? Number.POSITIVE_INFINITY : weight
}

/** What a record itself holds under a name: nothing is found on prototypes. */
export function own<V>(record: { readonly [name: string]: V }, name: string): V | undefined
export function own(record: object, name: string): unknown
export function own(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as Readonly<Record<string, unknown>>)[name] : undefined
}

/** Whether a value is an object with names, no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Asks whether a value has all that a model has, of the same kinds; `unlikenessTo` says where it has not. */
export function likenessTo(model: unknown): (value: unknown) => boolean {
  const unlike = unlikenessTo(model)
  return (value) => unlike(value) === undefined
}

/**
 * Asks where a value lacks what a model has, or has another kind of it: names, places of lists, whole numbers. What is
 * nothing in the model may be anything. As deep as the model is, and no deeper.
 *
 * @returns what asks: it gives the rest of a path, `.tracks[0]`, empty for the value itself, `undefined` where nothing is lacking.
 */
export function unlikenessTo(model: unknown): (value: unknown) => string | undefined {
  const here = (holds: boolean) => (holds ? undefined : '')
  if (model === null)
    return (value) => here(value !== undefined && (typeof value !== 'number' || Number.isSafeInteger(value)))
  if (typeof model === 'number') return (value) => here(Number.isSafeInteger(value))
  if (typeof model !== 'object') return (value) => here(typeof value === typeof model)
  const isList = Array.isArray(model)
  const parts = Object.entries(model).map(([key, part]) => [key, unlikenessTo(part)] as const)
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== isList) return ''
    for (const [key, unlike] of parts) {
      const rest = unlike((value as Readonly<Record<string, unknown>>)[key])
      if (rest !== undefined) return isList ? `[${key}]${rest}` : `.${key}${rest}`
    }
    return undefined
  }
}

/** A list without holes, or an object of no class: dates, maps and boxed values would come back from JSON as others. */
function isPlainObject(value: object): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (value[i] === undefined) return false
    return value.length === Object.keys(value).length
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** What JSON has beside lists, objects and texts; a key that holds nothing counts as absent. */
const isLeaf = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && isWritten(value))

/** Whether JSON writes a number as it is. */
const isWritten = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0)

/** Plain data that nothing changes any more; of a definition that was checked, so that it is not deep. */
export function frozen<T>(data: T): T {
  if (typeof data !== 'object' || data === null) return data
  for (const part of Object.values(data)) frozen(part)
  return Object.freeze(data)
}
