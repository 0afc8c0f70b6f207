import { moneyByStage } from './budget.js'
import { planOf } from './reading.js'
import type { StagePlan } from './stage-plan.js'

/** One stage in one year: what a table of a plan shows. */
export interface StagePlanRow<Stage extends string, Year extends number> {
  readonly stage: Stage
  readonly year: Year
  readonly owner: string
  /** `null` where the stage has no goal in the year; then the next three are, too. */
  readonly measure: 'share' | 'count' | 'rate' | null
  /** Where a rate leads to. */
  readonly to: Stage | null
  readonly atLeast: number | null
  readonly atMost: number | null
  /** How many guards the goal has. */
  readonly guards: number
  /** The stage's own money; that of lines which are for no stage alone is in `planBudget`. */
  readonly budget: string
  readonly currency: string
}

/**
 * A plan as flat rows, one for each stage and year: what a table or a chart takes. Shares are numbers from 0 to 1.
 *
 * @throws DefinitionError `wrong-type` for what is no plan.
 * @example
 * stagePlanRows(plan)[1] // => { stage: 'active', year: 2026, owner: 'members', measure: 'count', to: null, atLeast: 3000, … }
 */
export function stagePlanRows<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
): readonly StagePlanRow<Stage, Year>[] {
  const read = planOf(plan)
  const { stages, years, owners, goals, definition } = read
  const moneyOf = moneyByStage(read)
  const rows = years.flatMap((year, at) =>
    stages.map((stage, i): StagePlanRow<string, number> => {
      const goal = goals[at]![i]
      const bound =
        goal === undefined
          ? null
          : goal.share === undefined
            ? goal.count
            : goal.share.numerator / goal.share.denominator
      return {
        ...{ stage, year, owner: owners[i]! },
        measure: goal?.goal.measure ?? null,
        to: goal === undefined || goal.to < 0 ? null : stages[goal.to]!,
        atLeast: goal?.atLeast ? bound : null,
        atMost: goal === undefined || goal.atLeast ? null : bound,
        guards: goal?.guards.length ?? 0,
        budget: moneyOf(i, at).amount,
        currency: definition.currency,
      }
    }),
  )
  return rows as readonly StagePlanRow<string, number>[] as readonly StagePlanRow<Stage, Year>[]
}
