import { calendarOf } from '../calendar.js'
import { two } from '../civil.js'
import type { Comparison, Condition } from '../condition.js'
import { canonical } from '../digest.js'
import { checkDuration, type Duration } from '../duration.js'
import { fault, type Lang, reading } from '../errors.js'
import type { Speaker } from '../explain.js'
import { type Fact, type Measure, measureOf, type Scalar } from '../fact.js'
import type { Filter, Where } from '../filter.js'
import { formatInstant, type Instant } from '../instant.js'
import { isRecord, own } from '../plain.js'
import type { Vocabulary } from '../vocabulary.js'
import { isSlot, type Line, type Part, partsOf, type Rule, slotsOf } from './grammar.js'
import { brackets, factRules, heads, joints, lists, rules } from './rules.js'
import { namesOf, type Place, pick, pickOf, sayName, sayText, type Voice, voiceOf } from './words.js'

/** Where a value stands: what it is an event's field of, and what is compared. */
export interface Scope extends Place {
  /** The rule by which values are said. */
  readonly operand?: string | undefined
  readonly measure?: Measure | undefined
}

const DEPTH = 64

/**
 * A condition in controlled Chinese or English, which `parseCondition` reads back as the same data. Events, fields and
 * values are said by the catalogue's words; what has none is quoted. A word that could be taken for a part of the
 * sentence stands in brackets of its own, 「首次下单」 or [first order].
 *
 * @throws DefinitionError `wrong-type` for what is no condition.
 * @example
 * printCondition(shop, orders90.gte(3).and(spend90.gte('300')), 'zh') // => '最近90天下单≥3次且最近90天下单的金额合计≥300元'
 */
export function printCondition(speaker: Speaker, condition: Condition, lang: Lang): string {
  return reading('wrong-type', '$', condition, 'a condition', () =>
    sayCondition(voiceOf(speaker.vocabulary, lang), condition),
  )
}

/**
 * A duration in words that fit into a sentence, as `parseCondition` reads them.
 *
 * @example
 * explainDuration({ days: 90, end: true }, 'zh') // => '满90天当日结束'
 * explainDuration({ businessDays: 3, at: '09:00' }, 'en') // => '3 business days at 09:00'
 * explainDuration({ next: { weekday: 6 }, at: '09:00' }, 'en') // => 'next Saturday at 09:00'
 */
export const explainDuration = (duration: Duration, lang: Lang): string => {
  const voice = { sentences: {}, words: {}, events: {}, kinds: {}, lang }
  return say(voice, 'span', checkDuration(duration, '$'), {}) ?? canonical(duration)
}

export function sayCondition(voice: Voice, condition: Condition, depth = 0): string {
  if (depth > DEPTH) throw fault('too-deep', '$', depth, `${DEPTH} levels`)
  if ('fact' in condition) return sayComparison(voice, condition)
  const parts = condition.condition === 'not' ? [condition.of] : condition.of
  const said = parts.map((part) => {
    const text = sayCondition(voice, part, depth + 1)
    return condition.condition in joints &&
      condition.condition !== 'some-of' &&
      needsBrackets(condition.condition, part)
      ? inBrackets(voice, text)
      : text
  })
  if (parts.length > 1 && (condition.condition === 'all' || condition.condition === 'any'))
    return said.join(pickOf(voice, joints[condition.condition]))
  return headOf(voice, condition) + inBrackets(voice, said.join(pickOf(voice, joints['some-of'])))
}

/** What stands before the parts of a condition: `至少满足2项`. */
export const headOf = (voice: Voice, condition: Exclude<Condition, Comparison>): string =>
  fill(voice, partsOf(pickOf(voice, heads[condition.condition])), condition as never, {})!

/** And binds before or; what has brackets of its own needs no others. */
const needsBrackets = (outer: string, part: Condition): boolean =>
  (part.condition === 'all' || part.condition === 'any') &&
  part.of.length > 1 &&
  !(outer === 'any' && part.condition === 'all')

export const inBrackets = (voice: Voice, text: string): string =>
  pick(voice, brackets[0] + text + brackets[1], brackets[2] + text + brackets[3])

/** What was said of comparisons that cannot change, by who speaks. */
const spoken = new WeakMap<Vocabulary, { readonly [L in Lang]: WeakMap<Comparison, string> }>()

export function sayComparison(voice: Voice, comparison: Comparison): string {
  const { source, lang } = voice
  if (source === undefined || !Object.isFrozen(comparison)) return saidComparison(voice, comparison)
  let known = spoken.get(source)
  if (known === undefined) {
    known = { en: new WeakMap(), zh: new WeakMap() }
    spoken.set(source, known)
  }
  let said = known[lang].get(comparison)
  if (said === undefined) {
    said = saidComparison(voice, comparison)
    known[lang].set(comparison, said)
  }
  return said
}

