import {
  type AnyEvent,
  type Calendar,
  type CompiledCondition,
  compileCondition,
  type FactContext,
  type FactSet,
  type Field,
  type Instant,
  lcm,
  leavesOf,
  matcherOf,
  mulDiv,
  numberOf,
  parseRatio,
  SumOutOfRange,
  type Track,
  valueOfNumber,
} from '../kernel/index.js'
import { get } from '../kernel/sorted.js'
import { crediting, type LotPart, movedTo, movesOf } from '../ledger/index.js'
import { type Owed, originKey, originsBy, type PointsState } from './account.js'
import type { CompiledCurrency } from './currency.js'
import { type Agreed, type AgreedEarning, perOf, safe } from './definition.js'
import { type EarnedData, type EarningReason, noShare } from './events.js'

/** When points of a lot can be spent: `confirmsAt` only while they have to wait. */
export type Terms = Pick<LotPart, 'expiresAt' | 'confirmsAt'>

/** An earning rule, compiled. */
export interface Earning {
  readonly rule: string
  readonly on: string
  /** In which currency it earns. */
  readonly currency: string
  /** Of what is left over: so many make a point. */
  readonly denominator: number
  readonly when?: CompiledCondition
  readonly multipliers: readonly Multiplier[]
  /** What it earns for an amount of; none for a rate per event. */
  readonly field?: Field
  /** What an event will have to be paid for under this rule, if anything. */
  owes(event: AnyEvent, subject: string): Owed | undefined
  /** What that earns, to the last fraction of a point. */
  earn(state: PointsState, owed: Extract<Owed, { do: 'earn' }>, at: Instant): EarnedData
  /** The terms of points earned at an instant. */
  terms(at: Instant): Terms
}

interface Multiplier {
  readonly by: string
  /** Fractions of a point per unit of the field. */
  readonly weight: number
  readonly when: CompiledCondition
}

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
  const { events, facts } = context
  const { earns, multiply = [] } = rule
  const path = `$.earning[${index}]`
  const field = earns.of === undefined ? undefined : events[rule.on]![earns.of]!
  const ratios = multiply.map(({ by }) => parseRatio(by))
  let common = 1
  for (const { denominator } of ratios)
    common = safe(lcm(common, denominator) ?? Number.NaN, `${path}.multiply`)
  const denominator = safe(('per' in earns ? perOf(field!, earns.per) : 1) * common, path)
  const plainWeight = safe(earns.points * common, path)
  const multipliers = multiply.map(({ by, when }, i): Multiplier => {
    const ratio = ratios[i]!
    const weight = safe(earns.points * ratio.numerator * (common / ratio.denominator), path)
    return { by, weight, when: compileCondition(when, facts, context) }
  })
  const matches = matcherOf(
    { event: rule.on, ...(rule.where && { where: rule.where }), ...(rule.as && { as: rule.as }) },
    events,
  )
  const currency = context.currencies.find(({ currency }) => currency === rule.in) ?? context.currencies[0]!
  const terms = compileTerms(rule, currency, context)
  return {
    rule: rule.rule,
    on: rule.on,
    currency: currency.currency,
    denominator,
    multipliers,
    terms,
    ...(field && { field }),
    ...(rule.when && { when: compileCondition(rule.when, facts, context) }),
    owes(event, subject) {
      if (!matches(event, subject)) return undefined
      const data = event.data as Readonly<Record<string, unknown>>
      const base = field === undefined ? 1 : Math.max(0, numberOf(field, data[earns.of!]) ?? 0)
      if (base === 0 && 'per' in earns) return undefined
      const named = rule.origin === undefined ? undefined : (data[rule.origin] as string | undefined)
      return { do: 'earn', rule: rule.rule, event: event.id, origin: named ?? event.id, base }
    },
    earn(state, owed, at) {
      const chosen = multipliers.find(({ when }) => when.holds(state.tracks, at))
      const carried = state.carried[rule.rule] ?? 0
      const units = 'per' in earns ? owed.base : 1
      const exact = mulDiv(units, chosen?.weight ?? plainWeight, denominator)
      if (exact === undefined) throw new SumOutOfRange(`points of rule ${rule.rule}`)
      const over = exact.remainder + carried
      const points = exact.quotient + (over >= denominator ? 1 : 0)
      const carries = over >= denominator ? over - denominator : over
      const reason: { -readonly [N in keyof EarningReason]: EarningReason[N] } = {
        code: 'per' in earns ? 'earned' : 'earned-per-event',
        rule: rule.rule,
        points: earns.points,
        carried,
        carries,
        of: denominator,
      }
      if ('per' in earns) {
        reason.per = earns.per
        reason.base = valueOfNumber(field!, owed.base)
        if (field!.type === 'money') reason.currency = field!.currency
      }
      if (chosen !== undefined) reason.multiplier = multiplied(chosen, state.tracks, at)
      const known = get(originsBy, state.origins, originKey(rule.rule, owed.origin))?.share ?? noShare
      if (!Number.isSafeInteger(known.base + owed.base)) throw new SumOutOfRange(`base of rule ${rule.rule}`)
      const share = { ...known, base: known.base + owed.base, earned: known.earned + points }
      const { rule: name, origin, event } = owed
      const data = { points, currency: currency.currency, rule: name, origin, event, share, reason }
      return issuedData(state, data, terms(at))
    },
  }
}

const multiplied = ({ by, when }: Multiplier, tracks: readonly Track[], at: Instant) =>
  ({ code: 'multiplied', by, leaves: leavesOf(when.verdict(tracks, at)) }) as const

function compileTerms(
  rule: AgreedEarning,
  currency: CompiledCurrency,
  { zone }: EarningContext,
): (at: Instant) => Terms {
  const expiresAt = rule.expires === undefined ? currency.expiresAt : zone.adder(rule.expires)
  const pending = rule.pending ?? currency.pending
  if (pending === undefined) return (at) => ({ expiresAt: expiresAt(at) })
  if (pending === 'until-confirmed') return (at) => ({ expiresAt: expiresAt(at), confirmsAt: null })
  const confirmsAt = zone.adder(pending)
  return (at) => ({ expiresAt: expiresAt(at), confirmsAt: confirmsAt(at) })
}

/** The data of an issue of points: its posting with the terms of the lot, and what a deficit takes of it. */
export function issuedData(
  { books }: PointsState,
  data: Omit<EarnedData, 'repaid' | 'moves' | 'confirmsAt' | 'expiresAt'>,
  { expiresAt, confirmsAt }: Terms,
): EarnedData {
  const { points, currency, rule, origin, event, share, reason } = data
  const book = books[currency]!
  const of = rule === undefined || origin === undefined ? undefined : { of: [rule, origin] }
  const lot: LotPart = { lot: book.lots.issued, amount: points, expiresAt, ...of }
  const moves =
    points === 0
      ? []
      : confirmsAt === undefined
        ? crediting(book, 'issuance', [lot])
        : movesOf('issuance', 'pending', [{ ...lot, confirmsAt }])
  const issued: { -readonly [N in keyof EarnedData]: EarnedData[N] } = {
    points,
    currency,
    repaid: movedTo(moves, 'deficit'),
    moves,
    reason,
  }
  if (rule !== undefined) issued.rule = rule
  if (origin !== undefined) issued.origin = origin
  if (event !== undefined) issued.event = event
  if (share !== undefined) issued.share = share
  if (typeof confirmsAt === 'number') issued.confirmsAt = confirmsAt
  if (expiresAt !== null) issued.expiresAt = expiresAt
  return issued
}
