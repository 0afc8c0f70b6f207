import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Condition,
  defineEvents,
  type EventSpecs,
  type Instant,
} from '../../kernel/index.js'
import type { Heard, LifecycleDefinition } from '../definition.js'
import { daysBefore } from './days-before.js'

/** The nine stages of a child's way, and what lies before, between and after them. */
export type MaternityStage =
  | 'unknown'
  | 'early-pregnancy'
  | 'mid-pregnancy'
  | 'late-pregnancy'
  | 'birth-unreported'
  | 'months-0-6'
  | 'months-6-12'
  | 'years-1-3'
  | 'years-3-6'
  | 'years-6-10'
  | 'years-10-14'
  | 'grown'
  | 'ended'

/** What is told of a mother and a child. The subject is both: `subjectOf('mother', 'child')`. */
export const maternityEvents = /* @__PURE__ */ defineEvents(
  {
    /** A loss, or the wish to hear no more. */
    'journey-ended': {},
    'attribute-set': {
      pregnantSince: { type: 'instant', required: false },
      due: { type: 'instant', required: false },
      born: { type: 'instant', required: false },
    },
  },
  {
    words: {
      en: {
        'journey-ended': 'end of the journey',
        'attribute-set.born': 'birth',
        'attribute-set.due': 'due date',
        'attribute-set.pregnantSince': 'start of pregnancy',
      },
      zh: {
        'journey-ended': '旅程结束',
        'attribute-set.born': '出生日期',
        'attribute-set.due': '预产期',
        'attribute-set.pregnantSince': '孕期起点',
      },
    },
  },
)

const OPTIONS = ['calendar', 'events', 'ended', 'midFrom', 'lateFrom', 'unreportedFrom']

/** What differs between companies. */
export interface MaternityOptions<E extends EventSpecs> {
  /** In which zone days are counted. */
  readonly calendar: CalendarDefinition
  /** The host's own catalogue, with the attributes of `maternityEvents` in it; `maternityEvents` unless told. */
  readonly events?: Catalogue<E>
  /** What ends the journey for good; `journey-ended` unless told. */
  readonly ended?: Heard<NoInfer<E>>
  /** Completed weeks of pregnancy after which it is in its middle, and late; 14 and 28 unless told: the trimesters of obstetrics. */
  readonly midFrom?: number
  readonly lateFrom?: number
  /**
   * Completed weeks after which nobody assumes anything any more until a birth is reported; 44 unless told, two weeks beyond the
   * longest term.
   */
  readonly unreportedFrom?: number
}

/**
 * The way of a mother with one child, from pregnancy to the fourteenth year: 孕早期, 孕中期, 孕晚期, 0–6月, 6–12月, 1–3岁,
 * 3–6岁, 6–10岁, 10–14岁. Two children are two subjects.
 *
 * Where a child stands follows from the attributes alone, so a date that is corrected later moves it there and back. Until a birth
 * is reported `pregnantSince` counts (`pregnancyDates` tells it from a due date); from then on `born`, in completed months: who was
 * born on the 31st is a month older on the last day's morrow where a month is short. Both are local midnights; with a time of day,
 * stages change at that time.
 *
 * A pregnancy that is lost ends the journey: the stage is final, nothing is counted on, nothing follows. Only a person can take it back, by a
 * manual move.
 *
 * @returns A definition for `defineLifecycle`, as it is or with parts of it replaced.
 * @throws DefinitionError `wrong-type` for options that are none, `unknown-key`, `out-of-range` for weeks that are not whole or not in
 * order; what else is wrong inside them is said by `defineLifecycle`.
 * @see ACOG: trimesters of 13 weeks and 6 days, 27 weeks and 6 days.
 * @example
 * defineLifecycle(maternityLifecycle({ calendar: { zone: 'Asia/Shanghai' } }))
 */
