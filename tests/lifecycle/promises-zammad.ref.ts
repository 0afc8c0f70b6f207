// 48 hours of work, as an issue of a help desk counted them: when they are over, and what is left at the end of each day.
import { readFileSync } from 'node:fs'
import {
  type CalendarDefinition,
  type ClockTime,
  calendarOf,
  defineEvents,
  defineLifecycle,
  instant,
} from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller } from '../support/story.js'

interface Reading {
  readonly calendar: {
    readonly open: ClockTime
    readonly close: ClockTime
    readonly workdays: readonly (1 | 2 | 3 | 4 | 5 | 6 | 7)[]
    readonly holidays: readonly string[]
  }
  readonly expectDue: string
  readonly expectRemainingAtEndOf: { readonly [date: string]: number }
}
const { opened, promiseHours, cases } = JSON.parse(
  readFileSync(
    new URL('../fixtures/lifecycle-reference/zammad-escalation-48h.json', import.meta.url),
    'utf8',
  ),
) as { readonly opened: string; readonly promiseHours: number; readonly cases: readonly Reading[] }

const zone = 'Europe/Berlin'
/** A local time in the winter of Berlin. */
const local = (text: string) => instant(`${text}:00+01:00`)

test.each(cases.map((one) => [one.calendar.holidays.join(' and '), one] as const))(
  'closed on %s',
  (_, { calendar: { open, close, workdays, holidays }, expectDue, expectRemainingAtEndOf }) => {
    const calendar: CalendarDefinition = {
      zone,
      business: { weekdays: workdays, closed: holidays, hours: [{ from: open, to: close }] },
    }
    const desk = defineLifecycle({
      id: 'desk',
      version: 1,
      calendar,
      events: defineEvents({ opened: {}, answered: {}, held: {} }),
      activity: [],
      stages: ['open', 'held', 'escalated'],
      initial: 'open',
      promises: [
        {
          promise: 'answer',
          from: 'opened',
          within: { workHours: promiseHours },
          keptBy: 'answered',
          pausedIn: ['held'],
        },
      ],
      rules: {
        open: [
          { to: 'escalated', broken: 'answer' },
          { to: 'held', on: 'held' },
        ],
        held: [],
        escalated: [],
      },
    })
    const event = teller()
    const begins = event(local(opened), 'opened', {})
    const { state } = tell(desk, [begins])
    const due = local(expectDue)
    expect(desk.view(state, state.at!).promises.answer).toEqual({
      status: 'running',
      began: begins.occurredAt,
      promised: due,
      due,
    })
    expect(desk.nextChange(state, state.at!)?.at).toBe(due)
    expect(desk.view(state, due - 1).stage).toBe('open')
    expect(desk.view(state, due)).toMatchObject({
      stage: 'escalated',
      promises: { answer: { status: 'broken', at: due } },
    })
    for (const [date, hours] of Object.entries(expectRemainingAtEndOf)) {
      const midnight = local(`${date}T23:59`)
      expect(calendarOf(calendar).workedBetween(midnight, due), date).toBe(hours * 3_600_000)
      if (hours === 0) continue
      // Put on hold at the end of the day, exactly that much is left.
      const { state: held } = tell(desk, [event(midnight, 'held', {})], state)
      expect(desk.view(held, midnight).promises.answer, date).toMatchObject({
        status: 'paused',
        due: null,
        left: hours * 3_600_000,
      })
    }
  },
)
