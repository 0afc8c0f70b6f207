// The boundaries of the simple formulas: amounts, shares, curves.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isAmount = (value) => typeof value === 'number' && value >= 0 && value < Infinity
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value)
const isShare = (value) => typeof value === 'number' && value >= 0 && value <= 1
const isEmpty = (value) => Array.isArray(value) && value.length === 0
const answered = (answer) =>
  answer.kind === 'undefined' || answer.kind === 'none'
    ? answer.next.en !== '' && answer.next.zh !== ''
    : !('value' in answer) || Number.isFinite(answer.value)
const amountText = /^-?\d{1,24}(\.\d{1,8})?$/

const stream = { retention: 0.9, discountPerPeriod: 0.01, firstPayment: 'now' }
const money = { amount: '700.50', currency: 'EUR' }
const cohort = { cohort: 'a', customers: 4, margins: ['3.10', '2.00'] }

/** What may stand in an option instead of what stood there. */
const rightOption = {
  arpa: isAmount,
  margin: (value) => isNumber(value) && value <= 1,
  churn: isShare,
  retention: isShare,
  discountPerPeriod: isAmount,
  firstPayment: (value) => value === 'later',
  periods: (value) => value === undefined || (isWhole(value) && value <= 1e6),
  cost: isAmount,
  value: isNumber,
}

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfSimpleValues(library) {
  const { churnAwarePayback, valueSensitivity } = library
  const margin = { arpa: 50, margin: 0.8 }
  const service = { ...margin, cost: 90, retention: 0.9, discountPerPeriod: 0.01 }
  const monthly = { unit: 'month', source: 'a test' }
  const more = { cost: 90, margin: 0.5, discount: { rate: 0.1, per: 'month' }, horizon: { months: 24 } }
  const byContract = {
    ...{ ...more, perPayment: 50, payments: 'about-to-renew' },
    outlook: library.contractOutlook(
      library.sbg,
      library.parameters(library.sbg, { alpha: 2, beta: 9 }, monthly),
    ),
  }
  const byBuying = {
    ...{ ...more, perPurchase: 50 },
    outlook: library.predictor(
      library.bgNbd,
      library.parameters(library.bgNbd, { r: 0.5, alpha: 6, a: 0.8, b: 2.4 }, monthly),
    ).newcomer,
  }
  const verbs = [
    ['churnValue', { ...margin, churn: 0.05 }],
    ['retentionValue', { ...margin, ...stream, periods: 12 }],
    ['simplePayback', { ...margin, cost: 90 }],
    ['valueToCost', { value: 30, cost: 9 }],
    ['retentionGainThatPays', service],
    ['extraPeriodsThatPay', service],
    ['referralsThatPay', service],
  ]
  return [
    ...verbs.flatMap(([name, given]) => [
      { name, takes: junk, call: library[name], right: never },
      ...Object.keys(given).map((key) => ({
        name: `${name} ${key}`,
        takes: junk,
        definition: key === 'firstPayment',
        floats: true,
        call: (value) => library[name]({ ...given, [key]: value }),
        right: (value, answer) => rightOption[key](value) && answered(answer),
      })),
    ]),
    ...[byContract, byBuying].flatMap((given) =>
      ['retentionGainThatPays', 'referralsThatPay'].flatMap((name) =>
        Object.keys(given).map((key) => ({
          name: `${name} by outlook ${key} (${'payments' in given ? 'contract' : 'buying'})`,
          takes: junk,
          definition: true,
          floats: true,
          call: (value) => library[name]({ ...given, [key]: value }),
          right: (value, answer) =>
            answered(answer) &&
            (key === 'cost' || key.startsWith('per')
              ? isAmount(value)
              : key === 'margin'
                ? isNumber(value) && value <= 1
                : key !== 'outlook' && value === undefined),
        })),
      ),
    ),
    ...['cost', 'arpa', 'margin'].map((key) => ({
      name: `churnAwarePayback ${key}`,
      takes: junk,
      floats: true,
      call: (value) => churnAwarePayback({ ...margin, cost: 90, curve: stream, [key]: value }),
      right: (value, answer) => rightOption[key](value) && answered(answer),
    })),
    {
      name: 'churnAwarePayback curve',
      takes: junk,
      call: (curve) => churnAwarePayback({ ...margin, cost: 90, curve }),
      right: never,
    },
    {
      name: 'churnAwarePayback paying',
      takes: junk,
      floats: true,
      call: (paying) => churnAwarePayback({ ...margin, cost: 90, curve: { paying } }),
      right: (value) => Array.isArray(value) && value.length > 0 && value.every(isShare),
    },
    {
      name: 'churnAwarePayback one share',
      takes: junk,
      floats: true,
      call: (value) => churnAwarePayback({ ...margin, cost: 90, curve: { paying: [1, value] } }),
      right: isShare,
    },
    {
      name: 'churnAwarePayback outlook',
      takes: junk,
      call: (outlook) => churnAwarePayback({ ...margin, cost: 90, curve: { outlook, payments: 'signing' } }),
      right: never,
    },
    {
      name: 'valueSensitivity stated',
      takes: junk,
      call: (value) => valueSensitivity(value, { arpa: [1] }),
      right: never,
    },
    {
      name: 'valueSensitivity over',
      takes: junk,
      definition: true,
      call: (value) => valueSensitivity({ ...margin, ...stream }, value).length,
      right: (value, rows) => rows === 1 && Object.keys(value).length === 0,
    },
    {
      name: 'valueSensitivity retention',
      takes: junk,
      floats: true,
      call: (value) => valueSensitivity({ ...margin, ...stream }, { retention: [value] }),
      right: isShare,
    },
    {
      name: 'historicValue currency',
      takes: junk,
      definition: true,
      call: (currency) => library.historicValue({ currency, cohorts: [] }).length,
      right: (value, length) => typeof value === 'string' && /^[A-Z]{3}$/.test(value) && length === 0,
    },
    {
      name: 'historicValue cohorts',
      takes: junk,
      call: (cohorts) => library.historicValue({ currency: 'CNY', cohorts }).length,
      right: isEmpty,
    },
    ...Object.keys(cohort).map((key) => ({
      name: `historicValue ${key}`,
      takes: [...junk, 'amounts'],
      floats: true,
      call: (value) =>
        library.historicValue({ currency: 'CNY', cohorts: [{ ...cohort, [key]: value }] })[0].total,
      right: (value) =>
        key === 'cohort' ? typeof value === 'string' : key === 'customers' ? isWhole(value) : isEmpty(value),
    })),
    {
      name: 'historicValue one margin',
      takes: [...junk, 'amounts'],
      call: (value) =>
        library.historicValue({ currency: 'CNY', cohorts: [{ ...cohort, margins: [value] }] }).length,
      right: (value) => typeof value === 'string' && amountText.test(value),
    },
    {
      name: 'acquisitionCost spend',
      takes: junk,
      call: (spend) => library.acquisitionCost({ spend, customers: 4 }).value,
      right: (value, cost) => isEmpty(value) && cost === 0,
    },
    {
      name: 'acquisitionCost customers',
      takes: junk,
      call: (customers) => library.acquisitionCost({ spend: [money], customers }).kind,
      right: isWhole,
    },
    {
      name: 'acquisitionCost amount',
      takes: [...junk, 'amounts'],
      floats: true,
      call: (amount) => library.acquisitionCost({ spend: [{ ...money, amount }], customers: 4 }).kind,
      right: (value) => typeof value === 'string' && amountText.test(value),
    },
    {
      name: 'acquisitionCost currency',
      takes: junk,
      definition: true,
      call: (currency) => library.acquisitionCost({ spend: [{ ...money, currency }], customers: 4 }).kind,
      right: (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value),
    },
  ]
}
