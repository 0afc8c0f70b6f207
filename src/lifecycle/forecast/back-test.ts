import { checkKeys, checkName, checkRecord } from '../../kernel/errors.js'
import { type Proportion, wilson } from '../../measures/index.js'
import { absent, caution, type ForecastCaution, type ForecastUndefined } from './cautions.js'
import { fitTransitions, type TransitionOptions } from './fit-transitions.js'
import { forecastStages, type StageForecastOptions } from './forecast-stages.js'
import { checkStagePanel, closingOf, openingOf, panelByStage, type StagePanel } from './panel.js'
import { checkWhole } from './setting.js'

/** What is held out, and how the rest is fitted. */
export interface StagesBackTestOptions<State extends string = string>
  extends Omit<TransitionOptions<State>, 'since' | 'until' | 'level'>,
    Pick<StageForecastOptions, 'level' | 'random' | 'draws'> {
  /** How many of the last periods are forecast and not fitted. */
  readonly holdOut: number
  /**
   * What the forecast knows of arrivals: `as-seen` unless told, which is fair beside the naive rules; `known` takes those of the held-out
   * periods, to look at the rates alone.
   */
  readonly arrivals?: 'as-seen' | 'known'
}

/** One stage after one held-out period. */
export interface StagesBackTestPoint {
  readonly step: number
  readonly period: string
  readonly stage: string
  readonly actual: number
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly covered: boolean
  readonly noChange: number
  readonly sameFlow: number
}

/** Σ |forecast - actual| / Σ actual, over stages and held-out periods: wrongly placed subjects, by subjects there. */
export interface StagesBackTestErrors {
  readonly model: number
  /** As many in each stage as at the end of the fitted periods. */
  readonly noChange: number
  /** The net flows of the last fitted period again in each one, not below 0. */
  readonly sameFlow: number
  /** Where states are by recency: of the plain chain of stages, which forgets how long somebody has been silent. */
  readonly plainStages?: number
}

