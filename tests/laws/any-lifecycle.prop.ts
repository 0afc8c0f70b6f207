// The laws of engines on lifecycles of any shape, not only on the one that stands among the specimens.
import fc from 'fast-check'
import { engineLaws } from 'liuliang/testing'
import { expect, test } from 'vitest'
import { anyLifecycle, engineOf } from '../oracle/support/lifecycles.js'
import { zone } from '../oracle/support/shop.js'
import { runs } from '../support/size.js'

test('the laws of engines hold of lifecycles of any shape', { timeout: 1_200_000 }, () => {
  const seen = {
    everywhere: 0,
    final: 0,
    forwardOnly: 0,
    exhaustive: 0,
    reset: 0,
    ignores: 0,
    where: 0,
    as: 0,
  }
  let laws = 0
  fc.assert(
    fc.property(zone.chain(anyLifecycle), fc.nat(), (definition, seed) => {
      const said = JSON.stringify(engineOf(definition).definition)
      for (const name of Object.keys(seen) as (keyof typeof seen)[])
        if (said.includes(`"${name}":`)) seen[name] += 1
      for (const law of engineLaws(engineOf(definition), { length: 8 })) {
        law.check({ runs: 2, seed })
        laws += 1
      }
    }),
    { numRuns: runs(25, 1500) },
  )
  console.log(
    `${laws} laws; ${Object.entries(seen)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
})
