import { canonical } from '../kernel/digest.js'
import { DefinitionError, fault } from '../kernel/errors.js'
import type { AnyEvent, Catalogue, EventSpecs, Instant } from '../kernel/index.js'
import { formatMinor, isInstant } from '../kernel/index.js'
import { isRecord } from '../kernel/plain.js'
import { nearestFloat } from '../measures/accumulator.js'
import { type ActivityPartial, type Collector, collectorOf, namesOf } from './collected.js'
import { patternsOf } from './event-choice.js'
import { byUnits, type GroupValue } from './group-value.js'
import { frameOf, lastBegun, type ReadOptions, readOptions } from './retention.js'
import {
  type EntryRule,
  type RetentionDefinition,
  readSettings,
  type Settings,
} from './retention-settings.js'
import { countTable } from './retention-table.js'

/**
 * What can set two retention numbers apart.
 *
 * - `clock`: the calendar, the period, the clock, and the offset where each side has its own.
 * - `entry`: which events enter, by which rule; the breakdown, where a group is compared.
 * - `eligibility`: of whom the rate speaks, cell zero, and the window (`asOf`, `since`, `until`) where each side has its own.
 * - `filter`: which activity counts, `where`, `minimum`.
 * - `measure`: what a cell counts.
 */
export type RetentionFactor = 'clock' | 'entry' | 'eligibility' | 'filter' | 'measure'

/** As of when, and which cohorts. */
export interface RetentionWindow {
  readonly asOf?: Instant
  readonly since?: Instant
  readonly until?: Instant
}

/** Which number of the two is compared. */
export interface RetentionDifferenceOptions extends RetentionWindow {
  /** Events after it do not count, for neither side. */
  readonly asOf: Instant
  /**
   * In the periods, or stretches of time, of each side's own clock: day 7 of one may be week 1 of the other. Among brackets, the
   * one that holds it.
   */
  readonly offset: number | { readonly a: number; readonly b: number }
  /** What side `a` or `b` takes instead of the shared window; a queue of reports is rarely run at one instant. */
  readonly a?: RetentionWindow
  readonly b?: RetentionWindow
  /** The value of the breakdown that is compared; both definitions need one then. Everybody unless told. */
  readonly group?: GroupValue
  /** Digits of percentage points; 1 unless told, at most 6. */
  readonly decimals?: number
}

/** A number of the one data set, by whichever settings. */
export interface RetentionSide {
  readonly eligible: number
  readonly retained: number
  /** Weighted over cohorts, as in `averages`; nothing where there is no such number. */
  readonly rate: ExactShare | null
}

/** A share, or a difference of two, exact. */
export interface ExactShare {
  /** In lowest terms: `'3/40'`, `'-1/3'`, `'0'`. */
  readonly ratio: string
  /** The nearest double. */
  readonly value: number
  /** In percentage points, rounded; rounded parts add up to the rounded difference. */
  readonly points: string
}

/** What one factor makes of the difference. */
export interface RetentionPart extends ExactShare {
  readonly factor: RetentionFactor
  /** The settings in it that differ: `['calendar.zone', 'clock']`. */
  readonly settings: readonly string[]
}

/** How one person counts, over all cohorts they are in. Names of people: whoever passes them on masks them. */
export interface RetentionStanding {
  /** In how many of the cohorts. 0 is: not in the number at all; 2 or more with `recurring` alone. */
  readonly cohorts: number
  readonly eligible: number
  readonly retained: number
}

/** Somebody who counts otherwise under the one definition than under the other. */
export interface RetentionMove {
  readonly subject: string
  readonly a: RetentionStanding
  readonly b: RetentionStanding
  /** Factors that change how they count, whatever the other factors are: by at least one of the mixed definitions. */
  readonly by: readonly RetentionFactor[]
}

/** By factor, whose settings a mixed definition takes. Factors in which the two agree are left out. */
export type RetentionMix = { readonly [F in RetentionFactor]?: 'a' | 'b' }

