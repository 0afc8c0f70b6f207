import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { pow } from '../../kernel/power.js'
import { gammaQ, lnGammaQ } from '../incomplete-gamma.js'
import { RunningSum } from '../running-sum.js'
import type { SurvivalRecord } from '../survival-record.js'
import { dot, inverse, type Matrix, times } from '../symmetric.js'
import { collectRecords, defineSurvival } from './survival.js'
import {
  checkTable,
  joined,
  type SurvivalPartial,
  type SurvivalTicks,
  ticksOf,
  tooFew,
} from './survival-table.js'

/** One of the groups that are compared, or its part in one stratum: records, or the table into which they were counted. */
export type SurvivalSample = {
  readonly group: string
  /** Groups are compared within strata only, and the differences summed. Without it all are in one. */
  readonly stratum?: string
} & ({ readonly records: Iterable<SurvivalRecord> } | { readonly counted: SurvivalPartial })

/** Which differences a test looks for. */
export interface LogRankOptions {
  /**
   * Weights: survival just before each event, to this power; from 0. 0 is the log-rank test, every event alike; 1 is Peto
   * and Peto's, which looks at early differences.
   */
  readonly rho?: number
}

/** What a group had, and what it would have had if it were like the others. */
export interface GroupDifference {
  readonly group: string
  readonly n: number
  /** Events; with `rho` above 0, their weights. */
  readonly observed: number
  readonly expected: number
}

/** Whether groups differ in when the event comes, and by how much more than by chance. */
export type LogRank =
  | {
      readonly kind: 'estimate'
      readonly test: 'log-rank' | 'peto-peto' | 'fleming-harrington'
      readonly rho: number
      /** In the order in which they came first. */
      readonly groups: readonly GroupDifference[]
      readonly strata: number
      /** Covariances of observed less expected, in the order of the groups. */
      readonly variance: Matrix
      readonly chiSquare: number
      readonly degreesOfFreedom: number
      readonly p: number
      /** Where p itself is below the least float. */
      readonly lnP: number
    }
  | {
      readonly kind: 'undefined'
      /**
       * - `one-group`: nothing to compare with.
       * - `no-events`: nothing to compare.
       * - `no-overlap`: at no event were two groups at risk together with somebody left over.
       */
      readonly reason: 'one-group' | 'no-events' | 'no-overlap'
      readonly groups: readonly GroupDifference[]
    }

/**
 * Whether survival differs between groups: at each event, how many of it would fall on each group if all were alike,
 * against how many did, with the hypergeometric variance. Left truncation counts who is at risk; strata are summed.
 *
 * A group that is never at risk together with another one, directly or through others, tells nothing and takes no degree
 * of freedom. Events are compared where they are: a test at several looks or of many pairs wants `adjustedP`.
 *
 * @throws DefinitionError `wrong-type` and `out-of-range` for samples, records or `rho` that are none, `too-large` above
 * 1,000 groups, `other-definition` where tables are of different definitions, and as `defineSurvival`.
 * @see Mantel (1966); Peto & Peto (1972); Harrington & Fleming (1982), "A Class of Rank Test Procedures for Censored
 * Survival Data".
 * @example
 * const test = logRank([
 *   { group: 'a', records: [1, 2, 3].map((time) => ({ time, event: true })) },
 *   { group: 'b', records: [4, 5, 6].map((time) => ({ time, event: true })) },
 * ])
 * if (test.kind === 'estimate') test.chiSquare.toFixed(4) // => '5.0517'
 */
export function logRank(samples: readonly SurvivalSample[], options: LogRankOptions = {}): LogRank {
  checkList(samples, '$.samples')
  checkRecord(options, '$')
  const { rho = 0 } = options
  if (!(Number.isFinite(rho) && rho >= 0)) throw fault('out-of-range', '$.rho', rho, 'a number from 0')
  const names: string[] = []
  const strata = new Map<string | undefined, Map<number, SurvivalPartial>>()
  const places = new Map<string, number>()
  let of: string | undefined
  for (const [i, sample] of samples.entries()) {
    const path = `$.samples[${i}]`
    checkRecord(sample, path)
    const { group, stratum } = sample
    if (typeof group !== 'string') throw fault('wrong-type', `${path}.group`, group, 'text')
    if (stratum !== undefined && typeof stratum !== 'string') {
      throw fault('wrong-type', `${path}.stratum`, stratum, 'text')
    }
    const table =
      'counted' in sample ? sample.counted : collectRecords(unnamed, sample.records, `${path}.records`)
    if ('counted' in sample) {
      checkTable(table, of)
      of = table.of
    }
    const place = places.get(group) ?? names.push(group) - 1
    if (place >= 1000) throw fault('too-large', '$.samples', place + 1, 'up to 1,000 groups')
    places.set(group, place)
    const tables = strata.get(stratum) ?? new Map<number, SurvivalPartial>()
    strata.set(stratum, tables)
    const before = tables.get(place)
    tables.set(place, before === undefined ? table : joined(before, table))
  }

  const totals = new Totals(names.length)
  for (const tables of strata.values()) {
    compare(
      [...tables].map(([place, table]) => new Watched(place, ticksOf(table))),
      rho,
      totals,
    )
  }
  const groups = names.map(
    (group, i): GroupDifference => ({
      group,
      n: totals.n[i]!,
      observed: totals.observed[i]!.value,
      expected: totals.expected[i]!.value,
    }),
  )
  const undefinedFor = (reason: 'one-group' | 'no-events' | 'no-overlap'): LogRank => ({
    kind: 'undefined',
    reason,
    groups,
  })
  if (names.length < 2) return undefinedFor('one-group')
  if (totals.events === 0) return undefinedFor('no-events')
  const variance = totals.variance()
  const differences = totals.observed.map((sum, i) => sum.value - totals.expected[i]!.value)
  const found = quadratic(differences, variance)
  if (found === undefined) return undefinedFor('no-overlap')
  const { chiSquare, degreesOfFreedom } = found
  return {
    kind: 'estimate',
    test: rho === 0 ? 'log-rank' : rho === 1 ? 'peto-peto' : 'fleming-harrington',
    rho: rho + 0,
    groups,
    strata: strata.size,
    variance,
    chiSquare,
    degreesOfFreedom,
    p: gammaQ(degreesOfFreedom / 2, chiSquare / 2),
    lnP: lnGammaQ(degreesOfFreedom / 2, chiSquare / 2),
  }
}

