export type { AttentionModel, AttentionParameter } from './attention.js'
export { type BacktestOptions, backtestDecay, type DecayBacktest, type HeldOutSend } from './backtest.js'
export {
  compareDecays,
  type DecayCandidate,
  type DecayDiagnosis,
  type DecayFit,
  type DecayOptions,
  type DecayStep,
  type FittedDecay,
  type FittedRate,
  fitDecay,
  fitDecaySteps,
  type Goodness,
  type NoDecay,
  type NoDecayFit,
  type NotIdentified,
} from './fit.js'
export {
  type ForecastOptions,
  forecastOpenRate,
  type OpenRateForecast,
  type OpenRatePoint,
  type OpenRateRow,
  openRateRows,
  type PublishingPlan,
  publicationsEvery,
} from './forecast.js'
export type { OpenRateHistory, Send } from './history.js'
export {
  defineOpenRates,
  type OpenRateOfSend,
  type OpenRates,
  type OpenRatesDefinition,
  type OpenRatesOptions,
  type OpenRatesPartial,
} from './open-rates.js'
export {
  type ComparedPlan,
  type ComparisonOptions,
  comparePlans,
  type FreePause,
  type MoneyEstimate,
  type PauseInMoney,
  type PauseOptions,
  type PlanComparison,
  type PriceEstimate,
  type PriceOfPause,
  type Prices,
  priceOfPause,
} from './price.js'
export type { ProfileEnd, ProfileInterval } from './profile.js'
export type { RateScale } from './scale.js'
export { type AttentionSpan, type AttentionSpans, attentionSpans, type SpanOptions } from './spans.js'
export type { Interval, UncertaintyMethod, UncertaintyOptions } from './uncertainty.js'
