import {
  type AnyEvent,
  type Due,
  type DueEvent,
  type EventSpecs,
  type Fields,
  type Instant,
  matcherOf,
  shareOf,
} from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { type Origin, type Owed, originKey, originsBy, type PointsState } from './account.js'
import { takenBack } from './correction.js'
import { compileBase, sameUnit } from './earning/base.js'
import type { Earning } from './earning/earning.js'
import { confirmations } from './earning/giving.js'
import { nextWaiter, returnedOf } from './earning/limits.js'
import { compileLines, type LinePart, refundLines, WHOLE } from './earning/lines.js'
import { type Claim, compileStacking } from './earning/stacking.js'
import type { ClawedBackData, Share } from './events.js'
import { type AgreedClawback, type AgreedConfirmation, readFrom } from './rules.js'
import type { Agreement } from './section.js'

/** What facts bring about: they are remembered when they are heard, and decided when everything before has been. */
export interface Owing {
  /** What an event brings about. */
  broughtAbout(state: PointsState, event: AnyEvent, subject: string): readonly Owed[]
  /** The first thing owed at this instant that applies: conditions are judged now, when earlier parts have concluded. */
  next(state: PointsState, at: Instant): Due | undefined
  /** What had to wait for room under a cap and is paid next, now or later. */
  released(state: PointsState, at: Instant): Due | undefined
}

/** What facts bring about under an agreement: earning first, then confirmations, then clawbacks. */
export function owingOf(agreement: Agreement, events: EventSpecs): Owing {
  const { id, agreed, rules, currencies, negative } = agreement
  const ruleOf = new Map(rules.map((rule) => [rule.rule, rule]))
  const reactions = reactionsOf(agreement, events)
  const stacking = compileStacking(agreed.stacking ?? [])
  const first = currencies[0]!.currency
  const earnedType = `${id}/earned`
  const clawedBackType = `${id}/clawed-back`
  const confirmedType = `${id}/confirmed`
  const unmatchedType = `${id}/unmatched`

  function next(state: PointsState, at: Instant): Due | undefined {
    if (state.owedAt !== at) return undefined
    // What confirms may have come before what earns: at one instant it waits for all of that.
    for (const owed of state.owed) {
      const due = owed.do === 'earn' ? earning(state, owed, at) : undefined
      if (due !== undefined) return due
    }
    for (const owed of state.owed) {
      const due =
        owed.do === 'earn'
          ? undefined
          : owed.do === 'confirm'
            ? confirming(state, owed, at)
            : owed.do === 'claw-back'
              ? clawback(state, owed, at)
              : unmatched(owed, at)
      if (due !== undefined) return due
    }
    return undefined
  }

  function earning(state: PointsState, owed: Extract<Owed, { do: 'earn' }>, at: Instant): Due | undefined {
    const rule = ruleOf.get(owed.rule)!
    if (!rule.applies(state, at)) return undefined
    const decided = stacking?.(owed.rule, claimsOf(state, owed.event, at))
    if (decided?.pays === false) return undefined
    return {
      at,
      make: () => ({
        type: earnedType,
        rule: `${owed.rule}<${owed.event}`,
        data: rule.earn(state, owed, at, decided),
      }),
    }
  }

  /** What an event could be paid under, and is not yet. */
  function claimsOf(state: PointsState, event: string, at: Instant): readonly Claim[] {
    return state.owed.flatMap((one): readonly Claim[] => {
      if (one.do !== 'earn' || one.event !== event) return []
      const rule = ruleOf.get(one.rule)!
      const applies = rule.applies(state, at)
      return [{ rule: one.rule, applies, worth: () => rule.worth(state, one, at) }]
    })
  }

  /** What waits for room and will be paid first, and when. */
  function released(state: PointsState, at: Instant): Due | undefined {
    if (state.limits.waiters === 0) return undefined
    let next:
      | { readonly at: Instant; readonly n: number; readonly rule: Earning; readonly origin: string }
      | undefined
    for (const rule of rules) {
      // Also of rules that let nothing wait any more: what waits since before is paid.
      const waiter = nextWaiter(state.limits, rule.rule)
      if (waiter === undefined) continue
      const from = rule.roomFrom(state, at)
      if (next === undefined || from < next.at || (from === next.at && waiter.n < next.n))
        next = { at: from, n: waiter.n, rule, origin: waiter.origin }
    }
    if (next === undefined) return undefined
    const { at: from, rule, origin } = next
    return {
      at: from,
      make() {
        const data = rule.release(state, from)
        const { issued } = state.books[rule.currency]!.lots
        // What waits may be paid in parts at one instant: each is told by what was there before it.
        const told = `${rule.rule}>${origin}>${data.share!.waits ?? 0}>${issued}`
        return { type: earnedType, rule: `waited>${told}`, data }
      },
    }
  }

  function confirming(
    state: PointsState,
    { origin, event, currency }: Extract<Owed, { do: 'confirm' }>,
    at: Instant,
  ): Due | undefined {
    const data = confirmations(agreement, state, origin).find((one) => one.currency === currency)
    if (data === undefined) return undefined
    const rule = `confirm>${origin}<${event}`
    const named = data.currency === first ? rule : `${rule}>${data.currency}`
    return { at, make: () => ({ type: confirmedType, rule: named, data }) }
  }

  function unmatched({ origin, event }: Extract<Owed, { do: 'unmatched' }>, at: Instant): Due {
    const rule = `unmatched>${origin}<${event}`
    return { at, make: () => ({ type: unmatchedType, rule, data: { origin, event } }) }
  }

  function clawback(
    state: PointsState,
    owed: Extract<Owed, { do: 'claw-back' }>,
    at: Instant,
  ): Due | undefined {
    const origin = get(originsBy, state.origins, originKey(owed.rule, owed.origin))
    if (origin === undefined) return undefined
    return { at, make: () => clawedBack(state, origin, owed, at) }
  }

  /** The floor of the cumulative exact share, less what was taken back before: first of what waits for room. */
  function clawedBack(
    state: PointsState,
    origin: Origin,
    owed: Extract<Owed, { do: 'claw-back' }>,
    at: Instant,
  ): DueEvent {
    const { share, wanted } = refunding(origin.share, owed)
    const { waits = 0, ...rest } = share
    const dropped = Math.min(waits, wanted)
    const after: { -readonly [N in keyof Share]: Share[N] } = rest
    if (waits > dropped) after.waits = waits - dropped
    if (dropped > 0) after.dropped = (share.dropped ?? 0) + dropped
    const data: { -readonly [N in keyof ClawedBackData]: ClawedBackData[N] } = {
      ...takenBack(state, origin, wanted - dropped, after, negative(state, origin.currency), owed.member),
      event: owed.event,
    }
    if (dropped > 0) data.dropped = dropped
    const returned = origin.uses === undefined ? [] : returnedOf(origin.uses, wanted - dropped, at)
    if (returned.length > 0) data.returned = returned
    return { type: clawedBackType, rule: `${owed.rule}>${owed.origin}<${owed.event}`, data }
  }

  return {
    broughtAbout(state, event, subject) {
      const heard = reactions.get(event.type)
      if (heard === undefined) return nothing
      // Most events bring about one thing, or nothing.
      if (heard.length === 1) return heard[0]!(event, subject, state)
      const brought: Owed[] = []
      for (const reaction of heard) brought.push(...reaction(event, subject, state))
      return brought
    },
    next,
    released,
  }
}

