import { checkRecord, fault } from '../../kernel/errors.js'
import {
  checkPredicting,
  checkUnitOf,
  checkValues,
  type LikelihoodModel,
  type ModelParameters,
  type Values,
} from '../model.js'
import { checkUnit, type TimeUnit, unitsIn } from '../unit.js'
import { carried } from './carried.js'
import { checkEstimates } from './checked-fit.js'
import { powerOf } from './coordinates.js'

/**
 * The same parameters in another unit of time, with their standard errors, intervals and covariance: an alpha of 4.4 weeks
 * is one of 30.9 days.
 *
 * Log-likelihood, AIC and BIC stay those of the data in their own unit, as densities change with it; comparisons take
 * fits to the same data only. Only of models in continuous time: a period of a model in discrete time is what it is (a month
 * is not four weeks in which to leave), spend is money, and the Pareto/NBD with correlation is another model in each unit.
 *
 * @throws DefinitionError `unknown-name` for another model's parameters or unit, or a fit with covariates (that of one customer, by
 * `fitFor`, is taken); `out-of-range` for a model whose parameters have no other unit, and where one of the units is `opportunity`
 * and the other is not; as `fittedFrom` for values, estimates and a covariance that are none.
 * @example
 * changeUnit(bgNbd, parameters(bgNbd, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, { unit: 'week', source }), 'day').values.alpha
 * // => 30.897999999999996
 */
export function changeUnit<Name extends string, P extends string, From extends ModelParameters<Name, P>>(
  model: Pick<
    LikelihoodModel<Name, P, never>,
    'name' | 'parameters' | 'ranges' | 'powers' | 'boundToUnit'
  > & { readonly time?: 'continuous' | 'discrete' },
  parameters: From,
  unit: TimeUnit,
): From {
  checkRecord(model, '$.model')
  if (model.time !== 'continuous' || model.boundToUnit)
    throw fault(
      'out-of-range',
      '$.model',
      model.name,
      'a model in continuous time, in any unit: fit in the other one',
    )
  checkRecord(parameters, '$.parameters')
  if (parameters.model !== model.name)
    throw fault('unknown-name', '$.parameters.model', parameters.model, model.name)
  checkPredicting(parameters.kind, '$.parameters.kind')
  checkUnit(parameters.unit, '$.parameters.unit')
  checkUnitOf(model, parameters.unit, '$.parameters.unit')
  checkValues(model, parameters.values, '$.parameters.values')
  checkUnit(unit, '$.unit')
  const by = unitsIn(parameters.unit, unit, '$.unit')
  const factors = model.parameters.map((name) => powerOf(by, model.powers[name]))
  const values = Object.fromEntries(
    model.parameters.map((name, i) => [name, parameters.values[name] * factors[i]!]),
  ) as Values<P>
  for (const name of model.parameters)
    if (!(Math.abs(values[name]) < Infinity && (values[name] !== 0 || model.ranges[name] === 'real')))
      throw fault(
        'out-of-range',
        `$.parameters.values.${name}`,
        parameters.values[name],
        `a number in ${unit}s`,
      )
  if (parameters.kind === 'given') return { ...parameters, unit, values }
  const told = { names: model.parameters, ranges: model.parameters.map((name) => model.ranges[name]) }
  checkEstimates(told, parameters, '$.parameters')
  const estimates = Object.fromEntries(
    model.parameters.map((name, i) => {
      const { value, standardError, interval } = parameters.estimates[name]!
      const { low, high, level } = interval
      const factor = factors[i]!
      return [
        name,
        {
          value: value * factor,
          standardError: standardError * factor,
          interval: { low: low * factor, high: high * factor, level },
        },
      ]
    }),
  )
  // Logarithms move by a constant; what stands for itself is stretched.
  const stretch = model.parameters.map((name, i) =>
    model.parameters.map((_, k) => (i !== k ? 0 : model.ranges[name] === 'real' ? factors[i]! : 1)),
  )
  return { ...parameters, unit, values, estimates, covariance: carried(stretch, parameters.covariance) }
}
