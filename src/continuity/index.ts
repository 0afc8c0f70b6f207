export type { AttentionModel, AttentionParameter } from './attention.js'
export { backtestDecay, type DecayBacktest, type DecayBacktestOptions, type HeldOutSend } from './backtest.js'
export { compareDecays, type DecayCandidate } from './compare.js'
export type { DecayOptions } from './decay-options.js'
export type { DecayDiagnosis, NoDecay, NoDecayData, NotIdentified } from './diagnosis.js'
export { type DecayStep, fitDecay, fitDecaySteps } from './fit.js'
export type { DecayFit, FittedDecay, FittedRate, NoDecayFit } from './fitted.js'
export {
  forecastOpenRate,
  type OpenRateForecast,
  type OpenRateForecastOptions,
  type OpenRatePoint,
  type OpenRateRow,
  openRateRows,
  type PublishingPlan,
  publicationsEvery,
} from './forecast.js'
export type { DecayGoodness } from './goodness.js'
export type { OpenRateHistory, SendCounts } from './history.js'
export {
  defineOpenRates,
  type OpenRateOfSend,
  type OpenRates,
  type OpenRatesDefinition,
  type OpenRatesOptions,
  type OpenRatesPartial,
} from './open-rates.js'
export {
  type FreePause,
  type PauseInMoney,
  type PriceOfPause,
  type PriceOfPauseOptions,
  priceOfPause,
} from './price.js'
export {
  type ComparedPlan,
  comparePlans,
  type PlanComparison,
  type PlanComparisonOptions,
} from './price-plans.js'
export type { OpensEstimate, PauseMoney, PausePrices } from './price-terms.js'
export type { ProfileEnd, ProfileInterval } from './profile.js'
export type { RateScale } from './scale.js'
export {
  type AttentionSpan,
  type AttentionSpanOptions,
  type AttentionSpans,
  attentionSpans,
} from './spans.js'
export type { AttentionInterval, AttentionUncertainty, UncertaintyMethod } from './uncertainty.js'
