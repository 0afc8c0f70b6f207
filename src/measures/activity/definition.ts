import { fault } from '../../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type Catalogue,
  calendarOf,
  canonical,
  digestName,
  type EventColumns,
  type EventSpecs,
  type Instant,
  type Json,
  type Periods,
  type PeriodUnit,
  periodsOf,
  plain,
  type Where,
  zoneFingerprint,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { checkHead, type DefinitionHead, one } from '../definition-head.js'
import type { ActivityPartial, Keep } from './collected.js'
import { type Collector, collectorOf } from './collector.js'
import { checkChoice, checkWhere, type EventChoice } from './event-choice.js'

/** What every reading of who was here when says of itself. Plain data but for the catalogue. */
export interface ActivityDefinition<E extends EventSpecs = EventSpecs> extends DefinitionHead {
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

/** What every reading of activity says of itself. */
export interface ActivityReading {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  /** Of the definition, what the zone's clocks do, and `asOf`. */
  readonly fingerprint: string
  readonly zone: string
  readonly period: PeriodUnit
  readonly asOf: Instant
}

/** Writes the head of a reading; `more` is what of the options changes numbers beside `asOf`. */
export function headOf(
  agreed: Omit<ActivityDefinition, 'events'>,
): (asOf: Instant, more: object) => ActivityReading {
  const { id, version, calendar, period } = agreed
  const digest = digestName(canonical(agreed))
  const clocks = zoneFingerprint(calendar)
  return (asOf, more) => ({
    definition: { id, version, digest },
    fingerprint: digestName(canonical({ digest, clocks, asOf, ...more })),
    zone: calendar.zone,
    period,
    asOf,
  })
}

/** A definition, checked as far as all have it, and without its catalogue. `own` are the keys that others have not. */
export function readAgreed<D extends ActivityDefinition>(
  definition: D,
  own: readonly string[],
): { readonly agreed: Omit<D, 'events'>; readonly events: Catalogue<EventSpecs> | undefined } {
  if (!isRecord(definition)) throw fault('wrong-type', '$', definition, 'a definition')
  checkHead(definition, ['id', 'version', 'calendar', 'events', 'where', 'period', ...own, 'keep'])
  const { events, ...rest } = definition as unknown as D
  checkCatalogue(events)
  return { agreed: plain(rest), events }
}

/** All that an activity aggregate can do but read: events come out again only where more than bits were kept. */
export const verbsOf = ({ of: _, own: __, keep, retract, ...verbs }: Collector) => ({
  shard: 'event' as const,
  ...verbs,
  ...(keep !== 'periods' && { retract }),
})

/** A definition whose activity is one choice of events. */
type OneActivity = Pick<ActivityDefinition, 'calendar' | 'where' | 'period'> & {
  readonly activity: EventChoice
}

/** The periods of a definition, its activity and its filter checked; `example` is a period where none is named. */
export function readActivity(
  { calendar, period, activity, where }: OneActivity,
  events: Catalogue<EventSpecs> | undefined,
  example = "'month'",
): Periods {
  const context = { events, calendar }
  if (period === undefined) throw fault('missing', '$.period', period, example)
  const periods = periodsOf(calendarOf(calendar), period)
  checkChoice(activity, '$.activity', context)
  if (where !== undefined) checkWhere(where, undefined, '$', context)
  return periods
}

/** The definition made ready; shared with other readings of the same activity. */
export function activityCollector(
  agreed: OneActivity & Pick<ActivityDefinition, 'keep'>,
  events: Catalogue<EventSpecs> | undefined,
): { readonly collector: Collector; readonly periods: Periods } {
  const periods = readActivity(agreed, events)
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

/** A catalogue is made by `defineEvents`. */
function checkCatalogue(events: unknown): void {
  if (events !== undefined && !(isRecord(events) && isRecord(events['events']) && isRecord(events['kinds'])))
    throw fault('wrong-type', '$.events', events, 'a catalogue made by defineEvents')
}
