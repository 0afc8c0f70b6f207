import { fault } from './errors.js'
import type { AnyEvent } from './event.js'
import { type Instant, isInstant } from './instant.js'
import { isRecord, own } from './plain.js'

/** Values by row: an array, a typed array, or a vector of Arrow (anything with `length` and `get`). */
export type Column<T> = ArrayLike<T> | { readonly length: number; get(row: number): T | null }

/** Texts that repeat, each written once: `values[codes[row]]`. */
export interface DictionaryColumn {
  readonly codes: ArrayLike<number>
  readonly values: Column<string>
}

/**
 * Events by column instead of by object: what a data frame, an Arrow table or a query result holds. Ten million rows of
 * typed arrays are read without making an object.
 *
 * @example
 * const events: EventColumns = {
 *   subject: Uint32Array.of(0, 1, 0), // '0', '1', '0'
 *   occurredAt: Float64Array.of(1709600400000, 1709604000000, 1712278800000),
 *   type: 'order-paid',
 * }
 */
export interface EventColumns {
  /** Whose: texts, a dictionary, or whole numbers from 0, which stand for their decimal text; small ones are fastest. */
  readonly subject: Column<string> | Column<number> | Column<bigint> | DictionaryColumn
  /** Milliseconds since 1970; Arrow timestamps of any unit, cut to the millisecond before. */
  readonly occurredAt: Column<number> | Column<bigint>
  /** One type for all rows, or a column of types. */
  readonly type: string | Column<string> | DictionaryColumn
  /** Fields of `data` by name; `null` and `undefined` are left out of an event, 64-bit integers become numbers where they fit. */
  readonly data?: { readonly [field: string]: Column<unknown> }
}

/** Columns made ready for loops. */
export interface ReadColumns {
  readonly length: number
  /** Rows of `names`; without names, the number itself is the name. */
  readonly subjects: ArrayLike<number>
  readonly names: readonly string[] | undefined
  readonly times: ArrayLike<number>
  readonly types: readonly string[]
  /** Index into `types` by row; of one type for all rows there is none. */
  readonly typeCodes: ArrayLike<number> | undefined
  /** The `data` of a row as an object. */
  dataAt(row: number): object
}

/**
 * Reads columns by their shape, without depending on whoever made them.
 *
 * @throws DefinitionError `wrong-type` for what is no column, `out-of-range` where columns differ in length or a code has no
 * value; rows are checked where they are read.
 */
export function readColumns(columns: EventColumns): ReadColumns {
  if (!isRecord(columns)) throw fault('wrong-type', '$', columns, 'columns by name')
  const { occurredAt, subject, type, data = {} } = columns as unknown as EventColumns
  const times = numbersOf(occurredAt, '$.occurredAt')
  const length = times.length
  const same = (found: number, path: string) => {
    if (found !== length) throw fault('out-of-range', path, found, `${length} rows, as in occurredAt`)
  }
  const { codes: subjects, values: names } = subjectsOf(subject, length)
  same(subjects.length, '$.subject')
  const typed =
    typeof type === 'string' ? { codes: undefined, values: [type] } : codesOf(type, '$.type', length)
  if (typed.codes !== undefined) same(typed.codes.length, '$.type')
  if (!isRecord(data)) throw fault('wrong-type', '$.data', data, 'columns by field')
  const fields = Object.keys(data).map((name) => {
    const column = data[name] as Column<unknown>
    if (!isColumn(column)) throw fault('wrong-type', `$.data.${name}`, column, 'a column')
    same(column.length, `$.data.${name}`)
    return [name, getter(column)] as const
  })
  return {
    length,
    subjects,
    names,
    times,
    types: typed.values,
    typeCodes: typed.codes,
    dataAt(row) {
      const held: Record<string, unknown> = {}
      for (const [name, get] of fields) {
        const found = get(row)
        const value = typeof found === 'bigint' && Number.isSafeInteger(Number(found)) ? Number(found) : found
        if (value !== null && value !== undefined) {
          Object.defineProperty(held, name, { value, enumerable: true, configurable: true, writable: true })
        }
      }
      return held
    },
  }
}

