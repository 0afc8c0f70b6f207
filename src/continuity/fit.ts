import { exp, ln } from '../kernel/elementary.js'
import { checkKeys, checkName, checkNumber, checkRecord, fault } from '../kernel/errors.js'
import { checkDuration, type Duration, exactLength, type Instant, type Sentence } from '../kernel/index.js'
import { gammaQ, type Matrix, minimizeSteps, type NoMinimum, normalQuantile } from '../measures/index.js'
import { type AttentionModel, type AttentionParameter, attentionOf, follow } from './attention.js'
import {
  absences,
  type DecayDiagnosis,
  diagnoses,
  limits,
  type NoDecay,
  type NoDecayData,
  type NotIdentified,
  notIdentified,
} from './diagnosis.js'
import { type OpenRateHistory, type ReadHistory, readHistory } from './history.js'
import { objectiveOf, saturated } from './likelihood.js'
import { type ProfileInterval, profileSteps } from './profile.js'
import { logit, type RateScale, rateOf, reading, scales } from './scale.js'

/** What is fitted and how sure it is to be. */
export interface DecayOptions {
  /**
   * How long after a publication the channel still counts as being published: about its habitual rhythm, such as
   * `{ hours: 168 }` for a weekly one. Exact: seconds, minutes or hours. There is no default, as everything rests on it.
   */
  readonly pauseAfter: Duration
  /** `logit` unless told. */
  readonly scale?: RateScale
  /** Where a long pause leads: to nothing (`none`, unless told), or to a share of the ceiling that is `fitted`. */
  readonly floor?: 'none' | 'fitted'
  /** Where the rate stood when the history begins: at its `ceiling` unless told, or `fitted`. */
  readonly start?: 'ceiling' | 'fitted'
  /** How sends scatter: by chance alone (`binomial`, unless told), or more than that (`beta-binomial`). */
  readonly noise?: 'binomial' | 'beta-binomial'
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** Whether decay and recovery get an interval by profile likelihood beside that of their curvature; yes unless told. */
  readonly profile?: boolean
  /** Looked at before every step. */
  readonly signal?: { readonly aborted: boolean }
}

/** Where the fit is. */
export interface DecayStep {
  readonly phase: 'search' | 'decay' | 'recovery'
  readonly iteration: number
}

/** A parameter in its own unit. */
export type FittedRate =
  | {
      readonly kind: 'estimate'
      readonly value: number
      /** Of the parameter as it was fitted: of a logarithm for rates per day, of a logit for shares. */
      readonly standardError: number
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      readonly method: 'delta'
      /** Where the likelihood falls by what the level asks for: the better interval where the curvature lies. */
      readonly profile?: ProfileInterval
    }
  | NotIdentified

/** How attention falls and comes back, with how sure that is; or why that cannot be said. Plain data. */
export type DecayFit = FittedDecay | NoDecayFit

export interface FittedDecay {
  readonly kind: 'fit'
  readonly model: AttentionModel
  /** In the order of the covariance. */
  readonly parameters: readonly {
    readonly name: AttentionParameter
    readonly estimate: number
    readonly standardError: number
  }[]
  readonly covariance: Matrix
  readonly level: number
  /** The open rate to which being published leads. */
  readonly ceiling: FittedRate
  /** Per day of pause: of the odds on `logit`, of the rate on `log` and `share`; towards the floor where there is one. */
  readonly decay: FittedRate
  /** Per day of being published: the share of the way to the ceiling, on the scale. */
  readonly recovery: FittedRate
  /** The rate when the history begins; without a parameter of its own it is the ceiling. */
  readonly start?: FittedRate
  /** The rate to which a long pause leads, as a share of the ceiling. */
  readonly floor?: FittedRate
  /** Correlation of two readers' opening of one send; 0 is the binomial. */
  readonly dispersion?: FittedRate
  /** Without coefficients that count orderings; of one history comparable between models. */
  readonly logLikelihood: number
  /** Akaike's: twice the parameters less twice the log-likelihood; lower is better. */
  readonly aic: number
  readonly goodness: DecayGoodness
  readonly observed: {
    readonly sends: number
    readonly delivered: number
    readonly opened: number
    readonly pauses: number
    readonly daysPaused: number
  }
  /** What a forecast goes on from. */
  readonly history: {
    readonly begin: Instant
    readonly last: Instant
    readonly publications: readonly Instant[]
  }
  readonly diagnostics: readonly DecayDiagnosis[]
}

