import { defineLifecycle, membershipLifecycle, membershipTerm } from 'liuliang'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { clockOf, timeline } from './support/timeline.js'

/** Clocks go forward there on 10 March 2024, and back on 3 November. */
const calendar = { zone: 'America/New_York' }
const at = clockOf(calendar)
const membership = defineLifecycle(membershipLifecycle({ calendar }))
const told = (story: Parameters<typeof timeline>[2], until: string) =>
  timeline(membership, calendar, story, until)
const term = (when: string, until: string) =>
  [when, 'attribute-set', membershipTerm(at(until), { calendar, notice: 30 })] as const
const pays = (when: string, until: string) => [term(when, until), [when, 'membership-paid']] as const

test('trial, paid, asked to renew, renewed, late, lapsed, back', () => {
  const { lines } = told(
    [
      ['2024-01-01 09:00', 'trial-started'],
      ...pays('2024-01-10 09:00', '2024-04-01'),
      ...pays('2024-03-20 09:00', '2024-12-01'),
      ...pays('2025-03-01 09:00', '2025-06-01'),
    ],
    '2025-05-15',
  )
  expect(lines).toEqual([
    '2024-01-01 09:00 trial',
    '2024-01-10 09:00 active',
    // 30 dates before the end, over the night of the change.
    '2024-03-02 00:00 renewal-due',
    '2024-03-20 09:00 active',
    '2024-11-01 00:00 renewal-due',
    '2024-12-01 00:00 grace',
    '2024-12-15 00:00 lapsed',
    '2025-03-01 09:00 active',
    '2025-05-02 00:00 renewal-due',
  ])
})

test('a trial that nobody pays for lapses', () => {
  expect(told([['2024-03-01 09:00', 'trial-started']], '2024-12-01').lines).toEqual([
    '2024-03-01 09:00 trial',
    '2024-03-15 09:00 lapsed',
  ])
})

describe('the date moves', () => {
  test('a payment in the days of grace makes a member again; a correction does so too', () => {
    const first = pays('2024-01-10', '2024-04-01')
    expect(told([...first, term('2024-04-05', '2024-07-01')], '2024-04-06').lines.slice(-2)).toEqual([
      '2024-04-01 00:00 grace',
      '2024-04-05 00:00 active',
    ])
  })

  test('an end that is brought forward is taken at once', () => {
    expect(
      told([...pays('2024-01-10', '2024-12-01'), term('2024-05-05', '2024-05-01')], '2024-06-01').lines,
    ).toEqual(['2024-01-10 00:00 active', '2024-05-05 00:00 grace', '2024-05-15 00:00 lapsed'])
  })

  test('paid and dated at one instant, in either order', () => {
    const [dated, paid] = pays('2024-01-10', '2024-12-01')
    expect(told([paid, dated], '2024-02-01').lines).toEqual(['2024-01-10 00:00 active'])
    // Dated in the past, nobody becomes a member by it.
    const [over, again] = pays('2024-01-10', '2023-12-01')
    expect(told([over, again], '2024-02-01').lines).toEqual([])
  })
})

describe('who cancels', () => {
  test('stays until what is paid for ends, is asked for nothing, and has no days of grace', () => {
    expect(
      told([...pays('2024-01-10', '2024-06-01'), ['2024-02-01', 'membership-cancelled']], '2024-12-01').lines,
    ).toEqual(['2024-01-10 00:00 active', '2024-02-01 00:00 cancelled', '2024-06-01 00:00 lapsed'])
  })

  test('may resume, or pay again', () => {
    const story = [...pays('2024-01-10', '2024-06-01'), ['2024-02-01', 'membership-cancelled']] as const
    expect(told([...story, ['2024-05-10', 'membership-resumed']], '2024-05-11').lines.slice(-2)).toEqual([
      '2024-05-10 00:00 active',
      '2024-05-10 00:00 renewal-due',
    ])
    expect(told([...story, ...pays('2024-03-01', '2025-06-01')], '2024-05-11').lines.at(-1)).toBe(
      '2024-03-01 00:00 active',
    )
  })
})

test('typed, and its term is checked', () => {
  expectTypeOf(membership.view(membership.start('u'), 0).stage)
    .extract<'grace'>()
    .toEqualTypeOf<'grace'>()
  for (const notice of [-1, 0.5, Number.NaN, 4000])
    expect(() => membershipTerm(at('2024-01-01'), { calendar, notice })).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
})
