import { checkCurrency } from '../kernel/currency.js'
import { reading } from '../kernel/errors.js'
import { typeWords } from '../kernel/event.js'
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
  type PendingRule,
  plain,
} from '../kernel/index.js'
import { frozen } from '../kernel/plain.js'
import { first } from '../kernel/sorted.js'
import { engineVocabulary } from '../kernel/vocabulary.js'
import { auditBenefits, auditBenefitsEvent } from './audit.js'
import { benefitsDecisions } from './commands.js'
import { benefitsCorrections } from './correction.js'
import { type AgreedBenefits, type BenefitsDefinition, checkBenefits } from './definition.js'
import {
  type BenefitsCommands,
  type BenefitsEvent,
  type BenefitsRefusal,
  type BenefitsSpecs,
  benefitsCommands,
  benefitsEvents,
  type IssuedData,
} from './events.js'
import {
  type BenefitsState,
  forgetHeld,
  heldInOrder,
  heldIssue,
  isIssued,
  noBenefits,
  noTotals,
  type Stage,
} from './held.js'
import { issueFor, issuingBy } from './issuing.js'
import { postBenefits } from './posting.js'
import { benefitsSentences, benefitsWords } from './sentences.js'
import { type BenefitTerms, compileBenefits } from './terms.js'

/** What a subject has of benefits. Amounts are decimal text. */
export interface BenefitsView<B extends string = string> {
  /** Open issues in the order of issue. */
  readonly benefits: readonly {
    readonly issue: string
    readonly benefit: B
    readonly stage: Stage
    readonly uses: number
    /** When it can no longer be claimed, or used; `null` for never, and while its budget is asked. */
    readonly ends: Instant | null
  }[]
  readonly usable: number
  /** What ends next. */
  readonly next: { readonly at: Instant; readonly issue: string; readonly benefit: B } | null
  readonly totals: { readonly [N in B]: BenefitTotalsView }
}

/** Issues of one benefit, and what they cost: `reserved` is what budgets still keep for open ones. */
export interface BenefitTotalsView {
  readonly issued: number
  readonly used: number
  readonly returned: number
  readonly expired: number
  readonly revoked: number
  readonly sent: number
  readonly received: number
  readonly cost: string
  readonly reserved: string
}

/** The types of an engine of benefits. */
export interface BenefitsKinds<Id extends string, E extends EventSpecs, B extends string = string>
  extends Kinds {
  id: Id
  state: BenefitsState
  command: EventIn<BenefitsCommands<Id, B>>
  hears: EventIn<E>
  emits: BenefitsEvent<Id>
  publishes: BenefitsSpecs<Id, B>
  refusal: BenefitsRefusal
  view: BenefitsView<B>
}

/**
 * Coupons and rights (权益) of a subject: issued by command, by event or by time, funded before they stand, claimed, used in orders, returned,
 * sent, expired.
 *
 * What is announced is owned and funded, or is no definition. An issue of a benefit with a budget is `requested` with what has to be reserved
 * there; it stands when the host tells `grant`, and never if it tells `deny`. Facts that come late are made up for in a replay, by
 * `corrections`; what was used stays used.
 *
 * @throws DefinitionError `missing` without owner, funding or benefits; `unknown-name`, `duplicate-name`, `wrong-type`, `out-of-range`,
 * `unknown-key`, `invalid-duration`, `invalid-instant`; the path names the place.
 * @example
 * defineBenefits({
 *   id: 'benefits', version: 1, calendar: { zone: 'Asia/Shanghai' }, events: shop, currency: 'CNY',
 *   benefits: [{
 *     benefit: 'wake-up', owner: 'crm', funding: { budget: 'budget-2026', costPerIssue: '5.00' },
 *     gives: { kind: 'amount-off', off: '20', from: '99' }, valid: { days: 14 },
 *     issue: [{ each: 'quarter', when: shop.timeSince('order-paid').gte({ days: 60 }) }],
 *   }],
 * })
 */
export function defineBenefits<const Id extends string, const E extends EventSpecs, const B extends string>(
  definition: BenefitsDefinition<Id, E, B>,
): Engine<BenefitsKinds<Id, E, B>> {
  return reading('wrong-type', '$', definition, 'a definition', () => complete(benefitsModel(definition)))
}

