import { partsOf } from '../../kernel/condition.js'
import {
  checkKeys,
  checkList,
  checkName,
  checkNumber,
  checkRecord,
  fault,
  kindOf,
  reading,
} from '../../kernel/errors.js'
import {
  type Condition,
  canonical,
  checkDuration,
  type Duration,
  defineEvents,
  type Engine,
  type EventSpecs,
  explain,
  factKinds,
  type Json,
} from '../../kernel/index.js'
import { isShorter } from '../../kernel/lint/lengths.js'
import { isRecord } from '../../kernel/plain.js'
import { type Agreed, agreedOf, type StageKinds, speakerOf } from '../agreed.js'
import type { Heard } from '../definition.js'
import { defineLifecycle } from '../lifecycle.js'
import { heardOf } from '../rule.js'
import { comesByActivity, type Edge, edgesOf, spanOf } from './edges.js'
import { type LifecycleFinding, type LifecycleOddity, type LintLevel, levels, oddities } from './findings.js'
import { loopsOf } from './loops.js'

/** What is known beside the definition. */
export interface LintLifecycleOptions {
  /** How often people are contacted, overall or by stage: deadlines that are shorter are found. */
  readonly contactEvery?: Duration | { readonly [stage: string]: Duration }
  /** How long the host keeps events. */
  readonly retention?: Duration
  /** The events that somebody sends. */
  readonly observed?: readonly string[]
  /** How much is looked at in each stage; see `lintRules`. */
  readonly effort?: number
}

/**
 * What is strange about a lifecycle, found without any data: of stages, of rules and their order, of deadlines, of conditions.
 *
 * What it calls unreachable is never reached by rules, in any history; what never wins never does. That it says nothing
 * proves nothing. Moves by hand are left out: they lead anywhere.
 *
 * @param lifecycle - An engine, or its stored definition; that one brings no words.
 * @throws DefinitionError for a definition that does not define, `invalid-duration`, `unknown-key`, `unknown-name` for the options.
 * @example
 * lintLifecycle(customer, { contactEvery: { days: 45 } }).map(({ code, path }) => `${code} at ${path}`)
 */
export function lintLifecycle<K extends StageKinds>(
  lifecycle: Engine<K> | Json,
  options: LintLifecycleOptions = {},
): readonly LifecycleFinding[] {
  const engine = engineIn(lifecycle)
  const agreed = agreedOf(engine)
  const contact = contactIn(options, agreed)
  const { effort, retention, observed } = options
  const { events, calendar } = agreed
  const context = { events, calendar, kinds: engine.vocabulary.kinds ?? factKinds }
  const { edges, findings } = edgesOf({
    agreed,
    context,
    ...(effort !== undefined && { effort }),
    ...(retention !== undefined && { retention }),
    ...(observed !== undefined && { observed }),
  })
  const all: (Omit<LifecycleFinding, 'said' | 'level'> & { readonly level?: LintLevel })[] = []
  const say = (path: string, oddity: LifecycleOddity, level?: LintLevel) =>
    all.push({ path, ...oddity, ...(level && { level }) } as (typeof all)[number])
  const place = (stage: string) => `$.stages[${agreed.stages.indexOf(stage)}]`
  const { final = [], initial } = agreed
  const reached = reachedFrom(initial, edges)
  const knowsSilence = [...edges.values()].flat().some(({ rule }) => 'inactiveFor' in rule)
  /** Whether silence matters there: it does in other stages, and people come there by what they do. */
  const isMissed = (stage: string) =>
    stage !== initial &&
    knowsSilence &&
    [...edges.values()]
      .flat()
      .some((edge) => edge.to === stage && edge.from !== stage && comesByActivity(edge, agreed))
  const leaving = (stage: string) => edges.get(stage)!.filter(({ isIdle }) => !isIdle)

  for (const stage of agreed.stages) {
    if (!reached.has(stage)) say(place(stage), { code: 'unreachable-stage', stage })
    else if (!final.includes(stage) && leaving(stage).every(({ to }) => to === stage))
      say(place(stage), { code: 'dead-end', stage })
    else if (!final.includes(stage) && !isLeftInTime(leaving(stage)) && !isRestingPlace(stage, edges, agreed))
      say(place(stage), { code: 'no-inactivity-rule', stage }, isMissed(stage) ? 'warning' : 'note')
    const rhythm = contact(stage)
    for (const edge of edges.get(stage)!) {
      const time = spanOf(edge)
      if (rhythm === undefined || time === undefined || time.kind === 'reaches') continue
      if (isShorter({ duration: time.span, calendar }, { duration: rhythm, calendar }))
        say(edge.path, { code: 'shorter-than-contact', stage, for: time.span, contact: rhythm })
    }
  }
  for (const { edges: way, isCertain } of loopsOf(edges, agreed, context))
    say(way[0]!.path, {
      code: isCertain ? 'zero-length-loop' : 'may-never-settle',
      stages: way.map(({ from }) => from),
      related: way.slice(1).map(({ path }) => path),
    })
  for (const [i, heard] of (agreed.activity as readonly Heard[]).entries()) {
    const { event } = heardOf(heard)
    if (observed !== undefined && !observed.includes(event))
      all.push({ code: 'unsent-event', path: `$.activity[${i}]`, event } as (typeof all)[number])
  }
  for (const { stage, finding } of findings) {
    // What a rule of everywhere cannot do in one stage is told of all of them together.
    const isShared = finding.path.startsWith('$.everywhere') && 'related' in finding
    if (!(isShared && (finding.code === 'shadowed' || finding.code === 'never-wins')))
      all.push({ stage, ...finding } as (typeof all)[number])
  }
  for (const [path, oddity, level] of idleEverywhere(agreed, edges, findings)) say(path, oddity, level)
  for (const [stage, language] of withoutWords(agreed, engine))
    say(place(stage), { code: 'stage-without-words', stage, language })
  const speaker = speakerOf(oddities, engine)
  return distinct(all).map((finding) => {
    const whole = { ...finding, level: finding.level ?? levels[finding.code as keyof typeof levels] }
    return {
      ...whole,
      said: { en: explain(speaker, whole, 'en'), zh: explain(speaker, whole, 'zh') },
    } as LifecycleFinding
  })
}

