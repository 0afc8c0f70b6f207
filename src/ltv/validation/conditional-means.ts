import { checkList, checkName, fault, type Sentence } from '../../kernel/errors.js'
import { checkLevel } from '../../measures/proportions.js'
import { RunningSum } from '../../measures/running-sum.js'
import { studentQuantile } from '../../measures/student.js'
import type { CustomerHistory } from '../histories/history.js'
import { checkOptions } from '../options.js'
import type { TimeUnit } from '../unit.js'
import { checkHistories } from './forecast.js'
import { checkPredictions, type Predictions } from './predictions.js'

/** By what customers are put together. */
export type MeansBy = 'repeat-count' | 'last-purchase-age' | 'silence'

/** What was expected and what came of customers who were alike at the end of calibration. */
export interface ConditionalMeans {
  readonly by: MeansBy
  readonly unit: TimeUnit
  readonly bins: readonly MeansBin[]
}

/** Customers who were alike. */
export interface MeansBin {
  readonly name: Sentence
  /** Of what they are put together by: from `from` on, up to and including `to`; none in the last bin of counts. */
  readonly from: number
  readonly to?: number
  readonly customers: number
  readonly expectedMean: number
  readonly actualMean: number
  /** Of the mean that came, by Student's t. */
  readonly interval:
    | { readonly kind: 'interval'; readonly low: number; readonly high: number; readonly level: number }
    | { readonly kind: 'undefined'; readonly reason: 'one-customer' | 'all-alike' }
}

/**
 * Means by group of what was expected after the end of calibration beside what came: shows of whom the model is wrong.
 *
 * Groups are `repeat-count`: the number of repeat purchases; `last-purchase-age`: the age at the last one, in the papers'
 * plots "recency"; or `silence`: the time since the last purchase. Groups of nobody are left out. The intervals are of what came:
 * where few bought often, they are wide.
 *
 * @param edges - Of times, where groups end; about eight round ones unless told. Of counts, `orMore` says where the last begins: 7.
 * @throws DefinitionError for columns of different lengths, edges that do not ascend, histories in different units.
 * @see Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, figure 4.
 * @example
 * conditionalMeans(customers, { expected, actual }, { by: 'repeat-count' }).bins[0]
 * // => { name: { en: '0', zh: '0' }, from: 0, to: 0, customers: 1411, expectedMean: 0.225, actualMean: 0.237, … }
 */
export function conditionalMeans(
  histories: readonly CustomerHistory[],
  predictions: Predictions,
  options: {
    readonly by: MeansBy
    readonly orMore?: number
    readonly edges?: readonly number[]
    readonly level?: number
  },
): ConditionalMeans {
  checkOptions(options, ['by', 'orMore', 'edges', 'level'], '$.options')
  const { by, orMore = 7, level = 0.95 } = options
  checkName(['repeat-count', 'last-purchase-age', 'silence'], by, '$.options.by')
  if (!(Number.isSafeInteger(orMore) && orMore >= 1 && orMore <= 10_000))
    throw fault('out-of-range', '$.options.orMore', orMore, 'a whole number from 1 to 10,000')
  checkLevel(level)
  checkList(histories, '$.histories')
  const unit = (histories[0] as CustomerHistory | undefined)?.unit ?? 'day'
  checkHistories(histories, unit, '$.histories')
  checkPredictions(predictions, '$.predictions')
  if (predictions.actual.length !== histories.length)
    throw fault(
      'out-of-range',
      '$.predictions.actual',
      predictions.actual.length,
      `${histories.length} numbers`,
    )
  const at = histories.map((history) => positionOf(history, by))
  const edges = options.edges === undefined ? roundEdges(at) : checkedEdges(options.edges)
  const placeOf = (value: number): number => {
    if (by === 'repeat-count') return Math.min(orMore, value)
    // Nobody bought again at age 0: those without repeats stand for themselves.
    if (by === 'last-purchase-age' && value === 0) return -1
    const place = edges.findIndex((edge) => value <= edge)
    return place < 0 ? edges.length : place
  }
  const bins = meansBy(at.map(placeOf), predictions, level, (place) =>
    by === 'repeat-count'
      ? countRange(place, orMore)
      : place < 0
        ? { name: { en: 'none', zh: '无复购' }, from: 0, to: 0 }
        : edgeRange(place, edges, unitWords[unit]),
  )
  return { by, unit, bins }
}

