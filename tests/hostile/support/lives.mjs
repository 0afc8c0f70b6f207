// Activity read as survival, and cohorts compared, each with one part replaced by a hostile value.
import { noon, order } from './program.mjs'
import { isMoment, never, replacing } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const isShare = (value) => value >= 0 && value <= 1

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfLives(library, everyPart) {
  const { compareCohorts, compareCurves, comparisonSentence, curveSentence, defineActivitySurvival } = library
  const definition = {
    id: 's',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    period: 'day',
    entry: 'order-paid',
    activity: ['order-paid', 'visited'],
    gap: { periods: 2 },
    returning: 'last-activity',
    keep: 'instants',
  }
  const staying = defineActivitySurvival(definition)
  const day = 86_400_000
  const asOf = noon + 40 * day
  const options = { asOf, transform: 'log-log' }
  const partial = () =>
    ['u1', 'u2', 'u3'].reduce(
      (made, subject, i) => staying.add(made, order({ subject, occurredAt: noon + i * day })),
      staying.add(staying.empty(), order({ subject: 'u1', occurredAt: noon + 9 * day })),
    )
  const survival = staying.result(partial(), options)
  const curves = { between: 'cohorts', test: 'log-rank', against: 'all-pairs', adjust: 'holm' }
  const cell = (retained) => ({
    offset: 1,
    n: 40,
    maturity: 1,
    eligible: 40,
    retained,
    state: 'complete',
  })
  const cohorts = [10, 20, 30].map((retained, i) => ({ cohort: `c${i}`, cells: [cell(retained)] }))
  const triangle = { cohorts, groups: [{ value: 'web', cohorts }], warnings: [{ code: 'rows-apart' }] }
  const rates = { offset: 1, between: 'cohorts', against: 'all-pairs', adjust: 'holm' }

  // What is answered holds the part that was replaced, minus zero included.
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers', 'strings'],
    floats: true,
  })
  const isLife = ({ curve, entered, undecided, unseen, returned }) =>
    curve.rows.every(({ survival: share }) => isShare(share)) &&
    curve.n + undecided + unseen === entered &&
    returned <= entered
  const isSurvival = ({ all, cohorts: found }) => [all, ...found].every(isLife)
  const isRates = ({ rows }) =>
    rows.every((row) =>
      row.kind === 'estimate'
        ? row.low <= row.difference && row.difference <= row.high && isShare(row.adjustedP)
        : typeof row.reason === 'string',
    )
  const isCurves = ({ rows }) =>
    rows.every((row) =>
      row.kind === 'estimate' ? isShare(row.p) && row.adjustedP >= row.p : typeof row.reason === 'string',
    )

  return [
    {
      name: 'defineActivitySurvival',
      takes: values,
      definition: true,
      call: defineActivitySurvival,
      right: never,
    },
    replaced(
      'defineActivitySurvival, every part replaced',
      definition,
      defineActivitySurvival,
      (given, { definition: kept }) => JSON.stringify(kept) === JSON.stringify(given),
      { definition: true },
    ),
    ...['add', 'retract', 'merge', 'merge into', 'result', 'lives', 'toJson', 'fromJson'].map((verb) => ({
      name: `staying.${verb} partial`,
      takes: values,
      call: (given) => {
        if (verb === 'merge') return staying.merge(given, staying.empty())
        if (verb === 'merge into') return staying.merge(staying.empty(), given)
        if (verb === 'toJson' || verb === 'fromJson') return staying[verb](given)
        return staying[verb](given, verb === 'result' || verb === 'lives' ? options : order())
      },
      right: never,
    })),
    replaced(
      'staying.result, every part of a partial replaced',
      partial(),
      (given) => staying.result(given, options),
      (_, answer) => isSurvival(answer),
    ),
    {
      name: 'staying.result options',
      takes: values,
      call: (value) => staying.result(partial(), value),
      right: never,
    },
    {
      name: 'staying.lives options',
      takes: values,
      call: (value) => staying.lives(partial(), value),
      right: never,
    },
    ...['asOf', 'since', 'until', 'watchedSince', 'level', 'transform', 'gaps', 'tolerance'].map((key) => ({
      name: `staying.result ${key}`,
      takes: moments,
      limit: 1500,
      definition: key === 'transform',
      call: (value) => staying.result(partial(), { ...options, [key]: value }),
      right: (value, answer) =>
        isSurvival(answer) &&
        (value === undefined
          ? key !== 'asOf' && key !== 'transform'
          : key === 'level' || key === 'tolerance'
            ? isShare(value)
            : key === 'gaps'
              ? Array.isArray(value) && value.length === 0
              : key !== 'transform' && isMoment(value)),
    })),

    {
      name: 'compareCohorts retention',
      takes: values,
      call: (value) => compareCohorts(value, rates),
      right: never,
    },
    {
      name: 'compareCohorts options',
      takes: values,
      call: (value) => compareCohorts(triangle, value),
      right: never,
    },
    replaced(
      'compareCohorts, every part of a triangle replaced',
      triangle,
      (given) => compareCohorts(given, rates),
      (_, answer) => isRates(answer),
      { definition: true },
    ),
    replaced(
      'compareCohorts between values, every part of a triangle replaced',
      triangle,
      (given) => compareCohorts(given, { ...rates, between: 'values' }),
      (_, answer) => isRates(answer),
      { definition: true },
    ),
    replaced(
      'compareCohorts, every option replaced',
      { ...rates, value: 'web', immature: 'refuse', level: 0.9, intervals: 'each' },
      (given) => compareCohorts(triangle, given),
      (_, answer) => isRates(answer),
      { definition: true },
    ),
    {
      name: 'compareCurves survival',
      takes: values,
      call: (value) => compareCurves(value, curves),
      right: never,
    },
    {
      name: 'compareCurves options',
      takes: values,
      call: (value) => compareCurves(survival, value),
      right: never,
    },
    replaced(
      'compareCurves, every part of a survival replaced',
      {
        unit: 'day',
        returning: 'first-lapse',
        cohorts: survival.cohorts.map(({ cohort, counted }) => ({ cohort, counted })),
        groups: [],
      },
      (given) => compareCurves(given, curves),
      (_, answer) => isCurves(answer),
      { definition: true },
    ),
    replaced(
      'compareCurves, every option replaced',
      curves,
      (given) => compareCurves(survival, given),
      (_, answer) => isCurves(answer),
      { definition: true },
    ),
    {
      name: 'comparisonSentence row',
      takes: values,
      call: (value) => comparisonSentence(compareCohorts(triangle, rates), value),
      right: (value, { en }) =>
        [0, 1, 2].includes(value) && /^c\d kept .* by Holm among 3 comparisons$/.test(en),
    },
    {
      name: 'curveSentence row',
      takes: values,
      call: (value) => curveSentence(compareCurves(survival, curves), value),
      right: (value, { en }) => [0, 1, 2].includes(value) && /2023|2024|2025|2026/.test(en),
    },
  ]
}
