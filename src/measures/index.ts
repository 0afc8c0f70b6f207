export {
  betaQuantile,
  betaQuantileUpper,
  betaRegularized,
  betaRegularizedUpper,
  lnBeta,
  lnBetaRegularized,
  lnBetaRegularizedUpper,
} from './beta.js'
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
export { normalQuantile } from './normal.js'
export { type Proportion, type ProportionInput, wilson } from './proportions.js'
export {
  gaussJacobi,
  gaussLegendre,
  type Integral,
  type IntegrateOptions,
  integrate,
  type QuadratureRule,
} from './quadrature.js'
export { lnTricomiU, tricomiU } from './tricomi.js'
