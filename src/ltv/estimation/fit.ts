import { ln } from '../../kernel/elementary.js'
import { DefinitionError, fault, reading } from '../../kernel/errors.js'
import { times } from '../../measures/symmetric.js'
import type { Edge, FittedParameters, LikelihoodModel, Values } from '../model.js'
import type { Effect } from '../purchases/model.js'
import type { TimeUnit } from '../unit.js'
import { carried } from './carried.js'
import { cautionsOf } from './cautions.js'
import { ceilingOf, isColumnTable, thinned } from './column-table.js'
import { valueAt } from './coordinates.js'
import {
  type Coefficient,
  type Covariates,
  type Group,
  groupsOf,
  spreadsOf,
  untold,
  type WithEffects,
} from './covariates.js'
import { dataPrint } from './data-print.js'
import { estimatesOf } from './estimates.js'
import { checkModel, fitOptionsOf } from './fit-options.js'
import {
  type Frame,
  frameOf,
  intoSearch,
  likelihoodAt,
  outOfSearch,
  type Part,
  surfaceOf,
  unscaled,
} from './objective.js'
import type { Priors } from './priors.js'
import { routed } from './routed-surface.js'
import { type Found, type SearchStep, search } from './search.js'
import { stopped, unsettled } from './unsettled.js'

/** How to fit. */
export interface FitOptions<P extends string = string> {
  /** What is known before the data are seen, by the names of parameters and coefficients. */
  readonly priors?: Priors
  /** Of the intervals; 0.95 unless told. */
  readonly level?: number
  /** Where to start as well, in the unit of the data. */
  readonly starts?: readonly Values<P>[]
  /** Looked at before every step. */
  readonly signal?: { readonly aborted: boolean }
}

/** How to fit with covariates. */
export interface CovariateOptions<P extends string = string> extends FitOptions<P> {
  readonly covariates: Covariates
  /** Covariates that move buying and leaving by one and the same coefficient. */
  readonly equal?: readonly string[]
}

/** Parameters found in data, with what comparisons need. Plain JSON. */
export interface Fit<Name extends string = string, P extends string = string>
  extends FittedParameters<Name, P> {
  /** A print of the data: likelihoods of different ones say nothing beside one another. */
  readonly data: string
  /** Whether priors have a part in it. */
  readonly priors: readonly string[]
  readonly search: SearchReport
  /** Why its log-likelihood is not to be compared with those of other models. */
  readonly incomparable?: Edge
}

/**
 * Parameters of a customer whose covariates are all 0, with the coefficients that move them. Predictions do not take it: of
 * whom is said by `fitFor(fit, covariates)`.
 */
export interface CovariateFit<Name extends string = string, P extends string = string>
  extends Omit<Fit<Name, P>, 'kind'> {
  readonly kind: 'fitted-with-covariates'
  readonly coefficients: readonly Coefficient[]
}

/** Why there are no parameters. Predictions do not take it. */
export interface NoFit<Name extends string = string> extends Edge {
  readonly kind: 'not-an-optimum'
  readonly model: Name
  /**
   * The likeliest that was seen on the way, or near the limit that was known without a search, for who wants to look into
   * it; none where there was neither.
   */
  readonly seen?: { readonly values: { readonly [name: string]: number }; readonly logLikelihood: number }
  readonly search: SearchReport
}

/** What it took. */
export interface SearchReport {
  readonly starts: number
  /** Passes over all of the data, those over some of them by their share. */
  readonly passes: number
}

/** Where a fit stands. */
export interface FitStep {
  /** Over some of the data, over all of them, or out to the limits of parameters. */
  readonly phase: SearchStep['phase']
  readonly step: number
  readonly values: { readonly [name: string]: number }
}

/**
 * The parameters under which data are most likely (with priors: most likely after the data are seen), with covariance,
 * intervals, AIC and BIC; or why there are none.
 *
 * What is called fitted is a highest point: slopes vanish, the curvature is positive, Newton's steps by it lead nowhere
 * else, no start led higher, and where a parameter is hardly told nothing towards its limits is likelier. Everything else
 * is `not-an-optimum` with its reason and next step; predictions from it do not compile.
 *
 * Parameters are in the data's unit. The same data in hours and in years give the same ones but for the unit.
 *
 * @param options - `covariates` (with `equal`) make it a fit whose parameters differ by customer: `fitFor` gives them.
 * @throws DefinitionError for data that cannot be; `unknown-name`, `out-of-range` and others for priors, covariates and
 * options that are none.
 * @example
 * const fit = fitModel(bgNbd, table)
 * if (fit.kind === 'fitted') fit.estimates.alpha // => { value: 4.414, standardError: 0.378, interval: … }
 */
