// One catalogue, and histories through time: ties, nights on which clocks change, month ends, refunds, duplicates.
import fc from 'fast-check'
import {
  type AnyEvent,
  attributes,
  type CalendarDefinition,
  coverage,
  type Duration,
  defineEvents,
  flag,
  instant,
  integer,
  moment,
  money,
  ref,
  text,
} from 'liuliang/kernel'

export const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    items: integer(),
    channel: text('web', 'app', 'store'),
    gift: flag(),
    store: ref('store').optional(),
    friend: ref('friend').optional(),
    coupon: text().optional(),
  },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  'order-delivered': { orderId: text() },
  visited: { pages: integer(), friend: ref('friend').optional() },
  // What another engine publishes, with its words.
  'club/ranked': {
    rank: { type: 'text', oneOf: ['none', 'gold'], says: 'rank', initially: 'none' },
    left: { type: 'integer', required: false, says: 'left' },
  },
  'club/left': {
    left: { type: 'integer', says: 'left' },
    purse: { type: 'money', currency: 'CNY', says: 'purse', initially: '0.50' },
  },
  ...coverage(),
  ...attributes({ born: moment(), level: text('gold', 'silver'), score: integer(), wallet: money('JPY') }),
})

const zones = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Berlin',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'UTC',
] as const

export const zone = fc.constantFrom(...zones)

const hours = [
  { from: '08:30' as const, to: '12:00' as const },
  { from: '13:00' as const, to: '17:45' as const },
]
/** Around the nights on which histories begin: holidays, worked weekends, a weekend in between. */
const china = {
  closed: ['2024-02-12', '2024-02-13', '2024-02-14', '2024-02-15', '2024-02-16', '2024-01-01', '2011-12-30'],
  opened: ['2024-02-04', '2024-02-18', '2024-03-10', '2024-03-30'],
  hours,
}
const nrf = { pattern: '4-5-4', ends: { rule: 'nearest', weekday: 6, month: 1 }, named: 'start' } as const

/**
 * A calendar in a zone that every duration can be counted in. Plain days for most; a Sunday week and hours over the
 * change of clocks, late days, a Saturday week and hours by weekday for one zone each.
 */
export function calendarIn(zone: string): CalendarDefinition {
  const plain = { zone, fiscal: nrf, business: china }
  if (zone === 'America/New_York')
    return {
      ...plain,
      weekStart: 7,
      business: {
        weekdays: [1, 2, 3, 4, 5, 7],
        closed: ['2024-11-04'],
        hours: [
          { weekdays: [7], from: '01:30', to: '02:30' },
          { weekdays: [1, 3, 5], from: '00:00', to: '24:00' },
          { weekdays: [2, 6], from: '09:00', to: '17:00' },
        ],
      },
    }
  if (zone === 'Europe/Berlin')
    return { ...plain, dayStart: '02:30', business: { ...china, hours: [{ from: '21:00', to: '02:00' }] } }
  if (zone === 'Pacific/Apia')
    return {
      ...plain,
      weekStart: 6,
      fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 5, month: 12 }, named: 'end' },
    }
  return plain
}

const clock = fc.integer({ min: 0, max: 95 }).map((quarters) => clockOf(quarters))
const clockOf = (quarters: number) =>
  [quarters >> 2, (quarters & 3) * 15]
    .map((part) => String(part).padStart(2, '0'))
    .join(':') as `${number}:${number}`
const weekdays = fc.uniqueArray(fc.constantFrom(...([1, 2, 3, 4, 5, 6, 7] as const)), { minLength: 1 })
const dates = fc.uniqueArray(
  fc.integer({ min: -60, max: 120 }).map((days) => new Date(Date.UTC(2024, 2, 1) + days * 86_400_000)),
  { selector: Number, maxLength: 12 },
)

