// Lifecycles and histories made by chance: every kind of rule, on the edge of every deadline.
import {
  attributes,
  type Condition,
  calendarOf,
  coverage,
  type Duration,
  defineEvents,
  lifecycleFrom,
  moment,
  money,
  type Random,
  ref,
  stageEvents,
  text,
} from 'liuliang'

const ZONES = ['America/New_York', 'Europe/London', 'Asia/Shanghai', 'Australia/Lord_Howe', 'UTC'] as const
const STAGES = ['lead', 'new', 'active', 'loyal', 'dormant', 'churned', '召回'] as const
const DAY = 86_400_000

const shop = defineEvents({
  'order-paid': { amount: money('CNY'), channel: text('web', 'app'), friend: ref('friend') },
  visited: {},
  'opted-out': {},
  ...attributes({ birthday: moment(), city: text() }),
  ...coverage(),
  ...stageEvents('customer', STAGES, { initial: 'lead' }),
})

/** Durations that end on local dates, on exact hours, in work and at the end of units. */
function durationBy(chance: Random): Duration {
  const days = chance.pick([1, 2, 3, 7, 14, 28, 30, 45, 60, 90, 180])
  return chance.pick<Duration>([
    { days },
    { days },
    { hours: 24 * days },
    { hours: days },
    { days, end: true },
    { days, at: '09:00' },
    { weeks: 1 + (days % 5) },
    { months: 1 + (days % 4) },
    { businessDays: days },
    { workHours: 4 * days },
    { next: { weekday: 1 }, at: '08:00' },
  ])
}

const within = (chance: Random) =>
  chance.pick<object>([{}, { within: { days: chance.pick([1, 7, 30, 90]) } }, { within: { this: 'month' } }])

/** Conditions on counts, sums, silence, age, the profile, what the lifecycle itself says: alone and joined. */
function conditionBy(chance: Random, depth = 2): Condition {
  const orders = chance.pick(['order-paid', 'visited'] as const)
  const simple: (() => Condition)[] = [
    () => shop.count(orders, within(chance)).gte(chance.integer(1, 4)),
    () => shop.count(orders, within(chance)).lt(chance.integer(1, 4)),
    () => shop.sum('order-paid', 'amount', within(chance)).gte(`${chance.integer(20, 300)}`),
    () => shop.count('order-paid', { as: 'friend', within: { days: 30 } }).gte(1),
    () => shop.timeSince(orders).gte({ days: chance.pick([1, 7, 30, 60]) }),
    () => shop.timeSince(orders).lt({ hours: chance.pick([24, 240, 720]) }),
    () => shop.age('birthday', 'months').gte(chance.integer(1, 24)),
    () => shop.last('order-paid', 'channel').is('web'),
    () => shop.attribute('city').is('Wuhan'),
    () => shop.says('customer', 'stage').is(chance.pick(['lead', 'new'] as const)),
    () => shop.streak('visited', { unit: 'week' }).gte(2),
  ]
  if (depth === 0 || chance.next() < 0.6) return chance.pick(simple)()
  const of = Array.from({ length: chance.integer(2, 3) }, () => conditionBy(chance, depth - 1))
  return chance.pick<() => Condition>([
    () => ({ condition: 'all', of }),
    () => ({ condition: 'any', of }),
    () => ({ condition: 'not', of: of[0]! }),
    () => ({ condition: 'some-of', k: 2, of }),
  ])()
}

const heardBy = (chance: Random) =>
  chance.pick<unknown>([
    'order-paid',
    'visited',
    'visited',
    'opted-out',
    'attribute-set',
    { event: 'order-paid', where: { amount: { gte: '50' } } },
    { event: 'order-paid', where: { channel: 'app' } },
    { event: 'order-paid', as: 'friend' },
  ])

function ruleBy(chance: Random, targets: readonly string[]) {
  const to = chance.pick(targets)
  return chance.pick<() => object>([
    () => ({ to, inactiveFor: durationBy(chance) }),
    () => ({ to, inactiveFor: durationBy(chance) }),
    () => ({ to, inStageFor: durationBy(chance) }),
    () => ({ to, since: 'birthday', reaches: durationBy(chance) }),
    () => ({ to, on: heardBy(chance) }),
    () => ({ to, on: heardBy(chance), when: conditionBy(chance) }),
    () => {
      const when = conditionBy(chance)
      const facts = shopFacts(when)
      return { to, when, ...(chance.next() < 0.3 && { reset: [chance.pick(facts)] }) }
    },
    () => ({ ignores: heardBy(chance) }),
  ])()
}

