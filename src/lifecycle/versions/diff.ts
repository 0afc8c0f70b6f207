import { fault, type Sentence } from '../../kernel/errors.js'
import { type Engine, type EventOf, explain, type Instant } from '../../kernel/index.js'
import { agreedOf, type StageKinds, type StageOf, speakerOf } from '../agreed.js'
import type { MoveReason } from '../lifecycle.js'
import { type Stay, timeline } from '../timeline.js'
import { listing } from './check.js'
import { eachHistory, factsFor, type SubjectHistory } from './histories.js'
import { type StageMap, wholeMap } from './migrate.js'

/** Up to when, and how much of what differs is listed. */
export interface LifecycleDiffOptions<From extends string, To extends string> {
  readonly asOf: Instant
  /** What old stages are called in the new definition. */
  readonly stages: StageMap<From, To>
  /** How many subjects that stand elsewhere are listed, 1000 unless told; all are counted. */
  readonly most?: number
  /** `named` says who; `masked`, unless told: what is forwarded names nobody, and repeats no text of theirs. */
  readonly people?: 'masked' | 'named'
}

/** Why somebody is in a stage; the first one is entered without a reason. */
export type StayReason = MoveReason | { readonly code: 'first-stage' }

/** Somebody who stands elsewhere under the new definition; a flat row but for the reasons. */
export interface StandsElsewhere {
  readonly code: 'stands-elsewhere'
  /** Masked: `#3`, the third of the histories. */
  readonly subject: string
  /** The old stage, by its own name. */
  readonly before: string
  /** `null` where nothing was heard of them under this definition. */
  readonly beforeSince: Instant | null
  readonly beforeReason: StayReason
  readonly after: string
  readonly afterSince: Instant | null
  readonly afterReason: StayReason
  readonly said: Sentence
}

/** How often one stage led to another. */
export interface MoveCount {
  readonly from: string
  readonly to: string
  readonly before: number
  readonly after: number
}

/** Two definitions over the same histories. Old stages are called as they are mapped. */
export interface LifecycleDiff {
  readonly asOf: Instant
  /** Histories that had begun by then. */
  readonly subjects: number
  /** How many stand elsewhere. */
  readonly elsewhere: number
  /** Who they are, as many as were asked for. */
  readonly moved: readonly StandsElsewhere[]
  /** Who stands where, in the order of the new stages. */
  readonly stages: readonly { readonly stage: string; readonly before: number; readonly after: number }[]
  /** Both transition matrices; pairs that occur under one of them. */
  readonly moves: readonly MoveCount[]
  /** Moves by instant, stage left and stage entered. */
  readonly sameMoves: number
  readonly onlyBefore: number
  readonly onlyAfter: number
}

/**
 * Two definitions side by side over what really happened, before one of them goes out: who would stand elsewhere and why, how
 * many in each stage, both transition matrices. Each history is replayed under both, one at a time; nothing is kept of those who
 * do not differ but counts, and their names, to tell who comes twice.
 *
 * Moves by hand are taken over, to the stage that the old one is mapped to. Events that the new definition does not declare are
 * left out.
 *
 * @throws DefinitionError `missing`, `unknown-name` for the stages; `wrong-type` for facts that either definition would refuse;
 * `duplicate-name` for a subject with two histories; `other-definition` for lifecycles of two ids: they are two models, not two versions of one.
 * @example
 * const diff = diffLifecycles(customer1, customer2, histories, { asOf, stages: { sleeping: 'dormant' } })
 * diff.moved[0]?.said.en // => '#1: active since … (…) becomes dormant since … (…)'
 */
export function diffLifecycles<A extends StageKinds, B extends StageKinds>(
  from: Engine<A>,
  to: Engine<B>,
  histories: Iterable<SubjectHistory<EventOf<A>>>,
  options: LifecycleDiffOptions<StageOf<A>, StageOf<B>>,
): LifecycleDiff {
  const moved: StandsElsewhere[] = []
  const rows = diffSteps(from, to, histories, options)
  for (let step = rows.next(); ; step = rows.next()) {
    if (step.done) return { ...step.value, moved }
    moved.push(step.value)
  }
}

/**
 * `diffLifecycles` one person at a time: gives each who stands elsewhere as it is found, and the counts at the end.
 *
 * @throws DefinitionError as `diffLifecycles`.
 * @example
 * for (const row of diffSteps(customer1, customer2, histories, { asOf, stages: {} })) console.log(row.said.en)
 */
