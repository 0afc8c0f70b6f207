import { minorDigits } from '../../kernel/currency.js'
import { checkKeys, checkName, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import {
  type Aggregate,
  canonical,
  digestName,
  type Engine,
  explain,
  type Instant,
  type Journal,
  type Money,
  moneyOf,
  parseMinor,
  type Speaker,
} from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { atLeastOne } from '../../measures/definition-head.js'
import {
  type CurrencyLiability,
  definePointsLiability,
  type PointsLiability,
  type PointsLiabilityPartial,
  type PointsOwed,
  type PointValue,
} from '../accounting/liability.js'
import type { OutstandingLot } from '../accounting/rows.js'
import type { Improvement } from './carry.js'
import { type DefinitionChange, needsNotice, said, speakerOfChanges } from './change.js'
import type { AccountKinds, Program } from './compiled.js'
import { compared, lossSentences, type RightsLoss, type RightsLossCode } from './losses.js'
import { carryingOf, noticeOver, versionsOf } from './migrate.js'

/** Which change, announced when, seen as of when, and what points are worth. */
export interface RightsReviewDefinition<A extends AccountKinds, B extends AccountKinds> {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  readonly before: Engine<A>
  readonly after: Engine<B>
  /** The moment that all accounts are of: none may be later. */
  readonly asOf: Instant
  readonly announcedAt: Instant
  /** As in the migration. */
  readonly improve?: Improvement
  /** Every currency that can be spent under one of both definitions. */
  readonly values: { readonly [currency: string]: PointValue | 'not-owed' }
}

/** Exact sums, and who loses what. Plain JSON; as long as the list of losses. */
export interface RightsReviewPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly accounts: number
  readonly losses: readonly RightsLoss[]
  readonly before: PointsLiabilityPartial
  readonly after: PointsLiabilityPartial
}

/** How much of what was found is listed. */
export interface RightsReviewOptions {
  /** How many losses are listed, 1000 unless told; all are counted. */
  readonly most?: number
}

/** A loss with its sentence. */
export interface ListedLoss extends RightsLoss {
  readonly said: Sentence
}

/** All losses of one kind. */
export interface LossTotal {
  readonly code: RightsLossCode
  readonly of: string
  readonly accounts: number
  readonly points: number
}

/** What is owed before and after. */
export interface LiabilityChange {
  readonly before: PointsOwed
  readonly after: PointsOwed
  /** After less before; below zero where less is owed. */
  readonly difference: PointsOwed
}

/** What is owed of one currency, in all and by the local month in which it ends; `null` for what never does. */
export interface CurrencyLiabilityChange extends LiabilityChange {
  readonly months: readonly (LiabilityChange & { readonly month: string | null })[]
}

/** Who loses what by a new definition, and what the liability becomes. */
export interface RightsReview {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly asOf: Instant
  /** The instant at which both are compared: when the new definition may hold, `asOf` where that is over or nothing gets worse. */
  readonly at: Instant
  /** Whether the change is refused: the old definition states no notice, and something that was earned may get worse. */
  readonly isRefused: boolean
  /** What needs the notice. */
  readonly worse: readonly DefinitionChange[]
  readonly accounts: number
  /** How many of them lose anything. */
  readonly losing: number
  readonly totals: readonly LossTotal[]
  /** By subject; at most as many as were asked for. */
  readonly losses: readonly ListedLoss[]
  /** Those that are not listed. */
  readonly unlisted: number
  readonly liability: { readonly [currency: string]: CurrencyLiabilityChange }
}

/** An aggregate of accounts. */
export type RightsReviewAggregate<A extends AccountKinds> = Aggregate<
  Journal<A['state']>,
  RightsReviewPartial,
  RightsReview,
  RightsReviewOptions | undefined
> & { retract(partial: RightsReviewPartial, account: Journal<A['state']>): RightsReviewPartial }

