import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { Matrix } from '../../measures/index.js'
import { after } from '../../measures/markov/projection.js'
import type { ForecastCaution, ForecastUndefined } from './cautions.js'
import type { RateChange } from './changes.js'
import { bySum } from './forecast-stages.js'
import { periodAfter } from './period-names.js'
import {
  checkedPlan,
  emptyRuns,
  interventionsOf,
  meanOf,
  runInto,
  type SimulatedIntervention,
  type StageSimulationPlan,
} from './simulate-stages.js'
import {
  type CheckedSimulation,
  checkedSimulation,
  type StageSimulationSetting,
  simulated,
} from './simulation-setting.js'
import { drawnEstimate } from './spread.js'
import { cautionsOf, ratesOf, type StageEstimate, type TransitionModel } from './transition-model.js'

/** What is changed, and by what it is worked out. */
export type WhatIfSupposition =
  /** Rates, by algebra: expected counts, with intervals by what is not known of the rates. */
  | { readonly by: 'rates'; readonly changes: readonly RateChange[] }
  /** What is done with subjects within limits, by following each of them; `against` what is done anyway, nothing unless told. */
  | ({ readonly by: 'simulation'; readonly against?: StageSimulationPlan } & StageSimulationPlan)

/** Before, after, and what lies between; the interval of the difference is of differences draw by draw. */
export interface WhatIfCompared {
  readonly before: StageEstimate
  readonly after: StageEstimate
  readonly difference: StageEstimate
}

/** What would be different. */
export type WhatIf =
  | {
      readonly kind: 'what-if'
      readonly by: 'rates' | 'simulation'
      /** Draws of rates, or runs. */
      readonly draws: number
      readonly level: number
      readonly periods: readonly {
        readonly step: number
        readonly period: string
        readonly stages: readonly (WhatIfCompared & { readonly stage: string })[]
      }[]
      /** Discounted, over the periods looked at, less what contacts cost; where `value` is given. */
      readonly value?: WhatIfCompared
      /** Of the supposition. */
      readonly interventions: readonly SimulatedIntervention[]
      readonly cautions: readonly ForecastCaution[]
    }
  | ForecastUndefined

/**
 * Stages and value before and after a change, side by side: by rates (algebra) or by simulation under limits. Both sides meet the
 * same draws of rates, the same arrivals and the same luck, so that where nothing is changed the difference is exactly 0, and
 * elsewhere it is the change's doing.
 *
 * By rates `runs` are draws of them, 1,000 unless told (100 to 100,000), and however many subjects there are costs nothing.
 *
 * What a changed definition would have done needs no model: replay the history under it.
 *
 * @throws DefinitionError as `changeRates` and `simulateStages`; `missing` where nothing is supposed: no change, or no intervention
 * on either side.
 * @example
 * const what = whatIf(model, { by: 'rates', changes: [{ from: 'lapsed', to: 'active', times: 1.1 }] },
 *   { periods: 12, random: random('plan') })
 * if (what.kind === 'what-if') what.periods[11].stages[0].difference
 * // => { value: 3.8, interval: { low: 2.71, high: 4.19, level: 0.8 } }
 */
export function whatIf(
  model: TransitionModel,
  supposed: WhatIfSupposition,
  setting: StageSimulationSetting,
): WhatIf {
  checkRecord(supposed, '$.supposed')
  checkName(['rates', 'simulation'], supposed.by, '$.supposed.by')
  checkRecord(setting, '$')
  return supposed.by === 'rates' ? byRates(model, supposed, setting) : bySimulation(model, supposed, setting)
}

