// Every condition that a definition could hold, in whatever words a catalogue has for it.
import fc from 'fast-check'
import {
  attributes,
  type CalendarDefinition,
  type Condition,
  checkCondition,
  DefinitionError,
  type Duration,
  defineEvents,
  type Fact,
  type Field,
  flag,
  integer,
  moment,
  money,
  ref,
  type Scalar,
  text,
  type Where,
} from 'liuliang'

const events = {
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    items: integer(),
    channel: text('web', 'app', 'mini program'),
    gift: flag(),
    paidAt: moment(),
    store: ref('store'),
    friend: ref('friend').optional(),
  },
  'order-refunded': { orderId: text(), amount: money('USD'), store: ref('store'), friend: ref('friend') },
  visited: { pages: integer(), friend: ref('friend') },
  'customer/stage-changed': { to: { ...text('lead', 'loyal'), says: 'stage' as const } },
  'points/posted': { points: integer(), balance: { ...integer(), says: 'balance' as const, initially: 0 } },
  ...attributes({
    born: moment(),
    level: text('gold', 'silver'),
    score: integer(),
    wallet: money('JPY'),
    member: flag(),
    city: text(),
  }),
}

/** The names that a catalogue may have words for: those of one group have different ones. */
const groups: readonly (readonly string[])[] = [
  Object.keys(events),
  ...Object.entries(events).map(([event, fields]) => Object.keys(fields).map((name) => `${event}.${name}`)),
  ['web', 'app', 'mini program'],
  ['gold', 'silver'],
  ['lead', 'loyal'],
  ['store', 'friend'],
  ['customer', 'points'],
  ['customer.stage'],
  ['points.balance'],
]

export type Words = Readonly<Record<string, string>>

/** Words that look like parts of sentences, like one another, and like nothing good. */
const pieces = {
  zh: '下单 且 或 的 最近 最近90天 金额 合计 次数 次 天 3 ≥ 为 不为 属于 首次 最近一次 距上次 从 到 非 （ ） 「 “ 全部 今天 今天是 本月 上 自上次 以来 依次 会话 连续 周年日 登录 退款 网页 是 否 、 ， 元 之比 与 前 后 \\ a'.split(
    ' ',
  ),
  en: 'order|paid|and|or|of|total|last|the|at|least|times|3|is|not|one|none|is not|one of|in|in the last|90 days|not|(|)|[|"|all|any|today|today is|this month|since|since the last|steps|taken|time|from|to|ratio|previous|ago|\'s|s|true|false|,|then|as|for the same|whole years|exactly|number|\\|é'.split(
    '|',
  ),
} as const

const word = (lang: 'zh' | 'en') =>
  fc.oneof(
    {
      arbitrary: fc
        .array(fc.constantFrom(...pieces[lang]), { minLength: 1, maxLength: 4 })
        .map((some) => some.join(lang === 'zh' ? '' : ' ')),
      weight: 6,
    },
    { arbitrary: fc.string({ minLength: 1, maxLength: 6, unit: 'binary' }), weight: 1 },
    { arbitrary: fc.constantFrom(...pieces[lang]), weight: 2 },
  )

/** Words for some of the names. */
const wordsIn = (lang: 'zh' | 'en'): fc.Arbitrary<Words> =>
  fc
    .tuple(
      ...groups.map((names) =>
        fc.tuple(
          fc.uniqueArray(word(lang), { minLength: names.length, maxLength: names.length }),
          fc.subarray([...names]),
        ),
      ),
    )
    .map((all) =>
      Object.fromEntries(
        all.flatMap(([words, named], i) =>
          groups[i]!.flatMap((name, j) => (named.includes(name) ? [[name, words[j]!] as const] : [])),
        ),
      ),
    )

/** The same events, in other words each time. */
export const anyCatalogue = fc
  .record({ zh: wordsIn('zh'), en: wordsIn('en') })
  .map((words) => defineEvents(events, { words }))

