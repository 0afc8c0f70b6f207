// Everybody's promises: they take the way of states, and a promise that breaks first does not hide the move behind it.
import { collect, defineEvents, defineLifecycle, defineStageFlows, instant } from 'liuliang'
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
