import type { ReadColumns } from '../../kernel/columns.js'
import { fault } from '../../kernel/errors.js'
import { type AnyEvent, type Instant, isInstant, type Json } from '../../kernel/index.js'
import { lastInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { addStay, type FlowTotals, type MoveNote } from './flow-totals.js'
import { type Coming, type Follower, NOBODY, type Rows, stageAt } from './follower.js'
import type { StageRules } from './stage-rules.js'
import { IN_STAGE, INACTIVE, MOST_COUNTED, ON, type StageTables, type TableRule } from './stage-tables.js'
import { tablesLoop } from './tables-loop.js'

/** A few numbers a person, by row. */
export interface TableRows extends Rows {
  marks: Uint16Array
  since: Float64Array
  /** What silence is counted from. */
  activeAt: Float64Array
  /** The last input, where that may be no activity. */
  last: Float64Array | null
  counts: Uint16Array
  sums: Float64Array
}

/** As many moves at one instant as an engine makes before it gives up. */
const CHAIN = 1000

/** Follows people with a few numbers each, for lifecycles whose rules need no more. */
export function tablesFollower(known: StageRules, tables: StageTables, unit: number): Follower {
  const { rules, numbers, types, quiet, stay, reacts, initial, keepsHeard, keepsLast } = tables
  const { stages, moveSet } = known
  const width = tables.counts
  const depth = tables.sums
  const places = new Map(known.types.map((type, i) => [type, i]))
  const byHand = types.length
  const plain = Uint8Array.from(types, (type) => Number(type.plain))
  const noRows = (): TableRows => ({
    marks: new Uint16Array(0),
    since: new Float64Array(0),
    activeAt: new Float64Array(0),
    last: keepsLast ? new Float64Array(0) : null,
    counts: new Uint16Array(0),
    sums: new Float64Array(0),
  })

  const reserve = (rows: TableRows, count: number): void => {
    const had = rows.marks.length
    if (count <= had) return
    const size = Math.max(count, Math.min(2 * had, had + 1_000_000))
    rows.marks = grown(rows.marks, new Uint16Array(size).fill(NOBODY))
    rows.since = grown(rows.since, new Float64Array(size))
    rows.activeAt = grown(rows.activeAt, new Float64Array(size))
    if (rows.last !== null) rows.last = grown(rows.last, new Float64Array(size))
    rows.counts = grown(rows.counts, new Uint16Array(size * width))
    rows.sums = grown(rows.sums, new Float64Array(size * depth))
  }

  const momentOf = (
    rule: TableRule,
    rows: TableRows,
    row: number,
    at: Instant,
    since: Instant,
    heard: number,
  ): number => {
    const { kind, deadline, holds } = rule
    if (kind === INACTIVE) return Math.max(deadline!.add(rows.activeAt[row]!), at)
    if (kind === IN_STAGE) return Math.max(deadline!.add(since), at)
    if (kind === ON && (heard & rule.key) === 0) return Infinity
    return holds === undefined || holds(rows.counts, rows.sums, row) ? at : Infinity
  }

  /** Makes the moves that are due from an instant to another, as an engine does after it has heard `heardBits`. */
  const settle = (
    rows: TableRows,
    row: number,
    from: Instant,
    until: Instant,
    heardBits: number,
    totals: FlowTotals,
    note: MoveNote | undefined,
  ): void => {
    let stage = stageAt(rows, row)
    let since = rows.since[row]!
    let at = from
    let heard = heardBits
    let chained = 0
    for (;;) {
      const list = rules[stage]!
      let least = Infinity
      let chosen = -1
      for (let i = 0; i < list.length; i++) {
        const moment = momentOf(list[i]!, rows, row, at, since, heard)
        if (moment < least) {
          least = moment
          chosen = i
        }
      }
      if (least > until) break
      chained = least === at ? chained + 1 : 0
      if (chained > CHAIN) throw fault('never-settles', known.engine.id, known.changed, 'rules that rest')
      const rule = list[chosen]!
      const number = numbers[stage]![chosen]!
      totals.moves[number]! += 1
      addStay(totals.stays, stage, Math.floor((least - since) / unit))
      note?.(row, stage, rule.to, number, anchorOf(rule, rows, row, since), least)
      beginAnew(rows, row, rule)
      stage = rule.to
      since = least
      at = least
      heard = 0
    }
    rows.marks[row] = stage | (keepsHeard ? heard << 8 : 0)
    rows.since[row] = since
  }

  const anchorOf = ({ kind }: TableRule, rows: TableRows, row: number, since: Instant): Instant | null =>
    kind === INACTIVE ? rows.activeAt[row]! : kind === IN_STAGE ? since : null

  const beginAnew = (rows: TableRows, row: number, { resetCounts, resetSums }: TableRule): void => {
    for (let i = 0; i < resetCounts.length; i++) rows.counts[row * width + resetCounts[i]!] = 0
    for (let i = 0; i < resetSums.length; i++) rows.sums[row * depth + resetSums[i]!] = 0
  }

  const raise = (rows: TableRows, place: number): void => {
    const value = rows.counts[place]!
    if (value < MOST_COUNTED) rows.counts[place] = value + 1
  }

  const arrive = (rows: TableRows, row: number, at: Instant): void => {
    rows.marks[row] = initial
    rows.since[row] = at
    rows.activeAt[row] = at
    if (rows.last !== null) rows.last[row] = at
  }

  const lastOf = (rows: TableRows, row: number): Instant =>
    rows.last === null ? rows.activeAt[row]! : rows.last[row]!

  const advance: Follower['advance'] = (given, row, until, totals, note) => {
    const rows = given as TableRows
    const stage = stageAt(rows, row)
    const since = rows.since[row]!
    const last = lastOf(rows, row)
    if (until <= last) return
    if (until - rows.activeAt[row]! < quiet[stage]! && until - since < stay[stage]! && until < lastInstant)
      return
    if (note === undefined) loop.lapse(rows, row, stage, last, until, totals)
    else settle(rows, row, Math.max(last, since), until, 0, totals, note)
  }

  const moveByHand = (
    rows: TableRows,
    row: number,
    event: AnyEvent,
    totals: FlowTotals,
    note?: MoveNote,
  ): void => {
    const at = event.occurredAt
    const to = stages.indexOf((event.data as { readonly to?: string }).to as string)
    if (to < 0) throw fault('unknown-name', '$.data.to', undefined, stages.join(' | '))
    const from = stageAt(rows, row)
    const since = rows.since[row]!
    rows.activeAt[row] = at
    if (to !== from) {
      totals.byHand[from * stages.length + to]! += 1
      addStay(totals.stays, from, Math.floor((at - since) / unit))
      note?.(row, from, to, -1, null, at)
      rows.marks[row] = to
      rows.since[row] = at
    }
    settle(rows, row, at, at, rows.marks[row]! >> 8, totals, note)
  }

  const hear: Follower['hear'] = (given, row, type, event, _, totals, note) => {
    const rows = given as TableRows
    const at = event.occurredAt
    const arrives = stageAt(rows, row) === NOBODY
    let together = false
    if (arrives) arrive(rows, row, at)
    else {
      together = lastOf(rows, row) === at
      if (!together) advance(rows, row, at, totals, note)
      if (rows.last !== null) rows.last[row] = at
    }
    if (!together) rows.marks[row] = stageAt(rows, row)
    if (type === byHand) return moveByHand(rows, row, event, totals, note)
    const table = types[type]!
    if (table.isActive(event)) rows.activeAt[row] = at
    const news = table.askedOf(event)
    for (const { at: place, matches } of table.counted) if (matches(event)) raise(rows, row * width + place)
    for (const { at: place, matches, amount } of table.summed) {
      if (!matches(event)) continue
      const sum = rows.sums[row * depth + place]! + amount(event)
      if (!Number.isSafeInteger(sum))
        throw fault('out-of-range', '$.data', sum, 'a sum within the safe integers')
      rows.sums[row * depth + place] = sum
    }
    const heard = (rows.marks[row]! >> 8) | news
    const stage = stageAt(rows, row)
    if (arrives || reacts[stage * types.length + type] === 1) settle(rows, row, at, at, heard, totals, note)
    else if (keepsHeard) rows.marks[row] = stage | (heard << 8)
  }

  const loop = tablesLoop(tables, unit, {
    settle: (rows, row, from, until, heard, totals) =>
      settle(rows, row, from, until, heard, totals, undefined),
    hear: (rows, row, type, read, i, totals) => hear(rows, row, type, eventAt(read, i, type), '', totals),
    lastOf,
  })

  const eventAt = (read: ReadColumns, row: number, type: number): AnyEvent => {
    const data = type === byHand || plain[type] === 0 ? read.dataAt(row) : {}
    if (type !== byHand && plain[type] === 0) known.checkFields(known.types[type]!, data, row)
    return {
      id: '',
      type: type === byHand ? moveSet : known.types[type]!,
      subject: '',
      occurredAt: read.times[row]!,
      data,
    }
  }

  const coming = (given: Rows, row: number, at: Instant): Coming | undefined => {
    const rows = given as TableRows
    const from = stageAt(rows, row)
    const since = rows.since[row]!
    const list = rules[from]!
    let least = Infinity
    let chosen = -1
    for (let i = 0; i < list.length; i++) {
      const moment = momentOf(list[i]!, rows, row, at, since, 0)
      if (moment < least) {
        least = moment
        chosen = i
      }
    }
    if (chosen < 0) return undefined
    return { rule: numbers[from]![chosen]!, to: list[chosen]!.to, at: least }
  }

  const copyRow = (source: Rows, row: number, target: Rows, place: number): void => {
    const [from, to] = [source as TableRows, target as TableRows]
    to.marks[place] = from.marks[row]!
    to.since[place] = from.since[row]!
    to.activeAt[place] = from.activeAt[row]!
    if (to.last !== null) to.last[place] = from.last![row]!
    for (let i = 0; i < width; i++) to.counts[place * width + i] = from.counts[row * width + i]!
    for (let i = 0; i < depth; i++) to.sums[place * depth + i] = from.sums[row * depth + i]!
  }

  return {
    path: 'tables',
    noRows,
    reserve: (rows, count) => reserve(rows as TableRows, count),
    typeOf: (type) => (type === moveSet ? byHand : (places.get(type) ?? -1)),
    reads: (type) => type === byHand || plain[type] === 0,
    lastOf: (rows, row) => lastOf(rows as TableRows, row),
    activeAtOf: (rows, row) => (rows as TableRows).activeAt[row]!,
    advance,
    hear,
    hearColumns: (rows, read, rowOf, codes, totals) =>
      loop.columns(rows as TableRows, read, rowOf, codes, totals),
    coming,
    copyRow,
    standing(given, count, until, totals) {
      const { marks, since, counts, sums, activeAt, last } = given as TableRows
      // What events alone change is shared.
      const copied: TableRows = {
        marks: marks.slice(),
        since: since.slice(),
        activeAt,
        last,
        counts: counts.slice(),
        sums: sums.slice(),
      }
      loop.standing(copied, count, until, totals)
      return copied
    },
    clear(given, row) {
      const rows = given as TableRows
      rows.marks[row] = NOBODY
      for (const column of [rows.since, rows.activeAt, rows.last]) if (column !== null) column[row] = 0
      rows.counts.fill(0, row * width, (row + 1) * width)
      rows.sums.fill(0, row * depth, (row + 1) * depth)
    },
    rowsToJson(given, count): Json {
      const rows = given as TableRows
      const list = (column: ArrayLike<number> | null, each = 1) =>
        column === null ? null : Array.from({ length: count * each }, (_, i) => column[i]!)
      return {
        marks: list(rows.marks),
        since: list(rows.since),
        activeAt: list(rows.activeAt),
        last: list(rows.last),
        counts: list(rows.counts, width),
        sums: list(rows.sums, depth),
      }
    },
    rowsFromJson(json, count, path) {
      if (!isRecord(json)) throw fault('wrong-type', path, json, 'rows that were collected')
      const rows = noRows()
      rows.marks = Uint16Array.from(numbersOf(json['marks'], count, isMark, `${path}.marks`))
      rows.since = Float64Array.from(numbersOf(json['since'], count, isInstant, `${path}.since`))
      rows.activeAt = Float64Array.from(numbersOf(json['activeAt'], count, isInstant, `${path}.activeAt`))
      if (keepsLast) rows.last = Float64Array.from(numbersOf(json['last'], count, isInstant, `${path}.last`))
      rows.counts = Uint16Array.from(numbersOf(json['counts'], count * width, isCount, `${path}.counts`))
      rows.sums = Float64Array.from(numbersOf(json['sums'], count * depth, isSum, `${path}.sums`))
      return rows
    },
    checkRows(given, count) {
      const { marks, since, activeAt, last, counts, sums } = given as TableRows
      const holds =
        marks instanceof Uint16Array &&
        marks.length >= count &&
        [since, activeAt, ...(keepsLast ? [last] : [])].every(
          (column) => column instanceof Float64Array && column.length === marks.length,
        ) &&
        counts instanceof Uint16Array &&
        counts.length === marks.length * width &&
        sums instanceof Float64Array &&
        sums.length === marks.length * depth
      if (!holds) throw fault('malformed-state', '$.rows', given, 'rows that were collected')
      for (let row = 0; row < count; row++)
        if ((marks[row]! & 255) >= stages.length && marks[row] !== NOBODY)
          throw fault('malformed-state', `$.rows.marks[${row}]`, marks[row], 'a stage')
    },
  }

  function isMark(value: unknown): boolean {
    if (!(Number.isInteger(value) && (value as number) >= 0 && (value as number) < 65_536)) return false
    return value === NOBODY || ((value as number) & 255) < stages.length
  }
}

const isCount = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_COUNTED
const isSum = (value: unknown): boolean => Number.isSafeInteger(value)

function numbersOf(
  value: unknown,
  length: number,
  fits: (one: unknown) => boolean,
  path: string,
): readonly number[] {
  if (!Array.isArray(value) || value.length !== length)
    throw fault('wrong-type', path, value, `${length} numbers`)
  for (let i = 0; i < length; i++)
    if (!fits(value[i])) throw fault('wrong-type', `${path}[${i}]`, value[i], 'a number that was collected')
  return value as number[]
}

/** The longer array, with what the shorter held in front. */
function grown<A extends Uint8Array | Uint16Array | Float64Array>(short: A, long: A): A {
  long.set(short)
  return long
}
