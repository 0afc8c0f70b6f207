// What is read as a definition is looked at for its size before its shape, and never deeper than agreed.
import { conditionSchema, DefinitionError, durationSchema, lifecycleFrom, readDefinition } from 'liuliang'
import { describe, expect, test } from 'vitest'

const nested = (levels: number) =>
  Array.from({ length: levels }).reduce((inner: unknown) => ({ of: inner }), 1)

describe('a definition from outside', () => {
  test.each<[name: string, json: unknown, code: string]>([
    ['a million brackets', nested(1_000_000), 'too-deep'],
    ['a million values', Array(1_000_000).fill(0), 'too-large'],
    ['nothing', undefined, 'missing'],
    ['text', '{"model":"lifecycle"}', 'wrong-type'],
    ['a list', [], 'wrong-type'],
    ['an empty object', {}, 'missing'],
  ])('%s', (_, json, code) => {
    expect(() => lifecycleFrom(json)).toThrow(DefinitionError)
    expect(() => lifecycleFrom(json)).toThrow(expect.objectContaining({ code }))
  })

  test('is not changed by being read', () => {
    const json = Object.freeze({ days: 30 })
    expect(readDefinition(durationSchema(), json)).toEqual({ days: 30 })
  })
})

describe('conditions', () => {
  const read = (json: unknown) => readDefinition(conditionSchema(), json)
  const fact = { fact: 'count', event: 'paid' }

  test('of any depth that is let in come back as they were', () => {
    let condition: object = { condition: 'gte', fact: { ...fact, within: { days: 30 } }, value: 3 }
    for (let i = 0; i < 50; i++)
      condition = i % 2 ? { condition: 'not', of: condition } : { condition: 'any', of: [condition] }
    const flat = { condition: 'some-of', k: 1, of: [{ condition: 'in', fact, values: [1, 'a', true] }] }
    expect(read(flat)).toEqual(flat)
    expect(() => read(condition)).toThrow(expect.objectContaining({ code: 'too-deep' }))
  })

  test.each([
    ['a key that nobody reads', { condition: 'gte', fact, value: 1, unit: 'times' }, 'unknown-key', '$.unit'],
    [
      'a fact that nobody knows',
      { condition: 'gte', fact: { fact: 'median' }, value: 1 },
      'unknown-name',
      '$.fact.fact',
    ],
    ['a value that is missing', { condition: 'gte', fact }, 'missing', '$.value'],
    ['a value that is none', { condition: 'is', fact, value: { days: 1 } }, 'unknown-name', '$.value'],
    [
      'a filter that is none',
      { condition: 'gte', fact: { ...fact, where: { a: null } }, value: 1 },
      'unknown-name',
      '$.fact.where.a',
    ],
  ])('%s', (_, json, code, path) => {
    expect(() => read(json)).toThrow(expect.objectContaining({ code, path }))
  })
})
