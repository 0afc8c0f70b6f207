import { dateText } from '../kernel/civil.js'
import { fault } from '../kernel/errors.js'
import { type Aggregate, type AnyEvent, canonical, digestName, type Instant, plain } from '../kernel/index.js'
import { checkInstant } from '../kernel/instant.js'
import { isRecord, own } from '../kernel/plain.js'
import { type Proportion, wilson } from '../measures/index.js'
import { type Counted, count } from './line-counts.js'
import { dayOver, firstDay, lastDayOver, spanOf } from './local-days.js'
import type { PersonPartial } from './membership.js'
import {
  checkLists,
  checkPerson,
  insertMove,
  join,
  MEMBER,
  mostMessages,
  OTHER,
  removeMove,
  tell,
  untell,
} from './person-history.js'
import {
  readDefinition,
  readOptions,
  type VitalityDefinition,
  type VitalityOptions,
} from './vitality-definition.js'

/** What is remembered: by group, then by person. Counts and instants only; plain JSON. */
export interface VitalityPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly groups: Record<string, Record<string, PersonPartial>>
}

/** The life of groups, as of an instant. */
export interface Vitality {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly period: 'day' | 'week'
  readonly asOf: Instant
  readonly level: number
  readonly people: 'masked' | 'named'
  /** By name, in the order of code units. A group whose first day is not over has none here. */
  readonly groups: readonly GroupVitality[]
}

/** One group, from the day of its first event (or `since`) to the last one that is over, no day left out. */
export interface GroupVitality {
  readonly group: string
  readonly periods: readonly VitalityPeriod[]
}

/** One group in one local day or week. */
export interface VitalityPeriod {
  /** `YYYY-MM-DD`, the first local date. */
  readonly from: string
  /** `YYYY-MM-DD`, the first date that is not in it. */
  readonly to: string
  /** The instant since when it is over. */
  readonly over: Instant
  /** Local days in it; a date that a zone skipped is none, and has no line. */
  readonly days: number
  /** How many of them the definition calls quiet. */
  readonly quiet: number
  /** Who is in when it ends: those before, and `joins + noticed - leaves`. */
  readonly members: number
  /** Different people who were in at any time of it. */
  readonly present: number
  /** The sum of `present` over its days. */
  readonly personDays: number
  /** Different people who spoke as members. */
  readonly speakers: number
  /** Speakers of those present; of nobody there is none. */
  readonly speaking: Proportion
  readonly messages: {
    readonly member: number
    readonly operator: number
    readonly advertisement: number
    readonly other: number
  }
  /** Members' messages a person a day: of `personDays`. */
  readonly perPersonDay: Ratio<'no-members'>
  readonly concentration: Concentration
  /** Advertisements of members', operators' and advertising messages. */
  readonly advertising: Proportion
  /** Members' messages that answer a push, for each push; `not-tracked` where the definition has no field for it. */
  readonly answersPerPush: Ratio<'no-pushes' | 'not-tracked'>
  readonly joins: number
  /** Who came to be counted without having joined: a message or a leaving said that they were in. */
  readonly noticed: number
  readonly leaves: number
  /** `joins + noticed - leaves`. */
  readonly net: number
}

/** One number over another, or why there is none. */
export type Ratio<Reason extends string> =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: Reason }

/** How much of the members' talk a few carry. */
export type Concentration =
  | {
      readonly kind: 'estimate'
      /** The share of the one who spoke most. */
      readonly top: number
      /** Herfindahl–Hirschman: the sum of squared shares; 1 where one person speaks, 1/n where n speak alike. */
      readonly hhi: number
      /** Who that is, the first by code unit of equals; only where people are named. */
      readonly topSpeaker?: string
    }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-spoke' | 'too-large' }

