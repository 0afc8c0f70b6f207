import { DAY } from '../../kernel/civil.js'
import type { ReadColumns } from '../../kernel/columns.js'
import { fault } from '../../kernel/errors.js'
import { type Instant, isInstant } from '../../kernel/index.js'
import { lastInstant } from '../../kernel/instant.js'
import { CALM, NEAR } from './deadline.js'
import { addStay, type FlowTotals } from './flow-totals.js'
import { NOBODY, outOfOrder } from './follower.js'
import { INACTIVE, type MOST_COUNTED, ON, type StageTables, WHEN } from './stage-tables.js'
import type { TableRows } from './tables-follower.js'

/** What the loop leaves to the follower: everything that is not common. */
interface Rest {
  /** Makes whatever is due from an instant to another. */
  settle(rows: TableRows, row: number, from: Instant, until: Instant, heard: number, totals: FlowTotals): void
  /** A row of columns by the long way. */
  hear(rows: TableRows, row: number, type: number, read: ReadColumns, i: number, totals: FlowTotals): void
  lastOf(rows: TableRows, row: number): Instant
}

/** Types that are not heard, and those that go the long way. */
const PASSED_OVER = -1
const ODD = -2

/** Nothing is due in such a stage, whenever; and what is due takes the long way. */
const NEVER = -1
const LONG_WAY = -2

/** Loops over rows as `hear` and `advance` do, with what can be known beforehand worked out. */
export interface TablesLoop {
  /** All rows; the latest instant is returned. */
  columns(
    rows: TableRows,
    read: ReadColumns,
    rowOf: Int32Array | undefined,
    numbers: Int32Array,
    totals: FlowTotals,
  ): number
  /** Lets time pass for somebody whom it may have moved. The stage is returned. */
  lapse(
    rows: TableRows,
    row: number,
    stage: number,
    before: Instant,
    until: Instant,
    totals: FlowTotals,
  ): number
  /** Lets time pass for everybody. */
  standing(rows: TableRows, count: number, until: Instant, totals: FlowTotals): void
}

