export {
  type OutstandingMonth,
  outstandingByMonth,
  type PointsState,
  type PointsView,
  type WalletView,
} from './account.js'
export {
  breakageReasons,
  type CohortBreakage,
  type CohortStanding,
  type CurveAge,
  type CurveEstimate,
  type CurveEstimateOptions,
  type CurveValue,
  estimateRedemptionCurve,
  type NoBreakage,
  type UltimateRedemption,
} from './accounting/curve-estimate.js'
export {
  type DeferralChange,
  type DeferralMovement,
  type DeferralStep,
  moveDeferral,
  openDeferral,
  type PointsDeferral,
} from './accounting/deferral.js'
export {
  definePointsDevelopment,
  type PointsCohort,
  type PointsDevelopment,
  type PointsDevelopmentAggregate,
  type PointsDevelopmentDefinition,
  type PointsDevelopmentPartial,
  type PointsTriangle,
} from './accounting/development.js'
export {
  type JournalEntry,
  type JournalLine,
  type JournalRow,
  journalEntries,
  journalRows,
  journalSentences,
  type PointsBooking,
  type PointsChart,
} from './accounting/journal-entries.js'
export {
  type CurrencyLiability,
  definePointsLiability,
  type LiabilityHorizon,
  type LiabilityMonth,
  type PointsLiability,
  type PointsLiabilityAggregate,
  type PointsLiabilityDefinition,
  type PointsLiabilityPartial,
  type PointsOwed,
  type PointValue,
} from './accounting/liability.js'
export {
  type ExpectedPoints,
  type ForecastMonth,
  forecastLiability,
  type LiabilityForecast,
  type LiabilityForecastOptions,
} from './accounting/liability-forecast.js'
export type { LiabilityCell } from './accounting/liability-sums.js'
export {
  type MarginGroup,
  type NoReturn,
  type PointsCost,
  type PointsReturn,
  type PointsReturnInput,
  pointsReturn,
  type RetainedMargin,
  type ReturnEstimate,
  returnReasons,
} from './accounting/points-return.js'
export type { CurveBound, RedemptionCurve } from './accounting/redemption-curve.js'
export {
  allocateRevenue,
  type RevenueAllocation,
  type RoundingPoint,
  type SaleWithPoints,
} from './accounting/revenue-allocation.js'
export type { LedgerKind, LedgerRow, OutstandingLot } from './accounting/rows.js'
export type { PointsInvariant } from './audit.js'
export type { Base } from './base.js'
export type { Campaign } from './campaign.js'
export type {
  CapDefinition,
  CapPeriod,
  CapReason,
  CapUse,
  Counted,
  Limits,
  Overflow,
  Use,
  Waiter,
} from './caps.js'
export type { CurrencyDefinition, CurrencyKind } from './currency.js'
export type {
  ClawbackRule,
  ConfirmationRule,
  EarningRate,
  EarningRule,
  LinesClawbackRule,
  LinesEarningRule,
  PointsDefinition,
  RemainderRounding,
} from './definition.js'
export {
  type ClawedBackData,
  type EarnedData,
  type EarningReason,
  type LotsData,
  type PointsEvent,
  type PointsRefusal,
  type PointsSpecs,
  pointsEvents,
  type RedemptionData,
  type ReservationData,
  type Share,
} from './events.js'
export { pointsFrom } from './from.js'
export type { LinePart, LineShare } from './lines.js'
export type { MultiplierReason, MultiplierRule, Multiplying } from './multipliers.js'
export { definePoints, type PointsKinds } from './points.js'
export type { StackingGroup, StackingPolicy, UnpaidReason } from './stacking.js'
export type {
  TierGrace,
  TierHold,
  TierLevel,
  TierMeasure,
  TierPeriod,
  TierTrack,
  TierWindow,
} from './tiers/definition.js'
export type { TierData, TierReason, TierSpecs, TierWords } from './tiers/events.js'
export { type TierProgress, type TierView, tierProgress } from './tiers/view.js'
