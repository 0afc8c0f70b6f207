import { fault } from '../../kernel/errors.js'
import { formatMinor } from '../../kernel/index.js'
import { type Proportion, wilson } from '../../measures/index.js'
import { type ReactivationRule, type RevenueRates, ratesOf } from './rates.js'

/** What became of recurring revenue between two moments. Amounts are decimal text. */
export interface RevenueBook {
  readonly start: string
  readonly end: string
  /** Of customers who had never paid; under `reactivation: 'new'` of those who came back, too. */
  readonly new: string
  /** Under `reactivation: 'expansion'` it holds what came back, too. */
  readonly expansion: string
  readonly contraction: string
  readonly churn: string
  /** Zero where the rule counts it elsewhere. */
  readonly reactivation: string
  readonly customers: RevenueCustomers
  /** Of the customers at the start, how many still pay at the end. */
  readonly logoRetention: Proportion
  readonly rates: RevenueRates
}

/** Customers who pay something; `start - lost + new + returned = end`, whichever way movements are read. */
export interface RevenueCustomers {
  readonly start: number
  readonly end: number
  /** Pay at the start and at the end. */
  readonly retained: number
  /** Pay at the start, and not at the end. */
  readonly lost: number
  /** Pay at the end, not at the start, and never had. */
  readonly new: number
  /** Pay at the end, not at the start, and had before. */
  readonly returned: number
}

/** The sums of one period, in smallest units. Nothing in it is ever subtracted, so a sum that is too large stays so. */
export interface Tally {
  start: number
  end: number
  new: number
  expansion: number
  contraction: number
  churn: number
  reactivation: number
  /** Of the above, what the customers of the start did. */
  readonly base: { expansion: number; contraction: number; churn: number; returned: number; end: number }
  readonly customers: { start: number; end: number; retained: number; new: number; returned: number }
}

/** A period in which nothing has been entered yet. */
export const emptyTally = (): Tally => ({
  start: 0,
  end: 0,
  new: 0,
  expansion: 0,
  contraction: 0,
  churn: 0,
  reactivation: 0,
  base: { expansion: 0, contraction: 0, churn: 0, returned: 0, end: 0 },
  customers: { start: 0, end: 0, retained: 0, new: 0, returned: 0 },
})

/** One customer through one period: from the first amount over those between to the last. */
export function move(book: Tally, path: readonly number[], paidBefore: boolean): void {
  const from = path[0]!
  const to = path[path.length - 1]!
  const { base, customers } = book
  const atStart = from > 0
  const hadPaid = paidBefore || atStart
  let paid = hadPaid
  for (let i = 1; i < path.length; i += 1) {
    const [before, after] = [path[i - 1]!, path[i]!]
    if (before === after) continue
    if (before === 0 && !paid) book.new += after
    else if (before === 0) {
      book.reactivation += after
      if (atStart) base.returned += after
    } else if (after === 0) {
      book.churn += before
      if (atStart) base.churn += before
    } else if (after > before) {
      book.expansion += after - before
      if (atStart) base.expansion += after - before
    } else {
      book.contraction += before - after
      if (atStart) base.contraction += before - after
    }
    paid = true
  }
  book.start += from
  book.end += to
  if (atStart) {
    base.end += to
    customers.start += 1
    if (to > 0) customers.retained += 1
  } else if (to > 0) customers[hadPaid ? 'returned' : 'new'] += 1
  if (to > 0) customers.end += 1
}

/** A tally as it is shown, checked. */
export function written(
  tally: Tally,
  options: { readonly digits: number; readonly reactivation: ReactivationRule; readonly level: number },
): RevenueBook {
  const { digits, reactivation: rule, level } = options
  checkTally(tally)
  const { start, end, contraction, churn, customers, base } = tally
  const moved = tally.reactivation
  const text = (minor: number) => formatMinor(minor, digits)
  const fresh = sum(tally.new, rule === 'new' ? moved : 0)
  const expansion = sum(tally.expansion, rule === 'expansion' ? moved : 0)
  return {
    start: text(start),
    end: text(end),
    new: text(fresh),
    expansion: text(expansion),
    contraction: text(contraction),
    churn: text(churn),
    reactivation: text(rule === 'own' ? moved : 0),
    customers: {
      start: customers.start,
      end: customers.end,
      retained: customers.retained,
      lost: customers.start - customers.retained,
      new: customers.new,
      returned: customers.returned,
    },
    logoRetention: wilson({ successes: customers.retained, trials: customers.start, level }),
    rates: ratesOf(tally, { ...base, start }, rule),
  }
}

/** What came in and what went out explain the difference, of all customers and of those of the start. */
function checkTally({
  start,
  end,
  new: fresh,
  expansion,
  contraction,
  churn,
  reactivation,
  base,
}: Tally): void {
  for (const total of [start, end, fresh, expansion, contraction, churn, reactivation]) sum(total, 0)
  const [came, went] = [
    BigInt(fresh) + BigInt(expansion) + BigInt(reactivation),
    BigInt(contraction) + BigInt(churn),
  ]
  const ofBase =
    BigInt(base.expansion) + BigInt(base.returned) - BigInt(base.contraction) - BigInt(base.churn)
  if (BigInt(start) + came - went !== BigInt(end) || BigInt(start) + ofBase !== BigInt(base.end))
    throw fault(
      'malformed-state',
      '$',
      end,
      'start + new + expansion + reactivation - contraction - churn = end',
    )
}

function sum(a: number, b: number): number {
  const total = a + b
  if (!Number.isSafeInteger(total)) throw fault('too-large', '$', total, 'at most 2^53 - 1 smallest units')
  return total
}