/** Counts records that belong to no definition. */
const unnamed = /* @__PURE__ */ defineSurvival({ id: 'log-rank', version: 1, unit: 'any' })

/** Sums over event times and strata. Of the covariances only those between groups: with them, each row sums to 0. */
class Totals {
  readonly n: number[]
  readonly observed: readonly RunningSum[]
  readonly expected: readonly RunningSum[]
  events = 0
  private readonly shared = new Map<number, RunningSum>()

  constructor(private readonly count: number) {
    this.n = new Array<number>(count).fill(0)
    this.observed = this.n.map(() => new RunningSum())
    this.expected = this.n.map(() => new RunningSum())
  }

  share(a: number, b: number, value: number): void {
    const place = Math.min(a, b) * this.count + Math.max(a, b)
    const sum = this.shared.get(place) ?? new RunningSum()
    sum.add(value)
    this.shared.set(place, sum)
  }

  variance(): number[][] {
    const matrix = this.n.map(() => new Array<number>(this.count).fill(0))
    for (const [place, sum] of this.shared) {
      const [a, b] = [Math.floor(place / this.count), place % this.count]
      matrix[a]![b] = -sum.value
      matrix[b]![a] = -sum.value
    }
    for (const [i, row] of matrix.entries()) {
      const diagonal = new RunningSum()
      for (const value of row) diagonal.add(-value)
      row[i] = diagonal.value + 0
    }
    return matrix
  }
}

/** A group in a stratum, walked through from the first time on. */
class Watched {
  atRisk: number
  private next = 0

  constructor(
    readonly place: number,
    private readonly ticks: SurvivalTicks,
  ) {
    this.atRisk = ticks.fromStart
  }

  get n(): number {
    const { events, censored } = this.ticks
    return events.reduce((sum, some, i) => sum + some + censored[i]!, 0)
  }

  /** The next time at which something happens; after the last, Infinity. */
  get time(): number {
    return this.ticks.times[this.next] ?? Infinity
  }

  eventsAt(time: number): number {
    return this.time === time ? this.ticks.events[this.next]! : 0
  }

  /** Lets whoever leaves at a time leave, and whoever enters enter. */
  pass(time: number): void {
    if (this.time !== time) return
    const { events, censored, entered } = this.ticks
    this.atRisk -= events[this.next]! + censored[this.next]!
    if (this.atRisk < 0) throw tooFew(this.atRisk)
    this.atRisk += entered[this.next]!
    this.next += 1
  }
}

/** Adds what one stratum says. */
function compare(watched: readonly Watched[], rho: number, totals: Totals): void {
  for (const one of watched) totals.n[one.place]! += one.n
  let survival = 1
  for (;;) {
    let time = Infinity
    for (const one of watched) time = Math.min(time, one.time)
    if (time === Infinity) return
    let [n, d] = [0, 0]
    for (const one of watched) {
      n += one.atRisk
      d += one.eventsAt(time)
    }
    if (d > 0) {
      if (d > n) throw tooFew(n - d)
      const weight = rho === 0 ? 1 : pow(survival, rho)
      // Of one, and where all have the event, nothing varies.
      const spread = n > d ? weight * weight * d * ((n - d) / (n - 1)) : 0
      for (const [i, one] of watched.entries()) {
        const events = one.eventsAt(time)
        if (events > one.atRisk) throw tooFew(one.atRisk - events)
        if (events > 0) totals.observed[one.place]!.add(weight * events)
        if (one.atRisk === 0) continue
        totals.expected[one.place]!.add(weight * d * (one.atRisk / n))
        if (spread === 0) continue
        for (let j = 0; j < i; j += 1) {
          const other = watched[j]!
          if (other.atRisk > 0)
            totals.share(one.place, other.place, spread * (one.atRisk / n) * (other.atRisk / n))
        }
      }
      totals.events += d
      survival *= (n - d) / n
    }
    for (const one of watched) one.pass(time)
  }
}

/**
 * x' V^- x, and the rank of V. Groups that share a covariance hang together; each such family sums to 0, so one of it is
 * left out. Who hangs together with nobody is in no family.
 */
function quadratic(
  differences: readonly number[],
  variance: Matrix,
): { readonly chiSquare: number; readonly degreesOfFreedom: number } | undefined {
  const kept: number[] = []
  const seen = new Set<number>()
  for (const first of differences.keys()) {
    if (seen.has(first)) continue
    seen.add(first)
    const open = [first]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const [other, value] of variance[at]!.entries()) {
        if (value === 0 || seen.has(other)) continue
        seen.add(other)
        kept.push(other)
        open.push(other)
      }
    }
  }
  const covariance = inverse(kept.map((i) => kept.map((j) => variance[i]![j]!)))
  if (kept.length === 0 || covariance === undefined) return undefined
  const x = kept.map((i) => differences[i]!)
  return { chiSquare: Math.max(0, dot(x, times(covariance, x))), degreesOfFreedom: kept.length }
}
