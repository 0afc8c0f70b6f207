import { valueTest } from './comparison.js'
import {
  type Comparison,
  type CompiledCondition,
  type Condition,
  compileCondition,
  factsOf,
  neededOf,
  nextFlip,
  partsOf,
  type Verdict,
} from './condition.js'
import { checkCondition } from './condition-check.js'
import { COVERAGE } from './coverage.js'
import { canonical, digestName } from './digest.js'
import { fault } from './errors.js'
import { type FactContext, FactSet, type Measure, type Scalar, type Track, type Tracker } from './fact.js'
import { isNumberLike } from './field.js'
import type { Instant } from './instant.js'

/** Several conditions on the facts of one subject, judged together. */
export interface Rules {
  /** The facts that they read: what `holds` and `verdicts` are asked with is noted here. */
  readonly facts: FactSet
  /** By rule: 1 where it holds, 0 where it does not. Written into `into`, where it is given. */
  holds(tracks: readonly Track[], asOf: Instant, into?: Uint8Array): Uint8Array
  /** By rule, the tree with the numbers read. */
  verdicts(tracks: readonly Track[], asOf: Instant): readonly Verdict[]
  /** By rule, the first instant after `asOf` at which it holds, or no longer does, if nothing happens. */
  changes(tracks: readonly Track[], asOf: Instant): readonly (Instant | undefined)[]
  /** Digest of what the tracks belong to: store it beside them, and begin anew under another one. */
  readonly hash: string
}

/**
 * Many conditions for many moments: each fact is read once and each comparison and part that several rules share is
 * judged once. The answers are those of `compileCondition`.
 *
 * `facts.start` and the tracks after each event are plain JSON, to be stored with the `hash` of the rules. They take what
 * the host hands them: events that came through the door (`read`), each once, in order, of the subject or about it, none
 * later than the moment that is asked about. An engine sees to all of that by itself.
 *
 * @throws DefinitionError as `checkCondition`, with the place of the rule: `$[2].fact.event`. `other-definition` for
 * tracks of other rules, where their number tells.
 * @example
 * const rules = compileRules([orders90.gte(3), spend90.gte('300')], { ...shop, calendar: { zone: 'Asia/Shanghai' } })
 * let tracks = rules.facts.start
 * for (const event of events) tracks = rules.facts.note(tracks, event, 'ann')
 * rules.holds(tracks, asOf) // => Uint8Array [1, 0]
 */
export function compileRules(conditions: readonly Condition[], context: FactContext): Rules {
  for (const [i, condition] of conditions.entries()) checkCondition(condition, context, `$[${i}]`)
  const facts = new FactSet(conditions.flatMap(factsOf), context)
  const compiled = conditions.map((condition) => compileCondition(condition, facts, context))
  const { events, calendar = null } = context
  const hash = digestName(canonical({ conditions, events, calendar }))
  // Over gaps there are three answers to every comparison: they are judged one by one.
  const holds = Object.hasOwn(events, COVERAGE)
    ? oneByOne(compiled)
    : new Table(conditions, facts, context).holds
  const own = (tracks: readonly Track[]) => {
    if (tracks.length === facts.start.length) return tracks
    throw fault(
      'other-definition',
      '$.tracks',
      tracks.length,
      `${facts.start.length} tracks of rules ${hash}`,
    )
  }
  return {
    facts,
    hash,
    holds: (tracks, asOf, into) => holds(own(tracks), asOf, into),
    verdicts: (tracks, asOf) => compiled.map((condition) => condition.verdict(own(tracks), asOf)),
    changes: (tracks, asOf) => compiled.map((condition) => nextFlip(condition, own(tracks), asOf)),
  }
}

const oneByOne =
  (compiled: readonly CompiledCondition[]): Rules['holds'] =>
  (tracks, asOf, into = new Uint8Array(compiled.length)) => {
    for (let i = 0; i < compiled.length; i++) into[i] = compiled[i]!.holds(tracks, asOf) ? 1 : 0
    return into
  }

/** Where an answer stands among the bits of a judgement. */
interface Bit {
  readonly word: number
  readonly mask: number
}

/** Conditions that are joined, or one that is turned round. */
interface Join {
  /** How many of the parts have to hold; 0: the one part must not. */
  readonly enough: number
  /** The parts as words and the bits in them. */
  readonly words: readonly number[]
  readonly masks: readonly number[]
  readonly to: Bit
}

