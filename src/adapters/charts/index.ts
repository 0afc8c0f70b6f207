export { aliveCurve, type ChartedAlivePath } from './alive-curve.js'
export { type ChanceCurveOptions, type ChartedChances, chanceCurve } from './chance-curve.js'
export type { Chart, ChartOptions, SizedChartOptions } from './chart.js'
export type { ChartedRetention } from './charted-retention.js'
export { type ChartedContracts, contractSurvival } from './contract-survival.js'
export { type ChartedFrequencies, frequencyBars } from './frequency-bars.js'
export { type ChartedGrowth, growthBars } from './growth-bars.js'
export { type ChartedHistories, type HistoryHeatmapOptions, historyHeatmap } from './history-heatmap.js'
export { type ChartedLift, type LiftCurvesOptions, liftCurves } from './lift-curves.js'
export type { ChartedMeansBin } from './means-bars.js'
export { type ChartedMeans, meansByGroup } from './means-by-group.js'
export { type ChartedTracking, type PurchaseTrackingOptions, purchaseTracking } from './purchase-tracking.js'
export { type RetentionCurvesOptions, retentionCurves } from './retention-curves.js'
export { retentionHeatmap } from './retention-heatmap.js'
export {
  type ChartedPayback,
  type ChartedRevenue,
  type RevenueCurvesOptions,
  revenueCurves,
} from './revenue-curves.js'
export {
  type ChartedSpendMeans,
  type SpendByGroupOptions,
  spendByGroup,
} from './spend-by-group.js'
export { type ChartedSpendFit, type SpendHistogramOptions, spendHistogram } from './spend-histogram.js'
export type { StageWords } from './stage-flows.js'
export { type ChartedFlows, type StageSankeyOptions, stageSankey } from './stage-sankey.js'
export { type ChartedPanel, type StagesOverTimeOptions, stagesOverTime } from './stages-over-time.js'
export {
  type ChartedCurve,
  type ChartedSurvival,
  type SurvivalCurvesOptions,
  survivalCurves,
} from './survival-curves.js'
