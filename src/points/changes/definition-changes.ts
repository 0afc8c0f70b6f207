import { fault } from '../../kernel/errors.js'
import type { Engine } from '../../kernel/index.js'
import { type CurrencyDefinition, currenciesOf, type LotOrder, lastingOf } from '../currency.js'
import type { Agreed } from '../definition.js'
import { sameUnit } from '../earning/base.js'
import type { CapDefinition } from '../earning/caps.js'
import { type AgreedClawback, type AgreedEarning, perOf, readFrom } from '../rules.js'
import { type DefinitionChange, type PlainChange, said, speakerOfChanges } from './change.js'
import { type AccountKinds, type Program, programOf, type StoredAgreed } from './compiled.js'
import { lasts, waits } from './expiry-changes.js'
import { json, lengthEffect, type Put, pick, putRow, same, type Touches } from './judging.js'
import { policyChanges } from './policy-changes.js'
import { rewardChanges } from './reward-changes.js'
import { tierChanges, unknownParts } from './tier-changes.js'

/** All that is known of definitions here; other parts are reported as `changed`, and need the notice. */
const KNOWN: readonly string[] = [
  'model',
  'id',
  'version',
  'calendar',
  'events',
  'currencies',
  'earning',
  'confirmation',
  'clawback',
  'pending',
  'expires',
  'refunds',
  'spend',
  'reinstateWithin',
  'keepOrigins',
  'holdFor',
  'stacking',
  'caps',
  'tiers',
  'enrolment',
  'negative',
  'transfers',
  'pools',
  'reversible',
  'rewards',
  'changes',
  'idempotencyWindow',
] satisfies ('model' | 'events' | keyof Agreed)[]
const CURRENCY: readonly string[] = [
  'currency',
  'kind',
  'scale',
  'pending',
  'expires',
  'atMost',
  'spend',
] satisfies (keyof CurrencyDefinition)[]
/** Of an earning rule: what decides on what it will pay, and nothing else. */
const PAYING = [
  'on',
  'as',
  'when',
  'during',
  'multiply',
  'multiplying',
  'cooldown',
  'where',
  'origin',
] as const
const RULE: readonly string[] = [
  ...PAYING,
  'rule',
  'in',
  'rounding',
  'pending',
  'expires',
  'each',
  'line',
  'earns',
  'cost',
] satisfies (keyof AgreedEarning)[]
const RATE: readonly string[] = ['points', 'per', 'of', 'less']
const CAP: readonly string[] = [
  'cap',
  'rules',
  'in',
  'atMost',
  'per',
  'overflow',
  'returns',
] satisfies (keyof CapDefinition)[]

/**
 * What differs between two definitions of one program, place by place: what it is for members (`better`, `worse`, `neither`, or
 * `unknown`, which is treated as worse), whether it touches what was earned before, and a sentence. In the order of the new
 * definition; what only the old one has comes after it.
 *
 * Points carry their end and the end of their waiting with them, so new lengths of either touch only what will be earned; unless
 * points wait for room under a cap, or come back as fresh lots: those terms begin then. What activity puts off is not in a lot: it
 * touches what was earned. A part of a definition that is not known here is `changed`, and treated as worse for what was earned.
 *
 * @throws DefinitionError `wrong-type` for what is no engine of points; `other-definition` for two that are not of one id.
 * @example
 * definitionChanges(points1, points2).map(({ path, effect, said }) => `${path} ${effect}: ${said.en}`)
 * // => ['$.expires worse: points last less long (points): 24 months, then 12 months']
 */
export function definitionChanges<A extends AccountKinds, B extends AccountKinds>(
  before: Engine<A>,
  after: Engine<B>,
): readonly DefinitionChange[] {
  const [old, next] = [programOf(before, '$.before'), programOf(after, '$.after')]
  if (old.agreed.id !== next.agreed.id)
    throw fault('other-definition', '$.after.id', next.agreed.id, `a version of ${old.agreed.id}`)
  const speaker = speakerOfChanges(before, after)
  return changesOf(old, next).map((change) => said(change, speaker))
}

