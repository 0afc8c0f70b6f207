import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import {
  carriedFacts,
  type Engine,
  type Fact,
  formatInstant,
  type Instant,
  isInstant,
  type Journal,
  type Migrated,
  migrateState,
} from '../../kernel/index.js'
import type { PointsState } from '../account.js'
import { type Carrying, carried, type Improvement, measuresTheSame } from './carry.js'
import { type DefinitionChange, needsNotice, type PlainChange, said, speakerOfChanges } from './change.js'
import { type AccountKinds, type Program, programOf } from './compiled.js'
import { changesOf } from './definition-changes.js'

/** When a new definition was announced, and whose its better terms are. */
export interface PointsMigrationOptions {
  /** Needed where something that was earned may get worse. */
  readonly announcedAt?: Instant
  /**
   * `'new-earnings-only'`, unless told: points that are there keep their end and the end of their waiting. `'at-once'`: they get the better
   * of their own and of the new terms, counted from when their origin was first earned; points given by hand keep theirs.
   */
  readonly improve?: Improvement
}

/** What a migration changes and what it keeps; the same for every account. */
export interface PointsMigrationPlan {
  readonly from: { readonly version: number; readonly hash: string }
  readonly to: { readonly version: number; readonly hash: string }
  readonly changes: readonly DefinitionChange[]
  /** Of them, those that need the notice. */
  readonly worse: readonly DefinitionChange[]
  /** Before this the old definition holds; `null` where nothing that was earned may get worse. */
  readonly holdsFrom: Instant | null
  readonly improve: Improvement
  /** Facts that both definitions read, with all that is known of them; those of the old one alone; those that begin anew. */
  readonly kept: readonly Fact[]
  readonly dropped: readonly Fact[]
  readonly begunAnew: readonly Fact[]
  /** Ladders of tiers that measure something else: tiers stay, what counts towards them begins at nothing. */
  readonly measuresBegunAnew: readonly string[]
}

/** Takes an account to a new definition; see `migratePoints`. */
export interface PointsMigration<A extends AccountKinds, B extends AccountKinds> {
  (state: Journal<A['state']>, at: Instant): Migrated<A, B>
  readonly plan: PointsMigrationPlan
}

/**
 * Takes accounts from one definition of a program to its next version. What was earned stays as it is: every lot with its end and the
 * end of its waiting, fractions of a point, reservations, redemptions that may come back, tiers with their terms and grace.
 *
 * What may make that worse is refused, unless the old definition states a notice (`changes: { notice: { days: 90 } }`): then the new
 * one holds from `announcedAt` and the notice on, the old one until then. The notice that counts is the one that was promised, that of the
 * old definition. To give what is better before, make it a version of its own.
 *
 * First time is settled under the old definition up to `at`; these events are returned, to be stored. Store the new state too:
 * it is not derived from events. What is there no more at `at` (a currency, a tier) is no event either: `defineRightsReview` lists it.
 *
 * @throws DefinitionError `missing` at `$.from.changes.notice`, naming each place that would be worse, where no notice was stated, and at
 * `$.options.announcedAt`; `other-definition` for two ids; `out-of-range` for a version that is not later; `duplicate-name` for a
 * rule that counts something else under its name. On use `out-of-range` before the notice has passed, and what `advance` throws.
 * @example
 * const migrate = migratePoints(points1, points2, { announcedAt: instant('2026-01-01T00:00:00Z') })
 * migrate.plan.holdsFrom // the first instant at which it may be used; null where nothing gets worse
 * const { events, state } = migrate(account, at)
 */
export function migratePoints<A extends AccountKinds, B extends AccountKinds>(
  from: Engine<A>,
  to: Engine<B>,
  options: PointsMigrationOptions = {},
): PointsMigration<A, B> {
  checkRecord(options, '$.options')
  checkKeys(options, ['announcedAt', 'improve'], '$.options')
  const { announcedAt, improve = 'new-earnings-only' } = options
  checkName(['at-once', 'new-earnings-only'], improve, '$.options.improve')
  if (announcedAt !== undefined && !isInstant(announcedAt))
    throw fault('invalid-instant', '$.options.announcedAt', announcedAt, 'an instant')
  const { old, next, changes } = versionsOf(from, to)
  const worse = changes.filter(needsNotice)
  if (worse.length > 0 && old.agreed.changes === undefined)
    throw fault(
      'missing',
      '$.from.changes.notice',
      undefined,
      `a notice, for what was earned: ${placesOf(worse)}`,
    )
  if (worse.length > 0 && announcedAt === undefined)
    throw fault('missing', '$.options.announcedAt', undefined, `when this was announced: ${placesOf(worse)}`)
  const holdsFrom = worse.length === 0 ? null : noticeOver(old, announcedAt!)
  const carrying = carryingOf(old, next, improve)
  const migrate = (state: Journal<A['state']>, at: Instant): Migrated<A, B> => {
    if (holdsFrom !== null && isInstant(at) && at < holdsFrom)
      throw fault(
        'out-of-range',
        '$.at',
        at,
        `${formatInstant(holdsFrom)} or later: the old terms hold until then`,
      )
    return migrateState(from, to, (of: PointsState) => carried(of, at, carrying) as B['state'])(state, at)
  }
  const { kept, dropped, begunAnew } = carrying.facts
  const speaker = speakerOfChanges(from, to)
  const spoken = changes.map((change) => said(change, speaker))
  const plan: PointsMigrationPlan = {
    from: { version: old.agreed.version, hash: from.hash },
    to: { version: next.agreed.version, hash: to.hash },
    changes: spoken,
    worse: spoken.filter(needsNotice),
    holdsFrom,
    improve,
    kept,
    dropped,
    begunAnew,
    measuresBegunAnew: next.ladders.flatMap((ladder) => {
      const was = old.ladders.find(({ track }) => track.track === ladder.track.track)
      return was === undefined || measuresTheSame(was, ladder, old, next) ? [] : [ladder.track.track]
    }),
  }
  return Object.assign(migrate, { plan })
}

/** Two versions of one program, and what differs. */
export function versionsOf<A extends AccountKinds, B extends AccountKinds>(from: Engine<A>, to: Engine<B>) {
  const [old, next] = [programOf(from, '$.from'), programOf(to, '$.to')]
  const [a, b] = [old.agreed, next.agreed]
  if (a.id !== b.id) throw fault('other-definition', '$.to.id', b.id, `a version of ${a.id}`)
  if (b.version <= a.version)
    throw fault('out-of-range', '$.to.version', b.version, `a version after ${a.version}`)
  const changes = changesOf(old, next)
  const otherwise = changes.find(({ code }) => code === 'rule-reads-otherwise')
  if (otherwise !== undefined)
    throw fault(
      'duplicate-name',
      `${otherwise.path}.rule`,
      otherwise.of,
      'another name, as it counts something else',
    )
  return { old, next, changes }
}

/** How accounts of two programs are converted. */
export const carryingOf = (from: Program, to: Program, improve: Improvement): Carrying => ({
  from,
  to,
  improve,
  facts: carriedFacts(from, to),
})

/** From when on terms may be worse that were announced at an instant. */
export const noticeOver = ({ zone, agreed }: Program, announcedAt: Instant): Instant =>
  zone.add(announcedAt, agreed.changes!.notice)

const placesOf = (changes: readonly PlainChange[]): string =>
  changes.map(({ path, code }) => `${path} (${code})`).join(', ')
