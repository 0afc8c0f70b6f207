import { checkList, checkName, checkRecord, fault, type Sentence } from '../kernel/errors.js'
import type { ParameterEstimate } from '../measures/churn-fit.js'
import type { Matrix } from '../measures/symmetric.js'
import { checkUnit, type TimeUnit } from './unit.js'

/** By the parameters' names. */
export type Values<P extends string> = { readonly [name in P]: number }

/**
 * Where a parameter lives: above 0, on the whole line, above 1, or between 0 and 1. Searches go along ln x, x, ln(x - 1)
 * or the logit.
 */
export type ParameterRange = 'positive' | 'real' | 'above-one' | 'share'

export const rangeNames: readonly ParameterRange[] = ['positive', 'real', 'above-one', 'share']

/**
 * A model of how customers differ and what each does, as a likelihood of data of one kind. Everything that estimates,
 * compares or simulates reads models through this.
 */
export interface LikelihoodModel<Name extends string, P extends string, Data> {
  readonly name: Name
  /** What people call it. */
  readonly label: Sentence
  readonly parameters: readonly P[]
  readonly ranges: { readonly [name in P]: ParameterRange }
  /**
   * The power of the data's unit each parameter is measured in: 1 for one that is added to times (alpha: 4.4 weeks are
   * 30.9 days), -1 for a rate, 0 for a pure number.
   */
  readonly powers: { readonly [name in P]: number }
  /** True where the unit of time is part of the model, so that no parameters in another unit say the same. */
  readonly boundToUnit?: boolean
  /** The likelihood of these data, with what does not depend on parameters worked out once. Data are checked. */
  likelihood(data: Data): Likelihood
  /** Data in a unit `by` times as long, so that numbers are near 1, and what that adds to the log-likelihood. */
  rescaled(data: Data): { readonly data: Data; readonly by: number; readonly lnShift: number }
  /** Other coordinates for a search, where the range of one parameter depends on others or two of them hang together. */
  readonly route?: SearchRoute
  /** Values to start a search at, the likeliest first. Rough and positive is good enough; more than one where it may go astray. */
  starts(data: Data): readonly Values<P>[]
  /** A limit that is known to be likelier than all around it, so that a search need not go there. For data that are not hopeless. */
  knownLimit?(data: Data): KnownLimit<P> | undefined
  /**
   * What the search has run into that ended at `values` without an optimum, or whose optimum may not be taken as one.
   * `settled`: there is one, and the driver has found nothing as likely towards any limit of a parameter, so that only what
   * the values themselves say is left to ask.
   */
  edge(data: Data, values: Values<P>, settled?: boolean): Edge | undefined
  /** Why no search is worth while, in order of precedence. Where that is a limit, `limit` may give values nearly there. */
  hopeless(data: Data): (Edge & { readonly limit?: Values<P> }) | undefined
  /**
   * Why the log-likelihood of these data leaves out a part that other models or settings have, so that the two must not be
   * compared. Not given, or undefined: it may be.
   */
  incomparable?(data: Data): Edge | undefined
  /** People, for the Bayesian information criterion. */
  sizeOf(data: Data): number
}

/** A limit of a model that has been found without a search of its own parameters. */
export interface KnownLimit<P extends string> {
  /** As near to it as makes no difference. */
  readonly values: Values<P>
  /** Whether a search that has come to these values will end there. */
  leadsFrom(values: Values<P>, logLikelihood: number): boolean
}

/**
 * A search's own coordinates, over the whole line each, as many as parameters and in their order. Those of parameters are
 * along their ranges: ln x, x, ln(x - 1) or the logit.
 */
export interface SearchRoute {
  /** Where a search stands from where parameters do. */
  from(parameters: readonly number[]): number[]
  /** Where parameters stand, and by rows how fast each moves with each coordinate of the search. */
  to(search: readonly number[]): { readonly parameters: readonly number[]; readonly moves: Matrix }
}

/** Parameters come in the model's order, in natural scale. */
export interface Likelihood {
  /** ln of the likelihood of all data. NaN or -Infinity where it is not defined. */
  value(at: ArrayLike<number>): number
  /** Its slopes by the parameters themselves (not by their logarithms), into `slopes`; returns the value. */
  slopes(at: ArrayLike<number>, slopes: Float64Array): number
}

/** The models of this library that others become at a limit, or that go on where another ends, by name. */
export const limitModels = ['nbd', 'pareto-nbd', 'gamma-gamma-any-q'] as const

/** One of them. */
export type LimitModel = (typeof limitModels)[number]

/** A limit at which a model becomes a simpler one or says nothing, with what to do then. */
export interface Edge {
  /** In kebab-case; the same for the same limit in every model: `no-drop-out`. */
  readonly reason: string
  /** What it means and what to do next. */
  readonly next: Sentence
  /**
   * The model of this library that holds at the limit, by name: fitted to the same data it is as likely as this model comes
   * to be on the way there, or the data do not tell it from this one (`no-correlation`). Not given where there is none; what
   * is worth a look besides stands in `next`.
   */
  readonly instead?: LimitModel
}

/** Parameters found in data: an optimum of the likelihood, or with priors of the posterior. Plain JSON. */
export interface FittedParameters<Name extends string = string, P extends string = string> {
  readonly kind: 'fitted'
  readonly model: Name
  /** Of times; `opportunity` of spend, which has none: its currency is the host's affair. */
  readonly unit: TimeUnit
  readonly values: Values<P>
  /** By name, coefficients of covariates among them (`alpha:channel`). */
  readonly estimates: { readonly [name: string]: ParameterEstimate }
  /** Of the coordinates in which the search went (logarithms of positive parameters), in the order of `estimates`. */
  readonly covariance: Matrix
  /** Without priors, also where there are some. */
  readonly logLikelihood: number
  readonly aic: number
  readonly bic: number
  /** Customers, or what else the data count. */
  readonly size: number
  /** What to keep in mind, each with the next step. */
  readonly cautions: readonly Edge[]
}