export function tablesLoop(tables: StageTables, unit: number, { settle, hear, lastOf }: Rest): TablesLoop {
  const { rules, numbers, types, quiet, stay, offsets, keepsHeard, initial } = tables
  const width = tables.counts
  const depth = tables.sums
  const kinds = types.length
  const plain = Uint8Array.from(types, (type) => Number(type.plain))
  const asked = Uint8Array.from(types, (type) => type.asked)
  const stays = stay.some((length) => length < Infinity)

  // By stage: the one silence that ends it, where nothing else can but events.
  const lapseRule = Int32Array.from(rules, (list) => {
    const timed = list.flatMap(({ kind }, i) => (kind === ON ? [] : [i]))
    if (timed.length === 0) return NEVER
    const { kind, deadline } = list[timed[0]!]!
    return timed.length === 1 && kind === INACTIVE && deadline!.days >= 0 ? timed[0]! : LONG_WAY
  })
  const lapseOf = <T>(pick: (stage: number, rule: number) => T, none: T) =>
    rules.map((_, stage) => (lapseRule[stage]! >= 0 ? pick(stage, lapseRule[stage]!) : none))
  const lapseDays = Float64Array.from(lapseOf((stage, rule) => rules[stage]![rule]!.deadline!.days, 0))
  const lapseTo = Uint8Array.from(lapseOf((stage, rule) => rules[stage]![rule]!.to, 0))
  const lapseNumber = Int32Array.from(lapseOf((stage, rule) => numbers[stage]![rule]!, 0))
  const lapseAdd = lapseOf(
    (stage, rule) => rules[stage]![rule]!.deadline!.add,
    (at: Instant) => at,
  )

  // By stage: what of the things heard a rule may wait for; whether more can follow at the instant at which it is entered.
  const waits = Uint8Array.from(rules, (list) =>
    keepsHeard
      ? list.reduce(
          (bits, { kind, key, holds }) => (kind === ON && holds !== undefined ? bits | key : bits),
          0,
        )
      : 0,
  )
  const restless = Uint8Array.from(rules, (list, stage) =>
    Number(list.some(({ kind }) => kind === WHEN) || !(quiet[stage]! > 0 && stay[stage]! > 0)),
  )

  // Everything that the loop asks at each row of a stage and a type lies side by side in one table: to have each in a list
  // of its own takes half as long again.
  const byEvent: { readonly stage: number; readonly rule: number }[] = []
  const cellTable = new Int32Array(rules.length * kinds * CELL)
  for (let stage = 0; stage < rules.length; stage++)
    for (let type = 0; type < kinds; type++) {
      const cell = stage * kinds + type
      cellTable[cell * CELL + FROM] = byEvent.length
      if (tables.reacts[cell] === 1)
        for (const [rule, { kind, key }] of rules[stage]!.entries())
          if (kind === WHEN || (kind === ON && (asked[type]! & key) !== 0)) byEvent.push({ stage, rule })
      cellTable[cell * CELL + UNTIL] = byEvent.length
      cellTable[cell * CELL + RAISED] = raisedBy(types[type]!)
      cellTable[cell * CELL + FLAGS] =
        (types[type]!.active ? IS_ACTIVE : 0) |
        (restless[stage] === 1 ? IS_RESTLESS : 0) |
        (waits[stage] !== 0 ? MAY_WAIT : 0)
    }
  const rulesByEvent = byEvent.map(({ stage, rule }) => rules[stage]![rule]!)
  const eventTo = Uint8Array.from(rulesByEvent, ({ to }) => to)
  const eventNumber = Int32Array.from(byEvent, ({ stage, rule }) => numbers[stage]![rule]!)
  const ruleTable = Int32Array.from(
    rulesByEvent.flatMap(({ holds, count }) => [
      count?.at ?? (holds ? -2 : -1),
      wholeWithin(Math.ceil(count?.low ?? 0)),
      wholeWithin(Math.floor(count?.high ?? 0)),
      0,
    ]),
  )
  const eventResets = Uint8Array.from(rulesByEvent, ({ resetCounts, resetSums }) =>
    Number(resetCounts.length + resetSums.length > 0),
  )
  const lapseResets = Uint8Array.from(
    lapseOf((stage, rule) => {
      const { resetCounts, resetSums } = rules[stage]![rule]!
      return Number(resetCounts.length + resetSums.length > 0)
    }, 0),
  )

  /** The same spans where nothing begins anew with them; 0 is for `lapse`. */
  const plainDays = lapseDays.map((span, stage) => (lapseResets[stage] === 1 ? 0 : span))

  const lapse: TablesLoop['lapse'] = (rows, row, given, before, until, totals) => {
    const active = rows.activeAt[row]!
    let stage = given
    let since = rows.since[row]!
    const entered = since
    let at = Math.max(before, since)
    // The day of the last activity, looked up once for all deadlines that count from it.
    const day = Math.floor(active / DAY)
    const offset = day >= 0 && day < offsets.length ? offsets[day]! : CALM
    for (;;) {
      const rule = lapseRule[stage]!
      if (rule < 0) {
        if (rule === NEVER) break
        rows.marks[row] = stage
        rows.since[row] = since
        settle(rows, row, at, until, 0, totals)
        return rows.marks[row]! & 255
      }
      const moved = active + lapseDays[stage]!
      const later = Math.floor(moved / DAY)
      const after = later >= 0 && later < offsets.length ? offsets[later]! : CALM
      const near = offset > CALM && after > CALM && Math.abs(offset - after) <= NEAR
      let due = near ? moved + offset - after : lapseAdd[stage]!(active)
      if (due < at) due = at
      if (due > until) break
      totals.moves[lapseNumber[stage]!]! += 1
      addStay(totals.stays, stage, Math.floor((due - since) / unit))
      if (lapseResets[stage] === 1) beginAnew(rows, row, stage, rule)
      // A circle of deadlines that are past goes the long way, which knows when to stop.
      if (due === at && due === since && since !== entered) {
        stage = lapseTo[stage]!
        rows.marks[row] = stage
        rows.since[row] = due
        settle(rows, row, due, until, 0, totals)
        return rows.marks[row]! & 255
      }
      stage = lapseTo[stage]!
      since = due
      at = due
    }
    if (stage !== given || since !== entered) {
      rows.marks[row] = stage
      rows.since[row] = since
    }
    return stage
  }

  const beginAnew = (rows: TableRows, row: number, stage: number, rule: number): void => {
    const { resetCounts, resetSums } = rules[stage]![rule]!
    for (let i = 0; i < resetCounts.length; i++) rows.counts[row * width + resetCounts[i]!] = 0
    for (let i = 0; i < resetSums.length; i++) rows.sums[row * depth + resetSums[i]!] = 0
  }

  const columns: TablesLoop['columns'] = (rows, read, rowOf, numbers, totals) => {
    const { times, subjects, typeCodes } = read
    const scattered = isScattered(subjects, rows.marks.length)
    const codes = numbers.map((type) =>
      type < 0 ? PASSED_OVER : type === kinds || plain[type] === 0 ? ODD : type,
    )
    let latest = -Infinity
    let seen = 0
    // Block by block: a function that is called often is compiled once, and not anew for each table while it runs.
    for (let from = 0; from < read.length; from += BLOCK) {
      const to = Math.min(from + BLOCK, read.length)
      if (scattered) seen += touch(rows, subjects, rowOf, from, to)
      const at = block(rows, read, times, subjects, typeCodes, rowOf, numbers, codes, totals, from, to)
      if (at > latest) latest = at
    }
    // What was looked at has to be of use, or compilers leave it out.
    if (Number.isNaN(seen)) throw fault('malformed-state', '$.rows', seen, 'rows of numbers')
    return latest
  }

  /** Some of the rows. */
  const block = (
    rows: TableRows,
    read: ReadColumns,
    // By themselves: code that was compiled for an object does not outlive the last of its shape.
    times: ArrayLike<number>,
    subjects: ArrayLike<number>,
    typeCodes: ArrayLike<number> | undefined,
    rowOf: Int32Array | undefined,
    numbers: Int32Array,
    codes: Int32Array,
    totals: FlowTotals,
    begin: number,
    end: number,
  ): number => {
    const { marks, since, activeAt, last, counts, sums } = rows
    const { moves, stays: ended } = totals
    // What the loop reads at every row is kept at hand: under a name from further out it is looked up again each time.
    const [soonest, shortest, cellOf, ruleOf] = [quiet, stay, cellTable, ruleTable]
    const [offsetOf, spanOf, lapseToOf, lapseNumberOf] = [offsets, plainDays, lapseTo, lapseNumber]
    const [eventToOf, eventNumberOf, resetsOf, restlessOf] = [eventTo, eventNumber, eventResets, restless]
    const [each, all, staysToo, length] = [width, kinds, stays, unit]
    const days = offsets.length
    const only = codes[0] ?? ODD
    let latest = -Infinity
    // Written out, and held to their names by their types: what a bundle keeps under a name is no constant to a compiler.
    const raised: typeof RAISED = 0
    const flagged: typeof FLAGS = 1
    const start: typeof FROM = 2
    const stop: typeof UNTIL = 3
    const isActive: typeof IS_ACTIVE = 1
    const isRestless: typeof IS_RESTLESS = 2
    const mayWait: typeof MAY_WAIT = 4
    const low: typeof LOW = 1
    const high: typeof HIGH = 2
    const nobody: typeof NOBODY = 255
    const passedOver: typeof PASSED_OVER = -1
    const odd: typeof ODD = -2
    const most: typeof MOST_COUNTED = 0xffff
    const oneDay: typeof DAY = 86_400_000
    const calm: typeof CALM = -0x4000_0000
    const close: typeof NEAR = 7_200_000
    // Calls that hardly ever happen read the time again: a number that is handed on is put on the heap at every row.
    for (let i = begin; i < end; i++) {
      const type = typeCodes === undefined ? only : (codes[typeCodes[i]!] ?? odd)
      if (type === passedOver) continue
      const at = times[i]!
      const row = rowOf === undefined ? subjects[i]! : rowOf[subjects[i]!]!
      const mark = marks[row]!
      let stage = mark & 255
      if (type === odd || at >= lastInstant) {
        const given = numbers[typeCodes === undefined ? 0 : typeCodes[i]!]
        if (given === undefined)
          throw fault('out-of-range', `$.type[${i}]`, typeCodes![i], 'a code that has a value')
        if (!isInstant(times[i]!))
          throw fault('invalid-instant', `$.occurredAt[${i}]`, times[i], 'milliseconds since 1970')
        if (stage !== nobody && at < lastOf(rows, row)) throw outOfOrder(i, times[i]!)
        hear(rows, row, given, read, i, totals)
        if (at > latest) latest = at
        continue
      }
      let silentSince = activeAt[row]!
      let kept = 0
      if (stage === nobody) {
        if (!isInstant(times[i]!))
          throw fault('invalid-instant', `$.occurredAt[${i}]`, times[i], 'milliseconds since 1970')
        stage = initial
        since[row] = at
        activeAt[row] = at
        silentSince = at
        if (last !== null) last[row] = at
        if (at > latest) latest = at
      } else {
        const before = last === null ? silentSince : last[row]!
        if (at > before) {
          if (Math.floor(at) !== at || (at === 0 && !isInstant(times[i]!)))
            throw fault('invalid-instant', `$.occurredAt[${i}]`, times[i], 'milliseconds since 1970')
          if (at - silentSince >= soonest[stage]! || (staysToo && at - since[row]! >= shortest[stage]!)) {
            // As in lapse, for the common case of one silence after another.
            let entered = since[row]!
            let reached = Math.max(before, entered)
            const day = Math.floor(silentSince / oneDay)
            const offset = day >= 0 && day < days ? offsetOf[day]! : calm
            do {
              const span = spanOf[stage]!
              const moved = silentSince + span
              const later = Math.floor(moved / oneDay)
              const after = later >= 0 && later < days ? offsetOf[later]! : calm
              const near = offset > calm && after > calm && Math.abs(offset - after) <= close
              if (!(near && span > 0)) {
                marks[row] = stage
                since[row] = entered
                stage = lapse(rows, row, stage, reached, times[i]!, totals)
                entered = since[row]!
                break
              }
              const due = Math.max(moved + offset - after, reached)
              if (due > at) break
              moves[lapseNumberOf[stage]!]! += 1
              const units = Math.floor((due - entered) / length)
              if (units < ended.width) ended.counts[stage * ended.width + units]! += 1
              else addStay(ended, stage, units)
              stage = lapseToOf[stage]!
              entered = due
              reached = due
              // A condition may hold there already: it is judged on the way in, not at the event after.
              if (restlessOf[stage] === 1) {
                marks[row] = stage
                since[row] = entered
                stage = lapse(rows, row, stage, reached, times[i]!, totals)
                entered = since[row]!
                break
              }
            } while (at - silentSince >= soonest[stage]! || (staysToo && at - entered >= shortest[stage]!))
            since[row] = entered
          }
          if (last !== null) last[row] = at
          if (at > latest) latest = at
        } else if (at === before) {
          kept = mark >> 8
        } else throw outOfOrder(i, times[i]!)
      }
      const cell = (stage * all + type) << 2
      const flags = cellOf[cell + flagged]!
      if ((flags & isActive) !== 0) activeAt[row] = at
      const up = cellOf[cell + raised]!
      if (up >= 0) {
        const place = row * each + up
        const value = counts[place]!
        if (value < most) counts[place] = value + 1
      } else if (up === -2)
        for (const place of types[type]!.counts) {
          const value = counts[row * each + place]!
          if (value < most) counts[row * each + place] = value + 1
        }
      if (kept !== 0 || (flags & isRestless) !== 0) {
        marks[row] = stage
        settle(rows, row, times[i]!, times[i]!, asked[type]! | kept, totals)
        continue
      }
      let chosen = -1
      const until = cellOf[cell + stop]!
      for (let one = cellOf[cell + start]!; one < until; one++) {
        const count = ruleOf[one << 2]!
        if (count >= 0) {
          const value = counts[row * each + count]!
          if (value < ruleOf[(one << 2) + low]! || value > ruleOf[(one << 2) + high]!) continue
        } else if (count === -2 && !rulesByEvent[one]!.holds!(counts, sums, row)) continue
        chosen = one
        break
      }
      if (chosen < 0) {
        const after = (flags & mayWait) === 0 ? stage : stage | ((asked[type]! & waits[stage]!) << 8)
        if (after !== mark) marks[row] = after
        continue
      }
      const to = eventToOf[chosen]!
      moves[eventNumberOf[chosen]!]! += 1
      const units = Math.floor((at - since[row]!) / length)
      if (units < ended.width) ended.counts[stage * ended.width + units]! += 1
      else addStay(ended, stage, units)
      if (resetsOf[chosen] === 1) beginAnew(rows, row, stage, byEvent[chosen]!.rule)
      marks[row] = to
      since[row] = at
      if (restlessOf[to] === 1 || ((flags & isActive) === 0 && at - silentSince >= soonest[to]!))
        settle(rows, row, times[i]!, times[i]!, 0, totals)
    }
    return latest
  }

  const standing: TablesLoop['standing'] = (rows, count, until, totals) => {
    for (let from = 0; from < count; from += BLOCK)
      stand(rows, from, Math.min(from + BLOCK, count), until, totals)
  }

  /** Some of everybody. */
  const stand = (rows: TableRows, begin: number, end: number, until: Instant, totals: FlowTotals): void => {
    const { marks, since, activeAt, last } = rows
    for (let row = begin; row < end; row++) {
      const stage = marks[row]! & 255
      if (stage === NOBODY) continue
      const silent = until - activeAt[row]!
      if (silent < quiet[stage]! && until - since[row]! < stay[stage]! && until < lastInstant) continue
      const before = last === null ? activeAt[row]! : last[row]!
      if (until > before) lapse(rows, row, stage, before, until, totals)
    }
  }

  return { columns, lapse, standing }
}

