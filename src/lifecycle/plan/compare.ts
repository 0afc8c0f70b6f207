import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { minorDigits } from '../../kernel/index.js'
import { own } from '../../kernel/plain.js'
import { balanceOf, moneyByStage, type PlanBalance } from './budget.js'
import type { PlanAmount } from './definition.js'
import { endsOf, type PlanOpening, readOpening, type StageCounts } from './expected.js'
import { type CountedMove, countedMoves, type GoalGap, gapOf } from './gap.js'
import { readMoney } from './plan-money.js'
import { readCounts } from './plan-people.js'
import { planOf, type ReadPlan, yearIn } from './reading.js'
import { runYears, type YearRun } from './run.js'
import type { PlanFinding } from './sentences.js'
import type { StagePlan } from './stage-plan.js'

/** What a year has brought. */
export interface PlanActual<Stage extends string> {
  /** People by stage when the year ended. */
  readonly counts: StageCounts<Stage>
  /** All moves of the year; without them rates are not known. */
  readonly moved?: readonly CountedMove<Stage>[]
  /** Money spent by stage; of a stage that is not named it is not known. */
  readonly spent?: { readonly [S in Stage]?: PlanAmount }
}

/** One stage of a year, planned and actual. */
export interface ComparedStage<Stage extends string, Year extends number> {
  readonly stage: Stage
  readonly year: Year
  readonly owner: string
  /** People when the year ended; `variance` is actual less expected, `relative` that of the expected. */
  readonly people: {
    readonly expected: number
    readonly actual: number
    readonly variance: number
    readonly relative:
      | { readonly kind: 'share'; readonly value: number }
      | { readonly kind: 'undefined'; readonly reason: 'nobody-expected' }
  }
  readonly money: {
    readonly budget: string
    /** `null` where it was not given; then there is no balance. */
    readonly spent: string | null
    readonly balance: PlanBalance | null
  }
  /** `null` where the stage has no goal in the year. */
  readonly goal: GoalGap<Stage, Year> | null
  /** For `explain`. */
  readonly because: readonly PlanFinding[]
}

/** A year of a plan against what happened. */
export interface ComparedPlanYear<Stage extends string, Year extends number> {
  readonly year: Year
  readonly currency: string
  readonly stages: readonly ComparedStage<Stage, Year>[]
  /** Where the moves were given: each that was expected or happened. */
  readonly moves: readonly {
    readonly from: Stage | null
    readonly to: Stage | null
    readonly expected: number
    readonly actual: number
    readonly variance: number
  }[]
}

/**
 * A year against its plan: people and money by stage, goals, moves.
 *
 * The expectation is the plan's own, from the opening of `since` by its flows. Money is compared with the stage's budget; that
 * of lines which are for no stage alone is not.
 *
 * @throws DefinitionError as `expectedStages` and `gapToGoal` do; `invalid-amount` and `currency-mismatch` for money.
 * @example
 * compareStagePlan(plan, { year: 2026, opening: { lead: 0, active: 0 }, actual: { counts: { lead: 7600, active: 2400 } } })
 *   .stages[1].people.variance // => -100
 */
export function compareStagePlan<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
  options: {
    readonly year: NoInfer<Year>
    readonly actual: PlanActual<NoInfer<Stage>>
  } & PlanOpening<NoInfer<Stage>, NoInfer<Year>>,
): ComparedPlanYear<Stage, Year> {
  const read = planOf(plan)
  checkRecord(options, '$')
  checkKeys(options, ['year', 'actual', 'opening', 'since', 'arrivals'], '$')
  const { plan: coming, counts: opening, since } = readOpening(read, options)
  const year = yearIn(coming, options.year, '$.year')
  const { actual } = options
  checkRecord(actual, '$.actual')
  checkKeys(actual, ['counts', 'moved', 'spent'], '$.actual')
  const counts = readCounts(coming, actual.counts, '$.actual.counts')
  const spent = readSpent(coming, actual.spent)
  const moved = countedMoves(coming, counts, actual.moved)
  if (year < since) throw fault('out-of-range', '$.year', options.year, 'a year from since on')
  const run = runYears(coming, opening, [since, year]).at(-1)!
  const { stages, years, owners, goals, definition } = coming
  const closing = { counts, moved }
  const moneyOf = moneyByStage(coming)
  const compared: ComparedPlanYear<string, number> = {
    year: years[year]!,
    currency: definition.currency,
    stages: stages.map((stage, i): ComparedStage<string, number> => {
      const [expected, people] = [run.closing[i]!, counts[i]!]
      const place = { stage, year: years[year]! }
      const variance = people - expected
      const budget = moneyOf(i, year)
      const paid = spent[i]
      const goal = goals[year]![i]
      const gap = goal === undefined ? null : gapOf(coming, goal, closing, closing, true)
      const balance = paid === undefined ? null : balanceOf(budget, paid)
      const money = { budget: budget.amount, spent: paid?.amount ?? null, balance }
      const because: PlanFinding[] = [
        {
          code: variance === 0 ? 'people-as-planned' : variance > 0 ? 'people-above' : 'people-below',
          ...{ ...place, actual: people, expected, people: Math.abs(variance) },
        },
        paid === undefined || balance === null
          ? { code: 'money-not-reported', ...place }
          : {
              code: `money-${balance.kind}`,
              ...{ ...place, owner: owners[i]!, spent: paid.amount, budget: budget.amount },
              ...{ amount: balance.amount, currency: definition.currency },
            },
        ...(gap === null ? [] : [gap.because]),
      ]
      return {
        ...{ ...place, owner: owners[i]! },
        people: {
          ...{ expected, actual: people, variance },
          relative:
            expected === 0
              ? { kind: 'undefined', reason: 'nobody-expected' }
              : { kind: 'share', value: variance / expected },
        },
        ...{ money, goal: gap, because },
      }
    }),
    moves: actual.moved === undefined ? [] : comparedMoves(coming, run, actual.moved),
  }
  return compared as ComparedPlanYear<Stage, Year>
}

function comparedMoves(plan: ReadPlan, run: YearRun, moved: readonly CountedMove<string>[]) {
  const planned = plan.moves[run.year]!.map((move, i) => ({
    ...endsOf(plan.stages, move),
    people: run.moved[i]!,
  }))
  const keyOf = (move: CountedMove<string>) => JSON.stringify([move.from, move.to])
  const ends = new Map<string, { expected: number; actual: number; move: CountedMove<string> }>()
  for (const move of planned) ends.set(keyOf(move), { expected: move.people, actual: 0, move })
  for (const move of moved) {
    const known = ends.get(keyOf(move))
    // A count of -0 is 0.
    const actual = move.people + 0
    if (known === undefined) ends.set(keyOf(move), { expected: 0, actual, move })
    else known.actual = actual
  }
  return [...ends.values()].map(({ expected, actual, move: { from, to } }) => ({
    ...{ from, to, expected, actual, variance: actual - expected },
  }))
}

/** Money by stage, undefined where none was given. */
function readSpent({ stages, definition: { currency } }: ReadPlan, value: unknown) {
  if (value === undefined) return stages.map(() => undefined)
  checkRecord(value, '$.actual.spent')
  for (const name of Object.keys(value as object)) checkName(stages, name, `$.actual.spent.${name}`)
  return stages.map((stage) => {
    const amount = own(value as object, stage)
    const path = `$.actual.spent.${stage}`
    return amount === undefined ? undefined : readMoney(amount, currency, minorDigits(currency), path)
  })
}