function engineIn<K extends StageKinds>(lifecycle: Engine<K> | Json): Engine<K> {
  if (isRecord(lifecycle) && isRecord(lifecycle['model'])) return lifecycle as unknown as Engine<K>
  checkRecord(lifecycle, '$')
  const { model, events, ...agreed } = lifecycle as { readonly [key: string]: Json }
  if (model !== 'lifecycle') throw fault('wrong-type', '$.model', kindOf(model), 'lifecycle')
  return reading('wrong-type', '$', lifecycle, 'a stored definition', () =>
    defineLifecycle({ ...agreed, events: defineEvents(events as unknown as EventSpecs) } as never),
  ) as unknown as Engine<K>
}

function contactIn(
  options: LintLifecycleOptions,
  { stages }: Agreed,
): (stage: string) => Duration | undefined {
  checkRecord(options, '$.options')
  checkKeys(options, ['contactEvery', 'retention', 'observed', 'effort'], '$.options')
  const { contactEvery, retention, observed, effort } = options
  if (retention !== undefined) checkDuration(retention, '$.options.retention')
  if (effort !== undefined) checkNumber(effort, '$.options.effort')
  if (observed !== undefined) checkList(observed, '$.options.observed')
  for (const [i, name] of (observed ?? []).entries())
    if (typeof name !== 'string') throw fault('wrong-type', `$.options.observed[${i}]`, name, 'a name')
  if (contactEvery === undefined) return () => undefined
  checkRecord(contactEvery, '$.options.contactEvery')
  const byStage = Object.values(contactEvery).every((value) => isRecord(value)) && !('next' in contactEvery)
  if (!byStage) {
    const every = checkDuration(contactEvery, '$.options.contactEvery')
    return () => every
  }
  for (const [stage, every] of Object.entries(contactEvery)) {
    checkName(stages, stage, `$.options.contactEvery.${stage}`)
    checkDuration(every, `$.options.contactEvery.${stage}`)
  }
  return (stage) =>
    Object.hasOwn(contactEvery, stage)
      ? (contactEvery as { readonly [stage: string]: Duration })[stage]
      : undefined
}

/** The stages that chains of rules lead to. */
function reachedFrom(initial: string, edges: ReadonlyMap<string, readonly Edge[]>): ReadonlySet<string> {
  const reached = new Set([initial])
  for (const stage of reached) for (const { to, isIdle } of edges.get(stage)!) if (!isIdle) reached.add(to)
  return reached
}