/** How well the model forecasts periods that it has not seen. */
export type StagesBackTest =
  | {
      readonly kind: 'back-test'
      /** How many periods were fitted, and how many held out. */
      readonly fitted: number
      readonly heldOut: number
      readonly points: readonly StagesBackTestPoint[]
      readonly errors: StagesBackTestErrors
      /** Share of points within their interval. Those of one period move together, so that it says less than its number. */
      readonly coverage: Proportion
      /** Whether the model's error is below that of both naive rules. */
      readonly better: boolean
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * Fits the first periods, forecasts the last ones and holds them against what came, beside "no change" and "the flow of the last
 * period again"; with states by recency beside the plain chain of stages as well.
 *
 * A model that is not better than "no change" says so in its cautions, and should not be planned with.
 *
 * @returns `too-few-periods` unless at least one is left to fit, or why there is no model or no forecast.
 * @throws DefinitionError as `fitTransitions` and `forecastStages`.
 * @example
 * const month = (period: string, moves: number[][], newcomers: number) => ({ period, moves, arrivals: [newcomers, 0] })
 * const test = backTestStages({ states: ['active', 'lapsed'], unit: 'month', periods: [
 *   month('2024-01', [[80, 20], [5, 45]], 30), month('2024-02', [[92, 23], [7, 58]], 25),
 *   month('2024-03', [[98, 26], [8, 73]], 28), month('2024-04', [[108, 26], [10, 89]], 31),
 * ] }, { holdOut: 1, prior: 'jeffreys', random: random('test') })
 * if (test.kind === 'back-test') test.errors // => { model: 0.0209, noChange: 0.1174, sameFlow: 0.0265 }
 */
export function backTestStages<State extends string>(
  panel: StagePanel<State>,
  options: StagesBackTestOptions<NoInfer<State>>,
): StagesBackTest {
  checkStagePanel(panel)
  checkRecord(options, '$')
  checkKeys(
    options,
    ['holdOut', 'arrivals', 'prior', 'possible', 'final', 'unseen', 'last', 'level', 'random', 'draws'],
    '$',
  )
  const { holdOut, arrivals = 'as-seen', level = 0.8, random, draws = 1000, ...fitting } = options
  checkWhole(holdOut, '$.holdOut', 1, 1000)
  checkName(['as-seen', 'known'], arrivals, '$.arrivals')
  const { periods, states, stageOf = states } = panel
  if (periods.length <= holdOut) return absent('too-few-periods')
  const [seen, held] = [periods.slice(0, -holdOut), periods.slice(-holdOut)]
  const forecast = forecastOf({ ...panel, periods: seen }, fitting)
  if (forecast.kind === 'undefined') return forecast

  const stages = [...new Set<string>(stageOf)]
  const summed = (counts: readonly number[]) =>
    stages.map((stage) => counts.reduce((sum, count, i) => (stageOf[i] === stage ? sum + count : sum), 0))
  const last = seen[seen.length - 1]!
  const [before, cut] = [summed(openingOf(last)), summed(closingOf(last))]
  const points = held.flatMap((period, t) => {
    const actual = summed(closingOf(period))
    return stages.map((stage, k): StagesBackTestPoint => {
      const { expected, low, high } = forecast.periods[t]!.stages[k]!
      return {
        step: t + 1,
        period: period.period,
        stage,
        actual: actual[k]!,
        expected,
        low,
        high,
        covered: low <= actual[k]! && actual[k]! <= high,
        noChange: cut[k]!,
        sameFlow: Math.max(0, cut[k]! + (t + 1) * (cut[k]! - before[k]!)),
      }
    })
  })
  // Who was there when the rates were counted is still there: this is never 0.
  const there = points.reduce((sum, { actual }) => sum + actual, 0)
  const errorOf = (guess: (point: StagesBackTestPoint, k: number) => number) =>
    points.reduce((sum, point, k) => sum + Math.abs(guess(point, k) - point.actual), 0) / there
  const plain = panel.stageOf === undefined ? undefined : plainOf({ ...panel, periods: seen })
  const errors: StagesBackTestErrors = {
    model: errorOf(({ expected }) => expected),
    noChange: errorOf(({ noChange }) => noChange),
    sameFlow: errorOf(({ sameFlow }) => sameFlow),
    ...(plain !== undefined && { plainStages: errorOf((_, k) => plain[k]!) }),
  }
  const covered = points.filter((point) => point.covered).length
  const cautions = [...forecast.cautions]
  if (!(errors.model < errors.noChange)) cautions.push(caution('worse-than-no-change'))
  if (!(errors.model < errors.sameFlow)) cautions.push(caution('worse-than-same-flow'))
  if (errors.plainStages !== undefined && !(errors.model < errors.plainStages))
    cautions.push(caution('worse-than-plain-stages'))
  if (covered < (level - 0.1) * points.length) cautions.push(caution('misses-its-interval'))
  return {
    kind: 'back-test',
    fitted: seen.length,
    heldOut: held.length,
    points,
    errors,
    coverage: wilson({ successes: covered, trials: points.length, level: 0.95 }),
    better: errors.model < errors.noChange && errors.model < errors.sameFlow,
    cautions,
  }

  function forecastOf<S extends string>(part: StagePanel<S>, how: TransitionOptions<S>) {
    const model = fitTransitions<S>(part, how)
    if (model.kind === 'undefined') return model
    const known = (part.stageOf === undefined ? panelByStage({ ...panel, periods: held }).periods : held).map(
      (period) => period.arrivals,
    )
    return forecastStages(model, {
      periods: holdOut,
      arrivals: arrivals === 'known' ? known : 'as-seen',
      level,
      random,
      draws,
    })
  }

  /** What the plain chain of stages expects, in the order of the points. */
  function plainOf(part: StagePanel): readonly number[] | undefined {
    const { prior, last: newest } = fitting
    const found = forecastOf(panelByStage(part), { prior, ...(newest !== undefined && { last: newest }) })
    return found.kind === 'undefined'
      ? undefined
      : found.periods.flatMap((period) => period.stages.map(({ expected }) => expected))
  }
}
