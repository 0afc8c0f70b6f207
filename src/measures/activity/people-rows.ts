import type { People } from './collected.js'
import { type PeopleIndex, peopleIndex } from './people-index.js'

/** Rows of people by name. */
export interface PeopleRows {
  find(people: People, name: string): number | undefined
  /** The row of a name, made where there is none. */
  rowOf(people: People, name: string): number
  /** Takes a name out: the last row moves into its place, which is returned; `undefined` where there is no such name. */
  drop(people: People, name: string): number | undefined
  /** For people whose numbers are their rows: `row` is one, and nothing is stored. */
  asNumbers(people: People, row: number): void
}

/** Looking up a person by name needs an index, which is no part of the data; the one in use is kept at hand. */
export function peopleRows(): PeopleRows {
  const indexes = new WeakMap<People, PeopleIndex>()
  let held: People | undefined
  let index = peopleIndex()
  const hold = (people: People): void => {
    if (people === held) return
    held = people
    const found = indexes.get(people)
    index = found ?? peopleIndex()
    if (found !== undefined) return
    if (people.names === null) people.names = Array.from({ length: people.count }, (_, row) => String(row))
    for (const [row, name] of people.names.entries()) index.set(name, row)
    indexes.set(people, index)
  }
  return {
    find(people, name) {
      hold(people)
      return index.get(name)
    },
    rowOf(people, name) {
      hold(people)
      let row = index.get(name)
      if (row === undefined) {
        row = people.count
        index.set(name, row)
        people.names!.push(name)
        people.count += 1
      }
      return row
    },
    drop(people, name) {
      hold(people)
      const row = index.get(name)
      if (row === undefined) return undefined
      const last = people.names!.pop()!
      index.delete(name)
      people.count -= 1
      if (row < people.count) {
        people.names![row] = last
        index.set(last, row)
      }
      return row
    },
    asNumbers(people, row) {
      people.names = null
      people.count = Math.max(people.count, row + 1)
      if (people === held) held = undefined
      indexes.delete(people)
    },
  }
}
