import type { Sentence } from '../../kernel/errors.js'
import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import { type EventOf, explain, type Instant, isInstant, replay } from '../../kernel/index.js'
import { type StageKinds, speakerOf } from '../agreed.js'
import { eachHistory, factsFor, type SubjectHistory } from './histories.js'
import type { LifecycleMigration } from './migrate.js'

/** When the migration is made, and how much of what differs is listed. */
export interface CheckMigrationOptions {
  readonly at: Instant
  /** How many subjects that differ are listed, 1000 unless told; all are counted. */
  readonly most?: number
  /** `named` says who; `masked`, unless told: what is forwarded names nobody. */
  readonly people?: 'masked' | 'named'
}

/** Somebody whom the migration puts where the new rules alone would not. */
export interface MigrationDifference {
  readonly code: 'migrated-elsewhere'
  /** Masked: `#3`, the third of the histories. */
  readonly subject: string
  readonly migrated: string
  readonly migratedSince: Instant | null
  readonly replayed: string
  readonly replayedSince: Instant | null
  readonly said: Sentence
}

/** What a migration comes to, over histories. */
export interface MigrationCheck {
  readonly at: Instant
  readonly checked: number
  /** Who stands in the stage that the new rules give. */
  readonly same: number
  /** Of them, those of whom the entry into the stage is another. */
  readonly otherSince: number
  readonly elsewhere: number
  readonly differences: readonly MigrationDifference[]
}

/**
 * Whether a migration puts anybody into a stage that the new rules would not give: each history is taken to `at` under the old
 * definition and migrated, and replayed under the new one from its start.
 *
 * @throws DefinitionError as `migrateLifecycle` and `replay`; `invalid-instant`, `unknown-name` for the options.
 * @example
 * checkMigration(migrate, histories, { at }).elsewhere // => 0
 */
export function checkMigration<A extends StageKinds, B extends StageKinds>(
  migration: LifecycleMigration<A, B>,
  histories: Iterable<SubjectHistory<EventOf<A>>>,
  options: CheckMigrationOptions,
): MigrationCheck {
  const { at, most, isNamed } = listing(options, 'at')
  if (typeof migration !== 'function')
    throw fault('wrong-type', '$.migration', migration, 'what migrateLifecycle returns')
  const { from, to, plan } = migration
  const speaker = speakerOf(sentences, from, to)
  const differences: MigrationDifference[] = []
  let checked = 0
  let elsewhere = 0
  let otherSince = 0
  const own = Object.fromEntries(Object.keys(plan.stages).map((stage) => [stage, stage]))
  for (const history of eachHistory(histories)) {
    checked += 1
    const { subject } = history
    const facts = factsFor(from, from, own, history, at) as unknown as A['hears'][]
    const { state } = replay(from, { checkpoint: from.start(subject), tail: [] }, { add: facts })
    const migrated = to.view(migration(state, at).state, at) as Standing
    const retold = factsFor(from, to, plan.stages, history, at) as unknown as B['hears'][]
    const again = replay(to, { checkpoint: to.start(subject), tail: [] }, { add: retold })
    const replayed = to.view(again.state, at) as Standing
    if (migrated.stage === replayed.stage) {
      if (migrated.since !== replayed.since) otherSince += 1
      continue
    }
    elsewhere += 1
    if (differences.length >= most) continue
    const row = {
      code: 'migrated-elsewhere',
      subject: isNamed ? subject : `#${checked}`,
      migrated: migrated.stage,
      migratedSince: migrated.since,
      replayed: replayed.stage,
      replayedSince: replayed.since,
    } as const
    differences.push({ ...row, said: { en: explain(speaker, row, 'en'), zh: explain(speaker, row, 'zh') } })
  }
  return { at, checked, same: checked - elsewhere, otherSince, elsewhere, differences }
}

const sentences: { readonly [C in MigrationDifference['code']]: Sentence } = {
  'migrated-elsewhere': {
    en: '{subject}: migrated to {migrated:word}, where the new rules give {replayed:word}',
    zh: '{subject}：迁移到{migrated:word}，而按新规则应为{replayed:word}',
  },
}

interface Standing {
  readonly stage: string
  readonly since: Instant | null
}

/** What is listed of many, checked. */
export function listing<Key extends string>(
  options: { readonly [K in Key]: Instant } & Omit<CheckMigrationOptions, 'at'>,
  key: Key,
  besides: readonly string[] = [],
): { readonly at: Instant; readonly most: number; readonly isNamed: boolean } {
  checkRecord(options, '$.options')
  checkKeys(options, [key, 'most', 'people', ...besides], '$.options')
  const { most = 1000, people = 'masked' } = options
  const at = options[key] as unknown
  if (!isInstant(at)) throw fault('invalid-instant', `$.options.${key}`, at, 'an instant')
  if (!Number.isSafeInteger(most) || most < 0)
    throw fault('out-of-range', '$.options.most', most, 'a whole number from 0')
  if (people !== 'masked' && people !== 'named')
    throw fault('unknown-name', '$.options.people', people, 'masked | named')
  return { at, most, isNamed: people === 'named' }
}