function benefitsModel<Id extends string, E extends EventSpecs, B extends string>(
  definition: BenefitsDefinition<Id, E, B>,
): Model<BenefitsKinds<Id, E, B>> {
  const { id, currency } = definition
  const { events, kinds } = definition.events
  checkCurrency(currency, '$.currency')
  checkBenefits(definition as unknown as AgreedBenefits, definition.events)
  const agreed = frozen(
    plain({ ...definition, events: undefined, words: undefined }),
  ) as unknown as AgreedBenefits
  const names = agreed.benefits.map(({ benefit }) => benefit)
  const context = { events, calendar: agreed.calendar, kinds }
  const conditions = agreed.benefits.flatMap(({ issue = [] }) =>
    issue.flatMap(({ when }) => (when ? [when] : [])),
  )
  const facts = new FactSet(conditions.flatMap(factsOf), context)
  const terms = compileBenefits(agreed, calendarOf(agreed.calendar), facts, context)
  const decisions = benefitsDecisions(terms)
  const issues = issuingBy(terms)
  const publishes = benefitsEvents(id, names as B[], currency)
  const own = typeWords(id, publishes)

  function evolve(state: BenefitsState, event: AnyEvent, subject: string): BenefitsState {
    const tracks = facts.note(state.tracks, event, subject)
    const kind = own.get(event.type)
    if (kind !== undefined) return postBenefits(state, kind, event, tracks, terms)
    const brought = terms.rules.filter(
      ({ name, on }) =>
        on !== undefined &&
        on.type === event.type &&
        on.matches(event, subject) &&
        !isIssued(state, issueFor(name, event.id)),
    )
    if (brought.length === 0 && tracks === state.tracks) return state
    const owed = brought.map(({ name }) => ({ rule: name, event: event.id }))
    const before = state.owedAt === event.occurredAt ? state.owed : []
    return { ...state, owed: [...before, ...owed], owedAt: event.occurredAt, tracks }
  }

  /** At one instant: what ends, what time brings about; the input; what it brings about, and what time does now. */
  function due(state: BenefitsState, at: Instant): Due | undefined {
    const end = first(state.ends)
    if (end !== undefined && end.at <= at) return { at, make: () => ending(state, end.issue, terms) }
    const next = issues.owed(state, at) ?? issues.timed(state, at)
    if (end === undefined || (next !== undefined && next.at < end.at)) return next
    return { at: end.at, make: () => ending(state, end.issue, terms) }
  }

  return {
    id,
    history: 'decisions',
    definition: { model: 'benefits', ...agreed, events: plain(events) } as unknown as Json,
    hears: events,
    commands: benefitsCommands(id, names, currency),
    publishes,
    vocabulary: engineVocabulary(
      {
        sentences: benefitsSentences,
        words: benefitsWords(id),
        events: publishes,
        calendar: agreed.calendar,
      },
      definition.events,
      definition.words,
    ),
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: () => noBenefits(facts.start),
    decide: (state, command) => decisions[command.type.slice(id.length + 1)]!(state, command),
    evolve,
    due,
    compensate: (recorded, revised, correction) => benefitsCorrections(recorded, revised, correction, terms),
    corrects: (event) => (event.data as IssuedData).correctsSince,
    audit: (state, at) => auditBenefits(state, at, terms),
    auditEvent: (state, event) => auditBenefitsEvent(state, event, terms),
    forget: (state, rename) => ({
      ...forgetHeld(state, rename),
      tracks: facts.forget(state.tracks, rename),
    }),
    view: (state) => viewOfBenefits(state, names, terms) as BenefitsView<B>,
    pending: (state, asOf) =>
      terms.rules.map(({ path, benefit, when, on }): PendingRule => {
        const verdict = when?.verdict(state.tracks, asOf)
        return {
          rule: path,
          to: benefit.agreed.benefit,
          ...(on && { on: on.type }),
          ...(verdict && { verdict }),
        }
      }),
  }
}

function ending(state: BenefitsState, issue: string, { id, said }: BenefitTerms) {
  const { benefit, stage, reserved } = heldIssue(state, issue)!
  const data = { issue, benefit, releases: said(reserved), was: stage }
  return { type: `${id}/expired`, rule: `expired>${issue}`, data }
}

function viewOfBenefits(
  state: BenefitsState,
  names: readonly string[],
  { said }: BenefitTerms,
): BenefitsView {
  const held = heldInOrder(state)
  const end = first(state.ends)
  const next = end === undefined ? null : heldIssue(state, end.issue)!
  const totals = names.map((name) => {
    const { cost, ...counts } = state.totals[name] ?? noTotals
    const reserved = held.reduce((sum, one) => (one.benefit === name ? sum + one.reserved : sum), 0)
    return [name, { ...counts, cost: said(cost), reserved: said(reserved) }] as const
  })
  return {
    benefits: held.map(({ issue, benefit, stage, uses, ends }) => ({ issue, benefit, stage, uses, ends })),
    usable: held.filter(({ stage }) => stage === 'usable').length,
    next: next && { at: end!.at, issue: next.issue, benefit: next.benefit },
    totals: Object.fromEntries(totals),
  }
}
