import type { Instant } from '../../kernel/index.js'
import { type Collected, VALUE } from '../../measures/activity/collected.js'
import { ACTIVE, ENTRY, TYPED } from '../../measures/activity/event-choice.js'
import { firstPeriod, type PeriodSets, timesIn } from '../../measures/period-sets.js'
import { periodTriangle } from '../../measures/period-triangle.js'
import { elapsedClock } from './elapsed-clock.js'
import type { Column, Frame } from './frame.js'
import type { Settings } from './settings.js'

/** Counts by cohort and column, in rows of `columns`. */
export interface Counts {
  readonly sizes: Float64Array
  readonly eligible: Float64Array
  readonly retained: Float64Array
  readonly seen: Float64Array
  /** Whose window has passed, of time that elapsed; nothing by the calendar, where a whole cohort's passes at once. */
  readonly matured: Float64Array
  readonly totals: Float64Array | undefined
}

/** A cell whose people are wanted, or a column. */
interface Watch {
  /** Every cohort unless told. */
  readonly cohort?: number
  readonly column: number
  /** `eligible`: the window has passed; `hit`: they were active in it. */
  note(row: number, eligible: boolean, hit: boolean, cohort: number): void
}

/** Whom to count, and whom to watch. */
interface Choice {
  /** The number of a value: only those whose entry had it. */
  readonly value?: number | undefined
  /** Ranks of values by number: of entries at the same instant, that with the lowest comes first, in whatever order they came in. */
  readonly ranks?: readonly number[] | undefined
  readonly watch?: Watch
}

/**
 * Counts everybody of one collection. Every reading is the same walk: whose
 * entries, at which offsets they were active, which columns that marks, and how far their windows have passed.
 */
