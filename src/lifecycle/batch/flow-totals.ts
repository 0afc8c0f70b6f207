import { fault } from '../../kernel/errors.js'
import type { Instant, Json } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'

/** Stays that came to an end, by stage and length: shorter ones in a table, the few that are longer in a map. */
export interface Stays {
  /** Lengths of the table. */
  width: number
  /** `counts[stage * width + length]` */
  counts: Float64Array
  /** By `length * 256 + stage`. */
  readonly long: Map<number, number>
}

/** What is added up over all people. */
export interface FlowTotals {
  /** Moves by the number of their rule. */
  readonly moves: Float64Array
  /** Moves by hand: `byHand[from * stages + to]`. */
  readonly byHand: Float64Array
  readonly stays: Stays
  /** By period, the ways people went in it, by `wayOf`; none but in panels. */
  readonly ways: Map<number, Map<number, number>>
}

/** A move as it is made; `rule` is -1 where it is made by hand, `since` what its time counts from, `null` where there is none. */
export type MoveNote = (
  row: number,
  from: number,
  to: number,
  rule: number,
  since: Instant | null,
  at: Instant,
) => void

const FIRST = 64
const MOST = 16_384

export function noTotals(stages: number, rules: number): FlowTotals {
  return {
    moves: new Float64Array(rules),
    byHand: new Float64Array(stages * stages),
    stays: { width: FIRST, counts: new Float64Array(stages * FIRST), long: new Map() },
    ways: new Map(),
  }
}

/** A stay that has ended. */
export function addStay(stays: Stays, stage: number, length: number, times = 1): void {
  if (length >= stays.width) {
    if (length >= MOST) {
      const key = length * 256 + stage
      const left = (stays.long.get(key) ?? 0) + times
      if (left === 0) stays.long.delete(key)
      else stays.long.set(key, left)
      return
    }
    widen(stays, length)
  }
  stays.counts[stage * stays.width + length]! += times
}

function widen(stays: Stays, length: number): void {
  const { width, counts } = stays
  let wider = width
  while (wider <= length) wider *= 2
  const stages = counts.length / width
  const more = new Float64Array(stages * wider)
  for (let stage = 0; stage < stages; stage++)
    more.set(counts.subarray(stage * width, (stage + 1) * width), stage * wider)
  stays.counts = more
  stays.width = wider
}

/** Every length of every stage at which somebody left, in ascending order. */
export function staysOf({ width, counts, long }: Stays): readonly (readonly [number, number])[][] {
  const stages = counts.length / width
  const lists = Array.from({ length: stages }, (_, stage) => {
    const list: (readonly [number, number])[] = []
    for (let length = 0; length < width; length++) {
      const times = counts[stage * width + length]!
      if (times > 0) list.push([length, times])
    }
    return list
  })
  for (const [key, times] of [...long].sort(([a], [b]) => a - b))
    lists[key % 256]!.push([Math.floor(key / 256), times])
  return lists
}

export function copyTotals(totals: FlowTotals): FlowTotals {
  const { moves, byHand, stays, ways } = totals
  const { width, counts, long } = stays
  return {
    moves: moves.slice(),
    byHand: byHand.slice(),
    stays: { width, counts: counts.slice(), long: new Map(long) },
    ways: new Map([...ways].map(([period, counted]) => [period, new Map(counted)])),
  }
}

/** Adds the totals of others, or takes them out. */
export function addTotals(to: FlowTotals, more: FlowTotals, by: 1 | -1 = 1): void {
  for (let i = 0; i < to.moves.length; i++) to.moves[i]! += by * more.moves[i]!
  for (let i = 0; i < to.byHand.length; i++) to.byHand[i]! += by * more.byHand[i]!
  for (const [stage, list] of staysOf(more.stays).entries())
    for (const [length, times] of list) addStay(to.stays, stage, length, by * times)
  for (const [period, counted] of more.ways)
    for (const [way, times] of counted) addWay(to, period, way, by * times)
}

/** Counts somebody's way through a period. */
export function addWay({ ways }: FlowTotals, period: number, way: number, times = 1): void {
  let counted = ways.get(period)
  if (counted === undefined) {
    counted = new Map()
    ways.set(period, counted)
  }
  const left = (counted.get(way) ?? 0) + times
  if (left === 0) counted.delete(way)
  else counted.set(way, left)
  if (counted.size === 0) ways.delete(period)
}

export function totalsToJson({ moves, byHand, stays, ways }: FlowTotals): Json {
  return {
    moves: Array.from(moves),
    byHand: Array.from(byHand),
    stays: staysOf(stays).map((list) => list.map(([length, times]) => [length, times])),
    ways: [...ways]
      .sort(([a], [b]) => a - b)
      .map(([period, counted]) => [
        period,
        [...counted].sort(([a], [b]) => a - b).map(([way, n]) => [way, n]),
      ]),
  }
}

/** @throws DefinitionError `wrong-type` for what `totalsToJson` did not write. */
export function totalsFromJson(json: unknown, stages: number, rules: number): FlowTotals {
  const totals = noTotals(stages, rules)
  const { moves, byHand, stays, ways } = isRecord(json) ? json : {}
  for (const [name, given, column] of [
    ['moves', moves, totals.moves],
    ['byHand', byHand, totals.byHand],
  ] as const) {
    const list = listOf(given, `$.totals.${name}`, column.length)
    for (const [i, count] of list.entries()) column[i] = countOf(count, `$.totals.${name}[${i}]`)
  }
  for (const [stage, list] of listOf(stays, '$.totals.stays', stages).entries())
    for (const pair of listOf(list, `$.totals.stays[${stage}]`)) {
      const [length, times] = listOf(pair, `$.totals.stays[${stage}]`, 2)
      const path = `$.totals.stays[${stage}]`
      addStay(totals.stays, stage, countOf(length, path), countOf(times, path))
    }
  for (const entry of listOf(ways, '$.totals.ways')) {
    const [period, counted] = listOf(entry, '$.totals.ways', 2)
    if (!Number.isSafeInteger(period)) throw fault('wrong-type', '$.totals.ways', period, 'a period')
    for (const pair of listOf(counted, '$.totals.ways')) {
      const [way, times] = listOf(pair, '$.totals.ways', 2)
      addWay(totals, period as number, countOf(way, '$.totals.ways'), countOf(times, '$.totals.ways'))
    }
  }
  return totals
}

/** Refuses what was not added up here, by its outside. */
export function checkTotals({ moves, byHand, stays, ways }: FlowTotals, stages: number, rules: number): void {
  const holds =
    moves instanceof Float64Array &&
    moves.length === rules &&
    byHand instanceof Float64Array &&
    byHand.length === stages * stages &&
    isRecord(stays) &&
    stays.counts instanceof Float64Array &&
    stays.counts.length === stages * stays.width &&
    stays.long instanceof Map &&
    ways instanceof Map
  if (!holds) throw fault('malformed-state', '$.totals', undefined, 'totals that were collected')
}

function listOf(value: unknown, path: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value) || (length !== undefined && value.length !== length))
    throw fault('wrong-type', path, value, length === undefined ? 'a list' : `a list of ${length}`)
  return value
}

function countOf(value: unknown, path: string): number {
  if (!(Number.isSafeInteger(value) && (value as number) >= 0))
    throw fault('wrong-type', path, value, 'a count')
  return value as number
}
