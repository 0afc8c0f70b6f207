import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { PlanGoal } from './definition.js'
import { type PlanOpening, type StageCounts, withArrivals } from './expected.js'
import type { ReadGoal } from './plan-goals.js'
import { readCounts, readPeople } from './plan-people.js'
import { planOf, type ReadPlan, yearIn } from './reading.js'
import { runYears } from './run.js'
import type { PlanFinding } from './sentences.js'
import type { StagePlan } from './stage-plan.js'
import { closingOf, type GoalStanding, type Position, standingOf } from './standing.js'

/** Who moved in a year; `null` outside the stages. */
export interface CountedMove<Stage extends string> {
  readonly from: Stage | null
  readonly to: Stage | null
  readonly people: number
}

/** People by stage at the beginning of a year, or at its end. */
export interface GapOptions<Stage extends string, Year extends number> {
  readonly year: Year
  readonly counts: StageCounts<Stage>
  /** `opening` unless told: the year's flows are still to come. At the `closing` nothing is. */
  readonly at?: 'opening' | 'closing'
  /** All moves of the year, at its closing: without them a rate is not known. */
  readonly moved?: readonly CountedMove<Stage>[]
  /** Who arrives in the year instead of those of the plan; at its opening. */
  readonly arrivals?: PlanOpening<Stage, Year>['arrivals']
}

/** A goal, and how far it is. */
export interface GoalGap<Stage extends string, Year extends number> {
  readonly stage: Stage
  readonly year: Year
  readonly owner: string
  readonly goal: PlanGoal<Stage>
  /** With the people as they were given. */
  readonly now: GoalStanding<Stage>
  /** When the year ends, by the expected flows; at the closing the same as `now`. */
  readonly atYearEnd: GoalStanding<Stage>
  /**
   * What counts is the end of the year, when the goal is due.
   *
   * - `met`: the bound and its guards hold now, and will. `in-reach`: they do not now, and will.
   * - `slipping`: they hold now, and the bound will not. `out-of-reach`: it will not; at the closing `missed`.
   * - `guard-at-risk`: the bound will hold and a guard will not; at the closing `guard-broken`.
   * - `undefined`: the number does not exist; `atYearEnd.figure` says why.
   */
  readonly status:
    | 'met'
    | 'in-reach'
    | 'slipping'
    | 'out-of-reach'
    | 'missed'
    | 'guard-at-risk'
    | 'guard-broken'
    | 'undefined'
  /** For `explain`. */
  readonly because: PlanFinding
}

/**
 * The goals of a year, each with what is there, what is missing, and whether the expected flows will close the gap. Bounds
 * are compared exactly. A goal is met only with its guards.
 *
 * At the opening the flows of the whole year are still to come. At the closing nothing is, and `moved` tells the rates.
 *
 * @throws DefinitionError as `expectedStages` does; `out-of-range` for moves that do not fit the counts.
 * @example
 * gapToGoal(plan, { year: 2026, counts: { lead: 0, active: 1000 } })[0].now.gap // => 2000
 */
export function gapToGoal<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
  options: GapOptions<NoInfer<Stage>, NoInfer<Year>>,
): readonly GoalGap<Stage, Year>[] {
  const read = planOf(plan)
  checkRecord(options, '$')
  checkKeys(options, ['year', 'counts', 'at', 'moved', 'arrivals'], '$')
  const { at = 'opening', moved, arrivals } = options
  checkName(['opening', 'closing'], at, '$.at')
  const year = yearIn(read, options.year, '$.year')
  const counts = readCounts(read, options.counts, '$.counts')
  const isOver = at === 'closing'
  if (!isOver && moved !== undefined)
    throw fault('out-of-range', '$.moved', moved, 'moves of a year that is over: at the closing')
  if (isOver && arrivals !== undefined)
    throw fault('out-of-range', '$.arrivals', arrivals, 'arrivals that are to come: at the opening')
  const now: Position = { counts, moved: isOver ? countedMoves(read, counts, moved) : 'not-over' }
  const coming = withArrivals(read, arrivals)
  const then = isOver ? now : closingOf(coming, runYears(coming, counts, [year, year])[0]!)
  const gaps = read.goals[year]!.flatMap((goal) => (goal ? [gapOf(read, goal, now, then, isOver)] : []))
  return gaps as readonly unknown[] as readonly GoalGap<Stage, Year>[]
}