function byRates(
  model: TransitionModel,
  supposed: Extract<WhatIfSupposition, { readonly by: 'rates' }>,
  setting: StageSimulationSetting,
): WhatIf {
  checkKeys(supposed, ['by', 'changes'], '$.supposed')
  const checked = checkedSimulation(model, setting, {
    least: 100,
    mostly: 1000,
    most: 100_000,
    oneByOne: false,
  })
  if (checked.kind === 'undefined') return checked
  const { stages, periods, plan, level, value, runs, random } = checked
  checkList(supposed.changes, '$.supposed.changes')
  const changed = ratesOf(model, supposed.changes, '$.supposed.changes')
  if (supposed.changes.length === 0)
    throw fault('missing', '$.supposed.changes', supposed.changes, 'one change or more: nothing is supposed')
  const both = [checked.rates, changed]
  const cells = periods * stages.length + 1
  const drawn = both.map(() => Array.from({ length: cells }, () => new Float64Array(runs)))
  for (let d = 0; d < runs; d += 1) {
    const arriving = plan.draw(random.fork(`arrivals ${d}`))
    for (const [side, rates] of both.entries()) {
      // The same fork draws the same rates; the change is made afterwards.
      const found = expectedCells(rates.draw(random.fork(d)), checked, arriving)
      for (const [cell, one] of found.entries()) drawn[side]![cell]![d] = one
    }
  }
  const means = both.map((rates) => expectedCells(rates.mean, checked, plan.means))
  const compared = comparedCells(drawn, level, means)
  return {
    kind: 'what-if',
    by: 'rates',
    draws: runs,
    level,
    ...laidOut(model, checked, compared),
    ...(value !== undefined && { value: compared[cells - 1]! }),
    interventions: [],
    cautions: cautionsOf(model),
  }
}

function bySimulation(
  model: TransitionModel,
  supposed: Extract<WhatIfSupposition, { readonly by: 'simulation' }>,
  setting: StageSimulationSetting,
): WhatIf {
  checkKeys(supposed, ['by', 'against', 'interventions', 'limits'], '$.supposed')
  const { by: _, against = {}, ...plan } = supposed
  const checked = checkedSimulation(model, setting, simulated)
  if (checked.kind === 'undefined') return checked
  const { runs, level, value, periods } = checked
  const plans = [
    checkedPlan(model, against, periods, '$.supposed.against'),
    checkedPlan(model, plan, periods, '$.supposed'),
  ]
  if (plans.every(({ interventions }) => interventions.length === 0)) {
    const expected = 'one intervention or more, here or in against: nothing is supposed'
    throw fault('missing', '$.supposed.interventions', plan.interventions, expected)
  }
  const sides = plans.map((one) => {
    const collected = emptyRuns(checked, one)
    for (let run = 0; run < runs; run += 1) runInto(collected, run, checked, one)
    return collected
  })
  const compared = comparedCells(
    sides.map((side) => [...side.counts, side.value]),
    level,
  )
  return {
    kind: 'what-if',
    by: 'simulation',
    draws: runs,
    level,
    ...laidOut(model, checked, compared),
    ...(value !== undefined && { value: compared[compared.length - 1]! }),
    interventions: interventionsOf(sides[1]!, plans[1]!, level),
    cautions: cautionsOf(model),
  }
}

/** Expected counts by period and stage, and at the end the value. */
function expectedCells(
  P: Matrix,
  { opening, place, stages, value }: CheckedSimulation,
  arriving: readonly (readonly number[])[],
): number[] {
  const cells: number[] = []
  let counts = opening
  let factor = value?.first ?? 1
  let worth = 0
  const pay = () => {
    if (value === undefined) return
    for (const [i, count] of counts.entries()) worth += count * value.rewards[i]! * factor
    factor *= value.discount
  }
  pay()
  for (const more of arriving) {
    counts = after(counts, P).map((count, j) => count + more[j]!)
    cells.push(...bySum(counts, place, stages.length))
    pay()
  }
  return [...cells, worth]
}

/** With `means` these are the values, else the means of the draws. */
function comparedCells(
  drawn: readonly (readonly Float64Array[])[],
  level: number,
  means?: readonly (readonly number[])[],
): readonly WhatIfCompared[] {
  return drawn[0]!.map((before, cell): WhatIfCompared => {
    const afterwards = drawn[1]![cell]!
    // Taken draw by draw, before draws are sorted for their own intervals.
    const apart = before.map((one, d) => afterwards[d]! - one)
    const [first, second] =
      means === undefined ? [meanOf(before), meanOf(afterwards)] : [means[0]![cell]!, means[1]![cell]!]
    const between = means === undefined ? meanOf(apart) : second - first
    return {
      before: drawnEstimate(first, before, level),
      after: drawnEstimate(second, afterwards, level),
      difference: drawnEstimate(between, apart, level),
    }
  })
}

function laidOut(
  { to, unit }: TransitionModel,
  { periods, stages }: CheckedSimulation,
  compared: readonly WhatIfCompared[],
) {
  return {
    periods: Array.from({ length: periods }, (_, t) => ({
      step: t + 1,
      period: periodAfter(to, unit, t + 1),
      stages: stages.map((stage, k) => ({ stage, ...compared[t * stages.length + k]! })),
    })),
  }
}
