import type { Json } from '../../kernel/digest.js'
import { fault, type Sentence } from '../../kernel/errors.js'
import { unitCounts } from '../../measures/unit-words.js'
import { shareAxis } from './axes.js'
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
import { chartWords, intervalTitle, nothingNote, periodNames, told, unitTitle } from './chart-words.js'
import { countAt, distinctNames, listAt, numberAt, recordAt, shareAt, textAt, wordAt } from './charted.js'
import { grouped, percent, percentSpan, roundTimes } from './figures.js'
import { bandLayer, pathLayer } from './layers.js'
import { lineScale, strokeLegend } from './line-colours.js'
import { pathsOf } from './line-paths.js'

/** A survival curve and whose it is. */
export interface ChartedSurvival {
  /** In the legend. Every curve has a name of its own. */
  readonly name: string
  readonly curve: ChartedCurve
}

/** Of a survival curve what its chart shows. */
export interface ChartedCurve {
  /** In what times are measured; `day`, `month` and their like are said in the reader's language. */
  readonly unit: string
  readonly level: number
  /** Before it the curve says nothing. */
  readonly from: number
  readonly rows: readonly {
    readonly time: number
    readonly atRisk: number
    readonly events: number
    readonly censored: number
    /** Newly at risk since the row before. */
    readonly entered: number
    readonly survival: number
    readonly interval:
      | { readonly kind: 'estimate'; readonly low: number; readonly high: number }
      | { readonly kind: 'undefined'; readonly reason: string }
  }[]
  /** Spans in which nobody was watched. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[]
  /** When all who were at risk had had the event although others were watched later. */
  readonly emptiedAt?: number
}

/** How survival curves are drawn. */
export interface SurvivalCurvesOptions extends SizedChartOptions {
  /** What time is counted in, as the reader's language says it; the curve's own unit unless told. */
  readonly unit?: string
  /** Whether the table of numbers at risk stands below; it does unless told. */
  readonly atRisk?: boolean
}

/**
 * Survival against time as the steps that it is: level until somebody has the event, and down at that time. The axis
 * begins at 0, in percent, and nothing is drawn after the last time at which anybody was watched.
 *
 * Bands are pointwise, steps too, and end where there is no interval. A small upright tick is a time at which somebody
 * was censored. Where nobody was watched for a while, the line is dashed; a curve that
 * was emptied before others entered says so under the title. The table below says how many were at risk
 * just before each time; `≥` where people entered late and their time of entry is not in the curve.
 *
 * @throws DefinitionError with its path for what is no survival curve, a name twice (`duplicate-name`), curves in
 * different units or of different levels (`other-definition`), more than 100,000 rows (`too-large`), and for options that
 * do not hold.
 * @example
 * survivalCurves([{ name: 'yearly', curve }, { name: 'monthly', curve: other }], { lang: 'en' }).description
 * // => 'Survival (yearly, monthly) up to 24 months, with 95 % interval.'
 */
