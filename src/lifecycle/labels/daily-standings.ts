import type { Instant, Periods, Sentence } from '../../kernel/index.js'
import { nameOf, type People } from '../../measures/activity/collected.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { lastPeriod, type PeriodSets } from '../../measures/period-sets.js'
import { type DailyState, type DailyStatesDefinition, dailyStates } from './daily-settings.js'
import type { LabelKind, LabelStandings, LabelTerm, Standing } from './standings.js'

/** Everybody who was ever active, and their state on the day that `through` numbers. */
export function dailyStandings(
  { id, calendar, windows, windowIncludes, names }: Omit<DailyStatesDefinition, 'events'>,
  known: People,
  {
    sets,
    periods,
    label,
  }: {
    readonly sets: PeriodSets
    readonly periods: Periods
    readonly label: (row: number) => DailyState | null
  },
  { asOf, through }: { readonly asOf: Instant; readonly through: number },
): LabelStandings {
  const people: Standing[] = []
  for (let row = 0; row < sets.rows; row++) {
    const last = lastPeriod(sets, row, through)
    if (last === undefined) continue
    people.push({
      subject: nameOf(known, row),
      label: label(row),
      last: { day: periods.nameOf(last), daysAgo: through - last },
    })
  }
  const today = windowIncludes === 'today' ? 1 : 0
  const [week, month] = [windows.week - today, windows.month - today]
  const { zone } = calendar
  return {
    name: names?.product ?? { en: id, zh: id },
    asOf,
    rule: {
      en: `the day and the ${week} and ${month} days before it (${zone})`,
      zh: `当日及此前${week}天、${month}天（${zone}）`,
    },
    labels: dailyStates.map(
      (state): LabelTerm => ({
        label: state,
        word: names?.labels?.[state] ?? dailyStateWords[state],
        meaning: meanings[state](week, month),
        kind: kinds[state],
      }),
    ),
    unlabelled: { en: 'never active by then', zh: '截至当时从未活跃' },
    people: people.sort((a, b) => byUnits(a.subject, b.subject)),
  }
}

/** The states in words, where no product says them otherwise. */
export const dailyStateWords: Readonly<Record<DailyState, Sentence>> = {
  new: { en: 'new', zh: '新增' },
  current: { en: 'current', zh: '当前活跃' },
  reactivated: { en: 'reactivated', zh: '再激活' },
  resurrected: { en: 'resurrected', zh: '复活' },
  at_risk_wau: { en: 'at risk, in the week', zh: '周活风险' },
  at_risk_mau: { en: 'at risk, in the month', zh: '月活风险' },
  dormant: { en: 'dormant', zh: '沉默' },
}

const kinds: Readonly<Record<DailyState, LabelKind>> = {
  new: 'arrived',
  current: 'stayed',
  reactivated: 'came-back',
  resurrected: 'came-back',
  at_risk_wau: 'away',
  at_risk_mau: 'away',
  dormant: 'away',
}

const meanings: Readonly<Record<DailyState, (week: number, month: number) => Sentence>> = {
  new: () => ({ en: 'active today, never before', zh: '当日首次活跃' }),
  current: (week) => ({
    en: `active today and in the ${week} days before`,
    zh: `当日活跃，此前${week}天内也活跃`,
  }),
  reactivated: (week, month) => ({
    en: `active today, not in the ${week} days before, but in the ${month} before`,
    zh: `当日活跃，此前${week}天内不活跃，但${month}天内活跃过`,
  }),
  resurrected: (_, month) => ({
    en: `active today, not in the ${month} days before`,
    zh: `当日活跃，此前${month}天内不活跃`,
  }),
  at_risk_wau: (week) => ({
    en: `not active today, but in the ${week} days before`,
    zh: `当日不活跃，此前${week}天内活跃过`,
  }),
  at_risk_mau: (week, month) => ({
    en: `not active today, nor in the ${week} days before, but in the ${month} before`,
    zh: `当日及此前${week}天内不活跃，但${month}天内活跃过`,
  }),
  dormant: (_, month) => ({
    en: `not active today, nor in the ${month} days before`,
    zh: `当日及此前${month}天内均不活跃`,
  }),
}