/** Calendars of every kind, around the nights of 2024. */
export const calendarOptions: fc.Arbitrary<Omit<CalendarDefinition, 'zone'>> = fc
  .record({
    dayStart: fc.oneof(fc.constantFrom('00:00' as const, '02:30' as const, '04:00' as const), clock),
    weekStart: fc.constantFrom(...([1, 6, 7] as const)),
    weekdays,
    dates,
    split: fc.integer({ min: 0, max: 12 }),
    shifts: fc.uniqueArray(fc.integer({ min: 0, max: 95 }), { minLength: 2, maxLength: 6 }),
    some: weekdays,
    pattern: fc.constantFrom('4-4-5' as const, '4-5-4' as const, '5-4-4' as const),
    ends: fc.record({
      rule: fc.constantFrom('last' as const, 'nearest' as const),
      weekday: fc.constantFrom(...([1, 5, 6, 7] as const)),
      month: fc.integer({ min: 1, max: 12 }),
    }),
    named: fc.constantFrom('start' as const, 'end' as const),
  })
  .map(({ dayStart, weekStart, weekdays, dates, split, shifts, some, pattern, ends, named }) => {
    const text = dates.map((date) => date.toISOString().slice(0, 10))
    const starts = Math.floor(Number(dayStart.slice(0, 2)) * 4 + Number(dayStart.slice(3)) / 15)
    const times = [...shifts]
      .sort((a, b) => a - b)
      .map((quarters) => clockOf((quarters + Math.ceil(starts)) % 96))
    const stretches = times.flatMap((from, i) =>
      i % 2 === 0 && i + 1 < times.length ? [{ from, to: times[i + 1]! }] : [],
    )
    const worked = some.some((weekday) => weekdays.includes(weekday)) ? some : weekdays
    return {
      dayStart,
      weekStart,
      fiscal: { pattern, ends, named },
      business: {
        weekdays,
        closed: text.slice(0, split),
        opened: text.slice(split),
        hours: stretches.map((stretch, i) => (i === 0 ? { ...stretch, weekdays: worked } : stretch)),
      },
    }
  })

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Nights on which clocks change, leap days, month ends, Apia's lost day; histories begin shortly before one of them. */
const nights = [
  ['America/New_York', '2024-03-10T07:00:00Z'],
  ['America/New_York', '2024-11-03T06:00:00Z'],
  ['Europe/Berlin', '2024-03-31T01:00:00Z'],
  ['Europe/Berlin', '2024-10-27T01:00:00Z'],
  ['Australia/Lord_Howe', '2024-04-06T15:00:00Z'],
  ['Australia/Lord_Howe', '2024-10-05T15:30:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  // Clocks went back at one minute past midnight.
  ['America/St_Johns', '2010-11-07T02:31:00Z'],
  ['Asia/Shanghai', '2024-01-30T16:00:00Z'],
  ['Asia/Shanghai', '2024-02-28T16:00:00Z'],
  ['UTC', '2023-12-31T00:00:00Z'],
] as const

/** A night, usually in the zone in which it is special. */
export const night = fc.constantFrom(...nights).chain(([special, text]) =>
  fc.record({
    zone: fc.oneof({ arbitrary: fc.constant(special as string), weight: 3 }, { arbitrary: zone, weight: 1 }),
    start: fc.integer({ min: -96, max: 4 }).map((halves) => instant(text) + (halves * HOUR) / 2),
  }),
)

/** Time between two events: nothing, a millisecond, parts of an hour, dates, months; rarely back. */
const gap = fc.oneof(
  { arbitrary: fc.constantFrom(0, 0, 1), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 96 }).map((halves) => (halves * HOUR) / 2), weight: 5 },
  { arbitrary: fc.constantFrom(DAY, 7 * DAY, 30 * DAY, 31 * DAY), weight: 3 },
  { arbitrary: fc.integer({ min: 1, max: 40 * DAY }), weight: 3 },
)

/** Durations of every form, from a minute to a year, never nothing. */
export const duration: fc.Arbitrary<Duration> = fc.oneof(
  fc.integer({ min: 1, max: 72 }).map((hours) => ({ hours })),
  fc.integer({ min: 1, max: 3000 }).map((minutes) => ({ minutes })),
  fc.integer({ min: 1, max: 90_000 }).map((seconds) => ({ seconds })),
  fc.integer({ min: 1, max: 60 }).map((days) => ({ days })),
  fc.integer({ min: 1, max: 4 }).map((days) => ({ days })),
  fc.integer({ min: 1, max: 6 }).map((weeks) => ({ weeks })),
  fc.integer({ min: 1, max: 5 }).map((months) => ({ months })),
  fc.constant({ years: 1 }),
  fc.integer({ min: 1, max: 40 }).map((days) => ({ days, end: true as const })),
  fc
    .tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('day' as const, 'month' as const, 'quarter' as const, 'year' as const),
    )
    .map(([months, end]) => ({ months, end })),
  fc
    .tuple(
      fc.integer({ min: 0, max: 20 }),
      fc.constantFrom(
        'week' as const,
        'fiscal-month' as const,
        'fiscal-quarter' as const,
        'fiscal-year' as const,
      ),
    )
    .map(([days, end]) => ({ days, end })),
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('00:00' as const, '02:30' as const, '09:15' as const),
    )
    .map(([days, at]) => ({ days, at })),
  fc.integer({ min: 1, max: 15 }).map((businessDays) => ({ businessDays })),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom('01:30' as const, '09:00' as const))
    .map(([businessDays, at]) => ({ businessDays, at })),
  fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('day' as const, 'week' as const, 'month' as const))
    .map(([businessDays, end]) => ({ businessDays, end })),
  fc.integer({ min: 1, max: 30 }).map((workHours) => ({ workHours })),
  fc.integer({ min: 1, max: 1200 }).map((workMinutes) => ({ workMinutes })),
  fc
    .constantFrom(1 as const, 3 as const, 6 as const, 7 as const)
    .map((weekday) => ({ next: { weekday }, at: '01:45' as const })),
  fc.constantFrom(1 as const, 5 as const, 7 as const).map((weekday) => ({ next: { weekday } })),
)

