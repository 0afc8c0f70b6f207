import { areApart, isEmpty, isSame, meet, others, type Values, within } from './values.js'

/** That an unknown has one of these values; or that of several things so many are true. */
export type Formula =
  | { readonly unknown: number; readonly among: Values }
  | { readonly least: number; readonly of: readonly Formula[] }

export const isAmong = (unknown: number, among: Values): Formula => ({ unknown, among })
export const allOf = (...of: readonly Formula[]): Formula => ({ least: of.length, of })
export const anyOf = (...of: readonly Formula[]): Formula => ({ least: 1, of })
export const TRUE: Formula = allOf()

/** What is true when a formula is not. */
export function negated(formula: Formula): Formula {
  const known = negations.get(formula)
  if (known !== undefined) return known
  const made: Formula =
    'among' in formula
      ? { unknown: formula.unknown, among: others(formula.among) }
      : { least: formula.of.length - formula.least + 1, of: formula.of.map(negated) }
  negations.set(formula, made)
  negations.set(made, formula)
  return made
}

const negations = new WeakMap<Formula, Formula>()

/** Values of all unknowns while something is tried. */
export interface Trial {
  get(unknown: number): Values
  /** Leaves an unknown only these values. */
  keep(unknown: number, among: Values): void
}

/** What is true of some unknowns in every history. It only takes away what no history has. */
export interface Relation {
  readonly among: readonly number[]
  narrow(trial: Trial): void
}

/** What is known of every history: what each fact may say, and how facts hang together. */
export interface Knowledge {
  readonly start: readonly Values[]
  readonly relations: readonly Relation[]
}

/** How much may still be looked at. */
export interface Effort {
  left: number
}

/** Whether a history may be such that formulas are true: that there is none is certain, that there is one is not. */
export type Answer = 'possible' | 'impossible' | 'not-decided'

/** How often one unknown is narrowed before others no longer follow. */
const MOVES = 50

type Standing = 'true' | 'false' | 'open'

/** Looks for values with which formulas are true, leaving nothing out; gives up when the effort is spent. */
export class Solver {
  /** By unknown, the relations that it is in. */
  private readonly watching: readonly (readonly number[])[]
  private readonly from: readonly Values[]

  constructor(
    private readonly knowledge: Knowledge,
    private readonly effort: Effort,
  ) {
    const watching: number[][] = knowledge.start.map(() => [])
    for (const [i, { among }] of knowledge.relations.entries())
      for (const unknown of new Set(among)) watching[unknown]!.push(i)
    this.watching = watching
    const attempt = new Attempt(knowledge.start, [], this.watching, knowledge.relations, effort)
    for (const [i] of knowledge.relations.entries()) attempt.look(i)
    attempt.settle()
    this.from = attempt.values
  }

  /** Whether all of them can be true together. */
  ask(...formulas: readonly Formula[]): Answer {
    const { relations } = this.knowledge
    const waiting = [new Attempt(this.from, formulas, this.watching, relations, this.effort)]
    for (let attempt = waiting.pop(); attempt !== undefined; attempt = waiting.pop()) {
      attempt.settle()
      if (this.effort.left < 0) return 'not-decided'
      if (attempt.failed) continue
      const split = attempt.split()
      if (split === undefined) return 'possible'
      // The last one is tried first.
      waiting.push(attempt.with(negated(split)), attempt.with(split))
    }
    return 'impossible'
  }
}

/** One way in which formulas could be true. */
class Attempt implements Trial {
  readonly values: Values[]
  failed = false
  private open: readonly Formula[]
  private readonly queue: number[] = []
  /** By unknown, how often it was narrowed. */
  private readonly moves: number[] = []
  private readonly queued = new Set<number>()

  constructor(
    values: readonly Values[],
    open: readonly Formula[],
    private readonly watching: readonly (readonly number[])[],
    private readonly relations: readonly Relation[],
    private readonly effort: Effort,
  ) {
    this.values = values.slice()
    this.open = open
    effort.left -= 1 + (values.length >> 5)
  }

