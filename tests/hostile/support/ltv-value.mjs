// The boundaries of spend and of values: tables of spend, predictions, lifetime values, sums and who belongs to whom.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumber = (value) => typeof value === 'number' && !Number.isNaN(value)
const isChance = (value) => isNumber(value) && value >= 0 && value <= 1
const isSize = (value) => isNumber(value) && value >= 0
const isEstimate = (answer) =>
  isRecord(answer) &&
  (answer.kind === 'estimate'
    ? isSize(answer.value)
    : typeof answer.reason === 'string' && answer.next.en !== '' && answer.next.zh !== '')

/** Everybody buys at a rate of their own, and nobody leaves. */
function plainModel(library) {
  const buying = ({ r, alpha }, { repeatCount, age }) => {
    const [shape, rate] = [r + repeatCount, alpha + age]
    const { ln, log1p, exp, expm1, lnGamma } = library
    const lnChanceOf = (n, from, to) =>
      lnGamma(shape + n) -
      lnGamma(shape) -
      lnGamma(n + 1) -
      shape * log1p((to - from) / rate) +
      (n === 0 ? 0 : n * (ln(to - from) - ln(rate + to - from)))
    return {
      lnAlive: 0,
      lnAliveAfter: () => 0,
      expected: (time) => (shape / rate) * time,
      discounted: (time, d) => (shape / rate) * (-expm1(-d * time) / d),
      lnChanceOf,
      lnChanceOfAtLeast(n, from, to) {
        let sum = 0
        for (let k = 0; k < Math.min(n, 2000); k++) sum += exp(lnChanceOf(k, from, to))
        return sum < 1 ? log1p(-sum) : -Infinity
      },
      rates: { lambda: { mean: shape / rate, variance: shape / rate / rate, in: 'per-time' } },
    }
  }
  return {
    name: 'nbd',
    parameters: ['r', 'alpha'],
    ranges: { r: 'positive', alpha: 'positive' },
    time: 'continuous',
    after: buying,
    newcomer: (values) => buying(values, { repeatCount: 0, age: 0 }),
  }
}

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfValue(library, everyPart) {
  const { belongings, estimateLifetimeValue, expectedSpend, gammaGamma, gammaGammaAnyQ } = library
  const { lifetimeValuesOf, lifetimeVariance, predictor, spendCorrelation, spendTable, valueBy } = library
  const model = plainModel(library)
  const given = { kind: 'given', model: 'nbd', unit: 'week', values: { r: 2, alpha: 10 }, source: 'a test' }
  const spending = {
    kind: 'given',
    model: 'gamma-gamma',
    unit: 'opportunity',
    values: { p: 6, q: 4, v: 15 },
    source: 'a test',
  }
  const history = { unit: 'week', repeatCount: 3, lastPurchaseAge: 20, age: 30 }
  const spent = { ...history, spend: { purchases: 3, mean: 50 } }
  const more = { margin: 0.4, discount: { rate: 0.1, per: 'year' } }
  const terms = { model, parameters: given, spend: { model: gammaGamma, parameters: spending }, ...more }
  const period = { horizon: { weeks: 52 } }
  const range = { from: 86_400_000, until: 864_000_000, observedUntil: 0 }
  const rows = [
    { purchases: 2, mean: 22.5, count: 2 },
    { purchases: 1, mean: 7 },
  ]
  const table = spendTable(rows)
  const outlook = predictor(model, given)
  const columns = {
    unit: 'week',
    repeatCount: Float64Array.of(3, 0),
    lastPurchaseAge: Float64Array.of(20, 0),
    age: Float64Array.of(30, 30),
  }
  const valued = { ...columns, spend: { purchases: Float64Array.of(3, 0), mean: Float64Array.of(50, 0) } }
  const contract = {
    model: library.sbg,
    parameters: {
      kind: 'given',
      model: 'sbg',
      unit: 'month',
      values: { alpha: 2, beta: 9 },
      source: 'a test',
    },
    payments: 'signing',
    spend: { perPayment: 20 },
    ...more,
  }
  const values = [
    { customer: 'a', value: 12, variance: 4 },
    { customer: 'b', value: { kind: 'estimate', value: 3 }, variance: 1 },
  ]
  const shares = [
    { group: 'x', share: 0.5 },
    { group: 'y', share: 0.5 },
  ]
  const list = [
    { customer: 'a', to: 'ada', share: 1, from: 0, until: 100 },
    { customer: 'a', to: 'ben', share: 1, from: 100 },
  ]
  const replaced = (name, whole, call, right) => ({
    name: `${name}, every part replaced`,
    takes: junk,
    limit: 5000,
    floats: true,
    definition: true,
    call: (value) => everyPart(whole, value, call, library.isTyped).map(([, answer]) => answer),
    right: (_, answers) => answers.every((answer) => right(answer)),
  })
  const plain = (name, call, right = never, extra = {}) => ({
    name,
    takes: junk,
    definition: true,
    floats: true,
    call,
    right,
    ...extra,
  })

  return [
    plain('spendTable', spendTable, (value) => Array.isArray(value) && value.length === 0),
    replaced('spendTable', rows, spendTable, ({ customers }) => isSize(customers)),
    plain('spendCorrelation', spendCorrelation),
    replaced('spendCorrelation', { ...table }, spendCorrelation, (one) => one === undefined || isNumber(one)),
    plain('expectedSpend model', (value) => expectedSpend(value, spending)),
    plain('expectedSpend parameters', (value) => expectedSpend(gammaGamma, value)),
    plain(
      'expectedSpend own',
      (value) => expectedSpend(gammaGamma, spending, value),
      (value) => value === undefined,
    ),
    replaced(
      'expectedSpend',
      { parameters: spending, own: { purchases: 3, mean: 5 } },
      ({ parameters, own }) => expectedSpend(gammaGamma, parameters, own),
      isEstimate,
    ),
    plain('gammaGamma.likelihood', (value) => gammaGamma.likelihood(value).value([6, 4, 15])),
    replaced(
      'gammaGamma.after',
      { values: { p: 6, q: 4, v: 15 }, own: { purchases: 3, mean: 5 } },
      ({ values, own }) => gammaGammaAnyQ.after(values, own).mean,
      isSize,
    ),
    plain(
      'gammaGamma quantile',
      (value) => gammaGamma.newcomer({ p: 6, q: 4, v: 15 }).quantile(value),
      (value, answer) => value > 0 && value < 1 && isSize(answer),
    ),
    plain(
      'gammaGamma.draw purchases',
      (value) => gammaGamma.draw({ p: 6, q: 4, v: 15 }, value, library.random(1)),
      (value, answer) => answer.length === value && answer.every(isSize),
      { limit: 1000 },
    ),
    plain('gammaGamma.draw random', (value) => gammaGamma.draw({ p: 6, q: 4, v: 15 }, 2, value)),
    plain('predictor model', (value) => predictor(value, given)),
    plain('predictor parameters', (value) => predictor(model, value)),
    replaced('predictor', given, (parameters) => predictor(model, parameters).alive(history), isChance),
    plain('predictor.alive', (value) => outlook.alive(value)),
    replaced('predictor.alive', history, outlook.alive, isChance),
    ...[
      ['aliveAfter', isChance],
      ['noPurchaseFor', isChance],
      ['expectedPurchases', isSize],
    ].flatMap(([name, right]) => [
      plain(`predictor.${name}`, (value) => outlook[name](history, value)),
      replaced(`predictor.${name}`, { weeks: 8 }, (span) => outlook[name](history, span), right),
    ]),
    ...['chanceOf', 'chanceOfAtLeast'].flatMap((name) => [
      plain(
        `predictor.${name} n`,
        (value) => outlook[name](history, value, { weeks: 8 }),
        (value, answer) => Number.isSafeInteger(value) && value >= 0 && isChance(answer),
      ),
      replaced(
        `predictor.${name}`,
        { from: { weeks: 1 }, until: { weeks: 8 } },
        (within) => outlook[name](history, 2, within),
        isChance,
      ),
    ]),
    plain('predictor.discountedPurchases', (value) => outlook.discountedPurchases(history, value)),
    replaced(
      'predictor.discountedPurchases',
      { discount: { rate: 0.1, per: 'year' }, horizon: { weeks: 8 } },
      (asked) => outlook.discountedPurchases(history, asked),
      isSize,
    ),
    plain(
      'predictor.nextPurchase',
      (value) => outlook.nextPurchase(history, value),
      (value, { kind, length }) =>
        (value > 0 && value < 1 && typeof kind === 'string') || (Array.isArray(value) && length === 0),
    ),
    plain(
      'predictor.nextPurchase a list',
      (value) => outlook.nextPurchase(history, [0.5, value])[1],
      (value, { kind }) => value > 0 && value < 1 && typeof kind === 'string',
    ),
    ...['alive', 'aliveAfter', 'noPurchaseFor', 'chanceOf', 'chanceOfAtLeast'].map((name) =>
      plain(`predictor.ln.${name}`, (value) => outlook.ln[name](value, { weeks: 8 }, { weeks: 8 })),
    ),
    plain('predictor.variancePurchases', (value) => outlook.variancePurchases(history, value)),
    plain('predictor.expectedPurchasesOf', (value) => outlook.expectedPurchasesOf(value, { weeks: 8 })),
    ...Object.keys(columns).map((key) =>
      plain(`predictor.aliveOf ${key}`, (value) => outlook.aliveOf({ ...columns, [key]: value })),
    ),
    plain('estimateLifetimeValue terms', (value) => estimateLifetimeValue(value, spent, period)),
    plain('estimateLifetimeValue history', (value) => estimateLifetimeValue(terms, value, period)),
    plain('estimateLifetimeValue period', (value) => estimateLifetimeValue(terms, spent, value)),
    replaced(
      'estimateLifetimeValue terms',
      { ...more, parameters: given },
      (part) => estimateLifetimeValue({ ...terms, ...part }, spent, period),
      isEstimate,
    ),
    replaced(
      'estimateLifetimeValue history',
      spent,
      (one) => estimateLifetimeValue(terms, one, period),
      isEstimate,
    ),
    replaced(
      'estimateLifetimeValue range',
      range,
      (one) => estimateLifetimeValue(terms, spent, one),
      isEstimate,
    ),
    replaced(
      'estimateLifetimeValue horizon',
      period,
      (one) => estimateLifetimeValue(terms, spent, one),
      isEstimate,
    ),
    ...['spend', 'margin', 'discount'].map((key) =>
      plain(
        `estimateLifetimeValue terms.${key}`,
        (value) => estimateLifetimeValue({ ...terms, [key]: value }, spent, period),
        (value, answer) =>
          isEstimate(answer) && (value === undefined || (key === 'margin' && value > 0 && value <= 1)),
      ),
    ),
    plain('lifetimeValuesOf terms', (value) => lifetimeValuesOf(value, valued, period)),
    plain('lifetimeValuesOf table', (value) => lifetimeValuesOf(terms, value, period)),
    plain('lifetimeValuesOf period', (value) => lifetimeValuesOf(terms, valued, value)),
    ...Object.keys(valued).map((key) =>
      plain(
        `lifetimeValuesOf ${key}`,
        (value) => lifetimeValuesOf(terms, { ...valued, [key]: value }, period).value.length,
        (value, length) => key === 'spend' && value === undefined && length === 2,
      ),
    ),
    ...['purchases', 'mean'].map((key) =>
      plain(`lifetimeValuesOf spend ${key}`, (value) =>
        lifetimeValuesOf(terms, { ...valued, spend: { ...valued.spend, [key]: value } }, period),
      ),
    ),
    ...Object.keys(contract).map((key) =>
      plain(
        `estimateLifetimeValue contract ${key}`,
        (value) =>
          estimateLifetimeValue({ ...contract, [key]: value }, 'newcomer', { horizon: { months: 9 } }),
        (value, answer) =>
          isEstimate(answer) && (value === undefined || (key === 'margin' && value > 0 && value <= 1)),
      ),
    ),
    plain(
      'estimateLifetimeValue subscriber',
      (value) => estimateLifetimeValue(contract, value, { horizon: 'infinite' }),
      (value, answer) => isRecord(value) && Object.keys(value).length === 0 && isEstimate(answer),
    ),
    ...['tenure', 'perPayment'].map((key) =>
      plain(
        `estimateLifetimeValue subscriber ${key}`,
        (value) => estimateLifetimeValue(contract, { [key]: value }, { horizon: 'infinite' }),
        (value, answer) =>
          isEstimate(answer) && (value === undefined || (key === 'perPayment' && value >= 0)),
      ),
    ),
    plain('lifetimeVariance contract', (value) => lifetimeVariance(contract, 'newcomer', value)),
    plain('withPurchase history', (value) => library.withPurchase(value, { at: { weeks: 1 } })),
    plain('withPurchase purchase', (value) => library.withPurchase(history, value)),
    plain('withPurchase at', (value) => library.withPurchase(history, { at: value })),
    plain(
      'withPurchase spend',
      (value) => library.withPurchase(spent, { at: { weeks: 1 }, spend: value }).spend.mean,
      (value, mean) => value === undefined || (value > 0 && isSize(mean)),
    ),
    plain(
      'withPurchase definition',
      (value) => library.withPurchase({ ...history, acquiredAt: 0 }, { at: 30_000_000_000 }, value).age,
      (value, age) => value === undefined && isSize(age),
    ),
    replaced(
      'withPurchase history',
      { ...spent, acquiredAt: 0, sumLnGaps: 2 },
      (one) => library.withPurchase(one, { at: { weeks: 1 }, spend: 3 }),
      ({ age }) => isSize(age),
    ),
    plain('lifetimeVariance horizon', (value) => lifetimeVariance(terms, spent, value)),
    plain('lifetimeVariance history', (value) => lifetimeVariance(terms, value, { weeks: 2 })),
    plain(
      'valueBy values',
      (value) => valueBy(value, () => 'all'),
      (value) => Array.isArray(value) && value.length === 0,
    ),
    plain('valueBy groupOf', (value) => valueBy(values, value)),
    plain(
      'valueBy options',
      (value) => valueBy(values, () => 'all', value),
      (value, { total }) => (value === undefined || isRecord(value)) && total.value === 15,
    ),
    plain(
      'valueBy standardErrorOf',
      (value) => valueBy(values, () => 'all', { standardErrorOf: () => value }),
      (value, { total }) => value >= 0 && value < Infinity && isNumber(total.interval.high),
    ),
    ...['kind', 'standardError', 'reason', 'next'].map((key) =>
      plain(
        `valueBy standardErrorOf ${key}`,
        (value) => {
          const kind = key === 'standardError' ? 'estimate' : 'undefined'
          const whole = { kind, standardError: 2, reason: 'not-finite', next: { en: 'a', zh: 'b' } }
          return valueBy(values, () => 'all', { standardErrorOf: () => ({ ...whole, [key]: value }) })
        },
        (value, { total }) =>
          key === 'standardError'
            ? value >= 0 && value < Infinity && isNumber(total.interval.high)
            : isRecord(total.withoutInterval) && (typeof value === 'string' || isRecord(value)),
      ),
    ),
    plain(
      'valueBy a group',
      (value) => valueBy(values, () => value),
      (value, { total }) =>
        total.value === 15 &&
        (value === undefined || typeof value === 'string' || (Array.isArray(value) && value.length === 0)),
    ),
    replaced(
      'valueBy values',
      values,
      (one) => valueBy(one, () => shares),
      ({ total }) => isNumber(total.value),
    ),
    replaced(
      'valueBy shares',
      shares,
      (one) => valueBy(values, () => one),
      ({ total }) => total.value === 15,
    ),
    plain('belongings', belongings, (value) => Array.isArray(value) && value.length === 0),
    replaced('belongings', list, (one) => belongings(one).of('a', 50), Array.isArray),
    plain(
      'belongings.of customer',
      (value) => belongings(list).of(value, 50),
      (value, found) => typeof value === 'string' && Array.isArray(found),
    ),
    plain(
      'belongings.of asOf',
      (value) => belongings(list).of('a', value),
      (value, found) => Number.isInteger(value) && Array.isArray(found),
    ),
  ]
}
