import { exp, ln, log1p } from '../../../kernel/elementary.js'
import { digammaRise, lnBetaRatio } from '../../../measures/beta-ratio.js'
import { lnGamma } from '../../../measures/gamma.js'
import { lnGammaRise } from '../../../measures/gamma-rise.js'
import type { HistoryTable } from '../../histories/history.js'
import type { Likelihood } from '../../model.js'
import type { BetaGeometricForm } from './standing.js'

/** What the likelihood reads of a table. */
export type BetaGeometricRows = Pick<
  HistoryTable,
  'count' | 'repeatCount' | 'lastPurchaseAge' | 'age' | 'sumLnGaps'
>

/**
 * The likelihood of r, alpha, a and b. Of a row it is
 *
 *   B(a, b + n) / B(a, b) · Γ(r + kx) / Γ(r) · alpha^r / (alpha + T)^(r + kx) · (A + e^u),
 *
 * n the times the customer could have left and did not, A the chances of 0 … k - 1 phases in the silence (1 for k = 1) and
 * u = ln(a / (b + n - 1)) + (r + kx) ln((alpha + T) / (alpha + t_x)), none where n is 0. What depends on x alone or T
 * alone is worked out once for each x and T.
 */
export function betaGeometricLikelihood(form: BetaGeometricForm, rows: BetaGeometricRows): Likelihood {
  const { k, leavesAtOnce } = form
  const counts = distinct(rows.repeatCount)
  const ages = distinct(rows.age)
  const size = rows.count.length
  const people = new Float64Array(counts.values.length)
  const agePeople = new Float64Array(ages.values.length)
  const agePhases = new Float64Array(ages.values.length)
  for (let i = 0; i < size; i++) {
    const [group, age] = [counts.at[i]!, ages.at[i]!]
    people[group]! += rows.count[i]!
    agePeople[age]! += rows.count[i]!
    agePhases[age]! += rows.count[i]! * k * rows.repeatCount[i]!
  }
  const constant = gapConstant(k, rows)
  // Rows of which nothing but x and T matters are left out of the loop.
  const open: number[] = []
  for (let i = 0; i < size; i++) {
    if (k > 1 || leavesAtOnce || rows.repeatCount[i]! > 0) open.push(i)
  }
  const groupOf = Int32Array.from(open, (i) => counts.at[i]!)
  const countOf = Float64Array.from(open, (i) => rows.count[i]!)
  const lastOf = Float64Array.from(open, (i) => rows.lastPurchaseAge[i]!)
  const silenceOf = Float64Array.from(open, (i) => rows.age[i]! - rows.lastPurchaseAge[i]!)
  const ageOf = Float64Array.from(open, (i) => rows.age[i]!)
  const ageAt = Int32Array.from(open, (i) => ages.at[i]!)
  // Whose T does not matter, as they are gone for certain: counted out of what is shared by T.
  const awayPeople = new Float64Array(ages.values.length)
  const awayPhases = new Float64Array(ages.values.length)

  const groups = counts.values.length
  const [shapes, lnLeft, value, gone] = [
    new Float64Array(groups),
    new Float64Array(groups),
    new Float64Array(groups),
    new Float64Array(groups),
  ]

  function pass(at: ArrayLike<number>, slopes: Float64Array | undefined): number {
    const [r, alpha, a, b] = [at[0]!, at[1]!, at[2]!, at[3]!]
    for (let i = 0; i < 4; i++) if (!(at[i]! > 1e-100 && at[i]! < 1e100)) return Number.NaN
    for (let group = 0; group < groups; group++) {
      const x = counts.values[group]!
      const stays = leavesAtOnce ? x + 1 : x
      shapes[group] = r + k * x
      lnLeft[group] = stays === 0 ? -Infinity : ln(a) - ln(b + (stays - 1))
      value[group] = 0
      gone[group] = 0
    }
    awayPeople.fill(0)
    awayPhases.fill(0)
    // Slopes by r and alpha of what rows do not share.
    let [byR, byAlpha] = [0, 0]
    let [product, lnProducts] = [1, 0]
    for (let i = 0; i < countOf.length; i++) {
      const group = groupOf[i]!
      const shape = shapes[group]!
      const [count, silence] = [countOf[i]!, silenceOf[i]!]
      const whenLast = alpha + lastOf[i]!
      const lnStretch = log1p(silence / whenLast)
      let u = lnLeft[group]! + shape * lnStretch
      let lnPhases = 0
      let phasesByR = 0
      let phasesByAlpha = 0
      if (k > 1) {
        const step = silence / (alpha + ageOf[i]!)
        let [term, sum, rises, moments, harmonic] = [1, 1, 0, 0, 0]
        for (let done = 1; done < k; done++) {
          const before = shape + (done - 1)
          term *= (step * before) / done
          harmonic += 1 / before
          sum += term
          rises += term * harmonic
          moments += term * done
        }
        lnPhases = ln(sum)
        u -= lnPhases
        phasesByR = rises / sum
        phasesByAlpha = -moments / sum / (alpha + ageOf[i]!)
      }
      let left = 0
      if (u > 30) {
        const odds = exp(-u)
        left = 1 / (1 + odds)
        if (shape * lnStretch > 300) {
          // Two large parts would cancel: (alpha + T) is in both.
          const last = lastOf[i]!
          const lnGrowth = log1p(last / alpha)
          const phases = k * counts.values[group]!
          awayPeople[ageAt[i]!]! += count
          awayPhases[ageAt[i]!]! += count * phases
          value[group]! += count * (lnLeft[group]! + odds - shape * lnGrowth)
          gone[group]! += count * left
          byR -= count * (lnGrowth + (1 - left) * (lnStretch - phasesByR))
          const slower = shape * (silence / (alpha + ageOf[i]!) / whenLast)
          byAlpha +=
            count * (((r * last) / alpha - phases) / whenLast + (1 - left) * (phasesByAlpha + slower))
          continue
        }
        value[group]! += count * (lnPhases + (u + odds))
      } else if (u > -Infinity) {
        const odds = exp(u)
        left = odds / (1 + odds)
        if (count === 1) {
          // One logarithm for many rows: of their product.
          product *= 1 + odds
          value[group]! += lnPhases
          if (product > 1e200) {
            lnProducts += ln(product)
            product = 1
          }
        } else value[group]! += count * (lnPhases + log1p(odds))
      } else value[group]! += count * lnPhases
      if (slopes === undefined) continue
      gone[group]! += count * left
      byR += count * (left * lnStretch + (1 - left) * phasesByR)
      byAlpha +=
        count * ((1 - left) * phasesByAlpha - left * shape * (silence / (alpha + ageOf[i]!) / whenLast))
    }
    let total = constant + (lnProducts + ln(product))
    for (let age = 0; age < ages.values.length; age++) {
      const T = ages.values[age]!
      const customers = agePeople[age]! - awayPeople[age]!
      const phases = agePhases[age]! - awayPhases[age]!
      const lnGrowth = log1p(T / alpha)
      total -= (r * customers + phases) * lnGrowth
      byR -= customers * lnGrowth
      byAlpha += (r * customers * (T / alpha) - phases) / (alpha + T)
    }
    let [byA, byB] = [0, 0]
    const lnAlpha = ln(alpha)
    for (let group = 0; group < groups; group++) {
      const x = counts.values[group]!
      const stays = leavesAtOnce ? x + 1 : x
      const customers = people[group]!
      total +=
        value[group]! + customers * (lnBetaRatio(a, b, stays) + lnGammaRise(r, k * x) - k * x * lnAlpha)
      if (slopes === undefined || stays === 0) continue
      const both = digammaRise(a + b, stays)
      byR += customers * digammaRise(r, k * x)
      byA += gone[group]! / a - customers * both
      byB += customers * (digammaRise(b, stays) - both) - gone[group]! / (b + (stays - 1))
    }
    if (slopes !== undefined) {
      slopes[0] = byR
      slopes[1] = byAlpha
      slopes[2] = byA
      slopes[3] = byB
    }
    return total
  }

  return { value: (at) => pass(at, undefined), slopes: (at, slopes) => pass(at, slopes) }
}

/** What no parameter changes: of the times between purchases, so far as they are known. */
function gapConstant(k: number, rows: BetaGeometricRows): number {
  if (k === 1) return 0
  let sum = 0
  const lnRest = lnGamma(k)
  for (let i = 0; i < rows.count.length; i++) {
    sum += (k - 1) * (rows.sumLnGaps?.[i] ?? 0) - rows.count[i]! * rows.repeatCount[i]! * lnRest
  }
  return sum
}

/** The values there are, in the order they appear in, and which each row has. */
function distinct(column: Float64Array): { readonly values: Float64Array; readonly at: Int32Array } {
  const places = new Map<number, number>()
  const at = new Int32Array(column.length)
  for (let i = 0; i < column.length; i++) {
    const found = places.get(column[i]!)
    at[i] = found ?? places.size
    if (found === undefined) places.set(column[i]!, places.size)
  }
  return { values: Float64Array.from(places.keys()), at }
}
