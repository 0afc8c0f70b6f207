import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { addMoney, type Money, sumMoney } from '../../kernel/index.js'
import { writeUnits } from '../../kernel/money.js'
import { balanceOf, moneyByStage, type PlanBalance } from './budget.js'
import type { PlanGoal } from './definition.js'
import { costOf, endsOf, type PlanOpening, readOpening } from './expected.js'
import { EVERYBODY, spareOf } from './needed.js'
import type { ReadMove } from './plan-flows.js'
import type { ReadGoal, ReadGuard } from './plan-goals.js'
import { planOf, type ReadPlan, yearIn } from './reading.js'
import { peopleIn, runYears, type YearRun } from './run.js'
import type { StagePlan } from './stage-plan.js'
import { closingOf, standingOf } from './standing.js'
import { wholeAbove, worthOf } from './worth.js'

/** A move by what it brings towards a goal. */
export interface RankedMove<Stage extends string> {
  readonly from: Stage | null
  readonly to: Stage | null
  /** Of one person; `null` where the plan says none. */
  readonly cost: string | null
  /**
   * By how many people one more mover brings the goal nearer by the end of its year, by the expected shares: an estimate. Who
   * would have stayed and loses the stage counts against it; below zero the move leads away.
   */
  readonly perPerson: number
  /** The same for one unit of the currency; `null` where `reason` says why. */
  readonly perUnit: number | null
  readonly reason: 'free' | 'no-cost' | 'no-effect' | 'leads-away' | null
  /** Who is there and moves nowhere yet; `null` for arrivals, who have no bound. */
  readonly spare: number | null
  /** Stages whose guards of the goal it works against. */
  readonly hurts: readonly Stage[]
}

/** What a goal costs by its cheapest moves, against the money that is there. */
export interface CheapestMoves<Stage extends string, Year extends number> {
  readonly stage: Stage
  readonly goal: PlanGoal<Stage>
  /** When the goal is due. */
  readonly year: Year
  /** When the money is spent. */
  readonly spentIn: Year
  readonly currency: string
  /** People that the goal is short of, as `flowNeeded` says; `null` where its number does not exist. */
  readonly short: number | null
  /** All moves of the year in which money is spent, the most for a unit of budget first. */
  readonly moves: readonly RankedMove<Stage>[]
  /**
   * The cheapest way to close the gap: moves straight to the stage (out of it, where the goal is a bound from above), each by
   * no more people than are to spare and than the guards bear.
   */
  readonly chosen: readonly {
    readonly from: Stage | null
    readonly to: Stage | null
    readonly people: number
    /** Not rounded. */
    readonly cost: string
  }[]
  /** People by whom the goal stays short when all of them are used. */
  readonly unreached: number
  readonly cost: string
  /** Each stage that pays for a move of the year, expected or chosen: its money, what that takes of it, and what is left. */
  readonly money: readonly {
    readonly stage: Stage
    readonly owner: string
    readonly budget: string
    readonly expected: string
    readonly more: string
    readonly balance: PlanBalance
  }[]
  /** The sums of `money`. */
  readonly total: {
    readonly budget: string
    readonly expected: string
    readonly more: string
    readonly balance: PlanBalance
  }
}

/**
 * What brings a goal nearer for the least money: every possible move by its return per unit of budget, and what closing the
 * gap costs against the budgets that would pay for it.
 *
 * A move is paid by the stage that people start from, an arrival by the stage it enters. Lines that are for no stage alone pay
 * for none.
 *
 * @throws DefinitionError `missing` where the stage has no goal in the year; otherwise as `flowNeeded`.
 * @example
 * cheapestMoves(plan, { stage: 'active', year: 2026, opening: { lead: 0, active: 0 } }).moves[0].cost // => '12.50'
 */