/**
 * Events as columns, in the same order: for code that has objects and wants the speed of columns from there on.
 *
 * @throws DefinitionError `wrong-type` for what is no list of events, `invalid-instant` for one without an instant.
 */
export function columnsOf(events: readonly AnyEvent[]): EventColumns {
  if (!Array.isArray(events)) throw fault('wrong-type', '$', events, 'a list of events')
  const occurredAt = new Float64Array(events.length)
  const subjects = coder()
  const types = coder()
  const fields = new Map<string, unknown[]>()
  const codes = { subject: new Uint32Array(events.length), type: new Uint32Array(events.length) }
  for (const [row, event] of events.entries()) {
    checkRow(event, row)
    occurredAt[row] = event.occurredAt
    codes.subject[row] = subjects.codeOf(event.subject)
    codes.type[row] = types.codeOf(event.type)
    for (const name of Object.keys(event.data)) {
      const column = fields.get(name) ?? new Array<unknown>(events.length).fill(undefined)
      column[row] = own(event.data, name)
      fields.set(name, column)
    }
  }
  return {
    subject: { codes: codes.subject, values: subjects.values },
    occurredAt,
    type: { codes: codes.type, values: types.values },
    data: Object.fromEntries(fields),
  }
}

/** Numbers texts in the order in which they are first met. */
export function coder(): { readonly values: string[]; codeOf(text: string): number } {
  const values: string[] = []
  const codes = new Map<string, number>()
  return {
    values,
    codeOf(text) {
      let code = codes.get(text)
      if (code === undefined) {
        code = values.length
        codes.set(text, code)
        values.push(text)
      }
      return code
    },
  }
}

function checkRow(event: AnyEvent, row: number): void {
  if (!isRecord(event)) throw fault('wrong-type', `$[${row}]`, event, 'an event')
  const { subject, type, occurredAt, data } = event as AnyEvent
  if (typeof type !== 'string') throw fault('wrong-type', `$[${row}].type`, type, 'text')
  if (typeof subject !== 'string') throw fault('wrong-type', `$[${row}].subject`, subject, 'text')
  if (!isRecord(data)) throw fault('wrong-type', `$[${row}].data`, data, 'fields by name')
  if (!isInstant(occurredAt))
    throw fault('invalid-instant', `$[${row}].occurredAt`, occurredAt, 'milliseconds since 1970')
}

/** Checks an instant of a row. */
export function checkedTime(times: ArrayLike<number>, row: number): Instant {
  const at = times[row]!
  if (!isInstant(at)) throw fault('invalid-instant', `$.occurredAt[${row}]`, at, 'milliseconds since 1970')
  return at
}

const isVector = (value: unknown): value is { readonly length: number; get(row: number): unknown } =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { readonly get?: unknown }).get === 'function'

const isColumn = (value: unknown): value is Column<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Number.isSafeInteger((value as { readonly length?: unknown }).length) &&
  (value as { readonly length: number }).length >= 0

const getter = <T>(column: Column<T>): ((row: number) => T | null | undefined) =>
  isVector(column) ? (row) => column.get(row) as T | null : (row) => (column as ArrayLike<T>)[row]

/** A column as something that loops can index: typed arrays as they are, vectors by the array that they give. */
function numbersOf(column: Column<number> | Column<bigint>, path: string): ArrayLike<number> {
  if (!isColumn(column)) throw fault('wrong-type', path, column, 'a column of numbers')
  if (column instanceof BigInt64Array || column instanceof BigUint64Array)
    return Float64Array.from(column, Number)
  if (ArrayBuffer.isView(column)) return column as unknown as ArrayLike<number>
  const given = isVector(column) ? arrayOf(column) : undefined
  if (given !== undefined) return given
  const get = getter<unknown>(column as Column<unknown>)
  const numbers: number[] = []
  for (let row = 0; row < column.length; row++) {
    const value = get(row)
    if (value === null || value === undefined) throw fault('missing', `${path}[${row}]`, value, 'a number')
    if (typeof value !== 'number' && typeof value !== 'bigint')
      throw fault('wrong-type', `${path}[${row}]`, value, 'a number')
    numbers.push(Number(value))
  }
  return numbers
}

