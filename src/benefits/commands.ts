import { type AnyEvent, type Draft, type Instant, subjectOf } from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { combine, readCart } from './cart.js'
import type { BenefitsRefusal, UsedInOrder } from './events.js'
import { type BenefitsState, type HeldBenefit, heldIssue, ordersBy, receivedBy } from './held.js'
import { issuing } from './issuing.js'
import type { BenefitTerms, CompiledBenefit } from './terms.js'

type Told = Pick<AnyEvent, 'id' | 'occurredAt' | 'data'>
type Decision = { readonly events: readonly Draft[] } | { readonly refusal: BenefitsRefusal }
type Decide = (state: BenefitsState, told: Told) => Decision

interface Fields {
  readonly benefit: string
  readonly issue: string
  readonly reservation?: string
  readonly reason: string
  readonly order: string
  readonly cart: unknown
  readonly issues: unknown
  readonly refunded: 'whole' | 'part'
  readonly to: string
  readonly from: string
  readonly uses: number
  readonly reserves: string
  readonly ends?: Instant
}

const refused = (refusal: BenefitsRefusal): Decision => ({ refusal })
const fieldsOf = ({ data }: Told) => data as Fields

/** The commands of benefits, by word. */
export function benefitsDecisions(terms: BenefitTerms): { readonly [word: string]: Decide } {
  const { id, said, minor } = terms
  const accepted = (kind: string, data: object): Decision => ({ events: [{ type: `${id}/${kind}`, data }] })
  const kindOf = ({ benefit }: Pick<HeldBenefit, 'benefit'>) => terms.benefits.get(benefit)!
  const until = (ends: Instant | null) => (ends === null ? {} : { ends })

  const issue: Decide = (state, told) => {
    const { benefit: name, reservation } = fieldsOf(told)
    const benefit = terms.benefits.get(name)!
    const limit = benefit.limitReached(state, told.occurredAt)
    if (limit !== undefined) return refused({ code: 'benefit-limit-reached', benefit: name, limit })
    if (heldIssue(state, told.id) !== undefined) return refused({ code: 'issue-known' })
    const ends = benefit.validUntil(told.occurredAt)
    if (ends !== null && ends <= told.occurredAt) return refused({ code: 'ended-before', ends })
    const reason = { reason: { code: 'issued-by-hand' } } as const
    return {
      events: [issuing(terms, benefit, told.occurredAt, told.id, reason, reservation !== undefined)],
    }
  }

  const awaited =
    (decide: (held: HeldBenefit, told: Told) => Decision): Decide =>
    (state, told) => {
      const held = heldIssue(state, fieldsOf(told).issue)
      return held?.stage === 'awaiting' ? decide(held, told) : refused({ code: 'nothing-awaited' })
    }
  const grant = awaited((held, told) => {
    const reason = { reason: { code: 'issued-by-hand' } } as const
    return { events: [issuing(terms, kindOf(held), told.occurredAt, held.issue, reason, true)] }
  })
  const deny = awaited(({ issue, benefit, reserved }, told) =>
    accepted('denied', { issue, benefit, releases: said(reserved), reason: fieldsOf(told).reason }),
  )

  const claim: Decide = (state, told) => {
    const held = heldIssue(state, fieldsOf(told).issue)
    if (held?.stage !== 'claimable') return refused({ code: 'nothing-to-claim' })
    const { issue, benefit } = held
    return accepted('claimed', {
      issue,
      benefit,
      ...until(kindOf(held).validUntil(told.occurredAt)),
      releases: said(0),
    })
  }

  const use: Decide = (state, told) => {
    const { order, cart: given, issues } = fieldsOf(told)
    if (get(ordersBy, state.orders, order) !== undefined) return refused({ code: 'order-known' })
    const cart = readCart(given, terms.agreed.currency)
    if (cart === undefined) return refused({ code: 'malformed-cart' })
    if (!isListOfNames(issues)) return refused({ code: 'malformed-issues' })
    const chosen: HeldBenefit[] = []
    for (const [place, name] of issues.entries()) {
      const held = heldIssue(state, name)
      if (held === undefined) return refused({ code: 'unknown-issue', place })
      const { benefit, stage } = held
      if (stage !== 'usable') return refused({ code: 'issue-not-usable', place, benefit, stage })
      chosen.push(held)
    }
    const sorted = inOrder(chosen, kindOf)
    const unfit = unfitTogether(sorted.map(kindOf), terms)
    if (unfit !== undefined) return refused(unfit)
    const gives = sorted.map((held) => kindOf(held).agreed.gives)
    const combined = combine(cart, gives, terms.agreed)
    if ('code' in combined) {
      const { place, code, base, from } = combined
      const { benefit } = sorted[place]!
      if (code === 'no-effect') return refused({ code, benefit })
      return refused({ code, benefit, from: said(from), base: said(base), currency: terms.agreed.currency })
    }
    const benefits = sorted.map((held, i): UsedInOrder => {
      const { discount, shares, cost } = combined.applied[i]!
      return {
        issue: held.issue,
        benefit: held.benefit,
        discount: said(discount),
        shares: shares.map(said),
        kept: said(held.reserved),
        cost: said(cost),
        releases: said(released(held, cost)),
      }
    })
    const { discount, payable, lines, shipping } = combined
    return accepted('used', {
      order,
      discount: said(discount),
      payable: said(payable),
      lines: lines.map(said),
      shipping: said(shipping),
      benefits,
    })
  }

  /** What the budget need no longer keep: what is left when the last use is made. */
  const released = ({ uses, reserved }: HeldBenefit, cost: number) =>
    uses > 1 ? 0 : Math.max(0, reserved - cost)

  const redeem: Decide = (state, told) => {
    const held = heldIssue(state, fieldsOf(told).issue)
    if (held === undefined) return refused({ code: 'unknown-issue', place: 0 })
    const { issue, benefit, stage } = held
    if (stage !== 'usable') return refused({ code: 'issue-not-usable', place: 0, benefit, stage })
    const { gives } = kindOf(held).agreed
    if (gives.kind !== 'right') return refused({ code: 'no-service', benefit })
    if (get(ordersBy, state.orders, told.id) !== undefined) return refused({ code: 'order-known' })
    const cost = minor(gives.costPerUse)
    const none = said(0)
    const releases = said(released(held, cost))
    const one = {
      issue,
      benefit,
      discount: none,
      shares: [],
      kept: said(held.reserved),
      cost: said(cost),
      releases,
    }
    return accepted('used', {
      order: told.id,
      discount: none,
      payable: none,
      lines: [],
      shipping: none,
      benefits: [one],
    })
  }

  const giveBack: Decide = (state, told) => {
    const { order, refunded } = fieldsOf(told)
    const known = get(ordersBy, state.orders, order)
    if (known === undefined) return refused({ code: 'order-unknown' })
    const benefits = known.benefits.flatMap((used) => {
      const { agreed, grace } = kindOf(used)
      const policy = agreed.return ?? 'whole-order-only'
      if (policy === 'never' || (policy === 'whole-order-only' && refunded === 'part')) return []
      const over = used.ends !== null && used.ends <= told.occurredAt
      const ends = over && grace !== undefined ? grace(told.occurredAt) : used.ends
      return [{ issue: used.issue, benefit: used.benefit, ...until(ends), restores: said(used.cost) }]
    })
    if (benefits.length === 0) return refused({ code: 'nothing-returns' })
    return accepted('returned', { order, benefits })
  }

  const revoke: Decide = (state, told) => {
    const held = heldIssue(state, fieldsOf(told).issue)
    if (held === undefined || held.stage === 'awaiting') return refused({ code: 'unknown-issue', place: 0 })
    const { issue, benefit, reserved } = held
    return accepted('revoked', { issue, benefit, releases: said(reserved), reason: fieldsOf(told).reason })
  }

  const send: Decide = (state, told) => {
    const held = heldIssue(state, fieldsOf(told).issue)
    if (held === undefined) return refused({ code: 'unknown-issue', place: 0 })
    const { issue, benefit, stage, uses, reserved, ends } = held
    if (stage !== 'usable') return refused({ code: 'issue-not-usable', place: 0, benefit, stage })
    if (!kindOf(held).agreed.transferable) return refused({ code: 'benefit-not-transferable', benefit })
    const { to } = fieldsOf(told)
    return accepted('sent', { issue, benefit, to, uses, reserves: said(reserved), ...until(ends) })
  }

  const receive: Decide = (state, told) => {
    const { issue: name, benefit, from, uses, reserves, ends } = fieldsOf(told)
    // Issues of two senders may have one name.
    const issue = name === '' || from === '' ? `${from}/${name}` : subjectOf(from, name)
    if (get(receivedBy, state.received, issue) !== undefined || heldIssue(state, issue) !== undefined)
      return refused({ code: 'issue-known' })
    if (!(uses > 0) || minor(reserves) < 0) return refused({ code: 'uses-not-positive', uses })
    if (ends !== undefined && ends <= told.occurredAt) return refused({ code: 'ended-before', ends })
    if (!terms.benefits.get(benefit)!.agreed.transferable)
      return refused({ code: 'benefit-not-transferable', benefit })
    const kept = said(minor(reserves))
    return accepted('received', { issue, benefit, from, uses, reserves: kept, ...until(ends ?? null) })
  }

  return { issue, grant, deny, claim, use, redeem, return: giveBack, revoke, send, receive }
}

