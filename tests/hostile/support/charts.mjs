// Hostile values at every place of what the charts read, and of their options.
import { anything } from './boundaries.mjs'

const estimate = { kind: 'estimate', value: 0.5, interval: { low: 0.2, high: 0.8, level: 0.95 } }
const cell = { offset: 0, to: 0, period: '2024-01', n: 4, eligible: 4, maturity: 1, retained: 2, seen: 2 }
const average = { offset: 0, to: 0, cohorts: 1, eligible: 4, retained: 2, rate: estimate }
const cohort = { cohort: '2024-01', size: 4, cells: [{ ...cell, state: 'complete', rate: estimate }] }
const retention = {
  fingerprint: 'f',
  period: 'month',
  level: 0.95,
  cohorts: [cohort, { ...cohort, cohort: '2024-02' }],
  averages: [average],
  groups: [{ value: 'web', cohorts: [cohort], averages: [average] }],
}
const people = { active: 5, new: 3, retained: 1, resurrected: 1, churned: 2 }
const growth = { fingerprint: 'f', periods: [{ period: '2024-01', ...people, state: 'complete' }] }
const row = { time: 1, atRisk: 4, events: 1, censored: 1, entered: 4, survival: 0.75 }
const curve = {
  unit: 'day',
  level: 0.95,
  from: 0,
  rows: [{ ...row, interval: { kind: 'estimate', low: 0.2, high: 0.9 } }],
  gaps: [{ from: 0.25, to: 0.5 }],
}
const curves = [{ name: 'all', curve }]
const interval = { kind: 'interval', low: 8, high: 12, level: 0.95 }
const points = { margin: [{ offset: 0, n: 4, maturity: 1, mean: { value: 10, interval } }] }
const revenue = {
  period: 'month',
  currency: 'CNY',
  level: 0.95,
  cohorts: [{ cohort: '2024-01', size: 4, curves: points }],
  curves: points,
}
const paid = { kind: 'paid-back', basis: 'observed', offset: 0 }
const payback = {
  value: 'margin',
  currency: 'CNY',
  cohorts: [{ cohort: '2024-01', size: 4, costPerCustomer: 7, payback: paid }],
}

const square = [
  [8, 2],
  [1, 4],
]
const flows = { fingerprint: 'f', stages: ['active', 'lapsed'], moves: square }
const panel = {
  fingerprint: 'f',
  states: ['active', 'lapsed'],
  unit: 'month',
  periods: [{ period: '2024-01', moves: square, arrivals: [3, 0] }],
}
const stageWords = { active: 'here', lapsed: 'gone' }

const tracking = {
  unit: 'week',
  calibration: 1.5,
  periods: [
    { to: 1, actual: 3, expected: 2.5, cumulativeActual: 3, cumulativeExpected: 2.5 },
    { to: 2, actual: 1, expected: 2, cumulativeActual: 4, cumulativeExpected: 4.5 },
  ],
}
const frequencies = {
  bins: [
    { repeats: 0, orMore: false, actual: 4, expected: 3.5 },
    { repeats: 1, orMore: true, actual: 2, expected: 2.5 },
  ],
}
const meansRow = { customers: 4, expectedMean: 1.5, actualMean: 2 }
const means = {
  by: 'repeat-count',
  bins: [
    {
      ...meansRow,
      name: { en: '0', zh: '零' },
      interval: { kind: 'interval', low: 0.5, high: 3, level: 0.95 },
    },
    { ...meansRow, name: { en: '1+', zh: '更多' }, interval: { kind: 'undefined', reason: 'all-alike' } },
  ],
}
const chances = { bins: [{ customers: 4, mean: 0.25, observed: estimate }] }
const lift = {
  bins: [{ customers: 2, expectedMean: 2, actualMean: 3, lift: { kind: 'estimate', value: 1.5 } }],
  gains: [
    { share: 0, captured: 0 },
    { share: 1, captured: 1 },
  ],
}
const grid = {
  unit: 'week',
  age: 39,
  horizon: 13,
  cells: [
    { repeatCount: 0, lastPurchaseAge: 0, alive: 1, expected: 0.5 },
    { repeatCount: 2, lastPurchaseAge: 30, alive: 0.75, expected: 1.5 },
  ],
}
const alivePath = {
  unit: 'day',
  points: [
    { age: 0, what: 'first-purchase', repeatCount: 0, alive: 1 },
    { age: 9, what: 'step', repeatCount: 0, alive: 0.75 },
  ],
}
const contracts = {
  unit: 'year',
  lines: [
    {
      name: 'regular',
      observed: [{ time: 1, survival: 0.75 }],
      projected: [
        { time: 0, survival: 1 },
        { time: 2, survival: 0.5 },
      ],
      known: 1,
    },
  ],
}
const spend = {
  customers: 9,
  bins: [
    { from: 0, to: 20, actual: 6, expected: 5.5 },
    { from: 20, actual: 3, expected: 3.5 },
  ],
  curve: [{ amount: 10, density: 0.03 }],
}
const sized = { title: 'mine', width: 300, height: 200 }

