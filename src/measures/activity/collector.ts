import { checkedTime, type ReadColumns, readColumns } from '../../kernel/columns.js'
import { fault } from '../../kernel/errors.js'
import { numberOf } from '../../kernel/field.js'
import {
  type AnyEvent,
  type CalendarDefinition,
  canonical,
  digestName,
  type EventColumns,
  type EventSpecs,
  type Instant,
  type Json,
  type Periods,
  type Where,
} from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord, own } from '../../kernel/plain.js'
import {
  addPeriod,
  checkReach,
  dropRow,
  emptyPeriodSets,
  hasPeriod,
  lastUsed,
  mergePeriodSets,
  type PeriodSets,
  removePeriod,
  reserve,
} from '../period-sets.js'
import { type ActivityPartial, type Collected, type Keep, namesOf, type People, VALUE } from './collected.js'
import { checkPartial, partialFromJson, partialToJson } from './collected-json.js'
import { checkNumber, codesOf, noTable, setBits } from './column-rows.js'
import { ACTIVE, ENTRY, type EventChoice, markerOf } from './event-choice.js'
import type { GroupValue } from './group-value.js'
import { peopleRows } from './people-rows.js'

/** What is collected, of whatever kind of reading. */
export interface Collection {
  readonly calendar: CalendarDefinition
  readonly periods: Periods
  readonly keep: Keep
  readonly events?: { readonly events: EventSpecs } | undefined
  /** Only events that pass are looked at. */
  readonly where?: Where | undefined
  readonly entry: EventChoice
  readonly activity: EventChoice
  /** Whether events of the entry's types are kept that its filter does not pass. */
  readonly typed?: boolean | undefined
  /** A field: people are collected for each of its values too. */
  readonly group?: string | undefined
  /** A field whose value stays with each instant. */
  readonly value?: string | undefined
  /** A field whose amount stays with each instant. */
  readonly sum?: string | undefined
}

/** Collects; shared by everything that reads who was here when. */
export interface Collector {
  readonly of: string
  readonly keep: Keep
  empty(): ActivityPartial
  add(partial: ActivityPartial, event: AnyEvent): ActivityPartial
  addColumns(partial: ActivityPartial, columns: EventColumns): ActivityPartial
  merge(a: ActivityPartial, b: ActivityPartial): ActivityPartial
  retract(partial: ActivityPartial, event: AnyEvent): ActivityPartial
  forget(partial: ActivityPartial, subject: string): ActivityPartial
  toJson(partial: ActivityPartial): Json
  fromJson(json: unknown): ActivityPartial
  /** The partial, unless it is none or of another collection. */
  own(partial: ActivityPartial): ActivityPartial
}

