import { readColumns } from '../../kernel/columns.js'
import { fault, unknownName } from '../../kernel/errors.js'
import type { AnyEvent, Catalogue, EventColumns, EventSpecs } from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'
import { type Collection, type Collector, collectorOf } from '../../measures/activity/collector.js'

/**
 * Collects by the account or group that a field names instead of by the event's own subject. Events that name none are not
 * looked at. Partials by account and by person are different, and refuse one another.
 */
export function collectorBy(collection: Collection, by: string | undefined): Collector {
  if (by === undefined) return collectorOf(collection)
  const named: Collection & { readonly by: string } = { ...collection, by }
  const collector = collectorOf(named)
  const accountIn = (data: unknown): string | undefined => {
    const account = isRecord(data) ? own(data, by) : undefined
    return typeof account === 'string' ? account : undefined
  }
  /** The event as the account's; what is no event is left for the collector to refuse. */
  const asAccount = (event: AnyEvent): AnyEvent | undefined => {
    if (!isRecord(event) || typeof (event as AnyEvent).subject !== 'string') return event
    const subject = accountIn(event.data)
    return subject === undefined ? undefined : { ...event, subject }
  }
  return {
    ...collector,
    add(partial, event) {
      const found = asAccount(event)
      return found === undefined ? partial : collector.add(partial, found)
    },
    retract(partial, event) {
      const found = asAccount(event)
      return found === undefined ? partial : collector.retract(partial, found)
    },
    addColumns: (partial, columns) => collector.addColumns(partial, columnsByAccount(columns, accountIn)),
  }
}

/** The rows that name an account, with it for a subject. */
function columnsByAccount(
  columns: EventColumns,
  accountIn: (data: unknown) => string | undefined,
): EventColumns {
  const { length, times, types, typeCodes, dataAt } = readColumns(columns)
  const subject: string[] = []
  const occurredAt: number[] = []
  const type: string[] = []
  const rows: object[] = []
  for (let row = 0; row < length; row++) {
    const data = dataAt(row)
    const account = accountIn(data)
    if (account === undefined) continue
    const found = types[typeCodes === undefined ? 0 : typeCodes[row]!]
    if (found === undefined)
      throw fault('out-of-range', `$.type[${row}]`, typeCodes![row], 'a code that has a value')
    subject.push(account)
    occurredAt.push(times[row]!)
    type.push(found)
    rows.push(data)
  }
  const fields = Object.keys(columns.data ?? {})
  const data = Object.fromEntries(fields.map((name) => [name, rows.map((one) => own(one, name))]))
  return { subject, occurredAt, type, data }
}

/** Refuses what names no account. */
export function checkBy(by: unknown, events: Pick<Catalogue<EventSpecs>, 'events'> | undefined): void {
  if (by === undefined) return
  if (typeof by !== 'string' || by === '')
    throw fault('wrong-type', '$.by', by, 'the field that names the account')
  if (events === undefined) return
  const names = Object.values(events.events).flatMap((fields) =>
    Object.keys(fields).filter((name) => ['text', 'ref'].includes(fields[name]!.type)),
  )
  if (!names.includes(by)) throw unknownName('$.by', by, [...new Set(names)])
}