/** The same, before it is put in words. */
export function changesOf(old: Program, next: Program): readonly PlainChange[] {
  const [a, b] = [old.agreed, next.agreed]
  const waiting = (a.caps ?? []).some(({ overflow }) => overflow === 'carry') ? 'earned' : 'to-be-earned'
  const changes: PlainChange[] = []
  const put: Put = (code, path, of, before, after, effect, touches) => {
    changes.push({ code, path, of, before: json(before), after: json(after), effect, touches })
  }
  const orderChanges = (key: string, namesOf: (of: Agreed) => readonly string[], touches: Touches) => {
    const [olds, nexts] = [namesOf(a), namesOf(b)]
    const [was, is] = [
      olds.filter((name) => nexts.includes(name)),
      nexts.filter((name) => olds.includes(name)),
    ]
    if (!same(was, is)) put('order-changed', `$.${key}`, null, was, is, 'unknown', touches)
  }
  if (!same(a.calendar, b.calendar))
    put('calendar-changed', '$.calendar', null, a.calendar, b.calendar, 'unknown', 'earned')
  eventChanges(a, b, put)
  currencyChanges(a, b, waiting, put)
  const reaching = fresh(a) && fresh(b) ? 'earned' : waiting
  lasts('$.expires', null, a.expires, b.expires, reaching, put)
  spends('$.spend', null, a.spend, b.spend, put)
  waits('$.pending', null, a.pending, b.pending, waiting, put)
  earningChanges(old, next, waiting, put)
  listed('confirmation', a.confirmation ?? [], b.confirmation ?? [], put)
  listed('clawback', a.clawback ?? [], b.clawback ?? [], put)
  if (!same(a.holdFor, b.holdFor))
    put('reservations-changed', '$.holdFor', null, a.holdFor, b.holdFor, 'unknown', 'to-be-earned')
  if (!same(a.stacking, b.stacking))
    put('stacking-changed', '$.stacking', null, a.stacking, b.stacking, 'unknown', 'to-be-earned')
  capChanges(a.caps ?? [], b.caps ?? [], waiting, put)
  orderChanges('earning', (of) => of.earning.map(({ rule }) => rule), 'to-be-earned')
  orderChanges('currencies', (of) => currenciesOf(of).map(({ currency }) => currency), 'to-be-earned')
  orderChanges('caps', (of) => (of.caps ?? []).map(({ cap }) => cap), waiting)
  changes.push(...tierChanges(a.tiers ?? [], b.tiers ?? []))
  policyChanges(a, b, put)
  rewardChanges(a.rewards, b.rewards, put)
  noticeChanges(a, b, put)
  if (!same(a.idempotencyWindow, b.idempotencyWindow)) {
    const [was, is] = [a.idempotencyWindow, b.idempotencyWindow]
    put('memory-changed', '$.idempotencyWindow', null, was, is, 'neither', 'to-be-earned')
  }
  changes.push(...unknownParts(a, b, KNOWN, '$', null))
  return changes
}

function eventChanges(a: StoredAgreed, b: StoredAgreed, put: Put): void {
  for (const type of new Set([...Object.keys(b.events), ...Object.keys(a.events)])) {
    const [was, is] = [a.events[type], b.events[type]]
    if (same(was, is)) continue
    const path = `$.events.${type}`
    if (was === undefined) put('event-added', path, type, null, null, 'neither', 'to-be-earned')
    else if (is === undefined) put('event-removed', path, type, null, null, 'unknown', 'to-be-earned')
    else put('event-changed', path, type, was, is, 'unknown', 'to-be-earned')
  }
}

/** Whether what comes back has a term of its own, and not that of its lot. */
const fresh = ({ refunds }: Agreed) => refunds?.to === 'fresh-lots'

/** What ends first is spent first: in any other order more of it ends unspent. */
function spends(
  path: string,
  of: string | null,
  before: LotOrder | undefined,
  after: LotOrder | undefined,
  put: Put,
) {
  const [was, is] = [before ?? 'soonest-expiry', after ?? 'soonest-expiry']
  if (was === is) return
  const effect = is === 'soonest-expiry' ? 'better' : was === 'soonest-expiry' ? 'worse' : 'unknown'
  put('spending-order-changed', path, of, was, is, effect, 'earned')
}

function currencyChanges(a: Agreed, b: Agreed, waiting: Touches, put: Put): void {
  const reaching = fresh(a) && fresh(b) ? 'earned' : waiting
  const [olds, nexts] = [currenciesOf(a), currenciesOf(b)]
  const [first, now] = [olds[0]!.currency, nexts[0]!.currency]
  if (first !== now)
    put('first-currency-changed', '$.currencies[0]', null, first, now, 'unknown', 'to-be-earned')
  for (const [i, next] of nexts.entries()) {
    const { currency: name } = next
    const path = `$.currencies[${i}]`
    const old = olds.find(({ currency }) => currency === name)
    if (old === undefined) {
      put('currency-added', path, name, null, null, 'better', 'to-be-earned')
      continue
    }
    if (old.kind !== next.kind) {
      const effect = next.kind === 'spendable' ? 'better' : old.kind === 'spendable' ? 'worse' : 'unknown'
      put('kind-changed', `${path}.kind`, name, old.kind, next.kind, effect, 'earned')
    }
    if ((old.scale ?? 0) !== (next.scale ?? 0))
      put('scale-changed', `${path}.scale`, name, old.scale ?? 0, next.scale ?? 0, 'unknown', 'earned')
    if (old.atMost !== next.atMost) {
      const raised = (next.atMost ?? Infinity) > (old.atMost ?? Infinity)
      const code = raised ? 'bound-raised' : 'bound-lowered'
      put(code, `${path}.atMost`, name, old.atMost, next.atMost, raised ? 'better' : 'worse', 'earned')
    }
    // The definition's own term is a place of its own: what only it says is said there.
    if (!same(old.expires, next.expires) || old.kind !== next.kind)
      lasts(`${path}.expires`, name, lastingOf(a, old), lastingOf(b, next), reaching, put)
    if (!same(old.pending, next.pending))
      waits(`${path}.pending`, name, old.pending ?? a.pending, next.pending ?? b.pending, waiting, put)
    if (!same(old.spend, next.spend))
      spends(`${path}.spend`, name, old.spend ?? a.spend, next.spend ?? b.spend, put)
    for (const change of unknownParts(old, next, CURRENCY, path, name)) putRow(change, put)
  }
  for (const [i, { currency: name }] of olds.entries())
    if (!nexts.some(({ currency }) => currency === name))
      put('currency-removed', `$.currencies[${i}]`, name, null, null, 'worse', 'earned')
}

