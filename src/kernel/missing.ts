import { type Comparison, neededOf, type Operand, type Verdict } from './condition.js'
import { canonical } from './digest.js'
import { exactLength } from './duration.js'
import type { FactValue } from './fact.js'
import { formatMinor, parseMinor } from './money.js'
import { isRecord } from './plain.js'

/** A comparison that would have to answer otherwise. */
export interface MissingLeaf {
  readonly condition: Comparison
  /** Whether it has to hold; `false` where it has to stop holding. */
  readonly needed: boolean
  readonly observed: FactValue
  readonly notObserved?: true
  /**
   * By how much the value has to change, up or down: a number, decimal text for money, milliseconds for
   * lengths and moments. None
   * where there is nothing to count from, for words, shares, and time that passes by itself.
   */
  readonly by?: number | string
}

/** Ways tried before giving up: more than any rule that people read has. */
const TRIES = 10_000

/**
 * The fewest comparisons that would have to answer otherwise for a verdict to hold, the cheapest way through `any`,
 * `not` and `some-of`; of ways equally cheap the first. None for what holds. A comparison that stands in several places
 * answers alike in all of them.
 *
 * @returns undefined where no answers make it hold: it contradicts itself.
 * @example
 * missing(verdict) // => [{ condition: orders90.gte(3), needed: true, observed: 2, by: 1 }]
 */
export function missing(verdict: Verdict): readonly MissingLeaf[] | undefined {
  const search = { left: TRIES }
  for (const way of ways(verdict, true, new Map(), search)) {
    const leaves: MissingLeaf[] = []
    for (const [leaf, needed] of way.values()) if (!answers(leaf, needed)) leaves.push(leafOf(leaf, needed))
    return leaves
  }
  return undefined
}

/** Comparisons by what they are, each with its verdict and the answer that is wanted. */
type Way = ReadonlyMap<string, readonly [Verdict, boolean]>

const answers = ({ holds, notObserved }: Verdict, wanted: boolean): boolean =>
  wanted ? holds : !holds && !notObserved

/** How many comparisons have to change at least, if each stood alone. */
function costOf(verdict: Verdict, wanted: boolean): number {
  if ('fact' in verdict.condition) return answers(verdict, wanted) ? 0 : 1
  const { parts, each, enough } = needsOf(verdict, wanted)
  const costs = parts.map((part) => costOf(part, each)).sort((a, b) => a - b)
  return costs.slice(0, enough).reduce((sum, cost) => sum + cost, 0)
}

/** How many of its parts have to answer what. */
function needsOf({ condition, parts = [] }: Verdict, wanted: boolean) {
  if (condition.condition === 'not') return { parts, each: !wanted, enough: 1 }
  const needed = 'of' in condition ? neededOf(condition) : parts.length
  return { parts, each: wanted, enough: wanted ? needed : parts.length - needed + 1 }
}

/** All ways, the cheapest first, that do not want two answers of one comparison. */
function* ways(verdict: Verdict, wanted: boolean, given: Way, search: { left: number }): Generator<Way> {
  search.left -= 1
  if (search.left < 0) return
  if ('fact' in verdict.condition) {
    const key = canonical(verdict.condition)
    const before = given.get(key)
    if (before === undefined) yield new Map([...given, [key, [verdict, wanted]]])
    else if (before[1] === wanted) yield given
    return
  }
  const { parts, each, enough } = needsOf(verdict, wanted)
  const ranked = parts
    .map((part) => ({ part, cost: costOf(part, each) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ part }) => part)
  yield* chosen(ranked, 0, enough, each, given, search)
}

function* chosen(
  parts: readonly Verdict[],
  from: number,
  enough: number,
  wanted: boolean,
  given: Way,
  search: { left: number },
): Generator<Way> {
  if (enough === 0) yield given
  if (enough === 0 || parts.length - from < enough) return
  for (const way of ways(parts[from]!, wanted, given, search))
    yield* chosen(parts, from + 1, enough - 1, wanted, way, search)
  yield* chosen(parts, from + 1, enough, wanted, given, search)
}

function leafOf(verdict: Verdict, needed: boolean): MissingLeaf {
  const { notObserved, observed = null } = verdict
  const condition = verdict.condition as Comparison
  const by = byOf(condition, observed, needed)
  return {
    condition,
    needed,
    observed,
    ...(notObserved && { notObserved }),
    ...(by !== undefined && { by }),
  }
}

function byOf(condition: Comparison, observed: FactValue, needed: boolean): number | string | undefined {
  const { fact } = condition.fact
  if (observed === null || fact === 'ratio' || fact === 'time-since') return undefined
  const digits = typeof observed === 'string' ? fractionOf(observed) : 0
  const numberOf = (value: Operand): number => {
    if (isRecord(value)) return exactLength(value) ?? Number.NaN
    return typeof value === 'string' ? (parseMinor(value, digits) ?? Number.NaN) : Number(value)
  }
  const by = (nearest(condition, numberOf(observed), numberOf, needed) ?? Number.NaN) - numberOf(observed)
  if (!Number.isSafeInteger(by) || by === 0 || typeof observed === 'boolean') return undefined
  return typeof observed === 'string' ? formatMinor(by, digits) : by
}

/** Digits behind the point. */
const fractionOf = (text: string): number => {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

/** The nearest number that answers as wanted. */
function nearest(
  condition: Comparison,
  from: number,
  numberOf: (value: Operand) => number,
  needed: boolean,
): number | undefined {
  const closest = (values: readonly number[]) =>
    [...values].sort((a, b) => Math.abs(a - from) - Math.abs(b - from))[0]
  switch (condition.condition) {
    case 'gte':
      return numberOf(condition.value) - (needed ? 0 : 1)
    case 'gt':
      return numberOf(condition.value) + (needed ? 1 : 0)
    case 'lte':
      return numberOf(condition.value) + (needed ? 0 : 1)
    case 'lt':
      return numberOf(condition.value) - (needed ? 1 : 0)
    case 'between': {
      const [low, high] = [numberOf(condition.low), numberOf(condition.high)]
      if (needed) return low > high ? undefined : closest([low, high])
      return closest([low - 1, high + 1])
    }
    case 'is':
    case 'in':
      if (!needed) return undefined
      return closest((condition.condition === 'is' ? [condition.value] : condition.values).map(numberOf))
  }
}