/** Numbers in a cell, one for each stage and type, and what each says. */
const CELL = 4
/** The one counter that the type raises; -1 of none, -2 of several. */
const RAISED = 0
const FLAGS = 1
/** The rules that such an event can fire, as a stretch of the list of all. */
const FROM = 2
const UNTIL = 3

const IS_ACTIVE = 1
const IS_RESTLESS = 2
const MAY_WAIT = 4

/** Numbers of a rule: the count that decides (-1 where nothing has to hold, -2 where more has), and between which values. */
const LOW = 1
const HIGH = 2

const raisedBy = ({ counts }: StageTables['types'][number]): number =>
  counts.length === 0 ? -1 : counts.length === 1 ? counts[0]! : -2

/** Counts lie from 0 to `MOST_COUNTED`: what lies outside says as much at the edge of whole numbers of 32 bits. */
const wholeWithin = (value: number): number => Math.max(-1, Math.min(0x7fff_ffff, value))

const BLOCK = 1024
/** So many people and their numbers are no longer near the processor. */
const MANY = 50_000

/** Whether rows jump between many people: events by time, not by person. */
function isScattered(subjects: ArrayLike<number>, people: number): boolean {
  const { length } = subjects
  if (people < MANY) return false
  let jumps = 0
  let looked = 0
  for (let i = 1; i < length; i += 997) {
    looked += 1
    if (subjects[i] !== subjects[i - 1]) jumps += 1
  }
  return jumps * 2 > looked
}

/**
 * Looks at the numbers of the people of the next rows, one after another and without a use for them: many are then on their way at
 * once, where the loop would wait for each.
 */
function touch(
  { marks, activeAt, since, counts }: TableRows,
  subjects: ArrayLike<number>,
  rowOf: Int32Array | undefined,
  from: number,
  end: number,
): number {
  const each = counts.length / marks.length
  let sum = 0
  for (let i = from; i < end; i++) {
    const row = rowOf === undefined ? subjects[i]! : rowOf[subjects[i]!]!
    sum += marks[row]! + activeAt[row]! + since[row]! + (each > 0 ? counts[row * each]! : 0)
  }
  return sum
}
