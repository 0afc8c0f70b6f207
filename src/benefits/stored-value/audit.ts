import {
  type AnyEvent,
  type AuditFinding,
  formatMinor,
  type Instant,
  parseMinor,
} from '../../kernel/index.js'
import { get, items } from '../../kernel/sorted.js'
import {
  auditBook,
  auditMoves,
  type BookInvariant,
  heldIn,
  type LotPart,
  type MoveInvariant,
  movedFrom,
  movedTo,
  pendingIn,
  remainingOf,
  reservationIn,
} from '../../ledger/index.js'
import {
  agesBy,
  POOLS,
  purchasesBy,
  type StoredValueState,
  sumOf,
  type TopUp,
  topUpsBy,
  transfersBy,
} from './account.js'
import type { StoredMoves, WithdrawnData } from './events.js'

/** What is always true of an account of stored value, beside what is of each of its books. */
export type StoredValueInvariant =
  | BookInvariant
  | MoveInvariant
  /** Money is paid in before it is spent: nothing is owed, and nothing waits to be confirmed. */
  | 'nothing-owed'
  /** No more left of a top-up than it brought, and its lots hold no more than what is left. */
  | 'top-ups-true'
  /** No more of a purchase came back than it took. */
  | 'purchases-true'
  /** Records stand in order, once each; where they are forgotten some day, each with its age, and none that is over. */
  | 'records-kept'
  /** A payment is in dispute once. */
  | 'disputes-once'
  /** An account that was closed holds nothing. */
  | 'closed-empty'
  /** What an event says of amounts is what its moves say. */
  | 'moves-told'
  /** No payment, purchase, reservation or transfer is made twice. */
  | 'once'
  /** What an event is about was there. */
  | 'known'

type Finding = AuditFinding<StoredValueInvariant>

