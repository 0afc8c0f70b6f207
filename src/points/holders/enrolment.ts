import { checkKeys, checkName, checkRecord } from '../../kernel/errors.js'
import {
  type AnyEvent,
  type Due,
  type EventSpecs,
  type Instant,
  matcherOf,
  type Track,
} from '../../kernel/index.js'
import { insert } from '../../kernel/sorted.js'
import {
  type Book,
  type LotPart,
  type Move,
  movesOf,
  openLots,
  openReservations,
} from '../../ledger/index.js'
import { type Owed, originKey, originsBy, type PointsState, total } from '../account.js'
import type { Agreed } from '../definition.js'
import { noShare } from '../events.js'
import type { Owing } from '../owing.js'
import { type Agreement, type Decision, refused, type Section, type Told } from '../section.js'
import { byArrival, type Holder, noHolder } from './holder.js'

/** How somebody comes to hold an account. */
export interface EnrolmentRule<T extends string = string> {
  /** The event of the subject that enrols; the command `enrol` does so too, and alone where none is named. */
  readonly on?: T
  /** What becomes of what happened before: nothing, or it earns when its subject enrols, as of then. Ignored unless told. */
  readonly before?: 'ignored' | 'earned-at-enrolment'
  /** Whether a closed account may be opened again. It may unless told. */
  readonly again?: 'allowed' | 'refused'
}

/** `at-once`: with the first thing that happens; then only closing and `enrolledAt` are of use. */
export type Enrolment<T extends string = string> = 'at-once' | EnrolmentRule<T>

/** What a type or a schema cannot know of it. */
export function checkEnrolment({ enrolment }: Agreed, events: EventSpecs): void {
  if (enrolment === undefined || enrolment === 'at-once') return
  checkRecord(enrolment, '$.enrolment')
  checkKeys(enrolment, ['on', 'before', 'again'], '$.enrolment')
  const { on, before = 'ignored', again = 'allowed' } = enrolment
  if (on !== undefined) checkName(Object.keys(events), on, '$.enrolment.on')
  checkName(['ignored', 'earned-at-enrolment'], before, '$.enrolment.before')
  checkName(['allowed', 'refused'], again, '$.enrolment.again')
}

/** Who takes part, and what that changes. */
export interface Membership {
  readonly section: Section
  /** Whether all that happens counts: nobody has to enrol, or somebody has, and the account is open. */
  takesPart(state: PointsState): boolean
  /** A decision about a command, where the account takes no part. */
  outside(state: PointsState, word: string, told: Told, decide: () => Decision): Decision
  /** What a fact does to an account that takes no part. */
  heard(state: PointsState, event: AnyEvent, subject: string, tracks: readonly Track[]): PointsState
  /** The enrolment that an event of this instant has brought about. */
  next(state: PointsState, at: Instant): Due | undefined
}

/** What still can be said to an account that is closed. */
const AFTER_CLOSING = ['refund', 'reverse', 'enrol']

