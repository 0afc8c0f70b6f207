import type { Json } from '../../kernel/digest.js'
import { checkName, fault, type Lang, type Sentence } from '../../kernel/errors.js'
import {
  type Chart,
  chartOf,
  checkChartOptions,
  mostMarks,
  type SizedChartOptions,
  said,
  sizeOf,
} from './chart.js'
import { lineScale } from './chart-palette.js'
import { chartWords, nothingNote, overallColour, shareAxis, told, wholeAxis } from './chart-words.js'
import { distinctNames, listAt, recordAt } from './charted.js'
import {
  type ChartedAverage,
  type ChartedCell,
  type ChartedRetention,
  cellStates,
  countText,
  intervalText,
  offsetTitle,
  type ReadRetention,
  rateText,
  readAverages,
  readRetention,
} from './charted-retention.js'
import { thinned, topShare } from './figures.js'
import { pathsOf } from './line-paths.js'
import { intervalTitle } from './retention-heatmap.js'

/** Which lines. */
export interface RetentionCurvesOptions extends SizedChartOptions {
  /**
   * `average`: one line, weighted over cohorts, with its band. `cohorts`: a line for each, with the average in black.
   * `groups`: the weighted average of each value of the breakdown, with bands.
   */
  readonly show: 'average' | 'cohorts' | 'groups'
}

/**
 * Retention against the offset. The axis begins at 0, in percent.
 *
 * A cohort's cells that are not over yet are joined by dashes and drawn as rings; at one that was not observed, or that
 * speaks of nobody, the line is broken, never drawn through. An average is dashed where people count in it whose window is still open
 * (`eligibility: 'everybody'`). It may rise with the offset, as fewer cohorts are old enough: tooltips tell how many.
 *
 * Up to six lines have the colours of Okabe and Ito; more cohorts a ramp (viridis) from old to new, whose legend names some of them.
 *
 * @throws DefinitionError with its path for what is no retention, for more than 100,000 points (`too-large`), and for
 * options that do not hold.
 * @example
 * retentionCurves(retention, { lang: 'zh', show: 'cohorts' }).title // => { text: '留存曲线', … }
 */
export function retentionCurves(retention: ChartedRetention, options: RetentionCurvesOptions): Chart {
  checkChartOptions(options, ['show', 'width', 'height'])
  const { lang, show } = options
  checkName(['average', 'cohorts', 'groups'], show, '$.options.show')
  const size = sizeOf(options)
  const read = readRetention(retention)
  const { cohorts, level, fingerprint } = read

  const average = read.averages.map((one) => averagePoint(one, words.average[lang], cohorts, lang))
  const lines =
    show === 'cohorts' ? cohorts.map(({ cells }) => cells.map((cell) => cellPoint(cell, lang))) : []
  const groups = show === 'groups' ? readGroups(retention, lang) : []
  // Black lines lie above coloured ones; coloured ones are in the legend.
  const coloured = show === 'groups' ? groups.map(({ points }) => points) : lines
  const black = show === 'groups' ? [] : [average]
  const names = show === 'groups' ? groups.map(({ name }) => name) : cohorts.map(({ cohort }) => cohort)
  distinctNames(names, (i) => `$.groups[${i}].value`)

  const all = [...coloured, ...black].flat()
  if (all.length > mostMarks)
    throw fault('too-large', '$', all.length, `at most ${mostMarks} points: ask for fewer cohorts or offsets`)
  const shown = all.filter(({ kind }) => kind !== 'gap')
  const bands = show === 'groups' ? coloured : show === 'average' ? black : []
  const highest = shown.reduce((most, { value = 0 }) => Math.max(most, value), 0)
  const highestBand = bands.flat().reduce((most, { high = 0 }) => Math.max(most, high), 0)
  const last = shown.reduce((most, { offset }) => Math.max(most, offset), 0)

  const whole = wholeAxis('offset', offsetTitle(read, lang), last)
  const brackets = bracketLabels(shown)
  const x = brackets === undefined ? whole : { ...whole, axis: { ...whole.axis, ...brackets } }
  const y = shareAxis('value', words.retention[lang], topShare(Math.max(highest, highestBand)))
  const many = coloured.length > 12
  const colour = {
    field: 'line',
    type: 'nominal',
    title: show === 'groups' ? words.group[lang] : chartWords.cohort[lang],
    scale: lineScale(names),
    sort: names,
    legend: {
      ...(many && { values: thinned(names, 12) }),
      symbolType: 'stroke',
      symbolOpacity: 1,
      symbolStrokeWidth: 2,
    },
  }
  const tooltip = [
    told('line', show === 'groups' ? words.group : chartWords.cohort, lang),
    told('column', words.offset, lang),
    told('count', words.count, lang),
    told('share', words.retention, lang),
    { ...told('interval', chartWords.interval, lang), title: intervalTitle(level, lang) },
    told('told', chartWords.state, lang),
  ]
  const layers = (points: readonly (readonly Point[])[], look: Look): Json[] =>
    points.length === 0
      ? []
      : [
          ...(look.band ? [bandLayer(points, x, y, look)] : []),
          pathLayer(points, 'solid', x, y, look),
          pathLayer(points, 'dashed', x, y, look),
          ...(['solid', 'dashed'] as const).map((kind) => pointLayer(points, kind, { x, y, look, tooltip })),
        ]
  const dashed = shown.some(({ kind }) => kind === 'dashed')
  return chartOf(options, {
    title: words.title,
    notes: [
      ...nothingNote(shown.length, lang),
      ...(show === 'cohorts' && shown.length > 0 ? [words.black[lang]] : []),
      ...(bands.length > 0 && shown.length > 0
        ? [said(words.band, lang, { interval: intervalTitle(level, lang) })]
        : []),
      ...(dashed ? [words.dashed[lang]] : []),
    ],
    fingerprint,
    description: said(words.description, lang, {
      what: words[show][lang],
      lines: show === 'average' ? 1 : names.length,
      offset: offsetTitle(read, lang),
      last,
    }),
    body: {
      ...size,
      layer: [
        ...layers(coloured, { colour, band: show === 'groups', width: many ? 1 : 1.8, size: many ? 8 : 24 }),
        ...layers(black, {
          colour: { value: overallColour },
          band: show === 'average',
          width: 2.5,
          size: 30,
        }),
      ],
    },
  })
}

