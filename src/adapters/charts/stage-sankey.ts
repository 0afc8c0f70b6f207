import type { Json } from '../../kernel/digest.js'
import { fault } from '../../kernel/errors.js'
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
import { chartWords, nothingNote, told } from './chart-words.js'
import { fingerprintAt, recordAt } from './charted.js'
import { grouped, percent } from './figures.js'
import { lineScale } from './line-colours.js'
import { movesAt, type StageWords, stagesAt, stageWords, wordsOf } from './stage-flows.js'

/** Moves between stages: `moves[from][to]` people, in the order of `stages`; on the diagonal, who stayed. */
export interface ChartedFlows {
  readonly fingerprint?: string
  readonly stages: readonly string[]
  readonly moves: readonly (readonly number[])[]
}

/** What a chart of flows is asked. */
export interface StageSankeyOptions extends SizedChartOptions {
  /** Instead of the names of stages. */
  readonly words?: StageWords
  /** Flows of fewer people are drawn as one for each stage that they leave; 1 unless told. */
  readonly least?: number
}

/** Points along a ribbon. */
const STEPS = 24
const BAR = 14
/** The least distance of two stages, so that their labels stand apart. */
const GAP = 16

/**
 * A Sankey of the moves between stages: on the left where people stood, on the right where they stand, and between them a ribbon for
 * each flow, as high as it has people. Everybody on the left arrives on the right.
 *
 * Who stayed in a stage is a grey ribbon. Small flows that are drawn as one (`least`) end at a bar of their own, and a line under the
 * title says how many they are. Vega-Lite has no Sankey: the layout is computed here, and drawn as areas, bars and text.
 *
 * The plot is higher than told where stages need the room.
 *
 * @throws DefinitionError with its path for what is no square of counts, a stage twice (`duplicate-name`), more than 60 stages, and
 * for options that do not hold.
 * @see Schmidt (2008), "The Sankey Diagram in Energy and Material Flow Management".
 * @example
 * stageSankey({ stages: ['active', 'lapsed'], moves: [[80, 20], [5, 45]] }, { lang: 'en' }).description
 * // => 'Moves between stages: 150 people, 25 of them moved, 125 stayed. 4 flows.'
 */
