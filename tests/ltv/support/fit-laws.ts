// What holds of every fit of every model: an optimum that nothing from outside beats, or a diagnosis.
import { random } from 'liuliang'
import { fitModel, type LikelihoodModel, type TimeUnit } from 'liuliang/ltv'
import { expect } from 'vitest'
import { highestFromOutside } from './outside-check.js'

/** A data set of a model: how it came about, for the message, and the data. */
export interface Drawn<Data> {
  readonly what: string
  readonly data: Data
}

/** Hours, days, weeks and years to a week. */
export const unitsOfAWeek: readonly (readonly [TimeUnit, number])[] = [
  ['hour', 168],
  ['day', 7],
  ['week', 1],
  ['year', 168 / 8766],
]

/** How many of the data sets had a fit, and why the others had none. */
export interface Labels {
  readonly fitted: number
  readonly without: { readonly [reason: string]: number }
}

/**
 * Fits each and checks the answer from outside. The number of customers decides how hard it is looked at, as each look is a
 * pass over all of them.
 */
export function checkLabels<Data>(
  model: LikelihoodModel<string, string, Data>,
  sets: Iterable<Drawn<Data>>,
): Labels {
  let fitted = 0
  const without: Record<string, number> = {}
  for (const { what, data } of sets) {
    const fit = fitModel(model, data)
    const seed = random(what)
    const small = model.sizeOf(data) <= 1000
    const effort = { directions: small ? 60 : 12, scatter: small ? 40 : 8, simplexes: small ? 1 : 0 }
    if (fit.kind === 'fitted') {
      fitted += 1
      const { value } = highestFromOutside(model, data, fit.values, seed, effort)
      const above = value - fit.logLikelihood
      if (!(above <= 1e-6 + 1e-10 * Math.abs(value)))
        expect.fail(`${what}: ${JSON.stringify(fit.values)} is ${above} below what is likelier elsewhere`)
      for (const { standardError, interval } of Object.values(fit.estimates)) {
        expect(standardError, what).toBeGreaterThan(0)
        expect(interval.low <= interval.high && !Number.isNaN(interval.low), what).toBe(true)
      }
    } else {
      without[fit.reason] = (without[fit.reason] ?? 0) + 1
      expect(fit.next.en !== '' && fit.next.zh !== '', what).toBe(true)
      if (fit.seen === undefined) continue
      // At a limit there is always a little more further out; a place that is likelier by more has been missed.
      const { value } = highestFromOutside(model, data, fit.seen.values, seed, effort)
      if (!(value - fit.seen.logLikelihood <= 0.2))
        expect.fail(
          `${what}: ${fit.reason} at ${JSON.stringify(fit.seen.values)}, ${value - fit.seen.logLikelihood} below`,
        )
    }
  }
  return { fitted, without }
}

/** A number between, evenly by its logarithm. */
export const between = (low: number, high: number, random: { next(): number }) =>
  low * Math.exp(Math.log(high / low) * random.next())
