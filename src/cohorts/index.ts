export type { ActivityAggregate, ActivityDefinition } from './activity-definition.js'
export {
  type ActivitySurvival,
  type ActivitySurvivalAggregate,
  type ActivitySurvivalDefinition,
  type ActivitySurvivalOptions,
  type ActivitySurvivalWarning,
  type ActivitySurvivalWarningCode,
  activitySurvivalWarnings,
  defineActivitySurvival,
  type InactivityGap,
  type Life,
  type LifeOptions,
  type LifeTable,
  type ReturnRule,
} from './activity-survival.js'
export type { ReadingOptions } from './as-of.js'
export {
  type BackTestCoverage,
  type BackTestError,
  type BackTestOptions,
  type BackTestRow,
  type Baseline,
  backTestRetention,
  type RetentionBackTest,
  type TestedModel,
} from './back-test.js'
export {
  type CampaignCohort,
  type CampaignComparison,
  type CampaignCosts,
  type CampaignInterval,
  type CampaignOffset,
  type CampaignOptions,
  type CampaignRate,
  type CampaignRatio,
  type CampaignRetention,
  type CampaignStandardisation,
  type CampaignStratum,
  type CampaignTruth,
  type CostPerIncremental,
  type CostPerRetained,
  type Incremental,
  type IncrementalPeople,
  measureCampaign,
} from './campaign.js'
export {
  type CampaignCaution,
  type CampaignStatement,
  campaignCautions,
  explainCampaign,
} from './campaign-verdict.js'
export {
  type CohortRevenue,
  type CohortRevenueDefinition,
  type CohortRevenuePartial,
  type CohortRevenueReason,
  type CohortRevenueRow,
  cohortRevenueReasons,
  cohortRevenueRows,
  defineCohortRevenue,
  type EarnedFlow,
  type RefundedFlow,
  type RevenueCell,
  type RevenueCohort,
} from './cohort-revenue.js'
export type { ActivityPartial, Keep } from './collected.js'
export {
  type CohortComparison,
  type CompareCohortsOptions,
  type ComparedCell,
  type ComparedCohort,
  type ComparedRate,
  type ComparedRetention,
  type ComparisonCaution,
  type ComparisonReason,
  type ComparisonRow,
  compareCohorts,
  comparisonCautions,
  comparisonReasons,
  comparisonRows,
  comparisonSentence,
  type RateComparison,
} from './compare-cohorts.js'
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
} from './compare-curves.js'
export type { ComparedAgainst, ComparisonQuestion } from './compared-pairs.js'
export type { TrackingGap } from './coverage.js'
export {
  type CurveDescription,
  type CurveShape,
  describeRetentionCurve,
  type RatePoint,
} from './curve-shape.js'
export type { EventChoice, EventPattern } from './event-choice.js'
export type { GroupValue } from './group-value.js'
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
} from './growth.js'
export type { LtvMean, LtvPoint } from './ltv-curve.js'
export {
  type ChoiceReason,
  choiceSentences,
  chooseRetentionModel,
  type NoChoice,
  type RetentionCandidate,
  type RetentionChoice,
} from './model-choice.js'
export {
  type CohortPayback,
  cacPayback,
  type Payback,
  type PaybackCase,
  type PaybackInput,
  type PaybackMissing,
  type PaybackOptions,
  type PaybackPoint,
  type PaybackProjection,
  type PaybackReason,
  type PaybackRow,
  paybackReasons,
  paybackRows,
} from './payback.js'
export {
  cautionSentences,
  type ProjectedCohort,
  type ProjectedPoint,
  type ProjectedShare,
  type ProjectionCaution,
  type ProjectionOptions,
  projectRetention,
  type RetentionProjection,
} from './projection.js'
export {
  defineRetention,
  type MeanOfCohorts,
  type Retention,
  type RetentionAggregate,
  type RetentionAverage,
  type RetentionCell,
  type RetentionCellAt,
  type RetentionCohort,
  type RetentionGroup,
  type RetentionOptions,
  type RetentionPeople,
  type RetentionRate,
  type RetentionReason,
  type RetentionRow,
  type RetentionWarning,
  type RetentionWarningCode,
  retentionReasons,
  retentionRows,
  retentionWarnings,
} from './retention.js'
export {
  type ExactShare,
  explainRetentionDifference,
  type RetentionDifference,
  type RetentionDifferenceOptions,
  type RetentionFactor,
  type RetentionMix,
  type RetentionMove,
  type RetentionPart,
  type RetentionSide,
  type RetentionStanding,
  type RetentionWindow,
} from './retention-difference.js'
export {
  type RetentionPreset,
  type RetentionPresetName,
  type RetentionPresetNote,
  type RetentionPresetOptions,
  retentionPreset,
  retentionPresets,
} from './retention-presets.js'
export type {
  EntryRule,
  RetentionBreakdown,
  RetentionClock,
  RetentionDefinition,
  RetentionMeasure,
} from './retention-settings.js'
export { describeRetention, describeRetentionDifference, retentionFactors } from './retention-words.js'
export {
  type QuickRatio,
  type ReactivationRule,
  type RevenueRate,
  type RevenueRates,
  type RevenueReason,
  type RevenueTotals,
  revenueRates,
  revenueReasons,
} from './revenue-rates.js'
export {
  defineRevenueRetention,
  type RevenueBook,
  type RevenueCustomers,
  type RevenueMovements,
  type RevenuePeriodBook,
  type RevenueRetention,
  type RevenueRetentionDefinition,
  type RevenueRetentionPartial,
  type RevenueRetentionRow,
  type RevenueSnapshots,
  type RevenueStatement,
  revenueBetween,
  revenueRetentionRows,
} from './revenue-retention.js'
export type { RevenueOptions, RevenuePeriod, RevenueTerms } from './revenue-terms.js'
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
} from './stickiness.js'
export {
  type RetentionTriangle,
  type SurvivorCounts,
  type SurvivorCountsOptions,
  survivorCounts,
} from './survivor-counts.js'
export {
  defineTenure,
  type Tenure,
  type TenureBand,
  type TenureCaution,
  type TenureDefinition,
  type TenureFlow,
  type TenureOptions,
  type TenurePartial,
  type TenureStep,
  tenureCautions,
} from './tenure.js'
export type { TenureChange, TenureInterval, TenureMean } from './tenure-means.js'
export type { Told, ToldBySubject } from './told.js'
