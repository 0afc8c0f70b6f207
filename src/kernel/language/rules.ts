import type { Fact } from '../fact.js'
import type { Line, Rule } from './grammar.js'

const before = '[{within:window}][自上次{since:event}以来][{calendar}][以{as:role}身份]'
const what = '{event}[{where}]'
const who = `${what}[ as {as:role}]`
const each = '[（同一{per:field}）]'
const one = '[ for the same {per:field}]'
const after = '[{within:window}][ since the last {since:event}][{calendar}]'

/** A fact about one field: `最近90天下单的金额最大值≥300元`. */
const aboutField = (zh: string, en: string): Rule => [
  [`${before}${what}的${zh}{?:being}`, `${en} of ${who}${after}{?:being}`],
]

const streak = (zh: string, en: string): Line => [
  `[{calendar}][以{as:role}身份]${what}[（每${zh}至少{times:time}）][（可缺{freezes:${en}}）]的连续${zh}数{?:being}`,
  `${en}s in a row with ${who}[ ({times:time} each ${en} or more)][ ({freezes:${en}} may be missed)][{calendar}]{?:being}`,
  { unit: en },
]

const age = (zh: string, unit: string): Line => [
  `[{calendar}]{attribute}至今的整${zh}数{?:being}`,
  `whole ${unit} since {attribute}[{calendar}]{?:being}`,
  { unit },
]

/** How comparisons of each kind of fact are said. What is compared stands under `?`. */
export const factRules = {
  count: [[`${before}${what}${each}{?:times}`, `${who}${one} {?:times}${after}`]],
  sum: [[`${before}${what}的{field}合计${each}{?:being}`, `total {field} of ${who}${one}${after}{?:being}`]],
  min: aboutField('{field}最小值', 'smallest {field}'),
  max: aboutField('{field}最大值', 'largest {field}'),
  distinct: aboutField('不同{field}数', 'number of different values of {field}'),
  first: [[`${before}首次${what}的{field}{?:being}`, `first {field} of ${who}${after}{?:being}`]],
  last: [[`${before}最近一次${what}的{field}{?:being}`, `last {field} of ${who}${after}{?:being}`]],
  'time-since': [
    [
      `[{calendar}][以{as:role}身份]距上次${what}[（若无则距上次{orSince:event}）]{?:times}`,
      `{?:times} since the last ${who}[, or else the last {orSince:event}][{calendar}]`,
    ],
  ],
  sessions: [
    [
      `${before}${what}的会话（间隔不到{gap:span}）数{?:being}`,
      `number of sessions of ${who} (gaps below {gap:span})${after}{?:being}`,
    ],
  ],
  'session-time': [
    [
      `${before}${what}的会话（间隔不到{gap:span}）时长{?:being}`,
      `time in sessions of ${who} (gaps below {gap:span})${after}{?:being}`,
    ],
  ],
  'time-between': [
    [
      `[{calendar}][以{as:role}身份]从${what}到{until:event}[{untilWhere:where}]的用时{?:being}`,
      `time from ${who} to {until:event}[{untilWhere:where}][{calendar}]{?:being}`,
    ],
  ],
  streak: [streak('天', 'day'), streak('周', 'week'), streak('月', 'month')],
  sequence: [
    [
      `${before}依次{steps}[（{inside:span}内完成）]{?:times}`,
      `steps {steps} taken[ as {as:role}][ within {inside:span}] {?:times}${after}`,
    ],
  ],
  ratio: [['{of:tally}与{to:tally}之比{?:being}', 'ratio of {of:tally} to {to:tally}{?:being}']],
  attribute: [
    ['[{calendar}]{ago:span}前的{attribute}{?:being}', '{attribute} {ago:span} ago[{calendar}]{?:being}'],
    [
      '[{calendar}]变更前的{attribute}{?:being}',
      'previous {attribute}[{calendar}]{?:being}',
      { previous: true },
    ],
    ['[{calendar}]{attribute}{?:being}', '{attribute}[{calendar}]{?:being}'],
  ],
  anniversary: [
    [
      '[{calendar}]{?:today}{attribute}周年日[（前{daysBefore:day}起）][（后{daysAfter:day}止）][（{dates}）][（{leapDay}）][（{leapMonth}）][（{shortMonth}）]',
      '{?:today} an anniversary of {attribute}[, from {daysBefore:day} before][, to {daysAfter:day} after][, {dates}][, {leapDay}][, {leapMonth}][, {shortMonth}][{calendar}]',
    ],
  ],
  age: [age('天', 'days'), age('周', 'weeks'), age('月', 'months'), age('年', 'years')],
  says: [['{engine}的{word:said}{?:being}', "{engine}'s {word:said}{?:being}"]],
} as const satisfies { readonly [K in Fact['fact']]: Rule }

