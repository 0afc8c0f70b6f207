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
  // Where the others go when this one moves, to start from.
  const drift = covariance[index]!.map((c) => c / (error * error))
  const rest = at.map((_, i) => i).filter((i) => i !== index)
  const conditional = rest.map((i) =>
    rest.map((j) => covariance[i]![j]! - drift[i]! * covariance[index]![j]!),
  )
  let [inner, outer] = [0, Infinity]
  let innerDrop = 0
  let away = z * error
  for (let tries = 0; tries < 40; tries += 1) {
    yield
    const drop = heightAt(objective, { at, value, index }, sign * away, drift, conditional)
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
    if (outer - inner < 1e-6 * error) return { kind: 'bound', value: exp(at[index]! + sign * inner) }
  }
  return { kind: 'not-found' }
}

/** The root of twice what the log-likelihood lost, with one parameter moved and held. */
function heightAt(
  objective: Objective,
  { at, value, index }: { readonly at: readonly number[]; readonly value: number; readonly index: number },
  by: number,
  drift: readonly number[],
  conditional: Matrix,
): number | undefined {
  const held = at[index]! + by
  // The same array for the same point: the objective keeps what value and slopes share.
  let last: { readonly rest: readonly number[]; readonly all: readonly number[] } | undefined
  const whole = (rest: readonly number[]) => {
    if (last?.rest !== rest) last = { rest, all: [...rest.slice(0, index), held, ...rest.slice(index)] }
    return last.all
  }
  const without = (list: readonly number[]) => list.filter((_, i) => i !== index)
  const reduced: Objective = {
    value: (rest) => objective.value(whole(rest)),
    gradient: (rest) => without(objective.gradient!(whole(rest))),
  }
  const start = without(at.map((x, i) => x + by * drift[i]!))
  const settled = fewSteps(reduced, start, conditional)
  if (settled !== undefined) return Math.sqrt(Math.max(0, 2 * (settled - value)))
  const near = Number.isFinite(reduced.value(start)) ? start : without(at)
  const found = minimize(reduced, near)
  // Flat in another direction is low all the same: what counts here is how low, not where.
  const lowest =
    found.kind === 'optimum' ? found.value : found.reason === 'flat' ? found.best?.value : undefined
  return lowest === undefined ? undefined : Math.sqrt(Math.max(0, 2 * (lowest - value)))
}

/**
 * The lowest value by steps with the curvature of the optimum: near it a few are enough, at one evaluation each. Undefined
 * where they do not settle; then a search that judges what it finds takes over.
 */
function fewSteps(
  { value, gradient }: Objective,
  start: readonly number[],
  covariance: Matrix,
): number | undefined {
  let at = start
  let last = Infinity
  for (let step = 0; step < 12; step += 1) {
    const here = value(at)
    if (!(here <= last + 1e-7)) return undefined
    const slopes = gradient!(at)
    const move = times(covariance, slopes)
    // What is left to gain, where the curvature is about that of the optimum.
    if (Math.abs(dot(move, slopes)) < 1e-7) return here
    last = here
    at = along(at, -1, move)
  }
  return undefined
}
