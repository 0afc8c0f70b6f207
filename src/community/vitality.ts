import { DAY, dateText } from '../kernel/civil.js'
import { fault, kindOf } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  canonical,
  digestName,
  type Instant,
  isInstant,
  plain,
  type Sentence,
} from '../kernel/index.js'
import { isRecord, own } from '../kernel/plain.js'
import { firstDayOfWeek } from '../kernel/week.js'
import { type Proportion, wilson } from '../measures/index.js'
import { type PersonPartial, ROW, walk } from './membership.js'

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

/** What is remembered: by group, then by person. Counts and instants only; plain JSON. */
export interface VitalityPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly groups: Record<string, Record<string, PersonPartial>>
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
    if (!isInstant(at)) throw fault('invalid-instant', '$.occurredAt', at, 'milliseconds since 1970')
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

/** A line, flat, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface VitalityRow {
  readonly group: string
  readonly from: string
  readonly to: string
  readonly members: number
  /** Those of whom `value` speaks. */
  readonly n: number
  readonly speakers: number
  /** Speakers of those present, with its interval. */
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly reason: VitalityReason | null
  readonly memberMessages: number
  readonly operatorMessages: number
  readonly advertisements: number
  readonly otherMessages: number
  readonly perPersonDay: number | null
  readonly topShare: number | null
  readonly hhi: number | null
  readonly advertising: number | null
  readonly advertisingLow: number | null
  readonly advertisingHigh: number | null
  readonly answersPerPush: number | null
  readonly joins: number
  readonly noticed: number
  readonly leaves: number
  readonly net: number
}

/** Why a row has no share of speakers. */
export type VitalityReason = 'no-trials'

/** The reasons in words, to print beside a table. */
export const vitalityReasons: Readonly<Record<VitalityReason, Sentence>> = {
  'no-trials': { en: 'nobody was in the group', zh: '群内没有成员' },
}

/**
 * All lines of all groups as flat rows. Nobody is named in them, whatever the result says.
 *
 * @example
 * vitalityRows(result)[0] // => { group: 'tea', from: '2024-03-04', members: 2, n: 2, speakers: 1, value: 0.5, … }
 */
export function vitalityRows({ groups }: Pick<Vitality, 'groups'>): readonly VitalityRow[] {
  return groups.flatMap(({ group, periods }) =>
    periods.map((line): VitalityRow => {
      const { from, to, members, present: n, speakers, speaking, messages, advertising, concentration } = line
      const { joins, noticed, leaves, net } = line
      const spoke = speaking.kind === 'estimate' ? speaking : undefined
      const pushed = advertising.kind === 'estimate' ? advertising : undefined
      const carried = concentration.kind === 'estimate' ? concentration : undefined
      return {
        group,
        from,
        to,
        members,
        n,
        speakers,
        value: spoke?.value ?? null,
        low: spoke?.interval.low ?? null,
        high: spoke?.interval.high ?? null,
        reason: spoke === undefined ? 'no-trials' : null,
        memberMessages: messages.member,
        operatorMessages: messages.operator,
        advertisements: messages.advertisement,
        otherMessages: messages.other,
        perPersonDay: numberIn(line.perPersonDay),
        topShare: carried?.top ?? null,
        hhi: carried?.hhi ?? null,
        advertising: pushed?.value ?? null,
        advertisingLow: pushed?.interval.low ?? null,
        advertisingHigh: pushed?.interval.high ?? null,
        answersPerPush: numberIn(line.answersPerPush),
        joins,
        noticed,
        leaves,
        net,
      }
    }),
  )
}

const numberIn = (ratio: Ratio<string>): number | null => (ratio.kind === 'estimate' ? ratio.value : null)

/** Ten years of days: more is an event dated by mistake. */
const mostPeriods = 3660

/** Up to here the squares of counts that make a sum add up without rounding. */
const mostMessages = 94_906_265

const MEMBER = 1
const OPERATOR = 2
const ADVERTISEMENT = 3
const OTHER = 4
const ANSWERS = 5

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

/** The place of a move: ascending instants, at one instant leaving first. */
function placeOf(moves: readonly number[], at: Instant, move: 1 | -1): number {
  let i = moves.length
  while (i > 0 && (moves[i - 2]! > at || (moves[i - 2]! === at && moves[i - 1]! > move))) i -= 2
  return i
}

