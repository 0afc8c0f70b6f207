import { checkKeys, checkList, fault, unknownName } from '../../kernel/errors.js'
import {
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  type Instant,
  type Sentence,
} from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord, own } from '../../kernel/plain.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { type FirstSeenAt, readFirstSeenAt } from './first-seen.js'

/**
 * What a label amounts to, whatever it is called: just come, here and here before, back after an absence, or away. Two labels
 * agree where they are of one kind.
 */
export type LabelKind = 'arrived' | 'stayed' | 'came-back' | 'away'

/** What a definition says of everybody it knows, at one moment. `translateLabels` holds two of them against each other. */
export interface LabelStandings {
  /** Whose words these are. */
  readonly name: Sentence
  readonly asOf: Instant
  /** How it looks at time: `calendar months (UTC)`, `45 days of silence`. */
  readonly rule: Sentence | null
  /** The labels, in the order of tables. */
  readonly labels: readonly LabelTerm[]
  /** What it means that somebody has no label. */
  readonly unlabelled: Sentence
  /** Everybody known, by name. */
  readonly people: readonly Standing[]
}

/** A label of a definition. */
export interface LabelTerm {
  readonly label: string
  readonly word: Sentence
  /** When it applies, in words, at this very moment; `null` where nobody said. */
  readonly meaning: Sentence | null
  /** `null` where it is of none of the kinds, or nobody said. */
  readonly kind: LabelKind | null
}

/** What one subject is. */
export interface Standing {
  readonly subject: string
  /** `null` where the definition has no label for it at this moment. */
  readonly label: string | null
  /** As fine as is known; `null` where nothing is. */
  readonly last: LastActive | null
}

/** When somebody was last active: a local date and how many dates ago, or an interval. */
export type LastActive = { readonly day: string; readonly daysAgo: number } | { readonly interval: string }

/** The stages of a lifecycle, as somebody else worked them out. */
export interface StageStandingsInput {
  /** Whose stages: `{ en: 'your lifecycle', zh: '贵方生命周期' }`. */
  readonly name: Sentence
  readonly asOf: Instant
  /** The stage of each subject: a record, a map, or a function that is asked about `subjects`. `null` is no stage. */
  readonly stages:
    | Readonly<Record<string, string | null>>
    | ReadonlyMap<string, string | null>
    | ((subject: string) => string | null | undefined)
  /** With a function, whom to ask about. */
  readonly subjects?: readonly string[]
  /** All stages in the order of tables; without, those that occur, by name. */
  readonly order?: readonly string[]
  readonly words?: { readonly [stage: string]: Sentence }
  /** Of which kind a stage is. Stages of none are compared with nothing. */
  readonly kinds?: { readonly [stage: string]: LabelKind }
  /** When a stage applies, in words. */
  readonly meanings?: { readonly [stage: string]: Sentence }
  /** How it looks at time, in words. */
  readonly rule?: Sentence
  /** When each subject was last active; needs `calendar`. */
  readonly lastActiveAt?: FirstSeenAt
  readonly calendar?: CalendarDefinition
}

const kinds: readonly LabelKind[] = ['arrived', 'stayed', 'came-back', 'away']

/**
 * The stages of any lifecycle as standings, for `translateLabels`: of `defineLifecycle` by the stage of each view, of another system by
 * what it stores.
 *
 * @throws DefinitionError for what does not hold, with its path.
 * @example
 * stageStandings({ name: { en: 'your lifecycle', zh: '贵方生命周期' }, asOf, stages: { mei: 'active', lin: 'lapsed' },
 *   kinds: { active: 'stayed', lapsed: 'away' } }).people[0] // => { subject: 'lin', label: 'lapsed', last: null }
 */
