import type { Lang } from '../errors.js'
import type { FactKinds } from '../fact.js'
import type { EventSpecs } from '../field.js'
import { own } from '../plain.js'
import type { Vocabulary } from '../vocabulary.js'
import { isSlot, partsOf, type Rule, textsOf } from './grammar.js'
import { brackets, factRules, heads, joints, lists, rules } from './rules.js'

/** Who speaks, in one tongue. */
export interface Voice extends Vocabulary {
  readonly kinds: FactKinds
  readonly lang: Lang
  /** Whose words they are. */
  readonly source?: Vocabulary
}

export const voiceOf = (vocabulary: Vocabulary, lang: Lang): Voice => ({
  kinds: {},
  ...vocabulary,
  lang,
  source: vocabulary,
})

/** One of two, by tongue. */
export const pick = ({ lang }: { readonly lang: Lang }, zh: string, en: string): string =>
  lang === 'zh' ? zh : en

/** One of a pair. */
export const pickOf = (voice: { readonly lang: Lang }, [zh, en]: readonly [zh: string, en: string]): string =>
  pick(voice, zh, en)

/** Names that may stand in one place, and where their words are kept. */
export interface Names {
  readonly ids: readonly string[]
  /** What stands before an identifier among the words: `order-paid.` for its fields. */
  readonly under: string
}

/** Where names stand: what the words of fields and values depend on. */
export interface Place {
  readonly event?: string | undefined
  readonly field?: string | undefined
  readonly engine?: string | undefined
}

const PROFILE = 'attribute-set'

const keysOf = (record: object | undefined) => Object.keys(record ?? {})

const fieldsOf = (events: EventSpecs, event: string): Names => ({
  ids: keysOf(own(events, event)),
  under: `${event}.`,
})

const engineOf = (event: string) => event.slice(0, Math.max(0, event.indexOf('/')))

/** The names of each place. */
export const namesOf = {
  event: ({ events }) => ({ ids: keysOf(events), under: '' }),
  field: ({ events }, { event = '' }) => fieldsOf(events, event),
  attribute: ({ events }) => fieldsOf(events, PROFILE),
  role: ({ events }) => ({
    ids: distinct(fieldList(events).flatMap(([, field]) => (field.type === 'ref' ? [field.role] : []))),
    under: '',
  }),
  engine: ({ events }) => ({
    ids: distinct(keysOf(events).flatMap((event) => engineOf(event) || [])),
    under: '',
  }),
  said: ({ events }, { engine = '' }) => ({
    ids: distinct(
      fieldList(events).flatMap(([event, { says }]) =>
        says !== undefined && engineOf(event) === engine ? [says] : [],
      ),
    ),
    under: `${engine}.`,
  }),
} as const satisfies { readonly [place: string]: (voice: Vocabulary, place: Place) => Names }

const fieldList = (events: EventSpecs) =>
  Object.entries(events).flatMap(([event, fields]) =>
    Object.values(fields).map((field) => [event, field] as const),
  )

const distinct = (names: readonly string[]) => [...new Set(names)]

/** A name as it is said: by its word, which is in brackets where it could be taken for something else; or quoted. */
export function sayName(voice: Voice, { ids, under }: Names, id: string): string {
  const words = voice.words[voice.lang] ?? {}
  const word = ids.includes(id) ? own(words, under + id) : undefined
  if (word === undefined || ids.some((other) => other !== id && own(words, under + other) === word))
    return sayText(voice, id)
  return isPlain(voice, word) ? word : quote(word, pick(voice, '「」', '[]'))
}

/** Text as it is said: in quotation marks. */
export const sayText = (voice: { readonly lang: Lang }, text: string): string =>
  quote(text, pick(voice, '“”', '""'))

/** The marks around a word, and around a text. */
export const marks = { zh: { word: '「」', text: '“”' }, en: { word: '[]', text: '""' } } as const

function quote(text: string, [open, close]: string): string {
  let said = open!
  for (const unit of text) {
    if (unit === '\\' || unit === close) said += '\\'
    said += /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(unit)
      ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
      : unit
  }
  return said + close
}

