import fc from 'fast-check'
import { type AnyEvent, collect, columnsOf } from 'liuliang/kernel'
import {
  type DailyRateName,
  type DailyState,
  dailyStates,
  defineDailyStates,
  type LabelStandings,
} from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import { mergedBy } from '../../cohorts/support/histories.js'
import { slowPeriods } from '../../cohorts/support/slow-retention.js'
import { runs } from '../../support/size.js'
import { historiesBy } from './support/histories.js'

const rates: Readonly<Record<DailyRateName, readonly [DailyState, readonly DailyState[]]>> = {
  nurr: ['new', ['new', 'current', 'reactivated', 'resurrected']],
  curr: ['current', ['new', 'current', 'reactivated', 'resurrected']],
  rurr: ['reactivated', ['new', 'current', 'reactivated', 'resurrected']],
  surr: ['resurrected', ['new', 'current', 'reactivated', 'resurrected']],
  iwaurr: ['at_risk_wau', ['new', 'current', 'reactivated', 'resurrected']],
  reactivation: ['at_risk_mau', ['new', 'current', 'reactivated', 'resurrected']],
  resurrection: ['dormant', ['new', 'current', 'reactivated', 'resurrected']],
  'wau-loss': ['at_risk_wau', ['at_risk_mau']],
  'mau-loss': ['at_risk_mau', ['dormant']],
}

test('states, moves and rates are what looking at every day of every person says', () => {
  fc.assert(
    fc.property(
      historiesBy(['day'], 12),
      fc.constantFrom([7, 30], [2, 5], [1, 2], [3, 4]),
      fc.constantFrom('days-before' as const, 'today' as const),
      fc.array(fc.nat(), { minLength: 5, maxLength: 20 }),
      (history, [week, month], windowIncludes, marks) => {
        const { calendar, events, options, keep } = history
        const states = defineDailyStates({
          ...{ id: 'law', version: 1, calendar, period: 'day', activity: 'paid', keep, windowIncludes },
          windows: { week: week!, month: month! },
        })
        const periods = slowPeriods(calendar as never, 'day')
        const { asOf, since } = options
        let shown = periods.indexOf(asOf)
        while (periods.startOf(shown + 1) <= asOf) shown++
        let [through, over] = [shown, shown]
        while (periods.endOf(over) > asOf) over--
        const paid = events.filter(({ type }) => type === 'paid')
        if (keep !== 'instants' && paid.some(({ occurredAt }) => occurredAt > asOf))
          while (periods.endOf(through) - 1 > asOf) through--
        const known = paid
          .filter(({ occurredAt }) => occurredAt <= asOf)
          .map(({ subject, occurredAt }) => ({ subject, day: periods.indexOf(occurredAt) }))
          .filter(({ day }) => day <= through)
        const subjects = [...new Set(known.map(({ subject }) => subject))].sort()
        const any = (subject: string, from: number, to: number) =>
          known.some((one) => one.subject === subject && one.day >= from && one.day <= to)
        // A window of 7 with today has six days before it.
        const [w, m] = windowIncludes === 'today' ? [week! - 1, month! - 1] : [week!, month!]
        const stateOn = (subject: string, d: number): DailyState | null => {
          const [inWeek, inMonth] = [any(subject, d - w, d - 1), any(subject, d - m, d - 1)]
          if (any(subject, d, d)) {
            if (!any(subject, -Infinity, d - 1)) return 'new'
            return inWeek ? 'current' : inMonth ? 'reactivated' : 'resurrected'
          }
          if (!any(subject, -Infinity, d - 1)) return null
          return inWeek ? 'at_risk_wau' : inMonth ? 'at_risk_mau' : 'dormant'
        }
        const ever = known.reduce((day, one) => Math.min(day, one.day), Infinity)
        const first = since !== undefined ? periods.indexOf(since) : ever
        const length = Number.isFinite(first) ? Math.max(through - first + 1, 0) : 0
        const partial = collect(states, events)
        const result = states.result(partial, options)
        expect(result.days.length).toBe(length)
        const total = new Map<string, number>()
        for (const [i, row] of result.days.entries()) {
          const d = first + i
          const pairs = subjects.map((subject) => [stateOn(subject, d - 1), stateOn(subject, d)] as const)
          const count = (from: DailyState | null | undefined, to: readonly DailyState[]) =>
            pairs.filter(([a, b]) => (from === undefined || a === from) && b !== null && to.includes(b))
              .length
          const hidden = (options.gaps ?? []).some(
            ({ from, to = Infinity, event }) =>
              event !== 'other' &&
              Math.min(to, periods.endOf(d), asOf + 1) > Math.max(from, periods.startOf(d - m)),
          )
          const skipped = [d, d - 1].some((one) => periods.endOf(one) <= periods.startOf(one))
          const state = hidden || skipped ? 'unobserved' : d <= over ? 'complete' : 'provisional'
          expect(row).toMatchObject({
            day: periods.nameOf(d),
            states: Object.fromEntries(dailyStates.map((one) => [one, count(undefined, [one])])),
            dau: subjects.filter((subject) => any(subject, d, d)).length,
            wau: subjects.filter((subject) => any(subject, d - w, d)).length,
            mau: subjects.filter((subject) => any(subject, d - m, d)).length,
            people: subjects.filter((subject) => any(subject, -Infinity, d)).length,
            state,
          })
          for (const from of [...dailyStates, null])
            for (const to of dailyStates) {
              const moved = row.moves.filter((one) => one.from === from && one.to === to)
              expect(moved.map(({ people }) => people)).toEqual(
                count(from, [to]) === 0 ? [] : [count(from, [to])],
              )
              if (state === 'complete')
                total.set(`${from} ${to}`, (total.get(`${from} ${to}`) ?? 0) + count(from, [to]))
            }
          for (const [name, [of, to]] of Object.entries(rates)) {
            const rate = row.rates[name as DailyRateName]
            const trials = count(of, dailyStates)
            if (trials === 0) expect(rate).toEqual({ kind: 'undefined', reason: 'no-trials' })
            else expect(rate).toMatchObject({ trials, value: count(of, to) / trials })
          }
          const picked = dailyStates[i % 7]!
          expect(states.people(partial, options, { day: row.day, state: picked })).toEqual(
            subjects.filter((subject) => stateOn(subject, d) === picked),
          )
        }
        expect(result.overall.matrix).toEqual(
          [...dailyStates, null].map((from) => dailyStates.map((to) => total.get(`${from} ${to}`) ?? 0)),
        )
        const part = { merge: states.merge, collect: (some: readonly AnyEvent[]) => collect(states, some) }
        expect(states.result(mergedBy(part, events, marks), options)).toEqual(result)
        const columns = states.addColumns(states.empty(), columnsOf(events))
        expect(states.result(columns, options)).toEqual(result)
        const standings = (): LabelStandings => states.standings(partial, options)
        if (through < shown) expect(standings).toThrow('out-of-range')
        else
          expect(standings().people.map(({ subject, label }) => [subject, label])).toEqual(
            subjects.map((subject) => [subject, stateOn(subject, through)]),
          )
      },
    ),
    { numRuns: runs(40, 3000) },
  )
}, 600_000)
