import { checkedTime, type ReadColumns, readColumns } from '../../kernel/columns.js'
import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { Column, DictionaryColumn, EventColumns } from '../../kernel/index.js'
import { stableOrder } from './stable-order.js'

/** In which order, and what tells repetitions. */
export interface SortColumnsOptions {
  /** `subject`: grouped by subject, each by time; `time`: by time over all. `subject` unless told. */
  readonly by?: 'subject' | 'time'
  /**
   * The id of each row. Of rows of one subject with one id, at one instant and of one type, the first stays; others under one id are refused.
   * Without it nothing is dropped.
   */
  readonly id?: Column<string> | Column<number> | DictionaryColumn
}

/**
 * The same events in order: what is equal stays as it stands, so that ties count as they came. Subjects that are numbers come by number,
 * others in the order in which they are first met. The columns given stay as they are; numbers stay in typed arrays.
 *
 * @throws DefinitionError as `addColumns` for columns that are none, `invalid-instant` at the row; `out-of-range` for ids of another length,
 * `duplicate-name` for one id of two events; `unknown-key` for columns under other names: fields of events stand in `data`.
 * @example
 * const columns = { subject: ['b', 'a', 'b'], occurredAt: [3, 2, 1], type: 'seen' }
 * sortColumns(columns).occurredAt // => Float64Array [1, 3, 2]
 */
export function sortColumns(columns: EventColumns, options: SortColumnsOptions = {}): EventColumns {
  checkRecord(options, '$')
  checkKeys(options, ['by', 'id'], '$')
  const { by = 'subject', id } = options
  checkName(['subject', 'time'], by, '$.by')
  checkRecord(columns, '$')
  checkKeys(columns, ['subject', 'occurredAt', 'type', 'data'], '$')
  const read = readColumns(columns)
  const { length, subjects, names, times, types, typeCodes } = read
  for (let row = 0; row < length; row++) {
    checkedTime(times, row)
    const subject = subjects[row]!
    const known =
      names === undefined ? Number.isSafeInteger(subject) && subject >= 0 : names[subject] !== undefined
    if (!known) throw fault('out-of-range', `$.subject[${row}]`, subject, 'a subject')
  }
  const byTime = stableOrder(times)
  const repeated = id === undefined ? undefined : repetitions(read, id, byTime)
  const first = by === 'time' ? byTime : within(byTime, subjects)
  const order = repeated === undefined ? first : first.filter((row) => repeated[row] === 0)
  const picked = (column: ArrayLike<number>) => Uint32Array.from(order, (row) => column[row]!)
  return {
    subject: names === undefined ? numbersIn(order, subjects) : { codes: picked(subjects), values: names },
    occurredAt: Float64Array.from(order, (row) => times[row]!),
    type: typeCodes === undefined ? types[0]! : { codes: picked(typeCodes), values: types },
    ...(columns.data !== undefined && {
      data: Object.fromEntries(
        Object.entries(columns.data).map(([name, column]) => [name, inOrder(column, order)]),
      ),
    }),
  }
}

/** Small numbers in small arrays: those are the fastest to read. */
function numbersIn(order: Uint32Array, subjects: ArrayLike<number>): Uint32Array | Float64Array {
  const numbers = Float64Array.from(order, (row) => subjects[row]!)
  return numbers.every((number) => number <= 0xffff_ffff) ? Uint32Array.from(numbers) : numbers
}

/** An order, and by subject before that. */
function within(order: Uint32Array, subjects: ArrayLike<number>): Uint32Array {
  const places = stableOrder(Float64Array.from(order, (row) => subjects[row]!))
  return places.map((place) => order[place]!)
}

/** Rows that say again what a row of the same subject and id said before them in time. */
function repetitions(
  { subjects, length, times, typeCodes }: ReadColumns,
  id: NonNullable<SortColumnsOptions['id']>,
  byTime: Uint32Array,
): Uint8Array {
  // Read as subjects are: texts, a dictionary, or numbers.
  const ids = readColumns({ subject: id, occurredAt: new Float64Array(length), type: '' }).subjects
  const repeated = new Uint8Array(length)
  const seen = new Map<number, number>()
  const typeOf = (row: number) => (typeCodes === undefined ? 0 : typeCodes[row])
  let subject = -1
  for (const row of within(byTime, subjects)) {
    if (subjects[row] !== subject) {
      seen.clear()
      subject = subjects[row]!
    }
    const first = seen.get(ids[row]!)
    if (first === undefined) seen.set(ids[row]!, row)
    else if (times[first] === times[row] && typeOf(first) === typeOf(row)) repeated[row] = 1
    else throw fault('duplicate-name', `$.id[${row}]`, row, `another id than that of row ${first}`)
  }
  return repeated
}

/** A column of any kind, its rows in another order. */
function inOrder(column: Column<unknown>, order: Uint32Array): ArrayLike<unknown> {
  if (column instanceof Float64Array) return Float64Array.from(order, (row) => column[row]!)
  if (column instanceof Int32Array) return Int32Array.from(order, (row) => column[row]!)
  if (column instanceof Uint32Array) return Uint32Array.from(order, (row) => column[row]!)
  if (column instanceof Uint8Array) return Uint8Array.from(order, (row) => column[row]!)
  const get =
    'get' in column && typeof column.get === 'function' ? (row: number) => column.get(row) : undefined
  return Array.from(order, (row) => (get === undefined ? (column as ArrayLike<unknown>)[row] : get(row)))
}
