import {
  checkList,
  checkName,
  checkRecord,
  fault,
  type Lang,
  reading,
  type Sentence,
} from '../kernel/errors.js'
import {
  type Engine,
  explain,
  type Instant,
  type Journal,
  type MissingLeaf,
  missing,
  type PendingRule,
  verdicts,
} from '../kernel/index.js'
import { checkInstant } from '../kernel/instant.js'
import { type Agreed, agreedOf, rulesByStage, type StageKinds, type StageOf, speakerOf } from './agreed.js'
import type { Rule } from './definition.js'
import type { NoMove } from './next-move.js'

/** A rule that has not fired, and the least that it waits for. */
export interface WaitingRule<Stage extends string = string> {
  /** `$.rules.new[1]`, `$.everywhere[0]`. */
  readonly rule: string
  readonly to: Stage
  /** The event that it waits for. */
  readonly on?: string
  /** The fewest comparisons that would have to answer otherwise; of ways equally cheap the first. */
  readonly missing: readonly MissingLeaf[]
  /** Those of them that nobody can judge, because a gap in tracking could hide what would decide them. */
  readonly notObserved: readonly MissingLeaf[]
  /** When time alone makes it apply, were it the only rule. */
  readonly at?: Instant
  /**
   * Why, for rules of time; or why their time does not run: `activity-not-observed`, as nobody knows of a silence while
   * activity is not tracked, `attribute-unknown`.
   */
  readonly because?: { readonly code: string }
  /** The rule that time makes apply before it. */
  readonly overtakenBy?: string
  /** Its condition contradicts itself: nothing makes it hold. */
  readonly isImpossible?: true
  /** How many things would have to happen; 0 where time alone will do. */
  readonly steps: number
  /** Of the largest number that is missing, the share: 0.25 where 3 of 4 are there. 1 where there is nothing to measure. */
  readonly share: number
}

/**
 * Why a subject has not moved on.
 *
 * - `waits`: for one of the rules. `not-directly`: rules lead there only by way of other stages; the rules listed lead to the
 *   first of them.
 * - `already-there`, `stage-is-final`, `only-forward`: the stage that was asked for is this one, cannot be left by a rule, or
 *   lies behind where rules only lead forward.
 * - `no-way`: no chain of rules leads there. `stays-without-rules`: none leads anywhere. `not-begun`: no fact yet.
 */
export interface WhyNot<Stage extends string = string> {
  readonly code:
    | 'waits'
    | 'not-directly'
    | 'already-there'
    | 'stage-is-final'
    | 'stays-final'
    | 'only-forward'
    | 'no-way'
    | 'stays-without-rules'
    | 'not-begun'
  readonly stage: Stage
  /** The stage that was asked for. */
  readonly to?: Stage
  /** For `not-directly`: the stages of a shortest way, the one asked for last, and the first of them. */
  readonly via?: readonly Stage[]
  readonly first?: Stage
  readonly count: number
  /** The nearest first. */
  readonly rules: readonly WaitingRule<Stage>[]
}

/**
 * Why a subject has not moved on: for each rule of its stage, or for those that lead to one stage, the nearest condition that is
 * missing.
 *
 * Nearest first: what waits for the fewest things to happen (0 where time alone brings it); of these the earliest instant; then
 * the one with the smallest share missing of its largest number; then the order of the rules. What nobody can judge because of
 * gaps in tracking comes after that, and what nothing can bring about last. A rule that could hold already and waits for an
 * event waits for one thing.
 *
 * @param to - Only what leads to this stage.
 * @throws DefinitionError `unknown-name` for a stage that is none; `as-of-before-state`, `other-definition` for the state.
 * @example
 * whyNot(customer, state, asOf, 'loyal').rules[0]?.missing[0]?.by // => 1
 */
export function whyNot<K extends StageKinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  asOf: Instant,
  to?: StageOf<K>,
): WhyNot<StageOf<K>> {
  const agreed = agreedOf(engine)
  if (to !== undefined) checkName(agreed.stages, to, '$.to')
  const now = engine.advance(state, asOf).state
  const stage = now.of.stage
  const asked = to === undefined ? { stage } : { stage, to }
  const answer = (code: WhyNot['code'], more: Partial<WhyNot> = {}): WhyNot<StageOf<K>> =>
    ({ code, ...asked, count: more.rules?.length ?? 0, rules: [], ...more }) as unknown as WhyNot<StageOf<K>>
  if (to === stage) return answer('already-there')
  if (agreed.final?.includes(stage)) return answer(to === undefined ? 'stays-final' : 'stage-is-final')
  const pending = verdicts(engine, state, asOf).filter((one) => agreed.stages.includes(one.to))
  const rulesIn = new Map(
    rulesByStage(agreed)
      .get(stage)!
      .flatMap((found) =>
        // Before the first fact no time runs, and none stands still.
        found === undefined ? [] : [[found.path, now.at === null ? undefined : found.rule] as const],
      ),
  )
  if (to === undefined) {
    const rules = ranked(pending, rulesIn)
    if (now.at === null) return answer('not-begun', { rules })
    return rules.length === 0 ? answer('stays-without-rules') : answer('waits', { rules })
  }
  const way = wayTo(agreed, stage, to)
  if (way === undefined) {
    const lies = (name: string) => agreed.stages.indexOf(name)
    return answer(agreed.forwardOnly && lies(to) < lies(stage) ? 'only-forward' : 'no-way')
  }
  const first = way[0]!
  const rules = ranked(pending, rulesIn, (one) => one.to === first)
  if (now.at === null) return answer('not-begun', { rules })
  return way.length === 1 ? answer('waits', { rules }) : answer('not-directly', { rules, via: way, first })
}

