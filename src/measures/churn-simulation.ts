import { expm1 } from '../kernel/elementary.js'
import { checkRecord, fault } from '../kernel/errors.js'
import type { Random } from '../kernel/random.js'
import { binomialDraw } from './binomial-draw.js'
import { type ChurnCohort, checkChurnCohorts } from './churn-counts.js'
import { type ChurnParameters, checkParameters, coordinatesOf, curveAt } from './churn-model.js'

/**
 * Cohorts as they might have been: of the same sizes and ages, with chance deciding who leaves. For intervals by
 * simulation, and to see how well a fit would do on so many people and periods.
 *
 * The same generator, the same cohorts, on every runtime.
 *
 * @param given - `cohorts` for their names, sizes and numbers of periods; of their survivors the first only is read.
 * @throws DefinitionError as `churnLogLikelihood`; `wrong-type` where `random` is no generator.
 * @example
 * simulateChurn({ parameters: { model: 'geometric', churn: 0.2 }, cohorts: [{ cohort: 'a', survivors: [100, 0, 0] }], random: random(7) })
 * // => [{ cohort: 'a', survivors: [100, 75, 65] }]
 */
export function simulateChurn(given: {
  readonly parameters: ChurnParameters
  readonly cohorts: readonly ChurnCohort[]
  readonly random: Random
}): readonly ChurnCohort[] {
  checkRecord(given, '$')
  const { parameters, cohorts, random } = given
  checkParameters(parameters)
  checkChurnCohorts(cohorts, '$.cohorts')
  checkRandom(random, '$.random')
  const chances = leavingChances(
    parameters,
    cohorts.reduce((most, { survivors }) => Math.max(most, survivors.length - 1), 0),
  )
  return cohorts.map(({ cohort, survivors }) => ({
    cohort,
    survivors: survivorsOf(survivors[0]!, chances.slice(0, survivors.length - 1), random),
  }))
}

/** The chance to leave in each period from the first to the last, of those then there. */
export function leavingChances(parameters: ChurnParameters, last: number): readonly number[] {
  const curve = curveAt(coordinatesOf(parameters))
  return Array.from({ length: last }, (_, i) => -expm1(curve.value(i + 1)))
}

/** Who is left of a number of people after each chance to leave. */
export function survivorsOf(size: number, chances: readonly number[], random: Random): readonly number[] {
  // A count of -0 is one of 0.
  const survivors = [size + 0]
  for (const chance of chances) {
    const before = survivors[survivors.length - 1]!
    survivors.push(before - binomialDraw(before, chance, random))
  }
  return survivors
}

/** Refuses what is no generator. */
export function checkRandom(random: Random, path: string): void {
  if (typeof random !== 'object' || random === null || typeof random.next !== 'function')
    throw fault('wrong-type', path, random, 'a generator: random(seed)')
}