const shopFacts = (condition: Condition): readonly object[] =>
  'fact' in condition
    ? [condition.fact]
    : condition.condition === 'not'
      ? shopFacts(condition.of)
      : condition.of.flatMap(shopFacts)

/** A lifecycle that may do anything but name what is not there. */
export function lifecycleBy(chance: Random) {
  const stages = STAGES.slice(0, chance.integer(2, STAGES.length))
  const forwardOnly = chance.next() < 0.15
  const final = chance.next() < 0.3 ? [stages[stages.length - 1]!] : []
  const rules = Object.fromEntries(
    stages.map((stage, i) => {
      const targets = forwardOnly ? stages.slice(i + 1) : stages.filter((other) => other !== stage)
      const isOver = final.includes(stage) || targets.length === 0
      // An event may also lead back into the stage itself.
      const own = !forwardOnly && !isOver && chance.next() < 0.1 ? [{ to: stage, on: 'opted-out' }] : []
      const list = isOver ? [] : Array.from({ length: chance.integer(1, 4) }, () => ruleBy(chance, targets))
      return [stage, [...list, ...own]]
    }),
  )
  const zone = chance.pick(ZONES)
  const everywhere = chance.next() < 0.4 ? [ruleBy(chance, stages)] : []
  return lifecycleFrom({
    model: 'lifecycle',
    id: 'customer',
    version: 1,
    calendar: {
      zone,
      business: {
        weekdays: [1, 2, 3, 4, 5],
        hours: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }],
      },
    },
    events: { ...shop.events, ...stageEvents('customer', stages, { initial: 'lead' }) },
    activity: Array.from({ length: chance.integer(1, 2) }, () => heardBy(chance)),
    stages,
    initial: 'lead',
    rules: JSON.parse(JSON.stringify(rules)),
    ...(everywhere.length > 0 && { everywhere: JSON.parse(JSON.stringify(everywhere)) }),
    ...(final.length > 0 && { final }),
    ...(forwardOnly && { forwardOnly }),
  })
}

/** What happens next to a subject, and when: whole local days, exact hours, odd milliseconds, the same instant, long silences. */
export function eventBy(chance: Random, zone: string, stages: readonly string[], last: number, i: number) {
  const kind = chance.next()
  const days = chance.next() < 0.15 ? chance.integer(35, 400) : chance.integer(0, 35)
  const occurredAt =
    kind < 0.15
      ? last
      : kind < 0.4
        ? calendarOf({ zone }).add(last, { days })
        : kind < 0.6
          ? last + days * DAY
          : last + days * DAY + chance.integer(0, DAY - 1)
  const make = (type: string, data: object, subject = 'ann') => ({
    id: `e${i}`,
    type,
    subject,
    occurredAt,
    data,
  })
  const amount = `${chance.integer(1, 150)}.${chance.integer(10, 99)}`
  const channel = chance.pick(['web', 'app'])
  return chance.pick([
    () => make('order-paid', { amount, channel, friend: 'bob' }),
    () => make('order-paid', { amount, channel, friend: 'ann' }),
    () => make('order-paid', { amount, channel, friend: 'ann' }, 'bob'),
    () => make('visited', {}),
    () => make('visited', {}),
    () => make('visited', {}),
    () => make('opted-out', {}),
    () =>
      make('attribute-set', {
        ...(chance.next() < 0.5 && { birthday: occurredAt - chance.integer(-60, 700) * DAY }),
        city: chance.pick(['Wuhan', 'Berlin']),
      }),
    () => make('customer/move-set', { to: chance.pick(stages), reason: 'by hand' }),
    // Gaps of what shops track, not of the profile: whether somebody is old enough would be asked month by month for ever.
    () =>
      make('coverage-changed', {
        event: chance.pick(['visited', 'order-paid']),
        observed: chance.next() < 0.8,
      }),
  ])()
}
