import { exp } from '../../kernel/elementary.js'
import { checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import type { LikelihoodModel, Values } from '../model.js'
import { carried } from './carried.js'
import { coordinateOf } from './coordinates.js'
import { estimatesOf } from './estimates.js'
import type { CovariateFit, Fit } from './fit.js'

/**
 * The parameters of a customer with these covariates.
 *
 * @param covariates - One number for each that the fit knows; others are refused, so that a misspelt one is not taken as 0.
 * @throws DefinitionError `missing`, `unknown-key` or `wrong-type` of a covariate.
 * @example
 * valuesFor(fit, { channel: 1, gender: 0 }) // => { r: 1.4, alpha: 42.3, s: 0.5, beta: 30.1 }
 */
export function valuesFor<P extends string>(
  fit: CovariateFit<string, P>,
  covariates: { readonly [name: string]: number },
): Values<P> {
  const moves = movesOf(fit, covariates)
  return Object.fromEntries(
    Object.entries<number>(fit.values).map(([name, value]) => [name, value * exp(moves[name] ?? 0)]),
  ) as Values<P>
}

/** By how much covariates move the logarithm of each parameter. */
function movesOf(
  fit: CovariateFit,
  covariates: { readonly [name: string]: number },
): { readonly [parameter: string]: number } {
  checkCovariates(fit, covariates)
  const moves: Record<string, number> = {}
  for (const { name, covariate, effects } of fit.coefficients) {
    const move = fit.estimates[name]!.value * covariates[covariate]!
    for (const { parameter, sign } of effects) moves[parameter] = (moves[parameter] ?? 0) + sign * move
  }
  return moves
}

function checkCovariates(fit: CovariateFit, covariates: { readonly [name: string]: number }): void {
  checkRecord(fit, '$.fit')
  if (fit.kind !== 'fitted-with-covariates') throw fault('wrong-type', '$.fit', fit, 'a fit with covariates')
  checkRecord(covariates, '$.covariates')
  const known = [...new Set(fit.coefficients.map(({ covariate }) => covariate))]
  for (const name of known) {
    const value: unknown = Object.hasOwn(covariates, name) ? covariates[name] : undefined
    if (value === undefined) throw fault('missing', `$.covariates.${name}`, value, 'a number')
    checkNumber(value, `$.covariates.${name}`)
    if (!Number.isFinite(value)) throw fault('out-of-range', `$.covariates.${name}`, value, 'a finite number')
  }
  for (const name of Object.keys(covariates)) {
    if (!known.includes(name)) throw fault('unknown-key', `$.covariates.${name}`, name, known.join(', '))
  }
}

/**
 * The fit of a customer with these covariates: what predictions and their intervals are made from. Estimates and
 * covariance are those of the parameters of such a customer.
 *
 * @throws DefinitionError as `valuesFor`; `unknown-name` for another model's fit.
 * @example
 * predictionInterval(paretoNbd, fitFor(paretoNbd, fit, { channel: 1 }), (values) => paretoNbd.newcomer(values).expected(52))
 */
export function fitFor<Name extends string, P extends string>(
  model: Pick<LikelihoodModel<Name, P, never>, 'name' | 'parameters' | 'ranges'>,
  fit: CovariateFit<Name, P>,
  covariates: { readonly [name: string]: number },
): Fit<Name, P> {
  checkRecord(model, '$.model')
  const values = valuesFor(fit, covariates)
  if (model.name !== fit.model) throw fault('unknown-name', '$.fit.model', fit.model, model.name)
  const names = Object.keys(fit.estimates)
  const ranges = model.parameters.map((name) => model.ranges[name])
  const jacobian = model.parameters.map((parameter) =>
    names.map((name) => {
      if (name === parameter) return 1
      const coefficient = fit.coefficients.find((one) => one.name === name)
      const effect = coefficient?.effects.find((one) => one.parameter === parameter)
      return effect === undefined ? 0 : effect.sign * covariates[coefficient!.covariate]!
    }),
  )
  const covariance = carried(jacobian, fit.covariance)
  const { coefficients: _, kind: __, estimates, ...rest } = fit
  const { level } = estimates[names[0]!]!.interval
  return {
    ...rest,
    kind: 'fitted',
    values,
    estimates: estimatesOf(
      { names: model.parameters, ranges },
      model.parameters.map((name, i) => coordinateOf(ranges[i]!, values[name])),
      covariance,
      level,
    ),
    covariance,
  }
}
