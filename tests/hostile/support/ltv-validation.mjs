// What holds a model against what came: predictions, chances, histories, parameters and options, each with one part replaced.
const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const junk = ['values-for-rules', 'objects', 'canaries', 'numbers', 'amounts']
const never = () => false
const isSize = (value) => typeof value === 'number' && value >= 0 && value < Infinity

/** A model that buys at a steady rate and is never in doubt: what it is made of is not the question here. */
const steady = {
  name: 'steady',
  parameters: ['rate'],
  ranges: { rate: 'positive' },
  time: 'continuous',
  newcomer: ({ rate }) => buyingAt(rate),
  after: ({ rate }) => buyingAt(rate),
}
const buyingAt = (rate) => ({
  lnAlive: -0.5,
  lnAliveAfter: () => -0.5,
  expected: (time) => Math.min(1e9, rate * time),
  discounted: () => 0,
  lnChanceOf: () => -2,
  lnChanceOfAtLeast: () => -1,
  rates: {},
})

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfValidation(library, everyPart) {
  const parameters = {
    kind: 'given',
    model: 'steady',
    unit: 'week',
    values: { rate: 0.5 },
    source: 'made up',
  }
  const replaced = (name, given, call, right) => ({
    name: `${name}, every part replaced`,
    takes: junk,
    limit: 5000,
    floats: true,
    call: (value) => everyPart(given, value, call, library.isTyped),
    right: (_, found) => found.every(([changed, answer]) => right(answer, changed)),
  })
  const history = { unit: 'week', repeatCount: 2, lastPurchaseAge: 30, age: 39 }
  const tracked = { ...history, purchaseAges: [3, 30, 45] }
  const predictions = { expected: [1, 2], actual: [0, 3] }
  const until = 1_600_000_000_000
  const customer = { ...history, subject: 'u1', acquiredAt: 0, sumLnGaps: 2, holdout: { purchases: 1 } }
  const data = {
    calibration: {
      unit: 'week',
      until: 0,
      customers: [customer],
      holdout: { until, length: 13, purchases: 1 },
    },
    holdout: {
      unit: 'week',
      until,
      customers: [{ ...customer, age: 52, lastPurchaseAge: 45, repeatCount: 3, purchaseAges: [3, 30, 45] }],
    },
  }
  const moved = {
    ...parameters,
    kind: 'fitted-with-covariates',
    coefficients: [{ name: 'buying:app', covariate: 'app', effects: [{ parameter: 'rate', sign: 1 }] }],
    estimates: { rate: { value: 0.5 }, 'buying:app': { value: 0.25 } },
  }
  const known = { ...history, covariates: { app: 1 } }
  const spending = {
    name: 'even',
    parameters: ['top'],
    ranges: { top: 'positive' },
    lnDensity: ({ top }, { mean }) => (mean <= top ? -3 : -Infinity),
    sharesOfMeans: ({ top }, _, amount) => {
      const upTo = Math.min(1, amount / top)
      return { upTo, above: 1 - upTo }
    },
    after: ({ top }) => ({ mean: Math.min(1e50, top) }),
  }
  const ofSpend = { kind: 'given', model: 'even', unit: 'week', values: { top: 80 }, source: 'made up' }
  const spender = {
    spend: { purchases: 2, mean: 22.5 },
    holdout: { purchases: 1, spend: { mean: 30 } },
  }
  const staying = {
    name: 'halving',
    parameters: ['rate'],
    ranges: { rate: 'positive' },
    time: 'discrete',
    staying: ({ rate }) => ({ lnSurvival: (time) => -Math.min(1e300, rate * time) }),
  }
  const ofStaying = {
    kind: 'given',
    model: 'halving',
    unit: 'year',
    values: { rate: 0.5 },
    source: 'made up',
  }
  const shares = (bins) => bins.reduce((sum, { customers }) => sum + customers, 0)
  return [
    ...['validate', 'frequencyFit', 'trackPurchases', 'aliveOverTime', 'historyGrid'].map((name) => ({
      name: `${name} model`,
      takes: values,
      call: (model) => library[name](model, parameters, [], {}),
      right: never,
    })),
    replaced(
      'parameters from elsewhere',
      { values: { rate: 0.5 }, told: { unit: 'week', source: 'made up' } },
      (given) => library.parameters(steady, given.values, given.told),
      (answer) => answer.model === 'steady' && answer.values.rate > 0,
    ),
    replaced(
      'validate',
      { parameters, data, options: { level: 0.9, bins: 4, period: { weeks: 4 }, orMore: 3 } },
      (given) => library.validate(steady, given.parameters, given.data, given.options),
      (answer) =>
        isSize(answer.errors.expected) &&
        shares(answer.lift.bins) === answer.customers &&
        library.validationSentences(answer).every(({ en }) => !/NaN|undefined/.test(en)) &&
        library.validationRows(answer).every(({ n }) => isSize(n)),
    ),
    replaced(
      'frequencyFit with covariates',
      { parameters: moved, histories: [known] },
      (given) => library.frequencyFit(steady, given.parameters, given.histories),
      ({ bins, customers }) => bins.reduce((sum, { actual }) => sum + actual, 0) === customers,
    ),
    replaced(
      'spendFit',
      {
        parameters: ofSpend,
        rows: [
          { purchases: 2, mean: 22.5 },
          { purchases: 1, mean: 70 },
        ],
        options: { edges: [20, 40] },
      },
      (given) => library.spendFit(spending, given.parameters, library.spendTable(given.rows), given.options),
      ({ bins, customers }) =>
        bins.reduce((sum, { actual }) => sum + actual, 0) === customers &&
        bins.every(({ expected }) => isSize(expected)),
    ),
    replaced(
      'validateSpend',
      {
        parameters: ofSpend,
        customers: [spender, spender],
        options: { level: 0.9, orMore: 3, edges: [20, 40] },
      },
      (given) => library.validateSpend(spending, given.parameters, given.customers, given.options),
      (answer) =>
        isSize(answer.errors.expected) &&
        shares(answer.byPurchases.bins) === answer.customers &&
        library.spendSentences(answer).every(({ en }) => !/NaN|undefined/.test(en)),
    ),
    replaced(
      'validateContracts',
      {
        parameters: ofStaying,
        data: {
          unit: 'year',
          cohorts: [{ cohort: 'a', survivors: [9, 6, 4], known: 1, readings: [0, 1, 2] }],
        },
        options: { level: 0.9 },
      },
      (given) => library.validateContracts(staying, given.parameters, given.data, given.options),
      (answer) =>
        isSize(answer.holdout.expected) &&
        answer.byTenure.every(({ expectedRetention }) => expectedRetention >= 0 && expectedRetention <= 1) &&
        library.contractSentences(answer).every(({ en }) => !/NaN|undefined/.test(en)),
    ),
    ...['spendFit', 'validateSpend', 'validateContracts'].map((name) => ({
      name: `${name} model`,
      takes: values,
      call: (model) => library[name](model, parameters, [], {}),
      right: never,
    })),
    replaced(
      'frequencyFit',
      { parameters, histories: [history], options: { orMore: 3 } },
      (given) => library.frequencyFit(steady, given.parameters, given.histories, given.options),
      ({ bins, customers }) => bins.reduce((sum, { actual }) => sum + actual, 0) === customers,
    ),
    replaced(
      'trackPurchases',
      { parameters, customers: [tracked], periods: { period: { weeks: 4 }, holdout: { weeks: 9 } } },
      (given) => library.trackPurchases(steady, given.parameters, given.customers, given.periods),
      ({ periods }) => periods.every(({ actual, expected }) => isSize(actual) && isSize(expected)),
    ),
    replaced(
      'aliveOverTime',
      { parameters, ages: [3, 30], asked: { until: { weeks: 39 }, step: { weeks: 2 } } },
      (given) => library.aliveOverTime(steady, given.parameters, given.ages, given.asked),
      ({ points }) => points.every(({ alive, age }) => alive >= 0 && alive <= 1 && isSize(age)),
    ),
    replaced(
      'historyGrid',
      { parameters, asked: { age: { weeks: 4 }, horizon: { weeks: 4 }, mostRepeats: 3, columns: 4 } },
      (given) => library.historyGrid(steady, given.parameters, given.asked),
      ({ cells }) => cells.every(({ alive, expected }) => alive <= 1 && isSize(expected)),
    ),
    replaced(
      'predictionErrors',
      { predictions, options: { level: 0.9 } },
      (given) => library.predictionErrors(given.predictions, given.options),
      ({ expected, actual }) => isSize(expected) && isSize(actual),
    ),
    replaced(
      'liftTable',
      { predictions, options: { bins: 4 } },
      (given) => library.liftTable(given.predictions, given.options),
      ({ bins, customers }) => shares(bins) === customers,
    ),
    replaced(
      'capturedBy',
      { predictions, options: { top: 0.25 } },
      (given) => library.capturedBy(given.predictions, given.options),
      ({ kind, value }) => kind === 'undefined' || (value >= 0 && value <= 1),
    ),
    replaced(
      'chanceCalibration',
      { given: { chances: [0.25, 0.5], came: [true, false] }, options: { bins: 4, level: 0.9 } },
      (given) => library.chanceCalibration(given.given, given.options),
      ({ bins, customers }) => shares(bins) === customers,
    ),
    replaced(
      'conditionalMeans',
      {
        histories: [history, history],
        predictions,
        options: { by: 'silence', edges: [4, 9], level: 0.9, orMore: 3 },
      },
      (given) => library.conditionalMeans(given.histories, given.predictions, given.options),
      ({ bins }) => bins.every(({ expectedMean, actualMean }) => isSize(expectedMean) && isSize(actualMean)),
    ),
  ]
}
