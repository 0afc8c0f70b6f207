import { reading } from '../kernel/errors.js'
import { typeWords } from '../kernel/event.js'
import {
  type AnyEvent,
  type Condition,
  calendarOf,
  complete,
  type Due,
  type Engine,
  type EventIn,
  type EventSpecs,
  earlier,
  FactSet,
  factsOf,
  type Instant,
  type Json,
  type Kinds,
  type Model,
  type PendingRule,
  plain,
} from '../kernel/index.js'
import { frozen } from '../kernel/plain.js'
import { engineVocabulary } from '../kernel/vocabulary.js'
import { accountWords } from '../ledger/index.js'
import { copied, emptyAccount, type PointsState } from './account.js'
import { type PointsView, viewOf } from './account-view.js'
import { auditAccount, auditPosting } from './audit.js'
import { pointsInvariantWords } from './audit-words.js'
import type { CommandSpecs, PointsRefusal } from './commands.js'
import { compensations } from './correction.js'
import { compileCurrencies, currenciesOf } from './currency.js'
import { nextDeadline } from './deadlines.js'
import { type Agreed, checkPoints, type PointsDefinition } from './definition.js'
import { compileEarning } from './earning/earning.js'
import { givingSection } from './earning/giving.js'
import type { Corrects, PointsEvent } from './events.js'
import { forgetAccount } from './forgetting.js'
import { adjustingSection } from './holders/adjusting.js'
import { membershipOf } from './holders/enrolment.js'
import { mergingSection } from './holders/merging.js'
import { compileNegative } from './holders/negative.js'
import { transferSection } from './holders/transfers.js'
import { activityOf } from './lasting/activity.js'
import { factsOfExpiry } from './lasting/expiry.js'
import { lastingSection } from './lasting/lasting.js'
import { reinstating, retentionOf } from './lasting/retention.js'
import { owingOf } from './owing.js'
import { post } from './posting.js'
import { noRewards } from './rewards/claims.js'
import { rewardingOf } from './rewards/rewarding.js'
import type { RewardsView } from './rewards/view.js'
import { type Agreement, type Decision, type Section, type Told, together } from './section.js'
import { eventWords, sentences } from './sentences.js'
import { type PointsSpecs, pointsEvents } from './specs.js'
import { refundingSection } from './spending/refunding.js'
import { spendingSection } from './spending/spending.js'
import { wordsOf } from './tiers/definition.js'
import { settingSection } from './tiers/setting.js'
import { tieringOf } from './tiers/tiering.js'
import type { TierView } from './tiers/view.js'

/** The types of a points engine. */
export interface PointsKinds<
  Id extends string,
  E extends EventSpecs,
  C extends string = never,
  Track extends string = never,
  Tier extends string = never,
  Reward extends string = never,
> extends Kinds {
  id: Id
  state: PointsState
  command: EventIn<CommandSpecs<Id, C, Track, Tier, Reward>>
  hears: EventIn<E>
  emits: PointsEvent<Id>
  publishes: PointsSpecs<
    Id,
    { readonly [N in Track]: readonly (Tier | 'none')[] },
    [Reward] extends [never] ? false : true
  >
  refusal: PointsRefusal
  view: PointsView<C> &
    ([Track] extends [never] ? unknown : TiersView<Track, Tier>) &
    ([Reward] extends [never] ? unknown : RewardsIn<Reward>)
}

/** What a view says of rewards. Read from JSON, nobody knows whether there are any. */
type RewardsIn<Reward extends string> = string extends Reward
  ? { readonly rewards?: RewardsView }
  : { readonly rewards: RewardsView<Reward> }

/** What a view says of tiers, by track. Read from JSON, nobody knows whether there are any. */
type TiersView<Track extends string, Tier extends string> = string extends Track
  ? { readonly tiers?: { readonly [track: string]: TierView } }
  : { readonly tiers: { readonly [N in Track]: TierView<Tier> } }

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
  const C extends string = never,
  const R extends string = string,
  const Track extends string = never,
  const Tier extends string = never,
  const Reward extends string = never,
>(
  definition: PointsDefinition<Id, E, C, R, Track, Tier, Reward>,
): Engine<PointsKinds<Id, E, C, Track, Tier, Reward>> {
  const model = () => pointsModel(definition as unknown as PointsDefinition<Id, E, C>)
  const engine = reading('wrong-type', '$', definition, 'a definition', () => complete(model()))
  return engine as unknown as Engine<PointsKinds<Id, E, C, Track, Tier, Reward>>
}