export type NoDecayFit =
  | {
      /** A search ended somewhere that is no optimum: its numbers are no estimates. */
      readonly kind: 'not-an-optimum'
      readonly reason: NoDecay | NoMinimum
      readonly next: Sentence
      /** Where it ended, as the parameters were fitted. */
      readonly best:
        | {
            readonly parameters: readonly { readonly name: AttentionParameter; readonly at: number }[]
            readonly logLikelihood: number
          }
        | undefined
    }
  | {
      readonly kind: 'undefined'
      readonly reason: NoDecayData
      readonly next: Sentence
    }

/** How what was opened scatters about what the model expects. */
export interface DecayGoodness {
  /** Twice what the log-likelihood lacks to a rate for every send. */
  readonly deviance: number
  /** Sum of squared distances over their variance (of the model's own noise). */
  readonly pearson: number
  /** Observed sends less parameters. */
  readonly degrees: number
  /** Pearson's over the degrees: about 1 where the model fits. */
  readonly dispersion: number | null
  /** How often chance alone would scatter as much; by the chi-squared, rough where few opens are expected. */
  readonly pValue: number | null
}

/**
 * Fits how a channel's open rate falls while nothing is published and comes back when something is.
 *
 * The rate p, on a scale, goes to its ceiling at the recovery rate for `pauseAfter` after every publication, and falls at the
 * decay rate from then until the next: exact over any gap, no time steps. Opens of a send are binomial (or
 * beta-binomial) around p at its instant. Parameters are those of maximum likelihood; standard errors come from its curvature,
 * with rates on their logarithm and shares on their logit, and decay and recovery have an interval by profile likelihood.
 *
 * Two rates at two instants fit every scale: 25 % and 3 % a quarter later is -2.6 % of the odds a day on `logit`, -2.3 % of
 * the readers a day on `log`. Which one holds shows only in pauses of several lengths; `compareDecays` says so by likelihood, and the way
 * back up as well.
 * The default is `logit` because no rate on it leaves (0, 1), from wherever it starts and however long the pause.
 *
 * What the history does not say is not guessed: without a pause, or without a second send after one, decay or recovery is
 * `not-identified`; where the likelihood is highest at a limit (nothing was lost; all was lost; all came back at once) there is
 * no fit but the reason. Give sends whose window for opening is over: `defineOpenRates` counts those.
 *
 * @throws DefinitionError for counts that are none, more opened than delivered, instants that are none, a `pauseAfter` that
 * is not exact or is zero, unknown names, a level outside (0, 1), a first send before the first publication.
 * @see McCullagh & Nelder (1989), "Generalized Linear Models"; Murphy & van der Vaart (2000), "On Profile Likelihood"; Skellam
 * (1948) for the beta-binomial.
 * @example
 * const fit = fitDecay({ sends }, { pauseAfter: { hours: 168 } })
 * fit.kind === 'fit' && fit.decay // => { kind: 'estimate', value: 0.0254, … }
 */
