import { decimalOf } from './decimal-name.js'

/**
 * Rows by name. Most shops number their people: a name that is a whole number in decimal is looked up in an array, which
 * costs a fraction of a map's several misses of the cache; any other name, and numbers too large for the people so far,
 * in a map.
 */
export interface PeopleIndex {
  get(name: string): number | undefined
  set(name: string, row: number): void
  delete(name: string): void
}

/** Longer numbers are looked up as names. */
const DIGITS = 7

/** Room for numbers: a little for anybody, and in proportion to the people there are. */
const room = (people: number): number => 1024 + 64 * people

export function peopleIndex(): PeopleIndex {
  const names = new Map<string, number>()
  // Rows from 1; 0 is nobody.
  let rows = new Int32Array(0)

  return {
    get(name) {
      const number = decimalOf(name, DIGITS)
      const row = number >= 0 && number < rows.length ? rows[number]! : 0
      return row === 0 ? names.get(name) : row - 1
    },
    set(name, row) {
      const number = decimalOf(name, DIGITS)
      if (number < 0 || (number >= rows.length && number >= room(row)) || names.has(name)) {
        names.set(name, row)
        return
      }
      if (number >= rows.length) {
        const more = new Int32Array(Math.max(number + 1, 2 * rows.length))
        more.set(rows)
        rows = more
      }
      rows[number] = row + 1
    },
    delete(name) {
      const number = decimalOf(name, DIGITS)
      if (number >= 0 && number < rows.length) rows[number] = 0
      names.delete(name)
    },
  }
}