export function stageStandings(input: StageStandingsInput): LabelStandings {
  if (!isRecord(input)) throw fault('wrong-type', '$', input, '{ name, asOf, stages, … }')
  checkKeys(input, inputKeys, '$')
  const { name, asOf, order, words = {}, meanings = {}, rule, lastActiveAt, calendar } = input
  checkSentence(name, '$.name')
  checkInstant(asOf, '$.asOf')
  if (rule !== undefined) checkSentence(rule, '$.rule')
  const pairs = stagesOf(input)
  const found = [...new Set(pairs.flatMap(([, stage]) => (stage === null ? [] : [stage])))].sort(byUnits)
  if (order !== undefined) checkOrder(order, found)
  const all = order ?? found
  const known = (given: unknown, path: string) => {
    if (!isRecord(given)) throw fault('wrong-type', path, given, 'a value by stage')
    // Without an order, a stage in which nobody is now is none the less one.
    if (order !== undefined) checkKeys(given, all, path)
    return given
  }
  for (const [path, given] of [
    ['$.words', words],
    ['$.meanings', meanings],
  ] as const)
    for (const [stage, sentence] of Object.entries(known(given, path)))
      checkSentence(sentence, `${path}.${stage}`)
  const kindOf = known(input.kinds ?? {}, '$.kinds') as Readonly<Record<string, LabelKind>>
  for (const [stage, kind] of Object.entries(kindOf))
    if (!kinds.includes(kind)) throw unknownName(`$.kinds.${stage}`, kind, kinds)
  const last = lastBy(lastActiveAt, calendar, asOf)
  return {
    name,
    asOf,
    rule: rule ?? null,
    labels: all.map((stage) => ({
      label: stage,
      word: own(words, stage) ?? { en: stage, zh: stage },
      meaning: own(meanings, stage) ?? null,
      kind: own(kindOf, stage) ?? null,
    })),
    unlabelled: { en: 'in no stage', zh: '不在任何阶段' },
    people: pairs
      .map(([subject, label]) => ({ subject, label, last: last(subject) }))
      .sort((a, b) => byUnits(a.subject, b.subject)),
  }
}

const inputKeys = [
  ...['name', 'asOf', 'stages', 'subjects', 'order', 'words', 'kinds', 'meanings', 'rule'],
  ...['lastActiveAt', 'calendar'],
]

function stagesOf({ stages, subjects }: StageStandingsInput): readonly (readonly [string, string | null])[] {
  let pairs: readonly (readonly [unknown, unknown])[]
  if (typeof stages === 'function') {
    checkList(subjects, '$.subjects')
    for (const [i, subject] of subjects.entries())
      if (typeof subject !== 'string') throw fault('wrong-type', `$.subjects[${i}]`, subject, 'text')
    pairs = [...new Set(subjects as readonly string[])].map((subject) => [subject, stages(subject) ?? null])
  } else {
    if (subjects !== undefined)
      throw fault('unknown-key', '$.subjects', 'subjects', 'stages as a function, which is asked about them')
    if (stages instanceof Map) pairs = [...stages]
    else if (isRecord(stages)) pairs = Object.entries(stages)
    else throw fault('wrong-type', '$.stages', stages, 'stages by subject')
  }
  for (const [i, [subject, stage]] of pairs.entries()) {
    if (typeof subject !== 'string') throw fault('wrong-type', '$.stages', subject, 'subjects as text')
    if (stage !== null && (typeof stage !== 'string' || stage === ''))
      throw fault('wrong-type', `$.stages[${i}]`, stage, 'the name of a stage, or null')
  }
  return pairs as readonly (readonly [string, string | null])[]
}

function checkOrder(order: readonly string[], found: readonly string[]): void {
  checkList(order, '$.order')
  for (const [i, stage] of order.entries()) {
    if (typeof stage !== 'string' || stage === '') throw fault('wrong-type', `$.order[${i}]`, stage, 'a name')
    if (order.indexOf(stage) !== i) throw fault('duplicate-name', `$.order[${i}]`, stage, 'each stage once')
  }
  const other = found.find((stage) => !order.includes(stage))
  if (other !== undefined) throw unknownName('$.order', other, order)
}

