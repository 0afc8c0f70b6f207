import { fault } from '../kernel/errors.js'

/**
 * In which periods each of many people was active: one bit a period, in rows of 32-bit words. Everything that asks "when
 * was who here" reads it: N-day and unbounded retention, streaks, stickiness, growth, recency. People are row numbers, periods
 * are whole numbers (months, days) without gaps; neither has to be known beforehand.
 *
 * A set of bits cannot tell once from twice, so taking out what was put in needs `repeats`: how often, beyond the first,
 * by `row * 2^22 + (period + 2^21)`. Plain data that `structuredClone` and worker threads pass on.
 */
export interface PeriodSets {
  /** The period of the first bit of a row. */
  base: number
  /** Words a row. */
  words: number
  /** Rows in use; `bits` may have room for more. */
  rows: number
  bits: Uint32Array
  readonly repeats: Map<number, number> | null
}

/** Periods lie within ±2^21: hours reach from 1731 to 2209, days further than instants. */
const reach = 2_097_152
const span = 4_194_304

/** Nobody yet; with `counted`, events can be taken out again and counted. */
export function emptyPeriodSets({ counted }: { readonly counted: boolean }): PeriodSets {
  return { base: 0, words: 0, rows: 0, bits: new Uint32Array(0), repeats: counted ? new Map() : null }
}

/** @throws DefinitionError `out-of-range` for a period too far from 1970 to have a bit. */
export function checkReach(period: number): void {
  if (!(period >= -reach && period < reach))
    throw fault('out-of-range', '$.occurredAt', period, 'a period near enough to be counted')
}

/**
 * Makes room for rows and periods that are to come; loops that have done so may set bits by themselves. Where rows come
 * one by one, `doubling` keeps the room from being made for each of them.
 */
export function reserve(sets: PeriodSets, rows: number, first: number, last: number, doubling = false): void {
  checkReach(first)
  checkReach(last)
  if (sets.words === 0) sets.base = first
  const low = Math.min(sets.base, first)
  // Bits that stand for no period yet are given up where the first period moves, or two years would take two words.
  const high =
    low < sets.base && sets.words > 0 ? (lastUsed(sets) ?? sets.base) : sets.base + sets.words * 32 - 1
  const words = Math.ceil((Math.max(high, last) + 1 - low) / 32)
  const room = sets.words === 0 ? 0 : sets.bits.length / sets.words
  if (rows > room || words !== sets.words || low !== sets.base) {
    const wanted = rows <= room ? room : doubling ? Math.max(rows, 2 * room, 16) : rows
    sets.bits = moved(sets, sets.rows, { base: low, words, room: wanted })
    sets.base = low
    sets.words = words
  }
  if (rows > sets.rows) sets.rows = rows
}

/** The last period that anybody has. */
export function lastUsed({ bits, base, words, rows }: PeriodSets): number | undefined {
  for (let word = words - 1; word >= 0; word--) {
    let any = 0
    for (let row = 0; row < rows; row++) any |= bits[row * words + word]!
    if (any !== 0) return base + word * 32 + 31 - Math.clz32(any)
  }
  return undefined
}

/** The rows in another frame, which holds all that is set in the old one. */
function moved(
  { bits, base, words }: PeriodSets,
  rows: number,
  to: { readonly base: number; readonly words: number; readonly room: number },
): Uint32Array {
  const target = new Uint32Array(to.words * to.room)
  const shift = base - to.base
  if (shift === 0 && words === to.words) {
    target.set(bits.subarray(0, rows * words))
    return target
  }
  const skip = shift >> 5
  const left = shift & 31
  for (let row = 0; row < rows; row++) {
    for (let word = 0; word < words; word++) {
      const value = bits[row * words + word]!
      if (value === 0) continue
      const at = row * to.words + word + skip
      target[at]! |= value << left
      // Where nothing lies above, there may be no further word to write to.
      const over = left === 0 ? 0 : value >>> (32 - left)
      if (over !== 0) target[at + 1]! |= over
    }
  }
  return target
}

const keyOf = (row: number, period: number): number => row * span + period + reach

