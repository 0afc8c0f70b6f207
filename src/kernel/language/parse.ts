import type { CalendarDefinition } from '../calendar.js'
import type { Comparison, Condition } from '../condition.js'
import { checkCondition } from '../condition-check.js'
import { minorDigits } from '../currency.js'
import { canonical } from '../digest.js'
import { isClockTime } from '../duration.js'
import { checkRecord, type DefinitionCode, DefinitionError, fault, type Lang } from '../errors.js'
import type { Speaker } from '../explain.js'
import type { Fact } from '../fact.js'
import { isInstant, parseInstant } from '../instant.js'
import { parseMinor } from '../money.js'
import { isRecord, plainFault } from '../plain.js'
import { parseRatio } from '../rational.js'
import { isSlot, type Line, type Part, partsOf, type Rule, type Slot } from './grammar.js'
import {
  atoms,
  currencyWord,
  fieldScope,
  insideOf,
  operandOf,
  type Scope,
  sayCondition,
  whereScope,
} from './print.js'
import { brackets, factRules, heads, joints, lists, rules } from './rules.js'
import { marks, type Names, namesOf, pick, pickOf, sayName, type Voice, voiceOf } from './words.js'

/** Kinds of things that no list of words names. */
export type ExpectedKind =
  | 'a-number'
  | 'an-amount'
  | 'a-ratio'
  | 'a-moment'
  | 'a-clock-time'
  | 'a-text'
  | 'the-end'

/** What could stand in a place: this text, or a kind of thing. */
export type Expected = string | { readonly code: ExpectedKind }

/** Why a text is no condition. Positions count UTF-16 units from 0, as editors and `text.slice` do. */
export type TextRefusal =
  | { readonly code: 'text-too-long'; readonly length: number; readonly limit: number }
  | { readonly code: 'text-too-deep'; readonly position: number; readonly limit: number }
  | {
      readonly code: 'unreadable-text'
      readonly position: number
      /** The character that stands there; empty at the end of the text. */
      readonly found: string
      /** What could stand there instead; both readings, where a comparison has two. */
      readonly expected: readonly Expected[]
    }
  /** It reads as a condition that `checkCondition` refuses, where its comparison begins. */
  | {
      readonly code: 'invalid-condition'
      readonly position: number
      readonly reason: DefinitionCode
      /** Within the condition, as it would be written. */
      readonly path: string
      readonly expected: string
    }

/** Longer texts are not read; a condition of a thousand parts is shorter. */
const LENGTH = 200_000
const DEPTH = 32
const NODES = 1000
const WORDS_SHOWN = 1000
/** More than there are places in a text. */
const POSITIONS = 1_000_000_000

/** Has every unit of the calendar, so that what a condition counts in is left to the definition that takes it. */
const anyCalendar: CalendarDefinition = {
  zone: 'UTC',
  fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 6, month: 1 }, named: 'end' },
  business: { hours: [{ from: '09:00', to: '18:00' }] },
}

const complete = new WeakMap<CalendarDefinition, CalendarDefinition>()

function completed(calendar: CalendarDefinition | undefined): CalendarDefinition {
  if (calendar === undefined) return anyCalendar
  const known = complete.get(calendar) ?? { ...anyCalendar, ...calendar }
  complete.set(calendar, known)
  return known
}

/**
 * Reads a condition that `printCondition` printed, or that somebody typed in the same words: the same plain data, or a
 * refusal that points at the character and names what could stand there. Nothing is guessed: a text with two readings
 * is refused.
 *
 * @param options - `length`: how long a text may be; 200,000 characters unless told.
 * @example
 * parseCondition(shop, '最近90天下单≥3次', 'zh') // => { condition: { condition: 'gte', fact: { fact: 'count', … }, value: 3 } }
 */
export function parseCondition(
  speaker: Speaker,
  text: string,
  lang: Lang,
  options: { readonly length?: number } = {},
): { readonly condition: Condition } | { readonly refusal: TextRefusal } {
  if (typeof text !== 'string') throw fault('wrong-type', '$.text', text, 'text')
  checkRecord(options, '$.options')
  const { length: limit = LENGTH } = options
  if (!(Number.isFinite(limit) && limit >= 0)) throw fault('out-of-range', '$.length', limit, 'from 0')
  if (text.length > limit)
    return { refusal: { code: 'text-too-long', length: text.length, limit: limit + 0 } }
  const reader = new Reader(text, voiceOf(speaker.vocabulary, lang))
  try {
    return { condition: reader.whole() }
  } catch (thrown) {
    if (thrown instanceof Unread) return { refusal: thrown.refusal }
    throw thrown
  }
}

