import {
  type AnyEvent,
  type AuditFinding,
  formatMinor,
  type Instant,
  minorDigits,
  parseMinor,
} from '../kernel/index.js'
import { get, items } from '../kernel/sorted.js'
import type { IssueData, IssuedData, KeptData, MovedData, ReturnedData, UsedData } from './events.js'
import {
  type BenefitsState,
  endsBy,
  type HeldBenefit,
  heldBy,
  heldInOrder,
  heldIssue,
  madeBy,
  noTotals,
  orderAgesBy,
  ordersBy,
  receivedBy,
} from './held.js'
import type { BenefitTerms } from './terms.js'

/** What is always true of the benefits of a subject. */
export type BenefitsInvariant =
  /** An issue is of a benefit that there is, can be used, keeps no less than nothing, and has a number of its own. */
  | 'issues-true'
  /** Only a benefit with a budget waits for one, and what waits does not end. */
  | 'awaiting-funded'
  /** What ends stands by its end, and nothing else does. */
  | 'ends-indexed'
  /** Nothing can be claimed or used at or after its end. */
  | 'nothing-ended'
  /** Records stand in order, once each; where orders are forgotten some day, each with its age. */
  | 'records-kept'
  /** Counts are whole and not below zero; no more came back than was used. */
  | 'totals-possible'
  /** What came in and is not gone is there. */
  | 'issues-conserved'
  /** A person got whole issues, in a period no more than ever. */
  | 'counts-true'
  /** Rules issued at instants that have been. */
  | 'rules-in-time'
  /** What is owed is of one instant, not later than the state. */
  | 'owed-in-time'
  /** What is announced has an owner, and a budget wherever something is reserved. */
  | 'owned-and-funded'
  /** What an event is about was there, and in the stage for it. */
  | 'known'
  /** No issue, order or receipt is made twice. */
  | 'once'
  /** What an event says of amounts adds up. */
  | 'amounts-told'

type Finding = AuditFinding<BenefitsInvariant>

