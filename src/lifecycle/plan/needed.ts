import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import type { PlanGoal } from './definition.js'
import { endsOf, type PlanOpening, readOpening } from './expected.js'
import type { ReadMove } from './plan-flows.js'
import type { ReadGoal } from './plan-goals.js'
import { planOf, type ReadPlan, yearIn } from './reading.js'
import { peopleIn, runYears, type YearRun } from './run.js'
import type { PlanFinding } from './sentences.js'
import type { StagePlan } from './stage-plan.js'
import { closingOf, type GoalStanding, standingOf } from './standing.js'
import { wholeAbove, worthOf } from './worth.js'

/** What a goal needs beyond what is expected. */
export interface NeededFlow<Stage extends string, Year extends number> {
  readonly stage: Stage
  readonly year: Year
  readonly owner: string
  readonly goal: PlanGoal<Stage>
  /** When the year ends, by the expected flows. */
  readonly expected: GoalStanding<Stage>
  /**
   * People who have to be more (`in`) or fewer (`out`) in the stage at the end of the year, or who have to move on more
   * or less often (`on`); 0 where the bound holds, `null` where its number does not exist.
   */
  readonly short: number | null
  readonly direction: 'in' | 'out' | 'on'
  /** Each move that could close the gap alone, whatever the plan expects of it so far. */
  readonly ways: readonly NeededMove<Stage>[]
  /** What it takes of new people, for each stage at which people arrive. */
  readonly arrivals: readonly NeededArrivals<Stage, Year>[]
  /** For `explain`. */
  readonly because: readonly PlanFinding[]
}

/** One move, and how much more of it would do. */
export interface NeededMove<Stage extends string> {
  readonly from: Stage
  readonly to: Stage | null
  /** People of whom the shares are, and who of them are expected to move. */
  readonly of: number
  readonly people: number
  /** Beyond those; fewer where it is below zero. `null` where it helps nothing: nobody who comes stays until the year ends. */
  readonly more: number | null
  /** Who moves nowhere: more than these would be taken from other moves. */
  readonly spare: number
  readonly rate:
    | { readonly kind: 'rate'; readonly expected: number; readonly needed: number }
    | { readonly kind: 'undefined'; readonly reason: 'nobody-there' | 'rate-over-one' | 'no-effect' }
}

/** More people who arrive at a stage, and what becomes of them on the way to the goal. */
export type NeededArrivals<Stage extends string, Year extends number> =
  | {
      readonly kind: 'arrivals'
      readonly entry: Stage
      /** The latest year that does. */
      readonly year: Year
      /** Beyond those that are expected: so many do, one fewer does not. */
      readonly more: number
      /** Whether the guards of the goal hold then. */
      readonly guardsHold: boolean
      /** Moves on the way beyond those that are expected, from the goal back to the arrivals. */
      readonly trace: readonly {
        readonly year: Year
        readonly from: Stage
        readonly to: Stage
        readonly more: number
      }[]
    }
  | {
      readonly kind: 'undefined'
      readonly entry: Stage
      /**
       * - `no-way-in`: no flow leads there.
       * - `too-late`: those who arrive get there after the goal's year.
       * - `dilutes`: arrivals add more to everybody than to the stage.
       * - `too-many`: it would take more than ten thousand million people.
       * - `not-by-arrivals`: a rate, or a bound from above, is not reached by more arrivals.
       */
      readonly reason: 'no-way-in' | 'too-late' | 'dilutes' | 'too-many' | 'not-by-arrivals'
    }

/**
 * How many people have to move for the goals of a year to be met when it ends, given where people stand and what is expected;
 * traced back, stage by stage, to the new people that it takes.
 *
 * Counts of people are exact in the plan's own flows: with `more` arrivals `expectedStages` meets the bound, with one fewer it
 * does not. A goal that is met needs nothing.
 *
 * @throws DefinitionError as `expectedStages` does; `out-of-range` for a year before `since`.
 * @example
 * flowNeeded(plan, { year: 2026, opening: { lead: 0, active: 0 } })[0].ways[0].more // => 500
 */
export function flowNeeded<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
  options: { readonly year: NoInfer<Year> } & PlanOpening<NoInfer<Stage>, NoInfer<Year>>,
): readonly NeededFlow<Stage, Year>[] {
  const read = planOf(plan)
  checkRecord(options, '$')
  checkKeys(options, ['year', 'opening', 'since', 'arrivals'], '$')
  const { plan: coming, counts, since } = readOpening(read, options)
  const year = yearIn(read, options.year, '$.year')
  if (year < since) throw fault('out-of-range', '$.year', options.year, 'a year from since on')
  const runs = runYears(coming, counts, [since, year])
  const situation: Situation = { plan: coming, counts, since, runs }
  const needed = coming.goals[year]!.flatMap((goal) => (goal ? [neededFor(situation, goal)] : []))
  return needed as readonly unknown[] as readonly NeededFlow<Stage, Year>[]
}