export function maternityLifecycle<const E extends EventSpecs = typeof maternityEvents.events>(
  options: MaternityOptions<E>,
): LifecycleDefinition<'maternity', MaternityStage, E> {
  checkRecord(options, '$')
  checkKeys(options, OPTIONS, '$')
  const {
    calendar,
    events = maternityEvents as unknown as Catalogue<E>,
    ended = 'journey-ended' as Heard<E>,
    midFrom = 14,
    lateFrom = 28,
    unreportedFrom = 44,
  } = options
  for (const [name, weeks, before] of [
    ['midFrom', midFrom, 0],
    ['lateFrom', lateFrom, midFrom],
    ['unreportedFrom', unreportedFrom, lateFrom],
  ] as const) {
    if (!Number.isSafeInteger(weeks) || weeks <= before || weeks > 100)
      throw fault('out-of-range', `$.${name}`, weeks, `whole weeks, more than ${before}, at most 100`)
  }
  const isBorn = age('born', 'months', 0)
  const expecting = (from: number, to: number): Condition => ({
    condition: 'all',
    of: [age('pregnantSince', 'weeks', from, to - 1), { condition: 'not', of: isBorn }],
  })
  return {
    id: 'maternity',
    version: 1,
    calendar,
    events,
    activity: [],
    stages: [
      'unknown',
      'early-pregnancy',
      'mid-pregnancy',
      'late-pregnancy',
      'birth-unreported',
      'months-0-6',
      'months-6-12',
      'years-1-3',
      'years-3-6',
      'years-6-10',
      'years-10-14',
      'grown',
      'ended',
    ],
    initial: 'unknown',
    final: ['ended'],
    rules: {
      unknown: [],
      'early-pregnancy': [],
      'mid-pregnancy': [],
      'late-pregnancy': [],
      'birth-unreported': [],
      'months-0-6': [],
      'months-6-12': [],
      'years-1-3': [],
      'years-3-6': [],
      'years-6-10': [],
      'years-10-14': [],
      grown: [],
      ended: [],
    },
    everywhere: [
      { to: 'ended', on: ended },
      { to: 'early-pregnancy', when: expecting(0, midFrom) },
      { to: 'mid-pregnancy', when: expecting(midFrom, lateFrom) },
      { to: 'late-pregnancy', when: expecting(lateFrom, unreportedFrom) },
      {
        to: 'birth-unreported',
        when: {
          condition: 'all',
          of: [age('pregnantSince', 'weeks', unreportedFrom), { condition: 'not', of: isBorn }],
        },
      },
      { to: 'months-0-6', when: age('born', 'months', 0, 5) },
      { to: 'months-6-12', when: age('born', 'months', 6, 11) },
      { to: 'years-1-3', when: age('born', 'months', 12, 35) },
      { to: 'years-3-6', when: age('born', 'months', 36, 71) },
      { to: 'years-6-10', when: age('born', 'months', 72, 119) },
      { to: 'years-10-14', when: age('born', 'months', 120, 167) },
      { to: 'grown', when: age('born', 'months', 168) },
    ],
    words: {
      en: {
        'early-pregnancy': 'early pregnancy',
        'mid-pregnancy': 'middle of pregnancy',
        'late-pregnancy': 'late pregnancy',
        'birth-unreported': 'birth not reported',
        'months-0-6': '0 to 6 months',
        'months-6-12': '6 to 12 months',
        'years-1-3': '1 to 3 years',
        'years-3-6': '3 to 6 years',
        'years-6-10': '6 to 10 years',
        'years-10-14': '10 to 14 years',
        grown: '14 years and more',
      },
      zh: {
        unknown: '未登记',
        'early-pregnancy': '孕早期',
        'mid-pregnancy': '孕中期',
        'late-pregnancy': '孕晚期',
        'birth-unreported': '待确认出生',
        'months-0-6': '0–6月',
        'months-6-12': '6–12月',
        'years-1-3': '1–3岁',
        'years-3-6': '3–6岁',
        'years-6-10': '6–10岁',
        'years-10-14': '10–14岁',
        grown: '14岁以上',
        ended: '已结束',
      },
    },
  }
}

/**
 * The attributes of a pregnancy, from its due date: it began 280 local days before (Naegele's rule). A corrected due date is told by
 * setting both again.
 *
 * @param due - The local midnight of the day (预产期).
 * @throws DefinitionError `invalid-instant` for what is no instant; those of `calendarOf`.
 * @see Naegele, Lehrbuch der Geburtshülfe (1830): 40 weeks from the first day of the last period.
 * @example
 * pregnancyDates(instant('2025-10-08T00:00:00+08:00'), { zone: 'Asia/Shanghai' }).pregnantSince // 2025-01-01T00:00+08:00
 */
export function pregnancyDates(
  due: Instant,
  calendar: CalendarDefinition,
): { readonly due: Instant; readonly pregnantSince: Instant } {
  return { due, pregnantSince: daysBefore(due, 280, calendar) }
}

/** So many completed weeks or months since an attribute; never for one that lies ahead or is not set. */
function age(attribute: string, unit: 'weeks' | 'months', from: number, to?: number): Condition {
  const fact = { fact: 'age', attribute, unit } as const
  return to === undefined
    ? { condition: 'gte', fact, value: from }
    : { condition: 'between', fact, low: from, high: to }
}
