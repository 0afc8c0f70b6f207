// The digest of an event is read piece by piece; it is that of one text.
import fc from 'fast-check'
import { canonical, digest } from 'liuliang'
import { expect, test } from 'vitest'
import { contentDigest } from '../../src/kernel/event.js'
import { runs } from '../support/size.js'

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('用户'), fc.constant('\ud800'))

test('equals the digest of lengths, names, effective date and canonical data', () => {
  const data = fc.oneof(
    fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(undefined), fc.jsonValue())),
    fc.constant([1, 2]),
    fc.constant({}),
  )
  const at = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
  const event = fc.record({
    id: text,
    type: text,
    subject: text,
    occurredAt: at,
    effectiveAt: fc.option(at, { nil: undefined }),
    data,
  })
  fc.assert(
    fc.property(event, (given) => {
      const { id, type, subject, occurredAt, effectiveAt } = given
      const head = `${id.length}:${id}${type.length}:${type}${subject.length}:${subject}`
      const whole = `${head}${effectiveAt ?? ''}${canonical(given.data)}`
      expect(contentDigest(given)).toBe(digest(whole, occurredAt))
    }),
    { numRuns: runs(2000, 50_000) },
  )
})

test('what is no plain data is refused', () => {
  const event = { id: 'a', type: 'b', subject: 'c', occurredAt: 0 }
  expect(() => contentDigest({ ...event, data: new Map() })).toThrow('not-plain-data')
  expect(() => contentDigest({ ...event, data: { at: Number.NaN } })).toThrow('not-plain-data')
  expect(() => contentDigest({ ...event, data: { at: () => 1 } })).toThrow('not-plain-data')
})
