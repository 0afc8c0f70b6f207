import { checkKeys, checkList, fault, type Sentence } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { checkLevel } from '../../measures/proportions.js'
import { studentQuantile } from '../../measures/student.js'
import type { PointsCohort, PointsTriangle } from './development.js'
import type { CurveBound, RedemptionCurve } from './redemption-curve.js'
import { checkCount } from './rows.js'

/** How a curve is estimated. */
export interface CurveEstimateOptions {
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** An age that fewer cohorts have reached is no part of the curve; 2 unless told, with which there can be intervals. */
  readonly minimumCohorts?: number
  /** A cohort with fewer months over is too young for a breakage of its own; 3 unless told. */
  readonly minimumAge?: number
  /** Share that will still be redeemed of what is there after the last age, where the caller knows better than the data. */
  readonly tail?: number
}

/** One age of a curve. */
export interface CurveAge {
  readonly age: number
  /** Cohorts that had reached it with points left. */
  readonly cohorts: number
  /** Their points when the age began, and what became of them in it. */
  readonly outstanding: number
  readonly redeemed: number
  readonly expired: number
  /** Share of all that was granted, redeemed by the end of this age. */
  readonly cumulative: CurveValue
}

/** A share with what it may plausibly be. */
export interface CurveValue {
  readonly value: number
  readonly interval:
    | { readonly kind: 'interval'; readonly low: number; readonly high: number; readonly level: number }
    | { readonly kind: 'undefined'; readonly reason: 'one-cohort' }
}

/** The share that is ever redeemed. */
export type UltimateRedemption =
  /** Nothing is left of the cohorts that are old enough. */
  | { readonly kind: 'observed'; readonly value: number }
  /** By the `tail` that was passed in. */
  | { readonly kind: 'assumed'; readonly value: number; readonly tail: number }
  /** Something is left after the last age: it lies between these, whatever becomes of it. */
  | {
      readonly kind: 'undefined'
      readonly reason: 'still-outstanding'
      readonly least: number
      readonly most: number
    }

/** What is never redeemed of the points of one month. */
export type CohortBreakage =
  /** Nothing is left: what expired, of what was granted. */
  | { readonly kind: 'observed'; readonly value: number }
  /** What is left goes the way of the curve. `least` and `most` are certain: all of it is redeemed, or none. */
  | { readonly kind: 'estimate'; readonly value: number; readonly least: number; readonly most: number }
  | { readonly kind: 'undefined'; readonly reason: NoBreakage }

/** Why a cohort has no breakage. */
export type NoBreakage =
  | 'nothing-granted'
  | 'too-young'
  | 'older-than-curve'
  | 'ultimate-unknown'
  | 'more-than-granted'

/** The reasons in words. */
export const breakageReasons: Readonly<Record<NoBreakage, Sentence>> = {
  'nothing-granted': { en: 'no points were granted in this month', zh: '该月未发放积分' },
  'too-young': { en: 'too few months are over since', zh: '发放至今的完整月份太少' },
  'older-than-curve': { en: 'the curve has nothing left at its age', zh: '曲线在其月龄处已无剩余积分' },
  'ultimate-unknown': { en: 'nobody knows how many points are ever redeemed', zh: '最终兑换率未知' },
  'more-than-granted': {
    en: 'more was redeemed and expired than was granted: something was taken back after it was spent',
    zh: '兑换与过期之和超过发放数：有积分在花掉之后被扣回',
  },
}

/** Where one cohort stands. */
export interface CohortStanding {
  readonly cohort: string
  readonly granted: number
  readonly redeemed: number
  readonly expired: number
  readonly outstanding: number
  /** Months that are over, that of earning included. */
  readonly months: number
  readonly breakage: CohortBreakage
}

/** What a triangle says of redemption. */
export type CurveEstimate =
  | {
      readonly kind: 'curve'
      readonly method: 'outstanding-ladder'
      readonly level: number
      /** To be passed to a forecast. */
      readonly curve: RedemptionCurve
      readonly ages: readonly CurveAge[]
      readonly ultimate: UltimateRedemption
      readonly cohorts: readonly CohortStanding[]
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'no-cohorts' | 'too-few-cohorts'
      readonly cohorts: readonly CohortStanding[]
    }