function lastBy(
  given: FirstSeenAt | undefined,
  definition: CalendarDefinition | undefined,
  asOf: Instant,
): (subject: string) => LastActive | null {
  if (given === undefined) return () => null
  if (!isRecord(definition)) throw fault('missing', '$.calendar', definition, "{ zone: 'Asia/Shanghai' }")
  const calendar = calendarOf(definition as unknown as CalendarDefinition)
  const instants = readFirstSeenAt(given, '$.lastActiveAt')
  return (subject) => {
    const at = instants.get(subject)
    return at === undefined || at > asOf ? null : lastActiveOn(calendar, at, asOf)
  }
}

/** A last activity by local dates. */
export const lastActiveOn = (calendar: Calendar, at: Instant, asOf: Instant): LastActive => ({
  day: calendar.localDate(at),
  // Clocks that go back over midnight show the day before again.
  daysAgo: Math.max(0, calendar.localDay(asOf) - calendar.localDay(at)),
})

/** Refuses what does not say the same in both languages. */
export function checkSentence(value: unknown, path: string): asserts value is Sentence {
  if (!isRecord(value)) throw fault('wrong-type', path, value, '{ en, zh }')
  checkKeys(value, ['en', 'zh'], path)
  for (const lang of ['en', 'zh'])
    if (typeof value[lang] !== 'string') throw fault('wrong-type', `${path}.${lang}`, value[lang], 'text')
}

/** Refuses standings that no definition gave. */
export function checkStandings(value: unknown, path: string): asserts value is LabelStandings {
  if (!isRecord(value)) throw fault('wrong-type', path, value, 'standings')
  const { name, asOf, rule, labels, unlabelled, people } = value
  checkSentence(name, `${path}.name`)
  checkInstant(asOf, `${path}.asOf`)
  if (rule !== null) checkSentence(rule, `${path}.rule`)
  checkSentence(unlabelled, `${path}.unlabelled`)
  checkList(labels, `${path}.labels`)
  const names = new Set<unknown>()
  for (const [i, term] of labels.entries()) {
    const at = `${path}.labels[${i}]`
    if (!isRecord(term)) throw fault('wrong-type', at, term, 'a label')
    if (typeof term['label'] !== 'string') throw fault('wrong-type', `${at}.label`, term['label'], 'text')
    if (names.has(term['label']))
      throw fault('duplicate-name', `${at}.label`, term['label'], 'each label once')
    checkSentence(term['word'], `${at}.word`)
    if (term['meaning'] !== null) checkSentence(term['meaning'], `${at}.meaning`)
    if (term['kind'] !== null && !kinds.includes(term['kind'] as LabelKind))
      throw unknownName(`${at}.kind`, term['kind'], kinds)
    names.add(term['label'])
  }
  checkList(people, `${path}.people`)
  const subjects = new Set<unknown>()
  for (const [i, standing] of people.entries()) {
    const at = `${path}.people[${i}]`
    if (!isRecord(standing)) throw fault('wrong-type', at, standing, '{ subject, label, last }')
    const { subject, label, last } = standing
    if (typeof subject !== 'string') throw fault('wrong-type', `${at}.subject`, subject, 'text')
    if (subjects.has(subject)) throw fault('duplicate-name', `${at}.subject`, undefined, 'every subject once')
    if (label !== null && !names.has(label)) throw unknownName(`${at}.label`, label, [...names] as string[])
    if (last !== null) checkLast(last, `${at}.last`)
    subjects.add(subject)
  }
}

function checkLast(last: unknown, path: string): void {
  if (!isRecord(last)) throw fault('wrong-type', path, last, '{ day, daysAgo }, or { interval }')
  const { day, daysAgo, interval } = last
  const holds =
    interval === undefined
      ? typeof day === 'string' && Number.isSafeInteger(daysAgo) && (daysAgo as number) >= 0
      : typeof interval === 'string'
  if (!holds) throw fault('wrong-type', path, last, '{ day, daysAgo }, or { interval }')
}
