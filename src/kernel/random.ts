import { fault } from './errors.js'

/** Where a generator stands, as plain JSON: `restoreRandom` goes on from there. */
export interface RandomState {
  readonly algorithm: 'xoshiro128**'
  /** What forks are made from; it never moves. */
  readonly key: readonly [number, number, number, number]
  readonly words: readonly [number, number, number, number]
}

/**
 * Chance as an argument. The sequence is a contract: one seed gives the same numbers on every runtime and in every
 * version of the library.
 */
export interface Random {
  /** A multiple of 2^-53 in [0, 1), all equally likely. */
  next(): number
  /** A whole number from `low` to `high`, both included, all equally likely. */
  integer(low: number, high: number): number
  /** One of the list, all equally likely. */
  pick<T>(list: readonly T[]): T
  /**
   * A generator of its own for one purpose or subject. It depends on this one's seed and the label only, never on what
   * was drawn before, so a draw more here changes nothing there.
   */
  fork(label: string | number): Random
  state(): RandomState
}

/**
 * A seeded generator: xoshiro128**, its state from MurmurHash3 of the seed's text. Not for secrets.
 *
 * A number seeds like its text: `random(7)` and `random('7')` are one sequence.
 *
 * @throws DefinitionError `out-of-range` when a seed is a number but not finite.
 * @see Blackman & Vigna (2021), "Scrambled Linear Pseudorandom Number Generators"; Appleby, MurmurHash3 (x86, 32 bit).
 * @example
 * random('spring').integer(1, 6) // => 1
 */
export function random(seed: string | number): Random {
  const key = hash(seedText(seed), [0, 1, 2, 3])
  return generator(key, key)
}

/**
 * Goes on where `state()` was taken.
 *
 * @throws DefinitionError `out-of-range` when the state is none: four unsigned 32-bit words each, not all zero.
 */
export function restoreRandom(state: RandomState): Random {
  if (state?.algorithm !== 'xoshiro128**' || !areWords(state.key) || !areWords(state.words)) {
    throw fault(
      'out-of-range',
      '$',
      state,
      'the state of a generator: { algorithm: "xoshiro128**", key, words }',
    )
  }
  return generator(state.key, state.words)
}

type Words = RandomState['words']

function generator(key: Words, words: Words): Random {
  let [a, b, c, d] = words

  function word(): number {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return scrambled
  }

  function next(): number {
    const high = word() >>> 5
    return (high * 67108864 + (word() >>> 6)) / 9007199254740992
  }

  function integer(low: number, high: number): number {
    const count = Number.isSafeInteger(low) && Number.isSafeInteger(high) ? high - low + 1 : 0
    if (!(count >= 1 && count <= 9007199254740992)) {
      throw fault(
        'out-of-range',
        '$.low',
        [low, high],
        'two safe integers, the lower first, at most 2^53 apart',
      )
    }
    const range = count <= 4294967296 ? 4294967296 : 9007199254740992
    // Draws past the last full multiple are thrown away: what is left divides evenly.
    const limit = range - (range % count)
    let draw: number
    do draw = range === 4294967296 ? word() : next() * 9007199254740992
    while (draw >= limit)
    return low + (draw % count)
  }

  return {
    next,
    integer,
    pick<T>(list: readonly T[]): T {
      if (!Array.isArray(list) || list.length === 0) {
        throw fault('out-of-range', '$', list, 'a list that is not empty')
      }
      return list[integer(0, list.length - 1)] as T
    },
    fork(label) {
      const child = hash(seedText(label), key)
      return generator(child, child)
    },
    state: () => ({ algorithm: 'xoshiro128**', key, words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0] }),
  }
}

/** Four 32-bit hashes of one text under four seeds, not all zero. */
function hash(text: string, seeds: Words): Words {
  const [a, b, c, d] = seeds
  const words: Words = [murmur(text, a), murmur(text, b), murmur(text, c), murmur(text, d)]
  return words.some((word) => word !== 0) ? words : [1, 0, 0, 0]
}

/** MurmurHash3 x86_32 of a text's UTF-16 code units, two bytes each, low byte first. */
function murmur(text: string, seed: number): number {
  let state = seed | 0
  const pairs = text.length - (text.length % 2)
  for (let at = 0; at < pairs; at += 2) {
    state ^= mix(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16))
    state = (Math.imul(rotate(state, 13), 5) + 0xe6546b64) | 0
  }
  if (pairs < text.length) state ^= mix(text.charCodeAt(pairs))
  state ^= text.length * 2
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

function mix(block: number): number {
  return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593)
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

function seedText(seed: string | number): string {
  if (typeof seed === 'string') return seed
  if (Number.isFinite(seed)) return String(seed)
  throw fault('out-of-range', '$.seed', seed, 'text or a finite number')
}

function areWords(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((word) => Number.isInteger(word) && word >= 0 && word <= 4294967295) &&
    value.some((word) => word !== 0)
  )
}
