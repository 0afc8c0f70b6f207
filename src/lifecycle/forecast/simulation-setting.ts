import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { Random } from '../../kernel/index.js'
import { checkLevel } from '../../measures/proportions.js'
import { absent, type ForecastUndefined } from './cautions.js'
import { peopled } from './forecast-stages.js'
import { checkCounts } from './panel.js'
import { checkAhead } from './period-names.js'
import { type ArrivalPlan, arrivalPlan, checkForks, checkWhole, type FutureArrivals } from './setting.js'
import { checkTerms, type ValueTerms } from './stage-values.js'
import { checkModel, type Rates, ratesOf, type TransitionModel, unknownAhead } from './transition-model.js'

/** Whom to follow, how long, by what chance. */
export interface StageSimulationSetting {
  /** From 1 to 1,000. */
  readonly periods: number
  /** By state; those at the end of the model's last period unless told. */
  readonly opening?: readonly number[]
  /** `none` unless told. */
  readonly arrivals?: FutureArrivals
  /** What stages pay; the value is then that of the simulated periods, less what contacts cost. `horizon` is left out. */
  readonly value?: Omit<ValueTerms, 'horizon'>
  /** `drawn` unless told: every run draws rates from what is known of them. With `mean` chance is only in the moves. */
  readonly rates?: 'drawn' | 'mean'
  /** Forked, so the same generator gives the same simulation again. */
  readonly random: Random
  /** 200 unless told, from 20 to 10,000. */
  readonly runs?: number
  /** Of the intervals over runs; 0.8 unless told. */
  readonly level?: number
}

/** What a setting is for: how often at least, and mostly, and whether subjects are followed one by one. */
export interface SettingUse {
  readonly least: number
  readonly mostly: number
  readonly most: number
  readonly oneByOne: boolean
}

export const simulated: SettingUse = { least: 20, mostly: 200, most: 10_000, oneByOne: true }

/** Refuses what is no setting for a use. */
export function checkedSimulation(
  model: TransitionModel,
  setting: StageSimulationSetting,
  use: SettingUse,
): CheckedSimulation | ForecastUndefined {
  checkModel(model, '$.model')
  checkRecord(setting, '$')
  const keys = ['periods', 'opening', 'arrivals', 'value', 'random', 'runs', 'level']
  checkKeys(setting, use.oneByOne ? [...keys, 'rates'] : keys, '$')
  const { periods, opening = model.closing, value, random, level = 0.8 } = setting
  const { rates: how = 'drawn', runs = use.mostly } = setting
  const n = model.states.length
  checkWhole(periods, '$.periods', 1, 1000)
  checkAhead(model.to, model.unit, periods, '$.periods')
  checkCounts(opening, n, '$.opening')
  checkName(['drawn', 'mean'], how, '$.rates')
  checkForks(random, '$.random')
  checkWhole(runs, '$.runs', use.least, use.most)
  checkLevel(level)
  const plan = arrivalPlan(setting.arrivals, model.arrivals, { states: n, periods })
  if (use.oneByOne) {
    const people = [opening, ...plan.means].flat().reduce((sum, count) => sum + count, 0)
    if (people * periods * runs > 200_000_000 || people > 2_000_000)
      throw fault(
        'too-large',
        '$.opening',
        people,
        'subjects up to 2,000,000, and subjects times periods times runs up to 200,000,000',
      )
  }
  if (runs * periods * n > 20_000_000)
    throw fault('too-large', '$.runs', runs, 'runs times periods times states up to 20,000,000')
  const rewards =
    value === undefined ? undefined : checkTerms({ ...value, horizon: periods }, model, '$.value')
  const rates = ratesOf(model)
  const unknown = unknownAhead(rates.mean, peopled(opening, plan.means))
  if (unknown.length > 0)
    return absent(
      'never-seen',
      unknown.map((i) => model.states[i]!),
    )
  const stages = [...new Set<string>(model.stageOf)]
  const discount = value === undefined ? 1 : 1 / (1 + value.discountRate)
  return {
    kind: 'checked',
    stages,
    place: model.stageOf.map((stage) => stages.indexOf(stage)),
    rates,
    drawn: how === 'drawn',
    opening,
    plan,
    periods,
    runs,
    level,
    random,
    value: rewards && { rewards, discount, first: value?.cash === 'end' ? discount : 1 },
  }
}

/** A setting that is known to be right. */
export interface CheckedSimulation {
  readonly kind: 'checked'
  readonly stages: readonly string[]
  /** The stage of each state, by place. */
  readonly place: readonly number[]
  readonly rates: Rates
  readonly drawn: boolean
  readonly opening: readonly number[]
  readonly plan: ArrivalPlan
  readonly periods: number
  readonly runs: number
  readonly level: number
  readonly random: Random
  /** What a state pays at step t counts `rewards · discount^t`. */
  readonly value:
    | { readonly rewards: readonly number[]; readonly discount: number; readonly first: number }
    | undefined
}
