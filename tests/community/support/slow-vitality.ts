// The second implementation: dates as Intl prints them, sets of people, everything looked at again for every day.
import type { Vitality } from 'liuliang/community'
import type { AnyEvent, Instant } from 'liuliang/kernel'

const MINUTE = 60_000

/** The dates that a zone showed in some weeks, with the minute after the last in which it did. */
export interface ShownDays {
  readonly zone: string
  readonly from: Instant
  readonly to: Instant
  readonly dateAt: (at: Instant) => string
  readonly days: readonly { readonly date: string; readonly over: Instant }[]
}

export function shownDays(zone: string, from: string, to: string): ShownDays {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
  })
  const start = Date.parse(from) - 3 * 1440 * MINUTE
  const end = Date.parse(to) + 3 * 1440 * MINUTE
  const dates: string[] = []
  const over = new Map<string, Instant>()
  for (let at = start; at < end; at += MINUTE) {
    const date = format.format(at)
    dates.push(date)
    over.set(date, at + MINUTE)
  }
  return {
    zone,
    from: Date.parse(from),
    to: Date.parse(to),
    dateAt: (at) => dates[Math.floor((at - start) / MINUTE)]!,
    days: [...over].map(([date, end]) => ({ date, over: end })).sort((a, b) => (a.date < b.date ? -1 : 1)),
  }
}

/** What a line of the result has to say, without its intervals. */
export type SlowLine = ReturnType<typeof lineOf>

/** Lines by group, by date text; weeks begin on Monday. */
export function slowVitality(
  shown: ShownDays,
  events: readonly AnyEvent[],
  { asOf, period }: { readonly asOf: Instant; readonly period: 'day' | 'week' },
): readonly (readonly [group: string, lines: readonly SlowLine[]])[] {
  const groups = [...new Set(events.map(groupOf))].sort((a, b) => (a < b ? -1 : 1))
  const over = shown.days.filter((day) => day.over <= asOf).map(({ date }) => date)
  return groups.flatMap((group) => {
    const own = events.filter((event) => groupOf(event) === group)
    const first = own.map(({ occurredAt }) => shown.dateAt(occurredAt)).sort()[0]!
    if (!over.includes(first)) return []
    const inside = new Set<string>()
    const days = shown.days
      .filter(({ date }) => date >= first)
      .map(({ date }) => dayOf(shown, date, own, inside))
    if (period === 'day') {
      return [[group, days.filter(({ date }) => over.includes(date)).map((day) => lineOf([day]))] as const]
    }
    const weeks = groupedBy(days, ({ date }) => mondayOf(date))
    const complete = [...weeks].filter(([monday]) =>
      shown.days.every(({ date, over: end }) => mondayOf(date) !== monday || end <= asOf),
    )
    return [[group, complete.map(([, days]) => lineOf(days))] as const]
  })
}

/** The same out of a result. */
export const countsIn = ({ groups }: Vitality): ReturnType<typeof slowVitality> =>
  groups.map(({ group, periods }) => [
    group,
    periods.map(({ concentration, perPersonDay, answersPerPush, ...line }) => ({
      members: line.members,
      present: line.present,
      personDays: line.personDays,
      speakers: line.speakers,
      messages: line.messages,
      joins: line.joins,
      noticed: line.noticed,
      leaves: line.leaves,
      top: concentration.kind === 'estimate' ? concentration.top : null,
      topSpeaker: concentration.kind === 'estimate' ? concentration.topSpeaker! : null,
      hhi: concentration.kind === 'estimate' ? concentration.hhi : null,
      perPersonDay: perPersonDay.kind === 'estimate' ? perPersonDay.value : null,
      answersPerPush: answersPerPush.kind === 'estimate' ? answersPerPush.value : null,
    })),
  ])

const groupOf = ({ data }: AnyEvent): string => (data as { readonly group: string }).group
const kindOf = ({ data }: AnyEvent): unknown => (data as { readonly kind?: unknown }).kind

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

const mondayOf = (date: string): string => {
  const at = Date.parse(`${date}T00:00:00Z`)
  return new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * 1440 * MINUTE).toISOString().slice(0, 10)
}

interface Day {
  readonly date: string
  readonly present: ReadonlySet<string>
  readonly members: number
  readonly before: ReadonlySet<string>
  readonly events: readonly AnyEvent[]
  readonly joins: number
  readonly noticed: number
  readonly leaves: number
}

function dayOf(shown: ShownDays, date: string, own: readonly AnyEvent[], inside: Set<string>): Day {
  const events = own.filter(({ occurredAt }) => shown.dateAt(occurredAt) === date)
  const before = new Set(inside)
  const present = new Set(inside)
  let [joins, noticed, leaves] = [0, 0, 0]
  const moves = events
    .filter(({ type }) => type === 'joined' || type === 'left')
    .sort(
      (a, b) => a.occurredAt - b.occurredAt || (a.type === 'left' ? -1 : 1) - (b.type === 'left' ? -1 : 1),
    )
  for (const { type, subject } of moves) {
    if (!inside.has(subject)) {
      if (type === 'joined') joins += 1
      else noticed += 1
    }
    present.add(subject)
    inside.add(subject)
    if (type === 'left') {
      leaves += 1
      inside.delete(subject)
    }
  }
  const moved = new Set(moves.map(({ subject }) => subject))
  for (const event of events) {
    const { subject } = event
    if (event.type !== 'said' || kindOf(event) !== 'member' || moved.has(subject) || inside.has(subject))
      continue
    noticed += 1
    inside.add(subject)
    present.add(subject)
  }
  return { date, present, members: inside.size, before, events, joins, noticed, leaves }
}

function lineOf(days: readonly Day[]) {
  const events = days.flatMap((day) => day.events).filter(({ type }) => type === 'said')
  const said = (kinds: readonly unknown[]) => events.filter((event) => kinds.includes(kindOf(event)))
  const member = said(['member'])
  const known = ['member', 'operator', 'advertisement', 'push']
  const pushes = said(['advertisement', 'push']).length
  const bySpeaker = [...groupedBy(member, ({ subject }) => subject)]
    .map(([name, messages]) => ({ name, count: messages.length }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  const personDays = days.reduce((sum, { present }) => sum + present.size, 0)
  const squares = bySpeaker.reduce((sum, { count }) => sum + count * count, 0)
  const sum = (of: 'joins' | 'noticed' | 'leaves') => days.reduce((total, day) => total + day[of], 0)
  const answers = member.filter(
    ({ data }) => (data as { readonly answers?: unknown }).answers === true,
  ).length
  return {
    members: days.at(-1)!.members,
    present: new Set(days.flatMap(({ present }) => [...present])).size,
    personDays,
    speakers: bySpeaker.length,
    messages: {
      member: member.length,
      operator: said(['operator']).length,
      advertisement: pushes,
      other: events.filter((event) => !known.includes(kindOf(event) as string)).length,
    },
    joins: sum('joins'),
    noticed: sum('noticed'),
    leaves: sum('leaves'),
    top: member.length === 0 ? null : bySpeaker[0]!.count / member.length,
    topSpeaker: bySpeaker[0]?.name ?? null,
    hhi: member.length === 0 ? null : squares / (member.length * member.length),
    perPersonDay: personDays === 0 ? null : member.length / personDays,
    answersPerPush: pushes === 0 ? null : answers / pushes,
  }
}