/** Since when records are kept: what is older at an instant was forgotten. */
interface Keeping {
  readonly kept?: (at: Instant) => Instant
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** What does not hold of an account for which time has passed by an instant. */
export function auditStored(state: StoredValueState, at: Instant, { kept }: Keeping): readonly Finding[] {
  const findings: Finding[] = []
  const find = (
    invariant: StoredValueInvariant,
    path: string,
    found: unknown,
    expected: number | string,
  ): void => {
    findings.push({ invariant, path, found: typeof found === 'number' ? found : String(found), expected })
  }
  const { books, topUps, purchases, transfers, ages, disputes, closed } = state
  for (const pool of POOLS) {
    const book = books[pool]
    findings.push(...auditBook(book, at, `$.books.${pool}`))
    if (book.lots.deficit !== 0) find('nothing-owed', `$.books.${pool}.lots.deficit`, book.lots.deficit, 0)
    const waiting = pendingIn(book.lots)
    if (waiting !== 0) find('nothing-owed', `$.books.${pool}.lots.pending`, waiting, 0)
    if (closed && heldIn(book) !== 0) find('closed-empty', `$.books.${pool}`, heldIn(book), 0)
  }
  for (const [i, topUp] of [...items(topUpsBy, topUps)].entries()) auditTopUp(topUp, `$.topUps[${i}]`)
  for (const [i, { parts, refunded }] of [...items(purchasesBy, purchases)].entries())
    for (const pool of POOLS)
      if (!(isCount(refunded[pool]) && refunded[pool] <= sumOf(parts[pool])))
        find(
          'purchases-true',
          `$.purchases[${i}].refunded.${pool}`,
          refunded[pool],
          `a whole number from 0 to ${sumOf(parts[pool])}`,
        )
  inOrder([...items(topUpsBy, topUps)].map(topUpsBy.key), '$.topUps')
  inOrder([...items(purchasesBy, purchases)].map(purchasesBy.key), '$.purchases')
  inOrder([...items(transfersBy, transfers)], '$.transfers')
  auditAges()
  if (new Set(disputes).size !== disputes.length)
    find('disputes-once', '$.disputes', disputes.length, new Set(disputes).size)
  return findings

  function auditTopUp(topUp: TopUp, path: string) {
    const { principal, bonus, withdrawn, settled, lapsed, excused, lots } = topUp
    for (const name of ['told', 'follows'] as const) {
      const judged = topUp[name]
      if (judged !== undefined && !isCount(judged.bonus))
        find('top-ups-true', `${path}.${name}.bonus`, judged.bonus, 'a whole number from 0')
    }
    for (const [name, part, whole] of [
      ['withdrawn', withdrawn, principal],
      ['settled', settled, bonus],
      ['lapsed', lapsed, bonus],
      ['excused', excused, lapsed],
    ] as const)
      if (!(isCount(part) && part <= whole))
        find('top-ups-true', `${path}.${name}`, part, `a whole number from 0 to ${whole}`)
    for (const [pool, left] of [
      ['principal', principal - withdrawn],
      ['bonus', bonus - lapsed],
    ] as const) {
      const { issued } = books[pool].lots
      const stranger = lots[pool].find(({ lot }: LotPart) => !(isCount(lot) && lot < issued))
      if (stranger !== undefined)
        find('top-ups-true', `${path}.lots.${pool}`, stranger.lot, `a lot below ${issued}`)
      const open = sumOf(remainingOf(books[pool].lots, lots[pool]))
      if (open > left) find('top-ups-true', `${path}.lots.${pool}`, open, `at most ${left}`)
    }
  }

  function inOrder(names: readonly string[], path: string): void {
    for (let i = 1; i < names.length; i += 1)
      if (!(names[i - 1]! < names[i]!))
        find('records-kept', `${path}[${i}]`, 'out of order', 'after the one before, once')
  }

  function auditAges(): void {
    if (kept === undefined) {
      if (ages !== null) find('records-kept', '$.ages', ages.n, 0)
      return
    }
    const known = {
      'top-up': (name: string) => get(topUpsBy, topUps, name) !== undefined,
      purchase: (name: string) => get(purchasesBy, purchases, name) !== undefined,
      transfer: (name: string) => get(transfersBy, transfers, name) !== undefined,
    }
    let place = 0
    for (const { kind, name } of items(agesBy, ages)) {
      if (!(Object.hasOwn(known, kind) && known[kind](name)))
        find('records-kept', `$.ages[${place}]`, 'no record', 'a record of that name')
      place += 1
    }
    const records = (topUps?.n ?? 0) + (purchases?.n ?? 0) + (transfers?.n ?? 0)
    if (place !== records) find('records-kept', '$.ages', place, records)
  }
}

/** What an event of an account says of itself; amounts as text. */
interface Told {
  readonly amount?: string
  readonly principal?: string
  readonly bonus?: string
  readonly cash?: string
  readonly deducted?: string
  readonly given?: string
  readonly taken?: string
  readonly payment?: string
  readonly topUp?: string
  readonly purchase?: string
  readonly reservation?: string
  readonly transfer?: string
  readonly of?: 'principal' | 'bonus'
  readonly moves?: StoredMoves
}

/** What shows that a posting could not have been decided in this state. */
export function auditStoredEvent(
  state: StoredValueState,
  event: AnyEvent,
  { id, digits }: { readonly id: string; readonly digits: number },
): readonly Finding[] {
  if (!event.type.startsWith(`${id}/`)) return []
  const told = event.data as Told
  const { moves } = told
  if (moves === undefined) return []
  const kind = event.type.slice(id.length + 1)
  const findings: Finding[] = POOLS.flatMap((pool) =>
    auditMoves(state.books[pool], moves[pool], `$.data.moves.${pool}`),
  )
  const find = (invariant: StoredValueInvariant, path: string, found: string, expected: string) => {
    findings.push({ invariant, path, found, expected })
  }
  const [principal, bonus] = [sumOf(moves.principal), sumOf(moves.bonus)]
  const says = (name: keyof Told, amount: number) => {
    const said = parseMinor(told[name] as string, digits)
    const found = said === undefined ? 'no amount' : formatMinor(said, digits)
    const moved = Number.isSafeInteger(amount) ? formatMinor(amount, digits) : 'a whole number of units'
    if (said !== amount) find('moves-told', `$.data.${name}`, found, moved)
  }
  const fresh = (isKnown: boolean, path: string) => {
    if (isKnown) find('once', path, 'a name that was used before', 'a new one')
  }
  const known = (isKnown: boolean, path: string) => {
    if (!isKnown) find('known', path, 'a name of nothing', 'one that is there')
  }
  switch (kind) {
    case 'topped-up':
      says('amount', principal)
      says('bonus', bonus)
      fresh(get(topUpsBy, state.topUps, moves.principal[0]?.of?.[0] ?? '') !== undefined, '$.data.payment')
      break
    case 'paid':
    case 'refunded':
      says('amount', principal + bonus)
      says('principal', principal)
      says('bonus', bonus)
      if (kind === 'paid')
        fresh(get(purchasesBy, state.purchases, told.purchase!) !== undefined, '$.data.purchase')
      else known(get(purchasesBy, state.purchases, told.purchase!) !== undefined, '$.data.purchase')
      break
    case 'reserved':
    case 'released': {
      says('amount', principal + bonus)
      const is = POOLS.some((pool) => reservationIn(state.books[pool], told.reservation!) !== undefined)
      if (kind === 'reserved') fresh(is, '$.data.reservation')
      else known(is, '$.data.reservation')
      break
    }
    case 'withdrawn':
    case 'closed':
      says('amount', principal)
      says('bonus', bonus)
      says('cash', movedTo(moves.principal, 'adjusted'))
      says('deducted', movedTo(moves.principal, 'clawed-back'))
      for (const [i, { payment }] of (event.data as WithdrawnData).topUps.entries())
        known(get(topUpsBy, state.topUps, payment) !== undefined, `$.data.topUps[${i}].payment`)
      break
    case 'reversed':
      says('amount', principal)
      says('bonus', bonus)
      known(get(topUpsBy, state.topUps, told.topUp!)?.reversed === false, '$.data.topUp')
      break
    case 'bonus-corrected': {
      const all = [...moves.principal, ...moves.bonus]
      says('given', movedFrom(all, 'issuance'))
      says('taken', movedTo(all, 'clawed-back'))
      known(get(topUpsBy, state.topUps, told.topUp!)?.reversed === false, '$.data.topUp')
      break
    }
    case 'received':
      says('amount', principal)
      fresh(get(transfersBy, state.transfers, told.transfer!) !== undefined, '$.data.transfer')
      break
    case 'sent':
      says('amount', principal)
      break
    case 'expired':
      says('amount', told.of === 'bonus' ? bonus : principal)
      break
  }
  return findings
}
