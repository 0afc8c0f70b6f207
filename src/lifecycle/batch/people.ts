import { fault } from '../../kernel/errors.js'
import { decimalOf } from '../../measures/activity/decimal-name.js'

/**
 * People by row. As long as all of them are numbers from columns, row 17 is `'17'` and nothing is stored; rows of which
 * nothing was heard are nobody's. With the first other name all of them are written out.
 */
export interface People {
  names: string[] | null
  /** Rows, nobody's included. */
  count: number
  /** People. */
  present: number
}

/** A longer number is a name like any other. */
const DIGITS = 9

/** Rows by name are no part of the data: they are found again. */
const indexes = /* @__PURE__ */ new WeakMap<People, Map<string, number>>()

function indexOf(people: People): Map<string, number> {
  let index = indexes.get(people)
  if (index === undefined) {
    people.names ??= Array.from({ length: people.count }, (_, row) => String(row))
    index = new Map()
    for (const [row, name] of people.names.entries()) index.set(name, row)
    if (index.size !== people.names.length)
      throw fault('malformed-state', '$.people.names', people.names, 'each name once')
    indexes.set(people, index)
  }
  return index
}

export const nobody = (): People => ({ names: null, count: 0, present: 0 })

/** Room for rows without names: so much memory may be wasted on numbers that nobody has. */
export const roomFor = (people: number): number => 1024 + 16 * people

/** The row of a name, made where there is none. */
export function rowOf(people: People, name: string): number {
  if (people.names === null) {
    const number = decimalOf(name, DIGITS)
    if (number >= 0 && number < roomFor(people.present)) {
      if (number >= people.count) people.count = number + 1
      return number
    }
  }
  const index = indexOf(people)
  let row = index.get(name)
  if (row === undefined) {
    row = people.count
    index.set(name, row)
    people.names!.push(name)
    people.count += 1
  }
  return row
}

/** The row of a name, if there is one. */
export function findRow(people: People, name: string): number | undefined {
  if (people.names !== null) return indexOf(people).get(name)
  const number = decimalOf(name, DIGITS)
  return number >= 0 && number < people.count ? number : undefined
}

export const nameOf = ({ names }: People, row: number): string => names?.[row] ?? String(row)

/** The row at a place of columns, unless there is no such place. */
export function rowAt(rows: Int32Array, place: number): number {
  const row = typeof place === 'number' ? rows[place] : undefined
  if (row !== undefined) return row
  throw fault('out-of-range', '$', place, `a place from 0 to ${rows.length - 1}`)
}

/** Takes a name out; where names are kept the last row moves into its place, and its number is returned. */
export function dropName(people: People, row: number): number | undefined {
  if (people.names === null) return undefined
  const index = indexOf(people)
  index.delete(people.names[row]!)
  const last = people.names.pop()!
  people.count -= 1
  if (row === people.count) return row
  people.names[row] = last
  index.set(last, row)
  return people.count
}

/** Numbers in order, then other names by code unit: one order, whatever way the people came. */
export function rowsInOrder(people: People, rows: Int32Array): Int32Array {
  const { names } = people
  if (names === null) return rows
  const numbers = Float64Array.from(rows, (row) => decimalOf(names[row]!, DIGITS))
  const places = Int32Array.from(rows, (_, place) => place)
  places.sort((a, b) => {
    const [x, y] = [numbers[a]!, numbers[b]!]
    if (x >= 0 || y >= 0) return x < 0 ? 1 : y < 0 ? -1 : x - y
    const [s, t] = [names[rows[a]!]!, names[rows[b]!]!]
    return s < t ? -1 : s > t ? 1 : 0
  })
  return places.map((place) => rows[place]!)
}
