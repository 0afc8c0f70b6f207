import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import type { Matrix } from '../../measures/index.js'

/**
 * A change of one rate: the share of subjects in `from` that are in `to` a period later.
 *
 * `from` and `to` name a state, or a stage and with it all its states: then every row of `from` is changed, and what goes to the states
 * of `to` together. Within `to` the parts keep their proportions.
 */
export type RateChange = {
  readonly from: string
  readonly to: string
  /**
   * Where the rest comes from, or goes to: a state or a stage. Without it from all others of the row, in proportion, so that they
   * keep theirs among themselves.
   */
  readonly takenFrom?: string
} & (
  | { readonly times: number; readonly plus?: never; readonly set?: never }
  /** In points of the rate: 0.02 makes 0.1 to 0.12. */
  | { readonly plus: number; readonly times?: never; readonly set?: never }
  | { readonly set: number; readonly times?: never; readonly plus?: never }
)

/** Names and what they stand for. */
export interface StageNames {
  readonly states: readonly string[]
  readonly stageOf: readonly string[]
}

/** A change with names looked up. */
interface PlacedChange {
  readonly rows: readonly number[]
  readonly to: ReadonlySet<number>
  readonly takenFrom: ReadonlySet<number> | undefined
  readonly change: RateChange
  readonly path: string
}

/** The states that a name stands for: one, or all of a stage. */
export function statesNamed({ states, stageOf }: StageNames, name: unknown, path: string): readonly number[] {
  const state = states.indexOf(name as string)
  if (state >= 0) return [state]
  const found = stageOf.flatMap((stage, i) => (stage === name ? [i] : []))
  if (found.length === 0)
    throw fault('unknown-name', path, name, [...new Set([...states, ...stageOf])].join(' | '))
  return found
}

/** Refuses changes that are none, and looks their names up. */
export function placedChanges(names: StageNames, changes: unknown, path: string): readonly PlacedChange[] {
  checkList(changes, path)
  if (changes.length > 1000) throw fault('too-large', path, changes.length, '1,000 changes at the most')
  return (changes as readonly RateChange[]).map((change, k) => {
    const at = `${path}[${k}]`
    checkRecord(change, at)
    checkKeys(change, ['from', 'to', 'takenFrom', 'times', 'plus', 'set'], at)
    const { from, to, takenFrom, times, plus, set } = change
    const given = Object.entries({ times, plus, set }).filter(([, value]) => value !== undefined)
    const [one] = given
    if (one === undefined || given.length > 1)
      throw fault('missing', at, given.length, 'one of times, plus and set')
    const [key, value] = one
    if (typeof value !== 'number') throw fault('wrong-type', `${at}.${key}`, value, 'a number')
    const [low, high] = key === 'times' ? [0, 1e6] : key === 'plus' ? [-1, 1] : [0, 1]
    if (!(value >= low! && value <= high!))
      throw fault('out-of-range', `${at}.${key}`, value, `from ${low} to ${high}`)
    const target = new Set(statesNamed(names, to, `${at}.to`))
    const source = takenFrom === undefined ? undefined : statesNamed(names, takenFrom, `${at}.takenFrom`)
    if (source?.some((state) => target.has(state)))
      throw fault('out-of-range', `${at}.takenFrom`, takenFrom, 'another stage than `to`')
    return {
      rows: statesNamed(names, from, `${at}.from`),
      to: target,
      takenFrom: source && new Set(source),
      // JSON knows no negative zero.
      change: { ...change, [key]: value + 0 } as RateChange,
      path: at,
    }
  })
}

/**
 * Rates after changes, one after another; rows still sum to 1. A rate that cannot be reached is refused, or with `cut` goes as far as it
 * can: in draws of uncertain rates one or another may come to its end.
 */
export function changedRates(rates: Matrix, changes: readonly PlacedChange[], cut: boolean): Matrix {
  let changed = rates
  for (const one of changes)
    changed = changed.map((row, i) => (one.rows.includes(i) ? changedRow(row, one, cut) : row))
  return changed
}

function changedRow(row: readonly number[], placed: PlacedChange, cut: boolean): readonly number[] {
  const { to, takenFrom, change, path } = placed
  // A row that nothing is known of stays that way.
  if (row.every((rate) => rate === 0)) return row
  const sumOf = (states: (j: number) => boolean) =>
    row.reduce((sum, rate, j) => (states(j) ? sum + rate : sum), 0)
  const gives = (j: number) => (takenFrom === undefined ? !to.has(j) : takenFrom.has(j))
  const rate = sumOf((j) => to.has(j))
  const others = sumOf(gives)
  const { times, plus, set } = change
  const wanted = times !== undefined ? rate * times : plus !== undefined ? rate + plus : set
  let more = wanted - rate
  // A rounding short of an end is at it.
  if (more > others && (cut || more <= others + 1e-12)) more = others
  if (more < -rate && (cut || more >= -rate - 1e-12)) more = -rate
  if (!(more <= others && more >= -rate))
    throw fault(
      'out-of-range',
      path,
      wanted,
      `a rate from 0 to ${rate + others}, which is what there is to take`,
    )
  if (more === 0) return row
  const shareOut = (part: number, within: number, count: number) => {
    if (within > 0) return part / within
    if (count === 1) return 1
    throw fault('out-of-range', path, wanted, 'a single state to move to, where the rates to it are 0 so far')
  }
  const givers = row.filter((_, j) => gives(j)).length
  return row.map((part, j) => {
    if (to.has(j)) return Math.max(0, part + more * shareOut(part, rate, to.size))
    return gives(j) ? Math.max(0, part - more * shareOut(part, others, givers)) : part
  })
}
