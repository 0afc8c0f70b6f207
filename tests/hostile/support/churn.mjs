// The boundaries of churn models and of what is projected with them: parameters, counts, triangles, options.
import { isRecord, isText, never } from './shapes.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
const models = ['geometric', 'shifted-beta-geometric', 'beta-discrete-weibull']
const parameters = [
  { model: 'geometric', churn: 0.3 },
  { model: 'shifted-beta-geometric', alpha: 0.7, beta: 2.5 },
  { model: 'beta-discrete-weibull', alpha: 0.7, beta: 2.5, shape: 1.4 },
]
const cohort = { cohort: 'a', survivors: [100, 70, 55, 46, 40] }
const cohorts = [cohort]
const cell = { offset: 0, eligible: 9, retained: 9, state: 'complete' }
const rates = [0.9, 0.5, 0.4, 0.35].map((rate, i) => ({ period: i + 1, rate }))

/** Counts that do not rise, with another value among them. */
const among = (value) => [{ cohort: 'a', survivors: [100, 70, value, 20, 10] }]
const answered = ({ kind, next }) =>
  kind !== 'undefined' || next === undefined || (next.en !== '' && next.zh !== '')

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfChurn(library) {
  const seeded = () => library.random(1)
  const ofParameters = [
    ['churnSurvival', (given) => library.churnSurvival(given, 3)],
    ['churnRetention', (given) => library.churnRetention(given, 3)],
    ['churnLogLikelihood', (given) => library.churnLogLikelihood(given, cohorts)],
    [
      'simulateChurn',
      (given) => library.simulateChurn({ parameters: given, cohorts, random: seeded() })[0].survivors[0],
    ],
  ]
  const ofCohorts = [
    ['churnLogLikelihood', (given) => library.churnLogLikelihood(parameters[1], given)],
    [
      'simulateChurn',
      (given) => library.simulateChurn({ parameters: parameters[1], cohorts: given, random: seeded() }),
    ],
    ['fitChurnModel', (given) => library.fitChurnModel({ model: models[1], cohorts: given })],
    [
      'backTestRetention',
      (given) => library.backTestRetention({ cohorts: given, models: models.slice(0, 2) }),
    ],
    [
      'chooseRetentionModel',
      (given) => library.chooseRetentionModel({ cohorts: given, models: models.slice(0, 2) }),
    ],
    [
      'projectRetention',
      (given) => library.projectRetention({ cohorts: given, horizon: 2, model: models[1] }),
    ],
  ]
  const ofOptions = [
    ['fitChurnModel', { model: models[1], cohorts }, ['model', 'cohorts', 'level']],
    ['backTestRetention', { cohorts, models: [models[1]] }, ['cohorts', 'models', 'level']],
    ['chooseRetentionModel', { cohorts, models: [models[1]] }, ['cohorts', 'models', 'level']],
    [
      'projectRetention',
      { cohorts, horizon: 2, model: models[1] },
      ['cohorts', 'horizon', 'model', 'level', 'intervals'],
    ],
    [
      'simulateChurn',
      { parameters: parameters[1], cohorts, random: undefined },
      ['parameters', 'cohorts', 'random'],
    ],
    ['describeRetentionCurve', { shape: 'power-law', points: rates }, ['shape', 'points']],
  ]
  /** Of options, what may be another value than the right one. */
  const rightOption = {
    level: (value) => value === undefined || (value > 0 && value < 1),
    horizon: (value) => isCount(value) && value >= 1 && value <= 1000,
    model: (value, name) => value === undefined && name === 'projectRetention',
    models: (value) => value === undefined,
    intervals: (value) => value === undefined,
    // No cohorts and no points have an answer, too.
    cohorts: (value) => Array.isArray(value) && value.length === 0,
    points: (value) => Array.isArray(value) && value.length === 0,
  }

  return [
    ...['a', 'b', 'x'].map((_, place) => ({
      name: `lnBetaRatio ${place}`,
      takes: junk,
      floats: true,
      call: (value) => library.lnBetaRatio(...[2, 3, 4].map((one, i) => (i === place ? value : one))),
      right: (value, answer) => value >= 0 && answer <= 0,
    })),
    ...ofParameters.flatMap(([name, call]) => [
      { name: `${name} parameters`, takes: junk, call, right: never },
      ...parameters.flatMap((given) =>
        Object.keys(given).map((key) => ({
          name: `${name} ${given.model} ${key}`,
          takes: junk,
          definition: key === 'model',
          floats: true,
          call: (value) => call({ ...given, [key]: value }),
          right: (value, answer) => value > 0 && (key !== 'churn' || value < 1) && !Number.isNaN(answer),
        })),
      ),
    ]),
    ...['churnSurvival', 'churnRetention'].map((name) => ({
      name: `${name} period`,
      takes: junk,
      floats: true,
      call: (value) => library[name](parameters[2], value),
      right: (value, share) => isCount(value) && value <= 1e6 && share >= 0 && share <= 1,
    })),
    ...ofCohorts.flatMap(([name, call]) => [
      {
        name: `${name} cohorts`,
        takes: junk,
        limit: 1500,
        floats: true,
        call,
        right: (value) => Array.isArray(value) && value.length === 0,
      },
      {
        name: `${name} one of the cohorts`,
        takes: junk,
        limit: 1500,
        call: (value) => call([cohort, value]),
        right: never,
      },
      {
        name: `${name} survivors`,
        takes: junk,
        limit: 1500,
        floats: true,
        call: (survivors) => call([{ cohort: 'a', survivors }]),
        right: (value) => Array.isArray(value) && value.every(isCount),
      },
      {
        name: `${name} one count`,
        takes: junk,
        limit: 1500,
        floats: true,
        call: (value) => call(among(value)),
        right: (value) => isCount(value) && value >= 20 && value <= 70,
      },
      {
        name: `${name} a size`,
        takes: junk,
        limit: 1500,
        floats: true,
        call: (value) => call([{ cohort: 'a', survivors: [value, 9, 8, 7, 7] }]),
        right: (value) => isCount(value) && value >= 9,
      },
      {
        name: `${name} name of a cohort`,
        takes: junk,
        limit: 1500,
        call: (value) => call([{ ...cohort, cohort: value }]),
        right: isText,
      },
    ]),
    ...ofOptions.flatMap(([name, options, keys]) => [
      { name: `${name} options`, takes: junk, call: library[name], right: never },
      ...keys.map((key) => ({
        name: `${name} ${key} among options`,
        takes: junk,
        limit: 1500,
        floats: true,
        definition: true,
        call: (value) =>
          library[name]({ ...options, ...('random' in options && { random: seeded() }), [key]: value }),
        right: (value, answer) => rightOption[key]?.(value, name) === true && answered(answer),
      })),
    ]),
    ...['random', 'replicates'].map((key) => ({
      name: `projectRetention intervals.${key}`,
      takes: junk,
      limit: 1500,
      definition: true,
      floats: true,
      call: (value) =>
        library.projectRetention({
          cohorts,
          horizon: 1,
          model: 'geometric',
          intervals: { random: seeded(), replicates: 100, [key]: value },
        }).kind,
      right: (value) =>
        key === 'replicates' && (value === undefined || (isCount(value) && value >= 100 && value <= 10_000)),
    })),
    ...['backTestRetention', 'chooseRetentionModel'].map((name) => ({
      name: `${name} one of the models`,
      takes: junk,
      definition: true,
      call: (value) => library[name]({ cohorts, models: [value] }),
      right: never,
    })),

    // Triangles.
    { name: 'survivorCounts triangle', takes: junk, call: library.survivorCounts, right: never },
    {
      name: 'survivorCounts cohorts',
      takes: junk,
      call: (value) => library.survivorCounts({ cohorts: value }),
      right: (value) => Array.isArray(value) && value.length === 0,
    },
    {
      name: 'survivorCounts one of the cohorts',
      takes: junk,
      call: (value) => library.survivorCounts({ cohorts: [value] }),
      right: never,
    },
    {
      name: 'survivorCounts cells',
      takes: junk,
      call: (cells) => library.survivorCounts({ cohorts: [{ cohort: 'a', cells }] }),
      right: (value, { cohorts: found }) => Array.isArray(value) && value.length === 0 && found.length === 0,
    },
    {
      name: 'survivorCounts one of the cells',
      takes: junk,
      call: (value) => library.survivorCounts({ cohorts: [{ cohort: 'a', cells: [cell, value] }] }),
      right: never,
    },
    {
      name: 'survivorCounts name of a cohort',
      takes: junk,
      call: (value) => library.survivorCounts({ cohorts: [{ cohort: value, cells: [cell] }] }),
      right: isText,
    },
    ...Object.keys(cell).map((key) => ({
      name: `survivorCounts cell.${key}`,
      takes: junk,
      call: (value) =>
        library.survivorCounts({ cohorts: [{ cohort: 'a', cells: [{ ...cell, [key]: value }] }] }),
      right: (value, { kind }) =>
        kind === 'counts' &&
        (key === 'state'
          ? isText(value)
          : isCount(value) &&
            (key === 'offset' ? value === 0 : key === 'eligible' ? value >= 9 : value <= 9)),
    })),
    {
      name: 'survivorCounts options',
      takes: junk,
      call: (options) => library.survivorCounts({ cohorts: [] }, options),
      right: (options) => options === undefined || isRecord(options),
    },
    {
      name: 'survivorCounts leaveOut',
      takes: junk,
      call: (leaveOut) => library.survivorCounts({ cohorts: [] }, { leaveOut }),
      right: (value) => value === undefined || isCount(value),
    },

    // Descriptions.
    {
      name: 'describeRetentionCurve one of the points',
      takes: junk,
      call: (value) => library.describeRetentionCurve({ shape: 'exponential', points: [...rates, value] }),
      right: never,
    },
    ...['period', 'rate'].flatMap((key) =>
      ['power-law', 'exponential', 'asymptote'].map((shape) => ({
        name: `describeRetentionCurve ${shape} ${key}`,
        takes: junk,
        limit: 1500,
        floats: true,
        call: (value) =>
          library.describeRetentionCurve({
            shape,
            points: [...rates, { period: 5, rate: 0.3, [key]: value }],
          }),
        right: (value, answer) =>
          answered(answer) && (key === 'rate' ? value >= 0 && value <= 1 : value > 4 && value <= 1e6),
      })),
    ),
  ]
}
