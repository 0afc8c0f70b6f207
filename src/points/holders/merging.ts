import { canonical, type Draft, type Instant } from '../../kernel/index.js'
import { get, items } from '../../kernel/sorted.js'
import {
  charging,
  crediting,
  type LotPart,
  type Move,
  movesOf,
  openLots,
  openReservations,
  planSpending,
  post,
  reservationIn,
} from '../../ledger/index.js'
import {
  booksAfter,
  type LapsedLot,
  lapsedBy,
  type Origin,
  once,
  originsBy,
  type PointsState,
  type Redemption,
  redemptionsBy,
  total,
} from '../account.js'
import { issuedData } from '../earning/issuing.js'
import { type LimitsHeld, limitsHeld } from '../earning/limits.js'
import { claimsBy } from '../rewards/claims.js'
import { type RewardsHeld, rewardsHeld } from '../rewards/joining.js'
import { type Agreement, accepted, type Decision, refused, type Section, type Told } from '../section.js'
import { joinedTiers, type TierHeld, tiersHeld } from '../tiers/joining.js'
import { leaving } from './enrolment.js'
import { isEstate } from './estate-check.js'
import { byHandId, type HandPosting, noHolder } from './holder.js'
import type { TakenOverData } from './holder-events.js'
import { takenOver } from './holder-posting.js'
import type { MoneyDue } from './negative.js'
import { carried } from './transfers.js'

/** All that one account hands over to another: plain data, as a plan carries it. */
export interface Estate {
  readonly books: readonly EstateBook[]
  readonly origins: readonly Omit<Origin, 'key'>[]
  readonly redemptions: readonly Redemption[]
  readonly byHand: readonly HandPosting[]
  /** What expired and may be reinstated, by currency. */
  readonly lapsed: readonly { readonly currency: string; readonly lots: readonly LapsedLot[] }[]
  /** When something was posted first, where an end of points depends on it. */
  readonly firstAt: Instant | null
  /** What counts towards caps, waits for room or rests. */
  readonly limits: LimitsHeld
  /** By track, in the order of the definition. */
  readonly tiers: readonly TierHeld[]
  /** What is left over of each rule. */
  readonly carried: readonly { readonly rule: string; readonly carries: number }[]
  /** What was claimed, and what of it counts towards limits; `null` where there are no rewards. */
  readonly rewards: RewardsHeld | null
}

/** Of one currency. */
export interface EstateBook {
  readonly currency: string
  readonly issued: number
  readonly deficit: number
  readonly lots: readonly LotPart[]
  readonly reserved: readonly {
    readonly id: string
    readonly until: number | null
    readonly parts: readonly LotPart[]
  }[]
  readonly uncollected: number
  readonly due: MoneyDue | null
}

/** What an account would hand over as it stands. */
export function estateOf(state: PointsState): Estate {
  const {
    books,
    origins,
    redemptions,
    carried: left,
    holder,
    lapsed,
    firstAt,
    limits,
    tiers,
    rewards,
  } = state
  const { uncollected, due, byHand } = holder ?? noHolder
  // What is known of lots goes with the ends that they leave with: there they are found, and come back, under these.
  const known = ({ currency, lots }: { readonly currency: string; readonly lots: readonly LotPart[] }) =>
    Object.hasOwn(books, currency) ? carried(lots, books[currency]!.lots) : lots
  return {
    books: Object.entries(books).map(([currency, book]) => ({
      currency,
      issued: book.lots.issued,
      deficit: book.lots.deficit,
      lots: carried(
        [...openLots(book.lots)].map(({ remaining, ...lot }): LotPart => ({ ...lot, amount: remaining })),
        book.lots,
      ),
      reserved: [...openReservations(book)].map(({ id, until, parts }) => ({
        id,
        until,
        parts: carried(parts, book.lots),
      })),
      uncollected: uncollected[currency] ?? 0,
      due: due[currency] ?? null,
    })),
    origins: [...items(originsBy, origins)].map(({ key: _, ...one }) => ({
      ...one,
      lots: once(known(one)),
    })),
    redemptions: [...items(redemptionsBy, redemptions)].map((one) => ({ ...one, lots: known(one) })),
    byHand: [...items(byHandId, byHand)].map((one) => ({ ...one, lots: known(one) })),
    lapsed: Object.entries(lapsed).map(([currency, tree]) => ({
      currency,
      lots: [...items(lapsedBy, tree)],
    })),
    firstAt,
    limits: limitsHeld(limits),
    tiers: tiersHeld(tiers),
    carried: Object.entries(left).map(([rule, carries]) => ({ rule, carries })),
    rewards: rewards === undefined ? null : rewardsHeld(rewards),
  }
}

