export { type BdwParameter, bdw } from './contracts/beta-discrete-weibull.js'
export type {
  ContractModel,
  Elasticity,
  LeavingKnowledge,
  Payments,
  Staying,
} from './contracts/contract-model.js'
export {
  type ContractCohort,
  type ContractRecord,
  type ContractTable,
  contractTable,
} from './contracts/contract-table.js'
export { type ExponentialGammaParameter, exponentialGamma } from './contracts/exponential-gamma.js'
export { type ContractOutlook, contractOutlook, type TenureEstimate } from './contracts/outlook.js'
export { type SbgParameter, sbg } from './contracts/shifted-beta-geometric.js'
export { type WeibullGammaParameter, weibullGamma, weibullGammaValues } from './contracts/weibull-gamma.js'
export type { DiscountRate } from './discount.js'
export {
  type Bootstrap,
  type BootstrapOptions,
  bootstrap,
  bootstrapInterval,
  bootstrapSteps,
} from './estimation/bootstrap.js'
export { changeUnit } from './estimation/change-unit.js'
export { type ChoiceOptions, chooseModel, type ModelChoice } from './estimation/choice.js'
export {
  type Compared,
  type Contender,
  compareModels,
  type Holdout,
  type HoldoutError,
} from './estimation/comparison.js'
export type { Coefficient, Covariates, WithEffects } from './estimation/covariates.js'
export { fitFor, valuesFor } from './estimation/customer.js'
export {
  type CovariateFit,
  type CovariateOptions,
  type Fit,
  type FitOptions,
  type FitStep,
  fitModel,
  fitSteps,
  type NoFit,
  type SearchReport,
} from './estimation/fit.js'
export { fittedFrom } from './estimation/from.js'
export { type HistoriesHoldout, holdoutOf } from './estimation/holdout.js'
export { type LikelihoodRatio, likelihoodRatio } from './estimation/likelihood-ratio.js'
export { penalties } from './estimation/penalties.js'
export { type PredictionInterval, predictionInterval } from './estimation/prediction-interval.js'
export type { Prior, Priors } from './estimation/priors.js'
export type {
  HistoriesDefinition,
  MergeRule,
  OrderName,
  RefundDefinition,
  SpendDefinition,
} from './histories/definition.js'
export {
  type CustomerHoldout,
  type CustomerSpend,
  type Histories,
  type HistoriesAggregate,
  type HistoryTotals,
  type HoldoutTotals,
  type SummarizedCustomer,
  summarizeHistories,
} from './histories/histories.js'
export {
  type CountedHistory,
  type CustomerHistory,
  countedHistories,
  type HistoryTable,
  historyTable,
} from './histories/history.js'
export type { HistoriesPartial } from './histories/order-log.js'
export { orderColumns, type PlainOrder } from './histories/plain-orders.js'
export type { HistoriesOptions, KnownPerson } from './histories/reading.js'
export {
  estimateRegularity,
  type Regularity,
  type RegularityInterval,
  type RegularityMethod,
  type RegularityOptions,
  type TimedPurchases,
} from './histories/regularity.js'
export { type SupposedCustomer, type SupposedPurchase, withPurchase } from './histories/with-purchase.js'
export {
  type Edge,
  type FittedParameters,
  type GivenParameters,
  type KnownLimit,
  type Likelihood,
  type LikelihoodModel,
  type LimitModel,
  type ModelParameters,
  type ParameterRange,
  parameters,
  type SearchRoute,
  type Values,
} from './model.js'
export type { BetaGeometricParameter } from './purchases/beta-geometric/beta-geometric.js'
export { bgCnbd, mbgCnbd } from './purchases/beta-geometric/bg-cnbd-k.js'
export { bgNbd } from './purchases/beta-geometric/bg-nbd.js'
export { mbgNbd } from './purchases/beta-geometric/mbg-nbd.js'
export { bgBb } from './purchases/bg-bb/bg-bb.js'
export { ggompertzNbd } from './purchases/gompertz/ggompertz-nbd.js'
export type { Buying, Effect, PurchaseModel, RateKnowledge } from './purchases/model.js'
export { nbd } from './purchases/nbd.js'
export {
  correlatedParetoNbd,
  type RateCorrelation,
  rateCorrelation,
  withRateCorrelation,
} from './purchases/pareto/correlated-pareto-nbd.js'
export { paretoNbd } from './purchases/pareto/pareto-nbd.js'
export type { NoSimpleEstimate, SimpleEstimate } from './simple/assumptions.js'
export {
  acquisitionCost,
  type CohortMargins,
  type HistoricValue,
  historicValue,
  valueToCost,
} from './simple/historic.js'
export {
  type CustomerMargin,
  churnValue,
  type RetentionStream,
  retentionValue,
} from './simple/retention-value.js'
export { type SensitivityRow, type ValueInput, valueSensitivity } from './simple/sensitivity.js'
export type { ServiceByBuying, ServiceByContract } from './simple/service-by-outlook.js'
export {
  extraPeriodsThatPay,
  type PayingNumber,
  type RetentionGain,
  referralsThatPay,
  retentionGainThatPays,
  type ServiceCost,
} from './simple/service-value.js'
export {
  churnAwarePayback,
  type PayingCurve,
  type SimplePayback,
  simplePayback,
} from './simple/simple-payback.js'
export { expectedSpend, type GammaGammaParameter, gammaGamma, gammaGammaAnyQ } from './spend/gamma-gamma.js'
export type { Shrinkage, SpendEstimate, SpendKnowledge, SpendModel } from './spend/model.js'
export { type OwnSpend, type SpendTable, spendCorrelation, spendTable } from './spend/spend-table.js'
export type { TimeSpan, TimeUnit } from './unit.js'
export { type AlivePath, type AlivePoint, aliveOverTime } from './validation/alive-over-time.js'
export {
  type CalibrationBin,
  type ChanceCalibration,
  chanceCalibration,
} from './validation/chance-calibration.js'
export {
  type ConditionalMeans,
  conditionalMeans,
  type MeansBin,
  type MeansBy,
} from './validation/conditional-means.js'
export { contractSentences } from './validation/contract-sentences.js'
export type { ForecastModel, ForecastParameters } from './validation/forecast.js'
export { type FrequencyBin, type FrequencyFit, frequencyFit } from './validation/frequency-fit.js'
export type { BinGoodness } from './validation/goodness.js'
export { type HistoryCell, type HistoryGrid, historyGrid } from './validation/history-grid.js'
export { capturedBy, type GainPoint, type LiftBin, type LiftTable, liftTable } from './validation/lift.js'
export {
  type CorrelationGap,
  type PredictionErrors,
  predictionErrors,
} from './validation/prediction-errors.js'
export type { Found, Predictions } from './validation/predictions.js'
export { type SpendBin, type SpendFit, type SpendForecast, spendFit } from './validation/spend-fit.js'
export { spendSentences } from './validation/spend-sentences.js'
export {
  type TrackedCustomer,
  type TrackedPeriod,
  type TrackedTotal,
  type Tracking,
  trackPurchases,
} from './validation/tracking.js'
export {
  type Validation,
  type ValidationData,
  type ValidationOptions,
  validate,
} from './validation/validate.js'
export {
  type ContractForecast,
  type ContractLine,
  type ContractValidation,
  type FollowedCohort,
  type StayTotal,
  type TenureBin,
  validateContracts,
} from './validation/validate-contracts.js'
export {
  type FollowedSpend,
  type SpendMeans,
  type SpendMeansBy,
  type SpendValidation,
  type SpendValidationOptions,
  validateSpend,
} from './validation/validate-spend.js'
export { type ValidationPart, type ValidationRow, validationRows } from './validation/validation-rows.js'
export { validationSentences } from './validation/validation-sentences.js'
export { type Belonging, type Belongings, belongings, type GroupShare } from './value/belonging.js'
export type { ContractLifetimeValue, ContractValueTerms, Subscriber } from './value/contract-value.js'
export {
  estimateLifetimeValue,
  type LifetimePeriod,
  type LifetimeValue,
  type LifetimeValueTerms,
  lifetimeVariance,
  type SpendSource,
  type ValuedHistory,
} from './value/lifetime-value.js'
export {
  type LifetimeValueColumns,
  lifetimeValuesOf,
  type ValuedColumns,
} from './value/lifetime-value-columns.js'
export type { NextPurchase } from './value/next-purchase.js'
export { type HistoryColumns, type Predictor, predictor } from './value/predictor.js'
export type { DiscountedSpan, PurchaseOutlook, Within } from './value/purchase-outlook.js'
export {
  type CustomerValue,
  type NoSumInterval,
  type ValueByOptions,
  type ValueMember,
  type ValueSum,
  type ValueSums,
  valueBy,
} from './value/value-sums.js'
