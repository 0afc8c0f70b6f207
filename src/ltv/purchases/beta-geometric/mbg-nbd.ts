import type { PurchaseModel } from '../model.js'
import { type BetaGeometricParameter, betaGeometricModel } from './beta-geometric.js'

/**
 * MBG/NBD: as BG/NBD, but customers may leave right after the first purchase too, so that one-time buyers are not
 * customers for certain.
 *
 * @see Batislam, Denizel & Filiztekin (2007), International Journal of Research in Marketing 24, 201-209; Wagner & Hoppe
 * (2008), Marketing Science 27, 1105.
 * @example
 * mbgNbd.newcomer({ r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 }).lnAlive // => -0.43957316468907104
 */
export const mbgNbd: PurchaseModel<'mbg-nbd', BetaGeometricParameter> = /* @__PURE__ */ betaGeometricModel(
  'mbg-nbd',
  { en: 'MBG/NBD', zh: 'MBG/NBD 模型' },
  { k: 1, leavesAtOnce: true },
)
