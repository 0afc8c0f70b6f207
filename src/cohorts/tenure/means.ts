import { nearestFloat } from '../../measures/accumulator.js'

/** A mean over person-periods with its interval; money in the currency. */
export type TenureMean =
  | { readonly kind: 'estimate'; readonly value: number; readonly interval: TenureInterval }
  | { readonly kind: 'undefined'; readonly reason: 'nobody' }

/** How much larger a mean is than another, or than it was. */
export type TenureChange =
  | {
      readonly kind: 'estimate'
      readonly value: number
      /** What is taken from, and what it is taken from the other. */
      readonly before: number
      readonly after: number
      readonly interval: TenureInterval
    }
  | { readonly kind: 'undefined'; readonly reason: 'nobody' }

/** From persons, never from periods: those of one person go together. */
export type TenureInterval =
  | {
      readonly kind: 'interval'
      readonly low: number
      readonly high: number
      readonly level: number
      readonly method: 'student-t-by-person' | 'paired-t'
    }
  /** `no-variation`: all persons did the same, so that nothing says how far others may be from it. */
  | { readonly kind: 'undefined'; readonly reason: 'one-person' | 'no-variation' }

/** How sure, and what a smallest unit is of the currency. */
interface MeanTerms {
  readonly level: number
  readonly quantile: (people: number) => number
  readonly unit: bigint
}

/** What one person did in one band. */
export interface InBand {
  periods: number
  active: number
  value: number
}

type Of = 'active' | 'value'

interface Sums {
  total: bigint
  squares: bigint
  /** With the periods. */
  products: bigint
}

/** Exact sums over the people who have periods in a band. */
export interface Clusters {
  people: number
  periods: bigint
  squares: bigint
  readonly active: Sums
  readonly value: Sums
}

/** Of nobody. */
export const emptyClusters = (): Clusters => ({
  people: 0,
  periods: 0n,
  squares: 0n,
  active: { total: 0n, squares: 0n, products: 0n },
  value: { total: 0n, squares: 0n, products: 0n },
})

/** Adds what one person did in a band. */
export function addedTo(clusters: Clusters, given: InBand): void {
  if (given.periods === 0) return
  const periods = BigInt(given.periods)
  clusters.people += 1
  clusters.periods += periods
  clusters.squares += periods * periods
  for (const of of ['active', 'value'] as const) {
    const amount = BigInt(given[of])
    if (amount === 0n) continue
    clusters[of].total += amount
    clusters[of].squares += amount * amount
    clusters[of].products += amount * periods
  }
}

/** Squared distances of persons' totals from what the mean foretells for their periods, times the periods of all squared. */
function scatter({ periods: m, squares }: Clusters, { total: y, squares: yy, products }: Sums): bigint {
  return m * m * yy - 2n * y * m * products + y * y * squares
}

/** The total per period, with the error of a ratio of two totals of persons. */
export function meanByPerson(clusters: Clusters, of: Of, { level, quantile, unit }: MeanTerms): TenureMean {
  const { people, periods } = clusters
  if (people === 0) return { kind: 'undefined', reason: 'nobody' }
  const scale = of === 'value' ? unit : 1n
  const sums = clusters[of]
  const value = nearestFloat(sums.total, periods * scale, 0)
  if (people === 1) return { kind: 'estimate', value, interval: alone }
  const apart = scatter(clusters, sums)
  if (apart === 0n) return { kind: 'estimate', value, interval: alike }
  const m = periods * periods * scale
  const error = Math.sqrt(nearestFloat(apart * BigInt(people), m * m * BigInt(people - 1), 0))
  return {
    kind: 'estimate',
    value,
    interval: about(value, quantile(people) * error, level, of, 'student-t-by-person'),
  }
}

