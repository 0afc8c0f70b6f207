import type { ReadMove } from './plan-flows.js'
import type { ReadGoal } from './plan-goals.js'
import type { ReadPlan } from './reading.js'

/**
 * What one more person on a move of a year adds to a goal by the end of its year. Worth is carried backwards: that of standing
 * in a stage now is that of all places to which the shares lead from there.
 */
export function worthOf(
  plan: ReadPlan,
  goal: Pick<ReadGoal, 'stage' | 'to' | 'atLeast' | 'share'>,
  year: number,
  due: number,
): (move: ReadMove) => number {
  const sign = goal.atLeast ? 1 : -1
  if (goal.to >= 0)
    return ({ from, to }) => (year === due && from === goal.stage && to === goal.to ? sign : 0)
  const share = goal.share === undefined ? 0 : goal.share.numerator / goal.share.denominator
  // Of a share, everybody who is there counts against it.
  let atEnd = plan.stages.map((_, stage) => (stage === goal.stage ? 1 - share : -share))
  for (let later = due; later > year; later--) atEnd = standingAt(plan, later, atEnd)
  const whileIn = standingAt(plan, year, atEnd)
  return ({ from, to }) => {
    const onward = plan.several && to > from
    const arrived = to < 0 ? 0 : onward ? whileIn[to]! : atEnd[to]!
    return tidy(sign * (arrived - (from < 0 ? 0 : atEnd[from]!)))
  }
}

/** What it is worth to stand in each stage when a year's moves begin, by what it is worth when they are over. */
function standingAt({ moves, several }: ReadPlan, year: number, atEnd: readonly number[]): number[] {
  const worth = atEnd.slice()
  // Later stages first: who comes there may move on from there.
  for (let stage = atEnd.length - 1; stage >= 0; stage--) {
    let [stays, sum] = [1, 0]
    for (const { from, to, share } of moves[year]!) {
      if (from !== stage || share === undefined) continue
      const part = share.numerator / share.denominator
      stays -= part
      sum += part * (to < 0 ? 0 : several && to > stage ? worth[to]! : atEnd[to]!)
    }
    worth[stage] = stays * atEnd[stage]! + sum
  }
  return worth
}

/** Differences of sums that should be equal leave a few bits. */
const tidy = (value: number): number => (Math.abs(value) < BIT ? 0 : value)

/** The next whole number; one that should be whole and is a few bits above it is taken for it. */
export function wholeAbove(value: number): number {
  const near = Math.round(value)
  return Math.abs(value - near) <= BIT * Math.max(1, Math.abs(value)) ? near : Math.ceil(value)
}

const BIT = 1e-12
