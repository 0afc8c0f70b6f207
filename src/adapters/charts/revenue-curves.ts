import type { Json } from '../../kernel/digest.js'
import { checkName, fault } from '../../kernel/errors.js'
import { unitCounts } from '../../measures/unit-words.js'
import { levelLine, wholeAxis } from './axes.js'
import {
  type Chart,
  chartOf,
  checkChartOptions,
  checkMarks,
  type SizedChartOptions,
  said,
  sizeOf,
} from './chart.js'
import { chartPalette } from './chart-palette.js'
import { chartWords, intervalTitle, nothingNote, periodNames, sinceWords, told } from './chart-words.js'
import { countAt, distinctNames, listAt, numberAt, recordAt, shareAt, textAt, wordAt } from './charted.js'
import { amount, grouped, percent, topAmount } from './figures.js'
import { areMany, lineColour, overallColour } from './line-colours.js'

/** A point of a curve: what a customer brought up to and with an offset. */
interface ChartedLtvPoint {
  readonly offset: number
  readonly n: number
  /** Customers old enough, of all. */
  readonly maturity: number
  readonly mean: {
    readonly value: number
    readonly interval:
      | { readonly kind: 'interval'; readonly low: number; readonly high: number }
      | { readonly kind: 'undefined'; readonly reason: string }
  }
}

/** Of revenue by cohort what its chart shows; curves hold complete periods only. */
export interface ChartedRevenue {
  readonly period: 'day' | 'week' | 'month' | 'quarter' | 'year'
  readonly currency: string
  readonly level: number
  readonly cohorts: readonly {
    readonly cohort: string
    readonly size: number
    readonly curves: Readonly<Record<string, readonly ChartedLtvPoint[]>>
  }[]
  /** Over all cohorts, by value. */
  readonly curves: Readonly<Record<string, readonly ChartedLtvPoint[]>>
}

/** Of payback what the chart shows: what a customer cost, and when that came back. */
export interface ChartedPayback {
  readonly value: string
  readonly currency: string
  readonly cohorts: readonly {
    readonly cohort: string
    readonly size: number
    readonly costPerCustomer: number | null
    readonly payback: { readonly kind: string; readonly basis?: string; readonly offset?: number }
  }[]
}

/** Which value, which lines. */
export interface RevenueCurvesOptions extends SizedChartOptions {
  /** The name of the value in the revenue: `revenue`, `margin`. */
  readonly value: string
  /** `overall`: one line with its band. `cohorts`: a line for each, with the one over all in black. */
  readonly show: 'overall' | 'cohorts'
  /** Draws what acquiring a customer cost as a level line, and where it came back as diamonds. */
  readonly payback?: ChartedPayback
}

/**
 * What a customer brought by each offset (LTV), of every cohort and over all, from complete periods only. The axis
 * begins at 0, or below it where a curve does.
 *
 * The band is the interval of the line over all; where few customers make it wider than the plot it is cut at the plot's
 * edge, and the tooltip has its ends. With a payback, the level line is the cost per customer over the cohorts for which one
 * is stated, weighted by their customers; a diamond on a cohort's line is where its own cost came back, which may lie
 * above or below that level.
 *
 * @throws DefinitionError with its path for what is no revenue by cohort or payback, `unknown-name` for a value that it does not
 * have, `other-definition` for a payback of another value, `currency-mismatch` for one in another currency, `too-large`
 * for more than 100,000 points, and for options that do not hold.
 * @example
 * revenueCurves(revenue, { lang: 'en', value: 'margin', show: 'overall', payback }).title
 * // => { text: 'Value per customer: margin', subtitle: ['Complete periods only.', …] }
 */
