// When points end, against figures that others publish.
import { readFileSync } from 'node:fs'
import { calendarOf, defineEvents, definePoints, type Expiry, instant, integer } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { refusalOf, tell, teller, utc } from '../support/story.js'

interface Case {
  readonly id: string
  // biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
  readonly input: any
  // biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
  readonly expected: any
}
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/points-reference/expiry-dates.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }
const found = (id: string) => cases.find((one) => one.id === id)!

const events = defineEvents({ deed: { worth: integer() } })
const lasting = (expires: Expiry<'deed'>, zone = 'UTC') =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone },
    events,
    earning: [{ rule: 'deed', on: 'deed', earns: { points: 1, per: 1, of: 'worth' } }],
    expires,
  })
const event = teller()
/** When 100 points end that were earned at an instant. */
const endOf = (expires: Expiry<'deed'>, at: string | number, zone?: string) => {
  const engine = lasting(expires, zone)
  const { state } = tell(engine, [event(at, 'deed', { worth: 100 })])
  return engine.view(state, state.at!).next?.at
}

const done: string[] = []
const check = (id: string, claim: (one: Case) => void) =>
  test(id, () => {
    done.push(id)
    claim(found(id))
  })
const units: { readonly [round: string]: 'day' | 'month' } = { endOfDay: 'day', endOfMonth: 'month' }
/** `P12M` and where it is rounded to, as a duration of ours. */
const duration = (text: string, round: string) => ({ months: Number(text.slice(1, -1)), end: units[round]! })
const dayAfter = (date: string) => calendarOf({ zone: 'UTC' }).add(utc(date), { days: 1 })

describe('end dates', () => {
  for (const id of [
    'square-p12m-endmonth',
    'voucherify-1m',
    'voucherify-0m',
    'voucherify-jan31',
    'bigpos-feb15',
    'bigpos-dec',
  ])
    check(id, ({ input, expected }) => {
      const term = duration(input.duration, input.round)
      // From the first to the last instant of the day.
      for (const at of [utc(input.earned), utc(`${input.earned} 15:00`), dayAfter(input.earned) - 1])
        expect(endOf(term, at)).toBe(dayAfter(expected.lastUsable))
      if (expected.expiresAtStartOf !== undefined)
        expect(endOf(term, input.earned)).toBe(utc(expected.expiresAtStartOf))
    })

  check('voucherify-round-month', ({ input, expected }) => {
    const term = duration(input.duration, input.round)
    for (let day = 1; day <= 31; day++)
      expect(endOf(term, `${input.earnedAnyDayIn}-${String(day).padStart(2, '0')}`)).toBe(
        dayAfter(expected.lastUsable),
      )
  })

  test('voucherify-jan31 in a leap year', () => {
    expect(endOf({ months: 1, end: 'day' }, '2024-01-31')).toBe(utc('2024-03-01'))
  })

  check('london-end-of-day', ({ input, expected }) => {
    const last = instant(expected.instant)
    for (const term of [{ on: input.localDate }, { every: input.localDate.slice(5) }]) {
      const end = endOf(term, utc('2026-01-15'), input.zone)
      expect(end).toBe(last + 1)
      expect(end).not.toBe(instant(expected.wrong) + 1)
    }
  })

  check('antavo-kinds', ({ input, expected }) => {
    const kinds: { readonly [kind: string]: Expiry<'deed'> } = {
      none: 'never',
      rolling: { months: 12 },
      lastActivity: { inactive: { months: 12 }, activity: ['deed'] },
      calendar: { every: '12-31' },
      anniversary: { anniversary: 'enrolment' },
    }
    expect(Object.keys(kinds)).toEqual(input.kinds)
    const ends = Object.values(kinds).map((kind) => endOf(kind, '2025-03-05'))
    const all = ends.every((end) => end === undefined || end > utc('2025-03-05'))
    expect(all).toBe(expected.mustBeExpressible)
    expect(ends).toEqual([
      undefined,
      utc('2026-03-05'),
      utc('2026-03-05'),
      utc('2026-01-01'),
      utc('2026-03-05'),
    ])
  })
})

describe('activity', () => {
  check('capillary-zero-point-activity', ({ input, expected }) => {
    for (const countsZeroPoints of [true, false]) {
      const engine = lasting({ inactive: { months: 12 }, activity: ['deed'], countsZeroPoints })
      const { state } = tell(engine, [
        event(input.lot.earned, 'deed', { worth: input.lot.points }),
        event(input.event.at, 'deed', { worth: input.event.points }),
      ])
      const { at } = engine.view(state, utc(input.event.at)).next!
      const month = calendarOf({ zone: 'UTC' }).localMonth(at)
      expect(month).toBe(expected[`countZeroPointEvents=${countsZeroPoints}`].expiryMonth)
    }
  })

  check('capillary-roll', ({ input, expected }) => {
    const engine = lasting({ inactive: { months: 12 }, first: { months: 6 }, activity: ['deed'] })
    // The lot's own first term holds until there is activity: earning itself is none here.
    const quiet = lasting({
      inactive: { months: 12 },
      first: { months: 6 },
      activity: ['deed'],
      countsZeroPoints: false,
    })
    const given = { points: 50, reason: 'a present' }
    const { state } = tell(quiet, [event(input.earned, 'points/earn', given)])
    expect(quiet.view(state, utc(input.earned)).next!.at).toBe(utc(expected.before))
    const start = tell(engine, [event(input.earned, 'points/earn', given)]).state
    expect(engine.view(start, utc(input.earned)).next!.at).toBe(utc(expected.before))
    const { state: rolled } = tell(engine, [event(input.activity, 'deed', { worth: 0 })], start)
    expect(engine.view(rolled, utc(input.activity)).next).toEqual({
      what: 'expires',
      at: utc(expected.after),
      points: 50,
    })
  })
})

check('voucherify-day-pipeline', ({ expected }) => {
  // What this engine has of that order: what waits is confirmed, then lots expire, then the command is heard.
  expect(expected.order.indexOf('activatePending')).toBeLessThan(expected.order.indexOf('expireLots'))
  const engine = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events,
    earning: [
      {
        rule: 'deed',
        on: 'deed',
        earns: { points: 1, per: 1, of: 'worth' },
        pending: { days: 10 },
        expires: { days: 10 },
      },
    ],
    holdFor: { days: 9 },
    expires: { days: 10 },
  })
  const { state } = tell(engine, [
    event('2025-12-22', 'deed', { worth: 7 }),
    event('2025-12-22', 'points/earn', { points: 5, reason: 'a present' }),
    event('2025-12-23', 'points/reserve', { points: 5 }),
  ])
  const midnight = utc('2026-01-01')
  const { events: happened } = engine.advance(state, midnight)
  expect(happened.map(({ type, data }) => [type, (data as { points: number }).points])).toEqual([
    ['points/confirmed', 7],
    ['points/released', 5],
    ['points/expired', 12],
  ])
  expect(refusalOf(engine, state, event(midnight, 'points/redeem', { points: 1 }))).toMatchObject({
    code: 'insufficient-points',
  })
})

test('every case is here', () => {
  expect([...done].sort()).toEqual(cases.map(({ id }) => id).sort())
})
