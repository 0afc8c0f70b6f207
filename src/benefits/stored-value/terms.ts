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
import type { Judged } from './account.js'
import type { AgreedStoredValue, BonusRule, SpendOrder, StoredValueCorrections } from './definition.js'
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
  readonly corrections: StoredValueCorrections
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

/** What a top-up brings, and why. */
export interface Grant extends Judged {
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
    corrections: agreed.corrections ?? 'grant-and-take-back',
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

interface Best {
  readonly rule: CompiledBonus
  readonly bonus: number
}

/** Of the rules that apply the one that gives most, of equals the first. */
function bestOf({ rules }: Terms, amount: number, tracks: readonly Track[], at: Instant): Best | undefined {
  let best: Best | undefined
  for (const rule of rules) {
    if (amount < rule.from || (rule.when && !rule.when.holds(tracks, at))) continue
    const bonus = rule.bonus(amount)
    if (bonus > (best?.bonus ?? 0)) best = { rule, bonus }
  }
  return best
}

/** What a top-up brings by what is known; nothing is said where that is more than numbers hold. */
export function judge(
  terms: Terms,
  amount: number,
  tracks: readonly Track[],
  at: Instant,
): Judged | undefined {
  try {
    const best = bestOf(terms, amount, tracks, at)
    if (best === undefined) return { bonus: 0, expiresAt: null }
    const { rule, bonus } = best
    return { bonus, rule: rule.rule.rule, expiresAt: rule.expires?.(at) ?? null }
  } catch (error) {
    if (error instanceof SumOutOfRange) return undefined
    throw error
  }
}

/** When bonus ends that is given from an instant on by the rule that was judged to bring it. */
export const lastsFrom = ({ rules }: Terms, { rule }: Judged, at: Instant): Instant | null =>
  rules.find((one) => one.rule.rule === rule)?.expires?.(at) ?? null

/** What a top-up brings, and why. */
export function grantFor(terms: Terms, amount: number, tracks: readonly Track[], at: Instant): Grant {
  const { said, currency } = terms
  const best = bestOf(terms, amount, tracks, at)
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