/** A plan on its way: from an opening to the year of a goal. */
interface Situation {
  readonly plan: ReadPlan
  readonly counts: readonly number[]
  readonly since: number
  readonly runs: readonly YearRun[]
}

function neededFor(situation: Situation, goal: ReadGoal): NeededFlow<string, number> {
  const { plan, runs } = situation
  const run = runs.at(-1)!
  const expected = standingOf(goal, closingOf(plan, run))
  const { gap: short } = expected
  const direction = goal.to >= 0 ? 'on' : goal.atLeast ? 'in' : 'out'
  const ways = short === null || short === 0 ? [] : waysOf(plan, run, goal, short)
  const arrivals = short === null || short === 0 ? [] : arrivalsFor(situation, goal)
  const place = { stage: plan.stages[goal.stage]!, year: plan.years[goal.year]! }
  const because: PlanFinding[] = []
  if (short === null) {
    const { figure } = expected
    const isNobody = figure.kind === 'undefined' && figure.reason === 'nobody'
    because.push({ code: isNobody ? 'goal-of-nobody' : 'goal-not-counted', ...place })
  } else if (short > 0) {
    const less = direction === 'on' && !goal.atLeast
    because.push({ code: less ? 'move-on-less' : `move-${direction}`, ...place, people: short })
  }
  for (const one of arrivals) {
    const { entry } = one
    if (one.kind === 'arrivals')
      because.push({
        code: 'arrivals-needed',
        ...{ stage: place.stage, entry, year: one.year, people: one.more },
      })
    else if (one.reason !== 'not-by-arrivals')
      because.push({ code: entryCodes[one.reason], stage: place.stage, entry })
  }
  return {
    ...place,
    ...{
      owner: plan.owners[goal.stage]!,
      goal: goal.goal,
      expected,
      short,
      direction,
      ways,
      arrivals,
      because,
    },
  }
}

const entryCodes = {
  'no-way-in': 'entry-leads-nowhere',
  'too-late': 'entry-too-late',
  dilutes: 'entry-dilutes',
  'too-many': 'entry-too-many',
} as const

/** Every move of the year that could close the gap, had it enough people. */
function waysOf(plan: ReadPlan, run: YearRun, goal: ReadGoal, short: number): readonly NeededMove<string>[] {
  return plan.moves[run.year]!.flatMap((move, i): readonly NeededMove<string>[] => {
    if (!leadsTo(goal, move)) return []
    const { from, to } = endsOf(plan.stages, move)
    const people = run.moved[i]!
    const of = run.base[move.from]!
    const more = moreOf(plan, run, goal, move, short)
    const spare = spareOf(plan, run, move.from)
    const rate = ((): NeededMove<string>['rate'] => {
      if (more === null) return { kind: 'undefined', reason: 'no-effect' }
      if (of === 0) return { kind: 'undefined', reason: 'nobody-there' }
      if (people + more > of) return { kind: 'undefined', reason: 'rate-over-one' }
      return { kind: 'rate', expected: people / of, needed: (people + more) / of }
    })()
    return [{ from: from!, to, of, people, more, spare, rate }]
  })
}

/** Whether a move of people who are there changes what a goal is about. */
const leadsTo = (goal: ReadGoal, { from, to }: ReadMove): boolean =>
  from >= 0 &&
  (goal.to >= 0
    ? from === goal.stage && to === goal.to
    : goal.atLeast
      ? to === goal.stage
      : from === goal.stage)

/** Who is in a stage in a year and moves nowhere. */
export const spareOf = (plan: ReadPlan, run: YearRun, stage: number): number =>
  plan.moves[run.year]!.reduce(
    (left, { from }, i) => (from === stage ? left - run.moved[i]! : left),
    run.base[stage]!,
  )

/** How many more have to move for the gap to close, by what each of them does to it before the year ends. */
function moreOf(plan: ReadPlan, run: YearRun, goal: ReadGoal, move: ReadMove, short: number): number | null {
  if (goal.to >= 0) return goal.atLeast ? short : -short
  const worth = worthOf(plan, goal, run.year, run.year)(move)
  if (worth <= 0) return null
  if (goal.share === undefined) return wholeAbove(short / worth)
  // Of a share the gap is a fraction of people: who leaves for good is missing from the whole, too.
  const [n, d] = [BigInt(goal.share.numerator), BigInt(goal.share.denominator)]
  const gap = Number(n * BigInt(peopleIn(run.closing)) - d * BigInt(run.closing[goal.stage]!))
  return wholeAbove(Math.abs(gap) / goal.share.denominator / worth)
}

