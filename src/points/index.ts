export type { Fading, FadingKey, LapsedKey, LapsedLot, Paid, PointsState } from './account.js'
export {
  type AccountNotes,
  type HolderView,
  type MemberView,
  type OutstandingMonth,
  outstandingByMonth,
  type PointsView,
  type WalletView,
} from './account-view.js'
export { ledgerRows, outstandingLots } from './accounting/account-rows.js'
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
export type { Improvement } from './changes/carry.js'
export type { ChangeEffect, DefinitionChange, DefinitionChangeCode } from './changes/change.js'
export type { AccountKinds } from './changes/compiled.js'
export { definitionChanges } from './changes/definition-changes.js'
export type { RightsLoss, RightsLossCode } from './changes/losses.js'
export {
  migratePoints,
  type PointsMigration,
  type PointsMigrationOptions,
  type PointsMigrationPlan,
} from './changes/migrate.js'
export type { ChangeTerms } from './changes/notice.js'
export {
  type CurrencyLiabilityChange,
  defineRightsReview,
  type LiabilityChange,
  type ListedLoss,
  type LossTotal,
  type RightsReview,
  type RightsReviewAggregate,
  type RightsReviewDefinition,
  type RightsReviewOptions,
  type RightsReviewPartial,
} from './changes/rights-review.js'
export type { PointsRefusal } from './commands.js'
export type { CurrencyDefinition, CurrencyKind, LotOrder } from './currency.js'
export type { PointsDefinition } from './definition.js'
export type { Base } from './earning/base.js'
export type { Campaign } from './earning/campaign.js'
export type { CapDefinition, CapPeriod, CapReason, Overflow } from './earning/caps.js'
export type { CapUse, Counted, Limits, Use, Waiter } from './earning/limits.js'
export type { LinePart, LineShare } from './earning/lines.js'
export type { MultiplierReason, MultiplierRule, Multiplying } from './earning/multipliers.js'
export type { StackingGroup, StackingPolicy, UnpaidReason } from './earning/stacking.js'
export type {
  ClawedBackData,
  EarnedData,
  EarningReason,
  ExtendedData,
  LastingReason,
  LotsData,
  PointsEvent,
  RedemptionData,
  RefundData,
  ReinstatedData,
  ReservationData,
  Share,
  UnmatchedData,
} from './events.js'
export { pointsFrom } from './from.js'
export type { Enrolment, EnrolmentRule } from './holders/enrolment.js'
export type {
  AdjustedData,
  EnrolledData,
  HandedOverData,
  ReversalData,
  TakenOverData,
  TransferData,
} from './holders/holder-events.js'
export {
  joinPoolPlan,
  leavePoolPlan,
  type MergeRequest,
  mergePlan,
  type PointsAccounts,
  type PoolRequest,
  type TransferRequest,
  transferPlan,
} from './holders/holder-plans.js'
export type { Estate } from './holders/merging.js'
export type { CurrencyNegativeTerms, MoneyDue, NegativePolicy, NegativeTerms } from './holders/negative.js'
export type { PoolPolicy, TransferPolicy } from './holders/transfers.js'
export type { Expiry, InactivityExpiry, LotExpiry } from './lasting/expiry.js'
export {
  type ComingExpiry,
  expiries,
  expiriesByMonth,
  expiringBy,
  type MonthOfExpiry,
} from './lasting/horizon.js'
export { definePoints, type PointsKinds } from './points.js'
export type { RewardInvariant } from './rewards/audit.js'
export type { ClaimStatus, MinorMoney, RewardClaim, RewardsState } from './rewards/claims.js'
export type {
  LimitRoom,
  PriceOption,
  RewardDefinition,
  RewardLimit,
  RewardPrice,
  RewardStock,
} from './rewards/definition.js'
export type {
  ClaimEndData,
  ClaimedData,
  ClaimMoney,
  ClaimReason,
  LapseReason,
  NotEligible,
  PricePart,
  RewardClosed,
  RewardLimitReached,
  RewardRefusal,
  RewardSpecs,
} from './rewards/events.js'
export {
  type OfferOptions,
  type OfferPrice,
  type OfferReason,
  offersFor,
  type RewardOffer,
} from './rewards/offers.js'
export { type RewardRequest, rewardPlan } from './rewards/plan.js'
export type { OpenClaim, RewardLimitView, RewardsView } from './rewards/view.js'
export type {
  ClawbackRule,
  ConfirmationRule,
  EarningRate,
  EarningRule,
  LinesClawbackRule,
  LinesEarningRule,
  RemainderRounding,
} from './rules.js'
export { type PointsSpecs, pointsEvents } from './specs.js'
export type { MoneyBack, RefundPolicy } from './spending/refunding.js'
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
