import { random } from 'liuliang/kernel'
import { bgNbd, type CustomerHistory, countedHistories, fitModel, historyTable, mbgCnbd } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'

describe('a table of histories', () => {
  test('large tables are sorted by digits as small ones by comparing', () => {
    const { next } = random('rows')
    const rows = Array.from(
      { length: 20_000 },
      (): CustomerHistory & { readonly covariates: { readonly shift: number } } => {
        const age = 10 ** (8 * next() - 4)
        const repeatCount = Math.floor(4 * next())
        const lastPurchaseAge = repeatCount === 0 ? 0 : age * (0.5 + Math.floor(2 * next()) / 4)
        return {
          unit: 'day',
          repeatCount,
          lastPurchaseAge,
          age,
          covariates: { shift: Math.round(4 * next() - 2) },
        }
      },
    )
    const table = historyTable([...rows, ...rows])
    const sorted = [...rows].sort(
      (a, b) =>
        a.repeatCount - b.repeatCount ||
        a.lastPurchaseAge - b.lastPurchaseAge ||
        a.age - b.age ||
        a.covariates.shift - b.covariates.shift,
    )
    expect(table.count.length).toBe(20_000)
    expect(table.count.every((count) => count === 2)).toBe(true)
    expect([...table.repeatCount]).toEqual(sorted.map(({ repeatCount }) => repeatCount))
    expect([...table.lastPurchaseAge]).toEqual(sorted.map(({ lastPurchaseAge }) => lastPurchaseAge))
    expect([...table.age]).toEqual(sorted.map(({ age }) => age))
    expect([...table.covariates['shift']!]).toEqual(sorted.map(({ covariates }) => covariates.shift + 0))
    // Small tables go the other way.
    const few = historyTable(rows.slice(0, 100))
    const first = rows
      .slice(0, 100)
      .sort((a, b) => a.repeatCount - b.repeatCount || a.lastPurchaseAge - b.lastPurchaseAge || a.age - b.age)
    expect([...few.age]).toEqual(first.map(({ age }) => age))
  })

  test('logarithms of gaps are there only where every history has its own', () => {
    const one = { unit: 'day', repeatCount: 1, lastPurchaseAge: 2, age: 3 } as const
    expect(historyTable([{ ...one, sumLnGaps: 0.5 }, one]).sumLnGaps).toBeUndefined()
    const both = historyTable([
      { ...one, sumLnGaps: 0.5 },
      { ...one, sumLnGaps: 0.25 },
    ])
    expect([...both.sumLnGaps!]).toEqual([0.75])
  })

  test('logarithms of gaps that no gaps of together t_x have are refused, at every door', () => {
    const gaps = (repeatCount: number, lastPurchaseAge: number, sumLnGaps: number) =>
      ({ unit: 'week', repeatCount, lastPurchaseAge, age: 40, sumLnGaps }) as const
    const [few, some] = [gaps(2, 30, 2 * Math.log(15)), gaps(3, 30, 3 * Math.log(10) - 1)]
    expect(historyTable([few, some]).customers).toBe(2)
    // A thousand equal gaps, their logarithms added one by one.
    const equal = Array.from({ length: 1000 }).reduce<number>((sum) => sum + Math.log(33.3 / 1000), 0)
    expect(historyTable([gaps(1000, 33.3, equal), gaps(0, 0, 0)]).customers).toBe(2)
    const told = 'at most x ln(t_x / x) = 5.41610040220442, with x = 2 and t_x = 30'
    const impossible = gaps(2, 30, 2 * Math.log(15) + 1e-9)
    expect(() => historyTable([some, impossible])).toThrow(`out-of-range at $[1].sumLnGaps: expected ${told}`)
    expect(() => historyTable([some, gaps(0, 0, 0.1)])).toThrow('out-of-range at $[1].sumLnGaps: expected 0')
    expect(() => bgNbd.after({ r: 1, alpha: 1, a: 1, b: 1 }, impossible)).toThrow('$.history.sumLnGaps')
    // Of counted histories it is over all of the row.
    const counted = (sum: number) => countedHistories([{ ...gaps(2, 30, sum), customers: 7 }])
    expect([...counted(14 * Math.log(15)).sumLnGaps!]).toEqual([14 * Math.log(15)])
    expect(() => counted(14 * Math.log(15) + 1e-6)).toThrow('of 7 customers, with x = 2 and t_x = 30')
    // And of tables that somebody made.
    const table = historyTable([some, few])
    const made = { ...table, sumLnGaps: table.sumLnGaps!.map((sum) => sum + 2) }
    expect(() => mbgCnbd(2).likelihood(made)).toThrow('out-of-range at $.sumLnGaps[0]')
    expect(() => fitModel(mbgCnbd(2), made)).toThrow('out-of-range at $.data.sumLnGaps[0]')
  })
})

describe('histories that come counted', () => {
  const row = (repeatCount: number, lastPurchaseAge: number, customers: number) =>
    ({ unit: 'opportunity', repeatCount, lastPurchaseAge, age: 6, customers }) as const

  test('are a table, alike rows joined and rows of nobody left out', () => {
    const table = countedHistories([row(2, 5, 10), row(1, 2, 0), row(0, 0, 7), row(2, 5, 5)])
    expect(table).toMatchObject({ unit: 'opportunity', customers: 22 })
    expect([...table.count]).toEqual([7, 15])
    expect([...table.lastPurchaseAge]).toEqual([0, 5])
  })

  test('equal the histories one by one', () => {
    const counted = countedHistories([row(2, 5, 3), row(0, 0, 2)])
    expect(counted).toEqual(
      historyTable(
        [row(2, 5, 1), row(0, 0, 1), row(2, 5, 1), row(0, 0, 1), row(2, 5, 1)].map(
          ({ customers: _, ...rest }) => rest,
        ),
      ),
    )
  })

  test.each([
    ['a count below nothing', [row(2, 5, -1)], 'out-of-range at $[0].customers'],
    ['a broken count', [row(2, 5, 1.5)], 'out-of-range at $[0].customers'],
    ['nobody at all', [row(2, 5, 0)], 'missing at $'],
    ['no rows', [], 'missing at $'],
    ['more purchases than opportunities', [row(6, 5, 1)], 'out-of-range at $[0].repeatCount'],
    ['a last purchase after the last opportunity', [row(6, 7, 1)], 'out-of-range at $[0].lastPurchaseAge'],
    ['no repeat and a last purchase', [row(0, 2, 1)], 'out-of-range at $[0].lastPurchaseAge'],
  ])('%s is refused', (_, rows, message) => {
    expect(() => countedHistories(rows)).toThrow(message)
  })
})
