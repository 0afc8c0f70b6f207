import { checkKeys, fault, unknownName } from '../../kernel/errors.js'
import { type Rounding, shareOf } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { amountIn, checkRounding, currencyOf, minorIn, rounded } from './exact-shares.js'
import type { RevenueAllocation } from './revenue-allocation.js'
import { checkCount, plus } from './rows.js'

/**
 * What is deferred for the points of one sale, or of a portfolio of sales. Plain JSON; amounts in smallest units.
 *
 * `allocation = recognised + liability`, always: what is recognised never passes the allocation, and the end leaves nothing.
 */
export interface PointsDeferral {
  /** ISO 4217. */
  readonly currency: string
  /** Of the sale: price, and what of it fell to the points at inception. Neither is remeasured. */
  readonly price: number
  readonly allocated: number
  /** Of the price, given back so far. */
  readonly refunded: number
  /** Points, less those taken back. */
  readonly granted: number
  /** How many are expected to be redeemed in total, those redeemed so far included. */
  readonly expected: number
  readonly redeemed: number
  readonly expired: number
  /** Revenue so far: for points redeemed, and for those that are not expected to be. */
  readonly recognised: { readonly redemption: number; readonly breakage: number }
  /** How the cumulative revenue is rounded. */
  readonly rounding: Rounding
}

/** What happens to deferred points. `expected` is the new estimate of the total, where there is one. */
export type DeferralChange =
  | { readonly kind: 'redeemed'; readonly points: number; readonly expected?: number }
  /** A redemption is undone, its points are back. */
  | { readonly kind: 'returned'; readonly points: number; readonly expected?: number }
  | { readonly kind: 'expired'; readonly points: number; readonly expected?: number }
  | { readonly kind: 'estimate'; readonly expected: number }
  /** Part of the price is paid back, and `points` that were not spent are taken back with it. */
  | { readonly kind: 'refund'; readonly amount: string; readonly points: number; readonly expected?: number }

/** What a change does to the books: signed decimal text, `cash = goods + redemption + breakage + liability`. */
export interface DeferralMovement {
  readonly kind: 'sale' | DeferralChange['kind']
  readonly currency: string
  readonly cash: string
  /** Revenue from goods. */
  readonly goods: string
  /** Revenue from points that were redeemed. */
  readonly redemption: string
  /** Revenue from points that are not expected to be redeemed, or have expired. */
  readonly breakage: string
  /** Change of the contract liability. */
  readonly liability: string
}

/** A deferral after a change, and what the change did. */
export interface DeferralStep {
  readonly deferral: PointsDeferral
  readonly movement: DeferralMovement
  /** Contract liability after it, decimal text. */
  readonly liability: string
  /** Revenue from points so far, decimal text. */
  readonly recognised: string
}

/**
 * Defers what fell to the points of a sale.
 *
 * @param options - `rounding` of the cumulative revenue; `'half-up'` unless told.
 * @throws DefinitionError with its path for an allocation that does not hold.
 * @example
 * openDeferral(allocateRevenue(sale)).movement
 * // => { kind: 'sale', currency: 'JPY', cash: '100000', goods: '91324', redemption: '0', breakage: '0', liability: '8676' }
 */
export function openDeferral(
  allocation: Pick<RevenueAllocation, 'currency' | 'price' | 'points' | 'granted' | 'expected'>,
  options: { readonly rounding?: Rounding } = {},
): DeferralStep {
  if (!isRecord(allocation as unknown))
    throw fault('wrong-type', '$', allocation, 'what allocateRevenue answers')
  if (!isRecord(options as unknown)) throw fault('wrong-type', '$.options', options, '{ rounding }')
  checkKeys(options, ['rounding'], '$.options')
  const { rounding = 'half-up' } = options
  const currency = currencyOf(allocation.currency)
  const { granted, expected } = allocation
  const deferral: PointsDeferral = {
    currency,
    price: minorIn(allocation.price, currency, '$.price'),
    allocated: minorIn(allocation.points, currency, '$.points'),
    refunded: 0,
    granted,
    expected,
    redeemed: 0,
    expired: 0,
    recognised: { redemption: 0, breakage: 0 },
    rounding,
  }
  checkDeferral(deferral)
  const before = { ...deferral, price: 0, allocated: 0 }
  return stepTo(before, caughtUp(deferral), 'sale')
}

