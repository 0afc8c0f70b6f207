// A digest of results, fed one by one: their number and every bit of them counts, and so does their order.

const float = new DataView(new ArrayBuffer(8))

/**
 * Two multiplicative hashes over 32-bit words: the digest must not lean on what it checks.
 * @param {readonly string[]} [besides] keys that are passed over
 */
export function results(besides = []) {
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  let count = 0

  const word = (bits) => {
    a = Math.imul(a ^ bits, 0x9e3779b1)
    a ^= a >>> 15
    b = Math.imul(b ^ bits, 0x5f356495)
    b ^= b >>> 13
  }
  const text = (tag, value) => {
    word(tag)
    word(value.length)
    for (let at = 0; at < value.length; at += 1) word(value.charCodeAt(at))
  }

  /** One result, or all that an answer holds: keys by code unit, every bit of a float, also of -0, NaN and infinities. */
  const note = (answer) => {
    if (typeof answer === 'number') {
      float.setFloat64(0, Number.isNaN(answer) ? Number.NaN : answer)
      word(1)
      word(float.getInt32(0))
      word(float.getInt32(4))
    } else if (typeof answer === 'string') text(2, answer)
    else if (typeof answer === 'bigint') text(3, String(answer))
    else if (typeof answer !== 'object' || answer === null) text(4, String(answer))
    else {
      const keys = Array.isArray(answer)
        ? undefined
        : Object.keys(answer)
            .filter((key) => !besides.includes(key))
            .sort()
      word(keys === undefined ? 5 : 6)
      word(keys === undefined ? answer.length : keys.length)
      for (const key of keys ?? answer.keys()) {
        if (keys !== undefined) text(7, key)
        note(answer[key])
      }
      return
    }
    count += 1
  }

  const hex = (bits) => (bits >>> 0).toString(16).padStart(8, '0')
  return { note, digest: () => `${hex(a)}${hex(b)}`, count: () => count }
}
