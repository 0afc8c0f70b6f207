import { type AnyEvent, collect, instant } from 'liuliang/kernel'
import {
  defineDailyStates,
  defineIntervalLabels,
  explainTranslation,
  labelWords,
  posthogLifecycle,
  stageStandings,
  translateLabels,
  translationRows,
} from 'liuliang/lifecycle'
import { describe, expect, test } from 'vitest'

const paid = (subject: string, day: string): AnyEvent => ({
  id: `${subject} ${day}`,
  type: 'order-paid',
  subject,
  occurredAt: instant(`${day}T09:00:00+08:00`),
  data: {},
})
const calendar = { zone: 'Asia/Shanghai' }
/** The last millisecond of May. */
const asOf = instant('2024-05-31T23:59:59.999+08:00')
const events = [
  paid('mei', '2024-04-28'),
  ...[paid('lin', '2024-04-02'), paid('lin', '2024-05-30')],
  paid('tao', '2024-05-31'),
  paid('bo', '2024-02-01'),
]
const head = { version: 1, calendar, activity: 'order-paid' } as const
const posthog = defineIntervalLabels(
  posthogLifecycle({ ...head, id: 'posthog', period: 'month', keep: 'instants' }),
)
const firstSeenAt = { tao: instant('2024-05-31T09:00:00+08:00'), mei: 0, lin: 0, bo: 0 }
const duolingo = defineDailyStates({
  ...{ ...head, id: 'daily', period: 'day' },
  ...{ windows: { week: 7, month: 30 }, windowIncludes: 'days-before' },
})
const theirs = posthog.standings(collect(posthog, events), { asOf, firstSeenAt })
const days = duolingo.standings(collect(duolingo, events), { asOf })
const yours = stageStandings({
  name: { en: 'your lifecycle', zh: '贵方生命周期' },
  asOf,
  stages: { mei: 'active', lin: 'active', tao: 'new', ann: 'lead' },
  order: ['lead', 'new', 'active', 'dormant'],
  words: { active: { en: 'active', zh: '活跃' } },
  kinds: { new: 'arrived', active: 'stayed', dormant: 'away' },
  rule: { en: '45 days of silence', zh: '45天沉默' },
})

describe('two definitions at one moment', () => {
  const translation = translateLabels({ from: theirs, to: yours })

  test('people behind each cell, labels in order, those without one last', () => {
    expect(translation.cells.map(({ from, to, subjects, agrees }) => [from, to, subjects, agrees])).toEqual([
      ['new', 'new', ['tao'], true],
      ['returning', 'active', ['lin'], true],
      ['dormant', 'active', ['mei'], false],
      [null, 'lead', ['ann'], null],
      [null, null, ['bo'], null],
    ])
    expect(translation.cells.map(({ ofFrom }) => ofFrom)).toEqual([1, 1, 1, 0.5, 0.5])
  })

  test('agreement speaks of those who can be compared', () => {
    expect(translation.agreement).toMatchObject({ kind: 'estimate', value: 2 / 3, trials: 3 })
    const other = translateLabels({ from: theirs, to: yours, agree: [{ from: 'dormant', to: 'active' }] })
    expect(other.agreement).toMatchObject({ value: 1 / 3, trials: 3 })
    const none = stageStandings({ name: { en: 'x', zh: 'x' }, asOf, stages: {} })
    expect(translateLabels({ from: theirs, to: none }).agreement).toEqual({
      kind: 'undefined',
      reason: 'no-trials',
    })
  })

  test('a sentence says why they differ, in both languages', () => {
    expect(translation.cells[2]!.says).toEqual({
      en: 'PostHog says dormant, your lifecycle says active: 1 person, last active 33 days ago; PostHog: active in 2024-04, not in 2024-05 (calendar months (Asia/Shanghai)); your lifecycle: 45 days of silence',
      zh: 'PostHog称为「沉默（dormant）」，贵方生命周期称为「活跃」：1人，最近活跃在33天前；PostHog：2024-04活跃，2024-05不活跃（自然月（Asia/Shanghai））；贵方生命周期：45天沉默',
    })
    expect(translation.cells[3]!.says.en).toBe(
      'PostHog has no label, your lifecycle says lead: 1 person; PostHog: not active in 2024-05, nor in 2024-04 (calendar months (Asia/Shanghai)); your lifecycle: 45 days of silence',
    )
    expect(explainTranslation({ from: theirs, to: yours }, 'mei')).toEqual(translation.cells[2]!.says)
    expect(() => explainTranslation({ from: theirs, to: yours }, 'nobody')).toThrow('unknown-name')
  })

  test('rows for tables say the same', () => {
    expect(translationRows(translation)[2]).toEqual({
      ...{ from: 'dormant', to: 'active', people: 1, ofFrom: 1, agrees: false },
      ...translation.cells[2]!.says,
    })
  })
})