/** How lines are drawn. */
interface Look {
  readonly colour: { readonly [key: string]: Json }
  readonly band: boolean
  readonly width: number
  readonly size: number
}

/** A point of a line, with what its tooltip tells. */
interface Point {
  readonly line: string
  readonly offset: number
  readonly column: string
  readonly kind: 'solid' | 'dashed' | 'gap'
  readonly value?: number
  readonly low?: number
  readonly high?: number
  readonly count: string
  readonly share: string
  readonly interval: string
  readonly told: string
}

type Axis = { readonly field: string } & { readonly [key: string]: Json }

function bandLayer(lines: readonly (readonly Point[])[], x: Axis, y: Axis, { colour }: Look): Json {
  const paths = lines.flatMap((points, line) =>
    pathsOf(
      points.map((point) => ({
        ...point,
        kind: point.kind === 'gap' ? ('gap' as const) : ('band' as const),
      })),
    ).map(({ points }, path) => points.map((point) => ({ ...point, path: `${line}/${path}` }))),
  )
  return {
    data: {
      values: paths
        .flat()
        .map(({ line, path, offset, low = 0, high = 0 }) => ({ line, path, offset, low, high })),
    },
    mark: { type: 'area', opacity: 0.18, line: false },
    encoding: {
      x,
      y: { ...y, field: 'low' },
      y2: { field: 'high' },
      detail: { field: 'path', type: 'nominal' },
      color: colour,
    },
  }
}

function pathLayer(
  lines: readonly (readonly Point[])[],
  kind: 'solid' | 'dashed',
  x: Axis,
  y: Axis,
  { colour, width }: Look,
): Json {
  const values = lines.flatMap((points, line) =>
    pathsOf<'solid' | 'dashed', Point>(points).flatMap((path, number) =>
      path.kind === kind
        ? path.points.map(({ line: name, offset, value = 0 }) => ({
            line: name,
            path: `${line}/${number}`,
            offset,
            value,
          }))
        : [],
    ),
  )
  return {
    data: { values },
    mark: { type: 'line', strokeWidth: width, ...(kind === 'dashed' && { strokeDash: [4, 3] }) },
    encoding: { x, y, detail: { field: 'path', type: 'nominal' }, color: colour },
  }
}

function pointLayer(
  lines: readonly (readonly Point[])[],
  kind: 'solid' | 'dashed',
  {
    x,
    y,
    look: { colour, size },
    tooltip,
  }: { readonly x: Axis; readonly y: Axis; readonly look: Look; readonly tooltip: Json },
): Json {
  return {
    data: { values: lines.flat().filter((point) => point.kind === kind) as unknown as Json },
    mark:
      kind === 'solid'
        ? { type: 'point', filled: true, opacity: 1, size }
        : { type: 'point', filled: false, fill: '#ffffff', opacity: 1, size, strokeWidth: 1.2 },
    encoding: { x, y, color: colour, tooltip },
  }
}

