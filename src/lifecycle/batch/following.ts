import { checkedTime, type ReadColumns, readColumns } from '../../kernel/columns.js'
import { checkList, fault } from '../../kernel/errors.js'
import {
  type AnyEvent,
  canonical,
  type EventColumns,
  type Instant,
  isInstant,
  type Json,
} from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'
import {
  addTotals,
  checkTotals,
  type FlowTotals,
  type MoveNote,
  noTotals,
  totalsFromJson,
  totalsToJson,
} from './flow-totals.js'
import { type Follower, NOBODY, outOfOrder, type Rows, stageAt } from './follower.js'
import { dropName, findRow, nameOf, nobody, type People, roomFor, rowOf } from './people.js'
import type { StageRules } from './stage-rules.js'

/**
 * What is remembered of all people: where each of them stands, and what was added up. It merges with that of other people, passes
 * through `structuredClone`, and `toJson` writes it as JSON.
 */
export interface Following {
  /** Digest of what is collected. */
  of: string
  /** The instant of the latest input; `null` of none. */
  latest: Instant | null
  readonly people: People
  readonly rows: Rows
  readonly totals: FlowTotals
}

/** Collects; shared by everything that follows people through their stages. */
export interface Collector {
  empty(): Following
  add(partial: Following, event: AnyEvent): Following
  addColumns(partial: Following, columns: EventColumns): Following
  merge(a: Following, b: Following): Following
  /** Takes one person out again, whose rows these are: all of them, in order. */
  withdraw(partial: Following, subject: string, events: readonly AnyEvent[]): Following
  toJson(partial: Following): Json
  fromJson(json: unknown): Following
  /** The partial, unless it is none or of another collection. */
  own(partial: Following): Following
  /** Rows of people, lowest first. */
  rowsOf(partial: Following): Int32Array
}

const BROKEN = 'half of what was refused'