/** What an origin has refunded after a refund, and how many points that takes back of what was paid and what waits. */
function refunding(
  share: Share,
  { amount, lines }: Extract<Owed, { do: 'claw-back' }>,
): { readonly share: Share; readonly wanted: number } {
  if (share.lines !== undefined) {
    const refund = refundLines(share.lines, lines ?? (amount === null ? 'all' : Math.max(0, amount)))
    const refunded = refund.lines.reduce((sum, one) => sum + one.refunded, 0)
    return { share: { ...share, refunded, lines: refund.lines }, wanted: refund.wanted }
  }
  const { base, earned, refunded: before, clawedBack, waits = 0, dropped = 0 } = share
  const refunded = Math.min(base, amount === null ? base : before + Math.max(0, amount))
  const whole = earned + waits + dropped
  const wanted = (base > 0 ? shareOf(whole, refunded, base) : whole) - clawedBack - dropped
  return { share: { ...share, refunded }, wanted: Math.max(0, wanted) }
}

type Reaction = (event: AnyEvent, subject: string, state: PointsState) => readonly Owed[]
const nothing: readonly Owed[] = []

/** What each event brings about, in that order. */
function reactionsOf(
  { agreed, rules, retention, currencies }: Agreement,
  events: EventSpecs,
): ReadonlyMap<string, readonly Reaction[]> {
  const reactions = new Map<string, Reaction[]>()
  const react = (type: string, reaction: Reaction) =>
    reactions.set(type, [...(reactions.get(type) ?? []), reaction])
  const named = (event: AnyEvent, field: string) =>
    (event.data as Readonly<Record<string, string | undefined>>)[field]
  for (const rule of rules) {
    react(rule.on, (event, subject) => {
      const owed = rule.owes(event, subject)
      return owed === undefined ? nothing : [owed]
    })
  }
  const earnedAs = new Set(rules.flatMap(({ as }) => (as === undefined ? [] : [as])))
  for (const rule of agreed.confirmation ?? []) {
    const { on, origin } = rule
    const hears = hearing(rule, agreed.confirmation!, earnedAs, events)
    react(on, (event, subject) => {
      const name = named(event, origin)
      return name !== undefined && hears(event, subject).length > 0
        ? currencies.map(({ currency }) => ({ do: 'confirm', origin: name, event: event.id, currency }))
        : []
    })
  }
  for (const rule of agreed.clawback ?? []) {
    const { on, origin, of } = rule
    const hears = hearing(rule, agreed.clawback!, earnedAs, events)
    const fields = readFrom(rule, events)
    // Refunds by line that do not say how much are of lines alone.
    const shared = rules.filter(({ field, isByLine }) =>
      of === undefined ? rule.each === undefined || isByLine : sameUnit(field, fields[of]!),
    )
    const read = compileRefund(rule, fields)
    react(on, (event, subject, state) => {
      const name = named(event, origin)
      const roles = name === undefined ? [] : hears(event, subject)
      if (name === undefined || roles.length === 0) return []
      const known = shared.filter(({ rule, as }) => {
        if (roles !== 'every' && !(as !== undefined && roles.includes(as))) return false
        const key = originKey(rule, name)
        return retention === undefined
          ? get(originsBy, state.origins, key) !== undefined
          : retention.knows(state, key, event.occurredAt)
      })
      if (known.length === 0)
        return retention === undefined ? [] : [{ do: 'unmatched', origin: name, event: event.id }]
      const { amount, lines } = read(event)
      return known.map(
        ({ rule, isByLine, isPooled }): Owed => ({
          do: 'claw-back',
          rule,
          origin: name,
          event: event.id,
          amount,
          ...(isByLine && lines !== undefined && { lines }),
          ...(isPooled && event.subject !== subject && { member: event.subject }),
        }),
      )
    })
  }
  return reactions
}

