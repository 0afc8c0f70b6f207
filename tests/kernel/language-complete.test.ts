// Whatever a schema lets in can be said, and is read back.
import {
  attributes,
  conditionJsonSchema,
  defineEvents,
  moment,
  parseCondition,
  printCondition,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents({ paid: {}, ...attributes({ born: moment() }) })

/** All values that some lists of the schema allow. */
function enums(schema: unknown, found: string[][] = []): readonly (readonly string[])[] {
  if (typeof schema !== 'object' || schema === null) return found
  const { enum: list } = schema as { readonly enum?: string[] }
  if (Array.isArray(list)) found.push(list)
  for (const inside of Object.values(schema)) enums(inside, found)
  return found
}
const listWith = (value: string) => enums(conditionJsonSchema()).find((list) => list.includes(value))!

const said = (condition: Parameters<typeof printCondition>[1]) => {
  for (const lang of ['en', 'zh'] as const)
    expect(parseCondition(shop, printCondition(shop, condition, lang), lang)).toEqual({ condition })
}

describe('every unit of a window', () => {
  test.each(listWith('fiscal-month').filter((unit) => typeof unit === 'string'))('%s', (unit) => {
    for (const within of [{ this: unit }, { previous: unit }, { days: 3, end: unit }])
      said({ condition: 'gte', fact: { fact: 'count', event: 'paid', within: within as never }, value: 1 })
  })
})

describe('every policy of an anniversary', () => {
  const policies = [
    ['dates', listWith('chinese')],
    ['leapDay', listWith('feb-28')],
    ['leapMonth', listWith('leap-if-present')],
    ['shortMonth', listWith('skip')],
  ] as const
  test.each(policies.flatMap(([key, list]) => list.map((value) => [key, value] as const)))(
    '%s %s',
    (key, value) => {
      said({
        condition: 'is',
        fact: { fact: 'anniversary', attribute: 'born', [key]: value } as never,
        value: true,
      })
    },
  )
})
