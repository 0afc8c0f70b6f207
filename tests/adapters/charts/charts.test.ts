import {
  aliveCurve,
  type Chart,
  chanceCurve,
  contractSurvival,
  frequencyBars,
  growthBars,
  historyHeatmap,
  liftCurves,
  meansByGroup,
  purchaseTracking,
  retentionCurves,
  retentionHeatmap,
  revenueCurves,
  spendByGroup,
  spendHistogram,
  stageSankey,
  stagesOverTime,
  survivalCurves,
} from 'liuliang/adapters/charts'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import {
  chancesOf,
  contractsOf,
  followedContracts,
  frequenciesOf,
  gridOf,
  liftOf,
  meansOf,
  noLift,
  pathOf,
  spendOf,
  trackingOf,
} from './support/buying.js'
import { type Drawing, drawn, type Mark } from './support/rendering.js'
import {
  curveOf,
  flowsOf,
  growthOf,
  panelOf,
  paybackOf,
  retentionOf,
  revenueOf,
  stageWords,
} from './support/results.js'

type Lang = 'en' | 'zh'
type Maker = (lang: Lang) => Chart

const zeros = retentionOf([5, 4, 6], { returns: () => 0, open: false })
const wide = retentionOf(Array.from({ length: 60 }, (_, i) => 1 + (i % 3)))
const mixed = retentionOf([40, 55, 0, 63, 48, 70], { gap: 4 })
const few = revenueOf(6)
const groups = [
  { name: 'yearly', curve: curveOf(200) },
  { name: 'monthly', curve: curveOf(90, { every: 2, gaps: [{ from: 5.5, to: 6 }] }) },
]
const zeroMoves = [
  [0, 0],
  [0, 0],
]
const nobody = { unit: 'day', level: 0.95, from: 0, rows: [], gaps: [] }