const ends = [
  ['当日', 'day', true],
  ['当天', 'same day', 'day'],
  ['当周', 'week', 'week'],
  ['当月', 'month', 'month'],
  ['当季', 'quarter', 'quarter'],
  ['当年', 'year', 'year'],
  ['当财月', 'fiscal month', 'fiscal-month'],
  ['当财季', 'fiscal quarter', 'fiscal-quarter'],
  ['当财年', 'fiscal year', 'fiscal-year'],
] as const satisfies Rule

const signs = (being: string, is: string): Rule => [
  ['≥{value:operand}', `${being}at least {value:operand}`, { condition: 'gte' }],
  ['>{value:operand}', `${being}more than {value:operand}`, { condition: 'gt' }],
  ['≤{value:operand}', `${being}at most {value:operand}`, { condition: 'lte' }],
  ['<{value:operand}', `${being}less than {value:operand}`, { condition: 'lt' }],
  [
    '介于{low:operand}与{high:operand}之间',
    `${being}between {low:operand} and {high:operand}`,
    { condition: 'between' },
  ],
  ['为{value:operand}', `${being}${is}{value:operand}`, { condition: 'is' }],
  ['属于（{values:operands}）', `${being}one of ({values:operands})`, { condition: 'in' }],
]

const amount = (zh: string, en: string, key: string): Line => [
  `{${key}:number}${zh}`,
  `{${key}:number} ${en}{${key}:s}`,
]

