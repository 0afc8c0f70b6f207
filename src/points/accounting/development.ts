import { fault } from '../../kernel/errors.js'
import {
  type Aggregate,
  calendarOf,
  canonical,
  digestName,
  type Instant,
  periodsOf,
  plain,
} from '../../kernel/index.js'
import { checkAsOf } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { checkHead, type DefinitionHead } from '../../measures/definition-head.js'
import { checkCurrencies, checkRow, checkWord, type LedgerRow, ofCurrency, plus } from './rows.js'

/** Which movements, and by which date. */
export interface PointsDevelopmentDefinition<C extends string = string> extends DefinitionHead {
  /** Every currency of points that rows may be in. */
  readonly currencies: readonly C[]
  /** By the date that a movement belongs to (`effectiveAt`, where it has one), or by that of its decision; `'effective'` unless told. */
  readonly dated?: 'effective' | 'decided'
}

type Cell = [granted: number, redeemed: number, expired: number]

/** Exact sums by month of earning and month of movement. Plain JSON of as many numbers as there are such months. */
export interface PointsDevelopmentPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly currencies: { readonly [name: string]: { [months: string]: Cell } }
}

/** What was earned in one month, and what became of it. Whole points. */
export interface PointsCohort {
  /** The local month of earning. */
  readonly cohort: string
  /** Earned, transferred and adjusted, less what was taken back: points that were taken back were never given. */
  readonly granted: number
  /** Redeemed and not returned by the end of age 0, 1, 2, …; one for each month that is over. */
  readonly redeemed: readonly number[]
  /** Expired by then. */
  readonly expired: readonly number[]
}

/** The cohorts of one currency, ascending without gaps. */
export interface PointsTriangle {
  readonly cohorts: readonly PointsCohort[]
}

/** How points develop as they age. */
export interface PointsDevelopment<C extends string = string> {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly asOf: Instant
  readonly currencies: { readonly [Name in C]: PointsTriangle }
}

/** An aggregate of movements. */
export type PointsDevelopmentAggregate<C extends string = string> = Aggregate<
  LedgerRow,
  PointsDevelopmentPartial,
  PointsDevelopment<C>,
  { readonly asOf: Instant }
> & { retract(partial: PointsDevelopmentPartial, row: LedgerRow): PointsDevelopmentPartial }

/**
 * What became of points by the local month in which they were earned: redeemed and expired by each age in months, the triangle
 * from which breakage is estimated (`estimateRedemptionCurve`).
 *
 * Rows of all customers in any order and any shards (`shard: 'event'`) give the same result, and one partial answers for any
 * `asOf`. A month counts when it is over at `asOf`; what is dated later does not count. What is taken back, or goes out by
 * a transfer or an adjustment, is taken off what was granted, as if it had never been: the curve is about points that stood.
 *
 * Where points leave, the row has to say when they were earned (`earnedAt`), as lots do: a guess by first in, first out would be
 * another curve.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add` and `retract`, `out-of-range` for a row
 * that is none, `missing` for points that leave without `earnedAt`, `too-large` for sums beyond 2^53 - 1; from `result`,
 * `invalid-instant` for `asOf`, `too-large` for more than 1,200 months; from all, `other-definition` and `malformed-state`.
 * @see Mack (1993), "Distribution-free calculation of the standard error of chain ladder reserve estimates", for the triangle.
 * @example
 * const development = definePointsDevelopment({ id: 'development', version: 1, calendar: { zone: 'UTC' }, currencies: ['points'] })
 * const at = instant('2026-01-05T00:00:00Z')
 * development.result(collect(development, [
 *   { at, currency: 'points', kind: 'earned', points: 100 },
 *   { at: instant('2026-02-10T00:00:00Z'), earnedAt: at, currency: 'points', kind: 'redeemed', points: 40 },
 * ]), { asOf: instant('2026-03-01T00:00:00Z') }).currencies.points.cohorts[0]
 * // => { cohort: '2026-01', granted: 100, redeemed: [0, 40], expired: [0, 0] }
 */
export function definePointsDevelopment<const C extends string>(
  definition: PointsDevelopmentDefinition<C>,
): PointsDevelopmentAggregate<C> {
  const { agreed, names } = readDevelopment(definition)
  const periods = periodsOf(calendarOf(agreed.calendar), 'month')
  const of = digestName(canonical(agreed))

  const own = (partial: PointsDevelopmentPartial): PointsDevelopmentPartial['currencies'] => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    if (!isRecord(partial.currencies)) throw malformed(partial.currencies)
    return partial.currencies
  }
  const whole = (partial: PointsDevelopmentPartial) => {
    const currencies = own(partial)
    checkCells(currencies, names)
    return currencies
  }
  const take = (partial: PointsDevelopmentPartial, row: LedgerRow, sign: 1 | -1) => {
    const kept = own(partial)
    checkRow(row)
    const cells: { [months: string]: Cell } = ofCurrency(kept, row.currency, names)
    const date = agreed.dated === 'decided' ? row.at : (row.effectiveAt ?? row.at)
    const earnedAt = row.earnedAt ?? (comesIn(row) ? date : undefined)
    if (earnedAt === undefined)
      throw fault('missing', '$.earnedAt', earnedAt, 'when the points that leave were earned')
    if (earnedAt > date) throw fault('out-of-range', '$.earnedAt', earnedAt, 'no later than the row')
    const months = `${periods.indexOf(earnedAt)}/${periods.indexOf(date)}`
    const cell: Cell = Object.hasOwn(cells, months) ? cells[months]! : [0, 0, 0]
    const next: Cell = [cell[0], cell[1], cell[2]]
    const [place, way] = meaning[row.kind]
    next[place] = plus(next[place], sign * way * row.points, '$.points')
    if (next.every((sum) => sum === 0)) delete cells[months]
    else cells[months] = next
    return partial
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, currencies: Object.fromEntries(names.map((name) => [name, {}])) }),
    add: (partial, row) => take(partial, row, 1),
    retract: (partial, row) => take(partial, row, -1),
    merge(a, b) {
      const [one, other] = [whole(a), whole(b)]
      return {
        of,
        currencies: Object.fromEntries(names.map((name) => [name, joined(one[name]!, other[name]!)])),
      }
    },
    result(partial, options) {
      const currencies = whole(partial)
      if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
      const { asOf } = options
      checkAsOf({ asOf })
      // The month of asOf is not over, unless clocks were set back into it.
      let over = periods.latestBy(asOf)
      while (periods.endOf(over) > asOf) over -= 1
      return {
        definition: { id: agreed.id, version: agreed.version, digest: of },
        zone: agreed.calendar.zone,
        asOf,
        currencies: Object.fromEntries(
          names.map((name) => [name, triangleOf(currencies[name]!, over, periods.nameOf)]),
        ) as { readonly [Name in C]: PointsTriangle },
      }
    },
  }
}

