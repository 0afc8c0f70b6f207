// What one writes by hand for exactly these tables, to win: typed arrays, one word a person, the zone as a table of days and
// one comparison. Nothing is checked, nothing is named, and nothing but this table can be read from what is kept.
import { calendarOf, periodsOf } from '../../dist/kernel.js'
import { months, span } from './events.mjs'

const DAY = 86_400_000
const firstDay = Math.floor(span.from / DAY)
const days = Math.ceil(span.to / DAY) - firstDay

/**
 * The period of each UTC day's start, and the instant within the day from which the next one runs.
 * @param {string} zone
 * @param {'month' | 'day'} unit
 */
export function tableOf(zone, unit) {
  const periods = periodsOf(calendarOf({ zone }), unit)
  const base = periods.indexOf(span.from)
  const codes = new Int32Array(days)
  const fences = new Float64Array(days).fill(Infinity)
  for (let day = 0; day < days; day++) {
    const start = (firstDay + day) * DAY
    const index = periods.indexOf(start)
    codes[day] = index - base
    if (periods.indexOf(start + DAY - 1) > index) fences[day] = periods.startOf(index + 1)
  }
  return { codes, fences }
}

/**
 * Months in which each person was active, a bit each.
 * @param {string} zone
 */
export function monthMasks({ subject, occurredAt, users }, zone) {
  const { codes, fences } = tableOf(zone, 'month')
  const masks = new Uint32Array(users)
  for (let row = 0; row < subject.length; row++) {
    const at = occurredAt[row]
    const day = Math.floor(at / DAY) - firstDay
    masks[subject[row]] |= 1 << (codes[day] + (at >= fences[day] ? 1 : 0))
  }
  return masks
}

/** Everybody's months from their first. */
export function monthTable(masks, width) {
  const sizes = new Float64Array(months)
  const retained = new Float64Array(months * width)
  const window = 2 ** width - 1
  for (let user = 0; user < masks.length; user++) {
    const mask = masks[user]
    if (mask === 0) continue
    const first = 31 - Math.clz32(mask & -mask)
    sizes[first] += 1
    for (let left = (mask >>> first) & window; left !== 0; left &= left - 1)
      retained[first * width + 31 - Math.clz32(left & -left)] += 1
  }
  return rated({ sizes, retained, width })
}

/** One set of masks from several. */
export function mergedMasks(shards) {
  const masks = shards[0].slice()
  for (const shard of shards.slice(1))
    for (let user = 0; user < masks.length; user++) masks[user] |= shard[user]
  return masks
}

/**
 * By day, twice over the rows: the first day of each person, and then a bit for each of the days that are in the table.
 * @param {string} zone
 */
export function dayTable({ subject, occurredAt, users }, zone, width) {
  const { codes, fences } = tableOf(zone, 'day')
  const local = new Int16Array(subject.length)
  const firsts = new Int16Array(users).fill(days)
  for (let row = 0; row < subject.length; row++) {
    const at = occurredAt[row]
    const utc = Math.floor(at / DAY) - firstDay
    const day = codes[utc] + (at >= fences[utc] ? 1 : 0)
    local[row] = day
    if (day < firsts[subject[row]]) firsts[subject[row]] = day
  }
  const masks = new Uint32Array(users)
  for (let row = 0; row < subject.length; row++) {
    const offset = local[row] - firsts[subject[row]]
    if (offset < width) masks[subject[row]] |= 1 << offset
  }
  const sizes = new Float64Array(days)
  const retained = new Float64Array(days * width)
  for (let user = 0; user < users; user++) {
    const first = firsts[user]
    if (first === days) continue
    sizes[first] += 1
    for (let left = masks[user]; left !== 0; left &= left - 1)
      retained[first * width + 31 - Math.clz32(left & -left)] += 1
  }
  return rated({ sizes: sizes.subarray(0, days - 1), retained, width })
}

/** By day with a bit for every day of the two years, as far as memory carries: 23 words a person. */
export function dayTableOfBits({ subject, occurredAt, users }, zone, width) {
  const { codes, fences } = tableOf(zone, 'day')
  const words = Math.ceil(days / 32)
  const bits = new Uint32Array(users * words + 1)
  for (let row = 0; row < subject.length; row++) {
    const at = occurredAt[row]
    const utc = Math.floor(at / DAY) - firstDay
    const day = codes[utc] + (at >= fences[utc] ? 1 : 0)
    bits[subject[row] * words + (day >> 5)] |= 1 << (day & 31)
  }
  const sizes = new Float64Array(days)
  const retained = new Float64Array(days * width)
  const window = 2 ** width - 1
  for (let user = 0; user < users; user++) {
    const start = user * words
    let word = 0
    while (word < words && bits[start + word] === 0) word++
    if (word === words) continue
    const low = bits[start + word]
    const shift = 31 - Math.clz32(low & -low)
    const first = word * 32 + shift
    const more = shift === 0 || word + 1 === words ? 0 : bits[start + word + 1] << (32 - shift)
    sizes[first] += 1
    for (let left = ((low >>> shift) | more) & window; left !== 0; left &= left - 1)
      retained[first * width + 31 - Math.clz32(left & -left)] += 1
  }
  return rated({ sizes: sizes.subarray(0, days - 1), retained, width })
}

/** Rates with Wilson's intervals, of the cells that have begun. */
export function rated({ sizes, retained, width }) {
  const z = 1.959963984540054
  const cells = []
  for (let cohort = 0; cohort < sizes.length; cohort++) {
    for (let offset = 0; offset < width && cohort + offset < sizes.length; offset++) {
      const n = sizes[cohort]
      const hits = retained[cohort * width + offset]
      if (n === 0) {
        cells.push({ n, hits, value: 0, low: 0, high: 0 })
        continue
      }
      const value = hits / n
      const middle = (value + (z * z) / (2 * n)) / (1 + (z * z) / n)
      const half = (z * Math.sqrt((value * (1 - value)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n)
      cells.push({ n, hits, value, low: middle - half, high: middle + half })
    }
  }
  return cells
}
