import { calendarOf, type Instant, type Periods, type Sentence } from '../../kernel/index.js'
import { type ActivityPartial, nameOf } from '../../measures/activity/collected.js'
import { ACTIVE } from '../../measures/activity/event-choice.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { lastPeriod, type PeriodSets } from '../../measures/period-sets.js'
import { unitCounts, unitNames } from '../../measures/unit-words.js'
import { type IntervalLabel, type IntervalLabelsDefinition, intervalLabels } from './interval-settings.js'
import {
  type LabelKind,
  type LabelStandings,
  type LabelTerm,
  lastActiveOn,
  type Standing,
} from './standings.js'

/** Everybody who was ever active, and what they are in the interval that `through` numbers. */
export function intervalStandings(
  { id, calendar: definition, period, names }: Omit<IntervalLabelsDefinition, 'events'>,
  { all }: ActivityPartial,
  {
    sets,
    periods,
    labelOf,
  }: {
    readonly sets: PeriodSets
    readonly periods: Periods
    readonly labelOf: (row: number, index: number) => IntervalLabel | undefined
  },
  { asOf, through }: { readonly asOf: Instant; readonly through: number },
): LabelStandings {
  const [now, before] = [periods.nameOf(through), periods.nameOf(through - 1)]
  const calendar = calendarOf(definition)
  const people: Standing[] = []
  for (let row = 0; row < sets.rows; row++) {
    const last = lastPeriod(sets, row, through)
    if (last === undefined) continue
    const at = latest(all.instants?.[row], asOf)
    people.push({
      subject: nameOf(all.people, row),
      label: labelOf(row, through) ?? null,
      last:
        at !== undefined
          ? lastActiveOn(calendar, at, asOf)
          : period === 'day'
            ? { day: periods.nameOf(last), daysAgo: through - last }
            : { interval: periods.nameOf(last) },
    })
  }
  const [en, zh] = [`calendar ${unitCounts[period].en}`, `自然${unitNames[period].zh}`]
  return {
    name: names?.product ?? { en: id, zh: id },
    asOf,
    rule: { en: `${en} (${definition.zone})`, zh: `${zh}（${definition.zone}）` },
    labels: intervalLabels.map(
      (label): LabelTerm => ({
        label,
        word: names?.labels?.[label] ?? intervalLabelWords[label],
        meaning: meanings[label](now, before),
        kind: kinds[label],
      }),
    ),
    unlabelled: {
      en: `not active in ${now}, nor in ${before}`,
      zh: `${before}和${now}均不活跃`,
    },
    people: people.sort((a, b) => byUnits(a.subject, b.subject)),
  }
}

/** The labels in words, where no product says them otherwise. */
export const intervalLabelWords: Readonly<Record<IntervalLabel, Sentence>> = {
  new: { en: 'new', zh: '新增' },
  returning: { en: 'returning', zh: '留存' },
  resurrecting: { en: 'resurrecting', zh: '复活' },
  dormant: { en: 'dormant', zh: '沉默' },
}

const kinds: Readonly<Record<IntervalLabel, LabelKind>> = {
  new: 'arrived',
  returning: 'stayed',
  resurrecting: 'came-back',
  dormant: 'away',
}

const meanings: Readonly<Record<IntervalLabel, (now: string, before: string) => Sentence>> = {
  new: (now) => ({ en: `active in ${now}, and first seen in it`, zh: `${now}活跃，且首次出现于其中` }),
  returning: (now, before) => ({ en: `active in ${now} and in ${before}`, zh: `${before}和${now}均活跃` }),
  resurrecting: (now, before) => ({
    en: `active in ${now}, not in ${before}`,
    zh: `${now}活跃，${before}不活跃`,
  }),
  dormant: (now, before) => ({ en: `active in ${before}, not in ${now}`, zh: `${before}活跃，${now}不活跃` }),
}

function latest(own: readonly number[] | undefined, asOf: Instant): Instant | undefined {
  let found: Instant | undefined
  for (let i = 0; i < (own?.length ?? 0); i += 3) {
    const at = own![i]!
    if ((own![i + 1]! & ACTIVE) !== 0 && at <= asOf && (found === undefined || at > found)) found = at
  }
  return found
}
