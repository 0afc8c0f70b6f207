import type { Field } from '../kernel/index.js'
import { crediting } from '../ledger/index.js'
import { type PointsState, pendingUnder, total } from './account.js'
import { issuedData } from './earning.js'
import {
  type Agreement,
  accepted,
  currencyIn,
  type Decision,
  notPositive,
  refused,
  type Section,
  type Told,
} from './section.js'

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
    const { currency, expiresAt } = currencyIn(agreement, told)
    if (!Number.isSafeInteger(state.books[currency]!.totals.earned + points))
      return refused({ code: 'balance-out-of-range' })
    const data = { points, currency, reason: { code: 'given-by-hand', text } } as const
    return accepted(`${id}/earned`, issuedData(state, data, { expiresAt: expiresAt(told.occurredAt) }))
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
    const lots = rules
      .filter((rule) => rule.currency === currency)
      .flatMap(({ rule }) => pendingUnder(state, rule, origin))
      .sort((a, b) => a.lot - b.lot)
    if (lots.length === 0) return []
    const moves = crediting(state.books[currency]!, 'pending', lots)
    return [{ points: total(lots), currency, origin, moves }]
  })
}
