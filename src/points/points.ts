import {
  type AnyEvent,
  type Calendar,
  type CalendarDefinition,
  type Catalogue,
  type CompiledCondition,
  type Condition,
  type Correction,
  calendarOf,
  checkCondition,
  checkDuration,
  checkFact,
  compileCondition,
  complete,
  DefinitionError,
  type Draft,
  type Due,
  type Duration,
  detail,
  type Engine,
  type EventIn,
  type EventSpecs,
  FactSet,
  type Field,
  type FieldsOf,
  factsOf,
  type Instant,
  integer,
  type Json,
  type Kinds,
  lcm,
  leavesOf,
  type Model,
  matcherOf,
  minorDigits,
  moment,
  mulDiv,
  numberOf,
  type PendingRule,
  parseMinor,
  parseRatio,
  plain,
  type ReasonLeaf,
  type Sorted,
  type SortedVerbs,
  SumOutOfRange,
  shareOf,
  sortedVerbs,
  subjectOf,
  type Track,
  text,
  valueOfNumber,
  type Where,
} from '../kernel/index.js'
import {
  confirm,
  confirmsNextAt,
  expiresNextAt,
  giveBack,
  issue,
  type LotPart,
  type Lots,
  nextConfirmation,
  nextExpiry,
  noLots,
  openLots,
  pendingIn,
  pendingParts,
  planClawback,
  planSpending,
  spendableIn,
  take,
} from '../ledger/index.js'
import { sentences } from './sentences.js'

/** A rate of points: so many per amount of a field, or so many per event. */
export type EarningRate<F extends string = string> =
  /** `points` for each `per` of the field: `{ points: 1, per: '1', of: 'amount' }`. */
  | { readonly points: number; readonly per: string | number; readonly of: F }
  /** `points` for each event. */
  | { readonly points: number }

/** What earns points. The exact remainder is kept per rule, so splitting an order never pays more and never loses. */
export interface EarningRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  /** Names the rule in events, states and explanations. */
  readonly rule: string
  readonly on: T
  /** The role in which the subject earns; its own events unless told. */
  readonly as?: string
  readonly where?: Where
  readonly earns: EarningRate<FieldsOf<E[T], 'money' | 'integer'>>
  /** The field that names what was bought, for confirmations and refunds; the event itself unless told. */
  readonly origin?: FieldsOf<E[T], 'text'>
  /** Judged at the event's instant, with everything that happened and was decided at it. */
  readonly when?: Condition
  /** The first that holds multiplies: `by` is an exact ratio, `'1.5'` or `'3/2'`. */
  readonly multiply?: readonly { readonly by: string; readonly when: Condition }[]
  /** How long points wait before they can be spent, or `'until-confirmed'`; the definition's unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long they last, counted from the event; the definition's unless told. */
  readonly expires?: Duration
}

/** An event that confirms what is pending of one origin. */
export interface ConfirmationRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
}

/** An event that takes back what an origin earned: the floor of the cumulative exact share, over any number of parts. */
export interface ClawbackRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
  /** The field that says how much was refunded; all of it unless told. */
  readonly of?: FieldsOf<E[T], 'money' | 'integer'>
}

type EarningOf<E extends EventSpecs> = { [T in keyof E & string]: EarningRule<E, T> }[keyof E & string]
type ConfirmationOf<E extends EventSpecs> = { [T in keyof E & string]: ConfirmationRule<E, T> }[keyof E &
  string]
type ClawbackOf<E extends EventSpecs> = { [T in keyof E & string]: ClawbackRule<E, T> }[keyof E & string]

