import { DefinitionError, fault } from '../../kernel/errors.js'
import { type AnyEvent, type Instant, isInstant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { type ActivityPartial, namesOf } from '../../measures/activity/collected.js'
import type { Collector } from '../../measures/activity/collector.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import { frameOf, lastBegun } from './frame.js'
import type { Mix } from './mixed-definitions.js'
import type { Settings } from './settings.js'
import { countTable } from './table.js'

/** What was collected, by what is collected. */
export interface States {
  readonly partials: ReadonlyMap<string, ActivityPartial>
  /** People of all of them, numbered. */
  readonly names: readonly string[]
  /** The numbers of a list of people, by its rows. */
  numbersOf(people: ActivityPartial['all']['people']): Int32Array
}

/** Reads the events once, for every collection that some mix needs. */
export function statesOf(mixes: readonly Mix[], events: Iterable<AnyEvent>, until: Instant): States {
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
export interface Standings {
  readonly cohorts: Int32Array
  readonly eligible: Int32Array
  readonly retained: Int32Array
  readonly total: { readonly eligible: number; readonly retained: number }
  readonly missing: 'no-trials' | 'not-over' | 'impossible' | undefined
  readonly fault: DefinitionError | undefined
}

/** Counts everybody by one mix, or says why it has no number. */
export function standingsOf(mix: Mix, { partials, names, numbersOf }: States): Standings {
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
