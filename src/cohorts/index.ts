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
export type { ActivityPartial, GroupValue, Keep } from './collected.js'
export type { TrackingGap } from './coverage.js'
export {
  type CurveDescription,
  type CurveShape,
  describeRetentionCurve,
  type RatePoint,
} from './curve-shape.js'
export type { EventChoice, EventPattern } from './event-choice.js'
export {
  defineGrowth,
  type Growth,
  type GrowthAggregate,
  type GrowthClass,
  type GrowthDefinition,
  type GrowthReason,
  type GrowthRow,
  type GrowthTableRow,
  growthClasses,
  growthReasons,
  growthRows,
  type QuickRatio,
} from './growth.js'
export {
  type ChoiceReason,
  choiceSentences,
  chooseRetentionModel,
  type NoChoice,
  type RetentionCandidate,
  type RetentionChoice,
} from './model-choice.js'
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
export type {
  EntryRule,
  RetentionBreakdown,
  RetentionClock,
  RetentionDefinition,
  RetentionMeasure,
} from './retention-settings.js'
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
