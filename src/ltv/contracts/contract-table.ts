import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { type ChurnCohort, checkChurnCohorts } from '../../measures/churn-counts.js'
import { checkSurvivalRecord, type SurvivalRecord } from '../../measures/survival-record.js'
import { checkColumn } from '../column.js'
import { checkUnit, type TimeUnit } from '../unit.js'

/** How many of a group were still there at each reading of the books. Groups of different age stand side by side. */
export interface ContractCohort extends ChurnCohort {
  /** Ages at which `survivors` were counted, rising from 0. Without it 0, 1, 2 and so on, in the table's unit. */
  readonly readings?: readonly number[]
  /** What holds for everybody in it and does not change, by name. */
  readonly covariates?: { readonly [name: string]: number }
}

/** One customer: how long they stayed and whether they left (`event`), or are still there. */
export interface ContractRecord extends SurvivalRecord {
  /**
   * Where only readings tell that somebody left: the last one at which they were still there. They left after it and not
   * later than `time`. Without it they left at `time`.
   */
  readonly stillThereAt?: number
  /** What is known of the customer and does not change, by name: 1 or 0 for yes or no, or an amount. */
  readonly covariates?: { readonly [name: string]: number }
}

/** Tenures as columns, alike ones in one row with their number, sorted. */
export interface ContractTable {
  readonly unit: TimeUnit
  /** Customers in all: the sum of `count`. */
  readonly customers: number
  readonly count: Float64Array
  /** Since which tenure they were watched; 0 unless they came under observation late. */
  readonly entry: Float64Array
  /** Until when they are known to have stayed. */
  readonly stayed: Float64Array
  /** By when they had left: the same as `stayed` where the moment is known, Infinity where they are still there. */
  readonly left: Float64Array
  /** One column for each covariate; every customer has the same ones. */
  readonly covariates: { readonly [name: string]: Float64Array }
}

/**
 * Tenures of customers under contract as a table that models are fitted to: counts of survivors by cohort, records of single
 * customers, or both.
 *
 * One unit of time is one period of the contract for models in discrete time: in `{ unit: 'year' }` of yearly contracts a
 * survivor count of 631 after 1 year is who renewed once. A customer who left at the third renewal has `time: 3`.
 *
 * @throws DefinitionError for counts that rise, records that cannot be, readings that do not rise; `unknown-name` where
 * covariates differ between customers; `missing` without any.
 * @example
 * contractTable({ unit: 'year', cohorts: [{ cohort: '2019', survivors: [1000, 869, 743] }] }).customers // => 1000
 */
export function contractTable(given: {
  readonly unit: TimeUnit
  readonly cohorts?: readonly ContractCohort[]
  readonly customers?: readonly ContractRecord[]
}): ContractTable {
  checkRecord(given, '$')
  const { unit, cohorts = [], customers = [] } = given
  checkUnit(unit, '$.unit')
  checkChurnCohorts(cohorts, '$.cohorts')
  checkList(customers, '$.customers')
  if (cohorts.length === 0 && customers.length === 0) {
    throw fault('missing', '$.customers', undefined, 'cohorts, customers or both')
  }
  const names = namesOf(cohorts[0]?.covariates ?? customers[0]?.covariates)
  const rows: Row[] = []
  for (const [i, cohort] of cohorts.entries()) {
    const covariates = covariatesOf(cohort.covariates, names, `$.cohorts[${i}].covariates`)
    rows.push(...rowsOfCohort(cohort, covariates, `$.cohorts[${i}]`))
  }
  for (const [i, record] of customers.entries()) {
    const path = `$.customers[${i}]`
    checkContractRecord(record, path)
    const { time, event, entry = 0, stillThereAt } = record
    const covariates = covariatesOf(record.covariates, names, `${path}.covariates`)
    const stayed = event ? (stillThereAt ?? time) : time
    rows.push({ count: 1, numbers: [entry, stayed, event ? time : Infinity, ...covariates] })
  }
  return joined(unit, names, rows)
}

/** A number of customers with entry, stayed, left and covariates. */
interface Row {
  readonly count: number
  readonly numbers: readonly number[]
}

function rowsOfCohort(cohort: ContractCohort, covariates: readonly number[], path: string): readonly Row[] {
  const { survivors, readings = survivors.map((_, t) => t) } = cohort
  checkReadings(readings, survivors.length, `${path}.readings`)
  const rows: Row[] = []
  for (let t = 1; t < survivors.length; t += 1) {
    const count = survivors[t - 1]! - survivors[t]!
    if (count > 0) rows.push({ count, numbers: [0, readings[t - 1]!, readings[t]!, ...covariates] })
  }
  const last = survivors.length - 1
  if (survivors[last]! > 0)
    rows.push({ count: survivors[last]!, numbers: [0, readings[last]!, Infinity, ...covariates] })
  return rows
}

/** Refuses ages that do not rise from 0, or are not one for each count. */
export function checkReadings(readings: readonly number[], length: number, path: string): void {
  checkList(readings, path)
  if (readings.length !== length)
    throw fault('out-of-range', path, readings.length, `${length} ages, one for each count`)
  for (const [t, age] of readings.entries()) {
    if (typeof age !== 'number') throw fault('wrong-type', `${path}[${t}]`, age, 'a number')
    const rises = t === 0 ? age === 0 : age > readings[t - 1]!
    if (!(rises && age < Infinity)) throw fault('out-of-range', `${path}[${t}]`, age, 'rising ages from 0')
  }
}

