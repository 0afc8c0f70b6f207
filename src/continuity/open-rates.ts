import { checkRecord, fault } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  canonical,
  type Duration,
  digestName,
  type Instant,
  isInstant,
  plain,
} from '../kernel/index.js'
import { exactSpan } from './exact-span.js'
import type { SendCounts } from './history.js'

/**
 * Which events say that a send arrived and that it was opened. Plain data.
 *
 * @example
 * const letters: OpenRatesDefinition = {
 *   id: 'letters', version: 1, delivered: 'message-delivered', opened: 'message-opened', send: 'campaign', within: { hours: 72 },
 * }
 */
export interface OpenRatesDefinition {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  readonly delivered: string
  readonly opened: string
  /** The field of both that names the send. */
  readonly send: string
  /** How long after its delivery to somebody an opening counts, `[delivery, delivery + within)`. Exact. */
  readonly within: Duration
}

/**
 * What is remembered: for everybody and every send all instants of delivery and of opening, ascending, repeated as often as
 * they were told. Plain JSON, the same for the same events however they were ordered or split.
 */
export interface OpenRatesPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  /** By send and subject, told apart by the send's length in front: deliveries, openings. */
  readonly people: Record<string, readonly [number[], number[]]>
}

export interface OpenRatesOptions {
  /** Events after it do not count. */
  readonly asOf: Instant
}

/** How often sends were opened, as of an instant. */
export interface OpenRates {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly asOf: Instant
  /** By first delivery, then by name. */
  readonly sends: readonly OpenRateOfSend[]
  /** Those whose window is over for everybody they reached: what `fitDecay` takes. */
  readonly observations: readonly SendCounts[]
  /** Openings that count for no send: of nobody's delivery, before it, or after its window. */
  readonly uncounted: number
}

export interface OpenRateOfSend extends SendCounts {
  readonly send: string
  /** The first instant from which nobody's window is open. */
  readonly matureAt: Instant
  /** `open`: some still may open it in time, so the count is so far and no fit should see it. */
  readonly state: 'mature' | 'open'
}

/**
 * Delivered and opened by send: of those whom it reached, how many opened it within the window after their own delivery.
 * People are counted once: by their first delivery, and as having opened if any opening lies in its window. The send's instant is its first
 * delivery. A send is `mature`, and among the `observations`, once the window of its last delivery is over at `asOf`; the
 * newest sends are not, and would look worse than they are.
 *
 * Every instant is kept, so events may be split anyhow (`shard: 'event'`), an event may be taken out again (`retract`), and one
 * partial answers for any `asOf`. The price is memory for each event. Later deliveries make a mature send open again.
 *
 * @throws DefinitionError for a definition that is none; from `add` and `retract` for an event of these types without text in the
 * field `send`; from `retract` for an event that was never added; from all for a partial of another definition.
 * @example
 * const letters = defineOpenRates({ id: 'letters', version: 1, delivered: 'message-delivered', opened: 'message-opened', send: 'campaign', within: { hours: 72 } })
 * letters.result(collect(letters, events), { asOf }).observations // => [{ at: 1709251200000, delivered: 2000, opened: 512 }, …]
 */
export function defineOpenRates(definition: OpenRatesDefinition): Aggregate<
  AnyEvent,
  OpenRatesPartial,
  OpenRates,
  OpenRatesOptions
