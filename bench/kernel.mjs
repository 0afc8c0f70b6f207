// The composed program beside what one writes by hand: see README.md for what the ratio is made of, and
// kernel/shares.mjs for how that was measured.
import { openLots } from '../dist/ledger.js'
import { foldAll } from './kernel/fold.mjs'
import {
  CLAWED_BACK,
  CONFIRMED,
  EARNED,
  EXPIRED,
  LAST,
  LOT,
  MOVED,
  mixed,
  ORDER,
  REDEEMED,
  REFUND,
  REFUSED,
  reduceAll,
  TIERED,
} from './kernel/reducer.mjs'
import { customers, end, program, programOf3, stages, tiers } from './kernel/shop.mjs'

const stageIndex = new Map(stages.map((stage, index) => [stage, index]))
const tierIndex = new Map(tiers.map((tier, index) => [tier, index]))

/** What an event counts for in the checksum. */
const counted = new Map([
  ['order-paid', ({ occurredAt }) => mixed(ORDER, occurredAt, 0)],
  ['order-refunded', ({ occurredAt }) => mixed(REFUND, occurredAt, 0)],
  ['customer/stage-changed', ({ occurredAt, data }) => mixed(MOVED, occurredAt, stageIndex.get(data.to))],
  ['tier/stage-changed', ({ occurredAt, data }) => mixed(TIERED, occurredAt, tierIndex.get(data.to))],
  ['points/earned', ({ occurredAt, data }) => mixed(EARNED, occurredAt, data.points)],
  ['points/confirmed', ({ occurredAt, data }) => mixed(CONFIRMED, occurredAt, data.points)],
  ['points/expired', ({ occurredAt, data }) => mixed(EXPIRED, occurredAt, data.points)],
  ['points/clawed-back', ({ occurredAt, data }) => mixed(CLAWED_BACK, occurredAt, data.points)],
  ['points/redeemed', ({ occurredAt, data }) => mixed(REDEEMED, occurredAt, data.points)],
])

const sumOf = (events) => {
  let sum = 0
  for (const event of events) sum = (sum + counted.get(event.type)(event)) | 0
  return sum
}

/** What a customer has in the end. */
function last({ customer, points, tier }, view) {
  let sum = 0
  for (const { remaining, expiresAt } of openLots(points.books.points.lots))
    sum += mixed(LOT, expiresAt, remaining) | 0
  const tierNow = tier === undefined ? 0 : tierIndex.get(tier.stage)
  sum += mixed(LAST, customer.since, stageIndex.get(customer.stage) * 4 + tierNow) | 0
  return (sum + mixed(LAST, view.balance, view.pending)) | 0
}

/** All inputs of all customers, decided. */
function decideAll(engine, inputsByCustomer) {
  let sum = 0
  for (const inputs of inputsByCustomer) {
    let state = engine.start(inputs[0].subject)
    for (const input of inputs) {
      const outcome = engine.decide(state, input)
      if (outcome.outcome === 'accepted') {
        state = outcome.state
        sum = (sum + sumOf(outcome.events)) | 0
      } else if (outcome.refusal.code === 'insufficient-points') {
        sum = (sum + mixed(REFUSED, input.occurredAt, outcome.refusal.requested)) | 0
      } else throw new Error(JSON.stringify(outcome))
    }
    const closed = engine.advance(state, end)
    sum = (sum + sumOf(closed.events) + last(closed.state.of, engine.view(closed.state, end).points)) | 0
  }
  return sum
}

/** What is recorded of each customer, in order. */
function recorded(engine, inputsByCustomer) {
  return inputsByCustomer.map((inputs) => {
    let state = engine.start(inputs[0].subject)
    const events = []
    for (const input of inputs) {
      const outcome = engine.decide(state, input)
      if (outcome.outcome !== 'accepted') continue
      state = outcome.state
      events.push(...outcome.events)
    }
    return events
  })
}

/** All recorded events of all customers, folded. */
function evolveAll(engine, histories) {
  let sum = 0
  for (const events of histories) {
    let state = engine.start(events[0].subject)
    for (const event of events) state = engine.evolve(state, event)
    const { lots, totals } = state.of.points.books.points
    const spendable = lots.spendable?.sum ?? 0
    const { earned, expired, clawedBack, redeemed } = totals
    sum += last(state.of, { balance: spendable - lots.deficit, pending: lots.pending?.sum ?? 0 })
    sum = (sum + mixed(CLAWED_BACK, earned - expired, clawedBack + redeemed)) | 0
  }
  return sum
}

const inputs = customers(8000)
const decisions = inputs.reduce((sum, list) => sum + list.length, 0)
const unit = 'us'

/** Made when they are first needed: V8 remembers which objects were kept, and from then on allocates others as old. */
let histories
const recordedOnce = () => {
  histories ??= recorded(program, inputs.slice(0, 3000))
  return histories
}

export const rows = [
  {
    name: 'kernel/program',
    versus: 'hand-written reducer',
    unit,
    iterations: decisions,
    ours: () => decideAll(program, inputs),
    theirs: () => reduceAll(inputs, end),
  },
  {
    name: 'kernel/program-3',
    versus: 'hand-written reducer',
    unit,
    iterations: decisions,
    ours: () => decideAll(programOf3, inputs),
    theirs: () => reduceAll(inputs, end, { tier: true }),
  },
  {
    name: 'kernel/evolve',
    versus: 'hand-written fold',
    unit,
    get iterations() {
      return recordedOnce().reduce((sum, list) => sum + list.length, 0)
    },
    ours: () => evolveAll(program, recordedOnce()),
    theirs: () => foldAll(recordedOnce()),
  },
]
