import type { Json } from '../../kernel/digest.js'
import type { Lang, Sentence } from '../../kernel/errors.js'
import { type Chart, type ChartOptions, chartOf, checkChartOptions, said } from './chart.js'
import { chartPalette, readsLight } from './chart-palette.js'
import { chartWords, nothingNote, told } from './chart-words.js'
import {
  type ChartedCell,
  type ChartedRetention,
  cellStates,
  offsetTitle,
  rateTexts,
  readRetention,
  retentionWords,
  toldRate,
} from './charted-retention.js'
import { grouped, percent, thinned, topShare } from './figures.js'
import { measureNote } from './measure-note.js'

/**
 * Retention as a table of colours: a row for each cohort, a column for each offset, and the cohorts' sizes on the left.
 *
 * What is not known looks unlike what is: a cell whose window is not over is pale within a dashed line (white, where nobody's
 * is), one that was not
 * observed is grey and struck through, one that speaks of nobody is white with a dash, and time to come has no cell. Each
 * tooltip gives the count, the rate with its interval, and the state.
 *
 * The ramp (ColorBrewer "Blues", safe for the colour-blind and in grey) begins at 0 and ends at the highest rate after the
 * first column, rounded up, so that the 100 % that a first column often shows do not wash out the rest; the legend
 * says `≥` there. Above 20 columns cells grow smaller and carry no text.
 *
 * @throws DefinitionError with its path for what is no retention, a cohort twice (`duplicate-name`), more than 100,000
 * cells (`too-large`), and for options that do not hold.
 * @example
 * const chart = retentionHeatmap(buyers.result(partial, { asOf }), { lang: 'en' })
 * chart.title // => { text: 'Retention by cohort', subtitle: ['Dashed: window not over yet; pale where there is a rate so far.', …] }
 */
export function retentionHeatmap(retention: ChartedRetention, options: ChartOptions): Chart {
  checkChartOptions(options)
  const { lang } = options
  const read = readRetention(retention)
  const { cohorts, columns, fingerprint, level } = read
  const cells = cohorts.flatMap(({ cells }) => cells)
  const values = (some: readonly ChartedCell[]) =>
    some.flatMap(({ rate }) => ('value' in rate ? [rate.value] : []))
  const later = values(cells.filter(({ column }) => column !== columns[0]))
  const highest = (later.length > 0 ? later : values(cells)).reduce((a, b) => Math.max(a, b), 0)
  const top = topShare(highest)
  const above = values(cells).some((value) => value > top)

  const small = columns.length > 20
  const names = cohorts.map(({ cohort }) => cohort)
  const rows = cells.map((cell) => rowOf(cell, { lang, top, small }))
  const step = small ? { x: columns.length > 90 ? 8 : 14, y: cohorts.length > 90 ? 8 : 14 } : { x: 46, y: 24 }
  const size = { width: Math.max(1, columns.length) * step.x, height: Math.max(1, cohorts.length) * step.y }
  const y = {
    field: 'cohort',
    type: 'nominal',
    sort: names,
    scale: { type: 'band', domain: names, paddingInner: 0.06, paddingOuter: 0 },
  }
  const x = {
    field: 'column',
    type: 'nominal',
    sort: columns,
    scale: { type: 'band', domain: columns, paddingInner: 0.04, paddingOuter: 0 },
  }
  const axis = { domain: false, ticks: false, grid: false }
  const cohortAxis = {
    ...axis,
    ...(step.y < 12 && { values: thinned(names, Math.floor(size.height / 14)) }),
  }

  const sizes: Json = {
    width: 48,
    height: size.height,
    data: { values: cohorts.map(({ cohort, size }) => ({ cohort, size, text: grouped(size) })) },
    mark: { type: 'text', align: 'right', fontSize: small ? 10 : 11, color: chartPalette.ink },
    encoding: {
      x: { value: 44 },
      y: { ...y, title: chartWords.cohort[lang], axis: cohortAxis },
      text: { field: 'text', type: 'nominal' },
      tooltip: [told('cohort', chartWords.cohort[lang]), told('text', words.size[lang])],
    },
    // A header over the numbers, where the other table has its axis.
    title: { text: words.size[lang], anchor: 'end', fontSize: 12, fontWeight: 'normal', offset: 24 },
  }

  const tooltip = [
    told('cohort', chartWords.cohort[lang]),
    told('column', chartWords.offset[lang]),
    told('period', chartWords.period[lang]),
    ...toldRate(level, lang),
    told('told', chartWords.state[lang]),
    told('matured', words.maturity[lang]),
  ]
  const place = {
    x: {
      ...x,
      title: offsetTitle(read, lang),
      axis: {
        ...axis,
        orient: 'top',
        labelAngle: 0,
        values: thinned(columns, Math.floor(size.width / (small ? 28 : 40))),
      },
    },
    y: { ...y, title: null, axis: null },
  }
  const colour = {
    field: 'value',
    type: 'quantitative',
    title: retentionWords.retention[lang],
    scale: {
      domain: [0, top],
      range: [chartPalette.palest, chartPalette.darkest],
      interpolate: 'rgb',
      clamp: true,
    },
    legend: {
      format: top > 0.05 ? '.0%' : '.1%',
      gradientLength: Math.max(60, Math.min(160, size.height)),
      values: [0, top / 2, top],
      ...(above && {
        labelExpr: `datum.value >= ${top} ? '≥ ' + datum.label : datum.label`,
      }),
    },
  }
  const text: Json = {
    mark: { type: 'text', fontSize: 11, aria: false },
    encoding: {
      text: { field: 'label', type: 'nominal' },
      color: { condition: { test: 'datum.light', value: '#ffffff' }, value: '#000000' },
      tooltip,
    },
  }
  // Marks of the cells of one look; looks without cells have none, and no scale of their own.
  const drawn = (look: Look, ...marks: readonly Json[]): Json[] => {
    const values = rows.filter((row) => row.look === look)
    return values.length === 0 ? [] : [{ data: { values }, layer: [...marks, ...(small ? [] : [text])] }]
  }
  const box = (
    mark: { readonly [key: string]: Json },
    encoding: { readonly [key: string]: Json } = {},
  ): Json => ({
    mark: { type: 'rect', ...mark },
    encoding: { ...encoding, tooltip },
  })
  const around = (stroke: string) => ({ stroke, strokeWidth: 1 })
  const dashed = { ...around(chartPalette.faint), strokeDash: [3, 2] }
  const table: Json = {
    ...size,
    encoding: place,
    layer: [
      ...drawn('known', box({}, { color: colour })),
      ...drawn('open', box({ ...dashed, fillOpacity: 0.4 }, { fill: colour })),
      ...drawn('nobody', box({ ...around(chartPalette.grid), fill: '#ffffff' })),
      ...drawn('waiting', box({ ...dashed, fill: '#ffffff' })),
      ...drawn('unobserved', box({ fill: chartPalette.unobserved }), {
        mark: { type: 'rule', color: chartPalette.faint, strokeWidth: 1 },
        encoding: {
          x: { ...place.x, bandPosition: 0 },
          x2: { field: 'column', bandPosition: 1 },
          y: { ...place.y, bandPosition: 0 },
          y2: { field: 'cohort', bandPosition: 1 },
        },
      }),
      ...(rows.length > 0 ? [] : [{ data: { values: [] }, mark: { type: 'rect' }, encoding: {} }]),
    ],
  }

  const looks = new Set(rows.map(({ look }) => look))
  const notes = (['open', 'unobserved', 'nobody'] as const).flatMap((look) =>
    looks.has(look) || (look === 'open' && looks.has('waiting'))
      ? [signs[look === 'nobody' && small ? 'white' : look][lang]]
      : [],
  )
  return chartOf(options, {
    title: words.title[lang],
    notes: [...nothingNote(cells.length, lang), ...measureNote(retention.measure, lang), ...notes],
    fingerprint,
    description: said(words.description, lang, {
      cohorts: cohorts.length,
      first: names[0] ?? '–',
      last: names[names.length - 1] ?? '–',
      columns: columns.length,
      offset: offsetTitle(read, lang),
      complete: cells.filter(({ state }) => state === 'complete').length,
      incomplete: cells.filter(({ state }) => state === 'incomplete').length,
      unobserved: cells.filter(({ state }) => state === 'unobserved').length,
    }),
    body: {
      hconcat: [sizes, table],
      spacing: 6,
      resolve: { scale: { x: 'independent', y: 'independent' } },
    },
  })
}

