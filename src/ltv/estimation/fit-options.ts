import { checkList, checkPlain, checkRecord, fault } from '../../kernel/errors.js'
import { checkLevel } from '../../measures/proportions.js'
import { checkValues, type LikelihoodModel } from '../model.js'
import { checkOptions } from '../options.js'
import { isColumnTable } from './column-table.js'
import { type Coefficient, type Covariates, coefficientsOf } from './covariates.js'
import type { FitOptions } from './fit.js'
import { checkPrior } from './priors.js'

/** Refuses what is no model that can be fitted. */
export function checkModel(model: unknown): void {
  checkRecord(model, '$.model')
  const given = model as { readonly [name: string]: unknown }
  for (const name of ['likelihood', 'rescaled', 'starts', 'edge', 'hopeless', 'sizeOf']) {
    if (typeof given[name] !== 'function')
      throw fault('wrong-type', `$.model.${name}`, given[name], 'a model')
  }
  checkList(given['parameters'], '$.model.parameters')
  const { route, knownLimit } = given
  if (knownLimit !== undefined && typeof knownLimit !== 'function')
    throw fault('wrong-type', '$.model.knownLimit', knownLimit, 'a function')
  if (route === undefined) return
  checkRecord(route, '$.model.route')
  for (const name of ['from', 'to']) {
    const way = (route as typeof given)[name]
    if (typeof way !== 'function') throw fault('wrong-type', `$.model.route.${name}`, way, 'a function')
  }
}

/** The options of a fit, checked against its model and its data. */
export function fitOptionsOf<P extends string, Data>(
  model: LikelihoodModel<string, P, Data>,
  data: Data,
  options: FitOptions<P> & {
    readonly covariates?: Covariates | undefined
    readonly equal?: readonly string[]
  },
) {
  checkOptions(options, ['priors', 'level', 'starts', 'signal', 'covariates', 'equal'], '$.options')
  const { priors = {}, level = 0.95, starts = [], signal, covariates, equal = [] } = options
  checkLevel(level)
  checkPlain(priors, '$.options.priors')
  checkList(starts, '$.options.starts')
  for (const [i, values] of starts.entries()) checkValues(model, values, `$.options.starts[${i}]`)
  if (signal !== undefined) checkRecord(signal, '$.options.signal')
  if (equal.length > 0 && covariates === undefined)
    throw fault('missing', '$.options.covariates', covariates, 'covariates, where some are equal')
  let coefficients: readonly Coefficient[] = []
  if (covariates !== undefined) {
    if (!isColumnTable(data)) throw fault('wrong-type', '$.data', data, 'a table with covariates')
    coefficients = coefficientsOf(model, covariates, equal, Object.keys(data.covariates))
    for (const { effects } of coefficients) {
      for (const { parameter } of effects) {
        if (model.ranges[parameter as P] !== 'positive')
          throw fault(
            'out-of-range',
            '$.model.effects',
            parameter,
            'positive parameters, which covariates can multiply',
          )
      }
    }
  }
  const names: readonly string[] = [...model.parameters, ...coefficients.map(({ name }) => name)]
  for (const [name, prior] of Object.entries(priors)) {
    if (!names.includes(name)) throw fault('unknown-key', `$.options.priors.${name}`, name, names.join(', '))
    checkPrior(prior, model.ranges[name as P] ?? 'real', `$.options.priors.${name}`)
  }
  return { priors, level, starts, signal, coefficients }
}
