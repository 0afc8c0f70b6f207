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
export type { LtvMean, LtvPoint } from './ltv-curve.js'
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
export type { RevenuePeriod } from './revenue-periods.js'
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
export type { RevenueOptions, RevenueTerms } from './revenue-terms.js'
export type { Told, ToldBySubject } from './told.js'