function earningChanges(old: Program, next: Program, waiting: Touches, put: Put): void {
  for (const [i, rule] of next.agreed.earning.entries()) {
    const was = old.agreed.earning.find((one) => one.rule === rule.rule)
    const path = `$.earning[${i}]`
    if (was === undefined) put('rule-added', path, rule.rule, null, null, 'better', 'to-be-earned')
    else ruleChanges(old, next, was, rule, path, waiting, put)
  }
  for (const [i, rule] of old.agreed.earning.entries()) {
    if (next.rules.has(rule.rule)) continue
    const compiled = old.rules.get(rule.rule)!
    const leavesOver = rule.rounding !== 'each' && compiled.denominator > 1
    const keeps = leavesOver || compiled.waits || pendingOf(rule, old) !== undefined
    const touches = keeps ? 'earned' : 'to-be-earned'
    put('rule-removed', `$.earning[${i}]`, rule.rule, null, null, 'worse', touches)
  }
}

/** How long what a rule earns waits. */
const pendingOf = ({ rule, pending }: AgreedEarning, { rules, currencies }: Program) =>
  pending ?? currencies.find(({ currency }) => currency === rules.get(rule)!.currency)!.pending

function ruleChanges(
  old: Program,
  next: Program,
  was: AgreedEarning,
  rule: AgreedEarning,
  path: string,
  waiting: Touches,
  put: Put,
): void {
  const of = rule.rule
  const [before, after] = [old.rules.get(of)!, next.rules.get(of)!]
  const unitOf = ({ agreed: { events } }: Program, one: AgreedEarning) =>
    one.earns.of === undefined ? undefined : readFrom(one, events)[one.earns.of]!
  const [unit, newUnit] = [unitOf(old, was), unitOf(next, rule)]
  const counts = (one: AgreedEarning, currency: string) =>
    [currency, one.each, one.line, one.earns.of].map((name) => name ?? null)
  const counted = counts(was, before.currency)
  const counting = counts(rule, after.currency)
  const reads = same(counted, counting) && (unit === undefined || sameUnit(unit, newUnit!))
  if (!reads) put('rule-reads-otherwise', path, of, counted, counting, 'unknown', 'earned')
  else if (!same(was.earns, rule.earns)) {
    const effect = rateEffect(was, rule, unit)
    const code = pick(effect, 'rate-raised', 'rate-lowered', 'rule-changed')
    put(code, `${path}.earns`, of, was.earns, rule.earns, effect, 'to-be-earned')
  }
  for (const change of unknownParts(was.earns, rule.earns, RATE, `${path}.earns`, of)) putRow(change, put)
  for (const key of PAYING)
    if (!same(was[key], rule[key]))
      put('rule-changed', `${path}.${key}`, of, was[key], rule[key], 'unknown', 'to-be-earned')
  fractionChanges(was, rule, [before.denominator, after.denominator], path, put)
  const own = (one: AgreedEarning, program: Program, currency: string) => {
    const { agreed } = program
    const terms = currenciesOf(agreed).find((known) => known.currency === currency)!
    return { expires: one.expires ?? lastingOf(agreed, terms), pending: pendingOf(one, program) }
  }
  const [a, b] = [own(was, old, before.currency), own(rule, next, after.currency)]
  if (!same(was.expires, rule.expires))
    lasts(`${path}.expires`, of, a.expires, b.expires, before.waits ? 'earned' : 'to-be-earned', put)
  if (!same(was.pending, rule.pending))
    waits(`${path}.pending`, of, a.pending, b.pending, before.waits ? waiting : 'to-be-earned', put)
  if (!same(was.cost, rule.cost)) {
    const ranks = next.currencies.find(({ currency }) => currency === after.currency)!.spend === 'cheapest'
    const effect = ranks ? 'unknown' : 'neither'
    put('cost-changed', `${path}.cost`, of, was.cost, rule.cost, effect, 'to-be-earned')
  }
  for (const change of unknownParts(was, rule, RULE, path, of)) putRow(change, put)
}