/** A shortest chain of rules, by the stages that it enters. */
function wayTo(agreed: Agreed, from: string, to: string): readonly string[] | undefined {
  const rules = rulesByStage(agreed)
  const ways: (readonly string[])[] = [[]]
  const seen = new Set([from])
  for (const way of ways) {
    for (const found of rules.get(way.at(-1) ?? from)!) {
      if (found === undefined || seen.has(found.rule.to)) continue
      const longer = [...way, found.rule.to]
      if (found.rule.to === to) return longer
      seen.add(found.rule.to)
      ways.push(longer)
    }
  }
  return undefined
}

function ranked(
  pending: readonly PendingRule[],
  rules: ReadonlyMap<string, Rule | undefined>,
  wanted: (one: PendingRule) => boolean = () => true,
): readonly WaitingRule[] {
  const winner = pending.reduce<PendingRule | undefined>(
    (best, one) => (one.at !== undefined && (best?.at === undefined || one.at < best.at) ? one : best),
    undefined,
  )
  const order = (a: WaitingRule, b: WaitingRule) =>
    rankOf(a) - rankOf(b) || a.steps - b.steps || (a.at ?? 0) - (b.at ?? 0) || a.share - b.share
  return pending
    .filter(wanted)
    .map((one) => waiting(one, rules.get(one.rule), winner))
    .sort(order)
}

const rankOf = ({ isImpossible, notObserved, at, because }: WaitingRule) =>
  isImpossible ? 2 : at === undefined && (notObserved.length > 0 || because !== undefined) ? 1 : 0

function waiting(
  { rule, to, verdict, at, because, on }: PendingRule,
  agreed: Rule | undefined,
  winner: PendingRule | undefined,
): WaitingRule {
  const leaves = verdict === undefined || verdict.holds ? [] : missing(verdict)
  const missed = leaves ?? []
  const reason = because ?? (at === undefined ? whyTimeStands(agreed) : undefined)
  return {
    rule,
    to,
    ...(on !== undefined && { on }),
    missing: missed.filter((leaf) => !leaf.notObserved),
    notObserved: missed.filter((leaf) => leaf.notObserved),
    ...(at !== undefined && { at }),
    ...(reason !== undefined && { because: reason }),
    ...(at !== undefined && winner !== undefined && winner.rule !== rule && { overtakenBy: winner.rule }),
    ...(leaves === undefined && { isImpossible: true as const }),
    steps: at !== undefined ? 0 : Math.max(missed.length + (on === undefined ? 0 : 1), 1),
    share: at !== undefined ? 0 : missed.length === 0 ? 1 : Math.max(...missed.map(shareOfLeaf)),
  }
}

/** Why the time of a rule of time does not run. */
function whyTimeStands(rule: Rule | undefined): { readonly code: string } | undefined {
  if (rule === undefined) return undefined
  if ('inactiveFor' in rule) return { code: 'activity-not-observed' }
  if ('since' in rule)
    return { code: 'attribute-unknown', attribute: rule.since } as { readonly code: string }
  return undefined
}

/** How much of what is required is missing. */
function shareOfLeaf({ by, observed }: MissingLeaf): number {
  if (by === undefined) return 1
  const size = Math.abs(Number(by))
  const there = Math.abs(Number(observed))
  const required = Math.max(there, there + size)
  return Number.isFinite(required) && required > 0 ? Math.min(size / required, 1) : 1
}

