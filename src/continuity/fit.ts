import { exp, ln } from '../kernel/elementary.js'
import { checkName, checkNumber, checkRecord, fault } from '../kernel/errors.js'
import { checkDuration, type Duration, exactLength, type Instant, type Sentence } from '../kernel/index.js'
import { gammaQ, type Matrix, minimizeSteps, type NoMinimum, normalQuantile } from '../measures/index.js'
import { type AttentionModel, type AttentionParameter, attentionOf, follow } from './attention.js'
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

/** What the history says nothing about, whatever its size. */
export interface NotIdentified {
  readonly kind: 'not-identified'
  readonly reason: 'no-pause' | 'no-resumption'
  readonly next: Sentence
}

/** Something about the data that a reader of the numbers has to know. */
export interface DecayDiagnosis {
  readonly code: keyof typeof diagnoses
  /** The number that it is said for, such as a dispersion or how many there were. */
  readonly value: number
  /** What it means and what to do. */
  readonly next: Sentence
}

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
  readonly goodness: Goodness
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
      readonly reason: 'no-sends' | 'too-few-sends' | 'never-opened' | 'always-opened'
      readonly next: Sentence
    }

/** What the likelihood runs away to, where it is one parameter that does. */
export type NoDecay =
  | 'no-fall'
  | 'fall-complete'
  | 'no-recovery'
  | 'recovery-at-once'
  | 'no-floor'
  | 'floor-not-told'
  | 'no-overdispersion'

