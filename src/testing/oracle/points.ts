import type { CalendarDefinition } from '../../kernel/calendar.js'
import type { Duration } from '../../kernel/duration.js'
import type { AnyEvent } from '../../kernel/event.js'
import type { EventSpecs, Field } from '../../kernel/field.js'
import type { Where } from '../../kernel/filter.js'
import type { Instant } from '../../kernel/instant.js'
import type { ClawbackRule, ConfirmationRule, EarningRule } from '../../points/index.js'
import { oracleCalendar } from './calendar.js'
import { amountIn, isAbout, read, takesPart } from './events.js'
import type { OracleEntry, OracleNext, OraclePart } from './log.js'
import { oracleCondition } from './truth.js'

/** Of a rate, the field that it is of. */
type Amounts = { readonly of?: string }

type Rule = Omit<EarningRule<EventSpecs>, 'expires'> & { readonly expires?: Duration }

/** The `definition` of points, as its engine carries it. */
export interface OracleAgreement {
  readonly model: 'points'
  readonly id: string
  readonly calendar: CalendarDefinition
  readonly events: EventSpecs
  /** Terms that roll; others are told by the tests of points. */
  readonly earning: readonly Rule[]
  readonly confirmation?: readonly ConfirmationRule<EventSpecs>[]
  readonly clawback?: readonly ClawbackRule<EventSpecs>[]
  readonly pending?: Duration | 'until-confirmed'
  readonly expires?: Duration
  readonly refunds?: { readonly grace?: Duration }
}

/** Some points of one lot. */
interface Piece {
  /** Lots are numbered in the order of issue. */
  readonly lot: number
  readonly rule: string | undefined
  readonly origin: string | undefined
  readonly expiresAt: Instant
  amount: number
}

/** An account, counted up from the first posting. */
interface Account {
  pending: (Piece & { readonly confirmsAt: Instant })[]
  spendable: Piece[]
  /** What expired unspent. */
  expired: Piece[]
  deficit: number
  readonly redemptions: Map<string, { readonly points: number; refunded: number; readonly taken: Piece[] }>
  readonly totals: {
    earned: number
    redeemed: number
    refunded: number
    expired: number
    reinstated: number
    clawedBack: number
    received: number
    sent: number
    added: number
    removed: number
    forfeited: number
  }
}

/** Later than every instant: for lots that never expire, or wait for an event. */
const NEVER = Number.MAX_SAFE_INTEGER

interface Data {
  readonly points: number
  readonly rule?: string
  readonly origin?: string
  readonly redemption?: string
  readonly expiresAt?: Instant
  readonly confirmsAt?: Instant
}