/**
 * The life of groups by local day or week: members, speakers, messages a person a day, how few carry the talk, how much of
 * it is advertising, who comes and who goes.
 *
 * Every day from a group's first to the last one over by `asOf` has a line, silent ones too; a day that is not over has
 * none, so that one partial answers for any `asOf` exactly and no line ever changes later. Membership is read from
 * joinings and leavings, and from messages of people whom those missed (`noticed`). Members who were in before the data
 * begins and never say anything cannot be seen: hand their joinings in first, at whatever date, or the shares are too high.
 *
 * Counts are exact, so events may be split over shards anyhow and `retract` takes one out again. Unlike retention, a
 * message that is added twice counts twice: leave out repeated ids before.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add` and `retract`, `wrong-type` or
 * `invalid-instant` for an event of these types without subject, instant or group; from `retract`, `out-of-range` for
 * one that was not added; from `result`, `invalid-instant`, `out-of-range` and `unknown-name` for options, and
 * `too-large` where a group has more than 3,660 lines; from all, `other-definition` for a partial of another definition and
 * `malformed-state` for what is none.
 * @example
 * const vitality = defineVitality(groups)
 * vitality.result(collect(vitality, events), { asOf }).groups[0].periods[0].speaking
 * // => { kind: 'estimate', value: 0.5, interval: { low: 0.0945, high: 0.9055, level: 0.95 }, trials: 2, method: 'wilson' }
 */
export function defineVitality(definition: VitalityDefinition): Aggregate<
  AnyEvent,
  VitalityPartial,
  Vitality,
  VitalityOptions
> & {
  retract(partial: VitalityPartial, event: AnyEvent): VitalityPartial
} {
  const { calendar, roles, kinds } = readDefinition(definition)
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))

  const groupsOf = (partial: VitalityPartial): VitalityPartial['groups'] => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    const { groups, of: found } = partial
    if (found !== of) throw fault('other-definition', '$.of', found, `a partial of ${of}`)
    if (!isRecord(groups)) throw fault('malformed-state', '$.groups', groups, 'people by group')
    return groups
  }

  /** An event as what it changes, or nothing if its type is none of these. */
  const read = (event: AnyEvent): Told | undefined => {
    if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
    const role = roles.get(event.type)
    if (role === undefined) return undefined
    const { subject, occurredAt: at, data } = event
    if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
    checkInstant(at, '$.occurredAt')
    if (!isRecord(data)) throw fault('wrong-type', '$.data', data, 'an object')
    const group = own(data, agreed.group)
    if (typeof group !== 'string') throw fault('wrong-type', `$.data.${agreed.group}`, group, 'a name')
    if (role !== 'message') return { group, subject, at, move: role }
    const kind = kinds.get(own(data, agreed.kind)) ?? OTHER
    const answers =
      kind === MEMBER && agreed.answers !== undefined && own(data, agreed.answers) === true ? 1 : 0
    return { group, subject, at, kind, answers }
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, groups: {} }),
    add(partial, event) {
      const groups = groupsOf(partial)
      const told = read(event)
      if (told === undefined) return partial
      const people = own(groups, told.group) ?? give(groups, told.group, {})
      const person = own(people, told.subject) ?? give(people, told.subject, { moves: [], said: [] })
      checkLists(person)
      if (told.move !== undefined) insertMove(person.moves, told.at, told.move)
      else tell(person.said, calendar.localDay(told.at), told.kind, 1, told.answers)
      return partial
    },
    retract(partial, event) {
      const groups = groupsOf(partial)
      const told = read(event)
      if (told === undefined) return partial
      const people = own(groups, told.group)
      const person = people === undefined ? undefined : own(people, told.subject)
      if (people === undefined || person === undefined) throw neverAdded(event)
      checkLists(person)
      const done =
        told.move !== undefined
          ? removeMove(person.moves, told.at, told.move)
          : untell(person.said, calendar.localDay(told.at), told.kind, told.answers)
      if (!done) throw neverAdded(event)
      if (person.moves.length + person.said.length === 0) delete people[told.subject]
      if (Object.keys(people).length === 0) delete groups[told.group]
      return partial
    },
    merge(a, b) {
      const groups: VitalityPartial['groups'] = {}
      for (const side of [groupsOf(a), groupsOf(b)]) {
        for (const [group, people] of Object.entries(side)) {
          if (!isRecord(people)) throw fault('malformed-state', '$.groups', people, 'people by name')
          const merged = own(groups, group) ?? give(groups, group, {})
          for (const [subject, person] of Object.entries(people)) {
            checkPerson(person)
            const known = own(merged, subject)
            if (known === undefined)
              give(merged, subject, { moves: [...person.moves], said: [...person.said] })
            else join(known, person)
          }
        }
      }
      return { of, groups }
    },
    result(partial, options) {
      const { asOf, level, since, people } = readOptions(options)
      const last = lastDayOver(calendar, asOf)
      const span = spanOf(calendar, agreed)
      const groups: GroupVitality[] = []
      for (const [group, members] of Object.entries(groupsOf(partial)).sort(byName)) {
        if (!isRecord(members)) throw fault('malformed-state', '$.groups', members, 'people by name')
        const first = firstDay(calendar, members)
        if (first === undefined || first > last) continue
        const from = span.startOf(since === undefined ? first : Math.max(first, calendar.localDay(since)))
        const length = Math.max(0, Math.floor((last - from + 1) / span.length))
        if (length > mostPeriods)
          throw fault('too-large', '$.since', since, `an instant at most ${mostPeriods} lines before asOf`)
        const tally = count(calendar, members, { from, length, span })
        const periods = tally.flatMap((each, i) => lineOf(each, from + i * span.length))
        groups.push({ group, periods })
      }
      const { id, version, period } = agreed
      const head = {
        definition: { id, version, digest: of },
        zone: calendar.zone,
        period,
        asOf,
        level,
        people,
      }
      return { ...head, groups }

      function lineOf(counted: Counted, day: number): readonly VitalityPeriod[] {
        const { days, quiet } = span.daysOf(day)
        if (days === 0) return []
        const { members, present, personDays, speakers, top, squares, told, joins, noticed, leaves } = counted
        const [member, operator, advertisement, other, answers] = told
        return [
          {
            from: dateText(day),
            to: dateText(day + span.length),
            over: dayOver(calendar, day + span.length - 1),
            days,
            quiet,
            members,
            present,
            personDays,
            speakers,
            speaking: wilson({ successes: speakers, trials: present, level }),
            messages: { member, operator, advertisement, other },
            perPersonDay: ratio(member, personDays, 'no-members'),
            concentration: concentrationOf(
              member,
              top,
              squares,
              people === 'named' ? counted.who : undefined,
            ),
            advertising: wilson({
              successes: advertisement,
              trials: member + operator + advertisement,
              level,
            }),
            answersPerPush:
              agreed.answers === undefined
                ? { kind: 'undefined', reason: 'not-tracked' }
                : ratio(answers, advertisement, 'no-pushes'),
            joins,
            noticed,
            leaves,
            net: joins + noticed - leaves,
          },
        ]
      }
    },
  }
}

