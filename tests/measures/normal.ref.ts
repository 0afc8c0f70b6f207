import { expect, test } from 'vitest'
import { normalQuantile } from '../../src/measures/normal.js'

/**
 * Roots of the complementary error function at 60 digits (mpmath), for the float next to each p. The check values that
 * Wichura prints for PPND16 (0.25, 0.001, 1e-20) are among them. Tolerance 8e-16 relative, from 1e-300 to 0.9999.
 */
test.each([
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-10, -6.361340902404057],
  [0.0001, -3.7190164854556804],
  [0.001, -3.0902323061678136],
  [0.005, -2.575829303548901],
  [0.025, -1.9599639845400543],
  [0.074, -1.4466320671589785],
  [0.075, -1.439531470938456],
  [0.076, -1.4325027208258116],
  [0.1, -1.2815515655446004],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357997],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446006],
  [0.925, 1.4395314709384561],
  [0.95, 1.6448536269514722],
  [0.975, 1.9599639845400538],
  [0.995, 2.5758293035489004],
  [0.9999, 3.7190164854557084],
])('the quantile of %d', (p, z) => {
  expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(8e-16)
})
