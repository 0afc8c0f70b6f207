import type { PurchaseModel } from '../model.js'
import { type BetaGeometricParameter, betaGeometricModel } from './beta-geometric.js'

/**
 * BG/NBD: customers buy at random times, each at an own rate, and after any repeat purchase may leave for good.
 *
 * Rates are Gamma(r, alpha) among customers, chances to leave Beta(a, b). Who never bought again is a customer for certain
 * in this model, since people leave only after a repeat purchase: `mbgNbd` lets them leave after the first one too.
 *
 * @see Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24, 275-284.
 * @example
 * bgNbd.newcomer({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }).expected(52) // => 1.4460505953964011
 */
export const bgNbd: PurchaseModel<'bg-nbd', BetaGeometricParameter> = /* @__PURE__ */ betaGeometricModel(
  'bg-nbd',
  { en: 'BG/NBD', zh: 'BG/NBD 模型' },
  { k: 1, leavesAtOnce: false },
)
