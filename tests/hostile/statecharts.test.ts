// The table of hostile values for what draws lifecycles, which is an entry of its own.
import * as library from 'liuliang'
import * as statecharts from 'liuliang/adapters/statecharts'
import { describe, expect, test } from 'vitest'
import { families } from './support/cases.mjs'
import { fault } from './support/cell.mjs'
import { statechartBoundaries, statechartsCalled } from './support/statecharts.mjs'
import { typedBy } from './support/typed.mjs'

const known = typedBy(library)
const boundaries = statechartBoundaries(statecharts, { ...library, ...known })

test('every function is in the table', () => {
  const functions = Object.entries(statecharts).filter(([, value]) => typeof value === 'function')
  expect(functions.map(([name]) => name)).toEqual(statechartsCalled)
})

describe('a hostile value is answered', () => {
  test.each(boundaries.map((boundary) => ({ boundary, name: boundary.name })))('$name', ({ boundary }) => {
    const faults: string[] = []
    for (const family of boundary.takes)
      for (const one of families[family]!) {
        const found = fault(boundary, one, family, known)
        if (found !== undefined) faults.push(`${one.id} (${one.why}): ${found}`)
      }
    expect(faults).toEqual([])
  })
})