export function fitModel<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data> & {
    readonly effects?: WithEffects['effects'] | readonly Effect<P>[]
  },
  data: Data,
  options: CovariateOptions<P>,
): CovariateFit<Name, P> | NoFit<Name>
export function fitModel<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  data: Data,
  options?: FitOptions<P> & { readonly covariates?: undefined },
): Fit<Name, P> | NoFit<Name>
export function fitModel<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  data: Data,
  options: FitOptions<P> & { readonly covariates?: Covariates | undefined } = {},
): Fit<Name, P> | CovariateFit<Name, P> | NoFit<Name> {
  const steps = stepsOf(model, data, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * As `fitModel`, step by step: a host may show each, yield to others, and stop by the signal or by asking no more.
 *
 * @example
 * const steps = fitSteps(paretoNbd, table, { signal })
 * for (let step = steps.next(); ; step = steps.next()) {
 *   if (step.done) return step.value
 *   await pause()
 * }
 */
export function fitSteps<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  data: Data,
  options: CovariateOptions<P>,
): Generator<FitStep, CovariateFit<Name, P> | NoFit<Name>>
export function fitSteps<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  data: Data,
  options?: FitOptions<P> & { readonly covariates?: undefined },
): Generator<FitStep, Fit<Name, P> | NoFit<Name>>
export function fitSteps<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  data: Data,
  options: FitOptions<P> & { readonly covariates?: Covariates | undefined } = {},
): Generator<FitStep, Fit<Name, P> | CovariateFit<Name, P> | NoFit<Name>> {
  return stepsOf(model, data, options)
}

function* stepsOf<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  data: Data,
  options: FitOptions<P> & {
    readonly covariates?: Covariates | undefined
    readonly equal?: readonly string[]
  },
): Generator<FitStep, Fit<Name, P> | CovariateFit<Name, P> | NoFit<Name>> {
  checkModel(model)
  const told = fitOptionsOf(model, data, options)
  const { coefficients, priors, level, signal } = told
  let passes = 0
  const report = (starts: number): SearchReport => ({ starts, passes: Math.round(passes * 100) / 100 })
  const no = (edge: Edge, starts: number, seen?: NoFit['seen']): NoFit<Name> => ({
    kind: 'not-an-optimum',
    model: model.name,
    ...edge,
    ...(seen && { seen }),
    search: report(starts),
  })
  const read = <T>(how: () => T): T => readData(model, data, how)
  const { data: near, by, lnShift } = read(() => model.rescaled(data))
  const whole = read(() => model.likelihood(near))
  const hopeless = read(() => model.hopeless(data))
  const withPriors = Object.keys(priors).length > 0
  if (hopeless !== undefined && !withPriors) {
    const { limit, ...edge } = hopeless
    if (limit === undefined) return no(edge, 0)
    const logLikelihood = read(() => model.likelihood(data)).value(ordered(model, limit))
    return no(edge, 0, Number.isFinite(logLikelihood) ? { values: limit, logLikelihood } : undefined)
  }
  const covariates = [...new Set(coefficients.map(({ covariate }) => covariate))]
  const groups = covariates.length > 0 && isColumnTable(near) ? groupsOf(near, covariates) : undefined
  const problem = groups && untold(groups, covariates)
  if (problem !== undefined) return no(problem, 0)
  const spreads = groups ? spreadsOf(groups, covariates) : []
  const frame = frameOf(
    model,
    coefficients,
    coefficients.map(({ covariate }) => spreads[covariates.indexOf(covariate)]!),
  )
  const partsOf = (some: Data): readonly Part[] => partsIn(model, frame, some, covariates)
  const parts = groups === undefined ? [{ likelihood: whole, standard: [] }] : partsOf(near)
  const passed = (share: number) => {
    passes += share
  }
  const ceiling = ceilingOf(near)
  const thin = isColumnTable(near) ? thinned(near) : undefined
  const share = thin && isColumnTable(near) ? thin.customers / near.customers : 1
  const starts = [
    ...told.starts.map((values) => unscaled(frame, ordered(model, values), 1 / by)),
    ...model.starts(near).map((values) => ordered(model, values)),
  ].map((values) => intoSearch(frame, values))
  // With covariates parameters differ by customer, and a route would lead each elsewhere.
  const route = coefficients.length === 0 ? model.route : undefined
  const onRoute = (at: readonly number[]) => (route === undefined ? at : route.from(at))
  const surface = (some: readonly Part[], share: number) => {
    const plain = surfaceOf(frame, some, { priors, share, by, ceiling, passed })
    return route === undefined ? plain : routed(plain, route)
  }
  // Of the likelihood alone, so that priors may lead elsewhere.
  const limit = coefficients.length === 0 && !withPriors ? read(() => model.knownLimit?.(near)) : undefined
  const full = surface(parts, 1)
  const fromSearch = outOfSearch(frame)
  /** Off a search's route. */
  const offRoute = (at: readonly number[]) => (route === undefined ? at : route.to(at).parameters)
  const coordinatesAt = (at: readonly number[]) => times(fromSearch, offRoute(at))
  const rescaledAt = (at: readonly number[]) =>
    coordinatesAt(at).map((one, i) => valueAt(frame.ranges[i]!, one))
  const ways = search({
    full,
    known: limit && {
      at: onRoute(intoSearch(frame, ordered(model, limit.values))),
      leadsFrom: ({ at, value }) => limit.leadsFrom(byName(model, rescaledAt(at)), -value),
    },
    ...(thin && { thin: { surface: surface(partsOf(thin), share), share } }),
    starts: starts.map(onRoute),
  })
  const valuesAt = (at: readonly number[]) => unscaled(frame, rescaledAt(at), by)
  const named = (values: readonly number[]) =>
    Object.fromEntries(frame.names.map((name, i) => [name, values[i]!])) as Values<P>
  let found: Found | undefined
  for (let step = 1; found === undefined; step += 1) {
    if (signal?.aborted) return no(stopped, starts.length)
    const next = ways.next()
    if (next.done) found = next.value
    else yield { phase: next.value.phase, step, values: named(valuesAt(next.value.at)) }
  }
  const place = found.kind === 'optimum' ? found.place : found.lowest
  const values = place && valuesAt(place.at)
  const parameters = values?.slice(0, frame.parameters)
  const atParameters = parameters && byName(model, parameters)
  // Of the data as they came, and without priors.
  const logLikelihood =
    place === undefined ? Number.NaN : likelihoodAt(frame, parts, offRoute(place.at)) - lnShift
  const seen = values && Number.isFinite(logLikelihood) ? { values: named(values), logLikelihood } : undefined
  const edge =
    atParameters && !withPriors && coefficients.length === 0
      ? model.edge(data, atParameters, found.kind === 'optimum' && found.limit === undefined)
      : undefined
  if (found.kind === 'none' || edge !== undefined || seen === undefined) {
    return no(edge ?? (found.kind === 'none' ? unsettled[found.why] : unsettled.stuck), starts.length, seen)
  }
  const ofSearch =
    route === undefined ? found.covariance : carried(route.to(found.place.at).moves, found.covariance)
  const covariance = carried(fromSearch, ofSearch)
  const coordinates = coordinatesAt(found.place.at).map((one, i) => one + frame.powers[i]! * ln(by))
  const size = model.sizeOf(data)
  const incomparable = model.incomparable?.(data)
  const k = frame.names.length
  const fit: Fit<Name, P> = {
    kind: 'fitted',
    model: model.name,
    unit: unitOf(data),
    values: atParameters!,
    estimates: estimatesOf(frame, coordinates, covariance, level),
    covariance,
    logLikelihood: seen.logLikelihood,
    aic: 2 * k - 2 * seen.logLikelihood,
    bic: k * ln(size) - 2 * seen.logLikelihood,
    size,
    cautions: cautionsOf({
      names: frame.names,
      ranges: frame.ranges,
      covariance,
      size,
      even: found.even,
      limit: found.limit,
      hopeless: withPriors ? hopeless : undefined,
    }),
    data: dataPrint(data),
    priors: Object.keys(priors),
    search: report(starts.length),
    ...(incomparable && { incomparable }),
  }
  return coefficients.length === 0 ? fit : { ...fit, kind: 'fitted-with-covariates', coefficients }
}