/** What a chart may be handed, from nothing to a lot. */
const all: Readonly<Record<string, Maker>> = {
  'heatmap of all states': (lang) => retentionHeatmap(mixed, { lang }),
  'heatmap of nothing': (lang) => retentionHeatmap(retentionOf([]), { lang }),
  'heatmap of one cohort': (lang) => retentionHeatmap(retentionOf([7]), { lang }),
  'heatmap of 60 by 60': (lang) => retentionHeatmap(wide, { lang }),
  'heatmap of zeros': (lang) => retentionHeatmap(zeros, { lang }),
  'average of all states': (lang) => retentionCurves(mixed, { lang, show: 'average' }),
  'average of nothing': (lang) => retentionCurves(retentionOf([]), { lang, show: 'average' }),
  'average of one cohort': (lang) =>
    retentionCurves(retentionOf([7], { open: false }), { lang, show: 'average' }),
  'average of zeros': (lang) => retentionCurves(zeros, { lang, show: 'average' }),
  'cohorts of all states': (lang) => retentionCurves(mixed, { lang, show: 'cohorts' }),
  'cohorts of nothing': (lang) => retentionCurves(retentionOf([]), { lang, show: 'cohorts' }),
  '60 cohorts': (lang) => retentionCurves(wide, { lang, show: 'cohorts' }),
  'groups, where there are none': (lang) => retentionCurves(mixed, { lang, show: 'groups' }),
  growth: (lang) => growthBars(growthOf(14), { lang }),
  'growth of nothing': (lang) => growthBars({ periods: [] }, { lang }),
  'growth of one period': (lang) => growthBars(growthOf(1), { lang }),
  'growth of 120 periods': (lang) => growthBars(growthOf(120), { lang }),
  'growth of nobody': (lang) => growthBars({ periods: growthOf(3).periods.map(nobodyIn) }, { lang }),
  'survival of two groups': (lang) => survivalCurves(groups, { lang }),
  'survival of one group': (lang) => survivalCurves(groups.slice(0, 1), { lang }),
  'survival of no group': (lang) => survivalCurves([], { lang }),
  'survival of nobody': (lang) => survivalCurves([{ name: 'all', curve: nobody }], { lang }),
  'survival without the table': (lang) => survivalCurves(groups, { lang, atRisk: false }),
  'value over all': (lang) =>
    revenueCurves(few, { lang, value: 'margin', show: 'overall', payback: paybackOf(few) }),
  'value by cohort': (lang) =>
    revenueCurves(few, { lang, value: 'margin', show: 'cohorts', payback: paybackOf(few) }),
  'value of nothing': (lang) => revenueCurves(revenueOf(0), { lang, value: 'margin', show: 'cohorts' }),
  'value of zeros': (lang) =>
    revenueCurves(
      revenueOf(4, () => 0),
      { lang, value: 'margin', show: 'overall' },
    ),
  'value below zero': (lang) =>
    revenueCurves(
      revenueOf(5, (o) => o * 9 - 30),
      { lang, value: 'margin', show: 'overall' },
    ),
  'value of 60 cohorts': (lang) => revenueCurves(revenueOf(60), { lang, value: 'margin', show: 'cohorts' }),
  'flows between seven stages': (lang) => stageSankey(flowsOf(7), { lang, words: stageWords(7, lang) }),
  'flows of few as one': (lang) => stageSankey(flowsOf(7), { lang, words: stageWords(7, lang), least: 20 }),
  'flows between 30 stages': (lang) =>
    stageSankey(flowsOf(30), { lang, words: stageWords(30, lang), height: 80 }),
  'flows of nobody': (lang) => stageSankey({ stages: ['a', 'b'], moves: zeroMoves }, { lang }),
  'flow of one stage': (lang) => stageSankey({ stages: ['a'], moves: [[5]] }, { lang }),
  'stages over 14 months': (lang) => stagesOverTime(panelOf(4, 14), { lang, words: stageWords(4, lang) }),
  'stages over 120 months': (lang) => stagesOverTime(panelOf(9, 120), { lang, words: stageWords(9, lang) }),
  'stages over one month': (lang) => stagesOverTime(panelOf(2, 1), { lang }),
  'purchases to date': (lang) => purchaseTracking(trackingOf(40), { lang, show: 'cumulative' }),
  'purchases by period': (lang) => purchaseTracking(trackingOf(40), { lang, show: 'per-period' }),
  'purchases of nobody': (lang) =>
    purchaseTracking({ unit: 'week', calibration: 0, periods: [] }, { lang, show: 'cumulative' }),
  frequencies: (lang) => frequencyBars(frequenciesOf(60), { lang }),
  'frequencies of nobody': (lang) => frequencyBars({ bins: [] }, { lang }),
  'means by number of purchases': (lang) => meansByGroup(meansOf(60, 'repeat-count'), { lang }),
  'means by age at the last': (lang) => meansByGroup(meansOf(60, 'last-purchase-age'), { lang }),
  'means by silence': (lang) => meansByGroup(meansOf(60, 'silence'), { lang }),
  'means of one': (lang) => meansByGroup(meansOf(1, 'silence'), { lang }),
  'means of nobody': (lang) => meansByGroup({ by: 'silence', bins: [] }, { lang }),
  'chances of buying': (lang) => chanceCurve(chancesOf(200), { lang, show: 'buying' }),
  'chances of being alive': (lang) => chanceCurve(chancesOf(40), { lang, show: 'alive' }),
  'chances of nobody': (lang) => chanceCurve({ bins: [] }, { lang, show: 'buying' }),
  gain: (lang) => liftCurves(liftOf(200), { lang, show: 'gain' }),
  lift: (lang) => liftCurves(liftOf(200), { lang, show: 'lift' }),
  'lift of nothing': (lang) => liftCurves(noLift, { lang, show: 'lift' }),
  'gain of nobody': (lang) => liftCurves({ bins: [], gains: [] }, { lang, show: 'gain' }),
  'grid of P(alive)': (lang) => historyHeatmap(gridOf(), { lang, show: 'alive' }),
  'grid of expected purchases': (lang) => historyHeatmap(gridOf(8), { lang, show: 'expected' }),
  'grid of nobody': (lang) =>
    historyHeatmap({ unit: 'week', age: 0, horizon: 0, cells: [] }, { lang, show: 'alive' }),
  'one customer': (lang) => aliveCurve(pathOf([2.4, 9, 11, 30.6]), { lang }),
  'one customer who never came back': (lang) => aliveCurve(pathOf([]), { lang }),
  'no customer': (lang) => aliveCurve({ unit: 'day', points: [] }, { lang }),
  'contracts of two segments': (lang) => contractSurvival(contractsOf(['A', 'B']), { lang }),
  'contracts of one segment': (lang) => contractSurvival(contractsOf(['A']), { lang }),
  'contracts beyond what the model knows': (lang) => contractSurvival(followedContracts, { lang }),
  'spend of customers': (lang) => spendHistogram(spendOf(200).fit, { lang, currency: 'CNY' }),
  'spend of nobody': (lang) => spendHistogram(spendOf(0).fit, { lang }),
  'spend by number of purchases': (lang) => spendByGroup(spendOf(200).byPurchases, { lang }),
  'spend by mean': (lang) => spendByGroup(spendOf(200).byMeanSpend, { lang, currency: 'CNY' }),
  'spend of customers by silence': (lang) => spendByGroup(meansOf(60, 'silence'), { lang }),
  'contracts of nobody': (lang) => contractSurvival({ unit: 'year', lines: [] }, { lang }),
  'stages over no time': (lang) => stagesOverTime({ states: ['a'], unit: 'day', periods: [] }, { lang }),
}

