export type { ReadingOptions } from './as-of.js'
export type { ActivityPartial, GroupValue, Keep } from './collected.js'
export type { TrackingGap } from './coverage.js'
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