export function stageSankey(flows: ChartedFlows, options: StageSankeyOptions): Chart {
  checkChartOptions(options, ['width', 'height', 'words', 'least'])
  const { lang, least = 1 } = options
  if (!(Number.isSafeInteger(least) && least >= 1))
    throw fault('out-of-range', '$.options.least', least, 'a whole number from 1')
  const size = sizeOf(options)
  const given = recordAt(flows, '$')
  const stages = stagesAt(given['stages'], '$.stages')
  const moves = movesAt(given['moves'], '$.moves', stages.length)
  const names = wordsOf(stages, options.words)
  const { ribbons, merged } = ribbonsOf(moves, least)
  checkMarks(ribbons.length * (STEPS + 1), '$.moves', 'points of ribbons')

  const otherName = uniqueName(words.others[lang], names)
  const nameOf = (place: number) => names[place] ?? otherName
  const total = ribbons.reduce((sum, { people }) => sum + people, 0)
  const stayed = moves.reduce((sum, row, i) => sum + row[i]!, 0)
  const shareOf = (people: number) => (total === 0 ? 0 : people / total)

  const sides = (['from', 'to'] as const).map((side) => {
    const sums = Array.from({ length: stages.length + 1 }, () => 0)
    for (const ribbon of ribbons) sums[ribbon[side]]! += ribbon.people
    return sums.flatMap((people, place) => (people === 0 ? [] : [{ place, people }]))
  })
  const most = Math.max(1, ...sides.map((side) => side.length))
  const height = Math.max(size.height, (most - 1) * GAP + 4 * most)
  // One scale for both sides: a ribbon is as high where it ends as where it begins.
  const scale = total === 0 ? 0 : (height - (most - 1) * GAP) / total
  const bars = sides.map((side) => barsOf(side, scale, height))
  const [left, right] = bars as [ReadonlyMap<number, Bar>, ReadonlyMap<number, Bar>]

  const leaving = new Map<number, number>()
  const arriving = new Map<number, number>()
  const drawn = ribbons.map((ribbon) => ({
    ...ribbon,
    start: left.get(ribbon.from)!.top + stacked(leaving, ribbon.from, ribbon.people) * scale,
    end: 0,
  }))
  // Ribbons arrive in the order of where they come from, so that few of them cross.
  for (const ribbon of drawn)
    ribbon.end = right.get(ribbon.to)!.top + stacked(arriving, ribbon.to, ribbon.people) * scale

  const labelled = ({ from, to, people }: Ribbon) => ({
    from: nameOf(from),
    to: nameOf(to),
    people: grouped(people),
    share: percent(shareOf(people)),
  })
  const points = drawn.flatMap((ribbon, i) => {
    const { from, to, people, start, end } = ribbon
    return Array.from({ length: STEPS + 1 }, (_, step) => {
      const along = step / STEPS
      const down = start + (end - start) * along * along * (3 - 2 * along)
      return {
        ...labelled(ribbon),
        ribbon: i,
        stays: from === to,
        x: pixels(BAR + (size.width - 2 * BAR) * along),
        top: pixels(down),
        bottom: pixels(down + people * scale),
      }
    })
  })
  const boxes = bars.flatMap((side, k) =>
    [...side].map(([place, { top, people }]) => ({
      stage: nameOf(place),
      side: words.sides[k as 0 | 1][lang],
      people: grouped(people),
      share: percent(shareOf(people)),
      x: k === 0 ? 0 : size.width - BAR,
      x2: k === 0 ? BAR : size.width,
      top: pixels(top),
      bottom: pixels(top + people * scale),
      middle: pixels(top + (people * scale) / 2),
      label: `${nameOf(place)} ${grouped(people)}`,
      right: k === 1,
    })),
  )
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: [0, size.width], nice: false, zero: false },
    axis: null,
  }
  const y = {
    type: 'quantitative',
    scale: { domain: [0, height], nice: false, zero: false, reverse: true },
    axis: null,
  }
  const ribbonLayer = (stays: boolean): Json => ({
    data: { values: points.filter((point) => point.stays === stays) },
    mark: {
      type: 'area',
      opacity: stays ? 1 : 0.55,
      ...(stays && { color: chartPalette.unobserved }),
    },
    encoding: {
      x,
      y: { ...y, field: 'top' },
      y2: { field: 'bottom' },
      detail: { field: 'ribbon', type: 'nominal' },
      ...(!stays && { color: { field: 'from', type: 'nominal', scale: lineScale(names), legend: null } }),
      tooltip: [
        told('from', words.from[lang]),
        told('to', words.to[lang]),
        told('people', chartWords.people[lang]),
        told('share', stageWords.share[lang]),
      ],
    },
  })
  const label = (isRight: boolean): Json => ({
    data: { values: boxes.filter((box) => box.right === isRight) },
    mark: {
      type: 'text',
      align: isRight ? 'left' : 'right',
      baseline: 'middle',
      dx: isRight ? BAR + 6 : -6,
      fontSize: 11,
      color: chartPalette.ink,
      limit: 220,
    },
    encoding: { x, y: { ...y, field: 'middle' }, text: { field: 'label', type: 'nominal' } },
  })
  return chartOf(options, {
    title: words.title[lang],
    notes: [
      ...nothingNote(total, lang),
      ...(total === 0 ? [] : [words.reading[lang]]),
      ...(merged.flows === 0
        ? []
        : [
            said(words.merged, lang, {
              flows: grouped(merged.flows),
              least: grouped(least),
              people: grouped(merged.people),
              name: otherName,
            }),
          ]),
    ],
    fingerprint: fingerprintAt(given),
    description: said(words.description, lang, {
      total: grouped(total),
      moved: grouped(total - stayed),
      stayed: grouped(stayed),
      flows: ribbons.length === 1 ? words.one[lang] : said(words.many, lang, { n: ribbons.length }),
    }),
    body: {
      width: size.width,
      height,
      layer: [
        ribbonLayer(true),
        ribbonLayer(false),
        {
          data: { values: boxes },
          mark: { type: 'rect', color: chartPalette.ink },
          encoding: {
            x,
            x2: { field: 'x2' },
            y: { ...y, field: 'top' },
            y2: { field: 'bottom' },
            tooltip: [
              told('stage', stageWords.stage[lang]),
              told('side', words.side[lang]),
              told('people', chartWords.people[lang]),
              told('share', stageWords.share[lang]),
            ],
          },
        },
        label(false),
        label(true),
      ],
    },
  })
}

