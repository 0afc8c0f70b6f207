import * as fc from 'fast-check'
import type { LedgerRow, OutstandingLot } from 'liuliang'

const day = 86_400_000
const currency = fc.constantFrom('points', 'points', 'status')
/** Often tied, often at the same hour, over about three years. */
const days = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1000 }))
const apart = fc
  .tuple(days, fc.constantFrom(0, 1, 3_600_000, 13 * 3_600_000))
  .map(([many, more]) => many * day + more)

/** Lots as they may be found at an instant: pending, confirmed by then, expired already, never expiring. */
export const outstandingLots = (asOf: number): fc.Arbitrary<OutstandingLot> =>
  fc
    .record({
      currency,
      points: fc.oneof(fc.nat(9), fc.nat(1_000_000)),
      age: apart,
      left: fc.option(fc.tuple(apart, fc.boolean())),
      confirms: fc.oneof(fc.constant(undefined), fc.constant(null), apart),
      cost: fc.option(fc.nat(500), { nil: undefined }),
    })
    .map(({ currency: name, points, age, left, confirms, cost }) => ({
      currency: name,
      points,
      earnedAt: asOf - age,
      expiresAt: left === null ? null : asOf + (left[1] ? -left[0] : left[0]),
      ...(confirms !== undefined && { confirmsAt: confirms === null ? null : asOf - 10 * day + confirms }),
      ...(cost !== undefined && { cost }),
    }))

/** Movements before and after an instant, some of which belong to an earlier date. */
export const ledgerRows = (asOf: number): fc.Arbitrary<LedgerRow> =>
  fc
    .record({
      currency,
      kind: fc.constantFrom(
        ...([
          'earned',
          'earned',
          'redeemed',
          'returned',
          'expired',
          'clawed-back',
          'transferred',
          'adjusted',
        ] as const),
      ),
      points: fc.nat(1000),
      out: fc.boolean(),
      before: apart,
      earned: apart,
      effective: fc.option(days),
    })
    .map(({ currency: name, kind, points, out, before, earned, effective }) => {
      const at = asOf + 20 * day - before
      const date = effective === null ? at : at - effective * day
      return {
        at,
        ...(effective !== null && { effectiveAt: date }),
        currency: name,
        kind,
        points: out && (kind === 'transferred' || kind === 'adjusted') ? -points : points,
        ...(kind !== 'earned' && { earnedAt: date - earned }),
      }
    })