/** Runs what reads data: what is wrong with them is told by its place among what was given. */
function readData<T>(model: { readonly name: string }, data: unknown, how: () => T): T {
  try {
    return reading('wrong-type', '$.data', data, `data of ${model.name}`, how)
  } catch (error) {
    if (!(error instanceof DefinitionError) || error.path.startsWith('$.data')) throw error
    throw fault(error.code, `$.data${error.path.slice(1)}`, error.value, error.expected)
  }
}

/** Likelihoods of customers with the same covariates, one of all where there are none. */
function partsIn<Name extends string, P extends string, Data>(
  model: LikelihoodModel<Name, P, Data>,
  frame: Frame,
  data: Data,
  covariates: readonly string[],
): readonly Part[] {
  if (covariates.length === 0 || !isColumnTable(data))
    return [{ likelihood: model.likelihood(data), standard: [] }]
  return (groupsOf(data, covariates) as readonly Group<Data & typeof data>[]).map((group) => ({
    likelihood: model.likelihood(group.table),
    standard: frame.coefficients.map(({ covariate }, k) => {
      const { mean, deviation } = frame.spreads[k]!
      return (group.covariates[covariates.indexOf(covariate)]! - mean) / deviation
    }),
  }))
}

const ordered = <P extends string>(model: { readonly parameters: readonly P[] }, values: Values<P>) =>
  model.parameters.map((name) => values[name])

const byName = <P extends string>(model: { readonly parameters: readonly P[] }, values: readonly number[]) =>
  Object.fromEntries(model.parameters.map((name, i) => [name, values[i]!])) as Values<P>

/** The unit of data; of those without time there is none to change. */
function unitOf(data: unknown): TimeUnit {
  const { unit } = data as { readonly unit?: TimeUnit }
  return unit ?? 'opportunity'
}
