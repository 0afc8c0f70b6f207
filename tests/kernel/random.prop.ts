import fc from 'fast-check'
import { expect, test } from 'vitest'
import { random, restoreRandom } from '../../src/kernel/random.js'
import { runs } from '../support/size.js'

const numRuns = runs(1_000, 100_000)
const seed = fc.oneof(fc.string({ unit: 'binary' }), fc.integer())

test('restoring goes on where the state was taken, after any number of draws', () => {
  fc.assert(
    fc.property(seed, fc.nat(50), (from, before) => {
      const generator = random(from)
      for (let draw = 0; draw < before; draw += 1) generator.next()
      const restored = restoreRandom(JSON.parse(JSON.stringify(generator.state())))
      for (let draw = 0; draw < 5; draw += 1) expect(restored.next()).toBe(generator.next())
      expect(restored.state()).toEqual(generator.state())
    }),
    { numRuns },
  )
})

test('draws stay in their range, in steps of 2^-53', () => {
  fc.assert(
    fc.property(seed, fc.maxSafeInteger(), fc.maxSafeNat(), (from, low, span) => {
      const generator = random(from)
      const share = generator.next()
      expect(share >= 0 && share < 1 && Number.isInteger(share * 2 ** 53)).toBe(true)
      const high = Math.min(low + span, Number.MAX_SAFE_INTEGER)
      const drawn = generator.integer(low, high)
      expect(Number.isSafeInteger(drawn) && drawn >= low && drawn <= high).toBe(true)
    }),
    { numRuns },
  )
})

test('two labels, two sequences', () => {
  fc.assert(
    fc.property(seed, fc.string(), fc.string(), (from, a, b) => {
      fc.pre(a !== b)
      const parent = random(from)
      expect(parent.fork(a).state()).not.toEqual(parent.fork(b).state())
    }),
    { numRuns },
  )
})