export function countTable(
  { entries, activity, instants }: Collected,
  settings: Settings,
  frame: Frame,
  { value, ranks, watch }: Choice = {},
): Counts {
  const { first, last, through, over, asOf, columns } = frame
  const { entryRule, minimum, clock, everybodyAtZero, matureOnly, periods } = settings
  const elapsed = elapsedClock(settings)
  const width = columns.length
  const rows = Math.max(last - first + 1, 0)
  // Differences: a stretch of marked columns costs two additions, however long it is.
  const seen = new Float64Array(rows * width + 1)
  const passed = new Float64Array(clock === 'calendar' ? 0 : rows * width + 1)
  const able = new Float64Array(clock === 'calendar' ? 0 : rows * width + 1)
  let sizes = new Float64Array(rows)
  const totals = settings.collection.sum === undefined ? undefined : new Float64Array(rows * width)
  const mark = markerFor(settings.measure, columns, everybodyAtZero)
  // What one entry marks; kept from one to the next, so that counting allocates nothing.
  let offsets = new Int32Array(64)
  let count = 0
  const stretches = new Int32Array(2 * Math.max(width, 1) + 2)

  const furthest = furthestOffset(settings.measure, columns)
  // Bits that each mark a column of their own are counted where they are found.
  const plain = settings.measure === 'on' && minimum === 1 && watch === undefined
  let direct: Uint32Array | undefined

  const push = (offset: number): void => {
    if (count === offsets.length) {
      const more = new Int32Array(2 * count)
      more.set(offsets)
      offsets = more
    }
    offsets[count++] = offset
  }
  const close = (row: number, cohort: number, horizon: number): void => {
    const at = (cohort - first) * width
    sizes[cohort - first]! += 1
    const marked = mark(offsets, count, stretches)
    const watched = watch !== undefined && (watch.cohort ?? cohort) === cohort
    // By the calendar all windows of a cohort pass at once, and are cut once at the end.
    const open = clock === 'calendar' && !watched ? 0 : columnsPassed(columns, horizon)
    let hit = false
    for (let i = 0; i < marked; i += 2) {
      const from = stretches[i]!
      const to = stretches[i + 1]!
      seen[at + from]! += 1
      if (to + 1 < width) seen[at + to + 1]! -= 1
      if (watched && from <= watch.column && watch.column <= to) hit = true
      if (clock === 'calendar' || from >= open) continue
      passed[at + from]! += 1
      if (Math.min(to + 1, open) < width) passed[at + Math.min(to + 1, open)]! -= 1
    }
    if (clock !== 'calendar' && open > 0) {
      able[at]! += 1
      if (open < width) able[at + open]! -= 1
    }
    if (watched) watch.note(row, watch.column < open, hit, cohort)
  }

  if (instants === null && plain) countPlain(entries ?? activity!, activity!)
  else if (instants === null) countSets()
  else
    for (let row = 0; row < instants.length; row++)
      if (instants[row] !== undefined) countInstants(row, instants[row]!)
  return finished()

  function countPlain(arrivals: PeriodSets, active: PeriodSets): void {
    const since = entryRule === 'first-matching' ? -Infinity : first
    const recurring = entryRule === 'recurring'
    const triangle = periodTriangle(arrivals, active, { first, last, width, since, recurring })
    sizes = triangle.sizes
    direct = triangle.counts
    // What lies after the last period that counts is not for this table.
    for (let row = 0; row < rows; row++)
      direct.fill(0, row * width + Math.min(Math.max(through - first - row + 1, 0), width), (row + 1) * width)
  }

  function countSets(): void {
    const arrivals = entries ?? activity!
    const active = activity!
    for (let row = 0; row < arrivals.rows; row++) {
      const from = entryRule === 'first-matching' ? -Infinity : first
      let cohort = firstPeriod(arrivals, row, from)
      while (cohort !== undefined && cohort <= last) {
        if (cohort >= first) {
          count = 0
          offsetsFrom(active, row, cohort)
          close(row, cohort, over - cohort)
        }
        if (entryRule !== 'recurring') break
        cohort = firstPeriod(arrivals, row, cohort + 1)
      }
    }
  }

  function offsetsFrom(sets: PeriodSets, row: number, cohort: number): void {
    if (row >= sets.rows) return
    const { bits, words, base } = sets
    const start = Math.max(cohort - base, 0)
    const end = Math.min(through - base, words * 32 - 1, cohort + furthest - base)
    for (let word = start >> 5; word <= end >> 5; word++) {
      let left = bits[row * words + word]!
      if (word === start >> 5) left &= -1 << (start & 31)
      if (word === end >> 5) left &= -1 >>> (31 - (end & 31))
      while (left !== 0) {
        const low = left & -left
        left ^= low
        const period = base + word * 32 + 31 - Math.clz32(low)
        if (minimum === 1 || timesIn(sets, row, period) >= minimum) push(period - cohort)
      }
    }
  }

  function countInstants(row: number, own: readonly number[]): void {
    const order: number[] = []
    for (let i = 0; i < own.length; i += 3) if (own[i]! <= asOf) order.push(i)
    order.sort((a, b) => own[a]! - own[b]! || rankOf(own[a + 1]!) - rankOf(own[b + 1]!))
    for (const { period, at, mark: marks } of entriesOf(order, own)) {
      if (period < first || period > last || (value !== undefined && Math.floor(marks / VALUE) !== value))
        continue
      const start = elapsed === undefined ? period : elapsed.seenBy(at)
      // Offsets may come out of order where clocks were set back, and more than once.
      const found: number[] = []
      for (const i of order) {
        if ((own[i + 1]! & ACTIVE) === 0) continue
        const offset = offsetOf(own[i]!, start, at)
        if (offset < 0) continue
        found.push(offset)
        if (totals !== undefined) addTo(totals, period, offset, own[i + 2]!)
      }
      found.sort((a, b) => a - b)
      count = 0
      for (let i = 0; i < found.length; ) {
        let next = i + 1
        while (next < found.length && found[next] === found[i]) next++
        if (next - i >= minimum) push(found[i]!)
        i = next
      }
      close(row, period, elapsed === undefined ? over - period : elapsed.passedBy(asOf, start))
    }
  }

  function entriesOf(
    order: readonly number[],
    own: readonly number[],
  ): readonly { readonly period: number; readonly at: Instant; readonly mark: number }[] {
    const arrivals = order.flatMap((i) =>
      (own[i + 1]! & ENTRY) === 0
        ? []
        : [{ period: periods.indexOf(own[i]!), at: own[i]!, mark: own[i + 1]! }],
    )
    if (entryRule === 'recurring') {
      const met = new Set<number>()
      return arrivals.filter(({ period }) => !met.has(period) && met.add(period))
    }
    if (entryRule === 'first-ever') {
      const ever = order.find((i) => (own[i + 1]! & TYPED) !== 0)
      return arrivals.filter(({ at }) => ever !== undefined && at === own[ever]).slice(0, 1)
    }
    const able = entryRule === 'first-in-window' ? arrivals.filter(({ period }) => period >= first) : arrivals
    // By the calendar the first period counts; clocks that were set back may have shown it after a later one.
    if (clock !== 'calendar') return able.slice(0, 1)
    const earliest = able.reduce((least, { period }) => Math.min(least, period), Infinity)
    return able.filter(({ period }) => period === earliest).slice(0, 1)
  }

  function rankOf(marks: number): number {
    return ranks === undefined ? 0 : ranks[Math.floor(marks / VALUE)]!
  }

  function offsetOf(at: Instant, start: number, entered: Instant): number {
    if (clock === 'calendar') return periods.indexOf(at) - start
    if (at < entered) return -1
    return Math.floor((elapsed!.seenBy(at) - start) / clock.length)
  }

  function addTo(sums: Float64Array, cohort: number, offset: number, amount: number): void {
    if (offset < width) sums[(cohort - first) * width + offset]! += amount
  }

  function finished(): Counts {
    const retained = new Float64Array(rows * width)
    const eligible = new Float64Array(rows * width)
    for (let row = 0; row < rows; row++) {
      const size = sizes[row]!
      const open = columnsPassed(columns, over - first - row)
      let [sum, sumPassed, sumAble] = [0, 0, 0]
      for (let column = 0; column < width; column++) {
        const at = row * width + column
        sum += seen[at]!
        const found = direct === undefined ? sum : column === 0 && everybodyAtZero ? size : direct[at]!
        seen[at] = found
        if (clock !== 'calendar') {
          sumPassed += passed[at]!
          sumAble += able[at]!
          able[at] = sumAble
        }
        if (!matureOnly) [eligible[at], retained[at]] = [size, found]
        else if (clock !== 'calendar') [eligible[at], retained[at]] = [sumAble, sumPassed]
        else [eligible[at], retained[at]] = column < open ? [size, found] : [0, 0]
      }
    }
    return { sizes, eligible, retained, seen: seen.subarray(0, rows * width), matured: able, totals }
  }
}

