import { fault } from '../../kernel/errors.js'
import type { Instant } from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'
import { compareGroupValues, type GroupValue } from '../../measures/activity/group-value.js'
import type { Agreed } from './definition.js'
import type { EventShape } from './order-log.js'
import type { HistoriesOptions, KnownPerson } from './reading.js'
import type { CustomerEvents } from './standing-orders.js'

/** What is read of one person's events. */
interface Read {
  readonly events: CustomerEvents
  readonly until: Instant
  readonly shape: EventShape
  /** Values by their number in events. */
  readonly values: readonly GroupValue[]
}

/** The labels of a person, from events and from the host. */
export const labelsOf = (
  read: Read,
  { labels = {} }: Pick<Agreed, 'labels'>,
  person: KnownPerson | undefined,
): Readonly<Record<string, GroupValue>> => ({ ...foundIn(read, labels), ...person?.labels })

/** All covariates of a person, from events and from the host; undefined where one is missing. */
export function covariatesOf(
  read: Read,
  { covariates = {} }: Pick<Agreed, 'covariates'>,
  person: KnownPerson | undefined,
  told: readonly string[],
): Readonly<Record<string, number>> | undefined {
  const all: Record<string, number> = {}
  for (const [name, value] of Object.entries(foundIn(read, covariates))) {
    if (typeof value === 'string')
      throw fault('wrong-type', `$.covariates.${name}`, value, 'a field of numbers, or of true and false')
    if (value === null) return undefined
    set(all, name, Number(value))
  }
  for (const name of told) {
    const value = own(person?.covariates ?? {}, name)
    if (value === undefined) return undefined
    set(all, name, (value as number) + 0)
  }
  return all
}

/** The covariates that the host tells of anybody: everybody is to have them. */
export function toldCovariates(
  people: HistoriesOptions['people'],
  { covariates = {} }: Pick<Agreed, 'covariates'>,
): readonly string[] {
  const told = new Set<string>()
  for (const person of Object.values(people ?? {}) as readonly unknown[]) {
    if (!isRecord(person) || !isRecord(person['covariates'])) continue
    for (const name of Object.keys(person['covariates'])) {
      if (Object.hasOwn(covariates, name))
        throw fault('duplicate-name', '$.people[…].covariates', name, 'names that no field of events has')
      told.add(name)
    }
  }
  return [...told].sort()
}

/** What stands in fields of the earliest event that has them. */
function foundIn(
  { events, until, shape, values }: Read,
  fields: Readonly<Record<string, string>>,
): Record<string, GroupValue> {
  const found: Record<string, GroupValue> = {}
  for (const [name, field] of Object.entries(fields)) {
    const place = shape.fields + shape.names.indexOf(field)
    let value: GroupValue = null
    let when = Number.POSITIVE_INFINITY
    for (let i = 0; i < events.length && events[i]! <= Math.min(until, when); i += shape.width) {
      const here = values[events[i + place]!]!
      if (here === null) continue
      // Of several at one instant the first by value: their order of arrival says nothing.
      if (events[i]! < when || compareGroupValues(here, value) < 0) value = here
      when = events[i]!
    }
    set(found, name, value)
  }
  return found
}

/** Sets an own property under any name: an assignment to `__proto__` would set the prototype. */
function set<V>(record: Record<string, V>, name: string, value: V): void {
  if (name !== '__proto__') record[name] = value
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
}