/** Comparisons of one fact with numbers: between two cuts all of them answer the same. */
interface Cells {
  readonly place: number
  readonly value: Tracker['value']
  /** What words count as: the number of their place. */
  readonly named: readonly Scalar[]
  /** Where the next cell begins, ascending. */
  readonly cuts: Float64Array
  /** Which comparisons hold, word by word, cell by cell; those of no value at all come last. */
  readonly bits: Int32Array
}

/** How many judgements are remembered. */
const MEMORY = 4093

/**
 * Conditions as bits. The values of each fact fall into cells, within which every comparison answers the same; customers
 * are alike where all of their cells are, so what was judged for one of them is remembered for the others.
 */
class Table {
  private readonly cells: readonly Cells[]
  private readonly closures: readonly (readonly [condition: CompiledCondition, to: Bit])[] = []
  private readonly joins: readonly Join[] = []
  private readonly roots: readonly Bit[]
  /** The words of all comparisons, then of all closures and joins. */
  private readonly bits: Int32Array
  private readonly compared: number
  /** The cell of each fact that is compared, where it was looked for last. */
  private readonly found: Uint16Array
  /** Judgements by the numbers of all cells, as one number. */
  private readonly keys: Float64Array
  private readonly answers: Uint8Array

  constructor(conditions: readonly Condition[], facts: FactSet, context: FactContext) {
    // Each comparison once, by the fact that it compares.
    const bitOf = new Map<string, number>()
    const byPlace = facts.trackers.map((): (readonly [Comparison, number])[] => [])
    for (const leaf of conditions.flatMap(comparisonsOf)) {
      const key = canonical(leaf)
      const place = facts.place(leaf.fact)
      if (bitOf.has(key) || !hasCells(facts.trackers[place]!)) continue
      byPlace[place]!.push([leaf, bitOf.size])
      bitOf.set(key, bitOf.size)
    }
    const bitAt = (i: number): Bit => ({ word: i >> 5, mask: 1 << (i & 31) })
    this.compared = Math.ceil(bitOf.size / 32)
    this.cells = facts.trackers.flatMap(({ measure, value }, place) => {
      const own = byPlace[place]!
      return own.length === 0 ? [] : [{ place, value, ...cellsOf(own, measure, this.compared) }]
    })
    this.found = new Uint16Array(this.cells.length)
    const known = new Map<string, Bit>([...bitOf].map(([key, bit]) => [key, bitAt(bit)]))
    const closures: (readonly [CompiledCondition, Bit])[] = []
    const joins: Join[] = []
    let next = this.compared * 32
    const add = (condition: Condition): Bit => {
      const key = canonical(condition)
      const found = known.get(key)
      if (found !== undefined) return found
      const parts = 'fact' in condition ? [] : partsOf(condition).map(add)
      const to = bitAt(next++)
      if ('fact' in condition) closures.push([compileCondition(condition, facts, context), to])
      else joins.push(joined(neededOf(condition), parts, to))
      known.set(key, to)
      return to
    }
    this.roots = conditions.map(add)
    this.closures = closures
    this.joins = joins
    this.bits = new Int32Array((next + 31) >> 5)
    // What a closure says is in no cell, and so many cells that they have no number are not remembered.
    const cells = this.cells.reduce((product, { cuts }) => product * (cuts.length + 2), 1)
    const memory = closures.length === 0 && Number.isSafeInteger(cells) ? MEMORY : 0
    this.keys = new Float64Array(memory).fill(-1)
    this.answers = new Uint8Array(memory * conditions.length)
  }

  readonly holds: Rules['holds'] = (tracks, asOf, into = new Uint8Array(this.roots.length)) => {
    const { bits, roots, keys, answers } = this
    const key = this.locate(tracks, asOf)
    const at = keys.length === 0 ? 0 : key % MEMORY
    const from = at * roots.length
    if (keys[at] === key) {
      for (let i = 0; i < roots.length; i++) into[i] = answers[from + i]!
      return into
    }
    this.judge(tracks, asOf)
    for (let i = 0; i < roots.length; i++) {
      const { word, mask } = roots[i]!
      into[i] = (bits[word]! & mask) === 0 ? 0 : 1
    }
    if (keys.length > 0) {
      keys[at] = key
      for (let i = 0; i < roots.length; i++) answers[from + i] = into[i]!
    }
    return into
  }