/** Ends the reading from inside; never leaves this file. */
class Unread extends Error {
  constructor(readonly refusal: TextRefusal) {
    super(refusal.code)
  }
}

interface Reading {
  readonly end: number
  readonly value: unknown
}

/** What was read of a line so far. */
interface State {
  readonly pos: number
  readonly record: Readonly<Record<string, unknown>>
  /** What the line says where it says no record. */
  readonly bare?: unknown
}

interface Item {
  readonly before: Item | undefined
  readonly value: unknown
}

/** A field whose event comes later in the sentence: how it was named. */
class LooseField {
  constructor(
    readonly id: string | undefined,
    readonly word: string | undefined,
  ) {}
}

type Named = readonly [id: string, said: string]

/** The full-width marks of Chinese may be typed half-width. */
const folded: Readonly<Record<string, string>> = {
  '(': '（',
  ')': '）',
  ',': '，',
  ';': '；',
  '＜': '<',
  '＞': '>',
}

/** Signs that few keyboards have may be typed as two. */
const signs: Readonly<Record<string, string>> = { '≥': '>=', '≤': '<=' }

interface Beginnings {
  readonly parts: readonly Part[]
  /** By part, a number for how the line begins up to it: equal beginnings have equal numbers. */
  readonly names: readonly number[]
  /** How many of the parts stand before what is compared. */
  readonly shared: number
}

const begins = new Map<string, Beginnings>()
const numbers = new Map<string, number>()

function beginningsOf(line: string): Beginnings {
  const known = begins.get(line)
  if (known !== undefined) return known
  const parts = partsOf(line)
  let text = ''
  const names = parts.map((part) => {
    text += sourceOf(part)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  })
  const compared = parts.findIndex((part) => typeof part === 'object' && part.key === '?')
  const beginnings = { parts, names, shared: compared < 0 ? parts.length : compared }
  begins.set(line, beginnings)
  return beginnings
}

const sourceOf = (part: Part): string =>
  typeof part === 'string'
    ? part
    : isSlot(part)
      ? `{${part.key}:${part.rule}}`
      : `[${part.parts.map(sourceOf).join('')}]`

/** By position, the first one at or after it where no space stands. */
function pastSpaces(text: string): Uint32Array {
  const past = new Uint32Array(text.length + 1)
  for (let i = text.length; i >= 0; i--) past[i] = text[i] === ' ' ? past[i + 1]! : i
  return past
}

class Reader {
  private far = 0
  private readonly expected = new Map<string, Expected>()
  private readonly memo = new Map<string, readonly Reading[]>()
  private readonly named = new Map<string, readonly Named[]>()
  /** By how a line begins: how far the comparison that is being read goes with it. */
  private readonly begun = new Map<number, readonly State[]>()
  private comparisons = 0
  private readonly starts = new WeakMap<object, number>()
  private readonly until: number
  /** By position, where the spaces that stand there end; of texts without any, none. */
  private readonly spaced: Uint32Array | undefined
  private readonly closing: string
  /** What may follow a comparison, outside brackets and inside. */
  private readonly betweenAll: readonly string[]
  private readonly betweenInside: readonly string[]
  private readonly facts: readonly (readonly [kind: string, rule: Rule])[]
  private readonly heads: { readonly [K in keyof typeof heads]: readonly Part[] }

  constructor(
    private readonly text: string,
    private readonly voice: Voice,
  ) {
    let until = text.length
    while (until > 0 && ' \t\r\n。.'.includes(text[until - 1]!)) until -= 1
    this.until = until
    this.spaced = voice.lang === 'zh' && text.includes(' ') ? pastSpaces(text) : undefined
    const head = (kind: keyof typeof heads): readonly Part[] => [
      ...partsOf(pickOf(voice, heads[kind])),
      pick(voice, brackets[0], brackets[2]),
    ]
    this.heads = { not: head('not'), all: head('all'), any: head('any'), 'some-of': head('some-of') }
    const [all, any, some] = [joints.all, joints.any, joints['some-of']].map((joint) => pickOf(voice, joint))
    this.closing = pick(voice, brackets[1], brackets[3])
    this.betweenAll = [all!, any!]
    this.betweenInside = [all!, any!, some!, this.closing]
    this.facts = Object.entries(factRules).filter(([kind]) => Object.hasOwn(voice.kinds, kind))
  }

