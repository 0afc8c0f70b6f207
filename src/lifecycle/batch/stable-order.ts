/**
 * The places of whole numbers in ascending order, equal ones in the order in which they stand: sixteen bits at a time, so that
 * ten million take seconds less than by comparing them.
 */
export function stableOrder(keys: ArrayLike<number>): Uint32Array {
  const { length } = keys
  let low = Infinity
  let high = -Infinity
  let sorted = true
  for (let i = 0; i < length; i++) {
    const key = keys[i]!
    if (key < high) sorted = false
    if (key < low) low = key
    if (key > high) high = key
  }
  let order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = i
  if (sorted) return order
  let next = new Uint32Array(length)
  const starts = new Uint32Array(DIGITS + 1)
  for (let scale = 1; scale <= high - low; scale *= DIGITS) {
    starts.fill(0)
    for (let i = 0; i < length; i++) starts[digitOf(keys[i]! - low, scale) + 1]! += 1
    for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!
    for (let i = 0; i < length; i++) {
      const place = order[i]!
      const digit = digitOf(keys[place]! - low, scale)
      next[starts[digit]!] = place
      starts[digit]! += 1
    }
    const done = next
    next = order
    order = done
  }
  return order
}

const DIGITS = 65_536

const digitOf = (value: number, scale: number): number => {
  const shifted = Math.floor(value / scale)
  return shifted - Math.floor(shifted / DIGITS) * DIGITS
}
