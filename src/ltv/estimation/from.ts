import * as z from 'zod'
import { fault } from '../../kernel/errors.js'
import { lazily, readDefinition } from '../../kernel/index.js'
import { eigen } from '../../measures/symmetric.js'
import { checkValues, type LikelihoodModel, limitModels } from '../model.js'
import { timeUnits } from '../unit.js'
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
    size: z.number().min(0),
    cautions: z.array(edge),
    data: z.string(),
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
 * estimates that are not those of the values, a covariance that is none.
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
  const coefficients = fit.kind === 'fitted' ? [] : fit.coefficients.map(({ name }) => name)
  const names = [...model.parameters, ...coefficients]
  for (const name of Object.keys(fit.estimates)) {
    if (!names.includes(name)) throw fault('unknown-key', `$.estimates.${name}`, name, names.join(', '))
  }
  for (const name of names) {
    const estimate = fit.estimates[name]
    if (estimate === undefined) throw fault('missing', `$.estimates.${name}`, estimate, 'an estimate')
    const value = Object.hasOwn(fit.values, name) ? fit.values[name as P] : estimate.value
    if (!(Math.abs(estimate.value - value) <= 1e-9 * Math.abs(value)))
      throw fault('out-of-range', `$.estimates.${name}.value`, estimate.value, `${value}, as in values`)
  }
  checkCovariance(fit.covariance, names.length)
  return fit
}

/** Refuses what is no covariance of as many numbers. */
function checkCovariance(covariance: readonly (readonly number[])[], size: number): void {
  if (covariance.length !== size || covariance.some((row) => row.length !== size))
    throw fault('wrong-type', '$.covariance', covariance, `${size} rows of ${size}`)
  for (const [i, row] of covariance.entries()) {
    for (const [j, entry] of row.entries()) {
      if (entry !== covariance[j]![i])
        throw fault('out-of-range', `$.covariance[${i}][${j}]`, entry, 'a symmetric matrix')
    }
    if (!(row[i]! > 0)) throw fault('out-of-range', `$.covariance[${i}][${i}]`, row[i], 'above 0')
  }
  const units = covariance.map((row, i) => 1 / Math.sqrt(row[i]!))
  const { values } = eigen(covariance.map((row, i) => row.map((entry, j) => entry * units[i]! * units[j]!)))
  if (!(values[0]! > -1e-9)) throw fault('out-of-range', '$.covariance', covariance, 'a covariance')
}
