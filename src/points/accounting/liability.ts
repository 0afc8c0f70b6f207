import { checkCurrency } from '../../kernel/currency.js'
import { checkKeys, fault } from '../../kernel/errors.js'
import {
  type Aggregate,
  allocateUnits,
  calendarOf,
  canonical,
  checkDuration,
  type Duration,
  digestName,
  type Instant,
  type Money,
  moneyOf,
  periodsOf,
  plain,
  type Rounding,
} from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { checkHead, type DefinitionHead } from '../../measures/definition-head.js'
import { checkRounding, type PerPoint, perPointOf, rounded } from './exact-shares.js'
import {
  cellsOf,
  checkSums,
  joined,
  type LiabilityCell,
  malformed,
  notBelow,
  nothing,
  type Sums,
} from './liability-sums.js'
import { checkCurrencies, checkLot, type OutstandingLot, ofCurrency, plus } from './rows.js'

/** What one point is owed as. */
export interface PointValue {
  /** ISO 4217. */
  readonly currency: string
  /** Of that currency per point, exact: `'0.01'`, or `'1/3'`. Where points may never be redeemed, that is no part of it. */
  readonly perPoint: string
  /** How a sum of points becomes money, once. */
  readonly rounding: Rounding
}

/** Which lots, as of when, and what they are worth. */
export interface PointsLiabilityDefinition<C extends string = string> extends DefinitionHead {
  /**
   * The moment that all lots are of. Part of the definition, because lots of two moments must not be added up: what was
   * transferred or spent between them would count twice.
   */
  readonly asOf: Instant
  /** Every currency of points that lots may be in; `'not-owed'` for status and experience, which nobody can spend. */
  readonly currencies: { readonly [Name in C]: PointValue | 'not-owed' }
  /** How much expires at or before so long after `asOf`, each for itself. */
  readonly horizons?: readonly Duration[]
}

/** Exact sums by currency. Plain JSON of a few hundred numbers, however many lots. */
export interface PointsLiabilityPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly currencies: { readonly [name: string]: Sums }
}

/** Points and what they are worth. */
export interface PointsOwed {
  readonly points: number
  /** `null` for points that are not owed. */
  readonly value: Money | null
}

/** What expires in one month. */
export interface LiabilityMonth extends PointsOwed {
  /** Local month in which the points can be spent last; `null` for those that never expire. */
  readonly month: string | null
  /** How many of the points are not confirmed yet. */
  readonly pending: number
}

/** What expires at or before an instant. */
export interface LiabilityHorizon extends PointsOwed {
  readonly within: Duration
  readonly until: Instant
  readonly pending: number
}

/** One currency of points. */
export interface CurrencyLiability {
  /** Spendable and pending together. */
  readonly outstanding: PointsOwed
  readonly spendable: PointsOwed
  readonly pending: PointsOwed
  /** Ascending, those that never expire last. Values add up to that of `outstanding`: the largest remainders get the units left over. */
  readonly months: readonly LiabilityMonth[]
  readonly horizons: readonly LiabilityHorizon[]
  /** Points in lots that had expired by `asOf` and were still there: owed to nobody, and in no other number here. */
  readonly lapsed: number
  /** What the lots cost that say so, smallest units, and how many points those hold. */
  readonly cost: { readonly minor: number; readonly points: number }
  /** What a forecast needs. */
  readonly cells: readonly LiabilityCell[]
}

/** What a program owes in points as of a moment. */
export interface PointsLiability<C extends string = string> {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly asOf: Instant
  /** The local month of `asOf`, numbered as in cells, and how much of it has passed, from 0 to below 1. */
  readonly now: { readonly month: number; readonly passed: number }
  readonly currencies: { readonly [Name in C]: CurrencyLiability }
}

/** An aggregate of lots. */
export type PointsLiabilityAggregate<C extends string = string> = Aggregate<
  OutstandingLot,
  PointsLiabilityPartial,
  PointsLiability<C>,
  void
> & { retract(partial: PointsLiabilityPartial, lot: OutstandingLot): PointsLiabilityPartial }

