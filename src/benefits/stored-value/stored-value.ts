import { checkCurrency } from '../../kernel/currency.js'
import { reading } from '../../kernel/errors.js'
import { typeWords } from '../../kernel/event.js'
import {
  type AnyEvent,
  calendarOf,
  complete,
  type Due,
  type Engine,
  type EventIn,
  type EventSpecs,
  FactSet,
  factsOf,
  type Instant,
  type Json,
  type Kinds,
  type Model,
  matcherOf,
  minorDigits,
  type PendingRule,
  plain,
  type Track,
} from '../../kernel/index.js'
import { frozen } from '../../kernel/plain.js'
import { engineVocabulary } from '../../kernel/vocabulary.js'
import { expiresNextAt, movesOf, nextExpiry, spendableIn } from '../../ledger/index.js'
import {
  emptyStoredValue,
  firstRelease,
  forgetStored,
  POOLS,
  type Pool,
  type StoredValueState,
  type StoredValueView,
  sumOf,
  viewOfStored,
} from './account.js'
import { auditStored, auditStoredEvent } from './audit.js'
import { heldUnder, releasedData, storedValueDecisions } from './commands.js'
import { bonusCorrections } from './correction.js'
import { type AgreedStoredValue, checkStoredValue, type StoredValueDefinition } from './definition.js'
import {
  type BonusCorrectedData,
  type StoredValueCommands,
  type StoredValueEvent,
  type StoredValueRefusal,
  type StoredValueSpecs,
  storedValueCommands,
  storedValueEvents,
} from './events.js'
import { postStored } from './posting.js'
import { repayment } from './repayment.js'
import { storedValueSentences, storedValueWords } from './sentences.js'
import { compileTerms, type Terms } from './terms.js'

/** The types of an engine of stored value. */
export interface StoredValueKinds<Id extends string, E extends EventSpecs, M extends string = string>
  extends Kinds {
  id: Id
  state: StoredValueState
  command: EventIn<StoredValueCommands<Id, M>>
  hears: EventIn<E>
  emits: StoredValueEvent<Id>
  publishes: StoredValueSpecs<Id, M>
  refusal: StoredValueRefusal
  view: StoredValueView
}

/**
 * An account of stored value (储值) per subject: money that was paid in, and bonus that came with it, each in a book of its own;
 * spent in a stated order, given back to where it came from, repaid in cash by a stated rule. No balance is ever below zero.
 *
 * Facts decide what bonus a top-up brings, and freeze the account; everything else is decided by commands and by time. Facts that come
 * late, or turn out to be none, are made up for in a replay, by `corrections`; what was spent stays spent.
 *
 * @throws DefinitionError `unknown-name`, `duplicate-name`, `wrong-type`, `out-of-range`, `unknown-key`, `invalid-duration`; the path
 * names the place.
 * @example
 * defineStoredValue({
 *   id: 'wallet', version: 1, calendar: { zone: 'Asia/Shanghai' }, events: shop, currency: 'CNY',
 *   bonus: [{ rule: 'spring', from: '300', bonus: '30', repeats: true }], expires: { months: 12 },
 * })
 */
export function defineStoredValue<
  const Id extends string,
  const E extends EventSpecs,
  const M extends string,
>(definition: StoredValueDefinition<Id, E, M>): Engine<StoredValueKinds<Id, E, M>> {
  return reading('wrong-type', '$', definition, 'a definition', () => complete(storedValueModel(definition)))
}

