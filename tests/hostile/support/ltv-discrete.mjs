// The boundaries of NBD, BG/BB and GGompertz/NBD: parameters, histories, ages to draw to.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isPositive = (value) => typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY
const week = { unit: 'week', repeatCount: 2, lastPurchaseAge: 3, age: 9 }
const opportunity = { ...week, unit: 'opportunity' }
const models = [
  ['nbd', { r: 0.4, alpha: 12 }, week],
  ['bgBb', { alpha: 1.2, beta: 0.7, gamma: 0.6, delta: 2.8 }, opportunity],
  ['ggompertzNbd', { r: 0.5, alpha: 10, b: 0.02, s: 1, beta: 2 }, week],
]

/** What somebody will buy, in numbers none of which may be missing. */
const said = (buying) => [
  buying.lnAlive,
  buying.lnAliveAfter(4),
  buying.expected(4),
  buying.discounted(Number.POSITIVE_INFINITY, 0.1),
  buying.lnChanceOf(1, 1, 4),
  buying.lnChanceOfAtLeast(2, 0, 4),
  ...Object.values(buying.rates).flatMap(({ mean, variance }) => [mean, variance]),
]
const numbers = (answer) => answer.every((value) => typeof value === 'number' && !Number.isNaN(value))
/** Beyond the sizes that special functions take, a refusal is right as well. */
const likely = (value) => isPositive(value) && value >= 1e-12 && value <= 1e12

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfDiscreteBuying(library) {
  const seeded = () => library.random(1)
  return models.flatMap(([name, values, history]) => {
    const model = library[name]
    const of = {
      newcomer: (given) => said(model.newcomer(given)),
      after: (given) => said(model.after(given, history)),
      draw: (given) => model.draw(given, 4, seeded()).length,
    }
    const right = (value, answer) => isPositive(value) && (typeof answer === 'number' || numbers(answer))
    return [
      ...Object.entries(of).flatMap(([verb, call]) => [
        { name: `${name}.${verb} values`, takes: junk, call, right: never },
        ...Object.keys(values).map((key) => ({
          name: `${name}.${verb} ${key}`,
          takes: junk,
          floats: true,
          call: (value) => call({ ...values, [key]: value }),
          right: (value, answer) => right(value, answer) || !likely(value),
        })),
      ]),
      {
        name: `${name}.after history`,
        takes: junk,
        call: (given) => said(model.after(values, given)),
        right: never,
      },
      {
        name: `${name}.historyLikelihood`,
        takes: junk,
        call: (given) => model.historyLikelihood(given),
        right: never,
      },
      ...['repeatCount', 'lastPurchaseAge', 'age'].map((key) => ({
        name: `${name}.after ${key}`,
        takes: junk,
        floats: true,
        limit: 1500,
        call: (value) => said(model.after(values, { ...history, [key]: value })),
        right: (value, answer) => typeof value === 'number' && value >= 0 && numbers(answer),
      })),
      {
        name: `${name}.draw age`,
        takes: junk,
        limit: 1500,
        call: (value) => model.draw(values, value, seeded()).length,
        right: (value) => typeof value === 'number' && value >= 0,
      },
      {
        name: `${name}.draw random`,
        takes: junk,
        call: (value) => model.draw(values, 4, value),
        right: never,
      },
    ]
  })
}
