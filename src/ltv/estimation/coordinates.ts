import { exp, ln } from '../../kernel/elementary.js'
import { pow } from '../../kernel/power.js'
import { sharesOf } from '../../measures/churn-model.js'
import type { ParameterRange } from '../model.js'

/** Where on the whole line a parameter stands: ln x, x, ln(x - 1) or the logit, by its range. */
export function coordinateOf(range: ParameterRange, value: number): number {
  if (range === 'real') return value
  if (range === 'above-one') return ln(value - 1)
  return range === 'share' ? ln(value) - ln(1 - value) : ln(value)
}

/** The parameter at a coordinate. */
export function valueAt(range: ParameterRange, coordinate: number): number {
  if (range === 'real') return coordinate
  if (range === 'above-one') return 1 + exp(coordinate)
  return range === 'share' ? sharesOf(coordinate)[0] : exp(coordinate)
}

/** How fast the parameter grows with its coordinate. */
export function growthAt(range: ParameterRange, coordinate: number): number {
  if (range === 'real') return 1
  if (range !== 'share') return exp(coordinate)
  const [share, rest] = sharesOf(coordinate)
  return share * rest
}

/** A power of how many times longer a unit is; whole ones to the last bit. */
export function powerOf(by: number, power: number): number {
  if (power === 0) return 1
  if (power === 1) return by
  return power === -1 ? 1 / by : pow(by, power)
}
