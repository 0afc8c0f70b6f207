import { chartPalette } from './chart-palette.js'
import { thinned } from './figures.js'

/** In the order in which lines take them. */
const lineColours = [
  chartPalette.blue,
  chartPalette.vermilion,
  chartPalette.green,
  chartPalette.purple,
  chartPalette.orange,
  chartPalette.sky,
]

/** The line over all, drawn above the others. */
export const overallColour = { value: chartPalette.black }

/** The scale of lines by name: distinct colours for a few, a ramp from old to new for many. */
export function lineScale(names: readonly string[]) {
  return names.length <= lineColours.length
    ? { domain: names, range: lineColours.slice(0, names.length) }
    : // The lightest end of viridis is lost on white.
      { domain: names, scheme: { name: 'viridis', extent: [0, 0.88] } }
}

/** A legend of strokes, as that is what the lines are. */
export const strokeLegend = { symbolType: 'stroke', symbolOpacity: 1, symbolStrokeWidth: 2 } as const

/** Most names that a legend lists; where there are more lines it names some, and they are drawn thinner. */
const mostNamed = 12

/** Whether lines are too many to tell apart by more than where they lie. */
export const areMany = (names: readonly string[]): boolean => names.length > mostNamed

/** The colour of lines by the field `line`, with a legend. */
export const lineColour = (title: string, names: readonly string[]) => ({
  field: 'line',
  type: 'nominal',
  title,
  scale: lineScale(names),
  sort: names,
  legend: { ...(areMany(names) && { values: thinned(names, mostNamed) }), ...strokeLegend },
})
