import { ln } from '../../kernel/elementary.js'
import type { Matrix } from '../../measures/symmetric.js'
import type { Likelihood, LikelihoodModel, ParameterRange } from '../model.js'
import { coordinateOf, growthAt, powerOf, valueAt } from './coordinates.js'
import type { Coefficient } from './covariates.js'
import { type Priors, priceOf } from './priors.js'
import type { Surface } from './surface.js'

/** The numbers that are looked for: a model's parameters, then the coefficients of covariates. */
export interface Frame {
  readonly names: readonly string[]
  readonly ranges: readonly ParameterRange[]
  /** The power of time of each. */
  readonly powers: readonly number[]
  readonly parameters: number
  readonly coefficients: readonly Coefficient[]
  /** Mean and standard deviation of each coefficient's covariate. */
  readonly spreads: readonly { readonly mean: number; readonly deviation: number }[]
  /** For each coefficient the sign with which it moves each parameter, 0 where it does not. */
  readonly signs: Matrix
}

export function frameOf(
  model: Pick<LikelihoodModel<string, string, never>, 'parameters' | 'ranges' | 'powers'>,
  coefficients: readonly Coefficient[],
  spreads: Frame['spreads'],
): Frame {
  const { parameters, ranges, powers } = model
  return {
    names: [...parameters, ...coefficients.map(({ name }) => name)],
    ranges: [...parameters.map((name) => ranges[name]!), ...coefficients.map(() => 'real' as const)],
    powers: [...parameters.map((name) => powers[name]!), ...coefficients.map(() => 0)],
    parameters: parameters.length,
    coefficients,
    spreads,
    signs: coefficients.map(({ effects }) =>
      parameters.map((name) => effects.find((effect) => effect.parameter === name)?.sign ?? 0),
    ),
  }
}

/**
 * From where a search goes to the coordinates of parameters and coefficients, by rows. A search has the parameters of a
 * customer with mean covariates and coefficients for a standard deviation, which hardly hang together.
 */
export function outOfSearch({ parameters, spreads, signs, names }: Frame): Matrix {
  return names.map((_, i) =>
    names.map((__, j) => {
      if (i >= parameters) return i === j ? 1 / spreads[i - parameters]!.deviation : 0
      if (j < parameters) return i === j ? 1 : 0
      const { mean, deviation } = spreads[j - parameters]!
      return (-signs[j - parameters]![i]! * mean) / deviation
    }),
  )
}

/** Where a search starts that is to begin at these values, with coefficients of 0. */
export function intoSearch(frame: Frame, values: readonly number[]): number[] {
  return frame.names.map((_, i) => (i < frame.parameters ? coordinateOf(frame.ranges[i]!, values[i]!) : 0))
}

/** Part of the data in which everybody has the same covariates. */
export interface Part {
  readonly likelihood: Likelihood
  /** Of each coefficient, in standard deviations from the mean. */
  readonly standard: readonly number[]
}

/** Beyond this, a coordinate is on its way to infinity: a factor of three million from what is usual. */
export const FAR = 15
/** And beyond this nothing is asked of a likelihood any more. */
export const END = 23

/** The negative log-likelihood with the price of priors, over the coordinates of a search. */
export function surfaceOf(
  frame: Frame,
  parts: readonly Part[],
  told: {
    readonly priors: Priors
    /** Of these data in the whole, by which priors count. */
    readonly share: number
    /** What the time of the data is longer by than that of priors. */
    readonly by: number
    /** What no log-likelihood of these data can be above. */
    readonly ceiling: number
    /** Told of each pass. */
    readonly passed: (share: number) => void
  },
): Surface {
  const { parameters, ranges, powers, signs } = frame
  const out = outOfSearch(frame)
  const size = frame.names.length
  const natural = new Float64Array(parameters)
  const slopes = new Float64Array(parameters)
  const priors = frame.names.flatMap((name, i) => {
    const prior = Object.hasOwn(told.priors, name) ? told.priors[name]! : undefined
    return prior === undefined ? [] : [{ prior, i, shift: powers[i]! * ln(told.by) }]
  })
  const beyond = (at: readonly number[], limit: number) =>
    at.some((x, i) => Math.abs(x) > (ranges[i] === 'real' && i < parameters ? 1e6 * limit : limit))
  return {
    size,
    far: (at) => beyond(at, FAR),
    look(at) {
      if (beyond(at, END)) return undefined
      let value = 0
      const gradient = new Array<number>(size).fill(0)
      told.passed(told.share)
      for (const { likelihood, standard } of parts) {
        for (let j = 0; j < parameters; j += 1) {
          let coordinate = at[j]!
          for (let k = 0; k < standard.length; k += 1)
            coordinate += signs[k]![j]! * at[parameters + k]! * standard[k]!
          natural[j] = valueAt(ranges[j]!, coordinate)
        }
        const found = likelihood.slopes(natural, slopes)
        if (!Number.isFinite(found)) return undefined
        value -= found
        for (let j = 0; j < parameters; j += 1) {
          // Growth along the coordinate; covariates move positive parameters only, whose growth is themselves.
          const slope =
            slopes[j]! *
            (standard.length > 0 && ranges[j] === 'positive' ? natural[j]! : growthAt(ranges[j]!, at[j]!))
          gradient[j]! -= slope
          for (let k = 0; k < standard.length; k += 1)
            gradient[parameters + k]! -= slope * signs[k]![j]! * standard[k]!
        }
      }
      if (value < -told.ceiling) return undefined
      for (const { prior, i, shift } of priors) {
        const coordinate = out[i]!.reduce((sum, by, j) => sum + by * at[j]!, 0) + shift
        const { price, slope } = priceOf(prior, ranges[i]!, coordinate)
        value += told.share * price
        for (const [j, by] of out[i]!.entries()) gradient[j]! += told.share * slope * by
      }
      return Number.isFinite(value) && gradient.every(Number.isFinite)
        ? { at: [...at], value, gradient }
        : undefined
    },
  }
}

/** The log-likelihood at a place of a search. */
export function likelihoodAt(frame: Frame, parts: readonly Part[], at: readonly number[]): number {
  const { parameters, ranges, signs } = frame
  let sum = 0
  for (const { likelihood, standard } of parts) {
    const values = ranges.slice(0, parameters).map((range, j) => {
      const moved = standard.reduce((total, z, k) => total + signs[k]![j]! * at[parameters + k]! * z, at[j]!)
      return valueAt(range, moved)
    })
    sum += likelihood.value(values)
  }
  return sum
}

/** Parameters in the unit of the data from those of rescaled ones. */
export function unscaled(frame: Frame, values: readonly number[], by: number): number[] {
  return values.map((value, i) => value * powerOf(by, frame.powers[i]!))
}
