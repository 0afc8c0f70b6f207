import { checkCurrency } from '../../kernel/currency.js'
import { checkList, checkName, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { unitsOf, writeUnits } from '../../kernel/money.js'
import { isRecord, own } from '../../kernel/plain.js'
import { nearestFloat } from '../../measures/accumulator.js'
import type { RevenueCell, RevenueCohort } from './cohort-revenue.js'
import {
  type Observed,
  observedPoints,
  type PaybackProjection,
  type Projected,
  projectionOf,
  readProjection,
  UNITS,
} from './payback-projection.js'

/** What acquiring the cohorts cost, against which value, and how far beyond what is known to look. */
export interface PaybackOptions {
  /** Name of the value in the revenue; a margin, as revenue that is spent on goods pays nothing back. */
  readonly value: string
  /** By cohort, decimal text in the currency of the revenue: all that was spent to acquire it. From zero up. */
  readonly costs: Readonly<Record<string, string>>
  /**
   * When within the period in which it is reached: `period-end` says at its end, `linear` as if the value came evenly.
   */
  readonly within: 'period-end' | 'linear'
  /** Without it, nothing is said about periods that are not complete. */
  readonly projection?: PaybackProjection
}

/** Cohorts and what they brought, as `defineCohortRevenue` answers. */
export interface PaybackInput {
  readonly currency: string
  readonly cohorts: readonly (Pick<RevenueCohort, 'cohort' | 'size'> & {
    readonly cells: readonly Pick<RevenueCell, 'offset' | 'state' | 'values'>[]
  })[]
}

/** When the cost of acquiring customers came back, by cohort. */
export interface Payback {
  readonly value: string
  readonly currency: string
  readonly within: PaybackOptions['within']
  /** The last offset that is projected; `null` without a projection. */
  readonly horizon: number | null
  readonly cohorts: readonly CohortPayback[]
}

/** One cohort. Numbers are of the currency, per acquired customer, those who left included. */
export interface CohortPayback {
  readonly cohort: string
  readonly size: number
  /** Decimal text; `null` where none was stated. */
  readonly cost: string | null
  /** CAC; `null` without a cost or without customers. */
  readonly costPerCustomer: number | null
  readonly payback: PaybackCase
  /** Complete offsets, then projected ones; none for a cohort of nobody. */
  readonly points: readonly PaybackPoint[]
}

/** What a customer has brought by an offset, and per its cost. */
export interface PaybackPoint {
  readonly offset: number
  readonly basis: 'observed' | 'projected'
  readonly cumulative: number
  /** LTV:CAC. */
  readonly ratio:
    | { readonly kind: 'estimate'; readonly value: number }
    | { readonly kind: 'undefined'; readonly reason: 'no-cost' | 'no-cost-stated' | 'too-large' }
}

/** When it came back, or why nobody can say. */
export type PaybackCase =
  | {
      readonly kind: 'paid-back'
      readonly basis: 'observed' | 'projected'
      /** The first at whose end the cost is covered. */
      readonly offset: number
      /** Periods since the start of that of acquisition, by the option `within`; 0 where there was no cost. */
      readonly periods: number
      /** Whether it is still covered at the last point; refunds and losses can undo it. */
      readonly holds: boolean
    }
  | {
      readonly kind: 'not-yet-observable'
      /** How many periods are complete. */
      readonly complete: number
      readonly missing: PaybackMissing
    }
  | {
      /** Not within what is observed and the horizon. */
      readonly kind: 'never'
      /** The last offset that was looked at. */
      readonly by: number
      readonly missing: PaybackMissing
    }
  | {
      readonly kind: 'undefined'
      /** `nobody-active`: the curve has nobody active where the value of one active customer is to be read off. */
      readonly reason: 'no-customers' | 'no-cost-stated' | 'nobody-active' | 'too-large'
    }

/** What is left to come back. */
export interface PaybackMissing {
  /** By the last complete period, decimal text. */
  readonly amount: string
  /** By the last point. */
  readonly perCustomer: number
}

/** One cohort on one line. Where no number exists, `null`, and `reason` says why. */
export interface PaybackRow {
  readonly cohort: string
  readonly n: number
  readonly cost: string | null
  readonly costPerCustomer: number | null
  readonly periods: number | null
  readonly offset: number | null
  readonly basis: 'observed' | 'projected' | null
  /** LTV:CAC at the last complete offset. */
  readonly ratio: number | null
  readonly missing: string | null
  readonly reason: PaybackReason | null
}

/** Why there is no payback. */
export type PaybackReason =
  | 'not-yet-observable'
  | 'never'
  | 'no-customers'
  | 'no-cost-stated'
  | 'nobody-active'
  | 'too-large'

/** The reasons in words, to print beside a table. */
export const paybackReasons: Readonly<Record<PaybackReason | 'no-cost', Sentence>> = {
  'not-yet-observable': {
    en: 'not paid back in the periods that are complete',
    zh: '在已完整的周期内尚未回本',
  },
  never: { en: 'not paid back within the horizon', zh: '在预测期限内不能回本' },
  'no-customers': { en: 'nobody was acquired in this period', zh: '该周期没有新获取的客户' },
  'no-cost-stated': { en: 'no cost was stated for this cohort', zh: '未提供该同期群的获客成本' },
  'nobody-active': {
    en: 'the curve has nobody active to read a value from',
    zh: '给定曲线上没有活跃客户，无法估计单客价值',
  },
  'too-large': { en: 'the number is beyond the largest one', zh: '数值超出可表示的范围' },
  'no-cost': { en: 'acquiring them cost nothing', zh: '没有获客成本' },
}

/**
 * When what a cohort brought covers what acquiring it cost (CAC payback), and LTV:CAC at each offset.
 *
 * Churn is in it: what is divided is all that the cohort brought, by all who were acquired, those who left included. A
 * payback that divides the cost by the margin of an active customer a month leaves churn out, and is early.
 *
 * Only complete periods are evidence. Beyond them there is `not-yet-observable` with what is missing, unless a retention
 * or hazard curve is stated up to a horizon: then active customers times what one of them brings are added, as estimates
 * without an interval, marked `projected`, and `never` means not within that horizon. Whether an observed payback is
 * reached is decided on exact amounts.
 *
 * @throws DefinitionError `unknown-name` for a value, or a cohort with a cost, that the revenue has not; `invalid-amount`
 * for a cost or amount that is none; `out-of-range` for a cost below zero, a share outside [0, 1], a horizon that is no
 * whole number up to 12,000; `missing` where the curve ends before the horizon.
 * @see `defineCohortRevenue`, whose answer it takes.
 * @example
 * cacPayback(revenue, { value: 'margin', costs: { '2024-03': '300.00' }, within: 'linear' }).cohorts[0].payback
 * // => { kind: 'paid-back', basis: 'observed', offset: 2, periods: 2.5, holds: true }
 */
export function cacPayback(revenue: PaybackInput, options: PaybackOptions): Payback {
  const { value, costs, within, projection } = readPayback(options)
  checkRecord(revenue, '$.revenue')
  const currency = checkCurrency(revenue.currency, '$.revenue.currency')
  checkList(revenue.cohorts, '$.revenue.cohorts')
  const observed = revenue.cohorts.map((cohort, i) =>
    readCohort(cohort, { value, currency, path: `$.revenue.cohorts[${i}]` }),
  )
  const names = observed.map(({ cohort }) => cohort)
  const known = new Set(names)
  for (const name of Object.keys(costs)) {
    if (!known.has(name)) throw fault('unknown-name', '$.costs', name, names.slice(0, 20).join(' | '))
  }
  const future = projection === undefined ? undefined : readProjection(projection, currency)
  return {
    value,
    currency,
    within,
    horizon: future?.horizon ?? null,
    cohorts: observed.map((one): CohortPayback => {
      const written = own(costs, one.cohort)
      const cost = written === undefined ? undefined : costOf(written, currency)
      const { cohort, size } = one
      const projected = projectionOf(one, future)
      const perCustomer =
        cost === undefined || size === 0 ? null : nearestFloat(cost, BigInt(size) * UNITS, 0)
      const points = [...observedPoints(one), ...projected.points].map(({ offset, basis, cumulative }) => ({
        offset,
        basis,
        cumulative,
        ratio: ratioOf(cumulative, perCustomer),
      }))
      return {
        cohort,
        size,
        cost: cost === undefined ? null : writeUnits(cost, currency).amount,
        costPerCustomer: perCustomer,
        payback:
          cost === undefined
            ? { kind: 'undefined', reason: 'no-cost-stated' }
            : decide(one, { cost, currency, within, projected, horizon: future?.horizon }),
        points,
      }
    }),
  }
}

/**
 * The cohorts as flat rows: what a table or a chart takes.
 *
 * @example
 * paybackRows(payback)[0]
 * // => { cohort: '2024-03', n: 2, cost: '300.00', costPerCustomer: 150, periods: 2.5, offset: 2, basis: 'observed',
 * //      ratio: 1.3333, missing: null, reason: null }
 */
export function paybackRows({ cohorts }: Pick<Payback, 'cohorts'>): readonly PaybackRow[] {
  return cohorts.map(({ cohort, size: n, cost, costPerCustomer, payback, points }) => {
    const last = points.filter(({ basis }) => basis === 'observed').at(-1)
    const back = payback.kind === 'paid-back' ? payback : undefined
    return {
      cohort,
      n,
      cost,
      costPerCustomer,
      periods: back?.periods ?? null,
      offset: back?.offset ?? null,
      basis: back?.basis ?? null,
      ratio: last?.ratio.kind === 'estimate' ? last.ratio.value : null,
      missing: 'missing' in payback ? payback.missing.amount : null,
      reason:
        payback.kind === 'paid-back' ? null : payback.kind === 'undefined' ? payback.reason : payback.kind,
    }
  })
}

function ratioOf(cumulative: number, cost: number | null): PaybackPoint['ratio'] {
  if (cost === null) return { kind: 'undefined', reason: 'no-cost-stated' }
  if (cost === 0) return { kind: 'undefined', reason: 'no-cost' }
  const value = cumulative / cost
  return Number.isFinite(value) ? { kind: 'estimate', value } : { kind: 'undefined', reason: 'too-large' }
}

function decide(
  { size, sums }: Observed,
  given: {
    readonly cost: bigint
    readonly currency: string
    readonly within: PaybackOptions['within']
    readonly projected: Projected
    readonly horizon: number | undefined
  },
): PaybackCase {
  const { cost, currency, within, projected, horizon } = given
  if (size === 0) return { kind: 'undefined', reason: 'no-customers' }
  const perCustomer = nearestFloat(cost, BigInt(size) * UNITS, 0)
  const last = sums[sums.length - 1] ?? 0n
  const lastPoint = projected.points[projected.points.length - 1]
  const holds = lastPoint === undefined ? last >= cost : lastPoint.cumulative >= perCustomer
  const paid = (basis: 'observed' | 'projected', offset: number, fraction: number): PaybackCase => ({
    kind: 'paid-back',
    basis,
    offset,
    periods: offset + (within === 'linear' ? fraction : 1),
    holds,
  })
  if (cost === 0n) return { kind: 'paid-back', basis: 'observed', offset: 0, periods: 0, holds }
  for (const [offset, sum] of sums.entries()) {
    if (sum < cost) continue
    const before = sums[offset - 1] ?? 0n
    return paid('observed', offset, nearestFloat(cost - before, sum - before, 0))
  }
  const observedMean = nearestFloat(last, BigInt(size) * UNITS, 0)
  let before = observedMean
  for (const { offset, cumulative } of projected.points) {
    if (cumulative >= perCustomer) {
      // The exact sum fell short by less than a float can tell: it comes back as the period begins.
      const gained = cumulative - before
      return paid('projected', offset, gained > 0 ? Math.min(1, (perCustomer - before) / gained) : 0)
    }
    before = cumulative
  }
  if (projected.failed !== undefined) return { kind: 'undefined', reason: projected.failed }
  const missing = {
    amount: writeUnits(cost - last, currency).amount,
    perCustomer: perCustomer - before,
  }
  const by = lastPoint?.offset ?? sums.length - 1
  return horizon !== undefined && by >= horizon
    ? { kind: 'never', by, missing }
    : { kind: 'not-yet-observable', complete: sums.length, missing }
}

function costOf(text: string, currency: string): bigint {
  const cost = unitsOf({ amount: text, currency }, '$.costs')
  if (cost < 0n) throw fault('out-of-range', '$.costs', text, 'a cost from zero up')
  return cost
}

function readCohort(
  given: PaybackInput['cohorts'][number],
  { value, currency, path }: { readonly value: string; readonly currency: string; readonly path: string },
): Observed {
  checkRecord(given, path)
  const { cohort, size, cells } = given
  if (typeof cohort !== 'string') throw fault('wrong-type', `${path}.cohort`, cohort, 'text')
  if (!(Number.isSafeInteger(size) && size >= 0) || Object.is(size, -0))
    throw fault('out-of-range', `${path}.size`, size, 'a whole number from 0')
  checkList(cells, `${path}.cells`)
  const sums: bigint[] = []
  let sum = 0n
  for (const [i, cell] of cells.entries()) {
    checkRecord(cell, `${path}.cells[${i}]`)
    if (!Object.is(cell.offset, i))
      throw fault('out-of-range', `${path}.cells[${i}].offset`, cell.offset, String(i))
    checkName(['complete', 'incomplete'], cell.state, `${path}.cells[${i}].state`)
    const amount = isRecord(cell.values) ? own(cell.values, value) : undefined
    if (amount === undefined)
      throw fault('unknown-name', '$.value', value, 'a value that the revenue has in every cell')
    sum += unitsOf({ amount: amount as string, currency }, `${path}.cells[${i}].values`)
    if (cell.state === 'complete' && sums.length === i) sums.push(sum)
  }
  return { cohort, size, sums }
}

function readPayback(options: PaybackOptions): PaybackOptions {
  checkRecord(options, '$')
  const { value, costs, within, projection } = options
  if (typeof value !== 'string') throw fault('wrong-type', '$.value', value, 'the name of a value')
  checkRecord(costs, '$.costs')
  checkName(['period-end', 'linear'], within, '$.within')
  return { value, costs, within, ...(projection !== undefined && { projection }) }
}