/**
 * What a program owes: points outstanding from the actual lots, by the local month in which they expire, pending apart, and
 * what they are worth. Lots of all customers in any order and any shards (`shard: 'event'`) give the same result.
 *
 * A lot that is still there and had expired by `asOf` is `lapsed`, and one whose waiting time is over counts as confirmed:
 * an account need not have been moved on to `asOf` first. A lot that was earned after `asOf` is refused, because then lots
 * are of another moment. Points that expire at midnight belong to the month that ends with it.
 *
 * Money is exact: points times a rational value, rounded once for each sum, and split into months without loss. Horizons
 * overlap, so each is rounded for itself.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add` and `retract`, `out-of-range` for a
 * lot that is none, `invalid-instant` for its instants, `too-large` for sums beyond 2^53 - 1; from `result`, `out-of-range`
 * where more was retracted than added; from all, `other-definition` and `malformed-state` for a partial of something else.
 * @see IFRS 15.B39-B43 and ASC 606-10-55-41 to 55-45 on customer options that are a material right.
 * @example
 * const owed = definePointsLiability({ id: 'owed', version: 1, calendar: { zone: 'Asia/Shanghai' },
 *   asOf: instant('2026-03-31T16:00:00Z'),
 *   currencies: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } }, horizons: [{ days: 30 }] })
 * owed.result(collect(owed, [{ currency: 'points', points: 250, earnedAt: instant('2026-01-05T00:00:00Z'),
 *   expiresAt: null }])).currencies.points.outstanding // => { points: 250, value: { amount: '2.50', currency: 'CNY' } }
 */
export function definePointsLiability<const C extends string>(
  definition: PointsLiabilityDefinition<C>,
): PointsLiabilityAggregate<C> {
  const { agreed, worth, names, untils } = readLiability(definition)
  const calendar = calendarOf(agreed.calendar)
  const periods = periodsOf(calendar, 'month')
  const of = digestName(canonical(agreed))
  const { asOf } = agreed
  const now = periods.indexOf(asOf)

  const own = (partial: PointsLiabilityPartial): PointsLiabilityPartial['currencies'] => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    if (!isRecord(partial.currencies)) throw malformed('$.currencies', partial.currencies)
    return partial.currencies
  }
  const whole = (partial: PointsLiabilityPartial) => {
    const currencies = own(partial)
    checkSums(currencies, names, untils.length)
    return currencies
  }
  const take = (partial: PointsLiabilityPartial, lot: OutstandingLot, sign: 1 | -1) => {
    const kept = own(partial)
    checkLot(lot)
    const sums: Sums = ofCurrency(kept, lot.currency, names)
    if (lot.earnedAt > asOf)
      throw fault('out-of-range', '$.earnedAt', lot.earnedAt, 'a lot that was there at asOf')
    count(sums, lot, sign)
    return partial
  }
  /** All sums are made before one of them is written. */
  const count = (
    sums: Sums,
    { points, cost, earnedAt, expiresAt, confirmsAt }: OutstandingLot,
    sign: 1 | -1,
  ) => {
    const moved = sign * points
    if (expiresAt !== null && expiresAt <= asOf) {
      sums.lapsed = plus(sums.lapsed, moved, '$.points')
      return
    }
    const kind = confirmsAt === null || (confirmsAt !== undefined && confirmsAt > asOf) ? 1 : 0
    const months = `${periods.indexOf(earnedAt)}/${expiresAt === null ? '' : periods.indexOf(expiresAt - 1)}`
    const cell = Object.hasOwn(sums.cells, months) ? sums.cells[months]! : [0, 0]
    const next: [number, number] = [cell[0]!, cell[1]!]
    next[kind] = plus(next[kind], moved, '$.points')
    const total = plus(sums.total, moved, '$.points')
    const spent = plus(sums.cost, sign * (cost ?? 0), '$.cost')
    const costed = plus(sums.costed, cost === undefined ? 0 : moved, '$.points')
    const ends = untils.map((until, i): [number, number] => {
      const found = sums.horizons[i]!
      const reached: [number, number] = [found[0], found[1]]
      if (expiresAt !== null && expiresAt <= until) reached[kind] = plus(reached[kind], moved, '$.points')
      return reached
    })
    if (next[0] === 0 && next[1] === 0) delete sums.cells[months]
    else sums.cells[months] = next
    sums.horizons = ends
    sums.total = total
    sums.cost = spent
    sums.costed = costed
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({
      of,
      currencies: Object.fromEntries(names.map((name) => [name, nothing(untils.length)])),
    }),
    add: (partial, lot) => take(partial, lot, 1),
    retract: (partial, lot) => take(partial, lot, -1),
    merge(a, b) {
      const [one, other] = [whole(a), whole(b)]
      return {
        of,
        currencies: Object.fromEntries(names.map((name) => [name, joined(one[name]!, other[name]!)])),
      }
    },
    result(partial) {
      const currencies = whole(partial)
      const read = (name: C): CurrencyLiability => {
        const horizons = untils.map((until, i) => ({ within: agreed.horizons![i]!, until }))
        return shown(currencies[name]!, worth.get(name), horizons, (month) => periods.nameOf(month))
      }
      return {
        definition: { id: agreed.id, version: agreed.version, digest: of },
        zone: agreed.calendar.zone,
        asOf,
        now: {
          month: now,
          passed: (asOf - periods.startOf(now)) / (periods.endOf(now) - periods.startOf(now)),
        },
        currencies: Object.fromEntries(names.map((name) => [name, read(name)])) as {
          readonly [Name in C]: CurrencyLiability
        },
      }
    },
  }
}