/** Letters first, single blanks, and none of the marks that sentences are made with. */
const BARE = /^\p{L}[^\s"“”「」[\]（）()、，；,;\p{C}]*(?: [^\s"“”「」[\]（）()、，；,;\p{C}]+)*$/u

const plainWords = new WeakMap<object, Map<string, boolean>>()

/**
 * Whether a word is read back as itself where it stands bare. It is not when it begins with what a sentence may begin
 * with there, or with another word, and goes on as a sentence could.
 */
function isPlain(voice: Voice, word: string): boolean {
  const words = voice.words[voice.lang]!
  const known = plainWords.get(words) ?? new Map<string, boolean>()
  plainWords.set(words, known)
  const before = known.get(word)
  if (before !== undefined) return before
  const plain = BARE.test(word) && !clashes(voice.lang, word, Object.values(words))
  known.set(word, plain)
  return plain
}

function clashes(lang: Lang, word: string, words: readonly string[]): boolean {
  const { openers, texts } = tongueOf(lang)
  const meets = (rest: string) => (text: string) =>
    text.startsWith(rest) || (rest.startsWith(text) && (text !== ' ' || saysOn(rest.slice(1))))
  /** Whether a sentence could go on with this behind a name: no name stands directly behind another. */
  const saysOn = (rest: string): boolean => texts.some(meets(rest))
  /** In English a name ends where a blank or a mark does. */
  const ends = (rest: string) => lang === 'zh' || !/^\p{L}/u.test(rest)
  /** And behind something else. */
  const goesOn = (rest: string) => /^ *[-\d]/.test(rest) || saysOn(rest) || words.some(meets(rest))
  return (
    openers.some(
      (opener) =>
        (word.startsWith(opener) && goesOn(word.slice(opener.length))) ||
        (opener.startsWith(word) && goesOn(opener.slice(word.length))),
    ) ||
    words.some(
      (other) =>
        other !== word &&
        word.startsWith(other) &&
        ends(word.slice(other.length)) &&
        saysOn(word.slice(other.length)),
    )
  )
}

interface Tongue {
  /** What a sentence says beside names and numbers. */
  readonly texts: readonly string[]
  /** What can stand where a name may begin. */
  readonly openers: readonly string[]
}

/** Rules that stand first in lines about facts, where a name could. */
const OPENING: readonly string[] = [
  'times',
  'today',
  'window',
  'calendar',
  'tally',
] satisfies readonly (keyof typeof rules)[]

const tongues = new Map<Lang, Tongue>()

/** The texts of the grammar itself: nothing has to be listed a second time. */
function tongueOf(lang: Lang): Tongue {
  const known = tongues.get(lang)
  if (known !== undefined) return known
  const side = lang === 'zh' ? 0 : 1
  const texts = new Set<string>(Object.values(joints).map((both) => both[side]))
  for (const [, ...between] of Object.values(lists)) texts.add(between[side])
  for (const bracket of brackets) texts.add(bracket)
  const openers = new Set<string>([brackets[side * 2]!])
  const add = (line: string, opens: boolean) => {
    const parts = partsOf(line)
    for (const text of textsOf(parts)) texts.add(text)
    if (!opens) return
    for (const part of parts) {
      const [first] = typeof part === 'string' || isSlot(part) ? [part] : part.parts
      if (typeof first === 'string') openers.add(first)
      if (typeof part === 'string' || isSlot(part)) break
    }
  }
  for (const head of Object.values(heads)) add(head[side] + brackets[side * 2]!, true)
  for (const line of Object.values(factRules).flat() as Rule) add(line[side], true)
  for (const [name, rule] of Object.entries(rules))
    for (const line of rule as Rule) add(line[side], OPENING.includes(name))
  // Where one text begins another, what the other adds may stand where a name does.
  for (const text of texts)
    for (const other of texts)
      if (text !== other && other.startsWith(text)) openers.add(other.slice(text.length))
  const tongue = { texts: [...texts], openers: [...openers] }
  tongues.set(lang, tongue)
  return tongue
}
