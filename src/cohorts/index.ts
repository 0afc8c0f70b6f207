export {
  type CampaignCohort,
  type CampaignRatio,
  type CampaignTruth,
  measureCampaign,
} from './campaign/campaign.js'
export type { CostPerIncremental, Incremental, IncrementalPeople } from './campaign/incremental.js'
export type { CampaignOffset, CostPerRetained } from './campaign/offset.js'
export type {
  CampaignComparison,
  CampaignCosts,
  CampaignOptions,
  CampaignStandardisation,
} from './campaign/options.js'
export type { CampaignInterval, CampaignRate } from './campaign/rate.js'
export type { CampaignRetention, CampaignStratum } from './campaign/strata.js'
export {
  type CampaignCaution,
  type CampaignStatement,
  campaignCautions,
  explainCampaign,
} from './campaign/verdict.js'
export { type ComparisonRow, comparisonRows, comparisonSentence } from './comparison/cohort-rows.js'
export {
  type CohortComparison,
  type ComparedRate,
  compareCohorts,
  type RateComparison,
} from './comparison/cohorts.js'
export {
  type CompareCurvesOptions,
  type ComparedSurvival,
  type CurveCaution,
  type CurveComparison,
  type CurvePair,
  type CurvePairReason,
  type CurvePairRow,
  compareCurves,
  curveCautions,
  curvePairReasons,
  curvePairRows,
  curveSentence,
} from './comparison/curves.js'
export type { CompareCohortsOptions } from './comparison/options.js'
export type { ComparedAgainst, ComparisonQuestion } from './comparison/pairs.js'
export {
  type ComparisonCaution,
  type ComparisonReason,
  comparisonCautions,
  comparisonReasons,
} from './comparison/reasons.js'
export type { ComparedCell, ComparedCohort, ComparedRetention } from './comparison/sides.js'
export {
  defineGrowth,
  type Growth,
  type GrowthAggregate,
  type GrowthClass,
  type GrowthDefinition,
  type GrowthQuickRatio,
  type GrowthReason,
  type GrowthRow,
  type GrowthTableRow,
  growthClasses,
  growthReasons,
  growthRows,
} from './growth/growth.js'
export {
  defineStickiness,
  type PeopleCount,
  type Stickiness,
  type StickinessAggregate,
  type StickinessDefinition,
  type StickinessRatio,
  type StickinessRow,
  type StickinessTableRow,
  stickinessRows,
} from './growth/stickiness.js'
export {
  type BackTestCoverage,
  type BackTestError,
  type BackTestOptions,
  type BackTestRow,
  type Baseline,
  backTestRetention,
  type RetentionBackTest,
  type TestedModel,
} from './projection/back-test.js'
export { cautionSentences, type ProjectionCaution } from './projection/cautions.js'
export {
  type CurveDescription,
  type CurveShape,
  describeRetentionCurve,
  type RatePoint,
} from './projection/curve-shape.js'
export type { ProjectedCohort, ProjectedPoint, ProjectedShare } from './projection/intervals.js'
export {
  type ChoiceReason,
  choiceSentences,
  chooseRetentionModel,
  type NoChoice,
  type RetentionCandidate,
  type RetentionChoice,
} from './projection/model-choice.js'
export {
  type ProjectionOptions,
  projectRetention,
  type RetentionProjection,
} from './projection/projection.js'
export {
  type RetentionTriangle,
  type SurvivorCounts,
  type SurvivorCountsOptions,
  survivorCounts,
} from './projection/survivor-counts.js'
export type {
  MeanOfCohorts,
  RetentionAverage,
  RetentionCell,
  RetentionCohort,
  RetentionRate,
} from './retention/cells.js'
export {
  explainRetentionDifference,
  type RetentionDifference,
  type RetentionDifferenceOptions,
  type RetentionMix,
  type RetentionMove,
  type RetentionPart,
  type RetentionSide,
  type RetentionStanding,
} from './retention/difference.js'
export { describeRetentionDifference, retentionFactors } from './retention/difference-words.js'
export type { ExactShare } from './retention/exact-share.js'
export type { RetentionOptions } from './retention/frame.js'
export type { RetentionFactor, RetentionWindow } from './retention/mixed-definitions.js'
export {
  type RetentionPreset,
  type RetentionPresetName,
  type RetentionPresetNote,
  type RetentionPresetOptions,
  retentionPreset,
  retentionPresets,
} from './retention/presets.js'
export {
  defineRetention,
  type Retention,
  type RetentionAggregate,
  type RetentionCellAt,
  type RetentionGroup,
  type RetentionPeople,
  type RetentionReason,
  type RetentionRow,
  retentionReasons,
  retentionRows,
} from './retention/retention.js'
export type {
  EntryRule,
  RetentionBreakdown,
  RetentionClock,
  RetentionDefinition,
  RetentionMeasure,
} from './retention/settings.js'
export {
  type RetentionWarning,
  type RetentionWarningCode,
  retentionWarnings,
} from './retention/warnings.js'
export { describeRetention } from './retention/words.js'
export type { RevenueBook, RevenueCustomers } from './revenue/book.js'
export {
  type CohortRevenue,
  type CohortRevenuePartial,
  type CohortRevenueReason,
  type CohortRevenueRow,
  cohortRevenueReasons,
  cohortRevenueRows,
  defineCohortRevenue,
  type RevenueCell,
  type RevenueCohort,
} from './revenue/cohort-revenue.js'
export type { CohortRevenueDefinition, EarnedFlow, RefundedFlow } from './revenue/flows.js'
export type { LtvMean, LtvPoint } from './revenue/ltv-curve.js'
export {
  type CohortPayback,
  cacPayback,
  type Payback,
  type PaybackCase,
  type PaybackInput,
  type PaybackMissing,
  type PaybackOptions,
  type PaybackPoint,
  type PaybackReason,
  type PaybackRow,
  paybackReasons,
  paybackRows,
} from './revenue/payback.js'
export type { PaybackProjection } from './revenue/payback-projection.js'
export {
  type QuickRatio,
  type ReactivationRule,
  type RevenueRate,
  type RevenueRates,
  type RevenueReason,
  type RevenueTotals,
  revenueRates,
  revenueReasons,
} from './revenue/rates.js'
export {
  defineRevenueRetention,
  type RevenueMovements,
  type RevenuePeriodBook,
  type RevenueRetention,
  type RevenueRetentionDefinition,
  type RevenueRetentionPartial,
  type RevenueRetentionRow,
  type RevenueStatement,
  revenueRetentionRows,
} from './revenue/revenue-retention.js'
export { type RevenueSnapshots, revenueBetween } from './revenue/snapshots.js'
export type { RevenueOptions, RevenuePeriod, RevenueReading, RevenueTerms } from './revenue/terms.js'
export type { Told, ToldBySubject } from './revenue/told.js'
export type { ToldAggregate, ToldPartial } from './revenue/told-aggregate.js'
export {
  type ActivitySurvival,
  type ActivitySurvivalAggregate,
  defineActivitySurvival,
  type Life,
} from './survival/activity-survival.js'
export type {
  ActivitySurvivalDefinition,
  ActivitySurvivalOptions,
  InactivityGap,
  LifeOptions,
  ReturnRule,
} from './survival/definition.js'
export type { LifeTable } from './survival/life-table.js'
export {
  type ActivitySurvivalWarning,
  type ActivitySurvivalWarningCode,
  activitySurvivalWarnings,
} from './survival/warnings.js'
export type { TenureDefinition, TenureFlow } from './tenure/definition.js'
export type { TenureChange, TenureInterval, TenureMean } from './tenure/means.js'
export {
  defineTenure,
  type Tenure,
  type TenureBand,
  type TenureCaution,
  type TenureOptions,
  type TenurePartial,
  type TenureStep,
  tenureCautions,
} from './tenure/tenure.js'
