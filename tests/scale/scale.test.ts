import {
  type AnyEvent,
  type Condition,
  defineEvents,
  type Engine,
  type Journal,
  type Kinds,
  money,
  text,
} from 'liuliang/kernel'
import { defineLifecycle } from 'liuliang/lifecycle'
import { definePoints } from 'liuliang/points'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { Fresh } from './support/fresh.js'

const few = 1_000
const many = 100_000
const sampled = 200
/** Enough for the compiler; the last nine are measured. */
const rounds = 40
const MINUTE = 60_000
const start = Date.UTC(2024, 0, 1)
const subject = 'ada'
const calendar = { zone: 'Asia/Shanghai' }
const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'order-refunded': { orderId: text(), amount: money('CNY') },
})
/** Everything stays in it. */
const wide = { within: { days: 30_000 } } as const
const shortMemory = { hours: 1 } as const
const longMemory = { hours: 100_000 } as const

const stagesOf = (rule: 'windows' | 'none') =>
  defineLifecycle({
    id: 'customer',
    version: 1,
    calendar,
    events: shop,
    activity: ['order-paid'],
    stages: ['new', 'loyal'],
    initial: 'new',
    rules: {
      new:
        rule === 'none'
          ? []
          : [
              {
                to: 'loyal',
                when: shop
                  .count('order-paid', wide)
                  .gte(1_000_000)
                  .and(shop.sum('order-paid', 'amount', wide).gte('100000000')),
              },
            ],
      loyal: [],
    },
    idempotencyWindow: rule === 'none' ? longMemory : shortMemory,
  })

/** One rule on a condition that never holds. */
const ruleOn = (when: Condition) =>
  defineLifecycle({
    id: 'customer',
    version: 1,
    calendar,
    events: shop,
    activity: ['order-paid'],
    stages: ['new', 'loyal'],
    initial: 'new',
    rules: { new: [{ to: 'loyal', when }], loyal: [] },
    idempotencyWindow: shortMemory,
  })

const pointsOf = (per: string) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar,
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per, of: 'amount' }, origin: 'orderId' },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: { days: 30 },
    expires: { months: 1200 },
    idempotencyWindow: shortMemory,
  })

type Step = (index: number) => AnyEvent

