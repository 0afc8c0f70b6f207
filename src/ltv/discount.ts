import { log1p } from '../kernel/elementary.js'
import { checkRecord, fault } from '../kernel/errors.js'
import { checkUnit, type TimeUnit, unitsIn } from './unit.js'

/**
 * What money that comes later is worth less: `{ rate: 0.1, per: 'year' }` makes 110 in a year as good as 100 today, and
 * compounds: over half a year the square root of it.
 */
export interface DiscountRate {
  /** 0, or from 1e-200 on, as a share: 0.1 for ten percent. */
  readonly rate: number
  readonly per: TimeUnit
}

/** The rate as δ of exp(-δ t), t in `unit`. */
export function lnRateIn(unit: TimeUnit, discount: DiscountRate, path: string): number {
  checkRecord(discount, path)
  const { rate, per } = discount
  if (typeof rate !== 'number') throw fault('wrong-type', `${path}.rate`, rate, 'a number')
  // Below that no sum of purchases for ever ends, and no money is so patient.
  if (!(rate === 0 || (rate >= 1e-200 && rate < Infinity)))
    throw fault('out-of-range', `${path}.rate`, rate, '0, or from 1e-200 on, finite')
  checkUnit(per, `${path}.per`)
  return log1p(rate) * unitsIn(unit, per, `${path}.per`)
}
