import { compareMoney, sumMoney } from '../../kernel/index.js'
import { moneyByStage } from './budget.js'
import { exclusionsIn } from './exclusions.js'
import { planOf } from './reading.js'
import type { PlanFinding } from './sentences.js'
import type { StagePlan } from './stage-plan.js'

/**
 * What is missing in a plan that holds: owners without a goal, money without a goal and goals without money, goals that no flow
 * leads to, moves whose cost nobody knows; and goals of one year that exclude each other. A stage without an owner is refused by `defineStagePlan`.
 *
 * @throws DefinitionError `wrong-type` for what is no plan.
 * @example
 * lintStagePlan(plan).map((finding) => explain(plan, finding, 'en'))
 * // => ['lead: no goal in any year, although growth answers for it', …]
 */
export function lintStagePlan<Stage extends string, Line extends string, Year extends number>(
  plan: StagePlan<Stage, Line, Year>,
): readonly PlanFinding[] {
  const read = planOf(plan)
  const { stages, years, owners, goals, moves, definition } = read
  const { currency } = definition
  const moneyOf = moneyByStage(read)
  const nothing = sumMoney([], currency)
  const findings: PlanFinding[] = []
  for (const [i, stage] of stages.entries())
    if (goals.every((some) => some[i] === undefined))
      findings.push({ code: 'owner-without-goal', stage, owner: owners[i]! })
  for (const [at, year] of years.entries()) {
    findings.push(...exclusionsIn(read, at))
    for (const [i, stage] of stages.entries()) {
      const goal = goals[at]![i]
      const money = moneyOf(i, at)
      const hasMoney = compareMoney(money, nothing) > 0
      const place = { stage, year }
      if (goal === undefined) {
        if (hasMoney)
          findings.push({
            code: 'budget-without-goal',
            ...{ ...place, owner: owners[i]!, amount: money.amount, currency },
          })
        continue
      }
      if (!hasMoney) findings.push({ code: 'goal-without-budget', ...place })
      const flows = moves[at]!
      if (goal.to >= 0) {
        if (!flows.some(({ from, to }) => from === i && to === goal.to))
          findings.push({ code: 'no-such-flow', ...place, to: stages[goal.to]! })
      } else if (goal.atLeast) {
        if (!flows.some(({ to }) => to === i)) findings.push({ code: 'no-way-in', ...place })
      } else if (!flows.some(({ from }) => from === i)) findings.push({ code: 'no-way-out', ...place })
    }
    for (const { from, to, cost } of moves[at]!)
      if (cost === undefined && from >= 0 && to >= 0)
        findings.push({ code: 'move-without-cost', stage: stages[from]!, to: stages[to]!, year })
  }
  return findings
}
