/**
 * What a fact may say: nothing, or a number in one of these closed spans, which stand in order and apart. Words and
 * truths are numbered, so that every fact has numbers.
 */
export interface Values {
  readonly none: boolean
  readonly spans: readonly Range[]
}
export type Range = readonly [low: number, high: number]

/** The largest number that a fact can say. */
export const MOST = Number.MAX_SAFE_INTEGER

export const values = (...spans: readonly Range[]): Values => ({ none: false, spans })
export const orNothing = ({ spans }: Values): Values => ({ none: true, spans })
export const NOTHING: Values = { none: true, spans: [] }
export const SOMETHING: Values = values([-Infinity, Infinity])
export const ANY: Values = orNothing(SOMETHING)
export const ZERO: Values = values([0, 0])
export const SOME: Values = values([1, Infinity])
export const COUNTS: Values = values([0, MOST])

/** Values that are named one by one. */
export function points(numbers: readonly number[]): Values {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b)
  return { none: false, spans: sorted.map((one) => [one, one]) }
}

export function meet(a: Values, b: Values): Values {
  const spans: Range[] = []
  for (let i = 0, j = 0; i < a.spans.length && j < b.spans.length; ) {
    const [one, other] = [a.spans[i]!, b.spans[j]!]
    const low = Math.max(one[0], other[0])
    const high = Math.min(one[1], other[1])
    if (low <= high) spans.push([low, high])
    if (one[1] < other[1]) i += 1
    else j += 1
  }
  return { none: a.none && b.none, spans }
}

/** All others: of what says nothing or a whole number. */
export function others({ none, spans }: Values): Values {
  const between: Range[] = []
  let from = -Infinity
  for (const [low, high] of spans) {
    if (low > from) between.push([from, low - 1])
    from = high + 1
  }
  if (from < Infinity) between.push([from, Infinity])
  return { none: !none, spans: between }
}

export const isEmpty = ({ none, spans }: Values): boolean => !none && spans.length === 0

/** Whether every one of the first is one of the second. */
export function within(a: Values, b: Values): boolean {
  if (a.none && !b.none) return false
  let j = 0
  return a.spans.every(([low, high]) => {
    while (j < b.spans.length && b.spans[j]![1] < low) j += 1
    const span = b.spans[j]
    return span !== undefined && span[0] <= low && high <= span[1]
  })
}

export function areApart(a: Values, b: Values): boolean {
  if (a.none && b.none) return false
  for (let i = 0, j = 0; i < a.spans.length && j < b.spans.length; ) {
    const [one, other] = [a.spans[i]!, b.spans[j]!]
    if (one[0] <= other[1] && other[0] <= one[1]) return false
    if (one[1] < other[1]) i += 1
    else j += 1
  }
  return true
}

export const isSame = (a: Values, b: Values): boolean =>
  a.none === b.none &&
  a.spans.length === b.spans.length &&
  a.spans.every(([low, high], i) => low === b.spans[i]![0] && high === b.spans[i]![1])

/** The smallest and the largest number; of no number, the wrong way round. */
export const lowest = ({ spans }: Values): number => (spans.length === 0 ? Infinity : spans[0]![0])
export const highest = ({ spans }: Values): number =>
  spans.length === 0 ? -Infinity : spans[spans.length - 1]![1]

/** How many numbers there are. */
export function howMany({ spans }: Values): number {
  let sum = 0
  for (const [low, high] of spans) sum += high - low + 1
  return sum
}
