import type { Retention } from '../../cohorts/index.js'
import type { Lang, Sentence } from '../../kernel/errors.js'
import type { PeriodUnit } from '../../kernel/index.js'
import { checkMarks } from './chart.js'
import { intervalTitle, periodNames, sinceWords, told } from './chart-words.js'
import {
  type ChartedEstimate,
  countAt,
  distinctNames,
  listAt,
  numberAt,
  rateAt,
  recordAt,
  shareAt,
  textAt,
  wordAt,
} from './charted.js'
import { grouped, percent, percentSpan } from './figures.js'

/**
 * Of a retention what its charts show. One value of a breakdown is `{ ...retention, ...group, groups: [] }`, with the
 * group's cohorts and averages.
 */
export type ChartedRetention = Pick<
  Retention,
  'fingerprint' | 'period' | 'level' | 'cohorts' | 'averages' | 'groups'
> &
  Partial<Pick<Retention, 'measure'>>

/** A cell as it is drawn. */
export interface ChartedCell {
  readonly cohort: string
  /** The name of its column: `3`, or `5–14` of a bracket. */
  readonly column: string
  readonly offset: number
  readonly period: string | null
  readonly n: number
  readonly eligible: number
  readonly retained: number
  readonly maturity: number
  readonly state: CellState
  readonly rate: ChartedEstimate | { readonly reason: string }
}

export type CellState = 'complete' | 'incomplete' | 'unobserved'

/** All cohorts at one offset, as they are drawn. */
export interface ChartedAverage {
  readonly offset: number
  readonly column: string
  readonly cohorts: number
  readonly eligible: number
  readonly retained: number
  readonly rate: ChartedEstimate | { readonly reason: string }
}

/** What was read of a retention. */
export interface ReadRetention {
  readonly fingerprint: string
  readonly level: number
  /** The unit of the cohorts' periods. */
  readonly unit: PeriodUnit
  /** Whether offsets are periods of the calendar, or stretches of elapsed time. */
  readonly calendar: boolean
  readonly cohorts: readonly {
    readonly cohort: string
    readonly size: number
    readonly cells: readonly ChartedCell[]
  }[]
  readonly averages: readonly ChartedAverage[]
  readonly columns: readonly string[]
}

/** Reads a retention, and refuses what is none. */
export function readRetention(retention: ChartedRetention): ReadRetention {
  const given = recordAt(retention, '$')
  const cohorts = listAt(given['cohorts'], '$.cohorts').map((cohort, i) =>
    readCohort(cohort, `$.cohorts[${i}]`),
  )
  distinctNames(
    cohorts.map(({ cohort }) => cohort),
    (i) => `$.cohorts[${i}].cohort`,
  )
  const cells = cohorts.reduce((sum, { cells }) => sum + cells.length, 0)
  checkMarks(cells, '$.cohorts', 'cells: ask for fewer cohorts or offsets')
  const widest = cohorts.reduce<readonly ChartedCell[]>(
    (most, { cells }) => (cells.length > most.length ? cells : most),
    [],
  )
  return {
    fingerprint: textAt(given['fingerprint'], '$.fingerprint'),
    level: shareAt(given['level'], '$.level'),
    unit: wordAt(given['period'], periodNames, '$.period'),
    calendar: widest.every(({ period }) => period !== null),
    cohorts,
    averages: readAverages(given['averages'], '$.averages'),
    columns: widest.map(({ column }) => column),
  }
}

/** The averages of a retention, or of one value of its breakdown. */
export function readAverages(value: unknown, path: string): readonly ChartedAverage[] {
  return listAt(value, path).map((average, i): ChartedAverage => {
    const at = `${path}[${i}]`
    const given = recordAt(average, at)
    return {
      ...readColumn(given, at),
      cohorts: countAt(given['cohorts'], `${at}.cohorts`),
      eligible: countAt(given['eligible'], `${at}.eligible`),
      retained: countAt(given['retained'], `${at}.retained`),
      rate: rateAt(given['rate'], `${at}.rate`),
    }
  })
}

function readCohort(value: unknown, path: string): ReadRetention['cohorts'][number] {
  const given = recordAt(value, path)
  const cohort = textAt(given['cohort'], `${path}.cohort`)
  return {
    cohort,
    size: countAt(given['size'], `${path}.size`),
    cells: listAt(given['cells'], `${path}.cells`).map((cell, i): ChartedCell => {
      const at = `${path}.cells[${i}]`
      const given = recordAt(cell, at)
      const period = given['period']
      return {
        cohort,
        ...readColumn(given, at),
        period: period === null ? null : textAt(period, `${at}.period`),
        n: countAt(given['n'], `${at}.n`),
        eligible: countAt(given['eligible'], `${at}.eligible`),
        retained: countAt(given['retained'], `${at}.retained`),
        maturity: shareAt(given['maturity'], `${at}.maturity`),
        state: wordAt(given['state'], ['complete', 'incomplete', 'unobserved'], `${at}.state`),
        rate: rateAt(given['rate'], `${at}.rate`),
      }
    }),
  }
}

function readColumn(given: Readonly<Record<string, unknown>>, path: string) {
  const offset = countAt(given['offset'], `${path}.offset`)
  const to = numberAt(given['to'], `${path}.to`, 0)
  return { offset, column: to > offset ? `${offset}–${to}` : String(offset) }
}

/** States in words. */
export const cellStates: Readonly<Record<CellState, Sentence>> = {
  complete: { en: 'complete', zh: '完整' },
  incomplete: { en: 'window not over yet', zh: '窗口尚未结束' },
  unobserved: { en: 'not observed', zh: '未观测' },
}

const reasons: Readonly<Record<string, Sentence>> = {
  'no-trials': { en: 'nobody to speak of', zh: '没有用户' },
  'not-over': { en: 'window not over for anybody', zh: '尚无用户的窗口结束' },
  'not-observed': { en: 'not observed', zh: '未观测' },
}

/** What tooltips tell of a rate: `12 of 40`, `34.2%` or why there is none, `30.1% – 38.5%`. */
export function rateTexts(
  { retained, eligible, rate }: Pick<ChartedCell, 'retained' | 'eligible' | 'rate'>,
  lang: Lang,
) {
  const known = 'value' in rate
  return {
    count: `${grouped(retained)}${lang === 'en' ? ' of ' : ' / '}${grouped(eligible)}`,
    share: known ? percent(rate.value) : (reasons[rate.reason]?.[lang] ?? rate.reason),
    interval:
      known && rate.low !== undefined && rate.high !== undefined ? percentSpan(rate.low, rate.high) : '–',
  }
}

/** The fields of a tooltip in which those texts stand. */
export const toldRate = (level: number, lang: Lang) => [
  told('count', retentionWords.count[lang]),
  told('share', retentionWords.retention[lang]),
  told('interval', intervalTitle(level, lang)),
]

/** Words of both charts of retention. */
export const retentionWords = {
  retention: { en: 'retention', zh: '留存率' },
  count: { en: 'retained', zh: '留存人数 / 应计人数' },
} as const satisfies Readonly<Record<string, Sentence>>

/** What the offsets are: `months since entry`. */
export function offsetTitle({ calendar, unit }: ReadRetention, lang: Lang): string {
  if (!calendar) return lang === 'en' ? 'stretches of time since entry' : '进入后第几段时间'
  return sinceWords(unit, { en: 'entry', zh: '进入' }, lang)
}