export function survivalCurves(curves: readonly ChartedSurvival[], options: SurvivalCurvesOptions): Chart {
  checkChartOptions(options, ['width', 'height', 'unit', 'atRisk'])
  const { lang, atRisk = true } = options
  if (typeof atRisk !== 'boolean') throw fault('wrong-type', '$.options.atRisk', atRisk, 'true or false')
  if (options.unit !== undefined) textAt(options.unit, '$.options.unit')
  const size = sizeOf(options)
  const read = listAt(curves, '$').map((one, i) => readNamed(one, `$[${i}]`))
  const names = read.map(({ name }) => name)
  distinctNames(names, (i) => `$[${i}].name`)
  const [head] = read
  for (const [i, { curve }] of read.entries()) {
    for (const key of ['unit', 'level'] as const) {
      if (curve[key] !== head!.curve[key])
        throw fault('other-definition', `$[${i}].curve.${key}`, curve[key], 'that of the first curve')
    }
  }
  checkMarks(
    read.reduce((sum, { curve }) => sum + curve.rows.length, 0),
    '$',
    'rows in all',
  )
  const own = head?.curve.unit ?? ''
  const period = periodNames.find((name) => name === own)
  const unit = options.unit ?? (period === undefined ? own : unitTitle(period, lang))
  const level = head?.curve.level ?? 0.95
  const interval = intervalTitle(level, lang)
  const latest = read.reduce(
    (most, { curve }) => Math.max(most, curve.rows[curve.rows.length - 1]?.time ?? 0),
    0,
  )
  const { last, times } = roundTimes(latest)

  const timeTitle = unit === '' ? words.bare[lang] : said(words.time, lang, { unit })
  const x = {
    field: 'time',
    type: 'quantitative',
    title: timeTitle,
    scale: { domain: [0, last], nice: false },
    axis: { grid: false, values: times, labelExpr: "format(datum.value, ',')" },
  }
  const y = shareAxis('survival', words.survival[lang], 1)
  const colour = {
    field: 'group',
    type: 'nominal',
    title: chartWords.group[lang],
    sort: names,
    scale: lineScale(names),
    legend: names.length < 2 ? null : strokeLegend,
  }
  const tooltip = [
    told('group', chartWords.group[lang]),
    { field: 'time', type: 'quantitative', title: timeTitle },
    told('share', words.survival[lang]),
    told('interval', interval),
    told('watched', words.atRisk[lang]),
    told('events', words.events[lang]),
    told('censored', words.censored[lang]),
  ]
  const rows = read.flatMap(({ name, curve }) => curve.rows.map((row) => tipOf(name, row)))
  const censored = read.flatMap(({ name, curve }) =>
    curve.rows.filter(({ censored }) => censored > 0).map((row) => tipOf(name, row)),
  )
  const lines = read.flatMap(({ name, curve }, i) =>
    pathsOf<'solid' | 'dashed', Step>(stepsOf(curve)).map(({ kind, points }, path) => ({
      kind,
      values: points.map(({ time, survival }) => ({ group: name, path: `${i}/${path}`, time, survival })),
    })),
  )
  const drawn = { x, y, color: colour }
  const line = (kind: 'solid' | 'dashed') =>
    pathLayer(
      lines.filter((line) => line.kind === kind).flatMap(({ values }) => values),
      drawn,
      { interpolate: 'step-after', strokeWidth: 2, ...(kind === 'dashed' && { strokeDash: [3, 3] }) },
    )
  const plot: Json = {
    ...size,
    layer: [
      bandLayer(
        read.flatMap(({ name, curve }, i) => bandOf(name, curve, i)),
        drawn,
        { interpolate: 'step-after', opacity: 0.16 },
      ),
      line('solid'),
      line('dashed'),
      {
        data: { values: censored },
        mark: { type: 'tick', orient: 'vertical', size: 9, thickness: 1.4, opacity: 1 },
        encoding: { ...drawn, tooltip },
      },
      {
        // Where the pointer finds a row, whether or not anything is to be seen at it.
        data: { values: rows },
        mark: { type: 'point', size: 60, opacity: 0, filled: true },
        encoding: { ...drawn, tooltip },
      },
    ],
  }
  const table: Json = {
    width: size.width,
    height: Math.max(1, names.length) * 18,
    title: {
      text: words.table[lang],
      anchor: 'start',
      fontSize: 12,
      fontWeight: 'normal',
      offset: 4,
      frame: 'group',
    },
    data: {
      values: read.flatMap(({ name, curve }) =>
        times.flatMap((time) => {
          const text = watchedAt(curve, time)
          return text === undefined ? [] : [{ group: name, time, text }]
        }),
      ),
    },
    mark: { type: 'text', fontSize: 11 },
    encoding: {
      x: { ...x, axis: null },
      y: {
        field: 'group',
        type: 'nominal',
        sort: names,
        title: null,
        scale: { domain: names },
        axis: {
          domain: false,
          ticks: false,
          grid: false,
          labelLimit: 110,
          // The first column is centred on the axis.
          labelPadding: 24,
          ...(names.length < 2 && { labels: false }),
        },
      },
      text: { field: 'text', type: 'nominal' },
      color: names.length > 1 ? colour : { value: chartPalette.ink },
    },
  }
  const many = read.some(({ curve }) => curve.rows.length > 0)
  return chartOf(options, {
    title: words.title[lang],
    notes: [
      ...nothingNote(many ? 1 : 0, lang),
      ...(many ? [said(words.band, lang, { interval })] : []),
      ...(lines.some(({ kind }) => kind === 'dashed') ? [words.dashed[lang]] : []),
      ...read.flatMap(({ name, curve: { emptiedAt } }) =>
        emptiedAt === undefined ? [] : [said(words.emptied, lang, { name, time: emptiedAt })],
      ),
    ],
    description: said(words.description, lang, {
      names: `${names.slice(0, 8).join(lang === 'en' ? ', ' : '、')}${names.length > 8 ? ` … (${names.length})` : ''}`,
      latest,
      unit: options.unit ?? (period === undefined ? own : unitCounts[period][lang]),
      interval,
    }),
    body: atRisk
      ? { vconcat: [plot, table], spacing: 14, resolve: { scale: { x: 'independent', y: 'independent' } } }
      : (plot as { readonly [key: string]: Json }),
  })
}