/**
 * Who would lose what if a definition took another's place, before it goes out: each person with points, currency or tier and from when
 * on, totals by kind, and what the liability becomes. A row is the state of an account; each account once, in any order and any
 * shards. Both definitions are compared at the first instant at which the new one may hold, with what every account has then if nothing
 * else happens.
 *
 * Listed is what somebody has and then has not. What may only turn out worse later (a shorter grace of refunds, a new clawback) is no
 * loss of a person: it is among `worse`. Tiers are followed over the ends of their terms, up to eight of them. A change that is
 * refused is reviewed all the same, at `asOf`. The list names people: it is for who runs the program, and grows with who loses.
 *
 * Points are owed where they can be spent, pending ones too; money is points times an exact value, rounded once per sum, and months add
 * up to it. A partial as long as its list of losses: merging is linear in it.
 *
 * @throws DefinitionError for a definition that does not hold, as `migratePoints` for two that are not versions of one program; `missing`
 * for a currency without a value; from `add` and `retract`, `out-of-range` for an account later than `asOf` and for one that was
 * never added, `other-definition` and `malformed-state` for a state or a partial of something else; from `result`, for its options.
 * @example
 * const review = defineRightsReview({ id: 'rights', version: 1, before: points1, after: points2, asOf, announcedAt: asOf,
 *   values: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } } })
 * review.result(collect(review, accounts), { most: 100 }).liability.points.difference // => { points: -500, value: … }
 */
export function defineRightsReview<A extends AccountKinds, B extends AccountKinds>(
  definition: RightsReviewDefinition<A, B>,
): RightsReviewAggregate<A> {
  const { agreed, old, changes, at, owed, names, comparing } = readReview(definition)
  const of = digestName(canonical(agreed))
  const worse = changes.filter(needsNotice)
  const words = { sentences: lossSentences, words: {}, events: {} }
  const speaker = speakerOfChanges(definition.before, definition.after, { vocabulary: words })
  const { asOf } = agreed
  const isRefused = worse.length > 0 && old.agreed.changes === undefined

  const own = (partial: RightsReviewPartial): RightsReviewPartial => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    const { accounts, losses } = partial
    if (!(Number.isSafeInteger(accounts) && !Object.is(accounts, -0))) throw malformed('$.accounts', accounts)
    if (!Array.isArray(losses)) throw malformed('$.losses', losses)
    return partial
  }
  const whole = (partial: RightsReviewPartial): RightsReviewPartial => {
    const { losses } = own(partial)
    for (const loss of losses) checkLoss(loss)
    return partial
  }
  const take = (partial: RightsReviewPartial, account: Journal<A['state']>, sign: 1 | -1) => {
    const draft = own(partial) as { -readonly [N in keyof RightsReviewPartial]: RightsReviewPartial[N] }
    checkRecord(account, '$')
    const since: unknown = account.at
    if (typeof since === 'number' && since > asOf)
      throw fault('out-of-range', '$.at', since, 'an account that is no later than asOf')
    const found = compared(account, comparing)
    const losses = sign > 0 ? draft.losses : withoutLosses(draft.losses, found.losses)
    const post = (liability: PointsLiabilityPartial, lots: readonly OutstandingLot[]) =>
      lots.reduce((sums, lot) => (sign > 0 ? owed.add(sums, lot) : owed.retract(sums, lot)), liability)
    draft.before = post(draft.before, found.before)
    draft.after = post(draft.after, found.after)
    draft.accounts += sign
    if (sign < 0) draft.losses = losses
    // A draft is the caller's own: its list grows in place.
    else for (const loss of found.losses) (losses as RightsLoss[]).push(loss)
    return draft
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, accounts: 0, losses: [], before: owed.empty(), after: owed.empty() }),
    add: (partial, account) => take(partial, account, 1),
    retract: (partial, account) => take(partial, account, -1),
    merge(a, b) {
      const [one, other] = [whole(a), whole(b)]
      const accounts = one.accounts + other.accounts
      if (!Number.isSafeInteger(accounts)) throw fault('too-large', '$.accounts', accounts, 'within 2^53 - 1')
      return {
        of,
        accounts,
        losses: one.losses.concat(other.losses),
        before: owed.merge(one.before, other.before),
        after: owed.merge(one.after, other.after),
      }
    },
    result(partial, options) {
      const { accounts, losses, before, after } = whole(partial)
      if (accounts < 0) throw fault('out-of-range', '$.accounts', accounts, 'accounts that were added')
      const most = mostOf(options)
      const ordered = [...losses].sort(byPerson)
      const [was, is] = [owed.result(before), owed.result(after)]
      return {
        definition: { id: agreed.id, version: agreed.version, digest: of },
        asOf,
        at,
        isRefused,
        worse: worse.map((change) => said(change, speaker)),
        accounts,
        losing: new Set(losses.map(({ subject }) => subject)).size,
        totals: totalsOf(ordered),
        losses: ordered.slice(0, most).map((loss) => ({ ...loss, said: sayLoss(loss, speaker) })),
        unlisted: Math.max(0, ordered.length - most),
        liability: Object.fromEntries(names.map((name) => [name, changeOf(name, was, is)])),
      }
    },
  }
}