/** Everything else that is said. */
export const rules = {
  times: signs('', 'exactly '),
  being: signs(' is ', ''),
  today: [
    ['今天是', 'today is', { condition: 'is', value: true }],
    ['今天不是', 'today is not', { condition: 'is', value: false }],
    ['今天属于（{values:operands}）：', 'today is one of ({values:operands}) for', { condition: 'in' }],
  ],
  tally: [
    [`${before}${what}的次数${each}`, `number of ${who}${one}${after}`, { fact: 'count' }],
    [`${before}${what}的{field}合计${each}`, `total {field} of ${who}${one}${after}`, { fact: 'sum' }],
  ],
  step: [[what, what]],
  where: [['（{:filters}）', ' ({:filters})']],
  filter: [
    ['{field}为{is:operand}', '{field} is {is:operand}'],
    ['{field}属于（{in:operands}）', '{field} is one of ({in:operands})'],
    ['{field}不为{not:operand}', '{field} is not {not:operand}'],
    ['{field}不属于（{none:operands}）', '{field} is none of ({none:operands})'],
    ['{field}{bounds}', '{field} is {bounds}'],
  ],
  bound: [
    ['≥{gte:operand}', 'at least {gte:operand}'],
    ['>{gt:operand}', 'more than {gt:operand}'],
    ['≤{lte:operand}', 'at most {lte:operand}'],
    ['<{lt:operand}', 'less than {lt:operand}'],
  ],
  window: [
    ['今天', ' today', { this: 'day' }],
    ['本周', ' this week', { this: 'week' }],
    ['本月', ' this month', { this: 'month' }],
    ['本季度', ' this quarter', { this: 'quarter' }],
    ['今年', ' this year', { this: 'year' }],
    ['本财月', ' this fiscal month', { this: 'fiscal-month' }],
    ['本财季', ' this fiscal quarter', { this: 'fiscal-quarter' }],
    ['本财年', ' this fiscal year', { this: 'fiscal-year' }],
    ['昨天', ' yesterday', { previous: 'day' }],
    ['上周', ' last week', { previous: 'week' }],
    ['上月', ' last month', { previous: 'month' }],
    ['上季度', ' last quarter', { previous: 'quarter' }],
    ['去年', ' last year', { previous: 'year' }],
    ['上财月', ' last fiscal month', { previous: 'fiscal-month' }],
    ['上财季', ' last fiscal quarter', { previous: 'fiscal-quarter' }],
    ['上财年', ' last fiscal year', { previous: 'fiscal-year' }],
    ['最近{:span}', ' in the last {:span}'],
  ],
  calendar: [
    ['按{zone:text}时间', ' in {zone:text} time'],
    ['按日历{:json}', ' by the calendar {:json}'],
  ],
  span: [
    ['当日{at:clock}', 'the same day at {at:clock}', { days: 0 }],
    ['{end:ends}结束', 'until the end of the {end:ends}', { days: 0 }],
    ['满{:length}{end:ends}结束', '{:length} until the end of the {end:ends}'],
    ['下一个{next:weekday}{at:clock}', 'next {next:weekday} at {at:clock}'],
    ['下一个{next:weekday}', 'next {next:weekday}'],
    ['{:length}后{at:clock}', '{:length} at {at:clock}'],
    ['{:length}', '{:length}'],
  ],
  length: [
    amount('秒', 'second', 'seconds'),
    amount('分钟', 'minute', 'minutes'),
    amount('小时', 'hour', 'hours'),
    amount('天', 'day', 'days'),
    amount('周', 'week', 'weeks'),
    amount('个月', 'month', 'months'),
    amount('年', 'year', 'years'),
    amount('个工作日', 'business day', 'businessDays'),
    amount('个工作小时', 'working hour', 'workHours'),
    amount('个工作分钟', 'working minute', 'workMinutes'),
  ],
  ends,
  weekday: [
    ['周一', 'Monday', { weekday: 1 }],
    ['周二', 'Tuesday', { weekday: 2 }],
    ['周三', 'Wednesday', { weekday: 3 }],
    ['周四', 'Thursday', { weekday: 4 }],
    ['周五', 'Friday', { weekday: 5 }],
    ['周六', 'Saturday', { weekday: 6 }],
    ['周日', 'Sunday', { weekday: 7 }],
  ],
  boolean: [
    ['是', 'true', true],
    ['否', 'false', false],
  ],
  time: [amount('次', 'time', '')],
  day: [amount('天', 'day', '')],
  week: [amount('周', 'week', '')],
  month: [amount('个月', 'month', '')],
  dates: [
    ['按公历', 'Gregorian dates', 'gregorian'],
    ['按农历', 'Chinese dates', 'chinese'],
  ],
  leapDay: [
    ['闰日按2月28日', '29 February as 28 February', 'feb-28'],
    ['闰日按3月1日', '29 February as 1 March', 'mar-1'],
    ['闰日仅逢闰年', '29 February in leap years only', 'leap-years-only'],
  ],
  leapMonth: [
    ['闰月按平月', 'leap months as ordinary ones', 'regular'],
    ['闰月优先', 'leap months where there are some', 'leap-if-present'],
    ['平月闰月均可', 'ordinary and leap months', 'both'],
  ],
  shortMonth: [
    ['小月按最后一天', 'short months on their last day', 'last'],
    ['小月按次日', 'short months on the day after', 'next'],
    ['小月跳过', 'short months left out', 'skip'],
  ],
} as const satisfies { readonly [name: string]: Rule }

/** Several things one after the other: by which rule, and what stands between them. */
export const lists = {
  operands: ['operand', '、', ', '],
  filters: ['filter', '，', ', '],
  bounds: ['bound', '且', ' and '],
  steps: ['step', '、', ', then '],
} as const satisfies { readonly [name: string]: Line }

/** How conditions are joined; brackets stand where they have to. */
export const joints = {
  all: ['且', ' and '],
  any: ['或', ' or '],
  'some-of': ['；', '; '],
} as const

/** What stands in front of conditions in brackets. */
export const heads = {
  not: ['非', 'not '],
  all: ['全部', 'all of '],
  any: ['任一', 'any of '],
  'some-of': ['至少满足{k:number}项', 'at least {k:number} of '],
} as const

export const brackets = ['（', '）', '(', ')'] as const
