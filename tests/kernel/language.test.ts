// The words of rules: sentences that people should find natural, and what is said of texts that cannot be read.
import {
  all,
  any,
  attributes,
  type Condition,
  type DefinitionError,
  defineEvents,
  type ExpectedKind,
  explain,
  instant,
  type Lang,
  moment,
  money,
  not,
  parseCondition,
  printCondition,
  ref,
  someOf,
  type TextRefusal,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { catalogue as shop } from './support/any-condition.js'

const within = { days: 90 }
const orders = shop.count('order-paid', { within })
const spent = shop.sum('order-paid', 'amount', { within })
const member = shop.attribute('member').is(true)

describe('every kind of fact', () => {
  test.each<[Condition, string, string]>([
    [orders.gte(3), '最近90天下单≥3次', 'order paid at least 3 times in the last 90 days'],
    [
      shop.count('order-paid', { within: { this: 'month' }, since: 'order-refunded', per: 'store' }).gt(1),
      '本月自上次退款以来下单（同一门店）>1次',
      'order paid for the same store more than 1 time this month since the last order refunded',
    ],
    [
      shop
        .count('visited', { as: 'friend', calendar: { zone: 'Asia/Tokyo' }, within: { previous: 'day' } })
        .is(0),
      '昨天按“Asia/Tokyo”时间以好友身份访问为0次',
      'visit as friend exactly 0 times yesterday in "Asia/Tokyo" time',
    ],
    [
      shop.count('order-paid', { where: { channel: 'web', amount: { gte: '100', lt: '200' } } }).lte(2),
      '下单（渠道为网页，金额≥100元且<200元）≤2次',
      'order paid (channel is web, amount is at least 100 CNY and less than 200 CNY) at most 2 times',
    ],
    [
      spent.gte('300'),
      '最近90天下单的金额合计≥300元',
      'total amount of order paid in the last 90 days is at least 300 CNY',
    ],
    [
      shop.min('order-paid', 'amount').lt('9.90'),
      '下单的金额最小值<9.90元',
      'smallest amount of order paid is less than 9.90 CNY',
    ],
    [
      shop.max('order-paid', 'items').between(2, 5),
      '下单的件数最大值介于2与5之间',
      'largest items of order paid is between 2 and 5',
    ],
    [
      shop.distinct('order-paid', 'channel', { within }).gte(2),
      '最近90天下单的不同渠道数≥2',
      'number of different values of channel of order paid in the last 90 days is at least 2',
    ],
    [
      shop.first('order-paid', 'channel').is('web'),
      '首次下单的渠道为网页',
      'first channel of order paid is web',
    ],
    [
      shop.last('order-paid', 'channel').in('web', 'app'),
      '最近一次下单的渠道属于（网页、“app”）',
      'last channel of order paid is one of (web, "app")',
    ],
    [
      shop.timeSince('order-paid', { orSince: 'visited' }).gte({ days: 30 }),
      '距上次下单（若无则距上次访问）≥30天',
      'at least 30 days since the last order paid, or else the last visit',
    ],
    [
      shop.sessions('visited', { gap: { minutes: 30 }, within: { days: 7 } }).gte(3),
      '最近7天访问的会话（间隔不到30分钟）数≥3',
      'number of sessions of visit (gaps below 30 minutes) in the last 7 days is at least 3',
    ],
    [
      shop.sessionTime('visited', { gap: { minutes: 30 } }).gt({ hours: 2 }),
      '访问的会话（间隔不到30分钟）时长>2小时',
      'time in sessions of visit (gaps below 30 minutes) is more than 2 hours',
    ],
    [
      shop.timeBetween('order-paid', 'order-refunded').lte({ hours: 72 }),
      '从下单到退款的用时≤72小时',
      'time from order paid to order refunded is at most 72 hours',
    ],
    [
      shop.streak('visited', { unit: 'day', times: 2, freezes: 1 }).gte(7),
      '访问（每天至少2次）（可缺1天）的连续天数≥7',
      'days in a row with visit (2 times each day or more) (1 day may be missed) is at least 7',
    ],
    [
      shop
        .sequence(['visited', { event: 'order-paid', where: { channel: { not: 'web' } } }], {
          inside: { days: 1 },
          within: { days: 30 },
        })
        .gte(1),
      '最近30天依次访问、下单（渠道不为网页）（1天内完成）≥1次',
      'steps visit, then order paid (channel is not web) taken within 1 day at least 1 time in the last 30 days',
    ],
    [
      shop.ratio(shop.count('order-refunded', { within }), orders).lt('0.25'),
      '最近90天退款的次数与最近90天下单的次数之比<0.25',
      'ratio of number of order refunded in the last 90 days to number of order paid in the last 90 days is less than 0.25',
    ],
    [shop.attribute('level').is('gold'), '等级为“gold”', 'level is "gold"'],
    [
      shop.attribute('level', { previous: true }).is('gold'),
      '变更前的等级为“gold”',
      'previous level is "gold"',
    ],
    [
      shop.attribute('level', { ago: { days: 30 } }).is('gold'),
      '30天前的等级为“gold”',
      'level 30 days ago is "gold"',
    ],
    [
      shop.attribute('born').lt(instant('2000-01-01T00:00:00Z')),
      '生日<2000-01-01T00:00Z',
      'birthday is less than 2000-01-01T00:00Z',
    ],
    [
      shop.anniversary('born', { daysBefore: 3, daysAfter: 1, dates: 'chinese' }).is(true),
      '今天是生日周年日（前3天起）（后1天止）（按农历）',
      'today is an anniversary of birthday, from 3 days before, to 1 day after, Chinese dates',
    ],
    [shop.age('born', 'years').gte(18), '生日至今的整年数≥18', 'whole years since birthday is at least 18'],
    [shop.says('customer', 'stage').is('loyal'), '客户的阶段为忠诚用户', "customer's stage is loyal"],
  ])('%#', (condition, zh, en) => {
    expect([printCondition(shop, condition, 'zh'), printCondition(shop, condition, 'en')]).toEqual([zh, en])
    expect(explain(shop, condition, 'zh')).toBe(zh)
    expect(parseCondition(shop, en, 'en')).toEqual({ condition })
  })
})

describe('joined', () => {
  const [a, b, c] = [orders.gte(3), spent.gte('300'), member]
  const [x, y, z] = ['最近90天下单≥3次', '最近90天下单的金额合计≥300元', '“member”为是']

  test.each<[string, Condition, string]>([
    ['and binds before or', any(a, all(b, c)), `${x}或${y}且${z}`],
    ['so that an or in an and needs brackets', all(a, any(b, c)), `${x}且（${y}或${z}）`],
    ['an and in an and is another one', all(a, all(b, c)), `${x}且（${y}且${z}）`],
    ['one alone says which', all(any(a)), `全部（任一（${x}））`],
    ['not has brackets always', not(all(a, b)), `非（${x}且${y}）`],
    ['some of several', someOf(2, a, all(b, c), b), `至少满足2项（${x}；${y}且${z}；${y}）`],
  ])('%s', (_, condition, said) => {
    expect(printCondition(shop, condition, 'zh')).toBe(said)
    expect(parseCondition(shop, said, 'zh')).toEqual({ condition })
  })
})

describe('people may write', () => {
  test.each<[string, Lang, string, Condition]>([
    ['brackets that are not needed', 'zh', '（（最近90天下单≥3次））', orders.gte(3)],
    [
      'half-width marks',
      'zh',
      '下单(渠道为网页,"items"≥2)≥3次',
      shop.count('order-paid', { where: { channel: 'web', items: { gte: 2 } } }).gte(3),
    ],
    [
      'two signs for one, spaces and a full stop',
      'zh',
      '下单 >= 3 次 且 最近90天 下单 <= 9 次。',
      shop.count('order-paid').gte(3).and(orders.lte(9)),
    ],
    ['identifiers', 'en', '"order-paid" at least 3 times', shop.count('order-paid').gte(3)],
    [
      'a word in marks',
      'en',
      'total [amount] of [order paid] is more than 3 CNY',
      shop.sum('order-paid', 'amount').gt('3'),
    ],
    ['1 days', 'en', '  at least 1 days since the last visit ', shop.timeSince('visited').gte({ days: 1 })],
    [
      'several in all of (…)',
      'en',
      'all of (level is "gold"; "member" is true)',
      all(shop.attribute('level').is('gold'), member),
    ],
  ])('%s', (_, lang, said, condition) => {
    expect(parseCondition(shop, said, lang)).toEqual({ condition })
  })
})

function refused(said: string, lang: Lang, options = {}): TextRefusal {
  const read = parseCondition(shop, said, lang, options)
  if ('refusal' in read) return read.refusal
  throw new Error('was read')
}

describe('what cannot be read', () => {
  test.each<[Lang, string, number, string]>([
    ['zh', '最近90天下单≥3笔', 9, '第10个字符处为“笔”，此处可以是：次'],
    ['zh', '最近90天下丹≥3次', 5, '下单'],
    ['zh', '', 0, '第1个字符处为文本结尾，此处可以是：'],
    ['zh', '下单≥3次且', 6, '文本结尾'],
    ['zh', '（下单≥3次', 6, '）'],
    ['zh', '等级为“Gold”', 3, '“gold”'],
    ['zh', '下单≥3次！', 5, '第6个字符处为“！”，此处可以是：<文本结尾> | 且 | 或'],
    ['en', 'order paid at leest 3 times', 11, 'at character 12: found "a", expected '],
    ['en', 'total price of order paid is at least 3 CNY', 6, 'amount'],
    ['en', 'total "pages" of order paid is at least 3', 17, 'expected visit'],
    ['en', 'total amount of order paid is at least 300 USD', 43, 'expected CNY'],
    ['en', 'birthday is less than yesterday', 22, 'a moment such as 2024-03-05T09:00+08:00'],
    ['en', 'not order paid at least 3 times', 4, 'expected ('],
  ])('%s %s', (lang, said, position, sentence) => {
    const refusal = refused(said, lang)
    expect(refusal).toMatchObject({ code: 'unreadable-text', position })
    expect(explain(shop, refusal, lang)).toContain(sentence)
  })

  test('too long, too deep, and what a definition would refuse', () => {
    const long = refused('下单'.repeat(9), 'zh', { length: 10 })
    expect(explain(shop, long, 'zh')).toBe('共18个字符，最多可读10个')
    const deep = refused('('.repeat(500), 'en')
    expect(deep).toEqual({ code: 'text-too-deep', position: 33, limit: 32 })
    expect(explain(shop, deep, 'en')).toBe('at character 34: brackets more than 32 deep')
    const invalid = refused(
      'order paid at least 1 time and "orderId" of visit is 3 or at least 5 of (visit at least 1 time)',
      'en',
    )
    expect(invalid.code).toBe('unreadable-text')
    const many = refused('下单≥1次且至少满足5项（下单≥2次）', 'zh')
    expect(many).toMatchObject({ code: 'invalid-condition', position: 6, path: '$.of[1].k' })
    expect(explain(shop, many, 'zh')).toBe('自第7个字符起：$.of[1].k不可用（out-of-range），应为1 to 1')
  })
})

describe('every kind of thing that could stand somewhere', () => {
  test.each<[ExpectedKind, string, string, string]>([
    ['a-number', 'order paid at least three times', 'a whole number', '整数'],
    ['an-amount', 'total amount of order paid is at least CNY', 'an amount', '金额'],
    ['an-amount', 'total amount of order paid is at least 1.234 CNY', 'an amount', '金额'],
    [
      'a-ratio',
      'ratio of number of visit to number of visit is at least 1/',
      'a decimal or a fraction',
      '小数或分数',
    ],
    ['a-moment', 'birthday is less than 2024-02-30T00:00Z', 'a moment such as', '时刻'],
    [
      'a-clock-time',
      'at least 1 day at 24:00 since the last visit',
      'a time from 00:00 to 23:59',
      '00:00至23:59的时间',
    ],
    ['a-text', '"city" is Suzhou', 'a text in quotation marks', '引号内的文本'],
    ['the-end', 'visit at least 1 time)', 'the end of the text', '文本结尾'],
  ])('%s: %s', (code, said, en, zh) => {
    const refusal = refused(said, 'en')
    expect(refusal).toMatchObject({ expected: expect.arrayContaining([{ code }]) })
    expect([explain(shop, refusal, 'en'), explain(shop, refusal, 'zh')]).toEqual([
      expect.stringContaining(en),
      expect.stringContaining(zh),
    ])
  })
})

test('verdicts say what was observed, and what was not', () => {
  const parts = [
    { condition: orders.gte(3), holds: false, observed: 2 },
    { condition: spent.gte('300'), holds: false, notObserved: true, observed: '120.00' },
    { condition: member, holds: true, observed: true },
    {
      condition: shop.sessionTime('visited', { gap: { minutes: 30 } }).gt({ hours: 2 }),
      holds: false,
      observed: 5_430_500,
    },
  ] as const
  const condition = someOf(2, ...parts.map((part) => part.condition))
  const verdict = { condition, holds: false, notObserved: true, parts } as const
  expect(explain(shop, verdict, 'zh')).toBe(
    '? 至少满足2项（✗ 最近90天下单≥3次（现为2）；? 最近90天下单的金额合计≥300元（未观测）；✓ “member”为是（现为是）；✗ 访问的会话（间隔不到30分钟）时长>2小时（现为1小时30分钟30秒））',
  )
  expect(explain(shop, verdict, 'en')).toBe(
    '? at least 2 of (✗ order paid at least 3 times in the last 90 days (is 2); ? total amount of order paid in the last 90 days is at least 300 CNY (not observed); ✓ "member" is true (is true); ✗ time in sessions of visit (gaps below 30 minutes) is more than 2 hours (is 1 hour 30 minutes 30 seconds))',
  )
})

describe('words that could be taken for something else', () => {
  const tricky = defineEvents(
    {
      a: { amount: money('CNY'), channel: text('x', 'not x'), store: ref('store') },
      b: { amount: money('CNY') },
      c: {},
      ...attributes({ birthday: moment() }),
    },
    {
      words: {
        zh: { a: '下单', b: '首次下单', c: '下单的金额', 'a.amount': '金额', 'b.amount': '金额', x: '网页' },
        en: {
          a: 'order',
          b: 'order and visit',
          c: 'first order',
          'a.channel': 'channel',
          x: 'x',
          'not x': 'not x',
        },
      },
    },
  )

  test.each<[Condition, string, string]>([
    [tricky.count('a').gte(1), '下单≥1次', 'order at least 1 time'],
    [tricky.count('b').gte(1), '「首次下单」≥1次', '[order and visit] at least 1 time'],
    [tricky.count('c').gte(1), '「下单的金额」≥1次', '[first order] at least 1 time'],
    [
      tricky.first('a', 'channel').is('not x'),
      '首次下单的“channel”为“not x”',
      'first channel of order is [not x]',
    ],
    [
      tricky.first('b', 'amount').is('3'),
      '首次「首次下单」的金额为3元',
      'first "amount" of [order and visit] is 3 CNY',
    ],
  ])('%#', (condition, zh, en) => {
    expect([printCondition(tricky, condition, 'zh'), printCondition(tricky, condition, 'en')]).toEqual([
      zh,
      en,
    ])
    expect(parseCondition(tricky, zh, 'zh')).toEqual({ condition })
    expect(parseCondition(tricky, en, 'en')).toEqual({ condition })
  })

  test.each<[Lang, readonly string[]]>([
    [
      'zh',
      [
        '下单',
        '下单取消',
        '首购',
        '天猫',
        '自提',
        '在线支付',
        '次日达',
        '会员',
        '会员日',
        '全部退款',
        '今天打卡',
        '提交订单',
      ],
    ],
    [
      'en',
      [
        'order',
        'order paid',
        'orders',
        'paid order',
        'sign-up',
        'all orders',
        'not interested',
        'time spent',
        'in store',
      ],
    ],
  ])('ordinary ones stand bare: %s', (lang, words) => {
    const ids = words.map((_, i) => `event-${i}`)
    const speaker = defineEvents(Object.fromEntries(ids.map((id) => [id, {}])), {
      words: { [lang]: Object.fromEntries(words.map((word, i) => [ids[i]!, word])) },
    })
    for (const [i, id] of ids.entries()) {
      const condition: Condition = { condition: 'gte', fact: { fact: 'count', event: id }, value: 1 }
      const said = words[i]! + (lang === 'zh' ? '≥1次' : ' at least 1 time')
      expect(printCondition(speaker, condition, lang)).toBe(said)
      expect(parseCondition(speaker, said, lang)).toEqual({ condition })
    }
  })

  test('two things that may stand in one place have two words', () => {
    const define = (zh: Record<string, string>) => () =>
      defineEvents(
        { paid: { sum: money('CNY'), tax: money('CNY') }, kept: { sum: money('CNY') } },
        { words: { zh } },
      )
    expect(define({ paid: '付款', 'paid.sum': '金额', 'kept.sum': '金额' })).not.toThrow()
    const twice = { code: 'duplicate-name' } satisfies Partial<DefinitionError>
    expect(define({ paid: '付款', kept: '付款' })).toThrow(
      expect.objectContaining({ ...twice, path: '$.words.zh.kept' }),
    )
    expect(define({ 'paid.sum': '金额', 'paid.tax': '金额' })).toThrow(
      expect.objectContaining({ ...twice, path: '$.words.zh.paid.tax' }),
    )
  })
})
