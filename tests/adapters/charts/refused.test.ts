import {
  growthBars,
  retentionCurves,
  retentionHeatmap,
  revenueCurves,
  stageSankey,
  stagesOverTime,
  survivalCurves,
} from 'liuliang/adapters/charts'
import { DefinitionError } from 'liuliang/kernel'
import { expect, test } from 'vitest'
import { curveOf, growthOf, paybackOf, retentionOf, revenueOf } from './support/results.js'

const retention = retentionOf([4, 5, 6])
const [first, ...others] = retention.cohorts
const [cell, ...cells] = first!.cells
const revenue = revenueOf(3)
const curve = curveOf(20)
const en = { lang: 'en' } as const
const ab = ['a', 'b']
const square = [
  [1, 2],
  [3, 4],
]
const first2 = { period: '1', moves: square, arrivals: [1, 0] }
const value = { ...en, value: 'margin', show: 'overall' } as const

const withCell = (part: object) => ({
  ...retention,
  cohorts: [{ ...first!, cells: [{ ...cell!, ...part }, ...cells] }, ...others],
})
const rate = (value: number) => ({ kind: 'estimate', value, interval: { low: 0, high: 1 } }) as never

test.each<[string, () => unknown]>([
  ['missing $.stages', () => stageSankey({ stages: [], moves: [] }, en)],
  ['duplicate-name $.stages[1]', () => stageSankey({ stages: ['a', 'a'], moves: square }, en)],
  ['out-of-range $.moves', () => stageSankey({ stages: ab, moves: [[1, 2]] }, en)],
  ['out-of-range $.moves[1]', () => stageSankey({ stages: ab, moves: [[1, 2], [3]] }, en)],
  [
    'out-of-range $.moves[0][1]',
    () =>
      stageSankey(
        {
          stages: ab,
          moves: [
            [1, 0.5],
            [3, 4],
          ],
        },
        en,
      ),
  ],
  ['out-of-range $.options.least', () => stageSankey({ stages: ab, moves: square }, { ...en, least: 0 })],
  [
    'duplicate-name $.options.words.b',
    () => stageSankey({ stages: ab, moves: square }, { ...en, words: { b: 'a' } }),
  ],
  [
    'too-large $.moves',
    () =>
      stageSankey(
        {
          stages: ab,
          moves: [
            [Number.MAX_SAFE_INTEGER, 1],
            [1, 1],
          ],
        },
        en,
      ),
  ],
  [
    'unknown-name $.options.words.c',
    () => stageSankey({ stages: ab, moves: square }, { ...en, words: { c: 'x' } }),
  ],
  [
    'unknown-name $.options.words.c',
    () => stagesOverTime({ states: ab, unit: 'day', periods: [first2] }, { ...en, words: { c: 'x' } }),
  ],
  [
    'out-of-range $.periods[1].moves[0]',
    () => stagesOverTime({ states: ab, unit: 'day', periods: [first2, { ...first2, period: '2' }] }, en),
  ],
  [
    'duplicate-name $.periods[1].period',
    () => stagesOverTime({ states: ab, unit: 'day', periods: [first2, first2] }, en),
  ],
  [
    'out-of-range $.periods[0].arrivals',
    () => stagesOverTime({ states: ab, unit: 'day', periods: [{ ...first2, arrivals: [1] }] }, en),
  ],
  ['wrong-type $.unit', () => stagesOverTime({ states: ab, unit: 'days' as never, periods: [] }, en)],
  ['wrong-type $', () => retentionHeatmap(null as never, en)],
  ['missing $.options.lang', () => retentionHeatmap(retention, {} as never)],
  ['unknown-name $.options.lang', () => retentionHeatmap(retention, { lang: 'de' as never })],
  ['unknown-key $.options.colour', () => retentionHeatmap(retention, { ...en, colour: 'red' } as never)],
  [
    'out-of-range $.cohorts[0].cells[0].rate.value',
    () => retentionHeatmap(withCell({ rate: rate(Number.NaN) }), en),
  ],
  [
    'out-of-range $.cohorts[0].cells[0].rate.value',
    () => retentionHeatmap(withCell({ rate: rate(1.2) }), en),
  ],
  ['out-of-range $.cohorts[0].cells[0].n', () => retentionHeatmap(withCell({ n: 1.5 }), en)],
  [
    'wrong-type $.cohorts[0].cells[0].state',
    () => retentionHeatmap(withCell({ state: 'done' as never }), en),
  ],
  ['wrong-type $.measure', () => retentionHeatmap({ ...retention, measure: 'some' as never }, en)],
  [
    'out-of-range $.measure.atLeast',
    () => retentionCurves({ ...retention, measure: { atLeast: -1 } }, { ...en, show: 'average' }),
  ],
  [
    'duplicate-name $.cohorts[1].cohort',
    () => retentionHeatmap({ ...retention, cohorts: [first!, first!] }, en),
  ],
  [
    'too-large $.cohorts',
    () =>
      retentionHeatmap(
        {
          ...retention,
          cohorts: Array.from({ length: 400 }, (_, i) => ({
            ...first!,
            cohort: `c${i}`,
            cells: Array.from({ length: 300 }, (_, offset) => ({ ...cell!, offset, to: offset })),
          })),
        },
        en,
      ),
  ],
  ['unknown-name $.options.show', () => retentionCurves(retention, { ...en, show: 'all' as never })],
  ['out-of-range $.options.width', () => retentionCurves(retention, { ...en, show: 'average', width: 1e9 })],
  [
    'wrong-type $.groups[0].value',
    () =>
      retentionCurves(
        { ...retention, groups: [{ ...retention, value: {} as never }] },
        { ...en, show: 'groups' },
      ),
  ],
  [
    'duplicate-name $.periods[1].period',
    () => growthBars({ periods: [...growthOf(1).periods, ...growthOf(1).periods] }, en),
  ],
  [
    'out-of-range $.periods[0].new',
    () => growthBars({ periods: [{ ...growthOf(1).periods[0]!, new: -1 }] }, en),
  ],
  [
    'duplicate-name $[1].name',
    () =>
      survivalCurves(
        [
          { name: 'a', curve },
          { name: 'a', curve },
        ],
        en,
      ),
  ],
  [
    'other-definition $[1].curve.unit',
    () =>
      survivalCurves(
        [
          { name: 'a', curve },
          { name: 'b', curve: { ...curve, unit: 'day' } },
        ],
        en,
      ),
  ],
  [
    'out-of-range $[0].curve.rows[1].time',
    () => survivalCurves([{ name: 'a', curve: { ...curve, rows: [...curve.rows].reverse() } }], en),
  ],
  ['unknown-name $.options.value', () => revenueCurves(revenue, { ...value, value: 'profit' })],
  ['unknown-name $.options.value', () => revenueCurves(revenue, { ...value, value: '__proto__' })],
  [
    'currency-mismatch $.options.payback.currency',
    () => revenueCurves(revenue, { ...value, payback: { ...paybackOf(revenue), currency: 'EUR' } }),
  ],
  [
    'other-definition $.options.payback.value',
    () => revenueCurves(revenue, { ...value, payback: { ...paybackOf(revenue), value: 'revenue' } }),
  ],
])('%s', (expected, call) => {
  let found: unknown
  try {
    call()
  } catch (error) {
    found = error
  }
  expect(found).toBeInstanceOf(DefinitionError)
  const { code, path } = found as DefinitionError
  expect(`${code} ${path}`).toBe(expected)
})

test('names of data are data: no name reaches an expression, and strange ones are shown as they are', () => {
  const strange = ['__proto__', 'constructor', "'] + alert(1) + ['", '{first}', '</svg><script>']
  const cohorts = strange.map((cohort) => ({ ...first!, cohort }))
  const text = JSON.stringify(retentionHeatmap({ ...retention, cohorts }, en))
  const expressions = [...text.matchAll(/"(?:expr|labelExpr|test|filter|calculate)":"((?:[^"\\]|\\.)*)"/g)]
  expect(expressions.length).toBeGreaterThan(0)
  for (const [, code] of expressions) for (const name of strange) expect(code).not.toContain(name)
  for (const name of strange) expect(text).toContain(JSON.stringify(name).slice(1, -1))
})