const KEYS = ['id', 'version', 'before', 'after', 'asOf', 'announcedAt', 'improve', 'values']

function readReview<A extends AccountKinds, B extends AccountKinds>(
  definition: RightsReviewDefinition<A, B>,
) {
  checkRecord(definition, '$')
  checkKeys(definition, KEYS, '$')
  const { id, version, before, after, asOf, announcedAt, improve = 'new-earnings-only', values } = definition
  if (typeof id !== 'string' || id === '') throw fault('missing', '$.id', id, 'a name')
  atLeastOne(version, '$.version')
  checkInstant(asOf, '$.asOf')
  checkInstant(announcedAt, '$.announcedAt')
  checkName(['at-once', 'new-earnings-only'], improve, '$.improve')
  checkRecord(values, '$.values')
  const { old, next, changes } = versionsOf(before, after)
  const carrying = carryingOf(old, next, improve)
  const stated = changes.some(needsNotice) && old.agreed.changes !== undefined
  const at = stated ? Math.max(asOf, noticeOver(old, announcedAt)) : asOf
  const spendable = [...old.currencies, ...next.currencies].flatMap(({ currency, kind }) =>
    kind === 'spendable' ? [currency] : [],
  )
  const names = [...new Set(spendable)]
  for (const name of Object.keys(values)) checkName(names, name, `$.values.${name}`)
  for (const name of names)
    if (!Object.hasOwn(values, name))
      throw fault('missing', `$.values.${name}`, undefined, "what a point is owed as, or 'not-owed'")
  const { calendar } = old.agreed
  const owed = definePointsLiability({ id, version, calendar, asOf: at, currencies: values })
  const versionOf = (engine: Engine<A> | Engine<B>, { agreed }: Program) => ({
    version: agreed.version,
    hash: engine.hash,
  })
  const agreed = {
    id,
    version,
    before: versionOf(before, old),
    after: versionOf(after, next),
    asOf,
    announcedAt,
    improve,
    values: owed.definition,
  } as const
  return { agreed, old, changes, at, owed, names, comparing: { before, after, carrying, at } }
}

/** The list without these: each once. */
function withoutLosses(losses: readonly RightsLoss[], gone: readonly RightsLoss[]): readonly RightsLoss[] {
  if (gone.length === 0) return losses
  const left = new Map<string, number>()
  for (const one of gone) left.set(canonical({ ...one }), (left.get(canonical({ ...one })) ?? 0) + 1)
  const kept = losses.filter((one) => {
    const key = canonical({ ...one })
    const open = left.get(key) ?? 0
    if (open > 0) left.set(key, open - 1)
    return open === 0
  })
  if (kept.length !== losses.length - gone.length)
    throw fault('out-of-range', '$.losses', kept.length, 'an account that was added')
  return kept
}

