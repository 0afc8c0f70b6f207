import {
  all,
  any,
  attributes,
  type Condition,
  defineEvents,
  explain,
  type Fact,
  type Finding,
  factKinds,
  flag,
  integer,
  type LintOptions,
  lintCondition,
  lintRules,
  moment,
  money,
  not,
  ref,
  someOf,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents(
  {
    'order-paid': {
      amount: money('CNY'),
      items: integer(),
      channel: text('web', 'app'),
      gift: flag(),
      note: text().optional(),
      friend: ref('friend').optional(),
    },
    'order-refunded': { amount: money('CNY') },
    visited: {},
    ...attributes({ level: text('gold', 'silver'), birthday: moment() }),
  },
  { words: { en: { 'order-paid': 'order' }, zh: { 'order-paid': '下单', 'order-refunded': '退款' } } },
)
const inZone = (zone: string) => ({ events: shop.events, calendar: { zone }, kinds: factKinds })
const context = inZone('Asia/Shanghai')
const lint = (condition: Condition, options: LintOptions = {}) => lintCondition(condition, context, options)
/** Codes and places, as `code $.of[0] ($.of[1])`. */
const outline = (findings: readonly Finding[]) =>
  findings.map((one) => `${one.code} ${one.path}${'related' in one ? ` (${one.related.join()})` : ''}`)

const orders = (options: object = {}) => shop.count('order-paid', options)
const days = (count: number) => ({ within: { days: count } })

describe('never and always', () => {
  test.each<readonly [string, Condition]>([
    ['a count below 0', orders().lt(0)],
    ['an empty range', orders().between(3, 2)],
    ['more words than a field has', shop.distinct('order-paid', 'channel').gte(3)],
    ['a filter that nothing passes', orders({ where: { items: { gte: 3, lt: 3 } } }).gte(1)],
    ['a filter without words', orders({ where: { channel: { not: ['web', 'app'] } } }).gte(1)],
    ['a minimum outside its filter', shop.min('order-paid', 'items', { where: { items: { gte: 3 } } }).lt(3)],
    ['more of a part than of the whole', shop.ratio(orders({ where: { gift: true } }), orders()).gt('1')],
    ['a share of nothing', shop.ratio(orders(), shop.count('order-refunded')).lt('0')],
    ['no time at all', shop.timeSince('order-paid').lt({ days: 0 })],
    ['a negative age', shop.age('birthday', 'years').lt(0)],
  ])('%s never holds', (_, condition) => {
    expect(outline(lint(condition))).toContain('never-true $')
    expect(outline(lint(not(condition)))).toContain('always-true $')
  })

  test('what says nothing is neither', () => {
    expect(lint(shop.last('order-paid', 'channel').in('web', 'app'))).toEqual([])
    expect(lint(shop.attribute('level').in('gold', 'silver'))).toEqual([])
    expect(lint(shop.timeSince('order-paid').gte({ days: 0 }))).toEqual([])
    expect(lint(shop.sum('order-paid', 'amount').lt('0'))).toEqual([])
  })

  test('a part of what never or always holds is only named where it is the reason', () => {
    const [never, open] = [orders().lt(0), shop.count('visited').gte(1)]
    expect(outline(lint(all(open, never)))).toEqual(['never-true $', 'never-true $.of[1]'])
    expect(outline(lint(any(open, never)))).toEqual(['never-true $.of[1]', 'implied $.of[1] ($.of[0])'])
    expect(outline(lint(any(never, never)))).toEqual(['never-true $'])
    expect(outline(lint(all(open, not(never))))).toEqual(['always-true $.of[1]', 'implied $.of[1] ($.of[0])'])
  })
})

describe('contradictions', () => {
  test.each<readonly [string, Condition, Condition]>([
    ['a shorter window with more', orders(days(30)).gte(3), orders(days(90)).lt(3)],
    ['a month with more than 31 days', orders({ within: { months: 1 } }).gte(2), orders(days(31)).lt(2)],
    [
      'today with more than the month',
      orders({ within: { this: 'day' } }).gte(2),
      orders({ within: { this: 'month' } }).lt(2),
    ],
    ['a filter with more than all', orders({ where: { gift: true } }).gte(2), orders().lt(2)],
    [
      'a tighter filter with more',
      orders({ where: { items: { gte: 5 } } }).gte(1),
      orders({ where: { items: { gt: 3 } } }).lt(1),
    ],
    ['one store with more than all', orders({ per: 'channel' }).gte(2), orders().lt(2)],
    ['two words at once', shop.attribute('level').is('gold'), shop.attribute('level').is('silver')],
    [
      'the word it had before',
      shop.attribute('level').is('gold'),
      shop.attribute('level', { previous: true }).is('gold'),
    ],
    ['silent and active', shop.timeSince('order-paid').gte({ days: 90 }), orders(days(30)).gte(1)],
    ['active and silent', shop.timeSince('order-paid').lt({ days: 30 }), orders(days(30)).lt(1)],
    ['a long streak of few', shop.streak('order-paid', { unit: 'day', times: 2 }).gte(3), orders().lt(6)],
    [
      'a streak and silence',
      shop.streak('order-paid', { unit: 'day' }).gte(1),
      shop.timeSince('order-paid').gte({ days: 10 }),
    ],
    ['a funnel without its last step', shop.sequence(['visited', 'order-paid']).gte(1), orders().lt(1)],
    ['a wait that nothing ended', shop.timeBetween('visited', 'order-paid').gt({ hours: 1 }), orders().lt(1)],
    [
      'more visits than events',
      shop.sessions('visited', { gap: { minutes: 30 } }).gte(2),
      shop.count('visited').lt(2),
    ],
    [
      'the least above the most',
      shop.min('order-paid', 'items').gte(5),
      shop.max('order-paid', 'items').lt(5),
    ],
    ['last of none', shop.last('order-paid', 'gift').is(true), orders().is(0)],
    ['years of months', shop.age('birthday', 'years').gte(1), shop.age('birthday', 'months').lt(12)],
  ])('%s', (_, one, other) => {
    expect(outline(lint(all(one, other)))).toEqual(['never-true $', 'contradiction $.of[0] ($.of[1])'])
  })

  test('of more than two parts, no more are named than are needed', () => {
    const web = orders({ where: { channel: 'web' } })
    const app = orders({ where: { channel: 'app' } })
    const condition = all(web.gte(1), shop.count('visited').gte(1), app.gte(1), orders().lt(2))
    expect(outline(lint(condition))).toEqual(['never-true $', 'contradiction $.of[0] ($.of[2],$.of[3])'])
  })

  test('sums of counts that have no end are not rounded', () => {
    const [today, yesterday] = [orders({ within: { this: 'day' } }), orders({ within: { previous: 'day' } })]
    const silent = shop.timeSince('order-paid').gte({ hours: 24 })
    const active = someOf(2, orders(days(1)).is(2), today.gte(2))
    const idle = any(yesterday.is(0), orders({ within: { hours: 24 } }).lt(0), silent, today.lt(1))
    const found = outline(lintCondition(all(silent, active, idle), inZone('UTC')))
    expect(found).toContain('contradiction $.of[0] ($.of[1])')
    expect(found).not.toContain('contradiction $.of[1] ($.of[2])')
  })

  test('no contradiction where clocks, calendars or missing fields allow both', () => {
    // In a night in which clocks go forward, an earlier order can stay longer than the last one.
    const [silent, active] = [shop.timeSince('order-paid').gte({ days: 30 }), orders(days(30)).gte(1)]
    expect(lintCondition(all(silent, active), context)).toEqual([])
    expect(outline(lintCondition(all(silent, active), inZone('UTC')))).toContain('never-true $')
    expect(lint(all(orders({ within: { months: 1 } }).gte(2), orders(days(30)).lt(2)))).toEqual([])
    expect(
      lint(all(orders({ within: { this: 'week' } }).gte(2), orders({ within: { this: 'month' } }).lt(2))),
    ).toEqual([])
    expect(
      lint(all(orders({ where: { note: { not: 'x' } } }).gte(1), shop.distinct('order-paid', 'note').is(0))),
    ).toEqual([])
    expect(lint(all(orders({ as: 'friend' }).gte(2), orders().lt(2)))).toEqual([])
    expect(
      lint(
        all(shop.sum('order-paid', 'amount', days(30)).gte('10'), shop.sum('order-paid', 'amount').lt('10')),
      ),
    ).toEqual([])
  })
})

describe('parts that add nothing', () => {
  const [few, many] = [orders(days(90)).gte(1), orders(days(30)).gte(3)]
  test.each<readonly [string, Condition, readonly string[]]>([
    ['the weaker one of all', all(few, many), ['implied $.of[0] ($.of[1])']],
    ['the stronger one of any', any(few, many), ['implied $.of[1] ($.of[0])']],
    ['twice the same', all(many, many), ['duplicate $.of[1] ($.of[0])']],
    ['the same in other words', any(orders().gte(3), orders().gt(2)), ['duplicate $.of[1] ($.of[0])']],
    [
      'deeper down',
      any(shop.count('visited').gte(1), all(many, few)),
      ['implied $.of[1].of[1] ($.of[1].of[0])'],
    ],
    ['of several, only what is the same', someOf(2, few, many, shop.count('visited').gte(1)), []],
  ])('%s', (_, condition, found) => {
    expect(outline(lint(condition))).toEqual(found)
  })
})

describe('facts', () => {
  const retention = { days: 365 } as const
  test.each<readonly [string, Condition, boolean]>([
    ['ever', orders().gte(1), true],
    ['two years', orders({ within: { years: 2 } }).gte(1), true],
    ['a year, which may have 366 days', orders({ within: { years: 1 } }).gte(1), true],
    ['90 days', orders(days(90)).gte(1), false],
    ['365 days', orders(days(365)).gte(1), false],
    ['this year', orders({ within: { this: 'year' } }).gte(1), true],
    ['last month', orders({ within: { previous: 'month' } }).gte(1), false],
    ['since a refund', orders({ since: 'order-refunded' }).gte(1), true],
    ['silence of 90 days', shop.timeSince('order-paid').gte({ days: 90 }), false],
    ['silence of 400 days', shop.timeSince('order-paid').gte({ days: 400 }), true],
    ['a streak of 7 days', shop.streak('order-paid', { unit: 'day' }).gte(7), false],
    ['a streak of 12 months', shop.streak('order-paid', { unit: 'month' }).gte(12), true],
    ['a share of what is kept', shop.ratio(orders(days(90)), orders(days(90))).gte('1/2'), false],
    ['a share of everything', shop.ratio(orders(days(90)), orders()).gte('1/2'), true],
    ['a profile', shop.attribute('level').is('gold'), false],
  ])('%s and what is kept for 365 days', (_, condition, found) => {
    const codes = lint(condition, { retention }).map(({ code }) => code)
    expect(codes.includes('window-longer-than-retention')).toBe(found)
  })

  test('events that nobody declared, and that nobody sends', () => {
    const misspelt = {
      condition: 'gte',
      fact: { fact: 'count', event: 'order-payed' } as Fact,
      value: 1,
    } as const
    expect(outline(lint(not(misspelt)))).toEqual(['undeclared-event $.of.fact'])
    const condition = any(
      shop.count('visited').gte(1),
      shop.timeSince('order-paid', { orSince: 'visited' }).gte({ days: 3 }),
    )
    expect(outline(lint(condition, { observed: ['order-paid'] }))).toEqual([
      'unsent-event $.of[0].fact',
      'unsent-event $.of[1].fact',
    ])
  })
})

describe('alternatives', () => {
  const ever = orders().gte(1)
  const often = orders(days(90)).gte(3)
  const rules = (alternatives: Parameters<typeof lintRules>[0]) => outline(lintRules(alternatives, context))

  test('the stronger one has to come first', () => {
    expect(
      rules([
        { when: ever, to: 'active' },
        { when: often, to: 'loyal' },
      ]),
    ).toEqual(['shadowed $[1] ($[0])'])
    expect(
      rules([
        { when: often, to: 'loyal' },
        { when: ever, to: 'active' },
      ]),
    ).toEqual(['overlapping $[0] ($[1])'])
  })

  test('several together can leave nothing', () => {
    const [web, app] = (['web', 'app'] as const).map((channel) => orders({ where: { channel } }).gte(1))
    expect(rules([{ when: web! }, { when: app! }, { when: ever }])).toEqual([
      'overlapping $[0] ($[1])',
      'shadowed $[2] ($[0],$[1])',
    ])
  })

  test('what excludes one another, leads to one place or waits for different events does not compete', () => {
    expect(
      rules([
        { when: orders().lt(3), to: 'a' },
        { when: orders().gte(3), to: 'b' },
      ]),
    ).toEqual([])
    expect(
      rules([
        { when: often, to: 'a' },
        { when: shop.count('visited').gte(1), to: 'a' },
      ]),
    ).toEqual([])
    expect(
      rules([
        { on: 'order-paid', to: 'a' },
        { on: 'visited', to: 'b' },
      ]),
    ).toEqual([])
    expect(
      rules([
        { on: 'order-paid', to: 'a' },
        { on: 'order-paid', when: often, to: 'b' },
      ]),
    ).toEqual(['shadowed $[1] ($[0])'])
    expect(
      rules([
        { on: 'order-paid', when: often, to: 'a' },
        { when: often, to: 'b' },
      ]),
    ).toEqual(['overlapping $[0] ($[1])'])
  })

  test('an event has happened when its rule is asked', () => {
    expect(rules([{ on: 'order-paid', when: ever, to: 'a' }])).toEqual(['always-true $[0].when'])
    expect(rules([{ on: 'order-paid', when: orders({ within: { this: 'day' } }).lt(1), to: 'a' }])).toEqual([
      'never-true $[0].when',
    ])
    expect(rules([{ on: { event: 'order-paid', as: 'friend' }, when: ever, to: 'a' }])).toEqual([])
    expect(rules([{ on: 'order-payed' as never, to: 'a' }])).toEqual(['undeclared-event $[0].on'])
  })
})

test('every finding is said in both tongues', () => {
  const [few, many] = [orders(days(90)).gte(1), orders(days(30)).gte(3)]
  const misspelt = {
    condition: 'gte',
    fact: { fact: 'count', event: 'order-payed' } as Fact,
    value: 1,
  } as const
  const findings: readonly Finding[] = [
    ...lint(all(few, many), { retention: { days: 60 }, observed: ['visited'] }).slice(0, 3),
    ...lint(misspelt),
    ...lint(all(few, many)),
    ...lint(any(few, few)),
    ...lint(all(few, orders().lt(1))),
    ...lint(orders().gte(0)),
    ...lint(all(few, many), { effort: 0 }).slice(-1),
    ...lintRules([{ when: few }, { when: many }], context),
    ...lintRules([{ when: many }, { when: few }], context),
  ]
  expect(new Set(findings.map(({ code }) => code)).size).toBe(11)
  for (const lang of ['en', 'zh'] as const)
    for (const finding of findings) {
      const said = explain(shop, finding, lang)
      expect(said).not.toBe(finding.code)
      expect(said).not.toMatch(/[{}]|undefined/)
      expect(said).toContain(finding.path)
    }
  expect(explain(shop, lint(orders().lt(0))[0]!, 'en')).toBe('$: never holds: order less than 0 times')
  expect(explain(shop, lint(orders().lt(0))[0]!, 'zh')).toBe('$：永不成立：下单<0次')
})

test('a condition of a thousand parts is looked through, or said not to be', () => {
  const parts = Array.from({ length: 998 }, (_, i) =>
    i % 2 ? orders(days(i)).gte(i % 7) : shop.sum('order-paid', 'items', days(i)).lt(i),
  )
  lint(any(...parts.slice(0, 20)))
  const before = process.cpuUsage()
  const findings = lint(any(...parts))
  const { user, system } = process.cpuUsage(before)
  console.log(`a thousand parts: ${((user + system) / 1000).toFixed(0)} ms of CPU`)
  expect(findings.map(({ code }) => code)).toContain('always-true')
  expect(user + system).toBeLessThan(1_000_000)
})