  /** Finds the cell of each fact; all of them together as one number. */
  private locate(tracks: readonly Track[], asOf: Instant): number {
    const { cells, found } = this
    let key = 0
    for (let i = 0; i < cells.length; i++) {
      const { place, value: read, named, cuts } = cells[i]!
      const track = tracks[place]!
      // A track that is a number is what the fact says.
      const value = typeof track === 'number' ? track : read(track, asOf)
      const number = typeof value === 'number' ? value : value === null ? Number.NaN : named.indexOf(value)
      let cell = 0
      if (number >= cuts[0]!) {
        cell = 1
        while (cell < cuts.length && number >= cuts[cell]!) cell += 1
      } else if (Number.isNaN(number)) cell = cuts.length + 1
      found[i] = cell
      key = key * (cuts.length + 2) + cell
    }
    return key
  }

  /** Judges everything for the cells that were found. */
  private judge(tracks: readonly Track[], asOf: Instant): void {
    const { bits, cells, compared, closures, joins, found } = this
    bits.fill(0)
    for (let i = 0; i < cells.length; i++) {
      const from = found[i]! * compared
      for (let word = 0; word < compared; word++) bits[word]! |= cells[i]!.bits[from + word]!
    }
    for (const [condition, { word, mask }] of closures) if (condition.holds(tracks, asOf)) bits[word]! |= mask
    for (const { enough, words, masks, to } of joins) {
      let held = 0
      for (let i = 0; i < words.length; i++) held += countBits(bits[words[i]!]! & masks[i]!)
      if (enough === 0 ? held === 0 : held >= enough) bits[to.word]! |= to.mask
    }
  }
}

const comparisonsOf = (condition: Condition): readonly Comparison[] =>
  'fact' in condition ? [condition] : partsOf(condition).flatMap(comparisonsOf)

/** What runs and what is a share is no number to compare: closures say what holds. */
const hasCells = ({ fact, measure }: Tracker) => fact.fact !== 'time-since' && measure.type !== 'ratio'

function cellsOf(
  comparisons: readonly (readonly [Comparison, bit: number])[],
  measure: Measure,
  words: number,
): Omit<Cells, 'place' | 'value'> {
  const isNumber = isNumberLike(measure) || measure.type === 'span'
  const named = isNumber ? [] : [...new Set(comparisons.flatMap(([comparison]) => wordsOf(comparison)))]
  const numbers = new Map(named.map((word, i) => [word, i]))
  const intervals = comparisons.map(([comparison]) =>
    isNumber
      ? valueTest(comparison, measure).intervals!
      : wordsOf(comparison).map((word) => [numbers.get(word)!, numbers.get(word)!] as const),
  )
  // All values are whole: a cell begins where an interval does, and one after its end. The last cut is never reached.
  const cuts = [...new Set(intervals.flat().flatMap(([low, high]) => [low, high + 1]))]
    .filter((cut) => cut > -Infinity && cut < Infinity)
    .sort((a, b) => a - b)
  cuts.push(Infinity)
  const bits = new Int32Array((cuts.length + 2) * words)
  for (const [i, [, bit]] of comparisons.entries()) {
    for (let cell = 0; cell < cuts.length; cell++) {
      const least = cell === 0 ? cuts[0]! - 1 : cuts[cell - 1]!
      if (intervals[i]!.some(([low, high]) => least >= low && least <= high))
        bits[cell * words + (bit >> 5)]! |= 1 << (bit & 31)
    }
  }
  return { named, cuts: Float64Array.from(cuts), bits }
}

const wordsOf = (comparison: Comparison): readonly Scalar[] =>
  comparison.condition === 'is'
    ? [comparison.value]
    : (comparison as Extract<Comparison, { readonly condition: 'in' }>).values

/** A join over the bits of its parts; one that is named twice counts twice. */
function joined(enough: number, parts: readonly Bit[], to: Bit): Join {
  const words: number[] = []
  const masks: number[] = []
  for (const { word, mask } of parts) {
    const at = words.findIndex((other, i) => other === word && (masks[i]! & mask) === 0)
    if (at < 0) {
      words.push(word)
      masks.push(mask)
    } else masks[at]! |= mask
  }
  return { enough, words, masks, to }
}

function countBits(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1
  return count
}
