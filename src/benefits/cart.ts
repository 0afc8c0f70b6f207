import { allocateUnits, minorDigits, mulDiv, parseMinor, parseRatio } from '../kernel/index.js'
import type { AgreedBenefits, Gives } from './definition.js'

/** An order as benefits see it; amounts are decimal text, 0 or more. */
export interface Cart {
  readonly lines: readonly { readonly amount: string; readonly group?: string }[]
  readonly shipping?: string
}

/** A cart in the smallest unit. */
export interface CartUnits {
  readonly lines: readonly { readonly amount: number; readonly group: string | undefined }[]
  readonly shipping: number
}

const LINES = 1000

/** A cart in the smallest unit; `undefined` where it is none: amounts below zero, other keys, more than 1,000 lines. */
export function readCart(value: unknown, currency: string): CartUnits | undefined {
  if (!isObject(value, ['lines', 'shipping'])) return undefined
  const { lines, shipping = '0' } = value as { readonly lines?: unknown; readonly shipping?: unknown }
  const minor = (text: unknown) => {
    const units = parseMinor(text as string, minorDigits(currency))
    return units === undefined || units < 0 ? undefined : units
  }
  const sent = minor(shipping)
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > LINES || sent === undefined)
    return undefined
  const read: { amount: number; group: string | undefined }[] = []
  let sum = sent
  for (const line of lines as readonly unknown[]) {
    if (!isObject(line, ['amount', 'group'])) return undefined
    const { amount, group } = line as { readonly amount?: unknown; readonly group?: unknown }
    const units = minor(amount)
    if (units === undefined || (group !== undefined && typeof group !== 'string')) return undefined
    sum += units
    read.push({ amount: units, group })
  }
  return Number.isSafeInteger(sum) ? { lines: read, shipping: sent } : undefined
}

const isObject = (value: unknown, keys: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).every((key) => keys.includes(key))

/** What one benefit does to an order, in the smallest unit. */
interface Applied {
  readonly discount: number
  /** Of the discount, by line; of free shipping all are nothing. */
  readonly shares: readonly number[]
  /** What it costs who pays for it. */
  readonly cost: number
}

/** What several benefits do to an order, one after the other. */
export interface Combined {
  readonly applied: readonly Applied[]
  readonly discount: number
  readonly payable: number
  /** What is left to pay of each line. */
  readonly lines: readonly number[]
  readonly shipping: number
}

/** Why a benefit does nothing for an order. */
export interface NotApplied {
  readonly place: number
  readonly code: 'below-threshold' | 'no-effect'
  readonly base: number
  readonly from: number
}

/**
 * What benefits do to an order in the order in which they are given. A discount is split over its lines in proportion to what is left of
 * them, to the last unit, and takes no line below nothing.
 */
export function combine(
  cart: CartUnits,
  gives: readonly Gives[],
  { currency, base: policy = 'original' }: Pick<AgreedBenefits, 'currency' | 'base'>,
): Combined | NotApplied {
  const minor = (text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : parseMinor(text, minorDigits(currency))!
  const left = cart.lines.map(({ amount }) => amount)
  let shipping = cart.shipping
  const applied: Applied[] = []
  for (const [place, one] of gives.entries()) {
    if (one.kind === 'right') return { place, code: 'no-effect', base: 0, from: 0 }
    const inside = cart.lines.map(({ group }) => !one.groups || one.groups.includes(group ?? ''))
    const sum = (amounts: readonly number[]) =>
      amounts.reduce((total, amount, i) => (inside[i] ? total + amount : total), 0)
    const open = sum(left)
    const base = policy === 'original' ? sum(cart.lines.map(({ amount }) => amount)) : open
    const from = minor(one.from, 0)
    if (base < from || !inside.includes(true)) return { place, code: 'below-threshold', base, from }
    const none = left.map(() => 0)
    if (one.kind === 'gift') {
      applied.push({ discount: 0, shares: none, cost: minor(one.costPerUse, 0) })
      continue
    }
    if (one.kind === 'free-shipping') {
      const discount = Math.min(shipping, minor(one.upTo, shipping))
      if (discount === 0) return { place, code: 'no-effect', base, from }
      shipping -= discount
      applied.push({ discount, shares: none, cost: discount })
      continue
    }
    const wanted = one.kind === 'amount-off' ? minor(one.off, 0) : percentOf(base, one.percent)
    const most = one.kind === 'percent-off' ? minor(one.upTo, wanted) : wanted
    const discount = Math.min(wanted, most, open)
    if (discount === 0) return { place, code: 'no-effect', base, from }
    const shares = allocateUnits(
      discount,
      left.map((amount, i) => (inside[i] ? amount : 0)),
    )
    for (const [i, share] of shares.entries()) left[i]! -= share
    applied.push({ discount, shares, cost: discount })
  }
  const discount = applied.reduce((total, one) => total + one.discount, 0)
  const payable = left.reduce((total, amount) => total + amount, shipping)
  return { applied, discount, payable, lines: left, shipping }
}

/** Rounded up: what is taken off is never less than what is said. */
function percentOf(amount: number, percent: string): number {
  const { numerator, denominator } = parseRatio(percent)
  const share = mulDiv(amount, numerator, denominator * 100)!
  return share.quotient + (share.remainder > 0 ? 1 : 0)
}
