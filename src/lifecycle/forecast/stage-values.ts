import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { Random } from '../../kernel/index.js'
import type { Matrix } from '../../measures/index.js'
import { valuesByState } from '../../measures/markov/chain-value.js'
import { checkLevel } from '../../measures/proportions.js'
import { absent, type ForecastCaution, type ForecastUndefined } from './cautions.js'
import { checkForks, checkWhole, marginsOf } from './setting.js'
import { drawnEstimate } from './spread.js'
import {
  cautionsOf,
  checkModel,
  type Rates,
  ratesOf,
  type StageEstimate,
  type TransitionModel,
  unknownAhead,
} from './transition-model.js'

/** What stages pay, and how later money counts less. */
export interface ValueTerms {
  /** What one subject brings in a period, by stage or state; those not named bring nothing. */
  readonly margins: { readonly [name: string]: number }
  /** For each period; from 0. */
  readonly discountRate: number
  /** The last period T of t = 0 to T; without it for ever. */
  readonly horizon?: number
  /** When the margin of a period falls: `start` unless told, as in `chainValue`. */
  readonly cash?: 'start' | 'end'
}

/** How intervals by draws are made. */
export interface StageDrawOptions {
  /** Of the intervals; 0.8 unless told. */
  readonly level?: number
  /** Forked, so the same generator gives the same numbers again. */
  readonly random: Random
  /** 1,000 unless told, from 100 to 100,000. */
  readonly draws?: number
}

/** What somebody in each state and stage is expected to bring from now on. */
export type StageValues =
  | {
      readonly kind: 'estimate'
      readonly states: readonly (StageEstimate & { readonly state: string; readonly stage: string })[]
      /** Means over the states of a stage, weighted by who stands in them at the end of the model's last period. */
      readonly stages: readonly (
        | (StageEstimate & {
            readonly kind: 'estimate'
            readonly stage: string
            readonly subjects: number
          })
        | (ForecastUndefined & { readonly stage: string })
      )[]
      readonly level: number
      readonly draws: number
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * The discounted value of a subject by where it stands, after Pfeifer & Carraway, with intervals by what is not known of the
 * rates. A negative value is a stage in which going on to spend does not pay.
 *
 * @returns `does-not-converge` without discounting where payments never end; `never-seen` for unknown moves ahead.
 * @throws DefinitionError `out-of-range` for terms or options that are none, `unknown-name` for a margin of no stage.
 * @see Pfeifer & Carraway (2000), "Modeling Customer Relationships as Markov Chains"; `chainValue`.
 * @example
 * const values = stageValues(model, { margins: { active: 36, lapsed: -4 }, discountRate: 0.02 }, { random: random('plan') })
 * if (values.kind === 'estimate') values.stages[0]
 * // => { kind: 'estimate', stage: 'active', value: 584.4, interval: { low: 331.4, high: 830.6, level: 0.8 }, subjects: 115 }
 */
export function stageValues(
  model: TransitionModel,
  terms: ValueTerms,
  options: StageDrawOptions,
): StageValues {
  checkModel(model, '$.model')
  const rewards = checkTerms(terms, model, '$.terms')
  const { level, random, draws } = checkDraws(options)
  const { states, stageOf, closing } = model
  checkWork(draws, states.length)
  const rates = ratesOf(model)
  const known = knownStates(rates)
  if (known.unknown.length > 0)
    return absent(
      'never-seen',
      known.unknown.map((i) => states[i]!),
    )
  const { discountRate, horizon, cash = 'start' } = terms
  const value = (P: Matrix) => valuesByState(filled(P), rewards, { discountRate, horizon, cash })
  const at = value(rates.mean)
  if (at.kind === 'undefined') return absent(at.reason)
  const stages = [...new Set(stageOf)]
  const people = stages.map((stage) =>
    closing.reduce((sum, count, i) => (stageOf[i] === stage ? sum + count : sum), 0),
  )
  const perStage = (values: readonly number[], k: number) =>
    values.reduce(
      (sum, one, i) => (stageOf[i] === stages[k] ? sum + one * (closing[i]! / people[k]!) : sum),
      0,
    )
  const byState = states.map(() => new Float64Array(draws))
  const byStage = stages.map(() => new Float64Array(draws))
  for (let d = 0; d < draws; d += 1) {
    const found = value(rates.draw(random.fork(d)))
    // By underflow only: a draw has ways out wherever the mean has.
    if (found.kind === 'undefined') return absent('beyond-floats')
    for (const [i, one] of found.value.entries()) byState[i]![d] = one
    for (const [k, count] of people.entries()) if (count > 0) byStage[k]![d] = perStage(found.value, k)
  }
  return {
    kind: 'estimate',
    states: states.flatMap((state, i) =>
      known.inhabited[i]
        ? [{ state, stage: stageOf[i]!, ...drawnEstimate(at.value[i]!, byState[i]!, level) }]
        : [],
    ),
    stages: stages.map((stage, k) =>
      people[k] === 0
        ? { ...absent('nobody-there'), stage }
        : {
            kind: 'estimate',
            stage,
            ...drawnEstimate(perStage(at.value, k), byStage[k]!, level),
            subjects: people[k]!,
          },
    ),
    level,
    draws,
    cautions: cautionsOf(model),
  }
}

/** Refuses terms that are none; the margin of each state. */
export function checkTerms(terms: unknown, model: TransitionModel, path: string): readonly number[] {
  checkRecord(terms, path)
  checkKeys(terms as object, ['margins', 'discountRate', 'horizon', 'cash'], path)
  const { margins, discountRate, horizon, cash } = terms as ValueTerms
  checkDiscount(discountRate, `${path}.discountRate`)
  if (horizon !== undefined) checkWhole(horizon, `${path}.horizon`, 0, 10_000)
  if (cash !== undefined) checkName(['start', 'end'], cash, `${path}.cash`)
  return marginsOf(margins, model, `${path}.margins`)
}

/** Refuses what is no discount rate. */
function checkDiscount(rate: unknown, path: string): void {
  if (typeof rate !== 'number') throw fault('wrong-type', path, rate, 'a number')
  if (!(rate >= 0 && rate <= 1e9)) throw fault('out-of-range', path, rate, 'from 0 to 10^9')
}

/** Refuses options of draws that are none. */
export function checkDraws(options: StageDrawOptions): Required<StageDrawOptions> {
  checkRecord(options, '$')
  checkKeys(options, ['level', 'random', 'draws'], '$')
  const { level = 0.8, random, draws = 1000 } = options
  checkLevel(level)
  checkForks(random, '$.random')
  checkWhole(draws, '$.draws', 100, 100_000)
  return { level, random, draws }
}

/** An elimination takes the third power of the states, for each draw. */
export function checkWork(draws: number, states: number): void {
  if (draws * states * states * states > 1e9)
    throw fault('too-large', '$.draws', draws, 'draws times the third power of the states up to 10^9')
}

/**
 * States that take part: those of which moves are known. One that nobody was ever in, and that nothing leads to, is left aside;
 * one that others lead to is `unknown`.
 */
export function knownStates(rates: Pick<Rates, 'mean'>): {
  readonly inhabited: readonly boolean[]
  readonly unknown: readonly number[]
} {
  const inhabited = rates.mean.map((row) => row.some((rate) => rate > 0))
  return { inhabited, unknown: unknownAhead(rates.mean, inhabited) }
}

/** Rows of zeros as states that nobody leaves: what stands in no one's way. */
export function filled(P: Matrix): Matrix {
  return P.map((row, i) => (row.every((rate) => rate === 0) ? row.map((_, j) => (i === j ? 1 : 0)) : row))
}
