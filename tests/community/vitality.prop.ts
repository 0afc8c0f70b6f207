import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { defineVitality, vitalityRows } from 'liuliang/community'
import { type AnyEvent, canonical, collect, type Instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { countsIn, type ShownDays, shownDays, slowVitality } from './support/slow-vitality.js'

/** Clocks set back over midnight, a date skipped, a midnight skipped, half hours, plain ones. */
const places: readonly ShownDays[] = [
  shownDays('America/St_Johns', '2009-10-24T00:00:00Z', '2009-11-09T00:00:00Z'),
  shownDays('Pacific/Apia', '2011-12-22T00:00:00Z', '2012-01-07T00:00:00Z'),
  shownDays('America/Sao_Paulo', '2018-10-28T00:00:00Z', '2018-11-12T00:00:00Z'),
  shownDays('Australia/Lord_Howe', '2024-03-30T00:00:00Z', '2024-04-14T00:00:00Z'),
  shownDays('Asia/Shanghai', '2024-02-24T00:00:00Z', '2024-03-12T00:00:00Z'),
]

const vitalityIn = (zone: string, period: 'day' | 'week') =>
  defineVitality({
    id: 'law',
    version: 1,
    calendar: { zone },
    period,
    group: 'group',
    messages: 'said',
    joins: 'joined',
    leaves: 'left',
    kind: 'kind',
    kinds: { member: 'member', operator: 'operator', advertisement: ['advertisement', 'push'] },
    answers: 'answers',
  })

const talk = Array.from({ length: 9 }, () => 'member')
const kinds = [...talk, 'operator', 'advertisement', 'push', 'system', undefined, 7]

/** An instant in the middle weeks; some lie about where clocks change, many at the same minute. */
const momentIn = ({ from, to }: ShownDays): fc.Arbitrary<Instant> =>
  fc.oneof(
    fc.integer({ min: from, max: to }),
    fc.integer({ min: -300, max: 900 }).map((minutes) => (from + to) / 2 + minutes * 60_000),
    fc.integer({ min: -600, max: 1200 }).map((minutes) => (from + to) / 2 + minutes * 60_000),
    fc.integer({ min: 0, max: 20 }).map((steps) => from + steps * 6 * 3_600_000),
  )

const eventIn = (place: ShownDays): fc.Arbitrary<AnyEvent> =>
  fc.record({
    id: fc.integer({ min: 0, max: 9999 }).map(String),
    type: fc.constantFrom('said', 'said', 'said', 'said', 'joined', 'left'),
    subject: fc.constantFrom('__proto__', '__proto__', '10', '用户', 'a', 'a', 'b', ''),
    occurredAt: momentIn(place),
    data: fc.record({
      group: fc.constantFrom('__proto__', 'tea', 'tea', 'tea'),
      kind: fc.constantFrom(...kinds),
      answers: fc.constantFrom(true, false, 'true'),
    }),
  })

const world = fc.constantFrom(...places).chain((place) =>
  fc.record({
    place: fc.constant(place),
    events: fc.array(eventIn(place), { maxLength: 40, size: 'max' }),
    asOf: momentIn(place),
    later: momentIn(place),
    period: fc.constantFrom('day' as const, 'week' as const),
  }),
)

describe('vitality', () => {
  test('is what the slow implementation finds, in odd zones, at any instant', () => {
    let [lines, spoken] = [0, 0]
    fc.assert(
      fc.property(world, ({ place, events, asOf, period }) => {
        const vitality = vitalityIn(place.zone, period)
        const found = countsIn(vitality.result(collect(vitality, events), { asOf, people: 'named' }))
        for (const [, each] of found) {
          lines += each.length
          spoken += each.filter(({ speakers }) => speakers > 1).length
        }
        expect(found).toEqual(slowVitality(place, events, { asOf, period }))
      }),
      { numRuns: runs(300, 10_000) },
    )
    // The law is about something: most runs have lines, some have talk.
    expect(lines).toBeGreaterThan(runs(300, 10_000))
    expect(spoken).toBeGreaterThan(runs(20, 700))
  }, 120_000)

  test('what is over never changes, and later events change no line of an earlier answer', () => {
    fc.assert(
      fc.property(world, ({ place, events, asOf: one, later: other, period }) => {
        const [asOf, later] = [Math.min(one, other), Math.max(one, other)]
        const vitality = vitalityIn(place.zone, period)
        const all = collect(vitality, events)
        const then = vitality.result(all, { asOf })
        const known = events.filter(({ occurredAt }) => occurredAt <= asOf)
        expect(vitality.result(collect(vitality, known), { asOf })).toEqual(then)
        const now = new Map(
          vitality.result(all, { asOf: later }).groups.map((each) => [each.group, each.periods]),
        )
        for (const { group, periods } of then.groups)
          expect(now.get(group)!.slice(0, periods.length)).toEqual(periods)
      }),
      { numRuns: runs(150, 5000) },
    )
  })

  test('shards, order, merges, JSON and retracting leave the same partial', () => {
    fc.assert(
      fc.property(world, fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 }), (made, marks) => {
        const { place, events, period } = made
        const vitality = vitalityIn(place.zone, period)
        const whole = collect(vitality, events)
        const shards = [0, 1, 2, 3].map((shard) =>
          collect(vitality, events.filter((_, i) => marks[i] === shard).reverse()),
        )
        const before = canonical(shards)
        const merged = shards.reduceRight((a, b) => vitality.merge(a, throughJson(b)))
        expect(canonical(merged)).toBe(canonical(whole))
        expect(canonical(shards)).toBe(before)
        const kept = events.filter((_, i) => marks[i] === 0)
        const left = events
          .filter((_, i) => marks[i] !== 0)
          .reduce((partial, event) => vitality.retract(partial, event), throughJson(whole))
        expect(canonical(left)).toBe(canonical(collect(vitality, kept)))
        expect(isDeepStrictEqual(throughJson(whole), whole)).toBe(true)
      }),
      { numRuns: runs(150, 5000) },
    )
  })

  test('members add up, nobody speaks who is not there, no day is missing', () => {
    fc.assert(
      fc.property(world, ({ place, events, asOf, period }) => {
        const vitality = vitalityIn(place.zone, period)
        const { groups } = vitality.result(collect(vitality, events), { asOf })
        for (const { periods } of groups) {
          let members = 0
          for (const [i, line] of periods.entries()) {
            expect(line.members).toBe(members + line.joins + line.noticed - line.leaves)
            expect(line.net).toBe(line.joins + line.noticed - line.leaves)
            expect(line.present).toBeGreaterThanOrEqual(Math.max(line.speakers, line.members, members))
            expect(line.speaking.kind).toBe(line.present === 0 ? 'undefined' : 'estimate')
            expect(line.over).toBeLessThanOrEqual(asOf)
            const isAfterSkipped = i > 0 && periods[i - 1]!.to < line.from
            if (i > 0) expect(line.from === periods[i - 1]!.to || isAfterSkipped).toBe(true)
            if (isAfterSkipped) expect(line.from).toBe('2011-12-31')
            members = line.members
          }
        }
        expect(vitalityRows({ groups }).length).toBe(groups.reduce((n, { periods }) => n + periods.length, 0))
      }),
      { numRuns: runs(150, 5000) },
    )
  })
})

const throughJson = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T
