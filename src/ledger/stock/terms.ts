import { calendarOf, type Instant, numberOf, valueOfNumber } from '../../kernel/index.js'
import { type AgreedStock, amountField } from './definition.js'
import { type CompiledLimit, compileLimits } from './limits.js'

/** What was agreed about a stock, compiled. Amounts in the smallest unit inside. */
export interface StockTerms {
  readonly id: string
  readonly limits: readonly CompiledLimit[]
  /** Those that everybody shares. */
  readonly shared: readonly CompiledLimit[]
  /** Goes with every amount in a refusal: of money, its currency. */
  readonly money: { readonly currency?: string }
  readonly partialCommit: 'release-rest' | 'keep-rest'
  /** When a reservation ends that names no end, and until when one that is over is remembered. */
  readonly holds?: (at: Instant) => Instant
  keeps(at: Instant): Instant
  /** An amount in the smallest unit, and back. */
  units(amount: unknown): number | null
  shown(amount: number): number | string
}

/** The terms of a definition that has been checked. */
export function compileStock(agreed: AgreedStock): StockTerms {
  const { id, unit, holdFor, partialCommit = 'release-rest', keep = { days: 90 } } = agreed
  const calendar = calendarOf(agreed.calendar)
  const limits = compileLimits(agreed, calendar)
  const field = amountField(unit)
  return {
    id,
    limits,
    shared: limits.filter(({ code }) => code !== 'holder-limit'),
    money: unit === 'pieces' ? {} : { currency: unit },
    partialCommit,
    ...(holdFor && { holds: calendar.adder(holdFor) }),
    keeps: calendar.adder(keep),
    units: (amount) => numberOf(field, amount),
    shown: (amount) => valueOfNumber(field, amount),
  }
}
