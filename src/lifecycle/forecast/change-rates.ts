import { checkKeys, checkName, checkRecord } from '../../kernel/errors.js'
import type { Matrix } from '../../measures/index.js'
import { discounted, valuesByState } from '../../measures/markov/chain-value.js'
import { classesOf } from '../../measures/markov/classes.js'
import { type Elimination, eliminate } from '../../measures/markov/elimination.js'
import { after } from '../../measures/markov/projection.js'
import { steadyStateOf } from '../../measures/markov/steady-state.js'
import { absent, type ForecastCaution, type ForecastUndefined } from './cautions.js'
import { placedChanges, type RateChange } from './changes.js'
import { peopled } from './forecast-stages.js'
import { checkCounts } from './panel.js'
import { arrivalPlan, checkWhole, type FutureArrivals } from './setting.js'
import { checkTerms, filled, knownStates, type ValueTerms } from './stage-values.js'
import { cautionsOf, checkModel, ratesOf, type TransitionModel, unknownAhead } from './transition-model.js'

/**
 * The model with some rates changed: what if a tenth more came back? Rows still sum to 1: what a rate gains is taken from the other
 * rates of its row in proportion, or from one that is named.
 *
 * The change is made to the mean rates and to every draw of them alike, so that what is not known of the rates stays in the
 * intervals. In a draw a rate that would leave [0, 1] stops there. Changes add up: those of a changed model stay.
 *
 * @throws DefinitionError `unknown-name` for states and stages that are not there, `missing` unless one of times, plus and set is
 * given, `out-of-range` for a rate that there is not enough to take for.
 * @example
 * const better = changeRates(model, [{ from: 'lapsed', to: 'active', times: 1.1 }])
 * better.rates[1] // => [0.1186, 0.8814] where it was [0.1078, 0.8922]
 */
export function changeRates<State extends string>(
  model: TransitionModel<State>,
  changes: readonly RateChange[],
): TransitionModel<State> {
  checkModel(model, '$.model')
  const { mean } = ratesOf(model, changes)
  const more = placedChanges(model, changes, '$.changes').map(({ change }) => change)
  return { ...model, rates: mean, changes: [...model.changes, ...more] }
}

/** What a rate is to move. */
export type ElasticityTarget =
  /** Share of all subjects that stand in a stage or state after so many periods. */
  | {
      readonly share: string
      readonly periods: number
      readonly opening?: readonly number[]
      readonly arrivals?: FutureArrivals
    }
  /** That share in the long run, without arrivals. */
  | { readonly steadyShare: string }
  /** What all subjects together bring. */
  | { readonly value: ValueTerms; readonly opening?: readonly number[] }

/** How far one rate moves the target. */
export interface RateElasticity {
  readonly from: string
  readonly to: string
  readonly rate: number
  /** Relative change of the target by relative change of the rate, the others of its row giving way in proportion. */
  readonly elasticity: number
  /** The target's change for one point (0.01) more of the rate, to the first order. */
  readonly perPoint: number
}

