// Everybody's promises: they take the way of states, and a promise that breaks first does not hide the move behind it.
import { collect, defineEvents, defineLifecycle, defineStageFlows, instant, integer } from 'liuliang'
import { expect, test } from 'vitest'

const desk = defineLifecycle({
  id: 'case',
  version: 1,
  calendar: { zone: 'UTC' },
  events: defineEvents({ opened: {}, answered: {} }),
  activity: [],
  stages: ['new', 'open', 'escalated', 'closed'],
  initial: 'new',
  promises: [{ promise: 'reply', from: 'opened', within: { hours: 8 }, keptBy: 'answered' }],
  rules: {
    new: [{ to: 'open', on: 'opened' }],
    open: [{ to: 'closed', inStageFor: { hours: 48 } }],
    escalated: [],
    closed: [],
  },
})
const at = instant('2026-03-02T09:00:00Z')

test('the next move is found behind a promise that breaks before it', () => {
  const flows = defineStageFlows({ id: 'cases', version: 1, lifecycle: desk })
  expect(flows.path).toBe('states')
  const partial = collect(flows, [{ id: '1', type: 'opened', subject: 'c1', occurredAt: at, data: {} }])
  const next = flows.people(partial, { asOf: at }).next()
  const hours = (many: number) => at + many * 3_600_000
  const { state } = desk.advance(
    desk.evolve(desk.start('c1'), { id: '1', type: 'opened', subject: 'c1', occurredAt: at, data: {} }),
    at,
  )
  expect(desk.view(state, hours(9)).next).toEqual({ to: 'closed', at: hours(48) })
  expect([...next.at]).toEqual([hours(48)])
  const due = flows.due(partial, { from: at, until: hours(72) })
  expect([...due.at]).toEqual([hours(48)])
})

test('a condition that holds already is judged as silence leads into its stage, not at the event after', () => {
  const events = defineEvents({ order: { amount: integer() }, visit: {} })
  const lifecycle = defineLifecycle({
    id: 'customer',
    version: 1,
    calendar: { zone: 'America/New_York' },
    events,
    activity: ['order', 'visit'],
    stages: ['lead', 'active', 'loyal'],
    initial: 'lead',
    rules: {
      lead: [
        { to: 'active', on: 'order' },
        { to: 'loyal', when: events.sum('order', 'amount').gt(0) },
      ],
      active: [{ to: 'lead', inactiveFor: { days: 1 } }],
      loyal: [],
    },
  })
  const flows = defineStageFlows({ id: 'f', version: 1, lifecycle })
  expect(flows.path).toBe('tables')
  const from = instant('2024-11-04T05:30:00Z')
  const columns = {
    subject: ['a', 'a', 'a'],
    occurredAt: [from, from + 2 * 86_400_000, from + 3 * 86_400_000],
    type: ['order', 'visit', 'visit'],
    data: { amount: [1, null, null] },
  }
  const partial = flows.addColumns(flows.empty(), columns)
  const people = flows.people(partial, { asOf: from + 4 * 86_400_000 })
  expect([...people.since]).toEqual([from + 86_400_000])
})