/** Makes a collection ready: choices compiled, periods and what to keep known. */
export function collectorOf(collection: Collection): Collector {
  const { periods, keep, group, value, sum } = collection
  const marker = markerOf(collection)
  const same = collection.typed !== true && canonical(collection.entry) === canonical(collection.activity)
  const of = digestName(
    canonical({
      ...collection,
      periods: periods.unit,
      events: undefined,
    }),
  )
  const { indexOf } = periods
  const { find, rowOf, drop: dropName, asNumbers } = peopleRows()

  const emptyCollected = (): Collected => {
    const counted = keep === 'counts'
    const bits = keep !== 'instants'
    return {
      people: { names: [], count: 0 },
      entries: bits && !same ? emptyPeriodSets({ counted }) : null,
      activity: bits ? emptyPeriodSets({ counted }) : null,
      instants: bits ? null : [],
    }
  }
  const note = (collected: Collected, row: number, at: Instant, mark: number, amount: number): void => {
    const { entries, activity, instants } = collected
    if (instants !== null) {
      const own = instants[row]
      if (own === undefined) instants[row] = [at, mark, amount]
      else own.push(at, mark, amount)
      return
    }
    const period = indexOf(at)
    if ((mark & ACTIVE) !== 0) addPeriod(activity!, row, period)
    if (entries !== null && (mark & ENTRY) !== 0) addPeriod(entries, row, period)
  }
  const partOf = (partial: ActivityPartial, found: GroupValue): Collected => {
    let part = partial.groups.find((one) => one.value === found)?.part
    if (part === undefined) {
      part = emptyCollected()
      partial.groups.push({ value: found, part })
    }
    return part
  }
  const markOf = (partial: ActivityPartial, mark: number, event: AnyEvent): number => {
    if (value === undefined) return mark
    const found = groupValue(event, value)
    let number = partial.values.indexOf(found)
    if (number < 0) number = partial.values.push(found) - 1
    return mark + VALUE * number
  }
  const amountOf = (event: AnyEvent, mark: number): number => {
    if (sum === undefined || (mark & ACTIVE) === 0) return 0
    const field = collection.events?.events[event.type]?.[sum]
    const given = own(event.data, sum)
    if (field === undefined || given === undefined) return 0
    const amount = numberOf(field, given)
    if (amount === null || !Number.isSafeInteger(amount))
      throw fault(
        'wrong-type',
        `$.data.${sum}`,
        given,
        field.type === 'money' ? 'an amount of its currency' : 'a whole number',
      )
    return amount
  }
  const addOne = (partial: ActivityPartial, event: AnyEvent): void => {
    const mark = marker(event)
    if (mark === 0) return
    const { subject, occurredAt: at } = event
    if (keep !== 'instants') checkReach(indexOf(at))
    if (partial.latest === null || at > partial.latest) partial.latest = at
    const amount = amountOf(event, mark)
    note(partial.all, rowOf(partial.all.people, subject), at, markOf(partial, mark, event), amount)
    if (group !== undefined) {
      const part = partOf(partial, groupValue(event, group))
      note(part, rowOf(part.people, subject), at, mark, amount)
    }
  }

  const owned = (partial: ActivityPartial): ActivityPartial => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    checkPartial(partial, keep, same)
    return partial
  }
  let known: ActivityPartial | undefined
  /** Checked once, not at every event. */
  const draft = (partial: ActivityPartial): ActivityPartial => {
    if (partial !== known) known = owned(partial)
    return partial
  }

  return {
    of,
    keep,
    own: owned,
    toJson: (partial) => partialToJson(owned(partial)),
    fromJson: (json) => owned(partialFromJson(json, keep, same)),
    empty: () => ({ of, latest: null, all: emptyCollected(), groups: [], values: [] }),
    add(partial, event) {
      draft(partial)
      checkEvent(event)
      addOne(partial, event)
      return partial
    },
    addColumns(partial, columns) {
      draft(partial)
      const read = readColumns(columns)
      const plainly = keep === 'periods' && same && group === undefined && marker.byType !== undefined
      if (plainly && typeof columns.type === 'string') {
        if (marker.byType!(columns.type) !== 0) addPlain(partial, read)
        return partial
      }
      const { subjects, names, times, types, typeCodes } = read
      const typeOf = (row: number) => types[typeCodes === undefined ? 0 : typeCodes[row]!]
      const skipped = (type: string) => marker.byType?.(type) === 0
      const data =
        marker.byType === undefined || group !== undefined || value !== undefined || sum !== undefined
      const eventAt = (row: number, type: string): AnyEvent => ({
        id: '',
        type,
        subject: names === undefined ? String(subjects[row]) : names[subjects[row]!]!,
        occurredAt: times[row]!,
        data: (data ? read.dataAt(row) : {}) as AnyEvent['data'],
      })
      // Everything is checked before anything is added, so that a bad row leaves no half-added columns behind.
      for (let row = 0; row < read.length; row++) {
        const type = typeOf(row)
        if (type === undefined)
          throw fault('out-of-range', `$.type[${row}]`, typeCodes![row], 'a code that has a value')
        if (skipped(type)) continue
        if (names === undefined) checkNumber(subjects[row]!, row)
        else if (names[subjects[row]!] === undefined)
          throw fault('out-of-range', `$.subject[${row}]`, subjects[row], 'a code that has a value')
        const at = checkedTime(times, row)
        if (keep !== 'instants') checkReach(indexOf(at))
        if (sum !== undefined) amountOf(eventAt(row, type), ACTIVE)
      }
      for (let row = 0; row < read.length; row++) {
        const type = typeOf(row)!
        if (skipped(type)) continue
        addOne(partial, eventAt(row, type))
      }
      return partial
    },
    merge(a, b) {
      owned(a)
      owned(b)
      const latest =
        a.latest === null ? b.latest : b.latest === null ? a.latest : Math.max(a.latest, b.latest)
      const values = [...a.values]
      const numbers = b.values.map((found) => {
        const at = values.indexOf(found)
        return at >= 0 ? at : values.push(found) - 1
      })
      const merged: ActivityPartial = {
        of,
        latest,
        all: mergeCollected(a.all, b.all, numbers),
        groups: a.groups.map(({ value: found, part }) => ({
          value: found,
          part: mergeCollected(part, emptyCollected(), []),
        })),
        values,
      }
      for (const { value: found, part } of b.groups) {
        const at = merged.groups.findIndex((one) => one.value === found)
        const before = at < 0 ? emptyCollected() : merged.groups[at]!.part
        const joined = { value: found, part: mergeCollected(before, part, numbers) }
        if (at < 0) merged.groups.push(joined)
        else merged.groups[at] = joined
      }
      return merged
    },
    forget(partial, subject) {
      draft(partial)
      drop(partial.all, subject)
      for (const { part } of partial.groups) drop(part, subject)
      partial.latest = latestLeft(partial)
      return partial
    },
    retract(partial, event) {
      draft(partial)
      checkEvent(event)
      const mark = marker(event)
      if (mark === 0) return partial
      const amount = amountOf(event, mark)
      const number = value === undefined ? 0 : partial.values.indexOf(groupValue(event, value))
      const found = group === undefined ? undefined : groupValue(event, group)
      const part = partial.groups.find((one) => one.value === found)?.part
      // Looked for everywhere before it is taken out anywhere.
      const takes = [
        taking(partial.all, event, mark + VALUE * number, amount),
        ...(group === undefined ? [] : [part && taking(part, event, mark, amount)]),
      ]
      for (const take of takes)
        if (take === undefined) throw fault('missing', '$', event.type, 'an event that was added before')
      for (const take of takes) take!()
      if (event.occurredAt === partial.latest) partial.latest = latestLeft(partial)
      return partial
    },
  }

  /** The latest instant once somebody is gone: theirs leaves no trace, be it that bits know no more than the period. */
  function latestLeft({ latest, all: { instants, entries, activity } }: ActivityPartial): Instant | null {
    if (instants !== null) {
      let left: Instant | null = null
      for (const own of instants)
        for (let i = 0; i < (own?.length ?? 0); i += 3) if (left === null || own![i]! > left) left = own![i]!
      return left
    }
    const last = Math.max(...[entries, activity].map((sets) => (sets && lastUsed(sets)) ?? -Infinity))
    if (latest === null || last === -Infinity) return null
    return last < indexOf(latest) ? Math.min(latest, periods.endOf(last) - 1) : latest
  }

  /** A person's row goes; the last row takes its place. */
  function drop({ people, entries, activity, instants }: Collected, subject: string): void {
    const row = dropName(people, subject)
    if (row === undefined) return
    for (const sets of [entries, activity]) if (sets !== null) dropRow(sets, row, people.count)
    if (instants === null) return
    const moved = instants[people.count]
    instants.length = Math.min(instants.length, people.count)
    if (row < people.count) instants[row] = moved ?? []
  }

  /** How to take out what `note` put in; `undefined` where it is not there. */
  function taking(
    { people, entries, activity, instants }: Collected,
    event: AnyEvent,
    mark: number,
    amount: number,
  ): (() => void) | undefined {
    const row = find(people, event.subject)
    if (row === undefined) return undefined
    if (instants !== null) {
      const own = instants[row] ?? []
      for (let i = 0; i < own.length; i += 3) {
        if (own[i] === event.occurredAt && own[i + 1] === mark && own[i + 2] === amount)
          return () => void own.splice(i, 3)
      }
      return undefined
    }
    const period = indexOf(event.occurredAt)
    const sets = [
      ...((mark & ACTIVE) === 0 ? [] : [activity!]),
      ...(entries === null || (mark & ENTRY) === 0 ? [] : [entries]),
    ]
    if (!sets.every((one) => hasPeriod(one, row, period))) return undefined
    return () => {
      for (const one of sets) removePeriod(one, row, period)
    }
  }

  /** The common case, as fast as memory allows: one type, one set of bits, nothing to look at but who and when. */
  function addPlain(partial: ActivityPartial, read: ReadColumns): void {
    if (read.length === 0) return
    const { times } = read
    // Everything is checked before anything is written, so that a bad row leaves no half-added columns behind.
    const { subjects, names, most, from, to } = codesOf(read)
    const [first, last] = [indexOf(from), indexOf(to)]
    for (const period of [first, last]) checkReach(period)
    const { people, activity } = partial.all
    const rows = rowsOf(people, names, most)
    const sets = activity!
    reserve(sets, people.count, Math.min(first, last), Math.max(first, last))
    // Clocks that go back may show periods outside of those: few rows, one by one.
    for (const row of setBits(sets, periods, periods.tableOf(from, to) ?? noTable, times, subjects, rows))
      addPeriod(sets, rows === undefined ? subjects[row]! : rows[subjects[row]!]!, indexOf(times[row]!))
    if (partial.latest === null || to > partial.latest) partial.latest = to
  }

  /** Rows of subjects by code; `undefined` where the numbers are the rows. */
  function rowsOf(
    people: People,
    names: readonly string[] | undefined,
    most: number,
  ): Uint32Array | undefined {
    if (names !== undefined) return Uint32Array.from(names, (name) => rowOf(people, name))
    if (people.names !== null && people.count > 0)
      return Uint32Array.from({ length: most + 1 }, (_, subject) => rowOf(people, String(subject)))
    asNumbers(people, most)
    return undefined
  }

  function mergeCollected(a: Collected, b: Collected, numbers: readonly number[]): Collected {
    const numbered =
      (a.people.names === null || a.people.count === 0) && (b.people.names === null || b.people.count === 0)
    const people: People = numbered
      ? { names: null, count: Math.max(a.people.count, b.people.count) }
      : { names: namesOf(a.people), count: a.people.count }
    const rows = numbered ? undefined : Uint32Array.from(namesOf(b.people), (name) => rowOf(people, name))
    const both = (one: PeriodSets | null, other: PeriodSets | null) =>
      one === null || other === null ? null : mergePeriodSets(one, other, rows, people.count)
    const instants = a.instants === null ? null : a.instants.map((own) => own?.slice())
    for (const [row, own] of (b.instants ?? []).entries()) {
      if (own === undefined) continue
      const target = rows === undefined ? row : rows[row]!
      instants![target] ??= []
      for (let i = 0; i < own.length; i += 3) {
        const flags = own[i + 1]! % VALUE
        const number = (own[i + 1]! - flags) / VALUE
        instants![target]!.push(
          own[i]!,
          value === undefined ? flags : flags + VALUE * numbers[number]!,
          own[i + 2]!,
        )
      }
    }
    return { people, entries: both(a.entries, b.entries), activity: both(a.activity, b.activity), instants }
  }
}

function checkEvent(event: AnyEvent): void {
  if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
  const { subject, occurredAt, type } = event as AnyEvent
  if (typeof type !== 'string') throw fault('wrong-type', '$.type', type, 'text')
  if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
  checkInstant(occurredAt, '$.occurredAt')
}

/** A field's value as it stands in the event; `null` where it is missing or nothing to group by. */
function groupValue({ data }: AnyEvent, field: string): GroupValue {
  const found = own(data, field)
  return typeof found === 'string' ||
    typeof found === 'boolean' ||
    (typeof found === 'number' && Number.isFinite(found))
    ? found
    : null
}
