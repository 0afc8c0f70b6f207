export { compensatedSum } from './compensated-sum.js'
export { type ExactSum, exactSum, exactTotal } from './exact-sum.js'
export {
  type MinimizeMethod,
  type MinimizeOptions,
  type MinimizeStep,
  type Minimum,
  minimize,
  minimizeSteps,
  type NoMinimum,
} from './minimize.js'
export { type Moment, type Moments, type MomentsPartial, moments } from './moments.js'
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
export type { Matrix } from './symmetric.js'
