import { checkList, checkName, checkRecord, fault } from '../kernel/errors.js'
import { type Instant, isInstant, type Random } from '../kernel/index.js'
import { normalQuantile } from '../measures/index.js'
import { eigen } from '../measures/symmetric.js'
import type { AttentionParameter } from './attention.js'
import { checkLevel } from './decay-options.js'
import type { FittedDecay } from './fitted.js'
import { checkInstants } from './history.js'
import { scales } from './scale.js'

/** How sure, and by which way. */
export interface AttentionUncertainty {
  /** Confidence; that of the fit unless told. */
  readonly level?: number
  /**
   * Draws parameters from the normal distribution that the fit has about its optimum and takes shares of what follows from
   * them. Without it intervals follow the slopes (delta method), on the logit for rates and the logarithm for days.
   */
  readonly random?: Random
  /** 2,000 unless told. */
  readonly draws?: number
}

/** What the uncertainty of the parameters alone leaves. */
export interface AttentionInterval {
  readonly low: number
  readonly high: number
  readonly level: number
}

export type UncertaintyMethod = 'delta' | 'simulation'

/** Ends as they were asked for; Infinity where some of what may hold never happens; undefined where slopes do not exist. */
export interface Spread {
  readonly value: number
  readonly ends: { readonly low: number; readonly high: number } | undefined
}

/** A fit that may have been stored, with how sure answers are to be. */
export function readUncertainty(fit: FittedDecay, options: AttentionUncertainty) {
  checkFit(fit)
  checkRecord(options, '$.options')
  const { level = fit.level, random, draws = 2000 } = options
  checkLevel(level)
  if (!(Number.isSafeInteger(draws) && draws >= 100 && draws <= 100_000))
    throw fault('out-of-range', '$.draws', draws, 'a whole number from 100 to 100,000')
  if (random !== undefined && typeof (random as Random | null)?.next !== 'function')
    throw fault('wrong-type', '$.random', random, 'a generator, such as random("seed")')
  const names = fit.parameters.map(({ name }) => name)
  const at = fit.parameters.map(({ estimate }) => estimate)
  const method: UncertaintyMethod = random === undefined ? 'delta' : 'simulation'
  return {
    level,
    names,
    method,
    /** What numbers that follow from the parameters may be; all from the same draws. */
    spread(evaluate: (at: readonly number[]) => readonly number[]): readonly Spread[] {
      const values = evaluate(at)
      const ends =
        random === undefined
          ? bySlopes(fit, at, evaluate, values, level)
          : byDraws(fit, at, evaluate, values.length, { level, random, draws })
      return values.map((value, i) => ({ value, ends: ends[i] }))
    },
  }
}

function bySlopes(
  { covariance }: FittedDecay,
  at: readonly number[],
  evaluate: (at: readonly number[]) => readonly number[],
  values: readonly number[],
  level: number,
): readonly Spread['ends'][] {
  const z = -normalQuantile((1 - level) / 2)
  const slopes = at.map((_, j) => {
    // A hundredth of its own error: small against where the numbers bend, large against rounding.
    const step = 0.01 * Math.sqrt(covariance[j]![j]!)
    const [above, below] = [step, -step].map((by) => evaluate(at.map((x, i) => (i === j ? x + by : x))))
    return values.map((_, i) => (above![i]! - below![i]!) / (2 * step))
  })
  return values.map((value, i) => {
    let variance = 0
    for (const [j, row] of covariance.entries())
      for (const [k, entry] of row.entries()) variance += entry * slopes[j]![i]! * slopes[k]![i]!
    if (!Number.isFinite(value) || !Number.isFinite(variance)) return undefined
    const half = z * Math.sqrt(Math.max(0, variance))
    return { low: value - half, high: value + half }
  })
}

