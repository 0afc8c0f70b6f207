import { fault } from '../../../kernel/errors.js'
import type { PurchaseModel } from '../model.js'
import { type BetaGeometricParameter, betaGeometricModel } from './beta-geometric.js'

/**
 * BG/CNBD-k: as BG/NBD, for customers who buy at regular times. From one purchase to the next k phases pass, each of an
 * exponential length of rate λ, so that gaps have a coefficient of variation of 1 / √k.
 *
 * λ is the rate of phases: purchases come at λ / k. With k = 1 it is the BG/NBD. Log-likelihoods of different k may be
 * compared only where the table has `sumLnGaps`: `incomparable` says so.
 *
 * @param k - Whole, from 1 to 30.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Reutterer, Platzer & Schröder (2021), "Leveraging purchase regularity for predicting customer behavior the easy
 * way", International Journal of Research in Marketing 38, 194-215; Platzer & Reutterer (2016), Marketing Science 35.
 * @example
 * bgCnbd(2).name // => 'bg-cnbd-2'
 */
export function bgCnbd<K extends number>(k: K): PurchaseModel<`bg-cnbd-${K}`, BetaGeometricParameter> {
  checkK(k)
  return betaGeometricModel(
    `bg-cnbd-${k}`,
    { en: `BG/CNBD-${k}`, zh: `BG/CNBD-${k} 模型` },
    { k, leavesAtOnce: false },
  )
}

/**
 * MBG/CNBD-k: as `bgCnbd`, with leaving right after the first purchase too. With k = 1 it is the MBG/NBD.
 *
 * @param k - Whole, from 1 to 30.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Reutterer, Platzer & Schröder (2021), as `bgCnbd`.
 * @example
 * mbgCnbd(3).name // => 'mbg-cnbd-3'
 */
export function mbgCnbd<K extends number>(k: K): PurchaseModel<`mbg-cnbd-${K}`, BetaGeometricParameter> {
  checkK(k)
  return betaGeometricModel(
    `mbg-cnbd-${k}`,
    { en: `MBG/CNBD-${k}`, zh: `MBG/CNBD-${k} 模型` },
    { k, leavesAtOnce: true },
  )
}

function checkK(k: number): void {
  if (!(Number.isInteger(k) && k >= 1 && k <= 30)) {
    throw fault('out-of-range', '$.k', k, 'a whole number from 1 to 30')
  }
}
