import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  firstInstant,
  formatInstant,
  instant,
  isInstant,
  lastInstant,
  parseInstant,
} from '../../src/kernel/instant.js'
import { runs } from '../support/size.js'

const at = fc.integer({ min: firstInstant, max: lastInstant })
const numRuns = runs(2000, 100_000)

test('text leads back to its instant, and is what Date writes', () => {
  fc.assert(
    fc.property(at, (value) => {
      expect(formatInstant(value)).toBe(new Date(value).toISOString())
      expect(instant(formatInstant(value))).toBe(value)
    }),
    { numRuns },
  )
})

test('an offset moves the clock and not the instant', () => {
  fc.assert(
    fc.property(at, fc.integer({ min: -1439, max: 1439 }), (value, minutes) => {
      const local = value + minutes * 60_000
      fc.pre(isInstant(local))
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
      const offset = [hours, rest].map((part) => String(part).padStart(2, '0')).join(':')
      const text = `${formatInstant(local).slice(0, -1)}${minutes < 0 ? '-' : '+'}${offset}`
      expect(parseInstant(text)).toBe(value)
    }),
    { numRuns },
  )
})

test('a text with one character changed is another instant or none, and never what Date would guess', () => {
  const mutated = fc
    .tuple(at, fc.nat(23), fc.constantFrom(...'0123456789-+:.TZtz '))
    .map(([value, place, character]) => {
      const text = formatInstant(value)
      return text.slice(0, place) + character + text.slice(place + 1)
    })
  fc.assert(
    fc.property(mutated, (text) => {
      const read = parseInstant(text)
      if (read !== undefined) {
        expect(isInstant(read)).toBe(true)
        expect(read).toBe(new Date(text).getTime())
      }
    }),
    { numRuns },
  )
})
