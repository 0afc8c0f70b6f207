import { firstPeriod, type PeriodSets } from './period-sets.js'

/** Who came when, and which of them were there how long after: the triangle that retention by N is read from. */
export interface PeriodTriangle {
  /** How many rows came first in each period from `first` on. */
  readonly sizes: Float64Array<ArrayBuffer>
  /** How many of those were active so many periods after, in rows of `width`. */
  readonly counts: Uint32Array<ArrayBuffer>
}

/** Which part of the triangle. */
export interface TriangleFrame {
  /** The periods of arrival that are looked at, both included. */
  readonly first: number
  readonly last: number
  /** Offsets from 0, that many. */
  readonly width: number
  /** Arrivals before it do not count; -Infinity where the first in all history does. */
  readonly since: number
  /** Every period with an arrival begins anew, not only the first. */
  readonly recurring: boolean
}

/** As many words as fields of four bits can count. */
const most = 15

/**
 * Counts rows by their first arrival and by what they were active in after it. A row's activity from its arrival on is a word for
 * every 32 offsets. Words wait until there are fifteen for the same counts, and are then added at once, as fields of four
 * bits: that costs the same however many bits are set, and nothing in it has to be guessed by the processor.
 *
 * @see Warren, Hacker's Delight, 5-1 (counting in fields of a word); Klarqvist, Mula & Lemire (2021), "Efficient Computation
 * of Positional Population Counts Using SIMD Instructions".
 */
export function periodTriangle(
  arrivals: PeriodSets,
  activity: PeriodSets,
  frame: TriangleFrame,
): PeriodTriangle {
  const { first, last, width, recurring } = frame
  const cohorts = Math.max(last - first + 1, 0)
  const parts = Math.ceil(width / 32)
  const sizes = new Float64Array(cohorts)
  const counts = new Uint32Array(cohorts * width)
  // Of each cohort and part the words that wait, and last how many they are.
  const waiting = new Int32Array(cohorts * parts * (most + 1))
  if (recurring) countEvery(arrivals, activity, frame, sizes, waiting, counts)
  else countFirst(arrivals, activity, frame, sizes, waiting, counts)
  for (let place = 0; place < cohorts * parts; place++) settle(waiting, counts, parts, width, place)
  return { sizes, counts }
}

/** A function of its own, and nothing after the loop: it is made fast while it runs, and stays so. */
function countFirst(
  { bits: entered, words: wide, base: origin, rows }: PeriodSets,
  { bits, words, base, rows: known }: PeriodSets,
  { first, width, since }: TriangleFrame,
  sizes: Float64Array,
  waiting: Int32Array,
  counts: Uint32Array,
): void {
  const parts = Math.ceil(width / 32)
  const from = Math.max(since - origin, 0)
  const start = from >> 5
  const mask = -1 << (from & 31)
  const lead = origin - first
  const offset = origin - base
  const end = from < wide * 32 ? rows : 0
  for (let row = 0; row < end; row++) {
    let word = start
    let left = entered[row * wide + word]! & mask
    while (left === 0 && ++word < wide) left = entered[row * wide + word]! | 0
    if (left === 0) continue
    const arrival = (word << 5) + 31 - Math.clz32(left & -left)
    const cohort = arrival + lead
    if (cohort < 0 || cohort >= sizes.length) continue
    sizes[cohort]! += 1
    if (row >= known) continue
    for (let part = 0; part < parts; part++) {
      const value = wordFrom(bits, row * words, words, arrival + offset + (part << 5))
      if (value !== 0) wait(waiting, counts, parts, width, cohort * parts + part, value)
    }
  }
}

function countEvery(
  arrivals: PeriodSets,
  { bits, words, base, rows: known }: PeriodSets,
  { first, last, width, since }: TriangleFrame,
  sizes: Float64Array,
  waiting: Int32Array,
  counts: Uint32Array,
): void {
  const parts = Math.ceil(width / 32)
  for (let row = 0; row < arrivals.rows; row++) {
    let arrival = firstPeriod(arrivals, row, Math.max(first, since))
    for (; arrival !== undefined && arrival <= last; arrival = firstPeriod(arrivals, row, arrival + 1)) {
      sizes[arrival - first]! += 1
      for (let part = 0; part < parts && row < known; part++) {
        const value = wordFrom(bits, row * words, words, arrival - base + 32 * part)
        if (value !== 0) wait(waiting, counts, parts, width, (arrival - first) * parts + part, value)
      }
    }
  }
}

/** 32 periods of a row from bit `at` on; arrivals may begin long before the activity, and go on after it. */
function wordFrom(bits: Uint32Array, start: number, words: number, at: number): number {
  const word = at >> 5
  const shift = at & 31
  const low = word >= 0 && word < words ? bits[start + word]! >>> shift : 0
  const high = shift > 0 && word >= -1 && word + 1 < words ? bits[start + word + 1]! << (32 - shift) : 0
  return low | high
}

/** A word waits at its place; the fifteenth takes all of them with it. */
function wait(
  waiting: Int32Array,
  counts: Uint32Array,
  parts: number,
  width: number,
  place: number,
  word: number,
): void {
  const start = place * (most + 1)
  const ahead = waiting[start + most]!
  waiting[start + ahead] = word
  waiting[start + most] = ahead + 1
  if (ahead + 1 === most) settle(waiting, counts, parts, width, place)
}

/** Adds the words that wait at a place to its counts. */
function settle(waiting: Int32Array, counts: Uint32Array, parts: number, width: number, place: number): void {
  const start = place * (most + 1)
  const end = start + waiting[start + most]!
  // Every fourth column from the first, the second, the third and the fourth.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let at = start; at < end; at++) {
    const word = waiting[at]!
    a = (a + (word & 0x1111_1111)) | 0
    b = (b + ((word >>> 1) & 0x1111_1111)) | 0
    c = (c + ((word >>> 2) & 0x1111_1111)) | 0
    d = (d + ((word >>> 3) & 0x1111_1111)) | 0
  }
  waiting[start + most] = 0
  const part = place % parts
  const first = ((place - part) / parts) * width + part * 32
  const beyond = Math.min(32, width - part * 32)
  for (let column = 0; column < beyond; column += 4) {
    counts[first + column]! += (a >>> column) & 15
    if (column + 1 < beyond) counts[first + column + 1]! += (b >>> column) & 15
    if (column + 2 < beyond) counts[first + column + 2]! += (c >>> column) & 15
    if (column + 3 < beyond) counts[first + column + 3]! += (d >>> column) & 15
  }
}
