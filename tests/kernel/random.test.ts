import { describe, expect, test } from 'vitest'
import { type Random, type RandomState, random, restoreRandom } from '../../src/kernel/random.js'

const fault = (path: string) =>
  expect.objectContaining({ name: 'DefinitionError', code: 'out-of-range', path })
const draws = (generator: Random, count = 10) => Array.from({ length: count }, () => generator.next())

describe('integers', () => {
  test('cover the range, both ends included, evenly', () => {
    const generator = random('dice')
    const counts = new Map<number, number>()
    for (let roll = 0; roll < 60_000; roll += 1) {
      const face = generator.integer(1, 6)
      counts.set(face, (counts.get(face) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6])
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    expect(chiSquare).toBeLessThan(20.5) // the 0.999 quantile with 5 degrees of freedom
  })

  test('are unbiased where a remainder would not be', () => {
    // Over 3/4 of the range, a remainder of 53 bits would fall into the lowest third half of the time.
    const generator = random('wide')
    const top = 3 * 2 ** 51 - 1
    let low = 0
    for (let draw = 0; draw < 30_000; draw += 1) if (generator.integer(0, top) < 2 ** 51) low += 1
    expect(Math.abs(low - 10_000)).toBeLessThan(400)
  })

  test('of one value, of negative ones and of the widest range', () => {
    const generator = random(1)
    expect(generator.integer(7, 7)).toBe(7)
    expect(generator.integer(-3, -3)).toBe(-3)
    const wide = Array.from({ length: 100 }, () => generator.integer(-(2 ** 52), 2 ** 52 - 1))
    expect(wide.every((value) => Number.isSafeInteger(value))).toBe(true)
    expect(wide.some((value) => value < -(2 ** 50)) && wide.some((value) => value > 2 ** 50)).toBe(true)
  })

  test.each([
    [2, 1],
    [0.5, 1],
    [0, Number.NaN],
    [0, 2 ** 53],
    [-(2 ** 53) + 1, 2 ** 53 - 1],
  ])('from %d to %d are refused', (low, high) => {
    expect(() => random(1).integer(low, high)).toThrow(fault('$.low'))
  })
})

describe('forks', () => {
  test('depend on the seed and the label only', () => {
    const early = random('spring').fork('badges')
    const parent = random('spring')
    draws(parent, 5)
    parent.fork('other').next()
    expect(draws(parent.fork('badges'))).toEqual(draws(early))
  })

  test('leave the parent where it stood', () => {
    const parent = random('spring')
    parent.fork('badges').next()
    expect(draws(parent)).toEqual(draws(random('spring')))
  })

  test('differ by label, by seed, by depth and from their parent', () => {
    const roots = [random('a'), random('b'), random('ab')]
    const forks = roots.flatMap((root) => [
      root,
      root.fork(''),
      root.fork('b'),
      root.fork(1),
      root.fork('b').fork('b'),
    ])
    expect(new Set(forks.map((fork) => fork.next())).size).toBe(forks.length)
  })

  test('of a restored generator are those of the first', () => {
    const parent = random('spring')
    draws(parent, 3)
    const restored = restoreRandom(JSON.parse(JSON.stringify(parent.state())))
    expect(draws(restored.fork('x'))).toEqual(draws(parent.fork('x')))
  })
})

test('picks', () => {
  const generator = random('pick')
  const seen = new Set(Array.from({ length: 200 }, () => generator.pick(['a', 'b', 'c'])))
  expect([...seen].sort()).toEqual(['a', 'b', 'c'])
  expect(() => generator.pick([])).toThrow(fault('$'))
})

test('a number seeds like its text', () => {
  expect(draws(random(7))).toEqual(draws(random('7')))
  expect(draws(random(-0))).toEqual(draws(random(0)))
  expect(() => random(Number.NaN)).toThrow(fault('$.seed'))
  expect(() => random(1).fork(Infinity)).toThrow(fault('$.seed'))
})

test('a state is plain data, and only a state restores', () => {
  const state = random('spring').state()
  expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  const wrong: unknown[] = [
    null,
    {},
    { ...state, algorithm: 'sfc32' },
    { ...state, words: [0, 0, 0, 0] },
    { ...state, words: [1, 2, 3] },
    { ...state, key: [1, 2, 3, -1] },
    { ...state, key: [1, 2, 3, 2 ** 32] },
  ]
  for (const value of wrong) expect(() => restoreRandom(value as RandomState)).toThrow(fault('$'))
})