/**
 * A redemption curve from cohorts: at each age, of all points that were still there, which share was redeemed and which
 * expired in it. Chained, that is a chain ladder of what is left; shares stay between 0 and 1, and cohorts too young for an age
 * still count at those they have reached.
 *
 * The interval is from how cohorts differ at each age, in the manner of Mack: no distribution is assumed, points of one
 * customer need not move apart from each other, ages must. Variances are carried through the chain by the delta method;
 * Student's t, with degrees of freedom after Welch and Satterthwaite. It is about the curve, not about what one more cohort
 * would do, and from two cohorts it is as wide as it says.
 *
 * Points that come back (`returned`) are taken off: `cumulative` is what stays redeemed.
 *
 * The share that is ever redeemed is only known where nothing is left. Otherwise it is `undefined` with certain bounds,
 * unless a `tail` is passed in: nothing is extrapolated.
 *
 * @throws DefinitionError with its path: `wrong-type` and `out-of-range` for a triangle or options that do not hold.
 * @see Mack (1993), "Distribution-free calculation of the standard error of chain ladder reserve estimates"; Aalen & Johansen
 * (1978) for shares that leave in two ways.
 * @example
 * estimateRedemptionCurve({ cohorts: [
 *   { cohort: '2026-01', granted: 100, redeemed: [20, 50, 60], expired: [0, 0, 40] },
 *   { cohort: '2026-02', granted: 300, redeemed: [60, 150], expired: [0, 0] },
 * ] }).kind // => 'curve': redeemed [0.2, 0.5] of all that was granted
 */
export function estimateRedemptionCurve(
  triangle: PointsTriangle,
  options: CurveEstimateOptions = {},
): CurveEstimate {
  const cohorts = readTriangle(triangle)
  const { level, minimumCohorts, minimumAge, tail } = readOptions(options)
  const steps = stepsOf(cohorts, minimumCohorts)
  const standings = (of: (row: PointsCohort) => CohortBreakage) =>
    cohorts.map((row) => standing(row, of(row)))
  if (steps.length === 0) {
    const reason = cohorts.some(({ granted }) => granted > 0) ? 'too-few-cohorts' : 'no-cohorts'
    const none = settledOr(minimumAge, () => ({ kind: 'undefined', reason: 'ultimate-unknown' }))
    return { kind: 'undefined', reason, cohorts: standings(none) }
  }
  const { redeemed, expired, left } = chained(steps)
  const spreads = redeemed.map((_, age) => spreadOf(steps, left, age))
  const ends = redeemed.map((value, age): CurveValue['interval'] => {
    const spread = spreads[age]
    if (spread === undefined) return { kind: 'undefined', reason: 'one-cohort' }
    const reach =
      spread.variance === 0 ? 0 : studentQuantile((1 + level) / 2, spread.df) * Math.sqrt(spread.variance)
    return { kind: 'interval', low: Math.max(value - reach, 0), high: Math.min(value + reach, 1), level }
  })
  const last = steps.length - 1
  const there = left[last + 1]!
  const ultimate: UltimateRedemption =
    there === 0
      ? { kind: 'observed', value: redeemed[last]! }
      : tail === undefined
        ? {
            kind: 'undefined',
            reason: 'still-outstanding',
            least: redeemed[last]!,
            most: Math.min(redeemed[last]! + there, 1),
          }
        : { kind: 'assumed', value: Math.min(redeemed[last]! + there * tail, 1), tail }
  const known = ultimate.kind === 'undefined' ? null : ultimate.value
  const bounds = boundsOf(redeemed, ends, known)
  const breakage = settledOr(minimumAge, ({ granted, redeemed: own, expired: lost }) => {
    const age = own.length - 1
    const [out, gone] = [own[age]!, lost[age]!]
    const open = granted - out - gone
    if (known === null) return { kind: 'undefined', reason: 'ultimate-unknown' }
    // Of what is there after an age, as much is redeemed as the curve goes on to redeem.
    const rest = left[age + 1] ?? 0
    const share = age > last ? tail : rest > 0 ? Math.min((known - redeemed[age]!) / rest, 1) : undefined
    if (share === undefined) return { kind: 'undefined', reason: 'older-than-curve' }
    return {
      kind: 'estimate',
      value: (gone + open * (1 - share)) / granted,
      least: gone / granted,
      most: (gone + open) / granted,
    }
  })
  return {
    kind: 'curve',
    method: 'outstanding-ladder',
    level,
    curve: {
      redeemed,
      ...(expired.some((share) => share > 0) && { expired }),
      ultimate: known,
      ...(bounds !== undefined && { interval: { level, ...bounds } }),
      source: `${cohorts[0]!.cohort} to ${cohorts[cohorts.length - 1]!.cohort}, outstanding ladder`,
    },
    ages: steps.map((step, age) => ({
      age,
      cohorts: step.cohorts.length,
      outstanding: step.there,
      redeemed: step.redeemed,
      expired: step.expired,
      cumulative: { value: redeemed[age]!, interval: ends[age]! },
    })),
    ultimate,
    cohorts: standings(breakage),
  }
}

