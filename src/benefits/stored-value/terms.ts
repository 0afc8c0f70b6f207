import {
  type Calendar,
  type CompiledCondition,
  compileCondition,
  type FactContext,
  type FactSet,
  formatMinor,
  type Instant,
  leavesOf,
  minorDigits,
  mulDiv,
  parseMinor,
  parseRatio,
  SumOutOfRange,
  type Track,
} from '../../kernel/index.js'
import type { AgreedStoredValue, BonusRule, SpendOrder } from './definition.js'
import type { BonusReason } from './events.js'

/** What was agreed, compiled: what every command reads. Amounts in the smallest unit. */
export interface Terms {
  readonly id: string
  readonly agreed: AgreedStoredValue
  readonly currency: string
  readonly digits: number
  readonly spend: SpendOrder
  readonly limit: number | undefined
  readonly rules: readonly CompiledBonus[]
  readonly principalExpires?: (at: Instant) => Instant
  readonly holdFor?: (at: Instant) => Instant
  readonly grace?: (at: Instant) => Instant
  readonly kept?: (at: Instant) => Instant
  /** The smallest unit as decimal text, and back. */
  said(minor: number): string
  minor(text: string): number
}

interface CompiledBonus {
  readonly rule: BonusRule
  readonly from: number
  readonly when?: CompiledCondition
  readonly expires?: (at: Instant) => Instant
  /** What a top-up of so much brings. */
  bonus(amount: number): number
}

/** What a top-up brings. */
export interface Grant {
  readonly bonus: number
  readonly rule?: string
  readonly expiresAt: Instant | null
  readonly reason: BonusReason
}

/** The terms of a definition that has been checked. */
export function compileTerms(
  agreed: AgreedStoredValue,
  zone: Calendar,
  facts: FactSet,
  context: FactContext,
): Terms {
  const digits = minorDigits(agreed.currency)
  const minor = (text: string) => parseMinor(text, digits)!
  const { principalExpires, holdFor, refundGrace, keep, limit } = agreed
  const rules = (agreed.bonus ?? []).map((rule): CompiledBonus => {
    const lasts = rule.expires ?? agreed.expires
    return {
      rule,
      from: minor(rule.from),
      ...(rule.when && { when: compileCondition(rule.when, facts, context) }),
      ...(lasts && { expires: zone.adder(lasts) }),
      bonus: 'percent' in rule ? percentOf(rule.percent) : fixed(rule, minor),
    }
  })
  return {
    id: agreed.id,
    agreed,
    currency: agreed.currency,
    digits,
    spend: agreed.spend ?? 'bonus-first',
    limit: limit === undefined ? undefined : minor(limit),
    rules,
    ...(principalExpires && { principalExpires: zone.adder(principalExpires) }),
    ...(holdFor && { holdFor: zone.adder(holdFor) }),
    ...(refundGrace && { grace: zone.adder(refundGrace) }),
    ...(keep && { kept: zone.adder(keep) }),
    said: (units) => formatMinor(units, digits),
    minor,
  }
}

/** Rounded up: what is promised is never less than what is said. */
function percentOf(percent: string): (amount: number) => number {
  const { numerator, denominator } = parseRatio(percent)
  return (amount) => {
    const tenths = mulDiv(amount, numerator, denominator * 100)
    if (tenths === undefined) throw new SumOutOfRange('a bonus')
    return tenths.quotient + (tenths.remainder > 0 ? 1 : 0)
  }
}

function fixed(rule: Extract<BonusRule, { bonus: string }>, minor: (text: string) => number) {
  const [bonus, from] = [minor(rule.bonus), minor(rule.from)]
  return (amount: number) => {
    const brought = rule.repeats ? bonus * Math.floor(amount / from) : bonus
    if (!Number.isSafeInteger(brought)) throw new SumOutOfRange('a bonus')
    return brought
  }
}

/** What a top-up brings: of the rules that apply the one that gives most, of equals the first. */
export function grantFor(
  { rules, said, currency }: Terms,
  amount: number,
  tracks: readonly Track[],
  at: Instant,
): Grant {
  let best: { readonly rule: CompiledBonus; readonly bonus: number } | undefined
  for (const rule of rules) {
    if (amount < rule.from || (rule.when && !rule.when.holds(tracks, at))) continue
    const bonus = rule.bonus(amount)
    if (bonus > (best?.bonus ?? 0)) best = { rule, bonus }
  }
  if (best === undefined) return { bonus: 0, expiresAt: null, reason: { code: 'no-bonus' } }
  const { rule: found, bonus } = best
  const { rule, from } = found.rule
  const leaves = found.when && leavesOf(found.when.verdict(tracks, at))
  return {
    bonus,
    rule,
    expiresAt: found.expires?.(at) ?? null,
    reason: {
      code: 'percent' in found.rule ? 'bonus-by-percent' : 'bonus-granted',
      rule,
      from,
      amount: said(amount),
      bonus: said(bonus),
      currency,
      ...('percent' in found.rule && { percent: found.rule.percent }),
      ...(leaves && { because: { code: 'bonus-condition', leaves } }),
    },
  }
}