/** For each stage at which people arrive, or the first where none is said: how many more do. */
function arrivalsFor(situation: Situation, goal: ReadGoal): readonly NeededArrivals<string, number>[] {
  const { plan } = situation
  const stated = new Set(plan.moves.flatMap((some) => some.flatMap(({ from, to }) => (from < 0 ? [to] : []))))
  const entries = stated.size === 0 ? [0] : [...stated].sort((a, b) => a - b)
  return entries.map((entry) => {
    const name = plan.stages[entry]!
    if (goal.to >= 0 || !goal.atLeast) return { kind: 'undefined', entry: name, reason: 'not-by-arrivals' }
    if (!reaches(plan, entry, goal.stage)) return { kind: 'undefined', entry: name, reason: 'no-way-in' }
    return arrivalsAt(situation, goal, entry)
  })
}

/** The latest year in which more arrivals do, and how many. */
function arrivalsAt(situation: Situation, goal: ReadGoal, entry: number): NeededArrivals<string, number> {
  const { plan, counts, since, runs } = situation
  let arrives = false
  const closing = runs.at(-1)!.closing
  for (let year = goal.year; year >= since; year--) {
    // Years before the one in which more arrive are as they were.
    const opening = year === since ? counts : runs[year - since - 1]!.closing
    const withMore = (people: number) =>
      runYears(plan, opening, [year, goal.year], (at, stage) => (at === year && stage === entry ? people : 0))
    const standing = (people: number) => standingOf(goal, closingOf(plan, withMore(people).at(-1)!))
    const most = withMore(EVERYBODY).at(-1)!
    if (most.closing[goal.stage]! > closing[goal.stage]!) arrives = true
    const more = leastThat((people) => standing(people).holds)
    if (more === undefined) continue
    const after = withMore(more)
    return {
      kind: 'arrivals',
      entry: plan.stages[entry]!,
      year: plan.years[year]!,
      more,
      guardsHold: standing(more).guards.every(({ holds }) => holds),
      trace: traceOf(plan, goal.stage, runs.slice(year - since), after),
    }
  }
  const reason = !arrives ? 'too-late' : goal.share === undefined ? 'too-many' : 'dilutes'
  return { kind: 'undefined', entry: plan.stages[entry]!, reason }
}

/** The least number that does, where more of it always do; undefined where not even everybody does. */
function leastThat(does: (people: number) => boolean): number | undefined {
  let enough = 1
  while (!does(enough)) {
    if (enough === EVERYBODY) return undefined
    enough = Math.min(EVERYBODY, enough * 4)
  }
  let tooFew = enough === 1 ? 0 : Math.floor(enough / 4)
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2)
    if (does(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

/** Which moves on the way to a stage are more than expected, the last year and the last stage first. */
function traceOf(
  plan: ReadPlan,
  goal: number,
  before: readonly YearRun[],
  after: readonly YearRun[],
): Extract<NeededArrivals<string, number>, { kind: 'arrivals' }>['trace'] {
  const { stages, years, moves, several } = plan
  const trace: { year: number; from: string; to: string; more: number }[] = []
  // From where the goal is still reached in time, when a year's moves are over and while they last.
  let atEnd: ReadonlySet<number> = new Set([goal])
  for (const [i, run] of [...after.entries()].reverse()) {
    const year = years[run.year]!
    const inTime = new Set(atEnd)
    for (let stage = stages.length - 1; stage >= 0; stage--) {
      for (const [at, { from, to }] of moves[run.year]!.entries()) {
        if (from !== stage || !(several && to > from ? inTime : atEnd).has(to)) continue
        inTime.add(stage)
        const more = run.moved[at]! - before[i]!.moved[at]!
        if (more !== 0 && from !== goal) trace.push({ year, from: stages[from]!, to: stages[to]!, more })
      }
    }
    atEnd = inTime
  }
  return trace
}

/** Whether flows of any year lead from one stage to another. */
function reaches({ moves }: ReadPlan, from: number, to: number): boolean {
  const seen = new Set([from])
  for (const stage of seen) {
    for (const some of moves)
      for (const move of some)
        if (move.from === stage && move.to >= 0 && (move.count > 0 || (move.share?.numerator ?? 0) > 0))
          seen.add(move.to)
  }
  return seen.has(to)
}

/** More people than there are. */
export const EVERYBODY = 10_000_000_000
