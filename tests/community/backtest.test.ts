// The warning is chosen on some simulated groups and reported on others; the page prints what is computed here.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  assessVitality,
  type Backtest,
  backtestWarning,
  type GroupVitality,
  groupDeaths,
  type VitalityPeriod,
  type VitalityWarning,
  vitalityWarning,
} from 'liuliang/community'
import { DefinitionError } from 'liuliang/kernel'
import type { Proportion } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { best, candidates, isQuietEnough, missedIn, simulatedHistories } from './support/histories.js'
import type { Scenario } from './support/simulator.js'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/reference/community.md'), 'utf8')
const isDeep = runs(0, 1) === 1

const percent = (share: Proportion): string =>
  share.kind === 'undefined'
    ? 'none'
    : `${(share.value * 100).toFixed(1)} % (${(share.interval.low * 100).toFixed(1)} to ${(share.interval.high * 100).toFixed(1)})`

const lead = ({ leadDays }: Backtest): string =>
  leadDays.kind === 'undefined'
    ? 'none'
    : `${leadDays.median} days (${leadDays.lowerQuartile} to ${leadDays.upperQuartile})`

/** A line of the page's table. */
const line = (name: string, tested: Backtest): string =>
  `| ${[name, percent(tested.missed), lead(tested), percent(tested.falseAlarms), percent(tested.falselyAlarmed)].join(' | ')} |`

/** The champion of each kind, as the choice over all candidates found them; the deep run finds them again. */
const champions: Readonly<Record<string, VitalityWarning>> = {
  share: { kind: 'share', below: 0.4, forDays: 10, recovered: 0.8, weeks: 12, skipWeeks: 1, leastWeeks: 2 },
  cusum: { kind: 'cusum', fallsTo: 0.5, threshold: 24, weeks: 4, skipWeeks: 1, leastWeeks: 2 },
  advertising: { kind: 'advertising', above: 0.5, until: 0.4, overDays: 14 },
  'share or advertising': vitalityWarning,
  'cusum or advertising': {
    kind: 'any',
    of: [
      { kind: 'cusum', fallsTo: 0.5, threshold: 24, weeks: 4, skipWeeks: 1, leastWeeks: 2 },
      { kind: 'advertising', above: 0.6, until: 0.5, overDays: 28 },
    ],
  },
}

describe('the warning', () => {
  test('is the candidate that misses fewest deaths of those that alarm few of the living, on the groups of the choice', () => {
    // All candidates on all groups take minutes; on every change the champions are held on half of the groups.
    const { groups } = simulatedHistories(isDeep ? ['choose-1', 'choose-2'] : ['choose-1'], 240)
    const deaths = groupDeaths(groups)
    expect(groups.length).toBe(runs(240, 480))
    const test = (warning: VitalityWarning) => ({
      warning,
      tested: backtestWarning(groups, deaths, { warning }),
    })
    const tried = Object.entries(champions).map(([kind, champion]) => {
      expect(candidates[kind], kind).toContainEqual(champion)
      if (!isDeep) return test(champion)
      const found = best(candidates[kind]!.map(test))!
      expect(found.warning, kind).toEqual(champion)
      return found
    })
    if (isDeep) expect(best(tried)?.warning).toEqual(vitalityWarning)
    const [fewest] = [...tried].sort((a, b) => missedIn(a.tested) - missedIn(b.tested))
    expect(fewest?.warning).toEqual(vitalityWarning)
    expect(isQuietEnough(fewest!.tested)).toBe(true)
  }, 900_000)

  test('does on other groups what the page says', () => {
    const { groups, scenarios } = simulatedHistories(['report-1', 'report-2'], 240)
    const deaths = groupDeaths(groups)
    const tested = Object.entries(champions).map(
      ([kind, warning]) => [kind, backtestWarning(groups, deaths, { warning })] as const,
    )
    const [, ours] = tested.find(([kind]) => kind === 'share or advertising')!
    expect(ours.groups).toBeGreaterThanOrEqual(200)
    for (const [kind, each] of tested) expect(page).toContain(line(kind, each))
    expect(page).toContain(`${ours.groups} other groups, ${ours.deaths} of which died`)
    const { value, years } = { value: 0, years: 0, ...ours.falseAlarmsPerYear }
    expect(page).toContain(
      `${value.toFixed(2)} false alarms a group a year (${years.toFixed(0)} group years)`,
    )
    const { alarms } = ours
    expect(page).toContain(
      `${alarms.true} true, ${alarms.early} early, ${alarms.false} false, ${alarms.open} open`,
    )

    for (const scenario of new Set(scenarios.values())) {
      const some = groups.filter(({ group }) => scenarios.get(group) === scenario)
      const names = new Set(some.map(({ group }) => group))
      const died = deaths.filter(({ group }) => names.has(group))
      const each = backtestWarning(some, died, { warning: vitalityWarning })
      const missed = died.length === 0 ? '' : `${Math.round(missedIn(each) * died.length)}`
      const alarmed =
        each.falselyAlarmed.kind === 'estimate' ? each.falselyAlarmed.value * each.falselyAlarmed.trials : 0
      const names3 = [wordsOf[scenario], some.length, died.length, missed, lead(each), Math.round(alarmed)]
      expect(page).toContain(`| ${names3.join(' | ')} |`)
    }

    // Better than any one sign, by more than chance: the intervals of what is missed do not meet.
    for (const kind of ['share', 'cusum']) {
      const [, other] = tested.find(([name]) => name === kind)!
      expect(boundsOf(ours.missed).high).toBeLessThan(boundsOf(other.missed).low)
    }
    expect(missedIn(ours)).toBeLessThan(missedIn(tested.find(([name]) => name === 'advertising')![1]))
    // Nothing was known of their ends: half of them were warned of weeks before.
    expect(boundsOf(ours.missed).high).toBeLessThan(1 / 3)
    expect(ours.leadDays.kind === 'estimate' && ours.leadDays.lowerQuartile).toBeGreaterThan(21)
  }, 600_000)
})

