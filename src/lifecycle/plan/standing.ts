import type { PlanGuard } from './definition.js'
import type { ReadBound, ReadGoal } from './plan-goals.js'
import type { ReadPlan } from './reading.js'
import { peopleIn, type YearRun } from './run.js'
import { leastOf, mostOf } from './share.js'

/** The number that a goal or a guard is about; where it does not exist, why. */
export type PlanFigure =
  | { readonly kind: 'count'; readonly people: number }
  /** `value` is `people / of`. */
  | { readonly kind: 'share' | 'rate'; readonly people: number; readonly of: number; readonly value: number }
  /** Of nobody there is no share; a rate of a year that is not over is not known; one without moves is not counted. */
  | { readonly kind: 'undefined'; readonly reason: 'nobody' | 'not-over' | 'not-counted' }

/** How a goal stands at one time. */
export interface GoalStanding<Stage extends string> {
  readonly figure: PlanFigure
  /** The people that would meet the bound: at least, or at most, so many. `null` where the figure does not exist. */
  readonly needed: number | null
  /** People too few, or too many where the goal is `atMost`; 0 where the bound holds. `null` where there is no figure. */
  readonly gap: number | null
  /** Whether the bound holds, whatever its guards say. */
  readonly holds: boolean
  readonly guards: readonly {
    readonly guard: PlanGuard<Stage>
    readonly figure: PlanFigure
    readonly holds: boolean
  }[]
  /** Whether the bound and all guards hold. */
  readonly met: boolean
}

/** People, and who moved where among them; `moved` undefined where it is not known, with the reason. */
export interface Position {
  readonly counts: readonly number[]
  readonly moved: ((from: number, to: number) => { readonly people: number; readonly of: number }) | Unmoved
}
type Unmoved = 'not-over' | 'not-counted'

/** The end of a year, as the plan expects it. */
export const closingOf = (plan: ReadPlan, run: YearRun): Position => ({
  counts: run.closing,
  moved: (from, to) => {
    const at = plan.moves[run.year]!.findIndex((move) => move.from === from && move.to === to)
    return { people: at < 0 ? 0 : run.moved[at]!, of: run.base[from]! }
  },
})

/** How a goal stands in a position. */
export function standingOf(goal: ReadGoal, position: Position): GoalStanding<string> {
  const own = figureOf(goal, position)
  const guards = goal.guards.map((guard) => {
    const { figure, gap } = measured(guard, countOrShare(guard, guard.stage, position.counts))
    return { guard: guard.guard, figure, holds: gap === 0 }
  })
  const holds = own.gap === 0
  return { ...own, holds, guards, met: holds && guards.every((guard) => guard.holds) }
}

function figureOf(goal: ReadGoal, { counts, moved }: Position) {
  if (goal.to < 0) return measured(goal, countOrShare(goal, goal.stage, counts))
  if (typeof moved === 'string') return measured(goal, { kind: 'undefined', reason: moved })
  return measured(goal, shareFigure('rate', moved(goal.stage, goal.to)))
}

const countOrShare = (bound: ReadBound, stage: number, counts: readonly number[]): PlanFigure =>
  bound.share === undefined
    ? { kind: 'count', people: counts[stage]! }
    : shareFigure('share', { people: counts[stage]!, of: peopleIn(counts) })

const shareFigure = (
  kind: 'share' | 'rate',
  { people, of }: { readonly people: number; readonly of: number },
): PlanFigure =>
  of === 0 ? { kind: 'undefined', reason: 'nobody' } : { kind, people, of, value: people / of }

function measured(bound: ReadBound, figure: PlanFigure) {
  if (figure.kind === 'undefined') return { figure, needed: null, gap: null }
  const needed = neededOf(bound, figure.kind === 'count' ? 0 : figure.of)
  const gap = Math.max(0, bound.atLeast ? needed - figure.people : figure.people - needed)
  return { figure, needed, gap }
}

/** People at the bound: exact, so 40 % of 10 people are 4 and not 5. */
const neededOf = ({ atLeast, share, count }: ReadBound, of: number): number =>
  share === undefined ? count : atLeast ? leastOf(share, of) : mostOf(share, of)
