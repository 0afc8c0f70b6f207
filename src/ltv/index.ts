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
export {
  type Edge,
  type FittedParameters,
  type GivenParameters,
  type Likelihood,
  type LikelihoodModel,
  type ModelParameters,
  type ParameterRange,
  parameters,
  type Values,
} from './model.js'
export type { BetaGeometricParameter } from './purchases/beta-geometric.js'
export { bgBb } from './purchases/bg-bb.js'
export { bgCnbd, mbgCnbd } from './purchases/bg-cnbd-k.js'
export { bgNbd } from './purchases/bg-nbd.js'
export {
  correlatedParetoNbd,
  type RateCorrelation,
  rateCorrelation,
  withRateCorrelation,
} from './purchases/correlated-pareto-nbd.js'
export { ggompertzNbd } from './purchases/ggompertz-nbd.js'
export { mbgNbd } from './purchases/mbg-nbd.js'
export type { Buying, Effect, PurchaseModel, RateKnowledge } from './purchases/model.js'
export { nbd } from './purchases/nbd.js'
export { paretoNbd } from './purchases/pareto-nbd.js'
export type { TimeSpan, TimeUnit } from './unit.js'
