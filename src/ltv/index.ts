export { type CustomerHistory, type HistoryTable, historyTable } from './histories/history.js'
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
export type { Buying, Effect, PurchaseModel, RateKnowledge } from './purchases/model.js'
export type { TimeSpan, TimeUnit } from './unit.js'
