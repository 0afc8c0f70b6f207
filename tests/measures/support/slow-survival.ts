import type { SurvivalRecord } from '../../../src/measures/survival-record.js'

/** A record with the group and the stratum that it is in. */
export interface GroupedRecord extends SurvivalRecord {
  readonly group: string
  readonly stratum: string
}

/** Everybody at risk at a time, looked up one by one. */
const atRiskAt = <R extends SurvivalRecord>(records: readonly R[], at: number) =>
  records.filter(({ time, entry }) => time >= at && (entry === undefined || entry < at))

const timesOf = (records: readonly SurvivalRecord[]) =>
  [...new Set(records.map(({ time }) => time))].sort((a, b) => a - b)

/** The curve by its definition: every time anew over all records, survival as a fraction of whole numbers. */
export function slowCurve(records: readonly SurvivalRecord[]) {
  let [above, below] = [1n, 1n]
  return timesOf(records).map((at) => {
    const watched = atRiskAt(records, at)
    const gone = watched.filter(({ time }) => time === at)
    const events = gone.filter(({ event }) => event).length
    above *= BigInt(watched.length - events)
    below *= BigInt(watched.length)
    return { time: at, atRisk: watched.length, events, censored: gone.length - events, above, below }
  })
}

/** A fraction as a float, by 30 decimal digits. */
export function decimalOf(above: bigint, below: bigint): number {
  return Number(`${(above * 10n ** 30n) / below}e-30`)
}

/** The test by its definition, over records; `undefined` where the covariances cannot be inverted. */
export function slowLogRank(records: readonly GroupedRecord[], groups: readonly string[], rho: number) {
  const observed = groups.map(() => 0)
  const expected = groups.map(() => 0)
  const variance = groups.map(() => groups.map(() => 0))
  for (const stratum of new Set(records.map((one) => one.stratum))) {
    const here = records.filter((one) => one.stratum === stratum)
    let survival = 1
    for (const at of timesOf(here)) {
      const watched = atRiskAt(here, at)
      const gone = watched.filter(({ time, event }) => time === at && event)
      const [n, d] = [watched.length, gone.length]
      const weight = survival ** rho
      const risk = groups.map((group) => watched.filter((one) => one.group === group).length)
      for (const [i, group] of groups.entries()) {
        observed[i]! += weight * gone.filter((one) => one.group === group).length
        expected[i]! += (weight * d * risk[i]!) / n
        for (const j of groups.keys()) {
          const share = (i === j ? risk[i]! / n : 0) - (risk[i]! * risk[j]!) / (n * n)
          if (n > 1) variance[i]![j]! += (weight * weight * d * (n - d) * share) / (n - 1)
        }
      }
      survival *= (n - d) / n
    }
  }
  const differences = observed.map((sum, i) => sum - expected[i]!)
  const rest = groups.slice(1).map((_, i) => [...variance[i + 1]!.slice(1), differences[i + 1]!])
  const solved = eliminate(rest)
  const chiSquare = solved?.reduce((sum, value, i) => sum + value * differences[i + 1]!, 0)
  return { observed, expected, variance, chiSquare }
}

/** Gauss and Jordan with the largest pivot; the last column is the right side. */
function eliminate(rows: number[][]): number[] | undefined {
  for (const i of rows.keys()) {
    const pivot = rows
      .map((row, place) => ({ place, size: Math.abs(row[i]!) }))
      .slice(i)
      .sort((a, b) => b.size - a.size)[0]!
    if (pivot.size < 1e-9) return undefined
    ;[rows[i], rows[pivot.place]] = [rows[pivot.place]!, rows[i]!]
    const head = rows[i]!
    for (const [j, row] of rows.entries()) {
      if (j === i) continue
      const times = row[i]! / head[i]!
      rows[j] = row.map((value, k) => value - times * head[k]!)
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}
