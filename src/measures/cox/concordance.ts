import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkSurvivalRecord, type SurvivalRecord } from '../survival-record.js'
import { ranksOf } from './ranks.js'
import { type Stratum, strataOf } from './subjects.js'

/** A survival record with what was predicted of it. */
export interface ScoredRecord extends SurvivalRecord {
  /** How much sooner its event is expected: higher is sooner. A hazard ratio, its logarithm, or minus a predicted time. */
  readonly score: number
}

/** How often the higher of two scores had the event first. */
export type Concordance =
  | {
      readonly kind: 'estimate'
      /** Share of comparable pairs in which it did, equal scores counting half: 1 is perfect, 0.5 a coin, 0 the reverse. */
      readonly value: number
      /** By the infinitesimal jackknife, for the sampling of people; the scores are taken as given. */
      readonly standardError: number
      readonly concordant: number
      readonly discordant: number
      /** Comparable pairs with equal scores. */
      readonly tied: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-comparable-pairs' }

/**
 * Harrell's concordance of scores with what happened.
 *
 * A pair is comparable where one had the event while the other was at risk and stayed so longer; somebody censored at the
 * time of an event stayed longer. Two events at one time are not compared.
 *
 * @throws DefinitionError `out-of-range` and `wrong-type` for records that are none, or a score that is not finite.
 * @see Harrell et al. (1982), "Evaluating the Yield of Medical Tests"; Therneau & Watson (2017), "The Concordance
 * Statistic and the Cox Model", for its error.
 * @example
 * concordance([{ time: 1, event: true, score: 3 }, { time: 2, event: true, score: 1 }, { time: 3, event: false, score: 2 }])
 * // => { kind: 'estimate', value: 0.6667, standardError: 0.2722, concordant: 2, discordant: 1, tied: 0 }
 */
export function concordance(records: readonly ScoredRecord[]): Concordance {
  checkList(records, '$.records')
  for (const [i, record] of records.entries()) {
    checkRecord(record, `$.records[${i}]`)
    checkSurvivalRecord(record, `$.records[${i}]`)
    if (!Number.isFinite(record.score)) {
      throw fault('out-of-range', `$.records[${i}].score`, record.score, 'a finite number')
    }
  }
  const ordered = [...records].sort(
    (a, b) =>
      b.time - a.time ||
      Number(a.event) - Number(b.event) ||
      a.score - b.score ||
      (a.entry ?? -1) - (b.entry ?? -1),
  )
  const entry = Float64Array.from(ordered, (one) => one.entry ?? -Infinity)
  return concordanceOf(
    {
      time: Float64Array.from(ordered, (one) => one.time),
      event: Uint8Array.from(ordered, (one) => (one.event ? 1 : 0)),
      entry,
      strata: strataOf(
        ordered.map(() => undefined),
        entry,
      ),
    },
    Float64Array.from(ordered, (one) => one.score),
  )
}

/** Records in columns: by stratum, from the last time to the first, at one time the censored before events. */
interface Columns {
  readonly time: Float64Array
  readonly entry: Float64Array
  readonly event: Uint8Array
  readonly strata: readonly Stratum[]
}

/** Pairs are compared within a stratum only. */
export function concordanceOf(columns: Columns, scores: Float64Array): Concordance {
  const { time, entry, event } = columns
  const n = time.length
  const { ranks } = ranksOf(scores)
  // Pairs in which each takes part, as the one who had the event or as the other.
  const [agree, disagree, level] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  let [concordant, discordant, tied] = [0, 0, 0]
  const [atRisk, events] = [new Counts(n), new Counts(n)]
  for (const { from, to, late } of columns.strata) {
    /** Counts the events since `j` came, once taken away as it comes and once added as it goes. */
    const count = (j: number, sign: number) => {
      const { below, same, above } = events.around(ranks[j]!)
      agree[j]! += sign * above
      disagree[j]! += sign * below
      level[j]! += sign * same
    }
    const arrives = (j: number) => {
      count(j, -1)
      atRisk.add(ranks[j]!, 1)
    }
    const leaves = (j: number) => {
      count(j, 1)
      atRisk.add(ranks[j]!, -1)
    }
    const gone = new Uint8Array(late.length > 0 ? to - from : 0)
    let leaving = 0
    for (let i = from; i < to; ) {
      const t = time[i]!
      for (; leaving < late.length && entry[late[leaving]!]! >= t; leaving += 1) {
        leaves(late[leaving]!)
        gone[late[leaving]! - from] = 1
      }
      for (; i < to && time[i] === t && event[i] === 0; i += 1) arrives(i)
      const first = i
      for (; i < to && time[i] === t; i += 1) {
        const { below, same, above } = atRisk.around(ranks[i]!)
        agree[i]! += below
        disagree[i]! += above
        level[i]! += same
        concordant += below
        discordant += above
        tied += same
      }
      for (let j = first; j < i; j += 1) events.add(ranks[j]!, 1)
      for (let j = first; j < i; j += 1) arrives(j)
    }
    for (let j = from; j < to; j += 1) if (gone[j - from] !== 1) leaves(j)
    for (let j = from; j < to; j += 1) if (event[j] === 1) events.add(ranks[j]!, -1)
  }
  const pairs = concordant + discordant + tied
  if (pairs === 0) return { kind: 'undefined', reason: 'no-comparable-pairs' }
  const balance = (concordant - discordant) / pairs
  let sum = 0
  for (let j = 0; j < n; j += 1) {
    const [a, d] = [agree[j]!, disagree[j]!]
    const influence = (a - d - (a + d + level[j]!) * balance) / pairs
    sum += influence * influence
  }
  const standardError = Math.sqrt(sum) / 2
  return {
    kind: 'estimate',
    value: (concordant + tied / 2) / pairs,
    standardError,
    concordant,
    discordant,
    tied,
  }
}

/**
 * How many of each rank, and of all below it.
 *
 * @see Fenwick (1994), "A New Data Structure for Cumulative Frequency Tables".
 */
class Counts {
  private total = 0
  private readonly tree: Int32Array

  constructor(n: number) {
    this.tree = new Int32Array(n + 1)
  }

  add(rank: number, by: number): void {
    this.total += by
    for (let i = rank + 1; i < this.tree.length; i += i & -i) this.tree[i]! += by
  }

  around(rank: number): { readonly below: number; readonly same: number; readonly above: number } {
    const below = this.upTo(rank)
    const within = this.upTo(rank + 1)
    return { below, same: within - below, above: this.total - within }
  }

  private upTo(end: number): number {
    let sum = 0
    for (let i = end; i > 0; i -= i & -i) sum += this.tree[i]!
    return sum
  }
}