function storedValueModel<Id extends string, E extends EventSpecs, M extends string>(
  definition: StoredValueDefinition<Id, E, M>,
): Model<StoredValueKinds<Id, E, M>> {
  const { id, currency } = definition
  const { events, kinds } = definition.events
  checkCurrency(currency, '$.currency')
  checkStoredValue(definition as unknown as AgreedStoredValue, definition.events)
  const agreed = frozen(
    plain({ ...definition, events: undefined, words: undefined }),
  ) as unknown as AgreedStoredValue
  const zone = calendarOf(agreed.calendar)
  const context = { events, calendar: agreed.calendar, kinds }
  const conditions = (agreed.bonus ?? []).flatMap(({ when }) => (when ? [when] : []))
  const facts = new FactSet(conditions.flatMap(factsOf), context)
  const terms = compileTerms(agreed, zone, facts, context)
  const decisions = storedValueDecisions(terms)
  const publishes = storedValueEvents(id, currency)
  const disputing = disputesOf(agreed, events)
  const own = typeWords(id, publishes)
  const digits = minorDigits(currency)

  function evolve(state: StoredValueState, event: AnyEvent, subject: string): StoredValueState {
    const tracks = facts.note(state.tracks, event, subject)
    const kind = own.get(event.type)
    if (kind !== undefined) return postStored(state, kind, event, tracks, terms)
    const disputes = disputing(state.disputes, event, subject)
    return tracks === state.tracks && disputes === state.disputes ? state : { ...state, disputes, tracks }
  }

  return {
    id,
    history: 'decisions',
    definition: { model: 'stored-value', ...agreed, events: plain(events) } as unknown as Json,
    hears: events,
    commands: storedValueCommands(id, currency),
    publishes,
    vocabulary: engineVocabulary(
      {
        sentences: storedValueSentences,
        words: storedValueWords(id),
        events: publishes,
        calendar: agreed.calendar,
      },
      definition.events,
      definition.words,
    ),
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: () => emptyStoredValue(facts.start),
    decide: (state, command) => decisions[command.type.slice(id.length + 1)]!(state, command),
    evolve,
    due(state, at) {
      const due = dueOf(state, terms)
      // What was set aside may have ended meanwhile: it does so when it is back.
      return due === undefined || due.at >= at ? due : { at, make: due.make }
    },
    // What each top-up follows from is judged again when it is applied: the recorded state says both.
    compensate: (recorded, _, correction) => bonusCorrections(recorded, correction, terms),
    corrects: ({ type, data }) =>
      own.get(type) === 'bonus-corrected' ? (data as BonusCorrectedData).correctsSince : undefined,
    audit: (state, at) => auditStored(state, at, terms),
    auditEvent: (state, event) => auditStoredEvent(state, event, { id, digits }),
    forget: (state, rename) => ({
      ...forgetStored(state, rename),
      tracks: facts.forget(state.tracks, rename) as readonly Track[],
    }),
    view: (state) => viewOfStored(state, digits, repayableOf(state, agreed)),
    pending: (state, asOf) =>
      terms.rules.flatMap(({ rule: { rule }, when }, i): readonly PendingRule[] =>
        when === undefined
          ? []
          : [{ rule: `$.bonus[${i}].when`, to: rule, verdict: when.verdict(state.tracks, asOf) }],
      ),
  }
}

function repayableOf(state: StoredValueState, agreed: AgreedStoredValue): number {
  if (agreed.withdrawal === 'never') return 0
  const principal = spendableIn(state.books.principal.lots)
  const { bonusOnWithdrawal = 'forfeited', spentBonus = 'kept' } = agreed
  return repayment(state, principal, bonusOnWithdrawal, spentBonus).cash
}

/** The payments in dispute after an event; the same list where it changes nothing. */
function disputesOf({ dispute }: AgreedStoredValue, events: EventSpecs) {
  type Change = (disputes: readonly string[], event: AnyEvent, subject: string) => readonly string[]
  const none: Change = (disputes) => disputes
  if (dispute === undefined) return none
  const { opened, closed } = dispute
  const opens = matcherOf({ event: opened.on }, events)
  const closes = matcherOf({ event: closed.on }, events)
  const named = (event: AnyEvent, field: string) =>
    (event.data as Readonly<Record<string, string | undefined>>)[field]
  const change: Change = (disputes, event, subject) => {
    if (event.type === opened.on && opens(event, subject)) {
      const payment = named(event, opened.payment)
      return payment === undefined || disputes.includes(payment) ? disputes : [...disputes, payment]
    }
    if (event.type === closed.on && closes(event, subject)) {
      const payment = named(event, closed.payment)
      return payment !== undefined && disputes.includes(payment)
        ? disputes.filter((one) => one !== payment)
        : disputes
    }
    return disputes
  }
  return change
}

/** What time alone does next. At one instant: what was reserved for so long is released, then principal expires, then bonus. */
function dueOf(state: StoredValueState, terms: Terms): Due | undefined {
  const { books } = state
  const release = firstRelease(books)
  let lapse: { readonly at: Instant; readonly pool: Pool } | undefined
  for (const pool of POOLS) {
    const at = expiresNextAt(books[pool].lots)
    if (at !== null && (lapse === undefined || at < lapse.at)) lapse = { at, pool }
  }
  if (release !== undefined && (lapse === undefined || release.until <= lapse.at)) {
    const { until: at, id: reservation } = release
    const make = () => ({
      type: `${terms.id}/released`,
      rule: `released>${reservation}`,
      data: releasedData(heldUnder(state, reservation)!, reservation, terms),
    })
    return { at, make }
  }
  if (lapse === undefined) return undefined
  const { at, pool } = lapse
  return { at, make: () => lapsing(state, pool, terms) }
}

function lapsing({ books }: StoredValueState, pool: Pool, { id, said }: Terms) {
  const parts = nextExpiry(books[pool].lots)
  const none = { principal: [], bonus: [] }
  const moves = { ...none, [pool]: movesOf('available', 'expired', parts) }
  const data = { amount: said(sumOf(parts)), of: pool, moves }
  // One lot may end twice at an instant, where what was set aside or paid comes back in two parts.
  const before = books[pool].totals.expired
  return { type: `${id}/expired`, rule: `expired>${pool}>${parts[0]!.lot}>${before}`, data }
}
