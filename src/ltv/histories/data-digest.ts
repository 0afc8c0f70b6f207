/** A digest of numbers in a row: it tells apart data that a mistake made different. */
export function dataDigest(): { add(value: number): void; name(): string } {
  const bits = new DataView(new ArrayBuffer(8))
  let [left, right, many] = [0x811c9dc5, 0x9e3779b9, 0]
  return {
    add(value) {
      bits.setFloat64(0, value + 0)
      left = Math.imul(left ^ bits.getInt32(0), 0x01000193)
      left = Math.imul(left ^ bits.getInt32(4) ^ (left >>> 15), 0x85ebca6b)
      right = Math.imul(right ^ bits.getInt32(4), 0xc2b2ae35)
      right = Math.imul(right ^ bits.getInt32(0) ^ (right >>> 13), 0x27d4eb2f)
      many += 1
    },
    name: () => `${many}-${left >>> 0}-${right >>> 0}`,
  }
}
