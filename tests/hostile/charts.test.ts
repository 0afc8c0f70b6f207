// The table of hostile values for the charts, which are an entry of their own.
import * as library from 'liuliang'
import * as charts from 'liuliang/adapters/charts'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { families } from './support/cases.mjs'
import { fault } from './support/cell.mjs'
import { chartBoundaries, chartsCalled } from './support/charts.mjs'
import { typedBy } from './support/typed.mjs'

const known = typedBy(library)
const boundaries = chartBoundaries(charts)

test('every chart is in the table', () => {
  const functions = Object.entries(charts).filter(([, value]) => typeof value === 'function')
  expect(functions.map(([name]) => name)).toEqual([...chartsCalled].sort())
})

describe('a hostile value is answered', () => {
  test.each(chartsCalled)('%s', (chart) => {
    const faults: string[] = []
    let cells = 0
    for (const [index, boundary] of boundaries.entries()) {
      if (!boundary.name.startsWith(`${chart} `)) continue
      for (const family of boundary.takes) {
        for (const [i, one] of families[family]!.entries()) {
          if ((i + index) % runs(6, 1) !== 0) continue
          cells += 1
          const found = fault(boundary, one, family, known)
          if (found !== undefined) faults.push(`${boundary.name} × ${one.id} (${one.why}): ${found}`)
        }
      }
    }
    expect(cells).toBeGreaterThan(100)
    expect(faults).toEqual([])
  })
})
