import { along, dot, eigen, inverse, type Matrix, times } from '../../measures/symmetric.js'

/** A point of a search with its value and slopes, all finite. */
export interface Place {
  readonly at: readonly number[]
  readonly value: number
  readonly gradient: readonly number[]
}

/** What is to be made small, over the whole line in every direction. */
export interface Surface {
  readonly size: number
  /** Value and slopes in one pass over the data; undefined where they are not finite, or too far out to be believed. */
  look(at: readonly number[]): Place | undefined
  /** Whether a search that came here is on its way to infinity. */
  far(at: readonly number[]): boolean
}

/**
 * The inverse curvature for steps: by differences of slopes to one side, with directions that bend down taken as if they
 * bent up. One pass for each coordinate.
 */
export function roughInverse(surface: Surface, place: Place): Matrix {
  const { at, gradient } = place
  const rows = at.map((x, i) => {
    for (const step of [1e-4, -1e-4]) {
      const there = surface.look(at.map((other, j) => (i === j ? x + step : other)))
      if (there !== undefined) return there.gradient.map((slope, j) => (slope - gradient[j]!) / step)
    }
    return at.map((_, j) => (i === j ? 1 : 0))
  })
  return bentUp(rows.map((row, i) => row.map((entry, j) => (entry + rows[j]![i]!) / 2)))
}

/** The inverse of a matrix made positive definite: its eigenvalues by their sizes, none under a millionth of the largest. */
function bentUp(matrix: Matrix): Matrix {
  const { values, vectors } = eigen(matrix)
  const least = 1e-6 * values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300)
  return matrix.map((_, i) =>
    matrix.map((__, j) => {
      let sum = 0
      for (const [k, value] of values.entries())
        sum += (vectors[k]![i]! * vectors[k]![j]!) / Math.max(Math.abs(value), least)
      return sum
    }),
  )
}

/** Differences of slopes to both sides, and what the values there say. */
interface Bend {
  readonly matrix: Matrix
  /** Whether values rise as the curvature says, so that value and slopes are of one function. */
  readonly agrees: boolean
  /** Whether the rise is more than rounding, so that there is a curvature at all. */
  readonly told: boolean
}

/** Second derivatives from slopes a small share of each standard error to both sides: two passes for each coordinate. */
export function bendAt(surface: Surface, place: Place, guess: Matrix): Bend | undefined {
  const { at, value } = place
  const rows: number[][] = []
  const rounding = 1e-12 * Math.max(Math.abs(value), 1)
  let agrees = true
  let told = true
  for (const [i, x] of at.entries()) {
    const step = Math.min(Math.max(0.02 * Math.sqrt(Math.abs(guess[i]![i]!)), 1e-4), 0.01)
    const [above, below] = [step, -step].map((by) =>
      surface.look(at.map((other, j) => (i === j ? x + by : other))),
    )
    if (above === undefined || below === undefined) return undefined
    const row = above.gradient.map((slope, j) => (slope - below.gradient[j]!) / (2 * step))
    const rise = (above.value + below.value) / 2 - value
    const expected = (row[i]! * step * step) / 2
    if (!(Math.abs(rise - expected) <= 0.05 * Math.abs(expected) + rounding)) agrees = false
    if (!(expected > 2 * rounding)) told = false
    rows.push(row)
  }
  return { matrix: rows.map((row, i) => row.map((entry, j) => (entry + rows[j]![i]!) / 2)), agrees, told }
}

/** The inverse of a curvature, where every direction bends up and none is flat beside the others. */
export function covarianceOf(matrix: Matrix): Matrix | undefined {
  const units = matrix.map((row, i) => 1 / Math.sqrt(row[i]!))
  if (!units.every((unit) => Number.isFinite(unit) && unit > 0)) return undefined
  const inUnits = matrix.map((row, i) => row.map((entry, j) => entry * units[i]! * units[j]!))
  const { values } = eigen(inUnits)
  if (!(values[0]! > 1e-9 * values.at(-1)!)) return undefined
  return inverse(inUnits)?.map((row, i) => row.map((entry, j) => entry * units[i]! * units[j]!))
}

/** The surface with one coordinate held. */
export function heldAt(surface: Surface, index: number, held: number): Surface {
  const whole = (at: readonly number[]) => [...at.slice(0, index), held, ...at.slice(index)]
  return {
    size: surface.size - 1,
    far: (at) => surface.far(whole(at).map((x, i) => (i === index ? 0 : x))),
    look(at) {
      const there = surface.look(whole(at))
      return (
        there && { at: [...at], value: there.value, gradient: there.gradient.filter((_, i) => i !== index) }
      )
    },
  }
}