/** Means of those who have the same place, in the order of places. */
export function meansBy(
  places: readonly number[],
  predictions: Predictions,
  level: number,
  rangeOf: (place: number) => Pick<MeansBin, 'name' | 'from' | 'to'>,
): readonly MeansBin[] {
  const groups = new Map<number, number[]>()
  for (const [i, place] of places.entries()) {
    const group = groups.get(place)
    if (group === undefined) groups.set(place, [i])
    else group.push(i)
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([place, members]) => ({ ...rangeOf(place), ...meansOf(members, predictions, level) }))
}

function positionOf({ repeatCount, lastPurchaseAge, age }: CustomerHistory, by: MeansBy): number {
  if (by === 'repeat-count') return repeatCount
  return by === 'silence' ? age - lastPurchaseAge : lastPurchaseAge
}

/** About eight ends below the largest, at 1, 2 or 5 times a power of ten. */
const roundEdges = (values: readonly number[]): readonly number[] =>
  roundEdgesTo(values.reduce((most, value) => Math.max(most, value), 0))

/** Five to ten ends below `most`, or about `finer` times as many. */
export function roundEdgesTo(largest: number, finer = 1): readonly number[] {
  const most = largest / finer
  // Smaller or larger times have no round ends.
  if (!(most > 1e-300 && most < 1e300)) return []
  let power = 1
  while (power * 8 > most) power /= 10
  while (power * 80 <= most) power *= 10
  const step = ([1, 2, 5].find((step) => step * power * 10 >= most) ?? 10) * power
  const edges: number[] = []
  for (let k = 1; k * step < largest && k < 20 * finer; k += 1) edges.push(Number((k * step).toPrecision(12)))
  return edges
}

/** Refuses ends of groups that do not ascend. */
export function checkedEdges(edges: readonly number[]): readonly number[] {
  checkList(edges, '$.options.edges')
  for (let i = 0; i < edges.length; i += 1) {
    const edge: unknown = edges[i]
    if (typeof edge !== 'number') throw fault('wrong-type', `$.options.edges[${i}]`, edge, 'a number')
    if (!(edge > (edges[i - 1] ?? 0) && edge < Number.POSITIVE_INFINITY))
      throw fault('out-of-range', `$.options.edges[${i}]`, edge, 'ascending, above 0, finite')
  }
  return edges
}

/** So many, or so many and more. */
export const countRange = (place: number, orMore: number): Pick<MeansBin, 'name' | 'from' | 'to'> =>
  place < orMore
    ? { name: { en: String(place), zh: String(place) }, from: place, to: place }
    : { name: { en: `${place}+`, zh: `${place}+` }, from: place }

/** From one end to the next; beyond the last. */
export function edgeRange(
  place: number,
  edges: readonly number[],
  unit?: Sentence,
): Pick<MeansBin, 'name' | 'from' | 'to'> {
  const from = edges[place - 1] ?? 0
  const to = edges[place]
  const range = to === undefined ? `> ${from}` : `${from}–${to}`
  const name = { en: unit ? `${range} ${unit.en}` : range, zh: unit ? `${range} ${unit.zh}` : range }
  return to === undefined ? { name, from } : { name, from, to }
}

const unitWords: { readonly [U in TimeUnit]: Sentence } = {
  hour: { en: 'h', zh: '小时' },
  day: { en: 'days', zh: '天' },
  week: { en: 'weeks', zh: '周' },
  month: { en: 'months', zh: '个月' },
  year: { en: 'years', zh: '年' },
  opportunity: { en: 'times', zh: '次' },
}

function meansOf(
  members: readonly number[],
  { expected, actual }: Predictions,
  level: number,
): Pick<MeansBin, 'customers' | 'expectedMean' | 'actualMean' | 'interval'> {
  const n = members.length
  const [there, came, square] = [new RunningSum(), new RunningSum(), new RunningSum()]
  for (const i of members) {
    there.add(expected[i]!)
    came.add(actual[i]!)
  }
  const actualMean = came.value / n
  for (const i of members) square.add((actual[i]! - actualMean) * (actual[i]! - actualMean))
  const shared = { customers: n, expectedMean: there.value / n, actualMean }
  if (n === 1) return { ...shared, interval: { kind: 'undefined', reason: 'one-customer' } }
  if (members.every((i) => actual[i] === actual[members[0]!]))
    return { ...shared, interval: { kind: 'undefined', reason: 'all-alike' } }
  const half = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(square.value / (n - 1) / n)
  // Nothing below zero can be bought.
  const [low, high] = [Math.max(0, actualMean - half), actualMean + half]
  return { ...shared, interval: { kind: 'interval', low, high, level } }
}