export function revenueCurves(revenue: ChartedRevenue, options: RevenueCurvesOptions): Chart {
  checkChartOptions(options, ['width', 'height', 'value', 'show', 'payback'])
  const { lang, show, value } = options
  textAt(value, '$.options.value')
  checkName(['overall', 'cohorts'], show, '$.options.show')
  const size = sizeOf(options)
  const { currency, level, unit, overall, cohorts } = readRevenue(revenue, value)
  const payback =
    options.payback === undefined ? undefined : readPayback(options.payback, { value, currency })

  const lines = show === 'cohorts' ? cohorts : []
  const names = lines.map(({ cohort }) => cohort)
  const shown = [...overall, ...lines.flatMap(({ points }) => points)]
  checkMarks(shown.length, '$', 'points')
  const last = shown.reduce((most, { offset }) => Math.max(most, offset), 0)

  const means = shown.map(({ value }) => value)
  const peak = means.reduce((a, b) => Math.max(a, b), payback?.cost ?? 0)
  const pit = means.reduce((a, b) => Math.min(a, b), 0)
  const high = overall.reduce((most, { high = 0 }) => Math.max(most, high), 0)
  const low = overall.reduce((least, { low = 0 }) => Math.min(least, low), 0)
  const top = topAmount(Math.min(Math.max(peak, high), 2 * Math.max(peak, 0 - pit)))
  // Where only the band of a small sample lies below zero, a quarter of the plot shows that it does.
  const bottom =
    Math.min(low, pit) < 0
      ? 0 - topAmount(Math.min(Math.max(0 - low, 0 - pit), Math.max((0 - pit) * 1.2, top / 4)))
      : 0

  const perCustomer = said(words.perCustomer, lang, { currency })
  const x = wholeAxis('offset', sinceWords(unit, { en: 'acquisition', zh: '获客' }, lang), last)
  const y = {
    field: 'value',
    type: 'quantitative',
    title: perCustomer,
    scale: { domain: [bottom, top], nice: false },
    axis: { labelExpr: "format(datum.value, ',')", tickCount: 6 },
  }
  const many = areMany(names)
  const colour = lineColour(chartWords.cohort[lang], names)
  const tooltip = [
    told('line', chartWords.cohort[lang]),
    told('at', chartWords.offset[lang]),
    told('n', words.customers[lang]),
    told('amount', perCustomer),
    told('interval', intervalTitle(level, lang)),
    told('matured', words.maturity[lang]),
  ]
  const row = (line: string, point: Point) => ({
    line,
    offset: point.offset,
    at: String(point.offset),
    value: point.value,
    n: grouped(point.n),
    amount: amount(point.value),
    interval:
      point.low === undefined || point.high === undefined
        ? '–'
        : `${amount(point.low)} – ${amount(point.high)}`,
    matured: percent(point.maturity, 0),
  })
  const cohortRows = lines.flatMap(({ cohort, points }) => points.map((point) => row(cohort, point)))
  const overallRows = overall.map((point) => row(words.overall[lang], point))
  const line = (values: readonly Json[], color: Json, width: number, dot: number): Json => ({
    data: { values },
    mark: { type: 'line', strokeWidth: width, point: { size: dot, opacity: 1 } },
    encoding: {
      x,
      y,
      color,
      ...(color !== overallColour && { detail: { field: 'line', type: 'nominal' } }),
      tooltip,
    },
  })

  const diamonds = payback === undefined ? [] : paidBack(payback, cohorts).filter(() => show === 'cohorts')
  const cost = payback?.cost
  return chartOf(options, {
    title: said(words.title, lang, { value }),
    notes: [
      ...nothingNote(shown.length, lang),
      ...(shown.length > 0
        ? [
            [
              words.mature[lang],
              ...(show === 'cohorts' ? [words.black[lang]] : []),
              said(words.band, lang, { interval: intervalTitle(level, lang) }),
            ].join(lang === 'en' ? ' ' : ''),
          ]
        : []),
      ...(payback === undefined
        ? []
        : [
            cost === undefined
              ? words.noCost[lang]
              : said(words.cost, lang, {
                  cost: amount(cost),
                  currency,
                  stated: payback.stated,
                  cohorts: payback.cohorts.length,
                }),
            ...(diamonds.length > 0 ? [words.diamond[lang]] : []),
          ]),
    ],
    description: said(words.description, lang, {
      value,
      currency,
      cohorts: cohorts.length,
      last,
      unit: unitCounts[unit][lang],
    }),
    body: {
      ...size,
      layer: [
        {
          data: {
            values: overall.flatMap(({ offset, low, high }) =>
              low === undefined || high === undefined ? [] : [{ offset, low, high }],
            ),
          },
          mark: { type: 'area', clip: true, opacity: 0.15, color: chartPalette.black, line: false },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
        },
        ...(bottom < 0 ? [levelLine(y)] : []),
        ...(cohortRows.length > 0 ? [line(cohortRows, colour, many ? 1 : 1.8, many ? 8 : 20)] : []),
        line(overallRows, overallColour, 2.5, 30),
        // Ink, as every other colour may be a cohort's.
        ...(cost === undefined
          ? []
          : [levelLine(y, cost, { color: chartPalette.ink, strokeWidth: 1.5, strokeDash: [6, 4] })]),
        ...(diamonds.length === 0
          ? []
          : [
              {
                data: {
                  values: diamonds.map((one) => ({
                    ...one,
                    text: said(words.paid, lang, { offset: one.offset }),
                  })),
                },
                mark: {
                  type: 'point',
                  shape: 'diamond',
                  filled: true,
                  size: 110,
                  opacity: 1,
                  stroke: '#ffffff',
                  strokeWidth: 1,
                },
                encoding: {
                  x,
                  y,
                  color: colour,
                  tooltip: [
                    told('line', chartWords.cohort[lang]),
                    told('text', words.payback[lang]),
                    told('cost', words.costLine[lang]),
                  ],
                },
              },
            ]),
      ],
    },
  })
}

