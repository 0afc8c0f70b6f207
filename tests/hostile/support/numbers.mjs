// The boundaries of the measures and of the elementary functions: numbers, lists of them, objectives, partial results.

import { isRecord, never } from './shapes.mjs'
import { boundariesOfSurvival } from './survival.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const isNumber = (value) => typeof value === 'number'
const near = (a, b, tolerance = 1e-9) =>
  Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

/** Functions of numbers: arguments that are right, and what a right answer is when one of them is another number. */
const functions = {
  ln: [[2], (answer, x) => near(answer, Math.log(x))],
  exp: [[1], (answer, x) => near(answer, Math.exp(x))],
  log1p: [[1], (answer, x) => near(answer, Math.log1p(x))],
  expm1: [[1], (answer, x) => near(answer, Math.expm1(x))],
  pow: [[2, 3], (answer, x, y) => near(answer, x ** y)],
  lnGamma: [[2.5], (answer, x) => x > 0 && answer > -0.13],
  digamma: [[2.5], (answer, x) => x > 0 && answer <= Math.log(x)],
  trigamma: [[2.5], (answer, x) => x > 0 && answer > 0],
  lnBeta: [[2, 3], (answer, a, b) => a > 0 && b > 0 && Number.isFinite(answer)],
  betaRegularized: [[0.5, 2, 3], (answer) => answer >= 0 && answer <= 1],
  betaRegularizedUpper: [[0.5, 2, 3], (answer) => answer >= 0 && answer <= 1],
  lnBetaRegularized: [[0.5, 2, 3], (answer) => answer <= 0],
  lnBetaRegularizedUpper: [[0.5, 2, 3], (answer) => answer <= 0],
  betaQuantile: [[0.5, 2, 3], (answer) => answer >= 0 && answer <= 1],
  betaQuantileUpper: [[0.5, 2, 3], (answer) => answer >= 0 && answer <= 1],
  gammaP: [[2, 3], (answer) => answer >= 0 && answer <= 1],
  gammaQ: [[2, 3], (answer) => answer >= 0 && answer <= 1],
  lnGammaP: [[2, 3], (answer) => answer <= 0],
  lnGammaQ: [[2, 3], (answer) => answer <= 0],
  gammaPInverse: [[2, 0.5], (answer) => answer >= 0],
  gammaQInverse: [[2, 0.5], (answer) => answer >= 0],
  erf: [[0.5], (answer, x) => Math.abs(answer) <= 1 && answer < 0 === x < 0],
  erfc: [[0.5], (answer) => answer >= 0 && answer <= 2],
  logDiffExp: [[2, 1], (answer, a, b) => b <= a && answer <= a],
  hypergeometric2F1: [[1, 2, 3, 0.5], (answer, ...[, , , z]) => z < 1 && Number.isFinite(answer)],
  lnHypergeometric2F1: [[1, 2, 3, 0.5], (answer, ...[, , , z]) => z < 1 && Number.isFinite(answer)],
  tricomiU: [[1, 2, 3], (answer, ...[, , z]) => z > 0 && answer >= 0 && answer < Number.POSITIVE_INFINITY],
  lnTricomiU: [[1, 2, 3], (answer, ...[, , z]) => z > 0 && Number.isFinite(answer)],
  normalQuantile: [[0.3], (answer, p) => p > 0 && p < 1 && answer < 0 === p < 0.5],
  normalCdf: [[0.3], (answer, z) => answer >= 0 && answer <= 1 && answer < 0.5 === z < 0],
  studentCdf: [[1, 3], (answer) => answer >= 0 && answer <= 1],
  studentQuantile: [[0.3, 3], (answer, p) => p > 0 && p < 1 && answer < 0 === p < 0.5],
}

const isIterable = (value) => typeof value?.[Symbol.iterator] === 'function'
/** Counts what it is given, whatever that is. */
const adding = {
  ...{ definition: {}, shard: 'event', empty: () => ({ n: 0 }), result: ({ n }) => n },
  add: ({ n }) => ({ n: n + 1 }),
  addColumns: ({ n }) => ({ n: n + 1 }),
  merge: (a, b) => ({ n: a.n + b.n }),
}
/** A promise that nobody waits for. */
const quietly = (promise) => {
  promise.catch(() => undefined)
  return promise
}

