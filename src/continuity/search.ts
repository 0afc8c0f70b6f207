import { exp, ln } from '../kernel/elementary.js'
import type { Instant } from '../kernel/index.js'
import type { AttentionModel, AttentionParameter } from './attention.js'
import type { NoDecay } from './diagnosis.js'
import type { ReadHistory } from './history.js'
import { objectiveOf } from './likelihood.js'
import { logit } from './scale.js'

/** Parameters that this history can say something about. */
export function namesOf(model: AttentionModel, read: ReadHistory): readonly AttentionParameter[] {
  const names: AttentionParameter[] = ['ceiling']
  const fell = read.pauses > 0
  if (fell) names.push('decay')
  if (read.resumed || (model.start === 'fitted' && read.published)) names.push('recovery')
  if (model.start === 'fitted') names.push('start')
  if (model.floor === 'fitted' && fell) names.push('floor')
  if (model.noise === 'beta-binomial') names.push('dispersion')
  return names
}

/** Instants with anything delivered. */
export function distinctSends({ steps, delivered }: ReadHistory): number {
  let count = 0
  let last: Instant | undefined
  for (const [i, at] of steps.at.entries()) {
    if (delivered[i] === 0 || at === last) continue
    last = at
    count += 1
  }
  return count
}

/** The best of a coarse grid of rates: the likelihood may have more than one hill. */
export function startOf(
  model: AttentionModel,
  names: readonly AttentionParameter[],
  read: ReadHistory,
): readonly number[] {
  const { delivered, opened, steps } = read
  let [n, k] = [0, 0]
  let [first, firstOpened] = [0, 0]
  for (let i = 0; i < delivered.length; i += 1) {
    if (steps.paused[i]! > 0 && n > 0) break
    if (first === 0) {
      first = delivered[i]!
      firstOpened = opened[i]!
    }
    n += delivered[i]!
    k += opened[i]!
  }
  const share = (successes: number, trials: number) => logit(successes + 0.5, trials - successes + 0.5)
  const base: Record<AttentionParameter, number> = {
    ceiling: share(k, n),
    decay: ln(0.03),
    recovery: ln(0.05),
    start: share(firstOpened, first),
    floor: -2,
    dispersion: -6,
  }
  const objective = objectiveOf(model, names, read)
  const tries = (name: AttentionParameter) => (names.includes(name) ? ratesTried : [base[name]])
  let best = names.map((name) => base[name])
  let least = Infinity
  for (const decay of tries('decay')) {
    for (const recovery of tries('recovery')) {
      const at = names.map((name) => ({ ...base, decay, recovery })[name])
      const value = objective.value(at)
      if (value < least) {
        least = value
        best = at
      }
    }
  }
  return best
}

/** Logarithms of rates per day: time constants from two days to two years. */
const ratesTried = [-0.7, -2, -3.2, -4.5, -6.5]

/** Which limit the likelihood runs towards, where it is flat along one parameter. */
export function whereItRan(
  names: readonly AttentionParameter[],
  at: readonly number[] | undefined,
  direction: readonly number[] | undefined,
  { steps }: ReadHistory,
): NoDecay | undefined {
  if (at === undefined) return undefined
  const along = (name: AttentionParameter) => {
    const i = names.indexOf(name)
    return i >= 0 && (direction === undefined || Math.abs(direction[i]!) > 0.5)
  }
  const longest = (days: Float64Array) => days.reduce((most, one) => Math.max(most, one), 0)
  const value = (name: AttentionParameter) => at[names.indexOf(name)]!
  if (along('dispersion') && value('dispersion') < -9) return 'no-overdispersion'
  if (names.includes('floor')) return value('floor') < -4 ? 'no-floor' : 'floor-not-told'
  // Where nothing fell, nothing recovers: the direction may name the recovery.
  const fall = names.includes('decay') ? exp(value('decay')) * longest(steps.paused) : 1
  if (fall < 0.02) return 'no-fall'
  if (along('decay') && fall > 8) return 'fall-complete'
  if (along('recovery')) {
    const rise = exp(value('recovery')) * longest(steps.relaxed)
    if (rise > 8) return 'recovery-at-once'
    if (exp(value('recovery')) * total(steps.relaxed) < 0.02) return 'no-recovery'
  }
  return undefined
}

/** The sum of a column. */
export function total(list: Float64Array): number {
  let sum = 0
  for (const one of list) sum += one
  return sum
}