/** Which sum a movement counts in, and which way. */
const meaning = {
  earned: [0, 1],
  'clawed-back': [0, -1],
  transferred: [0, 1],
  adjusted: [0, 1],
  redeemed: [1, 1],
  returned: [1, -1],
  expired: [2, 1],
} as const satisfies Record<LedgerRow['kind'], readonly [0 | 1 | 2, 1 | -1]>

const comesIn = ({ kind, points }: LedgerRow): boolean =>
  kind === 'earned' || ((kind === 'transferred' || kind === 'adjusted') && points >= 0)

function readDevelopment<C extends string>(definition: PointsDevelopmentDefinition<C>) {
  if (!isRecord(definition as unknown)) throw fault('wrong-type', '$', definition, 'a definition')
  checkHead(definition as unknown as Readonly<Record<string, unknown>>, [
    'id',
    'version',
    'calendar',
    'currencies',
    'dated',
  ])
  if (!Array.isArray(definition.currencies))
    throw fault('wrong-type', '$.currencies', definition.currencies, "['points']")
  checkCurrencies(definition.currencies, '$.currencies')
  if (definition.dated !== undefined) checkWord(['effective', 'decided'], definition.dated, '$.dated')
  const agreed = plain(definition)
  return { agreed, names: agreed.currencies }
}

function checkCells(currencies: PointsDevelopmentPartial['currencies'], names: readonly string[]): void {
  if (Object.keys(currencies).length !== names.length) throw malformed(currencies)
  for (const name of names) {
    const cells: unknown = Object.hasOwn(currencies, name) ? currencies[name] : undefined
    if (!isRecord(cells)) throw malformed(cells)
    for (const [months, cell] of Object.entries(cells)) {
      const holds =
        /^-?\d{1,6}\/-?\d{1,6}$/.test(months) &&
        Array.isArray(cell) &&
        cell.length === 3 &&
        cell.every((sum) => Number.isSafeInteger(sum))
      if (!holds) throw malformed(cell)
    }
  }
}

const malformed = (value: unknown) =>
  fault('malformed-state', '$.currencies', value, 'sums that were collected')

function joined(a: { [months: string]: Cell }, b: { [months: string]: Cell }): { [months: string]: Cell } {
  const cells = { ...a }
  for (const [months, cell] of Object.entries(b)) {
    const before = cells[months] ?? [0, 0, 0]
    const sum = cell.map((part, i) => plus(before[i]!, part, '$.currencies')) as Cell
    if (sum.every((part) => part === 0)) delete cells[months]
    else cells[months] = sum
  }
  return cells
}

/** By cohort and age, cumulated, of the months up to `over`. */
function triangleOf(
  cells: { readonly [months: string]: Cell },
  over: number,
  nameOf: (month: number) => string,
): PointsTriangle {
  const found = Object.entries(cells)
    .map(([months, cell]) => ({ months: months.split('/').map(Number) as [number, number], cell }))
    .filter(({ months: [earned, moved] }) => earned <= over && moved <= over)
  let first = over + 1
  for (const { months } of found) first = Math.min(first, months[0])
  if (over - first + 1 > 1200)
    throw fault('too-large', '$', over - first + 1, 'at most 1,200 months of earning')
  const rows = Array.from({ length: over - first + 1 }, (_, i) => ({
    granted: 0,
    redeemed: new Array<number>(over - first - i + 1).fill(0),
    expired: new Array<number>(over - first - i + 1).fill(0),
  }))
  for (const {
    months: [earned, moved],
    cell: [granted, redeemed, expired],
  } of found) {
    const row = rows[earned - first]!
    // Clocks that are set back just after midnight show the month before once more.
    const age = Math.max(moved - earned, 0)
    row.granted = plus(row.granted, granted, '$')
    row.redeemed[age] = plus(row.redeemed[age]!, redeemed, '$')
    row.expired[age] = plus(row.expired[age]!, expired, '$')
  }
  return {
    cohorts: rows.map(({ granted, redeemed, expired }, i) => ({
      cohort: nameOf(first + i),
      granted,
      redeemed: cumulated(redeemed),
      expired: cumulated(expired),
    })),
  }
}

function cumulated(amounts: readonly number[]): readonly number[] {
  let sum = 0
  return amounts.map((amount) => {
    sum = plus(sum, amount, '$')
    return sum
  })
}
