import { fault } from '../../kernel/errors.js'
import type { Look } from './interval-look.js'

/**
 * Who is what in one interval. `active = new + returning + resurrecting`, and those dormant are those active in the interval before
 * without `returning` and `newActiveBefore`; both are checked whenever a result is made.
 */
export interface IntervalLabelRow {
  /** `2024-03`, `2024-03-05`; weeks by their first day. */
  readonly interval: string
  readonly active: number
  /** Active, and first seen in this interval. */
  readonly new: number
  /** Active, not new, and active in the interval before. */
  readonly returning: number
  /** Active, not new, and not active in the interval before. */
  readonly resurrecting: number
  /** Not active, but active in the interval before: below zero where `dormantAs` is `'negative'`. */
  readonly dormant: number
  /** What those who are dormant were in the interval before; never negative. */
  readonly dormantWere: { readonly new: number; readonly returning: number; readonly resurrecting: number }
  /** Of the new, those active in the interval before too: their activity is older than what says when they were first seen. */
  readonly newActiveBefore: number
  /** People who came for each one who went: (new + resurrecting) / dormant, Amplitude's Pulse. */
  readonly pulse: Pulse
  /**
   * `provisional`: the interval has not passed, so that who is dormant may still come. `unobserved`: events were not tracked for part of
   * it or of the one before, or clocks skipped it.
   */
  readonly state: 'complete' | 'provisional' | 'unobserved'
  /** The share of the interval in which activity was tracked. */
  readonly coverage: number
}

/** A ratio; where nobody is dormant there is none. */
export type Pulse =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-dormant' }

type Counts = ReturnType<typeof countsOf>
type CountedRow = Omit<IntervalLabelRow, 'interval' | 'pulse' | 'state' | 'coverage'>

/** Counts by interval, in one walk over each person's active intervals. `active` begins one interval earlier. */
export function countsOf({ first, length, sets, has, seen, visit }: Look) {
  const column = () => new Float64Array(length + 1)
  const by = { new: column(), returning: column(), resurrecting: column() }
  const were = { new: column(), returning: column(), resurrecting: column() }
  const [active, dormant, newActiveBefore] = [column(), column(), column()]
  for (let row = 0; row < sets.rows && length > 0; row++) {
    let ever: number | undefined | null = null
    visit(row, (index) => {
      if (ever === null) ever = seen(row)
      const i = index - first
      const before = has(row, index - 1)
      const label = index === ever ? 'new' : before ? 'returning' : 'resurrecting'
      active[i + 1]! += 1
      if (i >= 0) {
        by[label][i]! += 1
        if (label === 'new' && before) newActiveBefore[i]! += 1
      }
      if (i + 1 < length && !has(row, index + 1)) {
        dormant[i + 1]! += 1
        were[label][i + 1]! += 1
      }
    })
  }
  return { active, by, were, dormant, newActiveBefore }
}

/** The counts of one interval. */
export const rowOf = ({ active, by, were, dormant, newActiveBefore }: Counts, i: number): CountedRow => ({
  active: active[i + 1]!,
  new: by.new[i]!,
  returning: by.returning[i]!,
  resurrecting: by.resurrecting[i]!,
  dormant: dormant[i]!,
  dormantWere: { new: were.new[i]!, returning: were.returning[i]!, resurrecting: were.resurrecting[i]! },
  newActiveBefore: newActiveBefore[i]!,
})

/** Who came for each one who went. */
export const pulseOf = (row: CountedRow): Pulse =>
  row.dormant === 0
    ? { kind: 'undefined', reason: 'nobody-dormant' }
    : { kind: 'estimate', value: (row.new + row.resurrecting) / row.dormant }

/** What cannot be: counted by label and by movement, both have to agree. */
export function checkIdentity(row: CountedRow, before: number): void {
  const parts = row.new + row.returning + row.resurrecting
  const gone = before - row.returning - row.newActiveBefore
  if (parts !== row.active || gone !== row.dormant)
    throw fault('malformed-state', '$', row.active, `${parts} by label, ${gone} of them dormant`)
}