function insertMove(moves: number[], at: Instant, move: 1 | -1): void {
  moves.splice(placeOf(moves, at, move), 0, at, move)
}

function removeMove(moves: number[], at: Instant, move: 1 | -1): boolean {
  const place = placeOf(moves, at, move) - 2
  if (place < 0 || moves[place] !== at || moves[place + 1] !== move) return false
  moves.splice(place, 2)
  return true
}

/** The row of a day, or where it would stand; the search begins at the end, where events in order arrive. */
function rowOf(said: readonly number[], day: number): number {
  let i = said.length
  while (i > 0 && said[i - ROW]! >= day) i -= ROW
  return i
}

function tell(said: number[], day: number, kind: number, messages: number, answers: number): void {
  const row = rowOf(said, day)
  if (said[row] !== day) {
    const fresh = [day, 0, 0, 0, 0, 0]
    if (row === said.length) for (const zero of fresh) said.push(zero)
    else said.splice(row, 0, ...fresh)
  }
  said[row + kind]! += messages
  said[row + ANSWERS]! += answers
}

function untell(said: number[], day: number, kind: number, answers: number): boolean {
  const row = rowOf(said, day)
  if (said[row] !== day || said[row + kind]! < 1 || said[row + ANSWERS]! < answers) return false
  said[row + kind]! -= 1
  said[row + ANSWERS]! -= answers
  if (said.slice(row + 1, row + ROW).every((messages) => messages === 0)) said.splice(row, ROW)
  return true
}

function join(into: PersonPartial, { moves, said }: PersonPartial): void {
  for (let i = 0; i < moves.length; i += 2) insertMove(into.moves, moves[i]!, moves[i + 1] as 1 | -1)
  for (let i = 0; i < said.length; i += ROW) {
    for (let kind = MEMBER; kind <= OTHER; kind++) tell(into.said, said[i]!, kind, said[i + kind]!, 0)
    tell(into.said, said[i]!, MEMBER, 0, said[i + ANSWERS]!)
  }
}

/** Refuses what is no history of a person: it may have been stored, or come from elsewhere. */
function checkPerson(person: PersonPartial): void {
  checkLists(person)
  const { moves, said } = person
  if (!(areMoves(moves) && areSaid(said)))
    throw fault('malformed-state', '$.groups', person, '{ moves, said }')
}

/** As much of it as one event can afford. */
function checkLists(person: PersonPartial): void {
  if (!(isRecord(person) && Array.isArray(person['moves']) && Array.isArray(person['said'])))
    throw fault('malformed-state', '$.groups', person, '{ moves, said }')
}

function areMoves(moves: readonly number[]): boolean {
  if (moves.length % 2 !== 0) return false
  for (let i = 0; i < moves.length; i += 2) {
    const [at, move] = [moves[i]!, moves[i + 1]!]
    if (!isInstant(at) || (move !== 1 && move !== -1)) return false
    if (i > 0 && (at < moves[i - 2]! || (at === moves[i - 2] && move < moves[i - 1]!))) return false
  }
  return true
}

function areSaid(said: readonly number[]): boolean {
  if (said.length % ROW !== 0) return false
  for (let row = 0; row < said.length; row += ROW) {
    const day = said[row]!
    if (!Number.isSafeInteger(day) || Math.abs(day) > farthestDay) return false
    if (row > 0 && day <= said[row - ROW]!) return false
    for (let i = row + MEMBER; i <= row + ANSWERS; i++) {
      if (!(Number.isSafeInteger(said[i]) && said[i]! >= 0 && said[i]! <= mostMessages)) return false
    }
    if (said[row + ANSWERS]! > said[row + MEMBER]!) return false
  }
  return true
}

/** Beyond every local date of an instant. */
const farthestDay = 3_000_000

/** The instant from which the local clock never shows a day again: clocks set back over midnight return to it. */
function dayOver(calendar: Calendar, day: number): Instant {
  const next = calendar.instantOfDay(day + 1)
  const back = calendar.offsetAt(next) - calendar.offsetAt(next + DAY)
  return back > 0 && calendar.localDay(next + back - 1) === day ? next + back : next
}

