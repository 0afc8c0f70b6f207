import { testOf } from '../../kernel/comparison.js'
import { neededOf, partsOf } from '../../kernel/condition.js'
import { COVERAGE } from '../../kernel/coverage.js'
import {
  type AnyEvent,
  type Condition,
  calendarOf,
  countKind,
  type Fact,
  FactSet,
  factsOf,
  matcherOf,
  numberOf,
  sumKind,
} from '../../kernel/index.js'
import { own } from '../../kernel/plain.js'
import type { Heard } from '../definition.js'
import { factOf, heardKey, heardOf } from '../rule.js'
import { type Deadline, deadlinesIn } from './deadline.js'
import type { StageRules, StoredLifecycle } from './stage-rules.js'

/** Kinds of rules, by number. */
export const ON = 0
export const WHEN = 1
export const INACTIVE = 2
export const IN_STAGE = 3

/** Most that a count of two bytes counts to; it stays there, above everything that it is compared with. */
export const MOST_COUNTED = 0xffff

/** Reads the counters of a row. */
type Holds = (counts: Uint16Array, sums: Float64Array, row: number) => boolean

/** A rule as numbers. */
export interface TableRule {
  readonly kind: number
  readonly to: number
  /** Of `ON`: the bit of what has to be heard. */
  readonly key: number
  /** Of `ON` and `WHEN`; none holds always. */
  readonly holds: Holds | undefined
  /** `holds` where it compares one small count alone: which, from where, up to where. */
  readonly count: { readonly at: number; readonly low: number; readonly high: number } | undefined
  /** Of the others. */
  readonly deadline: Deadline | undefined
  /** Counters and sums that begin anew. */
  readonly resetCounts: readonly number[]
  readonly resetSums: readonly number[]
}

/** What an event of one type does, before its fields are looked at. */
interface TypeTable {
  /** Whether it is activity, what it is heard as and which counters it raises do not depend on its fields. */
  readonly plain: boolean
  readonly active: boolean
  readonly asked: number
  readonly counts: readonly number[]
  /** Of an event: whether it is activity. */
  isActive(event: AnyEvent): boolean
  /** The bits of what it is heard as. */
  askedOf(event: AnyEvent): number
  readonly counted: readonly { readonly at: number; readonly matches: (event: AnyEvent) => boolean }[]
  readonly summed: readonly {
    readonly at: number
    readonly matches: (event: AnyEvent) => boolean
    readonly amount: (event: AnyEvent) => number
  }[]
}

/** A lifecycle as tables: all that is needed to follow somebody with a few numbers. */
export interface StageTables {
  readonly initial: number
  /** By stage. */
  readonly rules: readonly (readonly TableRule[])[]
  /** The number of a stage's first rule among all of them. */
  readonly numbers: readonly (readonly number[])[]
  readonly types: readonly TypeTable[]
  /** By stage: no deadline of silence is sooner than this after the last activity, none of the stage after its start. */
  readonly quiet: Float64Array
  readonly stay: Float64Array
  /** By stage and type: whether anything can follow at the instant of such an event. */
  readonly reacts: Uint8Array
  /** By UTC day, the offset of the zone, as `Deadlines` knows it. */
  readonly offsets: Int32Array
  /** Whether what was heard and used by no move can matter later at the same instant. */
  readonly keepsHeard: boolean
  /** Whether something is heard that may be no activity. */
  readonly keepsLast: boolean
  /** Counters of two bytes a person. */
  readonly counts: number
  /** Sums of eight. */
  readonly sums: number
}

const KNOWN = [
  ...['model', 'id', 'version', 'calendar', 'events', 'activity', 'stages', 'initial', 'rules', 'everywhere'],
  ...['final', 'forwardOnly', 'exhaustive', 'idempotencyWindow', 'words'],
]

