import { checkRecord, fault } from '../../kernel/errors.js'
import type { Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { own } from '../../kernel/plain.js'
import { checkGaps } from '../../measures/activity/as-of.js'
import type { TrackingGap } from '../../measures/activity/coverage.js'
import { checkOptions } from '../options.js'

/** Until when customers were observed, and of whom there is to be a history. */
export interface HistoriesOptions {
  /**
   * The end of observation, always to be said: that of the last order would make everybody look alive. What happened at it
   * counts, nothing after it does, be it a refund of an order before.
   */
  readonly until: Instant
  /** What the same customers did from there to a later moment. */
  readonly holdout?: { readonly until: Instant }
  /**
   * When the log begins, where customers are older than it: who was acquired before is left out and counted, since what they
   * bought before is not known.
   */
  readonly watchedSince?: Instant
  /** Only customers acquired in `[from, to)`. */
  readonly acquired?: { readonly from?: Instant; readonly to?: Instant }
  /** What else is known of people, by subject; see `KnownPerson`. */
  readonly people?: Readonly<Record<string, KnownPerson>>
  /**
   * When orders were not tracked. A gap is not a zero: what was bought in it is missing, and who bought looks lost. So each
   * customer then says what share of their time was tracked (`coverage`).
   */
  readonly gaps?: readonly TrackingGap[]
  /** Whether each customer's `purchaseAges` are wanted: for regularity, and for curves over time. */
  readonly purchaseAges?: boolean
}

/** What the host knows of somebody, which does not change. */
export interface KnownPerson {
  readonly labels?: Readonly<Record<string, string | number | boolean>>
  /** Numbers, or 1 and 0 for yes and no. Everybody has the same ones; who has not is left out and counted. */
  readonly covariates?: Readonly<Record<string, number>>
  /** When they became a customer, where that was before the log begins; compared with `watchedSince`. */
  readonly acquiredAt?: Instant
}

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(options: HistoriesOptions): HistoriesOptions {
  const known = ['until', 'holdout', 'watchedSince', 'acquired', 'people', 'gaps', 'purchaseAges']
  checkOptions(options, known, '$')
  const { until, holdout, watchedSince, acquired, people, gaps, purchaseAges } = options as HistoriesOptions
  if (until === undefined) throw fault('missing', '$.until', until, 'the end of observation')
  checkInstant(until, '$.until')
  if (holdout !== undefined) {
    checkOptions(holdout, ['until'], '$.holdout')
    checkInstant(holdout.until, '$.holdout.until')
    if (holdout.until <= until) throw fault('out-of-range', '$.holdout.until', holdout.until, 'after until')
  }
  if (watchedSince !== undefined) {
    checkInstant(watchedSince, '$.watchedSince')
    if (watchedSince > until)
      throw fault('out-of-range', '$.watchedSince', watchedSince, 'at or before until')
  }
  if (acquired !== undefined) {
    checkOptions(acquired, ['from', 'to'], '$.acquired')
    if (acquired.from !== undefined) checkInstant(acquired.from, '$.acquired.from')
    if (acquired.to !== undefined) checkInstant(acquired.to, '$.acquired.to')
    if (acquired.from !== undefined && acquired.to !== undefined && acquired.from >= acquired.to)
      throw fault('out-of-range', '$.acquired.to', acquired.to, 'after from')
  }
  if (people !== undefined) checkRecord(people, '$.people')
  if (gaps !== undefined) checkGaps(gaps)
  if (purchaseAges !== undefined && typeof purchaseAges !== 'boolean')
    throw fault('wrong-type', '$.purchaseAges', purchaseAges, 'true or false')
  return options as HistoriesOptions
}

/** What is known of one person, checked. */
export function knownOf(people: HistoriesOptions['people'], subject: string): KnownPerson | undefined {
  const person: unknown = people === undefined ? undefined : own(people, subject)
  if (person === undefined) return undefined
  const path = '$.people[…]'
  checkOptions(person, ['labels', 'covariates', 'acquiredAt'], path)
  const { labels, covariates, acquiredAt } = person as KnownPerson
  if (labels !== undefined) {
    checkRecord(labels, `${path}.labels`)
    for (const value of Object.values(labels)) {
      if (!['string', 'boolean'].includes(typeof value) && !Number.isFinite(value))
        throw fault('wrong-type', `${path}.labels`, value, 'text, a number, true or false')
    }
  }
  if (covariates !== undefined) {
    checkRecord(covariates, `${path}.covariates`)
    for (const value of Object.values(covariates)) {
      if (!Number.isFinite(value)) throw fault('wrong-type', `${path}.covariates`, value, 'a finite number')
    }
  }
  if (acquiredAt !== undefined) checkInstant(acquiredAt, `${path}.acquiredAt`)
  return person as KnownPerson
}