/** How many columns, from the first, lie within a horizon. */
function columnsPassed(columns: readonly Column[], horizon: number): number {
  const last = columns.at(-1)
  if (last === undefined || horizon < 0) return 0
  if (last.to === columns.length - 1) return Math.min(horizon + 1, columns.length)
  let count = 0
  while (count < columns.length && columns[count]!.to <= horizon) count++
  return count
}

/** The last offset that any column looks at; Infinity where later ones count for earlier columns. */
function furthestOffset(measure: Settings['measure'], columns: readonly Column[]): number {
  const open =
    measure === 'on-or-after' ||
    (typeof measure === 'object' && 'each' in measure && measure.each === 'on-or-after')
  return open ? Infinity : (columns.at(-1)?.to ?? 0)
}

/** Writes the stretches of columns that offsets mark, two numbers each, and says how many numbers. */
type Mark = (offsets: Int32Array, count: number, stretches: Int32Array) => number

function markerFor(measure: Settings['measure'], columns: readonly Column[], everybodyAtZero: boolean): Mark {
  const width = columns.length
  const zero = (offsets: Int32Array, count: number, out: Int32Array): number => {
    if (!everybodyAtZero && !(count > 0 && offsets[0] === 0)) return 0
    out[0] = 0
    out[1] = 0
    return 2
  }
  const stretch = (out: Int32Array, at: number, from: number, to: number): number => {
    if (from > to || from >= width) return at
    out[at] = from
    out[at + 1] = Math.min(to, width - 1)
    return at + 2
  }
  if (measure === 'on')
    return (offsets, count, out) => {
      let at = everybodyAtZero ? zero(offsets, count, out) : 0
      for (let i = 0; i < count; i++) {
        const offset = offsets[i]!
        if (offset >= width) break
        if (offset > 0 || !everybodyAtZero) at = stretch(out, at, offset, offset)
      }
      return at
    }
  if (measure === 'on-or-after')
    return (offsets, count, out) => {
      const last = count === 0 ? -1 : offsets[count - 1]!
      return stretch(out, 0, 0, everybodyAtZero ? Math.max(last, 0) : last)
    }
  if (measure === 'consecutive')
    return (offsets, count, out) => {
      const at = zero(offsets, count, out)
      const skip = count > 0 && offsets[0] === 0 ? 1 : 0
      let run = 0
      while (skip + run < count && offsets[skip + run] === run + 1) run++
      return stretch(out, at, 1, run)
    }
  if (measure === 'on-or-before') return reaching(1)
  if ('atLeast' in measure) return reaching(measure.atLeast)
  const { each = 'on' } = measure
  return (offsets, count, out) => {
    let at = zero(offsets, count, out)
    if (each === 'on-or-after') {
      const last = count === 0 ? 0 : offsets[count - 1]!
      let to = 0
      while (to + 1 < width && columns[to + 1]!.from <= last) to++
      return stretch(out, at, 1, to)
    }
    let i = 0
    for (let column = 1; column < width; column++) {
      while (i < count && offsets[i]! < columns[column]!.from) i++
      if (i < count && offsets[i]! <= columns[column]!.to) at = stretch(out, at, column, column)
    }
    return at
  }

  /** From the offset at which so many were reached, the first not counting. */
  function reaching(times: number): Mark {
    return (offsets, count, out) => {
      const at = zero(offsets, count, out)
      const skip = count > 0 && offsets[0] === 0 ? 1 : 0
      return skip + times - 1 < count ? stretch(out, at, offsets[skip + times - 1]!, width - 1) : at
    }
  }
}
