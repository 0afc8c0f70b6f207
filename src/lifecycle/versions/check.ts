import type { Sentence } from '../../kernel/errors.js'
import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import { type EventOf, explain, type Instant, isInstant, replay } from '../../kernel/index.js'
import { type StageKinds, speakerOf } from '../agreed.js'
import type { PromiseStatus, PromiseView } from '../promise.js'
import { eachHistory, factsFor, type SubjectHistory } from './histories.js'
import type { LifecycleMigration } from './migrate.js'

/** When the migration is made, and how much of what differs is listed. */
export interface CheckMigrationOptions {
  readonly at: Instant
  /** How many differences are listed, 1000 unless told; all are counted. */
  readonly most?: number
  /** `named` says who; `masked`, unless told: what is forwarded names nobody. */
  readonly people?: 'masked' | 'named'
}

/** Somebody whom the migration puts where the new rules alone would not. */
export interface StageDifference {
  readonly code: 'migrated-elsewhere'
  /** Masked: `#3`, the third of the histories. */
  readonly subject: string
  readonly migrated: string
  readonly migratedSince: Instant | null
  readonly replayed: string
  readonly replayedSince: Instant | null
  readonly said: Sentence
}

/** A promise to somebody that stands otherwise, or is due at another time, than the new rules alone would have it. */
export interface PromiseDifference {
  readonly code: 'promised-otherwise'
  /** Masked: `#3`, the third of the histories. */
  readonly subject: string
  readonly promise: string
  readonly migrated: PromiseStatus | 'never-begun'
  readonly migratedDue: Instant | null
  readonly replayed: PromiseStatus | 'never-begun'
  readonly replayedDue: Instant | null
  readonly said: Sentence
}

/** What a migration makes different from a replay under the new definition. */
export type MigrationDifference = StageDifference | PromiseDifference

/** What a migration comes to, over histories. */
export interface MigrationCheck {
  readonly at: Instant
  readonly checked: number
  /** Who stands in the stage that the new rules give. */
  readonly same: number
  /** Of them, those of whom the entry into the stage is another. */
  readonly otherSince: number
  readonly elsewhere: number
  /** Promises, of all subjects, that stand otherwise or are due at another time. */
  readonly otherPromises: number
  /** Who and what they are, as many as were asked for. */
  readonly differences: readonly MigrationDifference[]
}

/**
 * Whether a migration puts anybody into a stage that the new rules would not give, or leaves a promise otherwise than they would: each history is taken to `at` under the old
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
  let otherPromises = 0
  const list = (row: Unsaid<StageDifference> | Unsaid<PromiseDifference>) => {
    if (differences.length >= most) return
    const what = row.code === 'promised-otherwise' ? { ...row, ...standingsOf(row) } : row
    const said = { en: explain(speaker, what, 'en'), zh: explain(speaker, what, 'zh') }
    differences.push({ ...row, said })
  }
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
    const name = isNamed ? subject : `#${checked}`
    if (migrated.stage !== replayed.stage) {
      elsewhere += 1
      list({
        code: 'migrated-elsewhere',
        subject: name,
        migrated: migrated.stage,
        migratedSince: migrated.since,
        replayed: replayed.stage,
        replayedSince: replayed.since,
      })
    } else if (migrated.since !== replayed.since) otherSince += 1
    for (const row of promisesApart(migrated, replayed)) {
      otherPromises += 1
      list({ ...row, subject: name })
    }
  }
  return { at, checked, same: checked - elsewhere, otherSince, elsewhere, otherPromises, differences }
}

type Unsaid<Row> = Omit<Row, 'said'>

/** Promises that two views show otherwise: by where they stand, and when those that run are due. What ended is past: when does not count. */
function promisesApart(
  { promises: left = {} }: Standing,
  { promises: right = {} }: Standing,
): readonly Omit<PromiseDifference, 'subject' | 'said'>[] {
  return Object.keys(right).flatMap((promise) => {
    const [migrated, replayed] = [left[promise], right[promise]]
    const before = migrated?.status ?? ('never-begun' as const)
    const after = replayed?.status ?? ('never-begun' as const)
    const [due, dueAgain] = [migrated?.due ?? null, replayed?.due ?? null]
    const isOpen = after === 'running' || after === 'paused'
    if (before === after && (!isOpen || (due === dueAgain && migrated?.left === replayed?.left))) return []
    return [
      {
        code: 'promised-otherwise' as const,
        promise,
        migrated: before,
        migratedDue: due,
        replayed: after,
        replayedDue: dueAgain,
      },
    ]
  })
}

/** How a promise stands on both sides, as codes that have their own sentences. */
const standingsOf = (row: Unsaid<PromiseDifference>) => ({
  before: { code: `stands-${row.migrated}`, due: row.migratedDue },
  after: { code: `stands-${row.replayed}`, due: row.replayedDue },
})

const sentences: {
  readonly [C in MigrationDifference['code'] | `stands-${PromiseDifference['migrated']}`]: Sentence
} = {
  'migrated-elsewhere': {
    en: '{subject}: migrated to {migrated:word}, where the new rules give {replayed:word}',
    zh: '{subject}：迁移到{migrated:word}，而按新规则应为{replayed:word}',
  },
  'promised-otherwise': {
    en: '{subject}: {promise:word} {before} after the migration, where by the new rules it {after}',
    zh: '{subject}：迁移后{promise:word}{before}，而按新规则{after}',
  },
  'stands-running': { en: 'runs and is due {due:instant}', zh: '计时中，到期{due:instant}' },
  'stands-paused': { en: 'is paused', zh: '已暂停计时' },
  'stands-kept': { en: 'is kept', zh: '已履行' },
  'stands-broken': { en: 'is broken', zh: '已超时' },
  'stands-dropped': { en: 'is dropped', zh: '已撤销' },
  'stands-never-begun': { en: 'has never begun', zh: '从未开始' },
}

interface Standing {
  readonly stage: string
  readonly since: Instant | null
  readonly promises?: { readonly [name: string]: PromiseView | null }
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
