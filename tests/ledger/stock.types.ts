// What a stock does not take.
import { defineStock, type InputOf } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const base = { id: 'gift', version: 1, calendar: { zone: 'UTC' } } as const

test('a unit, an amount, a policy and a command are checked', () => {
  // @ts-expect-error no unit
  defineStock({ ...base, unit: 'piece' })
  // @ts-expect-error text for pieces
  defineStock({ ...base, unit: 'pieces', limits: [{ limit: 'a', per: 'all', most: '1' }] })
  // @ts-expect-error a number for money
  defineStock({ ...base, unit: 'CNY', limits: [{ limit: 'a', per: 'all', most: 1 }] })
  // @ts-expect-error no policy
  defineStock({ ...base, unit: 'pieces', givenBack: 'frees' })
  const over = { limit: 'a', per: 'all', most: 1, within: { previous: 'day' } } as const
  // @ts-expect-error a window that is over
  defineStock({ ...base, unit: 'pieces', limits: [over] })

  const gift = defineStock({ ...base, unit: 'pieces' })
  const budget = defineStock({ ...base, unit: 'CNY' })
  type Type = InputOf<typeof gift>['type']
  expectTypeOf<Type>().toEqualTypeOf<
    | 'gift/restock'
    | 'gift/withdraw'
    | 'gift/reserve'
    | 'gift/take'
    | 'gift/commit'
    | 'gift/give-back'
    | 'gift/release'
    | 'gift/close'
  >()
  expectTypeOf(gift.view).returns.toHaveProperty('available').toEqualTypeOf<number>()
  expectTypeOf(budget.view).returns.toHaveProperty('available').toEqualTypeOf<string>()
  type Reserve = Extract<InputOf<typeof budget>, { type: 'gift/reserve' }>
  expectTypeOf<Reserve['data']['amount']>().toEqualTypeOf<string>()
})