/** Why two numbers differ. Differences are of `b` less `a`. */
export type RetentionDifference = {
  readonly a: RetentionSide
  readonly b: RetentionSide
  /** Ascending by name; those who only change cohorts are not in it. None where one of the two is `impossible`. */
  readonly moved: readonly RetentionMove[]
} & (
  | {
      readonly kind: 'parts'
      readonly difference: ExactShare
      /** One for each factor in which settings differ, in the order of `RetentionFactor`. They add up exactly. */
      readonly parts: readonly RetentionPart[]
    }
  | {
      /**
       * No parts: a definition mixed of the two has no number, so that nobody can say what its factors do one by one. With
       * `mix` of `a` or of `b` alone, one of the two numbers does not exist, and there is no difference either.
       */
      readonly kind: 'undefined'
      /** `no-trials`: it has no cohort with anybody in it. `not-over`: nobody's window has passed. `impossible`: see `fault`. */
      readonly reason: 'no-trials' | 'not-over' | 'impossible'
      /** The mixed definition, the one nearest to `a`. */
      readonly mix: RetentionMix
      /** What its settings are refused for. */
      readonly fault: { readonly code: string; readonly path: string; readonly expected: string } | null
      readonly difference: ExactShare | null
    }
)

/** In the order of reports. */
const factors: readonly RetentionFactor[] = ['clock', 'entry', 'eligibility', 'filter', 'measure']

/**
 * Why one definition says 41 % and the other 38 %, on the same events: the difference of the weighted rates at an offset, in parts by
 * factor that add up to it exactly.
 *
 * A part is the factor's Shapley value: what switching it from `a` to `b` changes, averaged over every order in which the
 * factors can be switched. So no order is preferred, a factor without any effect gets exactly zero, and (b, a) gives the same
 * parts with the other sign. It is computed in fractions of whole numbers, not in floats. `2^n` mixed definitions are
 * counted for `n` factors, 32 at most; states that they share are collected once, in one pass over the events.
 *
 * Where a rule of entry is `first-in-window`, it reads `since`: if the sides have different windows then, these belong to the factor
 * `entry`, because the rule of one side with the window of the other need not be a definition at all. What else cannot
 * be combined is told as `impossible`, never dropped.
 *
 * Names, versions, `keep` and `sum` play no part, nor does the breakdown without `group`. Numbers are those of `keep: 'instants'`:
 * later events never hide the last period.
 *
 * @param a - From which the difference is taken.
 * @param b - Less `a`.
 * @param events - Any iterable, read once, also a generator; what lies after `asOf` is not looked at.
 * @throws DefinitionError for definitions that do not hold, at `$.a` or `$.b`; for options; `other-definition` where the two
 * have different catalogues; `missing` for a group without a breakdown.
 * @see Shapley (1953), "A Value for n-Person Games".
 * @example
 * explainRetentionDifference(posthog, ours, events, { asOf, offset: 1 })
 * // => { kind: 'parts', difference: { ratio: '3/100', points: '3.0', … }, parts: [{ factor: 'clock', ratio: '1/50', … }, …], … }
 */
export function explainRetentionDifference<A extends EventSpecs, B extends EventSpecs>(
  a: RetentionDefinition<A>,
  b: RetentionDefinition<B>,
  events: Iterable<AnyEvent>,
  options: RetentionDifferenceOptions,
): RetentionDifference {
  const read = readDifference(options)
  const sides = [
    sideOf(a as unknown as RetentionDefinition, read, 'a'),
    sideOf(b as unknown as RetentionDefinition, read, 'b'),
  ] as const
  const mixer = mixerOf(sides, read)
  const known = mixer.factors.length
  const mixes = Array.from({ length: 1 << known }, (_, mask) => mixer.mix(mask))
  const states = statesOf(mixes, events, Math.max(sides[0].window.asOf, sides[1].window.asOf))
  const standings = mixes.map((mix) => standingsOf(mix, states))
  return differenceOf(standings, mixer, states, read.decimals)
}

interface ReadDifference {
  readonly window: Window
  readonly a: RetentionWindow
  readonly b: RetentionWindow
  readonly offset: { readonly a: number; readonly b: number }
  readonly group: GroupValue | undefined
  readonly decimals: number
}

type Window = RetentionWindow & { readonly asOf: Instant }

const windowKeys = ['asOf', 'since', 'until']
const optionKeys = [...windowKeys, 'offset', 'a', 'b', 'group', 'decimals']

