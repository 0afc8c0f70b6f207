import { checkList, checkRecord, fault, reading } from '../kernel/errors.js'
import { isEvent } from '../kernel/event.js'
import {
  type AnyEvent,
  type Engine,
  type EventSpecs,
  formatMinor,
  type Instant,
  type Journal,
  minorDigits,
  parseMinor,
  subjectOf,
} from '../kernel/index.js'
import {
  type Plan,
  type PlannedStep,
  planOf,
  type StockKinds,
  type StockReservation,
  type StockState,
  stepId,
  stockReservation,
} from '../ledger/index.js'
import type { BenefitsKinds } from './benefits.js'
import type { AgreedBenefits } from './definition.js'
import type { IssueData, IssuedData, UsedData } from './events.js'

/** An engine of benefits, as far as plans look at it. */
type AnyBenefits = Pick<Engine<BenefitsKinds<string, EventSpecs>>, 'id' | 'definition'>

/** Which stock keeps the budgets, and when a plan is decided on. */
export interface BudgetPlanOptions<S extends string, U extends string> {
  /** A stock of money in the currency of the benefits, a subject for each budget: with `partialCommit: 'keep-rest'`, without `holdFor`. */
  readonly budgets: Engine<StockKinds<S, U>>
  readonly occurredAt: Instant
}

/**
 * What a recorded `requested` asks for, over two subjects: the budget sets the cost of the issue aside, then the issue is
 * granted. Members who share a budget never reserve more than it has, in whatever order their plans are carried out. Where
 * the budget refuses, the plan ends `failed`: then tell what `denialPlan` says.
 *
 * @throws DefinitionError `wrong-type` for what is no request of these benefits, for a stock of another kind or currency.
 * @example
 * const plan = fundingPlan(benefits, requested, { budgets, occurredAt: now })
 * for (let next = carryOut(plan, reports); …)
 */
export function fundingPlan<
  Id extends string,
  E extends EventSpecs,
  B extends string,
  S extends string,
  U extends string,
>(benefits: Engine<BenefitsKinds<Id, E, B>>, requested: AnyEvent, options: BudgetPlanOptions<S, U>): Plan {
  const { budgets, occurredAt } = checked(benefits, options)
  const { issue, budget, reserves } = askedBy(benefits, requested)
  const { subject } = requested
  return planOf(fundingId(subject, issue), occurredAt, [
    {
      engine: budgets.id,
      subject: budget,
      command: { type: `${budgets.id}/reserve`, data: { amount: reserves, holder: subject } },
      undo: (id) => ({ type: `${budgets.id}/release`, data: { reservation: id } }),
    },
    { engine: benefits.id, subject, command: { type: `${benefits.id}/grant`, data: { issue } } },
  ])
}

/**
 * What becomes of a request that its budget refused: it is denied, with the code of the refusal.
 *
 * @throws DefinitionError as `fundingPlan`.
 */
export function denialPlan<Id extends string, E extends EventSpecs, B extends string>(
  benefits: Engine<BenefitsKinds<Id, E, B>>,
  requested: AnyEvent,
  options: { readonly because: { readonly code: string }; readonly occurredAt: Instant },
): Plan {
  checkEngine(benefits)
  checkRecord(options, '$.options')
  checkRecord(options.because, '$.options.because')
  const { issue } = askedBy(benefits, requested)
  const { subject } = requested
  const data = { issue, reason: options.because.code }
  return planOf(`${fundingId(subject, issue)}#denied`, options.occurredAt, [
    { engine: benefits.id, subject, command: { type: `${benefits.id}/deny`, data } },
  ])
}

/**
 * What a recorded use, expiry or revocation does to the budgets: what a use cost is committed, what need not be kept any more
 * is released or given back, and what a use cost beyond what was kept is taken. What comes back with an order stays committed: it is
 * kept for the issue, which can be used again. `undefined` where no budget has to do anything.
 *
 * Settle the events of one issue in their order. The stock's `keep` has to be as long as benefits can come back: what it has
 * forgotten it refuses to release.
 *
 * @param options - `stateOf`: the state of a budget, by its subject, as it is now.
 * @throws DefinitionError as `fundingPlan`; and what a state of another definition is told.
 */
export function settlementPlan<
  Id extends string,
  E extends EventSpecs,
  B extends string,
  S extends string,
  U extends string,