const wordsOf: Readonly<Record<Scenario, string>> = {
  steady: 'steady',
  'light-pushes': 'a push every few days',
  'heavy-pushes': 'two to five pushes a day from the start',
  'pushes-begin': 'three to seven pushes a day begin',
  'slow-fade': 'interest fades, no pushes',
  'top-speaker-leaves': 'the one who speaks most leaves',
  'unknown-lull': 'nine quiet days that no calendar knows',
  'quiet-but-healthy': 'always quiet',
  flash: 'ten days of four times the talk',
}

const boundsOf = (share: Proportion) =>
  share.kind === 'estimate' ? share.interval : { low: Number.NaN, high: Number.NaN }

/** A line of a day with so many speakers of ten people. */
const dayLine = (i: number, speakers: number, advertisement = 0): VitalityPeriod => ({
  from: new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
  to: new Date(Date.UTC(2024, 0, 2 + i)).toISOString().slice(0, 10),
  over: Date.UTC(2024, 0, 2 + i),
  ...{ days: 1, quiet: 0, members: 10, present: 10, personDays: 10, speakers },
  speaking: { kind: 'undefined', reason: 'no-trials' },
  messages: { member: speakers, operator: 0, advertisement, other: 0 },
  perPersonDay: { kind: 'estimate', value: speakers / 10 },
  concentration: { kind: 'undefined', reason: 'nobody-spoke' },
  advertising: { kind: 'undefined', reason: 'no-trials' },
  answersPerPush: { kind: 'undefined', reason: 'not-tracked' },
  ...{ joins: 0, noticed: 0, leaves: 0, net: 0 },
})
const groupOf = (name: string, speakers: readonly number[]): GroupVitality => ({
  group: name,
  periods: speakers.map((each, i) => dayLine(i, each)),
})
const repeat = (count: number, value: number) => Array.from({ length: count }, () => value)

/** On after three days below half of the median of two weeks. */
const quick: VitalityWarning = {
  ...{ kind: 'share', below: 0.5, forDays: 3, recovered: 0.8 },
  ...{ weeks: 2, skipWeeks: 1, leastWeeks: 2 },
}

