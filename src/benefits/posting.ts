import { checkList, reading } from '../kernel/errors.js'
import type { AnyEvent, Instant, Track } from '../kernel/index.js'
import { first, get, insert, remove } from '../kernel/sorted.js'
import type { IssueData, IssuedData, KeptData, MovedData, ReturnedData, UsedData } from './events.js'
import {
  type BenefitsState,
  type BenefitTotals,
  heldIssue,
  type MadeIssue,
  madeBy,
  noTotals,
  orderAgesBy,
  ordersBy,
  receivedBy,
  type UsedBenefit,
  withHeld,
  withoutHeld,
} from './held.js'
import { type BenefitTerms, nameOfRule } from './terms.js'

/** Applies what was recorded: total, whatever it was. */
export function postBenefits(
  state: BenefitsState,
  kind: string,
  event: AnyEvent,
  tracks: readonly Track[],
  terms: BenefitTerms,
): BenefitsState {
  return reading('wrong-type', '$.event.data', event, 'what benefits record', () => {
    const next = { ...state, tracks }
    const after = postings[kind as keyof typeof postings]?.(next, event, terms) ?? next
    return terms.kept === undefined ? after : withoutOldOrders(after, event.occurredAt, terms.kept)
  })
}

const postings = {
  requested: (state: BenefitsState, event: AnyEvent, terms: BenefitTerms) =>
    issued(counted(state, event, terms), event, terms, 'awaiting'),
  issued(state: BenefitsState, event: AnyEvent, terms: BenefitTerms): BenefitsState {
    const { issue, benefit, claim, rule } = event.data as IssuedData
    const asked = heldIssue(state, issue)
    // A grant of what, by other facts, nobody asked for: there is nothing that it grants.
    const grants = event.cause !== undefined && event.cause.input !== issue && rule === undefined
    if (grants && asked === undefined) return state
    const known = asked === undefined ? counted(state, event, terms) : state
    const next = issued(known, event, terms, claim ? 'claimable' : 'usable')
    return totalled(next, benefit, { issued: 1 })
  },
  denied(state: BenefitsState, event: AnyEvent, terms: BenefitTerms): BenefitsState {
    const { issue, benefit } = event.data as IssueData
    const asked = heldIssue(state, issue)
    if (asked === undefined) return state
    const made = get(madeBy, state.made, issue)
    const next = uncounted(withoutHeld(state, issue), benefit, made?.at ?? asked.at, terms)
    return unmade(next, event, made)
  },
  claimed(state: BenefitsState, event: AnyEvent): BenefitsState {
    const { issue, ends = null } = event.data as IssueData
    const known = heldIssue(state, issue)
    return known === undefined ? state : withHeld(state, { ...known, stage: 'usable', ends })
  },
  kept(state: BenefitsState, event: AnyEvent, terms: BenefitTerms): BenefitsState {
    const { issue, benefit, dueAt, lastIssuedAt } = event.data as KeptData
    const made = get(madeBy, state.made, issue)
    if (made === undefined) return state
    if (dueAt === undefined) return { ...state, made: insert(madeBy, state.made, { ...made, undue: true }) }
    const { undue: _, ...due } = made
    const next = countedAt(uncounted(state, benefit, made.at, terms), benefit, dueAt, terms)
    return {
      ...issuedLast(next, made, lastIssuedAt),
      made: insert(madeBy, state.made, { ...due, at: dueAt }),
    }
  },
  used,
  returned,
  expired: (state: BenefitsState, event: AnyEvent) => gone(state, event, { expired: 1 }),
  revoked(state: BenefitsState, event: AnyEvent, terms: BenefitTerms): BenefitsState {
    const { issue, benefit, correctsSince } = event.data as IssueData
    const next = gone(state, event, { revoked: 1 })
    const made = get(madeBy, state.made, issue)
    if (correctsSince === undefined || made === undefined) return next
    return unmade(uncounted(next, benefit, made.at, terms), event, made)
  },
  sent: (state: BenefitsState, event: AnyEvent) => gone(state, event, { sent: 1 }),
  received(state: BenefitsState, event: AnyEvent, { minor }: BenefitTerms): BenefitsState {
    const { issue, benefit, uses, reserves, ends = null } = event.data as MovedData
    const { n } = state
    const next = withHeld(
      { ...state, n: n + 1, received: insert(receivedBy, state.received, issue) },
      { issue, benefit, n, stage: 'usable', at: event.occurredAt, uses, ends, reserved: minor(reserves) },
    )
    return totalled(next, benefit, { received: 1 })
  },
}

const gone = (state: BenefitsState, event: AnyEvent, change: Partial<BenefitTotals>): BenefitsState => {
  const { issue, benefit } = event.data as IssueData
  return totalled(withoutHeld(state, issue), benefit, change)
}

/** Counts an issue for its limits, and remembers which rule made it. What was made late belongs to its own period. */
function counted(state: BenefitsState, event: AnyEvent, terms: BenefitTerms): BenefitsState {
  const { issue, benefit, rule: place, event: heard, dueAt: at = event.occurredAt } = event.data as IssuedData
  const next = countedAt(state, benefit, at, terms)
  if (place === undefined) return next
  const rule = nameOfRule(benefit, place)
  const owed = state.owed.filter((one) => one.rule !== rule || one.event !== heard)
  const last = Math.max(at, state.issuedAt[rule] ?? at)
  const made = { issue, benefit, rule, ...(heard !== undefined && { event: heard }), at, used: false }
  return {
    ...next,
    issuedAt: heard === undefined ? { ...state.issuedAt, [rule]: last } : state.issuedAt,
    owed: owed.length === state.owed.length ? state.owed : owed,
    made: terms.agreed.corrections === 'none' ? state.made : insert(madeBy, state.made, made),
  }
}