function checkKeys(value: unknown, keys: readonly string[], path: string, expected: string): void {
  if (!isRecord(value)) throw fault('wrong-type', path, value, expected)
  for (const key of Object.keys(value))
    if (!keys.includes(key)) throw fault('unknown-key', `${path}.${key}`, key, keys.join(', '))
}

function readDifference(options: RetentionDifferenceOptions): ReadDifference {
  checkKeys(options, optionKeys, '$', '{ asOf, offset }')
  const { offset, a = {}, b = {}, group, decimals = 1, asOf, since, until } = options
  checkKeys(a, windowKeys, '$.a', '{ asOf, since, until }')
  checkKeys(b, windowKeys, '$.b', '{ asOf, since, until }')
  const own = isRecord(offset)
  if (own) checkKeys(offset, ['a', 'b'], '$.offset', '{ a, b }')
  const [ofA, ofB] = own ? [offset.a, offset.b] : [offset, offset]
  for (const [one, path] of [
    [ofA, own ? '$.offset.a' : '$.offset'],
    [ofB, '$.offset.b'],
  ] as const)
    if (!(Number.isSafeInteger(one) && (one as number) >= 0 && (one as number) < MOST))
      throw fault('out-of-range', path, one, 'a whole number from 0 to 999,999')
  if (!(Number.isInteger(decimals) && decimals >= 0 && decimals <= 6))
    throw fault('out-of-range', '$.decimals', decimals, 'a whole number from 0 to 6')
  if (group !== undefined && group !== null && !['string', 'number', 'boolean'].includes(typeof group))
    throw fault('wrong-type', '$.group', group, 'the value of a field')
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  return {
    window: { asOf, ...(since !== undefined && { since }), ...(until !== undefined && { until }) },
    a,
    b,
    offset: { a: ofA as number, b: ofB as number },
    group,
    decimals,
  }
}

/** More columns are no table. */
const MOST = 1_000_000

interface Side {
  readonly definition: RetentionDefinition
  readonly settings: Settings
  readonly window: Window
  readonly offset: number
}

/** One side's definition, checked as a whole before anything of it is mixed. */
function sideOf(definition: RetentionDefinition, read: ReadDifference, which: 'a' | 'b'): Side {
  const settings = at(`$.${which}`, () => readSettings(definition))
  const given = Object.entries(read[which]).filter(([, value]) => value !== undefined)
  const window = { ...read.window, ...Object.fromEntries(given) } as Window
  const own = given.length > 0
  at(own ? `$.${which}` : '$', () => readOptions(window, settings.entryRule))
  if (read.group !== undefined && settings.breakdown === undefined)
    throw fault('missing', `$.${which}.breakdown`, undefined, 'a breakdown, where a group is compared')
  // What `readSettings` agreed to, so that reading it again is reading the same.
  const { events } = definition
  return {
    definition: { ...settings.agreed, ...(events !== undefined && { events }) },
    settings,
    window,
    offset: read.offset[which],
  }
}

/** Runs what refuses with paths from `$`, which stands at another place. */
function at<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof DefinitionError) || path === '$') throw error
    throw fault(error.code, path + error.path.slice(1), error.value, error.expected)
  }
}

/** A definition of settings from both sides, or why there is none. */
type Mix =
  | {
      readonly settings: Settings
      readonly collector: Collector
      readonly options: ReadOptions
      readonly offset: number
      readonly group: GroupValue | undefined
    }
  | { readonly fault: DefinitionError }

interface Mixer {
  readonly factors: readonly { readonly factor: RetentionFactor; readonly settings: readonly string[] }[]
  /** Bit `i` says that factor `i` is of side `b`. */
  mix(mask: number): Mix
}