function nobodyIn<T extends { readonly period: string }>({ period }: T) {
  return { period, active: 0, new: 0, retained: 0, resurrected: 0, churned: 0, state: 'unobserved' as const }
}

const cases = Object.entries(all).flatMap(([name, chart]) =>
  (['en', 'zh'] as const)
    .slice(0, /60|120/.test(name) ? runs(1, 2) : 2)
    .map((lang) => ({ name, lang, chart })),
)

const overlaps = (a: Mark, b: Mark, slack: number) =>
  a.box.x1 < b.box.x2 - slack &&
  b.box.x1 < a.box.x2 - slack &&
  a.box.y1 < b.box.y2 - slack &&
  b.box.y1 < a.box.y2 - slack

/** Pairs of texts that lie upon each other; turned labels have boxes far wider than they are, and are left out. */
const clashes = ({ texts }: Drawing) => {
  const straight = texts.filter(({ item }) => !item['angle'])
  return straight.flatMap((a, i) =>
    straight
      .slice(i + 1)
      .filter((b) => overlaps(a, b, 1.5))
      .map((b) => `${a.item['text']} | ${b.item['text']}`),
  )
}

/** Labels and titles that lie upon what is drawn. */
const buried = ({ texts, marks }: Drawing) => {
  const drawn = marks.filter(({ type, role }) => role === 'mark' && (type === 'rect' || type === 'symbol'))
  return texts
    .filter(({ role, item }) => role !== 'mark' && !item['angle'])
    .filter((text) => drawn.some((mark) => overlaps(text, mark, 4)))
    .map(({ item }) => item['text'])
}

describe.each(cases)('$name ($lang)', ({ chart, lang }) => {
  test('is drawn without a warning, says only numbers that are, and keeps its texts apart', async () => {
    const spec = chart(lang)
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
    expect(spec.description.length).toBeGreaterThan(20)
    const drawing = await drawn(spec)
    expect(drawing.warnings).toEqual([])
    expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity|\{\w+\}/)
    // Chinese words, and no English ones left over, but for names that the data carries.
    const said = drawing.texts.map(({ item }) => String(item['text'])).join(' ')
    expect(/[一-鿿]/.test(said)).toBe(lang === 'zh')
    if (lang === 'zh')
      expect(said).not.toMatch(
        /cohort|since|window|people|survival |at risk|purchase|customer|chance|average|actual|expected|cumulative|nothing|stage|flows|before|after|first seen/,
      )
    expect(clashes(drawing)).toEqual([])
    expect(buried(drawing)).toEqual([])
    const across = drawing.texts.map(({ box }) => box)
    expect(Math.max(...across.map(({ x2 }) => x2)) - Math.min(...across.map(({ x1 }) => x1))).toBeLessThan(
      drawing.width,
    )
    expect(Math.max(...across.map(({ y2 }) => y2)) - Math.min(...across.map(({ y1 }) => y1))).toBeLessThan(
      drawing.height,
    )
  })
})