function countedAt(
  state: BenefitsState,
  benefit: string,
  at: Instant,
  { benefits }: BenefitTerms,
): BenefitsState {
  const before = state.counts[benefit] ?? { ever: 0, since: 0, times: 0 }
  const since = benefits.get(benefit)!.periodOf(at)
  const ever = before.ever + 1
  const count =
    since < before.since
      ? { ...before, ever }
      : { ever, since, times: before.since === since ? before.times + 1 : 1 }
  return { ...state, counts: { ...state.counts, [benefit]: count } }
}

/** An issue that was never to be does not count. */
function uncounted(
  state: BenefitsState,
  benefit: string,
  at: Instant,
  { benefits }: BenefitTerms,
): BenefitsState {
  const count = state.counts[benefit]
  if (count === undefined) return state
  const times = count.since === benefits.get(benefit)!.periodOf(at) ? count.times - 1 : count.times
  return { ...state, counts: { ...state.counts, [benefit]: { ...count, ever: count.ever - 1, times } } }
}

/** What a correction takes back was not made: its rule stands where it did before. */
function unmade(state: BenefitsState, event: AnyEvent, made: MadeIssue | undefined): BenefitsState {
  const { correctsSince, lastIssuedAt } = event.data as IssueData
  if (correctsSince === undefined || made === undefined) return state
  return { ...issuedLast(state, made, lastIssuedAt), made: remove(madeBy, state.made, made.issue) }
}

function issuedLast(
  state: BenefitsState,
  { rule, event }: MadeIssue,
  at: Instant | undefined,
): BenefitsState {
  if (event !== undefined) return state
  const { [rule]: _, ...others } = state.issuedAt
  return { ...state, issuedAt: at === undefined ? others : { ...others, [rule]: at } }
}

function issued(
  state: BenefitsState,
  event: AnyEvent,
  { minor }: BenefitTerms,
  stage: 'awaiting' | 'claimable' | 'usable',
): BenefitsState {
  const { issue, benefit, uses, ends = null, reserves } = event.data as IssuedData
  const n = heldIssue(state, issue)?.n ?? state.n
  const next = n < state.n ? state : { ...state, n: n + 1 }
  // What the budget has not granted does not end by itself: whoever asked it answers.
  const one = { issue, benefit, n, stage, at: event.occurredAt, uses, reserved: minor(reserves) }
  return withHeld(next, { ...one, ends: stage === 'awaiting' ? null : ends })
}

function used(state: BenefitsState, event: AnyEvent, { minor, kept }: BenefitTerms): BenefitsState {
  const { order, benefits } = event.data as UsedData
  checkList(benefits, '$.event.data.benefits')
  const at = event.occurredAt
  let next = state
  const remembered: UsedBenefit[] = []
  for (const { issue, benefit, cost: said } of benefits) {
    const known = heldIssue(next, issue)
    const made = get(madeBy, next.made, issue)
    if (made !== undefined) next = { ...next, made: insert(madeBy, next.made, { ...made, used: true }) }
    const cost = minor(said)
    next = totalled(next, benefit, { used: 1, cost })
    if (known === undefined) continue
    const { n, at, ends } = known
    remembered.push({ issue, benefit, n, at, ends, cost })
    const reserved = Math.max(0, known.reserved - cost)
    next =
      known.uses > 1 ? withHeld(next, { ...known, uses: known.uses - 1, reserved }) : withoutHeld(next, issue)
  }
  const orders = insert(ordersBy, next.orders, { order, at, benefits: remembered })
  const ages = kept === undefined ? next.ages : insert(orderAgesBy, next.ages, { at, order })
  return { ...next, orders, ages }
}

function returned(state: BenefitsState, event: AnyEvent, { minor }: BenefitTerms): BenefitsState {
  const { order, benefits } = event.data as ReturnedData
  checkList(benefits, '$.event.data.benefits')
  const known = get(ordersBy, state.orders, order)
  let next = state
  for (const { issue, benefit, ends = null, restores } of benefits) {
    const was = known?.benefits.find((one) => one.issue === issue)
    const held = heldIssue(next, issue)
    const cost = minor(restores)
    next = totalled(next, benefit, { returned: 1, cost: -cost })
    if (held !== undefined)
      next = withHeld(next, { ...held, uses: held.uses + 1, reserved: held.reserved + cost, ends })
    else if (was !== undefined) {
      const { n, at } = was
      next = withHeld(next, { issue, benefit, n, stage: 'usable', at, uses: 1, ends, reserved: cost })
    }
  }
  if (known === undefined) return next
  const back = new Set(benefits.map(({ issue }) => issue))
  const left = known.benefits.filter(({ issue }) => !back.has(issue))
  return { ...next, orders: insert(ordersBy, next.orders, { ...known, benefits: left }) }
}

function totalled(state: BenefitsState, benefit: string, change: Partial<BenefitTotals>): BenefitsState {
  const before = state.totals[benefit] ?? noTotals
  const after: { -readonly [N in keyof BenefitTotals]: number } = { ...before }
  for (const [name, by] of Object.entries(change)) after[name as keyof BenefitTotals] += by
  return { ...state, totals: { ...state.totals, [benefit]: after } }
}

function withoutOldOrders(state: BenefitsState, now: Instant, kept: (at: Instant) => Instant): BenefitsState {
  let { ages, orders } = state
  for (let oldest = first(ages); oldest !== undefined && kept(oldest.at) <= now; oldest = first(ages)) {
    orders = remove(ordersBy, orders, oldest.order)
    ages = remove(orderAgesBy, ages, orderAgesBy.key(oldest))
  }
  return ages === state.ages ? state : { ...state, ages, orders }
}