const STAGES = ['awaiting', 'claimable', 'usable']
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** What does not hold of a subject's benefits by an instant. */
export function auditBenefits(state: BenefitsState, at: Instant, terms: BenefitTerms): readonly Finding[] {
  const findings: Finding[] = []
  const find = (
    invariant: BenefitsInvariant,
    path: string,
    found: unknown,
    expected: number | string,
  ): void => {
    findings.push({ invariant, path, found: typeof found === 'number' ? found : String(found), expected })
  }
  const { held, ends, orders, ages, received, n, counts, issuedAt, totals, owed, owedAt } = state
  const numbers = new Set<number>()
  for (const [i, one] of [...items(heldBy, held)].entries()) auditHeld(one, `$.held[${i}]`)
  auditEnds()
  inOrder(
    [...items(heldBy, held)].map(({ issue }) => issue),
    '$.held',
  )
  inOrder(
    [...items(ordersBy, orders)].map(({ order }) => order),
    '$.orders',
  )
  inOrder([...items(receivedBy, received)], '$.received')
  auditOrders()
  for (const benefit of new Set([...Object.keys(totals), ...Object.keys(counts)])) auditCounts(benefit)
  const timed = new Set(terms.rules.flatMap(({ again, name }) => (again === undefined ? [] : [name])))
  for (const [rule, last] of Object.entries(issuedAt))
    if (!(timed.has(rule) && last <= at)) find('rules-in-time', '$.issuedAt', last, `at most ${at}`)
  if (owed.length > 0 && !(owedAt !== null && owedAt <= at))
    find('owed-in-time', '$.owedAt', String(owedAt), `at most ${at}`)
  return findings

  function auditHeld({ benefit, stage, n: number, uses, ends: end, reserved }: HeldBenefit, path: string) {
    const known = terms.benefits.get(benefit)
    if (known === undefined) find('issues-true', `${path}.benefit`, 'another', 'a benefit of the definition')
    if (!STAGES.includes(stage)) find('issues-true', `${path}.stage`, 'another', STAGES.join(' | '))
    if (!(isCount(uses) && uses > 0)) find('issues-true', `${path}.uses`, uses, 'a whole number above 0')
    if (!isCount(reserved)) find('issues-true', `${path}.reserved`, reserved, 'a whole number from 0')
    if (!(isCount(number) && number < n && !numbers.has(number)))
      find('issues-true', `${path}.n`, number, `a number of its own below ${n}`)
    numbers.add(number)
    if (stage === 'awaiting' && known?.budget === undefined)
      find('awaiting-funded', `${path}.stage`, stage, 'a benefit with a budget')
    if (stage === 'awaiting' && end !== null) find('awaiting-funded', `${path}.ends`, end, 'null')
    if (end !== null && end <= at) find('nothing-ended', `${path}.ends`, end, `after ${at}`)
  }

  function auditEnds(): void {
    let place = 0
    for (const { at: end, n: number, issue } of items(endsBy, ends)) {
      const one = heldIssue(state, issue)
      if (one === undefined || one.ends !== end || one.n !== number)
        find('ends-indexed', `$.ends[${place}]`, String(end), String(one?.ends ?? 'no such issue'))
      place += 1
    }
    const ending = heldInOrder(state).filter(({ ends: end }) => end !== null).length
    if (place !== ending) find('ends-indexed', '$.ends', place, ending)
  }

  function inOrder(names: readonly string[], path: string): void {
    for (let i = 1; i < names.length; i += 1)
      if (!(names[i - 1]! < names[i]!))
        find('records-kept', `${path}[${i}]`, 'out of order', 'after the one before, once')
  }

  function auditOrders(): void {
    for (const [i, { benefits }] of [...items(ordersBy, orders)].entries())
      for (const [k, { cost }] of benefits.entries())
        if (!isCount(cost))
          find('records-kept', `$.orders[${i}].benefits[${k}].cost`, cost, 'a whole number from 0')
    const kept = terms.kept === undefined ? 0 : (orders?.n ?? 0)
    if ((ages?.n ?? 0) !== kept) find('records-kept', '$.ages', ages?.n ?? 0, kept)
    let place = 0
    for (const { order } of items(orderAgesBy, ages)) {
      if (get(ordersBy, orders, order) === undefined)
        find('records-kept', `$.ages[${place}]`, 'no order', 'an order of that name')
      place += 1
    }
  }

  function auditCounts(benefit: string): void {
    const known = terms.benefits.get(benefit)
    const total = totals[benefit] ?? noTotals
    for (const [name, value] of Object.entries(total))
      if (!isCount(value)) find('totals-possible', `$.totals.${name}`, value, 'a whole number from 0')
    if (total.returned > total.used)
      find('totals-possible', '$.totals.returned', total.returned, `at most ${total.used}`)
    const { ever, times } = counts[benefit] ?? { ever: 0, times: 0 }
    if (!(isCount(ever) && isCount(times) && times <= ever))
      find('counts-true', '$.counts', times, `a whole number from 0 to ${ever}`)
    // What can be used more than once is gone after its last use, and no total says which that was.
    if ((known?.agreed.uses ?? 1) > 1 || total.received > 0) return
    const { issued, used, returned, expired, revoked, sent } = total
    const open = heldInOrder(state).filter(
      (one) => one.benefit === benefit && one.stage !== 'awaiting',
    ).length
    const there = issued + returned - used - expired - revoked - sent
    if (open !== there) find('issues-conserved', '$.held', open, there)
  }
}

