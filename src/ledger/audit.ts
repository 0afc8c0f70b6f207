import type { AuditFinding, Instant, Sorted, SortedOrder } from '../kernel/index.js'
import { items } from '../kernel/sorted.js'
import { type Book, byDeadline, byId, heldIn, owedTo } from './book.js'
import { byConfirmation, byExpiry, bySpending, endIn, type Lot, type LotPart } from './lots.js'

/** What is always true of a book. */
export type BookInvariant =
  /** What is held is what the totals say: nothing was made or lost. */
  | 'conserved'
  /** Totals are whole and not below zero; no more came back than had gone. */
  | 'totals-possible'
  /** A lot holds a whole number of units, above zero. */
  | 'lots-whole'
  /** A lot has a number that was given out, and what can be spent of it stands once under each of its ends. */
  | 'lots-numbered'
  /** Sequences are in order, and their sums are those of what they hold. */
  | 'sequences-true'
  /** Where one lot is ranked, what can be spent stands by expiry too, alike. */
  | 'expiry-indexed'
  /** What is owed is whole and not below zero, and beside it nothing can be spent. */
  | 'debt-first'
  /** Nothing can be spent at or after its end. */
  | 'nothing-expired'
  /** Nothing waits beyond the instant at which it is confirmed. */
  | 'nothing-overdue'
  /** A reservation holds what its parts do, above zero, and ends when its deadline says. */
  | 'reserved-true'

/**
 * What does not hold of a book by an instant: every invariant by name, each finding with its place. Nothing is found in what
 * `post` has made; a book that was stored, migrated or edited may be audited in production.
 *
 * @param at - By when time has passed for it.
 */
export function auditBook(book: Book, at: Instant, path = '$'): readonly AuditFinding<BookInvariant>[] {
  const findings: AuditFinding<BookInvariant>[] = []
  const find = (
    invariant: BookInvariant,
    where: string,
    found: unknown,
    expected: number | string,
  ): undefined => {
    const shown = typeof found === 'number' ? found : String(found)
    findings.push({ invariant, path: path + where, found: shown, expected })
  }
  const { lots, totals, reservations, deadlines } = book
  for (const [name, total] of Object.entries(totals))
    if (!isCount(total)) find('totals-possible', `.totals.${name}`, total, 'a whole number from 0')
  for (const [back, gone] of [
    ['refunded', 'redeemed'],
    ['reinstated', 'expired'],
  ] as const)
    if (totals[back] > totals[gone])
      find('totals-possible', `.totals.${back}`, totals[back], `at most ${totals[gone]}`)
  const pending = audited(byConfirmation, lots.pending, '.lots.pending')
  const spendable = audited(bySpending, lots.spendable, '.lots.spendable')
  const expiring = audited(byExpiry, lots.expiring, '.lots.expiring')
  const held = audited(byId, reservations, '.reservations')
  const ends = audited(byDeadline, deadlines, '.deadlines')
  for (const { fault } of [pending, spendable, expiring, held, ends])
    if (fault !== undefined) find('sequences-true', ...fault)

  auditLots()
  auditReservations()
  if (!isCount(lots.deficit)) find('debt-first', '.lots.deficit', lots.deficit, 'a whole number from 0')
  const open = spendable.list.reduce((sum, { remaining }) => sum + remaining, 0)
  if (lots.deficit > 0 && open > 0) find('debt-first', '.lots.spendable', open, 0)
  const [is, owned] = [heldIn(book), owedTo(totals)]
  if (is !== owned) find('conserved', '', is, owned)
  return findings

  function auditLots(): void {
    const seen = new Set<string>()
    for (const { list, where } of [pending, spendable])
      for (const [i, one] of list.entries()) {
        const { lot, remaining } = one
        const place = `${where}[${i}]`
        if (!(isCount(remaining) && remaining > 0))
          find('lots-whole', `${place}.remaining`, remaining, 'a whole number above 0')
        if (!(isCount(lot) && lot < lots.issued))
          find('lots-numbered', `${place}.lot`, lot, `a whole number below ${lots.issued}`)
        if (where === pending.where) continue
        if (seen.has(endOf(one))) find('lots-numbered', `${place}.lot`, lot, 'each lot once for each end')
        seen.add(endOf(one))
      }
    for (const [i, lot] of spendable.list.entries()) {
      const end = endIn(lots, lot.expiresAt)
      if (end !== null && end <= at)
        find('nothing-expired', `.lots.spendable[${i}].expiresAt`, end, `after ${at}`)
    }
    for (const [i, { confirmsAt = null }] of pending.list.entries())
      if (confirmsAt !== null && confirmsAt <= at)
        find('nothing-overdue', `.lots.pending[${i}].confirmsAt`, confirmsAt, `after ${at}`)
    const same = (a: Lot | undefined, b: Lot) =>
      a?.remaining === b.remaining && a.expiresAt === b.expiresAt && a.rank === b.rank
    if (lots.expiring === null && spendable.list.every(({ rank }) => rank === undefined)) return
    const indexed = new Map(expiring.list.map((lot) => [endOf(lot), lot]))
    for (const lot of spendable.list) {
      const found = indexed.get(endOf(lot))
      if (!same(found, lot))
        find('expiry-indexed', '.lots.expiring', found?.remaining ?? 'none', lot.remaining)
    }
    if (expiring.list.length > spendable.list.length)
      find('expiry-indexed', '.lots.expiring', expiring.list.length, spendable.list.length)
  }

  function auditReservations(): void {
    const until = new Map(ends.list.map((end) => [end.id, end.until]))
    for (const [i, { id, amount, parts, until: end }] of held.list.entries()) {
      const place = `.reservations[${i}]`
      const sum = parts.reduce((sum: number, part: LotPart) => sum + part.amount, 0)
      if (!(isCount(amount) && amount > 0 && parts.every((part) => isCount(part.amount) && part.amount > 0)))
        find('reserved-true', `${place}.amount`, amount, 'a whole number above 0')
      else if (sum !== amount) find('reserved-true', `${place}.amount`, amount, sum)
      if ((until.get(id) ?? null) !== end)
        find('reserved-true', `${place}.until`, String(until.get(id) ?? null), String(end))
      if (end !== null && end <= at) find('nothing-overdue', `${place}.until`, end, `after ${at}`)
    }
    const timed = held.list.filter(({ until }) => until !== null).length
    if (ends.list.length !== timed) find('reserved-true', '.deadlines', ends.list.length, timed)
  }
}

