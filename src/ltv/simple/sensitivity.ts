import { checkList, fault } from '../../kernel/errors.js'
import { checkOptions } from '../options.js'
import type { SimpleEstimate } from './assumptions.js'
import { type CustomerMargin, type RetentionStream, retentionValue } from './retention-value.js'

/** What a value rests on. */
export type ValueInput = 'arpa' | 'margin' | 'retention' | 'discountPerPeriod'

/** One combination and what it makes of the value. */
export interface SensitivityRow {
  readonly arpa: number
  readonly margin: number
  readonly retention: number
  readonly discountPerPeriod: number
  readonly value: SimpleEstimate
  /** Of the value as stated: 0.1 is ten percent more. None where either does not exist, or the stated one is 0. */
  readonly change:
    | { readonly kind: 'estimate'; readonly value: number }
    | { readonly kind: 'undefined'; readonly reason: 'no-value' }
}

/**
 * How much the discounted value moves with what it rests on: every combination of the values named, the others as stated. The
 * first name varies slowest.
 *
 * @throws DefinitionError as `retentionValue`; `unknown-key` for what is no input; `too-large` beyond 10,000 rows.
 * @example
 * const [low, high] = valueSensitivity({ arpa: 100, margin: 1, retention: 0.8, discountPerPeriod: 0.1, firstPayment: 'now' },
 *   { retention: [0.79, 0.81] })
 * high.change.value // => 0.034482758620689724
 */
export function valueSensitivity(
  stated: CustomerMargin & RetentionStream & { readonly periods?: number },
  over: { readonly [input in ValueInput]?: readonly number[] },
): readonly SensitivityRow[] {
  const base = retentionValue(stated)
  checkOptions(over, inputs, '$.over')
  let combined: readonly { readonly [name: string]: number }[] = [{}]
  for (const [name, values] of Object.entries(over)) {
    checkList(values, `$.over.${name}`)
    if (combined.length * values.length > 10_000)
      throw fault('too-large', `$.over.${name}`, values.length, 'at most 10000 combinations')
    combined = combined.flatMap((some) => values.map((value) => ({ ...some, [name]: value })))
  }
  return combined.map((some) => {
    const given = { ...stated, ...some }
    const value = retentionValue(given)
    const { arpa, margin, retention, discountPerPeriod } = given
    return { arpa, margin, retention, discountPerPeriod, value, change: changeOf(base, value) }
  })
}

const inputs: readonly ValueInput[] = ['arpa', 'margin', 'retention', 'discountPerPeriod']

function changeOf(base: SimpleEstimate, other: SimpleEstimate): SensitivityRow['change'] {
  const value =
    base.kind === 'estimate' && other.kind === 'estimate'
      ? (other.value - base.value) / Math.abs(base.value)
      : NaN
  return Number.isFinite(value) ? { kind: 'estimate', value } : { kind: 'undefined', reason: 'no-value' }
}
