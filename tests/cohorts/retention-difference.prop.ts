import fc from 'fast-check'
import { defineRetention, explainRetentionDifference } from 'liuliang/cohorts'
import { collect, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import {
  equal,
  factorKeys,
  histories,
  overAllOrders,
  pairs,
  plus,
  rateOf,
  rational,
  settings,
} from './support/differences.js'

const asOfs = fc.constantFrom(
  instant('2009-11-05T12:00:00Z'),
  instant('2009-11-14T00:00:00Z'),
  instant('2010-03-01T00:00:00Z'),
  instant('2010-03-01T00:00:00Z'),
)
const offsets = fc.integer({ min: 0, max: 4 })
const names = Object.keys(factorKeys)
const zero = { above: 0n, below: 1n }

describe('a difference in parts', () => {
  test('is what switching the factors in every order says, and adds up exactly', () => {
    let explained = 0
    fc.assert(
      fc.property(pairs, histories, asOfs, offsets, (pair, events, asOf, offset) => {
        const found = explainRetentionDifference(...pair, events, { asOf, offset })
        const slow = overAllOrders(pair, (one) => rateOf(one, events, { asOf, offset }))
        expect(found.kind).toBe(slow === undefined ? 'undefined' : 'parts')
        if (found.kind === 'undefined') return
        explained += found.parts.length > 0 ? 1 : 0
        for (const [i, factor] of names.entries()) {
          const part = found.parts.find((one) => one.factor === factor)
          expect(equal(part === undefined ? zero : rational(part.ratio), slow![i]!)).toBe(true)
        }
        const sum = found.parts.reduce((all, { ratio }) => plus(all, rational(ratio)), zero)
        expect(equal(sum, rational(found.difference.ratio))).toBe(true)
        const apart = plus(rational(found.b.rate!.ratio), rational(found.a.rate!.ratio), -1n)
        expect(equal(apart, rational(found.difference.ratio))).toBe(true)
        const tenths = (points: string) => Math.round(Number(points) * 10)
        expect(found.parts.reduce((all, { points }) => all + tenths(points), 0)).toBe(
          tenths(found.difference.points),
        )
      }),
      { numRuns: runs(50, 3000) },
    )
    expect(explained).toBeGreaterThan(5)
  })

  test('also in a window, and where the first in it counts', () => {
    const since = instant('2009-10-31T12:00:00Z')
    const first = fc.tuple(fc.boolean(), fc.boolean())
    fc.assert(
      fc.property(pairs, first, histories, asOfs, offsets, (all, rules, events, asOf, offset) => {
        const [a, b] = all.map((one, i) =>
          rules[i] ? { ...one, entryRule: 'first-in-window' as const } : one,
        ) as [(typeof all)[0], (typeof all)[1]]
        const found = explainRetentionDifference(a, b, events, { asOf, offset, since })
        const slow = overAllOrders([a, b], (one) => rateOf(one, events, { asOf, offset, since }))
        expect(found.kind).toBe(slow === undefined ? 'undefined' : 'parts')
        if (found.kind === 'undefined') {
          expect(found.fault).toBe(null)
          return
        }
        for (const { factor, ratio } of found.parts)
          expect(equal(rational(ratio), slow![names.indexOf(factor)]!)).toBe(true)
      }),
      { numRuns: runs(40, 2000) },
    )
  })

  test('the other way round has the other sign, rounded too', () => {
    fc.assert(
      fc.property(pairs, histories, asOfs, offsets, ([a, b], events, asOf, offset) => {
        const there = explainRetentionDifference(a, b, events, { asOf, offset })
        const back = explainRetentionDifference(b, a, events, { asOf, offset })
        expect([back.a, back.b]).toEqual([there.b, there.a])
        expect(back.moved.map(({ subject, by }) => [subject, by])).toEqual(
          there.moved.map(({ subject, by }) => [subject, by]),
        )
        expect(back.kind).toBe(there.kind)
        if (there.kind !== 'parts' || back.kind !== 'parts') return
        const negated = (text: string) =>
          /^0(\.0*)?$/.test(text) ? text : text.startsWith('-') ? text.slice(1) : `-${text}`
        expect(back.parts.map(({ ratio, points }) => [ratio, points])).toEqual(
          there.parts.map(({ ratio, points }) => [negated(ratio), negated(points)]),
        )
      }),
      { numRuns: runs(80, 3000) },
    )
  })

  test('equal definitions have no parts and move nobody', () => {
    fc.assert(
      fc.property(settings, histories, asOfs, offsets, (one, events, asOf, offset) => {
        const [a, b] = ['a', 'b'].map((id, i) => ({ ...one, id, version: i + 1 }))
        const found = explainRetentionDifference(a!, b!, events, { asOf, offset })
        expect(found.moved).toEqual([])
        if (found.kind === 'parts') expect([found.parts, found.difference.ratio]).toEqual([[], '0'])
        else expect(found.mix).toEqual({})
      }),
      { numRuns: runs(60, 1000) },
    )
  })

  test('a factor without effect gets exactly zero', () => {
    fc.assert(
      fc.property(pairs, histories, asOfs, offsets, ([a, b], events, asOf, offset) => {
        // Weeks that begin on another day change nothing where days or months are counted.
        const { period, clock = 'calendar' } = a
        const other = { ...b, period, clock, calendar: { ...a.calendar, weekStart: 3 as const } }
        fc.pre(a.period !== 'week')
        const found = explainRetentionDifference(a, other, events, { asOf, offset })
        if (found.kind === 'undefined') return
        expect(found.parts[0]).toMatchObject({
          factor: 'clock',
          settings: ['calendar.weekStart'],
          ratio: '0',
          value: 0,
          points: '0.0',
        })
        for (const { by } of found.moved) expect(by).not.toContain('clock')
      }),
      { numRuns: runs(60, 1000) },
    )
  })

  test('people stand as the table counts them, and all who stand otherwise are listed', () => {
    fc.assert(
      fc.property(pairs, histories, asOfs, offsets, (pair, events, asOf, offset) => {
        const found = explainRetentionDifference(...pair, events, { asOf, offset })
        const known = events.filter(({ occurredAt }) => occurredAt <= asOf)
        const [a, b] = pair.map((definition) => {
          const retention = defineRetention(definition)
          const partial = collect(retention, known)
          const result = retention.result(partial, { asOf, upTo: offset })
          const counts = new Map<string, { eligible: number; retained: number }>()
          const note = (list: readonly string[], retained: 0 | 1) => {
            for (const name of list) {
              const one = counts.get(name) ?? { eligible: 0, retained: 0 }
              counts.set(name, { eligible: one.eligible + 1, retained: one.retained + retained })
            }
          }
          for (const { cohort, cells } of result.cohorts) {
            const cell = cells.find(({ offset: from, to }) => from <= offset && offset <= to)
            if (cell === undefined) continue
            const people = retention.people(partial, { asOf, upTo: offset }, { cohort, offset: cell.offset })
            note(people.retained, 1)
            note(people.lost, 0)
            if (definition.eligibility !== 'everybody') continue
            note(people.early, 1)
            note(people.pending, 0)
          }
          return counts
        })
        const moved = new Map(found.moved.map((one) => [one.subject, one]))
        const nobody = { eligible: 0, retained: 0 }
        for (const name of new Set(events.map(({ subject }) => subject))) {
          const [before, after] = [a!.get(name) ?? nobody, b!.get(name) ?? nobody]
          const move = moved.get(name)
          if (move === undefined) expect(after).toEqual(before)
          else {
            expect(move.a).toMatchObject(before)
            expect(move.b).toMatchObject(after)
            expect(move.a).not.toEqual(move.b)
            expect(move.by.length).toBeGreaterThan(0)
          }
        }
      }),
      { numRuns: runs(100, 2000) },
    )
  })

  test('neither the order of events nor what comes after asOf matters', () => {
    fc.assert(
      fc.property(pairs, histories, asOfs, offsets, ([a, b], events, asOf, offset) => {
        const known = events.filter(({ occurredAt }) => occurredAt <= asOf)
        const found = explainRetentionDifference(a, b, events, { asOf, offset })
        expect(explainRetentionDifference(a, b, new Set(known).values(), { asOf, offset })).toEqual(found)
        expect(explainRetentionDifference(a, b, [...known].reverse(), { asOf, offset })).toEqual(found)
      }),
      { numRuns: runs(60, 1000) },
    )
  })
})