  whole(): Condition {
    const start = this.until - this.text.trim().length
    const { end, condition } = this.joined(Math.max(start, 0), 0)
    if (end !== this.until) {
      this.miss(end, { code: 'the-end' })
      throw this.unreadable()
    }
    this.check(condition)
    return condition
  }

  private check(condition: Condition): void {
    const { events, kinds, calendar } = this.voice
    try {
      checkCondition(condition, { events, kinds, calendar: completed(calendar) }, '$')
    } catch (thrown) {
      if (!(thrown instanceof DefinitionError)) throw thrown
      const { code: reason, path, expected } = thrown
      const position = this.placeOf(condition, path)
      throw new Unread({ code: 'invalid-condition', position, reason, path, expected })
    }
  }

  /** Where the comparison begins that a path leads into. */
  private placeOf(condition: Condition, path: string): number {
    let node = condition
    for (const [, index] of path.matchAll(/\.of(?:\[(\d+)\])?/g)) {
      if ('fact' in node) break
      node = node.condition === 'not' ? node.of : node.of[Number(index)]!
    }
    return this.starts.get(node) ?? 0
  }

  // Conditions: one way to read each, chosen by what stands there.

  private joined(start: number, depth: number): { readonly end: number; readonly condition: Condition } {
    if (depth > DEPTH) throw new Unread({ code: 'text-too-deep', position: start, limit: DEPTH })
    const options: Condition[] = []
    let pos = start
    for (;;) {
      const parts: Condition[] = []
      for (;;) {
        const one = this.single(pos, depth)
        parts.push(one.condition)
        pos = one.end
        const after = this.literal(pos, pickOf(this.voice, joints.all))
        if (after === undefined) break
        pos = after
      }
      options.push(parts.length === 1 ? parts[0]! : { condition: 'all', of: parts })
      const after = this.literal(pos, pickOf(this.voice, joints.any))
      if (after === undefined) break
      pos = after
    }
    return { end: pos, condition: options.length === 1 ? options[0]! : { condition: 'any', of: options } }
  }

  private single(pos: number, depth: number): { readonly end: number; readonly condition: Condition } {
    const [open, close] = [pick(this.voice, brackets[0], brackets[2]), this.closing]
    const inside = this.literal(pos, open)
    if (inside !== undefined) {
      const { end, condition } = this.joined(inside, depth + 1)
      return { end: this.must(end, close), condition }
    }
    for (const kind of ['not', 'all', 'any', 'some-of'] as const) {
      for (const head of this.parts(this.heads[kind], pos, {})) {
        const of: Condition[] = []
        let end = head.pos
        for (;;) {
          const one = this.joined(end, depth + 1)
          of.push(one.condition)
          end = one.end
          const after = kind === 'not' ? undefined : this.literal(end, pickOf(this.voice, joints['some-of']))
          if (after === undefined) break
          end = after
        }
        end = this.must(end, close)
        const condition =
          kind === 'not'
            ? { condition: kind, of: of[0]! }
            : ({ condition: kind, ...head.record, of } as Condition)
        this.starts.set(condition, pos)
        return { end, condition }
      }
    }
    return this.comparison(pos, depth)
  }

  private must(pos: number, text: string): number {
    const end = this.literal(pos, text)
    if (end === undefined) throw this.unreadable()
    return end
  }

  private comparison(pos: number, depth: number): { readonly end: number; readonly condition: Comparison } {
    // Nothing before this place is read again.
    this.begun.clear()
    this.memo.clear()
    this.comparisons += 1
    if (this.comparisons > NODES)
      throw new Unread({
        code: 'invalid-condition',
        position: pos,
        reason: 'too-large',
        path: '$',
        expected: `${NODES} comparisons at most`,
      })
    const found: { readonly end: number; readonly condition: Comparison }[] = []
    for (const [kind, rule] of this.facts)
      for (const line of rule)
        for (const { end, value } of this.fact(line, pos, kind)) {
          if (!this.isOver(end, depth)) continue
          const { '?': required, ...about } = value as Readonly<Record<string, unknown>>
          const condition = { ...(required as object), fact: { fact: kind, ...about } } as Comparison
          const same = found.some((one) => canonical(one.condition) === canonical(condition))
          if (!same) found.push({ end, condition })
        }
    const [first, second] = found
    if (first === undefined) throw this.unreadable()
    if (second !== undefined) throw this.ambiguous(pos, [first.condition, second.condition])
    this.starts.set(first.condition, pos)
    return first
  }

