import type { Json } from '../../kernel/digest.js'
import type { Lang } from '../../kernel/errors.js'
import { chartPalette } from './chart-palette.js'
import { historyWords } from './history-words.js'

/** What came in ink, what was expected in colour: the same in every chart that shows both. */
export const sideColour = (lang: Lang, symbol: 'stroke' | 'square' | 'circle') => ({
  field: 'side',
  type: 'nominal' as const,
  title: null,
  sort: [historyWords.actual[lang], historyWords.expected[lang]],
  scale: {
    domain: [historyWords.actual[lang], historyWords.expected[lang]],
    range: [chartPalette.black, chartPalette.blue],
  },
  legend: {
    symbolType: symbol,
    symbolOpacity: 1,
    symbolDash: [],
    symbolStrokeWidth: symbol === 'stroke' ? 2 : 0,
  },
})

/** An axis of amounts from 0. */
export const amountAxis = (field: string, title: string, top: number) => ({
  field,
  type: 'quantitative' as const,
  title,
  scale: { domain: [0, top], nice: false },
  axis: { format: top > 10 ? ',d' : '~r', tickCount: 6 },
})

/** An axis of named groups, in the order in which they come. */
export const groupAxis = (title: string, names: readonly string[]) => ({
  field: 'name',
  type: 'nominal' as const,
  title,
  sort: names,
  scale: { domain: names, padding: 0.25 },
  axis: { labelAngle: names.some((name) => name.length > 4) ? -45 : 0, grid: false, labelLimit: 140 },
})

/** A ruled line from corner to corner: where what was said and what came are the same. */
export const diagonal = (x: string, y: string, top: number): Json => ({
  data: {
    values: [
      { [x]: 0, [y]: 0 },
      { [x]: top, [y]: top },
    ],
  },
  mark: { type: 'line', color: chartPalette.faint, strokeDash: [4, 3], strokeWidth: 1 },
  encoding: {
    x: { field: x, type: 'quantitative' },
    y: { field: y, type: 'quantitative' },
  },
})

/** Up to three figures behind the point, without zeros at the end. */
export const figure = (value: number): string =>
  Math.abs(value) >= 1000
    ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
    : String(Number(value.toFixed(3)))
