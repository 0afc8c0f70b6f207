export { normalQuantile } from './normal.js'
export { type Proportion, type ProportionInput, wilson } from './proportions.js'
