import { reading } from '../kernel/errors.js'
import {
  type AnyEvent,
  type Condition,
  calendarOf,
  complete,
  type Due,
  type DueEvent,
  type Engine,
  type EventIn,
  type EventSpecs,
  FactSet,
  type Field,
  factsOf,
  type Instant,
  type Json,
  joinVocabularies,
  type Kinds,
  type Model,
  matcherOf,
  numberOf,
  type PendingRule,
  plain,
  shareOf,
} from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import {
  emptyAccount,
  forgetAccount,
  type Origin,
  type Owed,
  originKey,
  originsBy,
  type PointsState,
  type PointsView,
  viewOf,
} from './account.js'
import { compensations, takenBack } from './correction.js'
import { compileCurrencies } from './currency.js'
import { nextDeadline } from './deadlines.js'
import { type Agreed, checkPoints, type PointsDefinition } from './definition.js'
import { compileEarning, type Earning } from './earning.js'
import {
  type CommandSpecs,
  type Corrects,
  type PointsEvent,
  type PointsRefusal,
  type PointsSpecs,
  pointsEvents,
} from './events.js'
import { confirmations, givingSection } from './giving.js'
import { post } from './posting.js'
import type { Decision, Section, Told } from './section.js'
import { eventWords, sentences } from './sentences.js'
import { spendingSection } from './spending.js'

/** The types of a points engine. */
export interface PointsKinds<Id extends string, E extends EventSpecs, C extends string = string>
  extends Kinds {
  id: Id
  state: PointsState
  command: EventIn<CommandSpecs<Id, C>>
  hears: EventIn<E>
  emits: PointsEvent<Id>
  publishes: PointsSpecs<Id>
  refusal: PointsRefusal
  view: PointsView<C>
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
export function definePoints<
  const Id extends string,
  const E extends EventSpecs,
  const C extends string = 'points',
>(definition: PointsDefinition<Id, E, C>): Engine<PointsKinds<Id, E, C>> {
  return reading('wrong-type', '$', definition, 'a definition', () => complete(pointsModel(definition)))
}

function pointsModel<Id extends string, E extends EventSpecs, C extends string>(
  definition: PointsDefinition<Id, E, C>,
): Model<PointsKinds<Id, E, C>> {
  const { id } = definition
  const { events, words } = definition.events
  checkPoints(definition as unknown as Agreed, definition.events)
  const agreed = plain({ ...definition, events: undefined, words: undefined }) as unknown as Agreed
  const zone = calendarOf(agreed.calendar)
  const context = { events, calendar: agreed.calendar, kinds: definition.events.kinds }
  const facts = new FactSet(conditionsOf(agreed).flatMap(factsOf), context)
  const currencies = compileCurrencies(agreed, zone)
  const names = currencies.map(({ currency }) => currency)
  const rules = agreed.earning.map((rule, i) =>
    compileEarning(rule, i, { ...context, agreed, currencies, zone, facts }),
  )
  const ruleOf = new Map(rules.map((rule) => [rule.rule, rule]))
  const reactions = reactionsOf(agreed, events, rules)
  const agreement = { id, agreed, zone, currencies, rules }
  const sections: readonly Section[] = [givingSection(agreement), spendingSection(agreement)]
  const kinds = new Map(Object.keys(pointsEvents(id)).map((type) => [type, type.slice(id.length + 1)]))
  const earnedType = `${id}/earned`
  const clawedBackType = `${id}/clawed-back`
  const confirmedType = `${id}/confirmed`

  /** The first thing owed at this instant that applies: conditions are judged now, when earlier parts have concluded. */
  function owedNow(state: PointsState, at: Instant): Due | undefined {
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
    const named = data.currency === names[0] ? rule : `${rule}>${data.currency}`
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

  function decide(state: PointsState, command: AnyEvent): Decision {
    const word = command.type.slice(id.length + 1)
    return sections.find((section) => Object.hasOwn(section.decide, word))!.decide[word]!(
      state,
      command as Told,
    )
  }

  function evolve(state: PointsState, event: AnyEvent, subject: string): PointsState {
    const tracks = facts.note(state.tracks, event, subject)
    const kind = kinds.get(event.type)
    if (kind !== undefined) return post(state, kind, event, tracks)
    const { books, carried, origins, redemptions } = state
    const owing: Owed[] = []
    for (const reaction of reactions.get(event.type) ?? noReactions)
      owing.push(...reaction(event, subject, state))
    const stale = state.owedAt !== event.occurredAt
    if (owing.length === 0 && tracks === state.tracks && (!stale || state.owed.length === 0)) return state
    const owed = stale ? owing : [...state.owed, ...owing]
    return { books, carried, origins, redemptions, owed, owedAt: event.occurredAt, tracks }
  }

  function due(state: PointsState, at: Instant): Due | undefined {
    const deadline = nextDeadline(state, names, id)
    if (deadline === undefined || deadline.at > at) {
      const owed = owedNow(state, at)
      if (owed !== undefined) return owed
    }
    return deadline === undefined || deadline.at >= at ? deadline : { at, make: deadline.make }
  }

  return {
    id,
    history: 'decisions',
    definition: { model: 'points', ...agreed, events: plain(events) } as unknown as Json,
    hears: events,
    commands: Object.fromEntries(
      sections.flatMap(({ commands }) =>
        Object.entries(commands).map(([word, fields]) => [`${id}/${word}`, fields]),
      ),
    ),
    publishes: pointsEvents(id),
    vocabulary: joinVocabularies(
      { sentences, words: eventWords(id), events: pointsEvents(id), calendar: agreed.calendar },
      { sentences, words, events, kinds: definition.events.kinds },
      { sentences, words: definition.words ?? {}, events },
    ),
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: () => emptyAccount(names, facts.start),
    decide,
    evolve,
    due,
    compensate: (recorded, revised, correction) =>
      compensations(recorded, revised, correction, { id, rules }),
    corrects: (event) => (event.data as Corrects).correctsSince,
    forget: (state, rename) => ({
      ...forgetAccount(state, rename),
      tracks: facts.forget(state.tracks, rename),
    }),
    view: (state) => viewOf(state, names) as PointsView<C>,
    pending: (state, asOf) =>
      rules.flatMap(({ rule, on, when, multipliers }, i) => {
        const waits = [
          ...(when ? [{ path: 'when', to: rule, when }] : []),
          ...multipliers.map(({ by, when }, k) => ({ path: `multiply[${k}]`, to: `${rule} × ${by}`, when })),
        ]
        return waits.map(({ path, to, when }): PendingRule => {
          const verdict = when.verdict(state.tracks, asOf)
          return { rule: `$.earning[${i}].${path}`, to, on, verdict }
        })
      }),
  }
}

type Reaction = (event: AnyEvent, subject: string, state: PointsState) => readonly Owed[]
const noReactions: readonly Reaction[] = []

/** What each event brings about: earning first, then confirmations, then clawbacks. */
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

const conditionsOf = (agreed: Agreed): readonly Condition[] =>
  agreed.earning.flatMap(({ when, multiply = [] }) => [
    ...(when ? [when] : []),
    ...multiply.map((one) => one.when),
  ])
