// The cells of a table as one number: counts to the last, shares to nine digits.

/** @param {readonly { n: number, hits: number, value: number, low: number, high: number }[]} cells */
export function checksum(cells) {
  let sum = cells.length
  const add = (number) => {
    sum = (Math.imul(sum, 31) + Math.round(number)) | 0
  }
  for (const { n, hits, value, low, high } of cells) {
    add(n)
    add(hits)
    for (const share of [value, low, high]) add(share * 1e9)
  }
  return sum
}

/** The counts alone, for who gives no intervals. */
export const counted = (cells) =>
  checksum(cells.map(({ n, hits }) => ({ n, hits, value: 0, low: 0, high: 0 })))

/** The same cells of a retention result. */
export const cellsOf = ({ cohorts }) =>
  cohorts.flatMap(({ cells }) =>
    cells.map(({ n, retained: hits, rate }) => ({
      n,
      hits,
      ...(rate.kind === 'estimate'
        ? { value: rate.value, low: rate.interval.low, high: rate.interval.high }
        : { value: 0, low: 0, high: 0 }),
    })),
  )
