import type { Ratio } from '../../kernel/rational.js'
import type { ReadBound } from './plan-goals.js'
import type { ReadPlan } from './reading.js'
import type { PlanFinding } from './sentences.js'

/** A bound on the people of one stage at the end of a year, and the stage whose goal, or whose goal's guard, it is. */
interface Bound {
  readonly bound: ReadBound
  readonly stage: number
  readonly of: number
  /** As it was written. */
  readonly said: string
}

/**
 * Goals and guards of one year that no numbers of people can meet together: a stage that shall have at least more than it may have
 * at most; shares that make more than everybody; upper bounds of shares on every stage that leave somebody nowhere to be.
 *
 * Shares are compared with shares and counts with counts, exactly. A share against a count would take the number of all people, and a
 * rate against either the people of the year before: those are for `gapToGoal`.
 */
export function exclusionsIn(plan: ReadPlan, year: number): readonly PlanFinding[] {
  const bounds = boundsIn(plan, year)
  const findings: PlanFinding[] = []
  const { stages, years } = plan
  const place = { year: years[year]! }
  for (const [i, stage] of stages.entries())
    for (const isShare of [true, false]) {
      const least = tightest(bounds, i, isShare, true)
      const most = tightest(bounds, i, isShare, false)
      if (least === undefined || most === undefined || !isMore(least.bound, most.bound)) continue
      const sides = {
        least: least.said,
        leastBy: stages[least.of]!,
        most: most.said,
        mostBy: stages[most.of]!,
      }
      findings.push({ code: 'bounds-exclude', stage, ...place, ...sides })
    }
  const lower = stages.map((_, i) => tightest(bounds, i, true, true)?.bound.share)
  const upper = stages.map((_, i) => tightest(bounds, i, true, false)?.bound.share)
  const asked = stages.filter((_, i) => lower[i] !== undefined)
  const least = sumOf(lower.filter(isGiven))
  if (asked.length > 1 && least.over > least.under)
    findings.push({
      code: 'shares-over-whole',
      stage: asked[0]!,
      ...place,
      stages: asked,
      share: percent(least),
    })
  const most = sumOf(upper.filter(isGiven))
  if (upper.every(isGiven) && most.over < most.under)
    findings.push({ code: 'shares-under-whole', stage: stages[0]!, ...place, stages, share: percent(most) })
  return findings
}

const isGiven = (share: Ratio | undefined): share is Ratio => share !== undefined

/** What goals say of the people of stages, and what their guards do: a goal is met only while those hold. */
function boundsIn({ goals }: ReadPlan, year: number): readonly Bound[] {
  return goals[year]!.flatMap((goal, of): readonly Bound[] => {
    if (goal === undefined) return []
    const guards = goal.guards.map(
      (guard): Bound => ({ bound: guard, stage: guard.stage, of, said: saidOf(guard.guard) }),
    )
    const own: Bound = { bound: goal, stage: of, of, said: saidOf(goal.goal) }
    return goal.to >= 0 ? guards : [own, ...guards]
  })
}

const saidOf = ({ atLeast, atMost }: { readonly atLeast?: unknown; readonly atMost?: unknown }): string =>
  String(atLeast ?? atMost)

/** Of the bounds of a stage from one side, the one that leaves least; the first of equals. */
function tightest(
  bounds: readonly Bound[],
  stage: number,
  isShare: boolean,
  atLeast: boolean,
): Bound | undefined {
  let found: Bound | undefined
  for (const one of bounds) {
    const { bound } = one
    if (one.stage !== stage || bound.atLeast !== atLeast || (bound.share !== undefined) !== isShare) continue
    const tighter = found === undefined || (atLeast ? isMore(bound, found.bound) : isMore(found.bound, bound))
    if (tighter) found = one
  }
  return found
}

/** Whether a bound is greater than another of its kind. */
function isMore(a: ReadBound, b: ReadBound): boolean {
  if (a.share === undefined || b.share === undefined) return a.count > b.count
  return (
    BigInt(a.share.numerator) * BigInt(b.share.denominator) >
    BigInt(b.share.numerator) * BigInt(a.share.denominator)
  )
}

/** A sum of shares as one fraction, exact. */
interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

function sumOf(shares: readonly Ratio[]): Fraction {
  let [over, under] = [0n, 1n]
  for (const { numerator, denominator } of shares) {
    over = over * BigInt(denominator) + BigInt(numerator) * under
    under *= BigInt(denominator)
  }
  return { over, under }
}

/** In percent, up to two digits, cut off. */
function percent({ over, under }: Fraction): string {
  const hundredths = (over * 10_000n) / under
  const rest = String(hundredths % 100n)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return `${hundredths / 100n}${rest === '' ? '' : `.${rest}`} %`
}
