import {
  type AnyEvent,
  type Due,
  type DueEvent,
  type EventSpecs,
  type Field,
  type Instant,
  matcherOf,
  numberOf,
  shareOf,
} from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { type Origin, type Owed, originKey, originsBy, type PointsState } from './account.js'
import { takenBack } from './correction.js'
import type { Agreed } from './definition.js'
import type { Earning } from './earning.js'
import { confirmations } from './giving.js'
import type { Agreement } from './section.js'

/** What facts bring about: they are remembered when they are heard, and decided when everything before has been. */
export interface Owing {
  /** What an event brings about. */
  broughtAbout(state: PointsState, event: AnyEvent, subject: string): readonly Owed[]
  /** The first thing owed at this instant that applies: conditions are judged now, when earlier parts have concluded. */
  next(state: PointsState, at: Instant): Due | undefined
}

/** What facts bring about under an agreement: earning first, then confirmations, then clawbacks. */
export function owingOf(agreement: Agreement, events: EventSpecs): Owing {
  const { id, agreed, rules, currencies } = agreement
  const ruleOf = new Map(rules.map((rule) => [rule.rule, rule]))
  const reactions = reactionsOf(agreed, events, rules)
  const first = currencies[0]!.currency
  const earnedType = `${id}/earned`
  const clawedBackType = `${id}/clawed-back`
  const confirmedType = `${id}/confirmed`

  function next(state: PointsState, at: Instant): Due | undefined {
    if (state.owedAt !== at) return undefined
    for (const owed of state.owed) {
      const due =
        owed.do === 'earn'
          ? earning(state, owed, at)
          : owed.do === 'confirm'
            ? confirming(state, owed, at)
            : clawback(state, owed, at)
      if (due !== undefined) return due
    }
    return undefined
  }

  function earning(state: PointsState, owed: Extract<Owed, { do: 'earn' }>, at: Instant): Due | undefined {
    const rule = ruleOf.get(owed.rule)!
    if (rule.when !== undefined && !rule.when.holds(state.tracks, at)) return undefined
    return {
      at,
      make: () => ({
        type: earnedType,
        rule: `${owed.rule}<${owed.event}`,
        data: rule.earn(state, owed, at),
      }),
    }
  }

  function confirming(
    state: PointsState,
    { origin, event }: Extract<Owed, { do: 'confirm' }>,
    at: Instant,
  ): Due | undefined {
    const [data] = confirmations(agreement, state, origin)
    if (data === undefined) return undefined
    const rule = `confirm>${origin}<${event}`
    const named = data.currency === first ? rule : `${rule}>${data.currency}`
    return { at, make: () => ({ type: confirmedType, rule: named, data }) }
  }

  function clawback(
    state: PointsState,
    owed: Extract<Owed, { do: 'claw-back' }>,
    at: Instant,
  ): Due | undefined {
    const origin = get(originsBy, state.origins, originKey(owed.rule, owed.origin))
    if (origin === undefined) return undefined
    return { at, make: () => clawedBack(state, origin, owed) }
  }

  /** The floor of the cumulative exact share, less what was taken back before. */
  function clawedBack(
    state: PointsState,
    origin: Origin,
    owed: Extract<Owed, { do: 'claw-back' }>,
  ): DueEvent {
    const { base, earned, refunded: before, clawedBack: taken } = origin.share
    const refunded = Math.min(base, owed.amount === null ? base : before + Math.max(0, owed.amount))
    const wanted = Math.max(0, (base > 0 ? shareOf(earned, refunded, base) : earned) - taken)
    const data = { ...takenBack(state, origin, wanted, { ...origin.share, refunded }), event: owed.event }
    return { type: clawedBackType, rule: `${owed.rule}>${owed.origin}<${owed.event}`, data }
  }

  return {
    broughtAbout(state, event, subject) {
      const heard = reactions.get(event.type)
      return heard === undefined ? nothing : heard.flatMap((reaction) => reaction(event, subject, state))
    },
    next,
  }
}

type Reaction = (event: AnyEvent, subject: string, state: PointsState) => readonly Owed[]
const nothing: readonly Owed[] = []

/** What each event brings about, in that order. */
function reactionsOf(
  agreed: Agreed,
  events: EventSpecs,
  rules: readonly Earning[],
): ReadonlyMap<string, readonly Reaction[]> {
  const reactions = new Map<string, Reaction[]>()
  const react = (type: string, reaction: Reaction) =>
    reactions.set(type, [...(reactions.get(type) ?? []), reaction])
  const named = (event: AnyEvent, field: string) =>
    (event.data as Readonly<Record<string, string | undefined>>)[field]
  for (const rule of rules) {
    react(rule.on, (event, subject) => {
      const owed = rule.owes(event, subject)
      return owed === undefined ? [] : [owed]
    })
  }
  for (const { on, origin } of agreed.confirmation ?? []) {
    const matches = matcherOf({ event: on }, events)
    react(on, (event, subject) => {
      const name = named(event, origin)
      return matches(event, subject) && name !== undefined
        ? [{ do: 'confirm', origin: name, event: event.id }]
        : []
    })
  }
  for (const { on, origin, of } of agreed.clawback ?? []) {
    const matches = matcherOf({ event: on }, events)
    const shared = rules.filter(({ field }) => of === undefined || sameUnit(field, events[on]![of]!))
    react(on, (event, subject, { origins }) => {
      const name = named(event, origin)
      if (name === undefined || !matches(event, subject)) return []
      const amount = of === undefined ? null : numberOf(events[on]![of]!, named(event, of))
      const known = shared.filter(({ rule }) => get(originsBy, origins, originKey(rule, name)) !== undefined)
      return known.map(({ rule }): Owed => ({ do: 'claw-back', rule, origin: name, event: event.id, amount }))
    })
  }
  return reactions
}

/** Whether shares of one field can be told by the other: an amount by an amount of its currency, a count by a count. */
const sameUnit = (earned: Field | undefined, refunded: Field): boolean =>
  earned !== undefined &&
  earned.type === refunded.type &&
  (earned.type !== 'money' || earned.currency === (refunded as typeof earned).currency)
