import type { Comparison, Operand } from '../condition.js'
import { parseRatio } from '../rational.js'
import type { Relation, Trial } from './solve.js'
import { highest, lowest, type Values, values } from './values.js'

/** A fraction, in no particular terms; the denominator is positive. */
export type Share = readonly [numerator: bigint, denominator: bigint]

/** A share lies between two of those that matter; so does what is divided, between multiples of what divides. */
export const between = (
  shares: readonly Share[],
  scale: bigint,
  share: number,
  of: number,
  to: number,
): Relation => ({
  among: [share, of, to],
  narrow(trial) {
    const hasNone = () => [share, of, to].some((one) => trial.get(one).spans.length === 0)
    const held = trial.get(share)
    if (held.none || hasNone()) return
    const above = shares[Math.floor((lowest(held) - 1) / 2)]
    const below = shares[Math.ceil((highest(held) - 1) / 2)]
    // An even rank lies strictly between.
    const beyond = lowest(held) % 2 === 0
    const short = highest(held) % 2 === 0
    if (above !== undefined && above[0] >= 0n) {
      const [numerator, denominator] = [above[0] * scale, above[1]]
      const product = BigInt(Math.max(1, lowest(trial.get(to)))) * numerator
      atLeast(trial, of, beyond ? product / denominator + 1n : upwards(product, denominator))
      const most = highest(trial.get(of))
      if (numerator > 0n && Number.isFinite(most)) {
        const whole = BigInt(most) * denominator
        atMost(trial, to, beyond ? upwards(whole, numerator) - 1n : whole / numerator)
      }
    }
    if (hasNone() || below === undefined || below[0] < 0n) return
    const [numerator, denominator] = [below[0] * scale, below[1]]
    const most = highest(trial.get(to))
    if (Number.isFinite(most)) {
      const product = BigInt(most) * numerator
      atMost(trial, of, short ? upwards(product, denominator) - 1n : product / denominator)
    }
    if (hasNone() || numerator === 0n) return
    const whole = BigInt(Math.max(0, lowest(trial.get(of)))) * denominator
    atLeast(trial, to, short ? whole / numerator + 1n : upwards(whole, numerator))
  },
})

const upwards = (a: bigint, b: bigint) => (a + b - 1n) / b
const atLeast = (trial: Trial, unknown: number, low: bigint) =>
  trial.keep(unknown, { none: true, spans: [[Number(low), Infinity]] })
const atMost = (trial: Trial, unknown: number, high: bigint) =>
  trial.keep(unknown, { none: true, spans: [[-Infinity, Number(high)]] })

export const shareFrom = (operand: Operand): Share => {
  const { numerator, denominator } = parseRatio(operand as string, '$.value')
  return [BigInt(numerator), BigInt(denominator)]
}
const compareShares = (a: Share, b: Share): number => {
  const difference = a[0] * b[1] - b[0] * a[1]
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}
export const inOrder = (shares: readonly Share[]): readonly Share[] =>
  shares
    .slice()
    .sort(compareShares)
    .filter((share, i, all) => i === 0 || compareShares(share, all[i - 1]!) !== 0)

/** Where a share stands among those that matter: odd on one of them, even between two. */
export const rankOf = (shares: readonly Share[], share: Share): number =>
  2 * shares.findIndex((one) => compareShares(one, share) === 0) + 1

export function amongShares(leaf: Comparison, shares: readonly Share[]): Values {
  const rank = (operand: Operand) => rankOf(shares, shareFrom(operand))
  const span = (low: number, high: number) => (low <= high ? values([low, high]) : values())
  switch (leaf.condition) {
    case 'gte':
      return span(rank(leaf.value), Infinity)
    case 'gt':
      return span(rank(leaf.value) + 1, Infinity)
    case 'lte':
      return span(-Infinity, rank(leaf.value))
    case 'lt':
      return span(-Infinity, rank(leaf.value) - 1)
    case 'between':
      return span(rank(leaf.low), rank(leaf.high))
    default:
      return values()
  }
}
