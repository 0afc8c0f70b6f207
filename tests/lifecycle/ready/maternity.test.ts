import {
  defineLifecycle,
  explain,
  maternityLifecycle,
  pregnancyDates,
  replay,
  subjectOf,
  verdicts,
} from 'liuliang'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { clockOf, timeline } from './support/timeline.js'

const calendar = { zone: 'Asia/Shanghai' }
const at = clockOf(calendar)
const maternity = defineLifecycle(maternityLifecycle({ calendar }))
const due = (when: string, date: string) =>
  [when, 'attribute-set', pregnancyDates(at(date), calendar)] as const
const born = (when: string, date: string) => [when, 'attribute-set', { born: at(date) }] as const
const told = (story: Parameters<typeof timeline>[2], until: string) =>
  timeline(maternity, calendar, story, until).lines

test('from the due date through birth to the fourteenth year', () => {
  expect(
    told([due('2024-03-01 10:00', '2024-10-08'), born('2024-10-03 08:00', '2024-10-02')], '2039-01-01'),
  ).toEqual([
    // 280 days before is 2 January 2024; on 1 March eight weeks are complete.
    '2024-03-01 10:00 early-pregnancy',
    '2024-04-09 00:00 mid-pregnancy',
    '2024-07-16 00:00 late-pregnancy',
    '2024-10-03 08:00 months-0-6',
    '2025-04-02 00:00 months-6-12',
    '2025-10-02 00:00 years-1-3',
    '2027-10-02 00:00 years-3-6',
    '2030-10-02 00:00 years-6-10',
    '2034-10-02 00:00 years-10-14',
    '2038-10-02 00:00 grown',
  ])
})

test('registered late, it goes to its stage at once, without the ones between', () => {
  expect(told([born('2024-06-01 12:00', '2020-05-31')], '2024-12-31')).toEqual(['2024-06-01 12:00 years-3-6'])
})

describe('a corrected date', () => {
  test('moves the stage back, and the deadlines with it', () => {
    const story = [due('2024-07-20', '2024-10-08'), due('2024-07-25 09:00', '2024-10-29')] as const
    expect(told(story, '2024-10-01')).toEqual([
      '2024-07-20 00:00 late-pregnancy',
      '2024-07-25 09:00 mid-pregnancy',
      '2024-08-06 00:00 late-pregnancy',
    ])
    expect(told([born('2024-06-01', '2022-06-01'), born('2024-06-02', '2024-01-01')], '2024-06-30')).toEqual([
      '2024-06-01 00:00 years-1-3',
      '2024-06-02 00:00 months-0-6',
    ])
  })

  test('that was wrong from the start is decided again from the start', () => {
    const { state, inputs } = timeline(maternity, calendar, [due('2024-03-01', '2024-10-08')], '2024-03-02')
    const log = [...inputs, ...maternity.advance(state, at('2024-05-01')).events]
    const [first] = inputs
    const revised = { ...first!, id: 'e-revised', data: pregnancyDates(at('2024-10-29'), calendar) }
    const { retracted, state: again } = replay(
      maternity,
      { checkpoint: maternity.start('u1'), tail: log },
      { remove: ['e0'], add: [revised as never] },
    )
    expect(retracted.map(({ occurredAt }) => occurredAt)).toContain(at('2024-04-09'))
    expect(maternity.view(again, again.at!)).toEqual({
      stage: 'early-pregnancy',
      since: at('2024-03-01'),
      next: { to: 'mid-pregnancy', at: at('2024-04-30') },
    })
  })
})

test('born before the due date, the birth counts; a due date told afterwards changes nothing', () => {
  expect(
    told(
      [
        due('2024-05-01', '2024-10-08'),
        born('2024-08-20 06:00', '2024-08-20'),
        due('2024-08-21', '2024-10-15'),
      ],
      '2025-01-01',
    ),
  ).toEqual([
    '2024-05-01 00:00 mid-pregnancy',
    '2024-07-16 00:00 late-pregnancy',
    '2024-08-20 06:00 months-0-6',
  ])
})

