// One event into one customer's state, beside machines that hold the same stages: see lifecycle-evolve/customer.mjs.
import { createMachine, guard, interpret, reduce, state, transition } from 'robot3'
import { assign, createMachine as createChart, initialTransition, transition as step } from 'xstate'
import { customer, eventsOf, MUCH, OFTEN, stages } from './lifecycle-evolve/customer.mjs'

const place = new Map(stages.map((stage, index) => [stage, index]))
const noted = (sum, stage, orders) => (Math.imul(sum, 31) + place.get(stage) * 64 + orders) | 0

/** Every event of every customer, as it came. */
const facts = eventsOf(3000, 100)
const few = facts.slice(0, 600)

/** What was recorded of each: facts, and the moves behind them. */
const recorded = (histories) =>
  histories.map((events) => {
    let journal = customer.start(events[0].subject)
    const log = []
    for (const event of events) {
      const { events: made, state: next } = customer.decide(journal, event)
      log.push(...made)
      journal = next
    }
    return log
  })

function evolveAll(logs) {
  let sum = 0
  for (const log of logs) {
    let journal = customer.start(log[0].subject)
    let last = 0
    for (const event of log) {
      // What the fact before this one led to stands behind it in the log: the sum is taken once a fact is done with.
      if (event.type !== 'customer/stage-changed' && last++ > 0)
        sum = noted(sum, journal.of.stage, journal.of.tracks[0])
      journal = customer.evolve(journal, event)
    }
    sum = noted(sum, journal.of.stage, journal.of.tracks[0])
  }
  return sum
}

/** Stages alone, as the other two have them: no ids, no versions, nothing refused. */
function modelAll(histories) {
  const { model } = customer
  let sum = 0
  for (const events of histories) {
    const { subject } = events[0]
    let now = model.start(subject)
    for (const event of events) {
      now = model.evolve(now, event, subject)
      const at = event.occurredAt
      for (let due = model.due(now, at); due !== undefined && due.at <= at; due = model.due(now, at)) {
        const { type, data } = due.make()
        now = model.evolve(now, { id: '', type, subject, occurredAt: due.at, data }, subject)
      }
      sum = noted(sum, now.stage, now.tracks[0])
    }
  }
  return sum
}

const count = reduce(({ orders }) => ({ orders: orders + 1 }))
const anew = reduce(() => ({ orders: 0 }))
const often = guard(({ orders }) => orders + 1 >= OFTEN)
const much = guard((_, { data }) => data.amount >= MUCH)
const out = transition('opted-out', 'churned')
const ordered = (to, ...more) => transition('order-paid', to, ...more, count)
const robot = createMachine(
  {
    lead: state(transition('signed-up', 'new'), ordered('lead'), out),
    new: state(ordered('active'), out),
    active: state(
      ordered('loyal', often),
      ordered('loyal', much),
      ordered('active'),
      transition('slept', 'dormant'),
      out,
    ),
    loyal: state(ordered('loyal'), transition('slept', 'dormant'), out),
    dormant: state(transition('order-paid', 'active', anew), out),
    churned: state(ordered('new')),
  },
  () => ({ orders: 0 }),
)

function sendAll(histories) {
  let sum = 0
  for (const events of histories) {
    const service = interpret(robot, () => {})
    for (const event of events) {
      service.send(event)
      sum = noted(sum, service.machine.current, service.context.orders)
    }
  }
  return sum
}

const one = assign({ orders: ({ context }) => context.orders + 1 })
const none = assign({ orders: 0 })
const paid = (target) => ({ target, actions: one })
const chart = createChart({
  id: 'customer',
  initial: 'lead',
  context: { orders: 0 },
  states: {
    lead: { on: { 'signed-up': 'new', 'order-paid': { actions: one }, 'opted-out': 'churned' } },
    new: { on: { 'order-paid': paid('active'), 'opted-out': 'churned' } },
    active: {
      on: {
        'order-paid': [
          { ...paid('loyal'), guard: ({ context }) => context.orders + 1 >= OFTEN },
          { ...paid('loyal'), guard: ({ event }) => event.data.amount >= MUCH },
          { actions: one },
        ],
        slept: 'dormant',
        'opted-out': 'churned',
      },
    },
    loyal: { on: { 'order-paid': { actions: one }, slept: 'dormant', 'opted-out': 'churned' } },
    dormant: { on: { 'order-paid': { target: 'active', actions: none }, 'opted-out': 'churned' } },
    churned: { on: { 'order-paid': paid('new') } },
  },
})

function transitionAll(histories) {
  let sum = 0
  for (const events of histories) {
    let [snapshot] = initialTransition(chart)
    for (const event of events) {
      snapshot = step(chart, snapshot, event)[0]
      sum = noted(sum, snapshot.value, snapshot.context.orders)
    }
  }
  return sum
}

let logs
let fewLogs
export const rows = [
  {
    name: 'lifecycle/evolve',
    versus: 'robot3',
    unit: 'ns',
    iterations: 300_000,
    prepare() {
      logs = recorded(facts)
    },
    done() {
      logs = undefined
    },
    ours: () => evolveAll(logs),
    theirs: () => sendAll(facts),
  },
  {
    name: 'lifecycle/evolve-model',
    versus: 'robot3',
    unit: 'ns',
    iterations: 300_000,
    ours: () => modelAll(facts),
    theirs: () => sendAll(facts),
  },
  {
    name: 'lifecycle/evolve-xstate',
    versus: 'XState 5 transition',
    unit: 'us',
    iterations: 60_000,
    prepare() {
      fewLogs = recorded(few)
    },
    done() {
      fewLogs = undefined
    },
    ours: () => evolveAll(fewLogs),
    theirs: () => transitionAll(few),
  },
]