/** Objectives by which of their answers is another value. */
const bowl = {
  value: ([x, y]) => (x - 3) * (x - 3) + 2 * y * y,
  gradient: ([x, y]) => [2 * (x - 3), 4 * y],
  hessian: () => [
    [2, 0],
    [0, 4],
  ],
}
const answering = {
  value: (value) => ({ value: () => value }),
  'value, some time': (value) => {
    let asked = 0
    return { value: (at) => (++asked % 7 === 0 ? value : bowl.value(at)) }
  },
  gradient: (value) => ({ ...bowl, hessian: undefined, gradient: () => value }),
  slope: (value) => ({ ...bowl, hessian: undefined, gradient: ([x]) => [2 * (x - 3), value] }),
  hessian: (value) => ({ ...bowl, hessian: () => value }),
  'second derivative': (value) => ({
    ...bowl,
    hessian: () => [
      [2, value],
      [value, 4],
    ],
  }),
  hessianTimes: (value) => ({ ...bowl, hessian: undefined, hessianTimes: () => value }),
}
const isMinimum = ({ kind, at, best, reason, next }) =>
  kind === 'optimum'
    ? at.every(Number.isFinite)
    : typeof reason === 'string' && next.en !== '' && (best === undefined || best.at.every(Number.isFinite))

