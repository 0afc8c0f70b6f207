import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import { absorbingChain, type Matrix } from '../../measures/index.js'
import { absent, type ForecastCaution, type ForecastUndefined } from './cautions.js'
import { statesNamed } from './changes.js'
import { drawnEstimate } from './spread.js'
import { checkDraws, checkWork, filled, knownStates, type StageDrawOptions } from './stage-values.js'
import {
  cautionsOf,
  checkModel,
  ratesOf,
  type StageEstimate,
  type TransitionModel,
} from './transition-model.js'

/** How long a subject in one state takes to come to the named stages, and to which. */
export interface StateAbsorption {
  readonly state: string
  readonly stage: string
  /** Expected periods until one of them is reached for the first time. */
  readonly periods: StageEstimate
  /** Standard deviation of the periods of one subject. */
  readonly deviation: number
  /** To which one, in the order named; the values sum to 1. */
  readonly ends: readonly (StageEstimate & { readonly stage: string })[]
}

/** How long until somebody is lapsed, say, from every other state. */
export type StageAbsorption =
  | {
      readonly kind: 'estimate'
      readonly absorbing: readonly string[]
      readonly states: readonly StateAbsorption[]
      /** Means over the states of a stage, weighted by who stands in them at the end of the model's last period. */
      readonly stages: readonly (
        | {
            readonly kind: 'estimate'
            readonly stage: string
            readonly periods: StageEstimate
            readonly subjects: number
          }
        | (ForecastUndefined & { readonly stage: string })
      )[]
      readonly level: number
      readonly draws: number
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * Expected periods until one of some stages is first reached, and shares of which; with intervals by what is not known of the
 * rates. The stages need not be final: who comes back does not matter here.
 *
 * Where a rate to leave was hardly ever seen, the interval is wide upwards and the expected periods may lie outside of it: they are those
 * at the mean rates, and a mean of long waits can exceed most of them.
 *
 * @param options - `absorbing`: stages or states by name, each of which counts as one end.
 * @returns `never-absorbed` with the states from which none of them is reached.
 * @throws DefinitionError `unknown-name` for a stage that is not there, `out-of-range` for options that are none.
 * @example
 * const lasting = stageAbsorption(model, { absorbing: ['lapsed'], random: random('plan') })
 * if (lasting.kind === 'estimate') lasting.states[0].periods
 * // => { value: 4.93, interval: { low: 3.88, high: 6.39, level: 0.8 } }
 */
export function stageAbsorption(
  model: TransitionModel,
  options: StageDrawOptions & { readonly absorbing: readonly string[] },
): StageAbsorption {
  checkModel(model, '$.model')
  checkRecord(options, '$')
  checkKeys(options, ['absorbing', 'level', 'random', 'draws'], '$')
  const { absorbing: ends, ...rest } = options
  const { level, random, draws } = checkDraws(rest)
  const { states, stageOf, closing } = model
  checkWork(draws, states.length)
  const endOf = states.map(() => -1)
  checkList(ends, '$.absorbing')
  if (ends.length === 0) throw fault('out-of-range', '$.absorbing', ends, 'one stage or more')
  for (const [k, name] of ends.entries()) {
    for (const state of statesNamed(model, name, `$.absorbing[${k}]`)) {
      if (endOf[state]! >= 0) throw fault('duplicate-name', `$.absorbing[${k}]`, name, 'every stage once')
      endOf[state] = k
    }
  }
  const rates = ratesOf(model)
  const { inhabited, unknown } = knownStates(rates)
  const open = unknown.filter((i) => endOf[i]! < 0)
  if (open.length > 0)
    return absent(
      'never-seen',
      open.map((i) => states[i]!),
    )
  const transient = states.flatMap((_, i) => (inhabited[i] && endOf[i]! < 0 ? [i] : []))
  const chain = (P: Matrix) => {
    const R = transient.map((i) =>
      ends.map((_, k) => P[i]!.reduce((sum, rate, j) => (endOf[j] === k ? sum + rate : sum), 0)),
    )
    return absorbingChain({ Q: transient.map((i) => transient.map((j) => P[i]![j]!)), R })
  }
  const told = { absorbing: ends, level, draws, cautions: cautionsOf(model) }
  if (transient.length === 0) return { kind: 'estimate', states: [], stages: [], ...told }
  const at = chain(filled(rates.mean))
  if (at.kind === 'undefined')
    return absent(
      at.reason,
      at.states.map((i) => states[transient[i]!]!),
    )
  const steps = transient.map(() => new Float64Array(draws))
  const stages = [...new Set(transient.map((i) => stageOf[i]!))]
  const people = stages.map((stage) => sumOf(transient, (i) => (stageOf[i] === stage ? closing[i]! : 0)))
  const stageMean = (perState: readonly number[], k: number) =>
    sumOf(transient, (i, place) =>
      stageOf[i] === stages[k] ? perState[place]! * (closing[i]! / people[k]!) : 0,
    )
  const stageSteps = stages.map(() => new Float64Array(draws))
  const shares = transient.map(() => ends.map(() => new Float64Array(draws)))
  for (let d = 0; d < draws; d += 1) {
    const found = chain(filled(rates.draw(random.fork(d))))
    // By underflow only: a draw has ways out wherever the mean has.
    if (found.kind === 'undefined') return absent('beyond-floats')
    for (const [k, count] of people.entries())
      if (count > 0) stageSteps[k]![d] = stageMean(found.expectedSteps, k)
    for (const [i, one] of found.expectedSteps.entries()) {
      steps[i]![d] = one
      for (const [k, share] of found.absorption[i]!.entries()) shares[i]![k]![d] = share
    }
  }
  return {
    kind: 'estimate',
    states: transient.map((state, i) => ({
      state: states[state]!,
      stage: stageOf[state]!,
      periods: drawnEstimate(at.expectedSteps[i]!, steps[i]!, level),
      deviation: Math.sqrt(at.varianceOfSteps[i]!),
      ends: ends.map((stage, k) => ({
        stage,
        ...drawnEstimate(at.absorption[i]![k]!, shares[i]![k]!, level),
      })),
    })),
    stages: stages.map((stage, k) =>
      people[k] === 0
        ? { ...absent('nobody-there'), stage }
        : {
            kind: 'estimate',
            stage,
            periods: drawnEstimate(stageMean(at.expectedSteps, k), stageSteps[k]!, level),
            subjects: people[k]!,
          },
    ),
    ...told,
  }
}

function sumOf(states: readonly number[], of: (state: number, place: number) => number): number {
  return states.reduce((sum, state, place) => sum + of(state, place), 0)
}
