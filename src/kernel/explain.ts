import { calendarOf } from './calendar.js'
import type { Comparison, Condition, Operand, ReasonLeaf, Verdict } from './condition.js'
import { type Duration, explainDuration } from './duration.js'
import { brief, type DefinitionFault, type Lang } from './errors.js'
import { type Fact, type FactKinds, type FactValue, type Measure, measureOf, type Scalar } from './fact.js'
import { valuesOf, type Where } from './filter.js'
import type { Instant } from './instant.js'
import { lintSentences } from './lint/findings.js'
import type { PendingRule } from './model.js'
import { own } from './plain.js'
import { faultSentences, journalSentences } from './sentences.js'
import type { Vocabulary } from './vocabulary.js'

/** Whoever knows the words: an engine, a program, a catalogue. */
export interface Speaker {
  readonly vocabulary: Vocabulary
}

/**
 * What can be explained: a refusal or a reason (anything with a code), a condition, a verdict, a rule that waits; or the
 * name of an event or a stage, which is answered with its word.
 */
export type Explainable = { readonly code: string } | Condition | Verdict | PendingRule | string

/**
 * Says in words what an outcome, event or verdict already carries. It never recomputes, so what is said and what was
 * decided cannot differ.
 *
 * @example
 * explain(points, { code: 'insufficient-points', requested: 50, available: 20 }, 'zh') // => '需要50分，可用20分'
 */
export function explain(speaker: Speaker, what: Explainable, lang: Lang): string {
  const voice = { kinds: {}, ...speaker.vocabulary, lang }
  if (typeof what === 'string') return word(voice, what)
  if ('code' in what) return sayCode(voice, what)
  if ('holds' in what) return sayVerdict(voice, what)
  if ('condition' in what) return sayCondition(voice, what)
  return sayPending(voice, what)
}

interface Voice extends Vocabulary {
  readonly kinds: FactKinds
  readonly lang: Lang
}

const pick = ({ lang }: Voice, en: string, zh: string): string => (lang === 'zh' ? zh : en)

const word = ({ words, lang }: Voice, name: string): string => own(words[lang] ?? {}, name) ?? name

const fieldWord = ({ words, lang }: Voice, event: string, field: string): string =>
  own(words[lang] ?? {}, `${event}.${field}`) ?? field

const plainSentences = { ...journalSentences, ...lintSentences }

function sayCode(voice: Voice, what: { readonly code: string }): string {
  const known: Vocabulary['sentences'] = plainSentences
  const sentence = (own(voice.sentences, what.code) ?? own(known, what.code))?.[voice.lang]
  if (sentence === undefined) return what.code
  const data = what as Readonly<Record<string, unknown>>
  return sentence.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, kind?: string) =>
    sayValue(voice, data[name], kind),
  )
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
    case 'condition':
      return sayCondition(voice, value as Condition)
    case 'leaves':
      return (value as readonly ReasonLeaf[]).map((leaf) => sayReason(voice, leaf)).join(comma(voice))
    default:
      return typeof value === 'object' && 'code' in value
        ? sayCode(voice, value as { readonly code: string })
        : String(value)
  }
}

