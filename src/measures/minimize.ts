import { checkNumber, checkRecord, fault, type Sentence } from '../kernel/errors.js'
import { bfgs, type End, newton, type Place, type Reached, steepness } from './descent.js'
import { gradientIsWrong, judge, type NoMinimum, nextSteps, whyStuck } from './minimum.js'
import { type Lowest, nelderMead } from './nelder-mead.js'
import { type Objective, type Problem, problemOf } from './objective.js'
import type { Matrix } from './symmetric.js'

/** When to call it a minimum, and when to stop looking. */
export interface MinimizeOptions {
  /**
   * How flat it has to be: the largest slope, times its parameter's size (or 1), over the value's size (or 1). 1e-6
   * unless told: a thousand times what differences leave, a thousandth of what a log-likelihood is read to. Also flat
   * is where the step that is left would gain less than 1e-12 of the value.
   */
  readonly gradientTolerance?: number
  /**
   * How unlike the directions may be, in units of each parameter's own curvature: above it one of them is flat as far
   * as can be told. 1e12 with second derivatives given, 1e8 with slopes, 1e5 with values only unless told: what their
   * differences can resolve.
   */
  readonly conditionLimit?: number
  /** 500 unless told; where only values are given, and 200 for each parameter. */
  readonly maxIterations?: number
  /** No value can be below it (0 for a negative log-likelihood of counts); one that is comes of overflow and is not taken. */
  readonly atLeast?: number
  /** Looked at before every step. */
  readonly signal?: { readonly aborted: boolean }
}

/** Where the search is, to show and to decide whether to go on. */
export interface MinimizeStep {
  readonly iteration: number
  readonly method: MinimizeMethod
  readonly at: readonly number[]
  readonly value: number
}

/** What led there; each ends in Newton's steps, by differences where need be. */
export type MinimizeMethod = 'newton' | 'bfgs' | 'nelder-mead'

/** A minimum where slopes and curvature say so; else what was found, why it is none, and what to do. */
export type Minimum =
  | (Effort & {
      readonly kind: 'optimum'
      readonly at: readonly number[]
      readonly value: number
      /** What is left of the slopes. */
      readonly gradient: readonly number[]
      /** Second derivatives at it, positive definite. */
      readonly hessian: Matrix
      /** Its inverse: of a negative log-likelihood, the covariance of the estimates. */
      readonly covariance: Matrix
      /** Largest over smallest eigenvalue of the curvature, each parameter in units of its own. From 1. */
      readonly condition: number
    })
  | (Effort & {
      readonly kind: 'not-an-optimum'
      readonly reason: NoMinimum
      /** What it means and what can be done. */
      readonly next: Sentence
      /** The lowest that was seen; none where the start has no finite value. */
      readonly best: { readonly at: readonly number[]; readonly value: number } | undefined
      /** Of `flat` and `saddle`: where it does not rise, its largest part 1 or -1. */
      readonly direction?: readonly number[]
    })

/** What it took. */
interface Effort {
  readonly method: MinimizeMethod
  readonly iterations: number
  /** How often each was asked for; those by differences ask for values in turn. */
  readonly evaluations: { readonly value: number; readonly gradient: number; readonly hessian: number }
}

/**
 * The point near `start` at which a function is smallest, if it can be told that it is.
 *
 * Newton's method where second derivatives are given, BFGS where slopes are, Nelder and Mead's where neither is or where
 * the others stall; all end in Newton's steps. What these find is called an optimum only if the slopes vanish, the
 * curvature is positive in every direction and well-conditioned, and over one more Newton step it stays the same: that
 * tells a minimum from a slope that levels off towards infinity, such as a likelihood under complete separation, where
 * slopes vanish as well. Everything else is `not-an-optimum` with its reason. A local minimum may not be the lowest one.
 *
 * Parameters should be of a size near 1 or vary by their own size; for positive ones minimise over their logarithms. A
 * function whose values are all far below 1 may count as flat: multiply it.
 * Deterministic, and the same bits on every runtime if the objective is.
 *
 * @throws DefinitionError `wrong-type` and `out-of-range` for a start, options or an objective that are not as declared;
 * `missing` for second derivatives without slopes.
 * @see Nocedal & Wright (2006), "Numerical Optimization"; Gao & Han (2012) for the simplex; Ortega (1968), "The
 * Newton-Kantorovich theorem", for the last test.
 * @example
 * const bowl = { value: ([x, y]) => (x - 3) * (x - 3) + 2 * y * y, gradient: ([x, y]) => [2 * (x - 3), 4 * y] }
 * minimize(bowl, [0, 1]) // => { kind: 'optimum', at: [3, 0], value: 0, covariance: [[0.5, 0], [0, 0.25]], … }
 */