function pointsModel<Id extends string, E extends EventSpecs, C extends string, R extends string>(
  definition: PointsDefinition<Id, E, C, R>,
): Model<PointsKinds<Id, E, C>> {
  const { id } = definition
  const { events } = definition.events
  checkPoints(definition as unknown as Agreed, definition.events)
  const agreed = frozen(plain({ ...definition, events: undefined, words: undefined })) as unknown as Agreed
  const zone = calendarOf(agreed.calendar)
  const context = { events, calendar: agreed.calendar, kinds: definition.events.kinds }
  const facts = new FactSet([...conditionsOf(agreed).flatMap(factsOf), ...factsOfEnds(agreed)], context)
  const currencies = compileCurrencies(agreed, { zone, facts })
  const names = currencies.map(({ currency }) => currency)
  const rules = agreed.earning.map((rule, i) =>
    compileEarning(rule, i, { ...context, agreed, currencies, zone, facts }),
  )
  const tracks = agreed.tiers ?? []
  const tiering = tracks.length === 0 ? undefined : tieringOf(id, tracks, zone)
  const words = Object.fromEntries(tracks.map((track) => [track.track, wordsOf(track)]))
  const publishes = pointsEvents(id, { tiers: words, rewards: agreed.rewards !== undefined })
  const retention = retentionOf(agreed, zone)
  const keepsUntil = agreed.reversible && zone.adder(agreed.reversible)
  const agreement: Agreement = {
    ...{ id, agreed, zone, currencies, rules, negative: compileNegative(agreed) },
    ...(keepsUntil && { keepsUntil }),
    ...(retention && { retention }),
    ...(tiering && { tiering }),
  }
  const owing = owingOf(agreement, events)
  const membership = membershipOf(agreement, events, owing)
  const plainly = together(spendingSection(agreement), refundingSection(agreement))
  const rewarding = agreed.rewards && rewardingOf(agreed.rewards, agreement, plainly, facts, context)
  const spending = rewarding?.spending ?? plainly
  const sections: readonly Section[] = [
    givingSection(agreement),
    spending,
    lastingSection(agreement),
    rewarding === undefined ? membership.section : rewarding.ending(membership.section),
    adjustingSection(agreement, spending),
    transferSection(agreement),
    rewarding === undefined ? mergingSection(agreement) : rewarding.ending(mergingSection(agreement)),
    ...(rewarding === undefined ? [] : [rewarding.claiming]),
    ...(tiering === undefined ? [] : [settingSection(id, tiering)]),
  ]
  const decisions: ReadonlyMap<string, Section['decide'][string]> = new Map(
    sections.flatMap(({ decide }) =>
      Object.entries(decide).map(([word, decision]) => [`${id}/${word}`, decision] as const),
    ),
  )
  const activity = activityOf(agreement, events)
  const lapses = reinstating(agreed, zone)
  const kinds = typeWords(id, publishes)

  function decide(state: PointsState, command: AnyEvent): Decision {
    const decision = decisions.get(command.type)!
    if (membership.takesPart(state)) return decision(state, command as Told)
    const word = command.type.slice(id.length + 1)
    return membership.outside(state, word, command as Told, () => decision(state, command as Told))
  }

  function evolve(state: PointsState, event: AnyEvent, subject: string): PointsState {
    const tracks = facts.note(state.tracks, event, subject)
    const kind = kinds.get(event.type)
    if (kind !== undefined) {
      if (tiering?.isTierEvent(kind)) return tiering.recorded(state, { ...state, tracks }, kind, event)
      if (rewarding?.owns(kind)) return rewarding.recorded({ ...state, tracks }, kind, event)
      let posted = post(state, kind, event, tracks)
      if (kind === 'expired' && lapses !== undefined) posted = lapses.posted(posted, event)
      if (activity !== undefined) posted = activity.posted(posted, kind, event)
      if (tiering !== undefined) posted = tiering.recorded(state, posted, kind, event)
      return retention === undefined ? posted : retention.posted(state, posted, kind, event)
    }
    if (!membership.takesPart(state)) {
      const heard = membership.heard(state, event, subject, tracks)
      return retention === undefined ? heard : retention.heard(heard, heard.owed, event.occurredAt)
    }
    const brought = owing.broughtAbout(state, event, subject)
    const active = activity === undefined ? state : activity.heard(state, event, subject)
    const heard = retention === undefined ? active : retention.heard(active, brought, event.occurredAt)
    const stale = state.owedAt !== event.occurredAt
    const tiers =
      tiering === undefined || !Object.hasOwn(events, event.type) ? state.tiers : tiering.heard(state, event)
    const isSame = tracks === state.tracks && tiers === state.tiers
    if (brought.length === 0 && isSame && (!stale || state.owed.length === 0)) return heard
    const owed = stale ? brought : [...state.owed, ...brought]
    const next = copied(heard)
    next.owed = owed
    next.owedAt = event.occurredAt
    next.tracks = tracks
    next.tiers = tiers
    return next
  }

  /** At one instant: what time alone does; what facts brought about; what waited for room; what tiers are, after all that. */
  function due(state: PointsState, at: Instant): Due | undefined {
    const lapse = rewarding?.nextLapse(state)
    const met = nextDeadline(state, names, id, tiering)
    const deadline = lapse === undefined || (met !== undefined && met.at < lapse.at) ? met : lapse
    if (deadline !== undefined && deadline.at <= at) return { at, make: deadline.make }
    const owed = membership.next(state, at) ?? owing.next(state, at)
    if (owed !== undefined) return owed
    let next = deadline
    for (const one of [owing.released(state, at), tiering?.nextMeasure(state, at)])
      if (one !== undefined && (next === undefined || one.at < next.at)) next = one
    return next === undefined || next.at >= at ? next : { at, make: next.make }
  }

  return {
    id,
    history: 'decisions',
    definition: { model: 'points', ...agreed, events: plain(events) } as unknown as Json,
    hears: events,
    facts,
    commands: Object.fromEntries(
      sections.flatMap(({ commands }) =>
        Object.entries(commands).map(([word, fields]) => [`${id}/${word}`, fields]),
      ),
    ),
    publishes,
    vocabulary: engineVocabulary(
      {
        sentences: { ...accountWords, ...pointsInvariantWords, ...sentences },
        words: eventWords(id),
        events: publishes,
        calendar: agreed.calendar,
      },
      definition.events,
      definition.words,
    ),
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: () => ({
      ...emptyAccount(names, facts.start, tiering?.start ?? []),
      ...(rewarding && { rewards: noRewards }),
    }),
    decide,
    evolve,
    due,
    compensate: (recorded, revised, correction) => compensations(recorded, revised, correction, agreement),
    corrects: (event) => (event.data as Corrects).correctsSince,
    audit: (state, at) => auditAccount(state, at, agreement),
    auditEvent: (state, event) => auditPosting(state, event, agreement),
    forget: (state, rename) => {
      const forgotten = { ...forgetAccount(state, rename), tracks: facts.forget(state.tracks, rename) }
      return rewarding === undefined ? forgotten : rewarding.forget(forgotten, rename)
    },
    view: (state, asOf) => {
      const view = viewOf(
        state,
        names,
        agreed.currencies !== undefined,
        agreed.pools !== undefined,
      ) as PointsView<C>
      const tiered = tiering === undefined ? view : { ...view, tiers: tiering.view(state, asOf) }
      return rewarding === undefined ? tiered : { ...tiered, rewards: rewarding.view(state, asOf) }
    },
    ...((tiering ?? rewarding) && {
      nextStep: (state: PointsState, asOf: Instant) =>
        earlier(tiering?.nextStep(state, asOf), rewarding?.nextStep(state, asOf)),
    }),
    pending: (state, asOf) => [
      ...rules.flatMap((earning, i) => {
        const { rule, on, when, multipliers } = earning
        const until = earning.restsUntil(state, asOf)
        const rests: readonly PendingRule[] =
          until === undefined
            ? []
            : [{ rule: `$.earning[${i}].cooldown`, to: rule, on, at: until, because: { code: 'rests' } }]
        const waits = [
          ...(when ? [{ path: 'when', to: rule, when }] : []),
          ...multipliers.flatMap(({ by, when }, k) =>
            when === undefined ? [] : [{ path: `multiply[${k}]`, to: `${rule} × ${by}`, when }],
          ),
        ]
        const judged = waits.map(({ path, to, when }): PendingRule => {
          const verdict = when.verdict(state.tracks, asOf)
          return { rule: `$.earning[${i}].${path}`, to, on, verdict }
        })
        return [...judged, ...rests]
      }),
      ...(tiering?.pending(state, asOf) ?? []),
      ...(rewarding?.pending(state, asOf) ?? []),
    ],
  }
}

const factsOfEnds = (agreed: Agreed) =>
  [agreed, ...currenciesOf(agreed), ...agreed.earning].flatMap(({ expires }) => factsOfExpiry(expires))

const conditionsOf = (agreed: Agreed): readonly Condition[] => [
  ...agreed.earning.flatMap(({ when, multiply = [] }) => [
    ...(when ? [when] : []),
    ...multiply.flatMap(({ when }) => (when === undefined ? [] : [when])),
  ]),
  ...(agreed.rewards ?? []).flatMap(({ when }) => (when === undefined ? [] : [when])),
]
