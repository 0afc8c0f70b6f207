import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { unitsOf } from '../../kernel/money.js'
import { nearestFloat } from '../../measures/accumulator.js'

/** What the future is to be like: stated, never fitted here. */
export interface PaybackProjection {
  /**
   * Of those who were acquired, how many are active at each offset from 0, or what share of those who are still there at
   * an offset is gone by the next. Has to reach as far as the horizon.
   */
  readonly curve: { readonly retention: readonly number[] } | { readonly hazard: readonly number[] }
  /** The last offset that is projected. */
  readonly horizon: number
  /**
   * What one active customer brings in a period: `mean` of all complete periods, of the `last` one, or a stated amount.
   * The first period is often unlike all others; then `mean` flatters.
   */
  readonly perActive: 'mean' | 'last' | { readonly amount: string }
}

/** Amounts are counted in units of 10^-8, as money is. */
export const UNITS = 100_000_000n

/** More than thirty years of days. */
const farthest = 12_000

/** A cohort's complete cells. */
export interface Observed {
  readonly cohort: string
  readonly size: number
  /** What it had brought by the end of each, in units. */
  readonly sums: readonly bigint[]
}

interface Point {
  readonly offset: number
  readonly basis: 'observed' | 'projected'
  readonly cumulative: number
}

/** What comes after the complete periods, as far as it can be said. */
export interface Projected {
  readonly points: readonly Point[]
  readonly failed?: 'nobody-active' | 'too-large'
}

/** What one customer had brought by the end of each complete period. */
export function observedPoints({ size, sums }: Observed): readonly Point[] {
  if (size === 0) return []
  return sums.map((sum, offset) => ({
    offset,
    basis: 'observed',
    cumulative: nearestFloat(sum, BigInt(size) * UNITS, 0),
  }))
}

interface Future {
  /** Of those acquired, the share that is active at each offset. */
  readonly active: readonly number[]
  readonly horizon: number
  readonly perActive: 'mean' | 'last' | number
}

/** What comes after the complete periods. Of nothing observed no value of an active customer can be read off. */
export function projectionOf(one: Observed, future: Future | undefined): Projected {
  const { size, sums } = one
  if (future === undefined || size === 0) return { points: [] }
  const { active, horizon, perActive } = future
  const known = observedPoints(one)
  const length = known.length
  let cumulative = known[length - 1]?.cumulative ?? 0
  if (length > horizon || (length === 0 && typeof perActive !== 'number')) return { points: [] }
  let each: number
  if (typeof perActive === 'number') each = perActive
  else {
    let customers = 0
    if (perActive === 'last') customers = active[length - 1]!
    else for (let offset = 0; offset < length; offset += 1) customers += active[offset]!
    if (customers === 0) return { points: [], failed: 'nobody-active' }
    const increment = sums[length - 1]! - (perActive === 'last' ? (sums[length - 2] ?? 0n) : 0n)
    each = nearestFloat(increment, BigInt(size) * UNITS, 0) / customers
  }
  const points: Point[] = []
  for (let offset = length; offset <= horizon; offset += 1) {
    cumulative += each * active[offset]!
    if (!Number.isFinite(cumulative)) return { points, failed: 'too-large' }
    points.push({ offset, basis: 'projected', cumulative })
  }
  return { points }
}

/** @throws DefinitionError for a projection that does not hold, with its path. */
export function readProjection(projection: PaybackProjection, currency: string): Future {
  checkRecord(projection, '$.projection')
  const { curve, horizon, perActive } = projection
  if (!(Number.isSafeInteger(horizon) && horizon >= 0 && horizon <= farthest) || Object.is(horizon, -0))
    throw fault('out-of-range', '$.projection.horizon', horizon, `a whole number from 0 to ${farthest}`)
  const active = readCurve(curve)
  if (active.length <= horizon)
    throw fault('missing', '$.projection.curve', active.length, `a curve up to offset ${horizon}`)
  if (perActive === 'mean' || perActive === 'last') return { active, horizon, perActive }
  checkRecord(perActive, '$.projection.perActive')
  const units = unitsOf({ amount: perActive.amount, currency }, '$.projection.perActive')
  return { active, horizon, perActive: nearestFloat(units, UNITS, 0) }
}

function readCurve(curve: PaybackProjection['curve']): readonly number[] {
  const path = '$.projection.curve'
  checkRecord(curve, path)
  const given = curve as { readonly retention?: readonly number[]; readonly hazard?: readonly number[] }
  if ((given.retention === undefined) === (given.hazard === undefined))
    throw fault('missing', path, undefined, 'a retention or a hazard curve, one of them')
  const name = given.retention === undefined ? 'hazard' : 'retention'
  const shares: readonly number[] | undefined = given[name]
  checkList(shares, `${path}.${name}`)
  for (const [i, share] of shares.entries()) {
    if (!(typeof share === 'number' && share >= 0 && share <= 1) || Object.is(share, -0))
      throw fault('out-of-range', `${path}.${name}[${i}]`, share, 'a share from 0 to 1')
  }
  if (name === 'retention') return shares
  let left = 1
  return [1, ...shares.slice(0, farthest).map((share) => (left *= 1 - share))]
}
