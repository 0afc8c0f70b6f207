import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  chineseDateOf,
  chineseMonthLength,
  chineseYears,
  dayOfChineseDate,
} from '../../src/kernel/chinese.js'
import { dateText, dayOfText } from '../../src/kernel/civil.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/chinese-calendar/${name}.json`, import.meta.url), 'utf8'))

interface Month {
  readonly year: number
  readonly month: number
  readonly leap: boolean
  readonly first: number
  readonly length: number
}

const codeOf = ({ month, leap }: Pick<Month, 'month' | 'leap'>) => `${month}${leap ? 'L' : ''}`
const saying = (one: Month) => `${one.year} ${codeOf(one)} ${dateText(one.first)} ${one.length}`

/** Every month, found by walking day by day. */
const ours: readonly Month[] = (() => {
  const found: Month[] = []
  const [from, until] = [dayOfText('1900-01-31')!, dayOfText('2101-01-29')!]
  for (let day = from; day < until; day++) {
    const date = chineseDateOf(day)!
    const before = found.at(-1)
    if (date.day === 1) found.push({ ...date, first: day, length: 1 })
    else if (before && date.day === before.length + 1)
      found[found.length - 1] = { ...before, length: date.day }
    else throw new Error(`day ${date.day} of ${dateText(day)} follows ${before?.length}`)
  }
  return found
})()

test('days count on through every month, and lead back', () => {
  expect(ours.length).toBe(201 * 12 + 74)
  for (const { year, month, leap, first, length } of ours) {
    expect(dayOfChineseDate({ year, month, leap, day: 1 })).toBe(first)
    expect(dayOfChineseDate({ year, month, leap, day: length })).toBe(first + length - 1)
    expect(dayOfChineseDate({ year, month, leap, day: length + 1 })).toBeUndefined()
    expect(chineseMonthLength({ year, month, leap })).toBe(length)
  }
})

test('computed from an ephemeris by GB/T 33661-2017, three months begin on another day', () => {
  const computed = Object.entries(read('computed') as Record<string, string>).flatMap(([year, text]) => {
    const [months = '', from = ''] = text.split(' from ')
    let first = dayOfText(from)!
    return months.split(' ').map((one) => {
      const [code = '', length] = one.split(':')
      const month = {
        year: Number(year),
        month: Number.parseInt(code, 10),
        leap: code.endsWith('L'),
        first,
        length: Number(length),
      }
      first += month.length
      return saying(month)
    })
  })
  const table = ours.map(saying)
  expect(computed.filter((month) => !table.includes(month))).toEqual([
    '1906 3 1906-03-25 29',
    '1906 4 1906-04-23 30',
    '2057 8 2057-08-30 30',
    '2057 9 2057-09-29 29',
    '2097 6 2097-07-09 30',
    '2097 7 2097-08-08 29',
  ])
  expect(computed.length).toBe(table.length)
})

test('of this runtime’s ICU, no month differs but those in the list', () => {
  const format = new Intl.DateTimeFormat('en-u-ca-chinese', {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
  })
  const said = (day: number) => {
    const parts = new Map(format.formatToParts(day * 86_400_000).map(({ type, value }) => [type, value]))
    return `${parts.get('month')}/${parts.get('day')}`
  }
  const known = new Set((read('icu') as { icu: string }[]).map(({ icu }) => icu.split(' ')[1]!.slice(0, 7)))
  const differing = ours.filter(({ month, leap, first, length }) => {
    const name = `${month}${leap ? 'bis' : ''}`
    return said(first) !== `${name}/1` || said(first + length - 1) !== `${name}/${length}`
  })
  const unknown = differing.filter(({ first }) => !known.has(dateText(first).slice(0, 7)))
  expect(unknown.map(saying)).toEqual([])
})

// Published dates: almanacs of the Hong Kong Observatory and of the Purple Mountain Observatory.
describe('published', () => {
  test.each([
    [1900, '1900-01-31'],
    [1985, '1985-02-20'],
    [2007, '2007-02-18'],
    [2023, '2023-01-22'],
    [2024, '2024-02-10'],
    [2025, '2025-01-29'],
    [2026, '2026-02-17'],
    [2027, '2027-02-06'],
    [2030, '2030-02-03'],
    [2033, '2033-01-31'],
    [2034, '2034-02-19'],
    [2100, '2100-02-09'],
  ])('New Year of %i', (year, date) => {
    expect(dateText(dayOfChineseDate({ year, month: 1, leap: false, day: 1 })!)).toBe(date)
  })

  test('the first of month 5 in 2013 was 8 June, of month 10 in 2018 8 November', () => {
    expect(dateText(dayOfChineseDate({ year: 2013, month: 5, leap: false, day: 1 })!)).toBe('2013-06-08')
    expect(dateText(dayOfChineseDate({ year: 2018, month: 10, leap: false, day: 1 })!)).toBe('2018-11-08')
  })

  test('leap months', () => {
    const leaps = ours.filter(({ leap, year }) => leap && year >= 1980 && year <= 2040)
    expect(leaps.map(({ year, month }) => `${year}-${month}`).join(' ')).toBe(
      '1982-4 1984-10 1987-6 1990-5 1993-3 1995-8 1998-5 2001-4 2004-2 2006-7 2009-5 2012-4 2014-9 2017-6 2020-4 2023-2 2025-6 2028-5 2031-3 2033-11 2036-6 2039-5',
    )
  })
})

test('what lies outside is not known', () => {
  expect(chineseYears).toEqual({ first: 1900, last: 2100 })
  expect(chineseDateOf(dayOfText('1900-01-30')!)).toBeUndefined()
  expect(chineseDateOf(dayOfText('2101-01-28')!)).toEqual({ year: 2100, month: 12, leap: false, day: 29 })
  expect(chineseDateOf(dayOfText('2101-01-29')!)).toBeUndefined()
  for (const date of [
    { year: 1899, month: 1, leap: false, day: 1 },
    { year: 2101, month: 1, leap: false, day: 1 },
    { year: 2026, month: 6, leap: true, day: 1 },
    { year: 2026, month: 13, leap: false, day: 1 },
    { year: 2026, month: 0, leap: false, day: 1 },
    { year: 2026, month: 1, leap: false, day: 0 },
    { year: 2026, month: 1, leap: false, day: 1.5 },
    { year: Number.NaN, month: 1, leap: false, day: 1 },
  ])
    expect(dayOfChineseDate(date)).toBeUndefined()
  for (const day of [1.5, Number.NaN, 1 / 0])
    expect(() => chineseDateOf(day)).toThrow(expect.objectContaining({ code: 'wrong-type' }))
})
