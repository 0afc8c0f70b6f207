import { expectTypeOf, test } from 'vitest'
import {
  adjustedP,
  defineSurvival,
  kaplanMeier,
  logRank,
  restrictedMean,
  type SurvivalInterval,
  survivalAt,
} from '../../src/measures/index.js'

const records = [{ time: 1, event: true }]

test('the transform is said, and is one of five', () => {
  // @ts-expect-error programs differ in their default
  kaplanMeier(records, { unit: 'day' })
  // @ts-expect-error it is log-log
  kaplanMeier(records, { unit: 'day', transform: 'loglog' })
  // @ts-expect-error nothing is converted, so the unit is said
  kaplanMeier(records, { transform: 'log' })
  // @ts-expect-error an unknown setting
  defineSurvival({ id: 'a', version: 1, unit: 'day', zone: 'UTC' })
})

test('what may not exist is asked for before it is read', () => {
  const curve = kaplanMeier(records, { unit: 'day', transform: 'log' })
  // @ts-expect-error there may be no such time
  survivalAt(curve, 1).value
  // @ts-expect-error there may be no interval
  curve.rows[0]?.interval.low
  // @ts-expect-error the horizon is said
  restrictedMean(curve, {})
  expectTypeOf(curve.rows[0]!.interval).toEqualTypeOf<SurvivalInterval>()
})

test('a sample has records or a table', () => {
  // @ts-expect-error neither
  logRank([{ group: 'a' }])
  // @ts-expect-error the method is said
  adjustedP([0.1], {})
})