/** One age over all cohorts that have reached it. Sums of whole points, exact. */
interface AgeStep {
  readonly there: number
  readonly redeemed: number
  readonly expired: number
  readonly cohorts: readonly { readonly there: number; readonly redeemed: number; readonly expired: number }[]
}

/** Ages from 0 on, as long as enough cohorts have reached them and something is there. */
function stepsOf(cohorts: readonly PointsCohort[], minimumCohorts: number): readonly AgeStep[] {
  const longest = cohorts.reduce((most, { redeemed }) => Math.max(most, redeemed.length), 0)
  const steps: AgeStep[] = []
  for (let age = 0; age < longest; age += 1) {
    const reached = cohorts
      .filter(({ granted, redeemed }) => granted > 0 && redeemed.length > age)
      .map(({ granted, redeemed, expired }) => {
        const [out, gone] = age === 0 ? [0, 0] : [redeemed[age - 1]!, expired[age - 1]!]
        return { there: granted - out - gone, redeemed: redeemed[age]! - out, expired: expired[age]! - gone }
      })
      // Where more was spent than stood, or nothing is left, there is no share to speak of.
      .filter(({ there }) => there > 0)
    if (reached.length < minimumCohorts) break
    const sum = (read: (one: (typeof reached)[number]) => number) =>
      reached.reduce((all, one) => all + read(one), 0)
    const there = sum((one) => one.there)
    if (!Number.isSafeInteger(there)) throw fault('too-large', '$.cohorts', there, 'sums within 2^53 - 1')
    steps.push({
      there,
      redeemed: sum((one) => one.redeemed),
      expired: sum((one) => one.expired),
      cohorts: reached,
    })
  }
  return steps
}

/** Shares of all that was granted, and what is left before each age and after the last. */
function chained(steps: readonly AgeStep[]) {
  const redeemed: number[] = []
  const expired: number[] = []
  const left: number[] = [1]
  let [out, gone] = [0, 0]
  for (const [age, step] of steps.entries()) {
    const before = left[age]!
    out += (before * step.redeemed) / step.there
    gone += (before * step.expired) / step.there
    redeemed.push(out)
    expired.push(gone)
    left.push((before * Math.max(step.there - step.redeemed - step.expired, 0)) / step.there)
  }
  // What comes back later was not redeemed to stay.
  for (let age = redeemed.length - 2; age >= 0; age -= 1) {
    redeemed[age] = Math.min(redeemed[age]!, redeemed[age + 1]!)
  }
  return {
    redeemed: redeemed.map((share) => Math.min(Math.max(share, 0), 1)),
    expired: expired.map((share) => Math.min(share, 1)),
    left,
  }
}

/** Variance of the share redeemed by an age, and its degrees of freedom; none where an age has one cohort. */
function spreadOf(
  steps: readonly AgeStep[],
  left: readonly number[],
  upTo: number,
): { readonly variance: number; readonly df: number } | undefined {
  let after = 0
  let variance = 0
  let below = 0
  for (let age = upTo; age >= 0; age -= 1) {
    const { there, redeemed, expired, cohorts } = steps[age]!
    if (cohorts.length < 2) return undefined
    const [out, gone] = [redeemed / there, expired / there]
    const stays = (there - redeemed - expired) / there
    // How the share redeemed by `upTo` moves with what is redeemed, and what expires, in this age.
    const byLoss = stays > 0 ? -after / stays : 0
    const byRedeemed = left[age]! + byLoss
    let spread = 0
    for (const own of cohorts) {
      const apart = byRedeemed * (own.redeemed / own.there - out) + byLoss * (own.expired / own.there - gone)
      spread += own.there * apart * apart
    }
    const df = cohorts.length - 1
    const part = spread / df / there
    variance += part
    below += (part * part) / df
    after += left[age]! * out
  }
  return { variance, df: below === 0 ? 1 : (variance * variance) / below }
}

/** Both ends of a curve; ends of one age hold for those before or after it, because shares only grow. */
function boundsOf(
  redeemed: readonly number[],
  ends: readonly CurveValue['interval'][],
  ultimate: number | null,
): { readonly low: CurveBound; readonly high: CurveBound } | undefined {
  const low: number[] = []
  const high: number[] = []
  for (const [age, end] of ends.entries()) {
    if (end.kind === 'undefined') return undefined
    low.push(Math.min(Math.max(end.low, low[age - 1] ?? 0), redeemed[age]!))
    high.push(Math.max(end.high, redeemed[age]!))
  }
  for (let age = high.length - 2; age >= 0; age -= 1) high[age] = Math.min(high[age]!, high[age + 1]!)
  const last = redeemed.length - 1
  // After the last age nothing was observed: the share that follows is the same at both ends.
  const rest =
    ultimate === null || redeemed[last] === 1 ? 0 : (ultimate - redeemed[last]!) / (1 - redeemed[last]!)
  const end = (shares: readonly number[]): CurveBound => ({
    redeemed: shares,
    ultimate: ultimate === null ? null : Math.min(shares[last]! + (1 - shares[last]!) * rest, 1),
  })
  return { low: end(low), high: end(high) }
}