function saidComparison(voice: Voice, { fact, ...required }: Comparison): string {
  const { fact: kind, ...about } = fact
  const said = sayBy(voice, own(factRules, kind) as Rule, { ...about, '?': required }, operandOf(voice, fact))
  if (said !== undefined) return said
  throw fault('wrong-type', '$', { fact, ...required }, 'a condition')
}

/** What a fact said, as it is compared; counts without their unit, lengths in hours, minutes and seconds. */
export function sayFactValue(voice: Voice, fact: Fact, value: Scalar): string {
  const scope = valuesOf(measureOf(fact, voice))
  if (scope.operand === 'span') return sayLength(voice, value as number)
  // A share is shown with four digits; it was compared exactly.
  const shown = scope.operand === 'ratio' ? String(Math.round((value as number) * 10_000) / 10_000) : value
  return say(voice, 'operand', shown, scope) ?? String(value)
}

/** How far apart two values of a fact are: counts with their unit, moments in hours, minutes and seconds. */
export function sayDifference(voice: Voice, fact: Fact, size: number | string): string {
  const { operand } = operandOf(voice, fact)
  if (operand === 'instant') return sayLength(voice, size as number)
  return operand === 'time' ? say(voice, operand, size, {})! : sayFactValue(voice, fact, size)
}

const lengths = [
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1000],
] as const

/** Milliseconds in hours, minutes and seconds. */
function sayLength(voice: Voice, milliseconds: number): string {
  let left = milliseconds
  const said: string[] = []
  for (const [unit, length] of lengths) {
    const whole = Math.floor(left / length)
    left -= whole * length
    if (whole > 0 || (unit === 'seconds' && said.length === 0))
      said.push(explainDuration({ [unit]: whole } as unknown as Duration, voice.lang))
  }
  return said.join(pick(voice, '', ' '))
}

/** By which rule a fact's operands are said. */
export function operandOf(voice: Voice, fact: Fact): Scope {
  if (fact.fact === 'count' || fact.fact === 'sequence') return { operand: 'time' }
  if (fact.fact === 'time-since') return { operand: 'span' }
  return valuesOf(measureOf(fact, voice))
}

/** By which rule values are said. */
const valuesOf = (measure: Measure | undefined): Scope => ({
  measure,
  operand:
    measure === undefined || measure.type === 'ref' || measure.type === 'detail' || measure.type === 'lines'
      ? 'text'
      : measure.type === 'integer'
        ? 'number'
        : measure.type === 'text'
          ? 'value'
          : measure.type,
})

/** The scope of a filter on a field. */
export const fieldScope = (voice: Voice, scope: Scope, field: string): Scope => ({
  ...scope,
  ...valuesOf(own(own(voice.events, scope.event ?? '') ?? {}, field)),
  field,
})

/** The keys that hold something: the others count as absent. */
const told = <V>(record: { readonly [key: string]: V }) =>
  Object.entries(record).filter(([, value]) => value !== undefined)

/** A filter as its lines say it. */
function filtersOf(where: Where): readonly object[] {
  return told(where).map(([field, filter]) => ({ field, ...filterParts(filter) }))
}

function filterParts(filter: Filter): object {
  if (!isRecord(filter)) return Array.isArray(filter) ? { in: filter } : { is: filter }
  if (!('not' in filter)) return { bounds: told(filter).map(([sign, value]) => ({ [sign]: value })) }
  return Array.isArray(filter.not) ? { none: filter.not } : { not: filter.not }
}

type Say = (voice: Voice, value: never, scope: Scope) => string | undefined

const name =
  (place: keyof typeof namesOf): Say =>
  (voice, id: string, scope) =>
    typeof id === 'string' ? sayName(voice, namesOf[place](voice, scope), id) : undefined

/** What is said by no line: numbers, names, texts. */
export const atoms = {
  event: name('event'),
  field: name('field'),
  attribute: name('attribute'),
  role: name('role'),
  engine: name('engine'),
  said: name('said'),
  number: (_, value: number) => (Number.isSafeInteger(value) ? String(value) : undefined),
  s: (_, value: number) => (value === 1 ? '' : 's'),
  clock: (_, value: string) => value,
  text: (voice, value: string) => (typeof value === 'string' ? sayText(voice, value) : undefined),
  json: (voice, value: unknown) => sayText(voice, canonical(value)),
  operand: (voice, value: unknown, scope) => say(voice, scope.operand ?? 'text', value, scope),
  value: (voice, value: string, { measure }) =>
    sayName(voice, { ids: (measure?.type === 'text' && measure.oneOf) || [], under: '' }, value),
  money: (voice, value: string, { measure }) => value + currencyWord(voice, measure),
  ratio: (voice, value: string, { measure }) => value + currencyWord(voice, measure),
  instant: ({ calendar }, value: Instant) => sayInstant(value, calendar),
} satisfies { readonly [name: string]: Say }

