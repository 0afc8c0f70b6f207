import { defineEvents, definePoints, type InputOf, money, pointsEvents, text } from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...pointsEvents('points', { tiers: { level: ['none', 'silver', 'gold'], club: ['member', 'star'] } }),
})
const shared = { id: 'points', version: 1, calendar: { zone: 'UTC' }, events: shop, earning: [] } as const
const points = definePoints({
  ...shared,
  currencies: [
    { currency: 'points', kind: 'spendable' },
    { currency: 'status', kind: 'status' },
  ],
  tiers: [
    {
      track: 'level',
      measure: { earned: 'status' },
      levels: [
        { tier: 'silver', from: 1 },
        { tier: 'gold', from: 2 },
      ],
    },
  ],
})

test('views know tracks and tiers', () => {
  const { tiers } = points.view(points.start('u1'), 0)
  expectTypeOf(tiers.level.tier).toEqualTypeOf<'silver' | 'gold' | null>()
  // @ts-expect-error: there is no such track
  void tiers.levels
  const plain = definePoints({ ...shared })
  // @ts-expect-error: it has no tiers
  void plain.view(plain.start('u1'), 0).tiers
})

test('commands know tracks and tiers', () => {
  type Input = InputOf<typeof points>
  const at = { id: 'c', subject: 'u1', occurredAt: 0, type: 'points/set-tier' } as const
  const set: Input = { ...at, data: { track: 'level', tier: 'gold', reason: 'a favour' } }
  void set
  // @ts-expect-error: there is no such tier
  const diamond: Input = { ...at, data: { track: 'level', tier: 'diamond', reason: 'a favour' } }
  void diamond
  const plain = definePoints({ ...shared })
  // @ts-expect-error: without tracks there is no such command
  const none: InputOf<typeof plain> = { ...at, data: { track: 'level', tier: 'gold', reason: 'a favour' } }
  void none
})

test('the rule language knows each track by its words', () => {
  shop.says('points', 'level').is('gold')
  shop.says('points', 'club').is('star')
  // @ts-expect-error: a word of the other track
  shop.says('points', 'level').is('star')
  // @ts-expect-error: no such track
  shop.says('points', 'tier')
})

test('misspelt words of a track do not compile', () => {
  const levels = [{ tier: 'silver', from: 1 }] as const
  definePoints({
    ...shared,
    // @ts-expect-error: no such currency
    tiers: [{ track: 'level', measure: { earned: 'pionts' }, levels }],
  })
  definePoints({
    ...shared,
    // @ts-expect-error: no such policy
    tiers: [{ track: 'level', measure: { earned: 'points' }, levels, downgrade: 'two-levels' }],
  })
  definePoints({
    ...shared,
    // @ts-expect-error: no such option
    tiers: [{ track: 'level', measure: { earned: 'points' }, levels, renewal: 'always' }],
  })
})