function mixerOf([a, b]: readonly [Side, Side], read: ReadDifference): Mixer {
  const catalogue = catalogueOf(a.definition, b.definition)
  const rules: readonly EntryRule[] = [a.settings.entryRule, b.settings.entryRule]
  const windowOfEntry = rules.includes('first-in-window')
  const [ofA, ofB] = [a, b].map((side) => settingsByFactor(side, read.group !== undefined, windowOfEntry))
  const apart = factors.flatMap((factor) => {
    const differing = Object.keys(ofA![factor]).filter(
      (name) => canonical({ is: ofA![factor][name] }) !== canonical({ is: ofB![factor][name] }),
    )
    return differing.length === 0 ? [] : [{ factor, settings: differing }]
  })
  // Bits cannot tell what came after `asOf` within its period, and one collection may serve two of them.
  const keep = a.window.asOf === b.window.asOf ? undefined : ('instants' as const)
  return {
    factors: apart,
    mix(mask) {
      const of = (factor: RetentionFactor): Side => {
        const bit = apart.findIndex((one) => one.factor === factor)
        return bit >= 0 && ((mask >> bit) & 1) === 1 ? b : a
      }
      const [clock, entry, eligible, filter, measure] = factors.map((factor) => of(factor).definition)
      const windowed = of(windowOfEntry ? 'entry' : 'eligibility').window
      const offset = of('clock').offset
      const definition = {
        id: 'mixed',
        version: 1,
        ...pick(clock!, ['calendar', 'period', 'clock']),
        ...pick(entry!, [
          'entry',
          'entryRule',
          ...(read.group === undefined ? [] : (['breakdown'] as const)),
        ]),
        ...pick(eligible!, ['eligibility', 'cellZero']),
        ...pick(filter!, ['where', 'activity', 'minimum']),
        ...pick(measure!, ['measure']),
        ...(catalogue !== undefined && { events: catalogue }),
        ...(keep !== undefined && { keep }),
      } as RetentionDefinition
      try {
        const settings = readSettings(definition)
        const options = readOptions({ ...windowed, upTo: offset }, settings.entryRule)
        return { settings, collector: collectorOf(settings.collection), options, offset, group: read.group }
      } catch (error) {
        if (error instanceof DefinitionError) return { fault: error }
        throw error
      }
    },
  }
}

function pick<K extends keyof RetentionDefinition>(
  definition: RetentionDefinition,
  keys: readonly K[],
): Partial<RetentionDefinition> {
  return Object.fromEntries(keys.flatMap((key) => (key in definition ? [[key, definition[key]]] : [])))
}

/** The settings of each factor by name, defaults filled in, one spelling for each meaning. */
function settingsByFactor(
  { definition, settings, window, offset }: Side,
  grouped: boolean,
  windowOfEntry: boolean,
): { readonly [F in RetentionFactor]: { readonly [name: string]: unknown } } {
  const { calendar, period, entry, activity, where, measure, clock } = definition
  const windowed = { asOf: window.asOf, since: window.since, until: window.until }
  return {
    clock: {
      'calendar.zone': calendar.zone,
      'calendar.dayStart': calendar.dayStart ?? '00:00',
      'calendar.weekStart': calendar.weekStart ?? 1,
      'calendar.transitions': calendar.transitions,
      period,
      clock: clock === undefined || clock === 'calendar' ? 'calendar' : settings.clock,
      offset,
    },
    entry: {
      entry: patternsOf(entry),
      entryRule: settings.entryRule,
      ...(grouped && { breakdown: settings.breakdown }),
      ...(windowOfEntry && windowed),
    },
    eligibility: {
      eligibility: definition.eligibility ?? 'mature',
      cellZero: definition.cellZero ?? 'measured',
      ...(!windowOfEntry && windowed),
    },
    filter: { activity: patternsOf(activity), where, minimum: settings.minimum },
    measure: {
      measure:
        isRecord(measure) && 'brackets' in measure
          ? [measure.brackets, measure.each ?? 'on']
          : settings.measure,
    },
  }
}

/** One catalogue for all mixes, which also knows the names that a side without a catalogue uses. */
function catalogueOf(a: RetentionDefinition, b: RetentionDefinition): Catalogue<EventSpecs> | undefined {
  const [first, second] = [a.events, b.events]
  if (first !== undefined && second !== undefined) {
    if (canonical(first.events) !== canonical(second.events))
      throw fault('other-definition', '$.b.events', second, 'the catalogue of a')
    return first
  }
  const catalogue = first ?? second
  if (catalogue === undefined) return undefined
  const plain = [a, b].flatMap(({ entry, activity }) => [...patternsOf(entry), ...patternsOf(activity)])
  const names = plain.flatMap(({ event }) => event ?? [])
  const known = Object.fromEntries(names.map((name) => [name, {}]))
  return { ...catalogue, events: { ...known, ...catalogue.events } }
}

