import { exp } from '../kernel/elementary.js'
import { type Matrix, minimize, normalQuantile, type Objective } from '../measures/index.js'
import { along, dot, times } from '../measures/symmetric.js'

/** Where one parameter may lie, all others at their best for it. */
export interface ProfileInterval {
  readonly low: ProfileEnd
  readonly high: ProfileEnd
  readonly level: number
  readonly method: 'profile-likelihood'
}

/** `open`: the likelihood never falls by enough, so the data do not bound it there. `not-found`: the search did not settle. */
export type ProfileEnd =
  | { readonly kind: 'bound'; readonly value: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'not-found' }

/**
 * The values of a logarithm's parameter at which the log-likelihood lies below its best by half the square of the normal
 * quantile, all others fitted anew at each. One yield for each place tried.
 */
export function* profileSteps(
  objective: Objective,
  best: {
    readonly at: readonly number[]
    readonly value: number
    readonly covariance: Matrix
    readonly index: number
    readonly level: number
  },
): Generator<void, ProfileInterval> {
  const { level } = best
  const low = yield* end(objective, best, -1)
  const high = yield* end(objective, best, 1)
  return { low, high, level, method: 'profile-likelihood' }
}

function* end(
  objective: Objective,
  { at, value, covariance, index, level }: Parameters<typeof profileSteps>[1],
  sign: 1 | -1,
): Generator<void, ProfileEnd> {
  const z = -normalQuantile((1 - level) / 2)
  const error = Math.sqrt(covariance[index]![index]!)
  const others = at.map((_, i) => i).filter((i) => i !== index)
  // Where the others go when this one moves, and what they are uncertain by when it is held.
  const drift = others.map((i) => covariance[i]![index]! / (error * error))
  const held = others.map((i, n) =>
    others.map((j) => covariance[i]![j]! - drift[n]! * covariance[index]![j]!),
  )
  const origin = others.map((i) => at[i]!)
  let warm: readonly number[] = origin
  /** The root of twice what the log-likelihood lost, with this one moved and the others at their best for it. */
  const heightAt = (by: number): number | undefined => {
    const reduced = without(objective, index, at[index]! + by)
    let lowest: Place | undefined
    // What any start finds is no lower than the lowest: below the level one is enough, above it the others are asked too.
    for (const start of [warm, along(origin, by, drift), origin]) {
      const found = lowestFrom(reduced, start, held)
      if (found !== undefined && !(lowest !== undefined && lowest.value <= found.value)) lowest = found
      if (lowest !== undefined && 2 * (lowest.value - value) < z * z) break
    }
    if (lowest === undefined) return undefined
    warm = lowest.at
    return Math.sqrt(Math.max(0, 2 * (lowest.value - value)))
  }

  let [inner, outer] = [0, Infinity]
  let innerDrop = 0
  let away = z * error
  for (let tries = 0; tries < 60; tries += 1) {
    yield
    const drop = heightAt(sign * away)
    if (drop === undefined) return { kind: 'not-found' }
    if (Math.abs(drop - z) < 0.001 * z) return { kind: 'bound', value: exp(at[index]! + sign * away) }
    if (drop < z) {
      inner = away
      innerDrop = drop
      // Twelve e-folds away the rate is another by 160,000 times.
      if (away > 12 && outer === Infinity) return { kind: 'open' }
      const further = away * Math.min(Math.max(z / Math.max(drop, 1e-9), 1.05), 2)
      away = outer === Infinity ? further : Math.min(further, (inner + outer) / 2)
    } else {
      outer = away
      const between = inner + ((outer - inner) * (z - innerDrop)) / (drop - innerDrop)
      const margin = 0.1 * (outer - inner)
      away = Math.min(Math.max(between, inner + margin), outer - margin)
    }
    // A jump there is one of the search, not of the likelihood.
    if (outer - inner < 1e-6 * error) return { kind: 'not-found' }
  }
  return { kind: 'not-found' }
}

interface Place {
  readonly at: readonly number[]
  readonly value: number
}

/** The objective with one parameter held. */
function without(objective: Objective, index: number, held: number): Objective {
  // The same array for the same point: the objective keeps what value and slopes share.
  let last: { readonly rest: readonly number[]; readonly all: readonly number[] } | undefined
  const whole = (rest: readonly number[]) => {
    if (last?.rest !== rest) last = { rest, all: [...rest.slice(0, index), held, ...rest.slice(index)] }
    return last.all
  }
  return {
    value: (rest) => objective.value(whole(rest)),
    gradient: (rest) => objective.gradient!(whole(rest)).filter((_, i) => i !== index),
  }
}

/**
 * The lowest value near a start: by steps with the curvature of the optimum, as near it a few are enough, at one evaluation
 * each; where they do not settle, by a search that judges what it finds.
 */
function lowestFrom(objective: Objective, start: readonly number[], covariance: Matrix): Place | undefined {
  let at = start
  let last = Infinity
  for (let step = 0; step < 12; step += 1) {
    const value = objective.value(at)
    if (!(value <= last + 1e-7)) break
    const slopes = objective.gradient!(at)
    const move = times(covariance, slopes)
    // What is left to gain, where the curvature is about that of the optimum.
    if (Math.abs(dot(move, slopes)) < 1e-7) return { at, value }
    last = value
    at = along(at, -1, move)
  }
  if (!Number.isFinite(objective.value(start))) return undefined
  const found = minimize(objective, start)
  // Flat in another direction is low all the same: what counts here is how low, not where.
  if (found.kind === 'optimum') return found
  return found.reason === 'flat' ? found.best : undefined
}
