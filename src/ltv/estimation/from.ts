import * as z from 'zod'
import { fault } from '../../kernel/errors.js'
import { lazily, readDefinition } from '../../kernel/index.js'
import { checkUnitOf, checkValues, type LikelihoodModel, limitModels } from '../model.js'
import { timeUnits } from '../unit.js'
import { checkCriteria, checkEstimates } from './checked-fit.js'
import type { CovariateFit, Fit } from './fit.js'

const schema = lazily(() => {
  const sentence = z.strictObject({ en: z.string(), zh: z.string() })
  const edge = z.strictObject({
    reason: z.string(),
    next: sentence,
    instead: z.enum(limitModels).exactOptional(),
  })
  const estimate = z.strictObject({
    value: z.number(),
    standardError: z.number().min(0),
    interval: z.strictObject({ low: z.number(), high: z.number(), level: z.number() }),
  })
  const fit = {
    model: z.string(),
    unit: z.enum(timeUnits as [string, ...string[]]),
    values: z.record(z.string(), z.number()),
    estimates: z.record(z.string(), estimate),
    covariance: z.array(z.array(z.number())),
    logLikelihood: z.number(),
    aic: z.number(),
    bic: z.number(),
    size: z.number().min(1),
    cautions: z.array(edge),
    data: z.string().min(1),
    priors: z.array(z.string()),
    search: z.strictObject({ starts: z.number(), passes: z.number() }),
    incomparable: edge.exactOptional(),
  }
  const effect = z.strictObject({ parameter: z.string(), sign: z.union([z.literal(1), z.literal(-1)]) })
  const coefficient = z.strictObject({ name: z.string(), covariate: z.string(), effects: z.array(effect) })
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fitted'), ...fit }),
    z.strictObject({
      kind: z.literal('fitted-with-covariates'),
      ...fit,
      coefficients: z.array(coefficient).min(1),
    }),
  ])
})

/**
 * A fit from where it was stored: `fittedFrom(model, JSON.parse(JSON.stringify(fit)))` is the fit again.
 *
 * @throws DefinitionError with the path of the first thing that is wrong: of another model, parameters outside their range,
 * estimates that are not those of the values and the covariance, a covariance that is none, an AIC or BIC that is not that of the
 * log-likelihood, a unit in which the model does not count.
 * @example
 * const fit = fittedFrom(paretoNbd, JSON.parse(text))
 */
export function fittedFrom<Name extends string, P extends string>(
  model: Pick<LikelihoodModel<Name, P, never>, 'name' | 'parameters' | 'ranges'>,
  json: unknown,
): Fit<Name, P> | CovariateFit<Name, P> {
  const fit = readDefinition(schema(), json) as unknown as Fit<Name, P> | CovariateFit<Name, P>
  if (fit.model !== model.name) throw fault('unknown-name', '$.model', fit.model, model.name)
  checkValues(model, fit.values, '$.values')
  checkUnitOf(model, fit.unit, '$.unit')
  const coefficients = fit.kind === 'fitted' ? [] : fit.coefficients.map(({ name }) => name)
  const names = [...model.parameters, ...coefficients]
  const ranges = [
    ...model.parameters.map((name) => model.ranges[name]),
    ...coefficients.map(() => 'real' as const),
  ]
  checkEstimates({ names, ranges }, fit, '$')
  checkCriteria(fit, names.length, '$')
  return fit
}
