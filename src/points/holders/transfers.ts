import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { checkDuration, type Duration, type Field, type Instant, isInstant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { sumThrough } from '../../kernel/sorted.js'
import {
  crediting,
  type LotPart,
  type Lots,
  movesOf,
  openLots,
  planSpending,
  spendableIn,
} from '../../ledger/index.js'
import { endIn } from '../../ledger/lots.js'
import { type PointsState, total } from '../account.js'
import { currenciesOf, rankIn } from '../currency.js'
import type { Agreed } from '../definition.js'
import {
  type Agreement,
  accepted,
  type Decision,
  notPositive,
  refused,
  type Section,
  type Told,
} from '../section.js'
import { fits, keptAs } from './adjusting.js'
import { bySent } from './holder.js'

/** How holders give points to each other. */
export interface TransferPolicy<C extends string = string> {
  /** Whether points keep their end when they are given away, or last as long as if they were earned then. Kept unless told. */
  readonly expiry?: 'kept' | 'reset'
  /** Which can be given away; every spendable one unless told. */
  readonly currencies?: readonly C[]
  /** The most that one account gives away within so long, of each currency. */
  readonly limit?: { readonly points: number; readonly within: Duration }
}

/** What a household, or whoever shares an account, has agreed on. */
export interface PoolPolicy {
  /** The role in which the pool hears what its members do: what rules with that role earn belongs to whom the event is of. */
  readonly earnAs?: string
}

/** What a type or a schema cannot know of them. */
export function checkTransfers(agreed: Agreed): void {
  const { transfers, pools } = agreed
  if (transfers !== undefined) {
    checkRecord(transfers, '$.transfers')
    checkKeys(transfers, ['expiry', 'currencies', 'limit'], '$.transfers')
    checkName(['kept', 'reset'], transfers.expiry ?? 'kept', '$.transfers.expiry')
    if (transfers.currencies !== undefined) {
      checkList(transfers.currencies, '$.transfers.currencies')
      const spendable = currenciesOf(agreed).flatMap((one) =>
        one.kind === 'spendable' ? [one.currency] : [],
      )
      for (const [i, name] of transfers.currencies.entries())
        checkName(spendable, name, `$.transfers.currencies[${i}]`)
    }
    if (transfers.limit !== undefined) {
      const { points, within } = transfers.limit
      if (!(Number.isSafeInteger(points) && points >= 0))
        throw fault('out-of-range', '$.transfers.limit.points', points, 'a whole number of points, 0 or more')
      checkDuration(within, '$.transfers.limit.within')
    }
  }
  if (pools === undefined) return
  checkRecord(pools, '$.pools')
  checkKeys(pools, ['earnAs'], '$.pools')
  if (pools.earnAs === undefined) return
  const roles = agreed.earning.flatMap(({ as }) => (as === undefined ? [] : [as]))
  if (roles.length > 0) checkName(roles, pools.earnAs, '$.pools.earnAs')
  else
    throw fault(
      'unknown-name',
      '$.pools.earnAs',
      pools.earnAs,
      'the `as` of an earning rule; no rule has one',
    )
}

/** Whose points of a pool a part of a lot is; nobody's by name where it came by itself. */
const memberOf = ({ of }: Pick<LotPart, 'of'>): string | undefined => of?.[2]

/** What can be spent and belongs to a member, as it would reach another account. */
export function partsOfMember(lots: Lots, member: string): readonly LotPart[] {
  const parts: LotPart[] = []
  for (const { remaining, ...lot } of openLots(lots))
    if (lot.confirmsAt === undefined && memberOf(lot) === member) parts.push({ ...lot, amount: remaining })
  return parts
}

const WAYS = ['gift', 'pool-in', 'pool-out'] as const
type Way = (typeof WAYS)[number]

/** Points given to other holders, and received from them. */
export function transferSection(agreement: Agreement): Section {
  const { id, agreed, currencies, zone } = agreement
  const { expiry = 'kept', limit, currencies: allowed } = agreed.transfers ?? {}
  const names = currencies.flatMap((one) => (one.kind === 'spendable' ? [one.currency] : []))
  const currency: Field = { type: 'text', oneOf: names, required: false }
  const as: Field = { type: 'text', oneOf: WAYS, required: false }
  const within = limit && zone.adder(limit.within)
  const currencyOf = ({ data }: Told) => {
    const name = (data as { readonly currency?: string }).currency
    return currencies.find((one) => one.currency === (name ?? names[0]))
  }

  function send(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const { to, points, parts: wanted, transfer, as = 'gift' } = told.data as SendData
    if (to === told.subject) return refused({ code: 'to-itself' })
    const found = currencyOf(told)
    if (found === undefined || (as === 'gift' && allowed !== undefined && !allowed.includes(found.currency)))
      return refused({ code: 'not-transferable' })
    const { currency } = found
    const { lots } = state.books[currency]!
    const available = spendableIn(lots)
    if (available < points) return refused({ code: 'insufficient-points', requested: points, available })
    const parts = wanted === undefined ? planSpending(lots, points) : named(lots, wanted)
    if (parts === undefined || total(parts) !== points) return refused({ code: 'unknown-lot' })
    if (as === 'pool-out' && parts.some((part) => memberOf(part) !== to))
      return refused({ code: 'unknown-lot' })
    const counts = as === 'gift' ? within?.(told.occurredAt) : undefined
    if (counts !== undefined) {
      const left = limit!.points - sentWithin(state, currency, told.occurredAt)
      if (points > left) return refused({ code: 'transfer-limit-exceeded', requested: points, left })
    }
    if (!fits(state, currency, -points, 'sent')) return refused({ code: 'balance-out-of-range' })
    const data = { points, currency, to, transfer, as, ...keptAs(agreement, told) }
    const moves = movesOf('available', 'transferred', parts)
    return accepted(`${id}/sent`, {
      ...data,
      parts: carried(parts, lots),
      moves,
      ...(counts !== undefined && { countsUntil: counts }),
    })
  }

  function receive(state: PointsState, told: Told): Decision {
    const { from, parts: given, transfer, as = 'gift' } = told.data as ReceiveData
    if (from === told.subject) return refused({ code: 'to-itself' })
    const found = currencyOf(told)
    if (found === undefined) return refused({ code: 'not-transferable' })
    const wanted = partsIn(given)
    if (wanted === undefined) return refused({ code: 'malformed-parts' })
    const { currency } = found
    const book = state.books[currency]!
    const points = total(wanted)
    if (!fits(state, currency, points, 'received')) return refused({ code: 'balance-out-of-range' })
    const reset = as === 'gift' && expiry === 'reset'
    const of = as === 'pool-in' ? ['', '', from] : undefined
    const parts = wanted.map((part, i): LotPart => {
      const lot: { -readonly [N in keyof LotPart]: LotPart[N] } = {
        lot: book.lots.issued + i,
        amount: part.amount,
        expiresAt: reset ? found.expiresAt(state, told.occurredAt) : part.expiresAt,
        ...(reset || part.rank === undefined || found.spend === 'soonest-expiry'
          ? rankIn(found, told.occurredAt, part.rank ?? 0)
          : { rank: part.rank }),
      }
      if (of !== undefined) lot.of = of
      return lot
    })
    const moves = crediting(book, 'transferred', parts)
    const data = { points, currency, from, transfer, as, ...keptAs(agreement, told) }
    return accepted(`${id}/received`, { ...data, parts, moves })
  }

  const part: Field = { type: 'detail' }
  return {
    commands: {
      send: {
        to: { type: 'text' },
        points: { type: 'integer' },
        currency,
        parts: { ...part, required: false },
        transfer: { type: 'text' },
        as,
      },
      receive: { from: { type: 'text' }, parts: part, currency, transfer: { type: 'text' }, as },
    },
    decide: { send, receive },
  }
}

interface SendData {
  readonly to: string
  readonly points: number
  readonly parts?: unknown
  readonly transfer: string
  readonly as?: Way
}
interface ReceiveData {
  readonly from: string
  readonly parts: unknown
  readonly transfer: string
  readonly as?: Way
}

/** How much of a currency was given away within the time that the limit counts. */
function sentWithin({ holder }: PointsState, currency: string, now: Instant): number {
  const sent = holder?.sent[currency] ?? null
  return sent === null ? 0 : sent.sum - sumThrough(bySent, sent, [now, '\u{10ffff}'])
}

/** Parts under the terms on which they leave: what activity put off stays put off. */
export const carried = (parts: readonly LotPart[], lots: Lots): readonly LotPart[] =>
  lots.notBefore === null ? parts : parts.map((part) => ({ ...part, expiresAt: endIn(lots, part.expiresAt) }))

/** The parts that a caller names, as they lie in the lots; none where one is not there. */
function named(lots: Lots, wanted: unknown): readonly LotPart[] | undefined {
  const asked = partsIn(wanted)
  if (asked === undefined) return undefined
  const open = [...asked]
  const parts: LotPart[] = []
  for (const { remaining, ...lot } of openLots(lots)) {
    if (lot.confirmsAt !== undefined) continue
    const [{ expiresAt }] = carried([{ ...lot, amount: remaining }], lots) as [LotPart]
    const place = open.findIndex((one) => one.lot === lot.lot && one.expiresAt === expiresAt)
    if (place < 0 || open[place]!.amount > remaining) continue
    const [{ amount }] = open.splice(place, 1) as [LotPart]
    parts.push({ ...lot, amount })
  }
  return open.length === 0 ? parts : undefined
}

/** Parts of lots as a caller says them; none where that is no list of them. */
function partsIn(value: unknown): readonly LotPart[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every(isPart) && Number.isSafeInteger(total(value))
    ? value
    : undefined
}

/** Whether a value says so many points of a lot, with their terms. */
export const isPart = (value: unknown): value is LotPart =>
  isRecord(value) &&
  count(value['amount']) &&
  value['amount'] > 0 &&
  count(value['lot']) &&
  (value['expiresAt'] === null || isInstant(value['expiresAt'])) &&
  (value['rank'] === undefined || Number.isFinite(value['rank'])) &&
  (value['confirmsAt'] === undefined || value['confirmsAt'] === null || isInstant(value['confirmsAt'])) &&
  (value['of'] === undefined ||
    (Array.isArray(value['of']) && value['of'].every((one) => typeof one === 'string')))

/** Whether a value is a whole number, 0 or more. */
export const count = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0
