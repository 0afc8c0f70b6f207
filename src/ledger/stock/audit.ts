import type { AnyEvent, AuditFinding, Instant } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import { audited } from '../audit.js'
import type { LapsedPart } from './events.js'
import {
  availableIn,
  endingsBy,
  type Reservation,
  reservationIn,
  reservationsBy,
  type StockState,
} from './holdings.js'
import type { StockTerms } from './terms.js'
import { ALL, NEVER, usesAt } from './uses.js'

/** What is always true of a stock. */
export type StockInvariant =
  /** Totals are whole and not below zero, and no more was withdrawn than came in. */
  | 'totals-possible'
  /** What is reserved and used is no more than what came in and was not withdrawn. */
  | 'never-oversold'
  /** What is reserved in all is what the reservations hold; what is used is no less than what they say. */
  | 'reserved-true'
  /** A reservation holds whole units; it is over when it holds none, and is remembered from then on. */
  | 'reservations-true'
  /** Nothing is set aside at or after its end. */
  | 'nothing-overdue'
  /** What ends by itself, or is forgotten some day, stands by when it does. */
  | 'ends-indexed'
  /** Sequences are in order, and their sums are those of what they hold. */
  | 'sequences-true'
  /** What counts against a limit is no less than the reservations that do, and no more than the limit. */
  | 'limits-counted'
  /** A stock was closed at an instant that has been. */
  | 'closed-in-time'
  /** Of an event: an amount that there is; of what lapses, that of its reservations. */
  | 'amounts-told'
  /** Of an event: it takes no more than there is. */
  | 'no-more-than-there'
  /** Of an event: a reservation is made once while it is remembered. */
  | 'once'
  /** Of an event: what it is about is there. */
  | 'known'
  /** Of an event: nothing comes in, is withdrawn or reserved once the stock is closed. */
  | 'closed-for-good'

type Finding = AuditFinding<StockInvariant>
type Find = (invariant: StockInvariant, path: string, found: unknown, expected: number | string) => void

const isCount = (value: unknown, least = 0): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least

function collector() {
  const findings: Finding[] = []
  const find: Find = (invariant, path, found, expected) => {
    findings.push({ invariant, path, found: typeof found === 'number' ? found : String(found), expected })
  }
  return { findings, find }
}

/** What does not hold of a stock for which time has passed by an instant. */
export function auditStock(state: StockState, at: Instant, { limits }: StockTerms): readonly Finding[] {
  const { findings, find } = collector()
  const { restocked, withdrawn, reserved, committed, closedAt } = state
  for (const [name, total] of Object.entries({ restocked, withdrawn, reserved, committed }))
    if (!isCount(total)) find('totals-possible', `$.${name}`, total, 'a whole number from 0')
  if (withdrawn > restocked) find('totals-possible', '$.withdrawn', withdrawn, `at most ${restocked}`)
  if (reserved + committed > restocked - withdrawn)
    find('never-oversold', '$', reserved + committed, `at most ${restocked - withdrawn}`)
  if (closedAt !== null && !(closedAt <= at)) find('closed-in-time', '$.closedAt', closedAt, `at most ${at}`)

  const known = audited(reservationsBy, state.reservations, '.reservations')
  const lapsing = audited(endingsBy, state.lapsing, '.lapsing')
  const over = audited(endingsBy, state.over, '.over')
  for (const { fault } of [known, lapsing, over])
    if (fault !== undefined) find('sequences-true', `$${fault[0]}`, fault[1], fault[2])
  const held = known.list.reduce((sum, one) => sum + one.reserved, 0)
  if (held !== reserved) find('reserved-true', '$.reserved', reserved, held)
  const used = known.list.reduce((sum, one) => sum + one.committed, 0)
  if (used > committed) find('reserved-true', '$.committed', committed, `${used} or more`)
  for (const [i, one] of known.list.entries()) auditReservation(one, `$.reservations[${i}]`)
  const ends = known.list.filter(({ until, reserved }) => until !== null && reserved > 0).length
  if (lapsing.list.length !== ends) find('ends-indexed', '$.lapsing', lapsing.list.length, ends)
  auditLimits()
  return findings

  function auditReservation(one: Reservation, path: string): void {
    const { id, until, overSince, keptUntil } = one
    for (const name of ['reserved', 'committed'] as const)
      if (!isCount(one[name]))
        find('reservations-true', `${path}.${name}`, one[name], 'a whole number from 0')
    const isOver = one.reserved === 0
    if ((overSince !== null) !== isOver || (overSince !== null && overSince > at))
      find('reservations-true', `${path}.overSince`, String(overSince), isOver ? `at most ${at}` : 'null')
    if ((keptUntil !== null) !== isOver)
      find('reservations-true', `${path}.keptUntil`, String(keptUntil), isOver ? 'an instant' : 'null')
    if (isOver) {
      if (keptUntil !== null && get(endingsBy, state.over, [keptUntil, id]) === undefined)
        find('ends-indexed', '$.over', 'no end of a reservation', `one at ${keptUntil}`)
    } else if (until !== null) {
      if (until <= at) find('nothing-overdue', `${path}.until`, until, `after ${at}`)
      const end = get(endingsBy, state.lapsing, [until, id])
      if (end?.[2] !== one.reserved)
        find('ends-indexed', '$.lapsing', end?.[2] ?? 'no end of a reservation', one.reserved)
    }
  }

  function auditLimits(): void {
    for (const { limit, code, most } of limits) {
      const counted = usesAt(state.uses[limit]!, at)
      const wanted = new Map<string, number>()
      for (const { holder, leaves, until, reserved, committed } of known.list) {
        const leavesAt = leaves[limit]
        if (leavesAt === undefined) continue
        const who = code === 'holder-limit' ? holder : ALL
        const stays = (leavesAt ?? NEVER) > at ? committed : 0
        const holds = Math.min(leavesAt ?? NEVER, until ?? NEVER) > at ? reserved : 0
        wanted.set(who, (wanted.get(who) ?? 0) + stays + holds)
      }
      for (const [who, amount] of wanted) {
        const is = counted.get(who) ?? 0
        if (is < amount) find('limits-counted', `$.uses.${limit}`, is, `${amount} or more`)
      }
      for (const amount of counted.values())
        if (!(isCount(amount) && amount <= most))
          find('limits-counted', `$.uses.${limit}`, amount, `a whole number up to ${most}`)
    }
  }
}

