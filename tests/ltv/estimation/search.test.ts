// Where a search ends on surfaces that are written down: a hollow with a plain around it.
import { describe, expect, test } from 'vitest'
import { type Found, search } from '../../../src/ltv/estimation/search.js'
import type { Surface } from '../../../src/ltv/estimation/surface.js'

/** A hollow of depth `floor` at 0, well bent; beyond a rim, a plain at `level` above its ground. */
const hollow = (level: number): Surface => ({
  size: 1,
  look([u = 0]) {
    const rim = Math.exp(-u * u)
    const value = u * u * rim + level * (1 - rim)
    return { at: [u], value, gradient: [2 * u * rim * (1 - u * u + level)] }
  },
  far: ([u = 0]) => Math.abs(u) > 15,
})

function foundOn(full: Surface): Found {
  const steps = search({ full, starts: [[0.3]] })
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

describe('an optimum with a plain around it', () => {
  test('is none where the plain is no less likely: nothing tells which', () => {
    expect(foundOn(hollow(0))).toMatchObject({ kind: 'none', why: 'level' })
    expect(foundOn(hollow(0.0009))).toMatchObject({ kind: 'none', why: 'level' })
  })

  test('is one where the plain is less likely, and how much less is told', () => {
    const found = foundOn(hollow(0.01))
    if (found.kind !== 'optimum') return expect.fail(found.why)
    expect(found.place.at[0]).toBeCloseTo(0, 6)
    expect(found.limit?.rise).toBeCloseTo(0.01, 6)
  })
})
