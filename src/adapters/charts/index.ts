export type { Chart, ChartOptions, SizedChartOptions } from './chart.js'
export type { ChartedRetention } from './charted-retention.js'
export { type ChartedGrowth, growthBars } from './growth-bars.js'
export { type RetentionCurvesOptions, retentionCurves } from './retention-curves.js'
export { retentionHeatmap } from './retention-heatmap.js'
export {
  type ChartedPayback,
  type ChartedRevenue,
  type RevenueCurvesOptions,
  revenueCurves,
} from './revenue-curves.js'
export type { StageWords } from './stage-flows.js'
export { type ChartedFlows, type StageSankeyOptions, stageSankey } from './stage-sankey.js'
export { type ChartedPanel, type StagesOverTimeOptions, stagesOverTime } from './stages-over-time.js'
export {
  type ChartedCurve,
  type ChartedSurvival,
  type SurvivalCurvesOptions,
  survivalCurves,
} from './survival-curves.js'
