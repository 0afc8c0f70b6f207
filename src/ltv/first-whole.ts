/** The smallest whole number from 1 to `most` for which something holds that goes on holding; none if it does not by then. */
export function firstWhole(holds: (n: number) => boolean, most = 9007199254740992): number | undefined {
  let low = 0
  let high = 1
  while (!holds(high)) {
    if (high >= most) return undefined
    low = high
    high = Math.min(most, 2 * high)
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
