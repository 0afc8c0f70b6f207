import { fault } from './errors.js'
import type { Instant } from './instant.js'
import { isRecord } from './plain.js'
import { compileZone, cutTable, isZoneTable, type Zone, type ZoneTable } from './zone.js'

/** Where a zone comes from. */
export interface ZoneSource {
  /** An IANA name such as `Asia/Shanghai`, or `UTC`; no offsets, no abbreviations that only some runtimes know. */
  readonly zone: string
  /** The zone's transitions, for hosts whose `Intl` cannot be trusted; then `zone` is only its name. */
  readonly transitions?: ZoneTable
}

/** Whether a zone can be used in a `CalendarDefinition` here. */
export function isZone(zone: unknown): zone is string {
  try {
    return zoneOf({ zone: zone as string }) !== undefined
  } catch {
    return false
  }
}

/**
 * A zone's transitions as the runtime knows them, for a host elsewhere to carry in its definition. What a table does
 * not cover keeps the offset of its nearer end.
 *
 * @param from - Where the initial offset is read.
 * @param until - Transitions from here on are left out.
 * @throws DefinitionError `invalid-zone`.
 */
export function transitionsOf(zone: string, from: Instant, until: Instant): ZoneTable {
  if (![from, until].every((at) => Number.isInteger(at) && Math.abs(at) < 4e14))
    throw fault('invalid-instant', '$', until, 'two instants')
  const offsetAt = readerOf(zone)
  const initial = offsetAt(from)
  const at: number[] = []
  const offsets: number[] = []
  let left = from
  let before = initial
  while (left < until) {
    const right = Math.min(left + probeEvery, until)
    const after = offsetAt(right - 1)
    if (after === before) {
      left = right
      continue
    }
    let low = left - 1 // still the offset before
    let high = right - 1 // no longer
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    before = offsetAt(high)
    at.push(high)
    offsets.push(before)
    left = high
  }
  return { initial, at, offsets }
}

/** 2^28 ms, three days: no zone ever kept an offset for less than 3.98 and then went back (Freetown, 1939). */
const probeEvery = 268_435_456

const zones = new Map<string, Zone>()
const tables = new WeakMap<ZoneTable, Zone>()

/**
 * The zone of a calendar: from the runtime's tzdata, or from a table where one is given.
 *
 * @throws DefinitionError `invalid-zone`.
 */
export function zoneOf(source: ZoneSource): Zone {
  const { zone, transitions } = isRecord(source) ? source : ({} as ZoneSource)
  if (transitions !== undefined) return tableZone(zone, transitions)
  checkName(zone)
  // Runtimes read names in any case: one entry for all of them, so that names from outside cannot fill the cache.
  const key = zone.toLowerCase()
  const known = zones.get(key)
  if (known !== undefined) return known
  readerOf(zone)
  const compiled = compileZone((from, until) => transitionsOf(zone, from, until))
  zones.set(key, compiled)
  return compiled
}

function tableZone(zone: string, transitions: ZoneTable): Zone {
  if (typeof zone !== 'string' || zone === '') unknownZone(zone)
  const known = tables.get(transitions)
  if (known !== undefined) return known
  if (!isZoneTable(transitions))
    throw fault(
      'invalid-zone',
      '$.calendar.transitions',
      transitions,
      '{ initial, at, offsets }: ascending instants, offsets within 16 hours, in milliseconds',
    )
  const table = { ...transitions, at: [...transitions.at], offsets: [...transitions.offsets] }
  const compiled = compileZone((from, until) => cutTable(table, from, until))
  tables.set(transitions, compiled)
  return compiled
}

function unknownZone(zone: unknown): never {
  const expected = 'an IANA name such as Asia/Shanghai, or UTC'
  throw fault('invalid-zone', '$.calendar.zone', zone, expected)
}

/** What looks like an IANA name; of the bare abbreviations only IANA's own, since `CST` is Chicago to some runtimes. */
const zoneName =
  /^(?![A-Z]{3}$)[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$|^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/

function checkName(zone: unknown): void {
  if (typeof zone !== 'string' || zone.length > 64 || !zoneName.test(zone)) unknownZone(zone)
}

/**
 * Reads a zone's offset in milliseconds from the runtime, to the second. (`tzOffset` of @date-fns/tz takes -00:44:30
 * for +00:44:30, Liberia's clock until 1972, and reads an offset out of any name that ends in one.)
 */
function readerOf(zone: string): (at: Instant) => number {
  checkName(zone)
  let format: (at: Instant) => string
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).format
  } catch {
    return unknownZone(zone)
  }
  return (at) => {
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /GMT(?:([+-])(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(format(at)) ?? unknownZone(zone)
    const offset = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
    return sign === '-' && offset > 0 ? -offset : offset
  }
}
