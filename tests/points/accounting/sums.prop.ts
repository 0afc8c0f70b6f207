// Liability and development of drawn rows, against one that adds up big integers by the local month that a calendar shows.
import * as fc from 'fast-check'
import {
  calendarOf,
  collect,
  definePointsDevelopment,
  definePointsLiability,
  instant,
  type LedgerRow,
  type OutstandingLot,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { ledgerRows, outstandingLots } from './support/rows.js'

const asOf = instant('2026-04-05T03:00:00Z')
const zone = { zone: 'Australia/Lord_Howe' } as const
const calendar = calendarOf(zone)
const monthOf = (at: number) => {
  const { year, month } = calendar.local(at)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
}

test('liability is what adding up says', () => {
  const owed = definePointsLiability({
    id: 'owed',
    version: 1,
    calendar: zone,
    asOf,
    currencies: { points: { currency: 'CNY', perPoint: '3/700', rounding: 'half-even' }, status: 'not-owed' },
    horizons: [{ days: 20 }],
  })
  const until = calendar.add(asOf, { days: 20 })
  fc.assert(
    fc.property(fc.array(outstandingLots(asOf), { maxLength: 40 }), (lots: readonly OutstandingLot[]) => {
      const { points, status } = owed.result(collect(owed, lots)).currencies
      for (const [name, found] of [
        ['points', points],
        ['status', status],
      ] as const) {
        const there = lots.filter(
          (lot) => lot.currency === name && (lot.expiresAt === null || lot.expiresAt > asOf),
        )
        const waits = (lot: OutstandingLot) =>
          lot.confirmsAt !== undefined && (lot.confirmsAt === null || lot.confirmsAt > asOf)
        const sum = (some: readonly OutstandingLot[]) => some.reduce((all, lot) => all + lot.points, 0)
        expect(found.outstanding.points).toBe(sum(there))
        expect(found.pending.points).toBe(sum(there.filter(waits)))
        expect(found.lapsed).toBe(
          sum(lots.filter((lot) => lot.currency === name && lot.expiresAt !== null && lot.expiresAt <= asOf)),
        )
        const ending = there.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= until)
        expect([found.horizons[0]!.points, found.horizons[0]!.pending]).toEqual([
          sum(ending),
          sum(ending.filter(waits)),
        ])
        const months = new Map<string | null, number>()
        for (const lot of there) {
          const month = lot.expiresAt === null ? null : monthOf(lot.expiresAt - 1)
          months.set(month, (months.get(month) ?? 0) + lot.points)
        }
        expect(
          found.months.filter((month) => month.points > 0).map(({ month, points: many }) => [month, many]),
        ).toEqual(
          [...months].filter(([, many]) => many > 0).sort(([a], [b]) => ((a ?? '~') < (b ?? '~') ? -1 : 1)),
        )
        if (name === 'status') continue
        // 3/7 of a cent each, to the nearest, halves to even: sevenths have no halves.
        const cents = (BigInt(found.outstanding.points) * 6n + 7n) / 14n
        const minor = (amount: string) => BigInt(amount.replace('.', ''))
        expect(minor(found.outstanding.value!.amount)).toBe(cents)
        expect(found.months.reduce((all, { value }) => all + minor(value!.amount), 0n)).toBe(cents)
        expect(minor(found.spendable.value!.amount) + minor(found.pending.value!.amount)).toBe(cents)
      }
    }),
    { numRuns: runs(200, 5000) },
  )
})

test('development is what adding up says', () => {
  const development = definePointsDevelopment({
    id: 'd',
    version: 1,
    calendar: zone,
    currencies: ['points', 'status'],
  })
  fc.assert(
    fc.property(fc.array(ledgerRows(asOf), { maxLength: 40 }), (rows: readonly LedgerRow[]) => {
      const { cohorts } = development.result(collect(development, rows), { asOf }).currencies.points
      const dated = rows
        .filter(({ currency }) => currency === 'points')
        .map((row) => ({
          ...row,
          date: monthOf(row.effectiveAt ?? row.at),
          cohort: monthOf(row.earnedAt ?? row.effectiveAt ?? row.at),
        }))
        .filter(({ date }) => date < monthOf(asOf))
      const sum = (some: readonly { readonly points: number }[]) =>
        some.reduce((all, { points }) => all + points, 0)
      const of = (cohort: string, kind: LedgerRow['kind'], through = '9999') =>
        sum(dated.filter((row) => row.cohort === cohort && row.kind === kind && row.date <= through))
      for (const { cohort, granted, redeemed, expired } of cohorts) {
        expect(granted).toBe(
          of(cohort, 'earned') +
            of(cohort, 'transferred') +
            of(cohort, 'adjusted') -
            of(cohort, 'clawed-back'),
        )
        let month = cohort
        for (const age of redeemed.keys()) {
          expect(redeemed[age]).toBe(of(cohort, 'redeemed', month) - of(cohort, 'returned', month))
          expect(expired[age]).toBe(of(cohort, 'expired', month))
          const [year, number] = month.split('-').map(Number) as [number, number]
          month = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
        }
        expect(month).toBe(monthOf(asOf))
      }
      // No cohort is lost: what is left out came to nothing.
      const whole = (kind: LedgerRow['kind']) => sum(dated.filter((row) => row.kind === kind))
      expect(cohorts.reduce((all, { granted }) => all + granted, 0)).toBe(
        whole('earned') + whole('transferred') + whole('adjusted') - whole('clawed-back'),
      )
      const lasts = cohorts.map(({ redeemed, expired }) => redeemed.at(-1)! + expired.at(-1)!)
      expect(lasts.reduce((all, last) => all + last, 0)).toBe(
        whole('redeemed') - whole('returned') + whole('expired'),
      )
    }),
    { numRuns: runs(80, 1500) },
  )
})
