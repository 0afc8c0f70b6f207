import { currenciesOf, lastingOf } from '../currency.js'
import type { Agreed } from '../definition.js'
import type { Enrolment, EnrolmentRule } from '../holders/enrolment.js'
import type { CurrencyNegativeTerms, NegativeTerms } from '../holders/negative.js'
import type { RefundPolicy } from '../spending/refunding.js'
import type { ChangeEffect } from './change.js'
import { isInactivity } from './expiry-changes.js'
import {
  flipped,
  lengthEffect,
  membersEffect,
  numberEffect,
  type Put,
  pick,
  putRow,
  same,
  type Touches,
  together,
} from './judging.js'
import { unknownParts } from './tier-changes.js'

const REFUNDS: readonly string[] = ['to', 'grace', 'ifExpired'] satisfies (keyof RefundPolicy)[]
const ENROLMENT: readonly string[] = ['on', 'before', 'again'] satisfies (keyof EnrolmentRule)[]
const TRANSFERS: readonly string[] = ['expiry', 'currencies', 'limit'] satisfies (keyof NonNullable<
  Agreed['transfers']
>)[]
const LIMIT: readonly string[] = ['points', 'within']
const POOLS: readonly string[] = ['earnAs'] satisfies (keyof NonNullable<Agreed['pools']>)[]
const TERMS: readonly string[] = ['clawback', 'atMost', 'beyond'] satisfies (keyof NegativeTerms)[]
const NEGATIVE: readonly string[] = [...TERMS, 'perPoint', 'byCurrency', 'byTier']

/** What differs in what is agreed about an account as a whole. */
export function policyChanges(a: Agreed, b: Agreed, put: Put): void {
  refundChanges(a, b, put)
  const within = (of: Agreed) => of.reinstateWithin ?? of.keepOrigins
  if (!same(within(a), within(b)) || !same(a.reinstateWithin, b.reinstateWithin)) {
    const effect = lengthEffect(within(a), within(b), 'for-ever')
    const code = pick(effect, 'reinstates-longer', 'reinstates-shorter', 'reinstates-otherwise')
    put(code, '$.reinstateWithin', null, a.reinstateWithin, b.reinstateWithin, effect, 'earned')
  }
  if (!same(a.keepOrigins, b.keepOrigins)) {
    // For longer what was spent may come back, and what was earned may be taken back.
    const longer = lengthEffect(a.keepOrigins, b.keepOrigins, 'for-ever')
    const isTaken = [...(a.clawback ?? []), ...(b.clawback ?? [])].length > 0
    const effect = longer === 'better' && isTaken ? 'unknown' : longer
    const code = pick(longer, 'known-longer', 'known-shorter', 'known-otherwise')
    put(code, '$.keepOrigins', null, a.keepOrigins, b.keepOrigins, effect, 'earned')
  }
  if (!same(a.reversible, b.reversible)) {
    // Until when a posting can be reversed is fixed with it. A reversal gives one holder what it takes from another.
    const longer = lengthEffect(a.reversible, b.reversible, 'for-ever')
    const effect = longer === 'better' ? 'unknown' : longer
    put('reversals-changed', '$.reversible', null, a.reversible, b.reversible, effect, 'to-be-earned')
  }
  enrolmentChanges(a, b, put)
  negativeChanges(a, b, put)
  transferChanges(a, b, put)
  const [was, is] = [a.pools, b.pools]
  if (same(was, is)) return
  if (was === undefined) put('pools-added', '$.pools', null, was, is, 'neither', 'to-be-earned')
  else if (is === undefined) put('pools-removed', '$.pools', null, was, is, 'worse', 'earned')
  else if (!same(was.earnAs, is.earnAs))
    put('pools-changed', '$.pools.earnAs', null, was.earnAs, is.earnAs, 'unknown', 'to-be-earned')
  for (const change of unknownParts(was ?? {}, is ?? {}, POOLS, '$.pools', null)) putRow(change, put)
}

function refundChanges(a: Agreed, b: Agreed, put: Put): void {
  const to = ({ refunds }: Agreed) => refunds?.to ?? 'original-lots'
  if (to(a) !== to(b)) put('refunds-changed', '$.refunds.to', null, to(a), to(b), 'unknown', 'earned')
  const [was, is] = [a.refunds?.grace, b.refunds?.grace]
  if (!same(was, is)) {
    const effect = lengthEffect(was, is, 0)
    const code = pick(effect, 'refund-grace-longer', 'refund-grace-shorter', 'refund-grace-changed')
    put(code, '$.refunds.grace', null, was, is, effect, 'earned')
  }
  for (const change of unknownParts(a.refunds ?? {}, b.refunds ?? {}, REFUNDS, '$.refunds', null))
    putRow(change, put)
}

const ruleOf = (enrolment: Enrolment | undefined): EnrolmentRule | undefined =>
  enrolment === undefined || enrolment === 'at-once' ? undefined : enrolment