/** How a cell is drawn. `waiting`: people are there, and nobody's window has passed. */
type Look = 'known' | 'open' | 'nobody' | 'waiting' | 'unobserved'

function lookOf({ state, rate, n }: ChartedCell): Look {
  if (state === 'unobserved') return 'unobserved'
  if (!('value' in rate)) return n === 0 || rate.reason === 'no-trials' ? 'nobody' : 'waiting'
  return state === 'incomplete' ? 'open' : 'known'
}

function rowOf(
  cell: ChartedCell,
  { lang, top, small }: { readonly lang: Lang; readonly top: number; readonly small: boolean },
) {
  const { cohort, column, period, maturity, state, rate } = cell
  const look = lookOf(cell)
  const value = 'value' in rate ? rate.value : undefined
  return {
    cohort,
    column,
    look,
    period: period ?? '–',
    // No null: a scale of colours would take it for 0.
    ...(value !== undefined && { value }),
    ...(!small && {
      label:
        value === undefined
          ? { unobserved: '', waiting: '…', nobody: '–' }[look as 'unobserved' | 'waiting' | 'nobody']
          : percent(value, top > 0.05 ? 0 : 1),
      // On a pale cell and on white, black is always read better.
      light: look === 'known' && value !== undefined && readsLight(Math.min(1, value / top)),
    }),
    ...rateTexts(cell, lang),
    told: cellStates[state][lang],
    matured: percent(maturity, 0),
  }
}

const signs: Readonly<Record<'open' | 'unobserved' | 'nobody' | 'white', Sentence>> = {
  open: {
    en: 'Dashed: window not over yet; pale where there is a rate so far.',
    zh: '虚线框：窗口尚未结束；浅色为目前的比率。',
  },
  unobserved: { en: 'Grey and struck through: not observed.', zh: '灰色斜线：未观测。' },
  nobody: { en: 'White with a dash: nobody.', zh: '白色短横：没有用户。' },
  // Where cells are too small for text.
  white: { en: 'White: nobody.', zh: '白色：没有用户。' },
}

const words = {
  title: { en: 'Retention by cohort', zh: '同期群留存' },
  size: { en: 'size', zh: '人数' },
  maturity: { en: 'window over for', zh: '窗口已结束的比例' },
  description: {
    en: 'A heatmap of retention: {cohorts} cohorts from {first} to {last}, {columns} columns, {offset}. {complete} cells are complete, {incomplete} not over yet, {unobserved} not observed.',
    zh: '留存热力图：{cohorts} 个同期群（{first} 至 {last}），{columns} 列，{offset}。完整 {complete} 格，尚未结束 {incomplete} 格，未观测 {unobserved} 格。',
  },
} as const satisfies Readonly<Record<string, Sentence>>
