import { compareMoney, type Money, subtractMoney, sumMoney } from '../../kernel/index.js'
import type { ReadCell } from './plan-money.js'
import { planOf, type ReadPlan } from './reading.js'
import type { StagePlan } from './stage-plan.js'

/** What one line gives to one stage in one year. */
export interface BudgetCell<Stage extends string, Line extends string, Year extends number> {
  readonly year: Year
  readonly line: Line
  /** `null` where the line is for no stage alone. */
  readonly stage: Stage | null
  /** The stage's, or the line's where it is for no stage alone. */
  readonly owner: string
  /** Decimal text in the plan's currency. */
  readonly amount: string
}

/** A plan's money, cell by cell, and its sums: each list adds up to `whole`. */
export interface PlanBudget<Stage extends string, Line extends string, Year extends number> {
  readonly currency: string
  readonly whole: string
  readonly cells: readonly BudgetCell<Stage, Line, Year>[]
  readonly years: readonly { readonly year: Year; readonly amount: string }[]
  readonly lines: readonly { readonly line: Line; readonly amount: string }[]
  /** Every stage, and `null` for what is for no stage alone. */
  readonly stages: readonly { readonly stage: Stage | null; readonly amount: string }[]
  /** In the order in which owners are first named. */
  readonly owners: readonly { readonly owner: string; readonly amount: string }[]
  /** Every stage in every year, and `null`. */
  readonly stageYears: readonly {
    readonly stage: Stage | null
    readonly year: Year
    readonly amount: string
  }[]
}

/**
 * The money of a plan, split. All sums are exact: by year, line, stage, owner, and by stage and year they add up to the whole.
 *
 * It is rounded where a year is split into lines and where a line is split into stages, to the currency's smallest unit,
 * each time by the plan's `rounding`; nowhere else.
 *
 * @throws DefinitionError `wrong-type` for what is no plan.
 * @example
 * planBudget(plan).lines[0] // => { line: 'segmentation', amount: '40000.00' }
 */
export function planBudget<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
): PlanBudget<Stage, Line, Year> {
  const read = planOf(plan)
  const { cells, stages, years, owners, definition } = read
  const { currency, lines } = definition
  const of = <Key>(keyOf: (cell: ReadCell) => Key) => {
    const sums = sumsBy(cells, currency, keyOf)
    return (key: Key) => sums(key).amount
  }
  const [ofAll, ofYear, ofLine] = [of(() => 0), of(({ year }) => year), of(({ line }) => line)]
  const [ofStage, ofOwner] = [of(({ stage }) => stage), of(({ owner }) => owner)]
  const ofBoth = moneyByStage(read)
  const places = [...stages.keys(), -1]
  const names = [...new Set([...owners, ...cells.map(({ owner }) => owner)])]
  const budget: PlanBudget<string, string, number> = {
    currency,
    whole: ofAll(0),
    cells: cells.map(({ year, line, stage, owner, money }) => ({
      ...{ year: years[year]!, line, stage: stages[stage] ?? null, owner, amount: money.amount },
    })),
    years: years.map((year, i) => ({ year, amount: ofYear(i) })),
    lines: lines.map((line) => ({ line, amount: ofLine(line) })),
    stages: places.map((i) => ({ stage: stages[i] ?? null, amount: ofStage(i) })),
    owners: names.map((owner) => ({ owner, amount: ofOwner(owner) })),
    stageYears: years.flatMap((year, at) =>
      places.map((i) => ({ stage: stages[i] ?? null, year, amount: ofBoth(i, at).amount })),
    ),
  }
  return budget as PlanBudget<Stage, Line, Year>
}

/** The money of each stage in each year, by place; -1 is for no stage alone. */
export function moneyByStage({
  cells,
  definition: { currency },
}: ReadPlan): (stage: number, year: number) => Money {
  const sums = sumsBy(cells, currency, ({ stage, year }) => `${stage} ${year}`)
  return (stage, year) => sums(`${stage} ${year}`)
}

/** Exact sums of cells that share a key. */
function sumsBy<Key>(
  cells: readonly ReadCell[],
  currency: string,
  keyOf: (cell: ReadCell) => Key,
): (key: Key) => Money {
  const lists = new Map<Key, Money[]>()
  for (const cell of cells) {
    const list = lists.get(keyOf(cell))
    if (list === undefined) lists.set(keyOf(cell), [cell.money])
    else list.push(cell.money)
  }
  return (key) => sumMoney(lists.get(key) ?? [], currency)
}

/** How one amount compares with another that was there for it. */
export interface PlanBalance {
  readonly kind: 'under' | 'over' | 'even'
  /** The difference, never below zero. */
  readonly amount: string
}

/** What is left of a budget, or missing. */
export function balanceOf(budget: Money, needed: Money): PlanBalance {
  const order = compareMoney(needed, budget)
  const larger = order > 0 ? needed : budget
  const smaller = order > 0 ? budget : needed
  const { amount } = subtractMoney(larger, smaller)
  return { kind: order === 0 ? 'even' : order > 0 ? 'over' : 'under', amount }
}