export function fitDecay(history: OpenRateHistory, options: DecayOptions): DecayFit {
  const steps = fitDecaySteps(history, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** As `fitDecay`, step by step, for hosts that show progress, yield to others, or stop by the signal. */
export function* fitDecaySteps(
  history: OpenRateHistory,
  options: DecayOptions,
): Generator<DecayStep, DecayFit> {
  const { model, level, profile, signal } = readOptions(options)
  const read = readHistory(history, model.pauseAfter)
  const { delivered, opened, observed } = read
  if (observed === 0) return none('no-sends')
  const [all, read_] = [total(delivered), total(opened)]
  if (read_ === 0) return none('never-opened')
  if (read_ === all) return none('always-opened')
  const names = namesOf(model, read)
  if (distinctSends(read) < names.length) return none('too-few-sends')

  const objective = objectiveOf(model, names, read)
  const search = minimizeSteps(objective, startOf(model, names, read), {
    atLeast: -1e-6 * (1 + all),
    ...(signal && { signal }),
  })
  let found = search.next()
  for (; !found.done; found = search.next()) {
    yield { phase: 'search', iteration: found.value.iteration }
  }
  const minimum = found.value
  const best = total(saturated(read))
  if (minimum.kind === 'not-an-optimum') {
    const at = minimum.best?.at
    const reason =
      minimum.reason === 'stopped'
        ? minimum.reason
        : (whereItRan(names, at, minimum.direction, read) ?? minimum.reason)
    return {
      kind: 'not-an-optimum',
      reason,
      next: Object.hasOwn(limits, reason) ? limits[reason as NoDecay] : minimum.next,
      best: minimum.best && {
        parameters: names.map((name, i) => ({ name, at: minimum.best!.at[i]! })),
        logLikelihood: best - minimum.best.value,
      },
    }
  }
  const { at, covariance, value } = minimum

  const profiles = new Map<AttentionParameter, ProfileInterval>()
  for (const name of ['decay', 'recovery'] as const) {
    const index = names.indexOf(name)
    if (!profile || index < 0) continue
    const along = profileSteps(objective, { at, value, covariance, index, level })
    let iteration = 0
    let step = along.next()
    for (; !step.done; step = along.next()) {
      if (signal?.aborted) break
      yield { phase: name, iteration }
      iteration += 1
    }
    if (step.done) profiles.set(name, step.value)
  }

  const z = -normalQuantile((1 - level) / 2)
  const rate = (name: AttentionParameter, unit: (u: number) => number): FittedRate => {
    const index = names.indexOf(name)
    if (index < 0)
      return notIdentified(name === 'decay' ? 'no-pause' : read.pauses === 0 ? 'no-pause' : 'no-resumption')
    const standardError = Math.sqrt(covariance[index]![index]!)
    const found = profiles.get(name)
    return {
      kind: 'estimate',
      value: unit(at[index]!),
      standardError,
      interval: {
        low: unit(at[index]! - z * standardError),
        high: unit(at[index]! + z * standardError),
        level,
      },
      method: 'delta',
      ...(found && { profile: found }),
    }
  }
  const fitted = {
    decay: rate('decay', exp),
    recovery: rate('recovery', exp),
  }
  const goodness = goodnessOf(model, names, at, read, value)
  return {
    kind: 'fit',
    model,
    parameters: names.map((name, i) => ({
      name,
      estimate: at[i]!,
      standardError: Math.sqrt(covariance[i]![i]!),
    })),
    covariance,
    level,
    ceiling: rate('ceiling', rateOf),
    ...fitted,
    ...(names.includes('start') && { start: rate('start', rateOf) }),
    ...(names.includes('floor') && { floor: rate('floor', rateOf) }),
    ...(names.includes('dispersion') && { dispersion: rate('dispersion', rateOf) }),
    logLikelihood: best - value,
    aic: 2 * names.length - 2 * (best - value),
    goodness,
    observed: {
      sends: observed,
      delivered: all,
      opened: read_,
      pauses: read.pauses,
      daysPaused: read.daysPaused,
    },
    history: { begin: read.begin, last: read.last, publications: read.publications },
    diagnostics: diagnose(model, read, goodness, fitted),
  }
}

/** Parameters that this history can say something about. */
function namesOf(model: AttentionModel, read: ReadHistory): readonly AttentionParameter[] {
  const names: AttentionParameter[] = ['ceiling']
  const fell = read.pauses > 0
  if (fell) names.push('decay')
  if (read.resumed || (model.start === 'fitted' && read.published)) names.push('recovery')
  if (model.start === 'fitted') names.push('start')
  if (model.floor === 'fitted' && fell) names.push('floor')
  if (model.noise === 'beta-binomial') names.push('dispersion')
  return names
}

function distinctSends({ steps, delivered }: ReadHistory): number {
  let count = 0
  let last: Instant | undefined
  for (const [i, at] of steps.at.entries()) {
    if (delivered[i] === 0 || at === last) continue
    last = at
    count += 1
  }
  return count
}

/** The best of a coarse grid of rates: the likelihood may have more than one hill. */
function startOf(
  model: AttentionModel,
  names: readonly AttentionParameter[],
  read: ReadHistory,
): readonly number[] {
  const { delivered, opened, steps } = read
  let [n, k] = [0, 0]
  let [first, firstOpened] = [0, 0]
  for (let i = 0; i < delivered.length; i += 1) {
    if (steps.paused[i]! > 0 && n > 0) break
    if (first === 0) {
      first = delivered[i]!
      firstOpened = opened[i]!
    }
    n += delivered[i]!
    k += opened[i]!
  }
  const share = (successes: number, trials: number) => logit(successes + 0.5, trials - successes + 0.5)
  const base: Record<AttentionParameter, number> = {
    ceiling: share(k, n),
    decay: ln(0.03),
    recovery: ln(0.05),
    start: share(firstOpened, first),
    floor: -2,
    dispersion: -6,
  }
  const objective = objectiveOf(model, names, read)
  const tries = (name: AttentionParameter) => (names.includes(name) ? ratesTried : [base[name]])
  let best = names.map((name) => base[name])
  let least = Infinity
  for (const decay of tries('decay')) {
    for (const recovery of tries('recovery')) {
      const at = names.map((name) => ({ ...base, decay, recovery })[name])
      const value = objective.value(at)
      if (value < least) {
        least = value
        best = at
      }
    }
  }
  return best
}

/** Logarithms of rates per day: time constants from two days to two years. */
const ratesTried = [-0.7, -2, -3.2, -4.5, -6.5]

/** Which limit the likelihood runs towards, where it is flat along one parameter. */
function whereItRan(
  names: readonly AttentionParameter[],
  at: readonly number[] | undefined,
  direction: readonly number[] | undefined,
  { steps }: ReadHistory,
): NoDecay | undefined {
  if (at === undefined) return undefined
  const along = (name: AttentionParameter) => {
    const i = names.indexOf(name)
    return i >= 0 && (direction === undefined || Math.abs(direction[i]!) > 0.5)
  }
  const longest = (days: Float64Array) => days.reduce((most, one) => Math.max(most, one), 0)
  const value = (name: AttentionParameter) => at[names.indexOf(name)]!
  if (along('dispersion') && value('dispersion') < -9) return 'no-overdispersion'
  if (names.includes('floor')) return value('floor') < -4 ? 'no-floor' : 'floor-not-told'
  // Where nothing fell, nothing recovers: the direction may name the recovery.
  const fall = names.includes('decay') ? exp(value('decay')) * longest(steps.paused) : 1
  if (fall < 0.02) return 'no-fall'
  if (along('decay') && fall > 8) return 'fall-complete'
  if (along('recovery')) {
    const rise = exp(value('recovery')) * longest(steps.relaxed)
    if (rise > 8) return 'recovery-at-once'
    if (exp(value('recovery')) * total(steps.relaxed) < 0.02) return 'no-recovery'
  }
  return undefined
}

function goodnessOf(
  model: AttentionModel,
  names: readonly AttentionParameter[],
  at: readonly number[],
  read: ReadHistory,
  value: number,
): DecayGoodness {
  const scale = scales[model.scale]
  const here = reading()
  const spread = at[names.indexOf('dispersion')]
  const correlation = spread === undefined ? 0 : rateOf(spread)
  let pearson = 0
  follow(attentionOf(model, names, at).values, read.steps, (i, x) => {
    const n = read.delivered[i]!
    if (n === 0) return
    scale.read(x, here)
    const apart = read.opened[i]! - n * here.rate
    const variance = n * here.rate * here.rest * (1 + (n - 1) * correlation)
    if (variance > 0) pearson += (apart * apart) / variance
  })
  const degrees = read.observed - names.length
  return {
    deviance: Math.max(0, 2 * value),
    pearson,
    degrees,
    dispersion: degrees > 0 ? pearson / degrees : null,
    pValue: degrees > 0 ? gammaQ(degrees / 2, pearson / 2) : null,
  }
}

function diagnose(
  model: AttentionModel,
  read: ReadHistory,
  goodness: DecayGoodness,
  { decay, recovery }: { readonly decay: FittedRate; readonly recovery: FittedRate },
): readonly DecayDiagnosis[] {
  const list: DecayDiagnosis[] = []
  const say = (code: DecayDiagnosis['code'], value: number) =>
    list.push({ code, value, next: diagnoses[code] })
  if (decay.kind === 'not-identified') say('no-pause', read.pauses)
  else if (read.pauses === 1) say('one-pause', read.pauses)
  if (recovery.kind === 'not-identified' && read.pauses > 0) say('no-resumption', 0)
  if (goodness.degrees < 5) say('few-sends', read.observed)
  if (model.noise === 'binomial' && goodness.pValue !== null && goodness.pValue < 0.001)
    say('overdispersed', goodness.dispersion!)
  for (const [code, rate] of [
    ['decay-open', decay],
    ['recovery-open', recovery],
  ] as const) {
    if (rate.kind !== 'estimate' || rate.profile === undefined) continue
    if (rate.profile.low.kind === 'open' || rate.profile.high.kind === 'open') say(code, rate.value)
  }
  return list
}

const none = (reason: NoDecayData): NoDecayFit => ({
  kind: 'undefined',
  reason,
  next: absences[reason],
})

function total(list: Float64Array): number {
  let sum = 0
  for (const one of list) sum += one
  return sum
}

function readOptions(options: DecayOptions) {
  checkRecord(options, '$.options')
  const known = ['pauseAfter', 'scale', 'floor', 'start', 'noise', 'level', 'profile', 'signal']
  checkKeys(options, known, '$.options')
  const {
    pauseAfter,
    scale = 'logit',
    floor = 'none',
    start = 'ceiling',
    noise = 'binomial',
    level = 0.95,
    profile = true,
    signal,
  } = options
  checkName(Object.keys(scales), scale, '$.scale')
  checkName(['none', 'fitted'], floor, '$.floor')
  checkName(['ceiling', 'fitted'], start, '$.start')
  checkName(['binomial', 'beta-binomial'], noise, '$.noise')
  checkLevel(level)
  if (typeof profile !== 'boolean') throw fault('wrong-type', '$.profile', profile, 'true or false')
  if (signal !== undefined) checkRecord(signal, '$.signal')
  const model: AttentionModel = {
    scale,
    floor,
    start,
    noise,
    pauseAfter: exactSpan(pauseAfter, '$.pauseAfter'),
  }
  return { model, level, profile, signal }
}

/** Milliseconds of an exact duration that is not zero. */
export function exactSpan(duration: Duration, path: string): number {
  const length = exactLength(checkDuration(duration, path))
  if (length === undefined || length === 0)
    throw fault(
      'invalid-duration',
      path,
      duration,
      'seconds, minutes or hours above 0, such as { hours: 168 }',
    )
  return length
}

/** Refuses what is no confidence. */
export function checkLevel(level: number): void {
  checkNumber(level, '$.level')
  if (!(level > 0 && level < 1)) throw fault('out-of-range', '$.level', level, 'strictly between 0 and 1')
}
