import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import type { Random } from '../../kernel/index.js'
import { dirichletDraw } from '../../measures/markov/draws.js'
import { checkCounts } from './panel.js'

/**
 * Who arrives in the periods to come.
 *
 * - `none`: nobody.
 * - `as-seen`: as in the periods of the model, whole periods of them drawn again and again, each as likely as a Bayesian bootstrap
 *   has it: how far arrivals scatter, and that few periods say little, is then in the intervals. Of a single period there is nothing to draw.
 * - A list by state: these in every period. A list of lists: by period.
 */
export type FutureArrivals = 'none' | 'as-seen' | readonly number[] | readonly (readonly number[])[]

/** Arrivals of every period: their means, and a draw of them. */
export interface ArrivalPlan {
  readonly means: readonly (readonly number[])[]
  draw(random: Random): readonly (readonly number[])[]
}

/** Reads arrivals, by state, of so many periods. */
export function arrivalPlan(
  given: FutureArrivals | undefined,
  seen: readonly (readonly number[])[],
  size: { readonly states: number; readonly periods: number },
): ArrivalPlan {
  const { states, periods } = size
  const path = '$.arrivals'
  const each = <T>(value: T) => Array.from({ length: periods }, () => value)
  if (given === undefined || given === 'none') {
    const none = each(new Array<number>(states).fill(0))
    return { means: none, draw: () => none }
  }
  if (given === 'as-seen') {
    const mean = Array.from(
      { length: states },
      (_, j) => seen.reduce((sum, counts) => sum + counts[j]!, 0) / seen.length,
    )
    return {
      means: each(mean),
      draw(random) {
        const weights = dirichletDraw(new Array<number>(seen.length).fill(1), random)
        return Array.from({ length: periods }, () => seen[pickedBy(weights, random.next())]!)
      },
    }
  }
  if (typeof given === 'string') throw fault('unknown-name', path, given, 'none | as-seen | a list')
  checkList(given, path)
  if (Array.isArray(given[0])) {
    if (given.length !== periods)
      throw fault('out-of-range', path, given.length, `${periods} lists, one for each period`)
    for (const [t, counts] of given.entries()) checkCounts(counts, states, `${path}[${t}]`)
    const lists = given as readonly (readonly number[])[]
    return { means: lists, draw: () => lists }
  }
  checkCounts(given, states, path)
  const lists = each(given as readonly number[])
  return { means: lists, draw: () => lists }
}

/** Where a number from 0 to 1 falls among shares. */
export function pickedBy(shares: readonly number[], u: number): number {
  let rest = u
  let last = 0
  for (let i = 0; i < shares.length; i += 1) {
    if (shares[i] === 0) continue
    if (rest < shares[i]!) return i
    rest -= shares[i]!
    last = i
  }
  return last
}

/** Refuses what is no generator that can be forked. */
export function checkForks(random: unknown, path: string): asserts random is Random {
  checkRecord(random, path)
  const { fork, next } = random as Random
  if (typeof fork !== 'function' || typeof next !== 'function')
    throw fault('wrong-type', path, random, 'a generator: random(seed)')
}

/** Refuses what is no whole number in a range. */
export function checkWhole(value: unknown, path: string, low: number, high: number): asserts value is number {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(Number.isSafeInteger(value) && value >= low && value <= high))
    throw fault('out-of-range', path, value, `a whole number from ${low} to ${high}`)
}

/** What each state pays, by the names of stages or of states; a name that is not there pays nothing. */
export function marginsOf(
  margins: unknown,
  { states, stageOf }: { readonly states: readonly string[]; readonly stageOf: readonly string[] },
  path: string,
): readonly number[] {
  checkRecord(margins, path)
  const given = margins as Readonly<Record<string, unknown>>
  for (const [name, margin] of Object.entries(given)) {
    if (!states.includes(name) && !stageOf.includes(name))
      throw fault('unknown-name', `${path}.${name}`, name, [...new Set(stageOf)].join(' | '))
    if (!(typeof margin === 'number' && Math.abs(margin) <= 1e15))
      throw fault('out-of-range', `${path}.${name}`, margin, 'a number up to 10^15')
  }
  return states.map((state, i) => {
    const [own, stage] = [state, stageOf[i]!].map((name) =>
      Object.hasOwn(given, name) ? (given[name] as number) : undefined,
    )
    return (own ?? stage ?? 0) + 0
  })
}
