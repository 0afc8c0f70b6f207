/**
 * A print of data by which fits to the same ones are known: two multiplicative hashes over all numbers and texts, keys in
 * order. It tells apart what a mistake makes different.
 */
export function dataPrint(data: unknown): string {
  words[0] = 0x9e3779b9
  words[1] = 0x85ebca6b
  feed(data, 6)
  const text = [mixed(words[0]!), mixed(words[1]!)].map((word) => word.toString(16).padStart(8, '0'))
  return text.join('')
}

const words = new Uint32Array(2)

function feed(value: unknown, levels: number): void {
  if (value instanceof Float64Array) {
    feedNumber(value.length)
    for (let i = 0; i < value.length; i += 1) feedNumber(value[i]!)
  } else if (typeof value === 'number') feedNumber(value)
  else if (typeof value === 'string') {
    feedNumber(value.length)
    for (let i = 0; i < value.length; i += 1) feedWord(value.charCodeAt(i))
  } else if (typeof value === 'object' && value !== null && levels > 0) {
    for (const key of Object.keys(value).sort()) {
      feed(key, 0)
      feed((value as { readonly [key: string]: unknown })[key], levels - 1)
    }
  } else feedWord(value === true ? 3 : value === undefined ? 5 : 7)
}

const number = new Float64Array(1)
const halves = new Uint32Array(number.buffer)

function feedNumber(value: number): void {
  // Minus zero is zero.
  number[0] = value + 0
  feedWord(halves[0]!)
  feedWord(halves[1]!)
}

function feedWord(word: number): void {
  words[0] = Math.imul(words[0]! ^ word, 0x85ebca6b)
  words[0] ^= words[0]! >>> 15
  words[1] = Math.imul(words[1]! ^ word, 0xc2b2ae35)
  words[1] ^= words[1]! >>> 13
}

function mixed(word: number): number {
  let mixing = Math.imul(word ^ (word >>> 16), 0x7feb352d)
  mixing = Math.imul(mixing ^ (mixing >>> 15), 0x846ca68b)
  return (mixing ^ (mixing >>> 16)) >>> 0
}
