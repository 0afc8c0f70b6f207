import type { Calendar } from '../calendar.js'
import { checkDuration, type Duration } from '../duration.js'
import { checkName, checkRecord, fault } from '../errors.js'
import { calendarFor, type FactContext, type FactScope, type FactWindow, type Measure } from '../fact.js'
import { type EventSpecs, type Field, fits, isNumberLike } from '../field.js'
import { operandsOfFilter, type Where } from '../filter.js'
import { checkWindow, unitOf } from '../window.js'

/** What every fact about an event may say of itself, and what it may say of how long that counts. */
export const SCOPE = ['event', 'where', 'as', 'calendar']
export const WINDOW = ['within', 'since']

export const INTEGER: Field = { type: 'integer' }
export const FLAG: Field = { type: 'boolean' }
export const SPAN: Measure = { type: 'span' }

/** Fields that can be added up. */
export const isAmount = (field: Field): boolean => field.type === 'integer' || field.type === 'money'
/** Fields with a value that facts can read. */
export const isReadable = (field: Field): boolean => field.type !== 'detail' && field.type !== 'lines'
export { isNumberLike as isOrdered }
/** Whether a field holds texts from outside, which may name people. */
export const isForgettable = (field: { readonly type: string; readonly oneOf?: unknown }) =>
  field.type === 'ref' || (field.type === 'text' && field.oneOf === undefined)

/** The field of an event that was checked. */
export const fieldOf = (events: EventSpecs, event: string, name: string): Field => events[event]![name]!

/** Checks the event, role, filter, and the events that end its window. */
export function checkScope(
  { event, where, as, calendar: _, ...fact }: FactScope & FactWindow,
  context: FactContext,
  path: string,
): void {
  checkEvent(event, where, as, context.events, path)
  checkWindows({ ...fact, ...(as !== undefined && { as }), ...(_ && { calendar: _ }) }, context, path)
}

/** Checks an event with its filter, and that a role takes part in it. */
export function checkEvent(
  event: string,
  where: Where | undefined,
  as: string | undefined,
  events: EventSpecs,
  path: string,
  key = 'event',
): void {
  checkName(Object.keys(events), event, `${path}.${key}`)
  checkRole(event, as, events, path)
  const fields = events[event]!
  if (where !== undefined) checkRecord(where, `${path}.where`)
  for (const [name, filter] of Object.entries(where ?? {})) {
    checkName(
      Object.keys(fields).filter((one) => fields[one]!.type !== 'lines'),
      name,
      `${path}.where`,
    )
    const field = fields[name]!
    for (const [at, value] of operandsOfFilter(field, filter, `${path}.where.${name}`))
      checkValue(field, value, at)
  }
}

function checkRole(event: string, as: string | undefined, events: EventSpecs, path: string): void {
  if (as === undefined) return
  const roles = Object.values(events[event]!).flatMap((field) => (field.type === 'ref' ? [field.role] : []))
  checkName(roles, as, `${path}.as`)
}

/** Checks how long something counts. */
export function checkWindows(
  {
    within,
    since,
    as,
    calendar,
  }: FactWindow & { readonly as?: string; readonly calendar?: FactScope['calendar'] },
  context: FactContext,
  path: string,
): void {
  if (since !== undefined) checkEvent(since, undefined, as, context.events, path, 'since')
  if (within === undefined) return
  const window = checkWindow(within, `${path}.within`)
  const unit = unitOf(window)
  const dates = calendarFor(unit ? undefined : (window as Duration), calendar, context)
  // A calendar without a fiscal year says so here, and not when the first event comes.
  if (unit !== undefined) dates.startOf(unit.unit, 0)
}

/** Checks that an event has a field of such a kind. */
export function checkField(
  { event, field }: { readonly event: string; readonly field: string },
  wanted: (field: Field) => boolean,
  { events }: FactContext,
  path: string,
  key = 'field',
): void {
  const fields = events[event]!
  checkName(
    Object.keys(fields).filter((name) => wanted(fields[name]!)),
    field,
    `${path}.${key}`,
  )
}

/** Checks that a value fits a field. */
export function checkValue(field: Field, value: unknown, path: string): void {
  if (field.type === 'text' && field.oneOf && typeof value === 'string') checkName(field.oneOf, value, path)
  if (!fits(field, value)) {
    const expected = field.type === 'money' ? `decimal text in ${field.currency}` : field.type
    throw fault('wrong-type', path, value, expected)
  }
}

/** Takes a value for an exact duration. */
export function checkExact(value: unknown, path: string): number {
  const duration = checkDuration(value, path)
  const { hours = 0, minutes = 0, seconds = 0 } = duration
  const length = hours * 3_600_000 + minutes * 60_000 + seconds * 1000
  if (duration.hours ?? duration.minutes ?? duration.seconds) return length
  throw fault('invalid-duration', path, value, 'an exact duration above 0, as in { hours: 72 }')
}

/** Takes a value for a count. */
export function checkCount(
  value: unknown,
  least: number,
  path: string,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (value === undefined) return
  if (!(Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most))
    throw fault('out-of-range', path, value, `a whole number from ${least} to ${most}`)
}

/** The calendar of a fact that counts local dates. */
export const datesOf = (
  fact: { readonly calendar?: FactScope['calendar'] },
  context: FactContext,
): Calendar => calendarFor(undefined, fact.calendar, context)