test('a birth that nobody reports is not assumed', () => {
  expect(told([due('2024-09-01', '2024-10-08')], '2026-01-01')).toEqual([
    '2024-09-01 00:00 late-pregnancy',
    // 44 weeks: four weeks after the due date.
    '2024-11-05 00:00 birth-unreported',
  ])
})

test('a loss ends the journey: no stage follows, nothing waits, whatever is still told', () => {
  const story = [
    due('2024-03-01', '2024-10-08'),
    ['2024-05-10 16:00', 'journey-ended'],
    due('2024-05-11', '2024-10-09'),
  ] as const
  const { lines, state } = timeline(maternity, calendar, story, '2040-01-01')
  expect(lines).toEqual([
    '2024-03-01 00:00 early-pregnancy',
    '2024-04-09 00:00 mid-pregnancy',
    '2024-05-10 16:00 ended',
  ])
  expect(maternity.nextChange(state, state.at!)).toBeUndefined()
  expect(verdicts(maternity, state, state.at!)).toEqual([])
  expect(maternity.view(state, at('2040-01-01')).next).toBeNull()
})

describe('months are completed by the calendar', () => {
  test.each<[born: string, six: string, year: string]>([
    ['2024-08-31', '2025-03-01', '2025-08-31'],
    ['2024-08-30', '2025-03-01', '2025-08-30'],
    ['2024-08-29', '2025-03-01', '2025-08-29'],
    ['2023-08-31', '2024-03-01', '2024-08-31'],
    ['2023-08-29', '2024-02-29', '2024-08-29'],
    ['2024-02-29', '2024-08-29', '2025-03-01'],
    ['2023-12-31', '2024-07-01', '2024-12-31'],
    ['2024-03-15', '2024-09-15', '2025-03-15'],
  ])('born %s: half a year old on %s, one on %s', (date, six, year) => {
    expect(told([born(`${date} 12:00`, date)], '2025-12-01').slice(1)).toEqual([
      `${six} 00:00 months-6-12`,
      `${year} 00:00 years-1-3`,
    ])
  })
})

test('two children of one mother are two subjects', () => {
  const elder = timeline(
    maternity,
    calendar,
    [born('2024-06-01', '2022-06-01')],
    '2024-06-01',
    subjectOf('mei', 'elder'),
  )
  const younger = timeline(
    maternity,
    calendar,
    [due('2024-06-01', '2024-10-08')],
    '2024-06-01',
    subjectOf('mei', 'younger'),
  )
  expect([elder.state.subject, younger.state.subject]).toEqual(['mei/elder', 'mei/younger'])
  expect([elder.lines, younger.lines].map((lines) => lines.at(-1))).toEqual([
    '2024-06-01 00:00 years-1-3',
    '2024-06-01 00:00 mid-pregnancy',
  ])
})

test('the stages are typed, and the reason names what was read', () => {
  const { state } = timeline(maternity, calendar, [born('2024-06-01', '2024-01-05')], '2024-06-01')
  const view = maternity.view(state, at('2024-06-01'))
  expectTypeOf(view.stage)
    .extract<'mid-pregnancy' | 'years-10-14'>()
    .toEqualTypeOf<'mid-pregnancy' | 'years-10-14'>()
  const [move] = maternity.advance(state, at('2024-07-05')).events
  const { reason } = move!.data as unknown as { readonly reason: { readonly code: string } }
  expect(explain(maternity, reason, 'en')).toBe('whole months since birth is between 6 and 11 (is 6)')
  expect(explain(maternity, reason, 'zh')).toBe('出生日期至今的整月数介于6与11之间（现为6）')
})

test('a pregnancy is counted back in local dates', () => {
  const newYork = { zone: 'America/New_York' }
  const local = clockOf(newYork)
  expect(pregnancyDates(local('2024-12-15'), newYork)).toEqual({
    due: local('2024-12-15'),
    pregnantSince: local('2024-03-10'),
  })
  expect(() => pregnancyDates(Number.NaN, newYork)).toThrow(
    expect.objectContaining({ code: 'invalid-instant' }),
  )
})