interface Point {
  readonly offset: number
  readonly n: number
  readonly maturity: number
  readonly value: number
  readonly low: number | undefined
  readonly high: number | undefined
}

function readRevenue(revenue: ChartedRevenue, value: string) {
  const given = recordAt(revenue, '$')
  const curveOf = (owner: Readonly<Record<string, unknown>>, path: string) => {
    const curves = recordAt(owner['curves'], `${path}.curves`)
    if (!Object.hasOwn(curves, value))
      throw fault('unknown-name', '$.options.value', value, Object.keys(curves).join(' | ') || 'none here')
    return readCurve(curves[value], `${path}.curves[value]`)
  }
  const cohorts = listAt(given['cohorts'], '$.cohorts').map((cohort, i) => {
    const at = `$.cohorts[${i}]`
    const own = recordAt(cohort, at)
    countAt(own['size'], `${at}.size`)
    return { cohort: textAt(own['cohort'], `${at}.cohort`), points: curveOf(own, at) }
  })
  distinctNames(
    cohorts.map(({ cohort }) => cohort),
    (i) => `$.cohorts[${i}].cohort`,
  )
  return {
    currency: textAt(given['currency'], '$.currency'),
    level: shareAt(given['level'], '$.level'),
    unit: wordAt(given['period'], periodNames, '$.period'),
    overall: curveOf(given, '$'),
    cohorts,
  }
}

function readCurve(value: unknown, path: string): readonly Point[] {
  return listAt(value, path).map((point, i) => {
    const at = `${path}[${i}]`
    const given = recordAt(point, at)
    const mean = recordAt(given['mean'], `${at}.mean`)
    const interval = recordAt(mean['interval'], `${at}.mean.interval`)
    const known =
      wordAt(interval['kind'], ['interval', 'undefined'], `${at}.mean.interval.kind`) === 'interval'
    return {
      offset: countAt(given['offset'], `${at}.offset`),
      n: countAt(given['n'], `${at}.n`),
      maturity: shareAt(given['maturity'], `${at}.maturity`),
      value: numberAt(mean['value'], `${at}.mean.value`),
      low: known ? numberAt(interval['low'], `${at}.mean.interval.low`) : undefined,
      high: known ? numberAt(interval['high'], `${at}.mean.interval.high`) : undefined,
    }
  })
}

interface ReadPayback {
  readonly cohorts: readonly {
    readonly cohort: string
    readonly cost: number | undefined
    readonly offset: number | undefined
  }[]
  /** Per customer, over the cohorts for which one is stated; `undefined` where none is. */
  readonly cost: number | undefined
  readonly stated: number
}

