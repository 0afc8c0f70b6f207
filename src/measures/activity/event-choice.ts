import { checkKeys, fault } from '../../kernel/errors.js'
import { checkScope } from '../../kernel/facts/scope.js'
import { matcherOf } from '../../kernel/filter.js'
import type { AnyEvent, CalendarDefinition, Catalogue, EventSpecs, Where } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'

/** Events of some types, or of all, that pass a filter on their fields. */
export interface EventPattern<T extends string = string> {
  /** One type or several; every type unless told. */
  readonly event?: T | readonly T[]
  /** What fields have to be; needs the definition's catalogue. */
  readonly where?: Where
}

/** Which events: a type, a pattern, or several of these. `{}` is every event. */
export type EventChoice<T extends string = string> = T | EventPattern<T> | readonly (T | EventPattern<T>)[]

/** Flags of an event: it is of the entry's choice; of the activity's; of the entry's types, whatever their filters say. */
export const ENTRY = 1
export const ACTIVE = 2
export const TYPED = 4

/** What choices are read with. */
export interface ChoiceContext {
  readonly calendar: CalendarDefinition
  readonly events?: Pick<Catalogue<EventSpecs>, 'events' | 'kinds'> | undefined
}

/** Says which flags an event has; 0 where it does not count. */
export interface Marker {
  (event: AnyEvent): number
  /** The flags by type alone, where no filter asks for more. */
  readonly byType: ((type: string) => number) | undefined
}

/** The patterns of a choice. */
export function patternsOf(choice: EventChoice): readonly EventPattern[] {
  const list = Array.isArray(choice)
    ? (choice as readonly (string | EventPattern)[])
    : [choice as string | EventPattern]
  return list.map((one) => (typeof one === 'string' ? { event: one } : one))
}

/** The types that a pattern names; `undefined` is every type. */
const typesOf = ({ event }: EventPattern): readonly string[] | undefined =>
  event === undefined ? undefined : typeof event === 'string' ? [event] : event

/** Whether any pattern filters on fields. */
export const filters = (choice: EventChoice): boolean =>
  patternsOf(choice).some(({ where }) => where !== undefined)

/** A choice of patterns made ready. */
export function markerOf({
  entry,
  activity,
  where,
  typed = false,
  events,
}: {
  readonly entry: EventChoice
  readonly activity: EventChoice
  readonly where?: Where | undefined
  readonly typed?: boolean | undefined
  readonly events?: { readonly events: EventSpecs } | undefined
}): Marker {
  const passes = (choice: EventChoice, ignoreFilters = false) => {
    const tests = patternsOf(choice).map((pattern) => {
      const types = typesOf(pattern)
      const fits =
        pattern.where === undefined || ignoreFilters
          ? undefined
          : filterBy(pattern.where, events?.events ?? {})
      return (event: AnyEvent) =>
        (types === undefined || types.includes(event.type)) && (fits === undefined || fits(event))
    })
    return tests.length === 1 ? tests[0]! : (event: AnyEvent) => tests.some((test) => test(event))
  }
  const [isEntry, isActive, isTyped] = [passes(entry), passes(activity), passes(entry, true)]
  const within = where === undefined ? undefined : filterBy(where, events?.events ?? {})
  const flags = (event: AnyEvent): number => {
    if (within !== undefined && !within(event)) return 0
    return (
      (isEntry(event) ? ENTRY : 0) + (isActive(event) ? ACTIVE : 0) + (typed && isTyped(event) ? TYPED : 0)
    )
  }
  if (where !== undefined || filters(entry) || filters(activity))
    return Object.assign(flags, { byType: undefined })
  const known = new Map<string, number>()
  const byType = (type: string): number => {
    let found = known.get(type)
    if (found === undefined) {
      found = flags({ type } as AnyEvent)
      // Types come from outside too: their number is not ours to trust.
      if (known.size < 10_000) known.set(type, found)
    }
    return found
  }
  return Object.assign((event: AnyEvent) => byType(event.type), { byType })
}

/** A filter that any type of the catalogue may have to pass; what lacks a field passes as the kernel's filters say. */
function filterBy(where: Where, events: EventSpecs): (event: AnyEvent) => boolean {
  const names = Object.keys(where)
  const matchers = new Map(
    Object.keys(events).map((type) => {
      const known = names.every((name) => Object.hasOwn(events[type]!, name))
      return [type, known ? matcherOf({ event: type, where }, events) : () => false] as const
    }),
  )
  return (event) => matchers.get(event.type)?.(event, event.subject) ?? false
}

/** Refuses a choice that names nothing, or what the catalogue does not know. */
export function checkChoice(choice: EventChoice, path: string, context: ChoiceContext): void {
  if (choice === undefined) throw fault('missing', path, choice, 'at least one event type')
  const list: readonly unknown[] = Array.isArray(choice) ? choice : [choice]
  if (list.length === 0) throw fault('missing', path, choice, 'at least one event type')
  const seen = new Set<unknown>()
  for (const [i, one] of list.entries()) {
    const at = Array.isArray(choice) ? `${path}[${i}]` : path
    if (typeof one === 'string') checkType(one, at, context)
    else if (!isRecord(one))
      throw fault('wrong-type', at, one, 'the name of an event type, or { event, where }')
    else checkPattern(one as EventPattern, at, context)
    if (typeof one === 'string' && seen.has(one))
      throw fault('duplicate-name', at, one, 'every event type once')
    seen.add(one)
  }
}

function checkPattern(pattern: EventPattern, path: string, context: ChoiceContext): void {
  checkKeys(pattern, ['event', 'where'], path)
  const { event, where } = pattern
  if (Array.isArray(event) && event.length === 0)
    throw fault('missing', `${path}.event`, event, 'at least one event type')
  if (event !== undefined && typeof event !== 'string' && !Array.isArray(event))
    throw fault('wrong-type', `${path}.event`, event, 'the name of an event type, or several')
  for (const type of typesOf(pattern) ?? []) checkType(type, `${path}.event`, context)
  if (where !== undefined) checkWhere(where, typesOf(pattern), path, context)
}

function checkType(type: unknown, path: string, { events }: ChoiceContext): void {
  if (type === '') throw fault('missing', path, type, 'the name of an event type')
  if (typeof type !== 'string') throw fault('wrong-type', path, type, 'the name of an event type')
  if (events !== undefined && !Object.hasOwn(events.events, type))
    throw fault('unknown-name', path, type, Object.keys(events.events).join(' | '))
}

/** A filter is checked against each type named, or against every type that has all its fields. */
export function checkWhere(
  where: Where,
  types: readonly string[] | undefined,
  path: string,
  { events, calendar }: ChoiceContext,
): void {
  if (events === undefined)
    throw fault('missing', '$.events', events, 'the catalogue, whose fields the filter reads')
  if (!isRecord(where)) throw fault('wrong-type', `${path}.where`, where, 'filters by field')
  const names = Object.keys(where)
  const able = Object.keys(events.events).filter((type) =>
    names.every((name) => Object.hasOwn(events.events[type]!, name)),
  )
  const checked = types ?? able
  if (checked.length === 0)
    throw fault('unknown-name', `${path}.where`, names[0], 'fields that some event of the catalogue has')
  const context = { events: events.events, kinds: events.kinds, calendar }
  for (const event of checked) checkScope({ event, where }, context, path)
}