const items = ({ marks }: Drawing, type: string, look: (item: Mark['item']) => boolean) =>
  marks.filter((mark) => mark.type === type && mark.role === 'mark' && look(mark.item))
const isDashed = (item: Mark['item']) => Array.isArray(item['strokeDash']) && item['strokeDash'].length === 2

describe('the heatmap', () => {
  test('has a mark for every cell, dashed where it is open, struck through where it was not observed', async () => {
    const drawing = await drawn(retentionHeatmap(mixed, { lang: 'en' }))
    const cells = mixed.cohorts.flatMap(({ cells }) => cells)
    const count = (state: string) => cells.filter((cell) => cell.state === state).length
    expect(count('unobserved')).toBeGreaterThan(0)
    expect(items(drawing, 'rect', () => true)).toHaveLength(cells.length)
    // Of the empty cohort, an open cell speaks of nobody.
    const open = cells.filter(({ state, n }) => state === 'incomplete' && n > 0)
    expect(items(drawing, 'rect', isDashed)).toHaveLength(open.length)
    expect(items(drawing, 'rule', () => true)).toHaveLength(count('unobserved'))
    expect(items(drawing, 'rect', ({ fill }) => fill === '#d3d7db')).toHaveLength(count('unobserved'))
  })

  test('says in every cell what it is, and above how many there are', async () => {
    const { texts } = await drawn(retentionHeatmap(mixed, { lang: 'en' }))
    const said = texts.map(({ item }) => item['text'])
    const shares = mixed.cohorts.flatMap(({ cells }) =>
      cells.flatMap(({ rate }) => (rate.kind === 'estimate' ? [`${Math.round(rate.value * 100)}%`] : [])),
    )
    for (const share of shares) expect(said).toContain(share)
    expect(said.filter((text) => text === '…')).toHaveLength(5)
    for (const { size, cohort } of mixed.cohorts)
      expect(said).toEqual(expect.arrayContaining([String(size), cohort]))
  })

  test('writes on every cell in black or white, whichever has 4.5 to 1', async () => {
    const light = (hex: string) =>
      [1, 3, 5]
        .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i]!, 0)
    const hexOf = (colour: string) =>
      colour.startsWith('#')
        ? colour
        : `#${colour
            .match(/\d+/g)!
            .map((c) => Number(c).toString(16).padStart(2, '0'))
            .join('')}`
    const shades = Array.from({ length: 101 }, (_, i) => i / 100)
    const cohorts = shades.map((value, i) => ({
      cohort: `c${i}`,
      size: 100,
      coverage: 1,
      cells: [
        {
          ...mixed.cohorts[0]!.cells[0]!,
          n: 100,
          eligible: 100,
          retained: i,
          rate: { kind: 'estimate' as const, value, interval: { low: 0, high: 1, level: 0.95 } } as never,
        },
      ],
    }))
    const drawing = await drawn(retentionHeatmap({ ...mixed, cohorts }, { lang: 'en' }))
    const cells = items(drawing, 'rect', () => true)
    const texts = items(drawing, 'text', ({ text }) => String(text).endsWith('%'))
    expect(texts).toHaveLength(101)
    const contrasts = texts.map(({ item }, i) => {
      const [a, b] = [light(hexOf(String(cells[i]!.item['fill']))), light(hexOf(String(item['fill'])))]
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    })
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5)
  })

  test('its ramp ends at the highest rate after the first column, and says so', async () => {
    const { texts } = await drawn(retentionHeatmap(mixed, { lang: 'en' }))
    expect(texts.map(({ item }) => item['text'])).toEqual(expect.arrayContaining(['0%', '30%', '≥ 60%']))
    const whole = await drawn(retentionHeatmap(zeros, { lang: 'en' }))
    expect(whole.texts.map(({ item }) => item['text'])).toContain('≥ 100%'.slice(2))
  })
})

