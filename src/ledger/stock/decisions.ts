import type { AnyEvent, Draft, Instant } from '../../kernel/index.js'
import type { StockRefusal } from './events.js'
import { availableIn, reservationIn, type StockState } from './holdings.js'
import { leavesOf, shortage, unsummable } from './limits.js'
import type { StockTerms } from './terms.js'

interface CommandData {
  readonly amount?: number | string
  readonly holder?: string
  readonly until?: Instant
  readonly reservation?: string
  readonly reason?: string
}

type Decision = { readonly events: readonly Draft[] } | { readonly refusal: StockRefusal }
const refused = (refusal: StockRefusal): Decision => ({ refusal })
type Told = Pick<AnyEvent, 'id' | 'type' | 'occurredAt' | 'data'>

/** How the commands of a stock are decided. */
export function stockDecisions(terms: StockTerms): (state: StockState, command: Told) => Decision {
  const { id, units, shown, money, partialCommit, holds, keeps } = terms
  const draft = (kind: string, data: object): Draft => ({ type: `${id}/${kind}`, data })
  const events = (...drafts: readonly Draft[]): Decision => ({ events: drafts })

  function decide(state: StockState, command: Told): Decision {
    const { type, occurredAt: at } = command
    const data = command.data as CommandData
    const amount = data.amount === undefined ? undefined : units(data.amount)!
    if (amount !== undefined && amount <= 0)
      return refused({ code: 'amount-not-positive', amount: shown(amount), ...money })
    switch (type.slice(id.length + 1)) {
      case 'restock':
        return restock(state, amount!, data.reason!)
      case 'withdraw':
        return withdraw(state, amount!, data.reason!)
      case 'reserve':
        return reserve(state, amount!, command.id, data, at)
      case 'take':
        return take(state, amount!, command.id, data, at)
      case 'commit':
        return commit(state, data.reservation!, amount, at)
      case 'release':
        return release(state, data.reservation!, at)
      case 'give-back':
        return giveBack(state, data.reservation!, amount, at)
      default:
        return close(state, data.reason!)
    }
  }

  const closed = ({ closedAt }: StockState): Decision | undefined =>
    closedAt === null ? undefined : refused({ code: 'stock-closed', closedAt })

  function restock(state: StockState, amount: number, reason: string): Decision {
    const over = closed(state)
    if (over !== undefined) return over
    if (!Number.isSafeInteger(state.restocked + amount)) return refused({ code: 'stock-out-of-range' })
    return events(draft('restocked', { amount: shown(amount), reason }))
  }

  function withdraw(state: StockState, amount: number, reason: string): Decision {
    const over = closed(state)
    if (over !== undefined) return over
    const available = availableIn(state)
    if (amount > available)
      return refused({
        code: 'exceeds-available',
        requested: shown(amount),
        available: shown(available),
        ...money,
      })
    return events(draft('withdrawn', { amount: shown(amount), reason }))
  }

  /** Why so much cannot be set aside for a holder. */
  function unfit(
    state: StockState,
    amount: number,
    reservation: string,
    { holder, until }: CommandData,
    at: Instant,
  ): StockRefusal | undefined {
    if (holder === '') return { code: 'holder-missing' }
    if (state.closedAt !== null) return { code: 'stock-closed', closedAt: state.closedAt }
    if (reservationIn(state, reservation, at) !== undefined) return { code: 'reservation-exists' }
    if (until !== undefined && until <= at) return { code: 'until-passed', until }
    return shortage(terms, state, holder!, amount, at) ?? unsummable(terms, state, amount)
  }

  function reserve(
    state: StockState,
    amount: number,
    reservation: string,
    data: CommandData,
    at: Instant,
  ): Decision {
    const refusal = unfit(state, amount, reservation, data, at)
    if (refusal !== undefined) return refused(refusal)
    const { holder, until = holds?.(at) } = data
    const held = { reservation, holder, amount: shown(amount), leaves: leavesOf(terms, at) }
    return events(draft('reserved', until === undefined ? held : { ...held, until }))
  }

  function take(
    state: StockState,
    amount: number,
    reservation: string,
    data: CommandData,
    at: Instant,
  ): Decision {
    const refusal = unfit(state, amount, reservation, data, at)
    if (refusal !== undefined) return refused(refusal)
    const one = { reservation, holder: data.holder, amount: shown(amount) }
    return events(
      draft('reserved', { ...one, leaves: leavesOf(terms, at) }),
      draft('committed', { ...one, keptUntil: keeps(at) }),
    )
  }

  function commit(state: StockState, reservation: string, asked: number | undefined, at: Instant): Decision {
    const known = reservationIn(state, reservation, at)
    if (known === undefined) return refused({ code: 'unknown-reservation' })
    const { holder, reserved, overSince } = known
    if (overSince !== null) return refused({ code: 'reservation-over', overSince })
    const amount = asked ?? reserved
    if (amount > reserved)
      return refused({
        code: 'exceeds-reservation',
        requested: shown(amount),
        reserved: shown(reserved),
        ...money,
      })
    const used = { reservation, holder, amount: shown(amount) }
    if (amount === reserved) return events(draft('committed', { ...used, keptUntil: keeps(at) }))
    if (partialCommit === 'keep-rest') return events(draft('committed', used))
    const rest = { reservation, holder, amount: shown(reserved - amount), keptUntil: keeps(at) }
    return events(draft('committed', used), draft('released', rest))
  }

  function release(state: StockState, reservation: string, at: Instant): Decision {
    const known = reservationIn(state, reservation, at)
    if (known === undefined) return refused({ code: 'unknown-reservation' })
    const { holder, reserved, overSince } = known
    if (overSince !== null) return refused({ code: 'reservation-over', overSince })
    return events(draft('released', { reservation, holder, amount: shown(reserved), keptUntil: keeps(at) }))
  }

  function giveBack(
    state: StockState,
    reservation: string,
    asked: number | undefined,
    at: Instant,
  ): Decision {
    const known = reservationIn(state, reservation, at)
    if (known === undefined) return refused({ code: 'unknown-reservation' })
    const { holder, committed } = known
    const amount = asked ?? committed
    if (amount > committed || amount === 0)
      return refused({
        code: 'exceeds-committed',
        requested: shown(amount),
        committed: shown(committed),
        ...money,
      })
    return events(draft('given-back', { reservation, holder, amount: shown(amount) }))
  }

  function close(state: StockState, reason: string): Decision {
    return closed(state) ?? events(draft('closed', { reason, available: shown(availableIn(state)) }))
  }

  return decide
}
