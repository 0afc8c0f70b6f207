import type { Json } from '../../kernel/digest.js'
import { chartPalette } from './chart-palette.js'
import { thinned } from './figures.js'

/** An axis of shares from 0, in percent. */
export const shareAxis = (field: string, title: string, top: number) => ({
  field,
  type: 'quantitative' as const,
  title,
  scale: { domain: [0, top] },
  axis: { format: top > 0.05 ? '.0%' : '.1%', tickCount: 5 },
})

/** Whole steps on an axis: no tick between two offsets. */
export const wholeAxis = (field: string, title: string, last: number) => ({
  field,
  type: 'quantitative' as const,
  title,
  scale: { domain: [0, Math.max(1, last)], nice: false },
  axis: { format: 'd', tickMinStep: 1, tickCount: Math.min(12, Math.max(1, last)), grid: false },
})

/** An axis of bars by period, which names as many of them as there is room for. */
export const periodAxis = (title: string, periods: readonly string[], width: number) => ({
  field: 'period',
  type: 'nominal' as const,
  title,
  sort: periods,
  scale: { domain: periods, padding: 0.2 },
  axis: {
    labelAngle: -45,
    grid: false,
    values: thinned(periods, Math.max(1, Math.floor(width / 26))),
    labelLimit: 120,
  },
})

/** A level line across the plot at a value of the axis `y`; faint, and at zero, unless told. */
export const levelLine = (
  y: { readonly [key: string]: Json },
  level = 0,
  mark: { readonly [key: string]: Json } = { color: chartPalette.faint, strokeWidth: 1 },
): Json => ({
  data: { values: [{ level }] },
  mark: { type: 'rule', ...mark },
  encoding: { y: { ...y, field: 'level' } },
})