/** Notes one event of a row in a period. */
export function addPeriod(sets: PeriodSets, row: number, period: number): void {
  const bit = period - sets.base
  if (row >= sets.rows || bit < 0 || bit >= sets.words * 32)
    reserve(sets, Math.max(row + 1, sets.rows), period, period, true)
  const offset = period - sets.base
  const at = row * sets.words + (offset >> 5)
  const mask = 1 << (offset & 31)
  if (sets.repeats !== null && (sets.bits[at]! & mask) !== 0) {
    const key = keyOf(row, period)
    sets.repeats.set(key, (sets.repeats.get(key) ?? 0) + 1)
  }
  sets.bits[at]! |= mask
}

/**
 * Takes one event out again.
 *
 * @returns whether there was one.
 * @throws DefinitionError `missing` where sets are not counted.
 */
export function removePeriod(sets: PeriodSets, row: number, period: number): boolean {
  const { repeats } = sets
  if (repeats === null) throw fault('missing', '$.repeats', null, 'sets that are counted')
  if (!hasPeriod(sets, row, period)) return false
  const key = keyOf(row, period)
  const more = repeats.get(key)
  if (more === undefined) {
    const offset = period - sets.base
    sets.bits[row * sets.words + (offset >> 5)]! &= ~(1 << (offset & 31))
  } else if (more === 1) repeats.delete(key)
  else repeats.set(key, more - 1)
  return true
}

/** A row goes, and the last one, `last`, takes its place. */
export function dropRow(sets: PeriodSets, row: number, last: number): void {
  const { bits, words, repeats } = sets
  if (last < sets.rows) {
    bits.copyWithin(row * words, last * words, (last + 1) * words)
    bits.fill(0, last * words, (last + 1) * words)
    sets.rows = last
  } else if (row < sets.rows) bits.fill(0, row * words, (row + 1) * words)
  if (repeats === null) return
  for (const key of [...repeats.keys()]) if (Math.floor(key / span) === row) repeats.delete(key)
  for (const [key, times] of [...repeats]) {
    if (Math.floor(key / span) !== last || row === last) continue
    repeats.delete(key)
    repeats.set(key + (row - last) * span, times)
  }
}

/** Whether a row was active in a period. */
export function hasPeriod(sets: PeriodSets, row: number, period: number): boolean {
  const offset = period - sets.base
  if (offset < 0 || offset >= sets.words * 32) return false
  return (sets.bits[row * sets.words + (offset >> 5)]! & (1 << (offset & 31))) !== 0
}

/** How many events a row had in a period; without counts, 1 for any. */
export function timesIn(sets: PeriodSets, row: number, period: number): number {
  return hasPeriod(sets, row, period) ? 1 + (sets.repeats?.get(keyOf(row, period)) ?? 0) : 0
}

/** The first active period at or after `from`. */
export function firstPeriod(sets: PeriodSets, row: number, from = -Infinity): number | undefined {
  const { base, words, bits } = sets
  const begin = Math.max(from - base, 0)
  if (begin >= words * 32) return undefined
  const start = row * words
  let word = begin >> 5
  let value = bits[start + word]! & (-1 << (begin & 31))
  while (value === 0) {
    word += 1
    if (word >= words) return undefined
    value = bits[start + word]!
  }
  return base + word * 32 + 31 - Math.clz32(value & -value)
}

/** The first period in which anybody was active. */
export function earliestPeriod({ base, words, bits, rows }: PeriodSets): number | undefined {
  // Only words are looked at that may hold an earlier one: soon just the first of each row, and none once its first bit is met.
  let end = words
  let any = 0
  for (let row = 0; row < rows && !(end === 1 && (any & 1) !== 0); row++) {
    const start = row * words
    for (let word = 0; word < end; word++) {
      const value = bits[start + word]! | 0
      if (value === 0) continue
      any = word + 1 < end ? value : any | value
      end = word + 1
    }
  }
  return any === 0 ? undefined : base + (end - 1) * 32 + 31 - Math.clz32(any & -any)
}

/** The last active period at or before `to`. */
export function lastPeriod(sets: PeriodSets, row: number, to = Infinity): number | undefined {
  const { base, words, bits } = sets
  const end = Math.min(to - base, words * 32 - 1)
  if (end < 0) return undefined
  const start = row * words
  let word = end >> 5
  let value = bits[start + word]! & (-1 >>> (31 - (end & 31)))
  while (value === 0) {
    word -= 1
    if (word < 0) return undefined
    value = bits[start + word]!
  }
  return base + word * 32 + 31 - Math.clz32(value)
}