/** What follows an amount. */
export function currencyWord(voice: { readonly lang: Lang }, measure: Measure | undefined): string {
  const code = measure !== undefined && 'currency' in measure ? measure.currency : undefined
  if (code === undefined) return ''
  return pick(voice, code === 'CNY' ? '元' : code, ` ${code}`)
}

/** An instant as local time with its offset, or in UTC where clocks had odd ones. */
function sayInstant(at: Instant, definition: Voice['calendar']): string {
  const calendar = calendarOf(definition ?? utc)
  const minutes = calendar.offsetAt(at) / 60_000
  const local = at + minutes * 60_000
  const odd = !Number.isInteger(minutes) || local < firstLocal || local > lastLocal
  const text = formatInstant(odd ? at : local)
  const short =
    at % 60_000 === 0 ? text.slice(0, 16) : at % 1000 === 0 ? text.slice(0, 19) : text.slice(0, 23)
  if (odd || minutes === 0) return `${short}Z`
  const size = Math.abs(minutes)
  return `${short}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
const utc = { zone: 'UTC' }
const firstLocal = -62_135_596_800_000
const lastLocal = 253_402_300_799_999

/** Says a thing by a rule; nothing where no line of it says all of the thing. */
function say(voice: Voice, rule: string, value: unknown, scope: Scope): string | undefined {
  if (Object.hasOwn(atoms, rule))
    return (atoms[rule as keyof typeof atoms] as Say)(voice, value as never, scope)
  if (Object.hasOwn(lists, rule)) {
    const [item, ...between] = lists[rule as keyof typeof lists]
    const said = (value as readonly unknown[]).map((one) => say(voice, item, one, scope))
    return said.includes(undefined) ? undefined : said.join(pickOf(voice, between))
  }
  if (!Object.hasOwn(rules, rule)) return undefined
  const inside =
    rule === 'filter' ? fieldScope(voice, scope, (value as { readonly field: string }).field) : scope
  return sayBy(voice, rules[rule as keyof typeof rules], value, inside)
}

function sayBy(voice: Voice, rule: Rule, value: unknown, scope: Scope): string | undefined {
  for (const line of rule) {
    const said = sayLine(voice, line, value, scope)
    if (said !== undefined) return said
  }
  return undefined
}

function sayLine(voice: Voice, line: Line, value: unknown, scope: Scope): string | undefined {
  const parts = partsOf(pick(voice, line[0], line[1]))
  const fixed = line[2]
  if (!isRecord(value)) {
    if (fixed !== undefined && fixed !== value) return undefined
    return fill(voice, parts, value, scope)
  }
  const left = Object.fromEntries(told(value))
  for (const [key, one] of Object.entries(fixed ?? {})) {
    if (left[key] !== one) return undefined
    delete left[key]
  }
  const slots = slotsOf(parts)
  const named: Record<string, unknown> = {}
  for (const { key } of slots) {
    if (key === '' || !Object.hasOwn(value, key)) continue
    named[key] = value[key]
    delete left[key]
  }
  if (Object.keys(left).length > 0 && !slots.some(({ key }) => key === '')) return undefined
  return fill(voice, parts, { ...fixedOf(fixed), ...named, '': left }, insideOf(scope, value))
}

const fixedOf = (fixed: unknown) => (isRecord(fixed) ? fixed : {})

/** What stands inside a record is about the record's event. */
export const insideOf = (scope: Scope, record: Readonly<Record<string, unknown>>): Scope => ({
  ...scope,
  ...(typeof record['event'] === 'string' && { event: record['event'] }),
  ...(typeof record['engine'] === 'string' && { engine: record['engine'] }),
})

function fill(voice: Voice, parts: readonly Part[], value: unknown, scope: Scope): string | undefined {
  let said = ''
  for (const part of parts) {
    const text = fillPart(voice, part, value, scope)
    if (text === undefined) return undefined
    said += text
  }
  return said
}

function fillPart(voice: Voice, part: Part, value: unknown, scope: Scope): string | undefined {
  if (typeof part === 'string') return part
  const one = isRecord(value) ? value[part.key] : value
  if (!isSlot(part)) return one === undefined ? '' : fill(voice, part.parts, value, scope)
  if (one === undefined) return undefined
  if (part.rule !== 'where') return say(voice, part.rule, one, scope)
  return say(voice, 'where', filtersOf(one as Where), whereScope(scope, part.key, value as object))
}

/** What a filter is about: the event beside it, or the one that ends a wait. */
export const whereScope = (scope: Scope, key: string, beside: object): Scope =>
  key === 'untilWhere' ? { ...scope, event: own(beside, 'until') as string } : scope
