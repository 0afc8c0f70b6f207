// A lifecycle with a rule of every kind, with words in both languages; and one whose names try to be something else.
import { attributes, defineEvents, defineLifecycle, moment, money, ref } from 'liuliang'

const shop = defineEvents(
  {
    'order-paid': { amount: money('CNY'), friend: ref('friend') },
    visited: {},
    'opted-out': {},
    ...attributes({ birthday: moment() }),
  },
  {
    words: {
      en: {
        'order-paid': 'order paid',
        'order-paid.amount': 'amount',
        visited: 'visit',
        'opted-out': 'opt-out',
      },
      zh: {
        'order-paid': '下单',
        'order-paid.amount': '金额',
        visited: '访问',
        'opted-out': '退订',
        'attribute-set.birthday': '生日',
      },
    },
  },
)
const orders90 = shop.count('order-paid', { within: { days: 90 } })

export const customer = defineLifecycle({
  id: 'customer',
  version: 3,
  calendar: { zone: 'Asia/Shanghai' },
  events: shop,
  activity: ['order-paid', 'visited'],
  stages: ['lead', 'new', 'active', 'loyal', 'lapsed', 'gone'],
  initial: 'lead',
  rules: {
    lead: [
      { to: 'new', on: { event: 'order-paid', where: { amount: { gte: '10' } } } },
      { to: 'new', on: { event: 'order-paid', as: 'friend' } },
    ],
    new: [
      { to: 'active', when: orders90.gte(2), reset: [orders90] },
      { to: 'lapsed', inactiveFor: { days: 60 } },
    ],
    active: [
      { to: 'loyal', on: 'order-paid', when: orders90.gte(3) },
      { to: 'lapsed', inactiveFor: { hours: 1440 } },
      { ignores: 'visited' },
    ],
    loyal: [{ to: 'lapsed', inactiveFor: { days: 90 } }],
    lapsed: [
      { to: 'active', on: 'order-paid' },
      { to: 'gone', inStageFor: { hours: 4320 } },
      { to: 'gone', since: 'birthday', reaches: { years: 14 } },
    ],
    gone: [],
  },
  everywhere: [{ to: 'gone', on: 'opted-out' }],
  final: ['gone'],
  words: {
    en: { gone: 'gone for good' },
    zh: {
      lead: '潜客',
      new: '新客',
      active: '活跃用户',
      loyal: '忠诚用户',
      lapsed: '流失用户',
      gone: '退出',
    },
  },
})

/** Names that diagrams could take for something of their own. */
export const hostileNames = [
  'a --> b',
  '"]; evil [label="x',
  '<script>alert(1)</script> & &amp; ]]>',
  'line one\nline two\r%% note',
  '#35; } { [*] : :::x; end note',
  'back\\slash\\n "quoted" \'single\' `tick`',
  'state "x" as s1\u0000\u2028\ud800',
  '#id.with.dots',
  '5_1',
  '0–6月 🍼 <b>',
] as const

export const hostile = defineLifecycle({
  id: 'hostile',
  version: 1,
  calendar: { zone: 'UTC' },
  events: defineEvents({ 'a --> b "x"': {}, '0': {} }, { words: { en: { '0': 'w: "y" --> </s>\n;' } } }),
  activity: ['0'],
  stages: hostileNames,
  initial: hostileNames[0],
  rules: Object.fromEntries(
    hostileNames.map((name, i) => [
      name,
      [
        { to: hostileNames[(i + 1) % hostileNames.length]!, on: 'a --> b "x"' },
        { to: hostileNames[(i + 2) % hostileNames.length]!, on: '0' },
        { to: hostileNames[(i + 3) % hostileNames.length]!, inStageFor: { hours: 24 } },
      ],
    ]),
  ) as never,
})