/** Points as a part: the account is counted up from the whole log at every question. */
export function pointsPart(definition: OracleAgreement, subject: string): OraclePart {
  const { id, calendar, events, earning, confirmation = [], clawback = [] } = definition
  const refundGrace = definition.refunds?.grace
  const { add } = oracleCalendar(calendar)
  const scope = { calendar, events }

  const postings = (log: readonly OracleEntry[], verb: string) =>
    log.filter(({ type }) => type === `${id}/${verb}`)

  function accountOf(log: readonly OracleEntry[]): Account {
    const account: Account = {
      pending: [],
      spendable: [],
      expired: [],
      deficit: 0,
      redemptions: new Map(),
      totals: {
        earned: 0,
        redeemed: 0,
        refunded: 0,
        expired: 0,
        reinstated: 0,
        clawedBack: 0,
        received: 0,
        sent: 0,
        added: 0,
        removed: 0,
        forfeited: 0,
      },
    }
    let issued = 0
    for (const { type, data, occurredAt, note } of log) {
      const posting = data as Data
      if (type === `${id}/earned`) {
        const { rule, origin, points, expiresAt = NEVER, confirmsAt = NEVER } = posting
        const piece: Piece = { lot: issued++, rule, origin, expiresAt, amount: points }
        account.totals.earned += points
        if (note?.waits) account.pending.push({ ...piece, confirmsAt })
        else credit(account, piece)
      }
      if (type === `${id}/confirmed`) confirm(account, posting.origin)
      if (type === `${id}/expired`) expire(account)
      if (type === `${id}/redeemed`) redeem(account, posting.redemption!, posting.points)
      if (type === `${id}/refunded`) refund(account, posting.redemption!, posting.points, occurredAt)
      if (type === `${id}/clawed-back`) clawBack(account, posting)
      account.pending = account.pending.filter(({ amount }) => amount > 0)
      account.spendable = account.spendable.filter(({ amount }) => amount > 0)
    }
    return account
  }

  /** New spendable points: they repay what is owed first. */
  function credit(account: Account, piece: Piece): void {
    const repaid = Math.min(account.deficit, piece.amount)
    account.deficit -= repaid
    account.spendable.push({ ...piece, amount: piece.amount - repaid })
  }

  /** What waits for this origin; without one, what time confirms first. */
  function confirm(account: Account, origin: string | undefined): void {
    const first = Math.min(...account.pending.map(({ confirmsAt }) => confirmsAt))
    const ready = account.pending.filter((piece) =>
      origin === undefined ? piece.confirmsAt === first : piece.origin === origin,
    )
    account.pending = account.pending.filter((piece) => !ready.includes(piece))
    for (const { confirmsAt: _, ...piece } of ready.sort((a, b) => a.lot - b.lot)) credit(account, piece)
  }

  function expire(account: Account): void {
    const first = Math.min(...account.spendable.map(({ expiresAt }) => expiresAt))
    const gone = account.spendable.filter(({ expiresAt }) => expiresAt === first)
    account.totals.expired += sumOf(gone)
    account.expired.push(...gone)
    account.spendable = account.spendable.filter(({ expiresAt }) => expiresAt !== first)
  }

  function redeem(account: Account, redemption: string, points: number): void {
    account.totals.redeemed += points
    const taken = takeFrom(spendingOrder(account.spendable), points)
    account.redemptions.set(redemption, { points, refunded: 0, taken })
  }

  /** What was spent last comes back first; what has expired meanwhile gets the grace. */
  function refund(account: Account, name: string, points: number, at: Instant): void {
    const redemption = account.redemptions.get(name)!
    account.totals.refunded += points
    const left = redemption.taken.map((piece) => ({ ...piece })).reverse()
    takeFrom(left, redemption.refunded)
    for (const piece of takeFrom(left, points)) {
      const late = piece.expiresAt <= at && refundGrace !== undefined
      credit(account, late ? { ...piece, expiresAt: add(at, refundGrace) } : piece)
    }
    redemption.refunded += points
  }

  /** Own lots first, pending before spendable and the oldest first; then in spending order; the rest is owed. */
  function clawBack(account: Account, { points, rule, origin }: Data): void {
    account.totals.clawedBack += points
    const own = (piece: Piece) => piece.rule === rule && piece.origin === origin
    let open = points
    for (const pieces of [
      oldestFirst(account.pending.filter(own)),
      oldestFirst(account.spendable.filter(own)),
      spendingOrder(account.spendable),
    ]) {
      open -= sumOf(takeFrom(pieces, open))
    }
    account.deficit += open
  }

  function next(log: readonly OracleEntry[], from: Instant): OracleNext | undefined {
    const deadline = deadlineOf(accountOf(log))
    if (deadline !== undefined && deadline.at <= from) return { ...deadline, at: from }
    return reaction(log, from) ?? deadline
  }

  /** What time brings next: a confirmation before an expiry of the same instant. */
  function deadlineOf({ pending, spendable }: Account): (OracleNext & { readonly data: Data }) | undefined {
    const confirmsAt = Math.min(NEVER, ...pending.map((piece) => piece.confirmsAt))
    const expiresAt = Math.min(NEVER, ...spendable.map((piece) => piece.expiresAt))
    const at = Math.min(confirmsAt, expiresAt)
    if (at === NEVER) return undefined
    const [verb, pieces] =
      confirmsAt === at
        ? ['confirmed', pending.filter((piece) => piece.confirmsAt === at)]
        : ['expired', spendable.filter((piece) => piece.expiresAt === at)]
    return { at, type: `${id}/${verb}`, data: { points: sumOf(pieces) } }
  }

  /** The first thing that the events of this instant bring about and that no posting has answered. */
  function reaction(log: readonly OracleEntry[], at: Instant): OracleNext | undefined {
    const answered = new Set(
      log.filter(({ type }) => type.startsWith(`${id}/`)).map(({ note }) => note?.answers),
    )
    for (const [i, event] of log.entries()) {
      if (event.occurredAt !== at || event.type.startsWith(`${id}/`)) continue
      for (const [k, answer] of reactionsTo(event, log).entries()) {
        const answers = `${i}:${k}`
        const found = answered.has(answers) ? undefined : answer()
        if (found !== undefined) return { ...found, at, note: { ...found.note, answers } }
      }
    }
    return undefined
  }

  type Answer = () => Omit<OracleNext, 'at'> | undefined

  function reactionsTo(event: OracleEntry, log: readonly OracleEntry[]): readonly Answer[] {
    const own = takesPart(event, undefined, subject, events)
    return [
      ...earning.map((rule) => () => earned(rule, event, log)),
      ...confirmation
        .filter(({ on }) => own && event.type === on)
        .map(
          ({ origin }) =>
            () =>
              confirmedBy(event, read(event, origin) as string, log),
        ),
      ...clawback
        .filter(({ on }) => own && event.type === on)
        .flatMap((rule) =>
          earning
            .filter((earns) => rule.of === undefined || isOfOneKind(earns, rule.on, rule.of))
            .map(
              ({ rule: name }) =>
                () =>
                  takenBack(rule, name, event, log),
            ),
        ),
    ]
  }

  /** Shares of what was earned for an amount are told by amounts of the same kind; points per event have no shares. */
  function isOfOneKind({ on, earns }: Rule, refundedBy: string, of: string): boolean {
    const earnedBy = (earns as Amounts).of
    if (earnedBy === undefined) return false
    const [bought, refunded] = [events[on]![earnedBy]!, events[refundedBy]![of]!]
    const currencies = [bought, refunded].map((field) => ('currency' in field ? field.currency : ''))
    return bought.type === refunded.type && currencies[0] === currencies[1]
  }

  function earned(rule: Rule, event: OracleEntry, log: readonly OracleEntry[]) {
    const { on, as, where, when, earns, multiply = [] } = rule
    const past = { events: log, subject, scope }
    const at = event.occurredAt
    if (!isAbout({ event: on, ...(as && { as }), ...(where && { where: where as Where }) }, event, past))
      return undefined
    if (when !== undefined && !oracleCondition(when, past, at)) return undefined
    const of = (earns as Amounts).of
    const field: Field | undefined = of === undefined ? undefined : events[on]![of]!
    const given = field === undefined ? 1n : (amountIn(field, read(event, of!)) ?? 0n)
    const base = given < 0n ? 0n : given
    const isRate = 'per' in earns
    if (isRate && base === 0n) return undefined
    const per = isRate ? amountIn(field!, field!.type === 'money' ? String(earns.per) : earns.per)! : 1n
    const chosen = multiply.find((one) => one.when === undefined || oracleCondition(one.when, past, at))
    const [above, below] = chosen === undefined ? [1n, 1n] : fractionOf(chosen.by)
    const exact = [(isRate ? base : 1n) * BigInt(earns.points) * above, per * below] as const
    const before = sumOfFractions(
      postings(log, 'earned').flatMap(({ data, note }) =>
        (data as Data).rule === rule.rule && note?.exact !== undefined ? [note.exact] : [],
      ),
    )
    const points = Number(floorOf(sumOfFractions([before, exact])) - floorOf(before))
    const named = rule.origin === undefined ? undefined : (read(event, rule.origin) as string | undefined)
    const pending = rule.pending ?? definition.pending
    const expires = rule.expires ?? definition.expires
    const data = {
      points,
      rule: rule.rule,
      origin: named ?? event.id,
      event: event.id,
      ...(pending !== undefined && pending !== 'until-confirmed' && { confirmsAt: add(at, pending) }),
      ...(expires !== undefined && { expiresAt: add(at, expires) }),
      repaid: pending === undefined ? Math.min(points, accountOf(log).deficit) : 0,
    }
    return { type: `${id}/earned`, data, note: { exact, base, waits: pending !== undefined } }
  }

  /** An event confirms once: whatever has confirmed its origin since has answered it. */
  function confirmedBy(event: OracleEntry, origin: string, log: readonly OracleEntry[]) {
    const since = postings(log, 'confirmed').filter((posting) => log.indexOf(posting) > log.indexOf(event))
    const done = since.some(({ data }) => (data as Data).origin === origin)
    return done ? undefined : confirmed(log, origin)
  }

  function confirmed(log: readonly OracleEntry[], origin: string) {
    const waiting = accountOf(log).pending.filter((piece) => piece.origin === origin)
    return waiting.length === 0
      ? undefined
      : { type: `${id}/confirmed`, data: { points: sumOf(waiting), origin } }
  }

  function takenBack(
    { on, origin: named, of }: ClawbackRule<EventSpecs>,
    rule: string,
    event: OracleEntry,
    log: readonly OracleEntry[],
  ) {
    const origin = read(event, named) as string
    const about = (verb: string) =>
      postings(log, verb).filter(
        ({ data }) => (data as Data).rule === rule && (data as Data).origin === origin,
      )
    const issues = about('earned')
    // What an origin earned before it was refunded: at one instant, in the order in which the events came.
    if (!issues.some((issue) => log.indexOf(issue) < log.indexOf(event))) return undefined
    const base = issues.reduce((sum, { note }) => sum + (note?.base ?? 0n), 0n)
    const told = of === undefined ? null : amountIn(events[on]![of]!, read(event, of))
    const now = told === null ? base : told > 0n ? told : 0n
    const all = (about('clawed-back').at(-1)?.note?.refunded ?? 0n) + now
    const refunded = all > base ? base : all
    const total = BigInt(sumOf(issues.map(({ data }) => ({ amount: (data as Data).points }))))
    const already = about('clawed-back').reduce((sum, { note }) => sum + (note?.due ?? 0), 0)
    // Of nothing bought there are no shares: any refund is of all of it.
    const due = Math.max(0, Number(base === 0n ? total : (total * refunded) / base) - already)
    const account = accountOf(log)
    const own = (piece: Piece) => piece.rule === rule && piece.origin === origin
    const left = sumOf(account.pending.filter(own)) + sumOf(account.spendable.filter(own))
    // What is not left of its own lots and expired unspent is not owed again.
    const excusedBefore = about('clawed-back').reduce((sum, { note }) => sum + (note?.excused ?? 0), 0)
    const excused = Math.min(Math.max(0, due - left), sumOf(account.expired.filter(own)) - excusedBefore)
    const points = due - excused
    const within = sumOf(account.spendable) + sumOf(account.pending.filter(own))
    const data = { points, rule, origin, event: event.id, deficit: Math.max(0, points - within) }
    return { type: `${id}/clawed-back`, data, note: { refunded, due, excused } }
  }

  function command(log: readonly OracleEntry[], input: AnyEvent) {
    const asked = input.data as {
      readonly points?: number
      readonly origin?: string
      readonly redemption?: string
    }
    const { points } = asked
    const verb = input.type.slice(id.length + 1)
    if (input.type !== `${id}/${verb}` || !['earn', 'confirm', 'redeem', 'refund'].includes(verb))
      return undefined
    if (points !== undefined && points <= 0) return { refusal: 'points-not-positive' }
    const account = accountOf(log)
    if (verb === 'confirm') return confirmed(log, asked.origin!) ?? { refusal: 'nothing-pending' }
    if (verb === 'earn') {
      if (account.totals.earned + points! > Number.MAX_SAFE_INTEGER)
        return { refusal: 'balance-out-of-range' }
      const { expires } = definition
      const terms = expires === undefined ? {} : { expiresAt: add(input.occurredAt, expires) }
      const repaid = Math.min(points!, account.deficit)
      return { type: `${id}/earned`, data: { points: points!, repaid, ...terms } }
    }
    if (verb === 'redeem') {
      if (points! > sumOf(account.spendable)) return { refusal: 'insufficient-points' }
      return { type: `${id}/redeemed`, data: { points: points!, redemption: input.id } }
    }
    const redemption = account.redemptions.get(asked.redemption!)
    if (redemption === undefined) return { refusal: 'unknown-redemption' }
    const open = redemption.points - redemption.refunded
    if (open === 0 || (points ?? open) > open) return { refusal: 'refund-exceeds-redemption' }
    return { type: `${id}/refunded`, data: { points: points ?? open, redemption: asked.redemption! } }
  }

  return {
    id,
    next,
    command,
    view(log) {
      const account = accountOf(log)
      const coming = deadlineOf(account)
      return {
        balance: sumOf(account.spendable) - account.deficit,
        pending: sumOf(account.pending),
        reserved: 0,
        next:
          coming === undefined
            ? null
            : {
                what: coming.type === `${id}/confirmed` ? 'confirms' : 'expires',
                at: coming.at,
                points: coming.data.points,
              },
        totals: account.totals,
      }
    },
  }
}

