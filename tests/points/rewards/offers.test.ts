// What a member is told of each reward agrees with what becomes of a claim.
import * as fc from 'fast-check'
import { explain, offersFor } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { at, club, type member, rich } from './support/gifts.js'

type Member = ReturnType<typeof member>
const offers = (one: Member, when: string, left = {}) =>
  Object.fromEntries(
    offersFor(club, one.state(), at(when), { left }).map((offer) => [
      offer.reward,
      { ...offer, said: (lang: 'en' | 'zh') => offer.why.map((why) => explain(club, why, lang)).join('; ') },
    ]),
  )

describe('offers', () => {
  test('say what can be claimed, how many at once, and what is missing', () => {
    const ann = rich(320)
    const all = offers(ann, '2024-03-02')
    expect(Object.keys(all)).toEqual(['mug', 'tote', 'lounge', 'feast', 'market', 'watch', 'cap'])
    expect(all['mug']).toMatchObject({ claimable: false, most: 0 })
    expect(all['mug']!.said('en')).toBe('180 points more')
    expect(all['mug']!.said('zh')).toBe('还差180分')
    expect(all['tote']).toMatchObject({
      claimable: true,
      most: 2,
      prices: [
        { option: 'points', points: 800, missing: 480, money: null },
        { option: 'mixed', points: 300, missing: 0, money: { amount: '9.90', currency: 'CNY' } },
        { option: 'cash', points: 0, missing: 0, money: { amount: '29.00', currency: 'CNY' } },
      ],
      why: [],
    })
    expect(all['feast']!.said('en')).toBe('on offer from 2024-06-01 00:00 on')
    expect(all['feast']!.said('zh')).toBe('2024-06-01 00:00起可兑换')
    expect(all['market']!.said('en')).toBe('not on offer today; again from 2024-03-09 00:00 on')
    expect(all['market']!.said('zh')).toBe('今日不可兑换；2024-03-09 00:00起可再兑换')
    expect(all['watch']!.prices[0]!.money).toEqual({ amount: '1200', currency: 'JPY' })
  })

  test('say who may, and what has to be otherwise', () => {
    const { lounge } = offers(rich(320), '2024-03-02')
    expect(lounge!.said('en')).toBe('not for this member: not: "points"\'s "level" is "gold" (is "none")')
    expect(lounge!.needs.map((leaf) => explain(club, leaf, 'en'))).toEqual([
      '"points"\'s "level" is "gold" (is "none")',
    ])
  })

  test('say limits, and when they have room', () => {
    const ann = rich(2900)
    ann.tell('2024-03-02', 'points/claim', { reward: 'mug', quantity: 3 })
    const { mug } = offers(ann, '2024-03-05')
    expect(mug!.said('en')).toBe(
      'at most 3 (limit monthly); 0 are left, 1 were asked for; again from 2024-04-01 00:00 on',
    )
    expect(mug!.said('zh')).toBe('限兑3件（monthly）；还可兑0件，申请1件；2024-04-01 00:00起可再兑换')
    expect(offers(ann, '2024-04-01')['mug']!.most).toBe(2)
  })

  test('say what the caller knows of stocks', () => {
    const ann = rich(320)
    expect(offers(ann, '2024-03-02', { cap: 0 })['cap']!.said('en')).toBe('0 left')
    expect(offers(ann, '2024-03-02', { cap: 0 })['cap']!.said('zh')).toBe('库存剩余0件')
    expect(offers(ann, '2024-03-02', { cap: 1 })['cap']!.most).toBe(1)
    expect(offers(ann, '2024-03-02')['cap']!.most).toBe(2)
  })

  test('all that stands in the way is said', () => {
    const ann = rich(5)
    expect(offers(ann, '2024-03-02', { lounge: 0 })['lounge']!.why.map(({ code }) => code)).toEqual([
      'not-eligible',
      'points-missing',
      'sold-out-now',
    ])
  })

  test('options that nobody reads, and pieces that are none, are refused', () => {
    const state = rich(5).state()
    const ask = (options: object) => () => offersFor(club, state, at('2024-03-02'), options as never)
    expect(ask({ stock: {} })).toThrow('unknown-key')
    expect(ask({ left: { mug: -1 } })).toThrow('out-of-range')
    expect(() => offersFor(club, state, at('2024-02-02'))).toThrow('as-of-before-state')
    expect(() => offersFor({} as never, state, 0)).toThrow('wrong-type')
  })
})

test('a claim is accepted where the offer says so, refused first for what is said first, and never for one piece more', () => {
  const words = ['mug', 'tote', 'lounge', 'feast', 'market'] as const
  const acts = fc.array(
    fc.record({
      hours: fc.integer({ min: 1, max: 700 }),
      reward: fc.constantFrom(...words),
      option: fc.nat({ max: 2 }),
      more: fc.nat({ max: 1 }),
      points: fc.integer({ min: 0, max: 1500 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  let claimable = 0
  fc.assert(
    fc.property(acts, (made) => {
      const ann = rich(900)
      let now = at('2024-03-01')
      for (const [i, { hours, reward, option, more, points }] of made.entries()) {
        now += hours * 3_600_000
        if (points > 0) ann.tell(now, 'points/earn', { points, reason: 'r' }, `g${i}`)
        const offer = offersFor(club, ann.state(), now).find((one) => one.reward === reward)!
        const price = offer.prices[option % offer.prices.length]!
        const named = price.option === null ? {} : { option: price.option }
        const outcome = ann.decide(now, 'points/claim', { reward, ...named, quantity: 1 }, `c${i}`)
        const first = offer.why[0]
        if (offer.claimable && price.missing === 0) {
          claimable += 1
          expect(outcome.outcome).toBe('accepted')
          const best = offer.prices.map((one) => {
            const all = {
              reward,
              quantity: offer.most + more,
              ...(one.option !== null && { option: one.option }),
            }
            return ann.decide(now, 'points/claim', all, `d${i}`).outcome
          })
          expect(best.includes('accepted')).toBe(more === 0)
          ann.tell(now, 'points/claim', { reward, ...named, quantity: 1 }, `c${i}`)
        } else if (outcome.outcome !== 'refused') throw new Error('was not refused')
        else if (offer.claimable || first!.code === 'points-missing')
          expect(outcome.refusal).toMatchObject({
            code: 'insufficient-points',
            requested: price.points,
            available: price.points - price.missing,
          })
        else expect(outcome.refusal).toEqual(first)
      }
    }),
    { numRuns: runs(150, 5000) },
  )
  expect(claimable).toBeGreaterThan(runs(100, 4000))
})