  /** Whether a comparison may end here: at the end, before another one, or before the bracket around it. */
  private isOver(end: number, depth: number): boolean {
    if (end === this.until) return true
    if (depth === 0) this.miss(end, { code: 'the-end' })
    const texts = depth === 0 ? this.betweenAll : this.betweenInside
    return texts.some((text) => this.literal(end, text) !== undefined)
  }

  // Comparisons: all ways to read each, so that a second one is seen.

  private readonly read = (rule: string, pos: number, scope: Scope): readonly Reading[] => {
    if (Object.hasOwn(atoms, rule)) return this.atoms[rule as keyof typeof atoms](pos, scope)
    const key = `${rule}|${pos}|${scope.event}|${scope.field}|${scope.engine}|${scope.operand}`
    const known = this.memo.get(key)
    if (known !== undefined) return known
    const readings = Object.hasOwn(lists, rule)
      ? this.list(rule as keyof typeof lists, pos, scope)
      : this.lines(rules[rule as keyof typeof rules], pos, scope, rule)
    this.memo.set(key, readings)
    return readings
  }

  private lines(rule: Rule, pos: number, scope: Scope, name: string): readonly Reading[] {
    if (name === 'tally') return rule.flatMap((line) => this.fact(line, pos, name))
    return rule.flatMap((line) => this.line(line, pos, scope, name))
  }

  private line([zh, en, fixed]: Line, pos: number, scope: Scope, name: string): readonly Reading[] {
    const record = isRecord(fixed) ? fixed : {}
    const bare = fixed !== undefined && !isRecord(fixed) ? { bare: fixed } : {}
    return this.parts(partsOf(pick(this.voice, zh, en)), pos, scope, { pos, record, ...bare }, name).map(
      (state) => ({
        end: state.pos,
        value: 'bare' in state ? state.bare : state.record,
      }),
    )
  }

  /** A line about a fact: what several of them begin with is read once. */
  private fact(line: Line, start: number, kind: string): readonly Reading[] {
    const { parts, names, shared } = beginningsOf(this.voice.lang === 'zh' ? line[0] : line[1])
    const fixed = line[2]
    let states: readonly State[] = [{ pos: start, record: {} }]
    for (let i = 0; i < shared && states.length > 0; i++) {
      const key = names[i]! * POSITIONS + start
      const known = this.begun.get(key)
      const next = known ?? this.step(parts[i]!, states, {}, kind)
      if (known === undefined) this.begun.set(key, next)
      states = next
    }
    for (let i = shared; i < parts.length && states.length > 0; i++)
      states = this.step(parts[i]!, states, {}, kind)
    return states.map(({ pos, record }) => ({ end: pos, value: { ...record, ...(fixed as object) } }))
  }

  private step(part: Part, states: readonly State[], scope: Scope, name: string): readonly State[] {
    if (states.length === 1) return this.part(part, states[0]!, scope, name)
    return states.flatMap((state) => this.part(part, state, scope, name))
  }

  private parts(
    parts: readonly Part[],
    pos: number,
    scope: Scope,
    start: State = { pos, record: {} },
    name = '',
  ): readonly State[] {
    let states: readonly State[] = [start]
    for (const part of parts) {
      if (states.length === 0) break
      states = this.step(part, states, scope, name)
    }
    return states
  }

  private part(part: Part, state: State, scope: Scope, name: string): readonly State[] {
    if (typeof part === 'string') {
      const pos = this.literal(state.pos, part)
      return pos === undefined ? [] : [{ ...state, pos }]
    }
    if (!isSlot(part)) {
      const taken = this.parts(part.parts, state.pos, scope, state, name)
      return taken.length === 0 ? [state] : [...taken, state]
    }
    const inside = this.scopeAt(part, state, scope, name)
    if (inside === undefined) return []
    return this.read(part.rule, state.pos, inside).flatMap((reading) => {
      const next = this.told(part, state, reading)
      return next === undefined ? [] : [next]
    })
  }