/** What was collected, by what is collected. */
interface States {
  readonly partials: ReadonlyMap<string, ActivityPartial>
  /** People of all of them, numbered. */
  readonly names: readonly string[]
  /** The numbers of a list of people, by its rows. */
  numbersOf(people: ActivityPartial['all']['people']): Int32Array
}

/** Reads the events once, for every collection that some mix needs. */
function statesOf(mixes: readonly Mix[], events: Iterable<AnyEvent>, until: Instant): States {
  if (
    typeof (events as Iterable<AnyEvent> | undefined)?.[Symbol.iterator] !== 'function' ||
    typeof events === 'string'
  )
    throw fault('wrong-type', '$.events', events, 'a list of events, or something to iterate over')
  const collectors = new Map<string, Collector>()
  const partials = new Map<string, ActivityPartial>()
  for (const mix of mixes) {
    if ('fault' in mix) continue
    const { collector } = mix
    if (collectors.has(collector.of)) continue
    collectors.set(collector.of, collector)
    partials.set(collector.of, collector.empty())
  }
  const all = [...collectors.values()].map((collector) => [collector, partials.get(collector.of)!] as const)
  for (const event of events) {
    if (isRecord(event) && isInstant(event['occurredAt']) && event['occurredAt'] > until) continue
    for (const [collector, partial] of all) collector.add(partial, event)
  }
  const names: string[] = []
  const numbers = new Map<string, number>()
  const lists = new WeakMap<object, Int32Array>()
  const number = (people: ActivityPartial['all']['people']): Int32Array => {
    const found = Int32Array.from(namesOf(people), (name) => {
      let known = numbers.get(name)
      if (known === undefined) {
        known = names.push(name) - 1
        numbers.set(name, known)
      }
      return known
    })
    lists.set(people, found)
    return found
  }
  // Everybody is numbered before anybody is counted.
  for (const partial of partials.values()) {
    number(partial.all.people)
    for (const { part } of partial.groups) number(part.people)
  }
  return { partials, names, numbersOf: (people) => lists.get(people) ?? number(people) }
}

/** How everybody counts by one mix. */
interface Standings {
  readonly cohorts: Int32Array
  readonly eligible: Int32Array
  readonly retained: Int32Array
  readonly total: { readonly eligible: number; readonly retained: number }
  readonly missing: 'no-trials' | 'not-over' | 'impossible' | undefined
  readonly fault: DefinitionError | undefined
}

function standingsOf(mix: Mix, { partials, names, numbersOf }: States): Standings {
  const count = names.length
  const cohorts = new Int32Array(count)
  const eligible = new Int32Array(count)
  const retained = new Int32Array(count)
  const none = (missing: Standings['missing'], fault?: DefinitionError): Standings => ({
    ...{ cohorts, eligible, retained, total: { eligible: 0, retained: 0 } },
    ...{ missing, fault },
  })
  if ('fault' in mix) return none('impossible', mix.fault)
  const { settings, collector, options, offset, group } = mix
  const partial = partials.get(collector.of)!
  const part = partOf(partial, settings, group)
  if (part === undefined) return none('no-trials')
  try {
    const frame = frameOf(partial, settings, options)
    if (frame === undefined) return none('no-trials')
    const column = frame.columns.findIndex(({ from, to }) => from <= offset && offset <= to)
    const numbers = numbersOf(part.collected.people)
    const total = { entered: 0, eligible: 0, retained: 0 }
    const note = (row: number, passed: boolean, hit: boolean, cohort: number): void => {
      const person = numbers[row]!
      cohorts[person]! += 1
      total.entered += 1
      // As in the table: a cell whose time has come for nobody is none.
      if (column < 0 || frame.columns[column]!.from > lastBegun(cohort, settings, frame)) return
      if (settings.matureOnly && !passed) return
      eligible[person]! += 1
      total.eligible += 1
      if (!hit) return
      retained[person]! += 1
      total.retained += 1
    }
    countTable(part.collected, settings, frame, { value: part.number, watch: { column, note } })
    const missing = total.eligible > 0 ? undefined : total.entered > 0 ? 'not-over' : 'no-trials'
    return { cohorts, eligible, retained, total, missing, fault: undefined }
  } catch (error) {
    if (error instanceof DefinitionError) return none('impossible', error)
    throw error
  }
}

