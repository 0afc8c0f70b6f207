import type { AuditFinding } from './audit.js'
import { calendarOf } from './calendar.js'
import { two } from './civil.js'
import type { Condition, ReasonLeaf, Verdict } from './condition.js'
import type { Duration } from './duration.js'
import { brief, type DefinitionFault, fault, type Lang } from './errors.js'
import type { Instant } from './instant.js'
import type { Expected } from './language/parse.js'
import {
  explainDuration,
  headOf,
  inBrackets,
  sayComparison,
  sayCondition,
  sayDifference,
  sayFactValue,
} from './language/print.js'
import { joints } from './language/rules.js'
import { pick, pickOf, sayText, type Voice, voiceOf } from './language/words.js'
import { lintSentences } from './lint/findings.js'
import { type MissingLeaf, missing } from './missing.js'
import type { PendingRule } from './model.js'
import { own } from './plain.js'
import { auditSentences, faultSentences, journalSentences, textSentences } from './sentences.js'
import { checkLang } from './slots.js'
import type { Vocabulary } from './vocabulary.js'

/** Whoever knows the words: an engine, a program, a catalogue. */
export interface Speaker {
  readonly vocabulary: Vocabulary
}

/**
 * What can be explained: a refusal or a reason (anything with a code), a condition, a verdict, what is missing, a rule that waits, what an
 * audit found; or the name of an event or a stage, which is answered with its word.
 */
export type Explainable =
  | { readonly code: string }
  | AuditFinding
  | Condition
  | Verdict
  | MissingLeaf
  | PendingRule
  | string

/**
 * Says in words what an outcome, event or verdict already carries. It never recomputes, so what is said and what was
 * decided cannot differ.
 *
 * @example
 * explain(points, { code: 'insufficient-points', requested: 50, available: 20 }, 'zh') // => '需要50分，可用20分'
 */
export function explain(speaker: Speaker, what: Explainable, lang: Lang): string {
  checkLang(lang)
  const voice = voiceOf(speaker.vocabulary, lang)
  if (typeof what === 'string') return word(voice, what)
  if (typeof what !== 'object' || what === null)
    throw fault('wrong-type', '$', what, 'a reason, a verdict, a refusal or a condition')
  if ('code' in what) return sayCode(voice, what)
  if ('invariant' in what) return sayFinding(voice, what)
  if ('holds' in what) return sayVerdict(voice, what)
  if ('needed' in what) return sayMissing(voice, what)
  if ('condition' in what) return sayCondition(voice, what)
  return sayPending(voice, what)
}

const word = ({ words, lang }: Voice, name: string): string => own(words[lang] ?? {}, name) ?? name

const plainSentences = { ...journalSentences, ...lintSentences, ...textSentences, ...auditSentences }

function sayCode(voice: Voice, what: { readonly code: string }): string {
  const known: Vocabulary['sentences'] = plainSentences
  const sentence = (own(voice.sentences, what.code) ?? own(known, what.code))?.[voice.lang]
  if (sentence === undefined) return what.code
  const data = what as Readonly<Record<string, unknown>>
  let said = ''
  for (const part of partsOf(sentence))
    said += typeof part === 'string' ? part : sayValue(voice, data[part.name], part.kind)
  return said
}

/** Text, and what stands between: `{name:kind}`. */
type SentencePart = string | { readonly name: string; readonly kind: string | undefined }

const read = new Map<string, readonly SentencePart[]>()
/** Sentences are constants of models; who makes up new ones all the time does not fill the memory with them. */
const SENTENCES = 2000

/** A sentence, read once. */
function partsOf(sentence: string): readonly SentencePart[] {
  const known = read.get(sentence)
  if (known !== undefined) return known
  const parts: SentencePart[] = []
  let from = 0
  for (const slot of sentence.matchAll(/\{(\w+)(?::(\w+))?\}/g)) {
    parts.push(sentence.slice(from, slot.index), { name: slot[1]!, kind: slot[2] })
    from = slot.index + slot[0].length
  }
  parts.push(sentence.slice(from))
  if (read.size >= SENTENCES) read.clear()
  read.set(sentence, parts)
  return parts
}

function sayValue(voice: Voice, value: unknown, kind: string | undefined): string {
  if (value === undefined || value === null) return ''
  switch (kind) {
    case 'instant':
      return sayInstant(voice, value as Instant)
    case 'duration':
      return explainDuration(value as Duration, voice.lang)
    case 'word':
      return word(voice, String(value))
    case 'blank':
      return ` ${value}`
    case 'nth':
      return String((value as number) + 1)
    case 'mark':
      return value === '' ? sayCode(voice, { code: 'the-end' }) : sayText(voice, String(value))
    case 'options':
      return sayOptions(voice, value as readonly Expected[])
    case 'condition':
      return sayCondition(voice, value as Condition)
    case 'leaves':
      return (value as readonly ReasonLeaf[]).map((leaf) => sayReason(voice, leaf)).join(comma(voice))
    case 'codes':
      return (value as readonly { readonly code: string }[]).map((one) => sayCode(voice, one)).join('')
    default:
      return typeof value === 'object' && 'code' in value
        ? sayCode(voice, value as { readonly code: string })
        : String(value)
  }
}

/** What could stand somewhere; of many the first, for people: programs have all of them. */
function sayOptions(voice: Voice, options: readonly Expected[]): string {
  // Kinds of things before words: there are few of them.
  const said = [
    ...options.flatMap((one) => (typeof one === 'string' ? [] : [`<${sayCode(voice, one)}>`])),
    ...options.filter((one) => typeof one === 'string'),
  ]
  return said.length <= OPTIONS ? said.join(' | ') : `${said.slice(0, OPTIONS).join(' | ')} | …`
}

