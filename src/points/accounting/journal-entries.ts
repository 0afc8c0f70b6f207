import { checkKeys, checkList, fault, type Sentence, unknownName } from '../../kernel/errors.js'
import { formatInstant, type Instant, minorDigits, parseMinor } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import type { DeferralMovement } from './deferral.js'
import { amountIn, currencyOf } from './exact-shares.js'
import { plus } from './rows.js'

/** What the caller's accounts are called. One account may stand in several places. */
export interface PointsChart {
  /** Cash, or what the customer owes. */
  readonly cash: string
  /** Revenue from goods. */
  readonly goods: string
  /** Revenue from points that were redeemed. */
  readonly redemption: string
  /** Revenue from points that are not expected to be redeemed. */
  readonly breakage: string
  /** The contract liability. */
  readonly liability: string
}

/** A movement to be booked: when, and what brought it about. */
export interface PointsBooking {
  /** Id of what happened in the caller's books, such as that of the event; the entry's id is derived from it. */
  readonly id: string
  readonly at: Instant
  readonly movement: DeferralMovement
}

/** One side of an entry. Of `debit` and `credit` one is zero. Decimal text. */
export interface JournalLine {
  readonly account: string
  readonly debit: string
  readonly credit: string
}

/** A double entry: debits and credits add up to the same. */
export interface JournalEntry {
  /** `<id>/<kind>`. */
  readonly id: string
  readonly at: Instant
  readonly kind: DeferralMovement['kind']
  /** ISO 4217. */
  readonly currency: string
  readonly lines: readonly JournalLine[]
}

/** A line of a journal with what its entry says, for export. */
export interface JournalRow extends JournalLine {
  readonly entry: string
  /** From 1 within the entry. */
  readonly line: number
  /** RFC 3339 in UTC. */
  readonly at: string
  readonly kind: DeferralMovement['kind']
  readonly currency: string
}

/** What kinds of entries there are, in words. */
export const journalSentences: Readonly<Record<DeferralMovement['kind'], Sentence>> = {
  sale: { en: 'sale with points', zh: '附积分的销售' },
  redeemed: { en: 'points redeemed', zh: '积分兑换' },
  returned: { en: 'redemption undone', zh: '兑换撤销' },
  expired: { en: 'points expired', zh: '积分过期' },
  estimate: { en: 'estimate of redemption changed', zh: '预计兑换变更' },
  refund: { en: 'sale refunded', zh: '销售退款' },
}

/**
 * Movements of deferred points as double entries in the accounts of the caller's chart. Accounts that stand in several places
 * of the chart are one line; a movement of nothing makes no entry.
 *
 * @throws DefinitionError with its path: `missing` and `wrong-type` for names of accounts and ids, `invalid-instant`,
 * `invalid-amount`, `out-of-range` for a movement that does not balance, or an entry that is booked twice.
 * @example
 * journalEntries(chart, [{ id: 'o-1', at, movement: openDeferral(allocation).movement }])[0].lines
 * // => [{ account: '1001', debit: '100000', credit: '0' }, { account: '6001', debit: '0', credit: '91324' },
 * //     { account: '2205', debit: '0', credit: '8676' }]
 */
export function journalEntries(
  chart: PointsChart,
  bookings: readonly PointsBooking[],
): readonly JournalEntry[] {
  checkChart(chart)
  checkList(bookings, '$.bookings')
  const booked = new Set<string>()
  return bookings.flatMap((booking, i) => {
    const path = `$.bookings[${i}]`
    if (!isRecord(booking as unknown)) throw fault('wrong-type', path, booking, '{ id, at, movement }')
    const { id, at, movement } = booking
    if (typeof id !== 'string' || id === '')
      throw fault('missing', `${path}.id`, id, 'the id of what happened')
    checkInstant(at, `${path}.at`)
    const lines = linesOf(chart, movement, `${path}.movement`)
    const entry = `${id}/${movement.kind}`
    if (booked.has(entry)) throw fault('out-of-range', `${path}.id`, id, 'what happened once, booked once')
    booked.add(entry)
    return lines.length === 0
      ? []
      : [{ id: entry, at, kind: movement.kind, currency: movement.currency, lines }]
  })
}

/**
 * Entries as flat rows, a line each: what an accounting system imports.
 *
 * @example
 * journalRows(entries)[0]
 * // => { entry: 'o-1/sale', line: 1, at: '2026-03-01T02:00:00.000Z', kind: 'sale', currency: 'JPY', account: '1001', debit: '100000', credit: '0' }
 */
export function journalRows(entries: readonly JournalEntry[]): readonly JournalRow[] {
  return entries.flatMap(({ id, at, kind, currency, lines }) =>
    lines.map(({ account, debit, credit }, i) => ({
      entry: id,
      line: i + 1,
      at: formatInstant(at),
      kind,
      currency,
      account,
      debit,
      credit,
    })),
  )
}

/** In the order of a chart, and which way an amount above zero goes. */
const sides = { cash: 1, goods: -1, redemption: -1, breakage: -1, liability: -1 } as const
const places = Object.keys(sides) as readonly (keyof typeof sides)[]
const kinds = Object.keys(journalSentences)

function linesOf(chart: PointsChart, movement: DeferralMovement, path: string): readonly JournalLine[] {
  if (!isRecord(movement as unknown)) throw fault('wrong-type', path, movement, 'a movement of a deferral')
  if (!kinds.includes(movement.kind)) throw unknownName(`${path}.kind`, movement.kind, kinds)
  const currency = currencyOf(movement.currency)
  const digits = minorDigits(currency)
  const accounts = new Map<string, number>()
  let sum = 0
  for (const place of places) {
    const minor = parseMinor(movement[place], digits)
    if (minor === undefined)
      throw fault('invalid-amount', `${path}.${place}`, movement[place], `decimal text in ${currency}`)
    const debit = sides[place] * minor
    sum = plus(sum, debit, path)
    accounts.set(chart[place], plus(accounts.get(chart[place]) ?? 0, debit, path))
  }
  if (sum !== 0) throw fault('out-of-range', path, sum, 'cash = goods + redemption + breakage + liability')
  const nothing = amountIn(0, currency)
  return [...accounts]
    .filter(([, debit]) => debit !== 0)
    .map(([account, debit]) => ({
      account,
      debit: debit > 0 ? amountIn(debit, currency) : nothing,
      credit: debit < 0 ? amountIn(-debit, currency) : nothing,
    }))
}

function checkChart(chart: PointsChart): void {
  if (!isRecord(chart as unknown)) throw fault('wrong-type', '$.chart', chart, places.join(', '))
  checkKeys(chart, places, '$.chart')
  for (const place of places) {
    const name: unknown = chart[place]
    if (name === undefined || name === '')
      throw fault('missing', `$.chart.${place}`, name, 'the name of an account')
    if (typeof name !== 'string')
      throw fault('wrong-type', `$.chart.${place}`, name, 'the name of an account')
  }
}
