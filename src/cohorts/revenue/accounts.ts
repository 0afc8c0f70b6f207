import { fault } from '../../kernel/errors.js'
import type { Instant, Periods } from '../../kernel/index.js'
import type { Role } from './flows.js'
import type { Member, Triangle } from './ltv-curve.js'
import { checkCount } from './terms.js'
import { standing, type ToldBySubject } from './told.js'

/** One subject, as of an instant. */
interface Account {
  /** Period of the first entry. */
  readonly entered: number | undefined
  readonly brought: ReadonlyMap<number, readonly number[]>
  /** Amounts, by value, that no cell holds. */
  readonly outside: readonly (readonly number[])[]
  readonly unmatched: number
}

/** What a subject told, put into periods. */
export function accountOf(
  list: ToldBySubject[string],
  given: {
    readonly roles: readonly Role[]
    readonly periods: Periods
    readonly values: number
    readonly asOf: Instant
  },
): Account {
  const { roles, periods, values, asOf } = given
  const told = standing(list, asOf).map(({ at, says }) => ({ at, says, role: roles[says[0] as number]! }))
  const entry = told.find(({ role }) => role.enters)
  const entered = entry === undefined ? undefined : periods.indexOf(entry.at)
  const orders = new Map<string, Instant>()
  for (const { at, says, role } of told) {
    const order = says[values + 1]
    if (role.flow?.kind === 'earned' && typeof order === 'string' && order !== '' && !orders.has(order))
      orders.set(order, at)
  }
  const brought = new Map<number, number[]>()
  const outside: (readonly number[])[] = []
  let unmatched = 0
  for (const { at, says, role } of told) {
    if (role.flow === undefined) continue
    const { kind } = role.flow
    const counted = kind === 'refunded-order' ? orders.get(says[values + 1] as string) : at
    if (counted === undefined) unmatched += 1
    const period = periods.indexOf(counted ?? at)
    const sign = kind === 'earned' ? 1 : -1
    const amounts = (says.slice(1, values + 1) as readonly number[]).map((amount) => sign * amount)
    if (entered === undefined || period < entered) {
      outside.push(amounts)
      continue
    }
    const cell = brought.get(period - entered) ?? new Array<number>(values).fill(0)
    brought.set(period - entered, cell)
    for (const [value, amount] of amounts.entries()) {
      cell[value]! += amount
      if (!Number.isSafeInteger(cell[value]))
        throw fault('too-large', '$.subjects', cell[value], 'at most 2^53 - 1 smallest units in a period')
    }
  }
  return { entered, brought, outside, unmatched }
}

/** The number of the first cohort, and how many there are. */
export function spanOf(
  accounts: readonly Account[],
  periods: Periods,
  { asOf, since }: { readonly asOf: Instant; readonly since: Instant | undefined },
): { readonly first: number; readonly count: number } {
  let first = since === undefined ? undefined : periods.indexOf(since)
  if (first === undefined) {
    for (const { entered } of accounts) {
      if (entered !== undefined && (first === undefined || entered < first)) first = entered
    }
  }
  if (first === undefined) return { first: 0, count: 0 }
  const count = periods.latestBy(asOf) - first + 1
  checkCount(count, since)
  return { first, count }
}

/** By row, offset and value. */
export function totalsOf(members: readonly (readonly Member[])[], values: number): Triangle['totals'] {
  const rows = members.length
  return members.map((own, row) => {
    const cells = Array.from({ length: rows - row }, () => new Array<bigint>(values).fill(0n))
    for (const { brought } of own) {
      for (const [offset, amounts] of brought) {
        for (const [value, amount] of amounts.entries()) cells[offset]![value]! += BigInt(amount)
      }
    }
    return cells
  })
}

/** What no cell holds, of one value. */
export function sumOf(accounts: readonly Account[], value: number): bigint {
  let sum = 0n
  for (const { outside } of accounts) for (const amounts of outside) sum += BigInt(amounts[value]!)
  return sum
}
