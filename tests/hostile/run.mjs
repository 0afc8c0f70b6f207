// The table of hostile values on a bare Node, against the built package: `node [flags] tests/hostile/run.mjs esm|cjs`.
import { createRequire } from 'node:module'
import { boundariesOf } from './support/boundaries.mjs'
import { families } from './support/cases.mjs'
import { fault } from './support/cell.mjs'
import { chartBoundaries } from './support/charts.mjs'
import { statechartBoundaries } from './support/statecharts.mjs'
import { typedBy } from './support/typed.mjs'

const format = process.argv[2] ?? 'esm'
const load = (entry) =>
  format === 'esm'
    ? import(`../../dist/${entry}.js`)
    : createRequire(import.meta.url)(`../../dist/${entry}.cjs`)
const library = await load('index')

const known = typedBy(library)
let cells = 0
const faults = []
const boundaries = [
  ...boundariesOf({ ...library, ...known }),
  ...chartBoundaries(await load('adapters/charts')),
  ...statechartBoundaries(await load('adapters/statecharts'), { ...library, ...known }),
]
for (const boundary of boundaries) {
  for (const family of boundary.takes) {
    for (const one of families[family]) {
      cells += 1
      const found = fault(boundary, one, family, known)
      if (found !== undefined) faults.push(`${boundary.name} × ${one.id} (${one.why}): ${found}`)
    }
  }
}
for (const found of faults.slice(0, Number(process.env['SHOW'] ?? 20))) console.log(found)
console.log(`${format} ${process.execArgv.join(' ')}: ${cells} cells, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