/** What was agreed about one account of points per subject. */
export interface PointsDefinition<Id extends string, E extends EventSpecs> {
  /** Names the engine, its events (`<id>/earned`) and commands (`<id>/redeem`). */
  readonly id: Id
  readonly version: number
  /** In which zone days and months of terms are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  readonly earning: readonly NoInfer<EarningOf<E>>[]
  readonly confirmation?: readonly NoInfer<ConfirmationOf<E>>[]
  readonly clawback?: readonly NoInfer<ClawbackOf<E>>[]
  /** How long earned points wait unless their rule says otherwise; not at all unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long points last unless their rule says otherwise; for ever unless told. */
  readonly expires?: Duration
  /** Points that are given back after they expired last this long, from then on; they expire at once unless told. */
  readonly refundGrace?: Duration
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** Why points were earned: the arithmetic, with the numbers as they were. */
export interface EarningReason {
  readonly code: 'earned'
  readonly rule: string
  /** What the rate was applied to: decimal text for money; 1 for a rate per event. */
  readonly base: string | number
  readonly points: number
  readonly per: string | number
  /** The multiplier that held, and why. */
  readonly by?: string
  readonly leaves?: readonly ReasonLeaf[]
  /** What was left over from earlier events, of the rule's denominator, and what is left over now. */
  readonly carried: number
  readonly carries: number
  readonly of: number
}

/** Where an origin stands: what was bought, refunded, earned and taken back, all of it so far. */
interface Share {
  /** In minor units, or the field's integer; events, for a rate per event. */
  readonly base: number
  readonly refunded: number
  readonly earned: number
  readonly clawedBack: number
}

interface EarnedData {
  readonly points: number
  /** Absent for points given by hand. */
  readonly rule?: string
  readonly origin?: string
  readonly event?: string
  readonly confirmsAt?: Instant
  readonly expiresAt?: Instant
  /** How much of it repaid a deficit. */
  readonly repaid: number
  /** Its lot: number and terms; none when no point was earned. */
  readonly lot?: LotPart
  readonly share?: Share
  readonly reason:
    | EarningReason
    | { readonly code: 'given-by-hand'; readonly text: string }
    | { readonly code: 'corrected' }
}

/** What the points engine emits, as fields. */
export type PointsSpecs<Id extends string> = {
  readonly [T in `${Id}/earned`]: {
    readonly points: { readonly type: 'integer' }
    readonly rule: { readonly type: 'text'; readonly required: false }
    readonly origin: { readonly type: 'text'; readonly required: false }
    readonly event: { readonly type: 'text'; readonly required: false }
    readonly confirmsAt: { readonly type: 'instant'; readonly required: false }
    readonly expiresAt: { readonly type: 'instant'; readonly required: false }
    readonly repaid: { readonly type: 'integer' }
    readonly lot: { readonly type: 'detail'; readonly required: false }
    readonly share: { readonly type: 'detail'; readonly required: false }
    readonly reason: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/confirmed` | `${Id}/expired`]: {
    readonly points: { readonly type: 'integer' }
    readonly origin: { readonly type: 'text'; readonly required: false }
    readonly lots: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/redeemed` | `${Id}/refunded`]: {
    readonly points: { readonly type: 'integer' }
    readonly redemption: { readonly type: 'text' }
    readonly lots: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/clawed-back`]: {
    readonly points: { readonly type: 'integer' }
    readonly rule: { readonly type: 'text' }
    readonly origin: { readonly type: 'text' }
    readonly event: { readonly type: 'text'; readonly required: false }
    /** How much of it became a deficit, because it was spent. */
    readonly deficit: { readonly type: 'integer' }
    readonly lots: { readonly type: 'detail' }
    readonly share: { readonly type: 'detail' }
  }
}

type CommandSpecs<Id extends string> = {
  readonly [T in `${Id}/earn`]: {
    readonly points: { readonly type: 'integer' }
    readonly reason: { readonly type: 'text' }
  }
} & {
  readonly [T in `${Id}/confirm`]: { readonly origin: { readonly type: 'text' } }
} & {
  readonly [T in `${Id}/redeem`]: { readonly points: { readonly type: 'integer' } }
} & {
  readonly [T in `${Id}/refund`]: {
    readonly redemption: { readonly type: 'text' }
    readonly points: { readonly type: 'integer'; readonly required: false }
  }
}

/** Why a command is refused, in order of precedence. */
export type PointsRefusal =
  | { readonly code: 'points-not-positive'; readonly points: number }
  | { readonly code: 'unknown-redemption' }
  | { readonly code: 'refund-exceeds-redemption'; readonly requested: number; readonly refundable: number }
  | { readonly code: 'insufficient-points'; readonly requested: number; readonly available: number }
  | { readonly code: 'nothing-pending' }
  | { readonly code: 'balance-out-of-range' }

/** What an origin earned under one rule, and what became of it. */
interface Origin {
  readonly key: string
  readonly rule: string
  readonly origin: string
  /** When it was earned first. */
  readonly at: Instant
  readonly share: Share
  readonly lots: readonly LotPart[]
}

interface Redemption {
  readonly id: string
  readonly points: number
  readonly refunded: number
  readonly lots: readonly LotPart[]
}

/** What an event at this instant has brought about and that is not decided yet. */
type Owed =
  | {
      readonly do: 'earn'
      readonly rule: number
      readonly event: string
      readonly origin: string
      readonly base: number
    }
  | { readonly do: 'confirm'; readonly origin: string; readonly event: string }
  | {
      readonly do: 'claw-back'
      readonly rule: string
      readonly origin: string
      readonly event: string
      readonly amount: number | null
    }

/** What is remembered of one account. */
export interface PointsState {
  readonly lots: Lots
  /** By rule: what is left over, of the rule's denominator. */
  readonly carried: { readonly [rule: string]: number }
  readonly origins: Sorted<Origin, string> | null
  readonly redemptions: Sorted<Redemption, string> | null
  readonly owed: readonly Owed[]
  readonly owedAt: Instant | null
  readonly totals: PointsTotals
  readonly tracks: readonly Track[]
}

/** All that ever happened to an account: `balance = earned - redeemed + refunded - expired - clawedBack - pending`. */
export interface PointsTotals {
  readonly earned: number
  readonly redeemed: number
  readonly refunded: number
  readonly expired: number
  readonly clawedBack: number
}

/** What an account holds. */
export interface PointsView {
  /** What can be spent; below zero while points that were taken back had been spent. */
  readonly balance: number
  readonly pending: number
  /** What happens next to it by time alone. */
  readonly next: {
    readonly what: 'confirms' | 'expires'
    readonly at: Instant
    readonly points: number
  } | null
  readonly totals: PointsTotals
}

/** The types of a points engine. */
export interface PointsKinds<Id extends string, E extends EventSpecs> extends Kinds {
  id: Id
  state: PointsState
  command: EventIn<CommandSpecs<Id>>
  hears: EventIn<E>
  emits: EventIn<PointsSpecs<Id>>
  publishes: PointsSpecs<Id>
  refusal: PointsRefusal
  view: PointsView
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const originsBy = sortedVerbs<Origin, string>({ key: ({ key }) => key, compare: ascending, amount: () => 0 })
const redemptionsBy = sortedVerbs<Redemption, string>({
  key: ({ id }) => id,
  compare: ascending,
  amount: () => 0,
})

/**
 * What a points engine of this id emits, before it is defined: for catalogues of others that feed it in turn.
 *
 * @example
 * const tiers = defineEvents({ ...pointsEvents('points') })
 */
export function pointsEvents<const Id extends string>(id: Id): PointsSpecs<Id> {
  const optional = { rule: text().optional(), origin: text().optional(), event: text().optional() }
  const points = integer()
  const lots = detail()
  return plain({
    [`${id}/earned`]: {
      points,
      ...optional,
      confirmsAt: moment().optional(),
      expiresAt: moment().optional(),
      repaid: integer(),
      lot: detail().optional(),
      share: detail().optional(),
      reason: detail(),
    },
    [`${id}/confirmed`]: { points, origin: text().optional(), lots },
    [`${id}/expired`]: { points, origin: text().optional(), lots },
    [`${id}/redeemed`]: { points, redemption: text(), lots },
    [`${id}/refunded`]: { points, redemption: text(), lots },
    [`${id}/clawed-back`]: {
      points,
      rule: text(),
      origin: text(),
      event: text().optional(),
      deficit: integer(),
      lots,
      share: detail(),
    },
  }) as unknown as PointsSpecs<Id>
}

/**
 * An account of points per subject: earned by rules, pending until confirmed, spent lot by lot (what expires first goes
 * first), expired to the millisecond, taken back exactly when orders are refunded in parts.
 *
 * @throws DefinitionError `unknown-name`, `duplicate-name`, `wrong-type`, `out-of-range`, `invalid-duration`; the path
 * names the place.
 * @example
 * definePoints({
 *   id: 'points', version: 1, calendar: { zone: 'Asia/Shanghai' }, events: shop,
 *   earning: [{ rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' }],
 *   clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
 *   pending: { days: 7 }, expires: { months: 12, end: true },
 * })
 */
export function definePoints<const Id extends string, const E extends EventSpecs>(
  definition: PointsDefinition<Id, E>,
): Engine<PointsKinds<Id, E>> {
  return complete(pointsModel(definition))
}

function pointsModel<Id extends string, E extends EventSpecs>(
  definition: PointsDefinition<Id, E>,
): Model<PointsKinds<Id, E>> {
  const { id } = definition
  const { events, words } = definition.events
  const agreed = plain({ ...definition, events: undefined }) as unknown as Agreed
  const calendar = calendarOf(agreed.calendar)
  const context = { events, calendar: agreed.calendar }
  checkPoints(agreed, events)
  const conditions = agreed.earning.flatMap(({ when, multiply = [] }) => [
    ...(when ? [when] : []),
    ...multiply.map((multiplier) => multiplier.when),
  ])
  const facts = new FactSet(conditions.flatMap(factsOf), context)
  const rules = agreed.earning.map((rule, i) => compileRule(rule, i))
  const reactions = new Map<
    string,
    ((event: AnyEvent, subject: string, state: PointsState) => readonly Owed[])[]
  >()
  const react = (
    type: string,
    reaction: (event: AnyEvent, subject: string, state: PointsState) => readonly Owed[],
  ) => reactions.set(type, [...(reactions.get(type) ?? []), reaction])
  const grace = agreed.refundGrace && calendar.adder(agreed.refundGrace)

  for (const rule of rules)
    react(rule.on, (event, subject) => (rule.matches(event, subject) ? rule.owes(event) : []))
  for (const { on, origin } of agreed.confirmation ?? []) {
    const matches = matcherOf({ event: on }, events)
    react(on, (event, subject) =>
      matches(event, subject)
        ? [{ do: 'confirm', origin: fieldOf(event, origin) as string, event: event.id }]
        : [],
    )
  }
  for (const { on, origin, of } of agreed.clawback ?? []) {
    const matches = matcherOf({ event: on }, events)
    react(on, (event, subject, { origins }) => {
      if (!matches(event, subject)) return []
      const name = fieldOf(event, origin) as string
      const amount = of === undefined ? null : numberOf(events[on]![of]!, fieldOf(event, of))
      return rules
        .filter(({ rule }) => originsBy.get(origins, subjectOf(rule, name)) !== undefined)
        .map(({ rule }) => ({ do: 'claw-back', rule, origin: name, event: event.id, amount }))
    })
  }

  function compileRule(rule: AgreedEarning, index: number): CompiledEarning {
    const { earns, multiply = [] } = rule
    const field: Field = 'of' in earns ? events[rule.on]![earns.of]! : { type: 'integer' }
    const per = 'per' in earns ? perOf(field, earns.per) : 1
    const ratios = multiply.map(({ by }) => parseRatio(by))
    const common = ratios.reduce((all, { denominator }) => lcm(all, denominator) ?? Number.NaN, 1)
    const path = `$.earning[${index}]`
    const weights = [...ratios, { numerator: 1, denominator: 1 }].map(({ numerator, denominator }) =>
      safe(earns.points * numerator * (common / denominator), path),
    )
    const multipliers = multiply.map(({ by, when }, i) => ({
      by,
      weight: weights[i]!,
      when: compileCondition(when, facts, context),
    }))
    const pending = rule.pending ?? agreed.pending
    const confirmsAt =
      pending === undefined ? undefined : pending === 'until-confirmed' ? () => null : calendar.adder(pending)
    const expires = rule.expires ?? agreed.expires
    const expiresAt = expires === undefined ? () => null : calendar.adder(expires)
    return {
      rule: rule.rule,
      on: rule.on,
      earns,
      field,
      denominator: safe(per * common, path),
      plainWeight: weights.at(-1)!,
      multipliers,
      ...(rule.when && { when: compileCondition(rule.when, facts, context) }),
      matches: matcherOf(
        { event: rule.on, ...(rule.where && { where: rule.where }), ...(rule.as && { as: rule.as }) },
        events,
      ),
      owes(event) {
        const base = 'of' in earns ? numberOf(field, fieldOf(event, earns.of)) : 1
        if (base === null || base <= 0) return []
        const origin =
          rule.origin === undefined ? event.id : (fieldOf(event, rule.origin) as string | undefined)
        return [{ do: 'earn', rule: index, event: event.id, origin: origin ?? event.id, base }]
      },
      terms: (at) => ({ expiresAt: expiresAt(at), ...(confirmsAt && { confirmsAt: confirmsAt(at) }) }),
    }
  }

  /** What one event earns under one rule, to the last fraction of a point. */
  function earning(state: PointsState, owed: Extract<Owed, { do: 'earn' }>, at: Instant): Due {
    const rule = rules[owed.rule]!
    const chosen = rule.multipliers.find(({ when }) => when.holds(state.tracks, at))
    const carried = state.carried[rule.rule] ?? 0
    const share = mulDiv(owed.base, chosen?.weight ?? rule.plainWeight, rule.denominator)
    if (share === undefined) throw new SumOutOfRange(`points of ${id}`)
    const full = share.remainder + carried >= rule.denominator ? 1 : 0
    const points = share.quotient + full
    const carries = share.remainder + carried - full * rule.denominator
    const known = originsBy.get(state.origins, subjectOf(rule.rule, owed.origin))?.share ?? nothing
    const reason: EarningReason = {
      code: 'earned',
      rule: rule.rule,
      base: valueOfNumber(rule.field, owed.base),
      points: rule.earns.points,
      per: 'per' in rule.earns ? rule.earns.per : 1,
      ...(chosen && { by: chosen.by, leaves: leavesOf(chosen.when.verdict(state.tracks, at)) }),
      carried,
      carries,
      of: rule.denominator,
    }
    const after: Share = { ...known, base: known.base + owed.base, earned: known.earned + points }
    const { data } = issued(
      state,
      { points, rule: rule.rule, origin: owed.origin, event: owed.event, share: after, reason },
      rule.terms(at),
    )
    return { at, type: `${id}/earned`, rule: `${rule.rule}<${owed.event}`, data }
  }

  /** The data of an issue of points: its lot, its terms, and what a deficit takes of it. */
  function issued(
    state: PointsState,
    data: Omit<EarnedData, 'repaid' | 'lot' | 'confirmsAt' | 'expiresAt'>,
    terms: Terms,
  ): { readonly data: EarnedData } {
    const { points } = data
    const { expiresAt, confirmsAt } = terms
    const lot: LotPart = { lot: state.lots.issued, amount: points, ...terms }
    return {
      data: {
        ...data,
        repaid: confirmsAt === undefined ? Math.min(points, state.lots.deficit) : 0,
        ...(points > 0 && { lot }),
        ...(typeof confirmsAt === 'number' && { confirmsAt }),
        ...(expiresAt !== null && { expiresAt }),
      },
    }
  }

  function clawback(
    state: PointsState,
    owed: Extract<Owed, { do: 'claw-back' }>,
    at: Instant,
  ): Due | undefined {
    const origin = originsBy.get(state.origins, subjectOf(owed.rule, owed.origin))
    if (origin === undefined) return undefined
    const { base, earned, clawedBack } = origin.share
    const refunded = Math.min(
      base,
      owed.amount === null ? base : origin.share.refunded + Math.max(0, owed.amount),
    )
    const points = Math.max(0, (base > 0 ? shareOf(earned, refunded, base) : earned) - clawedBack)
    const share: Share = { base, refunded, earned, clawedBack: clawedBack + points }
    const data = { ...takenBack(state, origin, points, share), event: owed.event }
    return { at, type: `${id}/clawed-back`, rule: `${owed.rule}>${owed.origin}<${owed.event}`, data }
  }

  function takenBack(state: PointsState, { rule, origin, lots: own }: Origin, points: number, share: Share) {
    const lots = planClawback(state.lots, own, points)
    return { points, rule, origin, deficit: points - total(lots), lots, share }
  }

  /** The first thing owed at this instant that applies: conditions are judged now, when earlier parts have concluded. */
  function owedNow(state: PointsState, at: Instant): Due | undefined {
    if (state.owedAt !== at) return undefined
    for (const owed of state.owed) {
      if (owed.do === 'earn') {
        const { when } = rules[owed.rule]!
        if (when === undefined || when.holds(state.tracks, at)) return earning(state, owed, at)
      } else if (owed.do === 'confirm') {
        const lots = pendingOf(state, owed.origin)
        if (lots.length > 0) {
          const data = { points: total(lots), origin: owed.origin, lots }
          return { at, type: `${id}/confirmed`, rule: `confirm>${owed.origin}<${owed.event}`, data }
        }
      } else {
        const due = clawback(state, owed, at)
        if (due) return due
      }
    }
    return undefined
  }

  const pendingOf = (state: PointsState, origin: string): readonly LotPart[] =>
    rules.flatMap(({ rule }) => {
      const found = originsBy.get(state.origins, subjectOf(rule, origin))
      return found === undefined ? [] : pendingParts(state.lots, found.lots)
    })

  function decide(
    state: PointsState,
    command: EventIn<CommandSpecs<Id>>,
  ): { readonly events: readonly Draft[] } | { readonly refusal: PointsRefusal } {
    const verb = command.type.slice(id.length + 1)
    const data = command.data as {
      readonly points?: number
      readonly origin?: string
      readonly redemption?: string
      readonly reason?: string
    }
    const refused = (refusal: PointsRefusal) => ({ refusal })
    const accepted = (type: string, recorded: object) => ({
      events: [{ type: `${id}/${type}`, data: recorded }],
    })
    if (data.points !== undefined && data.points <= 0)
      return refused({ code: 'points-not-positive', points: data.points })
    if (verb === 'confirm') {
      const lots = pendingOf(state, data.origin!)
      return lots.length === 0
        ? refused({ code: 'nothing-pending' })
        : accepted('confirmed', { points: total(lots), origin: data.origin, lots })
    }
    if (verb === 'refund') {
      const redemption = redemptionsBy.get(state.redemptions, data.redemption!)
      if (redemption === undefined) return refused({ code: 'unknown-redemption' })
      const refundable = redemption.points - redemption.refunded
      const points = data.points ?? refundable
      if (points > refundable || points === 0) {
        return refused({ code: 'refund-exceeds-redemption', requested: points, refundable })
      }
      const lots = returned(redemption, points).map((part) => graced(part, command.occurredAt))
      return accepted('refunded', { points, redemption: redemption.id, lots })
    }
    const points = data.points!
    if (verb === 'redeem') {
      const available = spendableIn(state.lots)
      if (points > available) return refused({ code: 'insufficient-points', requested: points, available })
      return accepted('redeemed', { points, redemption: command.id, lots: planSpending(state.lots, points) })
    }
    if (!Number.isSafeInteger(state.totals.earned + points)) return refused({ code: 'balance-out-of-range' })
    const expiresAt = agreed.expires ? calendar.add(command.occurredAt, agreed.expires) : null
    return accepted(
      'earned',
      issued(state, { points, reason: { code: 'given-by-hand', text: data.reason! } }, { expiresAt }).data,
    )
  }

  const graced = (part: LotPart, at: Instant): LotPart =>
    grace !== undefined && part.expiresAt !== null && part.expiresAt <= at
      ? { ...part, expiresAt: grace(at) }
      : part

  function evolve(state: PointsState, event: AnyEvent, subject: string): PointsState {
    const tracks = facts.note(state.tracks, event, subject)
    const noted = tracks === state.tracks ? state : { ...state, tracks }
    if (event.type.startsWith(`${id}/`)) return checked(posted(noted, event))
    const owing = reactions.get(event.type)?.flatMap((reaction) => reaction(event, subject, state)) ?? []
    const stale = state.owedAt !== event.occurredAt
    if (owing.length === 0 && (!stale || state.owed.length === 0)) return noted
    return { ...noted, owed: stale ? owing : [...state.owed, ...owing], owedAt: event.occurredAt }
  }

  function posted(state: PointsState, event: AnyEvent): PointsState {
    const { lots, totals } = state
    const data = event.data as {
      readonly points: number
      readonly lots: readonly LotPart[]
      readonly redemption: string
    }
    switch (event.type.slice(id.length + 1)) {
      case 'earned':
        return earned(state, event, event.data as EarnedData)
      case 'confirmed': {
        const { origin } = event.data as { readonly origin?: string }
        return {
          ...settled(state, (owed) => owed.do === 'confirm' && owed.origin === origin),
          lots: confirm(lots, data.lots),
        }
      }
      case 'redeemed': {
        const { redemption, points } = data
        const redemptions = redemptionsBy.insert(state.redemptions, {
          id: redemption,
          points,
          refunded: 0,
          lots: data.lots,
        })
        return {
          ...state,
          redemptions,
          lots: take(lots, data.lots),
          totals: { ...totals, redeemed: totals.redeemed + points },
        }
      }
      case 'refunded': {
        const known = redemptionsBy.get(state.redemptions, data.redemption)
        const redemptions = known
          ? redemptionsBy.insert(state.redemptions, { ...known, refunded: known.refunded + data.points })
          : state.redemptions
        const refunded = totals.refunded + data.points
        return { ...state, redemptions, lots: giveBack(lots, data.lots), totals: { ...totals, refunded } }
      }
      case 'expired': {
        const left = { ...take(lots, data.lots), deficit: lots.deficit }
        const expired = totals.expired + spendableIn(lots) - spendableIn(left)
        return { ...state, lots: left, totals: { ...totals, expired } }
      }
      case 'clawed-back': {
        const { rule, origin, event: cause, share, deficit } = event.data as ClawedBackData
        const origins = updated(state.origins, rule, origin, (known) => ({ ...known, share }))
        const left = take(lots, data.lots)
        return {
          ...settled(state, (owed) => owed.do === 'claw-back' && owed.rule === rule && owed.event === cause),
          origins,
          lots: { ...left, deficit: left.deficit + deficit },
          totals: { ...totals, clawedBack: totals.clawedBack + data.points },
        }
      }
      default:
        return state
    }
  }

  function earned(state: PointsState, event: AnyEvent, data: EarnedData): PointsState {
    const { rule, origin, lot, share, points, reason } = data
    const sum = state.totals.earned + points
    if (!Number.isSafeInteger(sum)) throw new SumOutOfRange(`points of ${id}`)
    const next: PointsState = {
      ...settled(
        state,
        (owed) => owed.do === 'earn' && rules[owed.rule]?.rule === rule && owed.event === data.event,
      ),
      lots: lot === undefined ? state.lots : issue(state.lots, { ...lot, remaining: lot.amount }),
      totals: { ...state.totals, earned: sum },
      ...(reason.code === 'earned' && { carried: { ...state.carried, [reason.rule]: reason.carries } }),
    }
    if (rule === undefined || origin === undefined || share === undefined) return next
    const key = subjectOf(rule, origin)
    const at = event.effectiveAt ?? event.occurredAt
    const known = originsBy.get(state.origins, key) ?? { key, rule, origin, at, share, lots: [] }
    const lots = lot === undefined ? known.lots : [...known.lots, lot]
    return { ...next, origins: originsBy.insert(state.origins, { ...known, share, lots }) }
  }

  function due(state: PointsState, at: Instant): Due | undefined {
    const confirmsAt = confirmsNextAt(state.lots)
    const expiresAt = expiresNextAt(state.lots)
    const confirming = confirmsAt !== null && (expiresAt === null || confirmsAt <= expiresAt)
    const deadline = confirming ? confirmsAt : expiresAt
    if (deadline === null || deadline > at) {
      const owed = owedNow(state, at)
      if (owed !== undefined) return owed
    }
    if (deadline === null) return undefined
    const lots = confirming ? nextConfirmation(state.lots) : nextExpiry(state.lots)
    const what = confirming ? 'confirmed' : 'expired'
    const rule = `${what}>${lots[0]!.lot}`
    return { at: Math.max(deadline, at), type: `${id}/${what}`, rule, data: { points: total(lots), lots } }
  }

  /** What makes up, now, for the difference between what was recorded of each origin and what follows for it. */
  function compensate(recorded: PointsState, revised: PointsState, correction: Correction): readonly Draft[] {
    const drafts: Draft[] = []
    let state = recorded
    const add = (type: string, data: object, effectiveAt: Instant) => {
      const draft = { type: `${id}/${type}`, data, effectiveAt }
      drafts.push(draft)
      state = posted(state, { ...draft, id: '', subject: correction.subject, occurredAt: correction.at })
    }
    for (const [was, is] of differing(recorded.origins, revised.origins)) {
      const wanted = is?.share ?? nothing
      const had = was?.share ?? nothing
      const { rule, origin, at } = (is ?? was)!
      const more = wanted.earned - wanted.clawedBack - (had.earned - had.clawedBack)
      const effectiveAt = correction.effectiveAt(at)
      if (more < 0) {
        add('clawed-back', takenBack(state, was!, -more, wanted), effectiveAt)
      } else {
        const terms = rules.find((one) => one.rule === rule)?.terms(effectiveAt) ?? { expiresAt: null }
        add(
          'earned',
          issued(state, { points: more, rule, origin, share: wanted, reason: { code: 'corrected' } }, terms)
            .data,
          effectiveAt,
        )
      }
    }
    return drafts
  }

  const stateOf = (): PointsState => ({
    lots: noLots,
    carried: {},
    origins: null,
    redemptions: null,
    owed: [],
    owedAt: null,
    totals: { earned: 0, redeemed: 0, refunded: 0, expired: 0, clawedBack: 0 },
    tracks: facts.start,
  })

  return {
    id,
    history: 'decisions',
    definition: { model: 'points', ...agreed, events: plain(events) } as unknown as Json,
    hears: events,
    commands: {
      [`${id}/earn`]: { points: { type: 'integer' }, reason: { type: 'text' } },
      [`${id}/confirm`]: { origin: { type: 'text' } },
      [`${id}/redeem`]: { points: { type: 'integer' } },
      [`${id}/refund`]: { redemption: { type: 'text' }, points: { type: 'integer', required: false } },
    },
    publishes: pointsEvents(id),
    vocabulary: { sentences, words },
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: stateOf,
    decide,
    evolve,
    due,
    compensate,
    forget: (state, rename) => ({
      ...state,
      origins: rebuilt(originsBy, state.origins, (one) => {
        const origin = rename(one.origin)
        return { ...one, origin, key: subjectOf(one.rule, origin) }
      }),
      redemptions: rebuilt(redemptionsBy, state.redemptions, (one) => ({ ...one, id: rename(one.id) })),
      owed: state.owed.map((owed) => ({ ...owed, origin: rename(owed.origin), event: rename(owed.event) })),
      tracks: facts.forget(state.tracks, rename),
    }),
    view({ lots, totals }) {
      const confirmsAt = confirmsNextAt(lots)
      const expiresAt = expiresNextAt(lots)
      const what =
        confirmsAt !== null && (expiresAt === null || confirmsAt <= expiresAt) ? 'confirms' : 'expires'
      const at = what === 'confirms' ? confirmsAt : expiresAt
      const points = () => total(what === 'confirms' ? nextConfirmation(lots) : nextExpiry(lots))
      return {
        balance: spendableIn(lots) - lots.deficit,
        pending: pendingIn(lots),
        next: at === null ? null : { what, at, points: points() },
        totals,
      }
    },
    pending: (state, asOf) =>
      rules.flatMap(({ rule, on, when, multipliers }, i) => {
        const place = `$.earning[${i}]`
        const waiting = (path: string, to: string, condition: CompiledCondition): PendingRule => ({
          rule: `${place}.${path}`,
          to,
          on,
          verdict: condition.verdict(state.tracks, asOf),
        })
        return [
          ...(when ? [waiting('when', rule, when)] : []),
          ...multipliers.map(({ by, when }, k) => waiting(`multiply[${k}]`, `${rule} × ${by}`, when)),
        ]
      }),
  }

  /** Asserted in production too: nothing is made or lost by a posting. */
  function checked(state: PointsState): PointsState {
    const { lots, totals } = state
    const held = spendableIn(lots) + pendingIn(lots) - lots.deficit
    const owned = totals.earned - totals.redeemed + totals.refunded - totals.expired - totals.clawedBack
    if (held !== owned) throw new Error(`${id}: lots hold ${held}, postings add up to ${owned}`)
    return state
  }
}

type Terms = Pick<LotPart, 'expiresAt' | 'confirmsAt'>
type ClawedBackData = {
  readonly rule: string
  readonly origin: string
  readonly event?: string
  readonly share: Share
  readonly deficit: number
}

/** The definition as plain data, without its catalogue. */
type Agreed = Omit<
  PointsDefinition<string, EventSpecs>,
  'events' | 'earning' | 'confirmation' | 'clawback'
> & {
  readonly earning: readonly AgreedEarning[]
  readonly confirmation?: readonly { readonly on: string; readonly origin: string }[]
  readonly clawback?: readonly { readonly on: string; readonly origin: string; readonly of?: string }[]
}
type AgreedEarning = Omit<EarningRule<EventSpecs>, 'earns' | 'origin'> & {
  readonly earns: EarningRate
  readonly origin?: string
}

interface CompiledEarning {
  readonly rule: string
  readonly on: string
  readonly earns: EarningRate
  readonly field: Field
  /** Points are counted in fractions of this. */
  readonly denominator: number
  /** Fractions per unit of the field without a multiplier. */
  readonly plainWeight: number
  readonly multipliers: readonly {
    readonly by: string
    readonly weight: number
    readonly when: CompiledCondition
  }[]
  readonly when?: CompiledCondition
  matches(event: AnyEvent, subject: string): boolean
  owes(event: AnyEvent): readonly Owed[]
  terms(at: Instant): Terms
}

const nothing: Share = { base: 0, refunded: 0, earned: 0, clawedBack: 0 }

const total = (parts: readonly LotPart[]): number => parts.reduce((sum, { amount }) => sum + amount, 0)

const fieldOf = (event: AnyEvent, name: string): unknown =>
  (event.data as Readonly<Record<string, unknown>>)[name]

/** A sequence of the same items under new keys. */
const rebuilt = <T>(verbs: SortedVerbs<T, string>, tree: Sorted<T, string> | null, change: (item: T) => T) =>
  [...verbs.items(tree)].reduce<Sorted<T, string> | null>(
    (next, item) => verbs.insert(next, change(item)),
    null,
  )

/** What is owed, without what an event has answered. */
const settled = (state: PointsState, answered: (owed: Owed) => boolean): PointsState =>
  state.owed.some(answered) ? { ...state, owed: state.owed.filter((owed) => !answered(owed)) } : state

function updated(
  origins: PointsState['origins'],
  rule: string,
  origin: string,
  change: (known: Origin) => Origin,
) {
  const known = originsBy.get(origins, subjectOf(rule, origin))
  return known === undefined ? origins : originsBy.insert(origins, change(known))
}

/** What a partial refund gives back: what was spent last comes back first, so refunds in parts add up to one. */
function returned({ lots, refunded }: Redemption, points: number): readonly LotPart[] {
  const parts: LotPart[] = []
  let skip = refunded
  let open = points
  for (const part of [...lots].reverse()) {
    const skipped = Math.min(skip, part.amount)
    skip -= skipped
    const amount = Math.min(open, part.amount - skipped)
    open -= amount
    if (amount > 0) parts.push({ lot: part.lot, amount, expiresAt: part.expiresAt })
  }
  return parts
}

/** Origins that are not the same on both sides, in the order of their keys. */
function differing(
  a: PointsState['origins'],
  b: PointsState['origins'],
): readonly (readonly [Origin | undefined, Origin | undefined])[] {
  const pairs: (readonly [Origin | undefined, Origin | undefined])[] = []
  const left = originsBy.items(a)
  const right = originsBy.items(b)
  let was = left.next()
  let is = right.next()
  while (was.done !== true || is.done !== true) {
    const order = was.done === true ? 1 : is.done === true ? -1 : ascending(was.value.key, is.value.key)
    const pair = [
      order <= 0 ? (was.value as Origin) : undefined,
      order >= 0 ? (is.value as Origin) : undefined,
    ] as const
    if (!sameShare(pair[0]?.share, pair[1]?.share)) pairs.push(pair)
    if (order <= 0) was = left.next()
    if (order >= 0) is = right.next()
  }
  return pairs
}

const sameShare = (a: Share = nothing, b: Share = nothing): boolean =>
  a === b ||
  (a.base === b.base && a.refunded === b.refunded && a.earned === b.earned && a.clawedBack === b.clawedBack)

function perOf(field: Field, per: string | number): number {
  return field.type === 'money' ? (parseMinor(String(per), minorDigits(field.currency)) ?? 0) : Number(per)
}

function safe(value: number, path: string): number {
  if (Number.isSafeInteger(value)) return value
  throw new DefinitionError({
    code: 'out-of-range',
    path,
    value,
    expected: 'rates whose product fits 2^53 - 1',
  })
}

function checkPoints(agreed: Agreed, events: EventSpecs): void {
  const context = { events, calendar: agreed.calendar }
  const fault = (code: DefinitionError['code'], path: string, value: unknown, expected: string): never => {
    throw new DefinitionError({ code, path, value, expected })
  }
  const named = (value: string | undefined, names: readonly string[], path: string) => {
    if (value !== undefined && !names.includes(value))
      fault('unknown-name', path, value, names.join(' | ') || 'none here')
  }
  const fieldsOf = (type: string, ...kinds: readonly Field['type'][]) =>
    Object.keys(events[type]!).filter((name) => kinds.includes(events[type]![name]!.type))
  const duration = (value: Duration | 'until-confirmed' | undefined, path: string) => {
    if (value !== undefined && value !== 'until-confirmed') checkDuration(value, path)
  }
  for (const key of ['pending', 'expires', 'refundGrace'] as const) duration(agreed[key], `$.${key}`)
  for (const [i, rule] of agreed.earning.entries()) {
    const path = `$.earning[${i}]`
    if (agreed.earning.findIndex(({ rule: name }) => name === rule.rule) !== i)
      fault('duplicate-name', `${path}.rule`, rule.rule, 'each rule once')
    named(rule.on, Object.keys(events), `${path}.on`)
    checkFact(
      {
        fact: 'count',
        event: rule.on,
        ...(rule.as && { as: rule.as }),
        ...(rule.where && { where: rule.where }),
      },
      context,
      path,
    )
    named(rule.origin, fieldsOf(rule.on, 'text'), `${path}.origin`)
    checkRate(rule.earns, rule.on, events, `${path}.earns`)
    if (rule.when) checkCondition(rule.when, context, `${path}.when`)
    for (const [k, { by, when }] of (rule.multiply ?? []).entries()) {
      if (parseRatio(by, `${path}.multiply[${k}].by`).numerator < 0)
        fault('out-of-range', `${path}.multiply[${k}].by`, by, '0 or more')
      checkCondition(when, context, `${path}.multiply[${k}].when`)
    }
    duration(rule.pending, `${path}.pending`)
    duration(rule.expires, `${path}.expires`)
  }
  for (const list of ['confirmation', 'clawback'] as const) {
    for (const [i, rule] of (agreed[list] ?? []).entries()) {
      const path = `$.${list}[${i}]`
      named(rule.on, Object.keys(events), `${path}.on`)
      named(rule.origin, fieldsOf(rule.on, 'text'), `${path}.origin`)
      if ('of' in rule) named(rule.of as string, fieldsOf(rule.on, 'money', 'integer'), `${path}.of`)
    }
  }
}

function checkRate(earns: EarningRate, on: string, events: EventSpecs, path: string): void {
  const fault = (code: DefinitionError['code'], at: string, value: unknown, expected: string): never => {
    throw new DefinitionError({ code, path: `${path}.${at}`, value, expected })
  }
  if (!(Number.isSafeInteger(earns.points) && earns.points >= 0))
    fault('out-of-range', 'points', earns.points, 'a whole number of points, 0 or more')
  if (!('of' in earns)) return
  const names = Object.keys(events[on]!).filter((name) =>
    ['money', 'integer'].includes(events[on]![name]!.type),
  )
  if (!names.includes(earns.of)) fault('unknown-name', 'of', earns.of, names.join(' | ') || 'none here')
  const field = events[on]![earns.of]!
  const per = perOf(field, earns.per)
  const expected =
    field.type === 'money' ? `decimal text in ${field.currency}, above 0` : 'a whole number above 0'
  if (!(Number.isSafeInteger(per) && per > 0)) fault('out-of-range', 'per', earns.per, expected)
}

/** Points of an account by the local month in which they expire: pending ones included, `null` for those that never do. */
export function outstandingByMonth(
  state: PointsState,
  calendar: Calendar,
): readonly { readonly month: string | null; readonly points: number }[] {
  const months = new Map<string | null, number>()
  for (const { remaining, expiresAt } of openLots(state.lots)) {
    const month = expiresAt === null ? null : calendar.localMonth(expiresAt - 1)
    months.set(month, (months.get(month) ?? 0) + remaining)
  }
  const order = (month: string | null) => month ?? '~'
  return [...months]
    .map(([month, points]) => ({ month, points }))
    .sort((a, b) => ascending(order(a.month), order(b.month)))
}