/** @param note - Told of each move, with the row of whom it is. */
export function collectorOf(known: StageRules, follower: Follower, of: string, note?: MoveNote): Collector {
  const { stages, rules, definition, roles } = known
  const fieldsWithRole = (type: string): readonly string[] =>
    Object.entries(definition.events[type] ?? {}).flatMap(([name, field]) =>
      field.type === 'ref' && roles.has(field.role) ? [name] : [],
    )
  const refs = new Map([...known.types].map((type) => [type, fieldsWithRole(type)]))
  const none: readonly string[] = []

  const empty = (): Following => ({
    of,
    latest: null,
    people: nobody(),
    rows: follower.noRows(),
    totals: noTotals(stages.length, rules.length),
  })

  /** Whose stages an event may change: its subject's, and those of whom it names in a role that is heard. */
  const concerned = (event: AnyEvent): readonly string[] => {
    const names = refs.get(event.type) ?? none
    if (names.length === 0) return [event.subject]
    const found = new Set([event.subject])
    for (const name of names) {
      const other = own(event.data, name)
      if (typeof other === 'string') found.add(other)
    }
    return [...found]
  }

  const hearOne = (partial: Following, type: number, event: AnyEvent, path: number | undefined): void => {
    const { people, rows, totals } = partial
    const at = event.occurredAt
    const found = concerned(event)
    for (const subject of found) {
      const row = findRow(people, subject)
      if (
        row !== undefined &&
        row < rows.marks.length &&
        stageAt(rows, row) !== NOBODY &&
        at < follower.lastOf(rows, row)
      )
        throw outOfOrder(path, at)
    }
    for (const subject of found) {
      const row = rowOf(people, subject)
      follower.reserve(rows, people.count)
      const arrives = stageAt(rows, row) === NOBODY
      follower.hear(rows, row, type, event, subject, totals, note)
      if (arrives) people.present += 1
    }
    if (partial.latest === null || at > partial.latest) partial.latest = at
  }

  /** What goes wrong in the middle leaves a partial that nobody can use. */
  const careful = <T>(partial: Following, work: () => T): T => {
    try {
      return work()
    } catch (error) {
      partial.of = BROKEN
      throw error
    }
  }

  const owned = (partial: Following): Following => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    const { people, rows, totals, latest } = partial
    const counted = isRecord(people) && Number.isSafeInteger(people.count) && people.count >= 0
    const fits =
      counted &&
      isRecord(rows) &&
      isRecord(totals) &&
      (latest === null || isInstant(latest)) &&
      isNames(people)
    if (!fits) throw fault('malformed-state', '$', partial, 'a partial that was collected')
    follower.checkRows(rows, people.count)
    checkTotals(totals, stages.length, rules.length)
    return partial
  }
  let checked: Following | undefined
  const draft = (partial: Following): Following => {
    if (partial !== checked || partial.of !== of) checked = owned(partial)
    return partial
  }

  const add = (partial: Following, event: AnyEvent): Following => {
    draft(partial)
    if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
    const { subject, type, occurredAt, data } = event as AnyEvent
    if (typeof type !== 'string') throw fault('wrong-type', '$.type', type, 'text')
    const number = follower.typeOf(type)
    if (number < 0) return partial
    if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
    if (!isInstant(occurredAt))
      throw fault('invalid-instant', '$.occurredAt', occurredAt, 'milliseconds since 1970')
    if (!isRecord(data)) throw fault('wrong-type', '$.data', data, 'fields by name')
    known.checkFields(type, data)
    hearOne(partial, number, event, undefined)
    return partial
  }

  const codesOf = (read: ReadColumns): Int32Array =>
    Int32Array.from(read.types, (type) => follower.typeOf(type))

  /** Everything is checked before anything is added, so that a bad row leaves no half-added columns behind. */
  const check = (partial: Following, read: ReadColumns, codes: Int32Array): void => {
    const { people, rows } = partial
    const { length, names, subjects, times, typeCodes } = read
    const last = new Map<string | number, Instant>()
    for (let i = 0; i < length; i++) {
      const code = typeCodes === undefined ? 0 : typeCodes[i]!
      const type = codes[code]
      if (type === undefined) throw fault('out-of-range', `$.type[${i}]`, code, 'a code that has a value')
      if (type < 0) continue
      const subject = checkedSubject(subjects[i]!, names, i)
      const at = checkedTime(times, i)
      let before = last.get(subject)
      if (before === undefined) {
        const row = findRow(people, names === undefined ? String(subject) : names[subject]!)
        const known = row !== undefined && row < rows.marks.length && stageAt(rows, row) !== NOBODY
        before = known ? follower.lastOf(rows, row) : at
      }
      if (at < before) throw outOfOrder(i, at)
      last.set(subject, at)
    }
  }

  const addOneByOne = (partial: Following, read: ReadColumns, codes: Int32Array): void => {
    check(partial, read, codes)
    const { length, names, subjects, times, types, typeCodes } = read
    careful(partial, () => {
      for (let i = 0; i < length; i++) {
        const code = typeCodes === undefined ? 0 : typeCodes[i]!
        const type = codes[code]!
        if (type < 0) continue
        const event: AnyEvent = {
          id: '',
          type: types[code]!,
          subject: names === undefined ? String(subjects[i]) : names[subjects[i]!]!,
          occurredAt: times[i]!,
          data: follower.reads(type) ? read.dataAt(i) : {},
        }
        if (follower.reads(type)) known.checkFields(event.type, event.data, i)
        hearOne(partial, type, event, i)
      }
    })
  }

  /** Rows by subject code for the fast loop; `undefined` where the codes are the rows. */
  const rowsByCode = (partial: Following, read: ReadColumns, codes: Int32Array): Int32Array | undefined => {
    const { people } = partial
    const { names, subjects, length, typeCodes } = read
    if (names === undefined) return undefined
    // A name of which nothing is heard gets no row.
    const rowByCode = new Int32Array(names.length).fill(-1)
    for (let i = 0; i < length; i++) {
      const type = codes[typeCodes === undefined ? 0 : typeCodes[i]!]
      const subject = subjects[i]!
      if (type === undefined || type < 0 || rowByCode[subject] !== -1) continue
      checkedSubject(subject, names, i)
      rowByCode[subject] = rowOf(people, names[subject]!)
    }
    return rowByCode
  }

  const addColumns = (partial: Following, columns: EventColumns): Following => {
    draft(partial)
    const read = readColumns(columns)
    const codes = codesOf(read)
    const { people, rows, totals } = partial
    const fresh = people.present === 0
    // Numbers of people are their rows, unless they are few and far between, or others have names.
    const most = read.names === undefined ? mostOf(read.subjects) : -1
    const direct = most < 0 || (people.names === null && most < roomFor(people.present + read.length))
    if (follower.hearColumns === undefined || note !== undefined || !direct) {
      addOneByOne(partial, read, codes)
      return partial
    }
    if (!fresh) check(partial, read, codes)
    try {
      const rowOfCode = rowsByCode(partial, read, codes)
      people.count = Math.max(people.count, most + 1)
      follower.reserve(rows, people.count)
      const latest = follower.hearColumns(rows, read, rowOfCode, codes, totals)
      people.present = presentIn(rows, people.count)
      if (latest > (partial.latest ?? -Infinity)) partial.latest = latest
    } catch (error) {
      if (fresh) Object.assign(partial, empty())
      else partial.of = BROKEN
      throw error
    }
    return partial
  }

  const copyInto = (target: Following, source: Following): void => {
    const { people, rows, totals } = target
    const direct = people.names === null && source.people.names === null
    if (direct) people.count = Math.max(people.count, source.people.count)
    for (let row = 0; row < source.people.count; row++) {
      if (stageAt(source.rows, row) === NOBODY) continue
      const place = direct ? row : rowOf(people, nameOf(source.people, row))
      follower.reserve(rows, people.count)
      if (stageAt(rows, place) !== NOBODY)
        throw fault(
          'out-of-range',
          '$.people',
          undefined,
          'partials of different people: rows of one stay in one shard',
        )
      follower.copyRow(source.rows, row, rows, place)
      people.present += 1
    }
    addTotals(totals, source.totals)
    if (source.latest !== null && (target.latest === null || source.latest > target.latest))
      target.latest = source.latest
  }

  const rowsOf = ({ people, rows }: Following): Int32Array => {
    const found = new Int32Array(people.present)
    let n = 0
    for (let row = 0; row < people.count; row++) if (stageAt(rows, row) !== NOBODY) found[n++] = row
    return found.subarray(0, n)
  }

  return {
    empty,
    add,
    addColumns,
    own: owned,
    rowsOf,
    merge(a, b) {
      owned(a)
      owned(b)
      const merged = empty()
      // Whose people have names comes first, so that numbers join names.
      const [first, second] = a.people.names === null ? [b, a] : [a, b]
      copyInto(merged, first)
      copyInto(merged, second)
      return merged
    },
    withdraw(partial, subject, events) {
      draft(partial)
      if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
      checkList(events, '$.events')
      const { people, rows, totals } = partial
      const row = findRow(people, subject)
      if (row === undefined || stageAt(rows, row) === NOBODY) return partial
      let alone = empty()
      for (const event of events) {
        if (isRecord(event) && event.subject !== subject)
          throw fault('wrong-type', '$.subject', undefined, 'rows of one subject')
        alone = add(alone, event)
      }
      const place = findRow(alone.people, subject)
      const same =
        place !== undefined &&
        alone.people.present === 1 &&
        canonical(rowAlone(follower, alone.rows, place)) === canonical(rowAlone(follower, rows, row))
      if (!same) throw fault('missing', '$', undefined, 'all rows of the subject, as they were added')
      addTotals(totals, alone.totals, -1)
      const moved = dropName(people, row)
      if (moved !== undefined && moved !== row) {
        follower.copyRow(rows, moved, rows, row)
        follower.clear(rows, moved)
      } else follower.clear(rows, row)
      people.present -= 1
      let latest: Instant | null = null
      for (const left of rowsOf(partial)) {
        const at = follower.lastOf(rows, left)
        if (latest === null || at > latest) latest = at
      }
      partial.latest = latest
      return partial
    },
    toJson(partial) {
      const { latest, people, rows, totals } = owned(partial)
      return {
        of,
        latest,
        people: {
          names: people.names === null ? null : [...people.names],
          count: people.count,
          present: people.present,
        },
        rows: follower.rowsToJson(rows, people.count),
        totals: totalsToJson(totals),
      }
    },
    fromJson(json) {
      const record = (value: unknown, path: string) => {
        if (!isRecord(value)) throw fault('wrong-type', path, value, 'what toJson wrote')
        return value
      }
      const { of: found, latest, people, rows, totals } = record(json, '$')
      if (found !== of) throw fault('other-definition', '$.of', found, `a partial of ${of}`)
      const { names, count, present } = record(people, '$.people')
      if (!(Number.isSafeInteger(count) && (count as number) >= 0 && (count as number) <= 200_000_000))
        throw fault('wrong-type', '$.people.count', count, 'a number of rows')
      const partial: Following = {
        of,
        latest: latest as Instant | null,
        people: {
          names: Array.isArray(names) ? [...(names as string[])] : (names as null),
          count: count as number,
          present: present as number,
        },
        rows: follower.rowsFromJson(rows, count as number, '$.rows'),
        totals: totalsFromJson(totals, stages.length, rules.length),
      }
      owned(partial)
      if (presentIn(partial.rows, count as number) !== present)
        throw fault('malformed-state', '$.people.present', present, 'as many as there are')
      for (let row = 0; row < (count as number); row++)
        if (
          stageAt(partial.rows, row) !== NOBODY &&
          !(follower.lastOf(partial.rows, row) <= (partial.latest ?? -Infinity))
        )
          throw fault('malformed-state', '$.latest', latest, 'the latest event of all')
      return partial
    },
  }
}