const plainWords: { readonly zh: Words; readonly en: Words } = {
  zh: {
    'order-paid': '下单',
    'order-paid.amount': '金额',
    'order-paid.channel': '渠道',
    'order-paid.store': '门店',
    'order-paid.items': '件数',
    web: '网页',
    'order-refunded': '退款',
    visited: '访问',
    'attribute-set.born': '生日',
    'attribute-set.level': '等级',
    'customer.stage': '阶段',
    customer: '客户',
    loyal: '忠诚用户',
    friend: '好友',
  },
  en: {
    'order-paid': 'order paid',
    'order-paid.amount': 'amount',
    'order-paid.channel': 'channel',
    'order-paid.store': 'store',
    'order-paid.items': 'items',
    web: 'web',
    'order-refunded': 'order refunded',
    visited: 'visit',
    'attribute-set.born': 'birthday',
    'attribute-set.level': 'level',
    'customer.stage': 'stage',
    customer: 'customer',
    loyal: 'loyal',
    friend: 'friend',
  },
}

/** The events in ordinary words. */
export const catalogue = defineEvents(events, { words: plainWords })

const anyCalendar: CalendarDefinition = {
  zone: 'UTC',
  fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 6, month: 1 }, named: 'end' },
  business: { hours: [{ from: '09:00', to: '18:00' }] },
}

const calendar = fc.constantFrom<CalendarDefinition>(
  { zone: 'Asia/Shanghai' },
  { zone: 'America/New_York' },
  {
    ...anyCalendar,
    dayStart: '04:00',
    named: { 'double "eleven"': [{ from: '2026-11-11', to: '2026-11-12' }] },
  },
)

const count = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 400 }))
const clock = fc.constantFrom('00:00' as const, '09:30' as const, '23:59' as const)
const weekday = fc.constantFrom(1, 2, 3, 4, 5, 6, 7)
const calendarUnit = fc.constantFrom(
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal-month',
  'fiscal-quarter',
  'fiscal-year',
)
const end = fc.oneof(fc.constant(true), calendarUnit)
const unit = fc.constantFrom('days', 'weeks', 'months', 'years', 'businessDays')

/** Exactly as long everywhere. */
const exact = fc
  .tuple(fc.constantFrom('seconds', 'minutes', 'hours'), fc.integer({ min: 1, max: 100_000 }))
  .map(([name, n]) => ({ [name]: n }) as unknown as Duration)

const anyDuration: fc.Arbitrary<Duration> = fc.oneof(
  exact,
  fc
    .tuple(fc.constantFrom('seconds', 'hours', 'workHours', 'workMinutes'), count)
    .map(([name, n]) => ({ [name]: n })),
  fc.tuple(unit, count).map(([name, n]) => ({ [name]: n })),
  fc.tuple(unit, count, clock).map(([name, n, at]) => ({ [name]: n, at })),
  fc.tuple(unit, count, end).map(([name, n, until]) => ({ [name]: n, end: until })),
  weekday.map((day) => ({ next: { weekday: day } })),
  fc.tuple(weekday, clock).map(([day, at]) => ({ next: { weekday: day }, at })),
) as fc.Arbitrary<Duration>

const within = fc.oneof(
  anyDuration,
  fc.tuple(fc.constantFrom('this', 'previous'), calendarUnit).map(([which, of]) => ({ [which]: of })),
)

const someText = fc.oneof(
  fc.constantFrom('web', 'Suzhou', '苏州', 'a”b', 'a"b', '\\', '', ' ', '且', ') and ('),
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
)
const amount = fc.oneof(
  fc.constantFrom('300', '0', '-5', '0.00', '19.90', '007'),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
)
const instants = fc.oneof(
  fc.constantFrom(0, 1_709_629_200_000, -62_135_596_800_000, 253_402_300_799_999),
  fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }),
)

function fieldValue(field: Field): fc.Arbitrary<Scalar> {
  switch (field.type) {
    case 'text':
      return field.oneOf ? fc.constantFrom(...field.oneOf) : someText
    case 'integer':
      return fc.oneof(fc.integer({ min: -3, max: 300 }), fc.maxSafeInteger())
    case 'money':
      return field.currency === 'JPY' ? fc.constantFrom('300', '0', '-1200') : amount
    case 'instant':
      return instants
    case 'boolean':
      return fc.boolean()
    default:
      return fc.string({ minLength: 1, maxLength: 5, unit: 'binary' })
  }
}

const isOrdered = ({ type }: Field) => type === 'integer' || type === 'money' || type === 'instant'

/** Some of the keys, each with what it may hold. */
const some = (model: Readonly<Record<string, fc.Arbitrary<unknown>>>, requiredKeys: readonly string[] = []) =>
  fc.record(model, { requiredKeys: requiredKeys as never, noNullPrototype: true })

