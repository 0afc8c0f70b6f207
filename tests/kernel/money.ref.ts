import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DefinitionError } from '../../src/kernel/errors.js'
import { type Money, parseMinor, sumMoney, toMoney } from '../../src/kernel/money.js'

type Tagged = string | { $: 'repeat'; s: string; n: number } | { $: 'concat'; parts: Tagged[] }
const untag = (value: Tagged): string =>
  typeof value === 'string'
    ? value
    : value.$ === 'repeat'
      ? value.s.repeat(value.n)
      : value.parts.map(untag).join('')

const load = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}/cases.json`, import.meta.url), 'utf8'))
const { cases }: { cases: { id: string; why: string; value: Tagged; expect: string }[] } =
  load('hostile-amounts')

describe('hostile amounts: kept exactly, or refused with a typed error, at once', () => {
  test.each(cases)('$id $why', ({ value, expect: expected }) => {
    const text = untag(value)
    const began = performance.now()
    let answer: Money | undefined
    try {
      answer = toMoney(text, 'CNY', { digits: 8 })
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError)
      expect((error as DefinitionError).code).toBe('invalid-amount')
    }
    const minor = parseMinor(text, 8)
    expect(performance.now() - began).toBeLessThan(50)
    if (expected === 'accept') expect(answer).toBeDefined()
    if (expected === 'reject') expect(answer).toBeUndefined()
    if (answer === undefined) expect(minor).toBeUndefined()
    else expect(trimmed(answer.amount)).toBe(trimmed(text))
  })
})

/** Equal texts are equal amounts: no zeros before, none behind the point. */
function trimmed(text: string): string {
  const [whole = '', fraction = ''] = text.split('.')
  return `${whole}.${fraction.replace(/0+$/, '')}`
}

const journals = load('allotment-rounding').cases as { id: string; input: Record<string, unknown> }[]
const input = (id: string) => journals.find((entry) => entry.id === id)!.input
const usd = (amount: string) => toMoney(amount, 'USD')

describe('debits and credits', () => {
  test('float-journal: 99.9 and 99.8 are not balanced', () => {
    const { debit, credit } = input('float-journal') as { debit: string; credit: string }
    expect(usd(debit)).not.toEqual(usd(credit))
  })

  test('float-sum: 324.71 and 181.51 are 506.22', () => {
    const { debit, credits } = input('float-sum') as { debit: string; credits: string[] }
    expect(sumMoney([...credits, `-${debit}`].map(usd))).toEqual(usd('0'))
  })
})
