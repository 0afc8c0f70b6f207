import { checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import type { LikelihoodModel } from '../model.js'
import type { Priors } from './priors.js'

/**
 * The priors under which a fit is what other programs call penalised: a coefficient times the squares of parameters, taken
 * from the log-likelihood's mean over customers or from its sum.
 *
 * lifetimes' `penalizer_coef` goes against the mean, on parameters in time that ends at 1 for the oldest customer; of
 * Pareto/NBD against the sum. CLVTools' `reg.lambdas` goes against the mean, on coefficients of covariates: name these
 * in `of`.
 *
 * @param told - `against`: 'mean' takes the size of the data; `longest`: the greatest age, where ages were scaled to 1.
 * @throws DefinitionError `out-of-range` for a coefficient that is not above 0; `missing` without names or sizes.
 * @example
 * penalties(bgNbd, { coefficient: 0.1, against: 'mean', size: 2357, longest: 38.86 }).r // => { kind: 'ridge', weight: 235.7 }
 */
export function penalties(
  model: Pick<LikelihoodModel<string, string, never>, 'parameters' | 'powers'>,
  told: {
    readonly coefficient: number
    readonly against: 'mean' | 'sum'
    /** Customers. */
    readonly size: number
    readonly longest?: number
    /** All parameters unless told. */
    readonly of?: readonly string[]
  },
): Priors {
  checkRecord(told, '$.told')
  const { coefficient, against, size, longest, of = model.parameters } = told
  for (const [name, value] of Object.entries({
    coefficient,
    size,
    longest: longest === undefined ? 1 : longest,
  })) {
    checkNumber(value, `$.told.${name}`)
    if (!(value > 0 && Number.isFinite(value)))
      throw fault('out-of-range', `$.told.${name}`, value, 'above 0, finite')
  }
  if (against !== 'mean' && against !== 'sum')
    throw fault('unknown-name', '$.told.against', against, 'mean | sum')
  if (!Array.isArray(of)) throw fault('wrong-type', '$.told.of', of, 'a list of names')
  return Object.fromEntries(
    of.map((name) => {
      const power = Object.hasOwn(model.powers, name) ? model.powers[name]! : 0
      // A power of the unit: 0, 1 or -1.
      const scale = longest === undefined || power === 0 ? 1 : power > 0 ? 1 / longest : longest
      return [name, { kind: 'ridge', weight: coefficient * (against === 'mean' ? size : 1) * scale * scale }]
    }),
  )
}