test('contracts are dashed from where the model knows nothing, points going on', async () => {
  const drawing = await drawn(contractSurvival(followedContracts, { lang: 'en' }))
  const lines = drawing.marks.filter(({ type, role }) => type === 'line' && role === 'mark')
  // Years 0 to 3 are known; the dashes start where they end.
  expect(lines.filter(({ item }) => !isDashed(item))).toHaveLength(4)
  expect(lines.filter(({ item }) => isDashed(item))).toHaveLength(3)
  const shown = items(drawing, 'symbol', ({ opacity }) => opacity === 1)
  expect(shown).toHaveLength(6)
})

test('a histogram of spend has a bar for every bin that ends, as high as its share per unit, and tells of the rest', async () => {
  const fit = {
    customers: 10,
    bins: [
      { from: 0, to: 10, actual: 4, expected: 3 },
      { from: 10, to: 30, actual: 4, expected: 5 },
      { from: 30, actual: 2, expected: 1.6 },
    ],
    curve: [
      { amount: 15, density: 0.02 },
      { amount: 30, density: 0.01 },
    ],
  }
  const drawing = await drawn(spendHistogram(fit, { lang: 'en', currency: 'CNY' }))
  const bars = items(drawing, 'rect', ({ height }) => Number(height) > 0)
  expect(bars).toHaveLength(2)
  const [first, second] = bars.map(({ item }) => Number(item['height']))
  // Four of ten over 10 units, four over 20.
  expect(first! / second!).toBeCloseTo(2, 6)
  const said = drawing.texts.map(({ item }) => String(item['text'])).join(' ')
  expect(said).toContain('Beyond 30: 2 customers, 2 expected.')
  expect(said).toContain('mean spend of a customer (CNY)')
})

test('a share of customers per unit of money is finite, or refused at its bin', () => {
  const bins = (to: number) => [{ from: 0, to, actual: 4, expected: 3 }]
  const chart = (customers: number, to: number) =>
    spendHistogram({ customers, bins: bins(to), curve: [] }, { lang: 'en' })
  expect(() => chart(5e-324, 10)).toThrow('out-of-range at $.customers')
  expect(() => chart(4, 5e-324)).toThrow('out-of-range at $.bins[0].to')
  expect(chart(4, 1e-300).description).toContain('4 customers')
})

test('a heatmap of cells too small for text speaks of no dash', () => {
  const sizes = Array.from({ length: 24 }, (_, i) => (i === 3 ? 0 : 2))
  const text = JSON.stringify(retentionHeatmap(retentionOf(sizes), { lang: 'en' }).title)
  expect(text).toContain('White: nobody.')
  expect(JSON.stringify(retentionHeatmap(mixed, { lang: 'en' }).title)).toContain(
    'White with a dash: nobody.',
  )
})

