import { checkList, checkNumber, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { type ExactSum, exactTotal } from '../../measures/exact-sum.js'
import { normalQuantile } from '../../measures/normal.js'
import { checkLevel } from '../../measures/proportions.js'
import type { PredictionInterval } from '../estimation/prediction-interval.js'
import { checkOptions } from '../options.js'
import type { GroupShare } from './belonging.js'

/** One customer with what he is worth. */
export interface CustomerValue {
  readonly customer: string
  /** A number, or an estimate; where it is undefined the customer is counted as without value. */
  readonly value:
    | number
    | { readonly kind: 'estimate'; readonly value: number }
    | { readonly kind: 'undefined' }
  /** Chance in what this customer does: see `lifetimeVariance`. For intervals every customer has one. */
  readonly variance?: number
}

/** How values are summed. */
export interface ValueByOptions {
  /** Of intervals, 0.95 unless told. */
  readonly level?: number
  /**
   * The standard error that a sum has because parameters are estimates: for each group, and for all, given who is in it and
   * with what share. Errors of customers go together, so they are not added up here: hand on the `predictionInterval` (or
   * `bootstrapInterval`) of the sum as it is. Where that is undefined the sum has no interval, and `withoutInterval` says why.
   */
  readonly standardErrorOf?: (members: readonly ValueMember[]) => number | PredictionInterval
}

/** Who is in a group, and how much of them. */
export interface ValueMember {
  readonly customer: string
  readonly share: number
}

/** A sum of values. */
export interface ValueSum {
  /** The float nearest to the exact sum. */
  readonly value: number
  /** Customers with a part in it. */
  readonly customers: number
  /** Those of them whose value is undefined: their part is missing in the sum. */
  readonly withoutValue: number
  /** For what will be brought, by the normal approximation; none unless each customer has a variance. */
  readonly interval?: { readonly low: number; readonly high: number; readonly level: number }
  /** Why there is no interval although `standardErrorOf` was given. */
  readonly withoutInterval?: NoSumInterval
}

/**
 * Why a sum has no interval: `no-variances` where a customer has none, so that chance in what they do is not known; the others are
 * the reasons of `PredictionInterval`, unchanged.
 */
export interface NoSumInterval {
  readonly reason: 'no-variances' | Extract<PredictionInterval, { readonly kind: 'undefined' }>['reason']
  /** What it means and what to do next. */
  readonly next: Sentence
}

/** Sums of values by group. */
export interface ValueSums {
  /** By name of the group. */
  readonly groups: readonly (ValueSum & { readonly group: string })[]
  /** Of customers who belong to no group. */
  readonly ungrouped: ValueSum
  /** Of all: the same to the bit however customers are grouped, and in whatever order they come. */
  readonly total: ValueSum
}

/**
 * Values of customers summed by segment, cohort, household or owner: by a function that names each one's group, or its shares
 * in several.
 *
 * The total is conserved: sums are exact, and of a customer who is shared the last owner (by name) gets all that the others
 * do not, to the last digit. Whoever moves a customer moves value and makes none.
 *
 * @param groupOf - The group of a customer, or shares that add up to 1 (`belongings(…).of(customer, asOf)`); undefined or none
 * for nobody's.
 * @throws DefinitionError `duplicate-name` for a customer given twice; `out-of-range` for values, variances and shares that are
 * none, or a standard error below 0 or not finite (`$.options.standardErrorOf`).
 * @example
 * const values = [{ customer: 'a', value: 120 }, { customer: 'b', value: 30 }, { customer: 'c', value: 50 }]
 * valueBy(values, ({ customer }) => (customer === 'c' ? 'north' : 'south')).groups.map(({ group, value }) => [group, value])
 * // => [['north', 50], ['south', 150]]
 */
export function valueBy<T extends CustomerValue>(
  values: readonly T[],
  groupOf: (value: T) => string | readonly GroupShare[] | undefined,
  options: ValueByOptions = {},
): ValueSums {
  checkList(values, '$')
  if (typeof groupOf !== 'function')
    throw fault('wrong-type', '$.groupOf', groupOf, 'a function of a customer')
  checkOptions(options, ['level', 'standardErrorOf'], '$.options')
  const { level = 0.95, standardErrorOf } = options
  checkLevel(level)
  const seen = new Set<string>()
  const parts = new Map<string, Part>()
  const [ungrouped, total] = [emptyPart(), emptyPart()]
  let withVariances = true
  const partOf = (group: string): Part => {
    const known = parts.get(group)
    if (known !== undefined) return known
    const part = emptyPart()
    parts.set(group, part)
    return part
  }
  for (const [i, row] of values.entries()) {
    const { customer, value, variance } = readValue(row, i)
    if (seen.has(customer)) throw fault('duplicate-name', `$[${i}].customer`, customer, 'each customer once')
    seen.add(customer)
    if (variance === undefined) withVariances = false
    const shares = sharesOf(groupOf(row), i)
    addTo(total, customer, 1, variance)
    if (value === undefined) total.withoutValue += 1
    else total.sum.add(value)
    const last = shares.length === 0 ? ungrouped : partOf(shares[shares.length - 1]!.group)
    for (let k = 0; k < Math.max(shares.length, 1); k++) {
      const part = k + 1 < shares.length ? partOf(shares[k]!.group) : last
      const share = shares[k]?.share ?? 1
      addTo(part, customer, share, variance)
      if (value === undefined) part.withoutValue += 1
      else if (part === last) part.sum.add(value)
      else {
        part.sum.add(value * share)
        last.sum.add(-value * share)
      }
    }
  }
  const z = normalQuantile((1 + level) / 2)
  const summed = ({ sum, members, withoutValue, variance }: Part): ValueSum => {
    const value = sum.value
    const plain = { value, customers: members.length, withoutValue }
    if (members.length === 0) return plain
    if (!withVariances) return standardErrorOf === undefined ? plain : { ...plain, withoutInterval }
    const error = standardErrorOf === undefined ? 0 : readError(standardErrorOf(members))
    if (typeof error !== 'number') return { ...plain, withoutInterval: error }
    const half = z * Math.sqrt(variance.value + error * error)
    return { ...plain, interval: { low: value - half, high: value + half, level } }
  }
  const names = [...parts.keys()].sort()
  return {
    groups: names.map((group) => ({ group, ...summed(parts.get(group)!) })),
    ungrouped: summed(ungrouped),
    total: summed(total),
  }
}

/** A standard error, or why there is none. */
function readError(given: number | PredictionInterval): number | NoSumInterval {
  const path = '$.options.standardErrorOf'
  if (typeof given === 'number') return checkError(given, path)
  checkRecord(given, path)
  const { kind }: { readonly kind: unknown } = given
  if (given.kind === 'estimate') return checkError(given.standardError, `${path}.standardError`)
  if (given.kind !== 'undefined') throw fault('unknown-name', `${path}.kind`, kind, 'estimate | undefined')
  const { reason, next } = given
  if (typeof reason !== 'string') throw fault('wrong-type', `${path}.reason`, reason, 'why there is none')
  checkRecord(next, `${path}.next`)
  return { reason, next }
}

function checkError(error: number, path: string): number {
  checkNumber(error, path)
  if (!(error >= 0 && error < Infinity))
    throw fault('out-of-range', path, error, 'a standard error from 0, finite')
  return error
}

const withoutInterval: NoSumInterval = {
  reason: 'no-variances',
  next: {
    en: 'Not every customer has a variance, so what chance does is not known: give each one the variance of lifetimeVariance.',
    zh: '并非每位客户都有方差，无法得知随机波动：请用 lifetimeVariance 为每位客户给出方差。',
  },
}

/** An exact sum. Of one number it is that number: groups of one customer are many, and need no digits. */
class Sum {
  #one = 0
  #digits: ExactSum | undefined

  add(value: number): void {
    if (this.#digits === undefined) {
      if (this.#one === 0) {
        // A sum has no zero with a sign.
        this.#one = value + 0
        return
      }
      this.#digits = exactTotal.add(exactTotal.empty(), this.#one)
    }
    this.#digits = exactTotal.add(this.#digits, value)
  }

  get value(): number {
    return this.#digits === undefined ? this.#one : exactTotal.result(this.#digits)
  }
}

interface Part {
  readonly sum: Sum
  readonly variance: Sum
  readonly members: ValueMember[]
  withoutValue: number
}

const emptyPart = (): Part => ({
  sum: new Sum(),
  variance: new Sum(),
  members: [],
  withoutValue: 0,
})

function addTo(part: Part, customer: string, share: number, variance: number | undefined): void {
  part.members.push({ customer, share })
  if (variance !== undefined) part.variance.add(share * share * variance)
}

// Of a million customers the path is only written for the one that is refused.
function readValue(row: CustomerValue, i: number) {
  if (!isRecord(row)) checkRecord(row, `$[${i}]`)
  const { customer, value: given, variance } = row
  if (typeof customer !== 'string' || customer === '')
    throw fault('wrong-type', `$[${i}].customer`, customer, 'a name')
  const value = typeof given === 'number' ? given : estimated(given, `$[${i}].value`)
  if (value !== undefined && !(Math.abs(value) < 1e300))
    throw fault(
      'out-of-range',
      `$[${i}].value`,
      value,
      'a number between -1e300 and 1e300, so that sums are finite',
    )
  if (variance !== undefined) {
    if (typeof variance !== 'number') checkNumber(variance, `$[${i}].variance`)
    if (!(variance >= 0 && variance < 1e300))
      throw fault(
        'out-of-range',
        `$[${i}].variance`,
        variance,
        'from 0, below 1e300, so that sums are finite',
      )
  }
  return { customer, value, variance }
}

/** What stands in an estimate; undefined where there is none. */
function estimated(given: Exclude<CustomerValue['value'], number>, path: string): number | undefined {
  checkRecord(given, path)
  const { kind }: { readonly kind: unknown } = given
  if (given.kind === 'undefined') return undefined
  if (given.kind !== 'estimate') throw fault('unknown-name', `${path}.kind`, kind, 'estimate | undefined')
  checkNumber(given.value, path)
  return given.value
}

/** By name, so that who gets the rest does not depend on the order of the list. */
function sharesOf(given: string | readonly GroupShare[] | undefined, i: number): readonly GroupShare[] {
  if (given === undefined) return []
  if (typeof given === 'string' && given !== '') return [{ group: given, share: 1 }]
  const path = `$[${i}]`
  if (typeof given === 'string') throw fault('wrong-type', `${path}.group`, given, 'a name')
  checkList(given, `${path}.group`)
  let sum = 0
  for (const [k, one] of given.entries()) {
    checkRecord(one, `${path}.group[${k}]`)
    if (typeof one.group !== 'string' || one.group === '')
      throw fault('wrong-type', `${path}.group[${k}].group`, one.group, 'a name')
    if (typeof one.share !== 'number')
      throw fault('wrong-type', `${path}.group[${k}].share`, one.share, 'a number')
    if (!(one.share > 0 && one.share <= 1))
      throw fault('out-of-range', `${path}.group[${k}].share`, one.share, 'above 0, up to 1')
    sum += one.share
  }
  if (given.length > 0 && !(Math.abs(sum - 1) <= 1e-9))
    throw fault('out-of-range', `${path}.group`, sum, 'shares that add up to 1')
  const sorted = [...given].sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0))
  for (let k = 1; k < sorted.length; k++)
    if (sorted[k]!.group === sorted[k - 1]!.group)
      throw fault('duplicate-name', `${path}.group`, sorted[k]!.group, 'each group once')
  return sorted
}
