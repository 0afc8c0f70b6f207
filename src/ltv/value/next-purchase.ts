import { exp, expm1, ln, log1p } from '../../kernel/elementary.js'
import { checkNumber, fault } from '../../kernel/errors.js'
import { spanIn, type TimeUnit } from '../unit.js'

/** By when a share has bought again, or that it never does. */
export type NextPurchase =
  | {
      readonly kind: 'estimate'
      /** Units from now. */
      readonly value: number
      readonly unit: TimeUnit
    }
  | {
      readonly kind: 'never'
      /** The share that has bought again by the end of `lookedAhead`: a hundred thousand years, or 2,000 opportunities. */
      readonly reached: number
      readonly lookedAhead: number
      readonly unit: TimeUnit
    }

/** Answers a share, or each of a list of them. */
export function nextPurchasesOf(
  lnNone: (time: number) => number,
  unit: TimeUnit,
): {
  (share: number): NextPurchase
  (shares: readonly number[]): readonly NextPurchase[]
} {
  const at = (share: number, path: string) => nextPurchaseOf(lnNone, unit, share, path)
  function asked(share: number): NextPurchase
  function asked(shares: readonly number[]): readonly NextPurchase[]
  function asked(shares: number | readonly number[]): NextPurchase | readonly NextPurchase[] {
    if (Array.isArray(shares)) return shares.map((share: number, i) => at(share, `$.shares[${i}]`))
    return at(shares as number, '$.share')
  }
  return asked
}

/** The first time by which no purchase is at most 1 - share likely. Of opportunities the first of which this holds. */
function nextPurchaseOf(
  lnNone: (time: number) => number,
  unit: TimeUnit,
  share: number,
  path: string,
): NextPurchase {
  checkNumber(share, path)
  if (!(share > 0 && share < 1)) throw fault('out-of-range', path, share, 'between 0 and 1')
  const goal = log1p(-share)
  const reached = (time: number): boolean => lnNone(time) <= goal
  const far = unit === 'opportunity' ? 2000 : spanIn(unit, { years: 1e5 }, '$')
  if (!reached(far)) return { kind: 'never', reached: -expm1(lnNone(far)), lookedAhead: far, unit }
  if (unit === 'opportunity') {
    let [low, high] = [0, far]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (reached(middle)) high = middle
      else low = middle
    }
    return { kind: 'estimate', value: high, unit }
  }
  let high = Math.min(1, far)
  if (reached(high)) while (high > 1e-300 && reached(high / 16)) high /= 16
  else while (!reached(high)) high = Math.min(far, high * 16)
  // Along the logarithm of time: chances of long times move with it.
  let [low, top] = [ln(high / 16), ln(high)]
  for (let i = 0; i < 60 && top - low > 4e-16 * Math.abs(top); i++) {
    const middle = (low + top) / 2
    if (middle <= low || middle >= top) break
    if (reached(exp(middle))) top = middle
    else low = middle
  }
  return { kind: 'estimate', value: exp(top), unit }
}
