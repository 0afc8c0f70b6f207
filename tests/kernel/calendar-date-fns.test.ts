// Every difference from @date-fns/tz, looked for at every change of clocks of every zone, and what explains it.
import { TZDate, tzOffset } from '@date-fns/tz'
import { calendarOf, type Instant, transitionsOf } from 'liuliang'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

// What TZDate takes for a local time also depends on the zone of the host, near its own clock changes.
const host = process.env['TZ']
beforeAll(() => {
  process.env['TZ'] = 'UTC'
})
afterAll(() => {
  if (host === undefined) delete process.env['TZ']
  else process.env['TZ'] = host
})

/** Zones in which each cause is found, and a part of all others. */
const named = ['Africa/Monrovia', 'Asia/Brunei', 'Australia/Lord_Howe', 'Europe/Berlin', 'Europe/Dublin']
const zones = Intl.supportedValuesOf('timeZone').filter(
  (zone, i) => i % runs(25, 1) === 0 || named.includes(zone),
)

interface Change {
  readonly zone: string
  readonly at: Instant
  /** Offsets, in milliseconds. */
  readonly before: number
  readonly after: number
}

const changes: readonly Change[] = zones.flatMap((zone) => {
  const { initial, at, offsets } = transitionsOf(zone, Date.UTC(1850, 0), Date.UTC(2038, 0))
  return at.map((change, i) => ({
    zone,
    at: change,
    before: i === 0 ? initial : offsets[i - 1]!,
    after: offsets[i]!,
  }))
})

const losesSign = (offset: number) => offset < 0 && offset > -HOUR
const hasSeconds = (offset: number) => offset % MINUTE !== 0

/** Which cause explains that @date-fns/tz takes another instant for a local time, if one does. */
function causeOf({ before, after }: Change, local: number, theirs: Instant): string {
  if ([before, after].some(losesSign)) return 'a sign is lost'
  if ([before, after].some(hasSeconds)) return 'offsets had seconds'
  if (theirs !== local - after) return 'unknown'
  const length = Math.abs(after - before)
  if (after < before) return 'the later of two'
  return length < 30 * MINUTE ? 'skipped for less than half an hour' : 'unknown'
}

/** Local times around a change at which the two disagree, by cause. */
const disagreements = (from: number, until: number) => {
  const found = new Map<string, Set<string>>()
  for (const change of changes.filter(({ at }) => at >= from && at < until)) {
    const { zone, at, before, after } = change
    const calendar = calendarOf({ zone })
    const first = at + Math.min(before, after)
    const end = at + Math.max(before, after)
    const middle = Math.floor((first + end) / 2000) * 1000
    for (const local of [first - 1000, first, middle, end - 1000, end]) {
      const read = new Date(local)
      const [year, month, day] = [read.getUTCFullYear(), read.getUTCMonth(), read.getUTCDate()]
      const [hour, minute, second] = [read.getUTCHours(), read.getUTCMinutes(), read.getUTCSeconds()]
      const ours = calendar.instantOf({ year, month: month + 1, day, hour, minute, second })
      const theirs = new TZDate(year, month, day, hour, minute, second, zone).getTime()
      if (ours === theirs) continue
      const cause = causeOf(change, local, theirs)
      found.set(cause, (found.get(cause) ?? new Set()).add(`${zone} ${read.toISOString()}`))
    }
  }
  return found
}

describe('offsets differ from those of @date-fns/tz', () => {
  test('only where it loses the sign of one under an hour, last in Monrovia in 1972', {
    timeout: 120_000,
  }, () => {
    const differing = changes.flatMap(({ zone, at }) => {
      const calendar = calendarOf({ zone })
      return [at - 86_400_000, at - 1, at, at + HOUR / 2].flatMap((moment) => {
        const [ours, theirs] = [calendar.offsetAt(moment) / MINUTE, tzOffset(zone, new Date(moment))]
        return ours === theirs ? [] : [{ zone, moment, ours, theirs }]
      })
    })
    for (const { ours, theirs } of differing) {
      expect(losesSign(ours * MINUTE)).toBe(true)
      expect(theirs).toBe(-ours)
    }
    expect(differing.map(({ zone }) => zone)).toEqual(
      expect.arrayContaining(['Africa/Monrovia', 'Europe/Dublin']),
    )
    expect(Math.max(...differing.map(({ moment }) => moment))).toBeLessThan(Date.UTC(1972, 0, 8))
  })
})

describe('instants of local times differ from those of @date-fns/tz', () => {
  test('for four causes', { timeout: 120_000 }, () => {
    const found = disagreements(Date.UTC(1850, 0), Date.UTC(2038, 0))
    if (runs(0, 1)) console.log([...found].map(([cause, where]) => `${cause}: ${where.size}`).join(', '))
    expect([...(found.get('unknown') ?? [])]).toEqual([])
    expect([...found.keys()].sort()).toEqual([
      'a sign is lost',
      'offsets had seconds',
      'skipped for less than half an hour',
      'the later of two',
    ])
  })

  test('since 1987 for one: of two it often takes the later, where Temporal and we take the earlier', {
    timeout: 120_000,
  }, () => {
    expect([...disagreements(Date.UTC(1987, 0), Date.UTC(2038, 0)).keys()]).toEqual(['the later of two'])
  })
})

test('@date-fns/tz takes any text that ends in an offset for a zone; we do not', () => {
  expect(tzOffset('Nowhere+08:00', new Date(0))).toBe(480)
  expect(() => calendarOf({ zone: 'Nowhere+08:00' })).toThrow(
    expect.objectContaining({ code: 'invalid-zone' }),
  )
})