export function* diffSteps<A extends StageKinds, B extends StageKinds>(
  from: Engine<A>,
  to: Engine<B>,
  histories: Iterable<SubjectHistory<EventOf<A>>>,
  options: LifecycleDiffOptions<StageOf<A>, StageOf<B>>,
): Generator<StandsElsewhere, Omit<LifecycleDiff, 'moved'>> {
  const { at: asOf, most, isNamed } = listing(options, 'asOf', ['stages'])
  const [old, agreed] = [agreedOf(from), agreedOf(to)]
  if (agreed.id !== old.id) throw fault('other-definition', '$.to.id', agreed.id, `a version of ${old.id}`)
  const names = wholeMap(old, agreed, options.stages as Readonly<Record<string, unknown>>)
  const own = Object.fromEntries(old.stages.map((stage) => [stage, stage]))
  const speaker = speakerOf(sentences, from, to)
  const standing = new Map(agreed.stages.map((stage) => [stage, { stage, before: 0, after: 0 }]))
  const moves = new Map<string, { from: string; to: string; before: number; after: number }>()
  const count = (side: 'before' | 'after', left: string, entered: string) => {
    const key = JSON.stringify([left, entered])
    const row = moves.get(key) ?? { from: left, to: entered, before: 0, after: 0 }
    row[side] += 1
    moves.set(key, row)
  }
  const total = { subjects: 0, elsewhere: 0, sameMoves: 0, onlyBefore: 0, onlyAfter: 0 }
  let nth = 0
  for (const history of eachHistory(histories)) {
    nth += 1
    const { subject } = history
    const stays: readonly Stay[] = timeline(from, subject, factsFor(from, from, own, history, asOf), {
      asOf,
    }).stays
    const before = stays.map((stay) => ({ ...stay, stage: names[stay.stage]! }))
    const after: readonly Stay[] = timeline(to, subject, factsFor(from, to, names, history, asOf), {
      asOf,
    }).stays
    const [here, there] = [before.at(-1), after.at(-1)]
    // Somebody of whom the new definition hears nothing has not begun under it.
    if (here === undefined && there === undefined) continue
    total.subjects += 1
    if (here !== undefined) standing.get(here.stage)!.before += 1
    if (there !== undefined) standing.get(there.stage)!.after += 1
    const made = movesOf(before)
    for (const { left, entered } of made) count('before', left, entered)
    const open = new Map<string, number>()
    for (const { key } of made) open.set(key, (open.get(key) ?? 0) + 1)
    let same = 0
    const remade = movesOf(after)
    for (const { left, entered, key } of remade) {
      count('after', left, entered)
      const unmatched = open.get(key) ?? 0
      if (unmatched === 0) continue
      same += 1
      open.set(key, unmatched - 1)
    }
    total.sameMoves += same
    total.onlyBefore += made.length - same
    total.onlyAfter += remade.length - same
    if (here?.stage === there?.stage) continue
    total.elsewhere += 1
    if (total.elsewhere > most) continue
    const row = {
      code: 'stands-elsewhere',
      subject: isNamed ? subject : `#${nth}`,
      before: stays.at(-1)?.stage ?? old.initial,
      beforeSince: here?.from ?? null,
      beforeReason: reasonOf(here, isNamed),
      after: there?.stage ?? agreed.initial,
      afterSince: there?.from ?? null,
      afterReason: reasonOf(there, isNamed),
    } as const
    yield { ...row, said: { en: explain(speaker, row, 'en'), zh: explain(speaker, row, 'zh') } }
  }
  return { asOf, ...total, stages: [...standing.values()], moves: [...moves.values()] }
}

const sentences: { readonly [C in StandsElsewhere['code'] | 'first-stage']: Sentence } = {
  'first-stage': { en: 'the first stage', zh: '初始阶段' },
  'stands-elsewhere': {
    en: '{subject}: {before:word} since {beforeSince:instant} ({beforeReason}) becomes {after:word} since {afterSince:instant} ({afterReason})',
    zh: '{subject}：由{before:word}（自{beforeSince:instant}，{beforeReason}）变为{after:word}（自{afterSince:instant}，{afterReason}）',
  },
}

const movesOf = (stays: readonly Stay[]) =>
  stays.slice(1).map(({ stage: entered, from: at }, i) => {
    const left = stays[i]!.stage
    return { left, entered, key: JSON.stringify([at, left, entered]) }
  })

/** Why somebody is in a stage; without the texts that were said of them, where they are masked. */
function reasonOf(stay: Stay | undefined, isNamed: boolean): StayReason {
  const reason = stay?.reason ?? null
  if (reason === null) return { code: 'first-stage' }
  if (isNamed) return reason
  if (reason.code === 'moved-by-hand') return { ...reason, reason: '…' }
  if (reason.code !== 'condition-held') return reason
  const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text)
  return {
    ...reason,
    leaves: reason.leaves.map((leaf) =>
      typeof leaf.observed === 'string' && !isNumber(leaf.observed) ? { ...leaf, observed: '…' } : leaf,
    ),
  }
}
