import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkSurvivalRecord, type SurvivalRecord } from '../survival-record.js'
import { ranksOf, sortedBy } from './ranks.js'

/** Somebody watched, with what may make the event come sooner or later. */
export interface CoxRecord extends SurvivalRecord {
  /** By name, the same names in every record; each finite and of a size up to 1e100. A category is 0 or 1 per level but one. */
  readonly covariates: Readonly<Record<string, number>>
  /** Whoever is compared with whom: each stratum has a baseline of its own. In all records or in none. */
  readonly stratum?: string
}

/** Records in columns, by stratum and, within one, from the last time to the first: as risk sets grow. */
export interface Subjects {
  readonly names: readonly string[]
  readonly time: Float64Array
  /** -Infinity where watched from the beginning. */
  readonly entry: Float64Array
  readonly event: Uint8Array
  /** By subject, then by name: (given - centre) / unit. */
  readonly x: Float64Array
  /** A value in the middle of those given, so that nothing is lost by taking it away. */
  readonly centre: readonly number[]
  /** The farthest from the centre; 0 where all are the same to 1e-100. */
  readonly unit: readonly number[]
  readonly strata: readonly Stratum[]
  readonly events: number
}

/** Subjects `from` to below `to`. */
export interface Stratum {
  readonly name: string | undefined
  readonly from: number
  readonly to: number
  /** Subjects of the stratum who entered late, the last first. */
  readonly late: Int32Array
}

/** What was given, checked and put in order. The order is the same however the records were ordered. */
export function subjectsOf(records: readonly CoxRecord[], chosen: readonly string[] | undefined): Subjects {
  checkList(records, '$.records')
  const names = namesOf(records, chosen)
  const [n, p] = [records.length, names.length]
  const given = new Float64Array(n * p)
  const [time, entry, event] = [new Float64Array(n), new Float64Array(n), new Uint8Array(n)]
  const strata: (string | undefined)[] = []
  let events = 0
  for (let i = 0; i < n; i += 1) {
    const record = records[i]!
    const path = `$.records[${i}]`
    checkSurvivalRecord(record, path)
    readCovariates(record, path, names, chosen === undefined, given, i * p)
    strata.push(stratumOf(record, path, i === 0 ? undefined : strata[0] !== undefined))
    // A zero has no sign.
    time[i] = record.time + 0
    entry[i] = record.entry ?? -Infinity
    event[i] = record.event ? 1 : 0
    events += event[i]!
  }
  const order = inOrder(time, strata, (i, j) => {
    if (event[i] !== event[j]) return event[i]! - event[j]!
    if (entry[i] !== entry[j]) return entry[i]! < entry[j]! ? -1 : 1
    for (let k = 0; k < p; k += 1) {
      const apart = given[i * p + k]! - given[j * p + k]!
      if (apart !== 0) return apart
    }
    return 0
  })
  const { centre, unit } = middles(given, n, p)
  const x = new Float64Array(n * p)
  const columns = { time: new Float64Array(n), entry: new Float64Array(n), event: new Uint8Array(n) }
  for (let to = 0; to < n; to += 1) {
    const from = order[to]!
    columns.time[to] = time[from]!
    columns.entry[to] = entry[from]!
    columns.event[to] = event[from]!
    for (let k = 0; k < p; k += 1)
      x[to * p + k] = unit[k]! === 0 ? 0 : (given[from * p + k]! - centre[k]!) / unit[k]!
  }
  const labels = Array.from(order, (i) => strata[i])
  return { names, ...columns, x, centre, unit, strata: strataOf(labels, columns.entry), events }
}

/** By stratum, then from the last time to the first, then as told. */
function inOrder(
  time: Float64Array,
  strata: readonly (string | undefined)[],
  compare: (i: number, j: number) => number,
): Int32Array {
  const { ranks, distinct } = ranksOf(time)
  const all = [...new Set(strata)].sort((a, b) => (a! < b! ? -1 : 1))
  const places = new Map(all.map((name, i) => [name, i]))
  const place = Int32Array.from(strata, (name) => places.get(name)!)
  const byTime = sortedBy(
    ranks.map((rank) => distinct - 1 - rank),
    distinct,
    ranks.map((_, i) => i),
  )
  const order = sortedBy(place, all.length, byTime)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (
      to < order.length &&
      time[order[to]!] === time[order[from]!] &&
      place[order[to]!] === place[order[from]!]
    )
      to += 1
    if (to - from > 1) order.subarray(from, to).sort(compare)
    from = to
  }
  return order
}

