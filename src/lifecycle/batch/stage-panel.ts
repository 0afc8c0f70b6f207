import { canonical, digestName, plain } from '../../kernel/digest.js'
import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  calendarOf,
  type Engine,
  type EventColumns,
  type EventSpecs,
  type Json,
  type Periods,
  type PeriodUnit,
  periodsOf,
} from '../../kernel/index.js'
import type { StagePanel } from '../forecast/panel.js'
import type { LifecycleKinds } from '../lifecycle.js'
import { copyTotals, type FlowTotals } from './flow-totals.js'
import { collectorOf, type Following } from './following.js'
import { checkAsOf, checkHead, followerOf, type StageFlowsOptions, verbsOf } from './following-aggregate.js'
import { NO_STATE, type PanelStates, panelFollower, partsOfWay } from './panel-follower.js'
import { type StageRules, stageRulesOf } from './stage-rules.js'

/** People at the bounds of periods. */
export interface StagePanelDefinition<
  Id extends string = string,
  Stage extends string = string,
  E extends EventSpecs = EventSpecs,
  Promises extends string = never,
> {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** What `defineLifecycle` made. Its calendar says when periods begin. */
  readonly lifecycle: Engine<LifecycleKinds<Id, Stage, E, Promises>>
  readonly period: PeriodUnit
  /**
   * `stage`: a state is a stage. `recency`: where silence leads on from a stage, it is the stage and how many periods ago the last activity
   * was, `active+0` for those who were active in the period that ends; a forecast over stages alone has no memory of that.
   */
  readonly by: 'stage' | 'recency'
  /** By recency: from so many periods on they are not told apart, 1 to 60; as many as the longest silence of the stage takes, at most 24, unless told. */
  readonly upTo?: number
}

/** What is remembered between events: plain data, with typed arrays. */
export type StagePanelPartial = Following

/** Collects panels; the laws and refusals are those of `defineStageFlows`. */
export interface StagePanelAggregate<State extends string>
  extends Aggregate<AnyEvent, StagePanelPartial, StagePanel<State>, StageFlowsOptions, EventColumns> {
  readonly definition: object
  readonly shard: 'subject'
  readonly path: 'tables' | 'states'
  addColumns(partial: StagePanelPartial, columns: EventColumns): StagePanelPartial
  /** Takes a person out again, given all of their events in order. @throws DefinitionError `missing` where these are not all. */
  withdraw(partial: StagePanelPartial, subject: string, events: readonly AnyEvent[]): StagePanelPartial
  toJson(partial: StagePanelPartial): Json
  fromJson(json: unknown): StagePanelPartial
}

/**
 * Where everybody stands as each period begins and ends. Deadlines are taken at their own instants, so that a move at noon of the last day
 * counts for the period; what happens at the very instant at which a period begins belongs to it. Whole periods alone are told: up to the
 * last that is over at `asOf`.
 *
 * @throws DefinitionError as `defineStageFlows`; `too-large` for more than 200,000 periods of one person, or more than 65,000 states.
 * @example
 * const monthly = defineStagePanel({ id: 'monthly', version: 1, lifecycle: customer, period: 'month', by: 'stage' })
 * const { periods } = monthly.result(monthly.addColumns(monthly.empty(), columns), { asOf })
 */
export function defineStagePanel<
  const Id extends string,
  const Stage extends string,
  E extends EventSpecs,
  Promises extends string = never,
>(
  definition: StagePanelDefinition<Id, Stage, E, Promises> & { readonly by: 'stage' },
): StagePanelAggregate<Stage>
export function defineStagePanel<
  const Id extends string,
  const Stage extends string,
  E extends EventSpecs,
  Promises extends string = never,
