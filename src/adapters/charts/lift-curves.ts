import type { Json } from '../../kernel/digest.js'
import { checkName, type Lang } from '../../kernel/errors.js'
import { amountAxis, diagonal, figure } from './actual-and-expected.js'
import { levelLine, shareAxis } from './axes.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { nothingNote, told } from './chart-words.js'
import { countAt, listAt, numberAt, recordAt, shareAt, wordAt } from './charted.js'
import { grouped, percent, topAmount } from './figures.js'
import { historyWords } from './history-words.js'

/** Of a table of lift what its chart shows. */
export interface ChartedLift {
  readonly bins: readonly {
    readonly customers: number
    readonly expectedMean: number
    readonly actualMean: number
    readonly lift:
      | { readonly kind: 'estimate'; readonly value: number }
      | { readonly kind: 'undefined'; readonly reason: string }
  }[]
  readonly gains: readonly { readonly share: number; readonly captured: number }[]
}

/** How a table of lift is drawn. */
export interface LiftCurvesOptions extends SizedChartOptions {
  /** `gain`: what share of what came the customers in front brought; `lift`: bars by bin, 1 is the average customer. */
  readonly show: 'gain' | 'lift'
}

/**
 * What ranking by a model is worth: the curve of gains, with the diagonal of an order by chance, or lift by bin.
 *
 * @throws DefinitionError with its path for what is no table of lift, and for options that do not hold.
 * @example
 * liftCurves(validation.lift, { lang: 'en', show: 'gain' }).description
 * // => 'Gain: the first tenth of customers by expectation brought 46.9% of all that came.'
 */
export function liftCurves(table: ChartedLift, options: LiftCurvesOptions): Chart {
  checkChartOptions(options, ['show', 'width', 'height'])
  const { lang, show } = options
  checkName(['gain', 'lift'], show, '$.options.show')
  const size = sizeOf(options)
  const given = recordAt(table, '$')
  const bins = listAt(given['bins'], '$.bins').map((one, i) => {
    const at = `$.bins[${i}]`
    const bin = recordAt(one, at)
    const lift = recordAt(bin['lift'], `${at}.lift`)
    const known = wordAt(lift['kind'], ['estimate', 'undefined'], `${at}.lift.kind`) === 'estimate'
    return {
      name: i + 1,
      customers: grouped(countAt(bin['customers'], `${at}.customers`)),
      expected: figure(numberAt(bin['expectedMean'], `${at}.expectedMean`, 0)),
      actual: figure(numberAt(bin['actualMean'], `${at}.actualMean`, 0)),
      ...(known && { lift: numberAt(lift['value'], `${at}.lift.value`, 0) }),
    }
  })
  const gains = listAt(given['gains'], '$.gains').map((one, i) => {
    const point = recordAt(one, `$.gains[${i}]`)
    const share = shareAt(point['share'], `$.gains[${i}].share`)
    const captured = shareAt(point['captured'], `$.gains[${i}].captured`)
    return { share, captured, customers: percent(share), came: percent(captured) }
  })
  const drawn = bins.flatMap(({ lift, ...bin }) =>
    lift === undefined ? [] : [{ ...bin, lift, times: figure(lift) }],
  )
  const next = gains.findIndex(({ share }) => share >= 0.1)
  const tenth = next < 0 ? undefined : gains[next]
  const before = next < 1 ? tenth : gains[next - 1]
  const part =
    tenth === undefined || before === undefined || tenth.share === before.share
      ? 0
      : (0.1 - before.share) / (tenth.share - before.share)
  const captured =
    tenth === undefined || before === undefined
      ? '–'
      : percent(before.captured + part * (tenth.captured - before.captured))
  const nothing = show === 'gain' ? bins.length : drawn.length
  return chartOf(options, {
    title: words[show][lang],
    notes: [...nothingNote(nothing, lang), ...(nothing > 0 ? [words.notes[show][lang]] : [])],
    description:
      show === 'gain'
        ? said(words.gained, lang, { captured })
        : said(words.lifted, lang, { n: drawn.length, first: drawn[0]?.times ?? '–' }),
    body: { ...size, layer: show === 'gain' ? gainLayers(gains, lang) : liftLayers(drawn, lang) },
  })
}

function gainLayers(gains: readonly { readonly [name: string]: Json }[], lang: Lang): Json[] {
  const x = {
    ...shareAxis('share', words.share[lang], 1),
    axis: { format: '.0%', grid: false, tickCount: 5 },
  }
  const y = shareAxis('captured', words.captured[lang], 1)
  const tooltip = [told('customers', words.share[lang]), told('came', words.captured[lang])]
  return [
    diagonal('share', 'captured', 1),
    {
      data: { values: gains },
      mark: { type: 'line', color: chartPalette.blue, strokeWidth: 2 },
      encoding: { x, y, order: { field: 'share', type: 'quantitative' } },
    },
    {
      data: { values: gains },
      mark: { type: 'point', size: 50, opacity: 0, filled: true },
      encoding: { x, y, tooltip },
    },
  ]
}

function liftLayers(
  bins: readonly { readonly name: number; readonly lift: number; readonly [name: string]: Json }[],
  lang: Lang,
): Json[] {
  const names = bins.map(({ name }) => name)
  const x = {
    field: 'name',
    type: 'ordinal' as const,
    title: words.bin[lang],
    sort: names,
    scale: { domain: names, padding: 0.2 },
    axis: { labelAngle: 0, grid: false, labelOverlap: true },
  }
  const top = topAmount(bins.reduce((most, { lift }) => Math.max(most, lift), 1))
  const y = amountAxis('lift', words.times[lang], top)
  return [
    {
      data: { values: bins },
      mark: { type: 'bar', color: chartPalette.blue },
      encoding: {
        x,
        y,
        tooltip: [
          told('times', words.times[lang]),
          told('expected', historyWords.expected[lang]),
          told('actual', historyWords.actual[lang]),
          told('customers', historyWords.customers[lang]),
        ],
      },
    },
    levelLine(y, 1, { color: chartPalette.ink, strokeDash: [4, 3], strokeWidth: 1 }),
  ]
}

const words = {
  gain: { en: 'What the customers in front brought', zh: '排序靠前的客户贡献了多少' },
  lift: { en: 'Lift by bin', zh: '分组提升度' },
  share: { en: 'share of customers, most expected first', zh: '客户比例（预计高者在前）' },
  captured: { en: 'share of all that came', zh: '占实际总量的比例' },
  bin: { en: 'bin, most expected first', zh: '分组（预计高者在前）' },
  times: { en: 'times the average customer', zh: '相当于平均客户的倍数' },
  notes: {
    gain: { en: 'Dashed: an order by chance.', zh: '虚线：随机排序。' },
    lift: { en: 'Dashed: the average customer.', zh: '虚线：平均客户。' },
  },
  gained: {
    en: 'Gain: the first tenth of customers by expectation brought {captured} of all that came.',
    zh: '增益曲线：预计最高的十分之一客户贡献了实际总量的 {captured}。',
  },
  lifted: {
    en: 'Lift in {n} bins: the first brought {first} times what the average customer did.',
    zh: '{n} 组的提升度：第一组为平均客户的 {first} 倍。',
  },
} as const