/** Every number in a value, however it is nested. */
function numbersIn(value) {
  if (isNumber(value)) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfNumbers(library) {
  const { collect, exactTotal, moments } = library
  const sketch = library.defineQuantileSketch({ id: 'sizes', version: 1, accuracy: 0.01 })
  const p = { p: [0, 0.5, 1] }
  const aggregates = [
    ['exactTotal', exactTotal, undefined],
    ['moments', moments, undefined],
    ['quantile sketch', sketch, p],
  ]
  const each = Object.entries(functions).flatMap(([name, [args, right]]) =>
    args.map((_, place) => ({
      name: `${name} ${place}`,
      takes: junk,
      // Next to what would take a second it is refused.
      limit: /ypergeometric/.test(name) ? 1500 : undefined,
      floats: true,
      call: (value) => library[name](...args.map((one, i) => (i === place ? value : one))),
      right: (value, answer) =>
        isNumber(value) &&
        (Number.isNaN(value)
          ? Number.isNaN(answer)
          : isNumber(answer) && right(answer, ...args.map((one, i) => (i === place ? value : one)))),
    })),
  )
  const lists = [
    [
      'logSumExp',
      library.logSumExp,
      (list, answer) => list.length > 0 || answer === Number.NEGATIVE_INFINITY,
    ],
    ['compensatedSum', library.compensatedSum, (list, answer) => list.length > 0 || answer === 0],
    ['exactSum', library.exactSum, (list, answer) => list.length > 0 || answer === 0],
    [
      'quantile',
      (list) => library.quantile(list, 0.5, { type: 'type-7' }),
      (list, { kind }) => list.length > 0 || kind === 'undefined',
    ],
  ].flatMap(([name, call, right]) => [
    {
      name: `${name} list`,
      takes: junk,
      floats: true,
      call,
      right: (list, answer) => Array.isArray(list) && right(list, answer),
    },
    {
      name: `${name} one of a list`,
      takes: junk,
      floats: true,
      call: (value) => call([1, value]),
      right: (value) => isNumber(value),
    },
  ])

  return [
    ...each,
    ...lists,
    ...['p', 'type', 'options'].map((what) => ({
      name: `quantile ${what}`,
      definition: true,
      takes: junk,
      call: (value) =>
        library.quantile(
          [1, 2, 4],
          what === 'p' ? value : 0.5,
          what === 'options' ? value : { type: what === 'type' ? value : 'type-7' },
        ),
      right: (value, { kind }) => what === 'p' && value >= 0 && value <= 1 && kind === 'estimate',
    })),

    // Quadrature.
    {
      name: 'gaussLegendre count',
      takes: junk,
      limit: 1500,
      call: library.gaussLegendre,
      right: (count, { nodes }) => nodes.length === count,
    },
    {
      name: 'gaussJacobi count',
      takes: junk,
      limit: 1500,
      call: (count) => library.gaussJacobi(count, { a: 1, b: 2 }),
      right: (count, { nodes }) => nodes.length === count,
    },
    { name: 'gaussJacobi shape', takes: junk, call: (shape) => library.gaussJacobi(3, shape), right: never },
    ...['a', 'b'].map((key) => ({
      name: `gaussJacobi ${key}`,
      takes: junk,
      call: (value) => library.gaussJacobi(3, { a: 1, b: 2, [key]: value }),
      right: (value, { nodes }) => value > 0 && nodes.every((node) => node >= 0 && node <= 1),
    })),
    { name: 'integrate f', takes: junk, call: (f) => library.integrate(f, 0, 1), right: never },
    {
      name: 'integrate what f says',
      takes: junk,
      call: (value) => library.integrate(() => value, 0, 1),
      right: (value, { kind }) =>
        isNumber(value) && (kind === 'estimate' || !Number.isFinite(value) || Math.abs(value) > 1e300),
    },
    ...[1, 2].map((place) => ({
      name: `integrate end ${place}`,
      takes: junk,
      call: (value) =>
        library.integrate((x) => 1 / (1 + x * x), place === 1 ? value : 0, place === 2 ? value : 1),
      floats: true,
      limit: 1000,
      right: (value, { kind, value: sum }) =>
        Number.isFinite(value) && (kind === 'undefined' || Number.isFinite(sum)),
    })),
    {
      name: 'integrate options',
      takes: junk,
      call: (options) => library.integrate((x) => x, 0, 1, options),
      right: (options, { kind }) => (options === undefined || isRecord(options)) && kind === 'estimate',
    },
    ...['relative', 'absolute', 'pieces'].map((key) => ({
      name: `integrate ${key}`,
      takes: junk,
      call: (value) => library.integrate((x) => x * x, 0, 1, { [key]: value }),
      right: (value, { kind }) =>
        value === undefined || (isNumber(value) && (kind === 'estimate' || value < 1e-14)),
    })),

    // Collecting: promises are asked about in tests/kernel/collecting.test.ts, where they can be waited for.
    ...[
      ['collectSteps', (rows, options) => library.collectSteps(adding, rows, options).next().value],
      ['collectAsync', (rows, options) => quietly(library.collectAsync(adding, rows, options))],
      ['collectBatches', (rows, options) => quietly(library.collectBatches(adding, rows, options))],
    ].flatMap(([name, call]) => [
      {
        name: `${name} rows`,
        takes: junk,
        call: (rows) => call(rows, undefined),
        right: (rows, answer) => answer instanceof Promise || isIterable(rows),
      },
      {
        name: `${name} options`,
        takes: junk,
        call: (options) => call([1], options),
        right: (options, answer) => answer instanceof Promise || options === undefined || isRecord(options),
      },
      ...['every', 'progress', 'signal'].map((key) => ({
        name: `${name} ${key}`,
        takes: junk,
        call: (value) => call([1], { [key]: value }),
        right: (value, answer) =>
          answer instanceof Promise ||
          value === undefined ||
          (key === 'every' && Number.isSafeInteger(value)),
      })),
    ]),

    // Minima.
    {
      name: 'minimize objective',
      takes: junk,
      call: (objective) => library.minimize(objective, [1, 1]),
      right: never,
    },
    ...['gradient', 'hessian', 'hessianTimes'].map((key) => ({
      name: `minimize objective.${key}`,
      takes: junk,
      call: (value) => library.minimize({ ...bowl, [key]: value }, [1, 1]),
      right: (value, found) => value === undefined && isMinimum(found),
    })),
    ...Object.entries(answering).map(([name, objective]) => ({
      name: `minimize what ${name} says`,
      takes: junk,
      limit: 1500,
      floats: true,
      call: (value) => library.minimize(objective(value), [1, 1], { maxIterations: 200 }),
      right: (value, found) => isMinimum(found) && (isNumber(value) || name === 'hessianTimes'),
    })),
    {
      name: 'minimize an objective that throws',
      takes: junk,
      call(value) {
        const own = { thrown: value }
        let caught
        try {
          library.minimize(
            {
              value: () => {
                throw own
              },
            },
            [1, 1],
          )
        } catch (error) {
          caught = error
        }
        return caught === own
      },
      right: (_, same) => same,
    },
    { name: 'minimize start', takes: junk, call: (start) => library.minimize(bowl, start), right: never },
    {
      name: 'minimize one of the start',
      takes: junk,
      limit: 500,
      floats: true,
      call: (value) => library.minimize(bowl, [value, 1]),
      right: (value, found) => isNumber(value) && isMinimum(found),
    },
    {
      name: 'minimize options',
      takes: junk,
      call: (options) => library.minimize(bowl, [1, 1], options),
      right: (options, found) => (options === undefined || isRecord(options)) && isMinimum(found),
    },
    ...['gradientTolerance', 'conditionLimit', 'maxIterations', 'atLeast', 'signal'].map((key) => ({
      name: `minimizeSteps ${key}`,
      takes: junk,
      call: (value) =>
        [...library.minimizeSteps(bowl, [1, 1], { [key]: value })].every(({ value: low }) =>
          Number.isFinite(low),
        ),
      right: (value, all) => all && (value === undefined || isNumber(value) || key === 'signal'),
    })),

    // What is collected.
    ...aggregates.flatMap(([name, aggregate, options]) => {
      const result = (partial) => aggregate.result(partial, options)
      const right = (value, answer) => Number.isFinite(value) && numbersIn(answer).every(Number.isFinite)
      const places = Object.keys(aggregate.add(aggregate.empty(), 1))
      return [
        {
          name: `${name}.add value`,
          takes: junk,
          floats: true,
          call: (value) => result(aggregate.add(aggregate.empty(), value)),
          right,
        },
        {
          name: `${name}.retract value`,
          takes: junk,
          floats: true,
          call: (value) => aggregate.retract(aggregate.add(aggregate.empty(), 1), value),
          right,
        },
        ...['add', 'retract', 'merge', 'merge the other way', 'result', 'addColumns'].map((verb) => ({
          name: `${name}.${verb} partial`,
          takes: junk,
          call: (partial) =>
            verb === 'result'
              ? result(partial)
              : verb === 'merge'
                ? aggregate.merge(partial, aggregate.empty())
                : verb === 'merge the other way'
                  ? aggregate.merge(aggregate.empty(), partial)
                  : aggregate[verb](partial, verb === 'addColumns' ? Float64Array.of(1) : 1),
          right: never,
        })),
        {
          name: `${name}.addColumns column`,
          takes: junk,
          call: (column) => result(aggregate.addColumns(aggregate.empty(), column)),
          right: (column) => Array.isArray(column),
        },
        ...places.map((place) => ({
          name: `${name} partial.${place}`,
          takes: junk,
          floats: true,
          call: (value) => {
            const partial = () => ({ ...aggregate.add(aggregate.empty(), 1), [place]: value })
            return [
              result(partial()),
              result(aggregate.merge(partial(), aggregate.add(aggregate.empty(), 2))),
            ]
          },
          right: (value, answers) => typeof value !== 'string' && numbersIn(answers).every(Number.isFinite),
        })),
        {
          name: `${name} of a data set`,
          takes: ['stat-datasets'],
          floats: true,
          call: (data) => result(collect(aggregate, numbersIn(data))),
          right: (data, answer) =>
            numbersIn(data).every(Number.isFinite) && numbersIn(answer).every(Number.isFinite),
        },
      ]
    }),
    ...['positive', 'negative'].map((side) => ({
      name: `quantile sketch count in partial.${side}`,
      takes: junk,
      call: (value) =>
        sketch.result(sketch.merge(sketch.empty(), { ...sketch.empty(), [side]: { 4000: value } }), p),
      right: (value) => Number.isSafeInteger(value) && value >= 0,
    })),
    {
      name: 'quantile sketch bucket of a partial',
      takes: junk,
      call: (value) =>
        sketch.result(
          { ...sketch.empty(), positive: { [typeof value === 'object' ? 'x' : String(value)]: 1 } },
          p,
        ),
      right: (value, { kind }) =>
        (isNumber(value) || typeof value === 'bigint' || typeof value === 'string') && kind === 'estimate',
    },
    {
      name: 'quantile sketch options',
      takes: junk,
      call: (options) => sketch.result(sketch.empty(), options),
      right: never,
    },
    {
      name: 'quantile sketch p',
      takes: junk,
      call: (one) => sketch.result(sketch.add(sketch.empty(), 3), { p: [one] }),
      right: (one, { kind }) => one >= 0 && one <= 1 && kind === 'estimate',
    },
    {
      name: 'defineQuantileSketch',
      takes: junk,
      definition: true,
      call: library.defineQuantileSketch,
      right: never,
    },
    ...['id', 'version', 'accuracy', 'smallest', 'largest'].map((key) => ({
      name: `defineQuantileSketch ${key}`,
      takes: junk,
      definition: true,
      call: (value) =>
        library.defineQuantileSketch({ id: 'a', version: 1, accuracy: 0.01, [key]: value }).result,
      right: (value) => value === undefined || (key === 'id' ? typeof value === 'string' : isNumber(value)),
    })),
    ...[
      ['compensatedSum', library.compensatedSum],
      ['exactSum', library.exactSum],
      ['logSumExp', library.logSumExp],
    ].map(([name, sum]) => ({
      name: `${name} of a data set`,
      takes: ['stat-datasets'],
      floats: true,
      call: (data) => sum(numbersIn(data)),
      right: (data, answer) =>
        !numbersIn(data).some(Number.isNaN) && (name === 'logSumExp' || Number.isFinite(answer)),
    })),
    {
      name: 'quantile of a data set',
      takes: ['stat-datasets'],
      call: (data) => library.quantile(numbersIn(data), 0.9, { type: 'nearest-rank' }),
      right: (data, answer) => answer.kind === 'undefined' || numbersIn(data).includes(answer.value),
    },
    {
      name: 'minimize the distance to a data set',
      takes: ['stat-datasets'],
      limit: 2000,
      call: (data) => {
        const values = numbersIn(data)
        return library.minimize(
          { value: ([x]) => values.reduce((sum, value) => sum + (x - value) * (x - value), 0) },
          [1],
        )
      },
      right: (_, found) => isMinimum(found),
    },

    ...boundariesOfSurvival(library),

    // Shares.
    ...['successes', 'trials', 'level', 'method'].flatMap((key) =>
      ['wilson', 'clopper-pearson', 'jeffreys', 'agresti-coull', 'wald'].map((method) => ({
        name: `proportion ${method} ${key}`,
        definition: true,
        takes: junk,
        call: (value) => library.proportion({ successes: 0, trials: 10, level: 0.95, method, [key]: value }),
        right: (value, answer) =>
          isNumber(value) &&
          (answer.kind === 'undefined' ||
            (answer.interval.low >= 0 &&
              answer.interval.low <= answer.interval.high &&
              answer.interval.high <= 1)),
      })),
    ),
    { name: 'proportion', takes: junk, call: library.proportion, right: never },
    { name: 'proportionDifference', takes: junk, call: library.proportionDifference, right: never },
    { name: 'proportionTest', takes: junk, call: library.proportionTest, right: never },
    ...['a', 'b', 'level', 'method'].map((key) => ({
      name: `proportionDifference ${key}`,
      definition: true,
      takes: junk,
      call: (value) =>
        library.proportionDifference({
          a: { successes: 3, trials: 5 },
          b: { successes: 4, trials: 9 },
          level: 0.9,
          method: 'newcombe',
          [key]: value,
        }),
      right: (value, { kind }) => key === 'level' && value > 0 && value < 1 && kind === 'estimate',
    })),
    ...['successes', 'trials'].flatMap((key) => [
      ...['newcombe', 'agresti-caffo', 'wald'].map((method) => ({
        name: `proportionDifference ${method} a.${key}`,
        takes: junk,
        call: (value) =>
          library.proportionDifference({
            a: { successes: 0, trials: 5, [key]: value },
            b: { successes: 4, trials: 9 },
            level: 0.9,
            method,
          }),
        right: (value, answer) =>
          isNumber(value) &&
          (answer.kind === 'undefined' || (answer.interval.low >= -1 && answer.interval.high <= 1)),
      })),
      {
        name: `proportionTest a.${key}`,
        takes: junk,
        call: (value) =>
          library.proportionTest({
            a: { successes: 0, trials: 5, [key]: value },
            b: { successes: 4, trials: 9 },
          }),
        right: (value, answer) =>
          isNumber(value) && (answer.kind === 'undefined' || (answer.p >= 0 && answer.p <= 1)),
      },
    ]),
    ...['a', 'b'].map((key) => ({
      name: `proportionTest ${key}`,
      takes: junk,
      call: (value) =>
        library.proportionTest({
          a: { successes: 3, trials: 5 },
          b: { successes: 4, trials: 9 },
          [key]: value,
        }),
      right: never,
    })),

    // Regressions of survival.
    ...coxBoundaries(library),
  ]
}

/** Six who were watched, of whom one has another value somewhere. */
const watched = (change = {}) =>
  [1, 0, 1, 1, 0, 0].map((coupon, i) => ({
    time: i + 1,
    event: i < 5,
    covariates: { coupon },
    ...(i === 2 ? change : {}),
  }))
const isCox = (answer) =>
  answer.kind === 'no-maximum'
    ? answer.next.en !== '' && answer.next.zh !== ''
    : answer.kind === 'estimate' && numbersIn(answer).every(Number.isFinite)

const nobody = (value, { kind }) => value.length === 0 && ['no-maximum', 'undefined'].includes(kind)
const plainOptions = (value, answer) => (value === undefined || isRecord(value)) && isCox(answer)

function coxBoundaries(library) {
  const { fitCox, testProportionalHazards, coxSurvival, concordance } = library
  const fit = fitCox?.(watched())
  return [
    { name: 'fitCox records', takes: junk, call: (records) => fitCox(records), right: nobody },
    { name: 'fitCox one record', takes: junk, call: (one) => fitCox([one, ...watched()]), right: never },
    {
      name: 'fitCox options',
      takes: junk,
      call: (options) => fitCox(watched(), options),
      right: plainOptions,
    },
    ...['time', 'event', 'entry', 'covariates', 'stratum'].map((key) => ({
      name: `fitCox record.${key}`,
      takes: junk,
      call: (value) => fitCox(watched({ [key]: value })),
      right: (value, answer) => ['number', 'undefined'].includes(typeof value) && isCox(answer),
    })),
    {
      name: 'fitCox a covariate',
      takes: junk,
      call: (coupon) => fitCox(watched({ covariates: { coupon } })),
      right: (value, answer) => isNumber(value) && isCox(answer),
    },
    ...['ties', 'level', 'covariates'].map((key) => ({
      name: `fitCox options.${key}`,
      definition: true,
      takes: junk,
      call: (value) => fitCox(watched(), { [key]: value }),
      right: (value, answer) => (isNumber(value) || value === undefined) && isCox(answer),
    })),
    {
      name: 'testProportionalHazards records',
      takes: junk,
      call: (records) => testProportionalHazards(records),
      right: nobody,
    },
    {
      name: 'testProportionalHazards scale',
      definition: true,
      takes: junk,
      call: (scale) => testProportionalHazards(watched(), { scale }),
      right: (value, answer) => value === undefined && answer.kind === 'estimate',
    },
    {
      name: 'coxSurvival model',
      takes: junk,
      call: (model) => coxSurvival(model, { covariates: { coupon: 1 } }),
      right: never,
    },
    ...['coefficients', 'covariance', 'baseline', 'reference', 'level'].map((key) => ({
      name: `coxSurvival model.${key}`,
      takes: junk,
      call: (value) => coxSurvival({ ...fit, [key]: value }, { covariates: { coupon: 1 } }),
      right: (value, answer) => key === 'level' && isNumber(value) && answer.kind === 'estimate',
    })),
    { name: 'coxSurvival subject', takes: junk, call: (subject) => coxSurvival(fit, subject), right: never },
    ...['covariates', 'stratum', 'level'].map((key) => ({
      name: `coxSurvival subject.${key}`,
      takes: junk,
      call: (value) => coxSurvival(fit, { covariates: { coupon: 1 }, [key]: value }),
      right: (value, answer) =>
        (value === undefined || (key === 'level' && isNumber(value))) && answer.kind === 'estimate',
    })),
    {
      name: 'coxSurvival a covariate',
      takes: junk,
      call: (coupon) => coxSurvival(fit, { covariates: { coupon } }),
      right: (value, answer) =>
        isNumber(value) && (answer.kind === 'undefined' || numbersIn(answer).every(Number.isFinite)),
    },
    { name: 'concordance records', takes: junk, call: (records) => concordance(records), right: nobody },
    {
      name: 'concordance score',
      takes: junk,
      call: (score) =>
        concordance([
          { time: 1, event: true, score },
          { time: 2, event: true, score: 1 },
        ]),
      right: (value, answer) => isNumber(value) && answer.value >= 0 && answer.value <= 1,
    },
  ]
}