function readPayback(
  payback: ChartedPayback,
  { value, currency }: { readonly value: string; readonly currency: string },
): ReadPayback {
  const path = '$.options.payback'
  const given = recordAt(payback, path)
  if (textAt(given['value'], `${path}.value`) !== value)
    throw fault('other-definition', `${path}.value`, given['value'], 'the value that is shown')
  if (textAt(given['currency'], `${path}.currency`) !== currency)
    throw fault('currency-mismatch', `${path}.currency`, given['currency'], 'the currency of the revenue')
  let [people, spent, stated] = [0, 0, 0]
  const cohorts = listAt(given['cohorts'], `${path}.cohorts`).map((cohort, i) => {
    const at = `${path}.cohorts[${i}]`
    const own = recordAt(cohort, at)
    const size = countAt(own['size'], `${at}.size`)
    const cost =
      own['costPerCustomer'] === null
        ? undefined
        : numberAt(own['costPerCustomer'], `${at}.costPerCustomer`, 0)
    const { kind, basis, offset } = recordAt(own['payback'], `${at}.payback`)
    if (cost !== undefined) {
      people += size
      spent += cost * size
      stated += 1
    }
    const paid = kind === 'paid-back' && basis === 'observed'
    return {
      cohort: textAt(own['cohort'], `${at}.cohort`),
      cost,
      offset: paid ? countAt(offset, `${at}.payback.offset`) : undefined,
    }
  })
  const cost = people > 0 && Number.isFinite(spent) ? spent / people : undefined
  return { cohorts, cost, stated }
}

/** Where on its line each cohort's own cost came back. */
function paidBack(
  { cohorts: paid }: ReadPayback,
  cohorts: readonly { readonly cohort: string; readonly points: readonly Point[] }[],
) {
  const byName = new Map(cohorts.map(({ cohort, points }) => [cohort, points]))
  return paid.flatMap(({ cohort, offset, cost = 0 }) => {
    const point = byName.get(cohort)?.find((point) => point.offset === offset)
    return point === undefined
      ? []
      : [{ line: cohort, offset: point.offset, value: point.value, cost: amount(cost) }]
  })
}

const words = {
  title: { en: 'Value per customer: {value}', zh: '单客累计价值：{value}' },
  perCustomer: { en: 'cumulative per customer ({currency})', zh: '单客累计（{currency}）' },
  overall: { en: 'all cohorts', zh: '全部同期群' },
  customers: { en: 'customers', zh: '客户数' },
  maturity: { en: 'customers old enough', zh: '已到该偏移的客户占比' },
  payback: { en: 'payback', zh: '回本' },
  paid: { en: 'by offset {offset}', zh: '偏移 {offset} 前' },
  mature: { en: 'Complete periods only.', zh: '仅含完整周期。' },
  black: { en: 'Black: all cohorts.', zh: '黑线：全部同期群。' },
  band: { en: 'Band: {interval} over all cohorts.', zh: '色带：全部同期群的{interval}。' },
  costLine: { en: 'cost per customer (CAC)', zh: '单客获客成本（CAC）' },
  cost: {
    en: 'Dashed: cost per customer (CAC), {cost} {currency}, stated for {stated} of {cohorts} cohorts.',
    zh: '虚线：单客获客成本（CAC）{cost} {currency}，{cohorts} 个同期群中 {stated} 个有成本。',
  },
  noCost: { en: 'No acquisition cost is stated.', zh: '未提供获客成本。' },
  diamond: { en: 'Diamond: the cohort’s own cost came back.', zh: '菱形：该同期群收回自身成本。' },
  description: {
    en: 'What a customer brought, cumulative ({value}, {currency}): {cohorts} cohorts, up to {last} {unit} after acquisition, complete periods only.',
    zh: '单客累计价值（{value}，{currency}）：{cohorts} 个同期群，至获客后 {last} {unit}，仅含完整周期。',
  },
} as const