describe('retention curves', () => {
  test('break at what was not observed, and are dashed where the window is open', async () => {
    const cell = mixed.cohorts[0]!.cells[0]!
    const at = (offset: number, state: 'complete' | 'incomplete' | 'unobserved', value: number) => ({
      ...cell,
      offset,
      to: offset,
      state,
      rate:
        state === 'unobserved'
          ? ({ kind: 'undefined', reason: 'not-observed' } as const)
          : ({ kind: 'estimate', value, interval: { low: 0, high: 1, level: 0.95 } } as never),
    })
    const one = {
      ...mixed,
      averages: [],
      cohorts: [
        {
          cohort: '2024-01',
          size: 9,
          coverage: 1,
          cells: [
            at(0, 'complete', 1),
            at(1, 'complete', 0.5),
            at(2, 'unobserved', 0),
            at(3, 'complete', 0.4),
            at(4, 'complete', 0.4),
            at(5, 'incomplete', 0.1),
          ],
        },
      ],
    }
    const drawing = await drawn(retentionCurves(one, { lang: 'en', show: 'cohorts' }))
    const lines = items(drawing, 'line', () => true)
    const spans = (dashed: boolean) =>
      new Set(
        lines
          .filter(({ item }) => isDashed(item) === dashed)
          .map(({ item }) => Math.round(Number(item['x']) / 128)),
      )
    expect([...spans(false)]).toEqual([0, 1, 3, 4])
    expect([...spans(true)]).toEqual([4, 5])
  })

  test('begin at zero, in percent, with a band about the average', async () => {
    const drawing = await drawn(retentionCurves(mixed, { lang: 'en', show: 'average' }))
    const said = drawing.texts.map(({ item }) => item['text'])
    expect(said).toEqual(expect.arrayContaining(['0%', '20%', '100%', 'months since entry']))
    expect(items(drawing, 'area', () => true).length).toBeGreaterThan(1)
  })

  test('an average says of how many people it is at either end, as that alone may bend it', () => {
    const subtitle = (retention: typeof mixed, show: 'average' | 'cohorts') =>
      JSON.stringify(retentionCurves(retention, { lang: 'en', show }).title)
    const known = mixed.averages.filter(({ rate }) => rate.kind === 'estimate')
    const [first, last] = [known[0]!, known[known.length - 1]!]
    expect(first.eligible).toBeGreaterThan(last.eligible)
    const said = `People in the average: ${first.eligible} at offset ${first.offset}, ${last.eligible} at ${last.offset}.`
    for (const show of ['average', 'cohorts'] as const) expect(subtitle(mixed, show)).toContain(said)
    expect(subtitle({ ...mixed, averages: [first] }, 'average')).not.toContain('People in the average')
  })

  test('an average of everybody is dashed where windows are open, as it can only rise', async () => {
    const cohorts = mixed.cohorts.map((cohort) => ({
      ...cohort,
      cells: cohort.cells.map((cell) => ({ ...cell, eligible: cell.n })),
    }))
    const dashed = (retention: typeof mixed) =>
      drawn(retentionCurves(retention, { lang: 'en', show: 'average' })).then(
        (drawing) => items(drawing, 'line', isDashed).length,
      )
    expect(await dashed(mixed)).toBe(0)
    expect(await dashed({ ...mixed, cohorts })).toBeGreaterThan(0)
  })
})

describe('growth bars', () => {
  test('put the lost below zero, and the last period in dashes', async () => {
    const growth = growthOf(8)
    const drawing = await drawn(growthBars(growth, { lang: 'en' }))
    const bars = items(drawing, 'rect', () => true)
    expect(bars).toHaveLength(24)
    expect(bars.filter(({ item }) => isDashed(item))).toHaveLength(3)
    const [zero] = items(drawing, 'rule', () => true)
    const level = Number(zero!.item['y'])
    const below = bars.filter(({ item }) => Number(item['y']) + Number(item['height']) > level + 0.5)
    expect(below).toHaveLength(growth.periods.filter(({ churned }) => churned > 0).length)
    // The axis counts people on both sides.
    expect(
      drawing.texts.map(({ item }) => item['text']).filter((text) => /^[-−]\d/.test(String(text))),
    ).toEqual([])
  })
})

test('an open bar of nobody is no line upon its neighbour', async () => {
  const drawing = await drawn(growthBars(growthOf(1), { lang: 'en' }))
  expect(items(drawing, 'rect', isDashed)).toHaveLength(1)
})