  private scopeAt({ key }: Slot, { record }: State, scope: Scope, name: string): Scope | undefined {
    const inside = insideOf(scope, record)
    if (key === '?') {
      try {
        return { ...inside, ...operandOf(this.voice, { fact: name, ...record } as unknown as Fact) }
      } catch {
        return undefined
      }
    }
    if (name === 'filter' && typeof record['field'] === 'string')
      return fieldScope(this.voice, inside, record['field'])
    return whereScope(inside, key, record)
  }

  /** A line with one more thing read; nothing where it does not go with what was read before. */
  private told({ key, rule }: Slot, state: State, { end, value }: Reading): State | undefined {
    const { record } = state
    if (rule === 's') return { ...state, pos: end }
    if (key === '') {
      return isRecord(value)
        ? { ...state, pos: end, record: { ...record, ...value } }
        : { ...state, pos: end, bare: value }
    }
    if (rule === 'where') {
      const where = whereOf(value as readonly FilterParts[])
      return where && { ...state, pos: end, record: { ...record, [key]: where } }
    }
    const { field } = record
    if (key !== 'event' || !(field instanceof LooseField))
      return { ...state, pos: end, record: { ...record, [key]: value } }
    const [fits] = this.fieldsLike(field, value as string)
    if (fits !== undefined) return { ...state, pos: end, record: { ...record, [key]: value, field: fits[0] } }
    for (const [event, said] of this.nameList('event', {}))
      if (this.fieldsLike(field, event).length > 0) this.miss(state.pos, said)
    return undefined
  }

  private fieldsLike({ id, word }: LooseField, event: string): readonly Named[] {
    return this.nameList('field', { event }).filter((name) => name[0] === id || name[1] === word)
  }

  private list(name: keyof typeof lists, start: number, scope: Scope): readonly Reading[] {
    const [rule, ...between] = lists[name]
    const separator = pickOf(this.voice, between)
    if ((name === 'operands' || name === 'filters') && this.literal(start, this.closing) !== undefined)
      return [{ end: start, value: [] }]
    const readings: Reading[] = []
    let open: readonly { readonly pos: number; readonly items: Item | undefined }[] = [
      { pos: start, items: undefined },
    ]
    while (open.length > 0) {
      const next: { readonly pos: number; readonly items: Item | undefined }[] = []
      for (const { pos, items } of open)
        for (const { end, value } of this.read(rule, pos, scope)) {
          const more = { before: items, value }
          const after = this.literal(end, separator)
          if (after === undefined) readings.push({ end, value: valuesOf(more) })
          else next.push({ pos: after, items: more })
        }
      // Two readings of one item are enough to know that there are two.
      open = next.slice(0, 2)
    }
    return readings
  }

  /** Where a text ends that stands here; `undefined` where it does not. */
  private literal(at: number, text: string): number | undefined {
    const pos = this.past(at)
    const typed = signs[text]
    if (typed !== undefined && this.text.startsWith(typed, pos) && pos + typed.length <= this.until)
      return pos + typed.length
    const end = pos + text.length
    if (end <= this.until && this.stands(pos, text)) return end
    if (text[0] === ' ' && this.text[pos] === ' ' && pos + 1 < this.until) this.miss(pos + 1, text.slice(1))
    else this.miss(pos, text)
    return undefined
  }

  /** Chinese is read with spaces and without. */
  private past(pos: number): number {
    return this.spaced?.[pos] ?? pos
  }

  private stands(pos: number, text: string): boolean {
    if (this.text.startsWith(text, pos)) return true
    if (this.voice.lang === 'en') return false
    for (let i = 0; i < text.length; i++) {
      const unit = this.text[pos + i]!
      if (unit !== text[i] && folded[unit] !== text[i]) return false
    }
    return true
  }

  private miss(pos: number, expected: Expected): void {
    if (pos < this.far) return
    if (pos > this.far) this.expected.clear()
    this.far = pos
    const key = typeof expected === 'string' ? expected : expected.code
    if (this.expected.size < WORDS_SHOWN) this.expected.set(key, expected)
  }

  private unreadable(): Unread {
    const position = this.far
    const found = this.at(position)
    const expected = [...this.expected.values()].map((one) => (typeof one === 'string' ? one.trim() : one))
    return new Unread({ code: 'unreadable-text', position, found, expected: [...new Set(expected)] })
  }

  /** Words are set apart by marks so that this does not happen; if it did, nothing would be guessed. */
  private ambiguous(position: number, readings: readonly Condition[]): Unread {
    const expected = readings.map((reading) => sayCondition(this.voice, reading))
    return new Unread({ code: 'unreadable-text', position, found: this.at(position), expected })
  }

