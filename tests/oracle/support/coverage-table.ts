// What a random suite has seen of facts, as a table; what it has not seen is said by name.
import type { Comparison, Fact, Tally as FactTally, Window } from 'liuliang/kernel'

type Truth = 'yes' | 'no' | 'unknown'

const windowOf = (window: Window | undefined) =>
  window === undefined ? 'ever' : 'this' in window ? 'this' : 'previous' in window ? 'previous' : 'rolling'

const windowsOf = (fact: Fact): readonly string[] => {
  if (fact.fact === 'ratio') return [...windowsOf(fact.of), ...windowsOf(fact.to)]
  const { within, since } = fact as FactTally
  return [windowOf(within), ...(since === undefined ? [] : ['since'])]
}

const KINDS: readonly Fact['fact'][] = [
  'count',
  'sum',
  'min',
  'max',
  'distinct',
  'first',
  'last',
  'sessions',
  'session-time',
  'sequence',
  'ratio',
  'time-since',
  'time-between',
  'streak',
  'attribute',
  'anniversary',
  'age',
  'says',
]
const WINDOWED = KINDS.slice(0, 11)
/** Says something from the first moment on, unless it waits for a `since`. */
const ALWAYS: readonly Fact['fact'][] = ['streak']
/** Says the same until something happens. */
const STILL: readonly Fact['fact'][] = ['time-between', 'says']
const COMPARISONS = ['gte', 'gt', 'lte', 'lt', 'between', 'is', 'in']
const JOINS = ['all', 'any', 'not', 'some-of']
const TRUTHS = ['yes', 'no', 'unknown']
const WINDOWS = ['ever', 'rolling', 'this', 'previous', 'since']

/** Counts what was seen. */
export class Tally {
  private readonly seen = new Map<string, number>()

  private add(...cell: readonly string[]) {
    const key = cell.join(' ')
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1)
  }

  private get(...cell: readonly string[]): number {
    return this.seen.get(cell.join(' ')) ?? 0
  }

  saw({ fact, condition }: Comparison, above: string, truth: Truth, isNull: boolean): void {
    this.add(fact.fact, truth)
    if (isNull) this.add(fact.fact, 'null')
    for (const window of new Set(windowsOf(fact))) this.add(fact.fact, window)
    this.add(condition, truth)
    this.add('under', above, truth)
  }

  joined(join: string, truth: Truth): void {
    this.add(join, truth)
  }

  flipped({ fact }: Fact): void {
    this.add(fact, 'flips')
  }

  private missingCells(): readonly (readonly string[])[] {
    const cells = [
      ...KINDS.flatMap((kind) => [
        ...TRUTHS.map((truth) => [kind, truth]),
        ...(ALWAYS.includes(kind) ? [] : [[kind, 'null']]),
        ...(STILL.includes(kind) ? [] : [[kind, 'flips']]),
      ]),
      ...WINDOWED.flatMap((kind) => WINDOWS.map((window) => [kind, window])),
      ...[...COMPARISONS, ...JOINS].flatMap((word) => TRUTHS.map((truth) => [word, truth])),
    ]
    return cells.filter((cell) => this.get(...cell) === 0)
  }

  /** The cells that have to be more than zero, and are not. */
  missing(): readonly string[] {
    return this.missingCells().map((cell) => cell.join(' '))
  }

  /** The kinds of facts that would fill some of them. */
  kindsMissing(): readonly Fact['fact'][] {
    const missing = this.missingCells().map(([first]) => first)
    const kinds = KINDS.filter((kind) => missing.includes(kind))
    return kinds.length > 0 ? kinds : KINDS
  }

  /** Whether a cell of a join is missing, which single comparisons never fill. */
  joinsMissing(): boolean {
    return this.missingCells().some(([first]) => JOINS.includes(first!))
  }

  /** The table as text. */
  toString(): string {
    const columns = [...TRUTHS, 'null', 'flips', ...WINDOWS]
    const line = (name: string, cells: readonly (string | number)[]) =>
      `${name.padEnd(13)}${cells.map((cell) => String(cell).padStart(9)).join('')}`
    const rowOf = (kind: Fact['fact']) =>
      line(
        kind,
        columns.map((column) => {
          const isNone =
            (column === 'null' && ALWAYS.includes(kind)) ||
            (column === 'flips' && STILL.includes(kind)) ||
            (WINDOWS.includes(column) && !WINDOWED.includes(kind))
          return isNone ? '-' : this.get(kind, column)
        }),
      )
    const truths = (...cell: readonly string[]) => TRUTHS.map((truth) => this.get(...cell, truth))
    return [
      line('fact', columns),
      ...KINDS.map(rowOf),
      ...COMPARISONS.map((word) => line(word, truths(word))),
      ...JOINS.map((word) => line(word, [...truths(word), ' of leaves', ...truths('under', word)])),
    ].join('\n')
  }
}
