import { canonical, digestName } from './digest.js'
import type { Instant } from './instant.js'
import { isZone, type ZoneSource, zoneOf } from './tzdata.js'

/** 1970 to 2037: before, data is improved now and then; after, rules only repeat. */
const from: Instant = 0
const until: Instant = 2_145_916_800_000

/**
 * What a zone's clocks do from 1970 to 2037, in 12 characters: equal where two runtimes, or a runtime and a table handed
 * in as data, give every local date alike. Stored beside a result it says later whether the zone data has changed since.
 * The zone's name is not part of it.
 *
 * @throws DefinitionError `invalid-zone`.
 * @example
 * zoneFingerprint({ zone: 'Asia/Shanghai' }) === zoneFingerprint({ zone: 'Asia/Chongqing' }) // => true
 */
export function zoneFingerprint(source: ZoneSource): string {
  const { offsetAt, nextChange } = zoneOf(source)
  let before = offsetAt(from)
  const changes: (readonly [at: Instant, offset: number])[] = [[from, before]]
  for (let at = nextChange(from); at < until; at = nextChange(at)) {
    const offset = offsetAt(at)
    if (offset !== before) changes.push([at, offset])
    before = offset
  }
  return digestName(canonical(changes))
}

/**
 * The first release of tzdata with which a zone had an offset, in minutes, at an instant it had another before; each
 * release has the changes of all before.
 *
 * @see Release notes of the Time Zone Database, 2024a to 2026e.
 */
const changedBy: readonly (readonly [release: string, zone: string, at: Instant, minutes: number])[] = [
  ['2024a', 'Asia/Almaty', 1_717_200_000_000, 300],
  ['2025a', 'America/Asuncion', 1_748_736_000_000, -180],
  ['2025b', 'America/Coyhaique', 1_748_736_000_000, -180],
  ['2026a', 'Europe/Chisinau', 1_648_341_000_000, 120],
  ['2026b', 'America/Vancouver', 1_796_083_200_000, -420],
  ['2026c', 'Africa/Casablanca', 1_796_083_200_000, 0],
  ['2026d', 'America/Inuvik', 1_796_083_200_000, -360],
  ['2026e', 'America/Winnipeg', 1_796_083_200_000, -300],
]

/**
 * The release of tzdata that the runtime has at least, found by what its clocks do: no runtime says it portably, and
 * releases that changed nothing that can be seen are not told apart. For a certain answer about one zone take
 * `zoneFingerprint`.
 *
 * @returns `2024a` or one of those after it, undefined where the data is older.
 */
export function tzdataRelease(): string | undefined {
  let found: string | undefined
  for (const [release, zone, at, minutes] of changedBy) {
    if (!isZone(zone) || zoneOf({ zone }).offsetAt(at) !== minutes * 60_000) return found
    found = release
  }
  return found
}
