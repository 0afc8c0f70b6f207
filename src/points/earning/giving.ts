import type { Field } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import { crediting } from '../../ledger/index.js'
import { originKey, originsBy, type PointsState, pendingUnder, total } from '../account.js'
import { termsOf } from '../currency.js'
import { keptAs } from '../holders/adjusting.js'
import {
  type Agreement,
  accepted,
  currencyIn,
  type Decision,
  notPositive,
  refused,
  type Section,
  type Told,
} from '../section.js'
import type { Earning } from './earning.js'
import { boundOf, issuedData } from './issuing.js'

/** Points given by hand, and what waits confirmed by hand. */
export function givingSection(agreement: Agreement): Section {
  const { id, currencies } = agreement
  const currency: Field = {
    type: 'text',
    oneOf: currencies.map((one) => one.currency),
    required: false,
  }

  function earn(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const { points, reason: text } = told.data as { readonly points: number; readonly reason: string }
    const wallet = currencyIn(agreement, told)
    const { currency } = wallet
    const book = state.books[currency]!
    const bound = boundOf(wallet, book)
    const given = bound === undefined ? points : Math.min(points, bound.room)
    if (!Number.isSafeInteger(book.totals.earned + given)) return refused({ code: 'balance-out-of-range' })
    const reason = { code: 'given-by-hand', text } as const
    const cut = { code: 'balance-capped', atMost: bound?.atMost ?? 0, from: points, to: given } as const
    const data = {
      points: given,
      currency,
      reason: given < points ? { ...reason, limits: [cut] } : reason,
      ...keptAs(agreement, told),
    }
    return accepted(`${id}/earned`, issuedData(state, data, termsOf(wallet, state, told.occurredAt)))
  }

  function confirm(state: PointsState, { data }: Told): Decision {
    const confirmed = confirmations(agreement, state, (data as { readonly origin: string }).origin)
    if (confirmed.length === 0) return refused({ code: 'nothing-pending' })
    return { events: confirmed.map((data) => ({ type: `${id}/confirmed`, data })) }
  }

  return {
    commands: {
      earn: { points: { type: 'integer' }, currency, reason: { type: 'text' } },
      confirm: { origin: { type: 'text' } },
    },
    decide: { earn, confirm },
  }
}

/** What confirms all that is pending of an origin, by currency, the oldest lot first. */
export function confirmations(
  { currencies, rules }: Pick<Agreement, 'currencies' | 'rules'>,
  state: PointsState,
  origin: string,
) {
  return currencies.flatMap(({ currency }) => {
    const earning = rules.filter((rule) => rule.currency === currency)
    const lots = earning
      .flatMap(({ rule }) => pendingUnder(state, rule, origin))
      .sort((a, b) => a.lot - b.lot)
    const waiting =
      state.limits.waiters === 0
        ? []
        : earning.flatMap((rule) => (waitsUnconfirmed(state, rule, origin) ? [rule.rule] : []))
    if (lots.length === 0 && waiting.length === 0) return []
    const moves = crediting(state.books[currency]!, 'pending', lots)
    const data = { points: total(lots), currency, origin, moves }
    return [waiting.length === 0 ? data : { ...data, waiting }]
  })
}

/** Whether points of an origin wait for room that would then wait to be confirmed. */
function waitsUnconfirmed(state: PointsState, rule: Earning, origin: string): boolean {
  if (!rule.waits || !rule.confirmedByEvent) return false
  const share = get(originsBy, state.origins, originKey(rule.rule, origin))?.share
  return share !== undefined && (share.waits ?? 0) > 0 && share.confirmed !== true
}
