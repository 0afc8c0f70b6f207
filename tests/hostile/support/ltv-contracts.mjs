// The boundaries of contracts: tenures of customers, parameters and spans of an outlook.

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isAmount = (value) => typeof value === 'number' && value >= 0 && value < Infinity
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value)
const isText = (value) => typeof value === 'string'
const units = ['hour', 'day', 'week', 'month', 'year', 'opportunity']
const estimated = ({ kind, value, next }) =>
  kind === 'estimate' ? Number.isFinite(value) : kind === 'undefined' && next.en !== '' && next.zh !== ''

const record = { time: 5, event: true, entry: 1, stillThereAt: 4, covariates: { z: 1 } }
const cohort = { cohort: 'a', survivors: [9, 5, 3], readings: [0, 1, 4], covariates: { z: 1 } }
const given = { unit: 'month', source: 'a plan' }

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfContracts(library) {
  const { sbg, weibullGamma } = library
  const yearly = { kind: 'given', model: 'sbg', values: { alpha: 0.7, beta: 3 }, ...given }
  const weekly = { kind: 'given', model: 'weibull-gamma', values: { r: 2, scale: 9, c: 1.2 }, ...given }
  const asked = { payments: 'signing', discount: { rate: 0.1, per: 'month' }, horizon: { months: 12 } }
  const outlook = library.contractOutlook(sbg, yearly)
  const each = (name, whole, call, right) =>
    Object.keys(whole).map((key) => ({
      name: `${name} ${key}`,
      takes: junk,
      definition: true,
      floats: true,
      call: (value) => call({ ...whole, [key]: value }),
      right: (value, answer) => right(key, value, answer),
    }))
  const counted = (table) => isWhole(table.customers)
  /** Of a record, what else than the right thing may stand there. */
  const rightOfRecord = {
    time: (value) => isAmount(value) && value > 4,
    entry: (value) => value === undefined || (isAmount(value) && value <= 4),
    stillThereAt: (value) => value === undefined || (isAmount(value) && value >= 1 && value < 5),
  }
  const rightOfCohort = { cohort: isText, readings: (value) => value === undefined }

  return [
    { name: 'contractTable', takes: junk, call: library.contractTable, right: never },
    ...each(
      'contractTable',
      { unit: 'month', cohorts: [cohort], customers: [record] },
      library.contractTable,
      (key, value, answer) =>
        key === 'unit'
          ? units.includes(value)
          : counted(answer) && (value === undefined || (Array.isArray(value) && value.length === 0)),
    ),
    ...each(
      'contractTable customer',
      record,
      (one) => library.contractTable({ unit: 'month', customers: [one] }),
      (key, value, answer) =>
        key === 'covariates'
          ? value === undefined || (isRecord(value) && Object.values(value).every(isNumber))
          : rightOfRecord[key]?.(value) === true && counted(answer),
    ),
    ...each(
      'contractTable cohort',
      cohort,
      (one) => library.contractTable({ unit: 'month', cohorts: [one] }),
      (key, value, answer) =>
        key === 'covariates'
          ? value === undefined || (isRecord(value) && Object.values(value).every(isNumber))
          : rightOfCohort[key]?.(value) === true && counted(answer),
    ),
    {
      name: 'contractOutlook model',
      takes: junk,
      definition: true,
      call: (value) => library.contractOutlook(value, yearly),
      right: never,
    },
    {
      name: 'contractOutlook parameters',
      takes: junk,
      definition: true,
      call: (value) => library.contractOutlook(sbg, value),
      right: never,
    },
    ...each(
      'contractOutlook parameters',
      yearly,
      (one) => library.contractOutlook(sbg, one).unit,
      (key, value, unit) =>
        key === 'unit' ? units.includes(value) && unit === value : key === 'kind' || key === 'source',
    ),
    ...each(
      'contractOutlook values',
      yearly.values,
      (values) => library.contractOutlook(sbg, { ...yearly, values }).expectedTenure(),
      (_, value, answer) => isAmount(value) && value >= 1e-15 && value <= 1e15 && estimated(answer),
    ),
    ...each(
      'contractOutlook lasting',
      weekly.values,
      (values) => library.contractOutlook(weibullGamma, { ...weekly, values }).expectedTenure(),
      (_, value, answer) => isAmount(value) && value > 0 && estimated(answer),
    ),
    {
      name: 'contractOutlook customer',
      takes: junk,
      definition: true,
      call: (value) => library.contractOutlook(sbg, yearly, value).tenure,
      right: (value, tenure) =>
        (value === undefined || (isRecord(value) && Object.keys(value).length === 0)) && tenure === 0,
    },
    {
      name: 'contractOutlook tenure',
      takes: junk,
      floats: true,
      call: (months) => library.contractOutlook(sbg, yearly, { tenure: { months } }).survival({ months: 2 }),
      right: (value, share) => isWhole(value) && value <= 1e6 && share > 0 && share <= 1,
    },
    ...['survival', 'survivalCurve', 'retention', 'hazard'].map((verb) => ({
      name: `contractOutlook ${verb}`,
      takes: junk,
      floats: true,
      call: (months) => outlook[verb]({ months }),
      right: (value) => isWhole(value) && value <= 1e6 && (verb.startsWith('survival') || value > 0),
    })),
    ...each(
      'contractOutlook discountedPayments',
      asked,
      outlook.discountedPayments,
      (key, value, answer) => key !== 'payments' && value === undefined && estimated(answer),
    ),
    {
      name: 'contractOutlook discount rate',
      takes: junk,
      floats: true,
      call: (rate) => outlook.discountedPayments({ payments: 'signing', discount: { rate, per: 'year' } }),
      right: (value, answer) => isAmount(value) && estimated(answer),
    },
    {
      name: 'contractOutlook horizon',
      takes: junk,
      floats: true,
      call: (months) => outlook.discountedPayments({ payments: 'signing', horizon: { months } }),
      right: (value, answer) => isWhole(value) && value <= 1e6 && estimated(answer),
    },
    {
      name: 'contractOutlook retentionElasticity',
      takes: junk,
      call: (value) => outlook.retentionElasticity(value),
      right: never,
    },
    {
      name: 'contractOutlook remainingQuantile',
      takes: junk,
      floats: true,
      call: (value) => outlook.remainingQuantile(value),
      right: (value, answer) => value > 0 && value < 1 && estimated(answer),
    },
    {
      name: 'contractOutlook draw',
      takes: junk,
      call: (value) => outlook.draw({ months: 12 }, value),
      right: never,
    },
    ...each(
      'weibullGammaValues',
      { r: 1, alpha: 3, c: 2 },
      library.weibullGammaValues,
      (_, value, { scale }) => isAmount(value) && value > 0 && scale > 0,
    ),
  ]
}
