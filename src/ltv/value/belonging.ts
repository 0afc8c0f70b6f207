import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkInstant, type Instant } from '../../kernel/instant.js'

/** To whom a customer belongs, and how much of them, from when to when. */
export interface Belonging {
  readonly customer: string
  /** A household, a store, a clerk. */
  readonly to: string
  /** Above 0, up to 1; 1 unless told. */
  readonly share?: number
  readonly from: Instant
  /** The first instant at which it holds no more; none while it holds. */
  readonly until?: Instant
}

/** A part of a customer. */
export interface GroupShare {
  readonly group: string
  readonly share: number
}

/** Who belongs to whom at any time. */
export interface Belongings {
  /** By name of the group. Shares add up to one, or there are none: the customer belongs to nobody then. */
  of(customer: string, asOf: Instant): readonly GroupShare[]
}

/**
 * Who belongs to whom, over time: customers to households, or to the stores and clerks who serve them. At every moment the
 * shares of a customer add up to one, or the customer belongs to nobody; everything else is refused with the customer's
 * first moment at which it is so.
 *
 * @throws DefinitionError `out-of-range` for shares that do not add up to 1 within 1e-9, or what ends before it begins;
 * `duplicate-name` where a customer belongs twice to the same group at a time.
 * @example
 * const owners = belongings([
 *   { customer: 'old-man', to: 'clerk-ada', from: 0, until: 1000 },
 *   { customer: 'old-man', to: 'clerk-ben', share: 0.5, from: 1000 },
 *   { customer: 'old-man', to: 'store-7', share: 0.5, from: 1000 },
 * ])
 * owners.of('old-man', 1000) // => [{ group: 'clerk-ben', share: 0.5 }, { group: 'store-7', share: 0.5 }]
 */
export function belongings(list: readonly Belonging[]): Belongings {
  checkList(list, '$')
  const byCustomer = new Map<string, { readonly row: number; readonly one: Belonging }[]>()
  for (const [row, one] of list.entries()) {
    checkRecord(one, `$[${row}]`)
    checkKeys(one, ['customer', 'to', 'share', 'from', 'until'], `$[${row}]`)
    const { customer, to, share = 1, from, until } = one
    for (const [name, text] of Object.entries({ customer, to }))
      if (typeof text !== 'string' || text === '')
        throw fault('wrong-type', `$[${row}].${name}`, text, 'a name')
    if (typeof share !== 'number') throw fault('wrong-type', `$[${row}].share`, share, 'a number')
    if (!(share > 0 && share <= 1)) throw fault('out-of-range', `$[${row}].share`, share, 'above 0, up to 1')
    checkInstant(from, `$[${row}].from`)
    if (until !== undefined) {
      checkInstant(until, `$[${row}].until`)
      if (until <= from) throw fault('out-of-range', `$[${row}].until`, until, 'later than from')
    }
    const own = byCustomer.get(customer)
    if (own === undefined) byCustomer.set(customer, [{ row, one }])
    else own.push({ row, one })
  }
  const spans = new Map<string, readonly Stretch[]>()
  for (const [customer, own] of byCustomer) spans.set(customer, stretches(own))
  return {
    of(customer, asOf) {
      if (typeof customer !== 'string') throw fault('wrong-type', '$.customer', customer, 'a name')
      checkInstant(asOf, '$.asOf')
      const own = spans.get(customer) ?? []
      let [low, high] = [0, own.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (own[middle]!.from <= asOf) low = middle + 1
        else high = middle
      }
      return own[low - 1]?.shares ?? []
    },
  }
}

interface Stretch {
  readonly from: Instant
  readonly shares: readonly GroupShare[]
}

/** What holds from each change on, checked. */
function stretches(own: readonly { readonly row: number; readonly one: Belonging }[]): readonly Stretch[] {
  const changes = own
    .flatMap(({ row, one }) => [
      { at: one.from, begins: true, row, one },
      ...(one.until === undefined ? [] : [{ at: one.until, begins: false, row, one }]),
    ])
    .sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins))
  const holding = new Map<string, number>()
  const found: Stretch[] = []
  for (const [i, { at, begins, row, one }] of changes.entries()) {
    if (!begins) holding.delete(one.to)
    else if (holding.has(one.to))
      throw fault('duplicate-name', `$[${row}].to`, one.to, 'a group once at a time for a customer')
    else holding.set(one.to, one.share ?? 1)
    if (changes[i + 1]?.at === at) continue
    const shares = [...holding].map(([group, share]) => ({ group, share }))
    shares.sort((a, b) => (a.group < b.group ? -1 : 1))
    const sum = shares.reduce((total, { share }) => total + share, 0)
    if (shares.length > 0 && !(Math.abs(sum - 1) <= 1e-9))
      throw fault(
        'out-of-range',
        `$[${row}].share`,
        sum,
        `shares of a customer that add up to 1 from ${at} on`,
      )
    found.push({ from: at, shares })
  }
  return found
}