>(
  benefits: Engine<BenefitsKinds<Id, E, B>>,
  event: AnyEvent,
  options: BudgetPlanOptions<S, U> & { readonly stateOf: (budget: string) => Journal<StockState> },
): Plan | undefined {
  const { budgets, occurredAt } = checked(benefits, options)
  checkEvent(event)
  const { stateOf } = options
  if (typeof stateOf !== 'function') throw fault('wrong-type', '$.options.stateOf', stateOf, 'a function')
  const agreed = benefits.definition as unknown as AgreedBenefits
  const digits = minorDigits(agreed.currency)
  const { subject } = event
  const steps: PlannedStep[] = []
  return reading('wrong-type', '$.event.data', event, 'what benefits record', () => {
    for (const { issue, benefit, cost, kept, releases } of settled(benefits.id, event)) {
      const funding = agreed.benefits.find((one) => one.benefit === benefit)?.funding
      if (funding === undefined || typeof issue !== 'string' || issue === '')
        throw fault('wrong-type', '$.event.data', event, 'what these benefits record')
      if (!('budget' in funding)) continue
      const { budget } = funding
      const units = (text: string) => {
        const minor = parseMinor(text, digits)
        if (minor === undefined || minor < 0) throw fault('wrong-type', '$.event.data', text, 'an amount')
        return minor
      }
      const step = (word: string, data: object) => {
        steps.push({ engine: budgets.id, subject: budget, command: { type: `${budgets.id}/${word}`, data } })
      }
      const said = (minor: number) => formatMinor(minor, digits)
      const found = reservedFor(budgets, stateOf(budget), subject, issue, occurredAt)
      const open = found === undefined ? 0 : units(found.reserved)
      const spent = units(cost)
      // What is kept is set aside until it is used once; what came back since is among what was committed.
      const commits = Math.min(spent, open)
      // One that the budget has forgotten is asked for all the same: that it is refused tells a person.
      const reservation = found?.id ?? stepId(fundingId(subject, issue), 0)
      if (commits > 0) step('commit', { reservation, amount: said(commits) })
      if (units(releases) > 0) {
        const left = open - commits
        if (left > 0 || found === undefined) step('release', { reservation })
        const back = Math.min(
          units(releases) - left,
          found === undefined ? 0 : units(found.committed) + commits,
        )
        if (back > 0) step('give-back', { reservation, amount: said(back) })
      }
      const beyond = spent - Math.min(spent, found === undefined ? 0 : units(kept))
      if (beyond > 0) step('take', { amount: said(beyond), holder: subject })
    }
    if (steps.length === 0) return undefined
    return planOf(`settling:${subjectOf(subject, event.id)}`, occurredAt, steps)
  })
}

/** One name for what is reserved for an issue, told by whose it is. */
const fundingId = (subject: string, issue: string): string => `funding:${subjectOf(subject, issue)}`

/** The reservation behind an issue; of one that was sent it is under the name of whoever it was issued to. */
function reservedFor<S extends string, U extends string>(
  budgets: Engine<StockKinds<S, U>>,
  state: Journal<StockState>,
  subject: string,
  issue: string,
  at: Instant,
): (StockReservation<string> & { readonly id: string }) | undefined {
  let [whose, name]: readonly string[] = [subject, issue]
  for (;;) {
    const id = stepId(fundingId(whose!, name!), 0)
    const found = stockReservation(budgets, state, id, at) as StockReservation<string> | undefined
    if (found !== undefined) return { ...found, id }
    const parts = name!.split('/')
    if (parts.length !== 2 || parts.includes('')) return undefined
    ;[whose, name] = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
}

interface Settled {
  readonly issue: string
  readonly benefit: string
  readonly cost: string
  /** What its budget kept for it until then. */
  readonly kept: string
  readonly releases: string
}

/** What an event frees or spends, by issue. */
function settled(id: string, event: AnyEvent): readonly Settled[] {
  switch (event.type) {
    case `${id}/used`: {
      const { benefits } = event.data as UsedData
      checkList(benefits, '$.event.data.benefits')
      return benefits
    }
    case `${id}/expired`:
    case `${id}/revoked`: {
      const { issue, benefit, releases } = event.data as IssueData
      return [{ issue, benefit, cost: '0', kept: releases, releases }]
    }
    default:
      return []
  }
}

/** What a request asks its budget for. */
function askedBy(benefits: AnyBenefits, requested: AnyEvent): IssuedData & { readonly budget: string } {
  checkEvent(requested)
  const { type, data } = requested
  const { issue, budget, reserves } = data as IssuedData
  const asks =
    type === `${benefits.id}/requested` && typeof issue === 'string' && typeof reserves === 'string'
  if (!asks || issue === '' || typeof budget !== 'string' || budget === '')
    throw fault('wrong-type', '$.event', requested, `a recorded ${benefits.id}/requested`)
  return { ...(data as IssuedData), budget }
}

function checkEvent(event: AnyEvent): void {
  if (!isEvent(event)) throw fault('wrong-type', '$.event', event, 'a recorded event')
}

function checkEngine(benefits: AnyBenefits): void {
  const model = (benefits?.definition as { readonly model?: unknown } | undefined)?.model
  if (model !== 'benefits') throw fault('wrong-type', '$.benefits', benefits, 'an engine of benefits')
}

function checked<S extends string, U extends string>(
  benefits: AnyBenefits,
  options: BudgetPlanOptions<S, U>,
): BudgetPlanOptions<S, U> {
  checkEngine(benefits)
  checkRecord(options, '$.options')
  const { budgets } = options
  const { currency } = benefits.definition as unknown as AgreedBenefits
  const agreed = budgets?.definition as unknown as
    | {
        readonly model?: string
        readonly unit?: string
        readonly partialCommit?: string
        readonly holdFor?: object
      }
    | undefined
  const fits = agreed?.model === 'stock' && agreed.unit === currency && agreed.partialCommit === 'keep-rest'
  if (!fits || agreed.holdFor !== undefined) {
    const expected = `a stock in ${currency} with partialCommit keep-rest and without holdFor`
    throw fault('wrong-type', '$.options.budgets', budgets, expected)
  }
  return options
}
