export type { ActivityPartial, GroupValue, Keep } from './collected.js'
export type { TrackingGap } from './coverage.js'
export type { EventChoice, EventPattern } from './event-choice.js'
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