function checkContractRecord(record: ContractRecord, path: string): void {
  checkSurvivalRecord(record, path)
  const { time, event, entry = 0, stillThereAt } = record
  if (stillThereAt === undefined) return
  if (!event)
    throw fault('out-of-range', `${path}.stillThereAt`, stillThereAt, 'only of somebody who left: event true')
  if (!(typeof stillThereAt === 'number' && stillThereAt >= entry && stillThereAt < time))
    throw fault('out-of-range', `${path}.stillThereAt`, stillThereAt, 'from entry to below time')
}

const namesOf = (covariates: unknown): readonly string[] =>
  typeof covariates === 'object' && covariates !== null ? Object.keys(covariates).sort() : []

function covariatesOf(
  given: { readonly [name: string]: number } | undefined,
  names: readonly string[],
  path: string,
): readonly number[] {
  if (given !== undefined) checkRecord(given, path)
  const own = namesOf(given)
  if (own.length !== names.length || own.some((name, k) => name !== names[k])) {
    throw fault('unknown-name', path, own, names.join(', ') || 'no covariates, as of the first')
  }
  return names.map((name) => {
    const value = given![name]
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw fault('wrong-type', `${path}.${name}`, value, 'a finite number')
    return value
  })
}

/** Sorted, those alike in one row. */
function joined(unit: TimeUnit, names: readonly string[], rows: readonly Row[]): ContractTable {
  const sorted = [...rows].sort((a, b) => compared(a.numbers, b.numbers))
  const kept: { count: number; readonly numbers: readonly number[] }[] = []
  for (const { count, numbers } of sorted) {
    const last = kept[kept.length - 1]
    if (last !== undefined && compared(last.numbers, numbers) === 0) last.count += count
    else kept.push({ count, numbers })
  }
  // Nobody's zero is negative.
  const column = (k: number) => Float64Array.from(kept, ({ numbers }) => numbers[k]! + 0)
  return {
    unit,
    customers: kept.reduce((sum, { count }) => sum + count, 0),
    count: Float64Array.from(kept, ({ count }) => count),
    entry: column(0),
    stayed: column(1),
    left: column(2),
    covariates: Object.fromEntries(names.map((name, k) => [name, column(3 + k)])),
  }
}

function compared(a: readonly number[], b: readonly number[]): number {
  for (const [k, value] of a.entries()) {
    // Infinity minus Infinity is no difference.
    if (value !== b[k]!) return value < b[k]! ? -1 : 1
  }
  return 0
}

/** Refuses a table that a host may have made itself. In discrete time tenures are whole periods. */
export function checkContractTable(table: ContractTable, time: 'discrete' | 'continuous'): void {
  checkRecord(table, '$')
  checkUnit(table.unit, '$.unit')
  const { customers, count, entry, stayed, left, covariates } = table
  checkRecord(covariates, '$.covariates')
  checkColumn(count, '$.count')
  for (const [name, column] of [
    ...Object.entries({ count, entry, stayed, left }),
    ...Object.entries(covariates),
  ]) {
    // JSON has no Infinity, which is what `left` holds of who is still there.
    const back =
      name === 'left' ? 'Float64Array.from(Object.values(column), (age) => age ?? Infinity)' : undefined
    checkColumn(column, `$.${name}`, count.length, back)
  }
  let people = 0
  for (let i = 0; i < count.length; i += 1) {
    people += count[i]!
    if (!(count[i]! >= 0 && count[i]! < Infinity))
      throw fault('out-of-range', `$.count[${i}]`, count[i], 'from 0, finite')
    if (!(entry[i]! >= 0 && entry[i]! <= stayed[i]!))
      throw fault('out-of-range', `$.entry[${i}]`, entry[i], 'from 0 to stayed')
    if (!(stayed[i]! < Infinity)) throw fault('out-of-range', `$.stayed[${i}]`, stayed[i], 'finite')
    if (!(left[i]! >= stayed[i]!)) throw fault('out-of-range', `$.left[${i}]`, left[i], 'from stayed')
    if (left[i] === 0)
      throw fault(
        'out-of-range',
        `$.left[${i}]`,
        left[i],
        'above 0: who leaves has been a customer for a time',
      )
    if (time === 'discrete') {
      for (const [name, column] of Object.entries({ entry, stayed, left })) {
        const value = column[i]!
        if (!(Number.isSafeInteger(value) || (name === 'left' && value === Infinity)))
          throw fault('out-of-range', `$.${name}[${i}]`, value, 'whole periods, one unit each')
      }
    }
    for (const [name, column] of Object.entries(covariates)) {
      if (!Number.isFinite(column[i]!))
        throw fault('out-of-range', `$.covariates.${name}[${i}]`, column[i], 'a finite number')
    }
  }
  if (customers !== people)
    throw fault('out-of-range', '$.customers', customers, `the sum of count, ${people}`)
}
