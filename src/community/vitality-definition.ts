import { checkKeys, fault, kindOf } from '../kernel/errors.js'
import { type Calendar, type CalendarDefinition, calendarOf, type Instant, plain } from '../kernel/index.js'
import { checkAsOf } from '../kernel/instant.js'
import { isRecord } from '../kernel/plain.js'
import { checkLevel } from '../measures/proportions.js'
import { ADVERTISEMENT, MEMBER, OPERATOR } from './person-history.js'

/**
 * Which events make a group's life, and whose days are counted. Plain data.
 *
 * The subject of an event is the person, the group a field of its data.
 *
 * @example
 * const groups: VitalityDefinition = {
 *   id: 'groups', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'day', group: 'group',
 *   joins: 'member-joined', leaves: 'member-left', messages: 'message-sent',
 *   kind: 'kind', kinds: { member: 'member', operator: 'operator', advertisement: ['advertisement', 'push'] },
 * }
 */
export interface VitalityDefinition {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** Days and weeks are those of the local clock; of its options `dayStart`, `weekStart` and `named` may be given. */
  readonly calendar: CalendarDefinition
  /** What a line of the result is about. Warnings and survival read days. */
  readonly period: 'day' | 'week'
  /** The field of every event's data that names the group. */
  readonly group: string
  /** Event types of messages. */
  readonly messages: string | readonly string[]
  /** Event types by which a person comes in. */
  readonly joins: string | readonly string[]
  /** Event types by which a person goes out. */
  readonly leaves: string | readonly string[]
  /** The field of a message's data that says its kind. */
  readonly kind: string
  /** Which kinds are whose. A message of another kind, or of none, is counted as `other`, and in no share. */
  readonly kinds: {
    readonly member: string | readonly string[]
    readonly operator?: string | readonly string[]
    /** Pushes are advertising, whoever sends them. */
    readonly advertisement: string | readonly string[]
  }
  /** The field that is `true` on a member's message that answers a push, where that is tracked. */
  readonly answers?: string
  /** A name of `calendar.named` whose days are known to be quiet, such as holidays; warnings leave them out. */
  readonly quiet?: string
}

/** As of when, and how sure. */
export interface VitalityOptions {
  /** Only days (or weeks) that are over by then have a line, and nothing later is read. */
  readonly asOf: Instant
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** Lines begin with the day or week in which this lies. Who was in by then is still known from before. */
  readonly since?: Instant
  /** `named` says who spoke most; `masked`, unless told: what is forwarded names nobody. */
  readonly people?: 'masked' | 'named'
}

const keys = [
  ...['id', 'version', 'calendar', 'period', 'group', 'messages', 'joins', 'leaves', 'kind', 'kinds'],
  ...['answers', 'quiet'],
]

const calendarKeys = ['zone', 'transitions', 'dayStart', 'weekStart', 'named']

const kindKeys = ['member', 'operator', 'advertisement']

/** @throws DefinitionError for a definition that does not hold, with its path. */
export function readDefinition(definition: VitalityDefinition): {
  readonly calendar: Calendar
  readonly roles: ReadonlyMap<string, 'message' | 1 | -1>
  readonly kinds: ReadonlyMap<unknown, number>
} {
  checkShape(definition, keys, '$')
  const { id, version, calendar: dates, period, group, kind, kinds: whose, answers, quiet } = definition
  checkText(id, '$.id', 'a name')
  if (version === undefined) throw fault('missing', '$.version', version, 'a whole number from 1')
  if (!(Number.isSafeInteger(version) && version >= 1))
    throw fault('out-of-range', '$.version', version, 'a whole number from 1')
  if (dates === undefined) throw fault('missing', '$.calendar', dates, "{ zone: 'Asia/Shanghai' }")
  checkShape(dates, calendarKeys, '$.calendar')
  if (period === undefined) throw fault('missing', '$.period', period, 'day | week')
  if (period !== 'day' && period !== 'week') throw fault('unknown-name', '$.period', period, 'day | week')
  checkText(group, '$.group', 'a field')
  checkText(kind, '$.kind', 'a field')
  if (answers !== undefined) checkText(answers, '$.answers', 'a field')
  const calendar = calendarOf(plain(dates))
  if (quiet !== undefined) {
    checkText(quiet, '$.quiet', 'a name of calendar.named')
    const names = Object.keys(dates.named ?? {})
    if (!names.includes(quiet))
      throw fault('unknown-name', '$.quiet', quiet, names.join(' | ') || 'none here')
  }
  const roles = new Map<string, 'message' | 1 | -1>()
  readNames(definition.messages, '$.messages', (type) => roles.set(type, 'message'), roles)
  readNames(definition.joins, '$.joins', (type) => roles.set(type, 1), roles)
  readNames(definition.leaves, '$.leaves', (type) => roles.set(type, -1), roles)
  if (whose === undefined) throw fault('missing', '$.kinds', whose, '{ member, advertisement }')
  checkShape(whose, kindKeys, '$.kinds')
  const kinds = new Map<string, number>()
  readNames(whose.member, '$.kinds.member', (name) => kinds.set(name, MEMBER), kinds)
  if (whose.operator !== undefined)
    readNames(whose.operator, '$.kinds.operator', (name) => kinds.set(name, OPERATOR), kinds)
  readNames(whose.advertisement, '$.kinds.advertisement', (name) => kinds.set(name, ADVERTISEMENT), kinds)
  return { calendar, roles, kinds }
}

function checkShape(value: unknown, known: readonly string[], path: string): void {
  if (!isRecord(value)) throw fault('wrong-type', path, value, 'an object')
  checkKeys(value, known, path)
}

function checkText(value: unknown, path: string, expected: string): void {
  if (value === undefined || value === '') throw fault('missing', path, value, expected)
  if (typeof value !== 'string') throw fault('wrong-type', path, value, 'text')
}

function readNames(
  given: string | readonly string[],
  path: string,
  take: (name: string) => void,
  taken: ReadonlyMap<unknown, unknown>,
): void {
  const names: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  if (names.length === 0) throw fault('missing', path, given, 'at least one name')
  for (const [i, name] of names.entries()) {
    const at = Array.isArray(given) ? `${path}[${i}]` : path
    checkText(name, at, 'a name')
    if (taken.has(name)) throw fault('duplicate-name', at, name, 'every name once')
    take(name as string)
  }
}

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(options: VitalityOptions): Required<Omit<VitalityOptions, 'since'>> & {
  readonly since: Instant | undefined
} {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  const { asOf, level = 0.95, since, people = 'masked' } = options
  checkAsOf({ asOf, since })
  checkLevel(level)
  if (people !== 'masked' && people !== 'named')
    throw fault('unknown-name', '$.people', kindOf(people), 'masked | named')
  return { asOf, level, since, people }
}