/** What shows that an event could not have been recorded in this state. */
export function auditBenefitsEvent(
  state: BenefitsState,
  event: AnyEvent,
  { id, agreed }: Pick<BenefitTerms, 'id' | 'agreed'>,
): readonly Finding[] {
  if (!event.type.startsWith(`${id}/`)) return []
  const digits = minorDigits(agreed.currency)
  const findings: Finding[] = []
  const find = (
    invariant: BenefitsInvariant,
    path: string,
    found: number | string,
    expected: number | string,
  ) => {
    findings.push({ invariant, path, found, expected })
  }
  const unitsOf = (text: string) => parseMinor(text, digits) ?? Number.NaN
  const shown = (units: number) => (Number.isSafeInteger(units) ? formatMinor(units, digits) : 'no amount')
  const comesTo = (path: string, text: string, sum: number) => {
    const units = unitsOf(text)
    if (units !== sum) find('amounts-told', path, shown(units), shown(sum))
  }
  const adds = (path: string, text: string, parts: readonly string[]) =>
    comesTo(
      path,
      text,
      parts.reduce((sum, part) => sum + unitsOf(part), 0),
    )
  const wanted = (issue: string, stages: readonly string[], path: string): HeldBenefit | undefined => {
    const one = heldIssue(state, issue)
    if (one === undefined) find('known', path, 'a name of nothing', 'an issue that is there')
    else if (!stages.includes(one.stage)) find('known', path, one.stage, stages.join(' | '))
    return one
  }
  switch (event.type.slice(id.length + 1)) {
    case 'requested':
    case 'issued': {
      const { issue, owner, budget, reserves } = event.data as IssuedData
      const asks = event.type.endsWith('/requested')
      const before = heldIssue(state, issue)
      if (before !== undefined && (asks || before.stage !== 'awaiting'))
        find('once', '$.data.issue', 'an issue that is there', 'a new one')
      if (owner === '') find('owned-and-funded', '$.data.owner', 'nobody', 'who answers for it')
      if (budget === undefined && (asks || unitsOf(reserves) !== 0))
        find('owned-and-funded', '$.data.budget', 'none', 'the budget that reserves it')
      break
    }
    case 'denied':
      wanted((event.data as IssueData).issue, ['awaiting'], '$.data.issue')
      break
    case 'claimed':
      wanted((event.data as IssueData).issue, ['claimable'], '$.data.issue')
      break
    case 'expired':
    case 'revoked': {
      const { issue, releases } = event.data as IssueData
      const one = wanted(issue, ['claimable', 'usable'], '$.data.issue')
      if (one !== undefined) comesTo('$.data.releases', releases, one.reserved)
      break
    }
    case 'kept': {
      if (get(madeBy, state.made, (event.data as KeptData).issue) === undefined)
        find('known', '$.data.issue', 'a name of nothing', 'what a rule issued')
      break
    }
    case 'sent': {
      const { issue, reserves } = event.data as MovedData
      const one = wanted(issue, ['usable'], '$.data.issue')
      if (one !== undefined) comesTo('$.data.reserves', reserves, one.reserved)
      break
    }
    case 'received': {
      const { issue } = event.data as MovedData
      if (get(receivedBy, state.received, issue) !== undefined || heldIssue(state, issue) !== undefined)
        find('once', '$.data.issue', 'an issue that is there', 'a new one')
      break
    }
    case 'used': {
      const { order, discount, payable, lines, shipping, benefits } = event.data as UsedData
      if (get(ordersBy, state.orders, order) !== undefined)
        find('once', '$.data.order', 'an order that used benefits before', 'a new one')
      for (const [i, { issue, discount: off, shares }] of benefits.entries()) {
        wanted(issue, ['usable'], `$.data.benefits[${i}].issue`)
        // What is taken off a delivery is no line's.
        if (shares.some((share) => unitsOf(share) !== 0)) adds(`$.data.benefits[${i}].discount`, off, shares)
      }
      adds(
        '$.data.discount',
        discount,
        benefits.map((one) => one.discount),
      )
      adds('$.data.payable', payable, [...lines, shipping])
      break
    }
    case 'returned': {
      const { order, benefits } = event.data as ReturnedData
      const known = get(ordersBy, state.orders, order)
      if (known === undefined)
        find('known', '$.data.order', 'a name of nothing', 'an order that used benefits')
      for (const [i, { issue, restores }] of benefits.entries()) {
        const was = known?.benefits.find((one) => one.issue === issue)
        if (was === undefined)
          find('known', `$.data.benefits[${i}].issue`, 'a name of nothing', 'one of the order')
        else comesTo(`$.data.benefits[${i}].restores`, restores, was.cost)
      }
      break
    }
  }
  return findings
}