/** Which rate to work on first. */
export type RateElasticities =
  | {
      readonly kind: 'estimate'
      /** The target itself, at the mean rates. */
      readonly target: number
      /** The strongest first. Of rates that are 0 or 1 there is no relative change; they are not listed. */
      readonly rates: readonly RateElasticity[]
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * Which rate moves a target most: the elasticity of every rate, by derivatives, not by trying.
 *
 * How hard a rate is to move it does not say: an elasticity is a return, not a return on effort. A rate near 1 has a large one, for a percent of
 * it takes much of what is left to the others: read `perPoint` beside it.
 *
 * @returns `target-is-zero` where there is no relative change; `several-classes` for a long run that depends on the start.
 * @throws DefinitionError `unknown-name` for a stage that is not there, `out-of-range` for numbers that are none.
 * @see Caswell (2001), "Matrix Population Models", chapter 9; Schweitzer (1968), "Perturbation theory and finite Markov chains".
 * @example
 * const strongest = rateElasticities(model, { share: 'active', periods: 12 })
 * if (strongest.kind === 'estimate') strongest.rates[0]
 * // => { from: 'lapsed', to: 'lapsed', rate: 0.8922, elasticity: -5.141, perPoint: -0.0202 }
 */
export function rateElasticities(model: TransitionModel, target: ElasticityTarget): RateElasticities {
  checkModel(model, '$.model')
  checkRecord(target, '$.target')
  const rates = ratesOf(model)
  const found =
    'value' in target
      ? ofValue(model, rates.mean, target)
      : 'steadyShare' in target
        ? ofSteadyShare(model, rates.mean, target)
        : ofShare(model, rates.mean, target)
  if (found.kind === 'undefined') return found
  const { value, slopes } = found
  if (value === 0) return absent('target-is-zero')
  const { states } = model
  const list = rates.mean.flatMap((row, i) =>
    row.flatMap((rate, j): readonly RateElasticity[] => {
      if (!(rate > 0 && rate < 1)) return []
      // One more of this rate, the others down in proportion.
      const slope = slopes[i]![j]! / (1 - rate)
      return [
        {
          from: states[i]!,
          to: states[j]!,
          rate,
          elasticity: (slope * rate) / value + 0,
          perPoint: slope / 100 + 0,
        },
      ]
    }),
  )
  if (!list.every(({ elasticity, perPoint }) => Number.isFinite(elasticity) && Number.isFinite(perPoint)))
    return absent('beyond-floats')
  list.sort((a, b) => Math.abs(b.elasticity) - Math.abs(a.elasticity))
  return { kind: 'estimate', target: value, rates: list, cautions: cautionsOf(model) }
}

/** A target with, for each rate, how far it moves the target beside what the mean of its row does. */
type Slopes = { readonly kind: 'slopes'; readonly value: number; readonly slopes: Matrix } | ForecastUndefined

/** Adds, for each rate: subjects in `from` times how much more `to` is worth than a mean move of the row. */
function addSlopes(into: number[][], P: Matrix, weights: readonly number[], worth: readonly number[]): void {
  for (const [i, row] of P.entries()) {
    if (weights[i] === 0) continue
    const mean = row.reduce((sum, rate, j) => sum + rate * worth[j]!, 0)
    for (let j = 0; j < row.length; j += 1) into[i]![j]! += weights[i]! * (worth[j]! - mean)
  }
}

const zeros = (P: Matrix): number[][] => P.map((row) => row.map(() => 0))

/** 1 for the states that a name stands for. */
function indicator({ states, stageOf }: TransitionModel, name: unknown, path: string): readonly number[] {
  checkName([...new Set([...states, ...stageOf])], name, path)
  return states.map((state, i) => (state === name || stageOf[i] === name ? 1 : 0))
}

function checkAhead(
  { states }: TransitionModel,
  P: Matrix,
  from: readonly boolean[],
): ForecastUndefined | undefined {
  const unknown = unknownAhead(P, from)
  return unknown.length === 0
    ? undefined
    : absent(
        'never-seen',
        unknown.map((i) => states[i]!),
      )
}

function ofShare(
  model: TransitionModel,
  P: Matrix,
  target: Extract<ElasticityTarget, { readonly share: string }>,
): Slopes {
  checkKeys(target, ['share', 'periods', 'opening', 'arrivals'], '$.target')
  const { share, periods, opening = model.closing } = target
  const inStage = indicator(model, share, '$.target.share')
  checkWhole(periods, '$.target.periods', 1, 1000)
  checkCounts(opening, P.length, '$.target.opening')
  const { means } = arrivalPlan(target.arrivals, model.arrivals, { states: P.length, periods })
  const missing = checkAhead(model, P, peopled(opening, means))
  if (missing !== undefined) return missing
  const counts: (readonly number[])[] = [opening]
  for (const arriving of means)
    counts.push(after(counts[counts.length - 1]!, P).map((count, j) => count + arriving[j]!))
  const last = counts[periods]!
  const total = last.reduce((sum, count) => sum + count, 0)
  if (total === 0) return absent('target-is-zero')
  const slopes = zeros(P)
  let worth: readonly number[] = inStage.map((one) => one / total)
  const value = last.reduce((sum, count, j) => sum + count * worth[j]!, 0)
  for (let t = periods - 1; t >= 0; t -= 1) {
    addSlopes(slopes, P, counts[t]!, worth)
    worth = P.map((row) => row.reduce((sum, rate, j) => sum + rate * worth[j]!, 0))
  }
  return { kind: 'slopes', value, slopes }
}

function ofSteadyShare(
  model: TransitionModel,
  P: Matrix,
  target: Extract<ElasticityTarget, { readonly steadyShare: string }>,
): Slopes {
  checkKeys(target, ['steadyShare'], '$.target')
  const inStage = indicator(model, target.steadyShare, '$.target.steadyShare')
  const { unknown, inhabited } = knownStates({ mean: P })
  if (unknown.length > 0)
    return absent(
      'never-seen',
      unknown.map((i) => model.states[i]!),
    )
  const used = inhabited.flatMap((is, i) => (is ? [i] : []))
  const steady = steadyStateOf(used.map((i) => used.map((j) => P[i]![j]!)))
  if (steady.kind === 'several-classes') return absent('several-classes')
  if (steady.kind === 'undefined') return absent(steady.reason)
  const share = P.map(() => 0)
  for (const [k, i] of used.entries()) share[i] = steady.distribution[k]!
  const value = share.reduce((sum, one, j) => sum + one * inStage[j]!, 0)
  // What a state is worth: how much more of the stage it means until a recurrent state is next reached.
  const anchor = share.indexOf(share.reduce((a, b) => Math.max(a, b)))
  const others = used.filter((i) => i !== anchor)
  const elimination = eliminate(
    others.map((i) => others.map((j) => P[i]![j]!)),
    others.map((i) => P[i]![anchor]!),
  )
  if (elimination === undefined) return absent('beyond-floats')
  const solved = elimination.solve(others.map((i) => inStage[i]! - value))
  const worth = P.map(() => 0)
  for (const [k, i] of others.entries()) worth[i] = solved[k]!
  const slopes = zeros(P)
  addSlopes(slopes, P, share, worth)
  return { kind: 'slopes', value, slopes }
}

function ofValue(
  model: TransitionModel,
  rates: Matrix,
  target: Extract<ElasticityTarget, { readonly value: ValueTerms }>,
): Slopes {
  checkKeys(target, ['value', 'opening'], '$.target')
  const { value: terms, opening = model.closing } = target
  const rewards = checkTerms(terms, model, '$.target.value')
  checkCounts(opening, rates.length, '$.target.opening')
  const missing = checkAhead(
    model,
    rates,
    opening.map((count) => count > 0),
  )
  if (missing !== undefined) return missing
  const P = filled(rates)
  const { discountRate, horizon, cash = 'start' } = terms
  const values = (last: number | undefined) =>
    valuesByState(P, rewards, { discountRate, horizon: last, cash })
  const whole = values(horizon)
  if (whole.kind === 'undefined') return absent(whole.reason)
  const value = whole.value.reduce((sum, one, i) => sum + one * opening[i]!, 0)
  const factor = 1 / (1 + discountRate)
  const slopes = zeros(P)
  if (horizon === undefined) {
    const visits = visitsFrom(P, opening, discountRate)
    if (visits === undefined) return absent('beyond-floats')
    addSlopes(
      slopes,
      P,
      visits.map((count) => count * factor),
      whole.value,
    )
  } else {
    let counts: readonly number[] = opening
    for (let t = 0; t < horizon; t += 1) {
      const left = values(horizon - 1 - t)
      if (left.kind === 'undefined') return absent(left.reason)
      addSlopes(
        slopes,
        P,
        counts.map((count) => count * factor),
        left.value,
      )
      counts = after(counts, P).map((count) => count * factor)
    }
  }
  return { kind: 'slopes', value, slopes }
}

/** Discounted visits to each state; without discounting to those that are left for good. */
function visitsFrom(
  P: Matrix,
  opening: readonly number[],
  discountRate: number,
): readonly number[] | undefined {
  if (discountRate > 0) return discounted(P, discountRate).solveLeft(opening)
  const passing = classesOf(P).flatMap(({ closed, states }) => (closed ? [] : states))
  const inside = new Set(passing)
  const elimination: Elimination | undefined = eliminate(
    passing.map((i) => passing.map((j) => P[i]![j]!)),
    passing.map((i) => P[i]!.reduce((sum, rate, j) => (inside.has(j) ? sum : sum + rate), 0)),
  )
  const solved = elimination?.solveLeft(passing.map((i) => opening[i]!))
  if (solved === undefined) return undefined
  const visits = P.map(() => 0)
  for (const [k, i] of passing.entries()) visits[i] = solved[k]!
  return visits
}