/** The latest local day that is over by an instant. */
function lastDayOver(calendar: Calendar, asOf: Instant): number {
  const today = calendar.localDay(asOf)
  for (const day of [today, today - 1]) if (dayOver(calendar, day) <= asOf) return day
  return today - 2
}

/** The first day on which anything is known of a group. */
function firstDay(calendar: Calendar, people: Readonly<Record<string, PersonPartial>>): number | undefined {
  let first = Infinity
  for (const person of Object.values(people)) {
    checkPerson(person)
    const { moves, said } = person
    if (said.length > 0) first = Math.min(first, said[0]!)
    // Clocks set back over midnight may show the earlier date at a later instant.
    for (let i = 0; i < moves.length && moves[i]! < moves[0]! + DAY; i += 2)
      first = Math.min(first, calendar.localDay(moves[i]!))
  }
  return first === Infinity ? undefined : first
}

/** How days make lines. */
interface SpanOfDays {
  readonly length: 1 | 7
  startOf(day: number): number
  /** Of the line that begins with a day: how many dates the zone had, and how many are quiet. */
  daysOf(day: number): { readonly days: number; readonly quiet: number }
  /** Whether the zone had this date. */
  exists(day: number): boolean
}

function spanOf(calendar: Calendar, { period, quiet }: VitalityDefinition): SpanOfDays {
  const length = period === 'week' ? 7 : 1
  const known = new Map<number, boolean>()
  const exists = (day: number): boolean => {
    let found = known.get(day)
    if (found === undefined) {
      found = calendar.instantOfDay(day) < calendar.instantOfDay(day + 1)
      known.set(day, found)
    }
    return found
  }
  const weekStart = calendar.definition.weekStart ?? 1
  const lines = new Map<number, { days: number; quiet: number }>()
  return {
    length,
    startOf: (day) => (length === 7 ? firstDayOfWeek(day, weekStart) : day),
    exists,
    daysOf(from) {
      const known = lines.get(from)
      if (known !== undefined) return known
      const found = { days: 0, quiet: 0 }
      for (let day = from; day < from + length; day++) {
        if (!exists(day)) continue
        found.days += 1
        if (quiet !== undefined && calendar.isNamed(quiet, calendar.instantOfDay(day))) found.quiet += 1
      }
      lines.set(from, found)
      return found
    },
  }
}

/** What is counted of one line. */
interface Counted {
  members: number
  present: number
  personDays: number
  speakers: number
  /** The most messages of one person, who that is, and the sum of everybody's squares. */
  top: number
  who: string
  squares: number
  readonly told: [member: number, operator: number, advertisement: number, other: number, answers: number]
  joins: number
  noticed: number
  leaves: number
}

const nothing = (): Counted => ({
  ...{ members: 0, present: 0, personDays: 0, speakers: 0, top: 0, who: '', squares: 0 },
  told: [0, 0, 0, 0, 0],
  ...{ joins: 0, noticed: 0, leaves: 0 },
})

