import { canonical, digestName, plain } from '../../kernel/digest.js'
import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type Engine,
  type EventColumns,
  type EventSpecs,
  type Instant,
  isInstant,
  type Json,
} from '../../kernel/index.js'
import { defineSurvival, type SurvivalPartial } from '../../measures/index.js'
import type { LifecycleKinds } from '../lifecycle.js'
import { addStay, copyTotals, type FlowTotals, noTotals, staysOf } from './flow-totals.js'
import { NOBODY, stageAt } from './follower.js'
import { collectorOf, type Following } from './following.js'
import { checkAsOf, checkHead, followerOf, type StageFlowsOptions, verbsOf } from './following-aggregate.js'
import { type MoveColumns, moveColumns, moveList } from './move-columns.js'
import { rowsInOrder } from './people.js'
import { type StageRules, stageRulesOf } from './stage-rules.js'
import { type StandingColumns, standingColumns } from './standing-columns.js'

/** In what stays are measured: hours of 3,600 seconds, or days of 24 of them. A stay counts as the whole ones that it lasted. */
export type StayUnit = 'hour' | 'day'

/** A lifecycle that is followed over everybody at once. */
export interface StageFlowsDefinition<
  Id extends string = string,
  Stage extends string = string,
  E extends EventSpecs = EventSpecs,
  Promises extends string = never,
> {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** What `defineLifecycle` made. */
  readonly lifecycle: Engine<LifecycleKinds<Id, Stage, E, Promises>>
  /** In what stays are measured; `day` unless told. */
  readonly stays?: StayUnit
}

/** What is remembered between events: plain data, with typed arrays. */
export type StageFlowsPartial = Following

/** How often a rule moved somebody. */
export interface RuleFlow<Stage extends string = string> {
  /** `$.rules.active[0]`: where the rule stands in its definition. */
  readonly rule: string
  readonly from: Stage
  readonly to: Stage
  readonly count: number
}

/** Where everybody stands, and how they came there. Counts are exact. */
export interface StageFlows<Stage extends string = string> {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  /** Digest of the definition and the moment: equal ones mean equal questions. */
  readonly fingerprint: string
  /** How people were followed: with a few numbers each, or with the engine's own states. The numbers are the same. */
  readonly path: 'tables' | 'states'
  readonly asOf: Instant
  readonly stages: readonly Stage[]
  /** Who was heard of. */
  readonly people: number
  /** By stage, who is in it. */
  readonly now: readonly number[]
  /** By stage, who began in it. */
  readonly arrivals: readonly number[]
  /** By stage, how often it was entered, arrivals included. */
  readonly entries: readonly number[]
  /** `moves[from][to]`, by rules and by hand. */
  readonly moves: readonly (readonly number[])[]
  readonly byRule: readonly RuleFlow<Stage>[]
  readonly byHand: readonly Omit<RuleFlow<Stage>, 'rule'>[]
  /**
   * How long people stay: who left after so many whole units, and who is still there (censored). `defineSurvival` with this id,
   * version and unit takes the tables, and so do `logRank` and others as `counted`.
   */
  readonly stays: {
    readonly id: string
    readonly version: number
    readonly unit: StayUnit
    readonly byStage: readonly SurvivalPartial[]
  }
}

/** An aggregate over a lifecycle: what it needs to know of everybody is kept by row, not by event. */
export interface StageFlowsAggregate<Stage extends string>
  extends Aggregate<AnyEvent, StageFlowsPartial, StageFlows<Stage>, StageFlowsOptions, EventColumns> {
  readonly definition: object
  readonly shard: 'subject'
  readonly path: 'tables' | 'states'
  addColumns(partial: StageFlowsPartial, columns: EventColumns): StageFlowsPartial
  /**
   * Takes a person out again, given all of their events in order: what was added up cannot be taken apart without them. A partial in which the
   * person is not stays as it is.
   *
   * @throws DefinitionError `missing` where these are not all of them.
   */
  withdraw(partial: StageFlowsPartial, subject: string, events: readonly AnyEvent[]): StageFlowsPartial
  /** Where everybody stands, or everybody in one stage. */
  people(partial: StageFlowsPartial, options: StageFlowsOptions & { readonly stage?: Stage }): StandingColumns
  /** Who moves in `[from, until)` if nothing happens, with all that follows within it. Not before the latest event. */
  due(
    partial: StageFlowsPartial,
    options: { readonly from: Instant; readonly until: Instant },
  ): MoveColumns<Stage>
  /** Every move that these events and time until `asOf` make: who is behind a cell of `moves`. */
  moves(events: EventColumns | readonly AnyEvent[], options: StageFlowsOptions): MoveColumns<Stage>
  toJson(partial: StageFlowsPartial): Json
  fromJson(json: unknown): StageFlowsPartial
}