/** How what was opened scatters about what the model expects. */
export interface Goodness {
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
 * fit.kind === 'fit' && fit.decay // => { kind: 'estimate', value: 0.026, … }
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

/** One model of one history beside others. */
export interface DecayCandidate {
  readonly scale: RateScale
  readonly floor: 'none' | 'fitted'
  readonly fit: DecayFit
  /** How much higher Akaike's criterion is than that of the best; null where there is no fit. */
  readonly behind: number | null
}

/**
 * Fits the same history on every scale, with and without a floor, and says by Akaike's criterion which explains it best. Less
 * than 2 behind is as good. Pauses of one length say nothing about the way down; the way up tells `share` from the others,
 * and `log` from `logit` only where rates are high. The best is first.
 *
 * @throws DefinitionError as `fitDecay`.
 * @example
 * compareDecays({ sends }, { pauseAfter: { hours: 168 } })[0] // => { scale: 'logit', floor: 'none', behind: 0, … }
 */
export function compareDecays(
  history: OpenRateHistory,
  options: Omit<DecayOptions, 'scale' | 'floor'>,
): readonly DecayCandidate[] {
  checkRecord(options, '$.options')
  const fits = (['logit', 'log', 'share'] as const).flatMap((scale) =>
    (['none', 'fitted'] as const).map((floor) => ({
      scale,
      floor,
      fit: fitDecay(history, { profile: false, ...options, scale, floor }),
    })),
  )
  const aic = ({ fit }: { readonly fit: DecayFit }) => (fit.kind === 'fit' ? fit.aic : Infinity)
  const least = fits.reduce((low, one) => Math.min(low, aic(one)), Infinity)
  return fits
    .map((one) => ({ ...one, behind: one.fit.kind === 'fit' ? one.fit.aic - least : null }))
    .sort((a, b) => (a.behind ?? Infinity) - (b.behind ?? Infinity) || 0)
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
): Goodness {
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
  goodness: Goodness,
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

const diagnoses = {
  'no-pause': {
    en: 'No send follows a pause, so nothing is said about decay: give a history with a pause longer than pauseAfter.',
    zh: '历史中没有任何一次停更之后的发送，无法得知衰减速度：请提供包含停更（长于 pauseAfter）的历史。',
  },
  'one-pause': {
    en: 'Decay rests on a single pause: another cause at the same time would look the same, and whether attention falls along a curve or a line does not show. Add pauses of other lengths, or other channels.',
    zh: '衰减仅由一次停更估计：同期的其他原因无法区分，也看不出下降的形状。请补充不同长度的停更或其他渠道。',
  },
  'no-resumption': {
    en: 'No second send follows a pause, so nothing is said about recovery: go on publishing and fit again.',
    zh: '停更后没有第二次发送，无法得知恢复速度：请恢复发布后再拟合。',
  },
  'few-sends': {
    en: 'Hardly more sends than parameters: fit and intervals cannot be checked. Add sends.',
    zh: '发送次数几乎不多于参数个数，无法检验拟合与区间：请补充数据。',
  },
  overdispersed: {
    en: 'Sends scatter by more than chance, so the intervals are too narrow: fit with noise "beta-binomial", and look for what else moves the rate.',
    zh: '各次发送的波动超出随机误差，区间偏窄：请改用 noise: "beta-binomial"，并查找影响打开率的其他因素。',
  },
  'decay-open': {
    en: 'The data bound the decay on one side only: more sends after pauses of other lengths would close the interval.',
    zh: '数据只能从一侧限定衰减速度：补充不同长度停更后的发送可使区间闭合。',
  },
  'recovery-open': {
    en: 'The data bound the recovery on one side only: more sends soon after a resumption would close the interval.',
    zh: '数据只能从一侧限定恢复速度：补充恢复发布初期的发送可使区间闭合。',
  },
} as const satisfies Record<string, Sentence>

const limits: Readonly<Record<NoDecay, Sentence>> = {
  'no-fall': {
    en: 'The rate did not fall in the pauses: their cost cannot be told from none. A longer pauseAfter may be right, or more data.',
    zh: '停更期间打开率没有下降，无法与“零代价”区分：可能应加大 pauseAfter，或补充数据。',
  },
  'fall-complete': {
    en: 'After the pauses nothing is left or all of the fall had happened: only a shorter pause can say how fast. Fit a floor, or add pauses that are shorter.',
    zh: '停更后已跌到底，只有更短的停更才能说明速度：请拟合下限（floor）或补充较短的停更。',
  },
  'no-recovery': {
    en: 'The rate did not rise after resuming: recovery cannot be told from none. Go on publishing and fit again.',
    zh: '恢复发布后打开率没有回升，无法与“不恢复”区分：请继续发布后再拟合。',
  },
  'recovery-at-once': {
    en: 'The rate was back by the second send: only sends closer together can say how fast.',
    zh: '第二次发送时打开率已完全恢复，只有更密的发送才能说明速度。',
  },
  'no-floor': {
    en: 'The data show no floor: fit with floor "none".',
    zh: '数据未显示下限：请使用 floor: "none"。',
  },
  'floor-not-told': {
    en: 'A low floor that is reached fast and a high one reached slowly explain the pauses alike: fit with floor "none", or add pauses of other lengths or messages sent during one.',
    zh: '“较低的下限快速到达”与“较高的下限缓慢到达”同样能解释停更：请使用 floor: "none"，或补充不同长度的停更、停更期间的发送。',
  },
  'no-overdispersion': {
    en: 'Sends scatter by no more than chance: fit with noise "binomial".',
    zh: '各次发送的波动不超出随机误差：请使用 noise: "binomial"。',
  },
}

const missing: Readonly<Record<(NoDecayFit & { kind: 'undefined' })['reason'], Sentence>> = {
  'no-sends': {
    en: 'No send reached anybody: give sends with delivered above 0.',
    zh: '没有任何送达：请提供 delivered 大于 0 的发送。',
  },
  'too-few-sends': {
    en: 'Fewer instants with sends than parameters: add sends, or fit fewer (start "ceiling", floor "none", noise "binomial").',
    zh: '发送时刻少于参数个数：请补充数据，或减少参数（start: "ceiling"、floor: "none"、noise: "binomial"）。',
  },
  'never-opened': {
    en: 'Nothing was ever opened: a rate of 0 has no odds to fall. Check the tracking of opens.',
    zh: '从未有人打开：打开率为 0 时无从衰减。请检查打开事件的埋点。',
  },
  'always-opened': {
    en: 'Everything was opened: a rate of 1 has no odds to fall. Check the tracking of opens.',
    zh: '全部被打开：打开率为 1 时无从衰减。请检查打开事件的埋点。',
  },
}

const none = (reason: (NoDecayFit & { kind: 'undefined' })['reason']): NoDecayFit => ({
  kind: 'undefined',
  reason,
  next: missing[reason],
})

export const notIdentified = (reason: NotIdentified['reason']): NotIdentified => ({
  kind: 'not-identified',
  reason,
  next: diagnoses[reason],
})

function total(list: Float64Array): number {
  let sum = 0
  for (const one of list) sum += one
  return sum
}

function readOptions(options: DecayOptions) {
  checkRecord(options, '$.options')
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
