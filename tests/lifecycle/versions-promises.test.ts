// A promise that runs while its definition gets another holiday: due moves, what was promised stays.
import { defineEvents, defineLifecycle, formatInstant, instant, migrateLifecycle } from 'liuliang'
import { expect, test } from 'vitest'

const open = [{ from: '09:00', to: '17:00' }] as const
const desk = (version: number, closed: readonly string[]) =>
  defineLifecycle({
    id: 'case',
    version,
    calendar: { zone: 'America/New_York', business: { closed, hours: open } },
    events: defineEvents({ opened: {}, asked: {}, wrote: {}, answered: {} }),
    activity: [],
    stages: ['new', 'waiting'],
    initial: 'new',
    promises: [
      {
        promise: 'reply',
        from: 'opened',
        within: { workHours: 8 },
        keptBy: 'answered',
        pausedIn: ['waiting'],
      },
    ],
    rules: { new: [{ to: 'waiting', on: 'asked' }], waiting: [{ to: 'new', on: 'wrote' }] },
  })
const [before, after] = [desk(1, []), desk(2, ['2026-03-09'])]
const told = (at: string, type: 'opened' | 'asked') =>
  ({ id: type, type, subject: 'c1', occurredAt: instant(at), data: {} }) as const

test('a running clock goes on under the new calendar', () => {
  const opened = before.decide(before.start('c1'), told('2026-03-06T15:00:00-05:00', 'opened'))
  if (opened.outcome !== 'accepted') throw new Error(opened.outcome)
  const migrate = migrateLifecycle(before, after, { stages: {} })
  expect(migrate.plan.promisesBegunAnew).toEqual([])
  const at = instant('2026-03-06T16:00:00-05:00')
  const { reply } = after.view(migrate(opened.state, at).state, at).promises
  expect(
    reply && [reply.status, formatInstant(reply.promised), reply.due && formatInstant(reply.due)],
  ).toEqual([
    'running',
    // Two hours on Friday and six on Monday; Monday is closed now.
    '2026-03-09T19:00:00.000Z',
    '2026-03-10T19:00:00.000Z',
  ])
})

test('a clock that stands still keeps what is left', () => {
  const opened = before.decide(before.start('c1'), told('2026-03-06T15:00:00-05:00', 'opened'))
  if (opened.outcome !== 'accepted') throw new Error(opened.outcome)
  const asked = before.decide(opened.state, told('2026-03-06T16:30:00-05:00', 'asked'))
  if (asked.outcome !== 'accepted') throw new Error(asked.outcome)
  const at = instant('2026-03-06T18:00:00-05:00')
  const { reply } = after.view(
    migrateLifecycle(before, after, { stages: {} })(asked.state, at).state,
    at,
  ).promises
  expect(reply?.status).toBe('paused')
  expect(reply?.left).toBe(6.5 * 3_600_000)
})
