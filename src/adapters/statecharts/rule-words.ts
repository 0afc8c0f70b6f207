import { type Lang, reading, type Sentence } from '../../kernel/errors.js'
import {
  canonical,
  type Duration,
  explain,
  explainDuration,
  type Filter,
  printCondition,
  type Speaker,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { Heard } from '../../lifecycle/definition.js'
import { heardOf } from '../../lifecycle/rule.js'
import type { MovingRule } from './stated-lifecycle.js'

/** What brings a rule about, in words: `order paid, if …`, `no activity for 60 days`. */
export function ruleWords(speaker: Speaker, rule: MovingRule, lang: Lang): string {
  return reading('wrong-type', '$.vocabulary', speaker.vocabulary, 'a vocabulary', () =>
    saidRule(speaker, rule, lang),
  )
}

/** The word of a stage, an event or an attribute; its name where it has none. */
export const nameWords = (speaker: Speaker, name: string, lang: Lang): string =>
  reading('wrong-type', '$.vocabulary', speaker.vocabulary, 'a vocabulary', () => {
    const word: unknown = explain(speaker, name, lang)
    return typeof word === 'string' ? word : name
  })

function saidRule(speaker: Speaker, rule: MovingRule, lang: Lang): string {
  if ('inactiveFor' in rule) return filled(words.inactive, lang, spanOf(rule.inactiveFor, lang))
  if ('inStageFor' in rule) return filled(words.inStage, lang, spanOf(rule.inStageFor, lang))
  if ('since' in rule) {
    const attribute = nameWords(speaker, `attribute-set.${rule.since}`, lang)
    const name = attribute === `attribute-set.${rule.since}` ? rule.since : attribute
    return filled(words.reached, lang, spanOf(rule.reaches, lang), name)
  }
  const event = 'on' in rule ? heardWords(speaker, rule.on, lang) : undefined
  const when = 'when' in rule && rule.when ? printCondition(speaker, rule.when, lang) : undefined
  if (event !== undefined && when !== undefined) return filled(words.onWhen, lang, when, event)
  if (event !== undefined || when !== undefined) return (event ?? when)!
  // A kind of rule that is newer than this export: its own names say what it is.
  const { to: _, reset: __, ...rest } = rule as unknown as Readonly<Record<string, unknown>>
  return Object.entries(rest)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : canonical(value)}`)
    .join(', ')
}

const spanOf = (span: Duration, lang: Lang) => explainDuration(span, lang)

/** An event as it is heard: `order paid (amount at least 500, as referrer)`. */
function heardWords(speaker: Speaker, heard: Heard, lang: Lang): string {
  const { event, as, where = {} } = heardOf(heard)
  const asides = [
    ...Object.entries(where).map(([field, filter]) => {
      const name = nameWords(speaker, `${event}.${field}`, lang)
      return filterWords(name === `${event}.${field}` ? field : name, filter, lang)
    }),
    ...(as === undefined ? [] : [filled(words.role, lang, as)]),
  ]
  const name = nameWords(speaker, event, lang)
  if (asides.length === 0) return name
  return lang === 'zh' ? `${name}（${asides.join('，')}）` : `${name} (${asides.join(', ')})`
}

const SIGNS = [
  ['gte', '≥'],
  ['gt', '>'],
  ['lte', '≤'],
  ['lt', '<'],
] as const

function filterWords(field: string, filter: Filter, lang: Lang): string {
  const list = (value: unknown) => (Array.isArray(value) ? value : [value]).map(String).join(' | ')
  if (!isRecord(filter)) return `${field} = ${list(filter)}`
  if ('not' in filter) return `${field} ≠ ${list(filter['not'])}`
  const bounds = SIGNS.flatMap(([key, sign]) => (filter[key] === undefined ? [] : [`${sign} ${filter[key]}`]))
  return `${field} ${bounds.join(lang === 'zh' ? ' 且 ' : ' and ')}`
}

const filled = (sentence: Sentence, lang: Lang, first: string, second = ''): string =>
  sentence[lang].replace(/\{([ab])\}/g, (_, gap: string) => (gap === 'a' ? first : second))

const words = {
  inactive: { en: 'no activity for {a}', zh: '{a}没有活动' },
  inStage: { en: '{a} in the stage', zh: '停留满{a}' },
  reached: { en: '{b} was {a} ago', zh: '{b}已满{a}' },
  onWhen: { en: '{b}, if {a}', zh: '{b}，且{a}' },
  role: { en: 'as {a}', zh: '以{a}身份' },
} as const satisfies Readonly<Record<string, Sentence>>
