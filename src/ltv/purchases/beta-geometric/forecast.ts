import { exp, ln, log1p } from '../../../kernel/elementary.js'
import type { HistoryTable } from '../../histories/history.js'
import { buyingFrom } from './buying.js'
import { type BetaGeometricForm, type BetaGeometricValues, standingOf } from './standing.js'

/**
 * Expected purchases of many customers. Of those with the same x all that depends on a and b is the same: the purchases
 * that so many phases lead to. What is left of one customer are chances of 0, 1, 2, … phases, each from the one before.
 */
export function forecastMany(
  form: BetaGeometricForm,
  values: BetaGeometricValues,
  table: Pick<HistoryTable, 'repeatCount' | 'lastPurchaseAge' | 'age'>,
  span: number,
): Float64Array {
  const { k } = form
  const { r, alpha } = values
  const found = new Float64Array(table.repeatCount.length)
  const inverse = inverses()
  const kept: (Kept | undefined)[] = []
  if (span === 0) return found
  for (let i = 0; i < found.length; i++) {
    const [x, last, age] = [table.repeatCount[i]!, table.lastPurchaseAge[i]!, table.age[i]!]
    const shape = r + k * x
    const rate = alpha + age
    const times = span / rate
    const lnNone = -shape * log1p(times)
    if (!(x < MOST_KEPT && shape * times + 36 * (1 + times) < REACH - 4 * k && lnNone > -600)) {
      const [repeatCount, lastPurchaseAge] = [x, last]
      found[i] = buyingFrom(standingOf(form, values, { repeatCount, lastPurchaseAge, age })).expected(span)
      continue
    }
    kept[x] ??= keptOf(form, values, x)
    const { lnLeft, purchases } = kept[x]!
    const share = span / (rate + span)
    const silence = age - last
    let whole = 1
    let sum = 0
    if (k === 1) sum = meanOf(purchases, 0, shape, share, inverse)
    else {
      const step = silence / rate
      let [term, none] = [1, 1]
      whole = 0
      for (let done = 0; done < k; done++) {
        whole += term
        sum += term * none * meanOf(purchases, done, shape + done, share, inverse)
        term *= (step * (shape + done)) / (done + 1)
        none *= 1 - share
      }
      sum /= whole
    }
    const alive =
      lnLeft === -Infinity ? 1 : 1 / (1 + exp(lnLeft + shape * log1p(silence / (alpha + last))) / whole)
    found[i] = alive * exp(lnNone) * sum
  }
  return found
}

interface Kept {
  readonly lnLeft: number
  /** By phases counted from the last purchase: what they lead to on average. */
  readonly purchases: Float64Array
}

function keptOf(form: BetaGeometricForm, { a, b }: BetaGeometricValues, x: number): Kept {
  const stays = form.leavesAtOnce ? x + 1 : x
  const purchases = new Float64Array(2 * REACH)
  let [sum, next, m] = [0, 1, 0]
  for (let phases = 0; phases < purchases.length; phases++) {
    if (phases > 0 && phases % form.k === 0) {
      sum += next
      next *= (b + stays + m) / (a + b + stays + m)
      m++
    }
    purchases[phases] = sum
  }
  return { lnLeft: stays === 0 ? -Infinity : ln(a / (b + (stays - 1))), purchases }
}

/** The mean over the chances of phases, over the chance of none. */
function meanOf(
  purchases: Float64Array,
  done: number,
  shape: number,
  share: number,
  inverse: Float64Array,
): number {
  let term = 1
  let sum = 0
  const last = purchases.length - done
  for (let phases = 1; phases < last; phases++) {
    const ratio = share * (1 + (shape - 1) * inverse[phases]!)
    term *= ratio
    const part = term * purchases[done + phases]!
    sum += part
    // Purchases grow more slowly than phases.
    if (part <= 3e-15 * sum * (1 - ratio - inverse[phases]!) && part > 0) break
  }
  return sum
}

/** 1, 1/1, 1/2, 1/3, … */
function inverses(): Float64Array {
  return Float64Array.from({ length: 2 * REACH }, (_, n) => (n === 0 ? 1 : 1 / n))
}

/** Phases that are kept for each x, and the x below which they are. */
const REACH = 1024
const MOST_KEPT = 4096
