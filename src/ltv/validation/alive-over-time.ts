import { ln } from '../../kernel/elementary.js'
import { checkList, fault } from '../../kernel/errors.js'
import { checkOptions } from '../options.js'
import { spanIn, type TimeSpan, type TimeUnit } from '../unit.js'
import { chanceOf, type ForecastModel, type ForecastParameters, forecastOf } from './forecast.js'

/** The chance that one customer is still there, as it was known at each time. */
export interface AlivePath {
  readonly model: string
  readonly unit: TimeUnit
  readonly points: readonly AlivePoint[]
}

/** What was known at one age of the customer. */
export interface AlivePoint {
  /** Since the first purchase, in the unit. */
  readonly age: number
  /** `before` and `purchase` are the same moment, before and with the purchase. */
  readonly what: 'first-purchase' | 'step' | 'before' | 'purchase'
  /** Repeat purchases until then. */
  readonly repeatCount: number
  /** P(alive). */
  readonly alive: number
}

/**
 * P(alive) of one customer along the way, each point from what was known then: it falls in silence and rises with a
 * purchase. A model in which customers leave after a purchase only has them fall a little with one.
 *
 * @param purchaseAges - At the repeat purchases, ascending and above 0; those after `until` are not known yet.
 * @param asked - `until`: how far; `step`: between points besides those at purchases. At most 100,000 points.
 * @throws DefinitionError for parameters or ages that do not hold.
 * @see Fader, Hardie & Lee (2008), "Computing P(alive) Using the BG/NBD Model" (note 021).
 * @example
 * aliveOverTime(bgNbd, given, [17, 214], { until: { days: 272 }, step: { days: 1 } }).points
 * // => [{ age: 0, what: 'first-purchase', repeatCount: 0, alive: 1 }, …]
 */
export function aliveOverTime<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ForecastParameters<Name, P>,
  purchaseAges: readonly number[],
  asked: {
    readonly until: TimeSpan
    readonly step: TimeSpan
    readonly covariates?: { readonly [name: string]: number }
  },
): AlivePath {
  const forecast = forecastOf(model, parameters)
  const { unit } = forecast
  checkOptions(asked, ['until', 'step', 'covariates'], '$.asked')
  const values = forecast.valuesOf(asked, '$.asked')
  const until = spanIn(unit, asked.until, '$.asked.until')
  const step = spanIn(unit, asked.step, '$.asked.step')
  checkList(purchaseAges, '$.purchaseAges')
  for (let i = 0; i < purchaseAges.length; i += 1) {
    const at: unknown = purchaseAges[i]
    if (typeof at !== 'number') throw fault('wrong-type', `$.purchaseAges[${i}]`, at, 'a number')
    if (!(at > (purchaseAges[i - 1] ?? 0) && at < Number.POSITIVE_INFINITY))
      throw fault('out-of-range', `$.purchaseAges[${i}]`, at, 'ascending, above 0, finite')
    if (unit === 'opportunity' && !Number.isInteger(at))
      throw fault('out-of-range', `$.purchaseAges[${i}]`, at, 'whole opportunities')
  }
  if (!(step > 0 && until / step + 2 * purchaseAges.length <= 100_000))
    throw fault('out-of-range', '$.asked.step', asked.step, 'above 0, with at most 100,000 points')

  const points: AlivePoint[] = []
  let [repeatCount, lastPurchaseAge, sumLnGaps] = [0, 0, 0]
  const add = (age: number, what: AlivePoint['what']) => {
    const history = {
      unit,
      repeatCount,
      lastPurchaseAge,
      age,
      sumLnGaps,
      ...(asked.covariates !== undefined && { covariates: asked.covariates }),
    }
    points.push({ age, what, repeatCount, alive: chanceOf(model.after(values, history).lnAlive) })
  }
  add(0, 'first-purchase')
  let next = 0
  const buyUntil = (age: number) => {
    for (; next < purchaseAges.length && purchaseAges[next]! <= age; next += 1) {
      const at = purchaseAges[next]!
      // At an opportunity there is no moment before it is known whether it was taken.
      if (unit !== 'opportunity') add(at, 'before')
      sumLnGaps += ln(at - lastPurchaseAge)
      lastPurchaseAge = at
      repeatCount += 1
      add(at, 'purchase')
    }
  }
  const steps = Math.floor((until / step) * (1 + 1e-12))
  for (let k = 1; k <= steps; k += 1) {
    const age = Math.min(until, k * step)
    buyUntil(age)
    if (lastPurchaseAge !== age) add(age, 'step')
  }
  buyUntil(until)
  if (points[points.length - 1]!.age < until) add(until, 'step')
  return { model: model.name, unit, points }
}
