// One history, read by both implementations at every step.
import {
  type AnyEvent,
  type Comparison,
  type Condition,
  checkCondition,
  compileCondition,
  FactSet,
  factKinds,
  factsOf,
  type Instant,
  nextFlip,
  type Track,
} from 'liuliang/kernel'
import { oracleFact, oracleNextFlip, oracleTruth } from '../../../src/testing/oracle/index.js'
import type { Tally } from './coverage-table.js'
import { calendarIn, shop } from './shop.js'

/** Freezes plain data, however deep. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) frozen(inner)
  }
  return value
}

/** Anniversaries come for ever; the oracle looks for them day by day, not further than this. */
export const HORIZON = 11 * 366 * 86_400_000

const words = ['no', 'unknown', 'yes'] as const

/** The comparisons of a condition, each with what joins it. */
export function comparisonsOf(
  condition: Condition,
  above = 'alone',
): readonly (readonly [Comparison, string])[] {
  if ('fact' in condition) return [[condition, above]]
  const { condition: join } = condition
  return (join === 'not' ? [condition.of] : condition.of).flatMap((part) => comparisonsOf(part, join))
}

export type Same = (ours: unknown, oracle: unknown, what: () => object) => void

/** Compares values, truths and flips after every event; counts in the table what was seen. */
export function compareHistory(
  zone: string,
  given: Condition,
  events: readonly AnyEvent[],
  later: readonly number[],
  same: Same,
  table: Tally,
): void {
  const scope = { events: shop.events, calendar: calendarIn(zone), kinds: factKinds }
  checkCondition(given, scope, '$')
  const facts = new FactSet(factsOf(given), scope)
  const compiled = compileCondition(given, facts, scope)
  const leaves = comparisonsOf(given)
  const parts = leaves.map(([leaf]) => compileCondition(leaf, facts, scope))
  let tracks: readonly Track[] = frozen(facts.start)
  for (let n = 1; n <= events.length; n++) {
    const event = events[n - 1]!
    tracks = frozen(facts.note(tracks, event, 'u'))
    const past = { events: events.slice(0, n), subject: 'u', scope }
    const now = event.occurredAt
    const told = (more: object) => () => ({ zone, now, ...more, given, events: past.events })
    // A track that went through JSON says the same, and goes on the same.
    const again = JSON.parse(JSON.stringify(tracks)) as readonly Track[]
    same(JSON.stringify(again), JSON.stringify(tracks), told({ what: 'json' }))
    if (n % 2 === 0) tracks = again

    const found = nextFlip(compiled, tracks, now)
    const flip = found !== undefined && found > now + HORIZON ? undefined : found
    const expected = oracleNextFlip(given, past, now)
    const oracleFlip = expected !== undefined && expected > now + HORIZON ? undefined : expected
    same(flip, oracleFlip, told({ what: 'flip', of: given }))
    if (flip !== undefined && 'fact' in given) table.flipped(given.fact)
    const around = flip === undefined ? [] : [flip - 1, flip, flip + 1]
    for (const asOf of new Set<Instant>([now, ...around, ...later.map((after) => now + after)])) {
      for (const [i, [leaf, above]] of leaves.entries()) {
        const { fact } = leaf
        const place = facts.place(fact)
        const value = facts.trackers[place]!.value(tracks[place]!, asOf)
        same(value, oracleFact(fact, past, asOf), told({ what: 'value', of: fact, asOf }))
        const truth = words[parts[i]!.truth(tracks, asOf)]!
        same(truth, oracleTruth(leaf, past, asOf), told({ what: 'truth', of: leaf, value, asOf }))
        table.saw(leaf, above, truth, value === null)
      }
      const truth = words[compiled.truth(tracks, asOf)]!
      same(truth, oracleTruth(given, past, asOf), told({ what: 'joined', of: given, asOf }))
      const { holds, notObserved = false } = compiled.verdict(tracks, asOf)
      same(holds, truth === 'yes', told({ what: 'verdict', asOf }))
      same(notObserved, truth === 'unknown', told({ what: 'verdict', asOf }))
      if (!('fact' in given)) table.joined(given.condition, truth)
    }
  }
}

/**
 * The events of a full history that were tracked, by the words about coverage in it: what came while an event was not
 * tracked is left out.
 */
function observedOf(events: readonly AnyEvent[]): readonly AnyEvent[] {
  const isWord = ({ type }: AnyEvent) => type === 'coverage-changed'
  const wordsOn = (type: string) =>
    events.filter((event) => {
      const about = (event.data as { event?: string }).event
      return isWord(event) && event.subject === 'u' && (about === undefined || about === type)
    })
  return events.filter((event, i) => {
    if (isWord(event)) return true
    const about = wordsOn(event.type)
    const last = about.filter((word) => events.indexOf(word) < i).at(-1) ?? undefined
    const said = (word: AnyEvent) => (word.data as { observed: boolean }).observed
    return last === undefined ? about[0] === undefined || !said(about[0]) : said(last)
  })
}

/** What is decided though something may be hidden: has to be so when nothing is. */
export function compareHidden(
  zone: string,
  given: Comparison,
  events: readonly AnyEvent[],
  later: readonly number[],
  same: Same,
): void {
  const calendar = calendarIn(zone)
  const { 'coverage-changed': _, ...open } = shop.events
  const observed = observedOf(events)
  const readIn = (catalogue: typeof open, some: readonly AnyEvent[]) => {
    const scope = { events: catalogue, calendar, kinds: factKinds }
    const facts = new FactSet(factsOf(given), scope)
    const compiled = compileCondition(given, facts, scope)
    return (until: number, asOf: Instant) => {
      const tracks = some
        .filter((event) => events.indexOf(event) <= until)
        .reduce<readonly Track[]>((before, event) => facts.note(before, event, 'u'), facts.start)
      return words[compiled.truth(tracks, asOf)]!
    }
  }
  const seen = readIn(shop.events, observed)
  const full = readIn(open, events)
  // Of the first word about an event only those who heard it know that something was hidden before.
  const until = events.length - 1
  const now = events.at(-1)!.occurredAt
  for (const asOf of [now, ...later.map((after) => now + after)]) {
    const truth = seen(until, asOf)
    if (truth === 'unknown') continue
    same(truth, full(until, asOf), () => ({ zone, what: 'hidden', of: given, asOf, events, observed, given }))
  }
}