/** In how many periods from `from` to `to`, both included, a row was active. */
export function periodsActive(sets: PeriodSets, row: number, from: number, to: number): number {
  let count = 0
  eachWord(sets, row, from, to, (value) => {
    count += popcount(value)
  })
  return count
}

/** The longest run of active periods within `from` to `to`. */
export function longestRun(sets: PeriodSets, row: number, from: number, to: number): number {
  let longest = 0
  for (let at = firstPeriod(sets, row, from); at !== undefined && at <= to; ) {
    const end = firstGap(sets, row, at, to)
    longest = Math.max(longest, end - at)
    at = firstPeriod(sets, row, end)
  }
  return longest
}

/** How many periods in a row a person was active, up to and with `to`; 0 where not in `to`. */
export function runUpTo(sets: PeriodSets, row: number, to: number): number {
  let period = to
  while (hasPeriod(sets, row, period)) period -= 1
  return to - period
}

/** The first period at or after `from` without activity, at most `to + 1`. */
function firstGap(sets: PeriodSets, row: number, from: number, to: number): number {
  let period = from
  while (period <= to && hasPeriod(sets, row, period)) period += 1
  return period
}

function eachWord(
  { base, words, bits }: PeriodSets,
  row: number,
  from: number,
  to: number,
  visit: (value: number) => void,
): void {
  const first = Math.max(from - base, 0)
  const last = Math.min(to - base, words * 32 - 1)
  if (first > last) return
  for (let word = first >> 5; word <= last >> 5; word++) {
    let value = bits[row * words + word]!
    if (word === first >> 5) value &= -1 << (first & 31)
    if (word === last >> 5) value &= -1 >>> (31 - (last & 31))
    visit(value)
  }
}

/** Bits that are set. (Warren, Hacker's Delight, 5-1) */
function popcount(value: number): number {
  const pairs = value - ((value >>> 1) & 0x5555_5555)
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

/**
 * Both together, in sets of their own. Rows of the second are the rows `rowOf` says in the first, and those it adds; without
 * it, the same row numbers mean the same people.
 */
export function mergePeriodSets(
  a: PeriodSets,
  b: PeriodSets,
  rowOf?: Uint32Array,
  rows?: number,
): PeriodSets {
  const all = rows ?? Math.max(a.rows, b.rows)
  const counted = a.repeats !== null && b.repeats !== null
  const [one, other] = [a, b].filter(({ words }) => words > 0) as [PeriodSets?, PeriodSets?]
  if (one === undefined) return { ...emptyPeriodSets({ counted }), rows: all }
  const aligned = other === undefined || one.base === other.base
  const ends = [one, other ?? one].map((sets) =>
    aligned ? sets.base + sets.words * 32 - 1 : (lastUsed(sets) ?? sets.base),
  )
  const base = Math.min(one.base, other?.base ?? one.base)
  const words = Math.ceil((Math.max(...ends) + 1 - base) / 32)
  if (
    rowOf === undefined &&
    !counted &&
    a.base === base &&
    b.base === base &&
    a.words === words &&
    b.words === words
  )
    return { base, words, rows: all, bits: united(a, b, words * all), repeats: null }
  const bits = a.words > 0 ? moved(a, a.rows, { base, words, room: all }) : new Uint32Array(words * all)
  const merged: PeriodSets = { base, words, rows: all, bits, repeats: counted ? new Map(a.repeats!) : null }
  if (b.words === 0) return merged
  for (let row = 0; row < b.rows; row++) {
    const target = rowOf === undefined ? row : rowOf[row]!
    for (let p = firstPeriod(b, row); p !== undefined; p = firstPeriod(b, row, p + 1)) {
      addPeriod(merged, target, p)
      const more = counted ? b.repeats!.get(keyOf(row, p)) : undefined
      if (more === undefined) continue
      const key = keyOf(target, p)
      merged.repeats!.set(key, (merged.repeats!.get(key) ?? 0) + more)
    }
  }
  return merged
}

/** The bits of both, row by row in the same frame. */
function united(a: PeriodSets, b: PeriodSets, length: number): Uint32Array {
  const [shorter, longer] = a.rows < b.rows ? [a, b] : [b, a]
  const more = shorter.bits
  const all = longer.bits
  const end = shorter.rows * shorter.words
  const bits = new Uint32Array(length)
  for (let at = 0; at < end; at++) bits[at] = all[at]! | more[at]!
  bits.set(all.subarray(end, longer.rows * longer.words), end)
  return bits
}