function byDraws(
  { covariance }: FittedDecay,
  at: readonly number[],
  evaluate: (at: readonly number[]) => readonly number[],
  count: number,
  { level, random, draws }: { readonly level: number; readonly random: Random; readonly draws: number },
): readonly Spread['ends'][] {
  const { values, vectors } = eigen(covariance)
  const roots = values.map((value) => Math.sqrt(Math.max(0, value)))
  const found = Array.from({ length: count }, () => new Float64Array(draws))
  for (let n = 0; n < draws; n += 1) {
    const point = [...at]
    for (const [j, vector] of vectors.entries()) {
      // Half a step above what is drawn, as 0 has no quantile.
      const z = normalQuantile(random.next() + 5.551115123125783e-17) * roots[j]!
      for (const [i, part] of vector.entries()) point[i]! += z * part
    }
    const seen = evaluate(point)
    for (let i = 0; i < count; i += 1) found[i]![n] = seen[i]!
  }
  const tail = (1 - level) / 2
  return found.map((list) => {
    if (list.some(Number.isNaN)) return undefined
    list.sort()
    const place = (share: number) => list[Math.min(draws - 1, Math.floor(share * draws))]!
    return { low: place(tail), high: place(1 - tail) }
  })
}

const names: readonly AttentionParameter[] = ['ceiling', 'decay', 'recovery', 'start', 'floor', 'dispersion']

/** Refuses what is no fit, as it may have been stored or made up. */
function checkFit(fit: FittedDecay): void {
  checkRecord(fit, '$.fit')
  const { kind, model, parameters, covariance, history } = fit
  if (kind !== 'fit')
    throw fault('wrong-type', '$.fit.kind', kind, 'a fit that is one: ask for its kind first')
  checkRecord(model, '$.fit.model')
  checkName(Object.keys(scales), model.scale, '$.fit.model.scale')
  checkName(['none', 'fitted'], model.floor, '$.fit.model.floor')
  checkName(['ceiling', 'fitted'], model.start, '$.fit.model.start')
  if (!(Number.isSafeInteger(model.pauseAfter) && model.pauseAfter > 0))
    throw fault('out-of-range', '$.fit.model.pauseAfter', model.pauseAfter, 'milliseconds above 0')
  checkList(parameters, '$.fit.parameters')
  for (const [i, parameter] of parameters.entries()) {
    checkRecord(parameter, `$.fit.parameters[${i}]`)
    checkName(names, parameter.name, `$.fit.parameters[${i}].name`)
    // Beyond it neither a rate nor its rest is a float.
    if (!(typeof parameter.estimate === 'number' && Math.abs(parameter.estimate) <= 500))
      throw fault('out-of-range', `$.fit.parameters[${i}].estimate`, parameter.estimate, 'from -500 to 500')
  }
  if (parameters[0]?.name !== 'ceiling')
    throw fault('missing', '$.fit.parameters', parameters.length, 'a ceiling first')
  checkList(covariance, '$.fit.covariance')
  const square =
    covariance.length === parameters.length &&
    covariance.every(
      (row, i) =>
        Array.isArray(row) && row.length === parameters.length && row.every(Number.isFinite) && row[i]! > 0,
    )
  if (!square)
    throw fault('wrong-type', '$.fit.covariance', covariance, 'as many rows and columns as parameters')
  checkRecord(history, '$.fit.history')
  checkInstants(history.publications, '$.fit.history.publications')
  for (const name of ['begin', 'last'] as const) {
    if (!isInstant(history[name]))
      throw fault('invalid-instant', `$.fit.history.${name}`, history[name], 'milliseconds since 1970')
  }
  const { begin, last, publications } = history
  if (begin > last || publications.some((at, i) => at < (publications[i - 1] ?? begin) || at > last))
    throw fault('out-of-range', '$.fit.history', begin, 'publications in order between begin and last')
}

/** The instant as of which one asks: not before what the fit has seen. */
export function checkAsOf(fit: FittedDecay, asOf: Instant): void {
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  if (asOf < fit.history.last)
    throw fault('out-of-range', '$.asOf', asOf, 'at or after the last send or publication of the fit')
}
