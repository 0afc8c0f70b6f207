import { checkName, fault } from '../../kernel/errors.js'

/**
 * What becomes of several rules that one event pays under. `all` pays each. `best` pays the one that would pay most for
 * this event, before caps and left-overs; of equals the earlier. `priority` pays the first of the list that applies.
 * `exclusive` pays each of the list that applies, and then no rule outside it.
 */
export type StackingPolicy = 'all' | 'best' | 'priority' | 'exclusive'

/** Rules that share one policy; a rule is in one group at most. */
export interface StackingGroup<R extends string = string> {
  readonly rules: readonly R[]
  readonly policy: StackingPolicy
}

/** Why a rule that applied was not paid, and for the sake of which. */
export interface UnpaidReason {
  readonly code: 'pays-less' | 'comes-later' | 'shut-out'
  readonly rule: string
  readonly by: string
}

const POLICIES: readonly StackingPolicy[] = ['all', 'best', 'priority', 'exclusive']

/** @throws DefinitionError where a group names what there is not, or compares points of two currencies. */
export function checkStacking(
  groups: readonly StackingGroup[],
  currencyOf: ReadonlyMap<string, string>,
): void {
  const seen = new Set<string>()
  for (const [i, { rules, policy }] of groups.entries()) {
    const path = `$.stacking[${i}]`
    checkName(POLICIES, policy, `${path}.policy`)
    if (!Array.isArray(rules) || rules.length === 0)
      throw fault('missing', `${path}.rules`, rules, 'at least one rule')
    for (const [k, rule] of rules.entries()) {
      checkName([...currencyOf.keys()], rule, `${path}.rules[${k}]`)
      if (seen.has(rule)) throw fault('duplicate-name', `${path}.rules[${k}]`, rule, 'each rule in one group')
      seen.add(rule)
      if (policy === 'best' && currencyOf.get(rule) !== currencyOf.get(rules[0]!))
        throw fault('currency-mismatch', `${path}.rules[${k}]`, rule, 'rules of one currency')
    }
  }
}

/** What one rule would pay for an event: a fraction of points that is never rounded. */
export interface Worth {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** A rule that an event could be paid under. */
export interface Claim {
  readonly rule: string
  readonly applies: boolean
  worth(): Worth
}

/** What is decided about one of them: that another one pays instead, or that it pays, and which others are settled with it. */
export type Verdict =
  | { readonly pays: false }
  | {
      readonly pays: true
      /** Rules that this event is no longer paid under. */
      readonly instead: readonly string[]
      /** Those of them that applied. */
      readonly unpaid: readonly UnpaidReason[]
    }

const REASONS = 10

/** Decides about the claims of one event: the exclusive group that is listed first wins, then each group picks its own. */
export type Stacking = (rule: string, claims: readonly Claim[]) => Verdict

/** Compiles groups; none where nothing has to be decided. */
export function compileStacking(groups: readonly StackingGroup[]): Stacking | undefined {
  const deciding = groups.filter(({ policy }) => policy !== 'all')
  if (deciding.length === 0) return undefined
  const exclusive = deciding.filter(({ policy }) => policy === 'exclusive')
  const groupOf = new Map(deciding.flatMap((group) => group.rules.map((rule) => [rule, group] as const)))
  return (rule, claims) => {
    const applying = claims.filter(({ applies }) => applies)
    const ruling = exclusive.find(({ rules }) => applying.some((one) => rules.includes(one.rule)))
    const instead: string[] = []
    const unpaid: UnpaidReason[] = []
    const settle = ({ rule: other, applies }: Claim, code: UnpaidReason['code']) => {
      instead.push(other)
      if (applies && unpaid.length < REASONS) unpaid.push({ code, rule: other, by: rule })
    }
    if (ruling !== undefined && !ruling.rules.includes(rule)) return { pays: false }
    const group = groupOf.get(rule)
    if (group !== undefined && (group.policy === 'best' || group.policy === 'priority')) {
      const among = group.rules.flatMap((name) => applying.filter((one) => one.rule === name))
      if (pick(among, group.policy).rule !== rule) return { pays: false }
      const code = group.policy === 'best' ? 'pays-less' : 'comes-later'
      for (const one of claims) if (one.rule !== rule && group.rules.includes(one.rule)) settle(one, code)
    }
    for (const one of claims) {
      if (one.rule === rule || instead.includes(one.rule)) continue
      // What begins to apply later at this instant does not take back what was paid without it.
      const shut = ruling === undefined ? groupOf.get(one.rule) : ruling
      const isOutside = ruling === undefined ? shut?.policy === 'exclusive' : !ruling.rules.includes(one.rule)
      if (isOutside && (ruling !== undefined || !one.applies)) settle(one, 'shut-out')
    }
    return { pays: true, instead, unpaid }
  }
}

/** The one that pays, among those of a group that apply, in the group's order; there is at least one. */
function pick(among: readonly Claim[], policy: 'best' | 'priority'): Claim {
  let [best] = among as readonly [Claim]
  if (policy === 'priority') return best
  let most = best.worth()
  for (const one of among.slice(1)) {
    const worth = one.worth()
    if (worth.numerator * most.denominator <= most.numerator * worth.denominator) continue
    best = one
    most = worth
  }
  return best
}
