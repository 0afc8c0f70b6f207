export {
  type AssessmentOptions,
  assessVitality,
  communityWords,
  type GroupAssessment,
  type NextStep,
  type VitalityFinding,
} from './assessment.js'
export {
  type AlarmOutcome,
  type Backtest,
  type BacktestOptions,
  backtestWarning,
  type GroupBacktest,
  type LeadTime,
} from './backtest.js'
export { type GroupDeath, groupDeaths, type Silence } from './death.js'
export {
  type GroupSurvival,
  type GroupSurvivalBand,
  type GroupSurvivalOptions,
  groupSurvival,
} from './group-survival.js'
export type { PersonPartial } from './membership.js'
export {
  type Concentration,
  defineVitality,
  type GroupVitality,
  type Ratio,
  type Vitality,
  type VitalityPartial,
  type VitalityPeriod,
} from './vitality.js'
export type { VitalityDefinition, VitalityOptions } from './vitality-definition.js'
export { type VitalityReason, type VitalityRow, vitalityReasons, vitalityRows } from './vitality-rows.js'
export { type Usual, type VitalityWarning, vitalityWarning, type WarningSign } from './warning.js'