function sayInstant({ calendar = { zone: 'UTC' } }: Voice, at: Instant): string {
  const zone = calendarOf(calendar)
  const { hour, minute } = zone.local(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${zone.localDate(at)} ${two(hour)}:${two(minute)}`
}

function sayCondition(voice: Voice, condition: Condition): string {
  if ('fact' in condition) return sayComparison(voice, condition)
  if (condition.condition === 'not')
    return pick(voice, 'not ', '非') + brackets(voice, sayCondition(voice, condition.of))
  const parts = condition.of.map((part) =>
    'of' in part && part.condition !== 'not'
      ? brackets(voice, sayCondition(voice, part))
      : sayCondition(voice, part),
  )
  if (condition.condition !== 'some-of') {
    return parts.join(condition.condition === 'all' ? pick(voice, ' and ', '且') : either(voice))
  }
  const { k } = condition
  return (
    pick(voice, `at least ${k} of `, `满足${k}项：`) + brackets(voice, parts.join(pick(voice, '; ', '；')))
  )
}

const comma = (voice: Voice) => pick(voice, ', ', '，')

/** In brackets behind something else. */
const aside = (voice: Voice, text: string) => pick(voice, ' ', '') + brackets(voice, text)

const brackets = (voice: Voice, text: string) => pick(voice, `(${text})`, `（${text}）`)

const signs = { gte: '≥', gt: '>', lte: '≤', lt: '<' } as const
const comparatives = { gte: 'at least', gt: 'more than', lte: 'at most', lt: 'less than' } as const

function sayComparison(voice: Voice, node: Comparison): string {
  const { fact } = node
  const field = measureOf(fact, voice)
  const operand = (value: Operand) => sayOperand(voice, field, fact, value)
  return sayFact(voice, fact, sayRequired(voice, node, operand))
}

function sayRequired(voice: Voice, node: Comparison, operand: (value: Operand) => string): string {
  if (node.condition === 'between') {
    const [low, high] = [operand(node.low), operand(node.high)]
    return pick(voice, `between ${low} and ${high}`, `在${low}到${high}之间`)
  }
  if (node.condition === 'is' || node.condition === 'in') {
    const values = node.condition === 'is' ? [node.value] : node.values
    return pick(voice, '', '为') + values.map(operand).join(either(voice))
  }
  const { condition, value } = node
  return pick(voice, `${comparatives[condition]} `, signs[condition]) + operand(value)
}

const either = (voice: Voice) => pick(voice, ' or ', '或')

function sayOperand(voice: Voice, field: Measure, fact: Fact, value: Operand): string {
  if (typeof value === 'object') return explainDuration(value, voice.lang)
  if (fact.fact === 'count') return pick(voice, value === 1 ? '1 time' : `${value} times`, `${value}次`)
  return sayScalar(voice, field, value)
}

function sayScalar(voice: Voice, field: Measure, value: Scalar): string {
  if (field.type === 'money') return `${value} ${field.currency}`
  if (field.type === 'instant') return sayInstant(voice, value as Instant)
  return field.type === 'text' ? word(voice, String(value)) : String(value)
}

function sayFact(voice: Voice, fact: Fact, required: string): string {
  if (fact.fact === 'attribute')
    return fieldWord(voice, 'attribute-set', fact.attribute) + pick(voice, ` is ${required}`, required)
  if (!('event' in fact)) return `${JSON.stringify(fact)} ${required}`
  const event = `${word(voice, fact.event)}${sayWhere(voice, fact.where)}`
  if (fact.fact === 'time-since') {
    const since = fact.orSince ? aside(voice, pick(voice, 'or ', '或') + word(voice, fact.orSince)) : ''
    return pick(voice, `${required} since the last ${event}${since}`, `距上次${event}${since}${required}`)
  }
  if (fact.fact !== 'count' && fact.fact !== 'sum' && fact.fact !== 'last')
    return `${JSON.stringify(fact)} ${required}`
  const span = fact.within ? explainDuration(fact.within as Duration, voice.lang) : ''
  const within = span && pick(voice, ` in the last ${span}`, `最近${span}`)
  if (fact.fact === 'count')
    return pick(voice, `${event} ${required}${within}`, `${within}${event}${required}`)
  const field = fieldWord(voice, fact.event, fact.field)
  return fact.fact === 'sum'
    ? pick(
        voice,
        `total ${field} of ${event} ${required}${within}`,
        `${within}${event}${field}合计${required}`,
      )
    : pick(
        voice,
        `last ${field} of ${event} is ${required}${within}`,
        `${within}最近一次${event}的${field}${required}`,
      )
}

function sayWhere(voice: Voice, where: Where | undefined): string {
  if (where === undefined || Object.keys(where).length === 0) return ''
  const filters = Object.entries(where).map(([name, value]) => {
    const values = valuesOf(value)
    return `${name}=${values.map((one) => word(voice, String(one))).join(either(voice))}`
  })
  return aside(voice, filters.join(comma(voice)))
}

/** A leaf as a reason: one that does not hold is a reason because it does not. */
function sayReason(voice: Voice, leaf: ReasonLeaf): string {
  const said = sayLeaf(voice, leaf)
  return leaf.holds ? said : pick(voice, `not: ${said}`, `未满足：${said}`)
}

/** A comparison with what was read: `order-paid at least 3 times in the last 90 days (is 2)`. */
function sayLeaf(voice: Voice, { condition, observed }: ReasonLeaf): string {
  return `${sayComparison(voice, condition)}${sayObserved(voice, condition.fact, observed)}`
}

function sayObserved(voice: Voice, fact: Fact, observed: FactValue): string {
  if (observed === null) return aside(voice, pick(voice, 'nothing yet', '尚无'))
  const said = fact.fact === 'time-since' ? pick(voice, 'since ', '自') : pick(voice, 'is ', '现为')
  return aside(voice, said + sayScalar(voice, measureOf(fact, voice), observed))
}

function sayVerdict(voice: Voice, verdict: Verdict): string {
  const mark = verdict.holds ? '✓' : '✗'
  const { condition, parts } = verdict
  if ('fact' in condition)
    return `${mark} ${sayLeaf(voice, { condition, holds: verdict.holds, observed: verdict.observed ?? null })}`
  const inside = (parts ?? []).map((part) => sayVerdict(voice, part)).join(pick(voice, '; ', '；'))
  const head =
    condition.condition === 'some-of'
      ? pick(voice, `${condition.k} of`, `满足${condition.k}项`)
      : pick(voice, condition.condition, { all: '全部', any: '任一', not: '非' }[condition.condition])
  return `${mark} ${head} ${brackets(voice, inside)}`
}

function sayPending(voice: Voice, { to, verdict, at, on, because }: PendingRule): string {
  const parts = [
    ...(on === undefined ? [] : [pick(voice, `on ${word(voice, on)}`, `发生${word(voice, on)}时`)]),
    ...(verdict === undefined ? [] : [sayVerdict(voice, verdict)]),
    ...(at === undefined ? [] : [pick(voice, `at ${sayInstant(voice, at)}`, `于${sayInstant(voice, at)}`)]),
    ...(because === undefined ? [] : [sayCode(voice, because)]),
  ]
  const when = parts.join(comma(voice))
  return `→ ${word(voice, to)}${when === '' ? '' : pick(voice, `: ${when}`, `：${when}`)}`
}

/** One sentence about a `DefinitionError`: where, what is wrong, what stands there, and, as code, what would be right. */
export function explainError({ code, path, value, expected }: DefinitionFault, lang: Lang): string {
  const sentence = faultSentences[code][lang]
  const found = brief(value, code)
  return lang === 'zh'
    ? `${path} ${sentence}：应为 ${expected}，现为 ${found}`
    : `${path} ${sentence}: expected ${expected}, found ${found}`
}