/** Counts the lines of one group; what lies before the first only decides who is in. */
function count(
  calendar: Calendar,
  people: Readonly<Record<string, PersonPartial>>,
  { from, length, span }: { readonly from: number; readonly length: number; readonly span: SpanOfDays },
): readonly Counted[] {
  const lines = Array.from({ length }, nothing)
  const last = from + length * span.length - 1
  const lineOf = (day: number): number => Math.floor((day - from) / span.length)
  /** What changes in members and in those present, by line, and by day in those present. */
  const members = new Float64Array(length + 1)
  const present = new Float64Array(length + 1)
  const byDay = new Float64Array(length * span.length + 1)

  for (const [subject, person] of Object.entries(people)) {
    let presentUntil = -1
    let presentUntilDay = from - 1
    let spokeIn = -1
    let spoken = 0
    const flush = (): void => {
      const line = lines[spokeIn]
      if (line === undefined) return
      line.speakers += 1
      line.squares += spoken * spoken
      if (spoken > line.top || (spoken === line.top && subject < line.who)) {
        line.top = spoken
        line.who = subject
      }
    }
    walk(person, calendar.localDay, last, {
      come(day, noticed) {
        const line = Math.max(0, lineOf(day))
        // Who goes and comes again within a line, or a day, is present in it once.
        present[Math.max(line, presentUntil + 1)]! += 1
        byDay[Math.max(day, presentUntilDay + 1) - from]! += 1
        members[line]! += 1
        if (day < from) return
        if (noticed) lines[line]!.noticed += 1
        else lines[line]!.joins += 1
      },
      go(day) {
        presentUntil = Math.max(-1, lineOf(day))
        presentUntilDay = Math.max(from - 1, day)
        present[presentUntil + 1]! -= 1
        byDay[presentUntilDay + 1 - from]! -= 1
        members[Math.max(0, lineOf(day))]! -= 1
        if (day >= from) lines[lineOf(day)]!.leaves += 1
      },
      speak(day, messages) {
        if (day < from) return
        if (lineOf(day) !== spokeIn) {
          flush()
          spokeIn = lineOf(day)
          spoken = 0
        }
        spoken += messages
      },
    })
    flush()
    const { said } = person
    for (let i = 0; i < said.length; i += ROW) {
      if (said[i]! < from || said[i]! > last) continue
      const { told } = lines[lineOf(said[i]!)]!
      for (let kind = MEMBER; kind <= ANSWERS; kind++) told[kind - 1]! += said[i + kind]!
    }
  }

  let [inside, seen, today] = [0, 0, 0]
  for (const [i, line] of lines.entries()) {
    inside += members[i]!
    seen += present[i]!
    line.members = inside
    line.present = seen
    for (let day = i * span.length; day < (i + 1) * span.length; day++) {
      today += byDay[day]!
      if (span.exists(from + day)) line.personDays += today
    }
  }
  return lines
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

const keys = [
  ...['id', 'version', 'calendar', 'period', 'group', 'messages', 'joins', 'leaves', 'kind', 'kinds'],
  ...['answers', 'quiet'],
]
const calendarKeys = ['zone', 'transitions', 'dayStart', 'weekStart', 'named']
const kindKeys = ['member', 'operator', 'advertisement']

function readDefinition(definition: VitalityDefinition): {
  readonly calendar: Calendar
  readonly roles: ReadonlyMap<string, 'message' | 1 | -1>
  readonly kinds: ReadonlyMap<unknown, number>
} {
  checkKeys(definition, keys, '$')
  const { id, version, calendar: dates, period, group, kind, kinds: whose, answers, quiet } = definition
  checkText(id, '$.id', 'a name')
  if (version === undefined) throw fault('missing', '$.version', version, 'a whole number from 1')
  if (!(Number.isSafeInteger(version) && version >= 1))
    throw fault('out-of-range', '$.version', version, 'a whole number from 1')
  if (dates === undefined) throw fault('missing', '$.calendar', dates, "{ zone: 'Asia/Shanghai' }")
  checkKeys(dates, calendarKeys, '$.calendar')
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
  checkKeys(whose, kindKeys, '$.kinds')
  const kinds = new Map<string, number>()
  readNames(whose.member, '$.kinds.member', (name) => kinds.set(name, MEMBER), kinds)
  if (whose.operator !== undefined)
    readNames(whose.operator, '$.kinds.operator', (name) => kinds.set(name, OPERATOR), kinds)
  readNames(whose.advertisement, '$.kinds.advertisement', (name) => kinds.set(name, ADVERTISEMENT), kinds)
  return { calendar, roles, kinds }
}

function checkKeys(value: unknown, known: readonly string[], path: string): void {
  if (!isRecord(value)) throw fault('wrong-type', path, value, 'an object')
  for (const key of Object.keys(value))
    if (!known.includes(key)) throw fault('unknown-key', `${path}.${key}`, key, known.join(', '))
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

function readOptions(options: VitalityOptions): Required<Omit<VitalityOptions, 'since'>> & {
  readonly since: Instant | undefined
} {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  const { asOf, level = 0.95, since, people = 'masked' } = options
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  if (since !== undefined && !isInstant(since))
    throw fault('invalid-instant', '$.since', since, 'milliseconds since 1970')
  if (since !== undefined && since > asOf) throw fault('out-of-range', '$.since', since, 'at or before asOf')
  if (!(Number.isFinite(level) && level > 0 && level < 1))
    throw fault('out-of-range', '$.level', level, 'strictly between 0 and 1')
  if (people !== 'masked' && people !== 'named')
    throw fault('unknown-name', '$.people', kindOf(people), 'masked | named')
  return { asOf, level, since, people }
}
