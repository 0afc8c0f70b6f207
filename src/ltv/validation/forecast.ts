import { exp } from '../../kernel/elementary.js'
import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { valuesFor } from '../estimation/customer.js'
import type { CovariateFit } from '../estimation/fit.js'
import { type CustomerHistory, checkHistory } from '../histories/history.js'
import { checkValues, type LikelihoodModel, type ModelParameters, type Values } from '../model.js'
import type { PurchaseModel } from '../purchases/model.js'
import { checkUnit, type TimeUnit } from '../unit.js'

/** What a model is asked here: no likelihood. */
export type ForecastModel<Name extends string = string, P extends string = string> = Pick<
  PurchaseModel<Name, P>,
  'name' | 'parameters' | 'ranges' | 'time' | 'after' | 'newcomer'
>

/**
 * What a model is validated with: parameters that hold for everybody, or a fit with covariates, from which each customer
 * gets their own.
 */
export type ForecastParameters<Name extends string = string, P extends string = string> =
  | ModelParameters<Name, P>
  | CovariateFit<Name, P>

/** A model's parameters, checked. */
interface Forecast<P extends string> {
  readonly unit: TimeUnit
  /** How many numbers were found in the data; 0 of given ones. */
  readonly fitted: number
  /** Those of a customer; the very same object for customers whose parameters are alike. */
  valuesOf(customer: Covariate, path: string): Values<P>
}

type Covariate = { readonly covariates?: { readonly [name: string]: number } }

/** Refuses parameters of another model of buying, or that cannot be. */
export function forecastOf<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ForecastParameters<Name, P>,
): Forecast<P> {
  checkRecord(model, '$.model')
  for (const verb of ['after', 'newcomer'] as const)
    if (typeof model[verb] !== 'function')
      throw fault('wrong-type', `$.model.${verb}`, model[verb], 'a model')
  const { unit, fitted } = readParameters(model, parameters)
  if ((unit === 'opportunity') !== (model.time === 'discrete'))
    throw fault('out-of-range', '$.parameters.unit', unit, `a unit of ${model.time} time`)
  return { unit, fitted, valuesOf: ownValues(model, parameters) }
}

/** What is asked of any model whose parameters are read here. */
type WithParameters<P extends string> = Pick<
  LikelihoodModel<string, P, never>,
  'name' | 'parameters' | 'ranges'
>

/** Refuses parameters of another model, or that cannot be. */
export function readParameters<P extends string>(
  model: WithParameters<P>,
  parameters: ForecastParameters<string, P>,
): Pick<Forecast<P>, 'unit' | 'fitted'> {
  checkRecord(parameters, '$.parameters')
  const { kind }: { readonly kind: string } = parameters
  if (kind !== 'fitted' && kind !== 'given' && kind !== 'fitted-with-covariates')
    throw fault(
      'unknown-name',
      '$.parameters.kind',
      kind,
      'fitted | given | fitted-with-covariates: what predictions are made from',
    )
  if (parameters.model !== model.name)
    throw fault('unknown-name', '$.parameters.model', parameters.model, model.name)
  const { unit, values } = parameters
  checkUnit(unit, '$.parameters.unit')
  checkValues(model, values, '$.parameters.values')
  if (parameters.kind === 'given') return { unit, fitted: 0 }
  if (parameters.kind === 'fitted') return { unit, fitted: model.parameters.length }
  checkCoefficients(model, parameters)
  return { unit, fitted: model.parameters.length + parameters.coefficients.length }
}

/** Parameters by covariates, of such that were read. Customers may have more covariates than the fit knows, not fewer. */
export function ownValues<P extends string>(
  model: WithParameters<P>,
  fit: ForecastParameters<string, P>,
): Forecast<P>['valuesOf'] {
  if (fit.kind !== 'fitted-with-covariates') return () => fit.values
  const names = covariatesOf(fit)
  const byCovariates = new Map<string, Values<P>>()
  const alike = new Map<string, Values<P>>()
  return ({ covariates }, path) => {
    if (covariates !== undefined) checkRecord(covariates, `${path}.covariates`)
    const own: Record<string, number> = {}
    for (const name of names) {
      const value: unknown = covariates && Object.hasOwn(covariates, name) ? covariates[name] : undefined
      const at = `${path}.covariates.${name}`
      if (value === undefined)
        throw fault('missing', at, value, 'a number, as the fit has a coefficient of it')
      if (typeof value !== 'number') throw fault('wrong-type', at, value, 'a number')
      if (!Number.isFinite(value)) throw fault('out-of-range', at, value, 'a finite number')
      own[name] = value
    }
    const key = names.map((name) => own[name]! + 0).join()
    const known = byCovariates.get(key)
    if (known !== undefined) return known
    const values = valuesFor(fit, own)
    for (const name of model.parameters)
      if (model.ranges[name] === 'positive' && !(values[name] > 0 && values[name] < Number.POSITIVE_INFINITY))
        throw fault('out-of-range', `${path}.covariates`, key, `such that ${name} is above 0, finite`)
    const same = model.parameters.map((name) => values[name]).join()
    const first = alike.get(same) ?? values
    alike.set(same, first)
    byCovariates.set(key, first)
    return first
  }
}