/** People who went from one place to another; the place after the last stage is for what is drawn as one. */
interface Ribbon {
  readonly from: number
  readonly to: number
  readonly people: number
}

interface Bar {
  readonly top: number
  readonly people: number
}

/** The flows in order; those below `least` as one for each stage that they leave. Who stayed is not merged. */
function ribbonsOf(moves: readonly (readonly number[])[], least: number) {
  const ribbons: Ribbon[] = []
  const merged = { flows: 0, people: 0 }
  for (const [from, row] of moves.entries()) {
    let small = 0
    for (const [to, people] of row.entries()) {
      if (people === 0) continue
      if (people >= least || from === to) ribbons.push({ from, to, people })
      else {
        small += people
        merged.flows += 1
      }
    }
    merged.people += small
    if (small > 0) ribbons.push({ from, to: moves.length, people: small })
  }
  return { ribbons, merged }
}

/** Where the bars of one side stand: in the order of stages, the free height shared out between them. */
function barsOf(
  side: readonly { readonly place: number; readonly people: number }[],
  scale: number,
  height: number,
): ReadonlyMap<number, Bar> {
  const full = side.reduce((sum, { people }) => sum + people, 0) * scale
  const gap = side.length < 2 ? 0 : (height - full) / (side.length - 1)
  const bars = new Map<number, Bar>()
  let top = side.length < 2 ? (height - full) / 2 : 0
  for (const { place, people } of side) {
    bars.set(place, { top, people })
    top += people * scale + gap
  }
  return bars
}

/** To a hundredth: a specification is not made longer by digits that nobody sees. */
const pixels = (length: number) => Math.round(length * 100) / 100

/** How many lie above, at one end. */
function stacked(ends: Map<number, number>, place: number, people: number): number {
  const above = ends.get(place) ?? 0
  ends.set(place, above + people)
  return above
}

/** A name that no stage has. */
function uniqueName(name: string, names: readonly string[]): string {
  let unique = name
  while (names.includes(unique)) unique += '*'
  return unique
}

const words = {
  title: { en: 'Moves between stages', zh: '阶段间流动' },
  reading: {
    en: 'Left: where people stood. Right: where they stand. Grey: who stayed.',
    zh: '左：原阶段；右：现阶段；灰色：留在原阶段。',
  },
  merged: {
    en: '{flows} flows of fewer than {least} people, {people} people in all, are drawn as “{name}”.',
    zh: '人数少于{least}的{flows}条流动（共{people}人）合并为“{name}”。',
  },
  others: { en: 'small flows', zh: '零星流动' },
  side: { en: 'when', zh: '时点' },
  sides: [
    { en: 'before', zh: '期初' },
    { en: 'after', zh: '期末' },
  ],
  from: { en: 'from', zh: '原阶段' },
  to: { en: 'to', zh: '现阶段' },
  one: { en: '1 flow', zh: '1 条流动' },
  many: { en: '{n} flows', zh: '{n} 条流动' },
  description: {
    en: 'Moves between stages: {total} people, {moved} of them moved, {stayed} stayed. {flows}.',
    zh: '阶段间流动：共{total}人，其中{moved}人变化，{stayed}人未变化；{flows}。',
  },
} as const satisfies Readonly<Record<string, unknown>>