>(definition: StagePanelDefinition<Id, Stage, E, Promises>): StagePanelAggregate<string>
export function defineStagePanel(
  // biome-ignore lint/suspicious/noExplicitAny: with whatever promises.
  definition: StagePanelDefinition<string, string, EventSpecs, any>,
): StagePanelAggregate<string> {
  checkRecord(definition, '$')
  checkKeys(definition, ['id', 'version', 'lifecycle', 'period', 'by', 'upTo'], '$')
  checkHead(definition)
  const { id, version, period, by, upTo } = definition
  checkName(['stage', 'recency'], by, '$.by')
  const within = Number.isInteger(upTo) && (upTo as number) >= 1 && (upTo as number) <= 60
  if (upTo !== undefined && !(by === 'recency' && within))
    throw fault('out-of-range', '$.upTo', upTo, by === 'recency' ? '1 to 60' : 'nothing without recency')
  const known = stageRulesOf(definition.lifecycle, '$.lifecycle')
  const periods = periodsOf(calendarOf(known.definition.calendar), period)
  const states = statesOf(known, by, periods, upTo)
  const follower = panelFollower(followerOf(known, 86_400_000), states, periods)
  const agreed = plain({
    id,
    version,
    lifecycle: known.engine.definition,
    period,
    by,
    ...(upTo !== undefined && { upTo }),
  })
  const { names } = states
  const of = digestName(canonical({ panel: known.engine.hash, period, states: [...names] }))
  const collector = collectorOf(known, follower, of)
  return {
    definition: agreed as object,
    path: follower.path,
    ...verbsOf(collector),
    result(partial, options) {
      collector.own(partial)
      const asOf = checkAsOf(partial, options, ['asOf'])
      const totals = copyTotals(partial.totals)
      follower.close(partial.rows, partial.people.count, asOf, totals)
      return {
        states: names,
        stageOf: states.stageOf,
        unit: period,
        periods: periodsIn(totals, names.length, periods),
      }
    },
  }
}

/** The states of a lifecycle. */
function statesOf(
  { stages, rules, definition }: StageRules,
  by: 'stage' | 'recency',
  periods: Periods,
  upTo: number | undefined,
): PanelStates {
  const calendar = calendarOf(definition.calendar)
  const capOf = (stage: number): number => {
    const silences = rules.flatMap(({ rule, from }) =>
      from === stage && 'inactiveFor' in rule ? [rule.inactiveFor] : [],
    )
    if (by === 'stage' || silences.length === 0) return 0
    // Counted from the last instant of a period in 2023, which has no leap day: as many periods as from any other instant.
    const period = periods.latestBy(1_672_531_200_000)
    const last = periods.startOf(period + 1) - 1
    const needed = Math.max(...silences.map((span) => periods.latestBy(calendar.add(last, span)) - period))
    return upTo ?? Math.max(1, Math.min(needed, 24))
  }
  const cap = stages.map((_, stage) => capOf(stage))
  const first: number[] = []
  const names: string[] = []
  const stageOf: string[] = []
  for (const [stage, name] of stages.entries()) {
    first.push(names.length)
    for (let silent = 0; silent <= cap[stage]!; silent++) {
      names.push(cap[stage] === 0 ? name : `${name}+${silent}`)
      stageOf.push(name)
    }
  }
  if (names.length >= 65_000) throw fault('too-large', '$.upTo', upTo, 'up to 65,000 states')
  return { names, stageOf, first, cap }
}

/** Every period from the first to the last that was gone through. */
function periodsIn({ ways }: FlowTotals, states: number, periods: Periods): StagePanel['periods'] {
  const numbers = [...ways.keys()].sort((a, b) => a - b)
  const [first, last] = [numbers[0], numbers.at(-1)]
  if (first === undefined || last === undefined) return []
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const moves = Array.from({ length: states }, () => new Array<number>(states).fill(0))
    const arrivals = new Array<number>(states).fill(0)
    const triples: (readonly [number, number, number, number])[] = []
    for (const [way, count] of [...(ways.get(first + i) ?? [])].sort(([a], [b]) => a - b)) {
      const [before, from, to] = partsOfWay(states, way)
      if (from === NO_STATE) arrivals[to]! += count
      else moves[from]![to]! += count
      if (before !== NO_STATE) triples.push([before, from, to, count])
    }
    return { period: periods.nameOf(first + i), moves, arrivals, triples }
  })
}