/**
 * In which roles a rule hears an event: what rules earned in them is what it is about. The account's own events, and those
 * that come in a role that the rule names, are about all that was earned. A rule that names none hears the roles in which
 * rules earn too, but for those that another one of the same event names.
 */
function hearing(
  { on, as }: AgreedConfirmation,
  all: readonly AgreedConfirmation[],
  earnedAs: ReadonlySet<string>,
  events: EventSpecs,
): (event: AnyEvent, subject: string) => 'every' | readonly string[] {
  if (as !== undefined) {
    const matches = matcherOf({ event: on, as }, events)
    return (event, subject) => (matches(event, subject) ? 'every' : [])
  }
  const taken = new Set(all.flatMap((one) => (one.on === on && one.as !== undefined ? [one.as] : [])))
  const isOwn = matcherOf({ event: on }, events)
  const roles = [...earnedAs]
    .filter((role) => !taken.has(role))
    .map((role) => ({ role, matches: matcherOf({ event: on, as: role }, events) }))
  return (event, subject) =>
    isOwn(event, subject)
      ? 'every'
      : roles.flatMap(({ role, matches }) => (matches(event, subject) ? [role] : []))
}

/** Reads how much a refund is of: an amount, all of it, or lines. */
function compileRefund(
  { each, line, where, of, less }: AgreedClawback,
  fields: Fields,
): (event: AnyEvent) => { readonly amount: number | null; readonly lines?: readonly LinePart[] } {
  if (each === undefined) {
    if (of === undefined) return () => ({ amount: null })
    const baseOf = compileBase(fields, less ? { of, less } : { of })
    // A refund that does not say how much is of all of it.
    return ({ data }) => ({ amount: Object.hasOwn(data, of) ? baseOf(data) : null })
  }
  const rule = { each, line: line!, ...(where && { where }), ...(of && { of }), ...(less && { less }) }
  const linesOf = compileLines(fields, rule, WHOLE)
  return (event) => {
    const lines = linesOf(event)
    return { amount: of === undefined ? 0 : lines.reduce((sum, one) => sum + one.base, 0), lines }
  }
}