/** What of a vector's type matters here, by the numbers of Arrow's format. */
interface ArrowType {
  readonly typeId?: unknown
  readonly precision?: unknown
  readonly unit?: unknown
}
const INTEGER = 2
const FLOAT = 3
const HALF = 0
const TIMESTAMP = 10

/**
 * The numbers of a vector without a call for each, where its array holds them as they are: halves are coded, missing
 * values look like zeros. Timestamps are counted in units of their own; a number cannot hold all of them, so that they are cut before.
 */
function arrayOf(vector: object): ArrayLike<number> | undefined {
  const { nullCount, toArray, type } = vector as {
    readonly nullCount?: unknown
    readonly toArray?: () => unknown
    readonly type?: ArrowType
  }
  if (typeof toArray !== 'function' || !isRecord(type) || nullCount !== 0) return undefined
  const { typeId, precision, unit } = type as ArrowType
  const whole = typeId === INTEGER || (typeId === FLOAT && precision !== HALF)
  if (!whole && typeId !== TIMESTAMP) return undefined
  const array = toArray.call(vector)
  if (!ArrayBuffer.isView(array)) return undefined
  if (!(array instanceof BigInt64Array || array instanceof BigUint64Array))
    return whole ? (array as unknown as ArrayLike<number>) : undefined
  if (typeId !== TIMESTAMP || unit === 1) return Float64Array.from(array, Number)
  if (unit === 0) return Float64Array.from(array, (at) => Number(at) * 1000)
  const per = unit === 2 ? 1000n : 1_000_000n
  return Float64Array.from(array, (at) => Number(at / per) - (at % per < 0n ? 1 : 0))
}

interface Coded {
  readonly codes: ArrayLike<number>
  readonly values: readonly string[]
}

function subjectsOf(
  column: EventColumns['subject'],
  length: number,
): {
  codes: ArrayLike<number>
  values: readonly string[] | undefined
} {
  if (isDictionary(column)) return codesOf(column, '$.subject', length)
  if (!isColumn(column)) throw fault('wrong-type', '$.subject', column, 'a column of subjects')
  const sample = column.length === 0 ? 0 : getter(column as Column<unknown>)(0)
  if (typeof sample === 'number' || typeof sample === 'bigint')
    return { codes: numbersOf(column as Column<number>, '$.subject'), values: undefined }
  return codesOf(column as Column<string>, '$.subject', length)
}

const isDictionary = (column: unknown): column is DictionaryColumn => isRecord(column) && 'codes' in column

function codesOf(column: Column<string> | DictionaryColumn, path: string, length: number): Coded {
  if (isDictionary(column)) {
    const { codes, values } = column
    if (!isColumn(codes)) throw fault('wrong-type', `${path}.codes`, codes, 'a column of whole numbers')
    if (!isColumn(values)) throw fault('wrong-type', `${path}.values`, values, 'a column of texts')
    return { codes: numbersOf(codes, `${path}.codes`), values: textsOf(values, `${path}.values`) }
  }
  if (!isColumn(column)) throw fault('wrong-type', path, column, 'a column of texts')
  if (column.length !== length)
    throw fault('out-of-range', path, column.length, `${length} rows, as in occurredAt`)
  const get = getter(column)
  const { values, codeOf } = coder()
  const codes = new Uint32Array(column.length)
  for (let row = 0; row < codes.length; row++) {
    const text = get(row)
    if (typeof text !== 'string') throw fault('wrong-type', `${path}[${row}]`, text, 'text')
    codes[row] = codeOf(text)
  }
  return { codes, values }
}

function textsOf(column: Column<string>, path: string): readonly string[] {
  const get = getter(column)
  return Array.from({ length: column.length }, (_, row) => {
    const text = get(row)
    if (typeof text !== 'string') throw fault('wrong-type', `${path}[${row}]`, text, 'text')
    return text
  })
}
