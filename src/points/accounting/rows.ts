import { fault, unknownName } from '../../kernel/errors.js'
import type { Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'

/** Points that were earned together and are still there, as accounting reads them off an account. */
export interface OutstandingLot {
  /** Which points: a name of the program, no ISO currency. */
  readonly currency: string
  /** What is left of the lot, whole and not below zero. A balance below zero is nothing that is owed to anybody. */
  readonly points: number
  readonly earnedAt: Instant
  /** While it is pending: when it becomes spendable by itself, `null` when only an event confirms it. Spendable unless told. */
  readonly confirmsAt?: Instant | null
  /** First instant at which it can no longer be spent; `null` when it never expires. */
  readonly expiresAt: Instant | null
  /** What it was earned for; no part of any sum. */
  readonly origin?: string
  /** What these points cost the program so far, such as what a partner was paid: smallest units of the money they are owed in. */
  readonly cost?: number
}

/** What can happen to points. */
export type LedgerKind =
  | 'earned'
  | 'redeemed'
  | 'returned'
  | 'expired'
  | 'clawed-back'
  | 'transferred'
  | 'adjusted'

/** One movement of points. What one redemption takes from three lots is three rows, each with its own `earnedAt`. */
export interface LedgerRow {
  /** When it was decided. */
  readonly at: Instant
  /** To which date it belongs, where that is another one. */
  readonly effectiveAt?: Instant
  readonly currency: string
  readonly kind: LedgerKind
  /** Whole. Not below zero, but for `transferred` and `adjusted`: what goes out is below zero there. */
  readonly points: number
  /** When the points that move were earned; the row's own date for what comes in, unless told. */
  readonly earnedAt?: Instant
  readonly subject?: string
  readonly order?: string
}

const kinds: readonly LedgerKind[] = [
  'earned',
  'redeemed',
  'returned',
  'expired',
  'clawed-back',
  'transferred',
  'adjusted',
]

/** Refuses what is no lot. */
export function checkLot(lot: OutstandingLot): void {
  if (!isRecord(lot)) throw fault('wrong-type', '$', lot, 'a lot')
  checkCount(lot.points, '$.points')
  checkInstant(lot.earnedAt, '$.earnedAt')
  if (lot.expiresAt !== null) checkInstant(lot.expiresAt, '$.expiresAt')
  if (lot.confirmsAt !== undefined && lot.confirmsAt !== null) checkInstant(lot.confirmsAt, '$.confirmsAt')
  if (lot.cost !== undefined) checkCount(lot.cost, '$.cost')
}

/** Refuses what is no movement. */
export function checkRow(row: LedgerRow): void {
  if (!isRecord(row)) throw fault('wrong-type', '$', row, 'a row')
  checkInstant(row.at, '$.at')
  if (row.effectiveAt !== undefined) checkInstant(row.effectiveAt, '$.effectiveAt')
  if (row.earnedAt !== undefined) checkInstant(row.earnedAt, '$.earnedAt')
  if (!kinds.includes(row.kind)) throw fault('out-of-range', '$.kind', row.kind, kinds.join(' | '))
  if (row.kind !== 'transferred' && row.kind !== 'adjusted') checkCount(row.points, '$.points')
  else if (!Number.isSafeInteger(row.points))
    throw fault('out-of-range', '$.points', row.points, 'a whole number')
}

/** A whole number, 0 or more. */
export function checkCount(value: unknown, path: string): void {
  if (!(Number.isSafeInteger(value) && (value as number) >= 0) || Object.is(value, -0))
    throw fault('out-of-range', path, value, 'a whole number, 0 or more')
}

/** Names of currencies of points in a definition: at least one, each a text. */
export function checkCurrencies(names: readonly unknown[], path: string): void {
  if (names.length === 0) throw fault('missing', path, names, 'at least one currency of points')
  for (const [i, name] of names.entries()) {
    if (typeof name !== 'string' || name === '') throw fault('wrong-type', `${path}[${i}]`, name, 'a name')
    if (names.indexOf(name) !== i) throw fault('duplicate-name', `${path}[${i}]`, name, 'every currency once')
  }
}

/** What is kept of one currency. What a row says is data: it is not repeated. */
export function ofCurrency<V>(
  kept: { readonly [name: string]: V },
  currency: string,
  names: readonly string[],
): V {
  if (typeof currency !== 'string' || !Object.hasOwn(kept, currency))
    throw fault('out-of-range', '$.currency', currency, names.join(' | '))
  return kept[currency]!
}

/** One of these words. */
export function checkWord(words: readonly string[], value: unknown, path: string): void {
  if (!words.includes(value as string)) throw unknownName(path, value, words)
}

/** An exact sum; the caller writes nothing before all of its sums are there. */
export function plus(a: number, b: number, path: string): number {
  const sum = a + b
  if (!Number.isSafeInteger(sum)) throw fault('too-large', path, sum, 'a sum within 2^53 - 1')
  return sum
}