/** What each chart is called with where nothing is wrong. */
const calls = {
  purchaseTracking: [
    [tracking, { lang: 'en', show: 'cumulative', ...sized }],
    [tracking, { lang: 'zh', show: 'per-period' }],
  ],
  frequencyBars: [[frequencies, { lang: 'zh', ...sized }]],
  meansByGroup: [[means, { lang: 'en', ...sized }]],
  chanceCurve: [[chances, { lang: 'en', show: 'buying', ...sized }]],
  liftCurves: [
    [lift, { lang: 'en', show: 'gain', ...sized }],
    [lift, { lang: 'zh', show: 'lift' }],
  ],
  historyHeatmap: [
    [grid, { lang: 'en', show: 'alive', ...sized }],
    [grid, { lang: 'zh', show: 'expected' }],
  ],
  aliveCurve: [[alivePath, { lang: 'en', ...sized }]],
  spendHistogram: [[spend, { lang: 'en', currency: 'CNY', ...sized }]],
  spendByGroup: [
    [
      { ...means, by: 'mean-spend' },
      { lang: 'zh', currency: 'CNY', ...sized },
    ],
  ],
  contractSurvival: [[contracts, { lang: 'zh', ...sized }]],
  retentionHeatmap: [[retention, { lang: 'en', title: 'mine' }]],
  retentionCurves: [
    [retention, { lang: 'zh', show: 'cohorts', title: 'mine', width: 300, height: 200 }],
    [retention, { lang: 'en', show: 'groups' }],
  ],
  growthBars: [[growth, { lang: 'en', title: 'mine', width: 300, height: 200 }]],
  stageSankey: [[flows, { lang: 'en', title: 'mine', width: 300, height: 200, words: stageWords, least: 2 }]],
  stagesOverTime: [[panel, { lang: 'zh', title: 'mine', width: 300, height: 200, words: stageWords }]],
  survivalCurves: [
    [curves, { lang: 'zh', title: 'mine', width: 300, height: 200, unit: 'days', atRisk: true }],
  ],
  revenueCurves: [
    [revenue, { lang: 'en', title: 'mine', width: 300, value: 'margin', show: 'cohorts', payback }],
  ],
}

/** Fields of results that no chart reads. */
const unread = ['seen', 'interval.level', 'payback.basis', 'payback.kind']

/** Every place in a value, as the way to it. */
function placesOf(value, path = []) {
  const here = path.length === 0 ? [] : [path]
  if (typeof value !== 'object' || value === null) return here
  return [...here, ...Object.keys(value).flatMap((key) => placesOf(value[key], [...path, key]))]
}

function replaced(value, [key, ...rest], by) {
  const copy = Array.isArray(value) ? [...value] : { ...value }
  copy[key] = rest.length === 0 ? by : replaced(value[key], rest, by)
  return copy
}

const at = (value, path) => path.reduce((part, key) => part[key], value)
const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)

/** Optional parts, and those that may be `null`. */
const mayBeNothing = /\.(title|width|height|unit|atRisk|payback|fingerprint|words|least|known|currency)$/
const mayBeNull = /\.(period|value|costPerCustomer)$/

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function chartBoundaries(charts) {
  return Object.entries(calls).flatMap(([name, samples]) =>
    samples.flatMap((args, sample) =>
      placesOf(args)
        .filter((path) => !unread.some((field) => `.${path.join('.')}`.endsWith(`.${field}`)))
        .map((path) => {
          const place = `.${path.join('.')}`
          const right = at(args, path)
          return {
            name: `${name} ${sample} ${place}`,
            takes: anything,
            // Names of languages, lines and values are of the code that calls.
            definition: /^\.1\.(lang|show|value)$/.test(place),
            call: (value) => charts[name](...replaced(args, path, value)),
            right: (value, chart) =>
              typeof chart.description === 'string' &&
              (kind(value) === kind(right) ||
                (value === undefined && mayBeNothing.test(place)) ||
                (value === null && mayBeNull.test(place)) ||
                (/groups\.0\.value$/.test(place) && ['number', 'boolean'].includes(typeof value)) ||
                (place.includes('.groups') && args[1].show !== 'groups')),
          }
        }),
    ),
  )
}

/** The charts in the table. */
export const chartsCalled = Object.keys(calls)
