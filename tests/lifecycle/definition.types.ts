// What must not compile in the definition of a lifecycle.
import { attributes, defineEvents, defineLifecycle, matchStage, moment, money, text } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), channel: text('web', 'app') },
  visited: {},
  'opted-out': {},
  ...attributes({ birthday: moment(), city: text() }),
})
const orders = shop.count('order-paid')
const base = {
  id: 'customer',
  version: 1,
  calendar: { zone: 'UTC' },
  events: shop,
  activity: ['order-paid', 'visited'],
  stages: ['lead', 'active', 'lapsed'],
  initial: 'lead',
} as const
const rest = { active: [], lapsed: [] } as const

test('rules name stages and events that exist', () => {
  const customer = defineLifecycle({
    ...base,
    rules: {
      lead: [
        { to: 'active', on: 'order-paid', when: orders.gte(2), reset: [orders] },
        { to: 'active', on: { event: 'order-paid', where: { amount: { gte: '500' }, channel: 'web' } } },
        { ignores: 'visited' },
      ],
      active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
      lapsed: [{ to: 'active', since: 'birthday', reaches: { years: 1 } }],
    },
    everywhere: [{ to: 'lapsed', on: 'opted-out' }],
  })
  expectTypeOf(customer.view).returns.toHaveProperty('stage').toEqualTypeOf<'lead' | 'active' | 'lapsed'>()
  // @ts-expect-error a misspelt target
  defineLifecycle({ ...base, rules: { ...rest, lead: [{ to: 'actve', on: 'order-paid' }] } })
  defineLifecycle({
    ...base,
    rules: {
      ...rest,
      lead: [
        { to: 'active', on: 'visited' },
        // @ts-expect-error a misspelt event among several rules
        { to: 'active', on: 'order-payed' },
      ],
    },
  })
  defineLifecycle({
    ...base,
    // @ts-expect-error a misspelt field of the payload
    rules: { ...rest, lead: [{ to: 'active', on: { event: 'order-paid', where: { amont: '1' } } }] },
  })
  defineLifecycle({
    ...base,
    // @ts-expect-error a value that the payload never has
    rules: { ...rest, lead: [{ to: 'active', on: { event: 'order-paid', where: { channel: 'fax' } } }] },
  })
  defineLifecycle({
    ...base,
    // @ts-expect-error a payload of the wrong type
    rules: { ...rest, lead: [{ to: 'active', on: { event: 'order-paid', where: { amount: 500 } } }] },
  })
  // @ts-expect-error a stage without rules
  defineLifecycle({ ...base, rules: { lead: [], active: [] } })
  // @ts-expect-error rules of a stage that does not exist
  defineLifecycle({ ...base, rules: { ...rest, lead: [], vip: [] } })
  defineLifecycle({
    ...base,
    // @ts-expect-error a misspelt target of a rule of time
    rules: { lead: [], lapsed: [], active: [{ to: 'lapsd', inactiveFor: { days: 30 } }] },
  })
  defineLifecycle({
    ...base,
    // @ts-expect-error a misspelt target of an age
    rules: { ...rest, lead: [{ to: 'actve', since: 'birthday', reaches: { years: 1 } }] },
  })
  // @ts-expect-error a misspelt target everywhere
  defineLifecycle({ ...base, rules: { ...rest, lead: [] }, everywhere: [{ to: 'lapsd', on: 'opted-out' }] })
  // @ts-expect-error a misspelt event everywhere
  defineLifecycle({ ...base, rules: { ...rest, lead: [] }, everywhere: [{ to: 'lapsed', on: 'opted-oot' }] })
  // @ts-expect-error an event that does not exist is ignored
  defineLifecycle({ ...base, rules: { ...rest, lead: [{ ignores: 'visitted' }] } })
  // @ts-expect-error a final stage that does not exist
  defineLifecycle({ ...base, rules: { ...rest, lead: [] }, final: ['lapsd'] })
  defineLifecycle({
    ...base,
    // @ts-expect-error a span of two units
    rules: { ...rest, lead: [{ to: 'active', inactiveFor: { days: 3, hours: 2 } }] },
  })
  // @ts-expect-error words of a stage that does not exist
  defineLifecycle({ ...base, rules: { ...rest, lead: [] }, words: { zh: { leed: '潜客' } } })
})

test('facts', () => {
  // @ts-expect-error a misspelt event of a fact
  shop.count('order-payed')
  // @ts-expect-error a sum of what is no number
  shop.sum('order-paid', 'channel')
  // @ts-expect-error money is decimal text
  shop.sum('order-paid', 'amount').gte(300)
  // @ts-expect-error what is reset is a fact
  defineLifecycle({ ...base, rules: { ...rest, lead: [{ to: 'active', on: 'visited', reset: ['orders'] }] } })
})

test('with exhaustive, every stage answers every event', () => {
  const answers = {
    lead: [{ to: 'active', on: 'order-paid' }, { ignores: 'visited' }],
    active: [{ ignores: 'visited' }, { ignores: { event: 'order-paid' } }],
    lapsed: [],
  } as const
  const everywhere = [{ to: 'lapsed', on: 'opted-out' }, { ignores: 'attribute-set' }] as const
  defineLifecycle({ ...base, exhaustive: true, final: ['lapsed'], rules: answers, everywhere })
  defineLifecycle({ ...base, exhaustive: false, rules: { ...answers, lead: [] } })
  // @ts-expect-error a stage that is not final and answers nothing
  defineLifecycle({ ...base, exhaustive: true, rules: answers, everywhere })
  defineLifecycle({
    ...base,
    // @ts-expect-error an event that nobody answers
    exhaustive: true,
    final: ['lapsed'],
    rules: { ...answers, lead: [{ to: 'active', on: 'order-paid' }] },
    everywhere,
  })
})

test('match has an arm for every stage', () => {
  const stage = 'lead' as 'lead' | 'active'
  const said = matchStage(stage, { lead: () => 1, active: (now) => now })
  expectTypeOf(said).toEqualTypeOf<number | 'active'>()
  // @ts-expect-error a missing arm
  matchStage(stage, { lead: () => 1 })
})