function namesOf(records: readonly CoxRecord[], chosen: readonly string[] | undefined): readonly string[] {
  if (chosen !== undefined) {
    checkList(chosen, '$.options.covariates')
    for (const [i, name] of chosen.entries()) {
      if (typeof name !== 'string') throw fault('wrong-type', `$.options.covariates[${i}]`, name, 'a name')
      if (chosen.indexOf(name) < i)
        throw fault('duplicate-name', `$.options.covariates[${i}]`, name, 'each once')
    }
    if (chosen.length === 0) throw fault('missing', '$.options.covariates', chosen, 'a covariate at least')
    return [...chosen]
  }
  const first = records[0]
  if (first === undefined) return []
  checkRecord(first, '$.records[0]')
  checkRecord(first.covariates, '$.records[0].covariates')
  const names = Object.keys(first.covariates).sort()
  if (names.length === 0)
    throw fault('missing', '$.records[0].covariates', first.covariates, 'a covariate at least')
  return names
}

function readCovariates(
  { covariates }: CoxRecord,
  path: string,
  names: readonly string[],
  all: boolean,
  into: Float64Array,
  at: number,
): void {
  checkRecord(covariates, `${path}.covariates`)
  for (const [k, name] of names.entries()) {
    const value = covariates[name]
    if (value === undefined || !Object.hasOwn(covariates, name))
      throw fault('missing', `${path}.covariates.${name}`, value, 'a number')
    if (!(typeof value === 'number' && Math.abs(value) <= 1e100)) {
      throw fault('out-of-range', `${path}.covariates.${name}`, value, 'a number from -1e100 to 1e100')
    }
    into[at + k] = value + 0
  }
  if (!all) return
  const keys = Object.keys(covariates)
  if (keys.length > names.length) {
    const more = keys.find((key) => !names.includes(key))!
    throw fault('unknown-key', `${path}.covariates.${more}`, more, names.join(' | '))
  }
}

function stratumOf({ stratum }: CoxRecord, path: string, expected: boolean | undefined): string | undefined {
  if (stratum !== undefined && typeof stratum !== 'string')
    throw fault('wrong-type', `${path}.stratum`, stratum, 'text')
  if (expected !== undefined && expected !== (stratum !== undefined)) {
    throw fault('missing', `${path}.stratum`, stratum, 'a stratum in all records or in none')
  }
  return stratum
}

/** The median of each covariate and the farthest from it: neither is moved by one value that is far out. */
function middles(given: Float64Array, n: number, p: number) {
  const centre: number[] = []
  const unit: number[] = []
  for (let k = 0; k < p; k += 1) {
    const column = new Float64Array(n)
    for (let i = 0; i < n; i += 1) column[i] = given[i * p + k]!
    column.sort()
    const middle = column[n >> 1] ?? 0
    centre.push(middle)
    const far = n === 0 ? 0 : Math.max(middle - column[0]!, column[n - 1]! - middle)
    unit.push(far < 1e-100 ? 0 : far)
  }
  return { centre, unit }
}

/** Where each stratum begins and ends, of records in order. */
export function strataOf(names: readonly (string | undefined)[], entry: Float64Array): readonly Stratum[] {
  const strata: Stratum[] = []
  for (let from = 0; from < names.length; ) {
    let to = from
    const late: number[] = []
    for (; to < names.length && names[to] === names[from]; to += 1) if (entry[to]! > -Infinity) late.push(to)
    const { ranks, distinct } = ranksOf(Float64Array.from(late, (i) => entry[i]!))
    const lastFirst = sortedBy(
      ranks.map((rank) => distinct - 1 - rank),
      distinct,
      ranks.map((_, i) => i),
    )
    strata.push({ name: names[from], from, to, late: lastFirst.map((i) => late[i]!) })
    from = to
  }
  return strata
}