/** The part of everybody, or of a group; nothing where nobody had the value. */
function partOf(
  partial: ActivityPartial,
  { breakdown }: Settings,
  group: GroupValue | undefined,
): { readonly collected: ActivityPartial['all']; readonly number: number | undefined } | undefined {
  if (group === undefined) return { collected: partial.all, number: undefined }
  if (breakdown?.of === 'entry') {
    const number = partial.values.indexOf(group)
    return number < 0 ? undefined : { collected: partial.all, number }
  }
  const found = partial.groups.find(({ value }) => value === group)
  return found && { collected: found.part, number: undefined }
}

function differenceOf(
  standings: readonly Standings[],
  { factors: apart }: Mixer,
  states: States,
  decimals: number,
): RetentionDifference {
  const full = standings.length - 1
  const moved = movesOf(standings, apart, states.names)
  const sides = [standings[0]!, standings[full]!].map(({ total, missing }): RetentionSide => {
    const { eligible, retained } = total
    const rate = missing === undefined ? shareOf(fraction(retained, eligible), decimals) : null
    return { eligible, retained, rate }
  })
  const [a, b] = sides as [RetentionSide, RetentionSide]
  const rates = standings.map(({ total, missing }) =>
    missing === undefined ? fraction(total.retained, total.eligible) : undefined,
  )
  const whole = rates[0] === undefined || rates[full] === undefined ? undefined : minus(rates[full], rates[0])
  // The nearest to `a`: the fewest factors switched, the earlier ones first.
  const gap = rates
    .map((_, mask) => mask)
    .filter((mask) => rates[mask] === undefined)
    .sort((one, other) => bitsOf(one) - bitsOf(other) || one - other)[0]
  if (gap !== undefined) {
    const { missing, fault: refused } = standings[gap]!
    return {
      kind: 'undefined',
      reason: missing!,
      mix: Object.fromEntries(
        apart.map(({ factor }, bit) => [factor, ((gap >> bit) & 1) === 1 ? 'b' : 'a']),
      ) as RetentionMix,
      fault:
        refused === undefined ? null : { code: refused.code, path: refused.path, expected: refused.expected },
      difference: whole === undefined ? null : shareOf(whole, decimals),
      a,
      b,
      moved,
    }
  }
  const values = shapley(rates as readonly Fraction[], apart.length)
  const points = roundedParts(values, whole!, decimals)
  return {
    kind: 'parts',
    difference: shareOf(whole!, decimals),
    parts: apart.map(({ factor, settings }, i) => ({
      factor,
      settings,
      ...shareOf(values[i]!, decimals),
      points: formatMinor(points[i]!, decimals),
    })),
    a,
    b,
    moved,
  }
}

function movesOf(
  standings: readonly Standings[],
  apart: Mixer['factors'],
  names: readonly string[],
): readonly RetentionMove[] {
  const full = standings.length - 1
  // Who stands where by settings that are refused, nobody can say.
  if (standings[0]!.fault !== undefined || standings[full]!.fault !== undefined) return []
  const same = (one: Standings, other: Standings, person: number): boolean =>
    one.cohorts[person] === other.cohorts[person] &&
    one.eligible[person] === other.eligible[person] &&
    one.retained[person] === other.retained[person]
  const standing = ({ cohorts, eligible, retained }: Standings, person: number): RetentionStanding => ({
    cohorts: cohorts[person]!,
    eligible: eligible[person]!,
    retained: retained[person]!,
  })
  const moves: RetentionMove[] = []
  for (const [person, subject] of names.entries()) {
    if (same(standings[0]!, standings[full]!, person)) continue
    const by = apart.flatMap(({ factor }, bit) => {
      for (const [mask, before] of standings.entries()) {
        if (((mask >> bit) & 1) === 1) continue
        const after = standings[mask | (1 << bit)]!
        if (before.fault !== undefined || after.fault !== undefined) continue
        if (!same(before, after, person)) return [factor]
      }
      return []
    })
    moves.push({ subject, a: standing(standings[0]!, person), b: standing(standings[full]!, person), by })
  }
  return moves.sort((one, other) => byUnits(one.subject, other.subject))
}

