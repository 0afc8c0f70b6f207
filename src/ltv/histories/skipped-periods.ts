import type { Periods } from '../../kernel/index.js'

const HOUR = 3_600_000
const BLOCK = 256

/**
 * How many hours or days up to one, that one among them, the clocks of a zone never showed; counted from 1970-01-01, below 0
 * before it. Clocks that go forward skip an hour; who crosses the date line skips a day (Apia had no 2011-12-30). Nobody can
 * buy in them. Of longer periods none was ever skipped.
 */
export function skippedPeriods(periods: Periods): (index: number) => number {
  const { unit, startOf } = periods
  if (unit !== 'hour' && unit !== 'day') return () => 0
  const width = unit === 'hour' ? HOUR : 24 * HOUR
  const known = new Map<number, readonly number[]>()
  const skippedIn = (block: number): readonly number[] => {
    const found = known.get(block)
    if (found !== undefined) return found
    const [from, to] = [block * BLOCK, (block + 1) * BLOCK]
    const skipped: number[] = []
    // Only where less time went by than periods were numbered it is worth while to look at each.
    if (startOf(to) - startOf(from) < (BLOCK - 0.5) * width)
      for (let index = from; index < to; index++)
        if (startOf(index) === startOf(index + 1)) skipped.push(index)
    known.set(block, skipped)
    return skipped
  }
  /** How many were skipped before each block: since the one of 1970, or until it. */
  const sums = new Map<number, number>([[0, 0]])
  let [first, last] = [0, 0]
  const before = (block: number): number => {
    for (; last < block; last++) sums.set(last + 1, sums.get(last)! + skippedIn(last).length)
    for (; first > block; first--) sums.set(first - 1, sums.get(first)! - skippedIn(first - 1).length)
    return sums.get(block)!
  }
  return (index) => {
    const block = Math.floor(index / BLOCK)
    let count = before(block)
    for (const skipped of skippedIn(block)) if (skipped <= index) count += 1
    return count
  }
}