interface Told {
  readonly amount?: number | string
  readonly reservation?: string
  readonly reservations?: readonly LapsedPart[]
}

/** What shows that an event could not have been decided in this state. */
export function auditStockEvent(
  state: StockState,
  { type, occurredAt: at, data }: AnyEvent,
  { id, units }: Pick<StockTerms, 'id' | 'units'>,
): readonly Finding[] {
  if (!type.startsWith(`${id}/`)) return []
  const kind = type.slice(id.length + 1)
  const { findings, find } = collector()
  const told = data as Told
  if (state.closedAt !== null && ['restocked', 'withdrawn', 'reserved', 'closed'].includes(kind))
    find('closed-for-good', '$', 'a closed stock', 'an open one')
  if (kind === 'closed') return findings
  const amount = units(told.amount)
  if (!isCount(amount, 1)) {
    find('amounts-told', '$.data.amount', 'no amount', 'an amount above 0')
    return findings
  }
  const atMost = (there: number) => {
    if (amount > there) find('no-more-than-there', '$.data.amount', amount, `at most ${there}`)
  }
  const known = reservationIn(state, told.reservation ?? '', at)
  switch (kind) {
    case 'withdrawn':
      atMost(availableIn(state))
      break
    case 'reserved':
      atMost(availableIn(state))
      if (known !== undefined)
        find('once', '$.data.reservation', 'a reservation that was made before', 'a new one')
      break
    case 'committed':
    case 'released':
    case 'given-back':
      if (known === undefined)
        find('known', '$.data.reservation', 'a reservation of nothing', 'one that is remembered')
      else atMost(kind === 'given-back' ? known.committed : known.reserved)
      break
    case 'lapsed': {
      const parts = told.reservations ?? []
      const sum = parts.reduce((all, { units }) => all + units, 0)
      if (sum !== amount) find('amounts-told', '$.data.amount', amount, sum)
      for (const [i, { reservation, units }] of parts.entries()) {
        const path = `$.data.reservations[${i}]`
        const { reserved = 0 } = get(reservationsBy, state.reservations, reservation) ?? {}
        if (reserved === 0) find('known', `${path}.reservation`, 'a reservation of nothing', 'an open one')
        else if (units !== reserved) find('no-more-than-there', `${path}.units`, units, reserved)
      }
    }
  }
  return findings
}