/** The tables of a lifecycle; `undefined` where its rules need more than a few numbers a person. */
export function stageTablesOf(known: StageRules): StageTables | undefined {
  const { definition, stages, rules, types, roles, changed } = known
  const { events, activity, calendar } = definition
  const strange = Object.keys(definition).some((key) => !KNOWN.includes(key))
  if (strange || roles.size > 0 || Object.hasOwn(events, COVERAGE)) return undefined
  const conditions = rules.flatMap(({ rule }) => ('when' in rule && rule.when ? [rule.when] : []))
  if (rules.some(({ rule }) => 'since' in rule) || !conditions.flatMap(factsOf).every(isTotal))
    return undefined
  if (conditions.flatMap(factsOf).some((fact) => 'event' in fact && fact.event === changed)) return undefined
  const keys = [...new Set(rules.flatMap(({ rule }) => ('on' in rule ? [heardKey(rule.on)] : [])))]
  if (keys.length > 8) return undefined

  const dates = calendarOf(calendar)
  const deadlines = deadlinesIn(dates)
  const context = { events, calendar, kinds: { count: countKind, sum: sumKind } }
  const facts = new FactSet(conditions.flatMap(factsOf), context)
  const places = placesOf(facts, conditions, context)
  const holdsOf = (condition: Condition) => holdsFrom(condition, facts, places, context)

  const tableRules = stages.map((_, stage) =>
    rules
      .filter(({ from }) => from === stage)
      .map(({ rule, to }): TableRule => {
        const reset = (rule.reset ?? []).map((fact) => places[facts.place(factOf(fact))]!)
        const common = {
          to,
          key: 'on' in rule ? 1 << keys.indexOf(heardKey(rule.on)) : 0,
          holds: 'when' in rule && rule.when ? holdsOf(rule.when) : undefined,
          count: 'when' in rule && rule.when ? oneCount(rule.when, facts, places, context) : undefined,
          resetCounts: reset.flatMap(({ counted, at }) => (counted ? [at] : [])),
          resetSums: reset.flatMap(({ counted, at }) => (counted ? [] : [at])),
        }
        if ('inactiveFor' in rule)
          return { ...common, kind: INACTIVE, deadline: deadlines.of(rule.inactiveFor) }
        if ('inStageFor' in rule)
          return { ...common, kind: IN_STAGE, deadline: deadlines.of(rule.inStageFor) }
        return { ...common, kind: 'on' in rule ? ON : WHEN, deadline: undefined }
      }),
  )
  const leastOf = (kind: number) =>
    Float64Array.from(stages, (_, stage) =>
      Math.min(
        ...tableRules[stage]!.filter((rule) => rule.kind === kind).map(({ deadline }) => deadline!.least),
      ),
    )
  const quiet = leastOf(INACTIVE)
  const stay = leastOf(IN_STAGE)
  const typeTables = types.map((type) => typeTableOf(type, definition, keys, known, facts, places))
  const reacts = new Uint8Array(stages.length * types.length)
  for (const { rule, from } of rules) {
    const read = 'when' in rule && rule.when ? factsOf(rule.when) : []
    for (const [t, type] of types.entries()) {
      const heard = 'on' in rule && heardOf(rule.on).event === type
      const fed = read.some((fact) => 'event' in fact && fact.event === type)
      if (heard || fed || !(quiet[from]! > 0 && stay[from]! > 0)) reacts[from * types.length + t] = 1
    }
  }
  return {
    initial: known.initial,
    rules: tableRules,
    numbers: stages.map((_, stage) => rules.flatMap(({ from }, n) => (from === stage ? [n] : []))),
    types: typeTables,
    quiet,
    stay,
    reacts,
    offsets: deadlines.offsets,
    keepsHeard: rules.some(({ rule }) => 'on' in rule && rule.when !== undefined),
    keepsLast: !typeTables.every(
      ({ plain, active }, i) => active && (plain || everyActive(types[i]!, activity)),
    ),
    counts: Math.max(0, ...places.map(({ counted, at }) => (counted ? at + 1 : 0))),
    sums: Math.max(0, ...places.map(({ counted, at }) => (counted ? 0 : at + 1))),
  }
}

/** Whether every event of a type is activity, whatever it carries. */
const everyActive = (type: string, activity: readonly Heard[]): boolean =>
  activity.some((heard) => heardOf(heard).event === type && heardOf(heard).where === undefined)

/** Counts and sums of all that ever happened: a number each. */
const isTotal = (fact: Fact): boolean =>
  (fact.fact === 'count' || fact.fact === 'sum') &&
  fact.within === undefined &&
  fact.since === undefined &&
  fact.per === undefined

/** Where a fact is kept. */
interface Place {
  readonly counted: boolean
  readonly at: number
}

/** Counts that are compared with small numbers alone go into two bytes. */
function placesOf(
  facts: FactSet,
  conditions: readonly Condition[],
  context: Parameters<typeof testOf>[2],
): readonly Place[] {
  const small = facts.trackers.map(({ fact }) => fact.fact === 'count')
  for (const leaf of conditions.flatMap(leavesIn)) {
    const place = facts.place(leaf.fact)
    const bounds = testOf(leaf, facts.trackers[place]!, context).intervals!.flat()
    if (bounds.some((bound) => Number.isFinite(bound) && bound >= MOST_COUNTED)) small[place] = false
  }
  let [counts, sums] = [0, 0]
  return small.map((counted) => ({ counted, at: counted ? counts++ : sums++ }))
}