export function membershipOf(
  { id, agreed, currencies }: Agreement,
  events: EventSpecs,
  owing: Owing,
): Membership {
  const { enrolment } = agreed
  const rule: EnrolmentRule = enrolment === undefined || enrolment === 'at-once' ? {} : enrolment
  const { before = 'ignored', again = 'allowed' } = rule
  const matches = rule.on === undefined ? undefined : matcherOf({ event: rule.on }, events)

  const takesPart = ({ holder }: PointsState): boolean =>
    holder === null
      ? enrolment === undefined
      : holder.closedAt === null && (enrolment === undefined || holder.enrolledAt !== null)

  function enrol({ holder }: PointsState, { data, occurredAt }: Told): Decision {
    const { at = occurredAt } = data as { readonly at?: Instant }
    if (holder !== null && holder.closedAt !== null) {
      if (again === 'refused') return refused({ code: 'account-closed' })
    } else if (holder !== null && holder.enrolledAt !== null) return refused({ code: 'already-enrolled' })
    if (at > occurredAt) return refused({ code: 'enrols-later' })
    return { events: [{ type: `${id}/enrolled`, data: { enrolledAt: at } }] }
  }

  function close(state: PointsState, { id: command, data }: Told): Decision {
    const { reason, points } = data as { readonly reason: string; readonly points: 'forfeit' | 'pay-out' }
    const drafts: { type: string; data: object }[] = []
    let paid = 0
    for (const { currency, kind } of currencies) {
      const book = state.books[currency]!
      const paysOut = points === 'pay-out' && kind === 'spendable'
      const out = paysOut ? leaving(book, 'redeemed', false) : []
      if (out.length > 0) {
        const redemption = paid === 0 ? command : `${command}>${currency}`
        paid += 1
        drafts.push({
          type: `${id}/redeemed`,
          data: { points: total(out), currency, redemption, moves: out },
        })
      }
      const lost = leaving(book, 'forfeited', true).filter(({ from }) => !paysOut || from === 'pending')
      if (lost.length > 0)
        drafts.push({ type: `${id}/forfeited`, data: { points: total(lost), currency, moves: lost } })
    }
    return { events: [...drafts, { type: `${id}/closed`, data: { reason, points } }] }
  }

  function heard(
    state: PointsState,
    event: AnyEvent,
    subject: string,
    tracks: readonly Track[],
  ): PointsState {
    const holder = state.holder ?? noHolder
    const closed = holder.closedAt !== null
    const enrols =
      enrolment === 'at-once' && !closed
        ? Object.hasOwn(events, event.type)
        : matches?.(event, subject) === true && (!closed || again === 'allowed')
    const known = holder.earlyOrigins === null ? state : { ...state, origins: holder.earlyOrigins }
    const brought = owing.broughtAbout(closed ? state : known, event, subject)
    if (!enrols && !closed) {
      if (before === 'ignored' || brought.length === 0)
        return tracks === state.tracks ? state : { ...state, tracks }
      return {
        ...state,
        holder: brought.reduce((next, owed) => withEarly(next, owed, event), holder),
        tracks,
      }
    }
    const mine = enrols ? brought : brought.filter(isOfThePast)
    const stale = state.owedAt !== event.occurredAt
    if (!enrols && mine.length === 0 && tracks === state.tracks && (!stale || state.owed.length === 0))
      return state
    const owed = stale ? mine : [...state.owed, ...mine]
    const enrolling = { at: event.occurredAt, event: event.id }
    return {
      ...state,
      owed,
      owedAt: event.occurredAt,
      holder: enrols && holder.enrolling?.at !== event.occurredAt ? { ...holder, enrolling } : state.holder,
      tracks,
    }
  }

  return {
    section: {
      commands: {
        enrol: { at: { type: 'instant', required: false } },
        close: { reason: { type: 'text' }, points: { type: 'text', oneOf: ['forfeit', 'pay-out'] } },
      },
      decide: { enrol, close },
    },
    takesPart,
    outside({ holder }, word, { occurredAt }, decide) {
      if (holder !== null && holder.closedAt !== null)
        return AFTER_CLOSING.includes(word) ? decide() : refused({ code: 'account-closed' })
      if (word === 'enrol') return decide()
      if (enrolment !== 'at-once') return refused({ code: 'not-enrolled' })
      const decision = decide()
      if ('refusal' in decision) return decision
      const enrolled = { type: `${id}/enrolled`, data: { enrolledAt: occurredAt } }
      return { events: [enrolled, ...decision.events] }
    },
    heard,
    next({ holder }, at) {
      if (holder === null || holder.enrolling === null || holder.enrolling.at !== at) return undefined
      const { event } = holder.enrolling
      const data = { enrolledAt: at, event }
      return { at, make: () => ({ type: `${id}/enrolled`, rule: `enrolled<${event}`, data }) }
    },
  }
}

/** Every move that empties a book: with what is pending, or without. */
export function leaving(
  book: Book,
  to: 'redeemed' | 'forfeited' | 'transferred',
  pending: boolean,
): readonly Move[] {
  const moves: Move[] = []
  for (const { remaining, ...lot } of openLots(book.lots)) {
    const part: LotPart = { ...lot, amount: remaining }
    if (part.confirmsAt === undefined) moves.push({ from: 'available', to, ...part })
    else if (pending) moves.push({ from: 'pending', to, ...part })
  }
  for (const { id, parts } of openReservations(book)) moves.push(...movesOf('reserved', to, parts, id))
  return moves
}

/** What is owed of what was, and not of what will be: it is settled with a closed account too. */
export const isOfThePast = (owed: Owed): boolean => owed.do === 'claw-back' || owed.do === 'unmatched'

/** Keeps what an event would have brought about, and where it would have been found. */
function withEarly(holder: Holder, owed: Owed, { occurredAt }: AnyEvent): Holder {
  const kept = {
    ...holder,
    heard: holder.heard + 1,
    early: insert(byArrival, holder.early, { at: holder.heard, owed }),
  }
  if (owed.do !== 'earn') return kept
  const { rule, origin } = owed
  const one = {
    key: originKey(rule, origin),
    rule,
    origin,
    currency: '',
    at: occurredAt,
    share: noShare,
    lots: [],
  }
  return { ...kept, earlyOrigins: insert(originsBy, holder.earlyOrigins, one) }
}
