import { expm1, ln } from '../../kernel/elementary.js'
import type { Likelihood } from '../model.js'
import { type ContractTable, checkContractTable } from './contract-table.js'

/** A model at one place of its parameters, as a likelihood needs it. */
export interface StayCurve {
  /** ln of the share of those there at `from` who are still there at `to`. */
  lnStay(from: number, to: number): number
  /** Its slopes by the parameters. */
  staySlopes(from: number, to: number): readonly number[]
  /** ln of the rate of leaving at a moment; in continuous time. */
  lnHazard?(time: number): number
  hazardSlopes?(time: number): readonly number[]
}

/** Customers who stayed from a tenure to another, left between two, or left at one. */
interface Stretch {
  readonly kind: 'stayed' | 'left-between' | 'left-at'
  readonly count: number
  readonly from: number
  readonly to: number
}

/**
 * The likelihood of a table under a model that is told by how many stay: each customer's chance of staying as long as seen,
 * and of leaving when seen to, given that they were there when first watched.
 */
export function stayLikelihood(
  table: ContractTable,
  model: {
    readonly time: 'discrete' | 'continuous'
    readonly parameters: readonly string[]
    /** None where the parameters lie outside the formulas. */
    curve(at: ArrayLike<number>): StayCurve | undefined
  },
): Likelihood {
  checkContractTable(table, model.time)
  const stretches = stretchesOf(table, model.time)
  return {
    value(at) {
      const curve = model.curve(at)
      if (curve === undefined) return Number.NaN
      let sum = 0
      for (const { kind, count, from, to } of stretches) {
        if (kind === 'stayed') sum += count * curve.lnStay(from, to)
        else if (kind === 'left-between') sum += count * ln(-expm1(curve.lnStay(from, to)))
        else sum += count * curve.lnHazard!(to)
      }
      return sum
    },
    slopes(at, slopes) {
      slopes.fill(0)
      const curve = model.curve(at)
      if (curve === undefined) return Number.NaN
      const add = (weight: number, by: readonly number[]) => {
        for (let k = 0; k < by.length; k += 1) slopes[k]! += weight * by[k]!
      }
      let sum = 0
      for (const { kind, count, from, to } of stretches) {
        if (kind === 'left-at') {
          sum += count * curve.lnHazard!(to)
          add(count, curve.hazardSlopes!(to))
        } else {
          const value = curve.lnStay(from, to)
          const left = kind === 'left-between'
          sum += count * (left ? ln(-expm1(value)) : value)
          add(left ? -count / expm1(-value) : count, curve.staySlopes(from, to))
        }
      }
      return sum
    },
  }
}

/** All that the likelihood adds up, those alike together. */
function stretchesOf(table: ContractTable, time: 'discrete' | 'continuous'): readonly Stretch[] {
  const kept = new Map<string, { -readonly [K in keyof Stretch]: Stretch[K] }>()
  const add = (kind: Stretch['kind'], count: number, from: number, to: number) => {
    if (count === 0 || (kind === 'stayed' && from === to)) return
    const key = `${kind} ${from} ${to}`
    const known = kept.get(key)
    if (known === undefined) kept.set(key, { kind, count, from, to })
    else known.count += count
  }
  for (let i = 0; i < table.count.length; i += 1) {
    const [count, entry, to] = [table.count[i]!, table.entry[i]!, table.left[i]!]
    // In discrete time who left at the third renewal stayed until the second.
    const stayed = table.stayed[i]! - (time === 'discrete' && table.stayed[i] === to ? 1 : 0)
    add('stayed', count, entry, stayed)
    if (stayed < to && to < Infinity) add('left-between', count, stayed, to)
    else if (to < Infinity) add('left-at', count, stayed, to)
  }
  return [...kept.values()]
}
