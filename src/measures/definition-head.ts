import { checkKeys, fault, unknownName } from '../kernel/errors.js'
import type { CalendarDefinition } from '../kernel/index.js'
import { isRecord } from '../kernel/plain.js'

/** What every definition of this folder begins with. */
export interface DefinitionHead {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** Periods are those of the local clock in this zone; weeks begin with its `weekStart`. */
  readonly calendar: CalendarDefinition
}

/** Refuses a head that does not hold, and keys that nobody reads. */
export function checkHead(
  definition: Readonly<Record<string, unknown>>,
  known: readonly string[],
  knownOfCalendar: readonly string[] = calendarKeys,
): void {
  const { id, version, calendar } = definition
  checkKeys(definition, known, '$')
  if (id === undefined || id === '') throw fault('missing', '$.id', id, 'a name')
  if (typeof id !== 'string') throw fault('wrong-type', '$.id', id, 'text')
  if (version === undefined) throw fault('missing', '$.version', version, 'a whole number from 1')
  atLeastOne(version, '$.version')
  if (calendar === undefined) throw fault('missing', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  if (!isRecord(calendar)) throw fault('wrong-type', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  checkKeys(calendar, knownOfCalendar, '$.calendar')
}

const calendarKeys = ['zone', 'transitions', 'dayStart', 'weekStart', 'fiscal', 'business', 'named']

/** A whole number from 1. */
export function atLeastOne(value: unknown, path: string): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw fault('out-of-range', path, value, 'a whole number from 1')
}

/** One of these words, or nothing. */
export function one(known: readonly string[], value: unknown, path: string): void {
  if (value !== undefined && !known.includes(value as string)) throw unknownName(path, value, known)
}
