import {
  type Calendar,
  type CompiledCondition,
  compileCondition,
  type FactContext,
  type FactSet,
  formatMinor,
  type Instant,
  matcherOf,
  minorDigits,
  parseMinor,
} from '../kernel/index.js'
import type { AgreedBenefits } from './definition.js'
import type { BenefitsState } from './held.js'

/** A benefit, compiled; amounts in the smallest unit. */
export interface CompiledBenefit {
  readonly agreed: AgreedBenefits['benefits'][number]
  /** In the order of the definition, which is that of applying. */
  readonly place: number
  readonly budget: string | undefined
  readonly cost: number
  readonly group: string
  /** When it ends, told from the moment that it is there. */
  validUntil(at: Instant): Instant | null
  claimUntil?: (at: Instant) => Instant
  readonly grace?: (at: Instant) => Instant
  /** Why there can be no more of it, if there cannot. */
  limitReached(state: BenefitsState, at: Instant): number | undefined
  /** The period of its limit, and the next one. */
  periodOf(at: Instant): Instant
  nextPeriod(at: Instant): Instant
}

/** What brings an issue about, compiled. */
export interface CompiledIssue {
  readonly name: string
  /** Which of its benefit's rules, from 0. */
  readonly k: number
  readonly path: string
  readonly benefit: CompiledBenefit
  readonly when?: CompiledCondition
  readonly on?: { readonly type: string; matches: ReturnType<typeof matcherOf> }
  /** Names the unit of the calendar that an instant is in, where time brings it about. */
  unitOf?: (at: Instant) => Instant
  /** The first instant of the next unit in which it may be issued again; none where it is issued once. */
  again?: (at: Instant) => Instant | undefined
}

/** What was agreed, compiled. */
export interface BenefitTerms {
  readonly id: string
  readonly agreed: AgreedBenefits
  readonly benefits: ReadonlyMap<string, CompiledBenefit>
  readonly rules: readonly CompiledIssue[]
  readonly kept?: (at: Instant) => Instant
  said(minor: number): string
  minor(text: string): number
}

export const nameOfRule = (benefit: string, k: number): string => `${benefit}/${k}`

/** The terms of a definition that has been checked. */
export function compileBenefits(
  agreed: AgreedBenefits,
  zone: Calendar,
  facts: FactSet,
  context: FactContext,
): BenefitTerms {
  const digits = minorDigits(agreed.currency)
  const minor = (text: string) => parseMinor(text, digits)!
  const benefits = agreed.benefits.map((one, place) => compileBenefit(one, place, zone, minor))
  const rules = benefits.flatMap((benefit) =>
    (benefit.agreed.issue ?? []).map((rule, k): CompiledIssue => {
      const when = rule.when && compileCondition(rule.when, facts, context)
      const common = {
        name: nameOfRule(benefit.agreed.benefit, k),
        k,
        path: `$.benefits[${benefit.place}].issue[${k}]`,
        benefit,
        ...(when && { when }),
      }
      if ('on' in rule) {
        const { on, as, where } = rule
        const scope = { event: on, ...(as && { as }), ...(where && { where }) }
        return { ...common, on: { type: on, matches: matcherOf(scope, context.events) } }
      }
      const { each } = rule
      return {
        ...common,
        unitOf: (at) => (each === 'ever' ? 0 : zone.startOf(each, at)),
        again: (at) => (each === 'ever' ? undefined : zone.startOfNext(each, at)),
      }
    }),
  )
  return {
    id: agreed.id,
    agreed,
    benefits: new Map(benefits.map((one) => [one.agreed.benefit, one])),
    rules,
    ...(agreed.keep && { kept: zone.adder(agreed.keep) }),
    said: (units) => formatMinor(units, digits),
    minor,
  }
}

function compileBenefit(
  agreed: AgreedBenefits['benefits'][number],
  place: number,
  zone: Calendar,
  minor: (text: string) => number,
): CompiledBenefit {
  const { benefit, funding, valid, claim, returnGrace, limit } = agreed
  const lasts = valid === undefined || 'until' in valid ? undefined : zone.adder(valid)
  const until = valid !== undefined && 'until' in valid ? valid.until : null
  const periodOf = (at: Instant) => (limit?.per === undefined ? 0 : zone.startOf(limit.per, at))
  return {
    agreed,
    place,
    budget: 'budget' in funding ? funding.budget : undefined,
    cost: 'budget' in funding ? minor(funding.costPerIssue) : 0,
    group: agreed.group ?? benefit,
    validUntil: (at) => lasts?.(at) ?? until,
    ...(claim && { claimUntil: zone.adder(claim) }),
    ...(returnGrace && { grace: zone.adder(returnGrace) }),
    periodOf,
    nextPeriod: (at) => zone.startOfNext(limit?.per ?? 'day', at),
    limitReached({ counts }, at) {
      const count = counts[benefit]
      if (count === undefined || limit === undefined) return undefined
      if (limit.ever !== undefined && count.ever >= limit.ever) return limit.ever
      if (limit.times === undefined || count.since !== periodOf(at) || count.times < limit.times)
        return undefined
      return limit.times
    },
  }
}