/** How answers are said, beside those that `nextMove` gives too. */
const sentences: {
  readonly [C in
    | Exclude<WhyNot['code'], NoMove['code']>
    | 'at-instant'
    | 'activity-not-observed'
    | 'attribute-unknown']: Sentence
} = {
  'already-there': { en: 'is {stage:word} already', zh: '已是{stage:word}' },
  'stage-is-final': {
    en: '{stage:word} is final: no rule leads to {to:word}',
    zh: '{stage:word}为终点阶段，没有规则可到{to:word}',
  },
  'only-forward': {
    en: '{to:word} lies behind {stage:word}: rules only lead forward',
    zh: '{to:word}在{stage:word}之前，规则只能向前',
  },
  'no-way': {
    en: 'no rules lead from {stage:word} to {to:word}',
    zh: '没有规则可从{stage:word}到{to:word}',
  },
  'not-directly': {
    en: '{stage:word} leads to {to:word} by way of {first:word}',
    zh: '从{stage:word}到{to:word}须先经过{first:word}',
  },
  'at-instant': { en: '{at:instant}', zh: '{at:instant}' },
  'activity-not-observed': {
    en: 'activity is not tracked: nobody knows of a silence',
    zh: '活动未被观测，无法判断是否沉默',
  },
  'attribute-unknown': { en: '{attribute} is not known', zh: '{attribute}未知' },
  waits: { en: '{stage:word} until one of these comes', zh: '{stage:word}，直到满足以下任一条' },
}

/**
 * Why not, in words: what it comes to, then a line for each rule, the nearest first.
 *
 * @throws DefinitionError `wrong-type`, `invalid-instant` with its path for what `whyNot` does not give; `unknown-name` for another language.
 * @example
 * explainWhyNot(customer, whyNot(customer, state, asOf, 'loyal'), 'en')
 * // => ['active until one of these comes', 'loyal: orders at least 3 times in the last 90 days (is 2, needs 1 time more)']
 */
export function explainWhyNot<K extends StageKinds>(
  engine: Engine<K>,
  answer: WhyNot<StageOf<K>>,
  lang: Lang,
): readonly string[] {
  agreedOf(engine)
  checkAnswer(answer)
  const speaker = speakerOf(sentences, engine)
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en)
  const list = (leaves: readonly MissingLeaf[]) =>
    leaves.map((leaf) => explain(speaker, leaf, lang)).join(say('；', '; '))
  const moment = (at: Instant) =>
    explain(speaker, { code: 'at-instant', at } as { readonly code: string }, lang)
  const line = (rule: WaitingRule) => {
    const { on, at, because, overtakenBy, isImpossible } = rule
    const event = on === undefined ? undefined : explain(speaker, on, lang)
    const parts = [
      ...(event === undefined ? [] : [say(`等待${event}`, `waits for ${event}`)]),
      ...(rule.missing.length === 0 ? [] : [list(rule.missing)]),
      ...(rule.notObserved.length === 0 ? [] : [list(rule.notObserved)]),
      ...(isImpossible ? [say('条件自相矛盾，永不成立', 'its condition contradicts itself')] : []),
      ...(at === undefined ? [] : [say(`${moment(at)}自动满足`, `comes by itself at ${moment(at)}`)]),
      ...(because === undefined ? [] : [explain(speaker, because, lang)]),
      ...(overtakenBy === undefined ? [] : [say(`将被${overtakenBy}抢先`, `${overtakenBy} comes before it`)]),
    ]
    return `${explain(speaker, rule.to, lang)}${say('：', ': ')}${parts.join(say('，', ', '))}`
  }
  return reading('wrong-type', '$.answer', answer, 'what whyNot returns', () => [
    explain(speaker, answer, lang),
    ...answer.rules.map(line),
  ])
}

/** Refuses what `whyNot` does not give. */
function checkAnswer(answer: unknown): void {
  checkRecord(answer, '$.answer')
  const { code, stage, rules } = answer as { readonly [name: string]: unknown }
  checkText(code, '$.answer.code')
  checkText(stage, '$.answer.stage')
  checkList(rules, '$.answer.rules')
  for (const [i, rule] of rules.entries()) {
    const path = `$.answer.rules[${i}]`
    checkRecord(rule, path)
    const { to, on, at, because, overtakenBy } = rule as { readonly [name: string]: unknown }
    checkText(to, `${path}.to`)
    if (on !== undefined) checkText(on, `${path}.on`)
    if (at !== undefined) checkInstant(at, `${path}.at`)
    if (because !== undefined) checkRecord(because, `${path}.because`)
    if (overtakenBy !== undefined) checkText(overtakenBy, `${path}.overtakenBy`)
    for (const key of ['missing', 'notObserved'] as const) {
      const leaves: unknown = (rule as { readonly [name: string]: unknown })[key]
      checkList(leaves, `${path}.${key}`)
      for (const [k, leaf] of leaves.entries()) {
        checkRecord(leaf, `${path}.${key}[${k}]`)
        checkRecord((leaf as { readonly condition?: unknown }).condition, `${path}.${key}[${k}].condition`)
      }
    }
  }
}

function checkText(value: unknown, path: string): void {
  if (typeof value !== 'string') throw fault('wrong-type', path, value, 'text')
}
