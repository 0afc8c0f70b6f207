import { type Due, earlier, firstHolding, type Instant, leavesOf } from '../kernel/index.js'
import type { IssuedData, IssueReason } from './events.js'
import type { BenefitsState } from './held.js'
import type { BenefitTerms, CompiledBenefit, CompiledIssue } from './terms.js'

/** An issue as it is recorded: at once where nobody has to pay or somebody has promised to, else as a question to the budget. */
export function issuing(
  { id, said }: BenefitTerms,
  { agreed, budget, cost, claimUntil, validUntil }: CompiledBenefit,
  at: Instant,
  issue: string,
  more: Pick<IssuedData, 'reason' | 'rule' | 'event'>,
  promised: boolean,
): { readonly type: string; readonly data: IssuedData } {
  const { benefit, owner, uses = 1 } = agreed
  const stands = budget === undefined || promised
  const ends = stands ? (claimUntil?.(at) ?? validUntil(at)) : null
  return {
    type: `${id}/${stands ? 'issued' : 'requested'}`,
    data: {
      issue,
      benefit,
      owner,
      ...(budget !== undefined && { budget }),
      reserves: said(cost),
      uses,
      ...(ends !== null && { ends }),
      claim: claimUntil !== undefined,
      ...more,
    },
  }
}

/** The name of what a rule issues for an event. */
export const issueFor = (rule: string, event: string): string => `${rule}<${event}`

/** What facts and time bring about. */
export interface Issuing {
  /** What is owed for an event of this instant, of rules in their order. */
  owed(state: BenefitsState, at: Instant): Due | undefined
  /** The next issue that time brings about. */
  timed(state: BenefitsState, at: Instant): Due | undefined
}

/** What the rules of a definition bring about. */
export function issuingBy(terms: BenefitTerms): Issuing {
  const byName = new Map(terms.rules.map((rule) => [rule.name, rule]))
  const timed = terms.rules.filter(({ again }) => again !== undefined)

  const possible = ({ benefit }: CompiledIssue, state: BenefitsState, at: Instant) => {
    const ends = benefit.validUntil(at)
    return benefit.limitReached(state, at) === undefined && (ends === null || ends > at)
  }

  const because = ({ when }: CompiledIssue, state: BenefitsState, at: Instant) =>
    when && {
      because: { code: 'issue-condition' as const, leaves: leavesOf(when.verdict(state.tracks, at)) },
    }

  function due(rule: CompiledIssue, state: BenefitsState, at: Instant, event?: string): Due {
    const name = event === undefined ? `${rule.name}@${at}` : issueFor(rule.name, event)
    const make = () => {
      const { benefit } = rule.benefit.agreed
      const code = event === undefined ? 'issued-by-time' : 'issued-by-event'
      const reason: IssueReason = { code, benefit, ...because(rule, state, at) }
      const more = { rule: rule.k, ...(event !== undefined && { event }), reason }
      return { rule: name, ...issuing(terms, rule.benefit, at, name, more, false) }
    }
    return { at, make }
  }

  /** When a rule of time next brings an issue about. */
  function nextOf(rule: CompiledIssue, state: BenefitsState, at: Instant): Instant | undefined {
    const last = state.issuedAt[rule.name]
    const open = last === undefined ? at : rule.again!(last)
    if (open === undefined) return undefined
    const holding = (from: Instant) =>
      rule.when === undefined ? from : firstHolding(rule.when, state.tracks, from)
    let found = holding(Math.max(at, open))
    // A limit for each period ends with it; one for ever does not.
    if (found !== undefined && !possible(rule, state, found)) found = holding(rule.benefit.nextPeriod(found))
    return found !== undefined && possible(rule, state, found) ? found : undefined
  }

  return {
    owed(state, at) {
      if (state.owedAt !== at) return undefined
      for (const { rule: name, event } of state.owed) {
        const rule = byName.get(name)!
        if (!possible(rule, state, at) || rule.when?.holds(state.tracks, at) === false) continue
        return due(rule, state, at, event)
      }
      return undefined
    },
    timed(state, at) {
      let least: Instant | undefined
      let first: CompiledIssue | undefined
      for (const rule of timed) {
        const next = nextOf(rule, state, at)
        if (next === undefined || earlier(least, next) === least) continue
        least = next
        first = rule
      }
      return first && due(first, state, least!)
    },
  }
}
