import { fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { checkMarks } from './chart.js'

/** What is charted is read once, field by field: a NaN or a text among numbers would be drawn as something. */

/** An object, or a fault. */
export function recordAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw fault('wrong-type', path, value, 'an object')
  return value
}

/** A list of what a chart can hold, or a fault. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw fault('wrong-type', path, value, 'a list')
  checkMarks(value.length, path, 'entries')
  return value
}

/** Text, or a fault. */
export function textAt(value: unknown, path: string): string {
  if (typeof value !== 'string') throw fault('wrong-type', path, value, 'text')
  return value
}

/** The fingerprint of a result, where it has one. */
export const fingerprintAt = ({ fingerprint }: Readonly<Record<string, unknown>>): string | undefined =>
  fingerprint === undefined ? undefined : textAt(fingerprint, '$.fingerprint')

/** One of these words, or a fault. */
export function wordAt<W extends string | boolean>(value: unknown, words: readonly W[], path: string): W {
  const word = words.find((word) => word === value)
  if (word === undefined) throw fault('wrong-type', path, value, words.join(' | '))
  return word
}

/** A finite number, or a fault. */
export function numberAt(value: unknown, path: string, least = -Number.MAX_VALUE): number {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(Number.isFinite(value) && value >= least))
    throw fault('out-of-range', path, value, least === 0 ? 'a finite number from 0' : 'a finite number')
  return value + 0
}

/** A whole number from 0, or a fault. */
export function countAt(value: unknown, path: string): number {
  const count = numberAt(value, path, 0)
  if (!Number.isSafeInteger(count)) throw fault('out-of-range', path, value, 'a whole number from 0')
  return count
}

/** A number from 0 to 1, or a fault. */
export function shareAt(value: unknown, path: string): number {
  const share = numberAt(value, path, 0)
  if (share > 1) throw fault('out-of-range', path, value, 'from 0 to 1')
  return share
}

/** A number with its interval; without one, `low` and `high` are `undefined`. */
export interface ChartedEstimate {
  readonly value: number
  readonly low: number | undefined
  readonly high: number | undefined
}

/** A share with its interval, or `undefined` and the reason why there is none. */
export function rateAt(value: unknown, path: string): ChartedEstimate | { readonly reason: string } {
  const { kind, reason, value: share, interval } = recordAt(value, path)
  if (wordAt(kind, ['estimate', 'undefined'], `${path}.kind`) === 'undefined')
    return { reason: textAt(reason, `${path}.reason`) }
  const { low, high } = recordAt(interval, `${path}.interval`)
  return {
    value: shareAt(share, `${path}.value`),
    low: shareAt(low, `${path}.interval.low`),
    high: shareAt(high, `${path}.interval.high`),
  }
}

/** Names that are all different, or a fault: two lines of one name would be drawn as one. */
export function distinctNames(names: readonly string[], pathOf: (place: number) => string): void {
  const seen = new Map<string, number>()
  for (const [i, name] of names.entries()) {
    const first = seen.get(name)
    // The name may be somebody's; its place says as much.
    if (first !== undefined)
      throw fault('duplicate-name', pathOf(i), i, `a name other than that of entry ${first}`)
    seen.set(name, i)
  }
}
