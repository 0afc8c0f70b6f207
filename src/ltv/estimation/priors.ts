import { ln } from '../../kernel/elementary.js'
import { checkNumber, checkRecord, fault, unknownName } from '../../kernel/errors.js'
import type { ParameterRange } from '../model.js'
import { valueAt } from './coordinates.js'

/**
 * What is known of a parameter before the data are seen, in the data's unit of time.
 *
 * All but `ridge` are densities of the coordinate in which the search goes and intervals are given (ln of a positive
 * parameter, the logit of a share): the result is the most likely coordinate, and the same whatever the unit.
 *
 * - `log-normal`: ln of the parameter is normal around ln median. "Within a factor of three of 0.5": median 0.5, sigma
 *   ln(3) / 2 = 0.55.
 * - `gamma`: with its shape and mean; `half-normal`: what is left of a normal around 0 of this scale.
 * - `normal`: of parameters and coefficients on the whole line.
 * - `beta`: of a share.
 * - `ridge`: no density but a price, weight × parameter², taken from the log-likelihood. What other programs call
 *   penalizer or regularisation; `penalties` writes them.
 */
export type Prior =
  | { readonly kind: 'log-normal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'gamma'; readonly shape: number; readonly mean: number }
  | { readonly kind: 'half-normal'; readonly scale: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sigma: number }
  | { readonly kind: 'beta'; readonly a: number; readonly b: number }
  | { readonly kind: 'ridge'; readonly weight: number }

/** By the names of parameters and of coefficients (`buying:channel`). */
export type Priors = { readonly [name: string]: Prior }

/** Which numbers each takes, whether they have to be above 0, and of which parameters it can be. */
const kinds: {
  readonly [kind: string]: {
    readonly numbers: { readonly [name: string]: 'any' | 'positive' }
    readonly of: readonly ParameterRange[]
  }
} = {
  'log-normal': { numbers: { median: 'positive', sigma: 'positive' }, of: ['positive'] },
  gamma: { numbers: { shape: 'positive', mean: 'positive' }, of: ['positive'] },
  'half-normal': { numbers: { scale: 'positive' }, of: ['positive'] },
  normal: { numbers: { mean: 'any', sigma: 'positive' }, of: ['real'] },
  beta: { numbers: { a: 'positive', b: 'positive' }, of: ['share'] },
  ridge: { numbers: { weight: 'positive' }, of: ['positive', 'real', 'above-one', 'share'] },
}

/** Refuses what is no prior of a parameter that lives in `range`. */
export function checkPrior(prior: unknown, range: ParameterRange, path: string): void {
  checkRecord(prior, path)
  const given = prior as { readonly [name: string]: unknown }
  const kind = Object.hasOwn(kinds, String(given['kind'])) ? kinds[String(given['kind'])] : undefined
  if (kind === undefined || !kind.of.includes(range)) {
    const fitting = Object.keys(kinds).filter((name) => kinds[name]!.of.includes(range))
    throw unknownName(`${path}.kind`, given['kind'], fitting)
  }
  for (const name of Object.keys(given)) {
    if (name !== 'kind' && !Object.hasOwn(kind.numbers, name))
      throw fault('unknown-key', `${path}.${name}`, name, Object.keys(kind.numbers).join(', '))
  }
  for (const [name, sign] of Object.entries(kind.numbers)) {
    const number = given[name]
    if (number === undefined) throw fault('missing', `${path}.${name}`, number, 'a number')
    checkNumber(number, `${path}.${name}`)
    if (!Number.isFinite(number) || (sign === 'positive' && !((number as number) > 0)))
      throw fault('out-of-range', `${path}.${name}`, number, sign === 'any' ? 'finite' : 'above 0, finite')
  }
}

/** What a prior takes from the log-likelihood at a coordinate, but for a constant, with its slope along it. */
export function priceOf(
  prior: Prior,
  range: ParameterRange,
  coordinate: number,
): { readonly price: number; readonly slope: number } {
  const value = valueAt(range, coordinate)
  if (prior.kind === 'log-normal') return square(coordinate - ln(prior.median), prior.sigma)
  if (prior.kind === 'normal') return square(coordinate - prior.mean, prior.sigma)
  if (prior.kind === 'gamma') {
    const { shape, mean } = prior
    const ratio = (shape * value) / mean
    return { price: ratio - shape * coordinate, slope: ratio - shape }
  }
  if (prior.kind === 'half-normal') {
    const share = (value / prior.scale) * (value / prior.scale)
    return { price: share / 2 - coordinate, slope: share - 1 }
  }
  if (prior.kind === 'beta') {
    const rest = valueAt('share', -coordinate)
    return {
      price: -prior.a * ln(value) - prior.b * ln(rest),
      slope: (prior.a + prior.b) * value - prior.a,
    }
  }
  const growth =
    range === 'real'
      ? 1
      : range === 'share'
        ? value * valueAt('share', -coordinate)
        : range === 'above-one'
          ? value - 1
          : value
  return { price: prior.weight * value * value, slope: 2 * prior.weight * value * growth }
}

function square(distance: number, sigma: number) {
  const inSigma = distance / sigma
  return { price: (inSigma * inSigma) / 2, slope: inSigma / sigma }
}