const UNITS = { hour: 3_600_000, day: 86_400_000 } as const

/**
 * A lifecycle over everybody: who is in which stage, who moved from where to where by which rule, how often stages were entered
 * and how long people stay. It makes the same moves at the same instants as the engine does input by input.
 *
 * Events of one person come in order of time: sorted by time over all, or grouped by person; ties count in the order in which they come.
 * What comes out of order is refused, and `sortColumns` puts it right. Ids are not remembered: a retry counts twice unless it was taken out before,
 * which `sortColumns` does too. Fields that a rule reads are those of the catalogue, or the row is refused; others are not checked. Events that the lifecycle does not declare, and what it emits itself, are passed over.
 *
 * Partials merge where their people are different. Where a definition hears of people in a role (`as`), an event concerns whom it
 * names too, and all of them have to be in one shard.
 *
 * @throws DefinitionError for a definition that does not hold; from `add` and `addColumns` `out-of-range` for what is out of order,
 * `wrong-type` and `invalid-instant` for what is no event; from `merge` `out-of-range` for people of both; from `result`
 * `as-of-before-state` for a moment before the latest event; `other-definition` and `malformed-state` for another partial.
 * @example
 * const flows = defineStageFlows({ id: 'flows', version: 1, lifecycle: customer })
 * const partial = flows.addColumns(flows.empty(), columns)
 * const { now, moves } = flows.result(partial, { asOf })
 */
export function defineStageFlows<
  const Id extends string,
  const Stage extends string,
  E extends EventSpecs,
  Promises extends string = never,