test('months against days: in the month for one, a month at risk for the other', () => {
  const { cells, agreement } = translateLabels({ from: theirs, to: days })
  expect(cells.map(({ from, to, subjects }) => [from, to, subjects])).toEqual([
    ['new', 'new', ['tao']],
    ['returning', 'at_risk_wau', ['lin']],
    ['dormant', 'dormant', ['mei']],
    [null, 'dormant', ['bo']],
  ])
  expect(agreement).toMatchObject({ value: 2 / 3, trials: 3 })
  expect(cells[1]!.says.en).toBe(
    'PostHog says returning, daily says at risk, in the week: 1 person, last active 1 day ago; PostHog: active in 2024-05 and in 2024-04 (calendar months (Asia/Shanghai)); daily: not active today, but in the 7 days before (the day and the 7 and 30 days before it (Asia/Shanghai))',
  )
})

test('a translation turned round has the same people in turned cells', () => {
  const [there, back] = [
    translateLabels({ from: theirs, to: days }),
    translateLabels({ from: days, to: theirs }),
  ]
  const turned = back.cells.map(({ from, to, subjects, agrees }) => ({
    from: to,
    to: from,
    subjects,
    agrees,
  }))
  const plain = there.cells.map(({ from, to, subjects, agrees }) => ({ from, to, subjects, agrees }))
  const key = (one: object) => JSON.stringify(one)
  expect(turned.map(key).sort()).toEqual(plain.map(key).sort())
  expect(back.agreement).toEqual(there.agreement)
})

test('a definition against itself agrees on everybody it labels', () => {
  const { cells, agreement } = translateLabels({ from: days, to: days })
  expect(cells.every(({ from, to }) => from === to)).toBe(true)
  expect(agreement).toMatchObject({ value: 1, trials: 4 })
})

test('stages may come from a function or a map, with last activity by local date', () => {
  const name = { en: 'mine', zh: '我方' }
  const lastActiveAt = new Map([['mei', instant('2024-04-28T23:00:00+08:00')]])
  const asked = stageStandings({
    ...{ name, asOf, calendar, lastActiveAt, subjects: ['mei', 'lin', 'mei'] },
    stages: (subject) => (subject === 'mei' ? 'active' : undefined),
  })
  expect(asked.people).toEqual([
    { subject: 'lin', label: null, last: null },
    { subject: 'mei', label: 'active', last: { day: '2024-04-28', daysAgo: 33 } },
  ])
  expect(stageStandings({ name, asOf, stages: new Map([['mei', 'active']]) }).labels).toEqual([
    { label: 'active', word: { en: 'active', zh: 'active' }, meaning: null, kind: null },
  ])
})

test('what does not hold is refused', () => {
  const name = { en: 'x', zh: 'x' }
  const refusals: readonly (readonly [() => unknown, string])[] = [
    [() => translateLabels({ from: theirs, to: { ...yours, asOf: asOf - 1 } }), 'out-of-range at $.to.asOf'],
    [
      () => translateLabels({ from: theirs, to: yours, agree: [{ from: 'gone', to: 'new' }] }),
      'unknown-name at $.agree[0].from',
    ],
    [() => stageStandings({ name, asOf, stages: { mei: 'x' }, order: ['y'] }), 'unknown-name at $.order'],
    [
      () => stageStandings({ name, asOf, stages: { mei: 'x' }, subjects: ['mei'] }),
      'unknown-key at $.subjects',
    ],
    [
      () => stageStandings({ name, asOf, stages: {}, kinds: { x: 'gone' as never } }),
      'unknown-name at $.kinds.x',
    ],
    [() => stageStandings({ name, asOf, stages: {}, lastActiveAt: {} }), 'missing at $.calendar'],
  ]
  for (const [call, message] of refusals) expect(call).toThrow(message)
})

test('where only months were kept, a moment within one cannot be asked about once later events are in', () => {
  const months = defineIntervalLabels({
    ...{ ...head, id: 'months', period: 'month', firstSeen: 'first-activity', dormantAs: 'count' },
  })
  const partial = collect(months, events)
  expect(() => months.standings(partial, { asOf: instant('2024-05-15T00:00:00+08:00') })).toThrow(
    'out-of-range at $.asOf',
  )
  const april = months.standings(partial, { asOf: instant('2024-04-30T23:59:59.999+08:00') })
  expect(april.people.map(({ subject, label, last }) => [subject, label, last])).toEqual([
    ['bo', null, { interval: '2024-02' }],
    ['lin', 'new', { interval: '2024-04' }],
    ['mei', 'new', { interval: '2024-04' }],
  ])
})

test('every word of every product is explained in both languages, and once', () => {
  expect(new Set(labelWords.map(({ product, word }) => `${product} ${word}`)).size).toBe(labelWords.length)
  const counts = Object.entries(
    labelWords.reduce<Record<string, number>>((sum, { product }) => {
      sum[product] = (sum[product] ?? 0) + 1
      return sum
    }, {}),
  )
  expect(counts).toEqual([
    ['posthog', 4],
    ['amplitude', 4],
    ['duolingo', 7],
    ['hubspot', 8],
    ['adobe-cja', 4],
  ])
  for (const { means, here } of labelWords) {
    expect(means.en).not.toBe('')
    expect(means.zh).toMatch(/\p{Script=Han}/u)
    if (here !== null) {
      const known = here.by === 'daily-states' ? days.labels : theirs.labels
      expect(known.map(({ label }) => label)).toContain(here.label)
    }
  }
})