/**
 * Applies a change by cumulative catch-up: revenue to date is the allocation times the points redeemed so far over those
 * expected in total, rounded once, and what was recognised before is taken off. So a new estimate changes revenue now and
 * leaves the allocation alone, and redemptions in any split end with the same sums.
 *
 * Nothing that is left, or nothing more that is expected, recognises the rest exactly. More may not be redeemed than is
 * expected: the change has to bring a new estimate. Expiry lowers the estimate where fewer points are left than it says; points
 * taken back were as likely to be redeemed as the rest, unless `expected` says otherwise.
 *
 * A refund gives back the exact share of the points' allocation (the floor of the cumulative share, so that refunds in any
 * split add up to one), and the revenue on it: goods returned after their points were spent reverse what was recognised.
 *
 * Revenue for redeemed points is the floor of allocation times redeemed over granted; the rest of it is breakage.
 *
 * @throws DefinitionError `out-of-range` for more points than there are, an estimate that cannot be, a refund beyond the price;
 * `unknown-name` for another kind; `malformed-state` for a deferral that does not hold.
 * @see IFRS 15.B44-B47, 87-90; ASC 606-10-55-46 to 55-49; Illustrative Example 52 of both.
 * @example
 * moveDeferral(deferral, { kind: 'redeemed', points: 4_500 }).movement.liability // => '-4110', of 8676 for 9,500 expected
 */
export function moveDeferral(deferral: PointsDeferral, change: DeferralChange): DeferralStep {
  checkDeferral(deferral)
  if (!isRecord(change as unknown)) throw fault('wrong-type', '$.change', change, '{ kind, points }')
  const moved = changed(deferral, change)
  return stepTo(deferral, caughtUp(moved), change.kind)
}

/** The contract liability, in smallest units. */
function liabilityOf(deferral: PointsDeferral): number {
  const { redemption, breakage } = deferral.recognised
  return allocationOf(deferral) - redemption - breakage
}

/** What fell to the points, less the share of what was paid back. */
const allocationOf = ({ allocated, refunded, price }: PointsDeferral): number =>
  price === 0 ? allocated : allocated - shareOf(allocated, refunded, price)

const BEYOND = ', which is what is expected, or a new estimate as `expected`'

function changed(deferral: PointsDeferral, change: DeferralChange): PointsDeferral {
  const { granted, redeemed, expired, price, refunded, currency } = deferral
  const open = granted - redeemed - expired
  const within = (points: unknown, most: number, because = '') => {
    checkCount(points, '$.change.points')
    if ((points as number) > most)
      throw fault('out-of-range', '$.change.points', points, `at most ${most}${because}`)
    return points as number
  }
  const { kind } = change
  switch (kind) {
    case 'redeemed':
      checkKeys(change, ['kind', 'points', 'expected'], '$.change')
      within(change.points, open)
      // What goes beyond the estimate needs a new one.
      if (change.expected === undefined) within(change.points, deferral.expected - redeemed, BEYOND)
      return estimated({ ...deferral, redeemed: redeemed + change.points }, change.expected)
    case 'returned':
      checkKeys(change, ['kind', 'points', 'expected'], '$.change')
      return estimated({ ...deferral, redeemed: redeemed - within(change.points, redeemed) }, change.expected)
    case 'expired': {
      checkKeys(change, ['kind', 'points', 'expected'], '$.change')
      const gone = expired + within(change.points, open)
      const most = Math.min(deferral.expected, granted - gone)
      return estimated({ ...deferral, expired: gone, expected: most }, change.expected)
    }
    case 'estimate':
      checkKeys(change, ['kind', 'expected'], '$.change')
      if (change.expected === undefined)
        throw fault('missing', '$.change.expected', change.expected, 'the new estimate')
      return estimated(deferral, change.expected)
    case 'refund': {
      checkKeys(change, ['kind', 'amount', 'points', 'expected'], '$.change')
      const back = plus(refunded, minorIn(change.amount, currency, '$.change.amount'), '$.change.amount')
      if (back > price) throw fault('out-of-range', '$.change.amount', change.amount, 'at most what was paid')
      const points = within(change.points, open)
      const ahead = deferral.expected - redeemed
      const expects =
        points === 0 ? ahead : Number(rounded(BigInt(ahead) * BigInt(open - points), BigInt(open), 'half-up'))
      return estimated(
        { ...deferral, refunded: back, granted: granted - points, expected: redeemed + expects },
        change.expected,
      )
    }
    default:
      throw unknownName('$.change.kind', kind, ['redeemed', 'returned', 'expired', 'estimate', 'refund'])
  }
}