describe('survival curves', () => {
  test('are steps, with bands of steps, a tick for each time of censoring and a table', async () => {
    const drawing = await drawn(survivalCurves(groups, { lang: 'en' }))
    expect(items(drawing, 'line', ({ interpolate }) => interpolate !== 'step-after')).toEqual([])
    expect(items(drawing, 'area', ({ interpolate }) => interpolate !== 'step-after')).toEqual([])
    expect(items(drawing, 'area', () => true).length).toBeGreaterThan(40)
    const censorings = groups.flatMap(({ curve }) => curve.rows.filter(({ censored }) => censored > 0)).length
    expect(items(drawing, 'rect', ({ width }) => Number(width) < 3)).toHaveLength(censorings)
    expect(items(drawing, 'line', isDashed).map(({ item }) => item['y'])).toHaveLength(2)
    const said = drawing.texts.map(({ item }) => item['text'])
    for (const { curve } of groups) {
      for (const time of [0, 5, 10]) {
        const watched = curve.rows.find((row) => row.time >= time)!.atRisk
        expect(said).toContain(String(watched))
      }
    }
  })

  test('the table does not claim to know who entered when', async () => {
    const rows = curveOf(60)
      .rows.map((row) => (row.time === 7 ? { ...row, entered: 9 } : row))
      .filter(({ time }) => time !== 5 && time !== 6)
    const { texts } = await drawn(
      survivalCurves([{ name: 'late', curve: { ...curveOf(60), rows } }], { lang: 'en' }),
    )
    const fourth = rows[3]!
    const said = texts.map(({ item }) => item['text'])
    expect(said).toContain(`≥ ${fourth.atRisk - fourth.events - fourth.censored}`)
  })
})

describe('value per customer', () => {
  test('of nobody has no legend', async () => {
    const { texts } = await drawn(
      revenueCurves(revenueOf(0), { lang: 'en', value: 'margin', show: 'cohorts' }),
    )
    expect(texts.map(({ item }) => item['text'])).not.toContain('cohort')
  })

  test('shows where a cohort’s own cost came back, and what a customer cost', async () => {
    const payback = paybackOf(few)
    const drawing = await drawn(revenueCurves(few, { lang: 'en', value: 'margin', show: 'cohorts', payback }))
    const paid = payback.cohorts.filter(({ payback }) => payback.kind === 'paid-back')
    expect(paid.length).toBeGreaterThan(0)
    expect(items(drawing, 'symbol', ({ shape }) => shape === 'diamond')).toHaveLength(paid.length)
    expect(items(drawing, 'rule', isDashed)).toHaveLength(1)
    const stated = payback.cohorts.filter(({ costPerCustomer }) => costPerCustomer !== null)
    const mean =
      stated.reduce((sum, { costPerCustomer, size }) => sum + costPerCustomer! * size, 0) /
      stated.reduce((sum, { size }) => sum + size, 0)
    expect(drawing.svg).toContain(`${mean.toFixed(2)} CNY, stated for ${stated.length} of 6 cohorts`)
  })

  test('a band that is wider than the plot is cut, not followed', () => {
    const shaky = revenueOf(3)
    const [first, ...rest] = shaky.curves['margin']!
    const wild = {
      ...first!,
      mean: { value: 40, interval: { kind: 'interval' as const, low: -9000, high: 9000 } },
    }
    const chart = revenueCurves(
      { ...shaky, curves: { margin: [wild, ...rest] } },
      { lang: 'en', value: 'margin', show: 'overall' },
    )
    expect(JSON.stringify(chart)).toContain('"domain":[-40,150]')
  })
})

