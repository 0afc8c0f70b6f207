// Twenty rules on the facts of one customer. On all sides the facts are known when the clock starts: the engine has
// noted the events, json-rules-engine and the closures are given an object with what the facts say.
import { Engine } from 'json-rules-engine'
import { attributes, compileRules, defineEvents, integer, money, random, text } from '../dist/kernel.js'

const DAY = 86_400_000
const levels = ['bronze', 'silver', 'gold']
const channels = ['web', 'app', 'store']
const shop = defineEvents({
  'order-paid': { amount: money('CNY'), channel: text(...channels), items: integer() },
  'order-refunded': { amount: money('CNY') },
  visited: {},
  ...attributes({ level: text(...levels) }),
})

const facts = {
  orders90: shop.count('order-paid', { within: { days: 90 } }),
  spend90: shop.sum('order-paid', 'amount', { within: { days: 90 } }),
  orders: shop.count('order-paid'),
  spend: shop.sum('order-paid', 'amount'),
  refunds: shop.count('order-refunded'),
  visits: shop.count('visited'),
  channel: shop.last('order-paid', 'channel'),
  level: shop.attribute('level'),
}
const { orders90, spend90, orders, spend, refunds, visits, channel, level } = facts

const rules = [
  orders90.gte(3).and(spend90.gte('300')),
  orders90.gte(5).and(spend90.gte('1000'), level.is('gold')),
  orders90.gte(1).and(channel.is('app')),
  orders.gte(10).or(spend.gte('5000')),
  orders.gte(20).and(refunds.lte(1)),
  level.is('gold').or(spend90.gte('2000')),
  level.is('silver').and(orders90.gte(2)),
  level.is('bronze').and(orders90.lt(2)),
  visits.gte(10).and(orders90.lt(1)),
  visits.gte(5).and(orders90.gte(1), channel.is('web')),
  refunds.gte(2).and(orders90.gte(2)),
  refunds.gte(3).or(spend90.lt('50')),
  spend.between('100', '999.99').and(channel.in('web', 'app')),
  spend.between('1000', '4999.99').and(channel.in('app', 'store')),
  spend.gte('5000').and(level.in('silver', 'gold')),
  orders90.between(2, 4).and(visits.lt(20)),
  channel.is('store').and(spend90.gte('500')),
  visits.gte(30).or(orders.gte(30)),
  refunds.is(0).and(orders.gte(5)),
  level.is('gold').not().and(spend.gte('3000')),
]

const compiled = compileRules(rules, { ...shop, calendar: { zone: 'Asia/Shanghai' } })

/** Customers, event by event: 50,000 moments, more than any cache holds. */
const historiesOf = () => {
  const chance = random('rules-20')
  return Array.from({ length: 2000 }, (_, customer) => {
    const subject = `c-${customer}`
    let at = Date.UTC(2025, 0, 1)
    return Array.from({ length: 25 }, (_, event) => {
      at += chance.integer(1, 20 * DAY)
      const kind = chance.integer(1, 20)
      const cents = chance.integer(100, 60_000)
      const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
      const channel = channels[chance.integer(0, 2)]
      const level = levels[chance.integer(0, 2)]
      const [type, data] =
        kind <= 8
          ? ['order-paid', { amount, channel, items: 1 }]
          : kind <= 10
            ? ['order-refunded', { amount }]
            : kind <= 12
              ? ['attribute-set', { level }]
              : ['visited', {}]
      return { cents, event: { id: `${event}`, type, subject, occurredAt: at, data } }
    })
  })
}

/** What the engine remembers after each event. */
const momentsOf = (histories) => Float64Array.from(histories.flat(), ({ event }) => event.occurredAt)
const rememberedOf = (histories) =>
  histories.flatMap((history) => {
    let tracks = compiled.facts.start
    return history.map(({ event }) => {
      tracks = compiled.facts.note(tracks, event, event.subject)
      return tracks
    })
  })

/** What the facts say after each event, money in fen. */
const saidOf = (histories) =>
  histories.flatMap((history) => {
    const known = { orders: 0, spend: 0, refunds: 0, visits: 0, channel: null, level: null }
    let open = []
    return history.map(({ cents, event: { type, occurredAt: at, data } }) => {
      if (type === 'order-paid') {
        known.orders += 1
        known.spend += cents
        known.channel = data.channel
        open.push([at + 90 * DAY, cents])
      } else if (type === 'order-refunded') known.refunds += 1
      else if (type === 'attribute-set') known.level = data.level
      else known.visits += 1
      open = open.filter(([leavesAt]) => leavesAt > at)
      return {
        ...known,
        orders90: open.length,
        spend90: open.reduce((sum, [, cents]) => sum + cents, 0),
      }
    })
  })

let inputs
/** Made when they are first needed: what is kept in the heap makes the rows of others slower. */
const inputsOnce = () => {
  if (inputs === undefined) {
    const histories = historiesOf()
    inputs = { asOf: momentsOf(histories), remembered: rememberedOf(histories), said: saidOf(histories) }
  }
  return inputs
}

/** Where rule i holds, as one number that tells the rules apart. */
const weights = rules.map((_, rule) => (rule * rule * 31 + 7) % 1009)