  private at(position: number): string {
    return position < this.until ? String.fromCodePoint(this.text.codePointAt(position)!) : ''
  }

  // What no line says: numbers, names, texts.

  private readonly name = (place: keyof typeof namesOf) => (pos: number, scope: Scope) =>
    this.oneOf(this.nameList(place, scope), pos)

  private nameList(place: keyof typeof namesOf, scope: Scope): readonly Named[] {
    const key = `${place}|${scope.event}|${scope.engine}`
    return this.listed(key, () => namesOf[place](this.voice, scope))
  }

  private listed(key: string, names: () => Names): readonly Named[] {
    const known = this.named.get(key)
    if (known !== undefined) return known
    const all = names()
    const list = all.ids.map((id) => [id, sayName(this.voice, all, id)] as const)
    this.named.set(key, list)
    return list
  }

  private oneOf(names: readonly Named[], at: number): readonly Reading[] {
    const pos = this.past(at)
    const quoted = this.quoted(pos, 'text')
    if (quoted !== undefined) {
      if (names.some(([id]) => id === quoted.value)) return [quoted]
    } else {
      const readings = names.flatMap(([id, said]) =>
        this.text.startsWith(said, pos) && pos + said.length <= this.until
          ? [{ end: pos + said.length, value: id }]
          : [],
      )
      if (readings.length > 0) return readings
      const word = this.quoted(pos, 'word')
      const sought = word && names.find(([, said]) => said === word.value)
      if (word !== undefined && sought !== undefined) return [{ end: word.end, value: sought[0] }]
    }
    for (const [, said] of names) this.miss(pos, said)
    return []
  }

  private looseField(at: number): readonly Reading[] {
    const pos = this.past(at)
    const forms = new Map<string, LooseField>()
    for (const event of Object.keys(this.voice.events))
      for (const [, said] of this.nameList('field', { event }))
        forms.set(said, new LooseField(undefined, said))
    const quoted = this.quoted(pos, 'text')
    if (quoted !== undefined) {
      const id = quoted.value as string
      const known = Object.values(this.voice.events).some((fields) => Object.hasOwn(fields, id))
      if (known) return [{ end: quoted.end, value: new LooseField(id, undefined) }]
    }
    const readings: Reading[] = []
    for (const [said, value] of forms)
      if (this.text.startsWith(said, pos)) readings.push({ end: pos + said.length, value })
    const word = this.quoted(pos, 'word')
    const marked = word && forms.get(word.value)
    if (word !== undefined && marked !== undefined) readings.push({ end: word.end, value: marked })
    if (readings.length === 0) for (const said of forms.keys()) this.miss(pos, said)
    return readings
  }

  /** What stands between marks. */
  private quoted(
    pos: number,
    kind: 'word' | 'text',
  ): { readonly end: number; readonly value: string } | undefined {
    const pairs =
      this.voice.lang === 'zh' && kind === 'text'
        ? [marks.zh.text, marks.en.text]
        : [marks[this.voice.lang][kind]]
    const [open, close] = pairs.find((pair) => pair[0] === this.text[pos]) ?? []
    if (open === undefined) return undefined
    let value = ''
    for (let i = pos + 1; i < this.until; i++) {
      const unit = this.text[i]!
      if (unit === close) return { end: i + 1, value }
      if (unit !== '\\') {
        value += unit
        continue
      }
      i += 1
      const code = this.text[i] === 'u' ? this.text.slice(i + 1, i + 5) : ''
      if (/^[\da-f]{4}$/i.test(code)) {
        value += String.fromCharCode(Number.parseInt(code, 16))
        i += 4
      } else if (this.text[i] === '\\' || this.text[i] === close) value += this.text[i]
      else break
    }
    return undefined
  }

  /** The characters of a number that stand here. */
  private scan(pos: number, allowed: string): string {
    let end = pos
    while (end < this.until && end < pos + 64 && allowed.includes(this.text[end]!)) end += 1
    return this.text.slice(pos, end)
  }

  private scanned(
    at: number,
    allowed: string,
    code: ExpectedKind,
    read: (text: string) => unknown,
  ): readonly Reading[] {
    const pos = this.past(at)
    const text = this.scan(pos, allowed)
    const value = text === '' ? undefined : read(text)
    if (value !== undefined) return [{ end: pos + text.length, value }]
    this.miss(pos, { code })
    return []
  }