/** Whether silence, or time itself, leads on. */
const isLeftInTime = (own: readonly Edge[]): boolean =>
  own.some((edge) => {
    if (spanOf(edge) !== undefined) return true
    const { rule } = edge
    if ('on' in rule) return false
    return !('when' in rule) || rule.when === undefined || comesWithSilence(rule.when, true)
  })

/** Whether somebody who does nothing more may come to fulfil it. */
function comesWithSilence(condition: Condition, wanted: boolean): boolean {
  if (!('fact' in condition)) {
    const inside = condition.condition === 'not' ? !wanted : wanted
    return partsOf(condition).some((part) => comesWithSilence(part, inside))
  }
  const { fact } = condition
  const kind = fact.fact
  if (kind === 'time-since' || kind === 'age') {
    const grows = condition.condition !== 'lt' && condition.condition !== 'lte'
    return grows === wanted
  }
  if (kind === 'anniversary' || kind === 'ratio' || (kind === 'attribute' && 'ago' in fact)) return true
  const lapses = ('within' in fact && fact.within !== undefined) || kind === 'streak'
  if (!lapses) return false
  const grows = condition.condition === 'gte' || condition.condition === 'gt'
  return grows !== wanted
}

/** Whether it is where the silent are: only time leads there. */
function isRestingPlace(
  stage: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
  { initial }: Agreed,
): boolean {
  const entrances = [...edges.values()].flat().filter(({ to, isIdle }) => to === stage && !isIdle)
  return (
    stage !== initial &&
    entrances.length > 0 &&
    entrances.every(
      (edge) =>
        spanOf(edge) !== undefined ||
        (!('on' in edge.rule) &&
          'when' in edge.rule &&
          edge.rule.when !== undefined &&
          comesWithSilence(edge.rule.when, true)),
    )
  )
}

function idleEverywhere(
  agreed: Agreed,
  edges: ReadonlyMap<string, readonly Edge[]>,
  findings: readonly { readonly stage: string; readonly finding: LifecycleFinding | object }[],
): readonly (readonly [path: string, oddity: LifecycleOddity, level: LintLevel])[] {
  const { everywhere = [], stages, final = [] } = agreed
  return everywhere.flatMap((rule, i) => {
    if (!('to' in rule)) return []
    const path = `$.everywhere[${i}]`
    const candidates = stages.filter((stage) => stage !== rule.to && !final.includes(stage))
    const kept = findings.flatMap(({ stage, finding }) => {
      const {
        code,
        path: at,
        related = [],
      } = finding as {
        readonly code: string
        readonly path: string
        readonly related?: readonly string[]
      }
      return at === path && (code === 'shadowed' || code === 'never-wins') ? [{ stage, related }] : []
    })
    const idle = candidates.filter(
      (stage) =>
        !edges.get(stage)!.some((edge) => edge.path === path) || kept.some((one) => one.stage === stage),
    )
    if (idle.length === 0) return []
    const related = [...new Set(kept.flatMap((one) => one.related))]
    const level = idle.length === candidates.length ? 'warning' : 'note'
    return [[path, { code: 'idle-everywhere', stages: idle, related }, level] as const]
  })
}

/** Names that are words of a language as they are. */
const READABLE = { en: /^[a-z]+( [a-z]+)*$/i, zh: /\p{Script=Han}/u } as const

/** Stages that have no word in a language in which others have one, and whose name is none. */
function withoutWords<K extends StageKinds>(
  { stages }: Agreed,
  { vocabulary: { words } }: Engine<K>,
): readonly (readonly [stage: string, language: 'en' | 'zh'])[] {
  return (['en', 'zh'] as const).flatMap((language) => {
    const known = words[language] ?? {}
    const missing = stages.filter((stage) => !Object.hasOwn(known, stage) && !READABLE[language].test(stage))
    const isSpoken = stages.some((stage) => Object.hasOwn(known, stage))
    return isSpoken ? missing.map((stage) => [stage, language] as const) : []
  })
}

/** Each finding once: a rule of everywhere is looked at in every stage. */
function distinct<F extends { readonly path: string; readonly code: string }>(
  all: readonly F[],
): readonly F[] {
  const seen = new Map<string, F>()
  for (const finding of all) {
    const shared = finding.path.startsWith('$.everywhere')
    const { code, path, related } = finding as F & { readonly related?: unknown }
    const key = canonical(shared ? { code, path, related } : finding)
    if (!seen.has(key)) seen.set(key, finding)
  }
  return [...seen.values()]
}
