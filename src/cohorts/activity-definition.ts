import { fault, unknownName } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type CalendarDefinition,
  type Catalogue,
  calendarOf,
  type EventColumns,
  type EventSpecs,
  type Json,
  type Periods,
  type PeriodUnit,
  periodsOf,
  type Where,
} from '../kernel/index.js'
import { isRecord } from '../kernel/plain.js'
import { type ActivityPartial, type Collector, collectorOf, type Keep } from './collected.js'
import { checkChoice, checkWhere, type EventChoice } from './event-choice.js'

/** What every reading of who was here when says of itself. Plain data but for the catalogue. */
export interface ActivityDefinition<E extends EventSpecs = EventSpecs> {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** Periods are those of the local clock in this zone, its days and weeks. */
  readonly calendar: CalendarDefinition
  /** Needed by filters, which read fields. */
  readonly events?: Catalogue<E>
  /** Only events that pass are looked at. */
  readonly where?: Where
  /** What time is cut into. */
  readonly period: PeriodUnit
  /** What to remember; as little as the settings need unless told. */
  readonly keep?: Keep
}

/** An aggregate over who was here when. Readings that collect the same take each other's partials. */
export interface ActivityAggregate<Definition, Result, Options>
  extends Aggregate<AnyEvent, ActivityPartial, Result, Options, EventColumns> {
  readonly definition: Omit<Definition, 'events'>
  addColumns(partial: ActivityPartial, columns: EventColumns): ActivityPartial
  forget(partial: ActivityPartial, subject: string): ActivityPartial
  toJson(partial: ActivityPartial): Json
  fromJson(json: unknown): ActivityPartial
}

/** All that an activity aggregate can do but read: events come out again only where more than bits were kept. */
export const verbsOf = ({ of: _, own: __, keep, retract, ...verbs }: Collector) => ({
  shard: 'event' as const,
  ...verbs,
  ...(keep !== 'periods' && { retract }),
})

/** The definition made ready; shared with other readings of the same activity. */
export function activityCollector(
  agreed: Pick<ActivityDefinition, 'calendar' | 'where' | 'period' | 'keep'> & {
    readonly activity: EventChoice
  },
  events: Catalogue<EventSpecs> | undefined,
): { readonly collector: Collector; readonly periods: Periods } {
  const context = { events, calendar: agreed.calendar }
  if (agreed.period === undefined) throw fault('missing', '$.period', agreed.period, "'month'")
  const periods = periodsOf(calendarOf(agreed.calendar), agreed.period)
  checkChoice(agreed.activity, '$.activity', context)
  if (agreed.where !== undefined) checkWhere(agreed.where, undefined, '$', context)
  one(['periods', 'counts', 'instants'], agreed.keep, '$.keep')
  const { calendar, activity, where, keep = 'periods' } = agreed
  const collection = {
    calendar,
    periods,
    keep,
    events,
    entry: activity,
    activity,
    ...(where !== undefined && { where }),
  }
  return { collector: collectorOf(collection), periods }
}

/** What every definition of this folder begins with. */
export function checkHead(definition: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const { id, version, calendar } = definition
  for (const key of Object.keys(definition)) {
    if (!known.includes(key)) throw fault('unknown-key', `$.${key}`, key, known.join(', '))
  }
  if (id === undefined || id === '') throw fault('missing', '$.id', id, 'a name')
  if (typeof id !== 'string') throw fault('wrong-type', '$.id', id, 'text')
  if (version === undefined) throw fault('missing', '$.version', version, 'a whole number from 1')
  atLeastOne(version, '$.version')
  if (calendar === undefined) throw fault('missing', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  if (!isRecord(calendar)) throw fault('wrong-type', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  for (const key of Object.keys(calendar)) {
    if (!calendarKeys.includes(key))
      throw fault('unknown-key', `$.calendar.${key}`, key, calendarKeys.join(', '))
  }
}

const calendarKeys: readonly string[] = [
  'zone',
  'transitions',
  'dayStart',
  'weekStart',
  'fiscal',
  'business',
  'named',
]

/** A catalogue is made by `defineEvents`. */
export function checkCatalogue(events: unknown): void {
  if (events !== undefined && !(isRecord(events) && isRecord(events['events']) && isRecord(events['kinds'])))
    throw fault('wrong-type', '$.events', events, 'a catalogue made by defineEvents')
}

export function atLeastOne(value: unknown, path: string): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw fault('out-of-range', path, value, 'a whole number from 1')
}

/** One of these words, or nothing. */
export function one(known: readonly string[], value: unknown, path: string): void {
  if (value !== undefined && !known.includes(value as string)) throw unknownName(path, value, known)
}