  with(formula: Formula): Attempt {
    const { values, open, watching, relations, effort } = this
    return new Attempt(values, [formula, ...open], watching, relations, effort)
  }

  get(unknown: number): Values {
    return this.values[unknown]!
  }

  keep(unknown: number, among: Values): void {
    const before = this.values[unknown]!
    const after = meet(before, among)
    this.effort.left -= 1 + (before.spans.length >> 3)
    if (isSame(before, after)) return
    this.values[unknown] = after
    if (isEmpty(after)) this.failed = true
    // Bounds that push one another up for ever are let go: what is not concluded is only not known.
    this.moves[unknown] = (this.moves[unknown] ?? 0) + 1
    if (this.moves[unknown]! <= MOVES) for (const relation of this.watching[unknown]!) this.look(relation)
  }

  /** Notes that a relation has to be looked at. */
  look(relation: number): void {
    if (this.queued.has(relation)) return
    this.queued.add(relation)
    this.queue.push(relation)
  }

  /** Draws every conclusion that needs no trying. */
  settle(): void {
    for (let changed = true; changed && !this.failed && this.effort.left >= 0; ) {
      this.relate()
      const before = this.open
      this.open = []
      const open: Formula[] = []
      changed = false
      for (const formula of before) {
        if (this.failed || this.effort.left < 0) return
        const standing = this.standing(formula)
        if (standing === 'false') this.failed = true
        else if (standing === 'open') {
          if (this.assert(formula, open)) changed = true
        }
      }
      this.open = open
      if (this.queue.length > 0) changed = true
    }
  }

  private relate(): void {
    for (let i = 0; i < this.queue.length; i++) {
      if (this.failed || this.effort.left < 0) return
      const relation = this.queue[i]!
      this.queued.delete(relation)
      this.effort.left -= 1
      this.relations[relation]!.narrow(this)
    }
    this.queue.length = 0
  }

  /** What has to be for a formula that is still open; it stays open where there is a choice. Whether anything was learnt. */
  private assert(formula: Formula, open: Formula[]): boolean {
    if ('among' in formula) {
      this.keep(formula.unknown, formula.among)
      return true
    }
    let held = 0
    const undecided: Formula[] = []
    for (const part of formula.of) {
      const standing = this.standing(part)
      if (standing === 'true') held += 1
      else if (standing === 'open') undecided.push(part)
    }
    const least = formula.least - held
    if (least > undecided.length) this.failed = true
    else if (least === undecided.length) {
      for (const part of undecided) {
        if ('among' in part) this.keep(part.unknown, part.among)
        else open.push(part)
      }
      return undecided.length > 0
    } else if (least > 0) open.push({ least, of: undecided })
    return false
  }

  /** What is known of a formula as things stand. */
  private standing(formula: Formula): Standing {
    this.effort.left -= 1
    if ('among' in formula) {
      const values = this.values[formula.unknown]!
      return within(values, formula.among) ? 'true' : areApart(values, formula.among) ? 'false' : 'open'
    }
    let held = 0
    let open = 0
    for (const part of formula.of) {
      const standing = this.standing(part)
      if (standing === 'true') held += 1
      else if (standing === 'open') open += 1
      if (held >= formula.least) return 'true'
    }
    return held >= formula.least ? 'true' : held + open < formula.least ? 'false' : 'open'
  }

  /** What to try both ways: one unknown, of the formula with the fewest choices. */
  split(): Formula | undefined {
    let best: Formula | undefined
    for (const formula of this.open) {
      if (!('least' in formula)) continue
      if (best === undefined || !('least' in best) || formula.of.length < best.of.length) best = formula
    }
    while (best !== undefined && 'least' in best) {
      const open: readonly Formula[] = best.of.filter((part) => this.standing(part) === 'open')
      best = open.find((part) => 'among' in part) ?? open[0]
    }
    return best
  }
}
