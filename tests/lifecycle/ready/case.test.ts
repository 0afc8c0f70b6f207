import { caseLifecycle, defineEvents, defineLifecycle, explain, text, verdicts } from 'liuliang'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { clockOf, timeline } from './support/timeline.js'

/** National Day 2024: seven days off, two weekend days worked for them. */
const calendar = {
  zone: 'Asia/Shanghai',
  business: {
    closed: ['2024-10-01', '2024-10-02', '2024-10-03', '2024-10-04', '2024-10-07'],
    opened: ['2024-09-29', '2024-10-12'],
    hours: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ],
  },
} as const
const at = clockOf(calendar)
const support = defineLifecycle(caseLifecycle({ calendar }))
const told = (story: Parameters<typeof timeline>[2], until: string) =>
  timeline(support, calendar, story, until)

test('a case over the holidays: answered in time, paused, solved, reopened, closed', () => {
  const { lines, state } = told(
    [
      ['2024-09-30 16:00', 'case-opened', { priority: 'normal' }],
      ['2024-09-30 16:20', 'case-triaged'],
      ['2024-09-30 17:00', 'work-started'],
      ['2024-10-08 11:00', 'agent-replied'],
      ['2024-10-08 11:05', 'customer-asked'],
      ['2024-10-10 20:00', 'customer-replied'],
      ['2024-10-11 15:00', 'case-resolved'],
      ['2024-10-12 10:00', 'case-reopened'],
      ['2024-10-12 11:00', 'work-started'],
      ['2024-10-14 17:00', 'case-resolved'],
    ],
    '2024-11-01',
  )
  expect(lines).toEqual([
    '2024-09-30 16:20 triaged',
    '2024-09-30 17:00 in-progress',
    // Two of eight hours were used up before the holidays, two after them.
    '2024-10-08 11:00 first-response kept',
    '2024-10-08 11:05 waiting',
    '2024-10-10 20:00 in-progress',
    '2024-10-11 15:00 resolved',
    '2024-10-11 15:00 resolution kept',
    '2024-10-12 10:00 reopened',
    '2024-10-12 11:00 in-progress',
    '2024-10-14 17:00 resolved',
    '2024-10-14 17:00 second-resolution kept',
    // Three business days later.
    '2024-10-17 17:00 closed',
  ])
  const { promises } = support.view(state, at('2024-11-01'))
  expect(promises['first-response']).toMatchObject({
    promised: at('2024-10-08 16:00'),
    due: at('2024-10-08 16:00'),
  })
  // 40 hours: 2 on 30 September, 2 h 05 on 8 October; then 35 h 55 from 11 October on, the worked Saturday among the days.
  expect(promises.resolution).toMatchObject({ promised: at('2024-10-12 16:00'), due: at('2024-10-16 13:55') })
})

test('nobody answers: it escalates when the promise breaks, and who takes it up goes on', () => {
  const { lines } = told(
    [
      ['2024-10-09 09:00', 'case-opened'],
      ['2024-10-10 09:30', 'work-started'],
      ['2024-10-10 10:00', 'agent-replied'],
    ],
    '2024-10-20',
  )
  expect(lines).toEqual([
    '2024-10-09 18:00 first-response broken',
    '2024-10-09 18:00 escalated',
    '2024-10-10 09:30 in-progress',
    // Five working days, the Saturday among them.
    '2024-10-14 18:00 resolution broken',
    '2024-10-14 18:00 escalated',
  ])
})

describe('while it waits for the customer', () => {
  test('no clock runs; a customer who never answers is taken for content', () => {
    const { lines } = told(
      [
        ['2024-10-09 09:00', 'case-opened'],
        ['2024-10-09 09:30', 'work-started'],
        ['2024-10-09 10:00', 'customer-asked'],
      ],
      '2024-12-01',
    )
    expect(lines).toEqual([
      '2024-10-09 09:30 in-progress',
      '2024-10-09 10:00 waiting',
      '2024-10-22 10:00 resolved',
      '2024-10-22 10:00 first-response kept',
      '2024-10-22 10:00 resolution kept',
      '2024-10-25 10:00 closed',
    ])
  })
})

test('closed without a solution, its promises are dropped: neither kept nor broken', () => {
  const { lines, state } = told(
    [
      ['2024-10-09 09:00', 'case-opened'],
      ['2024-10-09 09:30', 'case-closed'],
    ],
    '2024-12-01',
  )
  expect(lines).toEqual(['2024-10-09 09:30 closed'])
  const { promises } = support.view(state, at('2024-12-01'))
  expect([
    promises['first-response']?.status,
    promises.resolution?.status,
    promises['second-resolution'],
  ]).toEqual(['dropped', 'dropped', null])
})

test('the host brings its events and spans; urgent cases only', () => {
  const desk = defineEvents({
    'ticket-created': { level: text('p1', 'p2') },
    'comment-added': { by: text('agent', 'customer') },
    'ticket-triaged': {},
    'ticket-started': {},
    'ticket-pending': {},
    'ticket-solved': {},
    'ticket-reopened': {},
    'ticket-closed': {},
  })
  const urgent = defineLifecycle(
    caseLifecycle({
      calendar,
      events: desk,
      on: {
        opened: { event: 'ticket-created', where: { level: 'p1' } },
        answered: { event: 'comment-added', where: { by: 'agent' } },
        replied: { event: 'comment-added', where: { by: 'customer' } },
        triaged: 'ticket-triaged',
        started: 'ticket-started',
        asked: 'ticket-pending',
        resolved: 'ticket-solved',
        reopened: 'ticket-reopened',
        closed: 'ticket-closed',
      },
      firstResponse: { minutes: 30 },
    }),
  )
  const created = (level: 'p1' | 'p2') => [['2024-10-09 20:00', 'ticket-created', { level }]] as const
  expect(timeline(urgent, calendar, created('p1'), '2024-10-10').lines).toEqual([
    '2024-10-09 20:30 first-response broken',
    '2024-10-09 20:30 escalated',
  ])
  expect(timeline(urgent, calendar, created('p2'), '2024-10-10').lines).toEqual([])
})

test('what waits is said in both tongues', () => {
  const { state } = told([['2024-10-09 09:00', 'case-opened']], '2024-10-09 09:00')
  expectTypeOf(support.view(state, state.at!).promises).toHaveProperty('second-resolution')
  const say = (lang: 'en' | 'zh') =>
    verdicts(support, state, state.at!)
      .filter(({ at }) => at !== undefined)
      .map((rule) => explain(support, rule, lang))
  expect(say('zh')).toEqual([
    '→ 已升级：于2024-10-09 18:00，首次响应的期限为2024-10-09 18:00',
    '→ 已升级：于2024-10-14 18:00，解决时限的期限为2024-10-14 18:00',
    '→ 承诺违约：于2024-10-09 18:00，首次响应的期限为2024-10-09 18:00',
    '→ 承诺违约：于2024-10-14 18:00，解决时限的期限为2024-10-14 18:00',
  ])
  expect(say('en')[0]).toBe(
    '→ escalated: at 2024-10-09 18:00, the first response was due by 2024-10-09 18:00',
  )
})