function filterOn(field: Field): fc.Arbitrary<unknown> {
  const value = fieldValue(field)
  const several = fc.array(value, { maxLength: 3 })
  const forms: fc.Arbitrary<unknown>[] = [
    value,
    several,
    value.map((not) => ({ not })),
    several.map((not) => ({ not })),
  ]
  if (isOrdered(field))
    forms.push(
      some({ gte: value, gt: value, lte: value, lt: value }).filter((one) => Object.keys(one).length > 0),
    )
  return fc.oneof(...forms)
}

const where = (event: string): fc.Arbitrary<Where> =>
  some(
    Object.fromEntries(Object.entries(fieldsOf(event)).map(([name, field]) => [name, filterOn(field)])),
  ) as fc.Arbitrary<Where>

const fieldsOf = (event: string) =>
  (events as Readonly<Record<string, Readonly<Record<string, Field>>>>)[event]!

const event = fc.constantFrom('order-paid', 'order-paid', 'order-refunded', 'visited')
const role = fc.constantFrom('store', 'friend')
const scope = (of: string) => ({ event: fc.constant(of), where: where(of), as: role, calendar })
const windows = { within, since: event }
const per = (of: string) => fc.constantFrom(...Object.keys(fieldsOf(of)))
const fieldWith = (of: string, wanted: (field: Field) => boolean) => {
  const names = Object.entries(fieldsOf(of)).filter(([, field]) => wanted(field))
  return fc.constantFrom(...names.map(([name]) => name))
}
const isAmount = ({ type }: Field) => type === 'integer' || type === 'money'

type Make = (of: string) => fc.Arbitrary<unknown>
const made = (make: Make) => event.chain(make) as fc.Arbitrary<Fact>
const fact = (name: string) => fc.constant(name)

const counted: Make = (of) =>
  some({ fact: fact('count'), ...scope(of), ...windows, per: per(of) }, ['fact', 'event'])
const summed: Make = (of) =>
  some({ fact: fact('sum'), ...scope(of), ...windows, per: per(of), field: fieldWith(of, isAmount) }, [
    'fact',
    'event',
    'field',
  ])
const onField =
  (name: string, wanted: (field: Field) => boolean): Make =>
  (of) =>
    some({ fact: fact(name), ...scope(of), ...windows, field: fieldWith(of, wanted) }, [
      'fact',
      'event',
      'field',
    ])
const inSessions =
  (name: string): Make =>
  (of) =>
    some({ fact: fact(name), ...scope(of), ...windows, gap: exact }, ['fact', 'event', 'gap'])
const attribute = (wanted: (field: Field) => boolean) => fieldWith('attribute-set', wanted)