>(definition: StageFlowsDefinition<Id, Stage, E, Promises>): StageFlowsAggregate<Stage> {
  checkRecord(definition, '$')
  checkKeys(definition, ['id', 'version', 'lifecycle', 'stays'], '$')
  checkHead(definition)
  const { id, version, stays: unit = 'day' } = definition
  checkName(Object.keys(UNITS), unit, '$.stays')
  const known = stageRulesOf(definition.lifecycle, '$.lifecycle')
  const follower = followerOf(known, UNITS[unit])
  const stages = known.stages as readonly Stage[]
  const agreed = plain({ id, version, lifecycle: known.engine.definition, stays: unit })
  const of = digestName(canonical({ flows: known.engine.hash, stays: unit }))
  const digest = digestName(canonical(agreed))
  const collector = collectorOf(known, follower, of)
  const tableOf = defineSurvival({ id, version, unit })
  const length = UNITS[unit]

  const nothing = () => noTotals(stages.length, known.rules.length)

  const result = (partial: Following, options: StageFlowsOptions): StageFlows<Stage> => {
    collector.own(partial)
    const asOf = checkAsOf(partial, options, ['asOf'])
    const totals = copyTotals(partial.totals)
    const now = stages.map(() => 0)
    const open = noTotals(stages.length, 0).stays
    const { marks, since } = follower.standing(partial.rows, partial.people.count, asOf, totals)
    for (let row = 0; row < partial.people.count; row++) {
      const stage = marks[row]! & 255
      if (stage === NOBODY) continue
      now[stage]! += 1
      addStay(open, stage, Math.floor((asOf - since[row]!) / length))
    }
    const arrivals = stages.map((_, stage) => (stage === known.initial ? partial.people.present : 0))
    const moves = movesOf(known, totals)
    const left = staysOf(totals.stays)
    const still = staysOf(open)
    return {
      definition: { id, version, digest },
      fingerprint: digestName(canonical({ digest, asOf })),
      path: follower.path,
      asOf,
      stages,
      people: partial.people.present,
      now,
      arrivals,
      entries: arrivals.map((count, to) => moves.reduce((sum, row) => sum + row[to]!, count)),
      moves,
      byRule: known.rules.map(({ path, from, to }, i) => ({
        rule: path,
        from: stages[from]!,
        to: stages[to]!,
        count: totals.moves[i]!,
      })),
      byHand: [...totals.byHand].flatMap((count, cell) =>
        count === 0
          ? []
          : [{ from: stages[Math.floor(cell / stages.length)]!, to: stages[cell % stages.length]!, count }],
      ),
      stays: {
        id,
        version,
        unit,
        byStage: stages.map((_, stage) => counted(tableOf.empty().of, left[stage]!, still[stage]!)),
      },
    }
  }

  const people: StageFlowsAggregate<Stage>['people'] = (partial, options) => {
    collector.own(partial)
    const asOf = checkAsOf(partial, options, ['asOf', 'stage'])
    if (options.stage !== undefined) checkName(stages, options.stage, '$.stage')
    const wanted = options.stage === undefined ? -1 : stages.indexOf(options.stage)
    const rows = follower.standing(partial.rows, partial.people.count, asOf, nothing())
    const all = rowsInOrder(partial.people, collector.rowsOf(partial))
    const found = wanted < 0 ? all : all.filter((row) => stageAt(rows, row) === wanted)
    return standingColumns(follower, { people: partial.people, rows, found, asOf })
  }

  const due: StageFlowsAggregate<Stage>['due'] = (partial, options) => {
    collector.own(partial)
    checkRecord(options, '$')
    checkKeys(options, ['from', 'until'], '$')
    const { from, until } = options
    for (const [name, at] of Object.entries({ from, until }))
      if (!isInstant(at)) throw fault('invalid-instant', `$.${name}`, at, 'an instant')
    if (until < from) throw fault('out-of-range', '$.until', until, 'from, or later')
    if (partial.latest !== null && from < partial.latest)
      throw fault('as-of-before-state', '$.from', from, `${partial.latest} or later`)
    const { list, note } = moveList()
    const unused = nothing()
    const rows = follower.standing(partial.rows, partial.people.count, from - 1, unused)
    for (const row of collector.rowsOf(partial)) follower.advance(rows, row, until - 1, unused, note)
    return moveColumns(list, partial.people, known)
  }

  const moves: StageFlowsAggregate<Stage>['moves'] = (events, options) => {
    const { list, note } = moveList()
    const noting = collectorOf(known, follower, of, note)
    const partial = noting.empty()
    if (Array.isArray(events)) for (const event of events) noting.add(partial, event)
    else noting.addColumns(partial, events as EventColumns)
    const asOf = checkAsOf(partial, options, ['asOf'])
    const unused = nothing()
    for (const row of noting.rowsOf(partial)) follower.advance(partial.rows, row, asOf, unused, note)
    return moveColumns(list, partial.people, known)
  }

  return {
    definition: agreed as object,
    path: follower.path,
    ...verbsOf(collector),
    result,
    people,
    due,
    moves,
  }
}

function movesOf(
  { stages, rules }: StageRules,
  { moves, byHand }: FlowTotals,
): readonly (readonly number[])[] {
  const matrix = stages.map((_, from) => stages.map((__, to) => byHand[from * stages.length + to]!))
  for (const [i, { from, to }] of rules.entries()) matrix[from]![to]! += moves[i]!
  return matrix
}

/** Who left and who is still there, by time. */
function counted(
  of: string,
  left: readonly (readonly [number, number])[],
  still: readonly (readonly [number, number])[],
): SurvivalPartial {
  const table = new Map<number, [events: number, censored: number]>()
  for (const [time, n] of left) table.set(time, [n, 0])
  for (const [time, n] of still) table.set(time, [table.get(time)?.[0] ?? 0, n])
  const rows = [...table].sort(([a], [b]) => a - b)
  return {
    of,
    times: rows.map(([time]) => time),
    events: rows.map(([, [n]]) => n),
    censored: rows.map(([, [, n]]) => n),
    entered: rows.map(() => 0),
  }
}