/** Parameters from elsewhere: a paper, another program, a plan. */
export interface GivenParameters<Name extends string = string, P extends string = string> {
  readonly kind: 'given'
  readonly model: Name
  readonly unit: TimeUnit
  readonly values: Values<P>
  /** Where they come from, to be shown beside every result. */
  readonly source: string
}

/** What predictions are made from. What a search did not bring to an optimum is none. */
export type ModelParameters<Name extends string = string, P extends string = string> =
  | FittedParameters<Name, P>
  | GivenParameters<Name, P>

/** What `parameters` reads of a model of spend, which knows amounts and no time. */
interface OfSpend<Name extends string, P extends string>
  extends Pick<LikelihoodModel<Name, P, never>, 'name' | 'parameters' | 'ranges'> {
  lnDensity(values: Values<P>, own: never): number
}

/**
 * Parameters from elsewhere as a value that predictions take.
 *
 * Models of spend know no time: they take no `unit`, and theirs reads `opportunity`, as that of their fits does. One that is given
 * is kept and changes nothing.
 *
 * @throws DefinitionError `missing`, `unknown-key` or `out-of-range` of a parameter, or of a unit in which the model does not count;
 * `missing` without a source.
 * @example
 * parameters(bgNbd, { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, { unit: 'week', source: 'Fader, Hardie & Lee 2005' })
 * parameters(gammaGamma, { p: 6.25, q: 3.74, v: 15.44 }, { source: 'Fader & Hardie 2013' })
 */
export function parameters<Name extends string, P extends string>(
  model: OfSpend<Name, P>,
  values: Values<P>,
  told: { readonly unit?: TimeUnit; readonly source: string },
): GivenParameters<Name, P>
export function parameters<Name extends string, P extends string>(
  model: Pick<LikelihoodModel<Name, P, never>, 'name' | 'parameters' | 'ranges'>,
  values: Values<P>,
  told: { readonly unit: TimeUnit; readonly source: string },
): GivenParameters<Name, P>
export function parameters<Name extends string, P extends string>(
  model: Pick<LikelihoodModel<Name, P, never>, 'name' | 'parameters' | 'ranges'> | OfSpend<Name, P>,
  values: Values<P>,
  told: { readonly unit?: TimeUnit; readonly source: string },
): GivenParameters<Name, P> {
  checkRecord(model, '$.model')
  checkList(model.parameters, '$.model.parameters')
  checkRecord(told, '$.told')
  const unit = told.unit === undefined && 'lnDensity' in model ? 'opportunity' : told.unit
  checkUnit(unit, '$.told.unit')
  checkUnitOf(model, unit!, '$.told.unit')
  if (typeof told.source !== 'string' || told.source.trim() === '') {
    throw fault('missing', '$.told.source', told.source, 'where the values come from')
  }
  checkValues(model, values, '$.values')
  // By name, as values may come from a prototype.
  const own = Object.fromEntries(model.parameters.map((name) => [name, values[name]])) as Values<P>
  return { kind: 'given', model: model.name, unit: unit!, values: own, source: told.source }
}

/**
 * Refuses opportunities of a model that counts time, and time of a model of buying that counts opportunities. Renewals of
 * contracts have a unit of time; spend has none, and any is let pass.
 */
export function checkUnitOf(model: object, unit: TimeUnit, path: string): void {
  const { time, staying } = model as { readonly time?: unknown; readonly staying?: unknown }
  if (time === 'continuous' && unit === 'opportunity')
    throw fault('out-of-range', path, unit, 'a unit of time')
  if (time === 'discrete' && staying === undefined && unit !== 'opportunity')
    throw fault('out-of-range', path, unit, 'opportunity')
}

/** Refuses what predictions are not made from, and says what they are of a fit with covariates. */
export function checkPredicting(kind: unknown, path: string): void {
  if (kind === 'fitted-with-covariates')
    throw fault(
      'unknown-name',
      path,
      kind,
      'fitted or given: of one customer, fitFor(model, fit, covariates)',
    )
  checkName(['fitted', 'given'], kind, path)
}

/** Refuses values that are not one for each parameter, or outside its range. */
export function checkValues<P extends string>(
  model: Pick<LikelihoodModel<string, P, never>, 'parameters' | 'ranges'>,
  values: Values<P>,
  path: string,
): void {
  checkRecord(values, path)
  for (const name of Object.keys(values)) {
    if (!model.parameters.includes(name as P)) {
      throw fault('unknown-key', `${path}.${name}`, name, model.parameters.join(', '))
    }
  }
  for (const name of model.parameters) {
    const value: unknown = values[name]
    if (value === undefined) throw fault('missing', `${path}.${name}`, value, 'a number')
    if (typeof value !== 'number') throw fault('wrong-type', `${path}.${name}`, value, 'a number')
    const range = model.ranges[name]
    const low = range === 'real' ? Number.NEGATIVE_INFINITY : range === 'above-one' ? 1 : 0
    const high = range === 'share' ? 1 : Number.POSITIVE_INFINITY
    if (!(value > low && value < high))
      throw fault('out-of-range', `${path}.${name}`, value, rangeWords[range])
  }
}

const rangeWords: { readonly [R in ParameterRange]: string } = {
  positive: 'above 0, finite',
  real: 'finite',
  'above-one': 'above 1, finite',
  share: 'between 0 and 1',
}