const sumOf = (pieces: readonly { readonly amount: number }[]): number =>
  pieces.reduce((sum, { amount }) => sum + amount, 0)

/** What expires first goes first; what never expires last; then the older lot. */
const spendingOrder = (pieces: readonly Piece[]): readonly Piece[] =>
  [...pieces].sort((a, b) => a.expiresAt - b.expiresAt || a.lot - b.lot)

const oldestFirst = (pieces: readonly Piece[]): readonly Piece[] =>
  [...pieces].sort((a, b) => a.lot - b.lot || a.expiresAt - b.expiresAt)

/** Takes up to so many points from pieces, in their order; what was taken, as pieces. */
function takeFrom(pieces: readonly Piece[], points: number): Piece[] {
  let open = points
  return pieces.flatMap((piece) => {
    const amount = Math.min(open, piece.amount)
    piece.amount -= amount
    open -= amount
    return amount === 0 ? [] : [{ ...piece, amount }]
  })
}

type Fraction = readonly [numerator: bigint, denominator: bigint]

const sumOfFractions = (fractions: readonly Fraction[]): Fraction =>
  fractions.reduce(([a, b], [c, d]) => [a * d + c * b, b * d] as const, [0n, 1n] as const)

/** Numerators are never negative here. */
const floorOf = ([numerator, denominator]: Fraction): bigint => numerator / denominator

/** `'1.5'`, `'3/2'` or `'2'`. */
function fractionOf(ratio: string): Fraction {
  const [above = '', below] = ratio.split('/')
  if (below !== undefined) return [BigInt(above), BigInt(below)]
  const [whole = '', digits = ''] = above.split('.')
  return [BigInt(whole + digits), BigInt(`1${'0'.repeat(digits.length)}`)]
}
