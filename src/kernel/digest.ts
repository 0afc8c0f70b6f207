import { DefinitionError } from './errors.js'

/** Plain JSON. Definitions, events and states are nothing else. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * One text for equal data: keys by code unit, nothing optional left in. Two hosts that agree on the data agree on the text.
 *
 * @throws DefinitionError `not-plain-data` for functions, symbols, bigints, NaN and Infinity.
 */
export function canonical(value: unknown, path = '$'): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notPlain(path, value)
    return value === 0 ? '0' : String(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map((item, i) => canonical(item, `${path}[${i}]`)).join()}]`
  if (typeof value !== 'object') throw notPlain(path, value)
  const data = value as Readonly<Record<string, unknown>>
  let text = '{'
  for (const key of Object.keys(data).sort()) {
    const item = data[key]
    if (item === undefined) continue
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:${canonical(item, `${path}.${key}`)}`
  }
  return `${text}}`
}

const notPlain = (path: string, value: unknown) =>
  new DefinitionError({ code: 'not-plain-data', path, value, expected: 'JSON' })

/**
 * A digest of 53 bits, as a safe integer: two multiplicative hashes over the code units, mixed at the end. It tells
 * apart what a mistake makes different; it is no protection against somebody who searches for a collision.
 */
export function digest(text: string): number {
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b & 0x1fffff) * 0x1_0000_0000 + (a >>> 0)
}

/** A digest as text of 11 characters, for names that stand in ids and states. */
export const digestName = (text: string): string => digest(text).toString(36).padStart(11, '0')

/** A copy as plain data: without prototypes, verbs of builders, and keys that hold nothing. */
export const plain = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T