export function minimize(
  objective: Objective,
  start: readonly number[],
  options: MinimizeOptions = {},
): Minimum {
  const steps = minimizeSteps(objective, start, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * As `minimize`, step by step: a host may show each, yield to others, and stop by the signal or by asking no more.
 *
 * @example
 * const steps = minimizeSteps(bowl, [0, 1], { signal })
 * for (let step = steps.next(); ; step = steps.next()) {
 *   if (step.done) return step.value
 *   show(step.value.iteration, step.value.value)
 *   await pause()
 * }
 */
export function* minimizeSteps(
  objective: Objective,
  start: readonly number[],
  options: MinimizeOptions = {},
): Generator<MinimizeStep, Minimum> {
  checkObjective(objective)
  checkStart(start)
  const { gradientTolerance: tolerance, conditionLimit, maxIterations, atLeast, signal } = checked(options)
  const n = start.length
  const problem = problemOf(objective, n, atLeast)
  const limit = conditionLimit ?? { hessian: 1e12, gradient: 1e8, value: 1e5 }[problem.given]
  const most = maxIterations ?? (problem.given === 'value' ? 200 * n + 500 : 500)

  let method: MinimizeMethod =
    problem.given === 'hessian' ? 'newton' : problem.given === 'gradient' ? 'bfgs' : 'nelder-mead'
  let iterations = 0
  let best: { readonly at: readonly number[]; readonly value: number } | undefined
  const effort = (): Effort => ({ method, iterations, evaluations: { ...problem.evaluations } })
  const no = (reason: NoMinimum, direction?: readonly number[]): Minimum => ({
    kind: 'not-an-optimum',
    reason,
    next: nextSteps[reason],
    best: best && { at: [...best.at], value: best.value },
    ...(direction && { direction }),
    ...effort(),
  })

  const from = [...start]
  const value = problem.value(from)
  if (!Number.isFinite(value)) return no(value === -Infinity ? 'unbounded' : 'not-finite')
  best = { at: from, value }
  const origin = withGradient(problem, best)
  // Without slopes the simplex still finds its way from an edge.
  if (origin === undefined && problem.given !== 'value') return no('not-finite')
  const not: typeof no = (reason, direction) =>
    origin !== undefined && reason !== 'stopped' && gradientIsWrong(problem, origin)
      ? no('wrong-gradient')
      : no(reason, direction)
  let place: Place = origin ?? { ...best, gradient: start.map(() => Number.NaN) }

  /** Passes steps on and counts them; undefined where the host has stopped it. */
  function* follow<Found extends { readonly at: readonly number[]; readonly value: number }, Last>(
    descent: Generator<Found, Last>,
  ): Generator<MinimizeStep, Last | undefined> {
    for (;;) {
      if (signal?.aborted) return undefined
      const step = descent.next()
      if (step.done) return step.value
      best = step.value
      iterations += 1
      yield { iteration: iterations, method, at: [...best.at], value: best.value }
    }
  }

  let end: End = 'no-progress'
  for (const way of ways[problem.given]) {
    // The simplex is the last resort of the others.
    const resort = way === 'nelder-mead' && problem.given !== 'value'
    if (end === 'unbounded' || end === 'iteration-limit' || (resort && end !== 'no-progress')) break
    // What has come to its end is only polished, which takes few steps.
    const budget: number = Math.max(most - iterations, 25)
    // What is slow by then goes faster by Newton's steps, which know how unlike the parameters are.
    const share = Math.min(budget, way === 'newton' ? budget : way === 'bfgs' ? 100 + 20 * n : 200 * n)
    if (way === 'nelder-mead') {
      method = way
      const found: Lowest | undefined = yield* follow(nelderMead(problem, place, { iterations: share }))
      if (found === undefined) return not('stopped')
      end = found.end
      if (end === 'unbounded') return not(end)
      if (!resort || found.value < place.value) {
        best = found
        const there = withGradient(problem, found)
        if (there === undefined) return not('at-boundary')
        place = there
      }
    } else {
      const descend = way === 'bfgs' ? bfgs : newton
      const found: Reached | undefined = yield* follow(
        descend(problem, place, { tolerance, iterations: share, conditionLimit: limit }),
      )
      if (found === undefined) return not('stopped')
      place = found.place
      best = place
      end = found.end
    }
    if (end === 'iteration-limit' && share < budget) end = 'no-progress'
  }
  if (end === 'unbounded') return not(end)
  if (end !== 'gradient-small' && steepness(place) > tolerance) {
    return not(end === 'iteration-limit' ? end : whyStuck(problem, place))
  }
  const verdict = judge(problem, place, { limit, tolerance })
  if (verdict.kind === 'none') return not(verdict.reason, verdict.direction)
  const { hessian, covariance, condition } = verdict
  const { at, gradient } = place
  return {
    kind: 'optimum',
    at: [...at],
    value: place.value,
    gradient: [...gradient],
    hessian,
    covariance,
    condition,
    ...effort(),
  }
}

/** What is tried in turn, by what is given. */
const ways: Readonly<Record<Problem['given'], readonly MinimizeMethod[]>> = {
  hessian: ['newton', 'nelder-mead', 'newton'],
  gradient: ['bfgs', 'newton', 'nelder-mead', 'newton'],
  value: ['nelder-mead', 'newton'],
}

function withGradient(problem: Problem, { at, value }: Pick<Place, 'at' | 'value'>): Place | undefined {
  const gradient = problem.gradient(at)
  return gradient && { at, value, gradient }
}

function checkObjective(objective: Objective): void {
  if (typeof objective !== 'object' || objective === null)
    throw fault('wrong-type', '$.objective', objective, '{ value }')
  const { value, gradient, hessian, hessianTimes } = objective
  if (typeof value !== 'function') throw fault('wrong-type', '$.objective.value', value, 'a function')
  for (const [name, given] of Object.entries({ gradient, hessian, hessianTimes })) {
    if (given !== undefined && typeof given !== 'function')
      throw fault('wrong-type', `$.objective.${name}`, given, 'a function')
  }
  if (gradient === undefined && (hessian !== undefined || hessianTimes !== undefined)) {
    throw fault('missing', '$.objective.gradient', gradient, 'slopes, where second derivatives are given')
  }
}

function checkStart(start: readonly number[]): void {
  if (!Array.isArray(start) || start.length === 0)
    throw fault('wrong-type', '$.start', start, 'a list of numbers')
  for (const [i, x] of start.entries()) {
    if (!Number.isFinite(x)) throw fault('out-of-range', `$.start[${i}]`, x, 'a finite number')
  }
}

function checked(options: MinimizeOptions) {
  checkRecord(options, '$.options')
  const { gradientTolerance = 1e-6, conditionLimit, maxIterations, atLeast = -Infinity, signal } = options
  checkNumber(gradientTolerance, '$.gradientTolerance')
  if (!(gradientTolerance > 0 && gradientTolerance < 1)) {
    throw fault('out-of-range', '$.gradientTolerance', gradientTolerance, 'between 0 and 1')
  }
  if (conditionLimit !== undefined && !(Number.isFinite(conditionLimit) && conditionLimit > 1)) {
    throw fault('out-of-range', '$.conditionLimit', conditionLimit, 'above 1')
  }
  if (maxIterations !== undefined && !(Number.isSafeInteger(maxIterations) && maxIterations >= 1)) {
    throw fault('out-of-range', '$.maxIterations', maxIterations, 'a whole number from 1')
  }
  if (typeof atLeast !== 'number' || Number.isNaN(atLeast))
    throw fault('out-of-range', '$.atLeast', atLeast, 'a number')
  return { gradientTolerance, conditionLimit, maxIterations, atLeast, signal }
}
