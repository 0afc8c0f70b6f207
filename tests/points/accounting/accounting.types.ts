import {
  collect,
  definePointsDevelopment,
  definePointsLiability,
  forecastLiability,
  moveDeferral,
} from 'liuliang'
import { test } from 'vitest'

const owed = definePointsLiability({
  id: 'owed',
  version: 1,
  calendar: { zone: 'UTC' },
  asOf: 0,
  currencies: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' }, status: 'not-owed' },
})

test('currencies of points are those of the definition', () => {
  const liability = owed.result(collect(owed, []))
  const curve = { redeemed: [0.5], ultimate: 0.5, source: 'made up' }
  // @ts-expect-error points
  liability.currencies.point
  // @ts-expect-error points
  forecastLiability(liability, { currency: 'point', curve, months: 1 })
  // @ts-expect-error there is no curve by default
  forecastLiability(liability, { currency: 'points', months: 1 })
  const development = definePointsDevelopment({
    id: 'd',
    version: 1,
    calendar: { zone: 'UTC' },
    currencies: ['points'],
  })
  // @ts-expect-error points
  development.result(development.empty(), { asOf: 0 }).currencies.coins
})

test('rounding is named, and status has no money before it is asked for', () => {
  definePointsLiability({
    ...owed.definition,
    id: 'owed',
    version: 1,
    calendar: { zone: 'UTC' },
    asOf: 0,
    // @ts-expect-error how it is rounded
    currencies: { points: { currency: 'CNY', perPoint: '0.01' } },
  })
  // @ts-expect-error it may be none
  owed.result(owed.empty()).currencies.status.outstanding.value.amount
})

test('a change says what belongs to its kind', () => {
  const deferral = {} as Parameters<typeof moveDeferral>[0]
  const never = () => {
    // @ts-expect-error an estimate has no points
    moveDeferral(deferral, { kind: 'estimate', points: 1 })
    // @ts-expect-error a refund says the amount
    moveDeferral(deferral, { kind: 'refund', points: 1 })
    // @ts-expect-error redeemed
    moveDeferral(deferral, { kind: 'redeem', points: 1 })
  }
  return never
})