/** In lowest terms, the sign above. */
interface Fraction {
  readonly above: bigint
  readonly below: bigint
}

const fraction = (above: number, below: number): Fraction => reduced(BigInt(above), BigInt(below))

function reduced(above: bigint, below: bigint): Fraction {
  let [x, y] = [above < 0n ? -above : above, below]
  while (y > 0n) [x, y] = [y, x % y]
  return x === 0n ? { above: 0n, below: 1n } : { above: above / x, below: below / x }
}

const minus = (a: Fraction, b: Fraction): Fraction =>
  reduced(a.above * b.below - b.above * a.below, a.below * b.below)

/** By factor, what switching it changes, over all orders: `k! (n - k - 1)! / n!` of orders switch `k` others before it. */
function shapley(values: readonly Fraction[], n: number): readonly Fraction[] {
  const factorials = [1n]
  for (let i = 1; i <= n; i++) factorials.push(factorials[i - 1]! * BigInt(i))
  // Whole numbers over one denominator: nothing is reduced before the end.
  const belows = [...new Set(values.map(({ below }) => below))]
  const below = belows.reduce((product, one) => product * reduced(one, product).above, 1n)
  const scaled = values.map((value) => value.above * (below / value.below))
  return Array.from({ length: n }, (_, bit) => {
    let sum = 0n
    for (const [mask, before] of scaled.entries()) {
      if (((mask >> bit) & 1) === 1) continue
      const k = bitsOf(mask)
      sum += factorials[k]! * factorials[n - k - 1]! * (scaled[mask | (1 << bit)]! - before)
    }
    return reduced(sum, below * factorials[n]!)
  })
}

function bitsOf(mask: number): number {
  let bits = 0
  for (let left = mask; left > 0; left >>= 1) bits += left & 1
  return bits
}

function shareOf(share: Fraction, decimals: number): ExactShare {
  const { above, below } = share
  return {
    ratio: below === 1n ? String(above) : `${above}/${below}`,
    value: nearestFloat(above, below, 0),
    points: formatMinor(Number(rounded(share, decimals)), decimals),
  }
}

/** In units of the last digit of percentage points; halves away from zero, so that signs do not matter. */
function rounded({ above, below }: Fraction, decimals: number): bigint {
  const size = (above < 0n ? -above : above) * 100n * tens(decimals)
  const units = (2n * size + below) / (2n * below)
  return above < 0n ? -units : units
}

const tens = (digits: number): bigint => BigInt(`1${'0'.repeat(digits)}`)

/**
 * Parts in units that add up to the rounded whole: all are rounded down, and what is left goes to those that lost most. `allocate`
 * does so for ratios; parts here have signs, and those of the opposite difference have to be the opposite ones. So the
 * whole, or else the first part, is taken as positive.
 */
function roundedParts(parts: readonly Fraction[], whole: Fraction, decimals: number): readonly number[] {
  const lead = [whole, ...parts].find(({ above }) => above !== 0n)
  const sign = lead !== undefined && lead.above < 0n ? -1n : 1n
  const scale = 100n * tens(decimals)
  const exact = parts.map(({ above, below }) => ({ above: sign * above * scale, below }))
  const floors = exact.map(({ above, below }) => (above - mod(above, below)) / below)
  const left = sign * rounded(whole, decimals) - floors.reduce((sum, units) => sum + units, 0n)
  const order = exact
    .map(({ above, below }, i) => ({ i, rest: mod(above, below), below }))
    .sort((a, b) => {
      const difference = b.rest * a.below - a.rest * b.below
      return difference > 0n ? 1 : difference < 0n ? -1 : a.i - b.i
    })
  for (const { i } of order.slice(0, Number(left))) floors[i]! += 1n
  return floors.map((units) => Number(sign * units) + 0)
}

/** From 0 to below the divisor. */
const mod = (a: bigint, b: bigint): bigint => ((a % b) + b) % b