type Leaf = Extract<Condition, { readonly fact: Fact }>

const leavesIn = (condition: Condition): readonly Leaf[] =>
  'fact' in condition ? [condition] : partsOf(condition).flatMap(leavesIn)

/** A condition over counters, as `compileCondition` means it: nothing here is unknown. */
function holdsFrom(
  condition: Condition,
  facts: FactSet,
  places: readonly Place[],
  context: Parameters<typeof testOf>[2],
): Holds {
  const width = places.filter(({ counted }) => counted).length
  const depth = places.length - width
  const compiled = (one: Condition): Holds => {
    if ('fact' in one) {
      const place = facts.place(one.fact)
      const { counted, at } = places[place]!
      const intervals = testOf(one, facts.trackers[place]!, context).intervals!
      if (intervals.length === 1 && counted) {
        const [low, high] = intervals[0]!
        return (counts, _, row) => {
          const value = counts[row * width + at]!
          return value >= low && value <= high
        }
      }
      return (counts, sums, row) => {
        const value = counted ? counts[row * width + at]! : sums[row * depth + at]!
        return intervals.some(([low, high]) => value >= low && value <= high)
      }
    }
    const parts = partsOf(one).map(compiled)
    if (one.condition === 'not') return (counts, sums, row) => !parts[0]!(counts, sums, row)
    const needed = neededOf(one)
    return (counts, sums, row) => {
      let held = 0
      for (let i = 0; i < parts.length && held < needed; i++) if (parts[i]!(counts, sums, row)) held += 1
      return held >= needed
    }
  }
  return compiled(condition)
}

function oneCount(
  condition: Condition,
  facts: FactSet,
  places: readonly Place[],
  context: Parameters<typeof testOf>[2],
): TableRule['count'] {
  if (!('fact' in condition)) return undefined
  const place = facts.place(condition.fact)
  const intervals = testOf(condition, facts.trackers[place]!, context).intervals!
  const { counted, at } = places[place]!
  const [low, high] = intervals[0] ?? [0, -1]
  return counted && intervals.length === 1 ? { at, low, high } : undefined
}

function typeTableOf(
  type: string,
  { activity, events }: StoredLifecycle,
  keys: readonly string[],
  { rules }: StageRules,
  facts: FactSet,
  places: readonly Place[],
): TypeTable {
  const matching = (scope: Parameters<typeof matcherOf>[0]) => {
    const matches = matcherOf(scope, events)
    return (event: AnyEvent) => matches(event, event.subject)
  }
  const activities = activity.map(heardOf).filter(({ event }) => event === type)
  const heards = rules.flatMap(({ rule }) =>
    'on' in rule && heardOf(rule.on).event === type ? [rule.on] : [],
  )
  const asked = heards.map((heard) => ({
    bit: 1 << keys.indexOf(heardKey(heard)),
    matches: matching(heardOf(heard)),
    always: heardOf(heard).where === undefined,
  }))
  const fed = facts.trackers.flatMap(({ fact }, place) =>
    'event' in fact && fact.event === type ? [{ fact, ...places[place]! }] : [],
  )
  const counted = fed.filter((one) => one.counted)
  const plain =
    activities.every(({ where }) => where === undefined) &&
    asked.every(({ always }) => always) &&
    fed.every(
      ({ fact, counted: small }) => small && (fact as { readonly where?: object }).where === undefined,
    )
  const active = activities.map(matching)
  return {
    plain,
    active: activities.length > 0,
    asked: asked.reduce((bits, { bit }) => bits | bit, 0),
    counts: counted.map(({ at }) => at),
    isActive: (event) => active.some((matches) => matches(event)),
    askedOf: (event) => asked.reduce((bits, { bit, matches }) => (matches(event) ? bits | bit : bits), 0),
    counted: counted.map(({ fact, at }) => ({ at, matches: matching(fact as never) })),
    summed: fed
      .filter((one) => !one.counted)
      .map(({ fact, at }) => ({
        at,
        matches: matching(fact as never),
        amount: amountOf(fact, type, events),
      })),
  }
}

function amountOf(fact: Fact, type: string, events: StoredLifecycle['events']): (event: AnyEvent) => number {
  if (fact.fact !== 'sum') return () => 1
  const field = events[type]![fact.field]!
  return ({ data }) => numberOf(field, own(data, fact.field)) ?? 0
}
