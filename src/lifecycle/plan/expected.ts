import { checkKeys, checkName, checkRecord } from '../../kernel/errors.js'
import type { Money } from '../../kernel/index.js'
import { writeUnits } from '../../kernel/money.js'
import { own } from '../../kernel/plain.js'
import { checkArrivals, type ReadMove } from './plan-flows.js'
import { readCounts, readPeople } from './plan-people.js'
import { planOf, type ReadPlan, yearIn } from './reading.js'
import { runYears, type YearRun } from './run.js'
import type { StagePlan } from './stage-plan.js'

/** People by stage. */
export type StageCounts<Stage extends string> = { readonly [S in Stage]: number }

/** Where people stand, and who comes. */
export interface PlanOpening<Stage extends string, Year extends number> {
  /** People by stage when `since` begins. */
  readonly opening: StageCounts<Stage>
  /** The plan's first year unless told. */
  readonly since?: Year
  /** Who arrives in a year, by the stage that they enter; instead of all the plan's arrivals of that year. */
  readonly arrivals?: { readonly [Y in Year]?: { readonly [S in Stage]?: number } }
}

/** One year as the plan expects it. `opening` and `arrived` together are `closing` and `left`. */
export interface ExpectedYear<Stage extends string, Year extends number> {
  readonly year: Year
  readonly opening: StageCounts<Stage>
  readonly moves: readonly ExpectedMove<Stage>[]
  /** People by stage when the year ends. */
  readonly closing: StageCounts<Stage>
  readonly arrived: number
  /** Left the stages for good. */
  readonly left: number
  /** What the moves that have a cost do cost, not rounded. */
  readonly cost: string
}

/** So many people move. */
export interface ExpectedMove<Stage extends string> {
  /** `null`: they arrive. */
  readonly from: Stage | null
  /** `null`: they leave for good. */
  readonly to: Stage | null
  readonly people: number
  /** Who was to move by a count and was not there. */
  readonly missing: number
  /** Of all of them, not rounded; `null` where the plan says none. */
  readonly cost: string | null
}

/**
 * People by stage and year, if everything goes as the plan expects.
 *
 * Whole people: those of a stage are split by largest remainder into who goes where and who stays, so that nobody is made or
 * lost. Against fractions of people that is at most one person a flow and year.
 *
 * @throws DefinitionError `missing` for a stage without a count, `out-of-range` for what is no number of people or no year of
 * the plan, `unknown-name` for a stage that the plan does not have, `too-large` above 10^12 people.
 * @example
 * expectedStages(plan, { opening: { lead: 0, active: 1000 } })[0].closing // => { lead: 7500, active: 3500 }
 */
export function expectedStages<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
  options: PlanOpening<NoInfer<Stage>, NoInfer<Year>>,
): readonly ExpectedYear<Stage, Year>[] {
  const read = planOf(plan)
  checkRecord(options, '$')
  checkKeys(options, ['opening', 'since', 'arrivals'], '$')
  const { plan: coming, counts, since } = readOpening(read, options)
  const runs = runYears(coming, counts, [since, read.years.length - 1])
  return runs.map((run) => yearOf(coming, run)) as readonly unknown[] as readonly ExpectedYear<Stage, Year>[]
}

function yearOf(plan: ReadPlan, run: YearRun): ExpectedYear<string, number> {
  const { stages, years, moves } = plan
  return {
    year: years[run.year]!,
    opening: countsOf(stages, run.opening),
    moves: moves[run.year]!.map((move, i) => ({
      ...endsOf(stages, move),
      people: run.moved[i]!,
      missing: run.missing[i]!,
      cost: move.cost === undefined ? null : costOf(plan, move, run.moved[i]!).amount,
    })),
    closing: countsOf(stages, run.closing),
    arrived: run.arrived,
    left: run.left,
    cost: writeUnits(
      moves[run.year]!.reduce((sum, { cost }, i) => sum + (cost ?? 0n) * BigInt(run.moved[i]!), 0n),
      plan.definition.currency,
    ).amount,
  }
}

/** What is common to all verbs that begin with people: where they stand, since when, and who comes. */
export function readOpening(
  plan: ReadPlan,
  { opening, since, arrivals }: PlanOpening<string, number>,
): { readonly plan: ReadPlan; readonly counts: readonly number[]; readonly since: number } {
  return {
    plan: withArrivals(plan, arrivals),
    counts: readCounts(plan, opening, '$.opening'),
    since: since === undefined ? 0 : yearIn(plan, since, '$.since'),
  }
}

/** The plan with other arrivals in some years; their costs stay. */
export function withArrivals(plan: ReadPlan, arrivals: unknown): ReadPlan {
  if (arrivals === undefined) return plan
  checkRecord(arrivals, '$.arrivals')
  const { stages, years } = plan
  for (const key of Object.keys(arrivals as object)) checkName(years.map(String), key, `$.arrivals.${key}`)
  const moves = plan.moves.map((some, year): readonly ReadMove[] => {
    const given = own(arrivals as object, String(years[year]))
    if (given === undefined) return some
    const path = `$.arrivals.${years[year]}`
    checkRecord(given, path)
    for (const key of Object.keys(given as object)) checkName(stages, key, `${path}.${key}`)
    const coming = stages.flatMap((stage, to): readonly ReadMove[] => {
      const count = own(given as object, stage)
      if (count === undefined) return []
      const cost = some.find((move) => move.from < 0 && move.to === to)?.cost
      return [{ from: -1, to, count: readPeople(count, `${path}.${stage}`), cost }]
    })
    return [...coming, ...some.filter(({ from }) => from >= 0)]
  })
  checkArrivals(moves, '$.arrivals')
  return { ...plan, moves }
}

/** Numbers by place as a record by name. */
const countsOf = (stages: readonly string[], counts: readonly number[]): Record<string, number> =>
  Object.fromEntries(stages.map((stage, i) => [stage, counts[i]!]))

/** A move's ends by name. */
export const endsOf = (stages: readonly string[], { from, to }: Pick<ReadMove, 'from' | 'to'>) => ({
  from: stages[from] ?? null,
  to: stages[to] ?? null,
})

/** What so many people's move costs, not rounded. */
export const costOf = ({ definition }: ReadPlan, { cost = 0n }: ReadMove, people: number): Money =>
  writeUnits(cost * BigInt(people), definition.currency)
