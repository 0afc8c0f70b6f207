// The panel beside the engine: where each person stands just before each bound of a period.
import fc from 'fast-check'
import { calendarOf, periodsOf } from 'liuliang/kernel'
import { defineStagePanel } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { bySubject } from './support/by-engine.js'
import { byTime, calm, later, lives } from './support/lifecycles.js'
import { simple } from './support/simple.js'

test('states at the bounds of periods are those of the engine, by stage and by recency', () => {
  let counted = 0
  fc.assert(
    fc.property(
      calm,
      lives,
      later,
      fc.constantFrom('week' as const, 'month' as const),
      fc.constantFrom('stage' as const, 'recency' as const),
      (lifecycle, events, after, period, by) => {
        const panel = defineStagePanel({
          id: 'panel',
          version: 1,
          lifecycle,
          period,
          by,
          ...(by === 'recency' && { upTo: 2 }),
        })
        const asOf = Math.max(0, ...events.map(({ occurredAt }) => occurredAt)) + after
        const partial = byTime(events).reduce((all, event) => panel.add(all, event), panel.empty())
        const result = panel.result(partial, { asOf })
        const {
          calendar,
          rules,
          everywhere = [],
        } = lifecycle.definition as unknown as {
          calendar: { zone: string }
          rules: Record<string, readonly object[]>
          everywhere?: readonly { to?: string }[]
          final?: readonly string[]
        }
        const final = (lifecycle.definition as { final?: readonly string[] }).final ?? []
        const periods = periodsOf(calendarOf(calendar), period)
        const last = periods.latestBy(asOf)
        const silent = (stage: string) =>
          !final.includes(stage) &&
          [...rules[stage]!, ...everywhere.filter(({ to }) => to !== stage)].some(
            (rule) => 'inactiveFor' in rule,
          )
        const counts = new Map<string, number>()
        const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
        for (const own of bySubject(events).values()) {
          const states: string[] = []
          const first = periods.latestBy(own[0]!.occurredAt)
          for (let p = first; p < last; p++) {
            const bound = periods.startOf(p + 1)
            const before = own.filter(({ occurredAt }) => occurredAt < bound)
            let state = lifecycle.start(own[0]!.subject)
            for (const event of before) {
              const outcome = lifecycle.decide(state, event as never)
              if (outcome.outcome === 'accepted') state = outcome.state
            }
            const { stage } = lifecycle.view(state, bound - 1)
            const { activeAt } = lifecycle.advance(state, bound - 1).state.of as { activeAt: number }
            const ago = Math.min(2, p - periods.latestBy(activeAt))
            states.push(by === 'recency' && silent(stage) ? `${stage}+${ago}` : stage)
          }
          for (const [i, to] of states.entries()) {
            const name = periods.nameOf(first + i)
            if (i === 0) count(`${name}:>${to}`)
            else count(`${name}:${states[i - 1]}>${to}`)
            if (i > 1) count(`${name}:${states[i - 2]}>${states[i - 1]}>${to}`)
          }
        }
        const found = new Map<string, number>()
        for (const { period: name, moves, arrivals, triples = [] } of result.periods) {
          for (const [to, n] of arrivals.entries()) if (n > 0) found.set(`${name}:>${result.states[to]}`, n)
          for (const [from, row] of moves.entries())
            for (const [to, n] of row.entries())
              if (n > 0) found.set(`${name}:${result.states[from]}>${result.states[to]}`, n)
          for (const [before, from, to, n] of triples)
            found.set(`${name}:${[before, from, to].map((state) => result.states[state]).join('>')}`, n)
        }
        expect(found).toEqual(counts)
        counted += counts.size
      },
    ),
    { numRuns: runs(30, 1500) },
  )
  expect(counted).toBeGreaterThan(100)
})

test('a silence is told apart for as many periods as it takes', () => {
  const panel = (upTo?: number) => {
    const settings = { id: 'panel', version: 1, lifecycle: simple, period: 'month', by: 'recency' } as const
    return defineStagePanel({ ...settings, ...(upTo !== undefined && { upTo }) })
  }
  const states = (one: ReturnType<typeof panel>) => one.result(one.empty(), { asOf: 0 }).states
  expect(states(panel())).toEqual(['lead', 'active+0', 'active+1', 'active+2', 'active+3', 'lapsed'])
  expect(states(panel(1))).toEqual(['lead', 'active+0', 'active+1', 'lapsed'])
})
