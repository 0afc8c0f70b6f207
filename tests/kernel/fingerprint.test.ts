import { describe, expect, test } from 'vitest'
import { tzdataRelease, zoneFingerprint } from '../../src/kernel/fingerprint.js'
import { transitionsOf } from '../../src/kernel/tzdata.js'

const from = Date.UTC(1970, 0)
const until = Date.UTC(2038, 0)

describe('a fingerprint of a zone', () => {
  test('is that of a table that says the same, under any name, with more besides', () => {
    for (const zone of ['Asia/Shanghai', 'America/New_York', 'Pacific/Apia', 'UTC']) {
      const fingerprint = zoneFingerprint({ zone })
      expect(fingerprint).toMatch(/^[0-9a-z]{12}$/)
      const table = transitionsOf(zone, from, until)
      expect(zoneFingerprint({ zone: 'x', transitions: table })).toBe(fingerprint)
      const longer = transitionsOf(zone, Date.UTC(1930, 0), Date.UTC(2050, 0))
      expect(zoneFingerprint({ zone: 'y', transitions: longer })).toBe(fingerprint)
    }
  })

  test('tells zones apart, and a table in which one change is an hour later', () => {
    const zones = ['Asia/Shanghai', 'Asia/Taipei', 'Europe/Berlin', 'Europe/Paris', 'America/New_York', 'UTC']
    expect(new Set(zones.map((zone) => zoneFingerprint({ zone }))).size).toBe(zones.length)
    const table = transitionsOf('Europe/Berlin', from, until)
    const moved = { ...table, at: table.at.map((at, i) => (i === 30 ? at + 3_600_000 : at)) }
    expect(zoneFingerprint({ zone: 'x', transitions: moved })).not.toBe(
      zoneFingerprint({ zone: 'Europe/Berlin' }),
    )
  })

  test('is the same on every runtime where the data is', () => {
    const shanghai = { initial: 28_800_000, at: [], offsets: [] }
    expect(zoneFingerprint({ zone: 'x', transitions: shanghai })).toBe('02uafabl28vq')
  })
})

test('the release is at least as new as this runtime says, and no newer', () => {
  const said = process.versions['tz']
  const found = tzdataRelease()
  expect(found).toMatch(/^202[4-9][a-z]$/)
  // Node's own word; other runtimes have none.
  if (said !== undefined) expect(found! <= said).toBe(true)
})