const ISSUES = 100

const isListOfNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= ISSUES &&
  value.every((one) => typeof one === 'string') &&
  new Set(value).size === value.length

/** Issues in the order in which their benefits apply; of one benefit those that were issued first. */
export const inOrder = (
  issues: readonly HeldBenefit[],
  kindOf: (held: HeldBenefit) => CompiledBenefit,
): readonly HeldBenefit[] => [...issues].sort((a, b) => kindOf(a).place - kindOf(b).place || a.n - b.n)

/** Why some benefits may not meet in one order, if they may not. */
export function unfitTogether(
  benefits: readonly CompiledBenefit[],
  { agreed: { perOrder = 1, excludes = [] } }: BenefitTerms,
): Extract<BenefitsRefusal, { code: 'too-many-benefits' | 'benefits-exclude' }> | undefined {
  if (benefits.length > perOrder)
    return { code: 'too-many-benefits', limit: perOrder, asked: benefits.length }
  for (const [i, one] of benefits.entries()) {
    const same = benefits.filter(({ place }) => place === one.place).length
    const limit = one.agreed.perOrder ?? 1
    if (same > limit) return { code: 'too-many-benefits', limit, asked: same }
    for (const other of benefits.slice(i + 1))
      for (const [a, b] of excludes)
        if ((one.group === a && other.group === b) || (one.group === b && other.group === a))
          return { code: 'benefits-exclude', first: one.agreed.benefit, second: other.agreed.benefit }
  }
  return undefined
}