const OPTIONS = 16

function sayInstant({ calendar }: Voice, at: Instant): string {
  const zone = calendarOf(calendar ?? { zone: 'UTC' })
  const { hour, minute } = zone.local(at)
  // Who does not say where does not speak of local time.
  return `${zone.localDate(at)} ${two(hour)}:${two(minute)}${calendar === undefined ? ' UTC' : ''}`
}

const comma = (voice: Voice) => pick(voice, '，', ', ')

/** In brackets behind something else. */
const aside = (voice: Voice, text: string) => pick(voice, '', ' ') + inBrackets(voice, text)

/** A leaf as a reason: one that does not hold is a reason because it does not. */
function sayReason(voice: Voice, leaf: ReasonLeaf): string {
  const said = sayLeaf(voice, leaf)
  return leaf.holds ? said : pick(voice, `未满足：${said}`, `not: ${said}`)
}

/** A comparison with what was read: `order paid at least 3 times in the last 90 days (is 2)`. */
const sayLeaf = (voice: Voice, leaf: ReasonLeaf): string =>
  sayComparison(voice, leaf.condition) + aside(voice, sayObserved(voice, leaf))

function sayObserved(
  voice: Voice,
  { condition: { fact }, observed, notObserved }: Omit<ReasonLeaf, 'holds'>,
): string {
  if (notObserved) return pick(voice, '未观测', 'not observed')
  if (observed === null) return pick(voice, '尚无', 'nothing yet')
  if (fact.fact === 'time-since') return pick(voice, '自', 'since ') + sayInstant(voice, observed as Instant)
  return pick(voice, '现为', 'is ') + sayFactValue(voice, fact, observed)
}

function sayVerdict(voice: Voice, verdict: Verdict): string {
  const { condition, holds, parts = [], observed = null } = verdict
  const mark = holds ? '✓' : verdict.notObserved ? '?' : '✗'
  if ('fact' in condition) return `${mark} ${sayLeaf(voice, { ...verdict, condition, observed })}`
  const inside = parts.map((part) => sayVerdict(voice, part)).join(pickOf(voice, joints['some-of']))
  return `${mark} ${headOf(voice, condition)}${inBrackets(voice, inside)}`
}

/** What has to be otherwise: `最近90天下单≥3次（现为2，还差1次）`. */
function sayMissing(voice: Voice, leaf: MissingLeaf): string {
  const { condition, needed } = leaf
  const said = needed
    ? sayComparison(voice, condition)
    : sayCondition(voice, { condition: 'not', of: condition })
  const by = sayBy(voice, leaf)
  return said + aside(voice, sayObserved(voice, leaf) + (by && comma(voice) + by))
}

function sayBy(voice: Voice, { condition: { fact }, by, notObserved }: MissingLeaf): string {
  if (by === undefined || notObserved) return ''
  const less = String(by).startsWith('-')
  const size = typeof by === 'string' ? by.replace('-', '') : Math.abs(by)
  const said = sayDifference(voice, fact, size)
  return pick(voice, `${less ? '须减少' : '还差'}${said}`, less ? `${said} too many` : `needs ${said} more`)
}

/** A verdict that waits, and the shortest way to make it hold. */
function sayWaiting(voice: Voice, verdict: Verdict): string {
  const said = sayVerdict(voice, verdict)
  const leaves = verdict.holds ? [] : (missing(verdict) ?? [])
  if (leaves.length === 0) return said
  if ('fact' in verdict.condition) return `✗ ${sayMissing(voice, leaves[0]!)}`
  const needs = leaves.map((leaf) => sayMissing(voice, leaf)).join(pickOf(voice, joints.all))
  return said + pick(voice, `，至少还需${needs}`, `, at least missing: ${needs}`)
}

function sayPending(voice: Voice, { to, verdict, at, on, because }: PendingRule): string {
  const parts = [
    ...(on === undefined ? [] : [pick(voice, `发生${word(voice, on)}时`, `on ${word(voice, on)}`)]),
    ...(verdict === undefined ? [] : [sayWaiting(voice, verdict)]),
    ...(at === undefined ? [] : [pick(voice, `于${sayInstant(voice, at)}`, `at ${sayInstant(voice, at)}`)]),
    ...(because === undefined ? [] : [sayCode(voice, because)]),
  ]
  const when = parts.join(comma(voice))
  return `→ ${word(voice, to)}${when === '' ? '' : pick(voice, `：${when}`, `: ${when}`)}`
}

/** What does not hold, where, and what would be right: `$.topUps[0].withdrawn: no more left … (is 9, has to be …)`. */
function sayFinding(voice: Voice, { invariant, path, found, expected }: AuditFinding): string {
  const said = sayCode(voice, { code: invariant })
  return pick(
    voice,
    `${path}：${said}（应为${expected}，现为${found}）`,
    `${path}: ${said} (is ${found}, has to be ${expected})`,
  )
}

/** One sentence about a `DefinitionError`: where, what is wrong, what stands there, and, as code, what would be right. */
export function explainError({ code, path, value, expected }: DefinitionFault, lang: Lang): string {
  const sentence = faultSentences[code][lang]
  const found = brief(value, code)
  return lang === 'zh'
    ? `${path} ${sentence}：应为 ${expected}，现为 ${found}`
    : `${path} ${sentence}: expected ${expected}, found ${found}`
}
