import { fault } from '../../kernel/errors.js'
import {
  type Calendar,
  type CompiledCondition,
  type Condition,
  checkCondition,
  compileCondition,
  type FactContext,
  type FactSet,
  type Instant,
  lcm,
  leavesOf,
  parseRatio,
  type ReasonLeaf,
  type Track,
} from '../../kernel/index.js'
import type { Ratio } from '../../kernel/rational.js'
import { type Campaign, checkCampaign, compileCampaign } from './campaign.js'

/** What multiplies the points of a rule: `by` is an exact ratio, `'1.5'` or `'3/2'`. */
export interface MultiplierRule {
  readonly by: string
  /** Judged at the event's instant, with everything that happened and was decided at it; always unless told. */
  readonly when?: Condition
  readonly during?: Campaign
}

/**
 * What becomes of several multipliers that hold. `first` takes the first, `best` the largest, `product` multiplies them
 * all, `sum` adds what each gives beyond one: 2 and 1.5 make 2.5, never below 0.
 */
export type Multiplying = 'first' | 'best' | 'product' | 'sum'
export const MULTIPLYING: readonly Multiplying[] = ['first', 'best', 'product', 'sum']

/** Why points were multiplied: by what in all, and the comparisons that held, at most ten of them. */
export interface MultiplierReason {
  /** `multiplied-in-campaign` where no condition was asked. */
  readonly code: 'multiplied' | 'multiplied-in-campaign'
  readonly by: string
  /** Of several at once: each of them. */
  readonly parts?: readonly string[]
  readonly leaves: readonly ReasonLeaf[]
}

/** A multiplier, compiled. */
export interface Multiplier {
  readonly by: string
  readonly ratio: Ratio
  readonly when?: CompiledCondition
  holds(tracks: readonly Track[], at: Instant): boolean
}

/** Multipliers of one rule in one denominator. */
export interface Multipliers {
  readonly all: readonly Multiplier[]
  /** How many fractions of a point one is. */
  readonly common: number
  /** What multiplies, in those fractions, and why; the plain `common` without a reason where none holds. */
  at(tracks: readonly Track[], at: Instant): { readonly factor: number; readonly reason?: MultiplierReason }
  /** The most that it can be. */
  readonly most: number
}

/** @throws DefinitionError where a ratio, a condition or a campaign is none. */
export function checkMultipliers(rules: readonly MultiplierRule[], context: FactContext, path: string): void {
  for (const [k, { by, when, during }] of rules.entries()) {
    if (parseRatio(by, `${path}[${k}].by`).numerator < 0)
      throw fault('out-of-range', `${path}[${k}].by`, by, '0 or more')
    if (when !== undefined) checkCondition(when, context, `${path}[${k}].when`)
    if (during !== undefined) checkCampaign(during, context.calendar!, `${path}[${k}].during`)
  }
}

/** Compiles multipliers: all of them, and what any of them make together, are whole in one denominator. */
export function compileMultipliers(
  rules: readonly MultiplierRule[],
  policy: Multiplying,
  { facts, zone, ...context }: FactContext & { readonly facts: FactSet; readonly zone: Calendar },
  path: string,
): Multipliers {
  const all = rules.map(({ by, when, during }): Multiplier => {
    const ratio = parseRatio(by)
    const condition = when === undefined ? undefined : compileCondition(when, facts, context)
    const runs = during === undefined ? undefined : compileCampaign(during, zone)
    return {
      by,
      ratio,
      ...(condition && { when: condition }),
      holds: (tracks, at) =>
        (runs === undefined || runs(at)) && (condition === undefined || condition.holds(tracks, at)),
    }
  })
  const common = safely(
    policy === 'product'
      ? all.reduce((product, { ratio }) => product * ratio.denominator, 1)
      : all.reduce((multiple, { ratio }) => lcm(multiple, ratio.denominator) ?? Number.NaN, 1),
    path,
  )
  const inCommon = ({ ratio }: Multiplier) => ratio.numerator * (common / ratio.denominator)
  const together = (chosen: readonly Multiplier[]): number =>
    policy === 'product'
      ? chosen.reduce((factor, { ratio }) => (factor / ratio.denominator) * ratio.numerator, common)
      : policy === 'sum'
        ? Math.max(
            0,
            chosen.reduce((factor, one) => factor + inCommon(one) - common, common),
          )
        : inCommon(chosen[0]!)
  const rising = all.filter(({ ratio }) => ratio.numerator > ratio.denominator)
  const most =
    policy === 'product' || policy === 'sum'
      ? rising.length === 0
        ? common
        : together(rising)
      : all.reduce((largest, one) => Math.max(largest, inCommon(one)), common)
  safely(most, path)
  const plain = { factor: common }
  return {
    all,
    common,
    most,
    at(tracks, at) {
      const holding: Multiplier[] = []
      for (const one of all) {
        if (!one.holds(tracks, at)) continue
        holding.push(one)
        if (policy === 'first') break
      }
      if (holding.length === 0) return plain
      const chosen =
        policy === 'best'
          ? [holding.reduce((best, one) => (inCommon(one) > inCommon(best) ? one : best))]
          : holding
      const factor = together(chosen)
      return { factor, reason: reasonOf(chosen, factor, common, tracks, at) }
    },
  }
}

const LEAVES = 10

function reasonOf(
  chosen: readonly Multiplier[],
  factor: number,
  common: number,
  tracks: readonly Track[],
  at: Instant,
): MultiplierReason {
  const leaves = chosen
    .flatMap(({ when }) => (when === undefined ? [] : leavesOf(when.verdict(tracks, at))))
    .slice(0, LEAVES)
  const code = leaves.length === 0 ? 'multiplied-in-campaign' : 'multiplied'
  if (chosen.length === 1) return { code, by: chosen[0]!.by, leaves }
  const { numerator, denominator } = parseRatio(`${factor}/${common}`)
  const by = denominator === 1 ? `${numerator}` : `${numerator}/${denominator}`
  return { code, by, parts: chosen.slice(0, LEAVES).map((one) => one.by), leaves }
}

function safely(value: number, path: string): number {
  if (Number.isSafeInteger(value)) return value
  throw fault('out-of-range', path, value, 'rates whose product fits 2^53 - 1')
}
