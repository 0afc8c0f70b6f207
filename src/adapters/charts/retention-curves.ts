import type { Json } from '../../kernel/digest.js'
import { checkName, fault, type Lang, type Sentence } from '../../kernel/errors.js'
import { shareAxis, wholeAxis } from './axes.js'
import {
  type Chart,
  chartOf,
  checkChartOptions,
  checkMarks,
  type SizedChartOptions,
  said,
  sizeOf,
} from './chart.js'
import { chartWords, intervalTitle, nothingNote, told } from './chart-words.js'
import { distinctNames, listAt, recordAt } from './charted.js'
import {
  type ChartedAverage,
  type ChartedCell,
  type ChartedRetention,
  cellStates,
  offsetTitle,
  type ReadRetention,
  rateTexts,
  readAverages,
  readRetention,
  retentionWords,
  toldRate,
} from './charted-retention.js'
import { grouped, thinned, topShare } from './figures.js'
import { bandLayer, pathLayer } from './layers.js'
import { areMany, lineColour, overallColour } from './line-colours.js'
import { pathsOf } from './line-paths.js'
import { measureNote } from './measure-note.js'

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
 * (`eligibility: 'everybody'`). It may rise with the offset, as fewer cohorts are old enough: a line under the title says of
 * how many people it is at either end, tooltips say it everywhere.
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
  checkMarks(all.length, '$', 'points: ask for fewer cohorts or offsets')
  const shown = all.filter(({ kind }) => kind !== 'gap')
  const bands = show === 'groups' ? coloured : show === 'average' ? black : []
  const highest = shown.reduce((most, { value = 0 }) => Math.max(most, value), 0)
  const highestBand = bands.flat().reduce((most, { high = 0 }) => Math.max(most, high), 0)
  const last = shown.reduce((most, { offset }) => Math.max(most, offset), 0)

  const whole = wholeAxis('offset', offsetTitle(read, lang), last)
  const brackets = bracketLabels(shown)
  const x = brackets === undefined ? whole : { ...whole, axis: brackets }
  const y = shareAxis('value', retentionWords.retention[lang], topShare(Math.max(highest, highestBand)))
  const lineTitle = show === 'groups' ? chartWords.group : chartWords.cohort
  const colour = lineColour(lineTitle[lang], names)
  const many = areMany(names)
  const tooltip = [
    told('line', lineTitle[lang]),
    told('column', chartWords.offset[lang]),
    ...toldRate(level, lang),
    told('told', chartWords.state[lang]),
  ]
  const layers = (points: readonly (readonly Point[])[], colour: Encoding, look: Look): Json[] => {
    const drawn = { x, y, color: colour }
    return points.length === 0
      ? []
      : [
          ...(look.band ? [bandLayer(bandRows(points), drawn, { opacity: 0.18 })] : []),
          ...kinds.map((kind) =>
            pathLayer(
              pathRows(points, kind, ({ value = 0 }) => ({ value })),
              drawn,
              { strokeWidth: look.width, ...(kind === 'dashed' && { strokeDash: [4, 3] }) },
            ),
          ),
          ...kinds.map((kind) => pointLayer(points, kind, { ...drawn, tooltip }, look)),
        ]
  }
  const dashed = shown.some(({ kind }) => kind === 'dashed')
  return chartOf(options, {
    title: words.title[lang],
    notes: [
      ...nothingNote(shown.length, lang),
      ...measureNote(retention.measure, lang),
      ...(show === 'cohorts' && shown.length > 0 ? [words.black[lang]] : []),
      ...(bands.length > 0 && shown.length > 0
        ? [said(words.band, lang, { interval: intervalTitle(level, lang) })]
        : []),
      ...(dashed ? [words.dashed[lang]] : []),
      ...(black.length > 0 ? fewerNote(read.averages, lang) : []),
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
        ...layers(coloured, colour, {
          band: show === 'groups',
          width: many ? 1 : 1.8,
          size: many ? 8 : 24,
        }),
        ...layers(black, overallColour, { band: show === 'average', width: 2.5, size: 30 }),
      ],
    },
  })
}

type Encoding = { readonly [key: string]: Json }

/** How lines are drawn. */
interface Look {
  readonly band: boolean
  readonly width: number
  readonly size: number
}

const kinds = ['solid', 'dashed'] as const

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

/** The paths of one kind, a row for each point: whose line and path, the offset, and what is taken of it. */
const pathRows = <R>(
  lines: readonly (readonly Point[])[],
  kind: 'solid' | 'dashed',
  take: (point: Point) => R,
) =>
  lines.flatMap((points, number) =>
    pathsOf<'solid' | 'dashed', Point>(points).flatMap((one, path) =>
      one.kind === kind
        ? one.points.map((point) => ({
            line: point.line,
            path: `${number}/${path}`,
            offset: point.offset,
            ...take(point),
          }))
        : [],
    ),
  )

