import { checkKeys, checkList, fault, unknownName } from '../../kernel/errors.js'
import type { Instant, Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { one } from '../../measures/definition-head.js'
import { type Proportion, type ProportionMethod, proportion } from '../../measures/index.js'
import { checkLevel } from '../../measures/proportions.js'
import {
  checkStandings,
  type LabelStandings,
  type LabelTerm,
  type LastActive,
  type Standing,
} from './standings.js'

/** Two definitions at one moment, and how sure the share of agreement is to be. */
export interface TranslationInput {
  readonly from: LabelStandings
  /** Of the same moment as `from`. */
  readonly to: LabelStandings
  /** Which pairs of labels mean the same; without, those of one kind do. */
  readonly agree?: readonly { readonly from: string; readonly to: string }[]
  /** Confidence of the interval; 0.95 unless told. */
  readonly level?: number
  /** How it is made; `wilson` unless told. */
  readonly interval?: ProportionMethod
}

/** Whom two definitions call what, at one moment. */
export interface LabelTranslation {
  readonly asOf: Instant
  readonly from: Sentence
  readonly to: Sentence
  /** Pairs of labels that somebody has, in the order of the labels; those without a label come last. */
  readonly cells: readonly TranslationCell[]
  /** Everybody that either definition knows, by name. */
  readonly people: readonly TranslatedPerson[]
  /** The share of those whose labels can be compared that have labels which mean the same. */
  readonly agreement: Proportion
}

/** Those whom one definition calls this and the other that. */
export interface TranslationCell {
  /** `null`: no label, or not known. */
  readonly from: string | null
  readonly to: string | null
  readonly people: number
  /** Who they are, by name. */
  readonly subjects: readonly string[]
  /** Their share of all that have the label `from`. */
  readonly ofFrom: number
  /** Whether both labels mean the same; `null` where one is missing or of no kind. */
  readonly agrees: boolean | null
  /** What both say, when these people were last active, and by what rules. */
  readonly says: Sentence
}

/** What both definitions call one subject, and why. */
export interface TranslatedPerson {
  readonly subject: string
  readonly from: string | null
  readonly to: string | null
  readonly last: LastActive | null
}

/**
 * Two label definitions on the same people at the same moment: a cross table with the people behind each cell, the share on which they
 * agree, and sentences that say what each means by its word. Best asked at the end of an interval: within one, many are dormant who
 * will still come.
 *
 * @throws DefinitionError `out-of-range` at `$.to.asOf` where the moments differ; others for what does not hold, with their path.
 * @example
 * const { cells } = translateLabels({ from: posthog.standings(partial, options), to: yours })
 * cells[0].says.en
 * // => 'PostHog says dormant, your lifecycle says active: 1 person, last active 33 days ago; PostHog: active in 2024-04, not in 2024-05
 * // (calendar months (UTC)); your lifecycle: 45 days of silence'
 */
export function translateLabels(input: TranslationInput): LabelTranslation {
  if (!isRecord(input)) throw fault('wrong-type', '$', input, '{ from, to }')
  checkKeys(input, ['from', 'to', 'agree', 'level', 'interval'], '$')
  const { from, to, agree, level = 0.95, interval: method = 'wilson' } = input as TranslationInput
  checkStandings(from, '$.from')
  checkStandings(to, '$.to')
  checkLevel(level)
  one(['wilson', 'clopper-pearson', 'jeffreys', 'agresti-coull', 'wald'], method, '$.interval')
  if (from.asOf !== to.asOf)
    throw fault('out-of-range', '$.to.asOf', to.asOf, `${from.asOf}, as of which from speaks`)
  const agreed = agree === undefined ? undefined : pairsOf(agree, from, to)

  const others = new Map(to.people.map((standing) => [standing.subject, standing]))
  const known = new Set(from.people.map(({ subject }) => subject))
  const people = [
    ...from.people.map((standing) => joined(standing, others.get(standing.subject))),
    ...to.people.filter(({ subject }) => !known.has(subject)).map((standing) => joined(undefined, standing)),
  ].sort((a, b) => byUnits(a.subject, b.subject))

  const [rows, columns] = [
    [...from.labels, null],
    [...to.labels, null],
  ]
  const byPair = new Map<string, TranslatedPerson[]>()
  const keyOf = (one: string | null, other: string | null) => JSON.stringify([one, other])
  for (const person of people) {
    const key = keyOf(person.from, person.to)
    const some = byPair.get(key)
    if (some === undefined) byPair.set(key, [person])
    else some.push(person)
  }
  const totals = new Map<string | null, number>()
  for (const person of people) totals.set(person.from, (totals.get(person.from) ?? 0) + 1)
  const cells = rows.flatMap((row) =>
    columns.flatMap((column): readonly TranslationCell[] => {
      const [a, b] = [row?.label ?? null, column?.label ?? null]
      const some = byPair.get(keyOf(a, b))
      if (some === undefined) return []
      return [
        {
          from: a,
          to: b,
          people: some.length,
          subjects: some.map(({ subject }) => subject),
          ofFrom: some.length / totals.get(a)!,
          agrees: agreesOn(row, column, agreed),
          says: sayCell({ from, to, row, column, people: some }),
        },
      ]
    }),
  )
  const sum = (wanted: (agrees: boolean | null) => boolean) =>
    cells.reduce((all, cell) => (wanted(cell.agrees) ? all + cell.people : all), 0)
  return {
    asOf: from.asOf,
    from: from.name,
    to: to.name,
    cells,
    people,
    agreement: proportion({
      successes: sum((agrees) => agrees === true),
      trials: sum((agrees) => agrees !== null),
      level,
      method,
    }),
  }
}

/**
 * Why two definitions call one subject what they do, in the words of both: the sentence of its cell, with its own last activity.
 *
 * @throws DefinitionError `unknown-name` for a subject that neither knows; what `translateLabels` refuses.
 * @example
 * explainTranslation({ from: posthog.standings(partial, options), to: yours }, 'mei').en
 */
export function explainTranslation(input: Pick<TranslationInput, 'from' | 'to'>, subject: string): Sentence {
  const { people } = translateLabels(input)
  const person = people.find((one) => one.subject === subject)
  if (person === undefined)
    throw fault('unknown-name', '$.subject', undefined, 'a subject that one of the definitions knows')
  const termOf = ({ labels }: LabelStandings, wanted: string | null) =>
    labels.find(({ label }) => label === wanted) ?? null
  const { from, to } = input
  return sayCell({
    ...{ from, to, people: [person] },
    row: termOf(from, person.from),
    column: termOf(to, person.to),
  })
}

/** A cell on one line, for tables. */
export interface TranslationTableRow extends Omit<TranslationCell, 'subjects' | 'says'> {
  readonly en: string
  readonly zh: string
}

/**
 * The cells as flat rows: what a table takes.
 *
 * @example
 * translationRows(translation)[0] // => { from: 'dormant', to: 'active', people: 1, ofFrom: 1, agrees: false, en: '…', zh: '…' }
 */
export function translationRows({ cells }: Pick<LabelTranslation, 'cells'>): readonly TranslationTableRow[] {
  return cells.map(({ subjects: _, says, ...row }) => ({ ...row, ...says }))
}

/** The finer of what both know of the last activity. */
function joined(from: Standing | undefined, to: Standing | undefined): TranslatedPerson {
  const known = [from?.last ?? null, to?.last ?? null]
  const last = known.find((one) => one !== null && 'day' in one) ?? known.find((one) => one !== null) ?? null
  return {
    subject: (from ?? to)!.subject,
    from: from?.label ?? null,
    to: to?.label ?? null,
    last,
  }
}

function pairsOf(
  agree: NonNullable<TranslationInput['agree']>,
  from: LabelStandings,
  to: LabelStandings,
): ReadonlySet<string> {
  checkList(agree, '$.agree')
  const names = (standings: LabelStandings) => standings.labels.map(({ label }) => label)
  const pairs = (agree as readonly unknown[]).map((pair, i) => {
    const path = `$.agree[${i}]`
    if (!isRecord(pair)) throw fault('wrong-type', path, pair, '{ from, to }')
    checkKeys(pair, ['from', 'to'], path)
    for (const [key, known] of [
      ['from', names(from)],
      ['to', names(to)],
    ] as const)
      if (!known.includes(pair[key] as string)) throw unknownName(`${path}.${key}`, pair[key], known)
    return JSON.stringify([pair['from'], pair['to']])
  })
  return new Set(pairs)
}

function agreesOn(
  row: LabelTerm | null,
  column: LabelTerm | null,
  agreed: ReadonlySet<string> | undefined,
): boolean | null {
  if (row === null || column === null) return null
  if (agreed !== undefined) return agreed.has(JSON.stringify([row.label, column.label]))
  return row.kind === null || column.kind === null ? null : row.kind === column.kind
}

interface CellSaid {
  readonly from: LabelStandings
  readonly to: LabelStandings
  readonly row: LabelTerm | null
  readonly column: LabelTerm | null
  readonly people: readonly TranslatedPerson[]
}

function sayCell({ from, to, row, column, people }: CellSaid): Sentence {
  const count = people.length
  const last = sayLast(people)
  const reasons = { en: [] as string[], zh: [] as string[] }
  for (const [standings, term] of [
    [from, row],
    [to, column],
  ] as const) {
    const meaning = term === null ? standings.unlabelled : term.meaning
    for (const lang of ['en', 'zh'] as const) {
      const [open, close] = lang === 'en' ? [' (', ')'] : ['（', '）']
      const rule = standings.rule?.[lang]
      const said =
        meaning === null ? rule : `${meaning[lang]}${rule === undefined ? '' : `${open}${rule}${close}`}`
      if (said !== undefined)
        reasons[lang].push(`${standings.name[lang]}${lang === 'en' ? ': ' : '：'}${said}`)
    }
  }
  const en = [
    `${sayEn(from, row)}, ${sayEn(to, column)}: ${count === 1 ? '1 person' : `${count} people`}${last === null ? '' : `, ${last.en}`}`,
    ...reasons.en,
  ]
  const zh = [
    `${sayZh(from, row)}，${sayZh(to, column)}：${count}人${last === null ? '' : `，${last.zh}`}`,
    ...reasons.zh,
  ]
  return { en: en.join('; '), zh: zh.join('；') }
}

const sayEn = ({ name }: LabelStandings, term: LabelTerm | null): string =>
  term === null ? `${name.en} has no label` : `${name.en} says ${term.word.en}`

const sayZh = ({ name }: LabelStandings, term: LabelTerm | null): string =>
  term === null ? `${name.zh}没有标签` : `${name.zh}称为「${term.word.zh}」`

/** When these people were last active, in days where they are known of all of them, else in intervals. */
function sayLast(people: readonly TranslatedPerson[]): Sentence | null {
  const days: number[] = []
  const intervals: string[] = []
  for (const { last } of people) {
    if (last === null) return null
    if ('day' in last) days.push(last.daysAgo)
    else intervals.push(last.interval)
  }
  if (intervals.length === 0) {
    const [least, most] = days.reduce(
      ([low, high], day) => [Math.min(low, day), Math.max(high, day)] as const,
      [Infinity, -Infinity] as const,
    )
    if (most === 0) return { en: 'last active that day', zh: '最近活跃在当天' }
    const range = least === most ? [`${least}`, `${least}`] : [`${least} to ${most}`, `${least}至${most}`]
    return {
      en: `last active ${range[0]} ${most === 1 ? 'day' : 'days'} ago`,
      zh: `最近活跃在${range[1]}天前`,
    }
  }
  if (days.length > 0) return null
  intervals.sort(byUnits)
  const [first, last] = [intervals[0]!, intervals.at(-1)!]
  return first === last
    ? { en: `last active in ${first}`, zh: `最近活跃在${first}` }
    : { en: `last active in ${first} to ${last}`, zh: `最近活跃在${first}至${last}` }
}