type CurveRow = ChartedCurve['rows'][number]

function readNamed(value: unknown, path: string): ChartedSurvival {
  const given = recordAt(value, path)
  const name = textAt(given['name'], `${path}.name`)
  const at = `${path}.curve`
  const curve = recordAt(given['curve'], at)
  const from = numberAt(curve['from'], `${at}.from`, 0)
  let before = -1
  const rows = listAt(curve['rows'], `${at}.rows`).map((row, i): CurveRow => {
    const here = `${at}.rows[${i}]`
    const given = recordAt(row, here)
    const time = numberAt(given['time'], `${here}.time`, 0)
    if (time <= before || time < from)
      throw fault('out-of-range', `${here}.time`, time, 'ascending times from `from`')
    before = time
    const interval = recordAt(given['interval'], `${here}.interval`)
    const kind = wordAt(interval['kind'], ['estimate', 'undefined'], `${here}.interval.kind`)
    const count = (key: 'atRisk' | 'events' | 'censored' | 'entered') => countAt(given[key], `${here}.${key}`)
    return {
      time,
      atRisk: count('atRisk'),
      events: count('events'),
      censored: count('censored'),
      entered: count('entered'),
      survival: shareAt(given['survival'], `${here}.survival`),
      interval:
        kind === 'undefined'
          ? { kind, reason: textAt(interval['reason'], `${here}.interval.reason`) }
          : {
              kind,
              low: shareAt(interval['low'], `${here}.interval.low`),
              high: shareAt(interval['high'], `${here}.interval.high`),
            },
    }
  })
  const gaps = listAt(curve['gaps'], `${at}.gaps`).map((gap, i) => {
    const given = recordAt(gap, `${at}.gaps[${i}]`)
    const start = numberAt(given['from'], `${at}.gaps[${i}].from`, 0)
    const to = numberAt(given['to'], `${at}.gaps[${i}].to`, 0)
    if (to <= start) throw fault('out-of-range', `${at}.gaps[${i}].to`, to, 'after from')
    return { from: start, to }
  })
  return {
    name,
    curve: {
      unit: textAt(curve['unit'], `${at}.unit`),
      level: shareAt(curve['level'], `${at}.level`),
      from,
      rows,
      gaps,
      ...(curve['emptiedAt'] !== undefined && {
        emptiedAt: numberAt(curve['emptiedAt'], `${at}.emptiedAt`, 0),
      }),
    },
  }
}

