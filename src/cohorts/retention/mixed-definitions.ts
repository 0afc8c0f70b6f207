import { canonical } from '../../kernel/digest.js'
import { DefinitionError, fault } from '../../kernel/errors.js'
import type { Catalogue, EventSpecs, Instant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { type Collector, collectorOf } from '../../measures/activity/collector.js'
import { patternsOf } from '../../measures/activity/event-choice.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import { type ReadOptions, readOptions } from './frame.js'
import { type EntryRule, type RetentionDefinition, readSettings, type Settings } from './settings.js'

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

/** In the order of reports. */
const factors: readonly RetentionFactor[] = ['clock', 'entry', 'eligibility', 'filter', 'measure']

/** Options as they are worked with. */
export interface ReadDifference {
  readonly window: Window
  readonly a: RetentionWindow
  readonly b: RetentionWindow
  readonly offset: { readonly a: number; readonly b: number }
  readonly group: GroupValue | undefined
  readonly decimals: number
}

type Window = RetentionWindow & { readonly asOf: Instant }

interface Side {
  readonly definition: RetentionDefinition
  readonly settings: Settings
  readonly window: Window
  readonly offset: number
}

/** One side's definition, checked as a whole before anything of it is mixed. */
export function sideOf(definition: RetentionDefinition, read: ReadDifference, which: 'a' | 'b'): Side {
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
export type Mix =
  | {
      readonly settings: Settings
      readonly collector: Collector
      readonly options: ReadOptions
      readonly offset: number
      readonly group: GroupValue | undefined
    }
  | { readonly fault: DefinitionError }

/** Which factors differ, and how to switch them. */
export interface Mixer {
  readonly factors: readonly { readonly factor: RetentionFactor; readonly settings: readonly string[] }[]
  /** Bit `i` says that factor `i` is of side `b`. */
  mix(mask: number): Mix
}

/** Finds the factors in which two sides differ. */
export function mixerOf([a, b]: readonly [Side, Side], read: ReadDifference): Mixer {
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