/** The ends of bands: a band goes on where a window is open. */
const bandRows = (lines: readonly (readonly Point[])[]) =>
  pathRows(
    lines.map((points) =>
      points.map((point) => (point.kind === 'dashed' ? { ...point, kind: 'solid' as const } : point)),
    ),
    'solid',
    ({ low = 0, high = 0 }) => ({ low, high }),
  )

const pointLayer = (
  lines: readonly (readonly Point[])[],
  kind: 'solid' | 'dashed',
  encoding: Encoding,
  { size }: Look,
): Json => ({
  data: { values: lines.flat().filter((point) => point.kind === kind) as unknown as Json },
  mark:
    kind === 'solid'
      ? { type: 'point', filled: true, opacity: 1, size }
      : { type: 'point', filled: false, fill: '#ffffff', opacity: 1, size, strokeWidth: 1.2 },
  encoding,
})

function cellPoint(cell: ChartedCell, lang: Lang): Point {
  const { cohort, offset, column, state, rate } = cell
  return {
    line: cohort,
    offset,
    column,
    kind: 'value' in rate && state !== 'unobserved' ? (state === 'complete' ? 'solid' : 'dashed') : 'gap',
    ...estimateOf(rate),
    ...rateTexts(cell, lang),
    told: cellStates[state][lang],
  }
}

function averagePoint(
  average: ChartedAverage,
  line: string,
  all: ReadRetention['cohorts'],
  lang: Lang,
): Point {
  const { offset, column, cohorts, rate } = average
  const open = all.some(({ cells }) =>
    cells.some((cell) => cell.column === column && cell.state === 'incomplete' && countsOpen(cell)),
  )
  return {
    line,
    offset,
    column,
    kind: 'value' in rate ? (open ? 'dashed' : 'solid') : 'gap',
    ...estimateOf(rate),
    ...rateTexts(average, lang),
    told: said(words.old, lang, { cohorts }),
  }
}

/** Of how many people an average is at either end: where those of old cohorts differ, that alone bends it. */
function fewerNote(averages: readonly ChartedAverage[], lang: Lang): readonly string[] {
  const known = averages.filter(({ rate }) => 'value' in rate)
  const [first, last] = [known[0], known[known.length - 1]]
  if (first === undefined || last === undefined || first.eligible === last.eligible) return []
  const [people, left] = [grouped(first.eligible), grouped(last.eligible)]
  return [said(words.fewer, lang, { at: first.column, people, last: last.column, left })]
}

/** The axis of brackets names each where it begins: `2–3`, not 2; `undefined` where every offset is one period. */
function bracketLabels(points: readonly Point[]): { readonly [key: string]: Json } | undefined {
  const columns = new Map(points.map(({ offset, column }) => [offset, column]))
  if ([...columns].every(([offset, column]) => column === String(offset))) return undefined
  const shown = thinned(
    [...columns].sort(([a], [b]) => a - b),
    12,
  )
  // Made of numbers alone: no name of the data comes into an expression.
  const names = shown.map(([offset, column]) => `'${offset}': '${column}'`).join(', ')
  // No count of ticks beside them: Vega drops every other value where there are more than that.
  return { values: shown.map(([offset]) => offset), labelExpr: `({${names}})[datum.value]`, grid: false }
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
  average: { en: 'weighted average', zh: '加权平均' },
  cohorts: { en: 'one line per cohort', zh: '每个同期群一条线' },
  groups: { en: 'the weighted average of each group', zh: '各分组的加权平均' },
  old: { en: '{cohorts} complete cohorts', zh: '{cohorts} 个完整的同期群' },
  black: { en: 'Black: weighted average.', zh: '黑线：加权平均。' },
  band: { en: 'Band: {interval}.', zh: '色带：{interval}。' },
  fewer: {
    en: 'People in the average: {people} at offset {at}, {left} at {last}.',
    zh: '平均所含人数：偏移 {at} 处 {people}，{last} 处 {left}。',
  },
  dashed: { en: 'Dashed, rings: window not over yet.', zh: '虚线、空心点：窗口尚未结束。' },
  description: {
    en: 'Retention curves, {what}: {lines} lines, {offset} from 0 to {last}.',
    zh: '留存曲线（{what}）：{lines} 条线，{offset}（0 至 {last}）。',
  },
} as const satisfies Readonly<Record<string, Sentence>>
