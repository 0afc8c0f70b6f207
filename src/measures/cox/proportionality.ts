import { checkName } from '../../kernel/errors.js'
import { gammaQ } from '../incomplete-gamma.js'
import { dot, eigen, inverse, type Matrix, times } from '../symmetric.js'
import { type CoxOptions, type CoxTest, checkOptions, fitSubjects, type NoCoxModel } from './cox.js'
import { type EventTime, partialLikelihood } from './partial-likelihood.js'
import { ranksOf } from './ranks.js'
import { type CoxRecord, type Subjects, subjectsOf } from './subjects.js'

/**
 * Over what an effect is to change if it does. `km`: one minus the Kaplan–Meier survival just before, so that each stretch
 * weighs as many events; far times do not decide. `rank`: the mean rank of the event. `identity`: time itself.
 */
export type TimeScale = 'km' | 'rank' | 'identity'

/** How proportional the hazards are tested to be. */
export interface ProportionalityOptions extends CoxOptions {
  /** `km` unless told. */
  readonly scale?: TimeScale
}

/** Whether coefficients stay the same over time. */
export interface ProportionalityTest {
  readonly kind: 'estimate'
  readonly scale: TimeScale
  readonly covariates: readonly (CoxTest & {
    readonly name: string
    /** Of Schoenfeld residuals with the time scale: above 0 the effect grows with time. 0 where either does not vary. */
    readonly correlation: number
  })[]
  /** All together. */
  readonly global: CoxTest
}

/** Nothing to test. */
export interface NoProportionalityTest {
  readonly kind: 'undefined'
  /** `no-change`: all events at one point of the time scale, or too few to tell a change from an effect. */
  readonly reason: 'no-change'
}

/**
 * Tests what Cox's regression takes for granted: that a covariate multiplies the hazard by the same factor at all times.
 *
 * The score test of adding to each coefficient a part that is linear in the time scale. A small p says that the one hazard
 * ratio is an average over times that differ: report it by period, stratify by the covariate, or let it vary. A large p
 * in few events says little.
 *
 * @throws DefinitionError as `fitCox`; `unknown-name` for another scale.
 * @see Grambsch & Therneau (1994), "Proportional Hazards Tests and Diagnostics Based on Weighted Residuals".
 * @example
 * const rows = [[1, 1], [2, 0], [3, 1], [4, 1], [5, 0], [6, 1], [7, 0], [8, 0]]
 * const records = rows.map(([time, coupon]) => ({ time, event: time !== 7, covariates: { coupon } }))
 * testProportionalHazards(records) // => { kind: 'estimate', global: { statistic: 0.1303, df: 1, p: 0.7181 }, … }
 */
export function testProportionalHazards(
  records: readonly CoxRecord[],
  options: ProportionalityOptions = {},
): ProportionalityTest | NoProportionalityTest | NoCoxModel {
  const { ties, level, covariates } = checkOptions(options)
  const { scale = 'km' } = options
  checkName(['km', 'rank', 'identity'], scale, '$.options.scale')
  const subjects = subjectsOf(records, covariates)
  const { answer, at } = fitSubjects(subjects, ties, level)
  if (answer.kind !== 'estimate') return answer
  const { names } = subjects
  const p = names.length
  const place = placesOf(subjects, scale)
  const total = { events: 0, sum: 0 }
  const count = ({ time, events }: EventTime) => {
    total.events += events
    total.sum += events * place(time)
  }
  partialLikelihood(subjects, ties, at, count)
  const middle = total.sum / total.events
  let farthest = 0
  const measure = ({ time }: EventTime) => {
    farthest = Math.max(farthest, Math.abs(place(time) - middle))
  }
  partialLikelihood(subjects, ties, at, measure)
  if (farthest === 0) return { kind: 'undefined', reason: 'no-change' }

  const zeros = () => Array.from({ length: p }, () => new Array<number>(p).fill(0))
  const [own, crossed] = [zeros(), zeros()]
  const slope = new Array<number>(p).fill(0)
  const [residuals, products] = [new Array<number>(p).fill(0), new Array<number>(p).fill(0)]
  let spread = 0
  const top = partialLikelihood(subjects, ties, at, (one) => {
    const g = (place(one.time) - middle) / farthest
    spread += one.events * g * g
    for (let k = 0; k < p; k += 1) {
      const residual = one.residual(k)
      slope[k]! += g * residual
      residuals[k]! += (residual * residual) / one.events
      products[k]! += g * residual
      for (let l = 0; l < p; l += 1) {
        const variance = one.variance(k, l)
        crossed[k]![l]! += g * variance
        own[k]![l]! += g * g * variance
      }
    }
  })
  const free = inverse(top.information)
  // What is left of the information once the coefficients have been fitted.
  const left: Matrix | undefined =
    free && own.map((row, k) => row.map((one, l) => one - dot(crossed[k]!, times(free, crossed[l]!))))
  const units = left?.map((row, k) => Math.sqrt(own[k]![k]!) * (row[k]! > 1e-10 * own[k]![k]! ? 1 : 0))
  if (left === undefined || units === undefined || !units.every((unit) => unit > 0))
    return { kind: 'undefined', reason: 'no-change' }
  const inUnits = left.map((row, k) => row.map((one, l) => one / units[k]! / units[l]!))
  const inverted = eigen(inUnits).values[0]! > 1e-10 ? inverse(inUnits) : undefined
  if (inverted === undefined) return { kind: 'undefined', reason: 'no-change' }
  const slopes = slope.map((one, k) => one / units[k]!)
  const test = (statistic: number, df: number): CoxTest => ({
    statistic: Math.max(0, statistic),
    df,
    p: gammaQ(df / 2, Math.max(0, statistic) / 2),
  })
  return {
    kind: 'estimate',
    scale,
    covariates: names.map((name, k) => ({
      name,
      ...test((slopes[k]! * slopes[k]!) / inUnits[k]![k]!, 1),
      correlation: correlationOf(products[k]!, residuals[k]!, spread),
    })),
    global: test(dot(slopes, times(inverted, slopes)), p),
  }
}

/** Of residuals, whose mean is 0, with places, whose mean is 0. */
function correlationOf(product: number, residuals: number, places: number): number {
  const size = Math.sqrt(residuals) * Math.sqrt(places)
  return size > 0 ? Math.max(-1, Math.min(1, product / size)) : 0
}

/** Where a time with events stands on the scale. All strata share one scale. */
function placesOf(subjects: Subjects, scale: TimeScale): (time: number) => number {
  if (scale === 'identity') return (time) => time
  const { time, entry, event } = subjects
  const { ranks, distinct } = ranksOf(time)
  const [moments, ended, happened] = [
    new Float64Array(distinct),
    new Float64Array(distinct),
    new Float64Array(distinct),
  ]
  for (let i = 0; i < time.length; i += 1) {
    moments[ranks[i]!] = time[i]!
    ended[ranks[i]!]! += 1
    happened[ranks[i]!]! += event[i]!
  }
  const entries = entry.slice().sort()
  const places = new Map<number, number>()
  let [entered, left, survival, events] = [0, 0, 1, 0]
  for (let i = 0; i < distinct; i += 1) {
    const t = moments[i]!
    while (entered < entries.length && entries[entered]! < t) entered += 1
    places.set(t, scale === 'km' ? 1 - survival : events + (happened[i]! + 1) / 2)
    if (happened[i]! > 0) survival *= 1 - happened[i]! / (entered - left)
    events += happened[i]!
    left += ended[i]!
  }
  return (t) => places.get(t)!
}