/** Where a descent ended: flat as far as its idea of the curvature says, on the way to infinity, or without a step. */
export interface Descended {
  readonly place: Place
  readonly inverse: Matrix
  readonly end: 'flat' | 'far' | 'stuck' | 'limit'
}

/**
 * Descent by an inverse curvature that learns from every step (BFGS), each step one pass over the data where it is good.
 *
 * @param told - `inverse`: what is known of the curvature; `enough`: the gain that is not worth a step.
 * @see Nocedal & Wright (2006), "Numerical Optimization", ch. 6; Lewis & Overton (2013) for the search along a line.
 */
export function* descend(
  surface: Surface,
  from: Place,
  told: { readonly inverse?: Matrix; readonly enough: number; readonly most: number },
): Generator<Place, Descended> {
  let place = from
  let inverted = told.inverse ?? roughInverse(surface, place)
  let fresh = told.inverse === undefined
  let idle = 0
  for (let i = 0; i < told.most; i += 1) {
    if (surface.far(place.at)) return { place, inverse: inverted, end: 'far' }
    const whole = times(inverted, place.gradient).map((x) => -x)
    const gain = -dot(whole, place.gradient) / 2
    if (gain >= 0 && gain <= told.enough) return { place, inverse: inverted, end: 'flat' }
    const reach = whole.reduce((most, d) => Math.max(most, Math.abs(d)), 0)
    const direction = reach > 4 ? whole.map((d) => d * (4 / reach)) : whole
    const next = gain > 0 ? stepAlong(surface, place, direction) : undefined
    if (next === undefined) {
      if (fresh) return { place, inverse: inverted, end: 'stuck' }
      inverted = roughInverse(surface, place)
      fresh = true
      continue
    }
    // Steps that change nothing but rounding lead nowhere.
    idle = place.value - next.value > 1e-13 * Math.abs(place.value) ? 0 : idle + 1
    if (idle > 3) return { place, inverse: inverted, end: 'stuck' }
    inverted = learnt(inverted, place, next)
    fresh = false
    place = next
    yield place
  }
  return { place, inverse: inverted, end: 'limit' }
}

/** A place that is lower by its share and less steep, by growing and shrinking the step. */
function stepAlong(surface: Surface, place: Place, direction: readonly number[]): Place | undefined {
  const slope = dot(direction, place.gradient)
  const rounding = 1e-13 * Math.max(Math.abs(place.value), 1)
  let found: Place | undefined
  let low = 0
  let high = Number.POSITIVE_INFINITY
  let t = 1
  for (let tries = 0; tries < 14; tries += 1) {
    const next = surface.look(along(place.at, t, direction))
    if (next !== undefined && next.value <= place.value + 1e-4 * t * slope + rounding) {
      const after = dot(next.gradient, direction)
      found = next
      if (after >= 0.9 * slope || surface.far(next.at)) return found
      low = t
      t = high === Number.POSITIVE_INFINITY ? 2.5 * t : (low + high) / 2
    } else {
      if (found !== undefined && tries > 8) return found
      high = t
      const curved = next && next.value - place.value - slope * t
      const best = curved !== undefined && curved > 0 ? (-slope * t * t) / (2 * curved) : 0.25 * t
      t =
        low +
        Math.min(
          Math.max((found === undefined ? best : (high - low) / 2) - 0, 0.1 * (high - low)),
          0.6 * (high - low),
        )
    }
    if (!(t > 1e-12)) break
  }
  return found
}

/** The inverse curvature that also explains the last step; as it was where slopes did not rise. */
function learnt(inverted: Matrix, before: Place, after: Place): Matrix {
  const s = after.at.map((x, i) => x - before.at[i]!)
  const y = after.gradient.map((g, i) => g - before.gradient[i]!)
  const rise = dot(s, y)
  const moved = times(inverted, y)
  const weight = (1 + dot(y, moved) / rise) / rise
  if (!(rise > 0 && Number.isFinite(weight))) return inverted
  return inverted.map((row, i) =>
    row.map((entry, j) => entry + weight * s[i]! * s[j]! - (moved[i]! * s[j]! + s[i]! * moved[j]!) / rise),
  )
}