/** Who has to enrol, and has not, can do nothing with what is there. */
function enrolmentChanges(before: Agreed, { enrolment: is }: Agreed, put: Put): void {
  const { enrolment: was } = before
  if (same(was, is)) return
  const [a, b] = [ruleOf(was), ruleOf(is)]
  const path = '$.enrolment'
  if (a === undefined && b === undefined) {
    // The event that enrols is no activity, and counts towards no tier: of an account that is there it would have.
    const isHeard = is === 'at-once' && hearsOtherwise(before)
    if (isHeard) put('enrolment-changed', path, null, was, is, 'unknown', 'earned')
    else put('enrolment-changed', path, null, was, is, 'neither', 'to-be-earned')
  } else if (a === undefined) put('enrolment-required', path, null, was, is, 'worse', 'earned')
  else if (b === undefined) {
    // What was heard early still needs somebody to enrol.
    const waits = a.before === 'earned-at-enrolment'
    put('enrolment-not-required', path, null, was, is, waits ? 'unknown' : 'better', 'earned')
  } else {
    const changed = (key: string, was: string | undefined, is: string | undefined, effect: ChangeEffect) => {
      if (was !== is) put('enrolment-changed', `${path}.${key}`, null, was, is, effect, 'earned')
    }
    const [before, now] = [a.before ?? 'ignored', b.before ?? 'ignored']
    const [again, open] = [a.again ?? 'allowed', b.again ?? 'allowed']
    changed('on', a.on, b.on, a.on === undefined ? 'better' : 'unknown')
    changed('before', before, now, now === 'earned-at-enrolment' ? 'better' : 'worse')
    changed('again', again, open, open === 'allowed' ? 'better' : 'worse')
  }
  for (const change of unknownParts(a ?? {}, b ?? {}, ENROLMENT, path, null)) putRow(change, put)
}

/** Whether events do something to an account beside earning. */
const hearsOtherwise = (of: Agreed): boolean =>
  (of.tiers ?? []).length > 0 || currenciesOf(of).some((one) => isInactivity(lastingOf(of, one)))

/** What is taken where something has to be taken back that was spent: the later, the more. */
const TAKEN = ['pending-only', 'within-balance', 'deficit'] as const

/** What of somebody can be taken, and what is owed in money. */
function strictness(terms: CurrencyNegativeTerms) {
  const { clawback = 'deficit', atMost = Number.POSITIVE_INFINITY, beyond = 'uncollected' } = terms
  const level = TAKEN.indexOf(clawback === 'money-due' ? 'within-balance' : clawback)
  const most = clawback === 'deficit' ? atMost : 0
  // With a deficit that has no bound nothing is ever beyond it.
  const inMoney = clawback === 'money-due' || (beyond === 'money-due' && most < Number.POSITIVE_INFINITY)
  return { level, most, inMoney, worth: inMoney ? terms.perPoint : undefined }
}

function strictnessEffect(before: CurrencyNegativeTerms, after: CurrencyNegativeTerms): ChangeEffect {
  const [a, b] = [strictness(before), strictness(after)]
  if (a.inMoney && b.inMoney && !same(a.worth, b.worth)) return 'unknown'
  // Where the rest is due in money, what is not taken in points is.
  const points = [flipped(numberEffect(a.level, b.level)), flipped(numberEffect(a.most, b.most))]
  const money = a.inMoney === b.inMoney ? 'neither' : b.inMoney ? 'worse' : 'better'
  const taken = together(points)
  if (taken !== 'neither' && a.inMoney && b.inMoney) return 'unknown'
  return together([taken, money])
}

function negativeChanges(a: Agreed, b: Agreed, put: Put): void {
  const [was, is] = [a.negative ?? {}, b.negative ?? {}]
  if (same(a.negative, b.negative)) return
  const path = '$.negative'
  const both = currenciesOf(b).flatMap(({ currency }) =>
    currenciesOf(a).some((one) => one.currency === currency) ? [currency] : [],
  )
  const { byCurrency: olds = {}, byTier: tiers, ...base } = was
  const { byCurrency: nexts = {}, byTier: nextTiers, ...nextBase } = is
  const effects = both.map((name) =>
    strictnessEffect({ ...base, ...olds[name] }, { ...nextBase, ...nexts[name] }),
  )
  // What a tier says stands in for the rest key by key: with other words for tiers nobody can say.
  const effect = same(tiers, nextTiers) && tiers === undefined ? together(effects) : 'unknown'
  const code = pick(effect, 'negative-softer', 'negative-stricter', 'negative-changed')
  put(code, path, null, a.negative, b.negative, effect, 'earned')
  for (const change of unknownParts(was, is, NEGATIVE, path, null)) putRow(change, put)
}

function transferChanges(a: Agreed, b: Agreed, put: Put): void {
  const [was, is] = [a.transfers ?? {}, b.transfers ?? {}]
  const changed = (key: string, before: unknown, after: unknown, effect: ChangeEffect, touches: Touches) => {
    const code = pick(effect, 'transfers-wider', 'transfers-narrower', 'transfers-changed')
    if (!same(before, after)) put(code, `$.transfers.${key}`, null, before, after, effect, touches)
  }
  // With another end they reach somebody else: here it is only given.
  changed('expiry', was.expiry ?? 'kept', is.expiry ?? 'kept', 'unknown', 'earned')
  const spendable = (of: Agreed) =>
    currenciesOf(of).flatMap(({ currency, kind }) => (kind === 'spendable' ? [currency] : []))
  const allowed = (of: Agreed) => of.transfers?.currencies ?? spendable(of)
  const stays = allowed(a).filter((name) => spendable(b).includes(name))
  changed('currencies', was.currencies, is.currencies, membersEffect(stays, allowed(b)), 'earned')
  const [limit, next] = [was.limit, is.limit]
  if (limit === undefined || next === undefined)
    changed('limit', limit, next, limit === undefined ? 'worse' : 'better', 'earned')
  else {
    changed('limit.points', limit.points, next.points, numberEffect(limit.points, next.points), 'earned')
    changed(
      'limit.within',
      limit.within,
      next.within,
      flipped(lengthEffect(limit.within, next.within, 0)),
      'earned',
    )
  }
  for (const change of [
    ...unknownParts(was, is, TRANSFERS, '$.transfers', null),
    ...unknownParts(limit ?? {}, next ?? {}, LIMIT, '$.transfers.limit', null),
  ])
    putRow(change, put)
}
