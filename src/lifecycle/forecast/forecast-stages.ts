import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import type { Random } from '../../kernel/index.js'
import { multinomialDraw } from '../../measures/markov/draws.js'
import { after } from '../../measures/markov/projection.js'
import { checkLevel } from '../../measures/proportions.js'
import { absent, type ForecastCaution, type ForecastUndefined } from './cautions.js'
import { checkCounts } from './panel.js'
import { checkAhead, periodAfter } from './period-names.js'
import { arrivalPlan, checkForks, checkWhole, type FutureArrivals } from './setting.js'
import { spreadOf } from './spread.js'
import { cautionsOf, checkModel, ratesOf, type TransitionModel, unknownAhead } from './transition-model.js'

/** From where, how far, and who comes. */
export interface StageForecastOptions {
  /** How many periods; from 1 to 1,000. */
  readonly periods: number
  /** By state; those at the end of the model's last period unless told. */
  readonly opening?: readonly number[]
  /** `none` unless told. */
  readonly arrivals?: FutureArrivals
  /** Of the intervals; 0.8 unless told, from the tenth to the ninetieth percentile. */
  readonly level?: number
  /** Where chance comes from. It is forked, so the same generator gives the same forecast again. */
  readonly random: Random
  /** How many; 1,000 unless told, from 100 to 100,000. */
  readonly draws?: number
}

/** How many there may be in one stage after one period. */
export interface StageForecast {
  readonly stage: string
  /** n(t + 1) = n(t) P + arrivals, by the mean of the rates. */
  readonly expected: number
  /** Of the draws: rates drawn from what is known of them, then each subject's move by chance. */
  readonly median: number
  readonly low: number
  readonly high: number
}

/** Stages of one period to come. */
export interface ForecastPeriod {
  /** 1 for the first one. */
  readonly step: number
  /** By name. */
  readonly period: string
  readonly stages: readonly StageForecast[]
  /** By state, as `expected` of stages. */
  readonly expectedStates: readonly number[]
}

/** Stages to come; everybody is somewhere in every draw. */
export type StagesForecast =
  | {
      readonly kind: 'forecast'
      readonly level: number
      readonly draws: number
      readonly periods: readonly ForecastPeriod[]
      /** What the Markov test of the model has to say. */
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * How many will be in each stage, with intervals that hold what is not known of the rates and what chance does with each subject. States
 * by recency are summed to their stages.
 *
 * What the intervals do not hold is that rates may change or that the model may be wrong: `cautions` say what the tests found,
 * `backTestStages` what it came to so far.
 *
 * @returns `never-seen` where subjects come to a state of which no move was ever seen.
 * @throws DefinitionError `out-of-range` for options that are none and periods past the year 9999, `too-large` where draws times periods times stages are above
 * 20,000,000.
 * @example
 * // The model of the example of `fitTransitions`, here and below.
 * const forecast = forecastStages(model, { periods: 12, arrivals: 'as-seen', random: random('plan') })
 * if (forecast.kind === 'forecast') forecast.periods[11].stages[0]
 * // => { stage: 'active', expected: 250.27, median: 247, low: 198, high: 312 }
 */
export function forecastStages(model: TransitionModel, options: StageForecastOptions): StagesForecast {
  checkModel(model, '$.model')
  checkRecord(options, '$')
  checkKeys(options, ['periods', 'opening', 'arrivals', 'level', 'random', 'draws'], '$')
  const { periods, opening = model.closing, level = 0.8, random, draws = 1000 } = options
  const { states, stageOf } = model
  const n = states.length
  checkWhole(periods, '$.periods', 1, 1000)
  checkAhead(model.to, model.unit, periods, '$.periods')
  checkCounts(opening, n, '$.opening')
  checkLevel(level)
  checkForks(random, '$.random')
  checkWhole(draws, '$.draws', 100, 100_000)
  const stages = [...new Set(stageOf)]
  if (draws * periods * stages.length > 20_000_000)
    throw fault('too-large', '$.draws', draws, 'draws times periods times stages up to 20,000,000')
  const plan = arrivalPlan(options.arrivals, model.arrivals, { states: n, periods })
  const rates = ratesOf(model)
  const unknown = unknownAhead(rates.mean, peopled(opening, plan.means))
  if (unknown.length > 0)
    return absent(
      'never-seen',
      unknown.map((i) => states[i]!),
    )

  const place = stageOf.map((stage) => stages.indexOf(stage))
  const drawn = Array.from({ length: periods * stages.length }, () => new Float64Array(draws))
  for (let d = 0; d < draws; d += 1) {
    const chance = random.fork(d)
    const P = rates.draw(chance)
    const arriving = plan.draw(chance)
    let counts = Float64Array.from(opening)
    for (let t = 0; t < periods; t += 1) {
      const next = Float64Array.from(arriving[t]!)
      for (let i = 0; i < n; i += 1) multinomialDraw(counts[i]!, P[i]!, chance, next)
      counts = next
      for (let j = 0; j < n; j += 1) drawn[t * stages.length + place[j]!]![d]! += counts[j]!
    }
  }
  let expected: readonly number[] = opening
  return {
    kind: 'forecast',
    level,
    draws,
    periods: plan.means.map((arriving, t): ForecastPeriod => {
      expected = after(expected, rates.mean).map((count, j) => count + arriving[j]!)
      const sums = bySum(expected, place, stages.length)
      return {
        step: t + 1,
        period: periodAfter(model.to, model.unit, t + 1),
        stages: stages.map((stage, k) => ({
          stage,
          expected: sums[k]!,
          ...spreadOf(drawn[t * stages.length + k]!, level),
        })),
        expectedStates: expected,
      }
    }),
    cautions: cautionsOf(model),
  }
}

/** Whether somebody starts in a state, or may arrive in it. */
export function peopled(
  opening: readonly number[],
  arrivals: readonly (readonly number[])[],
): readonly boolean[] {
  return opening.map((count, j) => count > 0 || arrivals.some((counts) => counts[j]! > 0))
}

/** Sums of states by the place of their stage. */
export function bySum(
  counts: readonly number[],
  place: readonly number[],
  stages: number,
): readonly number[] {
  const sums = new Array<number>(stages).fill(0)
  for (const [j, count] of counts.entries()) sums[place[j]!]! += count
  return sums
}