/** Ids in no order, as hosts make them. */
const idOf = (index: number) => (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(36)
const input = (index: number, type: string, data: object): AnyEvent => ({
  id: idOf(index),
  type,
  subject,
  occurredAt: start + index * MINUTE,
  data,
})
const paid: Step = (index) => input(index, 'order-paid', { orderId: `o-${idOf(index)}`, amount: '10.00' })
/** Each more, or less, than the one before, so that every one of them may come to be the smallest, or the largest. */
const rising: Step = (index) => input(index, 'order-paid', { orderId: idOf(index), amount: `${index + 10}` })
const falling: Step = (index) =>
  input(index, 'order-paid', { orderId: idOf(index), amount: `${9_000_000 - index}` })
const ofTen: Step = (index) => input(index, 'order-paid', { orderId: `o-${index % 10}`, amount: '10.00' })
const refunded: Step = (index) =>
  input(index, 'order-refunded', { orderId: `o-${idOf(index - 500)}`, amount: '1.00' })
const given: Step = (index) => input(index, 'points/earn', { points: 3, reason: 'scale' })
const redeemed: Step = (index) => input(index, 'points/redeem', { points: 2 })

/** Any engine, seen from outside its types. */
interface Plain {
  start(subject: string): Journal<object>
  decide(
    state: Journal<object>,
    input: AnyEvent,
  ): { readonly outcome: string; readonly state?: Journal<object> }
}
const plainly = <K extends Kinds>(engine: Engine<K>): Plain => engine as unknown as Plain

function decided(engine: Plain, state: Journal<object>, input: AnyEvent): Journal<object> {
  const outcome = engine.decide(state, input)
  if (outcome.state === undefined) throw new Error(JSON.stringify(outcome))
  return outcome.state
}

interface Cost {
  /** Open entries when it was measured. */
  readonly at: number
  /** New slots an event, on the average. */
  readonly slots: number
  /** Microseconds of CPU time an event, the median of the sampled ones: printed, never asserted. */
  readonly microseconds: number
  /** Bytes of JSON an open entry. */
  readonly bytes: number
}

const cpuOf = (call: () => void): number => {
  const before = process.cpuUsage()
  call()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** What an event costs on a state with so many open entries. */
function costAt(engine: Plain, state: Journal<object>, at: number, step: Step): Cost {
  const fresh = new Fresh(state)
  let slots = 0
  let next = state
  for (let i = 0; i < sampled; i++) {
    next = decided(engine, next, step(at + i))
    slots += fresh.slotsOf(next)
  }
  const times = Array.from({ length: rounds }, () =>
    cpuOf(() => {
      let again = state
      for (let i = 0; i < sampled; i++) again = decided(engine, again, step(at + i))
    }),
  )
  const warm = times.slice(-9).sort((a, b) => a - b)
  const bytes = JSON.stringify(state).length / at
  return { at, slots: slots / sampled, microseconds: warm[4]! / sampled, bytes }
}

/** Fills a state with open entries, and measures what it was on the way and what it is then, equally warm. */
function costs(engine: Plain, fill: Step, step: Step): readonly [Cost, Cost] {
  let state = engine.start(subject)
  let early = state
  for (let n = 0; n < many; n++) {
    if (n === few) early = state
    state = decided(engine, state, fill(n))
  }
  return [costAt(engine, early, few, step), costAt(engine, state, many, step)]
}

const structures: readonly (readonly [what: string, engine: Plain, fill: Step, step: Step])[] = [
  ['entries of a count and a sum in their windows', plainly(stagesOf('windows')), paid, paid],
  ['ids in the memory of inputs', plainly(stagesOf('none')), paid, paid],
  [
    'the smallest in a window',
    plainly(ruleOn(shop.min('order-paid', 'amount', wide).gte('9000000'))),
    rising,
    rising,
  ],
  [
    'the largest in a window',
    plainly(ruleOn(shop.max('order-paid', 'amount', wide).lte('1'))),
    falling,
    falling,
  ],
  [
    'values in a window',
    plainly(ruleOn(shop.distinct('order-paid', 'orderId', wide).gte(1_000_000))),
    paid,
    paid,
  ],
  [
    'sessions in a window',
    plainly(ruleOn(shop.sessions('order-paid', { ...wide, gap: { seconds: 30 } }).gte(1_000_000))),
    paid,
    paid,
  ],
  [
    'sequences in a window',
    plainly(
      ruleOn(shop.sequence(['order-paid', 'order-paid'], { ...wide, inside: { hours: 1 } }).gte(1_000_000)),
    ),
    paid,
    paid,
  ],
  [
    'a count for each of ten',
    plainly(ruleOn(shop.count('order-paid', { ...wide, per: 'orderId' }).gte(1_000_000))),
    ofTen,
    ofTen,
  ],
  ['lots given by hand, one more', plainly(pointsOf('1')), given, given],
  ['lots given by hand, spent', plainly(pointsOf('1')), given, redeemed],
  ['origins without lots', plainly(pointsOf('1000000')), paid, paid],
  ['origins with lots, earned', plainly(pointsOf('1')), paid, paid],
  ['origins with lots, refunded', plainly(pointsOf('1')), paid, refunded],
]

describe('an event costs at 10^5 open entries at most three times what it costs at 10^3', () => {
  test.each(structures)('%s', { timeout: 60_000 }, (what, engine, fill, step) => {
    const [early, late] = costs(engine, fill, step)
    const times = (key: 'slots' | 'microseconds' | 'bytes', digits = 0) =>
      `${key} ${early[key].toFixed(digits)} → ${late[key].toFixed(digits)} (× ${(late[key] / early[key]).toFixed(2)})`
    console.log(`${what}: ${times('slots')}, ${times('bytes')}, CPU ${times('microseconds', 1)}`)
    expect(late.slots).toBeLessThanOrEqual(3 * early.slots)
    expect(late.bytes).toBeLessThanOrEqual(3 * early.bytes)
  })
})

test('a long life on one account does not slow it down', { timeout: 120_000 }, () => {
  const commands = runs(100_000, 1_000_000)
  const engine = plainly(pointsOf('1'))
  const tenth = commands / 10
  const rates: number[] = []
  const slots: number[] = []
  let state = engine.start(subject)
  let n = 0
  for (let part = 0; part < 10; part++) {
    const time = cpuOf(() => {
      for (let i = 0; i < tenth; i++, n++)
        state = decided(engine, state, n % 2 === 0 ? given(n) : redeemed(n))
    })
    rates.push(Math.round(tenth / (time / 1e6)))
    const fresh = new Fresh(state)
    let sum = 0
    for (let i = 0; i < sampled; i++, n++) {
      state = decided(engine, state, n % 2 === 0 ? given(n) : redeemed(n))
      sum += fresh.slotsOf(state)
    }
    slots.push(sum / sampled)
  }
  console.log(`${n} commands on one account, a second, tenth by tenth: ${rates.join(', ')}`)
  expect(slots.at(-1)!).toBeLessThanOrEqual(3 * slots[0]!)
})
