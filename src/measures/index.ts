export type { ReadingOptions } from './activity/as-of.js'
export type { ActivityPartial, Keep } from './activity/collected.js'
export type { TrackingGap } from './activity/coverage.js'
export type { ActivityAggregate, ActivityDefinition, ActivityReading } from './activity/definition.js'
export type { EventChoice, EventPattern } from './activity/event-choice.js'
export type { GroupValue } from './activity/group-value.js'
export {
  betaQuantile,
  betaQuantileUpper,
  betaRegularized,
  betaRegularizedUpper,
  lnBeta,
  lnBetaRegularized,
  lnBetaRegularizedUpper,
} from './beta.js'
export { lnBetaRatio } from './beta-ratio.js'
export type { ChurnCohort } from './churn-counts.js'
export {
  type ChurnFit,
  type ChurnGoodness,
  churnFitSentences,
  fitChurnModel,
  type NoChurnFit,
  type ParameterEstimate,
} from './churn-fit.js'
export {
  type ChurnModel,
  type ChurnParameters,
  churnLogLikelihood,
  churnRetention,
  churnSurvival,
} from './churn-model.js'
export { simulateChurn } from './churn-simulation.js'
export { compensatedSum } from './compensated-sum.js'
export type { BaselineCurve, BaselineStep } from './cox/baseline.js'
export { type Concordance, concordance, type ScoredRecord } from './cox/concordance.js'
export {
  type CoxCoefficient,
  type CoxModel,
  type CoxOptions,
  type CoxTest,
  type CoxWarning,
  fitCox,
  type HazardRatio,
  type NoCoxMaximum,
  type NoCoxModel,
} from './cox/cox.js'
export type { Ties } from './cox/partial-likelihood.js'
export {
  type CoxPrediction,
  type CoxSubject,
  coxSurvival,
  type PredictedSurvival,
} from './cox/prediction.js'
export {
  type NoProportionalityTest,
  type ProportionalityOptions,
  type ProportionalityTest,
  type TimeScale,
  testProportionalHazards,
} from './cox/proportionality.js'
export type { CoxRecord } from './cox/subjects.js'
export type { DefinitionHead } from './definition-head.js'
export {
  type AgentsNeeded,
  agentsByInterval,
  agentsNeeded,
  type ErlangC,
  erlangC,
  type IntervalStaff,
  type QueueInterval,
  type QueueLoad,
  type QueueTarget,
} from './erlang.js'
export { type ExactSum, exactSum, exactTotal } from './exact-sum.js'
export { digamma, lnGamma, trigamma } from './gamma.js'
export { hypergeometric2F1, lnHypergeometric2F1 } from './hypergeometric.js'
export {
  erf,
  erfc,
  gammaP,
  gammaPInverse,
  gammaQ,
  gammaQInverse,
  lnGammaP,
  lnGammaQ,
} from './incomplete-gamma.js'
export { logDiffExp, logSumExp } from './log-space.js'
export {
  type AbsorbingChain,
  type AbsorbingChainInput,
  absorbingChain,
} from './markov/absorbing-chain.js'
export { type ChainValue, type ChainValueInput, chainValue } from './markov/chain-value.js'
export { type ChainClass, chainClasses } from './markov/classes.js'
export { chainPower, projectChain } from './markov/projection.js'
export { type ClosedClass, type SteadyState, steadyState } from './markov/steady-state.js'
export {
  type MinimizeMethod,
  type MinimizeOptions,
  type MinimizeStep,
  type Minimum,
  minimize,
  minimizeSteps,
} from './minimize.js'
export type { NoMinimum } from './minimum.js'
export { type Moment, type Moments, type MomentsPartial, moments } from './moments.js'
export { adjustedP, type MultiplicityMethod } from './multiplicity.js'
export { normalCdf, normalQuantile } from './normal.js'
export type { Objective } from './objective.js'
export {
  type Counts,
  type DifferenceMethod,
  type ProportionDifference,
  type ProportionTest,
  proportionDifference,
  proportionTest,
} from './proportion-difference.js'
export {
  type Proportion,
  type ProportionInput,
  type ProportionMethod,
  proportion,
  wilson,
} from './proportions.js'
export {
  gaussJacobi,
  gaussLegendre,
  type Integral,
  type IntegrateOptions,
  integrate,
  type QuadratureRule,
} from './quadrature.js'
export { type Quantile, quantile } from './quantile.js'
export {
  defineQuantileSketch,
  type QuantileSketch,
  type QuantileSketchDefinition,
  type QuantileSketchOptions,
  type QuantileSketchPartial,
  type SketchedQuantile,
} from './quantile-sketch.js'
export { studentCdf, studentQuantile } from './student.js'
export {
  type RestrictedMean,
  restrictedMean,
  type SurvivalAt,
  type SurvivalQuantile,
  type SurvivalTime,
  survivalAt,
  survivalQuantile,
} from './survival/curve-reading.js'
export type { SurvivalCurve, SurvivalError, SurvivalRow } from './survival/kaplan-meier.js'
export {
  type GroupDifference,
  type LogRank,
  type LogRankOptions,
  logRank,
  type SurvivalSample,
} from './survival/log-rank.js'
export {
  defineSurvival,
  kaplanMeier,
  type SurvivalDefinition,
  type SurvivalOptions,
} from './survival/survival.js'
export type { SurvivalInterval, SurvivalTransform } from './survival/survival-interval.js'
export type { SurvivalPartial } from './survival/survival-table.js'
export type { SurvivalRecord } from './survival-record.js'
export type { Matrix } from './symmetric.js'
export { lnTricomiU, tricomiU } from './tricomi.js'