export function cheapestMoves<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
  options: {
    readonly stage: NoInfer<Stage>
    readonly year: NoInfer<Year>
    /** When the money is spent; in the goal's year unless told. */
    readonly spentIn?: NoInfer<Year>
  } & PlanOpening<NoInfer<Stage>, NoInfer<Year>>,
): CheapestMoves<Stage, Year> {
  const read = planOf(plan)
  checkRecord(options, '$')
  checkKeys(options, ['stage', 'year', 'spentIn', 'opening', 'since', 'arrivals'], '$')
  const { plan: coming, counts, since } = readOpening(read, options)
  checkName(coming.stages, options.stage, '$.stage')
  const year = yearIn(coming, options.year, '$.year')
  const spentIn = options.spentIn === undefined ? year : yearIn(coming, options.spentIn, '$.spentIn')
  if (spentIn < since || spentIn > year)
    throw fault('out-of-range', '$.spentIn', options.spentIn, 'a year from since to that of the goal')
  const goal = coming.goals[year]![coming.stages.indexOf(options.stage)]
  if (goal === undefined) throw fault('missing', '$.stage', options.stage, 'a stage with a goal in the year')
  const runs = runYears(coming, counts, [since, year])
  return cheapest(coming, goal, runs, spentIn - since) as CheapestMoves<string, number> as CheapestMoves<
    Stage,
    Year
  >
}

function cheapest(
  plan: ReadPlan,
  goal: ReadGoal,
  runs: readonly YearRun[],
  at: number,
): CheapestMoves<string, number> {
  const run = runs[at]!
  const { currency } = plan.definition
  const { gap: short } = standingOf(goal, closingOf(plan, runs.at(-1)!))
  const candidates = candidatesOf(plan, goal, run)
  const ranked = [...candidates].sort((a, b) => b.rank - a.rank || a.index - b.index)
  const slack = goal.guards.map((guard) => slackOf(guard, runs.at(-1)!.closing))
  const { chosen, unreached } = choose(plan, goal, ranked, short ?? 0, slack)
  const money = payersOf(plan, run, chosen)
  const sums = (key: 'budget' | 'expected' | 'more') =>
    sumMoney(
      money.map((one) => one[key]),
      currency,
    )
  const [budget, expected, more] = [sums('budget'), sums('expected'), sums('more')]
  return {
    ...{ stage: plan.stages[goal.stage]!, goal: goal.goal },
    ...{ year: plan.years[goal.year]!, spentIn: plan.years[run.year]!, currency, short },
    moves: ranked.map(({ shown }) => shown),
    chosen: chosen.map(({ move, people, cost }) => ({
      ...endsOf(plan.stages, move),
      people,
      cost: cost.amount,
    })),
    unreached,
    cost: more.amount,
    money: money.map((one) => ({
      stage: plan.stages[one.stage]!,
      owner: plan.owners[one.stage]!,
      ...amountsOf(one),
    })),
    total: amountsOf({ budget, expected, more }),
  }
}

interface Purse {
  readonly budget: Money
  readonly expected: Money
  readonly more: Money
}

const amountsOf = ({ budget, expected, more }: Purse) => ({
  budget: budget.amount,
  expected: expected.amount,
  more: more.amount,
  balance: balanceOf(budget, addMoney(expected, more)),
})

interface Candidate {
  readonly index: number
  readonly move: ReadMove
  readonly shown: RankedMove<string>
  /** What one more mover does to each guard. */
  readonly guarded: readonly number[]
  /** Larger is better; free moves before all others, useless ones last. */
  readonly rank: number
}