/** The greatest number of a subject; -1 of no rows. */
function mostOf(subjects: ArrayLike<number>): number {
  const { length } = subjects
  let most = -1
  if (subjects instanceof Uint32Array || subjects instanceof Uint16Array || subjects instanceof Uint8Array) {
    for (let i = 0; i < length; i++) if (subjects[i]! > most) most = subjects[i]!
    return most
  }
  for (let i = 0; i < length; i++) {
    const subject = subjects[i]!
    if (!(subject >= 0 && Math.floor(subject) === subject)) checkedSubject(subject, undefined, i)
    if (subject > most) most = subject
  }
  return most
}

function presentIn(rows: Rows, count: number): number {
  let present = 0
  for (let row = 0; row < count; row++) if (stageAt(rows, row) !== NOBODY) present += 1
  return present
}

function checkedSubject(subject: number, names: readonly string[] | undefined, row: number): number {
  if (names === undefined) {
    if (!(Number.isSafeInteger(subject) && subject >= 0))
      throw fault('out-of-range', `$.subject[${row}]`, subject, 'a whole number from 0')
  } else if (names[subject] === undefined)
    throw fault('out-of-range', `$.subject[${row}]`, subject, 'a code that has a value')
  return subject
}

const isNames = ({ names, count }: People): boolean =>
  names === null ||
  (Array.isArray(names) && names.length === count && names.every((name) => typeof name === 'string'))

function rowAlone(follower: Follower, rows: Rows, row: number): Json {
  const one = follower.noRows()
  follower.reserve(one, 1)
  follower.copyRow(rows, row, one, 0)
  return follower.rowsToJson(one, 1)
}
