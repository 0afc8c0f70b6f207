export type { StageFlowsOptions } from './batch/following-aggregate.js'
export type { DueMove, DueReason, MoveColumns } from './batch/move-columns.js'
export { type SortColumnsOptions, sortColumns } from './batch/sort-columns.js'
export {
  defineStageFlows,
  type RuleFlow,
  type StageFlows,
  type StageFlowsAggregate,
  type StageFlowsDefinition,
  type StageFlowsPartial,
  type StayUnit,
} from './batch/stage-flows.js'
export {
  defineStagePanel,
  type StagePanelAggregate,
  type StagePanelDefinition,
  type StagePanelPartial,
} from './batch/stage-panel.js'
export type { StandingColumns } from './batch/standing-columns.js'
export type { Heard, LifecycleDefinition, ResetFact, Rule, RulesByStage } from './definition.js'
export { type DueListOptions, type DueRow, dueList, dueMoves } from './due-list.js'
export { assumeTransitions } from './forecast/assume-transitions.js'
export {
  backTestStages,
  type StagesBackTest,
  type StagesBackTestErrors,
  type StagesBackTestOptions,
  type StagesBackTestPoint,
} from './forecast/back-test.js'
export {
  type ForecastCaution,
  type ForecastCautionCode,
  type ForecastUndefined,
  forecastCautionSentences,
  type NoForecast,
  noForecastSentences,
} from './forecast/cautions.js'
export {
  changeRates,
  type ElasticityTarget,
  type RateElasticities,
  type RateElasticity,
  rateElasticities,
} from './forecast/change-rates.js'
export type { RateChange } from './forecast/changes.js'
export type { ContactsLeftOut } from './forecast/contacts.js'
export { fitTransitions, type TransitionOptions, type TransitionPrior } from './forecast/fit-transitions.js'
export {
  type ForecastPeriod,
  forecastStages,
  type StageForecast,
  type StageForecastOptions,
  type StagesForecast,
} from './forecast/forecast-stages.js'
export type { StageContactLimits, StageIntervention, StageSharedLimits } from './forecast/interventions.js'
export { type ChainTest, type MarkovTest, type MarkovVerdict, testMarkov } from './forecast/markov-test.js'
export { checkStagePanel, type PanelPeriod, panelByStage, type StagePanel } from './forecast/panel.js'
export type { FutureArrivals } from './forecast/setting.js'
export {
  type SimulatedIntervention,
  type StageSimulationPlan,
  type StagesSimulation,
  simulateStages,
} from './forecast/simulate-stages.js'
export type { StageSimulationSetting } from './forecast/simulation-setting.js'
export { type StageAbsorption, type StateAbsorption, stageAbsorption } from './forecast/stage-absorption.js'
export {
  type StageDrawOptions,
  type StageValues,
  stageValues,
  type ValueTerms,
} from './forecast/stage-values.js'
export type {
  StageArrivals,
  StageEstimate,
  TransitionModel,
  TransitionRow,
} from './forecast/transition-model.js'
export { type WhatIf, type WhatIfCompared, type WhatIfSupposition, whatIf } from './forecast/what-if.js'
export { lifecycleFrom } from './from.js'
export { type DailyMove, type DailyRate, type DailyRateName, dailyRates } from './labels/daily-rates.js'
export { type DailyState, type DailyStatesDefinition, dailyStates } from './labels/daily-settings.js'
export { dailyStateWords } from './labels/daily-standings.js'
export {
  type DailyStateCounts,
  type DailyStateRow,
  type DailyStates,
  type DailyStateTableRow,
  dailyStateRows,
  defineDailyStates,
  type SubjectState,
} from './labels/daily-states.js'
export { type DailyWarning, type DailyWarningCode, dailyWarnings } from './labels/daily-warnings.js'
export type { FirstSeen, FirstSeenAt } from './labels/first-seen.js'
export type { IntervalLabelRow, Pulse } from './labels/interval-counts.js'
export {
  defineIntervalLabels,
  type IntervalLabelCounts,
  type IntervalLabels,
  type IntervalLabelTableRow,
  intervalLabelRows,
  type SubjectLabels,
} from './labels/interval-labels.js'
export type { IntervalLabelsOptions } from './labels/interval-look.js'
export {
  type IntervalLabel,
  type IntervalLabelsDefinition,
  intervalLabels,
} from './labels/interval-settings.js'
export { intervalLabelWords } from './labels/interval-standings.js'
export { type LabelWarning, type LabelWarningCode, labelWarnings } from './labels/interval-warnings.js'
export type { LabelNames } from './labels/label-names.js'
export { type LabelProduct, type LabelWord, labelWords } from './labels/label-words.js'
export {
  amplitudeLifecycle,
  type LabelPreset,
  type LabelPresetNote,
  type LabelPresetOptions,
  labelPresets,
  posthogLifecycle,
} from './labels/products.js'
export {
  type LabelKind,
  type LabelStandings,
  type LabelTerm,
  type LastActive,
  type StageStandingsInput,
  type Standing,
  stageStandings,
} from './labels/standings.js'
export {
  explainTranslation,
  type LabelTranslation,
  type TranslatedPerson,
  type TranslationCell,
  type TranslationInput,
  type TranslationTableRow,
  translateLabels,
  translationRows,
} from './labels/translation.js'
export {
  defineLifecycle,
  type LifecycleKinds,
  type LifecycleState,
  type LifecycleView,
  type MoveReason,
  type StageChanged,
  type StageSpecs,
} from './lifecycle.js'
export type { LifecycleFinding, LifecycleOddity, LintLevel } from './lint/findings.js'
export { type LintLifecycleOptions, lintLifecycle } from './lint/lint-lifecycle.js'
export { matchStage } from './match.js'
export { type ComingMove, type NextMovesOptions, type NoMove, nextMove, nextMoves } from './next-move.js'
export { type BudgetCell, type PlanBalance, type PlanBudget, planBudget } from './plan/budget.js'
export { type CheapestMoves, cheapestMoves, type RankedMove } from './plan/cheapest.js'
export {
  type ComparedPlanYear,
  type ComparedStage,
  compareStagePlan,
  type PlanActual,
} from './plan/compare.js'
export type {
  EachYear,
  LineBudget,
  PlanAmount,
  PlanBound,
  PlanFlow,
  PlanGoal,
  PlanGuard,
  PlanPortion,
  StagePlanDefinition,
  StageSplit,
  YearBudget,
} from './plan/definition.js'
export {
  type ExpectedMove,
  type ExpectedYear,
  expectedStages,
  type PlanOpening,
  type StageCounts,
} from './plan/expected.js'
export { stagePlanFrom } from './plan/from.js'
export { type CountedMove, type GapOptions, type GoalGap, gapToGoal } from './plan/gap.js'
export { lintStagePlan } from './plan/lint.js'
export { flowNeeded, type NeededArrivals, type NeededFlow, type NeededMove } from './plan/needed.js'
export { type StagePlanRow, stagePlanRows } from './plan/rows.js'
export type { PlanFinding } from './plan/sentences.js'
export type { PlanShare } from './plan/share.js'
export { defineStagePlan, type StagePlan } from './plan/stage-plan.js'
export type { GoalStanding, PlanFigure } from './plan/standing.js'
export {
  type PromiseEnded,
  type PromiseSetSpecs,
  type PromiseSpecs,
  type PromiseState,
  type PromiseStatus,
  type PromiseView,
  promiseEvents,
  type ServicePromise,
} from './promise.js'
export {
  type CaseHeard,
  type CaseOptions,
  type CasePromise,
  type CaseStage,
  caseEvents,
  caseLifecycle,
} from './ready/case.js'
export {
  type CustomerOptions,
  type CustomerStage,
  customerEvents,
  customerLifecycle,
} from './ready/customer.js'
export {
  type MaternityOptions,
  type MaternityStage,
  maternityEvents,
  maternityLifecycle,
  pregnancyDates,
} from './ready/maternity.js'
export {
  type MembershipHeard,
  type MembershipOptions,
  type MembershipStage,
  membershipEvents,
  membershipLifecycle,
  membershipTerm,
} from './ready/membership.js'
export {
  type ReferralGuard,
  type ReferralHeard,
  type ReferralOptions,
  type ReferralPromise,
  type ReferralStage,
  referralEvents,
  referralGuard,
  referralLifecycle,
} from './ready/referral.js'
export { stageEvents } from './stage-events.js'
export {
  type Beginning,
  recordedStays,
  type Stay,
  type StayRow,
  type Timeline,
  type TimelineOptions,
  timeline,
  timelineRows,
} from './timeline.js'
export {
  type CheckMigrationOptions,
  checkMigration,
  type MigrationCheck,
  type MigrationDifference,
  type PromiseDifference,
  type StageDifference,
} from './versions/check.js'
export {
  diffLifecycles,
  diffSteps,
  type LifecycleDiff,
  type LifecycleDiffOptions,
  type MoveCount,
  type StandsElsewhere,
  type StayReason,
} from './versions/diff.js'
export type { SubjectHistory } from './versions/histories.js'
export {
  type LifecycleMigration,
  type MigrationPlan,
  migrateLifecycle,
  type StageMap,
} from './versions/migrate.js'
export { explainWhyNot, type WaitingRule, type WhyNot, whyNot } from './why-not.js'
