import { dayOfMonthIndex, monthText } from '../../kernel/civil.js'
import { checkKeys, fault, type Sentence } from '../../kernel/errors.js'
import type { Instant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { CurrencyLiability, PointsLiability } from './liability.js'
import { checkCurve, type Rates, type RedemptionCurve, ratesOf } from './redemption-curve.js'
import { checkCount, checkWord } from './rows.js'

/** By which curve, how far, and of which points. */
export interface LiabilityForecastOptions<C extends string = string> {
  readonly currency: C
  readonly curve: RedemptionCurve
  /** How many local months, that of `asOf` included: 1 to 600. */
  readonly months: number
  /** Whether points count that are not confirmed yet, of which some may be taken back instead; `'counted'` unless told. */
  readonly pending?: 'counted' | 'left-out'
}

/** Points one may expect: an estimate, with what it is at both ends of the curve where the curve has ends. */
export interface ExpectedPoints {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** One month to come. */
export interface ForecastMonth {
  /** `2026-03`; the first is what is left of the month of `asOf`. */
  readonly month: string
  readonly redeemed: ExpectedPoints
  readonly expired: ExpectedPoints
  /** Still owed when the month ends, what is `undated`, `never` and `unknown` left out. */
  readonly outstanding: ExpectedPoints
}

/**
 * What is expected to become of what is owed. Values of all months' `redeemed` and `expired`, the last `outstanding`, `undated`,
 * `never` and `unknown` add up to `points`, but for the rounding of floats.
 */
export interface LiabilityForecast {
  readonly currency: string
  readonly zone: string
  readonly asOf: Instant
  readonly source: string
  /** Confidence of the curve's interval; `null` where it has none. */
  readonly level: number | null
  /** Points that are forecast. */
  readonly points: number
  readonly months: readonly ForecastMonth[]
  /** Of what outlives the curve's last age: expected to be redeemed, nobody can say in which month. */
  readonly undated: ExpectedPoints
  /** Of what outlives the last age and never expires: expected never to be redeemed. */
  readonly never: ExpectedPoints
  /** The curve has nothing to say of these: it ends before them without an `ultimate`, or leaves nothing at their age. */
  readonly unknown: ExpectedPoints
  /** What one has to believe. */
  readonly assumptions: readonly Sentence[]
}

/**
 * Expected redemption and expiry by month of the points that are owed, from the actual lots and a curve that is passed in.
 *
 * The curve says which share of what is still there is redeemed at each age, `(R(a) - R(a-1)) / (1 - R(a-1) - E(a-1))`; when
 * points expire, the lots themselves say. Within a month points go evenly, so the current month counts for what is left of
 * it, and what expires in a month does so after that month's redemptions.
 *
 * `low` and `high` are the least and the most of the forecasts by the curve and by both of its ends: what the numbers would be,
 * were the whole curve at an end, not a joint interval.
 *
 * @throws DefinitionError with its path for a liability, a curve or options that do not hold: `missing` without a curve or
 * without its source, `unknown-name` for a currency that the liability has not.
 * @example
 * // 250 points of January that never expire, at the beginning of April: of age 3, where a sixth of what is there goes.
 * forecastLiability(liability, { currency: 'points', months: 12, curve: { redeemed: [0.1, 0.3, 0.4, 0.5], ultimate: 0.6,
 *   source: 'cohorts of 2024' } }).months[0] // => { month: '2026-04', redeemed: { value: 41.67, low: null, high: null }, … }
 */
export function forecastLiability<const C extends string>(
  liability: PointsLiability<C>,
  options: LiabilityForecastOptions<NoInfer<C>>,
): LiabilityForecast {
  const { curve, months, pending, owed, now, zone, asOf, currency } = readForecast(liability, options)
  const { value: rates, ends } = ratesOf(curve)
  const lots = owed.cells.map(({ earned, expires, spendable, pending: waiting }) => ({
    earned,
    expires,
    points: spendable + (pending === 'counted' ? waiting : 0),
  }))
  const expected = run(lots, rates, now, months)
  const others = ends.map((end) => run(lots, end, now, months))
  const shown = (read: (found: Run) => number): ExpectedPoints => {
    const value = read(expected)
    if (others.length === 0) return { value, low: null, high: null }
    const all = others.map(read)
    return { value, low: Math.min(value, ...all), high: Math.max(value, ...all) }
  }
  return {
    currency,
    zone,
    asOf,
    source: curve.source,
    level: curve.interval?.level ?? null,
    points: lots.reduce((sum, { points }) => sum + points, 0),
    months: Array.from({ length: months }, (_, i) => ({
      month: monthText(dayOfMonthIndex(now.month + i)),
      redeemed: shown(({ redeemed }) => redeemed[i]!),
      expired: shown(({ expired }) => expired[i]!),
      outstanding: shown(({ outstanding }) => outstanding[i]!),
    })),
    undated: shown(({ undated }) => undated),
    never: shown(({ never }) => never),
    unknown: shown(({ unknown }) => unknown),
    assumptions: assumptionsOf(curve, pending),
  }
}

interface Run {
  readonly redeemed: number[]
  readonly expired: number[]
  readonly outstanding: number[]
  undated: number
  never: number
  unknown: number
}

/** One way through all lots. */
function run(
  lots: readonly { readonly earned: number; readonly expires: number | null; readonly points: number }[],
  { byAge, after }: Rates,
  now: PointsLiability['now'],
  months: number,
): Run {
  const none = () => new Array<number>(months).fill(0)
  const found: Run = {
    redeemed: none(),
    expired: none(),
    outstanding: none(),
    undated: 0,
    never: 0,
    unknown: 0,
  }
  for (const { earned, expires, points } of lots) {
    // Clocks that are set back just after midnight show the month before once more.
    const last = expires === null ? Infinity : Math.max(expires - now.month, 0)
    let left = points
    for (let i = 0; i < months && left > 0; i += 1) {
      const age = Math.max(now.month + i - earned, 0)
      const whole = age < byAge.length ? byAge[age] : after
      if (whole === undefined) {
        found.unknown += left
        break
      }
      if (age >= byAge.length) {
        found.undated += left * whole
        settle(found, left * (1 - whole), i, last)
        break
      }
      // Evenly over the month: of the current one, what is left of it.
      const rate = i === 0 ? ((1 - now.passed) * whole) / (1 - now.passed * whole) : whole
      const redeemed = left * rate
      found.redeemed[i]! += redeemed
      left -= redeemed
      if (i === last) {
        found.expired[i]! += left
        break
      }
      found.outstanding[i]! += left
    }
  }
  return found
}

/** What is left over after the last age, from month `from` on: it expires in month `last`, or never. */
function settle(found: Run, left: number, from: number, last: number): void {
  if (last === Infinity) {
    found.never += left
    return
  }
  const months = found.expired.length
  if (last < months) found.expired[last]! += left
  for (let i = from; i < Math.min(last, months); i += 1) found.outstanding[i]! += left
}

function readForecast<C extends string>(liability: PointsLiability<C>, options: LiabilityForecastOptions<C>) {
  if (!isRecord(options as unknown))
    throw fault('wrong-type', '$.options', options, '{ currency, curve, months }')
  checkKeys(options, ['currency', 'curve', 'months', 'pending'], '$.options')
  const { currency, curve, months, pending = 'counted' } = options
  if (curve === undefined)
    throw fault('missing', '$.options.curve', curve, 'a curve: there is none by default')
  checkCurve(curve, '$.options.curve')
  checkCount(months, '$.options.months')
  if (months < 1 || months > 600) throw fault('out-of-range', '$.options.months', months, '1 to 600')
  checkWord(['counted', 'left-out'], pending, '$.options.pending')
  const { owed, now, zone, asOf } = readLiability(liability, currency)
  return { curve, months, pending, owed, now, zone, asOf, currency }
}

/** A liability may have been stored. */
function readLiability(liability: PointsLiability, currency: string) {
  if (!isRecord(liability)) throw fault('wrong-type', '$.liability', liability, 'a liability')
  const { now, zone, asOf, currencies } = liability
  const isNow =
    isRecord(now) &&
    Number.isSafeInteger(now.month) &&
    Number.isFinite(now.passed) &&
    now.passed >= 0 &&
    now.passed < 1
  if (!isNow) throw fault('malformed-state', '$.liability.now', now, '{ month, passed }')
  if (!isRecord(currencies))
    throw fault('malformed-state', '$.liability.currencies', currencies, 'by currency')
  checkWord(Object.keys(currencies), currency, '$.options.currency')
  const owed: CurrencyLiability = currencies[currency]!
  const cells: unknown = isRecord(owed) ? owed.cells : undefined
  const path = '$.liability.cells'
  if (!Array.isArray(cells)) throw fault('malformed-state', path, cells, 'a list')
  for (const cell of cells as readonly unknown[]) {
    if (!isRecord(cell)) throw fault('malformed-state', path, cell, 'a cell')
    const { earned, expires, spendable, pending } = cell
    if (!Number.isSafeInteger(earned) || !(expires === null || Number.isSafeInteger(expires)))
      throw fault('malformed-state', path, earned, 'months as whole numbers')
    checkCount(spendable, path)
    checkCount(pending, path)
  }
  return { owed, now, zone, asOf }
}

/** What one has to believe. */
function assumptionsOf(curve: RedemptionCurve, pending: 'counted' | 'left-out'): readonly Sentence[] {
  return [
    {
      en: 'points that are owed now are redeemed at each age as those behind the curve were',
      zh: '现有未兑换积分在各月龄的兑换，与曲线所依据的积分相同',
    },
    { en: 'within a month points are redeemed evenly', zh: '积分在一个月内均匀兑换' },
    pending === 'counted'
      ? { en: 'points that are not confirmed yet all will be', zh: '待到账积分将全部到账' }
      : { en: 'points that are not confirmed yet are left out', zh: '不计待到账积分' },
    curve.interval === undefined
      ? { en: 'the curve has no interval, so the forecast has none', zh: '曲线没有区间，预测也就没有区间' }
      : {
          en: 'low and high are forecasts with the whole curve at one of its ends',
          zh: '上下限为整条曲线取其一端时的预测值',
        },
  ]
}