/** Names of what a fit with covariates knows of customers; none of other parameters. */
export const covariatesOf = (parameters: ForecastParameters): readonly string[] =>
  parameters.kind === 'fitted-with-covariates'
    ? [...new Set(parameters.coefficients.map(({ covariate }) => covariate))]
    : []

/** Refuses coefficients that are none, as JSON from elsewhere may have them. */
function checkCoefficients(model: { readonly parameters: readonly string[] }, fit: CovariateFit): void {
  const { coefficients, estimates } = fit
  checkList(coefficients, '$.parameters.coefficients')
  checkRecord(estimates, '$.parameters.estimates')
  for (const [i, coefficient] of coefficients.entries()) {
    const path = `$.parameters.coefficients[${i}]`
    checkRecord(coefficient, path)
    const { name, covariate, effects } = coefficient
    for (const [key, value] of Object.entries({ name, covariate }))
      if (typeof value !== 'string') throw fault('wrong-type', `${path}.${key}`, value, 'a name')
    const estimate: unknown = Object.hasOwn(estimates, name) ? estimates[name] : undefined
    checkRecord(estimate, `$.parameters.estimates.${name}`)
    const { value } = estimate as { readonly value?: unknown }
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw fault('wrong-type', `$.parameters.estimates.${name}.value`, value, 'a finite number')
    checkList(effects, `${path}.effects`)
    for (const [k, effect] of effects.entries()) {
      checkRecord(effect, `${path}.effects[${k}]`)
      if (!model.parameters.includes(effect.parameter))
        throw fault(
          'unknown-name',
          `${path}.effects[${k}].parameter`,
          effect.parameter,
          model.parameters.join(', '),
        )
      if (effect.sign !== 1 && effect.sign !== -1)
        throw fault('out-of-range', `${path}.effects[${k}].sign`, effect.sign, '1 or -1')
    }
  }
}

/** Customers whose parameters are alike, by values. */
export function alikeBy<P extends string, C extends Covariate>(
  forecast: Forecast<P>,
  customers: readonly C[],
  path: string,
): readonly { readonly values: Values<P>; readonly customers: readonly C[] }[] {
  const groups = new Map<Values<P>, C[]>()
  for (const [i, customer] of customers.entries()) {
    const values = forecast.valuesOf(customer, `${path}[${i}]`)
    const group = groups.get(values)
    if (group === undefined) groups.set(values, [customer])
    else group.push(customer)
  }
  return [...groups].map(([values, customers]) => ({ values, customers }))
}

/** Refuses histories that cannot be, or are in another unit. */
export function checkHistories(histories: readonly CustomerHistory[], unit: string, path: string): void {
  checkList(histories, path)
  for (let i = 0; i < histories.length; i += 1) {
    checkHistory(histories[i]!, `${path}[${i}]`)
    if (histories[i]!.unit !== unit)
      throw fault('unknown-name', `${path}[${i}].unit`, histories[i]!.unit, unit)
  }
}

/** A chance from its logarithm, which rounding may have put above 0. */
export const chanceOf = (ln: number): number => exp(Math.min(0, ln))

/** A number of purchases that a model expects, or a fault: no model of repeat buying expects none that is one within a finite time. */
export function expectedIn(value: number, model: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw fault('out-of-range', '$.model', model, 'finite expectations from 0')
}

/** How many customers have each age, ascending. */
export function agesOf(histories: readonly { readonly age: number }[]): readonly {
  readonly age: number
  readonly customers: number
}[] {
  const counts = new Map<number, number>()
  for (const { age } of histories) counts.set(age + 0, (counts.get(age + 0) ?? 0) + 1)
  return [...counts].map(([age, customers]) => ({ age, customers })).sort((a, b) => a.age - b.age)
}
