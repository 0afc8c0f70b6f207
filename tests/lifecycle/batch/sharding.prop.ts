// Partials of different people: any sharding, any merge tree, JSON, clones, people taken out again.
import fc from 'fast-check'
import { type AnyEvent, columnsOf, type EventColumns } from 'liuliang/kernel'
import { defineStageFlows, defineStagePanel, sortColumns } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { bySubject } from './support/by-engine.js'
import { byTime, calm, lives } from './support/lifecycles.js'

const made = fc
  .tuple(calm, fc.constantFrom('flows' as const, 'panel' as const))
  .map(([lifecycle, kind]) =>
    kind === 'flows'
      ? defineStageFlows({ id: 'flows', version: 1, lifecycle })
      : defineStagePanel({ id: 'panel', version: 1, lifecycle, period: 'week', by: 'recency' }),
  )
type Made = ReturnType<typeof defineStageFlows>

const latestOf = (events: readonly AnyEvent[]) => Math.max(0, ...events.map(({ occurredAt }) => occurredAt))
const collect = (made: Made, events: readonly AnyEvent[]) =>
  events.reduce((partial, event) => made.add(partial, event), made.empty())

test('any sharding by subject, any merge tree and JSON in between give the same bits', () => {
  fc.assert(
    fc.property(made, lives, fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }), (any, events, draws) => {
      const one = any as unknown as Made
      const options = { asOf: latestOf(events) + 40 * 86_400_000 }
      const whole = one.result(collect(one, events), options)
      const shards: AnyEvent[][] = [[], [], [], []]
      for (const [i, own] of [...bySubject(byTime(events)).values()].entries())
        shards[draws[i]!]!.push(...own)
      let left = shards.map((rows) => one.addColumns(one.empty(), columnsOf(byTime(rows))))
      expect(one.result(one.merge(left[0]!, one.empty()), options)).toEqual(one.result(left[0]!, options))
      for (let i = 4; left.length > 1; i++) {
        const at = draws[i]! % (left.length - 1)
        const before = JSON.stringify(left.map(one.toJson))
        const merged = one.merge(left[at]!, left[at + 1]!)
        expect(JSON.stringify(left.map(one.toJson))).toBe(before)
        const passed =
          i % 2 === 0 ? one.fromJson(JSON.parse(JSON.stringify(one.toJson(merged)))) : structuredClone(merged)
        left = [...left.slice(0, at), passed, ...left.slice(at + 2)]
      }
      expect(one.result(left[0]!, options)).toEqual(whole)
    }),
    { numRuns: runs(60, 3000) },
  )
})

test('a person who is taken out leaves what would have been collected without them, and no name', () => {
  fc.assert(
    fc.property(made, lives, fc.nat(9), (any, events, draw) => {
      const one = any as unknown as Made
      const people = [...bySubject(events)]
      fc.pre(people.length > 0)
      const [subject, own] = people[draw % people.length]!
      const rest = events.filter((event) => event.subject !== subject)
      const options = { asOf: latestOf(events) }
      const without = one.withdraw(collect(one, byTime(events)), subject, own)
      expect(one.result(without, options)).toEqual(one.result(collect(one, rest), options))
      expect(without.latest).toBe(rest.length === 0 ? null : latestOf(rest))
      if (subject === 'ana') expect(JSON.stringify(one.toJson(without))).not.toContain(subject)
    }),
    { numRuns: runs(40, 2000) },
  )
})

test('columns come in order of subject or time from any order, repetitions dropped', () => {
  fc.assert(
    fc.property(lives, fc.constantFrom('subject' as const, 'time' as const), fc.nat(), (events, by, seed) => {
      // Some rows twice, all of them in another order that leaves ties of one person as they are.
      const ordered = byTime(events)
      const doubled = ordered.flatMap((event, i) => ((seed >> (i % 16)) & 1 ? [event, event] : [event]))
      const shuffled = [...bySubject(doubled).values()].reverse().flat()
      const columns = columnsOf(shuffled)
      const before = JSON.stringify(columns)
      const sorted = sortColumns(columns, { by, id: shuffled.map(({ id }) => id) })
      expect(JSON.stringify(columns)).toBe(before)
      const rows = rowsOf(sorted)
      const bySomebody = (list: readonly AnyEvent[]) =>
        [...bySubject(list)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([who, own]) => [who, own.map(shown)])
      expect(bySomebody(rows)).toEqual(bySomebody(ordered))
      const times = rows.map(({ occurredAt }) => occurredAt)
      if (by === 'time') expect(times).toEqual([...times].sort((a, b) => a - b))
      else
        expect(rows.map(({ subject }) => subject)).toEqual(
          [...bySubject(rows)].flatMap(([who, own]) => own.map(() => who)),
        )
    }),
    { numRuns: runs(100, 3000) },
  )
})

const shown = ({ type, occurredAt, data }: AnyEvent) => ({ type, occurredAt, data })

function rowsOf({ subject, occurredAt, type, data = {} }: EventColumns): readonly AnyEvent[] {
  const text = (column: unknown, row: number) => {
    const { codes, values } = column as { codes: ArrayLike<number>; values: ArrayLike<string> }
    return values[codes[row]!]!
  }
  const times = occurredAt as ArrayLike<number>
  return Array.from(times, (at, row) => ({
    id: '',
    type: text(type, row),
    subject: text(subject, row),
    occurredAt: at,
    data: Object.fromEntries(
      Object.entries(data)
        .map(([name, column]) => [name, (column as ArrayLike<unknown>)[row]] as const)
        .filter(([, value]) => value !== undefined),
    ),
  }))
}
