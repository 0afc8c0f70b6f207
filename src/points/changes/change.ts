import type { Sentence } from '../../kernel/errors.js'
import { type Duration, explain, type Json, joinVocabularies, type Speaker } from '../../kernel/index.js'
import { isLength } from './longer.js'
import { changeSentences } from './sentences.js'

/** What a change of a definition is about, and which way it goes. */
export type DefinitionChangeCode = keyof typeof changeSentences

/** What a change means for members. `unknown` is treated as `worse`: nobody can say that it is not. */
export type ChangeEffect = 'better' | 'worse' | 'neither' | 'unknown'

/** One place of a definition that is otherwise in the next. */
export interface DefinitionChange {
  readonly code: DefinitionChangeCode
  /** Where: in the new definition, or in the old one for what is there no more. */
  readonly path: string
  /** What it is about by name, where it has one: a currency, a rule, a cap, a tier. */
  readonly of: string | null
  /** What stood there; `null` for nothing. */
  readonly before: Json
  readonly after: Json
  readonly effect: ChangeEffect
  /** Whether it reaches what was earned before, or only what will be earned. */
  readonly touches: 'earned' | 'to-be-earned'
  readonly said: Sentence
}

/** Whether a change needs the notice: it may make worse what was earned. */
export const needsNotice = ({ effect, touches }: Pick<DefinitionChange, 'effect' | 'touches'>): boolean =>
  touches === 'earned' && (effect === 'worse' || effect === 'unknown')

/** A change before it is put in words. */
export type PlainChange = Omit<DefinitionChange, 'said'>

/** Says a change in the words of both definitions. */
export function said(change: PlainChange, speaker: Speaker): DefinitionChange {
  const from = shown(change.before)
  const to = shown(change.after)
  const whose = change.of === null ? '' : { code: 'of-what', of: change.of }
  const told = { ...change, from, to, whose }
  const say = (lang: 'en' | 'zh') => explain(speaker, told, lang)
  return { ...change, said: { en: say('en'), zh: say('zh') } }
}

/** Who knows the words of both definitions and the sentences of changes. */
export const speakerOfChanges = (...speakers: readonly Speaker[]): Speaker => ({
  vocabulary: joinVocabularies(...speakers.map(({ vocabulary }) => vocabulary), {
    sentences: { ...changeSentences, ...parts },
    words: {},
    events: {},
  }),
})

/** A value of a definition as something that sentences can say. */
function shown(value: Json): string | number | Part {
  if (value === null || value === 'never') return { code: 'no-term' }
  if (typeof value === 'number') return value
  if (typeof value === 'string') return value === 'until-confirmed' ? { code: 'term-until-confirmed' } : value
  if (isLength(value)) return { code: 'term-of', length: value }
  const { points, per } = value as { readonly points?: Json; readonly per?: Json }
  // What is longer stands at its path, and is not said again.
  if (typeof points !== 'number') return { code: 'term-as-stated' }
  return { code: per === undefined ? 'rate-per-event' : 'rate-per-amount', points, per: String(per) }
}

interface Part {
  readonly code: string
  readonly length?: Duration
  readonly points?: number
  readonly per?: string
}

const parts: { readonly [code: string]: Sentence } = {
  'of-what': { en: ' ({of:word})', zh: '（{of:word}）' },
  'no-term': { en: 'none', zh: '无' },
  'term-until-confirmed': { en: 'until confirmed', zh: '直至确认' },
  'term-as-stated': { en: 'as stated there', zh: '见该处' },
  'rate-per-event': { en: '{points} each time', zh: '每次{points}分' },
  'rate-per-amount': { en: '{points} for each {per}', zh: '每{per}积{points}分' },
  'term-of': { en: '{length:duration}', zh: '{length:duration}' },
}
