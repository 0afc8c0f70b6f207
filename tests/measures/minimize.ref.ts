import { expect, test } from 'vitest'
import { minimize } from '../../src/measures/minimize.js'
import type { Objective } from '../../src/measures/objective.js'
import { givenAs } from './support/objectives.js'

/**
 * The negative log-likelihood of a shifted beta-geometric, in the logarithms of its parameters: of those left after i
 * years a share a / (a + b + i) leaves in the next.
 */
function stays(alive: readonly number[]): Objective {
  const years = alive.slice(1).map((n, i) => ({ i, left: alive[i]! - n, stayed: n }))
  const parameters = ([u, v]: readonly number[]) => [Math.exp(u!), Math.exp(v!)] as const
  return {
    value(at) {
      const [a, b] = parameters(at)
      if (!(Math.max(a, b) < 1e100 && Math.min(a, b) > 1e-100)) return Number.NaN
      return years.reduce(
        (sum, { i, left, stayed }) => sum + left * Math.log1p((b + i) / a) + stayed * Math.log1p(a / (b + i)),
        0,
      )
    },
    gradient(at) {
      const [a, b] = parameters(at)
      const slopes: [number, number] = [0, 0]
      for (const { i, left, stayed } of years) {
        const more = (stayed * a - left * (b + i)) / (a + b + i)
        slopes[0] += more
        slopes[1] -= (more * b) / (b + i)
      }
      return slopes
    },
  }
}

/**
 * Fader & Hardie (2007), "How to Project Customer Retention": customers alive after 0 to 7 years, parameters and
 * log-likelihood as published, to half of their last digit.
 */
test.each([
  ['regular', [1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182, -1680.3],
  ['high end', [1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806, -1611.2],
])('the retention of the %s segment', (_, alive, alpha, beta, logLikelihood) => {
  for (const [, given] of givenAs(stays(alive))) {
    const found = minimize(given, [0, 0], { atLeast: 0 })
    if (found.kind !== 'optimum') throw new Error(found.reason)
    expect(Math.abs(Math.exp(found.at[0]!) - alpha)).toBeLessThan(0.0005)
    expect(Math.abs(Math.exp(found.at[1]!) - beta)).toBeLessThan(0.0005)
    expect(Math.abs(found.value + logLikelihood)).toBeLessThan(0.05)
  }
})

test.each([
  ['where everybody leaves at one rate', [10000, 8000, 6400, 5120, 4096]],
  ['where leaving grows', [1000, 900, 750, 500, 200]],
  ['of one year', [1000, 631]],
])('no parameters of the retention %s are reported', (_, alive) => {
  const found = minimize(givenAs(stays(alive))[0]![1], [0, 0], { atLeast: 0 })
  expect(found).toMatchObject({ kind: 'not-an-optimum', reason: 'flat' })
  // Both grow together: their ratio is determined, their size is not.
  if (found.kind !== 'optimum') expect(found.direction![0]! / found.direction![1]!).toBeCloseTo(1, 1)
})
