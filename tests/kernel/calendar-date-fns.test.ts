import { tzOffset } from '@date-fns/tz'
import { calendarOf } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'

const MINUTE = 60_000

/** A winter's and a summer's day of some years. */
const days = (from: number, until: number): readonly number[] =>
  Array.from({ length: (until - from) * 2 }, (_, i) => Date.UTC(from + (i >> 1), (i % 2) * 6, 10, 12))

const named = ['Africa/Monrovia', 'Europe/Dublin', 'Europe/Lisbon']
const zones = Intl.supportedValuesOf('timeZone').filter(
  (zone, i) => i % runs(10, 1) === 0 || named.includes(zone),
)

/** Where the two disagree: zone, our offset and theirs in minutes. */
function differences(instants: readonly number[]) {
  return zones.flatMap((zone) => {
    const calendar = calendarOf({ zone })
    return instants.flatMap((at) => {
      const [ours, theirs] = [calendar.offsetAt(at) / MINUTE, tzOffset(zone, new Date(at))]
      return ours === theirs ? [] : [{ zone, ours, theirs }]
    })
  })
}

test('offsets equal those of @date-fns/tz from 1972 on, in a tenth of the zones or, at full size, in every one', {
  timeout: 60_000,
}, () => {
  expect(differences(days(1972, 2026))).toEqual([])
})

test('before, they differ only where @date-fns/tz loses the sign of an offset under an hour', {
  timeout: 60_000,
}, () => {
  const found = differences(days(1900, 1972))
  for (const { ours, theirs } of found) {
    expect(ours).toBeGreaterThan(-60)
    expect(ours).toBeLessThan(0)
    expect(theirs).toBe(-ours)
  }
  expect(found.map(({ zone }) => zone)).toEqual(expect.arrayContaining(named))
})
