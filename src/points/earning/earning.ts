import {
  type AnyEvent,
  type Calendar,
  type CompiledCondition,
  compileCondition,
  type FactContext,
  type FactSet,
  type Field,
  type Fields,
  type Instant,
  matcherOf,
  mulDiv,
  SumOutOfRange,
  valueOfNumber,
} from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import { type Owed, originKey, originsBy, type PointsState } from '../account.js'
import type { CompiledCurrency } from '../currency.js'
import type { Agreed } from '../definition.js'
import { type EarnedData, type EarningReason, noShare, type Share } from '../events.js'
import { type AgreedEarning, perOf, readFrom, safe } from '../rules.js'
import { compileBase } from './base.js'
import { compileCampaign } from './campaign.js'
import { type CapReason, compileCaps, countedIn, passCaps, roomFrom } from './caps.js'
import { boundOf, compileTerms, type Issue, issuedData, type TermsAt } from './issuing.js'
import { nextWaiter, WAITERS } from './limits.js'
import { compileLines, type LinePart, withEarned, withLost } from './lines.js'
import { compileMultipliers, type Multiplier } from './multipliers.js'
import type { Verdict, Worth } from './stacking.js'

/** An earning rule, compiled. */
export interface Earning {
  readonly rule: string
  readonly on: string
  /** The role in which the account earns; its own events where there is none. */
  readonly as?: string
  /** Whether what it earns in a pool belongs to whom the event is of. */
  readonly isPooled: boolean
  /** In which currency it earns. */
  readonly currency: string
  /** Of what is left over: so many make a point. */
  readonly denominator: number
  readonly when?: CompiledCondition
  readonly multipliers: readonly Multiplier[]
  /** What it earns for an amount of; none for a rate per event. */
  readonly field?: Field
  /** Whether it reads lines. */
  readonly isByLine: boolean
  /** Whether its points wait until an event confirms them. */
  readonly confirmedByEvent: boolean
  /** Whether points under it can wait for room. */
  readonly waits: boolean
  /** What an event will have to be paid for under this rule, if anything. */
  owes(event: AnyEvent, subject: string): Owed | undefined
  /** Whether it pays at an instant: its condition holds, and it does not rest. */
  applies(state: PointsState, at: Instant): boolean
  /** Until when it rests; nothing where it does not. */
  restsUntil(state: PointsState, at: Instant): Instant | undefined
  /** What that is worth, to the last fraction of a point. */
  worth(state: PointsState, owed: OwedEarning, at: Instant): Worth
  /** What that earns, and which rules are not paid because of it. */
  earn(state: PointsState, owed: OwedEarning, at: Instant, decided?: Paying): EarnedData
  /** When the origin that waits first will be paid, as far as room is known. */
  roomFrom(state: PointsState, at: Instant): Instant
  /** What is paid of what waits first. */
  release(state: PointsState, at: Instant): EarnedData
  /** The terms of points earned at an instant. */
  readonly terms: TermsAt
}

type OwedEarning = Extract<Owed, { readonly do: 'earn' }>
type Paying = Extract<Verdict, { readonly pays: true }>

/** What earning rules are compiled against. */
export interface EarningContext extends FactContext {
  readonly agreed: Agreed
  readonly currencies: readonly CompiledCurrency[]
  readonly zone: Calendar
  readonly facts: FactSet
}

/**
 * Compiles a rule. Points are counted in fractions of one denominator, in which every multiplier is whole: what is left
 * over is carried exactly from event to event.
 */
