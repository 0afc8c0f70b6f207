import { type DefinitionError, fault } from './errors.js'

/** Plain JSON. Definitions, events and states are nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * One text for equal data: keys by code unit, nothing optional left in. Two hosts that agree on the data agree on the text.
 *
 * @throws DefinitionError `not-plain-data` for functions, symbols, bigints, dates, NaN and Infinity; `too-deep` past 1,000
 * levels, which is also where a cycle ends.
 */
export const canonical = (value: unknown): string => written(value, 1000)

function written(value: unknown, levels: number): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notPlain(value)
    return value === 0 ? '0' : String(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (levels === 0) throw fault('too-deep', '$', value, '1,000 levels')
  if (Array.isArray(value)) return `[${value.map((item) => written(item, levels - 1)).join()}]`
  if (typeof value !== 'object') throw notPlain(value)
  const data = value as Readonly<Record<string, unknown>>
  let text = '{'
  for (const key of Object.keys(data).sort()) {
    const item = data[key]
    if (item === undefined) continue
    if (text.length > 1) text += ','
    text += quoted(key)
    text += ':'
    text += written(item, levels - 1)
  }
  // Dates and maps have no names of their own.
  if (text === '{' && Object.prototype.toString.call(value) !== '[object Object]') throw notPlain(value)
  return `${text}}`
}

/** As `JSON.stringify` writes it, without the call where nothing needs escaping. */
const quoted = (text: string): string => (ordinary.test(text) ? `"${text}"` : JSON.stringify(text))
const ordinary = /^[ !#-[\]-\u007e\u00a0-\ud7ff\ue000-\uffff]*$/

/** JSON would write nothing where a number does not exist. */
function finite(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw notPlain(value)
  return value
}

const notPlain = (value: unknown, path = '$') => fault('not-plain-data', path, value, 'JSON')

/**
 * A digest of 53 bits, as a safe integer: two multiplicative hashes over the code units, mixed at the end. It tells
 * apart what a mistake makes different; it is no protection against somebody who searches for a collision.
 */
export function digest(text: string, at = 0): number {
  begin(at)
  feed(text)
  return ended()
}

/**
 * The digest of three names, each with its length in front so that texts of any content are told apart, and of the canonical
 * text of some data: read piece by piece, without making that text.
 */
export function digestOf(
  first: string,
  second: string,
  third: string,
  tail: string,
  data: object,
  at: number,
): number {
  begin(at)
  feedName(first)
  feedName(second)
  feedName(third)
  feed(tail)
  feedData(data as Readonly<Record<string, unknown>>)
  return ended()
}

function feedName(name: string): void {
  const { length } = name
  // A text of one or two digits need not be made.
  if (length < 100) {
    if (length > 9) feedUnit(DIGIT + Math.floor(length / 10))
    feedUnit(DIGIT + (length % 10))
    feedUnit(COLON)
  } else feed(`${length}:`)
  feed(name)
}

/** What `canonical` writes of data, which is mostly flat. */
function feedData(data: Readonly<Record<string, unknown>>): void {
  const proto = Object.getPrototypeOf(data)
  if (proto !== Object.prototype && proto !== null) {
    feed(canonical(data))
    return
  }
  const keys = Object.keys(data)
  sortFew(keys)
  let opener = '{'
  for (let i = 0; i < keys.length; i++) {
    const value = data[keys[i]!]
    if (value === undefined) continue
    feed(opener)
    feedText(keys[i]!)
    feed(':')
    if (typeof value === 'string') feedText(value)
    else feed(written(value, 999))
    opener = ','
  }
  feed(opener === '{' ? '{}' : '}')
}

/** Sorts keys by code unit; of the few that data has, faster than the runtime's own sort. */
function sortFew(keys: string[]): void {
  if (keys.length > 12) keys.sort()
  else
    for (let i = 1; i < keys.length; i++) {
      const key = keys[i]!
      let at = i
      for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!
      keys[at] = key
    }
}

/** A text in quotes: as it stands where nothing needs escaping, which shows while it is read. */
function feedText(text: string): void {
  const leftBefore = left
  const rightBefore = right
  feedUnit(QUOTE)
  let a = left
  let b = right
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (!isOrdinary(unit)) {
      left = leftBefore
      right = rightBefore
      feed(JSON.stringify(text))
      return
    }
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0x5f356495)
  }
  left = a
  right = b
  feedUnit(QUOTE)
}

/** As `ordinary`, of one unit. */
const isOrdinary = (unit: number): boolean =>
  (unit >= 0x20 && unit < 0x7f && unit !== QUOTE && unit !== BACKSLASH) ||
  (unit >= 0xa0 && (unit < 0xd800 || unit > 0xdfff))

// The two halves of the digest that is being made: nothing comes between beginning and end.
let left = 0
let right = 0

function begin(at: number): void {
  left = 0x9e3779b9 ^ (at | 0)
  right = 0x85ebca6b ^ Math.floor(at / 0x1_0000_0000)
}

function feed(text: string): void {
  if (typeof text !== 'string') throw notPlain(text)
  let a = left
  let b = right
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0x5f356495)
  }
  left = a
  right = b
}

function feedUnit(unit: number): void {
  left = Math.imul(left ^ unit, 0x9e3779b1)
  right = Math.imul(right ^ unit, 0x5f356495)
}

/** Code units of the signs that are written around texts. */
const DIGIT = 0x30
const COLON = 0x3a
const QUOTE = 0x22
const BACKSLASH = 0x5c

function ended(): number {
  let a = left
  let b = right
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b & 0x1fffff) * 0x1_0000_0000 + (a >>> 0)
}

const PAIRS = /* @__PURE__ */ Array.from({ length: 1024 }, (_, i) => i.toString(32).padStart(2, '0'))

/** A digest as text of 12 characters, for names that stand in ids and states. */
export function digestName(text: string, at = 0): string {
  const bits = digest(text, at)
  const high = Math.floor(bits / 0x4000_0000)
  const low = bits - high * 0x4000_0000
  return sixLetters(high) + sixLetters(low)
}

const sixLetters = (bits: number) => `${PAIRS[bits >> 20]}${PAIRS[(bits >> 10) & 1023]}${PAIRS[bits & 1023]}`

/**
 * A copy as plain data: without prototypes, verbs of builders, and keys that hold nothing.
 *
 * @throws DefinitionError `not-plain-data` for what JSON cannot write, with its path: cycles, bigints, NaN, nothing at all.
 */
export function plain<T>(data: T): T {
  try {
    return JSON.parse(JSON.stringify(data, finite)) as T
  } catch {
    throw strangePart(data)
  }
}

/** The fault of the first part that JSON cannot write; of the whole where there is none, as with a cycle. */
function strangePart(data: unknown): DefinitionError {
  const seen = new Set<unknown>()
  const open: (readonly [path: string, value: unknown])[] = [['$', data]]
  try {
    for (const [path, value] of open) {
      if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)))
        return notPlain(value, path)
      if (typeof value !== 'object' || value === null || seen.has(value)) continue
      seen.add(value)
      const isList = Array.isArray(value)
      for (const [key, part] of Object.entries(value))
        open.push([isList ? `${path}[${key}]` : `${path}.${key}`, part])
    }
  } catch {
    // What cannot even be looked at is told as a whole.
  }
  return notPlain(data)
}
