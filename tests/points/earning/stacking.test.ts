// Several rules for one event: which are paid, and why the others are not.
import { type DefinitionError, explain, pointsFrom, type StackingPolicy } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { buyer, market, paidBy, pointsOf, postings, purchase, rate } from './support/market.js'

const { paid, cancelled, checkedIn } = buyer()
const at = '2026-03-05'
const gift = { ...purchase, rule: 'gift', earns: { points: 15 } } as const
const three = [rate('single', 1), gift, rate('double', 2)]
const stacked = (policy: StackingPolicy, rules: readonly string[]) =>
  pointsOf({ earning: three, stacking: [{ rules, policy }] })
const wrong = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    const { code, path } = error as DefinitionError
    return `${code} ${path}`
  }
  return 'nothing was wrong'
}

describe('a policy', () => {
  test.each([
    ['all', ['single', 'gift'], 5, ['single 5', 'gift 15', 'double 10']],
    ['best', ['single', 'gift'], 5, ['gift 15', 'double 10']],
    ['best', ['single', 'gift'], 20, ['single 20', 'double 40']],
    // Of equals the earlier in the group.
    ['best', ['gift', 'single'], 15, ['gift 15', 'double 30']],
    ['best', ['single', 'gift'], 15, ['single 15', 'double 30']],
    ['priority', ['double', 'single'], 5, ['gift 15', 'double 10']],
    ['priority', ['single', 'gift', 'double'], 5, ['single 5']],
    ['exclusive', ['gift'], 5, ['gift 15']],
    ['exclusive', ['single', 'double'], 5, ['single 5', 'double 10']],
  ] as const)('%s of %j, an order of %d', (policy, rules, amount, expected) => {
    expect(paidBy(stacked(policy, rules), [paid(at, 'a', `${amount}`)])).toEqual(expected)
  })

  test('what is worth most is compared as fractions, before left-overs and caps', () => {
    const engine = pointsOf({
      earning: [rate('single', 1), { ...rate('thirds', 4), earns: { points: 4, per: '3.99', of: 'amount' } }],
      stacking: [{ rules: ['single', 'thirds'], policy: 'best' }],
      caps: [{ cap: 'few', rules: ['thirds'], atMost: 1, per: 'event', overflow: 'truncate' }],
    })
    expect(paidBy(engine, [paid(at, 'a', '1'), paid(at, 'b', '399')])).toEqual(['thirds 1', 'thirds 1'])
  })

  test('a rule that does not apply gives way', () => {
    const later = { ...rate('later', 9), when: market.count('order-paid').gte(2) }
    for (const policy of ['best', 'priority', 'exclusive'] as const) {
      const engine = pointsOf({
        earning: [later, purchase],
        stacking: [{ rules: ['later', 'purchase'].slice(0, policy === 'exclusive' ? 1 : 2), policy }],
      })
      expect(paidBy(engine, [paid(at, 'a', '1'), paid(at, 'b', '1')])).toEqual(['purchase 1', 'later 9'])
    }
  })

  test('what begins to apply later at the instant is not paid beside what was paid instead of it', () => {
    const checked = { ...rate('checked', 9), when: market.count('checked-in').gte(1) }
    const inputs = [paid(at, 'a', '1'), checkedIn(at)]
    for (const policy of ['best', 'priority'] as const) {
      const engine = pointsOf({
        earning: [purchase, checked],
        stacking: [{ rules: ['checked', 'purchase'], policy }],
      })
      expect(paidBy(engine, inputs)).toEqual(['purchase 1'])
    }
    const alone = pointsOf({
      earning: [purchase, checked],
      stacking: [{ rules: ['checked'], policy: 'exclusive' }],
    })
    expect(paidBy(alone, inputs)).toEqual(['purchase 1'])
    expect(paidBy(alone, [checkedIn(at), paid(at, 'a', '1')])).toEqual(['checked 9'])
  })

  test('of two exclusive groups the first listed wins, and inside it each pays', () => {
    const engine = pointsOf({
      earning: three,
      stacking: [
        { rules: ['double'], policy: 'exclusive' },
        { rules: ['gift', 'single'], policy: 'exclusive' },
      ],
    })
    expect(paidBy(engine, [paid(at, 'a', '5')])).toEqual(['double 10'])
  })

  test('a refund takes back what was paid', () => {
    expect(
      postings(stacked('best', ['single', 'gift', 'double']), [paid(at, 'a', '5'), cancelled(at, 'a')]).map(
        ({ rule, points }) => [rule, points],
      ),
    ).toEqual([
      ['gift', 15],
      ['gift', 15],
    ])
  })
})

test('says which rules were not paid, and why', () => {
  const said = (policy: StackingPolicy, rules: readonly string[]) => {
    const [one] = postings(stacked(policy, rules), [paid(at, 'a', '5')])
    const engine = pointsOf()
    return [explain(engine, one!.reason, 'en'), explain(engine, one!.reason, 'zh')]
  }
  expect(said('best', ['single', 'gift', 'double'])).toEqual([
    '15 for the event (rule gift); not single, because gift pays more; not double, because gift pays more',
    '每次积15分（规则：gift）；未按single发放，因为gift更高；未按double发放，因为gift更高',
  ])
  expect(said('priority', ['double', 'single', 'gift'])[0]).toBe(
    '5.00 CNY, 2 for each 1 CNY (rule double); not single, because double comes first; not gift, because double comes first',
  )
  expect(said('exclusive', ['single'])[0]).toBe(
    '5.00 CNY, 1 for each 1 CNY (rule single); not gift, because single shuts out others; not double, because single shuts out others',
  )
})

test('at most ten are named', () => {
  const many = Array.from({ length: 14 }, (_, i) => rate(`r${i}`, 1))
  const engine = pointsOf({
    earning: many,
    stacking: [{ rules: many.map(({ rule }) => rule), policy: 'best' }],
  })
  const [one, ...more] = postings(engine, [paid(at, 'a', '5')])
  expect(more).toEqual([])
  expect((one!.reason as unknown as { readonly unpaid: readonly object[] }).unpaid).toHaveLength(10)
})

test.each([
  [[{ rules: ['sinlge'], policy: 'best' }], 'unknown-name $.stacking[0].rules[0]'],
  [[{ rules: [], policy: 'best' }], 'missing $.stacking[0].rules'],
  [[{ rules: ['single'], policy: 'most' }], 'unknown-name $.stacking[0].policy'],
  [
    [
      { rules: ['single'], policy: 'best' },
      { rules: ['gift', 'single'], policy: 'all' },
    ],
    'duplicate-name $.stacking[1].rules[1]',
  ],
])('%j is refused', (stacking, fault) => {
  expect(wrong(() => pointsOf({ earning: three, stacking: stacking as never }))).toBe(fault)
})

test('points of two currencies are not compared', () => {
  const currencies = [
    { currency: 'points', kind: 'spendable' },
    { currency: 'stars', kind: 'status' },
  ] as const
  const earning = [purchase, { ...rate('stars', 1), in: 'stars' }]
  const stacking = (policy: StackingPolicy) => ({
    currencies,
    earning,
    stacking: [{ rules: ['purchase', 'stars'], policy }],
  })
  expect(wrong(() => pointsOf(stacking('best')))).toBe('currency-mismatch $.stacking[0].rules[1]')
  const engine = pointsOf(stacking('priority'))
  expect(paidBy(engine, [paid(at, 'a', '5')])).toEqual(['purchase 5'])
  expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
})