interface HandOverCommand {
  readonly to: string
  readonly transfer: string
  readonly estate: unknown
}
interface TakeOverCommand {
  readonly from: string
  readonly transfer: string
  readonly estate: unknown
}

/** One account handed over to another, whole. */
export function mergingSection(agreement: Agreement): Section {
  const { id, currencies } = agreement

  function handOver(state: PointsState, told: Told): Decision {
    const { to, transfer, estate: planned } = told.data as HandOverCommand
    if (to === told.subject) return refused({ code: 'to-itself' })
    const estate = estateOf(state)
    if (canonical(estate) !== canonical(planned)) return refused({ code: 'not-as-planned' })
    const books = currencies.flatMap(({ currency }) => {
      const book = state.books[currency]!
      const { deficit } = book.lots
      const moves: readonly Move[] = [
        ...leaving(book, 'transferred', true),
        ...comingBack(estate, currency, 'out'),
        ...(deficit > 0 ? ([{ from: 'transferred', to: 'deficit', amount: deficit }] as const) : []),
      ]
      return moves.length === 0 ? [] : [{ currency, moves }]
    })
    return accepted(`${id}/handed-over`, { to, transfer, books, estate, command: told.id })
  }

  function takeOver(state: PointsState, told: Told): Decision {
    const { from, transfer, estate } = told.data as TakeOverCommand
    if (from === told.subject) return refused({ code: 'to-itself' })
    if (!isEstate(estate, agreement)) return refused({ code: 'malformed-parts' })
    return takingOver(agreement, state, told, { from, transfer, estate })
  }

  return {
    commands: {
      'hand-over': { to: { type: 'text' }, transfer: { type: 'text' }, estate: { type: 'detail' } },
      'take-over': { from: { type: 'text' }, transfer: { type: 'text' }, estate: { type: 'detail' } },
    },
    decide: { 'hand-over': handOver, 'take-over': takeOver },
  }
}

/** Moves that take along what was spent and what expired, and may come back: to another account, or from one. */
function comingBack({ redemptions, lapsed }: Estate, currency: string, way: 'out' | 'in'): readonly Move[] {
  const spent = redemptions
    .filter((one) => one.currency === currency)
    .reduce((sum, { points, refunded }) => sum + points - refunded, 0)
  const expired = total(lapsed.find((one) => one.currency === currency)?.lots ?? [])
  const places = [
    { place: 'redeemed', amount: spent },
    { place: 'expired', amount: expired },
  ] as const
  return places
    .filter(({ amount }) => amount > 0)
    .map(({ place, amount }) =>
      way === 'out' ? { from: place, to: 'transferred', amount } : { from: 'transferred', to: place, amount },
    )
}

/** What becomes of an account that takes another over, or itself back. */
export function takingOver(
  agreement: Agreement,
  state: PointsState,
  { occurredAt }: Told,
  { from, transfer, estate, reopens }: Pick<TakenOverData, 'from' | 'transfer' | 'estate' | 'reopens'>,
): Decision {
  const { id, rules, tiering } = agreement
  const admission = admitted(state, from, estate)
  const joined = tiering && joinedTiers(tiering, state.tiers, estate.tiers, state.books, occurredAt)
  const data: TakenOverData = {
    ...{ from, transfer, ...admission },
    ...(reopens && { reopens }),
    ...(joined && { tiers: joined.tiers }),
  }
  const tiers = (joined?.decisions ?? []).map(({ kind, data, original }): Draft => {
    const type = `${id}/${kind}`
    return original < occurredAt ? { type, data, effectiveAt: original } : { type, data }
  })
  return { events: [{ type: `${id}/taken-over`, data }, ...whole(), ...tiers] }

  /** Fractions of a point that were left over in both accounts and make a whole one together. */
  function whole(): readonly Draft[] {
    const drafts: Draft[] = []
    let after = takenOver(state, { occurredAt, data }, state.tracks)
    for (const { rule, currency, denominator: of, terms } of rules) {
      const left = after.carried[rule] ?? 0
      if (left < of) continue
      const points = Math.floor(left / of)
      const reason = { code: 'corrected', carries: left - points * of } as const
      const issue = issuedData(after, { points, currency, rule, reason }, terms(after, occurredAt))
      drafts.push({ type: `${id}/earned`, data: issue })
      after = { ...after, books: booksAfter(after.books, currency, issue.moves) }
    }
    return drafts
  }
}

