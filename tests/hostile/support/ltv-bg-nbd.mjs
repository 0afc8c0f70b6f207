// The boundaries of BG/NBD, MBG/NBD and their Erlang-k kin: k, parameters, histories, tables, ages.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isPositive = (value) => typeof value === 'number' && value > 0 && value < Infinity
const isAge = (value) => typeof value === 'number' && value >= 0 && value < Infinity
const isNumber = (value) => typeof value === 'number' && !Number.isNaN(value)
const values = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
const history = { unit: 'week', repeatCount: 2, lastPurchaseAge: 30, age: 39 }

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfBgNbd(library) {
  const models = { bgNbd: library.bgNbd, mbgNbd: library.mbgNbd, bgCnbd2: library.bgCnbd(2) }
  const isK = (k) => Number.isInteger(k) && k >= 1 && k <= 30
  return [
    ...['bgCnbd', 'mbgCnbd'].map((name) => ({
      name,
      takes: junk,
      call: (k) => library[name](k).name,
      right: (k, answer) => isK(k) && answer === `${name === 'bgCnbd' ? 'bg' : 'mbg'}-cnbd-${k}`,
    })),
    ...Object.entries(models).flatMap(([name, model]) => [
      {
        name: `${name}.after values`,
        takes: junk,
        call: (given) => model.after(given, history).expected(52),
        right: never,
      },
      ...['r', 'alpha', 'a', 'b'].map((parameter) => ({
        name: `${name}.newcomer values.${parameter}`,
        takes: junk,
        call: (given) => model.newcomer({ ...values, [parameter]: given }).lnAlive,
        right: (given, answer) => isPositive(given) && isNumber(answer) && answer <= 0,
        floats: true,
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
        call: (given) => model.historyLikelihood(given).value([0.2, 4, 1, 2]),
        right: never,
      },
      {
        name: `${name}.draw age`,
        takes: junk,
        call: (given) =>
          // Millions of purchases are no question here.
          isAge(given) && given > 1e4
            ? model.draw(values, -1, library.random(1))
            : model.draw(values, given, library.random(1)),
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
