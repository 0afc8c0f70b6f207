import { canonical, DefinitionError, digest, digestName, plain } from 'liuliang'
import { describe, expect, test } from 'vitest'

describe('one text for equal data', () => {
  test.each<[name: string, value: unknown, text: string]>([
    [
      'keys by code unit, whatever the order they were written in',
      { b: 1, a: { d: 2, c: 3 } },
      '{"a":{"c":3,"d":2},"b":1}',
    ],
    ['keys that look like numbers', { 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    ['nothing for a key that holds nothing', { a: undefined, b: null }, '{"b":null}'],
    ['one zero', [0, -0], '[0,0]'],
    ['numbers as they are written', [1e21, 0.1, -5], '[1e+21,0.1,-5]'],
    ['quotes and line ends', 'a"\n', '"a\\"\\n"'],
    ['an own key called __proto__', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ])('%s', (_, value, text) => {
    expect(canonical(value)).toBe(text)
  })

  test.each([[1n], [Number.NaN], [Number.POSITIVE_INFINITY], [() => 1], [Symbol('a')], [undefined]])(
    '%s is no data',
    (value) => {
      expect(() => canonical([value])).toThrow(DefinitionError)
    },
  )
})

describe('digests', () => {
  test('are contracts: stored states and derived ids carry them', () => {
    expect([digest(''), digest('a'), digest('留量')]).toMatchInlineSnapshot(`
      [
        15216031280547,
        8948978738066659,
        5632352341272953,
      ]
    `)
    expect([digestName(''), digestName('a'), digestName('留量')]).toMatchInlineSnapshot(`
      [
        "000dqr127bd3",
        "07ub1htcht73",
        "0502j0s8qabp",
      ]
    `)
  })

  test('are safe integers that tell apart a hundred thousand neighbours', () => {
    const seen = new Set(Array.from({ length: 100_000 }, (_, i) => digest(`order-${i}`)))
    expect(seen.size).toBe(100_000)
    expect([...seen].every(Number.isSafeInteger)).toBe(true)
  })

  test('change with every unit of the text, and with their order', () => {
    expect(new Set(['ab', 'ba', 'aab', 'abb', 'AB', 'a\0b', 'ab\0'].map(digest)).size).toBe(7)
    expect(digestName('ab')).toMatch(/^[0-9a-v]{12}$/)
  })
})

test('plain data has neither verbs nor empty keys', () => {
  const verbs = { optional: () => 1 }
  expect(plain(Object.assign(Object.create(verbs), { type: 'text', oneOf: undefined }))).toStrictEqual({
    type: 'text',
  })
})