/** What is recorded of an estate that comes in. */
export interface Admitted {
  readonly books: readonly {
    readonly currency: string
    readonly issued: number
    readonly moves: readonly Move[]
  }[]
  /** Under the numbers and names that they have here. */
  readonly estate: Estate
}

/**
 * An estate under the numbers of the account that takes it over: its lots are numbered on from those that there are, ids
 * that are taken get the name of the account before them.
 */
function admitted(state: PointsState, from: string, estate: Estate): Admitted {
  const offsets = new Map(estate.books.map(({ currency }) => [currency, state.books[currency]!.lots.issued]))
  const moved = (parts: readonly LotPart[], currency: string) =>
    parts.map((part) => ({ ...part, lot: part.lot + offsets.get(currency)! }))
  const taken = (name: string): boolean =>
    get(redemptionsBy, state.redemptions, name) !== undefined ||
    get(byHandId, state.holder?.byHand ?? null, name) !== undefined ||
    get(claimsBy, state.rewards?.claims ?? null, name) !== undefined ||
    Object.values(state.books).some((book) => reservationIn(book, name) !== undefined)
  const nameOf = (name: string): string => {
    let free = name
    while (taken(free)) free = `${from}>${free}`
    return free
  }
  const here: Estate = {
    books: estate.books.map((book) => ({
      ...book,
      lots: moved(book.lots, book.currency),
      reserved: book.reserved.map((one) => ({
        ...one,
        id: nameOf(one.id),
        parts: moved(one.parts, book.currency),
      })),
    })),
    origins: estate.origins.map((one) => ({ ...one, lots: moved(one.lots, one.currency) })),
    redemptions: estate.redemptions.map((one) => ({
      ...one,
      id: nameOf(one.id),
      lots: moved(one.lots, one.currency),
    })),
    byHand: estate.byHand.map((one) => ({ ...one, id: nameOf(one.id), lots: moved(one.lots, one.currency) })),
    lapsed: estate.lapsed.map(({ currency, lots }) => ({
      currency,
      lots: lots.map((one) => ({ ...one, lot: one.lot + offsets.get(currency)! })),
    })),
    firstAt: estate.firstAt,
    limits: estate.limits,
    tiers: estate.tiers,
    carried: estate.carried,
    rewards: estate.rewards && {
      ...estate.rewards,
      claims: estate.rewards.claims.map((one) => ({ ...one, id: nameOf(one.id) })),
    },
  }
  const books = here.books.map(({ currency, deficit, lots, reserved }) => {
    const book = state.books[currency]!
    const waiting = lots.filter(({ confirmsAt }) => confirmsAt !== undefined)
    const ready = lots.filter(({ confirmsAt }) => confirmsAt === undefined)
    const arriving: readonly Move[] = [
      ...movesOf('transferred', 'pending', waiting),
      ...crediting(book, 'transferred', ready),
      ...reserved.flatMap(({ id, until, parts }) =>
        movesOf('transferred', 'reserved', parts, id).map((move) =>
          until === null ? move : { ...move, until },
        ),
      ),
    ]
    const owing =
      deficit === 0 ? [] : charging('transferred', planSpending(post(book, arriving).lots, deficit), deficit)
    const { issued } = estate.books.find((one) => one.currency === currency)!
    return {
      currency,
      issued: offsets.get(currency)! + issued,
      moves: [...arriving, ...owing, ...comingBack(here, currency, 'in')],
    }
  })
  return { books, estate: here }
}
