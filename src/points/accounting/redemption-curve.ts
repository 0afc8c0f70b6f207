import { checkKeys, checkList, fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { checkLevel } from '../../measures/proportions.js'

/**
 * How points are redeemed as they age, as shares of all that was earned. Age 0 is the local month of earning.
 *
 * There is no curve by default: it is estimated from one's own ledger (`estimateRedemptionCurve`), or taken from somewhere and
 * said where.
 */
export interface RedemptionCurve {
  /** Share redeemed by the end of age 0, 1, 2, …: ascending, from 0 to 1. */
  readonly redeemed: readonly number[]
  /** Share expired by then, where some points expire before the last age; as long as `redeemed`. None unless told. */
  readonly expired?: readonly number[]
  /** Share that is ever redeemed, so that 1 less it is breakage; `null` where nobody knows what comes after the last age. */
  readonly ultimate: number | null
  /** What the shares may plausibly be, age by age. */
  readonly interval?: {
    readonly level: number
    readonly low: CurveBound
    readonly high: CurveBound
  }
  /** Where it comes from, in the caller's words. */
  readonly source: string
}

/** One end of what a curve may be. */
export interface CurveBound {
  readonly redeemed: readonly number[]
  readonly ultimate: number | null
}

/** What is redeemed of what is there, age by age, and after the last. */
export interface Rates {
  /** Of what is there when the age begins; `undefined` where the curve leaves nothing. */
  readonly byAge: readonly (number | undefined)[]
  /** Of what is there after the last age; `undefined` where nobody knows. */
  readonly after: number | undefined
}

/** The rates of a curve, and of both ends of it. */
export function ratesOf({ redeemed, expired, ultimate, interval }: RedemptionCurve): {
  readonly value: Rates
  readonly ends: readonly Rates[]
} {
  // What is not redeemed expires in the same proportion at both ends.
  const lost = redeemed.map((share, age) => {
    const gone = expired?.[age] ?? 0
    return share < 1 ? Math.min(gone / (1 - share), 1) : 1
  })
  const rates = (bound: CurveBound): Rates => {
    const left = (age: number) =>
      age < 0 ? 1 : (1 - bound.redeemed[age]!) * (1 - (expired === undefined ? 0 : lost[age]!))
    const rate = (from: number, to: number | null, there: number) =>
      to === null || there <= 0 ? undefined : Math.min(Math.max((to - from) / there, 0), 1)
    const last = bound.redeemed.length - 1
    return {
      byAge: bound.redeemed.map((share, age) => rate(bound.redeemed[age - 1] ?? 0, share, left(age - 1))),
      after: rate(bound.redeemed[last]!, bound.ultimate, left(last)),
    }
  }
  return {
    value: rates({ redeemed, ultimate }),
    ends: interval === undefined ? [] : [rates(interval.low), rates(interval.high)],
  }
}

/** Refuses what is no curve. */
export function checkCurve(curve: RedemptionCurve, path: string): void {
  if (!isRecord(curve)) throw fault('wrong-type', path, curve, '{ redeemed, ultimate, source }')
  checkKeys(curve, ['redeemed', 'expired', 'ultimate', 'interval', 'source'], path)
  if (typeof curve.source !== 'string' || curve.source === '')
    throw fault('missing', `${path}.source`, curve.source, 'where the curve comes from')
  const ages = checkBound(curve, path)
  if (curve.expired !== undefined) {
    checkShares(curve.expired, `${path}.expired`, ages)
    for (const [age, share] of curve.expired.entries()) {
      if (share + curve.redeemed[age]! > 1 + 1e-9)
        throw fault('out-of-range', `${path}.expired[${age}]`, share, 'what is not redeemed, at most')
    }
  }
  if (curve.interval === undefined) return
  const within = `${path}.interval`
  if (!isRecord(curve.interval)) throw fault('wrong-type', within, curve.interval, '{ level, low, high }')
  const { level, low, high } = curve.interval
  checkLevel(level)
  for (const [name, bound] of [['low', low] as const, ['high', high] as const]) {
    if (!isRecord(bound)) throw fault('wrong-type', `${within}.${name}`, bound, '{ redeemed, ultimate }')
    checkBound(bound, `${within}.${name}`, ages)
    if ((bound.ultimate === null) !== (curve.ultimate === null))
      throw fault(
        'out-of-range',
        `${within}.${name}.ultimate`,
        bound.ultimate,
        'known where that of the curve is',
      )
    for (const [age, share] of bound.redeemed.entries()) {
      const apart = share - curve.redeemed[age]!
      if (name === 'low' ? apart > 1e-9 : apart < -1e-9)
        throw fault(
          'out-of-range',
          `${within}.${name}.redeemed[${age}]`,
          share,
          'an end on its own side of the curve',
        )
    }
  }
}

function checkBound({ redeemed, ultimate }: CurveBound, path: string, ages?: number): number {
  checkShares(redeemed, `${path}.redeemed`, ages)
  const last = redeemed[redeemed.length - 1]!
  if (ultimate !== null && !(typeof ultimate === 'number' && ultimate >= last && ultimate <= 1))
    throw fault('out-of-range', `${path}.ultimate`, ultimate, 'from the last share to 1, or null')
  return redeemed.length
}

/** Shares that ascend. */
function checkShares(shares: unknown, path: string, ages: number | undefined): void {
  checkList(shares, path)
  if (ages !== undefined && shares.length !== ages)
    throw fault('out-of-range', path, shares, `a share for each of ${ages} ages`)
  if (shares.length === 0) throw fault('missing', path, shares, 'a share for age 0')
  if (shares.length > 1200) throw fault('too-large', path, shares, 'at most 1,200 ages')
  let before = 0
  for (const [age, share] of shares.entries()) {
    if (!(typeof share === 'number' && share >= before && share <= 1))
      throw fault('out-of-range', `${path}[${age}]`, share, 'a share from that of the age before to 1')
    before = share
  }
}