describe('a back-test by hand', () => {
  // 4 speakers a day for 28 days, 1 a day for 20, then none: the week's sum falls below 14 with the fifth low day.
  const dying = groupOf('dying', [...repeat(28, 4), ...repeat(20, 1), ...repeat(14, 0)])
  const living = groupOf('living', repeat(62, 4))
  const lull = groupOf('lull', [...repeat(28, 4), ...repeat(8, 0), ...repeat(26, 4)])
  const groups = [dying, living, lull]

  test('deaths are the first silences that are long enough', () => {
    expect(groupDeaths(groups)).toEqual([{ group: 'dying', on: '2024-02-18' }])
    expect(groupDeaths(groups, { silentDays: 8 }).map(({ group }) => group)).toEqual(['dying', 'lull'])
    expect(groupDeaths(groups, { silentDays: 15 })).toEqual([])
  })

  test('counts the days from the warning to the death, false alarms, and those that nobody can tell yet', () => {
    const tested = backtestWarning(groups, groupDeaths(groups), { warning: quick, horizonDays: 20 })
    // Low on days 32, 33, 34 (from 0): on with day 34; the death is day 48.
    expect(tested.outcomes[0]).toEqual({
      group: 'dying',
      death: '2024-02-18',
      leadDays: 14,
      alarms: [{ on: '2024-02-04', outcome: 'true' }],
    })
    expect(tested.outcomes[1]).toEqual({ group: 'living', death: null, leadDays: null, alarms: [] })
    // 4 a day, then nothing from day 28: 12 in the week at day 31, on at day 33.
    expect(tested.outcomes[2]?.alarms).toEqual([{ on: '2024-02-03', outcome: 'false' }])
    expect(tested.alarms).toEqual({ true: 1, early: 0, false: 1, open: 0 })
    expect(tested.missed).toMatchObject({ value: 0, trials: 1 })
    expect(tested.falseAlarms).toMatchObject({ value: 0.5, trials: 2 })
    expect(tested.falselyAlarmed).toMatchObject({ value: 0.5, trials: 2 })
    expect(tested.leadDays).toMatchObject({ n: 1, least: 14, median: 14, most: 14 })
    // With a longer horizon the end of the data is too near to blame the lull; with a shorter one the alarm was early.
    expect(backtestWarning(groups, groupDeaths(groups), { warning: quick, horizonDays: 60 }).alarms).toEqual({
      ...{ true: 1, early: 0, false: 0, open: 1 },
    })
    const hasty = backtestWarning(groups, groupDeaths(groups), { warning: quick, horizonDays: 10 })
    expect(hasty.outcomes[0]).toMatchObject({ leadDays: 10, alarms: [{ outcome: 'early' }] })
    // A warning that comes too late is none.
    const late = { warning: quick, horizonDays: 20, leastLeadDays: 15 }
    expect(backtestWarning(groups, groupDeaths(groups), late).missed).toMatchObject({ value: 1, trials: 1 })
  })

  test('deaths before anything could be known are missed, and said', () => {
    const young = [groupOf('young', [...repeat(10, 4), ...repeat(14, 0)])]
    const tested = backtestWarning(young, groupDeaths(young), { warning: quick })
    expect([tested.missed, tested.tooEarly]).toMatchObject([{ value: 1 }, 1])
    expect(tested.leadDays).toEqual({ kind: 'undefined', reason: 'no-warned-deaths' })
    expect(tested.falseAlarmsPerYear).toEqual({ kind: 'undefined', reason: 'no-days' })
    expect(tested.falselyAlarmed).toEqual({ kind: 'undefined', reason: 'no-trials' })
  })

  test('no groups are no numbers', () => {
    const tested = backtestWarning([], [], { warning: quick })
    expect(tested).toMatchObject({ groups: 0, deaths: 0, missed: { kind: 'undefined' } })
  })

  test('what a warning says on a day depends on no later day', () => {
    const { groups: some } = simulatedHistories(['causal'], 24)
    const asOf = some[0]!.periods.at(-1)!.over
    const days = [40, 100, 160, 200]
    for (const day of days) {
      const then = some[0]!.periods[day]!.over
      const cut = some.map(({ group, periods }) => ({ group, periods: periods.slice(0, day + 1) }))
      expect(assessVitality({ groups: some, asOf }, { asOf: then })).toEqual(
        assessVitality({ groups: cut, asOf: then }),
      )
    }
  })

  test.each([
    ['unknown-name', '$.warning.kind', { warning: { kind: 'guess' } as never }],
    ['out-of-range', '$.warning.below', { warning: { ...quick, below: 1 } }],
    ['out-of-range', '$.warning.forDays', { warning: { ...quick, forDays: 0.5 } }],
    ['out-of-range', '$.warning.recovered', { warning: { ...quick, recovered: 0.4 } }],
    ['out-of-range', '$.warning.leastWeeks', { warning: { ...quick, leastWeeks: 3 } }],
    ['missing', '$.warning.of', { warning: { kind: 'any', of: [] } as const }],
    [
      'unknown-name',
      '$.warning.of[0].kind',
      { warning: { kind: 'any', of: [{ kind: 'any', of: [] }] } as never },
    ],
    ['out-of-range', '$.horizonDays', { warning: quick, horizonDays: 0 }],
    ['out-of-range', '$.leastLeadDays', { warning: quick, horizonDays: 5, leastLeadDays: 6 }],
    ['out-of-range', '$.level', { warning: quick, level: 1 }],
  ] as const)('refuses %s at %s', (code, path, options) => {
    expect(faultOf(() => backtestWarning(groups, [], options))).toEqual([code, path])
  })

  test('refuses deaths that are nobody’s, and two of one group', () => {
    const on = '2024-02-18'
    const tried = (deaths: readonly { group: string; on: string }[]) =>
      faultOf(() => backtestWarning(groups, deaths, { warning: quick }))
    expect(tried([{ group: '__proto__', on }])).toEqual(['unknown-name', '$.deaths[0].group'])
    expect(tried([{ group: 'dying', on: '2023-01-01' }])).toEqual(['out-of-range', '$.deaths[0].on'])
    const two = [
      { group: 'dying', on },
      { group: 'dying', on },
    ]
    expect(tried(two)).toEqual(['duplicate-name', '$.deaths[1].group'])
    expect(faultOf(() => backtestWarning([dying, dying], [], { warning: quick }))).toEqual([
      'duplicate-name',
      '$.groups[1].group',
    ])
  })
})

function faultOf(run: () => unknown): readonly [string, string] | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    return [error.code, error.path]
  }
}
