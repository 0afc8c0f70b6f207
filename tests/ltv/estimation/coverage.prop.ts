// Intervals of 95 % cover the truth in 92 to 98 % of sets that determine the parameters.
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { coverage, truths } from './support/coverage.js'

for (const truth of truths) {
  // A few sets tell nothing of a share, so by default only the model that takes least time has any: hundreds.
  const sets = runs(truth.name === 'nbd' ? 600 : 0, 1000)
  test.runIf(sets >= 500)(`of ${truth.name}, ${sets} sets`, { timeout: 7_200_000 }, () => {
    const { fitted, without, shares } = coverage(truth, 1000, sets)
    expect(fitted, JSON.stringify(without)).toBe(sets)
    for (const share of Object.values(shares)) {
      expect(share, JSON.stringify(shares)).toBeGreaterThan(0.92)
      expect(share, JSON.stringify(shares)).toBeLessThan(0.98)
    }
  })
}