/** What is observed, or a reason, before anything is estimated. */
const settledOr =
  (minimumAge: number, estimate: (row: PointsCohort) => CohortBreakage) =>
  (row: PointsCohort): CohortBreakage => {
    const { granted, redeemed, expired } = row
    const [out, gone] = [redeemed[redeemed.length - 1] ?? 0, expired[expired.length - 1] ?? 0]
    if (granted <= 0) return { kind: 'undefined', reason: 'nothing-granted' }
    if (out + gone > granted) return { kind: 'undefined', reason: 'more-than-granted' }
    if (out + gone === granted) return { kind: 'observed', value: gone / granted }
    if (redeemed.length < minimumAge) return { kind: 'undefined', reason: 'too-young' }
    return estimate(row)
  }

function standing(
  { cohort, granted, redeemed, expired }: PointsCohort,
  breakage: CohortBreakage,
): CohortStanding {
  const [out, gone] = [redeemed[redeemed.length - 1] ?? 0, expired[expired.length - 1] ?? 0]
  return {
    cohort,
    granted,
    redeemed: out,
    expired: gone,
    outstanding: granted - out - gone,
    months: redeemed.length,
    breakage,
  }
}

function readOptions(options: CurveEstimateOptions) {
  if (!isRecord(options as unknown)) throw fault('wrong-type', '$.options', options, '{ level, tail }')
  checkKeys(options, ['level', 'minimumCohorts', 'minimumAge', 'tail'], '$.options')
  const { level = 0.95, minimumCohorts = 2, minimumAge = 3, tail } = options
  checkLevel(level)
  checkCount(minimumCohorts, '$.options.minimumCohorts')
  checkCount(minimumAge, '$.options.minimumAge')
  if (minimumCohorts < 1)
    throw fault('out-of-range', '$.options.minimumCohorts', minimumCohorts, 'at least 1')
  if (minimumAge < 1) throw fault('out-of-range', '$.options.minimumAge', minimumAge, 'at least 1')
  if (tail !== undefined && !(typeof tail === 'number' && tail >= 0 && tail <= 1))
    throw fault('out-of-range', '$.options.tail', tail, '0 to 1')
  // -0 is 0.
  return { level, minimumCohorts, minimumAge, tail: tail === undefined ? tail : tail + 0 }
}

/** A triangle may have been stored, or come from elsewhere. */
function readTriangle(triangle: PointsTriangle): readonly PointsCohort[] {
  if (!isRecord(triangle)) throw fault('wrong-type', '$', triangle, '{ cohorts }')
  const { cohorts } = triangle
  checkList(cohorts, '$.cohorts')
  if (cohorts.length > 1200) throw fault('too-large', '$.cohorts', cohorts, 'at most 1,200 cohorts')
  for (const [i, row] of cohorts.entries()) {
    const path = `$.cohorts[${i}]`
    if (!isRecord(row)) throw fault('wrong-type', path, row, '{ cohort, granted, redeemed, expired }')
    if (typeof row.cohort !== 'string') throw fault('wrong-type', `${path}.cohort`, row.cohort, 'a name')
    if (!Number.isSafeInteger(row.granted))
      throw fault('out-of-range', `${path}.granted`, row.granted, 'a whole number')
    for (const key of ['redeemed', 'expired'] as const) {
      const amounts: unknown = row[key]
      checkList(amounts, `${path}.${key}`)
      if (amounts.length > 1200) throw fault('too-large', `${path}.${key}`, amounts, 'at most 1,200 ages')
      for (const [age, amount] of amounts.entries()) {
        if (!Number.isSafeInteger(amount))
          throw fault('out-of-range', `${path}.${key}[${age}]`, amount, 'a whole number')
        const before = age === 0 ? 0 : (amounts[age - 1] as number)
        if (key === 'expired' && !((amount as number) >= before))
          throw fault(
            'out-of-range',
            `${path}.${key}[${age}]`,
            amount,
            'as much as at the age before, or more',
          )
      }
    }
    if (row.redeemed.length !== row.expired.length)
      throw fault(
        'out-of-range',
        `${path}.expired`,
        row.expired,
        `${row.redeemed.length} ages, as redeemed has`,
      )
  }
  return cohorts
}
