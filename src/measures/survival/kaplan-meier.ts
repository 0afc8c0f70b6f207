import { over, pair, times as product } from '../../kernel/double-double.js'
import { RunningSum } from '../running-sum.js'
import { type SurvivalInterval, type SurvivalTransform, survivalInterval } from './survival-interval.js'
import { type SurvivalTicks, tooFew } from './survival-table.js'

/** Survival at one time, and from there until the next row. */
export interface SurvivalRow {
  readonly time: number
  /** Watched at this time and not gone before it; who is censored at it is among them. */
  readonly atRisk: number
  readonly events: number
  readonly censored: number
  /** Newly at risk since the row before; in the first row, all. */
  readonly entered: number
  /** The Kaplan–Meier estimate: the share that lives beyond this time, of those who lived to `from`. */
  readonly survival: number
  readonly standardError: SurvivalError
  /** Pointwise: each row by itself has the level, all together have less. */
  readonly interval: SurvivalInterval
  /** The Nelson–Aalen estimate of the hazard up to here; `standardError` is the root of the sum of d / n^2. */
  readonly cumulativeHazard: { readonly value: number; readonly standardError: number }
}

/** Greenwood's standard errors; where nobody is left there are none. */
export type SurvivalError =
  | {
      readonly kind: 'estimate'
      /** Of the survival. */
      readonly survival: number
      /** Of the logarithm of the survival: the root of the sum of d / (n (n - d)). */
      readonly logarithm: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'survival-zero' }

/** How many of those who are watched have not had the event, by time. */
export interface SurvivalCurve {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  /** In what times are measured. */
  readonly unit: string
  /** How the intervals were made, and how sure they are. */
  readonly transform: SurvivalTransform
  readonly level: number
  /** Survival is that of those who lived beyond this time: 0, the first entry where nobody was watched before, or `since`. */
  readonly from: number
  /** Who was watched after `from`, and how many of them had the event. */
  readonly n: number
  readonly events: number
  /** One for each time at which somebody left, ascending. */
  readonly rows: readonly SurvivalRow[]
  /** Spans after `from`, `(from, to]`, in which nobody was watched. Survival is carried over them as if nothing happened. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  /**
   * A time at which all who were at risk had the event although others were watched later (left truncation): survival
   * is 0 from there on and says little. Ask `since` this time.
   */
  readonly emptiedAt?: number
}

/** What a curve is asked for. */
export interface CurveQuestion {
  readonly transform: SurvivalTransform
  readonly level: number
  /** The normal quantile of the level. */
  readonly z: number
  readonly since: number | undefined
}

/**
 * The product-limit estimate over a table.
 *
 * @see Kaplan & Meier (1958), "Nonparametric Estimation from Incomplete Observations"; Greenwood (1926); Nelson (1972) and
 * Aalen (1978) for the cumulative hazard; Klein & Moeschberger (2003), chapter 4, for intervals and left truncation.
 */
export function curveOf(
  ticks: SurvivalTicks,
  { definition, unit }: Pick<SurvivalCurve, 'definition' | 'unit'>,
  { transform, level, z, since }: CurveQuestion,
): SurvivalCurve {
  const { times } = ticks
  const rows: SurvivalRow[] = []
  const gaps: { readonly from: number; readonly to: number }[] = []
  let atRisk = ticks.fromStart
  let entered = 0
  let from = since === undefined && atRisk > 0 ? 0 : undefined
  let emptySince: number | undefined
  let [n, allEvents] = [0, 0]
  const state = new ProductLimit(z, transform)

  for (let i = 0; i < times.length; i += 1) {
    const time = times[i]!
    const [events, censored, entering] = [ticks.events[i]!, ticks.censored[i]!, ticks.entered[i]!]
    const asked = since === undefined || time > since
    if (from === undefined && asked && atRisk > 0) from = since ?? 0
    if (events + censored > 0) {
      if (events + censored > atRisk) throw tooFew(atRisk - events - censored)
      if (asked) {
        if (events > 0) state.step(atRisk, events)
        rows.push({
          time,
          atRisk,
          events,
          censored,
          entered: rows.length === 0 ? atRisk : entered,
          survival: state.survival.high,
          standardError: state.standardError,
          interval: state.interval,
          cumulativeHazard: state.cumulativeHazard,
        })
        n += events + censored
        allEvents += events
      }
      entered = 0
      atRisk -= events + censored
      if (atRisk === 0 && from !== undefined) emptySince = time
    }
    if (entering > 0) {
      if (atRisk === 0) {
        if (from === undefined) from = since === undefined || time >= since ? time : undefined
        else if (emptySince !== undefined && time > emptySince) gaps.push({ from: emptySince, to: time })
      }
      atRisk += entering
      entered += entering
    }
  }
  const last = rows.findIndex(({ survival }) => survival === 0)
  const emptied = last >= 0 && last < rows.length - 1 && rows[last]!.events === rows[last]!.atRisk
  return {
    definition,
    unit,
    transform,
    level,
    from: from ?? since ?? 0,
    n,
    events: allEvents,
    rows,
    gaps,
    ...(emptied && { emptiedAt: rows[last]!.time }),
  }
}

/** What accumulates from event time to event time: the product with twice the digits, the sums with what rounding loses. */
class ProductLimit {
  survival = pair(1)
  standardError: SurvivalError = { kind: 'estimate', survival: 0, logarithm: 0 }
  interval: SurvivalInterval
  cumulativeHazard = { value: 0, standardError: 0 }
  private readonly hazard = new RunningSum()
  private readonly hazardSquares = new RunningSum()
  private readonly greenwood = new RunningSum()

  constructor(
    private readonly z: number,
    private readonly transform: SurvivalTransform,
  ) {
    this.interval = survivalInterval(this.survival, 0, transform)
  }

  step(atRisk: number, events: number): void {
    const share = events / atRisk
    this.hazard.add(share)
    this.hazardSquares.add(share / atRisk)
    this.cumulativeHazard = {
      value: this.hazard.value,
      standardError: Math.sqrt(this.hazardSquares.value),
    }
    if (this.survival.high === 0) return
    this.survival = product(this.survival, over(pair(atRisk - events), pair(atRisk)))
    const { high } = this.survival
    if (high > 0) {
      this.greenwood.add(share / (atRisk - events))
      const logarithm = Math.sqrt(this.greenwood.value)
      this.standardError = { kind: 'estimate', survival: high * logarithm, logarithm }
      this.interval = survivalInterval(this.survival, this.z * logarithm, this.transform)
    } else {
      this.standardError = { kind: 'undefined', reason: 'survival-zero' }
      this.interval = survivalInterval(this.survival, 0, this.transform)
    }
  }
}
