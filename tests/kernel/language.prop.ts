// Rules as words: every condition is printed and read back as the same data, in both tongues, whatever words a
// catalogue has.
import fc from 'fast-check'
import {
  type Condition,
  canonical,
  explain,
  type Lang,
  parseCondition,
  printCondition,
  type Speaker,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { anyCatalogue, anyComparison, anyCondition, catalogue, kinds } from './support/any-condition.js'

const langs: readonly Lang[] = ['zh', 'en']

function expectReadBack(speaker: Speaker, condition: Condition): void {
  for (const lang of langs) {
    const said = printCondition(speaker, condition, lang)
    const read = parseCondition(speaker, said, lang)
    if (!('condition' in read) || canonical(read.condition) !== canonical(condition))
      expect({ said, read }).toEqual({ said, read: { condition } })
  }
}

describe('what is printed is read back', () => {
  test.each(kinds)('%s, with all that it can say', (kind) => {
    fc.assert(
      fc.property(anyComparison(kind), (condition) => expectReadBack(catalogue, condition)),
      { numRuns: runs(60, 5000) },
    )
  })

  test('moments in the zone of who speaks', () => {
    const zone = fc.constantFrom(
      'Asia/Shanghai',
      'America/New_York',
      'Asia/Kathmandu',
      'Africa/Monrovia',
      'UTC',
    )
    fc.assert(
      fc.property(zone, anyComparison('attribute'), anyComparison('max'), (name, ...conditions) => {
        const speaker = { vocabulary: { ...catalogue.vocabulary, calendar: { zone: name } } }
        for (const condition of conditions) expectReadBack(speaker, condition)
      }),
      { numRuns: runs(100, 5000) },
    )
  })

  test('joined in all ways', () => {
    fc.assert(
      fc.property(anyCondition, (condition) => expectReadBack(catalogue, condition)),
      { numRuns: runs(150, 20_000) },
    )
  })

  test('in words that look like parts of sentences', () => {
    fc.assert(
      fc.property(anyCatalogue, anyCondition, (speaker, condition) => expectReadBack(speaker, condition)),
      { numRuns: runs(250, 20_000) },
    )
  })
})

describe('what is changed is said otherwise', () => {
  test('another threshold, another sentence', () => {
    const thresholds = fc
      .tuple(anyCondition, fc.nat(), fc.integer({ min: 1, max: 9 }))
      .map(([condition, which, by]) => {
        const leaves = numbersOf(condition)
        const leaf = leaves[which % Math.max(leaves.length, 1)]
        return { condition, changed: leaf && replaced(condition, leaf, by) }
      })
    let changes = 0
    fc.assert(
      fc.property(thresholds, ({ condition, changed }) => {
        if (changed === undefined) return
        changes += 1
        for (const lang of langs)
          expect(printCondition(catalogue, changed, lang)).not.toBe(
            printCondition(catalogue, condition, lang),
          )
      }),
      { numRuns: runs(100, 5000) },
    )
    expect(changes).toBeGreaterThan(20)
  })

  test('one character, another condition that reads so, or an error that points into the text', () => {
    const shares = { same: 0, other: 0, refused: 0 }
    const mutation = fc.record({
      condition: anyCondition,
      lang: fc.constantFrom(...langs),
      at: fc.nat(),
      how: fc.constantFrom('drop', 'double', 'swap', 'put', 'replace'),
      put: fc.constantFrom('次', '且', ' ', ')', '"', '5', '“', 'a', '、', '（', ',', '\\', '天'),
    })
    fc.assert(
      fc.property(mutation, ({ condition, lang, at, how, put }) => {
        const said = printCondition(catalogue, condition, lang)
        const i = at % said.length
        const [head, unit, tail] = [said.slice(0, i), said[i]!, said.slice(i + 1)]
        const mutated = {
          drop: head + tail,
          double: head + unit + unit + tail,
          swap: head + tail.slice(0, 1) + unit + tail.slice(1),
          put: head + put + unit + tail,
          replace: head + put + tail,
        }[how]
        const read = parseCondition(catalogue, mutated, lang)
        if ('condition' in read) {
          shares[canonical(read.condition) === canonical(condition) ? 'same' : 'other'] += 1
          // What was read is what is said, but for marks and blanks that may be written in several ways.
          expectReadBack(catalogue, read.condition)
          return
        }
        shares.refused += 1
        const { refusal } = read
        if (refusal.code === 'text-too-long') throw new Error('is not long')
        expect(refusal.position).toBeGreaterThanOrEqual(0)
        expect(refusal.position).toBeLessThanOrEqual(mutated.length)
        if (refusal.code === 'unreadable-text') expect(refusal.expected.length).toBeGreaterThan(0)
        for (const tongue of langs) expect(explain(catalogue, refusal, tongue)).not.toMatch(/undefined|\{\w/)
      }),
      { numRuns: runs(300, 20_000) },
    )
    for (const share of Object.values(shares)) expect(share).toBeGreaterThan(0)
  })
})

/** Comparisons with a number. */
function numbersOf(condition: Condition): readonly Condition[] {
  if ('fact' in condition)
    return 'value' in condition && typeof condition.value === 'number' ? [condition] : []
  return condition.condition === 'not' ? numbersOf(condition.of) : condition.of.flatMap(numbersOf)
}

function replaced(condition: Condition, leaf: Condition, by: number): Condition {
  if (condition === leaf && 'value' in condition) {
    const value = condition.value as number
    return { ...condition, value: value > 0 ? value - by : value + by } as Condition
  }
  if ('fact' in condition) return condition
  if (condition.condition === 'not') return { ...condition, of: replaced(condition.of, leaf, by) }
  return { ...condition, of: condition.of.map((part) => replaced(part, leaf, by)) }
}

describe('hostile texts are refused at once', () => {
  const fill = (piece: string) => piece.repeat(Math.ceil(10_000 / piece.length)).slice(0, 10_000)
  const patterns: readonly (readonly [string, Lang])[] = [
    ['（', 'zh'],
    ['(', 'en'],
    ['非（', 'zh'],
    ['not (', 'en'],
    ['“', 'zh'],
    ['"', 'en'],
    ['[', 'en'],
    ['\\', 'en'],
    ['9', 'zh'],
    ['最近', 'zh'],
    ['最近90天', 'zh'],
    ['下单', 'zh'],
    ['下单（', 'zh'],
    ['下单的金额', 'zh'],
    ['下单≥3次且', 'zh'],
    ['下单≥3次或（', 'zh'],
    ['下单（渠道为网页，', 'zh'],
    ['至少满足1项（', 'zh'],
    ['at least 1 of (', 'en'],
    ['order paid at least 3 times and ', 'en'],
    ['at least ', 'en'],
    [' ', 'en'],
    ['total amount of ', 'en'],
    ['steps visit, then ', 'en'],
    ['today is one of (true, ', 'en'],
    ['\u0000', 'zh'],
    ['\ud800', 'zh'],
  ]
  const starts = [
    '',
    '下单（渠道属于（',
    '等级属于（',
    '按日历“',
    'level is one of ("gold", ',
    '"order-paid" (',
    'steps ',
  ]
  const tails = ['“gold”、', '"gold", ', '{"a":[', '\\"', '渠道为网页，', 'visit, then ', 'channel is web, ']

  test.each(patterns)('%j … (%s)', (piece, lang) => {
    expectQuick(fill(piece), lang)
  })
  test.each(starts.flatMap((start) => tails.map((tail) => [start, tail] as const)))(
    '%j then %j …',
    (start, tail) => {
      for (const lang of langs) expectQuick((start + fill(tail)).slice(0, 10_000), lang)
    },
  )
  test('a million characters are not looked at', () => {
    expect(parseCondition(catalogue, '（'.repeat(1_000_000), 'zh')).toEqual({
      refusal: { code: 'text-too-long', length: 1_000_000, limit: 200_000 },
    })
  })

  /** CPU time of the quickest of a few readings: the first ones also compile, and others use the machine. */
  function expectQuick(said: string, lang: Lang): void {
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < 5 && least > 25_000; i++) {
      const begun = process.cpuUsage()
      const read = parseCondition(catalogue, said, lang)
      const { user, system } = process.cpuUsage(begun)
      least = Math.min(least, user + system)
      expect('condition' in read || 'refusal' in read).toBe(true)
    }
    expect(least).toBeLessThan(50_000)
  }
})