> & {
  retract(partial: OpenRatesPartial, event: AnyEvent): OpenRatesPartial
} {
  const within = readDefinition(definition)
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const own = (partial: OpenRatesPartial): OpenRatesPartial['people'] => {
    checkRecord(partial, '$')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    checkRecord(partial.people, '$.people')
    return partial.people
  }
  /** Whose instants an event is among, which of them, and when; nothing for other types. */
  const read = (event: AnyEvent) => {
    checkRecord(event, '$')
    const { type, subject, occurredAt: at, data } = event
    const which = type === agreed.delivered ? 0 : type === agreed.opened ? 1 : undefined
    if (which === undefined) return undefined
    if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
    if (!isInstant(at)) throw fault('invalid-instant', '$.occurredAt', at, 'milliseconds since 1970')
    checkRecord(data, '$.data')
    const send: unknown = Object.hasOwn(data, agreed.send) ? Reflect.get(data, agreed.send) : undefined
    if (typeof send !== 'string') throw fault('wrong-type', `$.data.${agreed.send}`, send, 'text')
    return { key: `${send.length}:${send}${subject}`, which, at } as const
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, people: {} }),
    add(partial, event) {
      const people = own(partial)
      const told = read(event)
      if (told === undefined) return partial
      const { key, which, at } = told
      if (!Object.hasOwn(people, key)) people[key] = [[], []]
      const list = checkPerson(people[key]!)[which]
      list.splice(placeOf(list, at), 0, at)
      return partial
    },
    retract(partial, event) {
      const people = own(partial)
      const told = read(event)
      if (told === undefined) return partial
      const { key, which, at } = told
      const lists = Object.hasOwn(people, key) ? checkPerson(people[key]!) : undefined
      const place = lists === undefined ? 0 : placeOf(lists[which], at) - 1
      if (lists === undefined || lists[which][place] !== at)
        throw fault('out-of-range', '$', told.at, 'an event that was added')
      lists[which].splice(place, 1)
      if (lists[0].length + lists[1].length === 0) delete people[key]
      return partial
    },
    merge(a, b) {
      const people: OpenRatesPartial['people'] = {}
      for (const side of [own(a), own(b)]) {
        for (const [key, lists] of Object.entries(side)) {
          const [deliveries, openings] = checkPerson(lists)
          if (!Object.hasOwn(people, key)) people[key] = [[...deliveries], [...openings]]
          else
            for (const which of [0, 1] as const) {
              for (const at of lists[which])
                people[key]![which].splice(placeOf(people[key]![which], at), 0, at)
            }
        }
      }
      return { of, people }
    },
    result(partial, options) {
      const people = own(partial)
      checkRecord(options, '$')
      const { asOf } = options
      if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
      const sends = new Map<string, { first: Instant; last: Instant; delivered: number; opened: number }>()
      let uncounted = 0
      for (const [key, lists] of Object.entries(people)) {
        const [deliveries, openings] = checkPerson(lists)
        const name = sendIn(key)
        const at = deliveries[0]
        const seen = openings.filter((one) => one <= asOf)
        if (at === undefined || at > asOf) {
          uncounted += seen.length
          continue
        }
        const inTime = seen.filter((one) => one >= at && one < at + within).length
        uncounted += seen.length - inTime
        const so = sends.get(name)
        sends.set(name, {
          first: Math.min(so?.first ?? at, at),
          last: Math.max(so?.last ?? at, at),
          delivered: (so?.delivered ?? 0) + 1,
          opened: (so?.opened ?? 0) + (inTime > 0 ? 1 : 0),
        })
      }
      const all = [...sends]
        .map(([send, { first, last, delivered, opened }]): OpenRateOfSend => {
          const matureAt = last + within
          return {
            send,
            at: first,
            delivered,
            opened,
            matureAt,
            state: matureAt <= asOf ? 'mature' : 'open',
          }
        })
        .sort((a, b) => a.at - b.at || (a.send < b.send ? -1 : 1))
      const { id, version } = agreed
      return {
        definition: { id, version, digest: of },
        asOf,
        sends: all,
        observations: all.flatMap(({ at, delivered, opened, state }) =>
          state === 'mature' ? [{ at, delivered, opened }] : [],
        ),
        uncounted,
      }
    },
  }
}

/** The send's name in front of the subject. */
function sendIn(key: string): string {
  const colon = key.indexOf(':')
  const length = Number(key.slice(0, colon))
  if (colon < 1 || !Number.isSafeInteger(length) || length < 0)
    throw fault('malformed-state', '$.people', key, 'a send and a subject')
  return key.slice(colon + 1, colon + 1 + length)
}

/** The first place after all that are at or before an instant; instants mostly come in order. */
function placeOf(list: readonly number[], at: Instant): number {
  let place = list.length
  while (place > 0 && list[place - 1]! > at) place -= 1
  return place
}

function checkPerson(lists: readonly [number[], number[]]): readonly [number[], number[]] {
  const isPerson =
    Array.isArray(lists) &&
    lists.length === 2 &&
    lists.every(
      (list) =>
        Array.isArray(list) && list.every((at, i) => isInstant(at) && (i === 0 || list[i - 1]! <= at)),
    )
  if (!isPerson) throw fault('malformed-state', '$.people', lists, 'deliveries and openings, ascending')
  return lists
}

const keys: readonly string[] = ['id', 'version', 'delivered', 'opened', 'send', 'within']

/** The window in milliseconds. */
function readDefinition(definition: OpenRatesDefinition): number {
  checkRecord(definition, '$')
  for (const key of Object.keys(definition)) {
    if (!keys.includes(key)) throw fault('unknown-key', `$.${key}`, key, keys.join(', '))
  }
  for (const key of ['id', 'delivered', 'opened', 'send'] as const) {
    const value = definition[key]
    if (value === undefined || value === '') throw fault('missing', `$.${key}`, value, 'a name')
    if (typeof value !== 'string') throw fault('wrong-type', `$.${key}`, value, 'text')
  }
  const { version, delivered, opened, within } = definition
  if (!(Number.isSafeInteger(version) && version >= 1))
    throw fault('out-of-range', '$.version', version, 'a whole number from 1')
  if (delivered === opened) throw fault('duplicate-name', '$.opened', opened, 'another type than delivered')
  return exactSpan(within, '$.within')
}
