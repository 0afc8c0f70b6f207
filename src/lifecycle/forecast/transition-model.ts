import { checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { PeriodUnit, Random } from '../../kernel/index.js'
import { periodUnits } from '../../kernel/periods.js'
import { type Matrix, studentQuantile } from '../../measures/index.js'
import { dirichletDraw } from '../../measures/markov/draws.js'
import { checkSum } from '../../measures/markov/stochastic.js'
import { caution, type ForecastCaution } from './cautions.js'
import { changedRates, placedChanges, type RateChange } from './changes.js'
import type { MarkovTest, MarkovVerdict } from './markov-test.js'
import { checkCounts, checkStates } from './panel.js'
import { periodNumber } from './period-names.js'

/** A number with an interval. */
export interface StageEstimate {
  readonly value: number
  readonly interval: { readonly low: number; readonly high: number; readonly level: number }
}

/** Where subjects of one state go within a period. */
export type TransitionRow<State extends string = string> =
  | {
      readonly kind: 'estimate'
      readonly state: State
      /** How many were counted in it at the start of a period. */
      readonly subjects: number
      /** Possible moves only; the values sum to 1. */
      readonly rates: readonly (StageEstimate & { readonly to: State; readonly count: number })[]
    }
  /** Nobody leaves it, by how the lifecycle is made. */
  | { readonly kind: 'final'; readonly state: State }
  /** Its rates are as somebody said. */
  | { readonly kind: 'assumed'; readonly state: State }
  | { readonly kind: 'undefined'; readonly state: State; readonly reason: 'never-seen' }

/** Subjects first seen in a period, in one state. */
export interface StageArrivals<State extends string = string> {
  readonly state: State
  /** For each period. */
  readonly mean: number
  /** Of the mean, by Student's t over the periods; of one period there is none. */
  readonly interval:
    | { readonly kind: 'estimate'; readonly low: number; readonly high: number; readonly level: number }
    | { readonly kind: 'undefined'; readonly reason: 'one-period' }
}

/** Transition rates with what is known of them; plain JSON. */
export interface TransitionModel<State extends string = string> {
  readonly kind: 'transitions'
  /** Counted by `fitTransitions`, or as somebody said by `assumeTransitions`: then every draw of the rates is the same. */
  readonly source: 'counted' | 'assumed'
  readonly states: readonly State[]
  /** The stage of each state; of a panel of stages the states themselves. */
  readonly stageOf: readonly string[]
  readonly unit: PeriodUnit
  /** First and last period that counted. */
  readonly from: string
  readonly to: string
  readonly level: number
  readonly alpha: number
  /**
   * Dirichlet parameters of every row: counts and prior, 0 where a move is impossible; or the rates themselves where they are
   * assumed. A row of zeros says nothing.
   */
  readonly weights: Matrix
  readonly rows: readonly TransitionRow<State>[]
  /** Means of the rates with `changes` made; rows ("from") sum to 1, or to 0 where nothing is known. */
  readonly rates: Matrix
  /** What `changeRates` has changed. */
  readonly changes: readonly RateChange[]
  /** By period and state. */
  readonly arrivals: readonly (readonly number[])[]
  readonly meanArrivals: readonly StageArrivals<State>[]
  /** Where subjects stood at the end of the last period. */
  readonly closing: readonly number[]
  readonly markov: MarkovTest
}

/** Rates of a model with its changes: their mean, or a draw of what they may be. */
export interface Rates {
  readonly mean: Matrix
  draw(random: Random): Matrix
}

/** The rates of a model that is known to be right; `more` are changes beyond its own. */
export function ratesOf(model: TransitionModel, more: readonly RateChange[] = [], path = '$.changes'): Rates {
  const own = placedChanges(model, model.changes, '$.model.changes')
  const others = placedChanges(model, more, path)
  const changed = (rates: Matrix, cut: boolean) => changedRates(changedRates(rates, own, cut), others, cut)
  if (model.source === 'assumed') {
    const said = changed(model.weights, false)
    return { mean: said, draw: () => said }
  }
  const mean = changed(model.weights.map(meanOf), false)
  return {
    mean,
    draw: (random) =>
      changed(
        model.weights.map((row) => dirichletDraw(row, random)),
        true,
      ),
  }
}

/** What a weight above 0 is at least: shares of smaller ones would be 0 in most draws. */
export const leastWeight = { counted: 1e-6, assumed: 1e-300 } as const

/** Refuses what is no model: it may have been stored, or come from elsewhere. */
export function checkModel(model: unknown, path: string): asserts model is TransitionModel {
  checkRecord(model, path)
  const { kind, source, states, stageOf, unit, weights, arrivals, closing, markov, changes, to } =
    model as TransitionModel
  if (kind !== 'transitions') throw fault('unknown-name', `${path}.kind`, kind, 'transitions')
  checkName(['counted', 'assumed'], source, `${path}.source`)
  checkStates(states, stageOf, path)
  checkList(stageOf, `${path}.stageOf`)
  checkName(periodUnits, unit, `${path}.unit`)
  if (periodNumber(to, unit) === undefined)
    throw fault('out-of-range', `${path}.to`, to, `the name of a ${unit}`)
  const n = states.length
  checkList(weights, `${path}.weights`)
  if (weights.length !== n) throw fault('out-of-range', `${path}.weights`, weights.length, `${n} rows`)
  for (const [i, row] of weights.entries()) {
    checkList(row, `${path}.weights[${i}]`)
    if (row.length !== n) throw fault('out-of-range', `${path}.weights[${i}]`, row.length, `${n} numbers`)
    for (const [j, weight] of row.entries())
      if (
        !(typeof weight === 'number' && (weight === 0 || (weight >= leastWeight[source] && weight <= 1e12)))
      )
        throw fault(
          'out-of-range',
          `${path}.weights[${i}][${j}]`,
          weight,
          `0, or from ${leastWeight[source]} to 10^12`,
        )
    if (source === 'assumed') checkSum(row, `${path}.weights[${i}]`)
  }
  checkList(arrivals, `${path}.arrivals`)
  for (const [t, row] of arrivals.entries()) checkCounts(row, n, `${path}.arrivals[${t}]`)
  if (arrivals.length === 0) throw fault('out-of-range', `${path}.arrivals`, arrivals, 'one period or more')
  checkCounts(closing, n, `${path}.closing`)
  checkRecord(markov, `${path}.markov`)
  checkName(Object.keys(cautionsOfVerdict), markov.verdict, `${path}.markov.verdict`)
  placedChanges({ states, stageOf }, changes, `${path}.changes`)
}

/** What the test of a model has to say in its forecasts. */
export function cautionsOf({ markov, source }: TransitionModel): readonly ForecastCaution[] {
  if (source === 'assumed') return [caution('rates-assumed')]
  return cautionsOfVerdict[markov.verdict].map(caution)
}

const cautionsOfVerdict: { readonly [V in MarkovVerdict]: readonly ForecastCaution['code'][] } = {
  markov: [],
  memory: ['stages-have-memory'],
  changing: ['rates-changed'],
  'memory-and-changing': ['stages-have-memory', 'rates-changed'],
  'not-tested': ['memory-not-tested'],
}

/** States of which nothing is known but which subjects come to, from where some are. */
export function unknownAhead(rates: Matrix, from: readonly boolean[]): readonly number[] {
  const seen = [...from]
  const open = from.flatMap((there, i) => (there ? [i] : []))
  const unknown: number[] = []
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const row = rates[i]!
    if (row.every((rate) => rate === 0)) unknown.push(i)
    for (const [j, rate] of row.entries()) {
      if (rate === 0 || seen[j]) continue
      seen[j] = true
      open.push(j)
    }
  }
  return unknown.sort((a, b) => a - b)
}

/** The mean of Dirichlet shares. */
export function meanOf(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  return sum === 0 ? weights : weights.map((weight) => weight / sum + 0)
}

/** Arrivals of one state by period, as a mean within its interval. */
export function meanWithin(counts: readonly number[], level: number): Omit<StageArrivals, 'state'> {
  const n = counts.length
  const mean = counts.reduce((sum, count) => sum + count, 0) / n + 0
  if (n === 1) return { mean, interval: { kind: 'undefined', reason: 'one-period' } }
  const squares = counts.reduce((sum, count) => sum + (count - mean) * (count - mean), 0)
  const half = -studentQuantile((1 - level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n)
  return {
    mean,
    interval: { kind: 'estimate', low: Math.max(0, mean - half), high: mean + half, level },
  }
}

/** JSON knows no negative zero. */
export const unsigned = (count: number): number => count + 0
