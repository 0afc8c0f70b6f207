import { checkName, fault } from '../../kernel/errors.js'
import {
  checkDuration,
  type Duration,
  formatMinor,
  type Instant,
  minorDigits,
  mulDiv,
  parseMinor,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { get } from '../../kernel/sorted.js'
import { crediting, type LotPart } from '../../ledger/index.js'
import { endIn } from '../../ledger/lots.js'
import { type Paid, type PointsState, type Redemption, redemptionsBy, returned } from '../account.js'
import { rankIn } from '../currency.js'
import {
  type Agreement,
  accepted,
  type Decision,
  notPositive,
  refused,
  type Section,
  type Told,
} from '../section.js'

/** What becomes of spent points that are given back. */
export interface RefundPolicy {
  /** To the lots they came from, with their old end, or to new ones with a term from now; `original-lots` unless told. */
  readonly to?: 'original-lots' | 'fresh-lots'
  /** How long points last that are given back after they expired, from then on. */
  readonly grace?: Duration
  /** What has expired meanwhile ends as it comes back, or has the grace; the grace where there is one, unless told. */
  readonly ifExpired?: 'expire-at-once' | 'grace'
}

/** What a type cannot know of a policy. */
export function checkRefunds(policy: RefundPolicy | undefined, path: string): void {
  if (policy === undefined) return
  if (!isRecord(policy)) throw fault('wrong-type', path, policy, '{ to, grace, ifExpired }')
  const { to = 'original-lots', grace, ifExpired } = policy as RefundPolicy
  const stranger = Object.keys(policy).find((key) => !['to', 'grace', 'ifExpired'].includes(key))
  if (stranger !== undefined)
    throw fault('unknown-key', `${path}.${stranger}`, stranger, 'to | grace | ifExpired')
  checkName(['original-lots', 'fresh-lots'], to, `${path}.to`)
  if (ifExpired !== undefined) checkName(['expire-at-once', 'grace'], ifExpired, `${path}.ifExpired`)
  if (grace !== undefined) checkDuration(grace, `${path}.grace`)
  if (to === 'fresh-lots' && (grace !== undefined || ifExpired !== undefined))
    throw fault(
      'unknown-key',
      `${path}.grace`,
      grace ?? ifExpired,
      'neither of fresh lots: they have not expired',
    )
  if (ifExpired === 'grace' && grace === undefined)
    throw fault('missing', `${path}.grace`, undefined, 'how long the grace is')
  if (ifExpired === 'expire-at-once' && grace !== undefined)
    throw fault('unknown-key', `${path}.grace`, grace, "no grace beside 'expire-at-once'")
}

interface RefundCommand {
  readonly redemption: string
  readonly points?: number
  readonly amount?: string
  readonly of?: string
}

/** Spent points given back: so many, or for so much of what they paid for. */
export function refundingSection(agreement: Agreement): Section {
  const { id, agreed, currencies, zone, retention } = agreement
  const { to = 'original-lots', grace: wait } = agreed.refunds ?? {}
  const grace = wait && zone.adder(wait)

  /** The parts as they come back: their lots, numbers and ends. */
  function comingBack(state: PointsState, redemption: Redemption, points: number, at: Instant) {
    const parts = returned(redemption, points)
    const wallet = currencies.find(({ currency }) => currency === redemption.currency)!
    const { lots } = state.books[redemption.currency]!
    if (to === 'fresh-lots') {
      const expiresAt = wallet.expiresAt(state, at)
      return parts.map(
        (part, i): LotPart => ({
          ...part,
          lot: lots.issued + i,
          expiresAt,
          ...rankIn(wallet, at, part.rank ?? 0),
        }),
      )
    }
    if (grace === undefined) return parts
    const until = grace(at)
    return parts.map((part): LotPart => {
      const end = endIn(lots, part.expiresAt)
      return end !== null && end <= at ? { ...part, expiresAt: until } : part
    })
  }

  function refund(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const asked = told.data as RefundCommand
    const { redemption: name, amount, of } = asked
    const redemption = get(redemptionsBy, state.redemptions, name)
    if (redemption === undefined || retention?.hasLost(state, redemption, told.occurredAt))
      return refused({ code: 'unknown-redemption' })
    const share = amount === undefined && of === undefined ? undefined : moneyBack(redemption, asked)
    if (share !== undefined && 'refusal' in share) return share
    const refundable = redemption.points - redemption.refunded
    const points = share?.points ?? asked.points ?? refundable
    if (points > refundable || (points === 0 && share === undefined))
      return refused({ code: 'refund-exceeds-redemption', requested: points, refundable })
    const { currency } = redemption
    const parts = points === 0 ? [] : comingBack(state, redemption, points, told.occurredAt)
    const moves = crediting(state.books[currency]!, 'redeemed', parts)
    const data = { points, currency, redemption: name, moves }
    return accepted(`${id}/refunded`, share === undefined ? data : { ...data, paid: share.paid })
  }

  return {
    commands: {
      refund: {
        redemption: { type: 'text' },
        points: { type: 'integer', required: false },
        amount: { type: 'text', required: false },
        of: { type: 'text', required: false },
      },
    },
    decide: { refund },
  }
}

/** How much money was given back, of which line. */
export interface MoneyBack {
  readonly amount: number
  readonly of?: string
}

/** The points for money that is given back: the cumulative exact share, rounded for the holder, less what came back before. */
function moneyBack(
  { paid, points, refunded }: Redemption,
  { points: also, amount: text, of }: RefundCommand,
): Extract<Decision, { refusal: unknown }> | { readonly points: number; readonly paid: MoneyBack } {
  const no = (refusal: Extract<Decision, { refusal: unknown }>['refusal']) => ({ refusal })
  if (also !== undefined) return no({ code: 'points-or-amount' })
  if (paid === undefined) return no({ code: 'no-payment-recorded' })
  const line = of === undefined ? undefined : paid.lines?.find(([name]) => name === of)
  if (of !== undefined && line === undefined) return no({ code: 'unknown-line' })
  const { currency, digits, total } = paid
  const whole = total - paid.refunded
  const open = line === undefined ? whole : Math.min(whole, line[1] - line[2])
  const amount = text === undefined ? open : parseMinor(text, digits)
  if (amount === undefined || amount < 0 || (text !== undefined && amount === 0))
    return no({ code: 'not-an-amount' })
  if (amount > open || amount === 0)
    return no({
      code: 'refund-exceeds-payment',
      requested: formatMinor(amount, digits),
      refundable: formatMinor(open, digits),
      currency,
    })
  const share = mulDiv(points, paid.refunded + amount, total)!
  const due = share.quotient + (share.remainder > 0 ? 1 : 0)
  return { points: Math.max(0, due - refunded), paid: of === undefined ? { amount } : { amount, of } }
}

/** What a redemption pays for: `undefined` where it does not say, `null` where that is no amount. */
export function paidFor({ data }: Told): Paid | undefined | null {
  const { for: said } = data as { readonly for?: unknown }
  if (said === undefined) return undefined
  if (!isRecord(said)) return null
  const { currency, amount, lines, ...rest } = said
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency) || Object.keys(rest).length > 0)
    return null
  const digits = minorDigits(currency)
  if (lines === undefined) {
    const total = above(amount, digits)
    return total === undefined ? null : { currency, digits, total, refunded: 0 }
  }
  if (amount !== undefined || !isRecord(lines)) return null
  let total = 0
  const each: (readonly [string, number, number])[] = []
  for (const [line, text] of Object.entries(lines)) {
    const minor = above(text, digits)
    if (minor === undefined) return null
    total += minor
    each.push([line, minor, 0])
  }
  return each.length > 0 && Number.isSafeInteger(total)
    ? { currency, digits, total, refunded: 0, lines: each }
    : null
}

function above(text: unknown, digits: number): number | undefined {
  const minor = parseMinor(text as string, digits)
  return minor !== undefined && minor > 0 ? minor : undefined
}

/** What was paid, after some of it has been given back. */
export function paidLess(paid: Paid, { amount, of }: MoneyBack): Paid {
  const refunded = paid.refunded + amount
  if (of === undefined || paid.lines === undefined) return { ...paid, refunded }
  const lines = paid.lines.map((line) =>
    line[0] === of ? ([line[0], line[1], line[2] + amount] as const) : line,
  )
  return { ...paid, refunded, lines }
}