const malformed = (path: string, value: unknown) =>
  fault('malformed-state', path, value, 'what was collected')

/** A partial may have been stored, or come from elsewhere. */
function checkLoss(loss: unknown): void {
  const path = '$.losses'
  if (!isRecord(loss)) throw malformed(path, loss)
  const { code, subject, of, points, days, tier, to, at } = loss
  if (typeof code !== 'string' || !Object.hasOwn(lossSentences, code)) throw malformed(`${path}.code`, code)
  for (const text of [subject, of]) if (typeof text !== 'string' || text === '') throw malformed(path, text)
  for (const text of [tier, to]) if (text !== null && typeof text !== 'string') throw malformed(path, text)
  for (const count of [points, days])
    if (!(Number.isSafeInteger(count) && (count as number) >= 0) || Object.is(count, -0))
      throw malformed(path, count)
  checkInstant(at, `${path}.at`)
}

function mostOf(options: RightsReviewOptions | undefined): number {
  if (options === undefined) return 1000
  checkRecord(options, '$.options')
  checkKeys(options, ['most'], '$.options')
  const { most = 1000 } = options
  if (!(Number.isSafeInteger(most) && most >= 0))
    throw fault('out-of-range', '$.options.most', most, 'a whole number, 0 or more')
  return most
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** By subject, then by all the rest, so that the order in which accounts came is none of it. */
const byPerson = (a: RightsLoss, b: RightsLoss): number =>
  ascending(a.subject, b.subject) || ascending(canonical({ ...a }), canonical({ ...b }))

function totalsOf(losses: readonly RightsLoss[]): readonly LossTotal[] {
  const totals = new Map<string, { code: RightsLossCode; of: string; who: Set<string>; points: number }>()
  for (const { code, of, subject, points } of losses) {
    const key = canonical([code, of])
    const total = totals.get(key) ?? { code, of, who: new Set<string>(), points: 0 }
    total.who.add(subject)
    total.points += points
    if (!Number.isSafeInteger(total.points))
      throw fault('too-large', '$.losses', total.points, 'a sum within 2^53 - 1')
    totals.set(key, total)
  }
  return [...totals.values()]
    .map(({ code, of, who, points }) => ({ code, of, accounts: who.size, points }))
    .sort((a, b) => ascending(a.code, b.code) || ascending(a.of, b.of))
}

const sayLoss = (loss: RightsLoss, speaker: Speaker): Sentence => ({
  en: explain(speaker, loss, 'en'),
  zh: explain(speaker, loss, 'zh'),
})

/** One currency on both sides. */
function changeOf(name: string, was: PointsLiability, is: PointsLiability): CurrencyLiabilityChange {
  const [before, after] = [was.currencies[name]!, is.currencies[name]!]
  const months = (side: CurrencyLiability) => new Map(side.months.map((one) => [one.month, one]))
  const [a, b] = [months(before), months(after)]
  const none: PointsOwed = { points: 0, value: nothingOf(before.outstanding.value) }
  const owed = (one: PointsOwed | undefined): PointsOwed =>
    one === undefined ? none : { points: one.points, value: one.value }
  const all = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => ascending(x ?? '~', y ?? '~'))
  return {
    ...lessOf(owed(before.outstanding), owed(after.outstanding)),
    months: all.map((month) => ({ month, ...lessOf(owed(a.get(month)), owed(b.get(month))) })),
  }
}

const nothingOf = (value: Money | null): Money | null => (value === null ? null : moneyOf(0n, value.currency))

function lessOf(before: PointsOwed, after: PointsOwed): LiabilityChange {
  const difference = { points: after.points - before.points, value: moneyLess(before.value, after.value) }
  return { before, after, difference }
}

function moneyLess(before: Money | null, after: Money | null): Money | null {
  if (before === null || after === null) return null
  const minor = ({ amount, currency }: Money) => BigInt(parseMinor(amount, minorDigits(currency))!)
  return moneyOf(minor(after) - minor(before), after.currency)
}
