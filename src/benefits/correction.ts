import type { Correction, Draft, Instant } from '../kernel/index.js'
import { items } from '../kernel/sorted.js'
import { type BenefitsState, heldIssue, type MadeIssue, madeBy } from './held.js'
import { issuing } from './issuing.js'
import { postBenefits } from './posting.js'
import type { BenefitTerms } from './terms.js'

/**
 * What makes up, now, for the difference between what rules made by the facts as they were known and what they would have
 * made: what should not have been is taken back while it is unused, then what should have been is issued, with its whole
 * term from now on. A rule of time makes one issue in its unit, whatever the instant: those are one, and it is
 * recorded that what came at one instant was due at another. What came before its time is taken back, and comes at its time.
 *
 * What was used, sent or has ended stays as it is, and that it should not have been is recorded: what is recorded and not
 * corrected is what a later correction relies on. Where the benefit is limited it stands in the place of one that is
 * missing, so a correction brings nobody more than the limit.
 */
export function benefitsCorrections(
  recorded: BenefitsState,
  revised: BenefitsState,
  correction: Correction,
  terms: BenefitTerms,
): readonly Draft[] {
  const { corrections: policy = 'issue-and-revoke' } = terms.agreed
  if (policy === 'none') return []
  const { at, since: correctsSince, subject } = correction
  const [had, wanted] = [slotsOf(recorded, terms), slotsOf(revised, terms)]
  const drafts: Draft[] = []
  let state = recorded
  const add = (kind: string, data: object, original: Instant) => {
    const type = `${terms.id}/${kind}`
    drafts.push({ type, data, effectiveAt: correction.effectiveAt(original) })
    state = postBenefits(state, kind, { id: '', type, subject, occurredAt: at, data }, state.tracks, terms)
  }

  const standing: MadeIssue[] = []
  for (const [slot, one] of had) {
    const due = wanted.get(slot)?.at
    const { issue, benefit } = one
    if (due === one.at && !one.undue) continue
    if (due !== undefined) {
      const last = one.event === undefined ? lastOf(one, state, revised) : undefined
      const kept = { issue, benefit, dueAt: due, correctsSince }
      add('kept', { ...kept, ...(last !== undefined && { lastIssuedAt: Math.max(last, due) }) }, one.at)
      continue
    }
    const held = heldIssue(state, one.issue)
    if (held === undefined || one.used || policy === 'issue-only') {
      if (!one.undue) add('kept', { issue, benefit, correctsSince }, one.at)
      standing.push(one)
      continue
    }
    const last = one.event === undefined ? lastOf(one, state, revised) : undefined
    const data = {
      issue,
      benefit,
      releases: terms.said(held.reserved),
      reason: 'corrected',
      correctsSince,
      ...(last !== undefined && { lastIssuedAt: last }),
    }
    add(held.stage === 'awaiting' ? 'denied' : 'revoked', data, one.at)
  }

  for (const [slot, one] of wanted) {
    if (had.has(slot)) continue
    const benefit = terms.benefits.get(one.benefit)!
    const ends = benefit.validUntil(at)
    if ((ends !== null && ends <= at) || standsIn(standing, one, terms)) continue
    const { rule, event, benefit: name, at: dueAt } = one
    const k = terms.rules.find((compiled) => compiled.name === rule)!.k
    const reason = { code: 'issued-late', benefit: name } as const
    const more = { rule: k, ...(event !== undefined && { event }), reason }
    const { type, data } = issuing(terms, benefit, at, `${one.issue}~${at}`, more, false)
    add(type.slice(terms.id.length + 1), { ...data, correctsSince, dueAt }, dueAt)
  }
  return drafts
}

/** What rules made, by what it was for: the event that it answers, or the unit of the calendar; the oldest first. */
function slotsOf({ made }: BenefitsState, { rules }: BenefitTerms): ReadonlyMap<string, MadeIssue> {
  const byName = new Map(rules.map((rule) => [rule.name, rule]))
  return new Map(
    [...items(madeBy, made)]
      .filter(({ rule }) => byName.has(rule))
      .sort((a, b) => a.at - b.at)
      .map((one) => {
        const { rule, event, at } = one
        const slot = event === undefined ? `${rule}@${byName.get(rule)!.unitOf?.(at)}` : `${rule}<${event}`
        return [slot, one]
      }),
  )
}

/** When a rule of time issued last, were it not for one issue. */
function lastOf(one: MadeIssue, { made }: BenefitsState, { issuedAt }: BenefitsState): Instant | undefined {
  let last = issuedAt[one.rule]
  for (const { rule, issue, at } of items(madeBy, made))
    if (rule === one.rule && issue !== one.issue && (last === undefined || at > last)) last = at
  return last
}

/** Takes one that stands although it should not be, in the place of one that is missing, where the benefit is limited. */
function standsIn(
  standing: MadeIssue[],
  { benefit: name, at }: MadeIssue,
  { benefits }: BenefitTerms,
): boolean {
  const { agreed, periodOf } = benefits.get(name)!
  if (agreed.limit === undefined) return false
  const forEver = agreed.limit.ever !== undefined
  const place = standing.findIndex(
    (one) => one.benefit === name && (forEver || periodOf(one.at) === periodOf(at)),
  )
  if (place < 0) return false
  standing.splice(place, 1)
  return true
}
