import { exp } from '../../../kernel/elementary.js'
import { exponentialDraw, lnGammaDraw, lnOddsDraw, shareOf } from '../../../measures/gamma-draw.js'
import { checkDrawn } from '../checked.js'
import type { BetaGeometricForm, BetaGeometricValues } from './standing.js'

/** One customer's repeat purchases: a rate and a chance to leave drawn once, then times and leavings one by one. */
export function drawPurchases(
  form: BetaGeometricForm,
  { r, alpha, a, b }: BetaGeometricValues,
  age: number,
  random: { next(): number },
): number[] {
  const lambda = exp(lnGammaDraw(r, random)) / alpha
  const p = shareOf(lnOddsDraw(a, b, random))
  const purchases: number[] = []
  // Phases are drawn one by one, until the age or until leaving: of about 1 / p times to leave at.
  if (p * 1e5 < form.k) checkDrawn(lambda * age, age)
  if (form.leavesAtOnce && random.next() < p) return purchases
  for (let at = 0; ; ) {
    let wait = 0
    for (let phase = 0; phase < form.k; phase++) wait += exponentialDraw(random)
    at += wait / lambda
    if (!(at <= age)) return purchases
    purchases.push(at)
    if (random.next() < p) return purchases
  }
}
