// Hostile values of every family at every boundary that takes their kind: a typed error or the right answer, within 50 ms,
// with no input changed, nothing polluted and nothing personal said. `npm run check` runs the same table against the built
// package under --disable-proto=throw and --frozen-intrinsics.
import * as library from 'liuliang'
import { afterAll, describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { boundariesOf } from './support/boundaries.mjs'
import { type Case, families } from './support/cases.mjs'
import { fault } from './support/cell.mjs'
import { typedBy } from './support/typed.mjs'

const known = typedBy(library)
const boundaries = boundariesOf({ ...library, ...known })
const tally = new Map<string, { boundaries: number; cells: number }>()

/** All cases at full size; else of what tries a hundred places at once every sixth, and the largest only where it is the point. */
function chosen(family: string, heavy: boolean, index: number): readonly Case[] {
  const every = heavy ? runs(6, 1) : 1
  return families[family]!.filter(
    ({ id }, i) => (i + index) % every === 0 && (id !== 'event-sequences-045' || runs(0, 1) === 1),
  )
}

describe('a hostile value is answered', () => {
  test.each(boundaries.map((boundary, index) => ({ boundary, index, name: boundary.name })))(
    '$name',
    ({ boundary, index }) => {
      const heavy = boundary.limit !== undefined && !boundary.takes.includes('event-sequences')
      const faults: string[] = []
      for (const family of boundary.takes) {
        const cases = chosen(family, heavy, index)
        const { boundaries: count, cells } = tally.get(family) ?? { boundaries: 0, cells: 0 }
        tally.set(family, { boundaries: count + 1, cells: cells + cases.length })
        for (const one of cases) {
          const found = fault(boundary, one, family, known)
          if (found !== undefined) faults.push(`${one.id} (${one.why}): ${found}`)
        }
      }
      expect(faults).toEqual([])
    },
    60_000,
  )
})

test('no family is left without a boundary, no boundary without a case', () => {
  const taken = new Set(boundaries.flatMap(({ takes }) => takes))
  expect(Object.keys(families).filter((family) => !taken.has(family))).toEqual([])
  expect(boundaries.filter(({ takes }) => takes.length === 0)).toEqual([])
  expect(new Set(boundaries.map(({ name }) => name)).size).toBe(boundaries.length)
})

test('the largest case: a hundred thousand people', () => {
  const largest = families['event-sequences']!.find(({ id }) => id === 'event-sequences-045')!
  const laws = boundaries.filter(({ name }) => name === 'a log: split')
  for (const law of laws) expect(fault(law, largest, 'event-sequences', known)).toBeUndefined()
  expect(laws).toHaveLength(1)
}, 60_000)

afterAll(() => {
  const rows = [...tally].map(([family, counts]) => ({ family, cases: families[family]!.length, ...counts }))
  const total = rows.reduce((sum, { cells }) => sum + cells, 0)
  console.table([...rows, { family: 'all', cases: '', boundaries: boundaries.length, cells: total }])
})