const held = new Uint8Array(rules.length)
function ours(count) {
  const { asOf, remembered } = inputsOnce()
  let sum = 0
  for (let i = 0; i < count; i += 1) {
    const moment = i % remembered.length
    compiled.holds(remembered[moment], asOf[moment], held)
    for (let rule = 0; rule < held.length; rule += 1) if (held[rule] === 1) sum += weights[rule]
  }
  return sum
}

function oursWithTrees(count) {
  const { asOf, remembered } = inputsOnce()
  let sum = 0
  for (let i = 0; i < count; i += 1) {
    const moment = i % remembered.length
    const verdicts = compiled.verdicts(remembered[moment], asOf[moment])
    for (let rule = 0; rule < verdicts.length; rule += 1)
      if (verdicts[rule].holds) sum += weights[rule] + verdicts[rule].parts.length
  }
  return sum
}

const closures = [
  (f) => f.orders90 >= 3 && f.spend90 >= 30_000,
  (f) => f.orders90 >= 5 && f.spend90 >= 100_000 && f.level === 'gold',
  (f) => f.orders90 >= 1 && f.channel === 'app',
  (f) => f.orders >= 10 || f.spend >= 500_000,
  (f) => f.orders >= 20 && f.refunds <= 1,
  (f) => f.level === 'gold' || f.spend90 >= 200_000,
  (f) => f.level === 'silver' && f.orders90 >= 2,
  (f) => f.level === 'bronze' && f.orders90 < 2,
  (f) => f.visits >= 10 && f.orders90 < 1,
  (f) => f.visits >= 5 && f.orders90 >= 1 && f.channel === 'web',
  (f) => f.refunds >= 2 && f.orders90 >= 2,
  (f) => f.refunds >= 3 || f.spend90 < 5000,
  (f) => f.spend >= 10_000 && f.spend <= 99_999 && (f.channel === 'web' || f.channel === 'app'),
  (f) => f.spend >= 100_000 && f.spend <= 499_999 && (f.channel === 'app' || f.channel === 'store'),
  (f) => f.spend >= 500_000 && (f.level === 'silver' || f.level === 'gold'),
  (f) => f.orders90 >= 2 && f.orders90 <= 4 && f.visits < 20,
  (f) => f.channel === 'store' && f.spend90 >= 50_000,
  (f) => f.visits >= 30 || f.orders >= 30,
  (f) => f.refunds === 0 && f.orders >= 5,
  (f) => f.level !== 'gold' && f.spend >= 300_000,
]

function byHand(count) {
  const { said } = inputsOnce()
  let sum = 0
  for (let i = 0; i < count; i += 1) {
    const given = said[i % said.length]
    for (let rule = 0; rule < closures.length; rule += 1) if (closures[rule](given)) sum += weights[rule]
  }
  return sum
}

/** The same conditions in the format of json-rules-engine: money in fen. */
const operators = { gte: 'greaterThanInclusive', gt: 'greaterThan', lte: 'lessThanInclusive', lt: 'lessThan' }
const nameOf = new Map(Object.entries(facts).map(([name, { fact }]) => [fact, name]))
const plain = (value) =>
  typeof value === 'string' && /^\d/.test(value) ? Math.round(Number(value) * 100) : value
function theirFormat(condition) {
  const { condition: word } = condition
  if (word === 'all' || word === 'any') return { [word]: condition.of.map(theirFormat) }
  if (word === 'not') return { not: theirFormat(condition.of) }
  const fact = nameOf.get(condition.fact)
  if (word === 'is') return { fact, operator: 'equal', value: plain(condition.value) }
  if (word === 'in') return { fact, operator: 'in', value: condition.values.map(plain) }
  if (word === 'between')
    return {
      all: [
        { fact, operator: 'greaterThanInclusive', value: plain(condition.low) },
        { fact, operator: 'lessThanInclusive', value: plain(condition.high) },
      ],
    }
  return { fact, operator: operators[word], value: plain(condition.value) }
}
const engine = new Engine(
  rules.map((rule, i) => ({ conditions: theirFormat(rule), event: { type: `${i}` } })),
)

async function jsonRules(count, trees) {
  const { said } = inputsOnce()
  let sum = 0
  for (let i = 0; i < count; i += 1) {
    const given = said[i % said.length]
    const { events, results } = await engine.run(given)
    if (trees)
      for (const { event, conditions } of results)
        sum += weights[Number(event.type)] + (conditions.all ?? conditions.any).length
    else for (const { type } of events) sum += weights[Number(type)]
  }
  return sum
}

const few = 10_000
const many = 400_000

export const rows = [
  {
    name: 'kernel/rules-20',
    versus: 'json-rules-engine 7.3.1',
    unit: 'us',
    iterations: few,
    ours: () => ours(few),
    theirs: () => jsonRules(few, false),
  },
  {
    name: 'kernel/rules-20-loop',
    versus: 'hand-written closures',
    unit: 'ns',
    iterations: many,
    ours: () => ours(many),
    theirs: () => byHand(many),
  },
  {
    name: 'kernel/rules-20-verdicts',
    versus: 'json-rules-engine 7.3.1 with its results',
    unit: 'us',
    iterations: few,
    ours: () => oursWithTrees(few),
    theirs: () => jsonRules(few, true),
  },
]
