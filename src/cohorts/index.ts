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
  type CurveDescription,
  type CurveShape,
  describeRetentionCurve,
  type RatePoint,
} from './curve-shape.js'
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
  type RetentionAverage,
  type RetentionCell,
  type RetentionCohort,
  type RetentionDefinition,
  type RetentionOptions,
  type RetentionPartial,
  type RetentionReason,
  type RetentionRow,
  retentionReasons,
  retentionRows,
} from './retention.js'
export {
  type RetentionTriangle,
  type SurvivorCounts,
  type SurvivorCountsOptions,
  survivorCounts,
} from './survivor-counts.js'