/** Which end of which lot. */
const endOf = ({ lot, expiresAt }: Lot): string => `${lot}:${expiresAt}`

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

interface Audited<T> {
  readonly list: readonly T[]
  readonly where: string
  readonly fault?: readonly [where: string, found: number, expected: number | string]
}

/** What a sequence holds, and whether it is in order and its sum is true. */
export function audited<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  where: string,
): Audited<T> {
  const list = [...items(order, tree)]
  for (let i = 1; i < list.length; i += 1)
    if (!(order.compare(order.key(list[i - 1]!), order.key(list[i]!)) < 0))
      return { list, where, fault: [`${where}[${i}]`, i, 'after the one before'] }
  const untrue = tree === null ? undefined : untruth(order, tree)
  return untrue === undefined
    ? { list, where }
    : { list, where, fault: [`${where}.${untrue}`, 0, 'as its items say'] }
}

/** What a node says of its items that is not so. As deep as the tree, whose paths are a few nodes long. */
function untruth<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K>,
): 'n' | 'sum' | 'to' | 'low' | 'high' | undefined {
  let [n, sum, low, high] = [0, 0, Infinity, -Infinity]
  if (tree.items !== undefined) {
    for (const item of tree.items) {
      sum += order.amount?.(item) ?? 0
      low = Math.min(low, sum)
      high = Math.max(high, sum)
    }
    n = tree.items.length
  } else
    for (const kid of tree.kids) {
      const inside = untruth(order, kid)
      if (inside !== undefined) return inside
      low = Math.min(low, sum + kid.low)
      high = Math.max(high, sum + kid.high)
      sum += kid.sum
      n += kid.n
    }
  const last =
    tree.items !== undefined
      ? order.key(tree.items[tree.items.length - 1]!)
      : tree.kids[tree.kids.length - 1]!.to
  if (tree.n !== n) return 'n'
  if (tree.sum !== sum) return 'sum'
  if (order.compare(tree.to, last) !== 0) return 'to'
  if (tree.low !== low) return 'low'
  return tree.high === high ? undefined : 'high'
}