/** The mean of one band less that of another; the persons who are in both tie the two together. */
export function differenceByPerson(
  people: readonly (readonly InBand[])[],
  { before, after, of }: { readonly before: number; readonly after: number; readonly of: Of },
  { level, quantile, unit }: MeanTerms,
): TenureChange {
  const [early, late] = [emptyClusters(), emptyClusters()]
  let [many, yy, ym, my, mm] = [0, 0n, 0n, 0n, 0n]
  for (const byBand of people) {
    const [a, b] = [byBand[after]!, byBand[before]!]
    addedTo(late, a)
    addedTo(early, b)
    if (a.periods > 0 || b.periods > 0) many += 1
    if (a.periods === 0 || b.periods === 0) continue
    const [y1, m1, y0, m0] = [BigInt(a[of]), BigInt(a.periods), BigInt(b[of]), BigInt(b.periods)]
    yy += y1 * y0
    ym += y1 * m0
    my += m1 * y0
    mm += m1 * m0
  }
  if (early.people === 0 || late.people === 0) return { kind: 'undefined', reason: 'nobody' }
  const scale = of === 'value' ? unit : 1n
  const [y1, m1, y0, m0] = [late[of].total, late.periods, early[of].total, early.periods]
  const value = nearestFloat(y1 * m0 - y0 * m1, m1 * m0 * scale, 0)
  const means = { before: nearestFloat(y0, m0 * scale, 0), after: nearestFloat(y1, m1 * scale, 0) }
  if (many === 1) return { kind: 'estimate', value, ...means, interval: alone }
  const joint = m1 * m0 * yy - m1 * y0 * ym - m0 * y1 * my + y1 * y0 * mm
  const [a, b] = [m1 * m1, m0 * m0]
  const sum = scatter(late, late[of]) * b * b + scatter(early, early[of]) * a * a - 2n * joint * a * b
  if (sum === 0n) return { kind: 'estimate', value, ...means, interval: alike }
  const below = a * a * b * b * scale * scale
  const error = Math.sqrt(nearestFloat(sum * BigInt(many), below * BigInt(many - 1), 0))
  const reach = quantile(many) * error
  return {
    kind: 'estimate',
    value,
    ...means,
    interval: {
      kind: 'interval',
      low: value - reach,
      high: value + reach,
      level,
      method: 'student-t-by-person',
    },
  }
}

/** The mean of persons' own changes, each person's means per period, all persons the same weight. */
export function withinPeople(
  people: readonly (readonly InBand[])[],
  { before, after, of }: { readonly before: number; readonly after: number; readonly of: Of },
  { level, quantile, unit }: MeanTerms,
): TenureChange {
  const n = people.length
  if (n === 0) return { kind: 'undefined', reason: 'nobody' }
  const scale = of === 'value' ? Number(unit) : 1
  const mean = (band: InBand) => band[of] / band.periods / scale
  let [early, late] = [0, 0]
  for (const byBand of people) {
    early += mean(byBand[before]!)
    late += mean(byBand[after]!)
  }
  const means = { before: early / n, after: late / n }
  const value = means.after - means.before
  if (n === 1) return { kind: 'estimate', value, ...means, interval: alone }
  let squares = 0
  for (const byBand of people) {
    const away = mean(byBand[after]!) - mean(byBand[before]!) - value
    squares += away * away
  }
  if (squares === 0) return { kind: 'estimate', value, ...means, interval: alike }
  const reach = quantile(n) * Math.sqrt(squares / (n - 1) / n)
  return {
    kind: 'estimate',
    value,
    ...means,
    interval: { kind: 'interval', low: value - reach, high: value + reach, level, method: 'paired-t' },
  }
}

const alone = { kind: 'undefined', reason: 'one-person' } as const
const alike = { kind: 'undefined', reason: 'no-variation' } as const

/** Shares do not leave [0, 1]. */
function about(
  value: number,
  reach: number,
  level: number,
  of: Of,
  method: 'student-t-by-person',
): TenureInterval {
  const [low, high] = [value - reach, value + reach]
  if (of === 'value') return { kind: 'interval', low, high, level, method }
  return { kind: 'interval', low: Math.max(0, low), high: Math.min(1, high), level, method }
}