describe('the Sankey', () => {
  const flows = flowsOf(7)
  const all = flows.moves.flat().reduce((sum, people) => sum + people, 0)
  /** The bars, left and right, with the people that they stand for. */
  const barsOf = (chart: Chart) => {
    const [, , bars] = chart['layer'] as unknown as readonly {
      readonly data: { readonly values: readonly Readonly<Record<string, unknown>>[] }
    }[]
    const sideOf = (right: boolean) => bars!.data.values.filter((bar) => bar['right'] === right)
    return { left: sideOf(false), right: sideOf(true) }
  }
  const people = (side: readonly Readonly<Record<string, unknown>>[]) =>
    side.reduce((sum, bar) => sum + Number(String(bar['people']).replaceAll(',', '')), 0)
  const heights = (side: readonly Readonly<Record<string, unknown>>[]) =>
    side.reduce((sum, bar) => sum + Number(bar['bottom']) - Number(bar['top']), 0)

  test.each([1, 10, 50, 1000])('keeps everybody on both sides, flows below %i as one', (least) => {
    const { left, right } = barsOf(stageSankey(flows, { lang: 'en', least }))
    expect([people(left), people(right)]).toEqual([all, all])
    expect(heights(left)).toBeCloseTo(heights(right), 0)
  })

  test('has a ribbon for each flow, as high at one end as at the other, and tells of those that are one', async () => {
    const drawing = await drawn(stageSankey(flows, { lang: 'en' }))
    const count = flows.moves.flat().filter((people) => people > 0).length
    // A mark of areas for each ribbon.
    const ribbons = new Set(items(drawing, 'area', () => true).map(({ item }) => item['ribbon'] ?? item))
    expect(ribbons.size).toBeGreaterThanOrEqual(count)
    const least = 20
    const few = flows.moves.flatMap((row, i) =>
      row.filter((people, k) => i !== k && people > 0 && people < least),
    )
    const { title } = stageSankey(flows, { lang: 'en', least }) as unknown as {
      readonly title: { readonly subtitle: readonly string[] }
    }
    const total = few.reduce((sum, people) => sum + people, 0)
    expect(few.length).toBeGreaterThan(3)
    expect(title.subtitle[1]).toBe(
      `${few.length} flows of fewer than 20 people, ${total} people in all, are drawn as “small flows”.`,
    )
  })

  test('does not take a stage for the small flows, whatever it is called', () => {
    const moves = [
      [5, 1],
      [2, 5],
    ]
    const { right } = barsOf(stageSankey({ stages: ['small flows', 'b'], moves }, { lang: 'en', least: 4 }))
    expect(right.map(({ stage, people }) => [stage, people])).toEqual([
      ['small flows', '5'],
      ['b', '5'],
      ['small flows*', '3'],
    ])
  })
})

describe('stages over time', () => {
  test('are counted in words, and a panel without periods says that it has none', () => {
    const said = (states: readonly string[], periods: never[] | undefined, lang: 'en' | 'zh') => {
      const one = {
        period: '2024-01',
        moves: states.map(() => states.map(() => 0)),
        arrivals: states.map(() => 2),
      }
      return stagesOverTime({ states, unit: 'month', periods: periods ?? [one] }, { lang }).description
    }
    expect(said(['a'], undefined, 'en')).toMatch(/^People in 1 stage at the end of each month, from 2024-01/)
    expect(said(['a', 'b'], undefined, 'en')).toMatch(/^People in 2 stages at/)
    expect(said(['a'], [], 'en')).toBe(
      'People in 1 stage at the end of each month: there is no period to show.',
    )
    expect(said(['a', 'b'], [], 'zh')).toBe('2个阶段每月末的人数：该面板中没有任何可显示的周期。')
  })

  test('stack to those who were there and those who came, and grow by them', async () => {
    const panel = panelOf(4, 6)
    const chart = stagesOverTime(panel, { lang: 'en' })
    const [bars, , line] = chart['layer'] as unknown as readonly {
      readonly data: { readonly values: readonly { readonly period: string; readonly people: number }[] }
    }[]
    let before = panel.periods[0]!.moves.flat().reduce((sum, people) => sum + people, 0)
    for (const { period, arrivals } of panel.periods) {
      const stack = bars!.data.values.filter((bar) => bar.period === period)
      const came = arrivals.reduce((sum, people) => sum + people, 0)
      const now = stack.reduce((sum, { people }) => sum + people, 0)
      expect(now).toBe(before + came)
      expect(line!.data.values.find((point) => point.period === period)!.people).toBe(came)
      before = now
    }
    expect(items(await drawn(chart), 'rect', () => true)).toHaveLength(4 * 6)
  })
})
