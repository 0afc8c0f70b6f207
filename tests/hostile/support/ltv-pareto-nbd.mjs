// The boundaries of Pareto/NBD, with correlation and without: parameters, histories, ages, correlations.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isPositive = (value) => typeof value === 'number' && value > 0 && value < Infinity
const isAge = (value) => typeof value === 'number' && value >= 0 && value < Infinity
const isNumber = (value) => typeof value === 'number' && !Number.isNaN(value)
const pareto = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }
const history = { unit: 'week', repeatCount: 2, lastPurchaseAge: 30, age: 39 }

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfParetoNbd(library) {
  const { correlatedParetoNbd, paretoNbd, rateCorrelation, withRateCorrelation } = library
  const models = [
    ['paretoNbd', paretoNbd, pareto],
    ['correlatedParetoNbd', correlatedParetoNbd, { ...pareto, m: 0 }],
  ]
  return [
    {
      name: 'rateCorrelation values',
      takes: junk,
      call: (given) => rateCorrelation(given).correlation,
      right: never,
    },
    {
      name: 'rateCorrelation values.m',
      takes: junk,
      call: (given) => rateCorrelation({ ...pareto, m: given }).correlation,
      right: (given, answer) => isNumber(given) && Math.abs(answer) < 1,
      floats: true,
    },
    {
      name: 'withRateCorrelation values',
      takes: junk,
      call: (given) => withRateCorrelation(given, 0).m,
      right: never,
    },
    {
      name: 'withRateCorrelation correlation',
      takes: junk,
      call: (given) => withRateCorrelation(pareto, given).m,
      right: (given, answer) => isNumber(given) && Math.abs(given) < 1 && isNumber(answer),
      floats: true,
    },
    ...models.flatMap(([name, model, values]) => [
      {
        name: `${name}.after values`,
        takes: junk,
        call: (given) => model.after(given, history).expected(52),
        right: never,
      },
      ...Object.keys(pareto).map((parameter) => ({
        name: `${name}.newcomer values.${parameter}`,
        takes: junk,
        call: (given) => model.newcomer({ ...values, [parameter]: given }).lnAlive,
        right: (given, answer) => isPositive(given) && answer === 0,
      })),
      {
        name: `${name}.after history`,
        takes: junk,
        call: (given) => model.after(values, given).lnAlive,
        right: never,
      },
      {
        name: `${name}.after history.age`,
        takes: junk,
        call: (given) => model.after(values, { ...history, age: given }).lnAlive,
        right: (given, answer) => isAge(given) && given >= 30 && isNumber(answer) && answer <= 0,
        floats: true,
      },
      {
        name: `${name}.historyLikelihood history`,
        takes: junk,
        call: (given) => model.historyLikelihood(given).value([0.5, 10, 0.6, 11, 0]),
        right: never,
      },
      {
        name: `${name}.draw age`,
        takes: junk,
        call: (given) => model.draw(values, given, library.random(1)),
        right: (given, answer) => isAge(given) && Array.isArray(answer),
      },
      {
        name: `${name}.draw random`,
        takes: junk,
        call: (given) => model.draw(values, 5, given),
        right: never,
      },
    ]),
  ]
}