/** With a new estimate, where there is one. It is from what was redeemed to what can be. */
function estimated(deferral: PointsDeferral, expected: number | undefined): PointsDeferral {
  const total = expected ?? deferral.expected
  const most = deferral.granted - deferral.expired
  checkCount(total, '$.change.expected')
  if (total < deferral.redeemed || total > most)
    throw fault(
      'out-of-range',
      '$.change.expected',
      total,
      `from ${deferral.redeemed} redeemed to ${most} possible`,
    )
  return { ...deferral, expected: total }
}

/** With the revenue that is due to date. */
function caughtUp(deferral: PointsDeferral): PointsDeferral {
  const { granted, redeemed, expected, rounding } = deferral
  const allocation = allocationOf(deferral)
  const due =
    redeemed === expected
      ? allocation
      : Number(rounded(BigInt(allocation) * BigInt(redeemed), BigInt(expected), rounding))
  const redemption = granted === 0 ? 0 : shareOf(allocation, redeemed, granted)
  return { ...deferral, recognised: { redemption, breakage: due - redemption } }
}

function stepTo(
  before: PointsDeferral,
  deferral: PointsDeferral,
  kind: DeferralMovement['kind'],
): DeferralStep {
  const { currency, recognised } = deferral
  const text = (minor: number) => amountIn(minor + 0, currency)
  const cash = deferral.price - deferral.refunded - (before.price - before.refunded)
  const points = allocationOf(deferral) - allocationOf(before)
  const liability = liabilityOf(deferral)
  return {
    deferral,
    movement: {
      kind,
      currency,
      cash: text(cash),
      goods: text(cash - points),
      redemption: text(recognised.redemption - before.recognised.redemption),
      breakage: text(recognised.breakage - before.recognised.breakage),
      liability: text(liability - liabilityOf(before)),
    },
    liability: text(liability),
    recognised: text(recognised.redemption + recognised.breakage),
  }
}

/** A deferral may have been stored. */
function checkDeferral(deferral: PointsDeferral): void {
  if (!isRecord(deferral as unknown)) throw fault('wrong-type', '$', deferral, 'a deferral')
  currencyOf(deferral.currency)
  for (const key of ['price', 'allocated', 'refunded', 'granted', 'expected', 'redeemed', 'expired'] as const)
    checkCount(deferral[key], `$.${key}`)
  checkRounding(deferral.rounding, '$.rounding')
  const { price, allocated, refunded, granted, expected, redeemed, expired, recognised } = deferral
  if (!isRecord(recognised))
    throw fault('malformed-state', '$.recognised', recognised, '{ redemption, breakage }')
  for (const key of ['redemption', 'breakage'] as const) checkCount(recognised[key], `$.recognised.${key}`)
  const holds =
    allocated <= price &&
    refunded <= price &&
    redeemed <= expected &&
    expected <= granted - expired &&
    liabilityOf(deferral) >= 0
  if (!holds)
    throw fault(
      'malformed-state',
      '$',
      deferral,
      'redeemed <= expected <= granted - expired, recognised <= allocation',
    )
}