/** Every kind, with every option. A kind that has none here does not compile. */
const anyFact: { readonly [K in Fact['fact']]: fc.Arbitrary<Fact> } = {
  count: made(counted),
  sum: made(summed),
  min: made(onField('min', isOrdered)),
  max: made(onField('max', isOrdered)),
  distinct: made(onField('distinct', () => true)),
  first: made(onField('first', () => true)),
  last: made(onField('last', () => true)),
  'time-since': made((of) =>
    some({ fact: fact('time-since'), ...scope(of), orSince: event }, ['fact', 'event']),
  ),
  sessions: made(inSessions('sessions')),
  'session-time': made(inSessions('session-time')),
  'time-between': event.chain((until) =>
    made((of) =>
      some(
        { fact: fact('time-between'), ...scope(of), until: fc.constant(until), untilWhere: where(until) },
        ['fact', 'event', 'until'],
      ),
    ),
  ),
  streak: made((of) =>
    some(
      {
        fact: fact('streak'),
        ...scope(of),
        unit: fc.constantFrom('day', 'week', 'month'),
        times: fc.integer({ min: 1, max: 3 }),
        freezes: fc.integer({ min: 0, max: 3 }),
      },
      ['fact', 'event', 'unit'],
    ),
  ),
  sequence: some(
    {
      fact: fact('sequence'),
      steps: fc.array(
        event.chain((of) => some({ event: fc.constant(of), where: where(of) }, ['event'])),
        { minLength: 1, maxLength: 3 },
      ),
      inside: anyDuration,
      as: role,
      calendar,
      ...windows,
    },
    ['fact', 'steps'],
  ) as unknown as fc.Arbitrary<Fact>,
  ratio: fc
    .tuple(fc.oneof(made(counted), made(summed)), fc.oneof(made(counted), made(summed)))
    .map(([of, to]) => ({ fact: 'ratio', of, to }) as Fact),
  attribute: fc.oneof(
    some({ fact: fact('attribute'), attribute: attribute(() => true), ago: anyDuration, calendar }, [
      'fact',
      'attribute',
    ]),
    some(
      { fact: fact('attribute'), attribute: attribute(() => true), previous: fc.constant(true), calendar },
      ['fact', 'attribute'],
    ),
  ) as unknown as fc.Arbitrary<Fact>,
  anniversary: some(
    {
      fact: fact('anniversary'),
      attribute: attribute(({ type }) => type === 'instant'),
      daysBefore: fc.integer({ min: 0, max: 30 }),
      daysAfter: fc.integer({ min: 0, max: 30 }),
      dates: fc.constantFrom('gregorian', 'chinese'),
      leapDay: fc.constantFrom('feb-28', 'mar-1', 'leap-years-only'),
      leapMonth: fc.constantFrom('regular', 'leap-if-present', 'both'),
      shortMonth: fc.constantFrom('last', 'next', 'skip'),
      calendar,
    },
    ['fact', 'attribute'],
  ) as unknown as fc.Arbitrary<Fact>,
  age: some(
    {
      fact: fact('age'),
      attribute: attribute(({ type }) => type === 'instant'),
      unit: fc.constantFrom('days', 'weeks', 'months', 'years'),
      calendar,
    },
    ['fact', 'attribute', 'unit'],
  ) as unknown as fc.Arbitrary<Fact>,
  says: fc.constantFrom(
    { fact: 'says', engine: 'customer', word: 'stage' },
    { fact: 'says', engine: 'points', word: 'balance' },
  ),
}

/** What a fact may be compared with. */
function operandOf(fact: Fact): fc.Arbitrary<unknown> {
  if (fact.fact === 'time-since') return anyDuration
  const { kinds } = catalogue
  const measure = (
    kinds[fact.fact] as never as { measure(fact: Fact, from: object): { type: string } }
  ).measure(fact, events)
  if (measure.type === 'span') return exact
  if (measure.type === 'ratio') return fc.constantFrom('0.25', '1/3', '12.50', '-1', '0', '100')
  return fieldValue(measure as Field)
}

const compared = (fact: Fact): fc.Arbitrary<Condition> => {
  const operand = operandOf(fact)
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('gte', 'gt', 'lte', 'lt', 'is'), operand)
      .map(([condition, value]) => ({ condition, fact, value })),
    fc.tuple(operand, operand).map(([low, high]) => ({ condition: 'between', fact, low, high })),
    fc.array(operand, { maxLength: 3 }).map((values) => ({ condition: 'in', fact, values })),
  ) as fc.Arbitrary<Condition>
}

/** Whether a definition would take it. */
function isTaken(condition: Condition): boolean {
  try {
    checkCondition(condition, { events, kinds: catalogue.kinds, calendar: anyCalendar }, '$')
    return true
  } catch (error) {
    if (error instanceof DefinitionError) return false
    throw error
  }
}

/** One comparison of a kind of fact. */
export const anyComparison = (kind: Fact['fact']): fc.Arbitrary<Condition> =>
  anyFact[kind].chain(compared).filter(isTaken)

export const kinds = Object.keys(anyFact) as readonly Fact['fact'][]

/** Comparisons of all kinds, joined in all ways. */
export const anyCondition: fc.Arbitrary<Condition> = fc.letrec<{ readonly condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'condition' },
    { arbitrary: fc.oneof(...kinds.map(anyComparison)), weight: 3 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('all', 'any'), fc.array(tie('condition'), { minLength: 1, maxLength: 3 }))
        .map(([condition, of]) => ({ condition, of }) as Condition),
      weight: 3,
    },
    { arbitrary: tie('condition').map((of) => ({ condition: 'not', of }) as Condition), weight: 1 },
    {
      arbitrary: fc
        .array(tie('condition'), { minLength: 1, maxLength: 3 })
        .chain((of) =>
          fc.integer({ min: 1, max: of.length }).map((k) => ({ condition: 'some-of', k, of }) as Condition),
        ),
      weight: 1,
    },
  ),
})).condition