function cellPoint(cell: ChartedCell, lang: Lang): Point {
  const { cohort, offset, column, retained, eligible, state, rate } = cell
  return {
    line: cohort,
    offset,
    column,
    kind: 'value' in rate && state !== 'unobserved' ? (state === 'complete' ? 'solid' : 'dashed') : 'gap',
    ...estimateOf(rate),
    count: countText(retained, eligible, lang),
    share: rateText(rate, lang),
    interval: intervalText(rate),
    told: cellStates[state][lang],
  }
}

function averagePoint(
  { offset, column, cohorts, retained, eligible, rate }: ChartedAverage,
  line: string,
  all: ReadRetention['cohorts'],
  lang: Lang,
): Point {
  const open = all.some(({ cells }) =>
    cells.some((cell) => cell.column === column && cell.state === 'incomplete' && countsOpen(cell)),
  )
  return {
    line,
    offset,
    column,
    kind: 'value' in rate ? (open ? 'dashed' : 'solid') : 'gap',
    ...estimateOf(rate),
    count: countText(retained, eligible, lang),
    share: rateText(rate, lang),
    interval: intervalText(rate),
    told: said(words.old, lang, { cohorts }),
  }
}

/** The axis of brackets names each where it begins: `2–3`, not 2; `undefined` where every offset is one period. */
function bracketLabels(
  points: readonly Point[],
): { readonly values: readonly number[]; readonly labelExpr: string } | undefined {
  const columns = new Map(points.map(({ offset, column }) => [offset, column]))
  if ([...columns].every(([offset, column]) => column === String(offset))) return undefined
  const shown = thinned(
    [...columns].sort(([a], [b]) => a - b),
    12,
  )
  // Made of numbers alone: no name of the data comes into an expression.
  const names = shown.map(([offset, column]) => `'${offset}': '${column}'`).join(', ')
  return { values: shown.map(([offset]) => offset), labelExpr: `({${names}})[datum.value]` }
}

/** Whether a cell's rate speaks of people whose window is open: then it can only rise. */
const countsOpen = ({ n, eligible, maturity }: ChartedCell): boolean => eligible > maturity * n + 0.5

const estimateOf = (rate: ChartedCell['rate']): Pick<Point, 'value' | 'low' | 'high'> =>
  'value' in rate ? { value: rate.value, low: rate.low ?? rate.value, high: rate.high ?? rate.value } : {}

/** The averages of each value of the breakdown. */
function readGroups(retention: ChartedRetention, lang: Lang) {
  return listAt(retention.groups, '$.groups').map((group, i) => {
    const at = `$.groups[${i}]`
    const given = recordAt(group, at)
    const { value } = given
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
      throw fault('wrong-type', `${at}.value`, value, 'text, a number, true, false or null')
    const name = value === null ? chartWords.noValue[lang] : String(value)
    const { cohorts } = readRetention({ ...retention, cohorts: given['cohorts'] } as ChartedRetention)
    const averages = readAverages(given['averages'], `${at}.averages`)
    return { name, points: averages.map((average) => averagePoint(average, name, cohorts, lang)) }
  })
}

const words = {
  title: { en: 'Retention curves', zh: '留存曲线' },
  retention: { en: 'retention', zh: '留存率' },
  group: { en: 'group', zh: '分组' },
  offset: { en: 'offset', zh: '偏移' },
  count: { en: 'retained', zh: '留存人数 / 应计人数' },
  average: { en: 'weighted average', zh: '加权平均' },
  cohorts: { en: 'one line per cohort', zh: '每个同期群一条线' },
  groups: { en: 'the weighted average of each group', zh: '各分组的加权平均' },
  old: { en: '{cohorts} complete cohorts', zh: '{cohorts} 个完整的同期群' },
  black: { en: 'Black: weighted average.', zh: '黑线：加权平均。' },
  band: { en: 'Band: {interval}.', zh: '色带：{interval}。' },
  dashed: { en: 'Dashed, rings: window not over yet.', zh: '虚线、空心点：窗口尚未结束。' },
  description: {
    en: 'Retention curves, {what}: {lines} lines, {offset} from 0 to {last}.',
    zh: '留存曲线（{what}）：{lines} 条线，{offset}（0 至 {last}）。',
  },
} as const satisfies Readonly<Record<string, Sentence>>