  private amount(pos: number, scope: Scope, code: 'an-amount' | 'a-ratio', read: (text: string) => unknown) {
    return this.scanned(pos, '-0123456789./', code, read).flatMap(({ end, value }) => {
      const unit = currencyWord(this.voice, scope.measure)
      const after = unit === '' ? end : this.literal(end, unit)
      return after === undefined ? [] : [{ end: after, value }]
    })
  }

  private anyText(at: number): readonly Reading[] {
    const pos = this.past(at)
    const quoted = this.quoted(pos, 'text')
    if (quoted !== undefined) return [quoted]
    this.miss(pos, { code: 'a-text' })
    return []
  }

  private readonly atoms: {
    readonly [A in keyof typeof atoms]: (pos: number, scope: Scope) => readonly Reading[]
  } = {
    event: this.name('event'),
    field: (pos, scope) =>
      scope.event === undefined ? this.looseField(pos) : this.name('field')(pos, scope),
    attribute: this.name('attribute'),
    role: this.name('role'),
    engine: this.name('engine'),
    said: this.name('said'),
    number: (pos) =>
      this.scanned(pos, '-0123456789', 'a-number', (text) => {
        const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : undefined
      }),
    s: (pos) => [{ end: pos + (this.text[pos] === 's' ? 1 : 0), value: undefined }],
    clock: (pos) =>
      this.scanned(pos, '0123456789:', 'a-clock-time', (text) => (isClockTime(text) ? text : undefined)),
    text: (pos) => this.anyText(pos),
    json: (pos) =>
      this.anyText(pos).flatMap(({ end, value }) => {
        const data = jsonOf(value as string)
        return data === undefined ? [] : [{ end, value: data }]
      }),
    operand: (pos, scope) => this.read(scope.operand ?? 'text', pos, scope),
    value: (pos, { measure, event, field }) => {
      if (measure?.type !== 'text' || measure.oneOf === undefined) return this.anyText(pos)
      const { oneOf } = measure
      return this.oneOf(
        this.listed(`value|${event}|${field}|${oneOf.join('|')}`, () => ({ ids: oneOf, under: '' })),
        pos,
      )
    },
    money: (pos, scope) =>
      this.amount(pos, scope, 'an-amount', (text) => {
        const { measure } = scope
        const digits = measure?.type === 'money' ? minorDigits(measure.currency) : 0
        return parseMinor(text, digits) === undefined ? undefined : text
      }),
    ratio: (pos, scope) => this.amount(pos, scope, 'a-ratio', (text) => (isRatio(text) ? text : undefined)),
    instant: (pos) =>
      this.scanned(pos, '0123456789-:.+TZ', 'a-moment', (text) => {
        const at = parseInstant(text)
        return isInstant(at) ? at : undefined
      }),
  }
}

function valuesOf(last: Item): readonly unknown[] {
  const values: unknown[] = []
  for (let item: Item | undefined = last; item !== undefined; item = item.before) values.push(item.value)
  return values.reverse()
}

interface FilterParts {
  readonly field: string
  readonly is?: unknown
  readonly in?: unknown
  readonly not?: unknown
  readonly none?: unknown
  readonly bounds?: readonly object[]
}

/** The filters of a list by field; nothing where one is told twice. */
function whereOf(filters: readonly FilterParts[]): object | undefined {
  const fields = new Map<string, unknown>()
  for (const { field, bounds, ...filter } of filters) {
    if (fields.has(field)) return undefined
    if (bounds !== undefined) {
      const signs = new Map(bounds.flatMap((bound) => Object.entries(bound)))
      if (signs.size < bounds.length) return undefined
      fields.set(field, Object.fromEntries(signs))
    } else if ('is' in filter) fields.set(field, filter.is)
    else if ('in' in filter) fields.set(field, filter.in)
    else fields.set(field, { not: 'not' in filter ? filter.not : filter.none })
  }
  return Object.fromEntries(fields)
}

function jsonOf(text: string): object | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return isRecord(data) && plainFault(data, { depth: DEPTH, nodes: 10_000 }) === undefined
      ? data
      : undefined
  } catch {
    return undefined
  }
}

function isRatio(text: string): boolean {
  try {
    parseRatio(text)
    return true
  } catch {
    return false
  }
}
