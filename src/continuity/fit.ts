import { exp } from '../kernel/elementary.js'
import { minimizeSteps, type NoMinimum, normalQuantile } from '../measures/index.js'
import { nextSteps } from '../measures/minimum.js'
import type { AttentionModel, AttentionParameter } from './attention.js'
import { type DecayOptions, readOptions } from './decay-options.js'
import {
  absences,
  type DecayDiagnosis,
  diagnoses,
  limits,
  type NoDecay,
  type NoDecayData,
  notIdentified,
} from './diagnosis.js'
import type { DecayFit, FittedRate, NoDecayFit } from './fitted.js'
import { type DecayGoodness, goodnessOf } from './goodness.js'
import { type OpenRateHistory, type ReadHistory, readHistory } from './history.js'
import { objectiveOf, saturated } from './likelihood.js'
import { type ProfileInterval, profileSteps } from './profile.js'
import { rateOf } from './scale.js'
import { distinctSends, namesOf, startOf, total, whereItRan } from './search.js'

/** Where the fit is. */
export interface DecayStep {
  readonly phase: 'search' | 'decay' | 'recovery'
  readonly iteration: number
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
    const { reason, direction } = minimum
    const limit = reason === 'stopped' ? undefined : whereItRan(names, minimum.best?.at, direction, read)
    return noOptimum(limit ?? reason, names, best, minimum.best)
  }
  const { at, covariance, value } = minimum
  const loosest = covariance.reduce((most, row, i) => (row[i]! > covariance[most]![most]! ? i : most), 0)
  if (covariance[loosest]![loosest]! > NOT_TOLD) {
    const direction = names.map((_, i) => (i === loosest ? 1 : 0))
    return noOptimum(whereItRan(names, at, direction, read) ?? 'flat', names, best, minimum)
  }

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

/** A variance of a logarithm or a logit: an error by a factor of e^10 is no estimate, however well the place is found. */
const NOT_TOLD = 100

function noOptimum(
  reason: NoDecay | NoMinimum,
  names: readonly AttentionParameter[],
  saturated: number,
  found: { readonly at: readonly number[]; readonly value: number } | undefined,
): NoDecayFit {
  return {
    kind: 'not-an-optimum',
    reason,
    next: Object.hasOwn(limits, reason) ? limits[reason as NoDecay] : nextSteps[reason as NoMinimum],
    best: found && {
      parameters: names.map((name, i) => ({ name, at: found.at[i]! })),
      logLikelihood: saturated - found.value,
    },
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
