import { checkKeys, fault, unknownName } from '../../kernel/errors.js'
import { type Catalogue, type EventSpecs, type Instant, isInstant, type Periods } from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'
import { type ActivityPartial, nameOf, VALUE } from '../../measures/activity/collected.js'
import {
  type ChoiceContext,
  checkChoice,
  ENTRY,
  type EventChoice,
} from '../../measures/activity/event-choice.js'
import { atLeastOne } from '../../measures/definition-head.js'
import { firstPeriod, type PeriodSets } from '../../measures/period-sets.js'

/**
 * When a subject was first seen, which is what "new" goes by: new is who is active in the interval of it.
 *
 * - `first-activity`: at its first activity in all history. Nobody is ever new and active before.
 * - `given-instants`: at an instant that the host hands over with `firstSeenAt`, such as `created_at` of a profile. Who has none
 *   is never new; neither is who was not active in that interval.
 * - `{ event }`: at the first event of this choice, such as `account-created`, or `{}` for any event.
 * - `{ attribute }`: at the instant that an attribute says (`attribute-set`); of several corrections the last holds.
 * - `{ lookBack }`: at its first activity in what is looked at, which is the range from `since` on and so many intervals before
 *   it. Whoever was active earlier looks new, as in reports that only read a recent table.
 */
export type FirstSeen<T extends string = string> =
  | 'first-activity'
  | 'given-instants'
  | { readonly event: EventChoice<T> }
  | { readonly attribute: string }
  | { readonly lookBack: number }

/** Instants by subject, as a record or a map. */
export type FirstSeenAt = Readonly<Record<string, Instant>> | ReadonlyMap<string, Instant>

const PROFILE = 'attribute-set'

/** The events that say when a subject was first seen, where any do. */
export function entryOf(firstSeen: FirstSeen): EventChoice | undefined {
  if (typeof firstSeen === 'string') return undefined
  if ('event' in firstSeen) return firstSeen.event
  return 'attribute' in firstSeen ? PROFILE : undefined
}

/** @throws DefinitionError for what says no instant, with its path. */
export function checkFirstSeen(
  firstSeen: unknown,
  context: ChoiceContext & { readonly events?: Catalogue<EventSpecs> | undefined },
): asserts firstSeen is FirstSeen {
  const path = '$.firstSeen'
  if (firstSeen === undefined)
    throw fault(
      'missing',
      path,
      firstSeen,
      "what new goes by: 'first-activity', 'given-instants', { event }, …",
    )
  if (!isRecord(firstSeen)) {
    if (firstSeen !== 'first-activity' && firstSeen !== 'given-instants')
      throw unknownName(path, firstSeen, ['first-activity', 'given-instants'])
    return
  }
  const keys = ['event', 'attribute', 'lookBack'].filter((key) => Object.hasOwn(firstSeen, key))
  if (keys.length !== 1)
    throw fault('wrong-type', path, firstSeen, 'one of { event }, { attribute }, { lookBack }')
  checkKeys(firstSeen, keys, path)
  const { event, attribute, lookBack } = firstSeen
  if (keys[0] === 'event') checkChoice(event as EventChoice, `${path}.event`, context)
  if (keys[0] === 'lookBack' && lookBack !== 0) atLeastOne(lookBack, `${path}.lookBack`)
  if (keys[0] === 'lookBack' && (lookBack as number) > 100_000)
    throw fault('out-of-range', `${path}.lookBack`, lookBack, 'at most 100,000 intervals')
  if (keys[0] !== 'attribute') return
  if (typeof attribute !== 'string' || attribute === '')
    throw fault('wrong-type', `${path}.attribute`, attribute, 'the name of an attribute')
  if (context.events === undefined) return
  const profile = own(context.events.events, PROFILE) ?? {}
  const instants = Object.keys(profile).filter((name) => profile[name]!.type === 'instant')
  if (!instants.includes(attribute)) throw unknownName(`${path}.attribute`, attribute, instants)
}

/** The instants as a map, checked. */
export function readFirstSeenAt(given: unknown, path = '$.firstSeenAt'): ReadonlyMap<string, Instant> {
  if (given === undefined)
    throw fault('missing', path, given, 'the instants that the definition goes by, by subject')
  const pairs: readonly (readonly [unknown, unknown])[] =
    given instanceof Map ? [...given] : isRecord(given) ? Object.entries(given) : wrong(path, given)
  const read = new Map<string, Instant>()
  for (const [subject, at] of pairs) {
    if (typeof subject !== 'string') throw fault('wrong-type', path, subject, 'subjects as text')
    // Names of subjects are nobody's to print.
    if (!isInstant(at)) throw fault('invalid-instant', `${path}[${read.size}]`, at, 'milliseconds since 1970')
    read.set(subject, at)
  }
  return read
}

function wrong(path: string, given: unknown): never {
  throw fault('wrong-type', path, given, 'instants by subject')
}

/** Says in which interval the subject of a row was first seen; `undefined` where nothing says so as of then. */
export function firstSeenBy(
  firstSeen: FirstSeen,
  { all, values }: ActivityPartial,
  sets: PeriodSets,
  { indexOf }: Periods,
  {
    asOf,
    from,
    through,
    firstSeenAt,
  }: {
    readonly asOf: Instant
    /** Nothing earlier is looked at. */
    readonly from: number
    readonly through: number
    readonly firstSeenAt: ReadonlyMap<string, Instant> | undefined
  },
): (row: number) => number | undefined {
  const { people, entries, instants } = all
  if (firstSeen === 'given-instants')
    return (row) => {
      const at = firstSeenAt!.get(nameOf(people, row))
      return at === undefined || at > asOf ? undefined : indexOf(at)
    }
  if (firstSeen === 'first-activity' || 'lookBack' in firstSeen) return (row) => firstPeriod(sets, row, from)
  if ('attribute' in firstSeen)
    return (row) => {
      const own = instants![row] ?? []
      let [said, value] = [-Infinity, Number.NaN]
      for (let i = 0; i < own.length; i += 3) {
        const [at, mark] = [own[i]!, own[i + 1]!]
        if ((mark & ENTRY) === 0 || at > asOf || at < said) continue
        const found = values[(mark - (mark % VALUE)) / VALUE]
        if (!isInstant(found)) continue
        // Of two corrections at one instant nothing says which was last: the earlier value holds, whatever their order.
        value = at > said ? found : Math.min(value, found)
        said = at
      }
      return Number.isNaN(value) || value > asOf ? undefined : indexOf(value)
    }
  if (instants !== null)
    return (row) => {
      const own = instants[row] ?? []
      // The earliest interval on the wall, as bits have it: clocks that go back show an earlier one again.
      let first: number | undefined
      for (let i = 0; i < own.length; i += 3) {
        if ((own[i + 1]! & ENTRY) === 0 || own[i]! > asOf) continue
        const index = indexOf(own[i]!)
        if (first === undefined || index < first) first = index
      }
      return first
    }
  // The same events as the activity are kept once.
  const seen = entries ?? sets
  return (row) => {
    const first = row < seen.rows ? firstPeriod(seen, row) : undefined
    return first === undefined || first > through ? undefined : first
  }
}
