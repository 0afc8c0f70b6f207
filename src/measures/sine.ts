/**
 * Sine and cosine of an angle from 0 to a right angle, within 2 ulp and with the same bits on every runtime.
 *
 * Taylor's series up to half a right angle, where ten terms leave nothing; above it the one is the other of the
 * remaining angle.
 */
export function sineAndCosine(angle: number): { readonly sine: number; readonly cosine: number } {
  if (angle > Math.PI / 4) {
    // Half of pi has more digits than a float; the rest of them comes in at the end.
    const { sine, cosine } = sineAndCosine(Math.PI / 2 - angle + 6.123233995736766e-17)
    return { sine: cosine, cosine: sine }
  }
  const square = angle * angle
  let odd = 1
  let even = 1
  for (let k = 20; k >= 2; k -= 2) {
    odd = 1 - (odd * square) / (k * (k + 1))
    even = 1 - (even * square) / (k * (k - 1))
  }
  return { sine: angle * odd, cosine: even }
}

/** Sine and cosine of any angle; of one far from 0 as of the float that it is, within its rounding by turns. */
export function sineAndCosineOf(angle: number): { readonly sine: number; readonly cosine: number } {
  const quarters = Math.round(angle / (Math.PI / 2))
  const rest = angle - quarters * (Math.PI / 2) - quarters * 6.123233995736766e-17
  const { sine: up, cosine } = sineAndCosine(Math.abs(rest))
  const sine = rest < 0 ? -up : up
  const turn = ((quarters % 4) + 4) % 4
  if (turn === 0) return { sine, cosine }
  if (turn === 1) return { sine: cosine, cosine: -sine }
  return turn === 2 ? { sine: -sine, cosine: -cosine } : { sine: -cosine, cosine: sine }
}
