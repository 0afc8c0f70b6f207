import { checkName, fault, reading } from '../../kernel/errors.js'
import type { Calendar, Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { expiriesIn, expiringAt } from '../../ledger/index.js'
import type { PointsState } from '../account.js'

const STATE = 'an account of points, the of of its journal'

/** Points of an account that end at one instant. */
export interface ComingExpiry {
  readonly currency: string
  /** First instant at which they can no longer be spent. */
  readonly at: Instant
  readonly points: number
}

/** Points of an account that end in one month. */
export interface MonthOfExpiry {
  readonly currency: string
  /** The local month on whose dates they can be spent for the last time, `YYYY-MM`. */
  readonly month: string
  readonly points: number
}

/**
 * How many points that can be spent now have ended at an instant, if none of them is spent and nothing else happens: no
 * activity, nothing confirmed. What is pending or reserved is not among them. One walk down a tree, whatever the account holds.
 *
 * @param state - The account, `of` of its journal, settled up to now by `advance`.
 * @throws DefinitionError `unknown-name` for a currency that the account does not have, `invalid-instant`, `malformed-state`.
 * @example
 * expiringBy(account.of, 'points', instant('2027-01-01T00:00:00+08:00'))
 */
export function expiringBy(state: PointsState, currency: string, at: Instant): number {
  checkInstant(at, '$.at')
  return reading('malformed-state', '$.state', state, STATE, () => {
    checkName(Object.keys(state.books), currency, '$.currency')
    return expiringAt(state.books[currency]!.lots, at)
  })
}

/**
 * What ends from an instant up to, but without, another, by instant, the first first; of several currencies at one
 * instant in the order of the definition. As `expiringBy`, what can be spent now; its cost is what it lists.
 *
 * @throws DefinitionError `invalid-instant`, `malformed-state`; `out-of-range` where it ends before it begins.
 * @example
 * expiries(account.of, now, calendar.add(now, { years: 1 }))
 */
export function expiries(state: PointsState, from: Instant, to: Instant): readonly ComingExpiry[] {
  checkInstant(from, '$.from')
  checkInstant(to, '$.to')
  if (to < from) throw fault('out-of-range', '$.to', to, 'no earlier than from')
  return reading('malformed-state', '$.state', state, STATE, () => {
    const found: ComingExpiry[] = []
    const currencies = Object.keys(state.books)
    for (const currency of currencies)
      for (const { at, amount } of expiriesIn(state.books[currency]!.lots, from, to))
        found.push({ currency, at, points: amount })
    return currencies.length === 1 ? found : found.sort((a, b) => a.at - b.at)
  })
}

/**
 * `expiries` by the local month of the last date on which points can be spent.
 *
 * @example
 * expiriesByMonth(account.of, calendarOf({ zone: 'Asia/Shanghai' }), now, nextYear)
 */
export function expiriesByMonth(
  state: PointsState,
  calendar: Calendar,
  from: Instant,
  to: Instant,
): readonly MonthOfExpiry[] {
  const months: { currency: string; month: string; points: number }[] = []
  const last = new Map<string, { currency: string; month: string; points: number }>()
  for (const { currency, at, points } of expiries(state, from, to)) {
    const month = calendar.localMonth(at - 1)
    const open = last.get(currency)
    if (open?.month === month) open.points += points
    else {
      const next = { currency, month, points }
      last.set(currency, next)
      months.push(next)
    }
  }
  return months
}
