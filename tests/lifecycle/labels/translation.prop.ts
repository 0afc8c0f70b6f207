import fc from 'fast-check'
import { collect } from 'liuliang/kernel'
import { defineDailyStates, defineIntervalLabels, stageStandings, translateLabels } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { historiesBy } from './support/histories.js'

const stages = fc.dictionary(
  fc.constantFrom('mei', '10', '__proto__', 'ann'),
  fc.constantFrom('lead', 'active', 'dormant', null),
)

test('everybody that either side knows is in one cell, and a translation turned round says the same', () => {
  fc.assert(
    fc.property(historiesBy(['day', 'week', 'month']), stages, fc.boolean(), (history, given, withDays) => {
      const { calendar, period, events, options } = history
      const labels = defineIntervalLabels({
        ...{ id: 'labels', version: 1, calendar, period, activity: 'paid', keep: 'instants' },
        ...{ firstSeen: 'first-activity', dormantAs: 'count' },
      })
      const states = defineDailyStates({
        ...{ id: 'states', version: 1, calendar, period: 'day', activity: 'paid', keep: 'instants' },
        ...{ windows: { week: 2, month: 5 }, windowIncludes: 'today' },
      })
      const from = labels.standings(collect(labels, events), options)
      const to = withDays
        ? states.standings(collect(states, events), options)
        : stageStandings({
            ...{ name: { en: 'ours', zh: '我方' }, asOf: options.asOf, stages: given },
            kinds: { active: 'stayed', dormant: 'away' },
          })
      const there = translateLabels({ from, to })
      const back = translateLabels({ from: to, to: from })
      const known = new Map([...from.people, ...to.people].map(({ subject }) => [subject, 0]))
      expect(there.people.map(({ subject }) => subject)).toEqual([...known.keys()].sort())
      const labelIn = (people: typeof from.people, subject: string) =>
        people.find((one) => one.subject === subject)?.label ?? null
      for (const cell of there.cells) {
        expect(cell.subjects.length).toBe(cell.people)
        for (const subject of cell.subjects) {
          known.set(subject, known.get(subject)! + 1)
          expect([labelIn(from.people, subject), labelIn(to.people, subject)]).toEqual([cell.from, cell.to])
        }
        const row = there.cells.filter((one) => one.from === cell.from)
        expect(cell.ofFrom).toBe(cell.people / row.reduce((sum, { people }) => sum + people, 0))
        const turned = back.cells.find((one) => one.from === cell.to && one.to === cell.from)
        expect([turned?.subjects, turned?.agrees]).toEqual([cell.subjects, cell.agrees])
      }
      expect([...known.values()].every((times) => times === 1)).toBe(true)
      expect(back.cells.length).toBe(there.cells.length)
      expect(back.agreement).toEqual(there.agreement)
      const compared = there.cells.filter(({ agrees }) => agrees !== null)
      const trials = compared.reduce((sum, { people }) => sum + people, 0)
      const agreeing = compared.reduce((sum, { people, agrees }) => sum + (agrees ? people : 0), 0)
      if (trials === 0) expect(there.agreement).toEqual({ kind: 'undefined', reason: 'no-trials' })
      else expect(there.agreement).toMatchObject({ trials, value: agreeing / trials })
    }),
    { numRuns: runs(60, 3000) },
  )
}, 600_000)
