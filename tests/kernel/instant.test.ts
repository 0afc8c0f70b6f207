import { describe, expect, test } from 'vitest'
import { DefinitionError } from '../../src/kernel/errors.js'
import {
  firstInstant,
  formatInstant,
  instant,
  isInstant,
  lastInstant,
  parseInstant,
} from '../../src/kernel/instant.js'

describe('reading', () => {
  test.each([
    ['2024-03-05T09:00:00+08:00', 1_709_600_400_000],
    ['2024-03-05T09:00:00Z', 1_709_629_200_000],
    ['2024-03-05T09:00Z', 1_709_629_200_000],
    ['2024-03-05T09:00:00.5Z', 1_709_629_200_500],
    ['2024-03-05T09:00:00.04Z', 1_709_629_200_040],
    ['2024-03-05T09:00:00.123Z', 1_709_629_200_123],
    ['2024-03-05T09:00:00.123000000Z', 1_709_629_200_123],
    ['2024-03-05T09:00:00.123000000+14:00', 1_709_578_800_123],
    ['2024-03-05T09:00:00-00:00', 1_709_629_200_000],
    ['2024-02-29T23:59:59.999Z', 1_709_251_199_999],
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00-00:00', 0],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2000-02-29T00:00:00Z', 951_782_400_000],
    ['0001-01-01T00:00:00Z', firstInstant],
    ['9999-12-31T23:59:59.999Z', lastInstant],
  ])('%s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected)
    expect(instant(text)).toBe(expected)
  })

  const refused = [
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-01-32T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '0000-12-31T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2024-01-01T00:00:00',
    '2024-01-01',
    '24-01-01',
    '2024-W01-1',
    '2024-001T00:00:00Z',
    '20240101T000000Z',
    '2024-01-01 00:00:00Z',
    '2024-01-01t00:00:00z',
    ' 2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00Z ',
    '2024-01-01T00:00:00Z\n',
    '2024-01-01T00:00:00+08',
    '2024-01-01T00:00:00+0800',
    '2024-01-01T00:00:00+24:00',
    '2024-01-01T00:00:00+99:99',
    '2024-01-01T00:00:00+08:60',
    '2024-01-01T00:00:00\u221208:00',
    '2024-01-01T00:00:00 08:00',
    '2024-01-01T00:00:00+08:00Z',
    '2024-07-01T00:00:00+09:00[Asia/Tokyo]',
    '2024-01-01T00:00:00.Z',
    '2024-01-01T00:00:00,5Z',
    '2024-01-01T00:00:00.1234Z',
    '2024-01-01T00:00:00.123456789Z',
    '2024-01-01T00:00:00.1230000000Z',
    '2024-01-01T00:00:0Z',
    '2024-01-01T00:00:00.',
    '2024-01-01T00:00:00.000',
    '２０２４-01-01T00:00:00Z',
    '2024-1-01T00:00:00ZZ',
    'today',
    '1700000000000',
    '',
    'T'.repeat(36),
    null,
    undefined,
    0,
    {},
    new Date(0),
    ['2024-01-01T00:00:00Z'],
  ]
  test.each(refused.map((text) => ({ text })))('not $text', ({ text }) => {
    expect(parseInstant(text as string)).toBeUndefined()
    try {
      instant(text as string)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError)
      expect(error).toMatchObject({ code: 'invalid-instant', path: '$', value: text })
    }
  })
})

test('text sorts as instants do, and has one length', () => {
  const instants = [firstInstant, -1, 0, 1, 1_709_629_200_000, lastInstant]
  const texts = instants.map(formatInstant)
  expect(texts).toEqual([...texts].sort())
  expect(new Set(texts.map((text) => text.length))).toEqual(new Set([24]))
  expect(formatInstant(1_709_629_200_000)).toBe('2024-03-05T09:00:00.000Z')
})

test('an instant is a whole number in range, and nothing that only looks like one', () => {
  for (const value of [0, -1, firstInstant, lastInstant]) expect(isInstant(value)).toBe(true)
  const none = [
    -0,
    0.5,
    Number.NaN,
    1 / 0,
    -1 / 0,
    firstInstant - 1,
    lastInstant + 1,
    '0',
    new Date(0),
    0n,
    null,
    undefined,
    [0],
  ]
  for (const value of none) expect(isInstant(value)).toBe(false)
})