/** And nothing at all. */
export const anyDuration: fc.Arbitrary<Duration> = fc.oneof(
  { arbitrary: duration, weight: 9 },
  {
    arbitrary: fc.constantFrom<Duration>(
      { days: 0 },
      { hours: 0 },
      { months: 0 },
      { workHours: 0 },
      { businessDays: 0 },
    ),
    weight: 1,
  },
)

const amount = fc.oneof(
  fc
    .integer({ min: 0, max: 40_000 })
    .map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`),
  fc.constantFrom('0.01', '0.99', '100', '99.9', '10.00', '0.00', '-5.00'),
)
const orderId = fc.constantFrom('o1', 'o2', 'o3', 'o4')
const person = fc.constantFrom('u', 'v')

type Body = Pick<AnyEvent, 'type' | 'data'> & { readonly subject?: string }

const bodies: Readonly<
  Record<'order' | 'refund' | 'deliver' | 'visit' | 'profile' | 'club' | 'coverage', fc.Arbitrary<Body>>
> = {
  order: fc.record(
    {
      type: fc.constant('order-paid'),
      subject: fc.constantFrom('u', 'u', 'u', 'u', 'v'),
      data: fc.record(
        {
          orderId,
          amount,
          items: fc.integer({ min: -2, max: 5 }),
          channel: fc.constantFrom('web', 'app', 'store'),
          gift: fc.boolean(),
          store: person,
          friend: person,
          coupon: fc.constantFrom('X', 'Y'),
        },
        { requiredKeys: ['orderId', 'amount', 'items', 'channel', 'gift'] },
      ),
    },
    { requiredKeys: ['type', 'data', 'subject'] },
  ),
  refund: fc.record({ type: fc.constant('order-refunded'), data: fc.record({ orderId, amount }) }),
  deliver: fc.record({ type: fc.constant('order-delivered'), data: fc.record({ orderId }) }),
  visit: fc.record({
    type: fc.constant('visited'),
    subject: fc.constantFrom('u', 'u', 'u', 'v'),
    data: fc.record({ pages: fc.integer({ min: 0, max: 3 }), friend: person }, { requiredKeys: ['pages'] }),
  }),
  profile: fc.record({
    type: fc.constant('attribute-set'),
    data: fc.record(
      {
        born: fc
          .constantFrom(
            '2023-12-05T03:00:00Z',
            '2024-02-29T12:00:00Z',
            '2011-11-29T12:00:00Z',
            '2004-02-29T12:00:00Z',
            '2004-11-04T15:30:00Z',
            // The 11th of a leap month, the 30th of a leap month, the 30th of a month, the first day of a year.
            '2023-04-01T12:00:00Z',
            '2017-08-21T12:00:00Z',
            '2023-03-21T04:00:00Z',
            '2009-01-26T12:00:00Z',
            // Lies ahead of most histories.
            '2024-04-20T12:00:00Z',
          )
          .map(instant),
        level: fc.constantFrom('gold', 'silver'),
        score: fc.integer({ min: 0, max: 9 }),
        wallet: fc.constantFrom('0', '10', '250'),
      },
      { requiredKeys: [] },
    ),
  }),
  club: fc.oneof(
    fc.record({
      type: fc.constant('club/ranked'),
      data: fc.record(
        { rank: fc.constantFrom('none', 'gold'), left: fc.integer({ min: 0, max: 4 }) },
        { requiredKeys: ['rank'] },
      ),
    }),
    fc.record({
      type: fc.constant('club/left'),
      data: fc.record({
        left: fc.integer({ min: 0, max: 4 }),
        purse: fc.constantFrom('0', '10.00', '99.99'),
      }),
    }),
  ),
  coverage: fc.record({
    type: fc.constant('coverage-changed'),
    data: fc.record(
      {
        observed: fc.boolean(),
        event: fc.constantFrom(
          'order-paid',
          'order-paid',
          'visited',
          'order-refunded',
          'order-delivered',
          'attribute-set',
          'club/ranked',
        ),
      },
      { requiredKeys: ['observed'] },
    ),
  }),
}

/** Facts of the shop, the club and the profile, and what is tracked of them; somebody else's events among them where the subject has a role in them. */
const fact: fc.Arbitrary<Body> = fc
  .oneof(
    { arbitrary: bodies.order, weight: 6 },
    { arbitrary: bodies.refund, weight: 2 },
    { arbitrary: bodies.deliver, weight: 2 },
    { arbitrary: bodies.visit, weight: 2 },
    { arbitrary: bodies.profile, weight: 2 },
    { arbitrary: bodies.club, weight: 1 },
    { arbitrary: bodies.coverage, weight: 1 },
  )
  .map((body) =>
    body.subject === 'v' && !Object.values(body.data).includes('u') ? { ...body, subject: 'u' } : body,
  )

/** Two orders bought and returned in parts, over and over: what keeps an account busy. */
const trade: fc.Arbitrary<Body> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constant('order-paid'),
      data: fc.record({
        orderId: fc.constantFrom('o1', 'o2'),
        amount: fc.constantFrom('20', '61.50', '100.00', '99.99'),
        items: fc.integer({ min: 1, max: 5 }),
        channel: fc.constant('web'),
        gift: fc.boolean(),
      }),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      type: fc.constant('order-refunded'),
      data: fc.record({
        orderId: fc.constantFrom('o1', 'o2'),
        amount: fc.constantFrom('10', '33.33', '75', '150'),
      }),
    }),
    weight: 2,
  },
  { arbitrary: fc.constant({ type: 'visited', data: { pages: 1 } }), weight: 2 },
  { arbitrary: fc.constant({ type: 'order-delivered', data: { orderId: 'o1' } }), weight: 1 },
)

/** Trade and commands, half a day to a week apart. */
export const trades = (commands: readonly fc.Arbitrary<Command>[], maxLength: number) =>
  fc.array(
    fc.record<Passage>({
      gap: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 14 }).map((halves) => (halves * DAY) / 2),
      ),
      body: fc.oneof({ arbitrary: trade, weight: 3 }, { arbitrary: fc.oneof(...commands), weight: 2 }),
    }),
    { minLength: 4, maxLength },
  )

/** A command, or a manual move: types and data depend on the engine. */
export type Command = Body

/** What can be odd about an input: a retry, a reused id, a date in the past, a version that another writer passed. */
const oddities = ['retry', 'old-retry', 'same-id', 'late', 'very-late', 'version'] as const

/** One step through time: an input so much later, and what is odd about it. */
export interface Passage {
  readonly gap: number
  readonly body: Body
  readonly oddity?: (typeof oddities)[number] | undefined
}

export const passages = (commands: readonly fc.Arbitrary<Command>[], maxLength: number) =>
  fc.array(
    fc.record<Passage>({
      gap,
      body:
        commands.length === 0
          ? fact
          : fc.oneof({ arbitrary: fact, weight: 5 }, { arbitrary: fc.oneof(...commands), weight: 2 }),
      oddity: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 8 },
        { arbitrary: fc.constantFrom(...oddities), weight: 1 },
      ),
    }),
    { minLength: 1, maxLength },
  )

/** The inputs of a history, in the order in which they come. */
export function inputsOf(start: number, steps: readonly Passage[]): readonly AnyEvent[] {
  const inputs: AnyEvent[] = []
  let now = start
  for (const [i, { gap, body, oddity }] of steps.entries()) {
    now += gap
    const made: AnyEvent = { id: `e${i}`, subject: 'u', occurredAt: now, ...aimed(body, inputs) }
    const before = inputs.at(-1)
    if (before === undefined || oddity === undefined) inputs.push(made)
    else if (oddity === 'retry') inputs.push({ ...before })
    else if (oddity === 'old-retry') inputs.push({ ...inputs[0]!, recordedAt: now })
    else if (oddity === 'same-id') inputs.push({ ...made, id: before.id })
    else if (oddity === 'late') inputs.push({ ...made, occurredAt: now - 5000 })
    else if (oddity === 'very-late') inputs.push({ ...made, occurredAt: now - 31 * DAY })
    else inputs.push({ ...made, expectedVersion: i })
  }
  return inputs
}

/** A return of points that says so means the latest redemption. */
function aimed(body: Body, before: readonly AnyEvent[]): Body {
  if (!('redemption' in body.data) || body.data.redemption !== 'latest') return body
  const latest = before.filter(({ type }) => type.endsWith('/redeem')).at(-1)
  return { ...body, data: { ...body.data, redemption: latest?.id ?? 'none' } }
}
