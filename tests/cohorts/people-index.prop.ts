import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peopleIndex } from '../../src/measures/activity/people-index.js'
import { runs } from '../support/size.js'

/** Numbers near and far, what only looks like one, and names. */
const name = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map(String),
  fc.integer({ min: 0, max: 12_000_000 }).map(String),
  fc.constantFrom(
    '',
    '0',
    '00',
    '007',
    '1e2',
    '100',
    '12e2',
    '1200',
    '-1',
    '+1',
    ' 1',
    '1.0',
    '٣',
    '０',
    '__proto__',
    'user-1',
  ),
)

test('an index of people is a map, whatever their names', () => {
  const step = fc.tuple(fc.constantFrom('set', 'delete', 'get'), name, fc.nat({ max: 5000 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const [index, model] = [peopleIndex(), new Map<string, number>()]
      for (const [verb, key, row] of steps) {
        if (verb === 'set') {
          index.set(key, row)
          model.set(key, row)
        } else if (verb === 'delete') {
          index.delete(key)
          model.delete(key)
        }
        expect(index.get(key)).toBe(model.get(key))
      }
      for (const [, key] of steps) expect(index.get(key)).toBe(model.get(key))
    }),
    { numRuns: runs(200, 20_000) },
  )
})

test('a number far beyond the people there are takes no room of its own', () => {
  const index = peopleIndex()
  index.set('9999999', 0)
  index.set('9999999', 1)
  expect(index.get('9999999')).toBe(1)
  index.delete('9999999')
  expect(index.get('9999999')).toBeUndefined()
})