/** A corner of the line; `kind` says how the line up to it is drawn. */
interface Step {
  readonly kind: 'solid' | 'dashed'
  readonly time: number
  readonly survival: number
}

/** The corners of the steps, with the ends of gaps among them. */
function stepsOf({ from, rows, gaps }: ChartedCurve): readonly Step[] {
  if (rows.length === 0) return []
  const steps: Step[] = [{ kind: 'solid', time: from, survival: 1 }]
  let gap = 0
  let level = 1
  for (const { time, survival } of rows) {
    // Whoever is watched again at a gap's end can leave only after it.
    while (gap < gaps.length && gaps[gap]!.to <= time) {
      const { from: start, to } = gaps[gap]!
      if (start > steps[steps.length - 1]!.time) steps.push({ kind: 'solid', time: start, survival: level })
      steps.push({ kind: 'dashed', time: to, survival: level })
      gap += 1
    }
    steps.push({ kind: 'solid', time, survival })
    level = survival
  }
  return steps
}

/** The corners of the band; a path for each stretch with intervals, closed where the next row begins. */
function bandOf(group: string, { rows }: ChartedCurve, curve: number): Json[] {
  const corners: Json[] = []
  let path = 0
  for (const [i, { time, interval }] of rows.entries()) {
    if (interval.kind === 'undefined') {
      path += 1
      continue
    }
    const { low, high } = interval
    const corner = { group, path: `${curve}/${path}`, low, high }
    corners.push({ ...corner, time })
    const next = rows[i + 1]
    if (next !== undefined && next.interval.kind === 'undefined') corners.push({ ...corner, time: next.time })
  }
  return corners
}

function tipOf(group: string, { time, survival, interval, atRisk, events, censored }: CurveRow) {
  return {
    group,
    time,
    survival,
    share: percent(survival),
    interval: interval.kind === 'estimate' ? percentSpan(interval.low, interval.high) : '–',
    watched: grouped(atRisk),
    events: grouped(events),
    censored: grouped(censored),
  }
}

/** How many were at risk just before a time, in words; `undefined` before the curve begins. */
function watchedAt({ from, rows, gaps }: ChartedCurve, time: number): string | undefined {
  if (rows.length === 0 || time < from) return undefined
  if (gaps.some((gap) => gap.from < time && time <= gap.to)) return '0'
  const next = rows.findIndex((row) => row.time >= time)
  if (next === 0 || (next > 0 && rows[next]!.entered === 0)) return grouped(rows[next]!.atRisk)
  if (next > 0 && rows[next]!.time === time) return grouped(rows[next]!.atRisk)
  const { atRisk, events, censored } = rows[next < 0 ? rows.length - 1 : next - 1]!
  const left = atRisk - events - censored
  return next < 0 ? grouped(left) : `≥ ${grouped(left)}`
}

const words = {
  title: { en: 'Survival', zh: '生存曲线' },
  survival: { en: 'survival', zh: '生存率' },
  time: { en: 'time ({unit})', zh: '时间（{unit}）' },
  bare: { en: 'time', zh: '时间' },
  atRisk: { en: 'at risk', zh: '在险人数' },
  events: { en: 'events', zh: '事件数' },
  censored: { en: 'censored', zh: '删失数' },
  table: { en: 'number at risk', zh: '在险人数' },
  band: {
    en: 'Band: pointwise {interval}. Upright ticks: censored.',
    zh: '色带：逐点{interval}。竖线：删失。',
  },
  dashed: { en: 'Dashed: nobody was watched.', zh: '虚线：该时段无人在观察中。' },
  emptied: {
    en: '{name}: zero from {time} says little, as others were watched only later.',
    zh: '{name}：{time} 之后的零参考意义不大，其后才有他人进入观察。',
  },
  description: {
    en: 'Survival ({names}) up to {latest} {unit}, with {interval}.',
    zh: '生存曲线（{names}），至 {latest} {unit}，附{interval}。',
  },
} as const satisfies Readonly<Record<string, Sentence>>