type Worth = PointValue & { readonly minor: PerPoint }

function readLiability<C extends string>(definition: PointsLiabilityDefinition<C>) {
  if (!isRecord(definition as unknown)) throw fault('wrong-type', '$', definition, 'a definition')
  checkHead(definition as unknown as Readonly<Record<string, unknown>>, [
    'id',
    'version',
    'calendar',
    'asOf',
    'currencies',
    'horizons',
  ])
  checkInstant(definition.asOf, '$.asOf')
  if (!isRecord(definition.currencies))
    throw fault('wrong-type', '$.currencies', definition.currencies, "{ points: { currency: 'CNY', … } }")
  const names = Object.keys(definition.currencies) as C[]
  checkCurrencies(names, '$.currencies')
  const worth = new Map<string, Worth>()
  for (const name of names) {
    const value: PointValue | 'not-owed' = definition.currencies[name]
    const path = `$.currencies.${name}`
    if (value === 'not-owed') continue
    if (!isRecord(value)) throw fault('wrong-type', path, value, "a value, or 'not-owed'")
    checkKeys(value, ['currency', 'perPoint', 'rounding'], path)
    const currency = checkCurrency(value.currency, `${path}.currency`)
    checkRounding(value.rounding, `${path}.rounding`)
    worth.set(name, { ...value, minor: perPointOf(value.perPoint, currency, `${path}.perPoint`) })
  }
  const horizons: unknown = definition.horizons ?? []
  if (!Array.isArray(horizons)) throw fault('wrong-type', '$.horizons', horizons, 'a list of durations')
  if (horizons.length > 100) throw fault('too-large', '$.horizons', horizons, 'at most 100')
  const agreed = plain(definition)
  const calendar = calendarOf(agreed.calendar)
  const untils = horizons.map((within, i) =>
    calendar.add(agreed.asOf, checkDuration(within, `$.horizons[${i}]`)),
  )
  return { agreed, worth, names, untils }
}

function shown(
  sums: Sums,
  worth: Worth | undefined,
  horizons: readonly { readonly within: Duration; readonly until: Instant }[],
  nameOf: (month: number) => string,
): CurrencyLiability {
  const cells = cellsOf(sums)
  for (const key of ['lapsed', 'cost', 'costed'] as const) notBelow(sums[key])
  const worthOf = (points: number): bigint =>
    worth === undefined
      ? 0n
      : rounded(BigInt(points) * worth.minor.numerator, worth.minor.denominator, worth.rounding)
  const money = (minor: bigint): Money | null => (worth === undefined ? null : moneyOf(minor, worth.currency))
  const whole = worthOf(sums.total)
  const split = (parts: readonly number[]): readonly bigint[] =>
    parts.some((part) => part > 0) ? allocateUnits(whole, parts) : parts.map(() => 0n)

  const months = new Map<number | null, [points: number, pending: number]>()
  const kinds: [number, number] = [0, 0]
  for (const { expires, spendable, pending } of cells) {
    const month = months.get(expires) ?? [0, 0]
    months.set(expires, [month[0] + spendable + pending, month[1] + pending])
    kinds[0] += spendable
    kinds[1] += pending
  }
  const ordered = [...months].sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
  const values = split(ordered.map(([, [points]]) => points))
  const [spendable, pending] = split(kinds)
  return {
    outstanding: { points: sums.total, value: money(whole) },
    spendable: { points: kinds[0], value: money(spendable!) },
    pending: { points: kinds[1], value: money(pending!) },
    months: ordered.map(([month, [points, waiting]], i) => ({
      month: month === null ? null : nameOf(month),
      points,
      pending: waiting,
      value: money(values[i]!),
    })),
    horizons: horizons.map(({ within, until }, i) => {
      const [ready, waiting] = sums.horizons[i]!
      const points = notBelow(ready) + notBelow(waiting)
      return { within, until, points, pending: waiting, value: money(worthOf(points)) }
    }),
    lapsed: sums.lapsed,
    cost: { minor: sums.cost, points: sums.costed },
    cells,
  }
}
