/**
 * The colours of the charts. Lines and bars: Okabe & Ito's set, told apart by people who do not see red and green apart,
 * without its yellow, which is lost on white. Cells and many cohorts: ramps that grow darker steadily, so that they hold
 * in grey too.
 *
 * @see Okabe & Ito (2008), "Color Universal Design"; Harrower & Brewer (2003), ColorBrewer "Blues"; viridis by van der
 * Walt & Smith (2015).
 */
export const chartPalette = {
  ink: '#1f2933',
  faint: '#5f6b76',
  grid: '#e4e7eb',
  blue: '#0072B2',
  vermilion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  orange: '#E69F00',
  sky: '#56B4E9',
  black: '#000000',
  /** The ends of the ramp of cells, mixed in RGB; a rate of zero is no white. */
  palest: '#deebf7',
  darkest: '#08306b',
  /** Of a cell that was not observed. */
  unobserved: '#d3d7db',
} as const

/**
 * Whether white is read better than black on a cell: on any colour of the ramp the better one has at least 4.5 to 1.
 *
 * @param depth - Where on the ramp, from 0 to 1.
 */
export const readsLight = (depth: number): boolean => depth > EVEN

/** Where black and white are read equally well (WCAG 2 contrast): the luminance is 0.179. */
const EVEN = 0.62