function candidatesOf(plan: ReadPlan, goal: ReadGoal, run: YearRun): readonly Candidate[] {
  const { currency } = plan.definition
  const worth = worthOf(plan, goal, run.year, goal.year)
  const guards = goal.guards.map((guard) => ({
    stage: plan.stages[guard.stage]!,
    worth: worthOf(plan, { ...guard, to: -1 }, run.year, goal.year),
  }))
  return plan.moves[run.year]!.map((move, index): Candidate => {
    const perPerson = worth(move)
    const cost = move.cost === undefined ? null : writeUnits(move.cost, currency).amount
    const reason = reasonOf(perPerson, move)
    const perUnit = reason === null ? perPerson / Number(cost) : null
    const last = { free: Infinity, 'no-cost': 0, 'no-effect': -1, 'leads-away': -2 }
    const spare = move.from < 0 ? null : spareOf(plan, run, move.from)
    const guarded = guards.map((guard) => guard.worth(move))
    const hurts = guards.flatMap(({ stage }, i) => (guarded[i]! < 0 ? [stage] : []))
    const shown = { ...endsOf(plan.stages, move), cost, perPerson, perUnit, reason, spare, hurts }
    return { index, move, shown, guarded, rank: reason === null ? perUnit! : last[reason] }
  })
}

function reasonOf(perPerson: number, { cost }: ReadMove): RankedMove<string>['reason'] {
  if (perPerson < 0) return 'leads-away'
  if (perPerson === 0) return 'no-effect'
  if (cost === undefined) return 'no-cost'
  return cost === 0n ? 'free' : null
}

interface Chosen {
  readonly move: ReadMove
  readonly people: number
  readonly cost: Money
}

/** By how many people a guard holds; below zero where it does not. */
function slackOf({ share, count, atLeast, stage }: ReadGuard, closing: readonly number[]): number {
  const bound = share === undefined ? count : (share.numerator / share.denominator) * peopleIn(closing)
  return atLeast ? closing[stage]! - bound : bound - closing[stage]!
}

/** The best first, each by no more people than are to spare and than the guards bear, until the gap is closed. */
function choose(
  plan: ReadPlan,
  goal: ReadGoal,
  ranked: readonly Candidate[],
  short: number,
  slack: number[],
): { readonly chosen: readonly Chosen[]; readonly unreached: number } {
  const chosen: Chosen[] = []
  const spare = new Map<number, number>()
  let left = short
  for (const { move, shown, guarded } of ranked) {
    const { perPerson, reason } = shown
    const isStraight =
      goal.to >= 0
        ? move.from === goal.stage && move.to === goal.to
        : goal.atLeast
          ? move.to === goal.stage
          : move.from === goal.stage
    if (left <= 0 || !isStraight || !(reason === null || reason === 'free')) continue
    const there = move.from < 0 ? EVERYBODY : (spare.get(move.from) ?? shown.spare!)
    let people = Math.min(there, wholeAbove(left / perPerson))
    for (const [i, worth] of guarded.entries())
      if (worth < 0) people = Math.min(people, -wholeAbove(Math.max(0, slack[i]!) / worth))
    if (people <= 0) continue
    spare.set(move.from, there - people)
    for (const [i, worth] of guarded.entries()) slack[i]! += people * worth
    left -= people * perPerson
    chosen.push({ move, people, cost: costOf(plan, move, people) })
  }
  return { chosen, unreached: Math.max(0, wholeAbove(left)) }
}

function payersOf(plan: ReadPlan, run: YearRun, chosen: readonly Chosen[]) {
  const { currency } = plan.definition
  const moneyOf = moneyByStage(plan)
  const payer = ({ from, to }: ReadMove) => (from < 0 ? to : from)
  return [...plan.stages.keys()].flatMap((stage): readonly (Purse & { readonly stage: number })[] => {
    const expected = plan.moves[run.year]!.flatMap((move, i) =>
      payer(move) === stage && move.cost !== undefined ? [costOf(plan, move, run.moved[i]!)] : [],
    )
    const more = chosen.flatMap(({ move, cost }) => (payer(move) === stage ? [cost] : []))
    if (expected.length + more.length === 0) return []
    return [
      {
        stage,
        budget: moneyOf(stage, run.year),
        expected: sumMoney(expected, currency),
        more: sumMoney(more, currency),
      },
    ]
  })
}