export function compileEarning(rule: AgreedEarning, index: number, context: EarningContext): Earning {
  const { events, facts, zone, agreed, currencies } = context
  const { earns, multiply = [], multiplying = 'first', rounding = 'running' } = rule
  const path = `$.earning[${index}]`
  const fields = readFrom(rule, events)
  const field = earns.of === undefined ? undefined : fields[earns.of]!
  const perEvent = !('per' in earns)
  const multipliers = compileMultipliers(multiply, multiplying, context, `${path}.multiply`)
  const byLine = rule.each !== undefined
  const codes = byLine
    ? (['earned-by-line', 'earned-per-line'] as const)
    : (['earned', 'earned-per-event'] as const)
  const code = codes[perEvent ? 1 : 0]
  const denominator = safe((perEvent ? 1 : perOf(field!, earns.per)) * multipliers.common, path)
  safe(earns.points * multipliers.most, `${path}.multiply`)
  const currency = currencies.find(({ currency }) => currency === rule.in) ?? currencies[0]!
  const caps = compileCaps(agreed.caps ?? [], rule.rule, currency.currency, currencies[0]!.currency, zone)
  const limited = caps.length > 0 || currency.atMost !== undefined
  const condition = rule.when && compileCondition(rule.when, facts, context)
  const rest = rule.cooldown === undefined ? undefined : zone.adder(rule.cooldown)
  const terms = compileTerms(rule, currency, context)
  const due = (state: PointsState, name: string) =>
    get(originsBy, state.origins, originKey(rule.rule, name))?.share ?? noShare

  /** Whole points of some units, and what is left over of the denominator. */
  function accrue(units: number, weight: number, carried: number) {
    const exact = mulDiv(units, weight, denominator)
    if (exact === undefined) throw new SumOutOfRange(`points of rule ${rule.rule}`)
    const over = exact.remainder + carried
    const isWhole = over >= denominator
    return { points: exact.quotient + (isWhole ? 1 : 0), carries: isWhole ? over - denominator : over }
  }

  /** What lines earn one after the other: left-overs go from each to the next, or are dropped with each. */
  function accrueLines(lines: readonly LinePart[], weight: number, carried: number) {
    const each: number[] = []
    let points = 0
    let left = carried
    let dropped = 0
    for (const { base } of lines) {
      const line = accrue(perEvent ? 1 : base, weight, rounding === 'each' ? 0 : left)
      if (rounding === 'each') dropped += line.carries
      else left = line.carries
      points += line.points
      each.push(line.points)
    }
    if (!Number.isSafeInteger(points)) throw new SumOutOfRange(`points of rule ${rule.rule}`)
    return { points, carries: left, dropped, each }
  }

  /** How much of some points may be paid now. */
  function capped(
    state: PointsState,
    points: number,
    at: Instant,
    event: string | undefined,
    waited: boolean,
  ) {
    const bound = boundOf(currency, state.books[currency.currency]!)
    const mayWait = waited || state.limits.waiters < WAITERS
    const options = { at, mayWait, ...(event !== undefined && { event }), ...(bound && { bound }) }
    return passCaps(caps, state.limits, points, options)
  }

  return {
    rule: rule.rule,
    on: rule.on,
    currency: currency.currency,
    denominator,
    multipliers: multipliers.all,
    isByLine: byLine,
    confirmedByEvent: (rule.pending ?? currency.pending) === 'until-confirmed',
    waits: caps.some(({ overflow }) => overflow === 'carry'),
    terms,
    isPooled: isPooled(rule, agreed),
    ...(rule.as !== undefined && { as: rule.as }),
    ...(field && { field }),
    ...(condition && { when: condition }),
    owes: compileOwes(rule, fields, context),
    applies(state, at) {
      if (rest !== undefined && (state.limits.rests[rule.rule] ?? at) > at) return false
      return condition === undefined || condition.holds(state.tracks, at)
    },
    restsUntil(state, at) {
      const until = state.limits.rests[rule.rule]
      return until !== undefined && until > at ? until : undefined
    },
    worth(state, { base, lines }, at) {
      const weight = earns.points * multipliers.at(state.tracks, at).factor
      const units = perEvent ? (lines?.length ?? 1) : base
      return { numerator: BigInt(units) * BigInt(weight), denominator: BigInt(denominator) }
    },
    earn(state, owed, at, decided) {
      const { factor, reason: multiplier } = multipliers.at(state.tracks, at)
      const weight = earns.points * factor
      const carried = rounding === 'each' ? 0 : (state.carried[rule.rule] ?? 0)
      const { origin, event, base, lines } = owed
      const known = due(state, origin)
      if (!Number.isSafeInteger(known.base + base)) throw new SumOutOfRange(`base of rule ${rule.rule}`)
      let { points, carries } = lines === undefined ? accrue(perEvent ? 1 : base, weight, carried) : noPoints
      let dropped = 0
      let each: readonly number[] = []
      if (lines !== undefined) ({ points, carries, dropped, each } = accrueLines(lines, weight, carried))
      else if (rounding === 'each') {
        dropped = carries
        carries = 0
      }
      let waits = 0
      let limits: readonly CapReason[] = []
      if (limited) {
        const passed = capped(state, points, at, event, (known.waits ?? 0) > 0)
        if (passed.isRefused) carries = carried
        points = passed.paid
        waits = passed.waits
        limits = passed.reasons
      }
      const reason: { -readonly [N in keyof EarningReason]: EarningReason[N] } = {
        code,
        rule: rule.rule,
        points: earns.points,
        carried,
        carries,
        of: denominator,
      }
      if (!perEvent) {
        reason.per = earns.per
        reason.base = valueOfNumber(field!, base)
        if (field!.type === 'money') reason.currency = field!.currency
      }
      if (multiplier !== undefined) reason.multiplier = multiplier
      if (lines !== undefined) reason.lines = lines.length
      if (dropped > 0) reason.dropped = dropped
      if (limits.length > 0) reason.limits = limits.slice(0, LEAVES)
      if (decided !== undefined && decided.unpaid.length > 0) reason.unpaid = decided.unpaid
      const share: { -readonly [N in keyof Share]: Share[N] } = {
        ...known,
        base: known.base + base,
        earned: known.earned + points,
      }
      if (waits > 0) share.waits = (known.waits ?? 0) + waits
      if (lines !== undefined) share.lines = withEarned(known.lines ?? [], lines, each, points + waits)
      const data: { -readonly [N in keyof Issue]: Issue[N] } = {
        points,
        currency: currency.currency,
        rule: rule.rule,
        origin,
        event,
        share,
        reason,
      }
      if (caps.length > 0) data.counts = countedIn(caps, at)
      if (decided !== undefined && decided.instead.length > 0) data.instead = decided.instead
      if (rest !== undefined && points + waits > 0) data.restsUntil = rest(at)
      if (owed.member !== undefined) {
        data.member = owed.member
        if (waits > 0) share.member = owed.member
      }
      return issuedData(state, data, terms(state, at))
    },
    roomFrom: ({ limits }, at) => {
      // Parts of a refund at one instant take back what the whole would: nothing is paid between them.
      const { roomAt } = limits
      return roomFrom(caps, limits, roomAt === undefined ? at : Math.max(at, roomAt + 1))
    },
    release(state, at) {
      const { origin } = nextWaiter(state.limits, rule.rule)!
      const known = due(state, origin)
      const waited = known.waits ?? 0
      const { paid, waits, reasons } = capped(state, waited, at, undefined, true)
      const { waits: _, ...others } = known
      const share: { -readonly [N in keyof Share]: Share[N] } = { ...others, earned: known.earned + paid }
      if (waits > 0) share.waits = waits
      if (known.lines !== undefined) share.lines = withLost(known.lines, waited - waits - paid)
      const reason = {
        code: 'paid-after-waiting',
        rule: rule.rule,
        waited,
        ...(reasons.length > 0 && { limits: reasons }),
      } as const
      const data: { -readonly [N in keyof Issue]: Issue[N] } = {
        points: paid,
        currency: currency.currency,
        rule: rule.rule,
        origin,
        share,
        reason,
        counts: countedIn(caps, at),
      }
      if (known.member !== undefined) data.member = known.member
      const { confirmsAt, ...ready } = terms(state, at)
      const waiting = confirmsAt !== undefined && !(known.confirmed === true && confirmsAt === null)
      return issuedData(state, data, waiting ? { ...ready, confirmsAt } : ready)
    },
  }
}

