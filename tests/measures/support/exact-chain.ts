// Chains in exact rational arithmetic: floats are dyadic rationals, so nothing here rounds.

interface Fraction {
  readonly top: bigint
  readonly bottom: bigint
}

/** A float as the rational that it is. */
function exactly(value: number): Fraction {
  if (value === 0) return { top: 0n, bottom: 1n }
  let scaled = value
  let power = 0
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    power += 1
  }
  return { top: BigInt(scaled), bottom: 1n << BigInt(power) }
}

/**
 * The inverse of I - Q where the chance to stay is what the others leave, by Gauss–Jordan elimination over fractions of integers, as
 * the nearest floats.
 */
export function exactFundamental(
  Q: readonly (readonly number[])[],
  R: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const n = Q.length
  const rows = Q.map((row, i) => {
    const off = row.map((chance, j) => (i === j ? exactly(0) : exactly(chance)))
    const leaving = [...off, ...R[i]!.map(exactly)]
    const bottom = leaving.reduce((most, part) => (part.bottom > most ? part.bottom : most), 1n)
    const scale = ({ top, bottom: own }: Fraction) => top * (bottom / own)
    const whole = leaving.reduce((sum, part) => sum + scale(part), 0n)
    // A row times its denominator; the right side carries the same factor.
    const left = off.map((part, j) => (i === j ? whole : -scale(part)))
    return [...left, ...Q.map((_, k) => (i === k ? bottom : 0n))]
  })
  let before = 1n
  for (let k = 0; k < n; k += 1) {
    const pivotRow = rows.findIndex((row, i) => i >= k && row[k] !== 0n)
    if (pivotRow !== k) [rows[k], rows[pivotRow]] = [rows[pivotRow]!, rows[k]!]
    const pivot = rows[k]![k]!
    for (let i = 0; i < n; i += 1) {
      if (i === k) continue
      const factor = rows[i]![k]!
      // Bareiss: the division leaves no remainder.
      for (let j = 0; j < 2 * n; j += 1) rows[i]![j] = (rows[i]![j]! * pivot - factor * rows[k]![j]!) / before
    }
    before = pivot
  }
  return rows.map((row, i) => row.slice(n).map((top) => ratio(top, row[i]!)))
}

/** The long-run shares of an irreducible chain: visits to each state between visits to the first one, exactly. */
export function exactStationary(P: readonly (readonly number[])[]): readonly number[] {
  const rest = P.slice(1).map((row) => row.slice(1))
  const out = P.slice(1).map((row) => [row[0]!])
  // Scaled to integers by a power of two, so that the visits stay exact until the end.
  const visits = exactVisits(P[0]!.slice(1), rest, out)
  const total = visits.reduce((sum, one) => add(sum, one), { top: 1n, bottom: 1n })
  return [{ top: 1n, bottom: 1n }, ...visits].map((one) =>
    ratio(one.top * total.bottom, one.bottom * total.top),
  )
}

/** start · (I - Q)^-1 in fractions. */
function exactVisits(
  start: readonly number[],
  Q: readonly (readonly number[])[],
  R: readonly (readonly number[])[],
): Fraction[] {
  const n = Q.length
  // The system transposed: columns are rows of I - Q.
  const matrix = Q.map((row, i) => {
    const parts = row.map((chance, j) => (i === j ? exactly(0) : exactly(chance)))
    const stay = [...parts, ...R[i]!.map(exactly)].reduce(add, exactly(0))
    return parts.map((part, j) => (i === j ? stay : { top: -part.top, bottom: part.bottom }))
  })
  const rows = start.map((chance, j) => [...matrix.map((row) => row[j]!), exactly(chance)])
  for (let k = 0; k < n; k += 1) {
    const pivot = rows[k]![k]!
    for (let i = 0; i < n; i += 1) {
      if (i === k || rows[i]![k]!.top === 0n) continue
      const factor = times(rows[i]![k]!, { top: pivot.bottom, bottom: pivot.top })
      rows[i] = rows[i]!.map((part, j) => {
        const taken = times(factor, rows[k]![j]!)
        return add(part, { top: -taken.top, bottom: taken.bottom })
      })
    }
  }
  return rows.map((row, i) => times(row[n]!, { top: row[i]!.bottom, bottom: row[i]!.top }))
}

function add(a: Fraction, b: Fraction): Fraction {
  return reduced({ top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom })
}

function times(a: Fraction, b: Fraction): Fraction {
  return reduced({ top: a.top * b.top, bottom: a.bottom * b.bottom })
}

function reduced({ top, bottom }: Fraction): Fraction {
  let [x, y] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom]
  while (y > 0n) [x, y] = [y, x % y]
  const sign = bottom < 0n ? -1n : 1n
  return x === 0n ? { top: 0n, bottom: 1n } : { top: (sign * top) / x, bottom: (sign * bottom) / x }
}

/** A quotient of integers to 20 digits or so, as a float. */
function ratio(top: bigint, bottom: bigint): number {
  if (top === 0n) return 0
  const [a, b] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom]
  const shift = 80n - BigInt(a.toString(2).length - b.toString(2).length)
  const quotient = shift >= 0n ? (a << shift) / b : a / (b << -shift)
  const value = Number(quotient) * 2 ** -Number(shift)
  return top < 0n !== bottom < 0n ? -value : value
}