/** Whether a rate pays more for the same. */
function rateEffect(was: AgreedEarning, rule: AgreedEarning, unit: Parameters<typeof perOf>[0] | undefined) {
  const [a, b] = [was.earns, rule.earns]
  if (!same(a.less, b.less) || 'per' in a !== 'per' in b) return 'unknown'
  const per = (rate: typeof a) => BigInt('per' in rate && unit !== undefined ? perOf(unit, rate.per) : 1)
  const [before, after] = [BigInt(a.points) * per(b), BigInt(b.points) * per(a)]
  return after > before ? 'better' : after < before ? 'worse' : 'neither'
}

/** What is left over is kept in parts of a point. */
function fractionChanges(
  was: AgreedEarning,
  rule: AgreedEarning,
  [before, after]: readonly [number, number],
  path: string,
  put: Put,
): void {
  const [kept, keeps] = [was.rounding ?? 'running', rule.rounding ?? 'running']
  if (kept === 'running' && keeps === 'running' && after < before)
    put('fractions-coarser', `${path}.earns`, rule.rule, before, after, 'worse', 'earned')
  if (kept === keeps) return
  if (kept === 'running' && before > 1)
    put('fractions-dropped', `${path}.rounding`, rule.rule, kept, keeps, 'worse', 'earned')
  else put('rule-changed', `${path}.rounding`, rule.rule, kept, keeps, 'better', 'to-be-earned')
}

/** Lists in which every entry stands for itself. A changed entry is one removed and one added. */
function listed(
  key: 'confirmation' | 'clawback',
  before: readonly AgreedClawback[],
  after: readonly AgreedClawback[],
  put: Put,
): void {
  const other = key === 'clawback'
  const among = (list: readonly AgreedClawback[], one: AgreedClawback) => list.some((each) => same(each, one))
  for (const [i, one] of after.entries())
    if (!among(before, one))
      put(`${key}-added`, `$.${key}[${i}]`, one.on, null, one, other ? 'worse' : 'better', 'earned')
  for (const [i, one] of before.entries())
    if (!among(after, one))
      put(`${key}-removed`, `$.${key}[${i}]`, one.on, one, null, other ? 'better' : 'worse', 'earned')
}

function capChanges(
  before: readonly CapDefinition[],
  after: readonly CapDefinition[],
  waiting: Touches,
  put: Put,
): void {
  for (const [i, cap] of after.entries()) {
    const was = before.find((one) => one.cap === cap.cap)
    const path = `$.caps[${i}]`
    if (was === undefined) {
      put('cap-added', path, cap.cap, null, cap.atMost, 'worse', waiting)
      continue
    }
    if (was.atMost !== cap.atMost) {
      const raised = cap.atMost > was.atMost
      const code = raised ? 'cap-raised' : 'cap-lowered'
      put(code, `${path}.atMost`, cap.cap, was.atMost, cap.atMost, raised ? 'better' : 'worse', waiting)
    }
    for (const key of ['rules', 'in', 'per', 'overflow', 'returns'] as const)
      if (!same(was[key], cap[key]))
        put('cap-changed', `${path}.${key}`, cap.cap, was[key], cap[key], 'unknown', waiting)
    for (const change of unknownParts(was, cap, CAP, path, cap.cap)) putRow(change, put)
  }
  for (const [i, { cap, atMost }] of before.entries())
    if (!after.some((one) => one.cap === cap))
      put('cap-removed', `$.caps[${i}]`, cap, atMost, null, 'better', 'to-be-earned')
}

/** Without a notice nothing ever gets worse: to state one is worse, and to take it back is better. */
function noticeChanges({ changes: was }: Agreed, { changes: is }: Agreed, put: Put): void {
  if (same(was, is)) return
  const path = '$.changes.notice'
  const [a, b] = [was?.notice, is?.notice]
  if (a === undefined) put('notice-added', path, null, a, b, 'worse', 'earned')
  else if (b === undefined) put('notice-removed', path, null, a, b, 'better', 'earned')
  else {
    const effect = lengthEffect(a, b, 0)
    const code = effect === 'better' ? 'notice-longer' : 'notice-shorter'
    if (effect !== 'neither') put(code, path, null, a, b, effect, 'earned')
  }
  for (const change of unknownParts(was ?? {}, is ?? {}, ['notice'], '$.changes', null)) putRow(change, put)
}