/** Ten years of days: more is an event dated by mistake. */
const mostPeriods = 3660

/** What one event changes. */
type Told = { readonly group: string; readonly subject: string; readonly at: Instant } & (
  | { readonly move: 1 | -1 }
  | { readonly move?: undefined; readonly kind: number; readonly answers: 0 | 1 }
)

const neverAdded = (event: AnyEvent) => fault('out-of-range', '$', event, 'an event that was added')

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

/** Sets an own property under any name: an assignment to `__proto__` would set the prototype. */
function give<V>(record: Record<string, V>, name: string, value: V): V {
  if (name === '__proto__')
    Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
  else record[name] = value
  return value
}

function ratio<Reason extends string>(of: number, by: number, reason: Reason): Ratio<Reason> {
  return by === 0 ? { kind: 'undefined', reason } : { kind: 'estimate', value: of / by }
}

function concentrationOf(
  messages: number,
  top: number,
  squares: number,
  who: string | undefined,
): Concentration {
  if (messages === 0) return { kind: 'undefined', reason: 'nobody-spoke' }
  if (messages > mostMessages) return { kind: 'undefined', reason: 'too-large' }
  const hhi = squares / (messages * messages)
  return { kind: 'estimate', top: top / messages, hhi, ...(who !== undefined && { topSpeaker: who }) }
}