const isPooled = ({ as }: AgreedEarning, { pools }: Agreed): boolean =>
  as !== undefined && as === pools?.earnAs

const LEAVES = 10
const noPoints = { points: 0, carries: 0 }

/** What an event brings about under a rule. */
function compileOwes(
  rule: AgreedEarning,
  fields: Fields,
  { events, zone, agreed }: EarningContext,
): Earning['owes'] {
  const { rule: name, on, as, each, where, earns, during, line, origin } = rule
  const filter = each === undefined ? where : undefined
  const matches = matcherOf({ event: on, ...(filter && { where: filter }), ...(as && { as }) }, events)
  const runs = during === undefined ? undefined : compileCampaign(during, zone)
  const { of, less } = earns
  const baseOf = of === undefined ? () => 1 : compileBase(fields, less ? { of, less } : { of })
  const linesOf =
    each === undefined
      ? undefined
      : compileLines(
          fields,
          { each, line: line!, ...(where && { where }), ...(of && { of }), ...(less && { less }) },
          1,
        )
  const needsAmount = 'per' in earns
  const pooled = isPooled(rule, agreed)
  const named = (event: AnyEvent) =>
    origin === undefined ? undefined : (event.data as Readonly<Record<string, string | undefined>>)[origin]
  return (event, subject) => {
    if (!matches(event, subject) || (runs !== undefined && !runs(event.occurredAt))) return undefined
    if (linesOf === undefined) {
      const base = baseOf(event.data)
      if (base === 0 && needsAmount) return undefined
      const owed = {
        do: 'earn',
        rule: name,
        event: event.id,
        origin: named(event) ?? event.id,
        base,
      } as const
      return pooled ? { ...owed, member: event.subject } : owed
    }
    const lines = linesOf(event)
    const base = lines.reduce((sum, one) => sum + one.base, 0)
    if (lines.length === 0 || (base === 0 && needsAmount)) return undefined
    if (!Number.isSafeInteger(base)) throw new SumOutOfRange(`lines of rule ${name}`)
    const owed = { do: 'earn', rule: name, event: event.id, origin: named(event) ?? event.id, base } as const
    return pooled ? { ...owed, lines, member: event.subject } : { ...owed, lines }
  }
}
