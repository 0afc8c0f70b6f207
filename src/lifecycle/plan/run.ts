import { allocateUnits } from '../../kernel/index.js'
import type { ReadMove } from './plan-flows.js'
import type { ReadPlan } from './reading.js'
import { portionOf } from './share.js'

/** One year of people, counted: what the flows of the plan make of an opening. */
export interface YearRun {
  /** Where in the plan's years. */
  readonly year: number
  readonly opening: readonly number[]
  /** Of whom the shares of a stage are. */
  readonly base: readonly number[]
  /** By move of the year: who moved, and who was to move but was not there. */
  readonly moved: readonly number[]
  readonly missing: readonly number[]
  readonly closing: readonly number[]
  readonly arrived: number
  readonly left: number
}

/** People who arrive beside those of the plan: by year, then stage. */
export type MoreArrivals = (year: number, stage: number) => number

/**
 * Runs years of a plan, from the opening of one to the closing of another. In whole people: those of a stage are split by
 * largest remainder into who goes where and who stays, so nobody is made or lost.
 */
export function runYears(
  plan: ReadPlan,
  opening: readonly number[],
  [first, last]: readonly [number, number],
  more: MoreArrivals = () => 0,
): readonly YearRun[] {
  const runs: YearRun[] = []
  let stand = opening
  for (let year = first; year <= last; year++) {
    const run = runYear(plan, year, stand, more)
    runs.push(run)
    stand = run.closing
  }
  return runs
}

function runYear(
  { moves: byYear, several, stages }: ReadPlan,
  year: number,
  opening: readonly number[],
  more: MoreArrivals,
): YearRun {
  const moves = byYear[year]!
  const stand = opening.slice()
  const moved = moves.map(() => 0)
  const missing = moves.map(() => 0)
  // Who has moved waits here where moving on is for the next year.
  const arriving = stages.map((_, stage) => more(year, stage))
  let arrived = peopleIn(arriving)
  for (const [i, { from, to, count }] of moves.entries()) {
    if (from >= 0) continue
    arriving[to]! += count
    moved[i] = count
    arrived += count
  }
  if (several)
    for (const stage of stages.keys()) {
      stand[stage]! += arriving[stage]!
      arriving[stage] = 0
    }
  const base = stand.slice()
  const leavingBy = stages.map((): Leaving[] => [])
  for (const [index, move] of moves.entries()) leavingBy[move.from]?.push({ move, index })
  let left = 0
  for (const [stage, leaving] of leavingBy.entries()) {
    if (several) base[stage] = stand[stage]!
    const parts = partsOf(base[stage]!, leaving)
    for (const [i, { index, move }] of leaving.entries()) {
      const part = parts[i]!
      moved[index] = part.people
      missing[index] = part.missing
      stand[stage]! -= part.people
      if (move.to < 0) left += part.people
      else if (several && move.to > stage) stand[move.to]! += part.people
      else arriving[move.to]! += part.people
    }
  }
  const closing = stand.map((people, stage) => people + arriving[stage]!)
  return { year, opening, base, moved, missing, closing, arrived, left }
}

interface Leaving {
  readonly move: ReadMove
  /** Where in the moves of the year. */
  readonly index: number
}

/** Shares first, of all who are there; then counts, in their order, of who is left. */
function partsOf(
  base: number,
  leaving: readonly Leaving[],
): readonly { readonly people: number; readonly missing: number }[] {
  const portions = leaving.flatMap(({ move: { share } }) => (share === undefined ? [] : [portionOf(share)]))
  const people = portions.length === 0 ? [base] : allocateUnits(base, [...portions, 'remaining'])
  let there = people[people.length - 1]!
  let next = 0
  return leaving.map(({ move: { share, count } }) => {
    if (share !== undefined) {
      next += 1
      return { people: people[next - 1]!, missing: 0 }
    }
    const going = Math.min(count, there)
    there -= going
    return { people: going, missing: count - going }
  })
}

/** All people in the stages. */
export const peopleIn = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0)