/** How one goal stands, now and at the end. */
export function gapOf(
  { stages, years, owners }: ReadPlan,
  goal: ReadGoal,
  from: Position,
  to: Position,
  isOver: boolean,
): GoalGap<string, number> {
  const [now, atYearEnd] = [standingOf(goal, from), standingOf(goal, to)]
  const status = statusOf(now, atYearEnd, isOver)
  const [stage, year] = [stages[goal.stage]!, years[goal.year]!]
  const place = { stage, year }
  const because = ((): PlanFinding => {
    const people = atYearEnd.gap ?? 0
    switch (status) {
      case 'met':
        return { code: 'goal-met', ...place }
      case 'in-reach':
        return { code: 'goal-in-reach', ...place }
      case 'guard-broken':
      case 'guard-at-risk':
        return { code: status, ...place, guard: atYearEnd.guards.find(({ holds }) => !holds)!.guard.stage }
      case 'slipping':
        return { code: goal.atLeast ? 'goal-slipping' : 'goal-overrunning', ...place, people }
      case 'missed':
        return { code: goal.atLeast ? 'goal-missed' : 'goal-overrun', ...place, people }
      case 'out-of-reach':
        return { code: goal.atLeast ? 'goal-short' : 'goal-exceeded', ...place, people }
      case 'undefined': {
        const { figure } = atYearEnd
        const isNobody = figure.kind === 'undefined' && figure.reason === 'nobody'
        return { code: isNobody ? 'goal-of-nobody' : 'goal-not-counted', ...place }
      }
    }
  })()
  return { ...place, owner: owners[goal.stage]!, goal: goal.goal, now, atYearEnd, status, because }
}

function statusOf(
  now: GoalStanding<string>,
  atYearEnd: GoalStanding<string>,
  isOver: boolean,
): GoalGap<string, number>['status'] {
  if (atYearEnd.met) return now.met ? 'met' : 'in-reach'
  if (atYearEnd.holds) return isOver ? 'guard-broken' : 'guard-at-risk'
  if (atYearEnd.gap === null) return 'undefined'
  return isOver ? 'missed' : now.met ? 'slipping' : 'out-of-reach'
}

/** Who moved, of whom: told from the closing backwards. */
export function countedMoves(
  { stages, several }: ReadPlan,
  closing: readonly number[],
  moved: unknown,
): Position['moved'] {
  if (moved === undefined) return 'not-counted'
  checkList(moved, '$.moved')
  if (moved.length > MOST_MOVES)
    throw fault('too-large', '$.moved', moved, `at most ${MOST_MOVES}, one from a stage to another`)
  const base = closing.slice()
  const people = new Map<string, number>()
  for (const [i, move] of moved.entries()) {
    const path = `$.moved[${i}]`
    checkRecord(move, path)
    checkKeys(move as object, ['from', 'to', 'people'], path)
    const given = move as { readonly from: unknown; readonly to: unknown; readonly people: unknown }
    for (const key of ['from', 'to'] as const)
      if (given[key] !== null) checkName(stages, given[key], `${path}.${key}`)
    const [from, to] = [stages.indexOf(given.from as string), stages.indexOf(given.to as string)]
    if (from === to) throw fault('out-of-range', `${path}.to`, given.to, 'another stage')
    const key = `${from} ${to}`
    if (people.has(key)) throw fault('duplicate-name', path, move, 'one entry from a stage to another')
    const count = readPeople(given.people, `${path}.people`)
    people.set(key, count)
    if (from >= 0) base[from]! += count
    // Who came from an earlier stage, or from outside, is among those of whom the shares are where moving on is allowed.
    if (to >= 0 && !(several && from < to)) base[to]! -= count
  }
  for (const [stage, of] of base.entries())
    if (of < 0) throw fault('out-of-range', '$.moved', of, `moves that fit the counts of ${stages[stage]}`)
  return (from, to) => ({ people: people.get(`${from} ${to}`) ?? 0, of: base[from]! })
}

const MOST_MOVES = 40_000
