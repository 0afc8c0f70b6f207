import type { Json } from '../../kernel/digest.js'
import { checkName, checkRecord, fault, type Lang, type Sentence } from '../../kernel/errors.js'
import { filled } from '../../kernel/slots.js'
import { chartPalette } from './chart-palette.js'

/**
 * A Vega-Lite 6 specification: plain JSON with its data inside, so that it can be stored, sent and compared. Whatever
 * renders Vega-Lite draws it (vega-embed on a page, a notebook's renderer, `vega-lite` and `vega` on a server).
 *
 * @see Satyanarayan, Moritz, Wongsuphasawat & Heer (2017), "Vega-Lite: A Grammar of Interactive Graphics".
 */
export interface Chart {
  readonly [key: string]: Json
  readonly $schema: string
  /** What a reader who does not see the chart is told. */
  readonly description: string
}

/** What every chart is asked. */
export interface ChartOptions {
  /** Of titles, axes, legends and tooltips; names that the data carries stay as they are. */
  readonly lang: Lang
  /** Instead of the chart's own. */
  readonly title?: string
}

/** What a chart that is not made of cells is asked. */
export interface SizedChartOptions extends ChartOptions {
  /** Of the plot without axes and legends, in pixels; 640 unless told, from 120 to 4,000. */
  readonly width?: number
  /** 320 unless told, from 80 to 4,000. */
  readonly height?: number
}

/** Most marks of one kind that a chart holds; a browser draws no more at ease. */
const mostMarks = 100_000

/** Refuses more marks than a chart holds; `what` they are, and what to do. */
export function checkMarks(count: number, path: string, what: string): void {
  if (count > mostMarks) throw fault('too-large', path, count, `at most ${mostMarks} ${what}`)
}

/** What is the same around every chart. */
export function chartOf(
  options: ChartOptions,
  {
    title,
    notes,
    description,
    fingerprint,
    body,
  }: {
    readonly title: string
    /** Under the title, a line each: what the signs mean. */
    readonly notes: readonly string[]
    readonly description: string
    /** Of the numbers shown, where the result has one. */
    readonly fingerprint?: string | undefined
    readonly body: { readonly [key: string]: Json }
  },
): Chart {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    title: {
      text: options.title ?? title,
      ...(notes.length > 0 && { subtitle: notes }),
    },
    ...(fingerprint !== undefined && { usermeta: { fingerprint } }),
    ...body,
    config: chartConfig,
  }
}

/** Options that hold, with those of `more` that the chart has besides. */
export function checkChartOptions(options: ChartOptions, more: readonly string[] = []): void {
  checkRecord(options, '$.options')
  const known = ['lang', 'title', ...more]
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw fault('unknown-key', `$.options.${key}`, key, known.join(', '))
  }
  const { lang, title } = options
  if (lang === undefined) throw fault('missing', '$.options.lang', lang, 'en | zh')
  checkName(['en', 'zh'], lang, '$.options.lang')
  if (title !== undefined && typeof title !== 'string')
    throw fault('wrong-type', '$.options.title', title, 'text')
}

/** The size of a plot, or what it is unless told. */
export function sizeOf({ width = 640, height = 320 }: SizedChartOptions): {
  readonly width: number
  readonly height: number
} {
  for (const [key, value, least] of [
    ['width', width, 120],
    ['height', height, 80],
  ] as const) {
    if (!(Number.isFinite(value) && value >= least && value <= 4000))
      throw fault('out-of-range', `$.options.${key}`, value, `pixels from ${least} to 4,000`)
  }
  return { width, height }
}

/** A sentence with its `{gaps}` filled. */
export const said = (
  sentence: Sentence,
  lang: Lang,
  values: Readonly<Record<string, string | number>>,
): string => filled(sentence[lang], values)

const { ink, faint, grid } = chartPalette

const chartConfig: Json = {
  background: '#ffffff',
  padding: 12,
  // Systems name their Chinese fonts differently; the first one at hand is taken.
  font: 'system-ui, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif',
  view: { stroke: null },
  title: {
    anchor: 'start',
    color: ink,
    fontSize: 15,
    offset: 12,
    subtitleColor: faint,
    subtitleFontSize: 11,
    subtitleLineHeight: 15,
    subtitlePadding: 5,
  },
  axis: {
    domainColor: faint,
    gridColor: grid,
    labelFlush: false,
    labelColor: ink,
    labelFontSize: 11,
    tickColor: faint,
    titleColor: ink,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  legend: {
    labelColor: ink,
    labelFontSize: 11,
    labelLimit: 200,
    titleColor: ink,
    titleFontSize: 12,
    titleFontWeight: 'normal',
  },
}
