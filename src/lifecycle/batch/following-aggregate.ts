import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import { type Instant, isInstant } from '../../kernel/index.js'
import type { Follower } from './follower.js'
import type { Collector, Following } from './following.js'
import type { StageRules } from './stage-rules.js'
import { stageTablesOf } from './stage-tables.js'
import { statesFollower } from './states-follower.js'
import { tablesFollower } from './tables-follower.js'

/** As of when. */
export interface StageFlowsOptions {
  /** Not before the latest event. */
  readonly asOf: Instant
}

/** Tables where the rules allow it, else the engine's states. */
export function followerOf(known: StageRules, unit: number): Follower {
  const tables = stageTablesOf(known)
  return tables === undefined ? statesFollower(known, unit) : tablesFollower(known, tables, unit)
}

/** Refuses a definition without a name and a version. */
export function checkHead({ id, version }: { readonly id: unknown; readonly version: unknown }): void {
  if (typeof id !== 'string' || id === '') throw fault('wrong-type', '$.id', id, 'a name')
  if (!(Number.isSafeInteger(version) && (version as number) > 0))
    throw fault('out-of-range', '$.version', version, '1 or more')
}

/** The moment of a question, which is not before what is known. */
export function checkAsOf(partial: Following, options: StageFlowsOptions, keys: readonly string[]): Instant {
  checkRecord(options, '$')
  checkKeys(options, keys, '$')
  const { asOf } = options
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'an instant')
  if (partial.latest !== null && asOf < partial.latest)
    throw fault('as-of-before-state', '$.asOf', asOf, `${partial.latest} or later`)
  return asOf
}

/** All that an aggregate over a lifecycle can do but read. */
export const verbsOf = ({ own: _, rowsOf: __, ...verbs }: Collector) => ({
  shard: 'subject' as const,
  ...verbs,
})
