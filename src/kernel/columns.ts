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
  readonly subject: Column<string> | Column<number> | DictionaryColumn
  /** Milliseconds since 1970; Arrow timestamps of any unit. */
  readonly occurredAt: Column<number> | Column<bigint>
  /** One type for all rows, or a column of types. */
  readonly type: string | Column<string> | DictionaryColumn
  /** Fields of `data` by name; `null` and `undefined` are left out of an event. */
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
  const { codes: subjects, values: names } = subjectsOf(subject)
  same(subjects.length, '$.subject')
  const typed = typeof type === 'string' ? { codes: undefined, values: [type] } : codesOf(type, '$.type')
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
        const value = get(row)
        if (value !== null && value !== undefined) {
          Object.defineProperty(held, name, { value, enumerable: true, configurable: true, writable: true })
        }
      }
      return held
    },
  }
}

/** Events as columns, in the same order: for code that has objects and wants the speed of columns from there on. */
export function columnsOf(events: readonly AnyEvent[]): EventColumns {
  const occurredAt = new Float64Array(events.length)
  const subjects = coder()
  const types = coder()
  const fields = new Map<string, unknown[]>()
  const codes = { subject: new Uint32Array(events.length), type: new Uint32Array(events.length) }
  for (const [row, event] of events.entries()) {
    occurredAt[row] = event.occurredAt
    codes.subject[row] = subjects.codeOf(event.subject)
    codes.type[row] = types.codeOf(event.type)
    for (const name of Object.keys(event.data)) {
      let column = fields.get(name)
      if (column === undefined) fields.set(name, (column = new Array<unknown>(events.length).fill(undefined)))
      column[row] = own(event.data, name)
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
  Number.isSafeInteger((value as { readonly length?: unknown }).length)

const getter = <T>(column: Column<T>): ((row: number) => T | null | undefined) =>
  isVector(column) ? (row) => column.get(row) as T | null : (row) => (column as ArrayLike<T>)[row]

/** A column as something that loops can index: typed arrays as they are, vectors by the array that they give. */
function numbersOf(column: Column<number> | Column<bigint>, path: string): ArrayLike<number> {
  if (!isColumn(column)) throw fault('wrong-type', path, column, 'a column of numbers')
  if (column instanceof BigInt64Array || column instanceof BigUint64Array)
    return Float64Array.from(column, Number)
  if (!isVector(column)) return column as ArrayLike<number>
  const given = arrayOf(column)
  if (given !== undefined && !(given instanceof BigInt64Array || given instanceof BigUint64Array))
    return given
  // Times of Arrow lie in units of their own, which only the vector knows.
  const numbers = new Float64Array(column.length)
  for (let row = 0; row < numbers.length; row++) {
    const value = column.get(row)
    if (value === null) throw fault('missing', `${path}[${row}]`, value, 'a number')
    numbers[row] = Number(value)
  }
  return numbers
}

/** What `toArray` of a vector gives, where that is all of it: vectors with missing values give arrays that hide them. */
function arrayOf(vector: object): ArrayLike<number> | undefined {
  const { nullCount, toArray } = vector as { readonly nullCount?: unknown; readonly toArray?: () => unknown }
  if (typeof toArray !== 'function' || (nullCount !== undefined && nullCount !== 0)) return undefined
  const array = toArray.call(vector)
  return ArrayBuffer.isView(array) ? (array as unknown as ArrayLike<number>) : undefined
}

interface Coded {
  readonly codes: ArrayLike<number>
  readonly values: readonly string[]
}

function subjectsOf(column: EventColumns['subject']): {
  codes: ArrayLike<number>
  values: readonly string[] | undefined
} {
  if (isDictionary(column)) return codesOf(column, '$.subject')
  if (!isColumn(column)) throw fault('wrong-type', '$.subject', column, 'a column of subjects')
  const sample = column.length === 0 ? 0 : getter(column as Column<unknown>)(0)
  if (typeof sample === 'number')
    return { codes: numbersOf(column as Column<number>, '$.subject'), values: undefined }
  return codesOf(column as Column<string>, '$.subject')
}

const isDictionary = (column: unknown): column is DictionaryColumn => isRecord(column) && 'codes' in column

function codesOf(column: Column<string> | DictionaryColumn, path: string): Coded {
  if (isDictionary(column)) {
    const { codes, values } = column
    if (!isColumn(codes)) throw fault('wrong-type', `${path}.codes`, codes, 'a column of whole numbers')
    if (!isColumn(values)) throw fault('wrong-type', `${path}.values`, values, 'a column of texts')
    return { codes, values: textsOf(values, `${path}.values`) }
  }
  if (!isColumn(column)) throw fault('wrong-type', path, column, 'a column of texts')
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
