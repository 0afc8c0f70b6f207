// What other tools may write is what the library reads.
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { conditionJsonSchema, conditionSchema, readDefinition } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { condition } from '../oracle/support/conditions.js'
import { runs } from '../support/size.js'

const isCondition = new Ajv2020({ strict: false }).compile(conditionJsonSchema() as object)
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

test('every condition fits the schema, and is read back as itself', () => {
  fc.assert(
    fc.property(condition, (one) => {
      expect(isCondition(json(one)), JSON.stringify(isCondition.errors?.slice(0, 2))).toBe(true)
      expect(readDefinition(conditionSchema(), json(one))).toEqual(json(one))
    }),
    { numRuns: runs(1500, 50_000) },
  )
})

const orders = { fact: 'count', event: 'order-paid' }
const many = (fact: object) => ({ condition: 'gte', fact, value: 3 })

describe('what is no condition does not fit', () => {
  test.each([
    ['no such word', { condition: 'over', fact: orders, value: 3 }],
    ['no such fact', many({ fact: 'counts', event: 'order-paid' })],
    ['a key that nobody reads', many({ ...orders, until: 'visited' })],
    ['two units', many({ ...orders, within: { days: 1, hours: 1 } })],
    ['an end beside an exact span', many({ ...orders, within: { hours: 1, end: true } })],
    ['no such unit of the calendar', many({ ...orders, within: { this: 'moon' } })],
    ['less than no time', many({ ...orders, within: { days: -1 } })],
    ['nothing to hold', { condition: 'all', of: [] }],
    ['a fact without its event', many({ fact: 'count' })],
    [
      'a ratio of something else',
      many({ fact: 'ratio', of: orders, to: { fact: 'age', attribute: 'born' } }),
    ],
    ['a filter that is both', many({ ...orders, where: { amount: { not: '1', gte: '2' } } })],
  ])('%s', (_name, given) => expect(isCondition(given)).toBe(false))
})
