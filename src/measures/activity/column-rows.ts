import { checkedTime, coder, type ReadColumns } from '../../kernel/columns.js'
import { fault } from '../../kernel/errors.js'
import type { Instant, Periods } from '../../kernel/index.js'
import { firstInstant, lastInstant } from '../../kernel/instant.js'
import { MIXED, type PeriodTable } from '../../kernel/periods.js'
import type { PeriodSets } from '../period-sets.js'

/** So many rows at a time that what is noted of them stays in the fastest cache. */
const block = 1024

/**
 * Sets the bits of rows; says which lie outside of the sets. First where the bits of a block lie and then the bits themselves, so
 * that the processor has many of them on the way at once: rows lie all over a memory that is larger than its cache.
 */
export function setBits(
  { bits, words, base }: PeriodSets,
  { indexOf }: Periods,
  table: PeriodTable,
  times: ArrayLike<number>,
  subjects: ArrayLike<number>,
  rows: Uint32Array | undefined,
): readonly number[] {
  const { width, first, codes, fences } = table
  // Places are 32-bit numbers; whoever has more than those fit adds one by one.
  const reach = bits.length <= 4_294_967_296 ? words * 32 : 0
  const outside: number[] = []
  if (words === 1 && rows === undefined) {
    // One word a person mostly fits into the cache: nothing is gained by waiting.
    for (let row = 0; row < times.length; row++) {
      const at = times[row]!
      const slot = Math.floor(at / width) - first
      let bit = codes[slot]! - base + (at >= fences[slot]! ? 1 : 0)
      if (bit >>> 0 >= 32) bit = indexOf(at) - base
      if (bit >>> 0 < 32) bits[subjects[row]!]! |= 1 << bit
      else outside.push(row)
    }
    return outside
  }
  const places = new Uint32Array(block)
  const masks = new Int32Array(block)
  for (let begin = 0; begin < times.length; begin += block) {
    const length = Math.min(block, times.length - begin)
    for (let i = 0; i < length; i++) {
      const at = times[begin + i]!
      const subject = subjects[begin + i]!
      const person = rows === undefined ? subject : rows[subject]!
      const slot = Math.floor(at / width) - first
      let bit = codes[slot]! - base + (at >= fences[slot]! ? 1 : 0)
      masks[i] = 1 << (bit & 31)
      // One comparison for both ends: below 0 lie also the slots of which every instant is asked for.
      if (bit >>> 0 >= reach) {
        bit = indexOf(at) - base
        masks[i] = bit >= 0 && bit < reach ? 1 << (bit & 31) : 0
        if (masks[i] === 0) outside.push(begin + i)
      }
      places[i] = Math.imul(person, words) + (bit >> 5)
    }
    for (let i = 0; i < length; i++) bits[places[i]!]! |= masks[i]!
  }
  return outside
}

/** Where a span is too long for a table: one slot, of which every instant is asked for. */
export const noTable: PeriodTable = {
  width: Infinity,
  first: 0,
  codes: Int32Array.of(MIXED),
  fences: Float64Array.of(Number.NaN),
}

/** Codes that are fit to be rows: ids with gaps wider than the rows get numbers of their own. */
export function codesOf({ length, subjects, names, times }: ReadColumns): {
  readonly subjects: ArrayLike<number>
  readonly names: readonly string[] | undefined
  readonly most: number
  readonly from: Instant
  readonly to: Instant
} {
  const { most, ...span } = checkRows(times, subjects, length)
  if (names !== undefined) {
    if (most < names.length) return { subjects, names, most, ...span }
    throw fault('out-of-range', '$.subject', most, 'codes that have a value')
  }
  if (most < 64 + 8 * length) return { subjects, names, most, ...span }
  const { values, codeOf } = coder()
  const codes = Uint32Array.from({ length }, (_, row) => codeOf(String(subjects[row])))
  return { subjects: codes, names: values, most: values.length - 1, ...span }
}

/** Checks instants and numbers of subjects, and says how far they reach. */
function checkRows(times: ArrayLike<number>, subjects: ArrayLike<number>, length: number) {
  let from = Infinity
  let to = -Infinity
  let most = 0
  for (let row = 0; row < length; row++) {
    const at = times[row]!
    const subject = subjects[row]!
    if (at < from) from = at
    if (at > to) to = at
    if (subject > most) most = subject
    // An instant is never -0, which only a closer look can tell from 0.
    if (at === 0 || !(Math.floor(at) === at && subject >= 0 && Math.floor(subject) === subject)) {
      checkedTime(times, row)
      checkNumber(subject, row)
    }
  }
  if (!(from >= firstInstant && to <= lastInstant))
    for (let row = 0; row < length; row++) checkedTime(times, row)
  if (most > Number.MAX_SAFE_INTEGER) throw fault('out-of-range', '$.subject', most, 'whole numbers from 0')
  return { from: from + 0, to: to + 0, most }
}

/** A subject of columns without names is a row. */
export function checkNumber(subject: number, row: number): void {
  if (!(Number.isSafeInteger(subject) && subject >= 0))
    throw fault('out-of-range', `$.subject[${row}]`, subject, 'a whole number from 0')
}
